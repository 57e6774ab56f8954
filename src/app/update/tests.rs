//! What commands change, and what they ask of the world.

use super::*;
use crate::app::load::Failure;
use crate::app::settings::Setting;
use crate::app::state::ThemeChoice;
use crate::spec::Decision;

fn fail(request: &Request) -> Command {
    let failure = Failure { text: "It is gone.".to_owned(), detail: None };
    let outcome = Outcome { request: request.clone(), remember: true, result: Err(failure) };
    Command::Arrived(Arrival::Loaded(0, Box::new(outcome)))
}

fn request(names: &[&str]) -> Request {
    Request::paths(names.iter().map(PathBuf::from))
}

#[test]
fn opening_loads_and_covers_the_page_without_losing_it() {
    let mut state = State { overlay: Some(Overlay::PastePath), ..State::default() };
    let wanted = request(&["pack.zip"]);
    assert_eq!(apply(&mut state, Command::Open(wanted.clone())), [Effect::Load(wanted)]);
    assert!(state.loading_page().is_some() && state.overlay.is_none());
    assert_eq!(apply(&mut state, Command::Escape), [Effect::CancelLoad]);
    assert!(state.loading.is_none() && matches!(state.page, Page::Home));
}

#[test]
fn a_result_nobody_waits_for_is_dropped() {
    let mut state = State::default();
    assert_eq!(apply(&mut state, fail(&request(&["pack.zip"]))), []);
    assert!(matches!(state.page, Page::Home));
}

#[test]
fn a_failed_reload_keeps_the_page_and_says_why() {
    let mut state = State { open: Some(request(&["a", "b"])), ..State::default() };
    let effects = apply(&mut state, Command::Reload);
    assert_eq!(effects, [Effect::Load(request(&["a", "b"]))]);
    apply(&mut state, fail(&request(&["a", "b"])));
    assert!(matches!(state.page, Page::Home), "the page was taken away");
    assert_eq!(state.messages.standing().next().map(|m| m.text.as_str()), Some("It is gone."));
    assert!(state.open.is_some());
}

/// What the load is asked for after these commands, each given before the one before it was answered.
fn asked_for(commands: impl IntoIterator<Item = PairRequest>) -> Request {
    let mut state = State { open: Some(request(&["a", "b"])), ..State::default() };
    let effects = commands.into_iter().map(|command| apply(&mut state, Command::Request(command)));
    match effects.last().as_deref() {
        Some([Effect::Load(request), ..]) => request.clone(),
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
    apply(&mut state, fail(&wanted));
    assert!(matches!(state.page, Page::Failed(_)));
    assert_eq!(apply(&mut state, Command::Reload), [Effect::Load(wanted)]);
    assert!(state.loading_page().is_some());
}

#[test]
fn swapping_asks_for_the_same_pair_the_other_way_round() {
    let mut state = State { open: Some(request(&["a", "b"])), ..State::default() };
    let effects = apply(&mut state, Command::Swap);
    assert_eq!(effects, [Effect::Load(Request { swapped: true, ..request(&["a", "b"]) })]);
    assert!(state.loading.as_ref().is_some_and(|loading| loading.quiet));
}

#[test]
fn two_dropped_files_open_as_a_pair_and_more_are_refused() {
    let mut state = State::default();
    let two = vec![PathBuf::from("x/actual.jsonl"), PathBuf::from("x/expected.jsonl")];
    let effects = apply(&mut state, Command::Drop(two, None));
    assert_eq!(effects, [Effect::Load(request(&["x/expected.jsonl", "x/actual.jsonl"]))]);
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
