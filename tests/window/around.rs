//! The window around a pair: opening, closing, messages, dialogs.

use dettrace::app::command::Arrival;
use dettrace::app::message::Level;
use dettrace::app::state::{Ask, Page};
use dettrace::app::table::TABLE;
use dettrace::app::{App, Command};
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::{Window, window};

fn ctrl_shift() -> Modifiers {
    Modifiers::COMMAND | Modifiers::SHIFT
}

#[test]
fn home_offers_every_way_to_open_something() {
    let mut window = window(App::in_place());
    window.run();
    for name in ["Open pack…", "Open two files…", "Open folder…"] {
        window.get_by_label(name);
    }
    window.get_by_label("Path of a pack, or of expected and actual");
    window.get_by_label("Open sample: Retry storm");
}

fn fixture(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// A window in which a fixture was opened by typing its path.
fn opened<'a>(name: &str) -> Window<'a> {
    let mut window = window(App::in_place());
    window.run();
    window.get_by_label("Path of a pack, or of expected and actual").focus();
    window.run();
    let path = fixture(name);
    window.get_by_label("Path of a pack, or of expected and actual").type_text(&path.display().to_string());
    window.run();
    window.key_press(Key::Enter);
    window.run();
    window
}

#[test]
fn a_typed_path_opens_a_pair_and_is_remembered() {
    let mut window = opened("task-order-race");
    let pair = window.state().state.pair().expect("no pair is open");
    assert_eq!(pair.analysis().comparison.verdict.word(), "diverged");
    window.get_by_label("Search both sides");
    window.key_press_modifiers(Modifiers::COMMAND, Key::W);
    window.run();
    assert!(window.state().state.pair().is_none());
    window.get_by_label_contains("Open recent: ").click();
    window.run();
    assert!(window.state().state.pair().is_some(), "the recent pack did not open");
}

#[test]
fn keys_walk_the_pair_and_a_sequence_needs_both_keys() {
    let mut window = opened("task-order-race");
    let row = |window: &Window<'_>| window.state().state.pair().unwrap().selection().map(|s| s.row);
    let first = row(&window);
    window.key_press(Key::N);
    window.run();
    let second = row(&window);
    assert!(second > first, "n did not go on: {first:?} to {second:?}");
    window.key_press_modifiers(Modifiers::SHIFT, Key::N);
    window.run();
    assert_eq!(row(&window), first);
    window.key_press(Key::End);
    window.run();
    assert!(row(&window) > second);
    window.key_press(Key::G);
    window.run();
    window.key_press(Key::D);
    window.run();
    assert_eq!(row(&window), first, "g d did not go to the first difference");
    window.key_press(Key::End);
    window.key_press(Key::D);
    window.run();
    assert_ne!(row(&window), first, "d alone acted");
}

#[test]
fn tab_looks_from_the_other_side_and_ctrl_c_copies_the_raw_lines() {
    let mut window = opened("task-order-race");
    let side = |window: &Window<'_>| window.state().state.pair().unwrap().selection().unwrap().side;
    let before = side(&window);
    window.key_press(Key::Tab);
    window.run();
    assert_eq!(side(&window), before.other());
    window.event(egui::Event::Copy);
    window.run();
    let copied = window.state_mut().take_clipboard().expect("nothing was copied");
    assert!(copied.contains("expected.jsonl:15 {") && copied.contains("actual.jsonl:14 {"), "{copied}");
}

#[test]
fn the_search_field_takes_letters_and_enter_goes_to_what_was_found() {
    let mut window = opened("task-order-race");
    window.key_press(Key::Slash);
    window.run();
    assert!(window.get_by_label("Search both sides").is_focused());
    window.get_by_label("Search both sides").type_text("RECEIPT_WRITTEN");
    window.run();
    window.key_press(Key::Enter);
    window.run();
    let pair = window.state().state.pair().unwrap();
    assert_eq!(pair.search().text(), "RECEIPT_WRITTEN");
    let row = pair.selection().unwrap().row;
    assert!(pair.search().found(row), "row {row} is not a match");
    window.key_press(Key::Escape);
    window.run();
    assert_eq!(
        window.state().state.pair().unwrap().search().text(),
        "RECEIPT_WRITTEN",
        "leaving the field lost the search"
    );
}

#[test]
fn swapping_sides_mirrors_the_pair_and_keeps_it_on_screen() {
    let mut window = opened("duplicate-ack");
    let counts = |window: &Window<'_>| window.state().state.pair().unwrap().analysis().comparison.counts;
    let before = counts(&window);
    window.key_press_modifiers(Modifiers::ALT, Key::Backslash);
    window.run();
    let after = counts(&window);
    assert_eq!((before.duplicate + before.extra, after.missing), (1, 1), "{before:?} became {after:?}");
}

#[test]
fn a_sample_opens_from_the_program_alone() {
    let mut window = window(App::in_place());
    window.run();
    window.get_by_label("Open sample: Interrupt race").click();
    window.run();
    let pair = window.state().state.pair().expect("no pair is open");
    assert_eq!(pair.analysis().comparison.verdict.word(), "diverged");
}

#[test]
fn unclear_sides_are_chosen_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["alpha", "beta", "gamma"] {
        let lines = format!("{{\"type\":\"{name}\",\"task\":1}}\n{{\"type\":\"end\",\"task\":1}}\n");
        std::fs::write(folder.path().join(format!("{name}.jsonl")), lines).unwrap();
    }
    let mut window = window(App::in_place());
    window.state_mut().open([folder.path().to_path_buf()]);
    window.run();
    window.get_by_label("Which is which?");
    window.get_by_label("gamma.jsonl as expected").click();
    window.run();
    window.get_by_label("Choose one recording for each side.");
    window.get_by_label("alpha.jsonl as actual").click();
    window.run();
    window.get_by_label("Open pair").click();
    window.run();
    let pair = window.state().state.pair().expect("no pair is open");
    assert_eq!((pair.labels().expected.as_str(), pair.labels().actual.as_str()), ("gamma.jsonl", "alpha.jsonl"));
}

#[test]
fn what_was_typed_survives_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let folders = dettrace::app::folders::Folders::inside(home.path());
    let mut first = window(App::new(Some(folders.clone())));
    first.run();
    first.get_by_label("Path of a pack, or of expected and actual").focus();
    first.run();
    first.get_by_label("Path of a pack, or of expected and actual").type_text("/half/a/pa");
    first.run();
    first.state_mut().save();
    let mut second = window(App::new(Some(folders)));
    second.run();
    let field = second.get_by_label("Path of a pack, or of expected and actual");
    assert_eq!(field.value().as_deref(), Some("/half/a/pa"));
}

#[test]
fn a_path_that_is_not_there_is_said_with_another_try() {
    let mut window = window(App::in_place());
    window.run();
    window.get_by_label("Path of a pack, or of expected and actual").focus();
    window.run();
    window.get_by_label("Path of a pack, or of expected and actual").type_text("/no/such/pack");
    window.run();
    window.key_press(Key::Enter);
    window.run();
    window.get_by_label_contains("pack could not be opened");
    assert!(matches!(window.state().state.front().page, Page::Failed(_)));
    window.get_by_label("Try again").click();
    window.run();
    assert!(matches!(window.state().state.front().page, Page::Failed(_)));
    window.get_by_role_and_label(egui::Role::Button, "Copy").click();
    window.run();
    assert!(window.state_mut().take_clipboard().is_some_and(|text| text.contains("/no/such/pack")));
}

#[test]
fn the_palette_finds_a_command_and_does_it() {
    let mut window = window(App::in_place());
    window.run();
    window.key_press_modifiers(ctrl_shift(), Key::P);
    window.run();
    window.get_by_label("Type a command").type_text("keys and");
    window.run();
    window.key_press(Key::Enter);
    window.run();
    window.get_by_label("Close Keys and commands");
    window.key_press(Key::Escape);
    window.run();
    assert!(window.query_by_label("Close Keys and commands").is_none());
}

#[test]
fn a_letter_in_a_text_field_is_a_letter() {
    let mut window = window(App::in_place());
    window.run();
    window.key_press(Key::Questionmark);
    window.run();
    window.get_by_label("Close Keys and commands");
    window.key_press(Key::Escape);
    window.run();
    window.get_by_label("Path of a pack, or of expected and actual").focus();
    window.run();
    window.key_press(Key::Questionmark);
    window.run();
    assert!(window.query_by_label("Close Keys and commands").is_none(), "typing a question mark opened the help");
    window.key_press(Key::F1);
    window.run();
    window.get_by_label("Close The home page");
}

#[test]
fn help_lists_every_command_with_its_keys() {
    let mut window = window(App::in_place());
    window.run();
    window.key_press(Key::Questionmark);
    window.run();
    for entry in TABLE {
        let title = format!("{}: ", entry.title);
        let spoken = window.get_by_label_contains(&title);
        let label = spoken.accesskit_node().value().unwrap_or_default();
        for keys in entry.keys {
            assert!(label.contains(&keys.text()), "{label} lacks {}", keys.text());
        }
    }
}

#[test]
fn an_error_stays_until_it_is_dismissed_and_the_panel_keeps_it() {
    let mut window = window(App::in_place());
    let text = "The disk is full. Free some space.";
    window.state_mut().push(Command::Arrived(Arrival::Said(Level::Error, text.to_owned())));
    window.run();
    window.get_by_label(text);
    window.key_press(Key::Escape);
    window.run();
    window.get_by_label(text);
    window.get_by_label(&format!("Copy: {text}")).click();
    window.run();
    assert_eq!(window.state_mut().take_clipboard().as_deref(), Some("Error: The disk is full. Free some space."));
    window.get_by_label(&format!("Dismiss: {text}")).click();
    window.run();
    assert!(window.query_by_label(text).is_none());
    window.key_press_modifiers(Modifiers::COMMAND, Key::M);
    window.run();
    window.get_by_label(text);
}

#[test]
fn waiting_for_a_dialog_can_be_given_up_and_a_missing_dialog_leads_to_the_path_field() {
    let mut window = window(App::in_place());
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND, Key::O);
    window.run();
    window.get_by_label("Cancel waiting").click();
    window.run();
    assert!(window.query_by_label("Cancel waiting").is_none());
    window.key_press_modifiers(Modifiers::COMMAND, Key::O);
    window.run();
    let none = "No file dialog is available here.".to_owned();
    window.state_mut().push(Command::Arrived(Arrival::Picked(Ask::Pack, Err(none.clone()))));
    window.run();
    window.get_by_label(&none);
    window.get_by_label("Close Open by path");
    window.get_all_by_label("Path of a pack, or of expected and actual").find(egui_kittest::Node::is_focused).unwrap();
}

#[test]
fn every_menu_opens_and_says_its_commands() {
    let mut window = window(App::in_place());
    window.run();
    for menu in dettrace::app::table::Menu::ALL {
        window.get_by_label(menu.title()).click();
        window.run();
        for entry in TABLE.iter().filter(|entry| entry.menu == menu) {
            assert!(
                window.query_all_by_label_contains(entry.title).next().is_some(),
                "{} is not in {}",
                entry.title,
                menu.title()
            );
        }
        window.key_press(Key::Escape);
        window.run();
    }
}

/// A file as the system drops it.
#[derive(Debug)]
struct Dropped(std::path::PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("a drop is opened by its path".to_owned())
    }
}

#[test]
fn two_dropped_files_open_as_expected_and_actual_and_it_is_said() {
    let mut window = window(App::in_place());
    window.run();
    for name in ["h_fail.jsonl", "h_pass.jsonl"] {
        let file = std::sync::Arc::new(Dropped(fixture("two-faults").join(name)));
        window.input_mut().dropped_files.push(file);
    }
    window.run();
    let pair = window.state().state.pair().expect("no pair is open");
    assert_eq!((pair.labels().expected.as_str(), pair.labels().actual.as_str()), ("h_pass.jsonl", "h_fail.jsonl"));
    window.get_by_label_contains("Dismiss: h_pass.jsonl is expected and h_fail.jsonl is actual");
}

#[test]
fn the_keyboard_walks_through_a_page_without_a_pair() {
    let mut window = window(App::in_place());
    window.run();
    assert!(window.ctx.memory(|memory| memory.focused().is_none()));
    window.key_press(Key::Tab);
    window.run();
    let first = window.ctx.memory(egui::Memory::focused);
    window.key_press(Key::Tab);
    window.run();
    let second = window.ctx.memory(egui::Memory::focused);
    assert!(first.is_some() && second.is_some() && first != second, "{first:?} {second:?}");
}

#[test]
fn what_a_row_follows_from_is_read_whole() {
    let mut window = super::open_at([1280.0, 800.0], &[std::path::Path::new("fixtures/retry-storm")]);
    super::send(&mut window, dettrace::app::pair::PairCommand::SelectEvent(dettrace::trace::Side::Actual, 12));
    let link = super::name(&window, "Follows from ");
    assert_eq!(link, "Follows from receive service:token-store never happened");
    let rect = window.get_by_label(&link).rect();
    assert!(rect.height() > 32.0, "it stands in one line, where it has no room: {rect:?}");
    super::click(&mut window, &link);
    assert_eq!(super::row(&window), super::pair(&window).analysis().comparison.causes[0].row);
}
