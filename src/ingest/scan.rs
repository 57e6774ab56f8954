//! The scanner: walks one record's text and hands over its leaves. Strict, exact, and without recursion limits to hit.

use std::ops::Range;

use super::fault::{Fault, Why};
use super::number::{integer, number};
use super::slots::{END, Next, RECORD, Slots, State};
use super::text::{plain_end, string_end, unescape};
use crate::trace::{Path, Scalar};

/// Objects and arrays nested deeper than this are refused: no recording needs it, and a nesting bomb must not exhaust
/// the stack.
pub const MAX_DEPTH: usize = 64;

/// What `text` begins with, where that is a float that JSON has no number for, as Python and JavaScript spell it. It is read as if
/// it stood in quotes.
fn no_number(text: &str) -> Option<&'static str> {
    ["NaN", "Infinity", "-Infinity"].into_iter().find(|name| text.starts_with(name))
}

/// Who is told what stands in a record.
pub trait Visit {
    /// One leaf.
    fn field(&mut self, path: Path<'_>, value: Scalar<'_>);
    /// The same for the rarer kinds of value, where speed matters less than the size of the code.
    #[inline(never)]
    fn other(&mut self, path: Path<'_>, value: Scalar<'_>) {
        self.field(path, value);
    }
    /// A path that came before in this record. True: go on, the later one counts. False: stop with [`Why::Repeated`].
    fn repeated(&mut self, path: &str) -> bool;
}

/// Memory that is used again for every record.
#[derive(Debug, Clone, Default)]
pub struct Work {
    slots: Slots,
    scratch: String,
}

/// Walks the record at `record` in `run`: from its first byte to its last, white space around it apart. `prefix` is taken off
/// every name that has it, and is the same for all that `work` serves. Positions of faults are within the record.
pub fn scan<V: Visit>(
    run: &str,
    record: Range<usize>,
    prefix: Option<&str>,
    work: &mut Work,
    visit: &mut V,
) -> Result<(), Fault> {
    work.slots.begin();
    let text = &run[..record.end];
    let mut scan = Scan { run: run.as_bytes(), text, bytes: text.as_bytes(), prefix, work, visit };
    scan.record(record.start).map_err(|fault| Fault { at: fault.at - record.start, ..fault })
}

/// Every method takes the position that it starts at and gives the one behind what it read: a position that stands in memory
/// would have to be loaded and stored around every visit.
struct Scan<'w, 't, V> {
    /// What may be looked at, beyond the record's end as well, since whole words are faster to load.
    run: &'t [u8],
    /// What may be read: up to the record's end.
    text: &'t str,
    bytes: &'t [u8],
    prefix: Option<&'w str>,
    work: &'w mut Work,
    visit: &'w mut V,
}

impl<'t, V: Visit> Scan<'_, 't, V> {
    fn record(&mut self, start: usize) -> Result<(), Fault> {
        let (run, text) = (self.run, self.text);
        let (mut state, mut at) = (State::START, start);
        loop {
            let slot = match self.work.slots.expected(state, run, at) {
                Some(Next { slot: END, len }) if at + len as usize == text.len() => return Ok(()),
                Some(Next { slot, len }) if slot != END => {
                    at += len as usize;
                    slot
                }
                _ => match self.next(state, at)? {
                    Some((slot, value)) => {
                        at = value;
                        slot
                    }
                    None => return Ok(()),
                },
            };
            state = State::behind(slot);
            let (first_time, path) = self.work.slots.enter(slot);
            if !first_time && !self.visit.repeated(path.text) {
                return Err(Fault { at, why: Why::Repeated });
            }
            // The commonest kinds of value, by themselves, so that nothing goes through memory.
            at = match run.get(at) {
                Some(b'"') if let Some(end) = plain_end(run, at + 1).filter(|&end| end < text.len()) => {
                    self.visit.field(path, Scalar::Text(&text[at + 1..end]));
                    end + 1
                }
                Some(b'0'..=b'9') if let Some((value, end)) = integer(run, at) => {
                    self.visit.field(path, Scalar::Int(value));
                    end
                }
                _ => match self.other(at, slot)? {
                    (brace, true) => {
                        state = State::inside(slot);
                        brace
                    }
                    (end, false) => end,
                },
            };
        }
    }

    /// The next field, and where its value begins; `None` behind the record.
    #[cold]
    fn next(&mut self, state: State, from: usize) -> Result<Option<(u32, usize)>, Fault> {
        let mut at = self.skip_space(from);
        let (mut parent, inside) = state.slot();
        if inside {
            if parent == RECORD {
                self.opening(at)?;
            }
            at = self.skip_space(at + 1);
            if self.peek(at) == Some(b'}') {
                return self.end(state, from, at + 1);
            }
        } else {
            parent = self.work.slots.parent(parent);
            loop {
                match self.peek(at) {
                    Some(b',') => break at = self.skip_space(at + 1),
                    Some(b'}') if parent == RECORD => return self.end(state, from, at + 1),
                    Some(b'}') => {
                        parent = self.work.slots.parent(parent);
                        at = self.skip_space(at + 1);
                    }
                    _ => return Err(self.expected(at, "a comma or a closing brace")),
                }
            }
        }
        let (slot, colon) = self.name(at, parent)?;
        let value = self.skip_space(colon);
        self.work.slots.expect(state, &self.bytes[from..value], slot);
        Ok(Some((slot, value)))
    }

    /// Behind the record's brace, which ends at `at`: nothing may follow.
    fn end(&mut self, state: State, from: usize, at: usize) -> Result<Option<(u32, usize)>, Fault> {
        let end = self.skip_space(at);
        if end < self.bytes.len() {
            return Err(Fault { at: end, why: Why::Trailing });
        }
        self.work.slots.expect(state, &self.bytes[from..], END);
        Ok(None)
    }

    /// A record begins with a brace.
    fn opening(&self, start: usize) -> Result<(), Fault> {
        let fault = |why| Err(Fault { at: start, why });
        match self.peek(start) {
            Some(b'{') => Ok(()),
            Some(b'[') => fault(Why::NotAnObject("an array")),
            Some(b'"') => fault(Why::NotAnObject("a string")),
            Some(b'-' | b'0'..=b'9') => fault(Why::NotAnObject("a number")),
            Some(b't' | b'f' | b'n') if matches!(self.text[start..].trim_end(), "true" | "false" | "null") => {
                fault(Why::NotAnObject("a bare word"))
            }
            _ => Err(self.expected(start, "an opening brace")),
        }
    }

    /// The slot of a name, and the position behind its colon.
    fn name(&mut self, at: usize, parent: u32) -> Result<(u32, usize), Fault> {
        if self.peek(at) != Some(b'"') {
            return Err(self.expected(at, "a name in quotes"));
        }
        let start = at + 1;
        let (end, escaped) = self.string_end(start)?;
        let name = &self.text[start..end];
        let colon = self.skip_space(end + 1);
        if self.peek(colon) != Some(b':') {
            return Err(self.expected(colon, "a colon"));
        }
        let mut plain = String::new();
        let name = if escaped {
            unescape(name, start, &mut plain)?;
            &plain
        } else {
            name
        };
        let name = self.prefix.and_then(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
        Ok((self.work.slots.named(parent, name), colon + 1))
    }

    /// A value of the rarer kinds, or behind white space: its end. Of an object that is not empty, true and where it begins.
    #[inline(never)]
    fn other(&mut self, at: usize, slot: u32) -> Result<(usize, bool), Fault> {
        let start = self.skip_space(at);
        let depth = self.work.slots.depth(slot);
        match self.peek(start) {
            Some(b'"') => {
                let (end, escaped) = self.string_end(start + 1)?;
                let raw = &self.text[start + 1..end];
                if escaped {
                    self.work.scratch.clear();
                    unescape(raw, start + 1, &mut self.work.scratch)?;
                }
                let text = if escaped { &self.work.scratch } else { raw };
                self.visit.other(self.work.slots.path(slot), Scalar::Text(text));
                Ok((end + 1, false))
            }
            Some(b'N' | b'I' | b'-') if let Some(name) = no_number(&self.text[start..]) => {
                self.visit.other(self.work.slots.path(slot), Scalar::Text(name));
                Ok((start + name.len(), false))
            }
            Some(b'-' | b'0'..=b'9') => {
                let (value, end) = number(self.text, start)?;
                self.visit.other(self.work.slots.path(slot), value);
                Ok((end, false))
            }
            Some(b'{') => {
                if depth == MAX_DEPTH {
                    return Err(Fault { at: start, why: Why::TooDeep });
                }
                let first = self.skip_space(start + 1);
                if self.peek(first) != Some(b'}') {
                    return Ok((start, true));
                }
                self.visit.other(self.work.slots.path(slot), Scalar::Json("{}"));
                Ok((first + 1, false))
            }
            Some(b'[') => {
                let (end, loose) = self.array(start, depth + 1)?;
                let raw = &self.text[start..end];
                if loose {
                    self.work.scratch.clear();
                    tighten(raw, &mut self.work.scratch);
                }
                let text = if loose { &self.work.scratch } else { raw };
                self.visit.other(self.work.slots.path(slot), Scalar::Json(text));
                Ok((end, false))
            }
            _ => {
                let (value, end) = self.word(start)?;
                self.visit.other(self.work.slots.path(slot), value);
                Ok((end, false))
            }
        }
    }

    /// `true`, `false` or `null`.
    fn word(&self, at: usize) -> Result<(Scalar<'t>, usize), Fault> {
        let rest = &self.bytes[at.min(self.bytes.len())..];
        for (word, value) in
            [(&b"null"[..], Scalar::Null), (&b"true"[..], Scalar::Bool(true)), (&b"false"[..], Scalar::Bool(false))]
        {
            if rest.starts_with(word) {
                return Ok((value, at + word.len()));
            }
            if !rest.is_empty() && word.starts_with(rest) {
                return Err(Fault { at: self.bytes.len(), why: Why::EndsEarly });
            }
        }
        Err(self.expected(at, "a value"))
    }

    /// Checks the array at `at`. The position behind it, and true when it has white space between its tokens.
    fn array(&mut self, at: usize, depth: usize) -> Result<(usize, bool), Fault> {
        let (mut at, mut loose) = self.step_in(at, depth)?;
        if self.peek(at) == Some(b']') {
            return Ok((at + 1, loose));
        }
        loop {
            (at, loose) = self.element(at, depth, loose)?;
            (at, loose) = self.space(at, loose);
            match self.peek(at) {
                Some(b',') => {}
                Some(b']') => return Ok((at + 1, loose)),
                _ => return Err(self.expected(at, "a comma or a closing bracket")),
            }
            (at, loose) = self.space(at + 1, loose);
        }
    }

    /// Checks an object inside an array, like [`Self::array`].
    fn inner_object(&mut self, at: usize, depth: usize) -> Result<(usize, bool), Fault> {
        let (mut at, mut loose) = self.step_in(at, depth)?;
        if self.peek(at) == Some(b'}') {
            return Ok((at + 1, loose));
        }
        loop {
            if self.peek(at) != Some(b'"') {
                return Err(self.expected(at, "a name in quotes"));
            }
            at = self.inner_string(at)?;
            (at, loose) = self.space(at, loose);
            if self.peek(at) != Some(b':') {
                return Err(self.expected(at, "a colon"));
            }
            (at, loose) = self.space(at + 1, loose);
            (at, loose) = self.element(at, depth, loose)?;
            (at, loose) = self.space(at, loose);
            match self.peek(at) {
                Some(b',') => {}
                Some(b'}') => return Ok((at + 1, loose)),
                _ => return Err(self.expected(at, "a comma or a closing brace")),
            }
            (at, loose) = self.space(at + 1, loose);
        }
    }

    /// The position behind a value inside an array; true when there was white space, in it or `before`.
    fn element(&mut self, at: usize, depth: usize, before: bool) -> Result<(usize, bool), Fault> {
        let (at, loose) = match self.peek(at) {
            Some(b'[') => self.array(at, depth + 1)?,
            Some(b'{') => self.inner_object(at, depth + 1)?,
            Some(b'"') => (self.inner_string(at)?, false),
            Some(b'-' | b'0'..=b'9') => (number(self.text, at)?.1, false),
            _ => (self.word(at)?.1, false),
        };
        Ok((at, loose || before))
    }

    fn inner_string(&mut self, at: usize) -> Result<usize, Fault> {
        let start = at + 1;
        let (end, escaped) = self.string_end(start)?;
        if escaped {
            self.work.scratch.clear();
            unescape(&self.text[start..end], start, &mut self.work.scratch)?;
        }
        Ok(end + 1)
    }

    /// Behind an opening bracket, whose nesting depth is `depth`; true when there was white space.
    fn step_in(&self, at: usize, depth: usize) -> Result<(usize, bool), Fault> {
        if depth > MAX_DEPTH {
            return Err(Fault { at, why: Why::TooDeep });
        }
        Ok(self.space(at + 1, false))
    }

    /// The end of the string whose first byte is at `at`, and whether it has escapes.
    #[inline]
    fn string_end(&self, at: usize) -> Result<(usize, bool), Fault> {
        let end = self.bytes.len();
        match string_end(self.run, at) {
            Ok((quote, escaped)) if quote < end => Ok((quote, escaped)),
            Err(fault) if fault.at < end => Err(fault),
            _ => Err(Fault { at: end, why: Why::EndsEarly }),
        }
    }

    #[inline]
    fn peek(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// The position behind the white space at `at`.
    #[inline]
    fn skip_space(&self, mut at: usize) -> usize {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(at) {
            at += 1;
        }
        at
    }

    /// The position behind the white space at `at`; true when there was some, here or `before`.
    fn space(&self, at: usize, before: bool) -> (usize, bool) {
        let end = self.skip_space(at);
        (end, before || end > at)
    }

    #[cold]
    fn expected(&self, at: usize, what: &'static str) -> Fault {
        Fault { at, why: if at >= self.bytes.len() { Why::EndsEarly } else { Why::Expected(what) } }
    }
}

/// Appends `raw`, sound JSON, without the white space between its tokens.
fn tighten(raw: &str, out: &mut String) {
    let bytes = raw.as_bytes();
    let mut copied = 0;
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'"' => i = string_end(bytes, i + 1).map_or(bytes.len(), |(end, _)| end + 1),
            b' ' | b'\n' | b'\r' | b'\t' => {
                out.push_str(&raw[copied..i]);
                i += 1;
                copied = i;
            }
            _ => i += 1,
        }
    }
    out.push_str(&raw[copied..]);
}
