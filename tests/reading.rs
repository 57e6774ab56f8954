//! Reading recordings: every cut into blocks reads the same, `serde_json` agrees, and bad input is told.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail as tests do")]

use std::fmt::Write as _;

use dettrace::ingest::{Format, MAX_DEPTH, Outcome, Reader, Select, fields};
use dettrace::trace::{Field, Path, Place, Scalar, Sink, Value, WarningKind};
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
        assert_eq!(path.key, dettrace::trace::PathKey::of(&path.text()));
        self.open.as_mut().unwrap().1.push((path.text(), format!("{value:?}")));
    }
    fn end(&mut self) {
        self.records.push(self.open.take().unwrap());
    }
    fn abandon(&mut self) {
        self.open.take().unwrap();
    }
    fn append(&mut self, later: Self) {
        self.records.extend(later.records);
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

/// Flattens what `serde_json` read as the scanner would hand it over.
fn flatten(path: &str, value: &serde_json::Value, out: &mut Vec<Field>) {
    let leaf = match value {
        serde_json::Value::Object(object) if !object.is_empty() || path.is_empty() => {
            for (name, value) in object {
                flatten(&if path.is_empty() { name.clone() } else { format!("{path}.{name}") }, value, out);
            }
            return;
        }
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(b) => Value::Bool(*b),
        serde_json::Value::Number(n) => Value::Number(n.to_string()),
        serde_json::Value::String(s) => Value::Text(s.clone()),
        other => Value::Json(other.to_string()),
    };
    out.push(Field { path: path.to_owned(), value: leaf });
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        "\\PC{0,12}|[\\x00-\\x7f]{0,9}".prop_map(Into::into),
    ];
    let object = |value: BoxedStrategy<serde_json::Value>| {
        proptest::collection::btree_map("[a-z_\"\\\\é]{1,9}", value, 0..6)
            .prop_map(|map| serde_json::Value::Object(map.into_iter().collect()))
    };
    let value = leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![object(inner.clone()), proptest::collection::vec(inner, 0..4).prop_map(Into::into)]
    });
    object(value.boxed())
}

/// Writes JSON with white space where it may stand, and some characters escaped.
fn spaced(text: &str, noise: &[u8]) -> String {
    let (mut out, mut quoted, mut escaped, mut hex) = (String::new(), false, false, 0);
    for (i, c) in text.chars().enumerate() {
        let noise = noise.get(i % noise.len().max(1)).copied().unwrap_or(0);
        if quoted {
            quoted = escaped || c != '"';
            let plain = !escaped && hex == 0 && c != '\\' && c != '"';
            hex = if escaped && c == 'u' { 4 } else { hex - hex.min(1) };
            escaped = !escaped && c == '\\';
            if plain && noise % 3 == 0 {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}").unwrap();
                }
            } else {
                out.push(c);
            }
        } else {
            quoted = c == '"';
            let structural = matches!(c, '{' | '}' | '[' | ']' | ',' | ':');
            if structural {
                out.push_str(["", " ", "\t", "  ", "\r\n "][noise as usize % 5]);
            }
            out.push(c);
            if structural {
                out.push_str(["", " ", "", "\n"][noise as usize % 4]);
            }
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn values_are_those_that_serde_json_reads(value in json(), noise in proptest::collection::vec(any::<u8>(), 0..40)) {
        let text = spaced(&value.to_string(), &noise);
        let mut expected = Vec::new();
        flatten("", &value, &mut expected);
        let read = fields(text.as_bytes(), &Select::default()).unwrap();
        // The escapes inside arrays stay as they were written.
        let same = |a: &Field, b: &Field| a.path == b.path && match (&a.value, &b.value) {
            (Value::Json(a), Value::Json(b)) => {
                serde_json::from_str::<serde_json::Value>(a).unwrap() == serde_json::from_str::<serde_json::Value>(b).unwrap()
            }
            (a, b) => a == b,
        };
        prop_assert!(read.len() == expected.len() && read.iter().zip(&expected).all(|(a, b)| same(a, b)), "{text}\n{read:?}\n{expected:?}");
    }

    #[test]
    fn what_serde_json_refuses_is_refused(
        value in json(), at in any::<prop::sample::Index>(), with in "[\\x00-\\x7f]{0,2}", cut in 0..3_usize,
    ) {
        let text = value.to_string();
        let mut at = at.index(text.len());
        while !text.is_char_boundary(at) { at -= 1; }
        let mut end = (at + cut).min(text.len());
        while !text.is_char_boundary(end) { end += 1; }
        let text = format!("{}{with}{}", &text[..at], &text[end..]);
        let theirs = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text);
        let ours = fields(text.as_bytes(), &Select::default());
        let out_of_range = theirs.as_ref().is_err_and(|e| e.to_string().contains("out of range"));
        prop_assert!(out_of_range || theirs.is_ok() == ours.is_ok(), "{text:?}\n{theirs:?}\n{ours:?}");
    }

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
