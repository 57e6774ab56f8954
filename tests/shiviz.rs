//! Logs with vector clocks that nobody here wrote, read in place, and compared by the names of their executions.
#![expect(clippy::unwrap_used, reason = "what a test cannot read fails the test")]

use std::io::Write as _;
use std::path::PathBuf;

use dettrace::analyse::{Analysis, Session};
use dettrace::compare::Verdict;
use dettrace::pack::{self, Found};
use dettrace::trace::Side;

fn sample(name: &str) -> Option<PathBuf> {
    let corpus = std::env::var("DETTRACE_CORPUS")
        .map_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from);
    let path = corpus.join("vector-clock/shiviz").join(name);
    if !path.is_file() {
        // Past the harness, which hides what passing tests print.
        let line = format!("SKIPPED {name}: set DETTRACE_CORPUS to the corpus to run this test\n");
        std::io::stderr().write_all(line.as_bytes()).ok();
        return None;
    }
    Some(path)
}

fn compare(name: &str, expected: &str, actual: &str) -> Option<Analysis> {
    let found = pack::open(&[sample(name)?]).unwrap();
    Some(Session::new(pack::select(&found, Some(expected), Some(actual)).unwrap()).run(&()).unwrap())
}

#[test]
fn executions_are_offered_by_their_names() {
    let Some(path) = sample("multiple-comparison.log") else { return };
    let Ok(Found::Choose { candidates, .. }) = pack::open(&[path]) else { panic!("several executions are a choice") };
    let names: Vec<&str> = candidates.iter().filter_map(|c| c.name.split_once('#')).map(|(_, name)| name).collect();
    assert_eq!(names.len(), 5, "{names:?}");
    assert!(names.contains(&"Base execution") && names.contains(&"Same as base"), "{names:?}");
}

#[test]
fn each_execution_compares_with_the_base_as_its_name_says() {
    for (name, same) in [
        ("Same as base", true),
        ("Different host from base", false),
        ("All events are different from base", false),
        ("Some events are different from base", false),
    ] {
        let Some(analysis) = compare("multiple-comparison.log", "Base execution", name) else { return };
        let verdict = analysis.comparison.verdict;
        assert_eq!(matches!(verdict, Verdict::Identical | Verdict::Equivalent), same, "{name}: {verdict:?}");
    }
    let analysis = compare("multiple-comparison.log", "Base execution", "Same as base").unwrap();
    assert!(analysis.warnings.as_slice().iter().all(|w| !w.kind.partial()), "{:?}", analysis.warnings);
    let trace = &analysis.sides[Side::Expected].as_ref().unwrap().trace;
    assert_eq!((trace.events.len(), trace.links.len()), (8, 4));
    assert_eq!(analysis.names.lanes, ["host:mountainView", "host:paloAlto"]);
    let detail = analysis.detail(Side::Expected, 1);
    assert!(detail.trouble.is_none() && detail.raw.contains("paloAlto"), "{}", detail.raw);
}

#[test]
fn every_sample_is_read_whole() {
    for (name, events, hosts) in [("simple-reliable-broadcast.log", 39, 3), ("simpledb.log", 509, 5)] {
        let Some(path) = sample(name) else { return };
        let Ok(Found::Ready(pack)) = pack::open(&[path]) else { panic!("{name} is one execution") };
        let analysis = Session::new(*pack).run(&()).unwrap();
        assert!(!analysis.partial, "{name}: {:?}", analysis.warnings);
        let trace = &analysis.sides[Side::Actual].as_ref().unwrap().trace;
        assert_eq!(trace.events.len(), events, "{name}");
        assert!(!trace.links.is_empty() && analysis.names.lanes.len() >= hosts, "{name}: {:?}", analysis.names.lanes);
    }
}

#[test]
fn a_row_that_differs_in_a_renamed_text_says_what_each_side_has() {
    let some = "Some events are different from base";
    let Some(analysis) = compare("multiple-comparison.log", "Base execution", some) else { return };
    assert!(analysis.spec.compared().all(|field| field.path != "event"), "it is compared as it is");
    let differences = analysis.comparison.rows.differences();
    assert_eq!(differences.len(), 4);
    for &row in differences {
        let why = analysis.why(row);
        let begin = "Equal in every compared field, but not in one that is renamed: event … ";
        assert!(why.starts_with(begin) && why.contains(" → … "), "{why}");
    }
    let first = analysis.why(differences[0]);
    assert!(first.contains("… INFO Initiating sync dest=72.14.255.255 → … GET /timeline id=paloAlto"), "{first}");
}
