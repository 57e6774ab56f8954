//! What must hold for every recording, on systems that are simulated (the generator of the accuracy table), shrinking to the
//! smallest system that breaks it.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail as tests do")]

#[path = "../../benches/accuracy/case.rs"]
#[allow(dead_code, reason = "the table uses more of it")]
mod case;
#[path = "../../benches/accuracy/generate/mod.rs"]
#[allow(dead_code, reason = "the table uses more of it")]
mod generate;

mod hand;
mod input;

use case::Truth;
use dettrace::analyse::{Analysis, Session};
use dettrace::compare::{Cause, RowClass, Verdict};
use dettrace::pack::{self, Found};
use dettrace::report;
use dettrace::trace::Side;
use generate::corpus::{Made, Noise, Order};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// How many systems each property is tried on: all of them together in half a minute.
const CASES: u32 = 48;

/// The same systems in every run, so that a change is judged by what it changes; `PROPTEST_RNG_SEED` draws others.
fn config(cases: u32) -> ProptestConfig {
    let config = ProptestConfig::default();
    let drawn = std::env::var_os("PROPTEST_RNG_SEED").is_some();
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    let rng_seed = if drawn { config.rng_seed } else { RngSeed::Fixed(1) };
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..config }
}

fn analyse(expected: &str, actual: &str) -> Analysis {
    let files = [("expected.jsonl", expected.as_bytes()), ("actual.jsonl", actual.as_bytes())];
    match pack::in_memory("case", &files).unwrap() {
        Found::Ready(pack) => Session::new(*pack).run(&()).unwrap(),
        Found::Choose { why, .. } => panic!("{why}"),
    }
}

/// A system without a fault, in words that everybody uses.
fn system(noise: Noise) -> impl Strategy<Value = Made> {
    (0..4_usize, 20..300_u64, any::<u32>()).prop_filter_map("no such system", move |(system, size, seed)| {
        Order { system, fault: None, size, noise, seed: seed.into(), common: true }.make()
    })
}

/// A system with a planted fault.
fn faulty(noise: Noise) -> impl Strategy<Value = Made> {
    (0..4_usize, 0..10_usize, 20..300_u64, any::<u32>())
        .prop_filter_map("no place for this fault", move |(system, fault, size, seed)| {
            Order { system, fault: Some(fault), size, noise, seed: seed.into(), common: true }.make()
        })
        .prop_filter("what is only late needs a tolerance", |made| made.late_after.is_none())
}

/// The events that a cause names.
fn named(cause: &Cause) -> Vec<(Side, u32)> {
    let there = [cause.other, cause.overtaken].into_iter().flatten().map(|event| (cause.side.other(), event));
    [(cause.side, cause.index)].into_iter().chain(there).collect()
}

fn names(causes: &[Cause], truth: &Truth) -> bool {
    let planted = |(side, event): (Side, u32)| match side {
        Side::Expected => truth.expected.contains(&event),
        Side::Actual => truth.actual.contains(&event),
    };
    causes.iter().any(|cause| named(cause).into_iter().any(planted))
}

fn verdict(made: &Made) -> Verdict {
    analyse(&made.case.expected, &made.case.actual).comparison.verdict
}

const NONE: Noise = Noise { reorder: false, rename: false, times: false, skew: false };
const REORDERED: Noise = Noise { reorder: true, ..NONE };
const RENAMED: Noise = Noise { rename: true, ..NONE };
const RETIMED: Noise = Noise { times: true, ..NONE };

proptest! {
    #![proptest_config(config(CASES))]

    #[test]
    fn a_trace_against_itself_is_identical(made in faulty(NONE)) {
        for text in [&made.case.expected, &made.case.actual] {
            let comparison = analyse(text, text).comparison;
            prop_assert_eq!(comparison.verdict, Verdict::Identical);
            prop_assert!(comparison.causes.is_empty() && comparison.first_difference.is_none());
        }
    }

    #[test]
    fn a_legal_reordering_is_equivalent(made in system(REORDERED)) {
        prop_assert!(matches!(verdict(&made), Verdict::Equivalent | Verdict::Identical), "{:?}", verdict(&made));
    }

    #[test]
    fn new_ids_are_equivalent(made in system(RENAMED)) {
        prop_assert!(matches!(verdict(&made), Verdict::Equivalent | Verdict::Identical), "{:?}", verdict(&made));
    }

    #[test]
    fn new_times_are_equivalent(made in system(RETIMED)) {
        prop_assert!(matches!(verdict(&made), Verdict::Equivalent | Verdict::Identical), "{:?}", verdict(&made));
    }

    #[test]
    fn exchanged_sides_mirror_the_answer(made in faulty(RETIMED)) {
        let there = analyse(&made.case.expected, &made.case.actual).comparison;
        let back = analyse(&made.case.actual, &made.case.expected).comparison;
        let mirrored = back.first_difference.map(|f| (f.actual, f.expected));
        prop_assert_eq!(there.first_difference.map(|f| (f.expected, f.actual)), mirrored);
        prop_assert_eq!(there.counts.missing, back.counts.extra + back.counts.duplicate);
        prop_assert_eq!(there.counts.extra + there.counts.duplicate, back.counts.missing);
        prop_assert_eq!(there.counts.changed, back.counts.changed);
        // A run that stops early is, seen from the other side, a run with events to spare.
        if there.verdict != Verdict::Truncated && back.verdict != Verdict::Truncated {
            prop_assert_eq!(there.verdict, back.verdict);
            prop_assert_eq!(there.causes.is_empty(), back.causes.is_empty());
        }
    }

    #[test]
    fn a_planted_fault_is_among_the_causes(made in faulty(RETIMED)) {
        let comparison = analyse(&made.case.expected, &made.case.actual).comparison;
        prop_assert_eq!(comparison.verdict, Verdict::Diverged);
        prop_assert!(names(&comparison.causes, &made.case.truth), "{:?} {:?}", made.case.truth, comparison.causes);
    }

    #[test]
    fn one_lost_line_is_one_difference(made in system(NONE), at in any::<prop::sample::Index>()) {
        let lines: Vec<&str> = made.case.expected.lines().collect();
        // What is lost at the end was not recorded.
        let lost = at.index(lines.len() - 1);
        let kept: Vec<&str> = lines.iter().enumerate().filter(|(i, _)| *i != lost).map(|(_, line)| *line).collect();
        let actual = kept.join("\n");
        let comparison = analyse(&made.case.expected, &actual).comparison;
        prop_assert_eq!(comparison.counts.differing(), 1);
        prop_assert_eq!(comparison.counts.missing, 1);
        prop_assert_eq!(comparison.causes.len(), 1);
        let row = comparison.rows.get(comparison.rows.differences()[0]);
        prop_assert_eq!(row.class, RowClass::Missing);
    }

    #[test]
    fn any_number_of_threads_gives_the_same_report(made in faulty(REORDERED), threads in 1..5_usize) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let told = || report::json(&analyse(&made.case.expected, &made.case.actual));
        prop_assert_eq!(pool.install(told), told());
    }
}

#[test]
fn every_kind_of_fault_has_its_place_and_is_seen_first() {
    let made = |fault: usize| {
        let order = |i: u64| Order {
            system: (i % 4) as usize,
            fault: Some(fault),
            size: 150,
            noise: NONE,
            seed: i,
            common: true,
        };
        (0..40).filter_map(|i| order(i).make()).count()
    };
    for fault in 0..10 {
        assert!(made(fault) >= 12, "fault {fault}: {} of 40", made(fault));
    }
    let again = |seed: u64| Order { system: 1, fault: Some(0), size: 200, noise: RENAMED, seed, common: false }.make();
    let text = |made: Option<Made>| made.map(|made| (made.case.name, made.case.expected, made.case.actual));
    assert_eq!(text(again(3)), text(again(3)), "the same order makes the same case");
}
