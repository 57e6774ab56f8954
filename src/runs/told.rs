//! One run in one line: for a terminal, and as JSON for programs.

use serde::Serialize;

use super::counts::word;
use super::{Counts, Entry};
use crate::compare::Counts as Rows;
use crate::report::{Ink, Look, paint};
use crate::trace::{Sides, escape};

/// The longest verdict's width.
const VERDICT: usize = 12;

/// A run in a line of JSON; keys are only ever added.
#[derive(Debug, Serialize)]
struct Line<'a> {
    schema: u32,
    run: &'a str,
    opened: Vec<String>,
    verdict: Option<&'static str>,
    partial: bool,
    cause: Option<&'a str>,
    /// How unusual the cause is among several good runs: `never in 40 runs`
    unusual: Option<&'a str>,
    reason: Option<&'a str>,
    fingerprint: Option<String>,
    /// How many runs have failed in this way, with this one.
    alike: Option<u64>,
    events: Sides<u64>,
    counts: Rows,
}

/// A run's answer as a line of JSON, with its end. `counts` has it counted already.
pub fn json_line(entry: &Entry, counts: &Counts) -> Option<String> {
    let outcome = entry.outcome.as_ref()?;
    let failed = outcome.failed();
    let line = Line {
        schema: 1,
        run: &entry.run.name,
        opened: entry.run.paths.iter().map(|path| path.to_string_lossy().into_owned()).collect(),
        verdict: outcome.verdict.map(|_| word(outcome)),
        partial: outcome.partial,
        cause: failed.then_some(outcome.headline.as_str()),
        unusual: outcome.unusual.as_deref(),
        reason: (!failed).then_some(outcome.headline.as_str()),
        fingerprint: outcome.shape.map(|shape| shape.to_string()),
        alike: outcome.shape.map(|shape| counts.alike(shape)),
        events: outcome.events,
        counts: outcome.counts,
    };
    serde_json::to_string(&line).ok().map(|text| text + "\n")
}

/// A run's answer as a line for a terminal, with its end.
pub fn text_line(entry: &Entry, counts: &Counts, look: Look) -> Option<String> {
    let outcome = entry.outcome.as_ref()?;
    let ink = match outcome.verdict {
        _ if outcome.failed() => Ink::Bad,
        Some(_) if !outcome.partial && outcome.verdict != Some(crate::compare::Verdict::Incomparable) => Ink::Good,
        _ => Ink::Warn,
    };
    let verdict = paint(look.colour, ink, &format!("{:VERDICT$}", word(outcome)));
    let partial = if outcome.partial && outcome.verdict.is_some() { " (read in part)" } else { "" };
    let alike = match outcome.shape.map(|shape| (shape, counts.alike(shape))) {
        Some((shape, n)) if n > 1 => format!("  [{} like {n} runs]", &shape.to_string()[..8]),
        Some((shape, _)) => format!("  [{} new]", &shape.to_string()[..8]),
        None => String::new(),
    };
    let alike = paint(look.colour, Ink::Dim, &alike);
    Some(format!("{verdict}  {}  {}{partial}{alike}\n", escape(&entry.run.name), escape(&outcome.said())))
}
