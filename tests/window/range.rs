//! Several rows selected together: copied, bookmarked and exported as one.

use dettrace::app::command::Arrival;
use dettrace::app::pair::PairCommand;
use dettrace::app::state::Ask;
use dettrace::app::{App, Command};
use dettrace::report::Form;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::judging::copied;
use super::{Window, click, name, names, open, pair, press, press_with, row, send, window};

/// Rows 14 to 16 of a fixture, selected upwards.
fn three<'a>() -> Window<'a> {
    let mut window = open("task-order-race");
    press(&mut window, Key::E);
    send(&mut window, PairCommand::SelectRow(15));
    for _ in 0..2 {
        press_with(&mut window, Modifiers::SHIFT, Key::ArrowUp);
    }
    window
}

fn copy(window: &mut Window<'_>, form: Form) -> String {
    window.state_mut().push(Command::CopyAs(form));
    window.run();
    window.state_mut().take_clipboard().expect("nothing was copied")
}

#[test]
fn shift_and_arrows_or_a_click_select_several_rows_and_any_other_step_one() {
    let mut window = three();
    assert_eq!((row(&window), pair(&window).selected_rows()), (13, Some((13, 15))));
    name(&window, "Rows 14 to 16 are selected.");
    let too = names(&window, "row ").into_iter().filter(|name| name.contains("selected too")).count();
    assert_eq!(too, 2, "and the one that is looked at");
    press_with(&mut window, Modifiers::SHIFT, Key::ArrowDown);
    assert_eq!(pair(&window).selected_rows(), Some((14, 15)));
    press(&mut window, Key::ArrowDown);
    assert_eq!(pair(&window).selected_rows(), None);
    let target = name(&window, "row 18,");
    window.get_by_label(&target).click_modifiers(Modifiers::SHIFT);
    window.run();
    assert_eq!(pair(&window).selected_rows(), Some((15, 17)));
    press(&mut window, Key::Escape);
    assert_eq!(pair(&window).selected_rows(), None);
    assert_eq!(row(&window), 17, "the row stays");
}

#[test]
fn a_range_is_copied_in_every_form() {
    let mut window = three();
    let text = copy(&mut window, Form::Text);
    assert_eq!(text.lines().filter(|line| line.starts_with("Row ")).count(), 3, "{text}");
    assert!(text.starts_with("Row 14") && text.contains("\nRow 16"), "{text}");
    name(&window, "3 lines are copied.");
    let markdown = copy(&mut window, Form::Markdown);
    assert_eq!(markdown.matches("**Row ").count(), 3, "{markdown}");
    let json: serde_json::Value = serde_json::from_str(&copy(&mut window, Form::Json)).unwrap();
    let rows: Vec<u64> = json["rows"].as_array().unwrap().iter().map(|row| row["row"].as_u64().unwrap()).collect();
    assert_eq!(rows, [13, 14, 15]);
    window.event(egui::Event::Copy);
    window.run();
    let raw = window.state_mut().take_clipboard().unwrap();
    assert!(raw.lines().count() >= 5 && raw.lines().all(|line| line.contains(".jsonl:")), "{raw}");
    press(&mut window, Key::ArrowDown);
    let alone: serde_json::Value = serde_json::from_str(&copy(&mut window, Form::Json)).unwrap();
    assert_eq!(alone["row"], 14, "one row is told as it always was");
}

#[test]
fn what_is_folded_within_a_range_is_told_by_its_number() {
    let mut window = open("task-order-race");
    send(&mut window, PairCommand::Home);
    for _ in 0..2 {
        press_with(&mut window, Modifiers::SHIFT, Key::ArrowDown);
    }
    let text = copy(&mut window, Form::Text);
    assert!(text.starts_with("Rows 1 to ") && text.contains(" are folded.\nRow "), "{text}");
    let json: serde_json::Value = serde_json::from_str(&copy(&mut window, Form::Json)).unwrap();
    assert_eq!(json["rows"][0]["folded"]["first"], 0);
}

#[test]
fn a_range_is_bookmarked_and_exported_as_one() {
    let folder = copied("task-order-race");
    let mut app = App::in_place();
    app.open([folder.path().to_path_buf()]);
    let mut window = window(app);
    press(&mut window, Key::E);
    send(&mut window, PairCommand::SelectRow(2));
    for _ in 0..3 {
        press_with(&mut window, Modifiers::SHIFT, Key::ArrowDown);
    }
    press(&mut window, Key::M);
    name(&window, "Rows 3 to 6 are bookmarked.");
    assert_eq!(pair(&window).bookmarks().rows(0), Some((2, 5)));
    press_with(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(pair(&window).bookmarks().rows(0), None);
    send(&mut window, PairCommand::SelectRow(2));
    send(&mut window, PairCommand::Extend(3));
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    assert!(window.query_all_by_label_contains("The least around actual:2").next().is_some());
    let picked = Arrival::Picked(Ask::Slice, Ok(vec![folder.path().join("cut")]));
    window.state_mut().push(Command::Arrived(picked));
    window.run();
    click(&mut window, "Export");
    let manifest = std::fs::read_to_string(folder.path().join("cut/pack.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert!(manifest["slice"]["around"].as_str().unwrap().starts_with("actual:2"), "{manifest}");
    assert!(manifest["slice"]["to"].as_str().unwrap().starts_with("actual:5"), "{manifest}");
}
