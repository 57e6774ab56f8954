//! The command palette: what [`crate::app::palette`] offers, group by group, with what Enter does at the foot.

use egui::{Key, Modifiers, Ui, vec2};

use super::fonts;
use super::parts::{self, elided, words};
use super::theme::{self, size};
use crate::app::palette::{Group, Hit, Hits, hits};
use crate::app::state::Focus;
use crate::app::{Command, State};
use crate::trace::escape;

/// Lines shown at once where there is room, captions included.
const LINES: usize = 12;
/// Lines shown in the lowest window.
const LEAST_LINES: usize = 4;
/// Height of a hit.
const ROW: f32 = 32.0;
/// Height of a caption.
const CAPTION: f32 = 24.0;
/// Height of the foot.
const FOOT: f32 = 36.0;
/// Room that is left free below the palette.
const BELOW: f32 = 40.0;

/// What stands in the list.
#[derive(Debug, Clone, Copy)]
enum Line {
    /// The caption over a group.
    Caption(Group),
    /// The hit of this place.
    Hit(usize),
}

/// Draws the palette.
pub fn show(ui: &Ui, state: &State, query: &str, selected: usize, out: &mut Vec<Command>) {
    let hits = hits(state, query);
    let selected = selected.min(hits.list.len().saturating_sub(1));
    let chosen = steer(ui, query, selected, hits.list.len(), out);
    let ((), closed) = parts::overlay(ui, "Command palette", vec2(640.0, 520.0), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        field(ui, state, query, out);
        list(ui, &hits, selected, out);
        if let Some(hit) = hits.list.get(selected) {
            foot(ui, hit);
        }
    });
    if chosen && let Some(hit) = hits.list.get(selected) {
        choose(hit, out);
    }
    if closed {
        out.push(Command::Escape);
    }
}

fn choose(hit: &Hit, out: &mut Vec<Command>) {
    if hit.off.is_none() {
        out.push(Command::Escape);
        out.push(hit.command.clone());
    }
}

/// Arrow keys and Enter belong to the list, before the text field sees them.
fn steer(ui: &Ui, query: &str, selected: usize, len: usize, out: &mut Vec<Command>) -> bool {
    let mut at = selected;
    let mut chosen = false;
    ui.input_mut(|input| {
        let last = len.saturating_sub(1);
        if input.consume_key(Modifiers::NONE, Key::ArrowDown) {
            at = if selected >= last { 0 } else { selected + 1 };
        }
        if input.consume_key(Modifiers::NONE, Key::ArrowUp) {
            at = selected.checked_sub(1).unwrap_or(last);
        }
        if input.consume_key(Modifiers::NONE, Key::PageDown) {
            at = (selected + LINES).min(last);
        }
        if input.consume_key(Modifiers::NONE, Key::PageUp) {
            at = selected.saturating_sub(LINES);
        }
        chosen = input.consume_key(Modifiers::NONE, Key::Enter);
    });
    if at != selected {
        out.push(Command::Palette(query.to_owned(), at));
    }
    chosen
}

fn field(ui: &mut Ui, state: &State, query: &str, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let mut text = query.to_owned();
    egui::Frame::new().inner_margin(egui::Margin::symmetric(12, 10)).show(ui, |ui| {
        let hint =
            egui::RichText::new("Type a command, a lane, a kind of event, or an event such as actual:5").color(t.dim);
        let field = egui::TextEdit::singleline(&mut text)
            .hint_text(hint)
            .frame(egui::Frame::NONE)
            .font(words(size::STRONG))
            .return_key(None)
            .min_size(vec2(0.0, 24.0))
            .align(egui::Align2::LEFT_CENTER)
            .desired_width(f32::INFINITY);
        let response = ui.add(field).accessible_name("Type a command");
        if response.changed() {
            out.push(Command::Palette(text.clone(), 0));
        }
        if state.focus == Some(Focus::Palette) {
            response.request_focus();
            out.push(Command::Focused);
        }
    });
    ui.painter().hline(ui.max_rect().x_range(), ui.cursor().top(), egui::Stroke::new(1.0, t.line));
}

/// The lines of the list: each group under its caption.
fn lines(hits: &Hits) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut group = None;
    for (at, hit) in hits.list.iter().enumerate() {
        if group != Some(hit.group) {
            lines.push(Line::Caption(hit.group));
        }
        group = Some(hit.group);
        lines.push(Line::Hit(at));
    }
    lines
}

fn list(ui: &mut Ui, hits: &Hits, selected: usize, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    egui::Frame::new().inner_margin(egui::Margin { left: 6, right: 6, top: 4, bottom: 6 }).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if hits.list.is_empty() {
            ui.add_space(8.0);
            ui.label(egui::RichText::new("   Nothing has that name.").color(t.dim));
            ui.add_space(8.0);
        }
        let lines = lines(hits);
        let line = lines.iter().position(|line| matches!(line, Line::Hit(at) if *at == selected)).unwrap_or(0);
        let room = ui.ctx().content_rect().bottom() - ui.cursor().top() - FOOT - BELOW;
        let most = ((room / ROW) as usize).clamp(LEAST_LINES, LINES);
        let first = line.saturating_sub(most - 1).min(lines.len().saturating_sub(most));
        for line in lines.iter().skip(first).take(most) {
            match *line {
                Line::Caption(group) => caption(ui, &hits.caption(group)),
                Line::Hit(at) => {
                    if row(ui, &hits.list[at], at == selected) {
                        choose(&hits.list[at], out);
                    }
                }
            }
        }
    });
}

fn caption(ui: &mut Ui, text: &str) {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), CAPTION), egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, text));
    let galley = ui.painter().layout_no_wrap(text.to_owned(), fonts::semibold(size::SMALL), t.dim);
    ui.painter().galley(egui::pos2(rect.left() + 10.0, rect.bottom() - galley.size().y - 2.0), galley, t.dim);
}

/// One hit; true when it was clicked.
fn row(ui: &mut Ui, hit: &Hit, selected: bool) -> bool {
    let t = theme::tokens(ui);
    let (rect, response) = parts::row(ui, ROW, 0.0, hit.off.is_none(), &hit.title);
    if selected {
        ui.painter().rect_filled(rect, parts::RADIUS, t.selection);
    }
    let (left, right, centre) = (rect.left() + 10.0, rect.right() - 10.0, rect.center().y);
    let keys = parts::key_caps(ui, right, centre, &hit.keys, t);
    let colour = if hit.off.is_some() { t.dim } else { t.text };
    let put = |x: f32, galley: std::sync::Arc<egui::Galley>| {
        let width = galley.size().x;
        ui.painter().galley(egui::pos2(x, centre - galley.size().y / 2.0), galley, colour);
        width
    };
    let room = right - left - keys;
    let title = put(left, elided(ui, &escape(&hit.title), fonts::medium(size::BODY), colour, room * 0.7));
    let note = hit.off.unwrap_or(&hit.does);
    put(left + title + 12.0, elided(ui, &escape(note), words(size::LABEL), t.dim, room - title - 24.0));
    response.clicked()
}

/// What Enter does with the chosen hit, or why it does nothing.
fn foot(ui: &mut Ui, hit: &Hit) {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), FOOT), egui::Sense::hover());
    ui.painter().hline(rect.x_range(), rect.top(), egui::Stroke::new(1.0, t.line));
    let does = hit.off.unwrap_or(&hit.does);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("Enter: {does}")));
    let (left, right, centre) = (rect.left() + 16.0, rect.right() - 16.0, rect.center().y);
    let enter = ui.painter().layout_no_wrap("Enter".to_owned(), parts::data(size::SMALL), t.dim);
    let taken = parts::key_caps(ui, left + enter.size().x + 10.0, centre, "Enter", t);
    let galley = elided(ui, &escape(does), words(size::LABEL), t.text, right - left - taken - 8.0);
    ui.painter().galley(egui::pos2(left + taken + 8.0, centre - galley.size().y / 2.0), galley, t.text);
    response.on_hover_text(does);
}
