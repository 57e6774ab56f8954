//! Incident packs: a folder, a zip or files in; a pair of recordings with their labels, spec and notes out.

mod found;
mod source;

pub use crate::spec::{Overrides, Tolerance};
pub use found::{Candidate, Found, OpenError, Pack, Recording};
pub use source::{Source, Stamp};

/// Opens a pack (one path) or a pair (expected, actual).
///
/// # Errors
/// When there is nothing to open, as a sentence with its remedy.
pub fn open(_paths: &[std::path::PathBuf]) -> Result<Found, OpenError> {
    unimplemented!()
}

/// The pack with the sides that a person named, whatever their names suggest.
///
/// # Errors
/// When a name is none of the candidates', as a sentence that lists them.
pub fn select(_found: &Found, _expected: Option<&str>, _actual: Option<&str>) -> Result<Pack, OpenError> {
    unimplemented!()
}

/// The side that well-known words in a name suggest. SEMANTICS: rule 5.
pub fn side_hint(name: &str) -> Option<crate::trace::Side> {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    match (has(&["expected", "baseline"]), has(&["actual", "fail"])) {
        (true, false) => Some(crate::trace::Side::Expected),
        (false, true) => Some(crate::trace::Side::Actual),
        _ => None,
    }
}
