//! Order on shared resources: which paired events a lane's order forbids, and which reorderings are legal.

use std::ops::Range;

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
    let heads = Sides::new(Side::Expected, Side::Actual).map(|side| heads(replay, side, lanes));
    let cuts = cuts(sides.expected, lanes, unrecorded);
    let mut doubtful = falling(sides.actual, replay, &heads.actual, &partner.actual, cancelled);
    doubtful.iter_mut().zip(&cuts).for_each(|(doubtful, &cut)| *doubtful |= cut != NONE);
    let left = Left::new(sides.actual, replay, &heads.actual, &doubtful, cancelled);
    let (mut rises, mut events) = (Vec::new(), Vec::new());
    for lane in (0..lanes).filter(|&lane| doubtful[lane]) {
        if cancelled() {
            break;
        }
        // Only what was not consumed on this lane on either side can have been overtaken on it.
        let is_left = |e: EventIndex| {
            heads.expected[lane] <= e
                && sides.expected.each_lane_of(e).any(|own| own as usize == lane)
                && !replay.learnt().holds(Side::Expected, e)
        };
        rises.clear();
        events.clear();
        for &a in left.on(lane) {
            let e = partner.actual[a as usize];
            if e != NONE && is_left(e) {
                rises.push(e);
                events.push(a);
            }
        }
        for part in unsorted(&rises) {
            let (rises, events) = (&rises[part.clone()], &events[part]);
            views[0].extend(outside_longest_rise(rises).into_iter().map(|i| events[i as usize]));
            views[1].extend(outside_seen_from_expected(rises).into_iter().map(|i| events[i as usize]));
        }
        inverted.extend(rises.iter().zip(&events).filter(|(e, _)| **e > cuts[lane]).map(|(_, &a)| a));
    }
    drop(left);
    for link in links.iter().filter(|l| matches!(l.kind, LinkKind::Message | LinkKind::Cause)) {
        let [from, to] = [link.from, link.to].map(|e| partner.expected[e as usize]);
        if from != NONE && to != NONE && from > to && !replay.learnt().holds(Side::Actual, to) {
            inverted.push(to);
        }
    }
    // Of two that changed places either moved. Where one did that stands on several lanes, what it passed on each of them did
    // not: the side that sees fewer events moved is believed, and of two that see as many the one that sees fewer move that are
    // equal otherwise, so that swapping the sides changes no number.
    let [inverted, from_expected] = views.map(|view| {
        let mut all = [view, inverted.clone()].concat();
        all.sort_unstable();
        all.dedup();
        all
    });
    let equal = |&&a: &&EventIndex| {
        let e = partner.actual[a as usize];
        e != NONE && sides.expected.tokens[e as usize] == sides.actual.tokens[a as usize]
    };
    let moved = |view: &[EventIndex]| (view.len(), view.iter().filter(equal).count());
    let inverted = if moved(&from_expected) < moved(&inverted) { from_expected } else { inverted };
    let mut forbidden = inverted.iter().copied().peekable();
    let paired = (partner.actual.iter().zip(0..))
        .filter(|&(_, a)| forbidden.next_if_eq(&a).is_none())
        .map(|(&e, _)| e)
        .filter(|&e| e != NONE);
    Order { legal: number_outside_longest_rise(paired), inverted }
}

/// The first event of each lane that was not consumed, or [`NONE`].
fn heads(replay: &Replay, side: Side, lanes: usize) -> Vec<EventIndex> {
    (0..lanes as u32).map(|lane| replay.head(lane, side).unwrap_or(NONE)).collect()
}

/// The first event of each lane that an early end of the other side cut off, or [`NONE`].
fn cuts(columns: &Columns, lanes: usize, unrecorded: &Bits) -> Vec<EventIndex> {
    let mut cuts = vec![NONE; lanes];
    if !unrecorded.is_empty() {
        for event in (0..columns.len() as u32).rev().filter(|&event| unrecorded.contains(event)) {
            columns.each_lane_of(event).for_each(|lane| cuts[lane as usize] = event);
        }
    }
    cuts
}

/// The lanes on which partners of what was not consumed of actual, on whatever lanes those are, do not rise: on the others no
/// order can be broken.
fn falling(
    actual: &Columns,
    replay: &Replay,
    heads: &[EventIndex],
    partner: &[u32],
    cancelled: Cancelled<'_>,
) -> Vec<bool> {
    let mut last = vec![0; heads.len()];
    let mut falls = vec![false; heads.len()];
    let passed = |event| partner[event as usize] == NONE || replay.learnt().holds(Side::Actual, event);
    each_from(heads, actual, passed, cancelled, |lane, event| {
        let before = std::mem::replace(&mut last[lane], partner[event as usize]);
        falls[lane] |= before > partner[event as usize];
    });
    falls
}

/// The shortest stretches of `values`, which are distinct, that must be sorted for all to be: each holds all that lies between
/// its smallest and its largest value, so that a longest rise goes through each by itself.
fn unsorted(values: &[u32]) -> Vec<Range<usize>> {
    // Stretches so far, each below the next: where they begin, and their largest values.
    let mut stretches: Vec<(usize, u32)> = Vec::new();
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, &value) in values.iter().enumerate() {
        let largest = stretches.last().map_or(value, |last| last.1.max(value));
        let mut begin = at;
        while let Some((before, _)) = stretches.pop_if(|last| last.1 > value) {
            begin = before;
        }
        stretches.push((begin, largest));
        if begin < at {
            while found.pop_if(|part| part.start >= begin).is_some() {}
            found.push(begin..at + 1);
        }
    }
    found
}

/// The events of one side that were not consumed, by lane.
struct Left {
    /// Where each lane's events start; one more entry than lanes.
    starts: Vec<u32>,
    events: Vec<EventIndex>,
}

impl Left {
    /// Those of actual on some lanes. They are of no use when it was cancelled.
    fn new(actual: &Columns, replay: &Replay, heads: &[EventIndex], of: &[bool], cancelled: Cancelled<'_>) -> Self {
        let lanes = of.len();
        let heads: Vec<EventIndex> = heads.iter().zip(of).map(|(&head, &of)| if of { head } else { NONE }).collect();
        let mut starts = vec![0_u32; lanes + 1];
        let aside = |event| replay.learnt().holds(Side::Actual, event);
        each_from(&heads, actual, aside, cancelled, |lane, _| starts[lane + 1] += 1);
        if cancelled() {
            return Self { starts: vec![0; lanes + 1], events: Vec::new() };
        }
        for lane in 0..lanes {
            starts[lane + 1] += starts[lane];
        }
        let mut next = starts.clone();
        let mut events = vec![0; starts[lanes] as usize];
        each_from(&heads, actual, aside, cancelled, |lane, event| {
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

    proptest! {
        #[test]
        fn a_longest_rise_goes_through_each_unsorted_stretch_by_itself(
            swaps in proptest::collection::vec((0_usize..40, 0_usize..40), 0..12),
        ) {
            let mut values: Vec<u32> = (0..40).map(|value| value * 3).collect();
            for (a, b) in swaps {
                values.swap(a, b);
            }
            let parts = unsorted(&values);
            for of in [outside_longest_rise, outside_seen_from_expected] {
                let of_parts = parts.iter().flat_map(|part| {
                    of(&values[part.clone()]).into_iter().map(|i| i + part.start as u32)
                });
                let (mut of_parts, mut of_all) = (of_parts.collect::<Vec<u32>>(), of(&values));
                of_parts.sort_unstable();
                of_all.sort_unstable();
                prop_assert_eq!(of_parts, of_all);
            }
            prop_assert!(parts.iter().all(|part| !values[part.clone()].is_sorted()));
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
