//! One request of each side, span by span: expected above actual on one axis. A bar is thick where it is on the critical path;
//! what one side lacks is hatched. Only the rows in sight are drawn.

use egui::{FontId, Painter, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::tree;
use crate::app::Command;
use crate::app::requests::{Opened, ROW_HEIGHT, RequestsCommand, RequestsPage};
use crate::population::Bar;
use crate::report::population as report;
use crate::trace::{Side, Unit, Word, grouped};
use crate::ui::fonts::semibold;
use crate::ui::pair::words::Words;
use crate::ui::pair::{glyph, scrollbar};
use crate::ui::parts;
use crate::ui::theme::{self, Tokens, size};
use crate::view::{Ticks, place_words};

/// Height of the axis.
const HEAD: f32 = 32.0;
/// Ticks are at least so far apart, in points.
const TICK: f32 = 88.0;
/// Height of a bar where it is on the critical path, and where it is not.
const THICK: f32 = 10.0;
const THIN: f32 = 4.0;
/// A bar is at least so wide, however short.
const LEAST: f32 = 2.0;
/// Room for a duration behind a bar.
const DURATION: f32 = 72.0;

/// What the rows are drawn with.
pub struct Stage<'a> {
    pub page: &'a RequestsPage,
    pub opened: &'a Opened,
    pub t: &'a Tokens,
    /// Where the bars stand.
    canvas: Rect,
    /// The service that the pointer is over in another view.
    lit: Option<Word>,
}

impl Stage<'_> {
    /// The service that a row is about: actual's, where both sides have it.
    fn service(&self, row: u32) -> Option<Word> {
        let waterfall = self.opened.waterfall();
        let span = waterfall.span(Side::Actual, row).or_else(|| waterfall.span(Side::Expected, row));
        span.map(|span| span.service)
    }

    /// True for a row of the service under the pointer.
    fn is_lit(&self, row: u32) -> bool {
        self.lit.is_some() && self.service(row) == self.lit
    }

    /// Where a time is on the screen, in nanoseconds since the roots began.
    fn x(&self, time: f64) -> f32 {
        let (from, to) = self.opened.range();
        self.canvas.left() + ((time - from) / (to - from)) as f32 * self.canvas.width()
    }
}

/// Draws the waterfall into all the room there is; the service whose span the pointer is over.
pub fn show(ui: &mut Ui, page: &RequestsPage, out: &mut Vec<Command>) -> Option<usize> {
    let t = theme::tokens(ui);
    let whole = ui.available_rect_before_wrap();
    ui.allocate_rect(whole, Sense::hover());
    let Some(opened) = page.opened().filter(|opened| !opened.lines().is_empty()) else {
        empty(ui, page, whole);
        return None;
    };
    let (head, body) = whole.split_top_bottom_at_y(whole.top() + HEAD);
    let (rows, bar) = body.split_left_right_at_x(body.right() - scrollbar::WIDTH);
    if (opened.scroller().viewport() - rows.height()).abs() > 0.5 {
        out.push(RequestsCommand::Viewport(rows.height()).into());
    }
    let names = (rows.width() * 0.4).clamp(160.0, 440.0).round();
    let canvas = rows.with_min_x(rows.left() + names + 8.0).with_max_x(rows.right() - 8.0);
    let lit = page.hover().and_then(|place| page.services().get(place)).copied();
    let stage = Stage { page, opened, t, canvas, lit };
    let mut hovered = None;
    interact(ui, &stage, rows, out);
    let painter = ui.painter_at(rows);
    let ticks = Ticks::new(opened.range().0, opened.range().1, per_point(&stage) * f64::from(TICK));
    for line in opened.scroller().visible() {
        let row = opened.lines()[line as usize];
        let top = rows.top() + opened.scroller().y_of(line);
        let rect = Rect::from_min_size(pos2(rows.left(), top), vec2(rows.width(), ROW_HEIGHT));
        let ground = ground(ui, &painter, &stage, row, rect, out);
        if ground.contains_pointer() {
            hovered = stage.service(row).and_then(|service| page.place_of(service));
        }
        for place in ticks.places() {
            let x = painter.round_to_pixel_center(stage.x(place));
            if canvas.x_range().contains(x) {
                painter.vline(x, rect.y_range(), Stroke::new(1.0, t.line_soft));
            }
        }
        let clipped = painter.with_clip_rect(rows.with_min_x(rows.left() + names).intersect(painter.clip_rect()));
        for side in Side::BOTH {
            lane(&clipped, &stage, row, side, rect);
        }
        let name = rect.with_max_x(rows.left() + names);
        tree::show(ui, &painter, &stage, row, name, out);
        parts::focus_ring(ui, &ground, rect.shrink(1.0));
        painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line_soft));
    }
    axis(ui, &stage, &ticks, head, names);
    ui.painter().vline(rows.left() + names, whole.y_range(), Stroke::new(1.0, t.line));
    if let Some(share) = scrollbar::bar(ui, bar, opened.scroller(), "Scroll spans", t) {
        out.push(RequestsCommand::ScrollTo(share).into());
    }
    hovered
}

fn per_point(stage: &Stage<'_>) -> f64 {
    let (from, to) = stage.opened.range();
    (to - from) / f64::from(stage.canvas.width().max(1.0))
}

/// The wheel and the pointer: scrolls, zooms at the pointer, pans.
fn interact(ui: &Ui, stage: &Stage<'_>, rows: Rect, out: &mut Vec<Command>) {
    let ground = ui.interact(rows, ui.scope_id().with("waterfall"), Sense::click_and_drag());
    ground.widget_info(|| {
        let lines = grouped(stage.opened.lines().len() as u64);
        WidgetInfo::labeled(Role::Tree, true, format!("Waterfall, {lines} spans"))
    });
    let width = stage.canvas.width().max(1.0);
    if ground.dragged() && ground.drag_delta().x.abs() > 0.0 {
        out.push(RequestsCommand::Pan(f64::from(-ground.drag_delta().x / width)).into());
    }
    if !ui.rect_contains_pointer(rows) {
        return;
    }
    let (scroll, zoom, at) =
        ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta(), input.pointer.hover_pos()));
    if (zoom - 1.0).abs() > f32::EPSILON {
        let at = at.map_or(0.5, |at| f64::from((at.x - stage.canvas.left()) / width).clamp(0.0, 1.0));
        out.push(RequestsCommand::Zoom { at, by: f64::from(1.0 / zoom) }.into());
        return;
    }
    if scroll.x.abs() > 0.0 {
        out.push(RequestsCommand::Pan(f64::from(-scroll.x / width)).into());
    }
    if scroll.y.abs() > 0.0 {
        out.push(RequestsCommand::Scroll(-scroll.y).into());
    }
}

/// The ground of a row, which is what is pressed.
fn ground(
    ui: &Ui,
    painter: &Painter,
    stage: &Stage<'_>,
    row: u32,
    rect: Rect,
    out: &mut Vec<Command>,
) -> egui::Response {
    let Stage { opened, t, .. } = stage;
    let selected = row == opened.row();
    let response = ui.interact(rect, ui.scope_id().with(("span", row)), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::TreeItem, true, selected, said(stage, row)));
    let cause = opened.waterfall().causes.first() == Some(&row);
    if selected {
        painter.rect_filled(rect, 0.0, t.selection);
    } else if cause {
        painter.rect_filled(rect, 0.0, t.cause_wash);
    } else if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 0.0, t.raised);
    } else if stage.is_lit(row) {
        painter.rect_filled(rect, 0.0, theme::mix(t.bg, t.raised, 0.6));
    }
    if cause {
        painter.rect_filled(Rect::from_min_size(rect.min, vec2(3.0, rect.height())), 0.0, t.cause);
    }
    if response.clicked() {
        out.push(RequestsCommand::Row(row).into());
    }
    if response.double_clicked() {
        out.push(RequestsCommand::Fold(row).into());
    }
    response
}

/// A row in words.
fn said(stage: &Stage<'_>, row: u32) -> String {
    let waterfall = stage.opened.waterfall();
    let population = stage.page.population();
    let mut text = "span".to_owned();
    if let Some(span) = waterfall.span(Side::Actual, row).or_else(|| waterfall.span(Side::Expected, row)) {
        text = format!("span {} {}", report::word(population, span.service), report::word(population, span.operation));
    }
    for side in Side::BOTH {
        let Some(bar) = waterfall.bar(side, row) else {
            text.extend([", not in ", side.word()]);
            continue;
        };
        let took = report::time(bar.duration as f64 / 1e6);
        text.extend([", ", side.word(), " ", &took]);
        if waterfall.span(side, row).is_some_and(|span| span.failed) {
            text.push_str(" failed");
        }
        if !waterfall.critical(side, row).is_empty() {
            text.push_str(" on the critical path");
        }
        let marks = waterfall.marks(side, row);
        if !marks.is_empty() {
            text.extend([" (", &marks.words(), ")"]);
        }
    }
    match waterfall.causes.iter().position(|cause| *cause == row) {
        Some(0) => text.push_str(", shows the evidence most"),
        Some(_) => text.push_str(", shows the evidence"),
        None => {}
    }
    if stage.opened.is_folded(row) {
        text.push_str(", folded");
    }
    if stage.is_lit(row) {
        text.push_str(", lit");
    }
    format!("{text}, depth {}", waterfall.rows[row as usize].depth)
}

/// The bar of a side, or hatching where it has none.
fn lane(painter: &Painter, stage: &Stage<'_>, row: u32, side: Side, rect: Rect) {
    let Stage { opened, t, canvas, .. } = stage;
    let waterfall = opened.waterfall();
    let y = rect.top() + rect.height() * if side == Side::Expected { 0.29 } else { 0.71 };
    let y = painter.round_to_pixel_center(y);
    let extent = |bar: &Bar, height: f32| {
        let from = stage.x(bar.offset as f64);
        let to = stage.x((bar.offset + bar.duration) as f64).max(from + LEAST);
        Rect::from_min_max(pos2(from, y - height / 2.0), pos2(to, y + height / 2.0))
    };
    let Some(bar) = waterfall.bar(side, row) else {
        if let Some(other) = waterfall.bar(side.other(), row) {
            let rect = extent(other, THICK);
            let seen = rect.intersect(canvas.expand(8.0));
            if seen.is_positive() {
                glyph::hatch(painter, seen, t.raised, t.faint);
            }
        }
        return;
    };
    let colour = if side == Side::Expected { t.expected } else { t.actual };
    let thin = extent(bar, THIN);
    let seen = canvas.x_range();
    if thin.right() >= seen.min && thin.left() <= seen.max {
        painter.rect_filled(thin.intersect(canvas.expand(16.0)), 1.0, theme::mix(colour, t.bg, 0.35));
    }
    for &(from, to) in in_sight(waterfall.critical(side, row), opened.range()) {
        let left = stage.x(from as f64).max(seen.min - 16.0);
        let right = stage.x(to as f64).max(left + LEAST).min(seen.max + 16.0);
        let thick = Rect::from_min_max(pos2(left, y - THICK / 2.0), pos2(right, y + THICK / 2.0));
        painter.rect_filled(thick, 2.0, colour);
    }
    duration(painter, stage, bar, thin, y);
}

/// The stretches of a critical path that are in sight; they are in the order of time.
fn in_sight(stretches: &[(i64, i64)], (from, to): (f64, f64)) -> &[(i64, i64)] {
    let first = stretches.partition_point(|(_, end)| (*end as f64) < from);
    let behind = stretches.partition_point(|(begin, _)| (*begin as f64) <= to);
    &stretches[first.min(behind)..behind]
}

/// How long a span took: behind its bar, where there is no room before it.
fn duration(painter: &Painter, stage: &Stage<'_>, bar: &Bar, rect: Rect, y: f32) {
    let seen = stage.canvas.x_range();
    if rect.right() < seen.min || rect.left() > seen.max {
        return;
    }
    let text = report::time(bar.duration as f64 / 1e6);
    let words = Words::of(&text, FontId::monospace(10.0), stage.t.dim);
    if rect.right() + DURATION <= seen.max {
        words.paint(painter, pos2(rect.right() + 6.0, y), DURATION);
    } else if rect.left() - DURATION >= seen.min {
        words.paint_right(painter, pos2(rect.left() - 6.0, y), DURATION);
    }
}

/// The axis above the rows, and what the columns are.
fn axis(ui: &Ui, stage: &Stage<'_>, ticks: &Ticks, head: Rect, names: f32) {
    let t = stage.t;
    let painter = ui.painter_at(head);
    painter.rect_filled(head, 0.0, t.panel);
    painter.hline(head.x_range(), head.bottom() - 0.5, Stroke::new(1.0, t.line));
    let y = head.center().y;
    let title = Words::of("SPANS", semibold(size::SMALL), t.dim);
    title.paint(&painter, pos2(head.left() + 16.0, y), names - 24.0);
    let clipped = painter.with_clip_rect(head.with_min_x(head.left() + names).intersect(painter.clip_rect()));
    for place in ticks.places() {
        let x = painter.round_to_pixel_center(stage.x(place));
        if !stage.canvas.x_range().contains(x) {
            continue;
        }
        clipped.vline(x, head.bottom() - 6.0..=head.bottom(), Stroke::new(1.0, t.line));
        let words = place_words(place, ticks.step, Some(Unit::Nanos), false);
        let words = Words::of(&words, FontId::monospace(size::SMALL), t.dim).layout(&clipped, TICK - 8.0);
        // A number that is cut is another number.
        if x + 5.0 + words.width() <= head.right() {
            words.paint(&clipped, pos2(x + 5.0, y - 1.0));
        }
    }
}

/// Why there is no waterfall.
fn empty(ui: &Ui, page: &RequestsPage, rect: Rect) {
    let (title, aside) = if page.suspect().is_some() {
        ("No request shows this evidence by itself", "Choose another sentence on the right, or another service.")
    } else {
        ("No request to show", "Nothing speaks for the selected service. Choose one of the ranked ones on the left.")
    };
    parts::nothing(ui, rect, title, aside);
}
