//! What went wrong in the actual run and not in the expected one: from the links of the loop, from the flags that the recording
//! holds, from deadlines.
#![expect(clippy::float_cmp, reason = "a value that is repeated, or was never changed, is the same to the last bit")]

use super::errors::{aligned, moment, on_axis};
use super::links::{COMMAND, Link, MEASUREMENT, Part, Parts, STATE};
use super::noisy::{Stream, stretches};
use super::{Class, Deadlines, Interval, Lane, LaneKind};
use crate::trace::{Samples, Side, Sides, SignalRole};

/// A command of less than this share of the limit is none.
const NONE: f64 = 1e-9;
/// A late measurement is nearer to an older state than to the right one by this much.
const NEARER: f64 = 0.5;
/// Steps by which a measurement may be late.
const LATEST: usize = 20;

/// A fault of the actual run.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What kind.
    pub class: Class,
    /// The signal that shows it.
    pub signal: String,
    /// When, by index of the main axis: first and last.
    pub when: Vec<(usize, usize)>,
    /// What speaks for it, a sentence each.
    pub evidence: Vec<String>,
}

/// What a flag's name says.
fn meaning(name: &str) -> Option<(Class, LaneKind)> {
    let name = name.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    Some(match () {
        () if says(&["drop", "lost_sample"]) => (Class::DelayedMeasurement, LaneKind::Dropout),
        () if says(&["delay", "late_meas"]) => (Class::DelayedMeasurement, LaneKind::Delay),
        () if says(&["stale"]) => (Class::StaleEstimate, LaneKind::Stale),
        () if says(&["saturat", "clip"]) => (Class::ActuatorSaturation, LaneKind::Saturation),
        () if says(&["jitter"]) => (Class::TimingJitter, LaneKind::Jitter),
        () if says(&["miss", "skipped"]) => (Class::MissedUpdate, LaneKind::Missed),
        () => return None,
    })
}

/// When the flags of a run were set.
pub fn lanes(samples: &Samples, side: Side, deadlines: Option<&Deadlines>) -> Vec<Lane> {
    let mut lanes = Vec::new();
    for at in samples.of_role(SignalRole::Flag) {
        let signal = &samples.signals[at];
        let Some((_, kind)) = meaning(&signal.name) else { continue };
        let intervals = intervals(samples, signal.axis, &runs(signal.values.iter().map(|&v| v > 0.5)));
        if !intervals.is_empty() {
            lanes.push(Lane { side, kind, signal: signal.name.clone(), intervals });
        }
    }
    if let Some(deadlines) = deadlines.filter(|deadlines| !deadlines.misses.is_empty()) {
        let signal = samples.of_role(SignalRole::Elapsed).next().map(|at| samples.signals[at].name.clone());
        let intervals = deadlines.misses.iter().map(|&miss| Interval { from: miss, to: miss }).collect();
        lanes.push(Lane { side, kind: LaneKind::Deadline, signal: signal.unwrap_or_default(), intervals });
    }
    lanes
}

fn runs(holds: impl Iterator<Item = bool>) -> Vec<(usize, usize)> {
    stretches(holds, 0).into_iter().map(|alarm| (alarm.onset, alarm.end)).collect()
}

/// Stretches as moments of an axis.
pub fn intervals(samples: &Samples, axis: usize, when: &[(usize, usize)]) -> Vec<Interval> {
    when.iter().map(|&(a, b)| Interval { from: moment(samples, axis, a), to: moment(samples, axis, b) }).collect()
}

/// Every fault, in causal order.
pub fn faults(
    samples: &Sides<&Samples>,
    parts: &Sides<&Parts>,
    links: &[Link],
    streams: &[Stream],
    limit: f64,
    deadlines: &Sides<Option<Deadlines>>,
) -> Vec<Found> {
    let mut marks = Marks { length: parts.actual.len(), found: Vec::new() };
    for (link, stream) in links.iter().zip(streams) {
        let mut active = vec![false; marks.length];
        for alarm in stream.alarms(limit) {
            active[alarm.onset..=alarm.end.min(marks.length - 1)].fill(true);
        }
        for alarm in stream.outliers() {
            active[alarm.onset..=alarm.end].fill(true);
        }
        charge(&mut marks, parts, link, &active);
    }
    repeated(&mut marks, parts);
    flagged(&mut marks, samples, parts);
    missed(&mut marks, samples, parts, deadlines);
    marks.finish()
}

/// Faults while they are gathered.
struct Marks {
    length: usize,
    found: Vec<(Class, String, Vec<bool>, Vec<String>)>,
}

impl Marks {
    fn add(&mut self, class: Class, signal: &str, active: &[bool], evidence: Option<String>) {
        if !active.contains(&true) {
            return;
        }
        let at = self.found.iter().position(|(known, ..)| *known == class).unwrap_or_else(|| {
            self.found.push((class, signal.to_owned(), vec![false; self.length], Vec::new()));
            self.found.len() - 1
        });
        let (_, _, known, said) = &mut self.found[at];
        known.iter_mut().zip(active).for_each(|(known, active)| *known |= active);
        if let Some(sentence) = evidence.filter(|sentence| !said.contains(sentence)) {
            said.push(sentence);
        }
    }

    fn finish(mut self) -> Vec<Found> {
        self.found.sort_by_key(|(class, ..)| *class);
        let found = self.found.into_iter().map(|(class, signal, active, evidence)| Found {
            class,
            signal,
            when: runs(active.into_iter()),
            evidence,
        });
        found.collect()
    }
}

/// Charges what is beyond a link to a class of faults.
fn charge(marks: &mut Marks, parts: &Sides<&Parts>, link: &Link, active: &[bool]) {
    let count = active.iter().filter(|active| **active).count();
    if count == 0 {
        return;
    }
    let run = parts.actual;
    let steps = |n: usize| if n == 1 { "1 step".to_owned() } else { format!("{n} steps") };
    let worst = link.residual.actual.iter().zip(active).filter(|(r, active)| **active && r.is_finite());
    let worst = worst.map(|(r, _)| r.abs()).fold(0.0, f64::max);
    let name = &link.signal;
    let says = |what: &str| Some(format!("{name} {what} by up to {worst:.3} in {}.", steps(count)));
    match link.part {
        Part::Setpoint => marks.add(Class::SetpointChange, name, active, says("is not the expected run's:")),
        Part::Estimate => marks.add(Class::StaleEstimate, name, active, says("does not follow the measurement, off")),
        Part::Actuator => marks.add(Class::ActuatorResponse, name, active, says("does not follow the command, off")),
        Part::Plant => marks.add(Class::Disturbance, name, active, says("moves otherwise than its commands say,")),
        Part::Period => {
            let what = format!("A step is off its usual length by up to {:.1} ms in {}.", worst * 1e3, steps(count));
            marks.add(Class::TimingJitter, name, active, Some(what));
        }
        Part::Measurement => {
            // Where noise hides the beginning, only what is beyond the baseline's own noise tells of which kind it is.
            let usual =
                link.residual.expected.iter().filter(|r| r.is_finite()).fold(0.0_f64, |most, r| most.max(r.abs()));
            let clear: Vec<bool> =
                active.iter().zip(&link.residual.actual).map(|(active, r)| *active && r.abs() > usual).collect();
            let late = lateness(run, &clear);
            let (class, what) = match late {
                Some(late) => {
                    (Class::DelayedMeasurement, format!("{name} is {} late in {}.", steps(late), steps(count)))
                }
                None if repeats(run, &clear) => {
                    (Class::DelayedMeasurement, format!("{name} repeats itself in {}.", steps(count)))
                }
                None => (Class::FaultyMeasurement, says("is off the state").unwrap_or_default()),
            };
            marks.add(class, name, active, Some(what));
        }
        Part::Command => command(marks, parts, link, active),
    }
}

/// By how many steps the measurement is late in the active ones; `None` where no lateness explains it.
fn lateness(run: &Parts, active: &[bool]) -> Option<usize> {
    let off = |late: usize| -> f64 {
        let mut sum = 0.0;
        for component in 0..run.names[MEASUREMENT].len() {
            for at in (0..active.len()).filter(|&at| active[at]) {
                let off = run.value(MEASUREMENT, component, at, 0) - run.value(STATE, component, at, 1 + late);
                sum += if off.is_finite() { off * off } else { 0.0 };
            }
        }
        sum
    };
    let count = active.iter().filter(|active| **active).count();
    let right = off(0);
    let best = (1..=LATEST).min_by(|&a, &b| off(a).total_cmp(&off(b)))?;
    // One step alone that is late by one is as likely a dropped sample: the same value again.
    (count > 1 && off(best) < NEARER * NEARER * right && !repeats(run, active)).then_some(best)
}

/// True when the measurement of most active steps is that of the step before.
fn repeats(run: &Parts, active: &[bool]) -> bool {
    let again = |at: &usize| (0..run.names[MEASUREMENT].len()).all(|c| same(run, c, *at));
    let steps: Vec<usize> = (1..active.len()).filter(|&at| active[at]).collect();
    // None says nothing.
    steps.iter().filter(|at| again(at)).count() * 2 > steps.len()
}

fn same(run: &Parts, component: usize, at: usize) -> bool {
    run.value(MEASUREMENT, component, at, 0).to_bits() == run.value(MEASUREMENT, component, at, 1).to_bits()
}

/// Measurements that repeat themselves while the state moves, which the expected run's do not.
fn repeated(marks: &mut Marks, parts: &Sides<&Parts>) {
    let again = |run: &Parts| -> Vec<bool> {
        let width = run.names[MEASUREMENT].len();
        let moved = |at: usize| {
            at > 1 && (0..width).any(|c| run.value(STATE, c, at, 1) != run.value(STATE, c, at, 2)) && run.has(STATE)
        };
        (0..run.len()).map(|at| width > 0 && moved(at) && (0..width).all(|c| same(run, c, at))).collect()
    };
    let (expected, actual) = (again(parts.expected), again(parts.actual));
    if !expected.contains(&true)
        && let Some(name) = parts.actual.names[MEASUREMENT].first()
    {
        let count = actual.iter().filter(|again| **again).count();
        let what = format!("{name} repeats itself {count} times while the state moves.");
        marks.add(Class::DelayedMeasurement, name, &actual, Some(what));
    }
}

/// A command that is not what the controller's law says: none at all, less than asked for, or something else.
fn command(marks: &mut Marks, parts: &Sides<&Parts>, link: &Link, active: &[bool]) {
    let run = parts.actual;
    let most = parts.expected.command.iter().copied().filter(|c| c.is_finite()).fold(0.0, f64::max);
    let size = |at: usize| run.command.get(at).copied().unwrap_or(0.0);
    let none: Vec<bool> = (0..active.len()).map(|at| active[at] && size(at) <= NONE * most).collect();
    let held: Vec<bool> = (0..active.len())
        .map(|at| {
            let still = (0..run.names[COMMAND].len())
                .all(|c| run.value(COMMAND, c, at, 0).to_bits() == run.value(COMMAND, c, at, 1).to_bits());
            active[at] && !none[at] && still && run.names[COMMAND].len() > 1
        })
        .collect();
    let rest: Vec<usize> = (0..active.len()).filter(|&at| active[at] && !none[at] && !held[at]).collect();
    // Cut off at one lower limit: the sizes are alike, where the law's are not.
    let top = rest.iter().map(|&at| size(at)).fold(0.0, f64::max);
    let at_top = rest.iter().filter(|&&at| size(at) >= 0.995 * top).count();
    let cut = top < 0.999 * most && (at_top * 2 > rest.len() || rest.len() == 1);
    let say = |mask: &[bool]| mask.iter().filter(|m| **m).count();
    marks.add(
        Class::MissedUpdate,
        &link.signal,
        &none,
        Some(format!("{} is nothing in {} steps in which the law asks for something.", link.signal, say(&none))),
    );
    marks.add(
        Class::MissedUpdate,
        &link.signal,
        &held,
        Some(format!("{} is held in {} steps in which the law asks for something else.", link.signal, say(&held))),
    );
    let mut mask = vec![false; active.len()];
    for &at in &rest {
        mask[at] = true;
    }
    let (class, what) = if cut {
        let what = format!("The command is cut off at {top:.3} in {} steps, where {most:.3} was possible.", rest.len());
        (Class::ActuatorSaturation, what)
    } else {
        let what = format!("{} is not what setpoint and estimate ask for in {} steps.", link.signal, rest.len());
        (Class::Disturbance, what)
    };
    marks.add(class, &link.signal, &mask, Some(what));
}

/// Flags that are set in the actual run and not, at the same step, in the expected one.
fn flagged(marks: &mut Marks, samples: &Sides<&Samples>, parts: &Sides<&Parts>) {
    let axes = Sides::new(parts.expected.axis, parts.actual.axis);
    let pairs = aligned(samples, axes);
    let limit = parts.expected.limit();
    for at in samples.actual.of_role(SignalRole::Flag) {
        let signal = &samples.actual.signals[at];
        let Some((class, _)) = meaning(&signal.name) else { continue };
        let now = on_axis(samples.actual, at, axes.actual);
        let before = samples.expected.find(&signal.name).map(|at| on_axis(samples.expected, at, axes.expected));
        let mut only = vec![false; marks.length];
        for &(i, j) in &pairs {
            only[j] = now[j] > 0.5 && before.as_ref().is_none_or(|before| before[i] <= 0.5);
        }
        if class != Class::ActuatorSaturation {
            let count = only.iter().filter(|only| **only).count();
            marks.add(class, &signal.name, &only, Some(format!("{} is set in {count} steps.", signal.name)));
            continue;
        }
        // At the limit that the expected run has too, the output is clipped as ever, only elsewhere.
        let mask = |usual: bool| -> Vec<bool> {
            let lower = |at: usize| limit.is_some() && parts.actual.free(at, limit);
            (0..only.len()).map(|at| only[at] && lower(at) != usual).collect()
        };
        for (class, mask, what) in [
            (Class::ActuatorSaturation, mask(false), "below the expected run's limit"),
            (Class::OutputClipped, mask(true), "at the limit that the expected run has too"),
        ] {
            let count = mask.iter().filter(|on| **on).count();
            marks.add(class, &signal.name, &mask, Some(format!("{} is set in {count} steps, {what}.", signal.name)));
        }
    }
}

/// Deadlines that were missed in the actual run and not, at the same step, in the expected one.
fn missed(marks: &mut Marks, samples: &Sides<&Samples>, parts: &Sides<&Parts>, deadlines: &Sides<Option<Deadlines>>) {
    let Some(actual) = &deadlines.actual else { return };
    let before: Vec<i64> =
        deadlines.expected.iter().flat_map(|expected| &expected.misses).map(|miss| miss.step).collect();
    let mut mask = vec![false; marks.length];
    let axis = &samples.actual.axes[parts.actual.axis];
    for miss in actual.misses.iter().filter(|miss| !before.contains(&miss.step)) {
        if axis.times.get(miss.index) == Some(&miss.time) {
            mask[miss.index] = true;
        }
    }
    let count = mask.iter().filter(|missed| **missed).count();
    let what = format!(
        "{count} deadlines of {} ms are missed, by up to {:.0} ms.",
        actual.budget,
        actual.worst - actual.budget
    );
    marks.add(Class::TimingJitter, "deadlines", &mask, Some(what));
}
