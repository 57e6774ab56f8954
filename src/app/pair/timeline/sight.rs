//! Bringing a lane into sight.

use super::{LaneLine, Timeline};
use crate::view::Lanes;

impl Timeline {
    /// Brings a lane into sight. What leaves it out gives way, no more: other lanes that were hidden stay hidden.
    pub(in crate::app::pair) fn show_lane(&mut self, lane: u32, lanes: &Lanes) {
        let there = |timeline: &Self| timeline.lines.contains(&LaneLine::Lane(lane));
        if !there(self) {
            let group = (!self.is_pinned(lane)).then(|| lanes.list()[lane as usize].group);
            self.folded.remove(&group);
            self.hidden.remove(&lane);
            self.arrange(lanes);
        }
        if !there(self) {
            self.only = None;
            self.arrange(lanes);
        }
        if !there(self) {
            self.filter.clear();
            self.only_differing = false;
            self.arrange(lanes);
        }
        self.reveal(lane);
        self.wanted = Some(lane);
    }

    /// The lanes have another height now. The lane that was asked for stays in sight if it was.
    pub(super) fn resize(&mut self, height: f32) {
        let seen = self.wanted.filter(|lane| self.visible().iter().any(|(line, _)| *line == LaneLine::Lane(*lane)));
        self.viewport = height.max(0.0);
        self.keep_in_sight();
        if let Some(lane) = seen {
            self.reveal(lane);
        }
    }

    /// Scrolls as little as possible to have a whole lane in sight.
    pub(super) fn reveal(&mut self, lane: u32) {
        let mut y = 0.0;
        for &line in &self.lines {
            let height = self.height_of(line);
            if line == LaneLine::Lane(lane) {
                // Of a lane that is higher than the view, its upper edge is seen.
                self.top = self.top.clamp((y + height - self.viewport).clamp(0.0, y), y);
                break;
            }
            y += height;
        }
        self.keep_in_sight();
    }

    /// True where lanes are left to scroll to, below or above.
    pub fn scrolls(&self, down: bool) -> bool {
        if down { self.top < self.height() - self.viewport } else { self.top > 0.0 }
    }

    pub(super) fn keep_in_sight(&mut self) {
        self.top = self.top.clamp(0.0, (self.height() - self.viewport).max(0.0));
    }
}
