//! Two waveforms as a pair of traces: one lane a signal, one event a change, one unit of time.

use super::lanes::{Lane, Matched, match_up};
use crate::compare::Cancelled;
use crate::trace::{
    Changes, Columns, EventIndex, KindId, Names, Side, Sides, TimeScale, Timescale, Trace, Unit, Waveform,
};

/// Events between two looks at whether to go on.
pub(super) const CHECK: usize = 1 << 16;
/// What the time of a change is called, as if it were a field.
pub const TIME: &str = "time";

/// Waveforms, made ready to be compared and shown.
#[derive(Debug)]
pub struct Joined {
    /// The traces; none where there is no recording.
    pub traces: Sides<Option<Trace>>,
    /// Kinds are the names of the signals without their scopes, lanes the signals.
    pub names: Names,
    /// What is known of them beyond that.
    pub waves: Waves,
}

/// What is known of a pair of waveforms beyond its traces.
#[derive(Debug, Clone)]
pub struct Waves {
    /// The signals, by lane.
    pub lanes: Vec<Lane>,
    /// The unit of every time.
    pub unit: Unit,
    /// The timescale of each recording.
    pub timescales: Sides<Option<Timescale>>,
    /// The first and the last time that each recording speaks of, in the unit.
    pub spans: Sides<Option<(i64, i64)>>,
    /// The paths that only one side has; their changes are not compared.
    pub only: Sides<Vec<String>>,
    /// True when a time was beyond what 64 bits hold in the common unit, and was taken for the largest.
    pub overflow: bool,
}

/// Brings both to one unit and one set of lanes. `None` when it was cancelled.
pub fn join(sides: Sides<Option<Waveform>>, cancelled: Cancelled<'_>) -> Option<Joined> {
    let timescales = sides.as_ref().map(|side| side.as_ref().map(|w| w.timescale));
    let both = [timescales.expected, timescales.actual];
    let unit = both.into_iter().flatten().map(|t| t.unit).max_by_key(|u| u.exponent()).unwrap_or(Unit::Nanos);
    let Matched { lanes, of_net, only } = match_up(sides.as_ref().map(Option::as_ref));
    let own = |lane: &Lane| lane.name.rsplit('.').next().unwrap_or_default().to_owned();
    let mut kinds: Vec<String> = lanes.iter().map(own).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let kind = |lane: &Lane| kinds.binary_search(&own(lane)).unwrap_or_default() as KindId;
    let kind_of_lane: Vec<KindId> = lanes.iter().map(kind).collect();
    let names = Names { kinds, lanes: lanes.iter().map(|lane| lane.name.clone()).collect() };
    let mut spans = Sides::default();
    let mut overflow = false;
    let mut traces = Sides::default();
    let Sides { expected, actual } = sides;
    for (side, waveform) in [(Side::Expected, expected), (Side::Actual, actual)] {
        let Some(waveform) = waveform else { continue };
        let by = per_tick(waveform.timescale, unit);
        let mut scaled = |ticks: i64| {
            ticks.checked_mul(by).unwrap_or_else(|| {
                overflow = true;
                i64::MAX
            })
        };
        spans[side] = waveform.span.map(|(first, last)| (scaled(first), scaled(last)));
        let events = columns(waveform.changes, &of_net[side], &kind_of_lane, &mut scaled, cancelled)?;
        let time = TimeScale { unit, field: TIME.to_owned(), epoch: false };
        traces[side] = Some(Trace { events, time: Some(time), torn: waveform.torn, ..Trace::default() });
    }
    let waves = Waves { lanes, unit, timescales, spans, only, overflow };
    Some(Joined { traces, names, waves })
}

/// How many of `unit`, which is as fine or finer, a tick is.
fn per_tick(timescale: Timescale, unit: Unit) -> i64 {
    let finer = unit.exponent().saturating_sub(timescale.unit.exponent());
    10_i64.saturating_pow(finer).saturating_mul(i64::from(timescale.factor))
}

/// The columns of one side: within one time in the order of the lanes, since a dump's own order says nothing.
fn columns(
    changes: Changes,
    of_net: &[Vec<u32>],
    kind_of_lane: &[KindId],
    scaled: &mut dyn FnMut(i64) -> i64,
    cancelled: Cancelled<'_>,
) -> Option<Columns> {
    let Changes { times, nets, values, places } = changes;
    let all: usize = nets.iter().map(|&net| of_net[net as usize].len()).sum();
    let mut columns = Columns { tokens: Vec::with_capacity(all), kinds: Vec::with_capacity(all), ..Columns::default() };
    let mut step: Vec<(u32, usize)> = Vec::new();
    let mut from = 0;
    let mut looked = 0;
    while from < nets.len() {
        let now = times.get(from as u32);
        let to = (from..nets.len()).find(|&i| times.get(i as u32) != now).unwrap_or(nets.len());
        step.clear();
        step.extend((from..to).flat_map(|i| of_net[nets[i] as usize].iter().map(move |&lane| (lane, i))));
        step.sort_unstable();
        let time = scaled(now.unwrap_or_default());
        for &(lane, i) in &step {
            columns.places.push(places.get(i as u32).unwrap_or_default());
            columns.tokens.push(values[i]);
            columns.kinds.push(kind_of_lane[lane as usize]);
            columns.times.push(Some(time));
            columns.lanes.push(&[lane]);
        }
        if to / CHECK > looked {
            looked = to / CHECK;
            if cancelled() {
                return None;
            }
        }
        from = to;
    }
    Some(columns)
}

/// The time of an event; every change has one.
#[inline]
pub(super) fn time_of(columns: &Columns, event: EventIndex) -> i64 {
    columns.time_of(event).unwrap_or_default()
}

/// The events of each lane, in their order.
pub(super) struct ByLane {
    starts: Vec<u32>,
    events: Vec<u32>,
}

impl ByLane {
    pub(super) fn of(columns: &Columns, lanes: usize) -> Self {
        let mut starts = vec![0_u32; lanes + 1];
        for event in 0..columns.len() as u32 {
            starts[columns.home_lane(event) as usize + 1] += 1;
        }
        for lane in 0..lanes {
            starts[lane + 1] += starts[lane];
        }
        let mut next = starts.clone();
        let mut events = vec![0; columns.len()];
        for event in 0..columns.len() as u32 {
            let next = &mut next[columns.home_lane(event) as usize];
            events[*next as usize] = event;
            *next += 1;
        }
        Self { starts, events }
    }

    pub(super) fn lane(&self, lane: u32) -> &[u32] {
        let lane = lane as usize;
        &self.events[self.starts[lane] as usize..self.starts[lane + 1] as usize]
    }

    /// The last event of a lane at or before a time, and whether it is at that time.
    pub(super) fn in_force(&self, columns: &Columns, lane: u32, time: i64) -> Option<(u32, bool)> {
        let events = self.lane(lane);
        let end = events.partition_point(|&e| time_of(columns, e) <= time);
        let event = *events[..end].last()?;
        Some((event, time_of(columns, event) == time))
    }
}
