//! A finished picture and its PNG.

/// A picture: rows of RGBA pixels (premultiplied, eight bits a channel), top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// `4 × width × height` bytes.
    pub rgba: Vec<u8>,
}

impl Picture {
    /// A picture of one colour.
    pub fn filled(width: u32, height: u32, rgba: [u8; 4]) -> Self {
        let pixels = width as usize * height as usize;
        Self { width, height, rgba: rgba.repeat(pixels) }
    }

    /// The pixel at column `x`, row `y`, where the picture has one.
    pub fn pixel(&self, x: u32, y: u32) -> Option<[u8; 4]> {
        if x >= self.width || y >= self.height {
            return None;
        }
        let at = 4 * (y as usize * self.width as usize + x as usize);
        self.rgba.get(at..at + 4).and_then(|p| p.try_into().ok())
    }

    /// The picture as a PNG file. Equal pictures make equal bytes.
    ///
    /// # Errors
    /// When the picture has no pixels, or more than a PNG can hold.
    pub fn png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.rgba)?;
        writer.finish()?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_png_holds_the_pixels() {
        let mut picture = Picture::filled(3, 2, [10, 20, 30, 255]);
        picture.rgba[4..8].copy_from_slice(&[255, 0, 0, 255]);
        let bytes = picture.png().unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
        let mut rgba = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut rgba).unwrap();
        assert_eq!((info.width, info.height), (3, 2));
        assert_eq!(rgba, picture.rgba);
        assert_eq!(picture.pixel(1, 0), Some([255, 0, 0, 255]));
        assert_eq!(picture.pixel(3, 0), None);
        assert!(Picture::filled(0, 0, [0; 4]).png().is_err(), "an empty picture is no PNG");
    }
}
