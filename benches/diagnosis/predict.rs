//! How often what is predicted from the first half of an incident comes true in the second, beside saying that every caller breaks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use dettrace::analyse::{Population, Session};
use dettrace::incident::{Incident, Place};
use dettrace::pack::{self, Found};
use serde_json::Value;

/// What was predicted, and what came of it.
#[derive(Debug, Default, Clone, Copy)]
struct Score {
    /// Incidents whose first half tells where it broke.
    incidents: u32,
    /// Places that broke in the second half.
    later: u32,
    /// Places named, and how many of them broke: by DetTrace, and by naming every caller.
    named: [u32; 2],
    right: [u32; 2],
}

/// The names of some places.
fn names(incident: &Incident, places: impl Iterator<Item = Place>) -> BTreeSet<String> {
    places.map(|place| incident.story.name(place).to_owned()).collect()
}

/// The places that trouble reached.
fn reached(incident: &Incident) -> BTreeSet<String> {
    let nodes = incident.graph.nodes.iter().filter(|node| node.reached.is_some());
    nodes.map(|node| node.name.clone()).collect()
}

impl Score {
    fn note(&mut self, half: &Incident, whole: &Incident) {
        let Some(blast) = &half.blast else { return };
        let before = reached(half);
        let later: BTreeSet<String> = reached(whole).difference(&before).cloned().collect();
        let own = names(half, half.predictions.iter().map(|next| next.place));
        let callers = names(half, blast.upstream.iter().copied());
        self.incidents += 1;
        self.later += later.len() as u32;
        for (at, named) in [own, callers.difference(&before).cloned().collect()].into_iter().enumerate() {
            self.named[at] += named.len() as u32;
            self.right[at] += named.intersection(&later).count() as u32;
        }
    }
}

/// Pairs: up to the middle of the trouble.
fn pairs(folder: &Path, score: &mut Score) {
    let mut packs: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    packs.sort();
    for path in packs {
        let Ok(Found::Ready(pack)) = pack::open(&[path]) else { continue };
        let Ok(analysis) = Session::new(*pack).run(&()) else { continue };
        let Some(whole) = analysis.services(&|| true) else { continue };
        let trouble: Vec<u32> = whole.story.trouble().map(|one| one.index).collect();
        let Some(&until) = trouble.get(trouble.len().saturating_sub(1) / 2) else { continue };
        let mut story = whole.story.clone();
        story.happenings.actual.retain(|one| one.index <= until);
        score.note(&story.told(), whole);
    }
}

/// The records of telemetry in the lists of these names, with their list.
fn lists<'v>(document: &'v mut Value, resources: &str, scopes: &str, records: &str) -> Vec<&'v mut Vec<Value>> {
    let resources = document[resources].as_array_mut().into_iter().flatten();
    let scopes = resources.filter_map(|of| of.get_mut(scopes)?.as_array_mut()).flatten();
    scopes.filter_map(|scope| scope.get_mut(records)?.as_array_mut()).collect()
}

fn documents(path: &Path) -> Vec<Value> {
    let Ok(file) = fs::File::open(path) else { return Vec::new() };
    let lines = BufReader::new(flate2::read::MultiGzDecoder::new(file)).lines();
    lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
}

/// Writes the requests of a window that begin in its first half.
fn first_half(case: &Path, into: &Path) {
    let mut traces = documents(&case.join("traces.otlp.jsonl.gz"));
    let mut begins: BTreeMap<String, i64> = BTreeMap::new();
    for span in traces.iter_mut().flat_map(|one| lists(one, "resourceSpans", "scopeSpans", "spans")).flatten() {
        let begin: i64 = span["startTimeUnixNano"].as_str().unwrap().parse().unwrap();
        let known = begins.entry(span["traceId"].as_str().unwrap().to_owned()).or_insert(begin);
        *known = begin.min(*known);
    }
    let (first, last) = (begins.values().min().unwrap(), begins.values().max().unwrap());
    let middle = first + (last - first) / 2;
    let keep = |record: &Value| {
        record["traceId"].as_str().and_then(|trace| begins.get(trace)).is_some_and(|begin| *begin <= middle)
    };
    let mut logs = documents(&case.join("logs.otlp.jsonl.gz"));
    for list in traces.iter_mut().flat_map(|one| lists(one, "resourceSpans", "scopeSpans", "spans")) {
        list.retain(keep);
    }
    for list in logs.iter_mut().flat_map(|one| lists(one, "resourceLogs", "scopeLogs", "logRecords")) {
        list.retain(keep);
    }
    for (name, documents) in [("traces.otlp.jsonl", traces), ("logs.otlp.jsonl", logs)] {
        let text = documents.iter().map(Value::to_string).collect::<Vec<String>>().join("\n");
        if !text.is_empty() {
            fs::write(into.join(name), text).unwrap();
        }
    }
}

/// The incident of two windows, of traces and logs.
fn incident(before: &Path, now: &Path) -> Option<Incident> {
    let windows = pack::windows(&[before.to_path_buf(), now.to_path_buf()], &[]).unwrap()?;
    Population::new(&windows, &()).unwrap().incident
}

/// Windows: the requests that begin in the first half of the failing one.
fn windows(nezha: &Path, scores: &mut BTreeMap<String, Score>) {
    let mut cases: Vec<PathBuf> = fs::read_dir(nezha).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    for case in cases {
        let Ok(truth) = fs::read(case.join("truth.json")) else { continue };
        let truth: Value = serde_json::from_slice(&truth).unwrap();
        let baseline = nezha.join(truth["baseline"].as_str().unwrap());
        let folder = tempfile::tempdir().unwrap();
        first_half(&case, folder.path());
        let (half, whole) = (incident(&baseline, folder.path()), incident(&baseline, &case));
        if let (Some(half), Some(whole)) = (half, whole) {
            scores.entry(truth["system"].as_str().unwrap().to_owned()).or_default().note(&half, &whole);
        }
    }
}

/// The table, in Markdown.
pub fn markdown(nezha: &Path) -> String {
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    windows(nezha, &mut scores);
    pairs(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"),
        scores.entry("pairs of `fixtures`".to_owned()).or_default(),
    );
    let mut out = String::from(
        "| predicted from the first half | incidents | broke in the second half | of them predicted | predictions that came true \
         | of them callers | callers that came true |\n|---|--:|--:|--:|--:|--:|--:|\n",
    );
    for (system, Score { incidents, later, named, right }) in &scores {
        let of = |at: usize| format!("{} | {} of {}", right[at], right[at], named[at]);
        writeln!(out, "| {system} | {incidents} | {later} | {} | {} |", of(0), of(1))
            .expect("a string takes everything");
    }
    out
}
