//! A control loop, driven by keys and accessible names. The recordings are made by the reference plant.

use std::path::PathBuf;

use dettrace::app::Command;
use dettrace::app::control::{ControlCommand, ControlView, Knob};
use dettrace::app::state::Ask;
use dettrace::app::table::by_id;
use dettrace::control::plant::{Pair, Scenario, json_lines};
use egui::{Key, Modifiers};
use tempfile::TempDir;

use super::{SIZE, Window, click, control, name, names, open_at, press, press_with};

/// Both recordings of a scenario.
pub fn recordings(scenario: Scenario) -> (TempDir, [PathBuf; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let Pair { expected, actual } = Pair::of(&scenario.setup());
    let paths = ["healthy.jsonl", "faulty.jsonl"].map(|name| folder.path().join(name));
    for (path, steps) in paths.iter().zip([&expected, &actual]) {
        std::fs::write(path, json_lines(steps, false, None)).unwrap();
    }
    (folder, paths)
}

/// A window on both recordings of a scenario.
pub fn open<'a>(size: [f32; 2], scenario: Scenario) -> (TempDir, Window<'a>) {
    let (folder, paths) = recordings(scenario);
    (folder, open_at(size, &paths))
}

fn send(window: &mut Window<'_>, command: ControlCommand) {
    window.state_mut().push(Command::Control(command));
    window.run();
}

/// The time of a step of the healthy run.
fn at(step: u32) -> f64 {
    f64::from(step + 1) * 0.1
}

fn cursor(window: &Window<'_>) -> f64 {
    control(window).sheet().cursors().at.unwrap()
}

#[test]
fn two_recordings_of_a_loop_open_with_the_cursor_at_the_onset() {
    let (_folder, window) = open(SIZE, Scenario::DelayedSensor);
    assert_eq!(name(&window, "Verdict: "), "Verdict: diverged");
    assert!(
        name(&window, "First difference: ").ends_with("(step 18 · 1.9\u{202f}s)"),
        "{}",
        name(&window, "First diff")
    );
    assert!(name(&window, "Most likely cause: ").starts_with("Most likely cause: delayed measurement"));
    assert!(name(&window, "First symptom: ").contains("step 38 · 3.9\u{202f}s"));
    assert!((cursor(&window) - at(18)).abs() < 1e-9);
    assert_eq!(name(&window, "cursor at "), "cursor at step 18 · 1.9\u{202f}s");
    assert_eq!(name(&window, "onset at "), "onset at step 18 · 1.9\u{202f}s");
    assert_eq!(names(&window, "threshold of ").len(), 1);
    let plot = name(&window, "plot position.x at step 18");
    assert!(plot.contains("setpoint 1") && plot.contains("expected ") && plot.contains("difference "), "{plot}");
    assert!(name(&window, "lane delay: ").contains("expected never"), "the healthy run is not late");
    assert_eq!(window.state().state.title(), "healthy ⇄ faulty · DetTrace");
}

#[test]
fn the_cursor_steps_from_sample_to_sample_and_from_moment_to_moment() {
    let (_folder, mut window) = open(SIZE, Scenario::DelayedSensor);
    press(&mut window, Key::ArrowRight);
    assert!((cursor(&window) - at(19)).abs() < 1e-9);
    press(&mut window, Key::Comma);
    press(&mut window, Key::Comma);
    assert!((cursor(&window) - at(17)).abs() < 1e-9);
    press(&mut window, Key::N);
    assert!((cursor(&window) - at(18)).abs() < 1e-9, "the next moment is the onset");
    press(&mut window, Key::Home);
    assert!((cursor(&window) - at(0)).abs() < 1e-9);
    press(&mut window, Key::End);
    assert!((cursor(&window) - at(79)).abs() < 1e-9);
    press(&mut window, Key::G);
    press(&mut window, Key::S);
    assert!((cursor(&window) - at(38)).abs() < 1e-9, "the threshold");
    assert!(name(&window, "cursor step 38").contains("compared "), "the status bar");
    send(&mut window, ControlCommand::Cursor(Some(2.04)));
    assert!((cursor(&window) - 2.0).abs() < 1e-9, "cursors stand on samples");
    press(&mut window, Key::Escape);
    assert_eq!(control(&window).sheet().cursors().at, None);
    let answer = name(&window, "First difference: ");
    click(&mut window, &answer);
    assert!((cursor(&window) - at(18)).abs() < 1e-9);
}

#[test]
fn what_lies_between_two_cursors_is_measured() {
    let (_folder, mut window) = open(SIZE, Scenario::DelayedSensor);
    assert_eq!(by_id("zoom-measure").unwrap().enabled(&window.state().state), Err("Measure something first."));
    press(&mut window, Key::Q);
    for _ in 0..10 {
        press(&mut window, Key::ArrowRight);
    }
    let distance = control(&window).sheet().cursors().distance().unwrap();
    assert!((distance - 1.0).abs() < 1e-9);
    assert!(name(&window, "cursor step 28").contains("measuring 1.0\u{202f}s"));
    assert_eq!(name(&window, "once in that time: "), "once in that time: 1.000\u{202f}Hz");
    press_with(&mut window, Modifiers::SHIFT, Key::Q);
    let sight = control(&window).sheet().sight();
    assert!((sight.from() - at(18)).abs() < 1e-9 && (sight.to() - at(28)).abs() < 1e-9);
    press(&mut window, Key::Num0);
    assert!(control(&window).sheet().sight().is_whole());
    press(&mut window, Key::Escape);
    assert_eq!(control(&window).sheet().cursors().distance(), None);
}

#[test]
fn the_legend_shows_and_hides_plots_and_runs() {
    let (_folder, mut window) = open(SIZE, Scenario::DelayedSensor);
    let before = names(&window, "plot ").len();
    assert!(before >= 3, "{:?}", names(&window, "plot "));
    click(&mut window, "show velocity.y, state");
    assert!(names(&window, "plot velocity.y").len() == 1 && names(&window, "plot ").len() <= before + 1);
    press_with(&mut window, Modifiers::SHIFT, Key::Enter);
    assert_eq!(names(&window, "plot velocity.y").len(), 0, "it was selected by the click");
    assert!(control(&window).sheet().draws(dettrace::app::control::Look::Expected));
    click(&mut window, "draw expected");
    assert!(!control(&window).sheet().draws(dettrace::app::control::Look::Expected));
    press_with(&mut window, Modifiers::SHIFT, Key::Num1);
    assert!(control(&window).sheet().draws(dettrace::app::control::Look::Expected));
    let selected = control(&window).sheet().selected();
    press(&mut window, Key::ArrowUp);
    assert_eq!(control(&window).sheet().selected(), selected - 1);
}

#[test]
fn a_box_is_zoomed_to_in_all_plots_and_the_values_of_one() {
    let (_folder, mut window) = open(SIZE, Scenario::DelayedSensor);
    let plot = control(&window).sheet().shown().next().unwrap();
    send(&mut window, ControlCommand::Box { times: (3.0, 2.0), values: Some((plot, 0.5, 1.5)) });
    let sheet = control(&window).sheet();
    assert!((sheet.sight().from() - 2.0).abs() < 1e-9 && (sheet.sight().to() - 3.0).abs() < 1e-9);
    assert!(sheet.range(plot) == (0.5, 1.5) && sheet.is_zoomed(plot));
    assert_eq!(name(&window, "axis of time"), "axis of time from 2.0\u{202f}s to 3.0\u{202f}s");
    press(&mut window, Key::N);
    let sight = control(&window).sheet().sight();
    assert!((sight.from()..=sight.to()).contains(&cursor(&window)), "the cursor is brought into sight");
    send(&mut window, ControlCommand::FitPlot(Some(plot)));
    assert!(!control(&window).sheet().is_zoomed(plot));
    let width = control(&window).sheet().sight().width();
    press(&mut window, Key::W);
    assert!(control(&window).sheet().sight().width() < width);
}

#[test]
fn a_cause_leads_to_its_onset() {
    let (_folder, mut window) = open(SIZE, Scenario::ActuatorSaturation);
    let cause = name(&window, "cause 1: actuator saturation");
    click(&mut window, &cause);
    let when = control(&window).sheet().plots().when(&control(&window).sheet().control().diagnosis.causes[0].onset);
    assert!((cursor(&window) - when).abs() < 1e-9);
    assert!(name(&window, "lane saturation: ").contains("actual "));
    assert!(names(&window, "IAE: ").len() == 1 && names(&window, "late steps: 0, 0").len() == 1);
}

#[test]
fn the_trajectory_says_how_far_the_runs_are_apart() {
    let (_folder, mut window) = open(SIZE, Scenario::DelayedSensor);
    press(&mut window, Key::Num9);
    assert_eq!(control(&window).view(), ControlView::Trajectory);
    press(&mut window, Key::G);
    press(&mut window, Key::S);
    let said = name(&window, "trajectory at step 38");
    assert!(said.contains("expected 2.756 2.258") && said.contains("actual 3.357 2.758"), "{said}");
    assert!(said.ends_with(" apart") && said.contains("0.78"), "{said}");
}

#[test]
fn a_knob_that_is_turned_moves_the_onset() {
    let (_folder, mut window) = open(SIZE, Scenario::DelayedSensor);
    press_with(&mut window, Modifiers::SHIFT, Key::Num9);
    assert_eq!(control(&window).view(), ControlView::WhatIf);
    let onset = |window: &Window<'_>| control(window).sheet().onset().unwrap();
    let first = onset(&window);
    click(&mut window, "push");
    assert_eq!(control(&window).what_if().kind().words, "push");
    send(&mut window, ControlCommand::Turn(Knob::Onset, 40.0));
    assert!((onset(&window) - at(40)).abs() < 0.11 && onset(&window) > first);
    press(&mut window, Key::ArrowRight);
    assert_eq!(control(&window).what_if().words(Knob::Onset), "41");
    press(&mut window, Key::ArrowUp);
    press(&mut window, Key::ArrowLeft);
    assert_eq!(control(&window).what_if().words(Knob::Strength), "0.25 m/s²");
    assert_eq!(names(&window, "strength 0.25 m/s²").len(), 1);
    press(&mut window, Key::Num8);
    assert!((onset(&window) - at(18)).abs() < 1e-9, "what was recorded is as it was");
}

#[test]
fn curves_are_exported_whole_or_not_at_all() {
    let (folder, mut window) = open(SIZE, Scenario::DelayedSensor);
    window.state_mut().draw_with(dettrace::offscreen::DRAWERS);
    send(&mut window, ControlCommand::Box { times: (1.85, 2.95), values: None });
    let mut export = |path: PathBuf| {
        window.state_mut().push(Command::Ask(Ask::Curves));
        window.run();
        window.state_mut().push(Command::Arrived(dettrace::app::command::Arrival::Picked(Ask::Curves, Ok(vec![path]))));
        window.run();
        window.state().state.messages.standing().next().map(|message| message.text.clone()).unwrap_or_default()
    };
    let path = folder.path().join("curves.csv");
    let said = export(path.clone());
    assert!(said.contains("11 rows"), "{said}");
    let table = std::fs::read_to_string(&path).unwrap();
    let mut lines = table.lines();
    let head = lines.next().unwrap();
    assert!(head.starts_with("time [s],") && head.contains("position.x expected"), "{head}");
    assert_eq!((table.lines().count(), lines.next().unwrap().starts_with("1.9,")), (12, true));
    let path = folder.path().join("curves.svg");
    export(path.clone());
    let drawing = std::fs::read_to_string(&path).unwrap();
    for part in
        ["<svg ", "class=\"line expected\"", "class=\"line actual\"", "class=\"onset\"", "position.x", "</svg>\n"]
    {
        assert!(drawing.contains(part), "{part} is not in the drawing");
    }
    let said = export(folder.path().join("curves.doc"));
    assert!(said.contains("Let its name end with .csv, .svg or .png."), "{said}");
    let said = export(folder.path().join("curves.png"));
    assert!(said.contains(" plots as a picture"), "{said}");
    let said = export(path.join("below.svg"));
    assert!(said.contains("cannot be written"), "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 5, "both recordings and three exports");
}

#[test]
fn a_small_window_names_everything_too_and_exchanged_sides_stay_where_they_were() {
    let (_folder, mut window) = open([900.0, 600.0], Scenario::TimingJitter);
    assert!(name(&window, "lane deadline missed: ").contains("actual "));
    assert!(names(&window, "plot ").len() >= 2);
    press(&mut window, Key::Num9);
    press_with(&mut window, Modifiers::ALT, Key::Backslash);
    assert_eq!(control(&window).view(), ControlView::Trajectory);
    assert_eq!(control(&window).sheet().control().labels.expected.as_deref(), Some("faulty"));
}
