//! A series as it can be drawn: all its samples while there are few, else from where to where its values reach in every column
//! of pixels, so that no spike is lost. O(columns + log n), whatever the number of samples.

use std::ops::Range;

use super::{Extent, Pyramid};

/// Values over time, to be drawn. The times ascend; equal ones are fine, and they need not be equally far apart.
#[derive(Debug, Clone, Copy)]
pub struct Series<'a> {
    times: &'a [f64],
    values: &'a [f64],
    pyramid: &'a Pyramid,
    longest: f64,
}

/// A line from point to point: times and values.
pub type Polyline = Vec<[f64; 2]>;

/// Some columns, with nothing between them that was not recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    /// The first column.
    pub first: usize,
    /// From where to where the values reach, column by column. Neighbours touch.
    pub columns: Vec<[f64; 2]>,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Drawn {
    /// Every sample: no more than there are columns of pixels.
    Lines(Vec<Polyline>),
    /// So many samples that each column of pixels has several.
    Reaches(Vec<Reach>),
}

impl<'a> Series<'a> {
    /// A series to be drawn. Between samples further apart than `longest` there is no line: what was not recorded is not drawn.
    /// `pyramid` was built over both lists; what one of them has more than the other is left out.
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

    /// What is drawn between two times, in so many columns of pixels. A hole ends a line; one that is narrower than a column
    /// is not seen. The samples next to the ends are part of it, so that lines reach the edges.
    pub fn drawn(&self, from: f64, to: f64, columns: usize) -> Drawn {
        let seen = self.samples(from, to);
        let around = seen.start.saturating_sub(1)..(seen.end + 1).min(self.times.len());
        // A line of more points than columns looks like its columns, and costs several times as much to draw.
        if around.len() <= columns {
            Drawn::Lines(self.lines(around))
        } else {
            Drawn::Reaches(self.reaches(seen, (from, to), columns))
        }
    }

    fn lines(&self, samples: Range<usize>) -> Vec<Polyline> {
        let mut all: Vec<Polyline> = Vec::new();
        let mut before = None;
        for sample in samples {
            let (time, value) = (self.times[sample], self.values[sample]);
            if !value.is_finite() {
                before = None;
                continue;
            }
            match all.last_mut().filter(|_| before.is_some_and(|before| time - before <= self.longest)) {
                Some(line) => line.push([time, value]),
                None => all.push(vec![[time, value]]),
            }
            before = Some(time);
        }
        all
    }

    /// A piece is at most a column long and counts where it begins, so a value stands at most that far from its place.
    fn reaches(&self, seen: Range<usize>, (from, to): (f64, f64), columns: usize) -> Vec<Reach> {
        let width = (to - from) / columns as f64;
        let (mut extents, per_time) = (vec![Extent::NONE; columns], width.recip());
        self.pyramid.pieces((self.times, self.values), seen, width, &mut |piece| {
            let column = ((piece.start - from) * per_time).max(0.0) as usize;
            let extent = &mut extents[column.min(columns - 1)];
            *extent = extent.and(piece.extent);
        });
        let mut all: Vec<Reach> = Vec::new();
        // The last column that has values, and whether only holes stand behind it.
        let mut before: Option<usize> = None;
        for (column, extent) in extents.iter().enumerate() {
            if extent.is_empty() {
                before = before.filter(|_| !extent.holes);
                continue;
            }
            let own = [extent.min, extent.max];
            let near = before.filter(|before| (column - before - 1) as f64 * width <= self.longest);
            match (near, all.last_mut()) {
                (Some(before), Some(reach)) => {
                    let [low, high] = reach.columns[reach.columns.len() - 1];
                    // What lies between two neighbours was passed through: halfway by each of them.
                    let steps = (column - before) as f64;
                    for step in 1..column - before {
                        let share = step as f64 / steps;
                        let middle = |from: f64, to: f64| from + (to - from) * share;
                        reach.columns.push([middle(low, own[0]), middle(high, own[1])]);
                    }
                    let last = reach.columns.len() - 1;
                    let [low, high] = reach.columns[last];
                    reach.columns[last] = [low.min(own[1]), high.max(own[0])];
                    reach.columns.push(own);
                }
                _ => all.push(Reach { first: column, columns: vec![own] }),
            }
            before = Some(column);
        }
        all
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
        /// Brute force: every sample in sight is drawn at most a column from its place, and the whole reaches no further than
        /// the samples do.
        #[test]
        fn no_spike_is_lost_and_none_is_made_up(
            (times, values) in series(), from in -10.0..1_000.0_f64, width in 1.0..3_000.0_f64, columns in 1..200_usize,
        ) {
            let pyramid = Pyramid::new(&times, &values);
            let series = Series::new(&times, &values, &pyramid, f64::INFINITY);
            let seen = series.samples(from, from + width);
            match series.drawn(from, from + width, columns) {
                Drawn::Lines(lines) => {
                    let points = lines.concat();
                    prop_assert!(points.len() <= columns);
                    for sample in seen.filter(|&sample| values[sample].is_finite()) {
                        prop_assert!(points.contains(&[times[sample], values[sample]]));
                    }
                }
                Drawn::Reaches(reaches) => {
                    let mut drawn = vec![Extent::NONE; columns];
                    for reach in &reaches {
                        for (column, [min, max]) in reach.columns.iter().enumerate() {
                            drawn[reach.first + column] = Extent { min: *min, max: *max, holes: false };
                        }
                    }
                    // A block at an end may hold samples that are just outside.
                    let near = series.extent(from - width / columns as f64, from + width + width / columns as f64);
                    for extent in drawn.iter().filter(|extent| !extent.is_empty()) {
                        prop_assert!(near.min <= extent.min && extent.max <= near.max);
                    }
                    for sample in seen.filter(|&sample| values[sample].is_finite()) {
                        let column = ((times[sample] - from) / width * columns as f64) as usize;
                        let around = column.saturating_sub(1)..=(column + 1).min(columns - 1);
                        let value = values[sample];
                        let there = drawn[around].iter().any(|extent| extent.min <= value && value <= extent.max);
                        prop_assert!(there, "sample {} in column {}", sample, column);
                    }
                }
            }
        }
    }

    #[test]
    fn what_was_not_recorded_is_not_drawn() {
        let times = [0.0, 1.0, 2.0, 7.0, 8.0];
        let values = [1.0, 2.0, 3.0, 4.0, f64::NAN];
        let pyramid = Pyramid::new(&times, &values);
        let series = Series::new(&times, &values, &pyramid, 1.5);
        let lines = Drawn::Lines(vec![vec![[0.0, 1.0], [1.0, 2.0], [2.0, 3.0]], vec![[7.0, 4.0]]]);
        assert_eq!(series.drawn(0.0, 10.0, 100), lines);
        let inside = Drawn::Lines(vec![vec![[1.0, 2.0], [2.0, 3.0]]]);
        assert_eq!(series.drawn(1.2, 1.8, 100), inside, "lines reach the edges");
        assert_eq!((series.value(-0.1), series.value(1.9), series.value(9.0)), (None, Some(2.0), None));
        assert_eq!((series.held(7.0), series.held(6.9)), (Some(3), Some(2)));
        let nothing = Pyramid::new(&[], &[]);
        assert_eq!(Series::new(&[], &[], &nothing, 1.0).drawn(0.0, 1.0, 10), Drawn::Lines(Vec::new()));
    }

    #[test]
    fn a_hole_of_many_columns_ends_what_is_drawn() {
        let times: Vec<f64> = (0..10_000).map(f64::from).collect();
        let values: Vec<f64> = (0..10_000).map(|i| if (4_000..5_024).contains(&i) { f64::NAN } else { 1.0 }).collect();
        let pyramid = Pyramid::new(&times, &values);
        let Drawn::Reaches(reaches) = Series::new(&times, &values, &pyramid, 10.0).drawn(0.0, 10_000.0, 100) else {
            panic!("each sample is drawn")
        };
        let ends: Vec<(usize, usize)> = reaches.iter().map(|reach| (reach.first, reach.columns.len())).collect();
        assert_eq!(ends, [(0, 40), (50, 50)]);
    }

    #[test]
    fn ten_million_samples_are_a_few_thousand_columns_with_every_spike() {
        let times: Vec<f64> = (0..10_000_000_u32).map(|i| f64::from(i) * 1e-3).collect();
        let mut values: Vec<f64> = times.iter().map(|time| (time * 7.0).sin()).collect();
        values[7_654_321] = -50.0;
        let pyramid = Pyramid::new(&times, &values);
        let Drawn::Reaches(reaches) = Series::new(&times, &values, &pyramid, 1.0).drawn(0.0, 1e4, 1_600) else {
            panic!("each sample is drawn")
        };
        assert_eq!((reaches.len(), reaches[0].columns.len()), (1, 1_600));
        let low = reaches[0].columns.iter().filter(|[low, _]| *low < -40.0).count();
        assert_eq!(low, 1, "the spike stands in one column");
    }
}
