//! When the events happened: four bytes an event while neighbours are near in time, eight where they are not.

/// So many events at most have their times told relative to that of one of them.
const CHUNK: u32 = 256;
/// Events that are far on which nothing is concluded.
const MOST_FAR: usize = 256;
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
    /// The first event of each chunk, and the time that its times are relative to.
    bases: Vec<(u32, i64)>,
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
        let event = self.near.len() as u32;
        if self.bases.last().is_none_or(|base| event - base.0 >= CHUNK) {
            self.bases.push((event, 0));
            self.begun = false;
        }
        let Some(time) = time else {
            self.near.push(NO_TIME);
            return;
        };
        if !std::mem::replace(&mut self.begun, true)
            && let Some(base) = self.bases.last_mut()
        {
            base.1 = time;
        }
        let base = self.bases.last().map_or(0, |base| base.1);
        let delta = time.checked_sub(base).and_then(|delta| i32::try_from(delta).ok());
        if let Some(delta) = delta.filter(|&delta| delta != NO_TIME && delta != FAR) {
            self.near.push(delta);
            return;
        }
        self.far.push((event, time));
        self.near.push(FAR);
        self.widen_if_far();
    }

    fn widen_if_far(&mut self) {
        if self.far.len() > MOST_FAR && self.far.len() * FEW > self.near.len() {
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
            delta => Some(self.base(event) + i64::from(delta)),
        }
    }

    /// What the time of an event is relative to.
    #[inline]
    fn base(&self, event: u32) -> i64 {
        // Where nothing was joined, every chunk is full.
        let full = (event / CHUNK) as usize;
        let next = self.bases.get(full + 1).map_or(u32::MAX, |base| base.0);
        match self.bases.get(full) {
            Some(&(first, base)) if first <= event && event < next => base,
            _ => self.bases[self.bases.partition_point(|base| base.0 <= event) - 1].1,
        }
    }

    /// Takes over all times of another.
    pub fn append(&mut self, later: &mut Self) {
        if !self.whole.is_empty() || !later.whole.is_empty() {
            if self.whole.is_empty() {
                self.widen();
            }
            self.whole.extend(later.iter().map(|time| time.unwrap_or(i64::MIN)));
            *later = Self::default();
            return;
        }
        let base = self.near.len() as u32;
        if !later.bases.is_empty() {
            self.begun = later.begun;
        }
        self.near.append(&mut later.near);
        self.bases.extend(later.bases.drain(..).map(|(event, time)| (event + base, time)));
        self.far.extend(later.far.drain(..).map(|(event, time)| (event + base, time)));
        self.widen_if_far();
    }

    /// Makes room for so many more.
    pub fn reserve(&mut self, more: usize) {
        // Without that much room it grows as it must.
        let _unneeded = self.near.try_reserve_exact(more);
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
    fn iter(&self) -> impl Iterator<Item = Option<i64>> {
        (0..self.len() as u32).map(|event| self.get(event))
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
            let mut parts = Times::default();
            for piece in pushed.chunks(370) {
                let mut later = Times::default();
                piece[1..].iter().for_each(|&time| later.push(time));
                parts.push(piece[0]);
                parts.append(&mut later);
                assert!(later.is_empty());
            }
            assert_eq!(times.iter().collect::<Vec<_>>(), pushed, "{step}");
            assert_eq!(parts.iter().collect::<Vec<_>>(), pushed, "{step}");
            assert_eq!(times.whole.is_empty(), step < 1 << 30, "{step}");
            assert_eq!(times.get(3_000), None);
        }
    }
}
