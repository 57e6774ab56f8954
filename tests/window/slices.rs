//! Slices with redacted fields.

use std::fs;

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::judging::copied;
use super::{SIZE, open_at, press_with};

#[test]
fn fields_of_a_slice_are_redacted_on_request_and_listed_in_the_pack() {
    let folder = copied("task-order-race");
    let target = folder.path().join("for a colleague");
    let mut window = open_at(SIZE, &[folder.path()]);
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    assert!(window.state().state.slice.fields.iter().all(|field| !field.redacted), "something is redacted unasked");
    let worker = window.get_by_label_contains("Redact worker");
    worker.click();
    window.run();
    window.get_by_label_contains("Redact worker: 0 becomes 1");
    window.get_by_label("Redact all text").click();
    window.run();
    window.get_by_label("Folder for the slice").focus();
    window.run();
    press_with(&mut window, Modifiers::COMMAND, Key::A);
    window.get_by_label("Folder for the slice").type_text(target.to_str().unwrap());
    window.run();
    press_with(&mut window, Modifiers::COMMAND, Key::Enter);
    assert_eq!(window.state().state.overlay, None);
    assert!(window.query_all_by_label_contains("Redacted: ").next().is_some(), "it is not said what was redacted");
    let pack: serde_json::Value = serde_json::from_str(&fs::read_to_string(target.join("pack.json")).unwrap()).unwrap();
    let fields = pack["slice"]["redacted"]["fields"].as_array().unwrap();
    assert!(fields.contains(&"worker".into()), "{pack}");
    let lines = fs::read_to_string(target.join("actual.jsonl")).unwrap();
    let worker = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap().get("worker").cloned();
    let pseudonyms = pack["slice"]["redacted"]["pseudonyms"].as_array().unwrap();
    assert!(lines.lines().filter_map(worker).all(|value| value.is_null() || pseudonyms.contains(&value)), "{lines}");
}
