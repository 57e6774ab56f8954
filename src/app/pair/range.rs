//! Rows selected together: from the row where a person began to the selected one, as the table shows them.

use super::Pair;
use crate::report::{Anchor, Part};
use crate::trace::{Side, grouped};
use crate::view::Line;

/// Rows that are copied at most: each is read from its file, and nobody reads more in a message.
const MOST: u32 = 1000;

impl Pair {
    /// The first and the last selected line of the table; `None` for a row alone.
    pub fn selected_range(&self) -> Option<(u32, u32)> {
        let (begun, selection) = (self.begun?, self.selection?);
        let (from, to) = (self.lines.find(begun)?, self.lines.find(selection.row)?);
        (from != to).then(|| (from.min(to), from.max(to)))
    }

    /// True for a row that is selected with others, itself or in a fold.
    pub fn is_in_range(&self, row: u32) -> bool {
        self.selected_range().is_some_and(|(first, last)| (first..=last).contains(&self.lines.line_of(row)))
    }

    /// The first and the last row that are selected together. Sorted rows have no such ends.
    pub fn selected_rows(&self) -> Option<(u32, u32)> {
        let (first, last) = self.selected_range().filter(|_| self.lines.sorted().is_none())?;
        Some((self.lines.at(first).first_row(), self.lines.at(last).last_row()))
    }

    /// An event of the first and of the last of the rows that are selected together.
    pub fn selected_ends(&self) -> Option<(Anchor, Anchor)> {
        let (first, last) = self.selected_rows()?;
        Some((self.anchor_of(first)?, self.anchor_of(last)?))
    }

    /// What is selected, as it is copied; of very many rows the first ones.
    pub fn selected_parts(&self) -> Vec<Part> {
        let Some((first, last)) = self.selected_range() else {
            return self.selection.map(|selection| Part::Row(selection.row)).into_iter().collect();
        };
        let part = |line: u32| match self.lines.at(line) {
            Line::Row(row) => Part::Row(row),
            fold @ Line::Fold(_) => Part::Folded { first: fold.first_row(), last: fold.last_row() },
        };
        (first..=last.min(first.saturating_add(MOST - 1))).map(part).collect()
    }

    /// What is said of a range that was copied; nothing of a row alone.
    pub(in crate::app) fn tell_copied(&mut self) {
        let Some((first, last)) = self.selected_range() else { return };
        let (all, most) = (last - first + 1, grouped(u64::from(MOST)));
        let lines = grouped(u64::from(all));
        self.notice = if all > MOST {
            format!("The first {most} of {lines} selected lines are copied.")
        } else {
            format!("{lines} lines are copied.")
        };
    }

    /// Selects so many more lines, downwards when positive.
    pub(super) fn extend(&mut self, lines: i32) {
        let begun = self.begun.or(self.selection.map(|selection| selection.row));
        self.step(i64::from(lines));
        self.hold(begun);
    }

    /// Selects everything up to a row.
    pub(super) fn extend_to(&mut self, row: u32, side: Side) {
        let begun = self.begun.or(self.selection.map(|selection| selection.row));
        self.look_at(row, Some(side));
        self.hold(begun);
    }

    fn hold(&mut self, begun: Option<u32>) {
        self.begun = begun;
        if let Some((first, last)) = self.selected_range() {
            self.notice = match self.selected_rows() {
                Some((from, to)) => format!("Rows {} to {} are selected.", number(from), number(to)),
                None => format!("{} rows are selected.", number(last - first)),
            };
        }
    }
}

fn number(row: u32) -> String {
    grouped(u64::from(row) + 1)
}
