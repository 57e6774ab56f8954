//! The states of all lanes of both sides where we stand, with what follows from them: where they differ, and what stands in
//! which queue.

use std::collections::BTreeSet;

use super::meaning::Meanings;
use super::recorded::Recorded;
use super::status::{LaneState, Status};
use crate::compare::waveform::{number_of, value_of};
use crate::trace::{EventIndex, LaneId, NONE, Side, Sides};

#[derive(Debug, Clone, Default)]
pub(super) struct Board {
    states: Sides<Vec<LaneState>>,
    /// Lanes whose states differ.
    differing: BTreeSet<LaneId>,
    /// Queue, the event that put it in, what was put in.
    waiting: Sides<BTreeSet<(LaneId, EventIndex, LaneId)>>,
}

impl Board {
    pub(super) fn new(lanes: usize) -> Self {
        let states = vec![LaneState::default(); lanes];
        Self { states: Sides::new(states.clone(), states), ..Self::default() }
    }

    pub(super) fn get(&self, side: Side, lane: LaneId) -> LaneState {
        self.states[side][lane as usize]
    }

    /// Sets a state and says what it was.
    pub(super) fn set(&mut self, recorded: &Recorded<'_>, side: Side, lane: LaneId, state: LaneState) -> LaneState {
        let before = std::mem::replace(&mut self.states[side][lane as usize], state);
        if let Some(place) = in_queue(lane, &before) {
            self.waiting[side].remove(&place);
        }
        if let Some(place) = in_queue(lane, &state) {
            self.waiting[side].insert(place);
        }
        self.judge(recorded, lane);
        before
    }

    /// Begins with these states instead.
    pub(super) fn begin(&mut self, recorded: &Recorded<'_>, states: Sides<Vec<LaneState>>) {
        *self = Self { states, ..Self::default() };
        for side in Side::BOTH {
            let states = self.states[side].iter().enumerate();
            self.waiting[side] = states.filter_map(|(lane, state)| in_queue(lane as LaneId, state)).collect();
        }
        for lane in 0..self.states.expected.len() as LaneId {
            let expected = self.get(Side::Expected, lane);
            // Equal values are told from others by what their events say.
            if expected != self.get(Side::Actual, lane) || expected.status == Status::Value {
                self.judge(recorded, lane);
            }
        }
    }

    /// The states, to be filled anew without asking for memory again.
    pub(super) fn take_states(&mut self) -> Sides<Vec<LaneState>> {
        let mut states = std::mem::take(&mut self.states);
        states.expected.fill(LaneState::default());
        states.actual.fill(LaneState::default());
        states
    }

    fn judge(&mut self, recorded: &Recorded<'_>, lane: LaneId) {
        if recorded.traces.expected.is_none() || recorded.traces.actual.is_none() {
            return;
        }
        let (expected, actual) = (self.get(Side::Expected, lane), self.get(Side::Actual, lane));
        let same =
            expected.same(&actual, || says(recorded, Side::Expected, expected) == says(recorded, Side::Actual, actual));
        if same {
            self.differing.remove(&lane);
        } else {
            self.differing.insert(lane);
        }
    }

    /// Lanes whose states differ, ascending.
    pub(super) fn differing(&self) -> &BTreeSet<LaneId> {
        &self.differing
    }

    /// What stands in a queue, the longest waiting first.
    pub(super) fn in_queue(&self, side: Side, queue: LaneId) -> impl Iterator<Item = LaneId> + '_ {
        self.waiting[side].range((queue, 0, 0)..=(queue, NONE, NONE)).map(|&(.., item)| item)
    }

    /// All states, for tests.
    #[cfg(test)]
    pub(super) fn states(&self) -> &Sides<Vec<LaneState>> {
        &self.states
    }
}

/// What the last event of a lane with a value says: of a signal its value alone, whenever that came.
fn says(recorded: &Recorded<'_>, side: Side, state: LaneState) -> Option<u64> {
    let events = &recorded.traces[side]?.events;
    let token = *events.tokens.get(state.last as usize)?;
    if !recorded.signals {
        return Some(token);
    }
    let signal = recorded.names.lanes.get(events.home_lane(state.last) as usize)?;
    Some(value_of(token, events.time_of(state.last).unwrap_or_default(), number_of(signal)))
}

fn in_queue(lane: LaneId, state: &LaneState) -> Option<(LaneId, EventIndex, LaneId)> {
    (state.status == Status::Enqueued && state.with != NONE).then_some((state.with, state.last, lane))
}

/// The events of both sides that have happened with a row and not before, each side's in its own order, applied to states.
pub(super) fn step(
    recorded: &Recorded<'_>,
    meanings: &Meanings,
    early: &Sides<super::cut::Early>,
    row: u32,
    mut change: impl FnMut(Side, LaneId, &dyn Fn(LaneState) -> LaneState),
) {
    let cells = recorded.rows().get(row);
    for side in Side::BOTH {
        for event in early[side].with_row(row) {
            meanings.apply(recorded, side, event, |lane, to| change(side, lane, to));
        }
        if let Some(event) = cells.event(side)
            && !early[side].contains(event)
        {
            meanings.apply(recorded, side, event, |lane, to| change(side, lane, to));
        }
    }
}
