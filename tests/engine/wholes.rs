//! What is told of many rows at once: bursts, tails, the divergence mass, the nearest cause, the fingerprint.

use dettrace::compare::{GroupKind, Verdict, fingerprint};
use dettrace::trace::Side;
use serde_json::{Value, json};

use super::{Answer, run};

/// Tasks in turn, each event on the lane of its task.
fn steps(range: std::ops::Range<u32>) -> Vec<Value> {
    range.map(|i| json!({"seq": i, "type": "step", "task": i % 4, "value": i / 4})).collect()
}

fn retries(n: u32) -> Vec<Value> {
    (0..n).map(|i| json!({"seq": 0, "type": "retry", "task": 2, "attempt": i})).collect()
}

fn print(answer: &Answer, side: Side) -> u64 {
    let trace = &answer.traces[side];
    fingerprint(&trace.events, &trace.links, &|| false).expect("not cancelled")
}

#[test]
fn a_burst_is_one_group_with_one_headline() {
    let expected = steps(0..400);
    let actual = [steps(0..100), retries(2000), steps(100..400)].concat();
    let answer = run(&expected, &actual);
    let [burst] = &answer.comparison.groups[..] else { panic!("{:?}", answer.comparison.groups) };
    assert_eq!((burst.kind, burst.side, burst.rows), (GroupKind::Burst, Some(Side::Actual), 2000));
    assert_eq!(burst.headline, "2,000 extra events on task:2: retry");
    let mirrored = run(&actual, &expected);
    let [burst] = &mirrored.comparison.groups[..] else { panic!("{:?}", mirrored.comparison.groups) };
    assert_eq!((burst.side, burst.rows), (Some(Side::Expected), 2000));
    assert_eq!(burst.headline, "2,000 missing events on task:2: retry");
}

#[test]
fn differences_that_only_lie_close_together_are_no_burst() {
    let kinds = ["open", "read", "sync", "seek", "map", "lock", "close", "poll", "bind", "wait"];
    let strays = |i: usize| json!({"seq": 0, "type": kinds[i], "task": i, "value": 7});
    let expected: Vec<Value> =
        (0..200).map(|i| json!({"seq": i, "type": "step", "task": i % 10, "value": i})).collect();
    let mut actual = expected.clone();
    (0..10).for_each(|i| actual.insert(100, strays(i)));
    assert!(run(&expected, &actual).comparison.groups.is_empty());
}

#[test]
fn a_wholly_different_tail_is_said_to_be_one() {
    let tail = |kind: &str| -> Vec<Value> {
        (0..60).map(|i| json!({"seq": i, "type": kind, "task": i % 4, "value": i})).collect()
    };
    let expected = [steps(0..100), tail("commit")].concat();
    let actual = [steps(0..100), tail("rollback")].concat();
    let answer = run(&expected, &actual);
    let [tail] = &answer.comparison.groups[..] else { panic!("{:?}", answer.comparison.groups) };
    assert_eq!((tail.kind, tail.side, tail.first), (GroupKind::Tail, None, 100));
    assert_eq!(
        tail.headline,
        "From here on nothing is the same: expected goes on with 60 events, actual with 60 others"
    );
    let cut = run(&expected, &expected[..100]);
    assert_eq!(cut.comparison.verdict, Verdict::Truncated);
    assert!(cut.comparison.groups.iter().all(|g| g.kind == GroupKind::Burst), "what was not recorded is no tail");
}

#[test]
fn a_lane_that_falls_silent_is_a_cause_and_no_early_end() {
    let expected = steps(0..200);
    let lost = |e: &&Value| e["task"] != 3 || e["seq"].as_u64() < Some(120);
    let actual: Vec<Value> = expected.iter().filter(lost).cloned().collect();
    let answer = run(&expected, &actual);
    let comparison = &answer.comparison;
    assert_eq!((comparison.verdict, comparison.ended_early), (Verdict::Diverged, None));
    let cause = &comparison.causes[0];
    assert_eq!((cause.side, cause.index), (Side::Expected, 123));
    assert_eq!((cause.explains.rows, cause.explains.of), (19, 19));
    let cut = run(&expected, &expected[..150]).comparison;
    assert_eq!((cut.verdict, cut.ended_early), (Verdict::Truncated, Some(Side::Actual)));
}

#[test]
fn who_keeps_a_lock_and_falls_silent_is_the_cause_even_where_all_wait_for_it_at_the_end() {
    let step = |kind: &str, task: u32| json!({"type": kind, "task": task, "lock_id": "buffers"});
    let turn = |task: u32| ["acquired", "released"].map(|kind| step(kind, task));
    let work = |task: u32| ["begun", "done"].map(|kind| json!({"type": kind, "task": task}));
    let turns: Vec<Value> = (0..12).flat_map(|i| [turn(i % 3), work(i % 3)].concat()).collect();
    // Task 0 has the lock and does not give it back; task 1 waits for it, and there the run ends.
    let expected = [turns.clone(), turns[..24].to_vec()].concat();
    let mut actual = [turns.clone(), turns[..1].to_vec()].concat();
    actual.push(step("waits", 1));
    let comparison = run(&expected, &actual).comparison;
    assert_eq!(comparison.verdict, Verdict::Diverged);
    let cause = &comparison.causes[0];
    assert_eq!((cause.side, cause.index, cause.other), (Side::Actual, 49, Some(49)), "{:?}", comparison.causes);
    // Without one who waits nothing tells that the run did not just end.
    actual.pop();
    assert_eq!(run(&expected, &actual).comparison.verdict, Verdict::Truncated);
}

#[test]
fn the_mass_counts_every_row_once_and_says_what_is_explained() {
    let expected = steps(0..400);
    let actual = [steps(0..100), retries(50), steps(100..400)].concat();
    let comparison = run(&expected, &actual).comparison;
    for stretches in [1, 7, 32, 1000] {
        let mass = comparison.mass(stretches);
        assert_eq!(mass.iter().map(|m| m.rows).sum::<u32>(), comparison.rows.len());
        assert_eq!(mass.iter().map(|m| m.differing).sum::<u32>(), comparison.counts.differing());
        assert!(mass.iter().all(|m| m.explained <= m.differing && m.differing <= m.rows));
        assert_eq!(mass.len() as u32, stretches.min(comparison.rows.len()));
    }
    assert_eq!(comparison.mass(1)[0].explained, 50, "one cause, which explains the rest of its burst");
}

#[test]
fn a_later_fault_on_its_own_lane_is_the_nearest_cause_of_what_follows_it() {
    let expected = steps(0..400);
    let mut actual = expected.clone();
    actual[41]["value"] = json!("wrong");
    actual[202]["value"] = json!("worse");
    actual[206]["value"] = json!("worse still");
    let comparison = run(&expected, &actual).comparison;
    let rank_of = |row: u32| comparison.causes.iter().find(|c| c.row == row).map(|c| c.rank);
    let (near, far) = (rank_of(202), rank_of(41));
    assert!(near.is_some() && far.is_some() && near != far, "{:?}", comparison.causes);
    let at = comparison.rows.differences().iter().position(|&row| row == 206).expect("it differs");
    assert_eq!(Some(comparison.explained[at]), near);
}

#[test]
fn equivalent_runs_share_a_fingerprint_and_others_do_not() {
    let expected = steps(0..80);
    let mut legal = expected.clone();
    for i in (0..80).step_by(4) {
        legal.swap(i, i + 3);
    }
    let answer = run(&expected, &legal);
    assert_eq!(answer.comparison.verdict, Verdict::Equivalent);
    assert_eq!(print(&answer, Side::Expected), print(&answer, Side::Actual));
    let mut swapped = expected.clone();
    swapped.swap(8, 12);
    let answer = run(&expected, &swapped);
    assert_eq!(answer.comparison.verdict, Verdict::Diverged);
    assert_ne!(print(&answer, Side::Expected), print(&answer, Side::Actual));
}
