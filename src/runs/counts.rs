//! How many runs answered what: `31 runs: 28 equivalent, 2 diverged the same way, 1 new`.

use std::collections::BTreeMap;

use super::{Outcome, Shape};
use crate::compare::Verdict;
use crate::trace::grouped;

/// Ways of failing that are counted one by one.
const WAYS: usize = 3;

/// Runs by what they answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    by_word: BTreeMap<&'static str, u64>,
    by_shape: BTreeMap<Shape, u64>,
}

/// The word of an outcome in counts.
pub(super) fn word(outcome: &Outcome) -> &'static str {
    outcome.verdict.map_or("unreadable", Verdict::word)
}

impl Counts {
    /// Counts an outcome.
    pub(super) fn add(&mut self, outcome: &Outcome) {
        *self.by_word.entry(word(outcome)).or_default() += 1;
        if let Some(shape) = outcome.shape {
            *self.by_shape.entry(shape).or_default() += 1;
        }
    }

    /// Counts an outcome no more.
    pub(super) fn remove(&mut self, outcome: &Outcome) {
        take_one(&mut self.by_word, &word(outcome));
        if let Some(shape) = outcome.shape {
            take_one(&mut self.by_shape, &shape);
        }
    }

    /// All runs that answered.
    pub fn runs(&self) -> u64 {
        self.by_word.values().sum()
    }

    /// Runs that failed in this way.
    pub fn alike(&self, shape: Shape) -> u64 {
        self.by_shape.get(&shape).copied().unwrap_or(0)
    }

    /// Every way in which runs failed, and how many did, the commonest first.
    pub fn shapes(&self) -> Vec<(Shape, u64)> {
        let mut shapes: Vec<(Shape, u64)> = self.by_shape.iter().map(|(&shape, &n)| (shape, n)).collect();
        shapes.sort_by_key(|&(shape, n)| (std::cmp::Reverse(n), shape));
        shapes
    }

    /// In a line: `31 runs: 28 equivalent, 2 failed the same way, 1 failed in a way of its own`.
    pub fn line(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        for word in ["identical", "equivalent", "incomparable", "unreadable"] {
            if let Some(&n) = self.by_word.get(word) {
                parts.push(format!("{} {word}", grouped(n)));
            }
        }
        let shapes = self.shapes();
        let again = shapes.iter().take_while(|(_, n)| *n > 1).count();
        for (place, (_, n)) in shapes[..again].iter().take(WAYS).enumerate() {
            let way = if place == 0 { "the same way" } else { "another way" };
            parts.push(format!("{} failed {way}", grouped(*n)));
        }
        let others: u64 = shapes[..again].iter().skip(WAYS).map(|(_, n)| n).sum();
        match again.saturating_sub(WAYS) {
            0 => {}
            1 => parts.push(format!("{} failed in another way still", grouped(others))),
            ways => parts.push(format!("{} failed in {ways} further ways", grouped(others))),
        }
        match shapes.len() - again {
            0 => {}
            1 => parts.push("1 failed in a way of its own".to_owned()),
            own => parts.push(format!("{} failed, each in a way of its own", grouped(own as u64))),
        }
        // A cut run may have no shape.
        let failed = ["diverged", "truncated"].iter().filter_map(|word| self.by_word.get(word)).sum::<u64>();
        let told = shapes.iter().map(|(_, n)| n).sum();
        if failed > told {
            parts.push(format!("{} failed", grouped(failed - told)));
        }
        let runs = self.runs();
        let what = if runs == 1 { "run" } else { "runs" };
        if parts.is_empty() {
            "No run yet".to_owned()
        } else {
            format!("{} {what}: {}", grouped(runs), parts.join(", "))
        }
    }
}

fn take_one<K: Ord>(counts: &mut BTreeMap<K, u64>, key: &K) {
    if let Some(n) = counts.get_mut(key) {
        *n -= 1;
        if *n == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: &[u64]) -> Counts {
        let mut counts = Counts::default();
        let mut outcome = Outcome { verdict: Some(Verdict::Equivalent), ..Outcome::trouble(String::new()) };
        (0..passed).for_each(|_| counts.add(&outcome));
        outcome.verdict = Some(Verdict::Diverged);
        for (way, &n) in failed.iter().enumerate() {
            outcome.shape = Some(Shape::test(way as u64));
            (0..n).for_each(|_| counts.add(&outcome));
        }
        counts
    }

    #[test]
    fn ways_of_failing_are_told_apart() {
        for (passed, failed, line) in [
            (0, &[][..], "No run yet"),
            (1, &[], "1 run: 1 equivalent"),
            (28, &[2, 1], "31 runs: 28 equivalent, 2 failed the same way, 1 failed in a way of its own"),
            (0, &[1, 1], "2 runs: 2 failed, each in a way of its own"),
            (1, &[2, 3], "6 runs: 1 equivalent, 3 failed the same way, 2 failed another way"),
            (
                0,
                &[5, 4, 3, 2],
                "14 runs: 5 failed the same way, 4 failed another way, 3 failed another way, 2 failed in another way still",
            ),
        ] {
            assert_eq!(counts(passed, failed).line(), line);
        }
    }

    #[test]
    fn what_is_taken_away_was_never_there() {
        let outcome = Outcome { shape: Some(Shape::test(1)), ..Outcome::trouble(String::new()) };
        let mut counts = Counts::default();
        counts.add(&outcome);
        counts.remove(&outcome);
        assert_eq!(counts, Counts::default());
    }
}
