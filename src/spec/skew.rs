//! How far the clocks of lanes are off, by the messages between them: none arrives before it is sent.
//!
//! Over messages both ways the clocks' offset is bounded from both sides: it is at most the least time from send to receive
//! one way and at least minus that of the other way. The middle is taken, as if the fastest messages took equally long both ways
//! (Duda, Harrus, Haddad & Bernard, "Estimating global time in distributed systems", 1987; Cristian, "Probabilistic clock
//! synchronization", 1989). Clocks that contradict no message are left alone, and so are those that no constant offset
//! puts right. The order of a recording never follows from this (SEMANTICS rule 1).

use std::collections::{BTreeMap, BTreeSet};

use crate::trace::{Columns, LaneId, Link, LinkKind, Skew};

/// Messages each way from which on an offset is told.
const MESSAGES: u32 = 4;

/// The messages from one lane to another: how many, and the least time that one took by their clocks.
type Ways = BTreeMap<(LaneId, LaneId), (u32, i64)>;

/// The lanes whose clocks are off, ascending. `names` are the lanes'.
pub(crate) fn skews(columns: &Columns, links: &[Link], names: &[String]) -> Vec<Skew> {
    let ways = ways(columns, links);
    if ways.values().all(|&(_, least)| least >= 0) {
        return Vec::new();
    }
    // Both ways between two lanes: how uncertain the offset is, and what it is.
    let mut bounds: BTreeMap<LaneId, Vec<(i64, LaneId, i64)>> = BTreeMap::new();
    let mut traffic: BTreeMap<LaneId, u32> = BTreeMap::new();
    for (&(from, to), &(there, least)) in &ways {
        *traffic.entry(from).or_default() += there;
        *traffic.entry(to).or_default() += there;
        if let Some(&(back, least_back)) = ways.get(&(to, from))
            && there.min(back) >= MESSAGES
            && least.saturating_add(least_back) >= 0
        {
            let ahead = (i128::from(least) - i128::from(least_back)).div_euclid(2);
            let uncertain = least.saturating_add(least_back);
            bounds.entry(from).or_default().push((uncertain, to, i64::try_from(ahead).unwrap_or_default()));
        }
    }
    let mut order: Vec<LaneId> = bounds.keys().copied().collect();
    // Of equals the first by name, so that both sides are told by one clock whichever was read first.
    order.sort_by_key(|lane| {
        (std::cmp::Reverse(traffic.get(lane).copied().unwrap_or(0)), names.get(*lane as usize), *lane)
    });
    let mut known: BTreeMap<LaneId, i64> = BTreeMap::new();
    let mut found = Vec::new();
    for reference in order {
        if known.contains_key(&reference) {
            continue;
        }
        // The most certain offsets first (Prim's tree), from the clock that most messages read.
        let mut of: BTreeMap<LaneId, i64> = BTreeMap::from([(reference, 0)]);
        let mut open: BTreeSet<(i64, LaneId, i64)> = bounds[&reference].iter().copied().collect();
        while let Some((_, lane, ahead)) = open.pop_first() {
            if of.contains_key(&lane) {
                continue;
            }
            of.insert(lane, ahead);
            let further = bounds.get(&lane).into_iter().flatten();
            open.extend(further.map(|&(uncertain, next, more)| (uncertain, next, ahead.saturating_add(more))));
        }
        let inside = ways.iter().filter(|((from, to), _)| of.contains_key(from) && of.contains_key(to));
        let (mut wrong, mut right) = (false, true);
        for ((from, to), (_, least)) in inside {
            wrong |= *least < 0;
            right &= least.saturating_sub(of[to]).saturating_add(of[from]) >= 0;
        }
        if wrong && right {
            let skew = |(&lane, &ahead): (&LaneId, &i64)| Skew { lane, ahead, against: reference };
            found.extend(of.iter().map(skew).filter(|skew| skew.ahead != 0));
        }
        known.extend(of);
    }
    found.sort_by_key(|skew| skew.lane);
    found
}

fn ways(columns: &Columns, links: &[Link]) -> Ways {
    let mut ways = Ways::new();
    for link in links.iter().filter(|l| l.kind == LinkKind::Message) {
        let [from, to] = [link.from, link.to].map(|event| columns.home_lane(event));
        if let (Some(sent), Some(received)) = (columns.time_of(link.from), columns.time_of(link.to))
            && from != to
        {
            let took = received.saturating_sub(sent);
            let (number, least) = ways.entry((from, to)).or_insert((0, took));
            *number += 1;
            *least = took.min(*least);
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Messages as (from, to, time sent, time on its way), by clocks that are ahead by `ahead`.
    fn of(ahead: &[i64], messages: &[(u32, u32, i64, i64)]) -> Vec<(LaneId, i64, LaneId)> {
        let (mut columns, mut links) = (Columns::default(), Vec::new());
        for &(from, to, sent, took) in messages {
            for (lane, time) in [(from, sent), (to, sent + took)] {
                columns.times.push(Some(time + ahead[lane as usize]));
                columns.tokens.push(0);
                columns.lanes.push(&[lane]);
            }
            let at = columns.len() as u32;
            links.push(Link { from: at - 2, to: at - 1, kind: LinkKind::Message });
        }
        skews(&columns, &links, &[]).into_iter().map(|s| (s.lane, s.ahead, s.against)).collect()
    }

    /// Both ways between lanes, `n` times; the fastest take 100 ticks either way.
    fn talk(pairs: &[(u32, u32)], n: i64) -> Vec<(u32, u32, i64, i64)> {
        let both =
            |i: i64, &(a, b): &(u32, u32)| [(a, b, i * 1_000, 100 + i * 7 % 50), (b, a, i * 1_000 + 500, 100 + i % 9)];
        (0..n).flat_map(|i| pairs.iter().flat_map(move |pair| both(i, pair))).collect()
    }

    #[test]
    fn a_clock_that_is_off_is_told_by_the_fastest_messages_both_ways() {
        assert_eq!(of(&[0, 5_000], &talk(&[(0, 1)], 20)), [(1, 5_000, 0)]);
        assert_eq!(of(&[0, -5_000], &talk(&[(0, 1)], 20)), [(1, -5_000, 0)]);
        let chain = of(&[0, 7_000, -300, 4_000], &talk(&[(1, 2), (0, 1), (1, 3)], 20));
        assert_eq!(chain, [(0, -7_000, 1), (2, -7_300, 1), (3, -3_000, 1)], "over the lane that most messages pass");
    }

    #[test]
    fn clocks_that_contradict_no_message_or_cannot_be_put_right_are_left_alone() {
        assert_eq!(of(&[0, 0], &talk(&[(0, 1)], 20)), []);
        assert_eq!(of(&[0, 90], &talk(&[(0, 1)], 20)), [], "every message still arrives after it is sent");
        assert_eq!(of(&[0, 5_000], &talk(&[(0, 1)], 3)), [], "too few");
        let one_way: Vec<_> = talk(&[(0, 1)], 20).into_iter().filter(|m| m.0 == 1).collect();
        assert_eq!(of(&[0, 5_000], &one_way), [], "one way bounds it on one side only");
        let mut jump = talk(&[(0, 1)], 20);
        jump.push((0, 1, 0, -9_000));
        jump.push((1, 0, 0, -9_000));
        assert_eq!(of(&[0, 5_000], &jump), [], "no constant offset explains it");
        assert_eq!(of(&[i64::MAX / 2, i64::MIN / 2], &talk(&[(0, 1)], 5)).len(), 1, "nothing overflows");
    }
}
