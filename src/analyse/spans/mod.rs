//! The spans that the events of a pair tell of, as a waterfall: those of a request, of which each is an event that lasts, or what
//! several events share that name the same span. Each side's events are read once more for the fields that say so.

mod gathered;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ops::Range;

use super::told_fields::ToldFields;
use super::{Analysis, Events};
use crate::compare::Verdict;
use crate::population::{CAUSES, Waterfall};
use crate::spec::Services;
use crate::trace::{EventIndex, NONE, Side, Sides, SpanMarks, Window, Word, Words};
use gathered::{Entry, Gathered, nanos, part_requests};

/// Without times every event is so many nanoseconds after the one before.
pub const STEP: i64 = 1_000;

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// The spans of both sides, aligned, and which events are theirs.
#[derive(Debug, Clone, Default)]
pub struct EventSpans {
    /// The spans. Times are in nanoseconds, or [`STEP`] an event where there are no times.
    pub waterfall: Waterfall,
    /// True where events have times.
    pub timed: bool,
    /// True when there are two sides.
    pub paired: bool,
    /// The events of each side that were read, where those are not all.
    pub cut: Sides<Option<Range<EventIndex>>>,
    words: Words,
    sides: Sides<OfSide>,
}

/// The spans of one side, beside what a waterfall knows.
#[derive(Debug, Clone, Default)]
struct OfSide {
    /// What each span is called, beside its service.
    labels: Vec<Word>,
    /// The event that begins each.
    begins: Vec<EventIndex>,
    /// The first event that was read, and the span of each from there on, if it is of one.
    first: EventIndex,
    of_event: Vec<u32>,
    /// The row that each span stands in.
    rows: Vec<u32>,
}

impl EventSpans {
    /// The service of a span.
    pub fn service(&self, side: Side, span: u32) -> &str {
        self.words.get(self.waterfall.sides[side].span(span).service)
    }

    /// What else a span is called: what it does, or whom it calls; may be empty.
    pub fn label(&self, side: Side, span: u32) -> &str {
        self.words.get(self.sides[side].labels[span as usize])
    }

    /// The words that spans are named by.
    pub const fn words(&self) -> &Words {
        &self.words
    }

    /// The id of a span.
    pub fn id(&self, side: Side, span: u32) -> &str {
        self.words.get(self.waterfall.sides[side].span(span).id)
    }

    /// The row of the span that an event belongs to.
    pub fn row_of(&self, side: Side, event: EventIndex) -> Option<u32> {
        let of = &self.sides[side];
        let span = *of.of_event.get(event.checked_sub(of.first)? as usize)?;
        of.rows.get(span as usize).copied()
    }

    /// The event that begins a row's span: actual's, where it has both.
    pub fn event_of(&self, row: u32) -> Option<(Side, EventIndex)> {
        let spans = self.waterfall.rows.get(row as usize)?.spans;
        let begin = |side: Side| Some((side, self.sides[side].begins[spans[side]? as usize]));
        begin(Side::Actual).or_else(|| begin(Side::Expected))
    }
}

impl Analysis {
    /// The spans that events tell of; `None` for waveforms and where no fields name spans and their parents. Of the telemetry of a
    /// request whose spans have no parents among them each stands by itself. Of long recordings those in up to 50,000 events a side
    /// around the first difference. `go_on` is asked now and then, and where it says no there
    /// is nothing.
    pub fn spans(&self, go_on: &dyn Fn() -> bool) -> Option<EventSpans> {
        let services = self.spec.services();
        let named = services.span.is_some() && services.parent.is_some();
        let sides = || Side::BOTH.into_iter().filter_map(|side| Some((side, self.sides[side].as_ref()?)));
        let told = || sides().any(|(_, events)| events.recording.source.is_told());
        if self.waveform.is_some() || !named && !told() {
            return None;
        }
        let timed = sides().all(|(_, events)| events.trace.time.is_some());
        let mut spans = EventSpans { timed, paired: sides().count() == 2, ..EventSpans::default() };
        let mut told: Sides<(Window, Vec<SpanMarks>)> = Sides::default();
        for (side, events) in sides() {
            let range = self.told_of(side);
            let whole = range.len() as u32 == self.len(side);
            let entries = self.entries((events, &services), range.clone(), &mut spans.words, go_on)?;
            let clock = |event| if timed { nanos(events, event) } else { Some(i64::from(event) * STEP) };
            let gathered = Gathered::new(events, &entries, &range, &clock);
            let label = |span: u32| match gathered.begins[span as usize] {
                event if gathered.is_event[span as usize] => self.kind(side, event).to_owned(),
                _ => gathered.label(span, &spans.words),
            };
            let labels: Vec<String> = (0..gathered.spans.len() as u32).map(label).collect();
            let labels: Vec<Word> = labels.iter().map(|label| spans.words.intern(label)).collect();
            let Gathered { spans: mut list, is_event, begins, of_event, .. } = gathered;
            // What an event does is what its kind says; what several events do is known by their service alone, since each may
            // come to fewer of its calls.
            for ((span, label), _) in list.iter_mut().zip(&labels).zip(&is_event).filter(|(_, is_event)| **is_event) {
                span.operation = *label;
            }
            if services.request.is_none() {
                part_requests(&mut list);
            }
            // Of what was not read nobody knows whether it was recorded.
            let mut marks = if whole { SpanMarks::of(&list) } else { vec![SpanMarks::default(); list.len()] };
            for ((marks, begin), _) in marks.iter_mut().zip(&begins).zip(&is_event).filter(|(_, is_event)| **is_event) {
                *marks = marks.and(self.span_marks(side, *begin));
            }
            told[side] = (Window { spans: list, ..Window::default() }, marks);
            spans.sides[side] = OfSide { labels, begins, first: range.start, of_event, rows: Vec::new() };
            spans.cut[side] = (!whole).then_some(range);
        }
        let Sides { expected, actual } = told;
        if expected.0.spans.is_empty() && actual.0.spans.is_empty() {
            return None;
        }
        let mates = self.mates(&spans.sides);
        let windows = Sides::new(expected.0, actual.0);
        spans.waterfall = Waterfall::aligned(windows, &mates, Sides::new(expected.1, actual.1));
        for side in Side::BOTH {
            spans.sides[side].rows = spans.waterfall.rows_of(side);
        }
        spans.waterfall.causes = self.cause_rows(&spans);
        Some(spans)
    }

    /// Reads what events say of their spans; `None` when nobody waits for it any more.
    fn entries(
        &self,
        (events, services): (&Events, &Services),
        range: Range<EventIndex>,
        words: &mut Words,
        go_on: &dyn Fn() -> bool,
    ) -> Option<Vec<Entry>> {
        let named = services.span.is_some() && services.parent.is_some();
        let mut fields = ToldFields::default();
        let mut number = |path: &Option<String>| path.as_ref().map(|path| fields.number(path));
        let [span, parent, request] = [&services.span, &services.parent, &services.request].map(&mut number);
        let [place, peer, attempt] = [&services.place, &services.peer, &services.attempt].map(&mut number);
        let mut entries = Vec::new();
        let mut stopped = false;
        fields.of_side(events, range, &mut |event, fields| {
            let text = |number: Option<usize>| number.and_then(|number| fields.value(number));
            // Where no field tells spans apart each event that lasts is one.
            let id = if named {
                text(span).map_or(0, |text| words.intern(text))
            } else if events.trace.events.lasting.get(event).is_some() {
                words.intern(&format!("#{event}"))
            } else {
                0
            };
            if id != 0 {
                let mut word = |number: Option<usize>| text(number).map_or(0, |text| words.intern(text));
                let [parent, request] = [parent, request].map(&mut word);
                let [service, peer] = [place, peer].map(&mut word);
                // Where no field names who acts, lanes do.
                let lane = || &self.names.lanes[events.trace.events.home_lane(event) as usize];
                let service = if place.is_some() { service } else { words.intern(lane()) };
                let attempt = text(attempt).and_then(|attempt| attempt.parse().ok()).unwrap_or(0);
                entries.push(Entry { event, request, id, parent, service, peer, attempt });
            }
            stopped = event % 1024 == 0 && !go_on();
            !stopped
        });
        (!stopped).then_some(entries)
    }

    /// The span of actual that most events of each span of expected stand beside.
    fn mates(&self, sides: &Sides<OfSide>) -> Vec<Option<u32>> {
        let mut votes: Map<(u32, u32), u32> = Map::default();
        let Sides { expected, actual } = sides;
        for (event, &span) in (expected.first..).zip(&expected.of_event).filter(|(_, span)| **span != NONE) {
            let row = self.comparison.rows.row_of(Side::Expected, event);
            let beside = row.and_then(|row| self.comparison.rows.get(row).actual);
            let beside = beside.and_then(|event| actual.of_event.get(event.checked_sub(actual.first)? as usize));
            if let Some(&mate) = beside.filter(|mate| **mate != NONE) {
                *votes.entry((span, mate)).or_default() += 1;
            }
        }
        let mut votes: Vec<_> = votes.into_iter().collect();
        votes.sort_unstable_by_key(|&(pair, votes)| (std::cmp::Reverse(votes), pair));
        let mut mates = vec![None; expected.begins.len()];
        let mut taken = vec![false; actual.begins.len()];
        for ((span, mate), _) in votes {
            if mates[span as usize].is_none() && !taken[mate as usize] {
                mates[span as usize] = Some(mate);
                taken[mate as usize] = true;
            }
        }
        mates
    }

    /// The rows of the ranked causes.
    fn cause_rows(&self, spans: &EventSpans) -> Vec<u32> {
        let mut rows: Vec<u32> = Vec::new();
        if self.comparison.verdict == Verdict::Incomparable {
            return rows;
        }
        for cause in &self.comparison.causes {
            let other = || spans.row_of(cause.side.other(), cause.other?);
            let row = spans.row_of(cause.side, cause.index).or_else(other);
            rows.extend(row.filter(|row| !rows.contains(row)));
            if rows.len() == CAUSES {
                break;
            }
        }
        rows
    }
}
