//! The lanes of the events. Few combinations of lanes come again and again, so each is kept once.

use super::LaneId;

/// The lanes of each event, the home lane of each first.
#[derive(Debug, Clone)]
pub struct LaneSets {
    /// The set of each event.
    of_event: Vec<u32>,
    /// Where each set starts in `lanes`; one more entry than sets.
    starts: Vec<u32>,
    lanes: Vec<LaneId>,
    /// Sets by the hash of their lanes: open addressing, one more than the set's number, 0 for free.
    table: Vec<u32>,
}

impl Default for LaneSets {
    fn default() -> Self {
        Self { of_event: Vec::new(), starts: vec![0], lanes: Vec::new(), table: Vec::new() }
    }
}

impl LaneSets {
    /// Appends the next event's lanes: at least one, its home lane first.
    pub fn push(&mut self, lanes: &[LaneId]) {
        let set = self.number(lanes);
        self.of_event.push(set);
    }

    /// The lanes of an event.
    #[inline]
    pub fn of(&self, event: u32) -> &[LaneId] {
        self.set(self.of_event[event as usize])
    }

    /// The home lane of an event.
    #[inline]
    pub fn home(&self, event: u32) -> LaneId {
        self.lanes[self.starts[self.of_event[event as usize] as usize] as usize]
    }

    /// One more than the largest number of a lane.
    pub fn bound(&self) -> LaneId {
        self.lanes.iter().max().map_or(0, |&lane| lane + 1)
    }

    /// How many events.
    pub fn len(&self) -> usize {
        self.of_event.len()
    }

    /// True when there is no event.
    pub fn is_empty(&self) -> bool {
        self.of_event.is_empty()
    }

    /// Gives every lane another number: `map` has the new number of each, and no number twice.
    pub fn renumber(&mut self, map: &[LaneId]) {
        for lane in &mut self.lanes {
            *lane = map[*lane as usize];
        }
        self.table.clear();
    }

    /// Appends another trace's events. `map` has the number here of each of its lanes.
    pub fn append(&mut self, later: &Self, map: &[LaneId]) {
        let mut sets: Vec<Option<u32>> = vec![None; later.starts.len() - 1];
        let mut lanes = Vec::new();
        self.of_event.reserve(later.len());
        for &set in &later.of_event {
            let known = &mut sets[set as usize];
            let number = *known.get_or_insert_with(|| {
                lanes.clear();
                lanes.extend(later.set(set).iter().map(|&lane| map[lane as usize]));
                self.number(&lanes)
            });
            self.of_event.push(number);
        }
    }

    /// Forgets all events, and the sets as well where there are more of them than `keep`.
    pub fn clear(&mut self, keep: usize) {
        self.of_event.clear();
        if self.starts.len() > keep {
            *self = Self::default();
        }
    }

    #[inline]
    fn set(&self, set: u32) -> &[LaneId] {
        &self.lanes[self.starts[set as usize] as usize..self.starts[set as usize + 1] as usize]
    }

    /// The number of the set of these lanes, which is new if need be.
    fn number(&mut self, lanes: &[LaneId]) -> u32 {
        let sets = self.starts.len() - 1;
        // At most three quarters full, so that a free place ends every search soon.
        if sets * 4 >= self.table.len() * 3 {
            self.rehash((sets * 4).next_power_of_two().max(64));
        }
        let mut at = hash(lanes) as usize;
        loop {
            at &= self.table.len() - 1;
            match self.table[at] {
                0 => break,
                entry if same(self.set(entry - 1), lanes) => return entry - 1,
                _ => at += 1,
            }
        }
        self.table[at] = sets as u32 + 1;
        self.lanes.extend_from_slice(lanes);
        self.starts.push(self.lanes.len() as u32);
        sets as u32
    }

    fn rehash(&mut self, size: usize) {
        self.table.clear();
        self.table.resize(size, 0);
        for set in 0..self.starts.len() as u32 - 1 {
            let mut at = hash(self.set(set)) as usize & (size - 1);
            while self.table[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            self.table[at] = set + 1;
        }
    }
}

/// Equality of slices that are too short for a call.
#[inline]
fn same(a: &[LaneId], b: &[LaneId]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b)
}

/// Multiplicative hashing; the high half of the product is the well mixed one.
fn hash(lanes: &[LaneId]) -> u64 {
    lanes.iter().fold(0_u64, |hash, &lane| (hash ^ u64::from(lane)).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
        >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_keeps_its_lanes() {
        let lanes = |event: u32| vec![event % 91, 100 + event % 13, 200 + event % 7][..=event as usize % 3].to_vec();
        let mut all = LaneSets::default();
        (0..5_000).for_each(|event| all.push(&lanes(event)));
        let check = |sets: &LaneSets, base: u32| {
            for event in 0..5_000 {
                let expected: Vec<u32> = lanes(event).iter().map(|lane| lane + base).collect();
                assert_eq!((sets.of(event), sets.home(event)), (&expected[..], expected[0]));
            }
        };
        check(&all, 0);
        let map: Vec<u32> = (0..300).map(|lane| lane + 7).collect();
        let mut parts = LaneSets::default();
        for part in 0..5 {
            let mut later = LaneSets::default();
            (part * 1_000..(part + 1) * 1_000).for_each(|event| later.push(&lanes(event)));
            parts.append(&later, &map);
        }
        check(&parts, 7);
        all.renumber(&map);
        check(&all, 7);
        // What comes after it is found among what was before.
        let sets = all.starts.len();
        all.push(&lanes(17).iter().map(|lane| lane + 7).collect::<Vec<_>>());
        assert_eq!((all.of(5_000), all.starts.len()), (all.of(17), sets));
    }
}
