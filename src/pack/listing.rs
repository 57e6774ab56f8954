//! The files of a pack, wherever they are: a folder, an archive, memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{OpenError, Source};
use crate::trace::{Warning, WarningKind, Warnings};

/// Files in a pack beyond which it is no pack: each has to be looked at.
pub const MAX_FILES: usize = 4096;

/// A file of a pack.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its path inside the pack, with `/` between the folders.
    pub name: String,
    bytes: Bytes,
}

#[derive(Debug, Clone)]
enum Bytes {
    OnDisk(PathBuf),
    Ready(Arc<Source>),
}

impl Entry {
    /// A file on disk, opened when it is looked at.
    pub fn on_disk(name: String, path: PathBuf) -> Self {
        Self { name, bytes: Bytes::OnDisk(path) }
    }

    /// A file that is open.
    pub fn ready(source: Source) -> Self {
        Self { name: source.name.clone(), bytes: Bytes::Ready(Arc::new(source)) }
    }

    /// Its bytes.
    pub fn source(&self) -> Result<Arc<Source>, OpenError> {
        match &self.bytes {
            Bytes::OnDisk(path) => Source::file(path, &*self.name).map(Arc::new),
            Bytes::Ready(source) => Ok(Arc::clone(source)),
        }
    }

    /// The folder it is in: empty for the pack's own.
    pub fn folder(&self) -> &str {
        self.name.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Its name without the folder.
    pub fn file_name(&self) -> &str {
        self.name.rsplit_once('/').map_or(&*self.name, |(_, name)| name)
    }
}

/// Everything in a pack.
#[derive(Debug)]
pub struct Listing {
    /// What it was opened as.
    pub path: PathBuf,
    /// Its name for people.
    pub title: String,
    /// Its files, sorted by name.
    pub entries: Vec<Entry>,
    /// What could not be listed.
    pub warnings: Warnings,
}

/// A warning about a file that was set aside.
pub fn skipped(file: &str, what: impl Into<String>, remedy: &str) -> Warning {
    let (file, remedy) = (file.to_owned(), remedy.to_owned());
    Warning { kind: WarningKind::Skipped, file, line: None, what: what.into(), remedy, more: 0 }
}

/// The files of a folder and of the folders in it.
pub fn folder(path: &Path) -> Result<Listing, OpenError> {
    let mut listing =
        Listing { path: path.to_path_buf(), title: title_of(path), entries: Vec::new(), warnings: Warnings::default() };
    list(path, "", &mut listing)?;
    listing.entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(listing)
}

fn list(path: &Path, below: &str, listing: &mut Listing) -> Result<(), OpenError> {
    let fail = |e: std::io::Error| OpenError::io(path, &e);
    for entry in std::fs::read_dir(path).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let name = format!("{below}{name}");
        let is_folder = entry.path().is_dir();
        if is_folder && below.is_empty() {
            if let Err(error) = list(&entry.path(), &format!("{name}/"), listing) {
                if listing.entries.len() > MAX_FILES {
                    return Err(error);
                }
                listing.warnings.push(skipped(&name, error.what, &error.remedy));
            }
        } else if !is_folder {
            listing.entries.push(Entry::on_disk(name, entry.path()));
        }
        if listing.entries.len() > MAX_FILES {
            let what = format!("It holds more than {MAX_FILES} files, so that it can hardly be one incident.");
            return Err(OpenError::new(&listing.path, what, "Open the folder of one incident, or name the two files."));
        }
    }
    Ok(())
}

/// A file's name with that of its side, where they differ: both sides have files of one name.
pub fn in_side(label: &str, name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name);
    if title_of(Path::new(name)) == label { name.to_owned() } else { format!("{label}/{name}") }
}

/// The name for people of a file or folder: without the endings that only tell its format.
pub fn title_of(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.or_else(|| {
        // `.` and `..` have a name only when they are resolved.
        Some(path.canonicalize().ok()?.file_name()?.to_string_lossy().into_owned())
    });
    let name = name.unwrap_or_else(|| path.to_string_lossy().into_owned());
    let mut title = name.as_str();
    while let Some((stem, ending)) = title.rsplit_once('.')
        && !stem.is_empty()
        && ["gz", "zst", "zip", "json", "jsonl", "ndjson"].contains(&ending.to_ascii_lowercase().as_str())
    {
        title = stem;
    }
    title.to_owned()
}
