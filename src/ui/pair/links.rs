//! Links across the line between the sides: where one event stands in another order on the other side.

use egui::epaint::CubicBezierShape;
use egui::{Painter, Rect, Stroke, pos2};

use super::columns::Columns;
use crate::app::pair::{LINE_HEIGHT, Pair};
use crate::compare::DivergenceType;
use crate::trace::{EventIndex, Side};
use crate::ui::theme::Tokens;

/// So many causes are linked; more would be a tangle.
const MOST: usize = 32;

/// Draws the links of the inversions whose ends are in sight, or around it.
pub fn show(painter: &Painter, pair: &Pair, columns: &Columns, table: Rect, t: &Tokens) {
    let causes = &pair.analysis().comparison.causes;
    let selected = pair.selection().map(|selection| selection.row);
    for (place, cause) in causes.iter().enumerate().take(MOST) {
        let (DivergenceType::OrderInversion, Some(other)) = (cause.kind, cause.other) else { continue };
        let (expected, actual) = match cause.side {
            Side::Expected => (cause.index, other),
            Side::Actual => (other, cause.index),
        };
        let ends = [(Side::Expected, expected), (Side::Actual, actual)];
        let Some([left, right]) = rows_of(pair, ends) else { continue };
        if left == right {
            continue;
        }
        let strong = place == 0 || selected == Some(left) || selected == Some(right);
        let y = |row| table.top() + pair.scroller().y_of(pair.folding().line_of(row)) + LINE_HEIGHT / 2.0;
        let (from, to) = (
            pos2(columns.spine - columns.spine_room + 6.0, y(left)),
            pos2(columns.spine + columns.spine_room - 6.0, y(right)),
        );
        if from.y.max(to.y) < table.top() || from.y.min(to.y) > table.bottom() {
            continue;
        }
        let colour = t.cause;
        let stroke = Stroke::new(if strong { 1.5 } else { 1.0 }, colour);
        let control = [from, pos2(to.x, from.y), pos2(from.x, to.y), to];
        painter.add(CubicBezierShape::from_points_stroke(control, false, egui::Color32::TRANSPARENT, stroke));
        for end in [from, to] {
            painter.circle_filled(end, 2.5, colour);
        }
    }
}

fn rows_of(pair: &Pair, ends: [(Side, EventIndex); 2]) -> Option<[u32; 2]> {
    let row = |(side, event)| pair.rows().row_of(side, event);
    Some([row(ends[0])?, row(ends[1])?])
}
