//! Where a person was: back and forward over view, selection and the timeline's range.

use super::{Pair, PairCommand, Selection, TimelineCommand, View};
use crate::app::graph::Look;
use crate::app::trail::Trail;
use crate::trace::Side;
use crate::view::Axis;

/// A place to come back to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    view: View,
    selection: Option<Selection>,
    axis: Axis,
    range: (f64, f64),
}

/// The same places where rows stand elsewhere.
pub(super) fn mapped(trail: &Trail<Spot>, row_now: impl Fn(u32, Side) -> Option<Selection>) -> Trail<Spot> {
    trail.mapped(|spot| Some(Spot { selection: spot.selection.and_then(|s| row_now(s.row, s.side)), ..*spot }))
}

/// True for what a person does many times in a row to get somewhere.
const fn is_small(command: &PairCommand) -> bool {
    matches!(
        command,
        PairCommand::Step(_)
            | PairCommand::Page(_)
            | PairCommand::Extend(_)
            | PairCommand::Look(Look::Zoom(_) | Look::Pan(_))
            | PairCommand::Timeline(TimelineCommand::Zoom { .. } | TimelineCommand::Pan(_))
    )
}

impl Pair {
    fn spot(&self) -> Spot {
        let (axis, range) = (self.timeline.axis(), self.timeline.range());
        Spot { view: self.view, selection: self.selection, axis, range }
    }

    /// Carries out a command, and remembers where it came from if it led away.
    pub fn apply(&mut self, command: PairCommand) {
        match command {
            PairCommand::Back => self.walk_trail(true),
            PairCommand::Forward => self.walk_trail(false),
            command => {
                let (before, small) = (self.spot(), is_small(&command));
                self.carry_out(command);
                self.trail.went(before, &self.spot(), small);
            }
        }
    }

    fn walk_trail(&mut self, back: bool) {
        self.notice.clear();
        let here = self.spot();
        let Some(spot) = self.trail.go(back, here, &mut self.notice) else { return };
        self.view = spot.view;
        if let Some(Selection { row, side }) = spot.selection {
            self.select_row(row, Some(side));
            self.scrubbed = true;
        }
        self.timeline.show(spot.axis, spot.range, super::compared(&self.analysis));
    }
}
