//! One hash over all events of a trace in their order, that two halves can be joined from.

/// Odd, so that it has no factor in common with 2^64 and no event's part is ever lost.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// A polynomial over the events' hashes, in arithmetic modulo 2^64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole {
    sum: u64,
    /// [`BASE`] to the power of the number of events.
    power: u64,
}

impl Default for Whole {
    fn default() -> Self {
        Self { sum: 0, power: 1 }
    }
}

impl Whole {
    /// Appends an event, by a well mixed hash over all its fields.
    #[inline]
    pub fn push(&mut self, event: u64) {
        self.append(Self { sum: event, power: BASE });
    }

    /// Appends the events of another.
    pub fn append(&mut self, later: Self) {
        self.sum = self.sum.wrapping_mul(later.power).wrapping_add(later.sum);
        self.power = self.power.wrapping_mul(later.power);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_counts_and_cuts_do_not() {
        let of = |events: &[u64]| {
            let mut whole = Whole::default();
            for &event in events {
                whole.push(event);
            }
            whole
        };
        assert_ne!(of(&[1, 2, 3]), of(&[1, 3, 2]));
        assert_ne!(of(&[0]), of(&[0, 0]));
        for cut in 0..4 {
            let mut joined = of(&[5, 6, 7][..cut.min(3)]);
            joined.append(of(&[5, 6, 7][cut.min(3)..]));
            assert_eq!(joined, of(&[5, 6, 7]));
        }
    }
}
