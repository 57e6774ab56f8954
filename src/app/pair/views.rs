//! The views of a pair, which share one selection.

use std::str::FromStr;

use super::Pair;
use crate::trace::escape;

/// A view of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// Lanes along an axis.
    Timeline,
    /// The aligned events.
    #[default]
    Events,
    /// What happened before what around the selection.
    Order,
    /// Who calls whom, and how far the trouble spread.
    Propagation,
    /// The spans of both sides along one axis.
    Waterfall,
}

impl View {
    /// Every view, in the order of the tabs and of their keys.
    pub const ALL: [Self; 5] = [Self::Timeline, Self::Events, Self::Order, Self::Propagation, Self::Waterfall];

    /// Its title on its tab.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Timeline => "Timeline",
            Self::Events => "Events",
            Self::Order => "Order",
            Self::Propagation => "Propagation",
            Self::Waterfall => "Waterfall",
        }
    }

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Timeline => "timeline",
            Self::Events => "events",
            Self::Order => "order",
            Self::Propagation => "propagation",
            Self::Waterfall => "waterfall",
        }
    }
}

impl FromStr for View {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|view| view.name() == text).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|view| view.name()).collect();
            format!("There is no view `{}`; there are: {}.", escape(text), names.join(", "))
        })
    }
}

impl Pair {
    /// Makes a view the current one, for commands that act on the current view.
    pub(in crate::app) const fn set_view(&mut self, view: View) {
        self.view = view;
    }
}
