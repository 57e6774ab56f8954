//! From the home page to a slice for a colleague by the keyboard alone: no click, no command that was not pressed.

use std::fs;

use dettrace::app::App;
use dettrace::app::pair::View;
use dettrace::app::state::{Overlay, Page};
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::judging::copied;
use super::{Window, pair, press, press_with, row, window};

const CTRL: Modifiers = Modifiers::COMMAND;

/// Text arrives where the keyboard is, wherever that is.
fn type_text(window: &mut Window<'_>, text: &str) {
    window.event(Event::Text(text.to_owned()));
    window.run();
}

/// Opens what lies at a path.
fn open_by_path(window: &mut Window<'_>, path: &std::path::Path) {
    press_with(window, CTRL, Key::L);
    type_text(window, path.to_str().unwrap());
    press(window, Key::Enter);
    assert!(matches!(window.state().state.front().page, Page::Pair(_)), "{} was not opened", path.display());
}

/// A key with the text that it makes, as the system tells of it.
fn struck(key: Key, modifiers: Modifiers, text: Option<&str>) -> Vec<Event> {
    let press = |pressed| Event::Key { key, physical_key: Some(key), pressed, repeat: false, modifiers };
    let text = text.map(|text| Event::Text(text.to_owned()));
    [press(true)].into_iter().chain(text).chain([press(false)]).collect()
}

/// All in one frame, as when the frame before was long.
fn at_once(window: &mut Window<'_>, events: impl IntoIterator<Item = Vec<Event>>) {
    window.input_mut().events.extend(events.into_iter().flatten());
    window.run();
}

#[test]
fn what_is_typed_before_the_field_is_there_goes_into_it() {
    let folder = copied("task-order-race");
    let mut window = window(App::in_place());
    open_by_path(&mut window, folder.path());
    let plain = |key, text| struck(key, Modifiers::NONE, Some(text));
    let before = row(&window);
    let word = [(Key::N, "n"), (Key::O, "o"), (Key::T, "t"), (Key::H, "h")];
    at_once(&mut window, [plain(Key::Slash, "/")].into_iter().chain(word.map(|(key, text)| plain(key, text))));
    assert_eq!(pair(&window).search().text(), "noth");
    assert_eq!(row(&window), before, "letters were read as commands");
    press(&mut window, Key::Escape);
    press(&mut window, Key::Escape);
    // What was typed is searched for before Enter chooses.
    let word = [(Key::T, "t"), (Key::I, "i"), (Key::M, "m"), (Key::E, "e"), (Key::L, "l")];
    let asked = struck(Key::K, CTRL, None);
    let chosen = struck(Key::Enter, Modifiers::NONE, None);
    let typed = word.map(|(key, text)| plain(key, text));
    at_once(&mut window, [asked].into_iter().chain(typed).chain([chosen]));
    assert_eq!((pair(&window).view(), window.state().state.overlay.clone()), (View::Timeline, None));
}

#[test]
fn from_the_home_page_to_a_slice_without_a_pointer() {
    let folder = copied("task-order-race");
    let target = folder.path().join("for a colleague");
    let mut window = window(App::in_place());
    assert!(matches!(window.state().state.front().page, Page::Home));

    open_by_path(&mut window, folder.path());
    let comparison = pair(&window).analysis().comparison.clone();
    let first = row(&window);
    press(&mut window, Key::N);
    assert!(row(&window) > first, "there is no next difference");

    press(&mut window, Key::G);
    press(&mut window, Key::C);
    assert_eq!(row(&window), comparison.causes[0].row);
    press(&mut window, Key::F10);
    assert_eq!(row(&window), comparison.causes[0].row + 1, "it did not step");

    press(&mut window, Key::Slash);
    type_text(&mut window, "kind:CHARGE_REJECTED");
    press(&mut window, Key::Enter);
    let found = row(&window);
    assert!(pair(&window).search().found(found));
    press_with(&mut window, CTRL, Key::Enter);
    assert_eq!(pair(&window).filter().parts().collect::<Vec<_>>(), ["kind:CHARGE_REJECTED"]);
    press(&mut window, Key::Escape);

    press_with(&mut window, Modifiers::ALT, Key::M);
    type_text(&mut window, "Charged **before** reserved.");
    press(&mut window, Key::Escape);
    press(&mut window, Key::Escape);
    assert_eq!(row(&window), found);
    let notes = pair(&window).bookmarks().notes();
    assert_eq!(notes.bookmarks[0].note, "Charged **before** reserved.");

    press_with(&mut window, CTRL | Modifiers::SHIFT, Key::S);
    assert_eq!(window.state().state.overlay, Some(Overlay::Slice));
    // The first field has the keyboard; the next ones come by Tab.
    let name = |window: &Window<'_>| window.state().state.slice.fields.iter().position(|field| field.path == "name");
    for _ in 0..name(&window).unwrap() {
        press(&mut window, Key::Tab);
    }
    press(&mut window, Key::Space);
    let redacted: Vec<_> = window.state().state.slice.fields.iter().filter(|field| field.redacted).collect();
    assert_eq!(redacted.iter().map(|field| field.path.as_str()).collect::<Vec<_>>(), ["name"]);
    for _ in 0..20 {
        if window.ctx.text_edit_focused() {
            break;
        }
        press(&mut window, Key::Tab);
    }
    press_with(&mut window, CTRL, Key::A);
    type_text(&mut window, target.to_str().unwrap());
    press_with(&mut window, CTRL, Key::Enter);
    assert!(window.query_all_by_label_contains("It compares the same.").next().is_some());

    open_by_path(&mut window, &target);
    let slice = &pair(&window).analysis().comparison;
    assert_eq!(slice.verdict, comparison.verdict);
    assert_eq!(slice.causes[0].headline, comparison.causes[0].headline);
    let pack: serde_json::Value = serde_json::from_str(&fs::read_to_string(target.join("pack.json")).unwrap()).unwrap();
    assert_eq!(pack["slice"]["redacted"]["fields"], serde_json::json!(["name"]));
    let lines = ["expected.jsonl", "actual.jsonl"].map(|side| fs::read_to_string(target.join(side)).unwrap()).concat();
    assert!(lines.contains("redacted-1") && !lines.contains("reserve stock"), "{lines}");
}
