//! The kernel every world runs on: messages handled in time order, events recorded, and the one spot where a fault is
//! planted, so that whatever follows it follows by itself.

use std::collections::BTreeMap;

/// A value of a field, before a schema decides how it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Val {
    /// A plain number.
    Num(i64),
    /// A plain word.
    Word(&'static str),
    /// The n-th thing of a sort: car 3, shelf 12.
    Named(&'static str, i64),
    /// An identity that another run would draw anew.
    Id(u64),
}

/// What a field means for the order of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A resource that does one thing at a time.
    Lane,
    /// A thing that the noise treats like a lane, so as never to break an order that somebody may care about.
    Thing,
    /// A correlation id: ties events together and orders nothing.
    Tie,
    /// Data.
    Data,
    /// Data of a span that is only known at its end.
    Late,
}

/// One field of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The plain English name; a schema may write another.
    pub key: &'static str,
    /// Its value.
    pub val: Val,
    /// What it means.
    pub role: Role,
}

/// A numbered resource.
pub fn lane(key: &'static str, n: i64) -> Field {
    Field { key, val: Val::Named(key, n), role: Role::Lane }
}

/// A resource whose name another run would draw anew.
pub fn lane_id(key: &'static str, id: u64) -> Field {
    Field { key, val: Val::Id(id), role: Role::Lane }
}

/// A numbered thing of the given sort.
pub fn thing(key: &'static str, sort: &'static str, n: i64) -> Field {
    Field { key, val: Val::Named(sort, n), role: Role::Thing }
}

/// An identity of one message or job.
pub fn ident(key: &'static str, id: u64) -> Field {
    Field { key, val: Val::Id(id), role: Role::Thing }
}

/// A correlation id.
pub fn tie(key: &'static str, id: u64) -> Field {
    Field { key, val: Val::Id(id), role: Role::Tie }
}

/// A number.
pub fn num(key: &'static str, n: i64) -> Field {
    Field { key, val: Val::Num(n), role: Role::Data }
}

/// A word.
pub fn word(key: &'static str, w: &'static str) -> Field {
    Field { key, val: Val::Word(w), role: Role::Data }
}

/// A recorded event.
#[derive(Debug, Clone)]
pub struct Event {
    /// The same in both runs for what is the same step of the same work.
    pub uid: u64,
    /// When, in microseconds of the simulated clock.
    pub at: u64,
    /// The actor that recorded it.
    pub actor: u32,
    /// What happened.
    pub label: &'static str,
    /// The rest.
    pub fields: Vec<Field>,
    /// The event that led to it.
    pub cause: Option<u32>,
}

/// What an actor reacts to.
#[derive(Debug, Clone)]
pub struct Msg {
    /// When it arrives.
    pub at: u64,
    /// The same in both runs for the same step of the same work.
    pub id: u64,
    /// Who gets it.
    pub to: u32,
    /// What is asked.
    pub kind: &'static str,
    /// Its numbers; each kind reads its own.
    pub args: [i64; 4],
    /// The piece of work that it belongs to.
    pub work: u64,
    /// The event that led to it.
    pub cause: Option<u32>,
    /// Whether the planted fault made or changed it.
    marked: bool,
}

/// A kind of planted fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A message nobody sent.
    Insert,
    /// A message that got lost.
    Delete,
    /// A message taken for another.
    Substitute,
    /// Two messages to one resource in the other order.
    Reorder,
    /// A message handled twice.
    Duplicate,
    /// A message that comes late.
    Delay,
    /// A message asked again and again.
    Burst,
    /// An actor that falls silent.
    Lost,
    /// A message with a wrong number in it.
    Value,
    /// Two locks taken in the other order.
    Inversion,
}

/// A fault to plant.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    /// Which kind.
    pub kind: Kind,
    /// At the how-manieth handled message.
    pub at: usize,
    /// How much: of a delay in microseconds, of a burst in messages, of a wrong number in units.
    pub size: i64,
}

/// A world: what the actors do with messages.
pub trait World {
    /// Sends what comes from outside.
    fn start(&mut self, sim: &mut Sim);
    /// Reacts to one message.
    fn handle(&mut self, msg: &Msg, sim: &mut Sim);
    /// The kind that a message of this kind could be taken for.
    fn mistaken(&self, kind: &'static str) -> Option<&'static str>;
    /// Which number of a message of this kind can be wrong, so that the event it leads to says so.
    fn number(&self, kind: &'static str) -> Option<usize>;
    /// The kind in which a message of this kind is asked again.
    fn again(&self, kind: &'static str) -> Option<&'static str>;
    /// The kind of message that names two locks in its first two numbers, and the labels of asking for one and of getting it.
    fn locks(&self) -> Option<(&'static str, [&'static str; 2])> {
        None
    }
}

/// A message that was handled.
#[derive(Debug, Clone)]
pub struct Handled {
    /// Its id.
    pub id: u64,
    /// Its kind.
    pub kind: &'static str,
    /// The first event that it led to.
    pub event: Option<u32>,
}

/// What a run left behind.
#[derive(Debug)]
pub struct Run {
    /// The recorded events.
    pub events: Vec<Event>,
    /// The handled messages.
    pub handled: Vec<Handled>,
    /// The events that are the planted fault itself.
    pub marks: Vec<u32>,
    /// The message that changed places with the target.
    pub partner: Option<u64>,
    /// Whether the run came to its own end.
    pub complete: bool,
}

/// The running simulation, as a world sees it.
#[derive(Debug)]
pub struct Sim {
    seed: u64,
    now: u64,
    queue: BTreeMap<(u64, u64, u64), Msg>,
    serial: u64,
    parent: u64,
    children: u64,
    marked: bool,
    cause: Option<u32>,
    first: Option<u32>,
    run: Run,
}

/// Two words into one well-mixed word (the finisher of SplitMix64).
pub fn mix(a: u64, b: u64) -> u64 {
    let mut z = a.wrapping_add(b.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Sim {
    /// A number in `0..below` that depends only on the seed and on the key: a fault elsewhere never changes it.
    pub fn draw(&self, key: u64, below: u64) -> u64 {
        mix(self.seed, key) % below.max(1)
    }

    /// The clock.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Sends something from outside, at a given time.
    pub fn outside(&mut self, at: u64, to: u32, kind: &'static str, args: [i64; 4]) {
        self.serial += 1;
        let id = mix(self.seed, self.serial ^ 0x0075_7473_6964_6500);
        self.push(Msg { at, id, to, kind, args, work: id, cause: None, marked: false });
    }

    /// Sends a message as a consequence of the one in hand.
    pub fn send(&mut self, delay: u64, to: u32, kind: &'static str, args: [i64; 4], work: u64) {
        self.children += 1;
        let id = mix(self.parent, self.children);
        let msg = Msg { at: self.now + delay, id, to, kind, args, work, cause: self.cause, marked: false };
        self.push(msg);
    }

    /// Records an event.
    pub fn emit(&mut self, actor: u32, label: &'static str, fields: Vec<Field>) -> u32 {
        let index = self.run.events.len() as u32;
        self.children += 1;
        let uid = mix(self.parent ^ 0x6576_656e_7400, self.children);
        self.run.events.push(Event { uid, at: self.now, actor, label, fields, cause: self.cause });
        self.cause = Some(index);
        if self.first.is_none() {
            self.first = Some(index);
            if self.marked {
                self.run.marks.push(index);
            }
        }
        index
    }

    /// Adds what is only known at the end of a span.
    pub fn finish(&mut self, event: u32, fields: Vec<Field>) {
        if let Some(event) = self.run.events.get_mut(event as usize) {
            event.fields.retain(|old| old.role != Role::Late);
            event.fields.extend(fields);
        }
    }

    fn push(&mut self, msg: Msg) {
        self.serial += 1;
        self.queue.insert((msg.at, msg.id, self.serial), msg);
    }

    fn give(&mut self, world: &mut dyn World, msg: &Msg) {
        (self.now, self.parent, self.children) = (msg.at, msg.id, 0);
        (self.marked, self.cause, self.first) = (msg.marked, msg.cause, None);
        world.handle(msg, self);
        let handled = Handled { id: msg.id, kind: msg.kind, event: self.first };
        self.run.handled.push(handled);
    }

    /// Plants the fault at the message in hand; gives back what is to be handled now, if anything.
    fn plant(&mut self, world: &dyn World, fault: Fault, mut msg: Msg) -> Option<Msg> {
        let own = mix(msg.id, 0x70_6c61_6e74);
        match fault.kind {
            Kind::Delete | Kind::Lost => return None,
            Kind::Insert => {
                let mut stray = msg.clone();
                (stray.id, stray.work, stray.marked) = (own, own, true);
                if let Some(which) = world.number(msg.kind) {
                    stray.args[which] += fault.size;
                }
                self.push(msg);
                return Some(stray);
            }
            Kind::Substitute => {
                msg.kind = world.mistaken(msg.kind)?;
                msg.marked = true;
            }
            Kind::Value => {
                let which = world.number(msg.kind)?;
                msg.args[which] += fault.size;
                msg.marked = true;
            }
            Kind::Inversion => msg.args.swap(0, 1),
            Kind::Duplicate => {
                let mut copy = msg.clone();
                copy.at += 1 + fault.size as u64 % 40;
                copy.marked = true;
                self.push(copy);
            }
            Kind::Delay => {
                msg.at += fault.size as u64;
                msg.marked = true;
                self.push(msg);
                return None;
            }
            Kind::Burst => {
                let kind = world.again(msg.kind)?;
                let gap = 150 + own % 900;
                for n in 1..=fault.size.clamp(3, 9) {
                    let mut retry = msg.clone();
                    (retry.id, retry.kind, retry.marked) = (mix(own, n as u64), kind, n == 1);
                    retry.at += gap * (n as u64 - 1);
                    retry.args[3] = n;
                    self.push(retry);
                }
                msg.at += gap * fault.size.clamp(3, 9) as u64;
                self.push(msg);
                return None;
            }
            Kind::Reorder => {
                // Half of the time only a message of the same kind will do: those compete for the same thing.
                let alike = |next: &Msg| next.to == msg.to && (fault.size % 2 == 0 || next.kind == msg.kind);
                let other = self.queue.iter().find(|(_, next)| alike(next)).map(|(key, _)| *key)?;
                let mut first = self.queue.remove(&other)?;
                self.run.partner = Some(first.id);
                std::mem::swap(&mut first.at, &mut msg.at);
                (first.marked, msg.marked) = (true, true);
                self.push(msg);
                return Some(first);
            }
        }
        Some(msg)
    }
}

/// Runs a world to its end, with or without a fault; more events than `most` means that it found no end.
pub fn run(world: &mut dyn World, seed: u64, fault: Option<Fault>, most: usize) -> Run {
    let run = Run { events: Vec::new(), handled: Vec::new(), marks: Vec::new(), partner: None, complete: false };
    let mut sim = Sim {
        seed,
        now: 0,
        queue: BTreeMap::new(),
        serial: 0,
        parent: seed,
        children: 0,
        marked: false,
        cause: None,
        first: None,
        run,
    };
    world.start(&mut sim);
    let (mut waiting, mut silent) = (fault, None);
    while let Some((_, mut msg)) = sim.queue.pop_first() {
        if sim.run.events.len() >= most {
            return sim.run;
        }
        if silent == Some(msg.to) {
            continue;
        }
        if let Some(fault) = waiting.filter(|fault| fault.at == sim.run.handled.len()) {
            waiting = None;
            if fault.kind == Kind::Lost {
                silent = Some(msg.to);
            }
            let Some(now) = sim.plant(world, fault, msg) else { continue };
            msg = now;
        }
        sim.give(world, &msg);
    }
    sim.run.complete = true;
    sim.run
}
