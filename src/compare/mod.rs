//! Two traces → rows, divergences, causes, verdict. Replays both sides along their lanes, aligns each lane, ranks by happens-before.

mod align;
mod answer;
mod assemble;
mod bits;
mod causes;
mod ending;
mod enforce;
mod engine;
mod foata;
mod groups;
mod hand;
mod late;
mod learnt;
mod live;
mod mass;
mod order;
mod rank;
mod reach;
mod replay;
mod rows;
mod spans;
mod symptom;
mod tally;
pub mod waveform;
mod wording;

pub use answer::{Cause, CauseKind, Comparison, Counts, DivergenceType, Explains, FirstDifference, Symptom, Verdict};
pub use engine::{Input, compare, compare_with, name_event};
pub use foata::{fingerprint, foata_steps};
pub use groups::{Group, GroupKind};
pub use hand::Hand;
pub use late::{gap, gaps};
pub use learnt::Learnt;
pub use live::{LaneCounts, Lockstep, Standing};
pub use mass::Mass;
pub use replay::{Cancelled, Pushed, Replay};
pub use rows::{Row, RowClass, Rows};
