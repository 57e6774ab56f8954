//! What a person makes of a pair and keeps: notes, slices, breakpoints and filters. Driven by keys and accessible names.
#![expect(clippy::unwrap_used, reason = "a test without its files must fail")]

mod notes;
mod restart;
mod slices;
mod walk;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dettrace::app::folders::Folders;
use dettrace::app::pair::{Pair, PairCommand};
use dettrace::app::state::Request;
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

fn open<'a>(pack: &Path) -> Window<'a> {
    let mut app = App::in_place();
    app.push(Command::Open(Request::paths([pack.to_path_buf()])));
    window(app)
}

/// A window that keeps its files in `home`, on what was opened in it.
fn kept<'a>(home: &Path, pack: &Path) -> Window<'a> {
    let mut app = App::new(Some(Folders::inside(home)));
    app.open([pack.to_path_buf()]);
    let mut window = window(app);
    wait(&mut window, |app| app.state.loading.is_none() && app.state.pair().is_some());
    window
}

/// Runs until it is so.
fn wait(window: &mut Window<'_>, so: impl Fn(&App) -> bool) {
    let start = Instant::now();
    while !so(window.state()) {
        assert!(start.elapsed() < Duration::from_secs(30), "it does not come to that");
        std::thread::sleep(Duration::from_millis(5));
        window.run();
    }
    window.run();
}

fn pair<'w>(window: &'w Window<'_>) -> &'w Pair {
    window.state().state.pair().expect("no pair is open")
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

fn fixture(name: &str) -> PathBuf {
    PathBuf::from("fixtures").join(name)
}

/// A copy of a fixture that may be written to.
fn copied(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["expected.jsonl", "actual.jsonl"].map(|side| fixture(name).join(side)) {
        fs::copy(&name, folder.path().join(name.file_name().unwrap())).unwrap();
    }
    folder
}
