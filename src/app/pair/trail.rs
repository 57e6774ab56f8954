//! Where a person was: back and forward over view, selection and the timeline's range.

use super::{Pair, PairCommand, Selection, TimelineCommand, View};
use crate::app::graph::Look;
use crate::trace::Side;
use crate::view::Axis;

/// Places kept.
const KEPT: usize = 200;

/// A place to come back to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    view: View,
    selection: Option<Selection>,
    axis: Axis,
    range: (f64, f64),
}

/// The places before and after this one.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    back: Vec<Spot>,
    ahead: Vec<Spot>,
    /// True when the last move was a small one, which the next small one goes on.
    small: bool,
}

impl Trail {
    /// Notes that a place was left. A run of small moves is one move.
    fn left(&mut self, spot: Spot, small: bool) {
        self.ahead.clear();
        if !(small && std::mem::replace(&mut self.small, small)) {
            self.back.push(spot);
        }
        self.small = small;
        if self.back.len() > KEPT {
            self.back.remove(0);
        }
    }

    /// Takes the next place on the way back or forward; `here` is kept for the other way.
    fn go(&mut self, back: bool, here: Spot) -> Option<Spot> {
        let (from, to) = if back { (&mut self.back, &mut self.ahead) } else { (&mut self.ahead, &mut self.back) };
        let spot = from.pop()?;
        to.push(here);
        self.small = false;
        Some(spot)
    }

    /// The same places where rows stand elsewhere.
    pub(super) fn mapped(&self, row_now: impl Fn(u32, Side) -> Option<Selection>) -> Self {
        let map = |spots: &[Spot]| {
            let now = |spot: &Spot| Spot { selection: spot.selection.and_then(|s| row_now(s.row, s.side)), ..*spot };
            spots.iter().map(now).collect()
        };
        Self { back: map(&self.back), ahead: map(&self.ahead), small: false }
    }
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
                if self.spot() != before {
                    self.trail.left(before, small);
                }
            }
        }
    }

    fn walk_trail(&mut self, back: bool) {
        self.notice.clear();
        let here = self.spot();
        let Some(spot) = self.trail.go(back, here) else {
            let words = if back { "This is where you began." } else { "There is nothing to go forward to." };
            return words.clone_into(&mut self.notice);
        };
        self.view = spot.view;
        if let Some(Selection { row, side }) = spot.selection {
            self.select_row(row, Some(side));
            self.scrubbed = true;
        }
        self.timeline.show(spot.axis, spot.range, super::compared(&self.analysis));
    }
}
