//! Whole packs opened from disk: those we wrote, those of the corpus, and every kind of bad input.

use std::path::{Path, PathBuf};

use dettrace::pack::{self, Found, Pack};
use dettrace::trace::Side;

/// A file of the corpus; none, said loudly, where there is no corpus.
fn corpus(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("DETTRACE_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from);
    let path = root.join(name);
    if !path.exists() {
        eprintln!("SKIPPED: there is no corpus at {}", root.display());
        return None;
    }
    Some(path)
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn ready(path: &Path) -> Pack {
    match pack::open(&[path.to_path_buf()]).unwrap() {
        Found::Ready(pack) => *pack,
        Found::Choose { why, .. } => panic!("{why}"),
    }
}

/// The labels of both sides.
fn sides(pack: &Pack) -> (&str, &str) {
    let label = |side: Side| pack.sides[side].as_ref().map_or("", |r| r.label.as_str());
    (label(Side::Expected), label(Side::Actual))
}

fn skipped(pack: &Pack) -> Vec<&str> {
    pack.warnings.as_slice().iter().map(|w| w.file.as_str()).collect()
}

#[test]
fn every_fixture_opens_with_its_sides_clear() {
    for (name, expected, actual) in [
        ("cascading-timeouts", "healthy.jsonl", "failing.jsonl"),
        ("duplicate-ack", "expected.jsonl", "actual.jsonl"),
        ("failover-edge", "expected.jsonl", "degraded.jsonl"),
        ("gpio-interrupt-race", "door_button.json#door-baseline", "door_button.json#door-candidate"),
        ("legal-reordering", "esperado.jsonl", "actual.jsonl"),
        ("misordered-recovery", "recovery.json#recovery-baseline", "recovery.json#recovery-candidate"),
        ("missed-timer-tick", "baseline.json", "candidate.json"),
        ("retry-storm", "healthy.jsonl.gz", "failing.jsonl.gz"),
        ("truncated-run", "reference.jsonl", "failing.jsonl"),
        ("two-faults", "h_pass.jsonl", "h_fail.jsonl"),
    ] {
        assert_eq!(sides(&ready(&fixture(name))), (expected, actual), "{name}");
    }
}

#[test]
fn packs_of_the_corpus_open_by_the_words_in_their_names() {
    let Some(root) = corpus("dettrace") else { return };
    let core = ready(&root.join("core"));
    assert_eq!(sides(&core), ("expected.jsonl", "actual.jsonl"));
    assert_eq!(skipped(&core), ["replayed.jsonl"]);
    for name in ["duplicate_ack", "retry_storm", "timeout_chain"] {
        assert_eq!(sides(&ready(&root.join("scenario-pairs").join(name))), ("expected.jsonl", "degraded.jsonl"));
    }
    let gpio = ready(&root.join("case-studies/gpio_interrupt_race.json"));
    assert_eq!(sides(&gpio), ("gpio_interrupt_race.json#gpio-baseline", "gpio_interrupt_race.json#gpio-candidate"));
    assert_eq!(gpio.title, "gpio-interrupt-race");
    let lone = ready(&root.join("packs/retry_storm.jsonl"));
    assert_eq!(sides(&lone), ("", "retry_storm.jsonl"));
    let hermit = ready(&root.join("../schedules/hermit-edit-distance"));
    assert_eq!(sides(&hermit), ("h_pass.json", "h_fail.json"));
}
