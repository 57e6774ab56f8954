//! The stepping core against an oracle that starts anew for every row, on small random pairs.

mod stops;

use proptest::prelude::*;

use super::checkpoints::Checkpoints;
use super::meaning::Meanings;
use super::status::LaneState;
use super::*;
use crate::compare::{Comparison, Row, RowClass, Rows, Verdict};
use crate::trace::{EventIndex, Field, LaneId, Names, Side, Sides, Trace, Value};

const KINDS: [&str; 9] = [
    "TASK_ENQUEUED",
    "TASK_DEQUEUED",
    "TASK_STARTED",
    "TASK_FINISHED",
    "LOCK_ACQUIRED",
    "LOCK_RELEASED",
    "TASK_FAILED",
    "PRICE_LOOKED_UP",
    "TASK_WAITING",
];
const LANES: [&str; 9] =
    ["task:1", "task:2", "worker:0", "worker:1", "queue:a", "lock:l", "pin:P", "service:s", "register:r"];

#[derive(Debug)]
struct Made {
    traces: Sides<Trace>,
    names: Names,
    comparison: Comparison,
}

impl Made {
    fn new(sides: &Sides<Vec<(u32, Vec<LaneId>)>>, rows: impl IntoIterator<Item = Row>) -> Self {
        let trace = |events: &[(u32, Vec<LaneId>)]| {
            let mut trace = Trace::default();
            for (at, (kind, lanes)) in events.iter().enumerate() {
                trace.events.tokens.push(u64::from(*kind) << 8 | u64::from(lanes[0]));
                trace.events.kinds.push(*kind);
                trace.events.lanes.push(lanes);
                trace.events.flags.push(0);
                trace.events.times.push(Some(at as i64 * 10));
            }
            trace
        };
        let traces = Sides::new(trace(&sides.expected), trace(&sides.actual));
        let mut table = Rows::with_events(sides.expected.len(), sides.actual.len());
        for row in rows {
            table.push(row);
        }
        let comparison = Comparison { verdict: Verdict::Diverged, rows: table, ..Comparison::default() };
        let names = Names {
            kinds: KINDS.iter().map(|&kind| kind.to_owned()).collect(),
            lanes: LANES.iter().map(|&lane| lane.to_owned()).collect(),
        };
        Self { traces, names, comparison }
    }

    fn recorded(&self) -> Recorded<'_> {
        Recorded {
            traces: self.traces.as_ref().map(Some),
            names: &self.names,
            comparison: &self.comparison,
            signals: false,
            plain: false,
        }
    }

    /// A pair with equal sides and a row for each event.
    fn same(events: &[(&str, &[&str])]) -> Self {
        let at = |all: &[&str], name: &str| all.iter().position(|known| *known == name).unwrap() as u32;
        let events: Vec<(u32, Vec<u32>)> = events
            .iter()
            .map(|(kind, lanes)| (at(&KINDS, kind), lanes.iter().map(|lane| at(&LANES, lane)).collect()))
            .collect();
        let rows = (0..events.len() as u32).map(|i| row(Some(i), Some(i), RowClass::Same));
        Self::new(&Sides::new(events.clone(), events.clone()), rows)
    }
}

fn row(expected: Option<u32>, actual: Option<u32>, class: RowClass) -> Row {
    Row { expected, actual, class, inverted: false, unrecorded: false }
}

/// Two sides and any alignment of them in expected's order.
fn pairs() -> impl Strategy<Value = Made> {
    let lanes = proptest::sample::subsequence((0..LANES.len() as u32).collect::<Vec<_>>(), 1..4);
    let event = (0..KINDS.len() as u32, lanes.prop_shuffle());
    let side = || proptest::collection::vec(event.clone(), 0..24);
    (side(), side(), any::<u64>()).prop_map(|(expected, actual, seed)| {
        let mut random = seed | 1;
        let mut next = |below: usize| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) as usize % below
        };
        // Actual's events a little out of order, so that rows and recording part.
        let mut order: Vec<u32> = (0..actual.len() as u32).collect();
        for i in 1..order.len() {
            if next(3) == 0 {
                order.swap(i, i - 1 - next(i.min(3)));
            }
        }
        let (mut rows, mut order) = (Vec::new(), order.into_iter().peekable());
        for e in 0..expected.len() as u32 {
            while next(4) == 0 {
                let Some(a) = order.next() else { break };
                rows.push(row(None, Some(a), RowClass::Extra));
            }
            let partner = if next(4) == 0 { None } else { order.next() };
            let class = if partner.is_some() { RowClass::Same } else { RowClass::Missing };
            rows.push(row(Some(e), partner, class));
        }
        rows.extend(order.map(|a| row(None, Some(a), RowClass::Extra)));
        Made::new(&Sides::new(expected, actual), rows)
    })
}

/// The states after so many rows, from the definition: all events of the rows, and all that stand before one of them on
/// a lane, in recording order.
fn oracle(recorded: &Recorded<'_>, position: u32) -> Sides<Vec<LaneState>> {
    let meanings = Meanings::new(recorded);
    Sides::new(Side::Expected, Side::Actual).map(|side| {
        let mut happened = vec![false; recorded.len(side) as usize];
        for row in 0..position {
            if let Some(event) = recorded.rows().get(row).event(side) {
                happened[event as usize] = true;
            }
        }
        for later in (0..recorded.len(side)).rev() {
            if happened[later as usize] {
                for earlier in 0..later {
                    let lanes = recorded.lanes(side, later);
                    happened[earlier as usize] |= recorded.lanes(side, earlier).iter().any(|lane| lanes.contains(lane));
                }
            }
        }
        let mut states = vec![LaneState::default(); meanings.lanes()];
        for event in (0..recorded.len(side)).filter(|&event| happened[event as usize]) {
            meanings.apply(recorded, side, event, |lane, to| states[lane as usize] = to(states[lane as usize]));
        }
        states
    })
}

/// A stepper with checkpoints so near and so few that every path is walked.
fn near(recorded: &Recorded<'_>) -> Stepper {
    let mut stepper = Stepper::with(recorded, Checkpoints::with(recorded, 2, 12));
    while !stepper.prepare(recorded, 3) {}
    stepper
}

proptest! {
    #[test]
    fn steps_and_seeks_lead_to_what_has_happened(made in pairs(), to in proptest::collection::vec(any::<u32>(), 1..12)) {
        let recorded = made.recorded();
        let rows = recorded.rows().len();
        let mut walked = near(&recorded);
        for row in 0..rows {
            prop_assert_eq!(walked.step(&recorded), Ok(row));
            prop_assert_eq!(walked.board.states(), &oracle(&recorded, row + 1), "after row {}", row);
        }
        prop_assert_eq!(walked.step(&recorded), Err(StepError::AtEnd));
        let mut sought = near(&recorded);
        for row in to.into_iter().filter_map(|to| to.checked_rem(rows)) {
            sought.seek(&recorded, row).unwrap();
            let states = oracle(&recorded, row + 1);
            prop_assert_eq!(sought.board.states(), &states, "at row {}", row);
            let mut fresh = Stepper::prepared(&recorded);
            fresh.seek(&recorded, row).unwrap();
            prop_assert_eq!(fresh.stated(&recorded, 99), sought.stated(&recorded, 99));
        }
    }

    #[test]
    fn a_step_back_takes_a_step_back(made in pairs()) {
        let recorded = made.recorded();
        let mut stepper = near(&recorded);
        for _ in 0..recorded.rows().len() {
            let before = stepper.stated(&recorded, 99);
            stepper.step(&recorded).unwrap();
            stepper.step_back(&recorded).unwrap();
            prop_assert_eq!(&stepper.stated(&recorded, 99), &before);
            stepper.step(&recorded).unwrap();
        }
        for row in (0..recorded.rows().len()).rev() {
            prop_assert_eq!(stepper.step_back(&recorded), Ok(row.checked_sub(1)));
            prop_assert_eq!(stepper.board.states(), &oracle(&recorded, row));
        }
        prop_assert_eq!(stepper.step_back(&recorded), Err(StepError::AtStart));
    }

    #[test]
    fn exchanging_the_sides_mirrors_every_state(made in pairs()) {
        let rows = (0..made.comparison.rows.len()).map(|at| {
            let own = made.comparison.rows.get(at);
            row(own.actual, own.expected, own.class)
        });
        let events = |trace: &Trace| -> Vec<(u32, Vec<u32>)> {
            let lanes = |event: usize| trace.events.lanes_of(event as u32).to_vec();
            trace.events.kinds.iter().enumerate().map(|(event, &kind)| (kind, lanes(event))).collect()
        };
        let sides = Sides::new(events(&made.traces.actual), events(&made.traces.expected));
        let mirrored = Made::new(&sides, rows);
        let (mut one, mut other) = (near(&made.recorded()), near(&mirrored.recorded()));
        while one.step(&made.recorded()).is_ok() {
            other.step(&mirrored.recorded()).unwrap();
            let (one, mut other) = (one.stated(&made.recorded(), 99), other.stated(&mirrored.recorded(), 99));
            for line in &mut other.lines {
                line.states = line.states.swapped();
                line.holds = std::mem::take(&mut line.holds).swapped();
            }
            prop_assert_eq!(one, other);
        }
    }
}

#[test]
fn few_checkpoints_are_kept_however_many_rows_there_are() {
    let events: Vec<(&str, &[&str])> = (0..4_000).map(|_| ("TASK_STARTED", &["task:1", "worker:0"][..])).collect();
    let made = Made::same(&events);
    let recorded = made.recorded();
    let mut stepper = Stepper::with(&recorded, Checkpoints::with(&recorded, 2, 64));
    assert_eq!(stepper.seek(&recorded, 3_999), Err(StepError::NotYet { row: 3_999, known: 0 }));
    while !stepper.prepare(&recorded, 500) {
        let (done, all) = stepper.progress(&recorded);
        assert!(done < all);
    }
    assert!(stepper.checkpoints.kept() <= 64 + 4, "{}", stepper.checkpoints.kept());
    for row in [3_999, 0, 2_500, 2_499] {
        stepper.seek(&recorded, row).unwrap();
        assert_eq!(stepper.stated(&recorded, 9).lines[0].states.actual.last, row);
    }
    assert_eq!(stepper.seek(&recorded, 4_000), Err(StepError::NoRow { row: 4_000, rows: 4_000 }));
}

fn state_after(events: &[(&str, &[&str])]) -> String {
    let made = Made::same(events);
    let mut stepper = Stepper::prepared(&made.recorded());
    while stepper.step(&made.recorded()).is_ok() {}
    let stated = stepper.stated(&made.recorded(), 99);
    let line = |line: &StateLine| {
        format!(
            "{} {}",
            LANES[line.lane as usize],
            status_words(
                &made.recorded(),
                line,
                Side::Actual,
                Some(&|_, event| {
                    let value = Value::Text(format!("0x{event}"));
                    Ok(vec![Field { path: "metadata.value".to_owned(), value }])
                })
            )
        )
    };
    stated.lines.iter().map(line).collect::<Vec<_>>().join("; ")
}

#[test]
fn nothing_is_claimed_that_the_events_do_not_say() {
    let queue = &["task:1", "queue:a"][..];
    assert_eq!(state_after(&[("TASK_ENQUEUED", queue)]), "task:1 enqueued in queue:a; queue:a holds 1: task:1");
    // What stood in the queue before the recording began is not known.
    assert_eq!(state_after(&[("TASK_DEQUEUED", queue)]), "task:1 taken; queue:a last: TASK_DEQUEUED");
    assert_eq!(
        state_after(&[
            ("TASK_ENQUEUED", queue),
            ("TASK_DEQUEUED", queue),
            ("TASK_DEQUEUED", queue),
            ("TASK_ENQUEUED", queue)
        ]),
        "task:1 enqueued in queue:a; queue:a last: TASK_ENQUEUED"
    );
    assert_eq!(
        state_after(&[("TASK_STARTED", &["task:1", "worker:0"]), ("PRICE_LOOKED_UP", &["task:1", "worker:0"])]),
        "task:1 running on worker:0; worker:0 has task:1"
    );
    // Whoever had ended and does something has not ended.
    assert_eq!(
        state_after(&[("TASK_FINISHED", &["task:1"]), ("PRICE_LOOKED_UP", &["task:1"])]),
        "task:1 last: PRICE_LOOKED_UP"
    );
    let (one, two) = (&["task:1", "lock:l"][..], &["task:2", "lock:l"][..]);
    assert_eq!(
        state_after(&[("LOCK_ACQUIRED", one), ("TASK_WAITING", two)]),
        "task:1 last: LOCK_ACQUIRED; task:2 waiting for lock:l; lock:l held by task:1"
    );
    // It was given back by somebody who did not hold it: who holds it now is not told.
    assert!(state_after(&[("LOCK_ACQUIRED", one), ("LOCK_RELEASED", two)]).ends_with("lock:l last: LOCK_RELEASED"));
    assert!(state_after(&[("LOCK_ACQUIRED", one), ("LOCK_RELEASED", one)]).ends_with("lock:l free"));
    assert_eq!(state_after(&[("PRICE_LOOKED_UP", &["pin:P"])]), "pin:P 0x0 · PRICE_LOOKED_UP");
    assert_eq!(state_after(&[("PRICE_LOOKED_UP", &["service:s"])]), "service:s last: PRICE_LOOKED_UP");
}

#[test]
fn an_inversion_shows_in_the_queue_and_both_states_were_real() {
    let at = |kind: &str| KINDS.iter().position(|known| *known == kind).unwrap() as u32;
    let (put, take) = (at("TASK_ENQUEUED"), at("TASK_DEQUEUED"));
    let (one, two) = (vec![0, 4], vec![1, 4]);
    let expected = vec![(put, one.clone()), (put, two.clone()), (take, one.clone()), (take, two.clone())];
    let actual = vec![(put, one.clone()), (put, two.clone()), (take, two), (take, one)];
    let rows = vec![
        row(Some(0), Some(0), RowClass::Same),
        row(Some(1), Some(1), RowClass::Same),
        row(Some(2), Some(3), RowClass::Moved),
        row(Some(3), Some(2), RowClass::Moved),
    ];
    let made = Made::new(&Sides::new(expected, actual), rows);
    let mut stepper = Stepper::prepared(&made.recorded());
    stepper.seek(&made.recorded(), 2).unwrap();
    let text = state_text(&made.recorded(), &stepper.stated(&made.recorded(), 9), None);
    let golden = "\
Tasks
 › task:1         taken                        taken
≠  task:2         enqueued in queue:a          taken
Queues
≠› queue:a        holds 1: task:2              empty
";
    assert_eq!(text, golden);
    stepper.step(&made.recorded()).unwrap();
    assert_eq!(stepper.stated(&made.recorded(), 9).differing, 0);
}

#[test]
fn the_next_event_is_verified() {
    let made = Made::same(&[("TASK_ENQUEUED", &["task:1", "queue:a"]), ("TASK_STARTED", &["task:1"])]);
    let recorded = made.recorded();
    let mut stepper = Stepper::prepared(&recorded);
    let said = |kind: &str, lane: &str| Said { index: None, kind: Some(kind.to_owned()), lane: Some(lane.to_owned()) };
    assert_eq!(stepper.verify(&recorded, Side::Actual, &said("TASK_ENQUEUED", "queue:a")), Ok(0));
    let wrong = stepper.verify(&recorded, Side::Actual, &said("TASK_STARTED", "task:1")).unwrap_err();
    assert_eq!(wrong.to_string(), "The next actual event is #0 TASK_ENQUEUED task:1, not TASK_STARTED task:1.");
    assert_eq!(stepper.peek(&recorded).and_then(|row| row.actual), Some(0));
    assert_eq!(stepper.run_to_event(&recorded, Side::Expected, 1), Ok(1));
    assert_eq!(stepper.peek(&recorded), None);
    let over = stepper.verify(&recorded, Side::Expected, &Said::default()).unwrap_err();
    assert_eq!(over.to_string(), "There is no next expected event; any event was said.");
    let none = stepper.run_to_event(&recorded, Side::Actual, 7).unwrap_err();
    assert_eq!(none.to_string(), "There is no event #7 on the actual side: it has 2.");
    stepper.reset();
    assert_eq!((stepper.row(), stepper.stated(&recorded, 9)), (None, Stated::default()));
    assert_eq!(stepper.step_on_lane(&recorded, 4, true), Ok(0));
    let none = stepper.step_on_lane(&recorded, 4, true).unwrap_err();
    assert_eq!(none.to_string(), "No later event touches queue:a.");
    assert_eq!(stepper.row(), Some(0), "a step that fails leads nowhere");
}
