//! In what a run deviates from the medoid, by names that mean the same in every run: those of the medoid's events, of kinds, of
//! lanes' words and of fields.

use std::collections::HashMap;

use crate::compare::{Comparison, Input, RowClass};
use crate::trace::{EventIndex, LaneId, NONE, Side, Sides, fnv};

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// Events on each side of one out of order, on one lane, among which the one that it changed places with is looked for.
const NEIGHBOURS: usize = 256;

/// A deviation, or all of one sort. Numbers of events are the medoid's, other numbers are hashes of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Seen {
    /// This event is not there.
    Missing(EventIndex),
    /// After this event ([`NONE`] before the first of its lane) comes another one of this kind on such a lane, for the nth time.
    Extra { after: EventIndex, kind: u64, lane: u64, nth: u32 },
    /// A field of this event has this value.
    Value { event: EventIndex, field: u64, value: u64 },
    /// A field of this event has another value.
    Field { event: EventIndex, field: u64 },
    /// These two come in the other order on this lane.
    Order { lane: u64, first: EventIndex, second: EventIndex },
    /// This event is late.
    Late(EventIndex),
    /// Any of this class at an event of this kind on such a lane; `with` is the field, or the kind of the other event. Missing
    /// and extra are one: an event that comes and goes. Of two with different home lanes in the other order, all on such lanes
    /// are one more sort, without kinds.
    Like { class: RowClass, kind: u64, lane: u64, with: u64 },
}

/// One thing in which a run deviates from the medoid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deviation {
    /// The deviation itself.
    pub(crate) seen: Seen,
    /// What it is one of, the nearest first.
    pub(crate) wider: [Option<Seen>; 2],
    /// Of a changed number: the medoid's value and the run's.
    pub(crate) numbers: Option<(f64, f64)>,
    /// Of two in the other order, for each: that it is not there, and what that is one of. Where one of the two comes and
    /// goes, it may as well be gone here and have come there.
    pub(crate) or: [Option<(Seen, Seen)>; 2],
}

/// A field that differs between the two events of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its path.
    pub field: String,
    /// The run's value as text; empty where it has none.
    pub value: String,
    /// Both values, where both are numbers.
    pub numbers: Option<(f64, f64)>,
}

/// The hashes of names, by number.
pub(crate) struct Hashes {
    pub(crate) kinds: Vec<u64>,
    pub(crate) lanes: Vec<u64>,
    /// Of the word before the colon.
    pub(crate) words: Vec<u64>,
}

impl Hashes {
    pub(crate) fn of(input: &Input<'_>) -> Self {
        let word = |lane: &String| fnv(lane.split(':').next().unwrap_or_default().as_bytes());
        Self {
            kinds: input.names.kinds.iter().map(|kind| fnv(kind.as_bytes())).collect(),
            lanes: input.names.lanes.iter().map(|lane| fnv(lane.as_bytes())).collect(),
            words: input.names.lanes.iter().map(word).collect(),
        }
    }

    /// Kind and lane word of an event.
    pub(crate) fn event(&self, input: &Input<'_>, side: Side, event: EventIndex) -> (u64, u64) {
        let columns = &input.traces[side].events;
        (self.kinds[columns.kinds[event as usize] as usize], self.words[columns.home_lane(event) as usize])
    }
}

/// For each row that differs, in order, in what it deviates. `changes` tells the fields that differ in a changed row, by its
/// number. The medoid is expected.
pub fn deviations(
    input: &Input<'_>,
    comparison: &Comparison,
    changes: &dyn Fn(u32) -> Vec<Change>,
) -> Vec<Vec<Deviation>> {
    let hashes = Hashes::of(input);
    let after = last_paired(input, comparison);
    let lanes = Lanes::new(input, comparison);
    let mut times: Map<(EventIndex, u64, u64), u32> = Map::default();
    let rows = &comparison.rows;
    let one = |at: &u32| {
        let row = rows.get(*at);
        let mut found: Vec<Deviation> = Vec::new();
        match (row.expected, row.actual) {
            (Some(e), None) => {
                let (kind, lane) = hashes.event(input, Side::Expected, e);
                found.push(Deviation::new(Seen::Missing(e), like(RowClass::Missing, kind, lane, 0)));
            }
            (None, Some(a)) => {
                let (kind, lane) = hashes.event(input, Side::Actual, a);
                let after = after.get(&a).copied().unwrap_or(NONE);
                let nth = times.entry((after, kind, lane)).or_insert(0);
                *nth += 1;
                let seen = Seen::Extra { after, kind, lane, nth: *nth };
                found.push(Deviation::new(seen, like(RowClass::Missing, kind, lane, 0)));
            }
            (Some(e), Some(a)) => {
                let (kind, lane) = hashes.event(input, Side::Expected, e);
                if row.class == RowClass::Changed {
                    let changes = changes(*at);
                    found.extend(changes.iter().map(|change| {
                        let field = fnv(change.field.as_bytes());
                        let near = Seen::Field { event: e, field };
                        let seen = Seen::Value { event: e, field, value: fnv(change.value.as_bytes()) };
                        let wide = like(RowClass::Changed, kind, lane, field);
                        let wider = [Some(near), Some(wide)];
                        Deviation { wider, numbers: change.numbers, ..Deviation::new(seen, wide) }
                    }));
                    if changes.is_empty() {
                        let seen = Seen::Field { event: e, field: 0 };
                        found.push(Deviation::new(seen, like(RowClass::Changed, kind, lane, 0)));
                    }
                }
                if row.inverted {
                    found.extend(lanes.orders(input, &hashes, e, a));
                }
                if row.class == RowClass::Late {
                    found.push(Deviation::new(Seen::Late(e), like(RowClass::Late, kind, lane, 0)));
                }
            }
            (None, None) => {}
        }
        found
    };
    rows.differences().iter().map(one).collect()
}

const fn like(class: RowClass, kind: u64, lane: u64, with: u64) -> Seen {
    Seen::Like { class, kind, lane, with }
}

impl Deviation {
    const fn new(seen: Seen, wider: Seen) -> Self {
        Self { seen, wider: [Some(wider), None], numbers: None, or: [None, None] }
    }
}

/// For each actual event without a partner the medoid's event that comes last before it on its home lane.
fn last_paired(input: &Input<'_>, comparison: &Comparison) -> Map<EventIndex, EventIndex> {
    let columns = &input.traces.actual.events;
    let mut last = vec![NONE; input.names.lanes.len()];
    let mut found = Map::default();
    for event in 0..columns.len() as u32 {
        let lane = columns.home_lane(event) as usize;
        let row = comparison.rows.row_of(Side::Actual, event).map(|row| comparison.rows.get(row));
        match row.and_then(|row| row.expected) {
            Some(partner) => last[lane] = partner,
            None => drop(found.insert(event, last[lane])),
        }
    }
    found
}

/// The paired events of the lanes on which something is out of order: actual and expected, in actual's order.
struct Lanes(Map<LaneId, Vec<(EventIndex, EventIndex)>>);

impl Lanes {
    fn new(input: &Input<'_>, comparison: &Comparison) -> Self {
        let sides = input.traces.map(|trace| &trace.events);
        let mut lanes: Map<LaneId, Vec<(EventIndex, EventIndex)>> = Map::default();
        for &at in comparison.rows.differences() {
            let row = comparison.rows.get(at);
            if let (true, Some(a)) = (row.inverted, row.actual) {
                lanes.extend(sides.actual.lanes_of(a).iter().map(|&lane| (lane, Vec::new())));
            }
        }
        if lanes.is_empty() {
            return Self(lanes);
        }
        for a in 0..sides.actual.len() as u32 {
            let row = comparison.rows.row_of(Side::Actual, a).map(|row| comparison.rows.get(row));
            let Some(e) = row.and_then(|row| row.expected) else { continue };
            for lane in &*sides.actual.lanes_of(a) {
                if let Some(events) = lanes.get_mut(lane).filter(|_| sides.expected.lanes_of(e).contains(lane)) {
                    events.push((a, e));
                }
            }
        }
        Self(lanes)
    }

    /// The nearest events with which this one changed places, on each lane and each way.
    fn orders(&self, input: &Input<'_>, hashes: &Hashes, e: EventIndex, a: EventIndex) -> Vec<Deviation> {
        let sides: Sides<_> = input.traces.map(|trace| &trace.events);
        let mut found: Vec<Deviation> = Vec::new();
        for lane in &*sides.actual.lanes_of(a) {
            let Some(events) = self.0.get(lane) else { continue };
            let Ok(at) = events.binary_search_by_key(&a, |event| event.0) else { continue };
            let before = events[..at].iter().rev().take(NEIGHBOURS).find(|other| other.1 > e);
            let behind = events[at + 1..].iter().take(NEIGHBOURS).find(|other| other.1 < e);
            for other in [before, behind].into_iter().flatten() {
                let (first, second) = (e.min(other.1), e.max(other.1));
                let own = [first, second].map(|event| hashes.event(input, Side::Expected, event));
                let word = hashes.words[*lane as usize];
                let seen = Seen::Order { lane: hashes.lanes[*lane as usize], first, second };
                let at_home = sides.expected.home_lane(first) == sides.expected.home_lane(second);
                // What one actor does has its order; who is first at what several share may be chance.
                let chance = (!at_home).then(|| like(RowClass::Moved, 0, word, 0));
                let wider = [Some(like(RowClass::Moved, own[0].0, word, own[1].0)), chance];
                let gone = |event, (kind, lane)| Some((Seen::Missing(event), like(RowClass::Missing, kind, lane, 0)));
                let or = [gone(first, own[0]), gone(second, own[1])];
                found.push(Deviation { seen, wider, numbers: None, or });
            }
        }
        if found.is_empty() {
            // Only a link forbids its order.
            let (kind, lane) = hashes.event(input, Side::Expected, e);
            let seen = Seen::Order { lane: 0, first: e, second: NONE };
            found.push(Deviation::new(seen, like(RowClass::Moved, kind, lane, 0)));
        }
        found
    }
}
