//! Two windows of requests compared, with what a person looks up in them: single requests, and those that show evidence.

use std::sync::Arc;

use super::population::{Population, STEPS};
use super::session::{Progress, Stage, Trouble};
use crate::pack::{Metrics, Source, Windows};
use crate::population::{Evidence, Requests, Suspect, Troubles, Waterfall, What, examples};
use crate::trace::{Side, Sides, Window};

/// Pieces of evidence of a service that requests are looked up for.
const EVIDENCE: usize = 8;

/// Two windows of requests, compared and indexed.
#[derive(Debug)]
pub struct Survey {
    /// What was found out.
    pub population: Population,
    /// The requests of each window.
    pub requests: Sides<Requests>,
    /// When the requests of the failing window got into trouble.
    pub troubles: Troubles,
    /// The files that were read.
    pub files: Vec<Arc<Source>>,
    /// For each service of the ranking and each piece of its evidence the requests that show it.
    examples: Vec<Vec<Vec<u32>>>,
}

/// A request that stands for all that show something, and the one of the baseline that it is seen beside. Nothing says that they
/// are the same work: they do the same.
#[derive(Debug)]
pub struct Representative {
    /// The request of the failing window.
    pub actual: u32,
    /// The one of the baseline that is most alike, and of how many with the same root operation; `None` without any.
    pub expected: Option<(u32, u32)>,
    /// Both aligned.
    pub waterfall: Waterfall,
}

impl Survey {
    /// Reads both sides, compares them, and looks up the requests that show the evidence.
    ///
    /// # Errors
    /// When a side cannot be read at all, or the progress says to stop.
    pub fn new(windows: &Windows, progress: &dyn Progress) -> Result<Self, Trouble> {
        let population = Population::new(windows, progress)?;
        let go_on = || if progress.cancelled() { Err(Trouble::Cancelled) } else { Ok(()) };
        go_on()?;
        progress.step(Stage::Comparing, 1, STEPS);
        let expected = Requests::new(&population.windows.expected);
        go_on()?;
        progress.step(Stage::Comparing, 2, STEPS);
        let requests = Sides::new(expected, Requests::new(&population.windows.actual));
        go_on()?;
        progress.step(Stage::Comparing, 3, STEPS);
        let told = |suspect: &Suspect| suspect.telling().take(EVIDENCE).map(|one| one.what).collect::<Vec<What>>();
        let told: Vec<Vec<What>> = population.ranking.suspects.iter().map(told).collect();
        let all: Vec<What> = told.iter().flatten().copied().collect();
        let mut found = examples(&population.windows.actual, &requests.actual, &all).into_iter();
        let examples = told.iter().map(|told| found.by_ref().take(told.len()).collect()).collect();
        go_on()?;
        let troubles = Troubles::new(&population.windows.expected, &population.windows.actual);
        progress.step(Stage::Comparing, STEPS, STEPS);
        let files = windows.all().flat_map(|of| of.sources.iter().cloned()).collect();
        Ok(Self { population, requests, troubles, files, examples })
    }

    /// Reads the tables of metrics of both sides and compares them. There are no requests in them.
    ///
    /// # Errors
    /// When a side cannot be read at all, or the progress says to stop.
    pub fn of_metrics(sides: &Sides<Metrics>, progress: &dyn Progress) -> Result<Self, Trouble> {
        let population = Population::of_metrics(sides, progress)?;
        let of = |side: Side| sides[side].tables.iter().chain(&sides[side].graphs);
        let files = Side::BOTH.into_iter().flat_map(|side| of(side).cloned()).collect();
        let times = population.tables.as_ref().map_or(&[][..], |tables| &tables.now.times);
        let time = times.first().copied().zip(times.last().copied());
        let (requests, troubles) = (Sides::default(), Troubles { time, ..Troubles::default() });
        Ok(Self { population, requests, troubles, files, examples: Vec::new() })
    }

    /// The evidence for a service of the ranking that requests are known for, the strongest first.
    pub fn evidence(&self, suspect: usize) -> impl Iterator<Item = &Evidence> {
        self.population.ranking.suspects.get(suspect).into_iter().flat_map(|suspect| suspect.telling().take(EVIDENCE))
    }

    /// The requests that show a piece of evidence, the most typical first.
    pub fn examples(&self, suspect: usize, evidence: usize) -> &[u32] {
        self.examples.get(suspect).and_then(|list| list.get(evidence)).map_or(&[], Vec::as_slice)
    }

    /// The request at a place among those that show a piece of evidence, beside one of the baseline.
    pub fn representative(&self, suspect: usize, evidence: usize, at: usize) -> Option<Representative> {
        let actual = *self.examples(suspect, evidence).get(at)?;
        let what = self.evidence(suspect).nth(evidence)?.what;
        let Population { windows, .. } = &self.population;
        let expected = self.requests.expected.most_alike(&self.requests.actual, actual);
        let baseline =
            expected.map_or_else(Window::default, |(at, _)| self.requests.expected.window(&windows.expected, at));
        let pair = Sides::new(baseline, self.requests.actual.window(&windows.actual, actual));
        Some(Representative { actual, expected, waterfall: Waterfall::new(pair, Some(&what)) })
    }
}
