//! Who calls whom in a system that is known by tables of metrics, with what each node showed: the graph, and the incident in it.

use std::collections::BTreeSet;

use super::population::Tables;
use super::service_graph::ServiceGraph;
use super::window_families::part;
use super::window_incident::WAITING;
use crate::incident::{
    Act, Blast, Chain, ChainLink, Edge, Family, Finding, Graph, Incident, Node, Part, Place, Story, Tally, predict,
};
use crate::population::{Added, Ranking, What};
use crate::trace::{CallGraph, Measure, MetricTable, Sides, Word, Words, time_instead};

impl ServiceGraph {
    /// The graph of tables whose nodes were ranked, and the incident; none without a clear cause. Nobody knows how many calls go
    /// each way.
    pub(super) fn of_metrics(
        tables: &Tables,
        calls: &CallGraph,
        ranking: &Ranking,
        words: &Words,
    ) -> (Self, Option<Incident>) {
        let nodes: BTreeSet<Word> = tables.levels.keys().map(|(node, _)| *node).chain(calls.nodes()).collect();
        let mut nodes: Vec<Word> = nodes.into_iter().collect();
        nodes.sort_by_key(|&node| words.get(node));
        let place = |node: Word| {
            nodes.binary_search_by_key(&words.get(node), |&other| words.get(other)).map_or(0, |at| at as Place)
        };
        let mut graph = Graph { paired: true, ..Graph::default() };
        graph.nodes =
            nodes.iter().map(|&node| Node { name: words.get(node).to_owned(), ..tables.node(node) }).collect();
        let ways = calls.callees.iter().flat_map(|(&from, to)| to.iter().map(move |&to| (from, to)));
        for (from, to) in ways.filter(|(from, to)| from != to) {
            let mut edge = Edge::new(place(from), place(to));
            // At most all that the callee was asked: who is asked little is not depended on.
            edge.tally = tables.node(to).tally.map(|asked| Tally { events: 1, ..asked });
            graph.edges.push(edge);
        }
        graph.edges.sort_by_key(|edge| (edge.from, edge.to));
        let mut told = Self { graph, ..Self::default() };
        let incident = told.metric_incident(tables, &nodes, ranking, words);
        (told, incident)
    }

    /// The incident of tables with a clear cause, which is marked in the graph.
    fn metric_incident(
        &mut self,
        tables: &Tables,
        nodes: &[Word],
        ranking: &Ranking,
        words: &Words,
    ) -> Option<Incident> {
        let suspect = ranking.clear()?;
        let What::Added(told) = suspect.evidence.first()?.what else { return None };
        let place = |node: Word| nodes.iter().position(|&other| other == node).map(|at| at as Place);
        let root = place(suspect.service)?;
        let mut blast = Blast::from(root, told.since, &self.graph);
        blast.noticed = place(told.symptom);
        let adds = |place: Place| tables.level(nodes[place as usize], told.measure).added > 0.0;
        for (part, places) in [(Part::Downstream, &blast.downstream), (Part::Upstream, &blast.upstream)] {
            for &place in places {
                let node = &mut self.graph.nodes[place as usize];
                (node.part, node.reached) = (part, adds(place).then_some(blast.since));
            }
        }
        let node = &mut self.graph.nodes[root as usize];
        (node.part, node.reached) = (Part::Root, Some(blast.since));
        let hit: Vec<bool> = self.graph.nodes.iter().map(|node| node.reached.is_some()).collect();
        for edge in &mut self.graph.edges {
            edge.reached = (hit[edge.from as usize] && hit[edge.to as usize]).then_some(blast.since);
        }
        let predictions = predict(&self.graph, &hit);
        self.graph.mark_next(&predictions);
        let waiting: Vec<Place> = blast.upstream.iter().copied().filter(|&place| hit[place as usize]).collect();
        let [first, then] = match told.measure {
            Measure::Failures => [Act::Fault.word(); 2],
            Measure::Latency | Measure::Requests => ["slow_work", WAITING],
        };
        let link = |(word, place): (&str, Place)| ChainLink {
            word: word.to_owned(),
            place,
            name: self.graph.nodes[place as usize].name.clone(),
            event: None,
        };
        let links = std::iter::once((first, root)).chain(waiting.iter().map(|&place| (then, place))).map(link);
        let chain = Chain { links: links.collect() };
        let families = vec![self.finding(&told, words.get(told.metric), root, &waiting)];
        let story = Story {
            places: self.graph.nodes.iter().map(|node| node.name.clone()).collect(),
            paired: true,
            ..Story::default()
        };
        let times = &tables.now.times;
        let time = times.first().copied().zip(times.last().copied());
        let graph = self.graph.clone();
        Some(Incident { story, graph, families, chain, blast: Some(blast), predictions, time, says: String::new() })
    }

    /// What kind of incident it is.
    fn finding(&self, told: &Added, metric: &str, root: Place, waiting: &[Place]) -> Finding {
        let name = |place: &Place| self.graph.nodes[*place as usize].name.as_str();
        let (root, [before, now]) = (name(&root), [told.change.before, told.change.now]);
        let (family, what, with) = match told.measure {
            Measure::Failures => {
                let what =
                    format!("Of the requests of {root} {:.1} % fail instead of {:.1} %", now * 100.0, before * 100.0);
                (part(now), what, "failing with it")
            }
            Measure::Latency | Measure::Requests => {
                let what = format!("The {metric} of {root} is {}", time_instead(now * 1000.0, before * 1000.0));
                (Family::LatencyInflation, what, "waiting for it")
            }
        };
        let names: Vec<&str> = waiting.iter().map(name).collect();
        let others = if names.is_empty() { String::new() } else { format!("; {with}: {}", names.join(", ")) };
        Finding { family, evidence: format!("{what}{others}."), events: Vec::new() }
    }
}

impl Tables {
    /// How often a node was measured, and how many requests it had in a row.
    fn node(&self, node: Word) -> Node {
        let measured = |table: &MetricTable| {
            let columns = Measure::ALL.into_iter().filter_map(|measure| table.columns.get(&(node, measure)));
            columns.map(|column| column.values.iter().flatten().count() as u32).max().unwrap_or(0)
        };
        let tally = |events: u32, requests: Option<f64>| Tally {
            events,
            calls: requests.unwrap_or(0.0) as u32,
            ..Tally::default()
        };
        let requests = self.level(node, Measure::Requests);
        let before = tally(self.baselines.iter().map(measured).sum(), requests.before);
        Node { tally: Sides::new(before, tally(measured(&self.now), requests.now)), ..Node::default() }
    }
}
