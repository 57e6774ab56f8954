//! Sums over signals that several parts of a diagnosis need.

use super::errors::on_axis;
use crate::trace::{Samples, SignalRole};

/// Samples from which a lag is told: more would not tell it better.
const LAG_SAMPLES: usize = 100_000;

/// The lag, in samples, at which one series follows another best: the greatest normalised cross-correlation. `None` where one of
/// them does not move.
pub fn lag(leads: &[f64], follows: &[f64], most: usize) -> Option<usize> {
    let n = leads.len().min(follows.len()).min(LAG_SAMPLES);
    let most = most.min(n / 4);
    let energy = |values: &[f64]| values.iter().map(|v| v * v).sum::<f64>();
    if energy(&leads[..n]) == 0.0 || energy(&follows[..n]) == 0.0 {
        return None;
    }
    let likeness = |lag: usize| {
        let (one, other) = (&leads[..n - lag], &follows[lag..n]);
        let product: f64 = one.iter().zip(other).map(|(a, b)| a * b).sum();
        let size = (energy(one) * energy(other)).sqrt();
        if size > 0.0 { product / size } else { 0.0 }
    };
    let mut best = (f64::NEG_INFINITY, 0);
    for lag in 0..=most {
        let like = likeness(lag);
        // A tie, up to rounding, is the shorter one's.
        if like > best.0 + 1e-12 {
            best = (like, lag);
        }
    }
    Some(best.1)
}

/// How long each step of an axis lasted, in seconds: as recorded, or else from one time to the next. The first has the length of
/// the second where only times tell; that of a lone moment is 0.
pub fn periods(samples: &Samples, axis: usize) -> Vec<f64> {
    if let Some(period) = samples.of_role(SignalRole::Period).find(|&at| samples.signals[at].axis == axis) {
        let signal = &samples.signals[period];
        let scale = match signal.unit.as_deref() {
            Some("ms") => 1e-3,
            Some("us") => 1e-6,
            Some("ns") => 1e-9,
            _ => 1.0,
        };
        return signal.values.iter().map(|v| v * scale).collect();
    }
    let per_second = samples.per_second();
    let times = &samples.axes[axis].times;
    let mut lengths: Vec<f64> = times.windows(2).map(|pair| (pair[1] - pair[0]) as f64 / per_second).collect();
    if !times.is_empty() {
        lengths.insert(0, lengths.first().copied().unwrap_or_default());
    }
    lengths
}

/// The median of what is finite.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut known: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    let middle = known.len() / 2;
    (!known.is_empty()).then(|| *known.select_nth_unstable_by(middle, f64::total_cmp).1)
}

/// √Σv² of some signals, on an axis.
pub fn norm(samples: &Samples, signals: &[usize], axis: usize) -> Vec<f64> {
    let mut squares = vec![0.0; samples.axes[axis].times.len()];
    for &signal in signals {
        for (square, value) in squares.iter_mut().zip(on_axis(samples, signal, axis)) {
            *square += value * value;
        }
    }
    squares.into_iter().map(f64::sqrt).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lag_is_where_both_are_most_alike() {
        let wave: Vec<f64> = (0..200).map(|i| f64::from(i * i % 37) - 18.0).collect();
        let late: Vec<f64> = std::iter::repeat_n(0.0, 7).chain(wave.iter().copied()).take(200).collect();
        assert_eq!(lag(&wave, &late, 40), Some(7));
        assert_eq!(lag(&wave, &wave, 40), Some(0));
        assert_eq!(lag(&wave, &[0.0; 200], 40), None);
    }

    #[test]
    fn a_median_leaves_gaps_out() {
        assert_eq!(median(&[3.0, f64::NAN, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[f64::NAN]), None);
    }
}
