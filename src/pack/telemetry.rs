//! The telemetry of many requests at a path: a file of it, or a folder with files for traces, logs and metrics.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::listing::{Entry, skipped, title_of};
use super::open::listing;
use super::{OpenError, Source};
use crate::ingest::is_telemetry;
use crate::trace::{Sides, Warnings};

/// Bytes at the start of a file that tell whether it is telemetry.
const HEAD: usize = 64 << 10;
/// The files of one window are called so, up to their first dot. Others beside them are of another one.
const SIGNALS: [&str; 3] = ["traces", "logs", "metrics"];

/// One side's telemetry.
#[derive(Debug, Clone)]
pub struct Telemetry {
    /// The name a person knows it by.
    pub label: String,
    /// Its files.
    pub sources: Vec<Arc<Source>>,
    /// What was set aside.
    pub warnings: Warnings,
}

/// The telemetry at two paths; `None` where one of them holds none.
///
/// # Errors
/// When a file cannot be read, as a sentence.
pub fn telemetry(paths: &[PathBuf]) -> Result<Option<Sides<Telemetry>>, OpenError> {
    let [expected, actual] = paths else { return Ok(None) };
    if [expected, actual].into_iter().any(|path| path == Path::new("-")) {
        return Ok(None);
    }
    let (Some(expected), Some(actual)) = (side(expected)?, side(actual)?) else { return Ok(None) };
    Ok(Some(Sides::new(expected, actual)))
}

fn side(path: &Path) -> Result<Option<Telemetry>, OpenError> {
    let mut warnings = Warnings::default();
    let entries = match listing(path)? {
        Some(listing) => {
            warnings.extend(listing.warnings);
            listing.entries
        }
        None => vec![Entry::on_disk(title_of(path), path.to_path_buf())],
    };
    let mut found: Vec<(String, Arc<Source>)> = Vec::new();
    for entry in &entries {
        let source = entry.source()?;
        let mut stream = source.stream()?.in_blocks_of(HEAD);
        if is_telemetry(stream.next()?) {
            found.push((entry.name.clone(), source));
        }
    }
    let named = |name: &str| {
        let file = name.rsplit('/').next().unwrap_or(name);
        SIGNALS.contains(&file.split('.').next().unwrap_or(file))
    };
    if found.iter().any(|(name, _)| named(name)) {
        for (name, _) in found.iter().filter(|(name, _)| !named(name)) {
            let what = "By its name it is of another window than the traces, logs and metrics beside it.";
            warnings.push(skipped(name, what, "Name the file itself to compare it."));
        }
        found.retain(|(name, _)| named(name));
    }
    let sources: Vec<Arc<Source>> = found.into_iter().map(|(_, source)| source).collect();
    Ok((!sources.is_empty()).then(|| Telemetry { label: title_of(path), sources, warnings }))
}
