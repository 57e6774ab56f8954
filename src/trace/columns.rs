//! A trace as columns: some forty bytes per event, never its text.

use super::{EachLane, LaneList, LaneLists, Places, TimeScale, Times, Whole};

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
    /// A span caused the other: what the parent did last precedes the child's first event.
    Parent,
    /// A message: the send precedes the receive.
    Message,
    /// A child's event precedes what its parent does next.
    Reply,
    /// An event named its cause.
    Cause,
}

impl LinkKind {
    /// Its word on screen and in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Parent => "parent span",
            Self::Message => "message",
            Self::Reply => "reply",
            Self::Cause => "named cause",
        }
    }
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
    pub places: Places,
    /// What each event says, hashed over every compared field: equal tokens are equal events.
    pub tokens: Vec<u64>,
    /// Which event it is, hashed over kind, home lane and ids: equal identities with other tokens are changed events.
    pub identities: Vec<u64>,
    /// Kinds, into [`Names::kinds`].
    pub kinds: Vec<KindId>,
    /// Ticks, where the event has a time. Empty when the trace has no time.
    pub times: Times,
    /// How many ticks each event lasts, where its record says so. Empty when none does.
    pub lasting: Times,
    /// The lanes of each event, its home lane first.
    pub lanes: LaneLists,
    /// One hash over every field of every event, whatever its role: equal on both sides only for identical traces.
    pub whole: Whole,
    /// [`ERROR`], [`REPLY`], [`REQUEST`], [`COMPARED`] and [`READ`].
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
/// Flag of an event that reads and leaves everything as it was.
pub const READ: u8 = 16;

impl Columns {
    /// Makes room for so many more events, so that no column is moved when they come.
    pub fn reserve(&mut self, events: usize, timed: bool) {
        self.places.reserve(events);
        let _unneeded = self.tokens.try_reserve_exact(events);
        let _unneeded = self.identities.try_reserve_exact(events);
        let _unneeded = self.kinds.try_reserve_exact(events);
        self.lanes.reserve(events);
        let _unneeded = self.flags.try_reserve_exact(events);
        if timed {
            self.times.reserve(events);
        }
    }

    /// How many events.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// True when there is no event.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The lanes of `event`, its home lane first. Never empty.
    #[inline]
    pub fn lanes_of(&self, event: EventIndex) -> LaneList<'_> {
        self.lanes.of(event)
    }

    /// The same one after another, for what is done with every event.
    #[inline]
    pub fn each_lane_of(&self, event: EventIndex) -> EachLane<'_> {
        self.lanes.each(event)
    }

    /// The lane that pairs this event into a row.
    #[inline]
    pub fn home_lane(&self, event: EventIndex) -> LaneId {
        self.lanes.home(event)
    }

    /// The event's time in ticks, if it has one.
    pub fn time_of(&self, event: EventIndex) -> Option<i64> {
        self.times.get(event)
    }
}

/// A lane whose clock is off, as messages tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skew {
    /// The home lane of the events whose times are off.
    pub lane: LaneId,
    /// How far its clock is ahead, in ticks.
    pub ahead: i64,
    /// Of the clock of this lane.
    pub against: LaneId,
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
    /// Lanes whose clocks are off, by lane. Recorded times stay as they are.
    pub skews: Vec<Skew>,
}

impl Trace {
    /// The event's time in ticks by one clock for all lanes, if it has one: for the time between events, never for their
    /// order in the recording.
    #[inline]
    pub fn common_time(&self, event: EventIndex) -> Option<i64> {
        let time = self.events.time_of(event)?;
        if self.skews.is_empty() {
            return Some(time);
        }
        let skew = self.skews.binary_search_by_key(&self.events.home_lane(event), |s| s.lane);
        Some(time.saturating_sub(skew.map_or(0, |at| self.skews[at].ahead)))
    }
}
