//! Spans that are one event each: a caller's event tells how its calls went, although it begins before them. What differs in a
//! caller and below it began below (SEMANTICS rule 3: both ends of a span act in happens-before).

use std::collections::{HashMap, HashSet};

use super::answer::CauseKind;
use super::engine::Input;
use super::rows::{RowClass, Rows};
use crate::trace::{EventIndex, Link, LinkKind, Side, Sides};

/// How many calls there must be for each that an event of its caller answers, for spans to be one event each.
const ANSWERED: usize = 4;

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
    /// called, directly or not, that differs.
    pub(crate) fn down(&self, rows: &Rows, caller: u32) -> Vec<u32> {
        let mut path = vec![caller];
        while let Some(next) = self.first_differing_below(rows, path[path.len() - 1]) {
            // A recording may call in circles.
            if path.contains(&next) {
                break;
            }
            path.push(next);
        }
        path
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
