//! The four named scenarios, and a run with its baseline.

use super::{Fault, Injection, Setup, Step, run};

/// A scenario by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// Nothing goes wrong.
    Healthy,
    /// Measurements come late or not at all, and the estimate does not follow.
    DelayedSensor,
    /// The actuator gives less than half of its usual limit for a while.
    ActuatorSaturation,
    /// Some steps last longer than they may, and in some the controller does not run.
    TimingJitter,
}

impl Scenario {
    /// Every scenario.
    pub const ALL: [Self; 4] = [Self::Healthy, Self::DelayedSensor, Self::ActuatorSaturation, Self::TimingJitter];

    /// Its name: `delayed_sensor`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::DelayedSensor => "delayed_sensor",
            Self::ActuatorSaturation => "actuator_saturation",
            Self::TimingJitter => "timing_jitter",
        }
    }

    /// The scenario of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scenario| scenario.name() == name)
    }

    /// What goes wrong in it.
    pub fn faults(self) -> Vec<Injection> {
        match self {
            Self::Healthy => Vec::new(),
            Self::DelayedSensor => vec![
                Injection::new(Fault::Dropout, 18, 18),
                Injection::new(Fault::Delay(1), 24, 31),
                Injection::new(Fault::Stale(0.98), 26, 39),
                Injection::new(Fault::Dropout, 37, 37),
            ],
            Self::ActuatorSaturation => vec![Injection::new(Fault::Saturation(0.55), 28, 45)],
            Self::TimingJitter => [16, 29, 41]
                .map(|step| Injection::new(Fault::Jitter(0.03), step, step))
                .into_iter()
                .chain([Injection::new(Fault::Missed(0.02), 33, 34)])
                .collect(),
        }
    }

    /// Its setup.
    pub fn setup(self) -> Setup {
        Setup { faults: self.faults(), ..Setup::default() }
    }
}

/// A run and the healthy one beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Without the faults. Where there is noise its seed is another one, as in life.
    pub expected: Vec<Step>,
    /// With them.
    pub actual: Vec<Step>,
}

impl Pair {
    /// Runs a setup with and without its faults.
    pub fn of(setup: &Setup) -> Self {
        let healthy = Setup { faults: Vec::new(), ..setup.clone() };
        let actual = Setup { seed: setup.seed.wrapping_add(1), ..setup.clone() };
        Self { expected: run(&healthy), actual: run(&actual) }
    }
}
