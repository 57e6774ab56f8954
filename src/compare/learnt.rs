//! What good runs taught about a pair, by its events: what is set aside, what comes late, what is measured beyond them
//! (SEMANTICS rule 27).

use super::bits::Bits;
use super::rows::Row;
use crate::trace::{EventIndex, Side, Sides};

/// What good runs taught about a pair. Nothing, where there are none.
#[derive(Debug, Clone, Default)]
pub struct Learnt {
    /// Events that are set aside; without room for any where nothing is.
    aside: Sides<Bits>,
    /// Those of them that are one event on both sides.
    partners: Vec<(EventIndex, EventIndex)>,
    any: bool,
    /// Expected events whose partners come later than in any good run, ascending; `None` where what the pair itself teaches
    /// decides.
    pub late: Option<Vec<EventIndex>>,
    /// Expected events whose partners measured what no good run did, ascending.
    pub drifted: Vec<EventIndex>,
}

impl Learnt {
    /// Nothing yet, about sides with so many events.
    pub fn new(events: Sides<usize>) -> Self {
        Self { aside: events.map(Bits::with_len), ..Self::default() }
    }

    /// Sets the events of a row aside: they are consumed wherever they stand, and what they say counts for nothing.
    pub fn set_aside(&mut self, row: Row) {
        for side in Side::BOTH {
            if let Some(event) = row.event(side) {
                self.aside[side].insert(event);
            }
        }
        self.partners.extend(row.expected.zip(row.actual));
        self.any = true;
    }

    /// True when the event is set aside.
    #[inline]
    pub(crate) fn holds(&self, side: Side, event: EventIndex) -> bool {
        self.any && self.aside[side].contains(event)
    }

    /// The events that are set aside and are one on both sides.
    pub(crate) fn partners(&self) -> &[(EventIndex, EventIndex)] {
        &self.partners
    }
}
