//! What every kind says about every class of lane, worked out once, and how an event is applied to its lanes.

use super::recorded::Recorded;
use super::status::{Call, Happened, LaneState};
use super::words::{LaneClass, Verb, said, sends_answer};
use crate::trace::{EventIndex, KindId, LaneId, Link, LinkKind, NONE, READ, REPLY, REQUEST, Side, Sides};

/// How many calls there may be for each that is answered, where spans tell their ends.
const ANSWERED: usize = 4;

/// The meaning of the names of a pair.
#[derive(Debug, Clone, Default)]
pub(super) struct Meanings {
    kinds: Vec<Option<(Verb, Option<LaneClass>)>>,
    classes: Vec<LaneClass>,
    /// Lanes of one name have one state: where it is kept.
    home: Vec<LaneId>,
    /// Kinds that say that a server sends its answer.
    answers: Vec<bool>,
    /// For each side, where calls begin and end; `None` where that is not told.
    calls: Sides<Option<Calls>>,
}

/// Events with a link, ascending.
#[derive(Debug, Clone)]
struct Calls {
    /// The first events of what was called.
    called: Vec<EventIndex>,
    /// The last events of what was called before its caller went on.
    answers: Vec<EventIndex>,
    /// The events with which callers went on.
    goes_on: Vec<EventIndex>,
}

impl Meanings {
    pub(super) fn new(recorded: &Recorded<'_>) -> Self {
        let kinds = if recorded.signals {
            vec![None; recorded.names.kinds.len()]
        } else {
            recorded.names.kinds.iter().map(|kind| said(kind)).collect()
        };
        let answers = recorded.names.kinds.iter().map(|kind| sends_answer(kind)).collect();
        let calls = recorded.traces.map(|trace| Calls::of(&trace?.links));
        let told = calls.expected.is_some() || calls.actual.is_some();
        let class = |lane: &String| match LaneClass::of(lane) {
            _ if recorded.signals => LaneClass::Value,
            LaneClass::Call if !told => LaneClass::Other,
            class => class,
        };
        let classes: Vec<LaneClass> = recorded.names.lanes.iter().map(class).collect();
        let mut home: Vec<LaneId> = (0..classes.len() as LaneId).collect();
        let mut first = std::collections::HashMap::new();
        for (lane, name) in recorded.names.lanes.iter().enumerate() {
            if classes[lane] == LaneClass::Value {
                home[lane] = *first.entry(name.as_str()).or_insert(lane as LaneId);
            }
        }
        Self { kinds, classes, home, answers, calls }
    }

    /// How many lanes there are.
    pub(super) fn lanes(&self) -> usize {
        self.classes.len()
    }

    pub(super) fn class(&self, lane: LaneId) -> LaneClass {
        self.classes[lane as usize]
    }

    /// True when the state of this lane is kept under another of the same name.
    pub(super) fn is_alias(&self, lane: LaneId) -> bool {
        self.home[lane as usize] != lane
    }

    /// What a kind does to lanes of a class, if that is understood.
    pub(super) fn verb(&self, kind: KindId, class: LaneClass) -> Option<Verb> {
        let (verb, noun) = (*self.kinds.get(kind as usize)?)?;
        let fits = match (class, verb) {
            (LaneClass::Queue, Verb::Enqueue | Verb::Dequeue) => true,
            (LaneClass::Actor | LaneClass::Lock, Verb::Wait) => {
                matches!(noun, None | Some(LaneClass::Actor | LaneClass::Lock))
            }
            (LaneClass::Executor, _) => matches!(noun, None | Some(LaneClass::Actor | LaneClass::Executor)),
            _ => noun.is_none_or(|noun| noun == class),
        };
        fits.then_some(verb)
    }

    /// Changes the state of each lane that an event touches: `change` is given the lane and how its state goes on.
    pub(super) fn apply(
        &self,
        recorded: &Recorded<'_>,
        side: Side,
        event: EventIndex,
        mut change: impl FnMut(LaneId, &dyn Fn(LaneState) -> LaneState),
    ) {
        let Some(trace) = recorded.traces[side] else { return };
        let lanes = trace.events.lanes_of(event);
        let first = |class| lanes.iter().copied().find(|&lane| self.class(lane) == class).unwrap_or(NONE);
        let kind = trace.events.kinds.get(event as usize).copied().unwrap_or(NONE);
        let flags = trace.events.flags.get(event as usize).copied().unwrap_or(0);
        let happened = Happened {
            event,
            kind,
            verb: None,
            actor: first(LaneClass::Actor),
            executor: first(LaneClass::Executor),
            queue: first(LaneClass::Queue),
            lock: first(LaneClass::Lock),
            call: self.call(side, event, kind, flags),
            reads: flags & READ != 0,
        };
        for (place, &lane) in lanes.iter().enumerate() {
            let home = self.home[lane as usize];
            if lanes[..place].iter().any(|&before| self.home[before as usize] == home) {
                continue;
            }
            let class = self.class(lane);
            let at = Happened { verb: self.verb(kind, class), ..happened };
            change(home, &|state| state.after(class, &at));
        }
    }

    fn call(&self, side: Side, event: EventIndex, kind: KindId, flags: u8) -> Call {
        let Some(calls) = &self.calls[side] else { return Call::None };
        let is = |list: &[EventIndex]| list.binary_search(&event).is_ok();
        let sends = self.answers.get(kind as usize).copied().unwrap_or(false);
        if is(&calls.called) {
            Call::Called
        } else if is(&calls.answers) && (sends || flags & REPLY != 0) {
            Call::Answered
        } else if flags & REPLY != 0 {
            // `RESPONSE_RECEIVED` of a caller is no answer of its own.
            if is(&calls.goes_on) { Call::Unclear } else { Call::Answered }
        } else if flags & REQUEST != 0 {
            Call::Requested
        } else {
            Call::None
        }
    }
}

impl Calls {
    /// `None` where a span is one event: its end is not told.
    fn of(links: &[Link]) -> Option<Self> {
        let list = |kind, end: fn(&Link) -> EventIndex| {
            let mut events: Vec<EventIndex> = links.iter().filter(|link| link.kind == kind).map(end).collect();
            events.sort_unstable();
            events.dedup();
            events
        };
        let called = list(LinkKind::Parent, |link| link.to);
        let answers = list(LinkKind::Reply, |link| link.from);
        let goes_on = list(LinkKind::Reply, |link| link.to);
        let told = !called.is_empty() && called.len() <= ANSWERED * answers.len();
        told.then_some(Self { called, answers, goes_on })
    }
}
