//! The words in names that tell the sides apart. SEMANTICS: rule 5.

use std::collections::BTreeSet;

use crate::trace::Side;

/// Words that only a baseline carries.
const BASELINE: &[&str] = &[
    "baseline",
    "correct",
    "expect",
    "expected",
    "golden",
    "good",
    "healthy",
    "nominal",
    "pass",
    "passed",
    "passes",
    "passing",
    "reference",
    "succeeded",
    "success",
    "successful",
    "working",
];

/// Words that only a candidate carries.
const CANDIDATE: &[&str] = &[
    "abnormal",
    "actual",
    "anomalous",
    "anomaly",
    "bad",
    "broken",
    "buggy",
    "candidate",
    "crash",
    "crashed",
    "degraded",
    "fail",
    "failed",
    "failing",
    "fails",
    "failure",
    "faulty",
    "incident",
    "observed",
    "regressed",
    "regression",
    "unhealthy",
    "wrong",
];

/// Words that mean a baseline beside a candidate, but much else too.
const WEAK_BASELINE: &[&str] = &["base", "before", "control", "normal", "ok", "old", "ref"];

/// Words that mean a candidate beside a baseline, but much else too.
const WEAK_CANDIDATE: &[&str] = &["after", "current", "error", "new", "test"];

/// The lower-case words of a name: cut at everything that is no letter, and where `camelCase` has its humps.
fn tokens(name: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut word = String::new();
    let mut small_before = false;
    for c in name.chars() {
        if !c.is_alphabetic() || c.is_uppercase() && small_before {
            words.insert(std::mem::take(&mut word));
        }
        if c.is_alphabetic() {
            word.extend(c.to_lowercase());
        }
        small_before = c.is_lowercase();
    }
    words.insert(word);
    words.remove("");
    words
}

/// The side that words suggest: clear words first, weak ones only where there is no clear one.
fn side_of(words: &BTreeSet<String>) -> Option<Side> {
    let has = |list: &[&str]| list.iter().any(|&word| words.contains(word));
    [(BASELINE, CANDIDATE), (WEAK_BASELINE, WEAK_CANDIDATE)].into_iter().find_map(|(baseline, candidate)| {
        match (has(baseline), has(candidate)) {
            (true, false) => Some(Some(Side::Expected)),
            (false, true) => Some(Some(Side::Actual)),
            (true, true) => Some(None),
            (false, false) => None,
        }
    })?
}

/// The side that well-known words in a name suggest.
pub fn side_hint(name: &str) -> Option<Side> {
    side_of(&tokens(name))
}

/// The side that each of several names suggests. A word that all of them carry tells nothing about any.
pub fn side_hints<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Option<Side>> {
    let mut all: Vec<BTreeSet<String>> = names.into_iter().map(tokens).collect();
    if all.len() > 1 {
        let common = all.iter().skip(1).fold(all[0].clone(), |common, words| &common & words);
        for words in &mut all {
            words.retain(|word| !common.contains(word));
        }
    }
    all.iter().map(side_of).collect()
}

/// A name without the words that tell sides apart, for finding what belongs together: `run-7-good` and `run-7-bad` are both
/// `run-7-`.
pub fn without_sides(name: &str) -> String {
    let mut rest = String::with_capacity(name.len());
    let mut word = String::new();
    let flush = |word: &mut String, rest: &mut String| {
        let lower = word.to_lowercase();
        let lists = [BASELINE, CANDIDATE, WEAK_BASELINE, WEAK_CANDIDATE];
        if !lists.iter().any(|list| list.contains(&lower.as_str())) {
            rest.push_str(word);
        }
        word.clear();
    };
    let mut small_before = false;
    for c in name.chars() {
        if !c.is_alphabetic() || c.is_uppercase() && small_before {
            flush(&mut word, &mut rest);
        }
        if c.is_alphabetic() { &mut word } else { &mut rest }.push(c);
        small_before = c.is_lowercase();
    }
    flush(&mut word, &mut rest);
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const E: Option<Side> = Some(Side::Expected);
    const A: Option<Side> = Some(Side::Actual);

    #[test]
    fn what_belongs_together_has_one_name_without_sides() {
        for (one, other) in [
            ("run-7-good.jsonl", "run-7-bad.jsonl"),
            ("expected_3.json", "actual_3.json"),
            ("checkoutPass2", "checkoutFail2"),
        ] {
            assert_eq!(without_sides(one), without_sides(other));
        }
        assert_ne!(without_sides("run-7-good.jsonl"), without_sides("run-8-bad.jsonl"));
        assert_eq!(without_sides("passenger.json"), "passenger.json");
    }

    #[test]
    fn words_count_as_words_in_any_combination() {
        for (name, side) in [
            ("expected.jsonl", E),
            ("h_pass.json", E),
            ("h_fail.json", A),
            ("gpio-candidate", A),
            ("runHealthy2.jsonl", E),
            ("BASELINE-1", E),
            ("unexpected.jsonl", None),
            ("passenger.json", None),
            ("replayed.jsonl", None),
            ("retry_storm.jsonl", None),
            ("expected_vs_actual.json", None),
            ("before_failure", A),
            ("after_fix_ok", None),
        ] {
            assert_eq!(side_hint(name), side, "{name}");
        }
    }

    #[test]
    fn a_word_that_all_names_carry_tells_nothing() {
        assert_eq!(side_hints(["test_expected.json", "test_actual.json"]), [E, A]);
        assert_eq!(side_hints(["control_healthy", "control_timing_jitter"]), [E, None]);
        assert_eq!(side_hints(["test_1", "test_2"]), [None, None]);
        assert_eq!(side_hints(["base", "test"]), [E, A]);
        assert_eq!(side_hints(["control_healthy"]), [E]);
    }
}
