//! Whoever follows the files of opened pairs and control loops, in rounds of a job each. What was appended to events is told at
//! once, and the whole answer made when the files rest, or often enough while they never do.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::anew::{Anew, Read};
use super::since::Since;
use super::{Answer, Grown};
use crate::analyse::{Analysis, Frozen, Live, Progress, Rebuilt, Trouble, find_events};
use crate::app::command::Arrival;
use crate::app::message::Level;
use crate::app::pair::{Laid, Pair};
use crate::app::rounds::{Round, Rounds};
use crate::app::tabs::{Tab, TabId, Tabs};
use crate::jobs::{Handle, Panicked, Slot, Waker};
use crate::notes::Bookmark;
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
    /// When there was as much rest since the last answer as it took.
    rested: Option<Instant>,
}

impl Default for Burst {
    fn default() -> Self {
        Self { changes: None, takes: AT_ONCE * 2, rested: None }
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
        let rests = (last + SETTLE).max(self.rested.unwrap_or(last));
        Some(rests.min(first + self.longest()).saturating_duration_since(now))
    }

    /// An answer is being made to all changes up to now. When the last of them was.
    pub fn begun(&mut self) -> Option<Instant> {
        self.changes.take().map(|(_, last)| last)
    }

    /// An answer is made, and took so long.
    pub fn over(&mut self, now: Instant, takes: Duration) {
        (self.takes, self.rested) = (takes, Some(now + takes));
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
    let (answered, analysis) = (grower.waker(), Arc::clone(pair.analysis()));
    grower.start("growth", move |follower, handle| {
        let mut hands = match follower.map(|follower| *follower) {
            Some(Follower::Appended(hands)) => hands,
            Some(Follower::Anew(_)) | None => Box::new(Hands::new(analysis, answered)),
        };
        let (news, due) = hands.round(woken, bookmarks, &Told(handle));
        Round { hands: Box::new(Follower::Appended(hands)), news, due }
    });
    None
}

/// What follows the files of a pair.
struct Hands {
    /// What was opened before the files changed, until they were opened again.
    before: Option<Arc<Analysis>>,
    live: Option<Live>,
    /// Events that were told, and bytes that were read for them; none before the files were opened.
    told: Sides<u32>,
    bytes: Option<Sides<u64>>,
    /// Which of the events no answer has yet.
    since: Since,
    /// What changed since the last answer.
    burst: Burst,
    /// The answer that is being made, while what comes is told.
    answers: Slot<Made>,
    /// When the files changed last, while more may come.
    changed: Option<Instant>,
}

impl Hands {
    /// For what was opened; an answer that is made wakes with `answered`.
    fn new(analysis: Arc<Analysis>, answered: Waker) -> Self {
        Self {
            live: None,
            told: analysis.events(),
            bytes: None,
            since: Since::of(&analysis),
            before: Some(analysis),
            burst: Burst::default(),
            answers: Slot::new(answered),
            changed: None,
        }
    }

    /// Takes in what became of the files where they were `touched`, and makes an answer when it is time for one. What is to
    /// be told, and when the next round is due.
    fn round(
        &mut self,
        touched: bool,
        bookmarks: Vec<EventName>,
        told: &Told<'_>,
    ) -> (Option<Grown>, Option<Duration>) {
        let mut news = if touched { self.look(told) } else { None };
        let now = Instant::now();
        let ends = self.changed.is_some_and(|at| now >= at + ENDS);
        if ends && let Some(live) = &mut self.live {
            self.changed = None;
            set_ended(live, true);
            news.get_or_insert_with(|| self.standing());
        }
        let made = match self.answers.take() {
            None if self.answer_in(now) != Some(Duration::ZERO) => None,
            None if self.burst.takes <= AT_ONCE => self.freeze(told).map(|frozen| make(frozen, &bookmarks, told)),
            // What came is on screen first.
            None if news.is_some() => return (news, Some(Duration::ZERO)),
            None => {
                if let Some(frozen) = self.freeze(told) {
                    self.answers.start("answer", move |handle| make(frozen, &bookmarks, &Told(handle)));
                }
                None
            }
            Some(Ok(made)) => Some(made),
            Some(Err(Panicked(words))) => {
                let trouble = Some(format!("The answer broke ({words}). Press F5 to read it again."));
                return (Some(Grown { trouble, ..self.standing() }), None);
            }
        };
        if let Some(Made { answer: Ok(answer), takes }) = made {
            self.burst.over(Instant::now(), takes);
            if let Answer::Pair { pair, .. } = &answer {
                self.since.answered(pair.analysis());
            }
            let Grown { came, anew, .. } = news.unwrap_or_default();
            news = Some(Grown { came, anew, answer: Some(Box::new(answer)), ..self.standing() });
        }
        let now = Instant::now();
        let ends = self.changed.map(|at| (at + ENDS).saturating_duration_since(now));
        (news, [self.answer_in(now), ends].into_iter().flatten().min())
    }

    /// How long until the next answer is made, if one is to be.
    fn answer_in(&self, now: Instant) -> Option<Duration> {
        let wait = self.burst.wait(now).filter(|_| !self.answers.is_busy())?;
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
                if anew.is_some() {
                    // What is being made is of files that are no more.
                    self.answers.cancel();
                    self.since.begin_anew();
                }
                self.since.grew(before, events);
                self.told = events;
                let bytes = self.live.as_ref().map(Live::bytes);
                if std::mem::replace(&mut self.bytes, bytes) == bytes && rebuilt == Sides::default() {
                    if let Some(live) = self.live.as_mut().filter(|_| self.changed.is_none()) {
                        set_ended(live, true);
                    }
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
        let Some(before) = &self.before else { return Ok(()) };
        let start = Instant::now();
        let live = Live::open((*before.pack).clone(), told)?;
        self.burst.takes = start.elapsed();
        if !live.goes_on_from(before) {
            self.since.begin_anew();
        }
        (self.live, self.before) = (Some(live), None);
        Ok(())
    }

    /// How the sides stand.
    fn standing(&self) -> Grown {
        let Some(live) = &self.live else { return Grown::default() };
        let waits = self.changed.is_some() && (live.standing().provisional || live.spec_is_open());
        Grown { standing: live.standing(), waits, appended: self.since.appended(live), ..Grown::default() }
    }

    /// What an answer is made of; `None` where a file cannot be read now, which is tried again when it changes.
    fn freeze(&mut self, told: &Told<'_>) -> Option<Frozen> {
        self.burst.begun();
        self.live.as_mut()?.freeze(told).ok()
    }
}

/// An answer, and how long it took.
struct Made {
    answer: Result<Answer, Trouble>,
    takes: Duration,
}

/// Makes the whole answer, laid out.
fn make(frozen: Frozen, bookmarks: &[EventName], told: &Told<'_>) -> Made {
    let start = Instant::now();
    let answer = frozen.finish(told).and_then(|analysis| {
        let analysis = Arc::new(analysis);
        let laid = Laid::new(&analysis, &|| !told.cancelled());
        if told.cancelled() {
            return Err(Trouble::Cancelled);
        }
        let names: Vec<&EventName> = bookmarks.iter().collect();
        let found = bookmarks.iter().cloned().zip(find_events(&analysis, &names)).collect();
        Ok(Answer::Pair { pair: Box::new(Pair::new(analysis, laid)), found })
    });
    Made { answer, takes: start.elapsed() }
}

/// Says that both sides will grow no more, or that they may again.
fn set_ended(live: &mut Live, ended: bool) {
    for side in Side::BOTH {
        live.set_ended(side, ended);
    }
}

/// Stops when nobody waits.
struct Told<'h>(&'h Handle);

impl Progress for Told<'_> {
    fn wants_first(&self) -> bool {
        false
    }

    fn cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write as _;

    use super::*;
    use crate::analyse::Session;
    use crate::pack::{Found, open};

    fn lines(events: std::ops::Range<u32>) -> String {
        let line = |i| format!("{{\"type\":\"STEP\",\"task\":{},\"n\":{i}}}\n", i % 4);
        events.map(line).collect()
    }

    #[test]
    fn what_comes_while_an_answer_is_made_is_told_and_stands_behind_it() {
        let place = tempfile::tempdir().unwrap();
        let paths = ["expected.jsonl", "actual.jsonl"].map(|name| place.path().join(name));
        fs::write(&paths[0], lines(0..60)).unwrap();
        fs::write(&paths[1], lines(0..30)).unwrap();
        let Found::Ready(pack) = open(&paths).unwrap() else { panic!("two paths are a pair") };
        let append = |events| {
            let mut file = fs::OpenOptions::new().append(true).open(&paths[1]).unwrap();
            file.write_all(lines(events).as_bytes()).unwrap();
        };
        let handle = Handle::new(Waker::silent());
        let mut hands = Hands::new(Arc::new(Session::new(*pack).run(&()).unwrap()), Waker::silent());
        let round = |touched: bool, hands: &mut Hands| hands.round(touched, Vec::new(), &Told(&handle)).0;
        append(30..31);
        assert!(round(true, &mut hands).is_some());
        // From here on an answer takes long, and is made beside.
        hands.burst.takes = Duration::from_secs(1);
        append(31..33);
        let told = round(true, &mut hands).unwrap();
        assert_eq!((told.came, told.answer.is_some(), told.appended.unwrap().count()), (2, false, 2));
        hands.burst.rested = None;
        std::thread::sleep(SETTLE);
        assert!(round(false, &mut hands).is_none() && hands.answers.is_busy());
        append(33..34);
        let mut news = round(true, &mut hands).unwrap();
        assert_eq!(news.came, 1, "it is told, whether or not the answer is there");
        while news.answer.is_none() {
            std::thread::sleep(Duration::from_millis(1));
            news = round(false, &mut hands).unwrap_or_default();
        }
        let Some(Answer::Pair { pair, .. }) = news.answer.map(|answer| *answer) else { panic!("it is a pair's") };
        let appended = news.appended.unwrap();
        assert_eq!((pair.analysis().len(Side::Actual), appended.from.actual), (33, 33));
        assert_eq!(appended.events.iter().map(|came| came.event).collect::<Vec<_>>(), [33]);
    }
}
