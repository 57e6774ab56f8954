//! The commands about a watched folder. What its rows have in common with those of a pair is among the others.

use egui::{Key, Modifiers};

use super::{Entry, Menu, Needs, entry};
use crate::app::command::Command;
use crate::app::keys::Keys;
use crate::app::state::Ask;
use crate::app::watching::WatchCommand;

const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

/// The commands.
pub const WATCHING: &[Entry] = &[
    entry(Menu::View, 10, "follow-latest", "Follow the latest run", || WatchCommand::Follow.into())
        .on(&[Keys::with(SHIFT, Key::L)])
        .needs(Needs::Watching)
        .says("Selects every run of the watched folder as soon as it has an answer, until one is selected by hand."),
    entry(Menu::View, 10, "group-runs", "Group runs that failed alike", || WatchCommand::Group.into())
        .on(&[Keys::with(SHIFT, Key::G)])
        .needs(Needs::Watching)
        .says("Puts the runs with the same fingerprint under one heading each."),
    entry(Menu::View, 10, "pause-watching", "Pause or resume watching", || WatchCommand::Pause.into())
        .on(&[Keys::with(SHIFT, Key::P)])
        .needs(Needs::Live)
        .says("Looks at no run, and at no file that grows, until it is said again; what changes meanwhile is looked at then."),
    entry(Menu::Go, 6, "open-run", "Open run", || WatchCommand::Open.into())
        .on(&[Keys::with(SHIFT, Key::O)])
        .needs(Needs::Run)
        .says("Opens the selected run in a tab of its own; Enter and a double click do the same."),
    entry(Menu::Go, 6, "new-runs", "Show what is new", || WatchCommand::ShowNew.into())
        .on(&[Keys::Then(Key::G, Key::N)])
        .needs(Needs::New)
        .says("Goes to the runs that came while the list was held still, or to the newest event or sample of what grows."),
    entry(Menu::Compare, 6, "baseline-here", "Compare the others with this run", || WatchCommand::BaselineHere.into())
        .on(&[Keys::with(CTRL_SHIFT, Key::B)])
        .needs(Needs::Run)
        .says("Makes the selected run the baseline of the watched folder."),
    entry(Menu::Compare, 6, "choose-baseline", "Choose the baseline…", || Command::Ask(Ask::Baseline))
        .needs(Needs::Watching)
        .says("Compares the runs of the watched folder with a recording from anywhere."),
    entry(Menu::Compare, 6, "no-baseline", "Pair by names alone", || WatchCommand::Baseline(None).into())
        .needs(Needs::Watching)
        .says("Compares the runs of the watched folder with what is named like a baseline."),
];
