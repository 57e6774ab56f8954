//! The opened pair: what is selected, unfolded, searched and scrolled to. Pure: it changes only by [`PairCommand`].

mod bookmarks;
mod carried;
mod columns;
mod command;
mod filter;
mod hover;
mod laid;
mod marked;
mod places;
mod range;
mod saved;
mod search;
mod sorting;
mod spread;
mod sync;
mod tail;
#[cfg(test)]
mod tests;
mod timeline;
mod trail;
mod transport;
mod views;
mod walk;
mod waterfall;
mod working;

use std::sync::{Arc, OnceLock};

use crate::analyse::Analysis;
use crate::app::graph::GraphCommand;
use crate::app::trail::Trail;
use crate::app::waterfall::WaterfallCommand;
use crate::compare::{Row, Rows, Verdict};
use crate::incident::Graph;
use crate::trace::{EventIndex, Side, Sides};
use crate::view::{CONTEXT, Camera, Compared, Folding, Lanes, Line, Lines, Scroller, Spread};
use trail::Spot;
use waterfall::Spans;

pub use bookmarks::{BookmarkCommand, Bookmarks, FoundEvents};
pub use columns::{ColumnCommand, FieldColumn, FieldColumns};
pub use command::{PairCommand, PairRequest, Preset};
pub use filter::Filter;
pub use hover::Hovered;
pub use laid::Laid;
pub use places::Nth;
pub use saved::Saved;
pub use search::Search;
pub use sorting::{SortWork, Sorting};
pub use sync::SyncCommand;
pub use tail::{Tail, TailRow};
pub use timeline::{Arranged, LaneCommand, LaneFilters, LaneLine, Mode, Timeline, TimelineCommand};
pub use transport::{Editing, ShownState, Transport};
pub use views::View;
pub use working::Working;

/// Height of a line of the events table in points: a row or a fold.
pub const LINE_HEIGHT: f32 = 30.0;
/// The height of the table until it was drawn for the first time.
const FIRST_VIEWPORT: f32 = 600.0;
/// Lines kept in sight around a selected row where there is room.
const MARGIN: u32 = 3;

/// What is selected: a row, looked at from one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    /// The row.
    pub row: u32,
    /// The side whose event is followed by `[` and `]`.
    pub side: Side,
}

/// A pair on screen.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "none of them says anything about another")]
pub struct Pair {
    analysis: Arc<Analysis>,
    labels: Sides<String>,
    selection: Option<Selection>,
    /// The row where a selection of several began.
    begun: Option<u32>,
    hover: Option<Hovered>,
    /// The event that waits for the one that is the same.
    marked: Option<(Side, EventIndex)>,
    lines: Lines,
    scroller: Scroller,
    search: Search,
    lanes: Arc<Lanes>,
    spread: Option<Arc<Spread>>,
    spans: Option<Spans>,
    graph_side: Option<Side>,
    /// True once a person chose a row: until then the graph shows all of the trouble.
    scrubbed: bool,
    /// The graph as it was at the selected row, once it was asked for.
    past: OnceLock<Option<Graph>>,
    camera: Camera,
    timeline: Timeline,
    view: View,
    filter: Filter,
    sorting: Sorting,
    columns: FieldColumns,
    /// Rows shown around each difference, or around each row that a filter shows.
    context: u32,
    /// True when each burst is one line.
    bursts_folded: bool,
    transport: Transport,
    bookmarks: Bookmarks,
    trail: Trail<Spot>,
    notice: String,
    waits: bool,
    tail: Option<Tail>,
    /// True when a person scrolled to the very end: there the table stays.
    at_end: bool,
    /// An event that is selected as soon as an answer has it.
    wanted: Option<(Side, EventIndex)>,
    /// True for the first rows of recordings that are still read.
    beginning: bool,
}

impl Pair {
    /// A fresh view of an analysis and its lanes, with its first difference selected.
    pub fn new(analysis: Arc<Analysis>, Laid { lanes, spread, spans }: Laid) -> Self {
        let rows = &analysis.comparison.rows;
        let folding = Folding::new(rows, CONTEXT).with_bursts(&analysis.comparison.groups, rows, true);
        let scroller = Scroller::new(LINE_HEIGHT, FIRST_VIEWPORT, folding.lines());
        let label =
            |side| analysis.sides.get(side).as_ref().map_or_else(String::new, |events| events.recording.label.clone());
        let labels = Sides::new(label(Side::Expected), label(Side::Actual));
        let first = analysis.comparison.first_difference.map(|first| first.row);
        let row = first.or_else(|| rows.differences().first().copied()).unwrap_or(0);
        let timeline = Timeline::new(compared(&analysis), &lanes);
        let mut pair = Self {
            analysis,
            labels,
            selection: None,
            begun: None,
            hover: None,
            marked: None,
            lines: folding.into(),
            scroller,
            search: Search::default(),
            lanes,
            spread,
            spans: spans.map(Spans::new),
            graph_side: None,
            scrubbed: false,
            past: OnceLock::new(),
            camera: Camera::default(),
            timeline,
            view: View::default(),
            filter: Filter::default(),
            sorting: Sorting::default(),
            columns: FieldColumns::default(),
            context: CONTEXT,
            bursts_folded: false,
            transport: Transport::default(),
            bookmarks: Bookmarks::default(),
            trail: Trail::default(),
            notice: String::new(),
            waits: false,
            tail: None,
            at_end: false,
            wanted: None,
            beginning: false,
        };
        if row < pair.rows().len() {
            pair.select_row(row, Some(Side::Actual));
            pair.reveal_span();
        }
        pair
    }

    /// The first rows of recordings that are still read: all of them, from the first on.
    pub fn beginning(analysis: Arc<Analysis>, laid: Laid) -> Self {
        let mut pair = Self { beginning: true, ..Self::new(analysis, laid) };
        pair.set_all_folds(true);
        pair.selection = None;
        pair.scroller.set_fraction(0.0);
        pair
    }

    /// True for the first rows of recordings that are still read: nothing is known of those behind them.
    pub const fn is_beginning(&self) -> bool {
        self.beginning
    }

    /// What is shown.
    pub fn analysis(&self) -> &Arc<Analysis> {
        &self.analysis
    }

    /// False where nothing was compared, so that nothing is equal and nothing differs.
    pub fn is_compared(&self) -> bool {
        self.analysis.comparison.verdict != Verdict::Incomparable
    }

    /// The alignment.
    pub fn rows(&self) -> &Rows {
        &self.analysis.comparison.rows
    }

    /// The recordings' names; empty where a side has none.
    pub fn labels(&self) -> &Sides<String> {
        &self.labels
    }

    /// The selected row and side; `None` when there is no row.
    pub fn selection(&self) -> Option<Selection> {
        self.selection
    }

    /// The selected row's cells.
    pub fn selected_row(&self) -> Option<Row> {
        self.selection.map(|selection| self.rows().get(selection.row))
    }

    /// The event that `[` and `]` start from: the selected side's, else the other's.
    pub fn selected_event(&self) -> Option<(Side, EventIndex)> {
        let Selection { row, side } = self.selection?;
        self.rows().get(row).event_from(side)
    }

    /// Which row stands in which line.
    pub fn lines(&self) -> &Lines {
        &self.lines
    }

    /// Where the events table stands.
    pub fn scroller(&self) -> &Scroller {
        &self.scroller
    }

    /// What was compared, for views of lanes.
    pub fn compared(&self) -> Compared<'_> {
        compared(&self.analysis)
    }

    /// Which view is shown.
    pub fn view(&self) -> View {
        self.view
    }

    /// The lanes of both sides.
    pub fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    /// What the timeline shows.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The search over both sides.
    pub fn search(&self) -> &Search {
        &self.search
    }

    /// What the table is filtered by.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Rows shown around each difference, or around each row that a filter shows.
    pub const fn context(&self) -> u32 {
        self.context
    }

    /// What the last command has to say, such as `This is the last difference.`; usually empty.
    pub fn notice(&self) -> &str {
        &self.notice
    }

    /// Which of the differing rows is selected, from 1, and how many there are.
    pub fn difference_number(&self) -> (Option<u32>, u32) {
        let differences = self.rows().differences();
        let place = self.selection.and_then(|selection| differences.binary_search(&selection.row).ok());
        (place.map(|place| place as u32 + 1), differences.len() as u32)
    }

    /// The rows that the shown view has in sight, the first and the last; `None` when there is no row.
    pub fn rows_in_sight(&self) -> Option<(u32, u32)> {
        if self.view == View::Timeline {
            let scale = self.timeline.scale(self.compared());
            let (from, to) = self.timeline.range();
            let rows = |side: Side| {
                let (first, last) = scale.events_within(side, from, to)?;
                Some((self.rows().row_of(side, first)?, self.rows().row_of(side, last)?))
            };
            let sides = [rows(Side::Expected), rows(Side::Actual)];
            return sides.into_iter().flatten().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        }
        // Sorted rows are no part of the whole that has two ends.
        let lines = Some(self.lines_in_sight()).filter(|lines| self.lines.sorted().is_none() && !lines.is_empty())?;
        let last = lines.end - 1;
        let last_row = match self.lines.at(last) {
            Line::Row(row) => row,
            Line::Fold(run) => run.start + run.len - 1,
        };
        Some((self.lines.at(lines.start).first_row(), last_row))
    }

    /// Says something until the next command.
    pub(super) fn tell(&mut self, notice: String) {
        self.notice = notice;
    }

    fn carry_out(&mut self, command: PairCommand) {
        if command.answers_a_person() {
            self.notice.clear();
        }
        let before = self.selection;
        let chooses = command.chooses_a_row();
        let (scrolls, resizes) = (command.scrolls(), matches!(command, PairCommand::Viewport(_)));
        match command {
            PairCommand::NextDifference => self.next_difference(),
            PairCommand::PreviousDifference => self.previous_difference(),
            PairCommand::FirstDifference => self.first_difference(),
            PairCommand::Cause(place) => self.cause(place),
            PairCommand::FirstSymptom => self.first_symptom(),
            PairCommand::Step(lines) if self.walks_spans() => {
                self.change_waterfall(WaterfallCommand::Step(i64::from(lines)));
            }
            PairCommand::Page(pages) if self.walks_spans() => {
                self.change_waterfall(WaterfallCommand::Page(i64::from(pages)));
            }
            PairCommand::Home if self.walks_spans() => self.change_waterfall(WaterfallCommand::Top),
            PairCommand::End if self.walks_spans() => self.change_waterfall(WaterfallCommand::Bottom),
            PairCommand::Step(lines) => self.step(i64::from(lines)),
            PairCommand::Page(pages) => {
                self.step(i64::from(pages) * i64::from(self.scroller.page().saturating_sub(1).max(1)));
            }
            PairCommand::Home => self.step(-i64::from(u32::MAX)),
            PairCommand::End => self.step(i64::from(u32::MAX)),
            PairCommand::SelectRow(row) => self.select_row(row, None),
            PairCommand::SelectCell(row, side) => self.select_row(row, Some(side)),
            PairCommand::Extend(lines) => self.extend(lines),
            PairCommand::ExtendTo(row, side) => self.extend_to(row, side),
            PairCommand::SelectEvent(side, event) => self.select_event(side, event),
            PairCommand::OtherSide => self.other_side(),
            PairCommand::Predecessor => self.predecessor(),
            PairCommand::Successor => self.successor(),
            PairCommand::ToggleFold => {
                if let Some(selection) = self.selection {
                    self.toggle_fold(selection.row);
                }
            }
            PairCommand::ToggleFoldOf(row) => self.toggle_fold(row),
            PairCommand::ToggleAllFolds if self.lines.sorted().is_some() => self.tell_of_order(),
            PairCommand::ToggleAllFolds => self.set_all_folds(self.lines.any_folded()),
            PairCommand::ToggleBursts => self.toggle_bursts(),
            PairCommand::ScrollBy(points) => self.scroller.scroll_by(points),
            PairCommand::ScrollToRow(row) => self.scroll_to_row(row),
            PairCommand::ScrollTo(fraction) => self.scroller.set_fraction(fraction),
            PairCommand::Viewport(height) => self.resize(height),
            PairCommand::Hover(over) => self.hover_over(over),
            PairCommand::Search(text) => self.set_search(&text),
            PairCommand::MakeFilter => self.make_filter(),
            PairCommand::RemoveFilter(place) => self.remove_filter(place),
            PairCommand::ClearFilters => self.clear_filters(),
            PairCommand::Context { more } => self.change_context(more),
            PairCommand::SortBy(by) => self.sort_by(by),
            PairCommand::Column(command) => self.change_columns(command),
            PairCommand::SortByNext => self.sort_by_next(),
            PairCommand::SortOtherWay => self.sort_other_way(),
            PairCommand::RecordedOrder => self.recorded_order(),
            PairCommand::NextFound => self.go_to_found(true),
            PairCommand::PreviousFound => self.go_to_found(false),
            PairCommand::Show(view) => self.view = view,
            PairCommand::Timeline(command) => self.change_timeline(command),
            PairCommand::ShowLane(lane) => self.show_lane(lane),
            PairCommand::GoToKind(kind, nth) => self.go_to_kind(kind, nth),
            PairCommand::Lane(command) => match self.selected_place() {
                Some((_, lane)) => self.change_timeline(TimelineCommand::Lane(lane, command)),
                None => "This event is on no lane.".clone_into(&mut self.notice),
            },
            PairCommand::Sync(command) => self.change_sync(command),
            PairCommand::StepRows(rows) => self.step_rows(rows),
            PairCommand::StepOnLane(forward) => self.step_on_lane(forward),
            PairCommand::TogglePlay => self.toggle_play(),
            PairCommand::PlayOn(rows) => self.play_on(rows),
            PairCommand::Speed(steps) => self.change_speed(steps),
            PairCommand::RunToBreakpoint => self.run_to_breakpoint(),
            PairCommand::RunMore => self.run_more(),
            PairCommand::ToggleBreakpoint => {
                if let Some(selection) = self.selection {
                    self.toggle_breakpoint(selection.row);
                }
            }
            PairCommand::ToggleBreakpointAt(row) => self.toggle_breakpoint(row),
            PairCommand::ClearBreakpoints => self.clear_breakpoints(),
            PairCommand::EnableBreakpoint(place, enabled) => self.enable_breakpoint(place, enabled),
            PairCommand::DeleteBreakpoint(place) => self.delete_breakpoint(place),
            PairCommand::EditBreakpoint(place) => self.edit_breakpoint(place),
            PairCommand::TypeBreakpoint(text) => self.type_breakpoint(text),
            PairCommand::FinishBreakpoint => self.finish_breakpoint(),
            PairCommand::CancelBreakpoint => {
                self.cancel_breakpoint();
            }
            PairCommand::ToggleBreakpointList => self.toggle_breakpoint_list(),
            PairCommand::ToggleState => self.toggle_state(),
            PairCommand::StateMore => self.state_more(),
            PairCommand::SelectPlace(place) => self.select_place(place),
            PairCommand::ShowPlace(place) => {
                self.view = View::Propagation;
                self.select_place(place);
                self.change_graph(GraphCommand::Focus(place));
            }
            PairCommand::StepPlace { forward } => self.step_place(forward),
            PairCommand::Look(look) => self.look(look),
            PairCommand::Graph(command) => self.change_graph(command),
            PairCommand::Waterfall(command) => self.change_waterfall(command),
            PairCommand::GraphSide(side) => self.graph_side = side,
            PairCommand::NextGraphSide => {
                self.graph_side = match self.graph_side {
                    None => Some(Side::Expected),
                    Some(Side::Expected) => Some(Side::Actual),
                    Some(Side::Actual) => None,
                }
            }
            PairCommand::Bookmark(command) => self.change_bookmarks(command),
            PairCommand::Back | PairCommand::Forward => {}
        }
        if resizes {
            self.count_lines();
        } else {
            self.scroller.set_lines(self.all_lines());
            self.at_end = self.scroller.is_at_end() && (scrolls || self.at_end);
        }
        self.follow_selection();
        self.scrubbed |= chooses || self.selection != before;
        if self.selection != before {
            self.reveal_place();
            self.reveal_span();
        }
    }

    /// The place of the selected event on the timeline's axis, and the lane it is at home on.
    pub fn selected_place(&self) -> Option<(f64, u32)> {
        let (side, event) = self.selected_event()?;
        let lane = self.lanes.of_event(self.compared(), side, event).first().copied()?;
        Some((self.timeline.scale(self.compared()).x(side, event), lane))
    }

    fn change_timeline(&mut self, command: TimelineCommand) {
        let selected = self.selected_place();
        self.timeline.apply(command, compared(&self.analysis), &self.lanes, selected);
    }

    /// Stops, closes or forgets what is innermost: a run, a breakpoint or note that is being written, the list of columns, a
    /// mark, a range. Says whether there was anything.
    pub(in crate::app) fn close_innermost(&mut self) -> bool {
        self.stop()
            || self.cancel_breakpoint()
            || self.close_note()
            || self.columns.close()
            || self.unmark()
            || self.begun.take().is_some()
    }

    /// A view that changed its height keeps the selected row in sight if it was.
    fn resize(&mut self, height: f32) {
        let selected = self.selection.map(|selection| self.lines.line_of(selection.row));
        let seen = selected.filter(|line| self.scroller.visible().contains(line));
        self.scroller.set_viewport(height);
        if let Some(line) = seen {
            self.scroller.reveal(line, MARGIN);
        }
    }
}

/// What an analysis compared, for views of lanes.
pub(super) fn compared(analysis: &Analysis) -> Compared<'_> {
    let trace = |side: Side| analysis.sides[side].as_ref().map(|events| &events.trace);
    Compared {
        traces: Sides::new(trace(Side::Expected), trace(Side::Actual)),
        names: &analysis.names,
        comparison: &analysis.comparison,
    }
}
