//! The commands about the lanes of the timeline. Those about one lane are about the home lane of the selected event; its name
//! in the timeline has the same ones in a menu.

use egui::{Key, Modifiers};

use super::{Entry, Menu, Needs, entry};
use crate::app::command::Command;
use crate::app::keys::Keys;
use crate::app::pair::{LaneCommand, PairCommand, TimelineCommand};
use crate::app::state::Focus;

const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);
const ALT: Modifiers = Modifiers::ALT;
const ALT_SHIFT: Modifiers = Modifiers::ALT.plus(Modifiers::SHIFT);

fn lane(command: LaneCommand) -> Command {
    PairCommand::Lane(command).into()
}

fn timeline(command: TimelineCommand) -> Command {
    PairCommand::Timeline(command).into()
}

/// The commands.
pub const LANES: &[Entry] = &[
    entry(Menu::View, 3, "lanes-differing", "Only lanes that differ", || timeline(TimelineCommand::OnlyDiffering))
        .on(&[Keys::key(Key::L)])
        .needs(Needs::Timeline)
        .says("Shows only lanes on which something differs, or all of them again."),
    entry(Menu::View, 3, "filter-lanes", "Filter lanes…", || Command::Focus(Focus::Lanes))
        .on(&[Keys::with(ALT, Key::L)])
        .needs(Needs::Timeline)
        .says("Types what the names of the shown lanes hold."),
    entry(Menu::View, 3, "only-lane", "Show only this lane", || lane(LaneCommand::Only))
        .on(&[Keys::with(CTRL_SHIFT, Key::I)])
        .needs(Needs::Timeline)
        .says("Leaves only the lane of the selected event, or shows the others again."),
    entry(Menu::View, 3, "hide-lane", "Hide lane", || lane(LaneCommand::Hide))
        .on(&[Keys::with(CTRL_SHIFT, Key::H)])
        .needs(Needs::Timeline)
        .says("Leaves out the lane of the selected event, or shows it again."),
    entry(Menu::View, 3, "all-lanes", "All lanes", || timeline(TimelineCommand::AllLanes))
        .on(&[Keys::with(CTRL_SHIFT, Key::A)])
        .needs(Needs::Timeline)
        .says("Shows every lane, whatever left it out: a filter, or a person."),
    entry(Menu::View, 3, "pin-lane", "Pin lane", || lane(LaneCommand::Pin))
        .on(&[Keys::key(Key::P)])
        .needs(Needs::Timeline)
        .says("Keeps the lane of the selected event on top, or lets it go."),
    entry(Menu::View, 3, "lane-up", "Move lane up", || lane(LaneCommand::Move(-1)))
        .on(&[Keys::with(CTRL_SHIFT, Key::ArrowUp)])
        .needs(Needs::Timeline)
        .repeats()
        .says("Moves the lane of the selected event up within its group."),
    entry(Menu::View, 3, "lane-down", "Move lane down", || lane(LaneCommand::Move(1)))
        .on(&[Keys::with(CTRL_SHIFT, Key::ArrowDown)])
        .needs(Needs::Timeline)
        .repeats()
        .says("Moves the lane of the selected event down within its group."),
    entry(Menu::View, 3, "lane-top", "Move lane to the top", || lane(LaneCommand::Top))
        .on(&[Keys::with(CTRL_SHIFT, Key::Home)])
        .needs(Needs::Timeline)
        .says("Moves the lane of the selected event to the top of its group."),
    entry(Menu::View, 3, "reset-lanes", "Reset the order of lanes", || timeline(TimelineCommand::NaturalOrder))
        .on(&[Keys::with(CTRL_SHIFT, Key::R)])
        .needs(Needs::Timeline)
        .says("Puts all lanes back into the order of their names; pinned ones stay on top."),
    entry(Menu::View, 3, "fold-group", "Fold the lane's group", || lane(LaneCommand::FoldGroup))
        .on(&[Keys::with(CTRL_SHIFT, Key::F)])
        .needs(Needs::Timeline)
        .says("Leaves only the title of the group that the lane of the selected event is in, or unfolds it."),
    entry(Menu::View, 3, "fold-groups", "Fold all groups of lanes", || timeline(TimelineCommand::FoldGroups(true)))
        .on(&[Keys::with(ALT, Key::G)])
        .needs(Needs::Timeline)
        .says("Leaves only the titles of the groups of lanes."),
    entry(Menu::View, 3, "unfold-groups", "Unfold all groups of lanes", || {
        timeline(TimelineCommand::FoldGroups(false))
    })
    .on(&[Keys::with(ALT_SHIFT, Key::G)])
    .needs(Needs::Timeline)
    .says("Shows the lanes of every group."),
];
