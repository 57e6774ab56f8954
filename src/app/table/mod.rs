//! The one table of commands: menu, palette, shortcuts and help all read it.

mod control;
mod entries;
mod graph;
mod help;
mod lanes;
mod layout;
mod requests;
mod tabs;
#[cfg(test)]
mod tests;
mod watching;

use super::command::Command;
use super::control::{ControlCommand, ControlPage};
use super::keys::Keys;
use super::layout::Pane;
use super::requests::{RequestsPage, RequestsView};
use super::state::{Page, State};

use control::CONTROL;
use entries::ENTRIES;
use graph::GRAPH;
use help::HELP;
use lanes::LANES;
use layout::LAYOUT;
use requests::REQUESTS;
use tabs::TABS;
use watching::WATCHING;

/// Every command that a person can choose by name or key.
pub const TABLE: &[Entry] = &joined::<
    {
        ENTRIES.len()
            + LANES.len()
            + HELP.len()
            + TABS.len()
            + LAYOUT.len()
            + GRAPH.len()
            + REQUESTS.len()
            + CONTROL.len()
            + WATCHING.len()
    },
>(&[ENTRIES, LANES, HELP, TABS, LAYOUT, GRAPH, REQUESTS, CONTROL, WATCHING]);

/// The parts of the table, one after the other.
const fn joined<const N: usize>(parts: &[&[Entry]]) -> [Entry; N] {
    let mut all = [ENTRIES[0]; N];
    let (mut part, mut place, mut at) = (0, 0, 0);
    while part < parts.len() {
        if at < parts[part].len() {
            all[place] = parts[part][at];
            (place, at) = (place + 1, at + 1);
        } else {
            (part, at) = (part + 1, 0);
        }
    }
    all
}

/// Where a command stands in the menu bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Menu {
    /// Opening and closing.
    File,
    /// What a person authors.
    Edit,
    /// What is seen.
    View,
    /// Where to look.
    Go,
    /// Going through the rows, and where to stop.
    Step,
    /// How the sides are compared.
    Compare,
    /// What is open in the window, and its panes.
    Window,
    /// Learning.
    Help,
}

impl Menu {
    /// Every menu, in the order of the bar.
    pub const ALL: [Self; 8] =
        [Self::File, Self::Edit, Self::View, Self::Go, Self::Step, Self::Compare, Self::Window, Self::Help];

    /// Its commands, those of a group together.
    pub fn entries(self) -> Vec<&'static Entry> {
        let mut own: Vec<&Entry> = TABLE.iter().filter(|entry| entry.menu == self).collect();
        own.sort_by_key(|entry| entry.group);
        own
    }

    /// Its title.
    pub const fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::View => "View",
            Self::Go => "Go",
            Self::Step => "Step",
            Self::Compare => "Compare",
            Self::Window => "Window",
            Self::Help => "Help",
        }
    }
}

/// Why there is no waterfall.
pub const NO_SPANS: &str = "These recordings tell of no spans that cause each other.";

/// What a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// A pair on screen.
    Pair,
    /// Views: of a pair, of windows of requests, or of a control loop.
    Views,
    /// A pair with two sides.
    TwoSides,
    /// Two sides: of a pair, or two windows of requests.
    Sides,
    /// Rows: those of a pair, or of windows of requests.
    Rows,
    /// Windows of requests, or tables of metrics.
    Services,
    /// Windows of requests.
    Requests,
    /// A graph of services that can be gone through in time.
    Past,
    /// Tables of metrics.
    Metrics,
    /// A control loop.
    Control,
    /// Two cursors of a control loop.
    Measure,
    /// A watched folder.
    Watching,
    /// A selected run of a watched folder.
    Run,
    /// Something that goes on by itself: a watched folder, or a pair whose files may grow.
    Live,
    /// Runs of a watched folder that came while its list was held, or new events of a pair.
    New,
    /// Something to search in: a pair, or the runs of a watched folder.
    Search,
    /// The waterfall of windows of requests.
    Waterfall,
    /// Spans: of a pair, or of windows of requests.
    Spans,
    /// Spans of a pair that are shown, or windows of requests.
    SpanRows,
    /// A graph of places.
    Graph,
    /// A graph of places that is shown.
    Propagation,
    /// A difference of a pair, or evidence in windows of requests.
    Evidence,
    /// An axis or a graph that is shown: the timeline of a pair, a waterfall, the propagation.
    Axis,
    /// Something that was opened, or failed to.
    Something,
    /// A selected row.
    Row,
    /// Something selected that can be copied: a row, a service or a span, a moment of a control loop.
    Selected,
    /// A difference.
    Difference,
    /// A symptom.
    Symptom,
    /// A breakpoint.
    Breakpoint,
    /// A decision about a pair of events.
    HandPair,
    /// The events of a pair.
    Events,
    /// Rows that are sorted, or are being sorted.
    Sorted,
    /// A load that runs.
    Load,
    /// The timeline of a pair.
    Timeline,
    /// Something to undo in a pair.
    Undo,
    /// Something to do again in a pair.
    Redo,
    /// A tab that can be closed: another one, or something in it.
    ToClose,
    /// At least this many tabs.
    Tabs(usize),
    /// Something that was closed.
    Closed,
}

/// One command as people meet it.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its stable name.
    pub id: &'static str,
    /// Its title in menu and palette.
    pub title: &'static str,
    /// What it does, in a sentence, for help and palette.
    pub description: &'static str,
    /// Its own keys, until a person changes them.
    pub keys: &'static [Keys],
    /// Its menu.
    pub menu: Menu,
    /// A line is drawn in the menu where the group changes.
    pub group: u8,
    /// What it needs.
    pub needs: Needs,
    /// True when holding the key down repeats it.
    pub repeats: bool,
    /// What it does.
    pub command: fn() -> Command,
}

impl Entry {
    /// Whether it can be used now; else the reason, as a sentence.
    pub fn enabled(&self, state: &State) -> Result<(), &'static str> {
        let pair = state.pair();
        let comparison = pair.map(|pair| &pair.analysis().comparison);
        let requests = state.requests();
        let control = state.control();
        let watching = state.watching();
        let no_watching = "This is about a watched folder: watch one first.";
        let no_pair = match requests {
            _ if watching.is_some() => "This is about a pair of recordings; open a run first.",
            Some(_) => "This is about a pair of recordings; whole windows of requests are open.",
            None if control.is_some() => "This is about events; a control loop is open.",
            None => "Open a pack first.",
        };
        let no_requests = "This is about windows of requests: open two of OpenTelemetry data.";
        let check = |holds: bool, reason: &'static str| if holds { Ok(()) } else { Err(reason) };
        if let (Some(page), Command::Pair(command)) = (control, (self.command)())
            && let Some(command) = ControlCommand::like(&command)
        {
            return page.can(command);
        }
        if let (Some(rows), Command::Pair(command)) = (state.first_rows(), (self.command)())
            && command.is_of_rows()
        {
            let differs =
                !matches!(self.needs, Needs::Difference | Needs::Evidence) || !rows.rows().differences().is_empty();
            return check(differs, "The first rows do not differ.");
        }
        let no_control = "This is about a control loop: open recordings of sampled signals.";
        match self.needs {
            Needs::Nothing => Ok(()),
            Needs::Control => check(control.is_some(), no_control),
            Needs::Measure => {
                let cursors = control.ok_or(no_control)?.sheet().cursors();
                check(cursors.distance().is_some(), "Measure something first.")
            }
            Needs::Pair => check(pair.is_some(), no_pair),
            Needs::Views => check(pair.is_some() || requests.is_some() || control.is_some(), no_pair),
            Needs::TwoSides => {
                let sides = &pair.ok_or(no_pair)?.analysis().sides;
                check(sides.expected.is_some() && sides.actual.is_some(), "This trace has no other side.")
            }
            Needs::Sides if requests.is_some() || control.is_some() => Ok(()),
            Needs::Sides => Self { needs: Needs::TwoSides, ..*self }.enabled(state),
            Needs::Rows => check(pair.is_some() || requests.is_some() || watching.is_some(), no_pair),
            Needs::Search => check(pair.is_some() || watching.is_some(), no_pair),
            Needs::Run => check(watching.ok_or(no_watching)?.selected().is_some(), "Select a run first."),
            Needs::Live if state.front().grows() => Ok(()),
            Needs::Watching | Needs::Live => check(watching.is_some(), no_watching),
            Needs::New if pair.is_some() => check(state.front().growth.unseen() > 0, "No event came since."),
            Needs::New if control.is_some() => check(state.front().growth.unseen() > 0, "No sample came since."),
            Needs::New => check(watching.ok_or(no_watching)?.unseen() > 0, "No run came since the list was held."),
            Needs::Services => check(requests.is_some(), no_requests),
            Needs::Requests => check(requests.is_some_and(|page| !page.is_metrics()), no_requests),
            Needs::Past => {
                let past = requests.ok_or(no_requests)?.has_past();
                check(past, "Nothing here got into trouble at a known time.")
            }
            Needs::Metrics => {
                let tables = requests.is_some_and(RequestsPage::is_metrics);
                check(tables, "This is about tables of metrics: open two of them.")
            }
            Needs::Waterfall => {
                let shown = requests.ok_or(no_requests)?.view() == RequestsView::Waterfall;
                check(shown, "Show the waterfall first.")
            }
            Needs::Spans => match (pair, requests) {
                (Some(pair), _) => check(pair.spans().is_some(), NO_SPANS),
                (None, Some(page)) => check(!page.is_metrics(), no_requests),
                (None, None) => Err("This is about spans: open recordings of requests, such as OpenTelemetry data."),
            },
            Needs::SpanRows => {
                Self { needs: Needs::Spans, ..*self }.enabled(state)?;
                check(requests.is_some() || state.layout.shows(Pane::Waterfall), "Show the waterfall first.")
            }
            Needs::Graph => {
                let known = pair.is_some() || requests.is_some();
                check(known, no_pair)?;
                check(state.front().has_graph(), "These recordings tell of no places that call each other.")
            }
            Needs::Evidence => match requests {
                Some(page) => check(page.has_evidence(), "No request shows any evidence."),
                None if watching.is_some() => check(watching.is_some_and(|page| page.failed() > 0), "No run failed."),
                None => Self { needs: Needs::Difference, ..*self }.enabled(state),
            },
            Needs::Propagation => {
                Self { needs: Needs::Graph, ..*self }.enabled(state)?;
                let shown = requests
                    .map_or(state.layout.shows(Pane::Propagation), |page| page.view() == RequestsView::Propagation);
                check(shown, "Show the propagation first.")
            }
            Needs::Axis => {
                let shown = |needs: Needs| Self { needs, ..*self }.enabled(state);
                let spans = pair.is_some() && shown(Needs::SpanRows).is_ok();
                let (needs, other) = match requests {
                    Some(_) => (Needs::Waterfall, "Show the waterfall or the propagation first."),
                    None => (Needs::Timeline, "Show the timeline, the propagation or the waterfall first."),
                };
                let axis = shown(needs).map_err(|why| if pair.is_some() || requests.is_some() { other } else { why });
                axis.or_else(|why| check(spans || shown(Needs::Propagation).is_ok(), why))
            }
            Needs::Something => {
                let failed = matches!(state.front().page, Page::Failed(_) | Page::Choose(_) | Page::Watching(_));
                check(state.front().open.is_some() || failed, "Nothing is open.")
            }
            Needs::Selected if requests.is_some() || control.is_some() => {
                let selected =
                    requests.map_or_else(|| control.is_some_and(ControlPage::has_selected), RequestsPage::has_selected);
                check(selected, "There is nothing to copy.")
            }
            Needs::Row | Needs::Selected => check(pair.ok_or(no_pair)?.selected_row().is_some(), "Select a row first."),
            Needs::Difference => {
                check(!comparison.ok_or(no_pair)?.rows.differences().is_empty(), "The sides do not differ.")
            }
            Needs::Symptom => check(comparison.ok_or(no_pair)?.first_symptom.is_some(), "No symptom was recorded."),
            Needs::Events => {
                pair.ok_or(no_pair)?;
                check(state.layout.shows(Pane::Events), "Show the events first.")
            }
            Needs::Sorted => {
                let sorted = pair.ok_or(no_pair)?.sorting().sort().is_some();
                check(sorted, "The rows are in recorded order.")
            }
            Needs::Timeline => {
                pair.ok_or(no_pair)?;
                check(state.layout.shows(Pane::Timeline), "Show the timeline first.")
            }
            Needs::Breakpoint => {
                let breakpoints = pair.ok_or(no_pair)?.transport().breakpoints();
                check(!breakpoints.is_empty(), "Set a breakpoint first.")
            }
            Needs::HandPair => {
                let decided = !pair.ok_or(no_pair)?.analysis().pack.overrides.pairs.is_empty();
                check(decided, "No pair of events was decided by hand.")
            }
            Needs::Undo => {
                pair.ok_or(no_pair)?;
                check(state.front().history.can_go(true), "There is nothing to undo.")
            }
            Needs::Redo => {
                pair.ok_or(no_pair)?;
                check(state.front().history.can_go(false), "There is nothing to redo.")
            }
            Needs::ToClose => check(state.tabs.len() > 1 || !state.front().is_home(), "Nothing is open."),
            Needs::Tabs(..=2) => check(state.tabs.len() > 1, "Only one tab is open."),
            Needs::Tabs(least) => check(state.tabs.len() >= least, "There are not so many tabs."),
            Needs::Closed => check(state.tabs.can_reopen(), "Nothing was closed."),
            Needs::Load => check(state.front().loading.is_some(), "Nothing is being loaded."),
        }
    }

    /// True when it moves within a page, and so must not act while something lies over it.
    pub const fn is_about_the_pair(&self) -> bool {
        matches!(
            self.needs,
            Needs::Pair
                | Needs::Views
                | Needs::TwoSides
                | Needs::Sides
                | Needs::Rows
                | Needs::Requests
                | Needs::Services
                | Needs::Past
                | Needs::Metrics
                | Needs::Watching
                | Needs::Run
                | Needs::Live
                | Needs::New
                | Needs::Search
                | Needs::Waterfall
                | Needs::Spans
                | Needs::SpanRows
                | Needs::Graph
                | Needs::Propagation
                | Needs::Control
                | Needs::Measure
                | Needs::Evidence
                | Needs::Axis
                | Needs::Row
                | Needs::Selected
                | Needs::Difference
                | Needs::Symptom
                | Needs::Timeline
                | Needs::Breakpoint
                | Needs::HandPair
                | Needs::Events
                | Needs::Sorted
                | Needs::Undo
                | Needs::Redo
        )
    }
}

const fn entry(menu: Menu, group: u8, id: &'static str, title: &'static str, command: fn() -> Command) -> Entry {
    Entry { id, title, description: "", keys: &[], menu, group, needs: Needs::Nothing, repeats: false, command }
}

impl Entry {
    const fn says(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    const fn on(mut self, keys: &'static [Keys]) -> Self {
        self.keys = keys;
        self
    }

    const fn needs(mut self, needs: Needs) -> Self {
        self.needs = needs;
        self
    }

    const fn repeats(mut self) -> Self {
        self.repeats = true;
        self
    }
}

/// The command with this name.
pub fn by_id(id: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.id == id)
}
