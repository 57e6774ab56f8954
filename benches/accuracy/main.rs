//! How often the engine names the cause, on labelled cases, beside what people do without it: one table.
//!
//! `cargo bench --bench accuracy`, with `-- --misses` (every miss), `--case NAME --keep FOLDER` (one case as two files),
//! `--update-readme` (the table into README.md). `DETTRACE_BENCH_CASES` says how many labelled faults are made,
//! `DETTRACE_BENCH_SEED` from which seed. Ends with 1 where the aims are missed.

mod answer;
mod baselines;
mod case;
mod engine;
mod generate;
mod groups;
#[path = "../readme/mod.rs"]
mod readme;
mod second;
mod table;
mod veil;

use std::path::PathBuf;
use std::process::ExitCode;

/// Labelled single faults, where nobody says otherwise.
const CASES: u64 = 2_600;
/// The seed of everything that is made, where nobody says otherwise.
const SEED: u64 = 1;

/// The number that an environment variable holds.
fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// The seed of this run.
fn seed() -> u64 {
    number("DETTRACE_BENCH_SEED", SEED)
}

/// What was asked for.
struct Asked {
    misses: bool,
    case: Option<String>,
    keep: Option<PathBuf>,
    cases: u64,
}

fn asked() -> Asked {
    let cases = number("DETTRACE_BENCH_CASES", CASES);
    let mut asked = Asked { misses: false, case: None, keep: None, cases };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--misses" => asked.misses = true,
            "--case" => asked.case = words.next(),
            "--keep" => asked.keep = words.next().map(PathBuf::from),
            // The table's, and Cargo's own.
            "--update-readme" | "--bench" => {}
            other => eprintln!("{other} is not known here; see the first lines of benches/accuracy/main.rs"),
        }
    }
    asked
}

fn main() -> ExitCode {
    let asked = asked();
    if let Some(name) = &asked.case {
        return groups::keep(name, asked.keep.as_deref(), asked.cases);
    }
    let groups = groups::all(asked.cases);
    if asked.misses {
        for miss in groups.iter().flat_map(|group| &group.misses) {
            println!("{miss}\n");
        }
    }
    let text = table::markdown(&groups);
    if readme::asked() {
        readme::update("accuracy", &text);
    } else {
        println!("{text}");
    }
    let missed = table::missed_aims(&groups);
    for miss in &missed {
        println!("MISSED: {miss}");
    }
    if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
