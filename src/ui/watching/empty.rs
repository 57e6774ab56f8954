//! The list without a run: why, and what will come.

use egui::{Align, RichText, Ui};

use crate::app::Command;
use crate::app::watching::{WatchCommand, Watching};
use crate::trace::escape;
use crate::ui::fonts;
use crate::ui::parts::{self, words};
use crate::ui::theme::{self, size};

/// Widest column of words.
const WIDTH: f32 = 480.0;

/// Says why there is no run.
pub fn show(ui: &mut Ui, page: &Watching, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let above = (ui.available_height() * 0.28).round();
    let root = page.root().display().to_string();
    let root = escape(&root);
    let filtered = page.counts().runs() > 0 && !page.filter().is_empty();
    let (title, says) = match page.how() {
        None if page.paused() => ("Paused".to_owned(), "Nothing was looked at yet.".to_owned()),
        None => ("Looking at the folder…".to_owned(), root.into_owned()),
        Some(_) if filtered => (
            "No run is like that".to_owned(),
            format!("None holds “{}” in its name, verdict, cause or fingerprint.", escape(page.filter())),
        ),
        Some(how) if !how.here => (
            "It is not there".to_owned(),
            format!("{root} does not exist, or cannot be read. As soon as it comes, its runs are listed here."),
        ),
        Some(_) => (
            "No run yet".to_owned(),
            "Recordings, pairs and packs that are written into the folder are listed here, each with its verdict. Start \
             your test loop."
                .to_owned(),
        ),
    };
    parts::column(ui, WIDTH, 24.0, |ui| {
        // In the middle, as everywhere where there is nothing to see.
        ui.vertical_centered(|ui| {
            ui.add_space(above);
            ui.label(RichText::new(title).font(fonts::medium(size::TITLE)).color(t.text));
            ui.add_space(6.0);
            let says = RichText::new(says).font(words(size::BODY)).color(t.dim);
            ui.add(egui::Label::new(says).wrap().halign(Align::Center));
            ui.add_space(12.0);
            if filtered && parts::button(ui, "Clear the filter").clicked() {
                out.push(WatchCommand::Filter(String::new()).into());
            }
        });
    });
}
