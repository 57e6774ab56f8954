//! Two runs, or one, and everything that is known of them.

use super::causes::causes;
use super::errors::{aligned, criterion, curves, gap};
use super::faults::{faults, intervals, lanes};
use super::links::{Parts, links};
use super::matched::{Options, apart, deadlines, matched};
use super::noisy::{self, Stream};
use super::{Band, Cause, Class, CurveKind, Diagnosis, Lane, LaneKind, Method, Onset, measure};
use crate::compare::Verdict;
use crate::trace::{Samples, Side, Sides};

const NOTHING_SHARED: &str =
    "The runs have no signal in common. Give two recordings of one loop, whose signals have the same names.";

const TOO_SHORT: &str = "There is no baseline, and the run is too short to be compared with its own beginning. Give the good run as well, as the first of two paths.";

/// Compares a run with the one that was expected.
pub fn diagnose(samples: &Sides<&Samples>, options: &Options) -> Diagnosis {
    let (both, ignored) = matched(samples, options);
    if both.is_empty() || Side::BOTH.into_iter().any(|side| samples[side].is_empty()) {
        return incomparable(samples, ignored, NOTHING_SHARED);
    }
    let noisy = noisy::is_noisy(samples, &both);
    let parts = Sides::new(Parts::of(samples.expected), Parts::of(samples.actual));
    let links = match (&parts.expected, &parts.actual) {
        (Some(expected), Some(actual)) => {
            let axes = Sides::new(expected.axis, actual.axis);
            let digits = Side::BOTH.into_iter().filter_map(|side| samples[side].digits).min();
            links(&Sides::new(expected, actual), &aligned(samples, axes), digits)
        }
        _ => Vec::new(),
    };
    let main = parts.actual.as_ref().map_or(0, |parts| parts.axis);
    let mut streams = noisy::of_links(&links, main);
    // Lengths of steps alone link nothing.
    let linked =
        links.iter().any(|link| !matches!(link.part, super::links::Part::Period | super::links::Part::Setpoint));
    let limit;
    let apart = apart(samples, &both);
    let onset = if noisy {
        if !linked {
            streams.extend(noisy::of_signals(samples, &both));
        }
        limit = noisy::limit_of(&streams, options.false_alarm);
        noisy::onset(samples.actual, &streams, limit)
    } else {
        limit = noisy::limit_of(&streams, options.false_alarm);
        apart.onset
    };
    let deadlines = samples.map(deadlines);
    let onset = onset.or_else(|| only_late(samples, &deadlines));
    let found = match (&parts.expected, &parts.actual, &onset) {
        (Some(expected), Some(actual), Some(_)) => {
            let count = links.len();
            faults(samples, &Sides::new(expected, actual), &links, &streams[..count], limit, &deadlines)
        }
        _ => Vec::new(),
    };
    let gap = gap(samples);
    let from = onset.as_ref().map_or(0, |onset| onset.at.index);
    let gap_values = gap.as_ref().map(|(_, _, values)| values.as_slice());
    let mut ranked = causes(samples.actual, main, found, gap_values, from);
    if let (true, Some(onset)) = (ranked.is_empty(), &onset) {
        ranked.extend(unexplained(onset, linked));
    }
    let verdict = match &onset {
        Some(_) => Verdict::Diverged,
        None if apart.same => Verdict::Identical,
        None if apart.ends_first => Verdict::Truncated,
        None => Verdict::Equivalent,
    };
    let mut all = curves(samples);
    if noisy {
        all.extend(noisy::unusual(samples.actual, &streams));
    }
    let band = noisy.then_some(Band { low: 0.0, high: limit });
    Diagnosis {
        verdict,
        reason: None,
        method: if noisy { Method::Statistical { false_alarm: options.false_alarm } } else { Method::Exact },
        compared: both.into_iter().map(|one| one.name).collect(),
        ignored,
        criterion: criterion(samples, options.threshold),
        curves: all,
        band,
        lanes: all_lanes(samples, main, &deadlines, &ranked),
        causes: ranked,
        onset,
        deadlines,
        ..measured(samples)
    }
}

/// A run by itself: its measures, and where it leaves what its beginning does.
pub fn diagnose_one(run: &Samples, options: &Options) -> Diagnosis {
    let nothing = Samples::default();
    let samples = Sides::new(&nothing, run);
    if run.is_empty() {
        return incomparable(&samples, Vec::new(), "There is no sample in it. See whether the recorder was running.");
    }
    let streams: Vec<Stream> = noisy::of_one(run);
    let limit = noisy::limit_of_one(&streams, options.false_alarm);
    let onset = noisy::onset(run, &streams, limit);
    let deadlines = Sides::new(None, deadlines(run));
    let tracked = !super::loops(run).is_empty();
    let watched = streams.iter().any(|stream| stream.from < stream.run.len());
    let (verdict, reason) = match (&onset, tracked) {
        (Some(_), true) => (Verdict::Diverged, None),
        (None, true) if !watched => (Verdict::Incomparable, Some(TOO_SHORT.to_owned())),
        (None, true) => (Verdict::Equivalent, None),
        (_, false) => {
            let reason = "There is no baseline, and no setpoint to compare with. Give the good run as well, as the first of two paths.";
            (Verdict::Incomparable, Some(reason.to_owned()))
        }
    };
    let mut all = curves(&samples);
    all.extend(noisy::unusual(run, &streams));
    Diagnosis {
        verdict,
        reason,
        method: Method::Within { false_alarm: options.false_alarm },
        compared: streams.iter().map(|stream| stream.signal.clone()).collect(),
        ignored: Vec::new(),
        criterion: None,
        curves: all,
        band: Some(Band { low: 0.0, high: limit }),
        lanes: lanes(run, Side::Actual, deadlines.actual.as_ref()),
        causes: Vec::new(),
        onset,
        deadlines,
        ..measured(&samples)
    }
}

/// How well each run kept to its setpoint; everything else is empty.
fn measured(samples: &Sides<&Samples>) -> Diagnosis {
    let measures = samples.map(measure);
    let stability = measures.as_ref().map(|of| of.first().map(|first| first.stability));
    Diagnosis {
        verdict: Verdict::Incomparable,
        reason: None,
        method: Method::Exact,
        compared: Vec::new(),
        ignored: Vec::new(),
        onset: None,
        criterion: None,
        curves: Vec::new(),
        band: None,
        causes: Vec::new(),
        lanes: Vec::new(),
        deadlines: Sides::default(),
        measures,
        stability,
    }
}

fn incomparable(samples: &Sides<&Samples>, ignored: Vec<(String, String)>, why: &str) -> Diagnosis {
    Diagnosis { reason: Some(why.to_owned()), ignored, curves: curves(samples), ..measured(samples) }
}

/// Where nothing moves otherwise and a deadline is missed that was not: that is where it starts.
fn only_late(samples: &Sides<&Samples>, deadlines: &Sides<Option<super::Deadlines>>) -> Option<Onset> {
    let before: Vec<i64> = deadlines.expected.iter().flat_map(|of| &of.misses).map(|miss| miss.step).collect();
    let at = *deadlines.actual.as_ref()?.misses.iter().find(|miss| !before.contains(&miss.step))?;
    let elapsed = samples.actual.of_role(crate::trace::SignalRole::Elapsed).next()?;
    let signal = &samples.actual.signals[elapsed];
    let expected = samples.expected.find(&signal.name);
    let expected = expected.and_then(|of| samples.expected.signals[of].values.get(at.index).copied());
    let values = Sides::new(expected.unwrap_or(f64::NAN), signal.values[at.index]);
    let parted = vec![super::Parted { signal: signal.name.clone(), role: signal.role, values }];
    Some(Onset { at, detected: at, parted })
}

/// Where no fault shows in a link, a flag or a deadline: what parted first is all that can be said.
fn unexplained(onset: &Onset, linked: bool) -> Option<Cause> {
    let first = onset.parted.first()?;
    let (class, why) = if first.role == crate::trace::SignalRole::Setpoint {
        (Class::SetpointChange, "the setpoint parts first")
    } else if linked {
        (Class::Disturbance, "every link of the loop that was recorded holds")
    } else {
        (Class::Disturbance, "nothing that was recorded says what drives it")
    };
    Some(Cause {
        rank: 1,
        class,
        onset: onset.at,
        signal: first.signal.clone(),
        share: None,
        reason: format!("{} parts first, and {why}.", first.signal),
        evidence: Vec::new(),
        intervals: Vec::new(),
    })
}

/// The lanes of both runs; what only the links show of the actual one is added.
fn all_lanes(
    samples: &Sides<&Samples>,
    main: usize,
    deadlines: &Sides<Option<super::Deadlines>>,
    causes: &[Cause],
) -> Vec<Lane> {
    let mut all = Vec::new();
    for side in Side::BOTH {
        all.extend(lanes(samples[side], side, deadlines[side].as_ref()));
        let shown = all.iter().any(|lane: &Lane| lane.side == side && lane.kind == LaneKind::Saturation);
        let Some(parts) = Parts::of(samples[side]).filter(|_| !shown) else { continue };
        let Some(limit) = parts.limit() else { continue };
        let at_limit = noisy::stretches((0..parts.len()).map(|at| !parts.free(at, Some(limit))), 0);
        let when: Vec<(usize, usize)> = at_limit.into_iter().map(|alarm| (alarm.onset, alarm.end)).collect();
        let signal = parts.names[super::links::COMMAND].first().cloned().unwrap_or_default();
        let intervals = intervals(samples[side], parts.axis, &when);
        all.push(Lane { side, kind: LaneKind::Saturation, signal, intervals });
    }
    for cause in causes {
        let kind = match cause.class {
            Class::DelayedMeasurement => LaneKind::Delay,
            Class::StaleEstimate => LaneKind::Stale,
            Class::TimingJitter => LaneKind::Jitter,
            Class::MissedUpdate => LaneKind::Missed,
            _ => continue,
        };
        let alike = |lane: &Lane| {
            let late = [LaneKind::Dropout, LaneKind::Delay];
            lane.side == Side::Actual && (lane.kind == kind || late.contains(&lane.kind) && late.contains(&kind))
        };
        let within = samples.actual.axes.get(main).is_some();
        if within && !all.iter().any(alike) {
            let intervals = cause.intervals.clone();
            all.push(Lane { side: Side::Actual, kind, signal: cause.signal.clone(), intervals });
        }
    }
    all
}

impl Diagnosis {
    /// The curve between both runs, where there is one.
    pub fn gap(&self) -> Option<&super::Curve> {
        self.curves.iter().find(|curve| curve.kind == CurveKind::Gap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::Stability;
    use crate::control::plant::{Injection, Pair, Scenario, Setup, samples};

    fn of(setup: &Setup) -> Diagnosis {
        let pair = Pair::of(setup);
        let runs = Sides::new(samples(&pair.expected, true), samples(&pair.actual, true));
        diagnose(&runs.as_ref(), &Options::default())
    }

    fn classes(diagnosis: &Diagnosis) -> Vec<Class> {
        diagnosis.causes.iter().map(|cause| cause.class).collect()
    }

    #[test]
    fn the_named_scenarios_have_their_cause_first() {
        let late = of(&Scenario::DelayedSensor.setup());
        assert_eq!(classes(&late), [Class::DelayedMeasurement, Class::StaleEstimate]);
        assert!(late.causes[0].share.unwrap() > 0.99 && late.causes[0].onset.step == 18, "{:?}", late.causes[0]);
        let cut = of(&Scenario::ActuatorSaturation.setup());
        assert_eq!(classes(&cut), [Class::ActuatorSaturation]);
        assert_eq!(cut.causes[0].onset.step, 30);
        let jitter = of(&Scenario::TimingJitter.setup());
        assert_eq!(classes(&jitter), [Class::TimingJitter, Class::MissedUpdate]);
        assert!(jitter.causes[0].evidence.iter().any(|said| said.starts_with("5 deadlines")), "{:?}", jitter.causes[0]);
        let healthy = of(&Scenario::Healthy.setup());
        assert_eq!((healthy.verdict, classes(&healthy).len()), (Verdict::Identical, 0));
        assert_eq!(healthy.stability.actual, Some(Stability::Stable));
    }

    #[test]
    fn every_fault_is_named_without_its_flag() {
        for (fault, class) in [
            ("delay=2@30-40", Class::DelayedMeasurement),
            ("dropout@30-33", Class::DelayedMeasurement),
            ("bias=0.2@30-40", Class::FaultyMeasurement),
            ("noise=0.1@30-40", Class::FaultyMeasurement),
            ("stale=0.9@30-40", Class::StaleEstimate),
            ("saturation=0.2@30-40", Class::ActuatorSaturation),
            ("lag=0.4@30-40", Class::ActuatorResponse),
            ("deadzone=0.9@30-40", Class::ActuatorResponse),
            ("jitter=0.03@30", Class::TimingJitter),
            ("overrun=140@30", Class::TimingJitter),
            ("push=0.5@30-40", Class::Disturbance),
            ("shift=0.5@30-40", Class::SetpointChange),
        ] {
            let setup = Setup { faults: vec![Injection::parse(fault).unwrap()], ..Setup::default() };
            let pair = Pair::of(&setup);
            let mut runs = Sides::new(samples(&pair.expected, true), samples(&pair.actual, true));
            for side in Side::BOTH {
                runs[side].signals.retain(|signal| signal.role != crate::trace::SignalRole::Flag);
            }
            let found = diagnose(&runs.as_ref(), &Options::default());
            assert_eq!(classes(&found).first(), Some(&class), "{fault}: {:?}", found.causes);
            assert_eq!(found.onset.unwrap().at.step, found.causes[0].onset.step, "{fault}");
        }
    }

    #[test]
    fn two_noisy_runs_are_told_from_a_fault() {
        let setup = Setup { noise: 0.01, steps: 400, ..Setup::default() };
        let healthy = of(&setup);
        assert_eq!(healthy.verdict, Verdict::Equivalent, "{:?} {:?}", healthy.onset, healthy.causes);
        assert!(matches!(healthy.method, Method::Statistical { .. }));
        for (fault, class) in [
            ("bias=0.1@200-300", Class::FaultyMeasurement),
            ("delay=3@200-300", Class::DelayedMeasurement),
            ("stale=0.9@200-300", Class::StaleEstimate),
            ("saturation=0.3@200-300", Class::ActuatorSaturation),
            ("push=0.3@200-300", Class::Disturbance),
        ] {
            let found = of(&Setup { faults: vec![Injection::parse(fault).unwrap()], ..setup.clone() });
            let onset = found.onset.as_ref().unwrap();
            assert!(onset.detected.step >= 200 && onset.detected.step < 240, "{fault}: {onset:?}");
            assert_eq!(classes(&found).first(), Some(&class), "{fault}: {:?}", found.causes);
        }
    }

    #[test]
    fn a_harmless_first_fault_is_not_the_cause() {
        let faults = ["dropout@4", "saturation=0.3@28-45"].map(|f| Injection::parse(f).unwrap()).to_vec();
        let found = of(&Setup { faults, ..Setup::default() });
        assert_eq!(found.onset.as_ref().unwrap().at.step, 4);
        assert_eq!(classes(&found), [Class::ActuatorSaturation, Class::DelayedMeasurement]);
    }

    #[test]
    fn a_lone_run_is_compared_with_its_setpoint() {
        let short = samples(&crate::control::plant::run(&Setup { steps: 20, ..Setup::default() }), false);
        assert_eq!(diagnose_one(&short, &Options::default()).verdict, Verdict::Incomparable, "nothing was watched");
        let setup = Setup { steps: 1200, waypoints: vec![[0.0, 0.0]], noise: 0.01, ..Setup::default() };
        let one = |fault: &str| {
            let faults = vec![Injection::parse(fault).unwrap()];
            let mut run = samples(&crate::control::plant::run(&Setup { faults, ..setup.clone() }), false);
            // As in life: nobody knows where the plant really is.
            run.signals.retain(|signal| signal.role != crate::trace::SignalRole::State);
            diagnose_one(&run, &Options::default())
        };
        assert_eq!(one("push=0@900-").verdict, Verdict::Equivalent);
        let found = one("push=0.8@900-");
        assert_eq!(found.verdict, Verdict::Diverged);
        let onset = found.onset.unwrap();
        assert!(onset.at.step.abs_diff(900) < 20 && onset.detected.step >= 900, "{onset:?}");
    }
}
