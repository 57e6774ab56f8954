//! The test loop: a process of its own, so that it can be killed in the middle of a write.

use std::fs::{self, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use super::lines::line;

/// What makes this program the writer: then come the folder and the number of the first run.
pub const ARG: &str = "--writer";
/// Runs that are written in all.
pub const RUNS: usize = 10_000;
/// Lines that a log has at last.
pub const LINES: usize = 1_000_000;
/// The log.
pub const LOG: &str = "log-bad.jsonl";
/// Lines that come with each run.
const EACH: usize = LINES / RUNS;

/// What happens to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is written under its name.
    Written,
    /// It is written beside, and renamed over.
    Saved,
    /// It is written under another name of a run, and renamed.
    Renamed,
    /// It is written as it should be, and another one takes its place.
    Replaced,
    /// It is written and removed.
    Removed,
}

impl Fate {
    pub fn of(run: usize) -> Self {
        [Self::Written, Self::Saved, Self::Renamed, Self::Replaced, Self::Removed][run % 5]
    }
}

/// The name of a run.
pub fn name(run: usize) -> String {
    format!("run-{run:05}.jsonl")
}

/// A run: as it should be, or one in which an event went to another worker.
pub fn events(wrong: bool) -> String {
    let event = |task: usize| {
        let worker = if wrong && task == 5 { 9 } else { task % 3 };
        format!("{{\"type\":\"TASK_STARTED\",\"task\":{task},\"worker\":{worker}}}\n")
    };
    (0..12).map(event).collect()
}

/// True for a run in which something is wrong at last.
pub fn is_wrong(run: usize) -> bool {
    Fate::of(run) == Fate::Replaced || run % 3 == 2
}

/// Writes the runs from `from` on, and tells each when it is done.
pub fn run(folder: &Path, from: usize) -> Result<(), Box<dyn std::error::Error>> {
    let mut log = OpenOptions::new().read(true).append(true).create(true).open(folder.join(LOG))?;
    let mut at = whole_lines(&mut log)?;
    let mut text = String::new();
    for run in from..RUNS {
        let (path, beside) = (folder.join(name(run)), folder.join(format!("{run}.tmp")));
        let put = |wrong: bool| fs::write(&beside, events(wrong)).and_then(|()| fs::rename(&beside, &path));
        match Fate::of(run) {
            Fate::Written => fs::write(&path, events(is_wrong(run)))?,
            Fate::Saved => put(is_wrong(run))?,
            Fate::Renamed => {
                let other = folder.join(format!("early-{run}.jsonl"));
                fs::write(&other, events(is_wrong(run)))?;
                fs::rename(&other, &path)?;
            }
            Fate::Replaced => {
                fs::write(&path, events(false))?;
                put(true)?;
            }
            Fate::Removed => {
                fs::write(&path, events(true))?;
                fs::remove_file(&path)?;
            }
        }
        text.clear();
        while at < (run + 1) * EACH {
            line(&mut text, at, false);
            at += 1;
        }
        log.write_all(text.as_bytes())?;
        println!("{run}");
    }
    Ok(())
}

/// How many whole lines a log has. What was torn off by a kill is cut.
fn whole_lines(log: &mut fs::File) -> std::io::Result<usize> {
    let (mut bytes, mut lines, mut whole, mut at) = (vec![0; 1 << 20], 0, 0_u64, 0_u64);
    loop {
        let read = log.read(&mut bytes)?;
        if read == 0 {
            break;
        }
        for (place, _) in bytes[..read].iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
            (lines, whole) = (lines + 1, at + place as u64 + 1);
        }
        at += read as u64;
    }
    if whole < at {
        log.set_len(whole)?;
    }
    log.seek(SeekFrom::End(0))?;
    Ok(lines)
}
