//! What is stepped through: both traces, their names and the answers of their comparison, borrowed.

use crate::compare::{Comparison, Rows};
use crate::query;
use crate::trace::{EventIndex, Field, LaneId, LaneList, Names, Side, Sides, Trace};

/// Reads an event's fields again from where it was recorded, or says why it cannot, as a sentence.
pub type Fields<'a> = &'a dyn Fn(Side, EventIndex) -> Result<Vec<Field>, String>;

/// Asks a query of an event, whose text is read again if need be, or says why it cannot be, as a sentence.
pub type Asks<'a> = &'a dyn Fn(&query::Matcher, Side, EventIndex) -> Result<bool, String>;

/// A finished comparison and what was compared.
#[derive(Debug, Clone, Copy)]
pub struct Recorded<'a> {
    /// The traces; `None` where a lone trace has no baseline.
    pub traces: Sides<Option<&'a Trace>>,
    /// Names of kinds and lanes, shared by both sides.
    pub names: &'a Names,
    /// The answers, with the rows.
    pub comparison: &'a Comparison,
    /// True when every lane is a signal, as in waveforms: an event is a new value of it.
    pub signals: bool,
    /// True when kinds and lanes are words of the events' texts, for queries.
    pub plain: bool,
}

impl<'a> Recorded<'a> {
    /// The alignment.
    pub fn rows(&self) -> &'a Rows {
        &self.comparison.rows
    }

    /// How many events a side has.
    pub fn len(&self, side: Side) -> u32 {
        self.traces[side].map_or(0, |trace| trace.events.len() as u32)
    }

    /// True when there is no row to step to.
    pub fn is_empty(&self) -> bool {
        self.rows().is_empty()
    }

    /// The lanes of an event, its home lane first; empty where there is no such event.
    pub fn lanes(&self, side: Side, event: EventIndex) -> LaneList<'a> {
        match self.traces[side] {
            Some(trace) if (event as usize) < trace.events.len() => trace.events.lanes_of(event),
            _ => LaneList::default(),
        }
    }

    /// The kind of an event; empty where it has none.
    pub fn kind(&self, side: Side, event: EventIndex) -> &'a str {
        let kind = self.traces[side].and_then(|trace| trace.events.kinds.get(event as usize));
        kind.and_then(|&kind| self.names.kinds.get(kind as usize)).map_or("", String::as_str)
    }

    /// An event in a few words: `actual #13 TASK_DEQUEUED task:4`.
    pub fn name(&self, side: Side, event: EventIndex) -> String {
        let lane = self.lanes(side, event).first().and_then(|&lane| self.names.lanes.get(lane as usize));
        let words = [self.kind(side, event), lane.map_or("", String::as_str)];
        let words = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        format!("{side} #{event} {words}").trim_end().to_owned()
    }

    /// Every lane of this name: a register has one for each actor.
    pub fn lanes_called(&self, name: &str) -> Vec<LaneId> {
        let named = self.names.lanes.iter().enumerate().filter(|(_, lane)| *lane == name);
        named.map(|(lane, _)| lane as LaneId).collect()
    }
}
