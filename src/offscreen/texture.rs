//! Textures as the rasteriser samples them, kept up to date by egui's deltas.

use std::collections::HashMap;

use egui::epaint::ImageDelta;
use egui::{Color32, ImageData, Pos2, TextureFilter, TextureId, TextureOptions, TextureWrapMode, TexturesDelta};

/// A colour between 0 and 255 a channel, premultiplied, in gamma space.
pub type Rgba = [f32; 4];

/// One texture.
#[derive(Debug, Clone)]
pub struct Texture {
    width: usize,
    height: usize,
    texels: Vec<[u8; 4]>,
    options: TextureOptions,
}

impl Texture {
    fn new(delta: &ImageDelta) -> Self {
        let ImageData::Color(image) = &delta.image;
        Self {
            width: image.size[0],
            height: image.size[1],
            texels: image.pixels.iter().map(Color32::to_array).collect(),
            options: delta.options,
        }
    }

    /// Puts `delta` at `x`, `y`; what lies outside is left out.
    fn patch(&mut self, [x, y]: [usize; 2], delta: &ImageDelta) {
        let ImageData::Color(image) = &delta.image;
        let columns = image.size[0].min(self.width.saturating_sub(x));
        for row in 0..image.size[1].min(self.height.saturating_sub(y)) {
            let from = row * image.size[0];
            let to = (y + row) * self.width + x;
            for (texel, colour) in self.texels[to..to + columns].iter_mut().zip(&image.pixels[from..from + columns]) {
                *texel = colour.to_array();
            }
        }
        self.options = delta.options;
    }

    /// The colour at `uv`, where (0, 0) and (1, 1) are the corners.
    pub fn sample(&self, uv: Pos2) -> Rgba {
        if self.texels.is_empty() {
            return [0.0; 4];
        }
        let (x, y) = (uv.x * self.width as f32, uv.y * self.height as f32);
        match self.options.magnification {
            TextureFilter::Nearest => self.texel(x.floor() as i64, y.floor() as i64).map(f32::from),
            TextureFilter::Linear => {
                let (left, top) = ((x - 0.5).floor(), (y - 0.5).floor());
                let (right_share, bottom_share) = (x - 0.5 - left, y - 0.5 - top);
                let (left, top) = (left as i64, top as i64);
                let row = |y| mix(self.texel(left, y), self.texel(left + 1, y), right_share);
                let (upper, lower) = (row(top), row(top + 1));
                std::array::from_fn(|i| upper[i] + (lower[i] - upper[i]) * bottom_share)
            }
        }
    }

    fn texel(&self, x: i64, y: i64) -> [u8; 4] {
        let x = wrap(x, self.width as i64, self.options.wrap_mode);
        let y = wrap(y, self.height as i64, self.options.wrap_mode);
        self.texels[y * self.width + x]
    }
}

fn mix(from: [u8; 4], to: [u8; 4], share: f32) -> Rgba {
    std::array::from_fn(|i| f32::from(from[i]) + (f32::from(to[i]) - f32::from(from[i])) * share)
}

/// Brings a texel index into `0..len`.
fn wrap(index: i64, len: i64, mode: TextureWrapMode) -> usize {
    let inside = match mode {
        TextureWrapMode::ClampToEdge => index.clamp(0, len - 1),
        TextureWrapMode::Repeat => index.rem_euclid(len),
        TextureWrapMode::MirroredRepeat => {
            let twice = index.rem_euclid(2 * len);
            twice.min(2 * len - 1 - twice)
        }
    };
    inside as usize
}

/// All textures that egui has told of.
#[derive(Debug, Default)]
pub struct Textures {
    by_id: HashMap<TextureId, Texture>,
}

impl Textures {
    /// Takes in and empties a delta: new textures and patches now, frees at once, so paint before the next one.
    pub fn apply(&mut self, delta: &mut TexturesDelta) {
        let mut changed: Vec<_> = delta.set.drain().collect();
        changed.sort_unstable_by_key(|(id, _)| *id);
        for (id, parts) in changed {
            for part in &parts {
                match (part.pos, self.by_id.get_mut(&id)) {
                    (Some(at), Some(texture)) => texture.patch(at, part),
                    _ => {
                        self.by_id.insert(id, Texture::new(part));
                    }
                }
            }
        }
        self.by_id.retain(|id, _| !delta.free.contains(id));
        delta.clear();
    }

    /// The texture of a mesh, if egui told of it.
    pub fn get(&self, id: TextureId) -> Option<&Texture> {
        self.by_id.get(&id)
    }
}

#[cfg(test)]
mod tests {
    use egui::{ColorImage, pos2};

    use super::*;

    fn checker(options: TextureOptions) -> TexturesDelta {
        let mut delta = TexturesDelta::default();
        let image = ColorImage::new([2, 1], vec![Color32::BLACK, Color32::WHITE]);
        delta.push(TextureId::Managed(0), ImageDelta::full(image, options));
        delta
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "halves of small whole numbers are exact")]
    fn linear_mixes_and_nearest_does_not() {
        let mut textures = Textures::default();
        textures.apply(&mut checker(TextureOptions::LINEAR));
        let texture = textures.get(TextureId::Managed(0)).unwrap();
        assert_eq!(texture.sample(pos2(0.25, 0.5)), [0.0, 0.0, 0.0, 255.0]);
        assert_eq!(texture.sample(pos2(0.5, 0.5)), [127.5, 127.5, 127.5, 255.0]);
        assert_eq!(texture.sample(pos2(9.0, 0.5))[0], 255.0, "clamped to the edge");
        textures.apply(&mut checker(TextureOptions::NEAREST_REPEAT));
        let texture = textures.get(TextureId::Managed(0)).unwrap();
        assert_eq!(texture.sample(pos2(0.45, 0.5))[0], 0.0);
        assert_eq!(texture.sample(pos2(1.6, 0.5))[0], 255.0, "repeated");
        assert_eq!(wrap(2, 2, TextureWrapMode::MirroredRepeat), 1);
    }

    #[test]
    fn a_patch_changes_only_its_texels_and_a_free_forgets() {
        let mut textures = Textures::default();
        textures.apply(&mut checker(TextureOptions::NEAREST));
        let mut delta = TexturesDelta::default();
        let red = ColorImage::new([1, 1], vec![Color32::RED]);
        delta.push(TextureId::Managed(0), ImageDelta::partial([1, 0], red, TextureOptions::NEAREST));
        textures.apply(&mut delta);
        assert!(delta.is_empty(), "drained");
        let texture = textures.get(TextureId::Managed(0)).unwrap();
        assert_eq!(texture.texels, [[0, 0, 0, 255], [255, 0, 0, 255]]);
        let mut delta = TexturesDelta::default();
        delta.free(TextureId::Managed(0));
        textures.apply(&mut delta);
        assert!(textures.get(TextureId::Managed(0)).is_none());
    }
}
