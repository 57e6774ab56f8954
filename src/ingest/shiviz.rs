//! ShiViz logs: texts with vector clocks, in the layouts that ShiViz' own samples have. Events come out in the order of
//! their clocks, then by host (SEMANTICS rule 1), each with the events of other hosts that it follows.

use std::collections::HashMap;

use super::BOM;
use super::part::Rules;
use crate::trace::{Field, Path, Place, Scalar, Sink, Value, Warning, WarningKind, Warnings};

/// The field of an event's host, of its text, and of the execution it belongs to.
const HOST: &str = "host";
const EVENT: &str = "event";
/// Named so that several executions in one file are told apart like any traces (SEMANTICS rule 4).
const EXECUTION: &str = "trace_id";
/// Lines looked at to see how events stand in the log.
const LOOKED_AT: usize = 200;

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// Where an event's text stands relative to its clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// On the line before.
    Before,
    /// On the line behind.
    Behind,
    /// On the same line.
    Beside,
}

/// A line with a clock in it.
struct Clocked<'t> {
    before: &'t str,
    clock: Vec<(String, u64)>,
    behind: &'t str,
}

/// What a line is.
enum Line<'t> {
    Text,
    Clock(Clocked<'t>),
    /// It has a clock that cannot be read.
    Broken,
}

/// One event.
#[derive(Debug)]
struct Event<'t> {
    execution: u32,
    host: String,
    clock: Vec<(String, u64)>,
    text: &'t str,
    place: Place,
}

impl Event<'_> {
    /// How many events its host had seen of `host`, itself included.
    fn seen(&self, host: &str) -> u64 {
        self.clock.iter().find(|(h, _)| h == host).map_or(0, |(_, n)| *n)
    }

    /// Rises along every causal path.
    fn height(&self) -> u64 {
        self.clock.iter().fold(0, |sum, (_, n)| sum.saturating_add(*n))
    }
}

/// True when some of these lines have a vector clock on them, beside or under what happened.
pub fn recognises<'t>(mut lines: impl Iterator<Item = &'t str>) -> bool {
    lines.any(|line| matches!(read_line(line), Line::Clock(c) if host_of(&c).is_some()))
}

/// What reading a log gave, beside the records that the sink was handed.
#[derive(Debug, Default)]
pub struct Read {
    pub warnings: Warnings,
    pub records: u64,
    pub unreadable: u64,
    /// The last event lacks its clock.
    pub torn: bool,
}

/// Reads a whole log. Records go to the sink in the order of their clocks.
pub fn read<S: Sink>(bytes: &[u8], rules: &Rules, sink: &mut S) -> Read {
    let mut out = Read::default();
    let log = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let text = String::from_utf8_lossy(log);
    let mark = (bytes.len() - log.len()) as u64;
    if matches!(text, std::borrow::Cow::Owned(_)) {
        let what =
            "The log has bytes that are no UTF-8; each is shown as \u{fffd}, and raw texts may be off.".to_owned();
        out.warnings.push(rules.warning(WarningKind::InvalidUtf8, 1, what, "Record the log as UTF-8."));
    }
    let (events, executions) = events(&text, rules, &mut out);
    let wanted = |event: &&Event<'_>| rules.wants(EXECUTION, executions[event.execution as usize].as_deref());
    let mut order: Vec<&Event<'_>> = events.iter().filter(wanted).collect();
    order.sort_by(|a, b| {
        let key = |e: &Event<'_>| (e.execution, e.height());
        key(a).cmp(&key(b)).then_with(|| a.host.cmp(&b.host)).then_with(|| a.place.offset.cmp(&b.place.offset))
    });
    let mut numbers: Map<(u32, &str, u64), u32> = Map::default();
    let mut last: Map<(u32, &str), usize> = Map::default();
    for (at, event) in order.iter().enumerate() {
        if sink.is_full() {
            break;
        }
        let own = event.seen(&event.host);
        if numbers.insert((event.execution, &event.host, own), at as u32).is_some() {
            let what = format!("Host {} has two events with the count {own}.", event.host);
            let remedy = "Both were kept, in the order of the file; see whether two processes share a name.";
            out.warnings.push(rules.warning(WarningKind::Note, event.place.line, what, remedy));
        }
        let before = last.insert((event.execution, &event.host), at).map(|at| order[at]);
        // What it learnt since the last event of its own host.
        let learnt: Vec<u32> = (event.clock.iter())
            .filter(|(host, n)| *host != event.host && *n > before.map_or(0, |b| b.seen(host)))
            .filter_map(|(host, n)| numbers.get(&(event.execution, host.as_str(), *n)).copied())
            .collect();
        let implied = |&&a: &&u32| {
            let known = order[a as usize];
            learnt.iter().any(|&b| b != a && order[b as usize].seen(&known.host) >= known.seen(&known.host))
        };
        sink.begin(Place { offset: event.place.offset + mark, ..event.place });
        sink.field(Path::new(HOST), Scalar::Text(&event.host));
        sink.field(Path::new(EVENT), Scalar::Text(event.text));
        if let Some(name) = &executions[event.execution as usize] {
            sink.field(Path::new(EXECUTION), Scalar::Text(name));
        }
        for &earlier in learnt.iter().filter(|a| !implied(a)) {
            sink.follows(earlier);
        }
        sink.end();
        out.records += 1;
    }
    out
}

/// The fields of one event, from its raw text.
///
/// # Errors
/// When there is no clock in it: a sentence.
pub fn fields(raw: &[u8]) -> Result<Vec<Field>, String> {
    let text = String::from_utf8_lossy(raw);
    let mut words = "";
    let mut found = None;
    for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        match read_line(line) {
            Line::Clock(clocked) if found.is_none() => {
                found = host_of(&clocked).map(|host| (host, beside(&clocked).to_owned(), clock_text(&clocked.clock)));
            }
            _ => words = line,
        }
    }
    let (host, beside, clock) = found.ok_or("There is no vector clock in it.")?;
    let event = if beside.is_empty() { words.to_owned() } else { beside };
    let field = |path: &str, value: Value| Field { path: path.to_owned(), value };
    Ok(vec![field(HOST, Value::Text(host)), field(EVENT, Value::Text(event)), field("clock", Value::Json(clock))])
}

fn clock_text(clock: &[(String, u64)]) -> String {
    let entries: Vec<String> = clock.iter().map(|(host, n)| format!("\"{host}\":{n}")).collect();
    format!("{{{}}}", entries.join(","))
}

/// Every event of the log, in the order of the file, and the name of each execution.
fn events<'t>(text: &'t str, rules: &Rules, out: &mut Read) -> (Vec<Event<'t>>, Vec<Option<String>>) {
    let (header, lines) = without_header(text);
    let layout = header.unwrap_or_else(|| layout(lines.clone()));
    let mut executions: Vec<Option<String>> = vec![None];
    let mut events: Vec<Event<'t>> = Vec::new();
    // A text line that waits for its clock, or a clock that waits for its text.
    let mut text_before: Option<(&str, Place)> = None;
    let mut clock_before: Option<(Clocked<'t>, Place)> = None;
    let mut beside_events = 0_u64;
    let mut first_beside = 0;
    let broken = |out: &mut Read, line: u32, what: &str| {
        out.unreadable += 1;
        let remedy = "It was left out; repair the line or record again.";
        out.warnings.push(rules.warning(WarningKind::Unreadable, line, what.to_owned(), remedy));
    };
    for (line, place) in lines.clone() {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            continue;
        }
        if let Some(name) = execution(trimmed) {
            executions.push(Some(name.to_owned()));
            text_before = None;
            continue;
        }
        let mut add = |clocked: &Clocked<'t>, text: &'t str, place: Place| {
            if let Some(host) = host_of(clocked) {
                let execution = executions.len() as u32 - 1;
                events.push(Event { execution, host, clock: clocked.clock.clone(), text, place });
            } else {
                broken(out, place.line, "The clock does not count the events of its own host.");
            }
        };
        match (read_line(line), layout) {
            (Line::Broken, _) => {
                broken(out, place.line, "The vector clock on this line cannot be read.");
                (text_before, clock_before) = (None, None);
            }
            (Line::Clock(clocked), Layout::Beside) => add(&clocked, beside(&clocked), place),
            (Line::Clock(clocked), Layout::Before) => match text_before.take() {
                Some((text, from)) => add(&clocked, text, spanning(from, place)),
                None => add(&clocked, beside(&clocked), place),
            },
            (Line::Clock(clocked), Layout::Behind) => clock_before = Some((clocked, place)),
            (Line::Text, Layout::Behind) if clock_before.is_some() => {
                if let Some((clocked, from)) = clock_before.take() {
                    add(&clocked, trimmed, spanning(from, place));
                }
            }
            (Line::Text, _) => {
                let waits = layout == Layout::Before;
                if !waits || text_before.is_some() {
                    beside_events += 1;
                    first_beside = if first_beside == 0 { place.line } else { first_beside };
                }
                text_before = waits.then_some((trimmed, place));
            }
        }
    }
    out.torn = !text.ends_with('\n') && (text_before.is_some() || clock_before.is_some());
    if out.torn {
        let line = text_before.map(|t| t.1.line).or(clock_before.map(|c| c.1.line)).unwrap_or(1);
        let what = "The log stops in the middle: the last event is not whole.".to_owned();
        out.warnings.push(rules.warning(WarningKind::TornEnd, line, what, "Everything before was read."));
    }
    if beside_events > 0 {
        let what = format!("{beside_events} lines belong to no event and were left out.");
        out.warnings.push(rules.warning(WarningKind::Note, first_beside, what, ""));
    }
    (events, executions)
}

fn spanning(from: Place, to: Place) -> Place {
    Place { len: (to.offset + u64::from(to.len) - from.offset) as u32, ..from }
}

/// Lines with their places.
fn lines(text: &str, offset: usize, number: u32) -> impl Iterator<Item = (&str, Place)> + Clone {
    text[offset..].split('\n').scan((offset, number), |(at, number), line| {
        let place = Place { offset: *at as u64, len: line.trim_end_matches('\r').len() as u32, line: *number };
        *at += line.len() + 1;
        *number += 1;
        Some((line.trim_end_matches('\r'), place))
    })
}

/// A log may begin with the expression that ShiViz reads its events by, and one that parts executions. Of them only the order
/// of event and clock is used.
fn without_header(text: &str) -> (Option<Layout>, impl Iterator<Item = (&str, Place)> + Clone) {
    let first = text.lines().next().unwrap_or_default();
    let (Some(event), Some(clock)) = (first.find("(?<event>"), first.find("(?<clock>")) else {
        return (None, lines(text, 0, 1));
    };
    let layout = match first.find("\\n") {
        Some(end) if event < end && end < clock => Layout::Before,
        Some(end) if clock < end && end < event => Layout::Behind,
        _ => Layout::Beside,
    };
    let ends = text.match_indices('\n').map(|(i, _)| i + 1);
    let second = ends.clone().next().unwrap_or(text.len());
    // The second line parts executions; it may be empty.
    let parts = text[second..].lines().next().is_some_and(|line| line.trim().is_empty() || line.contains("(?<"));
    let skipped = if parts { 2 } else { 1 };
    let offset = ends.clone().nth(skipped - 1).unwrap_or(text.len());
    (Some(layout), lines(text, offset, skipped as u32 + 1))
}

/// How events stand in a log that does not say it.
fn layout<'t>(lines: impl Iterator<Item = (&'t str, Place)>) -> Layout {
    let (mut alone, mut beside_text) = (0, 0);
    let mut first = None;
    for (line, _) in
        lines.filter(|(line, _)| !line.trim().is_empty() && execution(line.trim()).is_none()).take(LOOKED_AT)
    {
        let clock = match read_line(line) {
            Line::Clock(clocked) => Some(beside(&clocked).is_empty()),
            _ => None,
        };
        first = first.or(Some(clock.is_some()));
        alone += usize::from(clock == Some(true));
        beside_text += usize::from(clock == Some(false));
    }
    match first {
        _ if beside_text > alone => Layout::Beside,
        Some(true) => Layout::Behind,
        _ => Layout::Before,
    }
}

/// The name in a line such as `=== Execution #1 ===`.
fn execution(line: &str) -> Option<&str> {
    let name = line.strip_prefix("===")?.strip_suffix("===")?.trim();
    (!name.is_empty() && !name.contains('=')).then_some(name)
}

/// What stands on a line beside its host and clock.
fn beside<'t>(clocked: &Clocked<'t>) -> &'t str {
    let behind = clocked.behind.trim();
    if !behind.is_empty() {
        return behind;
    }
    clocked.before.trim_end().rsplit_once(char::is_whitespace).map_or("", |(words, _)| words.trim())
}

/// Whose clock it is: the word before it, or the last host that is named before it, or the only one it counts.
fn host_of(clocked: &Clocked<'_>) -> Option<String> {
    let before = clocked.before.trim_end();
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let named = |host: &str| clocked.clock.iter().any(|(h, n)| h == host && *n > 0);
    if named(word) {
        return Some(word.to_owned());
    }
    let is_word = |at: usize, len: usize| {
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        edge(before[..at].chars().next_back()) && edge(before[at + len..].chars().next())
    };
    let last = |host: &str| before.rmatch_indices(host).find(|(at, _)| is_word(*at, host.len())).map(|(at, _)| at);
    let counted = clocked.clock.iter().filter(|(host, n)| *n > 0 && !host.is_empty());
    let mentioned = counted.clone().filter_map(|(host, _)| Some((last(host)?, host)));
    if let Some((_, host)) = mentioned.max() {
        return Some(host.clone());
    }
    let mut only = counted;
    match (only.next(), only.next()) {
        (Some((host, _)), None) if before.is_empty() => Some(host.clone()),
        _ => None,
    }
}

/// Finds the clock on a line: `{"a":1, "b": 2}`.
fn read_line(line: &str) -> Line<'_> {
    let mut broken = false;
    for (at, _) in line.match_indices('{') {
        let inside = line[at + 1..].trim_start();
        if !inside.starts_with('"') {
            continue;
        }
        match read_clock(&line[at..]) {
            Some((clock, len)) => {
                return Line::Clock(Clocked { before: &line[..at], clock, behind: &line[at + len..] });
            }
            // A host, and an object that is no clock.
            None => broken |= !line[..at].trim().is_empty() && !line[..at].trim().contains(char::is_whitespace),
        }
    }
    if broken { Line::Broken } else { Line::Text }
}

/// A clock at the start of a text, and how long it is.
fn read_clock(text: &str) -> Option<(Vec<(String, u64)>, usize)> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Map<String, serde_json::Value>>();
    let map = values.next()?.ok()?;
    let clock: Option<Vec<(String, u64)>> = map.into_iter().map(|(host, n)| Some((host, n.as_u64()?))).collect();
    clock.filter(|clock| !clock.is_empty()).map(|clock| (clock, values.byte_offset()))
}

/// A warning about a log that is too large to be put in order.
pub fn too_large(rules: &Rules, most: usize) -> Warning {
    let what = format!("The log is longer than {} MiB; what lies behind was not read.", most >> 20);
    rules.warning(WarningKind::Limit, 1, what, "Record fewer events, or convert the log to JSON lines.")
}

#[cfg(test)]
mod tests {
    use super::super::{Format, Reader, Select};
    use super::*;

    /// What a sink was told.
    #[derive(Debug, Default, Clone)]
    struct Told {
        records: Vec<(Place, Vec<String>, Vec<u32>)>,
    }

    impl Sink for Told {
        fn fork(&self) -> Self {
            Self::default()
        }
        fn begin(&mut self, place: Place) {
            self.records.push((place, Vec::new(), Vec::new()));
        }
        fn field(&mut self, _: Path<'_>, value: Scalar<'_>) {
            if let (Scalar::Text(text), Some(record)) = (value, self.records.last_mut()) {
                record.1.push(text.to_owned());
            }
        }
        fn follows(&mut self, earlier: u32) {
            if let Some(record) = self.records.last_mut() {
                record.2.push(earlier);
            }
        }
        fn end(&mut self) {}
        fn abandon(&mut self) {}
        fn append(&mut self, _: &mut Self) {}
        fn len(&self) -> usize {
            self.records.len()
        }
    }

    type Read = (Vec<(Place, Vec<String>, Vec<u32>)>, Warnings, bool);

    fn told(text: &str, execution: Option<&str>) -> Read {
        let select = Select { field: execution.map(|e| (EXECUTION.to_owned(), e.to_owned())), prefix: None };
        let mut reader = Reader::new("log", &Format::VectorClocks, &select, Told::default());
        for block in text.as_bytes().chunks(7) {
            reader.push(block);
        }
        let outcome = reader.finish();
        (outcome.sink.records, outcome.warnings, outcome.torn)
    }

    const PAIR: &str = "got it\nb {\"b\":1, \"a\":1}\n\nsent\na {\"a\":1}\nanswered\nb {\"b\":2,\"a\":1}\ndone\na {\"a\":2, \"b\":2}\n";

    #[test]
    fn clocks_order_events_and_link_them() {
        let (records, warnings, torn) = told(PAIR, None);
        let names: Vec<(&str, &str)> = records.iter().map(|r| (r.1[0].as_str(), r.1[1].as_str())).collect();
        assert_eq!(names, [("a", "sent"), ("b", "got it"), ("b", "answered"), ("a", "done")]);
        let links: Vec<&[u32]> = records.iter().map(|r| r.2.as_slice()).collect();
        assert_eq!(links, [&[][..], &[0], &[], &[2]]);
        assert!(warnings.as_slice().is_empty() && !torn, "{warnings:?}");
        let place = records[1].0;
        assert_eq!((place.offset, place.line), (0, 1));
        let raw = &PAIR.as_bytes()[..place.len as usize];
        let fields: Vec<String> = fields(raw).unwrap().iter().map(|f| f.value.plain().to_owned()).collect();
        assert_eq!(fields, ["b", "got it", "{\"b\":1,\"a\":1}"]);
    }

    #[test]
    fn every_layout_is_read() {
        let behind = "a {\"a\":1}\nsent\nb {\"b\":1,\"a\":1}\ngot it\n";
        let beside = "[INFO] [x/a] {\"a\" : 1} sent\n[INFO] [x/b] {\"a\" : 1, \"b\" : 1} got it\n";
        let header = "(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)\n\na {\"a\":1}\nsent\nb {\"b\":1,\"a\":1}\ngot it\n";
        for log in [behind, beside, header] {
            let (records, warnings, _) = told(log, None);
            let seen: Vec<&[String]> = records.iter().map(|r| r.1.as_slice()).collect();
            assert_eq!(seen, [["a", "sent"], ["b", "got it"]], "{log}");
            assert_eq!(records[1].2, [0], "{log}");
            assert!(warnings.as_slice().is_empty(), "{log}: {warnings:?}");
        }
    }

    #[test]
    fn executions_are_traces_and_what_is_broken_is_said() {
        let log =
            "=== good one ===\nx\na {\"a\":1}\n=== bad one ===\nx\na {\"a\":1}\ny\na {\"a\":2\nz\nb {\"a\":2}\nlast";
        let (records, warnings, torn) = told(log, Some("bad one"));
        assert_eq!(records.len(), 1);
        assert_eq!(records[0].1, ["a", "x", "bad one"]);
        assert!(torn && warnings.partial());
        assert_eq!(told(log, None).0.len(), 2);
    }
}
