//! The propagation of a pair: places by name, the way through the trouble, and what is said where there is nothing.

use std::path::{Path, PathBuf};

use dettrace::app::Command;
use dettrace::app::command::Arrival;
use dettrace::app::graph::PlaceMark;
use dettrace::app::pair::{Hovered, PairCommand, View};
use dettrace::app::state::Ask;
use dettrace::app::table::by_id;
use dettrace::offscreen::DRAWERS;
use dettrace::trace::Side;
use egui::{Key, Modifiers, Rect};
use egui_kittest::kittest::Queryable as _;

use super::{SIZE, Window, hover, name, names, open, open_at, pair, press, press_with, send};

#[test]
fn the_graph_tells_where_it_broke_and_how_far_it_spread() {
    let mut window = open("retry-storm");
    press(&mut window, Key::Num4);
    assert_eq!(pair(&window).view(), View::Propagation);
    window.get_by_label("auth, root: dns_failure · first");
    window.get_by_label_contains("edge, upstream");
    window.get_by_label_contains("cart to auth: ");
    window.get_by_label_contains("dns_failure → retry → connection_reset → retry_burst");

    // All of it is shown until a row is chosen. At the first failure only the root was reached; at the end everything.
    window.get_by_label("Spread, 13 of 13 troubles");
    send(&mut window, PairCommand::FirstDifference);
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
fn the_buttons_of_the_graph_cover_none_of_its_places() {
    for (size, preset) in
        [([1280.0, 800.0], None), ([1280.0, 800.0], Some("layout-all")), ([1600.0, 1000.0], Some("layout-all"))]
    {
        let mut window = super::open_at(size, &[Path::new("fixtures/retry-storm")]);
        press(&mut window, Key::Num4);
        if let Some(preset) = preset {
            window.state_mut().push((by_id(preset).unwrap().command)());
            window.run();
        }
        let places: Vec<Rect> = ["client", "edge", "cart", "auth", "stock", "token-store"]
            .iter()
            .map(|place| {
                let starts = |name: &String| [": ", ", "].iter().any(|end| name.starts_with(&format!("{place}{end}")));
                let all: Vec<String> = names(&window, place).into_iter().filter(starts).collect();
                assert_eq!(all.len(), 1, "{place}: {all:?}");
                window.get_by_label(&all[0]).rect()
            })
            .collect();
        let buttons = ["Zoom into the graph", "Zoom out of the graph", "The whole graph is shown at "];
        let shown = buttons.iter().flat_map(|button| names(&window, button));
        let rects: Vec<Rect> = shown.map(|button| window.get_by_label(&button).rect()).collect();
        // In the smallest pane there is no room for them; the keys, the wheel and a double click do the same.
        assert_eq!(rects.len(), if preset.is_some() && size[0] < 1600.0 { 0 } else { 3 }, "{size:?} {preset:?}");
        for place in &places {
            assert!(rects.iter().all(|button| !button.intersects(*place)), "{size:?} {preset:?}: {place:?} {rects:?}");
        }
    }
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
    // The likeliest cause is what did not happen in the token store: its mark is there, and another one where it broke.
    let place_mark = |window: &Window<'_>, name: &str| pair(window).graph().unwrap().mark_of(place(window, name));
    assert_eq!(place_mark(&window, "token-store"), Some(PlaceMark::Cause));
    assert_eq!(place_mark(&window, "auth"), Some(PlaceMark::BrokeFirst));
    assert_eq!(place_mark(&window, "edge"), Some(PlaceMark::Symptom));
    assert!(key.starts_with("Key: most likely cause · where it broke first · first symptom"), "{key}");
    window.get_by_label("client, upstream: only calls");
    // It has only what is drawn: before the trouble nothing of it.
    assert!(key.contains("upstream, not reached") && key.contains("a way only in expected"), "{key}");
    send(&mut window, PairCommand::SelectRow(0));
    let key = name(&window, "Key: ");
    for words in ["cause", "first", "symptom", "reached by the trouble", "waits for", "tried again"] {
        assert!(!key.contains(words), "{words}: {key}");
    }
    // What was only done because of the trouble is told, and stays behind what the trouble did.
    let mut window = open("failover-edge");
    press(&mut window, Key::Num4);
    let key = name(&window, "Key: ");
    assert!(key.starts_with("Key: cause: where it broke first"), "{key}");
    for words in ["trouble, further on", "a way only in actual"] {
        assert!(key.contains(words), "{words}: {key}");
    }
    window.get_by_label("frontend to inventory-2: 1 call, not 0 · failover");
}

/// In a window as low as one may be the key keeps what matters most.
#[test]
fn a_low_view_keeps_a_short_key() {
    let mut window = open_at([800.0, 600.0], &[Path::new("fixtures/retry-storm")]);
    press(&mut window, Key::Num4);
    assert!(name(&window, "Key: ").starts_with("Key: most likely cause"));
}

/// A lone recording in which the bank tries the vault again and again, and then gives up; who calls the bank was not heard of it.
fn lone(folder: &Path) -> PathBuf {
    let line = |at: u32, kind: &str, from: &str, to: &str, status: &str, attempt: u32| {
        let reason = if status == "ok" { "" } else { "connection_reset" };
        format!(
            r#"{{"seq":{at},"ts_ms":{},"type":"{kind}","span_id":"{from}","service":"{from}","downstream_service":"{to}","status":"{status}","failure_reason":"{reason}","retry_attempt":{attempt}}}"#,
            1_000 + at * 100
        )
    };
    let mut lines = vec![
        line(0, "REQUEST_START", "shop", "bank", "ok", 0),
        line(1, "CLIENT_SEND", "bank", "vault", "ok", 0),
        line(2, "CLIENT_ERROR", "bank", "vault", "error", 0),
    ];
    lines.extend((1..=4).map(|attempt| line(attempt + 2, "RETRY", "bank", "vault", "error", attempt)));
    let path = folder.join("lone.jsonl");
    std::fs::write(&path, lines.join("\n")).unwrap();
    path
}

#[test]
fn a_lone_recording_opens_at_the_end_of_its_trouble_and_never_shows_what_comes_later() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = open_at(SIZE, &[lone(folder.path())]);
    press(&mut window, Key::Num4);
    assert!(name(&window, "Broke first").contains("bank · retry storm"), "{}", name(&window, "Broke first"));
    assert!(name(&window, "First symptom").contains("connection_reset in bank"));
    // All of it is shown, and who was not heard of yet is next, although it is upstream of what broke.
    window.get_by_label("Spread, 5 of 5 troubles");
    window.get_by_label("bank, root: connection_reset · 4 retries · first");
    window.get_by_label_contains("shop, upstream, likely next: likely next, not seen");
    window.get_by_label_contains("blast radius: 1 upstream · 1 downstream · 1 likely next");
    // At a row only what had happened by then is counted, and nothing is said to be next.
    send(&mut window, PairCommand::SelectRow(4));
    window.get_by_label("Spread, 3 of 5 troubles");
    assert_eq!(names(&window, "bank, "), ["bank, root: connection_reset · 2 retries · first, selected"]);
    window.get_by_label_contains("bank to vault: 1 call, each tried ×3.0 as often");
    window.get_by_label("shop, upstream: 1 event");
    // Where the recording begins nothing has happened in the bank.
    send(&mut window, PairCommand::SelectRow(0));
    window.get_by_label("bank, root: not reached yet");
    window.get_by_label("bank to vault: 0 calls");
    send(&mut window, PairCommand::SelectRow(6));
    window.get_by_label("bank, root: connection_reset · 4 retries · first, selected");
}

#[test]
fn the_row_that_is_selected_already_is_gone_back_to() {
    let mut window = open("retry-storm");
    press(&mut window, Key::Num4);
    let row = pair(&window).selection().unwrap().row;
    assert_eq!(pair(&window).troubles_shown(), 13, "nobody has chosen a row");
    send(&mut window, PairCommand::SelectRow(row));
    assert!(pair(&window).troubles_shown() < 13);
    assert!(pair(&window).graph().unwrap().until.is_some());
}
