//! The contract that other programs rely on: keys are only ever added, all are always present, `null` where they do not apply.

use super::json_node::Node;
use super::words;
use crate::analyse::{Analysis, Detail, FirstAnswer, WaveAnswer};
use crate::compare::{Cause, FirstDifference, Group, Symptom, Verdict};
use crate::incident::Incident;
use crate::spec::FieldSpec;
use crate::trace::{EventIndex, Side, Time, Value, Warning};

/// The version of the contract; it grows only when a key changes its meaning.
pub(super) const SCHEMA: u32 = 1;
/// Stretches of the divergence mass: enough for a curve, few enough to read.
const STRETCHES: u32 = 32;

/// The keys of every answer, in their order.
const KEYS: [&str; 30] = [
    "schema",
    "mode",
    "verdict",
    "reason",
    "provisional",
    "partial",
    "ended_early",
    "first_divergence_index",
    "divergence_type",
    "expected",
    "actual",
    "causes",
    "first_symptom",
    "time",
    "signals",
    "counts",
    "inversions",
    "legal_reorderings",
    "compared_fields",
    "ignored_fields",
    "renamed_fields",
    "events",
    "fingerprints",
    "groups",
    "divergence_mass",
    "control",
    "incident",
    "population",
    "envelope",
    "warnings",
];

/// The keys of every cause, in their order.
const CAUSE: [&str; 20] = [
    "rank",
    "side",
    "index",
    "other",
    "overtaken",
    "lanes",
    "kind",
    "headline",
    "reason",
    "rule",
    "sureness",
    "explains",
    "service",
    "inner",
    "unusual",
    "event",
    "step",
    "time_s",
    "evidence",
    "intervals",
];

/// The document of an answer that knows only some of the keys: the others are `null`.
pub(super) fn document(known: Vec<(&'static str, Node)>) -> String {
    of_keys(KEYS, known).document()
}

/// A cause of which only some of the keys are known: the others are `null`.
pub(super) fn cause_of(known: Vec<(&'static str, Node)>) -> Node {
    of_keys(CAUSE, known)
}

fn of_keys<const N: usize>(keys: [&'static str; N], mut known: Vec<(&'static str, Node)>) -> Node {
    let mut take = |key: &'static str| {
        let at = known.iter().position(|(name, _)| *name == key);
        (key, at.map_or_else(Node::null, |at| known.swap_remove(at).1))
    };
    Node::Object(keys.map(&mut take).into())
}

/// An analysis as JSON. Same analysis, same bytes.
pub fn json(analysis: &Analysis) -> String {
    let comparison = &analysis.comparison;
    let first = comparison.first_difference.as_ref();
    let event = |side: Side, index: Option<EventIndex>| Node::maybe(index, |index| event(analysis, side, index));
    let incident = analysis.services(&|| true);
    document(vec![
        ("schema", Node::of(SCHEMA)),
        ("mode", Node::of(if analysis.waveform.is_some() { "waveform" } else { "events" })),
        ("verdict", Node::of(comparison.verdict)),
        ("reason", Node::of(&comparison.reason)),
        ("provisional", Node::of(analysis.provisional)),
        ("partial", Node::of(analysis.partial)),
        ("ended_early", Node::of(comparison.ended_early)),
        ("first_divergence_index", Node::of(first.and_then(index_of))),
        ("divergence_type", Node::of(first.map(|f| f.kind))),
        ("expected", event(Side::Expected, first.and_then(|f| f.expected))),
        ("actual", event(Side::Actual, first.and_then(|f| f.actual))),
        ("causes", Node::list(&comparison.causes, |c| cause(analysis, incident, c))),
        ("first_symptom", Node::maybe(comparison.first_symptom.as_ref(), |s| symptom(analysis, s))),
        ("time", Node::maybe(analysis.waveform.as_ref(), first_time)),
        ("signals", Node::maybe(analysis.waveform.as_ref(), |w| Node::list(w.paths(), Node::of))),
        ("counts", Node::Object(words::classes(&comparison.counts).map(|(word, n)| (word, Node::of(n))).into())),
        ("inversions", Node::of(comparison.inversions)),
        ("legal_reorderings", Node::of(comparison.legal_reorderings)),
        ("compared_fields", Node::list(analysis.spec.compared(), |f| Node::of(&f.path))),
        ("ignored_fields", Node::list(analysis.spec.ignored(), field)),
        ("renamed_fields", Node::list(analysis.spec.renamed(), field)),
        ("events", both(|side| Node::of(analysis.len(side)))),
        ("fingerprints", both(|side| Node::of(analysis.fingerprint(side).map(|print| format!("{print:016x}"))))),
        ("groups", Node::list(&comparison.groups, group)),
        ("divergence_mass", mass(analysis)),
        ("incident", Node::maybe(incident, super::incident::node)),
        ("envelope", Node::maybe(analysis.envelope.as_ref(), super::envelope::node)),
        ("warnings", Node::list(analysis.warnings.as_slice(), warning)),
    ])
}

/// The provisional first answer, with the keys of [`json`]; what is not known yet is `null`.
pub fn json_first(answer: &FirstAnswer) -> String {
    let first = answer.first_difference.as_ref();
    let event = |index: Option<EventIndex>| {
        let unread = ["file", "line", "offset", "time", "lanes", "event"].map(|key| (key, Node::null()));
        Node::maybe(index, |i| Node::Object([("index", Node::of(i))].into_iter().chain(unread).collect()))
    };
    let known = vec![
        ("schema", Node::of(SCHEMA)),
        ("mode", Node::of("events")),
        ("verdict", Node::of(first.map(|_| Verdict::Diverged))),
        ("reason", Node::of(&answer.headline)),
        ("provisional", Node::of(true)),
        ("partial", Node::null()),
        ("ended_early", Node::null()),
        ("first_divergence_index", Node::of(first.and_then(index_of))),
        ("divergence_type", Node::of(first.map(|f| f.kind))),
        ("expected", event(first.and_then(|f| f.expected))),
        ("actual", event(first.and_then(|f| f.actual))),
    ];
    document(known)
}

/// Actual's index, or expected's where actual is exhausted. SEMANTICS: rule 16.
fn index_of(first: &FirstDifference) -> Option<EventIndex> {
    first.actual.or(first.expected)
}

fn event(analysis: &Analysis, side: Side, index: EventIndex) -> Node {
    Node::Object([("index", Node::of(index))].into_iter().chain(place(analysis, side, index)).collect())
}

/// Where an event stands, when, on which lanes, and its recorded text.
fn place(analysis: &Analysis, side: Side, index: EventIndex) -> Vec<(&'static str, Node)> {
    let detail = analysis.detail(side, index);
    let file = analysis.sides[side].as_ref().map(|events| events.recording.source.name.as_str());
    vec![
        ("file", Node::of(file)),
        ("line", Node::of(detail.place.line)),
        ("offset", Node::of(detail.place.offset)),
        ("time", Node::maybe(detail.time, time)),
        ("lanes", Node::list(&detail.lanes, Node::of)),
        ("event", recorded(analysis, &detail)),
    ]
}

/// When two waveforms part; `ticks` are those of the timescale that both share.
fn first_time(waveform: &WaveAnswer) -> Node {
    Node::maybe(waveform.time, |time| {
        Node::Object(vec![
            ("value", Node::of(time.value)),
            ("unit", Node::of(time.unit)),
            ("ticks", Node::of(waveform.ticks())),
            ("timescale", Node::of(waveform.timescale().map(|timescale| timescale.to_string()))),
        ])
    })
}

/// The event as its recording spells it; a change of a waveform by its fields.
fn recorded(analysis: &Analysis, detail: &Detail) -> Node {
    if analysis.waveform.is_none() {
        return Node::recorded(&detail.raw);
    }
    let value = |name: &'static str| (name, Node::of(detail.value(name).map(Value::plain)));
    Node::Object(vec![value("signal"), value("value"), ("raw", Node::of(detail.raw.trim()))])
}

fn time(time: Time) -> Node {
    Node::Object(vec![("value", Node::of(time.value)), ("unit", Node::of(time.unit))])
}

fn cause(analysis: &Analysis, incident: Option<&Incident>, cause: &Cause) -> Node {
    let happening = incident.and_then(|incident| Some((incident, incident.story.happening(cause.side, cause.index)?)));
    let other = |index| Node::Object(vec![("side", Node::of(cause.side.other())), ("index", Node::of(index))]);
    let detail = analysis.detail(cause.side, cause.index);
    let mut lanes: Vec<Option<&String>> =
        cause.lanes.iter().map(|&lane| analysis.names.lanes.get(lane as usize)).collect();
    // A register has a lane for each actor, all of one name.
    lanes.dedup();
    let own = analysis.own_time(cause);
    let told = happening.map(|(incident, one)| incident.story.name(one.place).to_owned());
    let service = own.as_ref().map(|own| own.service.clone()).or(told);
    let service = service.or_else(|| analysis.service_of(cause.side, cause.index));
    // Of a request, what a service did is known by its name.
    let operation = || service.as_ref().filter(|_| happening.is_none()).map(|_| detail.kind.clone());
    let reason = happening.map(|(_, one)| one.reason.clone()).filter(|reason| !reason.is_empty());
    let inner = own.map(|own| own.operation).or(reason).or_else(operation);
    cause_of(vec![
        ("rank", Node::of(cause.rank)),
        ("side", Node::of(cause.side)),
        ("index", Node::of(cause.index)),
        ("other", Node::maybe(cause.other, other)),
        ("overtaken", Node::maybe(cause.overtaken, other)),
        ("lanes", Node::list(lanes, Node::of)),
        ("kind", Node::of(cause.kind)),
        ("headline", Node::of(&cause.headline)),
        ("reason", Node::of(&cause.reason)),
        ("rule", Node::of(&cause.rule)),
        ("sureness", Node::of(&cause.sureness)),
        ("explains", Node::Object(vec![("rows", Node::of(cause.explains.rows)), ("of", Node::of(cause.explains.of))])),
        ("service", Node::of(service)),
        ("inner", Node::of(inner)),
        ("unusual", Node::of(unusual(analysis, cause))),
        ("event", recorded(analysis, &detail)),
        ("evidence", Node::Array(vec![Node::of(&cause.reason)])),
    ])
}

/// How unusual a cause is among several good runs, where there were such.
fn unusual<'a>(analysis: &'a Analysis, cause: &Cause) -> Option<&'a String> {
    let at = analysis.comparison.causes.iter().position(|known| known == cause)?;
    analysis.envelope.as_ref()?.unusual.get(at).filter(|words| !words.is_empty())
}

/// A value for each side.
pub(super) fn both(of: impl Fn(Side) -> Node) -> Node {
    Node::Object(Side::BOTH.map(|side| (side.word(), of(side))).into())
}

fn group(group: &Group) -> Node {
    Node::Object(vec![
        ("kind", Node::of(group.kind)),
        ("side", Node::of(group.side)),
        ("first_row", Node::of(group.first)),
        ("last_row", Node::of(group.last)),
        ("rows", Node::of(group.rows)),
        ("headline", Node::of(&group.headline)),
    ])
}

/// How much differs along the rows: stretches of equal length, in order.
fn mass(analysis: &Analysis) -> Node {
    Node::list(analysis.comparison.mass(STRETCHES), |stretch| {
        Node::Object(vec![
            ("rows", Node::of(stretch.rows)),
            ("differing", Node::of(stretch.differing)),
            ("explained", Node::of(stretch.explained)),
        ])
    })
}

fn symptom(analysis: &Analysis, symptom: &Symptom) -> Node {
    let mut members = vec![("side", Node::of(symptom.side)), ("index", Node::of(symptom.index))];
    members.extend(place(analysis, symptom.side, symptom.index));
    members.push(("what", Node::of(&symptom.headline)));
    members.push(("is_cause", Node::of(symptom.is_cause)));
    Node::Object(members)
}

fn field(field: &FieldSpec) -> Node {
    Node::Object(vec![("field", Node::of(&field.path)), ("why", Node::of(&field.why))])
}

pub(super) fn warning(warning: &Warning) -> Node {
    Node::Object(vec![
        ("file", Node::of((!warning.file.is_empty()).then_some(&warning.file))),
        ("line", Node::of(warning.line)),
        ("kind", Node::of(warning.kind)),
        ("message", Node::of(&warning.what)),
        ("remedy", Node::of((!warning.remedy.is_empty()).then_some(&warning.remedy))),
        ("more", Node::of(warning.more)),
    ])
}
