//! What is known of every run, and what is to be looked at next: the newest first, each at most once however often it changed,
//! and no answer of an older state is ever taken. A pure machine that is told the time.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::pairs::{Pairs, Repaired};
use super::{Counts, Next, Outcome, Run};
use crate::watch::{Change, Changed};

/// Where it takes many names, files are paired up at most this often.
const PAIRING: Duration = Duration::from_millis(100);
/// So many names are paired up at once.
const FEW: usize = 500;

/// How long a file must rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Before a run is looked at, where nobody says that its writer let go.
    pub quiet: Duration,
    /// So long at most, where it never rests.
    pub most: Duration,
    /// Before what only waits for more is told as it is.
    pub settle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { quiet: Duration::from_millis(200), most: Duration::from_secs(2), settle: Duration::from_secs(2) }
    }
}

/// How a run is to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// From its beginning.
    Whole,
    /// What was appended.
    Grown,
    /// What was appended, and everything that is told of it anew.
    Settle,
}

/// A run to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The run.
    pub run: Run,
    /// Which state of its files: an answer for another one is dropped.
    pub generation: u64,
    /// How.
    pub work: Work,
}

/// What is known of a run.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The run.
    pub run: Run,
    /// What it answered last, if it did.
    pub outcome: Option<Outcome>,
    /// True while what it answered may only be that more is to come, or that it is looked at again.
    pub provisional: bool,
    /// When it last changed, as a number that only grows: the newest run has the largest.
    pub order: u64,
    /// Counts the states of its files; growing is none.
    generation: u64,
    changed: Instant,
    /// When its own recording, or the first of its files, was last written.
    modified: Option<SystemTime>,
    /// The first change since it was last looked at.
    since: Option<Instant>,
    /// Its writer let go of it.
    closed: bool,
    /// True when it has grown since its last answer, and was not otherwise touched.
    grown: bool,
}

/// All runs of a folder.
#[derive(Debug)]
pub struct Desk {
    patience: Patience,
    pairs: Pairs,
    entries: BTreeMap<String, Entry>,
    /// The runs that each file is part of.
    of_file: BTreeMap<String, BTreeSet<String>>,
    /// Runs to be looked at, by their order.
    waiting: BTreeMap<u64, String>,
    /// Runs whose answers wait for more.
    settling: BTreeSet<String>,
    /// Runs whose answers were not taken yet.
    untold: BTreeSet<String>,
    /// Runs that have failed for certain and may go on: since when, and whether that was taken.
    failing: BTreeMap<String, (Option<Instant>, bool)>,
    /// Runs of which something else is known since that was taken; `None` where nobody takes it.
    touched: Option<BTreeSet<String>>,
    running: Option<(String, u64)>,
    /// What was begun last was only appended to.
    grew: bool,
    counts: Counts,
    order: u64,
    generation: u64,
    /// Changes of names that are not paired up yet, and when that was last done.
    unpaired: BTreeMap<String, Changed>,
    paired: Option<Instant>,
}

impl Desk {
    /// An empty desk for a folder, whose loose recordings are compared with `baseline`.
    pub fn new(root: &Path, baseline: Option<PathBuf>, patience: Patience) -> Self {
        Self {
            patience,
            pairs: Pairs::new(root, baseline),
            entries: BTreeMap::new(),
            of_file: BTreeMap::new(),
            waiting: BTreeMap::new(),
            settling: BTreeSet::new(),
            untold: BTreeSet::new(),
            failing: BTreeMap::new(),
            touched: None,
            running: None,
            grew: false,
            counts: Counts::default(),
            order: 0,
            generation: 0,
            unpaired: BTreeMap::new(),
            paired: None,
        }
    }

    /// The same, which notes what is to be told with [`Self::take_touched`].
    #[must_use]
    pub fn noting(mut self) -> Self {
        self.touched = Some(BTreeSet::new());
        self
    }

    /// Takes in what changed.
    pub fn changed(&mut self, changes: Vec<Changed>, now: Instant) {
        for changed in changes {
            match changed.change {
                Change::New | Change::Removed => {
                    self.unpaired.insert(changed.name.clone(), changed);
                }
                Change::Grown | Change::Replaced => self.touched(&changed, now),
            }
        }
        self.pair(now);
    }

    /// Takes in that the writers of these files let go of them.
    pub fn closed(&mut self, files: &[String]) {
        for file in files {
            for name in self.of_file.get(file).cloned().unwrap_or_default() {
                if let Some(entry) = self.entries.get_mut(&name) {
                    entry.closed = true;
                }
            }
        }
    }

    fn touched(&mut self, changed: &Changed, now: Instant) {
        for name in self.of_file.get(&changed.name).cloned().unwrap_or_default() {
            if let Some(entry) = self.entries.get_mut(&name) {
                entry.written(changed);
            }
            self.ask(&name, changed.change == Change::Grown, changed.closed, now);
        }
    }

    /// Notes that a run must be looked at: from where it was read to, if it has only grown since it was looked at last, or while
    /// it is; else from its beginning.
    fn ask(&mut self, name: &str, grown: bool, closed: bool, now: Instant) {
        let running = self.running.as_ref().is_some_and(|(running, _)| running == name);
        let Some(entry) = self.entries.get_mut(name) else { return };
        let known = running || entry.outcome.is_some();
        let follows = entry.outcome.as_ref().is_none_or(|outcome| outcome.next == Next::Appended);
        let grown = grown && known && follows && (entry.since.is_none() || entry.grown);
        if !grown {
            self.generation += 1;
            entry.generation = self.generation;
        }
        self.waiting.remove(&entry.order);
        self.order += 1;
        note(&mut self.touched, name);
        (entry.order, entry.changed, entry.closed, entry.grown) = (self.order, now, closed, grown);
        entry.since.get_or_insert(now);
        entry.provisional = true;
        self.waiting.insert(entry.order, name.to_owned());
        self.settling.remove(name);
    }

    /// Pairs up what came and went; where that takes many names, when it is due.
    fn pair(&mut self, now: Instant) {
        if self.unpaired.is_empty() {
            return;
        }
        let most = if self.pairs_in(now).is_zero() { usize::MAX } else { FEW };
        let names = self.unpaired.iter().map(|(name, changed)| (name.as_str(), changed.change != Change::Removed));
        let Some(Repaired { runs, gone }) = self.pairs.take(&names.collect(), most) else { return };
        self.paired = Some(now);
        let changes = std::mem::take(&mut self.unpaired);
        let mut asked: Vec<(String, bool)> = Vec::new();
        for run in runs {
            let of_change = run.files.iter().filter_map(|file| changes.get(file));
            let closed = of_change.clone().all(|changed| changed.closed);
            let touched = of_change.count() > 0;
            let own = run.files.first().and_then(|file| changes.get(file));
            let before = self.entries.get(&run.name);
            if before.is_some_and(|entry| entry.run == run) {
                if let (Some(own), Some(entry)) = (own, self.entries.get_mut(&run.name)) {
                    entry.written(own);
                }
                if touched {
                    asked.push((run.name, closed));
                }
                continue;
            }
            let files = before.map_or_else(Vec::new, |entry| entry.run.files.clone());
            self.part(&run.name, &files);
            for file in &run.files {
                self.of_file.entry(file.clone()).or_default().insert(run.name.clone());
            }
            asked.push((run.name.clone(), closed));
            let entry = self.entries.entry(run.name.clone()).or_insert_with(|| Entry::new(run.clone(), now));
            entry.run = run;
            if let Some(own) = own {
                entry.written(own);
            }
        }
        for name in gone {
            self.forget(&name);
        }
        // What was written last is the newest.
        asked.sort_by_key(|(name, _)| self.entries.get(name).and_then(|entry| entry.modified));
        for (name, closed) in asked {
            self.ask(&name, false, closed, now);
        }
    }

    /// How long until many names may be paired up.
    fn pairs_in(&self, now: Instant) -> Duration {
        self.paired.map_or(Duration::ZERO, |at| (at + PAIRING).saturating_duration_since(now))
    }

    /// Takes in that these files are no part of a run any more.
    fn part(&mut self, name: &str, files: &[String]) {
        for file in files {
            if let Some(runs) = self.of_file.get_mut(file) {
                runs.remove(name);
                if runs.is_empty() {
                    self.of_file.remove(file);
                }
            }
        }
    }

    fn forget(&mut self, name: &str) {
        let Some(entry) = self.entries.remove(name) else { return };
        note(&mut self.touched, name);
        self.part(name, &entry.run.files);
        self.waiting.remove(&entry.order);
        self.settling.remove(name);
        self.untold.remove(name);
        self.failing.remove(name);
        if let Some(outcome) = &entry.outcome {
            self.counts.remove(outcome);
        }
    }

    /// The run to look at now: the newest of those whose writing has come to rest. One at a time; what never stops growing
    /// takes turns with the others.
    pub fn next(&mut self, now: Instant) -> Option<Task> {
        self.pair(now);
        if self.running.is_some() {
            return None;
        }
        let due = |name: &String| self.entries.get(name).is_some_and(|entry| entry.wait(&self.patience, now).is_none());
        let grown = |name: &String| self.entries.get(name).is_some_and(|entry| entry.grown);
        let mut waiting = self.waiting.iter().rev().filter(|(_, name)| due(name));
        let newest = waiting.next()?;
        let other = (self.grew && grown(newest.1)).then(|| waiting.find(|(_, name)| !grown(name))).flatten();
        let (order, name) = other.map_or((*newest.0, newest.1.clone()), |(order, name)| (*order, name.clone()));
        self.waiting.remove(&order);
        let entry = self.entries.get_mut(&name)?;
        let work = if entry.grown { Work::Grown } else { Work::Whole };
        (entry.since, self.grew) = (None, entry.grown);
        self.start(&name, work)
    }

    /// The run whose answer has waited long enough for more, and must be told anew in full.
    pub fn next_to_settle(&mut self, now: Instant) -> Option<Task> {
        if self.running.is_some() {
            return None;
        }
        let due = |name: &&String| {
            self.entries.get(*name).is_some_and(|entry| {
                entry.outcome.as_ref().is_some_and(|o| o.rough) && entry.settles(&self.patience, now).is_none()
            })
        };
        let name = self.settling.iter().find(due)?.clone();
        self.start(&name, Work::Settle)
    }

    fn start(&mut self, name: &str, work: Work) -> Option<Task> {
        let entry = self.entries.get(name)?;
        self.running = Some((name.to_owned(), entry.generation));
        Some(Task { run: entry.run.clone(), generation: entry.generation, work })
    }

    /// True when what is looked at has changed so that its answer will be dropped.
    pub fn is_stale(&self) -> bool {
        self.running.as_ref().is_some_and(|(name, generation)| {
            self.entries.get(name).is_none_or(|entry| entry.generation != *generation)
        })
    }

    /// Takes in what the run that is looked at answered; `None` when it was cancelled. An answer of an older state is dropped.
    pub fn done(&mut self, outcome: Option<Outcome>) {
        let stale = self.is_stale();
        let Some((name, _)) = self.running.take() else { return };
        let (Some(entry), Some(outcome), false) = (self.entries.get_mut(&name), outcome, stale) else { return };
        if let Some(before) = &entry.outcome {
            self.counts.remove(before);
        }
        self.counts.add(&outcome);
        if outcome.certain {
            self.failing.entry(name.clone()).or_default();
        } else {
            self.failing.remove(&name);
        }
        let again = entry.since.is_some();
        entry.provisional = again || outcome.waits || outcome.rough;
        self.untold.insert(name.clone());
        note(&mut self.touched, &name);
        if !again && entry.provisional {
            self.settling.insert(name);
        }
        entry.outcome = Some(outcome);
    }

    /// The runs with an answer that stands, each once, the oldest first. One that has failed for certain and never rests is
    /// among them when its patience is over, and once more when it rests.
    pub fn take_settled(&mut self, now: Instant) -> Vec<String> {
        for name in std::mem::take(&mut self.settling) {
            let Some(entry) = self.entries.get_mut(&name) else { continue };
            let rough = entry.outcome.as_ref().is_some_and(|outcome| outcome.rough);
            if rough || entry.settles(&self.patience, now).is_some() {
                self.settling.insert(name);
            } else {
                entry.provisional = false;
                note(&mut self.touched, &name);
            }
        }
        let mut restless = BTreeSet::new();
        for (name, (since, taken)) in &mut self.failing {
            if !*taken && now >= *since.get_or_insert(now) + self.patience.settle {
                *taken = true;
                restless.insert(name.clone());
            }
        }
        let stands = |name: &&String| {
            let entry = self.entries.get(*name);
            entry.is_some_and(|entry| !entry.provisional) || restless.contains(*name)
        };
        let of = |name: &String| Some((self.entries.get(name)?.order, name.clone()));
        let mut settled: Vec<(u64, String)> = self.untold.iter().filter(stands).filter_map(of).collect();
        for (_, name) in &settled {
            self.untold.remove(name);
        }
        settled.sort_unstable();
        settled.into_iter().map(|(_, name)| name).collect()
    }

    /// The runs of which something else is known since this was asked last: new ones, asked about, answered, gone.
    pub fn take_touched(&mut self) -> BTreeSet<String> {
        self.touched.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// How long until there is something to do though nothing changes.
    pub fn due(&self, now: Instant) -> Option<Duration> {
        let pairing = (!self.unpaired.is_empty()).then(|| self.pairs_in(now));
        let entry = |name: &String| self.entries.get(name);
        let waits = self.waiting.values().rev().take(1_000).filter_map(entry);
        let waits = waits.map(|entry| entry.wait(&self.patience, now).unwrap_or_default());
        let settles = self.settling.iter().filter_map(entry);
        let settles = settles.map(|entry| entry.settles(&self.patience, now).unwrap_or_default());
        // While something is looked at, its end wakes.
        let waits = waits.filter(|_| self.running.is_none());
        pairing.into_iter().chain(waits).chain(settles).min()
    }

    /// Leaves what is there unasked: only what comes or changes from now on is looked at.
    pub fn skip_waiting(&mut self, now: Instant) {
        self.paired = None;
        self.pair(now);
        self.waiting.clear();
    }

    /// What is known of a run.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }

    /// Every run, by name.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// Runs that still have to be looked at.
    pub fn waiting(&self) -> usize {
        self.waiting.len() + usize::from(self.running.is_some())
    }

    /// How many answered what.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }
}

fn note(touched: &mut Option<BTreeSet<String>>, name: &str) {
    if let Some(touched) = touched {
        touched.insert(name.to_owned());
    }
}

impl Entry {
    fn new(run: Run, now: Instant) -> Self {
        Self {
            run,
            outcome: None,
            provisional: true,
            order: 0,
            generation: 0,
            changed: now,
            modified: None,
            since: None,
            closed: false,
            grown: false,
        }
    }

    /// Notes when its own recording was last written, if this is it.
    fn written(&mut self, changed: &Changed) {
        if self.run.files.first() == Some(&changed.name) {
            self.modified = changed.modified.or(self.modified);
        }
    }

    /// How long until it may be looked at; `None` when it may be now. What was appended to a followed run may be at once.
    fn wait(&self, patience: &Patience, now: Instant) -> Option<Duration> {
        if self.closed || self.grown {
            return None;
        }
        let rested = (self.changed + patience.quiet).min(self.since.unwrap_or(self.changed) + patience.most);
        rested.checked_duration_since(now).filter(|left| !left.is_zero())
    }

    /// How long until its answer stands as it is; `None` when it does now.
    fn settles(&self, patience: &Patience, now: Instant) -> Option<Duration> {
        (self.changed + patience.settle).checked_duration_since(now).filter(|left| !left.is_zero())
    }
}
