//! How much evidence there is where nothing happened: halves of a baseline against each other (SEMANTICS rule 26).

use std::collections::HashMap;

use rayon::prelude::*;

use super::compared;
use crate::trace::{Calls, Window, Word, Words, fnv, mix};

/// So often a baseline is split.
const SPLITS: u64 = 20;
/// Of so many splits one may show as much: a cause is named in no more than 1 of 20 comparisons without one.
const ONE_OF: usize = 20;
/// Spans of a baseline that are enough to see how quiet it is: of more, some of its requests are taken.
const ENOUGH: u64 = 10_000;

/// The evidence that no more than 1 of 20 splits of a baseline into halves, request by request, goes beyond.
pub fn quiet(baseline: &Window, words: &Words) -> f64 {
    let mut prints: HashMap<Word, u64, foldhash::fast::FixedState> = HashMap::default();
    for span in &baseline.spans {
        prints.entry(span.trace).or_insert_with(|| mix(fnv(words.get(span.trace).as_bytes())));
    }
    let all = baseline.spans.len() as u64;
    prints.retain(|_, print| (*print >> 32) * all <= ENOUGH << 32);
    let part = |of: &Window, mine: &dyn Fn(u64) -> bool| {
        let mine = |trace: Word| prints.get(&trace).is_some_and(|&print| mine(print));
        Window {
            spans: of.spans.iter().filter(|span| mine(span.trace)).copied().collect(),
            logs: of.logs.iter().filter(|line| mine(line.trace)).copied().collect(),
            ..Window::default()
        }
    };
    let some = part(baseline, &|_| true);
    let half = |split: u64, which: u64| part(&some, &|print| mix(print ^ split) >> 63 == which);
    let top = |split: u64| {
        let [one, other] = [0, 1].map(|which| half(split, which));
        let ranking = compared(&[&Calls::new(&one)], &Calls::new(&other), words);
        ranking.suspects.first().map_or(0.0, |suspect| suspect.score)
    };
    let mut tops: Vec<f64> = (1..=SPLITS).into_par_iter().map(top).collect();
    tops.sort_by(f64::total_cmp);
    tops[tops.len() - 1 - tops.len() / ONE_OF]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::{CLEAR, rank};
    use crate::trace::{Span, SpanKind};

    /// Requests of one service that take a millisecond, but `rare` of a hundred of them a second.
    fn window(words: &mut Words, requests: std::ops::Range<u32>, rare: u32) -> Window {
        let mut window = Window::default();
        for request in requests {
            let trace = words.intern(&format!("request {request}"));
            let slow = mix(u64::from(request)) % 100 < u64::from(rare);
            let (id, end) = (trace, if slow { 1_000_000_000 } else { 1_000_000 + i64::from(request % 7) * 1000 });
            let (service, operation, kind) = (words.intern("shop"), words.intern("buy"), SpanKind::Server);
            let (parent, instance, failed, said, begin) = (0, 0, false, 0, 0);
            window.spans.push(Span { trace, id, parent, service, instance, operation, kind, failed, said, begin, end });
        }
        window
    }

    #[test]
    fn what_halves_of_a_baseline_show_is_no_clear_cause() {
        let mut words = Words::default();
        // Some of few requests wait for something: the upper quartile is anywhere.
        let (uneven, even) = (window(&mut words, 0..12, 30), window(&mut words, 0..24, 0));
        assert!(quiet(&even, &words) < 0.1);
        let bar = quiet(&uneven, &words);
        assert!(bar > 0.1, "{bar}");
        let now = window(&mut words, 100..130, 100);
        let ranking = rank(&[&Calls::new(&even)], &Calls::new(&now), &words);
        assert!((ranking.bar - CLEAR).abs() < 1e-9 && ranking.clear().is_some(), "{ranking:?}");
        assert!(quiet(&Window::default(), &words).abs() < 1e-12);
    }

    #[test]
    fn of_a_large_baseline_some_requests_are_enough() {
        let mut words = Words::default();
        let large = window(&mut words, 0..30_000, 2);
        assert!(quiet(&large, &words) < 0.1);
    }
}
