//! Parts of an inspector, each with its name, and what was wrong with the input as one of them.

use egui::{FontId, Frame, Label, Margin, RichText, Sense, Stroke, Ui, pos2, vec2};

use super::fonts::semibold;
use super::pair::words::Words;
use super::theme::{Tokens, size};
use crate::trace::{Warning, escape, grouped};

/// Room at the sides.
const PAD: i8 = 16;
/// So many warnings are shown here; the messages have all.
const WARNINGS: usize = 4;

/// A part of the inspector with its name, and a line below.
pub fn section(ui: &mut Ui, t: &Tokens, title: &str, content: impl FnOnce(&mut Ui)) {
    let margin = Margin { left: PAD, right: PAD, top: 12, bottom: 12 };
    let response = Frame::NONE.inner_margin(margin).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let text = RichText::new(title).font(semibold(size::SMALL)).color(t.dim);
        ui.add(Label::new(text).selectable(false));
        ui.add_space(2.0);
        content(ui);
    });
    let rect = response.response.rect;
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, t.line_soft));
}

/// The first warnings, and how many more there are; nothing where there are none.
pub fn warnings(ui: &mut Ui, t: &Tokens, warnings: &[Warning]) {
    if warnings.is_empty() {
        return;
    }
    section(ui, t, &format!("WARNINGS · {}", grouped(warnings.len() as u64)), |ui| {
        for warning in warnings.iter().take(WARNINGS) {
            let colour = if warning.kind.partial() { t.warn } else { t.text };
            let text = escape(&warning.to_string()).into_owned();
            ui.add(Label::new(RichText::new(text).size(size::LABEL).color(colour)).wrap());
        }
        if warnings.len() > WARNINGS {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
            let more = format!("… and {} more: the messages have all.", warnings.len() - WARNINGS);
            let words = Words::of(&more, FontId::proportional(size::LABEL), t.dim);
            words.paint(ui.painter(), pos2(rect.left(), rect.center().y), rect.width());
        }
    });
}
