//! The stepping core: where we stand, one row on, one row back, anywhere.

use super::board::{Board, step};
use super::breakpoints::{Breakpoints, Matcher};
use super::checkpoints::Checkpoints;
use super::meaning::Meanings;
use super::recorded::{Asks, Recorded};
use super::run::{Goal, Ran, Run};
use super::status::LaneState;
use crate::compare::Row;
use crate::trace::{EventIndex, LaneId, Side, grouped};

/// Why a step could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// Every row was stepped through.
    #[error("This is the end: there is no further row.")]
    AtEnd,
    /// No row was stepped through.
    #[error("This is the start: no row was stepped through yet.")]
    AtStart,
    /// There are not so many rows.
    #[error("There is no row {}: there are {}.", grouped(u64::from(*.row) + 1), grouped(u64::from(*.rows)))]
    NoRow {
        /// The row that was asked for, from 0.
        row: u32,
        /// How many there are.
        rows: u32,
    },
    /// A side has not so many events.
    #[error("There is no event #{event} on the {side} side: it has {}.", grouped(u64::from(*.events)))]
    NoEvent {
        /// The side.
        side: Side,
        /// The event that was asked for.
        event: EventIndex,
        /// How many there are.
        events: u32,
    },
    /// No further event touches the lane.
    #[error("No {} event touches {lane}.", if *.forward { "later" } else { "earlier" })]
    NotOnLane {
        /// The lane's name.
        lane: String,
        /// The direction that was looked in.
        forward: bool,
    },
    /// The rows were not gone through so far yet; see [`Stepper::prepare`].
    #[error("Row {} is not known yet: {} rows were gone through.", grouped(u64::from(*.row) + 1), grouped(u64::from(*.known)))]
    NotYet {
        /// The row that was asked for, from 0.
        row: u32,
        /// How many are known.
        known: u32,
    },
    /// The next event of a side is not the one that was said.
    #[error("The next {side} event is {there}, not {said}.")]
    NotThat {
        /// The side.
        side: Side,
        /// What was said.
        said: String,
        /// What is there, in words.
        there: String,
    },
    /// A side has no next event.
    #[error("There is no next {side} event; {said} was said.")]
    Ended {
        /// The side.
        side: Side,
        /// What was said.
        said: String,
    },
}

/// What the next event of a side is said to be; what is `None` is not checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// Its index.
    pub index: Option<EventIndex>,
    /// Its kind.
    pub kind: Option<String>,
    /// One of its lanes.
    pub lane: Option<String>,
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let index = self.index.map(|index| format!("#{index}"));
        let words: Vec<String> = [index, self.kind.clone(), self.lane.clone()].into_iter().flatten().collect();
        f.write_str(if words.is_empty() { "any event".to_owned() } else { words.join(" ") }.as_str())
    }
}

/// A place in a comparison and the state that its events imply there. Every call is given the same [`Recorded`].
#[derive(Debug, Clone)]
pub struct Stepper {
    pub(super) meanings: Meanings,
    pub(super) checkpoints: Checkpoints,
    pub(super) board: Board,
    /// Rows stepped through.
    position: u32,
    /// What to set again to go back, for the rows from `undo_from` on, with the row that changed it.
    undo: Vec<(u32, Side, LaneId, LaneState)>,
    undo_from: u32,
}

impl Stepper {
    /// Stands before the first row; nothing is known yet.
    pub fn new(recorded: &Recorded<'_>) -> Self {
        Self::with(recorded, Checkpoints::new(recorded))
    }

    /// The same with everything known: for batches, where nobody waits.
    pub fn prepared(recorded: &Recorded<'_>) -> Self {
        let mut stepper = Self::new(recorded);
        while !stepper.prepare(recorded, u32::MAX) {}
        stepper
    }

    pub(super) fn with(recorded: &Recorded<'_>, checkpoints: Checkpoints) -> Self {
        let meanings = Meanings::new(recorded);
        let board = Board::new(meanings.lanes());
        Self { meanings, checkpoints, board, position: 0, undo: Vec::new(), undo_from: 0 }
    }

    /// Goes through so many further events and rows to know where everything stands; true when all is known.
    pub fn prepare(&mut self, recorded: &Recorded<'_>, budget: u32) -> bool {
        self.checkpoints.prepare(recorded, &self.meanings, budget)
    }

    /// So many rows are known and can be stepped to.
    pub fn known(&self, recorded: &Recorded<'_>) -> u32 {
        self.checkpoints.known(recorded)
    }

    /// Work done to know everything, of all.
    pub fn progress(&self, recorded: &Recorded<'_>) -> (u64, u64) {
        self.checkpoints.progress(recorded)
    }

    /// How many rows were stepped through.
    pub const fn position(&self) -> u32 {
        self.position
    }

    /// The row stepped to last; `None` at the start.
    pub const fn row(&self) -> Option<u32> {
        self.position.checked_sub(1)
    }

    /// The row that the next step goes to; changes nothing.
    pub fn peek(&self, recorded: &Recorded<'_>) -> Option<Row> {
        (self.position < recorded.rows().len()).then(|| recorded.rows().get(self.position))
    }

    /// Goes back to before the first row.
    pub fn reset(&mut self) {
        self.board = Board::new(self.meanings.lanes());
        self.position = 0;
        self.undo.clear();
        self.undo_from = 0;
    }

    /// Steps one row on; says which.
    pub fn step(&mut self, recorded: &Recorded<'_>) -> Result<u32, StepError> {
        let row = self.position;
        if row >= recorded.rows().len() {
            return Err(StepError::AtEnd);
        }
        self.reach(recorded, row)?;
        self.forward(recorded);
        Ok(row)
    }

    /// Steps one row back; says which row that leads to, `None` at the start.
    pub fn step_back(&mut self, recorded: &Recorded<'_>) -> Result<Option<u32>, StepError> {
        let position = self.position.checked_sub(1).ok_or(StepError::AtStart)?;
        self.go(recorded, position);
        Ok(self.row())
    }

    /// Stands after `row`.
    pub fn seek(&mut self, recorded: &Recorded<'_>, row: u32) -> Result<(), StepError> {
        let rows = recorded.rows().len();
        if row >= rows {
            return Err(StepError::NoRow { row, rows });
        }
        self.reach(recorded, row)?;
        self.go(recorded, row + 1);
        Ok(())
    }

    /// Stands after the row of an event.
    pub fn run_to_event(&mut self, recorded: &Recorded<'_>, side: Side, event: EventIndex) -> Result<u32, StepError> {
        let events = recorded.len(side);
        let row = recorded.rows().row_of(side, event).ok_or(StepError::NoEvent { side, event, events })?;
        self.seek(recorded, row)?;
        Ok(row)
    }

    /// Stands after the next row (or the one before) in which an event of either side touches the lane.
    pub fn step_on_lane(&mut self, recorded: &Recorded<'_>, lane: LaneId, forward: bool) -> Result<u32, StepError> {
        let mut run = Run::new(Goal::Lane(lane), self.row(), forward);
        match run.go(recorded, self, &mut Breakpoints::default(), None, u32::MAX) {
            Ran::Stopped { row, .. } => {
                self.seek(recorded, row)?;
                Ok(row)
            }
            Ran::AtEnd | Ran::GoesOn => {
                let lane = recorded.names.lanes.get(lane as usize).cloned().unwrap_or_default();
                Err(StepError::NotOnLane { lane, forward })
            }
        }
    }

    /// Runs to the next row where an enabled breakpoint stops, or to the end.
    pub fn run(
        &mut self,
        recorded: &Recorded<'_>,
        breakpoints: &mut Breakpoints,
        asks: Option<Asks<'_>>,
    ) -> Result<Ran, StepError> {
        let mut run = Run::new(Goal::Breakpoint, self.row(), true);
        let ran = run.go(recorded, self, breakpoints, asks, u32::MAX);
        match (&ran, recorded.rows().len().checked_sub(1)) {
            (Ran::Stopped { row, .. }, _) => self.seek(recorded, *row)?,
            (_, Some(last)) => self.seek(recorded, last)?,
            (_, None) => {}
        }
        Ok(ran)
    }

    /// True when a run stops at this row; an error, as a sentence, when an event cannot be read again. Without `asks`,
    /// queries stop nowhere.
    pub fn stops(
        &self,
        recorded: &Recorded<'_>,
        matcher: &Matcher,
        asks: Option<Asks<'_>>,
        row: u32,
    ) -> Result<bool, String> {
        matcher.stops(recorded, &self.meanings, asks, row)
    }

    /// Checks that the next event of a side is the one that is said, and says what is there where it is not.
    pub fn verify(&self, recorded: &Recorded<'_>, side: Side, said: &Said) -> Result<EventIndex, StepError> {
        let rows = recorded.rows();
        let next = (self.position..rows.len()).find_map(|row| rows.get(row).event(side));
        let Some(event) = next else { return Err(StepError::Ended { side, said: said.to_string() }) };
        let on = |lane: &String| {
            recorded.lanes(side, event).iter().any(|&known| recorded.names.lanes[known as usize] == *lane)
        };
        let right = said.index.is_none_or(|index| index == event)
            && said.kind.as_ref().is_none_or(|kind| kind == recorded.kind(side, event))
            && said.lane.as_ref().is_none_or(on);
        if right {
            Ok(event)
        } else {
            let name = recorded.name(side, event);
            let there = name.split_once(' ').map_or(name.clone(), |(_, rest)| rest.to_owned());
            Err(StepError::NotThat { side, said: said.to_string(), there })
        }
    }

    fn reach(&self, recorded: &Recorded<'_>, row: u32) -> Result<(), StepError> {
        let known = self.known(recorded);
        if row < known { Ok(()) } else { Err(StepError::NotYet { row, known }) }
    }

    fn go(&mut self, recorded: &Recorded<'_>, position: u32) {
        let interval = self.checkpoints.interval();
        if position < self.undo_from || position > self.position.saturating_add(interval) {
            let mut states = self.board.take_states();
            self.position = self.checkpoints.restore(position, &mut states);
            self.board.begin(recorded, states);
            self.undo.clear();
            self.undo_from = self.position;
        }
        while self.position > position {
            self.position -= 1;
            while let Some((_, side, lane, state)) = self.undo.pop_if(|(row, ..)| *row == self.position) {
                self.board.set(recorded, side, lane, state);
            }
        }
        while self.position < position {
            self.forward(recorded);
        }
    }

    fn forward(&mut self, recorded: &Recorded<'_>) {
        let row = self.position;
        if row.is_multiple_of(self.checkpoints.interval()) {
            self.undo.clear();
            self.undo_from = row;
        }
        let Self { meanings, checkpoints, board, undo, .. } = self;
        step(recorded, meanings, checkpoints.early(), row, |side, lane, to| {
            let before = board.get(side, lane);
            board.set(recorded, side, lane, to(before));
            undo.push((row, side, lane, before));
        });
        self.position += 1;
    }
}
