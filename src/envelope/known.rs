//! In how many good runs each deviation was seen; what is therefore nothing new, and how unusual all else is.
//!
//! A deviation that enough runs had is inside. So is one that none had, where runs have ever new ones of its sort: the share of
//! runs with one that no other run has tells how likely the next has (Good and Turing; Good 1953).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::deviation::{Deviation, Hashes, Seen};
use super::{ENOUGH, Range};
use crate::compare::{Comparison, Input, gaps};
use crate::trace::{EventIndex, KindId, Side, fnv};

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// One run in so many must have had a deviation for it to be usual.
const SELDOM: u32 = 50;

/// What good runs show, while they are told.
#[derive(Debug, Default)]
pub struct Evidence {
    runs: u32,
    seen: Map<Seen, Told>,
    /// What each run had, by number in `seen`.
    of_run: Vec<Vec<u32>>,
    values: Map<(u64, u64), Range>,
    gaps: Map<(u64, u64), Range>,
    measures: Map<(u64, u64), Range>,
}

/// A deviation, or all of a sort.
#[derive(Debug, Clone, Copy)]
struct Told {
    number: u32,
    runs: u32,
    /// The run that had it last.
    last: u32,
    wider: [Option<Seen>; 2],
}

/// What good runs show.
#[derive(Debug, Default)]
pub struct Known {
    runs: u32,
    alarms: u32,
    seen: Map<Seen, u32>,
    new: Map<Seen, New>,
    values: Map<(u64, u64), Range>,
    gaps: Map<(u64, u64), Range>,
    measures: Map<(u64, u64), Range>,
}

/// Deviations of a sort that only one run had.
#[derive(Debug, Clone, Copy, Default)]
struct New {
    /// How many runs had such.
    runs: u32,
    /// The most that one run had.
    most: u32,
}

/// How unusual a deviation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusual {
    /// True when it is nothing new.
    pub inside: bool,
    /// How many runs had it, of all.
    pub runs: u32,
    /// In words: `never in 40 runs`.
    pub words: String,
}

impl Evidence {
    /// Tells in what a run deviates from the medoid, which is told first and deviates in nothing, as [`super::deviations`] has
    /// it, row by row.
    pub fn deviations(&mut self, rows: &[Vec<Deviation>]) {
        self.runs += 1;
        let run = self.runs;
        let mut own: Vec<u32> = Vec::new();
        for deviation in rows.iter().flatten() {
            let chain = [Some(deviation.seen), deviation.wider[0], deviation.wider[1]];
            for (at, seen) in chain.into_iter().enumerate() {
                let Some(seen) = seen else { break };
                let number = self.seen.len() as u32;
                let wider = [1, 2].map(|step| chain.get(at + step).copied().flatten());
                let told = self.seen.entry(seen).or_insert(Told { number, runs: 0, last: 0, wider });
                if told.last != run {
                    (told.last, told.runs) = (run, told.runs + 1);
                    own.push(told.number);
                }
            }
            if let (Some((medoid, value)), Some(key)) = (deviation.numbers, pool(deviation)) {
                let range = self.values.entry(key).or_default();
                range.tell(run, medoid);
                range.tell(run, value);
            }
        }
        self.of_run.push(own);
    }

    /// Tells the times between a run's events and what they measured: those of `side`. Each run once, the medoid too.
    pub fn spread(&mut self, input: &Input<'_>, side: Side) {
        let (hashes, trace) = (Hashes::of(input), input.traces[side]);
        let run = self.runs;
        let unit = trace.time.as_ref().map_or(1.0, |time| 10_f64.powi(-(time.unit.exponent() as i32)));
        for (event, gap) in (0..).zip(gaps(trace, input.names.lanes.len())) {
            if let Some(gap) = gap {
                self.gaps.entry(hashes.event(input, side, event)).or_default().tell(run, gap as f64 * unit);
            }
        }
        for &(event, field, value) in &trace.measures {
            let key = measured(input, &hashes, side, event, field);
            self.measures.entry(key).or_default().tell(run, value);
        }
    }

    /// What all of them show.
    pub fn finish(self) -> Known {
        let Self { runs, seen, of_run, values, gaps, measures } = self;
        let mut all: Vec<(Seen, Told)> = seen.into_iter().collect();
        all.sort_unstable_by_key(|(_, told)| told.number);
        // Which runs had one that no other run had, and how many: of the next wider sort.
        let mut by_run: BTreeMap<Seen, BTreeMap<u32, u32>> = BTreeMap::new();
        for (_, told) in all.iter().filter(|(_, told)| told.runs == 1) {
            if let Some(wider) = told.wider[0] {
                *by_run.entry(wider).or_default().entry(told.last).or_insert(0) += 1;
            }
        }
        // Each run judged by all others: what only it had is no evidence then.
        let least = least(runs.saturating_sub(1));
        let others = |seen: &Seen, run: u32| {
            by_run.get(seen).map_or(0, |runs| runs.len() - usize::from(runs.contains_key(&run))) as u32
        };
        let is_new = |run: u32, told: &Told| {
            told.wider[0].is_some()
                && told.runs <= least
                && !told.wider.iter().flatten().any(|seen| others(seen, run) >= least)
        };
        let alarms = |run: u32, own: &[u32]| own.iter().any(|&at| is_new(run, &all[at as usize].1));
        let alarms = (1..).zip(&of_run).filter(|(run, own)| alarms(*run, own)).count() as u32;
        let most = |runs: &BTreeMap<u32, u32>| runs.values().copied().max().unwrap_or(0);
        Known {
            runs,
            alarms,
            seen: all.iter().map(|(seen, told)| (*seen, told.runs)).collect(),
            new: by_run.iter().map(|(&seen, of)| (seen, New { runs: of.len() as u32, most: most(of) })).collect(),
            values,
            gaps,
            measures,
        }
    }
}

/// How many of so many runs must have had something.
const fn least(runs: u32) -> u32 {
    let least = runs / SELDOM;
    if least == 0 { 1 } else { least }
}

/// Where the numbers of a changed field come together: by kind and field.
fn pool(deviation: &Deviation) -> Option<(u64, u64)> {
    deviation.wider.iter().flatten().find_map(|seen| match *seen {
        Seen::Like { kind, with, .. } => Some((kind, with)),
        _ => None,
    })
}

/// Where what a field measures comes together: by kind and field.
fn measured(input: &Input<'_>, hashes: &Hashes, side: Side, event: EventIndex, field: u32) -> (u64, u64) {
    let kind: KindId = input.traces[side].events.kinds[event as usize];
    (hashes.kinds[kind as usize], fnv(input.spec.fields[field as usize].path.as_bytes()))
}

impl Known {
    /// How many good runs, the medoid among them.
    pub const fn runs(&self) -> u32 {
        self.runs
    }

    /// How many of the runs besides the medoid would be said to deviate by what all others show.
    pub const fn alarms(&self) -> u32 {
        self.alarms
    }

    /// Judges one further run.
    pub fn judge(&self) -> Judge<'_> {
        Judge { known: self, new: BTreeMap::new() }
    }

    /// The medoid's events whose partners come later than any good run makes likely, ascending; `None` where too few runs were
    /// told to say so.
    pub fn late(&self, input: &Input<'_>, comparison: &Comparison) -> Option<Vec<EventIndex>> {
        if self.runs < ENOUGH {
            return None;
        }
        let (hashes, trace) = (Hashes::of(input), input.traces.actual);
        let unit = trace.time.as_ref().map_or(1.0, |time| 10_f64.powi(-(time.unit.exponent() as i32)));
        let mut late: Vec<EventIndex> = ((0..).zip(gaps(trace, input.names.lanes.len())))
            .filter_map(|(event, gap)| Some((event, gap? as f64 * unit)))
            .filter(|&(event, gap)| {
                let range = self.gaps.get(&hashes.event(input, Side::Actual, event));
                range.is_some_and(|range| range.is_above(gap))
            })
            .filter_map(|(event, _)| comparison.rows.get(comparison.rows.row_of(Side::Actual, event)?).expected)
            .collect();
        late.sort_unstable();
        Some(late)
    }

    /// The medoid's events whose partners measured what no good run makes likely, ascending.
    pub fn drifted(&self, input: &Input<'_>, comparison: &Comparison) -> Vec<EventIndex> {
        let hashes = Hashes::of(input);
        let mut drifted: Vec<EventIndex> = (input.traces.actual.measures.iter())
            .filter(|&&(event, field, value)| {
                let key = measured(input, &hashes, Side::Actual, event, field);
                self.measures.get(&key).is_some_and(|range| range.is_beyond(value))
            })
            .filter_map(|&(event, ..)| comparison.rows.get(comparison.rows.row_of(Side::Actual, event)?).expected)
            .collect();
        drifted.sort_unstable();
        drifted.dedup();
        drifted
    }
}

/// The judgement of one run. It remembers what was new in it: more than any good run had is no longer nothing new.
#[derive(Debug)]
pub struct Judge<'a> {
    known: &'a Known,
    /// By sort, what no good run had.
    new: BTreeMap<Seen, BTreeSet<Seen>>,
}

impl Judge<'_> {
    /// How many good runs it judges by.
    pub const fn runs(&self) -> u32 {
        self.known.runs
    }

    /// How unusual each row is, by its deviations. A row with none is never inside.
    pub fn rows(&mut self, rows: &[Vec<Deviation>]) -> Vec<Unusual> {
        let least = least(self.known.runs);
        let count = |seen: &Seen| self.known.seen.get(seen).copied().unwrap_or(0);
        for deviation in rows.iter().flatten().filter(|deviation| count(&deviation.seen) < least) {
            let mut seen = deviation.seen;
            for wider in deviation.wider.into_iter().flatten() {
                if count(&seen) < least {
                    self.new.entry(wider).or_default().insert(seen);
                }
                seen = wider;
            }
        }
        rows.iter().map(|row| self.row(row, least)).collect()
    }

    fn row(&self, row: &[Deviation], least: u32) -> Unusual {
        let runs = |deviation: &Deviation| self.known.seen.get(&deviation.seen).copied().unwrap_or(0);
        let inside = |deviation: &Deviation| runs(deviation) >= least || self.is_ever_new(deviation, least);
        let outside: Vec<&Deviation> = row.iter().filter(|deviation| !inside(deviation)).collect();
        let seldom = outside.iter().copied().chain(row).min_by_key(|deviation| runs(deviation));
        let of = self.known.runs;
        let runs = seldom.map_or(0, runs);
        let elsewhere = seldom.and_then(|deviation| {
            let wide = deviation.wider.iter().flatten().next_back()?;
            self.known.seen.get(wide).copied()
        });
        let words = match (runs, elsewhere) {
            (0, None | Some(0)) => format!("never in {of} runs"),
            (0, Some(elsewhere)) => format!("never here in {of} runs; elsewhere in {elsewhere}"),
            (runs, _) => format!("in {runs} of {of} runs"),
        };
        Unusual { inside: !row.is_empty() && outside.is_empty(), runs, words }
    }

    /// True where runs have ever new ones of this sort, of which this run has no more than others.
    fn is_ever_new(&self, deviation: &Deviation, least: u32) -> bool {
        if let (Some((_, value)), Some(key)) = (deviation.numbers, pool(deviation))
            && !self.known.values.get(&key).is_some_and(|range| range.is_near(value))
        {
            return false;
        }
        deviation.wider.iter().flatten().any(|seen| self.is_sort_ever_new(seen, least))
            || deviation.or.iter().flatten().any(|(gone, sort)| {
                self.known.seen.get(gone).is_some_and(|&runs| runs >= least) && self.is_sort_ever_new(sort, least)
            })
    }

    fn is_sort_ever_new(&self, seen: &Seen, least: u32) -> bool {
        let Some(new) = self.known.new.get(seen).filter(|new| new.runs >= least) else { return false };
        let own = self.new.get(seen).map_or(0, BTreeSet::len) as u32;
        // The most of few runs is not the most that there is.
        own <= new.most + new.most / 2 + 1
    }
}
