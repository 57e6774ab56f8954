//! What is likely to break next: who depends on what has broken and has not been reached yet. From the calls that both sides show
//! and what has happened, never from what the recording says later.

use super::graph::Graph;
use super::{Act, Place, Story};

/// From this share of calls on somebody depends on whom he calls.
const DEPENDS: f64 = 0.5;
/// How much less sure each further step is.
const STEP: f64 = 0.5;

/// A place that is likely to break next.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// The place.
    pub place: Place,
    /// How likely it is beside the others, above 0 up to 1; no probability.
    pub weight: f64,
    /// The place that it depends on, or that makes it work more.
    pub through: Place,
    /// How it is reached: a failure goes up, a retry's load and a cancellation go down.
    pub by: Act,
}

/// The places, by their number, that a story saw in trouble.
pub(super) fn hit(story: &Story, root: Place) -> Vec<bool> {
    let mut hit = vec![false; story.places.len()];
    hit[root as usize] = true;
    for one in story.trouble() {
        hit[one.place as usize] = true;
        // A call that failed says as much of whom it went to.
        if one.act.is_failure()
            && let Some(peer) = one.peer
        {
            hit[peer as usize] = true;
        }
    }
    hit
}

/// What is likely to break next, the likeliest first, where some places were hit.
pub fn predict(graph: &Graph, hit: &[bool]) -> Vec<Prediction> {
    let mut found: Vec<Prediction> = Vec::new();
    let mut add = |prediction: Prediction| match found.iter_mut().find(|known| known.place == prediction.place) {
        Some(known) if known.weight >= prediction.weight => {}
        Some(known) => *known = prediction,
        None => found.push(prediction),
    };
    // Up: callers of what has broken, and their callers.
    let mut reached: Vec<(Place, f64)> =
        (0..).zip(hit).filter(|(_, hit)| **hit).map(|(place, _)| (place, 1.0)).collect();
    let mut seen = hit.to_vec();
    while let Some((place, sure)) = reached.pop() {
        for edge in graph.callers(place) {
            let calls = |edge: &super::Edge| f64::from(edge.tally.expected.calls.max(edge.tally.actual.calls));
            let most = graph.callees(edge.from).map(calls).fold(1.0, f64::max);
            let share = (calls(edge) / most).min(1.0);
            if share < DEPENDS || std::mem::replace(&mut seen[edge.from as usize], true) {
                continue;
            }
            let weight = sure * share * STEP;
            add(Prediction { place: edge.from, weight, through: place, by: Act::Fault });
            reached.push((edge.from, weight));
        }
    }
    // Down: whom retries make work more, and whose work is given up.
    for edge in &graph.edges {
        let by @ (Act::Retry | Act::Cancel) = edge.act else { continue };
        for next in graph.callees(edge.to).filter(|next| !hit[next.to as usize]) {
            add(Prediction { place: next.to, weight: STEP * STEP, through: edge.to, by });
        }
        if !hit[edge.to as usize] {
            add(Prediction { place: edge.to, weight: STEP, through: edge.from, by });
        }
    }
    found.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.place.cmp(&b.place)));
    found
}
