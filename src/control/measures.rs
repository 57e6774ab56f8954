//! How well a run keeps to its setpoint.
#![expect(clippy::float_cmp, reason = "a value that is repeated, or was never changed, is the same to the last bit")]

use super::errors::{on_axis, tracking};
use super::loops::{groups, loops};
use super::{Loop, Measures, Oscillation, Stability};
use crate::trace::{Samples, SignalRole};

/// The band around the setpoint in which a loop has settled, as a share of the setpoint's step.
const SETTLED: f64 = 0.05;
/// The part of a run whose mean error is the steady one.
const STEADY: f64 = 0.1;
/// The damping ratio below which a swing goes on.
const MARGINAL: f64 = 0.01;
/// A growing error is this much greater at the end of a stretch than after its start.
const GROWN: f64 = 2.0;
/// An output stands at its limit when it is at least this share of the greatest one.
const AT_LIMIT: f64 = 0.999;

/// The measures of every loop of a run.
pub fn measure(samples: &Samples) -> Vec<Measures> {
    loops(samples).into_iter().filter_map(|of| one(samples, of)).collect()
}

fn one(samples: &Samples, of: Loop) -> Option<Measures> {
    let (times, error) = tracking(samples, &of);
    let per_second = samples.per_second();
    let start = *times.first()?;
    let seconds: Vec<f64> = times.iter().map(|&t| (t - start) as f64 / per_second).collect();
    let mut sums = [0.0; 3];
    for at in 1..seconds.len() {
        let (t, dt, e) = (seconds[at], seconds[at] - seconds[at - 1], error[at]);
        // Where nothing was recorded, or time does not move, nothing is added.
        if dt > 0.0 && e.is_finite() {
            sums[0] += e * dt;
            sums[1] += e * e * dt;
            sums[2] += t * e * dt;
        }
    }
    let axis = samples.signals[of.components.first()?.1].axis;
    let from = last_step(samples, &of, axis);
    let signed = swings(samples, &of, axis, from);
    let oscillation = oscillation(&signed, &seconds[from.min(seconds.len())..]);
    let (overshoot, rise, settling) = step_response(samples, &of, axis, from, &seconds, &error);
    let tail = error.len() - (error.len() as f64 * STEADY).ceil() as usize;
    let steady: Vec<f64> = error[tail..].iter().copied().filter(|e| e.is_finite()).collect();
    let stability = stability(&signed, oscillation);
    Some(Measures {
        iae: sums[0],
        ise: sums[1],
        itae: sums[2],
        greatest: error.iter().copied().filter(|e| e.is_finite()).fold(0.0, f64::max),
        overshoot,
        rise,
        settling,
        steady_state: mean(&steady),
        oscillation,
        delay: delay(samples, &of, axis, &seconds),
        jitter: jitter(samples, axis),
        drift: drift(samples, axis, &seconds),
        clipped: clipped(samples, axis, &seconds),
        stability,
        of,
    })
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// The index at which a setpoint of the loop moves for the last time.
fn last_step(samples: &Samples, of: &Loop, axis: usize) -> usize {
    let last = of.components.iter().filter_map(|&(setpoint, _)| {
        let values = on_axis(samples, setpoint, axis);
        (1..values.len()).rev().find(|&at| values[at] != values[at - 1] && !values[at - 1].is_nan())
    });
    last.max().unwrap_or(0)
}

/// The signed error from the setpoint's last step on, of the component that is furthest off.
fn swings(samples: &Samples, of: &Loop, axis: usize, from: usize) -> Vec<f64> {
    let error = |&(setpoint, follower): &(usize, usize)| -> Vec<f64> {
        let (one, other) = (on_axis(samples, setpoint, axis), on_axis(samples, follower, axis));
        one.iter().zip(&other).skip(from).map(|(a, b)| a - b).collect()
    };
    let size = |error: &Vec<f64>| error.iter().filter(|e| e.is_finite()).map(|e| e.abs()).sum::<f64>();
    of.components.iter().map(error).max_by(|a, b| size(a).total_cmp(&size(b))).unwrap_or_default()
}

/// The extremes between crossings of zero, each with its index.
fn extremes(error: &[f64]) -> Vec<(usize, f64)> {
    let mut found: Vec<(usize, f64)> = Vec::new();
    let scale = error.iter().filter(|e| e.is_finite()).fold(0.0_f64, |most, e| most.max(e.abs()));
    // What is below a millionth of the greatest is rounding.
    for (at, &e) in error.iter().enumerate().filter(|(_, e)| e.abs() > scale * 1e-6) {
        match found.last_mut() {
            Some((_, last)) if (*last > 0.0) == (e > 0.0) => {
                if e.abs() > last.abs() {
                    *found.last_mut().expect("there is a last one") = (at, e);
                }
            }
            _ => found.push((at, e)),
        }
    }
    found
}

/// The swing of an error: half a period from extreme to extreme, damping from the logarithmic decrement of half a period,
/// δ = ln(xₙ/xₙ₊₁), ζ = δ/√(π²+δ²) (Thomson, "Theory of vibration", 2.8, with half periods). The first extreme is the step itself
/// and is left out where there are enough, and so is the last, which may not be one yet.
fn oscillation(error: &[f64], seconds: &[f64]) -> Option<Oscillation> {
    let found = extremes(error);
    let inner = found.get(1..found.len().checked_sub(1)?)?;
    let (first, last) = (inner.first()?, inner.last()?);
    let halves = (inner.len() - 1) as f64;
    if inner.len() < 3 {
        return None;
    }
    let time = seconds.get(last.0)? - seconds.get(first.0)?;
    if time <= 0.0 {
        return None;
    }
    // A straight line through the logarithms: every extreme counts, and none alone.
    let logarithms: Vec<f64> = inner.iter().map(|(_, e)| e.abs().ln()).collect();
    let (middle, level) = (halves / 2.0, mean(&logarithms));
    let (mut up, mut down) = (0.0, 0.0);
    for (at, log) in logarithms.iter().enumerate() {
        let x = at as f64 - middle;
        up += x * (log - level);
        down += x * x;
    }
    let decrement = -up / down;
    let damping = decrement / (std::f64::consts::PI.powi(2) + decrement * decrement).sqrt();
    let amplitude = inner.iter().map(|(_, e)| e.abs()).fold(0.0, f64::max);
    Some(Oscillation { frequency: halves / 2.0 / time, damping, amplitude })
}

/// A loop that swings holds by its damping; one that does not holds unless its error runs away after the setpoint's last step.
fn stability(error: &[f64], oscillation: Option<Oscillation>) -> Stability {
    match oscillation {
        Some(swing) if swing.damping < -MARGINAL => return Stability::Unstable,
        Some(swing) if swing.damping < MARGINAL => return Stability::Marginal,
        Some(_) => return Stability::Stable,
        None => {}
    }
    let known: Vec<f64> = error.iter().copied().filter(|e| e.is_finite()).map(f64::abs).collect();
    let Some((first, rest)) = known.split_first() else { return Stability::Stable };
    if error.iter().any(|e| e.is_infinite()) {
        return Stability::Unstable;
    }
    let end = rest.last().copied().unwrap_or(*first);
    let rising = rest.windows(2).rev().take(rest.len() / 3).all(|pair| pair[1] >= pair[0]);
    if rest.len() > 8 && end > GROWN * first.max(f64::MIN_POSITIVE) && rising && *first > 0.0 {
        Stability::Unstable
    } else {
        Stability::Stable
    }
}

/// Overshoot, rise and settling time after the setpoint's last step.
fn step_response(
    samples: &Samples,
    of: &Loop,
    axis: usize,
    from: usize,
    seconds: &[f64],
    error: &[f64],
) -> (Option<f64>, Option<f64>, Option<f64>) {
    let parts: Vec<(Vec<f64>, Vec<f64>)> =
        of.components.iter().map(|&(s, f)| (on_axis(samples, s, axis), on_axis(samples, f, axis))).collect();
    // The way from where the plant was to the setpoint.
    let before = from.saturating_sub(1);
    let way: Vec<f64> = parts.iter().map(|(s, f)| s[from] - f[before]).collect();
    let long = way.iter().map(|w| w * w).sum::<f64>().sqrt();
    if !(long > 0.0 && long.is_finite()) {
        return (None, None, None);
    }
    let along = |at: usize| {
        let sum: f64 = parts.iter().zip(&way).map(|((_, f), w)| (f[at] - f[before]) * w).sum();
        sum / (long * long)
    };
    // How far beyond the goal, of whole steps: the projection on the way of the setpoint's step.
    let reached: Vec<f64> = (from..seconds.len()).map(|at| if at < error.len() { along(at) } else { 0.0 }).collect();
    let overshoot = reached.iter().copied().filter(|r| r.is_finite()).fold(0.0_f64, |most, r| most.max(r - 1.0));
    let first = |share: f64| reached.iter().position(|&r| r >= share).map(|at| seconds[from + at]);
    let rise = first(0.1).zip(first(0.9)).map(|(low, high)| high - low);
    let outside = error.get(from..).and_then(|e| e.iter().rposition(|&e| e > SETTLED * long || e.is_nan()));
    let settling = match outside {
        None => Some(0.0),
        Some(at) => seconds.get(from + at + 1).map(|t| t - seconds[from]),
    };
    (Some(overshoot), rise, settling)
}

/// Seconds by which the measurement follows the state where both are recorded, else the follower the setpoint: the lag with the
/// greatest correlation of their increments, up to a quarter of the run and 200 samples. `None` where nothing moves.
fn delay(samples: &Samples, of: &Loop, axis: usize, seconds: &[f64]) -> Option<f64> {
    let &(setpoint, follower) = of.components.first()?;
    let measured = groups(samples, SignalRole::Measurement).into_iter().next().and_then(|(_, of)| of.first().copied());
    let (leads, follows) = match measured {
        Some(measured) if samples.signals[follower].role == SignalRole::State => (follower, measured),
        _ => (setpoint, follower),
    };
    let increments = |signal: usize| -> Vec<f64> {
        let values = on_axis(samples, signal, axis);
        values.windows(2).map(|pair| pair[1] - pair[0]).map(|d| if d.is_finite() { d } else { 0.0 }).collect()
    };
    let lag = super::signals::lag(&increments(leads), &increments(follows), 200)?;
    let usual = (seconds.last()? - seconds.first()?) / (seconds.len() as f64 - 1.0);
    Some(lag as f64 * usual)
}

/// The mean and the greatest deviation of the length of a step from the usual one, in seconds: by the recorded lengths, or else by
/// the times.
fn jitter(samples: &Samples, axis: usize) -> Option<(f64, f64)> {
    let lengths = super::signals::periods(samples, axis);
    let usual = super::signals::median(&lengths)?;
    let off: Vec<f64> = lengths.iter().map(|l| (l - usual).abs()).filter(|l| l.is_finite()).collect();
    Some((mean(&off), off.iter().copied().fold(0.0, f64::max)))
}

/// The slope of |state − estimate| over time, by least squares, in the state's unit per second.
fn drift(samples: &Samples, axis: usize, seconds: &[f64]) -> Option<f64> {
    let (_, state) = groups(samples, SignalRole::State).into_iter().next()?;
    let (_, estimate) = groups(samples, SignalRole::Estimate).into_iter().next()?;
    let (state, estimate) = (on_axis(samples, *state.first()?, axis), on_axis(samples, *estimate.first()?, axis));
    let off: Vec<(f64, f64)> = seconds
        .iter()
        .zip(state.iter().zip(&estimate))
        .map(|(t, (s, e))| (*t, (s - e).abs()))
        .filter(|(_, off)| off.is_finite())
        .collect();
    let n = off.len() as f64;
    let (t, e) = (off.iter().map(|o| o.0).sum::<f64>() / n, off.iter().map(|o| o.1).sum::<f64>() / n);
    let (up, down) =
        off.iter().fold((0.0, 0.0), |(up, down), o| (up + (o.0 - t) * (o.1 - e), down + (o.0 - t).powi(2)));
    (down > 0.0).then(|| up / down)
}

/// Seconds during which the command was as great as it ever was, where it was so more than once.
fn clipped(samples: &Samples, axis: usize, seconds: &[f64]) -> f64 {
    let Some((_, command)) = groups(samples, SignalRole::Command).into_iter().next() else { return 0.0 };
    let sizes = super::signals::norm(samples, &command, axis);
    let most = sizes.iter().copied().filter(|s| s.is_finite()).fold(0.0, f64::max);
    let at_limit: Vec<usize> = (0..sizes.len()).filter(|&at| most > 0.0 && sizes[at] >= AT_LIMIT * most).collect();
    if at_limit.len() < 2 {
        return 0.0;
    }
    at_limit.iter().filter(|&&at| at > 0).map(|&at| seconds[at] - seconds[at - 1]).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::plant::{Fault, Injection, Scenario, Setup, run, samples};

    fn measured(setup: &Setup) -> Measures {
        measure(&samples(&run(setup), false)).remove(0)
    }

    fn step(kd: f64) -> Setup {
        Setup { steps: 2000, dt: 0.01, waypoints: vec![[1.0, 0.0]], limit: f64::INFINITY, kd, ..Setup::default() }
    }

    #[test]
    fn a_second_order_loop_swings_as_theory_says() {
        let found = measured(&step(0.45));
        let natural = 1.4_f64.sqrt();
        let ratio = 0.45 / (2.0 * natural);
        let damped = natural * (1.0 - ratio * ratio).sqrt() / std::f64::consts::TAU;
        let swing = found.oscillation.unwrap();
        assert!((swing.frequency - damped).abs() < 0.01 * damped, "{} {damped}", swing.frequency);
        assert!((swing.damping - ratio).abs() < 0.03, "{} {ratio}", swing.damping);
        let overshoot = (-std::f64::consts::PI * ratio / (1.0 - ratio * ratio).sqrt()).exp();
        assert!((found.overshoot.unwrap() - overshoot).abs() < 0.02, "{:?} {overshoot}", found.overshoot);
        assert_eq!(found.stability, Stability::Stable);
        assert!(found.settling.unwrap() > 10.0 && found.settling.unwrap() < 16.0, "{:?}", found.settling);
        // ∫|e|dt of e = e^(−ζωt)… is bounded by the envelope's; ITAE weighs late errors.
        assert!(found.iae > 1.0 && found.itae > found.iae && found.steady_state < 0.02, "{found:?}");
    }

    #[test]
    fn negative_damping_grows_and_none_goes_on() {
        assert_eq!(measured(&step(-0.3)).stability, Stability::Unstable);
        assert!(measured(&step(-0.3)).oscillation.unwrap().growing());
        let over = measured(&step(4.0));
        assert_eq!((over.stability, over.oscillation), (Stability::Stable, None));
        assert!(over.overshoot.unwrap() < 1e-9);
    }

    #[test]
    fn the_healthy_scenario_is_stable_and_clips() {
        let healthy = measured(&Scenario::Healthy.setup());
        assert_eq!(healthy.stability, Stability::Stable);
        assert!(healthy.clipped > 3.0, "{}", healthy.clipped);
        assert_eq!(healthy.jitter.map(|(_, most)| most < 1e-9), Some(true));
        let late = measured(&Scenario::TimingJitter.setup()).jitter.unwrap();
        assert!((late.1 - 0.03).abs() < 1e-9);
    }

    #[test]
    fn a_late_sensor_is_measured_as_late() {
        let delayed = |steps| {
            let faults = vec![Injection::new(Fault::Delay(steps), 0, u32::MAX)];
            measured(&Setup { faults, ..Setup::default() }).delay.unwrap()
        };
        // The sensor speaks before the plant moves: one step is its own.
        assert!((delayed(0) - 0.1).abs() < 1e-9, "{}", delayed(0));
        assert!((delayed(4) - 0.5).abs() < 1e-9, "{}", delayed(4));
    }
}
