//! The file system, watched: says once that an opened recording changed on disk, after the writing has settled; follows a
//! folder and everything that becomes of what is in it.

mod filter;
mod folder;
mod ledger;
mod mount;
mod receive;
mod settle;
mod store;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use notify::event::ModifyKind;
use notify::{EventKind, RecursiveMode};

pub use filter::Filter;
pub use folder::{Changed, Folder, Taken};
pub use ledger::{Change, State, look};
pub use receive::{Limits, Receiver};
pub use settle::{SETTLE, Settler};

/// How often it is tried to watch folders that are gone.
const AGAIN: Duration = Duration::from_secs(1);

/// Watches the folders of some files, without a thread of its own: `notify` calls, the owner polls.
pub struct Watcher {
    files: Vec<PathBuf>,
    wake: Arc<dyn Fn() + Send + Sync>,
    /// Kept alive: dropping it ends the watching.
    inner: Option<notify::RecommendedWatcher>,
    settler: Arc<Mutex<Settler>>,
    touched: Arc<AtomicBool>,
    /// One of the folders is gone: what now has its name tells nothing.
    deaf: Arc<AtomicBool>,
    tried: Option<Instant>,
}

impl std::fmt::Debug for Watcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watcher")
    }
}

impl Watcher {
    /// Watches `files` through their parent folders (editors and test loops replace files); of a folder among them, everything
    /// right in it. `wake` is called from
    /// another thread when something happened; then [`Self::poll`] says whether it has settled.
    ///
    /// # Errors
    /// When the system cannot watch, as a sentence.
    pub fn new(files: &[PathBuf], wake: impl Fn() + Send + Sync + 'static) -> Result<Self, String> {
        let mut watcher = Self {
            files: files.to_vec(),
            wake: Arc::new(wake),
            inner: None,
            settler: Arc::default(),
            touched: Arc::default(),
            deaf: Arc::default(),
            tried: None,
        };
        watcher.listen()?;
        Ok(watcher)
    }

    fn listen(&mut self) -> Result<(), String> {
        let (settler, touched) = (Arc::clone(&self.settler), Arc::clone(&self.touched));
        let (deaf, wake) = (Arc::clone(&self.deaf), Arc::clone(&self.wake));
        let watched: Vec<PathBuf> = self.files.iter().map(|file| resolved(file)).collect();
        let mut folders: Vec<PathBuf> =
            watched.iter().filter_map(|file| file.parent().map(Path::to_path_buf)).collect();
        let whole: Vec<PathBuf> = watched.iter().filter(|path| path.is_dir()).cloned().collect();
        folders.extend(whole.iter().cloned());
        folders.sort();
        folders.dedup();
        let listened = folders.clone();
        let told = move |event: notify::Result<notify::Event>| {
            let gone = is_gone(&event, &listened);
            deaf.fetch_or(gone, Ordering::Relaxed);
            if gone || concerns(&event, &watched, &whole) {
                settler.lock().unwrap_or_else(PoisonError::into_inner).touched(Instant::now());
                touched.store(true, Ordering::Relaxed);
                wake();
            }
        };
        let cannot =
            |error: notify::Error| format!("The files cannot be watched for changes ({error}). Reload with F5.");
        let mut inner = notify::recommended_watcher(told).map_err(cannot)?;
        for folder in &folders {
            watch_with_above(&mut inner, folder, RecursiveMode::NonRecursive).map_err(cannot)?;
        }
        self.inner = Some(inner);
        Ok(())
    }

    /// Watches again what was gone, if it is back: then everything may have changed. How long until that is tried again, where
    /// it is not.
    pub fn revive(&mut self, now: Instant) -> Option<Duration> {
        if !self.deaf.load(Ordering::Relaxed) {
            return None;
        }
        let left = self.tried.and_then(|tried| (tried + AGAIN).checked_duration_since(now));
        if let Some(left) = left.filter(|left| !left.is_zero()) {
            return Some(left);
        }
        self.tried = Some(now);
        self.inner = None;
        self.deaf.store(false, Ordering::Relaxed);
        if self.listen().is_err() {
            self.deaf.store(true, Ordering::Relaxed);
            return Some(AGAIN);
        }
        self.settler.lock().unwrap_or_else(PoisonError::into_inner).touched(now);
        self.touched.store(true, Ordering::Relaxed);
        None
    }

    /// Set whenever something changed, at once: whoever takes in what was appended takes it back.
    pub const fn touched(&self) -> &Arc<AtomicBool> {
        &self.touched
    }

    /// True once, when something changed and the writing has settled. Else how long to wait before asking again, if
    /// there is anything to wait for.
    pub fn poll(&self, now: Instant) -> (bool, Option<Duration>) {
        self.settler.lock().unwrap_or_else(PoisonError::into_inner).poll(now)
    }
}

/// Watches a folder, and the one above it: while anybody has something open in a folder that was removed, only that tells that it
/// is gone.
fn watch_with_above(inner: &mut impl notify::Watcher, folder: &Path, mode: RecursiveMode) -> notify::Result<()> {
    inner.watch(folder, mode)?;
    if let Some(above) = folder.parent() {
        let _may_be_closed_to_us = inner.watch(above, RecursiveMode::NonRecursive);
    }
    Ok(())
}

/// The path as the system reports it: its folder without links, since the file itself may be missing for a moment.
fn resolved(file: &Path) -> PathBuf {
    match (file.parent(), file.file_name()) {
        (Some(folder), Some(name)) => {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf()).join(name)
        }
        _ => file.to_path_buf(),
    }
}

/// True when an event took one of these folders, or one above them, away.
fn is_gone(event: &notify::Result<notify::Event>, folders: &[PathBuf]) -> bool {
    event.as_ref().is_ok_and(|event| {
        matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)))
            && event.paths.iter().any(|path| folders.iter().any(|folder| folder.starts_with(path)))
    })
}

/// True when an event may have changed one of the files, or something in one of the whole folders. When events were lost,
/// everything may have changed.
fn concerns(event: &notify::Result<notify::Event>, watched: &[PathBuf], whole: &[PathBuf]) -> bool {
    let Ok(event) = event else { return true };
    let is_in = |path: &PathBuf| path.parent().is_some_and(|folder| whole.iter().any(|whole| whole == folder));
    event.need_rescan()
        || (matches!(event.kind, EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_))
            && event.paths.iter().any(|path| watched.contains(path) || is_in(path)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_replaced_file_is_told_once_after_it_settled_and_its_neighbours_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("actual.jsonl");
        std::fs::write(&file, "1\n").unwrap();
        let (tell, told) = mpsc::channel();
        let watcher = Watcher::new(std::slice::from_ref(&file), move || tell.send(()).unwrap_or_default()).unwrap();
        std::fs::write(folder.path().join("neighbour.jsonl"), "1\n").unwrap();
        let other = folder.path().join("new");
        std::fs::write(&other, "2\n").unwrap();
        std::fs::rename(&other, &file).unwrap();
        assert!(told.recv_timeout(Duration::from_secs(10)).is_ok(), "the replaced file was not told");
        let later = Instant::now() + Duration::from_mins(1);
        assert_eq!(watcher.poll(later), (true, None));
        assert_eq!(watcher.poll(later), (false, None), "told twice");
    }

    #[test]
    fn a_folder_that_is_removed_while_it_is_open_and_comes_back_is_watched_again() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("pair");
        std::fs::create_dir(&folder).unwrap();
        let file = folder.join("actual.jsonl");
        std::fs::write(&file, "1\n").unwrap();
        let (tell, told) = mpsc::channel();
        let wake = move || tell.send(()).unwrap_or_default();
        let mut watcher = Watcher::new(std::slice::from_ref(&file), wake).unwrap();
        let (open, patience) = (std::fs::File::open(&file).unwrap(), Duration::from_secs(10));
        std::fs::remove_dir_all(&folder).unwrap();
        while !watcher.deaf.load(Ordering::Relaxed) {
            told.recv_timeout(patience).unwrap();
        }
        assert_eq!(watcher.revive(Instant::now()), Some(AGAIN), "it is not there yet");
        std::fs::create_dir(&folder).unwrap();
        let later = Instant::now() + Duration::from_mins(1);
        assert_eq!(watcher.revive(later), None);
        assert_eq!(watcher.poll(later + Duration::from_mins(1)), (true, None), "everything may have changed");
        while told.try_recv().is_ok() {}
        std::fs::write(&file, "2\n").unwrap();
        assert!(told.recv_timeout(patience).is_ok(), "what came back tells nothing");
        drop(open);
    }

    #[test]
    fn only_changes_of_the_watched_files_count() {
        let watched = vec![PathBuf::from("/a/expected.jsonl")];
        let event = |kind, path: &str| Ok(notify::Event::new(kind).add_path(PathBuf::from(path)));
        let modify = EventKind::Modify(notify::event::ModifyKind::Any);
        let access = EventKind::Access(notify::event::AccessKind::Any);
        let whole = [PathBuf::from("/good")];
        let concerns = |event: &notify::Result<notify::Event>| concerns(event, &watched, &whole);
        assert!(concerns(&event(modify, "/a/expected.jsonl")));
        assert!(!concerns(&event(modify, "/a/other.jsonl")));
        assert!(!concerns(&event(access, "/a/expected.jsonl")), "reading is no change");
        assert!(concerns(&event(modify, "/good/run-1.jsonl")) && !concerns(&event(modify, "/good/deep/run-1.jsonl")));
        let lost = Ok(notify::Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan));
        assert!(concerns(&lost), "lost events may hide a change");
    }
}
