//! Where an event stands on the horizontal axis.

use super::Compared;
use crate::trace::{EventIndex, Side, Sides, Trace, Unit};

/// Events, or rows, before one that are looked through for a time when it has none.
const NEAR: u32 = 64;

/// What stands on the horizontal axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Axis {
    /// The events' times.
    Time,
    /// The events' indexes within their traces.
    Index,
    /// The rows of the alignment, so that what is the same event stands at the same place.
    #[default]
    Row,
}

impl Axis {
    /// Every axis.
    pub const ALL: [Self; 3] = [Self::Time, Self::Index, Self::Row];

    /// Its word on screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Index => "event index",
            Self::Row => "aligned row",
        }
    }
}

/// What stands at the same place on both sides of a time axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Anchor {
    /// Nothing: times stand as they were recorded.
    Recorded,
    /// The first events of both sides.
    #[default]
    Start,
    /// The events of this row, or of the nearest row before it that a side has.
    Row(u32),
}

/// Places of events on an axis.
#[derive(Debug, Clone, Copy)]
pub struct Scale<'a> {
    compared: Compared<'a>,
    axis: Axis,
    origin: Sides<i64>,
}

impl<'a> Scale<'a> {
    /// The places of events on an axis; `anchor` counts for times only.
    pub fn new(compared: Compared<'a>, axis: Axis, anchor: Anchor) -> Self {
        let origin = |side: Side| match (axis, anchor) {
            (Axis::Time, Anchor::Start) => time(compared, side, 0),
            (Axis::Time, Anchor::Row(row)) => {
                let rows = &compared.comparison.rows;
                let row = row.min(rows.len().saturating_sub(1));
                let mut near = (row.saturating_sub(NEAR)..=row).rev().filter(|&row| row < rows.len());
                let event = near.find_map(|row| rows.get(row).event(side));
                // Events are nearly in the order of their rows.
                let before = || first_from(compared.len(side), |event| rows.row_of(side, event) > Some(row));
                time(compared, side, event.unwrap_or_else(|| before().saturating_sub(1)))
            }
            _ => 0,
        };
        Self { compared, axis, origin: Sides::new(origin(Side::Expected), origin(Side::Actual)) }
    }

    /// True when there are times to draw by.
    pub fn has_times(compared: Compared<'_>) -> bool {
        let timed = |side| {
            let has = |trace: &Trace| trace.time.is_some() && !trace.events.times.is_empty();
            compared.traces[side].is_none_or(has)
        };
        timed(Side::Expected) && timed(Side::Actual)
    }

    /// The axis.
    pub const fn axis(&self) -> Axis {
        self.axis
    }

    /// The time of a side that stands at the axis' zero, in ticks.
    pub(super) fn origin(&self, side: Side) -> f64 {
        self.origin[side] as f64
    }

    /// The unit of a time axis.
    pub fn unit(&self) -> Option<Unit> {
        let of = |side: Side| Some(self.compared.traces[side]?.time.as_ref()?.unit);
        (self.axis == Axis::Time).then(|| of(Side::Expected).or_else(|| of(Side::Actual))).flatten()
    }

    /// Where an event stands.
    #[inline]
    pub fn x(&self, side: Side, event: EventIndex) -> f64 {
        match self.axis {
            Axis::Index => f64::from(event),
            Axis::Row => f64::from(self.compared.comparison.rows.row_of(side, event).unwrap_or(0)),
            Axis::Time => (time(self.compared, side, event).saturating_sub(self.origin[side])) as f64,
        }
    }

    /// True when there are events of a side that last by what their records say, on an axis where that has a place.
    pub fn has_ends(&self, side: Side) -> bool {
        self.axis == Axis::Time && self.compared.traces[side].is_some_and(|trace| !trace.events.lasting.is_empty())
    }

    /// Where an event ends that lasts by what its record says; only a time axis has such places.
    pub fn end(&self, side: Side, event: EventIndex) -> Option<f64> {
        let lasts = self.compared.traces[side].filter(|_| self.axis == Axis::Time)?.events.lasting.get(event)?;
        Some(self.x(side, event) + lasts as f64)
    }

    /// The first and the last event of a side that stand from `from` to `to`, where events are in the order of the axis; they
    /// nearly are, on every one.
    pub fn events_within(&self, side: Side, from: f64, to: f64) -> Option<(EventIndex, EventIndex)> {
        let before = |x: f64| first_from(self.compared.len(side), |event| self.x(side, event) >= x);
        let (first, end) = (before(from), before(to.next_up()));
        (first < end).then(|| (first, end - 1))
    }

    /// From the first event to the last one of both sides, whose [times](super::Lanes::times) these are; an empty comparison
    /// is from 0 to 1.
    pub fn extent(&self, times: Sides<Option<(f64, f64)>>) -> (f64, f64) {
        let mut extent: Option<(f64, f64)> = None;
        let mut take = |x: f64| {
            let (from, to) = extent.unwrap_or((x, x));
            extent = Some((from.min(x), to.max(x)));
        };
        for side in Side::BOTH {
            let Some(last) = self.compared.len(side).checked_sub(1) else { continue };
            let (from, to) = match self.axis {
                Axis::Index => (0.0, f64::from(last)),
                Axis::Row => (0.0, f64::from(self.compared.comparison.rows.len().saturating_sub(1))),
                Axis::Time => {
                    let (from, to) = times[side].unwrap_or_default();
                    (from - self.origin(side), to - self.origin(side))
                }
            };
            take(from);
            take(to);
        }
        extent.unwrap_or((0.0, 1.0))
    }
}

/// The first of so many events that stands behind a border; all of them, where none does.
fn first_from(events: u32, behind: impl Fn(EventIndex) -> bool) -> EventIndex {
    let (mut low, mut high) = (0, events);
    while low < high {
        let middle = low + (high - low) / 2;
        if behind(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// The time of an event by one clock for all lanes, or that of the nearest before it that has one.
fn time(compared: Compared<'_>, side: Side, event: EventIndex) -> i64 {
    let Some(trace) = compared.traces[side] else { return 0 };
    let mut near = (event.saturating_sub(NEAR)..=event).rev();
    near.find_map(|event| trace.common_time(event)).unwrap_or(0)
}
