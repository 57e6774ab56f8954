//! The page of a load: how far it is, the first rows and the first answer as soon as they are known, a way out.

use egui::{Ui, vec2};

use super::hints;
use super::parts::{self, words};
use super::theme::{self, Tokens, size};
use super::{fonts, pair};
use crate::app::Command;
use crate::app::loads::LONG;
use crate::app::pair::Pair;
use crate::app::state::Loading;
use crate::trace::{escape, grouped};

const ONLY_WHOLE: &str = "Its rows are known only when all of it is read.";

/// Draws the page.
pub fn show(ui: &mut Ui, loading: &Loading, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    match &loading.rows {
        Some(rows) => with_rows(ui, loading, rows, t, out),
        None => alone(ui, loading, t, out),
    }
}

/// Nothing of it can be seen yet.
fn alone(ui: &mut Ui, loading: &Loading, t: &Tokens, out: &mut Vec<Command>) {
    egui::CentralPanel::default().frame(egui::Frame::new().fill(t.bg).inner_margin(24)).show(ui, |ui| {
        ui.add_space((ui.available_height() * 0.24).round());
        parts::column(ui, 520.0, 0.0, |ui| {
            title(ui, loading, t);
            ui.add_space(12.0);
            bar(ui, loading);
            ui.add_space(8.0);
            ui.label(egui::RichText::new(words_of(loading)).font(words(size::LABEL)).color(t.dim));
            if loading.progress.total >= LONG {
                ui.label(egui::RichText::new(ONLY_WHOLE).font(words(size::LABEL)).color(t.dim));
            }
            if loading.progress.first.is_some() {
                ui.add_space(24.0);
                first_answer(ui, loading, t);
            }
            ui.add_space(24.0);
            cancel(ui, out);
        });
    });
}

/// Its first rows are there to be looked at.
fn with_rows(ui: &mut Ui, loading: &Loading, rows: &Pair, t: &Tokens, out: &mut Vec<Command>) {
    let frame = egui::Frame::new().fill(t.panel).inner_margin(egui::Margin::symmetric(20, 12));
    egui::Panel::top("loading").resizable(false).frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                cancel(ui, out);
                ui.add_space(12.0);
                ui.label(egui::RichText::new(words_of(loading)).font(words(size::LABEL)).color(t.dim));
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| title(ui, loading, t));
            });
        });
        ui.add_space(8.0);
        bar(ui, loading);
        ui.add_space(10.0);
        first_answer(ui, loading, t);
        ui.add_space(6.0);
        let shown = grouped(u64::from(rows.rows().len()));
        let seen =
            format!("The first {shown} rows, until everything is read and compared. The place you go to here stays.");
        let said = if rows.notice().is_empty() { seen } else { rows.notice().to_owned() };
        ui.label(egui::RichText::new(said).font(words(size::LABEL)).color(t.dim));
    });
    egui::CentralPanel::no_frame().show(ui, |ui| {
        let mut asked = Vec::new();
        pair::first_rows(ui, rows, &mut asked);
        out.extend(asked.into_iter().map(Command::from));
    });
}

fn title(ui: &mut Ui, loading: &Loading, t: &Tokens) {
    let text = egui::RichText::new(escape(&loading.request.label())).font(fonts::semibold(size::TITLE)).color(t.text);
    ui.add(egui::Label::new(text).truncate());
}

/// Where the sides part, as far as that is known.
fn first_answer(ui: &mut Ui, loading: &Loading, t: &Tokens) {
    ui.label(egui::RichText::new("FIRST ANSWER · PROVISIONAL").font(fonts::semibold(size::SMALL)).color(t.dim));
    ui.add_space(2.0);
    let (text, colour) = match &loading.progress.first {
        Some(first) => (escape(first), t.text),
        None => ("Not known yet.".into(), t.dim),
    };
    let text = egui::RichText::new(text).font(fonts::medium(size::STRONG)).color(colour);
    ui.add(egui::Label::new(text).truncate());
}

fn cancel(ui: &mut Ui, out: &mut Vec<Command>) {
    if parts::button(ui, "Cancel").on_hover_text(hints::with_key(ui, "Cancel loading", "escape")).clicked() {
        out.push(Command::CancelLoad);
    }
}

/// What is being done: `Reading · 45 %`.
pub fn words_of(loading: &Loading) -> String {
    let progress = &loading.progress;
    let stage = if progress.stage.is_empty() { "Opening" } else { &progress.stage };
    match loading.share() {
        Some(share) => format!("{stage} · {:.0} %", share * 100.0),
        None => format!("{stage}…"),
    }
}

/// A thin bar; without a known total it stands at a sliver rather than moving, so that a waiting window rests.
fn bar(ui: &mut Ui, loading: &Loading) {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 4.0), egui::Sense::hover());
    ui.painter().rect_filled(rect, 2, t.line);
    let mut done = rect;
    done.set_width(rect.width() * loading.share().unwrap_or(0.02));
    ui.painter().rect_filled(done, 2, t.expected);
    let name = format!("Loading: {}", words_of(loading));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, &name));
}
