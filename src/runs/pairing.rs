//! Which of the files in a folder are a run, and what it is compared with. By names alone, the same rules as for one pack
//! (SEMANTICS rule 5):
//!
//! 1. A folder with a `pack.json`, or with one recording named like expected and one like actual, is a pack; so is a folder
//!    with two folders named so, and so is an archive.
//! 2. Two recordings whose names are equal but for the words of the sides (`run-7-good`, `run-7-bad`) are a pair.
//! 3. A folder of telemetry (its files are named traces, spans, logs or metrics) is a window of requests, compared with the
//!    baseline that was chosen if that is a folder, else with the first such folder.
//! 4. Everything else is compared with the baseline that was chosen, else with the only recording in its folder, or in the
//!    folder above all, that is named like a baseline; else it stands alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::pack::{may_be_recording, side_hint, side_hints, without_sides};
use crate::trace::Side;

/// What says which files of a folder are its sides.
pub(super) const MANIFEST: &str = "pack.json";

/// What files of telemetry are called after.
const TELEMETRY: &[&str] = &["traces", "trace", "spans", "logs", "metrics"];

/// One run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its name in the folder: of its pack, else of the actual recording.
    pub name: String,
    /// What is opened: a pack, or the expected and the actual recording.
    pub paths: Vec<PathBuf>,
    /// The files in the folder that it is made of, by their names.
    pub files: Vec<String>,
}

/// What is known of the names in a folder.
#[derive(Debug, Default)]
pub(super) struct Paired<'a> {
    /// The runs, by name.
    pub runs: Vec<Run>,
    /// True when folders of it are windows of requests, the first of which is the baseline of the others.
    pub windows: bool,
    /// The recordings right in the folder that are named like a baseline, and whose other side is not there.
    pub baselines: Vec<&'a str>,
}

/// The runs among the files of a folder. `names` are sorted and relative to `root`; `baseline` is what a person chose, and is no
/// run itself.
pub(super) fn pair_up<'a>(root: &'a Path, names: &'a [&'a str], baseline: Option<&'a Path>) -> Paired<'a> {
    if !root.is_dir() {
        let alone = |name: &&str| Run {
            name: (*name).to_owned(),
            paths: baseline.into_iter().chain([root]).map(Path::to_path_buf).collect(),
            files: vec![(*name).to_owned()],
        };
        return Paired { runs: names.iter().map(alone).collect(), ..Paired::default() };
    }
    let mut hall = Hall { root, names, baseline, taken: BTreeSet::new(), runs: Vec::new() };
    hall.packs();
    let windows = hall.windows();
    let baselines = hall.pairs();
    hall.runs.sort_by(|a, b| a.name.cmp(&b.name));
    Paired { runs: hall.runs, windows, baselines }
}

/// A name, and the side that it suggests.
type Hinted<'a> = (&'a str, Option<Side>);

struct Hall<'a> {
    root: &'a Path,
    names: &'a [&'a str],
    baseline: Option<&'a Path>,
    taken: BTreeSet<&'a str>,
    runs: Vec<Run>,
}

fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('/').unwrap_or(("", name))
}

fn both<'n>(names: impl IntoIterator<Item = &'n str>) -> bool {
    let hints = side_hints(names);
    let one = |side: Side| hints.iter().filter(|&&hint| hint == Some(side)).count() == 1;
    one(Side::Expected) && one(Side::Actual)
}

/// True when a name has this word, between anything but letters.
fn has_word(name: &str, word: &str) -> bool {
    name.split(|c: char| !c.is_ascii_alphabetic()).any(|part| part.eq_ignore_ascii_case(word))
}

impl<'a> Hall<'a> {
    /// Takes everything in a folder (all, where it is empty) as one run.
    fn take_folder(&mut self, folder: &str) {
        // The names are sorted: those in a folder stand together.
        let below = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let first = self.names.partition_point(|name| **name < *below);
        let inside = self.names[first..].iter().copied().take_while(|name| name.starts_with(&below));
        let files: Vec<&'a str> = inside.filter(|name| !self.taken.contains(name)).collect();
        let title = self.root.file_name().map_or_else(|| ".".to_owned(), |name| name.to_string_lossy().into_owned());
        self.runs.push(Run {
            name: if folder.is_empty() { title } else { folder.to_owned() },
            paths: vec![if folder.is_empty() { self.root.to_path_buf() } else { self.root.join(folder) }],
            files: files.iter().map(|&name| name.to_owned()).collect(),
        });
        self.taken.extend(files);
    }

    fn packs(&mut self) {
        let mut folders: BTreeMap<&'a str, Vec<&'a str>> = BTreeMap::new();
        let mut inner: BTreeMap<&'a str, BTreeSet<&'a str>> = BTreeMap::new();
        for name in self.names {
            let (folder, file) = split(name);
            folders.entry(folder).or_default().push(file);
            if let (above, below) = split(folder)
                && !above.is_empty()
            {
                inner.entry(above).or_default().insert(below);
            }
        }
        if folders.get("").is_some_and(|files| files.contains(&MANIFEST)) {
            return self.take_folder("");
        }
        for (above, below) in inner {
            if both(below.iter().copied()) {
                self.take_folder(above);
            }
        }
        for (folder, files) in folders.into_iter().filter(|(folder, _)| !folder.is_empty()) {
            let free = files.iter().all(|file| !self.taken.contains(format!("{folder}/{file}").as_str()));
            let recordings = files.iter().copied().filter(|file| may_be_recording(file));
            if free && (files.contains(&MANIFEST) || both(recordings)) {
                self.take_folder(folder);
            }
        }
        for name in self.names {
            if !self.taken.contains(name) && name.to_ascii_lowercase().ends_with(".zip") {
                self.alone(name, None);
            }
        }
    }

    /// Folders that hold nothing but telemetry; says whether there are any.
    fn windows(&mut self) -> bool {
        let mut folders: BTreeMap<&'a str, bool> = BTreeMap::new();
        for name in self.names.iter().filter(|name| !self.taken.contains(**name)) {
            let (folder, file) = split(name);
            *folders.entry(folder).or_insert(true) &= TELEMETRY.iter().any(|word| has_word(file, word));
        }
        folders.remove("");
        let mut folders = folders.into_iter().filter_map(|(folder, only)| only.then_some(folder)).peekable();
        let chosen = self.baseline.filter(|baseline| baseline.is_dir()).map(Path::to_path_buf);
        let first = folders.peek().map(|folder| self.root.join(folder));
        let any = first.is_some();
        let Some(baseline) = chosen.or(first) else { return false };
        for folder in folders.filter(|folder| self.root.join(folder) != baseline).collect::<Vec<_>>() {
            self.take_folder(folder);
            if let Some(run) = self.runs.last_mut() {
                run.paths.insert(0, baseline.clone());
            }
        }
        // The baseline's own files are no runs.
        let own = |name: &&&'a str| self.root.join(name).starts_with(&baseline);
        let own: Vec<&'a str> = self.names.iter().filter(own).copied().collect();
        self.taken.extend(own);
        any
    }

    fn alone(&mut self, name: &'a str, with: Option<PathBuf>) {
        self.taken.insert(name);
        let paths = with.into_iter().chain([self.root.join(name)]).collect();
        self.runs.push(Run { name: name.to_owned(), paths, files: vec![name.to_owned()] });
    }

    /// Pairs, and single recordings with their baseline. The baselines right in the folder.
    fn pairs(&mut self) -> Vec<&'a str> {
        let loose = |name: &&&str| !self.taken.contains(**name) && may_be_recording(split(name).1);
        let loose: Vec<&'a str> = self.names.iter().filter(loose).copied().collect();
        // By folder and by name without the words of the sides.
        let mut alike: BTreeMap<(&str, String), Vec<Hinted<'a>>> = BTreeMap::new();
        for name in &loose {
            let (folder, file) = split(name);
            alike.entry((folder, without_sides(file))).or_default().push((name, side_hint(file)));
        }
        let mut rest: Vec<Hinted<'a>> = Vec::new();
        for names in alike.into_values() {
            if let [(one, Some(side)), (other, Some(of_other))] = names.as_slice()
                && *side == of_other.other()
            {
                let (expected, actual) = if *side == Side::Expected { (*one, *other) } else { (*other, *one) };
                self.alone(actual, Some(self.root.join(expected)));
                self.taken.insert(expected);
                if let Some(run) = self.runs.last_mut() {
                    run.files.push(expected.to_owned());
                }
            } else {
                rest.extend(names);
            }
        }
        let mut baselines: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
        for (name, _) in rest.iter().filter(|(_, hint)| *hint == Some(Side::Expected)) {
            baselines.entry(split(name).0).or_default().push(name);
        }
        let only = |folder: &str| match baselines.get(folder).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            _ => None,
        };
        // What was chosen may lie in the folder too, and change.
        let is_chosen = |name: &&&str| self.baseline.is_some_and(|baseline| self.root.join(name).starts_with(baseline));
        let chosen: Vec<String> = self.names.iter().filter(is_chosen).map(|&name| name.to_owned()).collect();
        for (name, hint) in rest {
            let own = self.root.join(name);
            if self.baseline.is_some_and(|baseline| own.starts_with(baseline)) {
                continue;
            }
            if let Some(baseline) = self.baseline {
                self.alone(name, Some(baseline.to_path_buf()));
                if let Some(run) = self.runs.last_mut() {
                    run.files.extend(chosen.iter().cloned());
                }
                continue;
            }
            if hint == Some(Side::Expected) {
                continue;
            }
            let with = only(split(name).0).or_else(|| only(""));
            self.alone(name, with.map(|with| self.root.join(with)));
            if let (Some(with), Some(run)) = (with, self.runs.last_mut()) {
                run.files.push(with.to_owned());
            }
        }
        baselines.remove("").unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(names: &[&str], baseline: Option<&str>) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let baseline = baseline.map(|name| root.join(name));
        let mut names = names.to_vec();
        names.sort_unstable();
        let short = |path: &PathBuf| match path.strip_prefix(root) {
            Ok(below) if below.as_os_str().is_empty() => ".".to_owned(),
            Ok(below) => below.to_string_lossy().into_owned(),
            Err(_) => path.to_string_lossy().into_owned(),
        };
        let line = |run: &Run| run.paths.iter().map(short).collect::<Vec<_>>().join(" > ");
        pair_up(root, &names, baseline.as_deref()).runs.iter().map(line).collect()
    }

    #[test]
    fn folders_and_archives_with_both_sides_are_packs() {
        let names = [
            "a/expected.jsonl",
            "a/actual.jsonl",
            "a/truth.json",
            "b/pack.json",
            "b/x.jsonl",
            "b/y.jsonl",
            "c/baseline/traces.jsonl",
            "c/failing/traces.jsonl",
            "d.zip",
        ];
        assert_eq!(runs(&names, None), ["a", "b", "c", "d.zip"]);
        assert_eq!(runs(&["pack.json", "x.jsonl", "y.jsonl"], None), ["."]);
    }

    #[test]
    fn names_that_differ_by_the_words_of_sides_are_pairs() {
        let names = ["run-7-good.jsonl", "run-7-bad.jsonl", "run-8-good.jsonl", "run-8-bad.jsonl", "notes.md"];
        let pairs = ["run-7-good.jsonl > run-7-bad.jsonl", "run-8-good.jsonl > run-8-bad.jsonl"];
        assert_eq!(runs(&names, None), pairs);
        assert_eq!(runs(&["expected.jsonl", "actual.jsonl"], None), ["expected.jsonl > actual.jsonl"]);
    }

    #[test]
    fn loose_recordings_are_compared_with_the_baseline() {
        let names = ["good.jsonl", "run-1.jsonl", "run-2.jsonl", "deep/run-3.jsonl"];
        let with = ["good.jsonl > deep/run-3.jsonl", "good.jsonl > run-1.jsonl", "good.jsonl > run-2.jsonl"];
        assert_eq!(runs(&names, None), with);
        let chosen = ["run-1.jsonl > deep/run-3.jsonl", "run-1.jsonl > good.jsonl", "run-1.jsonl > run-2.jsonl"];
        assert_eq!(runs(&names, Some("run-1.jsonl")), chosen, "what was chosen wins");
        assert_eq!(
            runs(&["run-1.jsonl", "run-2.jsonl"], None),
            ["run-1.jsonl", "run-2.jsonl"],
            "nothing to compare with"
        );
        assert_eq!(runs(&["good-1.jsonl", "good-2.jsonl", "run.jsonl"], None), ["run.jsonl"], "two baselines are none");
    }

    #[test]
    fn folders_of_telemetry_are_windows_of_requests() {
        let names = ["w1/traces.binpb", "w1/logs.binpb", "w2/traces.binpb", "w3/spans.jsonl", "run.jsonl"];
        assert_eq!(runs(&names, None), ["run.jsonl", "w1 > w2", "w1 > w3"]);
    }

    #[test]
    fn a_folder_of_baselines_holds_no_runs() {
        let names = ["good/1.jsonl", "good/2.jsonl", "run.jsonl"];
        assert_eq!(runs(&names, Some("good")), ["good > run.jsonl"]);
    }
}
