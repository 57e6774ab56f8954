//! The alignment: one table of rows, each with at most one event a side.

use serde::Serialize;

use crate::trace::{EventIndex, NONE, Side, Sides};

/// What a row says about its two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum RowClass {
    /// Equal in every compared field.
    Same,
    /// The same event with other data.
    Changed,
    /// Only expected has it.
    Missing,
    /// Only actual has it.
    Extra,
    /// Equal, but where a shared resource forbids it.
    Moved,
    /// Only actual has it, and it is one that already was.
    Duplicate,
    /// Equal, but beyond its time tolerance.
    Late,
}

impl RowClass {
    /// The word in JSON and on screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Changed => "changed",
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Moved => "moved",
            Self::Duplicate => "duplicate",
            Self::Late => "late",
        }
    }

    /// The side whose event has no counterpart on the other.
    pub const fn alone(self) -> Option<Side> {
        match self {
            Self::Missing => Some(Side::Expected),
            Self::Extra | Self::Duplicate => Some(Side::Actual),
            Self::Same | Self::Changed | Self::Moved | Self::Late => None,
        }
    }
}

/// What a row is, without its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowKind {
    /// Its class.
    pub class: RowClass,
    /// As [`Row::inverted`].
    pub inverted: bool,
    /// As [`Row::unrecorded`].
    pub unrecorded: bool,
}

/// One row of the alignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The expected event, if there is one.
    pub expected: Option<EventIndex>,
    /// The actual event, if there is one.
    pub actual: Option<EventIndex>,
    /// What it is.
    pub class: RowClass,
    /// True when its order on a shared lane is broken, whatever its class.
    pub inverted: bool,
    /// True when it stands after the end of a side that stopped early: not recorded rather than lost.
    pub unrecorded: bool,
}

impl Row {
    /// True when it is one of [`Rows::differences`].
    pub fn differs(&self) -> bool {
        self.class != RowClass::Same || self.inverted
    }

    /// The event of `side`, if there is one.
    pub const fn event(&self, side: Side) -> Option<EventIndex> {
        match side {
            Side::Expected => self.expected,
            Side::Actual => self.actual,
        }
    }

    /// The event of `side`, or of the other one where that has none.
    pub fn event_from(&self, side: Side) -> Option<(Side, EventIndex)> {
        [side, side.other()].into_iter().find_map(|side| Some((side, self.event(side)?)))
    }
}

const INVERTED: u8 = 0x10;
const UNRECORDED: u8 = 0x20;

/// The table of rows, in expected's order with actual's own events put in where they happened.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    expected: Vec<u32>,
    actual: Vec<u32>,
    class: Vec<u8>,
    /// Indexes of the rows that differ, ascending.
    differences: Vec<u32>,
    /// Indexes of the rows that good runs set aside, ascending.
    aside: Vec<u32>,
    /// For each event of each side, its row.
    row_of_expected: Vec<u32>,
    row_of_actual: Vec<u32>,
}

impl Rows {
    /// An empty table for traces of these lengths; every event must then be pushed once.
    pub fn with_events(expected: usize, actual: usize) -> Self {
        let least = expected.max(actual);
        Self {
            expected: Vec::with_capacity(least),
            actual: Vec::with_capacity(least),
            class: Vec::with_capacity(least),
            differences: Vec::new(),
            aside: Vec::new(),
            row_of_expected: vec![NONE; expected],
            row_of_actual: vec![NONE; actual],
        }
    }

    /// An empty table with room for so many rows, in which no event is found before [`Self::index`].
    pub(crate) fn without_index(rows: usize) -> Self {
        Self {
            expected: Vec::with_capacity(rows),
            actual: Vec::with_capacity(rows),
            class: Vec::with_capacity(rows),
            ..Self::default()
        }
    }

    /// Lets the row of every event be found, in this memory: it has an entry for each event.
    pub(crate) fn index(&mut self, mut memory: Sides<Vec<u32>>) {
        for side in Side::BOTH {
            let column = if side == Side::Expected { &self.expected } else { &self.actual };
            for (&event, row) in column.iter().zip(0..) {
                if event != NONE {
                    memory[side][event as usize] = row;
                }
            }
        }
        (self.row_of_expected, self.row_of_actual) = (memory.expected, memory.actual);
    }

    /// Appends a row.
    pub fn push(&mut self, row: Row) {
        let at = self.class.len() as u32;
        let flags = if row.inverted { INVERTED } else { 0 } | if row.unrecorded { UNRECORDED } else { 0 };
        self.expected.push(row.expected.unwrap_or(NONE));
        self.actual.push(row.actual.unwrap_or(NONE));
        self.class.push(row.class as u8 | flags);
        if let Some(own) = row.expected.and_then(|event| self.row_of_expected.get_mut(event as usize)) {
            *own = at;
        }
        if let Some(own) = row.actual.and_then(|event| self.row_of_actual.get_mut(event as usize)) {
            *own = at;
        }
        if row.differs() {
            self.differences.push(at);
        }
    }

    /// Appends a row, which is no difference where good runs set it aside.
    pub(crate) fn put(&mut self, row: Row, aside: bool) {
        if aside {
            self.aside.push(self.len());
            self.push(Row { class: RowClass::Same, inverted: false, unrecorded: false, ..row });
        } else {
            self.push(row);
        }
    }

    /// How many rows.
    pub fn len(&self) -> u32 {
        self.class.len() as u32
    }

    /// True when there is no row.
    pub fn is_empty(&self) -> bool {
        self.class.is_empty()
    }

    /// The row at `index`, which must be below [`Self::len`].
    pub fn get(&self, index: u32) -> Row {
        let i = index as usize;
        let some = |event: u32| (event != NONE).then_some(event);
        let RowKind { class, inverted, unrecorded } = self.kind(index);
        Row { expected: some(self.expected[i]), actual: some(self.actual[i]), class, inverted, unrecorded }
    }

    /// What a row is: a third of the memory that [`Self::get`] reads.
    pub fn kind(&self, index: u32) -> RowKind {
        const CLASSES: [RowClass; 7] = [
            RowClass::Same,
            RowClass::Changed,
            RowClass::Missing,
            RowClass::Extra,
            RowClass::Moved,
            RowClass::Duplicate,
            RowClass::Late,
        ];
        let bits = self.class[index as usize];
        RowKind {
            class: CLASSES[usize::from(bits & 0x0F)],
            inverted: bits & INVERTED != 0,
            unrecorded: bits & UNRECORDED != 0,
        }
    }

    /// The row of an event.
    pub fn row_of(&self, side: Side, event: EventIndex) -> Option<u32> {
        let column = match side {
            Side::Expected => &self.row_of_expected,
            Side::Actual => &self.row_of_actual,
        };
        column.get(event as usize).copied().filter(|&row| row != NONE)
    }

    /// The event of the other side in the row of an event, if there is one.
    #[inline]
    pub(crate) fn partner(&self, side: Side, event: EventIndex) -> Option<EventIndex> {
        let row = self.row_of(side, event)? as usize;
        let others = if side == Side::Expected { &self.actual } else { &self.expected };
        others.get(row).copied().filter(|&other| other != NONE)
    }

    /// The rows that would differ, had good runs not set them aside, ascending.
    pub fn aside(&self) -> &[u32] {
        &self.aside
    }

    /// The rows that differ, ascending.
    pub fn differences(&self) -> &[u32] {
        &self.differences
    }
}
