//! The clocks of both sides laid over each other: where their times meet, and how actual's is stretched between two such points.

use super::Compared;
use crate::trace::{EventIndex, Side, Sides};

/// Events, or rows, before one that are looked through for a time when it has none.
const NEAR: u32 = 64;

/// What stands at the same place on both sides of a time axis.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Anchor {
    /// Nothing: times stand as they were recorded.
    Recorded,
    /// The first events of both sides.
    #[default]
    Start,
    /// Both events of the row of each of these, or of the nearest row before it that a side has; in the order of their times.
    Points(Vec<(Side, EventIndex)>),
}

impl Anchor {
    /// The points, where there are any.
    pub fn points(&self) -> &[(Side, EventIndex)] {
        if let Self::Points(points) = self { points } else { &[] }
    }

    /// The same when the sides are exchanged.
    #[must_use]
    pub fn exchanged(self) -> Self {
        match self {
            Self::Points(points) => {
                Self::Points(points.into_iter().map(|(side, event)| (side.other(), event)).collect())
            }
            other => other,
        }
    }
}

/// Times of both sides on one axis, in ticks. Expected's clock is the axis; actual's is laid over it at points, between two of
/// which it is stretched evenly, and outside shifted as at the nearest one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clocks {
    /// The times that stand at the same place, later ones later on both sides; the axis' zero is the first.
    points: Vec<Sides<i64>>,
}

impl Clocks {
    /// Clocks as they were recorded.
    pub const RECORDED: &'static Self = &Self { points: Vec::new() };

    /// The clocks that meet at an anchor. Its points are put in the order of their times; one that would let time run backwards is
    /// taken out.
    pub fn meeting_at(anchor: &mut Anchor, compared: Compared<'_>) -> Self {
        let mut this = Self::default();
        if let Anchor::Points(points) = anchor {
            let mut kept = Vec::new();
            for &point in points.iter() {
                if let Ok(place) = this.place_for(compared, point) {
                    this.points.insert(place, meeting(compared, point));
                    kept.insert(place, point);
                }
            }
            *anchor = if kept.is_empty() { Anchor::Start } else { Anchor::Points(kept) };
        }
        if *anchor == Anchor::Start {
            this.points.push(Sides::new(time(compared, Side::Expected, 0), time(compared, Side::Actual, 0)));
        }
        this
    }

    /// At which place among the points another one belongs; else the place of one that stands earlier on one side, and later or
    /// at the same time on the other.
    ///
    /// # Errors
    /// The place of the point that speaks against it.
    pub fn place_for(&self, compared: Compared<'_>, point: (Side, EventIndex)) -> Result<usize, usize> {
        self.place_of(meeting(compared, point))
    }

    fn place_of(&self, meet: Sides<i64>) -> Result<usize, usize> {
        let place = self.points.partition_point(|point| point.expected < meet.expected);
        let before = place.checked_sub(1).filter(|&before| self.points[before].actual >= meet.actual);
        let behind =
            self.points.get(place).filter(|point| point.expected == meet.expected || point.actual <= meet.actual);
        match before.or(behind.map(|_| place)) {
            Some(against) => Err(against),
            None => Ok(place),
        }
    }

    /// How many times as fast as expected's actual's clock is drawn between the points at `place` and behind it.
    pub fn stretch(&self, place: usize) -> Option<f64> {
        let (from, to) = (self.points.get(place)?, self.points.get(place + 1)?);
        Some(slope(*from, *to))
    }

    /// The time of expected at the axis' zero, in ticks.
    pub fn zero(&self) -> i64 {
        self.points.first().map_or(0, |point| point.expected)
    }

    /// Where a recorded time stands.
    #[inline]
    pub(super) fn place(&self, side: Side, time: i64) -> f64 {
        let Some(first) = self.points.first() else { return time as f64 };
        if side == Side::Expected || self.points.len() == 1 {
            return time.saturating_sub(first[side]) as f64;
        }
        let behind = self.points.partition_point(|point| point.actual <= time);
        let from = self.points[behind.saturating_sub(1)];
        let rate = if behind == 0 { 1.0 } else { self.points.get(behind).map_or(1.0, |&to| slope(from, to)) };
        time.saturating_sub(from.actual) as f64 * rate + from.expected.saturating_sub(first.expected) as f64
    }

    /// The time that a side recorded at a place: [`Self::place`] the other way round.
    pub(super) fn recorded(&self, side: Side, place: f64) -> f64 {
        let Some(first) = self.points.first() else { return place };
        if side == Side::Expected || self.points.len() == 1 {
            return place + first[side] as f64;
        }
        let at = |point: &Sides<i64>| point.expected.saturating_sub(first.expected) as f64;
        let behind = self.points.partition_point(|point| at(point) <= place);
        let from = self.points[behind.saturating_sub(1)];
        let rate = if behind == 0 { 1.0 } else { self.points.get(behind).map_or(1.0, |&to| slope(from, to)) };
        (place - at(&from)) / rate + from.actual as f64
    }

    /// Where a time stands that is known no more exactly than this.
    pub(super) fn about(&self, side: Side, time: f64) -> f64 {
        self.place(side, time as i64)
    }
}

/// How much of expected's time passes between two points for one tick of actual's.
fn slope(from: Sides<i64>, to: Sides<i64>) -> f64 {
    let passed = |side: Side| to[side].saturating_sub(from[side]) as f64;
    passed(Side::Expected) / passed(Side::Actual)
}

/// The times of both sides at the row of an event, or at the nearest row before it that has the other side.
fn meeting(compared: Compared<'_>, (side, event): (Side, EventIndex)) -> Sides<i64> {
    let rows = &compared.comparison.rows;
    let row = rows.row_of(side, event).unwrap_or(0).min(rows.len().saturating_sub(1));
    let of = |side: Side| {
        let mut near = (row.saturating_sub(NEAR)..=row).rev().filter(|&row| row < rows.len());
        let event = near.find_map(|row| rows.get(row).event(side));
        // Events are nearly in the order of their rows.
        let before = || first_from(compared.len(side), |event| rows.row_of(side, event) > Some(row));
        time(compared, side, event.unwrap_or_else(|| before().saturating_sub(1)))
    };
    Sides::new(of(Side::Expected), of(Side::Actual))
}

/// The first of so many events that stands behind a border; all of them, where none does.
pub(super) fn first_from(events: u32, behind: impl Fn(EventIndex) -> bool) -> EventIndex {
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
#[inline]
pub(super) fn time(compared: Compared<'_>, side: Side, event: EventIndex) -> i64 {
    let Some(trace) = compared.traces[side] else { return 0 };
    let mut near = (event.saturating_sub(NEAR)..=event).rev();
    near.find_map(|event| trace.common_time(event)).unwrap_or(0)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "whole numbers, which are exact")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clocks(points: &[(i64, i64)]) -> Clocks {
        let mut clocks = Clocks::default();
        for &(expected, actual) in points {
            let meet = Sides::new(expected, actual);
            if let Ok(place) = clocks.place_of(meet) {
                clocks.points.insert(place, meet);
            }
        }
        clocks
    }

    #[test]
    fn between_two_points_actual_is_stretched_and_outside_shifted() {
        let clocks = clocks(&[(1_000, 5_000), (3_000, 6_000)]);
        let at = |time: i64| clocks.place(Side::Actual, time);
        assert_eq!([4_900, 5_000, 5_500, 6_000, 6_100].map(at), [-100.0, 0.0, 1_000.0, 2_000.0, 2_100.0]);
        assert_eq!(clocks.place(Side::Expected, 3_000), 2_000.0, "expected's clock is the axis");
        assert_eq!((clocks.stretch(0), clocks.stretch(1)), (Some(2.0), None));
    }

    #[test]
    fn a_point_that_turns_time_round_is_refused_by_the_one_it_crosses() {
        let clocks = clocks(&[(10, 10), (30, 30)]);
        let place = |expected: i64, actual: i64| clocks.place_of(Sides::new(expected, actual));
        assert_eq!((place(20, 20), place(0, 5), place(40, 41)), (Ok(1), Ok(0), Ok(2)));
        assert_eq!((place(20, 31), place(40, 29), place(5, 10)), (Err(1), Err(1), Err(0)));
        assert_eq!((place(10, 12), place(12, 10)), (Err(0), Err(0)), "nothing takes no time on one side only");
    }

    proptest! {
        #[test]
        fn time_never_runs_backwards_and_every_place_is_found_again(
            points in proptest::collection::vec((-1_000_000_i64..1_000_000, -1_000_000_i64..1_000_000), 0..8),
            mut times in proptest::collection::vec(-2_000_000_i64..2_000_000, 2..20),
        ) {
            let clocks = clocks(&points);
            times.sort_unstable();
            for side in Side::BOTH {
                let places: Vec<f64> = times.iter().map(|&time| clocks.place(side, time)).collect();
                prop_assert!(places.is_sorted(), "{:?}", places);
                for (&time, &place) in times.iter().zip(&places) {
                    prop_assert!((clocks.recorded(side, place) - time as f64).abs() < 1e-3);
                }
            }
            for point in &clocks.points {
                let there = clocks.place(Side::Expected, point.expected);
                prop_assert!((clocks.place(Side::Actual, point.actual) - there).abs() < 1e-6);
            }
        }
    }
}
