//! One line of words in several fonts and colours, cut with an ellipsis where it does not fit.

use std::ops::Range;
use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, CornerRadius, FontId, Galley, Painter, Pos2, Rect, pos2};

/// How far a wash reaches beyond its words, sideways and up and down.
const WASH_X: f32 = 4.0;
const WASH_Y: f32 = 2.0;

/// Half the height of a capital, as a share of the font's size.
const HALF_CAPITAL: f32 = 0.365;
/// The radius of a dot between two pieces.
const DOT: f32 = 1.0;
/// Captions stand on the baseline of data beside them.
const LEAST_SIZE: f32 = 12.0;

/// A line under construction.
#[derive(Debug, Clone, Default)]
pub struct Words {
    job: LayoutJob,
    chars: usize,
    gap: f32,
    washes: Vec<(Range<usize>, Color32)>,
    dots: Vec<(usize, Color32)>,
}

impl Words {
    /// An empty line.
    pub fn new() -> Self {
        Self::default()
    }

    /// A line of one piece.
    pub fn of(text: &str, font: FontId, colour: Color32) -> Self {
        Self::new().add(text, font, colour)
    }

    /// Adds a piece.
    #[must_use]
    pub fn add(mut self, text: &str, font: FontId, colour: Color32) -> Self {
        self.push(text, TextFormat::simple(font, colour));
        self
    }

    /// Adds a piece on a wash of its own.
    #[must_use]
    pub fn washed(mut self, text: &str, font: FontId, colour: Color32, wash: Color32) -> Self {
        let from = self.chars;
        self.push(text, TextFormat::simple(font, colour));
        self.washes.push((from..self.chars, wash));
        self
    }

    /// Adds a dot with a space on both sides, between two pieces. As a letter of another colour it would end a section and begin
    /// one, so it is painted by itself on spaces of the piece before.
    #[must_use]
    pub fn dot(mut self, colour: Color32) -> Self {
        if let Some(last) = self.job.sections.last_mut() {
            self.job.text.push_str("   ");
            last.byte_range.end = self.job.text.len().into();
            self.dots.push((self.chars + 1, colour));
            self.chars += 3;
        }
        self
    }

    /// Leaves room before the next piece.
    #[must_use]
    pub fn gap(mut self, points: f32) -> Self {
        self.gap += points;
        self
    }

    fn push(&mut self, text: &str, format: TextFormat) {
        let gap = std::mem::take(&mut self.gap);
        match self.job.sections.last_mut() {
            // Every section is shaped by itself, which costs more than its letters.
            Some(last) if gap == 0.0 && last.format == format => {
                self.job.text.push_str(text);
                last.byte_range.end = self.job.text.len().into();
            }
            _ => self.job.append(text, gap, format),
        }
        self.chars += text.chars().count();
    }

    /// Lays the line out within a width.
    pub fn layout(mut self, painter: &Painter, width: f32) -> LaidOut {
        self.job.wrap = TextWrapping {
            max_width: width.max(0.0),
            max_rows: 1,
            break_anywhere: true,
            overflow_character: Some('…'),
        };
        self.job.break_on_newline = false;
        LaidOut { galley: painter.layout_job(self.job), washes: self.washes, dots: self.dots }
    }

    /// Paints the line from `left`, its middle at `left.y`, within a width. Says where it stands and whether it was cut.
    pub fn paint(self, painter: &Painter, left: Pos2, width: f32) -> (Rect, bool) {
        let line = self.layout(painter, width);
        let cut = line.is_cut();
        (line.paint(painter, left), cut)
    }

    /// Paints the line so that it ends at `right`.
    pub fn paint_right(self, painter: &Painter, right: Pos2, width: f32) -> Rect {
        let line = self.layout(painter, width);
        let x = right.x - line.width();
        line.paint(painter, pos2(x, right.y))
    }
}

/// A line that knows its size.
pub struct LaidOut {
    galley: Arc<Galley>,
    washes: Vec<(Range<usize>, Color32)>,
    dots: Vec<(usize, Color32)>,
}

impl LaidOut {
    /// True when something did not fit.
    pub fn is_cut(&self) -> bool {
        self.galley.elided
    }

    /// Its width in points.
    pub fn width(&self) -> f32 {
        self.galley.size().x
    }

    /// Paints it from `left`, the middle of its capitals at `left.y`: words of different sizes in a line stand on one
    /// baseline.
    pub fn paint(self, painter: &Painter, left: Pos2) -> Rect {
        let size = self.galley.size();
        let pixel = painter.pixels_per_point();
        let snap = |v: f32| (v * pixel).round() / pixel;
        let points = self.galley.job.sections.iter().map(|s| s.format.font_id.size).fold(LEAST_SIZE, f32::max);
        let row = self.galley.rows.first();
        let glyphs = row.map_or(&[][..], |row| &row.glyphs);
        let baseline = row.and_then(|row| Some(row.pos.y + row.glyphs.first()?.pos.y));
        let top = baseline.map_or(left.y - size.y / 2.0, |baseline| snap(left.y + HALF_CAPITAL * points) - baseline);
        let at = pos2(snap(left.x), top);
        let x = at.x + row.map_or(0.0, |row| row.pos.x);
        for (chars, wash) in &self.washes {
            // What is cut off has no wash.
            let washed = glyphs.get(chars.start..chars.end.min(glyphs.len())).unwrap_or(&[]);
            let (Some(first), Some(last)) = (washed.first(), washed.last()) else { continue };
            let rect = Rect::from_min_max(
                pos2(x + first.pos.x - WASH_X, at.y - WASH_Y),
                pos2(x + last.max_x() + WASH_X, at.y + size.y + WASH_Y),
            );
            painter.rect_filled(rect, CornerRadius::same(3), *wash);
        }
        for (char, colour) in &self.dots {
            // Where the next piece is cut off whole, nothing is left to be parted from.
            let next = glyphs.get(char + 2).is_some_and(|next| next.chr != '…');
            if let Some(glyph) = glyphs.get(*char).filter(|_| next) {
                let middle = x + f32::midpoint(glyph.pos.x, glyph.max_x());
                painter.circle_filled(pos2(middle, left.y), DOT, *colour);
            }
        }
        let rect = Rect::from_min_size(at, size);
        painter.galley(at, self.galley, Color32::PLACEHOLDER);
        rect
    }
}
