//! What stands above the list: the filter, how many runs are new, and how the list goes on.

use egui::{Align, Layout, Panel, RichText, Ui};

use crate::app::state::Focus;
use crate::app::watching::{WatchCommand, Watching};
use crate::app::{Command, State};
use crate::trace::grouped;
use crate::ui::parts::{self, words};
use crate::ui::theme::{self, size};
use crate::ui::{fonts, hints};

/// Its height.
const HEIGHT: f32 = 44.0;
/// Widest and narrowest filter.
const FILTER: (f32, f32) = (280.0, 120.0);
/// Below this width the switches say less.
const SHORT_BELOW: f32 = 640.0;

/// Draws the strip.
pub fn show(ui: &mut Ui, state: &State, page: &Watching, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let frame = egui::Frame::NONE.fill(t.panel).inner_margin(egui::Margin::symmetric(16, 0));
    Panel::top("runs").exact_size(HEIGHT).resizable(false).frame(frame).show_separator_line(true).show(ui, |ui| {
        let short = ui.available_width() < SHORT_BELOW;
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            filter(ui, state, page, out);
            new(ui, page, out);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                pause(ui, page, out);
                switch(ui, page.grouped(), if short { "Group" } else { "Group alike" }, "group-runs", || {
                    out.push(WatchCommand::Group.into());
                });
                switch(ui, page.follows(), if short { "Follow" } else { "Follow latest" }, "follow-latest", || {
                    out.push(WatchCommand::Follow.into());
                });
            });
        });
    });
}

fn filter(ui: &mut Ui, state: &State, page: &Watching, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let mut text = page.filter().to_owned();
    let room = (ui.available_width() * 0.34).clamp(FILTER.1, FILTER.0);
    let field = egui::TextEdit::singleline(&mut text)
        .id(egui::Id::unique("filter of runs"))
        .hint_text(RichText::new("Filter runs…").color(t.dim))
        .margin(egui::Margin::symmetric(8, 4))
        .desired_width(room);
    let response = ui.add(field).accessible_name("Filter runs");
    if response.changed() {
        out.push(WatchCommand::Filter(text).into());
    }
    if state.focus == Some(Focus::Search) {
        response.request_focus();
        out.push(Command::Focused);
    }
    let over = "A name, a verdict, words of a cause, letters of a fingerprint";
    response.on_hover_text(hints::with_key(ui, over, "search"));
}

/// How many runs came while the list was held.
fn new(ui: &mut Ui, page: &Watching, out: &mut Vec<Command>) {
    if page.unseen() == 0 {
        return;
    }
    let t = theme::tokens(ui);
    let ink = if t.dark { t.bg } else { t.panel };
    let text = format!("{} new", grouped(page.unseen() as u64));
    let label = RichText::new(&text).font(fonts::semibold(size::LABEL)).color(ink);
    let button = egui::Button::new(label).fill(t.expected).stroke(egui::Stroke::NONE).min_size(egui::vec2(0.0, 24.0));
    let response = ui.add(button).accessible_name(format!("{text}, show"));
    let over = "Came since; the list is held still while something is selected or it is scrolled";
    if response.on_hover_text(hints::with_key(ui, over, "new-runs")).clicked() {
        out.push(WatchCommand::ShowNew.into());
    }
}

fn switch(ui: &mut Ui, on: bool, text: &str, command: &str, mut flip: impl FnMut()) {
    let mut now = on;
    let label = RichText::new(text).font(words(size::LABEL));
    let response = ui.checkbox(&mut now, label);
    if response.changed() {
        flip();
    }
    let says = crate::app::table::by_id(command).map_or("", |entry| entry.description);
    response.on_hover_text(hints::with_key(ui, says.trim_end_matches('.'), command));
}

fn pause(ui: &mut Ui, page: &Watching, out: &mut Vec<Command>) {
    let (text, over) = if page.paused() {
        ("Resume", "Look at what changed meanwhile, and go on")
    } else {
        ("Pause", "Look at no run until it is said again")
    };
    if parts::quiet(ui, text, text).on_hover_text(hints::with_key(ui, over, "pause-watching")).clicked() {
        out.push(WatchCommand::Pause.into());
    }
}
