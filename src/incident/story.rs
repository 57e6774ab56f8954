//! A recording, or two, as a story of services, and everything that is said of it.

use super::{Act, Blast, Chain, Finding, Graph, Happening, Place, Prediction, family, predict};
use crate::trace::{EventIndex, Side, Sides, Unit};

/// What happened at one place caused something at another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The place of the cause.
    pub from: Place,
    /// The place of the effect.
    pub to: Place,
    /// The event of the effect.
    pub at: EventIndex,
}

/// What the events of both sides mean for services.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Story {
    /// The names of the places, in the order in which they first appear.
    pub places: Vec<String>,
    /// What happened, in recording order. A lone recording is told as actual.
    pub happenings: Sides<Vec<Happening>>,
    /// What the recordings say of who caused whom across places.
    pub links: Sides<Vec<Link>>,
    /// True when there is an expected side.
    pub paired: bool,
    /// The event of actual at which the most likely cause is seen.
    pub cause: Option<EventIndex>,
    /// The unit of the ticks, where there are times.
    pub unit: Option<Unit>,
    /// True when the recordings were too long to be read as a whole.
    pub cut: bool,
}

/// Everything that is said of a story.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// What was told.
    pub story: Story,
    /// Who called whom, on both sides.
    pub graph: Graph,
    /// The kinds of incident that there is evidence for, the one that tells most first.
    pub families: Vec<Finding>,
    /// What followed what, in words.
    pub chain: Chain,
    /// How far it reached; `None` where nothing failed.
    pub blast: Option<Blast>,
    /// What is likely to break next.
    pub predictions: Vec<Prediction>,
    /// From when to when actual is, in ticks of its clock; `None` without times.
    pub time: Option<(i64, i64)>,
    /// Of windows of requests, what the spans say that fail where it broke; empty where they say nothing new.
    pub says: String,
}

impl Incident {
    /// How often something of this kind happened on a side, at all places together.
    pub fn count(&self, side: Side, act: Act) -> u32 {
        self.graph.nodes.iter().map(|node| node.tally[side].of(act)).sum()
    }

    /// How many events, or spans, a side has.
    pub fn events(&self, side: Side) -> u32 {
        self.graph.nodes.iter().map(|node| node.tally[side].events).sum()
    }
}

impl Story {
    /// The happenings of actual that tell of trouble which expected does not have.
    pub fn trouble(&self) -> impl Iterator<Item = &Happening> {
        self.happenings.actual.iter().filter(|one| one.act.is_trouble() && one.differs)
    }

    /// What broke first: the cause of the comparison where that is a failure or was followed by one at its place, else the
    /// first failure that differs.
    pub fn root(&self) -> Option<&Happening> {
        let failures = || self.trouble().filter(|one| one.act.is_failure());
        let cause = self.cause.and_then(|index| self.happening(Side::Actual, index));
        let at_cause = cause.and_then(|cause| {
            let touches = |one: &&Happening| one.about(cause.place) || cause.peer.is_some_and(|peer| one.place == peer);
            failures().filter(|one| one.index >= cause.index).find(touches)
        });
        let first = failures().next();
        if first.is_none()
            && let Some((place, _)) = self.slowest()
        {
            let there = self.happenings.actual.iter().filter(|one| one.place == place);
            return there.max_by_key(|one| (one.longer, std::cmp::Reverse(one.index)));
        }
        // A cause that came before the first failure, at a place where nothing failed, is where it began.
        at_cause.or_else(|| cause.filter(|cause| first.is_none_or(|first| cause.index < first.index))).or(first)
    }

    /// Where it took most longer than in expected, and how much, in ticks; `None` where nothing is late.
    pub fn slowest(&self) -> Option<(Place, i64)> {
        self.trouble().find(|one| one.act == Act::Late)?;
        let mut longer = vec![0_i64; self.places.len()];
        for one in &self.happenings.actual {
            longer[one.place as usize] = longer[one.place as usize].saturating_add(one.longer);
        }
        let most = (0..).zip(longer).max_by_key(|(place, longer)| (*longer, std::cmp::Reverse(*place)))?;
        Some(most).filter(|(_, longer)| *longer > 0)
    }

    /// What an event means.
    pub fn happening(&self, side: Side, index: EventIndex) -> Option<&Happening> {
        let of = &self.happenings[side];
        of.binary_search_by_key(&index, |one| one.index).ok().map(|at| &of[at])
    }

    /// The name of a place.
    pub fn name(&self, place: Place) -> &str {
        self.places.get(place as usize).map_or("", String::as_str)
    }

    /// Everything that is said of it.
    pub fn told(self) -> Incident {
        let mut graph = Graph::new(&self);
        let blast = Blast::of(&self, &graph);
        let families = family::findings(&self, &graph);
        let chain = Chain::new(&self);
        let predictions =
            blast.as_ref().map_or_else(Vec::new, |blast| predict::predict(&graph, &predict::hit(&self, blast.root)));
        graph.mark(&self, blast.as_ref(), &predictions);
        let times = self.happenings.actual.iter().filter_map(|one| one.time);
        let time = times.clone().min().zip(times.max());
        Incident { story: self, graph, families, chain, blast, predictions, time, says: String::new() }
    }
}
