//! Who calls whom: places and the ways between them, with what went over each on both sides.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{Act, Blast, Place, Prediction, Story};
use crate::trace::{EventIndex, Side, Sides};

/// What a place has to do with the incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub enum Part {
    /// Nothing that is known.
    #[default]
    None,
    /// What the root calls, and what that calls.
    Downstream,
    /// What calls the root, and what calls that.
    Upstream,
    /// Where it broke first.
    Root,
}

impl Part {
    /// Its word on screen and in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "not reached",
            Self::Downstream => "downstream",
            Self::Upstream => "upstream",
            Self::Root => "root",
        }
    }
}

/// What happened at a place on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Events, or spans.
    pub events: u32,
    /// Of them failures and timeouts.
    pub failures: u32,
    /// Timeouts.
    pub timeouts: u32,
    /// Retries.
    pub retries: u32,
    /// What was given up.
    pub cancels: u32,
    /// Failovers.
    pub failovers: u32,
    /// What was said to be well again.
    pub recoveries: u32,
    /// Calls: different spans for which something went this way, or calls where each is a span of its own.
    pub calls: u32,
}

impl Tally {
    /// Counts one more.
    pub const fn count(&mut self, act: Act) {
        self.events += 1;
        match act {
            Act::Fault => self.failures += 1,
            Act::Timeout => {
                self.failures += 1;
                self.timeouts += 1;
            }
            Act::Retry => self.retries += 1,
            Act::Cancel => self.cancels += 1,
            Act::Failover => self.failovers += 1,
            Act::Recovery => self.recoveries += 1,
            Act::Work | Act::Reply | Act::Late | Act::Deploy => {}
        }
    }

    /// True when anything of it went wrong, or was done because something had.
    pub const fn is_trouble(&self) -> bool {
        self.failures + self.retries + self.cancels + self.failovers > 0
    }

    /// How much of what went wrong, or was done because something had, is of one kind; 0 for all other kinds.
    pub const fn of(&self, act: Act) -> u32 {
        match act {
            Act::Fault => self.failures - self.timeouts,
            Act::Timeout => self.timeouts,
            Act::Retry => self.retries,
            Act::Cancel => self.cancels,
            Act::Failover => self.failovers,
            Act::Recovery => self.recoveries,
            Act::Work | Act::Reply | Act::Late | Act::Deploy => 0,
        }
    }

    /// How often each call is tried.
    fn tries(&self) -> f64 {
        if self.calls == 0 { 1.0 } else { f64::from(self.calls + self.retries) / f64::from(self.calls) }
    }
}

/// A service, task or lane.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// What happened there.
    pub tally: Sides<Tally>,
    /// What it has to do with the incident.
    pub part: Part,
    /// When the trouble reached it: ticks of actual's clock, or the number of the event where there is no time.
    pub reached: Option<i64>,
    /// What happened there first, in a word or two: `dns_failure`.
    pub first: String,
    /// True when the trouble was not seen there and is likely to come there next, on whichever side of the root it is.
    pub next: bool,
}

impl Node {
    /// By how much the share of what failed there is larger than in expected, from -1 to 1.
    pub fn failing(&self) -> f64 {
        let share = |tally: Tally| f64::from(tally.failures) / f64::from(tally.events.max(1));
        share(self.tally.actual) - share(self.tally.expected)
    }
}

/// The way from one place to another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Edge {
    /// The place that calls.
    pub from: Place,
    /// The place that is called.
    pub to: Place,
    /// What went this way.
    pub tally: Sides<Tally>,
    /// How many times as often each call is tried as in expected; 1 where nothing is tried again.
    pub amplification: f64,
    /// When trouble first went this way; as [`Node::reached`].
    pub reached: Option<i64>,
    /// What tells most of what happened on this way and not in expected; work where nothing did.
    pub act: Act,
}

impl Edge {
    /// A way that nothing is known of yet.
    pub fn new(from: Place, to: Place) -> Self {
        Self { from, to, amplification: 1.0, ..Self::default() }
    }

    /// Of what happened on this way more than in expected, as `more` says, that which tells most.
    pub fn telling(more: impl Fn(Act) -> bool) -> Act {
        let known = [Act::Retry, Act::Timeout, Act::Fault, Act::Failover, Act::Cancel];
        known.into_iter().find(|act| more(*act)).unwrap_or_default()
    }

    /// True when only one side has it.
    pub const fn only(&self) -> Option<Side> {
        match (self.tally.expected.events, self.tally.actual.events) {
            (0, 1..) => Some(Side::Actual),
            (1.., 0) => Some(Side::Expected),
            _ => None,
        }
    }
}

/// Who calls whom.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Graph {
    /// The places, as in [`Story::places`].
    pub nodes: Vec<Node>,
    /// The ways, by `from`, then `to`.
    pub edges: Vec<Edge>,
    /// True when there is an expected side.
    pub paired: bool,
}

impl Graph {
    /// The graph of a story; what places have to do with the incident is marked later.
    pub(super) fn new(story: &Story) -> Self {
        Self::of_known(story, &|_, _| true)
    }

    /// The same places and ways with only what was told of them by the events that are `known`; nothing is predicted from these.
    #[must_use]
    pub fn past(&self, story: &Story, known: &dyn Fn(Side, EventIndex) -> bool) -> Self {
        let mut past = Self::of_known(story, known);
        for (node, whole) in past.nodes.iter_mut().zip(&self.nodes) {
            (node.part, node.reached) = (whole.part, whole.reached);
            node.first.clone_from(&whole.first);
        }
        past
    }

    fn of_known(story: &Story, known: &dyn Fn(Side, EventIndex) -> bool) -> Self {
        let node = |name: &String| Node { name: name.clone(), ..Node::default() };
        let mut nodes: Vec<Node> = story.places.iter().map(node).collect();
        let mut edges: BTreeMap<(Place, Place), Edge> = BTreeMap::new();
        let mut spans: HashSet<(Side, Place, Place, &str), foldhash::fast::FixedState> = HashSet::default();
        let callers = callers(story);
        for side in Side::BOTH {
            for one in &story.happenings[side] {
                let known = known(side, one.index);
                if known {
                    nodes[one.place as usize].tally[side].count(one.act);
                }
                let Some(peer) = one.peer else { continue };
                // An answer goes back along the way of its call.
                let calls = callers.get(&between(one.place, peer)).is_none_or(|caller| *caller == one.place);
                let key = if calls { (one.place, peer) } else { (peer, one.place) };
                let edge = edges.entry(key).or_insert_with(|| Edge::new(key.0, key.1));
                if known {
                    edge.tally[side].count(one.act);
                }
                if known && calls && spans.insert((side, key.0, key.1, &one.span)) {
                    edge.tally[side].calls += 1;
                }
                if side == Side::Actual && one.differs && one.act.is_trouble() {
                    edge.reached.get_or_insert_with(|| one.moment());
                }
            }
        }
        let said: BTreeSet<(Place, Place)> = edges.keys().copied().collect();
        for side in Side::BOTH {
            let others = story.links[side].iter().filter(|link| {
                link.from != link.to && !said.contains(&(link.from, link.to)) && !said.contains(&(link.to, link.from))
            });
            for link in others {
                let key = (link.from, link.to);
                let edge = edges.entry(key).or_insert_with(|| Edge::new(link.from, link.to));
                if known(side, link.at) {
                    let tally = &mut edge.tally[side];
                    tally.count(Act::Work);
                    tally.calls += 1;
                }
            }
        }
        let mut edges: Vec<Edge> = edges.into_values().collect();
        let tries = Side::BOTH.map(|side| Tries::new(story, side, known));
        for edge in &mut edges {
            for side in Side::BOTH {
                let tally = &mut edge.tally[side];
                if tally.retries > 0 {
                    tally.retries = tally.retries.max(tries[side as usize].of(edge.from, edge.to));
                }
            }
            edge.amplification = edge.tally.actual.tries() / edge.tally.expected.tries();
            edge.act = Edge::telling(|act| edge.tally.actual.of(act) > edge.tally.expected.of(act));
        }
        Self { nodes, edges, paired: story.paired }
    }

    /// Whom a place calls.
    pub fn callees(&self, place: Place) -> impl Iterator<Item = &Edge> {
        let from = self.edges.partition_point(|edge| edge.from < place);
        self.edges[from..].iter().take_while(move |edge| edge.from == place)
    }

    /// Who calls a place.
    pub fn callers(&self, place: Place) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(move |edge| edge.to == place)
    }

    /// Everything that a place is called by, or calls, over any number of steps, nearest first.
    pub fn reached_by(&self, place: Place, up: bool) -> Vec<Place> {
        reach(place, |place| {
            if up {
                self.callers(place).map(|edge| edge.from).collect()
            } else {
                self.callees(place).map(|edge| edge.to).collect()
            }
        })
    }

    /// Says of every place what it has to do with the incident, and when it was reached.
    pub(super) fn mark(&mut self, story: &Story, blast: Option<&Blast>, predictions: &[Prediction]) {
        for one in story.trouble() {
            let node = &mut self.nodes[one.place as usize];
            if node.reached.is_none() {
                node.reached = Some(one.moment());
                node.first = if one.reason.is_empty() { one.act.word().to_owned() } else { one.reason.clone() };
            }
        }
        self.mark_next(predictions);
        let Some(blast) = blast else { return };
        let parts = [(Part::Downstream, &blast.downstream), (Part::Upstream, &blast.upstream)];
        for (part, places) in parts {
            for &place in places {
                self.nodes[place as usize].part = part;
            }
        }
        self.nodes[blast.root as usize].part = Part::Root;
        self.nodes[blast.root as usize].reached.get_or_insert(blast.since);
    }

    /// Says of the places that are likely to break next that they are.
    pub fn mark_next(&mut self, predictions: &[Prediction]) {
        for prediction in predictions {
            self.nodes[prediction.place as usize].next = true;
        }
    }

    /// How many places have this part in the incident.
    pub fn count(&self, part: Part) -> usize {
        self.nodes.iter().filter(|node| node.part == part).count()
    }

    /// How many places are likely to break next.
    pub fn count_next(&self) -> usize {
        self.nodes.iter().filter(|node| node.next).count()
    }
}

/// The highest numbers of a try: where something is tried again they say more than the retries that were recorded.
struct Tries {
    at: BTreeMap<Place, u32>,
    between: BTreeMap<(Place, Place), u32>,
}

impl Tries {
    fn new(story: &Story, side: Side, known: &dyn Fn(Side, EventIndex) -> bool) -> Self {
        let mut tries = Self { at: BTreeMap::new(), between: BTreeMap::new() };
        for one in story.happenings[side].iter().filter(|one| one.attempt > 0 && known(side, one.index)) {
            let at = tries.at.entry(one.place).or_default();
            *at = (*at).max(one.attempt);
            if let Some(peer) = one.peer {
                let between = tries.between.entry((one.place, peer)).or_default();
                *between = (*between).max(one.attempt);
            }
        }
        tries
    }

    /// Of calls from one place to another.
    fn of(&self, from: Place, to: Place) -> u32 {
        let [at, between] = [self.at.get(&to), self.between.get(&(from, to))].map(|tries| tries.copied().unwrap_or(0));
        at.max(between)
    }
}

const fn between(a: Place, b: Place) -> (Place, Place) {
    if a < b { (a, b) } else { (b, a) }
}

/// Of every two places that talk to each other the one that called first; who only answers is no caller, unless it names another
/// one there than those who call it, of whom nothing else is told: that is whom it asked for its answer.
fn callers(story: &Story) -> BTreeMap<(Place, Place), Place> {
    let told = |answers: bool| {
        let all = Side::BOTH.into_iter().flat_map(|side| &story.happenings[side]);
        all.filter(move |one| one.answers == answers).filter_map(|one| Some((one.place, one.peer?)))
    };
    let mut callers = BTreeMap::new();
    for (place, peer) in told(false) {
        callers.entry(between(place, peer)).or_insert(place);
    }
    let called: BTreeSet<Place> = callers.iter().map(|(&(a, b), caller)| if *caller == a { b } else { a }).collect();
    let acting: BTreeSet<Place> =
        Side::BOTH.into_iter().flat_map(|side| &story.happenings[side]).map(|one| one.place).collect();
    // Where only answers were recorded, who is answered has called.
    for (place, peer) in told(true) {
        let asks = called.contains(&place) && !acting.contains(&peer);
        callers.entry(between(place, peer)).or_insert(if asks { place } else { peer });
    }
    callers
}

/// Everything that can be reached from a place, the nearest first.
fn reach(from: Place, next: impl Fn(Place) -> Vec<Place>) -> Vec<Place> {
    let mut seen: HashSet<Place, foldhash::fast::FixedState> = HashSet::default();
    seen.insert(from);
    let mut order = Vec::new();
    let mut open = vec![from];
    while !open.is_empty() {
        let near: Vec<Place> = open.iter().flat_map(|&place| next(place)).filter(|&place| seen.insert(place)).collect();
        order.extend_from_slice(&near);
        open = near;
    }
    order
}
