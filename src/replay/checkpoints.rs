//! What changed between checkpoints, so that any row is reached from the one before it. Made once, in slices.

use super::board::step;
use super::cut::{Early, Looking};
use super::meaning::Meanings;
use super::recorded::Recorded;
use super::status::LaneState;
use crate::trace::{LaneId, NONE, Side, Sides};

/// Rows from one checkpoint to the next, at first.
const INTERVAL: u32 = 4096;
/// So many changes are kept; when there are more, every second checkpoint is given up.
const MOST: usize = 2_000_000;
/// Where that saves less than a quarter, lanes are many and short, and up to so many changes are kept instead.
const EXTREME: usize = 6_000_000;

/// The lanes that changed between two checkpoints, with their states at the second.
type Changes = Sides<Vec<(LaneId, LaneState)>>;

#[derive(Debug, Clone)]
pub(super) struct Checkpoints {
    early: Sides<Early>,
    interval: u32,
    most: usize,
    changes: Vec<Changes>,
    kept: usize,
    building: Option<Box<Building>>,
}

/// How far the making is.
#[derive(Debug, Clone)]
struct Building {
    looking: Vec<Looking>,
    states: Sides<Vec<LaneState>>,
    /// The lanes that changed since the last checkpoint, and for each lane the checkpoint since which that is noted.
    touched: Sides<Vec<LaneId>>,
    noted: Sides<Vec<u32>>,
    row: u32,
    /// How often there was a checkpoint, those given up included.
    round: u32,
}

impl Checkpoints {
    pub(super) fn new(recorded: &Recorded<'_>) -> Self {
        Self::with(recorded, INTERVAL, MOST)
    }

    pub(super) fn with(recorded: &Recorded<'_>, interval: u32, most: usize) -> Self {
        let lanes = recorded.names.lanes.len();
        let both = |value: u32| Sides::new(vec![value; lanes], vec![value; lanes]);
        let states = vec![LaneState::default(); lanes];
        let building = Building {
            looking: Side::BOTH.into_iter().map(|side| Looking::new(recorded, side)).collect(),
            states: Sides::new(states.clone(), states),
            touched: Sides::default(),
            noted: both(NONE),
            row: 0,
            round: 0,
        };
        Self {
            early: Sides::default(),
            interval,
            most,
            changes: Vec::new(),
            kept: 0,
            building: Some(Box::new(building)),
        }
    }

    pub(super) fn early(&self) -> &Sides<Early> {
        &self.early
    }

    /// So many rows are known; all of them once it is made.
    pub(super) fn known(&self, recorded: &Recorded<'_>) -> u32 {
        match &self.building {
            Some(building) if !building.looking.is_empty() => 0,
            Some(building) => building.row,
            None => recorded.rows().len(),
        }
    }

    pub(super) const fn done(&self) -> bool {
        self.building.is_none()
    }

    /// Work done, of all: events looked at and rows gone through.
    pub(super) fn progress(&self, recorded: &Recorded<'_>) -> (u64, u64) {
        let events: u64 = Side::BOTH.into_iter().map(|side| u64::from(recorded.len(side))).sum();
        let all = events + u64::from(recorded.rows().len());
        match &self.building {
            None => (all, all),
            Some(building) => {
                let left: u64 = building.looking.iter().map(|looking| u64::from(looking.left())).sum();
                (events - left + u64::from(building.row), all)
            }
        }
    }

    /// Goes on by so many events or rows; true when everything is known.
    pub(super) fn prepare(&mut self, recorded: &Recorded<'_>, meanings: &Meanings, mut budget: u32) -> bool {
        let Some(mut building) = self.building.take() else { return true };
        while let Some(looking) = building.looking.first_mut() {
            budget = looking.go(recorded, budget);
            if !looking.done() {
                break;
            }
            let found = building.looking.remove(0);
            let side = found.side();
            self.early[side] = found.found();
        }
        let rows = recorded.rows().len();
        if building.looking.is_empty() {
            let end = rows.min(building.row.saturating_add(budget));
            while building.row < end {
                self.row(recorded, meanings, &mut building);
            }
        }
        if !building.looking.is_empty() || building.row < rows {
            self.building = Some(building);
        }
        self.done()
    }

    fn row(&mut self, recorded: &Recorded<'_>, meanings: &Meanings, building: &mut Building) {
        let Building { states, touched, noted, round, row, .. } = building;
        step(recorded, meanings, &self.early, *row, |side, lane, to| {
            let state = &mut states[side][lane as usize];
            *state = to(*state);
            if noted[side][lane as usize] != *round {
                noted[side][lane as usize] = *round;
                touched[side].push(lane);
            }
        });
        *row += 1;
        if row.is_multiple_of(self.interval) {
            *round += 1;
            let mut changes = Changes::default();
            for side in Side::BOTH {
                let mut lanes = std::mem::take(&mut touched[side]);
                lanes.sort_unstable();
                changes[side] = lanes.into_iter().map(|lane| (lane, states[side][lane as usize])).collect();
                self.kept += changes[side].len();
            }
            self.changes.push(changes);
            // Changes of an odd last checkpoint cannot be joined with later ones; with an even number all can.
            if self.kept > self.most && self.changes.len() > 1 && self.changes.len().is_multiple_of(2) {
                self.halve();
            }
        }
    }

    /// Gives up every second checkpoint: of a lane that changed before both, the later state counts.
    fn halve(&mut self) {
        let before = self.kept;
        self.kept = 0;
        let mut old = std::mem::take(&mut self.changes).into_iter();
        while let (Some(first), Some(second)) = (old.next(), old.next()) {
            let expected = joined(&first.expected, second.expected);
            let actual = joined(&first.actual, second.actual);
            self.kept += expected.len() + actual.len();
            self.changes.push(Sides::new(expected, actual));
        }
        self.interval *= 2;
        if self.kept > before / 4 * 3 {
            self.most = (self.most * 2).min(EXTREME.max(self.most));
        }
    }

    /// Rows between two checkpoints.
    pub(super) const fn interval(&self) -> u32 {
        self.interval
    }

    /// Brings states from the very start to the last checkpoint at or before `row`; says where that is.
    pub(super) fn restore(&self, row: u32, states: &mut Sides<Vec<LaneState>>) -> u32 {
        let checkpoint = ((row / self.interval) as usize).min(self.changes.len());
        for changes in &self.changes[..checkpoint] {
            for side in Side::BOTH {
                for &(lane, state) in &changes[side] {
                    states[side][lane as usize] = state;
                }
            }
        }
        checkpoint as u32 * self.interval
    }

    /// How many changes are kept, for tests.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.changes.iter().map(|changes| changes.expected.len() + changes.actual.len()).sum()
    }
}

/// Both lists by lane; of a lane in both, the later state.
fn joined(first: &[(LaneId, LaneState)], second: Vec<(LaneId, LaneState)>) -> Vec<(LaneId, LaneState)> {
    let mut all = Vec::with_capacity(first.len() + second.len());
    let mut first = first.iter().copied().peekable();
    for (lane, state) in second {
        while let Some(before) = first.next_if(|before| before.0 < lane) {
            all.push(before);
        }
        first.next_if(|same| same.0 == lane);
        all.push((lane, state));
    }
    all.extend(first);
    all.shrink_to_fit();
    all
}
