//! What a person, or a pack, decided about the comparison, over what is inferred.

use serde::{Deserialize, Serialize};

use crate::trace::{EventName, SignalRole};

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

impl std::str::FromStr for Tolerance {
    type Err = String;

    /// Reads `5`, in the field's own unit, or `5%` of expected.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let number = text.strip_suffix('%').unwrap_or(text).trim();
        let amount = match number.parse::<f64>() {
            Ok(amount) if amount.is_finite() && amount >= 0.0 => amount,
            Ok(_) => return Err("a tolerance is a number from 0 up".to_owned()),
            Err(_) => return Err(format!("`{number}` is no number")),
        };
        let relative = text.ends_with('%');
        Ok(if relative {
            Self { absolute: 0.0, relative: amount / 100.0 }
        } else {
            Self { absolute: amount, relative: 0.0 }
        })
    }
}

/// What a person decides about a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Decision {
    /// What is inferred holds.
    Inferred,
    /// It must be equal.
    Compare,
    /// It is set aside.
    Ignore,
    /// Its values differ by name only.
    Rename,
    /// It may differ by so much.
    Tolerate(Tolerance),
}

/// What a person decides about an event of each side: whether they are the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairDecision {
    /// True for one event, which both sides have; false for two.
    pub same: bool,
    /// The expected event.
    pub expected: EventName,
    /// The actual event.
    pub actual: EventName,
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
    /// What signals of a control loop are, by the name of a signal or of what it is a component of.
    pub roles: Vec<(String, SignalRole)>,
    /// True to read the recordings as signals over time, even where they could be something else; false to read them as events.
    pub signals: Option<bool>,
    /// Events that are the same, or not, in the order in which that was decided: a later decision goes before an earlier one.
    pub pairs: Vec<PairDecision>,
}

impl Overrides {
    /// Decides about a field, whatever was decided before.
    pub fn decide(&mut self, path: &str, decision: Decision) {
        for list in [&mut self.ignore, &mut self.compare, &mut self.rename] {
            list.retain(|known| known != path);
        }
        // A field may be called as the gap between events is; only a tolerance is about that.
        if path != GAP || matches!(decision, Decision::Tolerate(_)) {
            self.tolerance.retain(|(known, _)| known != path);
        }
        match decision {
            Decision::Inferred => {}
            Decision::Compare => self.compare.push(path.to_owned()),
            Decision::Ignore => self.ignore.push(path.to_owned()),
            Decision::Rename => self.rename.push(path.to_owned()),
            Decision::Tolerate(tolerance) => self.tolerance.push((path.to_owned(), tolerance)),
        }
    }

    /// Decides about a pair of events. Earlier decisions that cannot hold beside it are forgotten.
    pub fn decide_pair(&mut self, decision: PairDecision) {
        self.pairs.retain(|known| {
            let [expected, actual] = [known.expected.means(&decision.expected), known.actual.means(&decision.actual)];
            let one_twice = known.same && decision.same && (expected || actual);
            !(one_twice || expected && actual)
        });
        self.pairs.push(decision);
    }

    /// The same decisions after the sides were exchanged.
    pub fn exchange(&mut self) {
        for pair in &mut self.pairs {
            std::mem::swap(&mut pair.expected, &mut pair.actual);
            for name in [&mut pair.expected, &mut pair.actual] {
                name.anchor.side = name.anchor.side.other();
            }
        }
    }

    /// Forgets every decision about what is done with fields; what they are for stays as it was said, and so do pairs of
    /// events.
    pub fn reset(&mut self) {
        self.ignore.clear();
        self.only.clear();
        self.compare.clear();
        self.rename.clear();
        self.tolerance.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Side;

    #[test]
    fn a_tolerance_is_absolute_or_relative_and_knows_what_is_no_number() {
        let near = |absolute, relative, e, a| Tolerance { absolute, relative }.allows(e, a);
        assert!(near(2.0, 0.0, 5.0, 7.0) && !near(2.0, 0.0, 5.0, 7.1));
        assert!(near(0.0, 0.1, -100.0, -109.0) && !near(0.0, 0.1, -100.0, -111.0));
        assert!(near(0.0, 0.0, f64::NAN, f64::NAN) && near(0.0, 0.0, f64::INFINITY, f64::INFINITY));
        assert_eq!("5 %".parse(), Ok(Tolerance { absolute: 0.0, relative: 0.05 }));
        assert_eq!(" 0.2".parse(), Ok(Tolerance { absolute: 0.2, relative: 0.0 }));
        assert!("".parse::<Tolerance>().is_err() && "-1".parse::<Tolerance>().is_err());
        let wide = 1e300;
        assert!(!near(wide, 1.0, f64::INFINITY, f64::NEG_INFINITY) && !near(wide, 1.0, f64::INFINITY, 1.0));
        assert!(!near(wide, 1.0, f64::NAN, 1.0) && !near(wide, 1.0, 1.0, f64::NAN));
    }

    #[test]
    fn an_event_has_one_counterpart_at_a_time_and_may_have_many_that_it_is_not() {
        let pair = |same, e, a| PairDecision {
            same,
            expected: EventName::at(Side::Expected, e),
            actual: EventName::at(Side::Actual, a),
        };
        let mut overrides = Overrides::default();
        for (same, e, a) in [(true, 1, 1), (false, 2, 1), (false, 2, 2), (true, 1, 3), (false, 1, 3), (true, 2, 2)] {
            overrides.decide_pair(pair(same, e, a));
        }
        assert_eq!(overrides.pairs, [pair(false, 2, 1), pair(false, 1, 3), pair(true, 2, 2)]);
        let before = overrides.clone();
        overrides.exchange();
        assert_eq!(overrides.pairs[0], pair(false, 1, 2));
        overrides.exchange();
        assert_eq!(overrides, before);
        let text = serde_json::to_string(&overrides).unwrap();
        assert_eq!(serde_json::from_str::<Overrides>(&text).unwrap(), overrides);
    }

    #[test]
    fn a_field_has_one_decision_at_a_time() {
        let mut overrides = Overrides { kind: Some("event".to_owned()), ..Overrides::default() };
        for decision in
            [Decision::Compare, Decision::Ignore, Decision::Rename, Decision::Tolerate(Tolerance::default())]
        {
            overrides.decide("a", decision);
            overrides.decide("b", decision);
        }
        assert!(overrides.ignore.is_empty() && overrides.compare.is_empty() && overrides.rename.is_empty());
        assert_eq!(overrides.tolerance.len(), 2);
        overrides.decide("a", Decision::Inferred);
        assert_eq!(overrides.tolerance.len(), 1);
        overrides.decide(GAP, Decision::Tolerate(Tolerance::default()));
        overrides.decide(GAP, Decision::Ignore);
        assert_eq!(overrides.tolerance.len(), 2, "how much later is not decided by ignoring a field of that name");
        overrides.reset();
        assert_eq!(overrides, Overrides { kind: Some("event".to_owned()), ..Overrides::default() });
    }
}
