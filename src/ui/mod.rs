//! The window's regions, one file each. Draws a [`State`] and sends [`Command`]s; changes nothing itself.

mod ahead;
mod answers;
mod bars;
mod brand;
mod choose;
mod control;
mod dialogs;
mod drop;
mod failed;
pub mod fonts;
pub mod graph;
mod guide;
mod help;
mod here;
mod hints;
mod home;
mod keys;
mod list;
mod loading;
mod markdown;
mod menu;
mod messages;
pub mod pair;
mod palette;
mod parts;
mod path_field;
mod regions;
mod requests;
mod search;
mod sections;
mod settings;
mod slicing;
mod tabs;
pub mod theme;
mod tour;
mod view_tabs;
mod watching;
mod waterfall;
mod window;

use crate::app::control::ControlPage;
use crate::app::settings::Settings;
use crate::app::state::{Focus, Overlay, Page, ThemeChoice};
use crate::app::{Command, State};

pub use control::curves;
pub use window::{Options, run};

/// Prepares a context once: fonts, both themes, no blinking.
pub fn install(ctx: &egui::Context) {
    fonts::install(ctx);
    theme::install(ctx, egui::ThemePreference::System);
    // Larger and smaller text are commands, and are kept.
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
}

/// Puts the chosen theme and size of text in force, when they are not already.
pub fn follow_settings(ctx: &egui::Context, settings: &Settings) {
    let wanted = match settings.theme {
        ThemeChoice::System => egui::ThemePreference::System,
        ThemeChoice::Dark => egui::ThemePreference::Dark,
        ThemeChoice::Light => egui::ThemePreference::Light,
    };
    if ctx.options(|options| options.theme_preference) != wanted {
        ctx.set_theme(wanted);
    }
    // Does nothing when it is so already.
    ctx.set_zoom_factor(f32::from(settings.text_size()) / 100.0);
}

/// Draws the whole window from its state. The window, the off-screen pictures and the tests all call this.
pub fn frame(ui: &mut egui::Ui, state: &State, out: &mut Vec<Command>) {
    theme::follow_contrast(ui.ctx(), state.settings.high_contrast);
    hints::remember(ui, &state.keymap);
    keys::read(ui, state, out);
    drop::show(ui, state, out);
    tabs::arrive(ui, state);
    menu::show(ui, state, out);
    tabs::show(ui, state, out);
    if let Some(asking) = state.asking {
        dialogs::waiting(ui, asking.ask, out);
    }
    messages::bars(ui, state, out);
    page(ui, state, out);
    match &state.overlay {
        None => regions::look(ui),
        Some(Overlay::Palette { query, selected }) => palette::show(ui, state, query, *selected, out),
        Some(Overlay::Help) => help::show(ui, state, out),
        Some(Overlay::Here(region)) => here::show(ui, state, *region, out),
        Some(Overlay::Tour(step)) => tour::show(ui, state, *step, out),
        Some(Overlay::Messages) => messages::panel(ui, state, out),
        Some(Overlay::PastePath) => dialogs::paste_path(ui, state, out),
        Some(Overlay::Slice) => slicing::show(ui, state, out),
        Some(Overlay::Settings) => settings::show(ui, state, out),
        Some(Overlay::About) => dialogs::about(ui, out),
    }
    keys::remember_typing(ui);
}

/// What the status bar says of the window around the page.
fn status(state: &State) -> bars::Status {
    let tab = state.front();
    let exporting = || tab.exporting.unwrap_or_default().to_owned();
    let job = tab.loading.as_ref().map_or_else(exporting, loading::words_of);
    let of_pair = state.pair().map(|pair| pair.analysis().comparison.verdict);
    let shown = of_pair.or_else(|| state.control().map(ControlPage::verdict));
    bars::Status {
        job,
        reduced_motion: state.settings.reduced_motion,
        live: tab.growth.words().unwrap_or_default(),
        new: tab.growth.new_words().unwrap_or_default(),
        states: shown.map(|verdict| tab.growth.states(verdict)).unwrap_or_default(),
        filter_lanes: state.focus == Some(Focus::Lanes),
    }
}

fn page(ui: &mut egui::Ui, state: &State, out: &mut Vec<Command>) {
    if let Some(loading) = state.loading_page() {
        loading::show(ui, loading, out);
        return;
    }
    let tab = state.front();
    match &tab.page {
        Page::Home => home::show(ui, state, out),
        Page::Choose(choose) => choose::show(ui, choose, out),
        Page::Failed(failed) => failed::show(ui, state, failed, out),
        Page::Watching(page) => watching::show(ui, state, page, out),
        Page::Requests(page) => {
            requests::show(ui, page, &status(state), out);
        }
        Page::Control(page) => control::show(ui, page, &status(state), out),
        Page::Pair(pair) => {
            let mut requests = Vec::new();
            pair::show(ui, pair, &state.layout, &status(state), &mut requests);
            out.extend(requests.into_iter().map(Command::from));
        }
    }
}
