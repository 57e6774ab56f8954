//! The lock step, which looks at each event once, and the replay, which looks at all of them, find the same.

use dettrace::compare::{Lockstep, Pushed, Replay, Stand};
use dettrace::spec::Spec;
use dettrace::trace::{Columns, Side, Sides};
use proptest::prelude::*;

/// Events as token and lanes.
type Events = Vec<(u64, Vec<u32>)>;

fn columns(events: &[(u64, Vec<u32>)]) -> Columns {
    let mut columns = Columns::default();
    for (token, lanes) in events {
        columns.tokens.push(*token);
        columns.lanes.push(lanes);
    }
    columns
}

fn event() -> impl Strategy<Value = (u64, Vec<u32>)> {
    (0..3_u64, prop::sample::subsequence(vec![0_u32, 1, 2, 3], 1..=3))
}

/// A pair of traces that have much in common: swaps of neighbours, and a few faults.
fn pair() -> impl Strategy<Value = (Events, Events)> {
    let edits = prop::collection::vec((any::<prop::sample::Index>(), 0..9_u8, event()), 0..6);
    (prop::collection::vec(event(), 0..40), edits).prop_map(|(expected, edits)| {
        let mut actual = expected.clone();
        for (place, edit, event) in edits {
            let at = place.index(actual.len() + 1);
            match edit {
                0 => actual.insert(at, event),
                1 if at < actual.len() => drop(actual.remove(at)),
                2 if at < actual.len() => actual[at] = event,
                3 => actual.truncate(at),
                _ if at > 0 && at < actual.len() => actual.swap(at - 1, at),
                _ => {}
            }
        }
        (expected, actual)
    })
}

fn pushed(columns: &Columns, ended: bool) -> Pushed<'_> {
    Pushed { columns, lane_map: None, ended }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn both_machines_agree_however_the_events_come((expected, actual) in pair(), steps in prop::collection::vec((0..6_usize, 0..6_usize), 0..12)) {
        let (e, a) = (columns(&expected), columns(&actual));
        let mut replay = Replay::new();
        prop_assert!(replay.push(Sides::new(pushed(&e, true), pushed(&a, true)), &|| false));
        let mut lockstep = Lockstep::new();
        let mut growing = Replay::new();
        let mut early = None;
        let (mut n, mut m) = (0_usize, 0_usize);
        let mut certain: Sides<Option<Option<u32>>> = Sides::default();
        let mut stood: Sides<Vec<Option<Stand>>> = Sides::default();
        for (more_e, more_a) in steps.into_iter().chain([(usize::MAX, usize::MAX)]) {
            (n, m) = (expected.len().min(n.saturating_add(more_e)), actual.len().min(m.saturating_add(more_a)));
            let (part_e, part_a) = (columns(&expected[..n]), columns(&actual[..m]));
            let (before, new) = (lockstep.visited(), lockstep.seen());
            let sides = Sides::new(pushed(&part_e, false), pushed(&part_a, false));
            prop_assert!(lockstep.push(sides, Sides::new(&[], &[]), &Spec::default(), &|| false));
            // Each new event visits its lanes, and may part as many counterparts from theirs.
            let new = u64::from(n as u32 - new.expected + m as u32 - new.actual);
            prop_assert!(lockstep.visited() - before <= new * (3 + 3 * 3));
            prop_assert!(growing.push(sides, &|| false));
            early = early.or(growing.first_difference(Sides::new(false, false)));
            let standing = lockstep.standing(sides, &Spec::default());
            for side in Side::BOTH {
                if let Some(first) = certain[side] {
                    prop_assert_eq!((standing.first[side], standing.certain[side]), (first, true), "certain stays");
                }
                certain[side] = standing.certain[side].then_some(standing.first[side]);
                let stands: Vec<_> = (0..[n, m][side as usize] as u32).map(|event| lockstep.stand(side, event)).collect();
                for (now, before) in stands.iter().zip(&stood[side]) {
                    prop_assert!(now == before || *before == Some(Stand::Waits), "{before:?} became {now:?}");
                }
                let unmatched = stands.iter().filter(|stand| !matches!(stand, Some(Stand::Matched(_)))).count();
                prop_assert_eq!(unmatched, standing.unmatched[side] as usize);
                stood[side] = stands;
            }
            for (side, own, other) in [(Side::Expected, &expected[..n], &actual[..m]), (Side::Actual, &actual[..m], &expected[..n])] {
                let there = |lane: u32| other.iter().filter(|(_, lanes)| lanes.contains(&lane)).count();
                let (mut come, mut parted) = ([0; 4], [false; 4]);
                for ((_, lanes), stand) in own.iter().zip(&stood[side]) {
                    let ahead = lanes.iter().all(|&lane| come[lane as usize] >= there(lane));
                    let behind = lanes.iter().any(|&lane| parted[lane as usize]);
                    let waits = *stand == Some(Stand::Waits);
                    prop_assert!(if waits { ahead } else { !ahead || behind }, "{stand:?}");
                    for &lane in lanes {
                        come[lane as usize] += 1;
                        parted[lane as usize] |= matches!(stand, Some(Stand::Parts | Stand::Behind));
                    }
                }
            }
        }
        let ended = Sides::new(pushed(&e, true), pushed(&a, true));
        let standing = lockstep.standing(ended, &Spec::default());
        prop_assert_eq!(standing.certain, Sides::new(true, true));
        prop_assert_eq!(Some(standing.first), replay.first_difference(Sides::new(true, true)));
        if let Some(early) = early {
            prop_assert_eq!(early, standing.first, "an early answer stays");
        }
        prop_assert!(growing.push(ended, &|| false));
        prop_assert_eq!(growing.first_difference(Sides::new(true, true)), Some(standing.first));
        for (side, events) in [(Side::Expected, &expected), (Side::Actual, &actual)] {
            for event in 0..events.len() as u32 {
                let partner = lockstep.partner(side, event);
                prop_assert_eq!(partner.is_some(), replay.is_consumed(side, event));
                prop_assert_eq!(partner.is_some(), growing.is_consumed(side, event), "piece by piece");
                if let Some(there) = partner {
                    prop_assert_eq!(lockstep.partner(side.other(), there), Some(event));
                }
            }
        }
        let lanes = standing.lanes;
        let known = expected.iter().chain(&actual).flat_map(|(_, lanes)| lanes).max().map_or(0, |&last| last + 1);
        prop_assert_eq!(lanes.equal + lanes.waiting.expected + lanes.waiting.actual + lanes.diverged, known);
    }
}
