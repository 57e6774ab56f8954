//! Control loops through the program: simulated packs, the published recordings, tables, and what is said of them.
#![expect(clippy::unwrap_used, reason = "a run that cannot be read must fail")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

fn dettrace(args: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("dettrace").unwrap().args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn json(args: &[&str]) -> (i32, Value) {
    let (code, out, told) = dettrace(&[args, &["--format", "json"]].concat());
    (code, serde_json::from_str(&out).unwrap_or_else(|why| panic!("{why}: {out}{told}")))
}

/// The corpus' control recordings, where they are.
fn corpus(what: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("DETTRACE_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from);
    let folder = folder.join(what);
    if !folder.is_dir() {
        eprintln!("SKIPPED: there is no corpus at {}", folder.display());
        return None;
    }
    Some(folder)
}

/// Scenario, onset, its signal, criterion, growth, misses, first cause.
type Known = (&'static str, i64, &'static str, Option<i64>, f64, u64, &'static str);

const KNOWN: [Known; 3] = [
    ("delayed_sensor", 18, "measured_position.x", Some(38), 0.903_344, 0, "delayed_measurement"),
    ("actuator_saturation", 30, "control_output.x", Some(53), 0.575_266, 0, "actuator_saturation"),
    ("timing_jitter", 16, "position.x", None, 0.0, 5, "timing_jitter"),
];

fn check(answer: &Value, known: &Known, near: f64) {
    let (name, onset, signal, criterion, growth, misses, cause) = known;
    let control = &answer["control"];
    assert_eq!((&answer["mode"], &answer["verdict"]), (&"control".into(), &"diverged".into()), "{name}");
    assert_eq!(answer["first_divergence_index"], *onset, "{name}");
    assert_eq!(control["onset"]["step"], *onset, "{name}");
    assert_eq!(answer["signals"][0], *signal, "{name}");
    assert_eq!(control["criterion"]["step"].as_i64(), *criterion, "{name}");
    let got = control["criterion"]["error_growth"].as_f64().unwrap();
    assert!((got - growth).abs() <= near, "{name}: {got}");
    assert_eq!(control["deadline_misses"], *misses, "{name}");
    assert_eq!(answer["causes"][0]["kind"], *cause, "{name}: {}", answer["causes"]);
    assert_eq!(answer["actual"]["line"].as_i64(), Some(onset + 1), "{name}");
    assert_eq!(answer["actual"]["event"]["step"], *onset, "{name}");
}

#[test]
fn simulated_packs_compare_as_they_were_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let (code, out, _) = dettrace(&["simulate", "control", "-o", path]);
    assert_eq!(code, 0);
    for said in ["38 (3.90 s)", "0.903344", "53 (5.40 s)", "0.575266", "missed deadlines            5"] {
        assert!(out.contains(said), "{said}: {out}");
    }
    for known in &KNOWN {
        let (code, answer) = json(&["compare", folder.path().join(known.0).to_str().unwrap()]);
        assert_eq!(code, 1);
        check(&answer, known, 1e-6);
    }
    let (code, healthy) = json(&["compare", folder.path().join("healthy").to_str().unwrap()]);
    assert_eq!((code, &healthy["verdict"]), (0, &"identical".into()));
    assert_eq!(healthy["causes"].as_array().unwrap().len(), 0);
    assert_eq!(healthy["control"]["stability"]["actual"], "stable");
}

#[test]
fn a_run_rounded_to_six_digits_is_the_published_one() {
    let Some(corpus) = corpus("dettrace/control") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (code, ..) = dettrace(&["simulate", "control", "--digits", "6", "-o", folder.path().to_str().unwrap()]);
    assert_eq!(code, 0);
    for scenario in ["healthy", "delayed_sensor", "actuator_saturation", "timing_jitter"] {
        let ours = std::fs::read_to_string(folder.path().join(scenario).join("actual.jsonl")).unwrap();
        let theirs = std::fs::read_to_string(corpus.join(format!("control_{scenario}.jsonl"))).unwrap();
        assert_eq!(ours.trim_end(), theirs.trim_end(), "{scenario}");
    }
}

#[test]
fn the_published_recordings_have_the_known_answers_and_a_summary() {
    let Some(corpus) = corpus("dettrace/control") else { return };
    let file = |name: &str| corpus.join(format!("control_{name}.jsonl")).to_str().unwrap().to_owned();
    for known in &KNOWN {
        let (code, answer) = json(&["compare", &file("healthy"), &file(known.0)]);
        assert_eq!(code, 1);
        check(&answer, known, 5e-6);
    }
    let (_, late) = json(&["compare", &file("healthy"), &file("delayed_sensor")]);
    let growth = late["control"]["criterion"]["error_growth"].as_f64().unwrap();
    assert_eq!(format!("{growth:.6}"), "0.903347", "from the positions as they were printed");
    let folder = tempfile::tempdir().unwrap();
    let (code, _, told) = dettrace(&["report", corpus.to_str().unwrap(), "-o", folder.path().to_str().unwrap()]);
    assert_eq!(code, 0, "{told}");
    let summary = std::fs::read(folder.path().join("reports/control_loop_diagnostics_summary.json")).unwrap();
    let summary: Value = serde_json::from_slice(&summary).unwrap();
    let scenarios = summary["scenarios"].as_array().unwrap();
    assert_eq!(scenarios.len(), 3);
    for known in &KNOWN {
        let one = scenarios.iter().find(|one| one["scenario_name"] == known.0).unwrap();
        assert_eq!((one["onset_step"].as_i64(), one["criterion_step"].as_i64()), (Some(known.1), known.3));
        assert_eq!((&one["root_cause_classes"][0], &one["deadline_misses"]), (&known.6.into(), &known.5.into()));
    }
}

#[test]
fn every_recording_of_signals_opens_as_it_is() {
    let Some(corpus) = corpus("control-timeseries") else { return };
    let file = |name: &str| corpus.join(name).to_str().unwrap().to_owned();
    let (code, plant) = json(&["compare", &file("tep/d00_te_baseline.csv.gz"), &file("tep/d01_te.csv.gz")]);
    assert_eq!((code, &plant["mode"], &plant["control"]["method"]), (1, &"control".into(), &"statistical".into()));
    assert_eq!(plant["compared_fields"].as_array().unwrap().len(), 52);
    let (code, flight) = json(&["compare", &file("px4")]);
    assert!(code < 2, "{flight}");
    assert_eq!(
        flight["control"]["measures"]["actual"][0]["follows"].as_str().map(|of| of.contains("attitude")),
        Some(true)
    );
    let (code, series) = json(&["compare", &file("nab/art_daily_jumpsup.csv")]);
    assert_eq!((code, &series["verdict"]), (2, &"incomparable".into()));
    assert!(series["reason"].as_str().unwrap().contains("no baseline"));
}

#[test]
fn a_table_with_both_sides_and_a_signal_named_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trajectory.csv");
    let mut text = String::from("step,t_s,waypoint_x,expected_x,actual_x\n");
    for step in 0..40 {
        let (time, x) = (f64::from(step) / 10.0, f64::from(step) / 40.0);
        let actual = if step < 20 { x } else { x + 0.1 * f64::from(step - 19) };
        writeln!(text, "{step},{time:.1},1,{x},{actual}").unwrap();
    }
    std::fs::write(&path, text).unwrap();
    let (code, answer) = json(&["compare", path.to_str().unwrap()]);
    assert_eq!((code, &answer["control"]["onset"]["step"]), (1, &20.into()));
    assert_eq!(answer["signals"][0], "position.x");
    let (code, _, told) = dettrace(&["compare", path.to_str().unwrap(), "--ignore", "colour"]);
    assert_eq!(code, 2);
    assert!(told.contains("No signal is called colour."), "{told}");
    let (code, answer) = json(&["compare", path.to_str().unwrap(), "--role", "position.x=measurement"]);
    assert_eq!((code, &answer["control"]["onset"]["signals"][0]["role"]), (1, &"measurement".into()));
}

#[test]
fn a_sweep_finds_where_stability_is_lost() {
    let (code, out, _) = dettrace(&["simulate", "control", "--sweep", "delay=0..8:1"]);
    assert_eq!(code, 0);
    assert!(out.contains("Stability is lost between delay"), "{out}");
    let (code, _, told) = dettrace(&["simulate", "control", "--fault", "fog=1"]);
    assert_eq!(code, 2);
    assert!(told.contains("`fog=1` is no fault"), "{told}");
}

#[test]
fn runs_of_one_moment_or_of_none_are_compared_without_breaking() {
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, rows: &str| {
        let path = folder.path().join(name).with_extension("csv");
        std::fs::write(&path, format!("t,ref,pos\n{rows}")).unwrap();
        path.to_string_lossy().into_owned()
    };
    let runs =
        [run("one", "0,1.0,0.5\n"), run("other", "0,1.0,0.9\n"), run("two", "0,1.0,0.5\n1,1.0,0.6\n"), run("none", "")];
    for expected in &runs {
        for actual in &runs {
            let (code, out, told) = dettrace(&["compare", "--signals", expected, actual]);
            assert!(
                code <= 2 && !told.contains("panicked") && !(out + &told).is_empty(),
                "{expected} {actual}: {told}"
            );
        }
    }
    let (code, out, told) = dettrace(&["compare", "--signals", &runs[0], &runs[1]]);
    assert!(code == 1 && out.contains("pos"), "{code} {out} {told}");
}
