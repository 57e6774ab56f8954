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

impl Tolerance {
    /// True when `actual` is near enough to `expected`. Not a number equals itself, an infinity one of its own sign; neither
    /// is near anything else.
    #[expect(clippy::float_cmp, reason = "equal infinities have no distance")]
    pub fn allows(&self, expected: f64, actual: f64) -> bool {
        if expected.is_finite() && actual.is_finite() {
            return (actual - expected).abs() <= self.absolute.max(self.relative * expected.abs());
        }
        expected.is_nan() && actual.is_nan() || expected == actual
    }
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
    /// Fields whose values differ by name only: renamed one to one, then compared.
    pub rename: Vec<String>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tolerance_is_absolute_or_relative_and_knows_what_is_no_number() {
        let near = |absolute, relative, e, a| Tolerance { absolute, relative }.allows(e, a);
        assert!(near(2.0, 0.0, 5.0, 7.0) && !near(2.0, 0.0, 5.0, 7.1));
        assert!(near(0.0, 0.1, -100.0, -109.0) && !near(0.0, 0.1, -100.0, -111.0));
        assert!(near(0.0, 0.0, f64::NAN, f64::NAN) && near(0.0, 0.0, f64::INFINITY, f64::INFINITY));
        let wide = 1e300;
        assert!(!near(wide, 1.0, f64::INFINITY, f64::NEG_INFINITY) && !near(wide, 1.0, f64::INFINITY, 1.0));
        assert!(!near(wide, 1.0, f64::NAN, 1.0) && !near(wide, 1.0, 1.0, f64::NAN));
    }
}
