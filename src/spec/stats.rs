//! How each field behaves in the sampled events of both sides.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::sample::{Inside, Sample, Sampled, Sort, Timelike};
use crate::trace::{Side, Sides, Sink as _};

type Hashes = HashSet<u64, foldhash::fast::FixedState>;

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
    pub(crate) fraction: u8,
    last: Option<f64>,
}

impl SideStats {
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
            if let Some(last) = self.last {
                self.pairs += 1;
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
    /// The side that a rule about one recording looks at: the baseline, where there is one.
    pub(crate) fn baseline(&self) -> Option<Side> {
        Side::BOTH.into_iter().find(|&side| self.samples[side].is_some())
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

    /// Both sides have ids in it, and hardly any in common: the few that both have are themselves.
    pub(crate) fn strangers(&self) -> bool {
        let (e, a) = (&self.sides.expected.ids, &self.sides.actual.ids);
        !e.is_empty() && !a.is_empty() && e.intersection(a).count() * 4 <= e.len().min(a.len())
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
