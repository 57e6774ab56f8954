//! From a pack to an analysis: sample, infer, read, compare; told as it goes, cancellable throughout.

use std::sync::{Arc, OnceLock};

use super::Analysis;
use super::analysis::Events;
use super::beginning;
use super::comparable;
use super::first;
use super::pairs;
use super::streaming::Streaming;
use super::waveform;
use crate::compare::{Comparison, FirstDifference, Input, Row, RowClass, Rows, Verdict, compare};
use crate::ingest::{RUN, Reader};
use crate::pack::{OpenError, Pack, Recording, Stream};
use crate::spec::{GAP, Sample, Shared, Spec, Tokenizer, Tolerance, infer_unless};
use crate::trace::{Names, Side, Sides, Sink, Time, Trace, Warning, WarningKind, Warnings};

/// Bytes that are read of both sides at once, before anyone is told: soon enough for a cancel to be felt at once.
const AT_ONCE: u64 = 2 << 20;

/// What a session is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading the first events of both sides to see what the fields are for.
    Sampling,
    /// Reading both sides.
    Reading,
    /// Comparing.
    Comparing,
    /// Learning what varies between good runs.
    Learning,
}

impl Stage {
    /// What a person sees: `Reading`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sampling => "Sampling",
            Self::Reading => "Reading",
            Self::Comparing => "Comparing",
            Self::Learning => "Learning",
        }
    }
}

/// The provisional first answer, before the whole index is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstAnswer {
    /// Where the sides part, or `None` when they do not. Its kind and row are guesses until everything was read.
    pub first_difference: Option<FirstDifference>,
    /// The same in one line.
    pub headline: String,
}

/// Told what a session does; asked whether to go on. Called from the session's thread, often.
pub trait Progress: Sync {
    /// `done` of `total` bytes or events of a stage. A total of 0 is unknown.
    fn step(&self, _stage: Stage, _done: u64, _total: u64) {}
    /// The comparison spec is fixed; nothing was compared yet.
    fn spec(&self, _spec: &Spec) {}
    /// The first answer is known; it is provisional.
    fn first(&self, _answer: &FirstAnswer) {}
    /// True when somebody looks at the first rows while the rest of these many bytes is read.
    fn wants_rows(&self, _bytes: u64) -> bool {
        false
    }
    /// The first rows, provisional and without a verdict.
    fn rows(&self, _rows: Analysis) {}
    /// False when nobody waits for the first answer, which then costs nothing.
    fn wants_first(&self) -> bool {
        true
    }
    /// True to stop at the next opportunity (within 100 ms).
    fn cancelled(&self) -> bool {
        false
    }
}

impl Progress for () {}

/// Why there is no analysis.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// A side cannot be read.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It was cancelled.
    #[error("Cancelled.")]
    Cancelled,
}

/// One analysis to be made of one pack.
#[derive(Debug)]
pub struct Session {
    pack: Pack,
}

/// A side while it is read.
pub(super) struct Reading<'p, S: Sink> {
    recording: &'p Recording,
    stream: Stream,
    reader: Reader<S>,
    pub(super) ended: bool,
    /// True when it is not to be read to its end.
    partly: bool,
}

/// A side that was read.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) recording: Recording,
    pub(super) tokenizer: Tokenizer,
    pub(super) torn: bool,
    pub(super) warnings: Warnings,
}

/// Reads a recording to its end, block by block; the stream then says what was wrong with it.
pub(super) fn each_block(
    recording: &Recording,
    progress: &dyn Progress,
    mut take: impl FnMut(&[u8]),
) -> Result<Stream, Trouble> {
    let mut stream = recording.source.stream()?;
    loop {
        if progress.cancelled() {
            return Err(Trouble::Cancelled);
        }
        let block = stream.next()?;
        if block.is_empty() {
            return Ok(stream);
        }
        take(block);
    }
}

impl<'p, S: Sink> Reading<'p, S> {
    pub(super) fn new(recording: &'p Recording, sink: S) -> Result<Self, OpenError> {
        let mut stream = recording.source.stream()?;
        // Where there are no more cores than sides, each side is best read in one piece.
        if rayon::current_num_threads() <= Side::BOTH.len() {
            stream = stream.in_blocks_of(RUN);
        }
        let reader = Reader::new(&recording.label, &recording.format, &recording.select, sink);
        Ok(Self { recording, stream, reader, ended: false, partly: false })
    }

    /// The same, of which only the beginning is read.
    pub(super) fn begin(recording: &'p Recording, sink: S) -> Result<Self, OpenError> {
        let reading = Self::new(recording, sink)?;
        Ok(Self { stream: reading.stream.in_blocks_of(first::SLICE), partly: true, ..reading })
    }

    /// How many records were read.
    pub(super) fn records(&self) -> u64 {
        self.reader.records()
    }

    /// Reads one block. How many bytes of the file that was.
    pub(super) fn advance(&mut self) -> Result<u64, OpenError> {
        let block = self.stream.next()?;
        let read = block.len() as u64;
        let first = self.reader.records() == 0 && !self.partly;
        self.ended = block.is_empty();
        self.reader.push(block);
        if first {
            self.reader.expect(self.recording.source.size().saturating_sub(read));
        }
        Ok(read)
    }

    /// Reads on by [`AT_ONCE`], or to the end.
    pub(super) fn advance_far(&mut self) -> Result<u64, OpenError> {
        let mut read = 0;
        while !self.ended && read < AT_ONCE {
            read += self.advance()?;
        }
        Ok(read)
    }
}

impl Session {
    /// A session for a pack; nothing is read yet.
    pub fn new(pack: Pack) -> Self {
        Self { pack }
    }

    /// Reads, infers and compares.
    ///
    /// # Errors
    /// When a side cannot be read at all, or the progress says to stop.
    pub fn run(self, progress: &dyn Progress) -> Result<Analysis, Trouble> {
        let pack = Arc::new(self.pack);
        let go_on = || if progress.cancelled() { Err(Trouble::Cancelled) } else { Ok(()) };
        progress.step(Stage::Sampling, 0, 0);
        if waveform::concerns(&pack) {
            return waveform::run(pack, progress);
        }
        let recordings = pack.sides.as_ref().map(Option::as_ref);
        let sample = |recording: Option<&Recording>| recording.map(|r| take_sample(r, progress)).transpose();
        let first_sample = sample(recordings.expected)?;
        let alike = match (recordings.expected, recordings.actual, &first_sample) {
            (Some(expected), Some(actual), Some((_, read))) => begin_alike(expected, actual, *read)?,
            _ => false,
        };
        let other = if alike { None } else { sample(recordings.actual)? };
        let expected = first_sample.as_ref().map(|s| &s.0);
        let samples = Sides::new(expected, if alike { expected } else { other.as_ref().map(|s| &s.0) });
        go_on()?;
        let cancelled = || progress.cancelled();
        let spec = infer_unless(samples, &pack.overrides, &cancelled).ok_or(Trouble::Cancelled)?;
        progress.spec(&spec);
        go_on()?;
        let mut warnings = pack.warnings.clone();
        comparable::judge(samples, &spec, &mut warnings);
        drop((first_sample, other));
        let bytes = Side::BOTH.into_iter().filter_map(|side| recordings[side]).map(|r| r.source.size()).sum();
        if progress.wants_rows(bytes)
            && let Some(rows) = beginning::read(&pack, &spec, progress)?
        {
            progress.rows(rows);
            go_on()?;
        }
        // Which events a decision names is known when all are read, and until then no answer could keep to it.
        let mut answered = !pack.overrides.pairs.is_empty();
        if let (true, Some(expected), Some(actual)) =
            (progress.wants_first() && !answered, recordings.expected, recordings.actual)
            && let Some(answer) = first::after_common_prefix(Sides::new(expected, actual), &spec, progress)?
        {
            answered = true;
            progress.first(&answer);
            go_on()?;
        }
        let sides = read_all(recordings, &spec, progress, answered)?;
        conclude(pack, spec, sides, warnings, progress)
    }
}

/// From what was read to the analysis: names shared, compared, and told what was wrong. `warnings` come first. The one way to
/// an answer, for a batch and for recordings that grow.
pub(super) fn conclude(
    pack: Arc<Pack>,
    spec: Spec,
    read: Sides<Option<Read>>,
    mut warnings: Warnings,
    progress: &dyn Progress,
) -> Result<Analysis, Trouble> {
    let (sides, names) = finish_all(read, &spec, &mut warnings, progress)?;
    let (pairs, hand) = pairs::find(&pack.overrides, &sides, &mut warnings);
    progress.step(Stage::Comparing, 0, 1);
    let late_after = late_after(&pack, &spec);
    let comparison = match (&sides.expected, &sides.actual) {
        (Some(expected), Some(actual)) => {
            let traces = Sides::new(&expected.trace, &actual.trace);
            let input = Input { traces, names: &names, spec: &spec, late_after, hand: &hand };
            compare(&input, &sides, &|| progress.cancelled()).ok_or(Trouble::Cancelled)?
        }
        (lone, other) => lone_trace(lone.as_ref().or(other.as_ref()).map_or(0, |e| e.trace.events.len())),
    };
    progress.step(Stage::Comparing, 1, 1);
    if comparison.windowed > 0 {
        let what = format!(
            "{} lanes are too long to be aligned in one piece; matches across the edges of their windows can be missed.",
            comparison.windowed
        );
        warnings.push(note(WarningKind::Note, what));
    }
    if comparison.unfollowed > 0 {
        let what = format!("{} further places where the sides part are not listed as causes.", comparison.unfollowed);
        warnings.push(note(WarningKind::Note, what));
    }
    if let Some(reason) = comparison.reason.as_ref().filter(|_| comparison.verdict == Verdict::Diverged) {
        warnings.push(note(WarningKind::Comparability, reason.clone()));
    }
    let partial = warnings.partial();
    let mut analysis = Analysis {
        pack,
        sides,
        names,
        spec,
        comparison,
        warnings,
        partial,
        provisional: false,
        pairs,
        hand,
        waveform: None,
        told: OnceLock::new(),
        envelope: None,
    };
    analysis.tell_own_times();
    Ok(analysis)
}

/// How much later an event may come, in ticks, where that was decided.
pub(super) fn late_after(pack: &Pack, spec: &Spec) -> Option<Tolerance> {
    let (_, tolerance) = pack.overrides.tolerance.iter().find(|(path, _)| path == GAP)?;
    let ticks = tolerance.absolute * 10_f64.powi(spec.unit?.exponent() as i32);
    Some(Tolerance { absolute: ticks, relative: tolerance.relative })
}

/// Reads a side's first events, and tells how many bytes they are in.
pub(super) fn take_sample(recording: &Recording, progress: &dyn Progress) -> Result<(Sample, u64), Trouble> {
    let mut side = Reading::begin(recording, Sample::new())?;
    let mut read = 0;
    while !side.ended && !side.reader.is_full() {
        if progress.cancelled() {
            return Err(Trouble::Cancelled);
        }
        read += side.advance()?;
    }
    Ok((side.reader.finish().sink, read))
}

/// True when both sides' first `bytes` are the same and read the same, so that one sample is that of both.
fn begin_alike(expected: &Recording, actual: &Recording, bytes: u64) -> Result<bool, Trouble> {
    if expected.format != actual.format || expected.select != actual.select {
        return Ok(false);
    }
    let block = |recording: &Recording| recording.source.stream().map(|stream| stream.in_blocks_of(first::SLICE));
    let mut streams = Sides::new(block(expected)?, block(actual)?);
    let mut read = 0;
    // One byte more: where a side ends, the other must end too.
    while read <= bytes {
        let (one, other) = (streams.expected.next()?, streams.actual.next()?);
        if one != other {
            return Ok(false);
        }
        if one.is_empty() {
            break;
        }
        read += one.len() as u64;
    }
    Ok(true)
}

/// Reads both sides at once, some blocks at a time, so that the first answer can come before the end.
fn read_all(
    recordings: Sides<Option<&Recording>>,
    spec: &Spec,
    progress: &dyn Progress,
    mut answered: bool,
) -> Result<Sides<Option<Read>>, Trouble> {
    let open = |recording: Option<&'_ Recording>| recording.is_some();
    let mut sides: Sides<Option<Reading<'_, Tokenizer>>> = Sides::default();
    for side in Side::BOTH {
        sides[side] = recordings[side].map(|r| Reading::new(r, Tokenizer::new(spec))).transpose()?;
    }
    let both = open(recordings.expected) && open(recordings.actual);
    answered |= !both || spec.plan_needs_all() || !progress.wants_first();
    let total = Side::BOTH.into_iter().filter_map(|s| recordings[s]).map(|r| r.source.size()).sum();
    let mut streaming = Streaming::default();
    let mut done = 0;
    while sides.as_ref().map(|s| s.as_ref().is_some_and(|s| !s.ended)) != Sides::new(false, false) {
        if progress.cancelled() {
            return Err(Trouble::Cancelled);
        }
        let advance =
            |reading: &mut Option<Reading<'_, Tokenizer>>| reading.as_mut().map_or(Ok(0), Reading::advance_far);
        let Sides { expected, actual } = &mut sides;
        let (expected, actual) = rayon::join(|| advance(expected), || advance(actual));
        done += expected? + actual?;
        progress.step(Stage::Reading, done, total);
        if let (false, Some(expected), Some(actual)) = (answered, &sides.expected, &sides.actual) {
            let gathered = Sides::new(expected.reader.sink().gathered(), actual.reader.sink().gathered());
            if let Some(found) = streaming.advance(gathered, progress)? {
                answered = true;
                progress.first(&first::answer(gathered, found, 0));
            }
        }
    }
    Ok(sides.map(|side| side.map(finish)))
}

/// What was read becomes traces with one set of names, expected's first.
fn finish_all(
    mut read: Sides<Option<Read>>,
    spec: &Spec,
    warnings: &mut Warnings,
    progress: &dyn Progress,
) -> Result<(Sides<Option<Events>>, Names), Trouble> {
    let mut shared = Shared::default();
    let mut finished: Sides<Option<Events>> = Sides::default();
    for side in Side::BOTH {
        if progress.cancelled() {
            return Err(Trouble::Cancelled);
        }
        let Some(Read { recording, tokenizer, torn, warnings: found }) = read[side].take() else { continue };
        warnings.extend(found);
        let gathered = tokenizer.into_gathered();
        for field in &gathered.late_fields {
            let what = format!("The field {field} first appears after the first {} events.", crate::spec::SAMPLE);
            warnings.push(Warning {
                file: recording.label.clone(),
                remedy: "It is compared like any other.".to_owned(),
                ..note(WarningKind::Note, what)
            });
        }
        if gathered.bad_times > 0 {
            warnings.push(Warning {
                file: recording.label.clone(),
                more: u64::from(gathered.bad_times) - 1,
                remedy: "The event is kept, without a time.".to_owned(),
                ..note(WarningKind::BadTime, "A time could not be read.".to_owned())
            });
        }
        let trace: Trace = shared.finish(gathered, spec, torn);
        warnings.extend(skewed(&trace, &shared.names, &recording.label));
        finished[side] = Some(Events { recording, trace });
    }
    for field in &shared.doubts {
        let what = format!(
            "By the first {} events the ids in {field} have other names on each side, but most of them are on both.",
            crate::spec::SAMPLE
        );
        let remedy = format!("Those that are were compared as they are; --compare {field} compares all of them so.");
        warnings.push(Warning { remedy, ..note(WarningKind::Comparability, what) });
    }
    Ok((finished, shared.names))
}

/// That clocks of a side are off, and what was done about it.
fn skewed(trace: &Trace, names: &Names, file: &str) -> Option<Warning> {
    let (skew, unit) =
        (trace.skews.iter().max_by_key(|s| (s.ahead.unsigned_abs(), s.lane))?, trace.time.as_ref()?.unit);
    let name = |lane: u32| &names.lanes[lane as usize];
    let off = Time { value: i64::try_from(skew.ahead.unsigned_abs()).unwrap_or(i64::MAX), unit };
    let way = if skew.ahead > 0 { "ahead of" } else { "behind" };
    let others = match trace.skews.len() - 1 {
        0 => String::new(),
        1 => "; 1 more clock is off by less".to_owned(),
        n => format!("; {n} more clocks are off by less"),
    };
    let what = format!(
        "By their clocks messages arrive before they are sent: that of {} is {off} {way} that of {}{others}.",
        name(skew.lane),
        name(skew.against)
    );
    let remedy =
        "The time between events is corrected by that; times are shown as recorded, and the order is the recording's.";
    Some(Warning { file: file.to_owned(), remedy: remedy.to_owned(), ..note(WarningKind::Note, what) })
}

pub(super) fn finish(reading: Reading<'_, Tokenizer>) -> Read {
    let mut warnings = reading.stream.finish();
    let outcome = reading.reader.finish();
    let damaged = warnings.partial();
    warnings.extend(outcome.warnings);
    Read { recording: reading.recording.clone(), tokenizer: outcome.sink, torn: outcome.torn || damaged, warnings }
}

pub(super) fn note(kind: WarningKind, what: String) -> Warning {
    Warning { kind, file: String::new(), line: None, what, remedy: String::new(), more: 0 }
}

/// A trace without a baseline: its events as they are, and no comparison. SEMANTICS rule 25.
pub(super) fn lone_trace(events: usize) -> Comparison {
    let mut rows = Rows::with_events(0, events);
    for event in 0..events as u32 {
        let row =
            Row { expected: None, actual: Some(event), class: RowClass::Same, inverted: false, unrecorded: false };
        rows.push(row);
    }
    Comparison {
        reason: Some("There is no baseline: the pack holds one trace only. Give the good run as well, as the first of two paths.".to_owned()),
        rows,
        ..Comparison::default()
    }
}
