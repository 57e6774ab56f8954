//! Spans while they are put together from the events that name them.

use std::collections::HashMap;
use std::ops::Range;

use crate::analyse::Events;
use crate::trace::{ERROR, EventIndex, NONE, Span, SpanKind, Unit, Word, Words};

/// Times beyond this are those of no recording; their differences fit.
const LATEST: i64 = i64::MAX / 4;
/// The longest id that a person reads.
const READABLE: usize = 24;

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// What an event says of its span.
pub struct Entry {
    pub event: EventIndex,
    pub request: Word,
    pub id: Word,
    pub parent: Word,
    pub service: Word,
    pub peer: Word,
    pub attempt: u32,
}

/// When something happened by one clock for all, in nanoseconds.
pub fn nanos(events: &Events, event: EventIndex) -> Option<i64> {
    in_nanos(events, events.trace.common_time(event)?)
}

fn in_nanos(events: &Events, ticks: i64) -> Option<i64> {
    let (unit, nanos) = (events.trace.time.as_ref()?.unit.exponent(), Unit::Nanos.exponent());
    let ticks = i128::from(ticks) * 10_i128.pow(nanos.saturating_sub(unit)) / 10_i128.pow(unit.saturating_sub(nanos));
    Some(ticks.clamp(i128::from(-LATEST), i128::from(LATEST)) as i64)
}

/// The spans of a side while they are put together.
pub struct Gathered {
    pub spans: Vec<Span>,
    /// True for a span that is one event; for others it is what happened in between.
    pub is_event: Vec<bool>,
    pub begins: Vec<EventIndex>,
    /// The first event of those whose spans these are.
    first: EventIndex,
    pub of_event: Vec<u32>,
    /// Whom the span talks of, in this order, and which try its first event is.
    peers: Vec<Vec<Word>>,
    attempts: Vec<u32>,
    by_id: Map<(Word, Word), u32>,
}

impl Gathered {
    /// Puts them together: an event that lasts is a span; what else names its id happened in it. Where none lasts, a span is from
    /// the first event that names it to the last.
    pub fn new(
        events: &Events,
        entries: &[Entry],
        range: &Range<EventIndex>,
        clock: &dyn Fn(EventIndex) -> Option<i64>,
    ) -> Self {
        let mut gathered = Self {
            spans: Vec::new(),
            is_event: Vec::new(),
            begins: Vec::new(),
            first: range.start,
            of_event: vec![NONE; range.len()],
            peers: Vec::new(),
            attempts: Vec::new(),
            by_id: Map::default(),
        };
        // An event that does not name the request is of the one that its span was last seen in.
        let mut request_of: Map<Word, Word> = Map::default();
        let mut times: Vec<(i64, Word)> = Vec::with_capacity(entries.len());
        let mut now = entries.iter().find_map(|entry| clock(entry.event)).unwrap_or_default();
        for entry in entries {
            now = clock(entry.event).unwrap_or(now);
            let known = request_of.entry(entry.id).or_insert(entry.request);
            *known = if entry.request == 0 { *known } else { entry.request };
            times.push((now, *known));
        }
        for (entry, &(begin, request)) in entries.iter().zip(&times) {
            let lasts = events.trace.events.lasting.get(entry.event).and_then(|ticks| in_nanos(events, ticks));
            if let Some(lasts) = lasts {
                let span = gathered.begin(events, entry, request, (begin, lasts.max(0)));
                gathered.is_event[span as usize] = true;
            }
        }
        for (entry, &(at, request)) in entries.iter().zip(&times) {
            let place = (entry.event - range.start) as usize;
            if gathered.of_event[place] != NONE {
                continue;
            }
            let known = gathered.by_id.get(&(request, entry.id)).copied();
            let span = known.unwrap_or_else(|| gathered.begin(events, entry, request, (at, 0)));
            gathered.of_event[place] = span;
            if !gathered.is_event[span as usize] {
                gathered.add(events, entry, span, at);
            }
        }
        gathered
    }

    /// Begins a span with an event.
    fn begin(&mut self, events: &Events, entry: &Entry, trace: Word, (begin, lasts): (i64, i64)) -> u32 {
        let at = self.spans.len() as u32;
        let Entry { event, id, parent, service, attempt, .. } = *entry;
        self.spans.push(Span {
            trace,
            id,
            parent,
            service,
            instance: service,
            operation: 0,
            kind: SpanKind::Internal,
            failed: events.trace.events.flags[event as usize] & ERROR != 0,
            said: 0,
            begin,
            end: begin.saturating_add(lasts),
        });
        self.is_event.push(false);
        self.begins.push(event);
        self.of_event[(event - self.first) as usize] = at;
        self.peers.push(Vec::new());
        self.attempts.push(attempt);
        self.by_id.entry((trace, id)).or_insert(at);
        at
    }

    /// Adds an event to a span of several.
    fn add(&mut self, events: &Events, entry: &Entry, span: u32, at: i64) {
        let own = &mut self.spans[span as usize];
        own.failed |= events.trace.events.flags[entry.event as usize] & ERROR != 0;
        (own.begin, own.end) = (own.begin.min(at), own.end.max(at));
        own.parent = if own.parent == 0 { entry.parent } else { own.parent };
        if own.service == 0 {
            (own.service, own.instance) = (entry.service, entry.service);
        }
        if entry.peer != 0 && !self.peers[span as usize].contains(&entry.peer) {
            self.peers[span as usize].push(entry.peer);
        }
    }

    /// What several events are called together: their id where a person reads it, whom they call, and which try it is.
    pub fn label(&self, span: u32, words: &Words) -> String {
        let own = &self.spans[span as usize];
        let parent = self.by_id.get(&(own.trace, own.parent)).map(|parent| self.spans[*parent as usize].service);
        let called =
            self.peers[span as usize].iter().find(|&&peer| peer != own.service && Some(peer) != parent).copied();
        let id = words.get(own.id);
        let id = (is_readable(id) && own.id != own.service).then(|| id.to_owned());
        let again = self.attempts[span as usize].checked_add(1).filter(|attempt| *attempt > 1 && id.is_none());
        let called = called.map(|peer| format!("→ {}", words.get(peer)));
        let parts = [id, called, again.map(|attempt| format!("try {attempt}"))];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// Makes each tree a request of its own, where no field says what belongs together.
pub fn part_requests(spans: &mut [Span]) {
    let mut by_id: Map<Word, u32> = Map::default();
    for (at, span) in (0..).zip(&*spans) {
        by_id.entry(span.id).or_insert(at);
    }
    // Which walk came by each.
    let mut walked = vec![usize::MAX; spans.len()];
    for start in 0..spans.len() {
        let mut path = Vec::new();
        let mut at = start;
        // A request is known by the id of its root; a circle by that of where it closes.
        let root = loop {
            let span = &spans[at];
            if span.trace != 0 {
                break span.trace;
            }
            walked[at] = start;
            path.push(at);
            match by_id.get(&span.parent).map(|&above| above as usize) {
                Some(above) if walked[above] != start => at = above,
                _ => break span.id,
            }
        };
        for at in path {
            spans[at].trace = root;
        }
    }
}

/// True for a short id with words in it, not for digits of whatever base.
fn is_readable(id: &str) -> bool {
    id.len() <= READABLE && id.chars().any(|c| c.is_alphabetic() && !c.is_ascii_hexdigit())
}
