//! Where a side stops before the other does: what comes after that was not recorded, which is no cause (SEMANTICS rules 18, 19).

use std::collections::HashSet;

use super::align::Pairing;
use super::bits::Bits;
use super::engine::Input;
use super::learnt::Learnt;
use crate::trace::{EventIndex, NONE, Side, Sides};

/// Paired events that may come after one that was not recorded, beyond what the reordering of the runs explains.
const SLACK: u32 = 2;
/// Of a hundred paired events, how many tell how far the runs are reordered; the others may have been moved by the fault.
const USUAL: usize = 95;

/// Actual stops early when its last events are matched and expected goes on well beyond them.
fn ended_early(pairing: &Pairing, learnt: &Learnt) -> Option<Side> {
    let tail = |side: Side| {
        let partner = &pairing.partner[side];
        let counts = |&event: &usize| !learnt.holds(side, event as EventIndex);
        (0..partner.len()).rev().filter(counts).take_while(|&event| partner[event] == NONE).count()
    };
    let (expected, actual) = (tail(Side::Expected), tail(Side::Actual));
    (expected > 0 && expected > 2 * actual && actual < pairing.partner.actual.len()).then_some(Side::Actual)
}

/// The side whose recording is physically cut.
pub(crate) fn torn(input: &Input<'_>) -> Option<Side> {
    [Side::Actual, Side::Expected].into_iter().find(|&side| input.traces[side].torn)
}

/// The side that stops early, if one does, and the other side's events that it therefore did not record: those after the
/// last paired one of their home lane, at the end. A lane that falls silent while others go on, or do what it should have done,
/// was lost, not cut off; and one on which something else came last went otherwise: what should have come instead is missing.
pub(crate) fn unrecorded(input: &Input<'_>, pairing: &Pairing, learnt: &Learnt) -> (Option<Side>, Sides<Bits>) {
    let sides = input.columns();
    let none = || sides.map(|c| Bits::with_len(c.len()));
    let mut unrecorded = none();
    let torn = torn(input);
    let Some(ended) = ended_early(pairing, learnt).or(torn) else { return (None, unrecorded) };
    let side = ended.other();
    let partner = &pairing.partner[side];
    let slack = SLACK + 2 * displacement(partner);
    let parted = parted(input, pairing, ended);
    let mut paired_after = 0;
    let mut goes_on = vec![false; input.names.lanes.len()];
    let mut cut_off: HashSet<u32, foldhash::fast::FixedState> = HashSet::default();
    for event in (0..sides[side].len()).rev() {
        let lanes = sides[side].lanes_of(event as EventIndex);
        let home = sides[side].home_lane(event as EventIndex);
        if partner[event] != NONE {
            goes_on[home as usize] = true;
            let there = sides[ended].lanes_of(partner[event]);
            lanes.iter().filter(|lane| !there.contains(lane)).for_each(|lane| goes_on[*lane as usize] = true);
            paired_after += 1;
        } else if !lanes.iter().any(|lane| goes_on[*lane as usize])
            && !parted.contains(&(event as EventIndex))
            && !learnt.holds(side, event as EventIndex)
        {
            if paired_after <= slack {
                unrecorded[side].insert(event as EventIndex);
                cut_off.insert(home);
            } else {
                cut_off.remove(&home);
            }
        }
    }
    if torn.is_none() && cut_off.is_empty() {
        return (None, none());
    }
    (Some(ended), unrecorded)
}

/// What should have come on each lane that `ended` closes with events of its own: the first event of the other side behind the
/// last paired one.
fn parted(input: &Input<'_>, pairing: &Pairing, ended: Side) -> HashSet<EventIndex, foldhash::fast::FixedState> {
    let sides = input.columns();
    let lanes = input.names.lanes.len();
    // Every unpaired event of a side that stands behind the last paired one of a lane, with that lane.
    let behind = |side: Side| {
        let partner = &pairing.partner[side];
        let mut ends = vec![0; lanes];
        for event in (0..partner.len()).filter(|&event| partner[event] != NONE) {
            sides[side].lanes_of(event as EventIndex).iter().for_each(|lane| ends[*lane as usize] = event + 1);
        }
        let alone = (0..partner.len()).filter(|&event| partner[event] == NONE);
        let on_lanes = alone.flat_map(move |event| {
            let on = sides[side].lanes_of(event as EventIndex);
            (0..on.len()).map(move |at| (event, on[at] as usize))
        });
        on_lanes.filter(move |&(event, lane)| event >= ends[lane])
    };
    let mut awaits = vec![false; lanes];
    behind(ended).for_each(|(_, lane)| awaits[lane] = true);
    let first = behind(ended.other()).filter(|(_, lane)| std::mem::take(&mut awaits[*lane]));
    first.map(|(event, _)| event as EventIndex).collect()
}

/// How many places paired events usually stand from where they would stand had nothing been reordered.
fn displacement(partner: &[u32]) -> u32 {
    let paired: Vec<u32> = partner.iter().copied().filter(|&p| p != NONE).collect();
    let mut order: Vec<u32> = (0..paired.len() as u32).collect();
    order.sort_by_key(|&i| paired[i as usize]);
    let mut apart: Vec<u32> = order.iter().zip(0..).map(|(&i, rank)| i.abs_diff(rank)).collect();
    let Some(last) = apart.len().checked_sub(1) else { return 0 };
    *apart.select_nth_unstable(last * USUAL / 100).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displacement_is_that_of_most_and_not_of_one_moved_event() {
        assert_eq!(displacement(&[NONE, NONE]), 0);
        assert_eq!(displacement(&(0..100).collect::<Vec<_>>()), 0);
        let windows: Vec<u32> = (0..100).map(|i| i / 4 * 4 + 3 - i % 4).collect();
        assert_eq!(displacement(&windows), 3);
        let mut one_moved: Vec<u32> = (0..100).collect();
        one_moved.remove(3);
        one_moved.push(3);
        assert_eq!(displacement(&one_moved), 1);
    }
}
