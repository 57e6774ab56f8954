//! Finding events, held against the plain way: every event's text and fields read one by one and asked.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail as tests do")]

mod fields;

use std::cell::RefCell;
use std::io::Write as _;
use std::path::PathBuf;

use dettrace::analyse::{Analysis, Detail, Finding, Session, find};
use dettrace::compare::RowClass;
use dettrace::pack::{self, Found};
use dettrace::query::{Query, parse, readable};
use dettrace::trace::{ERROR, Side};

fn analysed(found: Found) -> Analysis {
    match found {
        Found::Ready(pack) => Session::new(*pack).run(&()).unwrap(),
        Found::Choose { why, .. } => panic!("{why}"),
    }
}

fn open(paths: &[&str]) -> Analysis {
    analysed(pack::open(&paths.iter().map(PathBuf::from).collect::<Vec<_>>()).unwrap())
}

fn in_memory(expected: &str, actual: &str) -> Analysis {
    let files = [("expected.jsonl", expected.as_bytes()), ("actual.jsonl", actual.as_bytes())];
    analysed(pack::in_memory("case", &files).unwrap())
}

/// Rows in the order in which they were told.
#[derive(Default)]
struct Told {
    rows: RefCell<Vec<u32>>,
    looked_at: RefCell<Vec<u64>>,
    most_batches: Option<usize>,
}

impl Finding for Told {
    fn found(&self, rows: &[u32], looked_at: u64) {
        self.rows.borrow_mut().extend_from_slice(rows);
        self.looked_at.borrow_mut().push(looked_at);
    }

    fn cancelled(&self) -> bool {
        self.most_batches.is_some_and(|most| self.looked_at.borrow().len() >= most)
    }
}

fn told(analysis: &Analysis, query: &str, from: u32) -> Told {
    told_of(analysis, &parse(query).unwrap().unwrap(), from)
}

fn told_of(analysis: &Analysis, query: &Query, from: u32) -> Told {
    let told = Told::default();
    find(analysis, query, from, &told).unwrap();
    let all = u64::from(analysis.len(Side::Expected)) + u64::from(analysis.len(Side::Actual));
    assert_eq!(told.looked_at.borrow().last().copied().unwrap_or(0), all, "{query}: not everything was looked at");
    told
}

/// The rows found, sorted, each once.
fn rows(analysis: &Analysis, query: &str) -> Vec<u32> {
    rows_of(analysis, &parse(query).unwrap().unwrap())
}

fn rows_of(analysis: &Analysis, query: &Query) -> Vec<u32> {
    let mut rows = told_of(analysis, query, 0).rows.into_inner();
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// The rows of all events for which `answers` says so.
fn plain(analysis: &Analysis, answers: impl Fn(&Detail, u32) -> bool) -> Vec<u32> {
    let mut rows: Vec<u32> = Side::BOTH
        .into_iter()
        .flat_map(|side| (0..analysis.len(side)).map(move |index| (side, index)))
        .filter_map(|(side, index)| {
            let row = analysis.comparison.rows.row_of(side, index)?;
            answers(&analysis.detail(side, index), row).then_some(row)
        })
        .collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

fn holds(detail: &Detail, text: &str) -> bool {
    String::from_utf8_lossy(&readable(detail.raw.as_bytes())).to_lowercase().contains(&text.to_lowercase())
}

fn number(detail: &Detail, end: &str) -> Option<f64> {
    let field = detail.fields.iter().find(|f| f.path == end || f.path.ends_with(&format!(".{end}")))?;
    field.value.plain().parse().ok()
}

fn value(detail: &Detail, end: &str) -> String {
    let field = detail.fields.iter().find(|f| f.path == end || f.path.ends_with(&format!(".{end}")));
    field.map(|field| field.value.plain().to_lowercase()).unwrap_or_default()
}

#[test]
fn every_fixture_finds_what_reading_one_by_one_finds() {
    let fixtures =
        ["task-order-race", "retry-storm", "duplicate-ack", "two-faults", "truncated-run", "legal-reordering"];
    let mut found = 0;
    for fixture in fixtures {
        let analysis = open(&[&format!("fixtures/{fixture}")]);
        let row = |row: u32| analysis.comparison.rows.get(row);
        let mut check = |query: &str, expected: Vec<u32>| {
            found += expected.len();
            assert_eq!(rows(&analysis, query), expected, "{fixture}: {query}");
        };
        check("task", plain(&analysis, |d, _| holds(d, "task")));
        check("TASK 4", plain(&analysis, |d, _| holds(d, "task") && holds(d, "4")));
        check("\"task\\\":4\"", plain(&analysis, |d, _| holds(d, "task\":4")));
        check("-task", plain(&analysis, |d, _| !holds(d, "task")));
        check(
            "task:4 or attempt:1",
            plain(&analysis, |d, _| number(d, "task") == Some(4.0) || number(d, "attempt") == Some(1.0)),
        );
        check("task:>2", plain(&analysis, |d, _| number(d, "task").is_some_and(|n| n > 2.0)));
        check(
            "task:2..3 -worker:0",
            plain(&analysis, |d, _| {
                number(d, "task").is_some_and(|n| (2.0..=3.0).contains(&n)) && number(d, "worker") != Some(0.0)
            }),
        );
        check("/task\":[34]/", plain(&analysis, |d, _| holds(d, "task\":3") || holds(d, "task\":4")));
        check("type:/ED$/", plain(&analysis, |d, _| value(d, "type").ends_with("ed")));
        check("kind:*ed", plain(&analysis, |d, _| d.kind.to_lowercase().ends_with("ed")));
        check("lane:*:0", plain(&analysis, |d, _| d.lanes.iter().any(|lane| lane.ends_with(":0"))));
        check("side:actual", plain(&analysis, |d, _| d.side == Side::Actual));
        check("index:3..5", plain(&analysis, |d, _| (3..=5).contains(&d.index)));
        check("line:<3", plain(&analysis, |d, _| d.place.line < 3));
        check("diff:any", analysis.comparison.rows.differences().to_vec());
        check("diff:changed", plain(&analysis, |_, at| row(at).class == RowClass::Changed));
        check(
            "diff:missing or diff:extra",
            plain(&analysis, |_, at| matches!(row(at).class, RowClass::Missing | RowClass::Extra)),
        );
        check("cause:1", plain(&analysis, |_, at| analysis.explained_by(at) == Some(1)));
        check("is:cause", plain(&analysis, |_, at| analysis.comparison.causes.iter().any(|c| c.row == at)));
        let symptom = analysis.comparison.first_symptom.as_ref().map(|symptom| symptom.row);
        check("is:symptom", symptom.into_iter().collect());
        check(
            "is:error",
            plain(&analysis, |d, _| {
                let events = &analysis.sides[d.side].as_ref().unwrap().trace.events;
                events.flags[d.index as usize] & ERROR != 0
            }),
        );
        check(
            "side:actual index:3.. task diff:same",
            plain(&analysis, |d, at| {
                let same = row(at).class == RowClass::Same && !row(at).inverted;
                d.side == Side::Actual && d.index >= 3 && same && holds(d, "task")
            }),
        );
    }
    assert!(found > 800, "only {found} rows were found in all");
}

#[test]
fn times_are_asked_as_the_table_shows_them() {
    let line = |i: u64, task: u64| {
        format!(
            "{{\"ts_ns\":{},\"type\":\"step\",\"task\":{task},\"n\":{i}}}\n",
            1_700_000_000_000_000_000 + i * 1_000_000
        )
    };
    let text: String = (0..100).map(|i| line(i, i % 3)).collect();
    let analysis = in_memory(&text, &text);
    let start = analysis.start(Side::Expected).unwrap().value;
    let time = |query: &str| rows(&analysis, query).len();
    let since = |detail: &Detail| detail.time.unwrap().value - start;
    assert_eq!(time("time:20ms..30ms"), plain(&analysis, |d, _| (20_000_000..=30_000_000).contains(&since(d))).len());
    assert_eq!(time("time:20ms..30ms"), 11);
    assert_eq!(time("time:>0.09s"), 9);
}

#[test]
fn what_is_escaped_in_the_file_is_found_and_what_only_looks_so_is_not() {
    let lines = [
        r#"{"type":"say","who":"caf\u00e9","n":0}"#,
        r#"{"type":"say","who":"café","n":1}"#,
        r#"{"type":"say","who":"a \"big\" one","n":2}"#,
        r#"{"type":"say","who":"C:\\temp\\new","n":3}"#,
        r#"{"type":"say","who":"line\nbreak \ud83d\ude00","n":4}"#,
        r#"{"type":"say","who":"CAFÉ plain","n":5}"#,
    ];
    let text = lines.join("\n");
    let analysis = in_memory(&text, &text);
    for (query, expected) in [
        ("café", vec![0, 1, 5]),
        ("CAFÉ -plain", vec![0, 1]),
        ("who:café", vec![0, 1]),
        (r#""a \"big\"""#, vec![2]),
        (r#"who:"a \"big\" one""#, vec![2]),
        (r#""C:\\temp\\new""#, vec![3]),
        ("😀", vec![4]),
        ("u00e9", vec![]),
        ("nbreak", vec![]),
        ("/caf.$/", vec![]),
        ("who:/(?i)^caf.$/", vec![0, 1]),
        ("break", vec![4]),
    ] {
        assert_eq!(rows(&analysis, query), expected, "{query}");
    }
}

#[test]
fn a_long_recording_is_found_from_the_selection_on_and_compressed_ones_too() {
    let line = |i: u32| {
        format!(
            "{{\"seq\":{i},\"type\":\"step\",\"task\":{},\"note\":\"{}\"}}\n",
            i % 7,
            if i % 1000 == 3 { "Rare" } else { "usual" }
        )
    };
    let text: String = (0..60_000).map(line).collect();
    let folder = tempfile::tempdir().unwrap();
    let (expected, actual) = (folder.path().join("expected.jsonl"), folder.path().join("actual.jsonl.gz"));
    std::fs::write(&expected, &text).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    std::fs::write(&actual, gzip.finish().unwrap()).unwrap();
    let analysis = open(&[&expected.to_string_lossy(), &actual.to_string_lossy()]);
    let wanted: Vec<u32> = (0..60).map(|i| i * 1000 + 3).collect();
    for query in ["rare", "note:rare", "note:/^R/", "rare type:step", "note:rare task:0..6", "-usual"] {
        assert_eq!(rows(&analysis, query), wanted, "{query}");
    }
    for query in ["rare", "note:rare"] {
        let in_order = told(&analysis, query, 30_000).rows.into_inner();
        assert_eq!(in_order.len(), 120, "each side tells its own");
        assert_eq!(in_order[0], 30_003, "the nearest after the selection comes first");
        assert!(in_order.contains(&3));
    }
    let impatient = Told { most_batches: Some(1), ..Told::default() };
    find(&analysis, &parse("-usual").unwrap().unwrap(), 0, &impatient).unwrap();
    assert_eq!(impatient.looked_at.borrow().len(), 1, "a search that nobody wants goes on");
    assert!(impatient.rows.borrow().len() < 120);
    std::fs::write(&expected, "gone").unwrap();
    let error = find(&analysis, &parse("rare").unwrap().unwrap(), 0, &Told::default()).unwrap_err();
    assert!(error.contains("has changed since it was read"), "{error}");
    assert!(
        find(&analysis, &parse("kind:step").unwrap().unwrap(), 0, &Told::default()).is_ok(),
        "columns need no file"
    );
}

#[test]
fn what_differs_is_found_before_all_else() {
    let line = |i: u32, value: u32| format!("{{\"seq\":{i},\"type\":\"step\",\"task\":{},\"value\":{value}}}\n", i % 7);
    let expected: String = (0..60_000).map(|i| line(i, i % 5)).collect();
    let actual: String = (0..60_000).map(|i| line(i, if i == 50_000 { 99 } else { i % 5 })).collect();
    let analysis = in_memory(&expected, &actual);
    for query in ["99}", "value:99", "value:>3"] {
        let told = told(&analysis, query, 0);
        assert_eq!(told.rows.borrow()[0], 50_000, "{query}");
        assert_eq!(told.looked_at.borrow()[0], 0, "{query}: it comes again in its turn");
    }
    assert_eq!(rows(&analysis, "value:99"), [50_000]);
}

#[test]
fn signals_of_a_waveform_are_found_by_name_and_value() {
    let dump = |value: &str| {
        format!(
            "$timescale 1 ns $end\n$var wire 1 ! irq_line $end\n$var wire 8 \" data_bus $end\n$enddefinitions $end\n#0\n0!\nb0 \"\n#5\n1!\n#9\nb{value} \"\n#20\n0!\n"
        )
    };
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("expected.vcd"), dump("101")).unwrap();
    std::fs::write(path("actual.vcd"), dump("111")).unwrap();
    let analysis = open(&[&path("expected.vcd").to_string_lossy(), &path("actual.vcd").to_string_lossy()]);
    let bus = plain(&analysis, |d, _| d.lanes.iter().any(|lane| lane.contains("data_bus")));
    assert!(!bus.is_empty());
    assert_eq!(rows(&analysis, "data_bus"), bus);
    assert_eq!(rows(&analysis, "/data_b/"), bus);
    assert_eq!(rows(&analysis, "lane:*data_bus"), bus);
    assert!(!rows(&analysis, "diff:any data_bus").is_empty());
    assert!(rows(&analysis, "time:>15").iter().all(|row| !bus.contains(row)));
}

#[test]
fn numbers_are_found_however_they_are_spelled_and_nested() {
    let lines = [
        r#"{"type":"m","v":20}"#,
        r#"{"type":"m", "v" : 2e1 }"#,
        r#"{"type":"m","a":{"v":20.0}}"#,
        r#"{"type":"m","v":"20"}"#,
        r#"{"type":"m","V":20,"w":3}"#,
        r#"{"type":"m","v":200}"#,
        r#"{"type":"m","n\u0076":1,"\u0076":20}"#,
        r#"{"type":"m","v":[20]}"#,
        r#"{"type":"m","v":{"x":20}}"#,
        r#"{"type":"m","xv":20,"v":null}"#,
        r#"{"type":"m","v":20,"v":7}"#,
        r#"{"type":"m","a.v":20}"#,
        r#"{"type":"m","note":"v\":20","v":1}"#,
    ];
    let text = lines.join("\n");
    let analysis = in_memory(&text, &text);
    let fit = vec![0, 1, 2, 3, 4, 6, 11];
    for query in ["v:20", "v:20..20", "v:>19.5 v:<21"] {
        assert_eq!(rows(&analysis, query), fit, "{query}");
    }
    assert_eq!(rows(&analysis, "v:20.0"), [0, 1, 2, 4, 6, 11], "a text is what it spells");
    assert_eq!(rows(&analysis, "a.v:20"), [2, 11]);
    assert_eq!(rows(&analysis, "v:>=200"), [5]);
    assert_eq!(rows(&analysis, "v:7"), [10], "of a repeated name the last counts");
    assert_eq!(rows(&analysis, "v:[20]"), [7]);
    assert_eq!(rows(&analysis, "v:null"), [9]);
}
