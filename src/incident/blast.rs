//! How far an incident reached: from where it broke first along the calls, both directions told apart.

use std::collections::HashSet;

use super::graph::{Graph, moment};
use super::{Act, Happening, Place, Story};
use crate::trace::EventIndex;

/// How far an incident reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blast {
    /// Where it broke first.
    pub root: Place,
    /// The event of actual that says so.
    pub event: EventIndex,
    /// When: ticks of actual's clock, or the event's number.
    pub since: i64,
    /// What the root calls, or was to answer for: reached at once.
    pub direct: Vec<Place>,
    /// What calls the root and what calls that, nearest first, as far as trouble was seen or nothing but the way up is known.
    pub upstream: Vec<Place>,
    /// What the root calls and what that calls, nearest first.
    pub downstream: Vec<Place>,
    /// What an outsider saw first: the first failure at a place that nobody calls who had trouble himself.
    pub symptom: Option<EventIndex>,
}

impl Blast {
    /// The blast radius; `None` where nothing failed.
    pub(super) fn new(story: &Story, graph: &Graph) -> Option<Self> {
        let root: &Happening = story.root()?;
        let direct = graph.callees(root.place).map(|edge| edge.to).collect();
        // Nobody whom it troubled calls that place.
        let troubled: HashSet<Place, foldhash::fast::FixedState> = story.trouble().map(|one| one.place).collect();
        let outermost = |place: Place| graph.callers(place).all(|edge| !troubled.contains(&edge.from));
        let noticed = |one: &Happening| one.act.is_failure() || one.act == Act::Cancel;
        let symptom = story.trouble().find(|one| one.index >= root.index && noticed(one) && outermost(one.place));
        Some(Self {
            root: root.place,
            event: root.index,
            since: moment(root),
            direct,
            upstream: graph.reached_by(root.place, true),
            downstream: graph.reached_by(root.place, false),
            symptom: symptom.map(|one| one.index),
        })
    }
}

/// Everything that can be reached from a place, the nearest first.
pub(super) fn reach(from: Place, next: impl Fn(Place) -> Vec<Place>) -> Vec<Place> {
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
