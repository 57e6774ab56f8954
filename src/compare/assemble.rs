//! From pairs to one table of rows: expected's order, with actual's own events put in where they happened.

use std::collections::VecDeque;

use super::align::Pairing;
use super::bits::Bits;
use super::hand::Hand;
use super::learnt::Learnt;
use super::replay::{CHECK, Cancelled};
use super::rows::{Row, RowClass, Rows};
use super::tally::Tally;
use crate::trace::{Columns, EventIndex, NONE, Side, Sides};

/// What is known about single events before they become rows.
pub(crate) struct Marks<'a> {
    /// Actual events whose order a lane forbids, ascending.
    pub(crate) inverted: &'a [EventIndex],
    /// Events cut off by an early end of the other side.
    pub(crate) unrecorded: &'a Sides<Bits>,
    /// Expected events (paired) whose measures are beyond tolerance.
    pub(crate) drifted: &'a [EventIndex],
    /// Expected events (paired) whose time is beyond tolerance.
    pub(crate) late: &'a [EventIndex],
    /// What a person decided about pairs.
    pub(crate) hand: &'a Hand,
    /// What good runs set aside.
    pub(crate) learnt: &'a Learnt,
}

/// Builds the table, in which the partners stand from then on. It is of no use when it was cancelled.
pub(crate) fn rows(sides: Sides<&Columns>, pairing: Pairing, marks: &Marks<'_>, cancelled: Cancelled<'_>) -> Rows {
    let (n, m) = (sides.expected.len() as u32, sides.actual.len() as u32);
    let once = OnceInBaseline::new(sides, &pairing, marks.hand);
    let mut own = OwnByLane::new(sides.actual, &pairing);
    let only_actual = pairing.partner.actual.iter().filter(|&&partner| partner == NONE).count();
    let mut rows = Rows::without_index(n as usize + only_actual);
    let mut emitted = Bits::with_len(m as usize);
    let mut inverted = Bits::with_len(m as usize);
    for &event in marks.inverted {
        inverted.insert(event);
    }
    let mut drifted = marks.drifted.iter().copied().peekable();
    let mut late = marks.late.iter().copied().peekable();
    let (mut i, mut j) = (0, 0);
    while i < n || j < m {
        if (i + j) % CHECK == 0 && cancelled() {
            break;
        }
        if j < m && emitted.contains(j) {
            j += 1;
            continue;
        }
        if i < n && (pairing.partner.expected[i as usize] == NONE) {
            let row = Row {
                expected: Some(i),
                actual: None,
                class: RowClass::Missing,
                inverted: false,
                unrecorded: marks.unrecorded.expected.contains(i),
            };
            rows.put(row, marks.learnt.holds(Side::Expected, i));
            i += 1;
        } else if j < m && pairing.partner.actual[j as usize] == NONE {
            let row = Row { unrecorded: marks.unrecorded.actual.contains(j), ..once.row(sides.actual, j) };
            rows.put(row, marks.learnt.holds(Side::Actual, j));
            emitted.insert(j);
            j += 1;
        } else {
            // Everything left is paired, so expected cannot be exhausted here.
            let partner = pairing.partner.expected[i as usize];
            // In reordered runs actual's own events would come long after their neighbours on the lane.
            while let Some(event) = own.next_before(sides.actual.home_lane(partner), partner) {
                if emitted.insert(event) {
                    let unrecorded = marks.unrecorded.actual.contains(event);
                    let row = Row { unrecorded, ..once.row(sides.actual, event) };
                    rows.put(row, marks.learnt.holds(Side::Actual, event));
                }
            }
            emitted.insert(partner);
            let inverted = inverted.contains(partner);
            let [drifted, late] = [&mut drifted, &mut late].map(|events| {
                while events.next_if(|&event| event < i).is_some() {}
                events.peek() == Some(&i)
            });
            let equal = sides.expected.tokens[i as usize] == sides.actual.tokens[partner as usize]
                && (!marks.hand.joins(i, partner) || *sides.expected.lanes_of(i) == *sides.actual.lanes_of(partner));
            let class = match () {
                () if !equal || drifted => RowClass::Changed,
                () if inverted => RowClass::Moved,
                () if late => RowClass::Late,
                () => RowClass::Same,
            };
            let row = Row { expected: Some(i), actual: Some(partner), class, inverted, unrecorded: false };
            rows.put(row, marks.learnt.holds(Side::Expected, i));
            i += 1;
        }
    }
    // Every event is in a row now, and a row says who its partner is.
    rows.index(pairing.partner);
    rows
}

/// Which events the baseline has exactly once on their home lane, so that another one is a duplicate.
struct OnceInBaseline<'a> {
    identities: Tally,
    tokens: Tally,
    hand: &'a Hand,
}

impl<'a> OnceInBaseline<'a> {
    fn new(sides: Sides<&Columns>, pairing: &Pairing, hand: &'a Hand) -> Self {
        let own = || (0..sides.actual.len() as u32).filter(|&a| pairing.partner.actual[a as usize] == NONE);
        let tally = |of: fn(&Columns) -> &[u64]| {
            let mut tally = Tally::of(own().map(|a| (sides.actual.home_lane(a), of(sides.actual)[a as usize])));
            tally.count(of(sides.expected), |event| sides.expected.home_lane(event));
            tally
        };
        Self { identities: tally(|c| &c.identities), tokens: tally(|c| &c.tokens), hand }
    }

    /// The row of an event that only actual has.
    fn row(&self, actual: &Columns, event: EventIndex) -> Row {
        // What is said not to be an event of the baseline is not said to be one again.
        let apart = self.hand.not(Side::Actual, event).next().is_some();
        let class = if !apart && self.again(actual, event) { RowClass::Duplicate } else { RowClass::Extra };
        Row { expected: None, actual: Some(event), class, inverted: false, unrecorded: false }
    }

    fn again(&self, actual: &Columns, event: EventIndex) -> bool {
        let lane = actual.home_lane(event);
        self.identities.once(lane, actual.identities[event as usize])
            || self.tokens.once(lane, actual.tokens[event as usize])
    }
}

/// The events that only actual has, by home lane.
struct OwnByLane(Vec<VecDeque<EventIndex>>);

impl OwnByLane {
    fn new(actual: &Columns, pairing: &Pairing) -> Self {
        let mut lanes: Vec<VecDeque<EventIndex>> = Vec::new();
        for event in (0..actual.len() as u32).filter(|&a| pairing.partner.actual[a as usize] == NONE) {
            let lane = actual.home_lane(event) as usize;
            if lane >= lanes.len() {
                lanes.resize_with(lane + 1, VecDeque::new);
            }
            lanes[lane].push_back(event);
        }
        Self(lanes)
    }

    /// Takes out the next of the lane's own events, if it comes before `event`.
    fn next_before(&mut self, lane: u32, event: EventIndex) -> Option<EventIndex> {
        self.0.get_mut(lane as usize)?.pop_front_if(|own| *own < event)
    }
}
