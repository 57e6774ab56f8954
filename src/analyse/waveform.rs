//! Waveforms: both dumps read side by side, joined by their signals, compared through time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::analysis::Events;
use super::session::{each_block, lone_trace, note};
use super::{Analysis, Progress, Stage, Trouble};
use crate::compare::waveform::{Answer, Joined, NOTHING, TIME, Waves, compare, join, number_of, token_of};
use crate::compare::{Comparison, Hand, Verdict};
use crate::ingest::{Format, WaveReader, value_of_change};
use crate::pack::{Pack, Recording};
use crate::spec::{Action, FieldSpec, Role, Spec};
use crate::trace::{
    EventIndex, Field, LaneId, Names, Side, Sides, Time, Timescale, Trace, Value, Warning, WarningKind, Warnings,
    Waveform,
};

/// What a change says, as if it had fields: of which signal.
const SIGNAL: &str = "signal";
/// And the value that it has from then on.
pub const VALUE: &str = "value";
/// Signals of one side that a note names; the others are counted.
const NAMED: usize = 3;

/// What an analysis of waveforms knows beyond any other.
#[derive(Debug, Clone)]
pub struct WaveAnswer {
    /// The signals and their recordings.
    pub waves: Waves,
    /// When the sides part.
    pub time: Option<Time>,
    /// The signals that part then.
    pub signals: Vec<LaneId>,
}

impl WaveAnswer {
    /// Every path of the signals that part first, sorted.
    pub fn paths(&self) -> Vec<&str> {
        let lanes = self.signals.iter().map(|&lane| &self.waves.lanes[lane as usize]);
        let mut paths: Vec<&str> = lanes.flat_map(|lane| lane.paths.iter().map(String::as_str)).collect();
        paths.sort_unstable();
        paths
    }

    /// When the sides part and which signals then, the first few by name: `37 s: tb.dut.state, tb.busy and 3 more`.
    pub fn first(&self) -> Option<String> {
        let paths = self.paths();
        let named: Vec<&str> = paths.iter().take(NAMED).copied().collect();
        let more = paths.len() - named.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Some(format!("{}: {}{more}", self.time?, named.join(", ")))
    }

    /// The timescale that both recordings share, if they do.
    pub fn timescale(&self) -> Option<Timescale> {
        let Sides { expected, actual } = self.waves.timescales;
        expected.filter(|_| expected == actual)
    }

    /// When the sides part, in ticks of the timescale that both share.
    pub fn ticks(&self) -> Option<i64> {
        Some(self.time?.value / i64::from(self.timescale()?.factor))
    }
}

/// True when a side is a waveform.
pub fn concerns(pack: &Pack) -> bool {
    Side::BOTH.into_iter().any(|side| is_waveform(pack.sides[side].as_ref()))
}

fn is_waveform(recording: Option<&Recording>) -> bool {
    recording.is_some_and(|r| r.format == Format::Vcd)
}

/// Reads and compares a pack with a waveform in it.
pub fn run(pack: Arc<Pack>, progress: &dyn Progress) -> Result<Analysis, Trouble> {
    let recordings = pack.sides.as_ref().map(Option::as_ref);
    let spec = spec();
    progress.spec(&spec);
    let mut warnings = pack.warnings.clone();
    if let Some(reason) = different_natures(recordings) {
        return Ok(unread(&pack, reason));
    }
    let total = Side::BOTH.into_iter().filter_map(|s| recordings[s]).map(|r| r.source.size()).sum();
    let done = AtomicU64::new(0);
    let read = |recording: Option<&Recording>| {
        recording
            .map(|recording| {
                read(recording, progress, &|bytes| {
                    progress.step(Stage::Reading, done.fetch_add(bytes, Ordering::Relaxed) + bytes, total);
                })
            })
            .transpose()
    };
    let (expected, actual) = rayon::join(|| read(recordings.expected), || read(recordings.actual));
    let mut waveforms = Sides::<Option<Waveform>>::default();
    for (side, read) in [(Side::Expected, expected?), (Side::Actual, actual?)] {
        let Some((waveform, found)) = read else { continue };
        warnings.extend(found);
        waveforms[side] = Some(waveform);
    }
    progress.step(Stage::Comparing, 0, 1);
    let mut joined = join(waveforms, &|| progress.cancelled()).ok_or(Trouble::Cancelled)?;
    let answer = if recordings.expected.is_some() && recordings.actual.is_some() {
        let value = |side: Side, event: Option<EventIndex>| value(&joined, recordings[side], side, event);
        compare(&joined, &value, &|| progress.cancelled()).ok_or(Trouble::Cancelled)?
    } else {
        let lone = joined.traces.expected.as_ref().or(joined.traces.actual.as_ref());
        let comparison = lone_trace(lone.map_or(0, |t| t.events.len()));
        Answer { comparison, time: None, signals: Vec::new() }
    };
    progress.step(Stage::Comparing, 1, 1);
    say(&joined.waves, &answer.comparison, &mut warnings);
    if !pack.overrides.pairs.is_empty() {
        let what = "What was decided about pairs of events says nothing here: the changes of a waveform are paired by signal and time.";
        warnings.push(note(WarningKind::Note, what.to_owned()));
    }
    whole_tokens(&mut joined);
    let Joined { traces, names, waves } = joined;
    let mut traces = traces;
    let mut sides = Sides::default();
    for side in Side::BOTH {
        let recording = recordings[side].cloned();
        sides[side] = recording.zip(traces[side].take()).map(|(recording, trace)| Events { recording, trace });
    }
    let time = answer.time.map(|value| Time { value, unit: waves.unit });
    Ok(Analysis {
        pack,
        sides,
        names,
        spec,
        comparison: answer.comparison,
        partial: warnings.partial(),
        warnings,
        provisional: false,
        pairs: Vec::new(),
        hand: Hand::default(),
        waveform: Some(WaveAnswer { waves, time, signals: answer.signals }),
        told: OnceLock::new(),
        envelope: None,
    })
}

/// Reads one dump to its end.
fn read(recording: &Recording, progress: &dyn Progress, step: &dyn Fn(u64)) -> Result<(Waveform, Warnings), Trouble> {
    let mut reader = WaveReader::new(&recording.label);
    let stream = each_block(recording, progress, |block| {
        reader.push(block);
        step(block.len() as u64);
    })?;
    let mut warnings = stream.finish();
    let damaged = warnings.partial();
    let (mut waveform, found) = reader.finish();
    warnings.extend(found);
    waveform.torn |= damaged;
    Ok((waveform, warnings))
}

/// The value of a change, from its text.
fn value(joined: &Joined, recording: Option<&Recording>, side: Side, event: Option<EventIndex>) -> String {
    let Some(event) = event else { return NOTHING.to_owned() };
    let place = joined.traces[side].as_ref().and_then(|t| t.events.places.get(event));
    let text = recording.zip(place).and_then(|(r, place)| r.source.text(place.offset, place.len).ok());
    text.and_then(|text| value_of_change(&text)).unwrap_or_else(|| "unreadable".to_owned())
}

/// What a change says, from its text: when, what, which value.
pub fn fields(raw: &[u8], time: Option<Time>, signal: &str) -> Result<Vec<Field>, String> {
    let value = value_of_change(raw).ok_or("The change cannot be read any more.")?;
    let field = |path: &str, text: String| Field { path: path.to_owned(), value: Value::Text(text) };
    let time = time.map(|time| field(TIME, time.to_string()));
    Ok([field(VALUE, value)].into_iter().chain(time).chain([field(SIGNAL, signal.to_owned())]).collect())
}

/// What is compared of every waveform.
fn spec() -> Spec {
    let field = |path: &str, role: Role, action: Action, why: &str| FieldSpec {
        path: path.to_owned(),
        role,
        action,
        why: why.to_owned(),
        lane: (path == SIGNAL).then(|| SIGNAL.to_owned()),
        by_hand: false,
        shared: true,
    };
    let fields = vec![
        field(TIME, Role::Time, Action::Compare, "in one exact unit"),
        field(SIGNAL, Role::Identity, Action::Compare, "by its path, aliases together"),
        field(VALUE, Role::Data, Action::Compare, "the last one of each time, x and z too"),
        field("$date", Role::Provenance, Action::Ignore, "a header"),
        field("$version", Role::Provenance, Action::Ignore, "a header"),
        field("$comment", Role::Provenance, Action::Ignore, "a remark"),
        field("code", Role::Provenance, Action::Ignore, "every dump has its own"),
    ];
    Spec { fields, ..Spec::default() }
}

/// Once compared, equal tokens mean equal changes: signal, time and value, not only equal values.
fn whole_tokens(joined: &mut Joined) {
    let signals: Vec<u64> = joined.names.lanes.iter().map(|lane| number_of(lane)).collect();
    for trace in [&mut joined.traces.expected, &mut joined.traces.actual].into_iter().flatten() {
        let Trace { events, .. } = trace;
        for (i, token) in events.tokens.iter_mut().enumerate() {
            let (time, lane) = (events.times.get(i as u32).unwrap_or_default(), events.lanes.home(i as u32));
            *token = token_of(*token, time, signals[lane as usize]);
        }
    }
}

fn say(waves: &Waves, comparison: &Comparison, warnings: &mut Warnings) {
    let mut tell = |kind: WarningKind, what: String, remedy: &str| {
        warnings.push(Warning { remedy: remedy.to_owned(), ..note(kind, what) });
    };
    let both = waves.timescales.expected.zip(waves.timescales.actual);
    if let Some((expected, actual)) = both.filter(|(expected, actual)| expected != actual) {
        let what = format!("The timescales differ: {expected} in expected, {actual} in actual.");
        tell(WarningKind::Note, what, &format!("Both were brought to {} exactly.", waves.unit.symbol()));
    }
    for side in Side::BOTH {
        let only = &waves.only[side];
        if let [first, ..] = only.as_slice()
            && comparison.verdict != Verdict::Incomparable
        {
            let named: Vec<&str> = only.iter().take(NAMED).map(String::as_str).collect();
            let what = match only.len() {
                1 => format!("The signal {first} is only in {side}."),
                n if n <= NAMED => format!("{n} signals are only in {side}: {}.", named.join(", ")),
                n => format!("{n} signals are only in {side}, such as {}.", named.join(", ")),
            };
            tell(WarningKind::Comparability, what, "What only one side recorded is not compared.");
        }
    }
    if let (Some(expected), Some(actual)) = (waves.spans.expected, waves.spans.actual) {
        let time = |value: i64| Time { value, unit: waves.unit };
        if expected.0 != actual.0 {
            let what = format!("Expected begins at {}, actual at {}.", time(expected.0), time(actual.0));
            tell(WarningKind::Comparability, what, "They are compared from the later one on.");
        }
        if expected.1 != actual.1 && comparison.ended_early.is_none() {
            let what = format!("Expected ends at {}, actual at {}.", time(expected.1), time(actual.1));
            tell(WarningKind::Note, what, "Nothing that is compared changes in between.");
        }
    }
    if waves.overflow {
        let what = format!("A time is beyond what can be counted in {}.", waves.unit.symbol());
        tell(WarningKind::Limit, what, "Record both dumps with one timescale.");
    }
    if comparison.unfollowed > 0 {
        let what = format!("{} more signals part at the first time.", comparison.unfollowed);
        tell(WarningKind::Note, what, "They are named among the signals and are not listed as causes.");
    }
}

/// Why a waveform cannot be compared with what the other side is.
fn different_natures(recordings: Sides<Option<&Recording>>) -> Option<String> {
    let (expected, actual) = (recordings.expected?, recordings.actual?);
    let word = |recording| if is_waveform(Some(recording)) { "a waveform (VCD)" } else { "a log of events" };
    (is_waveform(Some(expected)) != is_waveform(Some(actual))).then(|| {
        format!(
            "The sides are of different natures: {} is {}, {} is {}.",
            expected.label,
            word(expected),
            actual.label,
            word(actual)
        )
    })
}

/// The analysis of sides that were not read, since they cannot be compared.
fn unread(pack: &Arc<Pack>, reason: String) -> Analysis {
    let events = |recording: &Recording| Events { recording: recording.clone(), trace: Trace::default() };
    Analysis {
        pack: Arc::clone(pack),
        sides: pack.sides.as_ref().map(|recording| recording.as_ref().map(events)),
        names: Names::default(),
        spec: Spec::default(),
        comparison: Comparison { reason: Some(reason), ..lone_trace(0) },
        warnings: pack.warnings.clone(),
        partial: pack.warnings.partial(),
        provisional: false,
        pairs: Vec::new(),
        hand: Hand::default(),
        waveform: None,
        told: OnceLock::new(),
        envelope: None,
    }
}
