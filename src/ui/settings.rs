//! The settings: theme, contrast, size of text, motion, what is asked attention for, and where the keys are.

use egui::{Ui, vec2};

use super::dialogs;
use super::hints;
use super::parts::{self, words};
use super::theme::{self, size};
use crate::app::settings::{Attention, Setting, TEXT_SIZES};
use crate::app::state::{Overlay, ThemeChoice};
use crate::app::{Command, State};

/// Draws the settings.
pub fn show(ui: &Ui, state: &State, out: &mut Vec<Command>) {
    let ((), closed) = parts::overlay(ui, "Settings", vec2(480.0, 560.0), |ui| {
        dialogs::heading(ui, "Settings", Overlay::Settings, out);
        dialogs::body(ui, |ui| {
            colours(ui, state, out);
            text_size(ui, state, out);
            motion(ui, state, out);
            attention(ui, state, out);
            keys(ui, out);
        });
    });
    if closed {
        out.push(Command::Toggle(Overlay::Settings));
    }
}

/// A line that says what the setting above it does.
fn note(ui: &mut Ui, text: &str) {
    let t = theme::tokens(ui);
    ui.add(egui::Label::new(egui::RichText::new(text).font(words(size::LABEL)).color(t.dim)).wrap());
    ui.add_space(16.0);
}

fn colours(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let settings = &state.settings;
    parts::caption(ui, "COLOURS");
    ui.horizontal_wrapped(|ui| {
        for theme in ThemeChoice::ALL {
            if ui.radio(settings.theme == theme, theme.word()).clicked() {
                out.push(Command::Set(Setting::Theme(theme)));
            }
            ui.add_space(8.0);
        }
    });
    ui.add_space(4.0);
    let mut high = settings.high_contrast;
    if ui.checkbox(&mut high, "High contrast").changed() {
        out.push(Command::Set(Setting::HighContrast));
    }
    note(ui, "Words stand out from their ground by 7 to 1, and borders are seen.");
}

fn text_size(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let now = state.settings.text_size();
    parts::caption(ui, "TEXT SIZE");
    ui.horizontal(|ui| {
        let mut step = |ui: &mut Ui, enabled: bool, text: &str, name: &str, setting: Setting, command: &str| {
            let button = egui::Button::new(text).min_size(vec2(32.0, 28.0));
            let response = ui.add_enabled(enabled, button).accessible_name(name);
            if response.on_hover_text(hints::with_key(ui, name, command)).clicked() {
                out.push(Command::Set(setting));
            }
        };
        step(ui, now > TEXT_SIZES[0], "−", "Smaller text", Setting::Smaller, "text-smaller");
        let shown = egui::RichText::new(format!("{now} %")).font(parts::data(size::BODY)).color(t.text);
        ui.add_sized(vec2(56.0, 28.0), egui::Label::new(shown));
        let largest = TEXT_SIZES[TEXT_SIZES.len() - 1];
        step(ui, now < largest, "+", "Larger text", Setting::Larger, "text-larger");
        step(ui, now != 100, "Usual", "Usual text size", Setting::UsualSize, "text-usual");
    });
    ui.add_space(4.0);
    note(ui, "Everything grows and shrinks with the text.");
}

fn motion(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    parts::caption(ui, "MOTION");
    let mut reduced = state.settings.reduced_motion;
    if ui.checkbox(&mut reduced, "Reduced motion").changed() {
        out.push(Command::Set(Setting::ReducedMotion));
    }
    note(ui, "Playing shows one picture a second, as fast as before. Nothing else in this window moves by itself.");
}

fn attention(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    parts::caption(ui, "WATCHING");
    let mut asks = state.settings.attention == Attention::NewFailures;
    if ui.checkbox(&mut asks, "Ask for attention").changed() {
        out.push(Command::Set(Setting::Attention));
    }
    note(
        ui,
        "When a watched run fails in a way that none has before, the desktop marks the window if it is not in front.",
    );
}

fn keys(ui: &mut Ui, out: &mut Vec<Command>) {
    parts::caption(ui, "KEYS");
    ui.horizontal(|ui| {
        if parts::button(ui, "Edit shortcuts…").clicked() {
            out.push(Command::EditKeys);
        }
        if parts::button(ui, "Reload shortcuts").clicked() {
            out.push(Command::ReadKeys { asked: true });
        }
    });
}
