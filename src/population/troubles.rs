//! When the requests of a window got into trouble, service by service: how many had come by up to a moment, and how many of them had
//! failed there or were slow. Each span is measured by what 99 of 100 of the same work took in the baseline; a request is slow at a
//! service, or anywhere, when one of its spans is further beyond that than those of 99 of 100 requests of the baseline are, however
//! many spans a request has. How many were in trouble in the baseline is told beside it.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use super::numbers::{quantile, rate};
use crate::trace::{Span, Window, Word};

/// The share of the baseline that is not slow: of the spans of one work, and of the requests.
const USUAL: f64 = 0.99;
/// With fewer spans of a work in the baseline nobody knows what is slow.
const KNOWN: usize = 20;
/// From so many standard deviations on more are in trouble than chance makes.
const BEYOND_CHANCE: f64 = 3.0;

/// How many had come by, and how many of them were in trouble.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Requests.
    pub requests: u32,
    /// Those in trouble.
    pub troubled: u32,
}

/// The requests that came by one service, or all of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Troubled {
    /// When each was known to be in trouble or through, ascending, and how many were in trouble by then.
    moments: Vec<(i64, u32)>,
    /// How many were in the baseline.
    pub usual: Count,
}

impl Troubled {
    /// What was known at a moment.
    pub fn until(&self, moment: i64) -> Count {
        let requests = self.moments.partition_point(|(at, _)| *at <= moment);
        let troubled = requests.checked_sub(1).map_or(0, |last| self.moments[last].1);
        Count { requests: requests as u32, troubled }
    }

    /// True when more of these are in trouble than the baseline and chance explain.
    pub fn beyond_chance(&self, count: Count) -> bool {
        let (share, unsure) = rate(f64::from(self.usual.troubled), f64::from(self.usual.requests));
        let all = f64::from(count.requests);
        let spread = (all * share * (1.0 - share) + (all * unsure).powi(2) + 1.0).sqrt();
        all.mul_add(-share, f64::from(count.troubled)) > BEYOND_CHANCE * spread
    }
}

/// When the requests of a failing window got into trouble.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Troubles {
    /// At each service.
    pub services: BTreeMap<Word, Troubled>,
    /// Anywhere.
    pub all: Troubled,
    /// From when to when the window is, in nanoseconds since 1970; `None` without a span.
    pub time: Option<(i64, i64)>,
}

/// By what is counted when: first in trouble, else last seen.
type Seen<K> = Map<K, (i64, bool)>;
type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

impl Troubles {
    /// Those of the failing window, measured by the baseline.
    pub fn new(baseline: &Window, failing: &Window) -> Self {
        let slow = Slow::new(baseline);
        let mut troubles = Self { time: failing.time(), ..Self::default() };
        for (window, failing) in [(baseline, false), (failing, true)] {
            let (mut at_services, mut anywhere) = (Seen::default(), Seen::default());
            for span in &window.spans {
                let beyond = slow.beyond(span);
                note(&mut at_services, (span.service, span.trace), span, beyond > slow.at(span.service));
                note(&mut anywhere, span.trace, span, beyond > slow.anywhere);
            }
            let mut seen: Vec<(Word, (i64, bool))> =
                at_services.into_iter().map(|((service, _), seen)| (service, seen)).collect();
            seen.sort_unstable();
            for of_service in seen.chunk_by(|a, b| a.0 == b.0) {
                let service = troubles.services.entry(of_service[0].0).or_default();
                service.take(of_service.iter().map(|(_, seen)| *seen).collect(), failing);
            }
            troubles.all.take(anywhere.into_values().collect(), failing);
        }
        troubles
    }
}

impl Troubled {
    /// Takes in the requests of the failing window, or those of the baseline.
    fn take(&mut self, mut seen: Vec<(i64, bool)>, failing: bool) {
        if !failing {
            let troubled = seen.iter().filter(|(_, troubled)| *troubled).count() as u32;
            self.usual = Count { requests: seen.len() as u32, troubled };
            return;
        }
        seen.sort_unstable();
        let mut known = 0;
        let moments = seen.into_iter().map(|(at, troubled)| {
            known += u32::from(troubled);
            (at, known)
        });
        self.moments = moments.collect();
    }
}

fn note<K: Hash + Eq>(seen: &mut Seen<K>, key: K, span: &Span, slow: bool) {
    let (end, troubled) = (span.end, slow || span.failed);
    let known = seen.entry(key).or_insert((end, troubled));
    *known = match (known.1, troubled) {
        (true, true) => (known.0.min(end), true),
        (true, false) => *known,
        (false, true) => (end, true),
        (false, false) => (known.0.max(end), false),
    };
}

/// How slow the baseline is.
struct Slow {
    /// What 99 of 100 spans of each work took at most, in nanoseconds.
    limits: Map<(Word, Word), f64>,
    /// How many times as long the slowest span of 99 of 100 requests takes at most, at each service.
    services: Map<Word, f64>,
    /// The same anywhere.
    anywhere: f64,
}

impl Slow {
    #[expect(clippy::iter_over_hash_type, reason = "what is gathered is sorted before it is measured")]
    fn new(baseline: &Window) -> Self {
        let mut times: Map<(Word, Word), Vec<f64>> = Map::default();
        for span in &baseline.spans {
            times.entry((span.service, span.operation)).or_default().push(span.duration() as f64);
        }
        times.retain(|_, times| times.len() >= KNOWN);
        let limits = times.into_iter().map(|(work, times)| (work, usual(times))).collect();
        let mut slow = Self { limits, services: Map::default(), anywhere: 1.0 };
        let (mut at_services, mut anywhere) = (Map::<(Word, Word), f64>::default(), Map::<Word, f64>::default());
        for span in &baseline.spans {
            let beyond = slow.beyond(span);
            let most = |known: &mut f64| *known = known.max(beyond);
            most(at_services.entry((span.service, span.trace)).or_default());
            most(anywhere.entry(span.trace).or_default());
        }
        let mut of_service: Map<Word, Vec<f64>> = Map::default();
        for ((service, _), beyond) in at_services {
            of_service.entry(service).or_default().push(beyond);
        }
        slow.services = of_service.into_iter().map(|(service, beyond)| (service, usual(beyond).max(1.0))).collect();
        slow.anywhere = usual(anywhere.into_values().collect()).max(1.0);
        slow
    }

    /// How many times as long it took as its work usually does at most; 0 where that is not known.
    fn beyond(&self, span: &Span) -> f64 {
        let limit = self.limits.get(&(span.service, span.operation));
        limit.map_or(0.0, |limit| span.duration() as f64 / limit.max(1.0))
    }

    /// From where on a request is slow at a service.
    fn at(&self, service: Word) -> f64 {
        self.services.get(&service).copied().unwrap_or(1.0)
    }
}

/// What 99 of 100 are at most.
fn usual(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    quantile(&values, USUAL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::SpanKind;

    /// A request a second, of a service 1 that calls a service 2; `took` says how many milliseconds a request takes there, and
    /// whether it fails.
    fn window(requests: u32, took: impl Fn(u32) -> (i64, bool)) -> Window {
        let mut window = Window::default();
        for trace in 1..=requests {
            let begin = i64::from(trace) * 1_000_000_000;
            let (ms, failed) = took(trace);
            for (service, extra) in [(1, 1), (2, 0)] {
                window.spans.push(Span {
                    trace,
                    id: service,
                    parent: service - 1,
                    service,
                    instance: 0,
                    operation: 7,
                    kind: SpanKind::Server,
                    failed: failed && service == 2,
                    said: 0,
                    begin,
                    end: begin + (ms + extra) * 1_000_000,
                });
            }
        }
        window
    }

    #[test]
    fn trouble_is_known_from_the_moment_on_at_which_it_ended() {
        let calm = |trace: u32| (10 + i64::from(trace % 10), false);
        let now = window(40, |trace| if trace > 20 { (500, false) } else { calm(trace) });
        let troubles = Troubles::new(&window(100, calm), &now);
        let at = |service: Word, second: i64| troubles.services[&service].until(second * 1_000_000_000 + 900_000_000);
        assert_eq!(at(2, 0), Count::default());
        let before = at(2, 20);
        assert_eq!(before.requests, 20);
        assert!(before.troubled <= 2 && !troubles.services[&2].beyond_chance(before), "{before:?}");
        let later = at(2, 40);
        assert_eq!((later.requests, later.troubled - before.troubled), (40, 20));
        // Who waits is in trouble as well, and one request is counted once.
        for troubled in [&troubles.services[&1], &troubles.services[&2], &troubles.all] {
            let count = troubled.until(i64::MAX);
            assert!(count.requests == 40 && troubled.beyond_chance(count), "{count:?}");
        }
        assert_eq!(troubles.time.unwrap().0, 1_000_000_000);
    }

    #[test]
    fn two_halves_of_one_baseline_are_not_in_trouble() {
        let calm = |trace: u32| (10 + i64::from(trace * 7 % 13), trace % 40 == 3);
        let troubles = Troubles::new(&window(60, calm), &window(60, calm));
        for troubled in troubles.services.values() {
            for second in 0..60 {
                let count = troubled.until(second * 1_000_000_000);
                assert!(!troubled.beyond_chance(count), "{count:?} of {:?}", troubled.usual);
            }
        }
        assert_eq!(Troubles::new(&Window::default(), &Window::default()), Troubles::default());
    }

    #[test]
    fn requests_of_many_spans_are_slow_no_more_often_than_those_of_few() {
        let many = |seed: u32| {
            let mut window = window(100, |_| (10, false));
            let services = (3..43).flat_map(|service| (1..=100).map(move |trace| (service, trace)));
            window.spans = services
                .map(|(service, trace)| {
                    let begin = i64::from(trace) * 1_000_000_000;
                    let ms = 10 + i64::from((trace * 37 + service * 11 + seed) * 7919 % 101);
                    Span { trace, id: service, service, begin, end: begin + ms * 1_000_000, ..window.spans[0] }
                })
                .collect();
            window
        };
        let troubles = Troubles::new(&many(0), &many(5));
        assert!(troubles.all.usual.troubled <= 1, "{:?}", troubles.all.usual);
        let count = troubles.all.until(i64::MAX);
        assert!(count.troubled <= 5 && !troubles.all.beyond_chance(count), "{count:?}");
    }

    #[test]
    fn of_work_that_is_hardly_known_only_failures_are_trouble() {
        let now = window(8, |trace| (5_000, trace == 4));
        let troubles = Troubles::new(&window(KNOWN as u32 - 1, |_| (1, false)), &now);
        assert_eq!(troubles.services[&2].until(i64::MAX), Count { requests: 8, troubled: 1 });
        assert_eq!(troubles.services[&1].until(i64::MAX).troubled, 0);
    }
}
