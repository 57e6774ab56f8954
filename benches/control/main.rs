//! How well control loops are diagnosed: the reference plant with every fault, Tennessee Eastman faults, anomaly windows.
//!
//! `cargo bench --bench control`, with `-- --misses` (every run that is not right), `--update-readme` (the tables into README.md).
//! The recordings are read where they are (`DETTRACE_CORPUS`, or `../shared/corpus`); without them only the plant is measured, and
//! that is said.
#![expect(clippy::unwrap_used, reason = "a bench without its files must fail")]

mod grid;
#[path = "../readme/mod.rs"]
mod readme;
mod recorded;

use std::fmt::Write as _;
use std::path::PathBuf;

/// The corpus, where it is.
fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("DETTRACE_CORPUS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from);
    folder.join("control-timeseries").is_dir().then_some(folder)
}

fn main() {
    let misses = std::env::args().any(|word| word == "--misses");
    let mut text = grid::table(misses);
    match corpus() {
        None => println!("No corpus at ../shared/corpus: the recordings are not measured."),
        Some(folder) => {
            write!(text, "\n{}\n{}", recorded::plants(&folder), recorded::windows(&folder)).unwrap();
        }
    }
    println!("{text}");
    if readme::asked() {
        readme::update("control", &text);
    }
}
