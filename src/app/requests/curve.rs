//! One metric of one node over the rows of its table, with what is usual for it.

use crate::analyse::Tables;
use crate::population::{Added, What};
use crate::trace::{Column, Measure, Word, Words, escape};

/// So much of what was seen in the baseline is between the usual lines: all but the lowest and the highest twentieth.
const USUAL: [f64; 3] = [0.05, 0.5, 0.95];

/// A metric to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Whose metric it is, and which.
    pub title: String,
    /// What is measured: seconds, a share from 0 to 1, or requests.
    pub measure: Measure,
    /// Minutes since the first row, and how much was measured then.
    pub points: Vec<[f64; 2]>,
    /// The low end, the middle and the high end of what the baseline showed; `None` where it was not measured there.
    pub usual: Option<[f64; 3]>,
    /// From which minute on the node is under suspicion.
    pub since: Option<f64>,
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
        keys.extend([Measure::Latency, Measure::Failures, Measure::Requests].map(|measure| (node, measure)));
        let mut seen = std::collections::BTreeSet::new();
        keys.retain(|key| seen.insert(*key));
        let symptom = added.map(|added| added.symptom).filter(|&symptom| symptom != node);
        keys.into_iter()
            .filter_map(|key| {
                let column = tables.now.columns.get(&key)?;
                let role = if Some(key.0) == symptom { "the symptom, at " } else { "" };
                let title = format!("{} · {role}{}", words.get(column.metric), words.get(key.0));
                Some(Self::one(tables, key, column, escape(&title).into_owned(), added.map(|added| added.since)))
            })
            .collect()
    }

    fn one(tables: &Tables, key: (Word, Measure), column: &Column, title: String, since: Option<i64>) -> Self {
        let first = tables.now.times.first().copied().unwrap_or_default();
        let minute = |time: i64| time.saturating_sub(first) as f64 / 60e9;
        let rows = tables.now.times.iter().zip(&column.values);
        let points = rows.filter_map(|(&time, value)| Some([minute(time), (*value)?])).collect();
        let before = tables.baselines.iter().filter_map(|table| table.columns.get(&key));
        let mut before: Vec<f64> = before.flat_map(|column| column.values.iter().flatten().copied()).collect();
        before.sort_by(f64::total_cmp);
        let usual =
            before.len().checked_sub(1).map(|last| USUAL.map(|share| before[(share * last as f64).round() as usize]));
        Self { title, measure: key.1, points, usual, since: since.map(minute) }
    }

    /// A value as people write it.
    pub fn value(&self, value: f64) -> String {
        match self.measure {
            Measure::Latency => crate::report::population::time(value * 1000.0),
            Measure::Failures => format!("{:.1} %", value * 100.0),
            Measure::Requests => format!("{value:.0}"),
        }
    }
}
