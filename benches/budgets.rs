//! The budgets of the command line, as ratios to the tools that people use today, in one run on one machine.
//!
//! `cargo bench --bench budgets`. Whole processes, page cache warm, medians of alternated runs, user and system time.
//! The data is made by the shared generator (`../shared/tools/tracegen`, or `DETTRACE_TRACEGEN`). `DETTRACE_BENCH_10M`
//! adds the pair of ten million events; `DETTRACE_BENCH_RUNS` says how many runs each median is of. `--update-readme` puts
//! the table into README.md. What an appended line costs is told by `cargo bench --bench live`.

mod readme;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs of which the median is taken, where nobody says otherwise.
const RUNS: usize = 5;
/// Runs of the pair of ten million events: each takes its time.
const RUNS_10M: usize = 1;

/// What an event may cost at most in memory, with its partner, while ten million on each side are compared.
const BYTES_AN_EVENT: f64 = 56.0;

/// One program with its arguments.
struct Job {
    name: &'static str,
    words: Vec<String>,
}

/// The median CPU seconds of each job, in their order; `None` where a tool is missing.
fn medians(jobs: &[Job], runs: usize) -> Vec<Option<f64>> {
    let mut times: Vec<Vec<f64>> = jobs.iter().map(|_| Vec::new()).collect();
    for _ in 0..runs {
        for (job, times) in jobs.iter().zip(&mut times) {
            times.extend(cpu(&job.words));
        }
    }
    times.into_iter().map(median).collect()
}

fn median(mut times: Vec<f64>) -> Option<f64> {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied()
}

/// User and system seconds of one run, unless it failed; the shell's own clock knows milliseconds.
fn cpu(words: &[String]) -> Option<f64> {
    let script = r#"TIMEFORMAT='cpu %3U %3S'; time "$@" >/dev/null 2>/dev/null"#;
    let output = Command::new("bash").args(["-c", script, "time"]).args(words).env("LC_ALL", "C").output().ok()?;
    // 1 is the answer of all these tools that something differs.
    if !matches!(output.status.code(), Some(0 | 1)) {
        println!("FAILED ({}): {}", output.status, words.join(" "));
        return None;
    }
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = told.lines().find_map(|line| line.strip_prefix("cpu "))?;
    line.split(' ').map(|part| part.parse::<f64>().ok()).sum()
}

/// Peak resident memory of one run in bytes.
fn peak(words: &[String]) -> Option<u64> {
    let output =
        Command::new("/usr/bin/time").args(["-f", "peak %M"]).args(words).stdout(Stdio::null()).output().ok()?;
    if !matches!(output.status.code(), Some(0 | 1)) {
        return None;
    }
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    told.lines().find_map(|line| line.strip_prefix("peak "))?.parse::<u64>().ok().map(|kib| kib * 1024)
}

fn exists(tool: &str) -> bool {
    Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// The generator, built beside the data; its own folder is left alone.
fn generator(work: &Path) -> Option<PathBuf> {
    let source = env::var_os("DETTRACE_TRACEGEN")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tools/tracegen"), PathBuf::from);
    if !source.join("src/main.rs").exists() {
        println!("SKIPPED: no generator at {}; set DETTRACE_TRACEGEN to its folder", source.display());
        return None;
    }
    let copy = work.join("tracegen");
    fs::create_dir_all(copy.join("src")).ok()?;
    for file in ["Cargo.toml", "src/main.rs"] {
        fs::write(copy.join(file), fs::read(source.join(file)).ok()?).ok()?;
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release", "--quiet"])
        .current_dir(&copy)
        .env("CARGO_TARGET_DIR", copy.join("target"))
        .status();
    if !built.is_ok_and(|status| status.success()) {
        println!("SKIPPED: the generator cannot be built");
        return None;
    }
    Some(copy.join("target/release/tracegen"))
}

/// The recordings `exp`, `b` and `f` of this many events, made once.
fn data(generator: &Path, work: &Path, events: u64) -> Option<[PathBuf; 3]> {
    let folder = work.join(format!("events-{events}"));
    let files = ["exp", "b", "f"].map(|mode| folder.join(format!("{mode}.jsonl")));
    if !files.iter().all(|file| file.exists()) {
        fs::create_dir_all(&folder).ok()?;
        let made =
            Command::new(generator).arg(events.to_string()).arg(&folder).args(["exp", "b", "f"]).status().ok()?;
        if !made.success() || !files.iter().all(|file| file.exists()) {
            println!("SKIPPED: the generator did not write {}", files[0].display());
            return None;
        }
    }
    Some(files)
}

/// One budget: what is measured, against what, and how much it may take, where a budget was set for it.
struct Budget {
    what: usize,
    peer: usize,
    at_most: Option<f64>,
}

/// Measures one size of data and prints what came out. The rows of the table.
fn measure(files: &[PathBuf; 3], events: u64, runs: usize) -> Vec<String> {
    let million = events / 1_000_000;
    let size = format!("{million}M + {million}M");
    let mut rows = Vec::new();
    let [exp, b, f] = files.each_ref().map(|file| file.to_string_lossy().into_owned());
    let ours = env!("CARGO_BIN_EXE_dettrace");
    let job = |name, words: &[&str]| Job { name, words: words.iter().map(|word| (*word).to_owned()).collect() };
    let jobs = [
        job("first answer, b", &[ours, "compare", &exp, &b, "--first"]),
        job("first answer, f", &[ours, "compare", &exp, &f, "--first"]),
        job("whole answer, b", &[ours, "compare", &exp, &b, "--format", "json"]),
        job("whole answer, f", &[ours, "compare", &exp, &f, "--format", "json"]),
        job("cmp b", &["cmp", &exp, &b]),
        job("diff b", &["diff", &exp, &b]),
        job("diff f", &["diff", &exp, &f]),
        job("wc -l f", &["wc", "-l", &exp, &f]),
    ];
    for tool in ["cmp", "diff", "wc"] {
        if !exists(tool) {
            println!("SKIPPED: {tool} is not installed; its ratios are missing");
        }
    }
    println!("\n{events} + {events} events, median CPU seconds of {runs}");
    let times = medians(&jobs, runs);
    for (job, time) in jobs.iter().zip(&times) {
        println!("  {:18} {}", job.name, time.map_or_else(|| "not measured".to_owned(), |t| format!("{t:7.3}")));
    }
    // The budgets are for one million; beyond, the ratios tell whether it stays so.
    let at_most = |budget: f64| (million == 1).then_some(budget);
    let budgets = [
        Budget { what: 0, peer: 4, at_most: at_most(1.0) },
        Budget { what: 0, peer: 5, at_most: at_most(0.12) },
        Budget { what: 1, peer: 6, at_most: at_most(0.25) },
        Budget { what: 3, peer: 6, at_most: at_most(0.7) },
        Budget { what: 3, peer: 7, at_most: at_most(14.0) },
    ];
    println!("\n  {:18} {:10} {:>7} {:>7}", "work", "against", "ratio", "budget");
    for Budget { what, peer, at_most } in budgets {
        let (name, against) = (jobs[what].name, jobs[peer].name);
        let (Some(ours), Some(theirs)) = (times[what], times[peer].filter(|&theirs| theirs > 0.0)) else {
            println!("  {name:18} {against:10} not measured");
            continue;
        };
        let ratio = ours / theirs;
        let verdict = if at_most.is_some_and(|most| ratio > most) { "  OVER" } else { "" };
        let budget = at_most.map_or_else(String::new, |most| format!("{most:.2}"));
        println!("  {name:18} {against:10} {ratio:7.2} {budget:>7}{verdict}");
        let budget = if budget.is_empty() { "—".to_owned() } else { format!("{budget} ×") };
        let tool = against.rsplit_once(' ').map_or(against, |(tool, _)| tool);
        rows.push(format!("| {size} | {name} | {ours:.2} s | `{tool}` {theirs:.2} s | {ratio:.2} × | {budget} |"));
    }
    println!("\n  {:18} {:>9} {:>13}", "peak memory", "MiB", "bytes/event");
    for job in jobs[..4].iter().chain(&jobs[6..7]) {
        let Some(bytes) = peak(&job.words) else {
            println!("  {:18} not measured: it failed, or /usr/bin/time is not there", job.name);
            continue;
        };
        let each = bytes as f64 / (2 * events) as f64;
        println!("  {:18} {:9} {each:13.1}", job.name, bytes >> 20);
        if job.name.starts_with("whole answer, f") || job.name.starts_with("diff") {
            let budget =
                if job.name.starts_with("whole") { format!("{BYTES_AN_EVENT:.0} B") } else { "—".to_owned() };
            rows.push(format!(
                "| {size} | {}, peak memory | {} MiB | | {each:.0} B an event | {budget} |",
                job.name,
                bytes >> 20
            ));
        }
    }
    rows
}

fn main() {
    if !exists("bash") {
        println!("SKIPPED: bash keeps the time, and it is not installed");
        return;
    }
    let work = Path::new(env!("CARGO_TARGET_TMPDIR")).join("budgets");
    let Some(generator) = generator(&work) else { return };
    let runs = env::var("DETTRACE_BENCH_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(RUNS);
    let mut rows = Vec::new();
    if let Some(files) = data(&generator, &work, 1_000_000) {
        rows.extend(measure(&files, 1_000_000, runs));
    }
    if env::var_os("DETTRACE_BENCH_10M").is_none() {
        println!("\nSKIPPED: ten million events; set DETTRACE_BENCH_10M to run them");
    } else if let Some(files) = data(&generator, &work, 10_000_000) {
        rows.extend(measure(&files, 10_000_000, RUNS_10M));
    }
    if readme::asked() {
        let head = "| events | work | takes | peer takes | ratio | budget |\n|---|---|--:|--:|--:|--:|";
        readme::update("budgets", &format!("{head}\n{}", rows.join("\n")));
    }
}
