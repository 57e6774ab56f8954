//! What is to be simulated: who there is, what they do, and in which words they record it.

use std::rc::Rc;

use super::event::{Datum, Point};

/// A step of some work.
#[derive(Debug, Clone)]
pub enum Step {
    /// Computes: the work's value goes on.
    Work,
    /// Takes a lock, waiting for it.
    Acquire(u32),
    /// Gives a lock back.
    Release(u32),
    /// Hands work to a queue and goes on.
    Put(u32, Rc<Job>),
    /// Hands work to a queue and waits for its result.
    Call(u32, Rc<Job>),
    /// Lets time pass, in microseconds.
    Sleep(u64),
}

/// Some work.
#[derive(Debug, Clone)]
pub struct Job {
    pub id: u64,
    /// What it is done for: the request, the order.
    pub request: u64,
    pub steps: Vec<Step>,
}

/// Somebody who works.
#[derive(Debug, Clone)]
pub struct Agent {
    /// What it is, for the words: producers and the kinds of workers.
    pub class: u32,
    /// Its number within its class.
    pub number: u64,
    /// The queues it takes work from.
    pub serves: Vec<u32>,
    /// What falls silent together: a worker alone, all threads of a service.
    pub group: u32,
    /// The machine it runs on, whose clock it reads.
    pub host: u32,
    /// What it does by itself from the start.
    pub own: Option<Rc<Job>>,
}

/// Everything that is known where an event is recorded.
#[derive(Debug)]
pub struct Scene<'a> {
    pub point: Point,
    pub agent: &'a Agent,
    pub job: u64,
    pub request: u64,
    /// The job that asked for this one.
    pub parent: Option<u64>,
    /// The job that is put, called, answered.
    pub child: Option<u64>,
    /// The queue or lock it happens on.
    pub on: u32,
    pub step: u32,
    pub attempt: u32,
    pub failed: bool,
    pub value: i64,
    /// How long it took.
    pub took: u64,
}

/// An event in words: its kind and fields.
pub type Words = (&'static str, Vec<(&'static str, Datum)>);

/// Which of the optional things a system does and records.
#[derive(Debug, Clone, Copy)]
pub struct Habits(pub u64);

impl Habits {
    /// True when it has this habit.
    pub const fn has(self, bit: u32) -> bool {
        self.0 >> bit & 1 == 1
    }
}

/// A whole system.
#[derive(Debug, Clone)]
pub struct Plan {
    pub agents: Vec<Agent>,
    pub queues: u32,
    pub locks: u32,
    pub habits: Habits,
    /// How an event is recorded; not at all where there are no words for it.
    pub words: fn(&Scene<'_>, Habits) -> Option<Words>,
    /// Other queues that work may go to by mistake: those of the same kind.
    pub alike: fn(u32, u32) -> Option<u32>,
    /// Microseconds that work is on its way to a queue; 0 where putting is arriving.
    pub travel: u64,
    /// Microseconds after which a caller no longer waits.
    pub patience: u64,
    /// How often a call is tried.
    pub attempts: u32,
    /// True when work under a lock changes what the lock protects.
    pub shared_state: bool,
}
