//! What a job and its owner share: a cancel flag, progress, and a way to wake the window.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Progress is shown at most this often: a bar that moves ten times a second is smooth, and costs no core.
const SHOW_EVERY: Duration = Duration::from_millis(100);

/// Wakes whoever shows results: the window asks for a repaint in it.
#[derive(Clone)]
pub struct Waker(Arc<dyn Fn() + Send + Sync>);

impl Waker {
    /// A waker that calls `wake`, from any thread.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(wake))
    }

    /// A waker for where nobody sleeps: tests and pictures.
    pub fn silent() -> Self {
        Self::new(|| {})
    }

    /// Wakes.
    pub fn wake(&self) {
        (self.0)();
    }
}

impl std::fmt::Debug for Waker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Waker")
    }
}

/// What a job is doing, as last told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// What it is doing, in a word.
    pub stage: String,
    /// How much of it is done.
    pub done: u64,
    /// Of how much; 0 when unknown.
    pub total: u64,
    /// A first, provisional result in a line.
    pub first: Option<String>,
}

#[derive(Debug)]
struct Told {
    snapshot: Snapshot,
    shown: Option<Instant>,
}

/// The two ends of a job's progress and cancelling. Cheap to clone; every clone is the same job.
#[derive(Debug, Clone)]
pub struct Handle {
    cancelled: Arc<AtomicBool>,
    told: Arc<Mutex<Told>>,
    waker: Waker,
}

impl Handle {
    /// A handle of a job that has not begun.
    pub fn new(waker: Waker) -> Self {
        let told = Told { snapshot: Snapshot::default(), shown: None };
        Self { cancelled: Arc::default(), told: Arc::new(Mutex::new(told)), waker }
    }

    /// Asks the job to stop at its next opportunity.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// True when the job should stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Tells what the job is doing. May be called as often as it likes: the window is woken ten times a second.
    pub fn step(&self, stage: &str, done: u64, total: u64) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.snapshot.stage != stage {
            stage.clone_into(&mut told.snapshot.stage);
            told.shown = None;
        }
        told.snapshot.done = done;
        told.snapshot.total = total;
        if told.shown.is_none_or(|shown| shown.elapsed() >= SHOW_EVERY) {
            told.shown = Some(Instant::now());
            drop(told);
            self.waker.wake();
        }
    }

    /// Tells the first, provisional result; it is shown at once.
    pub fn first(&self, line: &str) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).snapshot.first = Some(line.to_owned());
        self.waker.wake();
    }

    /// What the job last told.
    pub fn snapshot(&self) -> Snapshot {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).snapshot.clone()
    }

    /// Wakes whoever shows results, for what was told in another way.
    pub fn wake(&self) {
        self.waker.wake();
    }
}
