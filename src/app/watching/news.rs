//! What whoever follows a folder tells the page: only what changed.

use crate::runs::{Counts, Entry};

/// What changed since it was told last.
#[derive(Debug, Clone, Default)]
pub struct News {
    /// Runs that are new or of which something else is known.
    pub changed: Vec<Entry>,
    /// Runs that are there no more.
    pub removed: Vec<String>,
    /// Runs whose answers stand now, the oldest first.
    pub answered: Vec<String>,
    /// How many answered what.
    pub counts: Counts,
    /// Runs that still have to be looked at.
    pub waiting: usize,
    /// How the folder is followed.
    pub how: How,
}

/// How a folder is followed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct How {
    /// True while it is there.
    pub here: bool,
    /// Why it is looked at every second instead of the system telling; `None` where it tells.
    pub polled: Option<String>,
    /// What could not be looked at, as sentences.
    pub unread: Vec<String>,
}

impl News {
    /// True when there is something to tell beside what was told `before`.
    pub fn is_news(&self, before: &Self) -> bool {
        !self.changed.is_empty()
            || !self.removed.is_empty()
            || !self.answered.is_empty()
            || (&self.counts, self.waiting, &self.how) != (&before.counts, before.waiting, &before.how)
    }
}
