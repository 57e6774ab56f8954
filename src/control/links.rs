//! The links of a loop, each learnt from the expected run: what the sensor says of the state, the estimate of what the sensor
//! says, the command of setpoint and estimate, the actuator of the command, the movement of the actuator. What a run does beyond
//! a link is a residual of that link alone, whatever went wrong before it (structured residuals: Gertler, "Fault detection and
//! diagnosis in engineering systems", 1998, chapter 6).

use super::errors::on_axis;
use super::fit::Fit;
use super::loops::{groups, loops, whereabouts};
use super::signals::{norm, periods};
use crate::trace::{Samples, Sides, SignalRole};

/// A command is at its limit when it is at least this share of the greatest one.
const AT_LIMIT: f64 = 0.999;
/// A residual adds up the rounding of several signals, some of them divided by the length of a step: so many units of the last
/// digit of the greatest of them.
const ROUNDED: f64 = 100.0;
/// Steps by which a sensor may be late in a healthy loop.
const USUAL_LAG: usize = 3;

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The setpoint, from that of the expected run.
    Setpoint,
    /// The measurement, from the state.
    Measurement,
    /// The estimate, from the measurement.
    Estimate,
    /// The command, from setpoint and estimate.
    Command,
    /// The actuator, from the command.
    Actuator,
    /// The length of a step, from the usual one.
    Period,
    /// The movement, from what moves the plant.
    Plant,
}

/// One component of a link over both runs.
#[derive(Debug, Clone)]
pub struct Link {
    /// What it leads to.
    pub part: Part,
    /// The signal that it leads to.
    pub signal: String,
    /// What each run does beyond it, moment by moment of the main axis; NaN where that cannot be said.
    pub residual: Sides<Vec<f64>>,
    /// How much of a residual the digits that the files were written with can be.
    pub rounding: f64,
}

/// One run's signals by what they are in the loop, on the main axis.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The main axis: that of where the plant is.
    pub axis: usize,
    /// The names of the components of each part, in this order: setpoint, state, other states, measurement, estimate, command,
    /// actuator.
    pub names: [Vec<String>; 7],
    values: [Vec<Vec<f64>>; 7],
    /// The length of each step, in seconds.
    pub period: Vec<f64>,
    /// |command| of each step; empty without one.
    pub command: Vec<f64>,
}

/// The places of [`Parts::names`].
pub const SETPOINT: usize = 0;
pub const STATE: usize = 1;
const OTHERS: usize = 2;
pub const MEASUREMENT: usize = 3;
pub const ESTIMATE: usize = 4;
pub const COMMAND: usize = 5;
const ACTUATOR: usize = 6;

impl Parts {
    /// The parts of a run; `None` where nothing says where the plant is.
    pub fn of(samples: &Samples) -> Option<Self> {
        let (_, place) = whereabouts(samples)?;
        let axis = samples.signals[*place.first()?].axis;
        let width = place.len();
        let first = |role| groups(samples, role).into_iter().map(|(_, of)| of).find(|of| of.len() == width);
        let setpoint = loops(samples).into_iter().next();
        let setpoint = setpoint.map(|of| of.components.iter().map(|(s, _)| *s).collect()).unwrap_or_default();
        let is_state = samples.signals[place[0]].role == SignalRole::State;
        let others: Vec<usize> = groups(samples, SignalRole::State)
            .into_iter()
            .filter(|(_, of)| of.len() == width && *of != place)
            .flat_map(|(_, of)| of)
            .collect();
        let command = first(SignalRole::Command).unwrap_or_default();
        let sizes = if command.is_empty() { Vec::new() } else { norm(samples, &command, axis) };
        let signals: [Vec<usize>; 7] = [
            setpoint,
            if is_state { place } else { Vec::new() },
            others,
            first(SignalRole::Measurement).unwrap_or_default(),
            first(SignalRole::Estimate).unwrap_or_default(),
            command,
            first(SignalRole::Actuator).unwrap_or_default(),
        ];
        let names = signals.clone().map(|of| of.iter().map(|&at| samples.signals[at].name.clone()).collect());
        let values = signals.map(|of| of.iter().map(|&at| on_axis(samples, at, axis)).collect());
        Some(Self { axis, names, values, period: periods(samples, axis), command: sizes })
    }

    /// The value of a component of a part, some steps ago.
    pub fn value(&self, part: usize, component: usize, at: usize, ago: usize) -> f64 {
        let values = self.values[part].get(component);
        values.zip(at.checked_sub(ago)).and_then(|(values, at)| values.get(at)).copied().unwrap_or(f64::NAN)
    }

    /// True when a part was recorded.
    pub fn has(&self, part: usize) -> bool {
        !self.names[part].is_empty()
    }

    /// How many moments there are.
    pub fn len(&self) -> usize {
        self.period.len()
    }

    /// The greatest value of all.
    fn greatest(&self) -> f64 {
        let all = self.values.iter().flatten().flatten();
        all.copied().filter(|v| v.is_finite()).fold(0.0_f64, |most, v| most.max(v.abs()))
    }

    /// The limit of the command: the greatest one, where it is so great more than once.
    pub fn limit(&self) -> Option<f64> {
        let most = self.command.iter().copied().filter(|c| c.is_finite()).fold(0.0, f64::max);
        let there = self.command.iter().filter(|&&c| c >= AT_LIMIT * most).count();
        (most > 0.0 && there > 1).then_some(most)
    }

    /// True where the command is below the limit.
    pub fn free(&self, at: usize, limit: Option<f64>) -> bool {
        let size = self.command.get(at).copied().unwrap_or(0.0);
        limit.is_none_or(|limit| size < AT_LIMIT * limit)
    }

    /// ∫(setpoint − estimate)dt up to a step.
    fn integrals(&self, component: usize) -> Vec<f64> {
        let seen = [ESTIMATE, MEASUREMENT, STATE].into_iter().find(|&part| self.has(part)).unwrap_or(STATE);
        let mut sum = 0.0;
        (0..self.len())
            .map(|at| {
                let e = self.value(SETPOINT, component, at, 0) - self.value(seen, component, at, 0);
                sum += if e.is_finite() { e * self.period[at] } else { 0.0 };
                sum
            })
            .collect()
    }

    /// What a controller has to go by: setpoint, estimate (or what else says where the plant is), speed, integral.
    fn known(&self, component: usize, at: usize, integral: f64) -> Vec<f64> {
        let seen = if self.has(ESTIMATE) { ESTIMATE } else { MEASUREMENT };
        let mut known = vec![self.value(SETPOINT, component, at, 0)];
        // The state itself only where nothing else says where the plant is: what the controller acts on is what it was told.
        known.push(if self.has(seen) {
            self.value(seen, component, at, 0)
        } else {
            self.value(STATE, component, at, 1)
        });
        let width = self.names[COMMAND].len().max(1);
        for other in 0..self.names[OTHERS].len() / width {
            known.push(self.value(OTHERS, other * width + component, at, 1));
        }
        known.extend([integral, 1.0]);
        known
    }

    /// What moves the plant in a step, for the change of its speed.
    fn moves(&self, component: usize, at: usize) -> Vec<f64> {
        let by = if self.has(ACTUATOR) { ACTUATOR } else { COMMAND };
        let dt = self.period[at];
        let speed = self.value(OTHERS, component, at, 1);
        vec![self.value(by, component, at, 0) * dt, speed * dt, self.value(STATE, component, at, 1) * dt, dt]
    }
}

/// Learns from the expected run what `features` say of `target`, and asks it of both.
fn learnt(
    parts: &Sides<&Parts>,
    features: impl Fn(&Parts, usize) -> Vec<f64>,
    target: impl Fn(&Parts, usize) -> f64,
    teaches: impl Fn(&Parts, usize) -> bool,
) -> Option<Sides<Vec<f64>>> {
    /// More rows would not teach more.
    const ROWS: usize = 20_000;
    let run = parts.expected;
    let rows: Vec<(Vec<f64>, f64)> = (0..run.len())
        .filter(|&at| teaches(run, at))
        .map(|at| (features(run, at), target(run, at)))
        .filter(|(features, target)| target.is_finite() && features.iter().all(|f| f.is_finite()))
        .take(ROWS)
        .collect();
    let fit = Fit::of(&rows)?;
    let residual = |run: &Parts| -> Vec<f64> {
        (0..run.len()).map(|at| target(run, at) - fit.of_features(&features(run, at))).collect()
    };
    Some(Sides::new(residual(run), residual(parts.actual)))
}

/// Every link that both runs recorded.
pub fn links(parts: &Sides<&Parts>, moments: &[(usize, usize)], digits: Option<u32>) -> Vec<Link> {
    let mut links = Vec::new();
    let rounding = digits.map_or(0.0, |digits| ROUNDED * 10_f64.powi(-(digits as i32)) * parts.expected.greatest());
    let both =
        |part: usize| parts.expected.has(part) && parts.expected.names[part].len() == parts.actual.names[part].len();
    let mut push = |part: Part, signal: &str, residual: Sides<Vec<f64>>| {
        links.push(Link { part, signal: signal.to_owned(), residual, rounding });
    };
    let limit = parts.expected.limit();
    for (component, name) in parts.actual.names[SETPOINT].iter().enumerate().filter(|_| both(SETPOINT)) {
        let mut residual = Sides::new(vec![0.0; parts.expected.len()], vec![f64::NAN; parts.actual.len()]);
        for &(i, j) in moments {
            residual.actual[j] =
                parts.actual.value(SETPOINT, component, j, 0) - parts.expected.value(SETPOINT, component, i, 0);
        }
        push(Part::Setpoint, name, residual);
    }
    for (component, name) in parts.actual.names[MEASUREMENT].iter().enumerate() {
        if both(MEASUREMENT) && both(STATE) {
            push(Part::Measurement, name, measuring(parts, component));
        }
    }
    for (component, name) in parts.actual.names[ESTIMATE].iter().enumerate() {
        let target = |run: &Parts, at: usize| run.value(ESTIMATE, component, at, 0);
        let features = |run: &Parts, at: usize| {
            vec![run.value(MEASUREMENT, component, at, 0), run.value(ESTIMATE, component, at, 1), 1.0]
        };
        if both(ESTIMATE)
            && both(MEASUREMENT)
            && let Some(residual) = learnt(parts, features, target, |_, _| true)
        {
            push(Part::Estimate, name, residual);
        }
    }
    for (component, name) in parts.actual.names[COMMAND].iter().enumerate().filter(|_| both(COMMAND)) {
        let integrals = parts.map(|run| run.integrals(component));
        let features = |run: &Parts, at: usize| {
            let integrals = if std::ptr::eq(run, parts.expected) { &integrals.expected } else { &integrals.actual };
            run.known(component, at, integrals[at])
        };
        let target = |run: &Parts, at: usize| run.value(COMMAND, component, at, 0);
        if both(SETPOINT)
            && let Some(mut residual) = learnt(parts, features, target, |run, at| run.free(at, limit))
        {
            // At the limit the expected run has, a command is what the law leaves of it.
            for (run, residual) in [(parts.expected, &mut residual.expected), (parts.actual, &mut residual.actual)] {
                for (at, residual) in residual.iter_mut().enumerate().filter(|(at, _)| !run.free(*at, limit)) {
                    *residual = if run.free(at, limit) { *residual } else { 0.0 };
                }
            }
            push(Part::Command, name, residual);
        }
    }
    for (component, name) in parts.actual.names[ACTUATOR].iter().enumerate().filter(|_| both(ACTUATOR)) {
        let features =
            |run: &Parts, at: usize| vec![run.value(COMMAND, component, at, 0), run.value(ACTUATOR, component, at, 1)];
        let target = |run: &Parts, at: usize| run.value(ACTUATOR, component, at, 0);
        if both(COMMAND)
            && let Some(residual) = learnt(parts, features, target, |_, _| true)
        {
            push(Part::Actuator, name, residual);
        }
    }
    if let Some(usual) = super::signals::median(&parts.expected.period) {
        let residual = parts.map(|run| run.period.iter().map(|dt| dt - usual).collect());
        push(Part::Period, "step length", residual);
    }
    for (component, name) in parts.actual.names[OTHERS].iter().enumerate() {
        let target = |run: &Parts, at: usize| run.value(OTHERS, component, at, 0) - run.value(OTHERS, component, at, 1);
        if both(OTHERS)
            && both(COMMAND)
            && both(STATE)
            && component < parts.actual.names[COMMAND].len()
            && let Some(residual) = learnt(parts, |run, at| run.moves(component, at), target, |_, _| true)
        {
            push(Part::Plant, name, residual);
        }
    }
    links
}

/// Measurement less the state that it is of: that of the step before, or how many steps it is late in the expected run.
fn measuring(parts: &Sides<&Parts>, component: usize) -> Sides<Vec<f64>> {
    let off = |run: &Parts, lag: usize| -> Vec<f64> {
        (0..run.len())
            .map(|at| run.value(MEASUREMENT, component, at, 0) - run.value(STATE, component, at, lag))
            .collect()
    };
    let size = |values: &[f64]| values.iter().filter(|v| v.is_finite()).map(|v| v.abs()).sum::<f64>();
    let lag = (0..=USUAL_LAG)
        .min_by(|&a, &b| size(&off(parts.expected, a)).total_cmp(&size(&off(parts.expected, b))))
        .unwrap_or(0);
    parts.map(|run| off(run, lag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::plant::{Injection, Pair, Setup, samples};

    /// The parts whose residual is beyond rounding, in a pair with one fault.
    fn shows(fault: &str) -> Vec<Part> {
        let setup = Setup { faults: vec![Injection::parse(fault).unwrap()], ..Setup::default() };
        let pair = Pair::of(&setup);
        let runs = Sides::new(samples(&pair.expected, true), samples(&pair.actual, true));
        let parts = Sides::new(Parts::of(&runs.expected).unwrap(), Parts::of(&runs.actual).unwrap());
        let moments: Vec<(usize, usize)> = (0..80).map(|at| (at, at)).collect();
        let most = |values: &[f64]| values.iter().filter(|v| v.is_finite()).fold(0.0_f64, |m, v| m.max(v.abs()));
        let mut found = Vec::new();
        for link in links(&parts.as_ref(), &moments, None) {
            assert!(most(&link.residual.expected) < 1e-9, "{fault}: {:?} {}", link.part, most(&link.residual.expected));
            if most(&link.residual.actual) > 1e-6 && !found.contains(&link.part) {
                found.push(link.part);
            }
        }
        found
    }

    #[test]
    fn a_fault_shows_in_its_own_link_alone() {
        for (fault, part) in [
            ("delay=2@30-40", Part::Measurement),
            ("dropout@30-33", Part::Measurement),
            ("bias=0.2@30-40", Part::Measurement),
            ("stale=0.9@30-40", Part::Estimate),
            ("saturation=0.2@30-40", Part::Command),
            ("lag=0.4@30-40", Part::Actuator),
            ("deadzone=0.9@30-40", Part::Actuator),
            ("jitter=0.03@30", Part::Period),
            ("push=0.5@30-40", Part::Plant),
            ("shift=0.5@30-40", Part::Setpoint),
        ] {
            assert_eq!(shows(fault), [part], "{fault}");
        }
        assert_eq!(shows("missed=0.02@30"), [Part::Command, Part::Period]);
        assert_eq!(shows("overrun=130@30"), []);
    }
}
