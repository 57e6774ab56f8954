//! The jobs that open and compare packs: one for each tab that waits for one. What nobody waits for is stopped and dropped.

use super::load::Outcome;
use crate::jobs::{Handle, Panicked, Slot, Snapshot, Waker};

/// All loads that run, by their numbers.
#[derive(Debug, Default)]
pub struct Loads(Vec<(u64, Slot<Outcome>)>);

/// What became of a load.
#[derive(Debug)]
pub enum Told {
    /// It runs, and is so far.
    Progress(Snapshot),
    /// It ended, or broke.
    Ended(Result<Outcome, Panicked>),
}

impl Loads {
    /// Starts a load; `here` runs it at once instead.
    pub fn start(
        &mut self,
        number: u64,
        work: impl FnOnce(&Handle) -> Outcome + Send + 'static,
        waker: &Waker,
        here: bool,
    ) {
        let mut slot = Slot::new(waker.clone());
        if here {
            slot.run_here(work);
        } else {
            slot.start("load", work);
        }
        self.0.push((number, slot));
    }

    /// Stops the loads that nobody waits for.
    pub fn keep(&mut self, wanted: impl Fn(u64) -> bool) {
        self.0.retain(|(number, _)| wanted(*number));
    }

    /// How far each load is, or how it ended, once.
    pub fn told(&mut self) -> Vec<(u64, Told)> {
        let mut told = Vec::new();
        self.0.retain_mut(|(number, slot)| {
            if let Some(result) = slot.take() {
                told.push((*number, Told::Ended(result)));
                return false;
            }
            told.extend(slot.progress().map(|progress| (*number, Told::Progress(progress))));
            true
        });
        told
    }
}
