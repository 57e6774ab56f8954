//! Every command with its keys, from the command table, and the language of the search field.

use egui::{Color32, FontId, Rect, Ui, pos2, vec2};

use super::parts::{self, data, elided, words};
use super::theme::{self, size};
use super::{dialogs, fonts};
use crate::app::state::Overlay;
use crate::app::table::{Menu, TABLE};
use crate::app::{Command, State};
use crate::query::{GUIDE, Line};

/// Height of a line.
const LINE: f32 = 22.0;
/// Width of the column with keys.
const KEYS: f32 = 200.0;
/// Width of the column with examples of the search field.
const WRITTEN: f32 = 268.0;

/// Draws the panel.
pub fn show(ui: &Ui, state: &State, out: &mut Vec<Command>) {
    let ((), closed) = parts::overlay(ui, "Keys and commands", vec2(760.0, 640.0), |ui| {
        dialogs::heading(ui, "Keys and commands", Overlay::Help, out);
        dialogs::body(ui, |ui| {
            for menu in Menu::ALL {
                parts::caption(ui, &menu.title().to_uppercase());
                for entry in TABLE.iter().filter(|entry| entry.menu == menu) {
                    let t = theme::tokens(ui);
                    let keys = state.keymap.all_keys(entry.id);
                    let named = if keys.is_empty() { "no key" } else { &keys };
                    let spoken = format!("{}: {named}. {}", entry.title, entry.description);
                    let rect = line(ui, &spoken, LINE);
                    put(ui, rect, 0.0, &keys, data(size::SMALL), t.text, KEYS - 12.0);
                    put(ui, rect, KEYS, entry.title, fonts::medium(size::LABEL), t.text, 180.0);
                    let left = KEYS + 192.0;
                    put(ui, rect, left, entry.description, words(size::LABEL), t.dim, rect.width() - left);
                }
                ui.add_space(12.0);
            }
            language(ui);
        });
    });
    if closed {
        out.push(Command::Toggle(Overlay::Help));
    }
}

/// What can be typed into the search field.
fn language(ui: &mut Ui) {
    let t = theme::tokens(ui);
    parts::caption(ui, "FINDING");
    for Line { written, means } in GUIDE {
        let room = ui.available_width() - WRITTEN;
        let galley = ui.painter().layout((*means).to_owned(), words(size::LABEL), t.dim, room);
        let rect = line(ui, &format!("{written}: {means}"), galley.size().y + 8.0);
        let first = Rect::from_min_size(rect.min, vec2(rect.width(), LINE));
        put(ui, first, 0.0, written, data(size::SMALL), t.text, WRITTEN - 12.0);
        ui.painter().galley(rect.min + vec2(WRITTEN, 4.0), galley, t.dim);
    }
    ui.add_space(12.0);
}

/// Room for a line, which a screen reader finds by what it says.
fn line(ui: &mut Ui, spoken: &str, height: f32) -> Rect {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, spoken));
    rect
}

fn put(ui: &Ui, rect: Rect, x: f32, text: &str, font: FontId, colour: Color32, room: f32) {
    let galley = elided(ui, text, font, colour, room);
    let at = pos2(rect.left() + x, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, colour);
}
