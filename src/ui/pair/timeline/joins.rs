//! What belongs together: the two events of a row, what overtook what, and what led to what.

use egui::epaint::CubicBezierShape;
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2};

use super::stage::Stage;
use crate::app::pair::{LaneLine, Mode};
use crate::trace::{EventIndex, Link, Side};
use crate::ui::theme;

/// Pairs out of order, and links, that are drawn at most; of more nothing would be seen.
const MOST_CROSSED: usize = 160;
const MOST_LINKS: usize = 160;
/// Differences in sight from which on no pair is drawn.
const MOST_NEAR: usize = 4_000;

/// Draws the joins between the lanes in sight that pass by other events.
pub fn passing(painter: &Painter, stage: &Stage<'_>, lines: &[(LaneLine, Rect)]) {
    if stage.pair.timeline().mode() != Mode::Overlaid {
        crossed(painter, stage, lines);
    }
    for side in Side::BOTH {
        links(painter, stage, lines, side);
    }
}

/// Joins the two events of the row that is selected, and of that under the pointer.
pub fn looked_at(painter: &Painter, stage: &Stage<'_>, lines: &[(LaneLine, Rect)]) {
    let hovered = stage.pair.hovered_row().map(|row| (row, false));
    let selected = stage.pair.selection().map(|selection| (selection.row, true));
    for (row, selected) in hovered.into_iter().chain(selected) {
        let colour = if selected { stage.t.text } else { stage.t.dim };
        // Across half the window a line is quieter.
        let side_by_side = stage.pair.timeline().mode() == Mode::SideBySide;
        let stroke = if side_by_side { Stroke::new(1.0, theme::veil(colour, 0.5)) } else { Stroke::new(1.5, colour) };
        pair_of(painter, stage, lines, row, stroke);
    }
}

/// Where on the screen an event stands: on its home lane, if that is in sight.
fn place(stage: &Stage<'_>, lines: &[(LaneLine, Rect)], side: Side, event: EventIndex) -> Option<Pos2> {
    let lane = stage.pair.lanes().of_event(stage.pair.compared(), side, event).first().copied()?;
    let (_, rect) = lines.iter().find(|(line, _)| *line == LaneLine::Lane(lane))?;
    Some(pos2(stage.of(side, event), stage.strip(side, *rect).center()))
}

fn pair_of(painter: &Painter, stage: &Stage<'_>, lines: &[(LaneLine, Rect)], row: u32, stroke: Stroke) {
    let row = stage.pair.rows().get(row);
    let place = |side: Side| place(stage, lines, side, row.event(side)?);
    if let (Some(from), Some(to)) = (place(Side::Expected), place(Side::Actual)) {
        painter.line_segment([from, to], stroke);
        for end in [from, to] {
            painter.circle_filled(end, 2.5, stroke.color);
        }
    }
}

/// Rows whose order is broken: their links cross others.
fn crossed(painter: &Painter, stage: &Stage<'_>, lines: &[(LaneLine, Rect)]) {
    let pair = stage.pair;
    if pair.analysis().comparison.inversions == 0 {
        return;
    }
    let (from, to) = stage.range_in_sight();
    let axis = stage.scale.axis();
    let mut seen: Vec<u32> = Vec::new();
    let mut near = 0;
    for (line, _) in lines {
        let LaneLine::Lane(lane) = line else { continue };
        let differing = pair.lanes().differing(axis, Side::Actual, *lane);
        let in_sight = differing.within(&stage.scale, Side::Actual, from, to);
        near += in_sight.len();
        if near > MOST_NEAR {
            return;
        }
        let rows = in_sight.iter().filter_map(|&event| pair.rows().row_of(Side::Actual, event));
        seen.extend(rows.filter(|&row| pair.rows().kind(row).inverted));
    }
    seen.sort_unstable();
    seen.dedup();
    // Some of them only would say that the others are in order.
    if seen.len() <= MOST_CROSSED {
        for row in seen {
            pair_of(painter, stage, lines, row, Stroke::new(1.5, theme::veil(stage.t.cause, 0.8)));
        }
    }
}

/// Messages, calls and named causes from lane to lane.
fn links(painter: &Painter, stage: &Stage<'_>, lines: &[(LaneLine, Rect)], side: Side) {
    let Some(events) = &stage.pair.analysis().sides[side] else { return };
    let (from, to) = stage.range_in_sight();
    let Some(range) = stage.scale.events_within(side, from, to) else { return };
    let all = &events.trace.links;
    let (start, end) = (all.partition_point(|l| l.to < range.0), all.partition_point(|l| l.to <= range.1));
    let near: &[Link] = &all[start..end];
    if near.len() > MOST_LINKS {
        return;
    }
    let colour = if side == Side::Expected { stage.t.expected } else { stage.t.actual };
    let selected = stage.pair.selected_event();
    let clip = painter.with_clip_rect(painter.clip_rect().intersect(stage.canvas(side)));
    for link in near {
        let ends = (place(stage, lines, side, link.from), place(stage, lines, side, link.to));
        let (Some(from), Some(to)) = ends else { continue };
        if (from.y - to.y).abs() < 1.0 {
            continue;
        }
        let own = selected == Some((side, link.from)) || selected == Some((side, link.to));
        curve(
            &clip,
            from,
            to,
            Stroke::new(if own { 1.5 } else { 1.0 }, theme::veil(colour, if own { 1.0 } else { 0.35 })),
        );
    }
}

fn curve(painter: &Painter, from: Pos2, to: Pos2, stroke: Stroke) {
    let bend = ((to.x - from.x) * 0.5).max(12.0);
    let points = [from, from + egui::vec2(bend, 0.0), to - egui::vec2(bend, 0.0), to];
    painter.add(Shape::CubicBezier(CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke)));
    painter.circle_filled(to, 2.0, stroke.color);
}
