//! The lanes of the events, one list after the other.

use super::LaneId;

/// Events whose lists are told relative to where the first of them starts.
const CHUNK: usize = 16;

/// The lanes of each event, the home lane of each first.
#[derive(Debug, Clone, Default)]
pub struct LaneLists {
    lanes: Vec<LaneId>,
    /// Where the list of the first event of each chunk starts.
    firsts: Vec<u32>,
    /// Where each event's list ends behind that.
    ends: Vec<u16>,
}

impl LaneLists {
    /// Appends the next event's lanes: at least one and at most 4,095, its home lane first.
    #[inline]
    pub fn push(&mut self, lanes: &[LaneId]) {
        if self.ends.len().is_multiple_of(CHUNK) {
            self.firsts.push(self.lanes.len() as u32);
        }
        self.lanes.extend_from_slice(lanes);
        let first = self.firsts.last().copied().unwrap_or_default();
        self.ends.push((self.lanes.len() as u32 - first) as u16);
    }

    /// The lanes of an event.
    #[inline]
    pub fn of(&self, event: u32) -> &[LaneId] {
        let event = event as usize;
        let first = self.firsts[event / CHUNK] as usize;
        let end = first + usize::from(self.ends[event]);
        &self.lanes[self.start(event)..end]
    }

    /// The home lane of an event.
    #[inline]
    pub fn home(&self, event: u32) -> LaneId {
        self.lanes[self.start(event as usize)]
    }

    #[inline]
    fn start(&self, event: usize) -> usize {
        let first = self.firsts[event / CHUNK] as usize;
        if event.is_multiple_of(CHUNK) { first } else { first + usize::from(self.ends[event - 1]) }
    }

    /// One more than the largest number of a lane.
    pub fn bound(&self) -> LaneId {
        self.lanes.iter().max().map_or(0, |&lane| lane + 1)
    }

    /// How many events.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True when there is no event.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Gives every lane another number: `map` has the new number of each.
    pub fn renumber(&mut self, map: &[LaneId]) {
        for lane in &mut self.lanes {
            *lane = map[*lane as usize];
        }
    }

    /// Appends another trace's events. `map` has the number here of each of its lanes.
    pub fn append(&mut self, later: &Self, map: &[LaneId]) {
        let mut own = self.lanes.len() as u32;
        let mut first = self.firsts.last().copied().unwrap_or_default();
        let mut before = 0;
        for (event, &end) in later.ends.iter().enumerate() {
            if event.is_multiple_of(CHUNK) {
                before = 0;
            }
            if self.ends.len().is_multiple_of(CHUNK) {
                first = own;
                self.firsts.push(first);
            }
            own += u32::from(end - before);
            before = end;
            self.ends.push((own - first) as u16);
        }
        self.lanes.extend(later.lanes.iter().map(|&lane| map[lane as usize]));
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.lanes.clear();
        self.firsts.clear();
        self.ends.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_keeps_its_lanes() {
        let lanes = |event: u32| vec![event % 91, 100 + event % 13, 200 + event % 7][..=event as usize % 3].to_vec();
        let mut all = LaneLists::default();
        (0..5_000).for_each(|event| all.push(&lanes(event)));
        let check = |lists: &LaneLists, base: u32| {
            for event in 0..5_000 {
                let expected: Vec<u32> = lanes(event).iter().map(|lane| lane + base).collect();
                assert_eq!((lists.of(event), lists.home(event)), (&expected[..], expected[0]));
            }
        };
        check(&all, 0);
        assert_eq!((all.len(), all.bound()), (5_000, 207));
        let map: Vec<u32> = (0..300).map(|lane| lane + 7).collect();
        let mut parts = LaneLists::default();
        for from in (0..5_000).step_by(713) {
            let mut later = LaneLists::default();
            (from..(from + 713).min(5_000)).for_each(|event| later.push(&lanes(event)));
            parts.append(&later, &map);
        }
        check(&parts, 7);
        all.renumber(&map);
        check(&all, 7);
    }
}
