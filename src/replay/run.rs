//! A run: from where we stand to the next row that is a reason to stop, in slices of any size.

use super::breakpoints::{Breakpoints, Matcher};
use super::recorded::{Asks, Recorded};
use super::stepper::Stepper;
use crate::trace::{LaneId, Side};

/// Rows that one row counts for when its events are read from a file.
const READING: u32 = 256;

/// What a run looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// The next row where an enabled breakpoint stops.
    Breakpoint,
    /// The next row in which an event of either side touches the lane.
    Lane(LaneId),
}

/// How a run, or a slice of one, ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ran {
    /// There is a reason to stop.
    Stopped {
        /// The row.
        row: u32,
        /// The places of the breakpoints that stopped it, in their list.
        breakpoints: Vec<usize>,
    },
    /// There is none up to the end.
    AtEnd,
    /// The slice is used up.
    GoesOn,
}

/// A run under way.
#[derive(Debug, Clone)]
pub struct Run {
    goal: Goal,
    /// The next row to look at; `None` at the end.
    next: Option<u32>,
    forward: bool,
    /// The breakpoints, looked up: for the list they were made of.
    matchers: Option<Vec<Option<Matcher>>>,
    trouble: Option<String>,
}

impl Run {
    /// A run from behind (or before) a row, `None` for the start.
    pub fn new(goal: Goal, row: Option<u32>, forward: bool) -> Self {
        let next = if forward { Some(row.map_or(0, |row| row + 1)) } else { row.and_then(|row| row.checked_sub(1)) };
        Self { goal, next, forward, matchers: None, trouble: None }
    }

    /// What it looks for.
    pub const fn goal(&self) -> Goal {
        self.goal
    }

    /// The row that is looked at next.
    pub const fn next(&self) -> Option<u32> {
        self.next
    }

    /// Why events could not be read on the way, as a sentence; usually `None`.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Looks at about so many rows. `breakpoints` must be the same list in every slice; those that stop it count a hit.
    pub fn go(
        &mut self,
        recorded: &Recorded<'_>,
        stepper: &Stepper,
        breakpoints: &mut Breakpoints,
        asks: Option<Asks<'_>>,
        mut budget: u32,
    ) -> Ran {
        let matchers = self.matchers.get_or_insert_with(|| {
            let matcher = |b: &super::Breakpoint| b.enabled.then(|| Matcher::new(recorded, b));
            let wanted = matches!(self.goal, Goal::Breakpoint);
            if wanted { breakpoints.list.iter().map(matcher).collect() } else { Vec::new() }
        });
        let price = if matchers.iter().flatten().any(Matcher::reads) { READING } else { 1 };
        while let Some(row) = self.next.filter(|&row| row < recorded.rows().len()) {
            if budget == 0 {
                return Ran::GoesOn;
            }
            budget = budget.saturating_sub(price);
            self.next = if self.forward { Some(row + 1) } else { row.checked_sub(1) };
            let stopped = match self.goal {
                Goal::Lane(lane) => on_lane(recorded, row, lane).then(Vec::new),
                Goal::Breakpoint => {
                    let mut hit = Vec::new();
                    for (place, matcher) in matchers.iter().enumerate() {
                        let Some(matcher) = matcher else { continue };
                        match stepper.stops(recorded, matcher, asks, row) {
                            Ok(true) => hit.push(place),
                            Ok(false) => {}
                            Err(why) => self.trouble = Some(why),
                        }
                    }
                    (!hit.is_empty()).then_some(hit)
                }
            };
            if let Some(hit) = stopped {
                for &place in &hit {
                    breakpoints.list[place].hits += 1;
                }
                return Ran::Stopped { row, breakpoints: hit };
            }
        }
        Ran::AtEnd
    }
}

fn on_lane(recorded: &Recorded<'_>, row: u32, lane: LaneId) -> bool {
    let cells = recorded.rows().get(row);
    Side::BOTH
        .into_iter()
        .any(|side| cells.event(side).is_some_and(|event| recorded.lanes(side, event).contains(&lane)))
}
