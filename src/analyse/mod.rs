//! The one place that joins a pack with the analyses it needs: a `Session` reads, infers, compares; an `Analysis` answers.

mod analysis;
mod comparable;
mod first;
mod lockstep;
mod sentences;
mod session;

pub use analysis::{Analysis, Detail, Events};
pub use session::{FirstAnswer, Progress, Session, Stage, Trouble};
