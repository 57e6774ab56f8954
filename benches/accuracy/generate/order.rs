//! Legal reordering: any order that keeps what happens on each resource, and every message after its sending.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::dice::Dice;
use super::event::{Datum, Event};

/// Overlaps of work on one service from which on it is taken to be concurrent. Where there are fewer, a reader of the
/// recording could take it for a resource, so its order is kept.
const CONCURRENT: usize = 8;

/// The groups whose work overlaps, by class.
pub fn concurrent(events: &[Event]) -> BTreeSet<&'static str> {
    let mut last: BTreeMap<(u64, &str, u64), usize> = BTreeMap::new();
    for (i, event) in events.iter().enumerate() {
        for (_, datum) in &event.fields {
            if let Datum::Group(class, n) = datum {
                last.insert((event.job, class, *n), i);
            }
        }
    }
    let mut open: BTreeMap<(&str, u64), BTreeSet<u64>> = BTreeMap::new();
    let mut overlaps: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (i, event) in events.iter().enumerate().filter(|(_, event)| !event.own) {
        for (_, datum) in &event.fields {
            if let Datum::Group(class, n) = datum {
                let working = open.entry((class, *n)).or_default();
                if working.insert(event.job) && working.len() > 1 {
                    *overlaps.entry(class).or_default() += 1;
                }
                if last.get(&(event.job, class, *n)) == Some(&i) {
                    working.remove(&event.job);
                }
            }
        }
    }
    overlaps.into_iter().filter(|(_, count)| *count >= CONCURRENT).map(|(class, _)| class).collect()
}

/// The resources of an event.
fn lanes<'e>(
    event: &'e Event,
    concurrent: &'e BTreeSet<&'static str>,
) -> impl Iterator<Item = (&'static str, u64)> + 'e {
    event.fields.iter().filter_map(|(_, datum)| match datum {
        Datum::Lane(class, n) | Datum::Id(class, n, true) => Some((*class, *n)),
        Datum::Group(class, n) if !concurrent.contains(class) => Some((*class, *n)),
        _ => None,
    })
}

/// True when two events are recorded on one resource, whatever else is concurrent.
pub fn share_a_lane(one: &Event, other: &Event) -> bool {
    let of_its_own = |datum: &&Datum| matches!(datum, Datum::Lane(..) | Datum::Id(_, _, true));
    let mut lanes = one.fields.iter().map(|(_, datum)| datum).filter(of_its_own);
    lanes.any(|lane| other.fields.iter().any(|(_, datum)| datum == lane))
}

/// A legal order of the events: which event stands at each place. An event moves about as far as `reach`.
pub fn reorder(events: &[Event], concurrent: &BTreeSet<&'static str>, dice: Dice, reach: u64) -> Vec<u32> {
    let mut latest: BTreeMap<(&str, u64), u32> = BTreeMap::new();
    let mut after: Vec<Vec<u32>> = vec![Vec::new(); events.len()];
    let mut blocked = vec![0_u32; events.len()];
    for (i, event) in events.iter().enumerate() {
        let mut before: Vec<u32> = lanes(event, concurrent).filter_map(|lane| latest.insert(lane, i as u32)).collect();
        before.extend(event.after);
        before.sort_unstable();
        before.dedup();
        blocked[i] = before.len() as u32;
        for one in before {
            after[one as usize].push(i as u32);
        }
    }
    let turn = |i: u32| Reverse((u64::from(i) + dice.below(i.into(), reach), i));
    let mut ready: BinaryHeap<_> = (0..events.len() as u32).filter(|&i| blocked[i as usize] == 0).map(turn).collect();
    let mut order = Vec::with_capacity(events.len());
    while let Some(Reverse((_, i))) = ready.pop() {
        order.push(i);
        for &next in &after[i as usize] {
            blocked[next as usize] -= 1;
            if blocked[next as usize] == 0 {
                ready.push(turn(next));
            }
        }
    }
    order
}
