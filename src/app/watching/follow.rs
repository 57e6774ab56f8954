//! Whoever follows the folders on screen: looks at files and asks the engine in rounds of a job each, and rests in between
//! without a thread until the system tells of a change.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{How, News, Watching};
use crate::analyse::Progress;
use crate::app::command::Arrival;
use crate::app::message::Level;
use crate::app::rounds::{Round, Rounds};
use crate::app::state::Page;
use crate::app::tabs::{TabId, Tabs};
use crate::jobs::{Handle, Waker};
use crate::runs::{Desk, Judge, Outcome, Patience, Task};
use crate::watch::{Change, Filter, Folder};

/// A round that has something to tell ends after this time, so that the list fills while thousands of runs are looked at.
const ROUND: Duration = Duration::from_millis(100);
/// The least time between two rounds that nobody asked for.
const REST: Duration = Duration::from_millis(10);

/// All folders that are followed.
#[derive(Debug, Default)]
pub struct Followers(Vec<Follower>);

/// One folder that is followed for a tab.
type Follower = Rounds<Hands, News>;

impl Followers {
    /// Begins to follow what is on screen, takes in what rounds found, and starts those that are due. Says when to look again.
    /// With `here` a round is done here and now, and looks at everything.
    pub fn step(
        &mut self,
        tabs: &Tabs,
        now: Instant,
        waker: &Waker,
        here: bool,
        arrived: &mut Vec<Arrival>,
    ) -> Option<Duration> {
        let page = |id: TabId| match tabs.get(id).map(|tab| &tab.page) {
            Some(Page::Watching(page)) => Some(page),
            _ => None,
        };
        self.0.retain(|follower| page(follower.tab).is_some_and(|page| page.number() == follower.number));
        let front = tabs.front().id;
        for tab in tabs.iter() {
            let Page::Watching(page) = &tab.page else { continue };
            let known = self.0.iter().any(|follower| follower.tab == tab.id);
            // What was open before a restart waits until somebody looks at it; what was begun anew does not.
            if !known && (tab.id == front || page.number() > 1) {
                // The first round is due at once.
                let woke = Arc::new(AtomicBool::new(true));
                self.0.push(Follower::new(tab.id, page.number(), woke, waker));
            }
        }
        let mut soonest = None;
        for follower in &mut self.0 {
            let Some(page) = page(follower.tab) else { continue };
            take(follower, page, now, arrived);
            soonest = [soonest, go_on(follower, page, now, waker, here)].into_iter().flatten().min();
            if here {
                take(follower, page, now, arrived);
            }
        }
        soonest
    }
}

/// Takes in what a round found.
fn take(follower: &mut Follower, page: &Watching, now: Instant, arrived: &mut Vec<Arrival>) {
    arrived.extend(follower.take(now).map(|told| match told {
        Ok(news) => Arrival::Watched(follower.tab, follower.number, Box::new(news)),
        Err(words) => {
            let text = format!("Following {} broke ({words}). Press F5 to begin again.", page.root().display());
            Arrival::Said(Level::Error, text)
        }
    }));
}

/// Starts the next round if it is due; says when it will be.
fn go_on(follower: &mut Follower, page: &Watching, now: Instant, waker: &Waker, here: bool) -> Option<Duration> {
    if page.paused() {
        return None;
    }
    if let Err(wait) = follower.begins(now) {
        return wait;
    }
    let (woke, waker) = (Arc::clone(follower.woke()), waker.clone());
    let (root, plan) = (page.root().to_path_buf(), page.plan());
    let work = move |hands: Option<Box<Hands>>, handle: &Handle| {
        // What cannot be understood was refused when it was written.
        let filter = plan.filter().unwrap_or_default();
        let new = || Box::new(Hands::new(&root, plan.baseline.clone(), filter, woke, waker, here));
        let mut hands = hands.unwrap_or_else(new);
        let due = hands.round(handle, here);
        let news = hands.news(Instant::now());
        Round { hands, news, due }
    };
    if here {
        follower.run_here(work);
    } else {
        follower.start("watch", work);
    }
    None
}

/// What follows a folder and asks about its runs.
struct Hands {
    folder: Folder,
    desk: Desk,
    judge: Judge,
    woke: Arc<AtomicBool>,
    /// The last round asked about nothing, so that what came was on screen first.
    held_back: bool,
    before: News,
}

impl Hands {
    fn new(
        root: &Path,
        baseline: Option<std::path::PathBuf>,
        filter: Filter,
        woke: Arc<AtomicBool>,
        waker: Waker,
        here: bool,
    ) -> Self {
        let flag = Arc::clone(&woke);
        let tell = move || {
            flag.store(true, Ordering::Relaxed);
            waker.wake();
        };
        // Who looks only once does not wait for anything to settle.
        let at_once = Patience { quiet: Duration::ZERO, most: Duration::ZERO, settle: Duration::ZERO };
        Self {
            folder: Folder::new(root, filter, false, tell),
            desk: Desk::new(root, baseline, if here { at_once } else { Patience::default() }).noting(),
            judge: Judge::default(),
            woke,
            held_back: false,
            before: News::default(),
        }
    }

    /// Looks at what changed, and asks about the runs that are due, the newest first. Says when the next round is due.
    fn round(&mut self, handle: &Handle, here: bool) -> Option<Duration> {
        let start = Instant::now();
        let whole = look(&mut self.folder, &mut self.desk, start);
        // What came or changed is on screen before it is asked about; what was appended is asked about at once. While files
        // never cease to come, every other round asks.
        self.held_back = whole && !here && !self.held_back;
        let mut more = self.held_back;
        while !more && !handle.is_cancelled() {
            let now = Instant::now();
            let Some(task) = self.desk.next(now).or_else(|| self.desk.next_to_settle(now)) else { break };
            let outcome = self.ask(&task, handle);
            self.desk.done(outcome);
            more = !here && start.elapsed() >= ROUND;
        }
        let now = Instant::now();
        if more {
            return Some(Duration::ZERO);
        }
        let due = [self.folder.due(now), self.desk.due(now)].into_iter().flatten().min();
        due.map(|due| due.max(REST)).filter(|_| !here)
    }

    /// What a run answers; `None` when it was cancelled, or changed meanwhile.
    fn ask(&mut self, task: &Task, handle: &Handle) -> Option<Outcome> {
        let Self { folder, desk, judge, woke, .. } = self;
        let told = Told { handle, woke, files: Mutex::new((folder, desk)), stale: AtomicBool::new(false) };
        let asked = catch_unwind(AssertUnwindSafe(|| judge.ask(task, &told)));
        asked.unwrap_or_else(|_payload| {
            *judge = Judge::default();
            let text =
                "The analysis broke. This is a fault of the program, not of the file; opening the run says more.";
            Some(Outcome::trouble(text.to_owned()))
        })
    }

    /// What is to be told; `None` when nothing changed.
    fn news(&mut self, now: Instant) -> Option<News> {
        let answered = self.desk.take_settled(now);
        let mut changed = Vec::new();
        let mut removed = Vec::new();
        for name in self.desk.take_touched() {
            match self.desk.entry(&name) {
                Some(entry) => changed.push(entry.clone()),
                None => removed.push(name),
            }
        }
        let how = How {
            here: self.folder.is_here(),
            polled: self.folder.polled().map(str::to_owned),
            unread: self.folder.unread().to_vec(),
        };
        let (counts, waiting) = (self.desk.counts().clone(), self.desk.waiting());
        let news = News { changed, removed, answered, counts, waiting, how };
        let is_news = news.is_news(&self.before);
        self.before = News { changed: Vec::new(), removed: Vec::new(), answered: Vec::new(), ..news.clone() };
        is_news.then_some(news)
    }
}

/// Takes in what changed in a folder; says whether it was more than that something was appended.
fn look(folder: &mut Folder, desk: &mut Desk, now: Instant) -> bool {
    let taken = folder.take(now);
    let whole = taken.changes.iter().any(|changed| changed.change != Change::Grown);
    desk.changed(taken.changes, now);
    desk.closed(&taken.closed);
    whole
}

/// Stops asking about a run when nobody waits, or when its files changed so that the answer would be dropped.
struct Told<'h> {
    handle: &'h Handle,
    woke: &'h AtomicBool,
    files: Mutex<(&'h mut Folder, &'h mut Desk)>,
    stale: AtomicBool,
}

impl Progress for Told<'_> {
    fn wants_first(&self) -> bool {
        false
    }

    fn cancelled(&self) -> bool {
        if self.woke.swap(false, Ordering::Relaxed) {
            let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
            let (folder, desk) = &mut *files;
            look(folder, desk, Instant::now());
            self.stale.fetch_or(desk.is_stale(), Ordering::Relaxed);
        }
        self.handle.is_cancelled() || self.stale.load(Ordering::Relaxed)
    }
}
