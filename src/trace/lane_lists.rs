//! The lanes of the events. Events touch the same few lanes again and again, so each list of lanes is kept once.

use super::{LaneId, NONE};

/// Where lists are looked for at first; it grows with their number.
const FEW: usize = 1 << 12;
/// Beyond so many there is little to be found again.
const MANY: usize = 1 << 18;
/// Places next to each other in which a list may be.
const NEXT: usize = 4;
/// Lanes up to which a part remembers its lists.
const KEPT: usize = 1 << 14;

/// The lanes of each event, the home lane of each first.
#[derive(Debug, Clone, Default)]
pub struct LaneLists {
    /// Every list: how many lanes there are, then the lanes.
    lists: Vec<u32>,
    /// Where each event's list is.
    of: Vec<u32>,
    /// Where a list may be, by its hash. A list that is not found is kept once more, which costs room and nothing else.
    known: Vec<u32>,
    /// Lists that were not found since there was room for more of them in `known`.
    unknown: usize,
}

impl LaneLists {
    /// Appends the next event's lanes: at least one, its home lane first.
    #[inline]
    pub fn push(&mut self, lanes: &[LaneId]) {
        let at = self.place(lanes);
        self.of.push(at);
    }

    /// Where this list is kept, from now on at least.
    #[inline]
    fn place(&mut self, lanes: &[LaneId]) -> u32 {
        let from = slot(hash(lanes), self.known.len());
        let places = self.known.get(from..from + NEXT).unwrap_or_default();
        // Two or three lanes are compared sooner one by one than by a call.
        let is = |at: u32| self.list(at).iter().eq(lanes);
        let at = places.iter().take_while(|&&at| at != NONE).find(|&&at| is(at));
        at.copied().unwrap_or_else(|| self.keep(lanes))
    }

    #[inline(never)]
    fn keep(&mut self, lanes: &[LaneId]) -> u32 {
        self.unknown += 1;
        if self.unknown > self.known.len() / 2 && self.known.len() < MANY {
            self.known = vec![NONE; (self.known.len() * 2).max(FEW)];
            self.unknown = 0;
        }
        let at = self.lists.len() as u32;
        self.lists.push(lanes.len() as u32);
        self.lists.extend_from_slice(lanes);
        let from = slot(hash(lanes), self.known.len());
        let free = (from..from + NEXT).find(|&place| self.known[place] == NONE);
        self.known[free.unwrap_or(from)] = at;
        at
    }

    #[inline]
    fn list(&self, at: u32) -> &[LaneId] {
        let lanes = &self.lists[at as usize..];
        &lanes[1..=lanes[0] as usize]
    }

    /// The lanes of an event.
    #[inline]
    pub fn of(&self, event: u32) -> &[LaneId] {
        self.list(self.of[event as usize])
    }

    /// The home lane of an event.
    #[inline]
    pub fn home(&self, event: u32) -> LaneId {
        self.lists[self.of[event as usize] as usize + 1]
    }

    /// The lanes of each list.
    fn each(&mut self, mut change: impl FnMut(&mut [LaneId])) {
        let mut rest = self.lists.as_mut_slice();
        while let Some((&mut len, lanes)) = rest.split_first_mut() {
            let (lanes, others) = lanes.split_at_mut(len as usize);
            change(lanes);
            rest = others;
        }
    }

    /// One more than the largest number of a lane.
    pub fn bound(&self) -> LaneId {
        let mut bound = 0;
        let mut at = 0;
        while at < self.lists.len() {
            let list = self.list(at as u32);
            bound = list.iter().fold(bound, |bound, &lane| bound.max(lane + 1));
            at += 1 + list.len();
        }
        bound
    }

    /// Makes room for so many more events.
    pub fn reserve(&mut self, more: usize) {
        // Without that much room it grows as it must.
        let _unneeded = self.of.try_reserve_exact(more);
    }

    /// How many events.
    pub fn len(&self) -> usize {
        self.of.len()
    }

    /// True when there is no event.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Gives every lane another number: `map` has the new number of each.
    pub fn renumber(&mut self, map: &[LaneId]) {
        self.each(|lanes| lanes.iter_mut().for_each(|lane| *lane = map[*lane as usize]));
        // They have other hashes now.
        self.known = Vec::new();
        self.unknown = 0;
    }

    /// Appends another trace's events. `map` has the number here of each of its lanes.
    pub fn append(&mut self, later: &Self, map: &[LaneId]) {
        // Where each of its lists is here.
        let mut here = vec![NONE; later.lists.len()];
        let mut lanes = Vec::new();
        self.of.reserve(later.of.len());
        for &there in &later.of {
            if here[there as usize] == NONE {
                lanes.clear();
                lanes.extend(later.list(there).iter().map(|&lane| map[lane as usize]));
                here[there as usize] = self.place(&lanes);
            }
            self.of.push(here[there as usize]);
        }
    }

    /// Forgets all events. Lists are remembered while they are few.
    pub fn clear(&mut self) {
        self.of.clear();
        if self.lists.len() > KEPT {
            *self = Self::default();
        }
    }
}

#[inline]
fn hash(lanes: &[LaneId]) -> u64 {
    lanes
        .iter()
        .fold(0, |hash: u64, &lane| (hash ^ u64::from(lane)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29))
}

/// Where a hash belongs in a table whose length is a power of two: the first of its places.
#[inline]
fn slot(hash: u64, len: usize) -> usize {
    hash as usize & len.saturating_sub(1) & !(NEXT - 1)
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
        assert_eq!((all.bound(), parts.bound()), (214, 214));
        all.push(&[3]);
        assert_eq!((all.of(5_000), all.of(4_999)), (&[3][..], parts.of(4_999)));
        all.clear();
        assert!(all.is_empty());
    }
}
