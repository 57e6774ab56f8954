//! Spans that are one event each: a caller's event tells how its calls went, although it begins before them. What differs in a
//! caller and below it began below (SEMANTICS rule 3: both ends of a span act in happens-before).

use std::collections::HashMap;

use super::answer::CauseKind;
use super::engine::Input;
use super::rows::{RowClass, Rows};
use crate::trace::{EventIndex, Link, LinkKind, Side, Sides};

type Calls = HashMap<EventIndex, Vec<EventIndex>, foldhash::fast::FixedState>;

/// Which event called which, where every span is one event.
pub(crate) struct Callers(Sides<Calls>);

impl Callers {
    /// `None` where spans have several events, and so tell their ends apart from their starts, or where there are none.
    pub(crate) fn new(input: &Input<'_>) -> Option<Self> {
        let all = || Side::BOTH.into_iter().flat_map(|side| input.traces[side].links.iter());
        if !all().any(|l| l.kind == LinkKind::Parent) || all().any(|l| l.kind == LinkKind::Reply) {
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

    /// The rows from a differing caller down to where it began, that one last: each the first call of the one before that
    /// differs.
    pub(crate) fn down(&self, rows: &Rows, caller: u32) -> Vec<u32> {
        let mut path = vec![caller];
        while let Some(next) = self.first_differing_call(rows, path[path.len() - 1]) {
            // A recording may call in circles.
            if path.contains(&next) {
                break;
            }
            path.push(next);
        }
        path
    }

    fn first_differing_call(&self, rows: &Rows, caller: u32) -> Option<u32> {
        let row = rows.get(caller);
        if row.class != RowClass::Changed {
            return None;
        }
        let calls = Side::BOTH.into_iter().filter_map(|side| Some((side, self.0[side].get(&row.event(side)?)?)));
        calls
            .flat_map(|(side, calls)| calls.iter().filter_map(move |&call| rows.row_of(side, call)))
            .filter(|&at| {
                let row = rows.get(at);
                row.class != RowClass::Same && !row.unrecorded
            })
            .min()
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
