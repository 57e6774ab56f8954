//! What the pointer is over: one hover for all views, so that each shows where the same row, or the same place, is in it.

use super::Pair;
use crate::incident::Place;
use crate::trace::Side;

/// What the pointer is over, in whichever view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hovered {
    /// A row.
    Row(u32),
    /// A place of the graph: all that happened there.
    Place(Place),
}

impl Pair {
    /// What the pointer is over.
    pub const fn hover(&self) -> Option<Hovered> {
        self.hover
    }

    /// The row under the pointer.
    pub fn hovered_row(&self) -> Option<u32> {
        self.hover.and_then(|hovered| if let Hovered::Row(row) = hovered { Some(row) } else { None })
    }

    /// The place where the event of a row happened: actual's, where it has both.
    pub fn place_of_row(&self, row: u32) -> Option<Place> {
        let spread = self.spread.as_ref()?;
        let row = self.rows().get(row);
        Side::BOTH.into_iter().rev().find_map(|side| {
            let event = row.event(spread.recorded(side))?;
            Some(spread.incident.story.happening(side, event)?.place)
        })
    }

    /// The place that the pointer is over, in whichever view: itself, or where the row under it happened.
    pub fn hovered_place(&self) -> Option<Place> {
        match self.hover? {
            Hovered::Place(place) => Some(place),
            Hovered::Row(row) => self.place_of_row(row),
        }
    }

    /// True for the row under the pointer, and for every row of the place under it.
    pub fn is_lit(&self, row: u32) -> bool {
        match self.hover {
            None => false,
            Some(Hovered::Row(hovered)) => hovered == row,
            Some(Hovered::Place(place)) => self.place_of_row(row) == Some(place),
        }
    }

    /// True for a lane on which everything happened at the place under the pointer.
    pub fn is_lane_lit(&self, lane: u32) -> bool {
        let place = self.place_of_lane(lane);
        place.is_some() && place == self.hovered_place()
    }

    /// The place of the graph that a lane belongs to.
    pub fn place_of_lane(&self, lane: u32) -> Option<Place> {
        self.spread.as_ref()?.place_of_lane(lane)
    }

    pub(super) fn hover_over(&mut self, over: Option<Hovered>) {
        let rows = self.rows().len();
        self.hover = over.filter(|over| !matches!(over, Hovered::Row(row) if *row >= rows));
    }
}
