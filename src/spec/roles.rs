//! The comparison spec: what each field is for, what is done with it, and why.

use serde::{Deserialize, Serialize};

use super::readers::Readers;
use super::shape::Look;
use super::time::Clock;
use super::words::Selectivity;
use crate::trace::Unit;

/// What a field is for. SEMANTICS: rule 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// What happened: the event's kind.
    Kind,
    /// Which one it happened to: task, span, message ids.
    Identity,
    /// A counter of records (`seq`, `step`).
    Position,
    /// When.
    Time,
    /// Where the recording comes from: host, build, run id.
    Provenance,
    /// A measured quantity (`latency_ms`): equal only by tolerance.
    Measure,
    /// A value that decides equality exactly.
    Data,
    /// Words for people, that decide equality exactly.
    Text,
}

impl Role {
    /// The word on screen and in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Identity => "identity",
            Self::Position => "position",
            Self::Time => "time",
            Self::Provenance => "provenance",
            Self::Measure => "measure",
            Self::Data => "data",
            Self::Text => "text",
        }
    }
}

/// What is done with a field when two events are compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Must be equal.
    Compare,
    /// Is set aside.
    Ignore,
    /// Differs by name only: renamed consistently, then compared.
    Rename,
    /// May differ by at most this much, absolute and as a fraction of expected, whichever is larger.
    Tolerate {
        /// In the field's own unit.
        absolute: f64,
        /// As a fraction: 0.05 is 5 %.
        relative: f64,
    },
}

/// One field of the spec.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldSpec {
    /// Dotted path.
    pub path: String,
    /// What it is for.
    pub role: Role,
    /// What is done with it.
    pub action: Action,
    /// The evidence, in a few words.
    pub why: String,
    /// The word before the colon in its lanes' names (`task` in `task:1`), when its values are lanes.
    pub lane: Option<String>,
    /// True when a person decided it.
    pub by_hand: bool,
    /// True when both sides have it.
    pub shared: bool,
}

/// The comparison spec of a pair, fixed before comparing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spec {
    /// Every field seen in the first events of both sides, in the order of their first appearance.
    pub fields: Vec<FieldSpec>,
    /// The unit of time, when there is a time.
    pub unit: Option<Unit>,
    /// How records become columns.
    pub(crate) plan: Plan,
}

/// What is done with fields that the sample did not have. They are compared unless a person said otherwise.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Late {
    /// Only named fields are compared, so these are not.
    pub(crate) ignore_all: bool,
    /// Dotted paths that were set aside by name.
    pub(crate) ignored: Vec<String>,
}

/// How a record says how long its event lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lasts {
    /// By its end, on this clock.
    Until(Clock),
    /// By its length.
    For(Clock),
}

/// Which of the fields play which part when records become columns; positions in [`Spec::fields`].
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Plan {
    pub(crate) kind: Option<usize>,
    /// Fields that say when, the best first.
    pub(crate) clocks: Vec<(usize, Clock)>,
    /// True when times count from 1970.
    pub(crate) epoch: bool,
    /// The field that says how long an event lasts from the time of the first clock.
    pub(crate) lasts: Option<(usize, Lasts)>,
    /// Fields whose values are lanes, the most selective first.
    pub(crate) lanes: Vec<(usize, Selectivity)>,
    pub(crate) span: Option<usize>,
    pub(crate) parent: Option<usize>,
    pub(crate) message: Option<usize>,
    pub(crate) cause: Option<usize>,
    /// Causes are named by their positions, which shift when events come in another order.
    pub(crate) cause_by_position: bool,
    /// For each field, how ids are found in its values when it is renamed.
    pub(crate) looks: Vec<Look>,
    /// For each field, the class of ids that it shares with others (a parent's id is a span's), the coarsest first.
    pub(crate) classes: Vec<u32>,
    /// Spans: recording order is by start time. SEMANTICS rule 1.
    pub(crate) by_start: bool,
    /// Who reads registers, where reads are told apart.
    pub(crate) readers: Option<Readers>,
    /// What is done with fields that the sample did not have: all ignored, or these.
    pub(crate) late: Late,
}

impl Plan {
    /// True for a field that names another event: a wrong one changes an event, and does not make it another.
    pub(crate) fn refers(&self, field: usize) -> bool {
        [self.parent, self.cause].contains(&Some(field))
    }

    /// The rank among an event's lanes from which on they are groups, which go when there is any other lane.
    pub(crate) fn first_group(&self) -> u8 {
        self.lanes.iter().position(|l| l.1 == Selectivity::Group).unwrap_or(self.lanes.len()) as u8
    }
}

impl Spec {
    /// The fields that decide equality, by path.
    pub fn compared(&self) -> impl Iterator<Item = &FieldSpec> {
        self.fields.iter().filter(|f| matches!(f.action, Action::Compare | Action::Tolerate { .. }))
    }

    /// The fields that have a say in whether two events are equal: of a renamed one, what its ids refer to and the words around them.
    pub fn deciding(&self) -> impl Iterator<Item = &FieldSpec> {
        self.fields.iter().filter(|f| f.action != Action::Ignore)
    }

    /// The fields that are set aside.
    pub fn ignored(&self) -> impl Iterator<Item = &FieldSpec> {
        self.fields.iter().filter(|f| f.action == Action::Ignore)
    }

    /// The fields that are renamed before comparing.
    pub fn renamed(&self) -> impl Iterator<Item = &FieldSpec> {
        self.fields.iter().filter(|f| f.action == Action::Rename)
    }

    /// The entry for a dotted path.
    pub fn field(&self, path: &str) -> Option<&FieldSpec> {
        self.fields.iter().find(|f| f.path == path)
    }
}
