//! The window's regions, one file each. Draws a [`State`] and sends [`Command`]s; changes nothing itself.

pub mod fonts;
mod home;
mod keys;
mod loading;
mod menu;
pub mod pair;
pub mod theme;
mod window;

use crate::app::Command;
use crate::app::State;
use crate::app::state::Page;

pub use window::{Options, run};

/// Prepares a context once: fonts, both themes, no blinking.
pub fn install(ctx: &egui::Context) {
    fonts::install(ctx);
    theme::install(ctx, egui::ThemePreference::System);
}

/// Draws the whole window from its state. The window, the off-screen pictures and the tests all call this.
pub fn frame(ui: &mut egui::Ui, state: &State, out: &mut Vec<Command>) {
    keys::read(ui, state, out);
    menu::show(ui, state, out);
    if let Some(loading) = state.loading_page() {
        loading::show(ui, loading, out);
        return;
    }
    match &state.page {
        Page::Pair(pair) => {
            let status = pair::Status { job: String::new(), messages: state.messages.standing().count() };
            let mut requests = Vec::new();
            pair::show(ui, pair, &status, &mut requests);
            out.extend(requests.into_iter().map(Command::from));
        }
        Page::Home | Page::Choose(_) | Page::Failed(_) => home::show(ui, state, out),
    }
}
