//! What changed at each service and on each way between two, in a few words: what a graph of a population says.

use super::population::time;
use crate::analyse::ServiceGraph;
use crate::trace::{Side, Sides};

/// A visit that takes so many times as long, or a way that is gone so many times as often, has changed.
const CHANGED: f64 = 1.25;
/// A larger share than this of failing spans is told.
const FAILS: f64 = 0.02;

fn changed(of: Sides<f64>) -> bool {
    of.actual > of.expected * CHANGED || of.expected > of.actual * CHANGED
}

/// Of each service, by its place.
pub fn service_notes(graph: &ServiceGraph) -> Vec<String> {
    let nodes = graph.graph.nodes.iter().zip(&graph.visits);
    nodes
        .map(|(node, visits)| {
            let spans = |side: Side| node.tally[side].events;
            match (spans(Side::Expected), spans(Side::Actual)) {
                (_, 0) => "not visited any more".to_owned(),
                (0, _) => "only in the failing window".to_owned(),
                _ if node.failing() > FAILS => format!("{:.0} % more spans fail", node.failing() * 100.0),
                _ if visits.expected > 0.0 && changed(*visits) => {
                    format!("visits {} → {}", time(visits.expected), time(visits.actual))
                }
                _ => format!("{} a visit", time(visits.actual)),
            }
        })
        .collect()
}

/// Of each way, by its place among the edges.
pub fn way_notes(graph: &ServiceGraph) -> Vec<String> {
    let number = |rate: f64| if rate >= 10.0 { format!("{rate:.0}") } else { format!("{rate:.1}") };
    let told = |rate: &Sides<f64>| match (rate.expected, rate.actual) {
        (before, now) if now <= 0.0 => format!("0 calls, not {}", number(before)),
        (before, now) if before <= 0.0 => format!("{} calls, not 0", number(now)),
        (before, now) if changed(*rate) => format!("{} calls, not {}", number(now), number(before)),
        (_, now) => number(now),
    };
    graph.rates.iter().map(told).collect()
}
