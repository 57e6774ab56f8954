//! What a diagnosis says. Times are ticks of the samples' own scale; errors have the unit of the signals they come from.

use crate::compare::Verdict;
use crate::trace::{Side, Sides, SignalRole};

/// A moment of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// Its index on the axis that is meant: that of the signal named beside it, or the main one.
    pub index: usize,
    /// The recording's own number for it, or its index.
    pub step: i64,
    /// Its time in ticks of the samples' scale.
    pub time: i64,
}

/// How the runs were compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// Sample by sample: any difference beyond what the files' digits round away.
    Exact,
    /// Against a run with other noise: cumulative sums of what is unusual, whose limit gives this chance of a false alarm in a
    /// whole run like the baseline.
    Statistical {
        /// The chance that a run like the baseline raises an alarm, from 0 to 1, as the limit was set for.
        false_alarm: f64,
    },
    /// One run with its own setpoint.
    Within {
        /// The chance that a run like its beginning raises an alarm, from 0 to 1.
        false_alarm: f64,
    },
}

/// A signal that parts at the onset.
#[derive(Debug, Clone, PartialEq)]
pub struct Parted {
    /// Its name.
    pub signal: String,
    /// What it is in the loop.
    pub role: SignalRole,
    /// Both values; NaN where none was recorded. Within one run: what was to be expected, and what was.
    pub values: Sides<f64>,
}

/// Where it really started to go wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Onset {
    /// The moment, on the actual side.
    pub at: Moment,
    /// When it was sure: the same where sample by sample, later where noise has to be told from a fault first.
    pub detected: Moment,
    /// Every signal that parts there, in causal order (SEMANTICS rule 22); the first is the one that parted first.
    pub parted: Vec<Parted>,
}

/// The gap between the states of both runs at a fixed threshold, which tells later than the onset.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// The threshold, in the state's unit.
    pub threshold: f64,
    /// The first moment with a greater gap.
    pub at: Option<Moment>,
    /// The tracking errors of both runs then.
    pub errors: Option<Sides<f64>>,
    /// How far the actual run's tracking error grows beyond that: the greatest from then on, less the one then; 0 where the gap
    /// never exceeds the threshold.
    pub growth: f64,
}

/// What a curve shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CurveKind {
    /// |setpoint − state| of one run.
    Tracking,
    /// |state − estimate| of one run.
    Estimate,
    /// |expected − actual| of the state.
    Gap,
    /// What is unusual of all signals together, in standard deviations, where runs are compared statistically.
    Unusual,
}

impl CurveKind {
    /// The word on screen and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tracking => "tracking error",
            Self::Estimate => "estimate error",
            Self::Gap => "gap",
            Self::Unusual => "unusual",
        }
    }
}

/// An error over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// What it shows.
    pub kind: CurveKind,
    /// The run it is of; `None` for what is between the two.
    pub side: Option<Side>,
    /// What it is the error of: `position`.
    pub of: String,
    /// The unit, where one is known.
    pub unit: Option<String>,
    /// Ticks, ascending.
    pub times: Vec<i64>,
    /// A value for each time; NaN where one side has none.
    pub values: Vec<f64>,
}

/// Between which values an error is no more than noise: what the view shades.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// The lower edge, in the unit of the curve.
    pub low: f64,
    /// The upper edge.
    pub high: f64,
}

/// What kind of fault a cause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The loop was asked to go elsewhere.
    SetpointChange,
    /// Measurements came late, or not at all.
    DelayedMeasurement,
    /// Measurements are off by a constant or by noise.
    FaultyMeasurement,
    /// The estimate does not follow the measurements.
    StaleEstimate,
    /// The controller's output is clipped at the limit that the expected run has too.
    OutputClipped,
    /// The actuator gives less than was asked, at a lower limit.
    ActuatorSaturation,
    /// The actuator follows late, or not near zero.
    ActuatorResponse,
    /// Steps are longer or shorter than they should be.
    TimingJitter,
    /// The controller did not run in a step.
    MissedUpdate,
    /// The plant moves otherwise under the same commands.
    Disturbance,
}

impl Class {
    /// Every class, in causal order.
    pub const ALL: [Self; 10] = [
        Self::SetpointChange,
        Self::DelayedMeasurement,
        Self::FaultyMeasurement,
        Self::StaleEstimate,
        Self::OutputClipped,
        Self::ActuatorSaturation,
        Self::ActuatorResponse,
        Self::TimingJitter,
        Self::MissedUpdate,
        Self::Disturbance,
    ];

    /// The name in JSON: `delayed_measurement`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SetpointChange => "setpoint_change",
            Self::DelayedMeasurement => "delayed_measurement",
            Self::FaultyMeasurement => "faulty_measurement",
            Self::StaleEstimate => "stale_estimate",
            Self::OutputClipped => "controller_output_clipped",
            Self::ActuatorSaturation => "actuator_saturation",
            Self::ActuatorResponse => "actuator_response",
            Self::TimingJitter => "timing_jitter",
            Self::MissedUpdate => "missed_update",
            Self::Disturbance => "disturbance",
        }
    }

    /// The words on screen: `delayed measurement`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::SetpointChange => "setpoint change",
            Self::DelayedMeasurement => "delayed measurement",
            Self::FaultyMeasurement => "faulty measurement",
            Self::StaleEstimate => "stale estimate",
            Self::OutputClipped => "controller output clipped",
            Self::ActuatorSaturation => "actuator saturation",
            Self::ActuatorResponse => "actuator response",
            Self::TimingJitter => "timing jitter",
            Self::MissedUpdate => "missed update",
            Self::Disturbance => "disturbance",
        }
    }
}

/// A stretch of a run, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// Its first moment.
    pub from: Moment,
    /// Its last moment.
    pub to: Moment,
}

/// One possible cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// From 1; tied causes share one.
    pub rank: u32,
    /// What kind of fault.
    pub class: Class,
    /// When it began.
    pub onset: Moment,
    /// The signal that shows it.
    pub signal: String,
    /// The share of the later error that it explains, from 0 to 1: the integral of the part of the gap that is charged to it and
    /// to the faults that came of it, over the integral of the gap. `None` where no error was recorded to explain.
    pub share: Option<f64>,
    /// Why, as a sentence.
    pub reason: String,
    /// What speaks for it, a sentence each.
    pub evidence: Vec<String>,
    /// When it was there.
    pub intervals: Vec<Interval>,
}

/// What a lane of conditions shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LaneKind {
    /// A measurement was repeated or is missing.
    Dropout,
    /// A measurement is an older one.
    Delay,
    /// The estimate does not follow.
    Stale,
    /// An output stands at its limit.
    Saturation,
    /// A step is longer or shorter than usual.
    Jitter,
    /// The controller did not run.
    Missed,
    /// A step took longer than its budget.
    Deadline,
}

impl LaneKind {
    /// The word on screen and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dropout => "dropout",
            Self::Delay => "delay",
            Self::Stale => "stale",
            Self::Saturation => "saturation",
            Self::Jitter => "jitter",
            Self::Missed => "missed update",
            Self::Deadline => "deadline missed",
        }
    }
}

/// When a condition held in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// The run.
    pub side: Side,
    /// The condition.
    pub kind: LaneKind,
    /// The signal that it is about, or that says so.
    pub signal: String,
    /// When, ascending.
    pub intervals: Vec<Interval>,
}

/// Deadlines of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Deadlines {
    /// What a step may take, in milliseconds; that of the first step where it changes.
    pub budget: f64,
    /// The steps that took longer than their own budget.
    pub misses: Vec<Moment>,
    /// The longest step, in milliseconds.
    pub worst: f64,
    /// The mean, in milliseconds.
    pub mean: f64,
}

/// A swinging error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Oscillation {
    /// In hertz; per sample where the recording has no time.
    pub frequency: f64,
    /// The damping ratio from the logarithmic decrement; negative where it grows.
    pub damping: f64,
    /// The greatest peak.
    pub amplitude: f64,
}

impl Oscillation {
    /// True when each swing is greater than the one before.
    pub fn growing(&self) -> bool {
        self.damping < 0.0
    }
}

/// Whether a loop holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stability {
    /// It comes to rest, or swings less and less.
    Stable,
    /// It swings on without growing.
    Marginal,
    /// Its error grows.
    Unstable,
}

impl Stability {
    /// The word on screen and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Marginal => "marginal",
            Self::Unstable => "unstable",
        }
    }
}

/// A setpoint and what is to follow it, component by component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loop {
    /// The setpoint's group.
    pub setpoint: String,
    /// The group of what follows it: the state, or else the measurement.
    pub follows: String,
    /// The signals of both, pairs of indexes into the samples: setpoint, follower.
    pub components: Vec<(usize, usize)>,
}

/// How well one run kept to its setpoint. `None` where the recording does not say enough.
#[derive(Debug, Clone, PartialEq)]
pub struct Measures {
    /// Whose.
    pub of: Loop,
    /// ∫|e|dt, in the error's unit times seconds.
    pub iae: f64,
    /// ∫e²dt, in the error's unit squared times seconds.
    pub ise: f64,
    /// ∫t|e|dt with t from the start of the run, in the error's unit times seconds squared.
    pub itae: f64,
    /// The greatest |e|.
    pub greatest: f64,
    /// The furthest beyond the setpoint after its last step, as a share of that step.
    pub overshoot: Option<f64>,
    /// Seconds from 10 % to 90 % of the last step of the setpoint.
    pub rise: Option<f64>,
    /// Seconds from the last step of the setpoint until the error stays within 5 % of that step.
    pub settling: Option<f64>,
    /// The mean |e| of the last tenth of the run.
    pub steady_state: f64,
    /// How the error swings, if it does.
    pub oscillation: Option<Oscillation>,
    /// Seconds by which the measurement follows the state, or the follower the setpoint: the lag of the greatest
    /// cross-correlation.
    pub delay: Option<f64>,
    /// The mean and the greatest deviation of a step's length from the usual one, in seconds.
    pub jitter: Option<(f64, f64)>,
    /// What state and estimate drift apart by, in the state's unit per second.
    pub drift: Option<f64>,
    /// Seconds during which the output stood at its limit.
    pub clipped: f64,
    /// Whether the loop holds.
    pub stability: Stability,
}

/// Everything that is known of a pair of runs, or of one.
#[derive(Debug, Clone)]
pub struct Diagnosis {
    /// The verdict.
    pub verdict: Verdict,
    /// Why there is nothing to compare, or why the verdict is weaker than it looks, as a sentence.
    pub reason: Option<String>,
    /// How the runs were compared.
    pub method: Method,
    /// Signals that both runs have and that were compared, by name.
    pub compared: Vec<String>,
    /// Signals that were set aside, each with why.
    pub ignored: Vec<(String, String)>,
    /// Where the runs part beyond noise.
    pub onset: Option<Onset>,
    /// The fixed threshold beside it; `None` where no state is known.
    pub criterion: Option<Criterion>,
    /// The errors over time.
    pub curves: Vec<Curve>,
    /// Between which values the gap is noise.
    pub band: Option<Band>,
    /// The causes, the likeliest first.
    pub causes: Vec<Cause>,
    /// Conditions over time, of both runs.
    pub lanes: Vec<Lane>,
    /// The deadlines of each run, where it recorded any.
    pub deadlines: Sides<Option<Deadlines>>,
    /// How well each run kept to its setpoint.
    pub measures: Sides<Vec<Measures>>,
    /// Whether each run holds; `None` where there is no setpoint to hold to.
    pub stability: Sides<Option<Stability>>,
}
