//! Every command with its keys, from the command table, and the language of the search field.

use egui::{Color32, FontId, Rect, Ui, pos2, vec2};

use super::parts::{self, data, elided, words};
use super::theme::{self, size};
use super::{dialogs, fonts};
use crate::app::state::Overlay;
use crate::app::table::{Entry, Menu};
use crate::app::{Command, State};
use crate::query::{GUIDE, Line};

/// Height of a line.
const LINE: f32 = 22.0;
/// Width of the column with keys.
const KEYS: f32 = 200.0;
/// Width of the column with titles.
const TITLE: f32 = 200.0;
/// A panel narrower than this has no column for what commands do.
const NARROW: f32 = 640.0;
/// The name of the part about the search field.
const FINDING: &str = "The language of the search";
/// Width of the column with examples of the search field.
const WRITTEN: f32 = 268.0;

/// Draws the panel.
pub fn show(ui: &Ui, state: &State, out: &mut Vec<Command>) {
    let room = vec2(860.0, f32::INFINITY);
    let ((), closed) = parts::overlay(ui, "Keys and commands", room, |ui| {
        dialogs::heading(ui, "Keys and commands", Overlay::Help, out);
        let wanted = parts_of_it(ui);
        dialogs::body(ui, |ui| {
            for menu in Menu::ALL {
                part(ui, menu.title(), wanted);
                for entry in menu.entries() {
                    command(ui, state, entry);
                }
                ui.add_space(12.0);
            }
            part(ui, FINDING, wanted);
            language(ui);
        });
    });
    if closed {
        out.push(Command::Toggle(Overlay::Help));
    }
}

/// The parts by name, each a way to it; the one that was pressed.
fn parts_of_it(ui: &mut Ui) -> Option<&'static str> {
    let mut wanted = None;
    egui::Frame::new().inner_margin(egui::Margin { left: 12, right: 12, top: 0, bottom: 6 }).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(4.0, 2.0);
            for name in std::iter::once(FINDING).chain(Menu::ALL.map(Menu::title)) {
                if parts::quiet(ui, name, &format!("Go to {name}")).clicked() {
                    wanted = Some(name);
                }
            }
        });
    });
    wanted
}

/// The name of a part, which comes into sight where it is wanted.
fn part(ui: &mut Ui, name: &str, wanted: Option<&str>) {
    if wanted == Some(name) {
        ui.scroll_to_cursor(Some(egui::Align::TOP));
    }
    parts::caption(ui, &name.to_uppercase());
}

/// A command with its keys and what it does, whole.
fn command(ui: &mut Ui, state: &State, entry: &Entry) {
    let t = theme::tokens(ui);
    let keys = state.keymap.all_keys(entry.id);
    let named = if keys.is_empty() { "no key" } else { &keys };
    let spoken = format!("{}: {named}. {}", entry.title, entry.description);
    let all = ui.available_width();
    // Where it is narrow, what a command does stands below its title.
    let narrow = all < NARROW;
    let (title_room, left) = if narrow { (all - KEYS, KEYS) } else { (TITLE - 12.0, KEYS + TITLE) };
    let paragraph = |text: &str, font, colour, room: f32| ui.painter().layout(text.to_owned(), font, colour, room);
    let keys = paragraph(&keys, data(size::SMALL), t.text, KEYS - 12.0);
    let title = paragraph(entry.title, fonts::medium(size::LABEL), t.text, title_room);
    let does = paragraph(entry.description, words(size::LABEL), t.dim, (all - left).max(120.0));
    let below = if narrow { title.size().y + 1.0 } else { 0.0 };
    let height = (below + does.size().y).max(title.size().y).max(keys.size().y) + 7.0;
    let rect = line(ui, &spoken, height.max(LINE));
    for (x, y, galley) in [(0.0, 0.5, keys), (KEYS, 0.0, title), (left, below, does)] {
        ui.painter().galley(rect.min + vec2(x, 3.0 + y), galley, t.text);
    }
}

/// What can be typed into the search field.
fn language(ui: &mut Ui) {
    let t = theme::tokens(ui);
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
