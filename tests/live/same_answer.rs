//! After every refresh the snapshot is the batch's answer, byte for byte.

use std::fmt::Write as _;

use dettrace::compare::{DivergenceType, Verdict};
use dettrace::spec::{GAP, PairDecision, Tolerance};
use dettrace::trace::{EventName, Side, Sides};
use proptest::prelude::*;

use super::Files;

/// How a random trace looks: what its events have beside kind, lanes and value.
#[expect(clippy::struct_excessive_bools, reason = "each may be there or not")]
#[derive(Debug, Clone, Copy)]
struct Look {
    times: bool,
    spans: bool,
    starts: bool,
    messages: bool,
    tolerance: bool,
    gaps: bool,
}

/// One event: kind, task, queue, value.
type Event = (u8, u8, u8, u8);

/// What the second run does otherwise: at a place, one of several things.
type Fault = (prop::sample::Index, u8);

fn faulty(mut events: Vec<Event>, faults: &[Fault]) -> Vec<Event> {
    for (place, fault) in faults {
        if events.is_empty() {
            return events;
        }
        let at = place.index(events.len());
        match fault {
            0 => drop(events.remove(at)),
            1 => events.insert(at, (9, 1, 1, 1)),
            2 => events[at].3 += 1,
            // Beyond the tolerance, where there is one.
            5 => events[at].3 += 7,
            3 => events.insert(at, events[at]),
            4 => events.truncate(at),
            // Legal where the neighbours share nothing.
            _ if at > 0 => events.swap(at - 1, at),
            _ => {}
        }
    }
    events
}

fn text(events: &[Event], look: Look, side: Side) -> String {
    let salt = if side == Side::Expected { 0x1000_0000_u64 } else { 0x7000_0000 };
    let mut text = String::new();
    for (i, (kind, task, queue, value)) in events.iter().enumerate() {
        let mut fields = vec![format!("\"seq\":{i}"), format!("\"kind\":\"K{kind} é✓\"")];
        if look.times {
            fields.push(format!("\"ts_ns\":{}", salt + i as u64 * 1000));
        }
        if look.spans || look.starts {
            fields.push(format!(
                "\"span_id\":\"{:016x}\"",
                (salt + u64::from(*task)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            ));
            fields.push(format!(
                "\"parent_span_id\":\"{:016x}\"",
                (salt + u64::from(*queue)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            ));
        } else {
            fields.push(format!("\"task\":{task}"));
        }
        if look.starts {
            // Recorded when they end: the starts run backwards in pairs.
            fields
                .push(format!("\"start_time_ns\":{}", 1_700_000_000_000_000_000_u64 + salt + ((i ^ 1) as u64) * 1000));
        }
        if look.messages && kind % 2 == 0 {
            fields.push(format!("\"message_id\":\"m{}\"", i / 2));
        }
        if *queue > 0 {
            fields.push(format!("\"queue\":\"q{queue}\""));
        }
        fields.push(format!("\"value\":{value}"));
        writeln!(text, "{{{}}}", fields.join(",")).ok();
    }
    text
}

fn look() -> impl Strategy<Value = Look> {
    let odds = || prop::bool::weighted(0.3);
    (any::<bool>(), odds(), odds(), odds(), odds(), odds()).prop_map(
        |(times, spans, starts, messages, tolerance, gaps)| Look { times, spans, starts, messages, tolerance, gaps },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_in_any_order_give_the_answer_of_a_batch(
        events in prop::collection::vec((0..4_u8, 0..3_u8, 0..3_u8, 0..3_u8), 0..50),
        faults in prop::collection::vec((any::<prop::sample::Index>(), 0..8_u8), 0..4),
        look in look(),
        pieces in prop::collection::vec((any::<bool>(), 0..1500_usize), 0..10),
        decided in prop::collection::vec((any::<bool>(), 0..50_u32, 0..50_u32), 0..5),
        decides in prop::bool::weighted(0.4),
    ) {
        let texts = Sides::new(
            text(&events, look, Side::Expected),
            text(&faulty(events.clone(), &faults), look, Side::Actual),
        );
        let mut files = Files::new(b"", b"");
        let tolerance = Tolerance { absolute: 1.0, relative: 0.0 };
        files.overrides.tolerance.extend(look.tolerance.then(|| ("value".to_owned(), tolerance)));
        files.overrides.tolerance.extend(look.gaps.then(|| (GAP.to_owned(), tolerance)));
        for (same, e, a) in decided.into_iter().filter(|_| decides) {
            let (expected, actual) = (EventName::at(Side::Expected, e), EventName::at(Side::Actual, a));
            files.overrides.decide_pair(PairDecision { same, expected, actual });
        }
        let decides = !files.overrides.pairs.is_empty();
        let mut live = files.live();
        let mut at = Sides::new(0, 0);
        let rest = Side::BOTH.map(|side| (side == Side::Actual, usize::MAX));
        let mut settled: Option<Option<Verdict>> = None;
        for (actual, bytes) in pieces.into_iter().chain(rest) {
            let side = if actual { Side::Actual } else { Side::Expected };
            let all = texts[side].as_bytes();
            // A piece ends anywhere: in a line, in a character.
            let to = all.len().min(at[side] + bytes.min(all.len()));
            files.append(side, &all[at[side]..to]);
            at[side] = to;
            let update = files.check(&mut live);
            prop_assert!(update.is_some(), "the beginning of a recording is one");
            let update = update.unwrap_or_default();
            // A verdict that is settled by the lanes stays, unless the rules changed.
            let read_again = update.rebuilt.expected.is_some() || update.rebuilt.actual.is_some();
            let now = live.finish(&()).unwrap().comparison.verdict;
            let whole = |side: Side| at[side] == 0 || texts[side].as_bytes()[at[side] - 1] == b'\n';
            if let Some(verdict) = live.standing().verdict.filter(|_| whole(Side::Expected) && whole(Side::Actual)) {
                prop_assert_eq!(verdict, now);
            }
            if let Some(verdict) = settled.filter(|_| !read_again) {
                prop_assert!(!update.standing.provisional && update.standing.verdict == verdict);
            }
            settled = (!update.standing.provisional).then_some(update.standing.verdict);
        }
        live.set_ended(Side::Expected, true);
        live.set_ended(Side::Actual, true);
        let analysis = live.snapshot(&()).unwrap();
        prop_assert!(!analysis.provisional && !live.standing().provisional);
        let standing = live.standing();
        if let Some(verdict) = standing.verdict {
            prop_assert_eq!(verdict, analysis.comparison.verdict);
        }
        // What is out of tolerance stops no replay.
        let stops = |kind| !matches!(kind, DivergenceType::ValueDrift | DivergenceType::LateEvent);
        let first = analysis.comparison.first_difference.filter(|first| stops(first.kind) && standing.verdict.is_some());
        // Which events decisions name is known to a snapshot only.
        let first = first.filter(|_| !decides);
        if let Some(first) = first {
            prop_assert_eq!(standing.first, Sides::new(first.expected, first.actual));
        }
    }
}

#[test]
fn a_last_line_without_its_end_counts_in_a_snapshot_and_waits_in_a_refresh() {
    let all = super::lines(0..20, None);
    let files = Files::new(all.as_bytes(), b"");
    let mut live = files.live();
    let cut = all.len() - 1;
    files.append(Side::Actual, &all.as_bytes()[..cut]);
    let update = files.check(&mut live).unwrap();
    assert_eq!(update.appended, Sides::new(0, 19));
    assert_eq!(live.finish(&()).unwrap().comparison.verdict, Verdict::Identical);
    files.append(Side::Actual, &all.as_bytes()[cut..]);
    assert_eq!(files.check(&mut live).unwrap().appended, Sides::new(0, 1));
}

#[test]
fn a_field_that_shows_its_role_late_changes_the_rules_as_in_a_batch() {
    let event = |i: usize, side: u64| {
        let noise = (i as u64 * 7919 + side * 104_729).wrapping_mul(2_654_435_761) % 1_000_003;
        format!("{{\"seq\":{i},\"kind\":\"K{}\",\"task\":{},\"reading\":{noise}}}\n", i % 3, i % 2)
    };
    let files = Files::new(b"", b"");
    let mut live = files.live();
    let mut rules = 0;
    for i in 0..60 {
        for (side, salt) in [(Side::Expected, 1), (Side::Actual, 2)] {
            files.append(side, event(i, salt).as_bytes());
            let update = files.check(&mut live).unwrap();
            rules += u32::from(update.rebuilt[side].is_some());
        }
    }
    assert!(rules > 1 && live.spec_is_open());
    assert_eq!(live.finish(&()).unwrap().comparison.verdict, Verdict::Equivalent, "the readings are noise");
}

#[test]
fn what_waits_is_provisional_until_the_side_that_it_waits_for_has_ended() {
    let all = super::lines(0..12_000, None);
    let half = super::lines(0..11_000, None);
    // Actual is on its way: it may still come to its end.
    let files = Files::new(all.as_bytes(), half.as_bytes());
    let mut live = files.live();
    let standing = live.standing();
    assert_eq!((standing.verdict, standing.provisional), (Some(Verdict::Truncated), true));
    assert_eq!((standing.lanes.equal, standing.lanes.diverged), (0, 0));
    assert_eq!((standing.unmatched, standing.certain), (Sides::new(1000, 0), Sides::default()));
    assert!(live.snapshot(&()).unwrap().provisional);
    live.set_ended(Side::Expected, true);
    assert!(live.standing().provisional);
    live.set_ended(Side::Actual, true);
    assert!(!live.standing().provisional && !live.snapshot(&()).unwrap().provisional);
    // What actual has beyond a baseline that has ended is extra for good.
    let files = Files::new(half.as_bytes(), all.as_bytes());
    let mut live = files.live();
    assert_eq!((live.standing().verdict, live.standing().provisional), (Some(Verdict::Diverged), true));
    live.set_ended(Side::Expected, true);
    assert_eq!((live.standing().verdict, live.standing().provisional), (Some(Verdict::Diverged), false));
}

#[test]
fn ids_that_are_renamed_put_the_standing_off_and_never_the_answer() {
    let call = |i: usize, salt: u64| {
        let id = (salt + i as u64 / 3).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        format!("{{\"seq\":{i},\"kind\":\"K{}\",\"task\":{},\"request_id\":\"{id:016x}\"}}\n", i % 3, i % 5)
    };
    let run = |events: std::ops::Range<usize>, salt| events.map(|i| call(i, salt)).collect::<String>();
    let files = Files::new(run(0..3_000, 1 << 20).as_bytes(), run(0..2_500, 1 << 40).as_bytes());
    let mut live = files.live();
    assert_eq!((live.standing().verdict, live.standing().unmatched), (Some(Verdict::Truncated), Sides::new(500, 0)));
    files.append(Side::Actual, run(2_500..2_502, 1 << 40).as_bytes());
    let update = files.check(&mut live).unwrap();
    assert_eq!((update.appended, update.behind, update.reordered), (Sides::new(0, 2), Sides::new(0, 2), false));
    assert!(update.standing.provisional);
    assert_eq!(live.catch_up(&()).unwrap().unmatched, Sides::new(498, 0));
    files.append(Side::Actual, run(2_502..2_990, 1 << 40).as_bytes());
    let update = files.check(&mut live).unwrap();
    assert_eq!((update.behind, update.reordered), (Sides::new(0, 0), true), "a sixteenth more");
    files.append(Side::Actual, run(2_990..3_000, 1 << 40).as_bytes());
    for side in Side::BOTH {
        live.set_ended(side, true);
    }
    let update = files.check(&mut live).unwrap();
    assert_eq!((update.behind, update.standing.verdict), (Sides::new(0, 0), Some(Verdict::Equivalent)));
    assert!(!update.standing.provisional);
}

#[test]
fn reads_of_one_register_may_change_places_while_it_grows_too() {
    let event = |(kind, task, register): (&str, u32, u32)| {
        format!("{{\"type\":\"REG_{kind}\",\"task\":{task},\"register\":{register}}}\n")
    };
    let around = |middle: [(&str, u32, u32); 2]| {
        let reads = (0..12).map(|i| ("READ", i % 3, i % 2));
        let writes = (0..12).map(|i| ("WRITE", i % 3, i % 2));
        reads.chain([("WRITE", 0, 7)]).chain(middle).chain(writes).map(event).collect::<String>()
    };
    for (kind, verdict) in [("READ", Verdict::Equivalent), ("WRITE", Verdict::Diverged)] {
        let [one, two] = [("READ", 1, 7), (kind, 2, 7)];
        let files = Files::new(around([one, two]).as_bytes(), b"");
        let mut live = files.live();
        for line in around([two, one]).split_inclusive('\n') {
            files.append(Side::Actual, line.as_bytes());
            assert!(files.check(&mut live).is_some());
        }
        live.set_ended(Side::Expected, true);
        live.set_ended(Side::Actual, true);
        assert_eq!(live.standing().verdict, Some(verdict), "{kind}");
        let comparison = live.finish(&()).unwrap().comparison;
        assert_eq!(comparison.verdict, verdict, "{kind}");
        let first = comparison.first_difference.map(|first| (first.expected, first.actual));
        assert_eq!(first, (verdict == Verdict::Diverged).then_some((Some(13), Some(13))));
        assert_eq!(live.standing().first.expected, first.and_then(|first| first.0));
    }
}
