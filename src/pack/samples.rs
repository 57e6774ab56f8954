//! Sampled recordings at a path: a file of samples, a folder with several that make one run, or a folder with a baseline and the
//! runs to compare with it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::find::may_be_recording;
use super::listing::{Entry, Listing, title_of};
use super::look::{Kind, look};
use super::manifest::{self, Manifest, Named};
use super::open::listing;
use super::save::beside;
use super::words::side_hints;
use super::{Candidate, OpenError, Pack, Recording, Source};
use crate::ingest::{Format, SampleFormat, Select, is_loop_of_metrics, sample_format};
use crate::spec::Overrides;
use crate::trace::{Side, Sides, Warnings};

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

/// What was found at some paths.
#[derive(Debug, Default)]
pub struct SampledRuns {
    /// A baseline with a run each, or one run without a baseline.
    pub pairs: Vec<Sides<Option<Sampled>>>,
    /// What was decided about them and saved.
    pub overrides: Overrides,
    /// What is wrong with what was saved.
    pub warnings: Warnings,
}

impl SampledRuns {
    /// Every run by its name, the baseline first; each is offered once.
    pub fn names(&self) -> Vec<&str> {
        let baseline = self.pairs.first().and_then(|pair| pair.expected.as_ref());
        let others = self.pairs.iter().filter_map(|pair| pair.actual.as_ref());
        baseline.into_iter().chain(others).map(|run| run.label.as_str()).collect()
    }

    /// What a person chooses two of: the baseline is chosen already.
    pub fn offered(&self, path: &Path) -> (Pack, Vec<Candidate>) {
        let pack = Pack {
            title: title_of(path),
            story: None,
            notes: None,
            path: path.to_path_buf(),
            sides: Sides::default(),
            overrides: self.overrides.clone(),
            warnings: self.warnings.clone(),
        };
        let baseline =
            self.pairs.first().and_then(|pair| pair.expected.as_ref()).map(|run| (run, Some(Side::Expected)));
        let others = self.pairs.iter().filter_map(|pair| Some((pair.actual.as_ref()?, None)));
        let offered = baseline.into_iter().chain(others).filter_map(|(run, hint)| {
            let (source, format) = run.files.first()?;
            // What is chosen is found again by its name; how its records stand is told by its bytes.
            let format = if *format == SampleFormat::Waves { Format::Vcd } else { Format::JsonLines };
            let (source, select) = (Arc::clone(source), Select::default());
            let recording = Recording { label: run.label.clone(), source, format, select };
            Some(Candidate { name: run.label.clone(), recording, hint, described: None })
        });
        (pack, offered.collect())
    }

    /// The pair of two runs by their names; where one is not named, the baseline, or the only run beside it. `None` where there
    /// is no such pair.
    #[must_use]
    pub fn choose(self, expected: Option<&str>, actual: Option<&str>) -> Option<Self> {
        let all: Vec<Sampled> = {
            let baseline = self.pairs.first().and_then(|pair| pair.expected.clone());
            baseline.into_iter().chain(self.pairs.iter().filter_map(|pair| pair.actual.clone())).collect()
        };
        let named = |name: &str| all.iter().find(|run| run.label == name).cloned();
        let baseline = || self.pairs.first().and_then(|pair| pair.expected.clone());
        let only = || self.pairs.first().filter(|_| self.pairs.len() == 1).and_then(|pair| pair.actual.clone());
        let pair = Sides::new(expected.map_or_else(baseline, named)?, actual.map_or_else(only, named)?);
        Some(Self { pairs: vec![pair.map(Some)], ..self })
    }
}

/// The sampled runs at some paths; `None` where there are none. `asked`: whether somebody wants the signals even of what could be
/// something else, or wants no signals; what was saved, where nobody says so.
///
/// # Errors
/// When a path cannot be read, as a sentence.
pub fn samples(paths: &[PathBuf], asked: Option<bool>) -> Result<Option<SampledRuns>, OpenError> {
    if paths.iter().any(|path| path == Path::new("-")) || paths.len() > 2 {
        return Ok(None);
    }
    let mut warnings = Warnings::default();
    let listing = lone_listing(paths)?;
    let saved = saved(paths, listing.as_ref(), &mut warnings);
    let overrides = saved.spec.clone().unwrap_or_default();
    let asked = match asked.or(overrides.signals) {
        Some(false) => return Ok(None),
        wanted => wanted.is_some(),
    };
    let pairs = match paths {
        [lone] => pack(lone, listing, &saved, asked)?,
        [expected, actual] => match (run(expected, asked)?, run(actual, asked)?) {
            (Some(mut expected_run), Some(mut actual_run)) => {
                if expected_run.label == actual_run.label && expected != actual {
                    expected_run.label = expected.to_string_lossy().into_owned();
                    actual_run.label = actual.to_string_lossy().into_owned();
                }
                vec![Sides::new(Some(expected_run), Some(actual_run))]
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    Ok((!pairs.is_empty()).then_some(SampledRuns { pairs, overrides, warnings }))
}

/// True where the paths are read as signals before anybody looks for requests in them: since that was asked for, now or when it was
/// saved, or since every file holds metrics of a control loop.
///
/// # Errors
/// When a path cannot be read, as a sentence.
pub fn signals_first(paths: &[PathBuf], asked: Option<bool>) -> Result<bool, OpenError> {
    if paths.iter().any(|path| path == Path::new("-")) {
        return Ok(false);
    }
    if let Some(wanted) = asked {
        return Ok(wanted);
    }
    let saved = saved(paths, lone_listing(paths)?.as_ref(), &mut Warnings::default());
    if let Some(wanted) = saved.spec.and_then(|spec| spec.signals) {
        return Ok(wanted);
    }
    let tells_of_a_loop = |path: &PathBuf| {
        let source = Entry::on_disk(title_of(path), path.clone()).source();
        let stream = source.and_then(|source| Ok(source.stream()?.in_blocks_of(HEAD)));
        path.is_file() && stream.is_ok_and(|mut stream| stream.next().is_ok_and(is_loop_of_metrics))
    };
    Ok(!paths.is_empty() && paths.iter().all(tells_of_a_loop))
}

/// What is in the one path, where it is a folder or an archive.
fn lone_listing(paths: &[PathBuf]) -> Result<Option<Listing>, OpenError> {
    if let [lone] = paths { listing(lone) } else { Ok(None) }
}

/// What is said of the recordings beside them, or in the description among them.
fn saved(paths: &[PathBuf], listing: Option<&Listing>, warnings: &mut Warnings) -> Manifest {
    let Some(listing) = listing else {
        return Manifest { spec: beside(paths, warnings), ..Manifest::default() };
    };
    let description = listing.entries.iter().find(|entry| entry.name == manifest::FILE);
    description.map(|entry| manifest::read(entry, warnings)).unwrap_or_default()
}

/// A pair of sources that are open already, such as those of a described pack; `None` where either is no samples.
pub fn sampled(sides: &Sides<Option<super::Recording>>, asked: Option<bool>) -> Option<Sides<Option<Sampled>>> {
    if asked == Some(false) {
        return None;
    }
    let asked = asked.is_some();
    let of = |side: Side| {
        let recording = sides[side].as_ref()?;
        let format = format_of(&recording.source, asked)?;
        Some(Sampled { label: recording.label.clone(), files: vec![(Arc::clone(&recording.source), format)] })
    };
    let found = Sides::new(of(Side::Expected), of(Side::Actual));
    let whole = Side::BOTH.into_iter().all(|side| found[side].is_some() == sides[side].is_some());
    (whole && found.actual.is_some()).then_some(found)
}

/// How samples stand in a source, if they do.
fn format_of(source: &Source, asked: bool) -> Option<SampleFormat> {
    let mut stream = source.stream().ok()?.in_blocks_of(HEAD);
    sample_format(stream.next().ok()?, asked)
}

/// The samples among the files of a folder or an archive.
fn among(entries: &[Entry], asked: bool) -> Vec<(String, Arc<Source>, SampleFormat)> {
    let found = entries.iter().filter(|entry| entry.name != manifest::FILE).filter_map(|entry| {
        // What cannot be read is said when it is read.
        let source = entry.source().ok()?;
        let format = format_of(&source, asked)?;
        Some((entry.name.clone(), source, format))
    });
    found.collect()
}

/// The one run at a path.
fn run(path: &Path, asked: bool) -> Result<Option<Sampled>, OpenError> {
    let entries = match listing(path)? {
        Some(Listing { entries, .. }) => entries,
        None => vec![Entry::on_disk(title_of(path), path.to_path_buf())],
    };
    let found = among(&entries, asked);
    let files: Vec<_> = found.into_iter().map(|(_, source, format)| (source, format)).collect();
    Ok((!files.is_empty()).then(|| Sampled { label: title_of(path), files }))
}

/// True where a folder with both sides of a pair in it lies beside some of the samples: then they are several packs, and no run
/// has them all. Pictures and logs that a run wrote are no pair, whatever their names say.
fn holds_a_pair_beside(entries: &[Entry], samples: &[(String, Arc<Source>, SampleFormat)]) -> bool {
    let mut folders: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| may_be_recording(entry.file_name())) {
        folders.entry(entry.folder()).or_default().push(entry);
    }
    let is_sampled = |entry: &Entry| samples.iter().any(|(name, ..)| *name == entry.name);
    let is_recorded = |entry: &Entry| {
        let seen = entry.source().ok().and_then(|source| look(&entry.name, &source).ok());
        seen.is_some_and(|seen| seen.kind == Kind::Recording)
    };
    let is_pair = |files: &[&Entry]| {
        let hints = side_hints(files.iter().map(|file| file.file_name()));
        let is_one = |(file, _): (&&Entry, _)| is_sampled(file) || is_recorded(file);
        let mut sides = Side::BOTH.into_iter();
        sides.all(|side| files.iter().zip(&hints).filter(|(_, hint)| **hint == Some(side)).any(is_one))
    };
    let of = |name: &str| entries.iter().find(|entry| entry.name == name).map_or("", Entry::folder);
    let beside = |folder: &str| samples.iter().any(|(name, ..)| of(name) != folder);
    folders.iter().any(|(folder, files)| beside(folder) && is_pair(files))
}

/// What one path holds: a run, or a baseline with one or more runs to compare with it. A description says itself which is which.
fn pack(
    path: &Path,
    listing: Option<Listing>,
    described: &Manifest,
    asked: bool,
) -> Result<Vec<Sides<Option<Sampled>>>, OpenError> {
    let Some(Listing { entries, .. }) = listing else {
        return Ok(run(path, asked)?.map(|run| Sides::new(None, Some(run))).into_iter().collect());
    };
    let found = among(&entries, asked);
    let single = |at: usize| {
        let (name, source, format) = &found[at];
        Sampled { label: name.clone(), files: vec![(Arc::clone(source), *format)] }
    };
    let place = |wanted: &Named| found.iter().position(|(name, ..)| Some(name.as_str()) == wanted.one());
    match (&described.expected, &described.actual) {
        (Some(expected), Some(actual)) => {
            let pair = place(expected).zip(place(actual));
            return Ok(pair.map(|(e, a)| Sides::new(Some(single(e)), Some(single(a)))).into_iter().collect());
        }
        (None, None) => {}
        // What it says of one recording alone is for whoever finds the other.
        _ => return Ok(Vec::new()),
    }
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let hints = side_hints(found.iter().map(|(name, ..)| name.as_str()));
    let baselines: Vec<usize> = (0..found.len()).filter(|&at| hints[at] == Some(Side::Expected)).collect();
    if let ([baseline], true) = (baselines.as_slice(), found.len() > 1) {
        let others = (0..found.len()).filter(|at| at != baseline);
        return Ok(others.map(|at| Sides::new(Some(single(*baseline)), Some(single(at)))).collect());
    }
    if !asked && holds_a_pair_beside(&entries, &found) {
        return Ok(Vec::new());
    }
    let files = found.into_iter().map(|(_, source, format)| (source, format)).collect();
    Ok(vec![Sides::new(None, Some(Sampled { label: title_of(path), files }))])
}
