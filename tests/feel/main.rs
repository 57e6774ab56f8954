//! What makes the window pleasant: the palette, shortcuts, settings, the tour. Driven by keys and accessible names.
#![expect(clippy::unwrap_used, reason = "a test that cannot read or write must fail")]

mod keys;
mod palette;
mod settings;
mod tour;

use std::path::PathBuf;
use std::time::Instant;

use dettrace::app::pair::Pair;
use dettrace::app::state::Request;
use dettrace::app::{App, Command};
use dettrace::ui;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

type Window<'a> = Harness<'a, App>;

fn window<'a>(app: App) -> Window<'a> {
    sized([1280.0, 800.0], app)
}

fn sized<'a>(size: [f32; 2], app: App) -> Window<'a> {
    let draw = |ui: &mut egui::Ui, app: &mut App| {
        app.step(Instant::now());
        let mut out = Vec::new();
        ui::frame(ui, &app.state, &mut out);
        for command in out {
            app.push(command);
        }
        if app.is_pending() {
            ui.ctx().request_repaint();
        }
    };
    let mut window =
        Harness::builder().with_size(size).with_max_steps(64).with_context_setup(ui::install).build_ui_state(draw, app);
    window.run();
    window
}

fn open<'a>(app: App, fixture: &str) -> Window<'a> {
    open_at([1280.0, 800.0], app, fixture)
}

fn open_at<'a>(size: [f32; 2], mut app: App, fixture: &str) -> Window<'a> {
    app.push(Command::Open(Request::paths([PathBuf::from(format!("fixtures/{fixture}"))])));
    sized(size, app)
}

fn pair<'w>(window: &'w Window<'_>) -> &'w Pair {
    window.state().state.pair().expect("no pair is open")
}

fn row(window: &Window<'_>) -> u32 {
    pair(window).selection().unwrap().row
}

fn press(window: &mut Window<'_>, key: Key) {
    window.key_press(key);
    window.run();
}

/// Opens the palette and types into it.
fn type_into_palette(window: &mut Window<'_>, text: &str) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.run();
    window.get_by_label("Type a command").type_text(text);
    window.run();
}

/// The accessible names that start with this.
fn names(window: &Window<'_>, start: &str) -> Vec<String> {
    let nodes = window.query_all_by_label_contains(start);
    let words = nodes.filter_map(|node| node.accesskit_node().label().or_else(|| node.accesskit_node().value()));
    words.filter(|name| name.starts_with(start)).collect()
}
