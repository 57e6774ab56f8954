//! What somebody answered to a case, and whether that is right.

use dettrace::trace::Side;

use crate::case::Truth;

/// Places of a list that are looked at; what stands further down nobody reads.
pub const LISTED: usize = 10;

/// What was answered: candidates for the cause, the best first, each with the events that it names.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// True when something was said to differ.
    pub alarm: bool,
    /// The candidates.
    pub causes: Vec<Vec<(Side, u32)>>,
    /// The answer in words, for the list of misses.
    pub words: String,
}

impl Answer {
    /// The place (from 1) of the first candidate that names the fault.
    pub fn rank(&self, truth: &Truth) -> Option<usize> {
        let planted = |&(side, event): &(Side, u32)| match side {
            Side::Expected => truth.expected.contains(&event),
            Side::Actual => truth.actual.contains(&event),
        };
        self.causes.iter().take(LISTED).position(|cause| cause.iter().any(planted)).map(|at| at + 1)
    }
}

/// How a case was answered.
#[derive(Debug, Clone, Copy)]
pub enum Outcome {
    /// There was a fault: its place in the list, if it is listed.
    Fault(Option<usize>),
    /// There was none.
    Clean { alarm: bool },
}

impl Outcome {
    /// What is wrong with the answer, in a word.
    pub fn wrong(self) -> Option<String> {
        match self {
            Self::Fault(Some(1)) | Self::Clean { alarm: false } => None,
            Self::Fault(Some(rank)) => Some(format!("rank {rank}")),
            Self::Fault(None) => Some("not listed".to_owned()),
            Self::Clean { alarm: true } => Some("false alarm".to_owned()),
        }
    }
}

/// How many cases of a kind were answered how well.
#[derive(Debug, Clone, Copy, Default)]
pub struct Score {
    pub cases: usize,
    first: usize,
    three: usize,
    ranks: usize,
    pub clean: usize,
    pub alarms: usize,
}

impl Score {
    pub fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Fault(rank) => {
                self.cases += 1;
                self.first += usize::from(rank == Some(1));
                self.three += usize::from(rank.is_some_and(|rank| rank <= 3));
                self.ranks += rank.unwrap_or(LISTED + 1);
            }
            Outcome::Clean { alarm } => {
                self.clean += 1;
                self.alarms += usize::from(alarm);
            }
        }
    }

    /// Counts what another score has counted as well.
    pub fn add(&mut self, other: &Self) {
        let Self { cases, first, three, ranks, clean, alarms } = other;
        self.cases += cases;
        self.first += first;
        self.three += three;
        self.ranks += ranks;
        self.clean += clean;
        self.alarms += alarms;
    }

    /// The share of cases in which the first candidate is the fault.
    pub fn hit_at_1(&self) -> f64 {
        self.first as f64 / self.cases.max(1) as f64
    }

    /// The share of cases in which one of the first three is.
    pub fn hit_at_3(&self) -> f64 {
        self.three as f64 / self.cases.max(1) as f64
    }

    /// The mean place of the fault in the list; a fault that is not listed counts as one place below the list.
    pub fn mean_rank(&self) -> f64 {
        self.ranks as f64 / self.cases.max(1) as f64
    }
}
