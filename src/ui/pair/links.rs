//! Links across the line between the sides: where an event stands on the other side of one that it overtook.

use egui::epaint::CubicBezierShape;
use egui::{Color32, Painter, Rect, Stroke, pos2};

use super::columns::Columns;
use crate::app::pair::{LINE_HEIGHT, Pair};
use crate::compare::DivergenceType;
use crate::trace::{LaneId, Side};
use crate::ui::theme::Tokens;

/// So many causes are linked; more would be a tangle.
const MOST_CAUSES: usize = 16;
/// So many rows upwards the overtaken one is looked for.
const REACH: u32 = 256;

/// An event that overtook another: the rows of both.
struct Crossing {
    /// The row of the event that came too early.
    early: u32,
    /// The row of the event that it overtook.
    overtaken: u32,
    strong: bool,
}

/// Draws the crossings of the inversions among the causes, and of the row that is selected or under the pointer.
pub fn show(painter: &Painter, pair: &Pair, columns: &Columns, table: Rect, t: &Tokens) {
    // What overtook what is seen in recorded order only.
    if pair.lines().sorted().is_some() {
        return;
    }
    let causes = &pair.analysis().comparison.causes;
    let mut rows: Vec<(u32, &[LaneId], bool)> = causes
        .iter()
        .enumerate()
        .take(MOST_CAUSES)
        .filter(|(_, cause)| cause.kind == DivergenceType::OrderInversion)
        .map(|(place, cause)| (cause.row, cause.lanes.as_slice(), place == 0))
        .collect();
    let looked_at = pair.selection().map(|selection| selection.row).into_iter().chain(pair.hovered_row());
    for row in looked_at {
        if pair.rows().get(row).inverted && !rows.iter().any(|(known, ..)| *known == row) {
            rows.push((row, &[], false));
        }
    }
    let y = |row| table.top() + pair.scroller().y_of(pair.lines().line_of(row)) + LINE_HEIGHT / 2.0;
    for (row, lanes, strong) in rows {
        let Some(overtaken) = overtaken(pair, row, lanes) else { continue };
        let crossing = Crossing { early: row, overtaken, strong };
        let (upper, lower) = (y(crossing.overtaken), y(crossing.early));
        if lower < table.top() || upper > table.bottom() {
            continue;
        }
        draw(painter, pair, columns, &crossing, (upper, lower), t.cause);
    }
}

fn draw(
    painter: &Painter,
    pair: &Pair,
    columns: &Columns,
    crossing: &Crossing,
    (upper, lower): (f32, f32),
    colour: Color32,
) {
    let room = columns.spine_room - 6.0;
    let (left, right) = (columns.spine - room, columns.spine + room);
    let curve = |from: f32, to: f32, width: f32| {
        let (a, b) = (pos2(left, from), pos2(right, to));
        let control = [a, pos2(columns.spine, a.y), pos2(columns.spine, b.y), b];
        painter.add(CubicBezierShape::from_points_stroke(
            control,
            false,
            Color32::TRANSPARENT,
            Stroke::new(width, colour),
        ));
        for end in [a, b] {
            painter.circle_filled(end, 2.5, colour);
        }
    };
    curve(lower, upper, if crossing.strong { 2.0 } else { 1.2 });
    // What was overtaken comes later on the other side, if it still came.
    if pair.rows().get(crossing.overtaken).actual.is_some() {
        curve(upper, lower, 1.2);
    }
}

/// The first row above that shares a lane with `row` and comes after it in actual: what was overtaken.
fn overtaken(pair: &Pair, row: u32, lanes: &[LaneId]) -> Option<u32> {
    let cells = pair.rows().get(row);
    let (expected, actual) = (cells.expected?, cells.actual?);
    let sides = &pair.analysis().sides;
    let of =
        |side: Side, event| sides[side].as_ref().map(|events| events.trace.events.lanes_of(event)).unwrap_or_default();
    let all = of(Side::Actual, actual);
    let lanes = if lanes.is_empty() { &*all } else { lanes };
    (row.saturating_sub(REACH)..row).find(|&above| {
        let other = pair.rows().get(above);
        let Some(event) = other.expected.filter(|&event| event < expected) else { return false };
        let later = other.actual.map_or(other.unrecorded, |event| event > actual);
        later && of(Side::Expected, event).iter().any(|lane| lanes.contains(lane))
    })
}
