//! The phrases that text and Markdown share. What comes from a recording is escaped here, and nowhere else.

use crate::analyse::{Analysis, Detail};
use crate::compare::waveform::short;
use crate::compare::{Cause, Counts, FirstDifference, Row, RowClass, Verdict};
use crate::spec::{Action, FieldSpec, Role, Spec};
use crate::trace::{EventIndex, Side, Value, escape};

use super::Anchor;

/// Groups that text tells; all are in the JSON.
const GROUPS: usize = 4;
/// Columns of the curve of what differs where.
pub const MASS: u32 = 48;

/// The mark of a row: a shape beside every colour.
pub fn glyph(row: Row) -> &'static str {
    match row.class {
        RowClass::Same if row.inverted => "⇅",
        RowClass::Same => "=",
        RowClass::Changed => "≠",
        RowClass::Missing => "−",
        RowClass::Extra | RowClass::Duplicate => "+",
        RowClass::Moved => "⇅",
        RowClass::Late => "≥",
    }
}

/// What an event says in one line: its kind, then the values of the fields that take part. Escaped.
pub fn summary(detail: &Detail, spec: &Spec) -> String {
    if let Some(trouble) = &detail.trouble {
        return escape(trouble).into_owned();
    }
    let shown = detail.fields.iter().filter(|field| {
        let takes_part = |f: &FieldSpec| f.action != Action::Ignore && f.role != Role::Kind;
        !matches!(&field.value, Value::Null)
            && !field.value.plain().is_empty()
            && spec.field(&field.path).is_some_and(takes_part)
    });
    let values: Vec<String> = shown
        .map(|field| {
            let name = field.path.rsplit('.').next().unwrap_or(&field.path);
            format!("{} {}", escape(name), escape(field.value.plain()))
        })
        .collect();
    match (detail.kind.is_empty(), values.is_empty()) {
        (true, _) => values.join(" · "),
        (false, true) => escape(&detail.kind).into_owned(),
        (false, false) => format!("{}  {}", escape(&detail.kind), values.join(" · ")),
    }
}

/// What a change of a waveform says in one line: the value, when, and the signal's path. Escaped.
pub fn change(detail: &Detail) -> String {
    let signal = detail.lanes.first().map_or("", String::as_str);
    match detail.fields.first() {
        Some(value) => {
            let time = detail.time.map_or_else(String::new, |time| format!(" at {time}"));
            escape(&format!("{} = {}{time}  {signal}", detail.kind, short(value.value.plain()))).into_owned()
        }
        None => escape(detail.trouble.as_deref().unwrap_or(signal)).into_owned(),
    }
}

/// Rows by class, in the order in which they are always told.
pub fn classes(counts: &Counts) -> [(&'static str, u32); 7] {
    [
        (RowClass::Same.word(), counts.same),
        (RowClass::Changed.word(), counts.changed),
        (RowClass::Missing.word(), counts.missing),
        (RowClass::Extra.word(), counts.extra),
        (RowClass::Moved.word(), counts.moved),
        (RowClass::Duplicate.word(), counts.duplicate),
        (RowClass::Late.word(), counts.late),
    ]
}

/// `5 same, 1 changed, 14 missing; 1 inversion, 0 legal reorderings`.
pub fn counts(analysis: &Analysis) -> String {
    let comparison = &analysis.comparison;
    let told: Vec<String> =
        classes(&comparison.counts).iter().filter(|(_, n)| *n > 0).map(|(word, n)| format!("{n} {word}")).collect();
    format!(
        "{}; {}, {}",
        if told.is_empty() { "none".to_owned() } else { told.join(", ") },
        many(comparison.inversions, "inversion"),
        many(comparison.legal_reorderings, "legal reordering"),
    )
}

/// What differs where along the rows, from the first to the last: `▁▁▁█▆▃▁▁`; a dot where nothing does.
pub fn mass(analysis: &Analysis, columns: u32) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let bar = |stretch: crate::compare::Mass| match stretch.differing {
        0 => '·',
        n => HEIGHTS[(u64::from(n) * 8).div_ceil(u64::from(stretch.rows)).clamp(1, 8) as usize - 1],
    };
    analysis.comparison.mass(columns).into_iter().map(bar).collect()
}

/// The largest groups, each with its word, in the order of their rows, and how many more there are.
pub fn groups(analysis: &Analysis) -> (Vec<(&'static str, String)>, usize) {
    let mut groups: Vec<_> = analysis.comparison.groups.iter().collect();
    groups.sort_by_key(|g| std::cmp::Reverse(g.rows));
    let more = groups.len().saturating_sub(GROUPS);
    groups.truncate(GROUPS);
    groups.sort_by_key(|g| g.first);
    (groups.into_iter().map(|g| (g.kind.word(), closed(&g.headline))).collect(), more)
}

/// `1 row`, `2 rows`.
pub fn many(n: u32, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// `Diverged`.
pub const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Identical => "Identical",
        Verdict::Equivalent => "Equivalent",
        Verdict::Diverged => "Diverged",
        Verdict::Truncated => "Truncated",
        Verdict::Incomparable => "Incomparable",
    }
}

/// What must be known beside the verdict, one sentence each: why, what was compared, what was not read.
pub fn beside_the_verdict(analysis: &Analysis) -> Vec<String> {
    let comparison = &analysis.comparison;
    let mut sentences = Vec::new();
    if let Some(reason) = &comparison.reason {
        sentences.push(sentence(reason));
    }
    // The reason of a truncation says it already.
    if let Some(side) = comparison.ended_early.filter(|_| comparison.verdict != Verdict::Truncated) {
        sentences.push(format!("{} ended early.", sentence_case(side.word())));
    }
    if comparison.verdict != Verdict::Incomparable {
        sentences.push(sentence(&analysis.compared_line()));
    }
    if analysis.partial {
        sentences
            .push("Partial: not everything was read, so this is no complete answer; the warnings say why.".to_owned());
    }
    if analysis.provisional {
        sentences.push("Provisional: the recordings were not read to their ends.".to_owned());
    }
    sentences
}

/// What the sides are called.
pub fn label(analysis: &Analysis, side: Side) -> String {
    analysis.sides[side].as_ref().map_or_else(|| "nothing".to_owned(), |e| escape(&e.recording.label).into_owned())
}

/// `actual.jsonl:6`.
pub fn spot(analysis: &Analysis, side: Side, index: EventIndex) -> String {
    let Some(events) = &analysis.sides[side] else { return String::new() };
    let line = events.trace.events.places.get(index).map_or(0, |place| place.line);
    format!("{}:{line}", escape(&events.recording.source.name))
}

/// The anchor of an event as a whole: on its home lane.
pub fn anchor(analysis: &Analysis, side: Side, index: EventIndex) -> Anchor {
    let lane = analysis.lanes(side, index).first().map(|&lane| lane.to_owned());
    Anchor { side, index, lane }
}

/// The anchor of a cause: on the lane where it shows.
pub fn cause_anchor(analysis: &Analysis, cause: &Cause) -> Anchor {
    let lane = cause.lanes.first().and_then(|&lane| analysis.names.lanes.get(lane as usize)).cloned();
    Anchor { lane, ..anchor(analysis, cause.side, cause.index) }
}

/// Both events of the first difference with where they stand: `expected:5@task:1 expected.jsonl:6`.
pub fn first_events(analysis: &Analysis, first: &FirstDifference) -> Vec<(Side, Option<(Anchor, String)>)> {
    let place = |side, index| (anchor(analysis, side, index), spot(analysis, side, index));
    vec![
        (Side::Expected, first.expected.map(|index| place(Side::Expected, index))),
        (Side::Actual, first.actual.map(|index| place(Side::Actual, index))),
    ]
}

/// What is said of a side that has no event in the first difference.
pub fn no_event(analysis: &Analysis) -> &'static str {
    if analysis.waveform.is_some() { "does not change then" } else { "has ended" }
}

/// Fields in a row, each told in its way, or `none`.
pub fn list<'a>(fields: impl Iterator<Item = &'a FieldSpec>, tell: impl Fn(&FieldSpec) -> String) -> String {
    let told: Vec<String> = fields.map(tell).collect();
    if told.is_empty() { "none".to_owned() } else { told.join(", ") }
}

/// A phrase that begins with a name from the recording, which keeps its case: escaped, with a full stop.
pub fn closed(phrase: &str) -> String {
    let phrase = escape(phrase);
    if phrase.ends_with(['.', '?', '!']) { phrase.into_owned() } else { format!("{phrase}.") }
}

/// A phrase as a sentence: a capital first, a full stop last. Escaped.
pub fn sentence(phrase: &str) -> String {
    let mut text = sentence_case(escape(phrase).trim());
    if !text.is_empty() && !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

fn sentence_case(phrase: &str) -> String {
    let mut chars = phrase.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Field, Place};

    fn detail(fields: &[(&str, Value)]) -> Detail {
        Detail {
            side: Side::Actual,
            index: 5,
            kind: "TASK_DEQUEUED".to_owned(),
            lanes: vec!["task:2".to_owned()],
            time: None,
            place: Place::default(),
            fields: fields.iter().map(|(p, v)| Field { path: (*p).to_owned(), value: v.clone() }).collect(),
            raw: String::new(),
            trouble: None,
        }
    }

    fn spec(fields: &[(&str, Role, Action)]) -> Spec {
        let entry = |&(path, role, action): &(&str, Role, Action)| FieldSpec {
            path: path.to_owned(),
            role,
            action,
            why: String::new(),
            lane: None,
            by_hand: false,
            shared: true,
        };
        Spec { fields: fields.iter().map(entry).collect(), ..Spec::default() }
    }

    #[test]
    fn a_summary_tells_the_kind_and_what_takes_part_and_hides_nothing() {
        let detail = detail(&[
            ("seq", Value::Number("5".to_owned())),
            ("type", Value::Text("TASK_DEQUEUED".to_owned())),
            ("task", Value::Number("2".to_owned())),
            ("worker", Value::Null),
            ("metadata.pin", Value::Text("a\u{1b}[2J\u{202e}b".to_owned())),
        ]);
        let spec = spec(&[
            ("seq", Role::Position, Action::Ignore),
            ("type", Role::Kind, Action::Compare),
            ("task", Role::Identity, Action::Compare),
            ("worker", Role::Data, Action::Compare),
            ("metadata.pin", Role::Data, Action::Compare),
        ]);
        assert_eq!(summary(&detail, &spec), "TASK_DEQUEUED  task 2 · pin a\\u{1b}[2J\\u{202e}b");
    }

    #[test]
    fn an_event_that_cannot_be_read_again_says_so() {
        let mut gone = detail(&[("task", Value::Number("2".to_owned()))]);
        gone.trouble = Some("The file has changed.".to_owned());
        assert_eq!(summary(&gone, &Spec::default()), "The file has changed.");
    }

    #[test]
    fn a_phrase_becomes_one_sentence() {
        assert_eq!(sentence("no baseline"), "No baseline.");
        assert_eq!(sentence("Are these the same work?"), "Are these the same work?");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn every_class_has_a_mark_and_an_inversion_is_never_equal() {
        let row = |class, inverted| Row { expected: Some(0), actual: Some(0), class, inverted, unrecorded: false };
        assert_eq!(glyph(row(RowClass::Same, false)), "=");
        assert_eq!(glyph(row(RowClass::Same, true)), glyph(row(RowClass::Moved, false)));
        assert_ne!(glyph(row(RowClass::Missing, false)), glyph(row(RowClass::Extra, false)));
    }
}
