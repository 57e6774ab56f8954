//! The commands about the propagation graph. What it has in common with axes is among the others.

use egui::{Key, Modifiers};

use super::{Entry, Menu, Needs, entry};
use crate::app::keys::Keys;
use crate::app::pair::PairCommand;

const CTRL: Modifiers = Modifiers::COMMAND;
const SHIFT: Modifiers = Modifiers::SHIFT;

/// The commands.
pub const GRAPH: &[Entry] = &[
    entry(Menu::View, 7, "graph-side", "Next side of the graph", || PairCommand::NextGraphSide.into())
        .on(&[Keys::with(SHIFT, Key::Num4)])
        .needs(Needs::TwoSides)
        .says("The propagation graph shows the difference, expected, or actual."),
    entry(Menu::View, 7, "next-place", "Next place of the graph", || PairCommand::StepPlace { forward: true }.into())
        .on(&[Keys::with(CTRL, Key::ArrowDown)])
        .needs(Needs::Propagation)
        .repeats()
        .says("Selects the next place of the propagation graph, from left to right and top to bottom."),
    entry(Menu::View, 7, "previous-place", "Previous place of the graph", || {
        PairCommand::StepPlace { forward: false }.into()
    })
    .on(&[Keys::with(CTRL, Key::ArrowUp)])
    .needs(Needs::Propagation)
    .repeats()
    .says("Selects the place of the propagation graph before."),
];
