//! What people do without the engine, computed on the same cases.
//!
//! All three look at lines from which a person who knows the noise has removed what changes in every run: the fields whose
//! name says time, order or latency (one of the words in [`NOISE`] among the words of the name), and every value that has the
//! shape of an id (a UUID, a pointer, eight or more hexadecimal digits). That is more than most people do by hand.

use dettrace::trace::Side;
use imara_diff::{Algorithm, Diff, InternedInput};
use serde_json::Value;

use crate::answer::Answer;

/// Words in names of fields that nobody compares.
const NOISE: [&str; 13] =
    ["ts", "time", "timestamp", "at", "us", "ms", "ns", "seq", "index", "n", "step", "latency", "duration"];

/// Words of lines that look like errors.
const ERRORS: [&str; 13] = [
    "error",
    "fail",
    "timeout",
    "timed out",
    "exception",
    "panic",
    "retry",
    "abort",
    "refused",
    "fault",
    "nack",
    "denied",
    "degraded",
];

/// How many places each names: as many as one looks at.
const NAMED: usize = 3;

/// The names of the baselines, in the order of [`ask`].
pub const NAMES: [&str; 3] =
    ["first mismatch by position", "first unmatched row of an LCS", "first error-looking line"];

/// Lines that are named, the best first: the side (0 expected, 1 actual) and the number of the line from 0.
pub type Lines = Vec<Vec<(usize, u32)>>;

/// What each of them answers.
pub fn ask(expected: &str, actual: &str) -> [Answer; 3] {
    let side = |(side, line): (usize, u32)| (Side::BOTH[side], line);
    ask_lines(expected, actual).map(|lines| Answer {
        alarm: !lines.is_empty(),
        causes: lines.into_iter().map(|row| row.into_iter().map(side).collect()).collect(),
        words: String::new(),
    })
}

/// The lines that each of them names.
pub fn ask_lines(expected: &str, actual: &str) -> [Lines; 3] {
    let (expected, actual) = (cleaned(expected), cleaned(actual));
    [by_position(&expected, &actual), by_lcs(&expected, &actual), by_words(&actual)]
}

fn cleaned(text: &str) -> Vec<String> {
    let clean = |line: &str| match serde_json::from_str(line) {
        Ok(mut value) => {
            strip(&mut value);
            value.to_string()
        }
        Err(_) => line.to_owned(),
    };
    text.lines().map(clean).collect()
}

fn strip(value: &mut Value) {
    let Value::Object(fields) = value else { return };
    fields.retain(|name, value| !is_noise(name) && !value.as_str().is_some_and(is_id));
    for (_, value) in fields.iter_mut() {
        strip(value);
    }
}

fn is_noise(name: &str) -> bool {
    let mut word = String::new();
    for c in name.chars().chain(['_']) {
        if c == '_' || c == '-' || c == '.' || c.is_ascii_uppercase() {
            if NOISE.contains(&word.as_str()) {
                return true;
            }
            word.clear();
        }
        if c.is_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        }
    }
    false
}

fn is_id(text: &str) -> bool {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    digits.len() >= 8
        && digits.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
        && digits.chars().any(|c| c.is_ascii_digit())
}

fn by_position(expected: &[String], actual: &[String]) -> Lines {
    let longest = expected.len().max(actual.len());
    let differ = (0..longest).filter(|&i| expected.get(i) != actual.get(i)).take(NAMED);
    let there = |side, lines: &[String], i: usize| (i < lines.len()).then_some((side, i as u32));
    let both = |i| [there(0, expected, i), there(1, actual, i)].into_iter().flatten().collect();
    differ.map(both).collect()
}

fn by_lcs(expected: &[String], actual: &[String]) -> Lines {
    let mut input = InternedInput::<&str>::default();
    input.update_before(expected.iter().map(String::as_str));
    input.update_after(actual.iter().map(String::as_str));
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let mut causes: Lines = Vec::new();
    for hunk in diff.hunks() {
        let rows = hunk.before.len().max(hunk.after.len());
        for row in 0..rows as u32 {
            let there = |side, range: &std::ops::Range<u32>| {
                let event = range.start + row;
                range.contains(&event).then_some((side, event))
            };
            causes.push([there(0, &hunk.before), there(1, &hunk.after)].into_iter().flatten().collect());
            if causes.len() == NAMED {
                return causes;
            }
        }
    }
    causes
}

fn by_words(actual: &[String]) -> Lines {
    let looks_wrong = |line: &String| {
        let line = line.to_ascii_lowercase();
        ERRORS.iter().any(|word| line.contains(word))
    };
    let lines = actual.iter().enumerate().filter(|(_, line)| looks_wrong(line)).take(NAMED);
    lines.map(|(i, _)| vec![(1, i as u32)]).collect()
}
