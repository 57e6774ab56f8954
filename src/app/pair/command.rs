//! Everything that can happen to an opened pair, and what it asks of the window around it.

use super::{BookmarkCommand, ColumnCommand, Hovered, LaneCommand, Nth, SyncCommand, TimelineCommand, View};
use crate::analyse::SortKey;
use crate::app::graph::{GraphCommand, Look};
use crate::app::layout::LayoutCommand;
use crate::app::waterfall::WaterfallCommand;
use crate::incident::Place;
use crate::spec::{Decision, Overrides, Role, Spec};
use crate::trace::{EventIndex, KindId, Side};

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
    /// Moves the selection by this many visible lines, which are spans where the waterfall is in front; a fold is one line and
    /// stays folded.
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
    /// Selects so many more lines with the selected row, downwards when positive.
    Extend(i32),
    /// Selects everything from the selected row, or from where the selection began, up to a row.
    ExtendTo(u32, Side),
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
    /// Makes each burst one line, or shows its rows again.
    ToggleBursts,
    /// Scrolls by points, downwards when positive.
    ScrollBy(f32),
    /// Brings a row to the middle without selecting it.
    ScrollToRow(u32),
    /// Scrolls to a share of the whole, 0 to 1.
    ScrollTo(f64),
    /// The events view has this height in points.
    Viewport(f32),
    /// Selects what happened first in a place of the graph.
    SelectPlace(Place),
    /// Shows the graph with this place in the middle, and selects what happened first there.
    ShowPlace(Place),
    /// Selects what happened first in the next place of the graph, or in the one before.
    StepPlace {
        /// True for the next one.
        forward: bool,
    },
    /// A change of what the graph, the waterfall or the timeline shows, whichever is in front.
    Look(Look),
    /// A change of what is seen of the graph.
    Graph(GraphCommand),
    /// A change of what is seen of the waterfall.
    Waterfall(WaterfallCommand),
    /// The graph shows this side; `None` for the difference of both.
    GraphSide(Option<Side>),
    /// The graph shows the next of difference, expected, actual.
    NextGraphSide,
    /// What the pointer is over, if over anything.
    Hover(Option<Hovered>),
    /// Searches both sides for what this query asks for; an empty one ends the search.
    Search(String),
    /// Makes the search a filter: the table shows only the rows found, with some around each.
    MakeFilter,
    /// Takes the filter at this place away.
    RemoveFilter(usize),
    /// Takes all filters away.
    ClearFilters,
    /// Shows more or fewer rows around differences, or around the rows that a filter shows.
    Context {
        /// True for more.
        more: bool,
    },
    /// Sorts the table by a column; again, the other way; and again, not at all.
    SortBy(SortKey),
    /// A change of the columns of the table.
    Column(ColumnCommand),
    /// Sorts the table by the next column.
    SortByNext,
    /// Sorts the table the other way.
    SortOtherWay,
    /// Puts the rows back into recorded order.
    RecordedOrder,
    /// Selects the next row found.
    NextFound,
    /// Selects the row found before.
    PreviousFound,
    /// Shows a view.
    Show(View),
    /// A change of the timeline.
    Timeline(TimelineCommand),
    /// Shows the timeline with the lane at this place in sight, and selects what differs first on it.
    ShowLane(u32),
    /// Selects an event of a kind.
    GoToKind(KindId, Nth),
    /// Pins, hides or moves the lane that the selected event is at home on.
    Lane(LaneCommand),
    /// Lets both sides' times meet somewhere else.
    Sync(SyncCommand),
    /// Steps by this many rows, into folds too.
    StepRows(i32),
    /// Steps to the next row on the selected event's home lane, or to the one before.
    StepOnLane(bool),
    /// Plays rows one after the other, or stops.
    TogglePlay,
    /// So many rows' time has passed. The drawing sends it while rows are played.
    PlayOn(u32),
    /// Plays by so many steps faster, or slower when negative.
    Speed(i32),
    /// Runs to the next row where a breakpoint stops.
    RunToBreakpoint,
    /// Goes on running for a bounded while. The drawing sends it as long as the run is not over.
    RunMore,
    /// Sets a breakpoint at the selected row, or takes it away.
    ToggleBreakpoint,
    /// Sets a breakpoint at this row, or takes it away.
    ToggleBreakpointAt(u32),
    /// Takes all breakpoints away.
    ClearBreakpoints,
    /// Switches the breakpoint at this place of the list on or off.
    EnableBreakpoint(usize, bool),
    /// Takes the breakpoint at this place of the list away.
    DeleteBreakpoint(usize),
    /// Begins to type the breakpoint at this place of the list, or a new one.
    EditBreakpoint(Option<usize>),
    /// What is typed for a breakpoint.
    TypeBreakpoint(String),
    /// Takes what was typed for a breakpoint.
    FinishBreakpoint,
    /// Leaves a breakpoint as it was.
    CancelBreakpoint,
    /// Shows or hides the list of breakpoints.
    ToggleBreakpointList,
    /// Shows or hides the state at the selected row.
    ToggleState,
    /// Goes on finding out the state for a bounded while. The drawing sends it as long as it is not known.
    StateMore,
    /// A change of the bookmarks.
    Bookmark(BookmarkCommand),
    /// Goes back to where a person was before.
    Back,
    /// Goes forward again.
    Forward,
}

impl PairCommand {
    /// True for what a person scrolls by, even where it goes no further.
    pub(super) const fn scrolls(&self) -> bool {
        matches!(self, Self::ScrollBy(_) | Self::ScrollTo(_) | Self::Step(_) | Self::Page(_) | Self::End)
    }

    /// True for what a person chooses a row by, even the one that is selected.
    pub(super) const fn chooses_a_row(&self) -> bool {
        matches!(
            self,
            Self::SelectRow(_)
                | Self::SelectCell(..)
                | Self::SelectEvent(..)
                | Self::SelectPlace(_)
                | Self::ShowPlace(_)
                | Self::FirstDifference
                | Self::Cause(_)
                | Self::FirstSymptom
        )
    }

    /// True for what can be done in the first rows of a recording that is still read: all that needs no other rows.
    pub(in crate::app) const fn is_of_rows(&self) -> bool {
        let shows = matches!(self, Self::Viewport(_) | Self::Hover(_) | Self::Column(_) | Self::Context { .. });
        shows || self.goes()
    }

    /// True for what of that brings a person somewhere.
    pub(in crate::app) const fn goes(&self) -> bool {
        let selects = matches!(
            self,
            Self::NextDifference
                | Self::PreviousDifference
                | Self::Step(_)
                | Self::StepRows(_)
                | Self::Page(_)
                | Self::Home
                | Self::End
                | Self::SelectRow(_)
                | Self::SelectCell(..)
                | Self::OtherSide
        );
        let folds = matches!(self, Self::ToggleFold | Self::ToggleFoldOf(_) | Self::ToggleAllFolds);
        selects || folds || matches!(self, Self::ScrollBy(_) | Self::ScrollTo(_) | Self::ScrollToRow(_))
    }

    /// True for what may change the list of breakpoints.
    pub(in crate::app) const fn sets_breakpoints(&self) -> bool {
        let rows = matches!(self, Self::ToggleBreakpoint | Self::ToggleBreakpointAt(_) | Self::ClearBreakpoints);
        rows || matches!(self, Self::EnableBreakpoint(..) | Self::DeleteBreakpoint(_) | Self::FinishBreakpoint)
    }

    /// True for what may pin, hide, show or move lanes.
    pub(in crate::app) const fn arranges_lanes(&self) -> bool {
        let all = matches!(self, Self::Timeline(TimelineCommand::NaturalOrder | TimelineCommand::AllLanes));
        all || matches!(self, Self::Lane(_) | Self::ShowLane(_) | Self::Timeline(TimelineCommand::Lane(..)))
    }

    /// True for what a person does on purpose, so that an older notice is out of date.
    pub(super) const fn answers_a_person(&self) -> bool {
        !matches!(
            self,
            Self::ScrollBy(_)
                | Self::Viewport(_)
                | Self::Hover(_)
                | Self::Timeline(_)
                | Self::Look(_)
                | Self::Graph(_)
                | Self::Waterfall(_)
                | Self::RunMore
                | Self::PlayOn(_)
                | Self::StateMore
        )
    }
}

/// Decisions about all fields at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// What is inferred holds for every field.
    Inferred,
    /// Every field must be equal, but what says where and when.
    Everything,
    /// Only what happened to which one: kinds and identities.
    Structure,
}

impl Preset {
    /// Decides about every field of a spec.
    pub fn decide(self, overrides: &mut Overrides, spec: &Spec) {
        overrides.reset();
        let mut each = |wanted: fn(Role) -> bool, decision: Decision| {
            spec.fields
                .iter()
                .filter(|field| wanted(field.role))
                .for_each(|field| overrides.decide(&field.path, decision));
        };
        match self {
            Self::Inferred => {}
            Self::Everything => {
                each(|role| !matches!(role, Role::Position | Role::Time | Role::Provenance), Decision::Compare);
            }
            Self::Structure => each(|role| !matches!(role, Role::Kind | Role::Identity), Decision::Ignore),
        }
    }
}

/// What the view of a pair asks of the window around it.
#[derive(Debug, Clone, PartialEq)]
pub enum PairRequest {
    /// A change of the pair itself.
    Pair(PairCommand),
    /// A change of the panes that it is seen in.
    Layout(LayoutCommand),
    /// Show the messages panel.
    Messages,
    /// Say that the field that was asked for has the keyboard now.
    Focused,
    /// Exchange the sides and analyse again.
    Swap,
    /// Decide about the field of this path and analyse again.
    Decide(String, Decision),
    /// Decide about all fields and analyse again.
    Preset(Preset),
    /// Mark the selected event, or say that it is the same as the marked one of the other side.
    SameHere,
    /// Say that the events of the selected row are not the same.
    NotSame,
    /// Take back the decision about a pair of events at this place of the list.
    ForgetPair(usize),
    /// Take back all decisions about pairs of events.
    ForgetPairs,
    /// Put an address on the clipboard, and say so.
    Copy(String),
    /// Cancel the running job.
    CancelJob,
    /// Show what came while the files grew.
    ShowNew,
    /// Pause following the files, or go on.
    Pause,
}

impl From<PairCommand> for PairRequest {
    fn from(command: PairCommand) -> Self {
        Self::Pair(command)
    }
}
