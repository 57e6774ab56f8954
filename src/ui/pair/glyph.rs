//! The marks: one shape for each thing a row can be, so that colour never carries a meaning alone.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2, vec2};

use crate::compare::{Row, RowClass, Verdict};
use crate::ui::theme::Tokens;

/// A mark in the gutter, the header or the overview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// The first difference: a flag.
    Flag,
    /// A cause: a diamond, filled for the most likely one.
    Diamond {
        /// True for the most likely one.
        first: bool,
    },
    /// Where it broke first, where that is not where the most likely cause is: a bolt.
    Bolt,
    /// The first symptom: a ring.
    Ring,
    /// `≠`
    Changed,
    /// `−`
    Missing,
    /// `+`
    Extra,
    /// `⇅`
    Moved,
    /// Two sheets.
    Duplicate,
    /// A clock.
    Late,
    /// Not recorded: three dots.
    Unrecorded,
    /// A bookmark: a ribbon.
    Bookmark,
    /// A sync point: two wedges that meet.
    Sync,
    /// Paired by hand: two links of a chain.
    Joined,
    /// Parted by hand: the links apart, a stroke between them.
    Parted,
    /// Waits for the one that is the same: one link.
    Marked,
    /// Came since the answer, the same so far: `=` in dashes.
    SoFar,
    /// Came, and waits for the other side: an hourglass.
    Waits,
    /// Came, and the sides part there: one line that becomes two.
    Parts,
    /// Came after the sides had parted: the same, paler.
    PartedBefore,
}

impl Mark {
    /// The mark of a row's class; equal rows have none.
    pub const fn of(row: Row) -> Option<Self> {
        if row.unrecorded {
            return Some(Self::Unrecorded);
        }
        match row.class {
            RowClass::Same if row.inverted => Some(Self::Moved),
            RowClass::Same => None,
            RowClass::Changed => Some(Self::Changed),
            RowClass::Missing => Some(Self::Missing),
            RowClass::Extra => Some(Self::Extra),
            RowClass::Moved => Some(Self::Moved),
            RowClass::Duplicate => Some(Self::Duplicate),
            RowClass::Late => Some(Self::Late),
        }
    }

    /// What one of the three answers is called.
    pub const fn answer(self) -> &'static str {
        match self {
            Self::Flag => "first difference",
            Self::Diamond { first: true } => "most likely cause",
            Self::Diamond { first: false } => "possible cause",
            Self::Bolt => "where it broke first",
            _ => "first symptom",
        }
    }

    /// Its colour.
    pub const fn colour(self, t: &Tokens) -> Color32 {
        match self {
            Self::Flag | Self::Bookmark | Self::Sync | Self::Joined | Self::Parted | Self::Marked => t.text,
            Self::Diamond { .. } | Self::Bolt => t.cause,
            Self::Ring => t.symptom,
            Self::Missing => t.expected,
            Self::Changed | Self::Extra | Self::Moved | Self::Duplicate | Self::Late | Self::Parts => t.actual,
            Self::Unrecorded | Self::SoFar | Self::Waits | Self::PartedBefore => t.dim,
        }
    }

    /// Paints it around `at`, as high as ten points at a `size` of 1.
    pub fn paint(self, painter: &Painter, at: Pos2, size: f32, colour: Color32) {
        let at = pos2(painter.round_to_pixel_center(at.x), painter.round_to_pixel_center(at.y));
        let p = |x: f32, y: f32| at + vec2(x, y) * size;
        let stroke = Stroke::new(1.5 * size.max(0.8), colour);
        let line = |a: Pos2, b: Pos2| {
            painter.line_segment([a, b], stroke);
        };
        match self {
            Self::Flag => {
                line(p(-4.0, -5.0), p(-4.0, 5.5));
                let cloth = vec![p(-4.0, -5.0), p(5.0, -2.0), p(-4.0, 1.0)];
                painter.add(Shape::convex_polygon(cloth, colour, Stroke::NONE));
            }
            Self::Diamond { first } => {
                let points = vec![p(0.0, -5.5), p(5.5, 0.0), p(0.0, 5.5), p(-5.5, 0.0)];
                if first {
                    painter.add(Shape::convex_polygon(points, colour, Stroke::NONE));
                } else {
                    painter.add(Shape::closed_line(points, stroke));
                }
            }
            Self::Bolt => {
                // Two pieces: it is not convex.
                for way in [-1.0, 1.0] {
                    let half = [(1.8, -6.5), (-4.2, 1.2), (0.6, 1.2)].map(|(x, y): (f32, f32)| p(-x * way, -y * way));
                    painter.add(Shape::convex_polygon(half.to_vec(), colour, Stroke::NONE));
                }
            }
            Self::Ring => {
                painter.circle_stroke(at, 4.5 * size, Stroke::new(2.0 * size.max(0.8), colour));
            }
            Self::Changed => {
                line(p(-4.0, -1.8), p(4.0, -1.8));
                line(p(-4.0, 1.8), p(4.0, 1.8));
                line(p(2.2, -4.6), p(-2.2, 4.6));
            }
            Self::Missing => line(p(-4.0, 0.0), p(4.0, 0.0)),
            Self::Extra => {
                line(p(-4.0, 0.0), p(4.0, 0.0));
                line(p(0.0, -4.0), p(0.0, 4.0));
            }
            Self::Moved => {
                for (x, tip) in [(-2.6, -1.0), (2.6, 1.0)] {
                    line(p(x, 4.8), p(x, -4.8));
                    line(p(x, 4.8 * tip), p(x - 2.2, 2.4 * tip));
                    line(p(x, 4.8 * tip), p(x + 2.2, 2.4 * tip));
                }
            }
            Self::Duplicate => {
                let thin = Stroke::new(1.2 * size.max(0.8), colour);
                let sheet = |x: f32, y: f32| Rect::from_min_max(p(x, y), p(x + 6.0, y + 6.0));
                painter.rect_stroke(sheet(-4.5, -4.5), 1.0, thin, StrokeKind::Middle);
                painter.rect_stroke(sheet(-1.5, -1.5), 1.0, thin, StrokeKind::Middle);
            }
            Self::Late => {
                painter.circle_stroke(at, 4.6 * size, Stroke::new(1.2 * size.max(0.8), colour));
                line(at, p(0.0, -3.0));
                line(at, p(2.2, 0.8));
            }
            Self::Sync => {
                for way in [-1.0, 1.0] {
                    let wedge = vec![p(0.0, 0.0), p(4.5, 5.0 * way), p(-4.5, 5.0 * way)];
                    painter.add(Shape::convex_polygon(wedge, colour, Stroke::NONE));
                }
            }
            Self::Bookmark => {
                // Two pieces: a ribbon with its notch is not convex.
                for way in [-1.0, 1.0] {
                    let half = vec![p(0.0, -6.0), p(4.0 * way, -6.0), p(4.0 * way, 6.0), p(0.0, 2.5)];
                    painter.add(Shape::convex_polygon(half, colour, Stroke::NONE));
                }
            }
            Self::Joined | Self::Parted | Self::Marked => {
                let thin = Stroke::new(1.3 * size.max(0.8), colour);
                let apart = if self == Self::Parted { 4.6 } else { 2.2 };
                let links: &[f32] = if self == Self::Marked { &[0.0] } else { &[-apart, apart] };
                for &x in links {
                    let ring = Rect::from_center_size(p(x, 0.0), vec2(7.0, 5.0) * size);
                    painter.rect_stroke(ring, 2.5 * size, thin, StrokeKind::Middle);
                }
                if self == Self::Parted {
                    line(p(1.5, -5.0), p(-1.5, 5.0));
                }
            }
            Self::SoFar => {
                for y in [-2.0, 2.0] {
                    line(p(-4.5, y), p(-1.0, y));
                    line(p(1.0, y), p(4.5, y));
                }
            }
            Self::Waits => {
                for way in [-1.0, 1.0] {
                    let glass = vec![p(-3.5, 5.0 * way), p(3.5, 5.0 * way), p(0.0, 0.0)];
                    painter.add(Shape::closed_line(glass, Stroke::new(1.2 * size.max(0.8), colour)));
                }
            }
            Self::Parts | Self::PartedBefore => {
                line(p(-5.0, 0.0), p(-0.5, 0.0));
                line(p(-0.5, 0.0), p(4.5, -4.0));
                line(p(-0.5, 0.0), p(4.5, 4.0));
            }
            Self::Unrecorded => {
                for x in [-3.5, 0.0, 3.5] {
                    painter.circle_filled(p(x, 0.0), 1.0 * size, colour);
                }
            }
        }
    }
}

/// The shape and colour of a verdict.
pub fn verdict(painter: &Painter, at: Pos2, verdict: Verdict, t: &Tokens) -> Color32 {
    let at = pos2(painter.round_to_pixel_center(at.x), painter.round_to_pixel_center(at.y));
    let p = |x: f32, y: f32| at + vec2(x, y);
    let colour = verdict_colour(verdict, t);
    let stroke = Stroke::new(1.8, colour);
    match verdict {
        // One line that becomes two.
        Verdict::Diverged => {
            painter.line_segment([p(-5.5, 0.0), p(-1.0, 0.0)], stroke);
            painter.line_segment([p(-1.0, 0.0), p(5.0, -4.5)], stroke);
            painter.line_segment([p(-1.0, 0.0), p(5.0, 4.5)], stroke);
        }
        Verdict::Identical => {
            painter.line_segment([p(-5.0, -2.2), p(5.0, -2.2)], stroke);
            painter.line_segment([p(-5.0, 2.2), p(5.0, 2.2)], stroke);
        }
        Verdict::Equivalent => {
            for y in [-4.0, 0.0, 4.0] {
                painter.line_segment([p(-5.0, y), p(5.0, y)], stroke);
            }
        }
        // A line that ends at a wall.
        Verdict::Truncated => {
            painter.line_segment([p(-5.5, 0.0), p(2.0, 0.0)], stroke);
            painter.line_segment([p(2.0, -4.5), p(2.0, 4.5)], stroke);
        }
        Verdict::Incomparable => warning(painter, at, colour),
    }
    colour
}

/// The colour of a verdict.
pub const fn verdict_colour(verdict: Verdict, t: &Tokens) -> Color32 {
    match verdict {
        Verdict::Diverged => t.cause,
        Verdict::Identical | Verdict::Equivalent => t.ok,
        Verdict::Truncated => t.actual,
        Verdict::Incomparable => t.warn,
    }
}

/// The warning sign: a triangle with a stroke and a dot.
pub fn warning(painter: &Painter, at: Pos2, colour: Color32) {
    let p = |x: f32, y: f32| at + vec2(x, y);
    let stroke = Stroke::new(1.4, colour);
    painter.add(Shape::closed_line(vec![p(0.0, -5.5), p(6.0, 5.0), p(-6.0, 5.0)], stroke));
    painter.line_segment([p(0.0, -2.0), p(0.0, 1.5)], stroke);
    painter.circle_filled(p(0.0, 3.3), 0.8, colour);
}

/// A breakpoint: an octagon, filled when a run stops at it.
pub fn breakpoint(painter: &Painter, at: Pos2, enabled: bool, size: f32, t: &Tokens) {
    let at = pos2(painter.round_to_pixel_center(at.x), painter.round_to_pixel_center(at.y));
    let (long, short) = (4.5 * size, 1.9 * size);
    let corner = |x: f32, y: f32| at + vec2(x, y);
    let points = vec![
        corner(-short, -long),
        corner(short, -long),
        corner(long, -short),
        corner(long, short),
        corner(short, long),
        corner(-short, long),
        corner(-long, short),
        corner(-long, -short),
    ];
    let (fill, line) = if enabled { (t.text, t.text) } else { (Color32::TRANSPARENT, t.dim) };
    painter.add(Shape::convex_polygon(points, fill, Stroke::new(1.2, line)));
}

/// An arrow head that points down (folded) or up (open).
pub fn chevron(painter: &Painter, at: Pos2, down: bool, colour: Color32) {
    let tip = if down { 2.0 } else { -2.0 };
    let points = vec![at + vec2(-3.5, -tip), at + vec2(0.0, tip), at + vec2(3.5, -tip)];
    painter.add(Shape::line(points, Stroke::new(1.3, colour)));
}

/// Hatching: nothing stands here.
pub fn hatch(painter: &Painter, rect: Rect, ground: Color32, lines: Color32) {
    painter.rect_filled(rect, 3.0, ground);
    let painter = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    let step = 8.0;
    let height = rect.height();
    // The pattern hangs on the window, not on the row, so that neighbouring gaps join and nothing swims while scrolling.
    let mut x = ((rect.left() - height) / step).floor() * step;
    while x < rect.right() {
        painter.line_segment([pos2(x, rect.bottom()), pos2(x + height, rect.top())], Stroke::new(1.0, lines));
        x += step;
    }
}
