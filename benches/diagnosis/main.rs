//! How often the service at fault is named, on real incidents with known answers: one table.
//!
//! `cargo bench --bench diagnosis`, with `-- --misses` (every case that is not first, and why), `--update-readme` (the table
//! into README.md). The recordings are read where they are (`DETTRACE_CORPUS`, or `../shared/corpus`); without them nothing is
//! measured, and that is said.
#![expect(clippy::unwrap_used, reason = "a bench without its files must fail")]

mod floor;
mod metrics;
#[path = "../readme/mod.rs"]
mod readme;
mod table;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use dettrace::ingest::TelemetryReader;
use dettrace::population::{Calls, rank};
use dettrace::trace::{Window, fnv};

/// Which signals are looked at.
pub const INPUTS: [(&str, &[&str]); 3] = [
    ("traces", &["traces"]),
    ("traces + logs", &["traces", "logs"]),
    ("traces + logs + metrics", &["traces", "logs", "metrics"]),
];
/// How often a baseline is split into halves that are compared with each other.
const SPLITS: u64 = 10;

/// How often the right service was among the first 1, 3 and 5.
#[derive(Debug, Default, Clone, Copy)]
pub struct Score {
    /// How many cases.
    pub cases: u32,
    /// How often among the first 1, 3 and 5.
    pub within: [u32; 3],
}

impl Score {
    fn note(&mut self, place: Option<usize>) {
        self.cases += 1;
        for (hits, most) in self.within.iter_mut().zip([1, 3, 5]) {
            *hits += u32::from(place.is_some_and(|place| place < most));
        }
    }
}

/// The scores of one row of the table: by signals, then those of the simple ways.
pub type Row = [Score; INPUTS.len() + floor::NAMES.len()];

/// Everything that was measured.
#[derive(Debug, Default)]
pub struct Measured {
    /// By system and fault; the fault `all` stands for all.
    pub rows: BTreeMap<(String, String), Row>,
    /// By signals: comparisons of two halves of one baseline, and how many of them name a cause.
    pub nothing: [(u32, u32); INPUTS.len()],
    /// By signals: cases with a clear cause, and how many of these name the right one.
    pub clear: [(u32, u32); INPUTS.len()],
}

fn read(reader: &mut TelemetryReader, folder: &Path, signals: &[&str]) -> Window {
    let mut window = Window::default();
    for signal in signals {
        let name = format!("{signal}.otlp.jsonl.gz");
        let Ok(file) = fs::File::open(folder.join(&name)) else { continue };
        let mut bytes = Vec::new();
        flate2::read::MultiGzDecoder::new(file).read_to_end(&mut bytes).unwrap();
        let warnings = reader.read(&name, &bytes, &mut window);
        assert!(warnings.as_slice().is_empty(), "{}: {warnings:?}", folder.display());
    }
    window
}

/// The requests of a window whose ids fall into one half of all.
fn half(window: &Window, reader: &TelemetryReader, seed: u64, which: bool) -> Window {
    let mine = |trace: u32| (fnv(format!("{seed} {}", reader.words.get(trace)).as_bytes()) >> 32 & 1 == 1) == which;
    Window {
        spans: window.spans.iter().filter(|span| mine(span.trace)).copied().collect(),
        logs: window.logs.iter().filter(|line| mine(line.trace)).copied().collect(),
        series: Vec::new(),
    }
}

fn measure(corpus: &Path, misses: bool) -> Measured {
    let mut measured = Measured::default();
    let mut cases: Vec<PathBuf> = fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    for case in &cases {
        let Ok(truth) = fs::read(case.join("truth.json")) else {
            if case.is_dir() {
                halves(&mut measured, case);
            }
            continue;
        };
        let truth: serde_json::Value = serde_json::from_slice(&truth).unwrap();
        let text = |key: &str| truth[key].as_str().unwrap().to_owned();
        let service = text("root_cause_service");
        let mut row: [Option<usize>; INPUTS.len() + floor::NAMES.len()] = Default::default();
        for (at, (name, signals)) in INPUTS.into_iter().enumerate() {
            let mut reader = TelemetryReader::default();
            let before = read(&mut reader, &corpus.join(text("baseline")), signals);
            let now = read(&mut reader, case, signals);
            let ranking = rank(&[&Calls::new(&before)], &Calls::new(&now), &reader.words);
            let place_of = |mut services: Box<dyn Iterator<Item = u32> + '_>| {
                services.position(|word| reader.words.get(word) == service)
            };
            row[at] = place_of(Box::new(ranking.suspects.iter().map(|suspect| suspect.service)));
            if ranking.clear().is_some() {
                measured.clear[at].0 += 1;
                measured.clear[at].1 += u32::from(row[at] == Some(0));
            }
            if misses && row[at] != Some(0) {
                let first = ranking.suspects.first();
                let first = first.map(|first| (reader.words.get(first.service), first.score, first.evidence.first()));
                println!("{} with {name}: {service} is at {:?}, first is {first:?}", case.display(), row[at]);
            }
            if at == 0 {
                for (place, services) in floor::all(&before, &now).into_iter().enumerate() {
                    row[INPUTS.len() + place] = place_of(Box::new(services.into_iter()));
                }
            }
        }
        for fault in [text("fault_type"), "all".to_owned()] {
            let scores = measured.rows.entry((text("system"), fault)).or_default();
            for (score, place) in scores.iter_mut().zip(row) {
                score.note(place);
            }
        }
    }
    measured
}

/// Compares halves of a window without a fault.
fn halves(measured: &mut Measured, folder: &Path) {
    for (at, (_, signals)) in INPUTS.into_iter().enumerate() {
        let mut reader = TelemetryReader::default();
        let window = read(&mut reader, folder, signals);
        for seed in 0..SPLITS {
            let [one, other] = [true, false].map(|which| half(&window, &reader, seed, which));
            let (all, alarms) = &mut measured.nothing[at];
            *all += 1;
            *alarms += u32::from(rank(&[&Calls::new(&one)], &Calls::new(&other), &reader.words).clear().is_some());
        }
    }
}

fn main() {
    let corpus = std::env::var_os("DETTRACE_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from);
    let misses = std::env::args().any(|word| word == "--misses");
    let nezha = corpus.join("traces-labelled/nezha");
    let petshop = metrics::measure(&corpus.join("metrics-labelled/petshop"), misses);
    if !nezha.is_dir() || petshop.is_none() {
        println!("SKIPPED: there are no incidents at {}; set DETTRACE_CORPUS to the corpus.", corpus.display());
        return;
    }
    let mut text = table::markdown(&measure(&nezha, misses));
    text.extend(petshop.iter().flat_map(|petshop| ["\n".to_owned(), metrics::markdown(petshop)]));
    if readme::asked() {
        readme::update("diagnosis", &text);
    } else {
        println!("{text}");
    }
}
