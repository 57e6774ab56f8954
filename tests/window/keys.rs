//! Shortcuts that a person changed in `keys.json`.

use std::fs;
use std::path::PathBuf;

use dettrace::app::folders::Folders;
use dettrace::app::state::Overlay;
use dettrace::app::{App, Command};
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use tempfile::TempDir;

use super::{Window, names, press, type_into_palette, window};

fn file(home: &TempDir) -> PathBuf {
    Folders::inside(home.path()).config.join("keys.json")
}

fn write(home: &TempDir, keys: &str) {
    fs::create_dir_all(file(home).parent().unwrap()).unwrap();
    fs::write(file(home), format!("{{ \"version\": 1,\n\"keys\": {{ {keys} }} }}")).unwrap();
}

fn start<'a>(home: &TempDir) -> Window<'a> {
    window(App::new(Some(Folders::inside(home.path()))))
}

fn come_back(window: &mut Window<'_>) {
    window.event(Event::WindowFocused(true));
    window.run();
}

#[test]
fn the_keys_of_the_file_act_and_are_shown_everywhere() {
    let home = tempfile::tempdir().unwrap();
    write(&home, r#""about": ["F2", "h a"], "help": ["F4"], "palette": ["Ctrl+J"]"#);
    let mut window = start(&home);
    press(&mut window, Key::Questionmark);
    assert_eq!(window.state().state.overlay, None, "a key that was taken away still acts");
    press(&mut window, Key::F2);
    assert_eq!(window.state().state.overlay, Some(Overlay::About));
    press(&mut window, Key::Escape);
    press(&mut window, Key::H);
    press(&mut window, Key::A);
    assert_eq!(window.state().state.overlay, Some(Overlay::About));
    press(&mut window, Key::Escape);
    press(&mut window, Key::F4);
    assert_eq!(names(&window, "About DetTrace: F2  ·  h a.").len(), 1, "the help shows other keys");
    press(&mut window, Key::Escape);
    window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.run();
    assert_eq!(window.state().state.overlay, None);
    window.key_press_modifiers(Modifiers::COMMAND, Key::J);
    window.run();
    assert!(matches!(window.state().state.overlay, Some(Overlay::Palette { .. })));
}

#[test]
fn editing_writes_all_keys_once_and_never_over_what_is_there() {
    let home = tempfile::tempdir().unwrap();
    let mut window = start(&home);
    assert_eq!(window.state().state.messages.all().count(), 0, "a first start says something");
    type_into_palette(&mut window, "edit shortcuts");
    press(&mut window, Key::Enter);
    let path = file(&home);
    let written = fs::read_to_string(&path).unwrap();
    assert!(written.contains("\"next\": [\"n\", \"F7\", \"Alt+Down\"]"), "{written}");
    assert_eq!(window.state_mut().take_clipboard(), Some(path.display().to_string()));
    assert!(window.state().state.messages.all().next().unwrap().text.contains(&path.display().to_string()));

    for kept in ["{ torn", "{ \"version\": 99 }"] {
        fs::write(&path, kept).unwrap();
        come_back(&mut window);
        window.state_mut().push(Command::EditKeys);
        window.run();
        assert_eq!(fs::read_to_string(&path).unwrap(), kept, "what a person wrote is gone");
    }
    let files: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
    assert_eq!(files.len(), 1, "{files:?}");
}

#[test]
fn coming_back_to_the_window_reads_the_file_again() {
    let home = tempfile::tempdir().unwrap();
    let mut window = start(&home);
    write(&home, r#""about": ["F2"]"#);
    press(&mut window, Key::F2);
    assert_eq!(window.state().state.overlay, None);
    come_back(&mut window);
    press(&mut window, Key::F2);
    assert_eq!(window.state().state.overlay, Some(Overlay::About));
    press(&mut window, Key::Escape);
    assert_eq!(window.state().state.messages.all().count(), 0);

    write(&home, r#""abuot": ["F2"]"#);
    come_back(&mut window);
    let said = window.state().state.messages.standing().next().unwrap().text.clone();
    assert!(said.contains("keys.json, line 2: there is no command “abuot”"), "{said}");
    let known = window.state().state.messages.all().count();
    come_back(&mut window);
    assert_eq!(window.state().state.messages.all().count(), known, "the same file is complained about again");

    fs::remove_file(file(&home)).unwrap();
    type_into_palette(&mut window, "reload shortcuts");
    press(&mut window, Key::Enter);
    let standing: Vec<String> = window.state().state.messages.standing().map(|m| m.text.clone()).collect();
    assert!(standing.iter().all(|text| !text.contains("abuot")), "{standing:?}");
    assert!(standing.iter().any(|text| text.contains("There is no keys.json")), "{standing:?}");
    press(&mut window, Key::Questionmark);
    assert_eq!(window.state().state.overlay, Some(Overlay::Help), "the table's own keys are not back");
}

#[test]
fn without_a_folder_the_commands_say_so() {
    let mut window = window(App::in_place());
    for command in [Command::EditKeys, Command::ReadKeys { asked: true }] {
        window.state_mut().push(Command::DismissAll);
        window.state_mut().push(command);
        window.run();
        assert!(window.query_all_by_label_contains("DETTRACE_HOME").next().is_some(), "nothing is said");
    }
}
