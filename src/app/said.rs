//! What is logged and concerns a person: warnings of ours and of the file dialog, on their way to the window.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use log::{Metadata, Record};

use super::message::Level;
use crate::jobs::Waker;

/// Lines that wait for the window. A flood keeps its newest lines.
const WAITING: usize = 50;

/// One logged line for the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// True when the file dialog said it.
    pub by_dialog: bool,
    /// How much it matters.
    pub level: Level,
    /// The line.
    pub text: String,
}

static WAIT: Mutex<VecDeque<Said>> = Mutex::new(VecDeque::new());
static WAKER: Mutex<Option<Waker>> = Mutex::new(None);

/// Takes in one logged line; the process's logger calls it with every record.
pub fn hear(record: &Record<'_>) {
    if concerns_window(record.metadata()) {
        let level = if record.level() == log::Level::Error { Level::Error } else { Level::Warning };
        say(Said { by_dialog: is_dialog(record.target()), level, text: record.args().to_string() });
    }
}

fn is_dialog(target: &str) -> bool {
    target == "rfd" || target.starts_with("rfd::")
}

fn concerns_window(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    let ours = target == "dettrace" || target.starts_with("dettrace::");
    metadata.level() <= log::Level::Warn && (ours || is_dialog(target))
}

fn say(said: Said) {
    let mut wait = WAIT.lock().unwrap_or_else(PoisonError::into_inner);
    if wait.len() == WAITING {
        wait.pop_front();
    }
    wait.push_back(said);
    drop(wait);
    if let Some(waker) = WAKER.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
        waker.wake();
    }
}

/// The window to wake when something is logged.
pub fn wake_with(waker: Waker) {
    *WAKER.lock().unwrap_or_else(PoisonError::into_inner) = Some(waker);
}

/// What was logged since the last call.
pub fn take() -> Vec<Said> {
    WAIT.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect()
}

/// Takes out what the file dialog logged.
pub fn take_dialog() -> Vec<String> {
    let mut wait = WAIT.lock().unwrap_or_else(PoisonError::into_inner);
    let (dialog, rest): (VecDeque<Said>, VecDeque<Said>) = wait.drain(..).partition(|said| said.by_dialog);
    *wait = rest;
    dialog.into_iter().map(|said| said.text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_warnings_of_ours_and_of_the_dialog_reach_the_window() {
        let about = |target: &'static str, level| Metadata::builder().target(target).level(level).build();
        assert!(concerns_window(&about("dettrace::pack", log::Level::Warn)));
        assert!(concerns_window(&about("rfd::backend", log::Level::Error)));
        assert!(!concerns_window(&about("dettrace::pack", log::Level::Info)));
        assert!(!concerns_window(&about("eframe", log::Level::Error)));
        assert!(!concerns_window(&about("rfdx", log::Level::Error)));
    }
}
