//! From the telemetry of two windows to the services that broke: read, compared as populations, ranked.

use super::session::{Progress, Stage, Trouble};
use crate::ingest::TelemetryReader;
use crate::pack::Telemetry;
use crate::population::{Ranking, rank};
use crate::trace::{Side, Sides, Warnings, Window, Word, Words};

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
}

/// Two windows compared.
#[derive(Debug)]
pub struct Population {
    /// What the baseline and the failing window told.
    pub told: Sides<Told>,
    /// Every word.
    pub words: Words,
    /// The services that may be the cause.
    pub ranking: Ranking,
    /// What was wrong with the input.
    pub warnings: Warnings,
    /// Everything that was told.
    pub windows: Sides<Window>,
}

impl Population {
    /// Reads both sides and compares them.
    ///
    /// # Errors
    /// When a side cannot be read at all, or the progress says to stop.
    pub fn new(sides: &Sides<Telemetry>, progress: &dyn Progress) -> Result<Self, Trouble> {
        let go_on = || if progress.cancelled() { Err(Trouble::Cancelled) } else { Ok(()) };
        let mut reader = TelemetryReader::default();
        let mut warnings = Warnings::default();
        let mut windows: Sides<Window> = Sides::default();
        let files = Side::BOTH.into_iter().map(|side| sides[side].sources.len() as u64).sum();
        let mut done = 0;
        for side in Side::BOTH {
            warnings.extend(sides[side].warnings.clone());
            for source in &sides[side].sources {
                go_on()?;
                let mut stream = source.stream()?;
                let mut bytes = Vec::new();
                loop {
                    let block = stream.next()?;
                    if block.is_empty() {
                        break;
                    }
                    bytes.extend_from_slice(block);
                }
                warnings.extend(stream.finish());
                warnings.extend(reader.read(&sides[side].file(source), &bytes, &mut windows[side]));
                done += 1;
                progress.step(Stage::Reading, done, files);
            }
        }
        go_on()?;
        progress.step(Stage::Comparing, 0, STEPS);
        let ranking = rank(&[&windows.expected], &windows.actual, &reader.words);
        let told = |side: Side| {
            let window = &windows[side];
            let mut traces: Vec<Word> = window.spans.iter().map(|span| span.trace).collect();
            traces.sort_unstable();
            traces.dedup();
            Told {
                label: sides[side].label.clone(),
                requests: traces.len() as u64,
                spans: window.spans.len() as u64,
                logs: window.logs.len() as u64,
                metrics: window.series.len() as u64,
            }
        };
        let told = Sides::new(told(Side::Expected), told(Side::Actual));
        Ok(Self { told, words: reader.words, ranking, warnings, windows })
    }
}
