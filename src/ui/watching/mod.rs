//! A watched folder, everything below the menu bar: how many runs answered what, the runs, the selected one, the rules, status.

mod empty;
mod group;
mod header;
mod inspector;
mod list;
mod rules;
mod run;
mod status;
mod strip;

use egui::{CentralPanel, Color32, Frame, Key, Modifiers, Panel, Ui};

use super::{regions, theme};
use crate::app::region::Region;
use crate::app::watching::{WatchCommand, Watching};
use crate::app::{Command, State};

/// Below this width the list has all the room.
const INSPECTOR_FROM: f32 = 720.0;

/// Draws the page and says what was asked for.
pub fn show(ui: &mut Ui, state: &State, page: &Watching, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let bar = |fill: Color32| Frame::NONE.fill(fill);
    let width = ui.available_width();
    Panel::top("counts")
        .exact_size(header::HEIGHT)
        .resizable(false)
        .frame(bar(t.panel))
        .show_separator_line(true)
        .show(ui, |ui| header::show(ui, page));
    Panel::bottom("status").exact_size(status::HEIGHT).resizable(false).frame(bar(t.panel)).show(ui, |ui| {
        status::show(ui, page, out);
    });
    if width >= INSPECTOR_FROM {
        let right = (width * 0.25).clamp(264.0, 400.0).round();
        Panel::right("run").exact_size(right).resizable(false).frame(bar(t.panel)).show(ui, |ui| {
            inspector::show(ui, page, out);
        });
    }
    CentralPanel::no_frame().show(ui, |ui| {
        ui.painter().rect_filled(ui.max_rect(), 0.0, t.bg);
        ui.spacing_mut().item_spacing.y = 0.0;
        regions::note(ui, Region::Runs, ui.max_rect());
        strip::show(ui, state, page, out);
        if page.list().lines() == 0 {
            empty::show(ui, page, out);
        } else {
            list::show(ui, page, out);
        }
    });
    enter(ui, state, page, out);
}

/// Enter opens the selected run, unless something else has the keyboard.
fn enter(ui: &Ui, state: &State, page: &Watching, out: &mut Vec<Command>) {
    let free = state.overlay.is_none()
        && ui.memory(|memory| memory.focused().is_none())
        && !egui::Popup::is_any_open(ui.ctx())
        && page.selected().is_some();
    if free && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter)) {
        out.push(WatchCommand::Open.into());
    }
}
