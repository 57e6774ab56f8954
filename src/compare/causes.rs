//! Causes: what stops the replay and has nothing diverging before it, grouped where both sides contend for a lane or part at one
//! place (SEMANTICS rule 19).

use std::collections::BTreeMap;

use super::answer::{Cause, CauseKind, Explains};
use super::engine::Input;
use super::handed::Values;
use super::rank::role;
use super::replay::{Cancelled, Pushed, Replay};
use super::rows::{RowClass, Rows};
use super::spans::{Callers, differing_callers};
use super::symptom::moment;
use crate::trace::{EventIndex, LaneId, NONE, Side, Sides};

/// A group of blocked events that contend with each other.
#[derive(Debug, Default, Clone)]
pub(crate) struct Contention {
    pub(crate) events: Vec<(Side, EventIndex)>,
    /// Where it begins, if others may begin there too.
    pub(crate) place: Option<Place>,
    /// True when only recording order says that its events belong together.
    pub(crate) by_order: bool,
    /// True when it begins at the place of a cause that stands for it, and may be what began there as well.
    pub(crate) second: bool,
    /// The callers that differ as the call does where it begins, from the nearest on.
    pub(crate) callers: Vec<(Side, EventIndex)>,
    /// The same span, which was begun before and never ended, for what began it once more.
    pub(crate) begun: Option<(Side, EventIndex)>,
}

impl Contention {
    /// When it begins.
    pub(crate) fn moment(&self, rows: &Rows) -> u32 {
        earliest(&self.events, rows)
    }

    /// When the first of what belongs to it began: a caller begins before its calls.
    pub(crate) fn moment_with_callers(&self, rows: &Rows) -> u32 {
        self.moment(rows).min(earliest(&self.callers, rows)).min(earliest(self.begun.as_slice(), rows))
    }
}

/// The moment of the earliest of the rows of these events.
fn earliest(events: &[(Side, EventIndex)], rows: &Rows) -> u32 {
    let of = |&(side, event): &(Side, EventIndex)| rows.row_of(side, event).map(|r| moment(rows.get(r)));
    events.iter().filter_map(of).min().unwrap_or(u32::MAX)
}

/// Joins causes that begin at one place: with nothing equal between them and what was equal before. Recording order is weak
/// evidence, so it only says that they are one divergence, whose earliest event stands for it; the next one is kept as its second.
fn join_by_place(rows: &Rows, drafts: Vec<(Cause, Contention)>) -> Vec<(Cause, Contention)> {
    let mut places: BTreeMap<Place, Vec<(Cause, Contention)>> = BTreeMap::new();
    let first = |(_, contention): &(Cause, Contention)| {
        contention.events.iter().copied().min_by_key(|&(side, event)| rows.row_of(side, event))
    };
    let anchors = last_equal_before(drafts.iter().filter_map(first).collect(), rows);
    for draft in drafts {
        let anchor = first(&draft).map_or(NONE, |(side, event)| match anchors.get(&(side, event)) {
            // A place is named by its expected event, so that both sides name it alike.
            Some(&anchor) if side == Side::Actual => rows.partner(side, anchor).unwrap_or(NONE),
            anchor => anchor.copied().unwrap_or(NONE),
        });
        places.entry(anchor.wrapping_add(1)).or_default().push(draft);
    }
    (places.into_iter())
        .flat_map(|(place, mut group)| {
            group.sort_by_key(|(cause, contention)| {
                (contention.moment(rows), moment(rows.get(cause.row)), role(cause.kind), cause.row)
            });
            let by_order = group.len() > 1;
            let events = group.iter().flat_map(|(_, c)| c.events.iter().copied()).collect();
            group.truncate(2);
            for (at, (_, contention)) in group.iter_mut().enumerate() {
                (contention.place, contention.second) = (Some(place), at > 0);
            }
            if let Some((_, first)) = group.first_mut() {
                (first.events, first.by_order) = (events, by_order);
            }
            group
        })
        .collect()
}

/// The expected event (plus one; 0 before the first) after which a divergence begins.
pub(crate) type Place = u32;

/// For each of these events, the last event of its side before it whose row is the same on both sides, if there is one.
fn last_equal_before(mut events: Vec<(Side, EventIndex)>, rows: &Rows) -> BTreeMap<(Side, EventIndex), EventIndex> {
    events.sort_unstable();
    let mut found = BTreeMap::new();
    // Looked through is only what stands between one of them and the one before it.
    let mut looked = (Side::Expected, 0, None);
    for (side, event) in events {
        let (from, known) = if side == looked.0 { (looked.1, looked.2) } else { (0, None) };
        let same = |&e: &EventIndex| rows.row_of(side, e).is_some_and(|row| rows.get(row).class == RowClass::Same);
        let last = (from..event).rev().find(same).or(known);
        looked = (side, event, last);
        found.extend(last.map(|last| ((side, event), last)));
    }
    found
}

/// Every place where a divergence begins, in the order in which they happened. Of no use when it was cancelled.
pub(crate) fn find(
    input: &Input<'_>,
    replay: &Replay,
    rows: &Rows,
    values: &dyn Values,
    cancelled: Cancelled<'_>,
) -> Vec<(Cause, Contention)> {
    let passing = Callers::new(input).map(|callers| callers.that_tell_of_later_ones(input, rows, values));
    let passing = passing.unwrap_or_default();
    let below = (!passing.is_empty()).then(|| past_callers(input, passing.clone(), cancelled)).flatten();
    let replay = below.as_ref().unwrap_or(replay);
    let contentions = contentions(input, replay, rows);
    if cancelled() {
        return Vec::new();
    }
    let drafts = contentions.into_iter().filter_map(|c| Some((draft(input, replay, rows, &c)?, c))).collect();
    let mut drafts = join_by_place(rows, drafts);
    if below.is_some() {
        for draft in &mut drafts {
            name_callers(input, rows, &passing, draft);
        }
    }
    drafts.extend(drifts(input, rows, &drafts));
    drafts.sort_by_key(|(cause, contention)| (contention.second, moment(rows.get(cause.row)), cause.row));
    drafts
}

/// A replay that callers do not stop which differ only as their calls do.
fn past_callers(input: &Input<'_>, passing: Vec<(EventIndex, EventIndex)>, cancelled: Cancelled<'_>) -> Option<Replay> {
    let mut replay = Replay::new().with_hand(input.hand.clone()).passing(passing);
    let pushed = |side: Side| Pushed { columns: input.columns()[side], lane_map: None, ended: true };
    replay.push(Sides::new(pushed(Side::Expected), pushed(Side::Actual)), cancelled).then_some(replay)
}

/// The callers that differ as a cause below them does belong to it; so does the same span, where that was begun before.
fn name_callers(
    input: &Input<'_>,
    rows: &Rows,
    passing: &[(EventIndex, EventIndex)],
    (cause, contention): &mut (Cause, Contention),
) {
    let of_row = |at: u32| Side::BOTH.into_iter().rev().filter_map(move |side| Some((side, rows.get(at).event(side)?)));
    contention.callers = differing_callers(input, rows, cause.row).into_iter().flat_map(of_row).collect();
    let columns = input.columns()[cause.side];
    let span = |event: EventIndex| (columns.home_lane(event), columns.identities[event as usize]);
    let own = passing.iter().map(|&(e, a)| if cause.side == Side::Expected { e } else { a });
    let mut before = own.filter(|&event| event < cause.index && span(event) == span(cause.index));
    contention.begun = cause.other.is_none().then(|| before.next()).flatten().map(|event| (cause.side, event));
}

/// A cause that is not ranked and not worded yet.
fn unranked(
    side: Side,
    index: EventIndex,
    other: Option<EventIndex>,
    lanes: Vec<LaneId>,
    kind: CauseKind,
    row: u32,
) -> Cause {
    Cause {
        rank: 0,
        side,
        index,
        other,
        overtaken: None,
        lanes,
        kind,
        reason: String::new(),
        headline: String::new(),
        rule: String::new(),
        sureness: String::new(),
        explains: Explains { rows: 0, of: 0 },
        row,
    }
}

/// The unconsumed events with nothing unconsumed before them, joined where they are the two heads of one lane. Only those
/// with a diverging row among them count.
fn contentions(input: &Input<'_>, replay: &Replay, rows: &Rows) -> Vec<Contention> {
    let sides = input.columns();
    let mut members: Vec<(Side, EventIndex)> = Vec::new();
    for side in Side::BOTH {
        let links = &input.traces[side].links;
        members.extend(replay.beginnings(side, sides[side], links).into_iter().map(|e| (side, e)));
    }
    let mut group: Vec<usize> = (0..members.len()).collect();
    let index: std::collections::HashMap<(Side, EventIndex), usize, foldhash::fast::FixedState> =
        members.iter().enumerate().map(|(i, &m)| (m, i)).collect();
    for (i, &(side, event)) in members.iter().enumerate() {
        for &lane in &*sides[side].lanes_of(event) {
            if let Some(&other) = replay.head(lane, side.other()).and_then(|e| index.get(&(side.other(), e))) {
                let (a, b) = (root(&group, i), root(&group, other));
                group[a.max(b)] = a.min(b);
            }
        }
    }
    let mut by_root: BTreeMap<usize, Contention> = BTreeMap::new();
    for (i, &member) in members.iter().enumerate() {
        by_root.entry(root(&group, i)).or_default().events.push(member);
    }
    let diverges = |&(side, event): &(Side, EventIndex)| {
        rows.row_of(side, event).is_some_and(|r| {
            let row = rows.get(r);
            (row.class != RowClass::Same || row.inverted) && !row.unrecorded
        })
    };
    by_root.into_values().filter(|c| c.events.iter().any(diverges)).collect()
}

/// The representative of a group (union-find without ranks: there are few).
fn root(group: &[usize], mut i: usize) -> usize {
    while group[i] != i {
        i = group[i];
    }
    i
}

/// What kind of divergence a contention is, and which event stands for it.
fn draft(input: &Input<'_>, replay: &Replay, rows: &Rows, contention: &Contention) -> Option<Cause> {
    let sides = input.columns();
    let make = |side: Side, index: EventIndex, other: Option<EventIndex>, lanes: Vec<LaneId>, kind: CauseKind| {
        Some(unranked(side, index, other, lanes, kind, rows.row_of(side, index)?))
    };
    let twin = |side: Side, e: EventIndex| rows.partner(side, e);
    // Actual's events first: the run in question is what people look at.
    let events = || contention.events.iter().filter(|m| m.0 == Side::Actual).chain(&contention.events);
    for &(side, event) in events() {
        let Some(other) = twin(side, event) else { continue };
        let overtaken: Vec<LaneId> = (sides[side.other()].lanes_of(other).iter().copied())
            .filter(|&lane| sides[side].lanes_of(event).contains(&lane))
            .filter(|&lane| {
                replay.head(lane, side.other()).is_some_and(|ahead| {
                    let later = twin(side.other(), ahead);
                    ahead != other
                        && match later {
                            Some(later) => sides[side].lanes_of(later).contains(&lane),
                            None => rows.row_of(side.other(), ahead).is_some_and(|r| rows.get(r).unrecorded),
                        }
                })
            })
            .collect();
        let row = rows.get(rows.row_of(side, event)?);
        if !overtaken.is_empty() && (row.inverted || partner_inverted(rows, replay, side, &overtaken)) {
            let ahead = overtaken.first().and_then(|&lane| replay.head(lane, side.other()));
            return make(side, event, Some(other), overtaken, CauseKind::OrderInversion)
                .map(|cause| Cause { overtaken: ahead, ..cause });
        }
    }
    let one_sided = |side: Side| {
        contention.events.iter().find(|m| {
            m.0 == side && twin(side, m.1).is_none() && rows.row_of(side, m.1).is_some_and(|r| !rows.get(r).unrecorded)
        })
    };
    let changed = events().find(|&&(side, e)| {
        twin(side, e).is_some() && rows.row_of(side, e).is_some_and(|r| rows.get(r).class == RowClass::Changed)
    });
    match (one_sided(Side::Expected), one_sided(Side::Actual)) {
        (Some(&(_, e)), Some(&(_, a))) => {
            let shared: Vec<LaneId> =
                (sides.actual.lanes_of(a).iter().copied()).filter(|l| sides.expected.lanes_of(e).contains(l)).collect();
            let lanes = if shared.is_empty() { sides.actual.lanes_of(a).to_vec() } else { shared };
            make(Side::Actual, a, Some(e), lanes, CauseKind::EventMismatch)
        }
        (Some(&(_, e)), None) => {
            make(Side::Expected, e, None, sides.expected.lanes_of(e).to_vec(), CauseKind::MissingEvent)
        }
        (None, Some(&(_, a))) => {
            let class = rows.get(rows.row_of(Side::Actual, a)?).class;
            let kind = if class == RowClass::Duplicate { CauseKind::DuplicateEvent } else { CauseKind::ExtraEvent };
            make(Side::Actual, a, None, sides.actual.lanes_of(a).to_vec(), kind)
        }
        (None, None) => {
            let &(side, event) = changed?;
            make(side, event, twin(side, event), sides[side].lanes_of(event).to_vec(), CauseKind::EventMismatch)
        }
    }
}

/// True when what was overtaken on these lanes is itself marked as out of order: the mark may stand on either event.
fn partner_inverted(rows: &Rows, replay: &Replay, side: Side, lanes: &[LaneId]) -> bool {
    lanes.iter().any(|&lane| {
        let ahead = replay.head(lane, side.other()).and_then(|e| rows.row_of(side.other(), e));
        ahead.is_some_and(|r| rows.get(r).inverted)
    })
}

/// Measures beyond tolerance and late events never stop the replay: the first of each, where nothing else is wrong before it.
fn drifts(input: &Input<'_>, rows: &Rows, others: &[(Cause, Contention)]) -> Vec<(Cause, Contention)> {
    let sides = input.columns();
    let earliest = others.iter().map(|(c, _)| moment(rows.get(c.row))).min().unwrap_or(u32::MAX);
    let mut found: Vec<(Cause, Contention)> = Vec::new();
    for &at in rows.differences() {
        let row = rows.get(at);
        let (Some(e), Some(a)) = (row.expected, row.actual) else { continue };
        let equal = sides.expected.tokens[e as usize] == sides.actual.tokens[a as usize];
        let kind = match row.class {
            RowClass::Changed if equal => CauseKind::ValueDrift,
            RowClass::Late => CauseKind::LateEvent,
            // Only a link forbids its order, which stops no lane.
            RowClass::Moved if others.is_empty() => CauseKind::OrderInversion,
            _ => continue,
        };
        if moment(row) > earliest || found.iter().any(|(c, _)| c.kind == kind) {
            continue;
        }
        let cause = unranked(Side::Actual, a, Some(e), sides.actual.lanes_of(a).to_vec(), kind, at);
        found.push((cause, Contention { events: vec![(Side::Actual, a)], ..Contention::default() }));
    }
    found
}
