//! Who calls whom in two windows of requests, with what changed on the way: the graph that a population is seen in.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::incident::{Edge, Family, Finding, Graph, Node, Part, Place};
use crate::population::{Calls, Ranking, What};
use crate::trace::{Side, Sides, Window, Word, Words};

/// From so many times as many calls a request on, while more of them fail, calls are tried again.
const AGAIN: f64 = 1.5;
/// How much larger the failing share must be for that, and for a part of the requests to be said to fail.
const FAILS: f64 = 0.02;
/// From so many standard deviations on a number of calls differs by more than chance.
const BEYOND_CHANCE: f64 = 3.0;
/// A caller waits when its visits take so many times as long.
const WAITS: f64 = 1.25;

/// The graph of a population.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServiceGraph {
    /// The services and their calls; events are spans.
    pub graph: Graph,
    /// The median time of a visit to each service, in milliseconds; 0 where it was not visited.
    pub visits: Vec<Sides<f64>>,
    /// Calls a request on each way, by its place among the edges, and whether that differs by more than chance.
    pub rates: Vec<(Sides<f64>, bool)>,
    /// How long each way takes itself, in milliseconds, where that speaks for the service that broke.
    pub slow: Vec<Option<Sides<f64>>>,
    /// What kind of incident it is, the one that tells most first.
    pub families: Vec<Finding>,
}

/// What is gathered of a service.
#[derive(Default)]
struct Visits {
    times: Sides<Vec<f64>>,
    spans: Sides<u32>,
    failed: Sides<u32>,
}

impl ServiceGraph {
    /// A way with fewer calls than these on both sides says nothing by the side that it is on.
    pub const FEW: u32 = 5;

    /// The graph of two windows whose services were ranked.
    pub fn new(windows: &Sides<&Window>, words: &Words, ranking: &Ranking) -> Self {
        let mut services: BTreeMap<&str, Visits> = BTreeMap::new();
        let mut ways: BTreeMap<(Word, Word), Sides<[u32; 2]>> = BTreeMap::new();
        let mut requests = Sides::new(0.0, 0.0);
        for side in Side::BOTH {
            let window = windows[side];
            let calls = Calls::new(window);
            requests[side] = window.spans.iter().map(|span| span.trace).collect::<BTreeSet<Word>>().len().max(1) as f64;
            for (at, span) in (0..).zip(calls.spans) {
                let visits = services.entry(words.get(span.service)).or_default();
                visits.spans[side] += 1;
                visits.failed[side] += u32::from(span.failed);
                let caller = calls.parent(at).map(|parent| calls.spans[parent as usize].service);
                if caller == Some(span.service) {
                    continue;
                }
                visits.times[side].push(span.duration() as f64 / 1e6);
                if let Some(caller) = caller {
                    let way = &mut ways.entry((caller, span.service)).or_default()[side];
                    way[0] += 1;
                    way[1] += u32::from(span.failed);
                }
            }
        }
        let places: HashMap<&str, Place> = services.keys().zip(0..).map(|(name, place)| (*name, place)).collect();
        let mut graph = Graph { paired: true, ..Graph::default() };
        let mut medians = Vec::new();
        for (name, mut visits) in services {
            let mut node = Node { name: name.to_owned(), ..Node::default() };
            for side in Side::BOTH {
                node.tally[side].events = visits.spans[side];
                node.tally[side].failures = visits.failed[side];
            }
            medians.push(Sides::new(median(&mut visits.times.expected), median(&mut visits.times.actual)));
            graph.nodes.push(node);
        }
        let mut rates = Vec::new();
        let mut ways: Vec<(Place, Place, Sides<[u32; 2]>)> =
            ways.into_iter().map(|((from, to), way)| (places[words.get(from)], places[words.get(to)], way)).collect();
        ways.sort_by_key(|(from, to, _)| (*from, *to));
        for (from, to, way) in ways {
            let (edge, rate) = edge(from, to, way, requests);
            graph.edges.push(edge);
            rates.push(rate);
        }
        let mut told = Self { graph, visits: medians, rates, ..Self::default() };
        let suspect = ranking.clear();
        told.slow = vec![None; told.graph.edges.len()];
        for evidence in suspect.iter().flat_map(|suspect| &suspect.evidence) {
            let What::SlowWay { way, change, .. } = evidence.what else { continue };
            let place = |word: Word| places.get(words.get(word)).copied();
            let edge = told
                .graph
                .edges
                .iter()
                .position(|edge| (Some(edge.from), Some(edge.to)) == (place(way.from), place(way.to)));
            if let Some(edge) = edge {
                told.slow[edge].get_or_insert(Sides::new(change.before, change.now));
            }
        }
        if let Some(root) = suspect.and_then(|suspect| places.get(words.get(suspect.service)).copied()) {
            told.mark(root);
        }
        told.families = told.kinds(suspect.and_then(|suspect| suspect.evidence.first()).map(|evidence| evidence.what));
        told
    }

    /// Says of every service what it has to do with the one that broke.
    fn mark(&mut self, root: Place) {
        let up = self.graph.reached_by(root, true);
        let down = self.graph.reached_by(root, false);
        for (part, places) in [(Part::Downstream, down), (Part::Upstream, up)] {
            for place in places {
                let visits = self.visits[place as usize];
                let node = &mut self.graph.nodes[place as usize];
                node.part = part;
                let waits = visits.expected > 0.0 && visits.actual > visits.expected * WAITS;
                if part == Part::Upstream && (waits || node.failing() > FAILS) {
                    node.reached = Some(0);
                }
            }
        }
        let node = &mut self.graph.nodes[root as usize];
        (node.part, node.reached) = (Part::Root, Some(0));
        let reached: Vec<bool> = self.graph.nodes.iter().map(|node| node.reached.is_some()).collect();
        for edge in &mut self.graph.edges {
            if reached[edge.from as usize] && reached[edge.to as usize] {
                edge.reached = Some(0);
            }
        }
    }

    /// The kinds of incident that there is evidence for.
    fn kinds(&self, what: Option<What>) -> Vec<Finding> {
        let name = |place: Place| &self.graph.nodes[place as usize].name;
        let mut found = Vec::new();
        let mut add = |family, evidence| found.push(Finding { family, evidence, events: Vec::new() });
        let again = self.graph.edges.iter().filter(|edge| edge.tally.actual.retries > 0);
        let again: Vec<String> = again
            .map(|edge| format!("{} calls {} ×{:.1} as often", name(edge.from), name(edge.to), edge.amplification))
            .collect();
        if !again.is_empty() {
            add(Family::RetryStorm, format!("{}, and more of the calls fail.", again.join("; ")));
        }
        match what {
            Some(What::Slower { .. } | What::SlowWay { .. }) => {
                add(Family::LatencyInflation, "It takes longer, and those who call it wait.".to_owned());
            }
            Some(What::Lost { .. }) => {
                add(
                    Family::PartialFailure,
                    "Work that was done before is no longer done in a part of the requests.".to_owned(),
                );
            }
            Some(_) => add(Family::Degradation, "It uses more than before.".to_owned()),
            None => {}
        }
        let failing = self.graph.nodes.iter().filter(|node| node.failing() > FAILS);
        let failing: Vec<String> =
            failing.map(|node| format!("{:.0} % more in {}", node.failing() * 100.0, node.name)).collect();
        if !failing.is_empty() {
            let evidence = format!("More spans fail: {}.", failing.join(", "));
            match found.iter_mut().find(|one| one.family == Family::PartialFailure) {
                Some(one) => one.evidence = format!("{} {evidence}", one.evidence),
                None => found.push(Finding { family: Family::PartialFailure, evidence, events: Vec::new() }),
            }
        }
        found
    }
}

/// A way with its calls and those that failed, on both sides.
fn edge(from: Place, to: Place, way: Sides<[u32; 2]>, requests: Sides<f64>) -> (Edge, (Sides<f64>, bool)) {
    let mut edge = Edge { from, to, amplification: 1.0, ..Edge::default() };
    let mut rate = Sides::new(0.0, 0.0);
    for side in Side::BOTH {
        let [calls, failed] = way[side];
        let tally = &mut edge.tally[side];
        (tally.events, tally.calls, tally.failures) = (calls, calls, failed);
        rate[side] = f64::from(calls) / requests[side];
    }
    let share = |side: Side| f64::from(way[side][1]) / f64::from(way[side][0].max(1));
    let more = if rate.expected > 0.0 { rate.actual / rate.expected } else { 1.0 };
    if more >= AGAIN && share(Side::Actual) > share(Side::Expected) + FAILS {
        edge.amplification = more;
        edge.tally.actual.retries = (f64::from(way.actual[0]) * (1.0 - 1.0 / more)).round() as u32;
    }
    // How far the number is from what the baseline's rate makes of these requests, in standard deviations of counted events.
    let usual = rate.expected * requests.actual;
    let spread = (usual * (1.0 + requests.actual / requests.expected) + 1.0).sqrt();
    let differs = (f64::from(way.actual[0]) - usual).abs() > BEYOND_CHANCE * spread;
    (edge, (rate, differs))
}

/// The median; 0 without a value.
fn median(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let at = values.len() / 2;
    *values.select_nth_unstable_by(at, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::rank;
    use crate::trace::{Span, SpanKind};

    /// Requests of `shop` that calls `pay`, which takes so many milliseconds and is tried so often before it does not fail.
    fn window(words: &mut Words, requests: u32, ms: i64, tries: u32) -> Window {
        let [shop, pay, work, call] = ["shop", "pay", "buy", "charge"].map(|word| words.intern(word));
        let mut spans = Vec::new();
        for request in 0..requests {
            let trace = words.intern(&format!("t{request}"));
            let start = i64::from(request) * 1_000_000_000;
            let span = |id, parent, service, operation, failed, begin: i64, end: i64| Span {
                trace,
                id,
                parent,
                service,
                instance: service,
                operation,
                kind: SpanKind::Server,
                failed,
                begin: start + begin,
                end: start + end,
            };
            let took = ms * 1_000_000 + i64::from(request % 7) * 10_000;
            spans.push(span(1, 0, shop, work, false, 0, took * i64::from(tries) + 2_000_000));
            for at in 0..tries {
                let begin = 1_000_000 + took * i64::from(at);
                spans.push(span(2 + at, 1, pay, call, at + 1 < tries, begin, begin + took));
            }
        }
        Window { spans, ..Window::default() }
    }

    fn told(ms: i64, tries: u32) -> ServiceGraph {
        let mut words = Words::default();
        let (before, now) = (window(&mut words, 60, 5, 1), window(&mut words, 30, ms, tries));
        let ranking = rank(&[&before], &now, &words);
        ServiceGraph::new(&Sides::new(&before, &now), &words, &ranking)
    }

    #[test]
    fn a_slow_service_is_the_root_and_its_callers_wait() {
        let told = told(90, 1);
        let [pay, shop] = &told.graph.nodes[..] else { panic!("{:?}", told.graph) };
        assert_eq!((pay.name.as_str(), pay.part, shop.part), ("pay", Part::Root, Part::Upstream));
        assert!(shop.reached.is_some() && told.graph.edges[0].reached.is_some());
        assert_eq!(told.families[0].family, Family::LatencyInflation);
        assert_eq!(told.rates, [(Sides::new(1.0, 1.0), false)]);
    }

    #[test]
    fn calls_that_fail_and_are_made_again_are_a_storm() {
        let told = told(5, 4);
        let edge = &told.graph.edges[0];
        assert!((edge.amplification - 4.0).abs() < 1e-9, "{edge:?}");
        assert_eq!(told.rates, [(Sides::new(1.0, 4.0), true)]);
        assert_eq!((edge.tally.actual.retries, told.families[0].family), (90, Family::RetryStorm));
    }

    #[test]
    fn equal_windows_have_no_root() {
        let told = told(5, 1);
        assert!(told.graph.nodes.iter().all(|node| node.part == Part::None && node.reached.is_none()));
        assert_eq!(told.families, []);
    }
}
