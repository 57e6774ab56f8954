//! What both runs recorded, and the moments at which they part sample by sample.

use super::errors::{aligned, moment};
use super::{Moment, Onset, Parted};
use crate::trace::{Samples, Sides, SignalRole};

/// Two runs of one program differ by no more than this share of a signal's greatest value, where machines round otherwise.
const ROUNDING: f64 = 1e-12;

/// What a person decided about the comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Signals or groups that are set aside.
    pub ignore: Vec<String>,
    /// Signals or groups that alone are compared; all where there are none.
    pub only: Vec<String>,
    /// How much a signal or group may differ: absolute, and as a share of expected.
    pub tolerance: Vec<(String, f64, f64)>,
    /// The gap that the fixed criterion asks for.
    pub threshold: f64,
    /// The chance of a false alarm in a whole run, where noise has to be told from a fault.
    pub false_alarm: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { ignore: Vec::new(), only: Vec::new(), tolerance: Vec::new(), threshold: 0.75, false_alarm: 0.01 }
    }
}

/// A signal that both runs have.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// Its name.
    pub name: String,
    /// What it is in the loop.
    pub role: SignalRole,
    /// Its place among each run's signals.
    pub at: Sides<usize>,
    /// How much it may differ: absolute, and as a share of expected.
    pub tolerance: (f64, f64),
}

/// The signals of both runs, and those that were set aside with why.
pub fn matched(samples: &Sides<&Samples>, options: &Options) -> (Vec<Match>, Vec<(String, String)>) {
    let mut both = Vec::new();
    let mut aside = Vec::new();
    for (actual, signal) in samples.actual.signals.iter().enumerate() {
        let named = |name: &String| *name == signal.name || *name == signal.group;
        let Some(expected) = samples.expected.find(&signal.name) else {
            aside.push((signal.name.clone(), "only in actual".to_owned()));
            continue;
        };
        if options.ignore.iter().any(named) || !options.only.is_empty() && !options.only.iter().any(named) {
            aside.push((signal.name.clone(), "by decision".to_owned()));
            continue;
        }
        let tolerance = options.tolerance.iter().find(|(name, ..)| named(name));
        let tolerance = tolerance.map_or((0.0, 0.0), |(_, absolute, relative)| (*absolute, *relative));
        both.push(Match { name: signal.name.clone(), role: signal.role, at: Sides::new(expected, actual), tolerance });
    }
    for signal in samples.expected.signals.iter().filter(|signal| samples.actual.find(&signal.name).is_none()) {
        aside.push((signal.name.clone(), "only in expected".to_owned()));
    }
    (both, aside)
}

/// How far apart two runs are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Apart {
    /// Where they part, if they do.
    pub onset: Option<Onset>,
    /// True when every value of every signal is the same.
    pub same: bool,
    /// True when the actual run ends first.
    pub ends_first: bool,
}

/// Two axes with the moments that belong together.
type Pairing = (Sides<usize>, Vec<(usize, usize)>);

/// Where two runs part, sample by sample. What flows around the loop says when; where none of it ever parts, a deadline or a flag
/// does. How long a step's work took is never the same twice and says nothing by itself.
pub fn apart(samples: &Sides<&Samples>, both: &[Match]) -> Apart {
    let mut pairings: Vec<Pairing> = Vec::new();
    let mut first: Vec<(usize, i64, usize, &Match)> = Vec::new();
    let mut same = true;
    let mut ends_first = false;
    for one in both {
        let axis =
            Sides::new(samples.expected.signals[one.at.expected].axis, samples.actual.signals[one.at.actual].axis);
        let known = pairings.iter().position(|(of, _)| *of == axis).unwrap_or_else(|| {
            pairings.push((axis, aligned(samples, axis)));
            pairings.len() - 1
        });
        let lengths = (samples.expected.axes[axis.expected].times.len(), samples.actual.axes[axis.actual].times.len());
        same &= lengths.0 == lengths.1;
        ends_first |= lengths.1 < lengths.0;
        let (expected, actual) =
            (&samples.expected.signals[one.at.expected].values, &samples.actual.signals[one.at.actual].values);
        let most = expected.iter().copied().filter(|v| v.is_finite()).fold(0.0_f64, |most, v| most.max(v.abs()));
        let (absolute, relative) = one.tolerance;
        let written = match (samples.expected.digits, samples.actual.digits) {
            (one, other) if one == other => 0.0,
            (one, other) => 10_f64.powi(1 - one.unwrap_or(17).min(other.unwrap_or(17)) as i32),
        };
        let differs = |&&(i, j): &&(usize, usize)| {
            let (e, a) = (expected[i], actual[j]);
            if e.is_nan() || a.is_nan() {
                return e.is_nan() != a.is_nan();
            }
            (e - a).abs() > (ROUNDING * most).max(absolute).max(relative * e.abs()).max(written * e.abs())
        };
        let pairs = &pairings[known].1;
        same &= pairs.iter().all(|&(i, j)| expected[i].to_bits() == actual[j].to_bits());
        if let Some(&(i, j)) = pairs.iter().find(differs) {
            first.push((i, samples.actual.axes[axis.actual].times[j], j, one));
        }
    }
    let leads = |&&(_, time, index, one): &&(usize, i64, usize, &Match)| {
        (!(one.role.flows() || one.role == SignalRole::Other), time, index)
    };
    let says = |one: &Match| !matches!(one.role, SignalRole::Elapsed | SignalRole::Budget);
    let onset = first.iter().filter(|(.., one)| says(one)).min_by_key(leads).map(|&(_, time, index, lead)| {
        let at = moment(samples.actual, samples.actual.signals[lead.at.actual].axis, index);
        let mut parted: Vec<(SignalRole, &str, Sides<f64>)> = first
            .iter()
            .filter(|(_, when, ..)| *when == time)
            .map(|&(i, _, j, one)| {
                let expected = samples.expected.signals[one.at.expected].values[i];
                (one.role, one.name.as_str(), Sides::new(expected, samples.actual.signals[one.at.actual].values[j]))
            })
            .collect();
        parted.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
        let parted =
            parted.into_iter().map(|(role, name, values)| Parted { signal: name.to_owned(), role, values }).collect();
        Onset { at, detected: at, parted }
    });
    Apart { onset, same, ends_first }
}

/// The steps of a run that took longer than their budget; `None` where it recorded no such thing.
pub fn deadlines(samples: &Samples) -> Option<super::Deadlines> {
    let elapsed = samples.of_role(SignalRole::Elapsed).next()?;
    let axis = samples.signals[elapsed].axis;
    let budget = samples.of_role(SignalRole::Budget).find(|&at| samples.signals[at].axis == axis)?;
    let in_ms = |signal: usize, value: f64| match samples.signals[signal].unit.as_deref() {
        Some("s") => value * 1e3,
        Some("us") => value * 1e-3,
        Some("ns") => value * 1e-6,
        _ => value,
    };
    let took: Vec<f64> = samples.signals[elapsed].values.iter().map(|&v| in_ms(elapsed, v)).collect();
    let may: Vec<f64> = samples.signals[budget].values.iter().map(|&v| in_ms(budget, v)).collect();
    let misses: Vec<Moment> =
        (0..took.len()).filter(|&at| took[at] > may[at]).map(|at| moment(samples, axis, at)).collect();
    let known: Vec<f64> = took.iter().copied().filter(|t| t.is_finite()).collect();
    Some(super::Deadlines {
        budget: *may.first()?,
        misses,
        worst: known.iter().copied().fold(0.0, f64::max),
        mean: known.iter().sum::<f64>() / known.len().max(1) as f64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::plant::{Pair, Scenario, samples};

    fn of(scenario: Scenario) -> (Apart, usize) {
        let pair = Pair::of(&scenario.setup());
        let runs = Sides::new(samples(&pair.expected, false), samples(&pair.actual, false));
        let (both, aside) = matched(&runs.as_ref(), &Options::default());
        assert!(aside.is_empty());
        (apart(&runs.as_ref(), &both), deadlines(&runs.actual).unwrap().misses.len())
    }

    #[test]
    fn the_true_onsets_and_the_signal_that_parted_first() {
        for (scenario, step, signal, misses) in [
            (Scenario::DelayedSensor, 18, "measured_position.x", 0),
            (Scenario::ActuatorSaturation, 30, "control_output.x", 0),
            (Scenario::TimingJitter, 16, "position.x", 5),
        ] {
            let (apart, missed) = of(scenario);
            let onset = apart.onset.unwrap();
            assert_eq!((onset.at.step, onset.parted[0].signal.as_str(), missed), (step, signal, misses));
            assert_eq!(onset.at, onset.detected);
        }
        let (healthy, _) = of(Scenario::Healthy);
        assert!(healthy.same && healthy.onset.is_none());
    }

    #[test]
    fn what_is_set_aside_or_tolerated_does_not_part() {
        let pair = Pair::of(&Scenario::DelayedSensor.setup());
        let runs = Sides::new(samples(&pair.expected, false), samples(&pair.actual, false));
        let step = |options: &Options| {
            let (both, _) = matched(&runs.as_ref(), options);
            apart(&runs.as_ref(), &both).onset.map(|onset| onset.at.step)
        };
        let only = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<String>>();
        assert_eq!(step(&Options { only: only(&["waypoint"]), ..Options::default() }), None);
        // The published offsets of a gap of x and y together, here for x alone.
        let tolerant = Options {
            only: only(&["position"]),
            tolerance: vec![("position".to_owned(), 0.2, 0.0)],
            ..Options::default()
        };
        assert!((30..38).contains(&step(&tolerant).unwrap()), "{:?}", step(&tolerant));
    }
}
