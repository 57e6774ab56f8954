//! PX4 flight logs (`ULog`) as samples: each instance of each topic is an axis, each of its numbers a signal.
//! Source: "`ULog` File Format", docs.px4.io.
//!
//! The reader is our own: the crate `px4-ulog` panics on messages that are too short, and stops at the first that is damaged.

use std::collections::BTreeMap;

use super::build::{self, coarsest, forward};
use crate::trace::{Axis, Samples, Signal, TimeScale, Unit, Warning, WarningKind, Warnings};

/// The first bytes.
const MAGIC: &[u8] = b"ULog\x01\x12\x35";
/// Bytes of the header: magic, version, time.
const HEADER: usize = 16;
/// What stands in the log now and then, to be found again behind damage.
const SYNC: &[u8] = b"\x2F\x73\x13\x20\x25\x0C\xBB\x12";
/// Formats in formats at most, and numbers of one topic at most: a damaged format could ask for any.
const DEEPEST: usize = 8;
const WIDEST: usize = 4096;
/// The only flag of what a reader must understand that is known: data was appended, which stands behind the rest.
const APPENDED: u8 = 1;

/// True for the first bytes of a flight log.
pub fn recognises(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// How a number stands in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    F32,
    F64,
    Bool,
    Char,
}

impl Kind {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "int8_t" => Self::I8,
            "uint8_t" => Self::U8,
            "int16_t" => Self::I16,
            "uint16_t" => Self::U16,
            "int32_t" => Self::I32,
            "uint32_t" => Self::U32,
            "int64_t" => Self::I64,
            "uint64_t" => Self::U64,
            "float" => Self::F32,
            "double" => Self::F64,
            "bool" => Self::Bool,
            "char" => Self::Char,
            _ => return None,
        })
    }

    const fn size(self) -> usize {
        match self {
            Self::I8 | Self::U8 | Self::Bool | Self::Char => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 => 8,
        }
    }

    /// The number at the beginning of some bytes; `None` where there are too few.
    fn read(self, bytes: &[u8]) -> Option<f64> {
        Some(match self {
            Self::I8 => f64::from(i8::from_le_bytes(*bytes.first_chunk()?)),
            Self::U8 | Self::Char => f64::from(*bytes.first()?),
            Self::Bool => f64::from(u8::from(*bytes.first()? != 0)),
            Self::I16 => f64::from(i16::from_le_bytes(*bytes.first_chunk()?)),
            Self::U16 => f64::from(u16::from_le_bytes(*bytes.first_chunk()?)),
            Self::I32 => f64::from(i32::from_le_bytes(*bytes.first_chunk()?)),
            Self::U32 => f64::from(u32::from_le_bytes(*bytes.first_chunk()?)),
            Self::I64 => i64::from_le_bytes(*bytes.first_chunk()?) as f64,
            Self::U64 => u64::from_le_bytes(*bytes.first_chunk()?) as f64,
            Self::F32 => f64::from(f32::from_le_bytes(*bytes.first_chunk()?)),
            Self::F64 => f64::from_le_bytes(*bytes.first_chunk()?),
        })
    }
}

/// A number of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Number {
    name: String,
    kind: Kind,
    offset: usize,
}

/// What was logged of one instance of a topic.
#[derive(Debug)]
struct Topic {
    name: String,
    numbers: Vec<Number>,
    stamp: usize,
    times: Vec<Option<i64>>,
    values: Vec<Vec<f64>>,
}

/// A log while it is read.
#[derive(Debug, Default)]
struct Log<'b> {
    /// The fields of each format, as they are written.
    formats: BTreeMap<&'b str, &'b str>,
    /// Topics by the number of their messages.
    topics: BTreeMap<u16, Topic>,
    done: Vec<Topic>,
    /// Messages of no topic, and what was lost in drop-outs, with how often.
    strangers: u64,
    lost: (u64, u64),
    /// Topics whose format is not there or not readable.
    nameless: Vec<String>,
    /// Why it cannot be read on.
    refused: Option<String>,
}

/// Reads a log. What is damaged is left out up to where it can be read again, with a warning.
pub fn read(file: &str, bytes: &[u8]) -> (Samples, Warnings) {
    let mut warnings = Warnings::default();
    let mut warn = |kind, what: String, remedy: &str| {
        warnings.push(Warning { kind, file: file.to_owned(), line: None, what, remedy: remedy.to_owned(), more: 0 });
    };
    let mut log = Log::default();
    let mut torn = bytes.len() < HEADER;
    let mut at = HEADER.min(bytes.len());
    while let (Some(head), None) = (bytes.get(at..at + 3), &log.refused) {
        let size = usize::from(u16::from_le_bytes([head[0], head[1]]));
        let known = head[2].is_ascii_uppercase();
        match bytes.get(at + 3..at + 3 + size).filter(|_| known) {
            Some(payload) if log.take(head[2], payload) => at += 3 + size,
            None if known && memchr::memmem::find(&bytes[at..], SYNC).is_none() => break,
            _ => {
                let next = memchr::memmem::find(&bytes[at + 1..], SYNC)
                    .map_or(bytes.len(), |found| at + 1 + found + SYNC.len());
                warn(
                    WarningKind::Unreadable,
                    format!("What stands from byte {at} to byte {next} cannot be read."),
                    "It is left out; copy the log from the vehicle again.",
                );
                at = next;
            }
        }
    }
    torn |= at < bytes.len() && log.refused.is_none();
    if torn {
        let what = format!("The log ends in the middle of a message, at byte {}.", bytes.len());
        warn(WarningKind::TornEnd, what, "What stands before is used; copy the log from the vehicle again.");
    }
    if let Some(why) = log.refused.take() {
        warn(WarningKind::Unreadable, why, "Convert it with pyulog's ulog2csv and give the tables.");
    }
    if log.strangers > 0 {
        let what = format!("{} messages belong to no topic that was announced.", log.strangers);
        warn(WarningKind::Unreadable, what, "They are left out; the log may be damaged, copy it again.");
    }
    if !log.nameless.is_empty() {
        let what = format!("The log does not say how {} is laid out.", log.nameless.join(", "));
        warn(WarningKind::Unreadable, what, "It is left out; the log may be damaged, copy it again.");
    }
    if log.lost.0 > 0 {
        let what = format!("The logger lost data {} times, {} ms in all.", log.lost.0, log.lost.1);
        warn(WarningKind::Note, what, "There are gaps; use a faster card, or log less.");
    }
    let (samples, more) = log.finish(file, torn);
    warnings.extend(more);
    (samples, warnings)
}

impl<'b> Log<'b> {
    /// Takes a message. False when it is damaged.
    fn take(&mut self, kind: u8, payload: &'b [u8]) -> bool {
        match kind {
            b'B' => {
                let unknown = |(at, flags): (usize, &u8)| *flags & !(if at == 0 { APPENDED } else { 0 }) != 0;
                let Some(flags) = payload.get(8..16) else { return false };
                if flags.iter().enumerate().any(unknown) {
                    self.refused = Some("The log is of a kind that is newer than this reader.".to_owned());
                }
            }
            b'F' => {
                let Some((name, fields)) = std::str::from_utf8(payload).ok().and_then(|text| text.split_once(':'))
                else {
                    return false;
                };
                self.formats.insert(name, fields);
            }
            b'A' => {
                let [instance, low, high, name @ ..] = payload else { return false };
                let Ok(name) = std::str::from_utf8(name) else { return false };
                self.announce(u16::from_le_bytes([*low, *high]), name, *instance);
            }
            b'R' => {
                let [low, high, ..] = payload else { return false };
                self.done.extend(self.topics.remove(&u16::from_le_bytes([*low, *high])));
            }
            b'D' => {
                let [low, high, data @ ..] = payload else { return false };
                match self.topics.get_mut(&u16::from_le_bytes([*low, *high])) {
                    Some(topic) => topic.take(data),
                    None => self.strangers += 1,
                }
            }
            b'O' => {
                let [low, high] = payload else { return false };
                self.lost = (self.lost.0 + 1, self.lost.1 + u64::from(u16::from_le_bytes([*low, *high])));
            }
            _ => {}
        }
        true
    }

    fn announce(&mut self, number: u16, name: &str, instance: u8) {
        let mut numbers = Vec::new();
        let laid_out = self.lay_out(name, "", 0, DEEPEST, &mut numbers);
        let stamp = numbers.iter().position(|number| number.name == "timestamp" && number.kind == Kind::U64);
        let (Some(_), Some(stamp)) = (laid_out, stamp) else {
            self.nameless.push(name.to_owned());
            return;
        };
        let stamp = numbers.remove(stamp).offset;
        numbers.retain(|number| number.kind != Kind::Char && !number.name.contains("_padding"));
        let values = vec![Vec::new(); numbers.len()];
        // As ulog2csv calls its files.
        let topic = Topic { name: format!("{name}_{instance}"), numbers, stamp, times: Vec::new(), values };
        self.done.extend(self.topics.insert(number, topic));
    }

    /// The numbers of a format from an offset on, those of the formats in it as well; where it ends. `None` when a format is not
    /// there, or beyond every measure.
    fn lay_out(&self, format: &str, above: &str, from: usize, deep: usize, numbers: &mut Vec<Number>) -> Option<usize> {
        let deeper = deep.checked_sub(1)?;
        let mut offset = from;
        for field in self.formats.get(format)?.split(';').filter(|field| !field.trim().is_empty()) {
            let (kind, name) = field.trim().split_once(' ')?;
            let (kind, count) = match kind.strip_suffix(']').and_then(|kind| kind.split_once('[')) {
                Some((kind, count)) => (kind, Some(count.parse::<usize>().ok()?)),
                None => (kind, None),
            };
            for at in 0..count.unwrap_or(1) {
                let name = if count.is_some() { format!("{above}{name}[{at}]") } else { format!("{above}{name}") };
                if let Some(kind) = Kind::of(kind) {
                    numbers.push(Number { name, kind, offset });
                    offset += kind.size();
                } else {
                    offset = self.lay_out(kind, &format!("{name}."), offset, deeper, numbers)?;
                }
                if numbers.len() > WIDEST {
                    return None;
                }
            }
        }
        Some(offset)
    }

    fn finish(self, file: &str, torn: bool) -> (Samples, Warnings) {
        let mut warnings = Warnings::default();
        let (mut all, mut signals) = (Vec::new(), Vec::new());
        for topic in self.done.into_iter().chain(self.topics.into_values()).filter(|topic| !topic.times.is_empty()) {
            let axis = all.len();
            all.push(forward(file, &topic.name, topic.times.into_iter(), &mut warnings));
            for (number, values) in topic.numbers.into_iter().zip(topic.values) {
                signals.push(Signal { axis, ..build::signal(format!("{}.{}", topic.name, number.name), None, values) });
            }
        }
        let unit = coarsest(&mut all, Unit::Micros);
        let samples = Samples {
            scale: Some(TimeScale { unit, field: "timestamp".to_owned(), epoch: false }),
            axes: all.into_iter().map(|times| Axis { times, ..Axis::default() }).collect(),
            signals,
            digits: None,
            torn,
        };
        (samples, warnings)
    }
}

impl Topic {
    /// Takes what was logged once. Padding at the end is not logged, and what else is missing is NaN.
    fn take(&mut self, data: &[u8]) {
        let stamp = data.get(self.stamp..).and_then(|bytes| bytes.first_chunk());
        self.times.push(stamp.and_then(|bytes| i64::try_from(u64::from_le_bytes(*bytes)).ok()));
        for (number, values) in self.numbers.iter().zip(&mut self.values) {
            values.push(data.get(number.offset..).and_then(|bytes| number.kind.read(bytes)).unwrap_or(f64::NAN));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::SignalRole;

    fn message(kind: u8, payload: &[u8]) -> Vec<u8> {
        [&(payload.len() as u16).to_le_bytes()[..], &[kind], payload].concat()
    }

    fn data(number: u16, time: u64, rest: &[f32]) -> Vec<u8> {
        let mut payload = [&number.to_le_bytes()[..], &time.to_le_bytes()].concat();
        payload.extend(rest.iter().flat_map(|value| value.to_le_bytes()));
        message(b'D', &payload)
    }

    /// A log as the format's documentation lays it out: two topics of unlike rates, one with a format within.
    fn log() -> Vec<u8> {
        let mut log = [MAGIC, &[1], &7_u64.to_le_bytes()].concat();
        log.extend(message(b'B', &[0; 40]));
        log.extend(message(b'I', b"\x0Dchar[3] sys_nabc"));
        log.extend(message(
            b'F',
            b"vehicle_attitude:uint64_t timestamp;float rollspeed;float[2] q;uint8_t[4] _padding0;",
        ));
        log.extend(message(b'F', b"vehicle_rates_setpoint:uint64_t timestamp;inner rates;"));
        log.extend(message(b'F', b"inner:float roll;float pitch;"));
        log.extend(message(b'A', b"\0\x01\0vehicle_attitude"));
        log.extend(message(b'A', b"\0\x02\0vehicle_rates_setpoint"));
        for step in 0..4_u16 {
            log.extend(data(1, 1_000 * u64::from(step), &[f32::from(step), 0.5, -0.5]));
        }
        log.extend(message(b'S', SYNC));
        log.extend(message(b'O', &[20, 0]));
        log.extend(data(2, 1_500, &[0.25, 1e-3]));
        log
    }

    #[test]
    fn each_number_of_a_topic_is_a_signal_on_the_axis_of_its_topic() {
        assert!(recognises(&log()));
        let (samples, warnings) = read("f.ulg", &log());
        let names: Vec<&str> = samples.signals.iter().map(|signal| signal.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "vehicle_attitude_0.rollspeed",
                "vehicle_attitude_0.q[0]",
                "vehicle_attitude_0.q[1]",
                "vehicle_rates_setpoint_0.rates.roll",
                "vehicle_rates_setpoint_0.rates.pitch",
            ]
        );
        assert_eq!((samples.times(0), samples.times(4)), (&[0, 1000, 2000, 3000][..], &[1500][..]));
        assert_eq!((samples.scale.as_ref().unwrap().unit, samples.torn), (Unit::Micros, false));
        assert_eq!((&*samples.signals[0].values, samples.signals[2].values[3]), (&[0.0, 1.0, 2.0, 3.0][..], -0.5));
        assert_eq!((samples.signals[0].role, samples.signals[3].role), (SignalRole::State, SignalRole::Setpoint));
        assert_eq!(samples.signals[1].group, "vehicle_attitude_0.q");
        let told: Vec<&str> = warnings.as_slice().iter().map(|warning| warning.what.as_str()).collect();
        assert_eq!(told, ["The logger lost data 1 times, 20 ms in all."]);
    }

    #[test]
    fn damage_is_said_and_what_stands_around_it_is_read() {
        let whole = log();
        for end in 0..whole.len() {
            let (samples, warnings) = read("f.ulg", &whole[..end]);
            assert!(samples.torn == warnings.partial(), "{end}: {warnings:?}");
        }
        let sync = memchr::memmem::find(&whole, SYNC).unwrap();
        let mut bad = whole.clone();
        bad[sync - 3 - 25..sync - 3].fill(0xFF);
        let (samples, warnings) = read("f.ulg", &bad);
        assert_eq!((samples.times(0).len(), samples.signals.len()), (3, 5), "{warnings:?}");
        assert!(warnings.as_slice()[0].what.starts_with("What stands from byte "), "{warnings:?}");
        let of = |kind: u8, payload: &[u8]| read("f.ulg", &[&log()[..], &message(kind, payload)].concat()).1;
        let said = |warnings: &Warnings, what: &str| {
            warnings.partial() && warnings.as_slice().iter().any(|w| w.what.contains(what))
        };
        assert!(said(&of(b'D', b"\x09\0rest"), "1 messages belong to no topic"));
        assert!(said(&of(b'A', b"\0\x05\0ghost"), "does not say how ghost is laid out"));
        for short in [b'A', b'F', b'D', b'R', b'O', b'B'] {
            assert!(said(&of(short, b""), "cannot be read"), "{short}");
        }
        let mut newer = log();
        newer[HEADER + 3 + 9] = 1;
        let (samples, warnings) = read("f.ulg", &newer);
        assert!(samples.is_empty() && said(&warnings, "newer than this reader"));
    }

    #[test]
    fn a_format_in_itself_or_without_end_is_refused() {
        for fields in ["loop:uint64_t timestamp;loop again;", "loop:uint64_t timestamp;float[99999] wide;"] {
            let mut log = log();
            log.extend(message(b'F', fields.as_bytes()));
            log.extend(message(b'A', b"\0\x06\0loop"));
            assert!(
                read("f.ulg", &log).1.as_slice().iter().any(|w| w.what.contains("how loop is laid out")),
                "{fields}"
            );
        }
    }
}
