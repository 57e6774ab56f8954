//! Undo and redo of what a person authored: bookmarks, notes, sync points, breakpoints, arranged lanes, and decisions about
//! fields.

use super::pair::{Arranged, LaneFilters};
use crate::notes::Notes;
use crate::pack::Overrides;
use crate::replay::Breakpoint;
use crate::view::Anchor;

/// Steps kept: more than a person goes back.
const KEPT: usize = 200;

/// Everything a person authored about a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Authored {
    /// Bookmarks and notes.
    pub notes: Notes,
    /// Decisions about fields.
    pub overrides: Overrides,
    /// Where the times of both sides meet.
    pub anchor: Anchor,
    /// Where to stop, without how often that happened.
    pub breakpoints: Vec<Breakpoint>,
    /// Which lanes are pinned, moved and hidden.
    pub lanes: Arranged,
    /// What lanes are filtered by: a step of its own only where a command about lanes let go of it.
    pub filters: LaneFilters,
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What was done, in words that fit behind `Undone:`.
    pub what: String,
    /// All as it was.
    pub before: Authored,
    /// All as it became.
    pub after: Authored,
    /// The note that was written in; writing on in the same one is the same step.
    pub note: Option<usize>,
}

/// The changes that can be undone and done again.
#[derive(Debug, Clone, Default)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
}

impl History {
    /// Adds a change. What was undone before cannot be done again.
    pub fn record(&mut self, step: Step) {
        self.undone.clear();
        match self.done.last_mut().filter(|last| step.note.is_some() && last.note == step.note) {
            // What else became of the pair meanwhile, such as further lanes, is no part of the note.
            Some(last) => last.after.notes = step.after.notes,
            None => self.done.push(step),
        }
        if self.done.len() > KEPT {
            self.done.remove(0);
        }
    }

    /// Goes a step back, or forward again; `None` when there is none.
    pub fn go(&mut self, back: bool) -> Option<&Step> {
        let (from, to) = if back { (&mut self.done, &mut self.undone) } else { (&mut self.undone, &mut self.done) };
        to.push(from.pop()?);
        to.last()
    }

    /// True when there is a step to go back, or forward.
    pub fn can_go(&self, back: bool) -> bool {
        !(if back { &self.done } else { &self.undone }).is_empty()
    }

    /// After the sides were exchanged, the steps speak of them the other way round.
    pub fn exchange(&mut self) {
        for step in self.done.iter_mut().chain(&mut self.undone) {
            for authored in [&mut step.before, &mut step.after] {
                authored.notes = std::mem::take(&mut authored.notes).exchanged();
                authored.anchor = std::mem::take(&mut authored.anchor).exchanged();
                let breakpoints = std::mem::take(&mut authored.breakpoints);
                authored.breakpoints = breakpoints.into_iter().map(Breakpoint::mirrored).collect();
            }
        }
    }
}
