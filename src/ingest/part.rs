//! Records → a sink: what one run of bytes gave, with its warnings and counts.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use super::fault::{Fault, Why};
use super::leaves::Leaves;
use super::scan::{MAX_DEPTH, Visit, Work, scan};
use super::{Format, Select};
use crate::trace::{Path, PathKey, Place, Scalar, Sink, Warning, WarningKind, Warnings};

/// A record longer than this is not read: it must fit into memory on both sides at once, and no event is that long.
pub const MAX_RECORD: usize = 128 << 20;

/// What holds for every record of a recording.
#[derive(Debug, Clone)]
pub struct Rules {
    file: String,
    prefix: Option<String>,
    /// Keys of the field that selects (as nested names, which is also how dotted names are keyed), and its value.
    wanted: Option<(PathKey, String)>,
    /// The words for one record: `line` or `record`.
    noun: &'static str,
}

impl Rules {
    pub fn new(file: &str, format: &Format, select: &Select) -> Self {
        Self {
            file: file.to_owned(),
            prefix: select.prefix.clone(),
            wanted: select.field.as_ref().map(|(path, value)| (PathKey::of(path), value.clone())),
            noun: if *format == Format::JsonLines { "line" } else { "record" },
        }
    }

    /// True when records whose field `name` has this value belong to the recording.
    pub fn wants(&self, name: &str, value: Option<&str>) -> bool {
        self.wanted.as_ref().is_none_or(|(key, wanted)| *key == PathKey::of(name) && value == Some(wanted))
    }

    /// A warning about `line` of this file.
    pub fn warning(&self, kind: WarningKind, line: u32, what: String, remedy: &str) -> Warning {
        Warning { kind, file: self.file.clone(), line: Some(line), what, remedy: remedy.to_owned(), more: 0 }
    }
}

/// Hands leaves to the sink and watches for the field that selects.
struct Selecting<'a, S> {
    sink: &'a mut S,
    wanted: Option<&'a (PathKey, String)>,
    selected: bool,
}

impl<S: Sink> Visit for Selecting<'_, S> {
    #[expect(clippy::inline_always, reason = "as a call it costs more than it does")]
    #[inline(always)]
    fn field(&mut self, path: Path<'_>, value: Scalar<'_>) {
        if let Some((key, wanted)) = self.wanted
            && *key == path.key
        {
            self.selected = spells(value, wanted);
        }
        self.sink.field(path, value);
    }

    fn repeated(&mut self, _path: &str) -> bool {
        false
    }
}

/// True when `value` reads as `text`.
fn spells(value: Scalar<'_>, text: &str) -> bool {
    match value {
        Scalar::Null => text == "null",
        Scalar::Bool(b) => text == if b { "true" } else { "false" },
        Scalar::Int(i) => text == i.to_string(),
        Scalar::Uint(u) => text == u.to_string(),
        Scalar::Decimal(own) | Scalar::Text(own) | Scalar::Json(own) => text == own,
    }
}

/// What a run of bytes gave.
#[derive(Debug, Clone)]
pub struct Part<S> {
    pub sink: S,
    pub warnings: Warnings,
    pub records: u64,
    pub unreadable: u64,
    work: Work,
    /// Parts for what is read in parallel, used again and again.
    forks: Vec<Self>,
}

impl<S: Sink> Part<S> {
    pub fn new(sink: S) -> Self {
        let warnings = Warnings::default();
        Self { sink, warnings, records: 0, unreadable: 0, work: Work::default(), forks: Vec::new() }
    }

    /// Takes over what the part gathered from the bytes that follow, and leaves it empty.
    fn append(&mut self, later: &mut Self) {
        self.sink.append(&mut later.sink);
        self.warnings.extend(std::mem::take(&mut later.warnings));
        self.records += std::mem::take(&mut later.records);
        self.unreadable += std::mem::take(&mut later.unreadable);
    }

    /// Hands the record at `range` in `run`, which stands at `place`, to the sink.
    #[inline]
    fn record(&mut self, rules: &Rules, run: &str, range: Range<usize>, place: Place) {
        self.sink.begin(place);
        let mut visit =
            Selecting { sink: &mut self.sink, wanted: rules.wanted.as_ref(), selected: rules.wanted.is_none() };
        match scan(run, range.clone(), rules.prefix.as_deref(), &mut self.work, &mut visit) {
            Ok(()) if visit.selected => {
                self.sink.end();
                self.records += 1;
            }
            Ok(()) => self.sink.abandon(),
            Err(fault) => {
                self.sink.abandon();
                self.trouble(rules, fault, &run[range], place);
            }
        }
    }

    /// The record in `raw`, which may have white space around it and need not be UTF-8. Blank is no record.
    pub fn bytes(&mut self, rules: &Rules, raw: &[u8], offset: u64, line: u32) {
        let (start, end) = trimmed(raw);
        if start == end {
            return;
        }
        let raw = &raw[start..end];
        if raw.len() > MAX_RECORD {
            self.too_long(rules, line);
            return;
        }
        let place = Place { offset: offset + start as u64, len: raw.len() as u32, line };
        let text = String::from_utf8_lossy(raw);
        if let Cow::Owned(_) = text {
            self.warnings.push(rules.warning(
                WarningKind::InvalidUtf8,
                line,
                format!("This {} has bytes that are no UTF-8; each is shown as \u{fffd}.", rules.noun),
                "Record the trace as UTF-8 if these characters matter.",
            ));
        }
        self.record(rules, &text, 0..text.len(), place);
    }

    /// Whole lines, of which the first has this number. The number of the line behind them.
    pub fn lines(&mut self, rules: &Rules, run: &[u8], mut offset: u64, mut line: u32) -> u32 {
        let Ok(text) = std::str::from_utf8(run) else {
            for raw in run.split_inclusive(|&b| b == b'\n') {
                if self.sink.is_full() {
                    break;
                }
                self.bytes(rules, raw, offset, line);
                offset += raw.len() as u64;
                line = line.saturating_add(1);
            }
            return line;
        };
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', run) {
            let (from, to) = trimmed(&run[start..end]);
            if from < to {
                let place = Place { offset: offset + (start + from) as u64, len: (to - from) as u32, line };
                self.record(rules, text, start + from..start + to, place);
                if self.sink.is_full() {
                    break;
                }
            }
            start = end + 1;
            line = line.saturating_add(1);
        }
        line
    }

    /// Does jobs in parallel, each into a fork, and appends those in order.
    pub fn in_parallel<J: Sync>(&mut self, jobs: &[J], work: impl Fn(&mut Self, &J) + Sync) {
        if let [job] = jobs {
            work(self, job);
            return;
        }
        let mut forks = std::mem::take(&mut self.forks);
        while forks.len() < jobs.len() {
            forks.push(Self::new(self.sink.fork()));
        }
        forks[..jobs.len()].par_iter_mut().zip(jobs).for_each(|(part, job)| work(part, job));
        for fork in &mut forks[..jobs.len()] {
            self.append(fork);
        }
        self.forks = forks;
    }

    /// True when `raw` is the beginning of a record.
    pub fn ends_early(&mut self, rules: &Rules, raw: &[u8]) -> bool {
        let (start, end) = trimmed(raw);
        start < end
            && Leaves::of(&String::from_utf8_lossy(&raw[start..end]), rules.prefix.as_deref(), &mut self.work)
                .is_err_and(|fault| fault.why == Why::EndsEarly)
    }

    /// Says that the recording stops in the middle.
    pub fn torn(&mut self, rules: &Rules, line: u32) {
        self.warnings.push(rules.warning(
            WarningKind::TornEnd,
            line,
            "The recording stops in the middle: its end is cut off.".to_owned(),
            "Everything before was read. If the recorder crashed or the disk was full, record again.",
        ));
    }

    /// Says something about the text beside the records.
    pub fn beside(&mut self, rules: &Rules, kind: WarningKind, line: u32, what: &str) {
        let remedy = "See whether the file was put together wrongly.";
        self.warnings.push(rules.warning(kind, line, what.to_owned(), remedy));
    }

    /// Says that a record is beyond [`MAX_RECORD`].
    pub fn too_long(&mut self, rules: &Rules, line: u32) {
        self.unreadable += 1;
        self.warnings.push(rules.warning(
            WarningKind::Limit,
            line,
            format!("This {} is longer than {} MiB and was left out.", rules.noun, MAX_RECORD >> 20),
            "Record large payloads outside the trace and name them in it.",
        ));
    }

    #[cold]
    fn trouble(&mut self, rules: &Rules, fault: Fault, text: &str, place: Place) {
        if fault.why == Why::Repeated {
            self.repeated(rules, text, place);
            return;
        }
        self.unreadable += 1;
        let (kind, remedy) = if fault.why == Why::TooDeep {
            (WarningKind::Limit, format!("It was left out; nest at most {MAX_DEPTH} levels."))
        } else {
            (WarningKind::Unreadable, format!("It was left out; repair the {} or record again.", rules.noun))
        };
        self.warnings.push(rules.warning(kind, place.line, fault.sentence(text), &remedy));
    }

    /// A record in which a name stands twice: of those, the last counts.
    fn repeated(&mut self, rules: &Rules, text: &str, place: Place) {
        match Leaves::of(text, rules.prefix.as_deref(), &mut self.work) {
            Err(fault) => self.trouble(rules, fault, text, place),
            Ok(leaves) => {
                self.sink.begin(place);
                let selected = rules.wanted.is_none();
                let mut visit = Selecting { sink: &mut self.sink, wanted: rules.wanted.as_ref(), selected };
                leaves.hand_to(&mut visit);
                if !visit.selected {
                    self.sink.abandon();
                    return;
                }
                self.sink.end();
                self.records += 1;
                if let Some(path) = leaves.repeated {
                    self.warnings.push(rules.warning(
                        WarningKind::DuplicateKey,
                        place.line,
                        format!("The name `{path}` stands twice in one object; the last value counts."),
                        "Give each field its own name where the trace is recorded.",
                    ));
                }
            }
        }
    }
}

/// Where the text without the white space around it begins and ends.
#[inline]
pub fn trimmed(raw: &[u8]) -> (usize, usize) {
    if let [b'{', .., b'}'] = raw {
        return (0, raw.len());
    }
    let start = raw.len() - raw.trim_ascii_start().len();
    (start, start + raw[start..].trim_ascii_end().len())
}
