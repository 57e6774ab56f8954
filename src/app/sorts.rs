//! The jobs that sort tables: at most one for each pair that is open. What an older one sorted is dropped.

use std::collections::VecDeque;
use std::sync::Arc;

use super::command::{Arrival, Command};
use super::pair::SortWork;
use crate::analyse::{Analysis, Sorting, sort};
use crate::jobs::{Handle, Panicked, Slot, Waker};
use crate::view::Sorted;

/// A job, by its number, and how far it said that it is.
#[derive(Debug)]
struct Job {
    number: u64,
    slot: Slot<Result<Sorted, String>>,
    told: (u64, u64),
}

/// All jobs that run.
#[derive(Debug, Default)]
pub struct Sorts(Vec<Job>);

struct Told<'h>(&'h Handle);

impl Sorting for Told<'_> {
    fn step(&self, done: u32, all: u32) {
        self.0.step("Sorting", u64::from(done), u64::from(all));
    }

    fn cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

impl Sorts {
    /// Starts a job; `here` runs it at once instead.
    pub fn start(&mut self, number: u64, analysis: Arc<Analysis>, (by, shown): SortWork, waker: &Waker, here: bool) {
        let work = move |handle: &Handle| {
            let order = sort(&analysis, &by, &*shown, &Told(handle))?;
            Ok(Sorted::new(order, &analysis.comparison.rows))
        };
        let mut slot = Slot::new(waker.clone());
        if here {
            slot.run_here(work);
        } else {
            slot.start("sort", work);
        }
        self.0.push(Job { number, slot, told: (0, 0) });
    }

    /// Stops the jobs that nobody waits for.
    pub fn keep(&mut self, wanted: impl Fn(u64) -> bool) {
        self.0.retain(|job| wanted(job.number));
    }

    /// Queues how far they are, and how they ended.
    pub fn arrivals(&mut self, queue: &mut VecDeque<Command>) {
        self.0.retain_mut(|job| {
            if let Some(snapshot) = job.slot.progress()
                && job.told != (snapshot.done, snapshot.total)
            {
                job.told = (snapshot.done, snapshot.total);
                queue.push_back(Command::Arrived(Arrival::Sorting(job.number, job.told)));
            }
            let Some(result) = job.slot.take() else { return true };
            let broke = |Panicked(words)| Err(format!("Something inside DetTrace broke while it sorted ({words})."));
            let result = result.unwrap_or_else(broke).map(Arc::new);
            queue.push_back(Command::Arrived(Arrival::Sorted(job.number, result)));
            false
        });
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::analyse::{Session, Sort, SortKey};
    use crate::pack::{self, Found};
    use crate::trace::Side;

    #[test]
    fn the_last_order_that_was_asked_for_arrives_and_no_older_one() {
        let line = |i: u32| format!("{{\"seq\":{i},\"type\":\"step\",\"task\":{}}}\n", i % 5);
        let text: String = (0..5_000).map(line).collect();
        let files = [("expected.jsonl", text.as_bytes()), ("actual.jsonl", text.as_bytes())];
        let analysis = match pack::in_memory("case", &files).unwrap() {
            Found::Ready(pack) => Arc::new(Session::new(*pack).run(&()).unwrap()),
            Found::Choose { why, .. } => panic!("{why}"),
        };
        let work = |descending| -> SortWork {
            (Sort { by: SortKey::Field(Side::Actual, "seq".to_owned()), descending }, Box::new(|_| true))
        };
        let mut sorts = Sorts::default();
        let mut queue = VecDeque::new();
        sorts.start(1, analysis.clone(), work(false), &Waker::silent(), false);
        sorts.start(2, analysis.clone(), work(true), &Waker::silent(), false);
        sorts.keep(|number| number == 2);
        let start = Instant::now();
        while !sorts.0.is_empty() {
            sorts.arrivals(&mut queue);
            assert!(start.elapsed() < Duration::from_secs(10), "it never ended");
            std::thread::sleep(Duration::from_millis(1));
        }
        let ends: Vec<_> =
            queue.into_iter().filter(|command| !matches!(command, Command::Arrived(Arrival::Sorting(2, _)))).collect();
        let [Command::Arrived(Arrival::Sorted(2, Ok(sorted)))] = ends.as_slice() else { panic!("{ends:?}") };
        assert_eq!(**sorted, Sorted::new((0..5_000).rev().collect(), &analysis.comparison.rows));
        sorts.start(3, analysis, work(false), &Waker::silent(), false);
        sorts.keep(|_| false);
        assert!(sorts.0.is_empty());
    }
}
