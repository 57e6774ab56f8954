//! Recordings for the benches that make their own.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

/// An event of a scheduler, on three lanes.
pub fn line(into: &mut String, i: usize, wrong: bool) {
    const KINDS: [&str; 4] = ["TASK_ENQUEUED", "TASK_DEQUEUED", "TASK_STARTED", "TASK_COMPLETED"];
    let value = if wrong { 99 } else { i / 11 % 17 };
    let (kind, task, worker, queue) = (KINDS[i / 48 % 4], i % 48, i % 8, i % 3);
    writeln!(
        into,
        "{{\"seq\":{i},\"ts_ns\":{},\"type\":\"{kind}\",\"task\":{task},\"worker\":{worker},\"queue\":{queue},\"attrs\":{{\"value\":{value},\"state\":\"running\",\"region\":\"main\"}}}}",
        1_000_000_u64 + i as u64 * 1_250,
    )
    .ok();
}

/// Writes a recording, with another value at `wrong`.
pub fn record(path: &Path, events: usize, wrong: Option<usize>) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    let mut text = String::new();
    for i in 0..events {
        line(&mut text, i, wrong == Some(i));
        if text.len() > 1 << 20 {
            file.write_all(text.as_bytes())?;
            text.clear();
        }
    }
    file.write_all(text.as_bytes())
}
