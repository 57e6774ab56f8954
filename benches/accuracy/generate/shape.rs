//! The words of a recording: names of fields, their nesting, how ids, kinds, lanes and times are written. Each system has its
//! own, so that no rule can fit the generator only.

use std::fmt::Write;

use super::dice::Dice;
use super::event::{Datum, Event};

/// What people call each field.
const NAMES: &[(&str, &[&str])] = &[
    ("kind", &["type", "event", "kind", "action", "event_type", "op_name"]),
    ("seq", &["seq", "index", "n", "step"]),
    ("time", &["ts", "timestamp", "time", "at", "logged_at"]),
    ("task", &["task", "task_id", "job", "work_item"]),
    ("worker", &["worker", "worker_id", "executor", "runner"]),
    ("producer", &["producer", "submitted_by", "source_thread"]),
    ("queue", &["queue", "queue_name", "q", "work_queue"]),
    ("lock", &["lock", "mutex", "lock_id", "held_lock"]),
    ("pointer", &["addr", "task_ptr", "this"]),
    ("part", &["part", "phase", "stage_no"]),
    ("value", &["value", "result", "amount", "payload"]),
    ("status", &["status", "outcome", "state"]),
    ("took", &["latency_us", "duration_us", "elapsed_us"]),
    ("attempt", &["attempt", "retry_attempt", "try_no"]),
    ("text", &["message", "msg_text", "description"]),
    ("actor", &["actor", "node", "process", "actor_name"]),
    ("host", &["host", "hostname", "machine"]),
    ("msg", &["msg", "msg_id", "message_id"]),
    ("to", &["to", "dst", "target"]),
    ("row", &["row_lock", "row", "record_lock"]),
    ("service", &["service", "service_name", "component"]),
    ("span", &["span_id", "span"]),
    ("parent", &["parent_span_id", "parent", "parent_id"]),
    ("request", &["request_id", "correlation_id", "trace_request"]),
    ("thread", &["thread", "tid", "thread_id"]),
    ("op", &["operation", "rpc", "endpoint"]),
    ("peer", &["downstream_service", "peer_service", "upstream"]),
    ("conn", &["conn", "connection", "db_connection"]),
    ("irq", &["irq", "irq_line", "vector"]),
    ("source", &["source", "pin", "peripheral"]),
    ("core", &["core", "cpu"]),
    ("register", &["register", "reg", "reg_name"]),
    ("bus", &["bus", "bus_lock", "i2c_bus"]),
];

/// How words are written.
#[derive(Debug, Clone, Copy)]
enum Kinds {
    Snake,
    Shouted,
    Camel,
    Dotted,
}

/// How resources are written.
#[derive(Debug, Clone, Copy)]
enum Lanes {
    Number,
    Dashed,
    Joined,
}

/// How ids are written.
#[derive(Debug, Clone, Copy)]
enum Ids {
    Hex,
    Uuid,
    ShortHex,
}

/// How times are written.
#[derive(Debug, Clone, Copy)]
enum Times {
    None,
    Micros,
    Millis,
    Seconds,
    Iso,
    Nanos,
}

/// Which fields stand one level deeper.
#[derive(Debug, Clone, Copy)]
enum Nest {
    Flat,
    Attributes(&'static str),
    Lanes(&'static str),
}

/// The words of one system.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a habit of its own")]
pub struct Shape {
    dice: Dice,
    /// Every field has its first name.
    common: bool,
    camel: bool,
    kinds: Kinds,
    lanes: Lanes,
    ids: Ids,
    times: Times,
    nest: Nest,
    seq: bool,
    time_last: bool,
    level: bool,
}

/// What is different in every run.
#[derive(Debug, Clone, Copy)]
pub struct Take {
    /// What ids are made from.
    pub salt: u64,
    /// Microseconds at its start.
    pub start: u64,
    /// Chance for the small differences of times and measures; `None` keeps times as they are.
    pub jitter: Option<Dice>,
    /// Microseconds by which the clocks of hosts are off.
    pub skew: Option<Dice>,
}

impl Shape {
    /// A shape by chance. `timed`: it must have times.
    pub fn new(dice: Dice, timed: bool) -> Self {
        let clocks = [Times::Micros, Times::Millis, Times::Seconds, Times::Iso, Times::Nanos, Times::None];
        Self {
            dice,
            common: false,
            camel: dice.one_in(1, 3),
            kinds: dice.pick(2, &[Kinds::Snake, Kinds::Shouted, Kinds::Camel, Kinds::Dotted]),
            lanes: dice.pick(3, &[Lanes::Number, Lanes::Dashed, Lanes::Joined]),
            ids: dice.pick(4, &[Ids::Hex, Ids::Uuid, Ids::ShortHex]),
            times: dice.pick(5, if timed { &clocks[..5] } else { &clocks }),
            nest: dice.pick(
                6,
                &[Nest::Flat, Nest::Flat, Nest::Attributes("attributes"), Nest::Attributes("args"), Nest::Lanes("ctx")],
            ),
            seq: !dice.one_in(7, 3),
            time_last: dice.one_in(8, 2),
            level: dice.one_in(9, 4),
        }
    }

    /// The shape that most recordings have.
    pub fn common(dice: Dice) -> Self {
        Self {
            dice,
            common: true,
            camel: false,
            kinds: Kinds::Shouted,
            lanes: Lanes::Number,
            ids: Ids::Hex,
            times: Times::Micros,
            nest: Nest::Flat,
            seq: true,
            time_last: false,
            level: false,
        }
    }

    fn name(&self, field: &str, out: &mut String) {
        let names = NAMES.iter().find(|(name, _)| *name == field).map_or(&[][..], |(_, names)| names);
        let name = if names.is_empty() {
            field
        } else if self.common {
            names[0]
        } else {
            self.dice.pick(100 + field.len() as u64 * 7 + u64::from(field.as_bytes()[0]), names)
        };
        if self.camel { camel(name, '_', out) } else { out.push_str(name) }
    }

    fn kind(&self, kind: &str, out: &mut String) {
        match self.kinds {
            Kinds::Snake => out.extend(kind.chars().map(|c| if c == ' ' { '_' } else { c })),
            Kinds::Shouted => out.extend(kind.chars().map(|c| if c == ' ' { '_' } else { c.to_ascii_uppercase() })),
            Kinds::Camel => camel(kind, ' ', out),
            Kinds::Dotted => out.extend(kind.chars().map(|c| if c == ' ' { '.' } else { c })),
        }
    }

    fn datum(&self, datum: &Datum, take: &Take, place: u64, out: &mut String) {
        let written = match datum {
            Datum::Null => write!(out, "null"),
            Datum::Int(n) => write!(out, "{n}"),
            Datum::Word(word) => write!(out, "\"{word}\""),
            Datum::Group(name, u64::MAX) => write!(out, "\"{name}\""),
            Datum::Group(name, n) => write!(out, "\"{name}-{n}\""),
            Datum::Lane(class, n) | Datum::Peer(class, n) => match self.lanes {
                // Numbers of different things in one field would be the same thing.
                Lanes::Number if !matches!(*class, "client" | "actor" | "timer" | "pin") => write!(out, "{n}"),
                Lanes::Joined => write!(out, "\"{class}{n}\""),
                _ => write!(out, "\"{class}-{n}\""),
            },
            Datum::Id(class, n, _) => {
                let id = Dice::new(take.salt).part(u64::from(class.as_bytes()[0])).of(*n);
                match (*class, self.ids) {
                    ("thread", _) => write!(out, "{}", 10_000 + take.salt % 20_000 + n * (1 + take.salt % 3)),
                    ("pointer", _) => write!(out, "\"0x{:012x}\"", 0x7f00_0000_0000 | (id & 0xff_ffff_fff0)),
                    (_, Ids::Hex) => write!(out, "\"{id:016x}\""),
                    (_, Ids::ShortHex) => write!(out, "\"{:08x}\"", id as u32),
                    (_, Ids::Uuid) => {
                        let more = Dice::new(id).of(1);
                        let parts =
                            (id >> 32, (id >> 16) & 0xffff, id & 0xfff, (more >> 48) & 0xfff, more & 0xffff_ffff_ffff);
                        write!(
                            out,
                            "\"{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}\"",
                            parts.0, parts.1, parts.2, parts.3, parts.4
                        )
                    }
                }
            }
            Datum::Measure(n) => write!(out, "{}", n + take.jitter.map_or(0, |dice| dice.below(place, 90))),
        };
        written.expect("a string takes everything");
    }

    fn time(&self, time: u64, out: &mut String) {
        let written = match self.times {
            Times::None => Ok(()),
            Times::Micros => write!(out, "{time}"),
            Times::Millis => write!(out, "{}.{:03}", time / 1000, time % 1000),
            Times::Seconds => write!(out, "{}.{:06}", time / 1_000_000, time % 1_000_000),
            Times::Nanos => write!(out, "{time}000"),
            Times::Iso => {
                let (day, rest) = (1 + time / 86_400_000_000 % 28, time % 86_400_000_000);
                let (hour, minute) = (rest / 3_600_000_000, rest / 60_000_000 % 60);
                let (second, micros) = (rest / 1_000_000 % 60, rest % 1_000_000);
                write!(out, "\"2026-03-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z\"")
            }
        };
        written.expect("a string takes everything");
    }

    /// The recording of events in an order, line by line.
    pub fn record(&self, events: &[Event], order: &[u32], take: &Take) -> String {
        let mut out = String::with_capacity(events.len() * 120);
        let mut times: Vec<u64> = order.iter().map(|&i| events[i as usize].time).collect();
        times.sort_unstable();
        let mut clock = take.start;
        let mut before = 0;
        for (place, &i) in order.iter().enumerate() {
            let event = &events[i as usize];
            let gap = times[place] - before;
            before = times[place];
            clock += take.jitter.map_or(gap, |dice| gap * (90 + dice.below(place as u64, 21)) / 100 + 1);
            let skew = take.skew.map_or(0, |dice| dice.below(event.host.into(), 4) * 1_700);
            self.line(event, place as u64, clock + skew, take, &mut out);
        }
        out
    }

    fn line(&self, event: &Event, place: u64, time: u64, take: &Take, out: &mut String) {
        out.push('{');
        let field = |name: &str, out: &mut String| {
            if !out.ends_with('{') {
                out.push(',');
            }
            out.push('"');
            self.name(name, out);
            out.push_str("\":");
        };
        let timed = !matches!(self.times, Times::None);
        if self.seq {
            field("seq", out);
            self.datum(&Datum::Int(place as i64), take, place, out);
        }
        if timed && !self.time_last {
            field("time", out);
            self.time(time, out);
        }
        field("kind", out);
        out.push('"');
        self.kind(event.kind, out);
        out.push('"');
        if self.level {
            out.push_str(",\"level\":\"info\"");
        }
        let deeper = |datum: &Datum| match self.nest {
            Nest::Flat => false,
            Nest::Attributes(_) => true,
            Nest::Lanes(_) => matches!(datum, Datum::Lane(..) | Datum::Id(..) | Datum::Group(..) | Datum::Null),
        };
        for (name, datum) in event.fields.iter().filter(|(_, datum)| !deeper(datum)) {
            // Where a thread's number stands in place of its name, most people say so.
            let thread = self.common && matches!(datum, Datum::Id("thread", ..));
            field(if thread { "thread" } else { name }, out);
            self.datum(datum, take, place, out);
        }
        if let Nest::Attributes(name) | Nest::Lanes(name) = self.nest {
            field(name, out);
            out.push('{');
            for (name, datum) in event.fields.iter().filter(|(_, datum)| deeper(datum)) {
                field(name, out);
                self.datum(datum, take, place, out);
            }
            out.push('}');
        }
        if timed && self.time_last {
            field("time", out);
            self.time(time, out);
        }
        out.push_str("}\n");
    }
}

fn camel(words: &str, gap: char, out: &mut String) {
    let mut upper = false;
    for c in words.chars() {
        if c == gap {
            upper = true;
        } else {
            out.push(if upper { c.to_ascii_uppercase() } else { c });
            upper = false;
        }
    }
}
