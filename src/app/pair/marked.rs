//! The event that waits for the one of the other side that a person says is the same.

use super::Pair;
use crate::trace::{EventIndex, Side};

impl Pair {
    /// The event that is marked to be said the same as one of the other side.
    pub const fn marked(&self) -> Option<(Side, EventIndex)> {
        self.marked
    }

    /// Marks the selected event, or lets it go when it is marked. With one of the other side marked: both, expected first, and
    /// none is marked any more.
    pub(in crate::app) fn mark_here(&mut self) -> Option<(EventIndex, EventIndex)> {
        let (side, event) = self.selected_event()?;
        match self.marked.take() {
            Some((marked, other)) if marked != side => {
                return Some(if side == Side::Expected { (event, other) } else { (other, event) });
            }
            Some(marked) if marked == (side, event) => {
                self.notice = format!("{side} #{event} is no longer marked.");
                return None;
            }
            _ => {}
        }
        self.marked = Some((side, event));
        let other = side.other();
        self.notice =
            format!("{side} #{event} is marked. Select the {other} event that is the same, and do this again.");
        None
    }

    /// Lets the marked event go; says whether there was one.
    pub(super) fn unmark(&mut self) -> bool {
        self.marked.take().is_some()
    }
}
