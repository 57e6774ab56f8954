//! What is seen of a waterfall, whichever page it is on: which row is selected, what is folded, which part of the axis is in sight.

mod command;
mod saved;

use std::collections::BTreeSet;

use super::graph::Look;
use crate::population::Waterfall;
use crate::trace::Side;
use crate::view::Scroller;

pub use command::WaterfallCommand;
pub use saved::SavedWaterfall;

/// Height of a row: a bar of each side.
pub const ROW_HEIGHT: f32 = 32.0;
/// Height of a view until it was drawn.
pub(super) const VIEWPORT: f32 = 600.0;
/// Rows kept around the selected one while it moves.
const MARGIN: u32 = 2;
/// At least so many nanoseconds are in sight.
const LEAST: f64 = 100.0;
/// Room behind the end of the axis, as a share of it: how long the whole took is written there.
const ROOM: f64 = 0.15;
/// A span that is looked at takes this share of the width.
const FOCUSED: f64 = 0.5;

/// What is seen of a waterfall.
#[derive(Debug, Clone)]
pub struct SeenWaterfall {
    /// The rows that are not folded away, ascending.
    lines: Vec<u32>,
    folded: BTreeSet<u32>,
    row: u32,
    scroller: Scroller,
    /// From when to when is in sight, in nanoseconds since the roots began.
    range: (f64, f64),
}

impl SeenWaterfall {
    /// A waterfall as it is first seen: everything unfolded, the row that shows most of what it is drawn for selected.
    pub(super) fn new(waterfall: &Waterfall, viewport: f32) -> Self {
        let rows = waterfall.rows.len() as u32;
        let row = waterfall.causes.first().copied().unwrap_or_default();
        let scroller = Scroller::new(ROW_HEIGHT, viewport, rows);
        let lines = (0..rows).collect();
        let mut seen = Self { lines, folded: BTreeSet::new(), row, scroller, range: (0.0, 1.0) };
        seen.range = whole(waterfall);
        seen.scroller.reveal(row, MARGIN);
        seen
    }

    /// The rows that are not folded away, from the top.
    pub fn lines(&self) -> &[u32] {
        &self.lines
    }

    /// The selected row.
    pub const fn row(&self) -> u32 {
        self.row
    }

    /// True when what is below a row is folded away.
    pub fn is_folded(&self, row: u32) -> bool {
        self.folded.contains(&row)
    }

    /// Which lines are in sight.
    pub const fn scroller(&self) -> &Scroller {
        &self.scroller
    }

    /// From when to when is in sight, in nanoseconds since the roots began.
    pub const fn range(&self) -> (f64, f64) {
        self.range
    }

    /// The same place in a newer waterfall: what is folded, in sight and selected, as far as it is still there. `row_now` says where
    /// a row is now.
    pub(super) fn carried(&self, [old, new]: [&Waterfall; 2], row_now: impl Fn(u32) -> Option<u32>) -> Self {
        let mut seen = Self::new(new, self.scroller.viewport());
        seen.folded = self.folded.iter().filter_map(|&row| row_now(row)).filter(|&row| new.has_below(row)).collect();
        seen.list_rows(new);
        if self.range != whole(old) {
            seen.show_range(self.range, new);
        }
        if let Some(row) = row_now(self.row) {
            seen.row = seen.lines[seen.line_of(row) as usize];
        }
        let top = self.lines.get(self.scroller.top() as usize).and_then(|&row| row_now(row));
        if let Some(row) = top {
            seen.scroller.set_top(seen.line_of(row), self.scroller.rest());
        }
        seen
    }

    /// Carries out a command.
    pub(super) fn apply(&mut self, command: WaterfallCommand, waterfall: &Waterfall) {
        match command {
            WaterfallCommand::Viewport(height) => self.set_viewport(height),
            WaterfallCommand::Scroll(points) => self.scroller.scroll_by(points),
            WaterfallCommand::ScrollTo(share) => self.scroller.set_fraction(share),
            WaterfallCommand::Step(by) => self.step(by),
            WaterfallCommand::Page(by) => self.step(by.saturating_mul(i64::from(self.scroller.page()))),
            WaterfallCommand::Top => self.select(0),
            WaterfallCommand::Bottom => self.select(u32::MAX),
            WaterfallCommand::Row(row) => self.select(row),
            WaterfallCommand::Fold(row) => self.fold(row, waterfall),
            WaterfallCommand::FoldSelected => self.fold(self.row, waterfall),
            WaterfallCommand::Zoom { at, by } => self.zoom(at, by, waterfall),
            WaterfallCommand::Pan(share) => self.pan(share, waterfall),
            WaterfallCommand::Look(look) => self.look(look, waterfall),
        }
    }

    fn zoom(&mut self, at: f64, by: f64, waterfall: &Waterfall) {
        let (from, to) = self.range;
        let fixed = from + (to - from) * at;
        let (low, high) = whole(waterfall);
        let width = ((to - from) * by).clamp(LEAST.min(high - low), high - low);
        self.set_range(fixed - width * at, width, waterfall);
    }

    fn pan(&mut self, share: f64, waterfall: &Waterfall) {
        let (from, to) = self.range;
        self.set_range(from + (to - from) * share, to - from, waterfall);
    }

    fn look(&mut self, look: Look, waterfall: &Waterfall) {
        match look {
            Look::Zoom(by) => self.zoom(0.5, by, waterfall),
            Look::Pan([across, down]) => {
                self.pan(across, waterfall);
                let height = self.scroller.viewport();
                self.scroller.scroll_by(down as f32 * height);
            }
            Look::Fit => self.range = whole(waterfall),
            Look::Focus => self.focus(waterfall),
        }
    }

    /// Brings the bars of the selected row to the middle, and nearer.
    fn focus(&mut self, waterfall: &Waterfall) {
        let Some(row) = waterfall.rows.get(self.row as usize) else { return };
        let spans = Side::BOTH.into_iter().filter(|side| row.spans[*side].is_some());
        let bars: Vec<_> = spans.filter_map(|side| waterfall.bar(side, self.row)).collect();
        let Some(from) = bars.iter().map(|bar| bar.offset).min() else { return };
        let to = bars.iter().map(|bar| bar.offset + bar.duration).max().unwrap_or(from);
        let (low, high) = whole(waterfall);
        let width = ((to - from) as f64 / FOCUSED).clamp(LEAST.min(high - low), high - low);
        self.set_range((from as f64 + to as f64 - width) / 2.0, width, waterfall);
        self.scroller.reveal(self.line_of(self.row), MARGIN);
    }

    fn set_range(&mut self, from: f64, width: f64, waterfall: &Waterfall) {
        let (low, high) = whole(waterfall);
        let from = from.clamp(low, (high - width).max(low));
        self.range = (from, from + width);
    }

    /// The view has this height. A selected row that was in sight stays there.
    fn set_viewport(&mut self, height: f32) {
        let line = self.line_of(self.row);
        let seen = self.scroller.visible().contains(&line);
        self.scroller.set_viewport(height);
        if seen {
            self.scroller.reveal(line, MARGIN);
        }
    }

    /// The line that a row stands in, or that which it is folded into.
    fn line_of(&self, row: u32) -> u32 {
        (self.lines.partition_point(|line| *line <= row) as u32).saturating_sub(1)
    }

    fn select(&mut self, row: u32) {
        if self.lines.is_empty() {
            return;
        }
        let line = self.line_of(row);
        self.row = self.lines[line as usize];
        self.scroller.reveal(line, MARGIN);
    }

    fn step(&mut self, by: i64) {
        let last = self.lines.len() as i64 - 1;
        if last >= 0 {
            let line = (i64::from(self.line_of(self.row)) + by).clamp(0, last);
            self.select(self.lines[line as usize]);
        }
    }

    fn fold(&mut self, row: u32, waterfall: &Waterfall) {
        if !waterfall.has_below(row) {
            return;
        }
        if !self.folded.remove(&row) {
            self.folded.insert(row);
        }
        self.list_rows(waterfall);
        self.select(self.row);
    }

    /// Selects a row, and unfolds what it is folded into.
    pub(super) fn reveal(&mut self, row: u32, waterfall: &Waterfall) {
        let Some(mut above) = waterfall.rows.get(row as usize).map(|row| row.parent) else { return };
        let mut changed = false;
        let mut below = row;
        while above != below {
            changed |= self.folded.remove(&above);
            (below, above) = (above, waterfall.rows[above as usize].parent);
        }
        if changed {
            self.list_rows(waterfall);
        }
        self.select(row);
    }

    /// Finds the rows that are not folded away.
    fn list_rows(&mut self, waterfall: &Waterfall) {
        self.lines.clear();
        let rows = &waterfall.rows;
        let mut at = 0;
        while (at as usize) < rows.len() {
            self.lines.push(at);
            at = if self.folded.contains(&at) { rows[at as usize].end } else { at + 1 };
        }
        self.scroller.set_lines(self.lines.len() as u32);
    }
}

/// The range that holds everything.
fn whole(waterfall: &Waterfall) -> (f64, f64) {
    let (from, to) = waterfall.range;
    let (from, to) = (from as f64, to as f64);
    (from, to + (to - from) * ROOM)
}
