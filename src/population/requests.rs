//! The requests of a window, one by one: which spans and lines of logs are its own, what it does, of which shape it is, and
//! what each service does in all of them.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::trace::{Calls, Span, Window, Word, fnv};

/// Shapes that are looked at for the one that is most alike, the most frequent first: looking must not take long.
const SHAPES: usize = 512;

/// One request: everything that has its trace id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Its trace id.
    pub trace: Word,
    /// The service and the operation of its root; of several the one that began first.
    pub root: (Word, Word),
    /// How long it took from its first span's begin to the last one's end, in nanoseconds.
    pub duration: i64,
    /// Its shape, by its place among all of the window.
    shape: u32,
    /// Where its spans and its lines begin in the lists of all.
    spans: u32,
    logs: u32,
}

/// What requests of one shape have in common: so many spans at each path from the root, by service and operation.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shape {
    /// Hashes of the paths, ascending, each as often as it is there.
    paths: Vec<u64>,
    /// How many requests are of it.
    requests: u32,
}

/// What a service does in a window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Requests that come by it.
    pub requests: u32,
    /// Its spans.
    pub spans: u32,
    /// Those of them that failed.
    pub failed: u32,
    /// The median of what its spans worked or waited themselves in a request, together, in nanoseconds; `None` where they
    /// only wait for others.
    pub own: Option<i64>,
}

/// The requests of a window.
#[derive(Debug, Clone, Default)]
pub struct Requests {
    list: Vec<Request>,
    /// The spans and the lines of all requests, one after the other, by their places in the window.
    spans: Vec<u32>,
    logs: Vec<u32>,
    shapes: Vec<Shape>,
    work: BTreeMap<Word, Work>,
}

/// What is seen of one request by itself.
struct Seen {
    root: (Word, Word),
    duration: i64,
    paths: Vec<u64>,
    /// What each service does in it; its own time is the sum of its spans'.
    work: BTreeMap<Word, Work>,
}

impl Requests {
    /// The requests of a window, in the order of their first spans.
    pub fn new(window: &Window) -> Self {
        let mut places: HashMap<Word, u32, foldhash::fast::FixedState> = HashMap::default();
        let mut traces = Vec::new();
        for span in &window.spans {
            places.entry(span.trace).or_insert_with(|| {
                traces.push(span.trace);
                traces.len() as u32 - 1
            });
        }
        let by_request = |traces: &mut dyn Iterator<Item = Word>| {
            let mut list: Vec<(u32, u32)> =
                (0..).zip(traces).filter_map(|(at, trace)| Some((*places.get(&trace)?, at))).collect();
            list.sort_unstable();
            let starts: Vec<u32> =
                (0..places.len() as u32).map(|request| list.partition_point(|(of, _)| *of < request) as u32).collect();
            (list.into_iter().map(|(_, at)| at).collect::<Vec<u32>>(), starts)
        };
        let (spans, span_starts) = by_request(&mut window.spans.iter().map(|span| span.trace));
        let (logs, log_starts) = by_request(&mut window.logs.iter().map(|line| line.trace));
        let blank = |(trace, (&spans, &logs)): (&Word, (&u32, &u32))| Request {
            trace: *trace,
            root: (0, 0),
            duration: 0,
            shape: 0,
            spans,
            logs,
        };
        let list = traces.iter().zip(span_starts.iter().zip(&log_starts)).map(blank).collect();
        let mut requests = Self { list, spans, logs, ..Self::default() };
        let seen: Vec<Seen> =
            (0..requests.len()).into_par_iter().map(|at| see(&requests.spans_of(window, at))).collect();
        requests.take(seen);
        requests
    }

    fn take(&mut self, seen: Vec<Seen>) {
        let mut shapes: HashMap<Vec<u64>, u32, foldhash::fast::FixedState> = HashMap::default();
        let mut own: BTreeMap<Word, Vec<i64>> = BTreeMap::new();
        for (request, seen) in self.list.iter_mut().zip(seen) {
            (request.root, request.duration) = (seen.root, seen.duration);
            request.shape = *shapes.entry(seen.paths).or_insert_with_key(|paths| {
                self.shapes.push(Shape { paths: paths.clone(), requests: 0 });
                self.shapes.len() as u32 - 1
            });
            self.shapes[request.shape as usize].requests += 1;
            for (service, here) in seen.work {
                let work = self.work.entry(service).or_default();
                work.requests += 1;
                work.spans += here.spans;
                work.failed += here.failed;
                own.entry(service).or_default().extend(here.own);
            }
        }
        for (service, mut times) in own.into_iter().filter(|(_, times)| !times.is_empty()) {
            let middle = (times.len() - 1) / 2;
            let (_, median, _) = times.select_nth_unstable(middle);
            self.work.entry(service).or_default().own = Some(*median);
        }
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        self.list.len() as u32
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The request at a place.
    pub fn get(&self, at: u32) -> &Request {
        &self.list[at as usize]
    }

    /// What each service does, by its name's place.
    pub const fn work(&self) -> &BTreeMap<Word, Work> {
        &self.work
    }

    /// How many requests are of the shape of this one.
    pub fn alike(&self, at: u32) -> u32 {
        self.shapes[self.list[at as usize].shape as usize].requests
    }

    /// A request by itself: its spans and lines, without metrics.
    pub fn window(&self, window: &Window, at: u32) -> Window {
        let end = self.list.get(at as usize + 1).map_or(self.logs.len(), |next| next.logs as usize);
        let logs = &self.logs[self.list[at as usize].logs as usize..end];
        let logs = logs.iter().map(|&line| window.logs[line as usize]).collect();
        Window { logs, ..self.spans_of(window, at) }
    }

    fn spans_of(&self, window: &Window, at: u32) -> Window {
        let end = self.list.get(at as usize + 1).map_or(self.spans.len(), |next| next.spans as usize);
        let spans = &self.spans[self.list[at as usize].spans as usize..end];
        Window { spans: spans.iter().map(|&span| window.spans[span as usize]).collect(), ..Window::default() }
    }

    /// The request of this window that is most alike one of another window, and how many here do the same; `None` where none
    /// does. It has the same root operation; of those its shape shares the most spans with the other's; of that shape it is the
    /// one of median duration, which is what is usual.
    pub fn most_alike(&self, other: &Self, at: u32) -> Option<(u32, u32)> {
        let wanted = other.get(at);
        let same: Vec<u32> = (0..self.len()).filter(|&own| self.get(own).root == wanted.root).collect();
        let mut shapes: Vec<u32> = same.iter().map(|&own| self.get(own).shape).collect();
        shapes.sort_unstable();
        shapes.dedup();
        shapes.sort_by_key(|&shape| std::cmp::Reverse(self.shapes[shape as usize].requests));
        let paths = &other.shapes[wanted.shape as usize].paths;
        let likeness = |shape: &u32| likeness(&self.shapes[*shape as usize].paths, paths);
        // Of equally alike ones the more frequent: the last of the greatest is taken.
        let best = shapes.into_iter().take(SHAPES).rev().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
        let mut of_it: Vec<u32> = same.iter().copied().filter(|&own| self.get(own).shape == best).collect();
        of_it.sort_by_key(|&own| (self.get(own).duration, own));
        Some((of_it[(of_it.len() - 1) / 2], same.len() as u32))
    }
}

/// Twice what both have of all that they have, from 0 to 1 (Sørensen and Dice). Both ascend.
fn likeness(one: &[u64], other: &[u64]) -> f64 {
    let (mut at, mut shared) = (0, 0_u32);
    for path in one {
        while other.get(at).is_some_and(|other| other < path) {
            at += 1;
        }
        if other.get(at) == Some(path) {
            (at, shared) = (at + 1, shared + 1);
        }
    }
    f64::from(2 * shared) / (one.len() + other.len()).max(1) as f64
}

fn see(window: &Window) -> Seen {
    let calls = Calls::new(window);
    let spans = &window.spans;
    let roots = (0..spans.len() as u32).filter(|&at| calls.parent(at).is_none());
    let mut open: Vec<(u32, u64)> = roots.map(|root| (root, 0)).collect();
    let first = open.iter().map(|(root, _)| &spans[*root as usize]).min_by_key(|root| root.begin);
    let root = first.map_or((0, 0), |root| (root.service, root.operation));
    let mut paths = Vec::with_capacity(spans.len());
    while let Some((at, above)) = open.pop() {
        let hash = path(above, &spans[at as usize]);
        paths.push(hash);
        open.extend(calls.children(at).iter().map(|&child| (child, hash)));
    }
    paths.sort_unstable();
    let (begin, end) = window.time().unwrap_or_default();
    let mut work: BTreeMap<Word, Work> = BTreeMap::new();
    for (at, span) in (0..).zip(spans) {
        let here = work.entry(span.service).or_default();
        here.spans += 1;
        here.failed += u32::from(span.failed);
        if calls.way(at).is_none() {
            here.own = Some(here.own.unwrap_or_default() + calls.own_time(at));
        }
    }
    Seen { root, duration: end - begin, paths, work }
}

/// The hash of a path: that of the one above it, and one service and operation more.
fn path(above: u64, span: &Span) -> u64 {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&above.to_le_bytes());
    bytes[8..12].copy_from_slice(&span.service.to_le_bytes());
    bytes[12..].copy_from_slice(&span.operation.to_le_bytes());
    fnv(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{LogLine, SpanKind};

    fn span(trace: Word, id: Word, parent: Word, operation: Word, begin: i64, end: i64) -> Span {
        let (service, kind) = (operation / 10, SpanKind::Internal);
        Span { trace, id, parent, service, instance: 0, operation, kind, failed: operation == 29, said: 0, begin, end }
    }

    fn request(window: &mut Window, trace: Word, calls: &[Word], took: i64) {
        window.spans.push(span(trace, 1, 0, 11, 0, took));
        window.spans.extend((2..).zip(calls).map(|(id, &call)| span(trace, id, 1, call, 1, took - 1)));
    }

    #[test]
    fn a_request_has_its_own_spans_and_lines_wherever_they_stand() {
        let mut window = Window::default();
        request(&mut window, 7, &[21], 9);
        request(&mut window, 5, &[], 4);
        window.spans.push(span(7, 9, 2, 31, 2, 3));
        for (trace, template) in [(5, 1), (0, 2), (7, 3), (99, 4)] {
            window.logs.push(LogLine { trace, span: 1, service: 1, instance: 0, template, time: 0 });
        }
        let requests = Requests::new(&window);
        assert_eq!((requests.len(), requests.get(0).trace, requests.get(1).trace), (2, 7, 5));
        let (first, second) = (requests.window(&window, 0), requests.window(&window, 1));
        assert_eq!((first.spans.len(), second.spans.len()), (3, 1));
        assert_eq!((first.logs[0].template, second.logs[0].template), (3, 1));
        assert_eq!((first.logs.len(), second.logs.len()), (1, 1), "lines of no request are nobody's");
    }

    #[test]
    fn the_most_alike_has_the_same_root_the_nearest_shape_and_the_usual_duration() {
        let (mut before, mut now) = (Window::default(), Window::default());
        for (trace, took) in (1..).zip([30, 10, 20]) {
            request(&mut before, trace, &[21, 31], took);
        }
        request(&mut before, 9, &[21], 20);
        before.spans.push(span(10, 1, 0, 12, 0, 20));
        request(&mut now, 1, &[21, 31, 31], 500);
        request(&mut now, 2, &[], 5);
        now.spans.push(span(3, 1, 0, 99, 0, 20));
        let (before, now) = (Requests::new(&before), Requests::new(&now));
        assert_eq!(before.most_alike(&now, 0), Some((2, 4)), "of the three of that shape the median");
        assert_eq!(before.most_alike(&now, 1), Some((3, 4)), "the fewest calls are nearest to none");
        assert_eq!(before.most_alike(&now, 2), None, "nobody did that before");
        assert_eq!((before.alike(0), before.alike(3)), (3, 1));
    }

    #[test]
    fn what_a_service_does_is_counted_by_requests_spans_and_failures() {
        let mut window = Window::default();
        request(&mut window, 1, &[21, 29], 100);
        request(&mut window, 2, &[21], 50);
        let requests = Requests::new(&window);
        let work = requests.work()[&2];
        // 98 and 98 beside each other in the first request, 48 in the second.
        assert_eq!((work.requests, work.spans, work.failed, work.own), (2, 3, 1, Some(48)));
        assert_eq!(requests.work()[&1].own, None, "it only waits");
    }
}
