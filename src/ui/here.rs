//! Help on what is under the pointer or has the keyboard: what is seen there, its marks, its keys.

use egui::{Sense, Ui, WidgetInfo, pos2, vec2};

use super::guide::{Section, section};
use super::parts::{self, data, elided, words};
use super::theme::{self, size};
use super::{dialogs, fonts, regions};
use crate::app::control::{ControlPage, ControlView};
use crate::app::pair::View;
use crate::app::region::Region;
use crate::app::requests::{RequestsPage, RequestsView};
use crate::app::state::Overlay;
use crate::app::table::by_id;
use crate::app::{Command, State};

/// Height of a line with a mark or a command.
const LINE: f32 = 24.0;
/// Width of the columns with marks and with keys.
const MARKS: f32 = 24.0;
const KEYS: f32 = 160.0;

/// Draws the help on a region; without one on what was looked at.
pub fn show(ui: &Ui, state: &State, asked: Option<Region>, out: &mut Vec<Command>) {
    let region = asked.or_else(|| regions::looked_at(ui)).unwrap_or_else(|| usual(state));
    let Section { title, seen, marks, commands } = section(region);
    let ((), closed) = parts::overlay(ui, "Help", vec2(600.0, 640.0), |ui| {
        let t = theme::tokens(ui);
        dialogs::heading(ui, title, Overlay::Here(None), out);
        dialogs::body(ui, |ui| {
            ui.add(egui::Label::new(egui::RichText::new(seen).font(words(size::BODY)).color(t.text)).wrap());
            ui.add_space(12.0);
            if !marks.is_empty() {
                parts::caption(ui, "MARKS");
            }
            for (mark, means) in marks {
                let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
                response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, *means));
                mark.paint(ui.painter(), pos2(rect.left() + 8.0, rect.center().y), 1.0, mark.colour(t));
                put(ui, rect, MARKS, means, words(size::LABEL), t.text, rect.width() - MARKS);
            }
            ui.add_space(if marks.is_empty() { 0.0 } else { 12.0 });
            parts::caption(ui, "KEYS");
            for entry in commands.iter().filter_map(|id| by_id(id)) {
                let keys = state.keymap.all_keys(entry.id);
                let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
                let named = if keys.is_empty() { "no key" } else { &keys };
                response.widget_info(|| {
                    WidgetInfo::labeled(
                        egui::Role::Label,
                        true,
                        format!("{}: {named}. {}", entry.title, entry.description),
                    )
                });
                put(ui, rect, 0.0, &keys, data(size::SMALL), t.text, KEYS - 12.0);
                put(ui, rect, KEYS, entry.title, fonts::medium(size::LABEL), t.text, rect.width() - KEYS);
                response.on_hover_text(entry.description);
            }
            ui.add_space(16.0);
            others(ui, region, out);
        });
    });
    if closed {
        out.push(Command::Toggle(Overlay::Here(None)));
    }
}

/// What fills most of the window.
fn usual(state: &State) -> Region {
    match state.pair().map(crate::app::pair::Pair::view) {
        None => match state.requests().map(RequestsPage::view) {
            None if state.watching().is_some() => Region::Runs,
            None => match state.control().map(ControlPage::view) {
                None => Region::Home,
                Some(ControlView::Control) => Region::Control,
                Some(ControlView::Trajectory) => Region::Trajectory,
                Some(ControlView::WhatIf) => Region::WhatIf,
            },
            Some(RequestsView::Propagation) => Region::Propagation,
            Some(RequestsView::Services) => Region::Services,
            Some(RequestsView::Waterfall) => Region::Waterfall,
            Some(RequestsView::Metrics) => Region::Metrics,
        },
        Some(View::Timeline) => Region::Timeline,
        Some(View::Events) => Region::Events,
        Some(View::Order) => Region::Order,
        Some(View::Propagation) => Region::Propagation,
        Some(View::Waterfall) => Region::Waterfall,
    }
}

/// The ways to the other sections.
fn others(ui: &mut Ui, region: Region, out: &mut Vec<Command>) {
    parts::caption(ui, "MORE HELP");
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        for other in Region::ALL.into_iter().filter(|other| *other != region) {
            let title = section(other).title;
            if parts::quiet(ui, title, &format!("Help: {title}")).clicked() {
                out.push(Command::HelpOn(other));
            }
        }
        if parts::quiet(ui, "All keys and commands", "All keys and commands").clicked() {
            out.push(Command::Toggle(Overlay::Help));
        }
    });
}

fn put(ui: &Ui, rect: egui::Rect, x: f32, text: &str, font: egui::FontId, colour: egui::Color32, room: f32) {
    let galley = elided(ui, text, font, colour, room);
    let at = pos2(rect.left() + x, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, colour);
}
