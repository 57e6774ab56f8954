//! The comparison of two traces, step by step: replay, align, order, rows, first difference, causes, symptom, verdict.

use std::collections::HashSet;

use super::align::{Pairing, align};
use super::answer::{Comparison, Counts, DivergenceType, FirstDifference, Verdict};
use super::assemble::{self, Marks};
use super::order;
use super::replay::{Cancelled, Pushed, Replay};
use super::rows::{RowClass, Rows};
use super::{causes, symptom};
use crate::spec::{Action, Spec};
use crate::trace::{Columns, EventIndex, NONE, Names, Side, Sides, Trace};

/// What is compared.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Both traces.
    pub traces: Sides<&'a Trace>,
    /// Their names.
    pub names: &'a Names,
    /// The spec their columns were made by.
    pub spec: &'a Spec,
    /// How many ticks an event may come later after its predecessor than in expected, if a tolerance was given.
    pub late_after: Option<i64>,
}

impl<'a> Input<'a> {
    /// Both sides' columns.
    pub(crate) fn columns(&self) -> Sides<&'a Columns> {
        self.traces.map(|t| &t.events)
    }
}

/// An event in a few words: its kind and its home lane, as `TASK_DEQUEUED task:2`.
pub fn name_event(input: &Input<'_>, side: Side, event: EventIndex) -> String {
    let columns = &input.traces[side].events;
    let kind = &input.names.kinds[columns.kinds[event as usize] as usize];
    let lane = &input.names.lanes[columns.home_lane(event) as usize];
    if kind.is_empty() { format!("event #{event} of {lane}") } else { format!("{kind} {lane}") }
}

/// Compares two traces. `None` when `cancelled` said so.
pub fn compare(input: &Input<'_>, cancelled: Cancelled<'_>) -> Option<Comparison> {
    let sides = input.columns();
    let pushed =
        |side: Side| Pushed { columns: sides[side], lane_map: None, links: &input.traces[side].links, ended: true };
    let mut replay = Replay::new();
    if !replay.push(Sides::new(pushed(Side::Expected), pushed(Side::Actual)), cancelled) {
        return None;
    }
    let pairing = align(sides, input.names.lanes.len(), cancelled);
    if cancelled() {
        return None;
    }
    let ended_early = ended_early(&pairing).or_else(|| torn(input));
    let unrecorded = unrecorded(sides, &pairing, ended_early);
    let order = order::check(&replay, input.names.lanes.len() as u32, &pairing.partner, &unrecorded, cancelled);
    if cancelled() {
        return None;
    }
    let marks = Marks {
        inverted: &order.inverted,
        unrecorded: &unrecorded,
        drifted: &drifted(input, &pairing),
        late: &late(input, &pairing),
    };
    let rows = assemble::rows(sides, &pairing, &marks);
    let counts = count(&rows);
    if cancelled() {
        return None;
    }
    let (mut causes, mut explained) = causes::rank(input, &replay, &rows, &pairing.partner, cancelled);
    if cancelled() {
        return None;
    }
    let (verdict, reason) = verdict(input, &replay, &rows, &counts, ended_early, order.legal);
    let cut_short = verdict == Verdict::Truncated;
    let diverged = verdict == Verdict::Diverged;
    let first_difference =
        (diverged || cut_short).then(|| first_difference(&replay, &rows, &pairing, ended_early, cut_short)).flatten();
    if !diverged {
        (causes, explained) = (Vec::new(), Vec::new());
    }
    let first_symptom = diverged.then(|| symptom::first(input, &rows, &causes)).flatten();
    Some(Comparison {
        verdict,
        reason,
        ended_early,
        first_difference,
        causes,
        first_symptom,
        counts,
        inversions: order.inverted.len() as u32,
        legal_reorderings: order.legal,
        compared_events: if verdict == Verdict::Incomparable {
            0
        } else {
            sides.expected.len() as u64 + sides.actual.len() as u64
        },
        rows,
        explained,
        windowed: pairing.windowed,
    })
}

/// Actual stops early when its last events are matched and expected goes on well beyond them.
fn ended_early(pairing: &Pairing) -> Option<Side> {
    let tail = |partner: &[u32]| partner.iter().rev().take_while(|&&p| p == NONE).count();
    let (expected, actual) = (tail(&pairing.partner.expected), tail(&pairing.partner.actual));
    (expected > 0 && expected > 2 * actual && actual < pairing.partner.actual.len()).then_some(Side::Actual)
}

fn torn(input: &Input<'_>) -> Option<Side> {
    [Side::Actual, Side::Expected].into_iter().find(|&side| input.traces[side].torn)
}

/// Expected events after the last one that actual recorded on their home lane, when actual stops early.
fn unrecorded(sides: Sides<&Columns>, pairing: &Pairing, ended_early: Option<Side>) -> Vec<bool> {
    let mut unrecorded = vec![false; sides.expected.len()];
    if ended_early != Some(Side::Actual) {
        return unrecorded;
    }
    let mut goes_on: HashSet<u32, foldhash::fast::FixedState> = HashSet::default();
    for event in (0..sides.expected.len()).rev() {
        let lane = sides.expected.home_lane(event as u32);
        if pairing.partner.expected[event] != NONE {
            goes_on.insert(lane);
        } else if !goes_on.contains(&lane) {
            unrecorded[event] = true;
        }
    }
    unrecorded
}

/// Expected events whose tolerated measures are further apart than allowed.
fn drifted(input: &Input<'_>, pairing: &Pairing) -> Vec<EventIndex> {
    let (expected, actual) = (&input.traces.expected.measures, &input.traces.actual.measures);
    let mut found = Vec::new();
    for &(event, field, value) in expected {
        let partner = pairing.partner.expected[event as usize];
        let Action::Tolerate { absolute, relative } = input.spec.fields[usize::from(field)].action else { continue };
        if partner == NONE {
            continue;
        }
        let from = actual.partition_point(|m| m.0 < partner);
        let other = actual[from..].iter().take_while(|m| m.0 == partner).find(|m| m.1 == field);
        let allowed = absolute.max(relative * value.abs());
        if other.is_none_or(|m| (m.2 - value).abs() > allowed || m.2.is_nan() != value.is_nan()) {
            found.push(event);
        }
    }
    found.dedup();
    found
}

/// Expected events whose partners come later after their predecessors than allowed (SEMANTICS rule 15).
fn late(input: &Input<'_>, pairing: &Pairing) -> Vec<EventIndex> {
    let Some(allowed) = input.late_after else { return Vec::new() };
    let sides = input.columns();
    let gaps = |side: Side| {
        let columns = sides[side];
        let mut last: Vec<i64> = vec![i64::MIN; input.names.lanes.len()];
        let gap = |event: u32| {
            let now = columns.time_of(event)?;
            let lanes = columns.lanes_of(event);
            let before = lanes.iter().map(|&l| last[l as usize]).max().filter(|&t| t != i64::MIN);
            for &lane in lanes {
                last[lane as usize] = now;
            }
            Some(now - before?)
        };
        (0..columns.len() as u32).map(gap).collect::<Vec<Option<i64>>>()
    };
    let (expected, actual) = (gaps(Side::Expected), gaps(Side::Actual));
    (0..expected.len() as u32)
        .filter(|&e| {
            let partner = pairing.partner.expected[e as usize];
            let pair = expected[e as usize].zip(actual.get(partner as usize).copied().flatten());
            pair.is_some_and(|(before, now)| now.saturating_sub(before) > allowed)
        })
        .collect()
}

fn count(rows: &Rows) -> Counts {
    let mut counts = Counts::default();
    for &at in rows.differences() {
        *match rows.get(at).class {
            RowClass::Same => continue,
            RowClass::Changed => &mut counts.changed,
            RowClass::Missing => &mut counts.missing,
            RowClass::Extra => &mut counts.extra,
            RowClass::Moved => &mut counts.moved,
            RowClass::Duplicate => &mut counts.duplicate,
            RowClass::Late => &mut counts.late,
        } += 1;
    }
    counts.same = rows.len() - counts.differing();
    counts
}

/// SEMANTICS rules 16 and 17.
fn first_difference(
    replay: &Replay,
    rows: &Rows,
    pairing: &Pairing,
    ended_early: Option<Side>,
    cut_short: bool,
) -> Option<FirstDifference> {
    let first = replay.first_difference(Sides::new(true, true))?;
    let row_of = |side: Side, event: Option<EventIndex>| event.and_then(|e| rows.row_of(side, e));
    // The other side has it elsewhere: as it is, or unmistakably the same one out of order. One with other data in the same
    // order is no such find.
    let found = |side: Side, event: Option<EventIndex>| {
        row_of(side, event).is_some_and(|row| {
            let row = rows.get(row);
            row.expected.is_some() && row.actual.is_some() && (row.class != RowClass::Changed || row.inverted)
        })
    };
    let Some(row) = row_of(Side::Actual, first.actual).or_else(|| row_of(Side::Expected, first.expected)) else {
        // Everything was consumed: only a tolerance can have been exceeded.
        let &at = rows.differences().first()?;
        let row = rows.get(at);
        let late = row.class == RowClass::Late;
        let kind = if late { DivergenceType::LateEvent } else { DivergenceType::ValueDrift };
        return Some(FirstDifference { expected: row.expected, actual: row.actual, kind, row: at });
    };
    let kind = match (first.expected, first.actual) {
        _ if cut_short => DivergenceType::Truncated,
        (None, _) if rows.get(row).class == RowClass::Duplicate => DivergenceType::DuplicateEvent,
        (None, _) => DivergenceType::ExtraEvent,
        (_, None) => DivergenceType::MissingEvent,
        (Some(e), Some(a)) if pairing.partner.expected[e as usize] == a => DivergenceType::EventMismatch,
        (e, a) => match (found(Side::Expected, e), found(Side::Actual, a)) {
            (true, true) => DivergenceType::OrderInversion,
            (true, false) => DivergenceType::ExtraEvent,
            (false, true) if ended_early == Some(Side::Actual) => DivergenceType::EventMismatch,
            (false, true) => DivergenceType::MissingEvent,
            (false, false) => DivergenceType::EventMismatch,
        },
    };
    Some(FirstDifference { expected: first.expected, actual: first.actual, kind, row })
}

/// SEMANTICS rule 18.
fn verdict(
    input: &Input<'_>,
    replay: &Replay,
    rows: &Rows,
    counts: &Counts,
    ended_early: Option<Side>,
    legal: u32,
) -> (Verdict, Option<String>) {
    let sides = input.columns();
    for side in Side::BOTH {
        if sides[side].is_empty() {
            return (Verdict::Incomparable, Some(format!("The {side} side has no events.")));
        }
    }
    if input.spec.compared().next().is_none() {
        return (Verdict::Incomparable, Some("No field is compared: every field was set aside.".to_owned()));
    }
    if !shares_a_field(input) {
        return (Verdict::Incomparable, Some("The two sides have no comparable field in common.".to_owned()));
    }
    if replay.all_consumed() && counts.differing() == 0 {
        if let Some(side) = torn(input) {
            return (Verdict::Truncated, Some(format!("The {side} recording is cut off.")));
        }
        let equal = |e: u32, a: u32| sides.expected.whole[e as usize] == sides.actual.whole[a as usize];
        let every_field = legal == 0
            && (0..rows.len()).map(|r| rows.get(r)).all(|r| r.expected.zip(r.actual).is_some_and(|(e, a)| equal(e, a)));
        return (if every_field { Verdict::Identical } else { Verdict::Equivalent }, None);
    }
    let actual_is_all_matched = ended_early == Some(Side::Actual)
        && counts.missing == counts.differing()
        && consumed_whole(replay, sides.actual);
    if actual_is_all_matched {
        let reason = format!(
            "Actual stops after {} of {} events; all before is the same.",
            sides.actual.len(),
            sides.expected.len()
        );
        return (Verdict::Truncated, Some(reason));
    }
    let reason = (counts.same == 0 && counts.changed == 0)
        .then(|| "No event is on both sides: are these the same work?".to_owned());
    (Verdict::Diverged, reason)
}

fn consumed_whole(replay: &Replay, columns: &Columns) -> bool {
    (0..columns.len() as u32).all(|a| replay.is_consumed(Side::Actual, a))
}

/// True when some compared field was seen on both sides.
fn shares_a_field(input: &Input<'_>) -> bool {
    input.spec.compared().any(|f| f.shared)
}
