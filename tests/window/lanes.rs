//! The lanes of the timeline: what stands beside their names, and which are shown.

use std::path::Path;

use dettrace::app::pair::{BookmarkCommand, LaneCommand, LaneLine, PairCommand, TimelineCommand};
use egui::{Key, Modifiers, Pos2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::{SIZE, Window, click, name, names, open, open_at, pair, press, press_with, send, type_into_palette};

#[test]
fn where_nothing_was_compared_no_lane_is_equal_or_different() {
    let alone = Path::new("fixtures/task-order-race/actual.jsonl");
    let apart = Path::new("fixtures/incomparable-pair");
    for path in [alone, apart] {
        let mut window = open_at(SIZE, &[path]);
        press(&mut window, Key::Num1);
        let lanes = names(&window, "lane ");
        assert!(!lanes.is_empty());
        for lane in &lanes {
            assert!(lane.contains(" actual events") && !lane.contains("difference"), "{}: {lane}", path.display());
        }
    }
    let mut window = open_at(SIZE, &[Path::new("fixtures/task-order-race")]);
    press(&mut window, Key::Num1);
    assert!(names(&window, "lane ").iter().all(|lane| lane.contains("difference")));
}

#[test]
fn where_nothing_was_compared_no_row_is_missing_or_extra() {
    let mut window = open("incomparable-pair");
    let rows: Vec<String> = names(&window, "row ").into_iter().filter(|name| name.contains(", ")).collect();
    assert!(rows.len() > 10, "{rows:#?}");
    for row in &rows {
        assert!(row.contains(", not compared, "), "{row}");
        assert!(!["missing", "extra", "changed"].iter().any(|word| row.contains(word)), "{row}");
    }
    window.get_by_label_contains("SELECTED · row 1 · not compared");
    window.get_by_label("Nothing was compared, so that nothing is known of it.");
    press(&mut window, Key::Num1);
    for event in names(&window, "expected #").into_iter().chain(names(&window, "actual #")) {
        assert!(!event.contains("missing") && !event.contains("extra"), "{event}");
    }
    press(&mut window, Key::Num3);
    let rows: Vec<String> = names(&window, "row ").into_iter().filter(|name| name.contains(", ")).collect();
    assert!(!rows.is_empty() && rows.iter().all(|row| row.contains(", not compared")), "{rows:#?}");
}

fn shown(window: &Window<'_>) -> u32 {
    pair(window).timeline().lanes_shown()
}

#[test]
fn lanes_are_filtered_by_typing_wherever_the_field_stands() {
    for size in [SIZE, [1000.0, 700.0], [800.0, 600.0]] {
        let mut window = open_at(size, &[Path::new("fixtures/task-order-race")]);
        press(&mut window, Key::Num1);
        let all = shown(&window);
        press_with(&mut window, Modifiers::ALT, Key::L);
        window.get_by_label("Filter lanes").type_text("queue");
        window.run();
        assert_eq!(pair(&window).timeline().filter(), "queue", "{size:?}");
        assert!(shown(&window) > 0 && shown(&window) < all);
        press(&mut window, Key::Escape);
        press(&mut window, Key::Escape);
        assert_eq!(pair(&window).timeline().filter(), "queue", "closing the menu leaves the filter");
        // The button says that lanes are left out, and its menu has them all again.
        if size[0] > 800.0 {
            let button = name(&window, "lanes: ");
            assert!(button.ends_with("filtered by queue"), "{button}");
            press(&mut window, Key::L);
            let button = name(&window, "lanes: ");
            assert!(button.ends_with("only those that differ, filtered by queue"), "{button}");
            click(&mut window, &button);
            click(&mut window, "All lanes");
        } else {
            // Without room for the button the heading of the lanes says so, and shows them again.
            click(&mut window, "Show all lanes again");
        }
        let timeline = pair(&window).timeline();
        assert_eq!((shown(&window), timeline.filter(), timeline.only_differing()), (all, "", false), "{size:?}");
        assert!(names(&window, "Show all lanes again").is_empty());
    }
}

#[test]
fn the_palette_brings_the_field_that_lanes_are_filtered_by() {
    let mut window = open_at([1000.0, 700.0], &[Path::new("fixtures/task-order-race")]);
    press(&mut window, Key::Num1);
    type_into_palette(&mut window, "filter lanes");
    press(&mut window, Key::Enter);
    window.get_by_label("Filter lanes").type_text("worker");
    window.run();
    assert_eq!(pair(&window).timeline().filter(), "worker");
}

/// A window on the timeline of a pair.
fn timeline<'a>(pack: &str) -> Window<'a> {
    let mut window = open(pack);
    press(&mut window, Key::Num1);
    window
}

/// The names of the lanes that are shown, in their order.
fn lanes(window: &Window<'_>) -> Vec<String> {
    let lines = pair(window).timeline().lines().iter();
    let name = |line: &LaneLine| match line {
        LaneLine::Lane(lane) => Some(pair(window).lanes().list()[*lane as usize].name.clone()),
        LaneLine::Group(..) => None,
    };
    lines.filter_map(name).collect()
}

/// Those of one group.
fn tasks(window: &Window<'_>) -> Vec<String> {
    lanes(window).into_iter().filter(|name| name.starts_with("task:")).collect()
}

fn middle(window: &Window<'_>, lane: &str) -> Pos2 {
    window.get_by_label(&name(window, &format!("lane {lane},"))).rect().center()
}

/// Takes a lane by its name and holds it where `to` says.
fn carry(window: &mut Window<'_>, lane: &str, to: Pos2) {
    let from = middle(window, lane);
    window.hover_at(from);
    window.run();
    window.drag_at(from);
    window.run_steps(1);
    for share in [0.3, 0.7, 1.0, 1.0] {
        window.hover_at(from.lerp(to, share));
        window.run_steps(1);
    }
}

#[test]
fn a_lane_is_dragged_by_its_name_to_where_a_line_stands_and_back_by_undo() {
    let mut window = timeline("task-order-race");
    let (all, before) = (lanes(&window), tasks(&window));
    assert_eq!(before[..4], ["task:1", "task:2", "task:3", "task:4"]);
    // Its upper half is above it, its lower half below.
    let above = middle(&window, "task:2") - vec2(0.0, 20.0);
    carry(&mut window, "task:4", above);
    window.get_by_label("Drops task:4 above task:2");
    assert_eq!(lanes(&window), all, "nothing moves before it is dropped");
    window.drop_at(above);
    window.run();
    assert_eq!(tasks(&window)[..4], ["task:1", "task:4", "task:2", "task:3"]);
    assert!(names(&window, "Drops ").is_empty());
    assert!(!pair(&window).timeline().is_pinned(3), "a drag is no click");

    let below = middle(&window, "task:3") + vec2(0.0, 20.0);
    carry(&mut window, "task:4", below);
    window.get_by_label("Drops task:4 above task:5");
    window.drop_at(below);
    window.run();
    assert_eq!(tasks(&window), before);

    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(tasks(&window)[..4], ["task:1", "task:4", "task:2", "task:3"]);
    assert_eq!(pair(&window).notice(), "Undone: moving a lane.");
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(lanes(&window), all);
    press_with(&mut window, Modifiers::COMMAND, Key::Y);
    assert_eq!(tasks(&window)[..3], ["task:1", "task:4", "task:2"]);
    press(&mut window, Key::F5);
    assert_eq!(tasks(&window)[..3], ["task:1", "task:4", "task:2"], "a reload keeps it");
}

#[test]
fn escape_leaves_a_dragged_lane_where_it_was_and_so_does_its_own_place() {
    let mut window = timeline("task-order-race");
    let all = lanes(&window);
    let above = middle(&window, "task:1") - vec2(0.0, 20.0);
    carry(&mut window, "task:3", above);
    assert_eq!(names(&window, "Drops ").len(), 1);
    press(&mut window, Key::Escape);
    assert!(names(&window, "Drops ").is_empty());
    window.drop_at(above);
    window.run();
    assert_eq!(lanes(&window), all);
    let near = middle(&window, "task:3") + vec2(0.0, 12.0);
    carry(&mut window, "task:3", near);
    window.get_by_label("Leaves task:3 where it is");
    window.drop_at(near);
    window.run();
    assert_eq!(lanes(&window), all);
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(pair(&window).notice(), "", "nothing was done that could be undone");
}

#[test]
fn a_lane_stays_in_its_group_and_goes_further_than_is_in_sight() {
    let mut window = open_at([1000.0, 700.0], &[Path::new("fixtures/task-order-race")]);
    press(&mut window, Key::Num1);
    send(&mut window, PairCommand::Timeline(TimelineCommand::Scroll(-5000.0)));
    assert_eq!(tasks(&window).len(), 8);
    assert!(names(&window, "lane task:8,").is_empty(), "it is in sight: this tests nothing");
    let bottom = window.get_by_label_contains("Timeline, ").rect().bottom();
    let edge = Pos2::new(middle(&window, "task:1").x, bottom - 2.0);
    carry(&mut window, "task:1", edge);
    for _ in 0..200 {
        window.run_steps(1);
    }
    assert!(pair(&window).timeline().top() > 300.0, "near the edge it scrolls: {}", pair(&window).timeline().top());
    // The pointer is over other groups by now.
    window.get_by_label("Drops task:1 below task:8");
    window.drop_at(edge);
    window.run();
    assert_eq!(tasks(&window)[7], "task:1");
    // Out of sight it is still held, and Escape is for it alone.
    let lane = pair(&window).lanes().list().iter().position(|lane| lane.name == "task:1").unwrap();
    send(&mut window, PairCommand::ShowLane(lane as u32));
    carry(&mut window, "task:1", Pos2::new(edge.x, bottom - 200.0));
    send(&mut window, PairCommand::Timeline(TimelineCommand::Scroll(-5000.0)));
    press(&mut window, Key::Escape);
    window.drop_at(edge);
    window.run();
    assert_eq!(tasks(&window)[7], "task:1");
}

fn menu(window: &mut Window<'_>, lane: &str) {
    let whole = name(window, &format!("lane {lane},"));
    window.get_by_label(&whole).click_secondary();
    window.run();
}

/// Chooses this in the menu of a lane.
fn choose(window: &mut Window<'_>, lane: &str, title: &str) {
    menu(window, lane);
    click(window, title);
}

#[test]
fn the_menu_of_a_name_pins_hides_moves_and_folds_this_lane() {
    let mut window = timeline("task-order-race");
    let all = lanes(&window);
    choose(&mut window, "task:2", "Pin");
    assert_eq!(lanes(&window)[0], "task:2");
    choose(&mut window, "task:2", "Let it go");
    choose(&mut window, "task:3", "Move up");
    assert_eq!(tasks(&window)[..3], ["task:1", "task:3", "task:2"]);
    choose(&mut window, "task:1", "Move down");
    assert_eq!(tasks(&window)[..3], ["task:3", "task:1", "task:2"]);
    choose(&mut window, "task:5", "Move to the top");
    assert_eq!(tasks(&window)[..3], ["task:5", "task:3", "task:1"]);
    choose(&mut window, "task:5", "Reset the order");
    assert_eq!(lanes(&window), all);
    choose(&mut window, "task:6", "Hide");
    assert_eq!((lanes(&window).len(), tasks(&window).len()), (all.len() - 1, 7));
    assert!(name(&window, "lanes: ").ends_with(", 1 hidden"));
    choose(&mut window, "queue:intake", "Show only this lane");
    assert_eq!(lanes(&window), ["queue:intake"]);
    assert!(name(&window, "lanes: ").ends_with(", only queue:intake, 1 hidden"));
    choose(&mut window, "queue:intake", "Show the others again");
    assert_eq!(lanes(&window).len(), all.len() - 1);
    click(&mut window, "Show all lanes again");
    assert_eq!(lanes(&window), all);
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(pair(&window).notice(), "Undone: showing all lanes.");
    assert_eq!(lanes(&window).len(), all.len() - 1);
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(lanes(&window), all);
    choose(&mut window, "task:6", "Fold its group");
    assert!(tasks(&window).is_empty());
    assert_eq!(names(&window, "Unfold task, 8 lanes").len(), 1);
}

#[test]
fn every_line_of_the_menu_is_a_command_with_the_key_that_it_shows() {
    let mut window = timeline("task-order-race");
    menu(&mut window, "task:2");
    let lines = [
        ("Pin", "pin-lane"),
        ("Hide", "hide-lane"),
        ("Show only this lane", "only-lane"),
        ("Move up", "lane-up"),
        ("Move down", "lane-down"),
        ("Move to the top", "lane-top"),
        ("Reset the order", "reset-lanes"),
        ("Fold its group", "fold-group"),
    ];
    let keymap = &window.state().state.keymap;
    for (line, id) in lines {
        window.get_by_label(line);
        assert!(dettrace::app::table::by_id(id).is_some_and(|entry| !entry.keys.is_empty()), "{id}");
        assert!(!keymap.shortcut(id).is_empty(), "{id}");
    }
    press(&mut window, Key::Escape);
    assert!(names(&window, "Move to the top").is_empty());
    // The menu key opens it where the name has the keyboard.
    let whole = name(&window, "lane task:2,");
    window.get_by_label(&whole).focus();
    window.run();
    press(&mut window, Key::Menu);
    click(&mut window, "Move to the top");
    assert_eq!(tasks(&window)[..2], ["task:2", "task:1"]);
}

#[test]
fn lanes_are_arranged_without_a_mouse() {
    let mut window = timeline("task-order-race");
    let all = lanes(&window);
    // The selected event is at home on task:4.
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::Home);
    assert_eq!(tasks(&window)[..2], ["task:4", "task:1"]);
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::R);
    assert_eq!(lanes(&window), all);
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::I);
    assert_eq!(lanes(&window), ["task:4"]);
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::H);
    window.get_by_label_contains("No lane is left");
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::A);
    assert_eq!(lanes(&window), all);
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::F);
    assert!(tasks(&window).is_empty() && lanes(&window).len() == all.len() - 8);
    press_with(&mut window, Modifiers::ALT, Key::G);
    assert!(lanes(&window).is_empty());
    assert_eq!(shown(&window) as usize, all.len(), "they are folded, not left out");
    press_with(&mut window, Modifiers::ALT | Modifiers::SHIFT, Key::G);
    assert_eq!(lanes(&window), all);
    for (typed, left) in [("fold all groups of lanes", 0), ("unfold all groups of lanes", all.len())] {
        type_into_palette(&mut window, typed);
        press(&mut window, Key::Enter);
        assert_eq!(lanes(&window).len(), left, "{typed}");
    }
    // What is hidden is found by its name.
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::H);
    assert!(!tasks(&window).contains(&"task:4".to_owned()));
    type_into_palette(&mut window, "task:4");
    press(&mut window, Key::Enter);
    assert_eq!(lanes(&window), all);
}

/// Does this with a lane, whatever is selected.
fn with_lane(window: &mut Window<'_>, lane: &str, command: LaneCommand) {
    let at = pair(window).lanes().list().iter().position(|known| known.name == lane).unwrap() as u32;
    send(window, PairCommand::Timeline(TimelineCommand::Lane(at, command)));
}

fn undo(window: &mut Window<'_>, said: &str) {
    press_with(window, Modifiers::COMMAND, Key::Z);
    assert_eq!(pair(window).notice(), format!("Undone: {said}."));
}

fn find(window: &mut Window<'_>, lane: &str) {
    type_into_palette(window, lane);
    press(window, Key::Enter);
}

#[test]
fn a_lane_that_is_found_is_shown_alone_of_those_that_were_hidden_and_undo_hides_it_again() {
    let mut window = timeline("task-order-race");
    let all = lanes(&window);
    let without = |hidden: &[&str]| -> Vec<String> {
        all.iter().filter(|lane| !hidden.contains(&lane.as_str())).cloned().collect()
    };
    with_lane(&mut window, "task:2", LaneCommand::Hide);
    with_lane(&mut window, "task:4", LaneCommand::Hide);
    send(&mut window, PairCommand::Bookmark(BookmarkCommand::Toggle));
    find(&mut window, "task:4");
    assert_eq!(lanes(&window), without(&["task:2"]));
    undo(&mut window, "showing a lane again");
    assert_eq!(lanes(&window), without(&["task:2", "task:4"]));
    press_with(&mut window, Modifiers::COMMAND, Key::Y);
    assert_eq!(lanes(&window), without(&["task:2"]));
    // Filters give way only where they leave it out.
    send(&mut window, PairCommand::Timeline(TimelineCommand::Filter("task".to_owned())));
    find(&mut window, "task:2");
    assert_eq!((pair(&window).timeline().filter(), tasks(&window).len()), ("task", 8));
    find(&mut window, "queue:intake");
    assert_eq!(lanes(&window), all);
    undo(&mut window, "showing a lane again");
    assert_eq!((pair(&window).timeline().filter(), tasks(&window).len()), ("task", 8));
}

#[test]
fn undo_leaves_alone_what_the_step_did_not_do() {
    let mut window = timeline("task-order-race");
    with_lane(&mut window, "task:4", LaneCommand::Hide);
    send(&mut window, PairCommand::Timeline(TimelineCommand::Filter("task".to_owned())));
    undo(&mut window, "hiding a lane");
    assert_eq!((pair(&window).timeline().filter(), tasks(&window).len()), ("task", 8));
}

#[test]
fn a_hidden_or_filtered_lane_is_shown_by_itself() {
    let mut window = timeline("task-order-race");
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::H);
    send(&mut window, PairCommand::Timeline(TimelineCommand::Filter("queue".to_owned())));
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::I);
    assert_eq!(lanes(&window), ["task:4"]);
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::I);
    assert!(lanes(&window).iter().all(|lane| lane.starts_with("queue")), "the filter holds again");
    undo(&mut window, "showing the other lanes again");
    undo(&mut window, "showing only one lane");
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::H);
    undo(&mut window, "showing a lane again");
    undo(&mut window, "hiding a lane");
}

#[test]
fn filters_that_all_lanes_let_go_of_come_back_by_undo() {
    let mut window = timeline("task-order-race");
    let all = lanes(&window);
    send(&mut window, PairCommand::Timeline(TimelineCommand::Filter("task".to_owned())));
    press(&mut window, Key::L);
    let left = lanes(&window);
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::A);
    assert_eq!(lanes(&window), all);
    undo(&mut window, "showing all lanes");
    let timeline = pair(&window).timeline();
    assert_eq!((timeline.filter(), timeline.only_differing()), ("task", true));
    assert_eq!(lanes(&window), left);
    press_with(&mut window, Modifiers::COMMAND, Key::Y);
    assert_eq!(lanes(&window), all);
}

#[test]
fn the_order_of_pinned_lanes_alone_is_reset_too() {
    let mut window = timeline("task-order-race");
    let disabled = |window: &mut Window<'_>| {
        menu(window, "task:2");
        let disabled = window.get_by_label("Reset the order").accesskit_node().is_disabled();
        press(window, Key::Escape);
        disabled
    };
    choose(&mut window, "task:2", "Pin");
    choose(&mut window, "task:5", "Pin");
    assert!(disabled(&mut window));
    choose(&mut window, "task:5", "Move up");
    assert_eq!(lanes(&window)[..2], ["task:5", "task:2"]);
    assert!(!disabled(&mut window));
    let saved = serde_json::to_string(&pair(&window).saved()).unwrap();
    assert!(!saved.contains("\"order\""), "the order of the others is nothing that a person chose: {saved}");
    choose(&mut window, "task:2", "Reset the order");
    assert_eq!(lanes(&window)[..2], ["task:2", "task:5"]);
}

#[test]
fn a_lane_held_at_an_edge_lets_the_window_rest_where_nothing_is_left_to_scroll_to() {
    for size in [[1000.0, 700.0], [1000.0, 2400.0]] {
        let mut window = open_at(size, &[Path::new("fixtures/task-order-race")]);
        press(&mut window, Key::Num1);
        send(&mut window, PairCommand::Timeline(TimelineCommand::Scroll(-5000.0)));
        let bottom = window.get_by_label_contains("Timeline, ").rect().bottom();
        let edge = Pos2::new(middle(&window, "task:1").x, bottom - 2.0);
        carry(&mut window, "task:1", edge);
        window.run_steps(300);
        let timeline = pair(&window).timeline();
        let end = (timeline.height() - timeline.viewport()).max(0.0);
        assert!((timeline.top() - end).abs() < 0.01, "{size:?}: {} of {end}", timeline.top());
        assert_eq!(timeline.top() > 0.0, size[1] < 1000.0, "{size:?}");
        // This fails where every frame asks for the next one.
        window.run();
        assert_eq!(names(&window, "Drops ").len(), 1);
    }
}
