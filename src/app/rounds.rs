//! Work that goes on for as long as a tab is open, in rounds of a job each: between them nothing runs, until somebody wakes it
//! or the next one is due. What a round needs of those before it is handed on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::tabs::TabId;
use crate::jobs::{Handle, Panicked, Slot, Waker};

/// The rounds of one tab: `H` is handed on, `N` is what a round tells.
pub struct Rounds<H: Send + 'static, N: Send + 'static> {
    /// Whose they are.
    pub tab: TabId,
    /// What was begun there, of what the tab has begun.
    pub number: u64,
    /// Set by the system's own calls.
    woke: Arc<AtomicBool>,
    slot: Slot<Round<H, N>>,
    /// Between two rounds.
    hands: Option<Box<H>>,
    due: Option<Instant>,
    broken: bool,
}

/// What a round leaves behind.
pub struct Round<H, N> {
    /// What the next one needs.
    pub hands: Box<H>,
    /// What is to be told.
    pub news: Option<N>,
    /// When the next one is due though nobody wakes.
    pub due: Option<Duration>,
}

impl<H: Send + 'static, N: Send + 'static> std::fmt::Debug for Rounds<H, N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rounds").field("tab", &self.tab).field("number", &self.number).finish_non_exhaustive()
    }
}

impl<H: Send + 'static, N: Send + 'static> Rounds<H, N> {
    /// No round was begun yet; the first one begins when `woke` says so.
    pub fn new(tab: TabId, number: u64, woke: Arc<AtomicBool>, waker: &Waker) -> Self {
        Self { tab, number, woke, slot: Slot::new(waker.clone()), hands: None, due: None, broken: false }
    }

    /// What wakes them.
    pub const fn woke(&self) -> &Arc<AtomicBool> {
        &self.woke
    }

    /// Wakes them, as the system's own calls do.
    pub fn waker(&self) -> Waker {
        let (woke, waker) = (Arc::clone(&self.woke), self.slot.waker().clone());
        Waker::new(move || {
            woke.store(true, Ordering::Relaxed);
            waker.wake();
        })
    }

    /// What the round that has ended tells; as an error, in what words it broke, after which there are no more.
    pub fn take(&mut self, now: Instant) -> Option<Result<N, String>> {
        match self.slot.take()? {
            Ok(Round { hands, news, due }) => {
                self.hands = Some(hands);
                self.due = due.map(|due| now + due);
                news.map(Ok)
            }
            Err(Panicked(words)) => {
                self.broken = true;
                Some(Err(words))
            }
        }
    }

    /// Whether a round begins now, and then whether somebody woke it; else, as an error, how long until the next is due.
    pub fn begins(&self, now: Instant) -> Result<bool, Option<Duration>> {
        if self.broken || self.slot.is_busy() {
            return Err(None);
        }
        let woken = self.woke.swap(false, Ordering::Relaxed);
        if woken || self.due.is_some_and(|due| due <= now) {
            return Ok(woken);
        }
        Err(self.due.map(|due| due.saturating_duration_since(now)))
    }

    /// Begins a round, on a thread of this name.
    pub fn start(&mut self, name: &str, work: impl FnOnce(Option<Box<H>>, &Handle) -> Round<H, N> + Send + 'static) {
        let hands = self.hands.take();
        self.slot.start(name, move |handle| work(hands, handle));
    }

    /// Does a round here and now.
    pub fn run_here(&mut self, work: impl FnOnce(Option<Box<H>>, &Handle) -> Round<H, N>) {
        let hands = self.hands.take();
        self.slot.run_here(|handle| work(hands, handle));
    }
}
