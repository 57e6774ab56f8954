//! Everything that can happen to a watched folder on screen.

use std::path::PathBuf;
use std::sync::Arc;

use super::Kind;
use crate::app::pair::PairCommand;

/// A text field of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleField {
    /// The path of the baseline.
    Baseline,
    /// Patterns of the names that count.
    Include,
    /// Patterns of the names that do not.
    Exclude,
}

impl RuleField {
    /// Every field, from top to bottom.
    pub const ALL: [Self; 3] = [Self::Baseline, Self::Include, Self::Exclude];
}

/// A change of a watched folder.
#[derive(Debug, Clone, PartialEq)]
pub enum WatchCommand {
    /// Selects a run.
    Select(Arc<str>),
    /// Selects nothing.
    Deselect,
    /// Moves the selection by this many runs.
    Step(i64),
    /// Moves the selection by this many screens.
    Page(i64),
    /// Selects the first run of the list.
    Top,
    /// Selects the last run of the list.
    Bottom,
    /// Selects the next run that failed, or the one before.
    StepFailed {
        /// True for the next one, downwards.
        forward: bool,
    },
    /// Opens the selected run in a tab of its own.
    Open,
    /// Shows only runs whose name, verdict, cause or fingerprint holds this.
    Filter(String),
    /// Puts the runs that failed alike under one heading each, or not.
    Group,
    /// Folds the runs of a kind away under their heading, or shows them again.
    Fold(Kind),
    /// Selects every run as soon as it has an answer, or not.
    Follow,
    /// Looks at nothing until it is said again.
    Pause,
    /// Shows the runs that came while the list was held.
    ShowNew,
    /// Compares loose recordings with this one; with what is named like a baseline, where there is none.
    Baseline(Option<PathBuf>),
    /// Compares the others with the selected run.
    BaselineHere,
    /// Changes what is written in a field of the rules.
    Write(RuleField, String),
    /// Puts the rules in force as they are written.
    Rules,
    /// Scrolls the list by points, downwards when positive.
    Scroll(f32),
    /// Scrolls the list to a share of the whole, 0 to 1.
    ScrollTo(f64),
    /// The list has this height in points.
    Viewport(f32),
}

impl WatchCommand {
    /// What a command of pairs means here: rows and differences are in both. `None` where it means nothing.
    pub(in crate::app) const fn like(command: &PairCommand) -> Option<Self> {
        Some(match command {
            PairCommand::NextDifference => Self::StepFailed { forward: true },
            PairCommand::PreviousDifference => Self::StepFailed { forward: false },
            PairCommand::Step(by) => Self::Step(*by as i64),
            PairCommand::Page(by) => Self::Page(*by as i64),
            PairCommand::Home => Self::Top,
            PairCommand::End => Self::Bottom,
            _ => return None,
        })
    }
}
