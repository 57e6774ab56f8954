//! What is seen while a long recording is read: its first rows, to be looked at and gone through.

use std::fs;
use std::path::{Path, PathBuf};

use dettrace::app::command::Arrival;
use dettrace::app::state::{Page, Request};
use dettrace::app::tabs::Tab;
use dettrace::app::{App, Command};
use dettrace::jobs::Snapshot;
use dettrace::trace::Side;
use egui::Key;
use egui_kittest::kittest::Queryable as _;

use super::{Window, click, name, names, names_with, pair, press, row, window};

const EVENTS: usize = 12_000;
/// The event that has another value.
const CHANGED: usize = 300;

fn event(i: usize, value: usize) -> String {
    format!("{{\"seq\":{i},\"type\":\"step\",\"task\":\"t{}\",\"value\":{value}}}", i % 5)
}

/// A pair of recordings whose 301st event is other.
fn recordings(folder: &Path) -> [PathBuf; 2] {
    ["expected", "actual"].map(|side| {
        let value = |i: usize| if side == "actual" && i == CHANGED { 99 } else { i % 7 };
        let lines: Vec<String> = (0..EVENTS).map(|i| event(i, value(i))).collect();
        let path = folder.join(format!("{side}.jsonl"));
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        path
    })
}

/// A window in which everything that is opened stays at its first rows, a third of it read.
fn held<'a>(paths: &[PathBuf]) -> Window<'a> {
    let mut app = App::in_place();
    app.hold_loads(true);
    app.push(Command::Open(Request::paths(paths.to_vec())));
    let mut window = window(app);
    let job = window.state().state.front().loading.as_ref().unwrap().job;
    let first = Some("expected #300 step t0, actual #300 step t0".to_owned());
    let progress = Snapshot { stage: "Reading".to_owned(), done: 340 << 20, total: 1000 << 20, first };
    window.state_mut().push(Command::Arrived(Arrival::Progress(job, progress)));
    window.run();
    window
}

fn let_go(window: &mut Window<'_>) {
    window.state_mut().hold_loads(false);
    window.run();
}

/// The selected row of the first rows.
fn chosen(window: &Window<'_>) -> Option<u32> {
    window.state().state.first_rows().unwrap().selection().map(|selection| selection.row)
}

#[test]
fn the_first_rows_are_there_before_the_end_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = held(&recordings(folder.path()));
    window.get_by_label("Loading: Reading · 34 %");
    window.get_by_label("FIRST ANSWER · PROVISIONAL");
    window.get_by_label("expected #300 step t0, actual #300 step t0");
    let rows = window.state().state.first_rows().unwrap().rows().len();
    assert!((8_000..EVENTS as u32).contains(&rows), "{rows}");
    let said = name(&window, "The first ");
    assert!(said.contains("until everything is read and compared"), "{said}");
    window.get_by_label(&format!("Aligned events, {rows} rows"));
    // From the first event on, with what it says on both sides.
    assert!(name(&window, "row 1, same, expected ").contains("actual "), "{}", name(&window, "row 1, same"));
    assert!(names(&window, "row 2, same").len() == 1);
    // Nothing that needs all rows is offered, and nothing is said about what is not known.
    assert!(names_with(&window, "column, not sorted").is_empty());
    assert!(names_with(&window, "Verdict").is_empty());
    assert!(window.state().state.pair().is_none());
    // By keys and by the pointer.
    press(&mut window, Key::ArrowDown);
    assert_eq!(chosen(&window), Some(1));
    press(&mut window, Key::End);
    assert_eq!(chosen(&window), Some(rows - 1));
    press(&mut window, Key::Home);
    press(&mut window, Key::N);
    assert_eq!(chosen(&window), Some(CHANGED as u32));
    assert!(name(&window, "row 301, changed").contains("99"));
    press(&mut window, Key::N);
    window.get_by_label("This is the last difference.");
    let other = name(&window, "row 303, ");
    click(&mut window, &other);
    assert_eq!(chosen(&window), Some(302));
}

#[test]
fn the_answer_stands_where_a_person_went_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let paths = recordings(folder.path());
    let mut window = held(&paths);
    for _ in 0..40 {
        press(&mut window, Key::PageDown);
    }
    let selected = chosen(&window).unwrap();
    assert!(selected > CHANGED as u32);
    let y = |window: &Window<'_>, row: u32| {
        let row = name(window, &format!("row {}, ", row + 1));
        window.get_by_label(&row).rect().top() - window.get_by_role(egui::accesskit::Role::Table).rect().top()
    };
    let before = y(&window, selected);
    let_go(&mut window);
    assert_eq!(row(&window), selected);
    assert_eq!(pair(&window).rows().len(), EVENTS as u32);
    let moved = (y(&window, selected) - before).abs();
    assert!(moved < 0.5, "the row stays where it was in the table: {moved}");
    assert!(!pair(&window).is_beginning());
    assert!(!names_with(&window, "column, not sorted").is_empty(), "all rows can be sorted");

    // Who went nowhere sees the first difference, as ever.
    let mut window = held(&paths);
    let_go(&mut window);
    assert_eq!(row(&window), CHANGED as u32);
    assert!(pair(&window).lines().any_folded(), "equal rows are folded");
}

#[test]
fn a_load_that_is_cancelled_or_replaced_takes_its_rows_along() {
    let folder = tempfile::tempdir().unwrap();
    let paths = recordings(folder.path());
    let mut window = held(&paths);
    click(&mut window, "Cancel");
    assert!(window.state().state.front().is_home());
    let_go(&mut window);
    assert!(matches!(window.state().state.front().page, Page::Home), "what was cancelled never comes");

    let mut window = held(&paths);
    press(&mut window, Key::Escape);
    assert!(window.state().state.first_rows().is_none());

    // A file that cannot be read meanwhile is a page with the sentence.
    let mut window = held(&paths);
    let job = window.state().state.front().loading.as_ref().unwrap().job;
    let missing = [folder.path().join("gone.jsonl"), paths[1].clone()];
    window.state_mut().push(Command::Open(Request::paths(missing)));
    window.run();
    let goes_on = |tab: &Tab| tab.loading.as_ref().is_some_and(|loading| loading.job == job);
    assert!(window.state().state.tabs.iter().any(goes_on), "another tab stops nothing");
    assert!(window.state().state.first_rows().is_none());
    let_go(&mut window);
    assert!(matches!(window.state().state.front().page, Page::Failed(_)));
}

#[test]
fn what_is_known_only_as_a_whole_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["expected", "actual"].map(|side| {
        let events: Vec<String> = (0..2_000).map(|i| event(i, usize::from(side == "actual"))).collect();
        let path = folder.path().join(format!("{side}.json"));
        fs::write(&path, format!("[{}]", events.join(",\n"))).unwrap();
        path
    });
    let mut window = held(&paths);
    assert!(window.state().state.first_rows().is_none());
    window.get_by_label("Loading: Reading · 34 %");
    window.get_by_label("Its rows are known only when all of it is read.");
    let_go(&mut window);
    assert_eq!(pair(&window).analysis().len(Side::Actual), 2_000);
}
