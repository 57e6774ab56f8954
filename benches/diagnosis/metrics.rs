//! Nodes named from tables of metrics and a call graph alone, on incidents with known answers.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use dettrace::ingest::{read_call_graph, read_metric_table};
use dettrace::population::rank_metrics;
use dettrace::trace::{CallGraph, Measure, MetricTable, Word, Words};

use crate::Score;

/// What the authors' notebook has for the best of their baselines (anomaly graph traversal, MAD score, threshold 5), on all 68
/// cases: top-1 / top-3.
const PUBLISHED: [((&str, &str), &str); 6] = [
    (("low", "latency"), "57 / 57"),
    (("low", "availability"), "83 / 100"),
    (("high", "latency"), "57 / 79"),
    (("high", "availability"), "67 / 100"),
    (("temporal", "latency"), "100 / 100"),
    (("temporal", "availability"), "75 / 100"),
];
/// Rows of a healthy window: as many as a case has.
const ROWS: usize = 5;
/// Rows from the moment on that the simple ways look at.
const FIRST: usize = 2;
/// DetTrace, and two simple ways.
const WAYS: usize = 3;

/// Everything that was measured.
#[derive(Debug, Default)]
pub struct Measured {
    rows: BTreeMap<(String, String), [Score; WAYS]>,
    /// Cases with a clear cause, and how many of these name the right one.
    clear: (u32, u32),
    /// Healthy windows, and how many of them have a clear cause: against the rest of their table, and by themselves.
    nothing: [(u32, u32); 2],
}

fn unpacked(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    if path.extension().is_some_and(|ending| ending == "gz") {
        flate2::read::MultiGzDecoder::new(fs::File::open(path).ok()?).read_to_end(&mut bytes).unwrap();
    } else {
        bytes = fs::read(path).ok()?;
    }
    Some(bytes)
}

fn table(folder: &Path, words: &mut Words) -> Option<MetricTable> {
    let (table, warnings) = read_metric_table("metrics.csv", &unpacked(&folder.join("metrics.csv.gz"))?, words);
    assert!(!warnings.partial(), "{}: {warnings:?}", folder.display());
    Some(table)
}

fn graph(folder: &Path, words: &mut Words) -> CallGraph {
    let (graph, warnings) = read_call_graph("graph.csv", &unpacked(&folder.join("graph.csv")).unwrap(), words);
    assert!(warnings.as_slice().is_empty(), "{}: {warnings:?}", folder.display());
    graph
}

/// Measures on the cases of a folder; `None` where it is not there.
pub fn measure(corpus: &Path, misses: bool) -> Option<Measured> {
    let mut cases: Vec<_> = fs::read_dir(corpus).ok()?.map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let mut measured = Measured::default();
    for case in &cases {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let Ok(truth) = fs::read(case.join("target.json")) else {
            if name.starts_with("baseline") {
                healthy(&mut measured, case);
            }
            continue;
        };
        let truth: serde_json::Value = serde_json::from_slice(&truth).unwrap();
        let mut words = Words::default();
        let baseline = corpus.join(format!("baseline-{}", name.split('-').next().unwrap()));
        let before = table(&baseline, &mut words);
        let now = table(case, &mut words).unwrap();
        let graph = graph(&baseline, &mut words);
        let ranking = rank_metrics(&before.iter().collect::<Vec<_>>(), &now, &graph, &words).unwrap();
        let node = words.intern(truth["root_cause"]["node"].as_str().unwrap());
        let nodes: Vec<Word> = ranking.suspects.iter().map(|suspect| suspect.service).collect();
        let metric = truth["target"]["metric"].as_str().unwrap();
        let told = if metric == "latency" { Measure::Latency } else { Measure::Failures };
        let [relative, absolute] = simple(before.as_ref(), &now, told, truth["target"]["timestamp"].as_i64().unwrap());
        let places = [nodes, relative, absolute].map(|nodes| nodes.iter().position(|&other| other == node));
        if ranking.clear().is_some() {
            measured.clear.0 += 1;
            measured.clear.1 += u32::from(places[0] == Some(0));
        }
        if misses && (places[0] != Some(0) || ranking.clear().is_none()) {
            let first = ranking.suspects.first().map(|first| (words.get(first.service), first.score));
            println!("{name}: {} is at {:?}, first is {first:?}", words.get(node), places[0]);
        }
        let traffic = name.split('_').next().unwrap().to_owned();
        for key in [(traffic, metric.to_owned()), ("all".to_owned(), String::new())] {
            for (score, place) in measured.rows.entry(key).or_default().iter_mut().zip(places) {
                score.note(place);
            }
        }
    }
    Some(measured)
}

/// What a dashboard shows first, told the metric and the time of the alarm: the nodes by how many times as much they show, and by
/// how much more.
fn simple(before: Option<&MetricTable>, now: &MetricTable, measure: Measure, alarm: i64) -> [Vec<Word>; 2] {
    let moment = now.times.partition_point(|&time| time / 1_000_000_000 < alarm - 60);
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let mut changes = Vec::new();
    for (&(node, _), column) in now.columns.iter().filter(|(key, _)| key.1 == measure) {
        let rows = |from: usize, to: usize| -> Vec<f64> {
            column.values[from..to.min(column.values.len())].iter().flatten().copied().collect()
        };
        let usual = match before.and_then(|table| table.columns.get(&(node, measure))) {
            Some(column) => column.values.iter().flatten().copied().collect(),
            None => rows(0, moment),
        };
        let present = rows(moment, moment + FIRST);
        if !usual.is_empty() && !present.is_empty() {
            changes.push((node, mean(&usual), mean(&present)));
        }
    }
    let order = |value: &dyn Fn(f64, f64) -> f64| {
        let mut nodes: Vec<(Word, f64)> = changes.iter().map(|&(node, usual, now)| (node, value(usual, now))).collect();
        nodes.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        nodes.into_iter().map(|(node, _)| node).collect()
    };
    // Shares of failures are often 0 before: a tenth of a percent stands for it.
    [order(&|usual, now| now / usual.max(0.001)), order(&|usual, now| now - usual)]
}

/// Some rows of a table.
fn part(table: &MetricTable, keep: impl Fn(usize) -> bool) -> MetricTable {
    let mut part = table.clone();
    let mut at = 0..;
    part.times.retain(|_| at.next().is_some_and(&keep));
    for column in part.columns.values_mut() {
        let mut at = 0..;
        column.values.retain(|_| at.next().is_some_and(&keep));
    }
    part
}

/// Compares windows of a healthy table with the rest of it, and with their own first rows.
fn healthy(measured: &mut Measured, folder: &Path) {
    let mut words = Words::default();
    let Some(whole) = table(folder, &mut words) else { return };
    let graph = graph(folder, &mut words);
    for window in 0..whole.times.len() / ROWS {
        let inside = |row: usize| row / ROWS == window;
        let (now, rest) = (part(&whole, inside), part(&whole, |row| !inside(row)));
        for (baselines, (all, alarms)) in [&[&rest][..], &[]].into_iter().zip(&mut measured.nothing) {
            *all += 1;
            let ranking = rank_metrics(baselines, &now, &graph, &words).unwrap();
            *alarms += u32::from(ranking.clear().is_some());
        }
    }
}

/// The tables, in Markdown.
pub fn markdown(measured: &Measured) -> String {
    let mut out = String::from(
        "| PetShop: traffic | symptom | cases | DetTrace | largest growth | largest addition | published, % of all 68 |\n\
         |---|---|--:|--:|--:|--:|--:|\n",
    );
    for ((traffic, metric), scores) in &measured.rows {
        let known = PUBLISHED.iter().find(|(key, _)| *key == (traffic.as_str(), metric.as_str()));
        let traffic = if traffic == "all" { "**all**" } else { traffic };
        write!(out, "| {traffic} | {metric} | {} |", scores[0].cases).expect("a string takes everything");
        for score in scores {
            write!(out, " {} / {} |", score.within[0], score.within[1]).expect("a string takes everything");
        }
        writeln!(out, " {} |", known.map_or("", |(_, text)| text)).expect("a string takes everything");
    }
    let [beside, alone] = measured.nothing;
    write!(
        out,
        "\n| PetShop | |\n|---|--:|\n| a cause is called clear, and is the right one | {} of {} |\n\
         | {ROWS} healthy rows against the others: a cause is named | {} of {} |\n\
         | {ROWS} healthy rows alone: a cause is named | {} of {} |\n",
        measured.clear.1, measured.clear.0, beside.1, beside.0, alone.1, alone.0
    )
    .expect("a string takes everything");
    out
}
