//! An opened control loop: two runs or one, and the reference plant beside them.

mod command;
mod copied;
mod csv;
pub mod export;
mod plots;
mod saved;
mod sheet;
mod svg;
#[cfg(test)]
mod tests;
mod trail;
mod what_if;

use std::sync::Arc;

use super::trail::Trail;
use crate::analyse::Control;
use crate::compare::Verdict;
use trail::Spot;

pub use command::{ControlCommand, ControlView};
pub use plots::{LanePlot, Line, Look, Plot, Plots, Values};
pub use saved::SeenControl;
pub use sheet::{Notable, PLOT_HEIGHT, SeenSheet, Sheet};
pub use svg::{time_words, value_words};
pub use what_if::{KINDS, Kind, Knob, WhatIf};

/// An opened control loop.
#[derive(Debug)]
pub struct ControlPage {
    title: String,
    view: ControlView,
    recorded: Sheet,
    what_if: WhatIf,
    notice: String,
    trail: Trail<Spot>,
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
        Self::with(title, ControlView::default(), recorded, WhatIf::default())
    }

    /// The reference plant with nothing recorded: its first fault stands where a recording would.
    pub fn of_the_plant() -> Self {
        let what_if = WhatIf::default();
        let control = Arc::new(what_if.control());
        let plots = Arc::new(Plots::new(&control));
        let recorded = Sheet::new(control, plots);
        Self::with("Reference plant".to_owned(), ControlView::WhatIf, recorded, what_if)
    }

    fn with(title: String, view: ControlView, recorded: Sheet, what_if: WhatIf) -> Self {
        Self { title, view, recorded, what_if, notice: String::new(), trail: Trail::default() }
    }

    /// What was said last, until the next command.
    pub fn notice(&self) -> &str {
        &self.notice
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

    fn sheet_mut(&mut self) -> Option<&mut Sheet> {
        match self.view {
            ControlView::WhatIf => self.what_if.sheet_mut(),
            ControlView::Control | ControlView::Trajectory => Some(&mut self.recorded),
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

    fn carry_out(&mut self, command: ControlCommand) {
        match (command, self.view) {
            (ControlCommand::Show(view), _) => {
                self.view = view;
                if view == ControlView::WhatIf {
                    self.what_if.run();
                }
            }
            (ControlCommand::Turn(..) | ControlCommand::Knob(_), _)
            | (ControlCommand::Step(_) | ControlCommand::Select(_), ControlView::WhatIf) => self.what_if.turn(command),
            (command, _) => {
                if let Some(sheet) = self.sheet_mut() {
                    sheet.apply(command);
                }
            }
        }
    }

    /// Shows a newer reading of the same recordings; what is looked at stays where it is.
    pub(super) fn renew(&mut self, control: Arc<Control>, plots: Arc<Plots>) {
        let mut sheet = Sheet::new(control, plots);
        sheet.take_after(&self.recorded);
        let old = std::mem::replace(&mut self.recorded, sheet);
        self.trail = self.places_of(&self.trail, &old);
    }

    /// Puts the cursor at a moment and brings it into sight.
    pub(super) fn look_at(&mut self, at: f64) {
        self.recorded.look_at(Some(at));
    }

    /// Goes to the newest sample.
    pub(super) fn show_newest(&mut self) {
        self.recorded.apply(ControlCommand::Last);
    }
}
