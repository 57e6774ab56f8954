//! How far the clocks of two processes are apart, by the calls from one to the other: a call that is answered lies within the span
//! that waits for it. What outlives its caller, or is taken from a queue later, says nothing of clocks.

use std::collections::HashMap;

use super::{Span, SpanKind, Word};

/// Where such a share of the calls fits into who called, clocks agree.
const MOST: f64 = 0.75;
/// Such a share of the calls must fit where clocks are set by them.
const NEARLY_ALL: f64 = 0.9;

/// From which process, to which.
type Pair = (Word, Word);
type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// What is to be added to the times of one process to have them by the clock of another, where that is not nothing.
#[derive(Debug, Default)]
pub struct Clocks(Map<Pair, i64>);

impl Clocks {
    /// From all the calls of a window: who called, and who was called.
    pub fn new<'a, I: Iterator<Item = (&'a Span, &'a Span)>>(calls: impl Fn() -> I) -> Self {
        let within = || calls().filter_map(|(parent, span)| Some((pair(parent, span)?, offsets(parent, span)?)));
        let mut fit: Map<Pair, [u32; 2]> = Map::default();
        for (pair, (least, most)) in within() {
            let [fits, all] = fit.entry(pair).or_default();
            *fits += u32::from(least <= 0 && most >= 0);
            *all += 1;
        }
        // Where most calls fit as they are, the others do not for another reason than a clock.
        fit.retain(|_, [fits, all]| f64::from(*fits) < MOST * f64::from(*all));
        if fit.is_empty() {
            return Self::default();
        }
        let mut apart: Map<Pair, Vec<(i64, i64)>> = Map::default();
        for (pair, offsets) in within().filter(|(pair, _)| fit.contains_key(pair)) {
            apart.entry(pair).or_default().push(offsets);
        }
        let told = apart.into_iter().filter_map(|(pair, all)| {
            let (offset, fits) = fits_most(&all);
            (f64::from(fits) >= NEARLY_ALL * all.len() as f64).then_some((pair, offset))
        });
        Self(told.collect())
    }

    /// What to add to the times of a span to have them by the clock of its parent.
    pub fn ahead(&self, parent: &Span, span: &Span) -> i64 {
        if self.0.is_empty() {
            return 0;
        }
        pair(parent, span).and_then(|pair| self.0.get(&pair)).copied().unwrap_or(0)
    }
}

/// Between which processes a call is, of two services.
fn pair(parent: &Span, span: &Span) -> Option<Pair> {
    (parent.service != span.service && span.kind != SpanKind::Consumer).then_some((parent.instance, span.instance))
}

/// The least and the most that a span can be moved by to lie within its parent; `None` where it is longer.
fn offsets(parent: &Span, span: &Span) -> Option<(i64, i64)> {
    let (least, most) = (parent.begin.checked_sub(span.begin)?, parent.end.checked_sub(span.end)?);
    (least <= most).then_some((least, most))
}

/// The offset at which most of the calls fit, in the middle of those that are as good, and how many do.
fn fits_most(all: &[(i64, i64)]) -> (i64, u32) {
    let mut ends: Vec<(i64, bool)> = all.iter().flat_map(|&(least, most)| [(least, false), (most, true)]).collect();
    // Of equal ones a begin is before an end.
    ends.sort_unstable();
    let (mut fits, mut best) = (0, (0, 0, 0));
    for (at, (offset, ends_here)) in ends.iter().enumerate() {
        if *ends_here {
            fits -= 1;
            continue;
        }
        fits += 1;
        if fits > best.2 {
            best = (*offset, ends[at + 1].0, fits);
        }
    }
    (best.0.midpoint(best.1), best.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(service: Word, begin: i64, end: i64) -> Span {
        let (trace, id, parent, operation, kind) = (1, 1, 0, 1, SpanKind::Server);
        let instance = service + 10;
        Span { trace, id, parent, service, instance, operation, kind, failed: false, said: 0, begin, end }
    }

    fn ahead(calls: &[(Span, Span)]) -> i64 {
        let clocks = Clocks::new(|| calls.iter().map(|(parent, span)| (parent, span)));
        clocks.ahead(&calls[0].0, &calls[0].1)
    }

    #[test]
    fn a_clock_is_set_by_the_calls_that_leave_least_room() {
        let call = |room: i64, skew: i64| (span(1, 0, 20 + 2 * room), span(2, room + skew, 20 + room + skew));
        for skew in [-5_000, -50, 50, 5_000] {
            assert_eq!(ahead(&[call(9, skew), call(40, skew), call(3, skew)]), -skew);
        }
        assert_eq!(ahead(&[call(9, 0), call(40, 5), call(3, -2)]), 0, "they fit as they are");
    }

    #[test]
    fn what_outlives_its_caller_or_waits_in_a_queue_is_no_sign_of_a_clock() {
        assert_eq!(ahead(&[(span(1, 0, 10), span(2, 5, 500)), (span(1, 0, 10), span(2, 2, 90))]), 0);
        let taken = Span { kind: SpanKind::Consumer, ..span(2, 900, 905) };
        assert_eq!(ahead(&[(span(1, 0, 10), taken)]), 0);
        let own = (span(1, 0, 100), span(1, 200, 210));
        assert_eq!(ahead(&[own]), 0, "one service has one clock");
        // Each at another distance: that is no clock.
        let apart: Vec<(Span, Span)> = (1..9).map(|n| (span(1, 0, 10), span(2, n * 100, n * 100 + 5))).collect();
        assert_eq!(ahead(&apart), 0);
        assert_eq!(ahead(&[(span(1, i64::MIN, 0), span(2, i64::MAX, i64::MAX))]), 0, "any number is a time");
    }
}
