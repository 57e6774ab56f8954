//! The jobs that look for what is searched for: at most one for each search on screen. What an older one finds is dropped.

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use super::command::{Arrival, Command};
use crate::analyse::{Analysis, Finding, find};
use crate::jobs::{Handle, Panicked, Slot, Waker};
use crate::query::Query;

/// Rows that were found, and how many events were looked at.
type Batch = (Vec<u32>, u64);

/// A job, by its number, with what it found so far.
#[derive(Debug)]
struct Find {
    number: u64,
    slot: Slot<Result<(), String>>,
    batches: Receiver<Batch>,
}

/// All jobs that run.
#[derive(Debug, Default)]
pub struct Finds(Vec<Find>);

/// Hands a job's batches on.
struct Told<'h> {
    handle: &'h Handle,
    all: u64,
    batches: Sender<Batch>,
    /// True when something was found: that is shown at once, and what follows as progress is.
    any: Cell<bool>,
}

impl Finding for Told<'_> {
    fn found(&self, rows: &[u32], looked_at: u64) {
        // Whoever does not want it any more has dropped the other end.
        let _nobody = self.batches.send((rows.to_vec(), looked_at));
        self.any.set(self.any.get() || !rows.is_empty());
        self.handle.step(if self.any.get() { "Found" } else { "Searching" }, looked_at, self.all);
    }

    fn cancelled(&self) -> bool {
        self.handle.is_cancelled()
    }
}

impl Finds {
    /// Starts a job; `here` runs it at once instead.
    pub fn start(&mut self, number: u64, analysis: Arc<Analysis>, query: Query, from: u32, waker: &Waker, here: bool) {
        let (sender, batches) = channel();
        let all = crate::trace::Side::BOTH.into_iter().map(|side| u64::from(analysis.len(side))).sum();
        let work = move |handle: &Handle| {
            find(&analysis, &query, from, &Told { handle, all, batches: sender, any: Cell::new(false) })
        };
        let mut slot = Slot::new(waker.clone());
        if here {
            slot.run_here(work);
        } else {
            slot.start("find", work);
        }
        self.0.push(Find { number, slot, batches });
    }

    /// Stops the jobs that nobody waits for.
    pub fn keep(&mut self, wanted: impl Fn(u64) -> bool) {
        self.0.retain(|find| wanted(find.number));
    }

    /// Queues what was found and which jobs have ended.
    pub fn arrivals(&mut self, queue: &mut VecDeque<Command>) {
        self.0.retain_mut(|find| {
            // The result is looked for first: what was sent before it is there when it is.
            let ended = find.slot.take();
            for (rows, looked_at) in find.batches.try_iter() {
                queue.push_back(Command::Arrived(Arrival::Found(find.number, rows, looked_at)));
            }
            let Some(result) = ended else { return true };
            let broke = |Panicked(words)| Err(format!("Something inside DetTrace broke while it searched ({words})."));
            let result = result.unwrap_or_else(broke);
            queue.push_back(Command::Arrived(Arrival::FindEnded(find.number, result)));
            false
        });
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::analyse::Session;
    use crate::pack::{self, Found};
    use crate::query::parse;

    fn analysis(events: u32) -> Arc<Analysis> {
        let line = |i: u32| format!("{{\"seq\":{i},\"type\":\"step\",\"task\":{}}}\n", i % 5);
        let text: String = (0..events).map(line).collect();
        let files = [("expected.jsonl", text.as_bytes()), ("actual.jsonl", text.as_bytes())];
        match pack::in_memory("case", &files).unwrap() {
            Found::Ready(pack) => Arc::new(Session::new(*pack).run(&()).unwrap()),
            Found::Choose { why, .. } => panic!("{why}"),
        }
    }

    #[test]
    fn what_is_found_arrives_before_the_end_and_an_older_search_never() {
        let analysis = analysis(5_000);
        let query = |text: &str| parse(text).unwrap().unwrap();
        let mut finds = Finds::default();
        let mut queue = VecDeque::new();
        finds.start(1, analysis.clone(), query("-nothing"), 0, &Waker::silent(), false);
        finds.start(2, analysis, query("task:3 side:actual"), 0, &Waker::silent(), false);
        finds.keep(|number| number == 2);
        let start = Instant::now();
        while !finds.0.is_empty() {
            finds.arrivals(&mut queue);
            assert!(start.elapsed() < Duration::from_secs(10), "the search never ended");
            std::thread::sleep(Duration::from_millis(1));
        }
        let mut found = 0;
        let mut ended = false;
        for command in queue {
            match command {
                Command::Arrived(Arrival::Found(2, rows, _)) => {
                    assert!(!ended, "rows came after the end");
                    found += rows.len();
                }
                Command::Arrived(Arrival::FindEnded(2, Ok(()))) => ended = true,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((found, ended), (1_000, true));
    }
}
