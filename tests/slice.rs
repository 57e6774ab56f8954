//! Slices compare as the whole does, hold less of it, and hide what they were told to hide.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read must fail")]

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use dettrace::analyse::{Analysis, Session};
use dettrace::pack::{Found, open, samples, windows};
use dettrace::slice::{Slice, Wanted, slice};
use dettrace::trace::Side;

fn analysis(path: &str) -> Analysis {
    match open(&[PathBuf::from(path)]) {
        Ok(Found::Ready(pack)) => Session::new(*pack).run(&()).unwrap(),
        other => panic!("{path}: {other:?}"),
    }
}

fn cut(analysis: &Analysis, wanted: &Wanted) -> Result<Slice, String> {
    slice(analysis, wanted, &|| false)
}

/// A pair of so many jobs over four workers; in actual one job is taken twice, and its lock is missing.
fn long_pair(jobs: u32) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for side in ["expected", "actual"] {
        let mut text = String::new();
        let mut ts = 0;
        let mut add = |kind: &str, job: u32| {
            ts += 7;
            let (worker, user) = (job % 4, job % 9);
            let line =
                format!(r#"{{"ts":{ts},"type":"{kind}","task":{job},"worker":{worker},"user":"person {user}"}}"#);
            text.push_str(&line);
            text.push('\n');
        };
        for job in 0..jobs {
            add("TAKEN", job);
            if side == "expected" || job != jobs / 2 {
                add("LOCKED", job);
            }
            add("DONE", job);
        }
        fs::write(folder.path().join(format!("{side}.jsonl")), text).unwrap();
    }
    folder
}

#[test]
fn every_fixture_of_events_has_a_slice_that_compares_the_same() {
    let mut sliced = 0;
    for entry in fs::read_dir("fixtures").unwrap() {
        let path = entry.unwrap().path();
        // Windows of requests and sampled runs have no events to cut.
        let paths = std::slice::from_ref(&path);
        if windows(paths, &[]).unwrap().is_some() || samples(paths, None).unwrap().is_some() {
            continue;
        }
        let path = path.display().to_string();
        let whole = analysis(&path);
        match cut(&whole, &Wanted::default()) {
            Ok(slice) => {
                assert_eq!(slice.differs, None, "{path}");
                assert!(slice.events.expected <= whole.len(Side::Expected) as usize, "{path}");
                sliced += 1;
            }
            Err(why) => assert!(why.contains("JSON records"), "{path}: {why}"),
        }
    }
    assert!(sliced >= 10, "only {sliced} fixtures");
}

#[test]
fn a_long_pair_becomes_short_and_its_lines_are_those_of_the_recording() {
    let folder = long_pair(1000);
    let whole = analysis(&folder.path().display().to_string());
    let slice = cut(&whole, &Wanted::default()).unwrap();
    assert_eq!(slice.differs, None);
    assert!(slice.events.actual < 400, "{:?}", slice.events);
    for side in Side::BOTH {
        let text = fs::read_to_string(folder.path().join(format!("{side}.jsonl"))).unwrap();
        let mut lines = text.lines();
        assert!(
            slice.recordings[side].lines().all(|line| lines.any(|known| known == line)),
            "not in order, or not verbatim"
        );
    }
    let anchor = "actual:2500".parse().unwrap();
    let about = cut(&whole, &Wanted { around: Some(anchor), redact: Vec::new(), ..Wanted::default() }).unwrap();
    let line = whole.detail(Side::Actual, 2500).raw;
    assert!(about.recordings.actual.contains(&line) && about.differs.is_none());
    let ends = ["actual:2400", "expected:2500"].map(|end| Some(end.parse().unwrap()));
    let [around, to] = ends;
    let range = cut(&whole, &Wanted { around, to, ..Wanted::default() }).unwrap();
    assert!((2400..=2500).all(|event| range.recordings.actual.contains(&whole.detail(Side::Actual, event).raw)));
    assert!(!range.recordings.actual.contains(&whole.detail(Side::Actual, 2350).raw) && range.differs.is_none());
    let nowhere = Wanted { around: Some("actual:99999".parse().unwrap()), redact: Vec::new(), ..Wanted::default() };
    assert!(cut(&whole, &nowhere).unwrap_err().contains("There is no actual:99999"));
}

#[test]
fn redacted_values_are_gone_and_the_same_value_has_the_same_pseudonym() {
    let folder = long_pair(40);
    let whole = analysis(&folder.path().display().to_string());
    let slice = cut(&whole, &Wanted { around: None, redact: vec!["user".to_owned()], ..Wanted::default() }).unwrap();
    assert_eq!(slice.differs, None);
    let pseudonym = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["user"].clone();
    for side in Side::BOTH {
        assert!(!slice.recordings[side].contains("person"), "{}", slice.recordings[side]);
        for line in slice.recordings[side].lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            let again = slice
                .recordings
                .expected
                .lines()
                .find(|other| serde_json::from_str::<serde_json::Value>(other).unwrap()["task"] == record["task"]);
            assert_eq!(again.map(pseudonym), Some(record["user"].clone()), "{line}");
        }
    }
    let manifest: serde_json::Value = serde_json::from_str(&slice.manifest).unwrap();
    assert_eq!(manifest["slice"]["redacted"]["fields"], serde_json::json!(["user"]));
    assert_eq!(manifest["slice"]["redacted"]["pseudonyms"][0], "redacted-1");
    assert!(!slice.manifest.contains("person"));
    let slip = cut(&whole, &Wanted { around: None, redact: vec!["usr".to_owned()], ..Wanted::default() }).unwrap_err();
    assert!(slip.contains("has a field usr"), "{slip}");
}

#[test]
fn the_command_writes_a_pack_that_opens_and_says_what_it_did() {
    let (pair, out) = (long_pair(200), tempfile::tempdir().unwrap());
    let small = out.path().join("small");
    let run = |folder: &std::path::Path| {
        let mut command = Command::cargo_bin("dettrace").unwrap();
        command.args(["slice"]).arg(pair.path()).arg("-o").arg(folder).assert()
    };
    let said = String::from_utf8(run(&small).success().get_output().stderr.clone()).unwrap();
    assert!(said.contains("of 600 expected and") && said.contains("of 599 actual events."), "{said}");
    let again = analysis(&small.display().to_string());
    assert_eq!(again.comparison.verdict.word(), "diverged");
    assert!(again.pack.title.ends_with("(slice)"));
    let said = String::from_utf8(run(&small).code(2).get_output().stderr.clone()).unwrap();
    assert!(said.contains("no empty folder"), "{said}");
}

#[test]
fn a_view_file_can_be_drawn_and_is_no_recording() {
    let folder = tempfile::tempdir().unwrap();
    let (view, picture) = (folder.path().join("a.dettrace-view"), folder.path().join("a.png"));
    let pack = PathBuf::from("fixtures/task-order-race").canonicalize().unwrap();
    let text = serde_json::json!({ "dettrace_view": 1, "open": { "paths": [pack] }, "view": "timeline" });
    fs::write(&view, text.to_string()).unwrap();
    let said = |arguments: &[&std::ffi::OsStr], code: i32| {
        let mut command = Command::cargo_bin("dettrace").unwrap();
        String::from_utf8(command.args(arguments).assert().code(code).get_output().stderr.clone()).unwrap()
    };
    let draw = ["screenshot".as_ref(), view.as_os_str(), "-o".as_ref(), picture.as_os_str()];
    assert_eq!(said(&draw, 0), "");
    assert!(picture.is_file());
    assert!(said(&["compare".as_ref(), view.as_os_str()], 2).contains("is a saved view and no recording"));
    fs::write(&view, "{\"dettrace_view\":7}").unwrap();
    assert!(said(&draw, 2).contains("newer DetTrace (version 7"), "{}", said(&draw, 2));
}
