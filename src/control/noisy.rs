//! Where a noisy run leaves what its baseline does.
#![expect(clippy::float_cmp, reason = "a value that is repeated, or was never changed, is the same to the last bit")]

use super::change::{Alarm, FEWEST, Usual, limit, roughness};
use super::errors::{aligned, moment, on_axis};
use super::links::{Link, Part};
use super::loops::loops;
use super::matched::Match;
use super::{Curve, CurveKind, Onset, Parted, resampled};
use crate::trace::{Samples, Sides, SignalRole};

/// Moments at the beginning that tell whether two runs have noise of their own: several stretches, since a fault may begin soon.
const BEGINNINGS: [usize; 3] = [12, 24, 64];
/// Above this roughness a difference is noise, and not the smooth consequence of a fault.
const ROUGH: f64 = 0.7;
/// A residual is exact when it moves by less than this share of its signal.
const EXACT: f64 = 1e-4;
/// Beyond the baseline's own rounding by so much, an exact link is broken.
const BROKEN: f64 = 8.0;
/// A sample this much beyond the baseline's greatest is unusual by itself.
const OUTLIER: f64 = 2.0;
/// The part of a run without a baseline that it is compared with: its beginning.
const LEARN: f64 = 0.15;

/// Values with their places.
type Placed = Vec<(usize, f64)>;

/// One series to be watched: what is usual of it, and the run.
#[derive(Debug)]
pub struct Stream {
    /// The signal's name.
    pub signal: String,
    /// What it is in the loop.
    pub role: SignalRole,
    /// Its axis in the actual run.
    pub axis: usize,
    /// What is usual.
    pub baseline: Vec<f64>,
    /// The run.
    pub run: Vec<f64>,
    /// The first sample that may raise an alarm: those before are the baseline.
    pub from: usize,
    /// What is less than this is rounding.
    pub rounding: f64,
}

/// True when both runs have noise of their own: from the beginning on something differs, and roughly.
pub fn is_noisy(samples: &Sides<&Samples>, both: &[Match]) -> bool {
    both.iter().filter(|one| one.role.flows() || one.role == SignalRole::Other).any(|one| {
        let at = one.at;
        let axis = Sides::new(samples.expected.signals[at.expected].axis, samples.actual.signals[at.actual].axis);
        let (e, a) = (&samples.expected.signals[at.expected].values, &samples.actual.signals[at.actual].values);
        let pairs = aligned(samples, axis);
        BEGINNINGS.into_iter().filter(|begin| *begin <= pairs.len()).any(|begin| {
            let apart: Vec<f64> = pairs[..begin].iter().map(|&(i, j)| a[j] - e[i]).collect();
            let differ = apart.iter().filter(|d| **d != 0.0).count();
            // A signal that is sampled more slowly than it is recorded repeats itself, and so do its differences.
            differ * 5 >= begin * 4 && roughness(&apart).is_some_and(|rough| rough > ROUGH)
        })
    })
}

/// What is watched where both runs recorded the links of their loop: what is beyond each.
pub fn of_links(links: &[Link], axis: usize) -> Vec<Stream> {
    links
        .iter()
        .map(|link| Stream {
            signal: link.signal.clone(),
            role: match link.part {
                Part::Setpoint => SignalRole::Setpoint,
                Part::Measurement => SignalRole::Measurement,
                Part::Estimate => SignalRole::Estimate,
                Part::Command => SignalRole::Command,
                Part::Actuator => SignalRole::Actuator,
                Part::Plant => SignalRole::State,
                Part::Period => SignalRole::Period,
            },
            axis,
            baseline: link.residual.expected.clone(),
            run: link.residual.actual.clone(),
            from: 0,
            rounding: link.rounding.max(ROUNDED),
        })
        .collect()
}

/// What is watched where nothing links the signals: each by itself. Where the setpoint moves the runs are subtracted, and their
/// difference is compared with its own beginning.
pub fn of_signals(samples: &Sides<&Samples>, both: &[Match]) -> Vec<Stream> {
    let values = |one: &Match| {
        (&samples.expected.signals[one.at.expected].values, &samples.actual.signals[one.at.actual].values)
    };
    let moves = |values: &[f64]| values.windows(2).any(|pair| pair[0] != pair[1] && !pair[0].is_nan());
    let guided = both.iter().any(|one| one.role == SignalRole::Setpoint && moves(values(one).0));
    both.iter()
        .filter(|one| one.role.flows() || one.role == SignalRole::Other)
        .map(|one| {
            let axis = samples.actual.signals[one.at.actual].axis;
            let (expected, actual) = values(one);
            let stream = |baseline: Vec<f64>, run: Vec<f64>, from: usize| Stream {
                signal: one.name.clone(),
                role: one.role,
                axis,
                baseline,
                run,
                from,
                rounding: ROUNDED,
            };
            if !guided || one.role == SignalRole::Setpoint {
                return stream(expected.clone(), actual.clone(), 0);
            }
            let of = Sides::new(samples.expected.signals[one.at.expected].axis, axis);
            let mut run = vec![f64::NAN; actual.len()];
            for (i, j) in aligned(samples, of) {
                run[j] = actual[j] - expected[i];
            }
            let from = (run.len() / 4).max(FEWEST).min(run.len());
            stream(run[..from].to_vec(), run, from)
        })
        .collect()
}

/// What is watched in a run without a baseline: the error of its loops, or its signals where it has no setpoint.
pub fn of_one(samples: &Samples) -> Vec<Stream> {
    let stream = |signal: usize, run: Vec<f64>| {
        let of = &samples.signals[signal];
        // What was not known yet teaches nothing.
        let begins = run.iter().position(|value| value.is_finite()).unwrap_or(run.len());
        let from = begins + (((run.len() - begins) as f64 * LEARN) as usize).max(FEWEST);
        let from = from.min(run.len());
        Stream {
            signal: of.name.clone(),
            role: of.role,
            axis: of.axis,
            baseline: run[begins.min(from)..from].to_vec(),
            run,
            from,
            rounding: ROUNDED,
        }
    };
    let errors: Vec<Stream> = loops(samples)
        .into_iter()
        .flat_map(|of| of.components)
        .map(|(setpoint, follower)| {
            let values = &samples.signals[follower].values;
            let setpoints = on_axis(samples, setpoint, samples.signals[follower].axis);
            stream(follower, setpoints.iter().zip(values).map(|(s, v)| s - v).collect())
        })
        .collect();
    if !errors.is_empty() {
        return errors;
    }
    let watched = (0..samples.signals.len()).filter(|&at| {
        let role = samples.signals[at].role;
        role.flows() || role == SignalRole::Other
    });
    watched.map(|at| stream(at, samples.signals[at].values.clone())).collect()
}

impl Stream {
    /// True when the baseline says exactly what comes.
    fn exact(&self) -> bool {
        let size = |values: &[f64]| {
            let known = values.iter().filter(|v| v.is_finite());
            let (squares, count) = known.fold((0.0, 0_usize), |(sum, count), v| (sum + v * v, count + 1));
            (squares / count.max(1) as f64).sqrt()
        };
        let (usual, now) = (size(&self.baseline), size(&self.run));
        usual <= self.rounding || usual <= EXACT * now || !Usual::teaches(&self.baseline)
    }

    fn greatest(&self) -> f64 {
        self.baseline.iter().copied().filter(|v| v.is_finite()).fold(0.0_f64, |most, v| most.max(v.abs()))
    }

    /// Every stretch in which the run does what its baseline does not.
    pub fn alarms(&self, limit: f64) -> Vec<Alarm> {
        let constant = self.baseline.windows(2).all(|pair| pair[0] == pair[1]);
        if constant && !self.baseline.is_empty() || self.exact() {
            let usual = if constant { self.baseline.first().copied().unwrap_or(0.0) } else { 0.0 };
            let beyond =
                if constant { self.rounding * (1.0 + usual.abs()) } else { BROKEN * self.greatest() + self.rounding };
            return stretches(self.run.iter().map(|v| (v - usual).abs() > beyond), self.from);
        }
        let (baseline, run) = self.fresh();
        let Some(usual) = Usual::of(&values(&baseline)) else { return Vec::new() };
        let back =
            |alarm: Alarm| Alarm { detected: run[alarm.detected].0, onset: run[alarm.onset].0, end: run[alarm.end].0 };
        let alarms = usual.alarms(&values(&run), limit).into_iter().map(back);
        let mut alarms: Vec<Alarm> = alarms.filter(|alarm| alarm.detected >= self.from).collect();
        for alarm in &mut alarms {
            alarm.onset = alarm.onset.max(self.from);
        }
        alarms
    }

    /// The values of the baseline and of the run with their places. Of what is recorded more often than it is sampled, and so repeats
    /// itself, only what is new counts.
    fn fresh(&self) -> (Placed, Placed) {
        let of = if repeats(&self.baseline) { new } else { all };
        (of(&self.baseline), of(&self.run))
    }

    /// Every stretch in which a noisy run is out of all proportion, sample by sample.
    pub fn outliers(&self) -> Vec<Alarm> {
        if self.exact() {
            return Vec::new();
        }
        let beyond = OUTLIER * self.greatest();
        stretches(self.run.iter().map(|v| v.abs() > beyond), self.from)
    }
}

/// True when most values are that of the sample before.
fn repeats(values: &[f64]) -> bool {
    values.windows(2).filter(|pair| pair[0] == pair[1]).count() * 2 > values.len()
}

/// Every value with its place.
fn all(values: &[f64]) -> Placed {
    values.iter().copied().enumerate().collect()
}

/// Every value that is not that of the sample before, with its place.
fn new(values: &[f64]) -> Placed {
    let differs = |at: &usize| *at == 0 || values[*at] != values[at - 1];
    (0..values.len()).filter(differs).map(|at| (at, values[at])).collect()
}

/// What is less than this is rounding.
const ROUNDED: f64 = 1e-9;

/// The stretches of samples for which something holds.
pub fn stretches(holds: impl Iterator<Item = bool>, from: usize) -> Vec<Alarm> {
    let mut found: Vec<Alarm> = Vec::new();
    for (at, _) in holds.enumerate().filter(|(at, holds)| *holds && *at >= from) {
        match found.last_mut() {
            Some(last) if last.end + 1 == at => last.end = at,
            _ => found.push(Alarm { detected: at, onset: at, end: at }),
        }
    }
    found
}

fn values(of: &[(usize, f64)]) -> Vec<f64> {
    of.iter().map(|(_, value)| *value).collect()
}

/// The limit for streams that are compared with their own beginnings.
pub fn limit_of_one(streams: &[Stream], false_alarm: f64) -> f64 {
    let noisy = streams.iter().filter(|stream| !stream.exact());
    let series: Vec<(Vec<f64>, usize)> = noisy
        .map(|stream| {
            let (beginning, run) = stream.fresh();
            (values(&run), beginning.len())
        })
        .collect();
    resampled::limit(&series, false_alarm, limit_of(streams, false_alarm))
}

/// The limit for some streams.
pub fn limit_of(streams: &[Stream], false_alarm: f64) -> f64 {
    let noisy = streams.iter().filter(|stream| !stream.exact());
    let (count, samples) = noisy.fold((0, 0), |(n, most), stream| (n + 1, most.max(stream.run.len())));
    limit(false_alarm, samples, count)
}

/// Where the first alarm of all streams is raised, and which signals part there.
pub fn onset(samples: &Samples, streams: &[Stream], limit: f64) -> Option<Onset> {
    let mut firsts: Vec<(i64, Alarm, &Stream)> = streams
        .iter()
        .filter_map(|stream| {
            let alarm = stream.alarms(limit).into_iter().min_by_key(|alarm| alarm.detected)?;
            Some((samples.axes[stream.axis].times[alarm.detected], alarm, stream))
        })
        .collect();
    firsts.sort_by(|a, b| (a.0, a.2.role, &a.2.signal).cmp(&(b.0, b.2.role, &b.2.signal)));
    let &(_, alarm, lead) = firsts.first()?;
    let at = moment(samples, lead.axis, alarm.onset);
    let detected = moment(samples, lead.axis, alarm.detected);
    let parted = firsts
        .iter()
        .filter(|(time, ..)| *time == detected.time)
        .map(|(_, alarm, stream)| Parted {
            signal: stream.signal.clone(),
            role: stream.role,
            values: Sides::new(
                super::signals::median(&stream.baseline).unwrap_or(f64::NAN),
                stream.run.get(alarm.onset).copied().unwrap_or(f64::NAN),
            ),
        })
        .collect();
    Some(Onset { at, detected, parted })
}

/// How unusual the run is over time: the greatest sum of all streams on the axis of the first.
pub fn unusual(samples: &Samples, streams: &[Stream]) -> Option<Curve> {
    let axis = streams.first()?.axis;
    let times = samples.axes[axis].times.clone();
    let mut values = vec![0.0_f64; times.len()];
    let watched = |stream: &&Stream| stream.axis == axis && !stream.exact() && !repeats(&stream.baseline);
    for stream in streams.iter().filter(watched) {
        if let Some(usual) = Usual::of(&stream.baseline) {
            values.iter_mut().zip(usual.unusual(&stream.run)).for_each(|(value, sum)| *value = value.max(sum));
        }
    }
    Some(Curve { kind: CurveKind::Unusual, side: None, of: "all signals".to_owned(), unit: None, times, values })
}
