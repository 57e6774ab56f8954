//! Firmware: timers and pins raise interrupts, service routines touch registers and notify tasks, tasks share a bus.

use std::rc::Rc;

use crate::generate::dice::Dice;
use crate::generate::event::{Datum, Point};
use crate::generate::plan::{Agent, Habits, Job, Plan, Scene, Step, Words};

/// Records which pin or timer it was.
const SAYS_SOURCE: u32 = 0;
/// Has a text beside the fields.
const SAYS_TEXT: u32 = 1;
/// Service routines run on one recorded core.
const SAYS_CORE: u32 = 2;
/// Registers are recorded where they are touched.
const SAYS_REGISTER: u32 = 3;
/// What the bus carries depends on who had it before.
const SHARES: u32 = 4;

/// Above these bits stands how many sources there are.
const SOURCES: u32 = 8;

const TASKS: u64 = 3;

pub fn plan(dice: Dice, size: u64) -> Plan {
    let sources = 2 + dice.below(2, 3);
    let habits = Habits(dice.of(1) & 0xff | sources << SOURCES);
    let ticks = (size / 11).max(2);
    let mut own: Vec<Vec<Step>> = (0..sources).map(|_| Vec::new()).collect();
    for tick in 0..ticks {
        let chance = dice.part(100 + tick);
        let task = chance.below(1, TASKS);
        let mut steps = vec![Step::Work];
        match chance.below(2, 3) {
            0 => steps.push(Step::Work),
            1 => steps.extend([Step::Acquire(0), Step::Work, Step::Work, Step::Release(0)]),
            _ => {
                let taken = [Step::Acquire(0), Step::Acquire(1), Step::Work, Step::Release(1), Step::Release(0)];
                steps.extend(taken);
            }
        }
        let work = Rc::new(Job { id: 2 * tick + 2, request: tick, steps });
        let mut routine = vec![Step::Work, Step::Work];
        if chance.one_in(3, 2) {
            routine.push(Step::Put((sources + task) as u32, work));
        }
        let source = (tick % sources) as usize;
        let job = Rc::new(Job { id: 2 * tick + 1, request: tick, steps: routine });
        // A timer is regular, a pin is not.
        let pause = if source == 0 { 2_000 } else { 1_200 + chance.below(4, 1_600) };
        own[source].push(Step::Sleep(pause * sources / 4));
        own[source].push(Step::Put(source as u32, job));
    }
    let source = |(n, steps): (usize, Vec<Step>)| Agent {
        class: 0,
        number: n as u64,
        serves: Vec::new(),
        group: n as u32,
        host: 0,
        own: Some(Rc::new(Job { id: 1_000_000 + n as u64, request: 0, steps })),
    };
    let mut agents: Vec<Agent> = own.into_iter().enumerate().map(source).collect();
    let core = Agent { class: 1, number: 0, serves: (0..sources as u32).collect(), group: 100, host: 0, own: None };
    agents.push(core);
    agents.extend((0..TASKS).map(|n| Agent {
        class: 2,
        number: n,
        serves: vec![(sources + n) as u32],
        group: 200 + n as u32,
        host: 0,
        own: None,
    }));
    Plan {
        agents,
        queues: (sources + TASKS) as u32,
        locks: 2,
        habits,
        words,
        alike: |queue, queues| {
            let first = queues - TASKS as u32;
            (queue >= first).then(|| first + (queue - first + 1) % TASKS as u32)
        },
        travel: 0,
        patience: 0,
        attempts: 1,
        shared_state: habits.has(SHARES),
    }
}

fn words(scene: &Scene<'_>, habits: Habits) -> Option<Words> {
    let class = scene.agent.class;
    let kind = match (scene.point, class) {
        (Point::Put, 0) => "irq assert",
        (Point::Get, 1) => "isr enter",
        (Point::Work, 1) => {
            if scene.step == 0 {
                "register read"
            } else {
                "register write"
            }
        }
        (Point::Put, _) => "task notify",
        (Point::End, 1) => "isr exit",
        (Point::Get, _) => "task wake",
        (Point::Work, _) => "sample processed",
        (Point::End, _) => "task sleep",
        (Point::Acquire, _) => "bus acquired",
        (Point::Wait, _) => "bus busy",
        (Point::Release, _) => "bus released",
        (Point::Fail, _) => "transfer nack",
        (Point::Retry, _) => "transfer retry",
        (Point::Odd, 1) => "isr spurious",
        (Point::Odd, _) => "watchdog kick",
        (Point::Instead, _) => "access fault",
        _ => return None,
    };
    let mut fields = Vec::new();
    // A routine serves the line that its job came from; what it does is recorded with that line.
    let line = |scene: &Scene<'_>| Datum::Lane("irq", 16 + scene.parent.map_or(0, |p| p % 1_000_000));
    match class {
        0 => {
            fields.push(("irq", Datum::Lane("irq", 16 + scene.agent.number)));
            if habits.has(SAYS_SOURCE) {
                let name = if scene.agent.number == 0 { "timer" } else { "pin" };
                fields.push(("source", Datum::Lane(name, scene.agent.number)));
            }
        }
        1 => {
            fields.push(("irq", line(scene)));
            if habits.has(SAYS_CORE) {
                fields.push(("core", Datum::Lane("core", 0)));
            }
        }
        _ => fields.push(("task", Datum::Lane("rtos", scene.agent.number))),
    }
    match scene.point {
        Point::Put if class == 1 => {
            fields.push(("to", Datum::Peer("rtos", u64::from(scene.on) - (habits.0 >> SOURCES))));
        }
        Point::Acquire | Point::Wait | Point::Release => fields.push(("bus", Datum::Lane("bus", scene.on.into()))),
        Point::Work => {
            if class == 1 && habits.has(SAYS_REGISTER) {
                let register = scene.parent.map_or(0, |p| p % 1_000_000) * 2 + u64::from(scene.step);
                fields.push(("register", Datum::Lane("reg", register)));
            }
            fields.push(("value", Datum::Int(scene.value)));
        }
        Point::Fail | Point::Retry => fields.push(("attempt", Datum::Int(scene.attempt.into()))),
        Point::End => fields.push(("status", Datum::Word(if scene.failed { "fault" } else { "ok" }))),
        _ => {}
    }
    if habits.has(SAYS_TEXT) {
        fields.push(("text", Datum::Word(kind)));
    }
    Some((kind, fields))
}
