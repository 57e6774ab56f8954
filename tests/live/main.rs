//! Recordings that grow: whatever is appended in whatever pieces, the answer is the one for the same bytes at once; what is
//! appended costs what is appended; a file that was cut, replaced or rewritten is noticed. Real files in a temporary folder.

#![expect(clippy::unwrap_used, reason = "what a test cannot read or write fails the test")]

mod cost;
mod lockstep;
mod replaced;
mod same_answer;

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use dettrace::analyse::{Live, Session, Update};
use dettrace::pack::{Found, Overrides, Pack, open};
use dettrace::report::json;
use dettrace::trace::{Side, Sides};

/// Two recordings in a folder of their own.
struct Files {
    _folder: tempfile::TempDir,
    paths: Sides<PathBuf>,
    overrides: Overrides,
}

impl Files {
    fn new(expected: &[u8], actual: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let paths = Sides::new(folder.path().join("expected.jsonl"), folder.path().join("actual.jsonl"));
        fs::write(&paths.expected, expected).unwrap();
        fs::write(&paths.actual, actual).unwrap();
        Self { _folder: folder, paths, overrides: Overrides::default() }
    }

    fn append(&self, side: Side, bytes: &[u8]) {
        fs::OpenOptions::new().append(true).open(&self.paths[side]).unwrap().write_all(bytes).unwrap();
    }

    /// The pair as it is now; none while a side is no recording (yet).
    fn pack(&self) -> Option<Pack> {
        match open(&[self.paths.expected.clone(), self.paths.actual.clone()]).ok()? {
            Found::Ready(pack) => Some(Pack { overrides: self.overrides.clone(), ..*pack }),
            Found::Choose { why, .. } => panic!("two paths are a pair: {why}"),
        }
    }

    fn live(&self) -> Live {
        Live::open(self.pack().unwrap(), &()).unwrap()
    }

    /// The report of a batch over the bytes as they are now.
    fn batch(&self) -> Option<String> {
        Some(json(&Session::new(self.pack()?).run(&()).unwrap()))
    }

    /// Refreshes, and holds the answer against the batch's.
    fn check(&self, live: &mut Live) -> Option<Update> {
        let batch = self.batch();
        let update = live.refresh(&());
        let Some(batch) = batch else {
            assert!(update.is_err() || live.finish(&()).is_err(), "a batch refuses what is there");
            return None;
        };
        let update = update.unwrap();
        let finished = json(&live.finish(&()).unwrap());
        assert!(batch == finished, "batch:\n{batch}\nlive:\n{finished}");
        let snapshot = json(&live.snapshot(&()).unwrap());
        assert_eq!(snapshot.replacen("\"provisional\": true", "\"provisional\": false", 1), batch);
        Some(update)
    }
}

/// One event in its line.
fn line(seq: usize, kind: &str, task: usize, queue: usize, value: u64) -> String {
    format!("{{\"seq\":{seq},\"type\":\"{kind}\",\"task\":{task},\"queue\":{queue},\"value\":{value}}}\n")
}

/// A run of events on a few tasks and queues, `changed` with another value.
fn lines(events: std::ops::Range<usize>, changed: Option<usize>) -> String {
    const KINDS: [&str; 4] = ["TASK_ENQUEUED", "TASK_DEQUEUED", "TASK_STARTED", "TASK_DONE"];
    events
        .map(|i| {
            let value = if changed == Some(i) { 99 } else { (i / 7 % 5) as u64 };
            line(i, KINDS[i % 4], i * 7 % 12, i % 3, value)
        })
        .collect()
}
