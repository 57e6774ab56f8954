//! Several good runs: what varies between them is set aside in a further run, what they never did is told as such.

#![expect(clippy::unwrap_used, reason = "what a test cannot read or write fails the test")]

#[path = "../../benches/envelope/family.rs"]
mod family;

use std::fs;

use dettrace::analyse::{Analysis, Envelope, Session};
use dettrace::compare::{CauseKind, RowClass, Verdict};
use dettrace::pack::{Found, Overrides, Pack, Recording, Runs, in_memory};
use dettrace::report;
use dettrace::trace::{Side, Sides, Warnings};
use family::{Family, Fault, Run};
use proptest::prelude::*;

fn recording(name: &str, run: &Run) -> Recording {
    match in_memory(name, &[(&format!("{name}.jsonl"), run.text.as_bytes())]).unwrap() {
        Found::Ready(pack) => pack.sides.actual.or(pack.sides.expected).unwrap(),
        Found::Choose { why, .. } => panic!("{why}"),
    }
}

fn good(family: &Family, runs: u64) -> Vec<Recording> {
    (0..runs).map(|run| recording(&format!("good-{run}"), &family.good(run))).collect()
}

fn learn(recordings: Vec<Recording>) -> Envelope {
    Envelope::learn(Runs { recordings, warnings: Warnings::default() }, &Overrides::default(), &()).unwrap()
}

fn alarms(analysis: &Analysis) -> bool {
    !matches!(analysis.comparison.verdict, Verdict::Identical | Verdict::Equivalent)
}

/// The run compared with the medoid alone.
fn plain(envelope: &Envelope, run: &Recording) -> Analysis {
    let sides = Sides::new(Some(envelope.medoid().clone()), Some(run.clone()));
    let (title, path, overrides) = (String::new(), "pair".into(), Overrides::default());
    let pack = Pack { title, story: None, notes: None, path, sides, overrides, warnings: Warnings::default() };
    Session::new(pack).run(&()).unwrap()
}

#[test]
fn a_good_run_is_an_alarm_no_more_often_than_is_stated() {
    let (mut stated, mut told, mut alone, mut of) = (0.0, 0, 0, 0);
    for seed in 1..=8 {
        let family = Family::new(seed, 10 + seed);
        let envelope = learn(good(&family, 24));
        for run in 500..504 {
            let run = recording("candidate", &family.good(run));
            let judged = envelope.judge(&run, &()).unwrap();
            assert!(judged.envelope.as_ref().unwrap().set_aside.rows() > 0, "good runs of {seed} vary");
            of += 1;
            told += u32::from(alarms(&judged));
            alone += u32::from(alarms(&plain(&envelope, &run)));
        }
        stated += 4.0 * f64::from(envelope.alarms()) / f64::from(envelope.runs() - 1);
    }
    assert_eq!((alone, of), (32, 32), "with one baseline every good run is an alarm");
    // Three standard deviations of as many draws at the stated rate.
    let rate = stated / f64::from(of);
    let slack = 3.0 * (f64::from(of) * rate * (1.0 - rate)).sqrt();
    assert!(f64::from(told) <= stated + slack, "{told} of {of} are alarms, {stated:.1} were stated");
    assert!(rate < 0.6, "a rate that is worth something: {rate}");
}

#[test]
fn a_planted_fault_is_named_and_said_to_be_unusual() {
    let (mut found, mut of, mut missed) = (0, 0, Vec::new());
    for seed in 1..=6 {
        let family = Family::new(seed, 12);
        let envelope = learn(good(&family, 24));
        let medoid: u64 =
            envelope.medoid().label.trim_start_matches("good-").trim_end_matches(".jsonl").parse().unwrap();
        let baseline = family.good(medoid);
        for fault in Fault::ALL {
            let Some(run) = family.faulty(900, fault) else { continue };
            let judged = envelope.judge(&recording("candidate", &run), &()).unwrap();
            of += 1;
            let names = |side: Side, event: u32| {
                let steps = if side == Side::Expected { &baseline.steps } else { &run.steps };
                run.planted.contains(&steps[event as usize])
            };
            let at = judged.comparison.causes.iter().position(|cause| {
                let others = [cause.other, cause.overtaken].into_iter().flatten();
                names(cause.side, cause.index) || others.into_iter().any(|event| names(cause.side.other(), event))
            });
            let Some(at) = at.filter(|&at| at < 3) else {
                missed.push((seed, fault.name()));
                continue;
            };
            found += 1;
            let words = &judged.envelope.as_ref().unwrap().unusual[at];
            assert!(words.contains("24 runs"), "{words}");
            assert!(judged.comparison.causes[at].reason.contains(&words[1..]), "every door tells it");
        }
    }
    assert!(of >= 40 && found * 10 >= of * 8, "{found} of {of}, not {missed:?}");
}

#[test]
fn a_measure_beyond_all_good_runs_is_an_alarm_and_a_usual_one_is_not() {
    let family = Family::new(3, 12);
    let drifted = recording("candidate", &family.faulty(900, Fault::Drift).unwrap());
    let is_drift = |analysis: &Analysis| analysis.comparison.causes.iter().any(|c| c.kind == CauseKind::ValueDrift);
    assert!(!is_drift(&plain(&learn(good(&family, 2)), &drifted)), "a measure is set aside by itself");
    assert!(!is_drift(&learn(good(&family, 4)).judge(&drifted, &()).unwrap()), "four runs are too few for an alarm");
    let many = learn(good(&family, 12));
    let judged = many.judge(&drifted, &()).unwrap();
    assert!(is_drift(&judged), "{}", report::text(&judged, report::Look::default()));
    assert!(judged.spec.compared().any(|field| field.path == "latency_ms" && field.why.contains("12 good runs")));
    for run in 600..606 {
        assert!(!is_drift(&many.judge(&recording("candidate", &family.good(run)), &()).unwrap()));
    }
}

#[test]
fn a_folder_is_learnt_once_and_judges_many() {
    let folder = tempfile::tempdir().unwrap();
    let family = Family::new(5, 10);
    for run in 0..6 {
        fs::write(folder.path().join(format!("good-{run}.jsonl")), family.good(run).text).unwrap();
    }
    fs::write(folder.path().join("notes.txt"), "all of these went right").unwrap();
    let paths = [folder.path().to_path_buf()];
    let envelope = Envelope::open(&paths, &Overrides::default(), &()).unwrap();
    assert_eq!(envelope.runs(), 6, "each recording is a run, whatever else is there");
    assert!(envelope.warnings.as_slice().iter().any(|warning| warning.file == "notes.txt"), "{:?}", envelope.warnings);
    for run in 50..53 {
        let judged = envelope.judge(&recording("candidate", &family.good(run)), &()).unwrap();
        let aside = judged.comparison.rows.aside();
        let usual = &judged.envelope.as_ref().unwrap().usual;
        assert!(!aside.is_empty() && usual.iter().map(|(row, _)| row).eq(aside), "every row says how usual it is");
        assert!(judged.why(aside[0]).contains(&usual[0].1), "{}", judged.why(aside[0]));
        let counts = judged.comparison.counts;
        let rows = counts.same + counts.differing() + aside.len() as u32;
        assert_eq!(rows, judged.comparison.rows.len(), "what is set aside is neither the same nor different");
    }
    let empty = tempfile::tempdir().unwrap();
    let error = Envelope::open(&[empty.path().to_path_buf()], &Overrides::default(), &()).unwrap_err();
    assert!(error.to_string().contains("no recording of events"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn few_runs_set_aside_and_never_add(seed in 0..1_000_u64, runs in 1..5_u64, fault in 0..8_usize) {
        let family = Family::new(seed, 6);
        let envelope = learn(good(&family, runs));
        let run = family.faulty(700, Fault::ALL[fault]).unwrap_or_else(|| family.good(700));
        let run = recording("candidate", &run);
        let (judged, plain) = (envelope.judge(&run, &()).unwrap(), plain(&envelope, &run));
        let of = |analysis: &Analysis, side: Side| -> Vec<u32> {
            let rows = &analysis.comparison.rows;
            let differing = rows.differences().iter().map(|&at| rows.get(at)).filter(|row| row.class != RowClass::Same);
            differing.filter_map(|row| row.event(side)).collect()
        };
        prop_assert!(judged.comparison.counts.differing() <= plain.comparison.counts.differing());
        if runs == 1 {
            prop_assert_eq!(of(&judged, Side::Actual), of(&plain, Side::Actual));
            prop_assert_eq!(judged.envelope.unwrap().set_aside.rows(), 0, "one run teaches nothing");
        }
    }

    #[test]
    fn the_order_of_the_good_runs_changes_nothing(seed in 0..1_000_u64, runs in 2..9_u64, turn in 0..9_usize) {
        let family = Family::new(seed, 6);
        let run = recording("candidate", &family.good(700));
        let there = learn(good(&family, runs));
        let mut turned = good(&family, runs);
        turned.rotate_left(turn % runs as usize);
        turned.reverse();
        let back = learn(turned);
        prop_assert_eq!(there.alarms(), back.alarms());
        let told = |envelope: &Envelope| report::json(&envelope.judge(&run, &()).unwrap());
        prop_assert_eq!(told(&there), told(&back));
    }
}
