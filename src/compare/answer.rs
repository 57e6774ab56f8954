//! The answers, as every door (window, command line, tests) tells them.

use serde::Serialize;

use super::{Group, Rows};
use crate::trace::{EventIndex, LaneId, Side};

/// The one word about a pair. SEMANTICS: rule 18.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every field of every event is equal.
    Identical,
    /// Only legal reorderings, or fields that are ignored, renamed or tolerated, differ.
    Equivalent,
    /// Something that was compared differs.
    Diverged,
    /// Actual stops early, and all before is the same; or a side is physically cut.
    Truncated,
    /// There is nothing to compare; the reason says why.
    #[default]
    Incomparable,
}

impl Verdict {
    /// The word in JSON and anchors.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Equivalent => "equivalent",
            Self::Diverged => "diverged",
            Self::Truncated => "truncated",
            Self::Incomparable => "incomparable",
        }
    }
}

/// The type of the first difference. SEMANTICS: rule 17.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DivergenceType {
    /// Both sides go on, with events that never meet.
    EventMismatch,
    /// Expected has an event that actual lacks.
    MissingEvent,
    /// Actual has an event that expected lacks.
    ExtraEvent,
    /// Both sides have both events, in an order that a shared resource forbids.
    OrderInversion,
    /// Actual has an event again that expected has once.
    DuplicateEvent,
    /// The same event, later than the tolerance allows.
    LateEvent,
    /// A measure beyond its tolerance.
    ValueDrift,
    /// Actual stops early.
    Truncated,
}

impl DivergenceType {
    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::EventMismatch => "event_mismatch",
            Self::MissingEvent => "missing_event",
            Self::ExtraEvent => "extra_event",
            Self::OrderInversion => "order_inversion",
            Self::DuplicateEvent => "duplicate_event",
            Self::LateEvent => "late_event",
            Self::ValueDrift => "value_drift",
            Self::Truncated => "truncated",
        }
    }

    /// The word in sentences: `order inversion`.
    pub fn phrase(self) -> String {
        self.word().replace('_', " ")
    }
}

/// A cause is one of the same kinds as a first difference.
pub type CauseKind = DivergenceType;

/// Where both sides, replayed along their lanes, first cannot go on together. `None` where a side is exhausted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstDifference {
    /// Expected's first event that could not be consumed.
    pub expected: Option<EventIndex>,
    /// Actual's first event that could not be consumed.
    pub actual: Option<EventIndex>,
    /// What it is.
    pub kind: DivergenceType,
    /// The row to select for it: the upper one of its events' rows that differ.
    pub row: u32,
}

/// How many of the later differing rows a cause reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Explains {
    /// Later differing rows reachable from the cause.
    pub rows: u32,
    /// All later differing rows.
    pub of: u32,
}

/// A divergence without a diverging predecessor, ranked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// 1 is the most likely; tied causes share a rank.
    pub rank: u32,
    /// The side on which it is seen.
    pub side: Side,
    /// The event on that side.
    pub index: EventIndex,
    /// Its counterpart on the other side, if it has one.
    pub other: Option<EventIndex>,
    /// For an inversion: the event of the other side that it overtook.
    pub overtaken: Option<EventIndex>,
    /// The lanes where it shows (for an inversion: where the order is broken).
    pub lanes: Vec<LaneId>,
    /// What kind of divergence it is.
    pub kind: CauseKind,
    /// Why this is a cause, in a sentence or two: names two events, the lane, how many rows it explains.
    pub reason: String,
    /// The same in one short line for headers and lists.
    pub headline: String,
    /// The ranking rule that placed it.
    pub rule: String,
    /// How sure we are, in words.
    pub sureness: String,
    /// What it explains downstream.
    pub explains: Explains,
    /// The row it stands in.
    pub row: u32,
}

/// The earliest divergence that a person would have noticed from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symptom {
    /// The side on which it is seen.
    pub side: Side,
    /// The event on that side.
    pub index: EventIndex,
    /// The row it stands in.
    pub row: u32,
    /// What it is, in a short line.
    pub headline: String,
    /// True when it is also the first-ranked cause.
    pub is_cause: bool,
}

/// How many rows of each class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// The same on both sides.
    pub same: u32,
    /// The same event with other data.
    pub changed: u32,
    /// Only expected has it.
    pub missing: u32,
    /// Only actual has it.
    pub extra: u32,
    /// The same event where a shared resource forbids it.
    pub moved: u32,
    /// Only actual has it, again.
    pub duplicate: u32,
    /// The same event beyond its time tolerance.
    pub late: u32,
}

impl Counts {
    /// Rows that differ.
    pub const fn differing(&self) -> u32 {
        self.changed + self.missing + self.extra + self.moved + self.duplicate + self.late
    }
}

/// Everything that comparing a pair of traces answers.
#[derive(Debug, Clone, Default)]
pub struct Comparison {
    /// The one word.
    pub verdict: Verdict,
    /// Why, where the verdict needs a reason.
    pub reason: Option<String>,
    /// The side that stops before the other does.
    pub ended_early: Option<Side>,
    /// Where the sides part.
    pub first_difference: Option<FirstDifference>,
    /// Causes, ranked.
    pub causes: Vec<Cause>,
    /// What was first seen from outside.
    pub first_symptom: Option<Symptom>,
    /// Rows by class.
    pub counts: Counts,
    /// Pairs of events whose order a shared resource forbids.
    pub inversions: u32,
    /// Events that moved without breaking any lane's order.
    pub legal_reorderings: u32,
    /// Events that took part, `expected` and `actual`, of all.
    pub compared_events: u64,
    /// The alignment.
    pub rows: Rows,
    /// Rows that are told as one: bursts, and a tail in which nothing is the same.
    pub groups: Vec<Group>,
    /// For each of the rows' differences, the rank of the nearest cause that explains it; 0 where none does.
    pub explained: Vec<u32>,
    /// Lanes too long to be aligned in one piece: matches across the edges of their windows can be missed.
    pub windowed: u32,
    /// Further places where a divergence begins, beyond the causes that are listed.
    pub unfollowed: u32,
}
