//! Where time went: own time of services, and time on the way from one to another, in the failing window against the baseline.

use std::collections::BTreeMap;

use super::fresh::Fresh;
use super::numbers::{above, quantile, spread, together};
use super::{Change, Evidence, What};
use crate::trace::{Calls, Context, Way, Word};

/// This share of the whole request is no change worth telling.
const SHARE: f64 = 0.05;
/// So many samples count half: a change in few of them is weak.
const FEW: f64 = 2.0;

/// The samples of one context in one window: in milliseconds.
#[derive(Debug, Default)]
struct Samples {
    times: Vec<f64>,
    /// How long the whole requests took.
    requests: Vec<f64>,
}

/// The samples of a window.
#[derive(Debug, Default)]
pub struct Times {
    own: BTreeMap<Context, Samples>,
    ways: BTreeMap<Way, Samples>,
}

impl Times {
    /// Adds the spans of a window; a baseline may be several.
    pub fn add(&mut self, calls: &Calls<'_>) {
        for at in 0..calls.spans.len() as u32 {
            let (samples, time) = match calls.way(at) {
                Some(way) => (self.ways.entry(way).or_default(), calls.way_time(at)),
                None => (self.own.entry(calls.context(at)).or_default(), calls.own_time(at)),
            };
            samples.times.push(time as f64 / 1e6);
            samples.requests.push(calls.root(at).duration() as f64 / 1e6);
        }
    }

    /// In the order that comparing needs.
    pub fn sort(&mut self) {
        for samples in self.own.values_mut().chain(self.ways.values_mut()) {
            samples.times.sort_by(f64::total_cmp);
            samples.requests.sort_by(f64::total_cmp);
        }
    }
}

/// How far the times of one context are outside what they were: 0 when they are not longer.
fn strength(before: &Samples, now: &Samples) -> f64 {
    let slack = spread(&before.times) + SHARE * quantile(&before.requests, 0.5);
    let ratio = |share: f64| ((quantile(&now.times, share) + slack) / (quantile(&before.times, share) + slack)).ln();
    let growth = [0.25, 0.5, 0.75].map(ratio).iter().sum::<f64>() / 3.0;
    let often = above(&now.times, &before.times);
    // Not a number where nothing takes any time at all.
    if !(growth > 0.0 && often > 0.0) {
        return 0.0;
    }
    let enough = |samples: &Samples| samples.times.len() as f64 / (samples.times.len() as f64 + FEW);
    growth * often * enough(before) * enough(now)
}

/// The services whose own work takes longer. What is new took no time in all the visits that it is below.
pub fn own(before: &Times, now: &Times, fresh: &Fresh) -> Vec<Evidence> {
    let changed = now.own.iter().filter_map(|(context, now)| {
        let (strength, change) = match (before.own.get(context), fresh.get(context)) {
            (Some(before), _) => (strength(before, now), change(before, now)),
            (None, Some(below)) => {
                let [without, all] = below.visits.map(|visits| visits as usize);
                let nothing = Samples { times: vec![0.0; without], requests: now.requests.clone() };
                let mut times = vec![0.0; all.saturating_sub(now.times.len())];
                times.extend(&now.times);
                let change = Change { samples: [0, now.times.len() as u32], ..change(&nothing, now) };
                (strength(&nothing, &Samples { times, requests: now.requests.clone() }), change)
            }
            (None, None) => return None,
        };
        let what = What::Slower { context: *context, change };
        (strength > 0.0).then_some(Evidence { service: context.service, strength, what })
    });
    changed.collect()
}

fn change(before: &Samples, now: &Samples) -> Change {
    Change {
        before: quantile(&before.times, 0.5),
        now: quantile(&now.times, 0.5),
        samples: [before.times.len() as u32, now.times.len() as u32],
    }
}

/// The ways that take longer, charged to one of their ends: to the caller what all its ways have in common, the rest to the
/// callee (one pass of Tukey's median polish).
pub fn ways(before: &Times, now: &Times) -> Vec<Evidence> {
    let mut pairs: BTreeMap<(Word, Word), Vec<Slow>> = BTreeMap::new();
    for (way, now) in &now.ways {
        let slow = pairs.entry((way.from, way.to)).or_default();
        if let Some(before) = before.ways.get(way) {
            slow.push(Slow { strength: strength(before, now), way: *way, change: change(before, now) });
        }
    }
    let all = |slow: &[Slow]| together(slow.iter().map(|slow| slow.strength));
    let mut out: BTreeMap<Word, Vec<f64>> = BTreeMap::new();
    for ((from, _), slow) in &pairs {
        out.entry(*from).or_default().push(all(slow));
    }
    // What a caller with one callee has in common with itself says nothing.
    let common: BTreeMap<Word, f64> =
        out.into_iter().map(|(from, all)| (from, if all.len() > 1 { middle(all).0 } else { 0.0 })).collect();
    let mut into: BTreeMap<Word, Vec<f64>> = BTreeMap::new();
    for ((from, to), slow) in &pairs {
        into.entry(*to).or_default().push((all(slow) - common[from]).max(0.0));
    }
    let charge = |service: Word, strength: f64, from_everywhere: bool| {
        let ways = pairs.iter().filter(|((from, to), _)| if from_everywhere { *from } else { *to } == service);
        let most = ways.flat_map(|(_, slow)| slow).max_by(|a, b| a.strength.total_cmp(&b.strength))?;
        let what = What::SlowWay { way: most.way, change: most.change, from_everywhere };
        (strength > 0.0).then_some(Evidence { service, strength, what })
    };
    let from = common.iter().filter_map(|(&from, &strength)| charge(from, strength, true));
    let to = into.into_iter().filter_map(|(to, over)| {
        let (low, high) = middle(over);
        charge(to, low.midpoint(high), false)
    });
    from.chain(to).collect()
}

/// A way that takes longer.
struct Slow {
    strength: f64,
    way: Way,
    change: Change,
}

/// The lower and the upper median.
fn middle(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    (values[(values.len() - 1) / 2], values[values.len() / 2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Span, SpanKind, Window};

    /// Requests from service 1 to service 2: the caller's span, its client span, the callee's.
    fn requests(number: u32, own: i64, way: i64) -> Window {
        let mut spans = Vec::new();
        for request in 0..number {
            let start = i64::from(request) * 1_000_000_000;
            let jitter = i64::from(request % 5) * 10_000;
            let (own, way) = (own * 1_000_000 + jitter, way * 1_000_000 + jitter);
            let span = |id, parent, service, operation, begin: i64, end: i64| Span {
                trace: 100 + request,
                id,
                parent,
                service,
                instance: service,
                operation,
                kind: SpanKind::Internal,
                failed: false,
                said: 0,
                begin: start + begin,
                end: start + end,
            };
            let (called, answered) = (1_000_000, 1_000_000 + way + own);
            spans.push(span(1, 0, 1, 11, 0, answered + 1_000_000));
            spans.push(span(2, 1, 1, 12, called, answered));
            spans.push(span(3, 2, 2, 13, called + way / 2, called + way / 2 + own));
        }
        Window { spans, ..Window::default() }
    }

    fn times(window: &Window) -> Times {
        let mut times = Times::default();
        times.add(&Calls::new(window));
        times.sort();
        times
    }

    fn strongest(evidence: &[Evidence]) -> (Word, f64) {
        let best = evidence.iter().max_by(|a, b| a.strength.total_cmp(&b.strength));
        best.map_or((0, 0.0), |best| (best.service, best.strength))
    }

    #[test]
    fn slow_work_is_charged_to_who_does_it_and_not_to_who_waits() {
        let (before, now) = (times(&requests(50, 4, 1)), times(&requests(50, 80, 1)));
        let (service, strength) = strongest(&own(&before, &now, &Fresh::new()));
        assert!(service == 2 && strength > 1.0, "{service} {strength}");
        assert!(strongest(&ways(&before, &now)).1 < 0.1, "the way is as long as before");
    }

    #[test]
    fn a_slow_network_is_no_slow_work() {
        let (before, now) = (times(&requests(50, 4, 1)), times(&requests(50, 4, 200)));
        let (service, strength) = strongest(&ways(&before, &now));
        assert!(service == 2 && strength > 1.0, "{service} {strength}");
        assert!(strongest(&own(&before, &now, &Fresh::new())).1 < 0.1);
    }

    #[test]
    fn what_lies_longer_in_a_queue_is_a_slow_way_though_nobody_waits() {
        let queued = |ms: i64| {
            let mut window = requests(50, 4, 1);
            for span in window.spans.iter_mut().filter(|span| span.id == 3) {
                span.kind = SpanKind::Consumer;
                (span.begin, span.end) = (span.begin + ms * 1_000_000, span.end + ms * 1_000_000);
            }
            for span in window.spans.iter_mut().filter(|span| span.id == 2) {
                (span.kind, span.end) = (SpanKind::Producer, span.begin + 1_000_000);
            }
            window
        };
        let (before, now) = (times(&queued(5)), times(&queued(2_000)));
        let found = ways(&before, &now);
        let slow = found.iter().max_by(|a, b| a.strength.total_cmp(&b.strength)).unwrap();
        let What::SlowWay { way, change, .. } = slow.what else { panic!("{slow:?}") };
        assert!(slow.strength > 1.0 && (way.from, way.to) == (1, 2), "{slow:?}");
        assert!(change.before < 10.0 && change.now > 1_990.0, "{change:?}");
        assert!(own(&before, &now, &Fresh::new()).is_empty());
    }

    #[test]
    fn what_became_faster_or_stayed_or_is_new_says_nothing() {
        let (before, now) = (times(&requests(50, 80, 5)), times(&requests(50, 4, 5)));
        let nothing = Fresh::new();
        assert!(own(&before, &now, &nothing).is_empty() && own(&before, &before, &nothing).is_empty());
        assert!(own(&Times::default(), &now, &nothing).is_empty());
    }
}
