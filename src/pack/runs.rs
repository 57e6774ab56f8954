//! Several runs of the same work, named one by one or as folders of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::listing::skipped;
use super::look::{Kind, look};
use super::open::listing;
use super::{Found, OpenError, Recording, Source, metrics, open, windows};
use crate::ingest::Format;
use crate::trace::Warnings;

/// Recordings that belong together.
#[derive(Debug, Clone, Default)]
pub struct Runs {
    /// The recordings, each file once.
    pub recordings: Vec<Recording>,
    /// What was set aside.
    pub warnings: Warnings,
}

/// The recordings at these paths. A folder or archive stands for all recordings of events in it; other files in it are set
/// aside, with a warning each.
///
/// # Errors
/// When a path cannot be read, or a file that was named is no recording of events.
pub fn runs(paths: &[PathBuf]) -> Result<Runs, OpenError> {
    let mut runs = Runs::default();
    for path in paths {
        match listing(path)? {
            None => runs.push(recording(path)?),
            Some(listing) => {
                runs.warnings.extend(listing.warnings);
                let before = runs.recordings.len();
                for entry in &listing.entries {
                    let seen = entry.source().and_then(|source| {
                        look(&entry.name, &source).map_err(|unseen| unseen.error(Path::new(&entry.name)))
                    });
                    let recording = seen.map(|seen| (seen.kind, seen.whole().recording));
                    match recording {
                        Ok((Kind::Recording, recording)) if recording.format != Format::Vcd => runs.push(recording),
                        Ok(_) => {
                            runs.warnings.push(skipped(&entry.name, "It is no recording of events: set aside.", ""));
                        }
                        Err(error) => runs.warnings.push(skipped(&entry.name, error.what, &error.remedy)),
                    }
                }
                if runs.recordings.len() == before {
                    let what = "There is no recording of events in it.";
                    return Err(OpenError::new(path, what, "Name a folder with good runs, or the runs themselves."));
                }
            }
        }
    }
    Ok(runs)
}

/// True for a folder that may hold several runs of events: neither a window of requests nor tables of metrics.
pub fn is_of_runs(folder: &Path) -> bool {
    let twice = [folder.to_path_buf(), folder.to_path_buf()];
    folder.is_dir()
        && windows(&twice, &[]).is_ok_and(|windows| windows.is_none())
        && metrics(&twice).is_ok_and(|metrics| metrics.is_none())
}

/// The folder of good runs and the run to be judged by them, where two paths are that: at least two recordings, which are no
/// pair.
pub fn good_runs(paths: &[PathBuf]) -> Option<(&Path, &Path)> {
    let [good, run] = paths else { return None };
    let several = || {
        let is_pair = open(std::slice::from_ref(good)).is_ok_and(|found| matches!(found, Found::Ready(_)));
        !is_pair && runs(std::slice::from_ref(good)).is_ok_and(|runs| runs.recordings.len() > 1)
    };
    (run.is_file() && is_of_runs(good) && several()).then_some((good, run))
}

/// The one recording of events in a file.
///
/// # Errors
/// When it cannot be read, or is none.
pub fn recording(path: &Path) -> Result<Recording, OpenError> {
    let source =
        Arc::new(if path == Path::new("-") { Source::stdin() } else { Source::file(path, path.to_string_lossy())? });
    let seen = look(&source.name, &source).map_err(|unseen| unseen.error(path))?;
    let recording = seen.whole().recording;
    if recording.format == Format::Vcd {
        let what = "It is a waveform, and what varies between good runs is learnt from recordings of events.";
        return Err(OpenError::new(path, what, "Compare two waveforms with each other, without --baseline."));
    }
    Ok(recording)
}

impl Runs {
    /// Adds a recording, unless its file is among them.
    pub fn push(&mut self, recording: Recording) {
        if !self.holds(&recording) {
            self.recordings.push(recording);
        }
    }

    /// Takes a recording out, if it is among them: a run never speaks for itself.
    pub fn leave_out(&mut self, recording: &Recording) {
        self.recordings.retain(|known| !same_file(known, recording));
    }

    fn holds(&self, recording: &Recording) -> bool {
        self.recordings.iter().any(|known| same_file(known, recording))
    }
}

/// True for the same trace of the same file.
fn same_file(one: &Recording, other: &Recording) -> bool {
    let file = |recording: &Recording| recording.source.path.as_ref().and_then(|path| path.canonicalize().ok());
    one.select == other.select && file(one).is_some_and(|path| Some(path) == file(other))
}
