//! What one appended line costs, from the look at the file to how the sides stand: beside each other for traces of two
//! lengths, before a divergence and after one. It must not depend on the length.
//!
//! `cargo bench --bench live`. The files are written into the target folder, page cache warm; writing them is not counted.
//! `DETTRACE_BENCH_EVENTS` gives other lengths, such as `100000,10000000`.

mod lines;

use std::env;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dettrace::analyse::Live;
use dettrace::pack::{Found, open};
use dettrace::trace::Sides;
use lines::{line, record};

/// Lines appended one by one in each measurement.
const APPENDED: usize = 2_000;
/// What one may cost at the median, in microseconds (DESIGN section 7).
const BUDGET: f64 = 50.0;
/// The lengths that are compared, in events.
const LENGTHS: &str = "100000,1000000";

/// Opens the pair, appends lines to actual one by one, and tells what each took.
fn measure(paths: &Sides<PathBuf>, events: usize) -> Result<String, Box<dyn std::error::Error>> {
    let Found::Ready(pack) = open(&[paths.expected.clone(), paths.actual.clone()])? else {
        return Err("two paths are a pair".into());
    };
    let start = Instant::now();
    let mut live = Live::open(*pack, &())?;
    let opened = start.elapsed();
    let mut file = OpenOptions::new().append(true).open(&paths.actual)?;
    let mut times: Vec<Duration> = Vec::with_capacity(APPENDED);
    let (mut text, mut most) = (String::new(), 0);
    for i in events..events + APPENDED {
        text.clear();
        line(&mut text, i, false);
        file.write_all(text.as_bytes())?;
        let start = Instant::now();
        let update = live.refresh(&())?;
        times.push(start.elapsed());
        if update.appended != Sides::new(0, 1) || update.rebuilt != Sides::default() {
            return Err(format!("one line was not taken for one: {update:?}").into());
        }
        most = most.max(update.visited);
    }
    let start = Instant::now();
    let verdict = live.finish(&())?.comparison.verdict;
    let finished = start.elapsed();
    times.sort_unstable();
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    let (median, p99) = (micros(times[times.len() / 2]), micros(times[times.len() * 99 / 100]));
    let over = if median > BUDGET { "  OVER" } else { "" };
    Ok(format!(
        "{median:10.1} {p99:9.1} {BUDGET:9.0} {most:8} {:10.0} {:10.0}  {}{over}",
        opened.as_secs_f64() * 1e3,
        finished.as_secs_f64() * 1e3,
        verdict.word(),
    ))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("live");
    fs::create_dir_all(&folder)?;
    let paths = Sides::new(folder.join("expected.jsonl"), folder.join("actual.jsonl"));
    println!("One line appended, {APPENDED} times; microseconds of look, read and lock step");
    println!(
        "{:>9} {:12} {:>10} {:>9} {:>9} {:>8} {:>10} {:>10}  answer",
        "events", "", "median", "p99", "budget", "visits", "open ms", "finish ms"
    );
    let lengths = env::var("DETTRACE_BENCH_EVENTS").unwrap_or_else(|_| LENGTHS.to_owned());
    for events in lengths.split(',').filter_map(|length| length.trim().parse::<usize>().ok()) {
        record(&paths.expected, events + APPENDED, None)?;
        for (name, wrong) in [("equal so far", None), ("diverged", Some(events / 2))] {
            record(&paths.actual, events, wrong)?;
            println!("{events:9} {name:12} {}", measure(&paths, events)?);
        }
    }
    fs::remove_dir_all(&folder)?;
    Ok(())
}
