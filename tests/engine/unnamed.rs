//! Recordings whose fields are called by letters that mean nothing: behaviour tells what names do elsewhere (SEMANTICS rule 8).

use super::renaming::{Dice, interleave};
use super::*;

/// Workers with numbers from the system, each doing jobs of its own; a run, a clock and a cost that are others each time.
fn pool(dice: &mut Dice) -> Vec<Vec<Value>> {
    let (first, run) = (10_000 + dice.roll() % 20_000, format!("x{}", dice.roll() % 90_000));
    (0..4_u64)
        .map(|worker| {
            let event = |kind: &str, job: u64| {
                let job = format!("{}-{job}", ["anvil", "bolt", "crank", "drum"][worker as usize]);
                serde_json::json!({"aa": run, "bb": kind, "cc": first + 11 * worker, "dd": job})
            };
            (0..8)
                .flat_map(|job| {
                    let mut end = event("left", job);
                    end["ee"] = (900 + dice.roll() % 400).into();
                    [event("taken", job), event("turned", job), end]
                })
                .collect()
        })
        .collect()
}

/// The run with a clock in every record, which other runs started at another time.
fn clocked(programs: Vec<Vec<Value>>, dice: &mut Dice) -> Vec<Value> {
    let mut events = interleave(programs, dice);
    let mut now = 1_700_000_000_000 + dice.roll() % 1_000_000_000;
    for event in &mut events {
        now += dice.roll() % 40;
        event["ff"] = now.into();
    }
    events
}

fn runs(seed: u64) -> (Vec<Value>, Vec<Value>) {
    let (mut one, mut two) = (Dice(seed), Dice(1000 + seed));
    let (first, second) = (pool(&mut one), pool(&mut two));
    (clocked(first, &mut one), clocked(second, &mut two))
}

#[test]
fn a_legally_reordered_run_is_equivalent_whatever_its_fields_are_called() {
    for seed in 0..40 {
        let (expected, actual) = runs(seed);
        let answer = run(&expected, &actual);
        assert_eq!(answer.comparison.verdict, Verdict::Equivalent, "{seed}: {:?}", answer.spec.fields);
        let role = |path: &str| answer.spec.field(path).map(|f| f.role.word());
        assert_eq!([role("aa"), role("bb"), role("ff")], [Some("provenance"), Some("kind"), Some("time")], "{seed}");
        assert!(answer.spec.renamed().any(|f| f.path == "cc"), "{seed}: {:?}", answer.spec.fields);
        assert!(answer.spec.ignored().any(|f| f.path == "ee"), "{seed}: {:?}", answer.spec.fields);
    }
}

#[test]
fn a_fault_is_found_whatever_its_fields_are_called() {
    for seed in 0..40 {
        let (expected, mut actual) = runs(seed);
        let at = Dice(seed).below(actual.len());
        actual[at]["bb"] = "broke".into();
        let answer = run(&expected, &actual);
        let causes: Vec<_> = answer.comparison.causes.iter().map(|c| (c.side, c.index)).collect();
        assert_eq!(causes.first(), Some(&(Side::Actual, at as u32)), "{seed}: {causes:?} {:?}", answer.spec.fields);
    }
}

#[test]
fn a_field_that_names_the_other_end_is_no_lane() {
    // Who asks does one thing at a time; whom it asks is asked by several at once.
    let asks = |who: usize| -> Vec<Value> {
        (0..9)
            .map(|n| serde_json::json!({"k": (["ask", "wait", "told"][n % 3]), "p": format!("unit-{who}"), "n": n / 3}))
            .collect()
    };
    let mut seen = Vec::new();
    for seed in 0..20 {
        let mut dice = Dice(seed);
        let mut run_of = || {
            let mut programs: Vec<Vec<Value>> = (0..4).map(asks).collect();
            for (who, program) in programs.iter_mut().enumerate() {
                for event in program.iter_mut().filter(|event| event["k"] == "ask") {
                    event["r"] = format!("unit-{}", (who + 1) % 4).into();
                }
            }
            interleave(programs, &mut dice)
        };
        let answer = run(&run_of(), &run_of());
        seen.push((answer.comparison.verdict, answer.spec.field("r").and_then(|f| f.lane.clone())));
    }
    assert!(seen.iter().all(|s| *s == (Verdict::Equivalent, None)), "{seen:?}");
}

#[test]
fn spans_are_known_by_how_they_refer() {
    // Three events each, and each names what it came from.
    let serve = |dice: &mut Dice| -> Vec<Value> {
        let mut id = || format!("{:016x}", dice.roll());
        let (root, child) = (id(), id());
        let event = |kind: &str, own: &str, of: Option<&str>, at: &str| serde_json::json!({"k": kind, "u": own, "v": of, "w": at});
        vec![
            event("open", &root, None, "door"),
            event("pass", &root, None, "door"),
            event("open", &child, Some(&root), "hall"),
            event("look", &child, Some(&root), "hall"),
            event("shut", &child, Some(&root), "hall"),
            event("shut", &root, None, "door"),
        ]
    };
    for seed in 0..20 {
        let (mut one, mut two) = (Dice(seed), Dice(500 + seed));
        let run_of = |dice: &mut Dice| {
            let programs = (0..8).map(|_| serve(dice)).collect();
            interleave(programs, dice)
        };
        let answer = run(&run_of(&mut one), &run_of(&mut two));
        assert_eq!(answer.comparison.verdict, Verdict::Equivalent, "{seed}: {:?}", answer.spec.fields);
    }
}

#[test]
fn what_adds_up_is_compared() {
    // Beside a clock, and where nothing says when: another run's clock would differ from the start.
    for clock in [true, false] {
        let run_of = |wrong: Option<usize>| -> Vec<Value> {
            let mut sum = 0;
            let event = |i: usize| {
                sum += 1 + (i * 7) % 5 + usize::from(wrong == Some(i));
                let mut event = serde_json::json!({"k": (["a", "b"][i % 2]), "sum": sum});
                if clock {
                    event["time"] = (1_700_000_000 + 3 * i).into();
                }
                event
            };
            (0..40).map(event).collect()
        };
        for wrong in [2, 17] {
            let answer = run(&run_of(None), &run_of(Some(wrong)));
            assert_eq!(answer.first(), (Some(wrong as u32), Some(wrong as u32)), "{clock}");
        }
    }
}

#[test]
fn a_setting_that_differs_throughout_is_compared_and_the_name_of_a_run_is_not() {
    let run_of = |value: Value| -> Vec<Value> {
        (0..24).map(|i| serde_json::json!({"k": (["a", "b", "c"][i % 3]), "xx": value, "n": i / 3})).collect()
    };
    for (one, two, verdict) in [
        (Value::from("fast"), Value::from("safe"), Verdict::Diverged),
        (Value::from(2), Value::from(3), Verdict::Diverged),
        (Value::from(0.5), Value::from(0.7), Verdict::Diverged),
        (Value::from("run-17"), Value::from("run-18"), Verdict::Equivalent),
        (Value::from(4711), Value::from(20_913), Verdict::Equivalent),
    ] {
        let answer = run(&run_of(one), &run_of(two.clone()));
        assert_eq!(answer.comparison.verdict, verdict, "{two}");
    }
}
