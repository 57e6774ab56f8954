//! From pairs to one table of rows: expected's order, with actual's own events put in where they happened.

use std::collections::{HashMap, HashSet, VecDeque};

use super::align::Pairing;
use super::replay::{CHECK, Cancelled};
use super::rows::{Row, RowClass, Rows};
use crate::trace::{Columns, EventIndex, NONE, Sides};

type Counts = HashMap<(u32, u64), u32, foldhash::fast::FixedState>;

/// What is known about single events before they become rows.
pub(crate) struct Marks<'a> {
    /// Actual events whose order a lane forbids, ascending.
    pub(crate) inverted: &'a [EventIndex],
    /// Events cut off by an early end of the other side.
    pub(crate) unrecorded: &'a Sides<Vec<bool>>,
    /// Expected events (paired) whose measures are beyond tolerance.
    pub(crate) drifted: &'a [EventIndex],
    /// Expected events (paired) whose time is beyond tolerance.
    pub(crate) late: &'a [EventIndex],
}

/// Builds the table. It is of no use when it was cancelled.
pub(crate) fn rows(sides: Sides<&Columns>, pairing: &Pairing, marks: &Marks<'_>, cancelled: Cancelled<'_>) -> Rows {
    let (n, m) = (sides.expected.len() as u32, sides.actual.len() as u32);
    let once = OnceInBaseline::new(sides, pairing);
    let mut own = OwnByLane::new(sides.actual, pairing);
    let mut rows = Rows::with_events(n as usize, m as usize);
    let mut emitted = vec![false; m as usize];
    let (mut i, mut j) = (0, 0);
    while i < n || j < m {
        if (i + j) % CHECK == 0 && cancelled() {
            break;
        }
        if j < m && emitted[j as usize] {
            j += 1;
            continue;
        }
        if i < n && (pairing.partner.expected[i as usize] == NONE) {
            rows.push(Row {
                expected: Some(i),
                actual: None,
                class: RowClass::Missing,
                inverted: false,
                unrecorded: marks.unrecorded.expected[i as usize],
            });
            i += 1;
        } else if j < m && pairing.partner.actual[j as usize] == NONE {
            rows.push(Row { unrecorded: marks.unrecorded.actual[j as usize], ..once.row(sides.actual, j) });
            emitted[j as usize] = true;
            j += 1;
        } else {
            // Everything left is paired, so expected cannot be exhausted here.
            let partner = pairing.partner.expected[i as usize];
            // In reordered runs actual's own events would come long after their neighbours on the lane.
            for event in own.before(sides.actual.home_lane(partner), partner) {
                if !std::mem::replace(&mut emitted[event as usize], true) {
                    rows.push(Row {
                        unrecorded: marks.unrecorded.actual[event as usize],
                        ..once.row(sides.actual, event)
                    });
                }
            }
            emitted[partner as usize] = true;
            let inverted = marks.inverted.binary_search(&partner).is_ok();
            let equal = sides.expected.tokens[i as usize] == sides.actual.tokens[partner as usize];
            let class = match () {
                () if !equal || marks.drifted.binary_search(&i).is_ok() => RowClass::Changed,
                () if inverted => RowClass::Moved,
                () if marks.late.binary_search(&i).is_ok() => RowClass::Late,
                () => RowClass::Same,
            };
            rows.push(Row { expected: Some(i), actual: Some(partner), class, inverted, unrecorded: false });
            i += 1;
        }
    }
    rows
}

/// Which events the baseline has exactly once on their home lane, so that another one is a duplicate.
struct OnceInBaseline {
    identities: Counts,
    tokens: Counts,
}

impl OnceInBaseline {
    fn new(sides: Sides<&Columns>, pairing: &Pairing) -> Self {
        let lanes: HashSet<u32, foldhash::fast::FixedState> = (0..sides.actual.len() as u32)
            .filter(|&a| pairing.partner.actual[a as usize] == NONE)
            .map(|a| sides.actual.home_lane(a))
            .collect();
        let (mut identities, mut tokens) = (Counts::default(), Counts::default());
        if !lanes.is_empty() {
            for e in 0..sides.expected.len() as u32 {
                let lane = sides.expected.home_lane(e);
                if lanes.contains(&lane) {
                    *identities.entry((lane, sides.expected.identities[e as usize])).or_insert(0) += 1;
                    *tokens.entry((lane, sides.expected.tokens[e as usize])).or_insert(0) += 1;
                }
            }
        }
        Self { identities, tokens }
    }

    /// The row of an event that only actual has.
    fn row(&self, actual: &Columns, event: EventIndex) -> Row {
        let class = if self.again(actual, event) { RowClass::Duplicate } else { RowClass::Extra };
        Row { expected: None, actual: Some(event), class, inverted: false, unrecorded: false }
    }

    fn again(&self, actual: &Columns, event: EventIndex) -> bool {
        let lane = actual.home_lane(event);
        self.identities.get(&(lane, actual.identities[event as usize])) == Some(&1)
            || self.tokens.get(&(lane, actual.tokens[event as usize])) == Some(&1)
    }
}

/// The events that only actual has, by home lane.
struct OwnByLane(HashMap<u32, VecDeque<EventIndex>, foldhash::fast::FixedState>);

impl OwnByLane {
    fn new(actual: &Columns, pairing: &Pairing) -> Self {
        let mut lanes: HashMap<u32, VecDeque<EventIndex>, foldhash::fast::FixedState> = HashMap::default();
        for event in (0..actual.len() as u32).filter(|&a| pairing.partner.actual[a as usize] == NONE) {
            lanes.entry(actual.home_lane(event)).or_default().push_back(event);
        }
        Self(lanes)
    }

    /// Takes out the lane's own events that come before `event`.
    fn before(&mut self, lane: u32, event: EventIndex) -> Vec<EventIndex> {
        let Some(own) = self.0.get_mut(&lane) else { return Vec::new() };
        let end = own.partition_point(|&e| e < event);
        own.drain(..end).collect()
    }
}
