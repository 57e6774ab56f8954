//! The page of a load: how far it is, the first answer as soon as it is known, a way out.

use egui::{Ui, vec2};

use super::fonts;
use super::hints;
use super::parts::{self, words};
use super::theme::{self, size};
use crate::app::Command;
use crate::app::state::Loading;
use crate::trace::escape;

/// Draws the page.
pub fn show(ui: &mut Ui, loading: &Loading, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    egui::CentralPanel::default().frame(egui::Frame::new().fill(t.bg).inner_margin(24)).show(ui, |ui| {
        ui.add_space((ui.available_height() * 0.24).round());
        parts::column(ui, 520.0, 0.0, |ui| {
            ui.label(
                egui::RichText::new(escape(&loading.request.label())).font(fonts::semibold(size::TITLE)).color(t.text),
            );
            ui.add_space(12.0);
            bar(ui, loading);
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                ui.label(egui::RichText::new(words_of(loading)).font(words(size::LABEL)).color(t.dim));
            });
            if let Some(first) = &loading.progress.first {
                ui.add_space(24.0);
                ui.label(
                    egui::RichText::new("FIRST ANSWER · PROVISIONAL").font(fonts::semibold(size::SMALL)).color(t.dim),
                );
                ui.add_space(2.0);
                ui.label(egui::RichText::new(escape(first)).font(fonts::medium(size::STRONG)).color(t.text));
            }
            ui.add_space(24.0);
            if parts::button(ui, "Cancel").on_hover_text(hints::with_key(ui, "Cancel loading", "escape")).clicked() {
                out.push(Command::CancelLoad);
            }
        });
    });
}

/// What is being done: `Reading · 45 %`.
pub fn words_of(loading: &Loading) -> String {
    let progress = &loading.progress;
    let stage = if progress.stage.is_empty() { "Opening" } else { &progress.stage };
    match loading.share() {
        Some(share) => format!("{stage} · {:.0} %", share * 100.0),
        None => format!("{stage}…"),
    }
}

/// A thin bar; without a known total it stands at a sliver rather than moving, so that a waiting window rests.
fn bar(ui: &mut Ui, loading: &Loading) {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 4.0), egui::Sense::hover());
    ui.painter().rect_filled(rect, 2, t.line);
    let mut done = rect;
    done.set_width(rect.width() * loading.share().unwrap_or(0.02));
    ui.painter().rect_filled(done, 2, t.expected);
    let name = format!("Loading: {}", words_of(loading));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, &name));
}
