//! Every command of the table, carried out on each kind of page where it can be.

use std::collections::BTreeSet;
use std::path::Path;

use dettrace::app::pair::{PairCommand, PairRequest};
use dettrace::app::state::Request;
use dettrace::app::table::{TABLE, by_id};
use dettrace::app::{App, Command};
use egui::Key;

use super::{SIZE, Window, metric_tables, open, open_at, press, send, window};

/// What must be done first, where a page as it opens is not enough.
const BEFORE: &[(&str, &[&str])] = &[
    ("undo", &["bookmark"]),
    ("redo", &["bookmark", "undo"]),
    ("timeline-mode", &["timeline"]),
    ("timeline-axis", &["timeline"]),
    ("sync-here", &["timeline"]),
    ("sync-only", &["timeline"]),
    ("sync-first", &["timeline"]),
    ("sync-start", &["timeline"]),
    ("sync-recorded", &["timeline"]),
    ("lanes-differing", &["timeline"]),
    ("pin-lane", &["timeline"]),
    ("lane-up", &["timeline"]),
    ("lane-down", &["timeline"]),
    ("columns", &["events"]),
    ("sort-next", &["events"]),
    ("sort-other-way", &["events", "sort-next"]),
    ("recorded-order", &["events", "sort-next"]),
    ("reopen-tab", &["close-tab"]),
    ("zoom-measure", &["measure", "down"]),
    ("open-run", &["down"]),
    ("baseline-here", &["down"]),
];
/// The command that needs what this walk does not bring about: runs that come while one is selected. What it does has tests
/// beside the code in `app/watching`.
const ELSEWHERE: &[&str] = &["new-runs"];
/// Packs for the tabs.
const PACKS: &[&str] = &[
    "task-order-race",
    "retry-storm",
    "duplicate-ack",
    "failover-edge",
    "gpio-interrupt-race",
    "legal-reordering",
    "missed-timer-tick",
    "two-faults",
    "uart-lost-bit",
];

/// A window on a watched folder with runs.
fn watched<'a>(folder: &Path) -> Window<'a> {
    for (from, to) in [("expected", "good"), ("actual", "run-1"), ("expected", "run-2")] {
        let from = Path::new("fixtures/task-order-race").join(from).with_extension("jsonl");
        std::fs::copy(from, folder.join(to).with_extension("jsonl")).unwrap();
    }
    let mut app = App::in_place();
    app.push(Command::Open(Request::watch(folder.to_path_buf())));
    window(app)
}

/// Carries out what can be in this window; `anew` opens it again where a command has left it.
fn walk<'a>(anew: &dyn Fn() -> Window<'a>, ran: &mut BTreeSet<&'static str>) {
    let mut window = anew();
    let kind = std::mem::discriminant(&window.state().state.front().page);
    for entry in TABLE {
        let before = BEFORE.iter().find(|(id, _)| *id == entry.id).map_or(&[][..], |(_, before)| before);
        for first in before.iter().filter_map(|id| by_id(id)) {
            if first.enabled(&window.state().state).is_ok() {
                window.state_mut().push((first.command)());
                window.run_steps(3);
            }
        }
        if entry.enabled(&window.state().state).is_err() {
            continue;
        }
        window.state_mut().push((entry.command)());
        // What plays does not come to rest by itself.
        window.run_steps(3);
        press(&mut window, Key::Escape);
        ran.insert(entry.id);
        let state = &window.state().state;
        if std::mem::discriminant(&state.front().page) != kind || state.overlay.is_some() || state.asking.is_some() {
            window = anew();
        }
    }
}

#[test]
fn every_command_is_carried_out_and_leaves_a_window_that_can_be_drawn() {
    let mut ran = BTreeSet::new();
    walk(&|| window(App::in_place()), &mut ran);
    walk(&|| open("task-order-race"), &mut ran);
    walk(
        &|| {
            let mut window = open("retry-storm");
            for command in [PairCommand::SelectRow(3), PairCommand::ToggleBreakpoint] {
                send(&mut window, command);
            }
            window.state_mut().push(PairRequest::NotSame);
            window.run();
            window
        },
        &mut ran,
    );
    for pack in ["slow-checkout", "late-sensor"] {
        walk(&|| open(pack), &mut ran);
    }
    let folder = tempfile::tempdir().unwrap();
    let tables = metric_tables::sides(&folder);
    walk(&|| open_at(SIZE, &tables), &mut ran);
    let tabs = || {
        let mut app = App::in_place();
        for pack in PACKS {
            app.push(Command::Open(Request::paths([Path::new("fixtures").join(pack)])));
            app.step(std::time::Instant::now());
        }
        window(app)
    };
    walk(&tabs, &mut ran);
    let folder = tempfile::tempdir().unwrap();
    walk(&|| watched(folder.path()), &mut ran);
    let held = || {
        let mut app = App::in_place();
        app.hold_loads(true);
        app.push(Command::Open(Request::paths([Path::new("fixtures/task-order-race").to_path_buf()])));
        window(app)
    };
    walk(&held, &mut ran);
    let never: Vec<&str> = TABLE.iter().map(|entry| entry.id).filter(|id| !ran.contains(id)).collect();
    assert_eq!(never, ELSEWHERE);
}
