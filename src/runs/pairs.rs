//! The runs of a folder as its names come and go: only those that a change can concern are paired up anew, so that one more
//! run among ten thousand costs one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::Run;
use super::pairing::{MANIFEST, Paired, pair_up};
use crate::pack::without_sides;

/// Names that are paired up together. What is in others matters to them only as a baseline.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    /// Everything in a folder of the watched one, however deep.
    Folder(String),
    /// What lies in the watched folder itself and has this name without the words of the sides.
    Alike(String),
}

impl Unit {
    fn of(name: &str) -> Self {
        match name.split_once('/') {
            Some((folder, _)) => Self::Folder(folder.to_owned()),
            None => Self::Alike(without_sides(name)),
        }
    }

    fn of_run(run: &Run) -> Self {
        let folder = || Self::Folder(run.name.split('/').next().unwrap_or_default().to_owned());
        run.files.first().map_or_else(folder, |file| Self::of(file))
    }
}

/// What is in a unit.
#[derive(Debug, Clone, Default)]
struct Members {
    names: BTreeSet<String>,
    /// The names of its runs.
    runs: Vec<String>,
}

/// What a change made of the runs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Repaired {
    /// All runs that the change can concern, as they are now, by name.
    pub runs: Vec<Run>,
    /// Runs that are no more.
    pub gone: BTreeSet<String>,
}

/// What came of pairing up a few names.
enum Few {
    Done(Repaired),
    /// They are more than may be looked at now.
    TooMany,
    /// It concerns all others too; the touched names as they were given.
    All(BTreeMap<Unit, Members>),
}

/// The names in a folder, and its runs.
#[derive(Debug)]
pub(super) struct Pairs {
    root: PathBuf,
    /// What a person chose to compare with, and its own files in the folder.
    baseline: Option<PathBuf>,
    chosen: BTreeSet<String>,
    units: BTreeMap<Unit, Members>,
    /// Recordings right in the folder that may be the baseline of all.
    baselines: BTreeSet<String>,
    /// True while there are windows of requests, which all depend on the first of them.
    windows: bool,
    names: usize,
}

impl Pairs {
    pub fn new(root: &Path, baseline: Option<PathBuf>) -> Self {
        Self {
            root: root.to_path_buf(),
            baseline: baseline.map(|baseline| as_in(root, baseline)),
            chosen: BTreeSet::new(),
            units: BTreeMap::new(),
            baselines: BTreeSet::new(),
            windows: false,
            names: 0,
        }
    }

    /// Takes in which names came, and which went (false). `None`, and nothing is taken in, where more than `most` names would
    /// have to be looked at.
    pub fn take(&mut self, changes: &BTreeMap<&str, bool>, most: usize) -> Option<Repaired> {
        let mut touched: BTreeMap<Unit, Members> = BTreeMap::new();
        for (&name, &here) in changes {
            let unit = Unit::of(name);
            let known = |unit: &Unit| self.units.get(unit).cloned().unwrap_or_default();
            let members = touched.entry(unit).or_insert_with_key(known);
            if here {
                members.names.insert(name.to_owned());
            } else {
                members.names.remove(name);
            }
        }
        if !self.concerns_all(changes) {
            match self.pair_few(changes, touched, most) {
                Few::Done(repaired) => return Some(repaired),
                Few::TooMany => return None,
                Few::All(kept) => touched = kept,
            }
        }
        (self.names.saturating_add(changes.len()) <= most).then(|| self.pair_all(changes, touched))
    }

    /// True when all runs must be paired up anew: a pack in the folder itself is all of it, and a change of what all are
    /// compared with is a change of all.
    fn concerns_all(&self, changes: &BTreeMap<&str, bool>) -> bool {
        let manifest = self.units.get(&Unit::of(MANIFEST)).is_some_and(|members| members.names.contains(MANIFEST));
        let chosen = |name: &&str| self.is_chosen(name);
        self.windows || manifest || changes.contains_key(MANIFEST) || changes.keys().any(chosen) || !self.root.is_dir()
    }

    fn is_chosen(&self, name: &str) -> bool {
        self.baseline.as_ref().is_some_and(|baseline| self.root.join(name).starts_with(baseline))
    }

    /// Pairs up the names that were touched, beside those that may be their baseline.
    fn pair_few(&mut self, changes: &BTreeMap<&str, bool>, touched: BTreeMap<Unit, Members>, most: usize) -> Few {
        let others = |name: &&String| !touched.contains_key(&Unit::of(name));
        // One is the baseline of all, more are none.
        let beside: Vec<String> = self.baselines.iter().filter(others).take(2).cloned().collect();
        let touched_names = || touched.values().flat_map(|members| &members.names);
        let names: BTreeSet<&str> = touched_names().chain(&beside).chain(&self.chosen).map(String::as_str).collect();
        if names.len() > most {
            return Few::TooMany;
        }
        let names: Vec<&str> = names.into_iter().collect();
        let Paired { mut runs, windows, baselines } = pair_up(&self.root, &names, self.baseline.as_deref());
        let of_all = if let [only] = baselines.as_slice() { Some(*only) } else { None };
        if windows || self.baseline.is_none() && self.baseline_of_all() != of_all {
            return Few::All(touched);
        }
        for name in touched_names().map(String::as_str).chain(changes.keys().copied()) {
            self.baselines.remove(name);
        }
        self.baselines.extend(baselines.into_iter().map(str::to_owned));
        // What lies beside the chosen baseline stands already.
        runs.retain(|run| touched.contains_key(&Unit::of_run(run)));
        Few::Done(self.put(touched, runs))
    }

    fn baseline_of_all(&self) -> Option<&str> {
        self.baselines.first().filter(|_| self.baselines.len() == 1).map(String::as_str)
    }

    fn pair_all(&mut self, changes: &BTreeMap<&str, bool>, touched: BTreeMap<Unit, Members>) -> Repaired {
        for (&name, &here) in changes {
            if here && self.is_chosen(name) {
                self.chosen.insert(name.to_owned());
            } else {
                self.chosen.remove(name);
            }
        }
        let mut units = std::mem::take(&mut self.units);
        units.extend(touched);
        let mut names: Vec<&str> = units.values().flat_map(|members| &members.names).map(String::as_str).collect();
        names.sort_unstable();
        let Paired { runs, windows, baselines } = pair_up(&self.root, &names, self.baseline.as_deref());
        (self.windows, self.names) = (windows, 0);
        self.baselines = baselines.into_iter().map(str::to_owned).collect();
        self.put(units, runs)
    }

    /// Notes what the runs of these units are now.
    fn put(&mut self, units: BTreeMap<Unit, Members>, runs: Vec<Run>) -> Repaired {
        let mut gone = BTreeSet::new();
        for (unit, members) in units {
            gone.extend(members.runs);
            let before = self.units.remove(&unit).map_or(0, |before| before.names.len());
            self.names = self.names + members.names.len() - before;
            if !members.names.is_empty() {
                self.units.insert(unit, Members { names: members.names, runs: Vec::new() });
            }
        }
        for run in &runs {
            gone.remove(&run.name);
            if let Some(members) = self.units.get_mut(&Unit::of_run(run)) {
                members.runs.push(run.name.clone());
            }
        }
        Repaired { runs, gone }
    }
}

/// The path as it stands below `root`, where that is where it leads: what is told of a folder begins with the folder's own path.
fn as_in(root: &Path, path: PathBuf) -> PathBuf {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    let below = real(root).zip(real(&path)).and_then(|(root, path)| Some(path.strip_prefix(root).ok()?.to_path_buf()));
    below.filter(|below| !below.as_os_str().is_empty()).map_or(path, |below| root.join(below))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Names that mean something to each other.
    const NAMES: &[&str] = &[
        "a.jsonl",
        "b.jsonl",
        "good.jsonl",
        "bad.jsonl",
        "run-7-good.jsonl",
        "run-7-bad.jsonl",
        "run-7.zip",
        "baseline.vcd",
        "notes.md",
        "pack.json",
        "x/a.jsonl",
        "x/good.jsonl",
        "x/bad.jsonl",
        "x/pack.json",
        "y/c.jsonl",
        "y/deep/expected.jsonl",
        "y/deep/actual.jsonl",
        "z/expected/1.jsonl",
        "z/actual/1.jsonl",
        "w1/traces.jsonl",
        "w2/spans.jsonl",
        "w2/logs.jsonl",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_paired_up_bit_by_bit_is_what_is_paired_up_at_once(
            steps in prop::collection::vec(prop::collection::btree_map(0..NAMES.len(), any::<bool>(), 1..4), 1..24),
            baseline in prop::option::of(prop::sample::select(vec!["a.jsonl", "x", "w1", "elsewhere.jsonl"])),
        ) {
            let folder = tempfile::tempdir().unwrap();
            for place in ["x", "w1"] {
                std::fs::create_dir(folder.path().join(place)).unwrap();
            }
            let baseline = baseline.map(|name| folder.path().join(name));
            let mut pairs = Pairs::new(folder.path(), baseline.clone());
            let mut here: BTreeSet<&str> = BTreeSet::new();
            let mut runs: BTreeMap<String, Run> = BTreeMap::new();
            for step in steps {
                let changes: BTreeMap<&str, bool> = step.into_iter().map(|(at, comes)| (NAMES[at], comes)).collect();
                for (&name, &comes) in &changes {
                    if comes { here.insert(name) } else { here.remove(name) };
                }
                let Repaired { runs: now, gone } = pairs.take(&changes, usize::MAX).unwrap();
                runs.retain(|name, _| !gone.contains(name));
                runs.extend(now.into_iter().map(|run| (run.name.clone(), run)));
                let names: Vec<&str> = here.iter().copied().collect();
                let at_once = pair_up(folder.path(), &names, baseline.as_deref()).runs;
                let at_once: BTreeMap<String, Run> = at_once.into_iter().map(|run| (run.name.clone(), run)).collect();
                prop_assert_eq!(&runs, &at_once);
                prop_assert_eq!(pairs.names, here.len());
            }
        }
    }

    #[test]
    fn a_baseline_is_no_run_however_its_path_is_spelled() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("runs");
        std::fs::create_dir_all(root.join("good")).unwrap();
        std::fs::write(root.join("good/1.jsonl"), "").unwrap();
        let changes = BTreeMap::from([("good/1.jsonl", true), ("a.jsonl", true)]);
        for baseline in ["runs/good", "runs/./good/", "runs/../runs/good/1.jsonl"] {
            let mut pairs = Pairs::new(&root, Some(folder.path().join(baseline)));
            let runs = pairs.take(&changes, usize::MAX).unwrap().runs;
            assert_eq!(runs.iter().map(|run| run.name.as_str()).collect::<Vec<_>>(), ["a.jsonl"], "{baseline}");
        }
    }

    #[test]
    fn one_more_run_among_many_looks_at_few_names_and_a_baseline_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let mut pairs = Pairs::new(folder.path(), None);
        let names: Vec<String> = (0..1_000).map(|at| format!("run-{at}.jsonl")).collect();
        let many: BTreeMap<&str, bool> = names.iter().map(|name| (name.as_str(), true)).collect();
        assert_eq!(pairs.take(&many, 999), None);
        assert_eq!(pairs.take(&many, usize::MAX).map(|all| all.runs.len()), Some(1_000));
        let one = pairs.take(&BTreeMap::from([("one-more.jsonl", true)]), 2).unwrap();
        assert_eq!(one.runs.iter().map(|run| run.name.as_str()).collect::<Vec<_>>(), ["one-more.jsonl"]);
        let baseline = BTreeMap::from([("good.jsonl", true)]);
        assert_eq!(pairs.take(&baseline, 500), None, "what is too much now is taken in later");
        assert_eq!(pairs.take(&baseline, usize::MAX).map(|all| all.runs.len()), Some(1_001));
        let gone = pairs.take(&BTreeMap::from([("run-5.jsonl", false)]), 2).unwrap();
        assert_eq!((gone.runs.len(), gone.gone.len()), (0, 1));
    }
}
