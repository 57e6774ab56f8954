//! The window around a pair, driven by accessible names: no pixels, no display.

use std::time::Instant;

use dettrace::app::command::Arrival;
use dettrace::app::message::Level;
use dettrace::app::state::{Ask, Page};
use dettrace::app::table::TABLE;
use dettrace::app::{App, Command};
use dettrace::ui;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

type Window<'a> = Harness<'a, App>;

fn window<'a>(app: App) -> Window<'a> {
    let draw = |ui: &mut egui::Ui, app: &mut App| {
        app.step(Instant::now());
        let mut out = Vec::new();
        ui::frame(ui, &app.state, &mut out);
        for command in out {
            app.push(command);
        }
        if app.is_pending() {
            ui.ctx().request_repaint();
        }
    };
    Harness::builder()
        .with_size([1280.0, 800.0])
        .with_max_steps(32)
        .with_context_setup(ui::install)
        .build_ui_state(draw, app)
}

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
    assert!(matches!(window.state().state.page, Page::Failed(_)));
    window.get_by_label("Try again").click();
    window.run();
    assert!(matches!(window.state().state.page, Page::Failed(_)));
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
    window.get_by_label("Close Keys and commands");
}

#[test]
fn help_lists_every_command_with_its_keys() {
    let mut window = window(App::in_place());
    window.run();
    window.key_press(Key::F1);
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
