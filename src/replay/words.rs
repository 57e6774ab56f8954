//! What the names of lanes and kinds say about state. A kind counts only when every one of its words is known and just one
//! of them says what was done: `TASK_START_FAILED` and `TASK_NOT_STARTED` claim nothing.

use crate::spec::words;

/// What a lane is, as far as its name tells: what states it can be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LaneClass {
    /// A task, thread or process: it waits, runs, ends.
    Actor,
    /// A worker or core: it runs an actor or none.
    Executor,
    /// A queue: it holds actors or messages.
    Queue,
    /// A lock: somebody holds it or nobody does.
    Lock,
    /// An interrupt: raised, handled, cleared.
    Interrupt,
    /// A pin, register or signal: it has a value.
    Value,
    /// A span or service: calls to it are open until it replies.
    Call,
    /// Anything else: all that is known is its last event.
    Other,
}

impl LaneClass {
    /// Every class, in the order they are shown.
    pub const ALL: [Self; 8] =
        [Self::Actor, Self::Executor, Self::Queue, Self::Lock, Self::Interrupt, Self::Value, Self::Call, Self::Other];

    /// The heading over lanes of this class.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Actor => "Tasks",
            Self::Executor => "Workers",
            Self::Queue => "Queues",
            Self::Lock => "Locks",
            Self::Interrupt => "Interrupts",
            Self::Value => "Pins and registers",
            Self::Call => "Calls",
            Self::Other => "Other lanes",
        }
    }

    /// The class of a lane by its name, such as `task:1`.
    pub fn of(lane: &str) -> Self {
        let word = lane.split(':').next().unwrap_or(lane).to_lowercase();
        let nouns = NOUNS.iter().find(|(_, list)| has(list, &word));
        nouns.map_or(Self::Other, |&(class, _)| class)
    }
}

/// What an event did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Verb {
    Create,
    Enqueue,
    Dequeue,
    Ready,
    Start,
    Finish,
    Fail,
    Wait,
    Acquire,
    Release,
    Raise,
    Clear,
}

const NOUNS: [(LaneClass, &str); 7] = [
    (
        LaneClass::Actor,
        "task thread tid fiber coroutine goroutine actor process job agent lwp coro greenlet work_item tarea hilo hebra \
         aufgabe faden tache fil prozess proceso trabajo travail",
    ),
    (LaneClass::Executor, "worker executor runner cpu core vcpu hart trabajador obrero arbeiter ouvrier"),
    (LaneClass::Queue, "queue mailbox fifo cola warteschlange"),
    (LaneClass::Lock, "lock mutex spinlock latch candado cerrojo sperre verrou"),
    (LaneClass::Interrupt, "irq interrupt intr isr"),
    (LaneClass::Value, "pin gpio register reg registro signal senal"),
    (LaneClass::Call, "span service svc component servicio componente dienst composant"),
];

/// Nouns of what is worked on, by the class that they say it of.
const ACTOR_NOUNS: &str = "item work";
const NEUTRAL: &str = "event evt sched os kernel rtos";

const VERBS: [(Verb, &str); 12] = [
    (Verb::Create, "create created spawn spawned creada creado erstellt"),
    (Verb::Enqueue, "enqueue enqueued queued push pushed encolada encolado eingereiht"),
    (Verb::Dequeue, "dequeue dequeued taken pop popped tomada tomado entnommen"),
    (Verb::Ready, "ready wake wakeup woken waking resume resumed preempt preempted yield yielded runnable lista listo"),
    (
        Verb::Start,
        "start started begin began run running enter entered iniciada iniciado inicio empezada gestartet debut demarre \
         demarree",
    ),
    (
        Verb::Finish,
        "finish finished end ended done complete completed exit exited terminated terminada terminado acabada beendet \
         fertig fini finie termine terminee",
    ),
    (Verb::Fail, "fail failed abort aborted crash crashed killed fallida fallido fehlgeschlagen"),
    (Verb::Wait, "wait waiting block blocked sleep sleeping espera bloqueada bloqueado wartet blockiert"),
    (Verb::Acquire, "acquire acquired locked adquirido erworben"),
    (Verb::Release, "release released unlock unlocked liberado freigegeben"),
    (Verb::Raise, "assert asserted raise raised fire fired"),
    (Verb::Clear, "clear cleared deassert deasserted"),
];

/// The verb of a kind and the class of thing it is said of (`None`: of whatever the event is about); `None` where the
/// kind has a word that is not known here, or not exactly one verb.
pub(super) fn said(kind: &str) -> Option<(Verb, Option<LaneClass>)> {
    let (mut verb, mut noun) = (None, None);
    for word in words(kind) {
        let as_verb = VERBS.iter().find(|(_, list)| has(list, &word)).map(|&(verb, _)| verb);
        let as_noun = NOUNS.iter().find(|(_, list)| has(list, &word)).map(|&(class, _)| class);
        let as_noun = as_noun.or_else(|| has(ACTOR_NOUNS, &word).then_some(LaneClass::Actor));
        match (as_verb, as_noun) {
            (Some(found), _) if verb.is_none() || verb == Some(found) => verb = Some(found),
            (None, Some(found)) if noun.is_none() || noun == Some(found) => noun = Some(found),
            (None, None) if has(NEUTRAL, &word) => {}
            _ => return None,
        }
    }
    Some((verb?, noun))
}

/// True for kinds such as `SERVER_SEND`.
pub(super) fn sends_answer(kind: &str) -> bool {
    let words = words(kind);
    words.iter().any(|word| word == "server") && words.iter().any(|word| has("send sent sends", word))
}

/// True when a field's name says that it holds what a pin or register has.
pub(super) fn is_value_name(path: &str) -> bool {
    let last = words(path.rsplit('.').next().unwrap_or(path));
    last.iter().any(|word| has("value val level data bits valor nivel wert pegel valeur niveau", word))
}

fn has(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_says_one_thing_or_nothing() {
        let actor = Some(LaneClass::Actor);
        assert_eq!(said("TASK_DEQUEUED"), Some((Verb::Dequeue, actor)));
        assert_eq!(said("jobDone"), Some((Verb::Finish, actor)));
        assert_eq!(said("TAREA_ENCOLADA"), Some((Verb::Enqueue, actor)));
        assert_eq!(said("LOCK_ACQUIRED"), Some((Verb::Acquire, Some(LaneClass::Lock))));
        assert_eq!(said("isr_enter"), Some((Verb::Start, Some(LaneClass::Interrupt))));
        assert_eq!(said("sched_wakeup"), Some((Verb::Ready, None)));
        for nothing in [
            "TASK_START_FAILED",
            "TASK_NOT_STARTED",
            "phase_begin",
            "LOCK_ACQUIRE_TIMEOUT",
            "CARD_CHARGED",
            "",
            "task",
            "TASK_QUEUE_ENDED",
        ] {
            assert_eq!(said(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn lanes_are_classed_by_the_word_before_their_name() {
        for (lane, class) in [
            ("task:4", LaneClass::Actor),
            ("obrero:1", LaneClass::Executor),
            ("queue:intake", LaneClass::Queue),
            ("lock:stock", LaneClass::Lock),
            ("irq:28", LaneClass::Interrupt),
            ("pin:GPIO4", LaneClass::Value),
            ("service:auth", LaneClass::Call),
            ("conn:7", LaneClass::Other),
            ("taskmaster", LaneClass::Other),
        ] {
            assert_eq!(LaneClass::of(lane), class, "{lane}");
        }
    }
}
