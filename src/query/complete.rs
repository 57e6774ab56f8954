//! What could be written where the caret stands.

use std::ops::Range;

use super::language::{Class, Key, Mark};
use super::token::{Plain, between_quotes, between_slashes, ends_word, quoted, word_end};
use crate::trace::Side;

/// So many are offered at most.
const MOST: usize = 40;
/// From so many letters on, a word alone may mean a kind or a lane.
const LETTERS: usize = 2;

/// What a pair has names for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// Dotted paths of fields.
    pub fields: &'a [String],
    /// Kinds of event.
    pub kinds: &'a [String],
    /// Lanes.
    pub lanes: &'a [String],
}

/// One thing that could be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What is written for it.
    pub text: String,
    /// What it is, in a few words.
    pub note: &'static str,
}

/// What could be written instead of a part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The bytes that a candidate takes the place of.
    pub replace: Range<usize>,
    /// The candidates, best first.
    pub candidates: Vec<Candidate>,
}

/// Candidates for what stands at the byte `caret` of `text`; none inside quotes and expressions.
pub fn complete(text: &str, caret: usize, known: Known<'_>) -> Option<Completion> {
    if !text.is_char_boundary(caret) {
        return None;
    }
    let word = word_at(text, caret)?;
    let before = &text[word.start..caret];
    let colon = before.find(':').filter(|&colon| colon > 0);
    let (replace, typed, all) = match colon {
        Some(colon) => {
            let from = word.start + colon + 1;
            let typed = &text[from..caret];
            if typed.starts_with(['"', '/']) {
                return None;
            }
            (from..word.end, typed, values(Key::of(&before[..colon])?, known))
        }
        None => (word.start..word.end, before, names(before, known)),
    };
    let candidates = best(all, typed);
    // What is there already need not be offered.
    let only_itself = candidates.len() == 1 && candidates[0].text == text[replace.clone()];
    (!candidates.is_empty() && !only_itself).then_some(Completion { replace, candidates })
}

/// The word that the caret stands in or behind, without a minus before it; empty between words.
fn word_at(text: &str, caret: usize) -> Option<Range<usize>> {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if at >= caret {
            break;
        }
        if c.is_whitespace() || matches!(c, '(' | ')' | '-') {
            at += c.len_utf8();
            continue;
        }
        let start = at;
        let (end, closed) = match c {
            '"' => between_quotes(text, at).map_or((text.len(), false), |(_, end)| (end, true)),
            '/' => between_slashes(text, at).map_or((text.len(), false), |inside| (inside.end + 1, true)),
            _ => (word_end(text, at), true),
        };
        if matches!(c, '"' | '/') {
            if caret < end || !closed || caret == end {
                return None;
            }
            at = end;
            continue;
        }
        // A word that ends in a colon goes on with the quotes behind it.
        if caret <= end {
            return Some(start..end);
        }
        at = end;
    }
    let free = text[caret..].chars().next().is_none_or(ends_word);
    free.then_some(caret..caret)
}

/// What a word may begin: keys, fields, and by their names kinds and lanes.
fn names(typed: &str, known: Known<'_>) -> Vec<Candidate> {
    let keys = Key::ALL.into_iter().map(|key| Candidate { text: format!("{}:", key.word()), note: note(key) });
    let fields =
        known.fields.iter().map(|path| Candidate { text: format!("{}:", quoted(path, Plain::Path)), note: "field" });
    let mut all: Vec<Candidate> = keys.chain(fields).collect();
    if typed.chars().count() >= LETTERS {
        let named = |key: &'static str, note, name: &String| Candidate {
            text: format!("{key}:{}", quoted(name, Plain::Value)),
            note,
        };
        all.extend(known.kinds.iter().map(|name| named("kind", "kind of event", name)));
        all.extend(known.lanes.iter().map(|name| named("lane", "lane", name)));
    }
    all
}

/// What may stand behind a key's colon.
fn values(key: Key, known: Known<'_>) -> Vec<Candidate> {
    let one = |text: String, note| Candidate { text, note };
    let word = |text: &str| one(text.to_owned(), "");
    match key {
        Key::Kind => known.kinds.iter().map(|name| one(quoted(name, Plain::Value), "kind of event")).collect(),
        Key::Lane => {
            let mut groups: Vec<&str> = known.lanes.iter().filter_map(|lane| Some(lane.split_once(':')?.0)).collect();
            groups.sort_unstable();
            groups.dedup();
            let groups = groups.into_iter().map(|group| one(format!("{group}:*"), "all of them"));
            groups.chain(known.lanes.iter().map(|name| one(quoted(name, Plain::Value), "lane"))).collect()
        }
        Key::Side => Side::BOTH.iter().map(|side| word(side.word())).collect(),
        Key::Diff => Class::ALL.iter().map(|class| word(class.word())).collect(),
        Key::Is => Mark::ALL.iter().map(|mark| word(mark.word())).collect(),
        Key::Cause | Key::Index | Key::Line | Key::Time => Vec::new(),
    }
}

const fn note(key: Key) -> &'static str {
    match key {
        Key::Kind => "kind of event",
        Key::Lane => "lane, such as queue:*",
        Key::Diff => "class of the row",
        Key::Side => "expected or actual",
        Key::Is => "cause, symptom, error…",
        Key::Cause => "explained by this cause",
        Key::Time => "such as 1.5s..2s",
        Key::Index => "such as 100..200",
        Key::Line => "line in the file",
    }
}

/// Those that begin with what was typed, then those that hold it, in their order.
fn best(all: Vec<Candidate>, typed: &str) -> Vec<Candidate> {
    let typed = typed.to_lowercase();
    let mut ranked: Vec<(bool, Candidate)> = all
        .into_iter()
        .filter_map(|candidate| {
            let text = candidate.text.to_lowercase();
            let begins = text.starts_with(&typed)
                || text.split([':', '.', '"']).any(|part| !typed.is_empty() && part.starts_with(&typed));
            text.contains(&typed).then_some((!begins, candidate))
        })
        .collect();
    ranked.sort_by_key(|(later, _)| *later);
    ranked.truncate(MOST);
    ranked.into_iter().map(|(_, candidate)| candidate).collect()
}
