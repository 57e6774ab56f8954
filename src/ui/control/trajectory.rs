//! Where the plant went, seen from above: one coordinate against the other, the way in sight of both runs.

use egui::{FontId, Painter, Pos2, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_plot::{AxisHints, GridInput, GridMark, Line, Plot as Field, PlotPoint, PlotPoints, PlotTransform, PlotUi};

use super::figures::{figures, moment, with_unit};
use super::{field, paint};
use crate::app::Command;
use crate::app::control::{ControlCommand, Look, Plot, Sheet, value_words};
use crate::trace::{Side, escape, grouped};
use crate::ui::pair::Mark;
use crate::ui::pair::words::Words;
use crate::ui::parts;
use crate::ui::theme::{self, Tokens, size};
use crate::view::{Extent, Ticks};

/// Room around the field and its axes.
const AROUND: f32 = 16.0;
/// Room for the values of the upright axis.
const VALUES: f32 = 56.0;
/// Ticks are at least so far apart.
const TICK: f32 = 64.0;
/// So many places of a way are drawn at most: more than a screen has pixels across.
const MOST: usize = 4_000;
/// A press is at most so far from a place of the way, in points.
const NEAR: f32 = 24.0;

/// When, and where.
type Stop = (f64, (f64, f64));

/// Where a run, or its setpoint, was.
struct Way {
    look: Look,
    stops: Vec<Stop>,
    /// Of how many samples one is taken.
    every: usize,
}

/// The plane as it is on the screen.
struct Plane {
    field: Rect,
    transform: PlotTransform,
}

impl Plane {
    fn at(&self, (x, y): (f64, f64)) -> Pos2 {
        self.transform.position_from_point(&PlotPoint::new(x, y))
    }
}

/// Draws the plane into all the room there is.
pub fn show(ui: &mut Ui, sheet: &Sheet, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let whole = ui.available_rect_before_wrap();
    let Some((one, other)) = sheet.plots().plane else {
        ui.allocate_rect(whole, Sense::hover());
        let aside = "A trajectory needs a state with two components, such as position.x and position.y.";
        parts::nothing(ui, whole, "There is no place to draw", aside);
        return;
    };
    let plots = (&sheet.plots().list[one], &sheet.plots().list[other]);
    let ways: Vec<Way> = [Look::Wanted, Look::Expected, Look::Actual]
        .into_iter()
        .filter(|look| sheet.draws(*look))
        .filter_map(|look| way(sheet, plots, look))
        .collect();
    // No spike is lost: what is in sight counts, not what is drawn of it.
    let sight = (sheet.sight().from(), sheet.sight().to());
    let reaches = [one, other].map(|plot| sheet.plots().extent(sheet.control(), plot, sight, |look| sheet.draws(look)));
    let room = whole.shrink(AROUND);
    let drawn = ui.scope_builder(egui::UiBuilder::new().max_rect(room), |ui| {
        plane(room, plots, reaches, t).show(ui, |plot| lines(plot, &ways, t))
    });
    ui.allocate_rect(whole, Sense::hover());
    let (plot, painter) = (drawn.inner, ui.painter_at(whole));
    let plane = Plane { field: plot.response.rect, transform: plot.transform };
    let clipped = painter.with_clip_rect(plane.field.expand(8.0).intersect(painter.clip_rect()));
    if let Some(way) = ways.iter().find(|way| way.look == Look::Wanted) {
        waypoints(&clipped, &plane, way, t);
    }
    let actual = ways.iter().find(|way| way.look == Look::Actual);
    if let Some(stop) = sheet.onset().and_then(|at| held(&actual?.stops, at)) {
        let centre = plane.at(stop);
        Mark::Diamond { first: true }.paint(&clipped, centre, 1.2, t.actual);
        clipped.circle_stroke(centre, 10.0, Stroke::new(1.5, t.cause));
    }
    let said = cursor(&clipped, sheet, &plane, &ways, plots.0, t);
    plot.response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, format!("trajectory{said}")));
    let every = ways.iter().map(|way| way.every).max().unwrap_or(1);
    if every > 1 {
        let note = format!("every {}th sample is drawn", grouped(every as u64));
        let words = Words::of(&note, FontId::proportional(size::SMALL), t.dim);
        words.paint_right(&painter, pos2(plane.field.right() - 8.0, plane.field.top() + 12.0), 240.0);
    }
    if plot.response.clicked()
        && let Some(here) = plot.response.interact_pointer_pos()
    {
        let stops = ways.iter().filter(|way| way.look != Look::Wanted).flat_map(|way| &way.stops);
        let near = stops.map(|(time, stop)| (*time, plane.at(*stop).distance(here)));
        let nearest = near.min_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, far)| *far <= NEAR);
        out.extend(nearest.map(|(time, _)| ControlCommand::Cursor(Some(time)).into()));
    }
}

/// Both axes in one scale, everything in sight within the field.
fn plane<'a>(room: Rect, plots: (&'a Plot, &'a Plot), reaches: [Extent; 2], t: &Tokens) -> Field<'a> {
    let [x, y] = reaches.map(|reach| if reach.is_empty() { [0.0, 1.0] } else { [reach.min, reach.max] });
    let axis = |plot: &Plot, hints: AxisHints<'a>| {
        let unit = plot.unit.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
        let name = format!("{}{unit}", escape(&plot.name));
        let hints = hints.label(RichText::new(name).font(FontId::proportional(size::LABEL)).color(t.text));
        let hints = hints.tick_label_font(FontId::monospace(size::SMALL)).tick_label_color(t.dim);
        hints.formatter(|mark, _| value_words(mark.value, mark.step_size))
    };
    let least = TICK / room.width().max(TICK);
    let up = TICK / room.height().max(TICK);
    field::ruled("trajectory", t)
        .data_aspect(1.0)
        .include_x(x[0])
        .include_x(x[1])
        .include_y(y[0])
        .include_y(y[1])
        .set_margin_fraction(vec2(0.05, 0.05))
        .custom_x_axes(vec![axis(plots.0, AxisHints::new_x())])
        .custom_y_axes(vec![axis(plots.1, AxisHints::new_y().min_thickness(VALUES))])
        .x_grid_spacer(move |input| marks(&input, least))
        .y_grid_spacer(move |input| marks(&input, up))
        .sense(Sense::click())
}

/// Lines at round places; neighbours are at least this share of the axis apart.
fn marks(input: &GridInput, least: f32) -> Vec<GridMark> {
    let (from, to) = input.bounds;
    field::marks(&Ticks::new(from, to, (to - from) * f64::from(least)))
}

/// The ways of both runs, each with a dot where it begins.
fn lines(plot: &mut PlotUi<'_>, ways: &[Way], t: &Tokens) {
    for way in ways.iter().filter(|way| way.look != Look::Wanted) {
        let colour = paint::colour(way.look, t);
        let width = if way.look == Look::Expected { 3.0 } else { 2.0 };
        for line in way.stops.split(|(_, stop)| !finite(*stop)).filter(|line| !line.is_empty()) {
            let points: Vec<PlotPoint> = line.iter().map(|(_, (x, y))| PlotPoint::new(*x, *y)).collect();
            let start = PlotPoints::Owned(vec![points[0]]);
            plot.points(egui_plot::Points::new("", start).color(colour).radius(3.0).allow_hover(false));
            // As a band a steep way would get as thin as it is wide.
            let line = Line::new("", PlotPoints::Owned(points)).color(colour).width(width);
            plot.line(line.allow_band(false).allow_hover(false));
        }
    }
}

fn finite((x, y): (f64, f64)) -> bool {
    x.is_finite() && y.is_finite()
}

/// Where the plant was to go, each place once.
fn waypoints(painter: &Painter, plane: &Plane, way: &Way, t: &Tokens) {
    let colour = paint::colour(way.look, t);
    let mut before = None;
    for (_, stop) in way.stops.iter().filter(|(_, stop)| finite(*stop)) {
        if before != Some(*stop) {
            let at = plane.at(*stop);
            painter.circle_stroke(at, 5.0, Stroke::new(1.2, colour));
            painter.line_segment([at - vec2(8.0, 0.0), at + vec2(8.0, 0.0)], Stroke::new(1.0, colour));
            painter.line_segment([at - vec2(0.0, 8.0), at + vec2(0.0, 8.0)], Stroke::new(1.0, colour));
        }
        before = Some(*stop);
    }
}

/// Where a run, or its setpoint, was in sight.
fn way(sheet: &Sheet, plots: (&Plot, &Plot), look: Look) -> Option<Way> {
    let line = |plot: &Plot| plot.lines.iter().position(|line| line.look == look);
    let (one, other) = (&plots.0.lines[line(plots.0)?], &plots.1.lines[line(plots.1)?]);
    let (times, x) = sheet.plots().raw(sheet.control(), one);
    let (_, y) = sheet.plots().raw(sheet.control(), other);
    let series = sheet.plots().series(sheet.control(), one);
    let samples = series.samples(sheet.sight().from(), sheet.sight().to());
    let every = samples.len().div_ceil(MOST).max(1);
    let stops = samples.step_by(every).filter_map(|at| Some((*times.get(at)?, (*x.get(at)?, *y.get(at)?))));
    Some(Way { look, stops: stops.collect(), every })
}

/// The place that held at a time.
fn held(stops: &[Stop], time: f64) -> Option<(f64, f64)> {
    let at = stops.partition_point(|(at, _)| *at <= time).checked_sub(1)?;
    Some(stops[at].1).filter(|(x, y)| x.is_finite() && y.is_finite())
}

/// Where both runs are at the cursor, and how far from each other. Says so in words.
fn cursor(painter: &Painter, sheet: &Sheet, plane: &Plane, ways: &[Way], plot: &Plot, t: &Tokens) -> String {
    let Some(at) = sheet.cursors().at else { return String::new() };
    let run = |side: Side| {
        let way = ways.iter().find(|way| way.look == Look::of(side))?;
        held(&way.stops, at)
    };
    let mut said = format!(" at {}", moment(sheet, at));
    for side in Side::BOTH {
        if let Some((x, y)) = run(side) {
            let centre = plane.at((x, y));
            painter.circle_filled(centre, 4.5, t.bg);
            painter.circle_stroke(centre, 4.5, Stroke::new(2.0, paint::colour(Look::of(side), t)));
            said.extend([", ", side.word(), " ", &figures(x), " ", &figures(y)]);
        }
    }
    if let (Some(expected), Some(actual)) = (run(Side::Expected), run(Side::Actual)) {
        let (one, other) = (plane.at(expected), plane.at(actual));
        let apart = (expected.0 - actual.0).hypot(expected.1 - actual.1);
        let words = with_unit(&figures(apart), plot.unit.as_deref());
        said.extend([", ", &words, " apart"]);
        if one.distance(other) > 12.0 {
            painter.line_segment([one, other], Stroke::new(1.0, t.text));
        }
        let label = Words::of(&format!("{words} apart"), FontId::monospace(size::SMALL), t.text);
        let label = label.layout(painter, 160.0);
        let middle = one + (other - one) / 2.0 + vec2(0.0, -14.0);
        let right = middle.x + 18.0 + label.width() <= plane.field.right();
        let left = if right { middle.x + 18.0 } else { middle.x - 18.0 - label.width() };
        label.paint(painter, pos2(left, middle.y));
    }
    said
}
