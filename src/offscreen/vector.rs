//! What was drawn as an SVG file (W3C, Scalable Vector Graphics 1.1): the same shapes, words as words.

use std::fmt::Write as _;

use egui::epaint::{ClippedShape, ColorMode, Shape, TextShape};
use egui::{Color32, FontFamily, Pos2, Stroke, StrokeKind, Vec2};

/// The fonts that stand for ours where a reader has not got them.
const WORDS: &str = "Inter, 'Segoe UI', Helvetica, Arial, sans-serif";
const DATA: &str = "'JetBrains Mono', Consolas, Menlo, monospace";

/// The text of an SVG file of `size` points.
pub fn svg(shapes: &[ClippedShape], size: Vec2) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">\n",
        size.x, size.y
    );
    for clipped in shapes {
        shape(&mut out, &clipped.shape);
    }
    out.push_str("</svg>\n");
    out
}

fn shape(out: &mut String, shape_of: &Shape) {
    match shape_of {
        Shape::Vec(list) => list.iter().for_each(|one| shape(out, one)),
        Shape::Circle(circle) => {
            let (x, y, r) = (circle.center.x, circle.center.y, circle.radius);
            element(out, &format!("circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\""), circle.fill, circle.stroke);
        }
        Shape::LineSegment { points, stroke } => path(out, points, false, Color32::TRANSPARENT, *stroke),
        Shape::Path(line) => {
            let colour = if let ColorMode::Solid(colour) = line.stroke.color { colour } else { Color32::TRANSPARENT };
            path(out, &line.points, line.closed, line.fill, Stroke::new(line.stroke.width, colour));
        }
        Shape::Rect(rect) => {
            let half = rect.stroke.width / 2.0;
            let at = match rect.stroke_kind {
                StrokeKind::Inside => rect.rect.shrink(half),
                StrokeKind::Middle => rect.rect,
                StrokeKind::Outside => rect.rect.expand(half),
            };
            let (x, y, width, height) = (at.left(), at.top(), at.width().max(0.0), at.height().max(0.0));
            let radius = f32::from(rect.corner_radius.nw);
            let open = format!("rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"");
            element(out, &open, rect.fill, rect.stroke);
        }
        Shape::Text(words) => text(out, words),
        // Nothing that is exported is made of these.
        Shape::Noop
        | Shape::Ellipse(_)
        | Shape::Band(_)
        | Shape::Mesh(_)
        | Shape::QuadraticBezier(_)
        | Shape::CubicBezier(_)
        | Shape::Callback(_) => {}
    }
}

fn path(out: &mut String, points: &[Pos2], closed: bool, fill: Color32, stroke: Stroke) {
    let mut data = String::new();
    for (at, point) in points.iter().enumerate() {
        write!(data, "{}{} {}", if at == 0 { "M" } else { " L" }, point.x, point.y).ok();
    }
    if closed {
        data.push_str(" Z");
    }
    element(out, &format!("path d=\"{data}\""), fill, stroke);
}

/// An element with its colours; nothing that cannot be seen.
fn element(out: &mut String, open: &str, fill: Color32, stroke: Stroke) {
    let outlined = stroke.width > 0.0 && stroke.color != Color32::TRANSPARENT;
    if fill == Color32::TRANSPARENT && !outlined {
        return;
    }
    write!(out, "<{open} {}", colour("fill", fill)).ok();
    if outlined {
        write!(out, " {} stroke-width=\"{}\"", colour("stroke", stroke.color), stroke.width).ok();
    }
    out.push_str("/>\n");
}

fn colour(name: &str, of: Color32) -> String {
    let [red, green, blue, opaque] = of.to_srgba_unmultiplied();
    match opaque {
        0 => format!("{name}=\"none\""),
        u8::MAX => format!("{name}=\"#{red:02x}{green:02x}{blue:02x}\""),
        part => {
            let part = f32::from(part) / f32::from(u8::MAX);
            format!("{name}=\"#{red:02x}{green:02x}{blue:02x}\" {name}-opacity=\"{part:.3}\"")
        }
    }
}

/// Words, piece by piece of one font and colour, as wide as they are here whatever font the reader has.
fn text(out: &mut String, words: &TextShape) {
    let job = &words.galley.job;
    // The sections of all characters; what stands for words that were cut has that of the last one.
    let sections: Vec<usize> = (job.text.char_indices())
        .map(|(at, _)| job.sections.iter().position(|section| section.byte_range.contains(&at.into())).unwrap_or(0))
        .collect();
    let mut number = 0;
    for row in &words.galley.rows {
        let mut glyphs = row.row.glyphs.iter().peekable();
        while let Some(first) = glyphs.next() {
            let section = sections.get(number).or(sections.last()).copied().unwrap_or(0);
            let (mut piece, mut right) = (String::from(first.chr), first.pos.x + first.advance_width);
            number += 1;
            while let Some(next) = glyphs.peek() {
                if sections.get(number).is_some_and(|own| *own != section) {
                    break;
                }
                piece.push(next.chr);
                right = next.pos.x + next.advance_width;
                number += 1;
                glyphs.next();
            }
            let Some(format) = job.sections.get(section).map(|section| &section.format) else { continue };
            if piece.trim().is_empty() {
                continue;
            }
            let at = words.pos + row.pos.to_vec2() + first.pos.to_vec2();
            let ink = words.override_text_color.unwrap_or(format.color);
            let ink = if ink == Color32::PLACEHOLDER { words.fallback_color } else { ink };
            let (family, weight) = font(&format.font_id.family);
            writeln!(
                out,
                "<text x=\"{}\" y=\"{}\" font-family=\"{family}\" font-size=\"{}\" font-weight=\"{weight}\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\" {}>{}</text>",
                at.x,
                at.y,
                format.font_id.size,
                right - first.pos.x,
                colour("fill", ink.gamma_multiply(words.opacity_factor)),
                plain(&piece)
            )
            .ok();
        }
        if row.ends_with_newline {
            number += 1;
        }
    }
}

fn font(family: &FontFamily) -> (&'static str, u16) {
    match family {
        FontFamily::Proportional => (WORDS, 400),
        FontFamily::Monospace => (DATA, 400),
        FontFamily::Name(name) => match &**name {
            crate::ui::fonts::MEDIUM => (WORDS, 500),
            crate::ui::fonts::SEMIBOLD => (WORDS, 600),
            _ => (DATA, 500),
        },
    }
}

/// What XML has a meaning for is written so that it has none, and what XML cannot hold is left out.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => plain.push_str("&amp;"),
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            c if c.is_control() => {}
            c => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use egui::{FontId, Theme, pos2, vec2};

    use super::super::Canvas;
    use super::*;
    use crate::ui::fonts::semibold;

    #[test]
    fn shapes_and_words_stand_where_they_were_drawn() {
        let mut canvas = Canvas::new(vec2(200.0, 100.0), 1.0, Theme::Light);
        let drawn = canvas.svg(&mut |ui| {
            let painter = ui.painter();
            let rect = egui::Rect::from_min_size(pos2(10.0, 20.0), vec2(50.0, 30.0));
            painter.rect(rect, 4.0, Color32::from_rgb(1, 2, 3), Stroke::new(2.0, Color32::RED), StrokeKind::Inside);
            painter.line_segment([pos2(0.0, 1.0), pos2(2.0, 3.0)], Stroke::new(1.0, Color32::BLUE));
            let mut job = egui::text::LayoutJob::simple_singleline("a < b ".to_owned(), semibold(12.0), Color32::BLACK);
            job.append("& more", 0.0, egui::TextFormat::simple(FontId::monospace(11.0), Color32::GREEN));
            let galley = painter.layout_job(job);
            painter.galley(pos2(20.0, 60.0), galley, Color32::BLACK);
        });
        assert!(drawn.starts_with("<svg xmlns=") && drawn.ends_with("</svg>\n"));
        let box_of = "<rect x=\"11\" y=\"21\" width=\"48\" height=\"28\" rx=\"4\" fill=\"#010203\" stroke=\"#ff0000\" stroke-width=\"2\"/>";
        assert!(drawn.contains(box_of), "{drawn}");
        assert!(drawn.contains("M0 1 L2 3") && drawn.contains("stroke=\"#0000ff\""), "{drawn}");
        assert!(drawn.contains("font-weight=\"600\"") && drawn.contains(">a &lt; b </text>"), "{drawn}");
        assert!(drawn.contains(">&amp; more</text>") && drawn.contains("fill=\"#00ff00\""), "{drawn}");
        assert_eq!(drawn.matches("<text").count(), drawn.matches("</text>").count());
    }

    #[test]
    fn what_cannot_be_seen_is_not_written() {
        let mut out = String::new();
        element(&mut out, "rect", Color32::TRANSPARENT, Stroke::NONE);
        assert_eq!(out, "");
        assert_eq!(plain("a\u{0}b"), "ab");
    }
}
