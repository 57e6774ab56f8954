//! Two waveforms compared: one lane a signal, walked through time. The answer is a time and the signals that part then.
//! SEMANTICS: rule 28.

mod causes;
mod join;
mod lanes;
mod tokens;
mod walk;
mod words;

use causes::Scene;
use join::ByLane;
use walk::{Walked, Window};

pub use causes::ValueOf;
pub use join::{Joined, TIME, Waves, join};
pub use lanes::Lane;
pub use tokens::{number_of, token_of, value_of};
pub use words::{NOTHING, short};

use super::Cancelled;
use super::answer::{Comparison, Counts, DivergenceType, FirstDifference, Verdict};
use super::rows::{RowClass, Rows};
use crate::trace::{Columns, LaneId, Side, Sides, grouped};

/// What comparing two waveforms answers.
#[derive(Debug)]
pub struct Answer {
    /// The answers of every comparison.
    pub comparison: Comparison,
    /// When the sides part, in the common unit.
    pub time: Option<i64>,
    /// The signals that part then.
    pub signals: Vec<LaneId>,
}

/// Compares both waveforms. `None` when it was cancelled, or a side is missing.
pub fn compare(joined: &Joined, value: ValueOf<'_>, cancelled: Cancelled<'_>) -> Option<Answer> {
    let traces = Sides::new(joined.traces.expected.as_ref()?, joined.traces.actual.as_ref()?);
    let sides = traces.map(|t| &t.events);
    let lanes = joined.waves.lanes.len();
    let by_lane = Sides::new(ByLane::of(sides.expected, lanes), ByLane::of(sides.actual, lanes));
    let ended_early = ended_early(joined, sides);
    let window = window(joined, ended_early, traces.map(|t| t.torn));
    let walked = walk::walk(joined, sides, &by_lane, window, cancelled)?;
    let rows = walked.rows(sides, cancelled)?;
    let first = walked.apart.iter().map(|(_, apart)| apart[0].0).min();
    let (verdict, reason) = verdict(joined, sides, &walked, first, ended_early, traces.map(|t| t.torn));
    let diverged = verdict == Verdict::Diverged;
    let scene = Scene { joined, sides, by_lane: &by_lane, rows: &rows, apart: &walked.apart, value };
    let (causes, unfollowed) = first.filter(|_| diverged).map_or_else(Default::default, |time| scene.causes(time));
    let explained = first.filter(|_| diverged).map_or_else(Vec::new, |time| scene.explained(&causes, time));
    let first_symptom = if diverged { scene.symptom(&causes) } else { None };
    if cancelled() {
        return None;
    }
    let truncated = verdict == Verdict::Truncated;
    let first_difference = match causes.first() {
        Some(cause) => {
            let row = rows.get(cause.row);
            // A change at another time is no part of what is seen first.
            let then = |side: Side| row.event(side).filter(|&e| sides[side].time_of(e) == first);
            let (expected, actual) = (then(Side::Expected), then(Side::Actual));
            Some(FirstDifference { expected, actual, kind: cause.kind, row: cause.row })
        }
        None if truncated => first_unrecorded(&rows),
        None => None,
    };
    let at = |side: Side, event: Option<u32>| event.and_then(|e| sides[side].time_of(e));
    let cut = first_difference.filter(|_| truncated);
    let cut = cut.and_then(|f| at(Side::Expected, f.expected).or(at(Side::Actual, f.actual)));
    let time = if truncated { cut } else { first.filter(|_| diverged) };
    let signals = match (time, truncated) {
        (None, _) => Vec::new(),
        (Some(time), false) => {
            walked.apart.iter().filter(|(_, apart)| apart[0].0 == time).map(|(lane, _)| *lane).collect()
        }
        (Some(time), true) => changed_at(sides, time),
    };
    let comparison = Comparison {
        verdict,
        reason,
        ended_early,
        first_difference,
        causes,
        first_symptom,
        counts: counts(&rows),
        compared_events: if verdict == Verdict::Incomparable {
            0
        } else {
            sides.expected.len() as u64 + sides.actual.len() as u64
        },
        rows,
        explained,
        unfollowed,
        ..Comparison::default()
    };
    Some(Answer { comparison, time, signals })
}

/// The side that stops while the other one goes on to change something.
fn ended_early(joined: &Joined, sides: Sides<&Columns>) -> Option<Side> {
    let end = |side: Side| joined.waves.spans[side].map(|(_, last)| last);
    Side::BOTH.into_iter().find(|&side| {
        let last = (sides[side.other()].len() as u32).checked_sub(1).and_then(|e| sides[side.other()].time_of(e));
        end(side).zip(last).is_some_and(|(end, last)| last > end)
    })
}

/// Events after the end of actual, or of a side that is cut off, were not recorded; those after a baseline that ended as it
/// should are extra.
fn window(joined: &Joined, ended_early: Option<Side>, torn: Sides<bool>) -> Window {
    let spans = &joined.waves.spans;
    let begin = |side: Side| spans[side].map_or(i64::MIN, |(first, _)| first);
    let end = |side: Side| spans[side].map(|(_, last)| last);
    let until = ended_early.filter(|&side| side == Side::Actual || torn[side]).and_then(end);
    let edge = Side::BOTH.into_iter().filter(|&side| torn[side]).filter_map(end).min();
    Window {
        from: begin(Side::Expected).max(begin(Side::Actual)),
        until: until.unwrap_or(i64::MAX),
        edge: edge.unwrap_or(i64::MAX),
    }
}

/// SEMANTICS rule 18.
fn verdict(
    joined: &Joined,
    sides: Sides<&Columns>,
    walked: &Walked,
    first: Option<i64>,
    ended_early: Option<Side>,
    torn: Sides<bool>,
) -> (Verdict, Option<String>) {
    let only = &joined.waves.only;
    if joined.waves.lanes.is_empty() {
        let example = |side: Side| only[side].first().map_or_else(|| "none".to_owned(), Clone::clone);
        let reason = format!(
            "The recordings have no signal in common: signals are matched by their paths, such as {} in expected and {} in \
             actual.",
            example(Side::Expected),
            example(Side::Actual)
        );
        return (Verdict::Incomparable, Some(reason));
    }
    for side in Side::BOTH {
        if sides[side].is_empty() {
            return (Verdict::Incomparable, Some(format!("The {side} side has no value changes.")));
        }
    }
    if first.is_some() {
        return (Verdict::Diverged, None);
    }
    let unrecorded = |side: Side| walked.unrecorded[side].iter().any(|&u| u);
    if let Some(side) = ended_early.filter(|&side| unrecorded(side.other())) {
        let (own, all) = (sides[side].len() as u64, sides[side.other()].len() as u64);
        let who = if side == Side::Actual { "Actual" } else { "Expected" };
        let reason =
            format!("{who} stops after {} of {} value changes; all before is the same.", grouped(own), grouped(all));
        return (Verdict::Truncated, Some(reason));
    }
    if let Some(side) = [Side::Actual, Side::Expected].into_iter().find(|&side| torn[side]) {
        return (Verdict::Truncated, Some(format!("The {side} recording is cut off.")));
    }
    let same = |side: Side| walked.partner[side].iter().all(|&p| p != crate::trace::NONE);
    let whole = only.expected.is_empty() && only.actual.is_empty() && same(Side::Expected) && same(Side::Actual);
    (if whole { Verdict::Identical } else { Verdict::Equivalent }, None)
}

/// The first row of what one side did not record any more.
fn first_unrecorded(rows: &Rows) -> Option<FirstDifference> {
    let row = rows.differences().iter().copied().find(|&row| rows.get(row).unrecorded)?;
    let cells = rows.get(row);
    Some(FirstDifference { expected: cells.expected, actual: cells.actual, kind: DivergenceType::Truncated, row })
}

/// The lanes that change at a time.
fn changed_at(sides: Sides<&Columns>, time: i64) -> Vec<LaneId> {
    let mut lanes: Vec<LaneId> = Vec::new();
    for columns in [sides.expected, sides.actual] {
        let now = (0..columns.len() as u32).filter(|&e| columns.time_of(e) == Some(time));
        lanes.extend(now.map(|e| columns.home_lane(e)));
    }
    lanes.sort_unstable();
    lanes.dedup();
    lanes
}

fn counts(rows: &Rows) -> Counts {
    let mut counts = Counts::default();
    for &row in rows.differences() {
        match rows.get(row).class {
            RowClass::Changed => counts.changed += 1,
            RowClass::Missing => counts.missing += 1,
            RowClass::Extra => counts.extra += 1,
            RowClass::Late => counts.late += 1,
            RowClass::Same | RowClass::Moved | RowClass::Duplicate => {}
        }
    }
    counts.same = rows.len() - counts.differing();
    counts
}
