//! Where an event stands on the horizontal axis.

use super::Compared;
use super::clocks::{Clocks, first_from, time};
use crate::trace::{EventIndex, Side, Sides, Trace, Unit};

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

/// Places of events on an axis.
#[derive(Debug, Clone, Copy)]
pub struct Scale<'a> {
    compared: Compared<'a>,
    axis: Axis,
    clocks: &'a Clocks,
}

impl<'a> Scale<'a> {
    /// The places of events on an axis; the clocks count for times only.
    pub const fn new(compared: Compared<'a>, axis: Axis, clocks: &'a Clocks) -> Self {
        Self { compared, axis, clocks }
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

    /// The place that stands at `x` of a side before its clock is laid over the other's.
    pub(super) fn recorded(&self, side: Side, x: f64) -> f64 {
        if self.axis == Axis::Time { self.clocks.recorded(side, x) } else { x }
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
            Axis::Time => self.clocks.place(side, time(self.compared, side, event)),
        }
    }

    /// True when there are events of a side that last by what their records say, on an axis where that has a place.
    pub fn has_ends(&self, side: Side) -> bool {
        self.axis == Axis::Time && self.compared.traces[side].is_some_and(|trace| !trace.events.lasting.is_empty())
    }

    /// Where an event ends that lasts by what its record says; only a time axis has such places.
    pub fn end(&self, side: Side, event: EventIndex) -> Option<f64> {
        let lasts = self.compared.traces[side].filter(|_| self.axis == Axis::Time)?.events.lasting.get(event)?;
        Some(self.clocks.place(side, time(self.compared, side, event).saturating_add(lasts)))
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
                    (self.clocks.about(side, from), self.clocks.about(side, to))
                }
            };
            take(from);
            take(to);
        }
        extent.unwrap_or((0.0, 1.0))
    }
}
