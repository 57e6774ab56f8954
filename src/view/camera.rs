//! Which part of a drawing is in sight, and how large: all of it until a person looks nearer, and then what they look at, however
//! the room around it changes.

use serde::{Deserialize, Serialize};

/// Room around a drawing that is seen whole: at its sides, and above and below, where ways lead around places.
const MARGIN: [f32; 2] = [32.0, 56.0];
/// It is at most so much of the room, at each side.
const LITTLE: f32 = 0.12;
/// A drawing that is seen whole is at most so much larger than it was laid out.
const WHOLE: f32 = 1.15;
/// Nothing is seen larger.
const NEAREST: f32 = 2.5;
/// What was saved is seen no smaller, whatever stands in a file.
const FARTHEST: f32 = 0.01;
/// What was looked for is at least so large.
const FOCUSED: f32 = 1.0;
/// What is brought into sight has so much room to the edge.
const EDGE: f32 = 24.0;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Near {
    /// The point of the drawing in the middle of the room.
    pub middle: [f32; 2],
    /// Points of the room for each of the drawing.
    pub scale: f32,
}

/// A look at a drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    room: [f32; 2],
    near: Option<Near>,
}

impl Default for Camera {
    fn default() -> Self {
        Self { room: [960.0, 600.0], near: None }
    }
}

impl Camera {
    /// True as long as all of the drawing is in sight.
    pub const fn is_whole(&self) -> bool {
        self.near.is_none()
    }

    /// Width and height of the room that it is seen in.
    pub const fn room(&self) -> [f32; 2] {
        self.room
    }

    /// The drawing has this much room from now on.
    pub const fn resize(&mut self, room: [f32; 2]) {
        self.room = room;
    }

    /// Points of the room for each of a drawing of this size.
    pub fn scale(&self, drawn: [f32; 2]) -> f32 {
        self.look(drawn).scale
    }

    /// Where the corner of a drawing of this size stands, from that of the room.
    pub fn origin(&self, drawn: [f32; 2]) -> [f32; 2] {
        let Near { middle, scale } = self.look(drawn);
        [0, 1].map(|axis| self.room[axis] / 2.0 - middle[axis] * scale)
    }

    fn look(&self, drawn: [f32; 2]) -> Near {
        self.near.unwrap_or_else(|| Near { middle: drawn.map(|size| size / 2.0), scale: self.whole(drawn) })
    }

    /// The scale at which all of a drawing is in sight.
    fn whole(&self, drawn: [f32; 2]) -> f32 {
        // In a low room the margin is not most of it.
        let margin = [0, 1].map(|axis| MARGIN[axis].min(self.room[axis] * LITTLE));
        let fits = [0, 1].map(|axis| (self.room[axis] - margin[axis] * 2.0).max(1.0) / drawn[axis].max(1.0));
        fits[0].min(fits[1]).min(WHOLE)
    }

    /// The point in the middle and how large it is drawn, where not all of it is in sight.
    pub const fn near(&self) -> Option<Near> {
        self.near
    }

    /// Shows a point of a drawing of this size in the middle, drawn this large; without one all of it.
    pub fn set_near(&mut self, drawn: [f32; 2], near: Option<Near>) {
        let near = near.filter(|near| near.middle.iter().all(|at| at.is_finite()) && near.scale > 0.0);
        self.near = near.map(|Near { middle, scale }| Near {
            middle: inside(middle, drawn),
            scale: scale.clamp(FARTHEST, NEAREST),
        });
    }

    /// Shows all of it.
    pub const fn fit(&mut self) {
        self.near = None;
    }

    /// Shows it `by` times as large; what stands at a place of the room, as shares of it, stays there.
    pub fn zoom(&mut self, drawn: [f32; 2], at: [f32; 2], by: f32) {
        let before = self.look(drawn);
        let least = self.whole(drawn).min(FOCUSED);
        let scale = (before.scale * by).clamp(least, NEAREST);
        if scale <= least && self.whole(drawn) <= FOCUSED {
            return self.fit();
        }
        let away = [0, 1].map(|axis| (at[axis] - 0.5) * self.room[axis]);
        let middle = [0, 1].map(|axis| before.middle[axis] + away[axis] * (1.0 / before.scale - 1.0 / scale));
        self.near = Some(Near { middle: inside(middle, drawn), scale });
    }

    /// Moves what is in sight by points of the room: what is further to the right and below when positive.
    pub fn pan(&mut self, drawn: [f32; 2], by: [f32; 2]) {
        let Near { middle, scale } = self.look(drawn);
        let middle = [0, 1].map(|axis| middle[axis] + by[axis] / scale);
        self.near = Some(Near { middle: inside(middle, drawn), scale });
    }

    /// Brings a place of the drawing to the middle, large enough to be read.
    pub fn focus(&mut self, drawn: [f32; 2], at: [f32; 2]) {
        let scale = self.look(drawn).scale.max(FOCUSED);
        self.near = Some(Near { middle: at, scale });
    }

    /// Brings a place, of this size, into sight where it is not.
    pub fn reveal(&mut self, drawn: [f32; 2], at: [f32; 2], size: [f32; 2]) {
        let Some(Near { mut middle, scale }) = self.near else { return };
        for axis in [0, 1] {
            let reach = (self.room[axis] / 2.0 - EDGE) / scale - size[axis] / 2.0;
            middle[axis] = if reach <= 0.0 { at[axis] } else { middle[axis].clamp(at[axis] - reach, at[axis] + reach) };
        }
        self.near = Some(Near { middle: inside(middle, drawn), scale });
    }
}

/// The middle of the room is always a point of the drawing.
fn inside(middle: [f32; 2], drawn: [f32; 2]) -> [f32; 2] {
    [0, 1].map(|axis| middle[axis].clamp(0.0, drawn[axis].max(0.0)))
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "whole numbers, which are exact")]
mod tests {
    use super::*;

    const DRAWN: [f32; 2] = [2000.0, 1000.0];

    fn camera() -> Camera {
        let mut camera = Camera::default();
        camera.resize([1064.0, 712.0]);
        camera
    }

    /// Where a point of the drawing is seen.
    fn seen(camera: &Camera, at: [f32; 2]) -> [f32; 2] {
        let (origin, scale) = (camera.origin(DRAWN), camera.scale(DRAWN));
        [0, 1].map(|axis| origin[axis] + at[axis] * scale)
    }

    #[test]
    fn all_is_in_sight_until_a_person_looks_nearer() {
        let mut camera = camera();
        assert!((camera.scale(DRAWN) - 0.5).abs() < 1e-6 && camera.is_whole());
        assert_eq!((seen(&camera, [0.0, 0.0]), seen(&camera, DRAWN)), ([32.0, 106.0], [1032.0, 606.0]));
        assert!((camera.scale([200.0, 100.0]) - WHOLE).abs() < 1e-6, "a small one is not blown up");
        camera.zoom(DRAWN, [0.5, 0.5], 0.5);
        assert!(camera.is_whole(), "there is nothing around it");
        camera.zoom(DRAWN, [0.5, 0.5], 4.0);
        assert!(!camera.is_whole() && (camera.scale(DRAWN) - 2.0).abs() < 1e-6);
        camera.zoom(DRAWN, [0.5, 0.5], 100.0);
        assert!((camera.scale(DRAWN) - NEAREST).abs() < 1e-6);
        camera.zoom(DRAWN, [0.5, 0.5], 0.01);
        assert_eq!(camera, super::tests::camera());
    }

    #[test]
    fn what_is_under_the_pointer_stays_there() {
        let mut camera = camera();
        let point = [500.0, 750.0];
        let before = seen(&camera, point);
        camera.zoom(DRAWN, [before[0] / 1064.0, before[1] / 712.0], 1.7);
        let after = seen(&camera, point);
        assert!((0..2).all(|axis| (before[axis] - after[axis]).abs() < 0.01), "{before:?} {after:?}");
        camera.pan(DRAWN, [40.0, -10.0]);
        let moved = seen(&camera, point);
        assert!((moved[0] - after[0] + 40.0).abs() < 0.01 && (moved[1] - after[1] - 10.0).abs() < 0.01, "{moved:?}");
        camera.pan(DRAWN, [1e9, 1e9]);
        assert_eq!(seen(&camera, DRAWN), [532.0, 356.0], "the drawing is never lost");
    }

    #[test]
    fn a_place_is_brought_to_the_middle_or_just_into_sight() {
        let mut camera = camera();
        camera.reveal(DRAWN, [1990.0, 990.0], [176.0, 56.0]);
        assert!(camera.is_whole(), "it was in sight");
        camera.focus(DRAWN, [100.0, 100.0]);
        assert_eq!((seen(&camera, [100.0, 100.0]), camera.scale(DRAWN)), ([532.0, 356.0], 1.0));
        camera.reveal(DRAWN, [200.0, 100.0], [176.0, 56.0]);
        assert_eq!(seen(&camera, [100.0, 100.0]), [532.0, 356.0], "it was in sight");
        camera.reveal(DRAWN, [1200.0, 100.0], [176.0, 56.0]);
        assert_eq!(seen(&camera, [1200.0, 100.0]), [1064.0 - 24.0 - 88.0, 356.0]);
    }
}
