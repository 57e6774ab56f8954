//! Finding events: a query asked of both sides. Columns answer without reading; else the recordings are read by place in
//! big blocks, and a record is looked at closely only where its bytes hold what the query needs.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

use rayon::prelude::*;

use super::block::Block;
use super::{Analysis, Events};
use crate::compare::{Row, RowClass};
use crate::ingest::{FieldReader, Format};
use crate::query::{Asked, Body, Mark, Matcher, Needles, Query, readable};
use crate::trace::{ERROR, EventIndex, KindId, LaneList, Place, Scalar, Side, Unit};

/// Events that are asked together where nothing is read.
const COLUMN_EVENTS: u32 = 1 << 14;
/// Differing rows that are looked at together.
const BLOCK_ROWS: usize = 1 << 13;
/// Differing rows that are read before all others.
const FIRST_ROWS: usize = 1 << 11;
/// Rows that are looked through for one that both sides have, to begin at.
const NEAR: u32 = 100_000;

/// Who is told what is found.
pub trait Finding {
    /// These rows were found since the last time, in the order in which they were looked at, and so many events were looked
    /// at in all. A row may come twice: once for each side.
    fn found(&self, rows: &[u32], looked_at: u64);
    /// True when nobody wants to know any more.
    fn cancelled(&self) -> bool;
}

/// Asks a query of every event of both sides, from those of the row `from` on to the end and then from the beginning. What is
/// looked for is often what is wrong: before everything is read, the nearest rows that differ are.
///
/// # Errors
/// When a recording cannot be read again: a sentence. What was found before stays found.
pub fn find(analysis: &Analysis, query: &Query, from: u32, told: &impl Finding) -> Result<(), String> {
    let asking = Asking::new(analysis);
    let search = Search { matcher: Matcher::new(query, &analysis.names, analysis.is_plain()), asking };
    if search.matcher.is_columns_only() && search.matcher.asks_for_differences() {
        search.differences(from, told);
        return Ok(());
    }
    if !search.matcher.is_columns_only() {
        search.nearest_differences(from, told)?;
    }
    let mut walks = search.asking.sides.each_ref().map(|side| side.as_ref().map(|side| side.walk(from)));
    let group = rayon::current_num_threads() * 2;
    let mut looked_at = 0;
    loop {
        let blocks: Vec<(Side, Range<u32>)> = std::iter::from_fn(|| search.next(&mut walks)).take(group).collect();
        if blocks.is_empty() || told.cancelled() {
            return Ok(());
        }
        looked_at += blocks.iter().map(|(_, events)| u64::from(events.end - events.start)).sum::<u64>();
        let found: Vec<Result<Vec<u32>, String>> =
            blocks.into_par_iter().map(|(side, events)| search.block(side, events)).collect();
        let mut rows = Vec::new();
        for found in found {
            rows.append(&mut found?);
        }
        told.found(&rows, looked_at);
    }
}

/// What holds for every event that is asked.
pub struct Asking<'a> {
    analysis: &'a Analysis,
    /// The rows of the ranked causes.
    causes: Vec<u32>,
    sides: [Option<Searched<'a>>; 2],
}

impl<'a> Asking<'a> {
    /// Everything of an analysis that queries ask for.
    pub fn new(analysis: &'a Analysis) -> Self {
        let side = |side| analysis.sides[side].as_ref().map(|events| Searched::new(analysis, side, events));
        let causes = analysis.comparison.causes.iter().map(|cause| cause.row).collect();
        Self { analysis, causes, sides: Side::BOTH.map(side) }
    }

    /// Whether one event answers; its text is read if need be. The matcher is one for [`Analysis::is_plain`].
    ///
    /// # Errors
    /// When its recording cannot be read again: a sentence.
    pub fn answers(&self, matcher: &Matcher, side: Side, index: EventIndex) -> Result<bool, String> {
        let Some(of) = &self.sides[side as usize] else { return Ok(false) };
        let Some(event) = Event::new(self, of, index) else { return Ok(false) };
        if let Some(answer) = matcher.ask(&event) {
            return Ok(answer);
        }
        let span = index..index + 1;
        let Some(block) = Block::read(of.events, &span)? else { return Ok(false) };
        let text = Text { lower: block.raw.to_ascii_lowercase(), block, span };
        let place = of.events.trace.events.places.get(index).unwrap_or_default();
        let reader = RefCell::new(FieldReader::default());
        Ok(matcher.ask(&event.with_text(&text, place, &reader)) == Some(true))
    }
}

impl Analysis {
    /// True when each record's text says everything about its event: kind, lanes and fields stand in it as JSON.
    pub fn is_plain(&self) -> bool {
        Side::BOTH.into_iter().filter_map(|side| self.sides[side].as_ref()).all(is_plain)
    }
}

fn is_plain(events: &Events) -> bool {
    let recording = &events.recording;
    !matches!(recording.format, Format::Vcd | Format::VectorClocks) && recording.select.prefix.is_none()
}

/// A search.
struct Search<'a> {
    matcher: Matcher,
    asking: Asking<'a>,
}

/// One side.
struct Searched<'a> {
    analysis: &'a Analysis,
    side: Side,
    events: &'a Events,
    /// True when [`is_plain`].
    plain: bool,
    /// The tick that times are shown from.
    start: i64,
    unit: Option<Unit>,
}

/// What is left of a side: from somewhere to its end, then from its beginning.
struct Walk {
    parts: [Range<u32>; 2],
    len: u32,
}

impl Walk {
    fn left(&self) -> u32 {
        self.parts.iter().map(|part| part.end.saturating_sub(part.start)).sum()
    }
}

impl<'a> Searched<'a> {
    fn new(analysis: &'a Analysis, side: Side, events: &'a Events) -> Self {
        let scale = events.trace.time.as_ref();
        let start = analysis.start(side).filter(|_| scale.is_some_and(|scale| scale.epoch));
        Self {
            analysis,
            side,
            events,
            plain: is_plain(events),
            start: start.map_or(0, |start| start.value),
            unit: scale.map(|scale| scale.unit),
        }
    }

    fn walk(&self, from: u32) -> Walk {
        let rows = &self.analysis.comparison.rows;
        let near = from..rows.len().min(from.saturating_add(NEAR));
        let first = near.into_iter().find_map(|row| rows.get(row).event(self.side)).unwrap_or(0);
        let len = self.events.trace.events.len() as u32;
        Walk { parts: [first..len, 0..first], len }
    }
}

impl Search<'_> {
    /// The next block: of the side of which the greater share is left, so that both come to an end together.
    fn next(&self, walks: &mut [Option<Walk>; 2]) -> Option<(Side, Range<u32>)> {
        let share = |walk: &Option<Walk>| walk.as_ref().map_or(0.0, |w| f64::from(w.left()) / f64::from(w.len.max(1)));
        let side = if share(&walks[0]) >= share(&walks[1]) { Side::Expected } else { Side::Actual };
        let walk = walks[side as usize].as_mut()?;
        let part = walk.parts.iter_mut().find(|part| part.start < part.end)?;
        let end = if self.matcher.is_columns_only() {
            part.start + COLUMN_EVENTS.min(part.end - part.start)
        } else {
            Block::end(self.asking.sides[side as usize].as_ref()?.events, part.start, part.end)
        };
        // A column of another length would never end.
        let events = part.start..end.clamp(part.start + 1, part.end);
        part.start = events.end;
        Some((side, events))
    }

    /// The rows that differ: those from a row on, and those before it.
    fn differing(&self, from: u32) -> [&[u32]; 2] {
        let rows = self.asking.analysis.comparison.rows.differences();
        let (before, after) = rows.split_at(rows.partition_point(|&row| row < from));
        [after, before]
    }

    /// Reads the differing rows that are next. They come again with all others.
    fn nearest_differences(&self, from: u32, told: &impl Finding) -> Result<(), String> {
        let rows: Vec<u32> = self.differing(from).into_iter().flatten().copied().take(FIRST_ROWS).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let event =
            |row: u32, side: Side| self.asking.analysis.comparison.rows.get(row).event(side).map(|event| (side, event));
        let found: Vec<Result<Vec<u32>, String>> = (rows.par_iter())
            .flat_map_iter(|&row| Side::BOTH.into_iter().filter_map(move |side| event(row, side)))
            .map(|(side, event)| self.block(side, event..event + 1))
            .collect();
        let found: Result<Vec<Vec<u32>>, String> = found.into_iter().collect();
        told.found(&found?.concat(), 0);
        Ok(())
    }

    /// Asks only the events of rows that differ: they are known, and usually few among many.
    fn differences(&self, from: u32, told: &impl Finding) {
        let rows = self.asking.analysis.comparison.rows.differences();
        let all: u64 = Side::BOTH.into_iter().map(|side| u64::from(self.asking.analysis.len(side))).sum();
        let blocks: Vec<&[u32]> = self.differing(from).into_iter().flat_map(|part| part.chunks(BLOCK_ROWS)).collect();
        let mut done = 0;
        if rows.is_empty() {
            told.found(&[], all);
        }
        for group in blocks.chunks(rayon::current_num_threads() * 2) {
            if told.cancelled() {
                return;
            }
            let found: Vec<Vec<u32>> = group.par_iter().map(|rows| self.answering(rows)).collect();
            done += group.iter().map(|rows| rows.len() as u64).sum::<u64>();
            // The events between were looked at when the sides were compared.
            told.found(&found.concat(), all * done / rows.len() as u64);
        }
    }

    /// The rows whose events answer, once for each side.
    fn answering(&self, rows: &[u32]) -> Vec<u32> {
        let mut found = Vec::new();
        for &row in rows {
            let cells = self.asking.analysis.comparison.rows.get(row);
            for of in self.asking.sides.iter().flatten() {
                let event = cells.event(of.side).and_then(|index| Event::new(&self.asking, of, index));
                if event.is_some_and(|event| self.matcher.ask(&event) == Some(true)) {
                    found.push(row);
                }
            }
        }
        found
    }

    /// The rows of the events of a block that answer.
    fn block(&self, side: Side, events: Range<u32>) -> Result<Vec<u32>, String> {
        let Some(of) = &self.asking.sides[side as usize] else { return Ok(Vec::new()) };
        let mut rows = Vec::new();
        let mut undecided = Undecided::All(events.clone());
        if self.matcher.asks_columns() {
            let mut open = Vec::new();
            for index in events {
                let Some(event) = Event::new(&self.asking, of, index) else { continue };
                match self.matcher.ask(&event) {
                    Some(true) => rows.push(event.row),
                    Some(false) => {}
                    None => open.push(index),
                }
            }
            undecided = Undecided::Some(open);
        }
        let Some(span) = undecided.span() else { return Ok(rows) };
        let Some(block) = Block::read(of.events, &span)? else { return Ok(rows) };
        let text = Text { lower: block.raw.to_ascii_lowercase(), block, span: span.clone() };
        let places = &of.events.trace.events.places;
        let candidates = self.matcher.needles().map(|needles| text.candidates(needles, places.iter(span.clone())));
        if candidates.as_ref().is_some_and(Vec::is_empty) {
            return Ok(rows);
        }
        let reader = RefCell::new(FieldReader::default());
        let mut ask = |index: u32, place: Place| {
            let Some(event) = Event::new(&self.asking, of, index) else { return };
            let event = event.with_text(&text, place, &reader);
            if self.matcher.ask(&event) == Some(true) {
                rows.push(event.row);
            }
        };
        if let Some(candidates) = candidates {
            for index in candidates.into_iter().filter(|&index| undecided.holds(index)) {
                ask(index, places.get(index).unwrap_or_default());
            }
        } else {
            let all = span.clone().zip(places.iter(span));
            all.filter(|(index, _)| undecided.holds(*index)).for_each(|(index, place)| ask(index, place));
        }
        Ok(rows)
    }
}

/// The events of a block for which columns do not answer.
enum Undecided {
    All(Range<u32>),
    Some(Vec<u32>),
}

impl Undecided {
    /// From the first to behind the last; `None` when there is none.
    fn span(&self) -> Option<Range<u32>> {
        match self {
            Self::All(events) => Some(events.clone()).filter(|events| !events.is_empty()),
            Self::Some(events) => Some(*events.first()?..*events.last()? + 1),
        }
    }

    fn holds(&self, event: u32) -> bool {
        match self {
            Self::All(events) => events.contains(&event),
            Self::Some(events) => events.binary_search(&event).is_ok(),
        }
    }
}

/// The text of a block.
struct Text {
    block: Block,
    /// The same with ASCII letters in lower case.
    lower: Vec<u8>,
    /// The events whose texts are in it.
    span: Range<u32>,
}

impl Text {
    /// The events whose bytes hold a needle, or a backslash: what that escapes must be read first.
    fn candidates(&self, needles: &Needles, places: impl Iterator<Item = Place>) -> Vec<u32> {
        let mut hits = Vec::new();
        needles.each(&self.lower, |at| hits.push(at));
        let escapes = memchr::memchr_iter(b'\\', &self.lower);
        hits.extend(escapes);
        hits.sort_unstable();
        let mut hits = hits.into_iter().peekable();
        let mut events = Vec::new();
        for (event, place) in self.span.clone().zip(places) {
            let range = self.block.range(place);
            while hits.next_if(|&at| at < range.start).is_some() {}
            match hits.peek() {
                None => break,
                Some(&at) if at < range.end => events.push(event),
                Some(_) => {}
            }
        }
        events
    }
}

/// An event that is asked, with its text when that was read.
struct Event<'a> {
    asking: &'a Asking<'a>,
    of: &'a Searched<'a>,
    index: EventIndex,
    row: u32,
    raw: Option<(&'a [u8], &'a RefCell<FieldReader>)>,
    body: Option<Body<'a>>,
}

impl<'a> Event<'a> {
    fn new(asking: &'a Asking<'a>, of: &'a Searched<'a>, index: EventIndex) -> Option<Self> {
        let row = asking.analysis.comparison.rows.row_of(of.side, index)?;
        Some(Self { asking, of, index, row, raw: None, body: None })
    }

    fn with_text(mut self, text: &'a Text, place: Place, reader: &'a RefCell<FieldReader>) -> Self {
        let range = text.block.range(place);
        let raw = &text.block.raw[range.clone()];
        self.raw = Some((raw, reader));
        self.body = Some(if self.of.events.recording.select.prefix.is_some() {
            // The record holds both sides: only this side's fields are its text.
            let mut own = String::new();
            self.any_field(&mut |path, value| {
                own.push_str(path);
                own.push(' ');
                own.push_str(&value.plain());
                own.push('\n');
                false
            });
            lowered(own.into_bytes())
        } else if self.of.plain && memchr::memchr(b'\\', raw).is_some() {
            lowered(readable(raw).into_owned())
        } else {
            Body { text: Cow::Borrowed(raw), lower: Cow::Borrowed(&text.lower[range]) }
        });
        self
    }
}

fn lowered(text: Vec<u8>) -> Body<'static> {
    let lower = text.to_ascii_lowercase();
    Body { text: Cow::Owned(text), lower: Cow::Owned(lower) }
}

impl Asked for Event<'_> {
    fn side(&self) -> Side {
        self.of.side
    }

    fn index(&self) -> EventIndex {
        self.index
    }

    fn kind(&self) -> Option<KindId> {
        self.of.events.trace.events.kinds.get(self.index as usize).copied()
    }

    fn lanes(&self) -> LaneList<'_> {
        self.of.events.trace.events.lanes_of(self.index)
    }

    fn line(&self) -> u32 {
        self.of.events.trace.events.places.get(self.index).map_or(0, |place| place.line)
    }

    fn time(&self) -> Option<(i64, Unit)> {
        let time = self.of.events.trace.events.time_of(self.index)?;
        Some((time.saturating_sub(self.of.start), self.of.unit?))
    }

    fn row(&self) -> Row {
        self.asking.analysis.comparison.rows.get(self.row)
    }

    fn cause(&self) -> Option<u32> {
        self.asking.analysis.explained_by(self.row)
    }

    fn is(&self, mark: Mark) -> bool {
        let comparison = &self.asking.analysis.comparison;
        match mark {
            Mark::Cause => self.asking.causes.contains(&self.row),
            Mark::Symptom => comparison.first_symptom.as_ref().is_some_and(|symptom| symptom.row == self.row),
            Mark::First => comparison.first_difference.is_some_and(|first| first.row == self.row),
            Mark::Inverted => {
                let row = self.row();
                row.inverted || row.class == RowClass::Moved
            }
            Mark::Unrecorded => self.row().unrecorded,
            Mark::Error => {
                let flags = self.of.events.trace.events.flags.get(self.index as usize);
                flags.is_some_and(|flags| flags & ERROR != 0)
            }
        }
    }

    fn body(&self) -> Option<&Body<'_>> {
        self.body.as_ref()
    }

    fn any_field(&self, see: &mut dyn FnMut(&str, Scalar<'_>) -> bool) -> bool {
        let Some((raw, reader)) = self.raw else { return false };
        let recording = &self.of.events.recording;
        if matches!(recording.format, Format::Vcd | Format::VectorClocks) {
            let fields = self.asking.analysis.fields_of(self.of.side, self.index, raw);
            return fields.is_ok_and(|fields| fields.iter().any(|field| see(&field.path, field.value.scalar())));
        }
        reader.borrow_mut().any(raw, &recording.select, &mut |path, value| see(path.text, value))
    }
}
