//! What happened right before and right after an event: on each of its lanes, and over links.

use super::{Axis, Compared, Lanes};
use crate::trace::{EventIndex, LinkKind, Side};

/// What makes one event happen before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// Both are on this lane, by its place.
    Lane(u32),
    /// A link says so.
    Link(LinkKind),
}

impl Lanes {
    /// What makes it so, in a word: the name of a lane, or what a link says.
    pub fn why_word(&self, why: Why) -> &str {
        match why {
            Why::Lane(lane) => &self.list()[lane as usize].name,
            Why::Link(kind) => kind.word(),
        }
    }

    /// The latest event before this one on each of its lanes, and those that links lead from.
    pub fn before(&self, compared: Compared<'_>, side: Side, event: EventIndex) -> Vec<(Why, EventIndex)> {
        let mut found = self.on_lanes(compared, side, event, |list, at| at.checked_sub(1).map(|before| list[before]));
        if let Some(trace) = compared.traces[side] {
            let links = &trace.links[trace.links.partition_point(|link| link.to < event)..];
            let own = links.iter().take_while(|link| link.to == event);
            found.extend(own.map(|link| (Why::Link(link.kind), link.from)));
        }
        found
    }

    /// The earliest event after this one on each of its lanes, and those that links lead to.
    pub fn after(&self, compared: Compared<'_>, side: Side, event: EventIndex) -> Vec<(Why, EventIndex)> {
        let mut found = self.on_lanes(compared, side, event, |list, at| list.get(at + 1).copied());
        if let Some(trace) = compared.traces[side] {
            let by_cause = &self.links_by_cause[side];
            let start = by_cause.partition_point(|&link| trace.links[link as usize].from < event);
            let own = by_cause[start..].iter().map(|&link| trace.links[link as usize]);
            found.extend(own.take_while(|link| link.from == event).map(|link| (Why::Link(link.kind), link.to)));
        }
        found
    }

    fn on_lanes(
        &self,
        compared: Compared<'_>,
        side: Side,
        event: EventIndex,
        pick: impl Fn(&[EventIndex], usize) -> Option<EventIndex>,
    ) -> Vec<(Why, EventIndex)> {
        let lanes = self.of_event(compared, side, event).into_iter();
        let neighbour = |lane: u32| {
            let list = self.events(Axis::Index, side, lane).events;
            Some((Why::Lane(lane), pick(list, list.binary_search(&event).ok()?)?))
        };
        lanes.filter_map(neighbour).collect()
    }
}
