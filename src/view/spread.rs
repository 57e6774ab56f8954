//! An incident in its comparison: the graph laid out, each trouble at its row, and which place each lane belongs to. Found once, so that
//! drawing looks up and walks nothing.

use super::{Compared, GraphLayout, Lanes};
use crate::compare::Rows;
use crate::incident::{Graph, Happening, Incident, Place};
use crate::trace::{EventIndex, Side, Sides};

/// Of so many happenings those up to a row are counted anew at every step; for more a step would have to wait.
const COUNTED: usize = 4_000;

/// A trouble of actual, or of a lone recording, on the way through all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The row that its event stands in.
    pub row: u32,
    /// The event.
    pub event: EventIndex,
    /// The latest moment of this trouble and those of the rows before: as [`crate::incident::Node::reached`].
    until: i64,
}

/// An incident with its graph laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// What happened.
    pub incident: Incident,
    /// Where the places stand.
    pub layout: GraphLayout,
    /// The troubles by their rows.
    steps: Vec<Step>,
    /// The place that everything on a lane happened at, by the lane's place in [`Lanes::list`].
    of_lanes: Vec<Option<Place>>,
    /// The row of the first difference.
    begun: Option<u32>,
    /// The side whose events each side of the story was told from: a lone recording is told as actual.
    recorded: Sides<Side>,
}

impl Spread {
    /// Lays an incident's graph out, and finds where its troubles stand.
    pub fn new(incident: Incident, compared: Compared<'_>, lanes: &Lanes) -> Self {
        let layout = GraphLayout::new(&incident.graph);
        let own = |side: Side| if compared.traces[side].is_some() { side } else { side.other() };
        let recorded = Sides::new(own(Side::Expected), own(Side::Actual));
        let row = |one: &Happening| compared.comparison.rows.row_of(recorded.actual, one.index);
        let step = |one: &Happening| Some(Step { row: row(one)?, event: one.index, until: moment(one) });
        let mut steps: Vec<Step> = incident.story.trouble().filter_map(step).collect();
        steps.sort_by_key(|step| (step.row, step.event));
        let mut latest = i64::MIN;
        for step in &mut steps {
            latest = latest.max(step.until);
            step.until = latest;
        }
        let mut of_lanes: Vec<Option<Place>> = vec![None; lanes.list().len()];
        let mut shared = vec![false; of_lanes.len()];
        for side in Side::BOTH {
            for one in &incident.story.happenings[side] {
                for lane in lanes.of_event(compared, recorded[side], one.index) {
                    let place = of_lanes[lane as usize].get_or_insert(one.place);
                    shared[lane as usize] |= *place != one.place;
                }
            }
        }
        for (place, _) in of_lanes.iter_mut().zip(shared).filter(|(_, shared)| *shared) {
            *place = None;
        }
        let begun = compared.comparison.first_difference.as_ref().map(|first| first.row);
        Self { incident, layout, steps, of_lanes, begun, recorded }
    }

    /// The troubles by their rows.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What happened at a step.
    pub fn happening(&self, step: Step) -> Option<&Happening> {
        self.incident.story.happening(Side::Actual, step.event)
    }

    /// How many of the troubles stand in this row or before.
    pub fn known(&self, row: u32) -> usize {
        self.steps.partition_point(|step| step.row <= row)
    }

    /// The moment up to which the trouble is known at a row; everything is after it where none is.
    pub fn until(&self, row: u32) -> i64 {
        let last = self.known(row).checked_sub(1).map(|last| self.steps[last].until);
        // What broke first may be told by an event that did not happen.
        let begun = self.begun.is_some_and(|begun| row >= begun);
        let since = self.incident.blast.as_ref().filter(|_| begun).map(|blast| blast.since);
        last.max(since).unwrap_or(i64::MIN)
    }

    /// The graph with what was told of its places up to a row; `None` where so much was told that a step would wait for it.
    pub fn past(&self, rows: &Rows, row: u32) -> Option<Graph> {
        let told: usize = Side::BOTH.map(|side| self.incident.story.happenings[side].len()).iter().sum();
        if told > COUNTED {
            return None;
        }
        let known = |side: Side, event: EventIndex| rows.row_of(self.recorded[side], event).is_some_and(|at| at <= row);
        Some(self.incident.graph.past(&self.incident.story, &known))
    }

    /// The place that everything on a lane happened at; `None` for a lane of several places, or of none.
    pub fn place_of_lane(&self, lane: u32) -> Option<Place> {
        self.of_lanes.get(lane as usize).copied().flatten()
    }

    /// The side of the pair whose events a side of the story was told from.
    pub fn recorded(&self, side: Side) -> Side {
        self.recorded[side]
    }
}

/// When something happened, as [`crate::incident::Node::reached`] has it.
fn moment(one: &Happening) -> i64 {
    one.time.unwrap_or_else(|| i64::from(one.index))
}
