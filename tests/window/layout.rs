//! The panes of the window: moved, resized, closed, opened and reset by keys, by the palette and by the mouse; found by
//! accessible names.

use std::fs;
use std::path::Path;

use dettrace::app::folders::Folders;
use dettrace::app::layout::{LayoutCommand, Pane};
use dettrace::app::pair::{PairCommand, View};
use dettrace::app::state::Request;
use dettrace::app::table::TABLE;
use dettrace::app::{App, Command};
use egui::{Key, Modifiers, Pos2, Rect, Role, Vec2, vec2};
use egui_kittest::kittest::Queryable as _;

use super::{Window, click, open, open_at, pair, press, press_with, send, sized, type_into_palette};

const PACK: &str = "task-order-race";
const USUAL: [Pane; 4] = [Pane::Events, Pane::Inspector, Pane::State, Pane::Overview];

const ALT_SHIFT: Modifiers = Modifiers::ALT.plus(Modifiers::SHIFT);

/// Carries a command out as the palette does.
fn command(window: &mut Window<'_>, title: &str) {
    type_into_palette(window, title);
    press(window, Key::Enter);
}

/// The panes that are drawn, as they say themselves.
fn drawn(window: &Window<'_>) -> Vec<Pane> {
    Pane::ALL.into_iter().filter(|pane| place_of(window, *pane).is_some()).collect()
}

fn place_of(window: &Window<'_>, pane: Pane) -> Option<Rect> {
    let names = ["", ", has the focus"].map(|more| format!("{} pane{more}", pane.title()));
    names.iter().find_map(|name| window.query_by_label(name)).map(|node| node.rect())
}

fn place(window: &Window<'_>, pane: Pane) -> Rect {
    place_of(window, pane).unwrap_or_else(|| panic!("{} is not drawn: {:?}", pane.title(), drawn(window)))
}

/// Whole points, across and down.
fn size(window: &Window<'_>, pane: Pane) -> [i32; 2] {
    let size = place(window, pane).size();
    [size.x.round() as i32, size.y.round() as i32]
}

fn focus(window: &Window<'_>) -> Pane {
    let focused: Vec<Pane> = Pane::ALL
        .into_iter()
        .filter(|pane| window.query_by_label(&format!("{} pane, has the focus", pane.title())).is_some())
        .collect();
    assert_eq!(focused.len(), 1, "{focused:?}");
    focused[0]
}

fn drag(window: &mut Window<'_>, from: Pos2, to: Pos2) {
    carry(window, from, to);
    window.drop_at(to);
    window.run();
}

/// Drags without letting go.
fn carry(window: &mut Window<'_>, from: Pos2, to: Pos2) {
    window.hover_at(from);
    window.run();
    window.drag_at(from);
    window.run_steps(1);
    for share in [0.1, 0.5, 0.9, 1.0, 1.0] {
        window.hover_at(from.lerp(to, share));
        window.run_steps(1);
    }
}

fn tab(window: &Window<'_>, title: &str) -> Rect {
    window.get_by_role_and_label(Role::Tab, title).rect()
}

#[test]
fn the_usual_layout_has_its_tabs_its_panes_and_its_lines() {
    let window = open(PACK);
    assert_eq!(drawn(&window), USUAL);
    for title in ["Timeline", "Events", "Order", "Inspector"] {
        tab(&window, title);
    }
    for name in ["Between Events and Inspector", "Between Inspector and State"] {
        window.get_by_role_and_label(Role::Splitter, name);
    }
    assert_eq!(focus(&window), Pane::Events);
    assert!((tab(&window, "Events").bottom() - place(&window, Pane::Events).top()).abs() < 0.5);
    assert_eq!(size(&window, Pane::Inspector), [356, size(&window, Pane::Events)[1] - 65]);
}

#[test]
fn the_timeline_and_the_events_are_seen_together_and_share_selection_and_hover() {
    let mut window = open(PACK);
    command(&mut window, "Layout: timeline above events");
    assert_eq!(drawn(&window), [&[Pane::Timeline][..], &USUAL].concat());
    assert!(place(&window, Pane::Timeline).bottom() < place(&window, Pane::Events).top());
    assert_eq!((focus(&window), pair(&window).view()), (Pane::Timeline, View::Timeline));

    // One selection: a step in one is seen in the other, and each keeps the height that it has.
    press(&mut window, Key::Num2);
    assert_eq!((focus(&window), pair(&window).view()), (Pane::Events, View::Events));
    press(&mut window, Key::N);
    let row = pair(&window).selection().unwrap().row;
    assert!(window.query_all_by_label_contains(&format!("row {},", row + 1)).count() >= 1);
    assert_eq!(pair(&window).scroller().viewport().round() as i32, size(&window, Pane::Events)[1] - 56);
    assert_eq!(pair(&window).timeline().viewport().round() as i32, size(&window, Pane::Timeline)[1] - 28);

    // Keys of the timeline work while the focus is on the events.
    let before = pair(&window).timeline().range();
    press(&mut window, Key::W);
    assert_ne!(pair(&window).timeline().range(), before);

    // What the pointer is over in one is marked in the other, and nothing is left behind: the window comes to rest.
    window.hover_at(place(&window, Pane::Events).center());
    window.run();
    assert!(pair(&window).hover().is_some());
    window.hover_at(place(&window, Pane::Inspector).center());
    window.run();
    assert_eq!(pair(&window).hover(), None);
    let delay = window.output().viewport_output.values().map(|viewport| viewport.repaint_delay).min();
    assert!(delay.is_some_and(|delay| delay > std::time::Duration::from_mins(1)), "{delay:?}");
}

#[test]
fn the_keyboard_walks_moves_resizes_closes_and_resets() {
    let mut window = open(PACK);
    press(&mut window, Key::F6);
    assert_eq!(focus(&window), Pane::Inspector);
    window.get_by_label("Inspector has the focus.");
    press_with(&mut window, Modifiers::SHIFT, Key::F6);
    assert_eq!(focus(&window), Pane::Events);

    press(&mut window, Key::Num1);
    press_with(&mut window, ALT_SHIFT, Key::ArrowDown);
    assert!(place(&window, Pane::Timeline).top() > place(&window, Pane::Events).bottom());
    press_with(&mut window, ALT_SHIFT, Key::ArrowUp);
    press_with(&mut window, ALT_SHIFT, Key::ArrowUp);
    assert!(place(&window, Pane::Timeline).bottom() < place(&window, Pane::Events).top());
    press_with(&mut window, ALT_SHIFT, Key::ArrowLeft);
    assert!(place(&window, Pane::Timeline).right() < place(&window, Pane::Events).left());
    press_with(&mut window, ALT_SHIFT, Key::ArrowRight);
    assert_eq!(drawn(&window), [&[Pane::Timeline][..], &USUAL[1..]].concat(), "it is a tab again, in front");

    let [before, _] = size(&window, Pane::Timeline);
    press_with(&mut window, Modifiers::ALT, Key::Period);
    assert_eq!(size(&window, Pane::Timeline)[0], before + 32);
    press_with(&mut window, Modifiers::ALT, Key::Comma);
    assert_eq!(size(&window, Pane::Timeline)[0], before);

    press_with(&mut window, Modifiers::ALT, Key::W);
    assert!(window.query_by_role_and_label(Role::Tab, "Timeline").is_none());
    window.get_by_label_contains("Timeline is closed");
    press(&mut window, Key::Num1);
    tab(&window, "Timeline");

    press(&mut window, Key::O);
    assert_eq!(place_of(&window, Pane::Overview), None);
    press_with(&mut window, Modifiers::ALT, Key::Num0);
    assert_eq!(drawn(&window), USUAL);
    press(&mut window, Key::F6);
    press(&mut window, Key::F6);
    press(&mut window, Key::F6);
    press_with(&mut window, ALT_SHIFT, Key::ArrowDown);
    window.get_by_label("Overview is at the lower edge.");
}

#[test]
fn each_pane_closes_and_opens_by_its_key_and_its_cross() {
    let mut window = open(PACK);
    for (modifiers, key, pane) in [
        (Modifiers::NONE, Key::I, Pane::Inspector),
        (Modifiers::NONE, Key::O, Pane::Overview),
        (Modifiers::SHIFT, Key::T, Pane::State),
    ] {
        for seen in [false, true] {
            press_with(&mut window, modifiers, key);
            assert_eq!(place_of(&window, pane).is_some(), seen, "{}", pane.title());
        }
    }
    for (modifiers, key, pane) in [
        (Modifiers::NONE, Key::C, Pane::Causes),
        (Modifiers::NONE, Key::Quote, Pane::Bookmarks),
        (Modifiers::NONE, Key::F8, Pane::Spec),
    ] {
        for seen in [true, false] {
            press_with(&mut window, modifiers, key);
            assert_eq!(place_of(&window, pane).is_some(), seen, "{}", pane.title());
        }
    }
    // The state's own keys bring its pane back.
    press_with(&mut window, Modifiers::SHIFT, Key::T);
    press(&mut window, Key::T);
    assert!(place(&window, Pane::State).height() > 100.0 && pair(&window).transport().state_open());

    window.hover_at(tab(&window, "Order").center());
    window.run();
    click(&mut window, "Close Order");
    assert!(window.query_by_role_and_label(Role::Tab, "Order").is_none());
    press(&mut window, Key::Num3);
    assert_eq!(pair(&window).view(), View::Order);

    // A list that is open behind another tab comes to the front; Escape closes it.
    press(&mut window, Key::F8);
    window.get_by_role_and_label(Role::Tab, "Inspector").click();
    window.run();
    assert!(place_of(&window, Pane::Spec).is_none() && window.state().state.layout.is_open(Pane::Spec));
    press(&mut window, Key::F8);
    place(&window, Pane::Spec);
    press(&mut window, Key::Escape);
    assert!(
        window.query_by_role_and_label(Role::Tab, "Comparison spec").is_none()
            && !window.state().state.layout.is_open(Pane::Spec)
    );
}

#[test]
fn every_command_of_the_menu_is_carried_out_and_leaves_a_window_that_can_be_drawn() {
    let mut window = open_at([1280.0, 800.0], &[Path::new("fixtures").join(PACK)]);
    for entry in TABLE.iter().filter(|entry| matches!((entry.command)(), Command::Layout(_))) {
        assert!(entry.enabled(&window.state().state).is_ok(), "{}", entry.id);
        window.state_mut().push((entry.command)());
        window.run();
    }
    assert_eq!(drawn(&window), Pane::ALL, "the last one shows everything");
    for pane in Pane::ALL {
        let rect = place(&window, pane);
        assert!(rect.width() >= 100.0 && rect.height() >= 32.0, "{}: {rect:?}", pane.title());
        window.state_mut().push(Command::Layout(LayoutCommand::Close(pane)));
    }
    window.run();
    assert_eq!(drawn(&window), []);
    window.get_by_label_contains("Every pane is closed. Reset the layout (Alt+0)");
    press_with(&mut window, Modifiers::ALT, Key::Num0);
    assert_eq!(drawn(&window), USUAL);
}

#[test]
fn a_tab_is_dragged_beside_another_pane_and_back_among_the_tabs() {
    let mut window = open(PACK);
    let events = place(&window, Pane::Events);
    let from = tab(&window, "Timeline").center();
    drag(&mut window, from, events.center() - Vec2::Y * events.height() * 0.3);
    assert_eq!(drawn(&window), [&[Pane::Timeline][..], &USUAL].concat());
    let timeline = place(&window, Pane::Timeline);
    assert!(timeline.bottom() < place(&window, Pane::Events).top());
    assert_eq!(size(&window, Pane::Timeline)[0], events.width().round() as i32);
    assert_eq!(focus(&window), Pane::Timeline);
    let (from, to) = (tab(&window, "Timeline").center(), tab(&window, "Events").left_center() + vec2(2.0, 0.0));
    drag(&mut window, from, to);
    assert!(place_of(&window, Pane::Events).is_none(), "it is in front of the events again");
    let tabs = ["Timeline", "Events", "Order"].map(|title| tab(&window, title).left());
    assert!(tabs.is_sorted(), "{tabs:?}");

    // Escape lets it go where it was, and closes nothing else.
    press(&mut window, Key::C);
    let (from, to) = (tab(&window, "Order").center(), place(&window, Pane::Inspector).center());
    carry(&mut window, from, to);
    press(&mut window, Key::Escape);
    window.drop_at(to);
    window.run();
    assert_eq!(drawn(&window).len(), USUAL.len() + 1);
    assert!(window.state().state.layout.is_open(Pane::Causes));
}

#[test]
fn a_pane_without_a_tab_is_dragged_by_its_heading_and_a_line_resizes() {
    let mut window = open(PACK);
    let (overview, events) = (place(&window, Pane::Overview), place(&window, Pane::Events));
    window.get_by_label("Handle of Overview");
    let to = events.center() + vec2(-0.42 * events.width(), 0.0);
    drag(&mut window, overview.left_top() + vec2(40.0, 8.0), to);
    assert!(place(&window, Pane::Overview).right() < place(&window, Pane::Events).left());
    press_with(&mut window, Modifiers::ALT, Key::Num0);

    let line = window.get_by_role_and_label(Role::Splitter, "Between Events and Inspector").rect().center();
    drag(&mut window, line, line - vec2(80.0, 0.0));
    assert_eq!(size(&window, Pane::Inspector)[0], 436);
    drag(&mut window, line - vec2(80.0, 0.0), line + vec2(700.0, 0.0));
    assert_eq!(size(&window, Pane::Inspector)[0], 248, "no less than its fields can live with");
}

#[test]
fn a_click_gives_a_pane_the_focus_and_moves_nothing() {
    let mut window = open(PACK);
    let overview = place(&window, Pane::Overview);
    for at in [overview.center(), overview.left_top() + vec2(40.0, 8.0)] {
        window.hover_at(at);
        window.run();
        window.drag_at(at);
        window.run();
        window.drop_at(at);
        window.run();
        assert_eq!(focus(&window), Pane::Overview);
        assert_eq!(place(&window, Pane::Overview), overview);
    }
    window.get_by_role_and_label(Role::Tab, "Events").click();
    window.run();
    assert_eq!(focus(&window), Pane::Events);
}

#[test]
fn narrow_and_low_windows_keep_what_matters() {
    let mut window = open_at([600.0, 440.0], &[Path::new("fixtures").join(PACK)]);
    assert_eq!(drawn(&window), [Pane::Events]);
    command(&mut window, "Layout: timeline above events");
    assert_eq!(drawn(&window), [Pane::Timeline], "{:?}", pair(&window).view());
    press(&mut window, Key::Num2);
    assert_eq!(drawn(&window), [Pane::Events]);
}

#[test]
fn the_layout_is_there_again_after_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let folders = || Some(Folders::inside(home.path()));
    let mut window = restarted(folders());
    press(&mut window, Key::Num1);
    press_with(&mut window, ALT_SHIFT, Key::ArrowUp);
    press_with(&mut window, Modifiers::ALT, Key::Period);
    press(&mut window, Key::C);
    let before: Vec<(Pane, Rect)> = drawn(&window).into_iter().map(|pane| (pane, place(&window, pane))).collect();
    assert_eq!(before.len(), 6);
    window.state_mut().save();
    drop(window);

    let mut window = restarted(folders());
    let after: Vec<(Pane, Rect)> = drawn(&window).into_iter().map(|pane| (pane, place(&window, pane))).collect();
    assert_eq!(after, before);
    assert!(window.state().state.layout.is_open(Pane::Causes));
    // Reset, nothing is kept, and the file is as files were before there were panes.
    press_with(&mut window, Modifiers::ALT, Key::Num0);
    window.state_mut().save();
    let text = fs::read_to_string(folders().unwrap().state.join("session.json")).unwrap();
    assert!(!text.contains("layout"), "{text}");
}

#[test]
fn a_layout_that_makes_no_sense_is_said_and_the_usual_one_is_shown() {
    let home = tempfile::tempdir().unwrap();
    let folders = Folders::inside(home.path());
    fs::create_dir_all(&folders.state).unwrap();
    let twice = r#"{"root": {"tabs": {"panes": ["events", "events"], "shown": "events"}}, "closed": []}"#;
    let text = format!(r#"{{ "version": 1, "path_field": "/half/typed", "layout": {twice} }}"#);
    fs::write(folders.state.join("session.json"), text).unwrap();
    let window = restarted(Some(folders));
    let said =
        "The layout of the panes that was kept makes no sense: Events is in it twice. The usual layout is shown.";
    assert!(window.query_all_by_label(said).next().is_some());
    assert_eq!(drawn(&window), USUAL);
    assert_eq!(window.state().state.path_field, "/half/typed", "the rest of the file holds");
}

/// A window of a program that was started anew, when the pack is open: it is read on a thread of its own.
fn restarted<'a>(folders: Option<Folders>) -> Window<'a> {
    let mut app = App::new(folders);
    app.push(Command::Open(Request::paths([Path::new("fixtures").join(PACK)])));
    let mut window = sized([1280.0, 800.0], app);
    for _ in 0..600 {
        if window.state().state.pair().is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
        window.run_steps(1);
    }
    send(&mut window, PairCommand::Hover(None));
    window
}
