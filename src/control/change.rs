//! When a noisy signal begins to do what it did not do before: cumulative sums with a limit of a known rate of false alarms.
//!
//! What the baseline says of a signal is taken out of it first: an autoregression makes its noise white (Yule and Walker's
//! equations by Levinson's recursion), and normal scores by the baseline's own ranks make it normal, whatever its tails are. Three
//! sums then run over it: up, down, and wider (of the scores of |residual|). Each is Page's cumulative sum ("Continuous
//! inspection schemes", 1954) with reference value k, whose run length between false alarms is, by Siegmund ("Sequential analysis",
//! 1985), (e^(2kb) − 2kb − 1)/(2k²) with b = limit + 1.166. The limit is set so that a whole run of n samples of m sums raises one
//! with the chance that is asked for.

use super::signals::median;

/// The reference value: half of the shift, in standard deviations, that is to be found soonest.
pub const REFERENCE: f64 = 0.5;
/// The reference value grows by so many standard errors of the baseline's mean: a short baseline does not know its own centre.
const UNSURE: f64 = 1.5;
/// Terms of the autoregression at most.
const ORDER: usize = 8;
/// Samples of the baseline without which nothing is learnt.
pub const FEWEST: usize = 24;
/// A score beyond the baseline's own extremes grows only so far: one sample alone is not to raise an alarm of itself.
const MOST: f64 = 8.0;

/// What a baseline says of a signal.
#[derive(Debug, Clone)]
pub struct Usual {
    centre: f64,
    weights: Vec<f64>,
    /// Residuals of the baseline, ascending, and their sizes, ascending.
    residuals: Vec<f64>,
    sizes: Vec<f64>,
}

/// Where an alarm was raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alarm {
    /// The sample at which the sum was over the limit.
    pub detected: usize,
    /// The sample from which on the sum grew without being 0: when the change began, most likely (Hinkley, "Inference about the
    /// change-point from cumulative sum tests", 1971).
    pub onset: usize,
    /// The sample at which the sum was greatest before it was 0 again: when the change ended, most likely.
    pub end: usize,
}

impl Usual {
    /// True for a baseline that is long enough, and moves.
    pub fn teaches(baseline: &[f64]) -> bool {
        let known = || baseline.iter().copied().filter(|v| v.is_finite());
        let count = known().count();
        let centre = known().sum::<f64>() / count.max(1) as f64;
        let spread = known().map(|v| (v - centre).powi(2)).sum::<f64>() / count.max(1) as f64;
        count >= FEWEST && spread.sqrt() > 1e-12 * centre.abs() && spread > 0.0
    }

    /// Learns from a baseline; `None` where it teaches nothing.
    pub fn of(baseline: &[f64]) -> Option<Self> {
        if !Self::teaches(baseline) {
            return None;
        }
        let known: Vec<f64> = baseline.iter().copied().filter(|v| v.is_finite()).collect();
        let centre = known.iter().sum::<f64>() / known.len() as f64;
        let weights = autoregression(&known, centre);
        let mut usual = Self { centre, weights, residuals: Vec::new(), sizes: Vec::new() };
        // The first ones lack the samples before them.
        let mut residuals: Vec<f64> = usual.residuals(&known).into_iter().skip(usual.weights.len()).collect();
        // What few samples fitted themselves is told apart a little less than they seem.
        let widen = 1.0 + usual.weights.len() as f64 / residuals.len().max(1) as f64;
        for residual in &mut residuals {
            *residual *= widen;
        }
        let mut sizes: Vec<f64> = residuals.iter().map(|r| r.abs()).collect();
        residuals.sort_by(f64::total_cmp);
        sizes.sort_by(f64::total_cmp);
        (usual.residuals, usual.sizes) = (residuals, sizes);
        Some(usual)
    }

    /// How many samples before one tell something of it.
    pub const fn order(&self) -> usize {
        self.weights.len()
    }

    /// What those before say of the next sample.
    pub fn next(&self, before: &[f64]) -> f64 {
        let said = self.weights.iter().zip(before.iter().rev()).map(|(weight, value)| weight * (value - self.centre));
        self.centre + said.sum::<f64>()
    }

    /// What is left of each sample when those before it have been taken into account; 0 where one is missing.
    pub fn residuals(&self, values: &[f64]) -> Vec<f64> {
        let off = |at: usize| if values[at].is_finite() { values[at] - self.centre } else { 0.0 };
        (0..values.len())
            .map(|at| {
                let said: f64 = self
                    .weights
                    .iter()
                    .enumerate()
                    .filter(|(ago, _)| *ago < at)
                    .map(|(ago, w)| w * off(at - ago - 1))
                    .sum();
                if values[at].is_finite() { off(at) - said } else { 0.0 }
            })
            .collect()
    }

    /// The greatest sum of the three after each sample, without a limit: how unusual the run is, in standard deviations.
    pub fn unusual(&self, values: &[f64]) -> Vec<f64> {
        let scores = self.scores(values);
        let mut sums = [0.0_f64; 3];
        let step = |scores: [f64; 3]| {
            for (sum, score) in sums.iter_mut().zip(scores) {
                *sum = (*sum + score - self.reference()).max(0.0);
            }
            sums.into_iter().fold(0.0, f64::max)
        };
        scores.into_iter().map(step).collect()
    }

    /// What is taken off each score.
    fn reference(&self) -> f64 {
        REFERENCE + UNSURE / (self.residuals.len() as f64).sqrt()
    }

    /// Up, down and wider.
    fn scores(&self, values: &[f64]) -> Vec<[f64; 3]> {
        let score = |residual: f64| {
            let along = normal_score(&self.residuals, residual);
            [along, -along, normal_score(&self.sizes, residual.abs())]
        };
        self.residuals(values).into_iter().map(score).collect()
    }

    /// Every alarm of a run.
    pub fn alarms(&self, values: &[f64], limit: f64) -> Vec<Alarm> {
        let scores = self.scores(values);
        let mut alarms: Vec<Alarm> = (0..3).flat_map(|sum| one_sum(&scores, sum, limit, self.reference())).collect();
        alarms.sort_unstable();
        alarms
    }
}

fn one_sum(scores: &[[f64; 3]], which: usize, limit: f64, reference: f64) -> Vec<Alarm> {
    let mut alarms = Vec::new();
    let (mut sum, mut since, mut most) = (0.0_f64, 0, (0.0, 0));
    let mut raised: Option<Alarm> = None;
    for (at, score) in scores.iter().enumerate() {
        if sum == 0.0 {
            (since, most) = (at, (0.0, at));
        }
        sum = (sum + score[which] - reference).max(0.0);
        if sum > most.0 {
            most = (sum, at);
        }
        if sum > limit && raised.is_none() {
            raised = Some(Alarm { detected: at, onset: since, end: at });
        }
        if let Some(alarm) = &mut raised {
            alarm.end = most.1;
            // It is over when the sum fell by as much as raised it: a long fault leaves a sum that takes as long to be 0 again.
            if sum == 0.0 || sum < most.0 - limit {
                alarms.extend(raised.take());
                sum = 0.0;
            }
        }
    }
    alarms.extend(raised);
    alarms
}

/// The weights of the samples before one, by Levinson's recursion, with as many terms as Akaike's criterion wants.
fn autoregression(values: &[f64], centre: f64) -> Vec<f64> {
    let n = values.len();
    let most = ORDER.min(n / 12);
    let covariance =
        |lag: usize| (lag..n).map(|at| (values[at] - centre) * (values[at - lag] - centre)).sum::<f64>() / n as f64;
    let r: Vec<f64> = (0..=most).map(covariance).collect();
    let (mut weights, mut error): (Vec<f64>, f64) = (Vec::new(), r[0]);
    let mut best = (n as f64 * error.max(f64::MIN_POSITIVE).ln(), Vec::new());
    for order in 1..=most {
        let said: f64 = weights.iter().enumerate().map(|(at, w)| w * r[order - 1 - at]).sum();
        if error <= 0.0 {
            break;
        }
        let reflection = (r[order] - said) / error;
        let before = weights.clone();
        for (at, w) in weights.iter_mut().enumerate() {
            *w -= reflection * before[order - 2 - at];
        }
        weights.push(reflection);
        error *= 1.0 - reflection * reflection;
        let akaike = n as f64 * error.max(f64::MIN_POSITIVE).ln() + 2.0 * order as f64;
        if akaike < best.0 {
            best = (akaike, weights.clone());
        }
    }
    best.1
}

/// The normal score of a value among a baseline's, ascending: Φ⁻¹ of its rank. Beyond the baseline's own it grows by how far it is
/// outside, in the baseline's widths.
fn normal_score(sorted: &[f64], value: f64) -> f64 {
    let n = sorted.len() as f64;
    let (below, upto) = (sorted.partition_point(|&v| v < value), sorted.partition_point(|&v| v <= value));
    let score = quantile(((below + upto) as f64 / 2.0 + 0.5) / (n + 1.0));
    let (Some(&low), Some(&high)) = (sorted.first(), sorted.last()) else { return 0.0 };
    let scale = (sorted[sorted.len() * 3 / 4] - sorted[sorted.len() / 4]).max((high - low) * 1e-3) / 1.349;
    let beyond = if value > high {
        (value - high) / scale
    } else if value < low {
        (value - low) / scale
    } else {
        0.0
    };
    if scale > 0.0 { (score + beyond).clamp(-MOST, MOST) } else { score }
}

/// Φ⁻¹, to 4.5·10⁻⁴ (Abramowitz and Stegun, "Handbook of mathematical functions", 26.2.23).
fn quantile(p: f64) -> f64 {
    let tail = p.min(1.0 - p).max(1e-12);
    let t = (-2.0 * tail.ln()).sqrt();
    let up = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let down = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let x = t - up / down;
    if p < 0.5 { -x } else { x }
}

/// The limit at which a run of `samples` of so many signals, with three sums each, raises a false alarm with this chance.
pub fn limit(false_alarm: f64, samples: usize, signals: usize) -> f64 {
    let sums = (3 * signals.max(1)) as f64;
    // The chance of a run is 1 − e^(−n·m/ARL).
    let run_length = samples.max(1) as f64 * sums / -(1.0 - false_alarm).ln();
    let (mut low, mut high) = (0.0, 200.0);
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        let b = middle + 1.166;
        let x = 2.0 * REFERENCE * b;
        let expected = (x.exp() - x - 1.0) / (2.0 * REFERENCE * REFERENCE);
        if expected < run_length { low = middle } else { high = middle }
    }
    high
}

/// How rough a series is: von Neumann's ratio of the mean square of its steps to its variance; about 2 for white noise, near 0
/// for what moves smoothly. `None` where it does not move.
pub fn roughness(values: &[f64]) -> Option<f64> {
    let known: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    let centre = median(&known)?;
    let spread: f64 = known.iter().map(|v| (v - centre).powi(2)).sum();
    let steps: f64 = known.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
    (spread > 0.0 && known.len() > 4).then(|| steps / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// White noise that is the same on every machine.
    fn noise(seed: u64, n: usize) -> Vec<f64> {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut uniform = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        (0..n).map(|_| (0..12).map(|_| uniform()).sum::<f64>() - 6.0).collect()
    }

    /// The same, but each sample leans on the one before.
    fn leaning(seed: u64, n: usize) -> Vec<f64> {
        let mut last = 0.0;
        let lean = |v: f64| {
            last = 0.8 * last + v;
            last
        };
        noise(seed, n).into_iter().map(lean).collect()
    }

    #[test]
    fn false_alarms_are_as_rare_as_was_asked() {
        let limit = limit(0.05, 400, 1);
        for make in [noise as fn(u64, usize) -> Vec<f64>, leaning] {
            let alarms = (1..=200).filter(|&seed| {
                let usual = Usual::of(&make(seed, 1000)).unwrap();
                !usual.alarms(&make(seed + 1000, 400), limit).is_empty()
            });
            let count = alarms.count();
            assert!(count <= 24, "{count} of 200, where 10 were asked for");
        }
    }

    #[test]
    fn a_shift_is_found_soon_and_where_it_began() {
        let limit = limit(0.01, 400, 1);
        let mut late = 0;
        for seed in 1..=50 {
            let usual = Usual::of(&noise(seed, 800)).unwrap();
            let mut run = noise(seed + 500, 400);
            run.iter_mut().skip(200).take(100).for_each(|v| *v += 2.0);
            let alarm = usual.alarms(&run, limit).into_iter().find(|alarm| alarm.detected >= 200).unwrap();
            assert!(alarm.detected < 230 && alarm.onset.abs_diff(200) < 25, "{alarm:?}");
            late += alarm.detected - 200;
        }
        assert!(late / 50 < 12, "on average {} samples late", late / 50);
    }

    #[test]
    fn wider_noise_is_a_change_too() {
        let usual = Usual::of(&noise(3, 800)).unwrap();
        let mut run = noise(4, 300);
        run.iter_mut().skip(150).for_each(|v| *v *= 3.0);
        let first = usual.alarms(&run, limit(0.01, 300, 1))[0];
        assert!(first.detected > 150 && first.detected < 180, "{first:?}");
    }

    #[test]
    fn the_limit_grows_with_what_is_watched() {
        assert!(limit(0.01, 1000, 1) < limit(0.01, 1000, 50) && limit(0.1, 1000, 1) < limit(0.01, 1000, 1));
        // Siegmund's formula gives 470 for k = 0.5 and a limit of 5, one-sided 930.
        let n = 938;
        assert!((limit(1.0 - (-1.0_f64).exp(), n, 1) - 5.0 - (3.0_f64).ln()).abs() < 0.1);
    }

    #[test]
    fn what_never_moves_teaches_nothing() {
        assert!(Usual::of(&[2.0; 100]).is_none() && Usual::of(&noise(1, 10)).is_none());
        assert!(roughness(&noise(1, 100)).unwrap() > 1.5);
        assert!(roughness(&(0..100).map(f64::from).collect::<Vec<f64>>()).unwrap() < 0.1);
    }
}
