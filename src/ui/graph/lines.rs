//! The lines of a graph: ways as curves, their heads, outlines.

use egui::epaint::CubicBezierShape;
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2, vec2};

/// How a place or a way is drawn.
#[derive(Clone, Copy)]
pub struct Ink {
    /// The line.
    pub line: Color32,
    /// What is inside.
    pub fill: Color32,
    /// The line is dashed.
    pub dashed: bool,
    /// The width of the line.
    pub width: f32,
}

/// A way to the right.
pub fn forward(from: Rect, to: Rect, scale: f32) -> Vec<Pos2> {
    let (start, end) = (from.right_center(), to.left_center());
    let bend = ((end.x - start.x) * 0.5).max(24.0 * scale);
    flat([start, start + vec2(bend, 0.0), end - vec2(bend, 0.0), end])
}

/// A way over the top, back to the left or to what stands below.
pub fn bow(from: Rect, to: Rect, scale: f32) -> Vec<Pos2> {
    let (start, end) =
        (from.center_top() - vec2(from.width() * 0.2, 0.0), to.center_top() + vec2(to.width() * 0.2, 0.0));
    let lift = (44.0 * scale + (start.x - end.x).abs() * 0.06).min(90.0 * scale);
    let top = start.y.min(end.y) - lift;
    flat([start, pos2(start.x, top), pos2(end.x, top), end])
}

fn flat(points: [Pos2; 4]) -> Vec<Pos2> {
    CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, Stroke::NONE).flatten(Some(0.2))
}

/// Draws a line through points.
pub fn line(painter: &Painter, points: &[Pos2], ink: Ink) {
    let stroke = Stroke::new(ink.width, ink.line);
    if ink.dashed {
        painter.extend(Shape::dashed_line(points, stroke, 5.0, 4.0));
    } else {
        painter.add(Shape::line(points.to_vec(), stroke));
    }
}

/// The head of an arrow at the last of the points, so long.
pub fn head(painter: &Painter, points: &[Pos2], colour: Color32, long: f32) {
    let Some((&tip, &before)) = points.last().zip(points.iter().rev().nth(1)) else { return };
    let along = (tip - before).normalized();
    let across = vec2(-along.y, along.x);
    let head = vec![tip, tip - (along - across * 0.5) * long, tip - (along + across * 0.5) * long];
    painter.add(Shape::convex_polygon(head, colour, Stroke::NONE));
}

/// The outline of a place with corners of this radius.
pub fn outline(painter: &Painter, rect: Rect, r: f32, ink: Ink) {
    if !ink.dashed {
        painter.rect_stroke(rect, r, Stroke::new(ink.width, ink.line), StrokeKind::Inside);
        return;
    }
    let rect = rect.shrink(0.5);
    let mut points = Vec::new();
    let corners = [
        (rect.right_top() + vec2(-r, r), -90.0_f32),
        (rect.right_bottom() + vec2(-r, -r), 0.0),
        (rect.left_bottom() + vec2(r, -r), 90.0),
        (rect.left_top() + vec2(r, r), 180.0),
    ];
    for (centre, from) in corners {
        for step in 0..=4_u8 {
            let angle = (from + f32::from(step) * 22.5).to_radians();
            points.push(centre + vec2(angle.cos(), angle.sin()) * r);
        }
    }
    points.push(points[0]);
    painter.extend(Shape::dashed_line(&points, Stroke::new(ink.width, ink.line), 5.0, 4.0));
}

/// On which side of what broke first a place is: it points to the left for what calls it, to the right for what it calls. Filled
/// where the trouble had come.
pub fn pointer(painter: &Painter, at: Pos2, scale: f32, [left, filled]: [bool; 2], [colour, ground]: [Color32; 2]) {
    let to = if left { -scale } else { scale };
    painter.circle(at, 7.0 * scale, ground, Stroke::new(1.0, colour));
    let points = vec![at + vec2(4.5 * to, 0.0), at + vec2(-2.5 * to, -4.0 * scale), at + vec2(-2.5 * to, 4.0 * scale)];
    if filled {
        painter.add(Shape::convex_polygon(points, colour, Stroke::NONE));
    } else {
        painter.add(Shape::closed_line(points, Stroke::new(1.0, colour)));
    }
}
