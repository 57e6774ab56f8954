//! Spans that are one event each: a caller's event tells how its calls went, although it begins before them. What differs in a
//! caller and below it began below (SEMANTICS rule 3: both ends of a span act in happens-before). So does a span that never ended
//! tell that it was begun once more.

use std::collections::{HashMap, HashSet};

use super::engine::Input;
use super::handed::{Values, changes, hands_down};
use super::rows::{RowClass, Rows};
use super::tally::Tally;
use crate::trace::{EventIndex, LaneId, Link, LinkKind, Side, Sides};

/// How many calls there must be for each that an event of its caller answers, for spans to be one event each.
const ANSWERED: usize = 4;
/// Callers whose values are read; the others are taken to tell how their calls went.
const READ: usize = 64;

type Calls = HashMap<EventIndex, Vec<EventIndex>, foldhash::fast::FixedState>;

/// Which event called which, where every span is one event.
pub(crate) struct Callers(Sides<Calls>);

impl Callers {
    /// `None` where spans have several events, and so tell their ends apart from their starts, or where there are none.
    pub(crate) fn new(input: &Input<'_>) -> Option<Self> {
        let count = |kind: LinkKind| {
            let of = |side: Side| input.traces[side].links.iter().filter(|l| l.kind == kind).count();
            of(Side::Expected) + of(Side::Actual)
        };
        // Where spans have a start and an end, nearly every call is answered by another event of its caller.
        if count(LinkKind::Parent) <= ANSWERED * count(LinkKind::Reply) {
            return None;
        }
        let calls = |links: &[Link]| {
            let mut calls = Calls::default();
            for link in links.iter().filter(|l| l.kind == LinkKind::Parent) {
                calls.entry(link.from).or_default().push(link.to);
            }
            calls
        };
        Some(Self(input.traces.map(|trace| calls(&trace.links))))
    }

    /// The pairs (expected, actual; ascending) of spans that differ as what began after them made them: a call of theirs, or the
    /// same span once more, for whose sake the first one never ended.
    pub(crate) fn that_tell_of_later_ones(
        &self,
        input: &Input<'_>,
        rows: &Rows,
        values: &dyn Values,
    ) -> Vec<(EventIndex, EventIndex)> {
        let differs = |at: &u32| rows.get(*at).class == RowClass::Changed && self.differs_below(rows, *at);
        let pair = |at: u32| Some((rows.get(at).expected.zip(rows.get(at).actual)?, at));
        let mut pairs: Vec<_> = rows.differences().iter().copied().filter(differs).filter_map(pair).collect();
        pairs.sort_unstable();
        let tells = |&(nth, (pair, at)): &(usize, ((EventIndex, EventIndex), u32))| {
            nth >= READ || !hands_down(input, rows, values, pair, self.calls(rows, at))
        };
        let mut found: Vec<_> = pairs.into_iter().enumerate().filter(tells).map(|(_, (pair, _))| pair).collect();
        // What the first one says of its beginning it says as before.
        let unended = |&(e, a): &(EventIndex, EventIndex)| changes(input, values, e, a).is_empty();
        found.extend(begun_again(input, rows).into_iter().take(READ).filter(unended));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The rows of what a caller called.
    fn calls<'a>(&'a self, rows: &'a Rows, caller: u32) -> impl Iterator<Item = u32> + 'a {
        let row = rows.get(caller);
        let calls = Side::BOTH.into_iter().filter_map(move |side| Some((side, self.0[side].get(&row.event(side)?)?)));
        calls.flat_map(move |(side, calls)| calls.iter().filter_map(move |&event| rows.row_of(side, event)))
    }

    /// True when something that a caller called, directly or not, differs.
    fn differs_below(&self, rows: &Rows, caller: u32) -> bool {
        // A recording may call in circles.
        let mut seen: HashSet<u32, foldhash::fast::FixedState> = HashSet::default();
        let mut open = vec![caller];
        while let Some(at) = open.pop() {
            for call in self.calls(rows, at) {
                if rows.get(call).class != RowClass::Same && !rows.get(call).unrecorded {
                    return true;
                }
                if seen.insert(call) {
                    open.push(call);
                }
            }
        }
        false
    }
}

/// The pairs that differ, of which one side has the same span, which the other has once, once more by itself later on.
fn begun_again(input: &Input<'_>, rows: &Rows) -> Vec<(EventIndex, EventIndex)> {
    let sides = input.columns();
    let differing = || rows.differences().iter().map(|&at| rows.get(at));
    let mut found = Vec::new();
    for side in Side::BOTH {
        let key = |event: EventIndex| (sides[side].home_lane(event), sides[side].identities[event as usize]);
        let alone = differing().filter(|row| row.event(side.other()).is_none());
        let again: HashMap<(LaneId, u64), EventIndex, foldhash::fast::FixedState> =
            alone.filter_map(|row| row.event(side)).map(|event| (key(event), event)).collect();
        let mut there = Tally::of(again.keys().copied());
        there.count(&sides[side.other()].identities, |event| sides[side.other()].home_lane(event));
        let changed = differing().filter(|row| row.class == RowClass::Changed);
        found.extend(changed.filter_map(|row| row.expected.zip(row.actual)).filter(|&(e, a)| {
            let event = if side == Side::Expected { e } else { a };
            let (lane, identity) = key(event);
            there.once(lane, identity) && again.get(&(lane, identity)).is_some_and(|&later| later > event)
        }));
    }
    found
}

/// The rows of the callers of a row that differ, from the nearest on.
pub(crate) fn differing_callers(input: &Input<'_>, rows: &Rows, row: u32) -> Vec<u32> {
    let mut path: Vec<u32> = Vec::new();
    let mut at = row;
    while let Some(caller) = Side::BOTH.into_iter().find_map(|side| {
        let event = rows.get(at).event(side)?;
        rows.row_of(side, caller_of(&input.traces[side].links, event)?)
    }) {
        // A recording may call in circles.
        if rows.get(caller).class != RowClass::Changed || caller == row || path.contains(&caller) {
            break;
        }
        path.push(caller);
        at = caller;
    }
    path
}

/// The event that called this one.
fn caller_of(links: &[Link], event: EventIndex) -> Option<EventIndex> {
    let from = links.partition_point(|l| l.to < event);
    links[from..].iter().take_while(|l| l.to == event).find(|l| l.kind == LinkKind::Parent).map(|l| l.from)
}
