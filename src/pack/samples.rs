//! Sampled recordings at a path: a file of samples, a folder with several that make one run, or a folder with a baseline and the
//! runs to compare with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::listing::{Entry, Listing, title_of};
use super::open::listing;
use super::words::side_hints;
use super::{OpenError, Source, manifest};
use crate::ingest::{SampleFormat, sample_format};
use crate::trace::{Side, Sides};

/// Bytes at the start of a file that tell what it is: a header with thousands of columns and some rows.
const HEAD: usize = 256 << 10;

/// One run.
#[derive(Debug, Clone)]
pub struct Sampled {
    /// The name a person knows it by.
    pub label: String,
    /// Its files, with how samples stand in them.
    pub files: Vec<(Arc<Source>, SampleFormat)>,
}

/// The sampled runs at some paths: a pair each, or one run without a baseline; `None` where there are none.
///
/// # Errors
/// When a path cannot be read, as a sentence.
pub fn samples(paths: &[PathBuf]) -> Result<Option<Vec<Sides<Option<Sampled>>>>, OpenError> {
    match paths {
        [lone] if lone != Path::new("-") => pack(lone),
        [expected, actual] if expected != Path::new("-") && actual != Path::new("-") => {
            let (Some(mut expected_run), Some(mut actual_run)) = (run(expected)?, run(actual)?) else {
                return Ok(None);
            };
            if expected_run.label == actual_run.label && expected != actual {
                expected_run.label = expected.to_string_lossy().into_owned();
                actual_run.label = actual.to_string_lossy().into_owned();
            }
            Ok(Some(vec![Sides::new(Some(expected_run), Some(actual_run))]))
        }
        _ => Ok(None),
    }
}

/// A pair of sources that are open already, such as those of a described pack; `None` where either is no samples.
pub fn sampled(sides: &Sides<Option<super::Recording>>) -> Option<Sides<Option<Sampled>>> {
    let of = |side: Side| {
        let recording = sides[side].as_ref()?;
        let format = format_of(&recording.source)?;
        Some(Sampled { label: recording.label.clone(), files: vec![(Arc::clone(&recording.source), format)] })
    };
    let found = Sides::new(of(Side::Expected), of(Side::Actual));
    let whole = Side::BOTH.into_iter().all(|side| found[side].is_some() == sides[side].is_some());
    (whole && found.actual.is_some()).then_some(found)
}

/// How samples stand in a source, if they do.
fn format_of(source: &Source) -> Option<SampleFormat> {
    let mut stream = source.stream().ok()?.in_blocks_of(HEAD);
    sample_format(stream.next().ok()?)
}

/// The samples among the files of a folder or an archive.
fn among(entries: &[Entry]) -> Vec<(String, Arc<Source>, SampleFormat)> {
    let found = entries.iter().filter_map(|entry| {
        // What cannot be read is said when it is read.
        let source = entry.source().ok()?;
        let format = format_of(&source)?;
        Some((entry.name.clone(), source, format))
    });
    found.collect()
}

/// The one run at a path.
fn run(path: &Path) -> Result<Option<Sampled>, OpenError> {
    let entries = match listing(path)? {
        Some(Listing { entries, .. }) => entries,
        None => vec![Entry::on_disk(title_of(path), path.to_path_buf())],
    };
    let found = among(&entries);
    let files: Vec<_> = found.into_iter().map(|(_, source, format)| (source, format)).collect();
    Ok((!files.is_empty()).then(|| Sampled { label: title_of(path), files }))
}

/// What one path holds: a run, or a baseline with one or more runs to compare with it.
fn pack(path: &Path) -> Result<Option<Vec<Sides<Option<Sampled>>>>, OpenError> {
    let Some(Listing { entries, .. }) = listing(path)? else {
        return Ok(run(path)?.map(|run| vec![Sides::new(None, Some(run))]));
    };
    // A description says itself which is which.
    if entries.iter().any(|entry| entry.name == manifest::FILE) {
        return Ok(None);
    }
    let found = among(&entries);
    if found.is_empty() {
        return Ok(None);
    }
    let hints = side_hints(found.iter().map(|(name, ..)| name.as_str()));
    let single = |at: usize| {
        let (name, source, format) = &found[at];
        Sampled { label: name.clone(), files: vec![(Arc::clone(source), *format)] }
    };
    let baselines: Vec<usize> = (0..found.len()).filter(|&at| hints[at] == Some(Side::Expected)).collect();
    if let ([baseline], true) = (baselines.as_slice(), found.len() > 1) {
        let others = (0..found.len()).filter(|at| at != baseline);
        return Ok(Some(others.map(|at| Sides::new(Some(single(*baseline)), Some(single(at)))).collect()));
    }
    let files = found.into_iter().map(|(_, source, format)| (source, format)).collect();
    Ok(Some(vec![Sides::new(None, Some(Sampled { label: title_of(path), files }))]))
}
