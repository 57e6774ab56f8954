//! What several tests need.

use dettrace::offscreen::{Painter, Picture};
use egui_kittest::TestRenderer;

/// Our own rasteriser as the renderer of the toolkit's test harness: no graphics card or driver.
#[derive(Default)]
pub struct Cpu(Painter);

impl TestRenderer for Cpu {
    fn handle_delta(&mut self, delta: &mut egui::TexturesDelta) {
        self.0.apply(delta);
    }

    fn render(&mut self, ctx: &egui::Context, output: &egui::FullOutput) -> Result<image::RgbaImage, String> {
        let scale = ctx.pixels_per_point();
        let primitives = ctx.tessellate(output.shapes.clone(), scale);
        let ground = ctx.global_style().visuals.panel_fill;
        let Picture { width, height, rgba } = self.0.paint(&primitives, ctx.content_rect().size(), scale, ground);
        image::RgbaImage::from_raw(width, height, rgba).ok_or_else(|| "a picture without its pixels".to_owned())
    }
}
