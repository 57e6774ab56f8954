//! The panes that a pair is seen in.

use serde::{Deserialize, Serialize};

use crate::app::pair::View;

/// One region of the working area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pane {
    /// Lanes along an axis.
    Timeline,
    /// The aligned events.
    Events,
    /// What happened before what.
    Order,
    /// Who calls whom, and how far the trouble spread.
    Propagation,
    /// The spans of both sides along one axis.
    Waterfall,
    /// The selected row.
    Inspector,
    /// What is compared.
    Spec,
    /// The state at the selected row, and the breakpoints.
    State,
    /// The ranked causes.
    Causes,
    /// The bookmarks.
    Bookmarks,
    /// The strip of the whole pair.
    Overview,
}

impl Pane {
    /// Every pane.
    pub const ALL: [Self; 11] = [
        Self::Timeline,
        Self::Events,
        Self::Order,
        Self::Propagation,
        Self::Waterfall,
        Self::Inspector,
        Self::Spec,
        Self::State,
        Self::Causes,
        Self::Bookmarks,
        Self::Overview,
    ];

    /// Its title on its tab.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Timeline => View::Timeline.title(),
            Self::Events => View::Events.title(),
            Self::Order => View::Order.title(),
            Self::Propagation => View::Propagation.title(),
            Self::Waterfall => View::Waterfall.title(),
            Self::Inspector => "Inspector",
            Self::Spec => "Comparison spec",
            Self::State => "State",
            Self::Causes => "Causes",
            Self::Bookmarks => "Bookmarks",
            Self::Overview => "Overview",
        }
    }

    /// The view that it shows, if it is one.
    pub const fn view(self) -> Option<View> {
        match self {
            Self::Timeline => Some(View::Timeline),
            Self::Events => Some(View::Events),
            Self::Order => Some(View::Order),
            Self::Propagation => Some(View::Propagation),
            Self::Waterfall => Some(View::Waterfall),
            _ => None,
        }
    }

    /// True when it has a tab even where it stands alone: the others bring a heading of their own.
    pub const fn has_tab(self) -> bool {
        self.view().is_some() || matches!(self, Self::Inspector)
    }
}

impl From<View> for Pane {
    fn from(view: View) -> Self {
        match view {
            View::Timeline => Self::Timeline,
            View::Events => Self::Events,
            View::Order => Self::Order,
            View::Propagation => Self::Propagation,
            View::Waterfall => Self::Waterfall,
        }
    }
}
