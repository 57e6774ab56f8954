//! The bar at the top: menus from the command table.

use crate::app::Command;
use crate::app::State;
use crate::app::table::{Menu, TABLE};

/// Draws the bar.
pub fn show(ui: &mut egui::Ui, state: &State, out: &mut Vec<Command>) {
    egui::Panel::top("menu").exact_size(40.0).show(ui, |ui| {
        egui::MenuBar::new().ui(ui, |ui| {
            for menu in Menu::ALL {
                ui.menu_button(menu.title(), |ui| entries(ui, state, menu, out));
            }
        });
    });
}

fn entries(ui: &mut egui::Ui, state: &State, menu: Menu, out: &mut Vec<Command>) {
    let mut group = None;
    for entry in TABLE.iter().filter(|entry| entry.menu == menu) {
        if group.is_some_and(|before| before != entry.group) {
            ui.separator();
        }
        group = Some(entry.group);
        let enabled = entry.enabled(state);
        let button = egui::Button::new(entry.title).shortcut_text(entry.shortcut());
        let response = ui.add_enabled(enabled.is_ok(), button);
        if response.clicked() {
            out.push((entry.command)());
        }
        response.on_hover_text(entry.description).on_disabled_hover_text(enabled.err().unwrap_or_default());
    }
}
