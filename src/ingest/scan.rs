//! The scanner: walks one record's text and hands over its leaves. Strict, exact, and without recursion limits to hit.

use std::ops::Range;

use super::fault::{Fault, Why};
use super::number::{integer, number};
use super::slots::{RECORD, Slots};
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

/// Walks the record at `record` in `run`, which is nothing but the record and white space. `prefix` is taken off every name
/// that has it. Positions of faults are within the record.
pub fn scan<V: Visit>(
    run: &str,
    record: Range<usize>,
    prefix: Option<&str>,
    work: &mut Work,
    visit: &mut V,
) -> Result<(), Fault> {
    work.slots.begin();
    let text = &run[..record.end];
    let mut scan = Scan { run: run.as_bytes(), text, bytes: text.as_bytes(), last: RECORD, prefix, work, visit };
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
    /// The slot of the last field.
    last: u32,
    prefix: Option<&'w str>,
    work: &'w mut Work,
    visit: &'w mut V,
}

impl<'t, V: Visit> Scan<'_, 't, V> {
    fn record(&mut self, at: usize) -> Result<(), Fault> {
        let end = match self.bytes.get(at..) {
            Some([b'{', b'"', ..]) => self.object(at + 1, RECORD, 1)?,
            _ => self.spaced_record(at)?,
        };
        let end = self.skip_space(end);
        if end == self.bytes.len() { Ok(()) } else { Err(Fault { at: end, why: Why::Trailing }) }
    }

    /// A record that has white space before its first name or no name at all, or what is no record.
    #[inline(never)]
    fn spaced_record(&mut self, at: usize) -> Result<usize, Fault> {
        let start = self.skip_space(at);
        let fault = |why| Err(Fault { at: start, why });
        match self.peek(start) {
            Some(b'{') => {}
            Some(b'[') => return fault(Why::NotAnObject("an array")),
            Some(b'"') => return fault(Why::NotAnObject("a string")),
            Some(b'-' | b'0'..=b'9') => return fault(Why::NotAnObject("a number")),
            Some(b't' | b'f' | b'n') if matches!(self.text[start..].trim_end(), "true" | "false" | "null") => {
                return fault(Why::NotAnObject("a bare word"));
            }
            _ => return Err(self.expected(start, "an opening brace")),
        }
        let first = self.skip_space(start + 1);
        if self.peek(first) == Some(b'}') { Ok(first + 1) } else { self.object(first, RECORD, 1) }
    }

    /// The members of an object that has at least one; `at` stands on the first name. `parent` is the object's slot.
    fn object(&mut self, mut at: usize, parent: u32, depth: usize) -> Result<usize, Fault> {
        let (run, text) = (self.run, self.text);
        loop {
            let slot = match self.work.slots.expected(self.last, parent, run, at) {
                Some((slot, end)) if end <= text.len() => {
                    at = end;
                    slot
                }
                _ => {
                    let (slot, end) = self.name(at, parent)?;
                    at = end;
                    slot
                }
            };
            self.last = slot;
            let (first_time, path) = self.work.slots.enter(slot);
            if !first_time && !self.visit.repeated(path.text) {
                return Err(Fault { at, why: Why::Repeated });
            }
            // The two commonest kinds of value, by themselves, so that nothing goes through memory.
            at = match run.get(at) {
                Some(b'"') if let Some(end) = plain_end(run, at + 1).filter(|&end| end < text.len()) => {
                    self.visit.field(path, Scalar::Text(&text[at + 1..end]));
                    end + 1
                }
                Some(b'0'..=b'9') if let Some((value, end)) = integer(run, at) => {
                    self.visit.field(path, Scalar::Int(value));
                    end
                }
                _ => self.other_member(self.skip_space(at), slot, depth)?,
            };
            // Mostly there is no white space, and the next name follows the comma.
            at = match run.get(at..).and_then(<[u8]>::first_chunk) {
                Some([b',', b'"']) => at + 1,
                Some([b'}', _]) => return Ok(at + 1),
                _ => match self.behind_member(at)? {
                    (at, true) => at,
                    (end, false) => return Ok(end),
                },
            };
        }
    }

    /// What follows a member: the position of the next name, or, with false, that behind the object.
    #[cold]
    fn behind_member(&self, at: usize) -> Result<(usize, bool), Fault> {
        let at = self.skip_space(at);
        match self.peek(at) {
            Some(b',') => Ok((self.skip_space(at + 1), true)),
            Some(b'}') => Ok((at + 1, false)),
            _ => Err(self.expected(at, "a comma or a closing brace")),
        }
    }

    /// The slot of a name that was not expected, and the position behind its colon.
    #[cold]
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
        let raw = (!escaped && colon == end + 1).then(|| &self.bytes[at..=colon]);
        let name = self.prefix.and_then(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
        Ok((self.work.slots.named(self.last, parent, name, raw), colon + 1))
    }

    /// A value of the rarer kinds, or behind white space.
    #[inline(never)]
    fn other_member(&mut self, start: usize, slot: u32, depth: usize) -> Result<usize, Fault> {
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
                Ok(end + 1)
            }
            Some(b'N' | b'I' | b'-') if let Some(name) = no_number(&self.text[start..]) => {
                self.visit.other(self.work.slots.path(slot), Scalar::Text(name));
                Ok(start + name.len())
            }
            Some(b'-' | b'0'..=b'9') => {
                let (value, end) = number(self.text, start)?;
                self.visit.other(self.work.slots.path(slot), value);
                Ok(end)
            }
            Some(b'{') => {
                if depth == MAX_DEPTH {
                    return Err(Fault { at: start, why: Why::TooDeep });
                }
                let first = self.skip_space(start + 1);
                if self.peek(first) == Some(b'}') {
                    self.visit.other(self.work.slots.path(slot), Scalar::Json("{}"));
                    Ok(first + 1)
                } else {
                    self.object(first, slot, depth + 1)
                }
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
                Ok(end)
            }
            _ => {
                let (value, end) = self.word(start)?;
                self.visit.other(self.work.slots.path(slot), value);
                Ok(end)
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
