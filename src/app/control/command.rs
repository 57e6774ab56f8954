//! Everything that can happen to an opened control loop.

use std::str::FromStr;

use super::what_if::Knob;
use crate::app::graph::Look;
use crate::app::pair::PairCommand;
use crate::trace::{Side, escape};

/// A view of a control loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ControlView {
    /// The signals over time.
    #[default]
    Control,
    /// Where the plant went, seen from above.
    Trajectory,
    /// The reference plant, with a fault that can be changed.
    WhatIf,
}

impl ControlView {
    /// Every view, in the order of the tabs.
    pub const ALL: [Self; 3] = [Self::Control, Self::Trajectory, Self::WhatIf];

    /// Its title on its tab.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Control => "Control",
            Self::Trajectory => "Trajectory",
            Self::WhatIf => "What if",
        }
    }

    /// Its name on the command line, and that of the command that shows it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Control => "control",
            Self::Trajectory => "trajectory",
            Self::WhatIf => "what-if",
        }
    }
}

impl FromStr for ControlView {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|view| view.name() == text);
        found.ok_or_else(|| {
            format!("There is no view `{}` of a control loop; write control, trajectory or what-if.", escape(text))
        })
    }
}

/// A change of an opened control loop, for [`super::ControlPage::apply`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ControlCommand {
    /// Shows a view.
    Show(ControlView),
    /// Puts the cursor at a time, or takes it away.
    Cursor(Option<f64>),
    /// Puts the place one measures from at a time.
    MeasureFrom(f64),
    /// Begins to measure at the cursor, or ends it.
    Measure,
    /// Moves the cursor by this many samples; among the faults, the chosen one.
    Step(i64),
    /// Puts the cursor at the first sample.
    First,
    /// Puts the cursor at the last sample.
    Last,
    /// Puts the cursor at the onset.
    Onset,
    /// Puts the cursor where the fixed threshold was first exceeded.
    Criterion,
    /// Puts the cursor at the onset of the cause at this place of the ranked list, from 0.
    Cause(usize),
    /// Puts the cursor at the next moment worth looking at, or the one before.
    StepMoment {
        /// True for the next one.
        forward: bool,
    },
    /// Selects the plot this many further down the list.
    Select(i64),
    /// Selects the plot at this place of the list.
    Plot(usize),
    /// Shows the plot at this place of the list, or hides it.
    Toggle(usize),
    /// Shows the selected plot, or hides it.
    ToggleSelected,
    /// Draws the lines of a run, or leaves them out.
    ToggleSide(Side),
    /// Draws what was wanted, or leaves it out.
    ToggleWanted,
    /// Shows more or less of the axis of all plots.
    Zoom {
        /// Share of the width that stays where it is, from the left.
        at: f64,
        /// Below one shows less, larger.
        by: f64,
    },
    /// Moves the axis of all plots by a share of its width.
    Pan(f64),
    /// Shows the whole axis, and every plot from its least to its largest value.
    Fit,
    /// Shows this stretch of the axis in all plots and, in one of them, these values.
    Box {
        /// From when to when.
        times: (f64, f64),
        /// The plot, and from which value to which.
        values: Option<(usize, f64, f64)>,
    },
    /// Shows the stretch that is measured.
    ZoomToMeasure,
    /// Shows the selected plot from its least to its largest value in sight.
    FitPlot(Option<usize>),
    /// Brings the cursor to the middle.
    Focus,
    /// Scrolls the plots by points, downwards when positive.
    Scroll(f32),
    /// Scrolls the plots to a share of the whole, 0 to 1.
    ScrollTo(f64),
    /// The plots have this much room in points.
    Viewport(f32),
    /// Changes a knob of the fault that is tried out.
    Turn(Knob, f64),
    /// Selects a knob of the fault that is tried out.
    Knob(Knob),
    /// Closes the innermost thing: the measure, the cursor.
    Close,
    /// Goes back to where one was before.
    Back,
    /// Goes forward again.
    Forward,
}

impl ControlCommand {
    /// True for what a person does on purpose, so that what was said before is out of date.
    pub(super) const fn answers_a_person(&self) -> bool {
        !matches!(self, Self::Zoom { .. } | Self::Pan(_) | Self::Scroll(_) | Self::ScrollTo(_) | Self::Viewport(_))
    }

    /// What a command of pairs means here. `None` where it means nothing.
    pub(in crate::app) fn like(command: &PairCommand) -> Option<Self> {
        Some(match command {
            PairCommand::NextDifference => Self::StepMoment { forward: true },
            PairCommand::PreviousDifference => Self::StepMoment { forward: false },
            PairCommand::FirstDifference => Self::Onset,
            PairCommand::Cause(place) => Self::Cause(*place),
            PairCommand::FirstSymptom => Self::Criterion,
            PairCommand::Step(by) | PairCommand::Page(by) => Self::Select(i64::from(*by)),
            PairCommand::Home => Self::First,
            PairCommand::End => Self::Last,
            PairCommand::StepOnLane(forward) => Self::Step(if *forward { 1 } else { -1 }),
            PairCommand::StepRows(by) => Self::Step(i64::from(*by) * 10),
            PairCommand::Look(Look::Zoom(by)) => Self::Zoom { at: 0.5, by: *by },
            PairCommand::Look(Look::Pan([share, _])) if *share != 0.0 => Self::Pan(*share),
            PairCommand::Look(Look::Fit) => Self::Fit,
            PairCommand::Look(Look::Focus) => Self::Focus,
            PairCommand::Search(text) if text.is_empty() => Self::Close,
            PairCommand::Back => Self::Back,
            PairCommand::Forward => Self::Forward,
            _ => return None,
        })
    }
}
