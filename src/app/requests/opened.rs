//! The waterfall that is open: which row is selected, what is folded, which part of the axis is seen.

use std::collections::BTreeSet;

use super::ROW_HEIGHT;
use crate::analyse::Representative;
use crate::app::graph::Look;
use crate::population::Waterfall;
use crate::trace::Side;
use crate::view::Scroller;

/// Rows kept around the selected one while it moves.
const MARGIN: u32 = 2;
/// At least so many nanoseconds are in sight.
const LEAST: f64 = 100.0;
/// Room behind the end of the axis, as a share of it.
const ROOM: f64 = 0.02;
/// A span that is looked at takes this share of the width.
const FOCUSED: f64 = 0.5;

/// A request of each side on screen.
#[derive(Debug)]
pub struct Opened {
    request: Representative,
    /// The rows that are not folded away, ascending.
    lines: Vec<u32>,
    folded: BTreeSet<u32>,
    row: u32,
    scroller: Scroller,
    /// From when to when is in sight, in nanoseconds since the roots began.
    range: (f64, f64),
}

impl Opened {
    /// A request as it is first seen: everything unfolded, the row that shows the evidence selected.
    pub(super) fn new(request: Representative, viewport: f32) -> Self {
        let rows = request.waterfall.rows.len() as u32;
        let row = request.waterfall.causes.first().copied().unwrap_or_default();
        let scroller = Scroller::new(ROW_HEIGHT, viewport, rows);
        let mut opened =
            Self { request, lines: (0..rows).collect(), folded: BTreeSet::new(), row, scroller, range: (0.0, 1.0) };
        opened.fit();
        opened.scroller.reveal(row, MARGIN);
        opened
    }

    /// The request, and what it stands for.
    pub const fn request(&self) -> &Representative {
        &self.request
    }

    /// Both requests aligned.
    pub const fn waterfall(&self) -> &Waterfall {
        &self.request.waterfall
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

    /// True when there is something below a row.
    pub fn has_below(&self, row: u32) -> bool {
        self.waterfall().rows[row as usize].end > row + 1
    }

    /// Which lines are in sight.
    pub const fn scroller(&self) -> &Scroller {
        &self.scroller
    }

    /// From when to when is in sight, in nanoseconds since the roots began.
    pub const fn range(&self) -> (f64, f64) {
        self.range
    }

    /// The range that holds everything.
    fn whole(&self) -> (f64, f64) {
        let (from, to) = self.waterfall().range;
        let (from, to) = (from as f64, to as f64);
        (from, to + (to - from) * ROOM)
    }

    pub(super) fn fit(&mut self) {
        self.range = self.whole();
    }

    pub(super) fn zoom(&mut self, at: f64, by: f64) {
        let (from, to) = self.range;
        let fixed = from + (to - from) * at;
        let (low, high) = self.whole();
        let width = ((to - from) * by).clamp(LEAST.min(high - low), high - low);
        self.set_range(fixed - width * at, width);
    }

    pub(super) fn pan(&mut self, share: f64) {
        let (from, to) = self.range;
        self.set_range(from + (to - from) * share, to - from);
    }

    /// Changes which part of the axis and which rows are in sight.
    pub(super) fn look(&mut self, look: Look) {
        match look {
            Look::Zoom(by) => self.zoom(0.5, by),
            Look::Pan([across, down]) => {
                self.pan(across);
                let height = self.scroller.viewport();
                self.scroller.scroll_by(down as f32 * height);
            }
            Look::Fit => self.fit(),
            Look::Focus => self.focus(),
        }
    }

    /// Brings the bars of the selected row to the middle, and nearer.
    fn focus(&mut self) {
        let Some(row) = self.waterfall().rows.get(self.row as usize) else { return };
        let spans = Side::BOTH.into_iter().filter(|side| row.spans[*side].is_some());
        let bars: Vec<_> = spans.filter_map(|side| self.waterfall().bar(side, self.row)).collect();
        let Some(from) = bars.iter().map(|bar| bar.offset).min() else { return };
        let to = bars.iter().map(|bar| bar.offset + bar.duration).max().unwrap_or(from);
        let (low, high) = self.whole();
        let width = ((to - from) as f64 / FOCUSED).clamp(LEAST.min(high - low), high - low);
        self.set_range((from as f64 + to as f64 - width) / 2.0, width);
        self.scroller.reveal(self.line_of(self.row), MARGIN);
    }

    fn set_range(&mut self, from: f64, width: f64) {
        let (low, high) = self.whole();
        let from = from.clamp(low, (high - width).max(low));
        self.range = (from, from + width);
    }

    /// The view has this height. A selected row that was in sight stays there.
    pub(super) fn set_viewport(&mut self, height: f32) {
        let line = self.line_of(self.row);
        let seen = self.scroller.visible().contains(&line);
        self.scroller.set_viewport(height);
        if seen {
            self.scroller.reveal(line, MARGIN);
        }
    }

    pub(super) const fn scroller_mut(&mut self) -> &mut Scroller {
        &mut self.scroller
    }

    /// The line that a row stands in, or that which it is folded into.
    fn line_of(&self, row: u32) -> u32 {
        (self.lines.partition_point(|line| *line <= row) as u32).saturating_sub(1)
    }

    pub(super) fn select(&mut self, row: u32) {
        if self.lines.is_empty() {
            return;
        }
        let line = self.line_of(row);
        self.row = self.lines[line as usize];
        self.scroller.reveal(line, MARGIN);
    }

    pub(super) fn step(&mut self, by: i64) {
        let last = self.lines.len() as i64 - 1;
        if last >= 0 {
            let line = (i64::from(self.line_of(self.row)) + by).clamp(0, last);
            self.select(self.lines[line as usize]);
        }
    }

    pub(super) fn fold(&mut self, row: u32) {
        if row as usize >= self.waterfall().rows.len() || !self.has_below(row) {
            return;
        }
        if !self.folded.remove(&row) {
            self.folded.insert(row);
        }
        self.lines.clear();
        let rows = &self.request.waterfall.rows;
        let mut at = 0;
        while (at as usize) < rows.len() {
            self.lines.push(at);
            at = if self.folded.contains(&at) { rows[at as usize].end } else { at + 1 };
        }
        self.scroller.set_lines(self.lines.len() as u32);
        self.select(self.row);
    }
}
