//! Breakpoints in the language of the search: which texts are one, what older operators mean in it, what completes a text.

use std::ops::Range;

use super::breakpoints::Breakpoint;
use super::condition::{BadBreakpoint, Compared, Condition, Piece, Placed, bad, pieces};
use crate::query::{self, Candidate, Completion, Known, Limit, Number, Pattern, Query, Test, parse};
use crate::trace::Side;

/// The words that the other conditions begin with, and what they wait for.
const WORDS: [(&str, &str); 9] = [
    ("event", "an event by its index"),
    ("time", "when the clock passes it"),
    ("tick", "the same in ticks"),
    ("lane", "an event on a lane"),
    ("runs", "a task starts to run"),
    ("kind", "an event of a kind"),
    ("divergence", "the next row that differs"),
    ("cause", "the row of a cause"),
    ("symptom", "the first symptom"),
];
/// So many names are offered at most.
const MOST: usize = 40;

/// The first word of a text, and what stands behind it.
fn first_word(text: &str) -> (Range<usize>, &str) {
    let start = text.len() - text.trim_start().len();
    let end = text[start..].find(char::is_whitespace).map_or(text.len(), |len| start + len);
    (start..end, &text[end..])
}

/// Where a text goes on behind `off`; at its beginning where that does not stand there.
fn behind_off(text: &str) -> usize {
    let (word, rest) = first_word(text);
    if &text[word.clone()] == "off" { text.len() - rest.len() } else { 0 }
}

/// True for a text that is no query: it is empty, or begins with a word of ours.
pub(super) fn is_form(text: &str) -> bool {
    let rest = &text[behind_off(text)..];
    let word = &rest[first_word(rest).0];
    word.is_empty() || WORDS.iter().any(|(known, _)| *known == word)
}

/// True for a field with an operator, as older versions kept it.
pub(super) fn is_older(pieces: &[Placed]) -> bool {
    let is_pair = |pieces: &[Placed]| match pieces {
        [(Piece::Word(path), _), (Piece::Operator(_), _), ..] => {
            !path.contains(':') && !path.starts_with(['(', '-', '/'])
        }
        [(Piece::Quoted(_), _), (Piece::Operator(_), _), ..] => true,
        _ => false,
    };
    let off = pieces.first().is_some_and(|(first, _)| first.keyword() == "off");
    is_pair(pieces) || off && is_pair(&pieces[1..])
}

/// True for what is written as this query but would be read as something else.
pub(super) fn reads_otherwise(text: &str) -> bool {
    let older = || pieces(text).is_ok_and(|pieces| is_older(&pieces));
    // Behind `off` such a beginning would make a field of that word.
    text.starts_with(['=', '!', '<', '>', '~'])
        || is_form(text)
        || behind_off(text) > 0
        || side_at_end(text).is_some()
        || older()
}

/// The side at the end, and where what stands before it ends.
fn side_at_end(text: &str) -> Option<(Side, usize)> {
    let text = text.trim_end();
    let side = Side::BOTH.into_iter().find(|side| text.ends_with(side.word()))?;
    let before = text.strip_suffix(side.word()).filter(|before| before.ends_with(char::is_whitespace))?.trim_end();
    let before = before.strip_suffix("on").filter(|before| before.ends_with(char::is_whitespace))?.trim_end();
    (!before.is_empty()).then_some((side, before.len()))
}

/// Reads a breakpoint whose condition is a query.
pub(super) fn query(text: &str) -> Result<Breakpoint, BadBreakpoint> {
    let start = behind_off(text);
    let (side, end) = match side_at_end(&text[start..]) {
        Some((side, end)) => (Some(side), start + end),
        None => (None, text.len()),
    };
    match parse(&text[start..end]) {
        Ok(Some(query)) => Ok(Breakpoint { side, enabled: start == 0, ..Breakpoint::new(Condition::Query(query)) }),
        Ok(None) => bad("Say what to stop at.", start..end),
        Err(fault) => Err(BadBreakpoint { message: fault.says, at: start + fault.span.start..start + fault.span.end }),
    }
}

/// What a field with an operator means in the language of the search.
pub(super) fn older(path: &str, compared: Compared, value: String, at: &Range<usize>) -> Result<Query, BadBreakpoint> {
    let test = |pattern: Pattern| Query::Test(Test::Field(path.to_owned(), pattern));
    let limit = |inside: bool| match Number::read(&value) {
        Some(number) => Ok(Some(Limit { number, inside })),
        None => bad("This is no number.", at.clone()),
    };
    let within = |low, high| test(Pattern::Within(query::Range { low, high }));
    Ok(match compared {
        Compared::Less => within(None, limit(false)?),
        Compared::AtMost => within(None, limit(true)?),
        Compared::Greater => within(limit(false)?, None),
        Compared::AtLeast => within(limit(true)?, None),
        Compared::Equal => test(Pattern::Equal(value)),
        // An event without the field is none.
        Compared::Unequal => {
            let there = test(Pattern::Glob("*".to_owned()));
            Query::All(vec![there, Query::Not(Box::new(test(Pattern::Equal(value))))])
        }
        // A slash would end it.
        Compared::Holds => test(Pattern::Expression(regex_syntax::escape(&value).replace('/', "\\/"))),
    })
}

/// What could be written where the caret stands: the first words of conditions, names behind them, else as in the search.
pub fn complete(text: &str, caret: usize, known: Known<'_>) -> Option<Completion> {
    let start = behind_off(text);
    if caret < start || !text.is_char_boundary(caret) {
        return None;
    }
    let (word, _) = first_word(&text[start..]);
    let word = start + word.start..start + word.end;
    if caret > word.end && is_form(text) {
        let names = match &text[word.clone()] {
            "kind" => known.kinds,
            "lane" | "runs" => known.lanes,
            _ => return None,
        };
        let from = word.end + (text[word.end..].len() - text[word.end..].trim_start().len());
        let typed = text.get(from..caret)?.to_lowercase();
        let fits = |name: &&String| name.to_lowercase().contains(&typed) && **name != text[from..];
        let write =
            |name: &String| Candidate { text: Condition::Lane(name.clone()).to_string()[5..].to_owned(), note: "" };
        let candidates: Vec<Candidate> = names.iter().filter(fits).map(write).take(MOST).collect();
        return (!candidates.is_empty()).then_some(Completion { replace: from..text.len(), candidates });
    }
    let found = query::complete(&text[start..], caret - start, known)
        .map(|found| Completion { replace: start + found.replace.start..start + found.replace.end, ..found });
    if caret < word.start || caret > word.end {
        return found;
    }
    let typed = &text[word.start..caret];
    let begins = WORDS.iter().filter(|(known, _)| known.starts_with(typed) && *known != typed);
    let words = begins.map(|(word, note)| Candidate { text: (*word).to_owned(), note });
    let (replace, more) = match found {
        Some(found) if found.replace == word => (found.replace, found.candidates),
        Some(found) => return Some(found),
        None => (word, Vec::new()),
    };
    let candidates: Vec<Candidate> = words.chain(more).take(MOST).collect();
    (!candidates.is_empty()).then_some(Completion { replace, candidates })
}
