//! How runs are paired up, in words, and the fields that change it.

use egui::{Key, Label, RichText, Ui};

use crate::app::Command;
use crate::app::state::Ask;
use crate::app::watching::{RuleField, WatchCommand, Watching};
use crate::trace::escape;
use crate::ui::parts::{self, data, words};
use crate::ui::theme::{self, size};

/// Draws the rules.
pub fn show(ui: &mut Ui, page: &Watching, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    parts::caption(ui, "HOW RUNS ARE PAIRED");
    for (place, rule) in page.plan().rules(page.root()).iter().enumerate() {
        let text = format!("{}. {}", place + 1, escape(rule));
        ui.add(Label::new(RichText::new(text).font(words(size::LABEL)).color(t.dim)).wrap());
    }
    ui.add_space(8.0);
    let mut entered = false;
    for field in RuleField::ALL {
        entered |= edit(ui, page, field, out);
    }
    if let Some(fault) = page.fault() {
        ui.add(Label::new(RichText::new(fault).font(words(size::LABEL)).color(t.warn)).wrap());
    }
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        let edited = page.is_edited();
        let button = egui::Button::new("Put in force").min_size(egui::vec2(0.0, 32.0));
        let response = ui.add_enabled(edited, button);
        let response = response.on_hover_text("Looks at everything anew by these rules (Enter in a field)");
        if response.on_disabled_hover_text("These rules are in force.").clicked() || (entered && edited) {
            out.push(WatchCommand::Rules.into());
        }
        if parts::quiet(ui, "Choose a baseline…", "Choose a baseline…").clicked() {
            out.push(Command::Ask(Ask::Baseline));
        }
        if page.plan().baseline.is_some() && parts::quiet(ui, "By names alone", "Pair by names alone").clicked() {
            out.push(WatchCommand::Baseline(None).into());
        }
    });
}

/// One field with its title; says whether Enter was pressed in it.
fn edit(ui: &mut Ui, page: &Watching, field: RuleField, out: &mut Vec<Command>) -> bool {
    let t = theme::tokens(ui);
    let (title, hint) = match field {
        RuleField::Baseline => ("Baseline", "by names"),
        RuleField::Include => ("Only names like", "such as *.jsonl"),
        RuleField::Exclude => ("No names like", "such as warm-up*"),
    };
    let mut text = page.written(field).to_owned();
    ui.label(RichText::new(title).font(words(size::SMALL)).color(t.dim));
    let edit = egui::TextEdit::singleline(&mut text)
        .font(data(size::LABEL))
        .hint_text(RichText::new(hint).font(data(size::LABEL)).color(t.dim))
        .margin(egui::Margin::symmetric(8, 4))
        .desired_width(f32::INFINITY);
    let response = ui.add(edit).accessible_name(title);
    if response.changed() {
        out.push(WatchCommand::Write(field, text).into());
    }
    ui.add_space(4.0);
    response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}
