//! From signals to events and back, runs of which a person chooses one, and the reference plant without a recording.

use std::fmt::Write as _;

use dettrace::app::control::{ControlCommand, ControlView, Look};
use dettrace::app::pair::{PairCommand, TimelineCommand, View};
use dettrace::app::state::Page;
use dettrace::app::table::by_id;
use dettrace::app::{App, Command};
use dettrace::control::plant::{Pair, Scenario, json_lines};
use dettrace::trace::Side;
use egui::{Key, Modifiers};

use super::control::open;
use super::{SIZE, Window, click, control, name, names, open_at, pair, press, press_with, send, window};

#[test]
fn one_key_leads_from_the_onset_to_the_events_of_that_step_and_back() {
    let (_folder, mut window) = open(SIZE, Scenario::DelayedSensor);
    assert_eq!(name(&window, "cursor at "), "cursor at step 18 · 1.9\u{202f}s");
    press_with(&mut window, Modifiers::SHIFT, Key::A);
    assert_eq!(pair(&window).selected_event(), Some((Side::Actual, 18)), "each step is an event");
    press(&mut window, Key::ArrowDown);
    press_with(&mut window, Modifiers::SHIFT, Key::A);
    assert_eq!(name(&window, "cursor at "), "cursor at step 19 · 2.0\u{202f}s");
}

#[test]
fn zoom_and_plots_are_as_they_were_after_a_look_at_the_events_and_so_are_the_events() {
    let (_folder, mut window) = open(SIZE, Scenario::DelayedSensor);
    let (first, other) = (control(&window).sheet().shown().next().unwrap(), control(&window).sheet().shown().count());
    let hidden = (0..control(&window).sheet().plots().list.len()).find(|at| !control(&window).sheet().is_shown(*at));
    for command in [
        ControlCommand::Toggle(first),
        ControlCommand::Toggle(hidden.unwrap()),
        ControlCommand::ToggleSide(Side::Expected),
        ControlCommand::Box { times: (1.0, 4.0), values: Some((hidden.unwrap(), 0.25, 0.5)) },
        ControlCommand::Cursor(Some(2.0)),
    ] {
        window.state_mut().push(Command::Control(command));
        window.run();
    }
    let seen = |window: &Window<'_>| {
        let sheet = control(window).sheet();
        let sight = [sheet.sight().from(), sheet.sight().to()].map(f64::to_bits);
        let values: Vec<_> = sheet.zoomed().map(|(plot, (low, high))| (plot, low.to_bits(), high.to_bits())).collect();
        let drawn = [Look::Wanted, Look::Expected, Look::Actual].map(|look| sheet.draws(look));
        (
            sheet.shown().collect::<Vec<_>>(),
            sheet.selected(),
            sight,
            values,
            drawn,
            sheet.cursors().at.map(f64::to_bits),
        )
    };
    let before = seen(&window);
    assert_eq!((before.0.len(), before.3.len(), before.4), (other, 1, [true, false, true]));
    press_with(&mut window, Modifiers::SHIFT, Key::A);
    send(&mut window, PairCommand::Show(View::Timeline));
    send(&mut window, PairCommand::Timeline(TimelineCommand::Zoom { at: 0.5, by: 0.5 }));
    let range = |window: &Window<'_>| {
        (pair(window).timeline().range().0.to_bits(), pair(window).timeline().range().1.to_bits())
    };
    let (event, zoomed) = (pair(&window).selected_event(), range(&window));
    press_with(&mut window, Modifiers::SHIFT, Key::A);
    assert_eq!(seen(&window), before);
    press_with(&mut window, Modifiers::SHIFT, Key::A);
    assert_eq!((pair(&window).view(), pair(&window).selected_event()), (View::Timeline, event));
    assert_eq!(range(&window), zoomed);
    // A moment out of sight is brought into it, no further and no closer.
    send(&mut window, PairCommand::End);
    press_with(&mut window, Modifiers::SHIFT, Key::A);
    let sight = control(&window).sheet().sight();
    assert!((sight.width() - 3.0).abs() < 1e-9 && sight.from() > 1.0, "{sight:?}");
}

#[test]
fn events_and_samples_of_one_run_meet_at_the_same_time() {
    let folder = tempfile::tempdir().unwrap();
    for (side, late) in [("expected", 0), ("actual", 1)] {
        let (mut samples, mut events) = (String::from("timestamp,setpoint,position\n"), String::new());
        for at in 0..60 {
            let position = f64::from(at) / 60.0 + if at >= 30 { f64::from(late) } else { 0.0 };
            let time = format!("2026-01-05T08:00:{at:02}Z");
            writeln!(samples, "{time},1,{position}").unwrap();
            if at % 5 == 0 {
                let what = if at == 30 && late > 0 { "drop" } else { "tick" };
                writeln!(events, r#"{{"timestamp":"{time}","type":"{what}","task":1}}"#).unwrap();
            }
        }
        std::fs::write(folder.path().join(format!("{side}.csv")), samples).unwrap();
        std::fs::write(folder.path().join(format!("{side}.jsonl")), events).unwrap();
    }
    let mut window = open_at(SIZE, &[folder.path()]);
    let onset = control(&window).sheet().onset().unwrap();
    assert!((onset - 30.0).abs() < 1e-9);
    press_with(&mut window, Modifiers::SHIFT, Key::A);
    assert_eq!(pair(&window).selected_event(), Some((Side::Actual, 6)), "the event at 30 s");
    press(&mut window, Key::Home);
    press_with(&mut window, Modifiers::SHIFT, Key::A);
    assert!(control(&window).sheet().cursors().at.unwrap().abs() < 1e-9);
}

#[test]
fn one_of_several_runs_beside_a_baseline_is_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let Pair { expected, .. } = Pair::of(&Scenario::Healthy.setup());
    std::fs::write(folder.path().join("healthy.jsonl"), json_lines(&expected, false, None)).unwrap();
    for scenario in [Scenario::DelayedSensor, Scenario::TimingJitter] {
        let Pair { actual, .. } = Pair::of(&scenario.setup());
        std::fs::write(folder.path().join(format!("{}.jsonl", scenario.name())), json_lines(&actual, false, None))
            .unwrap();
    }
    let mut window = open_at(SIZE, &[folder.path()]);
    assert!(!names(&window, "Which is which?").is_empty());
    assert_eq!(names(&window, "There are 2 runs beside the baseline.").len(), 1);
    let Page::Choose(choose) = &window.state().state.front().page else { panic!("nothing to choose") };
    assert_eq!(choose.chosen.expected.map(|at| choose.candidates[at].name.as_str()), Some("healthy.jsonl"));
    click(&mut window, "delayed_sensor.jsonl as actual");
    click(&mut window, "Open pair");
    assert_eq!(control(&window).sheet().control().labels.actual.as_deref(), Some("delayed_sensor.jsonl"));
    assert!(name(&window, "First difference: ").contains("step 18"));
}

#[test]
fn the_plant_needs_no_recording() {
    let mut window = window(App::in_place());
    assert_eq!(by_id("what-if").unwrap().enabled(&window.state().state), Ok(()));
    press_with(&mut window, Modifiers::SHIFT, Key::Num9);
    assert_eq!(control(&window).view(), ControlView::WhatIf);
    assert_eq!(window.state().state.title(), "Reference plant · DetTrace");
    let onset = control(&window).sheet().onset();
    click(&mut window, "push");
    assert!(control(&window).sheet().onset().is_some() && onset.is_some());
    window.state_mut().push(Command::Control(ControlCommand::Show(ControlView::Control)));
    window.run();
    assert!(!names(&window, "plot ").is_empty());
    assert_eq!(window.state().state.tabs.len(), 1, "the home page made room");
}
