//! The jobs that open and compare packs: one for each tab that waits for one. What nobody waits for is stopped and dropped.

use std::sync::mpsc::{Receiver, channel};

use super::load::{FirstRows, Outcome, Shows};
use crate::jobs::{Handle, Panicked, Slot, Snapshot, Waker};

/// First rows are shown of recordings that have so many bytes together: about a second of reading.
pub const LONG: u64 = 96 << 20;

/// A load, by its number.
#[derive(Debug)]
struct Load {
    number: u64,
    slot: Slot<Outcome>,
    rows: Receiver<FirstRows>,
}

/// All loads that run.
#[derive(Debug, Default)]
pub struct Loads {
    running: Vec<Load>,
    /// True where loads stay at their first rows.
    held: bool,
}

/// What became of a load.
#[derive(Debug)]
pub enum Told {
    /// It has its first rows to show.
    Rows(Box<FirstRows>),
    /// It runs, and is so far.
    Progress(Snapshot),
    /// It ended, or broke.
    Ended(Result<Outcome, Panicked>),
}

impl Loads {
    /// Starts a load; `here` runs it at once instead, and then nobody looks at its first rows unless loads are held there.
    pub fn start(
        &mut self,
        number: u64,
        work: impl FnOnce(&Handle, Option<&Shows>) -> Outcome + Send + 'static,
        waker: &Waker,
        here: bool,
    ) {
        let mut slot = Slot::new(waker.clone());
        let (to, rows) = channel();
        let shows = Shows { from: if self.held { 0 } else { LONG }, to };
        let seen = self.held || !here;
        let work = move |handle: &Handle| work(handle, seen.then_some(&shows));
        if here {
            slot.run_here(work);
        } else {
            slot.start("load", work);
        }
        self.running.push(Load { number, slot, rows });
    }

    /// Shows of every load only its first rows, however short it is, until it is let go.
    pub const fn hold(&mut self, held: bool) {
        self.held = held;
    }

    /// Stops the loads that nobody waits for.
    pub fn keep(&mut self, wanted: impl Fn(u64) -> bool) {
        self.running.retain(|load| wanted(load.number));
    }

    /// The first rows of each load, how far it is, or how it ended, once.
    pub fn told(&mut self) -> Vec<(u64, Told)> {
        let (mut told, held) = (Vec::new(), self.held);
        self.running.retain_mut(|Load { number, slot, rows }| {
            // The result is looked for first: what was sent before it is there when it is.
            let ended = if held { None } else { slot.take() };
            told.extend(rows.try_iter().map(|rows| (*number, Told::Rows(Box::new(rows)))));
            if let Some(result) = ended {
                told.push((*number, Told::Ended(result)));
                return false;
            }
            let progress = if held { None } else { slot.progress() };
            told.extend(progress.map(|progress| (*number, Told::Progress(progress))));
            true
        });
        told
    }
}
