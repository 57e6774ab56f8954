//! A folder of runs: which files are a run, which run is looked at next, what each answered, and which failed alike. Knows no
//! watcher and no thread: its owner tells what changed and what time it is.

mod counts;
mod desk;
mod judge;
mod outcome;
mod pairing;
mod pairs;
mod shape;
mod told;

pub use counts::Counts;
pub use desk::{Desk, Entry, Patience, Task, Work};
pub use judge::Judge;
pub use outcome::{Next, Outcome};
pub use pairing::Run;
pub use shape::Shape;
pub use told::{json_line, text_line};
