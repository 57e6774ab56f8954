//! Whoever follows the files of opened pairs and control loops, in rounds of a job each. What was appended to events is told at
//! once, and the whole answer made when the files rest, or often enough while they never do.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::anew::{Anew, Read};
use super::{Answer, Grown};
use crate::analyse::{Analysis, Live, Progress, Rebuilt, Trouble, find_events};
use crate::app::command::Arrival;
use crate::app::message::Level;
use crate::app::pair::{Laid, Pair};
use crate::app::rounds::{Round, Rounds};
use crate::app::tabs::{Tab, TabId, Tabs};
use crate::jobs::{Handle, Waker};
use crate::notes::Bookmark;
use crate::pack::Pack;
use crate::trace::{EventName, Side, Sides};
use crate::watch::SETTLE;

/// An answer that takes no longer is made with every change.
const AT_ONCE: Duration = Duration::from_millis(20);
/// While files never rest, an answer is made this often at most.
const RARELY: Duration = Duration::from_secs(2);
/// And so much rest is between two answers, by what one takes.
const SHARE: u32 = 4;
/// What waited so long for more has ended.
pub(super) const ENDS: Duration = Duration::from_secs(2);

/// A run of changes, and when an answer to it is due.
#[derive(Debug)]
pub(super) struct Burst {
    /// The first and the last change since the last answer.
    changes: Option<(Instant, Instant)>,
    /// What an answer takes.
    takes: Duration,
}

impl Default for Burst {
    fn default() -> Self {
        Self { changes: None, takes: AT_ONCE * 2 }
    }
}

impl Burst {
    /// Something changed.
    pub fn touched(&mut self, now: Instant) {
        self.changes = Some((self.changes.map_or(now, |(first, _)| first), now));
    }

    /// How long until the answer is due: when the changes have come to rest; now and then while they never do.
    pub fn wait(&self, now: Instant) -> Option<Duration> {
        let (first, last) = self.changes?;
        let due = (last + SETTLE).min(first + self.longest());
        Some(due.saturating_duration_since(now))
    }

    /// The answer is made, and took so long. When the last of the changes was.
    pub fn over(&mut self, takes: Duration) -> Option<Instant> {
        self.takes = takes;
        self.changes.take().map(|(_, last)| last)
    }

    fn longest(&self) -> Duration {
        RARELY.max(self.takes * SHARE)
    }
}

/// All tabs whose files have changed.
#[derive(Debug, Default)]
pub struct Growers(Vec<Grower>);

/// What follows the files of one tab.
type Grower = Rounds<Follower, Grown>;

/// How they are followed.
enum Follower {
    /// What is appended is taken in.
    Appended(Box<Hands>),
    /// Everything is read anew.
    Anew(Box<Anew>),
}

impl Growers {
    /// Begins to follow a tab whose files have changed; `woke` says when they do so again.
    pub fn begin(&mut self, tab: &Tab, woke: &Arc<AtomicBool>, waker: &Waker) {
        let number = tab.growth.number();
        if !self.0.iter().any(|grower| grower.tab == tab.id && grower.number == number) {
            self.0.retain(|grower| grower.tab != tab.id);
            self.0.push(Grower::new(tab.id, number, Arc::clone(woke), waker));
        }
    }

    /// Takes in what rounds found, and starts those that are due. Says when to look again.
    pub fn step(&mut self, tabs: &Tabs, now: Instant, arrived: &mut Vec<Arrival>) -> Option<Duration> {
        let tab = |id: TabId| tabs.get(id).filter(|tab| tab.grows());
        self.0.retain(|grower| tab(grower.tab).is_some_and(|tab| tab.growth.number() == grower.number));
        let mut soonest = None;
        for grower in &mut self.0 {
            let Some(tab) = tab(grower.tab) else { continue };
            arrived.extend(grower.take(now).map(|told| match told {
                Ok(news) => Arrival::Grew(grower.tab, grower.number, Box::new(news)),
                Err(words) => {
                    let text = format!("Following {} broke ({words}). Press F5 to read it again.", tab.title());
                    Arrival::Said(Level::Error, text)
                }
            }));
            soonest = [soonest, go_on(grower, tab, now)].into_iter().flatten().min();
        }
        soonest
    }
}

/// Starts the next round if it is due; says when it will be.
fn go_on(grower: &mut Grower, tab: &Tab, now: Instant) -> Option<Duration> {
    if tab.growth.paused() || tab.loading.is_some() {
        return None;
    }
    let woken = match grower.begins(now) {
        Ok(woken) => woken,
        Err(wait) => return wait,
    };
    let Some(pair) = tab.pair_behind().filter(|_| tab.appends()) else {
        let (request, read) = (tab.open.clone()?, Read::of(&tab.page));
        let notes = tab.pair_behind().map(|pair| pair.bookmarks().notes().clone());
        grower.start("growth", move |follower, handle| {
            let mut anew = match follower.map(|follower| *follower) {
                Some(Follower::Anew(anew)) => anew,
                Some(Follower::Appended(_)) | None => Box::new(Anew::new(request, read)),
            };
            let (news, due) = anew.round(woken, notes, handle);
            Round { hands: Box::new(Follower::Anew(anew)), news, due }
        });
        return None;
    };
    let bookmarks: Vec<EventName> =
        pair.bookmarks().notes().bookmarks.iter().flat_map(Bookmark::names).cloned().collect();
    let (woke, analysis) = (Arc::clone(grower.woke()), Arc::clone(pair.analysis()));
    grower.start("growth", move |follower, handle| {
        let mut hands = match follower.map(|follower| *follower) {
            Some(Follower::Appended(hands)) => hands,
            Some(Follower::Anew(_)) | None => Box::new(Hands::new(&analysis)),
        };
        drop(analysis);
        let (news, due) = hands.round(woken, &bookmarks, &Told { handle, woke: &woke, yields: false });
        Round { hands: Box::new(Follower::Appended(hands)), news, due }
    });
    None
}

/// What follows the files of a pair.
struct Hands {
    /// What is opened, until it was.
    pack: Option<Pack>,
    live: Option<Live>,
    /// Events that were told, and bytes that were read for them; none before the files were opened.
    told: Sides<u32>,
    bytes: Option<Sides<u64>>,
    /// What changed since the last answer.
    burst: Burst,
    /// When the files changed last, while more may come.
    changed: Option<Instant>,
}

impl Hands {
    fn new(analysis: &Analysis) -> Self {
        let told = Sides::new(Side::Expected, Side::Actual).map(|side| analysis.len(side));
        Self {
            pack: Some((*analysis.pack).clone()),
            live: None,
            told,
            bytes: None,
            burst: Burst::default(),
            changed: None,
        }
    }

    /// Takes in what became of the files where they were `touched`, and makes an answer when it is time for one. What is to
    /// be told, and when the next round is due.
    fn round(&mut self, touched: bool, bookmarks: &[EventName], told: &Told<'_>) -> (Option<Grown>, Option<Duration>) {
        let mut news = if touched { self.look(told) } else { None };
        let now = Instant::now();
        let ends = self.changed.is_some_and(|at| now >= at + ENDS);
        if ends && let Some(live) = &mut self.live {
            self.changed = None;
            set_ended(live, true);
            news.get_or_insert_with(|| self.standing());
        }
        if self.answer_in(now) == Some(Duration::ZERO) {
            // What came is on screen first, unless both are a matter of a frame.
            if news.is_some() && self.burst.takes > AT_ONCE {
                return (news, Some(Duration::ZERO));
            }
            if let Some(answer) = self.answer(bookmarks, told, now) {
                let standing = self.standing();
                news = Some(Grown { answer: Some(Box::new(answer)), ..news.unwrap_or(standing) });
            }
        }
        let now = Instant::now();
        let ends = self.changed.map(|at| (at + ENDS).saturating_duration_since(now));
        (news, [self.answer_in(now), ends].into_iter().flatten().min())
    }

    /// How long until the next answer is made, if one is to be.
    fn answer_in(&self, now: Instant) -> Option<Duration> {
        let wait = self.burst.wait(now)?;
        Some(if self.burst.takes <= AT_ONCE { Duration::ZERO } else { wait })
    }

    /// Takes in what became of the files; what is to be told.
    fn look(&mut self, told: &Told<'_>) -> Option<Grown> {
        let before = self.told;
        let looked = match &mut self.live {
            Some(live) => {
                set_ended(live, false);
                live.refresh(told).map(|update| update.rebuilt)
            }
            None => self.open(told).map(|()| Sides::default()),
        };
        let now = Instant::now();
        match looked {
            Ok(rebuilt) => {
                let events = self.live.as_ref()?.events();
                let anew = [rebuilt.expected, rebuilt.actual].into_iter().flatten().find(|why| *why != Rebuilt::Spec);
                self.told = events;
                let bytes = self.live.as_ref().map(Live::bytes);
                if std::mem::replace(&mut self.bytes, bytes) == bytes && rebuilt == Sides::default() {
                    return None;
                }
                let more = |now: u32, before: u32| u64::from(now.saturating_sub(before));
                let came = more(events.expected, before.expected) + more(events.actual, before.actual);
                self.burst.touched(now);
                self.changed = Some(now);
                Some(Grown { came, anew, ..self.standing() })
            }
            Err(Trouble::Cancelled) => None,
            Err(trouble) => Some(Grown { trouble: Some(trouble.to_string()), ..self.standing() }),
        }
    }

    fn open(&mut self, told: &Told<'_>) -> Result<(), Trouble> {
        let Some(pack) = &self.pack else { return Ok(()) };
        let start = Instant::now();
        self.live = Some(Live::open(pack.clone(), told)?);
        self.burst.takes = start.elapsed();
        self.pack = None;
        Ok(())
    }

    /// How the sides stand.
    fn standing(&self) -> Grown {
        let Some(live) = &self.live else { return Grown::default() };
        let waits = self.changed.is_some() && (live.standing().provisional || live.spec_is_open());
        Grown { standing: live.standing(), waits, ..Grown::default() }
    }

    /// The whole answer; `None` when what comes meanwhile is to be told first, or a file cannot be read now.
    fn answer(&mut self, bookmarks: &[EventName], told: &Told<'_>, now: Instant) -> Option<Answer> {
        let (first, _) = self.burst.changes?;
        // Other changes come first, but not for ever.
        let told = Told { yields: now < first + self.burst.longest(), ..*told };
        let start = Instant::now();
        let live = self.live.as_mut()?;
        let analysis = match live.finish(&told) {
            Ok(analysis) => Arc::new(analysis),
            Err(trouble) => {
                // What was cancelled is tried again when it has rested; what cannot be read, when it changes.
                self.burst.changes = matches!(trouble, Trouble::Cancelled).then(|| (first, Instant::now()));
                return None;
            }
        };
        let laid = Laid::new(&analysis, &|| !told.cancelled());
        if told.cancelled() {
            self.burst.changes = Some((first, Instant::now()));
            return None;
        }
        let names: Vec<&EventName> = bookmarks.iter().collect();
        let found = bookmarks.iter().cloned().zip(find_events(&analysis, &names)).collect();
        let pair = Box::new(Pair::new(analysis, laid));
        self.burst.over(start.elapsed());
        Some(Answer::Pair { pair, found })
    }
}

/// Says that both sides will grow no more, or that they may again.
fn set_ended(live: &mut Live, ended: bool) {
    for side in Side::BOTH {
        live.set_ended(side, ended);
    }
}

/// Stops when nobody waits, and where it `yields`, when the files changed once more.
struct Told<'h> {
    handle: &'h Handle,
    woke: &'h AtomicBool,
    yields: bool,
}

impl Progress for Told<'_> {
    fn wants_first(&self) -> bool {
        false
    }

    fn cancelled(&self) -> bool {
        self.handle.is_cancelled() || self.yields && self.woke.load(Ordering::Relaxed)
    }
}
