//! When the events happened: four bytes an event while neighbours are near in time, eight where they are not.

/// Events whose times are told relative to one of them.
const CHUNK: usize = 256;
/// An event without a time.
const NO_TIME: i32 = i32::MIN;
/// An event whose time is not near its chunk's.
const FAR: i32 = i32::MAX;
/// One in so many may be far; beyond that, whole times are smaller.
const FEW: usize = 8;

/// The time of each event in ticks, where it has one.
#[derive(Debug, Clone, Default)]
pub struct Times {
    near: Vec<i32>,
    /// The time that each chunk's times are relative to.
    bases: Vec<i64>,
    /// True when an event of the last chunk has a time, which its base is then near.
    begun: bool,
    /// Times that are too far from their chunk's base, by event.
    far: Vec<(u32, i64)>,
    /// All times instead (`i64::MIN` for none), once many were far.
    whole: Vec<i64>,
}

impl Times {
    /// Appends the time of the next event.
    pub fn push(&mut self, time: Option<i64>) {
        if !self.whole.is_empty() {
            self.whole.push(time.unwrap_or(i64::MIN));
            return;
        }
        if self.near.len().is_multiple_of(CHUNK) {
            self.bases.push(0);
            self.begun = false;
        }
        let Some(time) = time else {
            self.near.push(NO_TIME);
            return;
        };
        if !std::mem::replace(&mut self.begun, true)
            && let Some(base) = self.bases.last_mut()
        {
            *base = time;
        }
        let base = self.bases.last().copied().unwrap_or_default();
        let delta = time.checked_sub(base).and_then(|delta| i32::try_from(delta).ok());
        if let Some(delta) = delta.filter(|&delta| delta != NO_TIME && delta != FAR) {
            self.near.push(delta);
            return;
        }
        self.far.push((self.near.len() as u32, time));
        self.near.push(FAR);
        if self.far.len() > CHUNK && self.far.len() * FEW > self.near.len() {
            self.widen();
        }
    }

    fn widen(&mut self) {
        let whole = (0..self.near.len() as u32).map(|event| self.get(event).unwrap_or(i64::MIN)).collect();
        *self = Self { whole, ..Self::default() };
    }

    /// The time of an event, if it has one.
    #[inline]
    pub fn get(&self, event: u32) -> Option<i64> {
        let at = event as usize;
        if !self.whole.is_empty() {
            return self.whole.get(at).copied().filter(|&time| time != i64::MIN);
        }
        match *self.near.get(at)? {
            NO_TIME => None,
            FAR => self.far.binary_search_by_key(&event, |f| f.0).ok().map(|at| self.far[at].1),
            delta => Some(self.bases[at / CHUNK] + i64::from(delta)),
        }
    }

    /// How many events.
    pub fn len(&self) -> usize {
        self.near.len().max(self.whole.len())
    }

    /// True when there is no event, or none has a time in this trace.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The time of each event, in their order.
    pub fn iter(&self) -> impl Iterator<Item = Option<i64>> {
        (0..self.len() as u32).map(|event| self.get(event))
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.near.clear();
        self.bases.clear();
        self.far.clear();
        self.whole.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_comes_back_as_it_was_pushed() {
        for step in [1, 1 << 20, 1 << 33] {
            let pushed: Vec<Option<i64>> = (0..3_000_i64)
                .map(|i| match i % 500 {
                    0 | 7 => None,
                    8 => Some(i64::MAX),
                    9 => Some(-i64::MAX),
                    10 => Some(i * step + i64::from(i32::MAX)),
                    _ => Some(1_700_000_000_000_000_000 + i * step),
                })
                .collect();
            let mut times = Times::default();
            for &time in &pushed {
                times.push(time);
            }
            assert_eq!(times.iter().collect::<Vec<_>>(), pushed, "{step}");
            assert_eq!(times.whole.is_empty(), step < 1 << 30, "{step}");
            assert_eq!(times.get(3_000), None);
        }
    }
}
