//! The samples that are built into the program, so that it shows something on any machine.

use std::path::{Path, PathBuf};

/// One file of a sample.
#[derive(Debug, Clone, Copy)]
pub struct SampleFile {
    /// Its name inside the pack.
    pub name: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
}

/// One built-in incident pack.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// The name of its folder.
    pub folder: &'static str,
    /// Its title on the home page.
    pub title: &'static str,
    /// What happened, in a line.
    pub story: &'static str,
    /// Its files.
    pub files: &'static [SampleFile],
}

/// Every sample, in the order of the home page.
pub const SAMPLES: &[Sample] = &[];

/// Writes a sample into a folder of its own below `root`, and returns that folder.
///
/// # Errors
/// When it cannot be written, or there is no such sample.
pub fn unpack(at: usize, root: &Path) -> std::io::Result<PathBuf> {
    let sample = SAMPLES.get(at).ok_or(std::io::ErrorKind::NotFound)?;
    let folder = root.join(sample.folder);
    std::fs::create_dir_all(&folder)?;
    for file in sample.files {
        let path = folder.join(file.name);
        // Rewriting what is there already would look like a change to whoever watches it.
        if std::fs::read(&path).is_ok_and(|old| old == file.bytes) {
            continue;
        }
        std::fs::write(&path, file.bytes)?;
    }
    Ok(folder)
}
