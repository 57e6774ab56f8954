//! Every command with its keys, from the command table.

use egui::{Ui, vec2};

use super::parts::{self, data, elided, words};
use super::theme::{self, size};
use super::{dialogs, fonts};
use crate::app::Command;
use crate::app::state::Overlay;
use crate::app::table::{Menu, TABLE};

/// Width of the column with keys.
const KEYS: f32 = 200.0;

/// Draws the panel.
pub fn show(ui: &Ui, out: &mut Vec<Command>) {
    let ((), closed) = parts::overlay(ui, "Keys and commands", vec2(760.0, 640.0), |ui| {
        dialogs::heading(ui, "Keys and commands", Overlay::Help, out);
        dialogs::body(ui, |ui| {
            for menu in Menu::ALL {
                parts::caption(ui, &menu.title().to_uppercase());
                for entry in TABLE.iter().filter(|entry| entry.menu == menu) {
                    let t = theme::tokens(ui);
                    let (rect, response) =
                        ui.allocate_exact_size(vec2(ui.available_width(), 22.0), egui::Sense::hover());
                    let keys = entry.all_keys();
                    let spoken = format!(
                        "{}: {}. {}",
                        entry.title,
                        if keys.is_empty() { "no key" } else { &keys },
                        entry.description
                    );
                    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &spoken));
                    let put = |x: f32, text: &str, font, colour, room: f32| {
                        let galley = elided(ui, text, font, colour, room);
                        ui.painter().galley(egui::pos2(x, rect.center().y - galley.size().y / 2.0), galley, colour);
                    };
                    put(rect.left(), &keys, data(size::SMALL), t.text, KEYS - 12.0);
                    put(rect.left() + KEYS, entry.title, fonts::medium(size::LABEL), t.text, 180.0);
                    let left = rect.left() + KEYS + 192.0;
                    put(left, entry.description, words(size::LABEL), t.dim, rect.right() - left);
                }
                ui.add_space(12.0);
            }
        });
    });
    if closed {
        out.push(Command::Toggle(Overlay::Help));
    }
}
