//! Several good runs by `--baseline`.

use std::fmt::Write as _;

use serde_json::json;

use super::program::{dettrace, said, write};

/// A run of twelve jobs: every one has a note of its own, jobs that `optional` names are checked as well, and `store` says
/// how much.
fn run(seed: u32, optional: impl Fn(u32) -> bool, stored: impl Fn(u32) -> u32) -> String {
    let mut text = String::new();
    for job in 0..12 {
        let mut line = |event: &str, more: String| {
            writeln!(text, "{{\"event\":\"{event}\",\"task\":\"t{job}\"{more}}}").unwrap();
        };
        line("taken", String::new());
        if optional(job) {
            line("checked", String::new());
        }
        line("stored", format!(",\"amount\":{}", stored(job)));
        line("done", format!(",\"slot\":{}", (seed * 31 + job * 17) % 64));
    }
    text
}

#[test]
fn what_varies_between_good_runs_is_set_aside_and_the_rest_says_how_unusual_it_is() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("good")).unwrap();
    let good = |seed: u32| run(seed, move |job| (seed + job).is_multiple_of(3), |job| job);
    for seed in 0..9 {
        write(&folder, &format!("good/run-{seed}.jsonl"), good(seed));
    }
    let first = write(&folder, "good/run-0.jsonl", good(0));
    let fine = write(&folder, "fine.jsonl", good(10));
    let bad = write(&folder, "bad.jsonl", run(11, |job| job.is_multiple_of(3), |job| if job == 7 { 99 } else { job }));
    let compare = |candidate: &std::path::Path, format: &str| {
        let mut command = dettrace();
        command.arg("compare").args([&first, candidate]).arg("--baseline").arg(folder.path().join("good"));
        said(command.args(["--format", format]))
    };
    assert_eq!(compare(&fine, "json").code, 0, "{}", compare(&fine, "text").out);
    let told = compare(&bad, "json");
    let answer = told.json();
    assert_eq!((told.code, &answer["verdict"]), (1, &json!("diverged")), "{}", told.out);
    assert_eq!(answer["envelope"]["runs"], 9, "the first is one of the folder");
    assert!(answer["envelope"]["medoid"].as_str().unwrap().contains("run-"), "{}", answer["envelope"]);
    assert!(answer["envelope"]["set_aside"]["changed"].as_u64().unwrap() > 0, "{}", answer["envelope"]);
    assert_eq!(answer["causes"].as_array().unwrap().len(), 1, "{}", answer["causes"]);
    assert_eq!(answer["causes"][0]["unusual"], "never in 9 runs");
    assert_eq!(answer["causes"][0]["event"]["amount"], 99);
    for format in ["text", "markdown"] {
        let told = compare(&bad, format).out;
        assert!(told.contains("Never in 9 runs.") && told.contains("Good runs"), "{told}");
    }
    let folder_alone =
        said(dettrace().arg("compare").arg(folder.path().join("good")).arg(&bad).args(["--format", "json"]));
    assert_eq!(folder_alone.json()["causes"], told.json()["causes"], "{}", folder_alone.err);
    let alone = said(dettrace().arg("compare").args([&first, &fine]).args(["--format", "json"]));
    let answer = alone.json();
    assert_eq!((alone.code, &answer["envelope"], &answer["causes"][0]["unusual"]), (1, &json!(null), &json!(null)));
}

#[test]
fn what_cannot_be_asked_of_several_good_runs_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let one = write(&folder, "one.jsonl", run(1, |_| true, |job| job));
    let other = write(&folder, "other.jsonl", run(2, |_| true, |job| job));
    let ask = |more: &[&str]| {
        let mut command = dettrace();
        command.arg("compare").args([&one, &other]).arg("--baseline").arg(&one);
        said(command.args(more))
    };
    ask(&["--first"]).is_trouble(&["give --first or --baseline"]);
    ask(&["--same", "1=2"]).is_trouble(&["decided for one baseline", "leave --baseline out"]);
    let wave = write(&folder, "wave.vcd", "$timescale 1ns $end\n$var wire 1 ! a $end\n$enddefinitions $end\n#0\n1!\n");
    let mut command = dettrace();
    said(command.arg("compare").args([&one, &other]).arg("--baseline").arg(&wave)).is_trouble(&["It is a waveform"]);
}
