//! Incident packs: a folder, a zip or files in; a pair of recordings with their labels, spec and notes out.

mod found;
mod source;

pub use found::{Candidate, Found, OpenError, Pack, Recording};
pub use source::{Source, Stamp};

pub use crate::spec::{Overrides, Tolerance};
