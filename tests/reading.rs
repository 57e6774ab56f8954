//! Reading recordings: every cut into blocks reads the same, `serde_json` agrees, and bad input is told.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail as tests do")]

use std::fmt::Write as _;
use std::io::Read as _;

use dettrace::ingest::{Detected, Format, MAX_DEPTH, Outcome, Reader, Select, detect, fields};
use dettrace::trace::{Path, Place, Scalar, Sink, WarningKind};
use proptest::prelude::*;

/// Keeps everything it is given, as text.
#[derive(Debug, Default, PartialEq)]
struct Keep {
    records: Vec<(Place, Vec<(String, String)>)>,
    open: Option<(Place, Vec<(String, String)>)>,
}

impl Sink for Keep {
    fn fork(&self) -> Self {
        Self::default()
    }
    fn begin(&mut self, place: Place) {
        assert!(self.open.is_none(), "a record began inside another");
        self.open = Some((place, Vec::new()));
    }
    fn field(&mut self, path: Path<'_>, value: Scalar<'_>) {
        assert_eq!(path.key, dettrace::trace::PathKey::of(path.text));
        self.open.as_mut().unwrap().1.push((path.text.to_owned(), format!("{value:?}")));
    }
    fn end(&mut self) {
        self.records.push(self.open.take().unwrap());
    }
    fn abandon(&mut self) {
        self.open.take().unwrap();
    }
    fn append(&mut self, later: &mut Self) {
        self.records.append(&mut later.records);
    }
    fn len(&self) -> usize {
        self.records.len()
    }
}

fn read(format: &Format, bytes: &[u8], block: usize) -> Outcome<Keep> {
    read_selected(format, &Select::default(), bytes, block)
}

fn read_selected(format: &Format, select: &Select, bytes: &[u8], block: usize) -> Outcome<Keep> {
    let mut reader = Reader::new("trace.jsonl", format, select, Keep::default());
    for block in bytes.chunks(block) {
        reader.push(block);
    }
    reader.finish()
}

/// The places and fields, in short: `offset+len@line path=value …`.
fn shown(outcome: &Outcome<Keep>) -> Vec<String> {
    let show = |(place, fields): &(Place, Vec<(String, String)>)| {
        let fields: Vec<String> = fields.iter().map(|(path, value)| format!("{path}={value}")).collect();
        format!("{}+{}@{} {}", place.offset, place.len, place.line, fields.join(" "))
    };
    outcome.sink.records.iter().map(show).collect()
}

fn warnings(outcome: &Outcome<Keep>) -> Vec<String> {
    outcome.warnings.as_slice().iter().map(ToString::to_string).collect()
}

/// Reads with every block size that can matter, and insists on one result.
fn read_every_way(format: &Format, bytes: &[u8]) -> Outcome<Keep> {
    let whole = read(format, bytes, bytes.len().max(1));
    for block in (1..24).chain([64, 1000]) {
        let cut = read(format, bytes, block);
        assert_eq!(shown(&cut), shown(&whole), "blocks of {block}");
        assert_eq!(warnings(&cut), warnings(&whole), "blocks of {block}");
        assert_eq!((cut.torn, cut.records, cut.unreadable), (whole.torn, whole.records, whole.unreadable));
    }
    for (place, _) in &whole.sink.records {
        let raw = &bytes[place.offset as usize..][..place.len as usize];
        fields(raw, &Select::default()).unwrap();
    }
    whole
}

#[test]
fn lines_with_marks_blank_lines_and_line_ends_of_two_kinds() {
    let text = "\u{feff}{\"seq\":0}\r\n\r\n  {\"seq\":1, \"n\" : {\"x\":[1, 2]}}  \n\n{\"seq\":2}";
    let outcome = read_every_way(&Format::JsonLines, text.as_bytes());
    assert_eq!(shown(&outcome), ["3+9@1 seq=Int(0)", "18+29@3 seq=Int(1) n.x=Json(\"[1,2]\")", "51+9@5 seq=Int(2)"]);
    assert!(warnings(&outcome).is_empty() && !outcome.torn);
}

#[test]
fn arrays_documents_and_streams() {
    let text = "\u{feff}[\n {\"a\":1},\n {\"a\":\n 2} ]\n";
    let outcome = read_every_way(&Format::JsonArray, text.as_bytes());
    assert_eq!(shown(&outcome), ["6+7@2 a=Int(1)", "16+9@3 a=Int(2)"]);
    assert!(warnings(&outcome).is_empty());

    let text = "\u{feff}{\n \"a\": 1\n}\n{\"a\":2}{\"a\":3}";
    let outcome = read_every_way(&Format::JsonStream, text.as_bytes());
    assert_eq!(shown(&outcome), ["3+11@1 a=Int(1)", "15+7@4 a=Int(2)", "22+7@4 a=Int(3)"]);
    assert!(warnings(&outcome).is_empty() && !outcome.torn);

    let text =
        r#"{"name":"events","x":[{"events":[{"no":1}]}],"events":[{"trace_id":"a","v":1},{"trace_id":"b","v":2}]}"#;
    let format = Format::Document { path: "events".to_owned() };
    assert_eq!(read_every_way(&format, text.as_bytes()).records, 2);
    let select = Select { field: Some(("trace_id".to_owned(), "b".to_owned())), prefix: None };
    let outcome = read_selected(&format, &select, text.as_bytes(), 9);
    assert_eq!(shown(&outcome), ["78+22@1 trace_id=Text(\"b\") v=Int(2)"]);
}

#[test]
fn a_torn_end_is_said_and_what_is_before_is_read() {
    for cut in ["{\"seq\":1,\"type\":\"TAS", "{\"seq\":", "{\"seq\":1", "{", "{\"a\":tru", "{\"a\":-", "{\"a\":[1,"] {
        let text = format!("{{\"seq\":0}}\n{cut}");
        let outcome = read_every_way(&Format::JsonLines, text.as_bytes());
        assert!(outcome.torn, "{cut}");
        assert_eq!(
            warnings(&outcome),
            ["trace.jsonl:2: The recording stops in the middle: its end is cut off. \
              Everything before was read. If the recorder crashed or the disk was full, record again."]
        );
        assert_eq!(outcome.records, 1);
        assert!(outcome.warnings.partial());

        let text = format!("[{{\"seq\":0}},\n{cut}");
        let outcome = read_every_way(&Format::JsonArray, text.as_bytes());
        assert!(outcome.torn && outcome.records == 1, "{cut}");
        assert_eq!(outcome.warnings.as_slice()[0].line, Some(2));
    }
    let outcome = read_every_way(&Format::JsonArray, b"[{\"seq\":0}");
    assert!(outcome.torn && outcome.records == 1, "a missing bracket is a missing end");
    let outcome = read_every_way(&Format::JsonLines, b"{\"seq\":0}\n{\"s\xc3");
    assert!(outcome.torn, "cut within a character");
}

#[test]
fn records_that_cannot_be_read_are_counted_with_line_and_remedy() {
    for (line, says) in [
        ("[1]", "The record is an array, not a JSON object."),
        ("7", "The record is a number, not a JSON object."),
        ("null", "The record is a bare word, not a JSON object."),
        ("hello", "No JSON: at column 1 an opening brace is expected."),
        ("{\"a\":1,}", "No JSON: at column 8 a name in quotes is expected."),
        ("{\"a\" 1}", "No JSON: at column 6 a colon is expected."),
        ("{\"a\":1 \"b\":2}", "No JSON: at column 8 a comma or a closing brace is expected."),
        ("{\"a\":[1 2]}", "No JSON: at column 9 a comma or a closing bracket is expected."),
        ("{\"a\":01}", "No JSON: at column 6 stands a malformed number."),
        ("{\"a\":True}", "No JSON: at column 6 a value is expected."),
        ("{'a':1}", "No JSON: at column 2 a name in quotes is expected."),
        ("{\"a\":\"\t\"}", "No JSON: at column 7 a control character stands bare inside a string."),
        ("{\"a\":\"\\x\"}", "No JSON: at column 7 stands a backslash sequence that JSON does not know."),
        ("{\"a\":\"\\ud800\"}", "No JSON: at column 7 stands half of a surrogate pair."),
        ("{\"a\":1}{\"a\":2}", "There is more text after the object, at column 8."),
        ("{\"a\":1", "The record ends in the middle, at column 7."),
    ] {
        let text = format!("{{\"seq\":0}}\n{line}\n{{\"seq\":1}}\n{line}\n");
        let outcome = read_every_way(&Format::JsonLines, text.as_bytes());
        let message =
            format!("trace.jsonl:2: {says} (and 1 more like it) It was left out; repair the line or record again.");
        assert_eq!(warnings(&outcome), [message]);
        assert_eq!((outcome.records, outcome.unreadable, outcome.torn), (2, 2, false), "{line}");
        assert_eq!(outcome.warnings.as_slice()[0].kind, WarningKind::Unreadable);
    }
    let outcome = read_every_way(&Format::JsonArray, b"[{\"a\":1}, 5, \"x,]\", [2], nul, {\"b\":2}]");
    assert_eq!((outcome.records, outcome.unreadable), (2, 4));
    let outcome = read_every_way(&Format::JsonArray, b"[{\"a\":\"lost},\n{\"a\":1},\n{\"a\":2}\n]\n");
    assert!(outcome.unreadable >= 1 && outcome.warnings.partial());
    let outcome = read_every_way(&Format::JsonArray, b"[{}]\n[{}]");
    assert_eq!(warnings(&outcome).len(), 1, "text after the document is not silently lost");
}

#[test]
fn floats_that_json_has_no_numbers_for_are_read_as_their_names() {
    let text = b"{\"a\":NaN,\"b\": -Infinity}\n{\"a\":\"NaN\",\"b\":Infinity}\n{\"a\":-1,\"b\":null}\n";
    let outcome = read_every_way(&Format::JsonLines, text);
    assert_eq!((outcome.records, warnings(&outcome)), (3, vec![]));
    let read = shown(&outcome);
    assert!(read[0].contains("NaN") && read[0].contains("-Infinity") && read[1].contains("NaN"), "{read:?}");
    for bad in ["{\"a\":NaNo}", "{\"a\":-Inf}", "{\"a\":Not}", "{\"a\":[NaN]}"] {
        let outcome = read_every_way(&Format::JsonLines, format!("{{\"a\":1}}\n{bad}\n{{\"a\":1}}\n").as_bytes());
        assert_eq!((outcome.records, outcome.unreadable), (2, 1), "{bad}");
    }
}

#[test]
fn bytes_that_are_no_utf8_are_replaced_and_read() {
    let outcome = read_every_way(&Format::JsonLines, b"{\"a\":\"caf\xe9\"}\n{\"a\":\"ok\"}\n{\"a\":\"\xff\"}\n");
    assert_eq!(
        shown(&outcome),
        ["0+12@1 a=Text(\"caf\u{fffd}\")", "13+10@2 a=Text(\"ok\")", "24+9@3 a=Text(\"\u{fffd}\")"]
    );
    assert_eq!(
        warnings(&outcome),
        ["trace.jsonl:1: This line has bytes that are no UTF-8; each is shown as \u{fffd}. (and 1 more like it) \
          Record the trace as UTF-8 if these characters matter."]
    );
    assert!(!outcome.warnings.partial());
}

#[test]
fn of_a_name_that_stands_twice_the_last_counts() {
    let text = br#"{"a":1,"b":{"c":1,"c":2},"a":{"x":3}}
{"a.b":1,"a":{"b":2}}
"#;
    let outcome = read_every_way(&Format::JsonLines, text);
    assert_eq!(shown(&outcome), ["0+37@1 b.c=Int(2) a.x=Int(3)", "38+21@2 a.b=Int(2)"]);
    assert_eq!(
        warnings(&outcome),
        ["trace.jsonl:1: The name `b.c` stands twice in one object; the last value counts. (and 1 more like it) \
          Give each field its own name where the trace is recorded."]
    );
}

#[test]
fn nesting_bombs_are_refused_not_followed() {
    for (open, close) in [("{\"a\":", "}"), ("[", "]")] {
        let nested = |depth: usize| format!("{{\"x\":{}1{}}}", open.repeat(depth), close.repeat(depth));
        let text = format!("{}\n{}\n{}\n", nested(MAX_DEPTH - 1), nested(MAX_DEPTH), nested(200_000));
        let outcome = read(&Format::JsonLines, text.as_bytes(), 1 << 20);
        assert_eq!((outcome.records, outcome.unreadable), (1, 2));
        let warning = &outcome.warnings.as_slice()[0];
        assert_eq!((warning.kind, warning.line, warning.more), (WarningKind::Limit, Some(2), 1));
        assert!(warning.what.starts_with("Objects and arrays are nested more than 64 deep"), "{warning}");
        let outcome = read(&Format::JsonArray, format!("[{text}]").replace('\n', " ").as_bytes(), 4096);
        assert_eq!((outcome.records, outcome.unreadable), (1, 2));
    }
    let outcome = read(&Format::JsonLines, &vec![b'{'; 1 << 20], 4096);
    assert_eq!(outcome.records, 0);
}

#[test]
fn a_line_of_a_hundred_megabytes_is_read_and_a_longer_one_is_said() {
    let mut text = b"{\"a\":\"".to_vec();
    text.resize(100_000_000, b'x');
    text.extend_from_slice(b"\"}\n{\"b\":1}\n");
    let outcome = read(&Format::JsonLines, &text, 4 << 20);
    assert_eq!((outcome.records, outcome.unreadable), (2, 0));
    drop(text);

    let block = vec![b'x'; 4 << 20];
    for format in [Format::JsonLines, Format::JsonArray] {
        let mut reader = Reader::new("big.json", &format, &Select::default(), Keep::default());
        reader.push(if format == Format::JsonArray { b"[{\"a\":\"" } else { b"{\"a\":\"" });
        for _ in 0..40 {
            reader.push(&block);
        }
        reader.push(b"\"}");
        reader.push(if format == Format::JsonArray { b",{\"b\":1}]" } else { b"\n{\"b\":1}\n" });
        let outcome = reader.finish();
        assert_eq!((outcome.records, outcome.unreadable), (1, 1));
        let text = outcome.warnings.as_slice()[0].to_string();
        assert!(text.starts_with("big.json:1: This ") && text.contains("is longer than 128 MiB"), "{text}");
    }
}

#[test]
fn many_lines_read_the_same_in_parallel_and_alone() {
    let mut text = String::new();
    for i in 0..40_000 {
        match i % 1000 {
            999 => text.push_str("{broken\n\n"),
            _ => writeln!(text, "{{\"seq\":{i},\"type\":\"TASK\",\"attrs\":{{\"e\":\"/v2/{i}\\n\",\"ok\":true}}}}")
                .unwrap(),
        }
    }
    let whole = read(&Format::JsonLines, text.as_bytes(), usize::MAX);
    let pieces = read(&Format::JsonLines, text.as_bytes(), 777);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let alone = pool.install(|| read(&Format::JsonLines, text.as_bytes(), 3 << 20));
    for other in [&pieces, &alone] {
        assert!(whole.sink == other.sink);
        assert_eq!(whole.warnings, other.warnings);
    }
    assert_eq!((whole.records, whole.unreadable), (39_960, 40));
    let array = format!("[{}]", text.replace("{broken\n\n", "").trim_end().replace('\n', ",\n"));
    let array = read(&Format::JsonArray, array.as_bytes(), 4 << 20);
    assert_eq!(array.records, 39_960);
    let of = |o: &Outcome<Keep>| o.sink.records.iter().map(|(_, f)| f.clone()).collect::<Vec<_>>();
    assert!(of(&array) == of(&whole));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_cut_reads_the_same(
        text in "([{}\\[\\]\",:a1 \\\\\n]|\\{\"a\":1\\}|\\{\"b\":\"x\"\\}\n|\u{feff}){0,30}", block in 1..20_usize,
    ) {
        let document = Format::Document { path: "a".to_owned() };
        for format in [Format::JsonLines, Format::JsonArray, Format::JsonStream, document] {
            let whole = read(&format, text.as_bytes(), text.len().max(1));
            let cut = read(&format, text.as_bytes(), block);
            prop_assert_eq!(shown(&cut), shown(&whole));
            prop_assert_eq!(warnings(&cut), warnings(&whole));
            prop_assert_eq!((cut.torn, cut.unreadable), (whole.torn, whole.unreadable));
        }
    }
}

/// The corpus of recordings that nobody here wrote, if it lies beside the package.
fn corpus() -> Option<std::path::PathBuf> {
    let folder = std::env::var_os("DETTRACE_CORPUS").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        std::path::PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    // Past the harness, which hides what a passing test prints.
    std::io::Write::write_all(
        &mut std::io::stderr(),
        format!("SKIPPED: no corpus at {}; set DETTRACE_CORPUS to its folder.\n", folder.display()).as_bytes(),
    )
    .ok();
    None
}

/// Every file below a folder, unpacked, with its path inside the folder.
fn files(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let mut bytes = std::fs::read(&path).unwrap();
            if detect(&bytes, true) == Ok(Detected::Gzip) {
                let packed = std::mem::take(&mut bytes);
                flate2::read::MultiGzDecoder::new(&packed[..]).read_to_end(&mut bytes).unwrap();
            }
            out.push((path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned(), bytes));
        }
    }
    out.sort();
    out
}

#[test]
fn the_corpus_is_read_or_refused_by_name() {
    let Some(corpus) = corpus() else { return };
    // By the beginning and the end of the path: what it must be found to be.
    let expected = [
        ("dettrace/", ".jsonl", "JsonLines"),
        ("dettrace/case-studies/", ".json", "Document { path: \"events\" }"),
        ("dettrace/control/", "_report.json", "one JSON object without a list"),
        ("schedules/", ".json", "JsonArray"),
        ("state-traces/", ".itf.json", "Document { path: \"states\" }"),
        ("traces-labelled/", ".otlp.jsonl.gz", "Telemetry"),
        ("traces-labelled/", "truth.json", "one JSON object without a list"),
        ("format-samples/otlp-proto/", ".json", "Telemetry"),
        ("format-samples/jaeger-ui/", "TraceFlamegraph_testTrace.json", "Jaeger's pages"),
        ("format-samples/jaeger-ui/", ".json", "Telemetry"),
        ("format-samples/zipkin-v2/", ".json", "Telemetry"),
        ("format-samples/chrome-trace/", "big_trace.json", "TraceEvents"),
        ("format-samples/chrome-trace/", ".json", "Document { path: \"traceEvents\" }"),
        ("format-samples/chrome-trace/", ".txt", "ftrace"),
        ("format-samples/speedscope/", ".json.gz", "TraceEvents"),
        ("format-samples/speedscope/", "perf.txt", "perf"),
        ("vcd-pairs/", ".vcd", "Vcd"),
        ("vcd-pairs/", ".vcd.gz", "Vcd"),
        ("firmware/", ".vcd", "Vcd"),
        ("firmware/lttng/", ".txt.gz", "babeltrace"),
        ("vector-clock/", ".log", "VectorClocks"),
        ("histories/porcupine-etcd/", ".log", "Jepsen"),
        ("histories/porcupine-kv/", ".txt", "Jepsen"),
        ("", ".csv", "CSV"),
        ("", ".csv.gz", "CSV"),
    ];
    let mut seen = std::collections::BTreeSet::new();
    let mut wrong = Vec::new();
    for (path, bytes) in files(&corpus) {
        let Some(rule) = expected.iter().find(|(from, to, _)| path.starts_with(from) && path.ends_with(to)) else {
            continue;
        };
        seen.insert(rule);
        let found = match detect(&bytes[..bytes.len().min(1 << 20)], bytes.len() <= 1 << 20) {
            Ok(found) => format!("{found:?}"),
            Err(refusal) => refusal.what,
        };
        if !found.contains(rule.2) {
            wrong.push(format!("{path}: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(seen.len(), expected.len(), "{seen:#?}");
}

#[test]
fn the_corpus_is_read_to_the_last_record() {
    let Some(corpus) = corpus() else { return };
    let mut records = std::collections::BTreeMap::new();
    for folder in ["dettrace", "schedules"] {
        for (path, bytes) in files(&corpus.join(folder)) {
            let Ok(Detected::Records { format, .. }) = detect(&bytes, true) else { continue };
            let outcome = read_every_way(&format, &bytes);
            assert!(warnings(&outcome).is_empty() && !outcome.torn, "{path}: {:?}", warnings(&outcome));
            records.insert(path, outcome.records);
        }
    }
    for (path, count) in [
        ("core/expected.jsonl", 20),
        ("core/actual.jsonl", 6),
        ("case-studies/gpio_interrupt_race.json", 10),
        ("case-studies/timer_missed_tick.json", 9),
        ("control/control_healthy.jsonl", 80),
        ("packs/retry_storm.jsonl", 7),
        ("samples/otel_spans.jsonl", 5),
        ("hermit-edit-distance/h_pass.json", 382),
        ("hermit-edit-distance/h_fail.json", 391),
    ] {
        assert_eq!(records.get(path), Some(&count), "{path}");
    }
}
