//! A query made ready to be asked of millions of events: names looked up once, the cheap questions first.

use std::borrow::Cow;

use memchr::memmem::Finder;
use regex::bytes::Regex;

use super::glob;
use super::language::{Class, Mark, Pattern, Query, Range, Test};
use super::needles::{Needle, Needles};
use super::number::Number;
use super::parse::expression;
use crate::compare::{Row, RowClass};
use crate::trace::{EventIndex, KindId, LaneList, Names, Scalar, Side, Unit};

/// So many needles at most are looked for in a block; with more, every record is asked.
const MOST_NEEDLES: usize = 8;

/// The text of an event: as a person reads it, and the same with its ASCII letters in lower case.
#[derive(Debug, Clone)]
pub struct Body<'t> {
    /// As a person reads it.
    pub text: Cow<'t, [u8]>,
    /// In lower case, as far as ASCII goes.
    pub lower: Cow<'t, [u8]>,
}

/// An event that a query is asked of.
pub trait Asked {
    /// Its side.
    fn side(&self) -> Side;
    /// Its index.
    fn index(&self) -> EventIndex;
    /// Its kind.
    fn kind(&self) -> Option<KindId>;
    /// Its lanes.
    fn lanes(&self) -> LaneList<'_>;
    /// Its line in its file.
    fn line(&self) -> u32;
    /// Its time as the table shows it, in ticks.
    fn time(&self) -> Option<(i64, Unit)>;
    /// Its row.
    fn row(&self) -> Row;
    /// The rank of the cause that its row is or that explains it.
    fn cause(&self) -> Option<u32>;
    /// True when it or its row is known as this.
    fn is(&self, mark: Mark) -> bool;
    /// Its text; `None` when it is not to be read.
    fn body(&self) -> Option<&Body<'_>>;
    /// Calls `see` with path and value of every field until it says true; whether it did.
    fn any_field(&self, see: &mut dyn FnMut(&str, Scalar<'_>) -> bool) -> bool;
}

/// A text without upper and lower case.
#[derive(Debug, Clone)]
struct Literal {
    lower: String,
    finder: Finder<'static>,
}

impl Literal {
    fn new(text: &str) -> Self {
        let lower = text.to_lowercase();
        Self { finder: Finder::new(lower.as_bytes()).into_owned(), lower }
    }

    fn in_body(&self, body: &Body<'_>) -> bool {
        if self.lower.is_ascii() {
            self.finder.find(&body.lower).is_some()
        } else if body.text.is_ascii() {
            false
        } else {
            self.finder.find(String::from_utf8_lossy(&body.text).to_lowercase().as_bytes()).is_some()
        }
    }
}

/// A pattern that is ready to be tried.
#[derive(Debug, Clone)]
pub enum Wanted {
    Equal { lower: String, number: Option<f64> },
    Glob(String),
    Expression(Regex),
    Within(Range),
}

impl Wanted {
    pub fn new(pattern: &Pattern) -> Option<Self> {
        Some(match pattern {
            Pattern::Equal(text) => {
                let number = Number::read(text).filter(|number| number.unit().is_none());
                Self::Equal { lower: text.to_lowercase(), number: number.map(|number| number.value()) }
            }
            Pattern::Glob(text) => Self::Glob(text.clone()),
            Pattern::Expression(source) => Self::Expression(expression(source).ok()?),
            Pattern::Within(range) => Self::Within(range.clone()),
        })
    }

    pub fn fits_name(&self, name: &str) -> bool {
        match self {
            // As texts are searched: what is asked in ASCII is found in ASCII.
            Self::Equal { lower, .. } if lower.is_ascii() => name.eq_ignore_ascii_case(lower),
            Self::Equal { lower, .. } => name.to_lowercase() == *lower,
            Self::Glob(pattern) => glob::fits(pattern, name),
            Self::Expression(regex) => regex.is_match(name.as_bytes()),
            Self::Within(_) => false,
        }
    }

    /// True for a number that is the wanted one, or within the wanted ones.
    pub fn fits_number(&self, value: f64) -> bool {
        match self {
            Self::Equal { number: Some(wanted), .. } => (wanted - value).abs() <= 0.0,
            Self::Within(range) => range.holds(value, Number::value),
            _ => false,
        }
    }

    pub fn fits(&self, value: Scalar<'_>) -> bool {
        match (self, value) {
            (Self::Equal { lower, .. }, Scalar::Null) => lower == "null",
            (_, Scalar::Null) | (Self::Within(_), Scalar::Bool(_) | Scalar::Json(_)) => false,
            (Self::Equal { number: Some(_), .. }, Scalar::Int(_) | Scalar::Uint(_) | Scalar::Decimal(_))
            | (Self::Within(_), _) => number_of(value).is_some_and(|value| self.fits_number(value)),
            (_, Scalar::Bool(value)) => self.fits_name(if value { "true" } else { "false" }),
            (_, Scalar::Int(value)) => self.fits_name(&value.to_string()),
            (_, Scalar::Uint(value)) => self.fits_name(&value.to_string()),
            (_, Scalar::Decimal(text) | Scalar::Text(text) | Scalar::Json(text)) => self.fits_name(text),
        }
    }
}

/// The number that a value is or spells.
fn number_of(value: Scalar<'_>) -> Option<f64> {
    match value {
        Scalar::Int(value) => Some(value as f64),
        Scalar::Uint(value) => Some(value as f64),
        Scalar::Decimal(text) => text.parse().ok(),
        Scalar::Text(text) => Number::read(text).filter(|number| number.unit().is_none()).map(|number| number.value()),
        Scalar::Null | Scalar::Bool(_) | Scalar::Json(_) => None,
    }
}

/// True when `path` is the wanted one, or ends with it behind a dot, upper and lower case alike.
pub fn path_fits(path: &str, wanted: &str) -> bool {
    let Some(at) = path.len().checked_sub(wanted.len()) else { return false };
    path.is_char_boundary(at)
        && path[at..].eq_ignore_ascii_case(wanted)
        && !wanted.is_empty()
        && (at == 0 || path.as_bytes()[at - 1] == b'.')
}

#[derive(Debug, Clone)]
enum Node {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// By name: true for the kinds that fit.
    Kind(Vec<bool>),
    /// By name: true for the lanes that fit.
    Lane(Vec<bool>),
    Column(Test),
    Text {
        literal: Literal,
        names: Named,
    },
    Expression {
        regex: Regex,
        names: Named,
    },
    Field {
        path: String,
        wanted: Wanted,
        /// For a look at a record before it is parsed.
        needle: Option<Needle>,
    },
    /// Nothing fits.
    Nothing,
}

/// The kinds and lanes whose names hold a text, where names are no part of an event's text.
#[derive(Debug, Clone, Default)]
struct Named {
    kinds: Vec<bool>,
    lanes: Vec<bool>,
}

impl Named {
    fn new(names: Option<&Names>, fits: impl Fn(&str) -> bool) -> Self {
        let Some(names) = names else { return Self::default() };
        let all = |names: &[String]| names.iter().map(|name| fits(name)).collect();
        Self { kinds: all(&names.kinds), lanes: all(&names.lanes) }
    }

    fn holds(&self, event: &impl Asked) -> bool {
        event.kind().is_some_and(|kind| at(&self.kinds, kind))
            || event.lanes().iter().any(|&lane| at(&self.lanes, lane))
    }
}

fn at(table: &[bool], id: u32) -> bool {
    table.get(id as usize).copied().unwrap_or(false)
}

/// A query that is ready to be asked. Cheap to share.
#[derive(Debug, Clone)]
pub struct Matcher {
    root: Node,
    columns: bool,
    needles: Option<Needles>,
}

impl Matcher {
    /// Makes a query ready for a pair with these names. `in_text` says that kinds and lanes are words of the events' texts;
    /// else they are looked through beside these.
    pub fn new(query: &Query, names: &Names, in_text: bool) -> Self {
        let root = node(query, names, in_text);
        let needles = in_text.then(|| needles(&root)).flatten().map(Needles);
        Self { columns: has_columns(&root), root, needles }
    }

    /// What a record must hold to answer, if that is known.
    pub const fn needles(&self) -> Option<&Needles> {
        self.needles.as_ref()
    }

    /// True when columns alone answer for every event.
    pub fn is_columns_only(&self) -> bool {
        cost(&self.root) == 0
    }

    /// True when only events of rows that differ can answer.
    pub fn asks_for_differences(&self) -> bool {
        differs(&self.root)
    }

    /// True when columns alone answer for some events.
    pub const fn asks_columns(&self) -> bool {
        self.columns
    }

    /// Whether an event answers; `None` when that cannot be known without its text.
    pub fn ask(&self, event: &impl Asked) -> Option<bool> {
        ask(&self.root, event)
    }
}

fn ask(node: &Node, event: &impl Asked) -> Option<bool> {
    match node {
        Node::All(parts) => all(parts, event, false),
        Node::Any(parts) => all(parts, event, true),
        Node::Not(part) => ask(part, event).map(|answer| !answer),
        Node::Kind(fitting) => Some(event.kind().is_some_and(|kind| at(fitting, kind))),
        Node::Lane(fitting) => Some(event.lanes().iter().any(|&lane| at(fitting, lane))),
        Node::Column(test) => Some(column(test, event)),
        Node::Text { literal, names } => {
            if names.holds(event) {
                Some(true)
            } else {
                event.body().map(|body| literal.in_body(body))
            }
        }
        Node::Expression { regex, names } => {
            if names.holds(event) {
                Some(true)
            } else {
                event.body().map(|body| regex.is_match(&body.text))
            }
        }
        Node::Field { path, wanted, needle } => event.body().map(|body| {
            needle.as_ref().is_none_or(|needle| may_hold(needle, body))
                && event.any_field(&mut |known, value| path_fits(known, path) && wanted.fits(value))
        }),
        Node::Nothing => Some(false),
    }
}

/// True when one part answers `ends`; else the other unless a part is not known.
fn all(parts: &[Node], event: &impl Asked, ends: bool) -> Option<bool> {
    let mut unknown = false;
    for part in parts {
        match ask(part, event) {
            Some(answer) if answer == ends => return Some(ends),
            Some(_) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(!ends)
}

/// False for a record that does not hold what it must to answer. Much faster than parsing it.
fn may_hold(needle: &Needle, body: &Body<'_>) -> bool {
    // What was written out from escapes is no JSON any more.
    let Cow::Borrowed(record) = body.lower else { return true };
    needle.is_in(record)
}

fn column(test: &Test, event: &impl Asked) -> bool {
    match test {
        Test::Side(side) => event.side() == *side,
        Test::Index(range) => range.holds(f64::from(event.index()), Number::value),
        Test::Line(range) => range.holds(f64::from(event.line()), Number::value),
        Test::Time(range) => event.time().is_some_and(|(ticks, unit)| range.holds(ticks as f64, |n| n.ticks(unit))),
        Test::Cause(range) => event.cause().is_some_and(|rank| range.holds(f64::from(rank), Number::value)),
        Test::Is(mark) => event.is(*mark),
        Test::Diff(class) => {
            let row = event.row();
            match class {
                Class::Any => row.class != RowClass::Same || row.inverted,
                // What stands out of order reads as moved, whatever its class.
                Class::Of(RowClass::Moved) => row.class == RowClass::Moved || row.inverted,
                Class::Of(RowClass::Same) => row.class == RowClass::Same && !row.inverted,
                Class::Of(class) => row.class == *class,
            }
        }
        Test::Text(_) | Test::Expression(_) | Test::Kind(_) | Test::Lane(_) | Test::Field(..) => false,
    }
}

fn node(query: &Query, names: &Names, in_text: bool) -> Node {
    let parts = |parts: &[Query]| {
        let mut parts: Vec<Node> = parts.iter().map(|part| node(part, names, in_text)).collect();
        parts.sort_by_key(cost);
        parts
    };
    let beside = (!in_text).then_some(names);
    match query {
        Query::All(all) => Node::All(parts(all)),
        Query::Any(any) => Node::Any(parts(any)),
        Query::Not(part) => Node::Not(Box::new(node(part, names, in_text))),
        Query::Test(test) => match test {
            Test::Text(words) => {
                let literal = Literal::new(words);
                let names = Named::new(beside, |name| name.to_lowercase().contains(&literal.lower));
                Node::Text { literal, names }
            }
            // A parsed expression compiles.
            Test::Expression(source) => expression(source).map_or(Node::Nothing, |regex| {
                let names = Named::new(beside, |name| regex.is_match(name.as_bytes()));
                Node::Expression { regex, names }
            }),
            Test::Kind(pattern) => Node::Kind(fitting(pattern, &names.kinds)),
            Test::Lane(pattern) => Node::Lane(fitting(pattern, &names.lanes)),
            Test::Field(path, pattern) => Wanted::new(pattern).map_or(Node::Nothing, |wanted| {
                let needle = in_text.then(|| Needle::field(path, &wanted)).flatten();
                Node::Field { path: path.clone(), wanted, needle }
            }),
            column => Node::Column(column.clone()),
        },
    }
}

fn fitting(pattern: &Pattern, names: &[String]) -> Vec<bool> {
    let wanted = Wanted::new(pattern);
    names.iter().map(|name| wanted.as_ref().is_some_and(|wanted| wanted.fits_name(name))).collect()
}

/// True when some part of it is answered by columns or names.
fn has_columns(node: &Node) -> bool {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.iter().any(has_columns),
        Node::Not(part) => has_columns(part),
        Node::Kind(_) | Node::Lane(_) | Node::Column(_) | Node::Nothing => true,
        Node::Text { names, .. } | Node::Expression { names, .. } => {
            names.kinds.iter().chain(&names.lanes).any(|&fits| fits)
        }
        Node::Field { .. } => false,
    }
}

/// True when what answers is of a row that differs.
fn differs(node: &Node) -> bool {
    match node {
        Node::All(parts) => parts.iter().any(differs),
        Node::Any(parts) => parts.iter().all(differs),
        Node::Column(Test::Diff(class)) => *class != Class::Of(RowClass::Same),
        // Only what differs is explained by a cause or out of order.
        Node::Column(Test::Cause(_) | Test::Is(Mark::Inverted)) | Node::Nothing => true,
        _ => false,
    }
}

/// What is asked first: columns, then texts, then fields.
fn cost(node: &Node) -> u8 {
    match node {
        Node::Kind(_) | Node::Lane(_) | Node::Column(_) | Node::Nothing => 0,
        Node::Text { .. } => 1,
        Node::Expression { .. } => 2,
        Node::Field { .. } => 3,
        Node::All(parts) | Node::Any(parts) => parts.iter().map(cost).max().unwrap_or(0),
        Node::Not(part) => cost(part),
    }
}

/// Of what a record that answers holds at least one.
fn needles(node: &Node) -> Option<Vec<Needle>> {
    match node {
        Node::Text { literal, .. } => Some(vec![Needle::anywhere(&literal.lower)?]),
        Node::Field { needle, .. } => Some(vec![needle.clone()?]),
        Node::All(parts) => {
            let rarest = |needles: &Vec<Needle>| needles.iter().map(Needle::weight).min().unwrap_or(0);
            parts.iter().filter_map(needles).max_by_key(rarest)
        }
        Node::Any(parts) => {
            let all: Vec<Vec<Needle>> = parts.iter().map(needles).collect::<Option<_>>()?;
            Some(all.concat()).filter(|needles| needles.len() <= MOST_NEEDLES)
        }
        Node::Not(_) | Node::Kind(_) | Node::Lane(_) | Node::Column(_) | Node::Expression { .. } | Node::Nothing => {
            None
        }
    }
}
