//! A pair of runs on screen: which plots are shown, which part of the axis is in sight, where the cursors are. All plots share
//! the axis and the cursors.

mod saved;

use std::sync::Arc;

use super::command::ControlCommand;
use super::plots::{Look, Plots};
use crate::analyse::Control;
use crate::control::{Band, CurveKind, LaneKind, Moment};
use crate::trace::{Side, Sides};
use crate::view::{Cursors, Scroller, Sight};

pub use saved::SeenSheet;

/// A plot is at least so high, in points.
pub const PLOT_HEIGHT: f32 = 124.0;
/// Room of the plots until they were drawn.
const VIEWPORT: f32 = 600.0;
/// So many samples are in sight at least.
const LEAST: f64 = 4.0;
/// Room above and below the lines of a plot, as a share of their height.
const AROUND: f64 = 0.08;

/// A moment worth looking at.
#[derive(Debug, Clone, PartialEq)]
pub struct Notable {
    /// When, on the common axis.
    pub at: f64,
    /// What it is: `onset`.
    pub what: String,
}

/// A pair of runs, or a lone one, and what is seen of it.
#[derive(Debug, Clone)]
pub struct Sheet {
    control: Arc<Control>,
    plots: Arc<Plots>,
    shown: Vec<bool>,
    /// The values that a person chose to see of a plot.
    values: Vec<Option<(f64, f64)>>,
    selected: usize,
    drawn: Sides<bool>,
    wanted: bool,
    sight: Sight,
    cursors: Cursors,
    notable: Vec<Notable>,
    scroller: Scroller,
}

impl Sheet {
    /// Everything in sight, the cursor at the onset.
    pub fn new(control: Arc<Control>, plots: Arc<Plots>) -> Self {
        let count = plots.list.len();
        let first = plots.first();
        let mut shown = vec![false; count];
        for &plot in &first {
            shown[plot] = true;
        }
        let (from, to) = plots.whole;
        let steps = plots.steps().len().max(2) as f64;
        let notable = notable(&control, &plots);
        let mut sheet = Self {
            shown,
            values: vec![None; count],
            selected: first.first().copied().unwrap_or_default(),
            drawn: Sides::new(true, true),
            wanted: true,
            sight: Sight::new(from, to, (to - from) / steps * LEAST),
            cursors: Cursors::default(),
            notable,
            scroller: Scroller::new(PLOT_HEIGHT, VIEWPORT, 0),
            control,
            plots,
        };
        sheet.cursors.at = sheet.onset();
        sheet.arrange(VIEWPORT);
        sheet
    }

    /// What was recorded, and what is known of it.
    pub const fn control(&self) -> &Arc<Control> {
        &self.control
    }

    /// What can be drawn of it.
    pub const fn plots(&self) -> &Arc<Plots> {
        &self.plots
    }

    /// True for a plot that is shown.
    pub fn is_shown(&self, plot: usize) -> bool {
        self.shown.get(plot).copied().unwrap_or_default()
    }

    /// The plots that are shown, from the top.
    pub fn shown(&self) -> impl Iterator<Item = usize> {
        (0..self.shown.len()).filter(|&plot| self.shown[plot])
    }

    /// The selected plot of the list.
    pub const fn selected(&self) -> usize {
        self.selected
    }

    /// True when lines that look so are drawn.
    pub fn draws(&self, look: Look) -> bool {
        match look {
            Look::Wanted => self.wanted,
            Look::Expected => self.drawn.expected,
            Look::Actual => self.drawn.actual,
            Look::Between => true,
        }
    }

    /// Which part of the axis is in sight.
    pub const fn sight(&self) -> &Sight {
        &self.sight
    }

    /// The cursors.
    pub const fn cursors(&self) -> &Cursors {
        &self.cursors
    }

    /// Which plots are in sight: a line of the scroller is a shown plot.
    pub const fn scroller(&self) -> &Scroller {
        &self.scroller
    }

    /// The moments worth looking at, ascending.
    pub fn notable(&self) -> &[Notable] {
        &self.notable
    }

    /// When the runs parted.
    pub fn onset(&self) -> Option<f64> {
        self.control.diagnosis.onset.as_ref().map(|onset| self.plots.when(&onset.at))
    }

    /// When the fixed threshold was first exceeded.
    pub fn criterion(&self) -> Option<f64> {
        let at = self.control.diagnosis.criterion.as_ref()?.at.as_ref()?;
        Some(self.plots.when(at))
    }

    /// The plots of which a person chose the values that are seen, with these.
    pub fn zoomed(&self) -> impl Iterator<Item = (usize, (f64, f64))> {
        self.values.iter().enumerate().filter_map(|(plot, values)| Some((plot, (*values)?)))
    }

    /// True when a person chose which values of a plot are seen.
    pub fn is_zoomed(&self, plot: usize) -> bool {
        self.values.get(plot).is_some_and(Option::is_some)
    }

    /// From which value to which a plot is drawn: what was chosen, else what is in sight of its lines, with room around.
    pub fn range(&self, plot: usize) -> (f64, f64) {
        if let Some(chosen) = self.values.get(plot).copied().flatten() {
            return chosen;
        }
        let sight = (self.sight.from(), self.sight.to());
        let extent = self.plots.extent(&self.control, plot, sight, |look| self.draws(look));
        if extent.is_empty() {
            return (0.0, 1.0);
        }
        let (low, high) = (extent.min, extent.max);
        // A line that does not move stands in the middle.
        let height = if high > low { high - low } else { low.abs().max(1.0) * 0.2 };
        let room = height * AROUND;
        let low = if self.plots.list[plot].kind.is_some() && low >= 0.0 { low.min(0.0) } else { low - room };
        (low, high.max(low + height) + room)
    }

    /// The unit of the state that a threshold is held against, where one is known.
    pub fn state_unit(&self) -> Option<&str> {
        let gap = self.control.diagnosis.curves.iter().find(|curve| curve.kind == CurveKind::Gap);
        gap.and_then(|curve| curve.unit.as_deref())
    }

    /// Between which values a plot's line is noise, where that is known: of what is between the runs.
    pub fn band(&self, plot: usize) -> Option<Band> {
        let kind = self.plots.list.get(plot)?.kind?;
        self.control.diagnosis.band.filter(|_| matches!(kind, CurveKind::Gap | CurveKind::Unusual))
    }

    /// Which lines a look has in a plot, with what held at a time.
    pub fn values_at(&self, plot: usize, time: f64) -> Vec<(Look, Option<f64>)> {
        let lines = self.plots.list[plot].lines.iter();
        lines.map(|line| (line.look, self.plots.series(&self.control, line).value(time))).collect()
    }

    /// What both runs were at a time in a plot, where it shows both.
    pub fn both_at(&self, plot: usize, time: f64) -> Sides<Option<f64>> {
        let values = self.values_at(plot, time);
        let of = |look: Look| values.iter().find(|(of, _)| *of == look).and_then(|(_, value)| *value);
        Sides::new(of(Look::Expected), of(Look::Actual))
    }

    /// Carries out a command about what is seen.
    pub fn apply(&mut self, command: ControlCommand) {
        match command {
            ControlCommand::Cursor(at) => self.cursors.at = at.map(|at| self.nearest(at)),
            ControlCommand::MeasureFrom(at) => {
                self.cursors.from = Some(self.nearest(at));
                self.cursors.at = self.cursors.at.or(self.cursors.from);
            }
            ControlCommand::Measure => {
                self.cursors.at = self.cursors.at.or(Some(self.sight.at(0.5)));
                self.cursors.toggle_measure();
            }
            ControlCommand::Step(by) => self.step(by),
            ControlCommand::First => self.look_at(self.plots.steps().first().copied()),
            ControlCommand::Last => self.look_at(self.plots.steps().last().copied()),
            ControlCommand::Onset => self.look_at(self.onset()),
            ControlCommand::Criterion => self.look_at(self.criterion()),
            ControlCommand::Cause(place) => {
                let cause = self.control.diagnosis.causes.get(place);
                self.look_at(cause.map(|cause| self.plots.when(&cause.onset)));
            }
            ControlCommand::StepMoment { forward } => self.step_moment(forward),
            ControlCommand::Select(by) => {
                let last = self.plots.list.len().saturating_sub(1) as i64;
                self.select((self.selected as i64).saturating_add(by).clamp(0, last) as usize);
            }
            ControlCommand::Plot(plot) => self.select(plot),
            ControlCommand::Toggle(plot) => self.toggle(plot),
            ControlCommand::ToggleSelected => self.toggle(self.selected),
            ControlCommand::ToggleSide(side) => self.drawn[side] = !self.drawn[side],
            ControlCommand::ToggleWanted => self.wanted = !self.wanted,
            ControlCommand::Zoom { at, by } => self.sight.zoom(at, by),
            ControlCommand::Pan(share) => self.sight.pan(share),
            ControlCommand::Fit => {
                self.sight.fit();
                self.values.fill(None);
            }
            ControlCommand::Box { times: (from, to), values } => {
                self.sight.show(from, to);
                if let Some((plot, low, high)) = values.filter(|(_, low, high)| low < high)
                    && let Some(chosen) = self.values.get_mut(plot)
                {
                    *chosen = Some((low, high));
                }
            }
            ControlCommand::ZoomToMeasure => {
                if let Cursors { at: Some(at), from: Some(from) } = self.cursors {
                    self.sight.show(from, at);
                }
            }
            ControlCommand::FitPlot(plot) => {
                if let Some(chosen) = self.values.get_mut(plot.unwrap_or(self.selected)) {
                    *chosen = None;
                }
            }
            ControlCommand::Focus => {
                if let Some(at) = self.cursors.at {
                    let half = self.sight.width() / 4.0;
                    self.sight.show(at - half, at + half);
                }
            }
            ControlCommand::Scroll(points) => self.scroller.scroll_by(points),
            ControlCommand::ScrollTo(share) => self.scroller.set_fraction(share),
            ControlCommand::Viewport(height) => {
                let selected = self.line();
                let seen = selected.is_some_and(|line| self.scroller.visible().contains(&line));
                self.arrange(height);
                // A plot that a person scrolled away from stays there.
                if seen {
                    self.reveal();
                }
            }
            ControlCommand::Close => {
                self.cursors.close();
            }
            ControlCommand::Show(_)
            | ControlCommand::Turn(..)
            | ControlCommand::Knob(_)
            | ControlCommand::Back
            | ControlCommand::Forward => {}
        }
    }

    /// The time of the sample that is nearest: cursors stand on samples.
    fn nearest(&self, at: f64) -> f64 {
        let steps = self.plots.steps();
        let after = steps.partition_point(|step| *step < at);
        let near = steps[after.saturating_sub(1)..(after + 1).min(steps.len())].iter().copied();
        near.min_by(|a, b| (a - at).abs().total_cmp(&(b - at).abs())).unwrap_or(at)
    }

    /// Puts the cursor somewhere and brings it into sight.
    pub(super) fn look_at(&mut self, at: Option<f64>) {
        if let Some(at) = at {
            self.cursors.at = Some(at);
            self.sight.reveal(at);
        }
    }

    /// Goes to a plot, to where the cursors were, and to what was in sight.
    pub(super) fn go_to(&mut self, plot: usize, cursors: Cursors, (from, to): (f64, f64)) {
        self.select(plot);
        self.cursors = cursors;
        self.sight.show(from, to);
    }

    fn step(&mut self, by: i64) {
        let steps = self.plots.steps();
        let Some(last) = steps.len().checked_sub(1) else { return };
        let here = match self.cursors.at {
            None => {
                if by > 0 {
                    0
                } else {
                    last as i64
                }
            }
            Some(at) => {
                let held = steps.partition_point(|step| *step <= at) as i64 - 1;
                // Between two samples, one step back is to the one that held.
                let between = held >= 0 && steps[held as usize] < at && by < 0;
                held + by + i64::from(between)
            }
        };
        self.look_at(Some(steps[here.clamp(0, last as i64) as usize]));
    }

    fn step_moment(&mut self, forward: bool) {
        let at = self.cursors.at.unwrap_or(f64::NEG_INFINITY);
        let found = if forward {
            self.notable.iter().find(|notable| notable.at > at)
        } else {
            self.notable.iter().rfind(|notable| notable.at < at)
        };
        self.look_at(found.map(|notable| notable.at));
    }

    fn select(&mut self, plot: usize) {
        if plot < self.plots.list.len() {
            self.selected = plot;
            self.reveal();
        }
    }

    fn toggle(&mut self, plot: usize) {
        if let Some(shown) = self.shown.get_mut(plot) {
            *shown = !*shown;
            self.selected = plot;
            self.arrange(self.scroller.viewport());
            self.reveal();
        }
    }

    /// Shares the room out among the plots that are shown.
    fn arrange(&mut self, viewport: f32) {
        let count = self.shown().count() as u32;
        let height = (viewport / count.max(1) as f32).floor().max(PLOT_HEIGHT);
        let top = self.scroller.top();
        self.scroller = Scroller::new(height, viewport, count);
        self.scroller.set_top(top, 0.0);
    }

    /// The place of the selected plot among those that are shown.
    fn line(&self) -> Option<u32> {
        self.shown().position(|plot| plot == self.selected).map(|line| line as u32)
    }

    fn reveal(&mut self) {
        if let Some(line) = self.line() {
            self.scroller.reveal(line, 0);
        }
    }

    /// What is seen of it, to be seen again of the same recordings.
    pub fn take_after(&mut self, before: &Self) {
        self.cursors = before.cursors;
        self.sight.show(before.sight.from(), before.sight.to());
        (self.drawn, self.wanted) = (before.drawn, before.wanted);
        for (at, plot) in self.plots.list.iter().enumerate() {
            if let Some(then) = before.plots.list.iter().position(|then| then.name == plot.name) {
                (self.shown[at], self.values[at]) = (before.shown[then], before.values[then]);
            }
        }
        let selected = before.plots.list.get(before.selected).map(|plot| plot.name.as_str());
        let place = self.plots.list.iter().position(|plot| Some(plot.name.as_str()) == selected);
        self.selected = place.unwrap_or(self.selected);
        self.arrange(before.scroller.viewport());
        self.scroller.set_top(before.scroller.top(), before.scroller.rest());
    }
}

/// The onset, the threshold, the causes, and the first missed deadline, in the order of time.
fn notable(control: &Control, plots: &Plots) -> Vec<Notable> {
    let diagnosis = &control.diagnosis;
    let mut all: Vec<Notable> = Vec::new();
    let mut add = |moment: &Moment, what: String| all.push(Notable { at: plots.when(moment), what });
    if let Some(onset) = &diagnosis.onset {
        add(&onset.at, "onset".to_owned());
        if onset.detected != onset.at {
            add(&onset.detected, "detected".to_owned());
        }
    }
    if let Some(at) = diagnosis.criterion.as_ref().and_then(|criterion| criterion.at.as_ref()) {
        add(at, "threshold exceeded".to_owned());
    }
    for cause in &diagnosis.causes {
        add(&cause.onset, cause.class.words().to_owned());
    }
    let missed = plots.lanes.iter().find(|lane| lane.kind == LaneKind::Deadline);
    for &(at, _) in missed.iter().flat_map(|lane| &lane.stretches[Side::Actual]) {
        all.push(Notable { at, what: LaneKind::Deadline.word().to_owned() });
    }
    all.sort_by(|a, b| a.at.total_cmp(&b.at));
    all
}
