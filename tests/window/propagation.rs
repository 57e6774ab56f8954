//! The propagation of a pair: places by name, the way through the trouble, and what is said where there is nothing.

use dettrace::app::Command;
use dettrace::app::command::Arrival;
use dettrace::app::pair::{Hovered, PairCommand, View};
use dettrace::app::state::Ask;
use dettrace::app::table::by_id;
use dettrace::offscreen::DRAWERS;
use dettrace::trace::Side;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::{Window, hover, name, names, open, pair, press, press_with, send};

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

#[test]
fn one_hover_lights_a_place_in_every_view() {
    let mut window = open("retry-storm");
    press(&mut window, Key::Num4);
    hover(&mut window, "auth, root: ");
    assert_eq!(pair(&window).hover(), Some(Hovered::Place(place(&window, "auth"))));
    // In another view the lanes and rows of that place are lit, and what lights them there lights the place.
    let lanes = (0..pair(&window).lanes().list().len() as u32).filter(|&lane| pair(&window).is_lane_lit(lane)).count();
    assert!(lanes > 0 && lanes < pair(&window).lanes().list().len(), "{lanes}");
    let rows = (0..pair(&window).rows().len()).filter(|&row| pair(&window).is_lit(row));
    assert!(
        rows.clone().count() > 1
            && rows.clone().all(|row| pair(&window).place_of_row(row) == pair(&window).hovered_place())
    );
    press(&mut window, Key::Num1);
    let lane = pair(&window).lanes().list().iter().position(|lane| lane.name == "service:auth").unwrap() as u32;
    hover(&mut window, "lane service:auth,");
    assert!(name(&window, "lane service:auth,").ends_with(", lit"));
    assert_eq!(pair(&window).hovered_place(), pair(&window).place_of_lane(lane));
    // A row lights where it happened.
    press(&mut window, Key::Num2);
    let rows = names(&window, "row ");
    let middle = &rows[rows.len() / 2];
    hover(&mut window, middle);
    let row = pair(&window).hovered_row().unwrap();
    assert!(middle.starts_with(&format!("row {},", row + 1)), "{middle}");
    let lit = pair(&window).graph().unwrap().lit;
    assert!(lit.is_some() && lit == pair(&window).place_of_row(row));
}

#[test]
fn the_graph_is_exported_as_a_picture_with_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = open("retry-storm");
    window.state_mut().draw_with(DRAWERS);
    let export = |window: &mut Window<'_>, file: &str| {
        press_with(window, Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
        let picked = Arrival::Picked(Ask::Picture, Ok(vec![folder.path().join(file)]));
        window.state_mut().push(Command::Arrived(picked));
        window.run();
        window.run();
        assert_eq!(window.state().state.front().exporting, None);
    };
    export(&mut window, "graph.svg");
    let said = window.state().state.messages.all().last().unwrap().whole();
    assert!(said.contains("The picture is in") && said.contains("graph.svg"), "{said}");
    let drawn = std::fs::read_to_string(folder.path().join("graph.svg")).unwrap();
    for words in
        ["where it broke first", "tried again", ">auth<", "dns_failure · first", "first symptom", "Retry storm"]
    {
        assert!(drawn.contains(words), "{words}");
    }
    assert!(!drawn.contains("selected"), "what is selected is no part of it");
    export(&mut window, "graph");
    let pixels = std::fs::read(folder.path().join("graph.png")).unwrap();
    let info = png::Decoder::new(std::io::Cursor::new(&pixels)).read_info().unwrap();
    assert!(info.info().width >= 1520 && info.info().height > 400, "{:?}", info.info());
    let none = open("uart-lost-bit");
    let why = by_id("export-graph").unwrap().enabled(&none.state().state);
    assert!(why.is_err_and(|why| why.contains("no places that call each other")), "{why:?}");
    assert!(names(&window, "Could not").is_empty());
}

#[test]
fn the_graph_is_looked_at_nearer_by_keys_and_buttons_and_seen_whole_again() {
    let mut window = open("retry-storm");
    press(&mut window, Key::Num4);
    let camera = |window: &Window<'_>| pair(window).graph().unwrap().camera;
    let size = |window: &Window<'_>| pair(window).spread().unwrap().layout.size;
    assert!(camera(&window).is_whole());
    let whole = camera(&window).scale(size(&window));
    press(&mut window, Key::W);
    let near = camera(&window).scale(size(&window));
    assert!(near > whole * 1.4, "{whole} {near}");
    let range = pair(&window).timeline().range();
    press(&mut window, Key::D);
    press_with(&mut window, Modifiers::SHIFT, Key::S);
    assert_eq!(pair(&window).timeline().range(), range, "the timeline stays where it is");
    press(&mut window, Key::Num0);
    assert!(camera(&window).is_whole());
    window.get_by_label("Zoom into the graph").click();
    window.run();
    assert!(!camera(&window).is_whole());
    let fit = name(&window, "Show the whole graph, now at ");
    window.get_by_label(&fit).click();
    window.run();
    assert!(camera(&window).is_whole());

    // What is selected comes to the middle, and what is selected next stays in sight.
    press(&mut window, Key::F);
    let middle = |window: &Window<'_>| {
        let rect = window.get_by_label_contains(", selected").rect();
        let canvas = window.get_by_label_contains("Propagation, ").rect();
        (rect.center() - canvas.center()).length()
    };
    assert!(middle(&window) < 2.0, "{}", middle(&window));
    let places = pair(&window).graph().unwrap().graph.nodes.len();
    for _ in 0..places {
        let before = pair(&window).happening().map(|one| one.place);
        press_with(&mut window, Modifiers::COMMAND, Key::ArrowDown);
        assert_ne!(pair(&window).happening().map(|one| one.place), before);
        let rect = window.get_by_label_contains(", selected").rect();
        let canvas = window.get_by_label_contains("Propagation, ").rect();
        assert!(canvas.contains_rect(rect), "{rect:?} in {canvas:?}");
    }
    let before = pair(&window).happening().map(|one| one.place);
    press_with(&mut window, Modifiers::COMMAND, Key::ArrowUp);
    assert_ne!(pair(&window).happening().map(|one| one.place), before);
    let home = open("uart-lost-bit");
    let why = by_id("next-place").unwrap().enabled(&home.state().state);
    assert!(why.is_err_and(|why| why.contains("no places that call each other")), "{why:?}");
}

#[test]
fn the_key_says_what_the_shapes_are() {
    let mut window = open("retry-storm");
    press(&mut window, Key::Num4);
    let key = name(&window, "Key: ");
    for words in ["where it broke first", "upstream: it waits for that", "calls tried again"] {
        assert!(key.contains(words), "{words}: {key}");
    }
}
