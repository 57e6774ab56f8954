//! A set of events, one bit each.

/// Which events are in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    /// Room for events below `len`; none is in it.
    pub(crate) fn with_len(len: usize) -> Self {
        Self(vec![0; len.div_ceil(64)])
    }

    /// Makes room for events below `len`.
    pub(crate) fn grow(&mut self, len: usize) {
        self.0.resize(len.div_ceil(64), 0);
    }

    /// True when no event is in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    /// Puts an event in. True when it was not.
    #[inline]
    pub(crate) fn insert(&mut self, event: u32) -> bool {
        let word = &mut self.0[event as usize / 64];
        let before = *word;
        *word |= 1 << (event % 64);
        *word != before
    }

    /// True when the event is in it.
    #[inline]
    pub(crate) fn contains(&self, event: u32) -> bool {
        self.0[event as usize / 64] & (1 << (event % 64)) != 0
    }

    /// The first event from `from` on that is not in it, which may be beyond all.
    pub(crate) fn first_outside(&self, from: u32) -> u32 {
        let mut at = from;
        while let Some(word) = self.0.get(at as usize / 64) {
            let left = !word >> (at % 64);
            if left != 0 {
                return at + left.trailing_zeros();
            }
            at = (at / 64 + 1) * 64;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_in_it() {
        let mut bits = Bits::with_len(200);
        assert!((0..130).chain([199]).all(|event| bits.insert(event)));
        assert!(!bits.insert(77));
        assert!(bits.contains(129) && !bits.contains(130));
        assert_eq!([bits.first_outside(0), bits.first_outside(131), bits.first_outside(199)], [130, 131, 200]);
    }
}
