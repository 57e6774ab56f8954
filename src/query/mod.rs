//! The language of the search field: words, phrases, expressions, `field:value`, ranges, classes, `-`, `or`, parentheses.
//! Text in, a [`Query`] or a [`Fault`] with its place out; what a query asks of an event is told by [`Matcher`].

mod complete;
mod glob;
mod guide;
mod highlight;
mod language;
mod matcher;
mod needles;
mod number;
mod parse;
mod readable;
#[cfg(test)]
mod tests;
mod token;

pub use complete::{Candidate, Completion, Known, complete};
pub use guide::{GUIDE, Line};
pub use highlight::Highlight;
pub use language::{Class, Key, Limit, Mark, Pattern, Query, Range, Test};
pub use matcher::{Asked, Body, Matcher};
pub use needles::Needles;
pub use number::{Number, TimeUnit};
pub use parse::{Fault, MAX_DEPTH, parse};
pub use readable::readable;
