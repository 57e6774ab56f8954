//! The lanes of the events: mostly a few small numbers, which fit into one word together.

use std::ops::Deref;

use super::{LaneId, NONE};

/// Lanes that fit into a word.
const IN_A_WORD: usize = 4;
/// Bits of one of them. It is stored plus one, so that 0 is none.
const BITS: u32 = 16;
/// In the place of the first lane: the rest of the word says where a longer list is.
const LONG: u64 = (1 << BITS) - 1;
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
    /// The lanes of each event, from the lowest bits on, or [`LONG`] and where its list is.
    words: Vec<u64>,
    /// Lists of more lanes, or of lanes with larger numbers.
    long: Lists,
    bound: LaneId,
}

/// The lanes of one event, its home lane first.
#[derive(Debug, Clone, Copy, Default)]
pub struct LaneList<'a> {
    few: [LaneId; IN_A_WORD],
    len: usize,
    /// These instead, if there are any.
    long: &'a [LaneId],
}

impl Deref for LaneList<'_> {
    type Target = [LaneId];
    #[inline]
    fn deref(&self) -> &[LaneId] {
        if self.long.is_empty() { &self.few[..self.len] } else { self.long }
    }
}

/// The lanes of one event, one after another.
#[derive(Debug, Clone)]
pub struct EachLane<'a> {
    word: u64,
    long: std::slice::Iter<'a, LaneId>,
}

impl Iterator for EachLane<'_> {
    type Item = LaneId;
    #[inline]
    fn next(&mut self) -> Option<LaneId> {
        if self.word == 0 {
            return self.long.next().copied();
        }
        let lane = (self.word & LONG) as LaneId - 1;
        self.word >>= BITS;
        Some(lane)
    }
}

impl LaneLists {
    /// Appends the next event's lanes: at least one, its home lane first.
    #[inline]
    pub fn push(&mut self, lanes: &[LaneId]) {
        self.bound = lanes.iter().fold(self.bound, |bound, &lane| bound.max(lane + 1));
        let word = if lanes.len() <= IN_A_WORD && lanes.iter().all(|&lane| u64::from(lane) + 1 < LONG) {
            lanes.iter().rev().fold(0, |word, &lane| word << BITS | u64::from(lane + 1))
        } else {
            u64::from(self.long.place(lanes)) << BITS | LONG
        };
        self.words.push(word);
    }

    /// The lanes of an event.
    #[inline]
    pub fn of(&self, event: u32) -> LaneList<'_> {
        let word = self.words[event as usize];
        let lane = |i: u32| ((word >> (BITS * i) & LONG) as LaneId).wrapping_sub(1);
        let long = if word & LONG == LONG { self.long.list((word >> BITS) as u32) } else { &[] };
        let len = (u64::BITS - word.leading_zeros()).div_ceil(BITS) as usize;
        LaneList { few: [lane(0), lane(1), lane(2), lane(3)], len, long }
    }

    /// The same one after another, for what is done with every event.
    #[inline]
    pub fn each(&self, event: u32) -> EachLane<'_> {
        match self.words[event as usize] {
            word if word & LONG == LONG => EachLane { word: 0, long: self.long.list((word >> BITS) as u32).iter() },
            word => EachLane { word, long: [].iter() },
        }
    }

    /// True when an event here has the lanes that an event there has.
    #[inline]
    pub fn alike(&self, event: u32, there: &Self, other: u32) -> bool {
        let word = self.words[event as usize];
        if word & LONG == LONG { *self.of(event) == *there.of(other) } else { word == there.words[other as usize] }
    }

    /// The home lane of an event.
    #[inline]
    pub fn home(&self, event: u32) -> LaneId {
        let word = self.words[event as usize];
        if word & LONG == LONG { self.long.list((word >> BITS) as u32)[0] } else { (word & LONG) as LaneId - 1 }
    }

    /// One more than the largest number of a lane.
    pub fn bound(&self) -> LaneId {
        self.bound
    }

    /// Makes room for so many more events.
    pub fn reserve(&mut self, more: usize) {
        // Without that much room it grows as it must.
        let _unneeded = self.words.try_reserve_exact(more);
    }

    /// How many events.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// True when there is no event.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Gives every lane another number: `map` has the new number of each.
    pub fn renumber(&mut self, map: &[LaneId]) {
        if map.iter().zip(0..).all(|(&new, lane)| new == lane) {
            return;
        }
        if map.iter().all(|&lane| u64::from(lane) + 1 < LONG) && self.long.is_empty() {
            for word in &mut self.words {
                let lane = |i: u32| match *word >> (BITS * i) & LONG {
                    0 => 0,
                    lane => u64::from(map[lane as usize - 1] + 1) << (BITS * i),
                };
                *word = lane(0) | lane(1) | lane(2) | lane(3);
            }
            self.bound = map.iter().take(self.bound as usize).fold(0, |bound, &lane| bound.max(lane + 1));
        } else {
            let before = std::mem::take(self);
            self.append(&before, map);
        }
    }

    /// Appends another trace's events. `map` has the number here of each of its lanes.
    pub fn append(&mut self, later: &Self, map: &[LaneId]) {
        self.words.reserve(later.words.len());
        let mut lanes = Vec::new();
        for event in 0..later.words.len() as u32 {
            lanes.clear();
            lanes.extend(later.of(event).iter().map(|&lane| map[lane as usize]));
            self.push(&lanes);
        }
    }

    /// Forgets all events. Long lists are remembered while they are few.
    pub fn clear(&mut self) {
        self.words.clear();
        if self.long.all.len() > KEPT {
            *self = Self::default();
        }
    }
}

/// Lists of lanes, each of which is kept once: events touch the same lanes again and again.
#[derive(Debug, Clone, Default)]
struct Lists {
    /// Every list: how many lanes there are, then the lanes.
    all: Vec<u32>,
    /// Where a list may be, by its hash. A list that is not found is kept once more, which costs room and nothing else.
    known: Vec<u32>,
    /// Lists that were not found since there was room for more of them in `known`.
    unknown: usize,
}

impl Lists {
    fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Where this list is kept, from now on at least.
    #[inline(never)]
    fn place(&mut self, lanes: &[LaneId]) -> u32 {
        let from = slot(hash(lanes), self.known.len());
        let places = self.known.get(from..from + NEXT).unwrap_or_default();
        let at = places.iter().copied().take_while(|&at| at != NONE).find(|&at| self.list(at) == lanes);
        at.unwrap_or_else(|| self.keep(lanes))
    }

    fn keep(&mut self, lanes: &[LaneId]) -> u32 {
        self.unknown += 1;
        if self.unknown > self.known.len() / 2 && self.known.len() < MANY {
            self.known = vec![NONE; (self.known.len() * 2).max(FEW)];
            self.unknown = 0;
        }
        let at = self.all.len() as u32;
        self.all.push(lanes.len() as u32);
        self.all.extend_from_slice(lanes);
        let from = slot(hash(lanes), self.known.len());
        let free = (from..from + NEXT).find(|&place| self.known[place] == NONE);
        self.known[free.unwrap_or(from)] = at;
        at
    }

    #[inline]
    fn list(&self, at: u32) -> &[LaneId] {
        let lanes = &self.all[at as usize..];
        &lanes[1..=lanes[0] as usize]
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
        check_all(&|event| vec![event % 91, 100 + event % 13, 200 + event % 7][..=event as usize % 3].to_vec(), 7);
    }

    #[test]
    fn many_lanes_and_large_numbers_too() {
        let all = |event: u32| vec![event % 91, 100 + event % 13, 200, 201, 202, 206][..=event as usize % 6].to_vec();
        check_all(&all, 7);
        check_all(&all, 65_534 - 203);
        check_all(&all, 1 << 20);
    }

    /// `by` is how much larger the lanes' numbers are made.
    fn check_all(lanes: &dyn Fn(u32) -> Vec<u32>, by: u32) {
        let mut all = LaneLists::default();
        (0..5_000).for_each(|event| all.push(&lanes(event)));
        let check = |lists: &LaneLists, base: u32| {
            for event in 0..5_000 {
                let expected: Vec<u32> = lanes(event).iter().map(|lane| lane + base).collect();
                assert_eq!((&*lists.of(event), lists.home(event)), (&expected[..], expected[0]), "{event}");
                assert!(lists.each(event).eq(expected.iter().copied()), "{event}");
                let again = (event + 91 * 13 * 7 * 6) % 5_000;
                assert_eq!(lists.alike(event, lists, again), lanes(event) == lanes(again), "{event}");
            }
        };
        check(&all, 0);
        assert_eq!((all.len(), all.bound()), (5_000, 207));
        let map: Vec<u32> = (0..300).map(|lane| lane + by).collect();
        let mut parts = LaneLists::default();
        for from in (0..5_000).step_by(713) {
            let mut later = LaneLists::default();
            (from..(from + 713).min(5_000)).for_each(|event| later.push(&lanes(event)));
            parts.append(&later, &map);
        }
        check(&parts, by);
        all.renumber(&map);
        check(&all, by);
        assert_eq!((all.bound(), parts.bound()), (207 + by, 207 + by));
        all.push(&[3]);
        assert_eq!((&*all.of(5_000), &*all.of(4_999)), (&[3][..], &*parts.of(4_999)));
        all.clear();
        assert!(all.is_empty());
    }
}
