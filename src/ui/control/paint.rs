//! How lines are drawn: the expected run broad, the actual one fine over it, what was wanted dashed. Where a column of pixels
//! has many samples it is a bar from the least to the largest of them, all bars in one mesh.

use egui::{Color32, Mesh, Painter, Pos2, Rangef, Rect, Shape, Stroke, pos2};

use crate::app::control::Look;
use crate::ui::theme::Tokens;
use crate::view::Drawn;

/// A bar is at least so high.
const LEAST: f32 = 1.5;
/// A dashed line has at most so many points; longer ones are drawn fine instead.
const DASHES: usize = 600;

/// The colour of a look.
pub const fn colour(look: Look, t: &Tokens) -> Color32 {
    match look {
        Look::Wanted => t.dim,
        Look::Expected => t.expected,
        Look::Actual => t.actual,
        Look::Between => t.cause,
    }
}

/// How broad its line is: where both runs are the same, both are seen.
const fn breadth(look: Look) -> f32 {
    match look {
        Look::Wanted => 1.0,
        Look::Expected => 2.8,
        Look::Actual => 1.4,
        Look::Between => 1.6,
    }
}

/// A short line as the legend shows it.
pub fn sample(painter: &Painter, line: [Pos2; 2], look: Look, colour: Color32) {
    stroke(painter, line.to_vec(), look, colour);
}

fn stroke(painter: &Painter, points: Vec<Pos2>, look: Look, colour: Color32) {
    let stroke = Stroke::new(breadth(look), colour);
    if let [alone] = points.as_slice() {
        painter.circle_filled(*alone, breadth(look) * 0.9, colour);
    } else if look == Look::Wanted && points.len() <= DASHES {
        painter.extend(Shape::dashed_line(&points, stroke, 5.0, 4.0));
    } else {
        painter.add(Shape::line(points, stroke));
    }
}

/// Draws a line of a plot. `x` says where a time stands, `y` where a value does; `columns` is where the columns begin and how
/// wide each is.
pub fn series(
    painter: &Painter,
    drawn: Drawn,
    look: Look,
    colour: Color32,
    x: impl Fn(f64) -> f32,
    y: impl Fn(f64) -> f32,
    columns: (f32, f32),
) {
    match drawn {
        Drawn::Lines(lines) => {
            for line in lines {
                stroke(painter, line.iter().map(|[time, value]| pos2(x(*time), y(*value))).collect(), look, colour);
            }
        }
        Drawn::Reaches(reaches) => {
            let mut mesh = Mesh::default();
            let (left, width) = columns;
            let room = breadth(look).max(LEAST);
            for reach in &reaches {
                for (at, [low, high]) in reach.columns.iter().enumerate() {
                    let from = left + width * (reach.first + at) as f32;
                    let (top, bottom) = (y(*high), y(*low));
                    let more = ((room - (bottom - top)) / 2.0).max(0.0);
                    let rect =
                        Rect::from_x_y_ranges(Rangef::new(from, from + width), Rangef::new(top - more, bottom + more));
                    mesh.add_colored_rect(rect, colour);
                }
            }
            painter.add(Shape::mesh(mesh));
        }
    }
}
