//! The comparison of two traces, step by step: replay, align, order, rows, first difference, causes, symptom, verdict.

use super::align::{Pairing, align};
use super::answer::{Comparison, Counts, DivergenceType, FirstDifference, Verdict};
use super::assemble::{self, Marks};
use super::ending::{torn, unrecorded};
use super::hand::Hand;
use super::handed::Values;
use super::learnt::Learnt;
use super::replay::{Cancelled, Pushed, Replay};
use super::rows::{RowClass, Rows};
use super::symptom::moment;
use super::{groups, rank, symptom, tie};
use super::{late, order};
use crate::spec::{Action, Spec, Tolerance};
use crate::trace::{COMPARED, Columns, EventIndex, NONE, Names, Side, Sides, Trace};

/// What is compared.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Both traces.
    pub traces: Sides<&'a Trace>,
    /// Their names.
    pub names: &'a Names,
    /// The spec their columns were made by.
    pub spec: &'a Spec,
    /// How much later than in expected an event may come after its predecessor, in ticks, if a tolerance was given; else what
    /// the gaps of its kind teach decides.
    pub late_after: Option<Tolerance>,
    /// What a person decided about pairs of events.
    pub hand: &'a Hand,
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

/// Compares two traces, whose values `values` reads where hashes do not tell. `None` when `cancelled` said so.
pub fn compare(input: &Input<'_>, values: &dyn Values, cancelled: Cancelled<'_>) -> Option<Comparison> {
    compare_with(input, &Learnt::default(), values, cancelled)
}

/// The same, knowing what good runs taught about the pair.
pub fn compare_with(
    input: &Input<'_>,
    learnt: &Learnt,
    values: &dyn Values,
    cancelled: Cancelled<'_>,
) -> Option<Comparison> {
    let sides = input.columns();
    let mut replay = Replay::new().with_hand(input.hand.clone()).with_learnt(learnt.clone());
    let pushed = |side: Side| Pushed { columns: sides[side], lane_map: None, ended: true };
    if !replay.push(Sides::new(pushed(Side::Expected), pushed(Side::Actual)), cancelled) {
        return None;
    }
    let tie = |e, a| tie::reads_first(input, values, e, a);
    let pairing = align(sides, input.names.lanes.len(), &mut replay, input.hand, &tie, cancelled);
    if cancelled() {
        return None;
    }
    let (ended_early, unrecorded) = unrecorded(input, &pairing, learnt);
    let links = &input.traces.expected.links;
    let order =
        order::check(sides, &replay, input.names.lanes.len(), &pairing.partner, &unrecorded.expected, links, cancelled);
    if cancelled() {
        return None;
    }
    let mut drifted = drifted(input, &pairing);
    if !learnt.drifted.is_empty() {
        drifted.extend(&learnt.drifted);
        drifted.sort_unstable();
        drifted.dedup();
    }
    let late = match &learnt.late {
        Some(late) if input.late_after.is_none() => late.clone(),
        _ => late::late(input, &pairing, &order.inverted, &drifted, cancelled),
    };
    let (inverted, hand) = (order.inverted.as_slice(), input.hand);
    let marks = Marks { inverted, unrecorded: &unrecorded, drifted: &drifted, late: &late, hand, learnt };
    let windowed = pairing.windowed;
    let rows = assemble::rows(sides, pairing, &marks, cancelled);
    if cancelled() {
        return None;
    }
    let counts = count(&rows);
    if cancelled() {
        return None;
    }
    let (mut causes, mut explained, unfollowed) = rank::rank(input, &replay, &rows, values, cancelled);
    if cancelled() {
        return None;
    }
    let (verdict, reason) = verdict(input, &replay, &rows, &counts, ended_early, order.legal);
    let cut_short = verdict == Verdict::Truncated;
    let diverged = verdict == Verdict::Diverged;
    let first_difference =
        (diverged || cut_short).then(|| first_difference(sides, &replay, &rows, ended_early, cut_short)).flatten();
    if !diverged {
        (causes, explained) = (Vec::new(), Vec::new());
    }
    let groups = if diverged || cut_short { groups::groups(input, &rows) } else { Vec::new() };
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
            let compared = |c: &Columns| c.flags.iter().filter(|f| **f & COMPARED != 0).count() as u64;
            compared(sides.expected) + compared(sides.actual)
        },
        rows,
        groups,
        explained,
        windowed,
        unfollowed,
    })
}

/// True when two values of a field with a tolerance are further apart than it allows, or only one of them is there.
pub(crate) fn is_beyond(action: Action, expected: Option<f64>, actual: Option<f64>) -> bool {
    let Action::Tolerate { absolute, relative } = action else { return false };
    let Some((expected, actual)) = expected.zip(actual) else { return true };
    !Tolerance { absolute, relative }.allows(expected, actual)
}

/// Expected events whose tolerated measures are further apart than allowed.
fn drifted(input: &Input<'_>, pairing: &Pairing) -> Vec<EventIndex> {
    let mut found = Vec::new();
    for side in Side::BOTH {
        let others = &input.traces[side.other()].measures;
        for &(event, field, value) in &input.traces[side].measures {
            let partner = pairing.partner[side][event as usize];
            if partner == NONE {
                continue;
            }
            let from = others.partition_point(|m| m.0 < partner);
            let other = others[from..].iter().take_while(|m| m.0 == partner).find(|m| m.1 == field);
            let other = other.map(|m| m.2);
            let (expected, actual) = if side == Side::Expected { (Some(value), other) } else { (other, Some(value)) };
            if is_beyond(input.spec.fields[field as usize].action, expected, actual) {
                found.push(if side == Side::Expected { event } else { partner });
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
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
    counts.same = rows.len() - counts.differing() - rows.aside().len() as u32;
    counts
}

/// SEMANTICS rules 16 and 17.
fn first_difference(
    sides: Sides<&Columns>,
    replay: &Replay,
    rows: &Rows,
    ended_early: Option<Side>,
    cut_short: bool,
) -> Option<FirstDifference> {
    let first = replay.first_difference(Sides::new(true, true))?;
    let equal = |e: u32, a: u32| sides.expected.tokens[e as usize] == sides.actual.tokens[a as usize];
    let row_of = |side: Side, event: Option<EventIndex>| event.and_then(|e| rows.row_of(side, e));
    let both = [row_of(Side::Expected, first.expected), row_of(Side::Actual, first.actual)];
    let differs = |row: &u32| rows.differences().binary_search(row).is_ok();
    // Of an event and the one in its place, the row that differs is the one to show; of two, the upper.
    let upper = both.into_iter().flatten().filter(differs).min().or_else(|| both.into_iter().flatten().min());
    // What is out of tolerance never stops the replay, and may come first.
    let beyond = rows.differences().iter().copied().find(|&at| {
        let row = rows.get(at);
        let equal = row.expected.zip(row.actual).is_some_and(|(e, a)| equal(e, a));
        equal && upper.is_none_or(|upper| moment(row) < moment(rows.get(upper)))
    });
    if let Some(at) = beyond.filter(|at| upper.is_none() || !rows.get(*at).inverted) {
        let row = rows.get(at);
        let kind = match row.class {
            RowClass::Late => DivergenceType::LateEvent,
            RowClass::Moved => DivergenceType::OrderInversion,
            _ => DivergenceType::ValueDrift,
        };
        return Some(FirstDifference { expected: row.expected, actual: row.actual, kind, row: at });
    }
    let row = upper?;
    // The other side has it elsewhere: as it is, or unmistakably the same one out of order. One with other data in the same
    // order is no such find.
    let found = |side: Side, event: Option<EventIndex>| {
        row_of(side, event)
            .map(|row| rows.get(row))
            .is_some_and(|row| row.expected.zip(row.actual).is_some_and(|(e, a)| row.inverted || equal(e, a)))
    };
    let duplicate = row_of(Side::Actual, first.actual).is_some_and(|r| rows.get(r).class == RowClass::Duplicate);
    let kind = match (first.expected, first.actual) {
        _ if cut_short => DivergenceType::Truncated,
        (None, _) if duplicate => DivergenceType::DuplicateEvent,
        (None, _) => DivergenceType::ExtraEvent,
        (_, None) => DivergenceType::MissingEvent,
        (Some(e), Some(a)) if rows.partner(Side::Expected, e) == Some(a) => DivergenceType::EventMismatch,
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
    let empty = Side::BOTH.into_iter().filter(|side| sides[*side].is_empty()).collect::<Vec<_>>();
    match empty[..] {
        [] => {}
        [side] => return (Verdict::Incomparable, Some(format!("The {side} side has no events."))),
        _ => return (Verdict::Incomparable, Some("Neither side has an event.".to_owned())),
    }
    if input.spec.deciding().next().is_none() {
        return (Verdict::Incomparable, Some("No field is compared: every field was set aside.".to_owned()));
    }
    if !shares_a_field(input) {
        return (Verdict::Incomparable, Some("The two sides have no comparable field in common.".to_owned()));
    }
    if replay.all_consumed() && counts.differing() == 0 {
        if let Some(side) = torn(input) {
            return (Verdict::Truncated, Some(format!("The {side} recording is cut off.")));
        }
        let every_field = legal == 0 && sides.expected.whole == sides.actual.whole;
        return (if every_field { Verdict::Identical } else { Verdict::Equivalent }, None);
    }
    let cut_off = ended_early.filter(|&side| {
        let tail_only = rows.differences().iter().all(|&r| rows.get(r).unrecorded);
        tail_only && consumed_whole(replay, side, sides[side])
    });
    if let Some(side) = cut_off {
        let (own, all) = (sides[side].len(), sides[side.other()].len());
        let who = if side == Side::Actual { "Actual" } else { "Expected" };
        return (Verdict::Truncated, Some(format!("{who} stops after {own} of {all} events; all before is the same.")));
    }
    let reason = (counts.same == 0 && counts.changed == 0)
        .then(|| "No event is on both sides: are these the same work?".to_owned());
    (Verdict::Diverged, reason)
}

fn consumed_whole(replay: &Replay, side: Side, columns: &Columns) -> bool {
    (0..columns.len() as u32).all(|event| replay.is_consumed(side, event))
}

/// True when some field that decides was seen on both sides.
fn shares_a_field(input: &Input<'_>) -> bool {
    input.spec.deciding().any(|f| f.shared)
}
