//! The reader: bytes are pushed, records come out at the sink. Knows no file, clock or thread of its own.

use rayon::prelude::*;

use super::frame::{Framer, Piece};
use super::part::{MAX_RECORD, Part, Rules};
use super::{BOM, Format, Select, shiviz};
use crate::trace::{Sink, WarningKind, Warnings};

/// Larger blocks are cut into runs of about this size that are scanned in parallel: large enough that forking a sink
/// costs nothing, small enough that a 4 MiB block feeds every core.
pub const RUN: usize = 512 << 10;

/// Bytes of a log that must be put in order: it is held in memory, as are its events.
const MOST_WHOLE: usize = 256 << 20;

/// What a reader gave.
#[derive(Debug)]
pub struct Outcome<S> {
    /// The sink, with every record.
    pub sink: S,
    /// What was wrong.
    pub warnings: Warnings,
    /// True when the bytes stop in the middle of a record or of the document around it.
    pub torn: bool,
    /// How many records the sink was given whole.
    pub records: u64,
    /// How many records could not be read.
    pub unreadable: u64,
}

/// Turns pushed bytes into records for a sink. The result depends on the bytes only: neither on how they were cut into
/// blocks nor on the number of threads.
#[derive(Debug, Clone)]
pub struct Reader<S: Sink> {
    rules: Rules,
    part: Part<S>,
    framing: Framing,
    /// Offset and line of the next byte that is pushed.
    offset: u64,
    line: u32,
    /// The beginning of a record whose end was not pushed yet, with its offset. Dropped when it gets too long.
    carry: Vec<u8>,
    carry_offset: u64,
    too_long: bool,
}

#[derive(Debug, Clone)]
enum Framing {
    Lines,
    Elements(Framer),
    /// Nothing can be said before all is there.
    Whole,
}

impl<S: Sink> Reader<S> {
    /// A reader of the recording that a person knows as `file_name`.
    pub fn new(file_name: &str, format: &Format, select: &Select, sink: S) -> Self {
        Self::starting_at(file_name, format, select, sink, 0, 1)
    }

    /// A reader whose first byte stands at `offset` on `line`, at the start of a record: for JSON lines.
    pub fn starting_at(file_name: &str, format: &Format, select: &Select, sink: S, offset: u64, line: u32) -> Self {
        let framing = match format {
            Format::JsonLines => Framing::Lines,
            Format::VectorClocks => Framing::Whole,
            _ => Framing::Elements(Framer::new(format, line)),
        };
        Self {
            rules: Rules::new(file_name, format, select),
            part: Part::new(sink),
            framing,
            offset,
            line,
            carry: Vec::new(),
            carry_offset: offset,
            too_long: false,
        }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, block: &[u8]) {
        match self.framing {
            Framing::Lines => self.push_lines(block),
            Framing::Elements(_) => self.push_elements(block),
            Framing::Whole => self.push_whole(block),
        }
    }

    /// True when the sink wants no more.
    pub fn is_full(&self) -> bool {
        self.part.sink.is_full()
    }

    /// About so many more bytes will come, with records as long as those so far: makes room for them at once.
    pub fn expect(&mut self, bytes: u64) {
        let so_far = self.offset.saturating_sub(self.carry.len() as u64);
        if let Some(records) = self.part.records.saturating_mul(bytes).checked_div(so_far) {
            // Lines get a little shorter or longer.
            self.part.sink.reserve(records.saturating_add(records / 64).min(u32::MAX.into()) as usize);
        }
    }

    /// How many records the sink was given whole so far.
    pub fn records(&self) -> u64 {
        self.part.records
    }

    /// The sink as it is now: what was pushed up to the last whole record.
    pub fn sink(&self) -> &S {
        &self.part.sink
    }

    /// No more bytes will come.
    pub fn finish(mut self) -> Outcome<S> {
        let torn = match &self.framing {
            Framing::Lines => self.finish_line(),
            Framing::Elements(_) => self.finish_elements(),
            Framing::Whole => self.finish_whole(),
        };
        let Part { sink, warnings, records, unreadable, .. } = self.part;
        Outcome { sink, warnings, torn, records, unreadable }
    }

    /// Bytes of a log that is put in order when it is whole.
    fn push_whole(&mut self, block: &[u8]) {
        let room = MOST_WHOLE.saturating_sub(self.carry.len());
        self.carry.extend_from_slice(&block[..block.len().min(room)]);
        if room < block.len() && !self.too_long {
            self.too_long = true;
            self.part.warnings.push(shiviz::too_large(&self.rules, MOST_WHOLE));
        }
    }

    /// The end of a log with vector clocks. True when its last event is cut off.
    fn finish_whole(&mut self) -> bool {
        let read = shiviz::read(&self.carry, &self.rules, &mut self.part.sink);
        self.part.warnings.extend(read.warnings);
        self.part.records += read.records;
        self.part.unreadable += read.unreadable;
        read.torn
    }

    fn push_lines(&mut self, block: &[u8]) {
        let Some(first) = memchr::memchr(b'\n', block) else {
            self.keep(block);
            return;
        };
        let mut whole_from = 0;
        if self.too_long || !self.carry.is_empty() {
            self.keep(&block[..first]);
            self.carried_line();
            self.line = self.line.saturating_add(1);
            whole_from = first + 1;
            self.offset += 1;
        }
        let whole_to = memchr::memrchr(b'\n', block).map_or(whole_from, |i| i + 1);
        self.whole_lines(&block[whole_from..whole_to]);
        self.keep(&block[whole_to..]);
    }

    /// Bytes of a record whose end is not there yet.
    fn keep(&mut self, bytes: &[u8]) {
        if self.carry.is_empty() && !self.too_long {
            self.carry_offset = self.offset;
        }
        self.offset += bytes.len() as u64;
        if self.too_long || self.carry.len() + bytes.len() > MAX_RECORD {
            self.too_long = true;
            self.carry = Vec::new();
        } else {
            self.carry.extend_from_slice(bytes);
        }
    }

    /// The carried line is complete.
    fn carried_line(&mut self) {
        if self.too_long {
            self.part.too_long(&self.rules, self.line);
        } else {
            let (carry, offset) = without_bom(&self.carry, self.carry_offset);
            self.part.bytes(&self.rules, carry, offset, self.line);
        }
        self.carry.clear();
        self.too_long = false;
    }

    /// Lines that all end in this block: in runs, in parallel.
    fn whole_lines(&mut self, block: &[u8]) {
        let runs = cut_at_lines(block);
        // A line that was appended is not worth waking anyone.
        if let [run] = runs[..] {
            let (lines, offset) = without_bom(run, self.offset);
            self.line = self.part.lines(&self.rules, lines, offset, self.line);
            self.offset += run.len() as u64;
            return;
        }
        let lines: Vec<u32> = runs.par_iter().map(|run| memchr::memchr_iter(b'\n', run).count() as u32).collect();
        let mut jobs = Vec::with_capacity(runs.len());
        for (run, lines) in runs.into_iter().zip(lines) {
            jobs.push((run, self.offset, self.line));
            self.offset += run.len() as u64;
            self.line = self.line.saturating_add(lines);
        }
        let rules = &self.rules;
        self.part.in_parallel(&jobs, |part, &(run, offset, line)| {
            let (run, offset) = without_bom(run, offset);
            part.lines(rules, run, offset, line);
        });
    }

    /// The end of JSON lines: a last line without its line end may be whole. True when it is not.
    fn finish_line(&mut self) -> bool {
        let (carry, offset) = without_bom(&self.carry, self.carry_offset);
        if !self.too_long && self.part.ends_early(&self.rules, carry) {
            self.part.torn(&self.rules, self.line);
            return true;
        }
        if self.too_long {
            self.part.too_long(&self.rules, self.line);
        } else {
            self.part.bytes(&self.rules, carry, offset, self.line);
        }
        false
    }

    fn push_elements(&mut self, block: &[u8]) {
        let Framing::Elements(framer) = &mut self.framing else { return };
        let mut pieces = Vec::new();
        let was_inside = framer.inside();
        let rest = framer.feed(block, &mut pieces);
        let inside = framer.inside();
        let start = self.offset;
        let mut pieces = pieces.as_slice();
        if let [Piece { from: None, to, line }, others @ ..] = pieces {
            pieces = others;
            self.keep(&block[..*to]);
            let line = *line;
            if self.too_long {
                self.part.too_long(&self.rules, line);
            } else {
                self.part.bytes(&self.rules, &self.carry, self.carry_offset, line);
            }
            self.carry.clear();
            self.too_long = false;
        } else if was_inside && rest.is_none() && inside {
            self.keep(block);
            return;
        }
        let rules = &self.rules;
        let jobs: Vec<&[Piece]> = pieces_in_runs(pieces);
        self.part.in_parallel(&jobs, |part, pieces| {
            for piece in *pieces {
                let from = piece.from.unwrap_or(0);
                part.bytes(rules, &block[from..piece.to], start + from as u64, piece.line);
            }
        });
        let rest = rest.unwrap_or(block.len());
        self.offset = start + rest as u64;
        self.keep(&block[rest..]);
    }

    /// The end of a document. True when something of it is missing.
    fn finish_elements(&mut self) -> bool {
        let Framing::Elements(framer) = &self.framing else { return false };
        let (closed, bare, line) = (framer.closed(), framer.bare(), framer.line());
        let wrong = WarningKind::Unreadable;
        if let Some(line) = framer.trailing {
            self.part.beside(&self.rules, wrong, line, "There is more text after the end; it was left out.");
        }
        if closed && framer.arrays == 0 && !framer.sequence() {
            self.part.beside(&self.rules, wrong, 1, "The document has no list of records where one was expected.");
        }
        if framer.arrays > 1 {
            let what = "The list of records stands in the document more than once; all were read.";
            self.part.beside(&self.rules, WarningKind::DuplicateKey, 1, what);
        }
        if bare && !self.too_long && !self.part.ends_early(&self.rules, &self.carry) {
            self.part.bytes(&self.rules, &self.carry, self.carry_offset, line);
        } else if !closed {
            self.part.torn(&self.rules, line);
            return true;
        }
        !closed && !bare
    }
}

/// `bytes` at `offset`, behind the byte order mark if they start with the recording's.
fn without_bom(bytes: &[u8], offset: u64) -> (&[u8], u64) {
    match bytes.strip_prefix(BOM) {
        Some(rest) if offset == 0 => (rest, BOM.len() as u64),
        _ => (bytes, offset),
    }
}

/// Cuts whole lines into runs of about [`RUN`] bytes.
fn cut_at_lines(mut block: &[u8]) -> Vec<&[u8]> {
    let mut runs = Vec::with_capacity(block.len() / RUN + 1);
    while !block.is_empty() {
        let end = match block.get(RUN..).and_then(|rest| memchr::memchr(b'\n', rest)) {
            Some(i) => RUN + i + 1,
            None => block.len(),
        };
        let (run, rest) = block.split_at(end);
        runs.push(run);
        block = rest;
    }
    runs
}

/// Cuts pieces into runs of about [`RUN`] bytes.
fn pieces_in_runs(pieces: &[Piece]) -> Vec<&[Piece]> {
    let mut size = 0;
    pieces
        .chunk_by(|a, _| {
            size += a.to - a.from.unwrap_or(0);
            let same = size < RUN;
            if !same {
                size = 0;
            }
            same
        })
        .collect()
}
