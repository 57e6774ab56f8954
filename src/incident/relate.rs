//! Two incidents compared by their causes: the same cause, the same kind, what differs. Nothing is the same because both are empty.

use super::{Act, Incident};
use crate::trace::Side;

/// Of windows of requests shares of the spans are told apart from this difference on: their numbers differ anyway.
const APART: f64 = 0.01;

/// What two incidents have in common. `None` where one of them says nothing about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The same place broke first, for the same reason.
    pub same_cause: Option<bool>,
    /// They are of the same kind.
    pub same_family: Option<bool>,
    /// The same places were reached, apart from the root.
    pub same_blast: Option<bool>,
    /// What differs, as sentences.
    pub differs: Vec<String>,
}

/// What broke first and why, if anything did.
pub fn first_failure(incident: &Incident) -> Option<(&str, &str)> {
    let Some(root) = incident.story.root() else {
        // Windows of requests tell no single events: the place that the ranking has, and what the chain begins with.
        let blast = incident.blast.as_ref()?;
        let word = incident.chain.links.first()?.word.as_str();
        let reason = if incident.says.is_empty() { word } else { &incident.says };
        return Some((incident.story.name(blast.root), reason));
    };
    Some((incident.story.name(root.place), if root.reason.is_empty() { root.act.word() } else { &root.reason }))
}

/// True for windows of requests, of which shares are told and not single events.
fn is_of_many(incident: &Incident) -> bool {
    incident.story.happenings.actual.is_empty()
}

/// How often something happened in actual beyond expected; of windows of requests, beyond what expected makes of so many spans.
pub fn excess(incident: &Incident, act: Act) -> i64 {
    let count = |side| i64::from(incident.count(side, act));
    let usual = match incident.story.paired {
        false => 0,
        true if is_of_many(incident) => {
            let [before, now] = Side::BOTH.map(|side| f64::from(incident.events(side)));
            (count(Side::Expected) as f64 / before.max(1.0) * now).round() as i64
        }
        true => count(Side::Expected),
    };
    count(Side::Actual) - usual
}

/// Which share of the spans of a window that is.
fn share(incident: &Incident, act: Act) -> f64 {
    excess(incident, act) as f64 / f64::from(incident.events(Side::Actual).max(1))
}

/// Compares two incidents.
pub fn relate(one: &Incident, other: &Incident) -> Relation {
    let mut differs = Vec::new();
    // Where only one of two failures says what it is, both are failures.
    let says_less = one.says.is_empty() != other.says.is_empty();
    let began = |incident: &Incident| {
        let (place, reason) = first_failure(incident)?;
        let word = incident.chain.links.first().filter(|_| says_less && is_of_many(incident)).map(|link| &link.word);
        Some((place.to_owned(), word.map_or(reason, String::as_str).to_owned()))
    };
    let same_cause = began(one).zip(began(other)).map(|(a, b)| {
        if a.0 != b.0 {
            differs.push(format!("{} broke first, and {} in the other one.", a.0, b.0));
        }
        if a.1 != b.1 {
            differs.push(format!("It began with {}, and with {} in the other one.", a.1, b.1));
        }
        a == b
    });
    let family = |incident: &Incident| incident.families.first().map(|finding| finding.family);
    let same_family = family(one).zip(family(other)).map(|(a, b)| {
        if a != b {
            differs.push(format!("It is {}, and {} in the other one.", a.words(), b.words()));
        }
        a == b
    });
    let reached = |incident: &Incident| {
        let blast = incident.blast.as_ref()?;
        let mut names: Vec<String> = blast
            .upstream
            .iter()
            .chain(&blast.downstream)
            .map(|&place| incident.story.name(place).to_owned())
            .collect();
        names.sort_unstable();
        names.dedup();
        Some(names)
    };
    let said = reached(one).zip(reached(other)).filter(|(a, b)| !a.is_empty() || !b.is_empty());
    let same_blast = said.map(|(a, b)| {
        let only =
            |a: &[String], b: &[String]| -> Vec<String> { a.iter().filter(|n| !b.contains(n)).cloned().collect() };
        for (more, which) in [(only(&a, &b), "only here"), (only(&b, &a), "only in the other one")] {
            if !more.is_empty() {
                differs.push(format!("Reached {which}: {}.", more.join(", ")));
            }
        }
        a == b
    });
    for act in [Act::Retry, Act::Timeout, Act::Fault, Act::Failover, Act::Cancel] {
        if is_of_many(one) && is_of_many(other) {
            let (a, b) = (share(one, act), share(other, act));
            if (a - b).abs() > APART {
                let [a, b] = [a, b].map(|share| format!("{:+.0} %", share * 100.0));
                differs.push(format!("{}: {a} of the spans, and {b} in the other one.", act.word()));
            }
            continue;
        }
        let (a, b) = (excess(one, act), excess(other, act));
        if a != b {
            differs.push(format!("{}: {a:+}, and {b:+} in the other one.", act.word()));
        }
    }
    Relation { same_cause, same_family, same_blast, differs }
}
