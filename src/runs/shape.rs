//! The shape of a failure: a number that is the same for runs that failed in the same way, on any machine. Made of what kind of
//! divergence the cause is, the kinds of the events that it names, and the lanes it shows on without their numbers and ids; of
//! no value, no time and no count (SEMANTICS rule 10).

use std::fmt;

use crate::analyse::{Analysis, Control, Population};
use crate::compare::Verdict;
use crate::trace::Side;

/// A failure's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shape(u64);

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Shape {
    /// The number.
    pub const fn number(self) -> u64 {
        self.0
    }

    #[cfg(test)]
    pub(crate) const fn test(number: u64) -> Self {
        Self(number)
    }

    /// The shape of what a comparison found; `None` where nothing failed.
    pub fn of(analysis: &Analysis) -> Option<Self> {
        let comparison = &analysis.comparison;
        if !matches!(comparison.verdict, Verdict::Diverged | Verdict::Truncated) {
            return None;
        }
        let mut words = vec![comparison.verdict.word().to_owned()];
        if let Some(cause) = comparison.causes.first() {
            words.push(cause.kind.word().to_owned());
            words.push(analysis.kind(cause.side, cause.index).to_owned());
            words.extend(cause.other.map(|other| analysis.kind(cause.side.other(), other).to_owned()));
            let mut lanes: Vec<String> =
                cause.lanes.iter().map(|&lane| bare(&analysis.names.lanes[lane as usize])).collect();
            lanes.sort();
            lanes.dedup();
            words.extend(lanes);
        } else if let Some(first) = &comparison.first_difference {
            words.push(first.kind.word().to_owned());
            let kind = |side: Side, index: Option<u32>| index.map(|index| analysis.kind(side, index).to_owned());
            words.extend(kind(Side::Expected, first.expected));
            words.extend(kind(Side::Actual, first.actual));
        }
        Some(Self(number(&words)))
    }

    /// The shape of what two windows of requests tell: the service that broke, and in what way.
    pub fn of_population(population: &Population) -> Option<Self> {
        let suspect = population.ranking.clear()?;
        Some(Self(number(&["population".to_owned(), population.words.get(suspect.service).to_owned()])))
    }

    /// The shape of what two runs of a control loop tell: the kind of fault, and the signal that parted first.
    pub fn of_control(control: &Control) -> Option<Self> {
        let diagnosis = &control.diagnosis;
        let parted = diagnosis.onset.as_ref()?.parted.first();
        let mut words = vec!["control".to_owned()];
        words.extend(diagnosis.causes.first().map(|cause| cause.class.words().to_owned()));
        words.extend(parted.map(|parted| parted.signal.clone()));
        Some(Self(number(&words)))
    }
}

/// FNV-1a (Fowler, Noll & Vo), 64 bits, over the words with an end mark each: the same everywhere and for ever.
fn number(words: &[String]) -> u64 {
    let bytes = words.iter().flat_map(|word| word.bytes().chain([0]));
    bytes.fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3))
}

/// A lane without what tells one of its kind from another: `task:17` is `task:#`, `conn-9f3a2b7c` is `conn-#`.
fn bare(lane: &str) -> String {
    let mut words = String::new();
    for word in lane.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let body = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        let counts = !body.is_empty() && body.bytes().any(|b| b.is_ascii_digit());
        let id = counts && (body.bytes().all(|b| b.is_ascii_hexdigit()) || body.len() >= 16);
        if id {
            words.push('#');
            words.push_str(&word[body.len()..]);
        } else {
            let mut digits = false;
            for c in word.chars() {
                if !c.is_ascii_digit() {
                    words.push(c);
                } else if !digits {
                    words.push('#');
                }
                digits = c.is_ascii_digit();
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_is_bare_without_its_number() {
        for (lane, expected) in [
            ("task:17", "task:#"),
            ("queue:0", "queue:#"),
            ("conn-9f3a2b7c", "conn-#"),
            ("worker12/irq", "worker#/irq"),
            ("auth-service", "auth-service"),
            ("4bf92f3577b34da6a3ce929d0e0e4736", "#"),
        ] {
            assert_eq!(bare(lane), expected, "{lane}");
        }
    }

    #[test]
    fn words_do_not_run_into_each_other() {
        let words = |list: &[&str]| number(&list.iter().map(|&w| w.to_owned()).collect::<Vec<_>>());
        assert_ne!(words(&["ab", "c"]), words(&["a", "bc"]));
        assert_eq!(words(&[]), 0xCBF2_9CE4_8422_2325);
    }
}
