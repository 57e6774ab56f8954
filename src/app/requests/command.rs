//! Everything that can happen to opened windows of requests.

use std::str::FromStr;

use crate::app::graph::{GraphCommand, Look};
use crate::app::pair::{PairCommand, View};
use crate::app::waterfall::WaterfallCommand;
use crate::trace::escape;

/// A view of two windows of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RequestsView {
    /// The services and what each does.
    #[default]
    Services,
    /// Who calls whom, and what changed on the way.
    Propagation,
    /// One request of each side, span by span.
    Waterfall,
    /// What a node of tables of metrics showed, row by row.
    Metrics,
}

impl RequestsView {
    /// Every view, in the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Services, Self::Propagation, Self::Waterfall, Self::Metrics];

    /// Its title on its tab.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Services => "Services",
            Self::Propagation => "Propagation",
            Self::Waterfall => "Waterfall",
            Self::Metrics => "Metrics",
        }
    }

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::Propagation => "propagation",
            Self::Waterfall => "waterfall",
            Self::Metrics => "metrics",
        }
    }
}

impl FromStr for RequestsView {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|view| view.name() == text);
        found.ok_or_else(|| {
            format!(
                "There is no view `{}` of requests; write services, propagation, waterfall or metrics.",
                escape(text)
            )
        })
    }
}

/// A change of opened windows, for [`super::RequestsPage::apply`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RequestsCommand {
    /// Shows a view.
    Show(RequestsView),
    /// Selects the service at this place of the table; the ranked ones come first.
    Service(usize),
    /// The pointer is over the service at this place of the table, or what is of it, if over any.
    Hover(Option<usize>),
    /// The graph shows what had happened so far into the failing window: a step of [`super::STEPS`]; `None` for all of it.
    Until(Option<usize>),
    /// Shows the graph, by so many steps later in the failing window.
    UntilBy(i64),
    /// Shows a request for a piece of evidence: of the service at this place of the ranking, the strongest evidence first.
    Evidence(usize, usize),
    /// Shows a request for the next piece of evidence, or the one before.
    StepEvidence {
        /// True for the next one.
        forward: bool,
    },
    /// Shows another request for the same evidence: so many further.
    Example(i64),
    /// Moves the selection by this many lines.
    Step(i64),
    /// Moves the selection by this many screens.
    Page(i64),
    /// Selects the first line.
    Top,
    /// Selects the last line.
    Bottom,
    /// Folds what is below the selected row of the waterfall, or shows it again; among the services shows a request.
    Enter,
    /// Shows the strongest evidence of the first-ranked service at its row.
    Cause,
    /// A change of what is seen of the waterfall.
    Waterfall(WaterfallCommand),
    /// A change of what the graph or the waterfall shows, whichever is in front.
    Look(Look),
    /// A change of what is seen of the graph.
    Graph(GraphCommand),
    /// Selects the next service of the graph, or the one before.
    StepPlace {
        /// True for the next one.
        forward: bool,
    },
    /// Shows the graph with the service at this place of the table in the middle, and selects it.
    ShowService(usize),
    /// Scrolls the view by points, downwards when positive.
    Scroll(f32),
    /// Scrolls the view to a share of the whole, 0 to 1.
    ScrollTo(f64),
    /// The view has this height in points.
    Viewport(f32),
    /// Goes back to where one was before.
    Back,
    /// Goes forward again.
    Forward,
}

impl RequestsCommand {
    /// True for what a person does on purpose, so that what was said before is out of date.
    pub(super) const fn answers_a_person(&self) -> bool {
        !matches!(
            self,
            Self::Hover(_)
                | Self::Scroll(_)
                | Self::ScrollTo(_)
                | Self::Viewport(_)
                | Self::Graph(_)
                | Self::Look(_)
                | Self::Waterfall(_)
        )
    }

    /// What a command of pairs means here: rows, axes and causes are in both. `None` where it means nothing.
    pub(in crate::app) fn like(command: &PairCommand) -> Option<Self> {
        Some(match command {
            PairCommand::Show(View::Propagation) => Self::Show(RequestsView::Propagation),
            PairCommand::Show(View::Waterfall) => Self::Show(RequestsView::Waterfall),
            PairCommand::Waterfall(WaterfallCommand::FoldSelected) => Self::Enter,
            PairCommand::Waterfall(command) => Self::Waterfall(*command),
            PairCommand::NextDifference => Self::StepEvidence { forward: true },
            PairCommand::PreviousDifference => Self::StepEvidence { forward: false },
            PairCommand::Cause(0) => Self::Cause,
            PairCommand::Step(by) => Self::Step(i64::from(*by)),
            PairCommand::Page(by) => Self::Page(i64::from(*by)),
            PairCommand::Home => Self::Top,
            PairCommand::End => Self::Bottom,
            PairCommand::Look(look) => Self::Look(*look),
            PairCommand::StepPlace { forward } => Self::StepPlace { forward: *forward },
            PairCommand::Back => Self::Back,
            PairCommand::Forward => Self::Forward,
            _ => return None,
        })
    }
}
