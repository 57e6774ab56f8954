//! An incident in words and as artifacts: what kind it is, the chain, how far it reached, what is likely to break next, and what
//! two incidents have in common.

use super::json_node::Node;
use crate::incident::{Act, Incident, Place, Relation, Tally, excess, first_failure};
use crate::trace::{Side, escape};

/// The version of the artifacts.
const SCHEMA: u32 = 1;

fn name(incident: &Incident, place: Place) -> String {
    escape(incident.story.name(place)).into_owned()
}

fn names(incident: &Incident, places: &[Place]) -> String {
    places.iter().map(|&place| name(incident, place)).collect::<Vec<String>>().join(", ")
}

/// How certain a prediction is, in words: it is no probability.
fn likely(weight: f64) -> &'static str {
    if weight >= 0.5 {
        "likely"
    } else if weight >= 0.25 {
        "possible"
    } else {
        "remote"
    }
}

/// The incident in a few lines, without the verdict: kind, chain, blast radius, prediction.
pub fn incident_lines(incident: &Incident) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(own) = incident.families.first() {
        lines.push(format!("{}: {}", own.family.title(), escape(&own.evidence)));
        let further = incident.families[1..].iter();
        lines.extend(further.map(|one| format!("Also {}: {}", one.family.words(), escape(&one.evidence))));
    }
    if incident.chain.links.len() > 1 {
        lines.push(format!("Chain: {}", escape(&incident.chain.text())));
    }
    if let Some(blast) = &incident.blast {
        let part =
            |word: &str, places: &[Place]| (!places.is_empty()).then(|| format!("{word} {}", names(incident, places)));
        let parts = [
            Some(format!("root {}", name(incident, blast.root))),
            part("upstream", &blast.upstream),
            part("downstream", &blast.downstream),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        lines.push(format!("Blast radius: {}.", parts.join("; ")));
    }
    if !incident.predictions.is_empty() {
        let next = incident.predictions.iter().map(|next| {
            let through = name(incident, next.through);
            format!("{} ({}, through {through})", name(incident, next.place), likely(next.weight))
        });
        lines.push(format!("Not seen, but next in line: {}.", next.collect::<Vec<String>>().join(", ")));
    }
    if incident.story.cut {
        lines.push(
            "Only 50,000 events of a side, from shortly before the first difference on, were looked at for this."
                .to_owned(),
        );
    }
    lines
}

fn list(incident: &Incident, places: &[Place]) -> Node {
    Node::list(places, |&place| Node::of(incident.story.name(place)))
}

fn blast_radius(incident: &Incident) -> Node {
    let count = |act| Node::of(incident.count(Side::Actual, act));
    Node::maybe(incident.blast.as_ref(), |blast| {
        Node::Object(vec![
            ("root_service", Node::of(incident.story.name(blast.root))),
            ("directly_impacted_services", list(incident, &blast.direct)),
            ("upstream_services", list(incident, &blast.upstream)),
            ("downstream_services", list(incident, &blast.downstream)),
            ("first_event", Node::of(blast.event)),
            ("first_symptom_event", Node::of(blast.symptom)),
            ("first_symptom_service", Node::of(blast.noticed.map(|place| incident.story.name(place)))),
            ("retry_events", count(Act::Retry)),
            ("timeout_events", count(Act::Timeout)),
            ("network_error_events", count(Act::Fault)),
        ])
    })
}

fn chain(incident: &Incident) -> Node {
    Node::list(&incident.chain.links, |link| {
        Node::Object(vec![
            ("what", Node::of(&link.word)),
            ("event", Node::of(link.event)),
            ("service", Node::of(incident.story.name(link.place))),
        ])
    })
}

fn families(incident: &Incident) -> Node {
    Node::list(&incident.families, |finding| {
        Node::Object(vec![
            ("family", Node::of(finding.family.key())),
            ("evidence", Node::of(&finding.evidence)),
            ("events", Node::list(&finding.events, Node::of)),
        ])
    })
}

fn retries(incident: &Incident) -> Node {
    let tried = |edge: &&crate::incident::Edge| edge.tally.actual.retries > 0;
    Node::list(incident.graph.edges.iter().filter(tried), |edge| {
        Node::Object(vec![
            ("from", Node::of(incident.story.name(edge.from))),
            ("to", Node::of(incident.story.name(edge.to))),
            ("calls", Node::of(edge.tally.actual.calls)),
            ("retries", Node::of(edge.tally.actual.retries)),
            ("amplification", Node::of(edge.amplification)),
        ])
    })
}

fn predictions(incident: &Incident) -> Node {
    Node::list(&incident.predictions, |next| {
        Node::Object(vec![
            ("service", Node::of(incident.story.name(next.place))),
            ("through", Node::of(incident.story.name(next.through))),
            ("by", Node::of(next.by.word())),
            ("weight", Node::of(next.weight)),
            ("sureness", Node::of(likely(next.weight))),
        ])
    })
}

fn family(incident: &Incident) -> Node {
    Node::of(incident.families.first().map(|finding| finding.family.key()))
}

/// The `incident` of an answer.
pub(super) fn node(incident: &Incident) -> Node {
    Node::Object(vec![
        ("family", family(incident)),
        ("families", families(incident)),
        ("chain", Node::of(incident.chain.text())),
        ("blast_radius", blast_radius(incident)),
        ("predicted", predictions(incident)),
    ])
}

/// The artifact `reports/distributed_incident_report.json`.
pub fn incident_report(incident: &Incident) -> String {
    let actual = |act| Node::of(incident.count(Side::Actual, act));
    let deploy = incident.families.iter().any(|one| one.family == crate::incident::Family::DeployCorrelated);
    let edges = Node::list(&incident.graph.edges, |edge| {
        let of = |side: Side, count: fn(&Tally) -> u32| {
            let there = side == Side::Actual || incident.story.paired;
            Node::of(there.then(|| count(&edge.tally[side])))
        };
        Node::Object(vec![
            ("from", Node::of(incident.story.name(edge.from))),
            ("to", Node::of(incident.story.name(edge.to))),
            ("expected", of(Side::Expected, |tally| tally.events)),
            ("actual", of(Side::Actual, |tally| tally.events)),
            ("expected_calls", of(Side::Expected, |tally| tally.calls)),
            ("actual_calls", of(Side::Actual, |tally| tally.calls)),
            ("expected_retries", of(Side::Expected, |tally| tally.retries)),
            ("actual_retries", of(Side::Actual, |tally| tally.retries)),
            ("what", Node::of(edge.act.word())),
        ])
    });
    // Ticks of the recording's own clock, of which only some know how long they are.
    let milliseconds = |which: fn((i64, i64)) -> i64| {
        let known = incident.time.map(which).zip(incident.story.unit);
        Node::of(known.map(|(ticks, unit)| ticks as f64 / 10_f64.powi(unit.exponent() as i32 - 3)))
    };
    let baseline = incident.story.paired.then(|| incident.events(Side::Expected));
    Node::Object(vec![
        ("schema", Node::of(SCHEMA)),
        ("baseline_event_count", Node::of(baseline)),
        ("candidate_event_count", Node::of(incident.events(Side::Actual))),
        ("incident_family", family(incident)),
        ("families", families(incident)),
        ("chain", chain(incident)),
        ("chain_text", Node::of(incident.chain.text())),
        ("timeout_events", actual(Act::Timeout)),
        ("retry_events", actual(Act::Retry)),
        ("network_error_events", actual(Act::Fault)),
        ("failover_events", actual(Act::Failover)),
        ("cancel_events", actual(Act::Cancel)),
        ("recovery_events", actual(Act::Recovery)),
        (
            "timeline_correlation",
            Node::Object(vec![
                ("deploy_correlated", Node::of(deploy)),
                ("failover_observed", Node::of(incident.count(Side::Actual, Act::Failover) > 0)),
                ("window_start", Node::of(incident.time.map(|time| time.0))),
                ("window_end", Node::of(incident.time.map(|time| time.1))),
                ("window_start_ms", milliseconds(|time| time.0)),
                ("window_end_ms", milliseconds(|time| time.1)),
            ]),
        ),
        ("blast_radius", blast_radius(incident)),
        ("retry_amplification", retries(incident)),
        ("edges", edges),
        ("partial", Node::of(incident.story.cut)),
        ("summary", Node::list(incident_lines(incident), Node::of)),
    ])
    .document()
}

/// The artifact `propagation_prediction.json`: what was seen and what is only expected, apart.
pub fn prediction_report(incident: &Incident) -> String {
    let reached = incident.graph.nodes.iter().filter(|node| node.reached.is_some());
    Node::Object(vec![
        ("schema", Node::of(SCHEMA)),
        ("observed_services", Node::list(reached, |node| Node::of(&node.name))),
        ("observed_path", Node::list(&incident.chain.links, |link| Node::of(&link.word))),
        ("predicted_services", predictions(incident)),
    ])
    .document()
}

/// Two incidents compared, in words.
pub fn relation_text(relation: &Relation) -> String {
    let word = |same: Option<bool>| match same {
        Some(true) => "the same",
        Some(false) => "not the same",
        None => "not known: at least one of them says nothing about it",
    };
    let mut lines = vec![
        format!("Cause:        {}", word(relation.same_cause)),
        format!("Family:       {}", word(relation.same_family)),
        format!("Blast radius: {}", word(relation.same_blast)),
    ];
    lines.extend(relation.differs.iter().map(|differs| format!("  {}", escape(differs))));
    lines.push(String::new());
    lines.join("\n")
}

/// Two incidents compared, as JSON.
pub fn relation_json(one: &Incident, other: &Incident, relation: &Relation) -> String {
    let service = |incident| Node::of(first_failure(incident).map(|failure| failure.0));
    let reason = |incident| Node::of(first_failure(incident).map(|failure| failure.1));
    let delta = |act| Node::of(excess(other, act) - excess(one, act));
    Node::Object(vec![
        ("schema", Node::of(SCHEMA)),
        ("same_cause", Node::of(relation.same_cause)),
        ("same_family", Node::of(relation.same_family)),
        ("same_blast_radius", Node::of(relation.same_blast)),
        ("baseline_family", family(one)),
        ("candidate_family", family(other)),
        ("baseline_first_failing_service", service(one)),
        ("candidate_first_failing_service", service(other)),
        ("baseline_first_failure_reason", reason(one)),
        ("candidate_first_failure_reason", reason(other)),
        ("retry_delta", delta(Act::Retry)),
        ("timeout_delta", delta(Act::Timeout)),
        ("network_error_delta", delta(Act::Fault)),
        ("failover_delta", delta(Act::Failover)),
        ("differs", Node::list(&relation.differs, Node::of)),
    ])
    .document()
}
