//! Which rows a search found: one bit a row, so that ten million rows cost little more than a megabyte.

use std::ops::Range;

/// A set of rows.
#[derive(Debug, Clone, Default)]
pub(super) struct FoundRows {
    words: Vec<u64>,
    len: u32,
}

impl FoundRows {
    /// An empty set for so many rows.
    pub(super) fn new(rows: u32) -> Self {
        Self { words: vec![0; (rows as usize).div_ceil(64)], len: 0 }
    }

    /// Adds a row.
    pub(super) fn insert(&mut self, row: u32) {
        let word = &mut self.words[row as usize / 64];
        let bit = 1 << (row % 64);
        self.len += u32::from(*word & bit == 0);
        *word |= bit;
    }

    /// True when the row is in it.
    pub(super) fn contains(&self, row: u32) -> bool {
        self.words.get(row as usize / 64).is_some_and(|word| word & (1 << (row % 64)) != 0)
    }

    /// How many rows are in it.
    pub(super) const fn len(&self) -> u32 {
        self.len
    }

    /// The first row at or after `row`.
    pub(super) fn first_from(&self, row: u32) -> Option<u32> {
        let start = row as usize / 64;
        let first = self.words.get(start)? & (u64::MAX << (row % 64));
        std::iter::once((start, first))
            .chain(self.words.iter().copied().enumerate().skip(start + 1))
            .find(|(_, word)| *word != 0)
            .map(|(i, word)| i as u32 * 64 + word.trailing_zeros())
    }

    /// The last row before `row`.
    pub(super) fn last_before(&self, row: u32) -> Option<u32> {
        let last = (row.checked_sub(1)?).min((self.words.len() as u32 * 64).checked_sub(1)?);
        let start = last as usize / 64;
        let first = self.words[start] & (u64::MAX >> (63 - last % 64));
        std::iter::once((start, first))
            .chain(self.words[..start].iter().copied().enumerate().rev())
            .find(|(_, word)| *word != 0)
            .map(|(i, word)| i as u32 * 64 + 63 - word.leading_zeros())
    }

    /// True when one of these rows is in it.
    pub(super) fn any_in(&self, rows: Range<u32>) -> bool {
        if rows.start >= rows.end {
            return false;
        }
        let (first, last) = (rows.start as usize / 64, (rows.end - 1) as usize / 64);
        let words = self.words.iter().enumerate().take(last + 1).skip(first);
        words.into_iter().any(|(i, word)| {
            let from = if i == first { u64::MAX << (rows.start % 64) } else { u64::MAX };
            let to = if i == last { u64::MAX >> (63 - (rows.end - 1) % 64) } else { u64::MAX };
            word & from & to != 0
        })
    }

    /// Its rows, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        std::iter::successors(self.first_from(0), |&row| self.first_from(row + 1))
    }

    /// How many of its rows are before `row`.
    pub(super) fn count_before(&self, row: u32) -> u32 {
        let end = row as usize / 64;
        let whole: u32 = self.words.iter().take(end).map(|word| word.count_ones()).sum();
        let rest = self.words.get(end).map_or(0, |word| (word & !(u64::MAX << (row % 64))).count_ones());
        whole + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_sorted_set_of_its_rows() {
        let rows = [0, 1, 63, 64, 65, 127, 128, 500, 998, 999];
        let mut found = FoundRows::new(1000);
        for row in rows.into_iter().rev().chain(rows) {
            found.insert(row);
        }
        assert_eq!(found.len(), rows.len() as u32);
        for row in 0..1100 {
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
        assert!(!found.any_in(2000..3000));
        assert_eq!(FoundRows::new(0).first_from(0), None);
        assert_eq!(FoundRows::new(0).last_before(5), None);
    }
}
