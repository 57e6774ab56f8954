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
use super::replay::{CHECK, Cancelled, Pushed};
use crate::spec::{Action, Spec};
use crate::trace::{EventIndex, NONE, Side, Sides};

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

    fn cut_at(&mut self, position: u32) {
        self.cut = self.cut.min(position);
        self.waiting.truncate((self.cut - self.matched) as usize);
    }
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
    /// What a comparison of all events so far would say, where the order on lanes is enough to know it: with tolerances, or
    /// with messages and events in another order than expected's, equal lanes are not. `Diverged` is always known.
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
    /// Each event's counterpart, or [`NONE`].
    partner: Sides<Vec<u32>>,
    matched: u32,
    /// The first event of each side without its counterpart.
    first: Sides<u32>,
    waiting: Sides<u32>,
    parted: u32,
    /// Matched events that stand at another place in their trace.
    displaced: u32,
    visited: u64,
    met: Vec<EventIndex>,
}

impl Lockstep {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in what was appended to either side since the last call. False when it was cancelled, after which it is of no use.
    #[must_use]
    pub fn push(&mut self, sides: Sides<Pushed<'_>>, cancelled: Cancelled<'_>) -> bool {
        let mut at = self.seen();
        let ends = sides.map(|s| s.columns.len() as u32);
        for side in Side::BOTH {
            self.partner[side].resize(ends[side] as usize, NONE);
        }
        while at != ends {
            for side in Side::BOTH {
                let from = at[side];
                at[side] = ends[side].min(from + TURN);
                for event in from..at[side] {
                    if event % CHECK == 0 && cancelled() {
                        return false;
                    }
                    self.take(side, event, &sides);
                }
            }
        }
        for side in Side::BOTH {
            while self.partner[side].get(self.first[side] as usize).is_some_and(|&p| p != NONE) {
                self.first[side] += 1;
            }
        }
        true
    }

    fn take(&mut self, side: Side, event: EventIndex, sides: &Sides<Pushed<'_>>) {
        let (own, other) = (&sides[side], &sides[side.other()]);
        let lanes = own.columns.lanes_of(event);
        let mut met = std::mem::take(&mut self.met);
        met.clear();
        let mut behind_a_cut = false;
        for &lane in lanes {
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
                let theirs = other.columns.lanes_of(there).iter().map(|&l| other.lane(l));
                (equal && lanes.iter().map(|&l| own.lane(l)).eq(theirs)).then_some(there)
            }
            _ => None,
        };
        if let Some(there) = matched {
            for &lane in lanes {
                self.change(own.lane(lane), |lane| {
                    lane.waiting.pop_front();
                    lane.matched += 1;
                });
            }
            self.partner[side][event as usize] = there;
            self.partner[side.other()][there as usize] = event;
            self.matched += 1;
            self.displaced += u32::from(event != there);
        } else if !behind_a_cut && met.is_empty() {
            for &lane in lanes {
                self.change(own.lane(lane), |lane| {
                    lane.ahead = side;
                    lane.waiting.push_back(event);
                });
            }
        } else {
            for &lane in lanes {
                self.change(own.lane(lane), |lane| lane.cut_at(lane.next(side)));
            }
            for &there in &met {
                self.part(side.other(), there, other);
            }
        }
        self.met = met;
    }

    /// Cuts the lanes of an event that waits where it stands.
    fn part(&mut self, side: Side, event: EventIndex, pushed: &Pushed<'_>) {
        for &lane in pushed.columns.lanes_of(event) {
            self.visited += 1;
            self.change(pushed.lane(lane), |lane| {
                if lane.ahead == side
                    && let Ok(at) = lane.waiting.binary_search(&event)
                {
                    lane.cut_at(lane.matched + at as u32);
                }
            });
        }
    }

    fn lane(&mut self, lane: usize) -> &mut Lane {
        if lane >= self.lanes.len() {
            self.lanes.resize_with(lane + 1, Lane::new);
        }
        &mut self.lanes[lane]
    }

    /// Changes a lane and keeps count of how many stand how.
    fn change(&mut self, lane: usize, change: impl FnOnce(&mut Lane)) {
        let lane = &mut self.lanes[lane];
        let before = lane.state();
        change(lane);
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
        self.partner[side].get(event as usize).copied().filter(|&p| p != NONE)
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
        let settled = self.parted > 0 || in_vain || ended == Sides::new(true, true);
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
        if self.parted > 0 {
            return Some(Verdict::Diverged);
        }
        let in_place = self.displaced == 0;
        let tolerant = spec.fields.iter().any(|f| matches!(f.action, Action::Tolerate { .. }));
        let linked = spec.plan.message.is_some() || spec.plan.cause.is_some();
        if tolerant && !(in_place && alike) || linked && !in_place {
            return None;
        }
        let last = |side: Side| self.partner[side].last() == Some(&NONE);
        Some(match (unmatched.expected, unmatched.actual) {
            (0, 0) if in_place && alike => Verdict::Identical,
            (0, 0) => Verdict::Equivalent,
            // Where a lane lacks events although the recording goes on, they are missing.
            (_, 0) if last(Side::Expected) => Verdict::Truncated,
            _ => Verdict::Diverged,
        })
    }
}
