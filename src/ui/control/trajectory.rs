//! Where the plant went, seen from above: one coordinate against the other, the way in sight of both runs.

use egui::{FontId, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::figures::{figures, moment, with_unit};
use super::{empty, paint};
use crate::app::Command;
use crate::app::control::{ControlCommand, Look, Plot, Sheet, value_words};
use crate::trace::{Side, escape, grouped};
use crate::ui::pair::Mark;
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, Tokens, size};
use crate::view::{Extent, Ticks};

/// Room around the field, for values and names.
const LEFT: f32 = 72.0;
const BELOW: f32 = 44.0;
const AROUND: f32 = 24.0;
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

/// The plane as it is drawn: points a unit, the same along both axes.
struct Plane {
    field: Rect,
    centre: (f64, f64),
    scale: f64,
}

impl Plane {
    fn at(&self, (x, y): (f64, f64)) -> Pos2 {
        let right = ((x - self.centre.0) * self.scale) as f32;
        let up = ((y - self.centre.1) * self.scale) as f32;
        self.field.center() + vec2(right, -up)
    }

    /// From where to where a length along an axis reaches.
    fn reach(&self, centre: f64, length: f32) -> (f64, f64) {
        let half = f64::from(length) / 2.0 / self.scale;
        (centre - half, centre + half)
    }
}

/// Draws the plane into all the room there is.
pub fn show(ui: &mut Ui, sheet: &Sheet, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let whole = ui.available_rect_before_wrap();
    ui.allocate_rect(whole, Sense::hover());
    let Some((one, other)) = sheet.plots().plane else {
        let aside = "A trajectory needs a state with two components, such as position.x and position.y.";
        empty(ui, whole, "There is no place to draw.", aside);
        return;
    };
    let plots = (&sheet.plots().list[one], &sheet.plots().list[other]);
    let sight = (sheet.sight().from(), sheet.sight().to());
    let extents = [one, other].map(|plot| sheet.plots().extent(sheet.control(), plot, sight, |look| sheet.draws(look)));
    let field = Rect::from_min_max(
        pos2(whole.left() + LEFT, whole.top() + AROUND),
        pos2(whole.right() - AROUND, whole.bottom() - BELOW),
    );
    let plane = fitted(field, extents);
    let painter = ui.painter_at(whole);
    grid(&painter, &plane, plots, t);
    let clipped = painter.with_clip_rect(field.expand(8.0).intersect(painter.clip_rect()));
    let ways: Vec<Way> = [Look::Wanted, Look::Expected, Look::Actual]
        .into_iter()
        .filter(|look| sheet.draws(*look))
        .filter_map(|look| way(sheet, plots, look))
        .collect();
    for way in &ways {
        draw(&clipped, &plane, way, t);
    }
    let actual = ways.iter().find(|way| way.look == Look::Actual);
    if let Some(stop) = sheet.onset().and_then(|at| held(&actual?.stops, at)) {
        let centre = plane.at(stop);
        Mark::Diamond { first: true }.paint(&clipped, centre, 1.2, t.actual);
        clipped.circle_stroke(centre, 10.0, Stroke::new(1.5, t.cause));
    }
    let said = cursor(&clipped, sheet, &plane, &ways, plots.0, t);
    let every = ways.iter().map(|way| way.every).max().unwrap_or(1);
    let response = ui.interact(whole, ui.scope_id().with("trajectory"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, format!("trajectory{said}")));
    if every > 1 {
        let note = format!("every {}th sample is drawn", grouped(every as u64));
        let words = Words::of(&note, FontId::proportional(size::SMALL), t.dim);
        words.paint_right(&painter, pos2(field.right(), field.top() + 8.0), 240.0);
    }
    if response.clicked()
        && let Some(here) = response.interact_pointer_pos()
    {
        let stops = ways.iter().filter(|way| way.look != Look::Wanted).flat_map(|way| &way.stops);
        let near = stops.map(|(time, stop)| (*time, plane.at(*stop).distance(here)));
        let nearest = near.min_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, far)| *far <= NEAR);
        out.extend(nearest.map(|(time, _)| ControlCommand::Cursor(Some(time)).into()));
    }
}

/// Both axes in one scale, everything within the field.
fn fitted(field: Rect, [x, y]: [Extent; 2]) -> Plane {
    let span = |extent: Extent| if extent.is_empty() { (0.0, 1.0) } else { (extent.min, extent.max) };
    let (x, y) = (span(x), span(y));
    let least = f64::from(f32::MIN_POSITIVE);
    let across = f64::from(field.width()) / ((x.1 - x.0) * 1.1).max(least);
    let up = f64::from(field.height()) / ((y.1 - y.0) * 1.1).max(least);
    let scale = across.min(up);
    let scale = if scale.is_finite() && scale < 1e30 { scale } else { 100.0 };
    Plane { field, centre: (f64::midpoint(x.0, x.1), f64::midpoint(y.0, y.1)), scale }
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

fn draw(painter: &Painter, plane: &Plane, way: &Way, t: &Tokens) {
    let finite = |(x, y): (f64, f64)| x.is_finite() && y.is_finite();
    let colour = paint::colour(way.look, t);
    if way.look == Look::Wanted {
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
        return;
    }
    for line in way.stops.split(|(_, stop)| !finite(*stop)).filter(|line| !line.is_empty()) {
        let points: Vec<Pos2> = line.iter().map(|(_, stop)| plane.at(*stop)).collect();
        let stroke = Stroke::new(if way.look == Look::Expected { 2.8 } else { 1.6 }, colour);
        if let Some(start) = points.first() {
            painter.circle_filled(*start, 3.0, colour);
        }
        painter.add(Shape::line(points, stroke));
    }
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

/// Lines at round places, and what they are.
fn grid(painter: &Painter, plane: &Plane, plots: (&Plot, &Plot), t: &Tokens) {
    let field = plane.field;
    let least = f64::from(TICK) / plane.scale;
    let (from, to) = plane.reach(plane.centre.0, field.width());
    let ticks = Ticks::new(from, to, least);
    for place in ticks.places() {
        let x = painter.round_to_pixel_center(plane.at((place, 0.0)).x);
        painter.vline(x, field.y_range(), Stroke::new(1.0, t.line_soft));
        let words = Words::of(&value_words(place, ticks.step), FontId::monospace(size::SMALL), t.dim);
        let words = words.layout(painter, TICK);
        let left = x - words.width() / 2.0;
        words.paint(painter, pos2(left, field.bottom() + 12.0));
    }
    let (from, to) = plane.reach(plane.centre.1, field.height());
    let ticks = Ticks::new(from, to, least);
    for place in ticks.places() {
        let y = painter.round_to_pixel_center(plane.at((0.0, place)).y);
        painter.hline(field.x_range(), y, Stroke::new(1.0, t.line_soft));
        let words = Words::of(&value_words(place, ticks.step), FontId::monospace(size::SMALL), t.dim);
        words.paint_right(painter, pos2(field.left() - 8.0, y), LEFT - 16.0);
    }
    let name = |plot: &Plot| {
        let unit = plot.unit.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
        format!("{}{unit}", escape(&plot.name))
    };
    let font = || FontId::proportional(size::LABEL);
    let across = Words::of(&name(plots.0), font(), t.text);
    across.paint_right(painter, pos2(field.right(), field.bottom() + 30.0), 240.0);
    Words::of(&name(plots.1), font(), t.text).paint(painter, pos2(field.left(), field.top() - 12.0), 240.0);
}
