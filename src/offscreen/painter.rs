//! What a graphics card would be: takes egui's textures and meshes, makes a picture.

use egui::epaint::{ClippedPrimitive, Primitive};
use egui::{Color32, TexturesDelta, Vec2};

use super::Picture;
use super::raster::{self, Clip};
use super::texture::Textures;

/// Paints what egui tessellated.
#[derive(Debug, Default)]
pub struct Painter {
    textures: Textures,
}

impl Painter {
    /// Takes in new, changed and freed textures, and empties the delta.
    pub fn apply(&mut self, delta: &mut TexturesDelta) {
        self.textures.apply(delta);
    }

    /// Paints primitives onto a ground of one colour. `size` is in points. Paint callbacks, which need a graphics
    /// card, are left out.
    pub fn paint(&self, primitives: &[ClippedPrimitive], size: Vec2, scale: f32, ground: Color32) -> Picture {
        let pixels = (size * scale).round();
        let mut picture = Picture::filled(pixels.x as u32, pixels.y as u32, ground.to_array());
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            let Primitive::Mesh(mesh) = primitive else { continue };
            let Some(texture) = self.textures.get(mesh.texture_id) else { continue };
            let clip = Clip::of(*clip_rect, scale, &picture);
            for indices in mesh.indices.as_chunks::<3>().0 {
                let [a, b, c] = indices.map(|i| mesh.vertices.get(i as usize));
                if let (Some(a), Some(b), Some(c)) = (a, b, c) {
                    raster::triangle(&mut picture, clip, texture, scale, [a, b, c]);
                }
            }
        }
        picture
    }
}
