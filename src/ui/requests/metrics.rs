//! What the selected node of tables of metrics showed, plot by plot on one axis of time: the metric that speaks for it, that of the
//! symptom, and its others.

use egui::{FontId, Painter, Rect, Role, ScrollArea, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use egui_plot::{Axis, HLine, LineStyle, PlotPoint, PlotPoints, PlotUi, Points, Span, VLine};

use crate::app::control::Look;
use crate::app::requests::{Curve, RequestsPage};
use crate::ui::control::field::{self, Across};
use crate::ui::control::paint;
use crate::ui::fonts::medium;
use crate::ui::pair::words::{LaidOut, Words};
use crate::ui::theme::{self, Tokens, size};
use crate::view::{Drawn, Ticks};

/// Least height of a plot with its title.
const LEAST: f32 = 104.0;
/// Height of the legend above, of a plot's title, of the free room below its lines, and of the axis.
const HEAD: f32 = 32.0;
const TITLE: f32 = 28.0;
const BELOW: f32 = 12.0;
const AXIS: f32 = 28.0;
/// Room for values at the left, and free room at the right.
const GUTTER: f32 = 80.0;
const RIGHT: f32 = 20.0;
/// Room for a line of the legend before its words, and between two.
const SAMPLE: f32 = 28.0;
const GAP: f32 = 24.0;
/// Ticks are at least so far apart, in points.
const TICK_X: f32 = 72.0;
const TICK_Y: f32 = 28.0;
/// Rows that are so far apart, in points, have a dot each.
const DOTS: f32 = 12.0;
/// Nanoseconds of a second.
const SECOND: f64 = 1e9;
/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// What the plots are drawn with: from where to where the axis reaches on the screen, and in seconds.
struct Stage<'a> {
    t: &'a Tokens,
    left: f32,
    right: f32,
    /// When the axis begins, in seconds since 1970, and how long it is.
    begin: f64,
    length: f64,
    ticks: Ticks,
}

impl<'a> Stage<'a> {
    fn new(room: Rect, curve: &Curve, t: &'a Tokens) -> Self {
        let (left, right) = (room.left() + GUTTER, room.right() - RIGHT);
        let (begin, length) = (curve.begin as f64 / SECOND, curve.length().max(1.0));
        let least = length * f64::from(TICK_X / (right - left).max(TICK_X));
        Self { t, left, right, begin, length, ticks: Ticks::of_day(begin, begin + length, least) }
    }

    /// Where so many seconds after the first row are on the screen.
    fn x(&self, second: f64) -> f32 {
        self.left + (second / self.length) as f32 * (self.right - self.left)
    }

    /// The time of a row in words: with its day where there are several, and its second where that says more.
    fn time(&self, second: f64) -> String {
        row_time(self.begin + second, self.length)
    }
}

/// When a row of a table of this length was taken, both in seconds.
pub fn row_time(time: f64, length: f64) -> String {
    let form = match length {
        length if length >= DAY => "%b %-d %H:%M",
        _ if time.rem_euclid(60.0) >= 1.0 => "%H:%M:%S",
        _ => "%H:%M",
    };
    moment(time, form)
}

/// A time in seconds since 1970, in UTC.
fn moment(time: f64, form: &str) -> String {
    jiff::Timestamp::from_second(time as i64).unwrap_or_default().strftime(form).to_string()
}

/// Draws the plots, one below the other.
pub fn show(ui: &mut Ui, page: &RequestsPage) {
    let t = theme::tokens(ui);
    let whole = ui.available_rect_before_wrap();
    let Some(first) = page.curves().first() else {
        let response = ui.allocate_rect(whole, Sense::hover());
        let none = "Nothing was measured at this node.";
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, none));
        let words = Words::of(none, FontId::proportional(size::BODY), t.dim).layout(ui.painter(), whole.width());
        let left = (whole.center().x - words.width() / 2.0).round();
        words.paint(ui.painter(), pos2(left, whole.center().y));
        return;
    };
    let stage = Stage::new(whole, first, t);
    let (head, rest) = whole.split_top_bottom_at_y(whole.top() + HEAD);
    let (body, axis) = rest.split_top_bottom_at_y(rest.bottom() - AXIS);
    legend(&ui.painter_at(head), &stage, head, first);
    let height = (body.height() / page.curves().len() as f32).floor().max(LEAST);
    ui.scope_builder(egui::UiBuilder::new().max_rect(body), |ui| {
        ScrollArea::vertical().id_salt("metrics").auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for curve in page.curves() {
                plot(ui, &stage, curve, height);
            }
        });
    });
    draw_axis(ui, &stage, axis);
    ui.allocate_rect(whole, Sense::hover());
}

/// What is drawn how, as far as there is room: from left to right.
fn legend(painter: &Painter, stage: &Stage<'_>, rect: Rect, curve: &Curve) {
    let t = stage.t;
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line_soft));
    let since = curve.since.map(|since| format!("suspected since {}", stage.time(since)));
    let laid = |text: &str| Words::of(text, FontId::proportional(size::LABEL), t.dim).layout(painter, rect.width());
    let entries = |usual: &str| {
        let usual = curve.usual.map(|_| laid(usual));
        let entries = [
            (Look::Actual, Some(laid("actual"))),
            (Look::Expected, usual),
            (Look::Between, since.as_deref().map(laid)),
        ];
        entries.into_iter().filter_map(|(look, words)| Some((look, words?))).collect::<Vec<(Look, LaidOut)>>()
    };
    // Where not all of it has room, the line that nothing else explains matters more than how much is within.
    let whole = entries("expected, 90 % within");
    let width: f32 = whole.iter().map(|(_, words)| words.width() + SAMPLE + GAP).sum();
    let entries = if width - GAP + 24.0 > rect.width() { entries("expected") } else { whole };
    let (mut x, y) = (rect.left() + 16.0, rect.center().y);
    for (look, words) in entries {
        if x + SAMPLE + words.width() > rect.right() - 8.0 {
            break;
        }
        let colour = paint::colour(look, t);
        let sample = Rect::from_min_size(pos2(x, y - 6.0), vec2(20.0, 12.0));
        match look {
            Look::Expected => usual_band(painter, sample, sample.center().y, t),
            Look::Between => _ = painter.vline(sample.center().x.round(), sample.y_range(), Stroke::new(2.0, colour)),
            _ => paint::sample(painter, [sample.left_center(), sample.right_center()], look, colour),
        }
        let end = x + SAMPLE + words.width();
        words.paint(painter, pos2(x + SAMPLE, y));
        x = end + GAP;
    }
}

/// Where most of what is usual lies, with its middle.
fn usual_band(painter: &Painter, band: Rect, middle: f32, t: &Tokens) {
    painter.rect_filled(band, 0.0, theme::veil(t.expected, 0.16));
    let line = [pos2(band.left(), middle), pos2(band.right(), middle)];
    painter.extend(Shape::dashed_line(&line, Stroke::new(1.5, t.expected), 5.0, 4.0));
}

/// What a plot says in words.
fn said(stage: &Stage<'_>, curve: &Curve) -> String {
    let last = curve.last().map_or_else(|| "nothing".to_owned(), |value| curve.value(value));
    let usual = curve.usual.map_or_else(|| "not known".to_owned(), |usual| curve.value(usual[1]));
    let since = curve.since.map_or_else(String::new, |since| format!(", suspected since {}", stage.time(since)));
    format!("{} · {}: {last} at last, in {} rows; usually {usual}{since}", curve.metric, curve.node, curve.rows())
}

/// A plot: its title, its values, what is usual, its line.
fn plot(ui: &mut Ui, stage: &Stage<'_>, curve: &Curve, height: f32) {
    let t = stage.t;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, said(stage, curve)));
    if !ui.is_rect_visible(rect) {
        return;
    }
    let painter = ui.painter_at(rect);
    let field = Rect::from_min_max(pos2(stage.left, rect.top() + TITLE), pos2(stage.right, rect.bottom() - BELOW));
    let [low, high] = curve.range;
    for place in stage.ticks.places() {
        let x = painter.round_to_pixel_center(stage.x(place - stage.begin));
        painter.vline(x, field.y_range(), Stroke::new(1.0, t.line_soft));
    }
    let ticks = Ticks::new(low, high, (high - low) / f64::from((field.height() / TICK_Y).max(1.0)));
    for place in ticks.places() {
        let at = field.bottom() - ((place - low) / (high - low)) as f32 * field.height();
        let words = Words::of(&curve.tick(place, ticks.step), FontId::monospace(size::SMALL), t.dim);
        words.paint_right(&painter, pos2(stage.left - 8.0, painter.round_to_pixel_center(at)), GUTTER - 16.0);
    }
    let id = ("plot", &curve.metric, &curve.node);
    field::over_time(ui, id, field, ([0.0, stage.length], [low, high]), ticks, t, |plot, across| {
        lines(plot, curve, across, t);
    });
    let words = Words::of(&curve.metric, medium(size::LABEL), t.text);
    let words = words.gap(8.0).add(&curve.node, FontId::proportional(size::LABEL), t.dim);
    words.paint(&painter, pos2(stage.left, rect.top() + TITLE / 2.0 + 2.0), field.width());
    if let Some(at) = response.hover_pos().filter(|at| field.expand(3.0).contains(*at)) {
        let second = f64::from((at.x - stage.left) / (stage.right - stage.left).max(1.0)) * stage.length;
        if let Some((second, value)) = curve.nearest(second) {
            hover(ui, stage, curve, field, second, value);
        }
    }
}

/// What is usual, since when it is not, and what was measured.
fn lines(plot: &mut PlotUi<'_>, curve: &Curve, across: Across, t: &Tokens) {
    if let Some([least, middle, most]) = curve.usual {
        plot.span(Span::new("", least..=most).axis(Axis::Y).fill(theme::veil(t.expected, 0.16)));
        let dashed = HLine::new("", middle).stroke(Stroke::new(1.5, t.expected));
        plot.hline(dashed.style(LineStyle::Dashed { length: 5.0 }).allow_hover(false));
    }
    if let Some(since) = curve.since {
        plot.vline(VLine::new("", since).stroke(Stroke::new(2.0, t.cause)).allow_hover(false));
    }
    let width = plot.response().rect.width();
    let drawn = curve.series().drawn(across.times[0], across.times[1], across.columns);
    if let Drawn::Lines(lines) = &drawn
        && width / curve.rows() as f32 >= DOTS
    {
        let dots: Vec<PlotPoint> = lines.iter().flatten().map(|[at, value]| PlotPoint::new(*at, *value)).collect();
        plot.points(Points::new("", PlotPoints::Owned(dots)).color(t.actual).radius(2.5).allow_hover(false));
    }
    paint::add(plot, drawn, Look::Actual, t.actual, across);
}

/// What the row nearest to the pointer says.
fn hover(ui: &Ui, stage: &Stage<'_>, curve: &Curve, field: Rect, second: f64, value: Option<f64>) {
    let t = stage.t;
    let painter = ui.painter();
    let x = painter.round_to_pixel_center(stage.x(second));
    painter.vline(x, field.y_range(), Stroke::new(1.0, t.dim));
    let font = || FontId::monospace(size::LABEL);
    let line = |word: &str, value: Option<f64>, colour| {
        let value = value.map_or_else(|| "not measured".to_owned(), |value| curve.value(value));
        Words::of(&format!("{word:<9}"), font(), colour).gap(8.0).add(&value, font(), t.text)
    };
    let expected = curve.usual.map(|usual| line("expected", Some(usual[1]), t.expected));
    let lines = [Some(Words::of(&stage.time(second), font(), t.dim)), expected, Some(line("actual", value, t.actual))];
    let laid: Vec<LaidOut> = lines.into_iter().flatten().map(|line| line.layout(painter, 280.0)).collect();
    let width = laid.iter().map(LaidOut::width).fold(0.0, f32::max) + 24.0;
    let room = vec2(width, 20.0 * laid.len() as f32 + 12.0);
    let left = if x + 16.0 + room.x <= stage.right { x + 16.0 } else { x - 16.0 - room.x };
    let ground = Rect::from_min_size(pos2(left, field.top()).round(), room);
    painter.rect_filled(ground, 6.0, t.raised);
    painter.rect_stroke(ground, 6.0, Stroke::new(1.0, t.line), StrokeKind::Inside);
    for (row, line) in laid.into_iter().enumerate() {
        line.paint(painter, pos2(ground.left() + 12.0, ground.top() + 16.0 + 20.0 * row as f32));
    }
}

/// The axis of time below all plots, in UTC.
fn draw_axis(ui: &Ui, stage: &Stage<'_>, rect: Rect) {
    let t = stage.t;
    let painter = ui.painter_at(rect);
    painter.hline(stage.left..=stage.right, rect.top() + 0.5, Stroke::new(1.0, t.line));
    for place in stage.ticks.places() {
        let x = painter.round_to_pixel_center(stage.x(place - stage.begin));
        painter.vline(x, rect.top()..=rect.top() + 5.0, Stroke::new(1.0, t.line));
        // Midnight says which day begins.
        let form = match stage.ticks.step {
            _ if place.rem_euclid(DAY) < 1.0 => "%b %-d",
            step if step < 60.0 => "%H:%M:%S",
            _ => "%H:%M",
        };
        let words = Words::of(&moment(place, form), FontId::monospace(size::SMALL), t.dim);
        let words = words.layout(&painter, TICK_X - 8.0);
        let left = x - words.width() / 2.0;
        // A number that is cut is another number.
        if left >= stage.left - 24.0 && left + words.width() <= rect.right() {
            words.paint(&painter, pos2(left, rect.top() + 16.0));
        }
    }
    let at = pos2(rect.left() + 16.0, rect.top() + 16.0);
    Words::of("UTC", FontId::proportional(size::SMALL), t.dim).paint(&painter, at, 40.0);
    let response = ui.interact(rect, ui.scope_id().with("axis"), Sense::hover());
    response.widget_info(|| {
        let (from, to) = (stage.time(0.0), stage.time(stage.length));
        WidgetInfo::labeled(Role::Label, true, format!("axis of time from {from} to {to} UTC"))
    });
}
