//! A place for one job at a time: starting another drops the one before it, so that an old result never arrives.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use poll_promise::Promise;

use super::{Handle, Snapshot, Waker};

/// A job broke: its panic in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Panicked(pub String);

struct Running<T: Send + 'static> {
    handle: Handle,
    promise: Promise<Result<T, Panicked>>,
}

/// Runs at most one job, of one kind. Its generation counts the jobs that were started.
pub struct Slot<T: Send + 'static> {
    running: Option<Running<T>>,
    generation: u64,
    waker: Waker,
}

impl<T: Send + 'static> std::fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Slot")
            .field("generation", &self.generation)
            .field("busy", &self.running.is_some())
            .finish_non_exhaustive()
    }
}

impl<T: Send + 'static> Slot<T> {
    /// An empty slot whose jobs wake with `waker`.
    pub fn new(waker: Waker) -> Self {
        Self { running: None, generation: 0, waker }
    }

    /// What its jobs wake with.
    pub const fn waker(&self) -> &Waker {
        &self.waker
    }

    /// Runs `work` on a thread of this name. A job that is still running is cancelled, and its result dropped.
    pub fn start(&mut self, name: &str, work: impl FnOnce(&Handle) -> T + Send + 'static) {
        self.cancel();
        self.generation += 1;
        let handle = Handle::new(self.waker.clone());
        let (sender, promise) = Promise::new();
        let inside = handle.clone();
        let body = move || {
            sender.send(run(work, &inside));
            inside.wake();
        };
        self.running = Some(match std::thread::Builder::new().name(name.to_owned()).spawn(body) {
            Ok(_detached) => Running { handle, promise },
            Err(error) => {
                handle.wake();
                let failure = Panicked(format!("no thread could be started ({error})"));
                Running { handle, promise: Promise::from_ready(Err(failure)) }
            }
        });
    }

    /// Runs `work` here and now, for tests and pictures. Its result is there on the next [`Self::take`].
    pub fn run_here(&mut self, work: impl FnOnce(&Handle) -> T) {
        self.cancel();
        self.generation += 1;
        let handle = Handle::new(self.waker.clone());
        let promise = Promise::from_ready(run(work, &handle));
        handle.wake();
        self.running = Some(Running { handle, promise });
    }

    /// Asks the running job to stop and forgets it: whatever it still returns is dropped.
    pub fn cancel(&mut self) {
        if let Some(running) = self.running.take() {
            running.handle.cancel();
        }
    }

    /// How many jobs were started; the number of the current one.
    pub const fn generation(&self) -> u64 {
        self.generation
    }

    /// What the running job last told.
    pub fn progress(&self) -> Option<Snapshot> {
        self.running.as_ref().map(|running| running.handle.snapshot())
    }

    /// True while a job runs or its result waits to be taken.
    pub const fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    /// The result, once, when it is there.
    pub fn take(&mut self) -> Option<Result<T, Panicked>> {
        let Running { handle, promise } = self.running.take()?;
        match promise.try_take() {
            Ok(result) => Some(result),
            Err(promise) => {
                self.running = Some(Running { handle, promise });
                None
            }
        }
    }
}

impl<T: Send + 'static> Drop for Slot<T> {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// Runs a job's work so that its panic is a value.
fn run<T>(work: impl FnOnce(&Handle) -> T, handle: &Handle) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(|| work(handle))).map_err(|payload| Panicked(words(payload.as_ref())))
}

/// The message of a panic.
fn words(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "it did not say why".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, mpsc};
    use std::time::{Duration, Instant};

    /// No test waits longer than this for a thread.
    const PATIENCE: Duration = Duration::from_secs(10);

    fn wait<T: Send>(slot: &mut Slot<T>) -> Result<T, Panicked> {
        let start = Instant::now();
        loop {
            if let Some(result) = slot.take() {
                return result;
            }
            assert!(start.elapsed() < PATIENCE, "the job never ended");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn a_panic_becomes_a_failure_with_its_words() {
        let mut slot: Slot<u8> = Slot::new(Waker::silent());
        slot.start("test panic", |_| panic!("lane {} is gone", 7));
        assert_eq!(wait(&mut slot), Err(Panicked("lane 7 is gone".to_owned())));
        slot.run_here(|_| panic!("again"));
        assert_eq!(slot.take(), Some(Err(Panicked("again".to_owned()))));
    }

    #[test]
    fn a_result_wakes_after_it_can_be_taken() {
        let (tell, told) = mpsc::channel();
        let mut slot = Slot::new(Waker::new(move || tell.send(()).unwrap_or_default()));
        slot.start("test wake", |_| 5);
        assert!(told.recv_timeout(PATIENCE).is_ok(), "the window was never woken");
        assert_eq!(slot.take(), Some(Ok(5)));
        assert!(!slot.is_busy());
    }

    #[test]
    fn cancelling_reaches_the_job_and_frees_the_slot_at_once() {
        let mut slot: Slot<()> = Slot::new(Waker::silent());
        let (tell, told) = mpsc::channel();
        slot.start("test cancel", move |handle| {
            while !handle.is_cancelled() {
                std::thread::sleep(Duration::from_millis(1));
            }
            tell.send(()).unwrap();
        });
        slot.cancel();
        assert!(!slot.is_busy());
        assert!(told.recv_timeout(PATIENCE).is_ok(), "the job did not see the flag");
        assert_eq!(slot.take(), None);
    }

    #[test]
    fn the_result_of_an_old_generation_is_dropped() {
        let mut slot = Slot::new(Waker::silent());
        let (go, wait_for_go) = mpsc::channel::<()>();
        slot.start("test old", move |_| {
            wait_for_go.recv().unwrap();
            "old"
        });
        slot.start("test new", |_| "new");
        go.send(()).unwrap();
        assert_eq!(wait(&mut slot), Ok("new"));
        assert_eq!(slot.generation(), 2);
        assert_eq!(slot.take(), None);
    }

    #[test]
    fn progress_is_told_but_wakes_only_ten_times_a_second() {
        let wakes = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&wakes);
        let handle = Handle::new(Waker::new(move || {
            counter.fetch_add(1, Ordering::Relaxed);
        }));
        for done in 0..1000 {
            handle.step("Reading", done, 1000);
        }
        assert!(wakes.load(Ordering::Relaxed) < 1000, "every step woke the window");
        handle.first("task 1 expected");
        let snapshot = handle.snapshot();
        assert_eq!((snapshot.stage.as_str(), snapshot.done, snapshot.total), ("Reading", 999, 1000));
        assert_eq!(snapshot.first.as_deref(), Some("task 1 expected"));
    }
}
