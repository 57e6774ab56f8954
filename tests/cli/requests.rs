//! Many requests against many: two folders of OpenTelemetry data.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::program::{compare_json, dettrace, said};

fn span(id: &str, parent: &str, name: &str, begin: i64, end: i64) -> Value {
    json!({"traceId": "", "spanId": id, "parentSpanId": parent, "name": name, "kind": 1,
        "startTimeUnixNano": begin.to_string(), "endTimeUnixNano": end.to_string()})
}

/// One line a service, as a collector writes them: a shop that calls a bank, whose work takes `ms`.
fn window(folder: &Path, requests: i64, ms: i64, logs: &[&str]) {
    fs::create_dir_all(folder).unwrap();
    let (mut shop, mut bank, mut lines) = (Vec::new(), Vec::new(), Vec::new());
    for request in 0..requests {
        let trace = format!("{request:032x}");
        let start = 1_700_000_000_000_000_000 + request * 1_000_000_000;
        let at = |ms: i64| start + ms * 1_000_000 + request % 7 * 10_000;
        let of = |list: &mut Vec<Value>, mut span: Value| {
            span["traceId"] = json!(trace);
            list.push(span);
        };
        of(&mut shop, span("a", "", "POST /orders", start, at(ms + 6)));
        of(&mut shop, span("b", "a", "bank.Charge", at(1), at(ms + 4)));
        of(&mut bank, span("c", "b", "bank.Charge", at(2), at(ms + 3)));
        for (place, body) in (0..).zip(logs) {
            lines.push(json!({"timeUnixNano": at(2).saturating_add(place * 1000).to_string(), "traceId": trace,
                "spanId": "c", "body": {"stringValue": format!("{body} {request}")}}));
        }
    }
    let owner = |name: &str| json!({"attributes": [{"key": "service.name", "value": {"stringValue": name}}]});
    let mut text = String::new();
    for (name, spans) in [("shop", shop), ("bank", bank)] {
        let line = json!({"resourceSpans": [{"resource": owner(name), "scopeSpans": [{"spans": spans}]}]});
        writeln!(text, "{line}").unwrap();
    }
    fs::write(folder.join("traces.otlp.jsonl"), &text).unwrap();
    fs::write(folder.join("traces_next_minute.otlp.jsonl"), text).unwrap();
    let logs = json!({"resourceLogs": [{"resource": owner("bank"), "scopeLogs": [{"logRecords": lines}]}]});
    fs::write(folder.join("logs.json"), logs.to_string()).unwrap();
}

fn pair(now: impl Fn(&Path)) -> (tempfile::TempDir, [PathBuf; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let sides = ["before", "now"].map(|side| folder.path().join(side));
    window(&sides[0], 40, 5, &["charge began", "card checked", "charge done"]);
    now(&sides[1]);
    (folder, sides)
}

#[test]
fn the_service_that_became_slow_is_named_and_not_the_one_that_waits_for_it() {
    let (_folder, [before, now]) = pair(|now| window(now, 30, 200, &["charge began", "card checked", "charge done"]));
    let said = compare_json(&[&before, &now]);
    let answer = said.json();
    assert_eq!((said.code, &answer["verdict"], &answer["mode"]), (1, &json!("diverged"), &json!("population")));
    let first = &answer["causes"][0];
    assert_eq!(
        (&first["service"], &first["inner"], &first["sureness"]),
        (&json!("bank"), &json!("bank.Charge"), &json!("only candidate"))
    );
    assert!(first["reason"].as_str().unwrap().contains("instead of 6.0 ms (median of 30 against 40)"), "{first}");
    assert_eq!(answer["population"]["actual"]["requests"], 30);
    let aside = answer["warnings"][0]["message"].as_str().unwrap();
    assert!(aside.contains("another window") && answer["warnings"].as_array().unwrap().len() == 2);
    assert_eq!(answer["warnings"][1]["file"], "now/traces_next_minute.otlp.jsonl");
    assert_eq!(answer.as_object().unwrap().len(), 30, "every key is there");
}

#[test]
fn a_step_that_is_lost_is_named_by_its_logs() {
    let (_folder, [before, now]) = pair(|now| window(now, 30, 5, &["charge began"]));
    let answer = compare_json(&[&before, &now]).json();
    let first = &answer["causes"][0];
    assert_eq!(first["service"], "bank");
    assert_eq!(first["inner"], "log step charge began <*> → card checked <*>");
    let text = super::program::run([&"compare".into(), &before, &now]);
    assert!(text.out.starts_with("Diverged: the likeliest cause is bank."), "{}", text.out);
    assert!(
        text.out.contains("its end comes after log charge began <*> instead of log card checked <*>: 30 of 30 times")
    );
}

#[test]
fn windows_that_are_alike_have_no_clear_cause() {
    let (_folder, [before, now]) = pair(|now| window(now, 25, 5, &["charge began", "card checked", "charge done"]));
    let said = compare_json(&[&before, &now]);
    let answer = said.json();
    assert_eq!((said.code, &answer["verdict"]), (0, &json!("equivalent")));
    assert!(
        answer["causes"].as_array().unwrap().is_empty() && answer["reason"].as_str().unwrap().starts_with("No clear")
    );
}

#[test]
fn too_few_requests_are_no_comfort() {
    let (_folder, [before, now]) = pair(|now| window(now, 2, 5, &["charge began", "card checked", "charge done"]));
    let said = compare_json(&[&before, &now]);
    let answer = said.json();
    assert_eq!((said.code, &answer["verdict"]), (2, &json!("incomparable")));
    assert!(answer["reason"].as_str().unwrap().contains("2 requests in now,"), "{answer}");
}

#[test]
fn what_is_torn_is_partial_and_what_cannot_be_decided_is_said() {
    let (_folder, [before, now]) = pair(|now| window(now, 25, 5, &[]));
    let file = now.join("traces.otlp.jsonl");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() - 100]).unwrap();
    let torn = compare_json(&[&before, &now]);
    assert!(
        torn.code == 2 && torn.json()["partial"] == json!(true) && torn.err.contains("--allow-partial"),
        "{}",
        torn.err
    );
    said(dettrace().arg("compare").args([&before, &now]).args(["--ignore", "x"])).is_trouble(&["--ignore", "requests"]);
    said(dettrace().arg("compare").arg(&before)).is_trouble(&["Name a baseline and a failing window"]);
}

#[test]
fn a_torn_document_keeps_its_whole_spans_and_is_partial() {
    let (_folder, [before, now]) = pair(|now| window(now, 30, 200, &["charge began", "card checked", "charge done"]));
    let file = now.join("traces.otlp.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    // One document as an exporter writes it, cut off in its last span.
    let document = text.replace("}]}\n{\"resourceSpans\":[", "},");
    assert_eq!(document.lines().count(), 1);
    fs::write(&file, &document[..document.len() - 60]).unwrap();
    let said = compare_json(&[&before, &now]);
    let answer = said.json();
    assert_eq!((said.code, &answer["partial"]), (2, &json!(true)));
    assert_eq!(answer["population"]["actual"]["spans"], 89, "all but the last");
    assert_eq!(answer["causes"][0]["service"], "bank");
    let warning = &answer["warnings"].as_array().unwrap().iter().find(|warning| warning["kind"] == "torn_end").unwrap();
    assert_eq!((&warning["file"], &warning["line"]), (&json!("now/traces.otlp.jsonl"), &json!(1)));
    assert!(warning["message"].as_str().unwrap().contains("89 whole records of it before that are kept"), "{warning}");
}

#[test]
fn a_report_of_windows_has_the_same_files_as_that_of_a_pair_and_without_a_clear_cause_no_incident() {
    let lines = ["charge began", "card checked", "charge done"];
    let (folder, [before, now]) = pair(|now| window(now, 30, 200, &lines));
    let report = |sides: [&Path; 2], name: &str| {
        let out = folder.path().join(name);
        assert_eq!(said(dettrace().arg("report").args(sides).arg("-o").arg(&out)).code, 0);
        out
    };
    let slow = report([&before, &now], "slow");
    let read = |path: &Path| -> Value { serde_json::from_slice(&fs::read(path).unwrap()).unwrap() };
    let incident = read(&slow.join("reports/distributed_incident_report.json"));
    assert_eq!(
        (&incident["incident_family"], &incident["candidate_event_count"]),
        (&json!("latency_inflation"), &json!(90))
    );
    assert_eq!(incident["blast_radius"]["root_service"], "bank");
    let times = &incident["timeline_correlation"];
    assert_eq!(times["window_start_ms"], json!(times["window_start"].as_f64().unwrap() / 1e6));
    assert_eq!(read(&slow.join("propagation_prediction.json"))["observed_services"], json!(["bank", "shop"]));
    assert_eq!(read(&slow.join("divergence_report.json"))["incident"]["family"], "latency_inflation");
    assert!(fs::read_to_string(slow.join("report.md")).unwrap().contains("- Latency inflation: "));
    let pair = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/retry-storm");
    let out = folder.path().join("pair");
    assert_eq!(said(dettrace().arg("report").arg(&pair).arg("-o").arg(&out)).code, 0);
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<String>>();
    let of_pair = read(&out.join("reports/distributed_incident_report.json"));
    assert_eq!(keys(&incident), keys(&of_pair));
    let times = &of_pair["timeline_correlation"];
    assert_eq!((&times["window_start_ms"], &times["window_start"]), (&json!(91870.0), &json!(91870)));
    let tried = of_pair["edges"].as_array().unwrap().iter().find(|edge| edge["what"] == "retry").unwrap();
    assert_eq!(
        [&tried["expected_retries"], &tried["actual_calls"], &tried["actual_retries"]],
        [&json!(0), &json!(1), &json!(3)]
    );
    let lone = folder.path().join("lone");
    assert_eq!(said(dettrace().arg("report").arg(pair.join("failing.jsonl.gz")).arg("-o").arg(&lone)).code, 0);
    let lone = read(&lone.join("reports/distributed_incident_report.json"));
    assert!(lone["edges"][0]["expected"].is_null() && lone["edges"][0]["actual"].is_u64(), "{lone}");
    let again = folder.path().join("again");
    window(&again, 25, 5, &lines);
    let quiet = report([&before, &again], "quiet");
    assert!(quiet.join("divergence_report.json").exists() && !quiet.join("propagation_prediction.json").exists());
    assert!(read(&quiet.join("divergence_report.json"))["incident"].is_null());
}

/// One request as it is exported: a shop calls a bank, which asks its database; how long, in milliseconds, the database takes,
/// the bank itself, and the way to it.
fn single(file: &Path, trace: &str, [database, bank, way]: [i64; 3]) {
    let at = |ms: i64| 1_700_000_000_000_000_000 + ms * 1_000_000;
    let (called, asked) = (5 + way / 2, 5 + way / 2 + bank);
    let (answered, returned) = (asked + database, asked + database + way / 2);
    let of = |id: &str, parent: &str, name: &str, from: i64, to: i64| {
        let mut span = span(id, parent, name, at(from), at(to));
        span["traceId"] = json!(trace);
        span
    };
    let shop = [
        of("a", "", "POST /orders", 0, returned + 20),
        of("b", "a", "call bank", 5, returned),
        of("e", "a", "write receipt", returned + 2, returned + 15),
    ];
    let bank = [of("c", "b", "Charge", called, answered), of("d", "c", "SELECT", asked, answered)];
    let owner = |name: &str| json!({"attributes": [{"key": "service.name", "value": {"stringValue": name}}]});
    let of = |name: &str, spans: &[Value]| json!({"resource": owner(name), "scopeSpans": [{"spans": spans}]});
    fs::write(file, json!({"resourceSpans": [of("shop", &shop), of("bank", &bank)]}).to_string()).unwrap();
}

#[test]
fn of_two_requests_the_span_that_is_slow_itself_is_the_cause_and_a_slow_way_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let [good, bad] = ["good.json", "bad.json"].map(|name| folder.path().join(name));
    single(&good, "t1", [4, 6, 2]);
    let said = |times: [i64; 3]| {
        single(&bad, "t2", times);
        compare_json(&[&good, &bad])
    };
    for (times, inner, words) in [
        ([400, 6, 2], "SELECT", "SELECT of bank itself takes 400 ms instead of 4.0 ms."),
        ([4, 500, 2], "Charge", "Charge of bank itself takes 500 ms instead of 6.0 ms."),
        ([4, 6, 300], "Charge", "The way from shop to bank for Charge takes 300 ms instead of 2.0 ms."),
    ] {
        let said = said(times);
        let answer = said.json();
        let causes = answer["causes"].as_array().unwrap();
        assert_eq!((said.code, &answer["verdict"], causes.len()), (1, &json!("diverged"), 1), "{answer}");
        let first = &causes[0];
        assert_eq!((&first["service"], &first["inner"]), (&json!("bank"), &json!(inner)), "{first}");
        assert!(first["evidence"][0].as_str().unwrap().starts_with(words), "{first}");
    }
    // A request that takes twice as long is told, and is no divergence: healthy ones differ as much.
    let said = said([44, 6, 2]);
    let answer = said.json();
    assert_eq!((said.code, &answer["verdict"]), (0, &json!("equivalent")), "{answer}");
    let told = answer["warnings"][0]["message"].as_str().unwrap();
    assert!(told.ends_with("in one place: SELECT of bank itself takes 44 ms instead of 4.0 ms."), "{told}");
}

#[test]
fn a_side_may_be_several_files_in_a_folder_or_in_a_list() {
    let (folder, [before, now]) = pair(|now| window(now, 30, 200, &["charge began", "card checked", "charge done"]));
    let path = |name: &str| folder.path().join(name);
    // The services of a window in a file each, under names that say nothing.
    let split = |from: &Path, to: &str| {
        fs::create_dir_all(path(to)).unwrap();
        for (number, line) in (1..).zip(fs::read_to_string(from.join("traces.otlp.jsonl")).unwrap().lines()) {
            fs::write(path(to).join(format!("part-{number}.json")), line).unwrap();
        }
    };
    split(&before, "a");
    split(&now, "b");
    let bank = |paths: &[&Path]| {
        let answer = compare_json(paths).json();
        let told = |side: &str| answer["population"][side]["spans"].as_u64().unwrap();
        assert_eq!((told("expected"), told("actual")), (120, 90), "{answer}");
        assert_eq!(answer["causes"][0]["service"], "bank", "{answer}");
    };
    bank(&[&path("a"), &path("b")]);
    let pack = path("pack");
    fs::create_dir(&pack).unwrap();
    for (from, to) in [("a/part-1.json", "1.json"), ("a/part-2.json", "2.json")] {
        fs::copy(path(from), pack.join(to)).unwrap();
    }
    fs::rename(path("b"), pack.join("later")).unwrap();
    fs::write(pack.join("pack.json"), r#"{"dettrace_pack": 1, "expected": ["1.json", "2.json"], "actual": "later"}"#)
        .unwrap();
    bank(&[&pack]);
    // Three paths are no comparison, and it is said what to do.
    let refused = said(dettrace().arg("compare").args([&before, &now, &pack]));
    assert!(refused.code == 2 && refused.err.contains("goes into a folder"), "{}", refused.err);
}
