//! The page of a load: how far it is, the first answer, a way out.

use crate::app::Command;
use crate::app::state::Loading;

/// Draws the page.
pub fn show(ui: &mut egui::Ui, loading: &Loading, out: &mut Vec<Command>) {
    egui::CentralPanel::default().show(ui, |ui| {
        ui.heading(loading.request.label());
        ui.label(&loading.progress.stage);
        if ui.button("Cancel").clicked() {
            out.push(Command::CancelLoad);
        }
    });
}
