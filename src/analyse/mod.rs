//! The one place that joins a pack with the analyses it needs: a `Session` reads, infers, compares; an `Analysis` answers.

mod analysis;
mod comparable;
mod first;
mod sentences;
mod session;
mod waveform;

pub use analysis::{Analysis, Detail, Events};
pub use session::{FirstAnswer, Progress, Session, Stage, Trouble};
pub use waveform::WaveAnswer;
