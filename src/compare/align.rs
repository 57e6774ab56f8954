//! Pairs the events of each home lane into rows: common prefix and suffix, then an anchored diff of the rest in bounded
//! windows (histogram diff of the crate `imara-diff`), then the same events with other data, then moved ones.

use std::collections::HashMap;

use imara_diff::{Algorithm, Diff, Token};
use rayon::prelude::*;

use super::replay::Cancelled;
use crate::trace::{Columns, EventIndex, NONE, Side, Sides};

/// Events of one lane that are aligned at once. Beyond it the diff goes window by window: near-linear time is then certain,
/// and a match across a window's edge can be missed.
const WINDOW: usize = 1 << 16;

type Map<V> = HashMap<u64, V, foldhash::fast::FixedState>;

/// Which event of one side is which of the other.
#[derive(Debug, Default)]
pub(crate) struct Pairing {
    /// For each event its partner on the other side, or [`NONE`].
    pub(crate) partner: Sides<Vec<u32>>,
    /// Lanes whose alignment was cut into windows.
    pub(crate) windowed: u32,
}

/// Aligns every home lane. The result does not depend on the number of threads; it is of no use when it was cancelled.
pub(crate) fn align(sides: Sides<&Columns>, lanes: usize, cancelled: Cancelled<'_>) -> Pairing {
    let homes = sides.map(|c| by_home(c, lanes));
    let found: Vec<LanePairs> = (0..lanes)
        .into_par_iter()
        .map(|lane| {
            if cancelled() {
                return LanePairs::default();
            }
            let of = |side: Side| {
                let (starts, events) = &homes[side];
                &events[starts[lane] as usize..starts[lane + 1] as usize]
            };
            align_lane(sides, of(Side::Expected), of(Side::Actual))
        })
        .collect();
    let mut pairing = Pairing { partner: sides.map(|c| vec![NONE; c.len()]), ..Pairing::default() };
    for lane in found {
        for (e, a) in lane.pairs {
            pairing.partner.expected[e as usize] = a;
            pairing.partner.actual[a as usize] = e;
        }
        pairing.windowed += u32::from(lane.windowed);
    }
    pairing
}

/// The events of each home lane: starts and events.
fn by_home(columns: &Columns, lanes: usize) -> (Vec<u32>, Vec<EventIndex>) {
    let mut starts = vec![0_u32; lanes + 1];
    for event in 0..columns.len() as u32 {
        starts[columns.home_lane(event) as usize + 1] += 1;
    }
    for lane in 0..lanes {
        starts[lane + 1] += starts[lane];
    }
    let mut next = starts.clone();
    let mut events = vec![0; columns.len()];
    for event in 0..columns.len() as u32 {
        let at = &mut next[columns.home_lane(event) as usize];
        events[*at as usize] = event;
        *at += 1;
    }
    (starts, events)
}

#[derive(Debug, Default)]
struct LanePairs {
    pairs: Vec<(EventIndex, EventIndex)>,
    windowed: bool,
}

fn align_lane(sides: Sides<&Columns>, expected: &[EventIndex], actual: &[EventIndex]) -> LanePairs {
    let token = |side: Side, e: EventIndex| sides[side].tokens[e as usize];
    let equal = |(e, a): (&EventIndex, &EventIndex)| token(Side::Expected, *e) == token(Side::Actual, *a);
    let prefix = expected.iter().zip(actual).take_while(|&p| equal(p)).count();
    let (x, y) = (&expected[prefix..], &actual[prefix..]);
    let suffix = x.iter().rev().zip(y.iter().rev()).take_while(|&p| equal(p)).count();
    let (x, y) = (&x[..x.len() - suffix], &y[..y.len() - suffix]);
    let mut lane = LanePairs { windowed: x.len().max(y.len()) > WINDOW, ..LanePairs::default() };
    lane.pairs.extend(expected.iter().copied().zip(actual.iter().copied()).take(prefix));
    lane.pairs.extend(expected.iter().rev().copied().zip(actual.iter().rev().copied()).take(suffix));
    if !x.is_empty() && !y.is_empty() {
        middle(sides, x, y, (expected, actual), &mut lane);
    }
    lane
}

/// The part of a lane between its common ends: equal events first, then in each gap the same events with other data, then
/// events that stand elsewhere.
fn middle(
    sides: Sides<&Columns>,
    ours: &[EventIndex],
    theirs: &[EventIndex],
    (expected, actual): (&[EventIndex], &[EventIndex]),
    lane: &mut LanePairs,
) {
    let keys = |of: fn(&Columns) -> &[u64], side: Side, events: &[EventIndex]| -> Vec<u64> {
        events.iter().map(|&e| of(sides[side])[e as usize]).collect()
    };
    let tokens: fn(&Columns) -> &[u64] = |c| &c.tokens;
    let identities: fn(&Columns) -> &[u64] = |c| &c.identities;
    let equal = windows(&keys(tokens, Side::Expected, ours), &keys(tokens, Side::Actual, theirs));
    let mut left: Sides<Vec<EventIndex>> = Sides::default();
    let (mut i, mut j) = (0, 0);
    for &(p, q) in equal.iter().chain([&(ours.len(), theirs.len())]) {
        let (our_gap, their_gap) = (&ours[i..p], &theirs[j..q]);
        let same = windows(&keys(identities, Side::Expected, our_gap), &keys(identities, Side::Actual, their_gap));
        let (mut gi, mut gj) = (0, 0);
        for &(near, far) in same.iter().chain([&(our_gap.len(), their_gap.len())]) {
            left.expected.extend(&our_gap[gi..near]);
            left.actual.extend(&their_gap[gj..far]);
            if near < our_gap.len() && far < their_gap.len() {
                lane.pairs.push((our_gap[near], their_gap[far]));
            }
            (gi, gj) = (near + 1, far + 1);
        }
        if p < ours.len() && q < theirs.len() {
            lane.pairs.push((ours[p], theirs[q]));
        }
        (i, j) = (p + 1, q + 1);
    }
    for of in [tokens, identities] {
        if left.expected.is_empty() || left.actual.is_empty() {
            return;
        }
        // Only what is unmistakable on the whole lane can be said to have moved.
        let count = |side: Side, events: &[EventIndex]| {
            let mut counts: Map<u32> = Map::default();
            for &e in events {
                *counts.entry(of(sides[side])[e as usize]).or_insert(0) += 1;
            }
            counts
        };
        let counts = Sides::new(count(Side::Expected, expected), count(Side::Actual, actual));
        let unique = |key: u64| counts.expected.get(&key) == Some(&1) && counts.actual.get(&key) == Some(&1);
        let there: Map<EventIndex> = left.actual.iter().map(|&a| (of(sides.actual)[a as usize], a)).collect();
        let mut taken: Vec<EventIndex> = Vec::new();
        left.expected.retain(|&e| {
            let key = of(sides.expected)[e as usize];
            let Some(&a) = there.get(&key).filter(|_| unique(key)) else { return true };
            lane.pairs.push((e, a));
            taken.push(a);
            false
        });
        left.actual.retain(|a| !taken.contains(a));
    }
}

/// Positions that a longest common subsequence pairs up, ascending; in windows where the input is long.
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

/// One window. The orientation is canonical, so that swapping the sides mirrors the answer.
fn common(x: &[u64], y: &[u64]) -> Vec<(usize, usize)> {
    if x.is_empty() || y.is_empty() {
        return Vec::new();
    }
    if (x.len(), x) > (y.len(), y) {
        return common(y, x).into_iter().map(|(q, p)| (p, q)).collect();
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
    use super::*;

    fn columns(events: &[(u64, u64)]) -> Columns {
        let mut c = Columns { lane_starts: vec![0], ..Columns::default() };
        for (token, identity) in events {
            c.tokens.push(*token);
            c.identities.push(*identity);
            c.lanes.push(0);
            c.lane_starts.push(c.lanes.len() as u32);
        }
        c
    }

    fn partners(e: &[(u64, u64)], a: &[(u64, u64)]) -> Vec<u32> {
        let (e, a) = (columns(e), columns(a));
        align(Sides::new(&e, &a), 1, &|| false).partner.expected
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
    fn windows_cover_long_lanes() {
        let x: Vec<u64> = (0..200_000).collect();
        let mut y = x.clone();
        y.insert(150_000, 1 << 40);
        let pairs = windows(&x, &y);
        assert_eq!(pairs.len(), x.len());
        assert_eq!(pairs[199_999], (199_999, 200_000));
    }
}
