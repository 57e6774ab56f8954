//! The telemetry of requests at a path: a file of it, or a folder with files for traces, logs and metrics; a pack of two such
//! folders; and what is of one request as a recording.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::listing::{Entry, Listing, in_side, skipped, title_of};
use super::manifest::{self, Named};
use super::open::{listing, reasons};
use super::words::side_hints;
use super::{OpenError, Recording, Source};
use crate::ingest::{Format, GIVE_WINDOWS, Refusal, Request, Select, TELEMETRY_HEAD, is_telemetry};
use crate::trace::{Marks, Side, Sides, Warning, WarningKind, Warnings, escape};

/// Bytes of a file that mostly show that it tells of many requests.
const GLANCE: u64 = 1 << 20;
/// What to do about telemetry of which nothing can be read.
const AGAIN: &str = "Export it again.";
/// Bytes beyond which nobody looks whether all of them are of one request.
const MOST: usize = 256 << 20;
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

/// The windows to compare.
#[derive(Debug, Clone)]
pub struct Windows {
    /// The baseline and the failing window.
    pub sides: Sides<Telemetry>,
    /// Further baselines.
    pub baselines: Vec<Telemetry>,
}

impl Windows {
    /// The same with the sides exchanged. Further baselines are left out: they belong to what is the failing window then.
    #[must_use]
    pub fn swapped(self) -> Self {
        let mut sides = self.sides.swapped();
        for more in &self.baselines {
            let what = "It is a further baseline of what is looked at here, which has one side only.";
            sides.actual.warnings.push(skipped(&more.label, what, "Swap the sides back to use it."));
        }
        Self { sides, baselines: Vec::new() }
    }

    /// Every window: the baseline, the failing one, the further baselines.
    pub fn all(&self) -> impl Iterator<Item = &Telemetry> {
        [&self.sides.expected, &self.sides.actual].into_iter().chain(&self.baselines)
    }
}

/// The telemetry of many requests at a path (a pack of both sides, maybe with several baselines) or at two, with further baselines
/// at other paths; `None` where there is none, or one request on each side, which is a recording like any other.
///
/// # Errors
/// When a path cannot be read, only one window is named, or a further baseline is none, as a sentence.
pub fn windows(paths: &[PathBuf], baselines: &[PathBuf]) -> Result<Option<Windows>, OpenError> {
    let windows = typed(paths)?;
    let windows = match (windows, baselines) {
        (None, _) => return Ok(None),
        (Some(mut windows), more) => {
            for path in more {
                let Some(window) = side(path)? else {
                    let what = "There are no traces, logs or metrics of requests in it.";
                    return Err(OpenError::new(path, what, "Name a window of telemetry with --baseline."));
                };
                windows.baselines.push(window);
            }
            windows
        }
    };
    let single = windows.baselines.is_empty()
        && one_request(&windows.sides.expected)?.is_some()
        && one_request(&windows.sides.actual)?.is_some();
    Ok((!single).then_some(windows))
}

/// The windows that were named.
fn typed(paths: &[PathBuf]) -> Result<Option<Windows>, OpenError> {
    if paths.iter().any(|path| path == Path::new("-")) {
        return Ok(None);
    }
    if let [lone] = paths {
        if let Some(windows) = both_sides(lone)? {
            return Ok(Some(windows));
        }
        let Some(window) = side(lone)? else { return Ok(None) };
        return match window.requests()? {
            Requests::One(..) => Ok(None),
            Requests::Nothing(Some(why)) => {
                let line = why.line.map_or_else(String::new, |line| format!("Line {line}: "));
                Err(OpenError::new(lone, line + &why.what, AGAIN))
            }
            Requests::Many | Requests::Nothing(None) => {
                let remedy = format!("{GIVE_WINDOWS} With --signals its metrics are read over time.");
                Err(OpenError::new(lone, "It is one window of telemetry.", remedy))
            }
        };
    }
    let [expected, actual] = paths else { return Ok(None) };
    match (side(expected)?, side(actual)?) {
        (Some(expected), Some(actual)) => {
            Ok(Some(Windows { sides: Sides::new(expected, actual), baselines: Vec::new() }))
        }
        (Some(window), None) if is_of_many(&window)? => Err(no_window(actual, &window)),
        (None, Some(window)) if is_of_many(&window)? => Err(no_window(expected, &window)),
        _ => Ok(None),
    }
}

/// That what is named beside a window of many requests is none, and why.
fn no_window(path: &Path, other: &Telemetry) -> OpenError {
    let what = format!(
        "There is no telemetry of requests in it to compare with the window {}.{}",
        escape(&other.label),
        reasons(path)
    );
    OpenError::new(path, what, "Export this side again, or give two recordings of one kind.")
}

/// The telemetry at a path; `None` where there is none.
pub(super) fn side(path: &Path) -> Result<Option<Telemetry>, OpenError> {
    let label = title_of(path);
    match listing(path)? {
        Some(Listing { entries, warnings, .. }) => Ok(of_entries(label, &entries, warnings)),
        None => Ok(of_entries(label.clone(), &[Entry::on_disk(label, path.to_path_buf())], Warnings::default())),
    }
}

/// The windows of a pack whose folders, or else its files, are called like the two sides. More than one baseline may be among
/// the folders.
pub(super) fn both_sides(path: &Path) -> Result<Option<Windows>, OpenError> {
    let Some(Listing { entries, mut warnings, .. }) = listing(path)? else { return Ok(None) };
    // A description says itself which is which.
    if let Some(own) = entries.iter().find(|entry| entry.name == manifest::FILE) {
        return described(own, &entries, warnings);
    }
    let mut found = by_side(&entries);
    if entries.iter().all(|entry| entry.folder().is_empty()) {
        // Files of one side are one window.
        for side in Side::BOTH {
            let mut all = std::mem::take(&mut found[side]).into_iter();
            if let Some((name, mut entries)) = all.next() {
                entries.extend(all.flat_map(|(_, entries)| entries));
                found[side].push((name, entries));
            }
        }
    }
    let [baselines, failing] = [Side::Expected, Side::Actual].map(|side| {
        let of =
            |(name, entries): &(&str, Vec<Entry>)| of_entries(title_of(Path::new(name)), entries, Warnings::default());
        found[side].iter().filter_map(of).collect::<Vec<Telemetry>>()
    });
    let (mut baselines, mut failing) = (baselines.into_iter(), failing.into_iter());
    let (Some(expected), Some(mut actual)) = (baselines.next(), failing.next()) else { return Ok(None) };
    if let Some(second) = failing.next() {
        let what = format!("{} and {} are both called like the failing window.", actual.label, second.label);
        return Err(OpenError::new(path, what, "Name the two windows themselves, the baseline first."));
    }
    warnings.extend(std::mem::take(&mut actual.warnings));
    actual.warnings = warnings;
    Ok(Some(Windows { sides: Sides::new(expected, actual), baselines: baselines.collect() }))
}

/// The windows that a description names: each in a file, in a folder, or in several of them. `None` where it does not name both,
/// something that it names is not there, or there is no telemetry in it.
fn described(own: &Entry, entries: &[Entry], mut warnings: Warnings) -> Result<Option<Windows>, OpenError> {
    // What is wrong with it is said by whoever opens the pack as one of recordings.
    let description = manifest::read(own, &mut Warnings::default());
    let side = |named: Option<Named>| {
        let named = named?;
        let mut found: Vec<Entry> = Vec::new();
        for name in named.names().iter().map(|name| name.trim_end_matches('/')) {
            let within = |entry: &&Entry| {
                entry.name == name || entry.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'))
            };
            let before = found.len();
            found.extend(entries.iter().filter(within).cloned());
            if found.len() == before {
                return None;
            }
        }
        of_entries(named.names().join(", "), &found, Warnings::default())
    };
    let (Some(expected), Some(mut actual)) = (side(description.expected), side(description.actual)) else {
        return Ok(None);
    };
    // One request in one file is a recording like any other, and everything else that stands there is about it.
    let recording = |of: &Telemetry| Ok::<bool, OpenError>(of.sources.len() == 1 && one_request(of)?.is_some());
    if recording(&expected)? && recording(&actual)? {
        return Ok(None);
    }
    warnings.extend(std::mem::take(&mut actual.warnings));
    actual.warnings = warnings;
    Ok(Some(Windows { sides: Sides::new(expected, actual), baselines: Vec::new() }))
}

/// The folders of a pack that are called like its sides, or its files where it has no folders, by name with what is in them.
pub(super) fn by_side(entries: &[Entry]) -> Sides<Vec<(&str, Vec<Entry>)>> {
    let mut groups: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
    let folders = entries.iter().any(|entry| !entry.folder().is_empty());
    for entry in entries.iter().filter(|entry| entry.folder().is_empty() != folders) {
        let group = if folders { entry.folder() } else { entry.file_name() };
        groups.entry(group).or_default().push(entry.clone());
    }
    let mut found: Sides<Vec<(&str, Vec<Entry>)>> = Sides::default();
    let hints = side_hints(groups.keys().copied());
    for ((name, entries), hint) in groups.into_iter().zip(hints) {
        if let Some(side) = hint {
            found[side].push((name, entries));
        }
    }
    found
}

/// What of some files is the telemetry of one window.
fn of_entries(label: String, entries: &[Entry], mut warnings: Warnings) -> Option<Telemetry> {
    let mut found: Vec<(String, Arc<Source>)> = Vec::new();
    for entry in entries {
        // What cannot be read is said when it is read.
        let Ok(source) = entry.source() else { continue };
        let Ok(mut stream) = source.stream().map(|stream| stream.in_blocks_of(TELEMETRY_HEAD)) else { continue };
        if stream.next().is_ok_and(is_telemetry) {
            found.push((entry.file_name().to_owned(), source));
        }
    }
    if found.iter().any(|(name, _)| named(name)) {
        for (name, _) in found.iter().filter(|(name, _)| !named(name)) {
            let what = "By its name it is of another window than the traces, logs and metrics beside it.";
            warnings.push(skipped(&in_side(&label, name), what, "Name the file itself to compare it."));
        }
        found.retain(|(name, _)| named(name));
    }
    let sources: Vec<Arc<Source>> = found.into_iter().map(|(_, source)| source).collect();
    (!sources.is_empty()).then_some(Telemetry { label, sources, warnings })
}

/// True for the name of a file with one of the signals of a window.
fn named(name: &str) -> bool {
    SIGNALS.contains(&name.split('.').next().unwrap_or(name))
}

impl Telemetry {
    /// True when it is in several files that are called like the parts of one window.
    pub(super) fn is_parts(&self) -> bool {
        let name = |source: &Source| named(source.name.rsplit('/').next().unwrap_or(&source.name));
        self.sources.len() > 1 && self.sources.iter().all(|source| name(source))
    }

    /// What a file of this side is called in messages.
    pub fn file(&self, source: &Source) -> String {
        in_side(&self.label, &source.name)
    }
}

/// True for a side with more than one request, which can be compared with nothing but another such.
fn is_of_many(of: &Telemetry) -> Result<bool, OpenError> {
    Ok(matches!(of.requests()?, Requests::Many))
}

/// What telemetry tells of.
enum Requests {
    /// One request, as lines of JSON, with what was wrong.
    One(Arc<Source>, Warnings),
    /// Several.
    Many,
    /// No spans nor lines of a log, and why, where something could not be read.
    Nothing(Option<Warning>),
}

impl Requests {
    /// Reads the files of one side, each `called` so in messages, until they tell of a second request; `warnings` come first.
    fn read(
        sources: &[Arc<Source>],
        label: &str,
        called: impl Fn(&Source) -> String,
        mut warnings: Warnings,
    ) -> Result<Self, OpenError> {
        // Most of those of many requests show it soon.
        let mut glance = Request::default();
        for source in sources.iter().filter(|source| source.size() > GLANCE) {
            let mut stream = source.stream()?.in_blocks_of(GLANCE as usize);
            glance.read(&called(source), stream.next()?);
            if glance.is_many() {
                return Ok(Self::Many);
            }
        }
        let mut request = Request::default();
        for source in sources {
            let Some(bytes) = source.whole(MOST, &mut warnings)? else { return Ok(Self::Many) };
            warnings.extend(request.read(&called(source), &bytes));
            if request.is_many() {
                return Ok(Self::Many);
            }
        }
        if !request.is_one() {
            return Ok(Self::Nothing(warnings.as_slice().iter().find(|warning| warning.kind.partial()).cloned()));
        }
        let told = request.finish();
        warnings.extend(unusual(label, &told.marks));
        Ok(Self::One(Arc::new(Source::telling(sources.to_vec(), told)), warnings))
    }
}

impl Telemetry {
    fn requests(&self) -> Result<Requests, OpenError> {
        Requests::read(&self.sources, &self.label, |source| self.file(source), self.warnings.clone())
    }
}

/// A side as a recording of its one request, with what was wrong; `None` when there are more, or no events.
pub(super) fn one_request(of: &Telemetry) -> Result<Option<(Recording, Warnings)>, OpenError> {
    let Requests::One(source, warnings) = of.requests()? else { return Ok(None) };
    let recording = Recording { label: of.label.clone(), source, format: Format::JsonLines, select: Select::default() };
    Ok(Some((recording, warnings)))
}

/// The one request in a file as lines of JSON, with what was wrong.
pub(super) fn in_file(name: &str, source: &Arc<Source>) -> Result<Result<(Arc<Source>, Warnings), Refusal>, OpenError> {
    let many = "It is the telemetry of many requests, of which whole windows are compared.";
    let nothing = "It is telemetry without a span or a line of a log.";
    Ok(match Requests::read(std::slice::from_ref(source), name, |_| name.to_owned(), Warnings::default())? {
        Requests::One(source, warnings) => Ok((source, warnings)),
        Requests::Many => Err(Refusal::other(many, GIVE_WINDOWS)),
        Requests::Nothing(None) => Err(Refusal::other(nothing, GIVE_WINDOWS)),
        Requests::Nothing(Some(why)) => Err(Refusal::other(&why.what, AGAIN)),
    })
}

/// What is unusual about a request's spans.
fn unusual(file: &str, marks: &Marks) -> Option<Warning> {
    let words = marks.words();
    (!words.is_empty()).then(|| Warning {
        kind: WarningKind::Note,
        file: file.to_owned(),
        line: None,
        what: format!("It has {}.", words.join(", ")),
        remedy: "All were read; an event without its parent stands by itself.".to_owned(),
        more: 0,
    })
}
