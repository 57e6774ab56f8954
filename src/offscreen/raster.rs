//! Textured triangles into pixels: top-left fill rule in 24.8 fixed point, gamma-space premultiplied blending.

use egui::epaint::Vertex;
use egui::{Color32, Pos2};

use super::Picture;
use super::texture::{Rgba, Texture};

/// Positions are rounded to this many parts of a pixel, as graphics cards do.
const SUBPIXEL: i64 = 256;
/// Vertices farther out than this many pixels are pulled in, so that no product below overflows 64 bits.
const FARTHEST: f32 = 1_048_576.0;

/// The pixels that may be touched: columns `left..right`, rows `top..bottom`, inside the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clip {
    /// First column.
    pub left: i64,
    /// First row.
    pub top: i64,
    /// One past the last column.
    pub right: i64,
    /// One past the last row.
    pub bottom: i64,
}

impl Clip {
    /// The whole picture.
    pub fn whole(picture: &Picture) -> Self {
        Self { left: 0, top: 0, right: i64::from(picture.width), bottom: i64::from(picture.height) }
    }

    /// The part of `rect` (in points) that lies inside the picture.
    pub fn of(rect: egui::Rect, scale: f32, picture: &Picture) -> Self {
        let whole = Self::whole(picture);
        let pixel = |points: f32, end: i64| ((points * scale).round() as i64).clamp(0, end);
        Self {
            left: pixel(rect.min.x, whole.right),
            top: pixel(rect.min.y, whole.bottom),
            right: pixel(rect.max.x, whole.right),
            bottom: pixel(rect.max.y, whole.bottom),
        }
    }
}

/// A corner in fixed point.
#[derive(Clone, Copy)]
struct Corner {
    x: i64,
    y: i64,
}

impl Corner {
    fn new(points: Pos2, scale: f32) -> Self {
        let fixed = |v: f32| ((v * scale).clamp(-FARTHEST, FARTHEST) * SUBPIXEL as f32).round() as i64;
        Self { x: fixed(points.x), y: fixed(points.y) }
    }
}

/// One edge of a triangle: positive inside, stepped by adding.
#[derive(Clone, Copy)]
struct Edge {
    at_row_start: i64,
    per_column: i64,
    per_row: i64,
    /// Pixels exactly on a top or left edge belong to the triangle; those on the others do not.
    bias: i64,
}

impl Edge {
    fn new(a: Corner, b: Corner, left: i64, top: i64) -> Self {
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        // The centre of the first pixel.
        let (x, y) = (left * SUBPIXEL + SUBPIXEL / 2, top * SUBPIXEL + SUBPIXEL / 2);
        let owns_its_pixels = dy < 0 || (dy == 0 && dx > 0);
        Self {
            at_row_start: dx * (y - a.y) - dy * (x - a.x),
            per_column: -dy * SUBPIXEL,
            per_row: dx * SUBPIXEL,
            bias: i64::from(!owns_its_pixels),
        }
    }

    /// The columns of the current row, relative to its start, in which this edge is at least its bias.
    fn columns(&self, count: i64) -> (i64, i64) {
        let need = self.bias - self.at_row_start;
        match self.per_column {
            0 if need <= 0 => (0, count),
            0 => (0, 0),
            step if step > 0 => ((need + step - 1).div_euclid(step).clamp(0, count), count),
            step => (0, ((-need).div_euclid(-step) + 1).clamp(0, count)),
        }
    }
}

/// Fills one triangle.
pub fn triangle(picture: &mut Picture, clip: Clip, texture: &Texture, scale: f32, corners: [&Vertex; 3]) {
    if corners.iter().any(|v| !(v.pos.is_finite() && v.uv.is_finite())) {
        return;
    }
    let [mut a, mut b, mut c] = corners;
    let [pa, mut pb, mut pc] = [a, b, c].map(|v| Corner::new(v.pos, scale));
    let mut area = (pb.x - pa.x) * (pc.y - pa.y) - (pb.y - pa.y) * (pc.x - pa.x);
    if area == 0 {
        return;
    }
    if area < 0 {
        (b, c, pb, pc, area) = (c, b, pc, pb, -area);
    }
    let xs = [pa.x, pb.x, pc.x];
    let ys = [pa.y, pb.y, pc.y];
    let least = |v: [i64; 3]| v[0].min(v[1]).min(v[2]).div_euclid(SUBPIXEL);
    let most = |v: [i64; 3]| v[0].max(v[1]).max(v[2]).div_euclid(SUBPIXEL) + 1;
    let (left, right) = (least(xs).max(clip.left), most(xs).min(clip.right));
    let (top, bottom) = (least(ys).max(clip.top), most(ys).min(clip.bottom));
    if left >= right || top >= bottom {
        return;
    }
    // Each edge is opposite to the corner that it weighs.
    let mut edges = [(pb, pc), (pc, pa), (pa, pb)].map(|(from, to)| Edge::new(from, to, left, top));
    let fill = Fill::new(texture, [&mut a, &mut b, &mut c].map(|v| *v), area);
    for y in top..bottom {
        let (mut first, mut end) = (0, right - left);
        for edge in &edges {
            let (from, to) = edge.columns(right - left);
            first = first.max(from);
            end = end.min(to);
        }
        if first < end {
            let at = 4 * (y as usize * picture.width as usize + (left + first) as usize);
            let span = &mut picture.rgba[at..at + 4 * (end - first) as usize];
            fill.span(span, first, &edges);
        }
        for edge in &mut edges {
            edge.at_row_start += edge.per_row;
        }
    }
}

/// What a triangle is filled with.
enum Fill<'a> {
    /// The same colour everywhere.
    Flat(Rgba),
    /// A colour and a texture position for each pixel.
    Varied { texture: &'a Texture, colours: [Rgba; 3], uvs: [Pos2; 3], area: f32 },
}

impl<'a> Fill<'a> {
    fn new(texture: &'a Texture, corners: [&Vertex; 3], area: i64) -> Self {
        let [a, b, c] = corners;
        if a.uv == b.uv && b.uv == c.uv && a.color == b.color && b.color == c.color {
            return Self::Flat(tinted(texture.sample(a.uv), rgba(a.color)));
        }
        Self::Varied { texture, colours: corners.map(|v| rgba(v.color)), uvs: corners.map(|v| v.uv), area: area as f32 }
    }

    fn span(&self, pixels: &mut [u8], first: i64, edges: &[Edge; 3]) {
        match self {
            Self::Flat(colour) if colour[3] >= 255.0 => {
                let solid = colour.map(rounded);
                for pixel in pixels.as_chunks_mut::<4>().0 {
                    *pixel = solid;
                }
            }
            Self::Flat(colour) => {
                for pixel in pixels.as_chunks_mut::<4>().0 {
                    blend(pixel, *colour);
                }
            }
            Self::Varied { texture, colours, uvs, area } => {
                for (column, pixel) in (first..).zip(pixels.as_chunks_mut::<4>().0) {
                    let weight = edges.map(|e| (e.at_row_start + e.per_column * column) as f32 / area);
                    let uv = Pos2::new(
                        uvs[0].x * weight[0] + uvs[1].x * weight[1] + uvs[2].x * weight[2],
                        uvs[0].y * weight[0] + uvs[1].y * weight[1] + uvs[2].y * weight[2],
                    );
                    let colour = std::array::from_fn(|i| {
                        colours[0][i] * weight[0] + colours[1][i] * weight[1] + colours[2][i] * weight[2]
                    });
                    blend(pixel, tinted(texture.sample(uv), colour));
                }
            }
        }
    }
}

fn rgba(colour: Color32) -> Rgba {
    colour.to_array().map(f32::from)
}

fn tinted(texel: Rgba, colour: Rgba) -> Rgba {
    std::array::from_fn(|i| texel[i] * colour[i] / 255.0)
}

fn rounded(channel: f32) -> u8 {
    // The cast saturates.
    (channel + 0.5) as u8
}

/// Premultiplied "over". A colour without alpha is added, which is how egui draws light.
fn blend(pixel: &mut [u8; 4], colour: Rgba) {
    let keep = 1.0 - colour[3] / 255.0;
    for (below, above) in pixel.iter_mut().zip(colour) {
        *below = rounded(above + f32::from(*below) * keep);
    }
}

#[cfg(test)]
mod tests {
    use egui::epaint::ImageDelta;
    use egui::{ColorImage, TextureId, TextureOptions, TexturesDelta, pos2};

    use super::super::texture::Textures;
    use super::*;

    const BLACK: [u8; 4] = [0, 0, 0, 255];

    fn white() -> Textures {
        let mut delta = TexturesDelta::default();
        let image = ColorImage::new([1, 1], vec![Color32::WHITE]);
        delta.push(TextureId::Managed(0), ImageDelta::full(image, TextureOptions::LINEAR));
        let mut textures = Textures::default();
        textures.apply(&mut delta);
        textures
    }

    fn draw(picture: &mut Picture, clip: Clip, corners: [(f32, f32); 3], colours: [Color32; 3]) {
        let textures = white();
        let texture = textures.get(TextureId::Managed(0)).unwrap();
        let [a, b, c] = std::array::from_fn(|i| Vertex {
            pos: pos2(corners[i].0, corners[i].1),
            uv: Pos2::ZERO,
            color: colours[i],
        });
        triangle(picture, clip, texture, 1.0, [&a, &b, &c]);
    }

    fn covered(picture: &Picture) -> Vec<String> {
        (0..picture.height)
            .map(|y| (0..picture.width).map(|x| if picture.pixel(x, y) == Some(BLACK) { '.' } else { '#' }).collect())
            .collect()
    }

    #[test]
    fn a_known_triangle() {
        let mut picture = Picture::filled(6, 5, BLACK);
        let clip = Clip::whole(&picture);
        draw(&mut picture, clip, [(1.0, 0.0), (5.0, 4.0), (1.0, 4.0)], [Color32::RED; 3]);
        // The centres on the diagonal lie on a right edge, which does not own them.
        assert_eq!(covered(&picture), ["......", ".#....", ".##...", ".###..", "......"]);
        assert_eq!(picture.pixel(1, 2), Some([255, 0, 0, 255]));
    }

    #[test]
    fn winding_does_not_matter_and_nothing_is_no_triangle() {
        let whole = Clip::whole(&Picture::filled(6, 5, BLACK));
        let [mut one, mut other, mut none] = [0; 3].map(|_| Picture::filled(6, 5, BLACK));
        draw(&mut one, whole, [(1.0, 0.0), (5.0, 4.0), (1.0, 4.0)], [Color32::RED; 3]);
        draw(&mut other, whole, [(1.0, 0.0), (1.0, 4.0), (5.0, 4.0)], [Color32::RED; 3]);
        assert_eq!(one, other);
        draw(&mut none, whole, [(1.0, 0.0), (2.0, 2.0), (3.0, 4.0)], [Color32::RED; 3]);
        draw(&mut none, whole, [(1.0, f32::NAN), (2.0, 2.0), (3.0, 4.0)], [Color32::RED; 3]);
        assert_eq!(none, Picture::filled(6, 5, BLACK));
    }

    #[test]
    fn triangles_that_share_edges_touch_every_pixel_once() {
        // A fan around an odd centre: with half transparent white, a pixel drawn twice or never would show.
        let corners = [(0.0, 0.0), (9.0, 0.0), (9.0, 7.0), (0.0, 7.0)];
        let centre = (4.37, 3.12);
        let mut picture = Picture::filled(9, 7, BLACK);
        let clip = Clip::whole(&picture);
        let half = Color32::from_white_alpha(128);
        for i in 0..4 {
            draw(&mut picture, clip, [centre, corners[i], corners[(i + 1) % 4]], [half; 3]);
        }
        assert_eq!(picture, Picture::filled(9, 7, [128, 128, 128, 255]));
    }

    #[test]
    fn blending_is_premultiplied_and_light_adds() {
        let mut pixel = [100, 100, 100, 255];
        blend(&mut pixel, [64.0, 0.0, 0.0, 128.0]);
        assert_eq!(pixel, [114, 50, 50, 255]);
        blend(&mut pixel, [200.0, 10.0, 0.0, 0.0]);
        assert_eq!(pixel, [255, 60, 50, 255], "added, and saturated");
    }

    #[test]
    fn the_clip_holds() {
        let mut picture = Picture::filled(8, 8, BLACK);
        let clip = Clip { left: 2, top: 3, right: 5, bottom: 4 };
        draw(&mut picture, clip, [(-50.0, -50.0), (90.0, -50.0), (-50.0, 90.0)], [Color32::WHITE; 3]);
        let mut lines = vec!["........"; 8];
        lines[3] = "..###...";
        assert_eq!(covered(&picture), lines);
        let far = egui::Rect::from_min_max(pos2(-3.0, 1.2), pos2(1e9, 2.0));
        assert_eq!(Clip::of(far, 1.5, &picture), Clip { left: 0, top: 2, right: 8, bottom: 3 });
    }

    #[test]
    fn colours_run_between_the_corners() {
        let mut picture = Picture::filled(101, 3, BLACK);
        let clip = Clip::whole(&picture);
        let (from, to) = (Color32::BLACK, Color32::WHITE);
        draw(&mut picture, clip, [(0.0, 0.0), (101.0, 0.0), (0.0, 3.0)], [from, to, from]);
        draw(&mut picture, clip, [(101.0, 0.0), (101.0, 3.0), (0.0, 3.0)], [to, to, from]);
        let greys: Vec<u8> = (0..101).map(|x| picture.pixel(x, 1).unwrap()[0]).collect();
        assert!(greys.is_sorted(), "{greys:?}");
        assert_eq!(greys[50], 128);
    }
}
