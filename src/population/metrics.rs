//! Which node broke, from metrics and a call graph alone: exclusive time, as profilers have it, of added seconds and added failures.
//!
//! What a node has above its usual, times its requests, is what it added; without what its callees added it is its own. Seconds and
//! requests are the same everywhere, so that they can be subtracted and compared, which no relative change can. Only what reaches
//! an entry of the graph counts: there somebody is hurt.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::numbers::quantile;
use super::{Change, Evidence, Ranking, What};
use crate::trace::{CallGraph, Measure, MetricTable, Word, Words};

/// So many rows from the moment on are looked at: the first are nearest to the cause, later ones show repairs and what broke with
/// it. One row alone may be cut by the moment itself.
pub(super) const ROWS: usize = 2;
/// So many median distances from the median are usual: two standard deviations, where values are normal.
const DISTANCES: f64 = 3.0;
/// So much of what was seen is usual.
const USUAL: f64 = 0.95;
/// This share of the usual latency is no change worth telling.
const SHARE: f64 = 0.05;
/// So many failed requests of a row are chance.
const CHANCE: f64 = 3.0;
/// So many rows count half: a change in few of them is weak.
const FEW: f64 = 2.0;
/// Earlier rows of the same table count so much beside a baseline: they are few, and nobody says that they are healthy.
const EARLIER: f64 = 0.6;
/// So many earlier rows tell what is usual; what was long before them may have been another day.
const LOOK_BACK: usize = 48;
/// So much evidence healthy rows reach in less than 1 of 20 windows; it is 1 in the currency of the other evidence.
const QUIET: f64 = 0.25;
/// Nothing is further outside than this: where the usual is nothing at all, anything is without end.
const MOST: f64 = 7.0;

/// What a node added to one measure, and what of it is its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Added {
    /// Latency or failures.
    pub measure: Measure,
    /// What the table calls it.
    pub metric: Word,
    /// The usual value and the present one: seconds, or the share that failed; of so many rows each.
    pub change: Change,
    /// Requests in the rows of now.
    pub requests: f64,
    /// Seconds or failed requests above what is usual.
    pub added: f64,
    /// The part of it that no callee added.
    pub own: f64,
    /// The entry at which it is seen.
    pub symptom: Word,
    /// What that one added.
    pub at_symptom: f64,
    /// From when on, in nanoseconds since 1970.
    pub since: i64,
}

/// What a node showed of one measure, before a moment and from it on.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Level {
    /// What is usual: the median of the baseline's rows, or where it has none, of the rows before.
    pub before: Option<f64>,
    /// The mean over the requests of the rows that are looked at; of requests the mean of these rows.
    pub now: Option<f64>,
    /// Seconds or failed requests above what is usual; of requests nothing.
    pub added: f64,
    /// The part of it that no callee added.
    pub own: f64,
}

/// What is usual for a measure of a node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Normal {
    middle: f64,
    /// Up to here values are usual.
    pub limit: f64,
    rows: u32,
}

fn normal(mut values: Vec<f64>) -> Option<Normal> {
    values.sort_by(f64::total_cmp);
    let middle = quantile(&values, 0.5);
    let mut distances: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    distances.sort_by(f64::total_cmp);
    let limit = (DISTANCES.mul_add(quantile(&distances, 0.5), middle)).max(quantile(&values, USUAL));
    (!values.is_empty()).then_some(Normal { middle, limit, rows: values.len() as u32 })
}

/// What a node showed from a moment on.
#[derive(Debug, Clone, Copy)]
struct Excess {
    /// How far outside the usual, from 0 up.
    strength: f64,
    added: f64,
    requests: f64,
    change: Change,
}

pub(super) type Key = (Word, Measure);

pub(super) struct Metrics<'a> {
    before: BTreeMap<Key, Normal>,
    now: &'a MetricTable,
    graph: &'a CallGraph,
    entries: Vec<Word>,
    counted: bool,
}

/// Ranks nodes: `now` against baselines, or where a node has none there, against its own earlier rows. The moment from which on is
/// the one that tells most. `None` when there is nothing to compare a row with.
pub fn rank_metrics(
    baselines: &[&MetricTable],
    now: &MetricTable,
    graph: &CallGraph,
    words: &Words,
) -> Option<Ranking> {
    let metrics = Metrics::new(baselines, now, graph);
    let first = usize::from(!metrics.before.keys().any(|(_, measure)| told(*measure)));
    if first >= now.times.len() {
        return None;
    }
    let mut best = Ranking::default();
    for moment in first..now.times.len() {
        let evidence = [Measure::Latency, Measure::Failures].map(|measure| metrics.evidence(moment, measure));
        let ranking = Ranking::of(evidence.concat(), words);
        let top = |ranking: &Ranking| ranking.suspects.first().map_or(0.0, |suspect| suspect.score);
        if top(&ranking) > top(&best) {
            best = ranking;
        }
    }
    Some(best)
}

/// What every node showed before a moment, and in the rows from it on that [`rank_metrics`] looks at; without a moment in all rows.
pub fn levels(
    baselines: &[&MetricTable],
    now: &MetricTable,
    graph: &CallGraph,
    since: Option<i64>,
) -> BTreeMap<(Word, Measure), Level> {
    let metrics = Metrics::new(baselines, now, graph);
    let moment = since.map(|since| now.times.partition_point(|&time| time < since));
    let last = moment.map_or(now.times.len(), |moment| (moment + ROWS).min(now.times.len()));
    let excess = [Measure::Latency, Measure::Failures]
        .map(|measure| moment.map_or_else(BTreeMap::new, |moment| metrics.excesses(moment, measure)));
    let keys: BTreeSet<Key> = metrics.before.keys().chain(now.columns.keys()).copied().collect();
    let level = |key: Key| {
        let rows = metrics.rows(key, moment.unwrap_or(0)..last);
        let weight = |requests: f64| if told(key.1) { requests } else { 1.0 };
        let all: f64 = rows.iter().map(|row| weight(row.1)).sum();
        let sum: f64 = rows.iter().map(|&(value, requests)| value * weight(requests)).sum();
        let earlier = || metrics.earlier(key, moment?);
        let excess = &excess[usize::from(key.1 == Measure::Failures)];
        Level {
            before: metrics.before.get(&key).copied().or_else(earlier).map(|usual| usual.middle),
            now: (all > 0.0).then(|| sum / all),
            added: if told(key.1) { added(excess, key.0) } else { 0.0 },
            own: if told(key.1) { metrics.own(excess, key.0) } else { 0.0 },
        }
    };
    keys.into_iter().map(|key| (key, level(key))).collect()
}

/// What a node added, of all that did.
fn added(excess: &BTreeMap<Word, Excess>, node: Word) -> f64 {
    excess.get(&node).map_or(0.0, |excess| excess.added)
}

/// True for what can be worse than usual.
fn told(measure: Measure) -> bool {
    measure != Measure::Requests
}

impl<'a> Metrics<'a> {
    pub fn new(baselines: &[&MetricTable], now: &'a MetricTable, graph: &'a CallGraph) -> Self {
        let mut values: BTreeMap<Key, Vec<f64>> = BTreeMap::new();
        for (&key, column) in baselines.iter().flat_map(|table| &table.columns) {
            values.entry(key).or_default().extend(column.values.iter().flatten());
        }
        let before = values.into_iter().filter_map(|(key, values)| Some((key, normal(values)?))).collect();
        let counted = now.columns.keys().any(|(_, measure)| *measure == Measure::Requests);
        let mut nodes = now.nodes();
        nodes.extend(graph.nodes());
        Self { before, now, graph, entries: graph.entries(&nodes), counted }
    }

    /// What the nodes showed of a measure from a moment on.
    fn excesses(&self, moment: usize, measure: Measure) -> BTreeMap<Word, Excess> {
        let of = |(node, _): &Key| Some((*node, self.excess((*node, measure), moment)?));
        self.now.columns.keys().filter(|key| key.1 == measure).filter_map(of).collect()
    }

    /// What a node added, without what its callees did.
    fn own(&self, excess: &BTreeMap<Word, Excess>, node: Word) -> f64 {
        let callees = self.graph.called_by(node).filter(|&callee| callee != node);
        (added(excess, node) - callees.map(|callee| added(excess, callee)).sum::<f64>()).max(0.0)
    }

    /// For every node with something of its own: the entry that shows it most.
    fn evidence(&self, moment: usize, measure: Measure) -> Vec<Evidence> {
        let excess = self.excesses(moment, measure);
        let added = |node: Word| added(&excess, node);
        let own = |node: Word| self.own(&excess, node);
        let mut best: BTreeMap<Word, Evidence> = BTreeMap::new();
        for &symptom in self.entries.iter().filter(|&&entry| added(entry) > 0.0) {
            let mut below = BTreeSet::new();
            self.graph.reach(symptom, &mut below, |callee| added(callee) > 0.0);
            // Calls at the same time add more below than above.
            let all = below.iter().map(|&node| own(node)).sum::<f64>().max(added(symptom));
            for &node in below.iter().filter(|&&node| own(node) > 0.0) {
                let Excess { strength, added: of_node, requests, change } = excess[&node];
                let strength = strength * own(node) / all / QUIET;
                let what = What::Added(Added {
                    measure,
                    metric: self.now.columns[&(node, measure)].metric,
                    change,
                    requests,
                    added: of_node,
                    own: own(node),
                    symptom,
                    at_symptom: added(symptom),
                    since: self.now.times[moment],
                });
                let evidence = Evidence { service: node, strength, what };
                if best.get(&node).is_none_or(|known| known.strength < strength) {
                    best.insert(node, evidence);
                }
            }
        }
        best.into_values().filter(|evidence| evidence.strength > 0.0).collect()
    }

    /// What was measured in some rows, and in how many requests; rows without a request say nothing.
    pub fn rows(&self, key: Key, rows: Range<usize>) -> Vec<(f64, f64)> {
        let requests = |row: usize| match self.now.at(key.0, Measure::Requests, row) {
            _ if !self.counted => 1.0,
            requests => requests.unwrap_or(0.0),
        };
        let of = |row: usize| Some((self.now.at(key.0, key.1, row)?, requests(row)));
        rows.filter_map(of).filter(|row| row.1 > 0.0).collect()
    }

    fn excess(&self, key: Key, moment: usize) -> Option<Excess> {
        let rows = self.rows(key, moment..(moment + ROWS).min(self.now.times.len()));
        let usual = self.usual(key, moment)?;
        if rows.is_empty() {
            return None;
        }
        let known = if self.before.contains_key(&key) { 1.0 } else { EARLIER };
        let outside = |&(value, requests): &(f64, f64)| {
            let slack = if key.1 == Measure::Latency { SHARE * usual.middle } else { CHANCE / requests };
            let ratio = ((value + slack) / (usual.limit + slack)).ln();
            // Not a number where nothing takes any time at all.
            if ratio > 0.0 { ratio.min(MOST) } else { 0.0 }
        };
        let number = rows.len() as f64;
        let strength = known * rows.iter().map(outside).sum::<f64>() / number * (number / (number + FEW));
        let all: f64 = rows.iter().map(|row| row.1).sum();
        let mean = rows.iter().map(|(value, requests)| value * requests).sum::<f64>() / all;
        let added = rows.iter().map(|(value, requests)| (value - usual.limit).max(0.0) * requests).sum();
        let change = Change { before: usual.middle, now: mean, samples: [usual.rows, rows.len() as u32] };
        Some(Excess { strength, added, requests: all, change })
    }

    /// What was seen in the rows before a moment.
    fn earlier(&self, key: Key, moment: usize) -> Option<Normal> {
        let rows = moment.saturating_sub(LOOK_BACK)..moment;
        normal(rows.filter_map(|row| self.now.at(key.0, key.1, row)).collect())
    }

    /// What is usual before a moment: as in the baseline, or as in the rows before, where those are higher. So what was so already
    /// is nothing new.
    pub fn usual(&self, key: Key, moment: usize) -> Option<Normal> {
        let earlier = self.earlier(key, moment);
        let Some(before) = self.before.get(&key).copied() else { return earlier };
        let raised = earlier.map(|earlier| Normal {
            middle: earlier.middle,
            limit: earlier.middle + before.limit - before.middle,
            rows: earlier.rows,
        });
        Some(raised.filter(|raised| raised.limit > before.limit).unwrap_or(before))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Suspect;
    use super::*;
    use crate::trace::Column;

    const SHOP: Word = 1;
    const BANK: Word = 2;
    const DATABASE: Word = 3;

    /// A shop that calls a bank that calls a database: rows of latency or failures for each, with so many requests.
    fn table(measure: Measure, rows: &[[f64; 3]], requests: [f64; 3]) -> MetricTable {
        let mut table = MetricTable {
            times: (0..rows.len() as i64).map(|row| row * 300_000_000_000).collect(),
            ..MetricTable::default()
        };
        for (at, node) in [SHOP, BANK, DATABASE].into_iter().enumerate() {
            let values = rows.iter().map(|row| Some(row[at])).collect();
            table.columns.insert((node, measure), Column { metric: 9, served: false, values });
            let values = vec![Some(requests[at]); rows.len()];
            table.columns.insert((node, Measure::Requests), Column { metric: 8, served: false, values });
        }
        table
    }

    fn graph() -> CallGraph {
        CallGraph { callees: [(SHOP, BTreeSet::from([BANK])), (BANK, BTreeSet::from([DATABASE]))].into() }
    }

    fn words() -> Words {
        let mut words = Words::default();
        for word in ["shop", "bank", "database"] {
            words.intern(word);
        }
        words
    }

    /// Twenty healthy rows, which are not quite alike.
    fn healthy(measure: Measure, usual: [f64; 3]) -> MetricTable {
        let rows: Vec<[f64; 3]> =
            (0..20).map(|row| usual.map(|value| value * (1.0 + 0.01 * f64::from(row % 5)))).collect();
        table(measure, &rows, [100.0, 50.0, 50.0])
    }

    fn rank(baselines: &[&MetricTable], now: &MetricTable) -> Ranking {
        rank_metrics(baselines, now, &graph(), &words()).unwrap()
    }

    fn added(suspect: &Suspect) -> Added {
        let What::Added(added) = suspect.evidence[0].what else { panic!("{suspect:?}") };
        added
    }

    #[test]
    fn the_one_that_is_slow_itself_goes_before_those_that_wait_for_it() {
        let before = healthy(Measure::Latency, [0.2, 0.1, 0.01]);
        // The bank takes half a second more in each of its requests, which is half a second in each second one of the shop.
        let rows = [[0.2, 0.1, 0.01], [0.2, 0.1, 0.01], [0.45, 0.6, 0.01], [0.45, 0.6, 0.01]];
        let ranking = rank(&[&before], &table(Measure::Latency, &rows, [100.0, 50.0, 50.0]));
        let first = ranking.clear().unwrap();
        let told = added(first);
        assert_eq!((first.service, told.symptom, told.since), (BANK, SHOP, 600_000_000_000));
        assert!(told.own / told.added > 0.99 && told.at_symptom > 45.0 && told.at_symptom < 50.0, "{told:?}");
        assert!((told.change.now - 0.6).abs() < 1e-9 && told.change.samples == [20, 2] && told.requests > 99.0);
        assert!(ranking.suspects.iter().all(|other| other.service == BANK || other.score < 0.2), "{ranking:?}");
    }

    #[test]
    fn what_every_node_showed_is_told_as_the_ranking_saw_it() {
        let before = healthy(Measure::Latency, [0.2, 0.1, 0.01]);
        let rows = [[0.2, 0.1, 0.01], [0.2, 0.1, 0.01], [0.45, 0.6, 0.01], [0.45, 0.6, 0.01], [0.2, 0.1, 0.01]];
        let now = table(Measure::Latency, &rows, [100.0, 50.0, 50.0]);
        let ranking = rank(&[&before], &now);
        let told = added(&ranking.suspects[0]);
        let levels = levels(&[&before], &now, &graph(), Some(told.since));
        let bank = levels[&(BANK, Measure::Latency)];
        assert_eq!((bank.before, bank.now), (Some(told.change.before), Some(told.change.now)));
        assert_eq!((bank.added, bank.own), (told.added, told.own));
        let shop = levels[&(SHOP, Measure::Latency)];
        assert!(shop.added > 40.0 && shop.own < 1.0, "the bank added it: {shop:?}");
        let requests = levels[&(SHOP, Measure::Requests)];
        assert_eq!((requests.before, requests.now, requests.added), (Some(100.0), Some(100.0), 0.0));
        let alone = super::levels(&[], &now, &graph(), Some(told.since))[&(BANK, Measure::Latency)];
        assert_eq!((alone.before, alone.now), (Some(0.1), Some(0.6)), "the rows before say what is usual");
        let calm = super::levels(&[], &now, &graph(), None)[&(BANK, Measure::Latency)];
        assert_eq!((calm.before, calm.added), (None, 0.0));
    }

    #[test]
    fn it_is_the_number_of_requests_that_decides_and_not_the_largest_change() {
        let before = healthy(Measure::Latency, [0.2, 0.1, 0.01]);
        // The database is ten times as slow, but that is less than a tenth of what the bank adds.
        let rows = [[0.2, 0.1, 0.01], [0.2, 0.1, 0.01], [0.95, 1.6, 0.1], [0.95, 1.6, 0.1]];
        let ranking = rank(&[&before], &table(Measure::Latency, &rows, [100.0, 50.0, 50.0]));
        assert_eq!(ranking.suspects.iter().map(|one| one.service).collect::<Vec<Word>>()[..2], [BANK, DATABASE]);
    }

    #[test]
    fn failures_are_followed_down_too_and_earlier_rows_do_where_there_is_no_baseline() {
        let rows = [[0.0, 0.0, 0.0], [0.001, 0.0, 0.0], [0.2, 0.4, 0.4], [0.2, 0.4, 0.4]];
        let ranking = rank(&[], &table(Measure::Failures, &rows, [1000.0, 500.0, 500.0]));
        let first = ranking.clear().unwrap();
        assert_eq!((first.service, added(first).measure), (DATABASE, Measure::Failures));
        assert!((added(first).own - 400.0).abs() < 1.0, "{first:?}");
    }

    #[test]
    fn healthy_rows_have_no_clear_cause_and_what_was_so_before_is_nothing_new() {
        let before = healthy(Measure::Latency, [0.2, 0.1, 0.01]);
        assert!(rank(&[&before], &before).clear().is_none());
        let slow = vec![[0.9, 1.5, 0.01]; 5];
        let ranking = rank(&[&before], &table(Measure::Latency, &slow, [100.0, 50.0, 50.0]));
        assert_eq!(added(ranking.clear().unwrap()).since, 0, "from its first row on");
        assert!(rank(&[], &table(Measure::Latency, &slow, [100.0, 50.0, 50.0])).suspects.is_empty());
    }

    #[test]
    fn what_reaches_nobody_or_cannot_be_compared_is_no_cause() {
        let before = healthy(Measure::Latency, [0.2, 0.1, 0.01]);
        let rows = vec![[0.2, 0.1, 5.0]; 3];
        assert!(rank(&[&before], &table(Measure::Latency, &rows, [100.0, 50.0, 1.0])).suspects.is_empty());
        let one = table(Measure::Latency, &[[1.0, 1.0, 1.0]], [1.0; 3]);
        assert!(rank_metrics(&[], &one, &graph(), &words()).is_none());
        assert!(rank_metrics(&[&before], &MetricTable::default(), &graph(), &words()).is_none());
    }

    #[test]
    fn without_requests_and_without_a_graph_the_largest_addition_is_first() {
        let mut now =
            table(Measure::Latency, &[[0.2, 0.1, 0.0], [0.2, 0.1, 0.0], [0.3, 0.9, 0.0], [0.3, 0.9, 0.0]], [1.0; 3]);
        now.columns.retain(|key, _| key.1 == Measure::Latency);
        let ranking = rank_metrics(&[], &now, &CallGraph::default(), &words()).unwrap();
        assert_eq!(ranking.suspects[0].service, BANK);
        assert!(ranking.suspects.iter().all(|suspect| suspect.score.is_finite()));
    }
}
