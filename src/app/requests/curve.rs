//! One metric of one node over the rows of its table, with what is usual for it.

use crate::analyse::Tables;
use crate::population::{Added, What};
use crate::report::population::measured;
use crate::trace::{Column, Measure, Word, Words, escape};
use crate::view::{Pyramid, Series};

/// So much of what was usual is between the outer lines: all but the lowest and the highest twentieth.
const USUAL: [f64; 3] = [0.05, 0.5, 0.95];
/// Rows further apart than so many times the usual distance are not joined by a line.
const APART: f64 = 1.5;
/// Room above the highest value, as a share of it.
const ABOVE: f64 = 0.08;
/// A plot reaches at least so far: a millisecond, a twentieth of the requests, a request. Where nothing happens nothing is blown up.
const LEAST: [f64; 3] = [0.001, 0.05, 1.0];

/// A metric to be drawn, in the table's own terms: an availability is one, not the share that fails.
#[derive(Debug, Clone)]
pub struct Curve {
    /// What the table calls it.
    pub metric: String,
    /// Whose it is, with `symptom at` before the entry that a node's trouble is seen at.
    pub node: String,
    /// What is measured: seconds, a share from 0 to 1, or requests.
    pub measure: Measure,
    /// When the first row was taken, in nanoseconds since 1970.
    pub begin: i64,
    /// Seconds since the first row, and how much was measured then; not a number where nothing was.
    times: Vec<f64>,
    values: Vec<f64>,
    pyramid: Pyramid,
    longest: f64,
    /// The low end, the middle and the high end of what is usual: of the baseline, or where it has nothing, of the rows before the
    /// suspicion; `None` where neither has.
    pub usual: Option<[f64; 3]>,
    /// From how many seconds on the node is under suspicion.
    pub since: Option<f64>,
    /// From where to where the plot reaches.
    pub range: [f64; 2],
}

impl Curve {
    /// The metrics of a node: the one that speaks for it first, then that of the entry that it is seen at, then its others.
    pub(super) fn of(tables: &Tables, node: Word, what: Option<&What>, words: &Words) -> Vec<Self> {
        let added = match what {
            Some(What::Added(added)) => Some(*added),
            _ => None,
        };
        let mut keys: Vec<(Word, Measure)> = Vec::new();
        if let Some(Added { measure, symptom, .. }) = added {
            keys.extend([(node, measure), (symptom, measure)]);
        }
        keys.extend(Measure::ALL.map(|measure| (node, measure)));
        let mut seen = std::collections::BTreeSet::new();
        keys.retain(|key| seen.insert(*key));
        let symptom = added.map(|added| added.symptom).filter(|&symptom| symptom != node);
        let since = added.map(|added| added.since);
        keys.into_iter()
            .filter_map(|key| {
                let column = tables.now.columns.get(&key)?;
                let role = if Some(key.0) == symptom { "symptom at " } else { "" };
                let node = format!("{role}{}", escape(words.get(key.0)));
                let metric = escape(words.get(column.metric)).into_owned();
                Some(Self { metric, node, ..Self::one(tables, key, column, since) })
            })
            .collect()
    }

    fn one(tables: &Tables, key: (Word, Measure), column: &Column, since: Option<i64>) -> Self {
        let begin = tables.now.times.first().copied().unwrap_or_default();
        let second = |time: i64| time.saturating_sub(begin) as f64 / 1e9;
        let told = |value: f64| if column.served { 1.0 - value } else { value };
        let times: Vec<f64> = tables.now.times.iter().map(|&time| second(time)).collect();
        let values: Vec<f64> = column.values.iter().map(|value| value.map_or(f64::NAN, told)).collect();
        let mut before: Vec<f64> = tables
            .baselines
            .iter()
            .filter_map(|table| table.columns.get(&key))
            .flat_map(|column| column.values.iter().flatten().copied().map(told))
            .collect();
        if before.is_empty() {
            let earlier = tables.now.times.iter().zip(&values).take_while(|(time, _)| Some(**time) < since);
            before.extend(earlier.map(|(_, value)| *value).filter(|value| value.is_finite()));
        }
        before.sort_by(f64::total_cmp);
        let usual =
            before.len().checked_sub(1).map(|last| USUAL.map(|share| before[(share * last as f64).round() as usize]));
        let mut steps: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        steps.sort_by(f64::total_cmp);
        let longest = APART * steps.get(steps.len() / 2).copied().unwrap_or(0.0);
        let pyramid = Pyramid::new(&times, &values);
        let range = range(key.1, column.served, values.iter().chain(usual.iter().flatten()));
        let since = since.map(second);
        let (metric, node) = (String::new(), String::new());
        Self { metric, node, measure: key.1, begin, times, values, pyramid, longest, usual, since, range }
    }

    /// What is drawn.
    pub fn series(&self) -> Series<'_> {
        Series::new(&self.times, &self.values, &self.pyramid, self.longest)
    }

    /// How many seconds the rows reach over.
    pub fn length(&self) -> f64 {
        self.times.last().copied().unwrap_or(0.0)
    }

    /// How many rows there are.
    pub const fn rows(&self) -> usize {
        self.times.len()
    }

    /// The row nearest to a moment: when it was taken, in seconds since the first, and what was measured.
    pub fn nearest(&self, second: f64) -> Option<(f64, Option<f64>)> {
        let after = self.times.partition_point(|&time| time < second);
        let near = [after.checked_sub(1), Some(after)].into_iter().flatten().filter(|&row| row < self.times.len());
        let row = near.min_by(|&a, &b| (self.times[a] - second).abs().total_cmp(&(self.times[b] - second).abs()))?;
        Some((self.times[row], Some(self.values[row]).filter(|value| value.is_finite())))
    }

    /// The last that was measured.
    pub fn last(&self) -> Option<f64> {
        self.values.iter().rev().copied().find(|value| value.is_finite())
    }

    /// A value at a tick of the axis, where ticks are so far apart.
    pub fn tick(&self, value: f64, step: f64) -> String {
        match self.measure {
            _ if value == 0.0 => "0".to_owned(),
            Measure::Failures => {
                let digits = (-(step * 100.0).log10().floor()).clamp(0.0, 2.0) as usize;
                format!("{:.digits$} %", value * 100.0)
            }
            Measure::Latency | Measure::Requests => self.value(value),
        }
    }

    /// A value as people write it.
    pub fn value(&self, value: f64) -> String {
        measured(self.measure, value)
    }
}

/// From where to where a plot reaches: from nothing, or where the share that went well is told, up to all.
fn range<'a>(measure: Measure, served: bool, values: impl Iterator<Item = &'a f64>) -> [f64; 2] {
    let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
    for &value in values.filter(|value| value.is_finite()) {
        (least, most) = (least.min(value), most.max(value));
    }
    let at_least = LEAST[measure as usize];
    if served {
        let below = (1.0 - least.min(1.0)) * (1.0 + ABOVE);
        return [(1.0 - below.max(at_least)).max(0.0), 1.0];
    }
    let most = (most * (1.0 + ABOVE)).max(at_least);
    [0.0, if measure == Measure::Failures { most.min(1.0) } else { most }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_reaches_from_nothing_and_never_blows_nothing_up() {
        let near = |range: [f64; 2], known: [f64; 2]| range.iter().zip(known).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(near(range(Measure::Latency, false, [].iter()), [0.0, 0.001]));
        assert!(near(range(Measure::Requests, false, [f64::NAN, 100.0].iter()), [0.0, 108.0]));
        assert!(near(range(Measure::Failures, false, [0.0, 0.0].iter()), [0.0, 0.05]));
        assert!(near(range(Measure::Failures, false, [1.0].iter()), [0.0, 1.0]));
        assert!(near(range(Measure::Failures, true, [1.0, 1.0].iter()), [0.95, 1.0]));
        assert!(near(range(Measure::Failures, true, [1.0, 0.5].iter()), [0.46, 1.0]));
    }
}
