//! One service of two windows: what it does before and now, and the same for a message, a ticket or a program.

use super::json_node::Node;
use super::population::{self, measured, time};
use super::selected::Selected;
use super::selection::Form;
use super::service_graph::way_notes;
use crate::analyse::{Population, Survey};
use crate::incident::{Edge, Tally};
use crate::trace::{Measure, Side, Sides, Word, grouped};

/// A number of a service, before and now.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What it is, in words: `failed spans`.
    pub said: &'static str,
    /// Its key for a program.
    key: &'static str,
    /// As it is read; `None` where it is not known.
    pub words: Sides<Option<String>>,
    value: Sides<Option<f64>>,
    /// True when it is more than before, and that is worth an eye.
    pub worse: bool,
}

/// What a service did before and does now, what matters most first. Of a node of tables of metrics: what is usual, and what the
/// rows under suspicion showed.
pub fn service_figures(survey: &Survey, service: Word) -> Vec<Figure> {
    let figure = |said, key, worse, value: Sides<Option<f64>>, words: &dyn Fn(f64) -> String| {
        let words = value.map(|value| value.map(words));
        Figure { said, key, words, value, worse }
    };
    if let Some(tables) = &survey.population.tables {
        let of = |said, key, measure: Measure| {
            let level = tables.level(service, measure);
            let worse = measure != Measure::Requests && level.added > 0.0;
            figure(said, key, worse, Sides::new(level.before, level.now), &|value| measured(measure, value))
        };
        return vec![
            of("latency", "latency_s", Measure::Latency),
            of("share of requests that failed", "failed", Measure::Failures),
            of("requests in a row", "requests", Measure::Requests),
        ];
    }
    let work = |side: Side| survey.requests[side].work().get(&service);
    let work = Sides::new(work(Side::Expected), work(Side::Actual));
    let own = work.map(|work| Some(work?.own? as f64 / 1e6));
    let count = |number: f64| grouped(number as u64);
    let failed = work.map(|work| Some(f64::from(work?.failed)));
    vec![
        figure("median own time in a request", "own_ms", false, own, &time),
        figure("failed spans", "failed", failed.actual.unwrap_or(0.0) > failed.expected.unwrap_or(0.0), failed, &count),
        figure("requests", "requests", false, work.map(|work| Some(f64::from(work?.requests))), &count),
        figure("spans", "spans", false, work.map(|work| Some(f64::from(work?.spans))), &count),
    ]
}

/// A way to or from a service.
struct Way<'a> {
    from: &'a str,
    to: &'a str,
    calls: Sides<u32>,
    note: String,
}

fn ways<'a>(population: &'a Population, name: &str) -> Vec<Way<'a>> {
    let graph = &population.services.graph;
    let node = |place: u32| graph.nodes[place as usize].name.as_str();
    let calls = |tally: Tally| tally.calls.max(u32::from(tally.events > 0));
    let way = |(edge, note): (&Edge, String)| Way {
        from: node(edge.from),
        to: node(edge.to),
        calls: edge.tally.map(calls),
        note,
    };
    let all = graph.edges.iter().zip(way_notes(population));
    all.filter(|(edge, _)| [edge.from, edge.to].iter().any(|&place| node(place) == name)).map(way).collect()
}

/// A service, by its place among those that are told.
pub fn selected_service(survey: &Survey, service: Word, form: Form) -> String {
    let population = &survey.population;
    let name = population.words.get(service);
    let rank = population.ranking.suspects.iter().position(|suspect| suspect.service == service);
    let sureness = rank.map(|rank| population::sureness(population, rank));
    let evidence = rank.into_iter().flat_map(|rank| {
        let told = survey.evidence(rank).enumerate();
        told.map(move |(at, one)| (population::sentence(population, one), survey.examples(rank, at).len()))
    });
    let (figures, ways) = (service_figures(survey, service), ways(population, name));
    if form == Form::Json {
        let side = |side: Side| Node::Object(figures.iter().map(|of| (of.key, Node::of(of.value[side]))).collect());
        let way = |way: &Way<'_>| {
            Node::Object(vec![
                ("from", Node::of(way.from)),
                ("to", Node::of(way.to)),
                ("expected_calls", Node::of(way.calls.expected)),
                ("actual_calls", Node::of(way.calls.actual)),
                ("note", Node::of(Some(&way.note).filter(|note| !note.is_empty()))),
            ])
        };
        let piece = |(sentence, requests): (String, usize)| {
            Node::Object(vec![("sentence", Node::of(sentence)), ("requests", Node::of(requests))])
        };
        return Node::Object(vec![
            ("kind", Node::of("service")),
            ("service", Node::of(name)),
            ("rank", Node::of(rank.map(|rank| rank + 1))),
            ("sureness", Node::of(sureness)),
            ("evidence", Node::list(evidence, piece)),
            ("expected", side(Side::Expected)),
            ("actual", side(Side::Actual)),
            ("ways", Node::list(&ways, way)),
        ])
        .document();
    }
    let ranked = rank.zip(sureness).map_or_else(String::new, |(rank, sure)| format!(", ranked {} ({sure})", rank + 1));
    let cell = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    let mut table: Vec<Vec<String>> = figures
        .into_iter()
        .map(|of| vec![of.said.to_owned(), cell(of.words.expected), cell(of.words.actual)])
        .collect();
    table.extend(ways.iter().filter(|way| way.calls != Sides::default()).map(|way| {
        let count = way.calls.map(|calls| grouped(u64::from(calls)));
        vec![format!("calls {} → {}", way.from, way.to), count.expected, count.actual]
    }));
    let mut said: Vec<String> = evidence.map(|(sentence, _)| sentence).collect();
    let noted = ways.iter().filter(|way| !way.note.is_empty());
    said.extend(noted.map(|way| format!("{} → {}: {}.", way.from, way.to, way.note)));
    let heads = Side::BOTH.map(Side::word).to_vec();
    Selected { headline: format!("Service {name}{ranked}"), heads, table, said }.words(form)
}
