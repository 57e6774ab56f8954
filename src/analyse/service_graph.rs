//! Who calls whom in two windows of requests, with what changed on the way: the graph that a population is seen in.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::population::Told;
use super::window_acts::Acts;
use super::window_incident::leading;
use crate::incident::{Edge, Graph, Node, Place, Tally};
use crate::population::{Calls, Ranking, Suspect, What, called, clients};
use crate::trace::{Side, Sides, Word, Words};

/// From so many times as many calls a visit of the caller on, while more of them fail, calls are tried again.
const AGAIN: f64 = 1.5;
/// So many visits for the same work tell how long it takes.
const ENOUGH: usize = 10;
/// From so many standard deviations on a number of calls differs by more than chance.
const BEYOND_CHANCE: f64 = 3.0;

/// The graph of a population.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServiceGraph {
    /// The services and their calls; events are spans. What a service has to do with the incident is marked where there is one.
    pub graph: Graph,
    /// The median time of a visit to each service, in milliseconds; 0 where it was not visited.
    pub visits: Vec<Sides<f64>>,
    /// Whether visits to each service, for any work that comes by the one that broke, take longer than before.
    pub slower: Vec<bool>,
    /// Calls a request on each way, by its place among the edges, and whether that differs by more than chance.
    pub rates: Vec<(Sides<f64>, bool)>,
    /// How long each way takes itself, in milliseconds, where that speaks for the service that broke.
    pub slow: Vec<Option<Sides<f64>>>,
    /// What happened at each service beyond what the baseline makes of so many spans, and beyond chance.
    pub beyond: Vec<Tally>,
}

/// What is gathered of a way.
#[derive(Default)]
struct Way {
    tally: Tally,
    /// The requests that go this way, and the visits of the caller that do.
    requests: HashSet<Word, foldhash::fast::FixedState>,
    visits: HashSet<u32, foldhash::fast::FixedState>,
}

/// What is gathered of a service.
#[derive(Default)]
struct Visits {
    times: Sides<Vec<f64>>,
    tally: Sides<Tally>,
}

/// True when the median is longer than before, and most of the times with it.
fn longer(times: &mut Sides<Vec<f64>>) -> bool {
    let (before, now) = (median(&mut times.expected), median(&mut times.actual));
    let over = times.actual.iter().filter(|time| **time > before).count();
    before > 0.0 && now > before * ServiceGraph::CHANGED && over * 4 >= times.actual.len() * 3
}

impl ServiceGraph {
    /// A way with fewer calls than these on both sides says nothing by the side that it is on.
    pub const FEW: u32 = 5;
    /// How much larger the failing share must be to be told.
    pub const FAILS: f64 = 0.02;
    /// What takes so many times as long, or is gone so many times as often, has changed.
    pub const CHANGED: f64 = 1.25;

    /// The graph of two windows that told so much, and whose services were ranked.
    pub(super) fn new(
        windows: &Sides<&Calls<'_>>,
        told: &Sides<Told>,
        acts: &Sides<Acts>,
        words: &Words,
        ranking: &Ranking,
    ) -> Self {
        let mut services: BTreeMap<&str, Visits> = BTreeMap::new();
        let mut ways: BTreeMap<(Word, Word), Sides<Way>> = BTreeMap::new();
        let clients = clients([windows.expected, windows.actual]);
        for side in Side::BOTH {
            let calls = windows[side];
            for (at, span) in (0..).zip(calls.spans) {
                let act = acts[side].of[at as usize];
                let visits = services.entry(words.get(span.service)).or_default();
                visits.tally[side].count(act);
                let parent = calls.parent(at);
                let caller = parent.map(|parent| calls.spans[parent as usize].service);
                if caller != Some(span.service) {
                    visits.times[side].push(span.duration() as f64 / 1e6);
                }
                // A call is seen where it arrives, or by who called where it did not.
                let arrives = called(calls, &clients, at).map(|callee| callee.service);
                let (from, to, client) = match (caller, arrives) {
                    (Some(caller), _) if caller != span.service => (caller, span.service, parent),
                    (_, Some(to)) if calls.children(at).is_empty() && to != span.service => {
                        (span.service, to, Some(at))
                    }
                    _ => continue,
                };
                let way = &mut ways.entry((from, to)).or_default()[side];
                // Who called may know more of how it went than who was called.
                let known =
                    client.filter(|&client| calls.way(client).is_some()).map(|client| acts[side].of[client as usize]);
                way.tally.count(known.filter(|known| known.is_trouble()).unwrap_or(act));
                way.tally.calls += 1;
                way.requests.insert(span.trace);
                way.visits.extend(client.map(|client| calls.entry(client)));
            }
        }
        let places: HashMap<&str, Place> = services.keys().zip(0..).map(|(name, place)| (*name, place)).collect();
        let place = |word: Word| places.get(words.get(word)).copied();
        let requests = Sides::new(told.expected.requests.max(1) as f64, told.actual.requests.max(1) as f64);
        let mut told = Self { graph: Graph { paired: true, ..Graph::default() }, ..Self::default() };
        for (name, Visits { mut times, tally }) in services {
            told.visits.push(Sides::new(median(&mut times.expected), median(&mut times.actual)));
            told.beyond.push(beyond(&tally));
            told.graph.nodes.push(Node { name: name.to_owned(), tally, ..Node::default() });
        }
        let ways = ways.into_iter().filter_map(|((from, to), way)| Some((place(from)?, place(to)?, way)));
        let mut ways: Vec<(Place, Place, Sides<Way>)> = ways.collect();
        ways.sort_by_key(|(from, to, _)| (*from, *to));
        for (from, to, way) in ways {
            let (edge, rate) = edge(from, to, &way, &requests);
            told.beyond[from as usize].retries += edge.tally.actual.retries;
            told.graph.nodes[from as usize].tally.actual.retries += edge.tally.actual.retries;
            told.graph.edges.push(edge);
            told.rates.push(rate);
        }
        told.slow = vec![None; told.graph.edges.len()];
        // Beside other evidence that says more, a slow way is not what is wrong.
        let leads = |suspect: &&Suspect| matches!(leading(suspect), Some(What::SlowWay { .. }));
        for evidence in ranking.clear().filter(leads).into_iter().flat_map(|suspect| &suspect.evidence) {
            let What::SlowWay { way, change, .. } = evidence.what else { continue };
            let ends = (place(way.from), place(way.to));
            let edge = told.graph.edges.iter().position(|edge| (Some(edge.from), Some(edge.to)) == ends);
            if let Some(edge) = edge {
                told.slow[edge].get_or_insert(Sides::new(change.before, change.now));
            }
        }
        told
    }

    /// True when a visit to a service takes longer than before: most of all visits, or those for some work that comes by the one
    /// that broke.
    pub fn waits(&self, place: Place) -> bool {
        let visits = self.visits[place as usize];
        let all = visits.expected > 0.0 && visits.actual > visits.expected * Self::CHANGED;
        all || self.slower.get(place as usize).is_some_and(|slower| *slower)
    }

    /// Looks which services take longer for what comes by the one that broke; what does not may be most of their work.
    pub(super) fn look_who_waits(&mut self, windows: &Sides<&Calls<'_>>, words: &Words, root: Word) {
        let mut visits: BTreeMap<(&str, Word), Sides<Vec<f64>>> = BTreeMap::new();
        for side in Side::BOTH {
            let calls = windows[side];
            let by_root = calls.spans.iter().filter(|span| span.service == root).map(|span| span.trace);
            let by_root: HashSet<Word, foldhash::fast::FixedState> = by_root.collect();
            for (at, span) in (0..).zip(calls.spans).filter(|(_, span)| by_root.contains(&span.trace)) {
                if calls.parent(at).is_none_or(|parent| calls.spans[parent as usize].service != span.service) {
                    let times = &mut visits.entry((words.get(span.service), span.operation)).or_default()[side];
                    times.push(span.duration() as f64 / 1e6);
                }
            }
        }
        let mut slower: HashSet<&str> = HashSet::new();
        for ((name, _), times) in &mut visits {
            let enough = times.expected.len().min(times.actual.len()) >= ENOUGH;
            if enough && longer(times) {
                slower.insert(name);
            }
        }
        self.slower = self.graph.nodes.iter().map(|node| slower.contains(node.name.as_str())).collect();
    }
}

/// What happened beyond what the baseline makes of so many spans or calls, and beyond chance.
pub(super) fn beyond(tally: &Sides<Tally>) -> Tally {
    let more = |hits: Sides<u32>| {
        let all = Sides::new(f64::from(tally.expected.events.max(1)), f64::from(tally.actual.events));
        let usual = f64::from(hits.expected) / all.expected * all.actual;
        let over = f64::from(hits.actual) - usual;
        if over > BEYOND_CHANCE * deviation(usual, &all) { over.round() as u32 } else { 0 }
    };
    let of = |hits: fn(&Tally) -> u32| more(Sides::new(hits(&tally.expected), hits(&tally.actual)));
    let failures = of(|tally| tally.failures);
    Tally {
        events: tally.actual.events,
        failures,
        timeouts: of(|tally| tally.timeouts).min(failures),
        cancels: of(|tally| tally.cancels),
        failovers: of(|tally| tally.failovers),
        ..Tally::default()
    }
}

/// The standard deviation of a counted number whose usual is itself known from so many of the baseline only.
fn deviation(usual: f64, all: &Sides<f64>) -> f64 {
    (usual * (1.0 + all.actual / all.expected) + 1.0).sqrt()
}

/// A way with its calls and those that failed, on both sides, and how many calls a request makes of it.
fn edge(from: Place, to: Place, way: &Sides<Way>, requests: &Sides<f64>) -> (Edge, (Sides<f64>, bool)) {
    let mut edge = Edge::new(from, to);
    edge.tally = Sides::new(way.expected.tally, way.actual.tally);
    let mut beyond = beyond(&edge.tally);
    let calls = |side: Side| f64::from(way[side].tally.calls);
    let each = |by: fn(&Way) -> usize| {
        let of = |side: Side| calls(side) / by(&way[side]).max(1) as f64;
        if calls(Side::Expected) > 0.0 { of(Side::Actual) / of(Side::Expected) } else { 1.0 }
    };
    let again = each(|way| way.visits.len());
    let often = f64::from(beyond.failures) > ServiceGraph::FAILS * calls(Side::Actual);
    if again >= AGAIN && often {
        // Who calls the caller may try again too: all of it arrives here.
        edge.amplification = each(|way| way.requests.len()).max(again);
        beyond.retries = (calls(Side::Actual) * (1.0 - 1.0 / again)).round() as u32;
        edge.tally.actual.retries = beyond.retries;
    }
    edge.act = Edge::telling(|act| beyond.of(act) > 0);
    let rate = Sides::new(calls(Side::Expected) / requests.expected, calls(Side::Actual) / requests.actual);
    // How far the number is from what the baseline's rate makes of these requests.
    let usual = rate.expected * requests.actual;
    let differs = (calls(Side::Actual) - usual).abs() > BEYOND_CHANCE * deviation(usual, requests);
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
