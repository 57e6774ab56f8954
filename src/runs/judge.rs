//! Asks the engine about one run. A run that grows is followed: what was appended costs what was appended.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Next, Outcome, Task, Work};
use crate::analyse::{Control, Envelope, Live, Population, Progress, Session, Trouble};
use crate::compare::Verdict;
use crate::pack::{self, Found, OpenError, Overrides};
use crate::watch::{Filter, State, look};

/// Growing runs that are followed at once; of more, the one that was asked about longest ago is read from its beginning the
/// next time.
const FOLLOWED: usize = 4;

/// A run that is followed as it grows.
#[derive(Debug)]
struct Followed {
    name: String,
    generation: u64,
    live: Live,
    /// What was last told of it, with its words.
    told: Outcome,
}

/// What answers, and what it keeps between answers.
#[derive(Debug, Default)]
pub struct Judge {
    /// The one that was asked about last comes last.
    followed: Vec<Followed>,
    learnt: Option<Learnt>,
}

/// What the good runs in a folder taught, as its files were then.
#[derive(Debug)]
struct Learnt {
    folder: PathBuf,
    files: BTreeMap<String, State>,
    envelope: Envelope,
}

impl Judge {
    /// What a run answers now. `None` when it was cancelled.
    pub fn ask(&mut self, task: &Task, progress: &dyn Progress) -> Option<Outcome> {
        let answer = match (task.run.paths.as_slice(), task.work) {
            ([good, run], _) if self.is_good_runs(good) => self.judged(good, run, progress),
            (_, Work::Whole) => {
                self.followed.retain(|one| one.name != task.run.name);
                whole(&task.run.paths, progress)
            }
            (_, Work::Grown | Work::Settle) => self.grown(task, progress),
        };
        match answer {
            Ok(outcome) => Some(outcome),
            Err(Trouble::Cancelled) => None,
            Err(trouble) => Some(Outcome::trouble(trouble.to_string())),
        }
    }

    /// True for a folder of good runs.
    fn is_good_runs(&self, path: &Path) -> bool {
        self.learnt.as_ref().is_some_and(|learnt| learnt.folder == path) || pack::is_of_runs(path)
    }

    /// What a run answers to several good ones, which are learnt from once for each state of their folder.
    fn judged(&mut self, good: &Path, run: &Path, progress: &dyn Progress) -> Result<Outcome, Trouble> {
        let recording = pack::recording(run)?;
        let files = look(good, &Filter::default()).unwrap_or_default().files;
        let known = self.learnt.take().filter(|learnt| learnt.folder == good && learnt.files == files);
        let learnt = if let Some(learnt) = known {
            learnt
        } else {
            let envelope = Envelope::open(&[good.to_path_buf()], &Overrides::default(), progress)?;
            Learnt { folder: good.to_path_buf(), files, envelope }
        };
        let analysis = learnt.envelope.judge(&recording, progress);
        let outcome = analysis.map(|analysis| Outcome { next: Next::Anew, ..Outcome::of(&analysis) });
        self.learnt = Some(learnt);
        outcome
    }

    fn grown(&mut self, task: &Task, progress: &dyn Progress) -> Result<Outcome, Trouble> {
        let same = |one: &Followed| one.name == task.run.name && one.generation == task.generation;
        let Some(at) = self.followed.iter().position(same) else {
            return self.follow(task, progress);
        };
        // Taken out while it is asked: after an error it is read anew.
        let Followed { name, generation, mut live, told } = self.followed.remove(at);
        let standing = live.refresh(progress)?.standing;
        let as_before = standing.verdict.is_some() && standing.verdict == told.verdict;
        let told = if as_before && task.work == Work::Grown {
            // The same answer, of more events: its words hold until it settles.
            Outcome { events: live.events().map(u64::from), rough: true, ..told }
        } else {
            Outcome::of(&live.snapshot(progress)?)
        };
        let told = Outcome { certain: is_certain(&live), ..told };
        self.keep(Followed { name, generation, live, told: told.clone() });
        Ok(told)
    }

    /// Begins to follow a run. What does not grow event by event is read as a whole instead.
    fn follow(&mut self, task: &Task, progress: &dyn Progress) -> Result<Outcome, Trouble> {
        let anew = || Ok(Outcome { next: Next::Anew, ..whole(&task.run.paths, progress)? });
        let Some(pack) = events(&task.run.paths)? else { return anew() };
        let mut live = match Live::open(pack, progress) {
            Ok(live) => live,
            Err(Trouble::Cancelled) => return Err(Trouble::Cancelled),
            Err(Trouble::Open(_)) => return anew(),
        };
        let told = Outcome { certain: is_certain(&live), ..Outcome::of(&live.snapshot(progress)?) };
        let (name, generation) = (task.run.name.clone(), task.generation);
        self.keep(Followed { name, generation, live, told: told.clone() });
        Ok(told)
    }

    fn keep(&mut self, one: Followed) {
        if self.followed.len() == FOLLOWED {
            self.followed.remove(0);
        }
        self.followed.push(one);
    }
}

/// True when the sides have parted on a lane, whatever comes.
fn is_certain(live: &Live) -> bool {
    let standing = live.standing();
    standing.verdict == Some(Verdict::Diverged) && !standing.provisional
}

/// The pack that paths open; `None` where they hold windows of requests or tables of metrics.
fn events(paths: &[PathBuf]) -> Result<Option<pack::Pack>, Trouble> {
    let others = pack::windows(paths, &[])?.is_some() || pack::metrics(paths)?.is_some();
    if others { Ok(None) } else { recordings(paths).map(Some) }
}

fn recordings(paths: &[PathBuf]) -> Result<pack::Pack, Trouble> {
    match pack::open(paths)? {
        Found::Ready(pack) => Ok(*pack),
        Found::Choose { pack, why, .. } => {
            let remedy = "Name the sides in a pack.json, or choose the baseline.".to_owned();
            Err(Trouble::Open(OpenError { path: pack.path, what: why, remedy }))
        }
    }
}

/// What a pair of sampled runs answers; `None` where there is none.
fn signals(paths: &[PathBuf], progress: &dyn Progress) -> Result<Option<Outcome>, Trouble> {
    let Some(pack::SampledRuns { pairs, overrides, warnings }) = pack::samples(paths, None)? else { return Ok(None) };
    let Ok([pair]) = <[_; 1]>::try_from(pairs) else { return Ok(None) };
    Control::new(pair, &overrides, warnings, progress).map(|control| Some(Outcome::of_control(&control)))
}

fn whole(paths: &[PathBuf], progress: &dyn Progress) -> Result<Outcome, Trouble> {
    if pack::signals_first(paths, None)?
        && let Some(outcome) = signals(paths, progress)?
    {
        return Ok(outcome);
    }
    if let Some(windows) = pack::windows(paths, &[])? {
        return Population::new(&windows, progress).map(|population| Outcome::of_population(&population));
    }
    if let Some(sides) = pack::metrics(paths)? {
        return Population::of_metrics(&sides, progress).map(|population| Outcome::of_population(&population));
    }
    if let Some(outcome) = signals(paths, progress)? {
        return Ok(outcome);
    }
    Session::new(recordings(paths)?).run(progress).map(|analysis| Outcome::of(&analysis))
}
