//! What the sampled events themselves say of a field: whether each of its values does one thing at a time. Two tests, neither of
//! which looks at names (SEMANTICS rules 8 and 12).

use std::collections::HashMap;

use super::canonical::pair;
use super::stats::Seen;
use crate::trace::{Side, Sides};

/// How much smaller the uncertainty about the next kind must be within a field's values than among the same events.
const GAIN: f64 = 0.75;
/// How much of a field's own variety must be left when the kind is known; with less, it only says the kind in other words.
const FREE_OF_KIND: f64 = 0.5;
/// Steps from one event to the next below which nothing is concluded.
const ENOUGH: u32 = 12;
/// Steps from one event to the next below which nothing is concluded from the order of two runs.
const ENOUGH_IN_ORDER: u32 = 6;
/// Steps against the order that show that the runs are ordered differently; a fault makes one or two.
const SHUFFLED: u32 = 3;
/// Of how many steps one must then be against the order.
const SHUFFLED_SHARE: u32 = 20;
/// How many times rarer steps against the order must be within the values than among all these events.
const KEPT: u32 = 10;
/// The same where it must be beyond doubt.
const KEPT_EXACTLY: u32 = 40;
/// Steps within the values that may be against the order all the same: one moved event makes two.
const FAULTS: u32 = 2;
/// Of how many steps within the values one is against the order where the field is no lane at all.
const SCRAMBLED: u32 = 5;

/// Sampled events that are looked at: behaviour shows soon, and the first answer waits for it.
const LOOKED_AT: usize = 3_000;

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// The kinds and the contents of the sampled events of both sides.
pub(crate) struct Behaviour<'a> {
    seen: &'a Seen<'a>,
    /// Whose sample stands for each side: a lone side stands for both.
    sides: Sides<Side>,
    kinds: Sides<Vec<u64>>,
    /// What each event says that means the same on both sides.
    contents: Sides<Vec<u64>>,
}

impl<'a> Behaviour<'a> {
    /// `means` are the fields whose values mean the same on both sides.
    pub(crate) fn new(seen: &'a Seen<'a>, kind: usize, means: &[usize]) -> Option<Self> {
        let own = |side: Side| seen.samples[side].map(|_| side);
        let sides = Sides::new(own(Side::Expected).or(own(Side::Actual))?, own(Side::Actual).or(own(Side::Expected))?);
        let kinds = sides.map(|side| {
            let mut kinds = vec![0; seen.events[side].min(LOOKED_AT)];
            for &(event, kind) in column(seen, kind, side) {
                kinds[event as usize] = kind;
            }
            kinds
        });
        let contents = sides.map(|side| {
            let mut contents = vec![0_u64; seen.events[side].min(LOOKED_AT)];
            for &field in means {
                for &(event, value) in column(seen, field, side) {
                    let content = &mut contents[event as usize];
                    *content = content.wrapping_add(pair(field as u64, value));
                }
            }
            contents
        });
        Some(Self { seen, sides, kinds, contents })
    }

    /// The share of uncertainty about what comes next that is left when the value is known, on the side where more is left;
    /// `None` where the field does not make it more certain.
    pub(crate) fn predicts(&self, field: usize) -> Option<f64> {
        let mut most = 0.0_f64;
        for side in Side::BOTH {
            let values = column(self.seen, field, self.sides[side]);
            let kinds = &self.kinds[side];
            let within = next_kind(kinds, values, true);
            let among = next_kind(kinds, values, false);
            if within.1 < ENOUGH || within.0 >= GAIN * among.0 || says_the_kind(kinds, values) {
                return None;
            }
            most = most.max(within.0 / among.0);
        }
        Some(most)
    }

    /// How the order of the events that have the field agrees between the runs.
    pub(crate) fn order(&self, field: usize) -> Order {
        self.steps(self.sides.map(|side| column(self.seen, field, side).iter().copied()))
    }

    /// The same for those of them that count.
    pub(crate) fn order_of(&self, field: usize, counts: &Sides<Vec<bool>>) -> Order {
        self.steps(self.sides.map(|side| {
            column(self.seen, field, side).iter().copied().filter(move |&(event, _)| counts[side][event as usize])
        }))
    }

    /// True when the runs are ordered differently, as legal reordering does it and no single fault.
    pub(crate) fn is_shuffled(&self) -> bool {
        let all = self.contents.as_ref().map(|contents| (0..contents.len() as u32).map(|event| (event, 0)));
        let steps = self.steps(all).among;
        steps.against >= SHUFFLED && steps.against * SHUFFLED_SHARE >= steps.all
    }

    /// Steps between consecutive events of expected that actual has too.
    fn steps(&self, values: Sides<impl Iterator<Item = (u32, u64)>>) -> Order {
        let mut place: Map<u64, u32> = Map::default();
        let mut keys = Keys::default();
        for (event, value) in values.actual {
            place.insert(keys.next(value, self.contents.actual[event as usize]), event);
        }
        let mut keys = Keys::default();
        let mut order = Order::default();
        let mut last_of: Map<u64, u32> = Map::default();
        let mut last = None;
        for (event, value) in values.expected {
            let key = keys.next(value, self.contents.expected[event as usize]);
            let Some(&now) = place.get(&key) else { continue };
            order.within.step(last_of.insert(value, now), now);
            order.among.step(last.replace(now), now);
        }
        order
    }
}

/// How the order of two runs agrees: within each value of a field, and among all events that have it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Order {
    within: Steps,
    among: Steps,
}

impl Order {
    /// True when the order within the values is not the same in both runs, more than the order among all these events is not.
    pub(crate) fn breaks(self) -> bool {
        self.among.against > FAULTS && self.within.against.saturating_sub(FAULTS) * KEPT > self.among.against
    }

    /// True when the runs are ordered differently among the events that have the field, and alike within each of its values.
    pub(crate) fn keeps(self) -> bool {
        self.within.all >= ENOUGH_IN_ORDER
            && self.among.against >= SHUFFLED
            && self.within.against * KEPT <= self.among.against
    }

    /// The same beyond doubt.
    pub(crate) fn keeps_exactly(self) -> bool {
        self.keeps() && self.within.against * KEPT_EXACTLY <= self.among.against
    }

    /// The same with less to go by, for runs of which it is known that they are ordered differently.
    pub(crate) fn parts(self) -> bool {
        self.within.all >= ENOUGH_IN_ORDER && self.within.against == 0 && self.among.against > 1
    }

    /// True when the order within the values differs between the runs so often that no fault explains it.
    pub(crate) fn is_scrambled(self) -> bool {
        let within = self.within;
        within.all >= ENOUGH && within.against > FAULTS && within.against * SCRAMBLED >= within.all
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Steps {
    all: u32,
    against: u32,
}

impl Steps {
    fn step(&mut self, before: Option<u32>, now: u32) {
        if let Some(before) = before {
            self.all += 1;
            self.against += u32::from(now < before);
        }
    }
}

/// Names the events with the same value and content apart by how often they were seen.
#[derive(Debug, Default)]
struct Keys(Map<u64, u64>);

impl Keys {
    fn next(&mut self, value: u64, content: u64) -> u64 {
        let same = pair(value, content);
        let nth = self.0.entry(same).or_insert(0);
        *nth += 1;
        pair(same, *nth)
    }
}

/// The events that have a field, with its value.
fn column<'a>(seen: &Seen<'a>, field: usize, side: Side) -> &'a [(u32, u64)] {
    let column = &seen.stats[field].sides[side].column;
    &column[..column.partition_point(|(event, _)| (*event as usize) < LOOKED_AT)]
}

/// Kind and value of the events that have both.
fn known(kinds: &[u64], values: &[(u32, u64)]) -> impl Iterator<Item = (u64, u64)> {
    values.iter().map(|&(event, value)| (kinds[event as usize], value)).filter(|k| k.0 != 0)
}

/// Bits of uncertainty about the kind that follows a kind among the events with a value, within each value or among them all,
/// and from how many steps that is known.
fn next_kind(kinds: &[u64], values: &[(u32, u64)], within: bool) -> (f64, u32) {
    let mut last: Map<u64, u64> = Map::default();
    let mut follow: Map<(u64, u64), u32> = Map::default();
    for (kind, value) in known(kinds, values) {
        if let Some(before) = last.insert(if within { value } else { 0 }, kind) {
            *follow.entry((before, kind)).or_insert(0) += 1;
        }
    }
    let steps: u32 = follow.values().sum();
    (conditional_entropy(&follow), steps)
}

/// True when a field's value hardly varies once the kind is known.
fn says_the_kind(kinds: &[u64], values: &[(u32, u64)]) -> bool {
    let mut both: Map<(u64, u64), u32> = Map::default();
    let mut alone: Map<(u64, u64), u32> = Map::default();
    for (kind, value) in known(kinds, values) {
        *both.entry((kind, value)).or_insert(0) += 1;
        *alone.entry((0, value)).or_insert(0) += 1;
    }
    conditional_entropy(&both) < FREE_OF_KIND * conditional_entropy(&alone)
}

/// Bits of the second given the first, of counted pairs.
#[expect(clippy::iter_over_hash_type, reason = "what is gathered is sorted before it is added up")]
fn conditional_entropy(counts: &Map<(u64, u64), u32>) -> f64 {
    let mut of_first: Map<u64, Vec<u32>> = Map::default();
    for (&(first, _), &count) in counts {
        of_first.entry(first).or_default().push(count);
    }
    let total: u32 = counts.values().sum();
    if total == 0 {
        return 0.0;
    }
    let mut bits: Vec<f64> = (of_first.into_values())
        .map(|mut counts| {
            counts.sort_unstable();
            let sum: u32 = counts.iter().sum();
            counts.iter().map(|&n| f64::from(n) * (f64::from(sum) / f64::from(n)).log2()).sum()
        })
        .collect();
    // Sums of floats depend on their order, which must not be that of hashes.
    bits.sort_unstable_by(f64::total_cmp);
    bits.iter().sum::<f64>() / f64::from(total)
}
