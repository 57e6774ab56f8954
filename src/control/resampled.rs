//! The limit of a run that is compared with its own beginning. A short beginning knows neither its centre nor its width nor how each
//! sample leans on those before, so that a limit for what is known exactly would raise far more alarms than were asked for.
//!
//! Runs are made of the beginning itself, which are healthy by making: stretches of what its autoregression leaves, drawn at random
//! and put through the autoregression again (Bühlmann, "Sieve bootstrap for time series", 1997). Each is learnt from and watched
//! just as the run is, and the limit is what the chance that was asked for of them exceed (Gandy and Kvaløy, "Guaranteed
//! conditional performance of control charts via bootstrap methods", 2013). What a beginning did not show is not in them: of runs
//! with strongly leaning noise, learnt from 60 samples, 11 of 100 raise an alarm where 5 were asked for, and 30 without this.

use rayon::prelude::*;

use super::change::{FEWEST, REFERENCE, Usual};
use super::noise::Noise;

/// What each run is made from, beside its number.
const SEED: u64 = 0x5EED_0000;
/// Runs that are made.
const RUNS: usize = 199;
/// A stretch that is drawn is this part of the beginning: long enough for a transient, short enough for many.
const STRETCHES: usize = 8;
/// Samples of one run that are made at most, over all signals. Of longer ones a part is made: the limit grows with the logarithm of
/// the length, by Siegmund's formula.
const MOST: usize = 10_000;

/// What a beginning taught.
struct Learnt {
    usual: Usual,
    /// What its autoregression leaves of it.
    left: Vec<f64>,
    /// How much is made: of a beginning, and in all.
    from: usize,
    count: usize,
}

/// The limit for some series, each with how much of it is its beginning; at least `least`.
pub fn limit(series: &[(Vec<f64>, usize)], false_alarm: f64, least: f64) -> f64 {
    let whole: usize = series.iter().map(|(values, _)| values.len()).sum();
    let part = (MOST as f64 / whole.max(1) as f64).min(1.0);
    let cut = |count: usize| (count as f64 * part) as usize;
    let learnt: Vec<Learnt> = series
        .iter()
        .filter_map(|(values, from)| {
            let usual = Usual::of(&values[..*from])?;
            let left = usual.residuals(&values[..*from]).split_off(usual.order().min(*from));
            Some(Learnt { usual, left, from: cut(*from).max(FEWEST), count: cut(values.len()) })
        })
        .collect();
    let exceeds = |run: usize| {
        let mut random = Noise::new(SEED + run as u64);
        let of = |Learnt { usual, left, from, count }: &Learnt| {
            let made = make(usual, left, *count, &mut random);
            let (beginning, _) = made.split_at((*from).min(made.len()));
            let Some(again) = Usual::of(beginning) else { return 0.0 };
            again.unusual(&made).into_iter().skip(*from).fold(0.0, f64::max)
        };
        learnt.iter().map(of).fold(0.0, f64::max)
    };
    let mut greatest: Vec<f64> = (0..RUNS).into_par_iter().map(exceeds).collect();
    greatest.sort_by(|a, b| b.total_cmp(a));
    let beyond = ((false_alarm * (RUNS + 1) as f64) as usize).clamp(1, RUNS);
    let longer = -part.ln() / (2.0 * REFERENCE);
    least.max(greatest[beyond - 1] + longer)
}

/// A run of so many samples that is healthy by making.
fn make(usual: &Usual, left: &[f64], count: usize, random: &mut Noise) -> Vec<f64> {
    let stretch = (left.len() / STRETCHES).max(1);
    let begins = left.len() - stretch + 1;
    let mut values: Vec<f64> = Vec::with_capacity(count + stretch);
    // What comes before is forgotten: the autoregression does not begin at its centre.
    let warm = usual.order() * 8;
    while values.len() < count + warm {
        let from = (random.uniform() * begins as f64) as usize;
        for &residual in &left[from..from + stretch] {
            values.push(usual.next(&values) + residual);
        }
    }
    values.drain(..warm);
    values.truncate(count);
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::change::limit as known;

    /// A series whose samples lean on the one before.
    fn leaning(seed: u64, count: usize) -> Vec<f64> {
        let mut random = Noise::new(seed);
        let mut last = 0.0;
        let mut step = || {
            last = 0.8 * last + (0..12).map(|_| random.uniform()).sum::<f64>() - 6.0;
            last
        };
        (0..count).map(|_| step()).collect()
    }

    #[test]
    fn a_short_beginning_raises_far_fewer_alarms_than_with_a_limit_for_a_long_one() {
        let (count, from) = (400, 60);
        let alarms = |own: bool| {
            let raised = |seed: &u64| {
                let values = leaning(*seed, count);
                let least = known(0.05, count, 1);
                let limit = if own { limit(&[(values.clone(), from)], 0.05, least) } else { least };
                Usual::of(&values[..from]).unwrap().unusual(&values).into_iter().skip(from).any(|sum| sum > limit)
            };
            (1..=100).filter(raised).count()
        };
        let (with, without) = (alarms(true), alarms(false));
        assert!(with <= 12 && without > 2 * with, "{with} of 100 where 5 were asked for; {without} without");
    }

    #[test]
    fn the_same_run_has_the_same_limit_and_a_long_one_costs_no_more() {
        let values = leaning(7, 300);
        assert!(
            limit(&[(values.clone(), 60)], 0.01, 0.0).to_bits() == limit(&[(values.clone(), 60)], 0.01, 0.0).to_bits()
        );
        assert!(limit(&[(values, 60)], 0.01, 1e6) >= 1e6);
        let long = leaning(7, 200_000);
        let found = limit(&[(long, 30_000)], 0.01, 0.0);
        assert!(found.is_finite() && found > 0.0);
    }
}
