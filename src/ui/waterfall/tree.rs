//! The names of the waterfall's spans as a tree: lines, what is folded, marks.

use egui::{FontId, Painter, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::Stage;
use crate::app::waterfall::WaterfallCommand;
use crate::population::Waterfall;
use crate::trace::{Side, SpanMarks, grouped};
use crate::ui::fonts::medium;
use crate::ui::pair::words::Words;
use crate::ui::pair::{Mark, glyph, span_marks};
use crate::ui::theme::size;

/// Room for the mark.
const GUTTER: f32 = 32.0;
/// How far a level is from the one above it.
const STEP: f32 = 14.0;
/// A name has at least this room: what is deeper stands no further to the right.
const NAME: f32 = 96.0;

/// Draws the name of a row, and what stands before it.
pub fn show(ui: &Ui, painter: &Painter, stage: &Stage<'_>, row: u32, rect: Rect, out: &mut Vec<WaterfallCommand>) {
    let Stage { drawing, t, .. } = stage;
    let waterfall = drawing.waterfall;
    let painter = &painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    let y = rect.center().y;
    if let Some((mark, colour)) = mark(stage, row) {
        mark.paint(painter, pos2(rect.left() + 18.0, y), 0.9, colour);
    }
    let most = ((rect.width() - GUTTER - NAME) / STEP).max(1.0) as u32;
    let depth = waterfall.rows[row as usize].depth.min(most);
    let left = rect.left() + GUTTER + depth as f32 * STEP;
    lines(painter, stage, row, depth, rect);
    if waterfall.has_below(row) {
        fold(ui, painter, stage, row, pos2(left, y), out);
    }
    let (expected, actual) = (waterfall.span(Side::Expected, row), waterfall.span(Side::Actual, row));
    let Some(span) = actual.or(expected) else { return };
    let mut right = rect.right() - 8.0;
    let failed = |side: Side| waterfall.span(side, row).is_some_and(|span| span.failed);
    if failed(Side::Actual) || failed(Side::Expected) {
        // That it failed before too is no news.
        let news = failed(Side::Actual) && !failed(Side::Expected);
        glyph::warning(painter, pos2(right - 7.0, y), if news { t.cause } else { t.dim });
        right -= 20.0;
    }
    let marks = marks(waterfall, row);
    if !marks.is_empty() {
        right = span_marks::paint_right(painter, pos2(right, y), marks, t) - 4.0;
    }
    let [service, operation] = stage.names(row);
    let alone = drawing.paired && expected.is_none() != actual.is_none();
    let colour = match (alone, expected.is_some()) {
        (true, true) => t.expected,
        (true, false) => t.actual,
        (false, _) => t.text,
    };
    // Below a span of the same service its name says nothing new.
    let above = waterfall.rows[row as usize].parent;
    let above = waterfall.span(Side::Actual, above).or_else(|| waterfall.span(Side::Expected, above));
    let known = depth > 0 && above.is_some_and(|above| above.service == span.service);
    let known = (known || service.is_empty()) && !operation.is_empty();
    let mut words = Words::new();
    if !known {
        words = words.add(&service, medium(size::LABEL), colour).gap(8.0);
    }
    let ink = if known { colour } else { t.dim };
    words = words.add(&operation, FontId::proportional(size::LABEL), ink);
    if drawing.seen.is_folded(row) {
        let below = waterfall.rows[row as usize].end - row - 1;
        let more = format!("+{}", grouped(u64::from(below)));
        words = words.gap(8.0).add(&more, medium(size::SMALL), t.text);
    }
    words.paint(painter, pos2(left + 12.0, y), right - left - 16.0);
}

/// What is unusual about actual's span of a row, or where it has none about expected's.
fn marks(waterfall: &Waterfall, row: u32) -> SpanMarks {
    let side = if waterfall.span(Side::Actual, row).is_some() { Side::Actual } else { Side::Expected };
    waterfall.marks(side, row)
}

/// What is most worth saying of a row.
fn mark(stage: &Stage<'_>, row: u32) -> Option<(Mark, egui::Color32)> {
    let waterfall = stage.drawing.waterfall;
    let t = stage.t;
    let paired = stage.drawing.paired;
    let spans = waterfall.rows[row as usize].spans;
    let place = waterfall.causes.iter().position(|cause| *cause == row);
    match (place, spans.expected, spans.actual) {
        (Some(place), ..) => Some((Mark::Diamond { first: place == 0 }, t.cause)),
        (None, None, Some(_)) if paired => Some((Mark::Extra, t.actual)),
        (None, Some(_), None) if paired => Some((Mark::Missing, t.expected)),
        (None, ..) => None,
    }
}

/// The lines from the row above, and past this one to those that follow.
fn lines(painter: &Painter, stage: &Stage<'_>, row: u32, depth: u32, rect: Rect) {
    let waterfall = stage.drawing.waterfall;
    let stroke = Stroke::new(1.0, stage.t.line);
    let x = |level: u32| painter.round_to_pixel_center(rect.left() + GUTTER + level as f32 * STEP);
    let y = painter.round_to_pixel_center(rect.center().y);
    let own = &waterfall.rows[row as usize];
    if own.depth == 0 || own.depth > depth {
        return;
    }
    // At most as many levels as there is room for.
    let end = if own.last { y } else { rect.bottom() };
    painter.vline(x(depth - 1), rect.top()..=end, stroke);
    painter.hline(x(depth - 1)..=x(depth) - if waterfall.has_below(row) { 6.0 } else { -6.0 }, y, stroke);
    let mut above = own.parent;
    for level in (0..depth.saturating_sub(1)).rev() {
        let row = &waterfall.rows[above as usize];
        if !row.last {
            painter.vline(x(level), rect.y_range(), stroke);
        }
        above = row.parent;
    }
}

/// The sign that folds what is below a row.
fn fold(ui: &Ui, painter: &Painter, stage: &Stage<'_>, row: u32, at: egui::Pos2, out: &mut Vec<WaterfallCommand>) {
    let t = stage.t;
    let folded = stage.drawing.seen.is_folded(row);
    let rect = Rect::from_center_size(at, vec2(16.0, 20.0));
    let response = ui.interact(rect, ui.scope_id().with(("fold", row)), Sense::click());
    response.widget_info(|| {
        let name = format!("{} span in row {}", if folded { "Unfold" } else { "Fold" }, u64::from(row) + 1);
        WidgetInfo::labeled(Role::Button, true, name)
    });
    let colour = if response.hovered() || response.has_focus() { t.text } else { t.dim };
    let middle = pos2(painter.round_to_pixel_center(at.x), painter.round_to_pixel_center(at.y));
    let box_of = Rect::from_center_size(middle, vec2(9.0, 9.0));
    painter.rect(box_of, 2.0, t.bg, Stroke::new(1.0, colour), egui::StrokeKind::Middle);
    let centre = box_of.center();
    painter.hline(centre.x - 2.5..=centre.x + 2.5, centre.y, Stroke::new(1.0, colour));
    if folded {
        painter.vline(centre.x, centre.y - 2.5..=centre.y + 2.5, Stroke::new(1.0, colour));
    }
    if response.clicked() {
        out.push(WaterfallCommand::Fold(row));
    }
}
