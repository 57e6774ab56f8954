//! Waveforms, control loops and runs judged by good ones, which change on disk while they are open, with real files.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dettrace::app::control::ControlCommand;
use dettrace::app::folders::Folders;
use dettrace::app::pair::{PairCommand, TimelineCommand, View};
use dettrace::app::state::Page;
use dettrace::app::{App, Command};
use dettrace::compare::Verdict;
use dettrace::control::plant::{Pair, Scenario, json_lines};
use dettrace::trace::Side;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::good_runs::run;
use super::growing::{PATIENCE, append, until};
use super::{Window, click, control, name, names, pair, press, press_with, window};

/// A window on two paths, which follows their files.
fn opened<'a>(place: &Path, paths: &[PathBuf; 2], is_open: fn(&Page) -> bool) -> Window<'a> {
    let mut app = App::new(Some(Folders::inside(&place.join("home"))));
    app.open(paths.clone());
    let mut window = window(app);
    until(&mut window, |window| is_open(&window.state().state.front().page));
    window.run();
    assert!(names(&window, "live").is_empty(), "nothing has changed yet");
    window
}

/// Puts another file in the place of this one, as programs do that save whole files.
fn replace(path: &Path, text: &str) {
    let beside = path.with_extension("tmp");
    fs::write(&beside, text).unwrap();
    fs::rename(beside, path).unwrap();
}

/// Looks again and again for a while, in which nothing may come.
fn wait(window: &mut Window<'_>) {
    for _ in 0..60 {
        std::thread::sleep(Duration::from_millis(10));
        window.step();
    }
}

fn said(window: &Window<'_>) -> (String, bool) {
    window.state().state.front().growth.words().unwrap_or_default()
}

fn unseen(window: &Window<'_>) -> u64 {
    window.state().state.front().growth.unseen()
}

/// Changes of a clock and of a counter over these times.
fn changes(times: std::ops::Range<usize>) -> String {
    let at = |t: usize| format!("#{}\n{}!\nb{:b} \"\n", t * 10, t % 2, t / 4);
    times.map(at).collect()
}

fn dump(times: usize) -> String {
    let head = "$timescale 1ns $end\n$scope module top $end\n$var wire 1 ! clk $end\n$var reg 8 \" count $end\n\
                $upscope $end\n$enddefinitions $end\n";
    format!("{head}{}", changes(0..times))
}

#[test]
fn a_waveform_that_grows_or_is_replaced_is_read_anew_and_nothing_moves() {
    let place = tempfile::tempdir().unwrap();
    let paths = ["expected.vcd", "actual.vcd"].map(|file| place.path().join(file));
    fs::write(&paths[0], dump(300)).unwrap();
    fs::write(&paths[1], dump(200)).unwrap();
    let mut window = opened(place.path(), &paths, |page| matches!(page, Page::Pair(_)));
    assert!(pair(&window).analysis().waveform.is_some());
    for command in [
        PairCommand::ToggleAllFolds,
        PairCommand::SelectEvent(Side::Actual, 60),
        PairCommand::ScrollBy(33.0),
        PairCommand::Show(View::Timeline),
        PairCommand::Timeline(TimelineCommand::Zoom { at: 0.3, by: 0.25 }),
    ] {
        window.state_mut().push(command);
        window.run();
    }
    let standing = |window: &Window<'_>| {
        let (scroller, (from, to)) = (pair(window).scroller(), pair(window).timeline().range());
        let top = pair(window).lines().at(scroller.top()).first_row();
        (
            pair(window).selected_event(),
            pair(window).view(),
            top,
            scroller.rest().to_bits(),
            from.to_bits(),
            to.to_bits(),
        )
    };
    let before = standing(&window);
    let events = |window: &Window<'_>| pair(window).analysis().len(Side::Actual);
    let first = events(&window);
    append(&paths[1], &changes(200..220));
    until(&mut window, |window| events(window) > first);
    assert_eq!(standing(&window), before, "the view was taken away");
    let came = events(&window) - first;
    assert_eq!((name(&window, "live"), unseen(&window)), ("live".to_owned(), u64::from(came)));
    assert!(window.query_by_label(&format!("{came} new, show")).is_some());
    assert!(name(&window, "Verdict: ").contains("truncated, waiting for more"), "{}", name(&window, "Verdict: "));
    until(&mut window, |window| !name(window, "Verdict: ").contains("waiting for more"));
    // Another file of the same name, all of it.
    replace(&paths[1], &dump(300));
    until(&mut window, |window| pair(window).analysis().comparison.verdict == Verdict::Identical);
    assert_eq!(said(&window).0, "live, read anew: another file took its place");
    assert_eq!(standing(&window), before, "the view was taken away");
    press(&mut window, Key::G);
    press(&mut window, Key::N);
    assert_eq!((pair(&window).selected_event(), unseen(&window)), (Some((Side::Actual, events(&window) - 1)), 0));
    // What is gone is said, and what was read stays.
    fs::remove_file(&paths[1]).unwrap();
    until(&mut window, |window| said(window).1);
    assert!(said(&window).0.contains("actual.vcd") && pair(&window).analysis().waveform.is_some());
    fs::write(&paths[1], dump(250)).unwrap();
    until(&mut window, |window| pair(window).analysis().comparison.verdict == Verdict::Truncated);
    assert!(!said(&window).1);
}

#[test]
fn a_control_loop_that_grows_is_read_anew_and_cursor_zoom_and_scroll_stay() {
    let place = tempfile::tempdir().unwrap();
    let Pair { expected, actual } = Pair::of(&Scenario::DelayedSensor.setup());
    let paths = ["healthy.jsonl", "faulty.jsonl"].map(|file| place.path().join(file));
    fs::write(&paths[0], json_lines(&expected, false, None)).unwrap();
    let all = json_lines(&actual, false, None);
    let lines: Vec<&str> = all.split_inclusive('\n').collect();
    fs::write(&paths[1], lines[..40].concat()).unwrap();
    let mut window = opened(place.path(), &paths, |page| matches!(page, Page::Control(_)));
    let hidden = control(&window).sheet().shown().next().unwrap();
    for command in [
        ControlCommand::Toggle(hidden),
        ControlCommand::Zoom { at: 0.5, by: 0.4 },
        ControlCommand::Cursor(Some(2.5)),
        ControlCommand::Scroll(40.0),
    ] {
        window.state_mut().push(Command::Control(command));
        window.run();
    }
    let standing = |window: &Window<'_>| {
        let sheet = control(window).sheet();
        let at = [sheet.cursors().at.unwrap_or_default(), sheet.sight().from(), sheet.sight().to()].map(f64::to_bits);
        let scroller = sheet.scroller();
        (at, sheet.shown().collect::<Vec<_>>(), sheet.selected(), scroller.top(), scroller.rest().to_bits())
    };
    let samples = |window: &Window<'_>| control(window).sheet().control().samples.actual.axes[0].times.len();
    let before = standing(&window);
    for end in [41, 42, 43] {
        append(&paths[1], lines[end - 1]);
        until(&mut window, |window| samples(window) == end);
        assert_eq!(standing(&window), before, "the view was taken away");
    }
    assert_eq!((name(&window, "live"), unseen(&window)), ("live".to_owned(), 3));
    click(&mut window, "3 new, show");
    let last = control(&window)
        .sheet()
        .plots()
        .seconds(Side::Actual, control(&window).sheet().control().samples.actual.axes[0].times[42]);
    assert!((control(&window).sheet().cursors().at.unwrap() - last).abs() < 1e-9, "the newest is asked for");
    // Paused, nothing is looked at; resumed, everything is.
    press_with(&mut window, Modifiers::SHIFT, Key::P);
    assert!(window.query_by_label("paused").is_some());
    append(&paths[1], &lines[43..60].concat());
    wait(&mut window);
    assert_eq!((samples(&window), unseen(&window)), (43, 0));
    click(&mut window, "paused");
    until(&mut window, |window| samples(window) == 60);
    // What never rests is read now and then nevertheless.
    let start = Instant::now();
    let mut written = 60;
    while samples(&window) == 60 {
        assert!(start.elapsed() < PATIENCE, "what never rests is never read");
        if written < lines.len() {
            append(&paths[1], lines[written]);
            written += 1;
        }
        std::thread::sleep(Duration::from_millis(100));
        window.step();
    }
}

#[test]
fn a_run_judged_by_good_ones_and_the_good_ones_are_followed() {
    let place = tempfile::tempdir().unwrap();
    let paths = [place.path().join("good"), place.path().join("run.jsonl")];
    fs::create_dir(&paths[0]).unwrap();
    for at in 0..4 {
        fs::write(paths[0].join(format!("run-{at}.jsonl")), run(at % 2 > 0, false)).unwrap();
    }
    let whole = run(true, false);
    let half = whole.split_inclusive('\n').take(15).collect::<String>();
    fs::write(&paths[1], &half).unwrap();
    let mut window = opened(place.path(), &paths, |page| matches!(page, Page::Pair(_)));
    let judged = |window: &Window<'_>| pair(window).analysis().envelope.as_ref().unwrap().runs;
    let verdict = |window: &Window<'_>| pair(window).analysis().comparison.verdict;
    assert_eq!((judged(&window), verdict(&window)), (4, Verdict::Truncated));
    window.state_mut().push(PairCommand::SelectEvent(Side::Actual, 7));
    window.run();
    append(&paths[1], &whole[half.len()..]);
    until(&mut window, |window| verdict(window) != Verdict::Truncated);
    assert_eq!((pair(&window).selected_event(), name(&window, "live")), (Some((Side::Actual, 7)), "live".to_owned()));
    assert_eq!(unseen(&window), (whole.lines().count() - 15) as u64);
    replace(&paths[1], &run(true, true));
    until(&mut window, |window| verdict(window) == Verdict::Diverged);
    assert_eq!(pair(&window).analysis().comparison.causes.len(), 1);
    // One more good run has what no other had.
    fs::write(paths[0].join("run-9.jsonl"), run(true, true)).unwrap();
    until(&mut window, |window| judged(window) == 5);
    assert_ne!(verdict(&window), Verdict::Diverged, "a good run has it too");
    assert_eq!(pair(&window).selected_event(), Some((Side::Actual, 7)));
}
