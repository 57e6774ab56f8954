//! A task scheduler: producers fill queues, workers empty them, tasks contend for locks.

use std::rc::Rc;

use crate::generate::dice::Dice;
use crate::generate::event::{Datum, Point};
use crate::generate::plan::{Agent, Habits, Job, Plan, Scene, Step, Words};

/// Records who produced a task.
const SAYS_PRODUCER: u32 = 0;
/// Records the thread's number, which is new in every run, instead of the worker's.
const SAYS_THREAD: u32 = 1;
/// Records that it waits for a lock.
const SAYS_WAIT: u32 = 2;
/// Has a text beside the fields.
const SAYS_TEXT: u32 = 3;
/// Records where the task lies in memory.
const SAYS_POINTER: u32 = 4;
/// What locks protect is changed by who holds them.
const SHARES: u32 = 5;

pub fn plan(dice: Dice, size: u64) -> Plan {
    let habits = Habits(dice.of(1));
    let (producers, workers) = (1 + dice.below(2, 3), 2 + dice.below(3, 4));
    let (queues, locks) = (1 + dice.below(4, 2), 1 + dice.below(5, 3));
    let tasks = (size / 8).max(2);
    let mut own: Vec<Vec<Step>> = (0..producers).map(|_| Vec::new()).collect();
    for task in 0..tasks {
        let chance = dice.part(100 + task);
        let mut steps = vec![Step::Work];
        let (one, two) = (chance.below(1, locks) as u32, chance.below(2, locks) as u32);
        match chance.below(3, 4) {
            0 => steps.push(Step::Work),
            1 | 2 => steps.extend([Step::Acquire(one), Step::Work, Step::Release(one)]),
            _ if one == two => steps.extend([Step::Work, Step::Work]),
            _ => {
                let (low, high) = (one.min(two), one.max(two));
                let taken =
                    [Step::Acquire(low), Step::Acquire(high), Step::Work, Step::Release(high), Step::Release(low)];
                steps.extend(taken);
            }
        }
        let job = Rc::new(Job { id: task + 1, request: task + 1, steps });
        let producer = &mut own[(task % producers) as usize];
        let pause = 700 * producers / workers;
        producer.push(Step::Sleep(pause / 2 + chance.below(4, pause)));
        producer.push(Step::Put(chance.below(5, queues) as u32, job));
    }
    let producer = |(n, steps): (usize, Vec<Step>)| Agent {
        class: 0,
        number: n as u64,
        serves: Vec::new(),
        group: n as u32,
        host: 0,
        own: Some(Rc::new(Job { id: 1_000_000 + n as u64, request: 0, steps })),
    };
    let mut agents: Vec<Agent> = own.into_iter().enumerate().map(producer).collect();
    agents.extend((0..workers).map(|n| {
        let mut serves: Vec<u32> = (0..queues as u32).collect();
        serves.rotate_left((n % queues) as usize);
        Agent { class: 1, number: n, serves, group: 100 + n as u32, host: 0, own: None }
    }));
    Plan {
        agents,
        queues: queues as u32,
        locks: locks as u32,
        habits,
        words,
        alike: |queue, queues| (queues > 1).then(|| (queue + 1) % queues),
        travel: 0,
        patience: 0,
        attempts: 1,
        shared_state: habits.has(SHARES),
    }
}

fn words(scene: &Scene<'_>, habits: Habits) -> Option<Words> {
    let kind = match scene.point {
        Point::Put => "task enqueued",
        Point::Get => "task dequeued",
        Point::Work => "step done",
        Point::Acquire => "lock acquired",
        Point::Wait if habits.has(SAYS_WAIT) => "lock contended",
        Point::Release => "lock released",
        Point::End => "task finished",
        Point::Fail => "step failed",
        Point::Retry => "step retried",
        Point::Odd => "task preempted",
        Point::Instead => "step skipped",
        _ => return None,
    };
    let task = if scene.point == Point::Put { scene.child? } else { scene.job };
    let mut fields = vec![("task", Datum::Lane("task", task))];
    if scene.point == Point::Put {
        if habits.has(SAYS_PRODUCER) {
            fields.push(("producer", Datum::Lane("producer", scene.agent.number)));
        }
        fields.push(("worker", Datum::Null));
    } else if habits.has(SAYS_THREAD) {
        fields.push(("worker", Datum::Id("thread", scene.agent.number, true)));
    } else {
        fields.push(("worker", Datum::Lane("worker", scene.agent.number)));
    }
    if habits.has(SAYS_POINTER) {
        fields.push(("pointer", Datum::Id("pointer", task, false)));
    }
    match scene.point {
        Point::Put | Point::Get => fields.push(("queue", Datum::Lane("queue", scene.on.into()))),
        Point::Acquire | Point::Wait | Point::Release => fields.push(("lock", Datum::Lane("lock", scene.on.into()))),
        Point::Work => {
            fields.push(("part", Datum::Int(scene.step.into())));
            fields.push(("value", Datum::Int(scene.value)));
        }
        Point::End => {
            fields.push(("status", Datum::Word(if scene.failed { "failed" } else { "ok" })));
            fields.push(("value", Datum::Int(scene.value)));
            fields.push(("took", Datum::Measure(scene.took)));
        }
        Point::Fail | Point::Retry => fields.push(("attempt", Datum::Int(scene.attempt.into()))),
        _ => fields.push(("part", Datum::Int(scene.step.into()))),
    }
    if habits.has(SAYS_TEXT) {
        fields.push(("text", Datum::Word(kind)));
    }
    Some((kind, fields))
}
