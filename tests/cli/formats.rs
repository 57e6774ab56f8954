//! Telemetry in every layout, one request against one, packs of windows, several baselines; and that every sample of the corpus
//! opens or is refused by name.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, TracesData};
use prost::Message as _;
use serde_json::{Value, json};

use super::program::{compare_json, corpus, dettrace, run, said, write};

/// Samples that are refused, with what each is called.
pub const REFUSED: [(&str, &str); 3] = [
    ("chrome-trace/android_systrace.txt", "It is an ftrace log"),
    ("jaeger-ui/TraceFlamegraph_testTrace.json", "It is a trace as Jaeger's pages keep it for themselves"),
    ("speedscope/simple-with-header.linux-perf.txt", "It is the text of a perf recording"),
];

/// Every file of the samples, by its path in them.
pub fn samples() -> Option<Vec<(String, PathBuf)>> {
    let root = corpus("format-samples")?;
    let mut all = Vec::new();
    for folder in fs::read_dir(&root).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            all.push((path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"), path));
        }
    }
    all.sort();
    Some(all)
}

#[test]
fn every_sample_opens_or_is_refused_by_name_with_what_to_do() {
    let Some(samples) = samples() else { return };
    assert_eq!(samples.len(), 18, "a sample came or went: {samples:?}");
    for (name, path) in &samples {
        if let Some((_, what)) = REFUSED.iter().find(|(refused, _)| refused == name) {
            let said = run([&"compare".into(), path, path]);
            said.is_trouble(&[what]);
            assert!(said.err.trim_end().ends_with('.') && said.err.matches(". ").count() >= 1, "{}", said.err);
            continue;
        }
        let answer = compare_json(&[path, path]);
        assert_eq!((answer.code, &answer.json()["verdict"]), (0, &json!("identical")), "{name}: {}", answer.err);
        assert_eq!(answer.json()["partial"], false, "{name}");
    }
}

#[test]
fn one_planted_change_is_found_in_each_layout() {
    let Some(samples) = samples() else { return };
    let folder = tempfile::tempdir().unwrap();
    for (name, from, to) in [
        ("jaeger-ui/fixtures_otlp2jaeger-out.json", "\"value\": \"1.2.3.4\"", "\"value\": \"1.2.3.5\""),
        ("jaeger-ui/fixtures_otlp2jaeger-in.json", "okey-dokey-0", "not-okey-0"),
        ("jaeger-ui/tableValuesTestTrace_testTrace.json", "\"op3\"", "\"op33\""),
        ("zipkin-v2/messaging.json", "\"publish\"", "\"republish\""),
        ("zipkin-v2/messaging-kafka.json", "\"Projector\"", "\"Objector\""),
        ("zipkin-v2/skew.json", "\"async\"", "\"sync\""),
        ("zipkin-v2/yelp.json", "\"uswest1aprod\"", "\"uswest1bprod\""),
        ("otlp-proto/trace.json", "some value", "another value"),
        ("otlp-proto/logs.json", "Example log record", "Another log record"),
        ("chrome-trace/nestable_async.json", "\"method\":\"GET\"", "\"method\":\"PUT\""),
    ] {
        let path = &samples.iter().find(|(sample, _)| sample == name).unwrap().1;
        let text = fs::read_to_string(path).unwrap();
        assert!(text.contains(from), "{name} holds no {from}");
        let changed = write(&folder, "changed.json", text.replacen(from, to, 1));
        let said = compare_json(&[path, &changed]);
        let answer = said.json();
        assert_eq!((said.code, &answer["verdict"]), (1, &json!("diverged")), "{name}: {answer}");
        assert!(
            answer["first_divergence"].is_object() || answer["first_divergence_index"].is_u64(),
            "{name}: {answer}"
        );
    }
}

/// The spans and log lines of each request in a folder of the corpus, as documents with one of them each.
fn requests(folder: &Path) -> BTreeMap<String, Vec<Value>> {
    let mut of: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let lists = [
        ("traces.otlp.jsonl.gz", "resourceSpans", "scopeSpans", "spans"),
        ("logs.otlp.jsonl.gz", "resourceLogs", "scopeLogs", "logRecords"),
    ];
    for (file, resources, scopes, items) in lists {
        let Ok(file) = fs::File::open(folder.join(file)) else { continue };
        let mut text = String::new();
        GzDecoder::new(file).read_to_string(&mut text).unwrap();
        for line in text.lines() {
            let document: Value = serde_json::from_str(line).unwrap();
            for resource in document[resources].as_array().unwrap() {
                for item in resource[scopes].as_array().unwrap().iter().flat_map(|s| s[items].as_array().unwrap()) {
                    let document = json!({resources: [{"resource": resource["resource"], scopes: [{items: [item]}]}]});
                    of.entry(item["traceId"].as_str().unwrap_or_default().to_owned()).or_default().push(document);
                }
            }
        }
    }
    of
}

/// What a request did: its spans, by their names, in any order.
fn shape(request: &[Value]) -> Vec<String> {
    let spans =
        request.iter().filter_map(|document| document["resourceSpans"][0]["scopeSpans"][0]["spans"][0].as_object());
    let mut names: Vec<String> = spans.map(|span| span["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

/// One document a line.
fn lines(documents: impl IntoIterator<Item = Value>) -> String {
    documents.into_iter().flat_map(|document| [document.to_string(), "\n".to_owned()]).collect()
}

fn write_lines(folder: &tempfile::TempDir, name: &str, documents: &[Value]) -> PathBuf {
    write(folder, name, lines(documents.iter().cloned()))
}

#[test]
fn two_requests_of_real_systems_compare_event_by_event() {
    let Some(nezha) = corpus("traces-labelled/nezha") else { return };
    let folder = tempfile::tempdir().unwrap();
    for system in ["baseline-hipster-2022-08-23", "baseline-ts-2023-01-30"] {
        let all = requests(&nezha.join(system));
        let mut shapes: BTreeMap<Vec<String>, Vec<&Vec<Value>>> = BTreeMap::new();
        for (_, request) in all.iter().filter(|(id, _)| !id.is_empty()) {
            shapes.entry(shape(request)).or_default().push(request);
        }
        let same =
            shapes.values().filter(|requests| requests[0].len() > 20).max_by_key(|requests| requests.len()).unwrap();
        let (one, other) = (write_lines(&folder, "one.jsonl", same[0]), write_lines(&folder, "other.jsonl", same[1]));
        let said = compare_json(&[&one, &other]);
        let answer = said.json();
        assert_eq!((said.code, &answer["verdict"]), (0, &json!("equivalent")), "{system}: {answer}");
        assert_ne!(answer["mode"], "population");
        // A call that is lost is the first difference.
        let at = same[1].iter().rposition(|document| document["resourceSpans"].is_array()).unwrap();
        let mut lost = same[1].clone();
        let gone = lost.remove(at)["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["name"].clone();
        let said = compare_json(&[&one, &write_lines(&folder, "lost.jsonl", &lost)]);
        let answer = said.json();
        // Where it was the last one, nothing tells it from an early end.
        let told = answer["verdict"] == "diverged" || answer["verdict"] == "truncated";
        assert!(said.code == 1 && told, "{system}: {answer}");
        assert!(answer.to_string().contains(gone.as_str().unwrap()), "{system}: {gone} is not told");
        let picture = folder.path().join("pair.png");
        let drawn = said_ok(&["screenshot".as_ref(), one.as_ref(), other.as_ref(), "-o".as_ref(), picture.as_ref()]);
        assert!(fs::metadata(&picture).unwrap().len() > 10_000, "{drawn}");
    }
}

fn said_ok(args: &[&std::ffi::OsStr]) -> String {
    let said = run(args);
    assert_eq!(said.code, 0, "{}", said.err);
    said.out
}

const START: u64 = 1_700_000_000_000_000_000;

/// A request of a shop that asks a bank, as OTLP JSON; `names` are the bank's steps.
fn request(trace: u64, names: &[&str]) -> Value {
    let owner = |name: &str| json!({"attributes": [{"key": "service.name", "value": {"stringValue": name}}]});
    let span = |id: u64, parent: &str, name: &str| {
        json!({"traceId": format!("{trace:032x}"), "spanId": format!("{:016x}", trace * 100 + id), "parentSpanId": parent, "name": name,
            "kind": 2, "startTimeUnixNano": (START + trace * 1_000_000_000 + id * 1000).to_string(),
            "endTimeUnixNano": (START + trace * 1_000_000_000 + 900_000).to_string()})
    };
    let root = format!("{:016x}", trace * 100 + 1);
    let steps: Vec<Value> = (2..).zip(names).map(|(id, name)| span(id, &root, name)).collect();
    json!({"resourceSpans": [{"resource": owner("shop"), "scopeSpans": [{"spans": [span(1, "", "POST /orders")]}]},
        {"resource": owner("bank"), "scopeSpans": [{"spans": steps}]}]})
}

/// The same as protobuf.
fn protobuf(request: &Value) -> Vec<u8> {
    let bytes =
        |hex: &str| (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    let of_resource = |of: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let service = text(&of["resource"]["attributes"][0]["value"]["stringValue"]);
        let value = opentelemetry_proto::tonic::common::v1::any_value::Value::StringValue(service);
        let value = Some(opentelemetry_proto::tonic::common::v1::AnyValue { value: Some(value) });
        let name = opentelemetry_proto::tonic::common::v1::KeyValue {
            key: "service.name".to_owned(),
            value,
            ..Default::default()
        };
        let span = |span: &Value| Span {
            trace_id: bytes(span["traceId"].as_str().unwrap()),
            span_id: bytes(span["spanId"].as_str().unwrap()),
            parent_span_id: bytes(span["parentSpanId"].as_str().unwrap()),
            name: text(&span["name"]),
            kind: 2,
            start_time_unix_nano: text(&span["startTimeUnixNano"]).parse().unwrap(),
            end_time_unix_nano: text(&span["endTimeUnixNano"]).parse().unwrap(),
            ..Span::default()
        };
        let spans = of["scopeSpans"][0]["spans"].as_array().unwrap().iter().map(span).collect();
        ResourceSpans {
            resource: Some(Resource { attributes: vec![name], ..Resource::default() }),
            scope_spans: vec![ScopeSpans { spans, ..ScopeSpans::default() }],
            ..ResourceSpans::default()
        }
    };
    let resource_spans = request["resourceSpans"].as_array().unwrap().iter().map(of_resource).collect();
    TracesData { resource_spans }.encode_to_vec()
}

#[test]
fn protobuf_says_the_same_as_json_plain_framed_and_compressed() {
    let folder = tempfile::tempdir().unwrap();
    let json = request(1, &["look", "charge", "note"]);
    let plain = write(&folder, "json", json.to_string());
    let bytes = protobuf(&json);
    let framed = [&(bytes.len() as u32).to_be_bytes()[..], &bytes].concat();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&framed).unwrap();
    let layouts = [bytes.clone(), framed.clone(), gzip.finish().unwrap(), zstd::encode_all(&bytes[..], 3).unwrap()];
    for (number, layout) in layouts.iter().enumerate() {
        let path = write(&folder, &format!("{number}.json"), layout);
        let said = compare_json(&[&plain, &path]);
        assert_eq!((said.code, &said.json()["verdict"]), (0, &json!("identical")), "{number}: {}", said.err);
    }
    let cut = write(&folder, "cut", &bytes[..bytes.len() - 3]);
    let said = compare_json(&[&plain, &cut]);
    assert!(said.code == 2 && said.json()["partial"] == json!(true), "{}", said.out);
    assert!(said.out.contains("is cut off"), "{}", said.out);
    // Many requests of it are a window like any other.
    let window = |steps: &[&str]| {
        (1..30)
            .flat_map(|trace| {
                let bytes = protobuf(&request(trace, steps));
                [(bytes.len() as u32).to_be_bytes().to_vec(), bytes].concat()
            })
            .collect::<Vec<u8>>()
    };
    let [before, now] = [("before", &["look", "charge", "note"][..]), ("now", &["look"][..])]
        .map(|(name, steps)| write(&folder, name, window(steps)));
    let answer = compare_json(&[&before, &now]).json();
    assert_eq!(
        (&answer["mode"], &answer["population"]["actual"]["requests"]),
        (&json!("population"), &json!(29)),
        "{answer}"
    );
}

#[test]
fn jaeger_and_zipkin_windows_are_populations() {
    let folder = tempfile::tempdir().unwrap();
    let jaeger = |ms: u64| {
        let trace = |t: u64| {
            let span = |id: &str, parent: Option<&str>, name: &str, process: &str, from: u64, ms: u64| {
                let references: Vec<Value> = parent
                    .iter()
                    .map(|p| json!({"refType": "CHILD_OF", "traceID": format!("{t:x}"), "spanID": p}))
                    .collect();
                json!({"traceID": format!("{t:x}"), "spanID": id, "operationName": name, "processID": process, "references": references,
                    "startTime": 1_700_000_000_000_000 + t * 1_000_000 + from, "duration": ms * 1000 + t % 7 * 10, "tags": [], "logs": []})
            };
            json!({"traceID": format!("{t:x}"), "processes": {"p1": {"serviceName": "shop"}, "p2": {"serviceName": "bank"}},
                "spans": [span("a", None, "POST /orders", "p1", 0, ms + 5), span("b", Some("a"), "Charge", "p2", 1000, ms)]})
        };
        json!({"data": (1..40).map(trace).collect::<Vec<Value>>()})
    };
    let zipkin = |ms: u64| {
        let span = |t: u64, id: &str, parent: &str, name: &str, service: &str, from: u64, ms: u64| {
            json!({"traceId": format!("{t:x}"), "id": id, "parentId": parent, "name": name, "localEndpoint": {"serviceName": service},
                "timestamp": 1_700_000_000_000_000 + t * 1_000_000 + from, "duration": ms * 1000 + t % 7 * 10})
        };
        let trace = |t: u64| {
            json!([span(t, "a", "", "POST /orders", "shop", 0, ms + 5), span(t, "b", "a", "Charge", "bank", 1000, ms)])
        };
        json!((1..40).map(trace).collect::<Vec<Value>>())
    };
    for (name, [before, now]) in [("jaeger", [jaeger(5), jaeger(200)]), ("zipkin", [zipkin(5), zipkin(200)])] {
        let [before, now] = [("before", before), ("now", now)].map(|(side, it)| write(&folder, side, it.to_string()));
        let said = compare_json(&[&before, &now]);
        let answer = said.json();
        assert_eq!((said.code, &answer["causes"][0]["service"]), (1, &json!("bank")), "{name}: {answer}");
        assert_eq!(answer["population"]["expected"]["requests"], 39, "{name}");
        // In the window, and where one recording is needed, it is said what to do with it.
        run([&"screenshot".into(), &before, &"-o".into(), &folder.path().join("x.png")])
            .is_trouble(&["one window of telemetry", "Name a baseline and a failing window"]);
    }
}

#[test]
fn what_is_unusual_about_the_spans_is_counted_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let window = |unusual: bool| {
        let mut text = String::new();
        for trace in 1..20 {
            let mut of = request(trace, &["look", "charge"]);
            let steps = of["resourceSpans"][1]["scopeSpans"][0]["spans"].as_array_mut().unwrap();
            if unusual && trace == 3 {
                steps[0]["parentSpanId"] = json!("00000000000000ff");
                steps[1]["startTimeUnixNano"] = json!((START + trace * 1_000_000_000 - 5000).to_string());
                // Told again as it is, and again with another end.
                let mut again = steps[1].clone();
                steps.push(again.clone());
                again["endTimeUnixNano"] = json!((START + trace * 1_000_000_000).to_string());
                steps.push(again);
                let mut root = steps[1].clone();
                (root["spanId"], root["parentSpanId"]) = (json!("00000000000000ee"), json!(""));
                steps.push(root);
            }
            text.push_str(&lines([of]));
        }
        let line =
            json!({"timeUnixNano": (START + 3 * 1_000_000_000 + 100_000).to_string(), "body": {"stringValue": "x"}});
        let owner = json!({"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]});
        text + &json!({"resourceLogs": [{"resource": owner, "scopeLogs": [{"logRecords": [line]}]}]}).to_string()
    };
    let [usual, unusual] = [false, true].map(|it| write(&folder, if it { "now" } else { "before" }, window(it)));
    let answer = compare_json(&[&usual, &unusual]).json();
    let of = |side: &str, key: &str| answer["population"][side][key].as_u64().unwrap();
    for key in
        ["copied_spans", "repeated_span_ids", "missing_parents", "partial_requests", "several_roots", "before_parent"]
    {
        assert_eq!(of("expected", key), 0, "{key}");
        assert!(of("actual", key) >= 1, "{key}: {answer}");
    }
    assert_eq!((of("expected", "joined_logs"), of("actual", "joined_logs")), (1, 1));
    let text = run([&"compare".into(), &usual, &unusual]).out;
    assert!(
        text.contains(
            "1 span that was told before and left out, 1 span with an id that another has, 1 span without its parent, "
        ),
        "{text}"
    );
    assert!(text.contains("lines of logs joined to their span by time and process: 1."), "{text}");
    // One request says it of itself.
    let lone: Vec<Value> =
        fs::read_to_string(&unusual).unwrap().lines().take(3).map(|l| serde_json::from_str(l).unwrap()).collect();
    let one = write_lines(&folder, "one", &lone[2..3]);
    let answer = compare_json(&[&one, &one]).json();
    assert!(answer["warnings"].to_string().contains("1 span without its parent"), "{answer}");
}

fn windows(folder: &Path, sides: &[(&str, &[&str])]) {
    for (name, steps) in sides {
        let text = lines((1..40).map(|trace| request(trace, steps)));
        fs::create_dir_all(folder.join(name)).unwrap();
        fs::write(folder.join(name).join("traces.jsonl"), text).unwrap();
    }
}

#[test]
fn a_pack_of_two_windows_opens_as_one_path() {
    let folder = tempfile::tempdir().unwrap();
    let usual: &[&str] = &["look", "charge", "note"];
    windows(folder.path(), &[("baseline", usual), ("failing", &["look"])]);
    let one = compare_json(&[folder.path()]);
    let two = compare_json(&[&folder.path().join("baseline"), &folder.path().join("failing")]);
    assert_eq!((one.code, &one.json()), (two.code, &two.json()));
    assert_eq!(one.json()["population"]["actual"]["label"], "failing");
    windows(folder.path(), &[("failing-2", usual)]);
    said(dettrace().arg("compare").arg(folder.path())).is_trouble(&["failing and failing-2 are both called like"]);
    // Files instead of folders, of one request each: a pair like any other.
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "good.json", request(1, usual).to_string());
    write(&folder, "bad.json", request(2, &["look", "note"]).to_string());
    let answer = compare_json(&[folder.path()]).json();
    assert_eq!(answer["verdict"], "diverged");
    assert_ne!(answer["mode"], "population");
}

#[test]
fn further_baselines_count_and_one_that_is_unlike_the_others_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let usual: &[&str] = &["look", "charge", "note"];
    windows(
        folder.path(),
        &[("baseline-1", &["look"]), ("baseline-2", usual), ("baseline-3", usual), ("failing", usual)],
    );
    let [bad, good, more, now] =
        ["baseline-1", "baseline-2", "baseline-3", "failing"].map(|name| folder.path().join(name));
    let whole = compare_json(&[folder.path()]).json();
    let labels: Vec<&Value> =
        whole["population"]["baselines"].as_array().unwrap().iter().map(|baseline| &baseline["label"]).collect();
    assert_eq!(labels, ["baseline-1", "baseline-2", "baseline-3"]);
    let arguments = |format: &str| {
        let mut command = dettrace();
        command.arg("compare").args([&bad, &now]).arg("--baseline").arg(&good).arg("--baseline").arg(&more);
        said(command.args(["--format", format]))
    };
    assert_eq!(arguments("json").json()["population"], whole["population"]);
    let unlike: Vec<bool> =
        whole["population"]["baselines"].as_array().unwrap().iter().map(|b| b["unlike"].is_string()).collect();
    assert!(unlike[0] && !unlike[1] && !unlike[2], "{whole}");
    let text = arguments("text").out;
    assert!(
        text.contains("The baselines disagree: compared with the others baseline-1 has a clear cause itself"),
        "{text}"
    );
    assert!(text.contains("further baseline: baseline-2"), "{text}");
    let two = said(dettrace().arg("compare").args([&bad, &now]).arg("--baseline").arg(&good)).out;
    assert!(two.contains("The baselines baseline-1 and baseline-2 disagree") && two.contains("takes a third"), "{two}");
    let alone = compare_json(&[&good, &now]).json();
    assert_eq!(alone["population"]["baselines"], json!([{"label": "baseline-2", "unlike": null}]));
    let file = write(&folder, "events.jsonl", "{\"a\":1}\n");
    said(dettrace().arg("compare").args([&good, &now]).arg("--baseline").arg(&file))
        .is_trouble(&["no traces, logs or metrics"]);
    said(dettrace().arg("compare").args([&file, &file]).arg("--baseline").arg(&good))
        .is_trouble(&["There is no recording of events in it."]);
}

#[test]
fn what_is_malformed_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text, parts) in [
        (
            "jaeger",
            "{\"data\":[{\"traceID\":\"a\",\"spans\":[{\"traceID\":\"a\",\"spanID\":5}]}]}",
            ["It is no Jaeger trace from here on", "export the rest again."],
        ),
        (
            "zipkin",
            "[{\"traceId\":\"a\",\"id\":5,\"name\":\"x\"}]",
            ["It is no Zipkin trace from here on", "export the rest again."],
        ),
        (
            "otlp",
            "{\"resourceSpans\":[{\"scopeSpans\":5}]}",
            ["It is no OpenTelemetry data from here on", "export the rest again."],
        ),
        (
            "v1",
            "[{\"traceId\":\"a\",\"id\":\"b\",\"name\":\"x\",\"binaryAnnotations\":[]}]",
            ["a Zipkin trace of version 1", "Convert it"],
        ),
        ("nothing", "{\"resourceSpans\":[]}", ["Incomparable", "0 requests in nothing"]),
        ("inside", "{\"data\":{\"spans\":[{\"spanID\":\"a\"}]}}", ["as Jaeger's pages keep it", "Download it there"]),
    ] {
        let path = write(&folder, name, text);
        let told = said(dettrace().arg("compare").args([&path, &path]));
        let text = format!("{}{}", told.out, told.err);
        assert!(told.code == 2 && parts.iter().all(|part| text.contains(part)), "{name}: {text}");
    }
    // An array of Chrome's events may lack its closing bracket; one that ends within an event is torn.
    let event = |n: u32| format!("{{\"ph\":\"X\",\"ts\":{n},\"dur\":3,\"pid\":1,\"tid\":1,\"name\":\"work\"}}");
    let open = write(&folder, "open", format!("[{},\n{},", event(1), event(5)));
    let closed = write(&folder, "closed", format!("[{},\n{}]", event(1), event(5)));
    let said = compare_json(&[&open, &closed]);
    assert_eq!((said.code, &said.json()["verdict"]), (0, &json!("identical")), "{}", said.out);
    let torn = write(&folder, "torn", format!("[{},\n{}", event(1), &event(5)[..20]));
    assert_eq!(compare_json(&[&open, &torn]).code, 2);
}
