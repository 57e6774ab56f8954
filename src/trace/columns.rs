//! A trace as columns: sixteen bytes of content and a handful of numbers per event, never its text.

use super::{Place, TimeScale};

/// The position of an event in recording order, from 0, within its own trace.
pub type EventIndex = u32;
/// A kind of event, such as `TASK_DEQUEUED`; an index into [`Names::kinds`].
pub type KindId = u32;
/// A lane: a resource that does one thing at a time; an index into [`Names::lanes`].
pub type LaneId = u32;
/// No event, lane or kind.
pub const NONE: u32 = u32::MAX;

/// The names that both sides share, so that equal ids mean equal things.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Kinds of event.
    pub kinds: Vec<String>,
    /// Lanes, as `task:1`; in anchors, JSON and on screen.
    pub lanes: Vec<String>,
}

/// What a causal link says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LinkKind {
    /// A span caused the other: the parent's first event precedes the child's first.
    Parent,
    /// A message: the send precedes the receive.
    Message,
    /// A child's event precedes what its parent does next.
    Reply,
    /// An event named its cause.
    Cause,
}

/// `from` happened before `to`, by more than lane order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Link {
    /// The earlier event.
    pub from: EventIndex,
    /// The later event.
    pub to: EventIndex,
    /// Why.
    pub kind: LinkKind,
}

/// The events of one trace, in recording order, one entry an event in each column.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// Where each event's text stands.
    pub places: Vec<Place>,
    /// What each event says, hashed over every compared field: equal tokens are equal events.
    pub tokens: Vec<u64>,
    /// Which event it is, hashed over kind, home lane and ids: equal identities with other tokens are changed events.
    pub identities: Vec<u64>,
    /// Kinds, into [`Names::kinds`].
    pub kinds: Vec<KindId>,
    /// Ticks, where the event has a time (`i64::MIN` where not). Empty when the trace has no time.
    pub times: Vec<i64>,
    /// Start of each event's lanes in `lanes`; one more entry than events.
    pub lane_starts: Vec<u32>,
    /// Lanes of all events, the home lane of each first.
    pub lanes: Vec<LaneId>,
    /// Hash over every field whatever its role: equal on both sides only for identical events.
    pub whole: Vec<u64>,
    /// [`ERROR`], [`REPLY`], [`REQUEST`] and [`COMPARED`].
    pub flags: Vec<u8>,
}

/// Flag of an event that says that something went wrong.
pub const ERROR: u8 = 1;
/// Flag of an event that answers a request.
pub const REPLY: u8 = 2;
/// Flag of an event that brings a request in.
pub const REQUEST: u8 = 4;
/// Flag of an event that has at least one field that is compared.
pub const COMPARED: u8 = 8;

impl Columns {
    /// How many events.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// True when there is no event.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The lanes of `event`, its home lane first. Never empty.
    pub fn lanes_of(&self, event: EventIndex) -> &[LaneId] {
        let i = event as usize;
        &self.lanes[self.lane_starts[i] as usize..self.lane_starts[i + 1] as usize]
    }

    /// The lane that pairs this event into a row.
    pub fn home_lane(&self, event: EventIndex) -> LaneId {
        self.lanes[self.lane_starts[event as usize] as usize]
    }

    /// The event's time in ticks, if it has one.
    pub fn time_of(&self, event: EventIndex) -> Option<i64> {
        self.times.get(event as usize).copied().filter(|&t| t != i64::MIN)
    }
}

/// One recording, read.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// Its events.
    pub events: Columns,
    /// Causal links beyond lane order, by `to`.
    pub links: Vec<Link>,
    /// What the ticks mean, when there is a time.
    pub time: Option<TimeScale>,
    /// True when the source is physically cut: its last record or its compressed stream ends in the middle.
    pub torn: bool,
    /// Numbers of fields with a tolerance: event, position of the field in the spec, value; by event.
    pub measures: Vec<(EventIndex, u32, f64)>,
}
