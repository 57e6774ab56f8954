//! The window, driven by keys and accessible names: no pixels, no display.
#![expect(clippy::unwrap_used, reason = "a test that cannot read or write must fail")]

mod anew;
mod around;
mod commands;
mod control;
mod fitting;
mod good_runs;
mod growing;
mod hand;
mod judging;
mod keys;
mod lanes;
mod layout;
mod loading;
#[path = "../support/metrics.rs"]
mod metric_tables;
mod metrics;
mod notes;
mod other_views;
mod pair;
mod palette;
mod propagation;
mod range;
mod replay;
mod requests;
mod restart;
mod search;
mod settings;
mod signals;
mod slices;
mod table;
mod tabs;
mod timeline;
mod tour;
mod unusual;
mod walk;
mod watching;
mod waterfall;

use std::path::Path;
use std::time::Instant;

use dettrace::app::control::ControlPage;
use dettrace::app::pair::{Pair, PairCommand};
use dettrace::app::state::{Page, Request};
use dettrace::app::{App, Command};
use dettrace::ui;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

type Window<'a> = Harness<'a, App>;

const SIZE: [f32; 2] = [1600.0, 1000.0];

fn window<'a>(app: App) -> Window<'a> {
    sized(SIZE, app)
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

/// A window on a pack or a pair of files.
fn open_at<'a>(size: [f32; 2], paths: &[impl AsRef<Path>]) -> Window<'a> {
    let mut app = App::in_place();
    app.push(Command::Open(Request::paths(paths.iter().map(|path| path.as_ref().to_path_buf()))));
    sized(size, app)
}

/// A window on a fixture, or on the pack of a whole path.
fn open<'a>(pack: &str) -> Window<'a> {
    open_at(SIZE, &[Path::new("fixtures").join(pack)])
}

fn pair<'w>(window: &'w Window<'_>) -> &'w Pair {
    match &window.state().state.front().page {
        Page::Pair(pair) => pair,
        other => panic!("no pair is open: {other:?}"),
    }
}

fn control<'w>(window: &'w Window<'_>) -> &'w ControlPage {
    match &window.state().state.front().page {
        Page::Control(page) => page,
        other => panic!("no control loop is open: {other:?}"),
    }
}

/// The selected row.
fn row(window: &Window<'_>) -> u32 {
    pair(window).selection().map_or(u32::MAX, |selection| selection.row)
}

fn press(window: &mut Window<'_>, key: Key) {
    press_with(window, Modifiers::NONE, key);
}

fn press_with(window: &mut Window<'_>, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    window.run();
}

fn send(window: &mut Window<'_>, command: PairCommand) {
    window.state_mut().push(Command::Pair(command));
    window.run();
}

fn click(window: &mut Window<'_>, name: &str) {
    window.get_by_label(name).click();
    window.run();
}

/// Puts the pointer over the one node whose name starts with this.
fn hover(window: &mut Window<'_>, start: &str) {
    let whole = name(window, start);
    window.get_by_label(&whole).hover();
    window.run();
}

/// Opens the palette and types into it.
fn type_into_palette(window: &mut Window<'_>, text: &str) {
    press_with(window, Modifiers::COMMAND, Key::K);
    window.get_by_label("Type a command").type_text(text);
    window.run();
}

/// The accessible names that hold this.
fn names_with(window: &Window<'_>, part: &str) -> Vec<String> {
    let nodes = window.query_all_by_label_contains(part);
    nodes.filter_map(|node| node.accesskit_node().label().or_else(|| node.accesskit_node().value())).collect()
}

/// The accessible names that start with this.
fn names(window: &Window<'_>, start: &str) -> Vec<String> {
    names_with(window, start).into_iter().filter(|name| name.starts_with(start)).collect()
}

/// The accessible name of the one node that starts with this.
fn name(window: &Window<'_>, start: &str) -> String {
    let names = names(window, start);
    assert_eq!(names.len(), 1, "nodes whose name starts with {start:?}: {names:#?}");
    names[0].clone()
}
