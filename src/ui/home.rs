//! The page of a window in which nothing is open.

use crate::app::Command;
use crate::app::State;

/// Draws the page.
pub fn show(ui: &mut egui::Ui, _state: &State, _out: &mut Vec<Command>) {
    egui::CentralPanel::default().show(ui, |ui| {
        ui.heading("DetTrace");
    });
}
