//! What it takes to find something in both sides of a pair, beside `grep -c` over the same files in the same run, and to put
//! its rows into another order.
//!
//! `cargo bench --bench finding`. Wall clock, page cache warm, medians of alternated runs. `DETTRACE_BENCH_10M` adds ten
//! million events on each side; `--update-readme` puts the table into README.md.

mod lines;
mod readme;

use std::cell::Cell;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use dettrace::analyse::{Analysis, Finding, Session, Sort, SortKey, Sorting, find, sort};
use dettrace::pack::{Found, open};
use dettrace::query::parse;
use dettrace::trace::Side;

/// Runs of which the median is taken, of one million events and of ten.
const RUNS: usize = 5;
const RUNS_10M: usize = 3;
/// Within this time the first hits are there, in milliseconds.
const FIRST: f64 = 100.0;

/// A query, and what `grep` is asked instead, where it can be.
const QUERIES: [(&str, &[&str]); 9] = [
    ("TASK_COMPLETED", &["-Fc", "TASK_COMPLETED"]),
    ("\"value\\\":99\"", &["-Fc", "\"value\":99"]),
    // In the middle of one million and of ten, on rows that are the same.
    ("\"seq\\\":MIDDLE,\"", &["-Fc", "\"seq\":MIDDLE,"]),
    ("nothing_of_the_kind", &["-Fc", "nothing_of_the_kind"]),
    ("/task\":4[0-7],\"worker\":3/", &["-Ec", "task\":4[0-7],\"worker\":3"]),
    ("attrs.value:99", &["-Fc", "\"value\":99"]),
    ("value:>15 -worker:0..6", &["-Ec", "\"worker\":7.*\"value\":(16|99)"]),
    ("kind:task_started lane:task:11", &["-Ec", "TASK_STARTED\",\"task\":11,"]),
    ("diff:any", &[]),
];

/// Notes when the first rows came.
struct Watch {
    start: Instant,
    first: Cell<Option<Duration>>,
    rows: Cell<u64>,
}

impl Finding for Watch {
    fn found(&self, rows: &[u32], looked_at: u64) {
        if looked_at > 0 {
            self.rows.set(self.rows.get() + rows.len() as u64);
        }
        if !rows.is_empty() && self.first.get().is_none() {
            self.first.set(Some(self.start.elapsed()));
        }
    }

    fn cancelled(&self) -> bool {
        false
    }
}

fn median(mut times: Vec<f64>) -> Option<f64> {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied()
}

/// Milliseconds of a search, of its first rows, and how many events were found.
fn search(analysis: &Analysis, text: &str) -> Result<(f64, Option<f64>, u64), String> {
    let query = parse(text).map_err(|fault| fault.says)?.ok_or("there is no query")?;
    let watch = Watch { start: Instant::now(), first: Cell::new(None), rows: Cell::new(0) };
    find(analysis, &query, 0, &watch)?;
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    Ok((millis(watch.start.elapsed()), watch.first.get().map(millis), watch.rows.get()))
}

/// Milliseconds of `grep` over both files, and its count; `None` where it cannot be asked.
fn grep(words: &[String], files: &[PathBuf; 2]) -> Option<(f64, u64)> {
    let words = Some(words).filter(|words| !words.is_empty())?;
    let start = Instant::now();
    let output = Command::new("grep").args(words).args(files).env("LC_ALL", "C").output().ok()?;
    let took = start.elapsed().as_secs_f64() * 1e3;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    Some((took, told.lines().filter_map(|line| line.rsplit(':').next()?.parse::<u64>().ok()).sum()))
}

/// Nobody is told how far a sorting is.
struct Patient;

impl Sorting for Patient {
    fn step(&self, _done: u32, _all: u32) {}

    fn cancelled(&self) -> bool {
        false
    }
}

/// What sorting takes by what a row is, by a column and by a field that must be read again.
fn sorted(analysis: &Analysis, million: usize, runs: usize) -> Result<Vec<String>, String> {
    let mut rows = Vec::new();
    for by in [SortKey::Class, SortKey::Time(Side::Actual), SortKey::Field(Side::Actual, "attrs.value".to_owned())] {
        let order = Sort { by, descending: true };
        let (mut times, mut found) = (Vec::new(), 0);
        for _ in 0..runs {
            let start = Instant::now();
            found = sort(analysis, &order, &|_| true, &Patient)?.len();
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        let (took, words) = (median(times).ok_or("nothing was measured")?, order.by.words());
        println!("  sorted by {words:22} {found:9} {:>9} {took:9.0}", "–");
        rows.push(format!("| {million}M + {million}M | sorted by {words} | {found} | – | {took:.0} ms | – | – |"));
    }
    Ok(rows)
}

fn measure(files: &[PathBuf; 2], events: usize, runs: usize) -> Result<Vec<String>, String> {
    let analysis = match open(files).map_err(|why| why.to_string())? {
        Found::Ready(pack) => Session::new(*pack).run(&()).map_err(|why| why.to_string())?,
        Found::Choose { why, .. } => return Err(why),
    };
    println!("\n{events} + {events} events, milliseconds, medians of {runs}");
    println!("  {:32} {:>9} {:>9} {:>9} {:>9} {:>7}", "query", "found", "first", "all", "grep -c", "ratio");
    let mut rows = Vec::new();
    let middle = (events / 2 + 1).to_string();
    for (text, words) in QUERIES {
        let text = &text.replace("MIDDLE", &middle);
        let words: Vec<String> = words.iter().map(|word| word.replace("MIDDLE", &middle)).collect();
        let (mut all, mut firsts, mut greps) = (Vec::new(), Vec::new(), Vec::new());
        let mut found = 0;
        for _ in 0..runs {
            let (took, first, count) = search(&analysis, text)?;
            found = count;
            all.push(took);
            firsts.extend(first);
            if let Some((took, count)) = grep(&words, files) {
                greps.push(took);
                if count != found {
                    return Err(format!("{text} found {found} events, and grep {count} lines"));
                }
            }
        }
        let all = median(all).ok_or("nothing was measured")?;
        let (first, peer) = (median(firsts), median(greps));
        let show = |time: Option<f64>| time.map_or_else(|| "–".to_owned(), |time| format!("{time:.0}"));
        let ratio = peer.map_or_else(|| "–".to_owned(), |peer| format!("{:.2} ×", all / peer));
        let late = if first.is_some_and(|first| first > FIRST) { "  LATE" } else { "" };
        println!("  {text:32} {found:9} {:>9} {all:9.0} {:>9} {ratio:>7}{late}", show(first), show(peer));
        let million = events / 1_000_000;
        rows.push(format!(
            "| {million}M + {million}M | `{text}` | {found} | {} | {all:.0} ms | {} | {ratio} |",
            first.map_or_else(|| "–".to_owned(), |time| format!("{time:.0} ms")),
            peer.map_or_else(|| "–".to_owned(), |time| format!("{time:.0} ms"))
        ));
    }
    rows.extend(sorted(&analysis, events / 1_000_000, runs)?);
    Ok(rows)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("finding");
    fs::create_dir_all(&folder)?;
    let files = [folder.join("expected.jsonl"), folder.join("actual.jsonl")];
    let mut sizes = vec![(1_000_000, RUNS)];
    if env::var_os("DETTRACE_BENCH_10M").is_some() {
        sizes.push((10_000_000, RUNS_10M));
    } else {
        println!("SKIPPED: ten million events; set DETTRACE_BENCH_10M to run them");
    }
    let mut rows = Vec::new();
    for (events, runs) in sizes {
        lines::record(&files[0], events, None)?;
        lines::record(&files[1], events, Some(events / 2))?;
        rows.extend(measure(&files, events, runs)?);
    }
    if readme::asked() {
        let head = "| events | query | found | first | all | `grep -c` | ratio |\n|---|---|--:|--:|--:|--:|--:|";
        readme::update("finding", &format!("{head}\n{}", rows.join("\n")));
    }
    fs::remove_dir_all(&folder)?;
    Ok(())
}
