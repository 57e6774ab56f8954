//! Spans that are one event each: a caller's event tells how its calls went, although it begins before them. What differs in a
//! caller and below it began below (SEMANTICS rule 3: both ends of a span act in happens-before).

use std::collections::{HashMap, HashSet};

use super::answer::CauseKind;
use super::engine::Input;
use super::rows::{RowClass, Rows};
use crate::trace::{Columns, EventIndex, Link, LinkKind, Side, Sides};

/// How many calls there must be for each that an event of its caller answers, for spans to be one event each.
const ANSWERED: usize = 4;

/// Events on either side of a call among which it is looked for once more.
const NEAR: u32 = 64;

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

    /// The rows from a differing caller down to where it began, that one last: each the first of what the one before it
    /// called, directly or not, that differs. What began twice is where it began, whatever its calls did then.
    pub(crate) fn down(&self, actual: &Columns, rows: &Rows, caller: u32) -> Vec<u32> {
        let mut path = vec![caller];
        loop {
            if let Some(again) = self.began_again(actual, rows, path[path.len() - 1]) {
                path.push(again);
                break;
            }
            let Some(next) = self.first_differing_below(rows, path[path.len() - 1]) else { break };
            // A recording may call in circles.
            if path.contains(&next) {
                break;
            }
            path.push(next);
        }
        path
    }

    /// The row of what began once more before it called anything; what is tried again comes after what the first try did.
    fn began_again(&self, actual: &Columns, rows: &Rows, row: u32) -> Option<u32> {
        let event = rows.get(row).actual?;
        let called = |event: EventIndex| self.0.actual.get(&event).into_iter().flatten().copied().min();
        let at_once =
            |again: EventIndex| [event, again].into_iter().filter_map(called).all(|call| event.max(again) < call);
        let is_it = |again: EventIndex| {
            actual.identities[again as usize] == actual.identities[event as usize]
                && actual.home_lane(again) == actual.home_lane(event)
                && at_once(again)
        };
        let near = event.saturating_sub(NEAR)..event.saturating_add(NEAR).min(actual.len() as u32);
        near.filter(|&again| again != event && is_it(again))
            .filter_map(|again| rows.row_of(Side::Actual, again))
            .find(|&row| rows.get(row).class == RowClass::Duplicate)
    }

    fn first_differing_below(&self, rows: &Rows, caller: u32) -> Option<u32> {
        if rows.get(caller).class != RowClass::Changed {
            return None;
        }
        let mut first = None;
        let mut seen: HashSet<u32, foldhash::fast::FixedState> = HashSet::default();
        let mut open = vec![caller];
        while let Some(at) = open.pop() {
            let row = rows.get(at);
            let calls = Side::BOTH.into_iter().filter_map(|side| Some((side, self.0[side].get(&row.event(side)?)?)));
            for call in calls.flat_map(|(side, calls)| calls.iter().filter_map(move |&e| rows.row_of(side, e))) {
                let below = rows.get(call);
                if below.class != RowClass::Same && !below.unrecorded {
                    first = Some(first.map_or(call, |first: u32| first.min(call)));
                } else if seen.insert(call) {
                    open.push(call);
                }
            }
        }
        first
    }
}

/// What kind of cause a row is that stands for itself.
pub(crate) const fn kind_of(class: RowClass) -> CauseKind {
    match class {
        RowClass::Missing => CauseKind::MissingEvent,
        RowClass::Extra => CauseKind::ExtraEvent,
        RowClass::Duplicate => CauseKind::DuplicateEvent,
        RowClass::Moved => CauseKind::OrderInversion,
        RowClass::Late => CauseKind::LateEvent,
        RowClass::Changed | RowClass::Same => CauseKind::EventMismatch,
    }
}
