//! The picture of a graph that is exported: all of it, with its title and its key, however large it is.

use egui::Theme;

use super::Canvas;
use crate::app::graph::GraphPicture;
use crate::ui;

/// Pixels of a picture at most: 160 MB of memory.
const MOST_PIXELS: f32 = 40_000_000.0;
/// Pixels a point, the sharpest that fits.
const SCALES: [f32; 3] = [2.0, 1.0, 0.5];

/// Draws a graph into the bytes of a PNG or an SVG file.
///
/// # Errors
/// When it is too large for pixels, as a sentence that says what to do.
pub fn graph_picture(picture: &GraphPicture) -> Result<Vec<u8>, String> {
    let size = ui::graph::picture_size(picture);
    let theme = if picture.dark { Theme::Dark } else { Theme::Light };
    let mut draw = |ui: &mut egui::Ui| ui::graph::picture(ui, picture);
    if picture.vector {
        return Ok(Canvas::new(size, 1.0, theme).svg(&mut draw).into_bytes());
    }
    let scale = SCALES.into_iter().find(|scale| size.x * size.y * scale * scale <= MOST_PIXELS);
    let scale = scale.ok_or("The graph is too large for a picture of pixels. Export it as .svg.")?;
    let drawn = Canvas::new(size, scale, theme).picture(&mut draw);
    drawn.png().map_err(|error| format!("The picture cannot be made ({error}). Export it as .svg."))
}
