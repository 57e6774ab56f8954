//! The page of a load that failed: the sentence, another try, another pack.

use egui::{Sense, Ui, vec2};

use super::fonts;
use super::messages::escape_lines;
use super::pair::glyph;
use super::parts::{self, data, words};
use super::theme::{self, size};
use crate::app::Command;
use crate::app::state::{Ask, Failed, State};
use crate::trace::escape;

/// Draws the page.
pub fn show(ui: &mut Ui, state: &State, failed: &Failed, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    egui::CentralPanel::default().frame(egui::Frame::new().fill(t.bg).inner_margin(24)).show(ui, |ui| {
        ui.add_space((ui.available_height() * 0.2).round());
        parts::column(ui, 600.0, 0.0, |ui| {
            let label = failed.request.label();
            let title = if label.is_empty() {
                "It could not be opened".to_owned()
            } else {
                format!("{} could not be opened", escape(&label))
            };
            ui.horizontal(|ui| {
                let (mark, _) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::hover());
                glyph::warning(ui.painter(), mark.center(), t.warn);
                let title = egui::RichText::new(title).font(fonts::semibold(size::TITLE)).color(t.text);
                ui.add(egui::Label::new(title).wrap());
            });
            ui.add_space(8.0);
            let why = egui::RichText::new(escape_lines(&failed.why)).font(words(size::BODY)).color(t.text);
            ui.add(egui::Label::new(why).wrap());
            if let Some(detail) = &failed.detail {
                ui.add_space(8.0);
                let detail = egui::RichText::new(escape_lines(detail)).font(data(size::SMALL)).color(t.dim);
                ui.add(egui::Label::new(detail).wrap());
            }
            ui.add_space(20.0);
            ui.horizontal(|ui| {
                if parts::main_button(ui, "Try again", true).clicked() {
                    out.push(Command::Reload);
                }
                if parts::button(ui, "Open another…").clicked() {
                    out.push(Command::Ask(Ask::Pack));
                }
                if parts::button(ui, "Copy").clicked() {
                    let detail = failed.detail.as_deref().unwrap_or_default();
                    out.push(Command::Copy(format!("{}\n{detail}", failed.why).trim_end().to_owned()));
                }
                if parts::button(ui, "Home").clicked() {
                    out.push(Command::Home);
                }
            });
            ui.add_space(16.0);
            super::path_field::show(ui, state, out);
        });
    });
}
