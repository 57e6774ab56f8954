//! What a monitor keeps of a system without its traces: for each node how long requests took, how many failed and how many there
//! were, row by row; and who calls whom.

use std::collections::{BTreeMap, BTreeSet};

use super::Word;

/// What a column measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// How long a request took, in seconds.
    Latency,
    /// Which share of the requests failed, from 0 to 1.
    Failures,
    /// How many requests there were.
    Requests,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 3] = [Self::Latency, Self::Failures, Self::Requests];
}

/// What one node showed of one measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What the table calls the metric.
    pub metric: Word,
    /// True where the table has the share that went well, as an availability is.
    pub served: bool,
    /// A value for each row; `None` where nothing was measured.
    pub values: Vec<Option<f64>>,
}

/// Metrics of many nodes, row by row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MetricTable {
    /// When each row was taken, in nanoseconds since 1970, ascending.
    pub times: Vec<i64>,
    /// One column for each measure of a node.
    pub columns: BTreeMap<(Word, Measure), Column>,
}

impl MetricTable {
    /// Every node, once.
    pub fn nodes(&self) -> BTreeSet<Word> {
        self.columns.keys().map(|(node, _)| *node).collect()
    }

    /// What a node showed in a row.
    pub fn at(&self, node: Word, measure: Measure, row: usize) -> Option<f64> {
        *self.columns.get(&(node, measure))?.values.get(row)?
    }
}

/// Who calls whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallGraph {
    /// For each node the ones that it calls.
    pub callees: BTreeMap<Word, BTreeSet<Word>>,
}

impl CallGraph {
    /// Every node of it, callers and callees.
    pub fn nodes(&self) -> BTreeSet<Word> {
        self.callees.iter().flat_map(|(caller, callees)| callees.iter().chain([caller])).copied().collect()
    }

    /// Adds what another graph knows.
    pub fn extend(&mut self, other: Self) {
        for (caller, callees) in other.callees {
            self.callees.entry(caller).or_default().extend(callees);
        }
    }

    /// The ones that a node calls.
    pub fn called_by(&self, node: Word) -> impl Iterator<Item = Word> + '_ {
        self.callees.get(&node).into_iter().flatten().copied()
    }

    /// Of some nodes those by which requests come in: nobody calls them. Where nobody comes in, as in a circle, all that cannot be
    /// reached otherwise.
    pub fn entries(&self, nodes: &BTreeSet<Word>) -> Vec<Word> {
        // Who calls itself is no caller of itself.
        let called: BTreeSet<Word> =
            self.callees.iter().flat_map(|(from, to)| to.iter().copied().filter(move |to| to != from)).collect();
        let mut entries: Vec<Word> = nodes.difference(&called).copied().collect();
        let mut reached = BTreeSet::new();
        for &entry in &entries {
            self.reach(entry, &mut reached, |_| true);
        }
        entries.extend(nodes.iter().filter(|node| !reached.contains(node)));
        entries
    }

    /// Adds a node and everything below it to `reached`, as far as `follows` lets it go.
    pub fn reach(&self, from: Word, reached: &mut BTreeSet<Word>, follows: impl Fn(Word) -> bool) {
        let mut open = vec![from];
        while let Some(node) = open.pop() {
            if reached.insert(node) {
                open.extend(self.called_by(node).filter(|&callee| follows(callee)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(Word, Word)]) -> CallGraph {
        let mut graph = CallGraph::default();
        for &(caller, callee) in edges {
            graph.callees.entry(caller).or_default().insert(callee);
        }
        graph
    }

    #[test]
    fn requests_come_in_where_nobody_calls() {
        let nodes = BTreeSet::from([1, 2, 3, 4]);
        assert_eq!(graph(&[(1, 2), (2, 3), (2, 2)]).entries(&nodes), [1, 4]);
        assert_eq!(CallGraph::default().entries(&nodes), [1, 2, 3, 4]);
        assert_eq!(graph(&[(1, 1)]).entries(&BTreeSet::from([1])), [1], "it only calls itself");
    }

    #[test]
    fn a_circle_that_nobody_enters_is_entered_anywhere() {
        let nodes = BTreeSet::from([1, 2, 3, 4]);
        assert_eq!(graph(&[(1, 2), (3, 4), (4, 3)]).entries(&nodes), [1, 3, 4]);
        let mut reached = BTreeSet::new();
        graph(&[(3, 4), (4, 3), (4, 1)]).reach(3, &mut reached, |node| node != 1);
        assert_eq!(reached, BTreeSet::from([3, 4]));
    }

    #[test]
    fn two_graphs_are_one() {
        let mut both = graph(&[(1, 2)]);
        both.extend(graph(&[(1, 3), (4, 1)]));
        assert_eq!(both, graph(&[(1, 2), (1, 3), (4, 1)]));
    }
}
