//! How often keys stand on their lanes, counted only for the few keys that somebody asks about.

use std::collections::HashMap;

use crate::trace::LaneId;

/// Bits of the filter for each key, two of which are set: enough that hardly any other key passes.
const FILTER_BITS: usize = 16;

/// Counts of some keys, each on a lane.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Two bits for the keys that may be asked about: most others are told by one look that stays in the cache.
    filter: Vec<u64>,
    counts: HashMap<(LaneId, u64), u32, foldhash::fast::FixedState>,
}

impl Tally {
    /// A tally of these keys; all are at 0.
    pub(crate) fn of(keys: impl Iterator<Item = (LaneId, u64)>) -> Self {
        let keys: Vec<(LaneId, u64)> = keys.collect();
        let words = if keys.is_empty() { 0 } else { (keys.len() * FILTER_BITS / 64).next_power_of_two() };
        let mut filter = vec![0; words];
        for &(_, key) in &keys {
            let (word, bits) = place(key, words);
            filter[word] |= bits;
        }
        Self { filter, counts: keys.into_iter().map(|key| (key, 0)).collect() }
    }

    /// Counts each key of a side that is asked about; `lane` tells the lane of an event.
    pub(crate) fn count(&mut self, keys: &[u64], lane: impl Fn(u32) -> LaneId) {
        if self.filter.is_empty() {
            return;
        }
        for (event, &key) in keys.iter().enumerate() {
            let (word, bits) = place(key, self.filter.len());
            if self.filter[word] & bits == bits
                && let Some(count) = self.counts.get_mut(&(lane(event as u32), key))
            {
                *count += 1;
            }
        }
    }

    /// True when the key is one that was asked about and stands exactly once on its lane.
    pub(crate) fn once(&self, lane: LaneId, key: u64) -> bool {
        self.counts.get(&(lane, key)) == Some(&1)
    }
}

/// Where a key is in a filter of so many words, a power of two. Keys are well mixed already.
#[inline]
fn place(key: u64, words: usize) -> (usize, u64) {
    ((key >> 12) as usize & (words - 1), 1 << (key & 63) | 1 << (key >> 6 & 63))
}
