//! The whole pair as a strip of columns: how much of each side stands in a column, and the worst thing in it.
//! Built in O(differences + columns), whatever the number of rows.

use std::ops::Range;

use super::Lines;
use crate::compare::{RowClass, RowKind, Rows};
use crate::trace::Sides;

/// How much a row asks for attention; a column shows its heaviest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Weight {
    /// Equal on both sides.
    #[default]
    Same,
    /// Behind the end of a side that stopped early.
    Unrecorded,
    /// It differs.
    Different,
    /// Its order is broken on a shared lane.
    Inverted,
}

impl Weight {
    /// The weight of a row of this kind.
    const fn of(kind: RowKind) -> Self {
        if kind.unrecorded {
            Self::Unrecorded
        } else if kind.inverted || matches!(kind.class, RowClass::Moved) {
            Self::Inverted
        } else if matches!(kind.class, RowClass::Same) {
            Self::Same
        } else {
            Self::Different
        }
    }
}

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bucket {
    /// Share of its rows that expected has, 0 to 1.
    pub expected: f32,
    /// Share of its rows that actual has, 0 to 1.
    pub actual: f32,
    /// The heaviest of its rows.
    pub worst: Weight,
    /// How many of its rows differ.
    pub differing: u32,
}

/// All rows, summed up in columns from left to right.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overview {
    /// How many rows, or lines.
    rows: u32,
    buckets: Vec<Bucket>,
}

impl Overview {
    /// Sums up all rows in at most `columns` columns; with fewer rows, each has one of its own.
    pub fn new(rows: &Rows, columns: u32) -> Self {
        Self::over(rows, rows.len(), columns, rows.differences().iter().map(|&row| (row, row)))
    }

    /// The same over the lines of a table, as a scroll bar shows it: a difference counts in its own line.
    pub fn of_lines(rows: &Rows, lines: &Lines, columns: u32) -> Self {
        Self::over(rows, lines.count(), columns, lines.differences(rows))
    }

    /// `differences` are the rows that differ, each with its place.
    fn over(rows: &Rows, places: u32, columns: u32, differences: impl Iterator<Item = (u32, u32)>) -> Self {
        let columns = columns.clamp(1, places.max(1));
        let mut this = Self { rows: places, buckets: vec![Bucket::default(); columns as usize] };
        if rows.is_empty() {
            return this;
        }
        // One-sided rows are differences, so the holes of each side are found without walking over all rows.
        let mut holes = vec![Sides::new(0_u32, 0_u32); columns as usize];
        for (index, place) in differences {
            let kind = rows.kind(index);
            let column = this.column_of(place);
            if let Some(side) = kind.class.alone() {
                holes[column][side.other()] += 1;
            }
            let bucket = &mut this.buckets[column];
            bucket.differing += 1;
            bucket.worst = bucket.worst.max(Weight::of(kind));
        }
        // A lone trace has one side only, and nothing that differs.
        let first = rows.get(0);
        let lone = rows.differences().is_empty();
        let has = |event: Option<u32>| if lone && event.is_none() { 0.0 } else { 1.0 };
        let whole = Sides::new(has(first.expected), has(first.actual));
        for (column, holes) in holes.into_iter().enumerate() {
            let len = this.rows_of(column).len().max(1) as f32;
            this.buckets[column].expected = whole.expected - holes.expected as f32 / len;
            this.buckets[column].actual = whole.actual - holes.actual as f32 / len;
        }
        this
    }

    /// The columns.
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }

    /// The column of a row.
    pub fn column_of(&self, row: u32) -> usize {
        (u64::from(row) * self.buckets.len() as u64 / u64::from(self.rows.max(1))) as usize
    }

    /// The rows of a column.
    pub fn rows_of(&self, column: usize) -> Range<u32> {
        let first = |column: usize| (column as u64 * u64::from(self.rows)).div_ceil(self.buckets.len() as u64) as u32;
        first(column)..first(column + 1)
    }

    /// Where a row stands, as a share of the whole width: the middle of the row.
    pub fn share_of(&self, row: u32) -> f32 {
        ((f64::from(row) + 0.5) / f64::from(self.rows.max(1))) as f32
    }

    /// The row at a share of the whole width.
    pub fn row_at(&self, share: f32) -> u32 {
        ((f64::from(share.clamp(0.0, 1.0)) * f64::from(self.rows)) as u32).min(self.rows.saturating_sub(1))
    }

    /// Runs of neighbouring columns of one weight, the equal ones left out, as shares of the width.
    pub fn marks(&self) -> impl Iterator<Item = (Weight, f32, f32)> {
        let whole = self.buckets.len() as f32;
        self.buckets
            .chunk_by(|a, b| a.worst == b.worst)
            .scan(0, move |at, run| {
                let (start, end) = (*at, *at + run.len());
                *at = end;
                Some((run[0].worst, start as f32 / whole, end as f32 / whole))
            })
            .filter(|(weight, ..)| *weight != Weight::Same)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Folding;
    use super::*;
    use crate::compare::Row;

    fn rows(count: u32, row: impl Fn(u32) -> Row) -> Rows {
        let mut rows = Rows::with_events(count as usize, count as usize);
        for i in 0..count {
            rows.push(row(i));
        }
        rows
    }

    fn same(i: u32) -> Row {
        Row { expected: Some(i), actual: Some(i), class: RowClass::Same, inverted: false, unrecorded: false }
    }

    #[test]
    fn one_difference_among_ten_million_rows_is_never_hidden() {
        for at in [0, 1, 4_999_999, 9_999_998, 9_999_999] {
            let rows = rows(10_000_000, |i| {
                if i == at { Row { actual: None, class: RowClass::Missing, ..same(i) } } else { same(i) }
            });
            let overview = Overview::new(&rows, 1283);
            let marked: Vec<_> = overview.marks().collect();
            assert_eq!(marked.len(), 1, "row {at}");
            let share = overview.share_of(at);
            let (weight, from, to) = marked[0];
            assert_eq!(weight, Weight::Different);
            assert!(from <= share && share <= to + 1e-6, "{from} {share} {to}");
            assert!(overview.buckets()[overview.column_of(at)].actual < 1.0);
        }
    }

    #[test]
    fn every_row_is_in_the_column_that_counts_it() {
        for (count, columns) in [(1, 5), (7, 3), (1000, 7), (1001, 999), (10, 10)] {
            let rows = rows(count, same);
            let overview = Overview::new(&rows, columns);
            let mut next = 0;
            for column in 0..overview.buckets().len() {
                let range = overview.rows_of(column);
                assert_eq!(range.start, next);
                assert!(!range.is_empty());
                next = range.end;
                for row in range {
                    assert_eq!(overview.column_of(row), column, "{count} rows, {columns} columns, row {row}");
                }
            }
            assert_eq!(next, count);
        }
    }

    #[test]
    fn a_column_takes_its_worst_row() {
        let rows = rows(100, |i| match i {
            10 => Row { class: RowClass::Changed, ..same(i) },
            11 => Row { inverted: true, ..same(i) },
            30..33 => Row { expected: None, class: RowClass::Extra, ..same(i) },
            33 => Row { expected: None, class: RowClass::Duplicate, ..same(i) },
            90.. => Row { actual: None, class: RowClass::Missing, unrecorded: true, ..same(i) },
            _ => same(i),
        });
        let overview = Overview::new(&rows, 10);
        assert_eq!(overview.buckets()[1].worst, Weight::Inverted);
        assert_eq!(overview.buckets()[1].differing, 2);
        let close = |a: f32, b: f32| (a - b).abs() < 1e-6;
        assert!(close(overview.buckets()[3].expected, 0.6) && close(overview.buckets()[3].actual, 1.0));
        assert_eq!(overview.buckets()[9].worst, Weight::Unrecorded);
        assert!(close(overview.buckets()[9].expected, 1.0) && close(overview.buckets()[9].actual, 0.0));
    }

    #[test]
    fn the_scroll_bar_marks_a_difference_at_its_line() {
        let rows = rows(1000, |i| if i == 900 { Row { class: RowClass::Changed, ..same(i) } } else { same(i) });
        let folding = Folding::new(&rows, 3);
        let lines = Overview::of_lines(&rows, &Lines::from(folding.clone()), 600);
        let (weight, from, _) = lines.marks().next().unwrap();
        assert_eq!(weight, Weight::Different);
        assert!((from - folding.line_of(900) as f32 / folding.lines() as f32).abs() < 1e-6);
    }

    #[test]
    fn a_lone_trace_fills_its_own_half_only() {
        let rows = rows(10, |i| Row { expected: None, ..same(i) });
        let bucket = Overview::new(&rows, 5).buckets()[3];
        assert!(bucket.expected.abs() < 1e-6 && (bucket.actual - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_place_on_the_strip_and_its_row_agree() {
        let rows = rows(10_000_000, same);
        let overview = Overview::new(&rows, 1000);
        assert_eq!(overview.row_at(0.0), 0);
        assert_eq!(overview.row_at(1.0), 9_999_999);
        assert_eq!(Overview::new(&Rows::default(), 1000).row_at(0.5), 0);
    }
}
