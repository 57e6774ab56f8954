//! A folder (or a single file) that is followed: told by the system where it tells, looked at again and again where not.
//! What is told are hints only; the looks at the folder are the truth, so that nothing is lost with a lost notification.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{EventKind, RecursiveMode, Watcher as _};

use super::ledger::{Change, Ledger, State, look};
use super::{Filter, mount};

/// How often a folder is looked at where nothing is told.
const POLL: Duration = Duration::from_secs(1);
/// More names than this at once, and the whole folder is looked at.
const FEW: usize = 200;

/// What was told since it was asked last.
#[derive(Debug, Default)]
struct Told {
    paths: BTreeSet<PathBuf>,
    /// Files that a writer has closed, or that were renamed into their names: whole, as far as anyone can know.
    closed: BTreeSet<PathBuf>,
    /// Something was lost, or happened to the folder itself.
    everything: bool,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Relative to the folder, with forward slashes.
    pub name: String,
    /// What became of it.
    pub change: Change,
    /// True when its writer has let go of it.
    pub closed: bool,
}

/// What [`Folder::take`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// What changed, by name.
    pub changes: Vec<Changed>,
    /// Files whose writers let go of them without a change since the last time.
    pub closed: Vec<String>,
}

/// Follows a folder. Owns no thread: the system's own calls `wake`, the owner asks with [`Self::take`].
pub struct Folder {
    root: PathBuf,
    /// The same without links, as the system tells paths.
    real: PathBuf,
    filter: Filter,
    ledger: Ledger,
    told: Arc<Mutex<Told>>,
    wake: Arc<dyn Fn() + Send + Sync>,
    inner: Option<notify::RecommendedWatcher>,
    /// Why it is looked at again and again, where it is.
    polled: Option<String>,
    always_polled: bool,
    here: bool,
    looked: Option<Instant>,
    unread: Vec<String>,
}

impl std::fmt::Debug for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Folder").field("root", &self.root).field("polled", &self.polled).finish_non_exhaustive()
    }
}

impl Folder {
    /// Begins to follow `root`, which need not be there yet. `wake` is called from another thread when there is something to
    /// take. With `poll`, nothing is asked of the system.
    pub fn new(root: &Path, filter: Filter, poll: bool, wake: impl Fn() + Send + Sync + 'static) -> Self {
        let mut folder = Self {
            root: root.to_path_buf(),
            real: root.to_path_buf(),
            filter,
            ledger: Ledger::default(),
            told: Arc::default(),
            wake: Arc::new(wake),
            inner: None,
            polled: poll.then(|| "as you asked".to_owned()),
            always_polled: poll,
            here: false,
            looked: None,
            unread: Vec::new(),
        };
        folder.listen();
        folder
    }

    /// True while it is there.
    pub const fn is_here(&self) -> bool {
        self.here
    }

    /// Why the folder is looked at every second instead of the system telling, for a status line; `None` where it tells.
    pub fn polled(&self) -> Option<&str> {
        self.polled.as_deref()
    }

    /// What could not be looked at the last time, as sentences.
    pub fn unread(&self) -> &[String] {
        &self.unread
    }

    /// What changed since it was asked last. Costs what was told; the whole folder is looked at the first time, and where
    /// something was lost.
    pub fn take(&mut self, now: Instant) -> Taken {
        let due = match self.looked {
            None => true,
            Some(looked) => self.inner.is_none() && now.saturating_duration_since(looked) >= POLL,
        };
        if due && self.inner.is_none() {
            self.listen();
        }
        let told = std::mem::take(&mut *self.told.lock().unwrap_or_else(PoisonError::into_inner));
        let changes = if told.everything || due || told.paths.len() > FEW {
            self.looked = Some(now);
            self.look_at_all()
        } else {
            self.look_at(&told.paths)
        };
        let closed: BTreeSet<String> = told.closed.iter().filter_map(|path| self.name_of(path)).collect();
        let changes: Vec<Changed> = changes
            .into_iter()
            .map(|(name, change)| Changed { closed: closed.contains(&name), name, change })
            .collect();
        let quiet = |name: &String| changes.iter().all(|changed| changed.name != *name);
        let closed = closed.iter().filter(|name| quiet(name) && self.filter.takes(name)).cloned().collect();
        Taken { changes, closed }
    }

    /// When to ask again though nobody wakes; `None` where the system tells.
    pub fn due(&self) -> Option<Duration> {
        self.inner.is_none().then_some(POLL)
    }

    fn look_at_all(&mut self) -> Vec<(String, Change)> {
        let seen = look(&self.root, &self.filter);
        let was_here = std::mem::replace(&mut self.here, seen.is_some());
        if was_here && !self.here {
            // What was listened to is gone with it; a new folder of that name must be listened to anew.
            self.inner = None;
            self.listen();
        }
        let mut seen = seen.unwrap_or_default();
        if seen.more {
            seen.unread.push(format!(
                "{} holds more than {} files; the rest is not followed. Watch a smaller folder, or leave some out with --exclude.",
                self.root.display(),
                super::ledger::MOST,
            ));
        }
        self.unread = seen.unread;
        self.ledger.take_in(seen.files)
    }

    fn look_at(&mut self, paths: &BTreeSet<PathBuf>) -> Vec<(String, Change)> {
        let mut changes = Vec::new();
        for path in paths {
            let Some(name) = self.name_of(path) else { continue };
            let metadata = std::fs::metadata(path).ok();
            if metadata.as_ref().is_some_and(std::fs::Metadata::is_dir) {
                // A folder came or was renamed: what is in it was not told.
                return self.look_at_all();
            }
            if metadata.is_none()
                && self.ledger.names().any(|known| known.strip_prefix(&name).is_some_and(|r| r.starts_with('/')))
            {
                return self.look_at_all();
            }
            let state = metadata.as_ref().map(State::of).filter(|_| self.filter.takes(&name));
            if let Some(change) = self.ledger.take_in_one(&name, state) {
                changes.push((name, change));
            }
        }
        changes
    }

    /// The name of a path that the system told, relative to the folder; `None` for what is not in it.
    fn name_of(&self, path: &Path) -> Option<String> {
        if path == self.real {
            // A single file that is watched.
            return (!self.real.is_dir())
                .then(|| self.real.file_name().map(|name| name.to_string_lossy().into_owned()))
                .flatten();
        }
        let below = path.strip_prefix(&self.real).ok()?;
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        Some(parts.join("/"))
    }

    /// Asks the system to tell; where it cannot, notes why.
    fn listen(&mut self) {
        if self.always_polled {
            return;
        }
        let Ok(root) = std::fs::canonicalize(&self.root) else {
            self.polled = Some("it is not there".to_owned());
            return;
        };
        self.real.clone_from(&root);
        if let Some(kind) = mount::remote(&root) {
            self.polled = Some(format!("it lies on another machine ({kind})"));
            return;
        }
        // A file is watched through its folder: who saves it puts another one in its place.
        let (place, mode) = match root.parent() {
            Some(parent) if !root.is_dir() => (parent.to_path_buf(), RecursiveMode::NonRecursive),
            _ => (root.clone(), RecursiveMode::Recursive),
        };
        let (told, wake) = (Arc::clone(&self.told), Arc::clone(&self.wake));
        let tell = move |event: notify::Result<notify::Event>| {
            if note(&mut told.lock().unwrap_or_else(PoisonError::into_inner), event, &root) {
                wake();
            }
        };
        let inner = notify::recommended_watcher(tell).and_then(|mut inner| {
            inner.watch(&place, mode)?;
            Ok(inner)
        });
        match inner {
            Ok(inner) => (self.inner, self.polled) = (Some(inner), None),
            Err(error) => self.polled = Some(format!("the system cannot tell of changes in it ({error})")),
        }
        // Whatever happened before it was listened to.
        self.looked = None;
    }
}

/// Notes what was told; says whether it concerns anyone.
fn note(told: &mut Told, event: notify::Result<notify::Event>, root: &Path) -> bool {
    let Ok(event) = event else {
        told.everything = true;
        return true;
    };
    if event.need_rescan() {
        told.everything = true;
        return true;
    }
    let closed = matches!(
        event.kind,
        EventKind::Access(AccessKind::Close(AccessMode::Write)) | EventKind::Modify(ModifyKind::Name(RenameMode::To))
    );
    if matches!(event.kind, EventKind::Access(_)) && !closed {
        return false;
    }
    let mut concerns = false;
    for path in event.paths.into_iter().filter(|path| path.starts_with(root)) {
        concerns = true;
        told.everything |=
            path == root && matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
        if closed {
            told.closed.insert(path.clone());
        }
        told.paths.insert(path);
    }
    concerns
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::sync::mpsc;

    const PATIENCE: Duration = Duration::from_secs(10);

    fn watched(root: &Path, poll: bool) -> (Folder, mpsc::Receiver<()>) {
        let (tell, told) = mpsc::channel();
        let folder = Folder::new(root, Filter::default(), poll, move || tell.send(()).unwrap_or_default());
        (folder, told)
    }

    /// Asks until a change of this name came, as an owner does who sleeps between wakes.
    fn until(folder: &mut Folder, told: &mpsc::Receiver<()>, name: &str, change: Change) -> Changed {
        let start = Instant::now();
        let mut seen = Vec::new();
        loop {
            let taken = folder.take(Instant::now());
            if let Some(changed) = taken.changes.iter().find(|c| c.name == name && c.change == change) {
                return changed.clone();
            }
            seen.extend(taken.changes);
            assert!(start.elapsed() < PATIENCE, "{name} was not told {change:?}, but {seen:?}");
            told.recv_timeout(Duration::from_millis(200)).unwrap_or_default();
        }
    }

    fn lives_through_everything(poll: bool) {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("runs");
        let (mut folder, told) = watched(&root, poll);
        assert!(folder.take(Instant::now()).changes.is_empty() && !folder.is_here());
        fs::create_dir(&root).unwrap();
        fs::write(root.join("a.jsonl"), "1\n").unwrap();
        until(&mut folder, &told, "a.jsonl", Change::New);
        assert!(folder.is_here() && folder.polled().is_some() == poll);
        fs::create_dir_all(root.join("deep/er")).unwrap();
        fs::write(root.join("deep/er/b.jsonl"), "1\n").unwrap();
        until(&mut folder, &told, "deep/er/b.jsonl", Change::New);
        let mut file = fs::OpenOptions::new().append(true).open(root.join("a.jsonl")).unwrap();
        std::io::Write::write_all(&mut file, b"2\n").unwrap();
        until(&mut folder, &told, "a.jsonl", Change::Grown);
        fs::write(place.path().join("other"), "1\n2\n3\n").unwrap();
        fs::rename(place.path().join("other"), root.join("a.jsonl")).unwrap();
        until(&mut folder, &told, "a.jsonl", Change::Replaced);
        fs::rename(root.join("deep"), root.join("deeper")).unwrap();
        until(&mut folder, &told, "deeper/er/b.jsonl", Change::New);
        fs::remove_file(root.join("a.jsonl")).unwrap();
        until(&mut folder, &told, "a.jsonl", Change::Removed);
        fs::remove_dir_all(&root).unwrap();
        until(&mut folder, &told, "deeper/er/b.jsonl", Change::Removed);
        assert!(!folder.is_here() && folder.polled().is_some());
        fs::create_dir(&root).unwrap();
        fs::write(root.join("c.jsonl"), "1\n").unwrap();
        until(&mut folder, &told, "c.jsonl", Change::New);
    }

    #[test]
    fn a_folder_that_tells_lives_through_everything() {
        lives_through_everything(false);
    }

    #[test]
    fn a_folder_that_tells_nothing_lives_through_everything() {
        lives_through_everything(true);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_closed_file_is_told_to_be_closed() {
        let place = tempfile::tempdir().unwrap();
        let (mut folder, told) = watched(place.path(), false);
        folder.take(Instant::now());
        fs::write(place.path().join("a.jsonl"), "1\n").unwrap();
        let start = Instant::now();
        loop {
            let taken = folder.take(Instant::now());
            if taken.changes.iter().any(|c| c.closed) || taken.closed == ["a.jsonl"] {
                break;
            }
            assert!(start.elapsed() < PATIENCE, "nobody told that the writer let go");
            told.recv_timeout(Duration::from_millis(100)).unwrap_or_default();
        }
    }

    #[test]
    fn lost_events_make_a_look_at_everything() {
        let lost = Ok(notify::Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan));
        let mut told = Told::default();
        assert!(note(&mut told, lost, Path::new("/a")) && told.everything);
        let read = Ok(notify::Event::new(EventKind::Access(AccessKind::Read)).add_path("/a/x".into()));
        assert!(!note(&mut Told::default(), read, Path::new("/a")), "reading is no change");
    }
}
