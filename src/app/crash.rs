//! A crash leaves a note: what broke, where, and what was open, for the person to report.

use std::backtrace::Backtrace;
use std::fmt::Write as _;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What was open, for a note. A panic hook can reach nothing else.
static OPEN: Mutex<String> = Mutex::new(String::new());
/// The newest note of this process.
static LATEST: Mutex<Option<PathBuf>> = Mutex::new(None);

/// From now on a panic leaves a note in `folder`, after whatever the hook before did.
pub fn install(folder: PathBuf) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        before(info);
        let written = write(&folder, &text(info));
        *LATEST.lock().unwrap_or_else(PoisonError::into_inner) = written.ok();
    }));
}

/// Remembers what is open.
pub fn set_open(what: &str) {
    what.clone_into(&mut OPEN.lock().unwrap_or_else(PoisonError::into_inner));
}

/// The note of a panic that this process survived, once.
pub fn take_latest() -> Option<PathBuf> {
    LATEST.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// The newest note in `folder` whose name comes after `told`.
pub fn newest(folder: &Path, told: &str) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?;
    let notes = entries.flatten().map(|entry| entry.path()).filter(|path| name_of(path).starts_with("crash-"));
    notes.max().filter(|path| name_of(path).as_str() > told)
}

/// A note's name, by which it is remembered as told.
pub fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn text(info: &PanicHookInfo<'_>) -> String {
    let open = OPEN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let thread = std::thread::current();
    let mut text = format!("DetTrace {} broke.\n\n", env!("CARGO_PKG_VERSION"));
    let payload = info.payload_as_str().unwrap_or("it did not say why");
    let place = info.location().map_or_else(String::new, |location| format!(" at {location}"));
    let _ignored = writeln!(text, "What: {payload}{place}");
    let _ignored = writeln!(text, "Thread: {}", thread.name().unwrap_or("without a name"));
    let _ignored = writeln!(text, "System: {} {}", std::env::consts::OS, std::env::consts::ARCH);
    let _ignored = writeln!(text, "Open: {}", if open.is_empty() { "nothing" } else { &open });
    let _ignored = writeln!(text, "\nPlease report this note, and the recordings if you may share them.");
    let _ignored = writeln!(text, "\n{}", Backtrace::force_capture());
    text
}

fn write(folder: &Path, text: &str) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let stamp = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S%.3f").to_string().replace('.', "-");
    let path = folder.join(format!("crash-{stamp}.txt"));
    std::fs::write(&path, text)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_found_until_it_was_told() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(newest(folder.path(), ""), None);
        let note = write(folder.path(), "what broke").unwrap();
        std::fs::write(folder.path().join("session.json"), "{}").unwrap();
        assert_eq!(newest(folder.path(), "").as_ref(), Some(&note));
        assert_eq!(newest(folder.path(), &name_of(&note)), None, "told twice");
        assert_eq!(newest(&folder.path().join("none"), ""), None);
    }
}
