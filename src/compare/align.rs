//! Pairs the events of each home lane into rows: common prefix and suffix, then an anchored diff of the rest in bounded
//! windows, then the same events with other data, then moved ones.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;
use rayon::prelude::*;

use super::enforce::enforce;
use super::hand::Hand;
use super::learnt::Learnt;
use super::replay::{Cancelled, Replay};
use super::subsequence::subsequence;
use super::tally::Tally;
use super::tie::Tie;
use crate::trace::{Columns, EventIndex, NONE, Side, Sides};

type Map<V> = HashMap<u64, V, FixedState>;
type Set<K> = HashSet<K, FixedState>;

/// Which event of one side is which of the other.
#[derive(Debug, Default)]
pub(crate) struct Pairing {
    /// For each event its partner on the other side, or [`NONE`].
    pub(crate) partner: Sides<Vec<u32>>,
    /// Lanes whose alignment was cut into windows.
    pub(crate) windowed: u32,
}

/// Aligns every home lane, behind what was consumed on it, as far as nobody decided otherwise. The result does not depend on the
/// number of threads; it is of no use when it was cancelled.
pub(crate) fn align(
    sides: Sides<&Columns>,
    lanes: usize,
    replay: &mut Replay,
    hand: &Hand,
    tie: Tie<'_>,
    cancelled: Cancelled<'_>,
) -> Pairing {
    let expected = replay.take_partners();
    let mut actual = vec![NONE; sides.actual.len()];
    for (e, &a) in expected.iter().enumerate().filter(|(_, a)| **a != NONE) {
        actual[a as usize] = e as u32;
    }
    let consumed = Sides::new(expected, actual);
    let homes = Homes::new(sides, &consumed, lanes, replay.learnt());
    let found: Vec<LanePairs> = (0..lanes)
        .into_par_iter()
        .map(|lane| {
            if cancelled() {
                return LanePairs::default();
            }
            align_lane(sides, homes.of(Side::Expected, lane), homes.of(Side::Actual, lane), tie)
        })
        .collect();
    if hand.is_empty() {
        drop(homes);
        return join(sides, found, consumed, hand);
    }
    enforce(sides, &homes, found, &consumed, hand, tie, cancelled)
}

/// What was found on the lanes, and what moved on them, beside what was `consumed`.
pub(super) fn join(sides: Sides<&Columns>, found: Vec<LanePairs>, consumed: Sides<Vec<u32>>, hand: &Hand) -> Pairing {
    let mut pairing = Pairing { partner: consumed, windowed: 0 };
    let mut left: Vec<Sides<Vec<EventIndex>>> = Vec::new();
    for lane in found {
        for (e, a) in lane.pairs {
            pairing.pair(e, a);
        }
        pairing.windowed += u32::from(lane.windowed);
        if !lane.left.expected.is_empty() && !lane.left.actual.is_empty() {
            left.push(lane.left);
        }
    }
    pair_moved(sides, left, hand, &mut pairing);
    pairing
}

impl Pairing {
    pub(super) fn pair(&mut self, expected: EventIndex, actual: EventIndex) {
        self.partner.expected[expected as usize] = actual;
        self.partner.actual[actual as usize] = expected;
    }
}

/// The events without a partner that are not set aside, by home lane.
pub(super) struct Homes(Sides<(Vec<u32>, Vec<EventIndex>)>);

impl Homes {
    fn new(sides: Sides<&Columns>, consumed: &Sides<Vec<u32>>, lanes: usize, learnt: &Learnt) -> Self {
        let left = |side: Side| left_by_home(sides[side], &consumed[side], lanes, |event| !learnt.holds(side, event));
        Self(Sides::new(left(Side::Expected), left(Side::Actual)))
    }

    /// Those of a lane, ascending.
    pub(super) fn of(&self, side: Side, lane: usize) -> &[EventIndex] {
        let (starts, events) = &self.0[side];
        &events[starts[lane] as usize..starts[lane + 1] as usize]
    }
}

/// The events without a partner of each home lane, of those that count: starts and events.
fn left_by_home(
    columns: &Columns,
    partner: &[u32],
    lanes: usize,
    counts: impl Fn(EventIndex) -> bool,
) -> (Vec<u32>, Vec<EventIndex>) {
    let left = || partner.iter().zip(0_u32..).filter(|&(p, event)| *p == NONE && counts(event)).map(|(_, event)| event);
    let mut starts = vec![0_u32; lanes + 1];
    for event in left() {
        starts[columns.home_lane(event) as usize + 1] += 1;
    }
    for lane in 0..lanes {
        starts[lane + 1] += starts[lane];
    }
    let mut next = starts.clone();
    let mut events = vec![0; starts[lanes] as usize];
    for event in left() {
        let at = &mut next[columns.home_lane(event) as usize];
        events[*at as usize] = event;
        *at += 1;
    }
    (starts, events)
}

/// What was found on one lane.
#[derive(Debug, Clone, Default)]
pub(super) struct LanePairs {
    pub(super) pairs: Vec<(EventIndex, EventIndex)>,
    pub(super) windowed: bool,
    /// What has no partner near its place.
    pub(super) left: Sides<Vec<EventIndex>>,
}

/// Aligns events of one home lane.
pub(super) fn align_lane(
    sides: Sides<&Columns>,
    expected: &[EventIndex],
    actual: &[EventIndex],
    tie: Tie<'_>,
) -> LanePairs {
    let token = |side: Side, e: EventIndex| sides[side].tokens[e as usize];
    let equal = |(e, a): (&EventIndex, &EventIndex)| token(Side::Expected, *e) == token(Side::Actual, *a);
    let prefix = expected.iter().zip(actual).take_while(|&p| equal(p)).count();
    let (x, y) = (&expected[prefix..], &actual[prefix..]);
    let suffix = x.iter().rev().zip(y.iter().rev()).take_while(|&p| equal(p)).count();
    let (x, y) = (&x[..x.len() - suffix], &y[..y.len() - suffix]);
    let mut lane = LanePairs::default();
    lane.pairs.extend(expected.iter().copied().zip(actual.iter().copied()).take(prefix));
    lane.pairs.extend(expected.iter().rev().copied().zip(actual.iter().rev().copied()).take(suffix));
    if !x.is_empty() && !y.is_empty() {
        let outer = lane.pairs.len();
        middle(sides, x, y, tie, &mut lane);
        if let Some(placed) = by_place(sides, x, y, &lane, outer) {
            lane.pairs.truncate(outer);
            lane.pairs.extend(placed);
            lane.left = Sides::default();
            return lane;
        }
        let swapped = swapped(sides, x, y, &lane.pairs[outer..]);
        let is_in = |of: fn(&(EventIndex, EventIndex)) -> EventIndex| swapped.iter().map(of).collect::<HashSet<_>>();
        let (ours, theirs) = (is_in(|pair| pair.0), is_in(|pair| pair.1));
        lane.left.expected.retain(|event| !ours.contains(event));
        lane.left.actual.retain(|event| !theirs.contains(event));
        lane.pairs.extend(swapped);
    }
    lane
}

/// Each with the one at its place, where all are then the same events with other data in fewer rows than `lane` has differing ones
/// from its pair `outer` on: between events that are mostly equal a subsequence pairs any with any.
fn by_place<'a>(
    sides: Sides<&Columns>,
    ours: &'a [EventIndex],
    theirs: &'a [EventIndex],
    lane: &LanePairs,
    outer: usize,
) -> Option<impl Iterator<Item = (EventIndex, EventIndex)> + use<'a>> {
    let placed = || ours.iter().copied().zip(theirs.iter().copied());
    let differs = |of: fn(&Columns) -> &[u64], (e, a): (EventIndex, EventIndex)| {
        of(sides.expected)[e as usize] != of(sides.actual)[a as usize]
    };
    if ours.len() != theirs.len() || lane.left.expected.is_empty() || placed().any(|pair| differs(identities, pair)) {
        return None;
    }
    let changed =
        |pairs: &mut dyn Iterator<Item = (EventIndex, EventIndex)>| pairs.filter(|&pair| differs(tokens, pair)).count();
    let found = changed(&mut lane.pairs[outer..].iter().copied()) + lane.left.expected.len() + lane.left.actual.len();
    (changed(&mut placed()) < found).then(placed)
}

/// What changed places with a neighbour that has a partner: equal events without one, before it on one side and behind it on the
/// other. However often such an event happens, these two are one; only where both neighbours say so of two others nothing is
/// known. `pairs` ascend.
fn swapped(
    sides: Sides<&Columns>,
    ours: &[EventIndex],
    theirs: &[EventIndex],
    pairs: &[(EventIndex, EventIndex)],
) -> Vec<(EventIndex, EventIndex)> {
    let mut found: Vec<(EventIndex, EventIndex)> = Vec::new();
    let (mut i, mut j) = (0, 0);
    let is_paired = |at: Option<&(EventIndex, EventIndex)>, event: EventIndex, of: Side| {
        at.is_some_and(|&(e, a)| event == if of == Side::Expected { e } else { a })
    };
    for (at, &(e, a)) in pairs.iter().enumerate() {
        i += ours[i..].iter().take_while(|&&event| event < e).count();
        j += theirs[j..].iter().take_while(|&&event| event < a).count();
        let (before, behind) = (at.checked_sub(1).and_then(|at| pairs.get(at)), pairs.get(at + 1));
        let alone = |events: &[EventIndex], at: Option<usize>, next: Option<&(EventIndex, EventIndex)>, side: Side| {
            at.and_then(|at| events.get(at)).copied().filter(|&event| !is_paired(next, event, side))
        };
        let our =
            [alone(ours, i.checked_sub(1), before, Side::Expected), alone(ours, Some(i + 1), behind, Side::Expected)];
        let their =
            [alone(theirs, Some(j + 1), behind, Side::Actual), alone(theirs, j.checked_sub(1), before, Side::Actual)];
        for (e, a) in our.into_iter().zip(their).filter_map(|(e, a)| e.zip(a)) {
            if sides.expected.tokens[e as usize] == sides.actual.tokens[a as usize] {
                found.push((e, a));
            }
        }
    }
    let mut ours: Map<u32> = Map::default();
    let mut theirs: Map<u32> = Map::default();
    for &(e, a) in &found {
        *ours.entry(e.into()).or_default() += 1;
        *theirs.entry(a.into()).or_default() += 1;
    }
    found.retain(|&(e, a)| ours[&e.into()] == 1 && theirs[&a.into()] == 1);
    found
}

/// The part of a lane between its common ends: equal events first, then in each gap the same events with other data.
fn middle(sides: Sides<&Columns>, ours: &[EventIndex], theirs: &[EventIndex], tie: Tie<'_>, lane: &mut LanePairs) {
    let common = |of: fn(&Columns) -> &[u64], ours: &[EventIndex], theirs: &[EventIndex]| {
        let keys = |side: Side, events: &[EventIndex]| -> Vec<u64> {
            events.iter().map(|&e| of(sides[side])[e as usize]).collect()
        };
        subsequence(&keys(Side::Expected, ours), &keys(Side::Actual, theirs), &|at| tie(ours[at], theirs[at]))
    };
    let (equal, windowed) = common(tokens, ours, theirs);
    lane.windowed |= windowed;
    let (mut i, mut j) = (0, 0);
    for &(p, q) in equal.iter().chain([&(ours.len(), theirs.len())]) {
        let (our_gap, their_gap) = (&ours[i..p], &theirs[j..q]);
        if our_gap.is_empty() || their_gap.is_empty() {
            lane.left.expected.extend(our_gap);
            lane.left.actual.extend(their_gap);
        } else {
            let (same, windowed) = common(identities, our_gap, their_gap);
            lane.windowed |= windowed;
            let (mut gi, mut gj) = (0, 0);
            for &(near, far) in same.iter().chain([&(our_gap.len(), their_gap.len())]) {
                lane.left.expected.extend(&our_gap[gi..near]);
                lane.left.actual.extend(&their_gap[gj..far]);
                if near < our_gap.len() && far < their_gap.len() {
                    lane.pairs.push((our_gap[near], their_gap[far]));
                }
                (gi, gj) = (near + 1, far + 1);
            }
        }
        if p < ours.len() && q < theirs.len() {
            lane.pairs.push((ours[p], theirs[q]));
        }
        (i, j) = (p + 1, q + 1);
    }
}

fn tokens(columns: &Columns) -> &[u64] {
    &columns.tokens
}

fn identities(columns: &Columns) -> &[u64] {
    &columns.identities
}

/// Pairs what stands elsewhere on its lane. Only what is unmistakable on the whole lane can be said to have moved.
fn pair_moved(sides: Sides<&Columns>, mut left: Vec<Sides<Vec<EventIndex>>>, hand: &Hand, pairing: &mut Pairing) {
    for of in [tokens as fn(&Columns) -> &[u64], identities] {
        let key = |side: Side, event: EventIndex| (sides[side].home_lane(event), of(sides[side])[event as usize]);
        let ours: Set<(u32, u64)> = left.iter().flat_map(|l| &l.expected).map(|&e| key(Side::Expected, e)).collect();
        let there: HashMap<(u32, u64), EventIndex, FixedState> =
            (left.iter().flat_map(|l| &l.actual).map(|&a| (key(Side::Actual, a), a)))
                .filter(|(key, _)| ours.contains(key))
                .collect();
        if there.is_empty() {
            continue;
        }
        let unique = Side::BOTH.map(|side| {
            let mut tally = Tally::of(ours.iter().copied().filter(|key| there.contains_key(key)));
            tally.count(of(sides[side]), |event| sides[side].home_lane(event));
            tally
        });
        for lane in &mut left {
            lane.expected.retain(|&e| {
                let (home, key) = key(Side::Expected, e);
                let Some(&a) = there.get(&(home, key)) else { return true };
                let moved = unique.iter().all(|tally| tally.once(home, key)) && hand.allows(e, a);
                if moved {
                    pairing.pair(e, a);
                }
                !moved
            });
            lane.actual.retain(|&a| pairing.partner.actual[a as usize] == NONE);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::super::replay::Pushed;
    use super::*;

    fn columns(events: &[(u64, u64)]) -> Columns {
        let mut c = Columns::default();
        for (token, identity) in events {
            c.tokens.push(*token);
            c.identities.push(*identity);
            c.lanes.push(&[0]);
        }
        c
    }

    fn partners(e: &[(u64, u64)], a: &[(u64, u64)]) -> Vec<u32> {
        let (e, a) = (columns(e), columns(a));
        let pushed = |columns| Pushed { columns, lane_map: None, ended: true };
        let mut replay = Replay::new();
        assert!(replay.push(Sides::new(pushed(&e), pushed(&a)), &|| false));
        align(Sides::new(&e, &a), 1, &mut replay, &Hand::default(), &|_, _| Ordering::Equal, &|| false).partner.expected
    }

    #[test]
    fn one_inserted_event_is_one_difference() {
        let e = [(1, 1), (2, 2), (3, 3)];
        let a = [(1, 1), (9, 9), (2, 2), (3, 3)];
        assert_eq!(partners(&e, &a), [0, 2, 3]);
    }

    #[test]
    fn the_same_event_with_other_data_is_paired() {
        let e = [(1, 1), (2, 2), (3, 3)];
        let a = [(1, 1), (20, 2), (3, 3)];
        assert_eq!(partners(&e, &a), [0, 1, 2]);
    }

    #[test]
    fn among_equal_events_each_is_the_one_at_its_place() {
        let e = [(1, 1); 200];
        let a: Vec<_> = (0..200).map(|at| if at % 3 == 0 { (1, 1) } else { (20, 1) }).collect();
        assert_eq!(partners(&e, &a), (0..200).collect::<Vec<_>>());
        let shifted = |by| (by..by + 9).map(|at| (at, 1)).collect::<Vec<_>>();
        assert_eq!(
            partners(&shifted(0), &shifted(1)),
            [NONE, 0, 1, 2, 3, 4, 5, 6, 7],
            "one lost and one more are fewer"
        );
    }

    #[test]
    fn an_event_that_stands_elsewhere_has_moved() {
        let e = [(1, 1), (2, 2), (3, 3), (4, 4)];
        let a = [(2, 2), (3, 3), (4, 4), (1, 1)];
        assert_eq!(partners(&e, &a), [3, 0, 1, 2]);
    }

    #[test]
    fn a_repeated_event_never_counts_as_moved() {
        let e = [(7, 7), (9, 9), (7, 7), (1, 1), (2, 2), (3, 3)];
        let a = [(7, 7), (9, 9), (1, 1), (2, 2), (3, 3), (7, 7)];
        assert_eq!(partners(&e, &a), [0, 1, NONE, 2, 3, 4]);
    }

    #[test]
    fn neighbours_that_changed_places_are_known_however_often_they_happen() {
        let of = |events: &[u64]| events.iter().map(|&event| (event, event)).collect::<Vec<_>>();
        let (e, a) = (of(&[1, 2, 3, 1, 2, 3, 1, 2, 3]), of(&[1, 2, 3, 1, 3, 2, 1, 2, 3]));
        assert_eq!(partners(&e, &a), [0, 1, 2, 3, 5, 4, 6, 7, 8]);
        assert_eq!(partners(&a, &e), [0, 1, 2, 3, 5, 4, 6, 7, 8]);
        // What is missing here and comes again further on is not the same.
        let a = of(&[1, 2, 3, 1, 3, 1, 2, 2, 3]);
        assert_eq!(partners(&e, &a).iter().filter(|partner| **partner == NONE).count(), 1);
    }
}
