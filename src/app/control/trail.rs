//! Where a person was in a control loop: back and forward over view, plot, cursors and the part of the axis in sight.

use super::{ControlCommand, ControlPage, ControlView, Sheet};
use crate::app::trail::Trail;
use crate::view::Cursors;

/// A place to come back to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spot {
    view: ControlView,
    selected: usize,
    cursors: Cursors,
    range: (f64, f64),
}

/// True for what a person does many times in a row to get somewhere.
const fn is_small(command: ControlCommand) -> bool {
    matches!(
        command,
        ControlCommand::Step(_)
            | ControlCommand::Select(_)
            | ControlCommand::Cursor(Some(_))
            | ControlCommand::MeasureFrom(_)
            | ControlCommand::Zoom { .. }
            | ControlCommand::Pan(_)
    )
}

impl ControlPage {
    fn spot(&self) -> Spot {
        let sheet = self.sheet();
        let range = (sheet.sight().from(), sheet.sight().to());
        Spot { view: self.view, selected: sheet.selected(), cursors: *sheet.cursors(), range }
    }

    /// Carries out a command, and remembers where it came from if it led away.
    pub fn apply(&mut self, command: ControlCommand) {
        if command.answers_a_person() {
            self.notice.clear();
        }
        match command {
            ControlCommand::Back => self.walk_trail(true),
            ControlCommand::Forward => self.walk_trail(false),
            command => {
                let before = self.spot();
                self.carry_out(command);
                self.trail.went(before, &self.spot(), is_small(command));
            }
        }
    }

    fn walk_trail(&mut self, back: bool) {
        let here = self.spot();
        let Some(spot) = self.trail.go(back, here, &mut self.notice) else { return };
        self.carry_out(ControlCommand::Show(spot.view));
        if let Some(sheet) = self.sheet_mut() {
            sheet.go_to(spot.selected, spot.cursors, spot.range);
        }
    }

    /// What was seen of an older answer about the same recordings, and where a person was in it, as far as it is still there.
    pub(in crate::app) fn take_over(&mut self, old: &Self) {
        // What is gone was asked for by nobody by name.
        let _missing = self.set_seen(&old.seen());
        self.trail = self.places_of(&old.trail, &old.recorded);
    }

    /// Places among the plots of an older reading, as they are now. Those of the reference plant are always the same.
    pub(super) fn places_of(&self, trail: &Trail<Spot>, old: &Sheet) -> Trail<Spot> {
        trail.mapped(|spot| {
            let name = || Some(old.plots().list.get(spot.selected)?.name.as_str());
            let selected = match spot.view {
                ControlView::WhatIf => spot.selected,
                ControlView::Control | ControlView::Trajectory => self.recorded.plot_named(name()?)?,
            };
            Some(Spot { selected, ..*spot })
        })
    }
}
