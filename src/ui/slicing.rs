//! Before a slice is exported: which fields are redacted, how that looks, and the folder.

use egui::{Key, Modifiers, ScrollArea, Ui, vec2};

use super::parts::{self, data, elided, words};
use super::theme::{self, Tokens, size};
use super::{dialogs, hints};
use crate::app::slicing::{Offered, SliceCommand};
use crate::app::state::{Ask, Focus, Overlay};
use crate::app::{Command, State};
use crate::trace::escape;

/// Height of a field's line.
const LINE: f32 = 28.0;
/// Share of a line for the field's path, and for what it is for.
const PATH: f32 = 0.38;
const ROLE: f32 = 0.14;
/// Room below the list for the folder and the button.
const FOOT: f32 = 168.0;

/// Draws the form.
pub fn show(ui: &Ui, state: &State, out: &mut Vec<Command>) {
    // Everywhere in the form; the text field must not take it.
    let exports = ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Enter));
    let ((), closed) = parts::overlay(ui, "Export slice", vec2(680.0, 640.0), |ui| {
        dialogs::heading(ui, "Export slice", Overlay::Slice, out);
        egui::Frame::new().inner_margin(egui::Margin { left: 20, right: 20, top: 0, bottom: 16 }).show(ui, |ui| {
            what(ui, state);
            choices(ui, state, out);
            fields(ui, state, out);
            ui.add_space(12.0);
            folder(ui, state, out);
        });
    });
    if exports {
        out.push(Command::Slice(SliceCommand::Export));
    }
    if closed {
        out.push(Command::Toggle(Overlay::Slice));
    }
}

fn note(ui: &mut Ui, text: &str, colour: egui::Color32) {
    ui.add(egui::Label::new(egui::RichText::new(text).font(words(size::LABEL)).color(colour)).wrap());
}

fn what(ui: &mut Ui, state: &State) {
    let t = theme::tokens(ui);
    let around = state.pair().and_then(|pair| match pair.selected_ends() {
        Some((first, last)) => Some(format!("{first} to {last}")),
        None => Some(pair.selected_anchor()?.to_string()),
    });
    let around = around.map_or_else(|| "the most likely cause".to_owned(), |anchor| escape(&anchor).into_owned());
    let text = format!("The least around {around} that still compares the same, as a pack of its own.");
    note(ui, &text, t.text);
    ui.add_space(12.0);
}

fn choices(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let form = &state.slice;
    ui.horizontal(|ui| {
        let caption = match form.redacted() {
            0 => "REDACT · NOTHING YET".to_owned(),
            n => format!("REDACT · {n} OF {}", form.fields.len()),
        };
        ui.label(egui::RichText::new(caption).font(super::fonts::semibold(size::SMALL)).color(t.dim));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if parts::quiet(ui, "Select none", "Redact nothing").clicked() {
                out.push(Command::Slice(SliceCommand::RedactNone));
            }
            if parts::quiet(ui, "Select all text", "Redact all text").clicked() {
                out.push(Command::Slice(SliceCommand::RedactText));
            }
        });
    });
    let text = "A value becomes a pseudonym, the same value the same one everywhere; pack.json lists them. Kind, time and \
                position stay: without them it would not compare.";
    note(ui, text, t.dim);
    ui.add_space(4.0);
}

fn fields(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let room = ui.ctx().content_rect().bottom() - ui.cursor().top() - FOOT;
    let previews = state.slice.previews();
    ScrollArea::vertical().max_height(room.clamp(2.0 * LINE, 12.0 * LINE)).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if state.slice.fields.is_empty() {
            note(ui, "These recordings have no field beside kind, time and position.", t.dim);
        }
        for (place, (field, preview)) in state.slice.fields.iter().zip(&previews).enumerate() {
            line(ui, state, place, field, preview.as_deref(), t, out);
        }
    });
}

/// One field: whether it is redacted, what it is for, and a value with what will stand for it.
fn line(
    ui: &mut Ui,
    state: &State,
    place: usize,
    field: &Offered,
    preview: Option<&str>,
    t: &Tokens,
    out: &mut Vec<Command>,
) {
    let path = escape(&field.path).into_owned();
    let room = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(room, LINE), egui::Sense::hover());
    let mut redacted = field.redacted;
    let shown = elided(ui, &path, data(size::LABEL), t.text, room * PATH - 32.0);
    let checkbox = egui::Checkbox::new(&mut redacted, egui::WidgetText::from(shown));
    let place_of_box = egui::Rect::from_min_size(rect.min, vec2(room * PATH, LINE));
    let example = field.example.as_deref().map(|example| escape(example).into_owned());
    let spoken = match (&example, preview) {
        (Some(example), Some(preview)) => format!("Redact {path}: {example} becomes {preview}"),
        (Some(example), None) => format!("Redact {path}: {example}"),
        (None, _) => format!("Redact {path}"),
    };
    let left_aligned =
        egui::UiBuilder::new().max_rect(place_of_box).layout(egui::Layout::left_to_right(egui::Align::Center));
    let response = ui.scope_builder(left_aligned, |ui| ui.add(checkbox)).inner.accessible_name(spoken);
    if response.changed() {
        out.push(Command::Slice(SliceCommand::Redact(place, redacted)));
    }
    if response.has_focus() {
        response.scroll_to_me(None);
    }
    if place == 0 && state.focus == Some(Focus::Slice) {
        response.request_focus();
        out.push(Command::Focused);
    }
    let put = |x: f32, text: &str, font, colour, width: f32| {
        let galley = elided(ui, text, font, colour, width);
        let end = x + galley.size().x;
        ui.painter().galley(egui::pos2(x, rect.center().y - galley.size().y / 2.0), galley, colour);
        end
    };
    put(rect.left() + room * PATH, field.role.word(), words(size::LABEL), t.dim, room * ROLE - 8.0);
    let left = rect.left() + room * (PATH + ROLE);
    let Some(example) = example else {
        put(left, "no value nearby", words(size::LABEL), t.dim, rect.right() - left);
        return;
    };
    let half = (rect.right() - left) * 0.5 - 20.0;
    match preview {
        None => drop(put(left, &example, data(size::LABEL), t.text, rect.right() - left)),
        Some(preview) => {
            let end = put(left, &example, data(size::LABEL), t.dim, half);
            let end = put(end + 8.0, "→", data(size::LABEL), t.dim, 20.0);
            put(end + 8.0, preview, data(size::LABEL), t.ok, rect.right() - end - 8.0);
        }
    }
}

fn folder(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    parts::caption(ui, "FOLDER");
    let mut text = state.slice.folder.clone();
    ui.horizontal(|ui| {
        let field = egui::TextEdit::singleline(&mut text)
            .font(data(size::LABEL))
            .margin(egui::Margin::symmetric(8, 0))
            .min_size(vec2(0.0, 32.0))
            .align(egui::Align2::LEFT_CENTER)
            .desired_width(ui.available_width() - 96.0);
        let response = ui.add(field).accessible_name("Folder for the slice");
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if response.changed() {
            out.push(Command::Slice(SliceCommand::Folder(text.clone())));
        }
        if response.has_focus() && state.focus == Some(Focus::Slice) {
            out.push(Command::Focused);
        }
        if entered {
            out.push(Command::Slice(SliceCommand::Export));
        }
        if parts::button(ui, "Browse…").clicked() {
            out.push(Command::Ask(Ask::Slice));
        }
        if state.slice.fields.is_empty() && state.focus == Some(Focus::Slice) {
            response.request_focus();
            out.push(Command::Focused);
        }
    });
    ui.add_space(4.0);
    match &state.slice.trouble {
        Some(trouble) => note(ui, trouble, t.cause),
        None => note(ui, "A new or empty folder; in a full one the slice gets a folder of its own.", t.dim),
    }
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        if parts::main_button(ui, "Export", true).on_hover_text("Export (Ctrl+Enter)").clicked() {
            out.push(Command::Slice(SliceCommand::Export));
        }
        let esc = hints::key(ui, "escape");
        note(ui, &format!("Ctrl+Enter exports, Space redacts a field, {esc} leaves."), t.dim);
    });
}
