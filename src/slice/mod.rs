//! The least of a pair that still compares the same: a cause with what happened before it, what it explains and the rows
//! around, as a pack of its own. Pure: files are made by whoever asks.

mod choose;
mod redact;

use serde_json::{Value, json};

use crate::analyse::{Analysis, Progress, Session};
use crate::compare::{CauseKind, DivergenceType, Verdict};
use crate::ingest::Format;
use crate::pack::{Found, in_memory};
use crate::report::Anchor;
use crate::spec::{Action, Overrides, PairDecision, Role, Tolerance};
use crate::trace::{EventIndex, EventName, Side, Sides, escape};
use redact::Redactor;

pub use redact::Pseudonyms;

/// Rows to begin with; twice as many each time the slice does not compare the same.
const FIRST_ROWS: usize = 32;
/// A slice of more rows than this is no small thing to send.
const MOST_ROWS: usize = 1 << 17;

/// What a slice is to hold.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The event it is about; the most likely cause when none.
    pub around: Option<Anchor>,
    /// The last event of a range that begins there, where it is about one.
    pub to: Option<Anchor>,
    /// Fields, by dotted path, whose values are replaced by pseudonyms.
    pub redact: Vec<String>,
    /// True when a field to redact that no record of the slice has is no mistake.
    pub may_lack: bool,
}

/// A slice: the files of a pack.
#[derive(Debug, Clone)]
pub struct Slice {
    /// The recordings: records as they were recorded, one after another.
    pub recordings: Sides<String>,
    /// `pack.json`.
    pub manifest: String,
    /// How many events of each side it holds.
    pub events: Sides<usize>,
    /// The fields that were redacted.
    pub redacted: Vec<String>,
    /// In what it compares otherwise than the whole, as a sentence; `None` when it compares the same.
    pub differs: Option<String>,
}

/// What has to be the same: the verdict, the first difference, the first cause and symptom, by events of the whole, and whether
/// that cause has rivals.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    verdict: Verdict,
    first: Option<(Option<EventIndex>, Option<EventIndex>, DivergenceType)>,
    cause: Option<(Side, EventIndex, CauseKind)>,
    symptom: Option<(Side, EventIndex)>,
    /// True when there is one candidate only.
    alone: bool,
}

impl Answer {
    /// The answers of an analysis whose events are called as `name` says.
    fn of(analysis: &Analysis, name: impl Fn(Side, EventIndex) -> EventIndex) -> Self {
        let comparison = &analysis.comparison;
        let event = |side, event: Option<EventIndex>| event.map(|event| name(side, event));
        Self {
            verdict: comparison.verdict,
            first: comparison
                .first_difference
                .map(|first| (event(Side::Expected, first.expected), event(Side::Actual, first.actual), first.kind)),
            cause: comparison.causes.first().map(|cause| (cause.side, name(cause.side, cause.index), cause.kind)),
            alone: comparison.causes.len() == 1,
            symptom: comparison.first_symptom.as_ref().map(|first| (first.side, name(first.side, first.index))),
        }
    }

    /// In what another answer is not this one.
    fn unlike(&self, other: &Self) -> Option<String> {
        let mut unlike = Vec::new();
        if self.verdict != other.verdict {
            unlike.push(format!("its verdict is {}, not {}", other.verdict.word(), self.verdict.word()));
        }
        if self.first != other.first {
            unlike.push("its first difference is another".to_owned());
        }
        if self.cause != other.cause {
            unlike.push("its most likely cause is another".to_owned());
        }
        if self.alone != other.alone {
            unlike.push(if self.alone { "its cause has rivals" } else { "its cause has no rivals" }.to_owned());
        }
        if self.symptom != other.symptom {
            unlike.push("its first symptom is another".to_owned());
        }
        (!unlike.is_empty()).then(|| format!("The slice does not compare the same: {}.", unlike.join(", ")))
    }
}

/// Asks whether to go on, while a slice is compared.
struct Watch<'a>(&'a (dyn Fn() -> bool + Sync));

impl Progress for Watch<'_> {
    fn wants_first(&self) -> bool {
        false
    }

    fn cancelled(&self) -> bool {
        (self.0)()
    }
}

/// Makes the slice of a pair: begins with a few rows, compares them as they would be opened, and takes twice as many until the
/// answer is that of the whole, or the whole is taken.
///
/// # Errors
/// When the recordings cannot be cut, an event or field is not there, or it was cancelled; as a sentence.
pub fn slice(analysis: &Analysis, wanted: &Wanted, cancelled: &(dyn Fn() -> bool + Sync)) -> Result<Slice, String> {
    can_cut(analysis)?;
    let centre = centre(analysis, wanted)?;
    let whole = Answer::of(analysis, |_, event| event);
    let all = analysis.comparison.rows.len() as usize;
    let mut rows = FIRST_ROWS;
    loop {
        let chosen = choose::events(analysis, &centre, rows);
        let mut last = None;
        // What the whole recordings taught about the fields is written down only where the few events do not teach it again.
        for spec in [analysis.pack.overrides.clone(), decided(analysis)] {
            if cancelled() {
                return Err("Cancelled.".to_owned());
            }
            let mut cut = cut(analysis, wanted, &chosen, &spec)?;
            cut.differs = compare(&cut, &chosen, &whole, cancelled)?;
            if cut.differs.is_none() {
                return Ok(cut);
            }
            last = Some(cut);
        }
        if let Some(last) = last.filter(|_| rows >= all || rows >= MOST_ROWS) {
            return Ok(last);
        }
        rows *= 2;
    }
}

/// That both recordings can be cut into records that mean the same by themselves.
///
/// # Errors
/// When they cannot, as a sentence.
pub fn can_cut(analysis: &Analysis) -> Result<(), String> {
    for side in Side::BOTH {
        let Some(events) = &analysis.sides[side] else {
            return Err(format!("There is no {side} recording, so there is nothing that would compare the same."));
        };
        let json = !matches!(events.recording.format, Format::Vcd | Format::VectorClocks);
        if !json || events.recording.select.prefix.is_some() {
            return Err(format!(
                "{} cannot be cut: a slice is made of JSON records that stand by themselves.",
                escape(&events.recording.label)
            ));
        }
    }
    Ok(())
}

/// The events that must be in it: those of the answers, and the one it is about.
fn centre(analysis: &Analysis, wanted: &Wanted) -> Result<Vec<u32>, String> {
    let comparison = &analysis.comparison;
    let row_of = |side: Side, event: EventIndex| comparison.rows.row_of(side, event);
    let mut rows = Vec::new();
    if let Some(anchor) = &wanted.around {
        let row = |anchor: &Anchor| {
            let len = analysis.len(anchor.side);
            let none = || format!("There is no {anchor}: {} has {len} events, from 0.", anchor.side);
            row_of(anchor.side, anchor.index).ok_or_else(none)
        };
        let from = row(anchor)?;
        let to = wanted.to.as_ref().map_or(Ok(from), row)?;
        let range = from.min(to)..=from.max(to);
        if range.end() - range.start() >= MOST_ROWS as u32 {
            return Err(format!("From {anchor} on that is too much for a slice: choose at most {MOST_ROWS} rows."));
        }
        rows.extend(range);
    }
    rows.extend(comparison.causes.first().map(|cause| cause.row));
    if let Some(cause) = comparison.causes.first() {
        rows.extend(cause.other.and_then(|other| row_of(cause.side.other(), other)));
        rows.extend(cause.overtaken.and_then(|other| row_of(cause.side.other(), other)));
    }
    rows.extend(comparison.first_symptom.as_ref().map(|first| first.row));
    if let Some(first) = comparison.first_difference {
        rows.push(first.row);
        rows.extend(first.expected.and_then(|event| row_of(Side::Expected, event)));
        rows.extend(first.actual.and_then(|event| row_of(Side::Actual, event)));
    }
    if rows.is_empty() && !comparison.rows.is_empty() {
        rows.push(0);
    }
    rows.dedup();
    Ok(rows)
}

/// What was inferred from the whole recordings, as decisions.
fn decided(analysis: &Analysis) -> Overrides {
    let mut spec = analysis.pack.overrides.clone();
    for field in &analysis.spec.fields {
        let path = &field.path;
        let decided = [&spec.ignore, &spec.only, &spec.compare].into_iter().any(|list| list.contains(path));
        match field.action {
            Action::Ignore if !decided => spec.ignore.push(path.clone()),
            Action::Compare if !decided && field.role != Role::Kind => spec.compare.push(path.clone()),
            Action::Tolerate { absolute, relative } if !spec.tolerance.iter().any(|(known, _)| known == path) => {
                spec.tolerance.push((path.clone(), Tolerance { absolute, relative }));
            }
            _ => {}
        }
    }
    if spec.kind.is_none() {
        spec.kind = analysis.spec.fields.iter().find(|f| f.role == Role::Kind).map(|f| f.path.clone());
    }
    if spec.lanes.is_empty() {
        spec.lanes = analysis.spec.fields.iter().filter(|f| f.lane.is_some()).map(|f| f.path.clone()).collect();
    }
    spec
}

/// The files of a slice with these events.
fn cut(
    analysis: &Analysis,
    wanted: &Wanted,
    chosen: &Sides<Vec<EventIndex>>,
    spec: &Overrides,
) -> Result<Slice, String> {
    let mut redactor = Redactor::new(&wanted.redact);
    let mut recordings = Sides::new(String::new(), String::new());
    for side in Side::BOTH {
        for &event in &chosen[side] {
            let detail = analysis.detail(side, event);
            if let Some(trouble) = detail.trouble {
                return Err(trouble);
            }
            recordings[side].push_str(&redactor.redacted(detail.raw.trim_end())?);
            recordings[side].push('\n');
        }
    }
    let (redacted, pseudonyms) = redactor.finish(wanted.may_lack)?;
    let pack = &analysis.pack;
    let count = |side: Side| json!({ "slice": chosen[side].len(), "whole": analysis.len(side) });
    let manifest = json!({
        "dettrace_pack": 1,
        "title": format!("{} (slice)", pack.title),
        "story": pack.story,
        "expected": "expected.jsonl",
        "actual": "actual.jsonl",
        "spec": kept(&Overrides { pairs: pairs(analysis, chosen), ..spec.clone() }),
        "slice": {
            "around": wanted.around.as_ref().map(ToString::to_string),
            "to": wanted.to.as_ref().map(ToString::to_string),
            "expected": count(Side::Expected),
            "actual": count(Side::Actual),
            "redacted": pseudonyms,
        },
    });
    let manifest = serde_json::to_string_pretty(&manifest).map_err(|error| error.to_string())? + "\n";
    let events = Sides::new(chosen.expected.len(), chosen.actual.len());
    Ok(Slice { recordings, manifest, events, redacted, differs: None })
}

/// The decisions about pairs of which both events are in the slice, by their places in it: their texts may be redacted.
fn pairs(analysis: &Analysis, chosen: &Sides<Vec<EventIndex>>) -> Vec<PairDecision> {
    let name = |side: Side, event: EventIndex| {
        chosen[side].binary_search(&event).ok().map(|place| EventName::at(side, place as EventIndex))
    };
    let decisions = analysis.hand.decisions().iter();
    decisions
        .filter_map(|&(same, e, a)| {
            Some(PairDecision { same, expected: name(Side::Expected, e)?, actual: name(Side::Actual, a)? })
        })
        .collect()
}

/// Decisions without what was not decided.
fn kept(spec: &Overrides) -> Value {
    let mut value = json!(spec);
    if let Value::Object(map) = &mut value {
        map.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()));
    }
    value
}

/// In what a slice compares otherwise than the whole.
fn compare(
    slice: &Slice,
    chosen: &Sides<Vec<EventIndex>>,
    whole: &Answer,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Option<String>, String> {
    let files = [
        ("expected.jsonl", slice.recordings.expected.as_bytes()),
        ("actual.jsonl", slice.recordings.actual.as_bytes()),
        ("pack.json", slice.manifest.as_bytes()),
    ];
    let pack = match in_memory("slice", &files) {
        Ok(Found::Ready(pack)) => pack,
        Ok(Found::Choose { why, .. }) => return Ok(Some(why)),
        Err(error) => return Ok(Some(error.to_string())),
    };
    let analysis = Session::new(*pack).run(&Watch(cancelled)).map_err(|trouble| trouble.to_string())?;
    if Side::BOTH.into_iter().any(|side| analysis.len(side) as usize != chosen[side].len()) {
        return Ok(Some("The slice does not compare the same: its records read otherwise.".to_owned()));
    }
    // Events may come in another order than their records: spans come by when they started.
    let order = |side: Side| {
        let places = analysis.sides[side].as_ref().map(|events| &events.trace.events.places);
        let offset = |event: EventIndex| places.and_then(|places| places.get(event)).map_or(0, |place| place.offset);
        let mut events: Vec<EventIndex> = (0..chosen[side].len() as EventIndex).collect();
        events.sort_by_key(|&event| offset(event));
        let mut nth = vec![0; events.len()];
        for (place, event) in events.into_iter().enumerate() {
            nth[event as usize] = place;
        }
        nth
    };
    let order = Sides::new(order(Side::Expected), order(Side::Actual));
    Ok(whole.unlike(&Answer::of(&analysis, |side, event| chosen[side][order[side][event as usize]])))
}
