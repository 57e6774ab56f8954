//! From the telemetry of two windows to the services that broke: read, compared as populations, ranked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::service_graph::ServiceGraph;
use super::session::{Progress, Stage, Trouble};
use super::window_acts::Acts;
use crate::incident::Incident;
use crate::ingest::{TelemetryReader, join};
use crate::pack::{Telemetry, Windows};
use crate::population::{Calls, Courses, Level, Ranking, rank};
use crate::trace::{Marks, Measure, MetricTable, Sides, Warnings, Window, Word, Words};

/// Fewer requests do not tell what is usual.
const FEWEST: u64 = 3;
/// Steps of comparing: this one, and those of what is looked up for the window.
pub(super) const STEPS: u64 = 4;

/// What a side told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// The name a person knows it by.
    pub label: String,
    /// Requests: different trace ids.
    pub requests: u64,
    /// Spans.
    pub spans: u64,
    /// Lines of logs.
    pub logs: u64,
    /// Metrics of instances.
    pub metrics: u64,
    /// Rows of a table of metrics.
    pub rows: u64,
    /// Lines of logs that name no span, and were given one by time and process.
    pub joined: u64,
    /// What is unusual about the spans.
    pub marks: Marks,
}

/// A window that was read with words of its own.
struct Read {
    reader: TelemetryReader,
    window: Window,
    told: Told,
    warnings: Warnings,
}

/// A baseline beside others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// What it told.
    pub told: Told,
    /// The service that changed in it, compared with the other baselines: it may be faulty itself.
    pub unlike: Option<Word>,
}

/// Two windows compared.
#[derive(Debug)]
pub struct Population {
    /// What the baseline and the failing window told.
    pub told: Sides<Told>,
    /// All baselines, the expected side first.
    pub baselines: Vec<Baseline>,
    /// Every word.
    pub words: Words,
    /// The services that may be the cause.
    pub ranking: Ranking,
    /// Who calls whom, with what changed.
    pub services: ServiceGraph,
    /// What happened to the services; `None` without a clear cause.
    pub incident: Option<Incident>,
    /// What was wrong with the input.
    pub warnings: Warnings,
    /// Everything that was told.
    pub windows: Sides<Window>,
    /// The tables that were compared, where they were metrics.
    pub tables: Option<Tables>,
    /// True when no service is in both windows.
    pub strangers: bool,
}

/// Tables of metrics that were compared.
#[derive(Debug)]
pub struct Tables {
    /// Those of the baseline; none where the first rows of the other one tell what is usual.
    pub baselines: Vec<MetricTable>,
    /// That of the incident.
    pub now: MetricTable,
    /// What every node showed before the moment from which on one is under suspicion, and then.
    pub levels: BTreeMap<(Word, Measure), Level>,
    /// What every node showed row by row; none where no node is under suspicion.
    pub courses: Option<Courses>,
}

impl Tables {
    /// What a node showed of a measure; nothing where it was not measured.
    pub fn level(&self, node: Word, measure: Measure) -> Level {
        self.levels.get(&(node, measure)).copied().unwrap_or_default()
    }
}

impl Population {
    /// Reads both sides and compares them; further baselines are compared with each other too.
    ///
    /// # Errors
    /// When a window cannot be read at all, or the progress says to stop.
    pub fn new(windows: &Windows, progress: &dyn Progress) -> Result<Self, Trouble> {
        let go_on = || if progress.cancelled() { Err(Trouble::Cancelled) } else { Ok(()) };
        let files = windows.all().map(|of| of.sources.len() as u64).sum();
        let done = AtomicU64::new(0);
        let read = |of: &Telemetry| -> Result<Read, Trouble> {
            let (mut reader, mut window, mut warnings) =
                (TelemetryReader::default(), Window::default(), of.warnings.clone());
            for source in &of.sources {
                go_on()?;
                let bytes = source.whole(usize::MAX, &mut warnings)?.unwrap_or_default();
                warnings.extend(reader.read(&of.file(source), &bytes, &mut window));
                progress.step(Stage::Reading, done.fetch_add(1, Ordering::Relaxed) + 1, files);
            }
            let copies = window.drop_copies();
            let joined = join(&mut window);
            let mut told = Told::of(&of.label, &window, joined);
            told.marks.copies = copies;
            Ok(Read { reader, window, told, warnings })
        };
        // Each by itself, with words of its own, so that every core has one; then all get the words of the first.
        let all: Vec<&Telemetry> = windows.all().collect();
        let each: Vec<Result<Read, Trouble>> = all.into_par_iter().map(read).collect();
        let (mut reader, mut warnings) = (TelemetryReader::default(), Warnings::default());
        let mut more: Vec<(Window, Told)> = Vec::with_capacity(each.len());
        for read in each {
            let mut read = read?;
            reader.adopt(read.reader, &mut read.window);
            warnings.extend(read.warnings);
            more.push((read.window, read.told));
        }
        let (actual, told_actual) = more.remove(1);
        let (expected, told_expected) = more.remove(0);
        go_on()?;
        progress.step(Stage::Comparing, 0, STEPS);
        let calls: Vec<Calls<'_>> =
            std::iter::once(&expected).chain(more.iter().map(|(window, _)| window)).map(Calls::new).collect();
        let baselines: Vec<&Calls<'_>> = calls.iter().collect();
        let now = Calls::new(&actual);
        let ranking = rank(&baselines, &now, &reader.words);
        let unlike = unlike(&baselines, &reader.words);
        let both = Sides::new(baselines[0], &now);
        let tolds = std::iter::once(&told_expected).chain(more.iter().map(|(_, told)| told)).cloned();
        let baselines = tolds.zip(unlike).map(|(told, unlike)| Baseline { told, unlike }).collect();
        let told = Sides::new(told_expected, told_actual);
        let acts = Acts::new(&both, &reader.words);
        let mut services = ServiceGraph::new(&both, &told, &acts, &reader.words, &ranking);
        let incident = if enough(&told) { services.incident(&both, &acts, &reader.words, &ranking) } else { None };
        let strangers = strangers(&expected, &actual);
        let incident = incident.filter(|_| !strangers);
        let windows = Sides::new(expected, actual);
        let (words, tables) = (reader.words, None);
        Ok(Self { told, baselines, words, ranking, services, incident, warnings, windows, tables, strangers })
    }

    /// True when there are enough requests in both windows to know what is usual, of the same system.
    pub fn comparable(&self) -> bool {
        enough(&self.told) && !self.strangers
    }
}

/// True when no service is in both windows, so that nothing in them can be compared.
fn strangers(expected: &Window, actual: &Window) -> bool {
    let services = |window: &Window| -> BTreeSet<Word> { window.spans.iter().map(|span| span.service).collect() };
    services(expected).is_disjoint(&services(actual))
}

/// True when both windows have enough requests to know what is usual.
fn enough(told: &Sides<Told>) -> bool {
    told.expected.requests.min(told.actual.requests) >= FEWEST
}

/// For each baseline the service that changed, compared with the others; none where they agree.
fn unlike(baselines: &[&Calls<'_>], words: &Words) -> Vec<Option<Word>> {
    (0..baselines.len())
        .map(|one| {
            let others: Vec<&Calls<'_>> =
                (0..baselines.len()).filter(|&at| at != one).map(|at| baselines[at]).collect();
            if others.is_empty() {
                return None;
            }
            rank(&others, baselines[one], words).clear().map(|suspect| suspect.service)
        })
        .collect()
}

impl Told {
    fn of(label: &str, window: &Window, joined: u64) -> Self {
        let mut traces: Vec<Word> = window.spans.iter().map(|span| span.trace).collect();
        traces.sort_unstable();
        traces.dedup();
        Self {
            label: label.to_owned(),
            requests: traces.len() as u64,
            spans: window.spans.len() as u64,
            logs: window.logs.len() as u64,
            metrics: window.series.len() as u64,
            rows: 0,
            joined,
            marks: Marks::of(window),
        }
    }
}
