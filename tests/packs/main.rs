//! Whole packs opened from disk: those we wrote and those of the corpus; `damaged` has every kind of bad input.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod damaged;

use std::path::{Path, PathBuf};

use dettrace::pack::{self, Found, Pack};
use dettrace::trace::Side;

/// A file of the corpus; none, said loudly, where there is no corpus.
fn corpus(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("DETTRACE_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from);
    let path = root.join(name);
    if !path.exists() {
        // Past the harness, which hides what a passing test prints.
        std::io::Write::write_all(
            &mut std::io::stderr(),
            format!("SKIPPED: there is no corpus at {}\n", root.display()).as_bytes(),
        )
        .ok();
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

/// A pack in a folder of its own.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        Self(folder)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn open(&self) -> Found {
        pack::open(&[self.0.path().to_path_buf()]).unwrap()
    }

    fn ready(&self) -> Pack {
        ready(self.0.path())
    }
}

/// What is said when a path cannot be opened.
fn refused(paths: &[PathBuf]) -> String {
    pack::open(paths).unwrap_err().to_string()
}

/// The names that are offered, with their hints, and why.
fn offered(found: Found) -> (Vec<(String, Option<Side>)>, String) {
    match found {
        Found::Choose { candidates, why, .. } => (candidates.into_iter().map(|c| (c.name, c.hint)).collect(), why),
        Found::Ready(pack) => panic!("clear: {:?}", sides(&pack)),
    }
}

/// All warnings as a person reads them.
fn told(pack: &Pack) -> String {
    pack.warnings.as_slice().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

const LINES: &[u8] = b"{\"seq\":0,\"type\":\"A\"}\n{\"seq\":1,\"type\":\"B\"}\n";

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// Everything that a side's stream gives, with what it warns about.
fn read(pack: &Pack, side: Side) -> (Vec<u8>, String) {
    let mut stream = pack.sides[side].as_ref().unwrap().source.stream().unwrap();
    let mut bytes = Vec::new();
    loop {
        let block = stream.next().unwrap();
        if block.is_empty() {
            break;
        }
        bytes.extend_from_slice(block);
    }
    (bytes, stream.finish().as_slice().iter().map(ToString::to_string).collect())
}

#[test]
fn the_side_that_comes_or_starts_first_is_not_the_baseline_for_that() {
    let early = b"{\"ts_ms\":1,\"type\":\"A\"}\n";
    let late = b"{\"ts_ms\":900,\"type\":\"A\"}\n";
    let pack = Folder::new(&[("a_failing.jsonl", early), ("b_passing.jsonl", late)]).ready();
    assert_eq!(sides(&pack), ("b_passing.jsonl", "a_failing.jsonl"));
    let one = b"{\"trace_id\":\"candidate-1\",\"t\":1}\n{\"trace_id\":\"baseline-1\",\"t\":2}\n";
    let pack = Folder::new(&[("run.jsonl", one)]).ready();
    assert_eq!(sides(&pack), ("run.jsonl#baseline-1", "run.jsonl#candidate-1"));
    let select = &pack.sides.expected.as_ref().unwrap().select;
    assert_eq!(select.field, Some(("trace_id".to_owned(), "baseline-1".to_owned())));
}

#[test]
fn names_without_such_words_are_offered_and_never_guessed() {
    let folder = Folder::new(&[("run1.jsonl", LINES), ("run2.jsonl", LINES), ("truth.json", b"[{\"cause\":1}]")]);
    let (names, why) = offered(folder.open());
    assert_eq!(names, [("run1.jsonl".to_owned(), None), ("run2.jsonl".to_owned(), None)]);
    assert!(why.contains("holds 2 recordings, and no name says which is expected and which is actual."), "{why}");
    let two = Folder::new(&[("ok_1.jsonl", LINES), ("ok_2.jsonl", LINES), ("fail.jsonl", LINES)]);
    let (names, why) = offered(two.open());
    assert_eq!(names[0], ("fail.jsonl".to_owned(), Some(Side::Actual)));
    assert!(why.contains("2 are named like expected and 1 like actual"), "{why}");
}

#[test]
fn what_is_no_recording_never_influences_the_answer() {
    let files: [(&str, &[u8]); 7] = [
        ("control_run.jsonl", LINES),
        ("control_summary.json", b"{\n\"causes\": [{\"a\": 1}]\n}"),
        ("control_report.json", b"[{\"a\": 1}]"),
        ("truth.json", b"{\"events\": [{\"a\": 1}]}"),
        ("settings.json", b"{\n\"a\": 1\n}"),
        ("picture.png", b"\x89PNG"),
        ("CHANGES.md", b"{\"a\": 1}\n"),
    ];
    let pack = Folder::new(&files).ready();
    assert_eq!(sides(&pack), ("", "control_run.jsonl"));
    let others: std::collections::BTreeSet<&str> = files[1..].iter().map(|(name, _)| *name).collect();
    assert_eq!(skipped(&pack).into_iter().collect::<std::collections::BTreeSet<_>>(), others);
}

#[test]
fn a_person_names_the_sides_by_file_or_trace() {
    let folder = Folder::new(&[("run1.jsonl", LINES), ("run2.jsonl", LINES), ("run3.jsonl", LINES)]);
    let found = folder.open();
    let chosen = pack::select(&found, Some("run2.jsonl"), Some("run1.jsonl")).unwrap();
    assert_eq!(sides(&chosen), ("run2.jsonl", "run1.jsonl"));
    let error = pack::select(&found, Some("run9.jsonl"), None).unwrap_err().to_string();
    assert!(
        error.contains("There is no recording \"run9.jsonl\" in it. There is: run1.jsonl, run2.jsonl, run3.jsonl.")
    );
    let error = pack::select(&found, Some("run1.jsonl"), None).unwrap_err().to_string();
    assert!(error.contains("not clear which recording is actual") && error.contains("--actual"), "{error}");

    let clear = Folder::new(&[("expected.jsonl", LINES), ("actual.jsonl", LINES), ("replayed.jsonl", LINES)]);
    let found = clear.open();
    assert_eq!(
        sides(&pack::select(&found, None, Some("replayed.jsonl")).unwrap()),
        ("expected.jsonl", "replayed.jsonl")
    );
    assert_eq!(sides(&pack::select(&found, Some("actual.jsonl"), None).unwrap()), ("actual.jsonl", "expected.jsonl"));

    let found = pack::open(&[fixture("gpio-interrupt-race")]).unwrap();
    let swapped = pack::select(&found, Some("door-candidate"), Some("door-baseline")).unwrap();
    assert_eq!(sides(&swapped), ("door_button.json#door-candidate", "door_button.json#door-baseline"));
}

#[test]
fn records_of_neither_side_of_a_file_are_told() {
    let padding = "x".repeat(60);
    let trace = |id: &str| format!("{{\"n\":0,\"trace_id\":\"{id}\",\"note\":\"{padding}\"}}\n").repeat(50_000);
    // Each is longer than what is looked at of a file without ids.
    let lines = trace("door-baseline") + &trace("door-candidate");
    let folder = Folder::new(&[("pair.jsonl", lines.as_bytes())]);
    let pair = ready(&folder.at("pair.jsonl"));
    assert_eq!(sides(&pair), ("pair.jsonl#door-baseline", "pair.jsonl#door-candidate"));
    assert_eq!(told(&pair), "");

    let mut three = lines;
    three.push_str(&"{\"n\":0,\"trace_id\":\"window\"}\n".repeat(1234));
    let folder = Folder::new(&[("three.jsonl", three.as_bytes())]);
    let pack = ready(&folder.at("three.jsonl"));
    assert_eq!(sides(&pack), ("three.jsonl#door-baseline", "three.jsonl#door-candidate"));
    assert_eq!(
        told(&pack),
        "three.jsonl: Records with another `trace_id` than the pair's, or with none: 1,234. They were left out. \
         Choose another trace with --expected or --actual to compare it."
    );
    let found = pack::open(&[folder.at("three.jsonl")]).unwrap();
    let named = pack::select(&found, None, Some("window")).unwrap();
    assert_eq!(sides(&named), ("three.jsonl#door-baseline", "three.jsonl#window"));
}

#[test]
fn a_folder_of_packs_offers_what_is_in_them_and_one_pair_is_found_below() {
    let pair = [("a/expected.jsonl", LINES), ("a/actual.jsonl", LINES)];
    assert_eq!(sides(&Folder::new(&pair).ready()), ("a/expected.jsonl", "a/actual.jsonl"));
    let by_folder = [("good/trace.jsonl", LINES), ("bad/trace.jsonl", LINES)];
    assert_eq!(sides(&Folder::new(&by_folder).ready()), ("good/trace.jsonl", "bad/trace.jsonl"));
    let mut two = pair.to_vec();
    two.extend([("b/expected.jsonl", LINES), ("b/actual.jsonl", LINES)]);
    let (names, _) = offered(Folder::new(&two).open());
    let names: Vec<_> = names.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["a/actual.jsonl", "a/expected.jsonl", "b/actual.jsonl", "b/expected.jsonl"]);
}

#[test]
fn a_pack_describes_itself() {
    let described = br#"{"dettrace_pack": 1, "title": "T", "story": "S", "notes": "N", "expected": "a.jsonl", "actual": "runs.jsonl#two",
        "spec": {"ignore": ["pid"], "tolerance": [["latency_ms", {"absolute": 5}]]}, "signals": [], "later": true}"#;
    let runs = b"{\"run_id\":\"one\",\"n\":1}\n{\"run_id\":\"one\",\"n\":2}\n{\"run_id\":\"two\",\"n\":1}\n{\"run_id\":\"two\",\"n\":2}\n";
    let folder = Folder::new(&[("pack.json", described), ("a.jsonl", LINES), ("runs.jsonl", runs), ("c.jsonl", LINES)]);
    let pack = folder.ready();
    assert_eq!(sides(&pack), ("a.jsonl", "runs.jsonl#two"));
    assert_eq!((pack.title.as_str(), pack.story.as_deref(), pack.notes.as_deref()), ("T", Some("S"), Some("N")));
    assert_eq!(pack.overrides.ignore, ["pid"]);
    assert_eq!(pack.overrides.tolerance[0].0, "latency_ms");
    assert_eq!(told(&pack), "");
    assert_eq!(sides(&ready(&folder.at("pack.json"))), ("a.jsonl", "runs.jsonl#two"), "named by its description");
}

#[test]
fn what_is_wrong_with_a_description_is_told_and_the_names_decide() {
    let with = |description: &[u8]| {
        Folder::new(&[("pack.json", description), ("expected.jsonl", LINES), ("actual.jsonl", LINES)]).ready()
    };
    for (description, expected) in [
        (&b"{\"dettrace_pack\": 1,\n \"title\": \"T\"\n \"story\": 1}"[..], "pack.json:3: It cannot be understood"),
        (b"{\"title\": 7}", "pack.json:1: It cannot be understood"),
        (
            b"{\"expected\": \"gone.jsonl\"}",
            "pack.json: It names \"gone.jsonl\" as expected, but there is no such file",
        ),
        (
            b"{\"expected\": \"../x.jsonl\"}",
            "pack.json: It names \"../x.jsonl\" as expected, but there is no such file",
        ),
        (b"{\"expected\": \"actual.jsonl#x\"}", "but that file holds no such trace."),
        (b"{\"dettrace_pack\": 2}", "pack.json: It has version 2, and this DetTrace knows up to 1"),
    ] {
        let pack = with(description);
        assert_eq!(sides(&pack), ("expected.jsonl", "actual.jsonl"));
        assert!(told(&pack).contains(expected), "{}", told(&pack));
        let newer = expected.contains("version");
        assert_eq!(pack.warnings.partial(), !newer, "the pack asked for something else: {expected}");
    }
}

#[test]
fn a_device_replay_document_holds_both_sides() {
    let replay = br#"{"scenario": "door", "description": "d",
        "expected": [{"index": 0, "event_type": "edge", "expected_state": "open", "value": 1}],
        "actual": [{"index": 0, "event_type": "edge", "actual_state": "shut", "value": 1}]}"#;
    let folder = Folder::new(&[("replay.json", replay)]);
    let pack = ready(&folder.at("replay.json"));
    assert_eq!(pack.title, "door");
    assert_eq!(sides(&pack), ("replay.json#expected", "replay.json#actual"));
    let actual = pack.sides.actual.unwrap();
    assert_eq!(actual.format, dettrace::ingest::Format::Document { path: "actual".to_owned() });
    assert_eq!(actual.select.prefix.as_deref(), Some("actual_"));
}

#[test]
fn two_paths_are_expected_and_actual_whatever_their_names_say() {
    let folder = Folder::new(&[("a/trace.jsonl", LINES), ("b/trace.jsonl", LINES), ("b/truth.txt", b"no")]);
    let open = |a: PathBuf, b: PathBuf| match pack::open(&[a, b]).unwrap() {
        Found::Ready(pack) => *pack,
        Found::Choose { why, .. } => panic!("{why}"),
    };
    let pack = open(folder.at("b/trace.jsonl"), folder.at("a/trace.jsonl"));
    let path = folder.at("b/trace.jsonl");
    assert_eq!(sides(&pack).0, path.to_str().unwrap(), "names that are the same are told apart by their paths");
    assert_eq!(sides(&open(folder.at("a/trace.jsonl"), folder.at("b"))).1, folder.at("b").to_str().unwrap());
    let named = Folder::new(&[("expected.jsonl", LINES), ("actual.jsonl", LINES)]);
    let swapped = open(named.at("actual.jsonl"), named.at("expected.jsonl"));
    assert_eq!(sides(&swapped), ("actual.jsonl", "expected.jsonl"));
    assert!(told(&swapped).contains("By their names, actual.jsonl is actual"), "{}", told(&swapped));
    let same = open(path.clone(), path);
    assert_eq!(sides(&same), ("trace.jsonl", "trace.jsonl"));
}

#[test]
fn a_pack_in_memory_opens_like_a_folder() {
    let found =
        pack::in_memory("sample", &[("good.jsonl", LINES), ("bad.jsonl", LINES), ("README.md", b"Notes")]).unwrap();
    let Found::Ready(pack) = found else { panic!("not clear") };
    assert_eq!((sides(&pack), pack.title.as_str()), (("good.jsonl", "bad.jsonl"), "sample"));
    assert_eq!(pack.notes.as_deref(), Some("Notes"));
    let error = pack::in_memory("sample", &[("a.txt", b"nothing")]).unwrap_err().to_string();
    assert!(
        error.contains(
            "There is no recording in it. a.txt: It is a plain text log, which this version does not read yet. Give"
        ),
        "{error}"
    );
}

#[test]
fn a_folder_of_unrelated_packs_is_neither_a_pair_nor_a_run_of_signals() {
    let fixtures = fixture("");
    assert!(pack::samples(std::slice::from_ref(&fixtures), None).unwrap().is_none(), "many packs are no run");
    let (names, why) = offered(pack::open(&[fixtures]).unwrap());
    assert!(names.iter().any(|(name, _)| name.starts_with("weak-actuator/")), "{names:#?}");
    assert!(names.iter().any(|(name, _)| name.starts_with("task-order-race/")), "{names:#?}");
    assert!(why.contains("holds") && why.contains("recordings"), "{why}");
    // Folders of one run's files are one run still, and a pair of runs is a pair.
    let sheet = |n: u32| {
        let lines: Vec<String> = (0..40).map(|t| format!("{t},{}", t * n)).collect();
        lines.join("\n")
    };
    let folder = tempfile::tempdir().unwrap();
    for (name, n) in [("left/motor.csv", 2), ("right/motor.csv", 3)] {
        std::fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
        std::fs::write(folder.path().join(name), format!("t,speed\n{}", sheet(n))).unwrap();
    }
    let runs = pack::samples(&[folder.path().to_path_buf()], None).unwrap().unwrap();
    assert_eq!((runs.pairs.len(), runs.pairs[0].actual.as_ref().unwrap().files.len()), (1, 2));
    let pair = pack::samples(&[fixture("weak-actuator")], None).unwrap().unwrap();
    assert!(pair.pairs.len() == 1 && pair.pairs[0].expected.is_some());
    // A pair in one folder and another one's samples beside it are not one run.
    for (name, n) in [("pump/expected.csv", 4), ("pump/actual.csv", 5)] {
        std::fs::create_dir_all(folder.path().join("pump")).unwrap();
        std::fs::write(folder.path().join(name), format!("t,speed\n{}", sheet(n))).unwrap();
    }
    for more in ["valve/expected.csv", "valve/actual.csv"] {
        std::fs::create_dir_all(folder.path().join("valve")).unwrap();
        std::fs::write(folder.path().join(more), format!("t,speed\n{}", sheet(6))).unwrap();
    }
    assert!(pack::samples(&[folder.path().to_path_buf()], None).unwrap().is_none());
    let asked = pack::samples(&[folder.path().to_path_buf()], Some(true)).unwrap();
    assert_eq!(asked.map(|runs| runs.pairs.len()), Some(1), "who asks for signals gets all of them");
}

#[test]
fn what_a_run_wrote_beside_its_samples_is_no_other_pack() {
    let rows: Vec<String> = (0..40).map(|t| format!("{t},{}\n", t * 2)).collect();
    let samples = format!("t,speed\n{}", rows.concat());
    let picture: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let said: &[u8] = b"motor started\nmotor stopped\n";
    for (beside, body) in [(["shots/before.png", "shots/after.png"], picture), (["logs/old.log", "logs/new.log"], said)]
    {
        let folder = Folder::new(&[("samples.csv", samples.as_bytes()), (beside[0], body), (beside[1], body)]);
        let runs = pack::samples(&[folder.at("")], None).unwrap();
        assert_eq!(runs.map(|runs| runs.pairs.len()), Some(1), "{beside:?}");
    }
    let folder =
        Folder::new(&[("samples.csv", samples.as_bytes()), ("door/good.jsonl", LINES), ("door/bad.jsonl", LINES)]);
    assert!(pack::samples(&[folder.at("")], None).unwrap().is_none(), "a pair of recordings is another pack");
}

#[test]
fn packs_that_describe_one_side_are_offered_and_two_sides_of_one_keep_what_it_says() {
    let whole = br#"{"dettrace_pack": 1, "title": "The pump", "story": "It stops.", "notes": "Look at the valve.",
        "expected": "x.jsonl", "actual": "y.jsonl", "spec": {"kind": "type"}}"#;
    let half = br#"{"dettrace_pack": 1, "actual": "z.jsonl"}"#;
    let folder = Folder::new(&[
        ("pump/pack.json", whole),
        ("pump/x.jsonl", LINES),
        ("pump/y.jsonl", LINES),
        ("lift/pack.json", half),
        ("lift/z.jsonl", LINES),
        ("door/good.jsonl", LINES),
        ("door/bad.jsonl", LINES),
    ]);
    let found = folder.open();
    let one = pack::select(&found, Some("pump/x.jsonl"), Some("pump/y.jsonl")).unwrap();
    assert_eq!((one.title.as_str(), one.story.as_deref()), ("The pump", Some("It stops.")));
    assert_eq!((one.notes.as_deref(), one.overrides.kind.as_deref()), (Some("Look at the valve."), Some("type")));
    let mixed = pack::select(&found, Some("pump/x.jsonl"), Some("lift/z.jsonl")).unwrap();
    assert_eq!((mixed.story, mixed.overrides.kind), (None, None), "of two packs neither speaks for both");
    let (names, _) = offered(found);
    let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["door/bad.jsonl", "door/good.jsonl", "lift/z.jsonl", "pump/x.jsonl", "pump/y.jsonl"]);
    // Beside the only pair it is set aside like any other recording, and alone it is what is opened.
    let beside = Folder::new(&[
        ("lift/pack.json", half),
        ("lift/z.jsonl", LINES),
        ("door/good.jsonl", LINES),
        ("door/bad.jsonl", LINES),
    ]);
    let door = beside.ready();
    assert_eq!(sides(&door), ("door/good.jsonl", "door/bad.jsonl"));
    assert!(told(&door).contains("lift/z.jsonl"), "{}", told(&door));
    let alone = Folder::new(&[("lift/pack.json", half), ("lift/z.jsonl", LINES)]).ready();
    assert!(alone.sides.expected.is_none() && alone.sides.actual.is_some());
}
