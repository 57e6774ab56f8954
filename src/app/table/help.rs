//! The commands about learning.

use egui::Key;

use super::{Entry, Menu, entry};
use crate::app::command::Command;
use crate::app::keys::Keys;
use crate::app::state::Overlay;

/// The commands.
pub const HELP: &[Entry] = &[
    entry(Menu::Help, 0, "help", "Keys and commands", || Command::Toggle(Overlay::Help))
        .on(&[Keys::key(Key::Questionmark)])
        .says("Shows every command with its keys."),
    entry(Menu::Help, 0, "here", "Help on this", || Command::Toggle(Overlay::Here(None)))
        .on(&[Keys::key(Key::F1)])
        .says("Explains what is under the pointer or has the keyboard: what is seen, its marks, its keys."),
    entry(Menu::Help, 0, "tour", "Tour", || Command::Tour(Some(0)))
        .says("Shows in four steps what is where; without a pair a sample is opened first."),
    entry(Menu::Help, 0, "escape", "Close or deselect", || Command::Escape)
        .on(&[Keys::key(Key::Escape)])
        .says("Closes the innermost thing that is open."),
    entry(Menu::Help, 1, "edit-keys", "Edit shortcuts…", || Command::EditKeys)
        .says("Writes all keys into a file if it is not there yet, says where it is, and copies its path."),
    entry(Menu::Help, 1, "reload-keys", "Reload shortcuts", || Command::ReadKeys { asked: true })
        .says("Reads the file of shortcuts again; coming back to this window does so too."),
    entry(Menu::Help, 2, "about", "About DetTrace", || Command::Toggle(Overlay::About))
        .says("Version, licence, and where settings are kept."),
];
