//! Half a million spans against as many: how long the whole command takes, and how much memory. Beside the clock on the wall stands the
//! time of all processors together, which other work on the machine does not lengthen.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Spans of a window, and of one request.
const SPANS: u32 = 500_000;
const REQUEST: u32 = 20;
/// Services, one below the other; the last but one is slow in the failing window.
const SERVICES: u32 = 10;
/// Runs, of which the median is told.
const RUNS: usize = 3;
/// What it may take, in seconds.
const BUDGET: f64 = 5.0;

/// Writes a window, a request a line; how many bytes.
fn window(folder: &Path, slow: bool) -> u64 {
    fs::create_dir_all(folder).unwrap();
    let path = folder.join("traces.jsonl");
    let mut file = std::io::BufWriter::new(fs::File::create(&path).unwrap());
    for request in 0..SPANS / REQUEST {
        let begin = 1_700_000_000_000_000_000 + u64::from(request) * 2_400_000;
        let mut line = String::from("{\"resourceSpans\":[");
        for span in 0..REQUEST {
            let service = span * SERVICES / REQUEST;
            let noise = u64::from(request * 31 + span * 17) % 997 * 1_000;
            let more = if slow && service + 2 <= SERVICES { 40_000_000 } else { 0 };
            let (from, to) = (u64::from(span) * 100_000, u64::from(2 * REQUEST - span) * 1_000_000 + noise + more);
            let parent = span
                .checked_sub(1)
                .map_or_else(String::new, |parent| format!("{:016x}", request * REQUEST + parent + 1));
            write!(
                line,
                "{}{{\"resource\":{{\"attributes\":[{{\"key\":\"service.name\",\"value\":{{\"stringValue\":\"service-{service}\"}}}}]}},\
                 \"scopeSpans\":[{{\"scope\":{{\"name\":\"bench\"}},\"spans\":[{{\"traceId\":\"{request:032x}\",\"spanId\":\"{:016x}\",\
                 \"parentSpanId\":\"{parent}\",\"name\":\"GET /step/{}\",\"kind\":2,\"startTimeUnixNano\":\"{}\",\
                 \"endTimeUnixNano\":\"{}\",\"attributes\":[{{\"key\":\"http.status_code\",\"value\":{{\"intValue\":\"200\"}}}}],\
                 \"status\":{{}}}}]}}]}}",
                if span > 0 { "," } else { "" },
                request * REQUEST + span + 1,
                span % 4,
                begin + from,
                begin + to
            )
            .expect("a string takes everything");
        }
        writeln!(file, "{line}]}}").unwrap();
    }
    file.flush().unwrap();
    fs::metadata(path).unwrap().len()
}

/// What one comparison took.
struct Run {
    /// Seconds, on the wall and of the processors together.
    wall: f64,
    busy: f64,
    /// Most memory, in KiB.
    peak: u64,
}

/// One comparison; `None` where the system's `time` is missing.
fn run(folders: &[std::path::PathBuf; 2]) -> Option<Run> {
    let mut command = Command::new("/usr/bin/time");
    command.args(["-f", "took %e %U %S %M", env!("CARGO_BIN_EXE_dettrace"), "compare"]).args(folders);
    let output = command.args(["--format", "json"]).stdout(Stdio::null()).output().ok()?;
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let told = told.lines().find_map(|line| line.strip_prefix("took "))?;
    let numbers: Vec<f64> = told.split(' ').filter_map(|number| number.parse().ok()).collect();
    let &[wall, user, system, peak] = &numbers[..] else { return None };
    Some(Run { wall, busy: user + system, peak: peak as u64 })
}

/// The row, in Markdown.
pub fn markdown() -> String {
    let folder = tempfile::tempdir().unwrap();
    let folders = ["baseline", "failing"].map(|side| folder.path().join(side));
    let bytes: u64 = folders.iter().zip([false, true]).map(|(folder, slow)| window(folder, slow)).sum();
    let mut runs: Vec<Run> = (0..RUNS).filter_map(|_| run(&folders)).collect();
    runs.sort_by(|a, b| a.wall.total_cmp(&b.wall));
    let Some(Run { wall, busy, peak }) = runs.get(runs.len() / 2) else {
        return "SKIPPED: there is no /usr/bin/time to measure half a million spans with.\n".to_owned();
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!(
        "| windows of requests | OTLP JSON | cores | to ranked causes | processor time | budget | peak memory |\n\
         |---|--:|--:|--:|--:|--:|--:|\n\
         | {SPANS} ⇄ {SPANS} spans | {} MB | {cores} | {wall:.1} s | {busy:.1} s | {BUDGET:.0} s | {} MiB |\n",
        bytes / 1_000_000,
        peak >> 10
    )
}
