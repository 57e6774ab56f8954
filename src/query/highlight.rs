//! What of an event on screen answers a query: runs of text to be marked.

use std::ops::Range;

use regex::bytes::Regex;

use super::language::{Query, Test};
use super::matcher::{Wanted, path_fits};
use super::parse::expression;
use crate::trace::Scalar;

/// What is to be marked; nothing for no query.
#[derive(Debug, Clone, Default)]
pub struct Highlight {
    words: Vec<String>,
    expressions: Vec<Regex>,
    kinds: Vec<Wanted>,
    fields: Vec<(String, Wanted)>,
}

impl Highlight {
    /// What a query wants to see; what it denies is not marked.
    pub fn new(query: &Query) -> Self {
        let mut this = Self::default();
        query.each_wanted(&mut |test| match test {
            Test::Text(text) => this.words.push(text.to_lowercase()),
            Test::Expression(source) => this.expressions.extend(expression(source).ok()),
            Test::Kind(pattern) => this.kinds.extend(Wanted::new(pattern)),
            Test::Field(path, pattern) => this.fields.extend(Wanted::new(pattern).map(|wanted| (path.clone(), wanted))),
            _ => {}
        });
        this
    }

    /// The bytes of a text that words and expressions fit, in order and apart.
    pub fn runs(&self, text: &str) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        if text.is_ascii() {
            runs.extend(self.words.iter().flat_map(|word| ascii_runs(text.as_bytes(), word.as_bytes())));
        } else if !self.words.is_empty() {
            let (lower, places) = lowered(text);
            for word in &self.words {
                let found = lower.match_indices(word.as_str());
                runs.extend(found.map(|(at, found)| places[at].start..places[at + found.len() - 1].end));
            }
        }
        for regex in &self.expressions {
            let found = regex.find_iter(text.as_bytes()).map(|found| found.range());
            runs.extend(found.filter(|run| run.start < run.end && text.get(run.clone()).is_some()));
        }
        runs.sort_by_key(|run| run.start);
        let mut apart: Vec<Range<usize>> = Vec::with_capacity(runs.len());
        for run in runs {
            match apart.last_mut() {
                Some(last) if run.start <= last.end => last.end = last.end.max(run.end),
                _ => apart.push(run),
            }
        }
        apart
    }

    /// True when the query asks for this kind.
    pub fn kind(&self, kind: &str) -> bool {
        self.kinds.iter().any(|wanted| wanted.fits_name(kind))
    }

    /// True when the query asks for this value of this field.
    pub fn field(&self, path: &str, value: &str) -> bool {
        self.fields.iter().any(|(known, wanted)| {
            path_fits(path, known) && (wanted.fits(Scalar::Text(value)) || wanted.fits(Scalar::Decimal(value)))
        })
    }
}

/// Where a word in lower case stands in a text of ASCII letters, which are the same in number in either case.
fn ascii_runs<'t>(text: &'t [u8], word: &'t [u8]) -> impl Iterator<Item = Range<usize>> + 't {
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = text.get(from..)?.windows(word.len()).position(|there| there.eq_ignore_ascii_case(word))?;
        let run = from + at..from + at + word.len();
        from = run.end;
        Some(run)
    })
}

/// A text in lower case, and for each of its bytes the character of the text that it comes from.
fn lowered(text: &str) -> (String, Vec<Range<usize>>) {
    let mut lower = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        for c in c.to_lowercase() {
            places.extend(std::iter::repeat_n(at..at + c.len_utf8(), c.len_utf8()));
            lower.push(c);
        }
        let end = at + c.len_utf8();
        for place in places.iter_mut().rev().take_while(|place| place.start == at) {
            place.end = end;
        }
    }
    (lower, places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    fn highlight(text: &str) -> Highlight {
        parse(text).ok().flatten().map(|query| Highlight::new(&query)).unwrap_or_default()
    }

    #[test]
    fn words_and_expressions_mark_runs_that_never_overlap() {
        assert_eq!(highlight("ab BC -d /x+/").runs("abcd Abc xx"), [0..3, 5..8, 9..11]);
        assert_eq!(highlight("ax é").runs("aAXaaxx"), [1..3, 4..6]);
        assert_eq!(highlight("é").runs("CAFÉ É"), [3..5, 6..8]);
        assert_eq!(highlight("i").runs("İxi"), [0..2, 3..4], "a letter that grows in lower case is marked whole");
        assert!(highlight("").runs("abc").is_empty());
        assert!(highlight("\"\"").runs("abc").is_empty());
        assert!(highlight("/x*/").runs("abc").is_empty());
    }

    #[test]
    fn kinds_and_fields_are_marked_where_they_answer() {
        let highlight = highlight("kind:s* latency_ms:>20 -task:1");
        assert!(highlight.kind("SEND") && !highlight.kind("ACK"));
        assert!(highlight.field("attrs.latency_ms", "21") && !highlight.field("attrs.latency_ms", "19"));
        assert!(!highlight.field("task", "1"));
    }
}
