//! The plant and its controller, step by step.
#![expect(clippy::float_cmp, reason = "a value that is repeated, or was never changed, is the same to the last bit")]

use super::{Fault, Setup, Vector, length};
use crate::control::noise::Noise;

/// Milliseconds of work in each step, in turn.
const WORK: [f64; 3] = [55.0, 60.0, 65.0];
/// Milliseconds of work beyond the budget of a step with jitter that lasts 0.03 s longer, and of one without an update that lasts
/// 0.02 s longer; others in proportion.
const JITTER_WORK: f64 = 23.0;
const MISSED_WORK: f64 = 18.0;

/// One step of a run, after the plant has moved.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a column of the recording")]
pub struct Step {
    /// Its number, from 0.
    pub step: u32,
    /// Seconds since the start, at its end.
    pub time: f64,
    /// How long it lasted, in seconds.
    pub dt: f64,
    /// Where the plant was to go.
    pub waypoint: Vector,
    /// Where it is.
    pub position: Vector,
    /// How fast it moves.
    pub velocity: Vector,
    /// What the sensor said, before it moved.
    pub measured: Vector,
    /// Where the controller believed it was.
    pub estimate: Vector,
    /// What the controller asked for, clipped.
    pub command: Vector,
    /// What the actuator gave.
    pub actuator: Vector,
    /// The sensor repeated itself.
    pub dropped: bool,
    /// The sensor told of an earlier step.
    pub delayed: bool,
    /// The estimate did not follow.
    pub stale: bool,
    /// The command was clipped.
    pub saturated: bool,
    /// The controller did not run.
    pub missed: bool,
    /// The step had another length.
    pub jitter: bool,
    /// |waypoint − position|.
    pub error: f64,
    /// How long the controller's work may take, in milliseconds.
    pub budget_ms: f64,
    /// How long it took.
    pub elapsed_ms: f64,
}

/// What goes wrong in one step, all faults together.
#[derive(Debug, Default)]
struct Wrong {
    delay: u32,
    dropout: bool,
    bias: Option<f64>,
    noise: f64,
    stale: Option<f64>,
    limit: Option<f64>,
    lag: f64,
    dead_zone: f64,
    jitter: Option<f64>,
    missed: Option<f64>,
    overrun: Option<f64>,
    push: f64,
    shift: f64,
}

impl Wrong {
    fn at(setup: &Setup, step: u32) -> Self {
        let mut wrong = Self::default();
        for injection in setup.faults.iter().filter(|injection| injection.steps.contains(&step)) {
            match injection.fault {
                Fault::Delay(steps) => wrong.delay = wrong.delay.max(steps),
                Fault::Dropout => wrong.dropout = true,
                Fault::Bias(of) => wrong.bias = Some(wrong.bias.unwrap_or(0.0) + of),
                Fault::Noise(of) => wrong.noise = wrong.noise.max(of),
                Fault::Stale(keep) => wrong.stale = Some(keep),
                Fault::Saturation(limit) => wrong.limit = Some(limit),
                Fault::Lag(seconds) => wrong.lag = seconds,
                Fault::DeadZone(width) => wrong.dead_zone = width,
                Fault::Jitter(longer) => wrong.jitter = Some(longer),
                Fault::Missed(longer) => wrong.missed = Some(longer),
                Fault::Overrun(ms) => wrong.overrun = Some(ms),
                Fault::Push(of) => wrong.push += of,
                Fault::Shift(of) => wrong.shift += of,
            }
        }
        wrong
    }
}

/// Runs a setup from rest at the origin. Semi-implicit Euler: velocity first, then position by the new velocity.
pub fn run(setup: &Setup) -> Vec<Step> {
    let count = setup.steps as usize;
    let mut steps: Vec<Step> = Vec::with_capacity(count);
    // The usual noise and that of a fault are told apart, so that a fault leaves the usual noise as it is.
    let (mut usual, mut extra) = (Noise::new(setup.seed), Noise::new(setup.seed ^ 0x5EED));
    let (mut position, mut velocity, mut integral) = ([0.0; 2], [0.0; 2], [0.0; 2]);
    let (mut measured, mut estimate, mut actuator): (Vector, Vector, Vector) = ([0.0; 2], [0.0; 2], [0.0; 2]);
    let mut time = 0.0;
    for step in 0..setup.steps {
        let wrong = Wrong::at(setup, step);
        let mut dt = setup.dt;
        let mut elapsed = WORK[step as usize % WORK.len()];
        if let Some(longer) = wrong.jitter {
            dt += longer;
            elapsed = setup.budget_ms + JITTER_WORK * (longer / 0.03);
        }
        if let Some(longer) = wrong.missed {
            dt += longer;
            elapsed = setup.budget_ms + MISSED_WORK * (longer / 0.02);
        }
        elapsed = wrong.overrun.unwrap_or(elapsed);
        time += dt;

        let place = (step as usize * setup.waypoints.len()) / count.max(1);
        let mut waypoint = setup.waypoints.get(place).copied().unwrap_or_default();
        let noise = [usual.normal() * setup.noise, usual.normal() * setup.noise];
        let worse = [extra.normal() * wrong.noise, extra.normal() * wrong.noise];
        // What was before the start is the start.
        let was = match wrong.delay {
            0 => position,
            delay => {
                let at = (step as usize).checked_sub(delay as usize + 1);
                at.and_then(|at| steps.get(at)).map_or([0.0; 2], |step| step.position)
            }
        };
        let bias = Fault::both(wrong.bias.unwrap_or(0.0));
        let mut command = [0.0; 2];
        let previous = estimate;
        for axis in 0..2 {
            waypoint[axis] += wrong.shift;
            if !wrong.dropout {
                measured[axis] = was[axis] + noise[axis] + worse[axis] + bias[axis];
            }
            estimate[axis] = match wrong.stale {
                Some(keep) => keep * previous[axis] + (1.0 - keep) * measured[axis],
                None => measured[axis],
            };
            let error = waypoint[axis] - estimate[axis];
            integral[axis] += error * dt;
            command[axis] = setup.kp * error - setup.kd * velocity[axis];
            if setup.ki != 0.0 {
                command[axis] += setup.ki * integral[axis];
            }
        }
        let (mut command, saturated) = clip(command, wrong.limit.map_or(setup.limit, |limit| limit.min(setup.limit)));
        if wrong.missed.is_some() {
            command = [0.0; 2];
        }
        let asked = if length(command) < wrong.dead_zone { [0.0; 2] } else { command };
        let follows = if wrong.lag > 0.0 { dt / (wrong.lag + dt) } else { 1.0 };
        for axis in 0..2 {
            actuator[axis] =
                if wrong.lag > 0.0 { actuator[axis] + follows * (asked[axis] - actuator[axis]) } else { asked[axis] };
            let mut acceleration = actuator[axis];
            if setup.gain != 1.0 {
                acceleration *= setup.gain;
            }
            acceleration -= setup.friction * velocity[axis] + setup.stiffness * position[axis];
            acceleration += wrong.push;
            velocity[axis] += acceleration * dt;
            position[axis] += velocity[axis] * dt;
        }
        steps.push(Step {
            step,
            time,
            dt,
            waypoint,
            position,
            velocity,
            measured,
            estimate,
            command,
            actuator,
            dropped: wrong.dropout,
            delayed: wrong.delay > 0,
            stale: wrong.stale.is_some(),
            saturated: saturated && wrong.missed.is_none(),
            missed: wrong.missed.is_some(),
            jitter: wrong.jitter.or(wrong.missed).is_some_and(|longer| longer != 0.0),
            error: length([waypoint[0] - position[0], waypoint[1] - position[1]]),
            budget_ms: setup.budget_ms,
            elapsed_ms: elapsed,
        });
    }
    steps
}

/// A command, no longer than the limit, and whether it was.
fn clip(command: Vector, limit: f64) -> (Vector, bool) {
    let long = length(command);
    if long <= limit {
        return (command, false);
    }
    let scale = limit / long;
    (command.map(|part| part * scale), true)
}

#[cfg(test)]
mod tests {
    use super::super::{Injection, Scenario};
    use super::*;

    fn with(fault: &str) -> Vec<Step> {
        run(&Setup { faults: vec![Injection::parse(fault).unwrap()], ..Setup::default() })
    }

    #[test]
    fn a_step_follows_the_published_model() {
        let first = run(&Setup::default())[0];
        assert!((first.position[0] - 0.009_370_43).abs() < 1e-8 && (first.error - 1.268_62).abs() < 1e-5);
        assert!(first.saturated && (length(first.command) - 1.2).abs() < 1e-12);
    }

    #[test]
    fn every_fault_changes_what_it_is_about_and_nothing_before() {
        let healthy = run(&Setup::default());
        for (fault, shows) in [
            ("delay=2@30-40", |a: &Step, b: &Step| a.measured != b.measured),
            ("dropout@30", |a: &Step, b: &Step| a.measured != b.measured),
            ("bias=0.2@30-40", |a: &Step, b: &Step| a.measured != b.measured),
            ("noise=0.1@30-40", |a: &Step, b: &Step| a.measured != b.measured),
            ("stale=0.9@30-40", |a: &Step, b: &Step| a.measured == b.measured && a.estimate != b.estimate),
            ("saturation=0.2@30-40", |a: &Step, b: &Step| a.estimate == b.estimate && a.command != b.command),
            ("lag=0.4@30-40", |a: &Step, b: &Step| a.command == b.command && a.actuator != b.actuator),
            ("deadzone=0.9@30-40", |a: &Step, b: &Step| a.command == b.command && a.actuator != b.actuator),
            ("jitter=0.03@30", |a: &Step, b: &Step| a.command == b.command && a.dt != b.dt),
            ("missed=0.02@30", |a: &Step, b: &Step| {
                a.estimate == b.estimate && length(a.command) == 0.0 && a.dt != b.dt
            }),
            ("overrun=140@30", |a: &Step, b: &Step| a.position == b.position && a.elapsed_ms != b.elapsed_ms),
            ("push=0.5@30-40", |a: &Step, b: &Step| a.actuator == b.actuator && a.velocity != b.velocity),
            ("shift=0.5@30-40", |a: &Step, b: &Step| a.waypoint != b.waypoint && a.measured == b.measured),
        ] as [(&str, fn(&Step, &Step) -> bool); 13]
        {
            let run = with(fault);
            assert_eq!(run[..30], healthy[..30], "{fault}");
            assert!(shows(&run[30], &healthy[30]), "{fault}");
        }
    }

    #[test]
    fn noise_is_of_its_seed() {
        let noisy = |seed| run(&Setup { noise: 0.02, seed, ..Setup::default() });
        assert_eq!(noisy(3), noisy(3));
        assert_ne!(noisy(3), noisy(4));
    }

    #[test]
    fn a_plant_with_friction_stiffness_and_an_integral_comes_to_its_setpoint() {
        let setup = Setup {
            steps: 800,
            waypoints: vec![[1.0, 0.5]],
            ki: 0.6,
            friction: 0.3,
            stiffness: 0.5,
            ..Setup::default()
        };
        let end = run(&setup).pop().unwrap();
        assert!(end.error < 1e-6, "{}", end.error);
        let without = run(&Setup { ki: 0.0, ..setup }).pop().unwrap();
        assert!(without.error > 0.2, "a spring needs the integral: {}", without.error);
    }

    #[test]
    fn the_faults_of_the_scenarios_are_marked() {
        let run = run(&Scenario::TimingJitter.setup());
        let marked = |of: fn(&Step) -> bool| run.iter().filter(|s| of(s)).map(|s| s.step).collect::<Vec<u32>>();
        assert_eq!(marked(|s| s.jitter), [16, 29, 33, 34, 41]);
        assert_eq!(marked(|s| s.missed), [33, 34]);
        assert_eq!(marked(|s| s.elapsed_ms > s.budget_ms), [16, 29, 33, 34, 41]);
    }
}
