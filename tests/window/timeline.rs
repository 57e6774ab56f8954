//! The timeline: lanes, modes, axes.

use dettrace::app::Command;
use dettrace::app::pair::{LaneLine, Mode, PairCommand, TimelineCommand, View};
use dettrace::trace::Side;
use dettrace::view::{Anchor, Axis};
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::{Window, pair, press, press_with};

fn open<'a>(fixture: &str) -> Window<'a> {
    on_the_timeline(super::open(fixture))
}

fn on_the_timeline(mut window: Window<'_>) -> Window<'_> {
    press(&mut window, Key::Num1);
    window
}

fn send(window: &mut Window<'_>, command: TimelineCommand) {
    super::send(window, PairCommand::Timeline(command));
}

fn lanes(window: &Window<'_>) -> Vec<String> {
    let pair = pair(window);
    let name = |line: &LaneLine| match line {
        LaneLine::Lane(lane) => Some(pair.lanes().list()[*lane as usize].name.clone()),
        LaneLine::Group(..) => None,
    };
    pair.timeline().lines().iter().filter_map(name).collect()
}

fn span(window: &Window<'_>) -> f64 {
    let (from, to) = pair(window).timeline().range();
    to - from
}

#[test]
fn the_tabs_and_their_keys_show_the_views_of_one_selection() {
    let mut window = open("task-order-race");
    assert_eq!(pair(&window).view(), View::Timeline);
    let row = pair(&window).selection().unwrap().row;
    window.get_by_label("Events").click();
    window.run();
    assert_eq!(pair(&window).view(), View::Events);
    window.get_by_label("Timeline").click();
    window.run();
    assert_eq!((pair(&window).view(), pair(&window).selection().unwrap().row), (View::Timeline, row));
    press(&mut window, Key::Num2);
    assert_eq!(pair(&window).view(), View::Events);
}

#[test]
fn every_lane_says_what_is_on_it_and_every_event_where_it_is() {
    let mut window = open("task-order-race");
    window.get_by_label("lane queue:intake, 12 expected and 12 actual events, 1 difference, the most likely cause");
    let cause =
        "actual #13 TASK_DEQUEUED task:4 on queue:intake, first difference, most likely cause, out of order, selected";
    window.get_by_label(cause);
    window.get_by_label("expected #0 ORDER_RECEIVED conn:7 on conn:7, same").click();
    window.run();
    assert_eq!(pair(&window).selection().unwrap().row, 0);
    window.get_by_label("Go to the cause").click();
    window.run();
    window.get_by_label("Go to the symptom").click();
    window.run();
    let symptom = pair(&window).analysis().comparison.first_symptom.as_ref().unwrap().row;
    assert_eq!(pair(&window).selection().unwrap().row, symptom);
}

#[test]
fn zooming_and_panning_keep_to_what_there_is() {
    let mut window = open("retry-storm");
    let whole = pair(&window).timeline().range();
    press(&mut window, Key::W);
    assert!(span(&window) < whole.1 - whole.0);
    let before = pair(&window).timeline().range();
    press(&mut window, Key::D);
    assert!(pair(&window).timeline().range().0 > before.0);
    press(&mut window, Key::A);
    assert!((pair(&window).timeline().range().0 - before.0).abs() < span(&window) * 1e-6);
    for _ in 0..8 {
        press(&mut window, Key::S);
    }
    assert_eq!(pair(&window).timeline().range(), whole, "there is no more than everything");
    press(&mut window, Key::F);
    let (x, _) = pair(&window).selected_place().unwrap();
    let (from, to) = pair(&window).timeline().range();
    assert!(from < x && x < to);
    for _ in 0..60 {
        press(&mut window, Key::W);
    }
    assert!(span(&window) > 0.0);
    press(&mut window, Key::Num0);
    assert_eq!(pair(&window).timeline().range(), whole);
    send(&mut window, TimelineCommand::Range(whole.1, whole.0));
    assert_eq!(pair(&window).timeline().range(), whole, "from right to left is the same");
}

#[test]
fn stepping_brings_what_is_selected_into_sight() {
    let mut window = open("task-order-race");
    send(&mut window, TimelineCommand::Zoom { at: 0.0, by: 0.1 });
    press(&mut window, Key::End);
    let (x, lane) = pair(&window).selected_place().unwrap();
    let (from, to) = pair(&window).timeline().range();
    assert!(from <= x && x <= to, "{from} {x} {to}");
    assert!(pair(&window).timeline().visible().iter().any(|(line, _)| *line == LaneLine::Lane(lane)));
}

#[test]
fn the_axis_goes_around_and_times_meet_where_they_are_told_to() {
    let mut window = open("task-order-race");
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(pair(&window).timeline().axis());
        press(&mut window, Key::X);
    }
    assert_eq!(seen, [Axis::Time, Axis::Index, Axis::Row]);
    let row = pair(&window).selection().unwrap().row;
    press(&mut window, Key::Y);
    assert_eq!(sync_rows(&window), [row]);
    let content = pair(&window).rows().get(row);
    for side in Side::BOTH {
        assert!(x(&window, side, content.event(side).unwrap()).abs() < f64::EPSILON);
    }
    press_with(&mut window, Modifiers::SHIFT, Key::Y);
    assert_eq!(*pair(&window).timeline().anchor(), Anchor::Start);
}

fn sync_rows(window: &Window<'_>) -> Vec<u32> {
    pair(window).sync_points().map(|(row, _)| row).collect()
}

fn x(window: &Window<'_>, side: Side, event: u32) -> f64 {
    pair(window).timeline().scale(pair(window).compared()).x(side, event)
}

/// Actual takes twice as long in its first half, and half as long in its second.
fn uneven() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let time = |side: &str, n: u32| match side {
        "expected.jsonl" => n * 100,
        _ if n <= 10 => 7_000 + n * 200,
        _ => 9_000 + (n - 10) * 50,
    };
    for side in ["expected.jsonl", "actual.jsonl"] {
        let line = |n: u32| format!("{{\"seq\":{n},\"t_us\":{},\"type\":\"step\",\"task\":1}}\n", time(side, n));
        std::fs::write(folder.path().join(side), (0..=20).map(line).collect::<String>()).unwrap();
    }
    folder
}

#[test]
fn between_sync_points_actual_is_stretched_and_each_can_be_reached_and_removed() {
    let folder = uneven();
    let mut window = on_the_timeline(super::open_at(super::SIZE, &[folder.path()]));
    send(&mut window, TimelineCommand::Axis(Axis::Time));
    let together =
        |window: &Window<'_>, event| (x(window, Side::Expected, event) - x(window, Side::Actual, event)).abs();
    assert!(together(&window, 10) > 999.0, "the start alone says nothing of the middle");
    for row in [0, 20, 10] {
        super::send(&mut window, PairCommand::SelectRow(row));
        press(&mut window, Key::Y);
    }
    assert_eq!(sync_rows(&window), [0, 10, 20], "in the order of their times");
    assert_eq!(pair(&window).notice(), "Times meet at expected #10 and actual #10, sync point 2 of 3.");
    for event in 0..=20 {
        assert!(together(&window, event) < 1e-6, "event {event}");
    }
    super::send(&mut window, PairCommand::SelectRow(3));
    window.get_by_label("Go to sync point 2: expected #10 and actual #10").click();
    window.run();
    assert_eq!(pair(&window).selection().unwrap().row, 10);
    press(&mut window, Key::Y);
    assert_eq!(sync_rows(&window), [0, 20], "the same key takes it away");
    assert!(together(&window, 10) > 100.0 && together(&window, 20) < 1e-6);
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(sync_rows(&window), [0, 10, 20]);
    assert_eq!(pair(&window).notice(), "Undone: removing sync points.");
    press_with(&mut window, Modifiers::COMMAND, Key::Y);
    assert_eq!(sync_rows(&window), [0, 20]);
    window.get_by_label("axis: time").click();
    window.run();
    window.get_by_label("up to the next: actual pressed to 0.800 times");
    window.get_by_label("Remove sync point 1").click();
    window.run();
    assert_eq!(sync_rows(&window), [20]);
    press(&mut window, Key::Escape);
    press_with(&mut window, Modifiers::ALT, Key::Y);
    assert_eq!(sync_rows(&window), [10], "where the selection is, and nowhere else");
}

#[test]
fn a_sync_point_keeps_what_is_seen_and_refuses_to_turn_time_round() {
    let folder = uneven();
    let mut window = on_the_timeline(super::open_at(super::SIZE, &[folder.path()]));
    send(&mut window, TimelineCommand::Axis(Axis::Time));
    send(&mut window, TimelineCommand::Zoom { at: 0.3, by: 0.2 });
    let share = |window: &Window<'_>| {
        let (from, to) = pair(window).timeline().range();
        (x(window, Side::Expected, 5) - from) / (to - from)
    };
    let before = share(&window);
    super::send(&mut window, PairCommand::SelectRow(5));
    let selected = share(&window);
    press(&mut window, Key::Y);
    assert!((share(&window) - selected).abs() < 1e-9, "expected stands still: {before}, {selected}");
    // The events of rows that follow each other may come the other way round on one side.
    let crossed = tempfile::tempdir().unwrap();
    for (side, times) in [("expected.jsonl", [0, 100, 200, 300]), ("actual.jsonl", [0, 300, 200, 400])] {
        let line = |(n, time): (usize, u32)| format!("{{\"t_us\":{time},\"type\":\"step{n}\",\"task\":{n}}}\n");
        let text: String = times.into_iter().enumerate().map(line).collect();
        std::fs::write(crossed.path().join(side), text).unwrap();
    }
    let mut window = on_the_timeline(super::open_at(super::SIZE, &[crossed.path()]));
    for row in [1, 2] {
        super::send(&mut window, PairCommand::SelectRow(row));
        press(&mut window, Key::Y);
    }
    assert_eq!(sync_rows(&window), [1]);
    let refused = "Time would stand still or run backwards between here and sync point 1 (expected #1 and actual #1). Remove that one first.";
    assert!(pair(&window).notice().starts_with(refused), "{}", pair(&window).notice());
}

#[test]
fn sync_points_are_kept_over_a_reload_and_with_sides_exchanged() {
    let folder = uneven();
    let mut window = on_the_timeline(super::open_at(super::SIZE, &[folder.path()]));
    for row in [4, 12] {
        super::send(&mut window, PairCommand::SelectRow(row));
        press(&mut window, Key::Y);
    }
    for key in [(Modifiers::NONE, Key::F5), (Modifiers::ALT, Key::Backslash)] {
        press_with(&mut window, key.0, key.1);
        assert_eq!(sync_rows(&window), [4, 12], "{key:?}");
    }
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(sync_rows(&window), [4], "also what was set before the exchange is undone");
}

#[test]
fn lanes_fold_filter_pin_and_move() {
    let mut window = open("task-order-race");
    let all = lanes(&window);
    assert_eq!(all[..3], ["conn:7", "task:1", "task:2"]);
    window.get_by_label("Fold task, 8 lanes").click();
    window.run();
    assert!(!lanes(&window).iter().any(|name| name.starts_with("task:")));
    window.get_by_label("Unfold task, 8 lanes").click();
    window.run();
    press(&mut window, Key::L);
    assert!(!lanes(&window).contains(&"task:1".to_owned()), "it is equal");
    press(&mut window, Key::L);
    send(&mut window, TimelineCommand::Filter("QUEUE".to_owned()));
    assert_eq!(lanes(&window), ["queue:intake", "queue:outbox"]);
    send(&mut window, TimelineCommand::Filter("no such lane".to_owned()));
    assert_eq!(lanes(&window), [""; 0]);
    send(&mut window, TimelineCommand::Filter(String::new()));
    press(&mut window, Key::P);
    assert_eq!(lanes(&window)[0], "task:4", "the selected event is at home there");
    press(&mut window, Key::P);
    assert_eq!(lanes(&window), all);
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::ArrowUp);
    assert_eq!(lanes(&window)[1..5], ["task:1", "task:2", "task:4", "task:3"]);
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::ArrowDown);
    assert_eq!(lanes(&window), all);
}

#[test]
fn both_sides_are_drawn_in_three_ways() {
    let mut window = open("task-order-race");
    let mut seen = Vec::new();
    for _ in Mode::ALL {
        seen.push(pair(&window).timeline().mode());
        window.get_by_label("expected #0 ORDER_RECEIVED conn:7 on conn:7, same");
        window.get_by_label("actual #0 ORDER_RECEIVED conn:7 on conn:7, same");
        press(&mut window, Key::V);
    }
    assert_eq!(seen, Mode::ALL);
    window.get_by_label("overlaid").click();
    window.run();
    assert_eq!(pair(&window).timeline().mode(), Mode::Overlaid);
}

#[test]
fn a_reload_keeps_what_was_chosen() {
    let mut window = open("task-order-race");
    press(&mut window, Key::V);
    press(&mut window, Key::P);
    send(&mut window, TimelineCommand::Zoom { at: 0.5, by: 0.5 });
    let (mode, range, lanes_before) =
        (pair(&window).timeline().mode(), pair(&window).timeline().range(), lanes(&window));
    press(&mut window, Key::F5);
    assert_eq!(pair(&window).view(), View::Timeline);
    assert_eq!((pair(&window).timeline().mode(), lanes(&window)), (mode, lanes_before));
    assert_eq!(pair(&window).timeline().range(), range);
}

#[test]
fn the_order_shows_the_selection_and_what_is_around_it() {
    let mut window = open("retry-storm");
    press(&mut window, Key::Num3);
    assert_eq!(pair(&window).view(), View::Order);
    window.get_by_label("row 7, expected #6 receive service:token-store, missing, selected");
    window.get_by_label("row 8, expected #7 reply service:token-store, missing").click();
    window.run();
    assert_eq!(pair(&window).selection().unwrap().row, 7);
    press(&mut window, Key::OpenBracket);
    window.get_by_label("row 7, expected #6 receive service:token-store, missing, selected");
    press(&mut window, Key::CloseBracket);
    assert_eq!(pair(&window).selection().unwrap().row, 7);
}

#[test]
fn the_overview_moves_the_timeline() {
    let mut window = open("task-order-race");
    send(&mut window, TimelineCommand::Zoom { at: 0.0, by: 0.2 });
    let last = pair(&window).rows().len() - 1;
    window.state_mut().push(Command::Pair(PairCommand::ScrollToRow(last)));
    window.run();
    let (_, end) = pair(&window).rows_in_sight().unwrap();
    assert_eq!(end, last);
}

#[test]
fn what_is_found_is_marked_on_the_timeline() {
    let mut window = open("retry-storm");
    window.state_mut().push(Command::Pair(PairCommand::Search("kind:timeout".to_owned())));
    for _ in 0..20 {
        window.run();
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let found = window.query_all_by_role(egui::accesskit::Role::ListItem);
    let names: Vec<String> = found.filter_map(|node| node.accesskit_node().label()).collect();
    assert!(names.iter().any(|name| name.contains("timeout") && name.ends_with(", found")), "{names:#?}");
    assert!(names.iter().all(|name| name.contains("timeout") || !name.contains(", found")), "{names:#?}");
}

/// A pack of these lines on both sides.
fn pack(lines: impl Fn(u32) -> String, number: u32) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text: String = (0..number).map(|n| lines(n) + "\n").collect();
    for side in ["expected.jsonl", "actual.jsonl"] {
        std::fs::write(folder.path().join(side), &text).unwrap();
    }
    folder
}

/// Where something of this colour is painted in the views, from left to right.
fn painted(window: &Window<'_>, colour: egui::Color32) -> Vec<f32> {
    fn of(shape: &egui::Shape, colour: egui::Color32, found: &mut Vec<f32>) {
        match shape {
            egui::Shape::Vec(shapes) => shapes.iter().for_each(|shape| of(shape, colour, found)),
            egui::Shape::Mesh(mesh) => {
                // The strip of the whole pair is below.
                found.extend(mesh.vertices.iter().filter(|v| v.color == colour && v.pos.y < 860.0).map(|v| v.pos.x));
            }
            egui::Shape::Rect(rect) if rect.fill == colour && rect.rect.bottom() < 860.0 => {
                found.push(rect.rect.center().x);
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    window.output().shapes.iter().for_each(|shape| of(&shape.shape, colour, &mut found));
    found.sort_by(f32::total_cmp);
    found
}

#[test]
fn what_is_found_is_marked_below_the_heights_that_hold_it() {
    let folder = pack(
        |n| {
            let kind = if n % 2500 == 1700 { "rare" } else { "usual" };
            format!("{{\"seq\":{n},\"t_us\":{},\"type\":\"{kind}\",\"task\":{}}}", n * 100, n % 2)
        },
        10_000,
    );
    let warn = dettrace::ui::theme::DARK.warn;
    for axis in [Axis::Row, Axis::Time, Axis::Index] {
        let mut window = on_the_timeline(super::open_at(super::SIZE, &[folder.path()]));
        window
            .state_mut()
            .push(Command::Set(dettrace::app::settings::Setting::Theme(dettrace::app::state::ThemeChoice::Dark)));
        send(&mut window, TimelineCommand::Axis(axis));
        assert!(painted(&window, warn).is_empty());
        window.state_mut().push(Command::Pair(PairCommand::Search("kind:rare".to_owned())));
        window.run();
        window.get_by_label_contains(", stacked, 4 found");
        let at = painted(&window, warn);
        let (from, to) = (at[0], at[at.len() - 1]);
        assert_eq!(at.chunk_by(|a, b| b - a < 20.0).count(), 4, "{axis:?}: {at:?}");
        let share = (to - from) / 1600.0;
        assert!((0.44..0.52).contains(&share), "{axis:?}: from {from} to {to}");
        window.state_mut().push(Command::Pair(PairCommand::Search(String::new())));
        window.run();
        assert!(painted(&window, warn).is_empty(), "{axis:?}: marks stay behind");
    }
}

#[test]
fn an_event_with_a_start_and_an_end_is_as_long_as_it_lasted() {
    let folder = pack(
        |n| format!("{{\"name\":\"call\",\"task\":{},\"start_ms\":{},\"end_ms\":{}}}", n % 2, n * 50, n * 50 + 30 + n),
        12,
    );
    let mut window = on_the_timeline(super::open_at(super::SIZE, &[folder.path()]));
    send(&mut window, TimelineCommand::Axis(Axis::Time));
    let pair = pair(&window);
    let scale = pair.timeline().scale(pair.compared());
    let side = dettrace::trace::Side::Actual;
    assert_eq!(scale.end(side, 4), Some(scale.x(side, 4) + 34.0));
    window.get_by_label_contains("actual #4 call task:0 on task:0, same, lasts 34");
    send(&mut window, TimelineCommand::Axis(Axis::Row));
    let pair = self::pair(&window);
    assert_eq!(pair.timeline().scale(pair.compared()).end(side, 4), None, "rows have no length");
}

#[test]
fn no_difference_is_hidden_at_any_zoom() {
    let folder = tempfile::tempdir().unwrap();
    let differs = |n: u32| matches!(n, 7 | 4_000 | 4_001 | 9_999 | 15_000 | 19_997);
    for side in ["expected.jsonl", "actual.jsonl"] {
        let line = |n: u32| {
            let value = if differs(n) && side == "actual.jsonl" { 99 } else { n % 5 };
            let time = n * 40 + if n % 50 == 7 { 900 } else { 0 };
            let kind = ["TASK_STARTED", "TASK_FINISHED"][(n / 2 % 2) as usize];
            format!("{{\"seq\":{n},\"t_us\":{time},\"type\":\"{kind}\",\"task\":{},\"value\":{value}}}\n", n % 2)
        };
        std::fs::write(folder.path().join(side), (0..20_000).map(line).collect::<String>()).unwrap();
    }
    let actual = dettrace::ui::theme::DARK.actual;
    let dark = dettrace::app::settings::Setting::Theme(dettrace::app::state::ThemeChoice::Dark);
    let mut seen = 0;
    for axis in [Axis::Time, Axis::Row] {
        let mut window = on_the_timeline(super::open_at(super::SIZE, &[folder.path()]));
        window.state_mut().push(Command::Set(dark));
        send(&mut window, TimelineCommand::Axis(axis));
        let canvas = window.get_by_label_contains("Timeline, ").rect();
        for step in 0..120_u32 {
            // In towards a difference and out again, each time towards another one.
            let towards = [7, 4_000, 9_999, 19_997][step as usize / 30];
            if step % 30 == 0 {
                send(&mut window, TimelineCommand::Fit);
            }
            let (from, to) = pair(&window).timeline().range();
            let scale = pair(&window).timeline().scale(pair(&window).compared());
            let places: Vec<f64> = (0..20_000)
                .filter(|&n| differs(n))
                .map(|n| (scale.x(dettrace::trace::Side::Actual, n) - from) / (to - from))
                .filter(|share| (0.0..=1.0).contains(share))
                .collect();
            let at = (scale.x(dettrace::trace::Side::Actual, towards) - from) / (to - from);
            let painted = painted(&window, actual);
            for share in places {
                let x = canvas.left() + share as f32 * canvas.width();
                let near = painted.iter().any(|&other| (other - x).abs() <= 6.0);
                assert!(near, "{axis:?}, step {step}: nothing at {x} of {painted:?}");
                seen += 1;
            }
            send(&mut window, TimelineCommand::Zoom { at, by: 0.72 });
        }
    }
    assert!(seen > 300, "only {seen} were in sight");
}
