//! The marks of spans that are unusual: one shape for each, with its words beside it or in a tooltip.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Ui, vec2};

use super::glyph::Mark;
use super::words::Words;
use crate::trace::{SpanMark, SpanMarks};
use crate::ui::fonts::medium;
use crate::ui::theme::{Tokens, size};

/// Room for a mark in a row.
pub const WIDTH: f32 = 16.0;

/// Paints a mark around `at`, about ten points high.
pub fn paint(painter: &Painter, at: Pos2, mark: SpanMark, colour: Color32) {
    let stroke = Stroke::new(1.3, colour);
    let dot = |x: f32, y: f32| painter.circle_filled(at + vec2(x, y), 2.0, colour);
    let line = |x: f32, y: f32, to_x: f32, to_y: f32| {
        painter.line_segment([at + vec2(x, y), at + vec2(to_x, to_y)], stroke);
    };
    match mark {
        SpanMark::Duplicate => Mark::Duplicate.paint(painter, at, 0.9, colour),
        // A child below nothing.
        SpanMark::Orphan => {
            let above = Rect::from_center_size(at - vec2(0.0, 3.5), vec2(5.0, 5.0));
            let corners =
                [above.left_top(), above.right_top(), above.right_bottom(), above.left_bottom(), above.left_top()];
            painter.extend(Shape::dashed_line(&corners, stroke, 1.6, 1.6));
            dot(0.0, 4.0);
        }
        // Two trees beside each other.
        SpanMark::Root => {
            for x in [-3.2, 3.2] {
                dot(x, -3.0);
                line(x, -1.0, x, 5.0);
            }
        }
        // Back to before a line.
        SpanMark::Early => {
            line(4.5, -5.0, 4.5, 5.0);
            line(2.5, 0.0, -4.5, 0.0);
            line(-4.5, 0.0, -1.5, -3.0);
            line(-4.5, 0.0, -1.5, 3.0);
        }
        // A page with its lower part torn off.
        SpanMark::Partial => {
            let page = Rect::from_center_size(at, vec2(8.0, 10.0));
            let points = [
                page.left_bottom() - vec2(0.0, 3.0),
                page.left_top(),
                page.right_top(),
                page.right_bottom() - vec2(0.0, 3.0),
                page.center_bottom() - vec2(-1.5, 0.0),
                page.center_bottom() - vec2(1.0, 4.0),
                page.left_bottom() - vec2(0.0, 3.0),
            ];
            painter.add(Shape::line(points.to_vec(), stroke));
        }
    }
}

/// Paints marks that end at `right`; where they begin.
pub fn paint_right(painter: &Painter, right: Pos2, marks: SpanMarks, t: &Tokens) -> f32 {
    let all: Vec<SpanMark> = marks.iter().collect();
    let begin = right.x - all.len() as f32 * WIDTH;
    for (place, mark) in all.into_iter().enumerate() {
        let x = begin + (place as f32 + 0.5) * WIDTH;
        paint(painter, Pos2::new(x, right.y), mark, t.warn);
    }
    begin
}

/// Each mark in a line with its words, and what it means below.
pub fn explain(ui: &mut Ui, marks: SpanMarks, whose: &str, t: &Tokens) {
    for mark in marks.iter() {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), egui::Sense::hover());
        let name = format!("Span mark{whose}: {}", mark.words());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &name));
        paint(ui.painter(), rect.left_center() + vec2(7.0, 0.0), mark, t.warn);
        let title = format!("{}{whose}", mark.words());
        let words = Words::of(&title, medium(size::LABEL), t.text);
        words.paint(ui.painter(), rect.left_center() + vec2(20.0, 0.0), rect.width() - 20.0);
        let text = egui::RichText::new(mark.sentence()).size(size::LABEL).color(t.dim);
        ui.add(egui::Label::new(text).wrap());
    }
}
