//! The selected span of the waterfall: both sides field by field, and the lines of logs that were written in it.

use egui::{FontId, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::app::requests::{Opened, RequestsPage};
use crate::report::{SpanField, population as report, span_fields};
use crate::trace::{Side, Sides, grouped};
use crate::ui::fonts::medium;
use crate::ui::pair::span_marks;
use crate::ui::pair::words::Words;
use crate::ui::sections::section;
use crate::ui::theme::{Tokens, size};

/// Least height of a field.
const LINE: f32 = 22.0;
/// Lines of logs that are shown of a side.
const LINES: usize = 8;

/// Draws what is known of the selected span.
pub fn show(ui: &mut Ui, page: &RequestsPage, opened: &Opened, t: &Tokens) {
    let waterfall = opened.waterfall();
    let row = opened.seen().row();
    if waterfall.rows.is_empty() {
        return;
    }
    let there = Side::BOTH.map(|side| waterfall.span(side, row).is_some());
    let caption = match there {
        [true, false] => "SPAN · only expected has it",
        [false, true] => "SPAN · only actual has it",
        _ => "SPAN",
    };
    section(ui, t, caption, |ui| {
        heading(ui, t);
        for field in span_fields(page.population(), waterfall, row) {
            line(ui, &field, t);
        }
    });
    let [expected, actual] = Side::BOTH.map(|side| waterfall.marks(side, row));
    if !expected.is_empty() || !actual.is_empty() {
        section(ui, t, "UNUSUAL SPAN", |ui| {
            if expected == actual {
                span_marks::explain(ui, actual, "", t);
            } else {
                span_marks::explain(ui, expected, ", expected", t);
                span_marks::explain(ui, actual, ", actual", t);
            }
        });
    }
    for side in Side::BOTH {
        let Some(span) = waterfall.rows[row as usize].spans[side] else { continue };
        let lines = waterfall.sides[side].lines(span);
        if lines.is_empty() {
            continue;
        }
        section(ui, t, &format!("LOG, {} · {}", side.word().to_uppercase(), lines.len()), |ui| {
            for line in lines.iter().take(LINES) {
                let text = report::word(page.population(), line.template);
                let text = egui::RichText::new(text).monospace().size(size::SMALL).color(t.text);
                ui.add(egui::Label::new(text).wrap());
            }
            if lines.len() > LINES {
                let more = format!("… and {} more", grouped((lines.len() - LINES) as u64));
                ui.label(egui::RichText::new(more).size(size::SMALL).color(t.dim));
            }
        });
    }
}

/// Where names, expected and actual begin, and how wide a value may be.
fn columns(rect: Rect) -> (f32, Sides<f32>, f32) {
    let name = (rect.width() * 0.25).clamp(72.0, 88.0).round();
    let width = ((rect.width() - name) / 2.0).round();
    (rect.left(), Sides::new(rect.left() + name, rect.left() + name + width), width)
}

fn heading(ui: &mut Ui, t: &Tokens) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let (_, at, width) = columns(rect);
    for (side, colour) in [(Side::Expected, t.expected), (Side::Actual, t.actual)] {
        let words = Words::of(side.word(), medium(size::LABEL), colour);
        words.paint(ui.painter(), pos2(at[side], rect.center().y), width - 4.0);
    }
}

fn line(ui: &mut Ui, field: &SpanField, t: &Tokens) {
    let room = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), LINE));
    let (left, at, width) = columns(room);
    let Sides { expected, actual } = &field.values;
    let changed = field.told && expected.is_some() && actual.is_some() && expected != actual;
    let value = |side: Side| {
        let value = field.values[side].as_deref();
        let colour = if value.is_some() { t.text } else { t.dim };
        let font = FontId::monospace(size::SMALL);
        (ui.painter().layout(value.unwrap_or("—").to_owned(), font, colour, width - 8.0), colour)
    };
    let shown = Sides::new(value(Side::Expected), value(Side::Actual));
    let height = shown.expected.0.size().y.max(shown.actual.0.size().y) + 6.0;
    let taken = vec2(room.width(), height.max(LINE) - ui.spacing().item_spacing.y);
    let (rect, response) = ui.allocate_exact_size(taken, Sense::hover());
    response.widget_info(|| {
        let said = |side: Side| field.values[side].as_deref().unwrap_or("nothing");
        let state = if changed { ", changed" } else { "" };
        let (expected, actual) = (said(Side::Expected), said(Side::Actual));
        let name = format!("field {}{state}: expected {expected}, actual {actual}", field.name);
        WidgetInfo::labeled(Role::Label, true, name)
    });
    if changed {
        let wash = Rect::from_min_max(pos2(at.expected - 4.0, rect.top() - 2.0), rect.max);
        ui.painter().rect_filled(wash, 3.0, t.cause_wash);
    }
    let name = Words::of(field.name, FontId::monospace(size::SMALL), t.dim);
    name.paint(ui.painter(), pos2(left, rect.top() + 8.0), at.expected - left - 6.0);
    for (side, (galley, colour)) in [(Side::Expected, shown.expected), (Side::Actual, shown.actual)] {
        ui.painter().galley(pos2(at[side], rect.top() + 1.0), galley, colour);
    }
}
