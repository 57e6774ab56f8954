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

/// Who is told what stands in a record.
pub trait Visit {
    /// One leaf.
    fn field(&mut self, path: Path<'_>, value: Scalar<'_>);
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
    let mut scan =
        Scan { run: run.as_bytes(), text, bytes: text.as_bytes(), at: record.start, last: RECORD, prefix, work, visit };
    scan.record().map_err(|fault| Fault { at: fault.at - record.start, ..fault })
}

struct Scan<'w, 't, V> {
    /// What may be looked at, beyond the record's end as well, since whole words are faster to load.
    run: &'t [u8],
    /// What may be read: up to the record's end.
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// The slot of the last field.
    last: u32,
    prefix: Option<&'w str>,
    work: &'w mut Work,
    visit: &'w mut V,
}

impl<'t, V: Visit> Scan<'_, 't, V> {
    fn record(&mut self) -> Result<(), Fault> {
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.at += 1,
            Some(b'[') => return Err(self.fault(Why::NotAnObject("an array"))),
            Some(b'"') => return Err(self.fault(Why::NotAnObject("a string"))),
            Some(b'-' | b'0'..=b'9') => return Err(self.fault(Why::NotAnObject("a number"))),
            Some(b't' | b'f' | b'n') if matches!(self.text[self.at..].trim_end(), "true" | "false" | "null") => {
                return Err(self.fault(Why::NotAnObject("a bare word")));
            }
            _ => return Err(self.expected("an opening brace")),
        }
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
        } else {
            self.object(RECORD, 1)?;
        }
        self.skip_space();
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.fault(Why::Trailing)) }
    }

    /// The members of an object that has at least one; `at` stands on the first name. `parent` is the object's slot.
    fn object(&mut self, parent: u32, depth: usize) -> Result<(), Fault> {
        loop {
            let slot = match self.work.slots.expected(self.last, parent, &self.run[self.at..]) {
                Some((slot, len)) if self.at + len <= self.bytes.len() => {
                    self.at += len;
                    slot
                }
                _ => self.name(parent)?,
            };
            self.last = slot;
            if !self.work.slots.first_time(slot) && !self.visit.repeated(self.work.slots.path(slot).text) {
                return Err(self.fault(Why::Repeated));
            }
            self.member(slot, depth)?;
            if self.peek() != Some(b',') {
                self.skip_space();
            }
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.expected("a comma or a closing brace")),
            }
            self.skip_space();
        }
    }

    /// The slot of a name that was not expected; goes behind its colon.
    #[cold]
    fn name(&mut self, parent: u32) -> Result<u32, Fault> {
        if self.peek() != Some(b'"') {
            return Err(self.expected("a name in quotes"));
        }
        let start = self.at + 1;
        let (end, escaped) = self.string_end(start)?;
        let name = &self.text[start..end];
        self.at = end + 1;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.expected("a colon"));
        }
        self.at += 1;
        let mut plain = String::new();
        let name = if escaped {
            unescape(name, start, &mut plain)?;
            &plain
        } else {
            name
        };
        let raw = (!escaped && self.at == end + 2).then(|| &self.bytes[start - 1..self.at]);
        let name = self.prefix.and_then(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
        Ok(self.work.slots.named(self.last, parent, name, raw))
    }

    /// The value of the field at `slot`.
    #[inline]
    fn member(&mut self, slot: u32, depth: usize) -> Result<(), Fault> {
        self.skip_space();
        let start = self.at;
        match self.peek() {
            // The two commonest kinds of value, by themselves, so that nothing goes through memory.
            Some(b'"') if let Some(end) = self.plain_end(start + 1) => {
                self.at = end + 1;
                self.visit.field(self.work.slots.path(slot), Scalar::Text(&self.text[start + 1..end]));
            }
            Some(b'-' | b'0'..=b'9') if let Some((value, end)) = integer(self.bytes, start) => {
                self.at = end;
                self.visit.field(self.work.slots.path(slot), Scalar::Int(value));
            }
            Some(b'"') => {
                let (end, escaped) = self.string_end(start + 1)?;
                self.at = end + 1;
                let raw = &self.text[start + 1..end];
                if escaped {
                    self.work.scratch.clear();
                    unescape(raw, start + 1, &mut self.work.scratch)?;
                    self.visit.field(self.work.slots.path(slot), Scalar::Text(&self.work.scratch));
                } else {
                    self.visit.field(self.work.slots.path(slot), Scalar::Text(raw));
                }
            }
            Some(b'-' | b'0'..=b'9') => {
                let (value, end) = number(self.text, start)?;
                self.at = end;
                self.visit.field(self.work.slots.path(slot), value);
            }
            Some(b'{') => {
                if depth == MAX_DEPTH {
                    return Err(self.fault(Why::TooDeep));
                }
                self.at += 1;
                self.skip_space();
                if self.peek() == Some(b'}') {
                    self.at += 1;
                    self.visit.field(self.work.slots.path(slot), Scalar::Json("{}"));
                } else {
                    self.object(slot, depth + 1)?;
                }
            }
            Some(b'[') => {
                let loose = self.array(depth + 1)?;
                let raw = &self.text[start..self.at];
                let path = self.work.slots.path(slot);
                if loose {
                    self.work.scratch.clear();
                    tighten(raw, &mut self.work.scratch);
                    self.visit.field(path, Scalar::Json(&self.work.scratch));
                } else {
                    self.visit.field(path, Scalar::Json(raw));
                }
            }
            _ => {
                let value = self.word()?;
                self.visit.field(self.work.slots.path(slot), value);
            }
        }
        Ok(())
    }

    /// `true`, `false` or `null`.
    fn word(&mut self) -> Result<Scalar<'t>, Fault> {
        let rest = &self.bytes[self.at.min(self.bytes.len())..];
        for (word, value) in
            [(&b"null"[..], Scalar::Null), (&b"true"[..], Scalar::Bool(true)), (&b"false"[..], Scalar::Bool(false))]
        {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
            if !rest.is_empty() && word.starts_with(rest) {
                return Err(Fault { at: self.bytes.len(), why: Why::EndsEarly });
            }
        }
        Err(self.expected("a value"))
    }

    /// Checks the array at `at` and goes behind it. True when it has white space between its tokens.
    fn array(&mut self, depth: usize) -> Result<bool, Fault> {
        let mut loose = self.step_in(depth)?;
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(loose);
        }
        loop {
            loose |= self.element(depth)?;
            loose |= self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(loose);
                }
                _ => return Err(self.expected("a comma or a closing bracket")),
            }
            loose |= self.skip_space();
        }
    }

    /// Checks an object inside an array, like [`Self::array`].
    fn inner_object(&mut self, depth: usize) -> Result<bool, Fault> {
        let mut loose = self.step_in(depth)?;
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(loose);
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.expected("a name in quotes"));
            }
            self.inner_string()?;
            loose |= self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.expected("a colon"));
            }
            self.at += 1;
            loose |= self.skip_space();
            loose |= self.element(depth)?;
            loose |= self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(loose);
                }
                _ => return Err(self.expected("a comma or a closing brace")),
            }
            loose |= self.skip_space();
        }
    }

    fn element(&mut self, depth: usize) -> Result<bool, Fault> {
        match self.peek() {
            Some(b'[') => self.array(depth + 1),
            Some(b'{') => self.inner_object(depth + 1),
            Some(b'"') => self.inner_string().map(|()| false),
            Some(b'-' | b'0'..=b'9') => {
                self.at = number(self.text, self.at)?.1;
                Ok(false)
            }
            _ => self.word().map(|_| false),
        }
    }

    fn inner_string(&mut self) -> Result<(), Fault> {
        let start = self.at + 1;
        let (end, escaped) = self.string_end(start)?;
        if escaped {
            self.work.scratch.clear();
            unescape(&self.text[start..end], start, &mut self.work.scratch)?;
        }
        self.at = end + 1;
        Ok(())
    }

    /// Behind an opening bracket, whose nesting depth is `depth`.
    fn step_in(&mut self, depth: usize) -> Result<bool, Fault> {
        if depth > MAX_DEPTH {
            return Err(self.fault(Why::TooDeep));
        }
        self.at += 1;
        Ok(self.skip_space())
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

    /// The end of the string whose first byte is at `at`, if it has no escapes.
    #[inline]
    fn plain_end(&self, at: usize) -> Option<usize> {
        plain_end(self.run, at).filter(|&end| end < self.bytes.len())
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Skips white space; true when there was some.
    #[inline]
    fn skip_space(&mut self) -> bool {
        let start = self.at;
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
        self.at > start
    }

    #[cold]
    fn fault(&self, why: Why) -> Fault {
        Fault { at: self.at, why }
    }

    #[cold]
    fn expected(&self, what: &'static str) -> Fault {
        self.fault(if self.at >= self.bytes.len() { Why::EndsEarly } else { Why::Expected(what) })
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
