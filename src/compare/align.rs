//! Pairs the events of each home lane into rows: common prefix and suffix, then an anchored diff of the rest in bounded
//! windows (histogram diff of the crate `imara-diff`), then the same events with other data, then moved ones.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;
use imara_diff::{Algorithm, Diff, Token};
use rayon::prelude::*;

use super::enforce::enforce;
use super::hand::Hand;
use super::learnt::Learnt;
use super::order::outside_longest_rise;
use super::replay::{Cancelled, Replay};
use super::tally::Tally;
use crate::trace::{Columns, EventIndex, NONE, Side, Sides};

/// Events of one lane that are aligned at once. Beyond it the diff goes window by window: the time is then bounded even where
/// nothing is unique, and a match across a window's edge can be missed.
const WINDOW: usize = 1 << 14;
/// From this many events on, a diff is first split at events that are unique on both sides, so that a long burst on one
/// side does not push all that follows out of its window.
const ANCHORED: usize = 1 << 12;

/// In the place of a position: there is more than one.
const AGAIN: u32 = NONE - 1;

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
            align_lane(sides, homes.of(Side::Expected, lane), homes.of(Side::Actual, lane))
        })
        .collect();
    if hand.is_empty() {
        drop(homes);
        return join(sides, found, consumed, hand);
    }
    enforce(sides, &homes, found, &consumed, hand, cancelled)
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
pub(super) fn align_lane(sides: Sides<&Columns>, expected: &[EventIndex], actual: &[EventIndex]) -> LanePairs {
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
        middle(sides, x, y, &mut lane);
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
fn middle(sides: Sides<&Columns>, ours: &[EventIndex], theirs: &[EventIndex], lane: &mut LanePairs) {
    let keys = |of: fn(&Columns) -> &[u64], side: Side, events: &[EventIndex]| -> Vec<u64> {
        events.iter().map(|&e| of(sides[side])[e as usize]).collect()
    };
    let (equal, windowed) = subsequence(&keys(tokens, Side::Expected, ours), &keys(tokens, Side::Actual, theirs));
    lane.windowed |= windowed;
    let (mut i, mut j) = (0, 0);
    for &(p, q) in equal.iter().chain([&(ours.len(), theirs.len())]) {
        let (our_gap, their_gap) = (&ours[i..p], &theirs[j..q]);
        if our_gap.is_empty() || their_gap.is_empty() {
            lane.left.expected.extend(our_gap);
            lane.left.actual.extend(their_gap);
        } else {
            let (same, windowed) =
                subsequence(&keys(identities, Side::Expected, our_gap), &keys(identities, Side::Actual, their_gap));
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

/// Positions that a long common subsequence pairs up, ascending, and whether some part went through windows. The orientation
/// is canonical, so that swapping the sides mirrors the answer.
fn subsequence(x: &[u64], y: &[u64]) -> (Vec<(usize, usize)>, bool) {
    if (x.len(), x) > (y.len(), y) {
        let (pairs, windowed) = subsequence(y, x);
        return (pairs.into_iter().map(|(q, p)| (p, q)).collect(), windowed);
    }
    if y.len() < ANCHORED {
        return (common(x, y), false);
    }
    let mut pairs = Vec::new();
    let mut windowed = false;
    let (mut i, mut j) = (0, 0);
    for (p, q) in anchors(x, y).into_iter().chain([(x.len(), y.len())]) {
        windowed |= (p - i).min(q - j) > WINDOW;
        pairs.extend(windows(&x[i..p], &y[j..q]).into_iter().map(|(u, v)| (i + u, j + v)));
        if p < x.len() {
            pairs.push((p, q));
        }
        (i, j) = (p + 1, q + 1);
    }
    (pairs, windowed)
}

/// Positions of keys that are unique on both sides, as many as stand in one order (patience diff's anchors).
fn anchors(x: &[u64], y: &[u64]) -> Vec<(usize, usize)> {
    // Where a key of `x` stands, and where each of them stands in `y`.
    let mut at: Map<u32> = Map::with_capacity_and_hasher(x.len(), FixedState::default());
    for (i, &key) in x.iter().enumerate() {
        at.entry(key).and_modify(|at| *at = AGAIN).or_insert(i as u32);
    }
    let mut there = vec![NONE; x.len()];
    for (j, key) in y.iter().enumerate() {
        if let Some(&i) = at.get(key).filter(|&&i| i != AGAIN) {
            let there = &mut there[i as usize];
            *there = if *there == NONE { j as u32 } else { AGAIN };
        }
    }
    let unique = there.iter().enumerate().filter(|(_, there)| **there < AGAIN);
    let unique: Vec<(usize, usize)> = unique.map(|(i, &there)| (i, there as usize)).collect();
    let there: Vec<u32> = unique.iter().map(|u| u.1 as u32).collect();
    let mut outside = outside_longest_rise(&there).into_iter().peekable();
    (unique.into_iter().enumerate())
        .filter(|(at, _)| outside.next_if_eq(&(*at as u32)).is_none())
        .map(|(_, pair)| pair)
        .collect()
}

/// A stretch without anchors, in windows where it is long.
fn windows(x: &[u64], y: &[u64]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < x.len() && j < y.len() {
        let (end_x, end_y) = ((i + WINDOW).min(x.len()), (j + WINDOW).min(y.len()));
        let last = end_x == x.len() && end_y == y.len();
        let found = common(&x[i..end_x], &y[j..end_y]);
        let next = found.last().map_or((end_x, end_y), |&(p, q)| (i + p + 1, j + q + 1));
        pairs.extend(found.into_iter().map(|(p, q)| (i + p, j + q)));
        if last {
            break;
        }
        (i, j) = next;
    }
    pairs
}

/// One window.
fn common(x: &[u64], y: &[u64]) -> Vec<(usize, usize)> {
    if x.is_empty() || y.is_empty() {
        return Vec::new();
    }
    let mut numbers: Map<u32> = Map::default();
    let mut intern = |keys: &[u64]| -> Vec<Token> {
        keys.iter()
            .map(|k| {
                let next = numbers.len() as u32;
                Token(*numbers.entry(*k).or_insert(next))
            })
            .collect()
    };
    let (before, after) = (intern(x), intern(y));
    let mut diff = Diff::default();
    diff.compute_with(Algorithm::Histogram, &before, &after, numbers.len() as u32);
    let kept_x = (0..x.len()).filter(|&i| !diff.is_removed(i as u32));
    let kept_y = (0..y.len()).filter(|&j| !diff.is_added(j as u32));
    kept_x.zip(kept_y).collect()
}

#[cfg(test)]
mod tests {
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
        align(Sides::new(&e, &a), 1, &mut replay, &Hand::default(), &|| false).partner.expected
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

    #[test]
    fn windows_cover_long_lanes() {
        let x: Vec<u64> = (0..200_000).collect();
        let mut y = x.clone();
        y.insert(150_000, 1 << 40);
        let pairs = windows(&x, &y);
        assert_eq!(pairs.len(), x.len());
        assert_eq!(pairs[199_999], (199_999, 200_000));
    }

    #[test]
    fn a_burst_longer_than_a_window_costs_no_match() {
        let x: Vec<u64> = (0..100_000).collect();
        let mut y = x[..500].to_vec();
        y.extend(std::iter::repeat_n(1 << 40, 3 * WINDOW));
        y.extend(&x[500..]);
        let (pairs, windowed) = subsequence(&x, &y);
        assert_eq!((pairs.len(), windowed), (x.len(), false));
        assert_eq!(pairs[500], (500, 500 + 3 * WINDOW));
    }
}
