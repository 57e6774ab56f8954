//! A graph of places as it is seen: in a view, or in a picture that is exported.

use crate::incident::{Graph, Place};
use crate::trace::Side;
use crate::view::GraphLayout;

/// What is seen of a graph.
#[derive(Debug, Clone, Copy)]
pub struct SeenGraph<'a> {
    /// Who calls whom.
    pub graph: &'a Graph,
    /// Where they stand.
    pub layout: &'a GraphLayout,
    /// The side that is shown; `None` for the difference.
    pub side: Option<Side>,
    /// The place that is looked at.
    pub selected: Option<Place>,
    /// The place that the pointer is over, in whichever view.
    pub lit: Option<Place>,
    /// The trouble is shown as far as it had spread by then; `None` for all of it.
    pub until: Option<i64>,
    /// The place where an outsider noticed it first.
    pub symptom: Option<Place>,
    /// A way with fewer events than these says nothing by the side that it is on.
    pub few: u32,
    /// What each place and each way says instead of its own words; empty for those.
    pub notes: [&'a [String]; 2],
}

/// The same, kept for a picture that is drawn behind the window.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GraphPicture {
    graph: Graph,
    layout: GraphLayout,
    side: Option<Side>,
    until: Option<i64>,
    symptom: Option<Place>,
    few: u32,
    notes: [Vec<String>; 2],
    /// What it is a graph of, such as the name of the pack.
    pub title: String,
    /// What kind of incident it is, and how far it reached.
    pub line: String,
    /// True for the dark theme.
    pub dark: bool,
    /// True for a drawing that stays sharp at every size (SVG), else pixels (PNG).
    pub vector: bool,
}

impl GraphPicture {
    /// A picture of what is seen; what is selected or under the pointer is no part of it.
    pub fn new(seen: &SeenGraph<'_>, title: String, line: String) -> Self {
        Self {
            graph: seen.graph.clone(),
            layout: seen.layout.clone(),
            side: seen.side,
            until: seen.until,
            symptom: seen.symptom,
            few: seen.few,
            notes: seen.notes.map(<[String]>::to_vec),
            title,
            line,
            dark: false,
            vector: false,
        }
    }

    /// What is seen in it.
    pub fn seen(&self) -> SeenGraph<'_> {
        SeenGraph {
            graph: &self.graph,
            layout: &self.layout,
            side: self.side,
            selected: None,
            lit: None,
            until: self.until,
            symptom: self.symptom,
            few: self.few,
            notes: [&self.notes[0], &self.notes[1]],
        }
    }
}
