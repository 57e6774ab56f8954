//! Going to places by their names: a lane, or an event of a kind.

use super::{Pair, View};
use crate::trace::{EventIndex, KindId, Side};
use crate::view::Axis;

/// Which event of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nth {
    /// The first one of both sides.
    First,
    /// The next one after the selected row, going round at the end.
    Next,
    /// The first one whose row differs.
    FirstDiffering,
}

impl Nth {
    /// Every place.
    pub const ALL: [Self; 3] = [Self::First, Self::Next, Self::FirstDiffering];

    /// Its words before a kind's name.
    pub const fn words(self) -> &'static str {
        match self {
            Self::First => "First",
            Self::Next => "Next",
            Self::FirstDiffering => "First differing",
        }
    }
}

impl Pair {
    /// Shows the timeline with this lane in sight, and selects what differs first on it, else its first event.
    pub(super) fn show_lane(&mut self, lane: u32) {
        if lane as usize >= self.lanes.list().len() {
            return;
        }
        self.view = View::Timeline;
        let place = |side: Side, event: Option<&EventIndex>| Some((self.rows().row_of(side, *event?)?, side));
        let first = |of: &dyn Fn(Side) -> Option<(u32, Side)>| Side::BOTH.into_iter().filter_map(of).min();
        let differing = first(&|side| place(side, self.lanes.differing(Axis::Row, side, lane).events.first()));
        let any = || first(&|side| place(side, self.lanes.events(Axis::Row, side, lane).events.first()));
        if let Some((row, side)) = differing.or_else(any) {
            self.select_row(row, Some(side));
        }
        self.timeline.show_lane(lane, &self.lanes);
    }

    /// Selects an event of a kind, in the order of rows. Takes time in proportion to the rows it passes.
    pub(super) fn go_to_kind(&mut self, kind: KindId, nth: Nth) {
        let found = {
            let rows = self.rows();
            let side_of = |row: u32| {
                let cells = rows.get(row);
                let is_one = |side: &Side| {
                    let trace = self.analysis.sides[*side].as_ref().map(|events| &events.trace);
                    let of_event = |event: EventIndex| trace?.events.kinds.get(event as usize);
                    cells.event(*side).and_then(of_event) == Some(&kind)
                };
                [Side::Actual, Side::Expected].into_iter().find(is_one).map(|side| (row, side))
            };
            let after = self.selection.map_or(0, |selection| selection.row + 1);
            match nth {
                Nth::First => (0..rows.len()).find_map(side_of),
                Nth::Next => (after..rows.len()).chain(0..after.min(rows.len())).find_map(side_of),
                Nth::FirstDiffering => rows.differences().iter().copied().find_map(side_of),
            }
        };
        if let Some((row, side)) = found {
            self.select_row(row, Some(side));
            return;
        }
        let name = self.analysis.names.kinds.get(kind as usize).map_or("", String::as_str);
        self.notice = match nth {
            Nth::FirstDiffering => format!("No {name} differs."),
            Nth::First | Nth::Next => format!("There is no {name}."),
        };
    }
}
