//! Stepping through a finished comparison row by row: where we stand, what the events up to there imply for every lane of
//! both sides, and where to stop. Pure: the text of events comes in through [`Fields`] and [`Asks`].
//!
//! # Which events have happened
//! A step goes one aligned row on, on both sides at once. The rows stand in expected's order, so that actual's events may
//! come in another order than they were recorded in. What has happened on a side after a row is therefore the events of
//! the rows so far *and everything that stands before one of them on a lane it touches*: a state that this side was
//! really in, as far as its lanes tell, and the same for every legal reordering of it.
//!
//! # Cost
//! One pass backwards over the events and one forward over the rows ([`Stepper::prepare`], in slices of any size) keep
//! what changed between checkpoints: two million changes, some 50 MB, however long the recordings are; three times that
//! where nearly every event has a lane of its own. A step costs the lanes of its row, back as well as on; a seek costs the
//! changes kept before it and the rows behind its checkpoint. With 10 million rows of three lanes each (2 cores of 2026):
//! 1.5 s to prepare, 8 ms at most to seek among a thousand lanes, 25 ms among a million, microseconds to step.

mod board;
mod breakpoints;
mod checkpoints;
mod condition;
mod cut;
mod meaning;
mod recorded;
mod run;
mod stated;
mod status;
mod stepper;
#[cfg(test)]
mod tests;
mod text;
mod typed;
mod words;

pub use breakpoints::{Breakpoint, Breakpoints, Matcher};
pub use condition::{BadBreakpoint, Condition};
pub use recorded::{Asks, Fields, Recorded};
pub use run::{Goal, Ran, Run};
pub use stated::{StateLine, Stated};
pub use status::{LaneState, Status};
pub use stepper::{Said, StepError, Stepper};
pub use text::{line_words, state_text, status_words};
pub use typed::complete;
pub use words::LaneClass;
