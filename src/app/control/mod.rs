//! An opened control loop: two runs or one, and the reference plant beside them.

mod command;
mod csv;
pub mod export;
mod plots;
mod sheet;
mod svg;
#[cfg(test)]
mod tests;
mod what_if;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::analyse::Control;
use crate::compare::Verdict;
use crate::trace::Side;

pub use command::{ControlCommand, ControlView};
pub use plots::{LanePlot, Line, Look, Plot, Plots, Values};
pub use sheet::{Notable, PLOT_HEIGHT, Sheet};
pub use svg::{time_words, value_words};
pub use what_if::{KINDS, Kind, Knob, WhatIf};

/// An opened control loop.
#[derive(Debug)]
pub struct ControlPage {
    title: String,
    view: ControlView,
    recorded: Sheet,
    what_if: WhatIf,
}

/// The lines that a person may leave out, and how.
const TOGGLED: [(Look, ControlCommand); 3] = [
    (Look::Wanted, ControlCommand::ToggleWanted),
    (Look::Expected, ControlCommand::ToggleSide(Side::Expected)),
    (Look::Actual, ControlCommand::ToggleSide(Side::Actual)),
];

/// What is seen of a control loop, as it is kept over a restart.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeenControl {
    view: String,
    shown: Vec<String>,
    cursor: Option<f64>,
    from: f64,
    to: f64,
    /// Between which values a person chose to see plots.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<(String, f64, f64)>,
    /// Lines that are not drawn: `expected`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    without: Vec<String>,
    selected: String,
}

impl ControlPage {
    /// The page as it is first seen: everything in sight, the cursor at the onset. `title` is what the runs are called
    /// together; without one they are called by their own names.
    pub fn new(control: Arc<Control>, plots: Arc<Plots>, title: Option<String>) -> Self {
        let names: Vec<&str> = [&control.labels.expected, &control.labels.actual]
            .into_iter()
            .filter_map(|label| label.as_deref())
            .collect();
        let title = title.unwrap_or_else(|| names.join(" ⇄ "));
        let recorded = Sheet::new(control, plots);
        Self { title, view: ControlView::default(), recorded, what_if: WhatIf::default() }
    }

    /// The reference plant with nothing recorded: its first fault stands where a recording would.
    pub fn of_the_plant() -> Self {
        let what_if = WhatIf::default();
        let control = Arc::new(what_if.control());
        let plots = Arc::new(Plots::new(&control));
        let recorded = Sheet::new(control, plots);
        Self { title: "Reference plant".to_owned(), view: ControlView::WhatIf, recorded, what_if }
    }

    /// What the runs are called together.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The view that is shown.
    pub const fn view(&self) -> ControlView {
        self.view
    }

    /// The verdict on what was recorded.
    pub fn verdict(&self) -> Verdict {
        self.recorded.control().diagnosis.verdict
    }

    /// What was recorded.
    pub const fn recorded(&self) -> &Sheet {
        &self.recorded
    }

    /// The reference plant.
    pub const fn what_if(&self) -> &WhatIf {
        &self.what_if
    }

    /// What is on screen: what was recorded, or what would be.
    pub fn sheet(&self) -> &Sheet {
        match self.view {
            ControlView::WhatIf => self.what_if.sheet().unwrap_or(&self.recorded),
            ControlView::Control | ControlView::Trajectory => &self.recorded,
        }
    }

    /// Whether a command means something now; else why not, as a sentence.
    pub fn can(&self, command: ControlCommand) -> Result<(), &'static str> {
        let sheet = self.sheet();
        let check = |holds: bool, reason: &'static str| if holds { Ok(()) } else { Err(reason) };
        match command {
            ControlCommand::Onset => check(sheet.onset().is_some(), "The runs do not part."),
            ControlCommand::Criterion => check(sheet.criterion().is_some(), "No threshold was exceeded."),
            ControlCommand::Cause(place) => check(sheet.control().diagnosis.causes.len() > place, "There is no cause."),
            ControlCommand::StepMoment { .. } => check(!sheet.notable().is_empty(), "Nothing went wrong."),
            _ => Ok(()),
        }
    }

    /// Carries out a command.
    pub fn apply(&mut self, command: ControlCommand) {
        match (command, self.view) {
            (ControlCommand::Show(view), _) => {
                self.view = view;
                if view == ControlView::WhatIf {
                    self.what_if.run();
                }
            }
            (ControlCommand::Turn(..) | ControlCommand::Knob(_), _)
            | (ControlCommand::Step(_) | ControlCommand::Select(_), ControlView::WhatIf) => self.what_if.turn(command),
            (command, ControlView::WhatIf) => {
                if let Some(sheet) = self.what_if.sheet_mut() {
                    sheet.apply(command);
                }
            }
            (command, ControlView::Control | ControlView::Trajectory) => self.recorded.apply(command),
        }
    }

    /// Shows a newer reading of the same recordings; what is looked at stays where it is.
    pub(super) fn renew(&mut self, control: Arc<Control>, plots: Arc<Plots>) {
        let mut sheet = Sheet::new(control, plots);
        sheet.take_after(&self.recorded);
        self.recorded = sheet;
    }

    /// Puts the cursor at a moment and brings it into sight.
    pub(super) fn look_at(&mut self, at: f64) {
        self.recorded.look_at(Some(at));
    }

    /// Goes to the newest sample.
    pub(super) fn show_newest(&mut self) {
        self.recorded.apply(ControlCommand::Last);
    }

    /// What is seen, to be kept.
    pub fn seen(&self) -> SeenControl {
        let sheet = &self.recorded;
        let name = |plot: usize| sheet.plots().list[plot].name.clone();
        SeenControl {
            view: self.view.name().to_owned(),
            shown: sheet.shown().map(name).collect(),
            cursor: sheet.cursors().at,
            from: sheet.sight().from(),
            to: sheet.sight().to(),
            values: sheet.zoomed().map(|(plot, (low, high))| (name(plot), low, high)).collect(),
            without: TOGGLED
                .into_iter()
                .filter(|(look, _)| !sheet.draws(*look))
                .map(|(look, _)| look.word().to_owned())
                .collect(),
            selected: sheet.plots().list.get(sheet.selected()).map_or_else(String::new, |plot| plot.name.clone()),
        }
    }

    /// Shows what was seen before, as far as it is still there.
    pub fn set_seen(&mut self, seen: &SeenControl) {
        self.apply(ControlCommand::Show(seen.view.parse().unwrap_or_default()));
        let plots = Arc::clone(self.recorded.plots());
        for (at, plot) in plots.list.iter().enumerate() {
            if self.recorded.is_shown(at) != seen.shown.contains(&plot.name) {
                self.recorded.apply(ControlCommand::Toggle(at));
            }
        }
        self.recorded.apply(ControlCommand::Box { times: (seen.from, seen.to), values: None });
        for (name, low, high) in &seen.values {
            let times = (seen.from, seen.to);
            let values = plots.list.iter().position(|plot| plot.name == *name).map(|plot| (plot, *low, *high));
            self.recorded.apply(ControlCommand::Box { times, values });
        }
        for (look, toggle) in TOGGLED {
            if self.recorded.draws(look) == seen.without.iter().any(|without| without == look.word()) {
                self.recorded.apply(toggle);
            }
        }
        if let Some(plot) = plots.list.iter().position(|plot| plot.name == seen.selected) {
            self.recorded.apply(ControlCommand::Plot(plot));
        }
        self.recorded.apply(ControlCommand::Cursor(seen.cursor));
    }
}
