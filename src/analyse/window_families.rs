//! What kind of incident two windows of requests tell of, with the evidence for each kind: what happened beyond what the baseline
//! makes usual, never a name.

use super::service_graph::{ServiceGraph, beyond};
use super::window_acts::{Acts, Told};
use crate::incident::{Act, Blast, Edge, Family, Finding, Place, Tally};
use crate::population::{Calls, Change, Evidence, Ranking, Suspect, What};
use crate::trace::{Side, Sides, Word, Words, grouped, percent_instead, time_instead};

/// Services that time out one after the other, from the callee to its caller, that make a cascade.
const CASCADE: usize = 2;
/// From this share on all of the same work is said to fail.
const ALL: f64 = 0.95;
/// The kinds that say that something fails.
const FAILING: [Family; 2] = [Family::PartialFailure, Family::Degradation];
/// The end of a sentence that nobody else is named in.
const NOBODY: &str = ".";
/// Names that are told; the others are counted.
const NAMES: usize = 5;

/// What the families are told from.
pub(super) struct Kinds<'a> {
    pub graph: &'a ServiceGraph,
    pub ranking: &'a Ranking,
    pub words: &'a Words,
    pub blast: &'a Blast,
    /// The service that broke.
    pub suspect: &'a Suspect,
    pub acts: &'a Sides<Acts>,
    /// The failing window.
    pub now: &'a Calls<'a>,
}

impl Kinds<'_> {
    /// The kinds of incident that there is evidence for, the one that tells most first: how it spread, then how it began.
    pub fn families(&self) -> Vec<Finding> {
        let spread = [self.misordered(), self.storm(), self.cascade(), self.failover(), self.cancellations()];
        let mut found: Vec<Finding> = spread.into_iter().flatten().collect();
        // What broke because of it may have lost work of its own.
        let others = self.ranking.suspects[1..].iter().filter(|other| other.score >= self.ranking.bar);
        let others = others
            .filter_map(|other| other.evidence.first())
            .filter(|one| matches!(one.what, What::Lost { gone: true, .. }));
        // What somebody feels tells more than what an instance uses.
        let (uses, felt): (Vec<&Evidence>, Vec<&Evidence>) =
            self.suspect.telling().partition(|evidence| matches!(evidence.what, What::Resource { .. }));
        for evidence in felt.into_iter().chain(others).chain(uses) {
            // In part or as a whole: the strongest evidence says which.
            let alike = |a: Family, b: Family| [a, b].iter().all(|one| FAILING.contains(one)) || a == b;
            if let Some(one) = self.began(evidence)
                && !found.iter().any(|known| alike(known.family, one.family))
            {
                found.push(one);
            }
        }
        found.extend(self.deploy());
        found
    }

    fn name(&self, place: Place) -> &str {
        &self.graph.graph.nodes[place as usize].name
    }

    /// `a, b and 3 more`.
    fn names(&self, places: impl Iterator<Item = Place>) -> String {
        let places: Vec<&str> = places.map(|place| self.name(place)).collect();
        let told = places[..places.len().min(NAMES)].join(", ");
        if places.len() > NAMES { format!("{told} and {} more", places.len() - NAMES) } else { told }
    }

    /// The callers that were reached as something says, nearest first.
    fn upstream(&self, which: impl Fn(Place) -> bool) -> String {
        let reached = |place: &Place| self.graph.graph.nodes[*place as usize].reached.is_some();
        self.names(self.blast.upstream.iter().copied().filter(|place| reached(place) && which(*place)))
    }

    /// The places where something happened beyond the usual.
    fn beyond(&self, of: fn(&Tally) -> u32) -> impl Iterator<Item = Place> + '_ {
        (0..).zip(&self.graph.beyond).filter(move |(_, tally)| of(tally) > 0).map(|(place, _)| place)
    }

    /// A service says that it is well, and after that more of it fails than the baseline and chance explain.
    fn misordered(&self) -> Option<Finding> {
        let after = |(word, (time, service)): (&Word, &(i64, Word))| {
            let name = self.words.get(*service);
            let node = self.graph.graph.nodes.iter().find(|node| node.name == name)?;
            let mut later = Tally::default();
            let spans = self.now.spans.iter().zip(&self.acts.actual.of);
            for (_, act) in spans.filter(|(span, _)| span.service == *service && span.begin > *time) {
                later.count(*act);
            }
            let tally = Sides::new(node.tally.expected, later);
            (beyond(&tally).failures > 0).then_some((*time, *word, name, later))
        };
        let recoveries = new(&self.acts.actual.recoveries, &self.acts.expected.recoveries);
        let (_, word, name, later) = recoveries.filter_map(after).min_by_key(|(time, word, ..)| (*time, *word))?;
        let [failed, all] = [later.failures, later.events].map(|number| grouped(u64::from(number)));
        let evidence = format!(
            "{name} said that it is well ({}), and {failed} of its {all} spans that began after that failed.",
            self.words.get(word)
        );
        Some(finding(Family::MisorderedRecovery, evidence))
    }

    /// Calls that fail and are made again.
    fn storm(&self) -> Option<Finding> {
        let ways = self.graph.graph.edges.iter().zip(&self.graph.rates);
        let again = ways.filter(|(edge, _)| edge.tally.actual.retries > 0);
        let way = |(edge, (rate, _)): (&Edge, &(Sides<f64>, bool))| {
            let failing = |side: Side| {
                let tally = edge.tally[side];
                100.0 * f64::from(tally.failures) / f64::from(tally.calls.max(1))
            };
            format!(
                "{} calls {} ×{:.1} as often ({:.1} calls a request instead of {:.1}), and {:.0} % of the calls fail instead of {:.0} %",
                self.name(edge.from),
                self.name(edge.to),
                edge.amplification,
                rate.actual,
                rate.expected,
                failing(Side::Actual),
                failing(Side::Expected)
            )
        };
        let again: Vec<String> = again.map(way).collect();
        (!again.is_empty()).then(|| finding(Family::RetryStorm, format!("{}.", again.join("; "))))
    }

    /// Timeouts at a service and at those who call it.
    fn cascade(&self) -> Option<Finding> {
        let mut chains: Vec<Vec<Place>> =
            self.beyond(|tally| tally.timeouts).map(|place| self.waiting_for(place)).collect();
        chains.sort_by_key(|chain| std::cmp::Reverse(chain.len()));
        let best = chains.into_iter().next().filter(|chain| chain.len() >= CASCADE)?;
        let names: Vec<&str> = best.iter().map(|&place| self.name(place)).collect();
        let evidence =
            format!("One after the other times out, each waiting for the one before: {}.", names.join(" → "));
        Some(finding(Family::CascadingTimeouts, evidence))
    }

    /// A place that times out, a caller of it that does, and so on; of several callers the one that times out most often.
    fn waiting_for(&self, place: Place) -> Vec<Place> {
        let timeouts = |place: Place| self.graph.beyond[place as usize].timeouts;
        let mut chain = vec![place];
        loop {
            let callers = self.graph.graph.callers(chain[chain.len() - 1]).map(|edge| edge.from);
            let next = callers.filter(|caller| timeouts(*caller) > 0 && !chain.contains(caller));
            let Some(next) = next.max_by_key(|caller| (timeouts(*caller), std::cmp::Reverse(*caller))) else {
                return chain;
            };
            chain.push(next);
        }
    }

    /// Another one took over: it is said so, or a caller goes to a service that it did not call before instead of one that fails
    /// or is gone.
    fn failover(&self) -> Option<Finding> {
        let said = self.beyond(|tally| tally.failovers).map(|place| {
            format!(
                "{} went over to another one {} times",
                self.name(place),
                grouped(u64::from(self.graph.beyond[place as usize].failovers))
            )
        });
        let edges = self.graph.graph.edges.iter().zip(&self.graph.rates);
        let fell = edges.clone().filter(|(_, (rate, differs))| *differs && rate.actual < rate.expected);
        let instead = fell.filter_map(|(left, (rate, _))| {
            let fails = left.act == Act::Fault || left.act == Act::Timeout || left.tally.actual.calls == 0;
            let new = |edge: &&Edge| {
                let calls = edge.tally.actual.calls;
                edge.from == left.from && edge.tally.expected.calls == 0 && calls >= ServiceGraph::FEW
            };
            let other = self.graph.graph.edges.iter().find(new).filter(|_| fails)?;
            let rest = match left.tally.actual.calls {
                0 => "nothing goes to the old one any more".to_owned(),
                _ => format!("not everything went with it: {:.2} calls a request still go to the old one", rate.actual),
            };
            Some(format!(
                "{} calls {} where it called {}; {rest}",
                self.name(left.from),
                self.name(other.to),
                self.name(left.to)
            ))
        });
        let all: Vec<String> = said.chain(instead).collect();
        (!all.is_empty()).then(|| finding(Family::Failover, format!("{}.", all.join("; "))))
    }

    /// Work that was given up.
    fn cancellations(&self) -> Option<Finding> {
        let at: Vec<Place> = self.beyond(|tally| tally.cancels).collect();
        let times: u32 = at.iter().map(|&place| self.graph.beyond[place as usize].cancels).sum();
        let evidence = || {
            format!(
                "Work is given up {} times more than usual, in {}.",
                grouped(u64::from(times)),
                self.names(at.iter().copied())
            )
        };
        (times > 0).then(|| finding(Family::CancellationPropagation, evidence()))
    }

    /// How it began, by one piece of the evidence for the service that broke.
    fn began(&self, evidence: &Evidence) -> Option<Finding> {
        let name = |word: Word| self.words.get(word);
        let root = self.name(self.blast.root);
        let took = |change: Change| time_instead(change.now, change.before);
        Some(match evidence.what {
            What::Slower { context, change } => {
                let slow = format!("What {root} does itself in {} takes {}", name(context.operation), took(change));
                finding(Family::LatencyInflation, slow + &self.waiting())
            }
            What::SlowWay { way, change, .. } => {
                let slow = format!("The way from {} to {} takes {}", name(way.from), name(way.to), took(change));
                finding(Family::LatencyInflation, slow + &self.waiting())
            }
            What::Lost { context, spans, of, gone, .. } => {
                let failing = self.failing();
                // More work, or the same in another order, is no failure by itself.
                if !gone && failing == NOBODY {
                    return None;
                }
                let [spans_told, of_told] = [spans, of].map(|number| grouped(u64::from(number)));
                let lost = format!(
                    "In {} of {} {}, {spans_told} of {of_told} times",
                    name(context.operation),
                    name(context.service),
                    if gone {
                        "work that was done before is no longer done"
                    } else {
                        "other work is done than before, or in another order"
                    }
                );
                finding(part(f64::from(spans) / f64::from(of.max(1))), lost + &failing)
            }
            What::Failing { context, change, says } => {
                let what = name(context.operation);
                let what = if context.service == evidence.service {
                    format!("{what} of {root} fails")
                } else {
                    format!("{what}, by which {} calls {root}, fails", name(context.service))
                };
                let fails = format!("{what} in {}", percent_instead(change.now * 100.0, change.before * 100.0));
                let says = says.map_or_else(String::new, |says| format!(", saying “{}”", name(says.message)));
                let fails = fails + &says;
                finding(part(change.now), fails + &self.failing())
            }
            What::Resource { metric, change, .. } => {
                let uses = format!("{} of {root} is {}", name(metric), percent_instead(change.now, change.before));
                finding(Family::Degradation, uses + &self.waiting())
            }
            What::Added(_) => return None,
        })
    }

    /// Who waits for the service that broke, as the end of a sentence.
    fn waiting(&self) -> String {
        match self.upstream(|place| self.graph.waits(place)).as_str() {
            "" => ".".to_owned(),
            names => format!("; waiting for it: {names}."),
        }
    }

    /// Who fails with the service that broke, as the end of a sentence.
    fn failing(&self) -> String {
        match self.upstream(|place| self.graph.beyond[place as usize].failures > 0).as_str() {
            "" => NOBODY.to_owned(),
            names => format!("; failing with it: {names}."),
        }
    }

    /// A deploy that is told in the failing window only, before the trouble began.
    fn deploy(&self) -> Option<Finding> {
        let new = new(&self.acts.actual.deploys, &self.acts.expected.deploys);
        let before = new.filter(|(_, (time, _))| *time <= self.blast.since);
        let (word, (_, service)) = before.max_by_key(|(word, first)| (first.0, std::cmp::Reverse(**word)))?;
        let evidence = format!(
            "{} tells of a deploy before the first request that shows it: {}.",
            self.words.get(*service),
            self.words.get(*word)
        );
        Some(finding(Family::DeployCorrelated, evidence))
    }
}

/// What is told in the failing window only.
fn new<'a>(now: &'a Told, before: &'a Told) -> impl Iterator<Item = (&'a Word, &'a (i64, Word))> {
    now.iter().filter(|(word, _)| !before.contains_key(word))
}

/// Some of the same work fails, or all of it.
pub(super) fn part(share: f64) -> Family {
    if share < ALL { Family::PartialFailure } else { Family::Degradation }
}

const fn finding(family: Family, evidence: String) -> Finding {
    Finding { family, evidence, events: Vec::new() }
}
