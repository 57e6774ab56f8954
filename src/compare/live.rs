//! Both sides in lock step while they grow: each event is looked at once, when it comes, and costs its lanes, however long
//! the traces are and wherever they have parted.
//!
//! On each lane the n-th events of both sides belong together or nobody ever will: what is consumed on a lane is a common
//! beginning of it (SEMANTICS rule 16). So an event is *matched* when on every lane it touches the same equal event of the
//! other side stands at its position. It *waits* when the other side has not come that far on any of them. Everything else
//! *parts* the sides there: its lanes are cut at its position, and what comes behind a cut can never be matched. A lane holds
//! only the events of the side that is ahead on it. [`super::Replay`] finds the same in one go.

use std::collections::VecDeque;

use super::answer::Verdict;
use super::engine::is_beyond;
use super::replay::{CHECK, Cancelled, Pushed};
use crate::spec::Spec;
use crate::trace::{EventIndex, NONE, Side, Sides};

/// A number of a field with a tolerance: event, position of the field in the spec, value.
type Measure = (EventIndex, u32, f64);

/// Where an event without a counterpart stands, in the place of one.
const WAITS: u32 = NONE;
const PARTS: u32 = NONE - 1;
const BEHIND: u32 = NONE - 2;

/// New events of a side that are taken before the other side's turn: keeps what waits short while both sides are long.
const TURN: u32 = 1 << 12;

/// One lane, from the first position that is not matched on.
#[derive(Debug, Clone)]
struct Lane {
    /// Positions that are matched on both sides.
    matched: u32,
    /// The side that has come further, and its events that wait for the other's.
    ahead: Side,
    waiting: VecDeque<EventIndex>,
    /// The first position whose events can never be matched, or [`NONE`].
    cut: u32,
}

/// What a new event finds on one of its lanes.
enum Meets {
    /// Its side is ahead there.
    Nobody,
    /// The event at its position on the other side.
    Event(EventIndex),
    /// It comes behind a cut.
    Cut,
}

/// How a lane stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Equal,
    /// For this side to go on.
    Waiting(Side),
    Parted,
}

impl Lane {
    const fn new() -> Self {
        Self { matched: 0, ahead: Side::Expected, waiting: VecDeque::new(), cut: NONE }
    }

    fn state(&self) -> State {
        match (self.cut, self.waiting.is_empty()) {
            (NONE, true) => State::Equal,
            (NONE, false) => State::Waiting(self.ahead.other()),
            _ => State::Parted,
        }
    }

    /// The position behind the events that wait. No lane that is cut has events behind its cut.
    fn end(&self) -> u32 {
        self.matched + self.waiting.len() as u32
    }

    /// The position of the next event of `side`.
    fn next(&self, side: Side) -> u32 {
        if self.ahead == side { self.end() } else { self.matched }
    }

    fn meets(&self, side: Side) -> Meets {
        match self.waiting.front() {
            _ if self.next(side) >= self.cut => Meets::Cut,
            Some(&event) if self.ahead != side => Meets::Event(event),
            _ => Meets::Nobody,
        }
    }

    /// Cuts the lane; the events from there on, which wait in vain.
    fn cut_at(&mut self, position: u32) -> Sides<VecDeque<EventIndex>> {
        self.cut = self.cut.min(position);
        let mut in_vain = Sides::default();
        let kept = self.waiting.len().min((self.cut - self.matched) as usize);
        in_vain[self.ahead] = self.waiting.split_off(kept);
        in_vain
    }
}

/// How an event stands in the lock step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// It is the same as this event of the other side. That never changes again.
    Matched(EventIndex),
    /// The other side has not come that far on any of its lanes.
    Waits,
    /// The sides part here: something else stands at its place on a lane.
    Parts,
    /// The sides have parted before it on one of its lanes.
    Behind,
}

/// How many lanes stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LaneCounts {
    /// Equal so far, and both sides have come equally far.
    pub equal: u32,
    /// Equal so far, and the other side is ahead: by the side that is waited for.
    pub waiting: Sides<u32>,
    /// The sides have parted there.
    pub diverged: u32,
}

/// How two growing sides stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// What a comparison of all events so far would say, where matched events and the order on lanes are enough to know it.
    /// They are not when messages link events that came in another order than expected's, and when a lane lacks events
    /// while others went on, which may be lost or cut off. That the sides have parted is always known.
    pub verdict: Option<Verdict>,
    /// True while events to come may still change it. What was waited for in vain stays a difference that only waits.
    pub provisional: bool,
    /// The first event of each side without its counterpart, if there is one. See [`super::FirstDifference`].
    pub first: Sides<Option<EventIndex>>,
    /// True where no event to come can change the entry of `first`.
    pub certain: Sides<bool>,
    /// Events of each side without their counterparts.
    pub unmatched: Sides<u32>,
    /// The lanes.
    pub lanes: LaneCounts,
}

/// The machine. Knows no file and no clock; whoever owns the columns pushes what was appended.
#[derive(Debug, Clone, Default)]
pub struct Lockstep {
    lanes: Vec<Lane>,
    /// Each event's counterpart, or how it stands without one.
    partner: Sides<Vec<u32>>,
    matched: u32,
    /// The first event of each side without its counterpart.
    first: Sides<u32>,
    waiting: Sides<u32>,
    parted: u32,
    /// Matched events that stand at another place in their trace, and those with a measure beyond its tolerance.
    displaced: u32,
    drifted: u32,
    /// One more than the last expected event that is matched.
    last: u32,
    visited: u64,
    met: Vec<EventIndex>,
}

impl Lockstep {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in what was appended to either side since the last call. `measures` are all numbers with a tolerance so far, by
    /// event. False when it was cancelled, after which it is of no use.
    #[must_use]
    pub fn push(
        &mut self,
        sides: Sides<Pushed<'_>>,
        measures: Sides<&[Measure]>,
        spec: &Spec,
        cancelled: Cancelled<'_>,
    ) -> bool {
        let mut at = self.seen();
        let ends = sides.map(|s| s.columns.len() as u32);
        for side in Side::BOTH {
            self.partner[side].resize(ends[side] as usize, WAITS);
        }
        while at != ends {
            for side in Side::BOTH {
                let from = at[side];
                at[side] = ends[side].min(from + TURN);
                for event in from..at[side] {
                    if event % CHECK == 0 && cancelled() {
                        return false;
                    }
                    let Some(there) = self.take(side, event, &sides) else { continue };
                    let (e, a) = if side == Side::Expected { (event, there) } else { (there, event) };
                    self.displaced += u32::from(e != a);
                    self.drifted += u32::from(drifted(e, a, measures, spec));
                    self.last = self.last.max(e + 1);
                }
            }
        }
        for side in Side::BOTH {
            while self.partner[side].get(self.first[side] as usize).is_some_and(|&p| is_event(p)) {
                self.first[side] += 1;
            }
        }
        true
    }

    /// Finds the place of a new event; its counterpart, if it is matched.
    fn take(&mut self, side: Side, event: EventIndex, sides: &Sides<Pushed<'_>>) -> Option<EventIndex> {
        let (own, other) = (&sides[side], &sides[side.other()]);
        let lanes = own.columns.lanes_of(event);
        let mut met = std::mem::take(&mut self.met);
        met.clear();
        let mut behind_a_cut = false;
        for &lane in &*lanes {
            self.visited += 1;
            match self.lane(own.lane(lane)).meets(side) {
                Meets::Nobody => {}
                Meets::Event(there) => met.push(there),
                Meets::Cut => behind_a_cut = true,
            }
        }
        let matched = match met.first() {
            Some(&there) if !behind_a_cut && met.len() == lanes.len() && met.iter().all(|&m| m == there) => {
                let equal = own.columns.tokens[event as usize] == other.columns.tokens[there as usize];
                let theirs = other.columns.lanes_of(there);
                let theirs = theirs.iter().map(|&l| other.lane(l));
                (equal && lanes.iter().map(|&l| own.lane(l)).eq(theirs)).then_some(there)
            }
            _ => None,
        };
        if let Some(there) = matched {
            for &lane in &*lanes {
                self.change(own.lane(lane), |lane| {
                    lane.waiting.pop_front();
                    lane.matched += 1;
                });
            }
            self.partner[side][event as usize] = there;
            self.partner[side.other()][there as usize] = event;
            self.matched += 1;
        } else if !behind_a_cut && met.is_empty() {
            for &lane in &*lanes {
                self.change(own.lane(lane), |lane| {
                    lane.ahead = side;
                    lane.waiting.push_back(event);
                });
            }
        } else {
            self.partner[side][event as usize] = if behind_a_cut { BEHIND } else { PARTS };
            for &there in &met {
                self.give_up(side.other(), there, PARTS);
            }
            for &lane in &*lanes {
                self.cut(own.lane(lane), |lane| Some(lane.next(side)));
            }
            for &there in &met {
                self.part(side.other(), there, other);
            }
        }
        self.met = met;
        matched
    }

    /// Cuts the lanes of an event that waits where it stands.
    fn part(&mut self, side: Side, event: EventIndex, pushed: &Pushed<'_>) {
        for &lane in &*pushed.columns.lanes_of(event) {
            self.visited += 1;
            self.cut(pushed.lane(lane), |lane| {
                let at = lane.waiting.binary_search(&event).ok().filter(|_| lane.ahead == side)?;
                Some(lane.matched + at as u32)
            });
        }
    }

    /// Cuts a lane at a position, if there is one; what waits behind it does so in vain.
    fn cut(&mut self, lane: usize, position: impl FnOnce(&Lane) -> Option<u32>) {
        let in_vain = self.change(lane, |lane| position(lane).map(|at| lane.cut_at(at))).unwrap_or_default();
        for side in Side::BOTH {
            for &event in &in_vain[side] {
                self.give_up(side, event, BEHIND);
            }
        }
    }

    /// An event that waited can never be matched.
    fn give_up(&mut self, side: Side, event: EventIndex, why: u32) {
        let stand = &mut self.partner[side][event as usize];
        if *stand == WAITS {
            *stand = why;
        }
    }

    fn lane(&mut self, lane: usize) -> &mut Lane {
        if lane >= self.lanes.len() {
            self.lanes.resize_with(lane + 1, Lane::new);
        }
        &mut self.lanes[lane]
    }

    /// Changes a lane and keeps count of how many stand how.
    fn change<T>(&mut self, lane: usize, change: impl FnOnce(&mut Lane) -> T) -> T {
        let lane = &mut self.lanes[lane];
        let before = lane.state();
        let changed = change(lane);
        let after = lane.state();
        if before != after {
            match before {
                State::Equal => {}
                State::Waiting(side) => self.waiting[side] -= 1,
                State::Parted => self.parted -= 1,
            }
            match after {
                State::Equal => {}
                State::Waiting(side) => self.waiting[side] += 1,
                State::Parted => self.parted += 1,
            }
        }
        changed
    }

    /// How many events of each side it was told.
    pub fn seen(&self) -> Sides<u32> {
        self.partner.as_ref().map(|p| p.len() as u32)
    }

    /// How many visits of an event to a lane there were in all: what it all cost, without a clock.
    pub fn visited(&self) -> u64 {
        self.visited
    }

    /// The counterpart of an event, if it has been found. It never changes again.
    pub fn partner(&self, side: Side, event: EventIndex) -> Option<EventIndex> {
        self.partner[side].get(event as usize).copied().filter(|&p| is_event(p))
    }

    /// How an event stands, once it was pushed. What waits is matched or given up later; nothing else changes.
    pub fn stand(&self, side: Side, event: EventIndex) -> Option<Stand> {
        Some(match *self.partner[side].get(event as usize)? {
            WAITS => Stand::Waits,
            PARTS => Stand::Parts,
            BEHIND => Stand::Behind,
            there => Stand::Matched(there),
        })
    }

    /// How the sides stand. `sides` and `spec` are those of the last push; `ended` says what will grow no more.
    pub fn standing(&self, sides: Sides<Pushed<'_>>, spec: &Spec) -> Standing {
        let seen = self.seen();
        let unmatched = seen.map(|n| n - self.matched);
        let first = Sides::new(Side::Expected, Side::Actual).map(|side| {
            let event = self.first[side];
            (event < seen[side]).then_some(event)
        });
        let certain = Sides::new(Side::Expected, Side::Actual).map(|side| match first[side] {
            None => sides[side].ended,
            Some(event) => {
                let pushed = &sides[side];
                let parted = |&l: &u32| {
                    let lane = &self.lanes[pushed.lane(l)];
                    lane.cut == lane.matched
                };
                sides[side.other()].ended || pushed.columns.lanes_of(event).iter().any(parted)
            }
        });
        let alike = sides.expected.columns.whole == sides.actual.columns.whole;
        let verdict = self.verdict(seen, unmatched, alike, spec);
        let ended = sides.map(|s| s.ended);
        let in_vain = unmatched.actual > 0 && ended.expected;
        let settled = self.parted + self.drifted > 0 || in_vain || ended == Sides::new(true, true);
        Standing {
            verdict,
            provisional: !settled || (verdict == Some(Verdict::Incomparable) && ended != Sides::new(true, true)),
            first,
            certain,
            unmatched,
            lanes: LaneCounts {
                equal: self.lanes.len() as u32 - self.waiting.expected - self.waiting.actual - self.parted,
                waiting: self.waiting,
                diverged: self.parted,
            },
        }
    }

    /// SEMANTICS rule 18, as far as lanes tell. `alike`: both traces are equal in every field.
    fn verdict(&self, seen: Sides<u32>, unmatched: Sides<u32>, alike: bool, spec: &Spec) -> Option<Verdict> {
        if seen.expected == 0 || seen.actual == 0 || !spec.compared().any(|f| f.shared) {
            return Some(Verdict::Incomparable);
        }
        if self.parted + self.drifted > 0 {
            return Some(Verdict::Diverged);
        }
        let in_place = self.displaced == 0;
        let linked = spec.plan.message.is_some() || spec.plan.cause.is_some();
        match (unmatched.expected, unmatched.actual) {
            (0, 0) if in_place && alike => Some(Verdict::Identical),
            (_, 1..) => Some(Verdict::Diverged),
            _ if linked && !in_place => None,
            (0, 0) => Some(Verdict::Equivalent),
            (1.., 0) => (self.first.expected >= self.last).then_some(Verdict::Truncated),
        }
    }
}

/// True when a counterpart stands there.
const fn is_event(partner: u32) -> bool {
    partner < BEHIND
}

/// True when a measure of two matched events is beyond its tolerance.
fn drifted(expected: EventIndex, actual: EventIndex, measures: Sides<&[Measure]>, spec: &Spec) -> bool {
    let of = |side: Side, event: EventIndex| {
        let from = measures[side].partition_point(|m| m.0 < event);
        measures[side][from..].iter().take_while(move |m| m.0 == event)
    };
    let value = |side: Side, event: EventIndex, field: u32| of(side, event).find(|m| m.1 == field).map(|m| m.2);
    of(Side::Expected, expected).chain(of(Side::Actual, actual)).any(|&(_, field, _)| {
        let (e, a) = (value(Side::Expected, expected, field), value(Side::Actual, actual, field));
        is_beyond(spec.fields[field as usize].action, e, a)
    })
}
