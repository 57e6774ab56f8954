//! Errors over time: between setpoint and state, between state and estimate, between both runs.

use super::loops::{groups, loops, whereabouts};
use super::{Criterion, Curve, CurveKind, Loop, Moment};
use crate::trace::{Samples, Side, Sides, SignalRole};

/// Which moments of both runs belong together: by the recording's own steps, or else one by one.
pub fn aligned(samples: &Sides<&Samples>, axes: Sides<usize>) -> Vec<(usize, usize)> {
    let Sides { expected, actual } = samples;
    let (one, other) = (&expected.axes[axes.expected], &actual.axes[axes.actual]);
    let numbered = |steps: &[i64], times: &[i64]| steps.len() == times.len() && steps.is_sorted_by(|a, b| a < b);
    if !numbered(&one.steps, &one.times) || !numbered(&other.steps, &other.times) {
        return (0..one.times.len().min(other.times.len())).map(|at| (at, at)).collect();
    }
    let mut pairs = Vec::with_capacity(one.steps.len().min(other.steps.len()));
    let (mut i, mut j) = (0, 0);
    while let (Some(a), Some(b)) = (one.steps.get(i), other.steps.get(j)) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                pairs.push((i, j));
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    pairs
}

/// The moment of an index on an axis.
pub(super) fn moment(samples: &Samples, axis: usize, index: usize) -> Moment {
    let axis = &samples.axes[axis];
    Moment { index, step: axis.step(index), time: axis.times.get(index).copied().unwrap_or_default() }
}

/// The value that a signal has at a time: the last one recorded until then.
fn held(samples: &Samples, signal: usize, time: i64) -> f64 {
    let at = samples.times(signal).partition_point(|&t| t <= time);
    samples.signals[signal].values[..at].iter().rev().find(|v| !v.is_nan()).copied().unwrap_or(f64::NAN)
}

/// The values of a signal at the times of an axis, each the last one recorded until then.
pub(super) fn on_axis(samples: &Samples, signal: usize, axis: usize) -> Vec<f64> {
    let of = &samples.signals[signal];
    if of.axis == axis {
        return of.values.clone();
    }
    let (times, own) = (&samples.axes[axis].times, samples.times(signal));
    let (mut at, mut last) = (0, f64::NAN);
    let values = times.iter().map(|&time| {
        while own.get(at).is_some_and(|&t| t <= time) {
            if !of.values[at].is_nan() {
                last = of.values[at];
            }
            at += 1;
        }
        last
    });
    values.collect()
}

/// √Σd² of the differences of pairs of signals, on the axis of the first pair's second signal.
fn distance(samples: &Samples, pairs: &[(usize, usize)]) -> (Vec<i64>, Vec<f64>) {
    let Some(&(_, first)) = pairs.first() else { return (Vec::new(), Vec::new()) };
    let axis = samples.signals[first].axis;
    let times = samples.axes[axis].times.clone();
    let mut squares = vec![0.0; times.len()];
    for &(one, other) in pairs {
        let (one, other) = (on_axis(samples, one, axis), on_axis(samples, other, axis));
        for (square, (a, b)) in squares.iter_mut().zip(one.iter().zip(&other)) {
            *square += (a - b) * (a - b);
        }
    }
    (times, squares.into_iter().map(f64::sqrt).collect())
}

/// The tracking error of a loop: √Σ(setpoint − follower)² over its components.
pub fn tracking(samples: &Samples, of: &Loop) -> (Vec<i64>, Vec<f64>) {
    distance(samples, &of.components)
}

/// √Σ(state − estimate)², where both were recorded with the same components.
fn estimating(samples: &Samples) -> Option<(String, Vec<i64>, Vec<f64>)> {
    let (name, state) = whereabouts(samples)?;
    let (_, estimate) = groups(samples, SignalRole::Estimate).into_iter().next()?;
    if state.len() != estimate.len() || state == estimate {
        return None;
    }
    let pairs: Vec<(usize, usize)> = state.into_iter().zip(estimate).collect();
    let (times, values) = distance(samples, &pairs);
    Some((name, times, values))
}

/// √Σ(expected − actual)² of where the plant is, on the actual side's axis; NaN where expected has no such moment.
pub(super) fn gap(samples: &Sides<&Samples>) -> Option<(String, usize, Vec<f64>)> {
    let (name, signals) = whereabouts(samples.actual)?;
    let axis = samples.actual.signals[*signals.first()?].axis;
    let pairs: Vec<(usize, usize)> = signals
        .iter()
        .filter_map(|&at| Some((samples.expected.find(&samples.actual.signals[at].name)?, at)))
        .filter(|&(_, at)| samples.actual.signals[at].axis == axis)
        .collect();
    let &(first, _) = pairs.first()?;
    let moments = aligned(samples, Sides::new(samples.expected.signals[first].axis, axis));
    let mut squares = vec![f64::NAN; samples.actual.axes[axis].times.len()];
    for &(i, j) in &moments {
        squares[j] = 0.0;
        for &(expected, actual) in &pairs {
            let apart = samples.expected.signals[expected].values.get(i).copied().unwrap_or(f64::NAN)
                - samples.actual.signals[actual].values[j];
            squares[j] += apart * apart;
        }
    }
    Some((name, axis, squares.into_iter().map(f64::sqrt).collect()))
}

/// Every error curve of both runs.
pub(super) fn curves(samples: &Sides<&Samples>) -> Vec<Curve> {
    let mut curves = Vec::new();
    let unit = |samples: &Samples, group: &str| {
        samples.signals.iter().find(|signal| signal.group == group).and_then(|signal| signal.unit.clone())
    };
    for side in Side::BOTH {
        let run = samples[side];
        for of in loops(run) {
            let (times, values) = tracking(run, &of);
            let unit = unit(run, &of.follows);
            curves.push(Curve { kind: CurveKind::Tracking, side: Some(side), of: of.follows, unit, times, values });
        }
        if let Some((of, times, values)) = estimating(run) {
            let unit = unit(run, &of);
            curves.push(Curve { kind: CurveKind::Estimate, side: Some(side), of, unit, times, values });
        }
    }
    if let Some((of, axis, values)) = gap(samples) {
        let times = samples.actual.axes[axis].times.clone();
        let unit = unit(samples.actual, &of);
        curves.push(Curve { kind: CurveKind::Gap, side: None, of, unit, times, values });
    }
    curves
}

/// The first moment with a gap beyond a threshold, and how far the error grows from there.
pub(super) fn criterion(samples: &Sides<&Samples>, threshold: f64) -> Option<Criterion> {
    let (_, axis, gap) = gap(samples)?;
    let none = Criterion { threshold, at: None, errors: None, growth: 0.0 };
    let Some(index) = gap.iter().position(|&gap| gap > threshold) else { return Some(none) };
    let at = moment(samples.actual, axis, index);
    let of = loops(samples.actual).into_iter().next();
    let errors = of.and_then(|of| {
        let (times, actual) = tracking(samples.actual, &of);
        let from = actual.get(times.partition_point(|&time| time < at.time)..)?;
        let greatest = from.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let of = loops(samples.expected).into_iter().next()?;
        let expected = of.components.iter().map(|&(setpoint, follower)| {
            // The same step of the other run may have another time.
            let run = samples.expected;
            let own = run.signals[follower].axis;
            let pairs = aligned(samples, Sides::new(own, axis));
            let at = pairs.iter().find(|(_, j)| *j == index).map(|(i, _)| *i)?;
            let time = run.axes[own].times[at];
            Some((held(run, setpoint, time) - run.signals[follower].values[at]).powi(2))
        });
        let expected = expected.sum::<Option<f64>>()?.sqrt();
        Some((Sides::new(expected, *from.first()?), greatest - from.first()?))
    });
    let (errors, growth) = errors.map_or((None, 0.0), |(errors, growth)| (Some(errors), growth));
    Some(Criterion { threshold, at: Some(at), errors, growth })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::plant::{Pair, Scenario, samples};

    /// Step, time, growth and the errors then, as the published reports print them.
    fn printed(scenario: Scenario) -> Option<(i64, String, String, [f64; 2])> {
        let pair = Pair::of(&scenario.setup());
        let runs = [samples(&pair.expected, false), samples(&pair.actual, false)];
        let found = criterion(&Sides::new(&runs[0], &runs[1]), 0.75).unwrap();
        let six = |value: f64| format!("{value:.6}");
        let errors = found.errors.map(|e| [e.expected, e.actual]);
        Some((found.at?.step, format!("{:.1}", found.at?.time as f64 / 1e6), six(found.growth), errors?))
    }

    #[test]
    fn the_published_numbers_come_out_to_their_printed_precision() {
        let (step, time, growth, errors) = printed(Scenario::DelayedSensor).unwrap();
        assert_eq!((step, time.as_str(), growth.as_str()), (38, "3.9", "0.903344"));
        assert!((errors[0] - 0.720_307).abs() < 1e-6 && (errors[1] - 1.501_98).abs() < 1e-5, "{errors:?}");
        let (step, time, growth, errors) = printed(Scenario::ActuatorSaturation).unwrap();
        assert_eq!((step, time.as_str(), &growth[..8]), (53, "5.4", "0.575266"));
        assert!((errors[0] - 0.348_841).abs() < 1e-6 && (errors[1] - 1.103_87).abs() < 1e-5, "{errors:?}");
        assert_eq!(printed(Scenario::TimingJitter), None);
        assert_eq!(printed(Scenario::Healthy), None);
    }
}
