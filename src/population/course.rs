//! How the nodes of tables of metrics went through an incident, row by row: where each was above what is usual, and since when.

use std::collections::BTreeMap;

use super::metrics::{Metrics, ROWS};
use crate::trace::{CallGraph, Measure, MetricTable, Word};

/// What a node did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Course {
    /// True for each row of the incident's table above what is usual; `None` where nothing was measured, or nothing is usual.
    pub rows: Vec<Option<bool>>,
    /// From which row on the trouble of the incident was there: the first of those without a break.
    pub onset: Option<usize>,
}

/// What all nodes did.
#[derive(Debug, Clone, PartialEq)]
pub struct Courses {
    /// What is followed: the measure that the incident is seen in.
    pub measure: Measure,
    /// Of each node.
    pub of: BTreeMap<Word, Course>,
}

impl Courses {
    /// Those of the nodes of `now`, beside what is usual before a moment, in nanoseconds since 1970.
    pub fn new(baselines: &[&MetricTable], now: &MetricTable, graph: &CallGraph, measure: Measure, since: i64) -> Self {
        let metrics = Metrics::new(baselines, now, graph);
        let moment = now.times.partition_point(|&time| time < since);
        let of = |node: Word| {
            let usual = metrics.usual((node, measure), moment);
            let row = |row: usize| {
                let (value, _) = *metrics.rows((node, measure), row..row + 1).first()?;
                Some(value > usual?.limit)
            };
            let rows: Vec<Option<bool>> = (0..now.times.len()).map(row).collect();
            Course { onset: onset(&rows, moment), rows }
        };
        let nodes = now.columns.keys().filter(|key| key.1 == measure).map(|key| key.0);
        Self { measure, of: nodes.map(|node| (node, of(node))).collect() }
    }
}

/// The first row without a break before the trouble that is there at a moment.
fn onset(rows: &[Option<bool>], moment: usize) -> Option<usize> {
    let troubled = |row: &usize| rows[*row] == Some(true);
    let there = (moment..(moment + ROWS).min(rows.len())).find(troubled)?;
    (0..=there).rev().take_while(troubled).last()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::trace::Column;

    #[test]
    fn trouble_begins_with_its_first_row_and_not_with_an_earlier_one_by_itself() {
        let row = |text: &str| -> Vec<Option<bool>> {
            text.chars().map(|c| if c == '-' { None } else { Some(c == 'x') }).collect()
        };
        assert_eq!(onset(&row("..x.xxx."), 5), Some(4), "it was there a row before the moment that tells most");
        assert_eq!(onset(&row("....x..."), 3), Some(4));
        assert_eq!(onset(&row(".x......"), 3), None);
        assert_eq!(onset(&row("xx-xxx"), 4), Some(3), "nobody knows what was between");
        assert_eq!(onset(&row(""), 0), None);
    }

    #[test]
    fn each_node_is_measured_by_its_own_usual() {
        let (shop, bank) = (1, 2);
        let table = |rows: &[[f64; 2]]| {
            let column = |at: usize| {
                let values = rows.iter().map(|row| Some(row[at]).filter(|value| value.is_finite())).collect();
                Column { metric: 9, served: false, values }
            };
            let columns = [(shop, 0), (bank, 1)].map(|(node, at)| ((node, Measure::Latency), column(at)));
            MetricTable { times: (0..rows.len() as i64).collect(), columns: columns.into() }
        };
        let before = table(&[[0.2, 0.1], [0.21, 0.11], [0.2, 0.1], [0.19, 0.1]]);
        let now = table(&[[0.2, 0.1], [0.2, 0.5], [0.6, 0.5], [0.6, f64::NAN], [0.2, 0.1]]);
        let graph = CallGraph { callees: [(shop, BTreeSet::from([bank]))].into() };
        let courses = Courses::new(&[&before], &now, &graph, Measure::Latency, 2);
        assert_eq!(courses.of[&bank].rows, [Some(false), Some(true), Some(true), None, Some(false)]);
        assert_eq!((courses.of[&bank].onset, courses.of[&shop].onset), (Some(1), Some(2)), "the shop waits later");
    }
}
