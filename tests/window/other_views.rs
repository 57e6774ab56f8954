//! Views of windows of requests, of control loops, and of the waterfall of a pair: saved in a file and opened again, gone back and forward through, and what is
//! selected in them copied.

use std::fs;
use std::path::{Path, PathBuf};

use dettrace::app::Command;
use dettrace::app::control::{ControlCommand, ControlPage, ControlView, Knob};
use dettrace::app::graph::Look;
use dettrace::app::pair::{PairCommand, View};
use dettrace::app::requests::{RequestsCommand, RequestsPage, RequestsView};
use dettrace::app::state::{Ask, Request};
use dettrace::app::waterfall::WaterfallCommand;
use dettrace::control::plant::Scenario;
use dettrace::offscreen::screenshot::{Options, screenshot};
use dettrace::trace::Side;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::judging::{copied_by, picked};
use super::{
    SIZE, Window, click, control as loops, metric_tables, name, names, names_with, open, open_at, press, press_with,
};

const ALT: Modifiers = Modifiers::ALT;
/// A colour may differ by so much of 255 where what was drawn before it was other.
const ROUNDING: u8 = 2;

fn requests<'w>(window: &'w Window<'_>) -> &'w RequestsPage {
    window.state().state.requests().unwrap()
}

fn send(window: &mut Window<'_>, command: impl Into<Command>) {
    window.state_mut().push(command.into());
    window.run();
}

/// Saves the view as a person does, with the key; the file.
fn saved(window: &mut Window<'_>, folder: &Path) -> PathBuf {
    press_with(window, Modifiers::COMMAND, Key::S);
    window.get_by_label("Cancel waiting");
    picked(window, Ask::SaveView, Ok(folder.join("mine")));
    window.get_by_label_contains("Dismiss: The view is saved in ");
    folder.join("mine.dettrace-view")
}

/// Everything that is said in the window.
fn everything(window: &Window<'_>) -> Vec<String> {
    names_with(window, "")
}

/// The pictures that the command line draws of a request, after these commands.
fn picture(paths: &[PathBuf], then: Vec<Command>) -> dettrace::offscreen::Picture {
    let request = Request::paths(paths.iter().map(|path| fs::canonicalize(path).unwrap()));
    let [width, height] = SIZE;
    screenshot(&Options { request, size: egui::vec2(width, height), then, ..Options::default() }).unwrap()
}

/// Opens what these paths name, carries out the commands, saves the view, and holds that the file shows the same by its names.
fn comes_back_by_name(paths: &[PathBuf], then: &[Command]) -> (PathBuf, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mut first = open_at(SIZE, &paths.iter().map(|path| fs::canonicalize(path).unwrap()).collect::<Vec<_>>());
    let plain = everything(&first);
    for command in then {
        send(&mut first, command.clone());
    }
    let seen = everything(&first);
    assert_ne!(seen, plain, "the commands change nothing");
    let file = saved(&mut first, folder.path());
    let second = open_at(SIZE, std::slice::from_ref(&file));
    assert_eq!(everything(&second), seen);
    assert_eq!(second.state().state.front().open, first.state().state.front().open);
    (file, folder)
}

/// The same, and as a picture to the pixel; the effect of the commands is the same in a room of any size.
fn comes_back(paths: &[PathBuf], then: &[Command]) -> (String, tempfile::TempDir) {
    let (file, folder) = comes_back_by_name(paths, then);
    let [one, other] = [picture(std::slice::from_ref(&file), Vec::new()), picture(paths, then.to_vec())];
    // Letters that were drawn in another order differ by what rounding leaves.
    let apart = one.rgba.iter().zip(&other.rgba).map(|(a, b)| a.abs_diff(*b));
    let (most, count) = (apart.clone().max(), apart.filter(|apart| *apart > ROUNDING).count());
    assert!(count == 0 && one.rgba.len() == other.rgba.len(), "another picture: {count} values, by up to {most:?}");
    (fs::read_to_string(&file).unwrap(), folder)
}

fn slow_checkout() -> Vec<PathBuf> {
    vec!["fixtures/slow-checkout".into()]
}

#[test]
fn a_view_of_windows_opens_again_with_its_request_its_folds_and_its_range() {
    let then = [
        RequestsCommand::Evidence(0, 0).into(),
        RequestsCommand::Example(5).into(),
        RequestsCommand::Waterfall(WaterfallCommand::Fold(4)).into(),
        RequestsCommand::Waterfall(WaterfallCommand::Row(2)).into(),
        RequestsCommand::Look(Look::Zoom(0.25)).into(),
        RequestsCommand::Look(Look::Pan([0.5, 0.0])).into(),
    ];
    let (text, _folder) = comes_back(&slow_checkout(), &then);
    assert!(text.len() < 1000 && text.contains("\"view\": \"waterfall\"") && text.contains("\"example\": 5"), "{text}");
    assert!(text.contains("\"dettrace_view\": 2") && !text.contains("\"timeline\""), "{text}");
}

#[test]
fn a_view_of_a_graph_opens_again_at_its_moment_as_near_as_it_was() {
    let then = [
        RequestsCommand::ShowService(1).into(),
        RequestsCommand::Look(Look::Zoom(0.5)).into(),
        RequestsCommand::UntilBy(-40).into(),
    ];
    let (text, _folder) = comes_back(&slow_checkout(), &then);
    assert!(text.contains("\"until\": 56"), "{text}");
}

#[test]
fn a_view_of_a_waterfall_of_events_opens_again_with_its_folds_and_its_range() {
    let pack = [PathBuf::from("fixtures/retry-storm")];
    let waterfall = [
        PairCommand::Show(View::Waterfall).into(),
        PairCommand::Waterfall(WaterfallCommand::Row(1)).into(),
        PairCommand::Waterfall(WaterfallCommand::FoldSelected).into(),
        PairCommand::Look(Look::Zoom(0.25)).into(),
        PairCommand::Look(Look::Pan([0.5, 0.0])).into(),
    ];
    // As a picture the overview would tell them apart: how much of the table is in sight, it knows only after the table was drawn.
    let (file, _folder) = comes_back_by_name(&pack, &waterfall);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("\"folded\": [") && !text.contains("graph_near"), "{text}");

    let elsewhere = text.replace("retry-storm", "task-order-race");
    assert_ne!(elsewhere, text);
    fs::write(&file, elsewhere).unwrap();
    let other = open_at(SIZE, &[file]);
    assert!(name(&other, "Dismiss: The view file").contains("these events tell of no spans"));
}

#[test]
fn a_view_of_tables_of_metrics_opens_again() {
    let tables = tempfile::tempdir().unwrap();
    let paths = metric_tables::sides(&tables);
    let (text, _folder) =
        comes_back(&paths, &[RequestsCommand::Service(1).into(), RequestsCommand::Show(RequestsView::Services).into()]);
    assert!(text.contains("\"view\": \"services\""), "{text}");
}

#[test]
fn a_view_of_a_loop_opens_again_with_its_plots_range_and_cursors() {
    let (_recordings, paths) = super::control::recordings(Scenario::DelayedSensor);
    let then = [
        ControlCommand::Criterion.into(),
        ControlCommand::Measure.into(),
        ControlCommand::Step(7).into(),
        ControlCommand::Select(3).into(),
        ControlCommand::ToggleSelected.into(),
        ControlCommand::Box { times: (2.0, 6.0), values: Some((0, -1.0, 2.0)) }.into(),
        ControlCommand::ToggleSide(Side::Expected).into(),
    ];
    let (text, _folder) = comes_back(&paths, &then);
    assert!(text.contains("\"measured_from\": 3.9") && text.contains("\"control\": {"), "{text}");
    assert!(!text.contains("what_if"), "the plant has not run: {text}");
}

#[test]
fn a_view_of_the_plant_opens_again_with_its_knobs_also_without_a_recording() {
    let (_recordings, paths) = super::control::recordings(Scenario::DelayedSensor);
    let turns = [
        ControlCommand::Show(ControlView::WhatIf).into(),
        ControlCommand::Turn(Knob::Kind, 6.0).into(),
        ControlCommand::Turn(Knob::Onset, 40.0).into(),
        ControlCommand::Turn(Knob::Length, 3.0).into(),
        ControlCommand::Turn(Knob::Strength, 1.05).into(),
        ControlCommand::Onset.into(),
        ControlCommand::Zoom { at: 0.5, by: 0.5 }.into(),
    ];
    let (text, folder) = comes_back(&paths, &turns);
    assert!(text.contains("\"fault\": \"lag\"") && text.contains("\"lasts\": 3"), "{text}");

    let mut lone = super::window(dettrace::app::App::in_place());
    send(&mut lone, Command::WhatIf);
    for turn in &turns {
        send(&mut lone, turn.clone());
    }
    let seen = everything(&lone);
    let file = saved(&mut lone, folder.path());
    let again = open_at(SIZE, &[file]);
    assert_eq!((loops(&again).title(), everything(&again)), ("Reference plant", seen));
    assert_eq!(loops(&again).what_if().words(Knob::Strength), "1.05 s");
}

#[test]
fn a_view_of_something_else_is_said_and_what_it_names_opens_as_it_does() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = open_at(SIZE, &[fs::canonicalize("fixtures/slow-checkout").unwrap()]);
    let plain = everything(&window);
    let file = saved(&mut window, folder.path());
    let text = fs::read_to_string(&file).unwrap();
    let kinds = [
        ("slow-checkout", "windows of requests"),
        ("late-sensor", "a control loop"),
        ("task-order-race", "a pair of recordings"),
    ];
    for (pack, opened) in &kinds[1..] {
        fs::write(&file, text.replace("slow-checkout", pack)).unwrap();
        let other = open_at(SIZE, std::slice::from_ref(&file));
        let said = name(&other, "Dismiss: The view file shows ");
        assert!(said.contains("shows windows of requests") && said.contains(opened), "{said}");
        let mut lost = everything(&open_at(SIZE, &[fs::canonicalize(Path::new("fixtures").join(pack)).unwrap()]));
        let shown = everything(&other);
        // What is said takes the room of a row.
        lost.retain(|name| !shown.contains(name) && !name.starts_with("row "));
        assert!(lost.is_empty(), "{pack} is not seen as it opens: {lost:#?}");
    }
    fs::write(&file, text.replace("\"pricing\"", "\"nobody\"").replace("\"services\"", "\"upstairs\"")).unwrap();
    let other = open_at(SIZE, std::slice::from_ref(&file));
    assert!(name(&other, "Dismiss: The view file selects nobody").contains("not here"));
    assert!(name(&other, "Dismiss: There is no view `upstairs`").contains("The view file asks for it."));
    assert!(plain.iter().all(|name| everything(&other).contains(name)));
    for (torn, said) in [
        (&text[..text.len() / 2], "no view file that can be understood"),
        (&text.replace("\"dettrace_view\": 2", "\"dettrace_view\": 3"), "newer DetTrace (version 3"),
        (&text.replace("\"evidence\": 0", "\"evidence\": -1"), "no view file that can be understood"),
    ] {
        fs::write(&file, torn).unwrap();
        let other = open_at(SIZE, std::slice::from_ref(&file));
        assert_eq!(names_with(&other, said).len(), 1, "{said}: {:#?}", everything(&other));
    }
}

#[test]
fn back_and_forward_lead_through_services_requests_and_spans() {
    let mut window = open("slow-checkout");
    press_with(&mut window, ALT, Key::ArrowLeft);
    assert_eq!(name(&window, "This is where you began"), "This is where you began.");
    let seen = |window: &Window<'_>| {
        let page = requests(window);
        let row = page.opened().filter(|_| page.view() == RequestsView::Waterfall).map(|opened| opened.seen().row());
        (page.view(), page.service(), page.example().0, row)
    };
    let mut places = vec![seen(&window)];
    press(&mut window, Key::ArrowDown);
    places.push(seen(&window));
    let sentence = name(&window, "evidence 1: ");
    click(&mut window, &sentence);
    places.push(seen(&window));
    press(&mut window, Key::End);
    places.push(seen(&window));
    // Steps to the next request are one move.
    for _ in 0..3 {
        press_with(&mut window, Modifiers::SHIFT, Key::J);
    }
    places.push(seen(&window));
    press(&mut window, Key::Num4);
    places.push(seen(&window));
    let mut distinct = places.clone();
    distinct.dedup();
    assert_eq!(distinct.len(), 6, "{places:?}");
    for place in places.iter().rev().skip(1) {
        press_with(&mut window, ALT, Key::ArrowLeft);
        assert_eq!(seen(&window), *place);
    }
    for place in &places[1..] {
        press_with(&mut window, ALT, Key::ArrowRight);
        assert_eq!(seen(&window), *place);
    }
    press_with(&mut window, ALT, Key::ArrowRight);
    assert_eq!(name(&window, "There is nothing to go"), "There is nothing to go forward to.");
    // A reload does not take the way back away.
    send(&mut window, Command::Reload);
    press_with(&mut window, ALT, Key::ArrowLeft);
    assert_eq!(seen(&window), places[4]);
    press(&mut window, Key::Home);
    assert!(names(&window, "There is nothing to go").is_empty(), "it is said until the next command");
}

#[test]
fn back_and_forward_lead_through_moments_ranges_and_views() {
    let (_folder, mut window) = super::control::open(SIZE, Scenario::DelayedSensor);
    press_with(&mut window, ALT, Key::ArrowLeft);
    assert_eq!(name(&window, "This is where you began"), "This is where you began.");
    let seen = |page: &ControlPage| {
        let sheet = page.sheet();
        (page.view(), sheet.cursors().at, sheet.selected(), sheet.sight().from())
    };
    let mut places = vec![seen(loops(&window))];
    for command in [
        ControlCommand::Criterion,
        ControlCommand::Plot(2),
        ControlCommand::Box { times: (2.0, 4.0), values: None },
        ControlCommand::Show(ControlView::WhatIf),
        ControlCommand::Last,
        ControlCommand::Show(ControlView::Trajectory),
    ] {
        send(&mut window, command);
        places.push(seen(loops(&window)));
    }
    for place in places.iter().rev().skip(1) {
        press_with(&mut window, ALT, Key::ArrowLeft);
        assert_eq!(seen(loops(&window)), *place);
    }
    for place in &places[1..] {
        press_with(&mut window, ALT, Key::ArrowRight);
        assert_eq!(seen(loops(&window)), *place);
    }
    send(&mut window, Command::Reload);
    press_with(&mut window, ALT, Key::ArrowLeft);
    assert_eq!(seen(loops(&window)), places[5]);
}

#[test]
fn a_service_and_a_span_are_copied_as_text_markdown_and_json() {
    let mut window = open("slow-checkout");
    let text = copied_by(&mut window, "Copy as text");
    assert!(text.starts_with("Service pricing, ranked 1 (clear)\n"), "{text}");
    assert!(text.contains("pricing.Total itself takes 183 ms") && text.contains("calls checkout → pricing"), "{text}");
    assert_eq!(name(&window, "Copied the service"), "Copied the service pricing.");
    let markdown = copied_by(&mut window, "Copy as Markdown");
    assert!(
        markdown.contains("|  | expected | actual |") && markdown.contains("\n- pricing.Total itself"),
        "{markdown}"
    );
    let json: serde_json::Value = serde_json::from_str(&copied_by(&mut window, "Copy as JSON")).unwrap();
    assert_eq!(
        (&json["service"], &json["rank"], &json["evidence"][0]["requests"]),
        (&"pricing".into(), &1.into(), &16.into())
    );
    assert!(json["actual"]["own_ms"].as_f64() > json["expected"]["own_ms"].as_f64(), "{json}");

    send(&mut window, RequestsCommand::Cause);
    window.event(egui::Event::Copy);
    window.run();
    let span = window.state_mut().take_clipboard().unwrap();
    assert!(span.starts_with("Span pricing · pricing.Total\n") && span.contains("It stands for 16 requests"), "{span}");
    assert_eq!(copied_by(&mut window, "Copy as text"), span, "what has no lines is copied as text");
    let json: serde_json::Value = serde_json::from_str(&copied_by(&mut window, "Copy as JSON")).unwrap();
    assert!(json["evidence"].as_str().unwrap().starts_with("pricing.Total itself takes"), "{json}");
    assert_eq!(json["actual"]["operation"], "pricing.Total");
    press(&mut window, Key::Home);
    let root: serde_json::Value = serde_json::from_str(&copied_by(&mut window, "Copy as JSON")).unwrap();
    assert!(root["evidence"].is_null(), "the root does not show it: {root}");
    assert_eq!(root["actual"]["request"], json["actual"]["request"]);
    let markdown = copied_by(&mut window, "Copy as Markdown");
    assert!(markdown.starts_with("**Span ") && markdown.contains("| took | "), "{markdown}");
}

#[test]
fn a_moment_of_a_loop_is_copied_as_lines_text_markdown_and_json() {
    let (_folder, mut window) = super::control::open(SIZE, Scenario::DelayedSensor);
    send(&mut window, ControlCommand::Cause(0));
    window.event(egui::Event::Copy);
    window.run();
    let lines = window.state_mut().take_clipboard().unwrap();
    let [one, other] = lines.lines().collect::<Vec<_>>()[..] else { panic!("a line of each run: {lines}") };
    assert!(one.starts_with("healthy:19 {") && other.starts_with("faulty:19 {"), "{lines}");
    assert!(name(&window, "Copied ").starts_with("Copied step 18"), "{}", name(&window, "Copied "));
    let text = copied_by(&mut window, "Copy as text");
    assert!(text.starts_with("At step 18 (1.9 s): onset, delayed measurement"), "{text}");
    assert!(text.contains("position.x") && text.contains("Cause #1, delayed measurement: "), "{text}");
    send(&mut window, ControlCommand::Measure);
    send(&mut window, ControlCommand::Step(10));
    let markdown = copied_by(&mut window, "Copy as Markdown");
    assert!(markdown.contains("actual changed by") && markdown.contains("- Measured over 1 s."), "{markdown}");
    let json: serde_json::Value = serde_json::from_str(&copied_by(&mut window, "Copy as JSON")).unwrap();
    assert_eq!((json["kind"].as_str(), json["step"].as_i64()), (Some("moment"), Some(28)));
    let signals = json["signals"].as_array().unwrap();
    let shown = loops(&window).sheet().shown().count();
    assert!(signals.len() >= shown && signals.iter().all(|signal| signal["signal"].is_string()), "{json}");
    let [expected, actual] = ["expected", "actual"].map(|side| signals[0][side].as_f64().unwrap());
    assert!((signals[0]["difference"].as_f64().unwrap() - (actual - expected)).abs() < 1e-12);
    send(&mut window, ControlCommand::Show(ControlView::WhatIf));
    window.event(egui::Event::Copy);
    window.run();
    let text = window.state_mut().take_clipboard().unwrap();
    assert!(text.starts_with("At step "), "what no file holds is told as text: {text}");
}
