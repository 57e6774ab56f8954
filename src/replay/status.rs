//! The state of one lane, and how an event changes it. A claim lasts only as long as the events bear it out: an event that
//! is not understood leaves "last: its kind".

use super::words::{LaneClass, Verb};
use crate::trace::{EventIndex, KindId, LaneId, NONE};

/// What the events so far imply for a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Status {
    /// No event has touched it.
    #[default]
    Untouched,
    /// Nothing is known but its last event.
    Last,
    /// An actor was made.
    Created,
    /// An actor stands in the queue [`LaneState::with`].
    Enqueued,
    /// An actor was taken out of its queue, by the executor [`LaneState::with`].
    Taken,
    /// An actor could run.
    Ready,
    /// An actor runs, on the executor [`LaneState::with`].
    Running,
    /// An actor waits, for [`LaneState::with`].
    Waiting,
    /// An actor has ended.
    Done,
    /// An actor has failed.
    Failed,
    /// An executor has the actor [`LaneState::with`].
    Busy,
    /// An executor has given back its actor, or an interrupt's handler was left.
    Idle,
    /// A queue holds [`LaneState::count`] things that were put in since the start.
    Holds,
    /// A lock is held, by [`LaneState::with`].
    Held,
    /// A lock is free.
    Free,
    /// An interrupt is raised.
    Raised,
    /// An interrupt's handler runs.
    Handling,
    /// An interrupt was cleared.
    Cleared,
    /// A pin, register or signal has what its last event says.
    Value,
    /// [`LaneState::count`] calls are open.
    Open,
    /// More was taken or answered than was put in or asked: its count is not known any more.
    Lost,
}

/// The state of one lane of one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaneState {
    /// What is implied.
    pub status: Status,
    /// The kind of the last event that touched the lane.
    pub kind: KindId,
    /// That event.
    pub last: EventIndex,
    /// The other lane of the status, or [`NONE`]. Of a queue, a hash of what it holds.
    pub with: LaneId,
    /// The number of the status.
    pub count: u32,
}

impl Default for LaneState {
    fn default() -> Self {
        Self { status: Status::Untouched, kind: NONE, last: NONE, with: NONE, count: 0 }
    }
}

/// What an event says, as far as one lane of it is concerned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Happened {
    pub(super) event: EventIndex,
    pub(super) kind: KindId,
    /// What was done to this lane, if that is understood.
    pub(super) verb: Option<Verb>,
    /// The first actor, executor, queue and lock that the event touches, or [`NONE`].
    pub(super) actor: LaneId,
    pub(super) executor: LaneId,
    pub(super) queue: LaneId,
    pub(super) lock: LaneId,
    /// What it says about calls.
    pub(super) call: Call,
    /// True for an event that leaves everything as it was.
    pub(super) reads: bool,
}

/// [`LaneState::with`] of a lane whose call came from outside the recording.
const OUTERMOST: LaneId = NONE - 1;

/// What an event says about calls to its lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    None,
    /// Another lane called it.
    Called,
    /// By its kind it is a request: one that came in, where no call is open yet.
    Requested,
    Answered,
    /// It may have answered, or been answered.
    Unclear,
}

impl LaneState {
    /// The state after an event.
    pub(super) fn after(self, class: LaneClass, at: &Happened) -> Self {
        let (status, with, count) = match class {
            LaneClass::Actor => self.actor(at),
            LaneClass::Executor => self.executor(at),
            LaneClass::Queue => self.queue(at),
            LaneClass::Lock => self.lock(at),
            LaneClass::Interrupt => (interrupt(at), NONE, 0),
            LaneClass::Value => (Status::Value, NONE, 0),
            LaneClass::Call => self.call(at),
            LaneClass::Other => (Status::Last, NONE, 0),
        };
        Self { status, kind: at.kind, last: at.event, with, count }
    }

    const fn actor(self, at: &Happened) -> (Status, LaneId, u32) {
        let (status, with) = match at.verb {
            Some(Verb::Create) => (Status::Created, NONE),
            Some(Verb::Enqueue) => (Status::Enqueued, at.queue),
            Some(Verb::Dequeue) => (Status::Taken, at.executor),
            Some(Verb::Ready) => (Status::Ready, NONE),
            Some(Verb::Start) => (Status::Running, at.executor),
            Some(Verb::Finish) => (Status::Done, NONE),
            Some(Verb::Fail) => (Status::Failed, NONE),
            Some(Verb::Wait) => (Status::Waiting, if at.lock == NONE { at.queue } else { at.lock }),
            // Who runs may do anything; who waits, has ended or stands in a queue does not, so it is not that any more.
            _ if matches!(self.status, Status::Running) => (Status::Running, self.with),
            _ => (Status::Last, NONE),
        };
        (status, with, 0)
    }

    const fn executor(self, at: &Happened) -> (Status, LaneId, u32) {
        let (status, with) = match at.verb {
            Some(Verb::Start | Verb::Dequeue) if at.actor != NONE => (Status::Busy, at.actor),
            Some(Verb::Finish | Verb::Fail | Verb::Wait) => (Status::Idle, NONE),
            _ if matches!(self.status, Status::Busy) && (at.actor == self.with || at.actor == NONE) => {
                (Status::Busy, self.with)
            }
            _ => (Status::Last, NONE),
        };
        (status, with, 0)
    }

    fn queue(self, at: &Happened) -> (Status, LaneId, u32) {
        let hash = if self.status == Status::Holds { self.with } else { 0 };
        let item = if at.actor == NONE { 0 } else { at.actor.wrapping_add(1).wrapping_mul(0x9E37_79B1) };
        match (self.status, at.verb) {
            (Status::Lost, _) => (Status::Lost, NONE, 0),
            (_, Some(Verb::Enqueue)) => (Status::Holds, hash ^ item, self.count + 1),
            (_, Some(Verb::Dequeue)) if self.count > 0 => (Status::Holds, hash ^ item, self.count - 1),
            (Status::Holds, _) if at.reads => (Status::Holds, self.with, self.count),
            (Status::Untouched, _) if at.reads => (Status::Last, NONE, 0),
            _ => (Status::Lost, NONE, 0),
        }
    }

    const fn lock(self, at: &Happened) -> (Status, LaneId, u32) {
        let by = if at.actor == NONE { at.executor } else { at.actor };
        let held = matches!(self.status, Status::Held);
        let (status, with) = match at.verb {
            Some(Verb::Acquire) => (Status::Held, by),
            Some(Verb::Release) if !held || by == self.with || by == NONE => (Status::Free, NONE),
            Some(Verb::Wait) if held => (Status::Held, self.with),
            None if held && (by == self.with || at.reads) => (Status::Held, self.with),
            _ => (Status::Last, NONE),
        };
        (status, with, 0)
    }

    fn call(self, at: &Happened) -> (Status, LaneId, u32) {
        // A caller may be answered and go on; only of a lane that nobody called here that is no answer of its own.
        let outermost = self.with == OUTERMOST;
        let open = |count| (Status::Open, self.with, count);
        match (self.status, at.call) {
            (Status::Lost, _) | (_, Call::Answered) if self.count == 0 => (Status::Lost, NONE, 0),
            (_, Call::Answered) => open(self.count - 1),
            (_, Call::Called) => (Status::Open, NONE, self.count + 1),
            (_, Call::Requested) if self.count == 0 => (Status::Open, OUTERMOST, 1),
            (Status::Open, Call::Unclear) if outermost => (Status::Last, NONE, 0),
            (Status::Open, _) => open(self.count),
            _ => (Status::Last, NONE, 0),
        }
    }

    /// True when both sides' lanes are in the same state; `same_value` says whether their last events say the same.
    pub(super) fn same(&self, other: &Self, same_value: impl FnOnce() -> bool) -> bool {
        let (a, b) = (self, other);
        let unknown = |status| matches!(status, Status::Last | Status::Lost);
        if unknown(a.status) && unknown(b.status) {
            return a.kind == b.kind;
        }
        a.status == b.status && a.with == b.with && a.count == b.count && (a.status != Status::Value || same_value())
    }
}

const fn interrupt(at: &Happened) -> Status {
    match at.verb {
        Some(Verb::Raise) => Status::Raised,
        Some(Verb::Start) => Status::Handling,
        Some(Verb::Clear) => Status::Cleared,
        Some(Verb::Finish) => Status::Idle,
        _ => Status::Last,
    }
}
