//! What the selected row was read from: file, line and the text as it was recorded.

use egui::{RichText, Ui};

use super::cells::Selected;
use crate::analyse::Detail;
use crate::app::pair::Pair;
use crate::trace::{Side, escape};
use crate::ui::theme::{Tokens, size};

/// Of a longer record only the beginning is painted; copying takes all of it.
const SHOWN_BYTES: usize = 4096;

/// Draws both records.
pub fn show(ui: &mut Ui, pair: &Pair, selected: &Selected, t: &Tokens) {
    for (side, event) in Side::BOTH.into_iter().zip(&selected.events) {
        if let Some(event) = event {
            record(ui, pair, side, event, t);
        }
    }
}

fn record(ui: &mut Ui, pair: &Pair, side: Side, event: &Detail, t: &Tokens) {
    let file = pair.analysis().sides[side].as_ref().map_or("", |events| events.recording.source.name.as_str());
    let place = format!("{}:{}", escape(file), event.place.line);
    ui.horizontal(|ui| {
        let colour = if side == Side::Expected { t.expected } else { t.actual };
        ui.label(RichText::new(place).monospace().size(size::SMALL).color(colour));
        if event.trouble.is_none() {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let text = RichText::new("Copy").size(size::SMALL).color(t.dim);
                let button = ui.add(egui::Button::new(text).frame(false));
                button
                    .widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Copy {side} record")));
                if button.clicked() {
                    ui.ctx().copy_text(event.raw.clone());
                }
            });
        }
    });
    if let Some(trouble) = &event.trouble {
        ui.label(RichText::new(escape(trouble)).size(size::LABEL).color(t.warn));
        return;
    }
    let end = event.raw.floor_char_boundary(SHOWN_BYTES);
    // A record may stand over several lines: their ends are its layout, everything else that is no letter is escaped.
    let lines: Vec<_> = event.raw[..end].lines().map(escape).collect();
    let mut text = lines.join("\n");
    if end < event.raw.len() {
        text.push('…');
    }
    let text = RichText::new(text).monospace().size(size::SMALL).line_height(Some(16.0)).color(t.dim);
    ui.add(egui::Label::new(text).wrap());
    if end < event.raw.len() {
        let more = format!("{} more bytes; Copy takes them all.", event.raw.len() - end);
        ui.label(RichText::new(more).size(size::SMALL).color(t.dim));
    }
    ui.add_space(4.0);
}
