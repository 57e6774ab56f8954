//! A parameter moved through its range: where does the loop stop to hold?

use super::{Fault, Injection, Setup, run, samples};
use crate::control::{Measures, Stability, measure};

/// Steps of a run that is to show whether it comes to rest.
const STEPS: u32 = 600;

/// What is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// The proportional gain.
    Kp,
    /// The integral gain.
    Ki,
    /// The derivative gain.
    Kd,
    /// The limit of the command.
    Limit,
    /// The length of a step, in seconds.
    Dt,
    /// Steps by which the sensor is late, throughout.
    Delay,
    /// The time constant of the actuator, in seconds, throughout.
    Lag,
    /// What the estimate keeps of itself, throughout.
    Stale,
    /// The width of the actuator's dead zone, throughout.
    DeadZone,
}

impl Parameter {
    /// Every parameter.
    pub const ALL: [Self; 9] =
        [Self::Kp, Self::Ki, Self::Kd, Self::Limit, Self::Dt, Self::Delay, Self::Lag, Self::Stale, Self::DeadZone];

    /// Its name: `kp`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kp => "kp",
            Self::Ki => "ki",
            Self::Kd => "kd",
            Self::Limit => "limit",
            Self::Dt => "dt",
            Self::Delay => "delay",
            Self::Lag => "lag",
            Self::Stale => "stale",
            Self::DeadZone => "deadzone",
        }
    }

    /// The parameter of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|parameter| parameter.name() == name)
    }

    /// A setup with this value.
    #[must_use]
    pub fn set(self, setup: &Setup, value: f64) -> Setup {
        let mut setup = setup.clone();
        let throughout = |fault| Injection::new(fault, 0, u32::MAX);
        match self {
            Self::Kp => setup.kp = value,
            Self::Ki => setup.ki = value,
            Self::Kd => setup.kd = value,
            Self::Limit => setup.limit = value,
            Self::Dt => setup.dt = value,
            Self::Delay => setup.faults.push(throughout(Fault::Delay(value.round() as u32))),
            Self::Lag => setup.faults.push(throughout(Fault::Lag(value))),
            Self::Stale => setup.faults.push(throughout(Fault::Stale(value.clamp(0.0, 1.0)))),
            Self::DeadZone => setup.faults.push(throughout(Fault::DeadZone(value))),
        }
        setup
    }
}

/// How the loop holds at one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The value.
    pub value: f64,
    /// Whether it holds.
    pub stability: Stability,
    /// How well.
    pub measures: Measures,
}

/// One long way to the first waypoint for each value of a parameter.
pub fn sweep(setup: &Setup, parameter: Parameter, values: impl Iterator<Item = f64>) -> Vec<Held> {
    values
        .filter_map(|value| {
            let setup = Setup {
                steps: STEPS,
                waypoints: setup.waypoints.first().into_iter().copied().collect(),
                ..parameter.set(setup, value)
            };
            let measures = measure(&samples(&run(&setup), false)).into_iter().next()?;
            Some(Held { value, stability: measures.stability, measures })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stability_is_lost_where_theory_says() {
        // Without a limit the loop is linear, x(k+1) = A x(k): by Jury's criterion it holds while
        // kd·dt < 2 − kp·dt²/2 and kp·dt < kd + … — found here by the eigenvalues' radius.
        let setup = Setup { limit: f64::INFINITY, ..Setup::default() };
        let radius = |kp: f64, kd: f64, dt: f64| {
            // v' = v + (−kp p − kd v) dt, p' = p + v' dt: trace and determinant of the step's matrix.
            let (trace, determinant) = (2.0 - kd * dt - kp * dt * dt, 1.0 - kd * dt);
            let inside = trace * trace / 4.0 - determinant;
            if inside < 0.0 { determinant.sqrt() } else { trace.abs() / 2.0 + inside.sqrt() }
        };
        for held in sweep(&setup, Parameter::Kd, [-0.4, -0.1, 0.1, 0.45, 2.0].into_iter()) {
            let holds = radius(1.4, held.value, 0.1) < 1.0;
            assert_eq!(held.stability == Stability::Stable, holds, "kd {}: {:?}", held.value, held.stability);
        }
    }

    #[test]
    fn a_late_sensor_costs_stability() {
        let setup = Setup::default();
        let held = sweep(&setup, Parameter::Delay, (0..=8).map(f64::from));
        assert_eq!(held.first().map(|h| h.stability), Some(Stability::Stable));
        assert_ne!(held.last().map(|h| h.stability), Some(Stability::Stable));
        let lost = held.iter().position(|h| h.stability != Stability::Stable).unwrap();
        assert!(held[lost..].iter().all(|h| h.stability != Stability::Stable), "it is lost once");
    }
}
