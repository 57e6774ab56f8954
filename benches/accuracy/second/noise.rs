//! What differs between two runs and means nothing: the order of what shares no resource, ids, clocks, counters, hosts.

use std::collections::BTreeSet;

use super::plant::key;
use super::sim::{Event, Role, Val, mix};

/// How many times the reordering walks over the recording; each walk moves an event by a place or two.
const WALKS: u64 = 8;

/// The noise of one case.
#[expect(clippy::struct_excessive_bools, reason = "every sort of noise is there or not, by itself")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noise {
    /// Legal reordering.
    pub order: bool,
    /// Ids drawn anew.
    pub ids: bool,
    /// Another start and another pace of the clock.
    pub times: bool,
    /// Clocks of hosts that disagree.
    pub skew: bool,
    /// Counters that start elsewhere.
    pub seq: bool,
    /// Another run, process and build.
    pub side: bool,
}

impl Noise {
    /// A mix.
    pub fn of(bits: u64) -> Self {
        let bit = |n: u64| bits >> n & 1 == 1;
        Self { order: bit(0), ids: bit(1), times: bit(2), skew: bit(3), seq: bit(4), side: bit(5) }
    }

    /// The mix in words, for the name of the case.
    pub fn name(self) -> String {
        let all = [
            (self.order, "order"),
            (self.ids, "ids"),
            (self.times, "times"),
            (self.skew, "skew"),
            (self.seq, "seq"),
            (self.side, "side"),
        ];
        let names: Vec<&str> = all.into_iter().filter_map(|(on, name)| on.then_some(name)).collect();
        if names.is_empty() { "clean".to_owned() } else { names.join("+") }
    }
}

/// What orders an event: its resources, every thing it names, its actor, and its host when the recording names hosts.
fn ties(event: &Event, hosts: Option<u32>) -> Vec<u64> {
    let things = event.fields.iter().filter(|field| matches!(field.role, Role::Lane | Role::Thing));
    let host = hosts.map(|hosts| mix(8, u64::from(event.actor % hosts)));
    things.map(|field| key(&field.val)).chain([mix(9, event.actor.into())]).chain(host).collect()
}

/// A legal order: neighbours change places only when they share nothing and neither led to the other. The first events
/// of resources with drawn names stay in order, since only that order tells which is which.
pub fn reorder(events: &[Event], hosts: Option<u32>, seed: u64) -> Vec<u32> {
    let mut known = BTreeSet::new();
    let mut keys: Vec<Vec<u64>> = Vec::with_capacity(events.len());
    for event in events {
        let mut own = ties(event, hosts);
        for field in &event.fields {
            if field.role == Role::Lane && matches!(field.val, Val::Id(_)) && known.insert(key(&field.val)) {
                own.push(mix(10, 0));
            }
        }
        keys.push(own);
    }
    let mut order: Vec<u32> = (0..events.len() as u32).collect();
    for walk in 0..WALKS {
        for at in 1..order.len() {
            let (a, b) = (order[at - 1], order[at]);
            let linked = events[b as usize].cause == Some(a) || events[a as usize].cause == Some(b);
            let shared = keys[a as usize].iter().any(|key| keys[b as usize].contains(key));
            if !linked && !shared && mix(seed ^ walk, at as u64).is_multiple_of(2) {
                order.swap(at - 1, at);
            }
        }
    }
    order
}

/// The clock of every position: the times stay with the positions, so that a reordered recording has a clock that runs
/// forwards too.
pub fn clock(events: &[Event], stretch: bool, seed: u64) -> Vec<u64> {
    let base = if stretch { 40_000_000 + seed % 900_000_000 } else { 0 };
    let pace = if stretch { 970 + seed % 70 } else { 1000 };
    let mut last = 0;
    let mut times = Vec::with_capacity(events.len());
    for (at, event) in events.iter().enumerate() {
        let jitter = if stretch { mix(seed, at as u64) % 4 } else { 0 };
        last = last.max(base + event.at * pace / 1000 + jitter);
        times.push(last);
    }
    times
}
