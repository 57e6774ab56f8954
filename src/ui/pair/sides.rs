//! The names of the two sides, where something is drawn of both.

use egui::{Color32, Painter, Pos2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::words::{LaidOut, Words};
use crate::trace::Side;
use crate::ui::fonts::semibold;
use crate::ui::theme::{Tokens, size};

/// Half the distance of the two lines of a key.
const APART: f32 = 6.0;
/// A key's small bar in a side's colour, and the room behind it.
const BAR: f32 = 3.0;
const GAP: f32 = 5.0;

/// What a key says where expected is drawn above actual.
pub const ABOVE: &str = "expected above actual";

/// A side's name as a heading has it, and its colour.
pub const fn title(side: Side, t: &Tokens) -> (&'static str, Color32) {
    match side {
        Side::Expected => ("EXPECTED", t.expected),
        Side::Actual => ("ACTUAL", t.actual),
    }
}

/// A side's name, laid out.
pub fn heading(painter: &Painter, side: Side, t: &Tokens) -> LaidOut {
    let (word, colour) = title(side, t);
    Words::of(word, semibold(size::SMALL), colour).layout(painter, f32::INFINITY)
}

/// Which side is drawn above and which below, or in which colour: their names in this order, ending at `right`. Says where they
/// begin; they are left out where they would begin before `least`.
pub fn key(ui: &Ui, painter: &Painter, right: Pos2, least: f32, said: &str, t: &Tokens) -> f32 {
    let lines = Side::BOTH.map(|side| (side, heading(painter, side, t)));
    let width = lines.iter().map(|(_, line)| line.width()).fold(0.0, f32::max) + BAR + GAP;
    let left = (right.x - width).round();
    if left < least {
        return right.x;
    }
    let rect = Rect::from_min_max(pos2(left, right.y - 2.0 * APART), pos2(right.x, right.y + 2.0 * APART));
    let response = ui.interact(rect, ui.scope_id().with("sides"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said));
    response.on_hover_text(said);
    for ((side, line), y) in lines.into_iter().zip([right.y - APART, right.y + APART]) {
        let bar = Rect::from_center_size(pos2(left + BAR / 2.0, y), vec2(BAR, 8.0));
        painter.rect_filled(bar, 1.0, title(side, t).1);
        line.paint(painter, pos2(left + BAR + GAP, y));
    }
    left
}
