//! A flight that PX4 recorded, against what the makers of the format read in it.
//!
//! `px4-fmu-v5.ulg.gz` is the first 179,854 bytes, up to the end of a message, of `test_data/sample-small.ulg` in the crate `ulog-rs`
//! 0.0.4 (MIT, see LICENSE beside it): a Pixhawk 4 with three estimators, two drop-outs of the logger, default
//! parameters, synchronisation. `px4-fmu-v5.tsv` is what pyulog 1.3.0 reads in it: for each topic its messages, its numbers,
//! its first and last time, how many values are not finite, and the sum of all that are.
#![expect(clippy::unwrap_used, reason = "a flight that cannot be read must fail")]

use std::io::Read;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use dettrace::ingest::{SampleFormat, read_samples, sample_format};
use dettrace::trace::{Samples, Warnings};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/flight")
}

fn flight() -> Vec<u8> {
    let packed = std::fs::File::open(folder().join("px4-fmu-v5.ulg.gz")).unwrap();
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
    bytes
}

fn read(bytes: &[u8]) -> (Samples, Warnings) {
    assert_eq!(sample_format(bytes, false), Some(SampleFormat::Flight));
    read_samples("flight.ulg", bytes, SampleFormat::Flight, None)
}

#[test]
fn a_flight_is_read_as_pyulog_reads_it() {
    let (samples, warnings) = read(&flight());
    let told: Vec<&str> = warnings.as_slice().iter().map(|warning| warning.what.as_str()).collect();
    assert_eq!(told, ["The logger lost data 2 times, 97 ms in all."]);
    let table = std::fs::read_to_string(folder().join("px4-fmu-v5.tsv")).unwrap();
    let mut numbers = 0;
    for row in table.lines().skip(1) {
        let [topic, messages, columns, first, last, missing, sum] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{row}");
        };
        let count = |text: &str| text.parse::<usize>().unwrap();
        let time = |text: &str| text.parse::<i64>().unwrap();
        let prefix = format!("{topic}.");
        let signals: Vec<_> = samples.signals.iter().filter(|signal| signal.name.starts_with(&prefix)).collect();
        assert_eq!(signals.len(), count(columns), "{topic}");
        numbers += signals.len();
        let Some(one) = signals.first() else { continue };
        let times = &samples.axes[one.axis].times;
        assert_eq!(times.len(), count(messages), "{topic}");
        assert_eq!((times[0], times[times.len() - 1]), (time(first), time(last)), "{topic}");
        let values = || signals.iter().flat_map(|signal| signal.values.iter());
        assert_eq!(values().filter(|value| !value.is_finite()).count(), count(missing), "{topic}");
        let (read, sum) = (values().filter(|value| value.is_finite()).sum::<f64>(), sum.parse::<f64>().unwrap());
        assert!((read - sum).abs() <= 1e-9 * sum.abs().max(1.0), "{topic}: {read} instead of {sum}");
    }
    assert_eq!(samples.signals.len(), numbers, "nothing else is read");
}

#[test]
fn a_flight_that_was_cut_anywhere_is_read_up_to_there() {
    let whole = flight();
    let (all, _) = read(&whole);
    for end in (1..whole.len()).step_by(4_999) {
        let (samples, warnings) = read_samples("flight.ulg", &whole[..end], SampleFormat::Flight, None);
        assert!(samples.signals.len() <= all.signals.len(), "{end}");
        assert_eq!(samples.torn, warnings.partial(), "{end}: {warnings:?}");
    }
}

#[test]
fn a_flight_is_compared_with_what_it_was_to_do_and_drawn() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("flight.ulg");
    std::fs::write(&path, flight()).unwrap();
    let run = |args: &[&str]| Command::cargo_bin("dettrace").unwrap().args(args).output().unwrap();
    let path = path.to_str().unwrap();
    let answer = run(&["compare", path, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
    assert_eq!(json["mode"], "control", "{}", String::from_utf8_lossy(&answer.stderr));
    let told = String::from_utf8(run(&["compare", path]).stdout).unwrap();
    for (follows, setpoint) in [
        ("vehicle_attitude_0.q", "vehicle_attitude_setpoint_0.q_d"),
        ("vehicle_local_position_0", "vehicle_local_position_setpoint_0"),
        ("vehicle_local_position_0.vz", "vehicle_local_position_setpoint_0.vz"),
    ] {
        assert!(told.contains(&format!("{follows} follows {setpoint},")), "{told}");
    }
    assert!(!told.contains("timestamp"), "a time is controlled by nobody: {told}");
    let same = run(&["compare", path, path, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&same.stdout).unwrap();
    assert_eq!((same.status.code(), &json["verdict"]), (Some(0), &"identical".into()), "{json:#}");
    let picture = place.path().join("flight.png");
    let drawn = run(&["screenshot", path, "-o", picture.to_str().unwrap(), "--view", "control"]);
    assert!(drawn.status.success() && picture.exists(), "{}", String::from_utf8_lossy(&drawn.stderr));
}
