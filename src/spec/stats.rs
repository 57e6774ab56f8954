//! How each field behaves in the sampled events of both sides.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::sample::{Inside, Sample, Sampled, Sort, Timelike};
use crate::trace::{Side, Sides, Sink as _};

type Hashes = HashSet<u64, foldhash::fast::FixedState>;

/// How much of the way that a number goes must lead up for it to climb; what goes up and down at random stays near nothing.
const CLIMBS: f64 = 0.3;

/// Smaller numbers count something.
const BY_THE_SYSTEM: f64 = 100.0;

/// Distinct numbers on each side that may be names though each comes but a few times.
const MANY_IDS: usize = 4;

/// How a field behaves on one side.
#[derive(Debug, Clone, Default)]
pub(crate) struct SideStats {
    /// Events that have it.
    pub(crate) present: u32,
    /// Event and value, in order.
    pub(crate) column: Vec<(u32, u64)>,
    pub(crate) distinct: Hashes,
    pub(crate) bools: u32,
    pub(crate) ints: u32,
    pub(crate) decimals: u32,
    pub(crate) texts: u32,
    /// Texts of digits as long as a time's.
    pub(crate) digits: u32,
    pub(crate) id_shaped: u32,
    /// Events whose value has ids or times inside, and the ids.
    pub(crate) with_ids: u32,
    pub(crate) with_times: u32,
    pub(crate) ids: Hashes,
    /// Distinct values without the ids and times in them.
    pub(crate) templates: Hashes,
    /// Distinct values of the durations inside.
    pub(crate) durations: Hashes,
    pub(crate) iso: u32,
    pub(crate) wordy: u32,
    /// Of consecutive events that have it: how many pairs, how many do not fall, how many rise by exactly one.
    pub(crate) pairs: u32,
    pub(crate) not_falling: u32,
    pub(crate) by_one: u32,
    pub(crate) largest: f64,
    pub(crate) smallest: f64,
    /// The way from its first number to its last, and the way that it went.
    pub(crate) climbed: f64,
    pub(crate) travelled: f64,
    pub(crate) fraction: u8,
    last: Option<f64>,
}

impl SideStats {
    /// True when each of its values, which have several events each, has one value of `other` at most.
    pub(crate) fn owns(&self, other: &Self) -> bool {
        let owners: HashMap<u32, u64, foldhash::fast::FixedState> = self.column.iter().copied().collect();
        let mut of: HashMap<u64, u64, foldhash::fast::FixedState> = HashMap::default();
        let alike = |&(event, value): &(u32, u64)| {
            owners.get(&event).is_none_or(|&owner| *of.entry(owner).or_insert(value) == value)
        };
        self.distinct.len() * 2 <= self.present as usize
            && other.distinct.len() < self.distinct.len()
            && other.column.iter().all(alike)
    }

    fn add(&mut self, event: u32, v: &Sampled, inside: Option<&Inside>) {
        self.present += 1;
        self.column.push((event, v.hash));
        let is_new = !v.again && self.distinct.insert(v.hash);
        match v.sort {
            Sort::Bool => self.bools += 1,
            Sort::Int => self.ints += 1,
            Sort::Decimal => self.decimals += 1,
            Sort::Text => self.texts += 1,
            Sort::Json => {}
        }
        // What is inside is the same for the same value.
        if is_new {
            self.templates.insert(inside.map_or(v.hash, |i| i.template));
            self.ids.extend(inside.iter().flat_map(|i| &i.ids));
        }
        if let Some(inside) = inside {
            self.with_ids += u32::from(!inside.ids.is_empty());
            self.with_times += u32::from(inside.ids.is_empty() && inside.template != v.hash);
            if is_new && inside.durations != 0 {
                self.durations.insert(inside.durations);
            }
        }
        self.id_shaped += u32::from(v.id_shaped);
        self.iso += u32::from(v.timelike == Timelike::Iso);
        self.digits += u32::from(v.timelike == Timelike::Digits);
        self.wordy += u32::from(v.wordy);
        self.fraction = self.fraction.max(v.fraction);
        if matches!(v.sort, Sort::Int | Sort::Decimal) || v.timelike == Timelike::Digits {
            self.largest = self.largest.max(v.number.abs());
            self.smallest = if self.last.is_none() { v.number } else { self.smallest.min(v.number) };
            if let Some(last) = self.last {
                self.pairs += 1;
                self.climbed += v.number - last;
                self.travelled += (v.number - last).abs();
                self.not_falling += u32::from(v.number >= last);
                self.by_one += u32::from((v.number - last - 1.0).abs() < f64::EPSILON);
            }
            self.last = Some(v.number);
        }
    }
}

/// How a field behaves on both sides.
#[derive(Debug)]
pub(crate) struct Stats {
    pub(crate) path: String,
    pub(crate) sides: Sides<Arc<SideStats>>,
    /// Its number within each side's sample.
    pub(crate) ids: Sides<Option<u32>>,
}

/// Everything that was seen in the samples.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub(crate) stats: &'a [Stats],
    pub(crate) samples: Sides<Option<&'a Sample>>,
    /// How many events each sample has.
    pub(crate) events: Sides<usize>,
}

impl Seen<'_> {
    /// How many events both samples have.
    pub(crate) fn records(&self) -> u32 {
        (self.events.expected + self.events.actual) as u32
    }

    /// The side that a rule about one recording looks at: the baseline, where there is one.
    pub(crate) fn baseline(&self) -> Option<Side> {
        Side::BOTH.into_iter().find(|&side| self.samples[side].is_some())
    }

    /// Event and number of a field on one side, in order.
    pub(crate) fn numbers(&self, field: usize, side: Side) -> Vec<(u32, f64)> {
        let (Some(sample), Some(id)) = (self.samples[side], self.stats[field].ids[side]) else { return Vec::new() };
        // Events are alike, so the field tends to stand where it did in the one before.
        let mut place = 0;
        let column = self.stats[field].sides[side].column.iter();
        column
            .filter_map(|&(event, _)| {
                let values = sample.event(event as usize);
                if values.get(place).is_none_or(|v| v.field != id) {
                    place = values.iter().position(|v| v.field == id)?;
                }
                Some((event, values[place].number))
            })
            .collect()
    }

    /// The distinct values of a field on one side; "" for one that is no short text.
    pub(crate) fn texts(&self, field: usize, side: Side) -> impl Iterator<Item = &str> {
        let distinct = &self.stats[field].sides[side].distinct;
        let texts = self.samples[side].map(|sample| &sample.texts);
        distinct.iter().filter_map(move |hash| Some(texts?.get(hash).map_or("", String::as_str)))
    }

    /// The value of a field in each event of a side; 0 where it has none.
    pub(crate) fn dense(&self, field: usize, side: Side) -> Vec<u64> {
        let mut values = vec![0; self.events[side]];
        for &(event, hash) in &self.stats[field].sides[side].column {
            values[event as usize] = hash;
        }
        values
    }
}

impl Stats {
    /// Both sides have values, and at most half of them in common.
    pub(crate) fn seldom_equal(&self) -> bool {
        let (e, a) = (&self.sides.expected.distinct, &self.sides.actual.distinct);
        e.intersection(a).count() * 2 <= e.len().min(a.len())
    }

    pub(crate) fn sum(&self, of: impl Fn(&SideStats) -> u32) -> u32 {
        of(&self.sides.expected) + of(&self.sides.actual)
    }

    pub(crate) fn present(&self) -> u32 {
        self.sum(|s| s.present)
    }

    pub(crate) fn numeric(&self) -> bool {
        let numbers = self.sum(|s| s.ints + s.decimals);
        numbers > 0 && f64::from(numbers) >= 0.95 * f64::from(self.present())
    }

    pub(crate) fn textual(&self) -> bool {
        self.sum(|s| s.texts) * 2 > self.present()
    }

    /// At least this share of its values.
    pub(crate) fn mostly(&self, of: impl Fn(&SideStats) -> u32, share: f64) -> bool {
        self.present() > 0 && f64::from(self.sum(of)) >= share * f64::from(self.present())
    }

    /// Distinct values over both sides.
    pub(crate) fn distinct(&self) -> usize {
        self.sides.expected.distinct.union(&self.sides.actual.distinct).count()
    }

    /// Distinct values over both sides, whatever ids are in them.
    pub(crate) fn templates(&self) -> usize {
        self.sides.expected.templates.union(&self.sides.actual.templates).count()
    }

    /// One value only, on each side that has it.
    pub(crate) fn constant_within(&self) -> bool {
        self.sides.expected.distinct.len() <= 1 && self.sides.actual.distinct.len() <= 1
    }

    /// Nearly every one of the records of each side has it.
    pub(crate) fn is_everywhere(&self, records: u32) -> bool {
        self.present() * 10 >= records * 9
    }

    /// Its values come again and again.
    pub(crate) fn few_of_each(&self) -> bool {
        [&self.sides.expected, &self.sides.actual].into_iter().all(|s| s.distinct.len() * 6 <= s.present as usize)
    }

    /// Whole numbers as large as those that systems give to processes and threads, and others on the other side.
    pub(crate) fn numbered_by_the_system(&self) -> bool {
        let large = |s: &SideStats| s.smallest >= BY_THE_SYSTEM;
        self.sum(|s| s.ints) == self.present()
            && self.disjoint()
            && large(&self.sides.expected)
            && large(&self.sides.actual)
    }

    /// Its values on the two sides differ from the first ones on: they come from without, not from what the run does.
    pub(crate) fn differs_from_the_start(&self) -> bool {
        let first = |s: &SideStats| s.column.first().map(|(_, value)| *value);
        let firsts = first(&self.sides.expected).zip(first(&self.sides.actual));
        firsts.is_none_or(|(e, a)| e != a && self.seldom_equal())
    }

    /// Such numbers that come again, as many on either side: names, and no quantities.
    pub(crate) fn numbers_ids(&self) -> bool {
        let [e, a] = [&self.sides.expected, &self.sides.actual].map(|s| s.distinct.len());
        self.numbered_by_the_system()
            && e.min(a) >= 2
            && e.abs_diff(a) * 10 <= e.max(a)
            && ((e + a) * 3 <= self.present() as usize && e.min(a) >= MANY_IDS || self.few_of_each())
    }

    /// Rises by exactly one from event to event, nearly always.
    pub(crate) fn counts_records(&self) -> bool {
        let pairs = self.sum(|s| s.pairs);
        pairs >= 1 && f64::from(self.sum(|s| s.by_one)) >= 0.95 * f64::from(pairs)
    }

    /// Falls less often than chance would have it: times of several clocks, of which some go ahead.
    pub(crate) fn drifts_upward(&self) -> bool {
        let pairs = self.sum(|s| s.pairs);
        pairs >= 1 && f64::from(self.sum(|s| s.not_falling)) >= 0.6 * f64::from(pairs) && !self.constant_within()
    }

    /// Hardly ever falls, and does rise.
    pub(crate) fn rises(&self) -> bool {
        let pairs = self.sum(|s| s.pairs);
        pairs >= 1 && f64::from(self.sum(|s| s.not_falling)) >= 0.9 * f64::from(pairs) && !self.constant_within()
    }

    /// Both sides have ids in it, and hardly any in common: the few that both have are themselves, and more than one is not.
    pub(crate) fn strangers(&self) -> bool {
        let (e, a) = (&self.sides.expected.ids, &self.sides.actual.ids);
        !e.is_empty() && !a.is_empty() && e.intersection(a).count() * 3 <= e.len().min(a.len())
    }

    /// Goes up far more than up and down, in at least so many steps.
    pub(crate) fn climbs(&self, least: u32) -> bool {
        let sides = || [&self.sides.expected, &self.sides.actual].into_iter().filter(|s| s.present > 0);
        self.sum(|s| s.pairs) >= least && sides().all(|s| s.climbed > CLIMBS * s.travelled)
    }

    /// Hardly ever the same twice on either side.
    pub(crate) fn varied(&self) -> bool {
        [&self.sides.expected, &self.sides.actual].into_iter().all(|s| s.distinct.len() * 2 >= s.present as usize)
    }

    /// All its numbers are dates of this century, in one unit from seconds to nanoseconds.
    pub(crate) fn is_epoch(&self) -> bool {
        let sides = || [&self.sides.expected, &self.sides.actual].into_iter().filter(|s| s.present > 0);
        let dates = |unit: f64| sides().all(|s| s.smallest >= 9.4e8 * unit && s.largest <= 4.1e9 * unit);
        [1.0, 1e3, 1e6, 1e9].into_iter().any(dates)
    }

    /// Both sides have values, and hardly any in common.
    pub(crate) fn disjoint(&self) -> bool {
        let (e, a) = (&self.sides.expected.distinct, &self.sides.actual.distinct);
        let common = e.intersection(a).count();
        !e.is_empty() && !a.is_empty() && common * 20 <= e.len().min(a.len())
    }
}

fn is_one(samples: Sides<Option<&Sample>>) -> bool {
    matches!((samples.expected, samples.actual), (Some(expected), Some(actual)) if std::ptr::eq(expected, actual))
}

/// The statistics of every field, in the order of first appearance, expected's first.
pub(crate) fn gather(samples: Sides<Option<&Sample>>) -> Vec<Stats> {
    let mut all: Vec<Stats> = Vec::new();
    let mut by_path: HashMap<String, usize, foldhash::fast::FixedState> = HashMap::default();
    if is_one(samples) {
        let mut all = gather(Sides::new(samples.expected, None));
        for stats in &mut all {
            stats.sides.actual = Arc::clone(&stats.sides.expected);
            stats.ids.actual = stats.ids.expected;
        }
        return all;
    }
    for side in Side::BOTH {
        let Some(sample) = samples[side] else { continue };
        let map: Vec<usize> = sample
            .paths
            .iter()
            .enumerate()
            .map(|(id, path)| {
                let at = *by_path.entry(path.clone()).or_insert_with(|| {
                    all.push(Stats { path: path.clone(), sides: Sides::default(), ids: Sides::default() });
                    all.len() - 1
                });
                all[at].ids[side] = Some(id as u32);
                at
            })
            .collect();
        let mut fields = vec![SideStats::default(); map.len()];
        let mut counts = vec![0; map.len()];
        sample.values.iter().for_each(|value| counts[value.field as usize] += 1);
        fields.iter_mut().zip(counts).for_each(|(field, count)| field.column.reserve_exact(count));
        for event in 0..sample.len() {
            for value in sample.event(event) {
                let inside = if value.inside { sample.inside.get(value.field, value.hash) } else { None };
                fields[value.field as usize].add(event as u32, value, inside);
            }
        }
        for (at, field) in map.into_iter().zip(fields) {
            all[at].sides[side] = Arc::new(field);
        }
    }
    all
}
