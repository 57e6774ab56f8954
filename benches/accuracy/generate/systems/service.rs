//! Services that call each other: requests with spans and parents, timeouts and retries, connections to a store.

use std::rc::Rc;

use crate::generate::dice::Dice;
use crate::generate::event::{Datum, Point};
use crate::generate::plan::{Agent, Habits, Job, Plan, Scene, Step, Words};

/// Records the thread's number, which is new in every run.
const SAYS_THREAD: u32 = 0;
/// Records the request's id.
const SAYS_REQUEST: u32 = 1;
/// Records the other end of a call.
const SAYS_PEER: u32 = 2;
/// Records the operation.
const SAYS_OPERATION: u32 = 3;
/// Has a text beside the fields.
const SAYS_TEXT: u32 = 4;
/// Callers try often.
const STUBBORN: u32 = 5;

const SERVICES: [&str; 5] = ["gateway", "orders", "users", "store", "payments"];
const OPERATIONS: [&str; 5] = ["checkout", "reserve", "lookup", "query", "charge"];

pub fn plan(dice: Dice, size: u64) -> Plan {
    let habits = Habits(dice.of(1));
    let (clients, threads, locks) = (1 + dice.below(2, 3), 2 + dice.below(3, 3), 1 + dice.below(4, 3));
    let requests = (size / 30).max(1);
    let mut next = 0;
    let mut own: Vec<Vec<Step>> = (0..clients).map(|_| Vec::new()).collect();
    for request in 0..requests {
        let job = call(dice.part(100 + request), locks, 0, request + 1, &mut next);
        let client = &mut own[(request % clients) as usize];
        client.push(Step::Sleep(300 + dice.part(100 + request).below(4, 900)));
        client.push(Step::Call(0, job));
    }
    let client = |(n, steps): (usize, Vec<Step>)| Agent {
        class: 0,
        number: n as u64,
        serves: Vec::new(),
        group: 1000 + n as u32,
        host: 5,
        own: Some(Rc::new(Job { id: 1_000_000 + n as u64, request: 0, steps })),
    };
    let mut agents: Vec<Agent> = own.into_iter().enumerate().map(client).collect();
    for service in 0..SERVICES.len() as u32 {
        agents.extend((0..threads).map(|n| Agent {
            class: 1 + service,
            number: n + threads * u64::from(service),
            serves: vec![service],
            group: service,
            host: service,
            own: None,
        }));
    }
    Plan {
        agents,
        queues: SERVICES.len() as u32,
        locks: locks as u32,
        habits,
        words,
        alike: |queue, _| match queue {
            3 => Some(4),
            4 => Some(3),
            _ => None,
        },
        travel: 60,
        patience: 800_000,
        attempts: if habits.has(STUBBORN) { 8 } else { 3 },
        shared_state: false,
    }
}

/// The work of one call to a service, with what it calls in turn.
fn call(dice: Dice, locks: u64, service: u32, request: u64, next: &mut u64) -> Rc<Job> {
    *next += 1;
    let id = *next;
    let chance = dice.part(id);
    let mut below = |service: u32| Step::Call(service, call(dice, locks, service, request, next));
    let steps = match service {
        0 if chance.one_in(1, 3) => vec![Step::Work, below(2), below(1)],
        0 => vec![Step::Work, below(1), Step::Work],
        1 if chance.one_in(2, 2) => vec![Step::Work, below(3), below(4), Step::Work],
        1 => vec![Step::Work, below(3), Step::Work, Step::Work],
        2 => vec![Step::Work, below(3)],
        3 => {
            let lock = chance.below(3, locks) as u32;
            vec![Step::Acquire(lock), Step::Work, Step::Release(lock)]
        }
        _ => vec![Step::Work, Step::Work],
    };
    Rc::new(Job { id, request, steps })
}

fn words(scene: &Scene<'_>, habits: Habits) -> Option<Words> {
    let client = scene.agent.class == 0;
    let kind = match scene.point {
        Point::Call if client => "request sent",
        Point::Reply if client => "response received",
        Point::Call => "client send",
        Point::Reply => "client receive",
        Point::Get => "server receive",
        Point::End => "server send",
        Point::Work => "operation done",
        Point::Acquire => "connection taken",
        Point::Wait => "connection awaited",
        Point::Release => "connection returned",
        Point::Timeout => "call timeout",
        Point::Retry => "call retry",
        Point::Fail => "operation error",
        Point::Odd => "cache evicted",
        Point::Instead => "operation bypassed",
        Point::Put => return None,
    };
    let service = (scene.agent.class as usize).saturating_sub(1);
    let mut fields = Vec::new();
    if client {
        fields.push(("service", Datum::Lane("client", scene.agent.number)));
    } else {
        fields.push(("service", Datum::Group(SERVICES[service], u64::MAX)));
        fields.push(("span", Datum::Id("span", scene.job, true)));
        let root = scene.parent.is_none_or(|p| (1_000_000..1 << 40).contains(&p));
        fields.push(("parent", scene.parent.filter(|_| !root).map_or(Datum::Null, |p| Datum::Id("span", p, false))));
        if habits.has(SAYS_REQUEST) {
            fields.push(("request", Datum::Id("request", scene.request, false)));
        }
        if habits.has(SAYS_THREAD) {
            fields.push(("thread", Datum::Id("thread", scene.agent.number, true)));
        }
        if habits.has(SAYS_OPERATION) {
            fields.push(("op", Datum::Word(OPERATIONS[service])));
        }
    }
    match scene.point {
        Point::Call | Point::Reply | Point::Timeout => {
            if habits.has(SAYS_PEER) {
                fields.push(("peer", Datum::Word(SERVICES[scene.on as usize])));
            }
            fields.push(("attempt", Datum::Int(scene.attempt.into())));
        }
        Point::Acquire | Point::Wait | Point::Release => fields.push(("conn", Datum::Lane("conn", scene.on.into()))),
        Point::Work => fields.push(("part", Datum::Int(scene.step.into()))),
        Point::Fail | Point::Retry => fields.push(("attempt", Datum::Int(scene.attempt.into()))),
        _ => {}
    }
    if matches!(scene.point, Point::Work | Point::Reply | Point::End) {
        fields.push(("value", Datum::Int(scene.value)));
    }
    if matches!(scene.point, Point::Reply | Point::End) {
        fields.push(("status", Datum::Word(if scene.failed { "error" } else { "ok" })));
        fields.push(("took", Datum::Measure(scene.took)));
    }
    if habits.has(SAYS_TEXT) {
        fields.push(("text", Datum::Word(kind)));
    }
    Some((kind, fields))
}
