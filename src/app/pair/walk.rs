//! Walking through a pair: from difference to difference, from cause to effect, line by line. Whatever is selected comes
//! into sight; what is in sight already does not move.

use std::sync::OnceLock;

use super::{MARGIN, Pair, Selection};
use crate::trace::{EventIndex, Side};
use crate::view::{Line, Run, RunKind};

impl Pair {
    /// Selects a row, opens its fold and brings it into sight. The side stays unless the row has no event there.
    pub(super) fn select_row(&mut self, row: u32, side: Option<Side>) {
        if row >= self.rows().len() {
            return;
        }
        if self.lines.sorted().is_none() && self.lines.hides(row) {
            self.set_fold(row, true);
        }
        self.look_at(row, side);
    }

    /// Selects a row where it stands, in its fold if it is folded.
    pub(super) fn look_at(&mut self, row: u32, side: Option<Side>) {
        let side = side.or(self.selection.map(|selection| selection.side)).unwrap_or(Side::Actual);
        let cells = self.rows().get(row);
        let side = if cells.event(side).is_none() { side.other() } else { side };
        (self.selection, self.begun, self.wanted) = (Some(Selection { row, side }), None, None);
        self.past = OnceLock::new();
        match self.lines.find(row) {
            Some(line) => self.scroller.reveal(line, MARGIN),
            None => "The filter leaves this row out of the table.".clone_into(&mut self.notice),
        }
        if let Some((x, lane)) = self.selected_place() {
            self.timeline.reveal_place(x, lane, super::compared(&self.analysis));
        }
    }

    /// Brings a row to the middle of the table and of the timeline.
    pub(super) fn scroll_to_row(&mut self, row: u32) {
        if row >= self.rows().len() {
            return;
        }
        self.scroller.center(self.lines.line_of(row));
        let content = self.rows().get(row);
        let scale = self.timeline.scale(self.compared());
        let x = |side: Side| Some(scale.x(side, content.event(side)?));
        if let Some(x) = x(Side::Actual).or_else(|| x(Side::Expected)) {
            self.timeline.center(x, super::compared(&self.analysis));
        }
    }

    pub(super) fn select_event(&mut self, side: Side, event: EventIndex) {
        match self.rows().row_of(side, event) {
            Some(row) => self.select_row(row, Some(side)),
            None => self.want(side, event),
        }
    }

    pub(super) fn next_difference(&mut self) {
        if self.lines.sorted().is_some() {
            return self.difference_in_order(true);
        }
        let differences = self.rows().differences();
        let after = self.selection.map_or(0, |selection| selection.row + 1);
        // A tail that was not recorded is one place to go to, not thousands.
        let mut place = differences.partition_point(|&row| row < after);
        if let Some(end) = self.unrecorded_tail_end(after) {
            place = differences.partition_point(|&row| row < end);
        }
        match differences.get(place).copied() {
            Some(row) => self.select_row(row, None),
            None if differences.is_empty() => "There is no difference.".clone_into(&mut self.notice),
            None => "This is the last difference.".clone_into(&mut self.notice),
        }
    }

    pub(super) fn previous_difference(&mut self) {
        if self.lines.sorted().is_some() {
            return self.difference_in_order(false);
        }
        let differences = self.rows().differences();
        let before = self.selection.map_or(0, |selection| selection.row);
        let place = differences.partition_point(|&row| row < before);
        match place.checked_sub(1).map(|place| differences[place]) {
            Some(row) => self.select_row(self.unrecorded_tail_start(row), None),
            None if differences.is_empty() => "There is no difference.".clone_into(&mut self.notice),
            None => "This is the first difference in the table.".clone_into(&mut self.notice),
        }
    }

    /// Selects the nearest differing row behind or before the selected one, as the rows are sorted.
    fn difference_in_order(&mut self, forward: bool) {
        let Some(sorted) = self.lines.sorted() else { return };
        let here = self.selection.and_then(|selection| self.lines.find(selection.row));
        let next = match here {
            Some(line) => sorted.next_difference(line, forward),
            None => sorted.first_difference(),
        };
        match next.map(|line| self.lines.at(line).first_row()) {
            Some(row) => self.look_at(row, None),
            None if forward => "This is the last difference in this order.".clone_into(&mut self.notice),
            None => "This is the first difference in this order.".clone_into(&mut self.notice),
        }
    }

    /// Says why nothing folds.
    pub(super) fn tell_of_order(&mut self) {
        "Rows are sorted, so nothing folds: “Recorded order” brings the folds back.".clone_into(&mut self.notice);
    }

    /// Behind the unrecorded rows around `row - 1`, if that row is one.
    fn unrecorded_tail_end(&self, row: u32) -> Option<u32> {
        let unrecorded = |row: u32| self.rows().get(row).unrecorded;
        let before = row.checked_sub(1).filter(|&before| unrecorded(before))?;
        Some((before..self.rows().len()).find(|&row| !unrecorded(row)).unwrap_or(self.rows().len()))
    }

    /// The first of the unrecorded rows around `row`; the row itself when it is none.
    fn unrecorded_tail_start(&self, row: u32) -> u32 {
        let unrecorded = |row: &u32| self.rows().get(*row).unrecorded;
        if unrecorded(&row) { (0..=row).rev().take_while(unrecorded).last().unwrap_or(row) } else { row }
    }

    pub(super) fn first_difference(&mut self) {
        match self.analysis.comparison.first_difference {
            Some(first) => {
                let side = if first.actual.is_some() { Side::Actual } else { Side::Expected };
                self.select_row(first.row, Some(side));
            }
            None => "There is no difference.".clone_into(&mut self.notice),
        }
    }

    pub(super) fn cause(&mut self, place: usize) {
        let causes = &self.analysis.comparison.causes;
        match causes.get(place).map(|cause| (cause.row, cause.side)) {
            Some((row, side)) => self.select_row(row, Some(side)),
            None if causes.is_empty() => "There is no cause: nothing differs.".clone_into(&mut self.notice),
            None => self.notice = format!("There are only {} candidates.", causes.len()),
        }
    }

    pub(super) fn first_symptom(&mut self) {
        match &self.analysis.comparison.first_symptom {
            Some(symptom) => self.select_row(symptom.row, Some(symptom.side)),
            None => "No symptom was recorded: no error, timeout or missing reply.".clone_into(&mut self.notice),
        }
    }

    /// Moves by visible lines. A fold is one line: it is selected, and stays folded.
    pub(super) fn step(&mut self, lines: i64) {
        let Some(last) = self.lines.count().checked_sub(1) else { return };
        let from = self.selection.map_or(0, |selection| self.lines.line_of(selection.row));
        let to = i64::from(from) + lines;
        let line = to.clamp(0, i64::from(last)) as u32;
        let before = self.scroller;
        self.look_at(self.lines.at(line).first_row(), None);
        // What no answer has yet cannot be selected: beyond the last row the view goes on alone.
        if to > i64::from(last) && self.tail().is_some() {
            if from == last {
                self.scroller = before;
            }
            let lines = (to - i64::from(last)).min(i64::from(self.all_lines()));
            self.scroller.scroll_by(lines as f32 * self.scroller.line_height());
        }
    }

    pub(super) fn other_side(&mut self) {
        let Some(selection) = &mut self.selection else { return };
        let other = selection.side.other();
        if self.analysis.comparison.rows.get(selection.row).event(other).is_some() {
            selection.side = other;
        } else {
            self.notice = format!("This row has no {other} event.");
        }
    }

    pub(super) fn predecessor(&mut self) {
        let Some((side, event)) = self.selected_event() else { return };
        let nearest = self.lanes.before(self.compared(), side, event).into_iter().map(|(_, event)| event).max();
        match nearest {
            Some(event) => self.select_event(side, event),
            None => "Nothing is known to have happened before this event.".clone_into(&mut self.notice),
        }
    }

    pub(super) fn successor(&mut self) {
        let Some((side, event)) = self.selected_event() else { return };
        let nearest = self.lanes.after(self.compared(), side, event).into_iter().map(|(_, event)| event).min();
        match nearest {
            Some(event) => self.select_event(side, event),
            None => "Nothing is known to have happened after this event.".clone_into(&mut self.notice),
        }
    }

    pub(super) fn toggle_fold(&mut self, row: u32) {
        if self.lines.sorted().is_some() {
            return self.tell_of_order();
        }
        match self.lines.run_of(row) {
            Some(run) => {
                self.set_fold(row, !run.open);
                // Closing takes the selection along to the fold's line, so that the same key opens it again.
                let inside = self.selection.filter(|selection| self.lines.hides(selection.row));
                if let Some(selection) = inside {
                    self.look_at(run.start, Some(selection.side));
                }
            }
            None => "This row is in no fold: it differs, or stands next to a difference.".clone_into(&mut self.notice),
        }
    }

    /// What stands at the view's upper edge stays there.
    fn keeping_the_top(&mut self, change: impl FnOnce(&mut Self)) {
        if self.rows().is_empty() {
            return;
        }
        let (top, rest) = (self.scroller.top(), self.scroller.rest());
        // What stands below the answer stays below it.
        let row = (top < self.lines.count()).then(|| self.lines.at(top).first_row());
        let below = top.saturating_sub(self.lines.count());
        change(self);
        self.scroller.set_lines(self.all_lines());
        self.scroller.set_top(row.map_or(self.lines.count() + below, |row| self.lines.line_of(row)), rest);
    }

    pub(super) fn set_fold(&mut self, row: u32, open: bool) {
        self.keeping_the_top(|pair| {
            pair.lines.folding_mut().set_open(row, open);
        });
    }

    /// Opens or closes every fold; a selected row that was in sight stays at its height.
    pub(super) fn set_all_folds(&mut self, open: bool) {
        self.keeping_the_eye(|pair| pair.lines.folding_mut().set_all(open));
    }

    /// Changes folds. What stands at the view's upper edge stays there, and a selected row that was in sight at its height.
    pub(super) fn keeping_the_eye(&mut self, change: impl FnOnce(&mut Self)) {
        let seen = self.selection.map(|selection| selection.row).and_then(|row| {
            let line = self.lines.line_of(row);
            self.scroller.visible().contains(&line).then(|| (row, self.scroller.y_of(line)))
        });
        self.keeping_the_top(change);
        if let Some((row, y)) = seen {
            let moved = self.scroller.y_of(self.lines.line_of(row)) - y;
            self.scroller.scroll_by(moved);
            self.scroller.reveal(self.lines.line_of(row), MARGIN);
        }
    }

    /// Makes each burst one line, or shows its rows again.
    pub(super) fn toggle_bursts(&mut self) {
        if self.lines.sorted().is_some() {
            return self.tell_of_order();
        }
        if !self.lines.folding().has_bursts() {
            "There is no burst that could be one line.".clone_into(&mut self.notice);
            return;
        }
        self.bursts_folded = !self.bursts_folded;
        let open = !self.bursts_folded;
        self.keeping_the_eye(|pair| pair.lines.folding_mut().set_bursts(open));
    }

    /// The fold that is selected as a line, if one is.
    pub fn selected_fold(&self) -> Option<Run> {
        let selection = self.selection.filter(|_| self.lines.sorted().is_none())?;
        match self.lines.at(self.lines.line_of(selection.row)) {
            Line::Fold(run) => Some(run),
            Line::Row(_) => None,
        }
    }
}

impl Pair {
    /// `12,345 equal events`, `3 more events not recorded`, a burst's headline: what a fold's line says.
    pub fn fold_words(&self, run: Run) -> String {
        let count = crate::trace::grouped(u64::from(run.len));
        let events = if run.len == 1 { "event" } else { "events" };
        match run.kind {
            RunKind::Equal => format!("{count} equal {events}"),
            RunKind::Unrecorded if self.waits() => format!("{count} more {events} not recorded yet"),
            RunKind::Unrecorded => format!("{count} more {events} not recorded"),
            RunKind::Filtered if run.len == 1 => "1 other row".to_owned(),
            RunKind::Filtered => format!("{count} other rows"),
            RunKind::Burst(place) => {
                let Some(group) = self.analysis.comparison.groups.get(place as usize) else { return String::new() };
                let differences = self.rows().differences();
                let place_of = |row: u32| differences.partition_point(|&differing| differing < row);
                let own = place_of(run.start + run.len) - place_of(run.start);
                if own == group.rows as usize {
                    group.headline.clone()
                } else {
                    format!("{} of {}", crate::trace::grouped(own as u64), group.headline)
                }
            }
        }
    }
}
