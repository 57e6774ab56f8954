//! How lines are drawn: the expected run broad, the actual one fine over it, what was wanted dashed. Where a column of pixels
//! has many samples it is a bar from the least to the largest of them, all bars in one mesh.

use std::ops::RangeInclusive;

use egui::{Color32, Mesh, Painter, Pos2, Rangef, Rect, Shape, Stroke, Ui};
use egui_plot::{
    Line, LineStyle, PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotPoint, PlotPoints, PlotTransform, PlotUi,
    Points,
};

use super::field::Across;
use crate::app::control::Look;
use crate::ui::theme::Tokens;
use crate::view::{Drawn, Reach};

/// A bar is at least so high.
const LEAST: f32 = 1.5;
/// A dashed line has at most so many points; longer ones are drawn fine instead.
const DASHES: usize = 600;
/// How long a dash is, in points.
const DASH: f32 = 5.0;

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
    let stroke = Stroke::new(breadth(look), colour);
    if look == Look::Wanted {
        painter.extend(Shape::dashed_line(&line, stroke, DASH, DASH));
    } else {
        painter.line_segment(line, stroke);
    }
}

/// Adds a line to a field.
pub fn add(plot: &mut PlotUi<'_>, drawn: Drawn, look: Look, colour: Color32, across: Across) {
    match drawn {
        Drawn::Lines(lines) => {
            for line in lines {
                let points: Vec<PlotPoint> = line.iter().map(|[time, value]| PlotPoint::new(*time, *value)).collect();
                let (alone, short) = (points.len() == 1, points.len() <= DASHES);
                let points = PlotPoints::Owned(points);
                if alone {
                    let dot = Points::new("", points).color(colour).radius(breadth(look) * 0.9);
                    plot.points(dot.allow_hover(false));
                    continue;
                }
                let dashed = look == Look::Wanted && short;
                let style = if dashed { LineStyle::Dashed { length: DASH } } else { LineStyle::Solid };
                // As a band a steep line would get as thin as it is wide.
                let line = Line::new("", points).stroke(Stroke::new(breadth(look), colour)).style(style);
                plot.line(line.allow_band(false).allow_hover(false));
            }
        }
        Drawn::Reaches(reaches) => {
            plot.add(Bars { base: PlotItemBase::new(String::new()), reaches, across, look, colour });
        }
    }
}

/// What many samples a pixel look like: no plot's own item has a bar from the least to the largest of each column in one mesh.
struct Bars {
    base: PlotItemBase,
    reaches: Vec<Reach>,
    across: Across,
    look: Look,
    colour: Color32,
}

impl PlotItem for Bars {
    fn shapes(&self, _: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let mut mesh = Mesh::default();
        let Across { times, columns } = self.across;
        let [left, right] = times.map(|time| transform.position_from_point_x(time));
        let width = (right - left) / columns as f32;
        let room = breadth(self.look).max(LEAST);
        for reach in &self.reaches {
            for (at, [low, high]) in reach.columns.iter().enumerate() {
                let from = left + width * (reach.first + at) as f32;
                let (top, bottom) = (transform.position_from_point_y(*high), transform.position_from_point_y(*low));
                let more = ((room - (bottom - top)) / 2.0).max(0.0);
                let rect =
                    Rect::from_x_y_ranges(Rangef::new(from, from + width), Rangef::new(top - more, bottom + more));
                mesh.add_colored_rect(rect, self.colour);
            }
        }
        shapes.push(Shape::mesh(mesh));
    }

    fn initialize(&mut self, _: RangeInclusive<f64>) {}

    fn color(&self) -> Color32 {
        self.colour
    }

    fn allow_hover(&self) -> bool {
        false
    }

    fn geometry(&self) -> PlotGeometry<'_> {
        PlotGeometry::None
    }

    fn bounds(&self) -> PlotBounds {
        PlotBounds::NOTHING
    }

    fn base(&self) -> &PlotItemBase {
        &self.base
    }

    fn base_mut(&mut self) -> &mut PlotItemBase {
        &mut self.base
    }
}
