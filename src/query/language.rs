//! What a query is made of, and how it is written.

use std::fmt;

use super::number::Number;
use super::token::{Plain, quoted};
use crate::compare::RowClass;
use crate::trace::Side;

/// What is asked of an event. A row is found when one of its events answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// Every one of these, at least two.
    All(Vec<Self>),
    /// At least one of these, at least two.
    Any(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// One test.
    Test(Test),
}

/// One test of an event or of its row.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Its text holds this, upper and lower case alike.
    Text(String),
    /// Its text fits a regular expression.
    Expression(String),
    /// Its kind.
    Kind(Pattern),
    /// One of its lanes, such as `queue:0`.
    Lane(Pattern),
    /// A field, by its dotted path or the end of it.
    Field(String, Pattern),
    /// The side it is on.
    Side(Side),
    /// What its row says.
    Diff(Class),
    /// The rank of the cause that explains its row.
    Cause(Range),
    /// What its row, or the event itself, is known as.
    Is(Mark),
    /// Its index within its trace, from 0.
    Index(Range),
    /// Its line in the file, from 1.
    Line(Range),
    /// Its time, as the table shows it.
    Time(Range),
}

/// How a name or a value must be.
#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    /// Equal, upper and lower case alike; a number by its value.
    Equal(String),
    /// With `*` and `?`.
    Glob(String),
    /// A regular expression fits it.
    Expression(String),
    /// A number in this range.
    Within(Range),
}

/// One end of a range.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// The number.
    pub number: Number,
    /// True when the number itself is inside.
    pub inside: bool,
}

/// Numbers between two limits, of which at least one is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    /// The lower one.
    pub low: Option<Limit>,
    /// The upper one.
    pub high: Option<Limit>,
}

impl Range {
    /// True when the range holds `value`, with the limits' numbers as `of` reads them.
    pub fn holds(&self, value: f64, of: impl Fn(&Number) -> f64) -> bool {
        let above = |limit: &Limit| value > of(&limit.number) || limit.inside && value >= of(&limit.number);
        let below = |limit: &Limit| value < of(&limit.number) || limit.inside && value <= of(&limit.number);
        self.low.as_ref().is_none_or(above) && self.high.as_ref().is_none_or(below)
    }
}

/// What `diff:` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Rows that differ.
    Any,
    /// Rows of one class.
    Of(RowClass),
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 8] = [
        Self::Any,
        Self::Of(RowClass::Same),
        Self::Of(RowClass::Changed),
        Self::Of(RowClass::Missing),
        Self::Of(RowClass::Extra),
        Self::Of(RowClass::Moved),
        Self::Of(RowClass::Duplicate),
        Self::Of(RowClass::Late),
    ];

    /// As it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Of(class) => class.word(),
        }
    }
}

/// What `is:` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The row of a ranked cause.
    Cause,
    /// The row of the first symptom.
    Symptom,
    /// The row of the first difference.
    First,
    /// A row whose order on a shared lane is broken.
    Inverted,
    /// A row behind the end of a side that stopped early.
    Unrecorded,
    /// An event that says that something went wrong.
    Error,
}

impl Mark {
    /// Every mark.
    pub const ALL: [Self; 6] = [Self::Cause, Self::Symptom, Self::First, Self::Inverted, Self::Unrecorded, Self::Error];

    /// As it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cause => "cause",
            Self::Symptom => "symptom",
            Self::First => "first",
            Self::Inverted => "inverted",
            Self::Unrecorded => "unrecorded",
            Self::Error => "error",
        }
    }
}

/// The keys of the language. Any other key is a field; a field that is called like a key is written in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// `kind:`
    Kind,
    /// `lane:`
    Lane,
    /// `side:`
    Side,
    /// `diff:`
    Diff,
    /// `cause:`
    Cause,
    /// `is:`
    Is,
    /// `index:`
    Index,
    /// `line:`
    Line,
    /// `time:`
    Time,
}

impl Key {
    /// Every key.
    pub const ALL: [Self; 9] =
        [Self::Kind, Self::Lane, Self::Diff, Self::Side, Self::Is, Self::Cause, Self::Time, Self::Index, Self::Line];

    /// As it is written, without the colon.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Lane => "lane",
            Self::Side => "side",
            Self::Diff => "diff",
            Self::Cause => "cause",
            Self::Is => "is",
            Self::Index => "index",
            Self::Line => "line",
            Self::Time => "time",
        }
    }

    /// The key that is written so.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.word().eq_ignore_ascii_case(word))
    }
}

impl Query {
    /// What answers when this does not; twice it is itself.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "the operator would hide that it is folded")]
    pub fn not(self) -> Self {
        match self {
            Self::Not(part) => *part,
            part => Self::Not(Box::new(part)),
        }
    }

    /// What both ask for.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let parts = |query| if let Self::All(parts) = query { parts } else { vec![query] };
        Self::All(parts(self).into_iter().chain(parts(other)).collect())
    }

    /// Makes it the same question where the sides are exchanged.
    pub fn mirror(&mut self) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter_mut().for_each(Self::mirror),
            Self::Not(part) => part.mirror(),
            Self::Test(Test::Side(side)) => *side = side.other(),
            Self::Test(Test::Diff(Class::Of(class))) => {
                *class = match *class {
                    RowClass::Missing => RowClass::Extra,
                    RowClass::Extra => RowClass::Missing,
                    other => other,
                }
            }
            Self::Test(_) => {}
        }
    }

    /// Calls `see` with every test that an event found may have passed, those that are denied left out.
    pub fn each_wanted(&self, see: &mut impl FnMut(&Test)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.each_wanted(see)),
            Self::Not(_) => {}
            Self::Test(test) => see(test),
        }
    }
}

impl fmt::Display for Query {
    /// As it can be typed: it reads back as the same query.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(parts) => joined(f, parts, " ", |part| matches!(part, Self::Any(_) | Self::All(_))),
            Self::Any(parts) => joined(f, parts, " or ", |part| matches!(part, Self::Any(_))),
            Self::Not(part) if matches!(**part, Self::Test(_)) => write!(f, "-{part}"),
            Self::Not(part) => write!(f, "-({part})"),
            Self::Test(test) => test.fmt(f),
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, parts: &[Query], between: &str, wrap: fn(&Query) -> bool) -> fmt::Result {
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        if wrap(part) { write!(f, "({part})")? } else { write!(f, "{part}")? }
    }
    Ok(())
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&quoted(text, Plain::Word)),
            Self::Expression(source) => write!(f, "/{source}/"),
            Self::Kind(pattern) => write!(f, "kind:{pattern}"),
            Self::Lane(pattern) => write!(f, "lane:{pattern}"),
            Self::Field(path, pattern) => write!(f, "{}:{pattern}", quoted(path, Plain::Path)),
            Self::Side(side) => write!(f, "side:{side}"),
            Self::Diff(class) => write!(f, "diff:{}", class.word()),
            Self::Cause(range) => write!(f, "cause:{}", Short(range)),
            Self::Is(mark) => write!(f, "is:{}", mark.word()),
            Self::Index(range) => write!(f, "index:{}", Short(range)),
            Self::Line(range) => write!(f, "line:{}", Short(range)),
            Self::Time(range) => write!(f, "time:{}", Short(range)),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equal(text) => f.write_str(&quoted(text, Plain::Value)),
            Self::Glob(text) => f.write_str(text),
            Self::Expression(source) => write!(f, "/{source}/"),
            Self::Within(range) => range.fmt(f),
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.low, &self.high) {
            (Some(low), Some(high)) => write!(f, "{}..{}", low.number, high.number),
            (Some(Limit { number, inside }), None) => write!(f, ">{}{number}", if *inside { "=" } else { "" }),
            (None, Some(Limit { number, inside })) => write!(f, "<{}{number}", if *inside { "=" } else { "" }),
            (None, None) => f.write_str(".."),
        }
    }
}

/// A range where a number alone is one too: `5` for `5..5`.
struct Short<'r>(&'r Range);

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.0.low, &self.0.high) {
            (Some(low), Some(high)) if low == high => low.number.fmt(f),
            _ => self.0.fmt(f),
        }
    }
}
