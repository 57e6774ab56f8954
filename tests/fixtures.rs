//! Every fixture against the answer that was worked out by hand beside it: as it is, with the sides exchanged, and each
//! side against itself.
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read must fail")]

use std::path::{Path, PathBuf};

use dettrace::analyse::{Control, Population, Session};
use dettrace::pack::{self, Found, Overrides, Pack, Sampled, Windows};
use dettrace::report;
use dettrace::trace::{Sides, Warnings};
use serde_json::Value;

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut folders: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir() && windows(path).is_none() && runs(path).is_none());
    folders.sort();
    folders
}

/// The two windows of requests that a fixture holds, if it does.
fn windows(folder: &Path) -> Option<Windows> {
    pack::windows(&[folder.to_path_buf()], &[]).unwrap_or_else(|why| panic!("{why}"))
}

/// The runs of a control loop that a fixture holds, if it does.
fn runs(folder: &Path) -> Option<Sides<Option<Sampled>>> {
    pack::samples(&[folder.to_path_buf()], None)
        .unwrap_or_else(|why| panic!("{why}"))
        .map(|mut runs| runs.pairs.remove(0))
}

#[test]
fn control_loops_have_the_cause_that_was_put_into_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for name in ["late-sensor", "weak-actuator"] {
        let folder = folder.join(name);
        let pair = runs(&folder).unwrap();
        let control = Control::new(pair, &Overrides::default(), Warnings::default(), &()).unwrap();
        let answer = serde_json::from_str(&report::control_json(&control)).unwrap();
        let wanted = serde_json::from_slice(&std::fs::read(folder.join("expected-answer.json")).unwrap()).unwrap();
        let mut wrong = Vec::new();
        differs(&wanted, &answer, name, &mut wrong);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

fn name(folder: &Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}

fn open(folder: &Path) -> Pack {
    match pack::open(&[folder.to_path_buf()]) {
        Ok(Found::Ready(pack)) => *pack,
        Ok(Found::Choose { why, candidates, .. }) => {
            let names: Vec<_> = candidates.iter().map(|c| &c.name).collect();
            panic!("{}: the sides are not clear: {why} {names:?}", folder.display())
        }
        Err(why) => panic!("{why}"),
    }
}

fn answer(pack: Pack) -> Value {
    let analysis = Session::new(pack).run(&()).unwrap_or_else(|why| panic!("{why}"));
    serde_json::from_str(&report::json(&analysis)).unwrap()
}

/// Where `wanted` is not a part of `got`: objects by their keys, arrays by their places, an empty array as such.
fn differs(wanted: &Value, got: &Value, path: &str, wrong: &mut Vec<String>) {
    match (wanted, got) {
        (Value::Object(wanted), Value::Object(got)) => {
            for (key, value) in wanted {
                differs(value, got.get(key).unwrap_or(&Value::Null), &format!("{path}.{key}"), wrong);
            }
        }
        (Value::Array(wanted), Value::Array(got)) if !wanted.is_empty() && wanted.len() <= got.len() => {
            for (i, (wanted, got)) in wanted.iter().zip(got).enumerate() {
                differs(wanted, got, &format!("{path}[{i}]"), wrong);
            }
        }
        _ if wanted == got => {}
        _ => wrong.push(format!("{path}: expected {wanted}, got {got}")),
    }
}

#[test]
fn every_fixture_has_the_answer_worked_out_by_hand() {
    let mut wrong = Vec::new();
    for folder in fixtures() {
        let wanted = std::fs::read_to_string(folder.join("expected-answer.json")).unwrap();
        let wanted: Value = serde_json::from_str(&wanted).unwrap();
        differs(&wanted, &answer(open(&folder)), &name(&folder), &mut wrong);
    }
    assert!(wrong.is_empty(), "\n  {}", wrong.join("\n  "));
}

#[test]
fn exchanged_sides_mirror_the_answer() {
    let mut wrong = Vec::new();
    for folder in fixtures() {
        let pack = open(&folder);
        let swapped = Pack { sides: pack.sides.clone().swapped(), ..pack.clone() };
        let (there, back) = (answer(pack), answer(swapped));
        let mut check = |what: &str, there: &Value, back: &Value| {
            if there != back {
                wrong.push(format!("{}: {what}: {there}, exchanged {back}", name(&folder)));
            }
        };
        check("expected of the first difference", &there["expected"]["index"], &back["actual"]["index"]);
        check("actual of the first difference", &there["actual"]["index"], &back["expected"]["index"]);
        for kind in ["changed", "late"] {
            check(kind, &there["counts"][kind], &back["counts"][kind]);
        }
        // Of two events that changed places it is the overtaker that moved, and from the other side that is the other one.
        let equal = |counts: &Value| Value::from(number(counts, "same") + number(counts, "moved"));
        check("equal events", &equal(&there["counts"]), &equal(&back["counts"]));
        let any = |answer: &Value| Value::from(number(answer, "inversions") > 0);
        check("inversions", &any(&there), &any(&back));
        check("missing", &there["counts"]["missing"], &more(&back["counts"]));
        check("extra", &more(&there["counts"]), &back["counts"]["missing"]);
        // A run that stops early is, seen from the other side, a run with events to spare.
        if there["verdict"] != "truncated" && back["verdict"] != "truncated" {
            check("verdict", &there["verdict"], &back["verdict"]);
            check("number of causes", &count(&there["causes"]), &count(&back["causes"]));
        }
    }
    assert!(wrong.is_empty(), "\n  {}", wrong.join("\n  "));
}

#[test]
fn every_fixture_of_many_requests_has_the_answer_worked_out_by_hand() {
    let mut wrong = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folders = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let mut count = 0;
    for (folder, windows) in folders.filter_map(|folder| Some((folder.clone(), windows(&folder)?))) {
        let wanted = std::fs::read_to_string(folder.join("expected-answer.json")).unwrap();
        let wanted: Value = serde_json::from_str(&wanted).unwrap();
        let answer = |windows: &Windows| -> Value {
            serde_json::from_str(&report::population_json(&Population::new(windows, &()).unwrap())).unwrap()
        };
        differs(&wanted, &answer(&windows), &name(&folder), &mut wrong);
        let baseline = || windows.sides.expected.clone();
        let same = Windows { sides: Sides::new(baseline(), baseline()), baselines: Vec::new() };
        assert_eq!(answer(&same)["verdict"], "equivalent", "{}", name(&folder));
        count += 1;
    }
    assert!(wrong.is_empty() && count > 0, "{count} fixtures\n  {}", wrong.join("\n  "));
}

/// Events that only actual has, duplicates among them.
fn more(counts: &Value) -> Value {
    (number(counts, "extra") + number(counts, "duplicate")).into()
}

fn number(object: &Value, key: &str) -> u64 {
    object[key].as_u64().unwrap()
}

fn count(list: &Value) -> Value {
    list.as_array().unwrap().len().into()
}

#[test]
fn a_trace_is_identical_to_itself() {
    for folder in fixtures() {
        let pack = open(&folder);
        for one in [pack.sides.expected.clone(), pack.sides.actual.clone()] {
            let both = Pack { sides: Sides::new(one.clone(), one), ..pack.clone() };
            let answer = answer(both);
            assert_eq!(answer["verdict"], "identical", "{}: {}", name(&folder), answer["reason"]);
            assert_eq!(answer["causes"], Value::Array(Vec::new()), "{}", name(&folder));
        }
    }
}

#[test]
fn the_same_input_is_the_same_answer_byte_for_byte() {
    for folder in fixtures() {
        let text = || report::json(&Session::new(open(&folder)).run(&()).unwrap());
        assert_eq!(text(), text(), "{}", name(&folder));
    }
}

#[test]
fn the_sides_of_every_fixture_are_found_in_words_of_its_own() {
    for folder in fixtures() {
        let pack = open(&folder);
        for side in [&pack.sides.expected, &pack.sides.actual] {
            let label = &side.as_ref().unwrap_or_else(|| panic!("{}: a side is missing", name(&folder))).label;
            assert!(!label.contains("expected-answer"), "{}: the answer is no recording", name(&folder));
        }
    }
}

#[test]
fn every_row_that_differs_says_in_what() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut differing = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Ok(Found::Ready(pack)) = pack::open(std::slice::from_ref(&path)) else { continue };
        let analysis = Session::new(*pack).run(&()).unwrap_or_else(|why| panic!("{why}"));
        for &row in analysis.comparison.rows.differences() {
            let why = analysis.why(row);
            let empty = why.is_empty() || [": .", ": ,", ":  "].iter().any(|nothing| why.contains(nothing));
            assert!(!empty && why.trim_end().ends_with('.'), "{}, row {row}: {why}", path.display());
            differing += 1;
        }
    }
    assert!(differing > 50, "only {differing} rows differ");
}
