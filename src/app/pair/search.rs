//! Searching both sides for a text, in slices so small that no frame waits for them.

use std::time::{Duration, Instant};

use memchr::memmem::Finder;

use super::Pair;
use super::found::FoundRows;
use crate::analyse::{Analysis, Events};
use crate::trace::{EventIndex, Side, Sides};

/// How long one slice may take: a fraction of a frame.
const SLICE: Duration = Duration::from_millis(3);
/// Neighbouring events are read together, at most so many.
const BLOCK_EVENTS: u32 = 512;
/// And at most so many bytes: what a page cache hands out in a fraction of a slice.
const BLOCK_BYTES: u64 = 256 << 10;
/// Of a longer record only the beginning is searched, so that one giant line cannot stop the window.
const RECORD_BYTES: u32 = 1 << 20;

/// A search over kinds and raw texts of both sides: literal, upper and lower case alike.
#[derive(Debug, Clone, Default)]
pub struct Search {
    query: String,
    /// The query in lower case.
    needle: String,
    /// Kinds whose name holds the query.
    kinds: Vec<bool>,
    /// The next event to look at.
    next: Sides<EventIndex>,
    len: Sides<EventIndex>,
    found: FoundRows,
    /// The direction of a jump that waits for the next row found.
    wanted: Option<bool>,
    trouble: String,
}

impl Search {
    /// A search that has not looked at anything yet.
    pub(super) fn new(query: &str, analysis: &Analysis) -> Self {
        let needle = query.to_lowercase();
        if needle.is_empty() {
            return Self::default();
        }
        let len = Sides::new(analysis.len(Side::Expected), analysis.len(Side::Actual));
        Self {
            query: query.to_owned(),
            kinds: analysis.names.kinds.iter().map(|kind| kind.to_lowercase().contains(&needle)).collect(),
            needle,
            next: Sides::default(),
            len,
            found: FoundRows::new(analysis.comparison.rows.len()),
            wanted: None,
            trouble: String::new(),
        }
    }

    /// What is searched for; empty when nothing is.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// True when a text is searched for.
    pub fn active(&self) -> bool {
        !self.query.is_empty()
    }

    /// True when every event was looked at.
    pub fn done(&self) -> bool {
        self.next == self.len
    }

    /// Events looked at, of all.
    pub fn progress(&self) -> (u64, u64) {
        let sum = |sides: &Sides<u32>| u64::from(sides.expected) + u64::from(sides.actual);
        (sum(&self.next), sum(&self.len))
    }

    /// How many rows were found so far.
    pub fn count(&self) -> u32 {
        self.found.len()
    }

    /// True when the row was found.
    pub fn found(&self, row: u32) -> bool {
        self.found.contains(row)
    }

    /// True when a text that is on screen holds the query.
    pub fn hits(&self, text: &str) -> bool {
        self.active() && text.to_lowercase().contains(&self.needle)
    }

    /// The place of a found row among all found so far, from 1.
    pub fn place(&self, row: u32) -> Option<u32> {
        self.found(row).then(|| self.found.count_before(row) + 1)
    }

    /// Why texts could not be searched, as a sentence; usually empty.
    pub fn trouble(&self) -> &str {
        &self.trouble
    }

    /// The nearest found row after (or before) a row, going round at the end.
    fn nearest(&self, row: Option<u32>, forward: bool) -> Option<u32> {
        if forward {
            row.and_then(|row| self.found.first_from(row + 1)).or_else(|| self.found.first_from(0))
        } else {
            row.and_then(|row| self.found.last_before(row)).or_else(|| self.found.last_before(u32::MAX))
        }
    }

    /// Looks at events until the time is over or all are seen.
    fn run(&mut self, analysis: &Analysis, slice: Duration) {
        let started = Instant::now();
        let needle = std::mem::take(&mut self.needle);
        let finder = Finder::new(needle.as_bytes());
        while !self.done() && started.elapsed() < slice {
            // Both sides advance together, so that what is found first is near the start.
            let behind = |side| u64::from(self.next[side]) * u64::from(self.len[Side::other(side)].max(1));
            let side = if self.next.actual == self.len.actual
                || (self.next.expected < self.len.expected && behind(Side::Expected) <= behind(Side::Actual))
            {
                Side::Expected
            } else {
                Side::Actual
            };
            self.block(analysis, side, &finder);
        }
        drop(finder);
        self.needle = needle;
    }

    fn block(&mut self, analysis: &Analysis, side: Side, finder: &Finder<'_>) {
        let first = self.next[side];
        let Some(events) = analysis.sides[side].as_ref() else {
            self.next[side] = self.len[side];
            return;
        };
        let end = block_end(events, first, self.len[side]);
        self.next[side] = end;
        let place = |event: EventIndex| events.trace.events.places.get(event).unwrap_or_default();
        let (offset, last) = (place(first).offset, place(end - 1));
        let bytes = (last.offset + u64::from(last.len) - offset).min(u64::from(RECORD_BYTES)) as u32;
        let text = match events.recording.source.text(offset, bytes) {
            Ok(text) => lower(text),
            Err(error) => {
                self.trouble = error.to_string();
                Vec::new()
            }
        };
        let rows = &analysis.comparison.rows;
        for (event, place) in (first..end).map(|event| (event, place(event))) {
            let kind = events.trace.events.kinds.get(event as usize);
            let start = (place.offset - offset) as usize;
            let hit = kind.is_some_and(|&kind| self.kinds.get(kind as usize).copied().unwrap_or(false))
                || text
                    .get(start..(start + place.len as usize).min(text.len()))
                    .is_some_and(|record| finder.find(record).is_some());
            if hit && let Some(row) = rows.row_of(side, event) {
                self.found.insert(row);
            }
        }
    }
}

/// Lower case without a change of length, so that places stay: letters whose lower case is longer stay as they are.
fn lower(text: Vec<u8>) -> Vec<u8> {
    if text.is_ascii() {
        let mut text = text;
        text.make_ascii_lowercase();
        return text;
    }
    let mut lowered = Vec::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            let mut lower = c.to_lowercase();
            let c = lower.next().filter(|l| lower.next().is_none() && l.len_utf8() == c.len_utf8()).unwrap_or(c);
            lowered.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        lowered.extend_from_slice(chunk.invalid());
    }
    lowered
}

/// Behind the last event that can be read together with `first`: they follow each other in the source.
fn block_end(events: &Events, first: EventIndex, len: EventIndex) -> EventIndex {
    let place = |event: EventIndex| events.trace.events.places.get(event).unwrap_or_default();
    let start = place(first).offset;
    let mut end = first + 1;
    let mut before = start + u64::from(place(first).len);
    while end < len && end - first < BLOCK_EVENTS {
        let place = place(end);
        if place.offset < before || place.offset + u64::from(place.len) - start > BLOCK_BYTES {
            break;
        }
        before = place.offset + u64::from(place.len);
        end += 1;
    }
    end
}

impl Pair {
    pub(super) fn search_more(&mut self) {
        self.search.run(&self.analysis, SLICE);
        if let Some(forward) = self.search.wanted
            && (self.search.count() > 0 || self.search.done())
        {
            self.go_to_found(forward);
        }
    }

    pub(super) fn go_to_found(&mut self, forward: bool) {
        self.search.wanted = None;
        if !self.search.active() {
            return;
        }
        let from = self.selection.map(|selection| selection.row);
        match self.search.nearest(from, forward) {
            Some(row) => self.select_row(row, None),
            None if self.search.done() => self.notice = format!("Nothing holds “{}”.", self.search.query),
            None => self.search.wanted = Some(forward),
        }
    }
}
