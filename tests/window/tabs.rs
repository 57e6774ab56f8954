//! Several packs in one window, driven by keys and accessible names.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dettrace::app::folders::Folders;
use dettrace::app::pair::PairCommand;
use dettrace::app::state::Page;
use dettrace::app::{App, Command};
use egui::{Key, Modifiers, PointerButton, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::{Window, press_with, sized, type_into_palette, window};

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);
const THREE: [&str; 3] = ["task-order-race", "legal-reordering", "retry-storm"];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// A window in which these fixtures were opened, one after the other.
fn open<'a>(mut app: App, fixtures: &[&str]) -> Window<'a> {
    for name in fixtures {
        app.open([fixture(name)]);
    }
    sized([1280.0, 800.0], app)
}

/// What is said of the tabs in the strip, and which of them is selected.
fn strip(window: &Window<'_>) -> Vec<(String, bool)> {
    let tabs = window.query_all_by_role(Role::Tab).map(|node| {
        let node = node.accesskit_node();
        (node.label().unwrap_or_default(), node.is_selected() == Some(true))
    });
    tabs.filter(|(name, _)| name.starts_with("tab ")).collect()
}

/// The place of the tab in front, as the strip says it, from 1.
fn front(window: &Window<'_>) -> usize {
    let strip = strip(window);
    assert_eq!(strip.iter().filter(|(_, selected)| *selected).count(), 1, "{strip:?}");
    strip.iter().position(|(_, selected)| *selected).unwrap() + 1
}

/// What is open in the tabs, by the names of the packs.
fn packs(window: &Window<'_>) -> Vec<String> {
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let tabs = window.state().state.tabs.iter();
    tabs.map(|tab| tab.wanted().map_or_else(|| "home".to_owned(), |wanted| name(&wanted.paths[0]))).collect()
}

#[test]
fn one_pack_has_no_strip_and_every_further_one_a_tab_with_its_verdict() {
    let mut window = open(App::in_place(), &THREE[..1]);
    assert!(strip(&window).is_empty() && window.query_by_label("New tab").is_none());
    for name in &THREE[1..] {
        window.state_mut().open([fixture(name)]);
    }
    window.run();
    let said: Vec<String> = strip(&window).into_iter().map(|(name, _)| name).collect();
    let titles = window.state().state.tabs.titles();
    let verdicts = ["diverged", "equivalent", "diverged"];
    let expected: Vec<String> =
        (0..3).map(|at| format!("tab {} of 3: {}, {}", at + 1, titles[at], verdicts[at])).collect();
    assert_eq!(said, expected);
    assert_eq!(front(&window), 3);
}

#[test]
fn keys_go_from_tab_to_tab() {
    let mut window = open(App::in_place(), &THREE);
    for (modifiers, key, place) in [
        (CTRL, Key::Tab, 1),
        (CTRL, Key::Tab, 2),
        (CTRL_SHIFT, Key::Tab, 1),
        (CTRL, Key::PageUp, 3),
        (CTRL, Key::PageDown, 1),
        (Modifiers::ALT, Key::Num2, 2),
        (Modifiers::ALT, Key::Num9, 3),
        (Modifiers::ALT, Key::Num1, 1),
        (Modifiers::ALT, Key::Num8, 1),
    ] {
        press_with(&mut window, modifiers, key);
        assert_eq!(front(&window), place, "{modifiers:?} {key:?}");
    }
    window.get_by_label("Search both sides").focus();
    window.run();
    press_with(&mut window, CTRL, Key::Tab);
    assert_eq!(front(&window), 2, "a text field keeps the key");
    assert!(window.ctx.memory(|memory| memory.focused().is_none()), "typing goes on in another tab");
}

#[test]
fn tabs_one_to_eight_have_a_key_each() {
    let mut app = App::in_place();
    for name in ["cascading-timeouts", "duplicate-ack", "failover-edge", "gpio-interrupt-race", "two-faults"] {
        app.open([fixture(name)]);
    }
    let mut window = open(app, &THREE);
    let keys = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8];
    for (key, place) in keys.into_iter().zip(1..) {
        press_with(&mut window, Modifiers::ALT, key);
        assert_eq!(front(&window), place);
    }
}

#[test]
fn tabs_are_opened_closed_reopened_and_moved_by_keys() {
    let mut window = open(App::in_place(), &THREE);
    press_with(&mut window, CTRL_SHIFT, Key::PageUp);
    assert_eq!(packs(&window), [THREE[0], THREE[2], THREE[1]]);
    press_with(&mut window, CTRL_SHIFT, Key::PageDown);
    press_with(&mut window, CTRL, Key::T);
    assert_eq!(packs(&window), [THREE[0], THREE[1], THREE[2], "home"]);
    assert!(window.get_by_label("Path of a pack, or of expected and actual").is_focused());
    press_with(&mut window, CTRL, Key::W);
    press_with(&mut window, Modifiers::ALT, Key::Num2);
    press_with(&mut window, CTRL, Key::W);
    assert_eq!((packs(&window), front(&window)), (vec![THREE[0].to_owned(), THREE[2].to_owned()], 2));
    press_with(&mut window, CTRL_SHIFT, Key::T);
    assert_eq!((packs(&window), front(&window)), (THREE.map(str::to_owned).to_vec(), 2));
    for _ in 0..3 {
        press_with(&mut window, CTRL, Key::W);
    }
    assert_eq!(packs(&window), ["home"]);
    window.get_by_label("Open sample: Retry storm");
}

#[test]
fn the_mouse_shows_closes_moves_and_opens_tabs() {
    let mut window = open(App::in_place(), &THREE);
    window.get_by_label_contains("tab 1 of 3").click();
    window.run();
    assert_eq!(front(&window), 1);
    window.get_by_label_contains("tab 3 of 3").click_button(PointerButton::Middle);
    window.run();
    assert_eq!(packs(&window), &THREE[..2], "the middle button does not close");
    let (from, to) = ["tab 1 of 2", "tab 2 of 2"].map(|tab| window.get_by_label_contains(tab).rect().center()).into();
    // Past the middle of the other one.
    let to = to + egui::vec2(20.0, 0.0);
    window.drag_at(from);
    window.run();
    for share in [0.3, 0.6, 1.0] {
        window.hover_at(from.lerp(to, share));
        window.run();
    }
    window.drop_at(to);
    window.run();
    assert_eq!((packs(&window), front(&window)), (vec![THREE[1].to_owned(), THREE[0].to_owned()], 2));
    window.get_by_label_contains("Close tab 2: ").click();
    window.run();
    assert_eq!(packs(&window), [THREE[1]]);
    press_with(&mut window, CTRL, Key::T);
    window.get_by_label("New tab").click();
    window.run();
    assert_eq!(packs(&window), [THREE[1], "home", "home"]);
}

#[test]
fn a_sample_that_is_open_comes_to_the_front_and_a_drop_gets_a_tab() {
    let mut window = window(App::in_place());
    for (sample, tabs) in [("Retry storm", 1), ("Interrupt race", 2), ("Retry storm", 2)] {
        if window.state().state.pair().is_some() {
            press_with(&mut window, CTRL, Key::T);
        }
        window.get_by_label(&format!("Open sample: {sample}")).click();
        window.run();
        assert!(window.state().state.pair().is_some());
        assert_eq!(window.state().state.tabs.len(), tabs, "{sample}");
    }
    assert_eq!(front(&window), 1);
    let paths = vec![fixture("two-faults")];
    window.state_mut().push(Command::Drop(paths, None));
    window.run();
    assert_eq!((window.state().state.tabs.len(), front(&window)), (3, 3));
}

#[test]
fn every_tab_keeps_its_own_place_and_search() {
    let mut window = open(App::in_place(), &THREE);
    press_with(&mut window, Modifiers::NONE, Key::End);
    window.state_mut().push(PairCommand::Search("dns".to_owned()));
    window.run();
    let seen = |window: &Window<'_>| window.state().state.pair().unwrap().saved_place();
    let third = seen(&window);
    press_with(&mut window, Modifiers::ALT, Key::Num1);
    assert_eq!(window.get_by_label("Search both sides").value().unwrap_or_default(), "");
    press_with(&mut window, Modifiers::NONE, Key::Num1);
    press_with(&mut window, Modifiers::NONE, Key::N);
    press_with(&mut window, Modifiers::ALT, Key::Num3);
    assert_eq!(seen(&window), third);
    assert_eq!(window.get_by_label("Search both sides").value().as_deref(), Some("dns"));
}

#[test]
fn the_palette_and_the_menu_list_what_is_open() {
    let mut window = open(App::in_place(), &THREE);
    let first = window.state().state.tabs.titles().swap_remove(0);
    type_into_palette(&mut window, &format!("go to {first}"));
    window.get_by_label("OPEN PACKS");
    window.get_by_label("Enter: Brings tab 1 of 3 to the front: diverged.");
    press_with(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(front(&window), 1);
    window.get_by_label("Window").click();
    window.run();
    window.get_by_label_contains("Move tab right").click();
    window.run();
    assert_eq!(packs(&window), [THREE[1], THREE[0], THREE[2]]);
}

#[test]
fn many_tabs_scroll_and_the_front_one_is_always_seen() {
    let mut app = App::in_place();
    app.open([fixture("task-order-race")]);
    let mut window = sized([900.0, 600.0], app);
    for _ in 0..11 {
        press_with(&mut window, CTRL, Key::T);
    }
    let seen = |window: &Window<'_>, place: usize| {
        let rect = window.get_by_label_contains(&format!("tab {place} of 12")).rect();
        rect.left() >= 0.0 && rect.right() <= 900.0
    };
    assert!(seen(&window, 12) && !seen(&window, 1));
    press_with(&mut window, Modifiers::ALT, Key::Num1);
    assert!(seen(&window, 1) && !seen(&window, 12));
    window.get_by_label("All 12 tabs").click();
    window.run();
    window.get_by_label_contains("Go to tab 12 of 12").click();
    window.run();
    assert!(front(&window) == 12 && seen(&window, 12));
}

#[test]
fn a_failure_stays_in_its_tab() {
    let mut window = open(App::in_place(), &THREE[..2]);
    window.state_mut().open([PathBuf::from("/no/such/pack")]);
    window.run();
    window.get_by_label("tab 3 of 3: pack, could not be opened");
    press_with(&mut window, Modifiers::ALT, Key::Num1);
    assert!(window.state().state.pair().is_some());
    press_with(&mut window, Modifiers::ALT, Key::Num3);
    let home = window.query_all_by_label("Home").last().expect("the page of a failure has no way home");
    home.click();
    window.run();
    assert_eq!(packs(&window)[2], "home");
}

#[test]
fn the_window_opens_again_with_its_tabs() {
    let home = tempfile::tempdir().unwrap();
    let folders = Folders::inside(home.path());
    let mut first = open(App::new(Some(folders.clone())), &THREE);
    let start = Instant::now();
    let loaded = |window: &Window<'_>| window.state().state.tabs.iter().all(|tab| tab.loading.is_none());
    while !loaded(&first) {
        assert!(start.elapsed().as_secs() < 20);
        std::thread::sleep(Duration::from_millis(5));
        first.step();
    }
    press_with(&mut first, Modifiers::ALT, Key::Num2);
    first.state_mut().save();
    let mut second = window(App::new(Some(folders)));
    while second.state().state.pair().is_none() {
        assert!(start.elapsed().as_secs() < 20);
        std::thread::sleep(Duration::from_millis(5));
        second.step();
    }
    second.run();
    assert_eq!((packs(&second), front(&second)), (THREE.map(str::to_owned).to_vec(), 2));
    let title = second.state().state.tabs.titles().swap_remove(0);
    second.get_by_label(&format!("tab 1 of 3: {title}, not read yet"));
    assert!(matches!(second.state().state.front().page, Page::Pair(_)));
}

#[test]
fn the_first_new_breakpoint_of_every_pack_is_typed_at_once() {
    let mut window = open(App::in_place(), &THREE[..2]);
    let texts = |window: &Window<'_>| -> Vec<String> {
        super::pair(window).transport().breakpoints().iter().map(ToString::to_string).collect()
    };
    let types = |window: &mut Window<'_>, text: &str| {
        // To whom has the keyboard, whoever that is.
        window.event(egui::Event::Text(text.to_owned()));
        window.run();
    };
    for typed in ["kind:first", "kind:second"] {
        if super::names(&window, "List of breakpoints, closed").len() == 1 {
            super::click(&mut window, "List of breakpoints, closed");
        }
        super::click(&mut window, "New breakpoint");
        types(&mut window, typed);
        press_with(&mut window, Modifiers::NONE, Key::Enter);
        assert_eq!(texts(&window), [typed]);
        press_with(&mut window, CTRL, Key::Tab);
    }
    // Both fields open at once, each in its tab.
    for typed in ["kind:third", "kind:fourth"] {
        super::click(&mut window, "New breakpoint");
        types(&mut window, typed);
        press_with(&mut window, CTRL, Key::Tab);
    }
    press_with(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(texts(&window).len(), 2);
    // Another pack in the same tab begins anew too.
    let mut window = open(App::in_place(), &THREE[..1]);
    super::click(&mut window, "List of breakpoints, closed");
    super::click(&mut window, "New breakpoint");
    types(&mut window, "kind:x");
    press_with(&mut window, Modifiers::NONE, Key::Enter);
    window.state_mut().push(Command::Open(dettrace::app::state::Request::paths([fixture("retry-storm")])));
    window.run();
    if super::names(&window, "List of breakpoints, closed").len() == 1 {
        super::click(&mut window, "List of breakpoints, closed");
    }
    super::click(&mut window, "New breakpoint");
    types(&mut window, "kind:y");
    press_with(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(texts(&window), ["kind:y"]);
}
