//! A build system: a scheduler, workers, artefacts that depend on each other, and a lock for each artefact store.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::super::sim::{Msg, Sim, World, lane, mix, num, thing};
use super::locks::Locks;

/// The first actor number of the locks; workers are 1 and up, the scheduler is 0.
const LOCKS: u32 = 100;

/// The state of the build.
#[derive(Debug)]
pub struct Build {
    targets: i64,
    workers: i64,
    stores: i64,
    idle: BTreeSet<i64>,
    ready: VecDeque<(i64, i64)>,
    blocked: BTreeMap<i64, i64>,
    sizes: BTreeMap<i64, i64>,
    locks: Locks,
}

impl Build {
    /// A build of so many targets.
    pub fn new(targets: i64, shape: u64) -> Self {
        let workers = 2 + (shape % 5) as i64;
        Self {
            targets,
            workers,
            stores: 3 + (shape / 5 % 4) as i64,
            idle: (1..=workers).collect(),
            ready: VecDeque::new(),
            blocked: BTreeMap::new(),
            sizes: BTreeMap::new(),
            locks: Locks::default(),
        }
    }

    /// The targets that a target is made from.
    fn inputs(target: i64) -> [i64; 2] {
        let pick = |salt| target - 2 - (mix(target as u64, salt) % 6) as i64;
        [pick(1), pick(2)]
    }

    fn can_start(&self, target: i64) -> bool {
        Self::inputs(target).iter().all(|input| *input < 1 || self.sizes.contains_key(input))
    }

    fn dispatch(&mut self, sim: &mut Sim) {
        while let (Some(&worker), false) = (self.idle.first(), self.ready.is_empty()) {
            let Some((target, flags)) = self.ready.pop_front() else { return };
            self.idle.remove(&worker);
            let (a, b) = self.stores_of(target, sim);
            sim.emit(
                0,
                "assigned",
                vec![lane("queue", 0), thing("target", "target", target), thing("to", "worker", worker)],
            );
            sim.send(20, worker as u32, "begin", [a, b, target, flags], target as u64);
        }
    }

    /// The two stores that a target writes to, in the order in which everybody takes them.
    fn stores_of(&self, target: i64, sim: &Sim) -> (i64, i64) {
        let a = sim.draw(target as u64 ^ 0xa0, self.stores as u64 - 1) as i64;
        let b = a + 1 + sim.draw(target as u64 ^ 0xb0, (self.stores - a - 1) as u64) as i64;
        (a, b)
    }

    fn acquired(want: &Msg, sim: &mut Sim) {
        let [store, other, worker, packed] = want.args;
        let (target, second) = (packed / 2, packed % 2 == 1);
        sim.emit(
            want.to,
            "lock_acquired",
            vec![lane("worker", worker), lane("lock", store), thing("target", "target", target)],
        );
        if second {
            sim.send(
                30,
                worker as u32,
                "compile",
                [other, store, target, sim.draw(target as u64, 900) as i64],
                want.work,
            );
        } else {
            sim.send(25, LOCKS + other as u32, "want", [other, store, worker, target * 2 + 1], want.work);
        }
    }
}

impl World for Build {
    fn start(&mut self, sim: &mut Sim) {
        let mut at = 0;
        for target in 1..=self.targets {
            at += 200 + sim.draw(target as u64 ^ 0x5ab, 2600);
            sim.outside(at, 0, "submit", [target, sim.draw(target as u64 ^ 0xf1, 64) as i64, 0, 0]);
        }
    }

    fn handle(&mut self, msg: &Msg, sim: &mut Sim) {
        let [a, b, c, d] = msg.args;
        let target = |n| thing("target", "target", n);
        match msg.kind {
            "submit" => {
                sim.emit(0, "submitted", vec![lane("queue", 0), target(a), num("flags", b)]);
                if self.can_start(a) {
                    self.ready.push_back((a, b));
                } else {
                    self.blocked.insert(a, b);
                }
                self.dispatch(sim);
            }
            "resubmit" => {
                sim.emit(0, "submit_retry", vec![lane("queue", 0), target(a), num("attempt", d)]);
            }
            "cancel" => {
                sim.emit(0, "cancelled", vec![lane("queue", 0), target(a)]);
            }
            "begin" => {
                sim.emit(msg.to, "job_started", vec![lane("worker", i64::from(msg.to)), target(c), num("flags", d)]);
                sim.send(25, LOCKS + a as u32, "want", [a, b, i64::from(msg.to), c * 2], msg.work);
            }
            "want" => {
                if self.locks.take(a, c, msg) {
                    Self::acquired(msg, sim);
                } else {
                    sim.emit(msg.to, "lock_wait", vec![lane("worker", c), lane("lock", a), target(d / 2)]);
                }
            }
            "compile" => {
                let made: i64 = Self::inputs(c).iter().filter_map(|input| self.sizes.get(input)).sum();
                let size = 100 + d + made / 2;
                sim.emit(
                    msg.to,
                    "compiling",
                    vec![lane("worker", i64::from(msg.to)), target(c), num("bytes_in", made + d)],
                );
                let pause = 800 + sim.draw(c as u64 ^ 0xc0, 3000);
                sim.send(pause, msg.to, "write", [a, b, c, size], msg.work);
            }
            "fail" => {
                sim.emit(msg.to, "compile_failed", vec![lane("worker", i64::from(msg.to)), target(c)]);
                self.leave([a, b], c, msg, sim);
            }
            "write" => {
                sim.emit(
                    msg.to,
                    "artifact_written",
                    vec![lane("worker", i64::from(msg.to)), target(c), num("size", d)],
                );
                self.sizes.insert(c, d);
                self.leave([a, b], c, msg, sim);
            }
            "free" => {
                let (freed, next) = self.locks.free(a, c);
                if freed {
                    sim.emit(msg.to, "lock_released", vec![lane("worker", c), lane("lock", a)]);
                }
                if let Some(next) = next.filter(|next| self.locks.take(a, next.args[2], next)) {
                    Self::acquired(&next, sim);
                }
            }
            "finished" => {
                sim.emit(0, "job_finished", vec![lane("queue", 0), target(a), thing("to", "worker", b)]);
                self.idle.insert(b);
                let now: Vec<i64> = self.blocked.keys().copied().filter(|next| self.can_start(*next)).collect();
                for next in now {
                    self.ready.extend(self.blocked.remove(&next).map(|flags| (next, flags)));
                }
                self.dispatch(sim);
            }
            _ => {}
        }
    }

    fn mistaken(&self, kind: &'static str) -> Option<&'static str> {
        match kind {
            "submit" => Some("cancel"),
            "write" => Some("fail"),
            _ => None,
        }
    }

    fn number(&self, kind: &'static str) -> Option<usize> {
        match kind {
            "submit" => Some(1),
            "begin" | "compile" | "write" => Some(3),
            _ => None,
        }
    }

    fn again(&self, kind: &'static str) -> Option<&'static str> {
        (kind == "submit").then_some("resubmit")
    }

    fn locks(&self) -> Option<(&'static str, [&'static str; 2])> {
        Some(("begin", ["lock_wait", "lock_acquired"]))
    }
}

impl Build {
    /// Gives both stores back and reports to the scheduler.
    fn leave(&mut self, stores: [i64; 2], target: i64, msg: &Msg, sim: &mut Sim) {
        let worker = i64::from(msg.to);
        debug_assert!(worker <= self.workers, "only workers leave");
        for (n, store) in stores.into_iter().enumerate() {
            sim.send(10 + 15 * n as u64, LOCKS + store as u32, "free", [store, 0, worker, target], msg.work);
        }
        sim.send(60, 0, "finished", [target, worker, 0, 0], msg.work);
    }
}
