//! What a session answers, and the events behind it, re-read when shown.

use std::sync::Arc;

use crate::compare::{Comparison, RowClass};
use crate::pack::{Pack, Recording};
use crate::spec::Spec;
use crate::trace::{EventIndex, Field, Names, Place, Side, Sides, Time, Trace, Warnings};

/// One side's recording and its events.
#[derive(Debug, Clone)]
pub struct Events {
    /// The recording, with its label and source.
    pub recording: Recording,
    /// The trace.
    pub trace: Trace,
}

/// Everything known about a pack after a session. Immutable and shared: a view holds an `Arc<Analysis>`.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// The pack it was made from.
    pub pack: Arc<Pack>,
    /// Both sides; `None` where a lone trace has no baseline.
    pub sides: Sides<Option<Events>>,
    /// Names of kinds and lanes.
    pub names: Names,
    /// The comparison spec that was used.
    pub spec: Spec,
    /// The answers.
    pub comparison: Comparison,
    /// Everything that was wrong with the input.
    pub warnings: Warnings,
    /// True when something of a side was not read.
    pub partial: bool,
    /// True when it was made before both sides were read to the end.
    pub provisional: bool,
}

/// One event with its text, for the inspector, reports and JSON.
#[derive(Debug, Clone)]
pub struct Detail {
    /// Its side.
    pub side: Side,
    /// Its index in its trace.
    pub index: EventIndex,
    /// Its kind, such as `TASK_DEQUEUED`; empty when the trace has no kinds.
    pub kind: String,
    /// Its lanes' names, the home lane first.
    pub lanes: Vec<String>,
    /// Its time, if it has one.
    pub time: Option<Time>,
    /// Where its text stands.
    pub place: Place,
    /// Its fields, flattened, in the order of the recording.
    pub fields: Vec<Field>,
    /// Its raw text, exactly as recorded (lossily where it is no UTF-8).
    pub raw: String,
    /// Set when the text could not be re-read (the source changed): the sentence to show instead.
    pub trouble: Option<String>,
}

impl Analysis {
    /// How many events a side has.
    pub fn len(&self, side: Side) -> u32 {
        self.sides[side].as_ref().map_or(0, |e| e.trace.events.len() as u32)
    }

    /// One event with its text, re-read from its source.
    pub fn detail(&self, _side: Side, _index: EventIndex) -> Detail {
        unimplemented!()
    }

    /// The kind of an event, without reading its text.
    pub fn kind(&self, _side: Side, _index: EventIndex) -> &str {
        unimplemented!()
    }

    /// The time of an event, without reading its text.
    pub fn time(&self, _side: Side, _index: EventIndex) -> Option<Time> {
        unimplemented!()
    }

    /// The lanes of an event by name, the home lane first, without reading its text.
    pub fn lanes(&self, _side: Side, _index: EventIndex) -> Vec<&str> {
        unimplemented!()
    }

    /// The paths whose compared values differ between the cells of a row; empty for one-sided rows.
    pub fn changed_fields(&self, _row: u32) -> Vec<String> {
        unimplemented!()
    }

    /// The happens-before neighbours of an event: nearest predecessor and successor on each lane and link, as
    /// (what connects them, event), such as (`queue:0`, 4). For `[` and `]`.
    pub fn before(&self, _side: Side, _index: EventIndex) -> Vec<(String, EventIndex)> {
        unimplemented!()
    }

    /// See [`Self::before`].
    pub fn after(&self, _side: Side, _index: EventIndex) -> Vec<(String, EventIndex)> {
        unimplemented!()
    }

    /// Why a row has its class, in a sentence or two.
    pub fn why(&self, _row: u32) -> String {
        unimplemented!()
    }

    /// The rank of the cause that explains a differing row, if one does.
    pub fn explained_by(&self, _row: u32) -> Option<u32> {
        unimplemented!()
    }

    /// The first difference in one short line: `queue:0: task 1 expected, task 2 seen`.
    pub fn first_difference_headline(&self) -> String {
        unimplemented!()
    }

    /// `compared 4 fields on 26 of 26 events`.
    pub fn compared_line(&self) -> String {
        unimplemented!()
    }

    /// How the class of a row reads on screen, inversions included.
    pub fn class_word(&self, row: u32) -> &'static str {
        let row = self.comparison.rows.get(row);
        if row.inverted && row.class == RowClass::Same { "inverted" } else { row.class.word() }
    }
}
