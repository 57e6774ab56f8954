//! A discrete-event simulation: agents take work from queues, compute, contend for locks, call each other and lose patience.
//! After a planted fault it runs on, so that a fault has its real effects.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::rc::Rc;

use super::dice::Dice;
use super::event::{Event, Point};
use super::plan::{Job, Plan, Scene, Step};
use super::plant::{Plant, Site};

/// Work on its way or in a queue.
#[derive(Debug, Clone)]
struct Item {
    job: Rc<Job>,
    payload: i64,
    parent: Option<u64>,
    reply_to: Option<(u32, u32)>,
    attempt: u32,
    /// How many callers are above it.
    depth: u32,
    /// The event that put it there.
    sent: Option<u32>,
}

/// Work that is being done.
#[derive(Debug)]
struct Running {
    item: Item,
    steps: Vec<Step>,
    at: usize,
    value: i64,
    failed: bool,
    /// The call that is waited for.
    waiting: Option<u32>,
    attempt: u32,
    /// True once the step that comes next was made late.
    late: bool,
    /// True while the work is only given back.
    refused: bool,
}

#[derive(Debug, Default)]
struct Doer {
    running: Option<Running>,
    idle: bool,
    dead: bool,
}

#[derive(Debug, Default)]
struct Lock {
    holder: Option<u32>,
    waiting: VecDeque<u32>,
    value: i64,
}

#[derive(Debug, Clone)]
enum What {
    Step,
    Arrive(u32, Item),
    Grant(u32),
    Reply { call: u32, value: i64, failed: bool, sent: Option<u32>, late: bool },
    Timeout(u32),
}

/// What a run left behind.
#[derive(Debug, Default)]
pub struct Run {
    pub events: Vec<Event>,
    /// Where each fault could have been planted.
    pub sites: BTreeMap<Plant, Vec<Site>>,
    /// Where the fault was planted.
    pub struck: Option<Site>,
}

struct World<'p> {
    plan: &'p Plan,
    dice: Dice,
    now: u64,
    due: BinaryHeap<Reverse<(u64, u32, u64)>>,
    whats: Vec<Option<(u32, What)>>,
    doers: Vec<Doer>,
    queues: Vec<VecDeque<Item>>,
    locks: Vec<Lock>,
    calls: u32,
    plant: Option<(Plant, u32)>,
    count: u32,
    /// Whose calls are refused how often yet.
    refusing: Option<(u32, u32)>,
    run: Run,
    most: usize,
}

/// Attempts that fail in a burst where nobody counts them otherwise.
const BURST: [u32; 4] = [2, 5, 20, 60];

/// Simulates a plan; with a fault at the place of that number for it.
pub fn simulate(plan: &Plan, dice: Dice, plant: Option<(Plant, u32)>, most: usize) -> Run {
    let mut world = World {
        plan,
        dice,
        now: 0,
        due: BinaryHeap::new(),
        whats: Vec::new(),
        doers: plan.agents.iter().map(|_| Doer::default()).collect(),
        queues: vec![VecDeque::new(); plan.queues as usize],
        locks: (0..plan.locks).map(|_| Lock::default()).collect(),
        calls: 0,
        plant,
        count: 0,
        refusing: None,
        run: Run::default(),
        most,
    };
    for (a, agent) in plan.agents.iter().enumerate() {
        let doer = &mut world.doers[a];
        doer.idle = agent.own.is_none();
        if let Some(job) = &agent.own {
            let item = Item {
                job: Rc::clone(job),
                payload: 1,
                parent: None,
                reply_to: None,
                attempt: 0,
                depth: 0,
                sent: None,
            };
            doer.running = Some(Running::new(item));
            let start = world.dice.below(job.id ^ 0x57A7, 400);
            world.later(start, a as u32, What::Step);
        }
    }
    world.go();
    world.run
}

impl Running {
    fn new(item: Item) -> Self {
        let (steps, value) = (item.job.steps.clone(), item.payload);
        Self { item, steps, at: 0, value, failed: false, waiting: None, attempt: 0, late: false, refused: false }
    }
}

impl World<'_> {
    fn go(&mut self) {
        while let Some(Reverse((time, _, at))) = self.due.pop() {
            if self.run.events.len() >= self.most {
                break;
            }
            self.now = time;
            let Some((agent, what)) = self.whats[at as usize].take() else { continue };
            match what {
                What::Arrive(queue, item) => self.arrive(queue, item),
                _ if self.doers[agent as usize].dead => {}
                What::Step => self.step(agent),
                What::Grant(lock) => self.granted(agent, lock),
                What::Reply { call, value, failed, sent, late } => self.replied(agent, call, value, failed, sent, late),
                What::Timeout(call) => self.timed_out(agent, call),
            }
        }
    }

    fn later(&mut self, after: u64, agent: u32, what: What) {
        let at = self.whats.len() as u64;
        self.whats.push(Some((agent, what)));
        self.due.push(Reverse((self.now + after, agent, at)));
    }

    /// Goes on with an agent's work after the time that the step takes.
    fn on(&mut self, a: u32) {
        let (job, at) = self.doers[a as usize].running.as_ref().map_or((0, 0), |r| (r.item.job.id, r.at as u64));
        let took = 20 + self.dice.part(job).below(at, 180);
        self.later(took, a, What::Step);
    }

    /// True when the fault is to strike here.
    fn chance(&mut self, plant: Plant, agent: u32) -> bool {
        let job = self.doers[agent as usize].running.as_ref().map_or(0, |r| r.item.job.id);
        self.chance_of(plant, agent, job)
    }

    fn chance_of(&mut self, plant: Plant, agent: u32, job: u64) -> bool {
        let group = self.plan.agents[agent as usize].group;
        let site = Site { at: self.run.events.len() as u32, agent, group, job };
        match self.plant {
            None => self.run.sites.entry(plant).or_default().push(site),
            Some((planted, number)) if planted == plant => {
                self.count += 1;
                if self.count == number + 1 {
                    self.run.struck = Some(site);
                    return true;
                }
            }
            Some(_) => {}
        }
        false
    }

    /// Records an event, if there are words for it. Its index.
    fn tell(&mut self, a: u32, point: Point, on: u32, child: Option<u64>, after: Option<u32>) -> Option<u32> {
        let running = self.doers[a as usize].running.as_ref()?;
        let (job, step) = (running.item.job.id, running.at as u32);
        let took = 20 + self.dice.part(job ^ self.now).below(7, 900);
        let scene = Scene {
            point,
            agent: &self.plan.agents[a as usize],
            job,
            request: running.item.job.request,
            parent: running.item.parent,
            child,
            on,
            step,
            attempt: if matches!(point, Point::Get | Point::End | Point::Work) {
                running.item.attempt
            } else {
                running.attempt
            },
            failed: running.failed,
            value: running.value,
            took,
        };
        let (kind, fields) = (self.plan.words)(&scene, self.plan.habits)?;
        let job = if point == Point::Put { child.unwrap_or(job) } else { job };
        let agent = &self.plan.agents[a as usize];
        self.run.events.push(Event {
            kind,
            fields,
            point,
            time: self.now,
            agent: a,
            host: agent.host,
            job,
            own: agent.own.is_some(),
            step,
            on,
            after,
        });
        Some(self.run.events.len() as u32 - 1)
    }

    fn running(&mut self, a: u32) -> &mut Running {
        self.doers[a as usize].running.as_mut().expect("only called while it works")
    }

    fn arrive(&mut self, queue: u32, item: Item) {
        self.queues[queue as usize].push_back(item);
        let idle = (self.plan.agents.iter().zip(&self.doers))
            .position(|(agent, doer)| doer.idle && !doer.dead && agent.serves.contains(&queue));
        if let Some(a) = idle {
            self.doers[a].idle = false;
            self.later(1, a as u32, What::Step);
        }
    }

    fn step(&mut self, a: u32) {
        if self.chance(Plant::Silence, a) {
            let group = self.plan.agents[a as usize].group;
            for (agent, doer) in self.plan.agents.iter().zip(&mut self.doers) {
                doer.dead |= agent.group == group;
            }
            return;
        }
        let Some(running) = &self.doers[a as usize].running else { return self.take(a) };
        if running.at >= running.steps.len() || running.refused {
            return self.end(a);
        }
        match running.steps[running.at].clone() {
            Step::Work => self.work(a),
            Step::Sleep(time) => {
                self.running(a).at += 1;
                self.later(time, a, What::Step);
            }
            Step::Acquire(lock) => self.acquire(a, lock),
            Step::Release(lock) => self.release(a, lock),
            Step::Put(queue, job) => self.put(a, queue, &job),
            Step::Call(queue, job) => self.call(a, queue, &job),
        }
    }

    fn take(&mut self, a: u32) {
        let agent = &self.plan.agents[a as usize];
        let Some(&queue) = agent.serves.iter().find(|&&q| !self.queues[q as usize].is_empty()) else {
            self.doers[a as usize].idle = true;
            return;
        };
        let several = self.queues[queue as usize].len() > 1;
        let job = self.queues[queue as usize][0].job.id;
        let second = several && self.chance_of(Plant::QueueOrder, a, job);
        let Some(item) = self.queues[queue as usize].remove(usize::from(second)) else { return };
        let sent = item.sent;
        let again = item.clone();
        self.doers[a as usize].running = Some(Running::new(item));
        self.tell(a, Point::Get, queue, None, sent);
        if self.chance(Plant::TakenTwice, a) {
            self.later(900, a, What::Arrive(queue, again));
        }
        self.on(a);
    }

    fn work(&mut self, a: u32) {
        let part = {
            let running = self.running(a);
            (running.item.job.id.wrapping_mul(31).wrapping_add(running.at as u64) % 89) as i64
        };
        if self.refuses(a) {
            self.running(a).refused = true;
            return self.end(a);
        }
        if !self.running(a).late && self.chance(Plant::LateWork, a) {
            self.running(a).late = true;
            return self.later(40_000, a, What::Step);
        }
        if self.chance(Plant::OddEvent, a) {
            self.tell(a, Point::Odd, 0, None, None);
            self.now += 9;
        } else if self.chance(Plant::OddEnd, a) {
            self.tell(a, Point::Odd, 0, None, None);
            self.running(a).failed = true;
            self.running(a).refused = true;
            self.free_locks(a);
            return self.on(a);
        }
        if self.chance(Plant::WorkRetried, a) {
            let times = BURST[self.dice.below(0xB0, 4) as usize];
            for attempt in 0..times {
                self.running(a).attempt = attempt;
                self.tell(a, Point::Fail, 0, None, None);
                self.now += 15;
                self.tell(a, Point::Retry, 0, None, None);
                self.now += 15;
            }
            self.running(a).attempt = 0;
        }
        let next_works = {
            let running = self.running(a);
            matches!(running.steps.get(running.at + 1), Some(Step::Work))
        };
        let swap = next_works && self.chance(Plant::WorkOrder, a);
        if self.chance(Plant::LostWork, a) {
            self.running(a).at += 1;
            return self.on(a);
        }
        let held = (self.plan.shared_state).then(|| self.locks.iter().position(|l| l.holder == Some(a))).flatten();
        let wrong = self.chance(Plant::WrongResult, a);
        let running = self.running(a);
        running.value = (running.value * 7 + part + if wrong { 1000 } else { 0 }).rem_euclid(10_007);
        if let Some(lock) = held {
            let value = (self.locks[lock].value * 3 + self.running(a).value).rem_euclid(9_973);
            self.locks[lock].value = value;
            self.running(a).value = value;
        }
        let other = self.chance(Plant::OtherWork, a);
        if swap {
            let running = self.running(a);
            running.at += 1;
            self.tell(a, Point::Work, 0, None, None);
            self.now += 11;
            let running = self.running(a);
            running.at -= 1;
            running.value = (running.value * 7 + 3).rem_euclid(10_007);
            self.tell(a, Point::Work, 0, None, None);
            self.running(a).at += 2;
            return self.on(a);
        }
        self.tell(a, if other { Point::Instead } else { Point::Work }, 0, None, None);
        self.running(a).at += 1;
        self.on(a);
    }

    /// True when a call is to fail at once, because it is the fault or one of the burst that follows.
    fn refuses(&mut self, a: u32) -> bool {
        let (Some((caller, _)), 0) = (self.running(a).item.reply_to, self.running(a).at) else { return false };
        let attempt = self.running(a).item.attempt;
        if let Some((whom, left)) = self.refusing
            && whom == caller
            && left > 0
            && attempt > 0
        {
            self.refusing = Some((whom, left - 1));
            return true;
        }
        let refuses = self.chance(Plant::CallRefused, a);
        if refuses {
            self.refusing = Some((caller, BURST[self.dice.below(0xB0, 4) as usize]));
        }
        refuses
    }

    fn acquire(&mut self, a: u32, lock: u32) {
        let running = self.running(a);
        if let Some(&Step::Acquire(next)) = running.steps.get(running.at + 1)
            && self.chance(Plant::LocksSwapped, a)
        {
            let running = self.running(a);
            let at = running.at;
            running.steps.swap(at, at + 1);
            return self.acquire_now(a, next);
        }
        self.acquire_now(a, lock);
    }

    fn acquire_now(&mut self, a: u32, lock: u32) {
        if self.locks[lock as usize].holder.is_none() {
            self.locks[lock as usize].holder = Some(a);
            self.granted(a, lock);
        } else {
            self.tell(a, Point::Wait, lock, None, None);
            self.locks[lock as usize].waiting.push_back(a);
        }
    }

    fn granted(&mut self, a: u32, lock: u32) {
        self.tell(a, Point::Acquire, lock, None, None);
        self.running(a).at += 1;
        self.on(a);
    }

    fn release(&mut self, a: u32, lock: u32) {
        self.running(a);
        if self.chance(Plant::LostRelease, a) {
            self.running(a).at += 1;
            return self.on(a);
        }
        let preferred = self.locks[lock as usize].waiting.len() > 1 && self.chance(Plant::WaiterPreferred, a);
        self.tell(a, Point::Release, lock, None, None);
        self.free(lock, usize::from(preferred));
        self.running(a).at += 1;
        self.on(a);
    }

    fn free(&mut self, lock: u32, next: usize) {
        let next = self.locks[lock as usize].waiting.remove(next);
        self.locks[lock as usize].holder = next;
        if let Some(next) = next {
            self.later(5, next, What::Grant(lock));
        }
    }

    /// Who gives up lets others go on.
    fn free_locks(&mut self, a: u32) {
        for lock in 0..self.locks.len() as u32 {
            if self.locks[lock as usize].holder == Some(a) {
                self.free(lock, 0);
            }
        }
    }

    fn put(&mut self, a: u32, queue: u32, job: &Rc<Job>) {
        let direct = self.plan.travel == 0;
        if !self.running(a).late && self.chance_of(Plant::LateItem, a, job.id) {
            self.running(a).late = true;
            if direct {
                return self.later(700, a, What::Step);
            }
        }
        let delay = if self.running(a).late && !direct { 5_000 } else { 0 };
        self.running(a).late = false;
        let lost = self.chance_of(Plant::LostItem, a, job.id);
        let twice = self.chance_of(Plant::PutTwice, a, job.id);
        let mut to = queue;
        if let Some(other) = (self.plan.alike)(queue, self.plan.queues)
            && self.chance_of(Plant::WrongQueue, a, job.id)
        {
            to = other;
        }
        let wrong = self.chance_of(Plant::WrongPayload, a, job.id);
        let running = self.running(a);
        if wrong {
            running.value = (running.value + 500).rem_euclid(10_007);
        }
        let (payload, parent) = (running.value, Some(running.item.job.id));
        for _ in 0..=u32::from(twice) {
            let sent = self.tell(a, Point::Put, to, Some(job.id), None);
            let item = Item { job: Rc::clone(job), payload, parent, reply_to: None, attempt: 0, depth: 0, sent };
            if direct && !lost {
                self.arrive(to, item);
            } else if !lost {
                let travel = self.plan.travel + self.dice.part(job.id).below(3, self.plan.travel);
                self.later(travel + delay, a, What::Arrive(to, item));
            }
            self.now += 3 * u64::from(twice);
        }
        self.running(a).at += 1;
        self.on(a);
    }

    fn call(&mut self, a: u32, queue: u32, job: &Rc<Job>) {
        self.calls += 1;
        let call = self.calls;
        let twice = self.chance_of(Plant::PutTwice, a, job.id);
        let mut to = queue;
        if let Some(other) = (self.plan.alike)(queue, self.plan.queues)
            && self.chance_of(Plant::WrongQueue, a, job.id)
        {
            to = other;
        }
        let running = self.running(a);
        running.waiting = Some(call);
        let (payload, parent, attempt) = (running.value, Some(running.item.job.id), running.attempt);
        let depth = running.item.depth + 1;
        // Each attempt is work of its own.
        let id = if attempt == 0 { job.id } else { self.dice.part(job.id).of(u64::from(attempt)) | 1 << 40 };
        let job = Rc::new(Job { id, ..Job::clone(job) });
        let travel = self.plan.travel + self.dice.part(id).below(3, self.plan.travel.max(1));
        for _ in 0..=u32::from(twice) {
            let sent = self.tell(a, Point::Call, to, Some(id), None);
            let item = Item { job: Rc::clone(&job), payload, parent, reply_to: Some((a, call)), attempt, depth, sent };
            self.later(travel, a, What::Arrive(to, item));
            self.now += 3 * u64::from(twice);
        }
        // Who is waited for has less patience itself.
        self.later(self.plan.patience >> (2 * (depth - 1)).min(8), a, What::Timeout(call));
    }

    fn replied(&mut self, a: u32, call: u32, value: i64, failed: bool, sent: Option<u32>, late: bool) {
        if self.doers[a as usize].running.as_ref().is_none_or(|r| r.waiting != Some(call)) {
            return;
        }
        if self.chance(Plant::LostReply, a) {
            return;
        }
        if !late && self.chance(Plant::LateReply, a) {
            let late = What::Reply { call, value, failed, sent, late: true };
            return self.later(2 * self.plan.patience, a, late);
        }
        let running = self.running(a);
        running.waiting = None;
        let before = (running.value, running.failed);
        running.value = value;
        running.failed = failed;
        let child = self.called(a);
        self.tell(a, Point::Reply, child.1, Some(child.0), sent);
        if failed {
            let running = self.running(a);
            (running.value, running.failed) = before;
            return self.try_again(a);
        }
        let running = self.running(a);
        running.failed = before.1;
        running.attempt = 0;
        running.at += 1;
        self.on(a);
    }

    /// The job and queue of the call that is being made.
    fn called(&mut self, a: u32) -> (u64, u32) {
        let dice = self.dice;
        let running = self.running(a);
        match &running.steps[running.at] {
            Step::Call(queue, job) if running.attempt == 0 => (job.id, *queue),
            Step::Call(queue, job) => (dice.part(job.id).of(u64::from(running.attempt)) | 1 << 40, *queue),
            _ => (0, 0),
        }
    }

    fn timed_out(&mut self, a: u32, call: u32) {
        if self.doers[a as usize].running.as_ref().is_none_or(|r| r.waiting != Some(call)) {
            return;
        }
        let child = self.called(a);
        self.running(a).waiting = None;
        self.tell(a, Point::Timeout, child.1, Some(child.0), None);
        self.try_again(a);
    }

    fn try_again(&mut self, a: u32) {
        let most = self.plan.attempts;
        let own = self.plan.agents[a as usize].own.is_some();
        let running = self.running(a);
        running.attempt += 1;
        if running.attempt < most {
            let attempt = u64::from(running.attempt);
            self.tell(a, Point::Retry, 0, None, None);
            return self.later(100 + 40 * attempt, a, What::Step);
        }
        running.attempt = 0;
        if own {
            // Who works for itself goes on with what comes next.
            running.at += 1;
            running.failed = false;
            return self.on(a);
        }
        running.failed = true;
        running.refused = true;
        self.free_locks(a);
        self.on(a);
    }

    fn end(&mut self, a: u32) {
        let running = self.running(a);
        running.failed |= running.refused;
        let own = self.plan.agents[a as usize].own.is_some();
        let sent = if own { None } else { self.tell(a, Point::End, 0, None, None) };
        let running = self.running(a);
        let (value, failed, reply_to) = (running.value, running.failed, running.item.reply_to);
        let id = running.item.job.id;
        if let Some((caller, call)) = reply_to {
            let travel = self.plan.travel + self.dice.part(id).below(4, self.plan.travel.max(1));
            self.later(travel, caller, What::Reply { call, value, failed, sent, late: false });
        }
        self.doers[a as usize].running = None;
        if own {
            self.doers[a as usize].dead = true;
        } else {
            self.on(a);
        }
    }
}
