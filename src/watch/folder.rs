//! A folder (or a single file) that is followed: told by the system where it tells, looked at again and again where not.
//! What is told are hints only; the looks at the folder are the truth, so that nothing is lost with a lost notification.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{EventKind, RecursiveMode};

use super::ledger::{Change, Ledger, State, is_in_reach, look};
use super::{Filter, mount};

/// How often a folder is looked at where nothing is told.
const POLL: Duration = Duration::from_secs(1);
/// More names than this at once, and the whole folder is looked at.
const FEW: usize = 200;
/// More names than this that nobody took are not remembered one by one.
const REMEMBERED: usize = 4_096;
/// A folder that came is looked into once more after this long: the system may begin to tell of what is in it only after it
/// has told of the folder itself.
const ONCE_MORE: Duration = Duration::from_millis(100);

/// What was told since it was asked last.
#[derive(Debug, Default)]
struct Told {
    paths: BTreeSet<PathBuf>,
    /// Files that a writer has closed, or that were renamed into their names: whole, as far as anyone can know.
    closed: BTreeSet<PathBuf>,
    /// Something was lost, or happened to the folder itself.
    everything: bool,
    /// What was listened to is gone or has another name: whatever has its name now tells nothing.
    deaf: bool,
    /// Why the system can tell of a part only, if it said so.
    limit: Option<String>,
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
    /// When it was last written, where that is known.
    pub modified: Option<SystemTime>,
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
    /// Why the system shall not be asked again.
    limit: Option<String>,
    always_polled: bool,
    here: bool,
    looked: Option<Instant>,
    /// When to look at everything once more.
    once_more: Option<Instant>,
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
            polled: poll.then(|| "you asked for it".to_owned()),
            limit: None,
            always_polled: poll,
            here: false,
            looked: None,
            once_more: None,
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
        let mut told = std::mem::take(&mut *self.told.lock().unwrap_or_else(PoisonError::into_inner));
        self.limit = told.limit.take().or(self.limit.take());
        if told.deaf || self.limit.is_some() && self.inner.is_some() {
            self.inner = None;
            self.listen();
        }
        let due = match self.looked {
            None => true,
            Some(looked) => self.inner.is_none() && now.saturating_duration_since(looked) >= POLL,
        };
        if due && self.inner.is_none() {
            self.listen();
        }
        let once_more = self.once_more.take_if(|at| now >= *at).is_some();
        let changes = if told.everything || due || once_more || told.paths.len() > FEW {
            self.looked = Some(now);
            self.look_at_all()
        } else {
            self.look_at(&told.paths, now)
        };
        let closed: BTreeSet<String> = told.closed.iter().filter_map(|path| self.name_of(path)).collect();
        let changes: Vec<Changed> = changes
            .into_iter()
            .map(|(name, change)| Changed {
                closed: closed.contains(&name),
                modified: self.ledger.modified(&name),
                name,
                change,
            })
            .collect();
        let quiet = |name: &String| changes.iter().all(|changed| changed.name != *name);
        let closed = closed.iter().filter(|name| quiet(name) && self.filter.takes(name)).cloned().collect();
        Taken { changes, closed }
    }

    /// When to ask again though nobody wakes; `None` where the system tells.
    pub fn due(&self, now: Instant) -> Option<Duration> {
        let once_more = self.once_more.map(|at| at.saturating_duration_since(now));
        [self.inner.is_none().then_some(POLL), once_more].into_iter().flatten().min()
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

    fn look_at(&mut self, paths: &BTreeSet<PathBuf>, now: Instant) -> Vec<(String, Change)> {
        let (mut changes, mut folders) = (Vec::new(), false);
        for path in paths {
            let Some(name) = self.name_of(path) else { continue };
            let metadata = std::fs::metadata(path).ok();
            if metadata.as_ref().is_some_and(std::fs::Metadata::is_dir) {
                // A folder came or was renamed: what is in it was not told.
                folders = true;
                self.once_more = Some(now + ONCE_MORE);
                continue;
            }
            folders |= metadata.is_none() && self.ledger.is_folder(&name);
            let takes = is_in_reach(&name) && self.filter.takes(&name);
            let state = metadata.as_ref().map(State::of).filter(|_| takes);
            if let Some(change) = self.ledger.take_in_one(&name, state) {
                changes.push((name, change));
            }
        }
        if folders {
            changes.extend(self.look_at_all());
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
        if let Some(limit) = &self.limit {
            self.polled = Some(limit.clone());
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
        let (told, wake, listened) = (Arc::clone(&self.told), Arc::clone(&self.wake), place.clone());
        let tell = move |event: notify::Result<notify::Event>| {
            if note(&mut told.lock().unwrap_or_else(PoisonError::into_inner), event, &root, &listened) {
                wake();
            }
        };
        let inner = notify::recommended_watcher(tell).and_then(|mut inner| {
            super::watch_with_above(&mut inner, &place, mode)?;
            Ok(inner)
        });
        match inner {
            Ok(inner) => (self.inner, self.polled) = (Some(inner), None),
            Err(error) => self.polled = Some(cannot_tell(&error.kind)),
        }
        // Whatever happened before it was listened to.
        self.looked = None;
    }
}

/// Why the system does not tell of changes, and what to do where something can be done.
fn cannot_tell(why: &notify::ErrorKind) -> String {
    let why = match why {
        notify::ErrorKind::MaxFilesWatch => {
            return "the system's limit of watches is reached; on Linux, raise fs.inotify.max_user_watches".to_owned();
        }
        notify::ErrorKind::Io(error) => error.to_string(),
        notify::ErrorKind::Generic(words) => words.clone(),
        other => format!("{other:?}"),
    };
    format!("the system cannot tell of changes in it ({why})")
}

/// Notes what was told of `root` by listening to `listened`; says whether it concerns anyone.
fn note(told: &mut Told, event: notify::Result<notify::Event>, root: &Path, listened: &Path) -> bool {
    let event = match event {
        Ok(event) if !event.need_rescan() => event,
        lost => {
            told.everything = true;
            if let Err(notify::Error { kind: notify::ErrorKind::MaxFilesWatch, .. }) = lost {
                told.limit = Some("it holds more folders than the system tells of".to_owned());
            }
            return true;
        }
    };
    let closed = matches!(
        event.kind,
        EventKind::Access(AccessKind::Close(AccessMode::Write)) | EventKind::Modify(ModifyKind::Name(RenameMode::To))
    );
    if matches!(event.kind, EventKind::Access(_)) && !closed {
        return false;
    }
    let moved = matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
    let mut concerns = false;
    for path in event.paths {
        let itself = moved && listened.starts_with(&path);
        (told.deaf, told.everything) = (told.deaf || itself, told.everything || moved && path == root || itself);
        concerns |= itself;
        if !path.starts_with(root) {
            continue;
        }
        concerns = true;
        if closed {
            told.closed.insert(path.clone());
        }
        told.paths.insert(path);
    }
    if told.paths.len() > REMEMBERED {
        // Nobody takes it, or far too late: a look at everything finds what it was.
        told.paths.clear();
        told.closed.clear();
        told.everything = true;
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
        let a = Path::new("/a");
        assert!(note(&mut told, lost, a, a) && told.everything && told.limit.is_none());
        let read = Ok(notify::Event::new(EventKind::Access(AccessKind::Read)).add_path("/a/x".into()));
        assert!(!note(&mut Told::default(), read, a, a), "reading is no change");
        let full = Err(notify::Error::new(notify::ErrorKind::MaxFilesWatch));
        assert!(note(&mut told, full, a, a) && told.limit.is_some());
    }

    #[test]
    fn what_nobody_takes_is_remembered_up_to_a_limit() {
        let mut told = Told::default();
        for at in 0..=REMEMBERED {
            let path = format!("/a/{at}").into();
            let event = notify::Event::new(EventKind::Create(notify::event::CreateKind::File)).add_path(path);
            note(&mut told, Ok(event), Path::new("/a"), Path::new("/a"));
        }
        assert!(told.everything && told.paths.is_empty());
    }

    /// Takes until nothing comes for a moment.
    fn names(folder: &mut Folder, told: &mpsc::Receiver<()>, expected: usize) -> BTreeSet<String> {
        let (start, mut names) = (Instant::now(), BTreeSet::new());
        while names.len() < expected && start.elapsed() < PATIENCE {
            names.extend(folder.take(Instant::now()).changes.into_iter().map(|changed| changed.name));
            let wait = folder.due(Instant::now()).unwrap_or(Duration::from_millis(200));
            told.recv_timeout(wait.min(Duration::from_millis(200))).unwrap_or_default();
        }
        names
    }

    #[test]
    fn what_is_written_while_folders_come_is_not_lost() {
        let place = tempfile::tempdir().unwrap();
        let (mut folder, told) = watched(place.path(), false);
        folder.take(Instant::now());
        // One is told beside a folder, and sorts before it; those in folders are written as soon as these are there.
        for at in 0..100 {
            fs::write(place.path().join(format!("a-{at}.jsonl")), "1\n").unwrap();
            fs::create_dir(place.path().join(format!("run-{at}"))).unwrap();
            fs::write(place.path().join(format!("run-{at}/x.jsonl")), "1\n").unwrap();
            if at % 10 == 0 {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        assert_eq!(names(&mut folder, &told, 200).len(), 200);
    }

    #[test]
    fn a_folder_that_comes_back_at_once_is_listened_to_anew() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("runs");
        fs::create_dir(&root).unwrap();
        let (mut folder, told) = watched(&root, false);
        folder.take(Instant::now());
        let mut open = None;
        for turn in 0..3 {
            match turn {
                0 => fs::remove_dir(&root).unwrap(),
                1 => fs::rename(&root, place.path().join("before")).unwrap(),
                // As long as it is open, the system keeps it, and does not tell that it is gone.
                _ => {
                    open = fs::File::open(&root).ok();
                    fs::remove_dir_all(&root).unwrap();
                }
            }
            fs::create_dir(&root).unwrap();
            // Nobody has looked meanwhile.
            while told.recv_timeout(Duration::from_millis(300)).is_ok() {}
            folder.take(Instant::now());
            let name = format!("{turn}.jsonl");
            fs::write(root.join(&name), "1\n").unwrap();
            until(&mut folder, &told, &name, Change::New);
            assert_eq!(folder.polled(), None);
        }
        drop(open);
    }
}
