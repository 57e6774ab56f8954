//! What commands change, and what they ask of the world.

use std::sync::Arc;

use super::*;
use crate::analyse::Session;
use crate::app::layout::{LayoutCommand, Pane};
use crate::app::load::{Failure, Loaded, Outcome};
use crate::app::pair::{BookmarkCommand, Laid, LaneCommand, PairCommand, TimelineCommand};
use crate::app::settings::Setting;
use crate::app::slicing::SliceCommand;
use crate::app::state::ThemeChoice;
use crate::app::tabs::{Standing, TabCommand};
use crate::pack::{self, Found};
use crate::spec::Decision;

/// The load of this number fails.
fn fail(job: u64, request: &Request) -> Command {
    let failure = Failure { text: "It is gone.".to_owned(), detail: None };
    let outcome = Outcome { request: request.clone(), remember: true, view: None, result: Err(failure) };
    Command::Arrived(Arrival::Loaded(job, Box::new(outcome)))
}

/// The load of this number brings a small pair.
fn succeed(job: u64, request: &Request) -> Command {
    let line = "{\"type\":\"step\",\"task\":1}\n{\"type\":\"end\",\"task\":1}\n";
    let files = [("expected.jsonl", line.as_bytes()), ("actual.jsonl", line.as_bytes())];
    let pack = match pack::in_memory("case", &files).unwrap() {
        Found::Ready(pack) => *pack,
        Found::Choose { why, .. } => panic!("{why}"),
    };
    let analysis = Session::new(pack).run(&()).unwrap();
    let laid = Laid::new(&analysis, &|| true);
    let result = Ok(Loaded::Ready(Arc::new(analysis), laid, Box::default()));
    let outcome = Outcome { request: request.clone(), remember: true, view: None, result };
    Command::Arrived(Arrival::Loaded(job, Box::new(outcome)))
}

/// A window in which this was opened before.
fn opened(names: &[&str]) -> State {
    let mut state = State::default();
    state.front_mut().open = Some(request(names));
    state
}

/// A window with these packs in tabs, the last one in front.
fn with_tabs(names: &[&str]) -> State {
    let mut state = State::default();
    for (job, name) in (1..).zip(names) {
        apply(&mut state, Command::Open(request(&[name])));
        apply(&mut state, succeed(job, &request(&[name])));
    }
    assert_eq!(seen(&state), names.iter().map(|name| Some(*name)).collect::<Vec<_>>());
    state
}

/// What the tabs ask for, by the names of the files.
fn seen(state: &State) -> Vec<Option<&str>> {
    state.tabs.iter().map(|tab| tab.wanted()?.paths[0].to_str()).collect()
}

fn tab(command: TabCommand) -> Command {
    Command::Tab(command)
}

fn request(names: &[&str]) -> Request {
    Request::paths(names.iter().map(PathBuf::from))
}

#[test]
fn opening_loads_and_covers_the_page_without_losing_it() {
    let mut state = State { overlay: Some(Overlay::PastePath), ..State::default() };
    let wanted = request(&["pack.zip"]);
    assert_eq!(apply(&mut state, Command::Open(wanted.clone())), [Effect::Load(1, wanted)]);
    assert!(state.loading_page().is_some() && state.overlay.is_none());
    assert_eq!(apply(&mut state, Command::Escape), []);
    assert!(state.front().is_home());
}

#[test]
fn a_result_nobody_waits_for_is_dropped() {
    let mut state = State::default();
    assert_eq!(apply(&mut state, fail(7, &request(&["pack.zip"]))), []);
    assert!(state.front().is_home());
}

#[test]
fn a_failed_reload_keeps_the_page_and_says_why() {
    let mut state = opened(&["a", "b"]);
    let effects = apply(&mut state, Command::Reload);
    assert_eq!(effects, [Effect::Load(1, request(&["a", "b"]))]);
    apply(&mut state, fail(1, &request(&["a", "b"])));
    assert!(state.front().is_home(), "the page was taken away");
    assert_eq!(state.messages.standing().next().map(|m| m.text.as_str()), Some("It is gone."));
    assert!(state.front().open.is_some());
}

/// What the load is asked for after these commands, each given before the one before it was answered.
fn asked_for(commands: impl IntoIterator<Item = PairRequest>) -> Request {
    let mut state = opened(&["a", "b"]);
    let effects = commands.into_iter().map(|command| apply(&mut state, Command::Request(command)));
    match effects.last().as_deref() {
        Some([Effect::Load(_, request), ..]) => request.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_decision_keeps_the_one_before_it_that_is_not_answered_yet() {
    let ignore = |path: &str| PairRequest::Decide(path.to_owned(), Decision::Ignore);
    let both = asked_for([ignore("A"), ignore("B")]);
    assert_eq!(both.overrides.unwrap().ignore, ["A", "B"]);
    let swapped = asked_for([ignore("A"), PairRequest::Swap]);
    assert!(swapped.swapped && swapped.overrides.unwrap().ignore == ["A"]);
    assert!(!asked_for([PairRequest::Swap, PairRequest::Swap]).swapped);
    let overrides = asked_for([ignore("A"), PairRequest::Decide("A".to_owned(), Decision::Compare)]).overrides.unwrap();
    assert!(overrides.ignore.is_empty() && overrides.compare == ["A"], "{overrides:?}");
}

#[test]
fn a_failed_load_can_be_tried_again() {
    let mut state = State::default();
    let wanted = request(&["pack.zip"]);
    apply(&mut state, Command::Open(wanted.clone()));
    apply(&mut state, fail(1, &wanted));
    assert!(matches!(state.front().page, Page::Failed(_)));
    assert_eq!(apply(&mut state, Command::Reload), [Effect::Load(2, wanted)]);
    assert!(state.loading_page().is_some());
}

#[test]
fn swapping_asks_for_the_same_pair_the_other_way_round() {
    let mut state = opened(&["a", "b"]);
    let effects = apply(&mut state, Command::Swap);
    assert_eq!(effects, [Effect::Load(1, Request { swapped: true, ..request(&["a", "b"]) })]);
    assert!(state.front().loading.as_ref().is_some_and(|loading| loading.quiet));
}

#[test]
fn two_dropped_files_open_as_a_pair_and_more_are_refused() {
    let mut state = State::default();
    let two = vec![PathBuf::from("x/actual.jsonl"), PathBuf::from("x/expected.jsonl")];
    let effects = apply(&mut state, Command::Drop(two, None));
    assert_eq!(effects, [Effect::Load(1, request(&["x/expected.jsonl", "x/actual.jsonl"]))]);
    assert_eq!(state.messages.all().next().map(|m| m.level), Some(Level::Note));
    let three = ["a", "b", "c"].map(PathBuf::from).to_vec();
    assert_eq!(apply(&mut state, Command::Drop(three, None)), []);
    assert_eq!(state.messages.all().next().map(|m| m.level), Some(Level::Error));
}

#[test]
fn only_one_dialog_at_a_time_and_a_missing_one_leads_to_the_path_field() {
    let mut state = State::default();
    assert_eq!(apply(&mut state, Command::Ask(Ask::Pack)), [Effect::Ask(Ask::Pack)]);
    assert_eq!(apply(&mut state, Command::Ask(Ask::Folder)), []);
    apply(&mut state, Command::Arrived(Arrival::Picked(Ask::Pack, Err("No dialog.".to_owned()))));
    assert_eq!((state.asking, state.overlay.clone(), state.focus), (None, Some(Overlay::PastePath), Some(Focus::Path)));
    assert_eq!(
        apply(&mut state, Command::Arrived(Arrival::Picked(Ask::Pack, Ok(Vec::new())))),
        [],
        "a cancel is silent"
    );
}

#[test]
fn escape_closes_one_thing_at_a_time() {
    let mut state = State { prefix: Some(egui::Key::G), overlay: Some(Overlay::Help), ..State::default() };
    apply(&mut state, Command::Escape);
    assert!(state.prefix.is_none() && state.overlay.is_some());
    apply(&mut state, Command::Escape);
    assert!(state.overlay.is_none());
}

#[test]
fn the_theme_goes_around_and_is_saved() {
    let mut state = State::default();
    for expected in [ThemeChoice::Dark, ThemeChoice::Light, ThemeChoice::System] {
        assert_eq!(apply(&mut state, Command::Set(Setting::NextTheme)), [Effect::Save]);
        assert_eq!(state.settings.theme, expected);
    }
}

#[test]
fn a_pack_gets_a_tab_of_its_own_unless_nothing_is_open_in_front() {
    let mut state = with_tabs(&["a", "b"]);
    assert_eq!((state.tabs.len(), state.tabs.front_place()), (2, 1));
    apply(&mut state, tab(TabCommand::New));
    apply(&mut state, Command::Open(request(&["c"])));
    assert_eq!(state.tabs.len(), 3, "the home page was not made use of");
    apply(&mut state, fail(3, &request(&["c"])));
    assert_eq!(apply(&mut state, Command::Open(request(&["d"]))), [Effect::Load(4, request(&["d"]))]);
    assert_eq!(seen(&state), [Some("a"), Some("b"), Some("d")], "the page of a failure was not made use of");
    apply(&mut state, Command::Open(request(&["e"])));
    assert_eq!(state.tabs.len(), 4, "what is being loaded was replaced");
}

#[test]
fn a_load_that_ends_behind_stays_there() {
    let mut state = with_tabs(&["a"]);
    apply(&mut state, Command::Open(request(&["b"])));
    apply(&mut state, Command::Open(request(&["c"])));
    apply(&mut state, tab(TabCommand::Nth(0)));
    let behind = |state: &State, place: usize| state.tabs.iter().nth(place).unwrap().standing();
    assert_eq!(behind(&state, 1), Standing::Loading(None), "another tab in front stopped the load");
    let progress = crate::jobs::Snapshot { done: 1, total: 4, ..Default::default() };
    apply(&mut state, Command::Arrived(Arrival::Progress(2, progress)));
    assert_eq!((behind(&state, 1), behind(&state, 2)), (Standing::Loading(Some(0.25)), Standing::Loading(None)));
    let effects = apply(&mut state, succeed(2, &request(&["b"])));
    let id = state.tabs.nth(1);
    assert_eq!(effects, [Effect::Watch(id, Vec::new()), Effect::Save]);
    apply(&mut state, fail(3, &request(&["c"])));
    assert!(matches!(behind(&state, 1), Standing::Ready(_)) && behind(&state, 2) == Standing::Failed);
    assert_eq!((state.tabs.front_place(), state.title().as_str()), (0, "case · DetTrace"));
    assert!(state.pair().is_some());
}

#[test]
fn the_plant_is_read_from_no_file_that_could_be_watched() {
    let mut state = with_tabs(&["a"]);
    let id = state.front().id;
    let request = request(&["plant.dettrace-view"]);
    state.front_mut().loading = Some(Loading { job: 9, ..Loading::new(request.clone(), false) });
    let outcome = Outcome { request, remember: true, view: None, result: Ok(Loaded::Plant) };
    let effects = apply(&mut state, Command::Arrived(Arrival::Loaded(9, Box::new(outcome))));
    assert_eq!(
        (effects, state.title().as_str()),
        (vec![Effect::Watch(id, Vec::new()), Effect::Save], "Reference plant · DetTrace")
    );
}

#[test]
fn what_a_closed_tab_waited_for_is_dropped() {
    let mut state = with_tabs(&["a"]);
    apply(&mut state, Command::Open(request(&["b"])));
    let id = state.front().id;
    apply(&mut state, tab(TabCommand::Close(None)));
    assert_eq!(apply(&mut state, succeed(2, &request(&["b"]))), []);
    let said = state.messages.all().count();
    let late = [
        Arrival::Changed(id, vec!["b".to_owned()]),
        Arrival::Progress(2, crate::jobs::Snapshot::default()),
        Arrival::Found(1, vec![0], 1),
        Arrival::FindEnded(1, Ok(())),
    ];
    for arrival in late {
        assert_eq!(apply(&mut state, Command::Arrived(arrival)), []);
    }
    assert_eq!((seen(&state), state.messages.all().count()), (vec![Some("a")], said));
    assert!(state.front().changed.is_empty());
}

#[test]
fn a_pack_that_is_open_comes_to_the_front() {
    let mut state = with_tabs(&["a", "b", "c"]);
    assert_eq!(apply(&mut state, Command::Open(request(&["a"]))), [Effect::Save]);
    assert_eq!((state.tabs.len(), state.tabs.front_place()), (3, 0));
    assert_eq!(apply(&mut state, Command::Open(request(&["a"]))), [], "it was read again");
    let whole = request(&["b"]).absolute();
    let decided = Request { swapped: true, overrides: Some(Box::default()), ..whole };
    apply(&mut state, Command::Open(decided));
    assert_eq!((state.tabs.len(), state.tabs.front_place()), (3, 1), "it is the same pack, however it is compared");
    apply(&mut state, tab(TabCommand::New));
    apply(&mut state, Command::Open(request(&["c"])));
    assert_eq!((state.tabs.len(), state.tabs.front_place()), (3, 2), "an empty tab is left behind");
    apply(&mut state, Command::Open(request(&["d"])));
    apply(&mut state, Command::Open(request(&["e"])));
    assert_eq!(apply(&mut state, Command::Open(request(&["d"]))), [Effect::Save], "it is being loaded already");
}

#[test]
fn cancelling_goes_back_to_where_a_person_was() {
    let mut state = with_tabs(&["a", "b", "c"]);
    apply(&mut state, tab(TabCommand::Nth(0)));
    apply(&mut state, Command::Open(request(&["d"])));
    apply(&mut state, Command::Escape);
    assert_eq!((state.tabs.len(), state.tabs.front_place()), (3, 0));
    apply(&mut state, tab(TabCommand::New));
    apply(&mut state, Command::Open(request(&["d"])));
    apply(&mut state, Command::Escape);
    assert!(state.tabs.len() == 4 && state.front().is_home(), "a tab that a person opened was closed");
}

#[test]
fn closing_shows_the_neighbour_and_at_last_the_home_page() {
    let mut state = with_tabs(&["a", "b", "c"]);
    apply(&mut state, tab(TabCommand::Nth(1)));
    let first = state.tabs.nth(0);
    apply(&mut state, tab(TabCommand::Close(Some(first))));
    assert_eq!(
        (seen(&state), state.tabs.front_place()),
        (vec![Some("b"), Some("c")], 0),
        "another tab came to the front"
    );
    apply(&mut state, tab(TabCommand::Close(None)));
    apply(&mut state, tab(TabCommand::Close(None)));
    assert!(state.tabs.len() == 1 && state.front().is_home());
    for (job, name) in (4..).zip(["c", "b", "a"]) {
        assert_eq!(apply(&mut state, tab(TabCommand::Reopen))[0], Effect::Load(job, request(&[name])));
    }
    assert_eq!(seen(&state), [Some("a"), Some("b"), Some("c")], "they came back at other places");
    assert_eq!(state.tabs.front_place(), 0);
    assert!(!state.tabs.can_reopen());
    assert_eq!(apply(&mut state, tab(TabCommand::Reopen)), []);
}

#[test]
fn what_is_reopened_is_seen_as_it_was() {
    let mut state = with_tabs(&["a"]);
    apply(&mut state, Command::Pair(PairCommand::SelectRow(1)));
    apply(&mut state, Command::Pair(PairCommand::Search("end".to_owned())));
    let saved = state.pair().unwrap().saved_place();
    apply(&mut state, Command::Home);
    assert!(state.front().is_home());
    apply(&mut state, tab(TabCommand::Reopen));
    apply(&mut state, succeed(2, &request(&["a"])));
    assert_eq!(state.pair().unwrap().saved_place(), saved);
}

#[test]
fn tabs_go_round_and_are_moved_up_to_the_ends() {
    let mut state = with_tabs(&["a", "b", "c"]);
    apply(&mut state, tab(TabCommand::Step(1)));
    assert_eq!(state.tabs.front_place(), 0);
    apply(&mut state, tab(TabCommand::Step(-1)));
    assert_eq!(state.tabs.front_place(), 2);
    assert_eq!(apply(&mut state, tab(TabCommand::Move(1))), [], "nothing is right of the last one");
    assert_eq!(apply(&mut state, tab(TabCommand::Move(-1))), [Effect::Save]);
    assert_eq!((seen(&state), state.tabs.front_place()), (vec![Some("a"), Some("c"), Some("b")], 1));
    apply(&mut state, tab(TabCommand::Nth(usize::MAX)));
    assert_eq!(state.front().wanted(), Some(&request(&["b"])));
}

#[test]
fn what_is_saved_is_of_the_tab_that_asked() {
    let mut state = with_tabs(&["a", "b"]);
    let (first, second) = (state.tabs.nth(0), state.tabs.nth(1));
    let picked = |ask| Command::Arrived(Arrival::Picked(ask, Ok(vec![PathBuf::from("x")])));
    apply(&mut state, Command::Slice(SliceCommand::Open));
    apply(&mut state, picked(Ask::Slice));
    apply(&mut state, tab(TabCommand::Nth(0)));
    let export = apply(&mut state, Command::Slice(SliceCommand::Export));
    assert_eq!(export, [Effect::ExportSlice(second, "x".into(), Vec::new())]);
    assert!(state.tabs.get(second).unwrap().exporting.is_some() && state.front().exporting.is_none());
    apply(&mut state, Command::Arrived(Arrival::Exported(second, Level::Note, "Wrote x.".to_owned())));
    assert_eq!(state.tabs.get(second).unwrap().exporting, None);
    apply(&mut state, Command::Ask(Ask::SaveView));
    apply(&mut state, tab(TabCommand::Nth(1)));
    apply(&mut state, tab(TabCommand::Close(Some(first))));
    assert_eq!(apply(&mut state, picked(Ask::SaveView)), [], "another tab was saved instead");
}

#[test]
fn tabs_of_one_name_are_told_apart_by_the_folder_that_differs() {
    let mut state = State::default();
    for (job, path) in (1..).zip(["x/run-1/out/case", "x/run-2/out/case", "x/other"]) {
        apply(&mut state, Command::Open(request(&[path])));
        apply(&mut state, fail(job, &request(&[path])));
        apply(&mut state, tab(TabCommand::New));
    }
    assert_eq!(state.tabs.titles(), ["case · run-1", "case · run-2", "other", "Home"]);
}

#[test]
fn what_was_open_before_is_read_when_it_is_looked_at() {
    let kept = with_tabs(&["a", "b"]).tabs.kept();
    let mut state = State { tabs: crate::app::tabs::Tabs::waiting(kept, 1), ..State::default() };
    let standings = |state: &State| state.tabs.iter().map(crate::app::tabs::Tab::standing).collect::<Vec<_>>();
    assert_eq!(standings(&state), [Standing::Waits, Standing::Waits]);
    assert_eq!(state.tabs.titles()[0], "case · a", "the title is known before it is read");
    let front = state.front().id;
    assert_eq!(apply(&mut state, tab(TabCommand::Show(front))), [Effect::Load(1, request(&["b"]))]);
    assert_eq!(apply(&mut state, tab(TabCommand::Step(1)))[0], Effect::Load(2, request(&["a"])));
    assert_eq!(apply(&mut state, tab(TabCommand::Step(1))), [Effect::Save], "it was begun twice");
}

#[test]
fn escape_in_a_pair_closes_what_is_innermost_first() {
    let mut state = with_tabs(&["a"]);
    for pane in [Pane::Spec, Pane::Causes] {
        apply(&mut state, Command::Layout(LayoutCommand::Toggle(pane)));
    }
    for command in [PairCommand::SelectRow(0), PairCommand::Search("x".to_owned())] {
        apply(&mut state, Command::Pair(command));
    }
    apply(&mut state, Command::Pair(PairCommand::Bookmark(BookmarkCommand::EditHere)));
    let seen = |state: &State| {
        let pair = state.pair().unwrap();
        let lists = [Pane::Bookmarks, Pane::Causes, Pane::Spec].map(|pane| state.layout.is_open(pane));
        (pair.bookmarks().editing().is_some(), lists, pair.search().active())
    };
    assert_eq!(seen(&state), (true, [true; 3], true));
    let steps = [
        (false, [true; 3], true),
        (false, [false, true, true], true),
        (false, [false, false, true], true),
        (false, [false; 3], true),
        (false, [false; 3], false),
    ];
    for after in steps {
        apply(&mut state, Command::Escape);
        assert_eq!(seen(&state), after);
    }
}

#[test]
fn undoing_a_bookmark_or_a_note_leaves_lanes_as_they_became_without_a_step() {
    let mut state = with_tabs(&["a"]);
    let note = |text: &str| Command::Pair(PairCommand::Bookmark(BookmarkCommand::Write(0, text.to_owned())));
    let hidden = |state: &State| state.pair().unwrap().timeline().hidden();
    apply(&mut state, Command::Pair(PairCommand::Bookmark(BookmarkCommand::Toggle)));
    apply(&mut state, note("o"));
    // As a recording does that grows.
    for pair in state.tabs.pairs_mut() {
        pair.apply(PairCommand::Timeline(TimelineCommand::Lane(0, LaneCommand::Hide)));
    }
    apply(&mut state, note("on"));
    for command in [Command::Undo, Command::Undo, Command::Redo, Command::Redo] {
        apply(&mut state, command);
        assert_eq!(hidden(&state), 1);
    }
    let notes = state.pair().unwrap().bookmarks().notes();
    assert_eq!(notes.bookmarks[0].note, "on");
}
