//! What of a pair that grows is told at once, what is held, and what never moves.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::app::pair::{Pair, PairCommand};
use crate::app::state::Page;
use crate::app::watching::WatchCommand;
use crate::app::{App, Command};
use crate::compare::Verdict;
use crate::trace::Side;

const PATIENCE: Duration = Duration::from_secs(30);

/// Events of a few tasks, one of them with another value.
fn lines(events: std::ops::Range<usize>, wrong: Option<usize>) -> String {
    let line = |i: usize| {
        let value = if wrong == Some(i) { 99 } else { i / 7 % 5 };
        format!("{{\"type\":\"STEP\",\"task\":{},\"value\":{value},\"n\":{i}}}\n", i % 4)
    };
    events.map(line).collect()
}

struct Scene {
    app: App,
    place: tempfile::TempDir,
}

impl Scene {
    fn new(expected: &str, actual: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        let paths = ["expected.jsonl", "actual.jsonl"].map(|name| place.path().join(name));
        fs::write(&paths[0], expected).unwrap();
        fs::write(&paths[1], actual).unwrap();
        let mut app = App::new(Some(crate::app::folders::Folders::inside(&place.path().join("home"))));
        app.open(paths);
        let mut scene = Self { app, place };
        scene.until(|app| app.state.pair().is_some());
        scene
    }

    fn actual(&self) -> PathBuf {
        self.place.path().join("actual.jsonl")
    }

    fn append(&self, text: &str) {
        append(&self.actual(), text);
    }

    fn until(&mut self, holds: impl Fn(&App) -> bool) {
        let start = Instant::now();
        while !holds(&self.app) {
            assert!(start.elapsed() < PATIENCE, "it never came: {:?}", self.app.state.front().growth);
            self.app.step(Instant::now());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn until_rows(&mut self, actual: u32) {
        self.until(|app| pair(app).analysis().len(Side::Actual) == actual);
    }

    fn send(&mut self, command: impl Into<Command>) {
        self.app.push(command);
        self.app.step(Instant::now());
    }
}

fn append(path: &Path, text: &str) {
    fs::OpenOptions::new().append(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
}

fn pair(app: &App) -> &Pair {
    match &app.state.front().page {
        Page::Pair(pair) => pair,
        other => panic!("no pair is open: {other:?}"),
    }
}

fn verdict(app: &App) -> Verdict {
    pair(app).analysis().comparison.verdict
}

#[test]
fn what_is_appended_is_there_without_f5_and_what_is_waited_for_settles() {
    let mut scene = Scene::new(&lines(0..60, None), &lines(0..30, None));
    assert_eq!(verdict(&scene.app), Verdict::Truncated);
    scene.append(&lines(30..40, None));
    scene.until_rows(40);
    let growth = &scene.app.state.front().growth;
    assert_eq!(growth.new_words().as_deref(), Some("10 new"));
    assert_eq!(growth.states(Verdict::Truncated), ["waiting for more"]);
    assert_eq!(growth.words(), Some(("live".to_owned(), false)));
    assert!(pair(&scene.app).waits() && scene.app.state.front().changed.is_empty());
    // Half a line is no event yet.
    let more = lines(40..60, None);
    scene.append(&more[..more.len() - 5]);
    scene.until_rows(59);
    scene.append(&more[more.len() - 5..]);
    scene.until(|app| verdict(app) == Verdict::Identical);
    scene.until(|app| app.state.front().growth.states(Verdict::Identical).is_empty());
    assert!(!pair(&scene.app).waits());
}

#[test]
fn what_comes_late_in_vain_is_missing_at_last() {
    let mut scene = Scene::new(&lines(0..60, None), &lines(0..30, None));
    scene.append(&lines(30..31, None));
    scene.until(|app| app.state.front().growth.states(Verdict::Truncated) == ["waiting for more"]);
    scene.until(|app| app.state.front().growth.states(Verdict::Truncated).is_empty());
    assert_eq!(verdict(&scene.app), Verdict::Truncated);
}

#[test]
fn a_live_update_moves_neither_selection_nor_scroll_until_a_person_asks() {
    let mut scene = Scene::new(&lines(0..400, None), &lines(0..300, Some(150)));
    scene.send(PairCommand::ToggleAllFolds);
    scene.send(PairCommand::SelectEvent(Side::Actual, 120));
    scene.send(PairCommand::ScrollBy(47.0));
    let sight = |app: &App| {
        let pair = pair(app);
        let (top, rest) = (pair.lines().at(pair.scroller().top()), pair.scroller().rest().to_bits());
        let row = pair.selection().unwrap().row;
        let y = pair.scroller().y_of(pair.lines().line_of(row));
        (top.first_row(), rest, row, y.to_bits(), pair.selected_event())
    };
    let before = sight(&scene.app);
    for at in 0..3 {
        scene.append(&lines(300 + at..301 + at, None));
        scene.until_rows(301 + at as u32);
        assert_eq!(sight(&scene.app), before, "the view moved");
    }
    assert_eq!(scene.app.state.front().growth.new_words().as_deref(), Some("3 new"));
    scene.send(WatchCommand::ShowNew);
    assert_eq!(pair(&scene.app).selected_event(), Some((Side::Actual, 302)));
    assert_eq!(scene.app.state.front().growth.unseen(), 0);
    // Asked for once: what comes later is not followed.
    scene.append(&lines(303..304, None));
    scene.until_rows(304);
    assert_eq!(pair(&scene.app).selected_event(), Some((Side::Actual, 302)));
}

#[test]
fn a_selected_row_stays_in_sight_beside_a_fold_that_grows_over_it() {
    let mut scene = Scene::new(&lines(0..400, None), &lines(0..300, None));
    scene.send(PairCommand::SelectEvent(Side::Actual, 298));
    let y = |app: &App| {
        let pair = pair(app);
        pair.scroller().y_of(pair.lines().line_of(pair.selection().unwrap().row))
    };
    let before = y(&scene.app);
    scene.append(&lines(300..340, None));
    scene.until_rows(340);
    assert_eq!(pair(&scene.app).selected_event(), Some((Side::Actual, 298)));
    assert!(!pair(&scene.app).lines().hides(pair(&scene.app).selection().unwrap().row));
    assert!((y(&scene.app) - before).abs() < 1.0, "{} is not {before}", y(&scene.app));
}

#[test]
fn a_filter_holds_the_rows_until_they_are_asked_for() {
    let mut scene = Scene::new(&lines(0..60, None), &lines(0..30, None));
    scene.send(PairCommand::Search("task:1".to_owned()));
    scene.append(&lines(30..33, None));
    scene.until(|app| app.state.front().growth.unseen() == 3);
    for _ in 0..50 {
        scene.app.step(Instant::now());
        std::thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(pair(&scene.app).analysis().len(Side::Actual), 30, "the rows moved under a search");
    scene.send(WatchCommand::ShowNew);
    scene.until_rows(33);
    assert_eq!(pair(&scene.app).selected_event(), Some((Side::Actual, 32)));
}

#[test]
fn paused_nothing_is_looked_at_and_resumed_everything_is() {
    let mut scene = Scene::new(&lines(0..60, None), &lines(0..30, None));
    scene.send(WatchCommand::Pause);
    scene.append(&lines(30..33, None));
    for _ in 0..50 {
        scene.app.step(Instant::now());
        std::thread::sleep(Duration::from_millis(4));
    }
    assert_eq!((pair(&scene.app).analysis().len(Side::Actual), scene.app.state.front().growth.unseen()), (30, 0));
    assert_eq!(scene.app.state.front().growth.words(), Some(("paused".to_owned(), true)));
    scene.send(WatchCommand::Pause);
    scene.until_rows(33);
}

#[test]
fn cut_replaced_removed_and_rewritten_files_are_read_anew() {
    let mut scene = Scene::new(&lines(0..60, None), &lines(0..30, None));
    fs::write(scene.actual(), lines(0..10, None)).unwrap();
    scene.until_rows(10);
    let words = |app: &App| app.state.front().growth.words().unwrap_or_default();
    assert!(["live, read anew: the file got shorter", "live"].contains(&words(&scene.app).0.as_str()));
    let other = scene.place.path().join("other");
    fs::write(&other, lines(0..60, Some(7))).unwrap();
    fs::rename(&other, scene.actual()).unwrap();
    scene.until(|app| verdict(app) == Verdict::Diverged);
    assert_eq!(words(&scene.app).0, "live, read anew: another file took its place");
    fs::remove_file(scene.actual()).unwrap();
    scene.until(|app| words(app).1);
    assert!(words(&scene.app).0.contains("actual.jsonl"), "{:?}", words(&scene.app));
    assert_eq!(verdict(&scene.app), Verdict::Diverged, "what was read stays on screen");
    fs::write(scene.actual(), lines(0..60, None)).unwrap();
    scene.until(|app| verdict(app) == Verdict::Identical);
    assert!(!words(&scene.app).1);
}

#[test]
fn the_first_change_may_be_a_rewrite_and_half_a_line_is_said_to_be_one() {
    let mut scene = Scene::new(&lines(0..60, None), &lines(0..60, None));
    assert_eq!(verdict(&scene.app), Verdict::Identical);
    fs::write(scene.actual(), lines(0..60, Some(9))).unwrap();
    scene.until(|app| verdict(app) == Verdict::Diverged);
    scene.append("{\"type\":\"ST");
    scene.until(|app| pair(app).analysis().partial);
}

#[test]
fn nothing_is_waited_for_when_nothing_happens() {
    let mut scene = Scene::new(&lines(0..60, None), &lines(0..30, None));
    scene.append(&lines(30..33, None));
    scene.until_rows(33);
    scene.until(|app| app.state.front().growth.states(Verdict::Truncated).is_empty());
    std::thread::sleep(Duration::from_secs(1));
    scene.app.step(Instant::now());
    scene.app.step(Instant::now());
    for _ in 0..5 {
        assert_eq!((scene.app.step(Instant::now()), scene.app.is_pending()), (None, false));
    }
}
