//! The waterfall of a pair: its rows by name, one selection with the events, folding, zooming, and what is said where there is
//! nothing.

use dettrace::app::layout::Pane;
use dettrace::app::pair::{Hovered, PairCommand, View};
use dettrace::app::table::by_id;
use dettrace::app::waterfall::WaterfallCommand;
use dettrace::trace::Side;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::{Window, click, hover, name, names, names_with, open, open_at, pair, press, press_with, row, send};

/// The rows that are in sight.
fn spans(window: &Window<'_>) -> Vec<String> {
    let mut spans = names(window, "span ");
    spans.retain(|name| name.contains(", depth "));
    spans
}

/// Clicks the row whose name starts with this.
fn click_row(window: &mut Window<'_>, start: &str) {
    let whole = name(window, start);
    click(window, &whole);
}

fn range(window: &Window<'_>) -> (f64, f64) {
    pair(window).waterfall().unwrap().range()
}

fn span_row(window: &Window<'_>) -> u32 {
    pair(window).span_row().unwrap()
}

#[test]
fn each_span_is_a_row_with_both_sides_and_what_only_one_has_is_told() {
    let mut window = open("retry-storm");
    press(&mut window, Key::Num5);
    assert_eq!(pair(&window).view(), View::Waterfall);
    name(&window, "Waterfall, 8 spans");
    let first = |start: &str| name(&window, start);
    let edge = first("span edge → cart");
    assert!(
        edge.contains(", expected 341 ms on the critical path, actual 660 ms failed on the critical path"),
        "{edge}"
    );
    assert!(edge.ends_with(", depth 0"), "{edge}");
    let auth = first("span auth auth-0");
    assert!(auth.contains(", expected 109 ms") && auth.contains(", actual 71 ms failed"), "{auth}");
    for again in ["auth-1", "auth-2", "auth-3"] {
        let again = first(&format!("span auth {again} → token-store"));
        assert!(
            again.contains(", not in expected, actual ") && again.contains(" failed on the critical path"),
            "{again}"
        );
    }
    let store = first("span token-store store-0");
    assert!(store.contains(", not in actual, most likely cause"), "{store}");
    assert!(first("span stock").contains(", not in actual, depth 2"));
}

#[test]
fn a_row_selects_the_event_that_begins_its_span_and_an_event_selects_its_row() {
    let mut window = open("retry-storm");
    press(&mut window, Key::Num5);
    click_row(&mut window, "span auth auth-2");
    assert_eq!(pair(&window).selected_event(), Some((Side::Actual, 14)));
    assert!(names(&window, "field span").iter().any(|field| field.contains("auth-2")), "the inspector follows");
    click_row(&mut window, "span stock");
    assert_eq!(pair(&window).selected_event(), Some((Side::Expected, 10)), "only expected has it");
    let stock = span_row(&window);

    // Keys go from row to row while the waterfall is in front, and the events follow.
    press(&mut window, Key::ArrowUp);
    assert_eq!((span_row(&window), pair(&window).selected_event()), (stock - 1, Some((Side::Actual, 19))));
    press(&mut window, Key::K);
    assert_eq!(pair(&window).selected_event(), Some((Side::Actual, 14)));
    press(&mut window, Key::Home);
    assert_eq!((span_row(&window), row(&window)), (0, 0));
    press(&mut window, Key::End);
    assert_eq!(span_row(&window), stock);

    // Whatever selects an event selects its span.
    send(&mut window, PairCommand::SelectEvent(Side::Actual, 11));
    assert!(name(&window, "span auth auth-1").contains(", actual"));
    assert_eq!(span_row(&window), 4);
    assert_eq!(pair(&window).selected_event(), Some((Side::Actual, 11)), "and stays where it is");
    press(&mut window, Key::F10);
    assert_eq!(span_row(&window), 4, "the next event is of this try too");
    press(&mut window, Key::F10);
    assert_eq!(span_row(&window), 1, "then it is tried again");
    press(&mut window, Key::G);
    press(&mut window, Key::C);
    assert_eq!(span_row(&window), 3);
    let marked = window.get_by_label_contains("most likely cause, depth");
    assert!(marked.rect().height() > 0.0);
}

#[test]
fn beside_the_events_it_follows_them_line_by_line() {
    let mut window = open("retry-storm");
    press_with(&mut window, Modifiers::ALT, Key::Num0);
    let preset = by_id("layout-all").unwrap();
    window.state_mut().push((preset.command)());
    window.run();
    assert!(window.state().state.layout.shows(Pane::Waterfall) && window.state().state.layout.shows(Pane::Events));
    press(&mut window, Key::Num2);
    send(&mut window, PairCommand::SelectEvent(Side::Actual, 8));
    let mut seen = vec![span_row(&window)];
    for _ in 0..5 {
        press(&mut window, Key::J);
        seen.push(span_row(&window));
    }
    assert_eq!(seen, [1, 4, 4, 4, 4, 1], "the try, and then the next one is asked for");
}

#[test]
fn a_span_is_folded_and_what_is_selected_in_it_unfolds_it() {
    let mut window = open("retry-storm");
    press(&mut window, Key::Num5);
    click_row(&mut window, "span cart");
    press(&mut window, Key::Enter);
    assert_eq!(spans(&window).len(), 2);
    assert!(name(&window, "span cart").contains(", folded"));
    press(&mut window, Key::ArrowDown);
    assert_eq!(span_row(&window), 1, "there is nothing below");
    click(&mut window, "Unfold span in row 2");
    assert_eq!(spans(&window).len(), 8);
    click(&mut window, "Fold span in row 1");
    assert_eq!((spans(&window).len(), span_row(&window)), (1, 0), "what was selected is in it");
    assert_eq!(pair(&window).selected_event(), Some((Side::Actual, 0)));
    send(&mut window, PairCommand::SelectEvent(Side::Actual, 19));
    assert_eq!((spans(&window).len(), span_row(&window)), (8, 6), "it is brought into sight");
}

#[test]
fn the_axis_is_looked_at_nearer_by_keys_and_the_timeline_stays() {
    let mut window = open("retry-storm");
    press(&mut window, Key::Num5);
    let (whole, timeline) = (range(&window), pair(&window).timeline().range());
    press(&mut window, Key::W);
    let near = range(&window);
    assert!(near.1 - near.0 < (whole.1 - whole.0) * 0.9, "{whole:?} {near:?}");
    press(&mut window, Key::D);
    assert!(range(&window).0 > near.0);
    press(&mut window, Key::Num0);
    assert_eq!(range(&window), whole);
    click_row(&mut window, "span auth auth-3");
    press(&mut window, Key::F);
    let (from, to) = range(&window);
    // auth-3 is there from 484 ms to 587 ms, half as wide as the view.
    assert!((from / 1e6 - 432.5).abs() < 1.0 && (to / 1e6 - 638.5).abs() < 1.0, "{from} {to}");
    assert_eq!(pair(&window).timeline().range(), timeline);
    send(&mut window, PairCommand::Waterfall(WaterfallCommand::Zoom { at: 0.0, by: 1e9 }));
    assert_eq!(range(&window), whole);
}

#[test]
fn one_hover_lights_a_span_in_every_view() {
    let mut window = open("retry-storm");
    press(&mut window, Key::Num5);
    hover(&mut window, "span auth auth-1");
    let hovered = pair(&window).hovered_row().unwrap();
    assert_eq!(pair(&window).rows().get(hovered).actual, Some(9));
    assert!(name(&window, "span auth auth-1").contains(", lit"));
    // A row of the events lights the span that it is in, a place everything that happened there.
    let mut elsewhere = pair(&window).clone();
    let error = elsewhere.rows().row_of(Side::Actual, 16).unwrap();
    elsewhere.apply(PairCommand::Hover(Some(Hovered::Row(error))));
    assert!(elsewhere.is_span_lit(5) && !elsewhere.is_span_lit(4));
    let place = elsewhere.place_of_row(error).unwrap();
    elsewhere.apply(PairCommand::Hover(Some(Hovered::Place(place))));
    let lit: Vec<u32> = (0..8).filter(|&row| elsewhere.is_span_lit(row)).collect();
    assert_eq!(lit, [2, 4, 5, 6]);
}

#[test]
fn recordings_without_spans_say_so() {
    let mut window = open("uart-lost-bit");
    let state = &window.state().state;
    let why = by_id("waterfall").unwrap().enabled(state);
    assert_eq!(why, Err("These recordings tell of no spans that cause each other."));
    assert!(by_id("fold-span").unwrap().enabled(state).is_err());
    press(&mut window, Key::Num5);
    assert_ne!(pair(&window).view(), View::Waterfall);
    // The tab is there, and says why it is empty.
    click(&mut window, "Waterfall");
    assert_eq!(pair(&window).view(), View::Waterfall);
    assert!(!names_with(&window, "These recordings tell of no spans that cause each other").is_empty());
    press(&mut window, Key::ArrowDown);
    assert_eq!(pair(&window).view(), View::Waterfall);
}

#[test]
fn one_request_against_one_is_a_waterfall_of_its_spans() {
    let folder = tempfile::tempdir().unwrap();
    let request = |slow: u32| {
        let span = |id: &str, parent: &str, service: &str, name: &str, begin: u32, end: u32| {
            format!(
                r#"{{"resource":{{"attributes":[{{"key":"service.name","value":{{"stringValue":"{service}"}}}}]}},"scopeSpans":[{{"spans":[{{"traceId":"t1","spanId":"{id}","parentSpanId":"{parent}","name":"{name}","startTimeUnixNano":"{begin}000000","endTimeUnixNano":"{end}000000","status":{{"code":{}}}}}]}}]}}"#,
                if slow > 0 && id == "c3" { 2 } else { 1 }
            )
        };
        let mut spans = vec![
            span("a1", "", "shop", "buy", 1000, 1100 + slow),
            span("b2", "a1", "shop", "call", 1005, 1095 + slow),
            span("c3", "b2", "bank", "pay", 1010, 1050 + slow),
        ];
        if slow > 0 {
            spans.push(span("d4", "zz", "mail", "send", 1060, 1061));
        }
        format!(r#"{{"resourceSpans":[{}]}}"#, spans.join(","))
    };
    let paths = ["expected.json", "actual.json"].map(|file| folder.path().join(file));
    std::fs::write(&paths[0], request(0)).unwrap();
    std::fs::write(&paths[1], request(900)).unwrap();
    let mut window = open_at(super::SIZE, &paths);
    press(&mut window, Key::Num5);
    assert_eq!(spans(&window).len(), 4);
    let pay = name(&window, "span bank pay, expected 40");
    assert!(pay.contains("actual 940 ms failed on the critical path, most likely cause, depth 2"), "{pay}");
    assert!(name(&window, "span mail send").contains("not in expected, actual 1.0 ms"));
    assert!(name(&window, "span mail send").contains("parent missing"));
    click_row(&mut window, "span shop call");
    let (side, event) = pair(&window).selected_event().unwrap();
    assert_eq!((side, pair(&window).analysis().kind(side, event)), (Side::Actual, "call"));
}

#[test]
fn an_arrangement_of_an_older_version_opens_it_by_its_key() {
    let mut window = open("retry-storm");
    let older = serde_json::json!({
        "root": {"split": {"way": "beside", "parts": [
            {"node": {"tabs": {"panes": ["timeline", "events", "order", "propagation"], "shown": "events"}}, "size": null},
            {"node": {"tabs": {"panes": ["inspector"], "shown": "inspector"}}, "size": null}]}},
        "closed": []});
    let layout = dettrace::app::layout::Layout::from_saved(older);
    let layout = layout.unwrap_or_else(|why| panic!("{why}"));
    assert!(!layout.shows(Pane::Waterfall));
    window.state_mut().state.layout = layout;
    window.run();
    assert!(window.query_by_label("Waterfall").is_none());
    press(&mut window, Key::Num5);
    assert_eq!(spans(&window).len(), 8);
}
