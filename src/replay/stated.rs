//! The states where we stand, in the order they are shown: by class, then by lane.

use super::recorded::Recorded;
use super::status::{LaneState, Status};
use super::stepper::Stepper;
use super::words::LaneClass;
use crate::trace::{LaneId, Side, Sides};

/// One lane with its states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateLine {
    /// The lane.
    pub lane: LaneId,
    /// What it is.
    pub class: LaneClass,
    /// Its state on each side.
    pub states: Sides<LaneState>,
    /// What each side's queue holds, as far as the events name it, the longest waiting first; else empty.
    pub holds: Sides<Vec<LaneId>>,
    /// True when the states differ.
    pub differs: bool,
    /// True when an event of the row touches it.
    pub here: bool,
}

/// The states of the lanes that are worth showing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stated {
    /// The lines, by class and lane.
    pub lines: Vec<StateLine>,
    /// How many lanes differ, those without a line included.
    pub differing: usize,
    /// How many lanes were left out for want of room.
    pub more: usize,
    /// The side that is not recorded any more here: its last states stand.
    pub ended: Option<Side>,
}

impl Stepper {
    /// The states where we stand. Of more than `most` lanes, those of the row come first, then those that differ, then any.
    pub fn stated(&self, recorded: &Recorded<'_>, most: usize) -> Stated {
        let cells = self.row().map(|row| recorded.rows().get(row));
        let mut here: Vec<LaneId> = Vec::new();
        for side in Side::BOTH {
            if let Some(event) = cells.and_then(|cells| cells.event(side)) {
                here.extend_from_slice(&recorded.lanes(side, event));
            }
        }
        let shown = |lane: LaneId| !self.meanings.is_alias(lane) && self.touched(lane);
        here.retain(|&lane| shown(lane));
        here.sort_unstable();
        here.dedup();
        here.truncate(most);
        let differing = self.board.differing();
        let mut lanes = here.clone();
        let room = |lanes: &[LaneId]| most.saturating_sub(lanes.len());
        lanes.extend(differing.iter().copied().filter(|lane| here.binary_search(lane).is_err()).take(room(&lanes)));
        let chosen = |lane: &LaneId| here.binary_search(lane).is_ok() || differing.contains(lane);
        let all = 0..self.meanings.lanes() as LaneId;
        lanes.extend(all.clone().filter(|lane| !chosen(lane) && shown(*lane)).take(room(&lanes)));
        let more = if lanes.len() < most { 0 } else { all.filter(|&lane| shown(lane)).count() - lanes.len() };
        lanes.sort_unstable_by_key(|&lane| (self.meanings.class(lane), lane));
        let line = |lane: LaneId| {
            let states = Sides::new(Side::Expected, Side::Actual).map(|side| self.board.get(side, lane));
            let held = |side: Side| {
                let told: Vec<LaneId> = self.board.in_queue(side, lane).take(states[side].count as usize + 1).collect();
                // Where some of what it holds has no name, naming the others would say that there is no more.
                let all = states[side].status == Status::Holds && told.len() == states[side].count as usize;
                if all { told } else { Vec::new() }
            };
            StateLine {
                lane,
                class: self.meanings.class(lane),
                states,
                holds: Sides::new(Side::Expected, Side::Actual).map(held),
                differs: differing.contains(&lane),
                here: here.binary_search(&lane).is_ok(),
            }
        };
        let ended = cells
            .filter(|cells| cells.unrecorded)
            .map(|cells| if cells.expected.is_none() { Side::Expected } else { Side::Actual });
        Stated { lines: lanes.into_iter().map(line).collect(), differing: differing.len(), more, ended }
    }

    fn touched(&self, lane: LaneId) -> bool {
        Side::BOTH.into_iter().any(|side| self.board.get(side, lane).status != Status::Untouched)
    }
}
