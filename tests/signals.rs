//! Signals of a control loop in files that are not made for them: value change dumps, metrics of OpenTelemetry, flight logs; and what
//! is decided about signals, kept.
#![expect(clippy::unwrap_used, reason = "a run that cannot be read must fail")]

use std::fmt::Write as _;
use std::path::PathBuf;

use assert_cmd::Command;
use dettrace::control::plant::{Pair, Scenario, samples};
use dettrace::trace::Samples;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Writes a run in a format.
type Write = fn(&Samples) -> Vec<u8>;

fn dettrace(args: &[&str]) -> (i32, Value, String) {
    let output = Command::cargo_bin("dettrace").unwrap().args(args).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap_or_default(), told)
}

fn compare(args: &[&str]) -> (i32, Value, String) {
    dettrace(&[&["compare", "--format", "json"], args].concat())
}

/// Both runs of a late sensor.
fn pair(write: Write, ending: &str) -> (TempDir, [String; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let Pair { expected, actual } = Pair::of(&Scenario::DelayedSensor.setup());
    let paths = [("healthy", expected), ("late", actual)].map(|(name, steps)| {
        let path = folder.path().join(format!("{name}.{ending}"));
        std::fs::write(&path, write(&samples(&steps, false))).unwrap();
        path.to_str().unwrap().to_owned()
    });
    (folder, paths)
}

/// As a simulator dumps real numbers: each signal when it changes.
fn vcd(run: &Samples) -> Vec<u8> {
    let mut text = String::from("$timescale 1 us $end\n$scope module loop $end\n");
    let code = |at: usize| char::from(b'!' + at as u8);
    for (at, signal) in run.signals.iter().enumerate() {
        writeln!(text, "$var real 64 {} {} $end", code(at), signal.name).unwrap();
    }
    text.push_str("$upscope $end\n$enddefinitions $end\n");
    for (moment, time) in run.axes[0].times.iter().enumerate() {
        writeln!(text, "#{time}").unwrap();
        for (at, signal) in run.signals.iter().enumerate() {
            if moment == 0 || signal.values[moment].to_bits() != signal.values[moment - 1].to_bits() {
                writeln!(text, "r{:?} {}", signal.values[moment], code(at)).unwrap();
            }
        }
    }
    text.into_bytes()
}

/// As a collector's file exporter writes gauges: one document.
fn otlp(run: &Samples) -> Vec<u8> {
    let metrics = run.signals.iter().map(|signal| {
        let points = run.axes[0].times.iter().zip(&signal.values);
        let point = |(time, value): (&i64, &f64)| {
            json!({ "timeUnixNano": (1_700_000_000_000_000_000 + time * 1000).to_string(), "asDouble": value })
        };
        json!({ "name": signal.name, "unit": "1", "gauge": { "dataPoints": points.map(point).collect::<Vec<Value>>() } })
    });
    let metrics: Vec<Value> = metrics.collect();
    let resource = json!({ "attributes": [{ "key": "service.name", "value": { "stringValue": "rover" } }] });
    let document = json!({ "resourceMetrics": [{ "resource": resource, "scopeMetrics": [{ "metrics": metrics }] }] });
    serde_json::to_vec(&document).unwrap()
}

/// As PX4's logger writes one topic.
fn ulog(run: &Samples) -> Vec<u8> {
    let message = |kind: u8, payload: &[u8]| [&(payload.len() as u16).to_le_bytes()[..], &[kind], payload].concat();
    let mut log = [&b"ULog\x01\x12\x35\x01"[..], &0_u64.to_le_bytes()].concat();
    log.extend(message(b'B', &[0; 40]));
    let mut format = String::from("loop:uint64_t timestamp;");
    for signal in &run.signals {
        write!(format, "double {};", signal.name.replace('.', "_")).unwrap();
    }
    log.extend(message(b'F', format.as_bytes()));
    log.extend(message(b'A', b"\0\0\0loop"));
    for (moment, time) in run.axes[0].times.iter().enumerate() {
        let mut payload = [&0_u16.to_le_bytes()[..], &(*time as u64).to_le_bytes()].concat();
        payload.extend(run.signals.iter().flat_map(|signal| signal.values[moment].to_le_bytes()));
        log.extend(message(b'D', &payload));
    }
    log
}

#[test]
fn a_loop_is_found_in_dumps_metrics_and_flight_logs() {
    for (write, ending) in [(vcd as Write, "vcd"), (otlp, "json"), (ulog, "ulg")] {
        let (_folder, [expected, actual]) = pair(write, ending);
        let (code, answer, told) = compare(&[&expected, &actual]);
        assert_eq!(
            (code, &answer["mode"], &answer["verdict"]),
            (1, &json!("control"), &json!("diverged")),
            "{ending}: {told}"
        );
        assert_eq!(answer["first_divergence_index"], 18, "{ending}");
        assert_eq!(answer["causes"][0]["kind"], "delayed_measurement", "{ending}: {}", answer["causes"]);
        let growth = answer["control"]["criterion"]["error_growth"].as_f64().unwrap();
        assert!((growth - 0.903_344).abs() < 1e-6, "{ending}: {growth}");
        assert_eq!(answer["warnings"], json!([]), "{ending}");
        let (code, alone, told) = compare(&[&actual]);
        assert_eq!(alone["mode"], "control", "{ending}: {code} {told}");
        let picture = PathBuf::from(&actual).with_extension("png");
        let (code, _, told) =
            dettrace(&["screenshot", &expected, &actual, "-o", picture.to_str().unwrap(), "--view", "control"]);
        assert_eq!(code, 0, "{ending}: {told}");
    }
}

#[test]
fn signals_are_read_of_what_could_be_something_else_where_that_is_asked_for_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let dump = |last: &str| {
        let mut text =
            String::from("$timescale 1 ns $end\n$var real 64 ! a $end\n$var real 64 \" b $end\n$enddefinitions $end\n");
        for at in 0..40 {
            writeln!(text, "#{at}\nr{at} !\nr{} \"", if at == 39 { last } else { "1.5" }).unwrap();
        }
        text
    };
    let paths = [("good.vcd", "1.5"), ("bad.vcd", "9")].map(|(name, last)| {
        let path = folder.path().join(name);
        std::fs::write(&path, dump(last)).unwrap();
        path.to_str().unwrap().to_owned()
    });
    let [good, bad] = [&*paths[0], &*paths[1]];
    assert_eq!(compare(&[good, bad]).1["mode"], "waveform");
    let (code, answer, told) = compare(&[good, bad, "--signals", "--role", "b=state", "--save-spec"]);
    assert_eq!((code, &answer["mode"]), (1, &json!("control")), "{told}");
    assert!(told.contains("bad.vcd.dettrace.json: roles b=state; signals true."), "{told}");
    let (_, again, told) = compare(&[good, bad]);
    assert_eq!(
        (&again["mode"], &again["control"]["onset"]["signals"][0]["role"]),
        (&json!("control"), &json!("state")),
        "{told}"
    );
    let (code, _, told) = compare(&[good, bad, "--role", "c=state"]);
    assert_eq!(code, 2);
    assert!(told.contains("No signal is called c. Name one of a, b."), "{told}");
}

#[test]
fn a_folder_of_tables_keeps_roles_in_its_description() {
    let folder = tempfile::tempdir().unwrap();
    for (name, last) in [("expected.csv", 1), ("actual.csv", 3)] {
        let mut text = String::from("t_s,wish,is\n");
        for at in 0..40 {
            writeln!(text, "{at},1,{}", if at < 30 { 1 } else { last }).unwrap();
        }
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let path = folder.path().to_str().unwrap();
    let roles = ["--role", "wish=setpoint", "--role", "is=state", "--save-spec"];
    let (code, answer, told) = compare(&[&[path][..], &roles].concat());
    assert_eq!((code, &answer["control"]["measures"]["actual"][0]["follows"]), (1, &json!("is")), "{told}");
    let (_, again, _) = compare(&[path]);
    assert_eq!(again["control"]["measures"]["actual"][0]["follows"], "is");
    assert!(told.contains("pack.json: roles wish=setpoint, is=state."), "{told}");
}
