//! Stepping through the opened pair.

use dettrace::app::pair::PairCommand;
use dettrace::app::table::{Menu, TABLE};
use dettrace::trace::Side;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::{Window, click, name, names, open, pair, press, press_with, row, send};

fn texts(window: &Window<'_>) -> Vec<String> {
    pair(window).transport().breakpoints().iter().map(ToString::to_string).collect()
}

#[test]
fn steps_go_row_by_row_and_say_where_the_ends_are() {
    let mut window = open("task-order-race");
    send(&mut window, PairCommand::SelectRow(0));
    press(&mut window, Key::F10);
    press_with(&mut window, Modifiers::COMMAND, Key::ArrowRight);
    click(&mut window, "Step forward");
    assert_eq!(row(&window), 3, "into the fold of equal rows, which opens");
    name(&window, "row 4,");
    press_with(&mut window, Modifiers::SHIFT, Key::F10);
    press_with(&mut window, Modifiers::COMMAND, Key::ArrowLeft);
    click(&mut window, "Step back");
    assert_eq!(row(&window), 0);
    press_with(&mut window, Modifiers::SHIFT, Key::F10);
    name(&window, "This is the start");
    press(&mut window, Key::End);
    let last = row(&window);
    press(&mut window, Key::F10);
    assert_eq!(row(&window), last);
    name(&window, "This is the end");
}

#[test]
fn a_lane_is_followed_forward_and_back() {
    let mut window = open("task-order-race");
    send(&mut window, PairCommand::SelectEvent(Side::Actual, 3));
    let start = row(&window);
    let mut passed = Vec::new();
    for key in [Key::Period, Key::ArrowRight, Key::Comma, Key::ArrowLeft] {
        press(&mut window, key);
        let (side, event) = pair(&window).selected_event().unwrap_or((Side::Actual, u32::MAX));
        assert!(pair(&window).analysis().lanes(side, event).contains(&"task:3"), "{key:?} led to {side} #{event}");
        passed.push(row(&window));
    }
    assert!(passed[0] > start && passed[1] > passed[0], "{passed:?}");
    assert_eq!(passed[2..], [passed[0], start], "the way back is the same");
    press(&mut window, Key::Comma);
    name(&window, "No further row touches task:3.");
    assert_eq!(row(&window), start);
}

#[test]
fn play_goes_on_by_itself_until_it_is_paused_or_over() {
    let mut window = open("task-order-race");
    send(&mut window, PairCommand::SelectRow(0));
    window.key_press(Key::Space);
    // A second and a half of the harness's clock, in its own steps.
    let second = |window: &mut Window<'_>| window.run_steps(6);
    second(&mut window);
    assert!(pair(&window).transport().playing());
    name(&window, "Pause");
    let there = row(&window);
    assert!((1..=12).contains(&there), "{there}");
    click_while_playing(&mut window, "Pause");
    let there = row(&window);
    second(&mut window);
    assert!(!pair(&window).transport().playing() && row(&window) == there, "paused is still");
    for _ in 0..5 {
        press_with(&mut window, Modifiers::COMMAND, Key::Period);
    }
    name(&window, "Speed 1,000 rows a second");
    press_with(&mut window, Modifiers::COMMAND, Key::Comma);
    assert_eq!(pair(&window).transport().speed(), 100);
    window.key_press(Key::Space);
    window.run_steps(12);
    assert_eq!(row(&window), pair(&window).rows().len() - 1);
    name(&window, "This is the end");
    name(&window, "Play");
    click(&mut window, "Speed 100 rows a second, faster");
    assert_eq!(pair(&window).transport().speed(), 1000);
}

fn click_while_playing(window: &mut Window<'_>, name: &str) {
    window.get_by_label(name).click();
    window.run_steps(4);
}

#[test]
fn play_stops_at_a_breakpoint() {
    let mut window = open("task-order-race");
    send(&mut window, PairCommand::SelectEvent(Side::Actual, 8));
    press(&mut window, Key::B);
    let stop = row(&window);
    send(&mut window, PairCommand::SelectRow(0));
    for _ in 0..3 {
        send(&mut window, PairCommand::Speed(1));
    }
    window.key_press(Key::Space);
    window.run_steps(24);
    assert_eq!((row(&window), pair(&window).transport().playing()), (stop, false));
    name(&window, "Stopped at event actual:8.");
    assert_eq!(pair(&window).transport().breakpoints()[0].hits, 1);
}

#[test]
fn a_breakpoint_is_set_marked_run_to_and_taken_away() {
    let mut window = open("task-order-race");
    assert!(window.get_by_label("Run to next breakpoint").accesskit_node().is_disabled());
    press(&mut window, Key::F9);
    let stop = row(&window);
    assert_eq!(texts(&window), ["event actual:13"]);
    name(&window, &format!("row {}, breakpoint,", stop + 1));
    name(&window, &format!("Breakpoint set at row {}.", stop + 1));
    press(&mut window, Key::Home);
    press(&mut window, Key::R);
    assert_eq!(row(&window), stop);
    press_with(&mut window, Modifiers::SHIFT, Key::F9);
    assert_eq!(row(&window), stop);
    name(&window, "No breakpoint stops after this row.");
    press(&mut window, Key::Home);
    click(&mut window, "Run to next breakpoint");
    assert_eq!((row(&window), pair(&window).transport().breakpoints()[0].hits), (stop, 2));
    press(&mut window, Key::B);
    assert!(texts(&window).is_empty());
    assert!(names(&window, &format!("row {}, breakpoint", stop + 1)).is_empty());
}

#[test]
fn a_click_at_the_edge_sets_a_breakpoint() {
    let mut window = open("task-order-race");
    let whole = name(&window, "row 16,");
    let rect = window.get_by_label(&whole).rect();
    let at = egui::pos2(rect.left() + 6.0, rect.center().y);
    for there in [true, false] {
        let before = row(&window);
        window.drag_at(at);
        window.drop_at(at);
        window.run();
        assert_eq!((texts(&window).len(), row(&window)), (usize::from(there), before), "the selection stays");
    }
}

#[test]
fn the_list_takes_conditions_and_points_at_what_is_wrong() {
    let mut window = open("task-order-race");
    press_with(&mut window, Modifiers::COMMAND, Key::B);
    let field = |window: &Window<'_>| window.get_by_label("Breakpoint condition").accesskit_node().is_focused();
    assert!(field(&window), "the field has the keyboard");
    window.get_by_label("Breakpoint condition").type_text("kind");
    window.run();
    name(&window, "Say which kind.");
    press(&mut window, Key::Enter);
    assert!(texts(&window).is_empty() && field(&window), "what is wrong stays in the field");
    window.get_by_label("Breakpoint condition").type_text(" TASK_FAILED on actual");
    window.run();
    assert!(names(&window, "Say which kind.").is_empty());
    press(&mut window, Key::Enter);
    assert_eq!(texts(&window), ["kind TASK_FAILED on actual"]);

    press(&mut window, Key::Home);
    press(&mut window, Key::R);
    assert_eq!(Some(row(&window)), pair(&window).rows().row_of(Side::Actual, 23));
    name(&window, "Edit breakpoint kind TASK_FAILED on actual, 1 hit");

    // What can never stop here says why.
    send(&mut window, PairCommand::EditBreakpoint(Some(0)));
    send(&mut window, PairCommand::TypeBreakpoint("kind NO_SUCH".to_owned()));
    press(&mut window, Key::Enter);
    name(&window, "No event is of the kind NO_SUCH here.");
    click(&mut window, "Edit breakpoint kind NO_SUCH, 1 hit");
    press(&mut window, Key::Escape);
    assert_eq!((texts(&window).len(), pair(&window).transport().editing()), (1, None), "Esc leaves it as it was");

    click(&mut window, "Breakpoint kind NO_SUCH");
    assert_eq!(texts(&window), ["off kind NO_SUCH"]);
    press(&mut window, Key::R);
    name(&window, "Every breakpoint is switched off.");
    click(&mut window, "Delete breakpoint kind NO_SUCH");
    assert!(texts(&window).is_empty());
    name(&window, "None yet.");

    press(&mut window, Key::B);
    press_with(&mut window, Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::F9);
    assert!(texts(&window).is_empty());
    click(&mut window, "New breakpoint");
    assert!(field(&window));
    press(&mut window, Key::Escape);
    press_with(&mut window, Modifiers::SHIFT, Key::B);
    name(&window, "List of breakpoints, closed");
}

#[test]
fn the_state_at_the_row_is_shown_for_both_sides_with_its_differences() {
    let mut window = open("task-order-race");
    name(&window, "State at this row, closed");
    press(&mut window, Key::T);
    send(&mut window, PairCommand::SelectEvent(Side::Expected, 13));
    assert!(name(&window, "State at this row, open").ends_with("3 lanes differ"));
    let task = name(&window, "state of task:4");
    assert_eq!(task, "state of task:4, differs: expected enqueued in queue:intake, actual taken by worker:1");
    let queue = name(&window, "state of queue:intake");
    assert!(
        queue.contains("touched by this row: expected holds 3: task:4, task:5, task:6, actual holds 2:"),
        "{queue}"
    );
    press(&mut window, Key::F10);
    assert!(name(&window, "State at this row, open").ends_with("no lane differs"));
    press_with(&mut window, Modifiers::SHIFT, Key::F10);
    assert_eq!(name(&window, "state of task:4"), task, "back is back");
    click(&mut window, "State at this row, open, 3 lanes differ");
    assert!(names(&window, "state of").is_empty());
}

#[test]
fn a_breakpoint_is_typed_in_the_language_of_the_search_and_completed() {
    let mut window = open("task-order-race");
    click(&mut window, "List of breakpoints, closed");
    click(&mut window, "New breakpoint");
    window.get_by_label("Breakpoint condition").type_text("run");
    window.run();
    press(&mut window, Key::ArrowDown);
    name(&window, "Write runs");
    press(&mut window, Key::Enter);
    window.get_by_label("Breakpoint condition").type_text(" task:4");
    window.run();
    press(&mut window, Key::Enter);
    assert_eq!(texts(&window), ["runs task:4"]);
    click(&mut window, "New breakpoint");
    window.get_by_label("Breakpoint condition").type_text("kind:rej");
    window.run();
    click(&mut window, "Write CHARGE_REJECTED");
    window.get_by_label("Breakpoint condition").type_text(" reas");
    window.run();
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::Enter);
    window.get_by_label("Breakpoint condition").type_text("nothing* on actual");
    window.run();
    press(&mut window, Key::Enter);
    assert_eq!(texts(&window)[1], "kind:CHARGE_REJECTED reason:nothing* on actual");
    click(&mut window, "Breakpoint runs task:4");
    send(&mut window, PairCommand::SelectRow(0));
    press(&mut window, Key::R);
    let failed = pair(&window).rows().row_of(Side::Actual, 18).unwrap();
    assert_eq!(row(&window), failed);
    click(&mut window, "New breakpoint");
    window.get_by_label("Breakpoint condition").type_text("index:x");
    window.run();
    press(&mut window, Key::Enter);
    assert_eq!(texts(&window).len(), 2, "what cannot be read is not taken");
    let wrong = pair(&window).transport().editing().and_then(|editing| editing.wrong.clone()).unwrap();
    assert_eq!(wrong.at, 6..7);
    name(&window, &wrong.message);
}

#[test]
fn exchanged_sides_take_breakpoints_and_state_along() {
    let mut window = open("task-order-race");
    press(&mut window, Key::B);
    press(&mut window, Key::T);
    send(&mut window, PairCommand::SelectEvent(Side::Expected, 13));
    press_with(&mut window, Modifiers::ALT, Key::Backslash);
    assert_eq!(texts(&window), ["event expected:13"]);
    let transport = pair(&window).transport();
    assert_eq!(transport.state().map(|shown| shown.row), Some(row(&window)));
    assert!(transport.state_open() && pair(&window).transport().breakpoints()[0].enabled);
}

#[test]
fn every_command_of_the_menu_runs() {
    let mut window = open("retry-storm");
    let mut ran = 0;
    for entry in TABLE.iter().filter(|entry| entry.menu == Menu::Step) {
        send(&mut window, PairCommand::SelectRow(3));
        if entry.enabled(&window.state().state).is_err() {
            send(&mut window, PairCommand::ToggleBreakpoint);
        }
        assert_eq!(entry.enabled(&window.state().state), Ok(()), "{}", entry.id);
        window.state_mut().push((entry.command)());
        window.run_steps(3);
        ran += 1;
        press(&mut window, Key::Escape);
    }
    assert!(ran >= 13, "{ran} commands");
}

#[test]
fn the_window_sleeps_when_nothing_plays() {
    let mut window = open("task-order-race");
    press(&mut window, Key::T);
    press(&mut window, Key::B);
    // `run` panics when the window does not come to rest.
    window.run();
    window.key_press(Key::Space);
    window.run_steps(2);
    press(&mut window, Key::Escape);
    assert!(!pair(&window).transport().playing());
}

#[test]
fn every_change_of_the_breakpoints_is_undone_and_done_again() {
    let mut window = open("task-order-race");
    let undo = |window: &mut Window<'_>| press_with(window, Modifiers::COMMAND, Key::Z);
    let redo = |window: &mut Window<'_>| press_with(window, Modifiers::COMMAND, Key::Y);
    press(&mut window, Key::B);
    let here = texts(&window);
    press_with(&mut window, Modifiers::COMMAND, Key::B);
    window.get_by_label("Breakpoint condition").type_text("kind:CHARGE_REJECTED");
    window.run();
    press(&mut window, Key::Enter);
    let both = [here[0].as_str(), "kind:CHARGE_REJECTED"];
    assert_eq!(texts(&window), both);
    // What stopped is no step of its own, and stays counted.
    send(&mut window, PairCommand::SelectRow(0));
    click(&mut window, &format!("Breakpoint {}", here[0]));
    press(&mut window, Key::R);
    let hits = |window: &Window<'_>| pair(window).transport().breakpoints()[1].hits;
    assert_eq!(hits(&window), 1);
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::F9);
    assert_eq!(texts(&window), [""; 0]);
    undo(&mut window);
    assert_eq!(pair(&window).notice(), "Undone: removing all breakpoints.");
    assert_eq!(texts(&window).len(), 2);
    undo(&mut window);
    assert_eq!(
        (texts(&window), pair(&window).notice()),
        (both.map(String::from).to_vec(), "Undone: changing a breakpoint.")
    );
    redo(&mut window);
    redo(&mut window);
    assert_eq!(texts(&window), [""; 0], "cleared again");
    for _ in 0..2 {
        undo(&mut window);
    }
    assert!(pair(&window).transport().breakpoints().iter().all(|one| one.enabled));
    click(&mut window, "Delete breakpoint kind:CHARGE_REJECTED");
    assert_eq!(texts(&window), here);
    undo(&mut window);
    assert_eq!(texts(&window), both);
    // The steps speak of the exchanged sides once these are exchanged.
    press_with(&mut window, Modifiers::ALT, Key::Backslash);
    undo(&mut window);
    undo(&mut window);
    assert_eq!(texts(&window), [""; 0]);
    redo(&mut window);
    assert_eq!(texts(&window), [here[0].replace("actual", "expected")]);
}
