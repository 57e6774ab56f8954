//! Finds the elements of an array (or of a plain sequence) in a stream of bytes, before anyone looks inside them.

use super::{BOM, Format};

/// Names on the way to the array are shorter than this; of a longer one only the beginning is kept.
const MAX_NAME: usize = 256;

/// An element that ended in the block. Positions are within the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Its first byte; `None` when it began in an earlier block.
    pub from: Option<usize>,
    /// Behind its last byte.
    pub to: usize,
    /// Line of its first byte.
    pub line: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// In the document, around the array.
    Outside,
    /// Where the next element may begin.
    Between,
    /// In a bracketed element, this many brackets deep.
    Nested(u32),
    /// In an element that is no object or array.
    Bare,
    /// Behind the end of the document.
    Done,
}

/// Whether the next byte is inside a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quote {
    Out,
    In,
    /// Behind a backslash in it.
    Escaped,
}

/// Whether a string of the element was cut off by a line end, so that its brackets cannot be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    None,
    /// It was.
    Cut,
    /// It was, and only white space was seen on this line so far.
    LineStart,
}

/// Walks the bytes of a document and finds the elements of the array at its path.
#[derive(Debug, Clone)]
pub struct Framer {
    state: State,
    quote: Quote,
    damage: Damage,
    /// The line of the next byte, and that of the element's first byte.
    line: u32,
    began: u32,
    /// Names on the way to the array. Empty for a sequence and for an array that is the whole document.
    path: Vec<Vec<u8>>,
    sequence: bool,
    /// True when the array may lack its closing bracket.
    may_stay_open: bool,
    /// How much of a byte order mark was skipped before a sequence's first element.
    mark: usize,
    /// Open containers outside the array, and how many of them are on the path.
    depth: usize,
    on_path: usize,
    /// The last string outside, while it can be a name on the path.
    name: Vec<u8>,
    /// True behind the colon of a name on the path.
    matched: bool,
    /// How many arrays were entered.
    pub arrays: u32,
    /// The line of text behind the end of the document.
    pub trailing: Option<u32>,
}

impl Framer {
    pub fn new(format: &Format, line: u32) -> Self {
        let (path, sequence) = match format {
            // A dump has no records, and none are found in it.
            Format::JsonLines | Format::JsonStream | Format::VectorClocks | Format::Vcd => (Vec::new(), true),
            Format::JsonArray | Format::TraceEvents => (Vec::new(), false),
            Format::Document { path } => (path.split('.').map(|name| name.as_bytes().to_vec()).collect(), false),
        };
        Self {
            state: if sequence { State::Between } else { State::Outside },
            quote: Quote::Out,
            damage: Damage::None,
            line,
            began: line,
            path,
            sequence,
            may_stay_open: *format == Format::TraceEvents,
            mark: if sequence && line == 1 { 0 } else { BOM.len() },
            depth: 0,
            on_path: 0,
            name: Vec::new(),
            matched: false,
            arrays: 0,
            trailing: None,
        }
    }

    /// True when the bytes so far stop inside an element.
    pub fn inside(&self) -> bool {
        matches!(self.state, State::Nested(_) | State::Bare)
    }

    /// True when the element that the bytes stop in may be whole: a bare one.
    pub fn bare(&self) -> bool {
        self.state == State::Bare
    }

    /// True when nothing is missing: the document, if there is one and it has to be, is closed.
    pub fn closed(&self) -> bool {
        self.state == State::Done || ((self.sequence || self.may_stay_open) && self.state == State::Between)
    }

    /// True for a sequence without a document around it.
    pub const fn sequence(&self) -> bool {
        self.sequence
    }

    /// The line of the element that the bytes stop in, or of the next byte.
    pub fn line(&self) -> u32 {
        if self.inside() { self.began } else { self.line }
    }

    /// Walks a block, and tells where the element starts that it stops in (if it started in this block).
    pub fn feed(&mut self, block: &[u8], pieces: &mut Vec<Piece>) -> Option<usize> {
        let mut from = None;
        let mut i = 0;
        while i < block.len() {
            let byte = block[i];
            if byte == b'\n' {
                self.line = self.line.saturating_add(1);
            }
            self.damage = match (self.damage, byte) {
                (Damage::None, b'\n') if self.quote != Quote::Out => Damage::LineStart,
                (Damage::Cut, b'\n') | (Damage::LineStart, b' ' | b'\t' | b'\r' | b'\n' | b'{' | b']') => {
                    Damage::LineStart
                }
                (Damage::None, _) => Damage::None,
                _ => Damage::Cut,
            };
            if self.quote != Quote::Out {
                self.in_string(byte);
                // A bare string ends with its quote.
                if self.quote == Quote::Out && self.state == State::Nested(0) {
                    pieces.push(self.piece(&mut from, i + 1));
                }
                i += 1;
                continue;
            }
            match self.state {
                // An element on a line of its own, or the end of the array, behind one that lost a quote.
                State::Nested(_) if self.damage == Damage::LineStart && matches!(byte, b'{' | b']') => {
                    pieces.push(self.piece(&mut from, i));
                    continue;
                }
                State::Nested(depth) => match byte {
                    b'"' => self.quote = Quote::In,
                    b'{' | b'[' => self.state = State::Nested(depth + 1),
                    b'}' | b']' if depth <= 1 => pieces.push(self.piece(&mut from, i + 1)),
                    b'}' | b']' => self.state = State::Nested(depth - 1),
                    _ => {}
                },
                State::Bare => {
                    if matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n') {
                        if byte == b'\n' {
                            self.line -= 1;
                        }
                        pieces.push(self.piece(&mut from, i));
                        continue;
                    }
                }
                State::Between if self.mark < BOM.len() && byte == BOM[self.mark] => self.mark += 1,
                State::Between => match byte {
                    b' ' | b'\t' | b'\r' | b'\n' | b',' => {}
                    b']' if !self.sequence => {
                        self.state = if self.depth == 0 { State::Done } else { State::Outside };
                    }
                    _ => {
                        self.mark = BOM.len();
                        self.damage = Damage::None;
                        from = Some(i);
                        self.began = self.line;
                        self.quote = if byte == b'"' { Quote::In } else { Quote::Out };
                        self.state = match byte {
                            b'{' | b'[' => State::Nested(1),
                            b'"' => State::Nested(0),
                            b'}' | b']' => {
                                pieces.push(self.piece(&mut from, i + 1));
                                State::Between
                            }
                            _ => State::Bare,
                        };
                    }
                },
                State::Outside => self.outside(byte),
                State::Done => {
                    if !byte.is_ascii_whitespace() && self.trailing.is_none() {
                        self.trailing = Some(self.line);
                    }
                }
            }
            i += 1;
        }
        from
    }

    fn piece(&mut self, from: &mut Option<usize>, to: usize) -> Piece {
        self.state = State::Between;
        self.damage = Damage::None;
        Piece { from: from.take(), to, line: self.began }
    }

    /// A byte inside a string. A bare line end closes it too: JSON forbids one there, and so a lost quote costs the
    /// records on its line and not all that follow.
    fn in_string(&mut self, byte: u8) {
        self.quote = match (self.quote, byte) {
            (_, b'\n') | (Quote::In, b'"') => Quote::Out,
            (Quote::In, b'\\') => Quote::Escaped,
            _ => Quote::In,
        };
        if self.state == State::Outside && self.quote != Quote::Out && self.name.len() < MAX_NAME {
            self.name.push(byte);
        }
    }

    /// A byte of the document around the array, not in a string.
    fn outside(&mut self, byte: u8) {
        let here = self.on_path == self.depth;
        match byte {
            b'"' => {
                self.quote = Quote::In;
                self.name.clear();
            }
            b':' => self.matched = here && self.depth > 0 && self.path.get(self.depth - 1) == Some(&self.name),
            b',' if here => self.matched = false,
            b'[' if here && self.depth == self.path.len() && (self.matched || self.depth == 0) => {
                self.matched = false;
                self.arrays += 1;
                self.state = State::Between;
            }
            b'{' | b'[' => {
                if byte == b'{' && here && (self.matched || self.depth == 0) && self.depth < self.path.len() {
                    self.on_path += 1;
                }
                self.depth += 1;
                self.matched = false;
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                self.on_path = self.on_path.min(self.depth);
                if self.depth == 0 {
                    self.state = State::Done;
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elements(format: &Format, text: &str, block: usize) -> (Vec<(String, u32)>, Framer) {
        let mut framer = Framer::new(format, 1);
        let (mut out, mut carry) = (Vec::new(), Vec::new());
        for block in text.as_bytes().chunks(block) {
            let mut pieces = Vec::new();
            let was_inside = framer.inside();
            let rest = framer.feed(block, &mut pieces);
            for piece in &pieces {
                let bytes = &block[piece.from.unwrap_or(0)..piece.to];
                let whole = if piece.from.is_none() { [&carry, bytes].concat() } else { bytes.to_vec() };
                out.push((String::from_utf8(whole).unwrap(), piece.line));
            }
            match rest {
                Some(start) => carry = block[start..].to_vec(),
                None if framer.inside() && was_inside => carry.extend_from_slice(block),
                None => carry.clear(),
            }
        }
        (out, framer)
    }

    #[test]
    fn elements_are_found_for_every_cut() {
        let text = "{\"n\":{\"events\":[7]},\"events\":[\n {\"a\":\"]}\\\"\",\"b\":[{}]}\n,5, \"x\" ,\n{}],\"t\":[\"events\",[1]]}\n";
        let format = Format::Document { path: "events".to_owned() };
        let expected = [("{\"a\":\"]}\\\"\",\"b\":[{}]}", 2), ("5", 3), ("\"x\"", 3), ("{}", 4)];
        for block in 1..text.len() {
            let (found, framer) = elements(&format, text, block);
            assert_eq!(found, expected.map(|(t, l)| (t.to_owned(), l)), "blocks of {block}");
            assert!(framer.closed() && framer.trailing.is_none());
        }
    }

    #[test]
    fn inner_paths_are_followed() {
        let format = Format::Document { path: "run.events".to_owned() };
        let (found, framer) = elements(&format, r#"{"events":[{"no":1}],"run":{"x":[],"events":[{"yes":1}]}} 9"#, 7);
        assert_eq!(found, [(r#"{"yes":1}"#.to_owned(), 1)]);
        assert_eq!(framer.trailing, Some(1));
    }

    #[test]
    fn a_lost_quote_costs_one_record() {
        for block in 1..40 {
            let (found, framer) = elements(&Format::JsonArray, "[{\"a\":\"x},\n {\"a\":1},\n{\"b\":\"y}\n]\n", block);
            let found: Vec<&str> = found.iter().map(|(text, _)| text.trim_end()).collect();
            assert_eq!(found, ["{\"a\":\"x},", "{\"a\":1}", "{\"b\":\"y}"], "blocks of {block}");
            assert!(framer.closed());
        }
        let (_, framer) = elements(&Format::JsonArray, "[{\"a\":1},", 3);
        assert!(!framer.closed());
    }
}
