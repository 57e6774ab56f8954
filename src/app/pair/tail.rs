//! What came since the answer that is shown: an event that the other side waited for stands in the row that waited, every other
//! one in a row of its own below all others, until an answer has them.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::Pair;
use crate::analyse::{Appended, Came};
use crate::compare::{Rows, Stand};
use crate::trace::{EventIndex, Side, Sides};
use crate::view::Line;

/// One row below all others: which of the events that came stand in it.
pub type TailRow = Sides<Option<usize>>;

/// Where the events that came are shown.
#[derive(Debug, Clone, Default)]
pub struct Tail {
    appended: Arc<Appended>,
    rows: Vec<TailRow>,
    /// Rows of the answer that an event waited for, ascending, and which event that is.
    filled: Vec<(u32, usize)>,
}

impl Tail {
    fn new(appended: &Arc<Appended>, rows: &Rows) -> Self {
        let mut tail = Self { appended: Arc::clone(appended), ..Self::default() };
        // Rows in which an event waits for its counterpart, which comes later.
        let mut waits: HashMap<(Side, EventIndex), usize> = HashMap::new();
        for (at, came) in appended.events.iter().enumerate() {
            let other = came.side.other();
            if let Some(Stand::Matched(there)) = came.stand {
                let row = rows.row_of(other, there).filter(|&row| rows.get(row).event(came.side).is_none());
                if let Some(row) = row {
                    tail.filled.push((row, at));
                    continue;
                }
                if let Some(&place) = waits.get(&(other, there)) {
                    tail.rows[place][came.side] = Some(at);
                    continue;
                }
                waits.insert((came.side, came.event), tail.rows.len());
            }
            let mut row = TailRow::default();
            row[came.side] = Some(at);
            tail.rows.push(row);
        }
        tail.filled.sort_unstable();
        tail
    }

    /// What came.
    pub fn appended(&self) -> &Appended {
        &self.appended
    }

    /// The rows below all others, in the order in which their first events came.
    pub fn rows(&self) -> &[TailRow] {
        &self.rows
    }

    /// The event on a side of one of these rows.
    pub fn event(&self, row: TailRow, side: Side) -> Option<&Came> {
        self.appended.events.get(row[side]?)
    }

    /// The lines that they take: a heading and the rows.
    fn lines(&self) -> u32 {
        if self.rows.is_empty() { 0 } else { self.rows.len() as u32 + 1 }
    }

    /// The event that came to a row of the answer.
    fn came_to(&self, row: u32) -> Option<&Came> {
        let at = self.filled.binary_search_by_key(&row, |filled| filled.0).ok()?;
        self.appended.events.get(self.filled[at].1)
    }

    /// The line, below all others, in which an event stands.
    fn line_of(&self, side: Side, event: EventIndex) -> Option<u32> {
        let is_it = |row: &TailRow| self.event(*row, side).is_some_and(|came| came.event == event);
        self.rows.iter().position(is_it).map(|place| place as u32 + 1)
    }
}

impl Pair {
    /// What came since the answer; nothing while the rows are held.
    pub fn tail(&self) -> Option<&Tail> {
        self.tail.as_ref().filter(|_| !self.holds_still())
    }

    /// The event that came to a row which waited for it.
    pub fn came_to(&self, row: u32) -> Option<&Came> {
        self.tail()?.came_to(row)
    }

    /// How many rows of these waited for an event that came.
    pub fn came_in(&self, rows: Range<u32>) -> usize {
        let place = |filled: &[(u32, usize)], row: u32| filled.partition_point(|filled| filled.0 < row);
        self.tail().map_or(0, |tail| place(&tail.filled, rows.end) - place(&tail.filled, rows.start))
    }

    /// The lines of the table: those of the answer, and below them those of what came since.
    pub fn all_lines(&self) -> u32 {
        self.lines.count() + self.tail().map_or(0, Tail::lines)
    }

    /// The lines of the answer that are in sight.
    pub fn lines_in_sight(&self) -> Range<u32> {
        let (sight, count) = (self.scroller.visible(), self.lines.count());
        sight.start.min(count)..sight.end.min(count)
    }

    /// The event that is selected as soon as an answer has it.
    pub const fn wanted(&self) -> Option<(Side, EventIndex)> {
        self.wanted
    }

    /// Shows what came since an answer, if that answer is the one that is shown. A table that was scrolled to its end stays there.
    pub(in crate::app) fn set_appended(&mut self, appended: Option<&Arc<Appended>>) {
        let shown = self.analysis.events();
        let appended = appended.filter(|appended| appended.from == shown && !appended.events.is_empty());
        self.tail = appended.map(|appended| Tail::new(appended, &self.analysis.comparison.rows));
        self.count_lines();
    }

    /// The table has as many lines as there are.
    pub(super) fn count_lines(&mut self) {
        self.scroller.set_lines(self.all_lines());
        if self.at_end {
            self.scroller.set_fraction(1.0);
        }
    }

    /// Wants an event that came to be selected as soon as an answer has it, since no row can be before.
    pub(super) fn want(&mut self, side: Side, event: EventIndex) {
        let Some(tail) = self.tail() else { return };
        if self.analysis.spec.plan_needs_all() {
            // Where events are put in order, the answer numbers them anew.
            "Its row comes with the next answer.".clone_into(&mut self.notice);
        } else if tail.appended.events.iter().any(|came| (came.side, came.event) == (side, event)) {
            self.wanted = Some((side, event));
            "It is selected as soon as the answer has it.".clone_into(&mut self.notice);
        }
    }

    /// Brings the newest event into sight where no answer has it yet.
    pub(super) fn show_newest_that_came(&mut self, side: Side) {
        let Some(tail) = self.tail() else { return };
        let Some(came) = tail.appended.events.iter().rev().find(|came| came.side == side) else { return };
        let filled = tail.filled.iter().find(|filled| tail.appended.events[filled.1] == *came).map(|filled| filled.0);
        let line = filled.map(|row| self.lines.line_of(row));
        let below = || Some(self.lines.count() + tail.line_of(side, came.event)?);
        if let Some(line) = line.or_else(below) {
            self.scroller.reveal(line, super::MARGIN);
        }
    }

    /// What stands in a line, unless that is a fold or the heading of what came.
    pub(super) fn in_line(&self, line: u32) -> Option<InLine> {
        let Some(below) = line.checked_sub(self.lines.count()) else {
            return match self.lines.at(line) {
                Line::Row(row) => Some(InLine::Row(row)),
                Line::Fold(_) => None,
            };
        };
        let tail = self.tail()?;
        let row = *tail.rows.get(below.checked_sub(1)? as usize)?;
        let came = Side::BOTH.into_iter().rev().find_map(|side| tail.event(row, side))?;
        Some(InLine::Came(came.side, came.event))
    }

    /// Selects what was wanted, if there is a row for it now.
    pub(super) fn take_wanted(&mut self, wanted: Option<(Side, EventIndex)>) {
        let row = wanted.and_then(|(side, event)| Some((self.rows().row_of(side, event)?, side)));
        match row {
            Some((row, side)) => {
                self.notice.clear();
                self.select_row(row, Some(side));
            }
            None => self.wanted = wanted,
        }
    }
}

/// What stands in a line, and can be found again in the next answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InLine {
    /// A row of the answer.
    Row(u32),
    /// An event that the answer does not have.
    Came(Side, EventIndex),
}
