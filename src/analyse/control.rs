//! From recordings of a control loop to its diagnosis.

use crate::control::Diagnosis;
use crate::trace::{Samples, Sides, Warnings};

/// Two runs of a loop compared, or one by itself.
#[derive(Debug)]
pub struct Control {
    /// The names a person knows the runs by; `None` for a side that is not there.
    pub labels: Sides<Option<String>>,
    /// What each run recorded; empty for a side that is not there.
    pub samples: Sides<Samples>,
    /// What is known of them.
    pub diagnosis: Diagnosis,
    /// What was wrong with the input.
    pub warnings: Warnings,
}
