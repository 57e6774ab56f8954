//! The commands about panes.

use egui::{Key, Modifiers};

use super::{Entry, Menu, Needs, entry};
use crate::app::command::Command;
use crate::app::keys::Keys;
use crate::app::layout::{Direction, LayoutCommand, Pane, Preset};

const SHIFT: Modifiers = Modifiers::SHIFT;
const ALT: Modifiers = Modifiers::ALT;
const ALT_SHIFT: Modifiers = Modifiers::ALT.plus(Modifiers::SHIFT);

/// Opening and closing, walking, moving, resizing, whole arrangements.
pub const LAYOUT: &[Entry] = &[
    entry(Menu::Window, 3, "inspector", "Inspector", || Command::Layout(LayoutCommand::Toggle(Pane::Inspector)))
        .on(&[Keys::key(Key::I)])
        .needs(Needs::Pair)
        .says("Shows or closes what there is to know about the selected row."),
    entry(Menu::Window, 3, "overview", "Overview", || Command::Layout(LayoutCommand::Toggle(Pane::Overview)))
        .on(&[Keys::key(Key::O)])
        .needs(Needs::Pair)
        .says("Shows or closes the strip of the whole pair."),
    entry(Menu::Window, 3, "state-pane", "State and breakpoints", || {
        Command::Layout(LayoutCommand::Toggle(Pane::State))
    })
    .on(&[Keys::with(SHIFT, Key::T)])
    .needs(Needs::Pair)
    .says("Shows or closes the pane that has the state at the selected row and the breakpoints."),
    entry(Menu::Window, 4, "next-pane", "Next pane", || Command::Layout(LayoutCommand::WalkFocus { forward: true }))
        .on(&[Keys::key(Key::F6)])
        .needs(Needs::Pair)
        .repeats()
        .says("Gives the focus to the next pane: the one that is moved, resized or closed."),
    entry(Menu::Window, 4, "previous-pane", "Previous pane", || {
        Command::Layout(LayoutCommand::WalkFocus { forward: false })
    })
    .on(&[Keys::with(SHIFT, Key::F6)])
    .needs(Needs::Pair)
    .repeats()
    .says("Gives the focus to the pane before."),
    entry(Menu::Window, 5, "pane-left", "Move pane left", || Command::Layout(LayoutCommand::Move(Direction::Left)))
        .on(&[Keys::with(ALT_SHIFT, Key::ArrowLeft)])
        .needs(Needs::Pair)
        .says("Moves the pane along its tabs, then out of them, then to what is left of it."),
    entry(Menu::Window, 5, "pane-right", "Move pane right", || Command::Layout(LayoutCommand::Move(Direction::Right)))
        .on(&[Keys::with(ALT_SHIFT, Key::ArrowRight)])
        .needs(Needs::Pair)
        .says("Moves the pane along its tabs, then out of them, then to what is right of it."),
    entry(Menu::Window, 5, "pane-up", "Move pane up", || Command::Layout(LayoutCommand::Move(Direction::Up)))
        .on(&[Keys::with(ALT_SHIFT, Key::ArrowUp)])
        .needs(Needs::Pair)
        .says("Moves the pane above the tabs that it stands in, or to what is above it."),
    entry(Menu::Window, 5, "pane-down", "Move pane down", || Command::Layout(LayoutCommand::Move(Direction::Down)))
        .on(&[Keys::with(ALT_SHIFT, Key::ArrowDown)])
        .needs(Needs::Pair)
        .says("Moves the pane below the tabs that it stands in, or to what is below it."),
    entry(Menu::Window, 6, "pane-larger", "Larger pane", || Command::Layout(LayoutCommand::Grow { larger: true }))
        .on(&[Keys::with(ALT, Key::Period)])
        .needs(Needs::Pair)
        .repeats()
        .says("Takes room from the pane beside or below."),
    entry(Menu::Window, 6, "pane-smaller", "Smaller pane", || Command::Layout(LayoutCommand::Grow { larger: false }))
        .on(&[Keys::with(ALT, Key::Comma)])
        .needs(Needs::Pair)
        .repeats()
        .says("Gives room to the pane beside or below."),
    entry(Menu::Window, 6, "close-pane", "Close pane", || Command::Layout(LayoutCommand::CloseFocused))
        .on(&[Keys::with(ALT, Key::W)])
        .needs(Needs::Pair)
        .says("Closes the pane that has the focus; it keeps its place."),
    entry(Menu::Window, 7, "reset-layout", "Reset the layout", || preset(Preset::Usual))
        .on(&[Keys::with(ALT, Key::Num0)])
        .needs(Needs::Pair)
        .says("Puts every pane where it was at first, in its first size."),
    entry(Menu::Window, 7, "layout-events", "Layout: events and inspector", || preset(Preset::EventsAndInspector))
        .needs(Needs::Pair)
        .says("Leaves the events and the inspector and closes the rest."),
    entry(Menu::Window, 7, "layout-both", "Layout: timeline above events", || preset(Preset::TimelineAboveEvents))
        .needs(Needs::Pair)
        .says("Shows the timeline and the events at the same time, one above the other."),
    entry(Menu::Window, 7, "layout-all", "Layout: everything", || preset(Preset::Everything))
        .needs(Needs::Pair)
        .says("Shows every pane at the same time, for a large screen."),
];

fn preset(preset: Preset) -> Command {
    Command::Layout(LayoutCommand::Preset(preset))
}
