//! How often the service at fault is named, on real incidents with known answers; how often what is predicted comes true; how long
//! half a million spans take: the tables.
//!
//! `cargo bench --bench diagnosis`, with `-- --misses` (every case that is not first, and why), `--update-readme` (the table
//! into README.md). The recordings are read where they are (`DETTRACE_CORPUS`, or `../shared/corpus`); without them nothing is
//! measured, and that is said.
#![expect(clippy::unwrap_used, reason = "a bench without its files must fail")]

mod floor;
mod metrics;
mod predict;
#[path = "../readme/mod.rs"]
mod readme;
mod speed;
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
    /// By system and fault; the fault `all` stands for all. A system with several baselines is there a second time, with all of
    /// them; the simple ways take one only.
    pub rows: BTreeMap<(String, String), Row>,
    /// By signals: comparisons of two halves of one baseline, and how many of them name a cause.
    pub nothing: [(u32, u32); INPUTS.len()],
    /// By signals: cases with a clear cause, and how many of these name the right one.
    pub clear: [(u32, u32); INPUTS.len()],
    /// The same of systems with several baselines: with the baseline of each case, and with all.
    pub clear_of_several: [[(u32, u32); INPUTS.len()]; 2],
    /// Each baseline of such a system against the others: what is clearly wrong with it, by signals.
    pub unlike: Vec<(String, [Option<String>; INPUTS.len()])>,
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
        events: Vec::new(),
    }
}

/// One case: where it is, and the truth about it.
struct Case<'c> {
    folder: &'c Path,
    service: &'c str,
}

/// What a case came to.
struct Found {
    place: Option<usize>,
    clear: bool,
    floors: [Option<usize>; floor::NAMES.len()],
}

impl Case<'_> {
    fn compare(&self, baselines: &[&Path], (name, signals): (&str, &[&str]), misses: bool) -> Found {
        let mut reader = TelemetryReader::default();
        let before: Vec<Window> = baselines.iter().map(|folder| read(&mut reader, folder, signals)).collect();
        let now = read(&mut reader, self.folder, signals);
        let calls: Vec<Calls<'_>> = before.iter().map(Calls::new).collect();
        let ranking = rank(&calls.iter().collect::<Vec<_>>(), &Calls::new(&now), &reader.words);
        let services = ranking.suspects.iter().map(|suspect| suspect.service).collect();
        let place_of =
            |services: Vec<u32>| services.into_iter().position(|word| reader.words.get(word) == self.service);
        let place = place_of(services);
        if misses && place != Some(0) {
            let first = ranking.suspects.first();
            let first = first.map(|first| (reader.words.get(first.service), first.score, first.evidence.first()));
            let (case, service, all) = (self.folder.display(), self.service, baselines.len());
            println!("{case} with {name}, baselines {all}: {service} is at {place:?}, first is {first:?}");
        }
        Found { place, clear: ranking.clear().is_some(), floors: floor::all(&before[0], &now).map(place_of) }
    }
}

impl Measured {
    /// Notes the place of a case's service in each of these columns; `None` where it is not in the ranking.
    fn note(&mut self, system: &str, fault: &str, row: &[(usize, Option<usize>)]) {
        for fault in [fault, "all"] {
            let scores = self.rows.entry((system.to_owned(), fault.to_owned())).or_default();
            for &(column, place) in row {
                scores[column].note(place);
            }
        }
    }
}

fn note_clear(counts: &mut (u32, u32), found: &Found) {
    counts.0 += u32::from(found.clear);
    counts.1 += u32::from(found.clear && found.place == Some(0));
}

fn json(file: &Path) -> Option<serde_json::Value> {
    Some(serde_json::from_slice(&fs::read(file).ok()?).unwrap())
}

fn measure(corpus: &Path, misses: bool) -> Measured {
    let mut measured = Measured::default();
    let mut cases: Vec<PathBuf> = fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let mut baselines: BTreeMap<String, Vec<&Path>> = BTreeMap::new();
    for folder in &cases {
        if let Some(meta) = json(&folder.join("meta.json")) {
            baselines.entry(meta["system"].as_str().unwrap().to_owned()).or_default().push(folder);
            halves(&mut measured, folder);
        }
    }
    for all in baselines.values().filter(|all| all.len() > 1) {
        unlike(&mut measured, all);
    }
    for folder in &cases {
        let Some(truth) = json(&folder.join("truth.json")) else { continue };
        let text = |key: &str| truth[key].as_str().unwrap();
        let case = Case { folder, service: text("root_cause_service") };
        let (system, own) = (text("system"), corpus.join(text("baseline")));
        let all = &baselines[system];
        let (mut row, mut of_all) = (Vec::new(), Vec::new());
        for (at, input) in INPUTS.into_iter().enumerate() {
            let found = case.compare(&[&own], input, misses);
            row.push((at, found.place));
            note_clear(&mut measured.clear[at], &found);
            if at == 0 {
                row.extend((INPUTS.len()..).zip(found.floors));
            }
            if all.len() > 1 {
                let with_all = case.compare(all, input, misses);
                of_all.push((at, with_all.place));
                let [one, several] = &mut measured.clear_of_several;
                note_clear(&mut one[at], &found);
                note_clear(&mut several[at], &with_all);
            }
        }
        measured.note(system, text("fault_type"), &row);
        if !of_all.is_empty() {
            measured.note(&format!("{system}, {} baselines", all.len()), text("fault_type"), &of_all);
        }
    }
    measured
}

/// Compares each baseline of a system with the others.
fn unlike(measured: &mut Measured, folders: &[&Path]) {
    for folder in folders {
        let clear = INPUTS.map(|(_, signals)| {
            let mut reader = TelemetryReader::default();
            let others = folders.iter().filter(|other| *other != folder);
            let others: Vec<Window> = others.map(|other| read(&mut reader, other, signals)).collect();
            let own = read(&mut reader, folder, signals);
            let others: Vec<Calls<'_>> = others.iter().map(Calls::new).collect();
            let ranking = rank(&others.iter().collect::<Vec<_>>(), &Calls::new(&own), &reader.words);
            ranking.clear().map(|suspect| format!("{} ({:.2})", reader.words.get(suspect.service), suspect.score))
        });
        measured.unlike.push((folder.file_name().unwrap().to_string_lossy().into_owned(), clear));
    }
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
    text.extend(["\n".to_owned(), predict::markdown(&nezha), "\n".to_owned(), speed::markdown()]);
    if readme::asked() {
        readme::update("diagnosis", &text);
    } else {
        println!("{text}");
    }
}
