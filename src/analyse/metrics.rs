//! From tables of metrics and call graphs to the nodes that broke.

use std::sync::Arc;

use super::population::{Population, Tables, Told};
use super::service_graph::ServiceGraph;
use super::session::{Progress, Stage, Trouble};
use crate::ingest::{read_call_graph, read_metric_table};
use crate::pack::{Metrics, Source};
use crate::population::{Courses, Ranking, What, levels, rank_metrics};
use crate::trace::{CallGraph, Measure, MetricTable, Side, Sides, Warning, WarningKind, Warnings, Words};

impl Population {
    /// Reads the metrics and call graphs of both sides and compares them.
    ///
    /// # Errors
    /// When a side cannot be read at all, or the progress says to stop.
    pub fn of_metrics(sides: &Sides<Metrics>, progress: &dyn Progress) -> Result<Self, Trouble> {
        let mut words = Words::default();
        let mut warnings = Warnings::default();
        let mut graph = CallGraph::default();
        let mut tables: Sides<Vec<MetricTable>> = Sides::default();
        let of = |side: Side| sides[side].tables.iter().chain(&sides[side].graphs);
        let files: Vec<(Side, &Arc<Source>)> =
            Side::BOTH.into_iter().flat_map(|side| of(side).map(move |source| (side, source))).collect();
        for side in Side::BOTH {
            warnings.extend(sides[side].warnings.clone());
        }
        for (done, (side, source)) in (1..).zip(&files) {
            if progress.cancelled() {
                return Err(Trouble::Cancelled);
            }
            let bytes = source.whole(usize::MAX, &mut warnings)?.unwrap_or_default();
            let name = sides[*side].file(source);
            if sides[*side].graphs.iter().any(|other| Arc::ptr_eq(other, source)) {
                let (read, more) = read_call_graph(&name, &bytes, &mut words);
                graph.extend(read);
                warnings.extend(more);
            } else {
                let (table, more) = read_metric_table(&name, &bytes, &mut words);
                tables[*side].push(table);
                warnings.extend(more);
            }
            progress.step(Stage::Reading, done, files.len() as u64);
        }
        if graph.callees.is_empty() {
            let what = "There is no call graph, so that nobody knows who waits for whom: each node stands alone.";
            let remedy = "Put one beside the metrics: the nodes above the columns and before the rows, 1 where the row calls the column.";
            warnings.push(note(what.to_owned(), remedy));
        }
        progress.step(Stage::Comparing, 0, 1);
        let now = tables.actual.pop().unwrap_or_default();
        let baselines: Vec<&MetricTable> = tables.expected.iter().collect();
        // What is compared with itself is like it, whatever happened within.
        let same = baselines.iter().any(|baseline| **baseline == now);
        let ranking = if same { Some(Ranking::default()) } else { rank_metrics(&baselines, &now, &graph, &words) };
        progress.step(Stage::Comparing, 1, 1);
        let told = |side: Side, tables: &[&MetricTable], rows: usize| Told {
            label: sides[side].label.clone(),
            requests: tables.iter().map(|table| requests(table, &graph, rows)).sum(),
            metrics: tables.iter().map(|table| table.columns.len() as u64).max().unwrap_or(0),
            rows: tables.iter().map(|table| table.times.len().min(rows) as u64).sum(),
            ..Told::default()
        };
        let usual = match &ranking {
            None => told(Side::Expected, &[], 0),
            Some(_) if !baselines.is_empty() => told(Side::Expected, &baselines, usize::MAX),
            Some(ranking) => {
                let rows = earlier(ranking, &now);
                let what = format!(
                    "{} holds no metrics: what is usual is taken from the first {rows} rows of {}.",
                    sides.expected.label, sides.actual.label
                );
                warnings.push(note(what, "Give healthy metrics as the baseline where there are some."));
                told(Side::Expected, &[&now], rows)
            }
        };
        let told = Sides::new(usual, told(Side::Actual, &[&now], usize::MAX));
        let ranking = ranking.unwrap_or_default();
        let levels = levels(&baselines, &now, &graph, since(&ranking));
        let courses =
            suspicion(&ranking).map(|(measure, since)| Courses::new(&baselines, &now, &graph, measure, since));
        let tables = Tables { levels, courses, baselines: tables.expected, now };
        let (services, incident) = ServiceGraph::of_metrics(&tables, &graph, &ranking, &words);
        Ok(Self {
            told,
            baselines: Vec::new(),
            words,
            ranking,
            services,
            incident,
            warnings,
            windows: Sides::default(),
            tables: Some(tables),
            strangers: false,
        })
    }
}

fn note(what: String, remedy: &str) -> Warning {
    let (file, remedy) = (String::new(), remedy.to_owned());
    Warning { kind: WarningKind::Note, file, line: None, what, remedy, more: 0 }
}

/// How many requests came in within the first rows; each row counts as one where they are not counted.
fn requests(table: &MetricTable, graph: &CallGraph, rows: usize) -> u64 {
    let rows = rows.min(table.times.len());
    if !table.columns.keys().any(|(_, measure)| *measure == Measure::Requests) {
        return rows as u64;
    }
    let entries = graph.entries(&table.nodes());
    let of = |row: usize| entries.iter().filter_map(move |&node| table.at(node, Measure::Requests, row)).sum::<f64>();
    (0..rows).map(of).sum::<f64>().round() as u64
}

/// How many rows are before the moment that was found.
fn earlier(ranking: &Ranking, now: &MetricTable) -> usize {
    since(ranking).map_or(now.times.len(), |since| now.times.partition_point(|&time| time < since))
}

/// The moment from which on a node is under suspicion.
fn since(ranking: &Ranking) -> Option<i64> {
    suspicion(ranking).map(|(_, since)| since)
}

/// What a node is under suspicion for, and from which moment on.
fn suspicion(ranking: &Ranking) -> Option<(Measure, i64)> {
    let mut evidence = ranking.suspects.iter().flat_map(|suspect| &suspect.evidence);
    evidence.find_map(|evidence| match evidence.what {
        What::Added(added) => Some((added.measure, added.since)),
        _ => None,
    })
}
