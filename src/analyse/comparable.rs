//! Whether two recordings may be compared at all: build, host, configuration and sampling, judged aloud.

use crate::spec::{Sample, Spec, constants, median_gap};
use crate::trace::{Sides, Warning, WarningKind, Warnings};

/// How far the usual distance between samples may differ before it is said.
const SAMPLING: f64 = 1.2;

/// Adds a warning for each thing that makes the sides less comparable.
pub(crate) fn judge(samples: Sides<Option<&Sample>>, spec: &Spec, warnings: &mut Warnings) {
    let (Some(expected), Some(actual)) = (samples.expected, samples.actual) else { return };
    let mut say = |what: String, remedy: &str| {
        warnings.push(Warning {
            kind: WarningKind::Comparability,
            file: String::new(),
            line: None,
            what,
            remedy: remedy.to_owned(),
            more: 0,
        });
    };
    for path in spec.telling() {
        if let (Some(e), Some(a)) = (constants(expected, path), constants(actual, path))
            && e != a
        {
            say(format!("The sides differ in {path}: {e} in expected, {a} in actual."), "");
        }
    }
    if let (Some(e), Some(a)) = (median_gap(expected, spec), median_gap(actual, spec)) {
        let ratio = (e / a).max(a / e);
        if ratio > SAMPLING && ratio.is_finite() && spec.is_sampled() {
            say(
                format!("The sides are sampled at different rates: every {e} in expected, every {a} in actual."),
                "Rows are paired in order, not by time.",
            );
        }
    }
}
