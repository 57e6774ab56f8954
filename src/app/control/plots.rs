//! What can be drawn of a control loop: a plot for each signal with both runs on the same axes, the errors, the lanes of
//! conditions. Made once, in the job that loads the recordings, so that a frame costs what is in sight and no more.

use std::collections::BTreeMap;

use crate::analyse::Control;
use crate::control::{CurveKind, LaneKind, Moment};
use crate::trace::{Side, Sides, SignalRole};
use crate::view::{Drawn, Extent, Polyline, Pyramid, Series};

/// So many plots are shown at first.
const FIRST: usize = 5;
/// A line ends where samples are so many usual distances apart: nothing was recorded there.
const GAP: f64 = 10.0;
/// Distances that are looked at to find the usual one.
const LOOKED_AT: usize = 1_000;

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// What the loop was asked for, or a limit: dashed and quiet.
    Wanted,
    /// The expected run.
    Expected,
    /// The actual run.
    Actual,
    /// What is between the two.
    Between,
}

impl Look {
    /// As the line of a run.
    pub const fn of(side: Side) -> Self {
        match side {
            Side::Expected => Self::Expected,
            Side::Actual => Self::Actual,
        }
    }

    /// The word in the legend.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Wanted => "setpoint",
            Self::Expected => "expected",
            Self::Actual => "actual",
            Self::Between => "difference",
        }
    }
}

/// Where the values of a line are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// A signal of a run.
    Signal(Side, usize),
    /// A curve of the diagnosis.
    Error(usize),
}

/// A line of a plot.
#[derive(Debug, Clone)]
pub struct Line {
    /// How it is drawn.
    pub look: Look,
    /// Where its values are.
    pub values: Values,
    pyramid: Pyramid,
    longest: f64,
}

/// One plot: lines with the same axes.
#[derive(Debug, Clone)]
pub struct Plot {
    /// What it shows: `position.x`.
    pub name: String,
    /// The unit of its values, where one is known.
    pub unit: Option<String>,
    /// What the signal is in the loop; none for an error.
    pub role: Option<SignalRole>,
    /// Which error it shows, if it shows one.
    pub kind: Option<CurveKind>,
    /// Its lines, those that are drawn first in front.
    pub lines: Vec<Line>,
}

/// When a condition held, in both runs.
#[derive(Debug, Clone)]
pub struct LanePlot {
    /// The condition.
    pub kind: LaneKind,
    /// From when to when, ascending.
    pub stretches: Sides<Vec<(f64, f64)>>,
}

/// Everything that can be drawn.
#[derive(Debug, Clone, Default)]
pub struct Plots {
    /// The plots, in the order of the list.
    pub list: Vec<Plot>,
    /// The lanes of conditions that held at least once.
    pub lanes: Vec<LanePlot>,
    /// The plots whose signals are the two coordinates of a place, if there are.
    pub plane: Option<(usize, usize)>,
    /// From when to when something was recorded.
    pub whole: (f64, f64),
    /// True when the axis is time in seconds; else it counts samples.
    pub timed: bool,
    times: Sides<Vec<Vec<f64>>>,
    error_times: Vec<Vec<f64>>,
    origin: Sides<i64>,
    per_second: Sides<f64>,
}

impl Plots {
    /// Arranges what was recorded and what is known of it.
    pub fn new(control: &Control) -> Self {
        let samples = &control.samples;
        let first = |side: Side| samples[side].axes.iter().filter_map(|axis| axis.times.first()).min().copied();
        // Seconds since 1970 say little: such runs are laid one over the other at their starts.
        let epoch = |side: Side| samples[side].scale.as_ref().is_some_and(|scale| scale.epoch);
        let origin = each(|side| first(side).filter(|_| epoch(side)).unwrap_or_default());
        let per_second = each(|side| samples[side].per_second());
        let mut plots = Self {
            timed: Side::BOTH.into_iter().any(|side| samples[side].scale.is_some()),
            origin,
            per_second,
            ..Self::default()
        };
        plots.times = each(|side| {
            let axes = samples[side].axes.iter();
            axes.map(|axis| axis.times.iter().map(|&ticks| plots.seconds(side, ticks)).collect()).collect()
        });
        plots.error_times = control
            .diagnosis
            .curves
            .iter()
            .map(|curve| curve.times.iter().map(|&t| plots.seconds(curve.side.unwrap_or(Side::Actual), t)).collect())
            .collect();
        plots.list = signals(control, &plots.times);
        plots.list.extend(errors(control, &plots.error_times));
        plots.whole = plots.range();
        plots.lanes = lanes(control, &plots);
        plots.plane = plane(control, &plots.list);
        plots
    }

    /// A time of a run on the common axis.
    pub fn seconds(&self, side: Side, ticks: i64) -> f64 {
        (ticks - self.origin[side]) as f64 / self.per_second[side]
    }

    /// When a moment of the actual run was; of the expected one, where only that was recorded.
    pub fn when(&self, moment: &Moment) -> f64 {
        let side = if self.times.actual.is_empty() { Side::Expected } else { Side::Actual };
        self.seconds(side, moment.time)
    }

    fn range(&self) -> (f64, f64) {
        // What has the same time throughout was logged before the clock ran; it counts where nothing else was.
        let moves = |times: &&Vec<f64>| times.first() != times.last();
        let all = || Side::BOTH.into_iter().flat_map(|side| &self.times[side]);
        let still = !all().any(|times| moves(&times));
        let all = || all().filter(|times| still || moves(times));
        let from = all().filter_map(|times| times.first()).copied().fold(f64::INFINITY, f64::min);
        let to = all().filter_map(|times| times.last()).copied().fold(f64::NEG_INFINITY, f64::max);
        (from, to)
    }

    /// The times and values of a line.
    pub fn raw<'a>(&'a self, control: &'a Control, line: &Line) -> (&'a [f64], &'a [f64]) {
        match line.values {
            Values::Signal(side, at) => {
                let signal = &control.samples[side].signals[at];
                (&self.times[side][signal.axis], &signal.values)
            }
            Values::Error(at) => (&self.error_times[at], &control.diagnosis.curves[at].values),
        }
    }

    /// A line as it can be drawn and asked.
    pub fn series<'a>(&'a self, control: &'a Control, line: &'a Line) -> Series<'a> {
        let (times, values) = self.raw(control, line);
        Series::new(times, values, &line.pyramid, line.longest)
    }

    /// What is drawn of a line between two times, in so many columns of pixels. What was wanted is held until it changes.
    pub fn drawn(&self, control: &Control, line: &Line, (from, to): (f64, f64), columns: usize) -> Drawn {
        match self.series(control, line).drawn(from, to, columns) {
            Drawn::Lines(lines) if line.look == Look::Wanted => {
                Drawn::Lines(lines.iter().map(|line| stairs(line)).collect())
            }
            drawn => drawn,
        }
    }

    /// What the lines of a plot hold between two times, of those whose look is drawn.
    pub fn extent(&self, control: &Control, plot: usize, sight: (f64, f64), drawn: impl Fn(Look) -> bool) -> Extent {
        let lines = self.list[plot].lines.iter().filter(|line| drawn(line.look));
        lines.fold(Extent::NONE, |all, line| all.and(self.series(control, line).extent(sight.0, sight.1)))
    }

    /// The times that a cursor steps over: those of the actual run, else of the expected one.
    pub fn steps(&self) -> &[f64] {
        let longest = |side: Side| self.times[side].iter().max_by_key(|times| times.len()).map(Vec::as_slice);
        longest(Side::Actual).or_else(|| longest(Side::Expected)).unwrap_or_default()
    }

    /// The step that the recording gives the sample that held at a time.
    pub fn step_at(&self, control: &Control, time: f64) -> Option<i64> {
        let (side, axis, index) = self.sample_at(time)?;
        Some(control.samples[side].axes[axis].step(index))
    }

    /// The sample that held at a time, of the axis with the most of them: its side, axis and index.
    pub fn sample_at(&self, time: f64) -> Option<(Side, usize, usize)> {
        let side = if self.times.actual.is_empty() { Side::Expected } else { Side::Actual };
        let (axis, index) = self.sample_of(side, None, time)?;
        Some((side, axis, index))
    }

    /// The sample of a run that held at a time, with its axis: of this one, else of that with the most of them.
    pub fn sample_of(&self, side: Side, axis: Option<usize>, time: f64) -> Option<(usize, usize)> {
        let longest = || Some(self.times[side].iter().enumerate().max_by_key(|(_, times)| times.len())?.0);
        let axis = axis.or_else(longest)?;
        let index = self.times[side].get(axis)?.partition_point(|t| *t <= time).checked_sub(1)?;
        Some((axis, index))
    }

    /// When a sample was, on the common axis.
    pub fn time_of(&self, (side, axis, index): (Side, usize, usize)) -> Option<f64> {
        self.times[side].get(axis)?.get(index).copied()
    }

    /// The plots that are shown at first: what follows a setpoint, the errors, the commands.
    pub fn first(&self) -> Vec<usize> {
        let of = |wanted: fn(&Plot) -> bool, most: usize| {
            let all = self.list.iter().enumerate().filter(move |(_, plot)| wanted(plot));
            all.map(|(at, _)| at).take(most).collect::<Vec<_>>()
        };
        let follows = |plot: &Plot| plot.lines.iter().any(|line| line.look == Look::Wanted) && plot.kind.is_none();
        let mut shown = of(|plot| matches!(plot.kind, Some(CurveKind::Gap | CurveKind::Unusual)), 1);
        for more in [
            of(|plot| plot.role == Some(SignalRole::Command), 1),
            self.list.iter().enumerate().filter(|(_, plot)| follows(plot)).map(|(at, _)| at).take(2).collect(),
            of(|plot| plot.role == Some(SignalRole::State), 1),
            of(|plot| plot.kind == Some(CurveKind::Tracking), 1),
            of(|plot| plot.role != Some(SignalRole::Flag) && plot.kind.is_none(), FIRST),
        ] {
            for plot in more {
                if shown.len() < FIRST && !shown.contains(&plot) {
                    shown.push(plot);
                }
            }
        }
        shown.sort_unstable();
        shown
    }
}

fn each<T>(of: impl Fn(Side) -> T) -> Sides<T> {
    Sides::new(of(Side::Expected), of(Side::Actual))
}

/// Where samples are further apart than this, nothing was recorded. Unlike distances say nothing, and break no line.
fn longest(times: &[f64]) -> f64 {
    if times.len() < 3 {
        return f64::INFINITY;
    }
    let stride = (times.len() / LOOKED_AT).max(1);
    let mut gaps: Vec<f64> = (1..times.len()).step_by(stride).map(|at| times[at] - times[at - 1]).collect();
    gaps.sort_by(f64::total_cmp);
    let (usual, high) = (gaps[gaps.len() / 2], gaps[gaps.len() * 9 / 10]);
    if usual > 0.0 && high < usual * 3.0 { usual * GAP } else { f64::INFINITY }
}

fn line(look: Look, values: Values, times: &[f64], of: &[f64]) -> Line {
    Line { look, values, pyramid: Pyramid::new(times, of), longest: longest(times) }
}

/// A plot for each name, both runs in it. Flags have lanes, and what others follow is drawn where it is followed.
fn signals(control: &Control, times: &Sides<Vec<Vec<f64>>>) -> Vec<Plot> {
    let mut plots: Vec<Plot> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let add = |side: Side, at: usize, look: Look| {
        let signal = &control.samples[side].signals[at];
        line(look, Values::Signal(side, at), &times[side][signal.axis], &signal.values)
    };
    for side in Side::BOTH {
        for (at, signal) in control.samples[side].signals.iter().enumerate() {
            let place = *places.entry(&signal.name).or_insert_with(|| {
                plots.push(Plot {
                    name: signal.name.clone(),
                    unit: signal.unit.clone(),
                    role: Some(signal.role),
                    kind: None,
                    lines: Vec::new(),
                });
                plots.len() - 1
            });
            plots[place].lines.push(add(side, at, Look::of(side)));
        }
    }
    // The setpoint of the actual run where it has one: that is what it was asked for.
    for side in [Side::Actual, Side::Expected] {
        let samples = &control.samples[side];
        let loops = control.diagnosis.measures[side].iter().flat_map(|measures| measures.of.components.iter().copied());
        let budgets = samples
            .of_role(SignalRole::Budget)
            .flat_map(|budget| samples.of_role(SignalRole::Elapsed).map(move |elapsed| (budget, elapsed)));
        for (wanted, follower) in loops.chain(budgets) {
            let (Some(wanted_signal), Some(follower)) = (samples.signals.get(wanted), samples.signals.get(follower))
            else {
                continue;
            };
            let plot = places.get(follower.name.as_str()).map(|&place| &mut plots[place]);
            if let Some(plot) = plot.filter(|plot| plot.lines.iter().all(|line| line.look != Look::Wanted)) {
                plot.unit = plot.unit.take().or_else(|| wanted_signal.unit.clone());
                plot.lines.insert(0, add(side, wanted, Look::Wanted));
            }
        }
    }
    plots
}

/// A line that keeps each value until the next sample.
fn stairs(line: &[[f64; 2]]) -> Polyline {
    let mut held: Polyline = Vec::with_capacity(line.len());
    for &[time, value] in line {
        if let Some(&[_, before]) = held.last().filter(|[_, before]| before.to_bits() != value.to_bits()) {
            held.push([time, before]);
        }
        held.push([time, value]);
    }
    held
}

fn errors(control: &Control, times: &[Vec<f64>]) -> Vec<Plot> {
    let mut plots: Vec<Plot> = Vec::new();
    for (at, curve) in control.diagnosis.curves.iter().enumerate() {
        let look = curve.side.map_or(Look::Between, Look::of);
        let added = line(look, Values::Error(at), &times[at], &curve.values);
        let name = format!("{} · {}", curve.kind.word(), curve.of);
        match plots.iter_mut().find(|plot| plot.name == name) {
            Some(plot) => plot.lines.push(added),
            None => plots.push(Plot {
                name,
                unit: curve.unit.clone(),
                role: None,
                kind: Some(curve.kind),
                lines: vec![added],
            }),
        }
    }
    plots
}

/// The conditions of both runs, one lane each, whatever signal says so.
fn lanes(control: &Control, plots: &Plots) -> Vec<LanePlot> {
    let mut lanes: BTreeMap<LaneKind, Sides<Vec<(f64, f64)>>> = BTreeMap::new();
    for lane in &control.diagnosis.lanes {
        let stretches = &mut lanes.entry(lane.kind).or_default()[lane.side];
        let seconds = |moment: &Moment| plots.seconds(lane.side, moment.time);
        stretches.extend(lane.intervals.iter().map(|interval| (seconds(&interval.from), seconds(&interval.to))));
    }
    // A loop with deadlines has a lane of them even when all were met: that is worth seeing.
    for side in Side::BOTH {
        if let Some(deadlines) = &control.diagnosis.deadlines[side] {
            let stretches = &mut lanes.entry(LaneKind::Deadline).or_default()[side];
            if stretches.is_empty() {
                let at = |miss: &Moment| plots.seconds(side, miss.time);
                stretches.extend(deadlines.misses.iter().map(|miss| (at(miss), at(miss))));
            }
        }
    }
    for stretches in lanes.values_mut() {
        for side in Side::BOTH {
            stretches[side] = joined(std::mem::take(&mut stretches[side]));
        }
    }
    lanes.into_iter().map(|(kind, stretches)| LanePlot { kind, stretches }).collect()
}

/// Stretches in the order of time, those that overlap as one.
fn joined(mut stretches: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    stretches.sort_by(|a, b| a.0.total_cmp(&b.0));
    stretches.dedup_by(|next, before| {
        let overlaps = next.0 <= before.1;
        if overlaps {
            before.1 = before.1.max(next.1);
        }
        overlaps
    });
    stretches
}

/// The first two components of the state that follows a setpoint, else of any state.
fn plane(control: &Control, list: &[Plot]) -> Option<(usize, usize)> {
    let samples =
        Side::BOTH.into_iter().rev().map(|side| &control.samples[side]).find(|samples| !samples.is_empty())?;
    let states = list.iter().enumerate().filter(|(_, plot)| plot.role == Some(SignalRole::State));
    let group = |plot: &Plot| samples.find(&plot.name).map(|at| samples.signals[at].group.as_str());
    let states: Vec<(usize, &str, bool)> = states
        .filter_map(|(at, plot)| Some((at, group(plot)?, plot.lines.iter().any(|line| line.look == Look::Wanted))))
        .collect();
    let pair = |followed: bool| {
        let fits = || states.iter().filter(move |(.., follows)| *follows || !followed);
        fits().find_map(|&(one, group, _)| {
            let other = fits().find(|(other, of, _)| *other > one && *of == group)?;
            Some((one, other.0))
        })
    };
    pair(true).or_else(|| pair(false))
}
