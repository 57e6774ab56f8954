//! Any bytes as a table of metrics or a call graph: read with warnings, ranked, never a panic; the scores are numbers above 0.
#![no_main]

use dettrace::ingest::{is_call_graph, is_metric_table, read_call_graph, read_metric_table};
use dettrace::population::rank_metrics;
use dettrace::trace::Words;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut words = Words::default();
    let (table, warnings) = read_metric_table("metrics.csv", bytes, &mut words);
    assert!(is_metric_table(bytes) || !warnings.as_slice().is_empty());
    assert!(table.times.is_sorted() && table.columns.values().all(|column| column.values.len() == table.times.len()));
    let (graph, _) = read_call_graph("graph.csv", bytes, &mut words);
    let _known = is_call_graph(bytes);
    for baselines in [&[][..], &[&table]] {
        if let Some(ranking) = rank_metrics(baselines, &table, &graph, &words) {
            assert!(ranking.suspects.iter().all(|suspect| suspect.score.is_finite() && suspect.score > 0.0));
        }
    }
});
