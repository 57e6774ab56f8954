//! Two windows of requests in words: which service, what changed in it, in how many of how many.

use std::collections::BTreeSet;

use super::added;
pub use super::added::measured;
use super::incident::incident_lines;
use super::json::{SCHEMA, cause_of, document, warning};
use super::json_node::Node;
use crate::analyse::{Baseline, Population, Told};
use crate::compare::Verdict;
use crate::population::{Added, Change, Evidence, Says, Step, Suspect, What};
pub use crate::trace::milliseconds as time;
use crate::trace::{Marks, Side, escape, grouped, percent_instead, time_instead};

/// Services told in full.
const SUSPECTS: usize = 5;
/// Sentences for each.
const SENTENCES: usize = 3;
/// Two scores are apart when the second is at most this share of the first.
const APART: f64 = 0.8;

/// How sure it is that this one, at a place of the ranking, is the cause.
pub fn sureness(population: &Population, place: usize) -> &'static str {
    let suspects = &population.ranking.suspects;
    let score = |place: usize| suspects.get(place).map_or(0.0, |suspect| suspect.score);
    match place {
        _ if population.ranking.clear().is_none() => "no clear cause",
        0 if suspects.len() == 1 => "only candidate",
        0 if score(1) <= APART * score(0) => "clear",
        0 => "not separated from #2",
        _ => "less likely",
    }
}

/// The verdict: two windows differ when there is a clear cause.
pub fn verdict(population: &Population) -> Verdict {
    if !population.comparable() {
        Verdict::Incomparable
    } else if population.ranking.clear().is_some() {
        Verdict::Diverged
    } else {
        Verdict::Equivalent
    }
}

/// The exit code's own view of it: true, false, or nothing to compare.
pub fn population_diverged(population: &Population) -> Option<bool> {
    match verdict(population) {
        Verdict::Incomparable => None,
        verdict => Some(verdict == Verdict::Diverged),
    }
}

/// A word of the windows, safe to be shown.
pub fn word(population: &Population, word: u32) -> String {
    escape(population.words.get(word)).into_owned()
}

fn step(population: &Population, step: Step) -> String {
    match step {
        Step::Start => "its start".to_owned(),
        Step::Span(operation) => word(population, operation),
        Step::Call { service, operation } => {
            format!("the call of {} on {}", word(population, operation), word(population, service))
        }
        Step::Log(template) => format!("log {}", word(population, template)),
        Step::End => "its end".to_owned(),
    }
}

fn times(change: &Change) -> String {
    let [before, now] = change.samples.map(|n| grouped(u64::from(n)));
    format!("{} (median of {now} against {before})", time_instead(change.now, change.before))
}

/// One piece of evidence as a sentence.
pub fn sentence(population: &Population, evidence: &Evidence) -> String {
    let name = |place: u32| word(population, place);
    match &evidence.what {
        What::Slower { context, change } if change.samples[0] == 0 => format!(
            "{}, which the baseline does not do there, takes {} itself (median of {}).",
            name(context.operation),
            time(change.now),
            grouped(u64::from(change.samples[1]))
        ),
        What::Slower { context, change } => format!("{} itself takes {}.", name(context.operation), times(change)),
        What::SlowWay { way, change, from_everywhere } => {
            let whose = if *from_everywhere { ", as on other ways from there" } else { "" };
            format!(
                "The way from {} to {} for {} takes {}{whose}.",
                name(way.from),
                name(way.to),
                name(way.callee),
                times(change)
            )
        }
        What::Lost { context, after, usual, next, spans, of, .. } => {
            let instead = usual.map_or_else(String::new, |usual| format!(" instead of {}", step(population, usual)));
            format!(
                "In {} of {}, {} comes after {}{instead}: {} of {} times.",
                name(context.operation),
                name(context.service),
                step(population, *next),
                step(population, *after),
                grouped(u64::from(*spans)),
                grouped(u64::from(*of))
            )
        }
        What::Failing { context, change, says } => {
            let [before, now] = change.samples.map(|n| grouped(u64::from(n)));
            let whose = if context.service == evidence.service {
                String::new()
            } else {
                format!(", by which {} calls it,", name(context.service))
            };
            format!(
                "{}{whose} fails in {} ({now} against {before}), and nothing that it calls does{}.",
                name(context.operation),
                percent_instead(change.now * 100.0, change.before * 100.0),
                says.map_or_else(String::new, |says| message(&name(says.message), says))
            )
        }
        What::Resource { instance, metric, change } => {
            format!("{} of {} is {}.", name(*metric), name(*instance), percent_instead(change.now, change.before))
        }
        What::Added(one) => added::sentence(population, evidence.service, one),
    }
}

/// What failing spans say, as the end of a sentence.
fn message(text: &str, says: Says) -> String {
    let requests =
        if says.requests == 1 { "1 request".to_owned() } else { format!("{} requests", grouped(says.requests.into())) };
    let before = match says.before {
        0 => "which no span said before".to_owned(),
        1 => "which 1 span said before".to_owned(),
        spans => format!("which {} spans said before", grouped(spans.into())),
    };
    format!("; in {requests} it says “{text}”, {before}")
}

/// What speaks for a service, the strongest first, without what is little beside that.
fn sentences(population: &Population, suspect: &Suspect) -> impl Iterator<Item = String> + Clone {
    suspect.telling().take(SENTENCES).map(|evidence| sentence(population, evidence))
}

/// What inside the service changed: a log step, an operation or a metric.
pub fn inner(population: &Population, suspect: &Suspect) -> Option<String> {
    let name = |place: u32| word(population, place);
    Some(match &suspect.evidence.first()?.what {
        What::SlowWay { way, .. } => name(way.callee),
        // Whoever is called and is not seen: what is called there.
        What::Lost { usual: Some(Step::Call { service, operation }), .. } if *service == suspect.service => {
            name(*operation)
        }
        What::Lost { after: Step::Log(after), usual: Some(Step::Log(usual)), .. } => {
            format!("log step {} → {}", name(*after), name(*usual))
        }
        What::Slower { context, .. } | What::Lost { context, .. } | What::Failing { context, .. } => {
            name(context.operation)
        }
        What::Resource { metric, .. } | What::Added(Added { metric, .. }) => name(*metric),
    })
}

/// What a side told: `400 spans in 50 requests, 2,000 lines of logs`.
pub fn told(told: &Told) -> String {
    if told.rows > 0 {
        let [rows, metrics, requests] = [told.rows, told.metrics, told.requests].map(grouped);
        return format!("{rows} rows of {metrics} metrics, {requests} requests");
    }
    let count = |n: u64, one: &str, many: &str| format!("{} {}", grouped(n), if n == 1 { one } else { many });
    let requests = count(told.requests, "request", "requests");
    let spans = format!("{} in {requests}", count(told.spans, "span", "spans"));
    let logs = (told.logs > 0).then(|| count(told.logs, "line of logs", "lines of logs"));
    let metrics = (told.metrics > 0).then(|| count(told.metrics, "metric", "metrics"));
    [Some(spans), logs, metrics].into_iter().flatten().collect::<Vec<String>>().join(", ")
}

/// What every window told.
fn all_told(population: &Population) -> impl Iterator<Item = &Told> {
    let more = population.baselines.iter().skip(1).map(|baseline| &baseline.told);
    Side::BOTH.into_iter().map(|side| &population.told[side]).chain(more)
}

/// What is unusual about the spans and lines of a window, and normal input nevertheless.
fn marks(told: &Told) -> Option<String> {
    let joined = (told.joined > 0)
        .then(|| format!("lines of logs joined to their span by time and process: {}", grouped(told.joined)));
    let all: Vec<String> = told.marks.words().into_iter().chain(joined).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// Which baselines are unlike the others, as sentences.
pub fn unlike(population: &Population) -> Vec<String> {
    let service = |baseline: &Baseline| Some(word(population, baseline.unlike?));
    if let [one, other] = population.baselines.as_slice() {
        // Each is unlike the other, and which of them is the faulty one takes a third to tell.
        let services: BTreeSet<String> = [one, other].into_iter().filter_map(service).collect();
        let labels = [one, other].map(|of| escape(&of.told.label).into_owned()).join(" and ");
        let sentence = format!(
            "The baselines {labels} disagree: compared with each other, one of them has a clear cause itself, {}. \
             Which one takes a third to tell.",
            services.iter().map(String::as_str).collect::<Vec<_>>().join(" or ")
        );
        return if services.is_empty() { Vec::new() } else { vec![sentence] };
    }
    let sentence = |baseline: &Baseline| {
        let (service, label) = (service(baseline)?, escape(&baseline.told.label));
        Some(format!("The baselines disagree: compared with the others {label} has a clear cause itself, {service}."))
    };
    population.baselines.iter().filter_map(sentence).collect()
}

/// The verdict as a sentence.
pub fn headline(population: &Population) -> String {
    match (verdict(population), population.ranking.clear()) {
        (Verdict::Incomparable, _)
            if population.strangers && Side::BOTH.iter().all(|side| population.told[*side].spans > 0) =>
        {
            "Incomparable: no service is in both windows. Are these of the same system?".to_owned()
        }
        (Verdict::Incomparable, _) => {
            let told = &population.told;
            let least = if told.actual.requests < told.expected.requests { &told.actual } else { &told.expected };
            let requests = if least.requests == 1 { "1 request" } else { &format!("{} requests", least.requests) };
            format!("Incomparable: {requests} in {}, from which nobody knows what is usual.", escape(&least.label))
        }
        (_, Some(suspect)) => format!("Diverged: the likeliest cause is {}.", word(population, suspect.service)),
        _ if population.told.actual.rows > 0 => {
            "No clear cause: nothing that reaches an entry is further outside the usual than healthy rows are."
                .to_owned()
        }
        _ => "No clear cause: the windows differ no more than two halves of a baseline do.".to_owned(),
    }
}

/// Two windows in words, line by line: for a terminal, or as Markdown with a title, lists and strong names.
fn words(population: &Population, markdown: bool) -> String {
    let (title, item, strong) = if markdown { ("# ", "- ", "**") } else { ("", "", "") };
    let mut lines = vec![format!("{title}{}", headline(population)), String::new()];
    let suspects = &population.ranking.suspects;
    for (place, suspect) in suspects.iter().take(SUSPECTS).enumerate() {
        let name = word(population, suspect.service);
        let inner = inner(population, suspect).map_or_else(String::new, |inner| format!(" · {inner}"));
        let sure = sureness(population, place);
        lines.push(format!("{}. {strong}{name}{strong}{inner} · {sure}", place + 1));
        lines.extend(sentences(population, suspect).map(|sentence| format!("   {item}{sentence}")));
    }
    if suspects.len() > SUSPECTS {
        lines.push(String::new());
        lines.push(match suspects.len() - SUSPECTS {
            1 => "1 further service with less evidence.".to_owned(),
            more => format!("{more} further services with less evidence."),
        });
    }
    if let Some(incident) = &population.incident {
        lines.push(String::new());
        lines.extend(incident_lines(incident).into_iter().map(|line| format!("{item}{line}")));
    }
    lines.push(String::new());
    let sides = Side::BOTH.map(|side| {
        let of = &population.told[side];
        format!("{item}{side}: {} ({})", escape(&of.label), told(of))
    });
    lines.extend(sides);
    lines.extend(
        population
            .baselines
            .iter()
            .skip(1)
            .map(|more| format!("{item}further baseline: {} ({})", escape(&more.told.label), told(&more.told))),
    );
    lines.extend(unlike(population).into_iter().map(|sentence| format!("{item}{sentence}")));
    for of in all_told(population) {
        if let Some(marks) = marks(of) {
            lines.push(format!("{item}In {}: {marks}.", escape(&of.label)));
        }
    }
    lines.extend(population.warnings.as_slice().iter().map(|warning| format!("{item}Warning: {warning}")));
    lines.push(String::new());
    lines.join("\n")
}

/// Two windows in words, for a terminal.
pub fn population_text(population: &Population) -> String {
    words(population, false)
}

/// Two windows as Markdown.
pub fn population_markdown(population: &Population) -> String {
    words(population, true)
}

/// Two windows as JSON, with the keys of every other answer.
pub fn population_json(population: &Population) -> String {
    let ranking = &population.ranking;
    let causes = ranking.suspects.iter().enumerate().filter(|_| verdict(population) == Verdict::Diverged);
    let reason = (verdict(population) != Verdict::Diverged).then(|| headline(population));
    document(vec![
        ("schema", Node::of(SCHEMA)),
        ("mode", Node::of("population")),
        ("verdict", Node::of(verdict(population).word())),
        ("reason", Node::of(reason)),
        ("provisional", Node::of(false)),
        ("partial", Node::of(population.warnings.partial())),
        ("causes", Node::list(causes, |(place, suspect)| cause(population, place, suspect))),
        ("incident", Node::maybe(population.incident.as_ref(), super::incident::node)),
        ("population", windows(population)),
        ("warnings", Node::list(population.warnings.as_slice(), warning)),
    ])
}

fn cause(population: &Population, place: usize, suspect: &Suspect) -> Node {
    let sentences = sentences(population, suspect);
    // A service is no event: what tells of one is there, and empty.
    cause_of(vec![
        ("rank", Node::of(place + 1)),
        ("lanes", Node::Array(Vec::new())),
        ("reason", Node::of(sentences.clone().next())),
        ("sureness", Node::of(sureness(population, place))),
        ("service", Node::of(word(population, suspect.service))),
        ("inner", Node::of(inner(population, suspect))),
        ("evidence", Node::list(sentences, Node::of)),
    ])
}

/// What each side told, and which baselines there are.
fn windows(population: &Population) -> Node {
    let mut of: Vec<(&'static str, Node)> =
        Side::BOTH.map(|side| (side.word(), side_of(&population.told[side]))).into();
    of.push(("baselines", Node::list(&population.baselines, |baseline| baseline_of(population, baseline))));
    Node::Object(of)
}

/// A baseline with the service in which it is unlike the others.
fn baseline_of(population: &Population, baseline: &Baseline) -> Node {
    let unlike = baseline.unlike.map(|service| word(population, service));
    Node::Object(vec![("label", Node::of(&baseline.told.label)), ("unlike", Node::of(unlike))])
}

fn side_of(told: &Told) -> Node {
    let Marks { copies, repeated, orphans, partial, several_roots, early } = told.marks;
    Node::Object(vec![
        ("label", Node::of(&told.label)),
        ("requests", Node::of(told.requests)),
        ("spans", Node::of(told.spans)),
        ("logs", Node::of(told.logs)),
        ("metrics", Node::of(told.metrics)),
        ("rows", Node::of(told.rows)),
        ("joined_logs", Node::of(told.joined)),
        ("copied_spans", Node::of(copies)),
        ("repeated_span_ids", Node::of(repeated)),
        ("missing_parents", Node::of(orphans)),
        ("partial_requests", Node::of(partial)),
        ("several_roots", Node::of(several_roots)),
        ("before_parent", Node::of(early)),
    ])
}
