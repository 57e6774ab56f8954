//! First come, first served locks, shared by the worlds that have some.

use std::collections::{BTreeMap, VecDeque};

use super::super::sim::Msg;

/// Who holds which lock and who waits for it.
#[derive(Debug, Default)]
pub struct Locks {
    held: BTreeMap<i64, i64>,
    waiting: BTreeMap<i64, VecDeque<Msg>>,
}

impl Locks {
    /// Takes a lock for an owner, or queues the request; says whether it was taken.
    pub fn take(&mut self, lock: i64, owner: i64, request: &Msg) -> bool {
        if self.held.contains_key(&lock) {
            self.waiting.entry(lock).or_default().push_back(request.clone());
            return false;
        }
        self.held.insert(lock, owner);
        true
    }

    /// Gives a lock back if the owner has it; says so, with the request that is next.
    pub fn free(&mut self, lock: i64, owner: i64) -> (bool, Option<Msg>) {
        if self.held.get(&lock) != Some(&owner) {
            return (false, None);
        }
        self.held.remove(&lock);
        (true, self.waiting.get_mut(&lock).and_then(VecDeque::pop_front))
    }
}
