//! The tour for a first start: four steps over a pair on screen, left at any time.

use super::command::{Command, Effect};
use super::region::Region;
use super::state::{Overlay, State};
use super::update::change;

/// The sample that is opened for a tour where nothing else is.
const SAMPLE: usize = 0;

/// A step: what it points at, and what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// What it points at.
    pub at: Region,
    /// Its title.
    pub title: &'static str,
    /// What it says, in sentences.
    pub says: &'static str,
    /// The commands whose keys it shows.
    pub keys: &'static [&'static str],
}

/// The steps. The view that is shown stands for the middle one.
pub const STOPS: [Stop; 4] = [
    Stop {
        at: Region::Verdict,
        title: "The verdict",
        says: "Where both runs part, what most likely caused it, and what was first noticed from outside: three answers that \
               are not the same. Each is a link to its row.",
        keys: &["first", "cause", "symptom"],
    },
    Stop {
        at: Region::Events,
        title: "Both runs, side by side",
        says: "Expected on the left, actual on the right, a row for what belongs together. What is equal is folded. The \
               timeline shows the same by lane and time.",
        keys: &["next", "timeline", "events"],
    },
    Stop {
        at: Region::Inspector,
        title: "Why a row is as it is",
        says: "The selected row, field by field, with its raw lines and what happened before and after it on either side.",
        keys: &["before", "after", "other-side"],
    },
    Stop {
        at: Region::Palette,
        title: "Everything else",
        says: "Every cause with its reason, and a palette that finds any command, lane, event or pack by name. The help \
               explains whatever is under the pointer.",
        keys: &["causes", "palette", "here", "help"],
    },
];

/// Goes to a step of the tour, or ends it. Where no pair is on screen a sample is opened first.
pub fn go(state: &mut State, step: Option<usize>) -> Vec<Effect> {
    let Some(step) = step.filter(|&step| step < STOPS.len()) else {
        state.overlay = None;
        state.tour_due = false;
        return Vec::new();
    };
    if state.pair().is_none() {
        state.tour_due = true;
        return change(state, Command::OpenSample(SAMPLE));
    }
    state.overlay = Some(Overlay::Tour(step));
    state.tour_due = false;
    let new = !std::mem::replace(&mut state.settings.tour_seen, true);
    if new { vec![Effect::Save] } else { Vec::new() }
}

/// Begins the tour that is due, now that a pair is on screen.
pub fn begin(state: &mut State) -> Vec<Effect> {
    if state.tour_due && state.overlay.is_none() { go(state, Some(0)) } else { Vec::new() }
}
