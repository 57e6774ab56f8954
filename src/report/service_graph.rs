//! What changed at each service and on each way between two, in a few words: what a graph of a population says.

use super::population::time;
use crate::analyse::ServiceGraph;
use crate::incident::Edge;
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
                    format!("{} → {}", time(visits.expected), time(visits.actual))
                }
                _ => format!("{} a visit", time(visits.actual)),
            }
        })
        .collect()
}

/// Of each way, by its place among the edges: how many calls a request makes of it, where that changed and there are enough of
/// them to say so; else nothing.
pub fn way_notes(graph: &ServiceGraph) -> Vec<String> {
    let number = |rate: f64| match rate {
        rate if rate >= 10.0 => format!("{rate:.0}"),
        rate if rate >= 1.0 => format!("{rate:.1}"),
        rate => format!("{rate:.2}"),
    };
    let told = |(edge, rate): (&Edge, &Sides<f64>)| {
        let enough = edge.tally.expected.calls.max(edge.tally.actual.calls) >= ServiceGraph::FEW;
        if enough && changed(*rate) {
            format!("{} a request, not {}", number(rate.actual), number(rate.expected))
        } else {
            String::new()
        }
    };
    graph.graph.edges.iter().zip(&graph.rates).map(told).collect()
}
