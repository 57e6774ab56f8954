//! `pack.json`: what a pack says about itself.

use serde::Deserialize;

use super::listing::Entry;
use super::look::{Unseen, look};
use super::{Candidate, Recording};
use crate::spec::Overrides;
use crate::trace::{Sides, Warning, WarningKind, Warnings};

/// Its name.
pub const FILE: &str = "pack.json";

/// The version that is written and understood today.
pub const VERSION: u64 = 1;

/// Bytes of a `pack.json` or of notes beyond which they are none.
const MAX_TEXT: u32 = 1 << 20;

/// What `pack.json` says. Keys that are not known are left alone.
#[derive(Debug, Default, Deserialize)]
pub struct Manifest {
    /// Version of the layout.
    #[serde(default)]
    pub dettrace_pack: u64,
    /// Title of the pack.
    pub title: Option<String>,
    /// What happened, in a line.
    pub story: Option<String>,
    /// Notes, as Markdown.
    pub notes: Option<String>,
    /// The comparison spec's overrides.
    pub spec: Option<Overrides>,
    /// The baseline: `file` or `file#trace`; of a window of requests also a folder, or several.
    pub expected: Option<Named>,
    /// The candidate, in the same way.
    pub actual: Option<Named>,
}

/// What a side is in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Named {
    /// One thing.
    One(String),
    /// Several files or folders of one window of requests.
    Several(Vec<String>),
}

impl Named {
    /// All of them.
    pub fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }

    /// What stands there, where it is one thing.
    pub fn one(&self) -> Option<&str> {
        if let [only] = self.names() { Some(only) } else { None }
    }
}

/// All of a small text.
fn text(entry: &Entry) -> Option<Vec<u8>> {
    let source = entry.source().ok()?;
    let mut stream = source.stream().ok()?.in_blocks_of(MAX_TEXT as usize);
    stream.next().ok().map(<[u8]>::to_vec)
}

/// Notes beside the recordings.
pub fn notes(entry: &Entry) -> Option<String> {
    text(entry).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn warning(kind: WarningKind, entry: &Entry, line: Option<u32>, what: String, remedy: &str) -> Warning {
    Warning { kind, file: entry.name.clone(), line, what, remedy: remedy.to_owned(), more: 0 }
}

/// Reads a `pack.json`; what is wrong with it is told, and it counts as empty then.
pub fn read(entry: &Entry, warnings: &mut Warnings) -> Manifest {
    let bytes = text(entry).unwrap_or_default();
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    match serde_json::from_slice::<Manifest>(bytes) {
        Ok(manifest) => {
            if manifest.dettrace_pack > VERSION {
                let what = format!(
                    "It has version {}, and this DetTrace knows up to {VERSION}; what is new in it is left out.",
                    manifest.dettrace_pack
                );
                warnings.push(warning(
                    WarningKind::Note,
                    entry,
                    None,
                    what,
                    "Update DetTrace if something is missing.",
                ));
            }
            manifest
        }
        Err(error) => {
            let what = format!("It cannot be understood ({error}), so it was left out.");
            let remedy = "Correct it; until then the names of the files decide.";
            // An answer to another question than the pack asks is no complete one.
            warnings.push(warning(WarningKind::Unreadable, entry, Some(error.line() as u32), what, remedy));
            Manifest::default()
        }
    }
}

/// The recordings that the manifest names, if it names any and all of them are there.
pub fn sides(
    manifest: &Manifest,
    entries: &[Entry],
    own: &Entry,
    warnings: &mut Warnings,
) -> Option<Sides<Option<Recording>>> {
    let mut sides = Sides::default();
    let mut any = false;
    for (side, name) in
        [(crate::trace::Side::Expected, &manifest.expected), (crate::trace::Side::Actual, &manifest.actual)]
    {
        let Some(of_side) = name else { continue };
        any = true;
        let name = of_side.names().join(", ");
        let several = || "only a window of requests can be in several files.".to_owned();
        match of_side.one().ok_or_else(several).and_then(|one| named(one, entries, own.folder())) {
            Ok(candidate) => sides[side] = Some(candidate.recording),
            Err(why) => {
                let remedy = "Correct it; until then the names of the files decide.";
                let what = format!("It names \"{name}\" as {side}, but {why}");
                warnings.push(warning(WarningKind::Unreadable, own, None, what, remedy));
                return None;
            }
        }
    }
    any.then_some(sides)
}

/// The recording that a `file` or `file#trace` in a manifest means.
fn named(name: &str, entries: &[Entry], folder: &str) -> Result<Candidate, String> {
    let find = |file: &str| {
        let path = if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") };
        entries.iter().find(|e| e.name == path)
    };
    let (entry, trace) = match (find(name), name.rsplit_once('#')) {
        (Some(entry), _) => (entry, None),
        (None, Some((file, trace))) => (find(file).ok_or("there is no such file in the pack.")?, Some(trace)),
        (None, None) => return Err("there is no such file in the pack.".to_owned()),
    };
    let source = entry.source().map_err(|e| e.what)?;
    let seen = look(&entry.name, &source).map_err(|why| match why {
        Unseen::NoRecording(why) => format!("that is no recording: {}", why.what),
        Unseen::Trouble(error) => error.what,
    })?;
    let Some(trace) = trace else { return Ok(seen.whole()) };
    let found = seen.traces().into_iter().find(|c| c.name.rsplit_once('#').is_some_and(|(_, id)| id == trace));
    found.ok_or_else(|| "that file holds no such trace.".to_owned())
}
