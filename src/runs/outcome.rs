//! What one run answered, as a list shows it.

use std::borrow::Cow;
use std::collections::HashSet;

use super::Shape;
use crate::analyse::{Analysis, Control, Population};
use crate::compare::{Counts, Verdict};
use crate::report;
use crate::trace::{Side, Sides};

/// Stretches of the small picture of where a run differs.
const STRETCHES: u32 = 24;

/// What another look at a run takes when something is appended to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// What was appended.
    Appended,
    /// All of it.
    Anew,
}

/// What one run answered.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "none of them says anything about another")]
pub struct Outcome {
    /// The one word; `None` where it could not be told.
    pub verdict: Option<Verdict>,
    /// The cause in words, else what is to be known beside the verdict, else why there is no answer.
    pub headline: String,
    /// The shape of the failure, where it failed.
    pub shape: Option<Shape>,
    /// Events of each side; requests of windows.
    pub events: Sides<u64>,
    /// Rows by class; all zero for windows of requests.
    pub counts: Counts,
    /// How much differs along the rows, in stretches of equal length, in 255ths of a stretch.
    pub density: Vec<u8>,
    /// True when something was not read.
    pub partial: bool,
    /// True while it may only be that more is to come: a side ends early, or in the middle of a record.
    pub waits: bool,
    /// True when it failed, and no event to come can change that.
    pub certain: bool,
    /// How unusual its cause is among several good runs, in words.
    pub unusual: Option<String>,
    /// True when it was told from how the sides stand, and its words are those of an earlier look.
    pub rough: bool,
    /// What another look takes when something is appended.
    pub next: Next,
}

impl Outcome {
    /// What a comparison answered.
    pub fn of(analysis: &Analysis) -> Self {
        let comparison = &analysis.comparison;
        let cause = comparison.causes.first().map(|cause| cause.headline.clone());
        let headline = match (comparison.verdict, cause) {
            (Verdict::Diverged | Verdict::Truncated, Some(cause)) => cause,
            (Verdict::Diverged | Verdict::Truncated, None) => analysis.first_difference_headline(),
            _ => comparison.reason.clone().unwrap_or_else(|| analysis.compared_line()),
        };
        let unusual = analysis.envelope.as_ref().and_then(|judged| judged.unusual.first());
        let density = comparison.mass(STRETCHES).into_iter();
        Self {
            verdict: Some(comparison.verdict),
            headline,
            shape: Shape::of(analysis),
            events: analysis.events().map(u64::from),
            counts: comparison.counts,
            density: density.map(|m| (u64::from(m.differing) * 255).div_ceil(u64::from(m.rows.max(1))) as u8).collect(),
            partial: analysis.partial,
            waits: analysis.partial
                || comparison.verdict == Verdict::Truncated
                || empty(analysis)
                || goes_on_behind_the_baseline(analysis),
            certain: false,
            unusual: unusual.filter(|words| !words.is_empty()).cloned(),
            rough: false,
            next: Next::Appended,
        }
    }

    /// What two windows of requests answered.
    pub fn of_population(population: &Population) -> Self {
        Self {
            verdict: Some(report::population_verdict(population)),
            headline: report::population_headline(population),
            shape: Shape::of_population(population),
            events: population.told.as_ref().map(|told| told.requests.max(told.rows)),
            counts: Counts::default(),
            density: Vec::new(),
            partial: population.warnings.partial(),
            // Nothing says that a window has all its requests.
            waits: true,
            certain: false,
            unusual: None,
            rough: false,
            next: Next::Anew,
        }
    }

    /// What two runs of a control loop answered.
    pub fn of_control(control: &Control) -> Self {
        let diagnosis = &control.diagnosis;
        let samples =
            |side: Side| control.samples[side].axes.iter().map(|axis| axis.times.len() as u64).max().unwrap_or(0);
        let cause = diagnosis.causes.first().map(|cause| format!("{}; ", cause.class.words())).unwrap_or_default();
        Self {
            verdict: Some(diagnosis.verdict),
            headline: format!("{cause}{}", report::control_headline(control)),
            shape: Shape::of_control(control),
            events: Sides::new(Side::Expected, Side::Actual).map(samples),
            counts: Counts::default(),
            density: Vec::new(),
            partial: control.warnings.partial(),
            waits: control.warnings.partial() || diagnosis.verdict == Verdict::Truncated,
            certain: false,
            unusual: None,
            rough: false,
            next: Next::Anew,
        }
    }

    /// What is told of a run that cannot be read.
    pub fn trouble(why: String) -> Self {
        Self {
            verdict: None,
            headline: why,
            shape: None,
            events: Sides::default(),
            counts: Counts::default(),
            density: Vec::new(),
            partial: true,
            // A file may be gone for the moment between two writes.
            waits: true,
            certain: false,
            unusual: None,
            rough: false,
            next: Next::Appended,
        }
    }

    /// Its words, with how unusual that is.
    pub fn said(&self) -> Cow<'_, str> {
        match &self.unusual {
            Some(words) => Cow::Owned(format!("{} ({words})", self.headline)),
            None => Cow::Borrowed(&self.headline),
        }
    }

    /// True when it failed: what `--until diverged` waits for.
    pub fn failed(&self) -> bool {
        matches!(self.verdict, Some(Verdict::Diverged | Verdict::Truncated))
    }
}

/// True when all that differs is that lanes of actual go on where expected's end: it may still be written.
fn goes_on_behind_the_baseline(analysis: &Analysis) -> bool {
    let (comparison, Some(actual)) = (&analysis.comparison, &analysis.sides.actual) else { return false };
    let Counts { same, extra, duplicate, .. } = comparison.counts;
    let only_more = Counts { same, extra, duplicate, ..Counts::default() };
    let parts = comparison.counts != only_more || comparison.inversions > 0 || extra + duplicate == 0;
    if comparison.verdict != Verdict::Diverged || parts {
        return false;
    }
    let mut goes_on = HashSet::new();
    let (mut left, columns) = (extra + duplicate, &actual.trace.events);
    for event in (0..columns.len() as u32).rev() {
        let row = comparison.rows.row_of(Side::Actual, event).map(|row| comparison.rows.get(row));
        let is_extra = row.is_some_and(|row| row.expected.is_none());
        for &lane in &*columns.lanes_of(event) {
            if is_extra && goes_on.contains(&lane) {
                return false;
            }
            if !is_extra {
                goes_on.insert(lane);
            }
        }
        left -= u32::from(is_extra);
        if left == 0 {
            break;
        }
    }
    true
}

/// True when a side has nothing in it yet.
fn empty(analysis: &Analysis) -> bool {
    Side::BOTH.into_iter().any(|side| analysis.sides[side].is_some() && analysis.len(side) == 0)
}
