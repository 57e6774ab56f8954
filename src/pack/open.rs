//! The doors of this room: paths or bytes in, what was found out; and the words of a person over it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::archive::archive;
use super::find::{empty, find, one};
use super::listing::{Entry, Listing, folder, title_of};
use super::look::{Kind, Seen, Unseen, is_settled, look};
use super::telemetry::{self, Telemetry, Windows, both_sides, one_request};
use super::words::side_hints;
use super::{Found, OpenError, Pack, Recording, Source, manifest, save};
use crate::ingest::{GIVE_WINDOWS, Request, Select};
use crate::spec::{Overrides, Tolerance};
use crate::trace::{Side, Sides, Warning, WarningKind, Warnings, escape};

/// A span is slow that by itself adds so many times as much as the whole request took.
const TIMES_LONGER: f64 = 2.0;

/// Opens a pack (one path) or a pair (expected, actual). The path `-` is standard input.
///
/// # Errors
/// When there is nothing to open, as a sentence with its remedy.
pub fn open(paths: &[PathBuf]) -> Result<Found, OpenError> {
    let mut found = found(paths)?;
    let (pack, offered) = match &mut found {
        Found::Ready(pack) => (pack, false),
        Found::Choose { pack, candidates, .. } => (pack, candidates.iter().any(|c| c.recording.source.is_told())),
    };
    let told = Side::BOTH.into_iter().filter_map(|side| pack.sides[side].as_ref()).any(|r| r.source.is_told());
    // What happened in a span is known by its name, however seldom that comes again.
    if (told || offered) && pack.overrides.kind.is_none() {
        pack.overrides.kind = Some(Request::KIND.to_owned());
    }
    measure(pack);
    Ok(found)
}

/// Of two requests what each span worked or waited itself is compared, unless that was decided: where a span alone makes the
/// request three times as long as it was. In about 19 of 20 pairs of healthy requests that do the same, of all
/// baselines of Nezha together, none does.
pub(super) fn measure(pack: &mut Pack) {
    let Sides { expected: Some(expected), actual: Some(actual) } = &pack.sides else { return };
    let decided = pack.overrides.tolerance.iter().any(|(path, _)| path == Request::OWN);
    if expected.source.is_told() && actual.source.is_told() && !decided {
        let absolute = TIMES_LONGER * expected.source.took() as f64;
        pack.overrides.tolerance.push((Request::OWN.to_owned(), Tolerance { absolute, relative: 0.0 }));
    }
}

fn found(paths: &[PathBuf]) -> Result<Found, OpenError> {
    match paths {
        [path] => pack(path),
        [expected, actual] => pair(expected, actual).map(|pack| Found::Ready(Box::new(pack))),
        [] => Err(OpenError::new("", "Nothing was named.", "Name a pack, or the expected and the actual recording.")),
        [_, _, third, ..] => {
            let what = "A third path was named, but a comparison has two sides.";
            let remedy = "Name a pack, or the expected and the actual recording. What of one window of requests is in several files \
                 goes into a folder, which is named instead, or into the lists of a pack.json.";
            Err(OpenError::new(third, what, remedy))
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

/// The files in a folder or an archive; none for any other file.
pub(super) fn listing(path: &Path) -> Result<Option<Listing>, OpenError> {
    if path == Path::new("-") {
        return Ok(None);
    }
    if path.is_dir() {
        return folder(path).map(Some);
    }
    archive(path)
}

impl Recording {
    /// The same recording as its file is now, and whether nothing is in it yet. What tells several traces of a file apart was
    /// decided when the pack was opened, and stays.
    ///
    /// # Errors
    /// When the file cannot be read, or is no recording (yet), as a sentence.
    pub fn again(&self) -> Result<(Self, bool), OpenError> {
        let Some(path) = &self.source.path else {
            let same = (self.clone(), false);
            return if self.source.changed() { Err(OpenError::changed(self.source.place())) } else { Ok(same) };
        };
        let source = Arc::new(Source::file(path, self.source.name.clone())?);
        let seen = look(&self.source.name, &source).map_err(|unseen| unseen.error(path))?;
        let whole = self.select == Select::default();
        let format = if whole { seen.whole().recording.format } else { self.format.clone() };
        Ok((Self { source, format, ..self.clone() }, seen.kind == Kind::Empty))
    }

    /// True when more bytes than these cannot change how its records stand in it.
    pub fn is_settled(&self, size: u64) -> bool {
        is_settled(&self.format, size)
    }
}

/// The warning about a recording with nothing in it.
pub fn nothing_in(recording: &Recording) -> Warning {
    empty(&recording.source.name)
}

/// What a path holds: many files, or the one that it names.
fn pack(path: &Path) -> Result<Found, OpenError> {
    // Whoever names a pack by its description means the pack.
    if path.file_name() == Some(OsStr::new(manifest::FILE)) && path.is_file() {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        return pack(folder);
    }
    let mut found = match listing(path)? {
        Some(listing) => match requests(path)? {
            Some(pack) => Found::Ready(Box::new(pack)),
            None => find(listing)?,
        },
        None => one(path.to_path_buf(), title_of(path), seen(path)?)?,
    };
    let (Found::Ready(pack) | Found::Choose { pack, .. }) = &mut found;
    if let Some(saved) = save::beside(&[path.to_path_buf()], &mut pack.warnings) {
        pack.overrides = saved;
    }
    Ok(found)
}

/// The pack of a folder or archive with telemetry of one request: on each side, or without a baseline.
fn requests(path: &Path) -> Result<Option<Pack>, OpenError> {
    let many = |path: &Path| OpenError::new(path, "It holds windows of many requests.", GIVE_WINDOWS);
    let mut warnings = Warnings::default();
    let mut recording = |window: &Telemetry| -> Result<Option<Recording>, OpenError> {
        let Some((recording, more)) = one_request(window)? else { return Ok(None) };
        warnings.extend(more);
        Ok(Some(recording))
    };
    let sides = if let Some(Windows { sides, .. }) = both_sides(path)? {
        let (expected, actual) = (recording(&sides.expected)?, recording(&sides.actual)?);
        if expected.is_none() || actual.is_none() {
            return Err(many(path));
        }
        Sides::new(expected, actual)
    } else {
        // Several files of one request are one recording; a single file is looked at like any other.
        let Some(window) = telemetry::side(path)?.filter(Telemetry::is_parts) else { return Ok(None) };
        let Some(recording) = recording(&window)? else { return Ok(None) };
        Sides::new(None, Some(recording))
    };
    Ok(Some(Pack {
        title: title_of(path),
        story: None,
        notes: None,
        path: path.to_path_buf(),
        sides,
        overrides: Overrides::default(),
        warnings,
    }))
}

/// What is in the file at a path.
fn seen(path: &Path) -> Result<Seen, OpenError> {
    let source = Arc::new(file(path)?);
    let name = source.name.clone();
    look(&name, &source).map_err(|unseen| unseen.error(path))
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
    let mut warnings = Warnings::default();
    let sides = Sides::new(side(expected, &mut warnings)?, side(actual, &mut warnings)?);
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
    if side_hints([names.expected.as_str(), &names.actual]) == [Some(Side::Actual), Some(Side::Expected)] {
        warnings.push(Warning {
            kind: WarningKind::Note,
            file: String::new(),
            line: None,
            what: format!("By their names, {} is actual and {} is expected.", names.expected, names.actual),
            remedy: "They were taken in the order in which they were named; swap them if that was not meant."
                .to_owned(),
            more: 0,
        });
    }
    Ok(Pack {
        title: format!("{} vs {}", names.expected, names.actual),
        story: None,
        notes: None,
        path: expected.to_path_buf(),
        sides,
        overrides: save::beside(&[expected.to_path_buf(), actual.to_path_buf()], &mut warnings).unwrap_or_default(),
        warnings,
    })
}

/// Gives a recording that nobody shares yet another name.
fn rename(recording: &mut Recording, name: &str) {
    name.clone_into(&mut recording.label);
    if let Some(source) = Arc::get_mut(&mut recording.source) {
        name.clone_into(&mut source.name);
    }
}

/// What the first files at a path are that are no recordings, as sentences: ` traces.jsonl: It is a plain text log.`
pub(super) fn reasons(path: &Path) -> String {
    const FEW: usize = 3;
    let entries = match listing(path) {
        Ok(Some(listing)) => listing.entries,
        Ok(None) => vec![Entry::on_disk(title_of(path), path.to_path_buf())],
        Err(_) => return String::new(),
    };
    let told = entries.iter().filter_map(|entry| match look(&entry.name, &entry.source().ok()?) {
        Err(Unseen::NoRecording(why)) => Some(format!(" {}: {}", escape(&entry.name), why.what)),
        _ => None,
    });
    told.take(FEW).collect()
}

/// The one recording that a path of a pair names.
fn side(path: &Path, warnings: &mut Warnings) -> Result<Recording, OpenError> {
    let Some(listing) = listing(path)? else {
        let seen = seen(path)?;
        warnings.extend(seen.warnings.clone());
        if seen.kind == Kind::Empty {
            warnings.push(empty(&seen.name));
        }
        return Ok(seen.whole().recording);
    };
    if let Some(window) = telemetry::side(path)?.filter(Telemetry::is_parts) {
        let Some((recording, more)) = one_request(&window)? else {
            return Err(OpenError::new(path, "It is a window of many requests.", GIVE_WINDOWS));
        };
        warnings.extend(more);
        return Ok(recording);
    }
    let seen: Vec<Seen> =
        listing.entries.iter().filter_map(|entry| look(&entry.name, &entry.source().ok()?).ok()).collect();
    let what = match seen.as_slice() {
        [only] => {
            warnings.extend(only.warnings.clone());
            return Ok(only.whole().recording);
        }
        [] => format!("There is no recording in it.{}", reasons(path)),
        several => {
            let names: Vec<&str> = several.iter().take(5).map(|s| s.name.as_str()).collect();
            let more = if several.len() > 5 { ", …" } else { "" };
            format!("It holds {} recordings, where one is needed: {}{more}.", several.len(), names.join(", "))
        }
    };
    Err(OpenError::new(path, what, "Name the recording's own file."))
}
