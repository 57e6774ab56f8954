//! What a session answers, and the events behind it, re-read when shown.

use std::sync::{Arc, OnceLock};

use super::block::Block;
use super::envelope::Judged;
use super::waveform::{self, WaveAnswer};
use crate::compare::{Comparison, Hand, Input, RowClass, Values, Verdict, fingerprint, gap, name_event};
use crate::incident::Incident;
use crate::ingest::{Format, clock_fields, fields};
use crate::pack::{Pack, Recording};
use crate::replay::Recorded;
use crate::spec::{Spec, same_value};
use crate::trace::{EventIndex, Field, Names, Place, Side, Sides, SpanMarks, Time, Trace, Value, Warnings};

/// Events on either side of one that are looked through for its neighbours on a lane; further ones are not shown.
const NEIGHBOURHOOD: u32 = 100_000;

/// Events among which the first with a time is looked for.
const BEGINNING: u32 = 64;

/// Events that are no further apart are read at once.
const NEAR: u32 = 32;

/// One side's recording and its events.
#[derive(Debug, Clone)]
pub struct Events {
    /// The recording, with its label and source.
    pub recording: Recording,
    /// The trace.
    pub trace: Trace,
}

impl Events {
    /// The fields of an event, read again; none where they cannot be.
    fn values(&self, index: EventIndex) -> Vec<Field> {
        let place = self.trace.events.places.get(index).unwrap_or_default();
        let text = self.recording.source.text(place.offset, place.len).ok();
        text.and_then(|text| fields_in(&self.recording, &text).ok()).unwrap_or_default()
    }
}

/// The fields of an event's text; as an error, why it has none, as a sentence.
pub(super) fn fields_in(recording: &Recording, text: &[u8]) -> Result<Vec<Field>, String> {
    match recording.format {
        Format::VectorClocks => clock_fields(text),
        _ => fields(text, &recording.select),
    }
}

impl Values for Sides<Option<Events>> {
    fn of(&self, side: Side, index: EventIndex) -> Vec<Field> {
        self[side].as_ref().map_or_else(Vec::new, |events| events.values(index))
    }
}

/// Everything known about a pack after a session. Immutable and shared: a view holds an `Arc<Analysis>`.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// The pack it was made from.
    pub pack: Arc<Pack>,
    /// Both sides; `None` where a lone trace has no baseline.
    pub sides: Sides<Option<Events>>,
    /// Names of kinds and lanes.
    pub names: Names,
    /// The comparison spec that was used.
    pub spec: Spec,
    /// The answers.
    pub comparison: Comparison,
    /// Everything that was wrong with the input.
    pub warnings: Warnings,
    /// True when something of a side was not read.
    pub partial: bool,
    /// True when it was made before both sides were read to the end.
    pub provisional: bool,
    /// Where the events of the pack's decisions about pairs are; `None` for those that name an event that is gone.
    pub pairs: Vec<Option<(EventIndex, EventIndex)>>,
    /// Those of them that are in force.
    pub hand: Hand,
    /// What is known beyond that when both sides are waveforms.
    pub waveform: Option<WaveAnswer>,
    /// What it tells of services, once somebody asked.
    pub(crate) told: OnceLock<Option<Arc<Incident>>>,
    /// How it was judged by several good runs, where there were such; expected is the most usual of them.
    pub envelope: Option<Judged>,
}

/// One event with its text, for the inspector, reports and JSON.
#[derive(Debug, Clone)]
pub struct Detail {
    /// Its side.
    pub side: Side,
    /// Its index in its trace.
    pub index: EventIndex,
    /// Its kind, such as `TASK_DEQUEUED`; empty when the trace has no kinds.
    pub kind: String,
    /// Its lanes' names, the home lane first.
    pub lanes: Vec<String>,
    /// Its time, if it has one.
    pub time: Option<Time>,
    /// Where its text stands.
    pub place: Place,
    /// Its fields, flattened, in the order of the recording.
    pub fields: Vec<Field>,
    /// Its raw text, exactly as recorded (lossily where it is no UTF-8).
    pub raw: String,
    /// Set when the text could not be re-read (the source changed): the sentence to show instead.
    pub trouble: Option<String>,
}

impl Detail {
    /// The value of a field, if the event has it.
    pub fn value(&self, path: &str) -> Option<&Value> {
        self.fields.iter().find(|f| f.path == path).map(|f| &f.value)
    }

    /// The same with its text, read again, and the fields in it.
    pub(super) fn read(
        mut self,
        recording: &Recording,
        fields: impl FnOnce(&[u8]) -> Result<Vec<Field>, String>,
    ) -> Self {
        match recording.source.text(self.place.offset, self.place.len) {
            Err(trouble) => self.trouble = Some(trouble.to_string()),
            Ok(bytes) => self.hold(&bytes, fields),
        }
        self
    }

    /// Takes in its text, and the fields in it.
    fn hold(&mut self, text: &[u8], fields: impl FnOnce(&[u8]) -> Result<Vec<Field>, String>) {
        match fields(text) {
            Ok(fields) => self.fields = fields,
            Err(trouble) => self.trouble = Some(trouble),
        }
        self.raw = String::from_utf8_lossy(text).into_owned();
    }
}

impl Analysis {
    fn trace(&self, side: Side) -> Option<&Trace> {
        self.sides[side].as_ref().map(|e| &e.trace)
    }

    /// What is stepped through.
    pub fn recorded(&self) -> Recorded<'_> {
        Recorded {
            traces: Sides::new(self.trace(Side::Expected), self.trace(Side::Actual)),
            names: &self.names,
            comparison: &self.comparison,
            signals: self.waveform.is_some(),
            plain: self.is_plain(),
        }
    }

    /// The fields of an event, re-read from its source, or why they cannot be, as a sentence.
    pub fn fields(&self, side: Side, index: EventIndex) -> Result<Vec<Field>, String> {
        let detail = self.detail(side, index);
        detail.trouble.map_or(Ok(detail.fields), Err)
    }

    /// The fields of an event, whose text this is.
    pub(super) fn fields_of(&self, side: Side, index: EventIndex, raw: &[u8]) -> Result<Vec<Field>, String> {
        let Some(events) = &self.sides[side] else { return Ok(Vec::new()) };
        match events.recording.format {
            Format::Vcd => {
                let lanes = self.lanes(side, index);
                waveform::fields(raw, self.time(side, index), lanes.first().map_or("", |lane| lane))
            }
            _ => fields_in(&events.recording, raw),
        }
    }

    /// What was compared, when there are two sides.
    pub(crate) fn input(&self) -> Option<Input<'_>> {
        let traces = Sides::new(self.trace(Side::Expected)?, self.trace(Side::Actual)?);
        Some(Input { traces, names: &self.names, spec: &self.spec, late_after: None, hand: &self.hand })
    }

    /// How many events each side has.
    pub fn events(&self) -> Sides<u32> {
        Sides::new(self.len(Side::Expected), self.len(Side::Actual))
    }

    /// How many events a side has.
    pub fn len(&self, side: Side) -> u32 {
        self.trace(side).map_or(0, |t| t.events.len() as u32)
    }

    /// True when neither side has an event.
    pub fn is_empty(&self) -> bool {
        Side::BOTH.into_iter().all(|side| self.len(side) == 0)
    }

    /// One event with its text, re-read from its source.
    pub fn detail(&self, side: Side, index: EventIndex) -> Detail {
        let detail = self.without_text(side, index);
        let Some(events) = &self.sides[side] else { return detail };
        detail.read(&events.recording, |text| self.fields_of(side, index, text))
    }

    /// Several events, ascending, the same way; what stands near each other is read at once.
    pub fn details(&self, side: Side, indices: &[EventIndex]) -> Vec<Detail> {
        let Some(events) = &self.sides[side] else { return Vec::new() };
        let mut details = Vec::with_capacity(indices.len());
        for near in indices.chunk_by(|one, next| next - one <= NEAR) {
            let already = details.len();
            let wanted: Vec<(EventIndex, ())> = near.iter().map(|&index| (index, ())).collect();
            let read = Block::each(events, &wanted, |index, (), text| {
                let mut detail = self.without_text(side, index);
                detail.hold(text, |text| self.fields_of(side, index, text));
                details.push(detail);
                Ok(())
            });
            if read.is_err() || details.len() - already < near.len() {
                // Each says by itself what is wrong with it.
                details.truncate(already);
                details.extend(near.iter().map(|&index| self.detail(side, index)));
            }
        }
        details
    }

    fn without_text(&self, side: Side, index: EventIndex) -> Detail {
        let mut detail = Detail {
            side,
            index,
            kind: self.kind(side, index).to_owned(),
            lanes: self.lanes(side, index).into_iter().map(str::to_owned).collect(),
            time: self.time(side, index),
            place: Place::default(),
            fields: Vec::new(),
            raw: String::new(),
            trouble: None,
        };
        detail.place = self.trace(side).and_then(|trace| trace.events.places.get(index)).unwrap_or_default();
        detail
    }

    /// What is unusual about the span that an event tells of; nothing for other events.
    pub fn span_marks(&self, side: Side, index: EventIndex) -> SpanMarks {
        // A request's events are lines that it was told as, one each.
        self.sides[side].as_ref().map_or_else(SpanMarks::default, |events| events.recording.source.marks(index))
    }

    /// The kind of an event, without reading its text.
    pub fn kind(&self, side: Side, index: EventIndex) -> &str {
        let kind = self.trace(side).and_then(|t| t.events.kinds.get(index as usize));
        kind.map_or("", |&k| &self.names.kinds[k as usize])
    }

    /// The time of an event, without reading its text.
    pub fn time(&self, side: Side, index: EventIndex) -> Option<Time> {
        let trace = self.trace(side)?;
        Some(Time { value: trace.events.time_of(index)?, unit: trace.time.as_ref()?.unit })
    }

    /// How long an event lasts, where its record says so.
    pub fn lasts(&self, side: Side, index: EventIndex) -> Option<Time> {
        let trace = self.trace(side)?;
        Some(Time { value: trace.events.lasting.get(index)?, unit: trace.time.as_ref()?.unit })
    }

    /// The time that a side begins with, if one of its first events has one: what a date's worth of ticks is shown from.
    pub fn start(&self, side: Side) -> Option<Time> {
        (0..self.len(side).min(BEGINNING)).find_map(|event| self.time(side, event))
    }

    /// The time since the latest of what happened before an event, on a lane that it touches or over a link; negative where
    /// the clocks say so (SEMANTICS rule 15). Clocks that are off are put right for this; the times are shown as recorded.
    pub fn gap(&self, side: Side, index: EventIndex) -> Option<Time> {
        let trace = self.trace(side)?;
        Some(Time { value: gap(trace, index)?, unit: trace.time.as_ref()?.unit })
    }

    /// The lanes of an event by name, the home lane first, without reading its text.
    pub fn lanes(&self, side: Side, index: EventIndex) -> Vec<&str> {
        let lanes = self.trace(side).map(|t| t.events.lanes_of(index)).unwrap_or_default();
        let mut names: Vec<&str> = lanes.iter().map(|&l| self.names.lanes[l as usize].as_str()).collect();
        // A register has a lane for each actor, all of one name.
        names.dedup();
        names
    }

    /// The paths whose compared values differ between the cells of a row; empty for one-sided rows.
    pub fn changed_fields(&self, row: u32) -> Vec<String> {
        self.changed_values(row).into_iter().map(|(path, _)| path).collect()
    }

    /// The same where both events were read already.
    pub fn changed_between(&self, row: u32, expected: &Detail, actual: &Detail) -> Vec<String> {
        let changed = if self.may_have_changed(row) { self.values_between(expected, actual) } else { Vec::new() };
        changed.into_iter().map(|(path, _)| path).collect()
    }

    /// The same with both values; what a side does not have is null.
    pub(super) fn changed_values(&self, row: u32) -> Vec<(String, Sides<Value>)> {
        let cells = self.comparison.rows.get(row);
        let both = cells.expected.zip(cells.actual).filter(|_| self.may_have_changed(row));
        let Some((e, a)) = both else { return Vec::new() };
        self.values_between(&self.detail(Side::Expected, e), &self.detail(Side::Actual, a))
    }

    /// False where the events of a row are known to hold the same.
    fn may_have_changed(&self, row: u32) -> bool {
        let row = self.comparison.rows.get(row);
        let (Some(e), Some(a), Some(input)) = (row.expected, row.actual, self.input()) else { return false };
        let tokens = input.traces.map(|t| &t.events.tokens);
        row.class == RowClass::Changed || tokens.expected[e as usize] != tokens.actual[a as usize]
    }

    fn values_between(&self, expected: &Detail, actual: &Detail) -> Vec<(String, Sides<Value>)> {
        let values = |path: &str| {
            let value = |detail: &Detail| detail.value(path).cloned().unwrap_or(Value::Null);
            let values = Sides::new(value(expected), value(actual));
            (!same_value(&values.expected, &values.actual)).then(|| (path.to_owned(), values))
        };
        let mut changed: Vec<(String, Sides<Value>)> = self.spec.compared().filter_map(|f| values(&f.path)).collect();
        for field in expected.fields.iter().chain(&actual.fields) {
            let known = self.spec.field(&field.path).is_some() || changed.iter().any(|(path, _)| *path == field.path);
            changed.extend((!known).then(|| values(&field.path)).flatten());
        }
        changed
    }

    /// The happens-before neighbours of an event: nearest predecessor on each lane and link, as (what connects them,
    /// event), such as (`queue:0`, 4). Needs nothing but the trace; a window asks its lanes, which know further ones at once.
    pub fn before(&self, side: Side, index: EventIndex) -> Vec<(String, EventIndex)> {
        let Some(trace) = self.trace(side) else { return Vec::new() };
        let linked = trace.links.partition_point(|l| l.to < index);
        let links =
            trace.links[linked..].iter().take_while(|l| l.to == index).map(|l| (l.kind.word().to_owned(), l.from));
        let near = (index.saturating_sub(NEIGHBOURHOOD)..index).rev();
        links.chain(self.on_lanes(trace, index, near)).collect()
    }

    /// The nearest successors; see [`Self::before`].
    pub fn after(&self, side: Side, index: EventIndex) -> Vec<(String, EventIndex)> {
        let Some(trace) = self.trace(side) else { return Vec::new() };
        let links = trace.links.iter().filter(|l| l.from == index).map(|l| (l.kind.word().to_owned(), l.to));
        let end = index.saturating_add(NEIGHBOURHOOD).min(trace.events.len() as u32);
        links.chain(self.on_lanes(trace, index, index + 1..end)).collect()
    }

    fn on_lanes(
        &self,
        trace: &Trace,
        index: EventIndex,
        near: impl Iterator<Item = EventIndex>,
    ) -> Vec<(String, EventIndex)> {
        let mut open = trace.events.lanes_of(index).to_vec();
        let mut found = Vec::new();
        for event in near {
            if open.is_empty() {
                break;
            }
            open.retain(|lane| {
                let there = trace.events.lanes_of(event).contains(lane);
                if there {
                    let neighbour = (self.names.lanes[*lane as usize].clone(), event);
                    if !found.contains(&neighbour) {
                        found.push(neighbour);
                    }
                }
                !there
            });
        }
        found
    }

    /// A number that equivalent runs share: the fingerprint of a side's Foata normal form, if there is such a side.
    pub fn fingerprint(&self, side: Side) -> Option<u64> {
        let trace = self.trace(side)?;
        fingerprint(&trace.events, &trace.links, &|| false)
    }

    /// The rank of the cause that explains a differing row, if one does.
    pub fn explained_by(&self, row: u32) -> Option<u32> {
        let at = self.comparison.rows.differences().binary_search(&row).ok()?;
        self.comparison.explained.get(at).copied().filter(|&rank| rank > 0)
    }

    /// True for two sides of which nothing was compared: their rows say no more than which events there are.
    pub fn is_incomparable_pair(&self) -> bool {
        let both = self.sides.expected.is_some() && self.sides.actual.is_some();
        both && !self.provisional && self.comparison.verdict == Verdict::Incomparable
    }

    /// How the class of a row reads on screen, inversions and cut-off events included.
    pub fn class_word(&self, at: u32) -> &'static str {
        let row = self.comparison.rows.get(at);
        match row.class {
            _ if self.is_incomparable_pair() => "not compared",
            _ if self.comparison.rows.aside().binary_search(&at).is_ok() => "set aside",
            _ if row.unrecorded => "not recorded",
            RowClass::Changed if row.inverted => "changed, out of order",
            RowClass::Moved => "out of order",
            class => class.word(),
        }
    }

    /// An event in a few words: `TASK_DEQUEUED task:2`.
    pub fn name(&self, side: Side, index: EventIndex) -> String {
        match self.input() {
            Some(input) => name_event(&input, side, index),
            None => [self.kind(side, index), self.lanes(side, index).first().unwrap_or(&"")].join(" "),
        }
    }
}
