//! The telemetry of many requests at a path: a file of it, or a folder with files for traces, logs and metrics.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::listing::{Entry, skipped, title_of};
use super::open::listing;
use super::{OpenError, Source, side_hints};
use crate::ingest::is_telemetry;
use crate::trace::{Side, Sides, Warnings};

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

/// The telemetry at two paths, or in the two folders of one whose names tell the sides apart; `None` where one of them holds
/// none.
///
/// # Errors
/// When a path cannot be read, or only one window is named, as a sentence.
pub fn telemetry(paths: &[PathBuf]) -> Result<Option<Sides<Telemetry>>, OpenError> {
    if paths.iter().any(|path| path == Path::new("-")) {
        return Ok(None);
    }
    if let [lone] = paths
        && let Some(halves) = halves(lone)
        && let (Some(expected), Some(actual)) = (side(&halves.expected)?, side(&halves.actual)?)
    {
        return Ok(Some(Sides::new(expected, actual)));
    }
    if let [lone] = paths
        && side(lone)?.is_some()
    {
        let what = "It is one window of OpenTelemetry data.";
        return Err(OpenError::new(lone, what, "Give a baseline and a failing window, each a file or a folder."));
    }
    let [expected, actual] = paths else { return Ok(None) };
    let (Some(expected), Some(actual)) = (side(expected)?, side(actual)?) else { return Ok(None) };
    Ok(Some(Sides::new(expected, actual)))
}

/// The folders of a baseline and a candidate in a folder, by their names; `None` where that is not clear.
fn halves(path: &Path) -> Option<Sides<PathBuf>> {
    let mut folders: Vec<PathBuf> =
        path.read_dir().ok()?.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()).collect();
    folders.sort();
    let names: Vec<String> = folders.iter().map(|folder| title_of(folder)).collect();
    let hints = side_hints(names.iter().map(String::as_str));
    let only = |side: Side| {
        let mut found = folders.iter().zip(&hints).filter(|(_, hint)| **hint == Some(side)).map(|(folder, _)| folder);
        found.next().filter(|_| found.next().is_none()).cloned()
    };
    Some(Sides::new(only(Side::Expected)?, only(Side::Actual)?))
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
        // What cannot be read is said when it is read.
        let Ok(source) = entry.source() else { continue };
        let Ok(mut stream) = source.stream().map(|stream| stream.in_blocks_of(HEAD)) else { continue };
        if stream.next().is_ok_and(is_telemetry) {
            found.push((entry.name.clone(), source));
        }
    }
    let label = title_of(path);
    let named = |name: &str| {
        let file = name.rsplit('/').next().unwrap_or(name);
        SIGNALS.contains(&file.split('.').next().unwrap_or(file))
    };
    if found.iter().any(|(name, _)| named(name)) {
        for (name, _) in found.iter().filter(|(name, _)| !named(name)) {
            let what = "By its name it is of another window than the traces, logs and metrics beside it.";
            warnings.push(skipped(&in_side(&label, name), what, "Name the file itself to compare it."));
        }
        found.retain(|(name, _)| named(name));
    }
    let sources: Vec<Arc<Source>> = found.into_iter().map(|(_, source)| source).collect();
    Ok((!sources.is_empty()).then(|| Telemetry { label, sources, warnings }))
}

/// A file's name with that of its side: both sides have files of one name.
fn in_side(label: &str, name: &str) -> String {
    format!("{label}/{name}")
}

impl Telemetry {
    /// What a file of this side is called in messages.
    pub fn file(&self, source: &Source) -> String {
        if title_of(Path::new(&source.name)) == self.label {
            source.name.clone()
        } else {
            in_side(&self.label, &source.name)
        }
    }
}
