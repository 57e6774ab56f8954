//! What changed at each service and on each way between two, in a few words: what a graph of a population says.

use std::collections::BTreeMap;

use super::added::measured;
use super::population::time;
use crate::analyse::{Population, ServiceGraph, Tables};
use crate::population::Courses;
use crate::trace::{Measure, Side, Sides, Word};

/// What a node of the graph that has no metrics says.
const NOT_MEASURED: &str = "not measured";

fn changed(of: Sides<f64>) -> bool {
    of.actual > of.expected * ServiceGraph::CHANGED || of.expected > of.actual * ServiceGraph::CHANGED
}

/// Of each service, by its place.
pub fn service_notes(population: &Population) -> Vec<String> {
    let graph = &population.services;
    let Some(tables) = &population.tables else { return visit_notes(graph) };
    let words: BTreeMap<&str, Word> =
        tables.levels.keys().map(|&(node, _)| (population.words.get(node), node)).collect();
    let note = |name: &str| words.get(name).map_or_else(|| NOT_MEASURED.to_owned(), |&node| level_note(tables, node));
    graph.graph.nodes.iter().map(|node| note(&node.name)).collect()
}

/// What a node of tables of metrics showed: what it added, else how long its requests take.
fn level_note(tables: &Tables, node: Word) -> String {
    let told = |measure: Measure, added: bool| {
        let level = tables.level(node, measure);
        let before = if added { Some(level.before.filter(|_| level.added > 0.0)?) } else { None };
        Some(shown(measure, before, level.now?))
    };
    let ways =
        [(Measure::Failures, true), (Measure::Latency, true), (Measure::Latency, false), (Measure::Failures, false)];
    ways.into_iter().find_map(|(measure, added)| told(measure, added)).unwrap_or_else(|| NOT_MEASURED.to_owned())
}

/// What each node of tables of metrics showed in a row of the measure that the incident is seen in, by its place.
pub fn row_notes(population: &Population, tables: &Tables, courses: &Courses, row: usize) -> Vec<String> {
    let measure = courses.measure;
    let words: BTreeMap<&str, Word> = courses.of.keys().map(|&node| (population.words.get(node), node)).collect();
    let note = |name: &str| {
        let node = *words.get(name)?;
        let troubled = courses.of[&node].rows.get(row) == Some(&Some(true));
        let before = tables.level(node, measure).before.filter(|_| troubled);
        Some(shown(measure, before, tables.now.at(node, measure, row)?))
    };
    let nodes = population.services.graph.nodes.iter();
    nodes.map(|node| note(&node.name).unwrap_or_else(|| NOT_MEASURED.to_owned())).collect()
}

/// A level in words, beside what was before where that says more.
fn shown(measure: Measure, before: Option<f64>, now: f64) -> String {
    let now = measured(measure, now);
    match (measure, before.map(|before| measured(measure, before))) {
        (Measure::Failures, Some(before)) => format!("{now} fail, not {before}"),
        (Measure::Failures, None) => format!("{now} fail"),
        (_, Some(before)) => format!("{before} → {now}"),
        (_, None) => format!("{now} a request"),
    }
}

fn visit_notes(graph: &ServiceGraph) -> Vec<String> {
    let slow_to_reach = |place: usize| {
        let mut ways = graph.graph.edges.iter().zip(&graph.slow);
        ways.any(|(edge, slow)| edge.to as usize == place && slow.is_some())
    };
    let nodes = graph.graph.nodes.iter().zip(&graph.visits).enumerate();
    nodes
        .map(|(place, (node, visits))| {
            let spans = |side: Side| node.tally[side].events;
            match (spans(Side::Expected), spans(Side::Actual)) {
                (_, 0) => "not visited any more".to_owned(),
                (0, _) => "only in the failing window".to_owned(),
                _ if node.failing() > ServiceGraph::FAILS => format!("{:.0} % more spans fail", node.failing() * 100.0),
                _ if slow_to_reach(place) => format!("slow to reach · {} a visit", time(visits.actual)),
                _ if visits.expected > 0.0 && changed(*visits) => {
                    format!("{} → {}", time(visits.expected), time(visits.actual))
                }
                _ => format!("{} a visit", time(visits.actual)),
            }
        })
        .collect()
}

/// Of each way, by its place among the edges: how long it takes where that speaks for what broke, how many calls a request makes
/// of it where that differs by more than chance; else nothing, as of tables of metrics, which know no calls.
pub fn way_notes(population: &Population) -> Vec<String> {
    let graph = &population.services;
    if population.tables.is_some() {
        return vec![String::new(); graph.graph.edges.len()];
    }
    let number = |rate: f64| match rate {
        rate if rate >= 10.0 => format!("{rate:.0}"),
        rate if rate >= 1.0 => format!("{rate:.1}"),
        rate => format!("{rate:.2}"),
    };
    let told = |(slow, (rate, differs)): (&Option<Sides<f64>>, &(Sides<f64>, bool))| match slow {
        Some(way) => format!("way {} → {}", time(way.expected), time(way.actual)),
        None if *differs && changed(*rate) => {
            format!("{} a request, not {}", number(rate.actual), number(rate.expected))
        }
        None => String::new(),
    };
    graph.slow.iter().zip(&graph.rates).map(told).collect()
}
