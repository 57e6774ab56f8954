//! From a pack to an analysis, in steps that tell their progress and can be cancelled.

use super::Analysis;
use crate::compare::FirstDifference;
use crate::pack::{OpenError, Pack};
use crate::spec::Spec;

/// What a session is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading the first events of both sides to see what the fields are for.
    Sampling,
    /// Reading both sides.
    Reading,
    /// Comparing.
    Comparing,
}

impl Stage {
    /// What a person sees: `Reading`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sampling => "Sampling",
            Self::Reading => "Reading",
            Self::Comparing => "Comparing",
        }
    }
}

/// The provisional first answer, before the whole index is there.
#[derive(Debug, Clone)]
pub struct FirstAnswer {
    /// Where the sides part, or `None` when they do not.
    pub first_difference: Option<FirstDifference>,
    /// The same in one line.
    pub headline: String,
}

/// Told what a session does; asked whether to go on. Called from the session's thread, often.
pub trait Progress: Sync {
    /// `done` of `total` bytes or events of a stage. A total of 0 is unknown.
    fn step(&self, _stage: Stage, _done: u64, _total: u64) {}
    /// The comparison spec is fixed; nothing was compared yet.
    fn spec(&self, _spec: &Spec) {}
    /// The first answer is known; it is provisional.
    fn first(&self, _answer: &FirstAnswer) {}
    /// True to stop at the next opportunity (within 100 ms).
    fn cancelled(&self) -> bool {
        false
    }
}

impl Progress for () {}

/// Why there is no analysis.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// A side cannot be read.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It was cancelled.
    #[error("Cancelled.")]
    Cancelled,
}

/// One analysis to be made of one pack.
#[derive(Debug)]
pub struct Session {
    pack: Pack,
}

impl Session {
    /// A session for a pack; nothing is read yet.
    pub fn new(pack: Pack) -> Self {
        Self { pack }
    }

    /// Reads, infers and compares.
    ///
    /// # Errors
    /// When a side cannot be read at all, or the progress says to stop.
    pub fn run(self, _progress: &dyn Progress) -> Result<Analysis, Trouble> {
        let _ = self.pack;
        unimplemented!()
    }
}
