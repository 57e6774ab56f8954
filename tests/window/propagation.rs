//! The propagation of a pair: places by name, the way through the trouble, and what is said where there is nothing.

use dettrace::app::pair::{PairCommand, View};
use dettrace::trace::Side;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::{Window, open, pair, press, press_with, send};

#[test]
fn the_graph_tells_where_it_broke_and_how_far_it_spread() {
    let mut window = open("retry-storm");
    press(&mut window, Key::Num4);
    assert_eq!(pair(&window).view(), View::Propagation);
    window.get_by_label("auth, root: dns_failure · first");
    window.get_by_label_contains("edge, upstream");
    window.get_by_label_contains("cart to auth: ");
    window.get_by_label_contains("dns_failure → retry → connection_reset → retry_burst");

    // At the first failure only the root was reached; at the end everything.
    window.get_by_label("edge, upstream: not reached yet").click();
    window.run();
    let event = pair(&window).selected_event().unwrap();
    assert_eq!(pair(&window).happening().unwrap().place, place(&window, "edge"), "{event:?}");
    window.get_by_label_contains("edge, upstream: upstream_timeout");
    window.get_by_label("Spread, 13 of 13 troubles");
    send(&mut window, PairCommand::SelectRow(0));
    window.get_by_label("Spread, 0 of 13 troubles");
    window.get_by_label("auth, root: not reached yet");
}

fn place(window: &Window<'_>, name: &str) -> u32 {
    let story = &pair(window).spread().unwrap().incident.story;
    story.places.iter().position(|place| place == name).unwrap() as u32
}

#[test]
fn each_side_is_shown_alone_and_a_place_that_it_lacks_is_told() {
    let mut window = open("retry-storm");
    press(&mut window, Key::Num4);
    window.get_by_label("stock: not heard of");
    press_with(&mut window, Modifiers::SHIFT, Key::Num4);
    assert_eq!(pair(&window).graph_side(), Some(Side::Expected));
    window.get_by_label("stock: 2 events");
    window.get_by_label("Graph of actual").click();
    window.run();
    assert_eq!(pair(&window).graph_side(), Some(Side::Actual));
    window.get_by_label("stock: 0 events");
}

#[test]
fn recordings_without_places_say_so() {
    let mut window = open("uart-lost-bit");
    press(&mut window, Key::Num4);
    window.get_by_label_contains("These recordings tell of no places that call each other.");
}

#[test]
fn the_keyboard_reaches_a_place_and_selects_what_happened_there() {
    let mut window = open("cascading-timeouts");
    press(&mut window, Key::Num4);
    let node = window.get_by_label_contains("gateway, upstream");
    node.focus();
    window.run();
    press(&mut window, Key::Enter);
    assert_eq!(pair(&window).happening().unwrap().place, place(&window, "gateway"));
}
