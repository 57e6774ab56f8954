//! Where the clocks of both sides meet.

use super::Timeline;
use crate::view::{Anchor, Clocks, Compared};

impl Timeline {
    /// Where both sides' times meet.
    pub const fn anchor(&self) -> &Anchor {
        &self.anchor
    }

    /// The clocks that meet there.
    pub const fn clocks(&self) -> &Clocks {
        &self.clocks
    }

    /// Lets times meet somewhere else; points that would let them run backwards are left out.
    pub(super) fn set_anchor(&mut self, mut anchor: Anchor, compared: Compared<'_>) {
        self.clocks = Clocks::meeting_at(&mut anchor, compared);
        self.anchor = anchor;
    }

    /// The same on screen: expected stands still, actual moves to where they meet, and what was all in sight still is.
    pub(in super::super) fn meet_at(&mut self, anchor: Anchor, compared: Compared<'_>) {
        let all = (self.from, self.to) == self.whole(compared);
        let zero = self.clocks.zero();
        self.set_anchor(anchor, compared);
        if self.axis != crate::view::Axis::Time {
            return;
        }
        if all {
            return self.fit(compared);
        }
        let moved = zero.saturating_sub(self.clocks.zero()) as f64;
        self.set_range(self.from + moved, self.to + moved, compared);
    }
}
