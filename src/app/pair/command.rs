//! Everything that can happen to an opened pair, and what it asks of the window around it.

use super::{BookmarkCommand, TimelineCommand, View};
use crate::trace::{EventIndex, Side};

/// A change of an opened pair, for [`super::Pair::apply`].
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
    /// Moves the selection by this many visible lines; a fold is one line and stays folded.
    Step(i32),
    /// Moves the selection by this many screens.
    Page(i32),
    /// Selects the first line.
    Home,
    /// Selects the last line.
    End,
    /// Selects a row, unfolding it if needed.
    SelectRow(u32),
    /// Selects a row and the side to look from.
    SelectCell(u32, Side),
    /// Selects an event of a side, and so its row.
    SelectEvent(Side, EventIndex),
    /// Looks from the other side of the selected row.
    OtherSide,
    /// Selects the nearest event that happened before the selected one.
    Predecessor,
    /// Selects the nearest event that happened after the selected one.
    Successor,
    /// Opens or closes the run of equal rows that holds the selected row.
    ToggleFold,
    /// Opens or closes the run of equal rows that holds this row.
    ToggleFoldOf(u32),
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
    /// Goes on searching for a bounded while. The drawing sends it as long as the search is not done.
    SearchMore,
    /// Selects the next row found.
    NextFound,
    /// Selects the row found before.
    PreviousFound,
    /// Shows a view.
    Show(View),
    /// A change of the timeline.
    Timeline(TimelineCommand),
    /// Pins the lane that the selected event is at home on, or lets it go.
    PinLane,
    /// Moves that lane within its group, downwards when positive.
    MoveLane(i32),
    /// Lets both sides' times meet at the selected row.
    SyncHere,
    /// Shows or hides the ranked list of causes.
    ToggleCauses,
    /// Shows or hides the comparison spec.
    ToggleSpec,
    /// A change of the bookmarks.
    Bookmark(BookmarkCommand),
    /// Goes back to where a person was before.
    Back,
    /// Goes forward again.
    Forward,
    /// Closes what is open over the events: a note, the bookmarks, the cause list, the spec, then the search.
    Escape,
}

impl PairCommand {
    /// True for what a person does on purpose, so that an older notice is out of date.
    pub(super) const fn answers_a_person(&self) -> bool {
        !matches!(self, Self::ScrollBy(_) | Self::Viewport(_) | Self::Hover(_) | Self::SearchMore | Self::Timeline(_))
    }
}

/// What the view of a pair asks of the window around it.
#[derive(Debug, Clone, PartialEq)]
pub enum PairRequest {
    /// A change of the pair itself.
    Pair(PairCommand),
    /// Show the messages panel.
    Messages,
    /// Exchange the sides and analyse again.
    Swap,
    /// Set the field of this path aside and analyse again.
    Ignore(String),
    /// Compare the field of this path and analyse again.
    Compare(String),
    /// Cancel the running job.
    CancelJob,
}

impl From<PairCommand> for PairRequest {
    fn from(command: PairCommand) -> Self {
        Self::Pair(command)
    }
}
