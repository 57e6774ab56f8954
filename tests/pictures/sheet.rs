//! Sheets of pictures that are small enough to be kept by the dozen: four pictures beside each other in 256 colours. What is
//! drawn is told by the colours of the sheet that is kept, so that nothing differs that its colours cannot show.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use dettrace::offscreen::Picture;

/// Colours of a sheet.
const COLOURS: usize = 256;
/// Of them, those that most pixels have; the others are the farthest from these, so that a small mark keeps its colour.
const FREQUENT: usize = 176;
/// Room around the pictures of a sheet, and its colour.
const GAP: usize = 8;
const GROUND: [u8; 3] = [128; 3];

type Rgb = [u8; 3];

/// Pixels as they are kept.
pub struct Sheet {
    width: usize,
    height: usize,
    pixels: Vec<Rgb>,
}

/// The picture at a third of its size: each pixel the mean of nine.
fn third(picture: &Picture) -> Picture {
    let (width, height) = (picture.width / 3, picture.height / 3);
    let mut rgba = Vec::with_capacity(4 * (width * height) as usize);
    for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
        let nine = (0..9).filter_map(|at| picture.pixel(3 * x + at % 3, 3 * y + at / 3));
        let sums = nine.fold([0u32; 4], |sums, pixel| std::array::from_fn(|at| sums[at] + u32::from(pixel[at])));
        rgba.extend(sums.map(|sum| ((sum + 4) / 9) as u8));
    }
    Picture { width, height, rgba }
}

impl Sheet {
    /// A sheet of small pictures above large ones, these at a third of their size.
    pub fn new(small: &[Picture], large: &[Picture]) -> Self {
        let rows = [small.to_vec(), large.iter().map(third).collect()];
        let across = |row: &[Picture]| row.iter().map(|picture| picture.width as usize + GAP).sum::<usize>() + GAP;
        let high = |row: &[Picture]| row.iter().map(|picture| picture.height as usize).max().unwrap_or(0);
        let width = rows.iter().map(|row| across(row)).max().unwrap_or(0);
        let height = rows.iter().map(|row| high(row) + GAP).sum::<usize>() + GAP;
        let mut sheet = Self { width, height, pixels: vec![GROUND; width * height] };
        let mut top = GAP;
        for row in &rows {
            let mut left = GAP;
            for picture in row {
                for (y, line) in picture.rgba.chunks_exact(4 * picture.width as usize).enumerate() {
                    let from = (top + y) * width + left;
                    for (pixel, rgba) in sheet.pixels[from..].iter_mut().zip(line.as_chunks::<4>().0) {
                        *pixel = [rgba[0], rgba[1], rgba[2]];
                    }
                }
                left += picture.width as usize + GAP;
            }
            top += high(row) + GAP;
        }
        sheet
    }

    /// The colours it is kept in.
    fn palette(&self) -> Vec<Rgb> {
        let mut numbers: HashMap<Rgb, usize> = HashMap::new();
        for pixel in &self.pixels {
            *numbers.entry(*pixel).or_default() += 1;
        }
        let mut all: Vec<(Rgb, usize)> = numbers.into_iter().collect();
        all.sort_unstable_by_key(|&(colour, number)| (std::cmp::Reverse(number), colour));
        let mut palette: Vec<Rgb> = all.iter().take(FREQUENT).map(|(colour, _)| *colour).collect();
        let mut rest: Vec<(Rgb, u32)> =
            all.iter().skip(FREQUENT).map(|&(colour, _)| (colour, apart(colour, nearest(&palette, colour)))).collect();
        while palette.len() < COLOURS {
            let Some(&(farthest, _)) = rest.iter().max_by_key(|(colour, far)| (*far, *colour)) else { break };
            palette.push(farthest);
            rest.retain_mut(|(colour, far)| {
                *far = (*far).min(apart(*colour, farthest));
                *far > 0
            });
        }
        palette.sort_unstable();
        palette
    }

    /// In these colours only.
    fn in_colours(&self, palette: &[Rgb]) -> Self {
        let mut known: HashMap<Rgb, Rgb> = HashMap::new();
        let near = |pixel: &Rgb| *known.entry(*pixel).or_insert_with(|| nearest(palette, *pixel));
        let pixels = self.pixels.iter().map(near).collect();
        Self { pixels, ..*self }
    }

    /// Pixels that differ from a sheet that was kept, by its colours.
    pub fn differing(&self, kept: &Self) -> usize {
        if (self.width, self.height) != (kept.width, kept.height) {
            return usize::MAX;
        }
        let own = self.in_colours(&kept.palette());
        own.pixels.iter().zip(&kept.pixels).filter(|(own, kept)| own != kept).count()
    }

    /// A sheet that was kept.
    pub fn read(path: &Path) -> Option<Self> {
        let image = image::open(path).ok()?.into_rgb8();
        let (width, height) = (image.width() as usize, image.height() as usize);
        Some(Self { width, height, pixels: image.into_raw().as_chunks::<3>().0.to_vec() })
    }

    /// Keeps it.
    pub fn write(&self, path: &Path) {
        let palette = self.palette();
        let places: HashMap<Rgb, u8> = palette.iter().zip(0..=u8::MAX).map(|(colour, at)| (*colour, at)).collect();
        let bytes: Vec<u8> = self.in_colours(&palette).pixels.iter().map(|pixel| places[pixel]).collect();
        let mut encoder = png::Encoder::new(fs::File::create(path).unwrap(), self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette(palette.concat());
        encoder.set_compression(png::Compression::High);
        encoder.set_filter(png::Filter::NoFilter);
        encoder.write_header().unwrap().write_image_data(&bytes).unwrap();
    }
}

fn apart(a: Rgb, b: Rgb) -> u32 {
    a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}

fn nearest(palette: &[Rgb], colour: Rgb) -> Rgb {
    palette.iter().copied().min_by_key(|own| (apart(*own, colour), *own)).unwrap_or(colour)
}

#[test]
fn a_kept_sheet_is_the_same_sheet_and_another_differs() {
    // More colours than are kept, and one pixel of a colour that no other has.
    let shades = |x: u32, y: u32| [(x % 32 * 8) as u8, (y % 32 * 8) as u8, 40, 255];
    let mut small = Picture::filled(96, 64, [10, 20, 30, 255]);
    for (at, pixel) in small.rgba.as_chunks_mut::<4>().0.iter_mut().enumerate().take(96 * 32) {
        *pixel = shades(at as u32 % 96, at as u32 / 96);
    }
    small.rgba.as_chunks_mut::<4>().0[6000] = [250, 0, 250, 255];
    let large = Picture::filled(90, 60, [200, 200, 190, 255]);
    let sheet = Sheet::new(&[small.clone(), small.clone()], std::slice::from_ref(&large));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sheet.png");
    sheet.write(&path);
    let kept = Sheet::read(&path).unwrap();
    assert_eq!((kept.width, kept.height), (96 * 2 + 3 * GAP, 64 + 20 + 3 * GAP));
    assert_eq!(sheet.differing(&kept), 0);
    assert!(kept.palette().len() <= COLOURS && kept.pixels.contains(&[250, 0, 250]));
    let mut other = small.clone();
    for pixel in &mut other.rgba.as_chunks_mut::<4>().0[6001..6101] {
        *pixel = [250, 0, 250, 255];
    }
    assert_eq!(Sheet::new(&[other, small], &[large]).differing(&kept), 100);
    assert_eq!(Sheet::new(&[], &[]).differing(&kept), usize::MAX);
}
