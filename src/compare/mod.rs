//! Two traces → rows, divergences, causes, verdict. Replays both sides along their lanes, aligns each lane, ranks by happens-before.

mod answer;
mod rows;

pub use answer::{Cause, CauseKind, Comparison, Counts, DivergenceType, Explains, FirstDifference, Symptom, Verdict};
pub use rows::{Row, RowClass, Rows};
