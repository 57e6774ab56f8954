//! From several good runs to what varies between them, and from a further run to an analysis that sets that aside.

use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::Analysis;
use super::session::{Progress, Reading, Session, Stage, Trouble, each_block, finish, late_after, take_sample};
use crate::compare::{Cause, Input, Learnt, Row, RowClass, Verdict, compare_with};
use crate::envelope::{Change, ENOUGH, Evidence, Judge, Known, Sketch, Unusual, deviations, medoid};
use crate::ingest::{Format, Request};
use crate::pack::{OpenError, Overrides, Pack, Recording, Runs, Tolerance, runs};
use crate::spec::{Action, Role, Spec, Tokenizer, infer_unless};
use crate::trace::{EventIndex, Side, Sides, Value, Warnings, fnv};

/// Changed rows of a run whose fields are read again; of further ones it is only known that they changed.
const MOST_READ: usize = 20_000;
/// How often a run is compared again: each time more is set aside, what is left is lined up better.
const PASSES: usize = 4;

/// What several good runs taught, for any number of further runs.
#[derive(Debug, Clone)]
pub struct Envelope {
    known: Arc<Known>,
    medoid: Recording,
    overrides: Overrides,
    /// What was set aside of what was named as good runs.
    pub warnings: Warnings,
}

/// How a run was judged by an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// How many good runs there were.
    pub runs: u32,
    /// The most usual of them, which is expected: its label.
    pub medoid: String,
    /// How many of the others would be said to deviate by what all others show.
    pub alarms: u32,
    /// Rows that are nothing new.
    pub set_aside: SetAside,
    /// For each cause how unusual it is, in words: `never in 40 runs`.
    pub unusual: Vec<String>,
    /// The rows that are set aside, ascending, and how usual each is: `in 3 of 40 runs`.
    pub usual: Vec<(u32, String)>,
    /// The rows that deviate, ascending, and how unusual each is.
    pub deviations: Vec<(u32, String)>,
}

impl Judged {
    /// How usual or unusual a row is, in words; nothing of one that is as in every run.
    pub fn words(&self, row: u32) -> Option<&str> {
        let of = |rows: &'_ [(u32, String)]| rows.binary_search_by_key(&row, |(at, _)| *at).ok();
        let deviates = of(&self.deviations).map(|at| &self.deviations[at]);
        let found = deviates.or_else(|| of(&self.usual).map(|at| &self.usual[at]));
        found.map(|(_, words)| words.as_str()).filter(|words| !words.is_empty())
    }
}

/// How many rows of each class good runs set aside.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SetAside {
    /// The same event with other data.
    pub changed: u32,
    /// Only the medoid has it.
    pub missing: u32,
    /// Only this run has it.
    pub extra: u32,
    /// Out of order.
    pub moved: u32,
    /// Late.
    pub late: u32,
}

impl SetAside {
    /// All of them.
    pub const fn rows(&self) -> u32 {
        self.changed + self.missing + self.extra + self.moved + self.late
    }

    const fn count(&mut self, class: RowClass) {
        match class {
            RowClass::Changed => self.changed += 1,
            RowClass::Missing => self.missing += 1,
            RowClass::Extra | RowClass::Duplicate => self.extra += 1,
            RowClass::Late => self.late += 1,
            // A row that is the same differs in its order only.
            RowClass::Moved | RowClass::Same => self.moved += 1,
        }
    }
}

/// Tells of a run among others only whether to go on.
struct Quietly<'a>(&'a dyn Progress);

impl Progress for Quietly<'_> {
    fn wants_first(&self) -> bool {
        false
    }

    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}

impl Envelope {
    /// Learns from the good runs at these paths; a folder stands for all recordings of events in it.
    ///
    /// # Errors
    /// When one cannot be read, there is none, or the progress says to stop.
    pub fn open(paths: &[PathBuf], overrides: &Overrides, progress: &dyn Progress) -> Result<Self, Trouble> {
        Self::learn(runs(paths)?, overrides, progress)
    }

    /// Learns from these good runs, whose order changes nothing. Decisions about pairs of events do not count: they are of one
    /// pair.
    ///
    /// # Errors
    /// When one cannot be read, there is none, or the progress says to stop.
    pub fn learn(runs: Runs, overrides: &Overrides, progress: &dyn Progress) -> Result<Self, Trouble> {
        let Runs { recordings, warnings } = runs;
        let mut overrides = Overrides { pairs: Vec::new(), ..overrides.clone() };
        if overrides.kind.is_none() && recordings.iter().any(|recording| recording.source.is_told()) {
            overrides.kind = Some(Request::KIND.to_owned());
        }
        let recordings = sorted(recordings, progress)?;
        let spec = sampled(&recordings, &overrides, progress)?;
        if recordings.len() as u32 >= ENOUGH {
            // What is measured is set aside by itself; here its numbers are wanted, however far apart they are.
            let measures = spec.fields.iter().filter(|f| f.role == Role::Measure && f.action == Action::Ignore);
            let any = Tolerance { absolute: f64::INFINITY, relative: 0.0 };
            overrides.tolerance.extend(measures.filter(|f| !f.by_hand).map(|f| (f.path.clone(), any)));
        }
        let steps = 2 * recordings.len() as u64;
        let mut sketches = Vec::new();
        for (recording, done) in recordings.iter().zip(0..) {
            progress.step(Stage::Learning, done, steps);
            sketches.push(sketch(recording, &spec, progress)?);
        }
        let Some(at) = medoid(&sketches) else { return Err(no_runs()) };
        drop(sketches);
        let mut evidence = Evidence::default();
        evidence.deviations(&[]);
        let mut envelope = Self { known: Arc::default(), medoid: recordings[at].clone(), overrides, warnings };
        let others = recordings.iter().enumerate().filter(|(other, _)| *other != at);
        for ((_, run), done) in others.zip(0_u64..) {
            progress.step(Stage::Learning, recordings.len() as u64 + done, steps);
            let analysis = envelope.compare(run, &Quietly(progress))?;
            let Some(input) = analysis.input() else { continue };
            if done == 0 {
                evidence.spread(&input, Side::Expected);
            }
            evidence.deviations(&deviations(&input, &analysis.comparison, &changes(&analysis)));
            evidence.spread(&input, Side::Actual);
        }
        progress.step(Stage::Learning, steps, steps);
        envelope.known = Arc::new(evidence.finish());
        Ok(envelope)
    }

    /// How many good runs it was learnt from.
    pub fn runs(&self) -> u32 {
        self.known.runs()
    }

    /// The most usual of the good runs.
    pub const fn medoid(&self) -> &Recording {
        &self.medoid
    }

    /// How many of the good runs besides the medoid would be said to deviate by what all others show.
    pub fn alarms(&self) -> u32 {
        self.known.alarms()
    }

    /// Compares a further run with the medoid, and sets aside what is nothing new. One that is among the good runs speaks for
    /// itself: leave it out before ([`Runs::leave_out`]).
    ///
    /// # Errors
    /// When it cannot be read, or the progress says to stop.
    pub fn judge(&self, run: &Recording, progress: &dyn Progress) -> Result<Analysis, Trouble> {
        let mut analysis = self.compare(run, progress)?;
        let mut judged = Judged {
            runs: self.runs(),
            medoid: self.medoid.label.clone(),
            alarms: self.alarms(),
            set_aside: SetAside::default(),
            unusual: Vec::new(),
            usual: Vec::new(),
            deviations: Vec::new(),
        };
        for field in &mut analysis.spec.fields {
            if field.action == (Action::Tolerate { absolute: f64::INFINITY, relative: 0.0 }) {
                field.why = format!("measured; compared with what {} good runs measured", self.runs());
                field.by_hand = false;
            }
        }
        if analysis.comparison.verdict != Verdict::Incomparable {
            self.settle(&mut analysis, &mut judged, progress)?;
        }
        analysis.warnings.extend(self.warnings.clone());
        analysis.envelope = Some(judged);
        Ok(analysis)
    }

    /// Compares again and again, with ever more set aside.
    fn settle(&self, analysis: &mut Analysis, judged: &mut Judged, progress: &dyn Progress) -> Result<(), Trouble> {
        let cancelled = || progress.cancelled();
        let mut learnt = Learnt::new(analysis.events().map(|events| events as usize));
        let mut judge = self.known.judge();
        let late_after = late_after(&analysis.pack, &analysis.spec);
        let mut usual: Vec<(Row, String)> = Vec::new();
        for _ in 0..PASSES {
            let Some(input) = analysis.input() else { return Ok(()) };
            let input = Input { late_after, ..input };
            let before = (learnt.late.clone(), learnt.drifted.clone());
            learnt.late = self.known.late(&input, &analysis.comparison);
            learnt.drifted = self.known.drifted(&input, &analysis.comparison);
            let mut again = before != (learnt.late.clone(), learnt.drifted.clone());
            let unusual = rows(analysis, &input, &learnt, &mut judge);
            for (&at, unusual) in analysis.comparison.rows.differences().iter().zip(&unusual) {
                if unusual.inside {
                    let row = analysis.comparison.rows.get(at);
                    judged.set_aside.count(row.class);
                    learnt.set_aside(row);
                    usual.push((row, unusual.words.clone()));
                    again = true;
                }
            }
            if !again {
                break;
            }
            let comparison = compare_with(&input, &learnt, &analysis.sides, &cancelled).ok_or(Trouble::Cancelled)?;
            analysis.comparison = comparison;
        }
        let Some(input) = analysis.input() else { return Ok(()) };
        let rows_of = &analysis.comparison.rows;
        let place = |(row, words): (Row, String)| {
            let own = Side::BOTH.into_iter().find_map(|side| rows_of.row_of(side, row.event(side)?));
            own.map(|at| (at, words))
        };
        judged.usual = usual.into_iter().filter_map(place).collect();
        judged.usual.sort_unstable();
        let unusual = rows(analysis, &input, &learnt, &mut judge);
        let differences = analysis.comparison.rows.differences();
        let of_row = |at: u32| differences.binary_search(&at).ok().map(|at| &unusual[at]);
        judged.deviations = differences.iter().copied().zip(unusual.iter().map(|row| row.words.clone())).collect();
        judged.unusual = analysis.comparison.causes.iter().map(|cause| words(analysis, cause, &of_row)).collect();
        for (cause, unusual) in analysis.comparison.causes.iter_mut().zip(&judged.unusual) {
            if !unusual.is_empty() {
                cause.reason = format!("{} {}", cause.reason, sentence(unusual));
            }
        }
        Ok(())
    }

    /// The ordinary comparison of the medoid with a run.
    fn compare(&self, run: &Recording, progress: &dyn Progress) -> Result<Analysis, Trouble> {
        let pack = Pack {
            title: format!("{} vs {}", self.medoid.label, run.label),
            story: None,
            notes: None,
            path: run.source.path.clone().unwrap_or_else(|| run.label.clone().into()),
            sides: Sides::new(Some(self.medoid.clone()), Some(run.clone())),
            overrides: self.overrides.clone(),
            warnings: Warnings::default(),
        };
        Session::new(pack).run(progress)
    }
}

/// How unusual each row is that differs.
fn rows(analysis: &Analysis, input: &Input<'_>, learnt: &Learnt, judge: &mut Judge<'_>) -> Vec<Unusual> {
    let comparison = &analysis.comparison;
    let mut unusual = judge.rows(&deviations(input, comparison, &changes(analysis)));
    for (&at, unusual) in comparison.rows.differences().iter().zip(&mut unusual) {
        let row = comparison.rows.get(at);
        let is_of = |events: &[EventIndex]| row.expected.is_some_and(|e| events.binary_search(&e).is_ok());
        let runs = judge.runs();
        if row.class == RowClass::Late && learnt.late.as_deref().is_some_and(is_of) {
            *unusual = Unusual { inside: false, runs: 0, words: format!("later than in any of {runs} runs") };
        } else if row.class == RowClass::Changed && is_of(&learnt.drifted) {
            let words = format!("further out than what any of {runs} runs measured");
            *unusual = Unusual { inside: false, runs: 0, words };
        }
    }
    unusual
}

/// How unusual a cause is: as its own row is, or one of the events that it names.
fn words<'a>(analysis: &Analysis, cause: &Cause, of_row: &dyn Fn(u32) -> Option<&'a Unusual>) -> String {
    let there = [cause.other, cause.overtaken].into_iter().flatten();
    let others = there.filter_map(|event| analysis.comparison.rows.row_of(cause.side.other(), event));
    let rows = std::iter::once(cause.row).chain(others);
    rows.filter_map(of_row).min_by_key(|unusual| unusual.runs).map_or_else(String::new, |unusual| unusual.words.clone())
}

/// The fields that differ in a changed row, read again from the recordings.
fn changes(analysis: &Analysis) -> impl Fn(u32) -> Vec<Change> + use<> {
    let is_tolerated = |path: &str| {
        let action = analysis.spec.field(path).map(|field| field.action);
        matches!(action, Some(Action::Tolerate { absolute, .. }) if absolute.is_infinite())
    };
    let rows = &analysis.comparison.rows;
    let changed = rows.differences().iter().filter(|&&at| rows.get(at).class == RowClass::Changed);
    let changed: Vec<u32> = changed.copied().take(MOST_READ).collect();
    let read = |&at: &u32| {
        let fields = analysis.changed_values(at).into_iter().filter(|(path, _)| !is_tolerated(path));
        (at, fields.map(|(path, values)| change(path, &values)).collect())
    };
    let read: Vec<(u32, Vec<Change>)> = changed.par_iter().map(read).collect();
    move |at| read.binary_search_by_key(&at, |row| row.0).map_or_else(|_| Vec::new(), |found| read[found].1.clone())
}

fn change(field: String, values: &Sides<Value>) -> Change {
    let number = |value: &Value| match value {
        Value::Number(text) => text.parse::<f64>().ok(),
        _ => None,
    };
    Change {
        field,
        value: values.actual.plain().to_owned(),
        numbers: number(&values.expected).zip(number(&values.actual)),
    }
}

/// The runs by what is in them, so that the order in which they were named changes nothing.
fn sorted(recordings: Vec<Recording>, progress: &dyn Progress) -> Result<Vec<Recording>, Trouble> {
    let mut known: Vec<(u64, Recording)> = Vec::new();
    for recording in recordings {
        if recording.format == Format::Vcd {
            return Err(Trouble::Open(OpenError {
                path: recording.label.into(),
                what: "It is a waveform, and what varies between good runs is learnt from recordings of events.".into(),
                remedy: "Compare two waveforms with each other.".into(),
            }));
        }
        let mut digest = 0_u64;
        each_block(&recording, progress, |block| digest = digest.rotate_left(17) ^ fnv(block))?;
        known.push((digest, recording));
    }
    known.sort_by(|a, b| (a.0, &a.1.label).cmp(&(b.0, &b.1.label)));
    Ok(known.into_iter().map(|(_, recording)| recording).collect())
}

/// The spec by which the runs are sketched: that of the first two.
fn sampled(recordings: &[Recording], overrides: &Overrides, progress: &dyn Progress) -> Result<Spec, Trouble> {
    let sample = |at: usize| recordings.get(at).map(|recording| take_sample(recording, progress)).transpose();
    let (first, second) = (sample(0)?, sample(1)?);
    let samples = Sides::new(first.as_ref(), second.as_ref()).map(|sample| sample.map(|(sample, _)| sample));
    infer_unless(samples, overrides, &|| progress.cancelled()).ok_or(Trouble::Cancelled)
}

/// Reads a run for its sketch.
fn sketch(recording: &Recording, spec: &Spec, progress: &dyn Progress) -> Result<Sketch, Trouble> {
    let mut reading = Reading::new(recording, Tokenizer::new(spec))?;
    while !reading.ended {
        if progress.cancelled() {
            return Err(Trouble::Cancelled);
        }
        reading.advance_far()?;
    }
    Ok(Sketch::of(finish(reading).tokenizer.gathered()))
}

/// With a capital and a full stop; nothing of nothing.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

fn no_runs() -> Trouble {
    Trouble::Open(OpenError {
        path: PathBuf::new(),
        what: "There is no good run to learn from.".to_owned(),
        remedy: "Name recordings of runs that went right, or a folder of them.".to_owned(),
    })
}
