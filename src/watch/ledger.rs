//! What stands in a folder, and what became of it since the last look.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::Path;
use std::time::SystemTime;

use super::Filter;

/// Folders below the watched one that are looked into.
const DEPTH: usize = 4;
/// Files that are followed; of more, the rest is counted.
pub const MOST: usize = 100_000;

/// What tells one state of a file from another, without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Its size in bytes.
    pub len: u64,
    /// When it was last written, where the file system tells.
    pub modified: Option<SystemTime>,
    /// Which file it is: another one may take its name.
    id: u64,
}

impl State {
    /// The state that the file system tells.
    pub fn of(metadata: &Metadata) -> Self {
        Self { len: metadata.len(), modified: metadata.modified().ok(), id: id(metadata) }
    }
}

#[cfg(unix)]
fn id(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn id(_metadata: &Metadata) -> u64 {
    0
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was not there before.
    New,
    /// The same file has more bytes.
    Grown,
    /// Another file of the same name, or the same one rewritten or cut.
    Replaced,
    /// It is gone.
    Removed,
}

/// One look at a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// Every file that the filter takes, by its name relative to the folder, with forward slashes.
    pub files: BTreeMap<String, State>,
    /// What could not be looked at, as sentences.
    pub unread: Vec<String>,
    /// True when there are more files than are followed.
    pub more: bool,
}

/// Looks at everything in a folder, or at a single file. `None` where it is not there.
pub fn look(root: &Path, filter: &Filter) -> Option<Look> {
    let metadata = std::fs::metadata(root).ok()?;
    let mut seen = Look::default();
    if metadata.is_dir() {
        list(root, "", DEPTH, filter, &mut seen);
    } else if let Some(name) = root.file_name() {
        seen.files.insert(name.to_string_lossy().into_owned(), State::of(&metadata));
    }
    Some(seen)
}

/// True for a name that is not too many folders down.
pub fn is_in_reach(name: &str) -> bool {
    name.matches('/').count() <= DEPTH
}

fn list(folder: &Path, below: &str, depth: usize, filter: &Filter, seen: &mut Look) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        // It went away between two looks, which the next one tells.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
        Err(error) => {
            seen.unread.push(format!("{} cannot be looked into: {error}.", folder.display()));
            return;
        }
    };
    for entry in entries.flatten() {
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        let Ok(metadata) = std::fs::metadata(entry.path()) else { continue };
        if metadata.is_dir() {
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if depth > 0 && !hidden {
                list(&entry.path(), &format!("{name}/"), depth - 1, filter, seen);
            }
        } else if filter.takes(&name) {
            if seen.files.len() == MOST {
                seen.more = true;
                return;
            }
            seen.files.insert(name, State::of(&metadata));
        }
    }
}

/// What is known to stand in a folder.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    files: BTreeMap<String, State>,
}

impl Ledger {
    /// Takes in a look at everything, and tells what changed, by name.
    pub fn take_in(&mut self, files: BTreeMap<String, State>) -> Vec<(String, Change)> {
        let before = std::mem::replace(&mut self.files, files);
        let gone = before.keys().filter(|name| !self.files.contains_key(*name));
        let mut changes: Vec<(String, Change)> = gone.map(|name| (name.clone(), Change::Removed)).collect();
        for (name, now) in &self.files {
            if let Some(change) = change(before.get(name), Some(now)) {
                changes.push((name.clone(), change));
            }
        }
        changes.sort_by(|a, b| a.0.cmp(&b.0));
        changes
    }

    /// Takes in a look at one file, and tells what became of it.
    pub fn take_in_one(&mut self, name: &str, now: Option<State>) -> Option<Change> {
        let before = match now {
            Some(now) => self.files.insert(name.to_owned(), now),
            None => self.files.remove(name),
        };
        change(before.as_ref(), now.as_ref())
    }

    /// When a file was last written.
    pub fn modified(&self, name: &str) -> Option<SystemTime> {
        self.files.get(name)?.modified
    }

    /// True when files are known below this name.
    pub fn is_folder(&self, name: &str) -> bool {
        let below = format!("{name}/");
        self.files.range(below.clone()..).next().is_some_and(|(known, _)| known.starts_with(&below))
    }
}

fn change(before: Option<&State>, now: Option<&State>) -> Option<Change> {
    match (before, now) {
        (None, None) => None,
        (None, Some(_)) => Some(Change::New),
        (Some(_), None) => Some(Change::Removed),
        (Some(before), Some(now)) if before == now => None,
        (Some(before), Some(now)) if before.id == now.id && now.len > before.len => Some(Change::Grown),
        (Some(_), Some(_)) => Some(Change::Replaced),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::Write as _;

    fn changes(ledger: &mut Ledger, root: &Path) -> Vec<(String, Change)> {
        ledger.take_in(look(root, &Filter::default()).map(|look| look.files).unwrap_or_default())
    }

    #[test]
    fn every_kind_of_change_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let mut ledger = Ledger::default();
        fs::write(root.join("a.jsonl"), "1\n").unwrap();
        fs::create_dir(root.join("deep")).unwrap();
        fs::write(root.join("deep/b.jsonl"), "1\n2\n").unwrap();
        let new = |name: &str| (name.to_owned(), Change::New);
        assert_eq!(changes(&mut ledger, root), [new("a.jsonl"), new("deep/b.jsonl")]);
        assert_eq!(changes(&mut ledger, root), []);

        let mut file = fs::OpenOptions::new().append(true).open(root.join("a.jsonl")).unwrap();
        file.write_all(b"2\n").unwrap();
        fs::write(root.join("deep/b.jsonl"), "1\n").unwrap();
        let both = [("a.jsonl".to_owned(), Change::Grown), ("deep/b.jsonl".to_owned(), Change::Replaced)];
        assert_eq!(changes(&mut ledger, root), both, "cut to fewer bytes");

        // An atomic save: another file, and longer.
        fs::write(root.join("new.tmp"), "1\n2\n3\n").unwrap();
        fs::rename(root.join("new.tmp"), root.join("a.jsonl")).unwrap();
        #[cfg(unix)]
        assert_eq!(changes(&mut ledger, root), [("a.jsonl".to_owned(), Change::Replaced)]);

        fs::remove_dir_all(root.join("deep")).unwrap();
        let told = changes(&mut ledger, root);
        assert!(told.contains(&("deep/b.jsonl".to_owned(), Change::Removed)), "{told:?}");
        fs::remove_dir_all(root).unwrap();
        assert!(look(root, &Filter::default()).is_none());
        assert_eq!(changes(&mut ledger, root), [("a.jsonl".to_owned(), Change::Removed)]);
    }

    #[test]
    fn a_single_file_is_a_folder_of_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("run.jsonl");
        fs::write(&file, "1\n").unwrap();
        let seen = look(&file, &Filter::default()).unwrap();
        assert_eq!(seen.files.keys().collect::<Vec<_>>(), ["run.jsonl"]);
    }
}
