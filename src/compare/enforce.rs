//! Pairs that a person decided, put into an alignment. What the alignment says anyway changes nothing; else a pair that is the
//! same is taken out of its lanes and parts them: what stands before it on one side then belongs to what stands before it on
//! the other. A pair that is not the same leaves one of the two, or both, without a partner.

use std::collections::BTreeSet;

use super::align::{Homes, LanePairs, Pairing, align_lane, join};
use super::hand::Hand;
use super::replay::Cancelled;
use super::tie::Tie;
use crate::trace::{Columns, EventIndex, LaneId, Side, Sides};

type Pair = (EventIndex, EventIndex);

/// What was decided about lanes so far.
#[derive(Debug, Clone, Default)]
struct Rules {
    /// Pairs that are the same and were taken out of their lanes.
    taken: Vec<Pair>,
    /// Those at which a lane is parted. On one lane none crosses another.
    cuts: Vec<(LaneId, Pair)>,
    /// Events that have no partner near their place.
    alone: Sides<Vec<EventIndex>>,
}

impl Rules {
    fn leaves_out(&self, side: Side, event: EventIndex) -> bool {
        let taken = self.taken.iter().any(|&(e, a)| event == if side == Side::Expected { e } else { a });
        taken || self.alone[side].contains(&event)
    }

    /// What is found on a lane by these rules.
    fn align(&self, sides: Sides<&Columns>, homes: &Homes, lane: LaneId, tie: Tie<'_>) -> LanePairs {
        let mut cuts: Vec<Pair> = self.cuts.iter().filter(|cut| cut.0 == lane).map(|cut| cut.1).collect();
        cuts.sort_unstable();
        let events = |side: Side| -> Vec<EventIndex> {
            let all = homes.of(side, lane as usize).iter().copied();
            all.filter(|&event| !self.leaves_out(side, event)).collect()
        };
        let (expected, actual) = (events(Side::Expected), events(Side::Actual));
        let (mut ours, mut theirs) = (expected.as_slice(), actual.as_slice());
        let mut whole = LanePairs::default();
        for (e, a) in cuts.into_iter().chain([(EventIndex::MAX, EventIndex::MAX)]) {
            let (before, behind) = ours.split_at(ours.partition_point(|&event| event < e));
            let (before_there, behind_there) = theirs.split_at(theirs.partition_point(|&event| event < a));
            let part = align_lane(sides, before, before_there, tie);
            // What only one side has in this part may have moved to another.
            let paired = |of: fn(&Pair) -> EventIndex| part.pairs.iter().map(of).collect::<BTreeSet<EventIndex>>();
            let (paired, paired_there) = (paired(|pair| pair.0), paired(|pair| pair.1));
            whole.left.expected.extend(before.iter().filter(|&event| !paired.contains(event)));
            whole.left.actual.extend(before_there.iter().filter(|&event| !paired_there.contains(event)));
            whole.pairs.extend(part.pairs);
            whole.windowed |= part.windowed;
            (ours, theirs) = (behind, behind_there);
        }
        for side in Side::BOTH {
            let alone = self.alone[side].iter().filter(|&&event| sides[side].home_lane(event) == lane);
            whole.left[side].extend(alone);
        }
        whole
    }

    /// Equal pairs that these rules leave on some lanes.
    fn equal(&self, sides: Sides<&Columns>, homes: &Homes, lanes: &[LaneId], tie: Tie<'_>) -> usize {
        let equal = |&&(e, a): &&Pair| sides.expected.tokens[e as usize] == sides.actual.tokens[a as usize];
        lanes.iter().map(|&lane| self.align(sides, homes, lane, tie).pairs.iter().filter(equal).count()).sum()
    }

    fn crosses(&self, lane: LaneId, (e, a): Pair) -> bool {
        self.cuts.iter().any(|&(at, cut)| at == lane && (cut.0 < e) != (cut.1 < a))
    }

    /// Takes a pair that is the same out of its lanes. They are parted there, unless more than half of the equal pairs go with
    /// that or an earlier decision is crossed: then it is this pair that has moved. The lanes that are to be aligned again.
    fn join(&mut self, sides: Sides<&Columns>, homes: &Homes, (e, a): Pair, tie: Tie<'_>) -> Vec<LaneId> {
        let theirs = sides.actual.lanes_of(a);
        let shared: Vec<LaneId> =
            sides.expected.lanes_of(e).iter().copied().filter(|lane| theirs.contains(lane)).collect();
        self.taken.push((e, a));
        let mut parted = self.clone();
        parted.cuts.extend(shared.iter().filter(|&&lane| !self.crosses(lane, (e, a))).map(|&lane| (lane, (e, a))));
        if 2 * parted.equal(sides, homes, &shared, tie) >= self.equal(sides, homes, &shared, tie) {
            *self = parted;
        }
        let mut lanes = shared;
        lanes.extend([sides.expected.home_lane(e), sides.actual.home_lane(a)]);
        lanes.sort_unstable();
        lanes.dedup();
        lanes
    }

    /// Leaves one of a pair without a partner: the one without which the lane has more pairs. Where that is equal, both: the
    /// answer must not depend on which side is which.
    fn part(&mut self, sides: Sides<&Columns>, homes: &Homes, (e, a): Pair, tie: Tie<'_>) -> Vec<LaneId> {
        let lane = sides.expected.home_lane(e);
        let without = |side: Side, event: EventIndex| {
            let mut rules = self.clone();
            rules.alone[side].push(event);
            let pairs = rules.align(sides, homes, lane, tie).pairs.len();
            (rules, pairs)
        };
        let ((ours, our_pairs), (theirs, their_pairs)) = (without(Side::Expected, e), without(Side::Actual, a));
        match our_pairs.cmp(&their_pairs) {
            std::cmp::Ordering::Greater => *self = ours,
            std::cmp::Ordering::Less => *self = theirs,
            std::cmp::Ordering::Equal => {
                self.alone.expected.push(e);
                self.alone.actual.push(a);
            }
        }
        vec![lane]
    }
}

/// The alignment with every decision in it. `found` is what is on the lanes without them; each lane that a decision changes is
/// aligned again. Decisions that hold anyway change nothing, and of several that do not the earliest is carried out first.
pub(super) fn enforce(
    sides: Sides<&Columns>,
    homes: &Homes,
    mut found: Vec<LanePairs>,
    consumed: &Sides<Vec<u32>>,
    hand: &Hand,
    tie: Tie<'_>,
    cancelled: Cancelled<'_>,
) -> Pairing {
    let mut rules = Rules::default();
    loop {
        let mut start = consumed.clone();
        for &(e, a) in &rules.taken {
            start.expected[e as usize] = a;
            start.actual[a as usize] = e;
        }
        let pairing = join(sides, found.clone(), start, hand);
        let holds =
            |&&(same, e, a): &&(bool, EventIndex, EventIndex)| (pairing.partner.expected[e as usize] == a) == same;
        let Some(&(same, e, a)) = hand.decisions().iter().find(|d| !holds(d)).filter(|_| !cancelled()) else {
            return pairing;
        };
        let lanes = if same { rules.join(sides, homes, (e, a), tie) } else { rules.part(sides, homes, (e, a), tie) };
        for lane in lanes {
            found[lane as usize] = rules.align(sides, homes, lane, tie);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::align::align;
    use super::super::replay::{Pushed, Replay};
    use super::*;
    use crate::trace::NONE;

    /// Events of one lane that are what their numbers are.
    fn columns(events: &[u64]) -> Columns {
        let mut columns = Columns::default();
        for token in events {
            columns.tokens.push(*token);
            columns.identities.push(*token);
            columns.lanes.push(&[0]);
        }
        columns
    }

    fn partners(e: &[u64], a: &[u64], decisions: &[(bool, u32, u32)]) -> Vec<u32> {
        let (e, a) = (columns(e), columns(a));
        let hand = Hand::new(decisions.iter().copied());
        let pushed = |columns| Pushed { columns, lane_map: None, ended: true };
        let mut replay = Replay::new().with_hand(hand.clone());
        assert!(replay.push(Sides::new(pushed(&e), pushed(&a)), &|| false));
        align(Sides::new(&e, &a), 1, &mut replay, &hand, &|_, _| std::cmp::Ordering::Equal, &|| false).partner.expected
    }

    #[test]
    fn what_holds_anyway_changes_nothing() {
        let (e, a) = ([1, 2, 1, 2, 9, 1, 2, 5], [5, 1, 2, 1, 2, 1, 2]);
        let plain = partners(&e, &a, &[]);
        assert_eq!(plain[7], 0, "the last one has moved to the front");
        for (event, &partner) in plain.iter().enumerate().filter(|(_, p)| **p != NONE) {
            assert_eq!(partners(&e, &a, &[(true, event as u32, partner)]), plain);
        }
        assert_eq!(partners(&e, &a, &[(false, 0, 3), (false, 4, 0)]), plain);
    }

    #[test]
    fn a_joined_pair_parts_its_lane() {
        let (e, a) = ([1, 2, 1, 2, 1, 2, 1, 2], [1, 2, 1, 2, 1, 2]);
        assert_eq!(partners(&e, &a, &[]), [0, 1, 2, 3, 4, 5, NONE, NONE]);
        // The second round is the one that is missing.
        assert_eq!(partners(&e, &a, &[(true, 4, 2)]), [0, 1, NONE, NONE, 2, 3, 4, 5]);
    }

    #[test]
    fn a_joined_pair_that_would_tear_everything_else_apart_has_moved() {
        let (e, a) = ([7, 1, 2, 3, 4, 5, 6, 8, 9], [1, 2, 3, 4, 5, 6, 8, 9, 10]);
        assert_eq!(partners(&e, &a, &[(true, 0, 8)]), [8, 0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn crossing_pairs_are_both_pairs() {
        let (e, a) = ([1, 2, 3, 4], [5, 2, 3, 6]);
        assert_eq!(partners(&e, &a, &[(true, 0, 3), (true, 3, 0)]), [3, 1, 2, 0]);
    }

    #[test]
    fn a_parted_pair_leaves_room_for_another() {
        assert_eq!(partners(&[1, 1], &[1], &[]), [0, NONE]);
        assert_eq!(partners(&[1, 1], &[1], &[(false, 0, 0)]), [NONE, 0]);
        assert_eq!(partners(&[1, 2], &[1, 2], &[(false, 0, 0)]), [NONE, 1]);
        assert_eq!(partners(&[1], &[1], &[(false, 0, 0)]), [NONE]);
        assert_eq!(partners(&[1, 2, 3], &[3, 1, 2], &[(false, 2, 0)]), [1, 2, NONE], "nor has it moved there");
    }
}
