//! What gives way to what where there is little room, and that nothing is cut where there is enough.

use std::path::Path;

use dettrace::app::pair::PairCommand;
use dettrace::trace::Side;
use egui::{Key, Modifiers, Rect};
use egui_kittest::kittest::Queryable as _;

use super::{Window, click, name, names, open_at, press, press_with, send};

fn rect(window: &Window<'_>, start: &str) -> Rect {
    window.get_by_label(&name(window, start)).rect()
}

fn at<'a>(size: [f32; 2], fixture: &str) -> Window<'a> {
    open_at(size, &[Path::new("fixtures").join(fixture)])
}

#[test]
fn the_buttons_over_the_events_give_way_to_the_names_of_the_sides() {
    let mut shown = 0;
    for width in [560.0, 640.0, 720.0, 800.0, 1000.0, 1400.0] {
        let mut window = at([width, 600.0], "task-order-race");
        press(&mut window, Key::Num2);
        let (expected, actual) = (rect(&window, "EXPECTED"), rect(&window, "ACTUAL"));
        assert!(expected.width() > 50.0 && actual.width() > 38.0, "{width}: {expected} {actual}");
        for button in ["Choose columns", "Show all rows"] {
            for name in names(&window, button) {
                let button = window.get_by_label(&name).rect();
                assert!(button.left() >= actual.right() - 1.0, "{width}: {name} at {button} covers {actual}");
                shown += 1;
            }
        }
    }
    assert!(shown >= 6, "{shown} buttons");
}

#[test]
fn the_list_of_columns_is_as_high_as_what_is_in_it() {
    let mut window = at([1600.0, 1000.0], "task-order-race");
    click(&mut window, "Choose columns");
    let ticks = names(&window, "Column ");
    let last = ticks.iter().map(|name| window.get_by_label(name).rect().bottom()).fold(0.0, f32::max);
    let table = rect(&window, "EXPECTED").top();
    assert!(table > last && table - last < 40.0, "{last} and {table}");
}

#[test]
fn the_help_says_every_sentence_whole_and_leads_to_its_parts() {
    let seen = |window: &Window<'_>, start: &str| rect(window, start).bottom() <= window.ctx.content_rect().bottom();
    let mut window = at([1600.0, 1300.0], "task-order-race");
    press(&mut window, Key::Questionmark);
    assert!(seen(&window, "Write a note: "), "the panel grows with the window");
    assert!(!seen(&window, "kind:send: "));
    click(&mut window, "Go to The language of the search");
    window.run();
    assert!(seen(&window, "kind:send: "));
    // In a small window nothing is wider than the panel.
    let mut window = at([640.0, 480.0], "task-order-race");
    press(&mut window, Key::Questionmark);
    let line = rect(&window, "Export slice…: ");
    assert!(line.right() <= 640.0 - 16.0 && line.height() > 40.0, "{line}");
}

#[test]
fn lanes_whose_state_differs_stand_first_where_not_all_are_in_sight() {
    let mut window = at([1200.0, 620.0], "task-order-race");
    press(&mut window, Key::T);
    send(&mut window, PairCommand::SelectEvent(Side::Expected, 13));
    let states = names(&window, "state of ");
    let top = |name: &String| window.get_by_label(name).rect().top();
    let differ = |name: &&String| name.contains(", differs");
    let last = states.iter().filter(differ).map(top).fold(0.0, f32::max);
    let first = states.iter().filter(|name| !differ(name)).map(top).fold(f32::INFINITY, f32::min);
    assert!(last > 0.0 && first < f32::INFINITY && last < first, "{last} and {first}");
}

#[test]
fn every_cause_says_in_full_how_sure_it_is_in_a_narrow_pane() {
    let heights = [1600.0, 700.0].map(|width| {
        let mut window = at([width, 900.0], "retry-storm");
        press(&mut window, Key::C);
        let first = rect(&window, "cause 1: ");
        let second = rect(&window, "cause 2: ");
        assert!(first.bottom() <= second.top() + 0.5, "{first} {second}");
        press_with(&mut window, Modifiers::NONE, Key::C);
        first.height()
    });
    assert!(heights[1] > heights[0] + 10.0, "what does not fit into a line takes another: {heights:?}");
}
