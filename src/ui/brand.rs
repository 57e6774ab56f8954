//! The sign of the house: two runs that go together until they part.

use egui::epaint::CubicBezierShape;
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

use super::theme::Tokens;

/// The small sign in the bar: one stem, two ways.
pub fn sign(painter: &Painter, rect: Rect, t: &Tokens) {
    let at = |x: f32, y: f32| rect.lerp_inside(vec2(x, y));
    let fork = at(0.42, 0.62);
    painter.line_segment([at(0.42, 0.08), fork], Stroke::new(2.0, t.dim));
    painter.line_segment([fork, at(0.12, 0.92)], Stroke::new(2.0, t.expected));
    painter.add(bezier([fork, at(0.55, 0.8), at(0.7, 0.88), at(0.95, 0.9)], 2.0, t.actual));
    painter.circle_filled(fork, 2.4, t.cause);
}

/// The wide drawing of the home page: expected above actual, equal up to the diamond.
pub fn parting(painter: &Painter, rect: Rect, t: &Tokens) {
    let y = rect.center().y;
    let (left, right) = (rect.left(), rect.right());
    let part = left + rect.width() * 0.38;
    let gap = 5.0;
    let faint = Stroke::new(1.5, t.faint);
    painter.line_segment([pos2(left, y - gap), pos2(part, y - gap)], faint);
    painter.line_segment([pos2(left, y + gap), pos2(part, y + gap)], faint);
    painter.line_segment([pos2(part, y - gap), pos2(right, y - gap)], Stroke::new(2.0, t.expected));
    let low = rect.bottom() - 6.0;
    let bend = part + rect.width() * 0.16;
    let way = [pos2(part, y + gap), pos2(part + 36.0, y + gap), pos2(bend - 36.0, low), pos2(bend, low)];
    painter.add(bezier(way, 2.0, t.actual));
    painter.line_segment([pos2(bend, low), pos2(right, low)], Stroke::new(2.0, t.actual));

    // Events are at the same places while both runs go together, and are not after that.
    let step = rect.width() / 26.0;
    for i in 1..26u8 {
        let x = left + f32::from(i) * step;
        if x < part - step * 0.5 {
            painter.circle_filled(pos2(x, y - gap), 2.0, t.faint);
            painter.circle_filled(pos2(x, y + gap), 2.0, t.faint);
        } else if x > part + step * 0.5 {
            painter.circle_filled(pos2(x, y - gap), 2.5, t.expected);
        }
    }
    for share in [0.58, 0.615, 0.70, 0.735, 0.77, 0.86, 0.97] {
        painter.circle_filled(pos2(left + rect.width() * share, low), 2.5, t.actual);
    }
    diamond(painter, pos2(part, y), 9.0, t.cause, t.bg);
}

fn diamond(painter: &Painter, centre: Pos2, radius: f32, fill: Color32, ground: Color32) {
    let corners =
        |r: f32| vec![centre - vec2(0.0, r), centre + vec2(r, 0.0), centre + vec2(0.0, r), centre - vec2(r, 0.0)];
    painter.add(Shape::convex_polygon(corners(radius + 4.0), ground, Stroke::NONE));
    painter.add(Shape::convex_polygon(corners(radius), fill, Stroke::NONE));
}

fn bezier(points: [Pos2; 4], width: f32, colour: Color32) -> CubicBezierShape {
    CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, Stroke::new(width, colour))
}
