//! What lasts on a lane, as bars: one by one with round corners where there is room, else all of a strip as one mesh, which
//! costs a tenth.

use egui::emath::GuiRounding as _;
use egui::{Color32, Mesh, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2};

use super::marks::{ROOM, Strip, ink};
use crate::ui::theme;

/// Bars that begin before what is in sight and last into it; of more nothing would be seen.
const BEFORE: usize = 64;
/// Points that a bar needs on average to be drawn by itself.
const BY_ITSELF: f32 = 56.0;
/// The radius of its corners, and how much is cut off those of a bar in a mesh, outside and inside of its edge.
const RADIUS: f32 = 3.0;
const CUT: [f32; 2] = [2.0, 1.0];
/// A bar is at least so wide; one that is hardly wider is nothing but edge.
const LEAST: f32 = 2.0;
const ONLY_EDGE: f32 = 2.5;

impl Strip<'_> {
    /// What lasts by what its events are called, from the first to the last.
    pub(super) fn bars(&self, painter: &Painter) {
        let stage = self.stage;
        let bars = stage.pair.lanes().extents(self.side, self.lane);
        let (from, to) = stage.range_in_sight();
        let before = stage.pair.lanes().extents_to(&stage.scale, self.side, self.lane, from, BEFORE);
        let end = bars.partition_point(|&(first, _)| self.x(first) <= to);
        let begin = bars.partition_point(|&(first, _)| self.x(first) < from);
        let all = before.iter().chain(self.few(bars, begin, end));
        let ends = all.map(|&(first, last)| (stage.of(self.side, first), stage.of(self.side, last)));
        self.paint(painter, &ends.collect::<Vec<_>>());
    }

    /// Events that last by themselves, from their marks on.
    pub(super) fn spans(&self, painter: &Painter) {
        let stage = self.stage;
        if !stage.scale.has_ends(self.side) {
            return;
        }
        let list = stage.pair.lanes().events(stage.scale.axis(), self.side, self.lane).events;
        let (from, to) = stage.range_in_sight();
        let before = stage.pair.lanes().lasting_to(&stage.scale, self.side, self.lane, from, BEFORE);
        let end = list.partition_point(|&event| self.x(event) <= to);
        let begin = list.partition_point(|&event| self.x(event) < from);
        let all = before.iter().chain(self.few(list, begin, end)).copied();
        let ends = all.filter_map(|event| {
            let end = stage.scale.end(self.side, event)?;
            Some((stage.of(self.side, event), stage.at(self.side, end)))
        });
        self.paint(painter, &ends.collect::<Vec<_>>());
    }

    /// This part of a list, if it is short enough to be seen one by one.
    fn few<'l, T>(&self, list: &'l [T], begin: usize, end: usize) -> &'l [T] {
        let few = end.saturating_sub(begin) as f32 <= self.stage.width() / ROOM;
        list.get(begin..end).filter(|_| few).unwrap_or_default()
    }

    /// Paints bars from here to there.
    fn paint(&self, painter: &Painter, ends: &[(f32, f32)]) {
        let colour = ink(self.stage.t, self.side, false);
        let (fill, edge) = (theme::veil(colour, 0.18), theme::veil(colour, 0.6));
        let canvas = self.stage.canvas(self.side).left();
        let bars = ends.iter().filter_map(|&(left, right)| {
            let right = right.max(left + LEAST);
            let bar = Rect::from_min_max(pos2(left, self.y.min + 2.0), pos2(right, self.y.max - 2.0));
            (right >= canvas).then_some(bar)
        });
        if ends.len() as f32 <= self.stage.width() / BY_ITSELF {
            for bar in bars {
                painter.rect_filled(bar, RADIUS, fill);
                painter.rect_stroke(bar, RADIUS, Stroke::new(1.0, edge), StrokeKind::Inside);
            }
            return;
        }
        let mut mesh = Mesh::default();
        for bar in bars {
            add(&mut mesh, bar.round_to_pixels(painter.pixels_per_point()), fill, fill.blend(edge));
        }
        painter.add(Shape::mesh(mesh));
    }
}

/// The corners of a bar, each of them cut off.
fn corners(bar: Rect, cut: f32) -> [Pos2; 8] {
    let cut = cut.min(bar.width() / 4.0);
    let (left, right, top, bottom) = (bar.left(), bar.right(), bar.top(), bar.bottom());
    [
        pos2(left + cut, top),
        pos2(right - cut, top),
        pos2(right, top + cut),
        pos2(right, bottom - cut),
        pos2(right - cut, bottom),
        pos2(left + cut, bottom),
        pos2(left, bottom - cut),
        pos2(left, top + cut),
    ]
}

/// Adds a bar: an edge a point wide, and what it holds.
fn add(mesh: &mut Mesh, bar: Rect, fill: Color32, edge: Color32) {
    if bar.width() <= ONLY_EDGE {
        mesh.add_colored_rect(bar, edge);
        return;
    }
    let first = mesh.vertices.len() as u32;
    let [outside, inside] = [corners(bar, CUT[0]), corners(bar.shrink(1.0), CUT[1])];
    for (points, colour) in [(outside, edge), (inside, edge), (inside, fill)] {
        for point in points {
            mesh.colored_vertex(point, colour);
        }
    }
    for at in 0..8 {
        let next = (at + 1) % 8;
        mesh.add_triangle(first + at, first + next, first + 8 + at);
        mesh.add_triangle(first + next, first + 8 + next, first + 8 + at);
    }
    for at in 1..7 {
        mesh.add_triangle(first + 16, first + 16 + at, first + 17 + at);
    }
}
