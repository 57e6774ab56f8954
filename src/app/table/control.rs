//! The commands about control loops. What cursors and axes have in common with rows and axes of a pair is among the others.

use egui::{Key, Modifiers};

use super::{Entry, Menu, Needs, entry};
use crate::app::command::Command;
use crate::app::control::{ControlCommand, ControlView};
use crate::app::keys::Keys;
use crate::app::state::Ask;
use crate::trace::Side;

const SHIFT: Modifiers = Modifiers::SHIFT;

/// The commands.
pub const CONTROL: &[Entry] = &[
    entry(Menu::File, 5, "export-curves", "Export curves…", || Command::Ask(Ask::Curves))
        .on(&[Keys::with(Modifiers::COMMAND, Key::E)])
        .needs(Needs::Control)
        .says("Writes the plots that are shown, as they are seen, as a drawing (.svg), a picture (.png) or a table (.csv)."),
    entry(Menu::View, 8, "control", "Control", || ControlCommand::Show(ControlView::Control).into())
        .on(&[Keys::key(Key::Num8)])
        .needs(Needs::Control)
        .says("Shows the signals of both runs over time, with the errors and the lanes of conditions."),
    entry(Menu::View, 8, "trajectory", "Trajectory", || ControlCommand::Show(ControlView::Trajectory).into())
        .on(&[Keys::key(Key::Num9)])
        .needs(Needs::Control)
        .says("Shows where the plant went, one coordinate against the other."),
    entry(Menu::View, 8, "read-otherwise", "Read as events or signals", || Command::ReadOtherwise)
        .on(&[Keys::with(SHIFT, Key::A)])
        .needs(Needs::Something)
        .says("Reads signals as events and events as signals, at the same moment; again goes back."),
    entry(Menu::View, 8, "what-if", "What if", || Command::WhatIf)
        .on(&[Keys::with(SHIFT, Key::Num9)])
        .says("Runs the reference plant with a fault: arrows choose and turn kind, strength, onset and length."),
    entry(Menu::View, 9, "toggle-plot", "Show or hide the selected plot", || ControlCommand::ToggleSelected.into())
        .on(&[Keys::with(SHIFT, Key::Enter)])
        .needs(Needs::Control)
        .says("Shows the signal that is selected in the list as a plot, or hides it."),
    entry(Menu::View, 9, "toggle-expected", "Draw the expected run", || {
        ControlCommand::ToggleSide(Side::Expected).into()
    })
    .on(&[Keys::with(SHIFT, Key::Num1)])
    .needs(Needs::Control)
    .says("Draws the lines of the expected run, or leaves them out."),
    entry(Menu::View, 9, "toggle-actual", "Draw the actual run", || ControlCommand::ToggleSide(Side::Actual).into())
        .on(&[Keys::with(SHIFT, Key::Num2)])
        .needs(Needs::Control)
        .says("Draws the lines of the actual run, or leaves them out."),
    entry(Menu::View, 9, "toggle-setpoint", "Draw the setpoint", || ControlCommand::ToggleWanted.into())
        .on(&[Keys::with(SHIFT, Key::Num3)])
        .needs(Needs::Control)
        .says("Draws what the loop was asked for, or leaves it out."),
    entry(Menu::View, 9, "fit-plot", "Fit the selected plot", || ControlCommand::FitPlot(None).into())
        .on(&[Keys::with(SHIFT, Key::F)])
        .needs(Needs::Control)
        .says("Shows the selected plot from its least to its largest value in sight; a double click does the same."),
    entry(Menu::Go, 6, "measure", "Measure from the cursor", || ControlCommand::Measure.into())
        .on(&[Keys::key(Key::Q)])
        .needs(Needs::Control)
        .says("Begins to measure where the cursor is, or ends it; Shift and a click put the other end."),
    entry(Menu::Go, 6, "zoom-measure", "Zoom to what is measured", || ControlCommand::ZoomToMeasure.into())
        .on(&[Keys::with(SHIFT, Key::Q)])
        .needs(Needs::Measure)
        .says("Shows the stretch between both cursors in all plots."),
];
