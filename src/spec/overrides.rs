//! What a person, or a pack, decided about the comparison, over what is inferred.

use serde::{Deserialize, Serialize};

/// How much two values of a field may differ.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tolerance {
    /// In the field's own unit.
    pub absolute: f64,
    /// As a fraction: 0.05 is 5 %.
    pub relative: f64,
}

/// The name in [`Overrides::tolerance`] that means the gap to the event before, whatever the time's field is called.
pub const GAP: &str = "time";

/// Decisions over the inferred spec. Paths are dotted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Overrides {
    /// Fields to set aside.
    pub ignore: Vec<String>,
    /// When not empty: the only fields to compare.
    pub only: Vec<String>,
    /// Fields to compare even though they would be set aside.
    pub compare: Vec<String>,
    /// Tolerances by path; the path `time` means the gap to the event before, in seconds.
    pub tolerance: Vec<(String, Tolerance)>,
    /// When not empty: the fields whose values are lanes.
    pub lanes: Vec<String>,
    /// The field that says what kind of event it is.
    pub kind: Option<String>,
    /// The field that says when.
    pub time: Option<String>,
    /// The field that names the span an event belongs to.
    pub span: Option<String>,
    /// The field that names the span that caused an event's span.
    pub parent: Option<String>,
    /// The field that is the same where a message is sent and where it arrives.
    pub message: Option<String>,
    /// The field that names the position of the event that caused this one.
    pub cause: Option<String>,
}
