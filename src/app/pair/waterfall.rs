//! The spans of a pair as a waterfall: its selected row is the span of the selected event, and the other way round.

use std::sync::Arc;

use super::{Hovered, Pair, View};
use crate::analyse::EventSpans;
use crate::app::waterfall::{SavedWaterfall, SeenWaterfall, VIEWPORT, WaterfallCommand};
use crate::trace::{EventIndex, Side};

/// The spans that events tell of, and what is seen of them.
#[derive(Debug, Clone)]
pub(super) struct Spans {
    told: Arc<EventSpans>,
    seen: SeenWaterfall,
}

impl Spans {
    /// All of it in sight.
    pub(super) fn new(told: Arc<EventSpans>) -> Self {
        Self { seen: SeenWaterfall::new(&told.waterfall, VIEWPORT), told }
    }

    /// The same place in the spans of a newer answer; `side` says where a side is now.
    pub(super) fn carried(&self, fresh: Self, side: impl Fn(Side) -> Side) -> Self {
        let row_now = |row: u32| {
            let (of, event) = self.told.event_of(row)?;
            fresh.told.row_of(side(of), event)
        };
        let seen = self.seen.carried([&self.told.waterfall, &fresh.told.waterfall], row_now);
        Self { seen, told: fresh.told }
    }

    /// What is saved of what is seen.
    pub(super) fn saved(&self) -> SavedWaterfall {
        self.seen.saved(&self.told.waterfall, self.told.words())
    }

    /// Shows what was saved, as far as it is there; says what of it is not.
    pub(super) fn set_saved(&mut self, saved: &SavedWaterfall) -> Vec<String> {
        self.seen.set_saved(saved, &self.told.waterfall, self.told.words())
    }
}

impl Pair {
    /// The spans that events tell of; `None` where they tell of none.
    pub fn spans(&self) -> Option<&EventSpans> {
        self.spans.as_ref().map(|spans| &*spans.told)
    }

    /// What is seen of them.
    pub fn waterfall(&self) -> Option<&SeenWaterfall> {
        self.spans.as_ref().map(|spans| &spans.seen)
    }

    /// The row of the selected event's span.
    pub fn span_row(&self) -> Option<u32> {
        let (side, event) = self.selected_event()?;
        self.spans()?.row_of(side, event)
    }

    /// True for the span that something under the pointer belongs to, in whichever view, and for every span of the place under it.
    pub fn is_span_lit(&self, row: u32) -> bool {
        let Some((hover, spans)) = self.hover().zip(self.spans()) else { return false };
        match hover {
            Hovered::Row(hovered) => {
                let hovered = self.rows().get(hovered);
                Side::BOTH
                    .into_iter()
                    .any(|side| hovered.event(side).is_some_and(|event| spans.row_of(side, event) == Some(row)))
            }
            Hovered::Place(place) => {
                let own = self.row_of_span(row).and_then(|row| self.place_of_row(row));
                own == Some(place)
            }
        }
    }

    /// The row of the event that begins a span.
    pub fn row_of_span(&self, row: u32) -> Option<u32> {
        let (side, event) = self.spans()?.event_of(row)?;
        self.rows().row_of(side, event)
    }

    /// True while lines that are stepped through are those of the waterfall.
    pub(super) fn walks_spans(&self) -> bool {
        self.view == View::Waterfall && self.spans.is_some()
    }

    pub(super) fn change_waterfall(&mut self, command: WaterfallCommand) {
        let Some(Spans { told, seen }) = &mut self.spans else { return };
        let before = seen.row();
        seen.apply(command, &told.waterfall);
        let selects = matches!(command, WaterfallCommand::Row(_)) || seen.row() != before;
        let event: Option<(Side, EventIndex)> = told.event_of(seen.row()).filter(|_| selects);
        if let Some((side, event)) = event {
            self.select_event(side, event);
        }
    }

    /// Brings the span of the selected event into sight.
    pub(super) fn reveal_span(&mut self) {
        let Some(row) = self.span_row() else { return };
        if let Some(Spans { told, seen }) = &mut self.spans {
            seen.reveal(row, &told.waterfall);
        }
    }
}
