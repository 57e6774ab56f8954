//! The one place that joins a pack with the analyses it needs: a `Session` reads, infers, compares; an `Analysis` answers.

mod analysis;
mod comparable;
mod find;
mod first;
mod growing;
mod live;
mod population;
mod sentences;
mod session;
mod streaming;
mod waveform;

pub use analysis::{Analysis, Detail, Events};
pub use find::{Finding, find};
pub use growing::Rebuilt;
pub use live::{Live, Update};
pub use population::{Population, Told};
pub use session::{FirstAnswer, Progress, Session, Stage, Trouble};
pub use waveform::WaveAnswer;
