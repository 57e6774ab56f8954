//! The answers of a watch so far, each as it stood, the newest last: also of runs that were written over or removed since.

use std::collections::VecDeque;

use crate::compare::Verdict;
use crate::runs::Outcome;

/// Answers that are kept: a test loop of a night.
pub const KEPT: usize = 10_000;

/// One answer as it stood.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The run's name.
    pub run: String,
    /// The one word; `None` where the run could not be read.
    pub verdict: Option<Verdict>,
    /// The cause in words, or why there is no answer.
    pub headline: String,
}

/// The answers so far.
#[derive(Debug, Clone, Default)]
pub struct Past {
    answers: VecDeque<Answer>,
    dropped: u64,
}

impl Past {
    /// Notes how a run answered.
    pub fn note(&mut self, run: &str, outcome: &Outcome) {
        if self.answers.len() == KEPT {
            self.answers.pop_front();
            self.dropped += 1;
        }
        self.answers.push_back(Answer {
            run: run.to_owned(),
            verdict: outcome.verdict,
            headline: outcome.said().into_owned(),
        });
    }

    /// All of them, the newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &Answer> {
        self.answers.iter().rev()
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.answers.len()
    }

    /// True before the first answer.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// How many older ones are kept no more.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_when_there_are_too_many_and_that_is_counted() {
        let mut past = Past::default();
        for at in 0..KEPT + 3 {
            past.note(&format!("run {at}"), &Outcome::trouble(String::new()));
        }
        assert_eq!((past.len(), past.dropped()), (KEPT, 3));
        assert_eq!(past.newest_first().next().map(|answer| answer.run.clone()), Some(format!("run {}", KEPT + 2)));
        assert_eq!(past.newest_first().last().map(|answer| answer.run.as_str()), Some("run 3"));
    }
}
