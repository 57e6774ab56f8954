//! Where on the screen a place on the axis is, for each side; the ground of a lane.

use egui::{Painter, Pos2, Rangef, Rect, Ui, pos2};

use super::heights::Heights;
use super::hits::Hits;
use crate::app::pair::{Mode, Pair};
use crate::trace::{EventIndex, Side, Sides};
use crate::ui::pair::cells::Cells;
use crate::ui::theme::{self, Tokens};
use crate::view::Scale;

/// Room between the two halves of a timeline whose sides stand side by side.
const SPINE: f32 = 12.0;

/// What everything on the timeline is drawn by.
pub struct Stage<'a> {
    /// The pair.
    pub pair: &'a Pair,
    /// Where events stand.
    pub scale: Scale<'a>,
    /// The colours.
    pub t: &'a Tokens,
    /// The heights of lanes with many events.
    pub heights: Heights,
    /// Which of their columns hold something that was found.
    pub hits: Hits,
    /// What is read of the events' texts.
    pub cells: Cells,
    whole: Rect,
    canvas: Sides<Rect>,
    from: f64,
    to: f64,
}

impl<'a> Stage<'a> {
    /// The stage of what is in sight now.
    pub fn new(ui: &Ui, pair: &'a Pair, whole: Rect, t: &'a Tokens) -> Self {
        let canvas = if pair.timeline().mode() == Mode::SideBySide {
            let (left, right) = whole.split_left_right_at_x(whole.center().x.round());
            Sides::new(left.with_max_x(left.right() - SPINE), right)
        } else {
            Sides::new(whole, whole)
        };
        let (from, to) = pair.timeline().range();
        Self {
            pair,
            scale: pair.timeline().scale(pair.compared()),
            t,
            heights: Heights::of(ui, pair),
            hits: Hits::of(ui, pair),
            cells: Cells::of(ui, pair),
            whole,
            canvas,
            from,
            to,
        }
    }

    /// All lanes' room.
    pub fn whole(&self) -> Rect {
        self.whole
    }

    /// A side's room.
    pub fn canvas(&self, side: Side) -> Rect {
        self.canvas[side]
    }

    /// The sides that have an axis of their own; without two halves there is one for both.
    pub fn sides(&self) -> &'static [Side] {
        if self.pair.timeline().mode() == Mode::SideBySide { &Side::BOTH } else { &[Side::Actual] }
    }

    /// The side on whose axis what belongs to `side` stands.
    pub fn shown_on(&self, side: Side) -> Side {
        if self.sides().contains(&side) { side } else { Side::Actual }
    }

    /// The width of the axis in points.
    pub fn width(&self) -> f32 {
        self.canvas.actual.width().max(1.0)
    }

    /// The part of the axis that is in sight.
    pub fn range_in_sight(&self) -> (f64, f64) {
        (self.from, self.to)
    }

    /// How much of the axis a point is.
    pub fn per_point(&self) -> f64 {
        (self.to - self.from) / f64::from(self.width())
    }

    /// Where on the screen a place on the axis is. What is far out of sight is just out of sight.
    pub fn at(&self, side: Side, x: f64) -> f32 {
        let share = ((x - self.from) / (self.to - self.from)).clamp(-2.0, 3.0);
        self.canvas[side].left() + share as f32 * self.canvas[side].width()
    }

    /// Where on the screen an event is.
    pub fn of(&self, side: Side, event: EventIndex) -> f32 {
        self.at(side, self.scale.x(side, event))
    }

    /// The share of the axis at a place on the screen, on whichever half it is.
    pub fn share(&self, at: Pos2) -> f64 {
        let side = if at.x < self.canvas.actual.left() { Side::Expected } else { Side::Actual };
        let canvas = self.canvas[side];
        f64::from((at.x - canvas.left()) / canvas.width().max(1.0)).clamp(0.0, 1.0)
    }

    /// The place on the axis at a share of it.
    pub fn place(&self, share: f64) -> f64 {
        self.from + (self.to - self.from) * share
    }

    /// The heights of a side's strip within a lane.
    pub fn strip(&self, side: Side, lane: Rect) -> Rangef {
        let middle = lane.center().y.round();
        match (self.pair.timeline().mode(), side) {
            (Mode::Stacked, Side::Expected) => Rangef::new(lane.top() + 6.0, middle - 2.0),
            (Mode::Stacked, Side::Actual) => Rangef::new(middle + 2.0, lane.bottom() - 6.0),
            _ => Rangef::new(lane.top() + 6.0, lane.bottom() - 6.0),
        }
    }

    /// Shades what the cause reached on a lane.
    pub fn shade(&self, painter: &Painter, lane: u32, rect: Rect) {
        let Some(row) = self.pair.lanes().list()[lane as usize].reached else { return };
        let row = self.pair.rows().get(row);
        let veil = theme::veil(self.t.cause_wash, if self.t.dark { 0.55 } else { 0.6 });
        let start = |side: Side| row.event(side).map(|event| self.scale.x(side, event));
        let Some(x) = [start(Side::Expected), start(Side::Actual)].into_iter().flatten().reduce(f64::min) else {
            return;
        };
        for &side in self.sides() {
            let canvas = self.canvas[side];
            let left = self.at(side, x).max(canvas.left());
            if left < canvas.right() {
                let shaded = Rect::from_min_max(pos2(left, rect.top()), pos2(canvas.right(), rect.bottom()));
                painter.rect_filled(shaded, 0.0, veil);
            }
        }
    }

    /// Paints a range that is being selected.
    pub fn range(&self, painter: &Painter, from: f64, to: f64) {
        for &side in self.sides() {
            let x = |share: f64| self.at(side, self.place(share));
            let rect = Rect::from_min_max(pos2(x(from), self.whole.top()), pos2(x(to), self.whole.bottom()));
            painter.rect_filled(rect, 0.0, theme::veil(self.t.expected, 0.14));
        }
    }
}
