//! Recordings that nobody here wrote: the Tennessee Eastman process, and the windows of the Numenta Anomaly Benchmark.

use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use dettrace::control::{Diagnosis, Options, diagnose, diagnose_one};
use dettrace::ingest::{SampleFormat, read_samples};
use dettrace::trace::{Samples, Sides};
use serde_json::Value;

fn read(path: &Path) -> Samples {
    let mut bytes = fs::read(path).unwrap();
    if bytes.starts_with(b"\x1F\x8B") {
        let mut plain = Vec::new();
        flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut plain).unwrap();
        bytes = plain;
    }
    read_samples(&path.to_string_lossy(), &bytes, SampleFormat::Table, None).0
}

fn signal(found: &Diagnosis) -> String {
    found.onset.as_ref().and_then(|onset| onset.parted.first()).map_or_else(String::new, |first| first.signal.clone())
}

/// Tennessee Eastman faults against the fault-free run of another seed.
pub fn plants(corpus: &Path) -> String {
    let folder = corpus.join("control-timeseries/tep");
    let truth: Value = serde_json::from_slice(&fs::read(folder.join("truth.json")).unwrap()).unwrap();
    let usual = read(&folder.join("d00_te_baseline.csv.gz"));
    let mut text = String::from(
        "| Tennessee Eastman fault | begins | seen at | samples late | first in |\n|---|---|---|---|---|\n",
    );
    for (file, of) in truth.as_object().unwrap() {
        let begins = of["onset_sample_index"].as_u64().unwrap();
        let run = read(&folder.join(file));
        let found = diagnose(&Sides::new(&usual, &run), &Options::default());
        let seen = found.onset.as_ref().map(|onset| onset.detected.index as u64);
        let (at, late) = match seen {
            None => ("never: not detectable in these variables".to_owned(), "-".to_owned()),
            Some(at) if at < begins => (at.to_string(), "false alarm".to_owned()),
            Some(at) => (at.to_string(), (at - begins).to_string()),
        };
        writeln!(text, "| {} | {begins} | {at} | {late} | {} |", of["fault"].as_str().unwrap(), signal(&found))
            .unwrap();
    }
    text
}

/// Series of one value without a baseline, against their labelled windows.
pub fn windows(corpus: &Path) -> String {
    let folder = corpus.join("control-timeseries/nab");
    let labels: Value = serde_json::from_slice(&fs::read(folder.join("combined_windows.json")).unwrap()).unwrap();
    let mut text =
        String::from("| series | samples | windows | first seen at | in a window |\n|---|---|---|---|---|\n");
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|ending| ending == "csv")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let run = read(path);
        let found = diagnose_one(&run, &Options::default());
        let time = |text: &str| {
            let civil: jiff::civil::DateTime = text.split('.').next().unwrap().parse().unwrap();
            let seconds = civil.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second();
            (seconds as f64 * run.per_second()) as i64
        };
        let label =
            labels.as_object().unwrap().iter().find(|(key, _)| key.ends_with(&name)).map(|(_, windows)| windows);
        let windows: Vec<(i64, i64)> = label
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|window| (time(window[0].as_str().unwrap()), time(window[1].as_str().unwrap())))
            .collect();
        let seen = found.onset.as_ref().map(|onset| onset.detected);
        let inside = match seen {
            None if windows.is_empty() => "right: there is none".to_owned(),
            None => "not seen".to_owned(),
            Some(at) if windows.iter().any(|(from, to)| (*from..=*to).contains(&at.time)) => "yes".to_owned(),
            Some(_) => "no: a false alarm".to_owned(),
        };
        let at = seen.map_or_else(|| "never".to_owned(), |at| format!("sample {}", at.index));
        writeln!(text, "| {name} | {} | {} | {at} | {inside} |", run.axes[0].times.len(), windows.len()).unwrap();
    }
    text
}
