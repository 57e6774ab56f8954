//! Replays both sides in lock step along their lanes: equal events are consumed when all that stands before them on every
//! lane has been. Where that stops is the first difference (SEMANTICS rule 16). A push machine: live and batch agree by
//! construction.

use std::collections::VecDeque;

use super::bits::Bits;
use super::hand::Hand;
use super::learnt::Learnt;
use crate::trace::{Columns, EventIndex, Link, NONE, Side, Sides};

/// Asked from time to time whether to stop.
pub type Cancelled<'a> = &'a (dyn Fn() -> bool + Sync);

/// Events between two looks at whether to stop: a few milliseconds of work.
pub(crate) const CHECK: u32 = 1 << 15;

/// Events of a side that are put on their lanes before what can be consumed is.
const STEP: u32 = 1 << 16;

/// What is pushed: the columns so far, the shared numbers of their lanes, and whether the side has ended.
#[derive(Debug, Clone, Copy)]
pub struct Pushed<'a> {
    /// All events so far; only ever grows.
    pub columns: &'a Columns,
    /// Shared lane number of each of the columns' lane numbers; `None` when they are shared already.
    pub lane_map: Option<&'a [u32]>,
    /// True when no more events will come.
    pub ended: bool,
}

impl Pushed<'_> {
    pub(super) fn lane(&self, lane: u32) -> usize {
        self.lane_map.map_or(lane, |map| map[lane as usize]) as usize
    }

    /// True when an event here has the lanes that an event there has.
    fn same_lanes(&self, event: EventIndex, there: &Self, other: EventIndex) -> bool {
        if self.lane_map.is_none() && there.lane_map.is_none() {
            return self.columns.lanes.alike(event, &there.columns.lanes, other);
        }
        let own = self.columns.each_lane_of(event).map(|lane| self.lane(lane));
        own.eq(there.columns.each_lane_of(other).map(|lane| there.lane(lane)))
    }
}

/// One lane: the events of both sides on it that were not consumed.
#[derive(Debug, Clone, Default)]
struct Lane {
    events: Sides<VecDeque<EventIndex>>,
    /// The first expected event on it that can never be consumed, nor anything behind it.
    dead: Option<EventIndex>,
    /// Nothing on it will be consumed any more: only the first event of each side is kept.
    stuck: bool,
    /// The pass in which it was found waiting for the other side.
    waiting: u32,
}

impl Lane {
    fn push(&mut self, side: Side, event: EventIndex) {
        let events = &mut self.events[side];
        if !self.stuck || events.is_empty() {
            events.push_back(event);
        }
    }

    /// Forgets what is never looked at again: it may be half of all events.
    fn forget(&mut self) {
        if self.stuck || self.dead.is_none() || self.events.expected.front() != self.dead.as_ref() {
            return;
        }
        self.stuck = true;
        for side in Side::BOTH {
            let events = &mut self.events[side];
            events.truncate(1);
            events.shrink_to_fit();
        }
    }
}

/// The replay so far.
#[derive(Debug, Clone, Default)]
pub struct Replay {
    lanes: Vec<Lane>,
    seen: Sides<u32>,
    /// Expected events that are not decided yet, ascending.
    pending: Vec<EventIndex>,
    consumed: Sides<Bits>,
    /// What each expected event was consumed with.
    partners: Vec<u32>,
    first_blocked: Option<EventIndex>,
    floor: u32,
    pass: u32,
    /// What must not be consumed together.
    hand: Hand,
    /// What is consumed wherever it stands.
    learnt: Learnt,
    /// Pairs that are consumed together although they are not equal, ascending.
    passing: Vec<(EventIndex, EventIndex)>,
}

impl Replay {
    /// A replay of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with decisions about pairs: what they forbid is not consumed together, and what stands on both sides of such
    /// a place is not either.
    #[must_use]
    pub fn with_hand(self, hand: Hand) -> Self {
        Self { hand, ..self }
    }

    /// The same with what good runs taught: what they set aside is consumed wherever it stands, and nothing waits for it.
    #[must_use]
    pub fn with_learnt(self, learnt: Learnt) -> Self {
        Self { learnt, ..self }
    }

    /// What good runs taught.
    pub(crate) const fn learnt(&self) -> &Learnt {
        &self.learnt
    }

    /// The same with pairs (expected, actual; ascending) that do not stop it although they are not equal.
    #[must_use]
    pub(crate) fn passing(self, passing: Vec<(EventIndex, EventIndex)>) -> Self {
        Self { passing, ..self }
    }

    /// Takes in the events that were pushed since the last call and consumes what can be. False when it was cancelled, after
    /// which the replay is of no use.
    #[must_use]
    pub fn push(&mut self, sides: Sides<Pushed<'_>>, cancelled: Cancelled<'_>) -> bool {
        loop {
            // In steps, so that what is consumed soon needs no room. Where one side has no more, what waits for it is looked at
            // once only.
            let left = Side::BOTH.map(|side| sides[side].columns.len() as u32 - self.seen[side]);
            let step = if left.iter().all(|&left| left > STEP) { STEP } else { u32::MAX };
            for side in Side::BOTH {
                if !self.take(side, &sides[side], step, cancelled) {
                    return false;
                }
            }
            let last = step == u32::MAX;
            let sides = sides.map(|pushed| Pushed { ended: pushed.ended && last, ..pushed });
            if !self.advance(sides, cancelled) {
                return false;
            }
            if last {
                return true;
            }
        }
    }

    /// Puts a side's next events (at most so many) on their lanes. False when it was cancelled.
    fn take(&mut self, side: Side, pushed: &Pushed<'_>, most: u32, cancelled: Cancelled<'_>) -> bool {
        let from = self.seen[side];
        let to = (pushed.columns.len() as u32).min(from.saturating_add(most));
        self.consumed[side].grow(to as usize);
        for event in from..to {
            if event % CHECK == 0 && cancelled() {
                return false;
            }
            if self.learnt.holds(side, event) {
                self.consumed[side].insert(event);
                continue;
            }
            for lane in pushed.columns.each_lane_of(event) {
                let lane = pushed.lane(lane);
                if lane >= self.lanes.len() {
                    self.lanes.resize_with(lane + 1, Lane::default);
                }
                self.lanes[lane].push(side, event);
            }
        }
        self.seen[side] = to;
        if side == Side::Expected {
            self.partners.resize(to as usize, NONE);
            self.pending.extend((from..to).filter(|&event| !self.learnt.holds(side, event)));
        }
        true
    }

    fn advance(&mut self, sides: Sides<Pushed<'_>>, cancelled: Cancelled<'_>) -> bool {
        self.pass += 1;
        let pending = std::mem::take(&mut self.pending);
        let mut still = Vec::new();
        for event in pending {
            if event % CHECK == 0 && cancelled() {
                return false;
            }
            match self.step(event, &sides) {
                Step::Consumed(partner) => {
                    self.consumed.expected.insert(event);
                    self.consumed.actual.insert(partner);
                    self.partners[event as usize] = partner;
                    for lane in sides.expected.columns.each_lane_of(event) {
                        let lane = &mut self.lanes[sides.expected.lane(lane)];
                        lane.events.expected.pop_front();
                        lane.events.actual.pop_front();
                        lane.forget();
                    }
                }
                Step::Blocked => {
                    // What waited until now may be blocked only after what comes behind it.
                    let earlier = |known: Option<EventIndex>| Some(known.map_or(event, |known| known.min(event)));
                    self.first_blocked = earlier(self.first_blocked);
                    for lane in sides.expected.columns.each_lane_of(event) {
                        let lane = &mut self.lanes[sides.expected.lane(lane)];
                        lane.dead = earlier(lane.dead);
                        lane.forget();
                    }
                }
                Step::Waiting => {
                    still.push(event);
                    for lane in sides.expected.columns.each_lane_of(event) {
                        self.lanes[sides.expected.lane(lane)].waiting = self.pass;
                    }
                }
            }
        }
        self.pending = still;
        self.floor = self.consumed.actual.first_outside(self.floor).min(self.seen.actual);
        true
    }

    fn step(&self, event: EventIndex, sides: &Sides<Pushed<'_>>) -> Step {
        let Sides { expected: own, actual: other } = sides;
        let (mut partner, mut waits, mut another) = (None, false, false);
        for (at, lane) in own.columns.each_lane_of(event).enumerate() {
            let lane = &self.lanes[own.lane(lane)];
            if lane.dead.is_some_and(|dead| dead < event) {
                return Step::Blocked;
            }
            waits |= lane.waiting == self.pass;
            let head = lane.events.actual.front().copied();
            if at == 0 {
                partner = head;
            }
            another |= head.is_some() && head != partner;
        }
        if waits {
            return Step::Waiting;
        }
        let Some(partner) = partner else {
            return if other.ended { Step::Blocked } else { Step::Waiting };
        };
        let alike = || {
            own.columns.tokens[event as usize] == other.columns.tokens[partner as usize]
                || self.passing.binary_search(&(event, partner)).is_ok()
        };
        // A lane on which actual has not come this far yet may still bring the same event, unless another one is ahead.
        if another || !alike() || !own.same_lanes(event, other, partner) || !self.hand.allows(event, partner) {
            return Step::Blocked;
        }
        Step::Consumed(partner)
    }

    /// The first event of each side that cannot be consumed (`None` where a side is exhausted), once that is certain.
    pub fn first_difference(&self, ended: Sides<bool>) -> Option<Sides<Option<EventIndex>>> {
        let before = self.first_blocked.unwrap_or(NONE);
        if self.pending.first().is_some_and(|&p| p < before) || (before == NONE && !ended.expected) {
            return None;
        }
        let expected = self.first_blocked;
        let actual = (self.floor < self.seen.actual).then_some(self.floor);
        match actual {
            None if !ended.actual => None,
            Some(event) if !(self.is_dead(event) || ended.expected && self.pending.is_empty()) => None,
            _ => Some(Sides::new(expected, actual)),
        }
    }

    fn is_dead(&self, actual: EventIndex) -> bool {
        self.lanes.iter().any(|l| l.stuck && l.events.actual.front() == Some(&actual))
    }

    /// True when every event of both sides was consumed.
    pub fn all_consumed(&self) -> bool {
        self.first_blocked.is_none() && self.pending.is_empty() && self.floor == self.seen.actual
    }

    /// True when the event was consumed.
    pub fn is_consumed(&self, side: Side, event: EventIndex) -> bool {
        self.consumed[side].contains(event)
    }

    /// What each expected event was consumed with or set aside with, or [`NONE`]; taken out, since it is large.
    pub(crate) fn take_partners(&mut self) -> Vec<u32> {
        let mut partners = std::mem::take(&mut self.partners);
        for &(e, a) in self.learnt.partners() {
            partners[e as usize] = a;
        }
        partners
    }

    /// The first event of a lane on one side that was not consumed; nor was any behind it.
    pub fn head(&self, lane: u32, side: Side) -> Option<EventIndex> {
        self.lanes.get(lane as usize)?.events[side].front().copied()
    }

    /// Unconsumed events of a side that nothing unconsumed reaches along lanes and links: where a divergence begins.
    pub fn beginnings(&self, side: Side, columns: &Columns, links: &[Link]) -> Vec<EventIndex> {
        // A lane whose every event was set aside was never entered.
        let mut tainted_lanes = vec![false; self.lanes.len().max(columns.lanes.bound() as usize)];
        let mut tainted = Bits::with_len(columns.len());
        let mut found = Vec::new();
        let first = self.consumed[side].first_outside(0);
        let mut link = links.partition_point(|l| l.to < first);
        // Lanes on which something unconsumed may still begin: behind the last of them nothing does.
        let mut open = (0..self.lanes.len() as u32).filter(|&lane| self.head(lane, side).is_some()).count();
        for event in first..columns.len() as u32 {
            if open == 0 {
                break;
            }
            let lanes = columns.each_lane_of(event);
            let mut reached = lanes.clone().any(|lane| tainted_lanes[lane as usize]);
            while link < links.len() && links[link].to <= event {
                reached |= links[link].to == event && tainted.contains(links[link].from);
                link += 1;
            }
            let blocked = !self.consumed[side].contains(event);
            if blocked && !reached {
                found.push(event);
            }
            if blocked || reached {
                tainted.insert(event);
                for lane in lanes {
                    let new = !std::mem::replace(&mut tainted_lanes[lane as usize], true);
                    open -= usize::from(new && self.head(lane, side).is_some());
                }
            }
        }
        found
    }
}

enum Step {
    Consumed(EventIndex),
    Blocked,
    Waiting,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Events as (token, lanes).
    fn columns(events: &[(u64, &[u32])]) -> Columns {
        let mut c = Columns::default();
        for (token, lanes) in events {
            c.tokens.push(*token);
            c.lanes.push(lanes);
        }
        c
    }

    fn first(expected: &Columns, actual: &Columns) -> (Option<u32>, Option<u32>) {
        let pushed = |columns| Pushed { columns, lane_map: None, ended: true };
        let mut replay = Replay::new();
        assert!(replay.push(Sides::new(pushed(expected), pushed(actual)), &|| false));
        let answer = replay.first_difference(Sides::new(true, true)).unwrap();
        (answer.expected, answer.actual)
    }

    #[test]
    fn a_legal_reordering_is_consumed_whole() {
        let e = columns(&[(1, &[0]), (2, &[1]), (3, &[0]), (4, &[1])]);
        let a = columns(&[(2, &[1]), (4, &[1]), (1, &[0]), (3, &[0])]);
        assert_eq!(first(&e, &a), (None, None));
    }

    #[test]
    fn an_inversion_on_a_shared_lane_stops_both() {
        let e = columns(&[(1, &[0, 9]), (2, &[1, 9]), (3, &[5])]);
        let a = columns(&[(3, &[5]), (2, &[1, 9]), (1, &[0, 9])]);
        assert_eq!(first(&e, &a), (Some(0), Some(1)));
    }

    #[test]
    fn an_exhausted_side_has_no_event() {
        let e = columns(&[(1, &[0])]);
        let a = columns(&[(1, &[0]), (1, &[0])]);
        assert_eq!(first(&e, &a), (None, Some(1)));
        assert_eq!(first(&a, &e), (Some(1), None));
    }

    #[test]
    fn pushing_piece_by_piece_gives_the_batch_answer() {
        let lanes: Vec<[u32; 2]> = (0..60_u32).map(|i| [i % 5, 5 + i % 3]).collect();
        let e = columns(&lanes.iter().enumerate().map(|(i, l)| (i as u64, &l[..])).collect::<Vec<_>>());
        for changed in [0_u64, 17, 59] {
            let a: Vec<(u64, &[u32])> = (lanes.iter().enumerate())
                .map(|(i, l)| (if i as u64 == changed { 999 } else { i as u64 }, &l[..]))
                .collect();
            let a = columns(&a);
            let whole = first(&e, &a);
            for (step_e, step_a) in [(1, 7), (7, 1), (3, 3), (60, 1)] {
                let cut = |c: &Columns, n: usize| {
                    let events = (0..n.min(c.len())).map(|i| (c.tokens[i], c.lanes_of(i as u32)));
                    let events: Vec<_> = events.collect();
                    columns(&events.iter().map(|(token, lanes)| (*token, &**lanes)).collect::<Vec<_>>())
                };
                let mut replay = Replay::new();
                let (mut n, mut m) = (0, 0);
                let mut early = None;
                while n < 60 || m < 60 {
                    (n, m) = ((n + step_e).min(60), (m + step_a).min(60));
                    let (ce, ca) = (cut(&e, n), cut(&a, m));
                    let ended = Sides::new(n == 60, m == 60);
                    let push = |columns, ended| Pushed { columns, lane_map: None, ended };
                    let pushed = Sides::new(push(&ce, ended.expected), push(&ca, ended.actual));
                    assert!(replay.push(pushed, &|| false));
                    let now = replay.first_difference(ended).map(|s| (s.expected, s.actual));
                    assert!(early.is_none() || early == now, "an early answer never changes");
                    early = now;
                }
                assert_eq!(early, Some(whole), "changed {changed}, steps {step_e} and {step_a}");
            }
        }
    }
}
