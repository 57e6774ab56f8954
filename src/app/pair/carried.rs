//! The same place in a newer analysis of the same pair: what a person selected, folded and set up goes over to it.

use std::sync::{Arc, OnceLock};

use super::tail::InLine;
use super::{FoundEvents, Laid, Pair, Search, Selection, trail};
use crate::analyse::Analysis;
use crate::trace::Side;

/// Which row of the newer analysis a row of the older one is, looked at from one of its sides, and that side.
type RowNow<'a> = dyn Fn(u32, Side) -> Option<(u32, Side)> + 'a;

impl Pair {
    /// The same place in a newer analysis of the same pair: the event that a person selected, and what was searched
    /// for, stay. With the sides `exchanged`, that event is on the other one now. Where the events of bookmarks are was found
    /// before.
    #[must_use]
    pub fn with_analysis(&self, analysis: Arc<Analysis>, laid: Laid, exchanged: bool, found: &FoundEvents) -> Self {
        self.carried(Self::new(analysis, laid), exchanged, found, Self::reveal_as_in)
    }

    /// The same place in an answer of the same recordings after they grew, which is `fresh` as it would be opened: rows that are
    /// in sight stay where they are on screen, and what is selected is not brought into sight.
    #[must_use]
    pub fn grown(&self, fresh: Self, found: &FoundEvents) -> Self {
        let mut pair = self.carried(fresh, false, found, Self::keep_still_as_in);
        pair.notice.clone_from(&self.notice);
        pair.marked = self.marked.filter(|&(side, event)| pair.rows().row_of(side, event).is_some());
        pair.at_end = self.at_end;
        if pair.at_end {
            pair.scroller.set_fraction(1.0);
        }
        pair.take_wanted(self.wanted);
        pair
    }

    /// The answer that first rows were the beginning of, in the same columns; where a person has `moved` in them, at the same rows,
    /// with the same one selected.
    #[must_use]
    pub fn goes_on_from(mut self, first: &Self, moved: bool) -> Self {
        self.columns = first.columns.clone();
        self.scroller.set_viewport(first.scroller.viewport());
        if !moved {
            return self;
        }
        let analysis = Arc::clone(&self.analysis);
        let row_now = |row: u32, side: Side| {
            let row = first.rows().get(row);
            let now = |of: Side| analysis.comparison.rows.row_of(of, row.event(of)?);
            [side, side.other()].into_iter().find_map(now).map(|row| (row, side))
        };
        self.keep_still_as_in(first, &row_now);
        self.follow_selection();
        self
    }

    /// True while newer rows would move what a person made of the table: a filter, a search, another order.
    pub fn holds_still(&self) -> bool {
        self.filter.active()
            || self.search.active()
            || self.sorting.sort().is_some()
            || self.transport.looking_at().is_some()
    }

    fn carried(
        &self,
        mut pair: Self,
        exchanged: bool,
        found: &FoundEvents,
        place: fn(&mut Self, &Self, &RowNow<'_>),
    ) -> Self {
        pair.graph_side = self.graph_side;
        if let Some(spread) = &pair.spread {
            pair.camera.set_near(spread.layout.size, self.camera.near());
        }
        pair.scrubbed = self.scrubbed;
        pair.view = self.view;
        let side_now = |side: Side| if exchanged { side.other() } else { side };
        pair.spans = match (&self.spans, pair.spans.take()) {
            (Some(old), Some(fresh)) => Some(old.carried(fresh, side_now)),
            (_, fresh) => fresh,
        };
        let anchor = self.anchor_in(&pair, exchanged);
        pair.timeline = self.timeline.carried(&self.lanes, pair.compared(), &pair.lanes, anchor);
        pair.scroller.set_viewport(self.scroller.viewport());
        if (self.context, self.bursts_folded) != (pair.context, false) {
            (pair.context, pair.bursts_folded) = (self.context, self.bursts_folded);
            pair.lines = pair.around_differences().into();
            pair.scroller.set_lines(pair.lines.count());
        }
        let folds = self.lines.folding();
        if folds.can_fold() && !folds.any_folded() {
            pair.set_all_folds(true);
        }
        let analysis = Arc::clone(&pair.analysis);
        let now = &analysis.comparison.rows;
        let row_now = |row: u32, first: Side| {
            let row = self.rows().get(row);
            let found =
                [first, first.other()].into_iter().find_map(|side| now.row_of(side_now(side), row.event(side)?));
            found.map(|row| (row, side_now(first)))
        };
        place(&mut pair, self, &row_now);
        pair.search = Search::new(self.search.text(), &pair.analysis);
        pair.filter = self.filter.again(&pair.analysis);
        pair.sorting = self.sorting.again();
        pair.columns = self.columns.clone();
        pair.transport = self.transport.renewed(&pair.analysis, exchanged);
        pair.follow_selection();
        pair.begun = self.begun.and_then(|row| row_now(row, Side::Actual)).map(|(row, _)| row);
        pair.carry_bookmarks(&self.bookmarks, found, exchanged);
        let selection = |row, side| row_now(row, side).map(|(row, side)| Selection { row, side });
        pair.trail = trail::mapped(&self.trail, selection);
        pair
    }

    /// Puts the same row at the top, and brings what is selected into sight.
    fn reveal_as_in(&mut self, old: &Self, row_now: &RowNow<'_>) {
        let top = (!old.lines_in_sight().is_empty())
            .then(|| row_now(old.lines.at(old.scroller.top()).first_row(), Side::Expected))
            .flatten();
        if let Some((top, _)) = top {
            self.scroller.set_top(self.lines.line_of(top), old.scroller.rest());
        }
        let Some(Selection { row, side }) = old.selection else { return };
        if let Some((row_now, side)) = row_now(row, side) {
            // What was selected as a fold's line is not unfolded.
            if old.lines.hides(row) {
                self.look_at(row_now, Some(side));
            } else {
                self.select_row(row_now, Some(side));
            }
        }
    }

    /// Keeps folds, the rows in sight and the selected row as they were, wherever that is.
    fn keep_still_as_in(&mut self, old: &Self, row_now: &RowNow<'_>) {
        if old.all_lines() == 0 {
            return;
        }
        let now = |row: u32| row_now(row, Side::Actual).map(|(row, _)| row);
        // All first rows are open, and each may belong to millions that are equal.
        if !old.beginning {
            self.lines.folding_mut().open_those(old.lines.folding().opened().filter_map(now));
        }
        let selected = old.selection.and_then(|Selection { row, side }| row_now(row, side));
        let shown = old.selection.filter(|selection| !old.lines.hides(selection.row));
        if let Some((row, _)) = shown.and(selected) {
            self.lines.folding_mut().keep(row, self.context);
        }
        let analysis = Arc::clone(&self.analysis);
        let place_now = |line: u32| match old.in_line(line)? {
            InLine::Row(row) => now(row),
            InLine::Came(side, event) => analysis.comparison.rows.row_of(side, event),
        };
        let in_sight: Vec<(u32, u32)> =
            old.scroller.visible().filter_map(|line| Some((line, place_now(line)?))).collect();
        for (line, row) in &in_sight {
            self.lines.folding_mut().keep(*row, if *line == old.scroller.top() { self.context } else { 0 });
        }
        self.scroller.set_lines(self.lines.count());
        let top = old.scroller.top();
        let fold = (top < old.lines.count() && in_sight.first().is_none_or(|(line, _)| *line != top))
            .then(|| now(old.lines.at(top).first_row()));
        if let Some(row) = fold.flatten() {
            self.scroller.set_top(self.lines.line_of(row), old.scroller.rest());
        } else if let Some((line, row)) = in_sight.first() {
            self.scroller.set_top(self.lines.line_of(*row), 0.0);
            self.scroller.scroll_by(-old.scroller.y_of(*line));
        }
        let Some((row, side)) = selected else { return };
        self.selection = Some(Selection { row, side });
        self.past = OnceLock::new();
        let line = old.selection.map_or(0, |selection| old.lines.line_of(selection.row));
        if old.scroller.visible().contains(&line) {
            self.scroller.scroll_by(self.scroller.y_of(self.lines.line_of(row)) - old.scroller.y_of(line));
        }
    }

    /// Selects the newest event of actual; of expected, where that is alone.
    pub(in crate::app) fn select_newest(&mut self) {
        let last = |side: Side| self.analysis.len(side).checked_sub(1).map(|event| (side, event));
        if let Some((side, event)) = last(Side::Actual).or_else(|| last(Side::Expected)) {
            self.select_event(side, event);
            self.show_newest_that_came(side);
        }
    }

    /// True while more events may come: what is not recorded may be recorded yet.
    pub const fn waits(&self) -> bool {
        self.waits
    }

    pub(in crate::app) const fn set_waits(&mut self, waits: bool) {
        self.waits = waits;
    }
}
