//! What is seen of a pair, as it is saved: the view, the selected event, what is unfolded, the timeline, the search.

use serde::{Deserialize, Serialize};

use super::timeline::SavedTimeline;
use super::waterfall::Spans;
use super::{FieldColumn, Pair, PairCommand, View, Working};
use crate::analyse::Sort;
use crate::app::trail::Trail;
use crate::app::waterfall::SavedWaterfall;
use crate::report::Anchor;
use crate::trace::{EventIndex, Side};
use crate::view::{CONTEXT, Near};

/// What is seen of a pair.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Saved {
    /// The view's name.
    view: String,
    /// The selected event.
    selection: Option<Anchor>,
    /// The first event of each run of equal rows that is unfolded.
    unfolded: Vec<Anchor>,
    /// The timeline.
    timeline: SavedTimeline,
    /// The first event in sight in the table.
    #[serde(skip_serializing_if = "Option::is_none")]
    top: Option<Anchor>,
    /// The side that the graph shows; none for both and their difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    graph: Option<Side>,
    /// The part of the graph in sight; all of it where none is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    graph_near: Option<Near>,
    /// What is seen of the waterfall.
    #[serde(skip_serializing_if = "Option::is_none")]
    waterfall: Option<SavedWaterfall>,
    /// What is searched for.
    search: String,
    /// What is set up to work with it, where nothing else keeps that.
    #[serde(skip_serializing_if = "Option::is_none")]
    working: Option<Working>,
    /// Rows that are shown around what filters show, or around differences, where that was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<u32>,
    /// True when bursts are folded.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    bursts_folded: bool,
    /// The fields that are columns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    columns: Vec<FieldColumn>,
    /// What the table is sorted by.
    #[serde(skip_serializing_if = "Option::is_none")]
    sort: Option<Sort>,
}

impl Saved {
    /// The selected event, such as `actual:5@queue:0`.
    pub fn selection(&self) -> Option<&Anchor> {
        self.selection.as_ref()
    }
}

impl Pair {
    /// The selected event, such as `actual:5@queue:0`.
    pub fn selected_anchor(&self) -> Option<Anchor> {
        self.selected_event().map(|event| self.anchor(event))
    }

    /// What is saved of this view.
    pub fn saved(&self) -> Saved {
        let unfolded = self.lines.folding().opened().filter_map(|row| self.anchor_of(row)).collect();
        Saved {
            unfolded,
            working: Some(self.working()),
            graph_near: self.camera.near(),
            waterfall: self.spans.as_ref().map(Spans::saved),
            ..self.saved_place()
        }
    }

    pub(super) fn anchor_of(&self, row: u32) -> Option<Anchor> {
        self.rows().get(row).event_from(Side::Actual).map(|event| self.anchor(event))
    }

    fn anchor(&self, (side, index): (Side, EventIndex)) -> Anchor {
        let lane = self.analysis.lanes(side, index).first().map(|lane| (*lane).to_owned());
        Anchor { side, index, lane }
    }

    /// The same without what is folded and unfolded, which may be every run of a long recording, what graph and waterfall are
    /// zoomed to, and what is kept beside: small, however long it is.
    pub fn saved_place(&self) -> Saved {
        Saved {
            view: self.view.name().to_owned(),
            selection: self.selected_anchor(),
            unfolded: Vec::new(),
            top: self.lines_in_sight().next().and_then(|line| self.anchor_of(self.lines.at(line).first_row())),
            graph: self.graph_side,
            graph_near: None,
            waterfall: None,
            timeline: self.timeline.saved(&self.lanes),
            search: self.search.text().to_owned(),
            working: None,
            context: Some(self.context).filter(|&context| context != CONTEXT),
            bursts_folded: self.bursts_folded,
            columns: self.columns.list().to_vec(),
            sort: self.sorting.sort().cloned(),
        }
    }

    /// Shows what was saved; says what of it is not here.
    pub fn set_saved(&mut self, saved: &Saved) -> Vec<String> {
        let mut missing = Vec::new();
        match saved.view.parse::<View>() {
            Ok(view) => self.view = view,
            Err(_) if saved.view.is_empty() => {}
            Err(trouble) => missing.push(format!("{trouble} The view file asks for it.")),
        }
        let context = saved.context.unwrap_or(CONTEXT);
        if (context, saved.bursts_folded) != (self.context, self.bursts_folded) {
            (self.context, self.bursts_folded) = (context, saved.bursts_folded);
            self.fold_to_filter();
        }
        if let Some(working) = &saved.working {
            self.set_working(working);
        }
        let row = |pair: &Self, anchor: &Anchor| pair.rows().row_of(anchor.side, anchor.index);
        for anchor in &saved.unfolded {
            if let Some(row) = row(self, anchor) {
                self.set_fold(row, true);
            }
        }
        if saved.search != self.search.text() {
            self.apply(PairCommand::Search(saved.search.clone()));
        }
        self.columns.set(saved.columns.clone());
        self.set_sort(saved.sort.clone());
        if let Some(anchor) = &saved.selection {
            match row(self, anchor) {
                Some(row) => {
                    self.scrubbed |= self.selection.is_none_or(|selection| selection.row != row);
                    self.select_row(row, Some(anchor.side));
                }
                None => missing.push(format!(
                    "The view file selects {anchor}, but {} has {} events.",
                    anchor.side,
                    EventIndex::from(self.analysis.len(anchor.side))
                )),
            }
        }
        if let Some(top) = saved.top.as_ref().and_then(|top| row(self, top)) {
            self.scroller.begin_at(self.lines.line_of(top));
        }
        self.graph_side = saved.graph;
        if let Some(spread) = &self.spread {
            self.camera.set_near(spread.layout.size, saved.graph_near);
        }
        if let Some(waterfall) = &saved.waterfall {
            match &mut self.spans {
                Some(spans) => missing.extend(spans.set_saved(waterfall)),
                None => missing.push("The view file shows a waterfall, but these events tell of no spans.".to_owned()),
            }
        }
        self.timeline.set_saved(&saved.timeline, super::compared(&self.analysis), &self.lanes);
        self.trail = Trail::default();
        missing
    }
}
