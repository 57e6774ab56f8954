//! Order on shared resources: which paired events a lane's order forbids, and which reorderings are legal.

use super::bits::Bits;
use super::replay::{CHECK, Cancelled, Replay};
use crate::trace::{Columns, EventIndex, Link, LinkKind, NONE, Side, Sides};

/// Positions of `values` that are not on its longest increasing subsequence (patience sorting; of several, the one whose
/// last members are smallest). Values are distinct.
pub(crate) fn outside_longest_rise(values: &[u32]) -> Vec<u32> {
    if values.is_sorted() {
        return Vec::new();
    }
    let mut tops = Tops::default();
    // Which value is on top of each pile, and which was below each value then.
    let mut on_top: Vec<u32> = Vec::new();
    let mut before: Vec<u32> = Vec::with_capacity(values.len());
    for (i, &value) in values.iter().enumerate() {
        let pile = tops.put(value);
        before.push(if pile == 0 { NONE } else { on_top[pile - 1] });
        if pile == on_top.len() {
            on_top.push(i as u32);
        } else {
            on_top[pile] = i as u32;
        }
    }
    let mut on = vec![false; values.len()];
    let mut at = on_top.last().copied().unwrap_or(NONE);
    while at != NONE {
        on[at as usize] = true;
        at = before[at as usize];
    }
    (0..values.len() as u32).filter(|&i| !on[i as usize]).collect()
}

/// The same positions as the other side sees them: of the values in the order of their positions, those outside.
fn outside_seen_from_expected(values: &[u32]) -> Vec<u32> {
    let mut positions: Vec<u32> = (0..values.len() as u32).collect();
    positions.sort_unstable_by_key(|&at| values[at as usize]);
    outside_longest_rise(&positions).into_iter().map(|i| positions[i as usize]).collect()
}

/// What the order on lanes says.
#[derive(Debug, Default)]
pub(crate) struct Order {
    /// Actual events whose order some lane forbids, ascending.
    pub(crate) inverted: Vec<EventIndex>,
    /// Paired actual events that moved without breaking any lane's order.
    pub(crate) legal: u32,
}

/// Checks every lane's order of the paired events. `unrecorded` are expected events that an early end of actual cut off:
/// what actual did that comes after them on a lane overtook them. `links` are expected's.
pub(crate) fn check(
    sides: Sides<&Columns>,
    replay: &Replay,
    lanes: usize,
    partner: &Sides<Vec<u32>>,
    unrecorded: &Bits,
    links: &[Link],
    cancelled: Cancelled<'_>,
) -> Order {
    let mut inverted: Vec<EventIndex> = Vec::new();
    let mut views: [Vec<EventIndex>; 2] = Default::default();
    let doubtful = if unrecorded.is_empty() {
        falling(sides.actual, replay, lanes, &partner.actual, cancelled)
    } else {
        vec![true; lanes]
    };
    let mut position = if doubtful.contains(&true) { vec![NONE; partner.expected.len()] } else { Vec::new() };
    let mut rises: Vec<u32> = Vec::new();
    let mut events: Vec<EventIndex> = Vec::new();
    let left = Sides::new(
        Left::new(sides.expected, replay, Side::Expected, &doubtful, cancelled),
        Left::new(sides.actual, replay, Side::Actual, &doubtful, cancelled),
    );
    for lane in 0..lanes {
        if cancelled() {
            break;
        }
        let (ours, theirs) = (left.expected.on(lane), left.actual.on(lane));
        if theirs.is_empty() {
            continue;
        }
        for (i, &e) in ours.iter().enumerate() {
            position[e as usize] = i as u32;
        }
        rises.clear();
        events.clear();
        for &a in theirs {
            let e = partner.actual[a as usize];
            if e != NONE && position[e as usize] != NONE {
                rises.push(position[e as usize]);
                events.push(a);
            }
        }
        if !rises.is_sorted() {
            views[0].extend(outside_longest_rise(&rises).into_iter().map(|i| events[i as usize]));
            views[1].extend(outside_seen_from_expected(&rises).into_iter().map(|i| events[i as usize]));
        }
        if let Some(cut) = ours.iter().find(|&&e| unrecorded.contains(e)) {
            let cut = position[*cut as usize];
            inverted.extend(rises.iter().zip(&events).filter(|(p, _)| **p > cut).map(|(_, &a)| a));
        }
        for &e in ours {
            position[e as usize] = NONE;
        }
    }
    drop((left, position));
    for link in links.iter().filter(|l| matches!(l.kind, LinkKind::Message | LinkKind::Cause)) {
        let [from, to] = [link.from, link.to].map(|e| partner.expected[e as usize]);
        if from != NONE && to != NONE && from > to && !replay.learnt().holds(Side::Actual, to) {
            inverted.push(to);
        }
    }
    // Of two that changed places either moved. Where one did that stands on several lanes, what it passed on each of them did
    // not: the side that sees fewer events moved is believed, so that swapping the sides changes no number.
    let [inverted, from_expected] = views.map(|view| {
        let mut all = [view, inverted.clone()].concat();
        all.sort_unstable();
        all.dedup();
        all
    });
    let inverted = if from_expected.len() < inverted.len() { from_expected } else { inverted };
    let mut forbidden = inverted.iter().copied().peekable();
    let paired = (partner.actual.iter().zip(0..))
        .filter(|&(_, a)| forbidden.next_if_eq(&a).is_none())
        .map(|(&e, _)| e)
        .filter(|&e| e != NONE);
    Order { legal: number_outside_longest_rise(paired), inverted }
}

/// The lanes on which partners of what was not consumed of actual, on whatever lanes those are, do not rise: on the others no
/// order can be broken.
fn falling(actual: &Columns, replay: &Replay, lanes: usize, partner: &[u32], cancelled: Cancelled<'_>) -> Vec<bool> {
    let heads: Vec<EventIndex> =
        (0..lanes as u32).map(|lane| replay.head(lane, Side::Actual).unwrap_or(NONE)).collect();
    let mut last = vec![0; lanes];
    let mut falls = vec![false; lanes];
    let passed = |event| partner[event as usize] == NONE || replay.learnt().holds(Side::Actual, event);
    each_from(&heads, actual, passed, cancelled, |lane, event| {
        let before = std::mem::replace(&mut last[lane], partner[event as usize]);
        falls[lane] |= before > partner[event as usize];
    });
    falls
}

/// The events of one side that were not consumed, by lane.
struct Left {
    /// Where each lane's events start; one more entry than lanes.
    starts: Vec<u32>,
    events: Vec<EventIndex>,
}

impl Left {
    /// Those of some lanes. They are of no use when it was cancelled.
    fn new(columns: &Columns, replay: &Replay, side: Side, of: &[bool], cancelled: Cancelled<'_>) -> Self {
        let lanes = of.len();
        let head = |(lane, &wanted): (u32, &bool)| replay.head(lane, side).filter(|_| wanted).unwrap_or(NONE);
        let heads: Vec<EventIndex> = (0..).zip(of).map(head).collect();
        let mut starts = vec![0_u32; lanes + 1];
        let aside = |event| replay.learnt().holds(side, event);
        each_from(&heads, columns, aside, cancelled, |lane, _| starts[lane + 1] += 1);
        if cancelled() {
            return Self { starts: vec![0; lanes + 1], events: Vec::new() };
        }
        for lane in 0..lanes {
            starts[lane + 1] += starts[lane];
        }
        let mut next = starts.clone();
        let mut events = vec![0; starts[lanes] as usize];
        each_from(&heads, columns, aside, cancelled, |lane, event| {
            events[next[lane] as usize] = event;
            next[lane] += 1;
        });
        Self { starts, events }
    }

    fn on(&self, lane: usize) -> &[EventIndex] {
        &self.events[self.starts[lane] as usize..self.starts[lane + 1] as usize]
    }
}

/// Tells the lanes of each event that is not set aside, where it is none of the events before the lane's head.
fn each_from(
    heads: &[EventIndex],
    columns: &Columns,
    aside: impl Fn(EventIndex) -> bool,
    cancelled: Cancelled<'_>,
    mut tell: impl FnMut(usize, EventIndex),
) {
    let first = heads.iter().copied().min().unwrap_or(NONE);
    for event in first..columns.len() as u32 {
        if event % CHECK == 0 && cancelled() {
            return;
        }
        for lane in columns.each_lane_of(event) {
            if heads[lane as usize] <= event && !aside(event) {
                tell(lane as usize, event);
            }
        }
    }
}

/// How many of `values`, which are distinct, are not on their longest increasing subsequence.
fn number_outside_longest_rise(values: impl Iterator<Item = u32>) -> u32 {
    let mut tops = Tops::default();
    let mut number = 0;
    for value in values {
        number += 1;
        tops.put(value);
    }
    number - tops.0.len() as u32
}

/// The tops of the piles of a patience sorting, which rise.
#[derive(Default)]
struct Tops(Vec<u32>);

impl Tops {
    /// Puts a value on its pile, whose number it tells.
    #[inline]
    fn put(&mut self, value: u32) -> usize {
        let tops = &mut self.0;
        // Runs are reordered locally, so the pile is near the last: looked for in steps that double.
        let mut step = 1;
        while step <= tops.len() && tops[tops.len() - step] > value {
            step *= 2;
        }
        let from = tops.len().saturating_sub(step);
        let pile = from + tops[from..].partition_point(|&top| top < value);
        if pile == tops.len() {
            tops.push(value);
        } else {
            tops[pile] = value;
        }
        pile
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::replay::Pushed;
    use super::*;

    #[test]
    fn the_overtaker_is_outside() {
        assert_eq!(outside_longest_rise(&[0, 2, 1, 3]), [1]);
        assert_eq!(outside_longest_rise(&[3, 0, 1, 2]), [0]);
        assert_eq!(outside_longest_rise(&[1, 2, 3, 0]), [3]);
        assert_eq!(outside_longest_rise(&[0, 1, 2]), [0_u32; 0]);
    }

    /// Inversions of events of one side in another order, all of them alike on both sides; each joins these lanes.
    fn inversions(lanes: &[&[u32]], order: &[u32], swapped: bool) -> Vec<EventIndex> {
        let columns = |order: &[u32]| {
            let mut columns = Columns::default();
            for &event in order {
                columns.tokens.push(u64::from(event));
                columns.lanes.push(lanes[event as usize]);
            }
            columns
        };
        let own: Vec<u32> = (0..lanes.len() as u32).collect();
        let back: Vec<u32> = own.iter().map(|e| order.iter().position(|o| o == e).unwrap() as u32).collect();
        let (mut sides, mut partner) = (Sides::new(columns(&own), columns(order)), Sides::new(back, order.to_vec()));
        if swapped {
            sides = Sides::new(sides.actual, sides.expected);
            partner = Sides::new(partner.actual, partner.expected);
        }
        let mut replay = Replay::new();
        let pushed = |columns| Pushed { columns, lane_map: None, ended: true };
        assert!(replay.push(sides.as_ref().map(pushed), &|| false));
        check(sides.as_ref(), &replay, 5, &partner, &Bits::with_len(lanes.len()), &[], &|| false).inverted
    }

    #[test]
    fn what_moved_past_several_on_lanes_of_their_own_moved_alone() {
        let lanes: [&[u32]; 4] = [&[0, 1, 2], &[0], &[1], &[2]];
        assert_eq!(inversions(&lanes, &[1, 2, 3, 0], false), [3]);
        assert_eq!(inversions(&lanes, &[1, 2, 3, 0], true), [0]);
    }

    proptest! {
        #[test]
        fn swapping_the_sides_keeps_the_number_of_inversions(
            lanes in proptest::collection::vec(proptest::sample::subsequence(vec![0_u32, 1, 2, 3, 4], 1..=3), 2..14),
            keys in proptest::collection::vec(0_u32..1_000, 14),
        ) {
            let lanes: Vec<&[u32]> = lanes.iter().map(Vec::as_slice).collect();
            let mut order: Vec<u32> = (0..lanes.len() as u32).collect();
            order.sort_by_key(|&event| (keys[event as usize], event));
            prop_assert_eq!(inversions(&lanes, &order, false).len(), inversions(&lanes, &order, true).len());
        }
    }

    #[test]
    fn their_number_is_that_of_those_outside() {
        for seed in 1..200_u32 {
            let mut values: Vec<u32> = (0..seed % 50).collect();
            for i in 0..values.len() {
                let other = (seed as usize * 7919 + i * i * 31) % values.len();
                values.swap(i, other);
            }
            let number = number_outside_longest_rise(values.iter().copied());
            assert_eq!(number as usize, outside_longest_rise(&values).len(), "{values:?}");
        }
    }
}
