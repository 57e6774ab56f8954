//! A sampled recording of a control loop: signals over time, each with what it is in the loop.

use serde::{Deserialize, Serialize};

use super::{Places, Time, TimeScale};

/// What a signal is in its loop, in the order in which one causes the next within a step (SEMANTICS rule 22).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignalRole {
    /// Where the loop is to go: a setpoint, reference or waypoint.
    Setpoint,
    /// What the sensor says of where it is.
    Measurement,
    /// Where the controller believes it is.
    Estimate,
    /// What the controller asks of the actuator.
    Command,
    /// What the actuator does.
    Actuator,
    /// Where the plant is, and how fast it moves.
    State,
    /// A difference that the recording itself holds: setpoint and state, mostly.
    Error,
    /// How long a step lasted, from one to the next.
    Period,
    /// How long the controller may take for a step.
    Budget,
    /// How long it took.
    Elapsed,
    /// 1 where a condition held and 0 elsewhere: a sample dropped, an output clipped.
    Flag,
    /// None of these, or unknown.
    #[default]
    Other,
}

impl SignalRole {
    /// Every role, in causal order.
    pub const ALL: [Self; 12] = [
        Self::Setpoint,
        Self::Measurement,
        Self::Estimate,
        Self::Command,
        Self::Actuator,
        Self::State,
        Self::Error,
        Self::Period,
        Self::Budget,
        Self::Elapsed,
        Self::Flag,
        Self::Other,
    ];

    /// The word on screen, in JSON and in a comparison spec.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Setpoint => "setpoint",
            Self::Measurement => "measurement",
            Self::Estimate => "estimate",
            Self::Command => "command",
            Self::Actuator => "actuator",
            Self::State => "state",
            Self::Error => "error",
            Self::Period => "period",
            Self::Budget => "budget",
            Self::Elapsed => "elapsed",
            Self::Flag => "flag",
            Self::Other => "other",
        }
    }

    /// The role of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// True for what flows around the loop, and not about it.
    pub const fn flows(self) -> bool {
        matches!(
            self,
            Self::Setpoint | Self::Measurement | Self::Estimate | Self::Command | Self::Actuator | Self::State
        )
    }
}

/// The moments at which some signals were sampled together.
#[derive(Debug, Clone, Default)]
pub struct Axis {
    /// Ticks of the samples' time scale, ascending; equal where the recording repeats a time. Sample numbers where it has no
    /// time.
    pub times: Vec<i64>,
    /// The step that the recording gives each moment; empty where it numbers none.
    pub steps: Vec<i64>,
    /// Where each moment's text stands; empty where there is none.
    pub places: Places,
}

impl Axis {
    /// The step of a moment: the recording's own number, or the index.
    pub fn step(&self, index: usize) -> i64 {
        self.steps.get(index).copied().unwrap_or(index as i64)
    }
}

/// One signal.
#[derive(Debug, Clone, Default)]
pub struct Signal {
    /// Its full name: `position.x`.
    pub name: String,
    /// What it is a component of: `position`; its own name where it stands alone.
    pub group: String,
    /// Its unit where one is known, as recorded: `m/s`, `ms`.
    pub unit: Option<String>,
    /// What it is in the loop.
    pub role: SignalRole,
    /// Which of the samples' axes it was sampled on.
    pub axis: usize,
    /// A value for each moment of its axis; NaN where nothing was recorded.
    pub values: Vec<f64>,
}

/// A recording of signals.
#[derive(Debug, Clone, Default)]
pub struct Samples {
    /// What ticks mean; `None` where the recording has no time and moments are counted.
    pub scale: Option<TimeScale>,
    /// The moments; signals of unlike rates have one each.
    pub axes: Vec<Axis>,
    /// The signals, in the order of the recording.
    pub signals: Vec<Signal>,
    /// The greatest number of significant digits that a value was written with, where the file is text and writes fewer than a
    /// 64-bit number needs; `None` where values are exact.
    pub digits: Option<u32>,
    /// True when the recording stops before its end.
    pub torn: bool,
}

impl Samples {
    /// The times of a signal, in ticks: as many as it has values.
    pub fn times(&self, signal: usize) -> &[i64] {
        &self.axes[self.signals[signal].axis].times
    }

    /// The moments of a signal.
    pub fn axis(&self, signal: usize) -> &Axis {
        &self.axes[self.signals[signal].axis]
    }

    /// The signal of a name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.signals.iter().position(|signal| signal.name == name)
    }

    /// Every signal of a role.
    pub fn of_role(&self, role: SignalRole) -> impl Iterator<Item = usize> + '_ {
        (0..self.signals.len()).filter(move |&at| self.signals[at].role == role)
    }

    /// An instant with its unit, where there is time.
    pub fn time(&self, ticks: i64) -> Option<Time> {
        Some(Time { value: ticks, unit: self.scale.as_ref()?.unit })
    }

    /// Ticks in a second; 1 where moments are counted.
    pub fn per_second(&self) -> f64 {
        self.scale.as_ref().map_or(1.0, |scale| 10_f64.powi(scale.unit.exponent() as i32))
    }

    /// How many moments there are, over all axes.
    pub fn len(&self) -> usize {
        self.axes.iter().map(|axis| axis.times.len()).sum()
    }

    /// True when nothing was sampled.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Unit;

    #[test]
    fn a_role_is_known_by_its_word_and_causes_the_next() {
        for role in SignalRole::ALL {
            assert_eq!(SignalRole::of(role.word()), Some(role));
        }
        assert!(SignalRole::ALL.is_sorted());
        assert_eq!(SignalRole::of("colour"), None);
    }

    #[test]
    fn signals_of_unlike_rates_have_an_axis_each() {
        let axis = |times: &[i64]| Axis { times: times.to_vec(), ..Axis::default() };
        let signal = |name: &str, axis: usize| Signal { name: name.to_owned(), axis, ..Signal::default() };
        let scale = TimeScale { unit: Unit::Millis, field: "t".to_owned(), epoch: false };
        let samples = Samples {
            scale: Some(scale),
            axes: vec![axis(&[0, 10, 20]), Axis { steps: vec![7], ..axis(&[5]) }],
            signals: vec![signal("fast", 0), signal("slow", 1)],
            ..Samples::default()
        };
        assert_eq!(samples.times(1), [5]);
        assert_eq!((samples.axis(0).step(2), samples.axis(1).step(0)), (2, 7));
        assert_eq!((samples.find("slow"), samples.len(), samples.per_second()), (Some(1), 4, 1000.0));
        assert_eq!(samples.time(5).map(|time| time.to_string()).as_deref(), Some("5\u{202f}ms"));
    }
}
