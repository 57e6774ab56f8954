//! What went wrong or is worth saying: bars under the menu until they are dismissed, and a panel that keeps them all.

use egui::{Ui, vec2};

use super::hints;
use super::parts::{self, words};
use super::theme::{self, Tokens, size};
use crate::app::message::{Level, Message};
use crate::app::state::Overlay;
use crate::app::{Command, State};
use crate::trace::escape;

/// Bars shown at once; the rest is one line, so that messages never push the page out of the window.
const BARS: usize = 3;
/// Room for the buttons of a message.
const ACTIONS: f32 = 132.0;

/// Draws the bars: files that changed, then the newest messages that stand.
pub fn bars(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let names = &state.front().changed;
    if !names.is_empty() && (state.pair().is_some() || state.requests().is_some() || state.control().is_some()) {
        changed(ui, names, out);
    }
    for message in state.messages.standing().take(BARS) {
        bar(ui, message, out);
    }
    let more = state.messages.standing().count().saturating_sub(BARS);
    if more > 0 {
        strip(ui, "more messages", |ui, t| {
            ui.label(egui::RichText::new(format!("{more} more")).font(words(size::LABEL)).color(t.dim));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if parts::quiet(ui, "Dismiss all", "Dismiss all messages").clicked() {
                    out.push(Command::DismissAll);
                }
                if parts::quiet(ui, "Show all", "Show all messages").clicked() {
                    out.push(Command::Toggle(Overlay::Messages));
                }
            });
        });
    }
}

fn strip(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui, &Tokens)) {
    let t = theme::tokens(ui);
    let frame = egui::Frame::new().fill(t.panel).inner_margin(egui::Margin::symmetric(12, 4));
    egui::Panel::top(name.to_owned()).frame(frame).resizable(false).show(ui, |ui| {
        ui.horizontal(|ui| add(ui, t));
    });
}

fn changed(ui: &mut Ui, names: &[String], out: &mut Vec<Command>) {
    strip(ui, "changed on disk", |ui, t| {
        dot(ui, t.warn);
        let text = format!("{} changed on disk. What you see is the earlier recording.", escape(&names.join(" and ")));
        ui.label(egui::RichText::new(text).font(words(size::LABEL)).color(t.text));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if parts::quiet(ui, "Not now", "Dismiss the notice of changed files").clicked() {
                out.push(Command::DismissChanged);
            }
            if parts::quiet(ui, &hints::with_key(ui, "Reload", "reload"), "Reload the changed files").clicked() {
                out.push(Command::Reload);
            }
        });
    });
}

fn bar(ui: &mut Ui, message: &Message, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let fill = match message.level {
        Level::Error => t.cause_wash,
        Level::Warning => t.warn_wash,
        Level::Note => t.panel,
    };
    let frame = egui::Frame::new().fill(fill).inner_margin(egui::Margin::symmetric(12, 4));
    egui::Panel::top(format!("message {}", message.id)).frame(frame).resizable(false).show(ui, |ui| {
        ui.horizontal_top(|ui| {
            line(ui, message, t, out);
        });
    });
}

/// A message with its mark and what can be done with it.
fn line(ui: &mut Ui, message: &Message, t: &Tokens, out: &mut Vec<Command>) {
    dot(ui, colour(message.level, t));
    let room = (ui.available_width() - ACTIONS).max(80.0);
    ui.allocate_ui_with_layout(vec2(room, 0.0), egui::Layout::top_down(egui::Align::Min), |ui| {
        ui.set_width(room);
        ui.add_space(4.0);
        body(ui, message, t);
    });
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Min), |ui| actions(ui, message, out));
}

fn body(ui: &mut Ui, message: &Message, t: &Tokens) {
    let text = egui::RichText::new(escape_lines(&message.text)).font(words(size::LABEL)).color(t.text);
    ui.add(egui::Label::new(text).wrap());
    if let Some(detail) = &message.detail {
        let detail = egui::RichText::new(escape_lines(detail)).font(parts::data(size::SMALL)).color(t.dim);
        ui.add(egui::Label::new(detail).wrap());
    }
}

fn actions(ui: &mut Ui, message: &Message, out: &mut Vec<Command>) {
    if message.standing && parts::quiet(ui, "Dismiss", &format!("Dismiss: {}", message.text)).clicked() {
        out.push(Command::Dismiss(message.id));
    }
    if parts::quiet(ui, "Copy", &format!("Copy: {}", message.text)).clicked() {
        out.push(Command::Copy(message.whole()));
    }
}

/// Escapes what a recording or a path may have brought, but keeps our own line ends.
pub fn escape_lines(text: &str) -> String {
    text.lines().map(|line| escape(line).into_owned()).collect::<Vec<_>>().join("\n")
}

fn dot(ui: &mut Ui, colour: egui::Color32) {
    let (rect, _) = ui.allocate_exact_size(vec2(8.0, 24.0), egui::Sense::hover());
    ui.painter().circle_filled(rect.center(), 3.5, colour);
}

fn colour(level: Level, t: &Tokens) -> egui::Color32 {
    match level {
        Level::Error => t.cause,
        Level::Warning => t.warn,
        Level::Note => t.dim,
    }
}

/// Draws the panel with every message that is kept.
pub fn panel(ui: &Ui, state: &State, out: &mut Vec<Command>) {
    let ((), closed) = parts::overlay(ui, "Messages and warnings", vec2(720.0, 560.0), |ui| {
        super::dialogs::heading(ui, "Messages and warnings", Overlay::Messages, out);
        super::dialogs::body(ui, |ui| {
            let of_pair = state.pair().map(|pair| &pair.analysis().warnings);
            let of_requests = || state.requests().map(|page| &page.population().warnings);
            if let Some(warnings) = of_pair.or_else(of_requests) {
                super::dialogs::warnings(ui, warnings, out);
                parts::caption(ui, "MESSAGES");
            }
            if state.messages.all().next().is_none() {
                let t = theme::tokens(ui);
                ui.label(egui::RichText::new("Nothing was said so far.").color(t.dim));
            }
            for message in state.messages.all() {
                let t = theme::tokens(ui);
                ui.horizontal_top(|ui| {
                    line(ui, message, t, out);
                });
                ui.separator();
            }
        });
    });
    if closed {
        out.push(Command::Toggle(Overlay::Messages));
    }
}
