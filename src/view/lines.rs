//! Which row stands in which line of the table: folded in recorded order, or all of them in another order.

use std::sync::Arc;

use rayon::prelude::*;

use super::fold::{Folding, Line, Run};
use crate::compare::{RowClass, Rows};

/// Rows in an order of their own. Four bytes a row, and four more for each that differs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sorted {
    rows: Vec<u32>,
    /// The lines whose rows differ, ascending.
    differing: Vec<u32>,
}

impl Sorted {
    /// These rows, each of them once, in this order.
    pub fn new(order: Vec<u32>, rows: &Rows) -> Self {
        let differs = |&row: &u32| {
            let row = rows.get(row);
            row.class != RowClass::Same || row.inverted
        };
        let differing = order.iter().zip(0..).filter(|(row, _)| differs(row)).map(|(_, line)| line).collect();
        Self { rows: order, differing }
    }

    /// The row in a line.
    fn row(&self, line: u32) -> u32 {
        self.rows[line as usize]
    }

    /// The line of a row, if it is in the order. Looks through all of them: for what a person does, not for every frame.
    fn line_of(&self, row: u32) -> Option<u32> {
        self.rows.par_iter().position_any(|&other| other == row).map(|line| line as u32)
    }

    /// The first line whose row differs.
    pub fn first_difference(&self) -> Option<u32> {
        self.differing.first().copied()
    }

    /// The nearest found row behind the line (or before it), going round at the end.
    pub fn nearest(&self, line: Option<u32>, forward: bool, found: impl Fn(u32) -> bool) -> Option<u32> {
        let at = line.map_or(0, |line| line as usize + usize::from(forward));
        let (before, behind) = self.rows.split_at(at.min(self.rows.len()));
        let hit = |row: &&u32| found(**row);
        let row = if forward {
            behind.iter().chain(before).find(hit)
        } else {
            before.iter().rev().chain(behind.iter().rev()).find(hit)
        };
        row.copied()
    }

    /// The nearest line behind this one (or before it) whose row differs.
    pub fn next_difference(&self, line: u32, forward: bool) -> Option<u32> {
        let place = if forward {
            self.differing.partition_point(|&differing| differing <= line)
        } else {
            self.differing.partition_point(|&differing| differing < line).checked_sub(1)?
        };
        self.differing.get(place).copied()
    }
}

/// The lines of the table.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    folding: Folding,
    sorted: Option<Arc<Sorted>>,
    /// How often the order changed.
    turns: u32,
}

impl From<Folding> for Lines {
    fn from(folding: Folding) -> Self {
        Self { folding, sorted: None, turns: 0 }
    }
}

impl Lines {
    /// The folds, which hold while nothing is sorted.
    pub const fn folding(&self) -> &Folding {
        &self.folding
    }

    /// Other folds; the order stays.
    pub fn set_folding(&mut self, folding: Folding) {
        self.folding = folding.instead_of(&self.folding);
    }

    /// Changes the folds.
    pub const fn folding_mut(&mut self) -> &mut Folding {
        &mut self.folding
    }

    /// The order, where it is not the recorded one.
    pub const fn sorted(&self) -> Option<&Arc<Sorted>> {
        self.sorted.as_ref()
    }

    /// Puts the rows into another order, or back into the recorded one with its folds.
    pub fn set_sorted(&mut self, sorted: Option<Arc<Sorted>>) {
        self.sorted = sorted;
        self.turns += 1;
    }

    /// Another value whenever a line may have moved.
    pub const fn generation(&self) -> (u32, u32) {
        (self.folding.generation(), self.turns)
    }

    /// How many lines there are.
    pub fn count(&self) -> u32 {
        self.sorted.as_ref().map_or_else(|| self.folding.lines(), |sorted| sorted.rows.len() as u32)
    }

    /// What stands in `line`, which must be below [`Self::count`].
    pub fn at(&self, line: u32) -> Line {
        self.sorted.as_ref().map_or_else(|| self.folding.at(line), |sorted| Line::Row(sorted.row(line)))
    }

    /// The line of `row`: its own, or its fold's. A row that a filter left out of an order has the first.
    pub fn line_of(&self, row: u32) -> u32 {
        match &self.sorted {
            Some(sorted) => sorted.line_of(row).unwrap_or(0),
            None => self.folding.line_of(row),
        }
    }

    /// The line of `row`, unless a filter left it out of an order.
    pub fn find(&self, row: u32) -> Option<u32> {
        self.sorted.as_ref().map_or_else(|| Some(self.folding.line_of(row)), |sorted| sorted.line_of(row))
    }

    /// True when `row` is not in sight: inside a fold, or left out of an order.
    pub fn hides(&self, row: u32) -> bool {
        match &self.sorted {
            Some(sorted) => sorted.line_of(row).is_none(),
            None => self.folding.hides(row),
        }
    }

    /// The run that holds `row`, folded or open; none where rows are sorted.
    pub fn run_of(&self, row: u32) -> Option<Run> {
        if self.sorted.is_some() { None } else { self.folding.run_of(row) }
    }

    /// True when some run is folded that is no burst.
    pub fn any_folded(&self) -> bool {
        self.sorted.is_none() && self.folding.any_folded()
    }

    /// True when there is something to fold beside bursts.
    pub fn can_fold(&self) -> bool {
        self.sorted.is_none() && self.folding.can_fold()
    }

    /// The rows that differ, each with its line.
    pub fn differences<'a>(&'a self, rows: &'a Rows) -> impl Iterator<Item = (u32, u32)> + 'a {
        let sorted = self.sorted.as_ref();
        let there = sorted.into_iter().flat_map(|sorted| sorted.differing.iter().map(|&line| (sorted.row(line), line)));
        let recorded = if sorted.is_some() { &[][..] } else { rows.differences() };
        there.chain(self.folding.lines_of(recorded.iter().copied()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Row;

    fn rows(count: u32, differs: &[u32]) -> Rows {
        let mut rows = Rows::with_events(count as usize, count as usize);
        for i in 0..count {
            let class = if differs.contains(&i) { RowClass::Changed } else { RowClass::Same };
            rows.push(Row { expected: Some(i), actual: Some(i), class, inverted: false, unrecorded: false });
        }
        rows
    }

    #[test]
    fn sorted_rows_stand_in_their_lines_without_folds_and_go_back_into_them() {
        let rows = rows(100, &[50, 60]);
        let mut lines = Lines::from(Folding::new(&rows, 3));
        let (folded, before) = (lines.count(), lines.generation());
        let order: Vec<u32> = (0..100).rev().filter(|row| row % 2 == 0).collect();
        lines.set_sorted(Some(Arc::new(Sorted::new(order.clone(), &rows))));
        assert_ne!(lines.generation(), before);
        assert_eq!(lines.count(), 50);
        for (line, &row) in order.iter().enumerate() {
            assert_eq!((lines.at(line as u32), lines.line_of(row)), (Line::Row(row), line as u32));
            assert!(!lines.hides(row) && lines.hides(row + 1));
        }
        assert!(!lines.can_fold() && !lines.any_folded() && lines.run_of(0).is_none());
        assert!(lines.differences(&rows).eq([(60, 19), (50, 24)]));
        lines.set_sorted(None);
        assert_eq!(lines.count(), folded);
        assert!(lines.hides(0) && lines.differences(&rows).map(|d| d.0).eq([50, 60]));
    }

    #[test]
    fn the_next_difference_is_the_next_one_in_the_order() {
        let rows = rows(10, &[2, 7]);
        let sorted = Sorted::new((0..10).rev().collect(), &rows);
        assert_eq!(
            [0, 2, 3, 7, 9].map(|line| sorted.next_difference(line, true)),
            [Some(2), Some(7), Some(7), None, None]
        );
        assert_eq!(
            [0, 2, 3, 7, 9].map(|line| sorted.next_difference(line, false)),
            [None, None, Some(2), Some(2), Some(7)]
        );
    }
}
