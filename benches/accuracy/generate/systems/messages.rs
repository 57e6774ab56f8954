//! Actors that send each other messages: each takes them one by one, changes its state and passes on what follows.

use std::rc::Rc;

use crate::generate::dice::Dice;
use crate::generate::event::{Datum, Point};
use crate::generate::plan::{Agent, Habits, Job, Plan, Scene, Step, Words};

/// Message ids are new in every run.
const NEW_IDS: u32 = 0;
/// Records the host of an actor.
const SAYS_HOST: u32 = 1;
/// Records the other end of a message.
const SAYS_PEER: u32 = 2;
/// Records that a message is done.
const SAYS_END: u32 = 3;
/// Rows of a store are locked by those who change them.
const LOCKS: u32 = 4;
/// What rows hold goes into what follows.
const SHARES: u32 = 5;

pub fn plan(dice: Dice, size: u64) -> Plan {
    let habits = Habits(dice.of(1));
    let (clients, actors, locks) = (1 + dice.below(2, 2), 3 + dice.below(3, 5), 1 + dice.below(4, 2));
    let deep = 1 + dice.below(5, 3);
    let stories = (size / (4 * (deep + 2))).max(2);
    let mut next = 0;
    let mut own: Vec<Vec<Step>> = (0..clients).map(|_| Vec::new()).collect();
    for story in 0..stories {
        let chance = dice.part(100 + story);
        let first = chance.below(1, actors);
        let job = message(chance, habits, locks, actors, first, deep, &mut next);
        let client = &mut own[(story % clients) as usize];
        client.push(Step::Sleep(300 + chance.below(4, 900)));
        client.push(Step::Put(first as u32, job));
    }
    let client = |(n, steps): (usize, Vec<Step>)| Agent {
        class: 0,
        number: n as u64,
        serves: Vec::new(),
        group: n as u32,
        host: 3,
        own: Some(Rc::new(Job { id: 1_000_000 + n as u64, request: 0, steps })),
    };
    let mut agents: Vec<Agent> = own.into_iter().enumerate().map(client).collect();
    agents.extend((0..actors).map(|n| Agent {
        class: 1,
        number: n,
        serves: vec![n as u32],
        group: 100 + n as u32,
        host: n as u32 % 3,
        own: None,
    }));
    Plan {
        agents,
        queues: actors as u32,
        locks: locks as u32,
        habits,
        words,
        alike: |queue, queues| Some((queue + 1) % queues),
        travel: 150,
        patience: 0,
        attempts: 1,
        shared_state: habits.has(SHARES),
    }
}

fn message(dice: Dice, habits: Habits, locks: u64, actors: u64, here: u64, deep: u64, next: &mut u64) -> Rc<Job> {
    *next += 1;
    let id = *next;
    let chance = dice.part(id);
    let mut steps = vec![Step::Work];
    if habits.has(LOCKS) && chance.one_in(1, 2) {
        let lock = chance.below(2, locks) as u32;
        steps.extend([Step::Acquire(lock), Step::Work, Step::Release(lock)]);
        let (low, high) = (0, locks as u32 - 1);
        if chance.one_in(3, 3) && low < high {
            let taken = [Step::Acquire(low), Step::Acquire(high), Step::Work, Step::Release(high), Step::Release(low)];
            steps.extend(taken);
        }
    }
    if deep > 0 {
        for child in 0..=chance.below(4, 2) {
            let to = (here + 1 + chance.below(5 + child, actors - 1)) % actors;
            let deep = if child == 0 { deep - 1 } else { 0 };
            steps.push(Step::Put(to as u32, message(dice, habits, locks, actors, to, deep, next)));
        }
    }
    Rc::new(Job { id, request: id, steps })
}

fn words(scene: &Scene<'_>, habits: Habits) -> Option<Words> {
    let kind = match scene.point {
        Point::Put => "message sent",
        Point::Get => "message received",
        Point::Work => "state applied",
        Point::Acquire => "row locked",
        Point::Wait => "row awaited",
        Point::Release => "row unlocked",
        Point::End if habits.has(SAYS_END) => "message handled",
        Point::Fail => "apply failed",
        Point::Retry => "apply retried",
        Point::Odd => "supervisor restarted",
        Point::Instead => "message ignored",
        _ => return None,
    };
    let actor = if scene.agent.class == 0 { ("client", scene.agent.number) } else { ("actor", scene.agent.number) };
    let mut fields = vec![("actor", Datum::Lane(actor.0, actor.1))];
    if habits.has(SAYS_HOST) {
        fields.push(("host", Datum::Group("host", scene.agent.number % 3)));
    }
    let message = if scene.point == Point::Put { scene.child? } else { scene.job };
    let id = if habits.has(NEW_IDS) { Datum::Id("msg", message, false) } else { Datum::Int(message as i64) };
    match scene.point {
        Point::Put => {
            fields.push(("msg", id));
            if habits.has(SAYS_PEER) {
                fields.push(("to", Datum::Peer("actor", scene.on.into())));
            }
            fields.push(("value", Datum::Int(scene.value)));
        }
        Point::Get => {
            fields.push(("msg", id));
            fields.push(("value", Datum::Int(scene.value)));
        }
        Point::Acquire | Point::Wait | Point::Release => fields.push(("row", Datum::Lane("row", scene.on.into()))),
        Point::Work => {
            fields.push(("part", Datum::Int(scene.step.into())));
            fields.push(("value", Datum::Int(scene.value)));
        }
        Point::Fail | Point::Retry => fields.push(("attempt", Datum::Int(scene.attempt.into()))),
        Point::End => {
            fields.push(("status", Datum::Word(if scene.failed { "failed" } else { "ok" })));
            fields.push(("took", Datum::Measure(scene.took)));
        }
        _ => {}
    }
    Some((kind, fields))
}
