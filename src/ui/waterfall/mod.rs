//! A waterfall, whichever page it is on: spans of each side, expected above actual on one axis. A bar is thick where it is on the
//! critical path; what one side lacks is hatched. Only the rows in sight are drawn.

mod tree;

use egui::{FontId, Painter, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::app::waterfall::{ROW_HEIGHT, SeenWaterfall, WaterfallCommand};
use crate::population::{Bar, Waterfall};
use crate::trace::{Side, Unit, grouped, milliseconds};
use crate::ui::fonts::semibold;
use crate::ui::pair::words::Words;
use crate::ui::pair::{glyph, scrollbar, sides};
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
/// A duration is at most so wide, and has so much room to its bar.
const DURATION: f32 = 72.0;
const GAP: f32 = 6.0;

/// A waterfall that is drawn.
pub struct Drawing<'a> {
    /// The spans.
    pub waterfall: &'a Waterfall,
    /// What is seen of them.
    pub seen: &'a SeenWaterfall,
    /// The selected row, if one is.
    pub selected: Option<u32>,
    /// The service of a side's span, and what else it is called; either may be empty.
    pub names: &'a dyn Fn(Side, u32) -> [String; 2],
    /// True for a row of what is under the pointer elsewhere.
    pub lit: &'a dyn Fn(u32) -> bool,
    /// What is said of the row that shows most of what the waterfall is drawn for, and of the others that do.
    pub causes: [&'a str; 2],
    /// So much of the axis is one event, where there are no times.
    pub step: Option<i64>,
    /// True when there are two sides.
    pub paired: bool,
}

/// What a person does with the drawing.
#[derive(Debug, Default)]
pub struct Asked {
    /// The row under the pointer.
    pub hovered: Option<u32>,
    /// What is to change.
    pub commands: Vec<WaterfallCommand>,
}

/// What the rows are drawn with.
struct Stage<'a> {
    drawing: &'a Drawing<'a>,
    t: &'a Tokens,
    /// Where the bars stand.
    canvas: Rect,
}

impl Stage<'_> {
    /// The service of a row's span and what else it is called: actual's, where both sides have it.
    fn names(&self, row: u32) -> [String; 2] {
        let spans = self.drawing.waterfall.rows[row as usize].spans;
        let of = |side: Side| Some((self.drawing.names)(side, spans[side]?));
        of(Side::Actual).or_else(|| of(Side::Expected)).unwrap_or_default()
    }

    /// A length of the axis in words.
    fn length(&self, length: i64) -> String {
        match self.drawing.step {
            None => milliseconds(length as f64 / 1e6),
            Some(step) if length == step => "1 event".to_owned(),
            Some(step) => format!("{} events", grouped((length / step).unsigned_abs())),
        }
    }

    /// Where a time is on the screen, in nanoseconds since the roots began.
    fn x(&self, time: f64) -> f32 {
        let (from, to) = self.drawing.seen.range();
        self.canvas.left() + ((time - from) / (to - from)) as f32 * self.canvas.width()
    }
}

impl Drawing<'_> {
    /// Draws it into all the room there is.
    pub fn show(&self, ui: &mut Ui, t: &Tokens) -> Asked {
        let whole = ui.available_rect_before_wrap();
        ui.allocate_rect(whole, Sense::hover());
        let mut asked = Asked::default();
        let out = &mut asked.commands;
        let (head, body) = whole.split_top_bottom_at_y(whole.top() + HEAD);
        let (rows, bar) = body.split_left_right_at_x(body.right() - scrollbar::WIDTH);
        let scroller = self.seen.scroller();
        if (scroller.viewport() - rows.height()).abs() > 0.5 {
            out.push(WaterfallCommand::Viewport(rows.height()));
        }
        let names = (rows.width() * 0.4).clamp(160.0, 440.0).round();
        let canvas = rows.with_min_x(rows.left() + names + 8.0).with_max_x(rows.right() - 8.0);
        let stage = Stage { drawing: self, t, canvas };
        interact(ui, &stage, rows, out);
        let painter = ui.painter_at(rows);
        let (from, to) = self.seen.range();
        let least = per_point(&stage) * f64::from(TICK);
        // There is no event between two events.
        let ticks = match self.step {
            Some(step) => Ticks::new(from, to, least.max(step as f64)),
            None => Ticks::new(from, to, least),
        };
        for line in scroller.visible() {
            let row = self.seen.lines()[line as usize];
            let top = rows.top() + scroller.y_of(line);
            let rect = Rect::from_min_size(pos2(rows.left(), top), vec2(rows.width(), ROW_HEIGHT));
            let ground = ground(ui, &painter, &stage, row, rect, out);
            if ground.contains_pointer() {
                asked.hovered = Some(row);
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
        if let Some(share) = scrollbar::bar(ui, bar, scroller, "Scroll spans", t) {
            out.push(WaterfallCommand::ScrollTo(share));
        }
        asked
    }
}

fn per_point(stage: &Stage<'_>) -> f64 {
    let (from, to) = stage.drawing.seen.range();
    (to - from) / f64::from(stage.canvas.width().max(1.0))
}

/// The wheel and the pointer: scrolls, zooms at the pointer, pans.
fn interact(ui: &Ui, stage: &Stage<'_>, rows: Rect, out: &mut Vec<WaterfallCommand>) {
    let ground = ui.interact(rows, ui.scope_id().with("waterfall"), Sense::click_and_drag());
    ground.widget_info(|| {
        let lines = grouped(stage.drawing.seen.lines().len() as u64);
        WidgetInfo::labeled(Role::Tree, true, format!("Waterfall, {lines} spans"))
    });
    let width = stage.canvas.width().max(1.0);
    if ground.dragged() && ground.drag_delta().x.abs() > 0.0 {
        out.push(WaterfallCommand::Pan(f64::from(-ground.drag_delta().x / width)));
    }
    if !ui.rect_contains_pointer(rows) {
        return;
    }
    let (scroll, zoom, at) =
        ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta(), input.pointer.hover_pos()));
    if (zoom - 1.0).abs() > f32::EPSILON {
        let at = at.map_or(0.5, |at| f64::from((at.x - stage.canvas.left()) / width).clamp(0.0, 1.0));
        out.push(WaterfallCommand::Zoom { at, by: f64::from(1.0 / zoom) });
        return;
    }
    if scroll.x.abs() > 0.0 {
        out.push(WaterfallCommand::Pan(f64::from(-scroll.x / width)));
    }
    if scroll.y.abs() > 0.0 {
        out.push(WaterfallCommand::Scroll(-scroll.y));
    }
}

/// The ground of a row, which is what is pressed.
fn ground(
    ui: &Ui,
    painter: &Painter,
    stage: &Stage<'_>,
    row: u32,
    rect: Rect,
    out: &mut Vec<WaterfallCommand>,
) -> egui::Response {
    let Stage { drawing, t, .. } = stage;
    let selected = drawing.selected == Some(row);
    let response = ui.interact(rect, ui.scope_id().with(("span", row)), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::TreeItem, true, selected, said(stage, row)));
    let cause = drawing.waterfall.causes.first() == Some(&row);
    if selected {
        painter.rect_filled(rect, 0.0, t.selection);
    } else if cause {
        painter.rect_filled(rect, 0.0, t.cause_wash);
    } else if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 0.0, t.raised);
    } else if (drawing.lit)(row) {
        painter.rect_filled(rect, 0.0, theme::mix(t.bg, t.raised, 0.6));
    }
    if cause {
        painter.rect_filled(Rect::from_min_size(rect.min, vec2(3.0, rect.height())), 0.0, t.cause);
    }
    if response.clicked() {
        out.push(WaterfallCommand::Row(row));
    }
    if response.double_clicked() {
        out.push(WaterfallCommand::Fold(row));
    }
    response
}

/// A row in words.
fn said(stage: &Stage<'_>, row: u32) -> String {
    let drawing = stage.drawing;
    let waterfall = drawing.waterfall;
    let mut text = "span".to_owned();
    for name in stage.names(row).iter().filter(|name| !name.is_empty()) {
        text.extend([" ", name]);
    }
    for side in Side::BOTH {
        let Some(bar) = waterfall.bar(side, row) else {
            if drawing.paired {
                text.extend([", not in ", side.word()]);
            }
            continue;
        };
        let took = stage.length(bar.duration);
        if drawing.paired {
            text.extend([", ", side.word(), " ", &took]);
        } else {
            text.extend([", ", &took]);
        }
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
    if let Some(place) = waterfall.causes.iter().position(|cause| *cause == row) {
        text.extend([", ", drawing.causes[place.min(1)]]);
    }
    if drawing.seen.is_folded(row) {
        text.push_str(", folded");
    }
    if (drawing.lit)(row) {
        text.push_str(", lit");
    }
    format!("{text}, depth {}", waterfall.rows[row as usize].depth)
}

/// The bar of a side, or hatching where it has none.
fn lane(painter: &Painter, stage: &Stage<'_>, row: u32, side: Side, rect: Rect) {
    let Stage { drawing, t, canvas, .. } = stage;
    let waterfall = drawing.waterfall;
    let share = match side {
        _ if !drawing.paired => 0.5,
        Side::Expected => 0.29,
        Side::Actual => 0.71,
    };
    let y = rect.top() + rect.height() * share;
    let y = painter.round_to_pixel_center(y);
    let extent = |bar: &Bar, height: f32| {
        let from = stage.x(bar.offset as f64);
        let to = stage.x((bar.offset + bar.duration) as f64).max(from + LEAST);
        Rect::from_min_max(pos2(from, y - height / 2.0), pos2(to, y + height / 2.0))
    };
    let Some(bar) = waterfall.bar(side, row) else {
        if let Some(other) = waterfall.bar(side.other(), row).filter(|_| drawing.paired) {
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
    for &(from, to) in in_sight(waterfall.critical(side, row), drawing.seen.range()) {
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

/// How long a span took: behind its bar, else before it, else at its end in sight.
fn duration(painter: &Painter, stage: &Stage<'_>, bar: &Bar, rect: Rect, y: f32) {
    let seen = stage.canvas.x_range();
    if rect.right() < seen.min || rect.left() > seen.max {
        return;
    }
    let text = stage.length(bar.duration);
    let words = Words::of(&text, FontId::monospace(10.0), stage.t.dim).layout(painter, DURATION);
    let width = words.width();
    let left = if rect.right() + GAP * 2.0 + width <= seen.max {
        rect.right() + GAP
    } else if rect.left() - GAP * 2.0 - width >= seen.min {
        rect.left() - GAP - width
    } else {
        let right = rect.right().min(seen.max) - GAP;
        let ground = Rect::from_min_max(pos2(right - width - 4.0, y - 6.0), pos2(right + 4.0, y + 6.0));
        painter.rect_filled(ground, 3.0, stage.t.bg);
        right - width
    };
    words.paint(painter, pos2(left, y));
}

/// The axis above the rows, and what the columns are.
fn axis(ui: &Ui, stage: &Stage<'_>, ticks: &Ticks, head: Rect, names: f32) {
    let t = stage.t;
    let painter = ui.painter_at(head);
    painter.rect_filled(head, 0.0, t.panel);
    painter.hline(head.x_range(), head.bottom() - 0.5, Stroke::new(1.0, t.line));
    let y = head.center().y;
    let title = Words::of("SPANS", semibold(size::SMALL), t.dim);
    let after = title.paint(&painter, pos2(head.left() + 16.0, y), names - 24.0).0.right();
    if stage.drawing.paired {
        sides::key(ui, &painter, pos2(head.left() + names - 12.0, y), after + 12.0, sides::ABOVE, t);
    }
    let clipped = painter.with_clip_rect(head.with_min_x(head.left() + names).intersect(painter.clip_rect()));
    for place in ticks.places() {
        let x = painter.round_to_pixel_center(stage.x(place));
        if !stage.canvas.x_range().contains(x) {
            continue;
        }
        clipped.vline(x, head.bottom() - 6.0..=head.bottom(), Stroke::new(1.0, t.line));
        let words = match stage.drawing.step {
            Some(step) => place_words(place / step as f64, ticks.step / step as f64, None, false),
            None => place_words(place, ticks.step, Some(Unit::Nanos), false),
        };
        let words = Words::of(&words, FontId::monospace(size::SMALL), t.dim).layout(&clipped, TICK - 8.0);
        // A number that is cut is another number.
        if x + 5.0 + words.width() <= head.right() {
            words.paint(&clipped, pos2(x + 5.0, y - 1.0));
        }
    }
}
