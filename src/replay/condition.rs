//! The text of a breakpoint, as it is typed, kept in files and shown: `kind TASK_FAILED`, `status:error on actual`.
//!
//! ```text
//! breakpoint = ["off"] condition ["on" side]
//! condition  = "event" side ":" number          the event of that index
//!            | "time" ["+"] number unit         when the clock passes this; with + counted from the side's first event
//!            | "tick" number                    the same in ticks of the recording
//!            | "lane" name                      an event touches the lane
//!            | "runs" name                      a task starts to run, or a worker to run one
//!            | "kind" name                      an event of this kind
//!            | "divergence" | "cause" | "symptom"
//!            | query                            an event that answers, in the language of the search
//! ```
//! Names with blanks or quotes in them stand in quotes. A query that would read as one of the others stands in parentheses. What
//! older versions kept, a field with one of the operators = != < <= > >= ~ and a value, is read as the query that it means.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::breakpoints::Breakpoint;
use super::typed;
use crate::query::Query;
use crate::trace::{EventIndex, Side, Unit};

/// What is wrong with the text of a breakpoint, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct BadBreakpoint {
    /// The sentence to show.
    pub message: String,
    /// The bytes of the text that it is about.
    pub at: Range<usize>,
}

/// How older versions compared a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compared {
    /// Equal as text, or as numbers.
    Equal,
    /// There, and not equal.
    Unequal,
    /// A smaller number.
    Less,
    /// A number that is not larger.
    AtMost,
    /// A larger number.
    Greater,
    /// A number that is not smaller.
    AtLeast,
    /// The value holds the text.
    Holds,
}

const OPERATORS: [(&str, Compared); 7] = [
    ("!=", Compared::Unequal),
    ("<=", Compared::AtMost),
    (">=", Compared::AtLeast),
    ("=", Compared::Equal),
    ("<", Compared::Less),
    (">", Compared::Greater),
    ("~", Compared::Holds),
];

/// What a breakpoint waits for.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// The event of this index of a side.
    Event(Side, EventIndex),
    /// The clock of a recording passes a time.
    Time {
        /// The number.
        value: i64,
        /// Its unit; `None` for ticks of the recording.
        unit: Option<Unit>,
        /// True when it is counted from the side's first event that has a time.
        since_start: bool,
    },
    /// An event touches the lane of this name.
    Lane(String),
    /// The task of this name starts to run, or the worker to run one.
    Runs(String),
    /// An event of this kind.
    Kind(String),
    /// An event that answers.
    Query(Query),
    /// A row that differs.
    Divergence,
    /// The row of a cause.
    Cause,
    /// The row of the first symptom.
    Symptom,
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(side, event) => write!(f, "event {side}:{event}"),
            Self::Time { value, unit: None, .. } => write!(f, "tick {value}"),
            Self::Time { value, unit: Some(unit), since_start } => {
                write!(f, "time {}{value} {}", if *since_start { "+" } else { "" }, unit.symbol())
            }
            Self::Lane(name) => write!(f, "lane {}", Quoted(name)),
            Self::Runs(name) => write!(f, "runs {}", Quoted(name)),
            Self::Kind(name) => write!(f, "kind {}", Quoted(name)),
            Self::Query(query) => {
                let text = query.to_string();
                if typed::reads_otherwise(&text) { write!(f, "({text})") } else { f.write_str(&text) }
            }
            Self::Divergence => f.write_str("divergence"),
            Self::Cause => f.write_str("cause"),
            Self::Symptom => f.write_str("symptom"),
        }
    }
}

impl fmt::Display for Breakpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let off = if self.enabled { "" } else { "off " };
        write!(f, "{off}{}", self.condition)?;
        self.side.map_or(Ok(()), |side| write!(f, " on {side}"))
    }
}

/// A word as it must be written to be read again.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"\"\\=!<>~".contains(c);
        if !self.0.is_empty() && self.0 != "on" && self.0 != "off" && self.0.chars().all(plain) {
            return f.write_str(self.0);
        }
        f.write_str("\"")?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                '\n' => f.write_str("\\n")?,
                '\t' => f.write_str("\\t")?,
                '\r' => f.write_str("\\r")?,
                c => write!(f, "{c}")?,
            }
        }
        f.write_str("\"")
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Word(String),
    Quoted(String),
    Operator(Compared),
}

impl Piece {
    /// The word that it is, unless it is in quotes: those never mean anything but themselves.
    pub(super) fn keyword(&self) -> &str {
        if let Self::Word(word) = self { word } else { "" }
    }
}

pub(super) type Placed = (Piece, Range<usize>);

pub(super) fn bad<T>(message: impl Into<String>, at: Range<usize>) -> Result<T, BadBreakpoint> {
    Err(BadBreakpoint { message: message.into(), at })
}

pub(super) fn pieces(text: &str) -> Result<Vec<Placed>, BadBreakpoint> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let start = at;
        if c.is_whitespace() {
            at += c.len_utf8();
        } else if c == '"' {
            let (word, len) = quoted(rest, start)?;
            at += len;
            found.push((Piece::Quoted(word), start..at));
        } else if let Some(&(sign, compared)) = OPERATORS.iter().find(|(sign, _)| rest.starts_with(sign)) {
            at += sign.len();
            found.push((Piece::Operator(compared), start..at));
        } else if c == '!' || c == '\\' {
            return bad(format!("`{c}` says nothing here; put the word in quotes."), start..start + 1);
        } else {
            let end = rest.find(|c: char| c.is_whitespace() || "\"\\=!<>~".contains(c)).unwrap_or(rest.len());
            at += end;
            found.push((Piece::Word(rest[..end].to_owned()), start..at));
        }
    }
    Ok(found)
}

/// The word in quotes that `text` begins with, and its length with the quotes.
fn quoted(text: &str, start: usize) -> Result<(String, usize), BadBreakpoint> {
    let mut word = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((word, at + 1)),
            '\\' => match chars.next() {
                Some((_, 'n')) => word.push('\n'),
                Some((_, 't')) => word.push('\t'),
                Some((_, 'r')) => word.push('\r'),
                Some((_, c)) => word.push(c),
                None => break,
            },
            c => word.push(c),
        }
    }
    bad("This quote is not closed.", start..start + text.len())
}

impl FromStr for Breakpoint {
    type Err = BadBreakpoint;

    fn from_str(text: &str) -> Result<Self, BadBreakpoint> {
        let form = typed::is_form(text);
        match pieces(text) {
            Ok(all) if form || typed::is_older(&all) => of_pieces(&all, text.trim_end().len()),
            Err(bad) if form => Err(bad),
            _ => typed::query(text),
        }
    }
}

fn of_pieces(all: &[Placed], end: usize) -> Result<Breakpoint, BadBreakpoint> {
    let mut rest = all;
    let is_operator = |piece: Option<&Placed>| matches!(piece, Some((Piece::Operator(_), _)));
    let mut breakpoint = Breakpoint::new(Condition::Divergence);
    if let [(first, _), then @ ..] = rest
        && first.keyword() == "off"
        && !is_operator(then.first())
    {
        breakpoint.enabled = false;
        rest = then;
    }
    // A side stands at the end, where a value could stand too: `x = on actual` is no side.
    if let [before @ .., (on, _), (side, at)] = rest
        && on.keyword() == "on"
        && !is_operator(before.last())
    {
        let known = Side::BOTH.into_iter().find(|known| known.word() == side.keyword());
        let Some(known) = known else { return bad("A side is `expected` or `actual`.", at.clone()) };
        breakpoint.side = Some(known);
        rest = before;
    }
    breakpoint.condition = condition(rest, end, &mut breakpoint.side)?;
    Ok(breakpoint)
}

fn condition(rest: &[Placed], end: usize, side: &mut Option<Side>) -> Result<Condition, BadBreakpoint> {
    let word = |piece: &Piece| match piece {
        Piece::Word(word) | Piece::Quoted(word) => Some(word.clone()),
        Piece::Operator(_) => None,
    };
    let (condition, used) = match rest {
        [] => {
            return bad(
                "Say what to stop at: event actual:5, time 5258 ms, lane task:2, runs task:2, kind NAME, divergence, cause or \
                 symptom; or what the search would find, such as status:504.",
                end..end,
            );
        }
        [(path, at), (Piece::Operator(compared), sign), value @ ..] => {
            let Some(path) = word(path) else { return bad("A field's name stands before its value.", at.clone()) };
            let Some((value, at)) = value.first().and_then(|(value, at)| Some((word(value)?, at))) else {
                return bad(format!("Say what {path} is compared with."), sign.clone());
            };
            (Condition::Query(typed::older(&path, *compared, value, at)?), 3)
        }
        [(first, at), then @ ..] => {
            let name = |what: &str| match then.first() {
                None => bad(format!("Say which {what}."), at.clone()),
                Some((piece, at)) => word(piece).map_or_else(|| bad(format!("Say which {what}."), at.clone()), Ok),
            };
            match first.keyword() {
                "event" => {
                    let (side, event) = event(&name("event, such as actual:5")?, &then[0].1)?;
                    (Condition::Event(side, event), 2)
                }
                "tick" => {
                    let value = whole(&name("tick")?, &then[0].1)?;
                    (Condition::Time { value, unit: None, since_start: false }, 2)
                }
                "time" => time(&name("time, such as 5258 ms")?, then)?,
                "lane" => (Condition::Lane(name("lane, such as task:2")?), 2),
                "runs" => (Condition::Runs(name("task, such as task:2")?), 2),
                "kind" => (Condition::Kind(name("kind")?), 2),
                "divergence" => (Condition::Divergence, 1),
                "cause" => (Condition::Cause, 1),
                "symptom" => (Condition::Symptom, 1),
                _ => {
                    return bad(
                        "A condition begins with event, time, tick, lane, runs, kind, divergence, cause or symptom; or it is \
                         what the search would find.",
                        at.clone(),
                    );
                }
            }
        }
    };
    if let Some((_, at)) = rest.get(used) {
        return bad(
            "This is not understood here. Names with blanks stand in quotes; several tests are written as in the search, such as \
             kind:send status:>499.",
            at.start..end,
        );
    }
    // An event is already one of a side.
    if let (Condition::Event(of, _), Some(said)) = (&condition, *side) {
        if *of != said {
            return bad(format!("This event is {of}'s, and so never on {said}."), rest[1].1.clone());
        }
        *side = None;
    }
    Ok(condition)
}

fn event(text: &str, at: &Range<usize>) -> Result<(Side, EventIndex), BadBreakpoint> {
    let (side, index) = text.split_once(':').unwrap_or((text, ""));
    let side = Side::BOTH.into_iter().find(|known| known.word() == side);
    match (side, index.parse()) {
        (Some(side), Ok(index)) => Ok((side, index)),
        (None, _) => bad("An event is written as expected:5 or actual:5.", at.clone()),
        (_, Err(_)) => bad("An event's number counts from 0, as in actual:5.", at.clone()),
    }
}

fn whole(text: &str, at: &Range<usize>) -> Result<i64, BadBreakpoint> {
    text.parse().or_else(|_| bad("This is no whole number.", at.clone()))
}

/// `+5258 ms`, `5258ms`.
fn time(number: &str, then: &[Placed]) -> Result<(Condition, usize), BadBreakpoint> {
    let at = &then[0].1;
    let since_start = number.starts_with('+');
    let bare = number.strip_prefix('+').unwrap_or(number);
    let digits = bare.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(bare.len());
    let value = whole(&bare[..digits], at)?;
    let (symbol, used, at) = match (&bare[digits..], then.get(1)) {
        ("", Some((unit, at))) => (unit.keyword(), 3, at),
        (symbol, _) => (symbol, 2, at),
    };
    let symbol = if symbol == "µs" { "us" } else { symbol };
    let units = Unit::ALL.into_iter().chain([Unit::Femtos]);
    match units.into_iter().find(|unit| unit.symbol() == symbol) {
        Some(unit) => Ok((Condition::Time { value, unit: Some(unit), since_start }, used)),
        None => bad("Say the unit: s, ms, us, ns, ps or fs; `tick` counts in those of the recording.", at.clone()),
    }
}
