//! What varies between good runs: several of them, each aligned to the most usual one, teach which deviations of a further run
//! are nothing new, and how unusual the others are (SEMANTICS rule 27).

mod deviation;
mod known;
mod medoid;
mod range;

pub use deviation::{Change, Deviation, deviations};
pub use known::{Evidence, Judge, Known, Unusual};
pub use medoid::{Sketch, medoid};
pub use range::Range;

/// Good runs from which on what none of them did is an alarm; fewer only set aside.
pub const ENOUGH: u32 = 5;
