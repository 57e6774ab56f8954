//! The doors of this room: paths or bytes in, what was found out; and the words of a person over it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::find::find;
use super::listing::{Entry, Listing, folder, title_of};
use super::look::{Seen, look};
use super::{Candidate, Found, OpenError, Pack, Recording, Source};
use crate::spec::Overrides;
use crate::trace::{Side, Sides, Warnings};

/// Opens a pack (one path) or a pair (expected, actual). The path `-` is standard input.
///
/// # Errors
/// When there is nothing to open, as a sentence with its remedy.
pub fn open(paths: &[PathBuf]) -> Result<Found, OpenError> {
    match paths {
        [path] => find(listing(path)?),
        [expected, actual] => pair(expected, actual).map(|pack| Found::Ready(Box::new(pack))),
        [] => Err(OpenError::new("", "Nothing was named.", "Name a pack, or the expected and the actual recording.")),
        [_, _, third, ..] => {
            let what = "A third path was named, but a comparison has two sides.";
            Err(OpenError::new(third, what, "Name a pack, or the expected and the actual recording."))
        }
    }
}

/// Opens a pack whose files are in memory.
///
/// # Errors
/// When there is no recording among them.
pub fn in_memory(title: &str, files: &[(&str, &[u8])]) -> Result<Found, OpenError> {
    let entries = files.iter().map(|(name, bytes)| Entry::ready(Source::memory(*name, bytes))).collect();
    find(Listing { path: PathBuf::from(title), title: title.to_owned(), entries, warnings: Warnings::default() })
}

/// The files of what a path names: a folder's or the file itself.
fn listing(path: &Path) -> Result<Listing, OpenError> {
    if path.is_dir() {
        return folder(path);
    }
    let source = file(path)?;
    let seen = Entry::ready(source);
    // A file that was named is opened or refused; nothing is set aside.
    look(&seen.name, seen.source()?).map_err(|unseen| unseen.error(path))?;
    Ok(Listing { path: path.to_path_buf(), title: title_of(path), entries: vec![seen], warnings: Warnings::default() })
}

/// The file at a path, or standard input.
fn file(path: &Path) -> Result<Source, OpenError> {
    if path == Path::new("-") {
        return Ok(Source::stdin());
    }
    let name = path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy());
    Source::file(path, name)
}

/// The pack of two paths.
fn pair(expected: &Path, actual: &Path) -> Result<Pack, OpenError> {
    if expected == Path::new("-") && actual == expected {
        let what = "Standard input can be only one of the sides.";
        return Err(OpenError::new("-", what, "Save one of the recordings as a file."));
    }
    let sides = Sides::new(side(expected)?, side(actual)?);
    let mut sides = sides.map(Some);
    let names = sides.as_ref().map(|r| r.as_ref().map(|r| r.label.clone()).unwrap_or_default());
    if names.expected == names.actual && expected != actual {
        for (side, path) in [(Side::Expected, expected), (Side::Actual, actual)] {
            if let Some(recording) = &mut sides[side] {
                rename(recording, &path.to_string_lossy());
            }
        }
    }
    let names = sides.as_ref().map(|r| r.as_ref().map(|r| r.label.clone()).unwrap_or_default());
    Ok(Pack {
        title: format!("{} vs {}", names.expected, names.actual),
        story: None,
        notes: None,
        path: expected.to_path_buf(),
        sides,
        overrides: Overrides::default(),
        warnings: Warnings::default(),
    })
}

/// Gives a recording that nobody shares yet another name.
fn rename(recording: &mut Recording, name: &str) {
    name.clone_into(&mut recording.label);
    if let Some(source) = Arc::get_mut(&mut recording.source) {
        name.clone_into(&mut source.name);
    }
}

/// The one recording that a path of a pair names.
fn side(path: &Path) -> Result<Recording, OpenError> {
    if !path.is_dir() {
        let source = Arc::new(file(path)?);
        let name = source.name.clone();
        return Ok(look(&name, source).map_err(|unseen| unseen.error(path))?.whole().recording);
    }
    let seen: Vec<Seen> =
        folder(path)?.entries.iter().filter_map(|entry| look(&entry.name, entry.source().ok()?).ok()).collect();
    match seen.as_slice() {
        [only] => Ok(only.whole().recording),
        [] => Err(OpenError::new(path, "There is no recording in this folder.", "Name the file itself.")),
        several => {
            let names: Vec<&str> = several.iter().take(5).map(|s| s.name.as_str()).collect();
            let what = format!("This folder holds {} recordings ({}, …).", several.len(), names.join(", "));
            Err(OpenError::new(path, what, "Name the file itself."))
        }
    }
}

/// The pack with the sides that a person named, whatever their names suggest.
///
/// # Errors
/// When a name is none of the candidates', as a sentence that lists them.
pub fn select(found: &Found, expected: Option<&str>, actual: Option<&str>) -> Result<Pack, OpenError> {
    let (pack, candidates): (&Pack, Vec<Candidate>) = match found {
        Found::Choose { pack, candidates, .. } => (pack, candidates.clone()),
        Found::Ready(pack) => (pack, of_sides(pack)),
    };
    let mut pack = pack.clone();
    for (side, name) in [(Side::Expected, expected), (Side::Actual, actual)] {
        let Some(name) = name else { continue };
        let fits = |c: &&Candidate| c.name == name || c.name.rsplit(['#', '/']).next() == Some(name);
        let Some(candidate) = candidates.iter().find(fits) else {
            let names: Vec<&str> = candidates.iter().map(|c| c.name.as_str()).collect();
            let what = format!("There is no recording \"{name}\" in it. There is: {}.", names.join(", "));
            return Err(OpenError::new(&pack.path, what, "Name one of these."));
        };
        pack.sides[side] = Some(candidate.recording.clone());
    }
    Ok(pack)
}

/// The recordings of a pack whose sides are clear.
fn of_sides(pack: &Pack) -> Vec<Candidate> {
    let of = |side: Side| {
        let recording = pack.sides[side].clone()?;
        Some(Candidate { name: recording.label.clone(), recording, hint: Some(side) })
    };
    Side::BOTH.into_iter().filter_map(of).collect()
}
