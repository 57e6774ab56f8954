//! The page of a window in which nothing is open: ways to open something, what was open before, samples.

use egui::{Ui, pos2, vec2};

use super::parts::{self, data, elided, words};
use super::theme::{self, Tokens, size};
use super::{brand, fonts, path_field, regions};
use crate::app::recents::Recent;
use crate::app::region::Region;
use crate::app::samples::SAMPLES;
use crate::app::table;
use crate::app::{Command, State};

/// Widest column of the page; wider lines are hard to follow.
const WIDTH: f32 = 880.0;
/// Below this width the two columns stand under each other.
const TWO_COLUMNS: f32 = 720.0;
/// Room at both sides of a narrow window.
const MARGIN: f32 = 24.0;
/// How far the ground of a row reaches beyond its text.
const BEYOND: f32 = 10.0;
/// Room between the columns.
const GUTTER: f32 = 48.0;

/// Draws the page.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    regions::note(ui, Region::Home, ui.available_rect_before_wrap());
    egui::CentralPanel::default().frame(egui::Frame::new().fill(t.bg)).show(ui, |ui| {
        let height = ui.available_height();
        egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let above = (height * 0.1).clamp(16.0, 160.0);
            parts::column(ui, WIDTH, MARGIN, |ui| {
                ui.add_space(above.round());
                title(ui, t);
                ui.add_space(32.0);
                if ui.available_width() < TWO_COLUMNS {
                    open(ui, state, out);
                    ui.add_space(24.0);
                    recent(ui, state, t, out);
                    samples(ui, t, out);
                } else {
                    let width = (ui.available_width() - GUTTER) / 2.0;
                    ui.horizontal_top(|ui| {
                        ui.spacing_mut().item_spacing.x = 0.0;
                        half(ui, width, |ui| {
                            open(ui, state, out);
                            ui.add_space(24.0);
                            recent(ui, state, t, out);
                        });
                        ui.add_space(GUTTER);
                        half(ui, width, |ui| samples(ui, t, out));
                    });
                }
                ui.add_space(24.0);
            });
        });
    });
}

fn half(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(vec2(width, 0.0), egui::Layout::top_down(egui::Align::Min), |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing = vec2(8.0, 2.0);
        add(ui);
    });
}

fn title(ui: &mut Ui, t: &Tokens) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 72.0), egui::Sense::hover());
    brand::parting(ui.painter(), rect, t);
    ui.add_space(20.0);
    ui.label(
        egui::RichText::new("Where two recordings part, and why").font(fonts::semibold(size::TITLE)).color(t.text),
    );
    ui.add_space(2.0);
    let line = "Give it a run that went right and one that went wrong. Everything stays on this machine.";
    ui.label(egui::RichText::new(line).font(words(size::BODY)).color(t.dim));
}

fn open(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    parts::caption(ui, "OPEN");
    for id in ["open", "open-two", "open-folder", "watch-folder"] {
        if let Some(entry) = table::by_id(id) {
            let (rect, response) = parts::row(ui, 32.0, BEYOND, true, entry.title);
            let t = theme::tokens(ui);
            let taken = parts::key_caps(ui, rect.right(), rect.center().y, &state.keymap.shortcut(id), t);
            let galley = elided(ui, entry.title, fonts::medium(size::BODY), t.text, rect.width() - taken - 12.0);
            ui.painter().galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, t.text);
            if response.on_hover_text(entry.description).clicked() {
                out.push((entry.command)());
            }
        }
    }
    ui.add_space(8.0);
    path_field::show(ui, state, out);
    ui.add_space(6.0);
    let t = theme::tokens(ui);
    let hint = "Or drop one or two files, or a folder, onto this window.";
    ui.label(egui::RichText::new(hint).font(words(size::LABEL)).color(t.dim));
}

fn recent(ui: &mut Ui, state: &State, t: &Tokens, out: &mut Vec<Command>) {
    if state.recents.as_slice().is_empty() {
        return;
    }
    parts::caption(ui, "RECENT");
    for (at, recent) in state.recents.as_slice().iter().enumerate() {
        recent_row(ui, at, recent, t, out);
    }
    ui.add_space(24.0);
}

fn recent_row(ui: &mut Ui, at: usize, recent: &Recent, t: &Tokens, out: &mut Vec<Command>) {
    let there = recent.missing.is_none();
    let (rect, response) = parts::row(ui, 44.0, BEYOND, there, &format!("Open recent: {}", recent.title));
    let (left, right) = (rect.left(), rect.right());
    let taken = if response.contains_pointer() || !there {
        let centre = pos2(right - 10.0, rect.center().y);
        if parts::cross(ui, centre, &format!("Forget {}", recent.title)).clicked() {
            out.push(Command::Forget(at));
        }
        32.0
    } else if recent.verdict.is_empty() {
        0.0
    } else {
        parts::chip(ui, right, rect.center().y, &recent.verdict, verdict_colour(&recent.verdict, t)) + 8.0
    };
    let room = right - left - taken;
    let (strong, weak) = if there { (t.text, t.dim) } else { (t.dim, t.dim) };
    let title = elided(ui, &crate::trace::escape(&recent.title), fonts::medium(size::BODY), strong, room);
    ui.painter().galley(pos2(left, rect.top() + 5.0), title, strong);
    let below = recent.missing.clone().unwrap_or_else(|| whereabouts(recent));
    let below = elided(ui, &crate::trace::escape(&below), data(size::SMALL), weak, room);
    ui.painter().galley(pos2(left, rect.top() + 24.0), below, weak);
    if response.clicked() {
        out.push(Command::Open(recent.request.clone()));
    }
    let paths = recent.request.paths.iter().map(|path| path.display().to_string());
    response.on_hover_text(crate::trace::escape(&paths.collect::<Vec<_>>().join("\n")));
}

/// The names of two files, or the folder a pack stands in.
fn whereabouts(recent: &Recent) -> String {
    match recent.request.paths.as_slice() {
        [one] => one.display().to_string(),
        _ => recent.request.label(),
    }
}

fn verdict_colour(verdict: &str, t: &Tokens) -> egui::Color32 {
    match verdict {
        "identical" | "equivalent" => t.ok,
        "incomparable" => t.warn,
        _ => t.cause,
    }
}

fn samples(ui: &mut Ui, t: &Tokens, out: &mut Vec<Command>) {
    if SAMPLES.is_empty() {
        return;
    }
    parts::caption(ui, "SAMPLES");
    for (at, sample) in SAMPLES.iter().enumerate() {
        let width = ui.available_width();
        let story = ui.painter().layout(sample.story.to_owned(), words(size::LABEL), t.dim, width);
        let (rect, response) =
            parts::row(ui, story.size().y + 32.0, BEYOND, true, &format!("Open sample: {}", sample.title));
        let left = rect.left();
        let title = elided(ui, sample.title, fonts::medium(size::BODY), t.text, width);
        ui.painter().galley(pos2(left, rect.top() + 6.0), title, t.text);
        ui.painter().galley(pos2(left, rect.top() + 25.0), story, t.dim);
        if response.clicked() {
            out.push(Command::OpenSample(at));
        }
    }
}
