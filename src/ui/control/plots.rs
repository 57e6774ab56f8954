//! The plots one below the other on one axis of time, the lanes of conditions under them, cursors and moments through all.
//!
//! Each plot's field is one of `egui_plot` that moves only as commands say; the axis, the lanes and the cursors, which all
//! plots share to the pixel, are painted here.

use egui::{FontId, Painter, PointerButton, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use egui_plot::{Axis, LineStyle, PlotUi, Span};

use super::field::{self, Across};
use super::figures::{maybe, moment, signed, time, with_unit};
use super::{lanes, marks, paint};
use crate::app::Command;
use crate::app::control::{ControlCommand, Sheet, time_words, value_words};
use crate::trace::{Sides, escape};
use crate::ui::fonts::medium;
use crate::ui::pair::scrollbar;
use crate::ui::pair::words::Words;
use crate::ui::parts;
use crate::ui::theme::{self, Tokens, size};
use crate::view::Ticks;

/// Room for values and the names of lanes at the left, and free room at the right.
const GUTTER: f32 = 104.0;
const RIGHT: f32 = 16.0;
/// Height of the moments' names above, of the axis below, and of a plot's title.
const HEAD: f32 = 28.0;
const AXIS: f32 = 28.0;
const TITLE: f32 = 24.0;
/// Free room below the lines of a plot.
const BELOW: f32 = 8.0;
/// Ticks are at least so far apart, in points.
const TICK_X: f32 = 72.0;
const TICK_Y: f32 = 28.0;
/// A box that is drawn with the pointer is at least so wide, or high, in points.
const LEAST_BOX: f32 = 6.0;

/// What the plots are drawn with.
pub struct Stage<'a> {
    pub sheet: &'a Sheet,
    pub t: &'a Tokens,
    /// From where to where the axis reaches on the screen.
    pub left: f32,
    pub right: f32,
}

impl Stage<'_> {
    /// Where a time is on the screen.
    pub fn x(&self, time: f64) -> f32 {
        self.left + self.sheet.sight().share(time) as f32 * (self.right - self.left)
    }

    /// The time at a place on the screen.
    pub fn time(&self, x: f32) -> f64 {
        self.sheet.sight().at(self.share(x))
    }

    fn share(&self, x: f32) -> f64 {
        f64::from((x - self.left) / (self.right - self.left).max(1.0))
    }

    /// True for what is within the axis.
    pub fn sees(&self, x: f32) -> bool {
        (self.left - 0.5..=self.right + 0.5).contains(&x)
    }
}

/// Draws everything into all the room there is.
pub fn show(ui: &mut Ui, sheet: &Sheet, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let whole = ui.available_rect_before_wrap();
    ui.allocate_rect(whole, Sense::hover());
    if sheet.plots().list.is_empty() {
        parts::nothing(ui, whole, "No signal was recorded", "The messages say what could not be read.");
        return;
    }
    let lanes_height = lanes::height(sheet).min((whole.height() * 0.4).floor());
    let body = whole.with_min_y(whole.top() + HEAD).with_max_y(whole.bottom() - AXIS - lanes_height);
    let (room, bar) = body.split_left_right_at_x(body.right() - scrollbar::WIDTH);
    if (sheet.scroller().viewport() - room.height()).abs() > 0.5 {
        out.push(ControlCommand::Viewport(room.height()).into());
    }
    let stage = Stage { sheet, t, left: room.left() + GUTTER, right: room.right() - RIGHT };
    wheel(ui, &stage, whole, out);
    let ticks = Ticks::new(sheet.sight().from(), sheet.sight().to(), sheet.sight().width() / ticks_across(&stage));
    let painter = ui.painter_at(room);
    let shown: Vec<usize> = sheet.shown().collect();
    if shown.is_empty() {
        parts::nothing(ui, room, "No plot is shown", "Tick a signal on the left.");
    }
    let mut hovered = None;
    for line in sheet.scroller().visible() {
        let Some(&plot) = shown.get(line as usize) else { continue };
        let top = (room.top() + sheet.scroller().y_of(line)).round();
        let rect = Rect::from_min_size(pos2(room.left(), top), vec2(room.width(), sheet.scroller().line_height()));
        let field = Rect::from_min_max(pos2(stage.left, top + TITLE), pos2(stage.right, rect.bottom() - BELOW));
        draw(ui, &painter, &stage, plot, rect, field, &ticks);
        let over = pointer(ui, &painter, &stage, plot, rect.intersect(room), field, out);
        hovered = hovered.or(over.map(|at| (plot, at, field)));
    }
    let lanes = whole.with_min_y(body.bottom()).with_max_y(whole.bottom() - AXIS).with_max_x(room.right());
    lanes::show(ui, &stage, lanes, &ticks, out);
    let axis = whole.with_min_y(whole.bottom() - AXIS).with_max_x(room.right());
    draw_axis(ui, &stage, axis, &ticks);
    let head = whole.with_max_y(body.top());
    marks::show(ui, &stage, head, whole.bottom() - AXIS, out);
    if sheet.scroller().thumb(bar.height()).is_some()
        && let Some(share) = scrollbar::bar(ui, bar, sheet.scroller(), "Scroll plots", t)
    {
        out.push(ControlCommand::ScrollTo(share).into());
    }
    if let Some((plot, at, field)) = hovered {
        hover(ui, &stage, plot, at, field);
    }
}

fn ticks_across(stage: &Stage<'_>) -> f64 {
    f64::from(((stage.right - stage.left) / TICK_X).max(1.0))
}

/// The wheel: scrolls, moves along the axis, and with Ctrl zooms at the pointer.
fn wheel(ui: &Ui, stage: &Stage<'_>, whole: Rect, out: &mut Vec<Command>) {
    if !ui.rect_contains_pointer(whole) {
        return;
    }
    let (scroll, zoom, at) =
        ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta(), input.pointer.hover_pos()));
    if (zoom - 1.0).abs() > f32::EPSILON {
        let at = at.map_or(0.5, |at| stage.share(at.x).clamp(0.0, 1.0));
        out.push(ControlCommand::Zoom { at, by: f64::from(1.0 / zoom) }.into());
        return;
    }
    if scroll.x.abs() > 0.0 {
        out.push(ControlCommand::Pan(f64::from(-scroll.x / (stage.right - stage.left).max(1.0))).into());
    }
    if scroll.y.abs() > 0.0 {
        out.push(ControlCommand::Scroll(-scroll.y).into());
    }
}

/// A plot: its title, its values, its lines.
fn draw(ui: &mut Ui, painter: &Painter, stage: &Stage<'_>, at: usize, rect: Rect, room: Rect, ticks: &Ticks) {
    let (sheet, t) = (stage.sheet, stage.t);
    let plot = &sheet.plots().list[at];
    let selected = at == sheet.selected();
    for place in ticks.places() {
        let x = painter.round_to_pixel_center(stage.x(place));
        if stage.sees(x) {
            painter.vline(x, rect.top()..=rect.bottom(), Stroke::new(1.0, t.line_soft));
        }
    }
    let (low, high) = sheet.range(at);
    let y = |value: f64| room.bottom() - ((value - low) / (high - low)) as f32 * room.height();
    let values = Ticks::new(low, high, (high - low) / f64::from((room.height() / TICK_Y).max(1.0)));
    for place in values.places() {
        let at = painter.round_to_pixel_center(y(place));
        if (room.top() - 0.5..=room.bottom() + 0.5).contains(&at) {
            let words = Words::of(&value_words(place, values.step), FontId::monospace(size::SMALL), t.dim);
            words.paint_right(painter, pos2(stage.left - 8.0, at), GUTTER - 16.0);
        }
    }
    let times = [sheet.sight().from(), sheet.sight().to()];
    ui.scope(|ui| {
        ui.shrink_clip_rect(painter.clip_rect());
        field::over_time(ui, ("plot", at), room, (times, [low, high]), values, t, |field, across| {
            lines(field, stage, at, across);
        });
    });
    let title = pos2(stage.left, rect.top() + TITLE / 2.0);
    let words = Words::of(&escape(&plot.name), medium(size::LABEL), t.text);
    let words = match &plot.unit {
        Some(unit) => words.gap(6.0).add(&escape(unit), FontId::proportional(size::LABEL), t.dim),
        None => words,
    };
    let words = if sheet.is_zoomed(at) {
        words.gap(8.0).add("zoomed", FontId::proportional(size::SMALL), t.dim)
    } else {
        words
    };
    let laid = words.layout(painter, room.width());
    let ground = Rect::from_min_size(pos2(title.x - 4.0, title.y - 9.0), vec2(laid.width() + 8.0, 18.0));
    painter.rect_filled(ground, 3.0, t.bg);
    laid.paint(painter, title);
    if selected {
        let mark = Rect::from_min_size(pos2(rect.left(), rect.top() + 4.0), vec2(3.0, rect.height() - 8.0));
        painter.rect_filled(mark, 1.0, t.expected);
    }
}

/// The lines of a plot, and the band within which an error is none.
fn lines(field: &mut PlotUi<'_>, stage: &Stage<'_>, at: usize, across: Across) {
    let (sheet, t) = (stage.sheet, stage.t);
    if let Some(band) = sheet.band(at) {
        let span = Span::new("", band.low..=band.high).axis(Axis::Y).fill(theme::veil(t.ok, 0.14));
        field.span(span.border(Stroke::new(1.0, t.ok)).border_style(LineStyle::Dashed { length: 4.0 }));
    }
    let sight = (sheet.sight().from(), sheet.sight().to());
    for line in sheet.plots().list[at].lines.iter().filter(|line| sheet.draws(line.look)) {
        let drawn = sheet.plots().drawn(sheet.control(), line, sight, across.columns);
        paint::add(field, drawn, line.look, paint::colour(line.look, t), across);
    }
}

/// What a plot says at the cursor.
fn said(sheet: &Sheet, at: usize) -> String {
    let plot = &sheet.plots().list[at];
    let unit = plot.unit.as_deref();
    let mut text = format!("plot {}", plot.name);
    let Some(cursor) = sheet.cursors().at else { return text };
    text.extend([" at ", &moment(sheet, cursor), ":"]);
    for (place, (look, value)) in sheet.values_at(at, cursor).into_iter().enumerate() {
        let comma = if place > 0 { "," } else { "" };
        text.extend([comma, " ", look.word(), " ", &with_unit(&maybe(value), unit)]);
    }
    if let Sides { expected: Some(expected), actual: Some(actual) } = sheet.both_at(at, cursor) {
        text.extend([", difference ", &with_unit(&signed(actual - expected), unit)]);
    }
    text
}

/// The pointer on a plot: sets the cursors, draws a box to zoom to, moves the axis. Says where it is.
fn pointer(
    ui: &Ui,
    painter: &Painter,
    stage: &Stage<'_>,
    at: usize,
    rect: Rect,
    field: Rect,
    out: &mut Vec<Command>,
) -> Option<egui::Pos2> {
    let response = ui.interact(rect, ui.scope_id().with(("plot", at)), Sense::click_and_drag());
    response
        .widget_info(|| WidgetInfo::selected(Role::Figure, true, at == stage.sheet.selected(), said(stage.sheet, at)));
    crate::ui::parts::focus_ring(ui, &response, rect.shrink(1.0));
    let shift = ui.input(|input| input.modifiers.shift);
    let boxed = response.id.with("where the box began");
    let here = response.interact_pointer_pos();
    let pans = shift || response.dragged_by(PointerButton::Middle) || response.dragged_by(PointerButton::Secondary);
    if response.drag_started_by(PointerButton::Primary) && !shift {
        let begin = ui.input(|input| input.pointer.press_origin()).or(here);
        ui.data_mut(|data| data.insert_temp(boxed, begin));
    }
    let begin = ui.data(|data| data.get_temp::<Option<egui::Pos2>>(boxed)).flatten();
    if let (Some(begin), Some(here)) = (begin, here) {
        let drawn = Rect::from_two_pos(begin, here).intersect(field);
        let flat = (begin.y - here.y).abs() < LEAST_BOX;
        let drawn = if flat { drawn.with_min_y(field.top()).with_max_y(field.bottom()) } else { drawn };
        painter.rect_filled(drawn, 0.0, theme::veil(stage.t.expected, 0.12));
        painter.rect_stroke(drawn, 0.0, Stroke::new(1.0, stage.t.expected), StrokeKind::Inside);
        if response.drag_stopped() && drawn.width() >= LEAST_BOX {
            let (low, high) = stage.sheet.range(at);
            let value = |y: f32| low + f64::from((field.bottom() - y) / field.height()) * (high - low);
            let values = (!flat).then(|| (at, value(drawn.bottom()), value(drawn.top())));
            out.push(
                ControlCommand::Box { times: (stage.time(drawn.left()), stage.time(drawn.right())), values }.into(),
            );
        }
    } else if response.dragged() && pans && response.drag_delta().x.abs() > 0.0 {
        let share = -response.drag_delta().x / (stage.right - stage.left).max(1.0);
        out.push(ControlCommand::Pan(f64::from(share)).into());
    }
    if begin.is_some() && !response.dragged() {
        ui.data_mut(|data| data.insert_temp::<Option<egui::Pos2>>(boxed, None));
    }
    if response.double_clicked() {
        out.push(ControlCommand::FitPlot(Some(at)).into());
    } else if response.clicked()
        && let Some(here) = here.filter(|here| stage.sees(here.x))
    {
        let time = stage.time(here.x);
        out.push(if shift { ControlCommand::MeasureFrom(time) } else { ControlCommand::Cursor(Some(time)) }.into());
        if at != stage.sheet.selected() {
            out.push(ControlCommand::Plot(at).into());
        }
    }
    response.hover_pos().filter(|at| field.contains(*at) && !response.dragged())
}

/// A line under the pointer, and what the plot says there.
fn hover(ui: &Ui, stage: &Stage<'_>, plot: usize, at: egui::Pos2, field: Rect) {
    let (sheet, t) = (stage.sheet, stage.t);
    let painter = ui.painter();
    painter.vline(painter.round_to_pixel_center(at.x), field.y_range(), Stroke::new(1.0, t.faint));
    let when = stage.time(at.x);
    let unit = sheet.plots().list[plot].unit.as_deref();
    let font = || FontId::monospace(size::LABEL);
    let mut lines = vec![Words::of(&time(sheet, when), font(), t.dim)];
    for (look, value) in sheet.values_at(plot, when) {
        if sheet.draws(look) {
            let word = format!("{:<9}", look.word());
            let value = with_unit(&maybe(value), unit);
            lines.push(Words::of(&word, font(), paint::colour(look, t)).gap(8.0).add(&value, font(), t.text));
        }
    }
    if let Sides { expected: Some(expected), actual: Some(actual) } = sheet.both_at(plot, when) {
        let value = with_unit(&signed(actual - expected), unit);
        lines.push(Words::of("Δ        ", font(), t.dim).gap(8.0).add(&value, font(), t.text));
    }
    let laid: Vec<_> = lines.into_iter().map(|line| line.layout(painter, 280.0)).collect();
    let width = laid.iter().map(crate::ui::pair::words::LaidOut::width).fold(0.0, f32::max) + 24.0;
    let room = vec2(width, 20.0 * laid.len() as f32 + 12.0);
    let right = at.x + 16.0 + room.x <= stage.right;
    let corner = pos2(
        if right { at.x + 16.0 } else { at.x - 16.0 - room.x },
        at.y.min(field.bottom() - room.y).max(field.top()),
    );
    let ground = Rect::from_min_size(corner.round(), room);
    painter.rect_filled(ground, 6.0, t.raised);
    painter.rect_stroke(ground, 6.0, Stroke::new(1.0, t.line), StrokeKind::Inside);
    for (row, line) in laid.into_iter().enumerate() {
        line.paint(painter, pos2(ground.left() + 12.0, ground.top() + 16.0 + 20.0 * row as f32));
    }
}

/// The axis of time below everything.
fn draw_axis(ui: &Ui, stage: &Stage<'_>, rect: Rect, ticks: &Ticks) {
    let t = stage.t;
    let painter = ui.painter_at(rect);
    painter.hline(stage.left..=stage.right, rect.top() + 0.5, Stroke::new(1.0, t.line));
    let timed = stage.sheet.plots().timed;
    for place in ticks.places() {
        let x = painter.round_to_pixel_center(stage.x(place));
        if !stage.sees(x) {
            continue;
        }
        painter.vline(x, rect.top()..=rect.top() + 5.0, Stroke::new(1.0, t.line));
        let words = Words::of(&time_words(place, ticks.step, timed), FontId::monospace(size::SMALL), t.dim);
        let words = words.layout(&painter, TICK_X - 8.0);
        // A number that is cut is another number.
        let left = x - words.width() / 2.0;
        if left >= rect.left() && left + words.width() <= rect.right() {
            words.paint(&painter, pos2(left, rect.top() + 16.0));
        }
    }
    let name = if timed { "time" } else { "sample" };
    Words::of(name, FontId::proportional(size::SMALL), t.dim).paint(
        &painter,
        pos2(rect.left() + 16.0, rect.top() + 16.0),
        72.0,
    );
    let response = ui.interact(rect, ui.scope_id().with("axis"), Sense::hover());
    response.widget_info(|| {
        let (from, to) = (time(stage.sheet, stage.sheet.sight().from()), time(stage.sheet, stage.sheet.sight().to()));
        WidgetInfo::labeled(Role::Label, true, format!("axis of {name} from {from} to {to}"))
    });
}
