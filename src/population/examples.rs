//! Which requests show a piece of evidence: those that a person is shown for it.

use std::collections::HashMap;

use rayon::prelude::*;

use super::lost::{lines_by_span, passes};
use super::requests::Requests;
use super::{Change, What};
use crate::trace::{Calls, Context, LogLine, Way, Window, Word};

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// What is looked for in requests.
struct Sought<'a> {
    list: &'a [What],
    contexts: Map<Context, Vec<u32>>,
    ways: Map<Way, Vec<u32>>,
    instances: Map<Word, Vec<u32>>,
}

/// For each piece of evidence the requests of the failing window that show it, the most typical first: nearest to the median of
/// now for what takes longer, of the most frequent shape for the rest.
pub fn examples(window: &Window, requests: &Requests, list: &[What]) -> Vec<Vec<u32>> {
    let sought = Sought::new(list);
    let per_request: Vec<Vec<(u32, f64)>> = (0..requests.len())
        .into_par_iter()
        .map(|at| {
            let window = requests.window(window, at);
            let calls = Calls::new(&window);
            let mut found: Vec<(u32, f64)> = Vec::new();
            sought.spans(&calls, &window, |what, _, distance| match found.iter_mut().find(|(of, _)| *of == what) {
                Some((_, nearest)) => *nearest = nearest.min(distance),
                None => found.push((what, distance)),
            });
            found
        })
        .collect();
    let mut found: Vec<Vec<(f64, u32)>> = vec![Vec::new(); list.len()];
    for (request, shown) in (0..).zip(per_request) {
        for (what, distance) in shown {
            found[what as usize].push((distance, request));
        }
    }
    let sorted = found.into_iter().map(|mut found| {
        let rare = |request: u32| std::cmp::Reverse(requests.alike(request));
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| (rare(a.1), a.1).cmp(&(rare(b.1), b.1))));
        found.into_iter().map(|(_, request)| request).collect()
    });
    sorted.collect()
}

/// The spans of a request that show a piece of evidence, the one that shows it most first.
pub fn showing(calls: &Calls<'_>, window: &Window, what: &What) -> Vec<u32> {
    let list = [*what];
    let mut found = Vec::new();
    Sought::new(&list).spans(calls, window, |_, span, _| found.push(span));
    found.sort_by_key(|&span| (std::cmp::Reverse(calls.own_time(span)), span));
    found
}

/// When the first span that shows a piece of evidence begins, in nanoseconds since 1970; `None` where none shows it.
pub fn first_shown(calls: &Calls<'_>, what: What) -> Option<i64> {
    let list = [what];
    let mut first = None;
    Sought::new(&list).spans(calls, calls.window, |_, span, _| {
        let begin = calls.spans[span as usize].begin;
        first = Some(first.map_or(begin, |first: i64| first.min(begin)));
    });
    first
}

impl<'a> Sought<'a> {
    fn new(list: &'a [What]) -> Self {
        let (mut contexts, mut ways, mut instances) = (Map::default(), Map::default(), Map::default());
        for (at, what) in (0..).zip(list) {
            let places: &mut Vec<u32> = match what {
                What::Slower { context, .. } | What::Lost { context, .. } | What::Failing { context, .. } => {
                    contexts.entry(*context).or_default()
                }
                What::SlowWay { way, .. } => ways.entry(*way).or_default(),
                What::Resource { instance, .. } => instances.entry(*instance).or_default(),
                // A table of metrics has no requests.
                What::Added(_) => continue,
            };
            places.push(at);
        }
        Self { list, contexts, ways, instances }
    }

    /// Tells for each span that shows something what it shows, and how far it is from what is typical.
    fn spans(&self, calls: &Calls<'_>, window: &Window, mut tell: impl FnMut(u32, u32, f64)) {
        let mut lines: Option<Vec<Vec<&LogLine>>> = None;
        for at in 0..calls.spans.len() as u32 {
            for &what in self.instances.get(&calls.spans[at as usize].instance).into_iter().flatten() {
                tell(what, at, 0.0);
            }
            let way = calls.way(at);
            let known = match way {
                Some(way) => self.ways.get(&way),
                None => None,
            };
            for &what in known.into_iter().chain(self.contexts.get(&calls.context(at))).flatten() {
                match &self.list[what as usize] {
                    What::SlowWay { change, .. } => longer(calls.way_time(at), change).map(|far| tell(what, at, far)),
                    What::Slower { change, .. } if way.is_none() => {
                        longer(calls.own_time(at), change).map(|far| tell(what, at, far))
                    }
                    What::Lost { after, next, .. } => {
                        let lines = lines.get_or_insert_with(|| lines_by_span(calls, window));
                        passes(calls, at, &lines[at as usize], *after, *next).then(|| tell(what, at, 0.0))
                    }
                    What::Failing { says, .. } => {
                        let own = &calls.spans[at as usize];
                        // What says the same comes first.
                        let other = says.is_some_and(|says| says.message != own.said);
                        own.failed.then(|| tell(what, at, f64::from(u8::from(other))))
                    }
                    What::Slower { .. } | What::Resource { .. } | What::Added(_) => None,
                };
            }
        }
    }
}

/// How far a time in nanoseconds is from the median of now, in milliseconds, where it is nearer to that than to the one before.
fn longer(time: i64, change: &Change) -> Option<f64> {
    let time = time as f64 / 1e6;
    (time >= change.before.midpoint(change.now)).then(|| (time - change.now).abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::Step;
    use crate::trace::{Span, SpanKind};

    fn window(times: &[i64]) -> Window {
        let mut window = Window::default();
        for (trace, &ms) in (1..).zip(times) {
            let (end, kind) = (ms * 1_000_000, SpanKind::Internal);
            let span = |id, parent, operation| Span {
                trace,
                id,
                parent,
                service: 1,
                instance: trace % 2,
                operation,
                kind,
                failed: false,
                said: 0,
                begin: 0,
                end,
            };
            window.spans.push(span(1, 0, 11));
            if ms > 100 {
                window.logs.push(LogLine { trace, span: 1, service: 1, instance: 0, template: 5, time: 1 });
            }
        }
        window
    }

    #[test]
    fn what_takes_longer_is_shown_by_what_is_nearest_to_the_median_of_now() {
        let window = window(&[5, 300, 190, 220, 8]);
        let requests = Requests::new(&window);
        let context = Context { service: 1, operation: 11, caller: 0, entry: 11 };
        let change = Change { before: 6.0, now: 200.0, samples: [9, 5] };
        let slower = What::Slower { context, change };
        let lost =
            What::Lost { context, after: Step::Start, usual: None, next: Step::Log(5), spans: 3, of: 5, gone: true };
        let resource = What::Resource { instance: 0, metric: 0, change };
        let nowhere = What::Slower { context: Context { operation: 99, ..context }, change };
        let found = examples(&window, &requests, &[slower, lost, resource, nowhere]);
        assert_eq!(found, [vec![2, 3, 1], vec![1, 2, 3], vec![1, 3], vec![]]);
    }

    #[test]
    fn the_span_that_took_longest_shows_it_most() {
        let window = window(&[5, 300]);
        let calls = Calls::new(&window);
        let context = Context { service: 1, operation: 11, caller: 0, entry: 11 };
        let change = Change { before: 1.0, now: 2.0, samples: [9, 5] };
        assert_eq!(showing(&calls, &window, &What::Slower { context, change }), [1, 0]);
    }
}
