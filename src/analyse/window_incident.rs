//! The incident of two windows of requests: where it broke, who waits or fails with it, what kind it is, and what is likely to
//! break next. Only where the ranking has a clear cause: without one there is no incident.

use super::service_graph::ServiceGraph;
use super::window_acts::Acts;
use super::window_families::Kinds;
use crate::incident::{Act, Blast, Chain, ChainLink, Incident, Part, Place, Story, predict};
use crate::population::{Calls, Ranking, Suspect, What, first_shown};
use crate::trace::{Sides, Unit, Words};

/// Who waits longer than before.
pub(super) const WAITING: &str = "waiting";
/// Where work is no longer done.
const LOST: &str = "lost_work";

/// What speaks most for a service: what requests felt, before what its machine showed.
pub(super) fn leading(suspect: &Suspect) -> Option<What> {
    let felt = suspect.telling().find(|evidence| !matches!(evidence.what, What::Resource { .. }));
    Some(felt.or(suspect.evidence.first())?.what)
}

impl ServiceGraph {
    /// The incident that a ranking tells of, which is marked in the graph; `None` without a clear cause.
    pub(super) fn incident(
        &mut self,
        windows: &Sides<&Calls<'_>>,
        acts: &Sides<Acts>,
        words: &Words,
        ranking: &Ranking,
    ) -> Option<Incident> {
        let suspect = ranking.clear()?;
        let place = |name: &str| self.graph.nodes.iter().position(|node| node.name == name).map(|at| at as Place);
        let root = place(words.get(suspect.service))?;
        let what = leading(suspect)?;
        let lost: Vec<Place> = ranking
            .suspects
            .iter()
            .filter(|other| other.score >= ranking.bar)
            .filter_map(|other| match other.evidence.first()?.what {
                What::Lost { context, gone: true, .. } => place(words.get(context.service)),
                _ => None,
            })
            .collect();
        let since = first_shown(windows.actual, what);
        let mut blast = Blast::from(root, since.or(windows.actual.window.time().map(|time| time.0))?, &self.graph);
        self.look_who_waits(windows, words, suspect.service);
        self.mark(&blast, what, &lost);
        let troubled = |place: Place| self.graph.nodes[place as usize].reached.is_some();
        let outermost = |place: &Place| troubled(*place) && !self.graph.callers(*place).any(|edge| troubled(edge.from));
        blast.noticed = std::iter::once(root).chain(blast.upstream.iter().copied()).find(outermost);
        let hit: Vec<bool> = self.graph.nodes.iter().map(|node| node.reached.is_some()).collect();
        let predictions = predict(&self.graph, &hit);
        self.graph.mark_next(&predictions);
        let chain = self.chain(&blast, what, &lost);
        let kinds = Kinds { graph: self, ranking, words, blast: &blast, suspect, acts, now: windows.actual };
        let families = kinds.families();
        let story = Story {
            places: self.graph.nodes.iter().map(|node| node.name.clone()).collect(),
            paired: true,
            unit: Some(Unit::Nanos),
            ..Story::default()
        };
        let (graph, time) = (self.graph.clone(), windows.actual.window.time());
        let says = match what {
            What::Failing { says: Some(says), .. } => words.get(says.message).to_owned(),
            _ => String::new(),
        };
        Some(Incident { story, graph, families, chain, blast: Some(blast), predictions, time, says })
    }

    /// Says of every service what it has to do with the one that broke, and whether it was reached.
    fn mark(&mut self, blast: &Blast, what: What, lost: &[Place]) {
        // Where no time is lost nobody waits.
        let slow = matches!(what, What::Slower { .. } | What::SlowWay { .. } | What::Resource { .. });
        for (part, places) in [(Part::Downstream, &blast.downstream), (Part::Upstream, &blast.upstream)] {
            for &place in places {
                let waits = slow && part == Part::Upstream && self.waits(place);
                let node = &mut self.graph.nodes[place as usize];
                node.part = part;
                if waits || self.beyond[place as usize].is_trouble() || lost.contains(&place) {
                    node.reached = Some(blast.since);
                }
            }
        }
        let node = &mut self.graph.nodes[blast.root as usize];
        (node.part, node.reached) = (Part::Root, Some(blast.since));
        let reached: Vec<bool> = self.graph.nodes.iter().map(|node| node.reached.is_some()).collect();
        for edge in &mut self.graph.edges {
            if reached[edge.from as usize] && reached[edge.to as usize] {
                edge.reached = Some(blast.since);
            }
        }
    }

    /// What happened at a service that was reached, in words.
    fn words(&self, place: Place, lost: &[Place]) -> Vec<&'static str> {
        let beyond = self.beyond[place as usize];
        let known = [
            (beyond.retries > 0, "retry_burst"),
            (beyond.failovers > 0, Act::Failover.word()),
            (beyond.timeouts > 0, Act::Timeout.word()),
            (beyond.of(Act::Fault) > 0, Act::Fault.word()),
            (beyond.cancels > 0, Act::Cancel.word()),
            (lost.contains(&place), LOST),
        ];
        let words: Vec<&'static str> = known.into_iter().filter(|(there, _)| *there).map(|(_, word)| word).collect();
        if words.is_empty() { vec![WAITING] } else { words }
    }

    /// From where it broke along those who were reached by it, nearest first.
    fn chain(&self, blast: &Blast, what: What, lost: &[Place]) -> Chain {
        let first = match what {
            What::Slower { .. } => "slow_work",
            What::SlowWay { .. } => "slow_way",
            What::Lost { gone: true, .. } => LOST,
            What::Lost { .. } => "other_work",
            What::Failing { .. } => Act::Fault.word(),
            What::Resource { .. } | What::Added(_) => "load",
        };
        let own = self.words(blast.root, lost).into_iter().filter(|word| *word != first && *word != WAITING);
        let own = std::iter::once(first).chain(own).map(|word| (blast.root, word));
        let reached = |place: &&Place| self.graph.nodes[**place as usize].reached.is_some();
        let others = blast.upstream.iter().filter(reached);
        let others = others.flat_map(|&place| self.words(place, lost).into_iter().map(move |word| (place, word)));
        let link = |(place, word): (Place, &str)| ChainLink {
            word: word.to_owned(),
            place,
            name: self.graph.nodes[place as usize].name.clone(),
            event: None,
        };
        Chain { links: own.chain(others).map(link).collect() }
    }
}
