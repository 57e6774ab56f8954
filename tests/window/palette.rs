//! The palette over more than commands.

use dettrace::app::pair::View;
use dettrace::app::state::Page;
use dettrace::trace::Side;
use egui::Key;
use egui_kittest::kittest::Queryable as _;

use super::{Window, names, open, pair, press, row, type_into_palette};

/// What the foot says that Enter does.
fn foot(window: &Window<'_>) -> String {
    let found = names(window, "Enter: ");
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0].clone()
}

#[test]
fn a_lane_is_shown_in_the_timeline_whatever_hides_it() {
    let mut window = open("task-order-race");
    let lanes = pair(&window).lanes().list();
    let (at, lane) = lanes.iter().enumerate().find(|(_, lane)| lane.name == "queue:intake").unwrap();
    let differs = lane.differences > 0;
    assert!(differs, "the fixture no longer differs on its queue");
    // Everything is hidden by a filter of lanes, and the group is folded.
    for command in [
        dettrace::app::pair::TimelineCommand::Filter("no such lane".to_owned()),
        dettrace::app::pair::TimelineCommand::ToggleGroup(Some(lane.group)),
    ] {
        window.state_mut().push(dettrace::app::pair::PairCommand::Timeline(command));
    }
    window.run();
    type_into_palette(&mut window, "queue:intake");
    window.get_by_label_contains("LANES");
    assert!(foot(&window).contains("Shows this lane in the timeline"), "{}", foot(&window));
    press(&mut window, Key::Enter);
    assert_eq!(pair(&window).view(), View::Timeline);
    let seen = pair(&window).timeline().visible();
    let lane = dettrace::app::pair::LaneLine::Lane(at as u32);
    assert!(seen.iter().any(|(line, _)| *line == lane), "{seen:?}");
    let (side, event) = pair(&window).selected_event().unwrap();
    assert!(pair(&window).analysis().lanes(side, event).contains(&"queue:intake"));
    assert!(pair(&window).rows().differences().contains(&row(&window)), "what differs on it was not selected");
}

#[test]
fn an_anchor_selects_its_event_and_says_what_is_wrong_with_it() {
    let mut window = open("task-order-race");
    let lane = pair(&window).analysis().lanes(Side::Actual, 5)[0].to_owned();
    type_into_palette(&mut window, &format!("actual:5@{lane}"));
    assert!(foot(&window).starts_with("Enter: Selects "), "{}", foot(&window));
    press(&mut window, Key::Enter);
    assert_eq!(pair(&window).selected_event(), Some((Side::Actual, 5)));
    let before = row(&window);
    for (typed, why) in [("actual:5@no:lane", "not on that lane"), ("expected:99999999", "no such event")] {
        type_into_palette(&mut window, typed);
        window.get_by_label("NOT NOW");
        assert!(foot(&window).contains(why), "{}", foot(&window));
        press(&mut window, Key::Enter);
        assert_eq!(row(&window), before, "{typed} selected something");
        press(&mut window, Key::Escape);
    }
}

#[test]
fn a_kind_offers_its_first_next_and_first_differing_event() {
    let mut window = open("task-order-race");
    let kind = "TASK_DEQUEUED";
    let of_kind = |window: &Window<'_>, row: u32| {
        let cells = pair(window).rows().get(row);
        let analysis = pair(window).analysis();
        Side::BOTH.into_iter().any(|side| cells.event(side).is_some_and(|event| analysis.kind(side, event) == kind))
    };
    let rows: Vec<u32> = (0..pair(&window).rows().len()).filter(|&row| of_kind(&window, row)).collect();
    let differing = *rows.iter().find(|row| pair(&window).rows().differences().contains(row)).unwrap();
    type_into_palette(&mut window, kind);
    for place in ["First", "Next", "First differing"] {
        window.get_by_label(&format!("{place} {kind}"));
    }
    window.get_by_label(&format!("First {kind}")).click();
    window.run();
    assert_eq!(row(&window), rows[0]);
    for next in rows[1..].iter().chain([&rows[0]]) {
        type_into_palette(&mut window, &format!("next {kind}"));
        press(&mut window, Key::Enter);
        assert_eq!(row(&window), *next);
    }
    type_into_palette(&mut window, &format!("first differing {kind}"));
    press(&mut window, Key::Enter);
    assert_eq!(row(&window), differing);
}

#[test]
fn causes_and_recent_packs_are_found_too() {
    let mut window = open("task-order-race");
    let cause = pair(&window).analysis().comparison.causes[0].clone();
    press(&mut window, Key::Home);
    type_into_palette(&mut window, "cause 1");
    window.get_by_label("CAUSES");
    window.get_by_label(&format!("Cause 1: {}", cause.headline)).click();
    window.run();
    assert_eq!(row(&window), cause.row);

    let title = window.state().state.recents.as_slice()[0].title.clone();
    window.state_mut().push(dettrace::app::Command::Home);
    window.run();
    type_into_palette(&mut window, &format!("open {title}"));
    window.get_by_label("RECENT PACKS");
    press(&mut window, Key::Enter);
    assert!(matches!(window.state().state.front().page, Page::Pair(_)));
}

#[test]
fn groups_have_captions_and_arrows_pass_over_them() {
    let mut window = open("task-order-race");
    type_into_palette(&mut window, "task");
    let mut said = Vec::new();
    for _ in 0..40 {
        said.push(foot(&window));
        press(&mut window, Key::ArrowDown);
    }
    said.dedup();
    for words in ["Selects the first TASK_", "Shows this lane"] {
        assert!(said.iter().any(|foot| foot.contains(words)), "{words} is not in {said:#?}");
    }
}

#[test]
fn bookmarks_are_found_by_their_event_and_by_their_note() {
    let mut window = open("task-order-race");
    let first = row(&window);
    window.key_press_modifiers(egui::Modifiers::ALT, Key::M);
    window.run();
    window.get_by_label("Note of bookmark 1").type_text("A **zebra** here.");
    window.run();
    press(&mut window, Key::Escape);
    press(&mut window, Key::Escape);
    for typed in ["bookmark TASK_DEQUEUED", "zebra"] {
        press(&mut window, Key::Home);
        assert_ne!(row(&window), first);
        type_into_palette(&mut window, typed);
        window.get_by_label("BOOKMARKS");
        assert_eq!(foot(&window), "Enter: A **zebra** here. · Selects its row.");
        press(&mut window, Key::Enter);
        assert_eq!(row(&window), first, "{typed}");
    }
}

#[test]
fn a_number_is_an_event_of_either_side() {
    let mut window = open("task-order-race");
    for (downs, side) in [(0, Side::Actual), (1, Side::Expected)] {
        type_into_palette(&mut window, "7");
        assert_eq!(window.query_all_by_label("EVENT").count(), 1);
        (0..downs).for_each(|_| press(&mut window, Key::ArrowDown));
        press(&mut window, Key::Enter);
        let row = pair(&window).rows().get(row(&window));
        assert_eq!(row.event(side), Some(7));
    }
}
