//! A strip of too many events to be seen one by one: how many there are in each column, and which columns differ. Columns that
//! are equally high are drawn as one, so that what is drawn is bounded by what can be told apart.

use egui::emath::GuiRounding as _;
use egui::{Color32, Mesh, Painter, Rect, Shape, pos2};

use super::heights::Column;
use super::marks::{Strip, ink};
use crate::ui::theme;

/// Width of a column, about.
const COLUMN: f32 = 2.0;
/// The least height of a column, of one that differs, and the least width of a difference.
const LEAST: f32 = 2.0;
const DIFFERS: f32 = 4.0;
/// The least width of the mark of what was found, and its height.
const FOUND: f32 = 4.0;
const FOUND_HEIGHT: f32 = 3.0;

impl Strip<'_> {
    /// Draws its columns.
    pub(super) fn skyline(&self, painter: &Painter) {
        let (stage, t) = (self.stage, self.stage.t);
        let wanted = stage.per_point() * f64::from(COLUMN);
        let (columns, width) = stage.heights.columns(stage, self.side, self.lane, wanted);
        // A difference is never lost to rounding.
        let most = columns.iter().map(|(_, column)| column.number.max(column.differing)).max().unwrap_or(0);
        let most = (most.max(1) as f32).ln_1p();
        let x = |column: i64| stage.at(self.side, column as f64 * width);
        let top = |number: u32, least: f32| {
            let share = (number as f32).ln_1p() / most;
            (self.y.max - (self.y.span() * share).max(least)).round_to_pixels(painter.pixels_per_point())
        };
        let mut mesh = Mesh::default();
        let mut all = Runs::new(self.y.max, 0.0, theme::mix(t.bg, ink(t, self.side, false), 0.7));
        let mut known = (0, 0.0);
        for (column, Column { number, differing, .. }) in columns.iter() {
            let number = number.max(differing);
            if number != known.0 {
                known = (number, top(number, LEAST));
            }
            if number > 0 {
                all.add(&mut mesh, (x(column), x(column + 1)), known.1);
            }
        }
        all.end(&mut mesh);
        let mut differing = Runs::new(self.y.max, LEAST, ink(t, self.side, true));
        for (column, of) in columns.iter().filter(|(_, of)| of.differing > 0) {
            differing.add(&mut mesh, (x(column), x(column + 1)), top(of.differing, DIFFERS));
        }
        differing.end(&mut mesh);
        let hits = stage.hits.strip(stage, self.side, self.lane, &columns, width);
        for column in columns.range().filter(|&column| hits.any(column)) {
            let (left, low) = (x(column), self.y.max + 1.0);
            let right = x(column + 1).max(left + FOUND);
            let below = Rect::from_min_max(pos2(left, low), pos2(right, low + FOUND_HEIGHT));
            mesh.add_colored_rect(below, t.warn);
        }
        painter.add(Shape::mesh(mesh));
    }
}

/// Columns of one colour, neighbours of one height put together.
struct Runs {
    bottom: f32,
    /// The least width of a run.
    least: f32,
    colour: Color32,
    run: Option<Rect>,
}

impl Runs {
    fn new(bottom: f32, least: f32, colour: Color32) -> Self {
        Self { bottom, least, colour, run: None }
    }

    /// The next column: from where to where, and its upper edge.
    #[expect(clippy::float_cmp, reason = "what is computed alike is the same")]
    fn add(&mut self, mesh: &mut Mesh, (left, right): (f32, f32), top: f32) {
        match &mut self.run {
            Some(run) if run.max.x == left && run.min.y == top => run.max.x = right,
            _ => {
                self.end(mesh);
                self.run = Some(Rect::from_min_max(pos2(left, top), pos2(right, self.bottom)));
            }
        }
    }

    /// Adds the last run.
    fn end(&mut self, mesh: &mut Mesh) {
        if let Some(mut run) = self.run.take() {
            run.max.x = run.max.x.max(run.min.x + self.least);
            mesh.add_colored_rect(run, self.colour);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_height_are_one_and_a_lone_one_is_wide_enough() {
        let mut mesh = Mesh::default();
        let mut runs = Runs::new(20.0, 2.0, Color32::RED);
        for (left, right, top) in [(0.0, 3.0, 10.0), (3.0, 6.0, 10.0), (6.0, 9.0, 8.0), (12.0, 12.5, 8.0)] {
            runs.add(&mut mesh, (left, right), top);
        }
        runs.end(&mut mesh);
        let rects: Vec<[f32; 4]> = mesh
            .vertices
            .chunks(4)
            .map(|corners| {
                let rect = Rect::from_points(&corners.iter().map(|corner| corner.pos).collect::<Vec<_>>());
                [rect.left(), rect.right(), rect.top(), rect.bottom()]
            })
            .collect();
        assert_eq!(rects, [[0.0, 6.0, 10.0, 20.0], [6.0, 9.0, 8.0, 20.0], [12.0, 14.0, 8.0, 20.0]]);
    }
}
