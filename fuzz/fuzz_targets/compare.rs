//! Whatever the events are: a run is like itself, and swapping the sides mirrors the answer.
#![no_main]

use std::fmt::Write as _;

use dettrace::analyse::{Analysis, Session};
use dettrace::compare::Verdict;
use dettrace::pack::{Found, in_memory};
use libfuzzer_sys::fuzz_target;

/// Kind, task, queue or lock, value: each of few values, so that they meet.
type Event = (u8, u8, u8, u8);

fn lines(events: &[Event]) -> String {
    let mut text = String::new();
    for (seq, (kind, task, shared, value)) in events.iter().enumerate() {
        let kind = ["start", "send", "recv", "take", "timeout", "done"][usize::from(kind % 6)];
        let _ = write!(text, r#"{{"seq":{seq},"ts":{},"type":"{kind}","task":{}"#, seq * 10, task % 6);
        if shared % 3 > 0 {
            let _ = write!(text, r#","{}":{}"#, ["queue", "lock"][usize::from(shared % 2)], shared % 4);
        }
        if value % 3 > 0 {
            let _ = write!(text, r#","{}":{}"#, ["value", "msg_id"][usize::from(value % 2)], value % 16);
        }
        text.push_str("}\n");
    }
    text
}

fn analysis(expected: &str, actual: &str) -> Option<Analysis> {
    let files = [("expected.jsonl", expected.as_bytes()), ("actual.jsonl", actual.as_bytes())];
    let Ok(Found::Ready(pack)) = in_memory("fuzz", &files) else { return None };
    Session::new(*pack).run(&()).ok()
}

fuzz_target!(|input: (Vec<Event>, Vec<Event>)| {
    let (expected, actual) = (lines(&input.0), lines(&input.1));
    if let Some(own) = analysis(&expected, &expected) {
        let comparison = own.comparison;
        assert!(matches!(comparison.verdict, Verdict::Identical | Verdict::Incomparable), "{:?}", comparison.verdict);
    }
    let (Some(there), Some(back)) = (analysis(&expected, &actual), analysis(&actual, &expected)) else { return };
    let (there, back) = (there.comparison, back.comparison);
    let broken = |v: Verdict| matches!(v, Verdict::Diverged | Verdict::Truncated);
    assert!(there.verdict == back.verdict || broken(there.verdict) && broken(back.verdict));
    assert_eq!(there.counts.missing, back.counts.extra + back.counts.duplicate);
    assert_eq!(there.counts.extra + there.counts.duplicate, back.counts.missing);
    assert_eq!(
        there.first_difference.map(|f| (f.expected, f.actual)),
        back.first_difference.map(|f| (f.actual, f.expected))
    );
});
