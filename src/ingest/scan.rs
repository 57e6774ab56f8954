//! The scanner: walks one record's text and hands over its leaves. Strict, exact, and without recursion limits to hit.

use foldhash::fast::FixedState;

use super::fault::{Fault, Why};
use super::number::number;
use super::text::{string_end, unescape};
use crate::trace::{Path, PathKey, Scalar};

/// Objects and arrays nested deeper than this are refused: no recording needs it, and a nesting bomb must not exhaust
/// the stack.
pub const MAX_DEPTH: usize = 64;

/// Up to this many names a record's repeated names are found by looking at each; above, by a set.
const FEW_NAMES: usize = 64;

/// Who is told what stands in a record.
pub trait Visit {
    /// One leaf.
    fn field(&mut self, path: Path<'_>, value: Scalar<'_>);
    /// A name that (by its key) came before in this record. True: go on, the later one counts. False: stop with
    /// [`Why::Repeated`].
    fn repeated(&mut self, names: &[&str]) -> bool;
}

/// Memory that is used again for every record.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// Keys of the names seen in this record, and a filter over them.
    seen: Vec<u64>,
    filter: u64,
    many: std::collections::HashSet<u64, FixedState>,
    scratch: String,
}

impl Work {
    fn clear(&mut self) {
        self.seen.clear();
        self.filter = 0;
        if !self.many.is_empty() {
            self.many.clear();
        }
    }

    /// True when the key is new in this record.
    #[inline]
    fn first_time(&mut self, key: PathKey) -> bool {
        let bit = 1_u64 << (key.0 >> 58);
        let maybe = self.filter & bit != 0;
        self.filter |= bit;
        if self.seen.len() < FEW_NAMES {
            if maybe && self.seen.contains(&key.0) {
                return false;
            }
            self.seen.push(key.0);
            return true;
        }
        if self.many.is_empty() {
            self.many.extend(self.seen.iter().copied());
        }
        self.many.insert(key.0)
    }
}

/// Walks the record in `text`, which is nothing but the record and white space. `names` is memory for the path and is
/// left empty. `prefix` is taken off every name that has it.
pub fn scan<'t, V: Visit>(
    text: &'t str,
    prefix: Option<&str>,
    names: &mut Vec<&'t str>,
    work: &mut Work,
    visit: &mut V,
) -> Result<(), Fault> {
    names.clear();
    work.clear();
    let mut scan = Scan { text, bytes: text.as_bytes(), at: 0, prefix, work, visit };
    let result = scan.record(names);
    names.clear();
    result
}

struct Scan<'w, 't, V> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    prefix: Option<&'w str>,
    work: &'w mut Work,
    visit: &'w mut V,
}

impl<'t, V: Visit> Scan<'_, 't, V> {
    fn record(&mut self, names: &mut Vec<&'t str>) -> Result<(), Fault> {
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
            self.object(names, PathKey::ROOT, 1)?;
        }
        self.skip_space();
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.fault(Why::Trailing)) }
    }

    /// The members of an object that has at least one; `at` stands on the first name.
    fn object<'k>(&mut self, names: &mut Vec<&'k str>, parent: PathKey, depth: usize) -> Result<(), Fault>
    where
        't: 'k,
    {
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.expected("a name in quotes"));
            }
            let start = self.at + 1;
            let (end, escaped) = string_end(self.bytes, start)?;
            let name = &self.text[start..end];
            self.at = end + 1;
            if self.peek() != Some(b':') {
                self.skip_space();
                if self.peek() != Some(b':') {
                    return Err(self.expected("a colon"));
                }
            }
            self.at += 1;
            if escaped {
                let mut plain = String::new();
                unescape(name, start, &mut plain)?;
                let mut names: Vec<&str> = names.clone();
                names.push(self.without_prefix(&plain));
                self.member(&mut names, parent, depth)?;
            } else {
                names.push(self.without_prefix(name));
                self.member(names, parent, depth)?;
                names.pop();
            }
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

    /// The value of the member that `names` ends in.
    fn member<'k>(&mut self, names: &mut Vec<&'k str>, parent: PathKey, depth: usize) -> Result<(), Fault>
    where
        't: 'k,
    {
        let key = key_of(parent, names[names.len() - 1]);
        if !self.work.first_time(key) && !self.visit.repeated(names) {
            return Err(self.fault(Why::Repeated));
        }
        self.skip_space();
        let start = self.at;
        let path = Path { key, names };
        match self.peek() {
            Some(b'"') => {
                let (end, escaped) = string_end(self.bytes, start + 1)?;
                self.at = end + 1;
                let raw = &self.text[start + 1..end];
                if escaped {
                    self.work.scratch.clear();
                    unescape(raw, start + 1, &mut self.work.scratch)?;
                    self.visit.field(path, Scalar::Text(&self.work.scratch));
                } else {
                    self.visit.field(path, Scalar::Text(raw));
                }
            }
            Some(b'-' | b'0'..=b'9') => {
                let (value, end) = number(self.text, start)?;
                self.at = end;
                self.visit.field(path, value);
            }
            Some(b'{') => {
                if depth == MAX_DEPTH {
                    return Err(self.fault(Why::TooDeep));
                }
                self.at += 1;
                self.skip_space();
                if self.peek() == Some(b'}') {
                    self.at += 1;
                    self.visit.field(path, Scalar::Json("{}"));
                } else {
                    self.object(names, key, depth + 1)?;
                }
            }
            Some(b'[') => {
                let loose = self.array(depth + 1)?;
                let raw = &self.text[start..self.at];
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
                self.visit.field(path, value);
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
        let (end, escaped) = string_end(self.bytes, start)?;
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

    #[inline]
    fn without_prefix<'k>(&self, name: &'k str) -> &'k str {
        self.prefix.and_then(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
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

/// A name with dots in it is the path that it spells, so that [`PathKey::of`] a path's text is always its key.
#[inline]
fn key_of(parent: PathKey, name: &str) -> PathKey {
    if name.as_bytes().contains(&b'.') { name.split('.').fold(parent, PathKey::child) } else { parent.child(name) }
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
