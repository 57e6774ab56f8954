//! Recordings with known answers: scenario pairs, case studies, and our own fixtures.

use std::path::{Path, PathBuf};

use dettrace::analyse::Analysis;
use dettrace::pack;
use dettrace::trace::Side;
use serde_json::Value;

use super::{ALL, Asked, Group, corpus};
use crate::case::Truth;
use crate::{baselines, engine};

/// Where the sides first part (`None` where a side is exhausted), and the events that name the cause.
struct Known {
    paths: &'static [&'static str],
    first: (Option<u32>, Option<u32>),
    truth: (&'static [u32], &'static [u32]),
}

/// The pairs of the corpus with the events that were found by hand (SEMANTICS 16 and 19).
const PAIRS: [Known; 8] = [
    Known { paths: &["core/expected.jsonl", "core/actual.jsonl"], first: (Some(5), Some(5)), truth: (&[5, 8], &[5]) },
    Known { paths: &["core/expected.jsonl", "core/replayed.jsonl"], first: (None, None), truth: (&[], &[]) },
    Known { paths: &["scenario-pairs/timeout_chain"], first: (Some(4), Some(4)), truth: (&[4], &[4]) },
    Known { paths: &["scenario-pairs/retry_storm"], first: (Some(2), Some(2)), truth: (&[2], &[2]) },
    Known { paths: &["scenario-pairs/duplicate_ack"], first: (None, Some(3)), truth: (&[], &[3]) },
    Known { paths: &["case-studies/gpio_interrupt_race.json"], first: (Some(3), Some(3)), truth: (&[3], &[3]) },
    Known { paths: &["case-studies/timer_missed_tick.json"], first: (Some(1), Some(1)), truth: (&[1], &[1]) },
    Known { paths: &["case-studies/race_condition_bug.json"], first: (Some(1), Some(1)), truth: (&[1], &[1]) },
];

/// Everything with an answer beside it.
pub fn group() -> Group {
    let mut asked: Vec<Asked> = Vec::new();
    if let Some(folder) = corpus("dettrace") {
        asked.extend(PAIRS.iter().map(|known| pair(&folder, known)));
    }
    asked.extend(fixtures());
    Group::new("recordings with known answers", ALL, asked)
}

fn pair(folder: &Path, known: &Known) -> Asked {
    let paths: Vec<PathBuf> = known.paths.iter().map(|path| folder.join(path)).collect();
    let truth = Truth { expected: known.truth.0.to_vec(), actual: known.truth.1.to_vec() };
    let differs = known.first != (None, None);
    judge(
        known.paths[known.paths.len() - 1],
        "scenario pairs and case studies",
        &paths,
        differs.then_some(&truth),
        |a| {
            let first = a.comparison.first_difference.map_or((None, None), |f| (f.expected, f.actual));
            first == known.first
        },
    )
}

/// Our own packs; what is written down of each answer must be so.
fn fixtures() -> Vec<Asked> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut folders: Vec<PathBuf> =
        folder.read_dir().into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.retain(|path| path.join("expected-answer.json").is_file());
    folders.sort();
    folders.iter().filter_map(|folder| fixture(folder)).collect()
}

fn fixture(folder: &Path) -> Option<Asked> {
    let wanted = std::fs::read_to_string(folder.join("expected-answer.json")).ok()?;
    let wanted: Value = serde_json::from_str(&wanted).ok()?;
    // Windows of many requests have no one cause of one pair; `cargo bench --bench diagnosis` judges those.
    if wanted["mode"] == "population" {
        return None;
    }
    let number = |value: &Value| value.as_u64().map(|n| n as u32);
    let cause = &wanted["causes"][0];
    let truth = number(&cause["index"]).map(|index| {
        let mut truth = Truth::default();
        let other = number(&cause["other"]["index"]);
        if cause["side"] != "expected" {
            truth.actual.push(index);
            truth.expected.extend(other);
        }
        if cause["side"] != "actual" {
            truth.expected.push(index);
            truth.actual.extend(other);
        }
        truth
    });
    let first = (number(&wanted["expected"]["index"]), number(&wanted["actual"]["index"]));
    let name = folder.file_name()?.to_string_lossy().into_owned();
    Some(judge(&name, "fixtures", &[folder.to_path_buf()], truth.as_ref(), |analysis| {
        let comparison = &analysis.comparison;
        let is = comparison.first_difference.map_or((None, None), |f| (f.expected, f.actual));
        // A waveform has no such events: its time and signals are judged with the waveforms.
        let told = wanted["mode"] == "waveform" || wanted.get("expected").is_none() || is == first;
        told && wanted["verdict"] == comparison.verdict.word()
    }))
}

/// Asks about a pack. What is `right` besides the cause must hold, or nothing counts.
fn judge(name: &str, row: &str, paths: &[PathBuf], truth: Option<&Truth>, right: impl Fn(&Analysis) -> bool) -> Asked {
    let analysis = engine::ready(pack::open(paths).map_err(|why| why.to_string())).and_then(engine::analyse);
    let (answer, baselines) = match &analysis {
        Ok(analysis) => {
            let mut answer = engine::told(analysis);
            answer.alarm = !right(analysis);
            if answer.alarm {
                answer.causes.clear();
            }
            let [expected, actual] = Side::BOTH.map(|side| engine::lines(analysis, side));
            (answer, baselines::ask(&expected, &actual))
        }
        Err(why) => (engine::refused(why.clone()), Default::default()),
    };
    Asked::new(name, vec![row.to_owned()], truth, &answer, &baselines)
}
