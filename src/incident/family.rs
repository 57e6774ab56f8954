//! What kind of incident it is, with the evidence for each kind, and what followed what in words. A kind is named by what
//! happened, never by a name of a file, a service or a scenario.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Graph;
use super::{Act, Happening, Place, Story};
use crate::trace::{EventIndex, grouped, milliseconds};

/// Retries beyond expected's on one way that make a storm.
const STORM: u32 = 2;
/// Places that time out one after the other, from the callee to its caller, that make a cascade.
const CASCADE: usize = 2;

/// A kind of incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Something was said to be well before it was.
    MisorderedRecovery,
    /// Calls are tried again and again.
    RetryStorm,
    /// Callers time out one after the other.
    CascadingTimeouts,
    /// Another one took over.
    Failover,
    /// What was no longer waited for was given up, from place to place.
    CancellationPropagation,
    /// Some of the same calls fail and others do not.
    PartialFailure,
    /// Nothing failed; it only took longer.
    LatencyInflation,
    /// A new version came before the first failure.
    DeployCorrelated,
    /// Something failed, in none of the ways above.
    Degradation,
}

impl Family {
    /// The word in files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::MisorderedRecovery => "misordered_recovery",
            Self::RetryStorm => "retry_storm",
            Self::CascadingTimeouts => "cascading_timeouts",
            Self::Failover => "failover_edge_case",
            Self::CancellationPropagation => "cancellation_propagation",
            Self::PartialFailure => "partial_failure",
            Self::LatencyInflation => "latency_inflation",
            Self::DeployCorrelated => "deploy_correlated",
            Self::Degradation => "distributed_degradation",
        }
    }

    /// The words on screen.
    pub const fn words(self) -> &'static str {
        match self {
            Self::MisorderedRecovery => "misordered recovery",
            Self::RetryStorm => "retry storm",
            Self::CascadingTimeouts => "cascading timeouts",
            Self::Failover => "failover",
            Self::CancellationPropagation => "cancellation propagation",
            Self::PartialFailure => "partial failure",
            Self::LatencyInflation => "latency inflation",
            Self::DeployCorrelated => "deploy-correlated",
            Self::Degradation => "degradation",
        }
    }

    /// The words at the beginning of a line.
    pub fn title(self) -> String {
        let (first, rest) = self.words().split_at(1);
        first.to_uppercase() + rest
    }
}

/// A kind of incident with what speaks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The kind.
    pub family: Family,
    /// What speaks for it, as a sentence.
    pub evidence: String,
    /// The events of actual that it speaks of, the first one first.
    pub events: Vec<EventIndex>,
}

/// The kinds of incident that there is evidence for. The first is the incident's own: a recovery in the wrong place before all,
/// else what began first.
pub(super) fn findings(story: &Story, graph: &Graph) -> Vec<Finding> {
    let mut begun: Vec<Finding> =
        [storm(story, graph), cascade(story, graph), failover(story)].into_iter().flatten().collect();
    begun.sort_by_key(|finding| (finding.events.first().copied(), finding.family));
    let mut all: Vec<Finding> = misordered(story).into_iter().chain(begun).collect();
    all.extend(cancellations(story));
    if all.is_empty() {
        all.extend(partial(story).or_else(|| degradation(story)).or_else(|| latency(story)));
    }
    all.extend(deploy(story));
    all
}

fn finding(family: Family, evidence: String, events: impl IntoIterator<Item = EventIndex>) -> Finding {
    Finding { family, evidence, events: events.into_iter().collect() }
}

/// A recovery that is followed by a failure of what was said to be well.
fn misordered(story: &Story) -> Option<Finding> {
    let mut recoveries = story.happenings.actual.iter().filter(|one| one.act == Act::Recovery);
    // The last failure of each place says whether one comes after; the first one after is looked for once.
    let failures: Vec<&Happening> = story.trouble().filter(|one| one.act.is_failure()).collect();
    let mut last: BTreeMap<Place, EventIndex> = BTreeMap::new();
    for one in &failures {
        for place in [Some(one.place), one.peer].into_iter().flatten() {
            last.insert(place, one.index);
        }
    }
    let failure_after = |recovery: &Happening| {
        let after = |place: Place| {
            last.get(&place).filter(|last| **last > recovery.index)?;
            let from = failures.partition_point(|one| one.index <= recovery.index);
            failures[from..].iter().find(|one| one.about(place)).map(|one| (one.index, place))
        };
        // Who is well is who says so, or whom it is said of.
        let said_of = recovery.peer.and_then(after);
        after(recovery.place).into_iter().chain(said_of).min_by_key(|(index, _)| *index)
    };
    let (recovery, (failure, place)) = recoveries.find_map(|one| Some((one, failure_after(one)?)))?;
    let evidence = format!(
        "{} was said to be well (event {}) and failed after that (event {failure}).",
        story.name(place),
        recovery.index
    );
    Some(finding(Family::MisorderedRecovery, evidence, [recovery.index, failure]))
}

/// Retries, by way.
fn storm(story: &Story, graph: &Graph) -> Option<Finding> {
    let more =
        |tally: &crate::trace::Sides<super::graph::Tally>| tally.actual.retries.saturating_sub(tally.expected.retries);
    let ways_again: Vec<_> = graph.edges.iter().filter(|edge| more(&edge.tally) >= STORM).collect();
    let at: Vec<Place> = if ways_again.is_empty() {
        // Where nobody says whom he calls, by who tries again.
        (0..).zip(&graph.nodes).filter(|(_, node)| more(&node.tally) >= STORM).map(|(place, _)| place).collect()
    } else {
        ways_again.iter().map(|edge| edge.from).collect()
    };
    let retries = story.trouble().filter(|one| one.act == Act::Retry && at.contains(&one.place));
    let events: Vec<EventIndex> = retries.map(|one| one.index).collect();
    events.first()?;
    let ways: Vec<String> = ways_again
        .iter()
        .map(|edge| {
            let (from, to) = (story.name(edge.from), story.name(edge.to));
            format!("{from} tries {to} {} times more, which is ×{:.1} the calls", more(&edge.tally), edge.amplification)
        })
        .collect();
    let who = || at.iter().map(|&place| story.name(place)).collect::<Vec<&str>>().join(", ");
    let evidence = if ways.is_empty() {
        format!("{} tries again {} times.", who(), grouped(events.len() as u64))
    } else {
        format!("{}.", ways.join("; "))
    };
    Some(finding(Family::RetryStorm, evidence, events))
}

/// Timeouts that follow each other from the callee to its caller.
fn cascade(story: &Story, graph: &Graph) -> Option<Finding> {
    let timeouts: Vec<&Happening> = story.trouble().filter(|one| one.act == Act::Timeout).collect();
    // Where no recording says who calls whom, the order has to do.
    let unknown = graph.edges.is_empty();
    let mut callers: BTreeMap<Place, Vec<Place>> = BTreeMap::new();
    for edge in &graph.edges {
        callers.entry(edge.to).or_default().push(edge.from);
    }
    // From the last one back: the next of a chain is the earliest later timeout at a caller, or anywhere else.
    let mut earliest: BTreeMap<Place, usize> = BTreeMap::new();
    let mut next: Vec<Option<usize>> = vec![None; timeouts.len()];
    let mut longest: Vec<usize> = vec![1; timeouts.len()];
    for (at, one) in timeouts.iter().enumerate().rev() {
        next[at] = if unknown {
            earliest.iter().filter(|(place, _)| **place != one.place).map(|(_, at)| *at).min()
        } else {
            let above = callers.get(&one.place).into_iter().flatten().filter(|caller| **caller != one.place);
            above.filter_map(|caller| earliest.get(caller).copied()).min()
        };
        longest[at] = 1 + next[at].map_or(0, |next| longest[next]);
        earliest.insert(one.place, at);
    }
    // Of equally long chains the one that begins first.
    let first = (0..timeouts.len()).min_by_key(|&at| (std::cmp::Reverse(longest[at]), at));
    let best: Vec<&Happening> = std::iter::successors(first, |&at| next[at]).map(|at| timeouts[at]).collect();
    if best.len() < CASCADE {
        return None;
    }
    let names: Vec<&str> = best.iter().map(|one| story.name(one.place)).collect();
    let evidence = format!("One after the other timed out, each waiting for the one before: {}.", names.join(" → "));
    Some(finding(Family::CascadingTimeouts, evidence, best.iter().map(|one| one.index)))
}

/// Another one took over; whether all went with it is said.
fn failover(story: &Story) -> Option<Finding> {
    let over = story.trouble().find(|one| one.act == Act::Failover)?;
    let before = story.trouble().take_while(|one| one.index < over.index).filter(|one| one.act.is_failure());
    let mut left: BTreeSet<Place> = before.map(|one| one.place).collect();
    // Whom it called until then it has left as well, though it may never have failed before.
    let own = story.happenings.actual.iter().take_while(|one| one.index < over.index);
    left.extend(own.filter(|one| one.place == over.place).filter_map(|one| one.peer).last());
    let failed_after = story.trouble().find(|one| {
        one.index > over.index
            && one.act.is_failure()
            && (left.contains(&one.place)
                || one.peer.is_some_and(|peer| left.contains(&peer))
                || Some(one.place) == over.peer)
    });
    let to = over.peer.map_or_else(String::new, |peer| format!(" to {}", story.name(peer)));
    let rest = match failed_after {
        Some(one) => {
            format!("not everything went with it: {} failed after that (event {})", story.name(one.place), one.index)
        }
        None => "nothing failed after that".to_owned(),
    };
    let evidence = format!("{} went over{to} (event {}); {rest}.", story.name(over.place), over.index);
    Some(finding(Family::Failover, evidence, [over.index].into_iter().chain(failed_after.map(|one| one.index))))
}

/// What was given up because somebody no longer waited.
fn cancellations(story: &Story) -> Option<Finding> {
    let first = story.trouble().find(|one| one.act.is_failure())?.index;
    let given_up: Vec<&Happening> = story.trouble().filter(|one| one.act == Act::Cancel && one.index > first).collect();
    let at = given_up.first()?;
    let evidence = match given_up.len() {
        1 => format!("{} gave up after the failure (event {}).", story.name(at.place), at.index),
        n => format!(
            "{n} times work was given up after the failure, first in {} (event {}).",
            story.name(at.place),
            at.index
        ),
    };
    Some(finding(Family::CancellationPropagation, evidence, given_up.iter().map(|one| one.index)))
}

/// Some of the same work fails, and some does not.
fn partial(story: &Story) -> Option<Finding> {
    let failure = story.trouble().find(|one| one.act.is_failure())?;
    let same = |one: &&Happening| one.place == failure.place && one.peer == failure.peer;
    let spans = |failed: bool| {
        let of = story.happenings.actual.iter().filter(same);
        let mut spans: Vec<&str> = of
            .filter(|one| one.act.is_failure() == failed)
            .map(|one| one.span.as_str())
            .filter(|s| !s.is_empty())
            .collect();
        spans.sort_unstable();
        spans.dedup();
        spans
    };
    let failed = spans(true);
    let well = spans(false).into_iter().filter(|span| failed.binary_search(span).is_err()).count();
    if well == 0 || failed.is_empty() {
        return None;
    }
    let evidence = format!("In {} {} of {} failed.", story.name(failure.place), failed.len(), failed.len() + well);
    Some(finding(Family::PartialFailure, evidence, [failure.index]))
}

/// Nothing failed, and something came late: charged to where it took longer itself.
fn latency(story: &Story) -> Option<Finding> {
    let (place, longer) = story.slowest()?;
    let late: Vec<&Happening> = story.trouble().filter(|one| one.act == Act::Late).collect();
    let long = story.unit.map_or_else(String::new, |unit| {
        let ms = longer as f64 / 10_f64.powi(unit.exponent() as i32 - 3);
        format!(" {}", milliseconds(ms))
    });
    let number = match late.len() {
        1 => "1 event is".to_owned(),
        n => format!("{} events are", grouped(n as u64)),
    };
    let evidence = format!(
        "{} took{long} longer itself; {number} late (the first is event {}).",
        story.name(place),
        late[0].index
    );
    Some(finding(Family::LatencyInflation, evidence, late.iter().map(|one| one.index)))
}

fn degradation(story: &Story) -> Option<Finding> {
    let failure = story.trouble().find(|one| one.act.is_failure())?;
    let evidence = format!("{} failed (event {}).", story.name(failure.place), failure.index);
    Some(finding(Family::Degradation, evidence, [failure.index]))
}

/// The last deploy before the first failure, if the recording has one.
fn deploy(story: &Story) -> Option<Finding> {
    let failure = story.trouble().find(|one| one.act.is_failure())?;
    let before = story.happenings.actual.iter().take_while(|one| one.index < failure.index);
    let deploy = before.filter(|one| one.act == Act::Deploy).last()?;
    let evidence = format!(
        "A deploy of {} (event {}) came before the first failure (event {}).",
        story.name(deploy.place),
        deploy.index,
        failure.index
    );
    Some(finding(Family::DeployCorrelated, evidence, [deploy.index, failure.index]))
}
