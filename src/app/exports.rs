//! What is exported, in a job: slices of the opened pair as packs of their own, written whole or not at all, and pictures.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::control::Sheet;
use super::control::export as curves;
use super::graph::GraphPicture;
use super::message::Level;
use super::pictures::{Draw, export};
use crate::analyse::Analysis;
use crate::jobs::{Handle, Panicked, Slot, Waker};
use crate::slice::{Slice, Wanted, slice};
use crate::trace::{Side, escape, grouped};

/// That a folder is new or empty: what lies in it already is not written over, and not taken for a part of the pack.
///
/// # Errors
/// When it is neither, as a sentence.
pub fn check(folder: &Path) -> Result<(), String> {
    let fine = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == ErrorKind::NotFound,
    };
    let full = || format!("{} is there and no empty folder. Choose another one.", escape(&folder.to_string_lossy()));
    if fine { Ok(()) } else { Err(full()) }
}

/// Writes all of a pack, or no folder of that name.
///
/// # Errors
/// When it cannot be written, as a sentence.
pub fn write(slice: &Slice, folder: &Path) -> Result<(), String> {
    let attempt = || -> std::io::Result<()> {
        let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent)?;
        let whole = tempfile::tempdir_in(parent)?;
        let pack = whole.path().join("pack");
        fs::create_dir(&pack)?;
        fs::write(pack.join("expected.jsonl"), &slice.recordings.expected)?;
        fs::write(pack.join("actual.jsonl"), &slice.recordings.actual)?;
        fs::write(pack.join("pack.json"), &slice.manifest)?;
        // An empty folder may be there, which not every system replaces.
        if folder.is_dir() {
            fs::remove_dir(folder)?;
        }
        fs::rename(pack, folder)
    };
    attempt().map_err(|error| {
        format!("{} cannot be written ({error}). Choose another folder.", escape(&folder.to_string_lossy()))
    })
}

/// What was written: how much of the whole, and where.
pub fn words(slice: &Slice, analysis: &Analysis, folder: &Path) -> String {
    let count = |side: Side| {
        let (part, all) = (grouped(slice.events[side] as u64), grouped(u64::from(analysis.len(side))));
        format!("{part} of {all} {side}")
    };
    let folder = folder.to_string_lossy();
    let redacted = match slice.redacted.as_slice() {
        [] => String::new(),
        fields => format!(" Redacted: {}.", escape(&fields.join(", "))),
    };
    format!("Wrote {}: {} and {} events.{redacted}", escape(&folder), count(Side::Expected), count(Side::Actual))
}

/// The folder for a slice: the chosen one where it is empty, else a new one in it.
fn room_in(chosen: &Path) -> PathBuf {
    if check(chosen).is_ok() {
        return chosen.to_path_buf();
    }
    let name = |n: u32| chosen.join(if n == 0 { "slice".to_owned() } else { format!("slice-{n}") });
    (0..1000).map(name).find(|folder| !folder.exists()).unwrap_or_else(|| name(0))
}

/// The job that makes something and writes it.
#[derive(Debug)]
pub struct Exports(Slot<(Level, String)>);

impl Exports {
    /// No job, yet.
    pub fn new(waker: Waker) -> Self {
        Self(Slot::new(waker))
    }

    /// Cuts a slice and writes it into a folder, `behind` the window or here and now.
    pub fn slice(&mut self, analysis: Arc<Analysis>, wanted: Wanted, chosen: PathBuf, behind: bool) {
        let work = move |handle: &Handle| {
            let folder = room_in(&chosen);
            let cut = slice(&analysis, &wanted, &|| handle.is_cancelled());
            let written = cut.and_then(|slice| write(&slice, &folder).map(|()| slice));
            match written {
                Ok(slice) => {
                    let words = words(&slice, &analysis, &folder);
                    match &slice.differs {
                        None => (Level::Note, format!("{words} It compares the same.")),
                        Some(differs) => (Level::Warning, format!("{words} {differs}")),
                    }
                }
                Err(why) => (Level::Error, why),
            }
        };
        self.start("slice", work, behind);
    }

    /// Draws a picture and writes it to a file, `behind` the window or here and now.
    pub fn picture(&mut self, draw: Option<Draw>, picture: GraphPicture, path: PathBuf, behind: bool) {
        self.start("picture", move |_: &Handle| export(draw, &picture, &path), behind);
    }

    fn start(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&Handle) -> (Level, String) + Send + 'static,
        behind: bool,
    ) {
        if behind {
            self.0.start(name, work);
        } else {
            self.0.run_here(work);
        }
    }

    /// Writes the curves that are seen to a file, `behind` the window or here and now.
    pub fn curves(
        &mut self,
        sheet: Sheet,
        title: String,
        path: PathBuf,
        draw: Option<(curves::Draw, bool)>,
        behind: bool,
    ) {
        self.start("curves", move |_: &Handle| curves::export(&sheet, &title, &path, draw), behind);
    }

    /// Stops the job.
    pub fn cancel(&mut self) {
        self.0.cancel();
    }

    /// How it ended, once.
    pub fn take(&mut self) -> Option<(Level, String)> {
        let ended = self.0.take()?;
        let broke = |Panicked(words)| (Level::Error, format!("The export broke ({words}). Please report it."));
        Some(ended.unwrap_or_else(broke))
    }
}
