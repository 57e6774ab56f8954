//! The regions of the window that the help and the tour speak of.

/// A region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Region {
    /// The page without a pair.
    Home,
    /// The verdict and its three answers.
    Verdict,
    /// The lanes along an axis.
    Timeline,
    /// The aligned events.
    Events,
    /// What happened before what.
    Order,
    /// Who calls whom.
    Propagation,
    /// The selected row.
    Inspector,
    /// The whole pair as a strip.
    Overview,
    /// The search field.
    Search,
    /// The filters of the table.
    Filters,
    /// The ranked causes.
    Causes,
    /// What is compared.
    Spec,
    /// Bookmarks and notes.
    Bookmarks,
    /// Stepping: the state, breakpoints, playing.
    Stepping,
    /// The way to the palette.
    Palette,
    /// The services of two windows of requests, ranked.
    Ranking,
    /// The services as a table.
    Services,
    /// One request of each side.
    Waterfall,
    /// What a node of tables of metrics showed.
    Metrics,
    /// What speaks for a service.
    Evidence,
    /// The signals of a control loop over time.
    Control,
    /// Where the plant of a control loop went.
    Trajectory,
    /// The reference plant with a fault.
    WhatIf,
    /// The list of signals.
    Signals,
    /// What is known at the cursor.
    Readouts,
    /// The runs of a watched folder.
    Runs,
}

impl Region {
    /// Every region, from the top of the window to its end.
    pub const ALL: [Self; 26] = [
        Self::Home,
        Self::Verdict,
        Self::Timeline,
        Self::Events,
        Self::Order,
        Self::Propagation,
        Self::Inspector,
        Self::Overview,
        Self::Search,
        Self::Filters,
        Self::Causes,
        Self::Spec,
        Self::Bookmarks,
        Self::Stepping,
        Self::Palette,
        Self::Ranking,
        Self::Services,
        Self::Waterfall,
        Self::Metrics,
        Self::Evidence,
        Self::Control,
        Self::Trajectory,
        Self::WhatIf,
        Self::Signals,
        Self::Readouts,
        Self::Runs,
    ];
}
