//! Which events have happened by which row: those of the rows so far, and what stands before one of them on a lane. Rows
//! stand in expected's order; where actual kept the order of its lanes, this is just the rows' own events.

use super::recorded::Recorded;
use crate::trace::{EventIndex, NONE, Side};

/// The events of one side that have happened before their own row is reached.
#[derive(Debug, Clone, Default)]
pub(super) struct Early {
    /// By the row with which they have happened, then in recording order.
    by_row: Vec<(u32, EventIndex)>,
    /// The same events, ascending.
    events: Vec<EventIndex>,
}

impl Early {
    /// Events that have happened with this row though they stand in a later one.
    pub(super) fn with_row(&self, row: u32) -> impl Iterator<Item = EventIndex> + '_ {
        let from = self.by_row.partition_point(|&(at, _)| at < row);
        self.by_row[from..].iter().take_while(move |&&(at, _)| at == row).map(|&(_, event)| event)
    }

    /// True when an event has happened before its row is reached.
    pub(super) fn contains(&self, event: EventIndex) -> bool {
        self.events.binary_search(&event).is_ok()
    }
}

/// Looks for them backwards, in slices.
#[derive(Debug, Clone)]
pub(super) struct Looking {
    side: Side,
    /// Events that were not looked at yet are before this.
    left: EventIndex,
    /// For each lane, the first row by which a later event of it has happened.
    first: Vec<u32>,
    found: Early,
}

impl Looking {
    pub(super) fn new(recorded: &Recorded<'_>, side: Side) -> Self {
        let first = vec![NONE; recorded.names.lanes.len()];
        Self { side, left: recorded.len(side), first, found: Early::default() }
    }

    /// Looks at so many events; says how many it did not need.
    pub(super) fn go(&mut self, recorded: &Recorded<'_>, budget: u32) -> u32 {
        let end = self.left.saturating_sub(budget);
        for event in (end..self.left).rev() {
            let own = recorded.rows().row_of(self.side, event).unwrap_or(NONE);
            let lanes = recorded.lanes(self.side, event);
            let row = lanes.iter().fold(own, |row, &lane| row.min(self.first[lane as usize]));
            for &lane in &*lanes {
                self.first[lane as usize] = row;
            }
            if row < own {
                self.found.by_row.push((row, event));
            }
        }
        let used = self.left - end;
        self.left = end;
        budget - used
    }

    pub(super) const fn side(&self) -> Side {
        self.side
    }

    /// Events that were not looked at yet.
    pub(super) const fn left(&self) -> u32 {
        self.left
    }

    pub(super) const fn done(&self) -> bool {
        self.left == 0
    }

    pub(super) fn found(mut self) -> Early {
        self.found.by_row.sort_unstable();
        self.found.events = self.found.by_row.iter().map(|&(_, event)| event).collect();
        self.found.events.sort_unstable();
        self.found
    }
}
