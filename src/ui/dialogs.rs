//! The smaller things that lie over the page: a path to paste, warnings, what this program is, waiting for the system.

use egui::{Ui, vec2};

use super::messages::escape_lines;
use super::parts::{self, data, words};
use super::theme::{self, size};
use super::{fonts, hints};
use crate::app::folders::Folders;
use crate::app::state::{Ask, Overlay};
use crate::app::{Command, State};
use crate::trace::{WarningKind, Warnings, escape};

/// The head of a panel: its title, and a way to close it.
pub fn heading(ui: &mut Ui, title: &str, overlay: Overlay, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    egui::Frame::new().inner_margin(egui::Margin { left: 20, right: 12, top: 14, bottom: 8 }).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(egui::RichText::new(title).font(fonts::semibold(size::STRONG)).color(t.text));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if parts::quiet(ui, "Close", &format!("Close {title}"))
                    .on_hover_text(hints::with_key(ui, "Close", "escape"))
                    .clicked()
                {
                    out.push(Command::Toggle(overlay));
                }
            });
        });
    });
}

/// The scrolling body of a panel.
pub fn body(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let room = (ui.ctx().content_rect().bottom() - ui.cursor().top() - 56.0).max(80.0);
    egui::ScrollArea::vertical().max_height(room).auto_shrink([false, true]).show(ui, |ui| {
        egui::Frame::new().inner_margin(egui::Margin { left: 20, right: 20, top: 4, bottom: 16 }).show(ui, add);
    });
}

/// Draws the dialog with the path field.
pub fn paste_path(ui: &Ui, state: &State, out: &mut Vec<Command>) {
    let ((), closed) = parts::overlay(ui, "Open by path", vec2(600.0, 200.0), |ui| {
        heading(ui, "Open by path", Overlay::PastePath, out);
        body(ui, |ui| {
            let t = theme::tokens(ui);
            super::path_field::show(ui, state, out);
            ui.add_space(6.0);
            let hint = "A pack (folder, .zip or file), or expected and actual, each in quotes.";
            ui.label(egui::RichText::new(hint).font(words(size::LABEL)).color(t.dim));
        });
    });
    if closed {
        out.push(Command::Toggle(Overlay::PastePath));
    }
}

/// What speaks against comparing the sides, and what the input warned of.
pub fn warnings(ui: &mut Ui, warnings: &Warnings, out: &mut Vec<Command>) {
    let (about_pair, about_input): (Vec<_>, Vec<_>) =
        warnings.as_slice().iter().partition(|warning| warning.kind == WarningKind::Comparability);
    group(ui, "COMPARABILITY", "Nothing speaks against comparing these sides.", &about_pair);
    ui.add_space(12.0);
    group(ui, "INPUT", "Everything was read without trouble.", &about_input);
    let all: Vec<String> = warnings.as_slice().iter().map(ToString::to_string).collect();
    if !all.is_empty() && parts::quiet(ui, "Copy all", "Copy all warnings").clicked() {
        out.push(Command::Copy(all.join("\n")));
    }
    ui.add_space(12.0);
}

fn group(ui: &mut Ui, caption: &str, none: &str, warnings: &[&crate::trace::Warning]) {
    let t = theme::tokens(ui);
    parts::caption(ui, caption);
    if warnings.is_empty() {
        ui.label(egui::RichText::new(none).font(words(size::BODY)).color(t.dim));
    }
    for warning in warnings {
        let colour = if warning.kind.partial() { t.warn } else { t.text };
        let text = egui::RichText::new(escape_lines(&warning.to_string())).font(words(size::BODY)).color(colour);
        ui.add(egui::Label::new(text).wrap());
        ui.add_space(4.0);
    }
}

/// Draws version, licence, and where things are kept.
pub fn about(ui: &Ui, out: &mut Vec<Command>) {
    let ((), closed) = parts::overlay(ui, "About DetTrace", vec2(520.0, 360.0), |ui| {
        heading(ui, "About DetTrace", Overlay::About, out);
        body(ui, |ui| {
            let t = theme::tokens(ui);
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 48.0), egui::Sense::hover());
            super::brand::parting(ui.painter(), rect, t);
            ui.add_space(12.0);
            let line = format!("DetTrace {} · MIT or Apache-2.0", env!("CARGO_PKG_VERSION"));
            ui.label(egui::RichText::new(line).font(fonts::medium(size::BODY)).color(t.text));
            let line = "Shows where two recordings of the same work part, why, and what it broke. Nothing leaves this machine.";
            ui.add(egui::Label::new(egui::RichText::new(line).font(words(size::BODY)).color(t.dim)).wrap());
            ui.add_space(12.0);
            if let Some(folders) = Folders::find() {
                for (what, folder) in
                    [("Settings", folders.config), ("State and crash notes", folders.state), ("Cache", folders.cache)]
                {
                    ui.label(egui::RichText::new(what).font(words(size::SMALL)).color(t.dim));
                    let path = escape(&folder.display().to_string()).into_owned();
                    ui.add(egui::Label::new(egui::RichText::new(path).font(data(size::LABEL)).color(t.text)).wrap());
                    ui.add_space(4.0);
                }
            }
        });
    });
    if closed {
        out.push(Command::Toggle(Overlay::About));
    }
}

/// Draws the notice that the system's file dialog is open, with a way to wait no longer.
pub fn waiting(ui: &mut Ui, ask: Ask, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let what = match ask {
        Ask::Pack | Ask::TwoFiles | Ask::View | Ask::SaveView | Ask::Picture | Ask::Curves | Ask::Baseline => {
            "Waiting for the file dialog…"
        }
        Ask::Folder | Ask::Slice | Ask::Watch => "Waiting for the folder dialog…",
    };
    let frame = egui::Frame::new().fill(t.selection).inner_margin(egui::Margin::symmetric(12, 4));
    egui::Panel::top("waiting for a dialog").frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(egui::RichText::new(what).font(words(size::LABEL)).color(t.text));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if parts::quiet(ui, "Cancel waiting", "Cancel waiting").clicked() {
                    out.push(Command::CancelAsk);
                }
            });
        });
    });
}
