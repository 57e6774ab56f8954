//! The commands of tabs. One tab of a window that has no other is not spoken of.

use egui::{Key, Modifiers};

use super::{Entry, Menu, Needs, entry};
use crate::app::command::Command;
use crate::app::keys::Keys;
use crate::app::tabs::TabCommand;

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);
const ALT: Modifiers = Modifiers::ALT;

const fn tab(
    group: u8,
    id: &'static str,
    title: &'static str,
    keys: &'static [Keys],
    needs: Needs,
    command: fn() -> Command,
) -> Entry {
    entry(Menu::Window, group, id, title, command).on(keys).needs(needs)
}

/// The commands.
pub const TABS: &[Entry] = &[
    tab(0, "new-tab", "New tab", &[Keys::with(CTRL, Key::T)], Needs::Nothing, || Command::Tab(TabCommand::New))
        .says("Opens a tab with the home page. What is opened while a pack is in front gets a tab by itself."),
    tab(0, "close-tab", "Close tab", &[Keys::with(CTRL, Key::W)], Needs::ToClose, || {
        Command::Tab(TabCommand::Close(None))
    })
    .says("Closes the tab in front; bookmarks and notes are kept. After the last one the home page is there."),
    tab(0, "reopen-tab", "Reopen closed tab", &[Keys::with(CTRL_SHIFT, Key::T)], Needs::Closed, || {
        Command::Tab(TabCommand::Reopen)
    })
    .says("Opens again what was closed last, with its view, selection and search."),
    tab(
        1,
        "next-tab",
        "Next tab",
        &[Keys::with(CTRL, Key::Tab), Keys::with(CTRL, Key::PageDown)],
        Needs::Tabs(2),
        || Command::Tab(TabCommand::Step(1)),
    )
    .repeats()
    .says("Brings the tab to the right to the front, and after the last one the first."),
    tab(
        1,
        "previous-tab",
        "Previous tab",
        &[Keys::with(CTRL_SHIFT, Key::Tab), Keys::with(CTRL, Key::PageUp)],
        Needs::Tabs(2),
        || Command::Tab(TabCommand::Step(-1)),
    )
    .repeats()
    .says("Brings the tab to the left to the front, and before the first one the last."),
    tab(1, "move-tab-left", "Move tab left", &[Keys::with(CTRL_SHIFT, Key::PageUp)], Needs::Tabs(2), || {
        Command::Tab(TabCommand::Move(-1))
    })
    .repeats()
    .says("Moves the tab in front one place to the left; dragging it does the same."),
    tab(1, "move-tab-right", "Move tab right", &[Keys::with(CTRL_SHIFT, Key::PageDown)], Needs::Tabs(2), || {
        Command::Tab(TabCommand::Move(1))
    })
    .repeats()
    .says("Moves the tab in front one place to the right."),
    nth("tab-1", "Tab 1", &[Keys::with(ALT, Key::Num1)], 2, || Command::Tab(TabCommand::Nth(0))),
    nth("tab-2", "Tab 2", &[Keys::with(ALT, Key::Num2)], 2, || Command::Tab(TabCommand::Nth(1))),
    nth("tab-3", "Tab 3", &[Keys::with(ALT, Key::Num3)], 3, || Command::Tab(TabCommand::Nth(2))),
    nth("tab-4", "Tab 4", &[Keys::with(ALT, Key::Num4)], 4, || Command::Tab(TabCommand::Nth(3))),
    nth("tab-5", "Tab 5", &[Keys::with(ALT, Key::Num5)], 5, || Command::Tab(TabCommand::Nth(4))),
    nth("tab-6", "Tab 6", &[Keys::with(ALT, Key::Num6)], 6, || Command::Tab(TabCommand::Nth(5))),
    nth("tab-7", "Tab 7", &[Keys::with(ALT, Key::Num7)], 7, || Command::Tab(TabCommand::Nth(6))),
    nth("tab-8", "Tab 8", &[Keys::with(ALT, Key::Num8)], 8, || Command::Tab(TabCommand::Nth(7))),
    nth("last-tab", "Last tab", &[Keys::with(ALT, Key::Num9)], 2, || Command::Tab(TabCommand::Nth(usize::MAX)))
        .says("Brings the tab at the right end to the front."),
];

const fn nth(
    id: &'static str,
    title: &'static str,
    keys: &'static [Keys],
    least: usize,
    command: fn() -> Command,
) -> Entry {
    tab(2, id, title, keys, Needs::Tabs(least), command).says("Brings the tab at this place to the front.")
}
