//! How a recording is written: the names and the nesting of its fields, the look of its values, its clock.

use super::noise::{self, Noise};
use super::sim::{Event, Field, Role, Val, mix};
use super::words::Tongue;

/// The number of hosts, where a recording names hosts.
pub const HOSTS: u32 = 3;

/// The look of drawn ids.
#[derive(Debug, Clone, Copy)]
enum Ids {
    Hex8,
    Hex16,
    Uuid,
    Pointer,
}

/// The look of numbered things.
#[derive(Debug, Clone, Copy)]
enum Names {
    Number,
    Dashed,
    Padded,
    Slashed,
}

/// How words are joined.
#[derive(Debug, Clone, Copy)]
enum Joint {
    Snake,
    Camel,
    Upper,
    Dotted,
}

/// The unit and the look of the clock.
#[derive(Debug, Clone, Copy)]
enum Clock {
    None,
    Micros,
    Nanos,
    Seconds,
    Iso,
}

/// Where fields go.
#[derive(Debug, Clone, Copy)]
enum Nesting {
    Flat,
    DataBelow,
    TwoBelow,
}

/// A way to write a recording.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    tongue: Tongue,
    heads: [&'static str; 3],
    ids: Ids,
    names: Names,
    keys: Joint,
    labels: Joint,
    clock: Clock,
    nesting: Nesting,
    hex_numbers: bool,
    seq: bool,
    linked: bool,
    /// How many hosts it names, when it names hosts.
    pub hosts: Option<u32>,
}

impl Schema {
    /// A way to write a world; whole spans always have a clock and no hosts, since their order is that of their starts.
    pub fn of(world: &str, pick: u64) -> Self {
        let choose = |salt: u64, below: u64| mix(pick, salt) % below;
        let tongue = match choose(1, 8) {
            0..=3 => Tongue::English,
            4..=5 => Tongue::Short,
            6 => Tongue::Spanish,
            _ => Tongue::German,
        };
        let spans = world == "spans";
        let clock = match choose(2, 6) {
            0 if !spans => Clock::None,
            0..=2 => Clock::Micros,
            3 => Clock::Nanos,
            4 => Clock::Seconds,
            _ => Clock::Iso,
        };
        Self {
            tongue,
            heads: tongue.heads(choose(3, 3)),
            ids: [Ids::Hex8, Ids::Hex16, Ids::Uuid, Ids::Pointer][choose(4, 4) as usize],
            names: [Names::Number, Names::Dashed, Names::Padded, Names::Slashed][choose(5, 4) as usize],
            keys: [Joint::Snake, Joint::Snake, Joint::Camel][choose(6, 3) as usize],
            labels: [Joint::Snake, Joint::Camel, Joint::Upper, Joint::Dotted][choose(7, 4) as usize],
            clock,
            nesting: [Nesting::Flat, Nesting::Flat, Nesting::DataBelow, Nesting::TwoBelow][choose(8, 4) as usize],
            hex_numbers: world == "mcu" && choose(9, 2) == 0,
            seq: !spans && choose(10, 2) == 0,
            linked: !matches!(world, "spans" | "saga") && choose(11, 5) == 0,
            hosts: (!spans && choose(12, 3) == 0).then_some(HOSTS),
        }
    }

    /// The part of the noise that a recording written like this can show.
    pub fn shows(&self, noise: Noise) -> Noise {
        let clock = !matches!(self.clock, Clock::None);
        Noise {
            times: noise.times && clock,
            skew: noise.skew && clock && self.hosts.is_some(),
            seq: noise.seq && self.seq,
            ..noise
        }
    }

    /// Writes one side. `order` names the events in the order of the recording; `side` is what the ids, the clock and
    /// the names of this run are drawn from.
    pub fn write(&self, events: &[Event], order: &[u32], noise: Noise, side: u64) -> String {
        let drawn = if noise.ids { side } else { 0 };
        let times = noise::clock(events, noise.times, side % 1_000_000_007);
        let mut out = String::new();
        for (position, index) in order.iter().enumerate() {
            let event = &events[*index as usize];
            let host = self.hosts.map(|hosts| u64::from(event.actor % hosts));
            let skew = if noise.skew { host.map_or(0, |host| mix(side, host) % 80_000) } else { 0 };
            let mut top: Vec<(String, String)> = Vec::new();
            if self.seq {
                let start = if noise.seq { 100 + side % 10_000 } else { 0 };
                top.push((self.heads[1].to_owned(), (start + position as u64).to_string()));
            }
            self.time(times[position] + skew, &mut top);
            let run = if noise.side { side } else { 1 };
            top.push(("run".to_owned(), text(&format!("r{:05}", run % 100_000))));
            if let Some(host) = host {
                let farm = if noise.side { side % 90 } else { 7 };
                top.push((
                    "host".to_owned(),
                    text(&format!("rack{farm:02}-{}", ["anna", "bert", "carl"][host as usize % 3])),
                ));
            } else {
                top.push(("pid".to_owned(), (300 + run % 30_000).to_string()));
            }
            top.push((self.heads[0].to_owned(), text(&self.join(self.labels, event.label))));
            if self.linked {
                top.push((self.join(self.keys, "event_id"), self.id(event.uid, drawn)));
                let cause = event.cause.map_or("null".to_owned(), |cause| self.id(events[cause as usize].uid, drawn));
                top.push((self.join(self.keys, "cause_id"), cause));
            }
            self.body(event, drawn, &mut top);
            object(&top, &mut out);
            out.push('\n');
        }
        out
    }

    /// The fields of an event, nested as the schema wants it.
    fn body(&self, event: &Event, drawn: u64, top: &mut Vec<(String, String)>) {
        let (mut context, mut data) = (Vec::new(), Vec::new());
        for field in &event.fields {
            let entry = self.field(field, drawn);
            match (self.nesting, field.role) {
                (Nesting::DataBelow | Nesting::TwoBelow, Role::Data) => data.push(entry),
                (Nesting::TwoBelow, Role::Lane | Role::Thing) => context.push(entry),
                _ => top.push(entry),
            }
        }
        for (name, entries) in [("ctx", context), ("data", data)] {
            if !entries.is_empty() {
                let mut inner = String::new();
                object(&entries, &mut inner);
                top.push((name.to_owned(), inner));
            }
        }
    }

    fn field(&self, field: &Field, drawn: u64) -> (String, String) {
        let key = self.join(self.keys, field.key);
        match &field.val {
            Val::Num(n) if self.hex_numbers && *n >= 0 => (key, text(&format!("0x{n:02x}"))),
            Val::Num(n) => (key, n.to_string()),
            Val::Word(word) => (key, text(word)),
            Val::Named(sort, n) => (key, self.named(sort, *n)),
            Val::Id(id) => (self.join(self.keys, &format!("{}_id", field.key)), self.id(*id, drawn)),
        }
    }

    fn named(&self, sort: &str, n: i64) -> String {
        let sort = self.tongue.split(sort).join("-");
        match self.names {
            Names::Number => n.to_string(),
            Names::Dashed => text(&format!("{sort}-{n}")),
            Names::Padded => text(&format!("{sort}{n:03}")),
            Names::Slashed => text(&format!("/{sort}/{n}")),
        }
    }

    fn id(&self, id: u64, drawn: u64) -> String {
        let (a, b) = (mix(id, drawn), mix(drawn ^ 0x1d, id));
        text(&match self.ids {
            Ids::Hex8 => format!("{:08x}", a >> 32),
            Ids::Hex16 => format!("{a:016x}"),
            Ids::Pointer => format!("0x7f{:010x}", (a >> 24) & !0xf),
            Ids::Uuid => format!(
                "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
                a >> 32,
                a >> 16 & 0xffff,
                a & 0xfff,
                b >> 52,
                b & 0xffff_ffff_ffff
            ),
        })
    }

    fn join(&self, joint: Joint, name: &str) -> String {
        let words = self.tongue.split(name);
        let upper = |word: &String| word.to_uppercase();
        match joint {
            Joint::Snake => words.join("_"),
            Joint::Dotted => words.join("."),
            Joint::Upper => words.iter().map(upper).collect::<Vec<_>>().join("_"),
            Joint::Camel => {
                let capital = |word: &String| {
                    let mut letters = word.chars();
                    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
                };
                words.iter().take(1).cloned().chain(words.iter().skip(1).map(capital)).collect()
            }
        }
    }

    /// The clock, in its unit; a day in spring 2025 where the recording has a date.
    fn time(&self, micros: u64, top: &mut Vec<(String, String)>) {
        let epoch = 1_746_000_000_000_000 + micros;
        let value = match self.clock {
            Clock::None => return,
            Clock::Micros => micros.to_string(),
            Clock::Nanos => text(&format!("{epoch}000")),
            Clock::Seconds => format!("{}.{:06}", epoch / 1_000_000, epoch % 1_000_000),
            Clock::Iso => text(&iso(epoch)),
        };
        let unit = if matches!(self.clock, Clock::Micros) { "_us" } else { "" };
        top.push((format!("{}{unit}", self.heads[2]), value));
    }
}

/// A date and time of the spring of 2025.
fn iso(micros: u64) -> String {
    let seconds = micros / 1_000_000;
    // The 30th of April 2025 began 1,745,971,200 seconds into the epoch; the recordings last hours, not months.
    let day = seconds.saturating_sub(1_745_971_200) / 86_400;
    let date = if day == 0 { "2025-04-30".to_owned() } else { format!("2025-05-{day:02}") };
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{date}T{hour:02}:{minute:02}:{second:02}.{:06}Z", micros % 1_000_000)
}

/// A JSON text; the generator's own words need no escapes beyond the usual two.
fn text(plain: &str) -> String {
    format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A JSON object.
fn object(entries: &[(String, String)], out: &mut String) {
    for (at, (key, value)) in entries.iter().enumerate() {
        let open = if at == 0 { '{' } else { ',' };
        out.push(open);
        out.push_str(&text(key));
        out.push(':');
        out.push_str(value);
    }
    out.push('}');
}
