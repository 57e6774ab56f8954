//! A watched folder on screen: its runs, newest first, filling live without moving what a person looks at.

mod command;
mod follow;
mod list;
mod news;
mod past;
mod plan;
mod seen;
mod take;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::state::Request;
use crate::runs::{Counts, Entry, Outcome, Shape};

pub use command::{RuleField, WatchCommand};
pub use follow::Followers;
pub use list::{Kind, Line, List, ROW_HEIGHT};
pub use news::{How, News};
pub use past::{Answer, Past};
pub use plan::Plan;
pub use seen::SeenWatching;

/// What is known of a run.
#[derive(Debug, Clone)]
pub struct Known {
    /// What was last told of it.
    pub entry: Entry,
    /// True when its files are there no more; it goes when the list is made anew.
    pub gone: bool,
}

/// A watched folder.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "none of them says anything about another")]
pub struct Watching {
    /// What opens it again: the folder, and the plan in [`Request::watch`].
    request: Request,
    /// Counts the times it was begun; news of an earlier time are dropped.
    number: u64,
    runs: BTreeMap<Arc<str>, Known>,
    list: List,
    /// Runs of which the list does not show what is known.
    behind: BTreeSet<Arc<str>>,
    /// Those of them that came while the list was held, whether each would be shown, and how many would.
    fresh: BTreeMap<Arc<str>, bool>,
    unseen: usize,
    /// The runs that have an answer and are there, by their order.
    answered: BTreeSet<(u64, Arc<str>)>,
    selected: Option<Arc<str>>,
    filter: String,
    grouped: bool,
    follow: bool,
    paused: bool,
    /// True until all that is there has its answer by a plan that a person put in force: until then nothing is held.
    anew: bool,
    counts: Counts,
    /// Ways of failing that were seen; `None` until all that was there at the beginning had its answer.
    ways: Option<BTreeSet<Shape>>,
    waiting: usize,
    how: Option<How>,
    past: Past,
    /// What is written in the fields of the rules, and why it cannot be put in force.
    written: [String; 3],
    fault: Option<String>,
}

impl Watching {
    /// A folder that nobody has looked at yet.
    pub fn new(request: Request) -> Self {
        let request = request.absolute();
        let mut page = Self {
            request,
            number: 1,
            runs: BTreeMap::new(),
            list: List::default(),
            behind: BTreeSet::new(),
            fresh: BTreeMap::new(),
            unseen: 0,
            answered: BTreeSet::new(),
            selected: None,
            filter: String::new(),
            grouped: false,
            follow: false,
            paused: false,
            anew: false,
            counts: Counts::default(),
            ways: None,
            waiting: 0,
            how: None,
            past: Past::default(),
            written: <[String; 3]>::default(),
            fault: None,
        };
        page.write_rules();
        page
    }

    /// What opens it again.
    pub const fn request(&self) -> &Request {
        &self.request
    }

    /// The folder, or the one recording, that is watched.
    pub fn root(&self) -> &Path {
        self.request.paths.first().map_or(Path::new("."), PathBuf::as_path)
    }

    /// What its runs are compared with, and which names count.
    pub fn plan(&self) -> Plan {
        self.request.watch.as_deref().cloned().unwrap_or_default()
    }

    /// Counts the times it was begun.
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// The list as it stands.
    pub const fn list(&self) -> &List {
        &self.list
    }

    /// What is known of a run.
    pub fn run(&self, name: &str) -> Option<&Known> {
        self.runs.get(name)
    }

    /// The selected run.
    pub fn selected(&self) -> Option<(&Arc<str>, &Known)> {
        let (name, known) = self.runs.get_key_value(self.selected.as_deref()?)?;
        Some((name, known))
    }

    /// Runs that came while the list was held.
    pub const fn unseen(&self) -> usize {
        self.unseen
    }

    /// What the runs are filtered by.
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// True when the runs that failed alike stand together.
    pub const fn grouped(&self) -> bool {
        self.grouped
    }

    /// True when every run is selected as soon as it has an answer.
    pub const fn follows(&self) -> bool {
        self.follow
    }

    /// True while nothing is looked at.
    pub const fn paused(&self) -> bool {
        self.paused
    }

    /// How many answered what.
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Runs that still have to be looked at.
    pub const fn waiting(&self) -> usize {
        self.waiting
    }

    /// How it is followed; `None` before the first look.
    pub const fn how(&self) -> Option<&How> {
        self.how.as_ref()
    }

    /// The answers so far.
    pub const fn past(&self) -> &Past {
        &self.past
    }

    /// What is written in a field of the rules.
    pub fn written(&self, field: RuleField) -> &str {
        &self.written[field as usize]
    }

    /// True when what is written is not in force.
    pub fn is_edited(&self) -> bool {
        self.written != written(&self.plan(), self.root())
    }

    /// Why what is written cannot be put in force.
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Runs that failed.
    pub fn failed(&self) -> u64 {
        self.counts.shapes().iter().map(|(_, n)| n).sum()
    }

    /// Carries out a command. Says whether something that is kept has changed.
    pub(super) fn apply(&mut self, command: WatchCommand) -> bool {
        match command {
            WatchCommand::Select(name) => self.select(Some(name)),
            WatchCommand::Deselect => self.select(None),
            WatchCommand::Step(by) => self.step(by),
            WatchCommand::Page(by) => self.step(by.saturating_mul(i64::from(self.list.scroller().page()))),
            WatchCommand::Top => {
                let first = self.list.runs().next().cloned();
                self.select(first);
            }
            WatchCommand::Bottom => {
                let last = self.list.runs().next_back().cloned();
                self.select(last);
            }
            WatchCommand::StepFailed { forward } => self.step_failed(forward),
            WatchCommand::Filter(filter) => {
                self.filter = filter;
                self.make();
                self.list.scroller_mut().set_top(0, 0.0);
                self.reveal();
            }
            WatchCommand::Group => {
                self.grouped ^= true;
                self.make();
                self.list.scroller_mut().set_top(0, 0.0);
                self.reveal();
            }
            WatchCommand::Fold(kind) => {
                self.list.fold(kind);
                self.renew();
            }
            WatchCommand::Follow => {
                self.follow ^= true;
                if self.follow {
                    self.renew();
                    self.select_latest();
                }
            }
            WatchCommand::Pause => self.paused ^= true,
            WatchCommand::ShowNew => {
                self.renew();
                self.list.scroller_mut().set_top(0, 0.0);
            }
            WatchCommand::Baseline(baseline) => return self.set_plan(Plan { baseline, ..self.plan() }),
            WatchCommand::BaselineHere => {
                if let Ok(baseline) = self.baseline_here() {
                    return self.set_plan(Plan { baseline: Some(baseline), ..self.plan() });
                }
            }
            WatchCommand::Write(field, text) => {
                self.written[field as usize] = text;
                self.fault = None;
            }
            WatchCommand::Rules => return self.put_rules(),
            WatchCommand::Scroll(points) => {
                self.follow = false;
                self.list.scroller_mut().scroll_by(points);
            }
            WatchCommand::ScrollTo(share) => {
                self.follow = false;
                self.list.scroller_mut().set_fraction(share);
            }
            WatchCommand::Viewport(height) => self.list.scroller_mut().set_viewport(height),
            // It is opened where tabs are.
            WatchCommand::Open => {}
        }
        false
    }

    /// Selects by hand: what comes later is followed no more.
    fn select(&mut self, name: Option<Arc<str>>) {
        self.follow = false;
        self.selected = name;
        self.reveal();
    }

    fn reveal(&mut self) {
        if let Some(line) = self.selected.as_ref().and_then(|name| self.list.line_of(name)) {
            self.list.scroller_mut().reveal(line, 1);
        }
    }

    fn step(&mut self, by: i64) {
        let runs: Vec<&Arc<str>> = self.list.runs().collect();
        let Some(last) = runs.len().checked_sub(1) else { return };
        let here = self.selected.as_ref().and_then(|name| runs.iter().position(|run| *run == name));
        // The first press selects the first one in sight.
        let to = here.map_or(0, |here| (here as i64).saturating_add(by).clamp(0, last as i64) as usize);
        let name = Arc::clone(runs[to]);
        self.select(Some(name));
    }

    fn step_failed(&mut self, forward: bool) {
        let failed = |name: &&Arc<str>| {
            let outcome = self.runs.get(*name).and_then(|known| known.entry.outcome.as_ref());
            outcome.is_some_and(Outcome::failed)
        };
        let here = |name: &&Arc<str>| self.selected.as_ref() == Some(*name);
        let any = self.selected.is_some();
        let behind = |mut runs: Box<dyn Iterator<Item = &Arc<str>> + '_>| {
            if any {
                runs.by_ref().find(here);
            }
            runs.find(failed).cloned()
        };
        let found = if forward { behind(Box::new(self.list.runs())) } else { behind(Box::new(self.list.runs().rev())) };
        if found.is_some() {
            self.select(found);
        }
    }

    /// The recording of the selected run, to compare the others with; else why there is none, as a sentence.
    pub fn baseline_here(&self) -> Result<PathBuf, &'static str> {
        let Some((_, known)) = self.selected() else { return Err("Select a run first.") };
        let run = &known.entry.run;
        let path = self.root().join(&run.name);
        match run.paths.last() {
            _ if run.paths.len() == 1 && run.files.len() > 1 => {
                Err("This run is a pack, which brings its own baseline; select a single recording.")
            }
            Some(last) if *last == path && self.root().is_dir() => Ok(path),
            _ => Err("This run is a pack, which brings its own baseline; select a single recording."),
        }
    }

    fn write_rules(&mut self) {
        (self.written, self.fault) = (written(&self.plan(), self.root()), None);
    }

    fn put_rules(&mut self) -> bool {
        let baseline = self.written(RuleField::Baseline).trim();
        let plan = Plan {
            baseline: (!baseline.is_empty()).then(|| self.root().join(baseline)),
            include: plan::patterns(self.written(RuleField::Include)),
            exclude: plan::patterns(self.written(RuleField::Exclude)),
        };
        match plan.filter() {
            Ok(_) => self.set_plan(plan),
            Err(why) => {
                self.fault = Some(why);
                false
            }
        }
    }

    /// Puts a plan in force: everything is looked at anew.
    fn set_plan(&mut self, plan: Plan) -> bool {
        let changed = plan != self.plan();
        self.request.watch = Some(Box::new(plan));
        self.write_rules();
        if changed {
            (self.paused, self.anew) = (false, true);
            self.begin();
        }
        changed
    }

    /// Looks at everything anew. The history, the filter and what is selected stay.
    pub(super) fn begin(&mut self) {
        self.number += 1;
        self.runs.clear();
        self.behind.clear();
        self.fresh.clear();
        self.answered.clear();
        (self.unseen, self.waiting, self.how) = (0, 0, None);
        (self.counts, self.ways) = (Counts::default(), None);
        self.list.make(&self.runs, &self.filter, self.grouped);
    }
}

/// A plan as it stands in the fields.
fn written(plan: &Plan, root: &Path) -> [String; 3] {
    let baseline = plan.baseline.as_ref().map(|_| plan.against(root)).unwrap_or_default();
    [baseline, plan.include.join(" "), plan.exclude.join(" ")]
}
