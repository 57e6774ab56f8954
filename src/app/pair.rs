//! The opened pair: what is selected, unfolded, searched and scrolled to. Pure: it changes only by [`PairCommand`].

use std::sync::Arc;

use crate::analyse::Analysis;
use crate::pack::Overrides;
use crate::trace::{EventIndex, Side};

/// Everything that can happen to an opened pair.
#[derive(Debug, Clone, PartialEq)]
pub enum PairCommand {
    /// Selects the next differing row.
    NextDifference,
    /// Selects the differing row before.
    PreviousDifference,
    /// Selects the row of the first difference.
    FirstDifference,
    /// Selects the row of the cause at this place of the ranked list, from 0.
    Cause(usize),
    /// Selects the row of the first symptom.
    FirstSymptom,
    /// Moves the selection by this many visible lines.
    Step(i32),
    /// Moves the selection by this many screens.
    Page(i32),
    /// Selects the first row.
    Home,
    /// Selects the last row.
    End,
    /// Selects a row, unfolding it if needed.
    SelectRow(u32),
    /// Selects an event of a side, and so its row.
    SelectEvent(Side, EventIndex),
    /// Looks from the other side of the selected row.
    OtherSide,
    /// Selects the nearest event that happened before the selected one.
    Predecessor,
    /// Selects the nearest event that happened after the selected one.
    Successor,
    /// Opens or closes the run of equal rows that holds this row.
    ToggleFold(u32),
    /// Opens every fold, or closes them all again.
    ToggleAllFolds,
    /// Scrolls by points, downwards when positive.
    ScrollBy(f32),
    /// Brings a row to the middle without selecting it.
    ScrollToRow(u32),
    /// Scrolls to a share of the whole, 0 to 1.
    ScrollTo(f64),
    /// The events view has this height in points.
    Viewport(f32),
    /// The pointer is over a row, or over none.
    Hover(Option<u32>),
    /// Searches for a text on both sides; an empty one ends the search.
    Search(String),
    /// Goes on searching for a bounded while.
    SearchMore,
    /// Selects the next row found.
    NextFound,
    /// Selects the row found before.
    PreviousFound,
    /// Shows or hides the ranked list of causes.
    ToggleCauses,
    /// Shows or hides the comparison spec.
    ToggleSpec,
    /// Closes what is open over the events: the cause list, the spec, then the search.
    Escape,
}

/// What the view of a pair asks of the window around it.
#[derive(Debug, Clone, PartialEq)]
pub enum PairRequest {
    /// A change of the pair itself, for [`Pair::apply`].
    Pair(PairCommand),
    /// Show the messages panel.
    Messages,
    /// Exchange the sides and analyse again.
    Swap,
    /// Analyse again with these decisions over the inferred spec.
    Reanalyse(Box<Overrides>),
    /// Cancel the running job.
    CancelJob,
}

impl From<PairCommand> for PairRequest {
    fn from(command: PairCommand) -> Self {
        Self::Pair(command)
    }
}

/// A pair on screen.
#[derive(Debug, Clone)]
pub struct Pair {
    analysis: Arc<Analysis>,
}

impl Pair {
    /// A fresh view of an analysis, with its first difference selected.
    pub fn new(analysis: Arc<Analysis>) -> Self {
        Self { analysis }
    }

    /// What is shown.
    pub fn analysis(&self) -> &Arc<Analysis> {
        &self.analysis
    }

    /// Carries out a command.
    pub fn apply(&mut self, command: PairCommand) {
        let _ = command;
    }

    /// The same place in a newer analysis of the same pair: what a person selected and opened stays.
    #[must_use]
    pub fn with_analysis(&self, analysis: Arc<Analysis>) -> Self {
        Self { analysis }
    }
}
