//! Where words, quotes and expressions end, and what must be put in quotes to be read as it is.

use std::ops::Range;

use super::glob::is_glob;
use super::language::Key;
use super::number::Number;

/// What ends a word.
pub fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '(' | ')')
}

/// Behind the word that begins at `at`.
pub fn word_end(text: &str, at: usize) -> usize {
    text[at..].find(ends_word).map_or(text.len(), |len| at + len)
}

/// What stands between the quotes of which the first is at `at`, with `\"` and `\\` read, and where it ends behind the
/// second; `None` when there is no second.
pub fn between_quotes(text: &str, at: usize) -> Option<(String, usize)> {
    let mut inner = String::new();
    let mut chars = text[at + 1..].char_indices();
    while let Some((i, c)) = chars.next() {
        match c {
            '"' => return Some((inner, at + 1 + i + 1)),
            '\\' => match chars.next()?.1 {
                c @ ('"' | '\\') => inner.push(c),
                other => inner.extend(['\\', other]),
            },
            c => inner.push(c),
        }
    }
    None
}

/// Where the expression stands whose first slash is at `at`: behind that and before the next that has no backslash.
pub fn between_slashes(text: &str, at: usize) -> Option<Range<usize>> {
    let mut escaped = false;
    for (i, c) in text[at + 1..].char_indices() {
        match c {
            '/' if !escaped => return Some(at + 1..at + 1 + i),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

/// The two ends of `low..high`, if it is a range of numbers; an end may be left out, but not both.
pub fn range_ends(text: &str) -> Option<(Option<Number>, Option<Number>)> {
    let (low, high) = text.split_once("..")?;
    let end = |text: &str| if text.is_empty() { Some(None) } else { Number::read(text).map(Some) };
    let ends = (end(low)?, end(high)?);
    (ends != (None, None)).then_some(ends)
}

/// Where a text stands, which decides what it may be without quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain {
    /// By itself.
    Word,
    /// Before a colon, as the name of a field.
    Path,
    /// Behind a colon.
    Value,
}

/// The text as it must be written to be read as it is: in quotes where it needs them.
pub fn quoted(text: &str, place: Plain) -> String {
    let needs = text.is_empty()
        || text.contains(ends_word)
        || text.starts_with('/')
        || match place {
            Plain::Word => text.contains(':') || text.starts_with('-') || text.eq_ignore_ascii_case("or"),
            Plain::Path => text.contains(':') || text.starts_with('-') || Key::of(text).is_some(),
            Plain::Value => is_glob(text) || text.starts_with(['<', '>']) || range_ends(text).is_some(),
        };
    if needs { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) } else { text.to_owned() }
}
