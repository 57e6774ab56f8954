//! How far an incident reached: from where it broke first along the calls, both directions told apart.

use std::collections::HashSet;

use super::graph::Graph;
use super::{Act, Happening, Place, Story};
use crate::trace::EventIndex;

/// How far an incident reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blast {
    /// Where it broke first.
    pub root: Place,
    /// The event of actual that says so; `None` for windows of requests, which have many.
    pub event: Option<EventIndex>,
    /// When: ticks of actual's clock, or the event's number.
    pub since: i64,
    /// What the root calls, or was to answer for: reached at once.
    pub direct: Vec<Place>,
    /// What calls the root and what calls that, nearest first.
    pub upstream: Vec<Place>,
    /// What the root calls and what that calls, nearest first.
    pub downstream: Vec<Place>,
    /// What an outsider saw first: the first failure at a place that nobody calls who had trouble himself.
    pub symptom: Option<EventIndex>,
    /// Where that was.
    pub noticed: Option<Place>,
}

impl Blast {
    /// How far it reached from a place along the calls.
    pub fn from(root: Place, since: i64, graph: &Graph) -> Self {
        Self {
            root,
            event: None,
            since,
            direct: graph.callees(root).map(|edge| edge.to).collect(),
            upstream: graph.reached_by(root, true),
            downstream: graph.reached_by(root, false),
            symptom: None,
            noticed: None,
        }
    }

    /// The blast radius of a story; `None` where nothing failed.
    pub(super) fn of(story: &Story, graph: &Graph) -> Option<Self> {
        let root: &Happening = story.root()?;
        // Nobody whom it troubled calls that place.
        let troubled: HashSet<Place, foldhash::fast::FixedState> = story.trouble().map(|one| one.place).collect();
        let called: HashSet<Place, foldhash::fast::FixedState> =
            graph.edges.iter().filter(|edge| troubled.contains(&edge.from)).map(|edge| edge.to).collect();
        let outermost = |place: Place| !called.contains(&place);
        let noticed = |one: &Happening| one.act.is_failure() || one.act == Act::Cancel;
        let symptom = story.trouble().find(|one| one.index >= root.index && noticed(one) && outermost(one.place));
        Some(Self {
            event: Some(root.index),
            symptom: symptom.map(|one| one.index),
            noticed: symptom.map(|one| one.place),
            ..Self::from(root.place, root.moment(), graph)
        })
    }
}
