//! Notes as they are read.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::{open, pair, press, press_with};

#[test]
fn a_note_is_markdown_of_which_nothing_is_fetched() {
    let mut window = open("task-order-race");
    press_with(&mut window, Modifiers::ALT, Key::M);
    let note = "# Race\n\n- see [run](https://ci.example/7)\n- ![shot](https://ci.example/p.png) <b>x</b>\n";
    window.get_by_label("Note of bookmark 1").type_text(note);
    window.run();
    press(&mut window, Key::Escape);
    press(&mut window, Key::Escape);
    for words in ["Race", "see run", "![shot](https://ci.example/p.png) <b>x</b>"] {
        assert!(window.query_all_by_label_contains(words).next().is_some(), "{words} is not shown");
    }
    window.query_all_by_label("Copy https://ci.example/7").next().unwrap().click();
    window.run();
    assert_eq!(pair(&window).notice(), "Copied https://ci.example/7.");
    assert_eq!(window.state_mut().take_clipboard().as_deref(), Some("https://ci.example/7"));
    let opened = |command: &egui::OutputCommand| matches!(command, egui::OutputCommand::OpenUrl(_));
    assert!(!window.output().platform_output.commands.iter().any(opened), "a browser was asked for");
}
