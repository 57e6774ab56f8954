//! Which rows a search found: one bit a row, so that ten million rows cost little more than a megabyte.

use std::ops::Range;

/// A set of rows.
#[derive(Debug, Clone, Default)]
pub(super) struct FoundRows {
    words: Vec<u64>,
    /// A bit for each word that is not empty: what stands far apart is found without a look at all between.
    used: Vec<u64>,
    /// How many rows are in the words of each word of `used`.
    counts: Vec<u32>,
    len: u32,
}

/// The places of the bits of one word.
const BITS: usize = 64;

/// The place of the first bit at or after `from` that is set.
fn next_bit(words: &[u64], from: usize) -> Option<usize> {
    let at = from / BITS;
    let first = words.get(at)? & (u64::MAX << (from % BITS));
    if first != 0 {
        return Some(at * BITS + first.trailing_zeros() as usize);
    }
    let (behind, word) = words.iter().enumerate().skip(at + 1).find(|(_, word)| **word != 0)?;
    Some(behind * BITS + word.trailing_zeros() as usize)
}

/// The place of the last bit at or before `from` that is set.
fn last_bit(words: &[u64], from: usize) -> Option<usize> {
    let at = from / BITS;
    let last = words.get(at)? & (u64::MAX >> (BITS - 1 - from % BITS));
    if last != 0 {
        return Some(at * BITS + BITS - 1 - last.leading_zeros() as usize);
    }
    let (before, word) = words[..at].iter().enumerate().rfind(|(_, word)| **word != 0)?;
    Some(before * BITS + BITS - 1 - word.leading_zeros() as usize)
}

impl FoundRows {
    /// An empty set for so many rows.
    pub(super) fn new(rows: u32) -> Self {
        let words = (rows as usize).div_ceil(BITS);
        let parts = words.div_ceil(BITS);
        Self { words: vec![0; words], used: vec![0; parts], counts: vec![0; parts], len: 0 }
    }

    /// Adds a row.
    pub(super) fn insert(&mut self, row: u32) {
        let at = row as usize / BITS;
        let word = &mut self.words[at];
        let bit = 1 << (row as usize % BITS);
        if *word & bit == 0 {
            *word |= bit;
            self.used[at / BITS] |= 1 << (at % BITS);
            self.counts[at / BITS] += 1;
            self.len += 1;
        }
    }

    /// True when the row is in it.
    pub(super) fn contains(&self, row: u32) -> bool {
        self.words.get(row as usize / BITS).is_some_and(|word| word & (1 << (row as usize % BITS)) != 0)
    }

    /// How many rows are in it.
    pub(super) const fn len(&self) -> u32 {
        self.len
    }

    /// The first row at or after `row`.
    pub(super) fn first_from(&self, row: u32) -> Option<u32> {
        self.first_in(row, &self.used)
    }

    /// The same among the words that `used` tells of.
    fn first_in(&self, row: u32, used: &[u64]) -> Option<u32> {
        let (at, bit) = (row as usize / BITS, row as usize % BITS);
        let here = self.words.get(at)? & (u64::MAX << bit);
        if here != 0 {
            return Some((at * BITS) as u32 + here.trailing_zeros());
        }
        let next = next_bit(used, at + 1)?;
        Some((next * BITS) as u32 + self.words[next].trailing_zeros())
    }

    /// The last row before `row`.
    pub(super) fn last_before(&self, row: u32) -> Option<u32> {
        let last = (row.checked_sub(1)? as usize).min((self.words.len() * BITS).checked_sub(1)?);
        let at = last / BITS;
        let here = self.words[at] & (u64::MAX >> (BITS - 1 - last % BITS));
        if here != 0 {
            return Some((at * BITS + BITS - 1) as u32 - here.leading_zeros());
        }
        let before = last_bit(&self.used, at.checked_sub(1)?)?;
        Some((before * BITS + BITS - 1) as u32 - self.words[before].leading_zeros())
    }

    /// True when one of these rows is in it.
    pub(super) fn any_in(&self, rows: Range<u32>) -> bool {
        // Behind the range nothing is looked at: of many ranges each would look to the end.
        let used = &self.used[..(rows.end as usize).div_ceil(BITS * BITS).min(self.used.len())];
        rows.start < rows.end && self.first_in(rows.start, used).is_some_and(|row| row < rows.end)
    }

    /// Its rows, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        std::iter::successors(self.first_from(0), |&row| self.first_from(row + 1))
    }

    /// How many of its rows are before `row`.
    pub(super) fn count_before(&self, row: u32) -> u32 {
        let end = row as usize / BITS;
        let part = end / BITS;
        let parts: u32 = self.counts.iter().take(part).sum();
        let whole: u32 = self.words.iter().take(end).skip(part * BITS).map(|word| word.count_ones()).sum();
        let rest = self.words.get(end).map_or(0, |word| (word & !(u64::MAX << (row as usize % BITS))).count_ones());
        parts + whole + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_sorted_set_of_its_rows() {
        let rows = [0, 1, 63, 64, 65, 127, 128, 500, 998, 999, 9_000, 20_479];
        let mut found = FoundRows::new(20_480);
        for row in rows.into_iter().rev().chain(rows) {
            found.insert(row);
        }
        assert_eq!(found.len(), rows.len() as u32);
        for row in 0..20_600 {
            assert_eq!(found.contains(row), rows.contains(&row), "{row}");
            assert_eq!(found.first_from(row), rows.iter().copied().find(|&r| r >= row), "from {row}");
            assert_eq!(found.last_before(row), rows.iter().copied().rfind(|&r| r < row), "before {row}");
            assert_eq!(found.count_before(row), rows.iter().filter(|&&r| r < row).count() as u32, "count {row}");
        }
        assert!(found.iter().eq(rows));
        for (from, to) in (0..140).flat_map(|from| (0..140).map(move |to| (from, to))) {
            let any = rows.iter().any(|row| (from..to).contains(row));
            assert_eq!(found.any_in(from..to), any, "{from}..{to}");
        }
        assert!(!found.any_in(2000..9000) && found.any_in(2000..9001) && !found.any_in(20_480..30_000));
        assert_eq!(FoundRows::new(0).first_from(0), None);
        assert_eq!(FoundRows::new(0).last_before(5), None);
    }
}
