//! A series as lines that can be drawn: all its samples while there are few, else the first, the least, the largest and the
//! last one of every column of pixels, so that no spike is lost. O(columns · log n), whatever the number of samples.

use std::ops::Range;

use super::{Extent, Pyramid};

/// A series over time. The times ascend; equal ones are fine, and they need not be equally far apart.
#[derive(Debug, Clone, Copy)]
pub struct Curve<'a> {
    times: &'a [f64],
    values: &'a [f64],
    pyramid: &'a Pyramid,
    longest: f64,
}

/// A line from point to point: times and values.
pub type Polyline = Vec<[f64; 2]>;

impl<'a> Curve<'a> {
    /// The curve of a series. Between samples further apart than `longest` there is no line: what was not recorded is not drawn.
    /// `pyramid` was built over `values`; what one of both lists has more than the other is left out.
    pub fn new(times: &'a [f64], values: &'a [f64], pyramid: &'a Pyramid, longest: f64) -> Self {
        let len = times.len().min(values.len());
        Self { times: &times[..len], values: &values[..len], pyramid, longest }
    }

    /// The samples from one time to another, both included.
    pub fn samples(&self, from: f64, to: f64) -> Range<usize> {
        let start = self.times.partition_point(|time| *time < from);
        start..start + self.times[start..].partition_point(|time| *time <= to)
    }

    /// What is seen from one time to another.
    pub fn extent(&self, from: f64, to: f64) -> Extent {
        self.pyramid.extent(self.values, self.samples(from, to))
    }

    /// The sample that held at a time: the last one not later. None before the first.
    pub fn held(&self, time: f64) -> Option<usize> {
        self.times.partition_point(|at| *at <= time).checked_sub(1)
    }

    /// The value that held at a time; none before the first sample, and where that is a hole.
    pub fn value(&self, time: f64) -> Option<f64> {
        self.held(time).map(|sample| self.values[sample]).filter(|value| value.is_finite())
    }

    /// The lines between two times, for so many columns of pixels. A hole ends a line. The samples next to the ends are
    /// part of it, so that lines reach the edges.
    pub fn lines(&self, from: f64, to: f64, columns: usize) -> Vec<Polyline> {
        let seen = self.samples(from, to);
        let around = seen.start.saturating_sub(1)..(seen.end + 1).min(self.times.len());
        let mut lines = Lines { all: Vec::new(), line: Vec::new(), longest: self.longest };
        if around.len() <= columns.saturating_mul(4) {
            for sample in around {
                lines.sample(self.times[sample], self.values[sample]);
            }
            return lines.finish();
        }
        if around.start < seen.start {
            lines.sample(self.times[around.start], self.values[around.start]);
        }
        let mut start = seen.start;
        for column in 1..=columns {
            let end = if column == columns {
                seen.end
            } else {
                let edge = from + (to - from) * column as f64 / columns as f64;
                start + self.times[start..seen.end].partition_point(|time| *time < edge)
            };
            self.column(start..end, &mut lines);
            start = end;
        }
        if around.end > seen.end {
            lines.sample(self.times[seen.end], self.values[seen.end]);
        }
        lines.finish()
    }

    /// One column: as they are while there are few samples, else four of them.
    fn column(&self, samples: Range<usize>, lines: &mut Lines) {
        if samples.len() <= 4 {
            for sample in samples {
                lines.sample(self.times[sample], self.values[sample]);
            }
            return;
        }
        let extent = self.pyramid.extent(self.values, samples.clone());
        let (first, last) = (samples.start, samples.end - 1);
        if extent.is_empty() {
            lines.sample(self.times[first], f64::NAN);
            return;
        }
        let middle = f64::midpoint(self.times[first], self.times[last]);
        lines.sample(self.times[first], self.values[first]);
        // Towards the end that is nearer to where the line comes from first, so that it does not run back and forth.
        let rising = !(self.values[first] - extent.min > extent.max - self.values[first]);
        let (one, two) = if rising { (extent.min, extent.max) } else { (extent.max, extent.min) };
        lines.within(middle, one);
        lines.within(middle, two);
        if extent.holes {
            lines.cut();
        }
        lines.within(self.times[last], self.values[last]);
    }
}

/// Lines while they are made.
struct Lines {
    all: Vec<Polyline>,
    line: Polyline,
    longest: f64,
}

impl Lines {
    fn sample(&mut self, time: f64, value: f64) {
        if self.line.last().is_some_and(|[before, _]| time - before > self.longest) {
            self.cut();
        }
        self.within(time, value);
    }

    fn within(&mut self, time: f64, value: f64) {
        if value.is_finite() {
            self.line.push([time, value]);
        } else {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if !self.line.is_empty() {
            self.all.push(std::mem::take(&mut self.line));
        }
    }

    fn finish(mut self) -> Vec<Polyline> {
        self.cut();
        self.all
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value() -> impl Strategy<Value = f64> {
        prop_oneof![30 => -1e3..1e3_f64, 1 => Just(f64::NAN)]
    }

    fn series() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
        prop::collection::vec((prop_oneof![5 => 0.0..2.0_f64, 1 => Just(0.0)], value()), 1..3_000).prop_map(|samples| {
            let mut at = 0.0;
            let times = samples.iter().map(|(step, _)| {
                at += step;
                at
            });
            (times.collect(), samples.iter().map(|(_, value)| *value).collect())
        })
    }

    proptest! {
        /// Brute force: of every column the least and the largest sample are among the points, and no point is another value.
        #[test]
        fn no_spike_is_lost_and_none_is_made_up(
            (times, values) in series(), from in -10.0..1_000.0_f64, width in 1.0..3_000.0_f64, columns in 1..200_usize,
        ) {
            let pyramid = Pyramid::new(&values);
            let curve = Curve::new(&times, &values, &pyramid, f64::INFINITY);
            let to = from + width;
            let points: Vec<[f64; 2]> = curve.lines(from, to, columns).concat();
            prop_assert!(points.len() <= columns * 4 + 2);
            for [_, value] in &points {
                prop_assert!(values.contains(value));
            }
            let edge = |column: usize| from + width * column as f64 / columns as f64;
            for column in 0..columns {
                let (left, right) = (edge(column), edge(column + 1));
                let within = |time: f64| time >= left && (time < right || column + 1 == columns && time <= to);
                let here = times.iter().zip(&values).filter(|(time, value)| within(**time) && value.is_finite());
                let drawn = points.iter().filter(|[time, _]| within(*time)).map(|[_, value]| *value);
                let extent = |values: &mut dyn Iterator<Item = f64>| {
                    values.fold(Extent::NONE, |all, value| all.and(Extent { min: value, max: value, holes: false }))
                };
                let wanted = extent(&mut here.map(|(_, value)| *value));
                prop_assert_eq!(extent(&mut drawn.into_iter()), wanted, "column {} of {}", column, columns);
            }
        }

        /// A line never crosses a hole that is as wide as two columns.
        #[test]
        fn holes_end_lines((times, values) in series(), columns in 1..200_usize) {
            let pyramid = Pyramid::new(&values);
            let curve = Curve::new(&times, &values, &pyramid, f64::INFINITY);
            let (from, to) = (times[0], times[times.len() - 1]);
            let column = (to - from) / columns as f64;
            for line in curve.lines(from, to, columns) {
                for pair in line.windows(2) {
                    let between = curve.samples(pair[0][0] + column, pair[1][0] - column);
                    prop_assert!(values[between].iter().all(|value| value.is_finite()));
                }
            }
        }
    }

    #[test]
    fn what_was_not_recorded_is_not_drawn() {
        let times = [0.0, 1.0, 2.0, 7.0, 8.0];
        let values = [1.0, 2.0, 3.0, 4.0, f64::NAN];
        let pyramid = Pyramid::new(&values);
        let curve = Curve::new(&times, &values, &pyramid, 1.5);
        assert_eq!(curve.lines(0.0, 10.0, 100), [vec![[0.0, 1.0], [1.0, 2.0], [2.0, 3.0]], vec![[7.0, 4.0]]]);
        assert_eq!(curve.lines(1.2, 1.8, 100), [[[1.0, 2.0], [2.0, 3.0]]], "lines reach the edges");
        assert_eq!((curve.value(-0.1), curve.value(1.9), curve.value(9.0)), (None, Some(2.0), None));
        assert_eq!((curve.held(7.0), curve.held(6.9)), (Some(3), Some(2)));
        assert!(Curve::new(&[], &[], &Pyramid::new(&[]), 1.0).lines(0.0, 1.0, 10).is_empty());
    }

    #[test]
    fn ten_million_samples_are_a_few_thousand_points() {
        let times: Vec<f64> = (0..10_000_000_u32).map(|i| f64::from(i) * 1e-3).collect();
        let mut values: Vec<f64> = times.iter().map(|time| (time * 7.0).sin()).collect();
        values[7_654_321] = -50.0;
        let pyramid = Pyramid::new(&values);
        let curve = Curve::new(&times, &values, &pyramid, 1.0);
        let lines = curve.lines(0.0, 1e4, 1_600);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].len() <= 6_402 && lines[0].iter().any(|[_, value]| *value == -50.0));
    }
}
