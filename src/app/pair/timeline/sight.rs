//! Bringing one lane into sight, whatever hides it.

use super::{LaneLine, Timeline};
use crate::view::Lanes;

impl Timeline {
    /// Brings a lane into sight. What hides it gives way: its group unfolds, else the filters of lanes go.
    pub(in crate::app::pair) fn show_lane(&mut self, lane: u32, lanes: &Lanes) {
        let there = |timeline: &Self| timeline.lines.contains(&LaneLine::Lane(lane));
        if !there(self) {
            let group = (!self.is_pinned(lane)).then(|| lanes.list()[lane as usize].group);
            self.folded.remove(&group);
            self.arrange(lanes);
        }
        if !there(self) {
            self.filter.clear();
            self.only_differing = false;
            self.arrange(lanes);
        }
        self.reveal(lane);
    }
}
