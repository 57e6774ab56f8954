//! `dettrace watch` beside the test loop, with both killed and started again.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use dettrace::analyse::Session;
use dettrace::pack::{Found, open};
use serde_json::Value;

use super::Table;
use super::lines::record;
use super::process::Program;
use super::writer::{ARG, Fate, LINES, LOG, RUNS, events, is_wrong, name};

const DETTRACE: &str = env!("CARGO_BIN_EXE_dettrace");
/// Runs that were written when the writer is killed, and answers that were told when the watcher is.
const WRITER_DIES: usize = RUNS / 3;
const WATCHER_DIES: usize = RUNS / 5;
/// All is told when nothing was for so long: more than what waits for more needs to settle.
const QUIET: Duration = Duration::from_secs(6);
/// Nothing takes longer.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long nothing happens.
const IDLE: Duration = Duration::from_secs(5);
/// Single runs that are timed.
const TIMED: usize = 300;
/// Runs that are written anew to see that memory stays.
const CHURNED: usize = 2_000;
/// What may come to the memory with them, in MiB.
const ALLOWED: f64 = 16.0;
/// Each so many runs are asked of `dettrace compare` as a process; all of them of the same code in this one.
const SAMPLED: usize = 50;

/// What was told of each run: how often, and the last verdict.
type Told = BTreeMap<String, (u32, String)>;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

pub fn soak(folder: &Path, table: &mut Table) -> Fallible<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("good.jsonl"), events(false))?;
    record(&folder.join("log-good.jsonl"), LINES, None)?;
    let start = Instant::now();
    let mut watcher = watch(folder)?;
    let mut writer = write(folder, 0)?;
    let mut next = 0;
    while next < WRITER_DIES {
        next = done(&writer.lines.recv()?.1)?;
    }
    writer.kill()?;
    writer.until_quiet(Duration::from_millis(200), |_, line| next = done(line).unwrap_or(next));
    let torn = next - 1..next + 2;
    let writer = write(folder, next)?;
    for told in 0..WATCHER_DIES {
        watcher.lines.recv_timeout(PATIENCE).map_err(|_quiet| format!("only {told} runs were told"))?;
    }
    let peak_before = watcher.memory("VmHWM");
    watcher.kill()?;
    // The last of what the writer says, which ends by itself.
    let mut last = 0;
    writer.until_quiet(PATIENCE, |_, line| last = done(line).unwrap_or(last));
    if last != RUNS {
        return Err(format!("the writer wrote {last} runs").into());
    }
    let watcher = watch(folder)?;
    let mut told = Told::new();
    // The log is what takes longest.
    while !told.contains_key(LOG) {
        note(&mut told, &watcher.lines.recv_timeout(PATIENCE).map_err(|_quiet| format!("{LOG} is lost"))?.1);
    }
    watcher.until_quiet(QUIET, |_, line| note(&mut told, line));
    println!(
        "{RUNS} runs and {LINES} lines in {:.0} s, {} runs told after the restart",
        start.elapsed().as_secs_f64(),
        told.len()
    );
    let checked = check(folder, &told, &torn)?;
    table.say(
        &format!("runs told as a fresh `dettrace compare` tells them; lost, doubled, stale: 0 of {checked}"),
        "",
        "",
    );
    churn(folder, &watcher, peak_before, table)?;
    let before = watcher.ticks();
    std::thread::sleep(IDLE);
    let ticks = watcher.ticks() - before;
    table.say(
        &format!("processor time of the watcher in {} s without a change", IDLE.as_secs()),
        format!("{} ms", ticks * 10),
        "",
    );
    if ticks > 0 {
        return Err(format!("{ticks} ticks were used while nothing happened").into());
    }
    Ok(())
}

fn watch(folder: &Path) -> std::io::Result<Program> {
    Program::start(Command::new(DETTRACE).arg("watch").arg(folder).args(["--format", "json"]))
}

fn write(folder: &Path, from: usize) -> std::io::Result<Program> {
    Program::start(Command::new(std::env::current_exe()?).arg(ARG).arg(folder).arg(from.to_string()))
}

/// The run after the one that the writer says is done.
fn done(line: &str) -> Result<usize, std::num::ParseIntError> {
    line.trim().parse::<usize>().map(|run| run + 1)
}

fn note(told: &mut Told, line: &str) {
    let line: Value = serde_json::from_str(line).unwrap_or_default();
    let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let entry = told.entry(text("run")).or_default();
    *entry = (entry.0 + 1, text("verdict"));
}

/// Holds what was told last against what a comparison of what is there says; how many runs that were.
fn check(folder: &Path, told: &Told, torn: &Range<usize>) -> Fallible<usize> {
    let good = folder.join("good.jsonl");
    let mut runs = 0;
    for run in 0..RUNS {
        let (name, path) = (name(run), folder.join(name(run)));
        let last = told.get(&name);
        if Fate::of(run) == Fate::Removed {
            if path.exists() || last.is_some() {
                return Err(format!("{name} was removed before, and is told").into());
            }
            continue;
        }
        let Some((times, verdict)) = last else { return Err(format!("{name} is lost").into()) };
        let fresh = fresh(&good, &path)?;
        if *verdict != fresh || (fresh == "diverged") != is_wrong(run) {
            return Err(format!("{name} is stale: told {verdict}, now {fresh}").into());
        }
        if *times != 1 && !torn.contains(&run) {
            return Err(format!("{name} is told {times} times").into());
        }
        if run % SAMPLED == 0 {
            let said = compared(&good, &path)?;
            if said != fresh {
                return Err(format!("{name}: dettrace compare says {said}, its library {fresh}").into());
            }
        }
        runs += 1;
    }
    let log = (folder.join("log-good.jsonl"), folder.join(LOG));
    let said = compared(&log.0, &log.1)?;
    match told.get(LOG) {
        Some((1, verdict)) if *verdict == said && said == "identical" => {}
        other => return Err(format!("the log is {said}, and told as {other:?}").into()),
    }
    if told.len() != runs + 1 {
        let strange = told.keys().find(|name| !folder.join(name).exists());
        return Err(format!("{} runs are told that are not there, such as {strange:?}", told.len() - runs - 1).into());
    }
    Ok(runs + 1)
}

fn fresh(good: &Path, run: &Path) -> Fallible<String> {
    let Found::Ready(pack) = open(&[good.to_path_buf(), run.to_path_buf()])? else {
        return Err("two paths are a pair".into());
    };
    Ok(Session::new(*pack).run(&())?.comparison.verdict.word().to_owned())
}

fn compared(good: &Path, run: &Path) -> Fallible<String> {
    let out = Command::new(DETTRACE).arg("compare").args([good, run]).args(["--format", "json"]).output()?;
    let answer: Value = serde_json::from_slice(&out.stdout)?;
    Ok(answer["verdict"].as_str().unwrap_or_default().to_owned())
}

/// Writes runs anew, one at a time and many at once: how long a verdict takes, and that memory stays.
fn churn(folder: &Path, watcher: &Program, before: f64, table: &mut Table) -> Fallible<()> {
    let resting = watcher.memory("VmRSS");
    let put = |run: usize, wrong: bool| {
        let beside = folder.join("beside.tmp");
        fs::write(&beside, events(wrong)).and_then(|()| fs::rename(&beside, folder.join(name(run))))
    };
    let mut times = Vec::new();
    for run in (0..TIMED).map(|at| at * 5) {
        put(run, !is_wrong(run))?;
        let start = Instant::now();
        loop {
            let (at, line) =
                watcher.lines.recv_timeout(QUIET).map_err(|_quiet| format!("{} is not told", name(run)))?;
            if line.contains(&name(run)) {
                times.push(at.saturating_duration_since(start));
                break;
            }
        }
    }
    table.times(&format!("from a run's write to its line, among {RUNS} runs"), times);
    for run in (0..CHURNED).map(|at| at * 5) {
        put(run % RUNS, run % 2 == 0)?;
    }
    watcher.until_quiet(QUIET, |_, _| {});
    let grown = watcher.memory("VmRSS") - resting;
    let memory = |mib: f64| format!("{mib:.0} MiB");
    table.say(
        "peak memory of the watcher, before its end and after its restart",
        memory(before),
        memory(watcher.memory("VmHWM")),
    );
    table.say(&format!("memory that came with {} further runs", TIMED + CHURNED), format!("{grown:.1} MiB"), "");
    if grown > ALLOWED {
        return Err(format!("{grown:.1} MiB came with {CHURNED} further runs").into());
    }
    Ok(())
}
