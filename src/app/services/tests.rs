//! The window's services, without a window.

use std::sync::Arc;

use super::*;
use crate::app::load::{Failure, Outcome};
use crate::app::pair::{BookmarkCommand, Pair, PairCommand};
use crate::app::state::Page;
use crate::app::tabs::{Standing, Tab};
use crate::trace::Side;

fn settle(app: &mut App) {
    for _ in 0..4 {
        app.step(Instant::now());
    }
}

fn tab(command: TabCommand) -> Command {
    Command::Tab(command)
}

/// A load that goes on until nobody wants it.
fn endless(handle: &crate::jobs::Handle, _shows: Option<&crate::app::load::Shows>) -> Outcome {
    while !handle.is_cancelled() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let failure = Failure { text: String::new(), detail: None };
    Outcome { request: Request::default(), remember: false, view: None, result: Err(failure) }
}

/// Steps until something holds, but not for ever.
fn until(app: &mut App, holds: impl Fn(&App) -> bool) {
    let start = Instant::now();
    while !holds(app) {
        assert!(start.elapsed() < Duration::from_secs(20), "it never came: {:?}", app.state.title());
        app.step(Instant::now());
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_missing_file_becomes_a_page_with_the_sentence() {
    let mut app = App::in_place();
    app.open([PathBuf::from("/no/such/pack")]);
    settle(&mut app);
    let Page::Failed(failed) = &app.state.front().page else { panic!("{:?}", app.state.front().page) };
    assert!(failed.why.contains("/no/such/pack"), "{}", failed.why);
    assert!(app.state.front().loading.is_none());
}

#[test]
fn a_request_for_nothing_is_said_and_opens_no_plant() {
    let mut app = App::in_place();
    app.push(Command::Open(Request::default()));
    settle(&mut app);
    assert!(matches!(app.state.front().page, Page::Failed(_)), "{:?}", app.state.front().page);
}

#[test]
fn cancelling_brings_back_what_was_there_at_once() {
    let mut app = App::with(Work::Behind, None);
    app.loads.start(1, endless, &app.waker, false);
    app.state.front_mut().loading = Some(Loading { job: 1, ..Loading::new(Request::default(), false) });
    app.push(Command::CancelLoad);
    app.step(Instant::now());
    assert!(app.state.front().is_home());
    assert!(app.loads.told().is_empty(), "the load goes on");
    std::thread::sleep(Duration::from_millis(20));
    settle(&mut app);
    assert!(app.state.front().is_home(), "the cancelled load arrived");
}

#[test]
fn a_load_that_ends_as_the_next_begins_is_not_taken_for_it() {
    let mut app = App::in_place();
    for effect in apply(&mut app.state, Command::Open(Request::paths([PathBuf::from("/no/such/first")]))) {
        app.carry_out(effect, Instant::now());
    }
    // The first has ended and nobody took it in yet, when the same tab begins the second.
    app.loaded();
    assert_eq!(app.queue.len(), 1);
    app.state.front_mut().loading = Some(Loading::new(Request::paths([PathBuf::from("/no/such/second")]), false));
    app.queue.push_front(tab(TabCommand::Nth(0)));
    settle(&mut app);
    let Page::Failed(failed) = &app.state.front().page else { panic!("{:?}", app.state.front().page) };
    assert!(failed.why.contains("/no/such/second"), "{}", failed.why);
}

#[test]
fn a_search_is_saved_as_it_is_typed_and_outlives_going_home() {
    let home = tempfile::tempdir().unwrap();
    let start = || {
        let mut app = App::new(Some(Folders::inside(home.path())));
        app.work = Work::Here;
        app.open([PathBuf::from("fixtures/task-order-race")]);
        settle(&mut app);
        app
    };
    let mut app = start();
    app.save();
    assert_eq!(app.save_at, None);
    app.push(PairCommand::Search("task 4".to_owned()));
    app.step(Instant::now());
    assert!(app.save_at.is_some(), "nothing is going to be written");
    app.push(Command::Home);
    app.step(Instant::now());
    app.save();
    let mut again = start();
    assert_eq!(again.state.pair().map(|pair| pair.search().text()), Some("task 4"));
    again.push(PairCommand::Search(String::new()));
    again.step(Instant::now());
    again.save();
    assert_eq!(start().state.pair().map(|pair| pair.search().text()), Some(""));
}

/// An app in which these fixtures are open, one in each tab.
fn with(folders: Option<Folders>, fixtures: &[&str]) -> App {
    let mut app = App::with(Work::Here, folders);
    for fixture in fixtures {
        app.open([PathBuf::from("fixtures").join(fixture)]);
        settle(&mut app);
    }
    assert_eq!(app.state.tabs.len(), fixtures.len());
    app
}

#[test]
fn a_closed_tab_frees_what_it_held() {
    let mut app = with(None, &["task-order-race", "duplicate-ack"]);
    app.push(PairCommand::Search("a".to_owned()));
    settle(&mut app);
    let held = |app: &App| Arc::downgrade(app.state.pair().unwrap().analysis());
    let second = held(&app);
    app.push(tab(TabCommand::Nth(0)));
    settle(&mut app);
    let first = held(&app);
    assert!(second.upgrade().is_some(), "a tab behind is still open");
    app.push(tab(TabCommand::Close(Some(app.state.tabs.nth(1)))));
    settle(&mut app);
    assert!(second.upgrade().is_none(), "a closed tab holds its analysis");
    app.push(tab(TabCommand::Close(None)));
    settle(&mut app);
    assert!(first.upgrade().is_none() && app.state.front().is_home() && app.state.tabs.len() == 1);
}

#[test]
fn a_tab_that_is_closed_while_it_loads_stops_its_load() {
    let mut app = with(None, &["task-order-race"]);
    app.work = Work::Behind;
    app.push(tab(TabCommand::New));
    app.step(Instant::now());
    app.loads.start(77, endless, &app.waker, false);
    app.state.front_mut().loading = Some(Loading { job: 77, ..Loading::new(Request::default(), false) });
    app.push(tab(TabCommand::Nth(0)));
    app.step(Instant::now());
    assert_eq!(app.loads.told().len(), 1, "another tab in front stopped the load");
    app.push(tab(TabCommand::Close(Some(app.state.tabs.nth(1)))));
    app.step(Instant::now());
    assert!(app.loads.told().is_empty(), "the load of a closed tab goes on");
    assert!(app.state.pair().is_some());
}

#[test]
fn a_search_goes_on_in_the_tab_that_made_it() {
    let mut app = with(None, &["task-order-race", "duplicate-ack"]);
    app.work = Work::Behind;
    app.push(PairCommand::Search("ack".to_owned()));
    app.push(tab(TabCommand::Nth(0)));
    app.push(PairCommand::Search("task".to_owned()));
    let pair = |app: &App, place: usize| -> (String, bool, u32) {
        let Page::Pair(pair) = &app.state.tabs.iter().nth(place).unwrap().page else { panic!("no pair") };
        (pair.search().text().to_owned(), pair.search().done(), pair.search().count())
    };
    app.step(Instant::now());
    until(&mut app, |app| pair(app, 0).1 && pair(app, 1).1);
    let alone = |fixture: &str, text: &str| {
        let mut app = with(None, &[fixture]);
        app.push(PairCommand::Search(text.to_owned()));
        settle(&mut app);
        pair(&app, 0).2
    };
    assert_eq!(pair(&app, 0), ("task".to_owned(), true, alone("task-order-race", "task")));
    assert_eq!(pair(&app, 1), ("ack".to_owned(), true, alone("duplicate-ack", "ack")));
    assert!(pair(&app, 1).2 > 0);
}

/// A copy of a fixture, which may be written to.
fn copied(fixture: &str, folder: &std::path::Path) -> PathBuf {
    let pack = folder.join(fixture);
    std::fs::create_dir(&pack).unwrap();
    for name in ["expected.jsonl", "actual.jsonl"] {
        std::fs::copy(PathBuf::from("fixtures").join(fixture).join(name), pack.join(name)).unwrap();
    }
    pack
}

#[test]
fn a_note_outlives_the_closing_of_its_tab_at_once() {
    let place = tempfile::tempdir().unwrap();
    let folders = Folders::inside(&place.path().join("home"));
    let pack = copied("task-order-race", place.path());
    let mut app = App::with(Work::Here, Some(folders.clone()));
    app.open([pack.clone()]);
    settle(&mut app);
    app.push(PairCommand::Bookmark(BookmarkCommand::EditHere));
    app.push(PairCommand::Bookmark(BookmarkCommand::Write(0, "charged too early".to_owned())));
    app.push(tab(TabCommand::Close(None)));
    app.step(Instant::now());
    let note = |app: &App| app.state.pair().map(|pair| pair.bookmarks().notes().bookmarks[0].note.clone());
    app.push(tab(TabCommand::Reopen));
    settle(&mut app);
    assert_eq!(note(&app).as_deref(), Some("charged too early"), "reopened before it was written");
    app.push(tab(TabCommand::Close(None)));
    settle(&mut app);
    app.save();
    let mut other = App::with(Work::Here, Some(folders));
    other.open([pack]);
    settle(&mut other);
    assert_eq!(note(&other).as_deref(), Some("charged too early"));
}

#[test]
fn notes_of_one_pack_in_two_tabs_are_the_same() {
    let place = tempfile::tempdir().unwrap();
    let pack = copied("task-order-race", place.path());
    let mut app = App::with(Work::Here, Some(Folders::inside(&place.path().join("home"))));
    app.open([pack]);
    settle(&mut app);
    let view = place.path().join("mine.dettrace-view");
    app.carry_out(Effect::SaveView(app.state.front().id, view.clone()), Instant::now());
    app.open([view]);
    settle(&mut app);
    assert_eq!(app.state.tabs.len(), 2);
    app.push(PairCommand::Bookmark(BookmarkCommand::Toggle));
    app.push(tab(TabCommand::Nth(0)));
    settle(&mut app);
    let bookmarks = |app: &App| app.state.pair().unwrap().bookmarks().notes().bookmarks.len();
    assert_eq!(bookmarks(&app), 1, "the other tab does not know the bookmark");
    app.push(PairCommand::NextDifference);
    app.push(PairCommand::Bookmark(BookmarkCommand::Toggle));
    settle(&mut app);
    app.save();
    let file = std::fs::read_to_string(place.path().join("task-order-race/notes.dettrace.json")).unwrap();
    assert_eq!(file.matches("\"anchor\"").count(), 2, "one tab wrote over the other's: {file}");
}

#[test]
fn a_file_that_changes_is_followed_in_its_own_tab() {
    let place = tempfile::tempdir().unwrap();
    let packs = ["task-order-race", "duplicate-ack"].map(|fixture| copied(fixture, place.path()));
    let mut app = App::with(Work::Behind, None);
    for pack in &packs {
        app.open([pack.clone()]);
    }
    until(&mut app, |app| app.watchers.len() == 2);
    let file = packs[0].join("actual.jsonl");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}{text}")).unwrap();
    let events = |app: &App| {
        let of = |tab: &Tab| tab.pair_behind().map_or(0, |pair| pair.analysis().len(Side::Actual));
        app.state.tabs.iter().map(of).collect::<Vec<_>>()
    };
    let before = events(&app);
    until(&mut app, |app| events(app) == [2 * before[0], before[1]]);
    assert!(app.state.tabs.iter().all(|tab| tab.changed.is_empty()), "what is followed needs no reload");
    assert_eq!(app.state.tabs.front_place(), 1, "a change took the front");
    app.push(tab(TabCommand::Close(Some(app.state.tabs.nth(0)))));
    app.step(Instant::now());
    assert_eq!(app.watchers.len(), 1, "the files of a closed tab are watched");
}

/// One request whose second step takes so many nanoseconds, as OTLP.
fn telemetry(took: u64) -> String {
    format!(
        r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[
        {{"traceId":"t","spanId":"a","name":"buy","startTimeUnixNano":"1000","endTimeUnixNano":"9000"}},
        {{"traceId":"t","spanId":"b","parentSpanId":"a","name":"pay","startTimeUnixNano":"2000","endTimeUnixNano":"{}"}}]}}]}}]}}"#,
        2000 + took
    )
}

#[test]
fn telemetry_that_changes_is_read_again_behind_what_is_seen() {
    let place = tempfile::tempdir().unwrap();
    let sides = ["expected.json", "actual.json"].map(|name| place.path().join(name));
    for side in &sides {
        std::fs::write(side, telemetry(500)).unwrap();
    }
    let mut app = App::with(Work::Behind, None);
    app.open(sides.clone());
    until(&mut app, |app| app.watchers.len() == 1 && app.state.pair().is_some());
    let spans = |app: &App| app.state.pair().map(|pair| pair.analysis().len(Side::Actual));
    assert_eq!(spans(&app), Some(2));
    let grown = telemetry(500).replace(
        r#""name":"buy""#,
        r#""name":"look","startTimeUnixNano":"1500","endTimeUnixNano":"1600"},{"traceId":"t","spanId":"c","name":"buy""#,
    );
    std::fs::write(&sides[1], grown).unwrap();
    until(&mut app, |app| spans(app) == Some(3));
    assert!(app.state.front().changed.is_empty(), "what was read again is not said to have changed");
}

#[test]
fn tabs_and_the_front_one_come_back_after_a_restart() {
    let place = tempfile::tempdir().unwrap();
    let folders = Folders::inside(&place.path().join("home"));
    let packs = ["task-order-race", "duplicate-ack"].map(|fixture| copied(fixture, place.path()));
    let elsewhere = place.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    let gone = copied("task-order-race", &elsewhere);
    let mut app = App::with(Work::Here, Some(folders.clone()));
    for pack in packs.iter().chain([&gone]) {
        app.open([pack.clone()]);
        settle(&mut app);
    }
    app.push(tab(TabCommand::Nth(0)));
    app.push(PairCommand::End);
    app.push(PairCommand::Search("task".to_owned()));
    settle(&mut app);
    let selected = |app: &App| app.state.pair().and_then(Pair::selection);
    let before = selected(&app);
    app.save();
    std::fs::remove_dir_all(&gone).unwrap();

    let mut again = App::new(Some(folders));
    again.work = Work::Here;
    settle(&mut again);
    let wanted: Vec<PathBuf> = again.state.tabs.iter().map(|tab| tab.wanted().unwrap().paths[0].clone()).collect();
    assert_eq!(wanted, [&packs[0], &packs[1], &gone].map(PathBuf::clone));
    assert_eq!((again.state.tabs.front_place(), selected(&again)), (0, before));
    assert_eq!(again.state.pair().unwrap().search().text(), "task");
    let read = |tab: &Tab| matches!(tab.page, Page::Pair(_));
    assert_eq!(again.state.tabs.iter().filter(|tab| read(tab)).count(), 1, "what nobody looks at is read");
    again.push(tab(TabCommand::Step(1)));
    settle(&mut again);
    assert!(again.state.pair().is_some(), "a tab that is looked at is not read");
    again.push(tab(TabCommand::Step(1)));
    settle(&mut again);
    let Page::Failed(failed) = &again.state.front().page else { panic!("{:?}", again.state.front().page) };
    assert!(failed.why.contains("elsewhere"), "{}", failed.why);
}

#[test]
fn after_a_crash_nothing_is_read_until_a_person_asks() {
    let place = tempfile::tempdir().unwrap();
    let folders = Folders::inside(&place.path().join("home"));
    let mut app = with(Some(folders.clone()), &["task-order-race"]);
    app.save();
    std::fs::write(folders.state.join("crash-20260101T000000-000.txt"), "it broke").unwrap();
    let mut again = App::new(Some(folders));
    again.work = Work::Here;
    settle(&mut again);
    assert!(again.state.front().is_home() && again.state.tabs.len() == 2);
    assert_eq!(again.state.loads, 0);
    again.push(tab(TabCommand::Nth(0)));
    settle(&mut again);
    assert!(again.state.pair().is_some());
}

#[test]
fn what_is_opened_at_the_start_is_read_and_what_was_in_front_waits() {
    let place = tempfile::tempdir().unwrap();
    let folders = Folders::inside(&place.path().join("home"));
    let mut app = with(Some(folders.clone()), &["task-order-race"]);
    app.save();
    let mut again = App::new(Some(folders));
    again.work = Work::Here;
    again.open([PathBuf::from("fixtures/duplicate-ack")]);
    settle(&mut again);
    let standings: Vec<Standing> = again.state.tabs.iter().map(Tab::standing).collect();
    assert!(matches!(standings[..], [Standing::Waits, Standing::Ready(_)]), "{standings:?}");
    assert_eq!(again.state.tabs.front_place(), 1);
}
