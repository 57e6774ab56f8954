//! Two events are the same, or not, because a person says so.

use std::fs;

use dettrace::app::pair::{PairCommand, PairRequest};
use dettrace::app::{App, Command};
use dettrace::trace::Side;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::judging::{copied, kept, wait};
use super::{Window, names_with, open, pair, press, press_with};

/// The actual event in the row of an expected one.
fn partner(window: &Window<'_>, expected: u32) -> Option<u32> {
    let rows = pair(window).rows();
    rows.get(rows.row_of(Side::Expected, expected).unwrap()).actual
}

fn decisions(window: &Window<'_>) -> Vec<(bool, u32, u32)> {
    pair(window).analysis().hand.decisions().to_vec()
}

fn answer(window: &Window<'_>) -> String {
    format!("{:?}", pair(window).analysis().comparison)
}

fn count(window: &Window<'_>, part: &str) -> usize {
    names_with(window, part).len()
}

fn send(window: &mut Window<'_>, command: impl Into<Command>) {
    window.state_mut().push(command);
    window.run();
}

#[test]
fn a_pair_is_parted_and_joined_by_keys_listed_taken_back_and_done_again() {
    let mut window = open("task-order-race");
    let whole = answer(&window);
    let (row, e, a) = (0..pair(&window).rows().len())
        .find_map(|row| Some((row, pair(&window).rows().get(row).expected?, pair(&window).rows().get(row).actual?)))
        .unwrap();
    send(&mut window, PairCommand::SelectRow(row));
    press_with(&mut window, Modifiers::SHIFT, Key::H);
    assert_eq!((decisions(&window), partner(&window, e)), (vec![(false, e, a)], None));
    send(&mut window, PairCommand::SelectEvent(Side::Expected, e));
    assert!(count(&window, ", parted by hand") > 0, "its rows do not say so");
    assert!(pair(&window).analysis().why(pair(&window).selection().unwrap().row).contains("Said by hand not to be"));
    // One event is marked, the other decides.
    press(&mut window, Key::H);
    assert_eq!(pair(&window).marked(), Some((Side::Expected, e)));
    assert!(pair(&window).notice().contains("is marked"), "{}", pair(&window).notice());
    assert_eq!(count(&window, ", marked for its counterpart"), 1);
    send(&mut window, PairCommand::SelectEvent(Side::Actual, a));
    press(&mut window, Key::H);
    assert_eq!((decisions(&window), partner(&window, e)), (vec![(true, e, a)], Some(a)));
    assert_eq!(pair(&window).marked(), None);
    send(&mut window, PairCommand::SelectEvent(Side::Expected, e));
    assert_eq!(count(&window, ", paired by hand"), 1);
    assert!(count(&window, "Paired by hand.") > 0, "the inspector does not say so");
    assert_eq!(answer(&window), whole, "it is a row anyway");
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(decisions(&window), [(false, e, a)]);
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!((decisions(&window), answer(&window)), (vec![], whole));
    press_with(&mut window, Modifiers::COMMAND, Key::Y);
    assert_eq!(decisions(&window), [(false, e, a)]);
    press(&mut window, Key::F8);
    window.get_by_label_contains("is not the same as actual").scroll_to_me();
    window.run();
    window.get_by_label_contains("is not the same as actual").click();
    window.run();
    assert_eq!(pair(&window).selected_row().unwrap().actual, Some(a));
    window.get_by_label_contains("Forget the decision about expected").click();
    window.run();
    assert!(decisions(&window).is_empty());
    window.get_by_label_contains("None was decided");
}

#[test]
fn a_marked_event_is_let_go_and_what_cannot_be_is_said() {
    let mut window = open("task-order-race");
    press(&mut window, Key::H);
    let marked = pair(&window).marked();
    press(&mut window, Key::H);
    assert!(marked.is_some() && pair(&window).marked().is_none(), "the same event again lets it go");
    press(&mut window, Key::H);
    press(&mut window, Key::Escape);
    assert!(pair(&window).marked().is_none());
    let rows = pair(&window).rows();
    let alone = (0..rows.len()).find(|&row| rows.get(row).actual.is_none()).unwrap();
    send(&mut window, PairCommand::SelectRow(alone));
    press_with(&mut window, Modifiers::SHIFT, Key::H);
    assert!(pair(&window).notice().contains("one event only"), "{}", pair(&window).notice());
    assert!(decisions(&window).is_empty());
}

#[test]
fn the_menu_of_a_row_joins_and_parts() {
    let mut window = open("task-order-race");
    let row = pair(&window).selection().unwrap().row;
    window.get_by_label_contains(&format!("row {},", row + 1)).click_secondary();
    window.run();
    window.get_by_label_contains("Mark: the same event as").click();
    window.run();
    assert_eq!(pair(&window).marked().map(|marked| marked.0), pair(&window).selection().map(|s| s.side));
    press(&mut window, Key::Escape);
    send(&mut window, PairCommand::SelectRow(0));
    window.get_by_label_contains("row 1,").click_secondary();
    window.run();
    window.get_by_label_contains("These two are not the same").click();
    window.run();
    assert_eq!(decisions(&window).len(), 1);
}

#[test]
fn exchanged_sides_keep_what_was_decided() {
    let mut window = open("task-order-race");
    send(&mut window, PairCommand::SelectRow(0));
    press_with(&mut window, Modifiers::SHIFT, Key::H);
    let [(same, e, a)] = decisions(&window)[..] else { panic!("one decision") };
    send(&mut window, Command::Swap);
    assert_eq!(decisions(&window), [(same, a, e)]);
    // What is said now is about the sides as they are shown.
    let rows = pair(&window).rows();
    let (shown, other) = (0..rows.len()).find_map(|row| rows.get(row).expected.zip(rows.get(row).actual)).unwrap();
    send(&mut window, PairCommand::SelectEvent(Side::Expected, shown));
    press_with(&mut window, Modifiers::SHIFT, Key::H);
    assert_eq!(decisions(&window)[1], (false, shown, other));
    send(&mut window, Command::Swap);
    assert_eq!(decisions(&window), [(same, e, a), (false, other, shown)]);
    send(&mut window, Command::Request(PairRequest::ForgetPairs));
    assert!(decisions(&window).is_empty());
}

#[test]
fn decisions_are_saved_with_the_pack_and_hold_in_files_that_changed() {
    let (home, pack) = (tempfile::tempdir().unwrap(), copied("task-order-race"));
    let mut window = kept(home.path(), pack.path());
    send(&mut window, PairCommand::SelectRow(3));
    let row = pair(&window).selected_row().unwrap();
    let (e, a) = (row.expected.unwrap(), row.actual.unwrap());
    press_with(&mut window, Modifiers::SHIFT, Key::H);
    wait(&mut window);
    assert_eq!(decisions(&window), [(false, e, a)]);
    let saved = fs::read_to_string(pack.path().join("pack.json")).unwrap();
    assert!(saved.contains("\"pairs\"") && saved.contains("\"same\": false"), "{saved}");
    drop(window);
    // A line before it moves it, and it is found.
    let file = pack.path().join("actual.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    let first = text.lines().next().unwrap();
    fs::write(&file, format!("{first}\n{text}")).unwrap();
    let mut window = kept(home.path(), pack.path());
    assert_eq!(decisions(&window), [(false, e, a + 1)]);
    // Without its line it says nothing, and that is told.
    let rest: Vec<&str> = text.lines().enumerate().filter(|(i, _)| *i != a as usize).map(|(_, line)| line).collect();
    fs::write(&file, rest.join("\n") + "\n").unwrap();
    send(&mut window, Command::Reload);
    wait(&mut window);
    assert!(decisions(&window).is_empty());
    let analysis = pair(&window).analysis();
    assert!(analysis.warnings.as_slice().iter().any(|w| w.what.contains("says nothing")), "{:?}", analysis.warnings);
    press(&mut window, Key::F8);
    window.get_by_label_contains("an event is gone");
}

#[test]
fn decisions_about_swapped_sides_are_saved_the_other_way_round() {
    let (home, pack) = (tempfile::tempdir().unwrap(), copied("task-order-race"));
    let mut window = kept(home.path(), pack.path());
    send(&mut window, Command::Swap);
    wait(&mut window);
    send(&mut window, PairCommand::SelectRow(3));
    let row = pair(&window).selected_row().unwrap();
    let (shown, other) = (row.expected.unwrap(), row.actual.unwrap());
    press_with(&mut window, Modifiers::SHIFT, Key::H);
    wait(&mut window);
    assert_eq!(decisions(&window), [(false, shown, other)]);
    drop(window);
    // A pack that is opened by its path alone has its sides as they are recorded.
    let saved = fs::read_to_string(pack.path().join("pack.json")).unwrap();
    assert!(saved.contains(&format!("\"expected:{other}")) && saved.contains(&format!("\"actual:{shown}")), "{saved}");
    let mut app = App::in_place();
    app.open([pack.path().to_path_buf()]);
    assert_eq!(decisions(&super::window(app)), [(false, other, shown)]);
}
