//! What is printed for our own packs, word for word.

use super::program::{dettrace, said};

/// The answer on a pack in a form, as it is printed from the package's folder.
fn told(pack: &str, format: &str) -> String {
    let mut command = dettrace();
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    let said = said(command.args(["compare", &format!("fixtures/{pack}"), "--format", format]));
    format!("{}{}exit {}\n", said.out, said.err, said.code)
}

#[test]
fn a_race_in_every_form() {
    insta::assert_snapshot!("race_text", told("task-order-race", "text"));
    insta::assert_snapshot!("race_markdown", told("task-order-race", "markdown"));
    insta::assert_snapshot!("race_json", told("task-order-race", "json"));
}

#[test]
fn every_other_verdict_as_text() {
    insta::assert_snapshot!("equivalent", told("legal-reordering", "text"));
    insta::assert_snapshot!("truncated", told("truncated-run", "text"));
    insta::assert_snapshot!("incomparable", told("incomparable-pair", "text"));
    insta::assert_snapshot!("duplicate", told("duplicate-ack", "text"));
}
