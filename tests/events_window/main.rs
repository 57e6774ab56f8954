//! What a person does with the rows of the events table, driven by keys and accessible names.

#![expect(clippy::unwrap_used, reason = "a test without its files must fail")]

mod hand;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dettrace::app::folders::Folders;
use dettrace::app::pair::Pair;
use dettrace::app::state::{Page, Request};
use dettrace::app::{App, Command};
use dettrace::ui;
use egui::{Key, Modifiers};
use egui_kittest::Harness;

type Window<'a> = Harness<'a, App>;

fn window<'a>(app: App) -> Window<'a> {
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
    let mut window = Harness::builder()
        .with_size([1600.0, 1000.0])
        .with_max_steps(64)
        .with_context_setup(ui::install)
        .build_ui_state(draw, app);
    window.run();
    window
}

fn open<'a>(fixture: &str) -> Window<'a> {
    let mut app = App::in_place();
    app.push(Command::Open(Request::paths([PathBuf::from(format!("fixtures/{fixture}"))])));
    window(app)
}

/// A window that keeps its files in `home`, on what was opened in it.
fn kept<'a>(home: &Path, pack: &Path) -> Window<'a> {
    let mut app = App::new(Some(Folders::inside(home)));
    app.open([pack.to_path_buf()]);
    let mut window = window(app);
    wait(&mut window);
    window
}

/// Runs until nothing is being loaded.
fn wait(window: &mut Window<'_>) {
    let start = Instant::now();
    while window.state().state.loading.is_some() || window.state().state.pair().is_none() {
        assert!(start.elapsed() < Duration::from_secs(30), "the load does not end");
        std::thread::sleep(Duration::from_millis(5));
        window.run();
    }
    window.run();
}

fn pair<'w>(window: &'w Window<'_>) -> &'w Pair {
    match &window.state().state.page {
        Page::Pair(pair) => pair,
        other => panic!("no pair is open: {other:?}"),
    }
}

fn press(window: &mut Window<'_>, key: Key) {
    press_with(window, Modifiers::NONE, key);
}

fn press_with(window: &mut Window<'_>, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    window.run();
}

fn send(window: &mut Window<'_>, command: impl Into<Command>) {
    window.state_mut().push(command);
    window.run();
}

fn copied(fixture: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["expected.jsonl", "actual.jsonl"] {
        fs::copy(format!("fixtures/{fixture}/{name}"), folder.path().join(name)).unwrap();
    }
    folder
}
