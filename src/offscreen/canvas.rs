//! A window's inside without the window: drives egui with fixed input until it is settled, then paints.

use std::time::Duration;

use egui::{Context, Event, FullOutput, RawInput, Rect, Theme, Ui, Vec2, ViewportId};

use super::{Painter, Picture, vector};
use crate::ui;

/// How much time passes between two passes, in seconds: long enough that animations end after a few.
const STEP: f64 = 0.25;
/// Passes that are always made: the first one measures, the second one places.
const LEAST_PASSES: usize = 3;
/// Passes after which something that never settles (a spinner) is painted as it is.
const MOST_PASSES: usize = 32;
/// Like the graphics cards the window meets; the glyph atlas of a scale of 2 needs more than egui's careful default.
const TEXTURE_SIDE: usize = 8192;

/// A place to draw a user interface, with fixed time, size, scale, theme and fonts.
pub struct Canvas {
    context: Context,
    painter: Painter,
    size: Vec2,
    scale: f32,
    theme: Theme,
    passes: u32,
}

impl Canvas {
    /// A canvas of `size` points, with `scale` pixels a point.
    pub fn new(size: Vec2, scale: f32, theme: Theme) -> Self {
        let context = Context::default();
        ui::install(&context);
        context.set_theme(theme);
        Self { context, painter: Painter::default(), size, scale, theme, passes: 0 }
    }

    /// The context that everything is drawn in.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// One pass with these events, without painting. True when egui asks for another pass at once.
    pub fn pass(&mut self, events: Vec<Event>, draw: &mut dyn FnMut(&mut Ui)) -> bool {
        let output = self.run(events, draw);
        asks_again(&output)
    }

    /// One frame as a window makes it, short of the graphics card: a pass, and its shapes cut into triangles. Says how many
    /// shapes there were.
    pub fn frame(&mut self, events: Vec<Event>, draw: &mut dyn FnMut(&mut Ui)) -> usize {
        let output = self.run(events, draw);
        let shapes = output.shapes.len();
        let primitives = self.context.tessellate(output.shapes, output.pixels_per_point);
        std::hint::black_box(primitives);
        shapes
    }

    /// Draws until nothing changes any more; what is drawn then.
    fn settled(&mut self, draw: &mut dyn FnMut(&mut Ui)) -> FullOutput {
        let mut passes = 1;
        let mut output = self.run(Vec::new(), draw);
        while passes < LEAST_PASSES || (passes < MOST_PASSES && asks_again(&output)) {
            output = self.run(Vec::new(), draw);
            passes += 1;
        }
        output
    }

    /// The same as a drawing that stays sharp at every size: the text of an SVG file.
    pub fn svg(&mut self, draw: &mut dyn FnMut(&mut Ui)) -> String {
        let shapes = self.settled(draw).shapes;
        vector::svg(&shapes, self.size)
    }

    /// Draws until nothing changes any more, and paints that.
    pub fn picture(&mut self, draw: &mut dyn FnMut(&mut Ui)) -> Picture {
        let output = self.settled(draw);
        let primitives = self.context.tessellate(output.shapes, output.pixels_per_point);
        let ground = self.context.style_of(self.theme).visuals.panel_fill;
        let points = self.size / self.context.zoom_factor();
        self.painter.paint(&primitives, points, output.pixels_per_point, ground)
    }

    fn run(&mut self, events: Vec<Event>, draw: &mut dyn FnMut(&mut Ui)) -> FullOutput {
        let mut input = RawInput {
            // Larger text makes points larger, and so fewer of them.
            screen_rect: Some(Rect::from_min_size(egui::Pos2::ZERO, self.size / self.context.zoom_factor())),
            max_texture_side: Some(TEXTURE_SIDE),
            time: Some(f64::from(self.passes) * STEP),
            predicted_dt: STEP as f32,
            system_theme: Some(self.theme),
            focused: true,
            events,
            ..RawInput::default()
        };
        input.viewports.entry(ViewportId::ROOT).or_default().native_pixels_per_point = Some(self.scale);
        self.passes += 1;
        let mut output = self.context.run_ui(input, draw);
        self.painter.apply(&mut output.textures_delta);
        output
    }
}

fn asks_again(output: &FullOutput) -> bool {
    output.viewport_output.get(&ViewportId::ROOT).is_some_and(|v| v.repaint_delay == Duration::ZERO)
}

/// Draws `ui` until it is settled and paints it: `size` in points, `scale` pixels a point.
pub fn render(size: Vec2, scale: f32, theme: Theme, ui: &mut dyn FnMut(&mut Ui)) -> Picture {
    Canvas::new(size, scale, theme).picture(ui)
}

#[cfg(test)]
mod tests {
    use egui::{Color32, CornerRadius, Key, Modifiers, pos2, vec2};

    use super::*;

    fn sample(ui: &mut Ui) {
        ui.heading("Divergence");
        ui.label("task 1 expected, task 2 dequeued");
        ui.add(egui::ProgressBar::new(0.4));
        ui.painter().circle_filled(pos2(80.0, 80.0), 12.0, ui.visuals().warn_fg_color);
    }

    #[test]
    fn the_same_interface_is_the_same_picture() {
        let draw = || render(vec2(160.0, 100.0), 1.5, Theme::Dark, &mut sample);
        let picture = draw();
        assert_eq!((picture.width, picture.height), (240, 150));
        assert_eq!(picture, draw());
        let light = render(vec2(160.0, 100.0), 1.5, Theme::Light, &mut sample);
        assert_ne!(picture, light);
        assert!(light.rgba[0] > picture.rgba[0], "the light theme has the lighter ground");
    }

    #[test]
    fn a_rectangle_covers_its_pixels_at_every_scale() {
        for (scale, side) in [(1.0, 10), (1.5, 15), (2.0, 20)] {
            let picture = render(vec2(20.0, 20.0), scale, Theme::Dark, &mut |ui| {
                let rect = Rect::from_min_size(pos2(4.0, 4.0), vec2(10.0, 10.0));
                ui.painter().rect_filled(rect, CornerRadius::ZERO, Color32::GREEN);
            });
            let green = picture.rgba.as_chunks::<4>().0.iter().filter(|p| **p == [0, 255, 0, 255]).count();
            assert_eq!(green, side * side, "at scale {scale}");
        }
    }

    #[test]
    fn text_leaves_ink_between_paper_and_colour() {
        let picture = render(vec2(60.0, 20.0), 1.0, Theme::Light, &mut |ui| {
            ui.painter().rect_filled(ui.max_rect(), CornerRadius::ZERO, Color32::WHITE);
            let font = egui::FontId::proportional(14.0);
            ui.painter().text(pos2(2.0, 2.0), egui::Align2::LEFT_TOP, "llll", font, Color32::BLACK);
        });
        let greys: Vec<u8> = picture.rgba.as_chunks::<4>().0.iter().map(|p| p[0]).collect();
        assert!(greys.iter().any(|&g| g < 90), "stems are dark");
        assert!(greys.iter().any(|&g| (100..240).contains(&g)), "edges are smooth");
        assert!(greys.iter().filter(|&&g| g > 250).count() > greys.len() / 2, "paper stays paper");
    }

    #[test]
    fn events_reach_the_interface() {
        let mut canvas = Canvas::new(vec2(50.0, 50.0), 1.0, Theme::Dark);
        let press =
            Event::Key { key: Key::N, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE };
        let mut seen = false;
        canvas.pass(vec![press], &mut |ui| seen |= ui.input(|i| i.key_pressed(Key::N)));
        assert!(seen);
    }

    #[test]
    fn what_never_settles_is_painted_all_the_same() {
        let mut passes = 0;
        render(vec2(40.0, 40.0), 1.0, Theme::Dark, &mut |ui| {
            passes += 1;
            ui.ctx().request_repaint();
        });
        assert!(passes >= MOST_PASSES, "{passes}");
    }
}
