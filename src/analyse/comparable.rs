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
    for (path, named) in spec.telling() {
        if let (Some(e), Some(a)) = (constants(expected, path), constants(actual, path))
            && e != a
            // A bare number may be a setting; a text with one in it is a name.
            && (named || e.parse::<f64>().is_ok())
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

#[cfg(test)]
mod tests {
    use crate::analyse::Session;
    use crate::pack::{Found, in_memory};

    fn said(expected: &str, actual: &str) -> Vec<String> {
        let side = |field: &str| -> String {
            let event = |i| format!("{{\"type\":\"step\",\"task\":{},\"n\":{i},{field}}}", i % 3);
            (0..24).map(event).collect::<Vec<_>>().join("\n")
        };
        let (expected, actual) = (side(expected), side(actual));
        let files = [("expected.jsonl", expected.as_bytes()), ("actual.jsonl", actual.as_bytes())];
        let Found::Ready(pack) = in_memory("pair", &files).unwrap() else { panic!("it is no pair") };
        Session::new(*pack).run(&()).unwrap().warnings.as_slice().iter().map(|warning| warning.what.clone()).collect()
    }

    #[test]
    fn what_makes_the_sides_less_comparable_is_said() {
        assert_eq!(
            said("\"build\":\"v1\"", "\"build\":\"v2\""),
            ["The sides differ in build: v1 in expected, v2 in actual."]
        );
        assert_eq!(
            said("\"zz\":500", "\"zz\":800"),
            ["The sides differ in zz: 500 in expected, 800 in actual."],
            "a setting?"
        );
        for (one, two) in [("\"pid\":4711", "\"pid\":4712"), ("\"zz\":\"run-1\"", "\"zz\":\"run-2\"")] {
            assert_eq!(said(one, two), [""; 0], "{one}");
        }
    }
}
