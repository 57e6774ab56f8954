//! The calls of a window: which span caused which, how long each worked itself, and how long the way to the next service took.

use std::collections::HashMap;

use super::clocks::Clocks;
use super::{Span, SpanKind, Window, Word};

/// No such span.
const NO_SPAN: u32 = u32::MAX;

/// What a span does, as seen from where: the same context in two windows is the same work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Context {
    /// The service that works.
    pub service: Word,
    /// What it does.
    pub operation: Word,
    /// What it was called from.
    pub caller: Word,
    /// What this service was entered by.
    pub entry: Word,
}

/// The way of a call from one service to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Way {
    /// The service that calls.
    pub from: Word,
    /// The service that is called.
    pub to: Word,
    /// What is called there.
    pub callee: Word,
    /// The span that calls.
    pub client: Word,
}

/// The spans of a window as trees.
#[derive(Debug)]
pub struct Calls<'a> {
    /// The window that they are of.
    pub window: &'a Window,
    /// The spans.
    pub spans: &'a [Span],
    parents: Vec<u32>,
    /// For each span where its children begin in `children`; one more entry than spans.
    starts: Vec<u32>,
    children: Vec<u32>,
    /// The topmost span of each span's visit to its service.
    entries: Vec<u32>,
    /// The span at the root of each span.
    roots: Vec<u32>,
    /// How far the clocks are apart.
    clocks: Clocks,
}

impl<'a> Calls<'a> {
    /// The trees of a window. A span whose parent is not there is a root; of several with one id the first is the parent; a
    /// circle is cut where it closes.
    pub fn new(window: &'a Window) -> Self {
        let spans = &window.spans;
        let mut by_id: HashMap<(Word, Word), u32, foldhash::fast::FixedState> = HashMap::default();
        for (at, span) in (0..).zip(spans) {
            by_id.entry((span.trace, span.id)).or_insert(at);
        }
        let parent = |(at, span): (u32, &Span)| {
            let parent = if span.parent == 0 { None } else { by_id.get(&(span.trace, span.parent)).copied() };
            parent.filter(|&parent| parent != at).unwrap_or(NO_SPAN)
        };
        let mut parents: Vec<u32> = (0..).zip(spans).map(parent).collect();
        let order = from_the_roots(&mut parents);
        let mut starts = vec![0_u32; spans.len() + 1];
        for &parent in parents.iter().filter(|parent| **parent != NO_SPAN) {
            starts[parent as usize + 1] += 1;
        }
        for at in 0..spans.len() {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut children = vec![0_u32; starts[spans.len()] as usize];
        for (at, &parent) in (0_u32..).zip(&parents).filter(|(_, parent)| **parent != NO_SPAN) {
            let place = &mut next[parent as usize];
            children[*place as usize] = at;
            *place += 1;
        }
        let parent = |at: usize| spans.get(parents[at] as usize);
        let clocks = Clocks::new(|| spans.iter().enumerate().filter_map(|(at, span)| Some((parent(at)?, span))));
        for at in 0..spans.len() {
            let own = &mut children[starts[at] as usize..starts[at + 1] as usize];
            own.sort_by_key(|&child| {
                let span = &spans[child as usize];
                (span.begin.saturating_add(clocks.ahead(&spans[at], span)), child)
            });
        }
        let mut entries: Vec<u32> = (0..spans.len() as u32).collect();
        let mut roots = entries.clone();
        for at in order {
            let parent = parents[at as usize];
            if parent != NO_SPAN {
                roots[at as usize] = roots[parent as usize];
                if spans[parent as usize].service == spans[at as usize].service {
                    entries[at as usize] = entries[parent as usize];
                }
            }
        }
        Self { window, spans, parents, starts, children, entries, roots, clocks }
    }

    /// From when to when a span was by the clock of the one that caused it.
    pub fn seen_from(&self, parent: u32, span: u32) -> (i64, i64) {
        let own = &self.spans[span as usize];
        let ahead = self.clocks.ahead(&self.spans[parent as usize], own);
        (own.begin.saturating_add(ahead), own.end.saturating_add(ahead))
    }

    /// The span that caused this one.
    pub fn parent(&self, span: u32) -> Option<u32> {
        Some(self.parents[span as usize]).filter(|parent| *parent != NO_SPAN)
    }

    /// The spans that this one caused, in the order in which they began.
    pub fn children(&self, span: u32) -> &[u32] {
        &self.children[self.starts[span as usize] as usize..self.starts[span as usize + 1] as usize]
    }

    /// The topmost span of a span's visit to its service.
    pub fn entry(&self, span: u32) -> u32 {
        self.entries[span as usize]
    }

    /// The whole request that a span belongs to.
    pub fn root(&self, span: u32) -> &Span {
        &self.spans[self.roots[span as usize] as usize]
    }

    /// What a span does, as seen from where.
    pub fn context(&self, span: u32) -> Context {
        let own = &self.spans[span as usize];
        let caller = self.parent(span).map_or(0, |parent| self.spans[parent as usize].operation);
        let entry = self.spans[self.entry(span) as usize].operation;
        Context { service: own.service, operation: own.operation, caller, entry }
    }

    /// The way that a span is: it only waits for what another service does. What is called itself works, though nothing is seen of
    /// it but its calls.
    pub fn way(&self, span: u32) -> Option<Way> {
        let own = &self.spans[span as usize];
        let abroad = |parent: u32| self.spans[parent as usize].service != own.service;
        if matches!(own.kind, SpanKind::Server | SpanKind::Consumer) || self.parent(span).is_some_and(abroad) {
            return None;
        }
        let children = self.children(span);
        let callee = &self.spans[*children.first()? as usize];
        let abroad = children.iter().all(|&child| self.spans[child as usize].service != own.service);
        abroad.then_some(Way { from: own.service, to: callee.service, callee: callee.operation, client: own.operation })
    }

    /// How long a span worked or waited itself, in nanoseconds: without the union of what it caused, and of what its service
    /// began beside it and handed over to.
    pub fn own_time(&self, span: u32) -> i64 {
        let own = &self.spans[span as usize];
        let siblings = self.parent(span).map_or(&[][..], |parent| self.children(parent));
        // Siblings are in the order in which they began.
        let from = siblings.partition_point(|&other| self.spans[other as usize].begin <= own.begin);
        let beside = siblings[from..].iter().take_while(|&&other| self.spans[other as usize].begin < own.end);
        let handed = beside.filter(|&&other| self.spans[other as usize].service == own.service);
        let mut covered: Vec<(i64, i64)> = (self.children(span).iter().chain(handed))
            .map(|&other| {
                let (begin, end) = self.seen_from(span, other);
                (begin.max(own.begin), end.min(own.end))
            })
            .filter(|(begin, end)| begin < end)
            .collect();
        covered.sort_unstable();
        let mut free = own.duration();
        let mut until = own.begin;
        for (begin, end) in covered {
            free -= (end - begin.max(until)).max(0);
            until = until.max(end);
        }
        free
    }

    /// How long a way took, in nanoseconds: what its span waited itself, and, where that hands over and goes on, how long it then
    /// lay in a queue until somebody took it.
    pub fn way_time(&self, span: u32) -> i64 {
        let taken = self.children(span).first().filter(|&&first| self.spans[first as usize].kind == SpanKind::Consumer);
        let queued = taken.map_or(0, |&first| self.seen_from(span, first).0 - self.spans[span as usize].end);
        self.own_time(span) + queued.max(0)
    }
}

/// The spans in an order in which each comes after its parent. What is caused by itself in a circle becomes a root.
fn from_the_roots(parents: &mut [u32]) -> Vec<u32> {
    const OPEN: u8 = 1;
    const DONE: u8 = 2;
    let mut state = vec![0_u8; parents.len()];
    let mut order = Vec::with_capacity(parents.len());
    let mut path = Vec::new();
    for start in 0..parents.len() as u32 {
        let mut at = start;
        while at != NO_SPAN && state[at as usize] == 0 {
            state[at as usize] = OPEN;
            path.push(at);
            at = parents[at as usize];
        }
        if at != NO_SPAN && state[at as usize] == OPEN {
            parents[at as usize] = NO_SPAN;
        }
        while let Some(span) = path.pop() {
            state[span as usize] = DONE;
            order.push(span);
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(id: Word, parent: Word, service: Word, begin: i64, end: i64) -> Span {
        let (trace, instance, operation, kind) = (1, service, 100 + id, SpanKind::Internal);
        Span { trace, id, parent, service, instance, operation, kind, failed: false, said: 0, begin, end }
    }

    fn window(spans: Vec<Span>) -> Window {
        Window { spans, ..Window::default() }
    }

    #[test]
    fn own_time_is_what_is_left_without_the_union_of_the_children() {
        let window =
            window(vec![span(1, 0, 1, 0, 100), span(2, 1, 1, 10, 40), span(3, 1, 1, 30, 50), span(4, 1, 1, 90, 130)]);
        let calls = Calls::new(&window);
        assert_eq!(calls.own_time(0), 50);
        assert_eq!(calls.own_time(1), 20, "from 30 on the later sibling has it");
    }

    #[test]
    fn what_only_waits_for_another_service_is_a_way() {
        let window = window(vec![span(1, 0, 1, 0, 100), span(2, 1, 1, 10, 90), span(3, 2, 2, 20, 80)]);
        let calls = Calls::new(&window);
        assert_eq!(calls.way(0), None);
        assert_eq!(calls.way(1), Some(Way { from: 1, to: 2, callee: 103, client: 102 }));
        assert_eq!(calls.own_time(1), 20);
        assert_eq!(calls.context(2), Context { service: 2, operation: 103, caller: 102, entry: 103 });
        assert_eq!(calls.root(2).id, 1);
        // Without spans of the callers that are called works itself, as far as anybody sees.
        let of = |kind| {
            let server = Span { kind, ..span(2, 1, 1, 10, 90) };
            let spans = vec![span(1, 0, 1, 0, 100), server, span(3, 2, 2, 20, 80), span(4, 3, 3, 30, 70)];
            Window { spans, ..Window::default() }
        };
        let (server, client) = (of(SpanKind::Server), of(SpanKind::Client));
        assert!(Calls::new(&server).way(1).is_none() && Calls::new(&client).way(1).is_some());
        assert_eq!(Calls::new(&client).way(2), None);
    }

    #[test]
    fn what_lies_in_a_queue_is_on_its_way() {
        let kind = |kind, span| Span { kind, ..span };
        let send = kind(SpanKind::Producer, span(2, 1, 1, 10, 14));
        let take = |begin| kind(SpanKind::Consumer, span(3, 2, 2, begin, begin + 50));
        for (begin, own, way) in [(80, 4, 70), (14, 4, 4), (12, 2, 2)] {
            let window = window(vec![span(1, 0, 1, 0, 20), send, take(begin)]);
            let calls = Calls::new(&window);
            assert!(calls.way(1).is_some());
            assert_eq!((calls.own_time(1), calls.way_time(1)), (own, way), "taken at {begin}");
        }
    }

    #[test]
    fn a_clock_that_is_ahead_neither_adds_own_time_nor_changes_the_order() {
        let calls = |ahead: i64| {
            let (other, mut spans) = (50 + ahead, Vec::new());
            for trace in 1..=9 {
                let of = [span(1, 0, 1, 0, 100), span(2, 1, 2, 10 + other, 40 + other), span(3, 1, 3, 50, 90)];
                spans.extend(of.map(|span| Span { trace, ..span }));
                // Where it is called alone its times leave no room.
                spans.push(Span { trace: trace + 50, ..span(4, 0, 1, 0, 32) });
                spans.push(Span { trace: trace + 50, ..span(5, 4, 2, 1 + other, 31 + other) });
            }
            window(spans)
        };
        let (right, wrong) = (calls(-50), calls(0));
        for window in [&right, &wrong] {
            let calls = Calls::new(window);
            assert_eq!((calls.own_time(0), calls.own_time(3), calls.children(0)), (30, 2, &[1, 2][..]));
        }
    }

    #[test]
    fn circles_and_lost_parents_are_roots_and_a_repeated_id_is_no_second_parent() {
        let window = window(vec![span(1, 2, 1, 0, 9), span(2, 1, 1, 0, 9), span(3, 77, 1, 0, 9), span(2, 3, 1, 1, 2)]);
        let calls = Calls::new(&window);
        let roots = (0..4).filter(|&span| calls.parent(span).is_none()).count();
        assert_eq!(roots, 2);
        assert!(calls.children(1).len() <= 1 && calls.parent(3) == Some(2));
    }
}
