//! Which spans events tell of, with facts that were planted.

use std::fmt::Write as _;

use super::*;
use crate::analyse::Session;
use crate::pack::{Found, in_memory, open};
use crate::trace::SpanMark;

fn analysis(files: &[(&str, &[u8])]) -> Analysis {
    match in_memory("pair", files) {
        Ok(Found::Ready(pack)) => Session::new(*pack).run(&()).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn fixture(name: &str) -> Analysis {
    match open(&[format!("fixtures/{name}").into()]) {
        Ok(Found::Ready(pack)) => Session::new(*pack).run(&()).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// Depth, the ids of both sides, and whether actual's span failed.
fn shown(spans: &EventSpans) -> Vec<(u32, &str, &str, bool)> {
    let rows = (0..).zip(&spans.waterfall.rows);
    let id = |side: Side, span: Option<u32>| span.map_or("", |span| spans.id(side, span));
    let failed = |row| spans.waterfall.span(Side::Actual, row).is_some_and(|span| span.failed);
    let each = rows.map(|(at, row)| {
        let Sides { expected, actual } = row.spans;
        (row.depth, id(Side::Expected, expected), id(Side::Actual, actual), failed(at))
    });
    each.collect()
}

fn milliseconds(spans: &EventSpans, side: Side, row: u32) -> (i64, i64) {
    let bar = spans.waterfall.bar(side, row).unwrap();
    (bar.offset / 1_000_000, bar.duration / 1_000_000)
}

#[test]
fn each_try_of_a_retry_storm_is_a_span_and_the_first_stands_beside_the_first() {
    let analysis = fixture("retry-storm");
    let spans = analysis.spans(&|| true).unwrap();
    assert_eq!(
        shown(&spans),
        [
            (0, "edge", "edge", true),
            (1, "cart", "cart", true),
            (2, "auth-0", "auth-0", true),
            (3, "store-0", "", false),
            (2, "", "auth-1", true),
            (2, "", "auth-2", true),
            (2, "", "auth-3", true),
            (2, "stock", "", false),
        ]
    );
    // 91870 is its beginning; auth-0 is there from 91955 to 92026, auth-3 from 92354 to 92457.
    assert_eq!(milliseconds(&spans, Side::Actual, 2), (85, 71));
    assert_eq!(milliseconds(&spans, Side::Actual, 6), (484, 103));
    assert_eq!(milliseconds(&spans, Side::Expected, 2), (111, 109));
    let critical = |row| !spans.waterfall.critical(Side::Actual, row).is_empty();
    assert!([0, 1, 2, 4, 5, 6].into_iter().all(critical), "each try is waited for");
    assert_eq!((spans.service(Side::Actual, 0), spans.label(Side::Actual, 0)), ("edge", "→ cart"));
    let auth = spans.waterfall.rows[4].spans.actual.unwrap();
    assert_eq!((spans.service(Side::Actual, auth), spans.label(Side::Actual, auth)), ("auth", "auth-1 → token-store"));
    let first = analysis.comparison.causes[0].clone();
    assert_eq!(spans.waterfall.causes[0], spans.row_of(first.side, first.index).unwrap());
    assert_eq!(spans.waterfall.causes[0], 3, "the token store never got its call");
}

#[test]
fn a_row_and_its_event_lead_to_each_other() {
    let analysis = fixture("retry-storm");
    let spans = analysis.spans(&|| true).unwrap();
    for row in 0..spans.waterfall.rows.len() as u32 {
        let (side, event) = spans.event_of(row).unwrap();
        assert_eq!(spans.row_of(side, event), Some(row));
        let has_actual = spans.waterfall.rows[row as usize].spans.actual.is_some();
        assert_eq!(side == Side::Actual, has_actual);
    }
    assert_eq!(spans.event_of(4), Some((Side::Actual, 9)), "auth-1 begins by being received");
    assert_eq!(spans.row_of(Side::Actual, 11), Some(4), "its error is in it");
    assert_eq!((spans.row_of(Side::Actual, 99), spans.event_of(99)), (None, None));
}

#[test]
fn ids_that_are_others_in_every_run_are_no_names_and_stand_beside_each_other() {
    let analysis = fixture("cascading-timeouts");
    let spans = analysis.spans(&|| true).unwrap();
    let names: Vec<String> = (spans.waterfall.rows.iter())
        .map(|row| {
            let (side, span) = match row.spans {
                Sides { actual: Some(span), .. } => (Side::Actual, span),
                Sides { expected, .. } => (Side::Expected, expected.unwrap()),
            };
            format!("{} {}", spans.service(side, span), spans.label(side, span))
        })
        .collect();
    assert_eq!(names, ["gateway → checkout", "checkout → payments", "payments → ledger-db", "ledger-db ", "mailer "]);
    let alone: Vec<bool> = spans.waterfall.rows.iter().map(|row| row.spans.actual.is_none()).collect();
    assert_eq!(alone, [false, false, false, false, true], "the mailer was not called any more");
}

#[test]
fn several_requests_without_a_name_are_trees_of_their_own() {
    let spans = fixture("failover-edge").spans(&|| true).unwrap();
    let roots: Vec<&str> = shown(&spans).into_iter().filter(|row| row.0 == 0).map(|row| row.1).collect();
    assert_eq!(roots, ["read", "write"]);
    let marks = |row| spans.waterfall.marks(Side::Actual, row);
    assert!((0..spans.waterfall.rows.len() as u32).all(|row| marks(row).is_empty()), "neither is unusual");
    let new: Vec<&str> = shown(&spans).into_iter().filter(|row| row.1.is_empty()).map(|row| row.2).collect();
    assert_eq!(new, ["read-2"]);
    // Each is waited for by itself.
    let length = |row: u32| spans.waterfall.bar(Side::Actual, row).unwrap().duration;
    let tree = |rows: Range<u32>| {
        let stretches = rows.flat_map(|row| spans.waterfall.critical(Side::Actual, row).iter());
        stretches.map(|(from, to)| to - from).sum::<i64>()
    };
    assert_eq!((tree(0..3), tree(3..5)), (length(0), length(3)));
}

/// Requests that use the same ids for their spans: the second takes longer in actual, and has a span that names nobody.
fn two_requests(actual: bool) -> String {
    let mut text = String::new();
    let mut line = |at: u32, request: &str, span: &str, parent: &str, kind: &str| {
        let status = if kind == "failed" { "error" } else { "ok" };
        writeln!(
            text,
            r#"{{"ts_ms":{at},"request_id":"{request}","span_id":"{span}","parent_span_id":"{parent}","service":"{span}-service","type":"{kind}","status":"{status}"}}"#
        )
        .unwrap();
    };
    for (request, begin) in [("r1", 1000), ("r2", 1010)] {
        let slow = if actual && request == "r2" { 40 } else { 0 };
        line(begin, request, "front", "", "start");
        line(begin + 1, request, "back", "front", "start");
        line(begin + 2, request, "back", "front", if slow > 0 { "failed" } else { "done" });
        if slow > 0 {
            line(begin + 3, request, "lost", "gone", "start");
        }
        line(begin + 5 + slow, request, "front", "", "done");
    }
    text
}

#[test]
fn equal_ids_of_several_requests_are_other_spans_and_what_names_nobody_is_marked() {
    let (expected, actual) = (two_requests(false), two_requests(true));
    let files = [("expected.jsonl", expected.as_bytes()), ("actual.jsonl", actual.as_bytes())];
    let spans = analysis(&files).spans(&|| true).unwrap();
    assert_eq!(
        shown(&spans),
        [
            (0, "front", "front", false),
            (1, "back", "back", false),
            (0, "front", "front", false),
            (1, "back", "back", true),
            (0, "", "lost", false),
        ]
    );
    assert_eq!(milliseconds(&spans, Side::Actual, 0), (0, 5));
    assert_eq!(milliseconds(&spans, Side::Actual, 2), (10, 45));
    assert!(spans.waterfall.marks(Side::Actual, 4).iter().any(|mark| mark == SpanMark::Orphan));
    assert!(spans.waterfall.marks(Side::Actual, 0).is_empty());
}

#[test]
fn a_request_is_told_by_its_spans_and_what_was_written_in_one_is_of_it() {
    let of = |slow: u32| {
        let span = |id: &str, parent: &str, name: &str, begin: u32, end: u32| {
            let code = if slow > 0 && name == "pay" { 2 } else { 1 };
            format!(
                r#"{{"status":{{"code":{code}}},"traceId":"t1","spanId":"{id}","parentSpanId":"{parent}","name":"{name}","startTimeUnixNano":"{begin}000000","endTimeUnixNano":"{end}000000","events":[{{"timeUnixNano":"{begin}500000","name":"note"}}]}}"#
            )
        };
        let spans = [
            span("a1", "", "buy", 1000, 1100 + slow),
            span("b2", "a1", "pay", 1010, 1050 + slow),
            span("c3", "a1", "mail", 1020, 1030),
        ];
        format!(
            r#"{{"resourceSpans":[{{"resource":{{"attributes":[{{"key":"service.name","value":{{"stringValue":"shop"}}}}]}},"scopeSpans":[{{"spans":[{}]}}]}}]}}"#,
            spans.join(",")
        )
    };
    let (expected, actual) = (of(0), of(3000));
    let files = [("expected.json", expected.as_bytes()), ("actual.json", actual.as_bytes())];
    let analysis = analysis(&files);
    let spans = analysis.spans(&|| true).unwrap();
    assert_eq!(shown(&spans), [(0, "a1", "a1", false), (1, "b2", "b2", true), (1, "c3", "c3", false)]);
    assert_eq!(spans.label(Side::Actual, spans.waterfall.rows[1].spans.actual.unwrap()), "pay");
    assert_eq!(milliseconds(&spans, Side::Actual, 1), (10, 3040), "as long as it says, not until its last note");
    let critical: Vec<bool> = (0..3).map(|row| !spans.waterfall.critical(Side::Actual, row).is_empty()).collect();
    assert_eq!(critical, [true, true, false]);
    for event in 0..analysis.len(Side::Actual) {
        assert!(spans.row_of(Side::Actual, event).is_some(), "a span or a note in one: {event}");
    }
    assert_eq!(analysis.len(Side::Actual), 6);
    assert_eq!(spans.waterfall.causes.first(), Some(&1), "it does not pay");
}

#[test]
fn spans_of_a_request_without_parents_among_them_stand_by_themselves() {
    let span = |id: &str, parent: &str, begin: u32| {
        format!(
            r#"{{"traceId":"t1","spanId":"{id}","parentSpanId":"{parent}","name":"pay","startTimeUnixNano":"{begin}000000","endTimeUnixNano":"{}000000","events":[{{"timeUnixNano":"{begin}500000","name":"note"}}]}}"#,
            begin + 30
        )
    };
    let of = |spans: &[String]| {
        format!(
            r#"{{"resourceSpans":[{{"resource":{{"attributes":[{{"key":"service.name","value":{{"stringValue":"shop"}}}}]}},"scopeSpans":[{{"spans":[{}]}}]}}]}}"#,
            spans.join(",")
        )
    };
    let both = of(&[span("a1", "f1", 1000), span("b2", "f2", 1010)]);
    let lone = analysis(&[("lone.json", both.as_bytes())]);
    let spans = lone.spans(&|| true).unwrap();
    let side = if spans.waterfall.rows[0].spans.actual.is_some() { Side::Actual } else { Side::Expected };
    let depths: Vec<u32> = spans.waterfall.rows.iter().map(|row| row.depth).collect();
    assert_eq!(depths, [0, 0]);
    for row in [0, 1] {
        let span = spans.waterfall.rows[row as usize].spans[side].unwrap();
        assert_eq!((spans.service(side, span), spans.label(side, span)), ("shop", "pay"));
        assert!(spans.waterfall.marks(side, row).iter().any(|mark| mark == SpanMark::Orphan));
        assert_eq!(milliseconds(&spans, side, row), (i64::from(row) * 10, 30));
    }
    // Of spans that name no parent nothing is missing.
    let roots = of(&[span("a1", "", 1000), span("b2", "", 1010)]);
    let spans = analysis(&[("lone.json", roots.as_bytes())]).spans(&|| true).unwrap();
    assert!(
        spans.waterfall.rows.len() == 2
            && (0..2).all(|row| !spans.waterfall.marks(side, row).iter().any(|mark| mark == SpanMark::Orphan))
    );
}

#[test]
fn without_times_the_order_is_the_axis_and_a_lone_recording_has_one_side() {
    let line = |span: &str, parent: &str, kind: &str| {
        format!(r#"{{"span_id":"{span}","parent_span_id":"{parent}","service":"{span}","type":"{kind}"}}"#)
    };
    let lines =
        [line("a", "", "begin"), line("b", "a", "begin"), line("b", "a", "end"), line("a", "", "end")].join("\n");
    let spans = analysis(&[("lone.jsonl", lines.as_bytes())]).spans(&|| true).unwrap();
    assert!(!spans.timed && !spans.paired);
    let side = if spans.waterfall.rows[0].spans.actual.is_some() { Side::Actual } else { Side::Expected };
    let bar = spans.waterfall.bar(side, 1).unwrap();
    assert_eq!((bar.offset, bar.duration, spans.waterfall.rows.len()), (STEP, STEP, 2));
}

#[test]
fn what_names_no_spans_has_none_and_who_no_longer_waits_gets_none() {
    for name in ["task-order-race", "uart-lost-bit", "misordered-recovery"] {
        assert!(fixture(name).spans(&|| true).is_none(), "{name}");
    }
    assert!(fixture("retry-storm").spans(&|| false).is_none());
}

#[test]
fn of_a_long_recording_the_spans_around_the_first_difference_are_told() {
    let of = |actual: bool| {
        let mut text = String::new();
        for i in 0..40_000 {
            for (span, parent) in [("a", ""), ("b", "a")] {
                let status = if actual && i == 30_000 && span == "b" { "error" } else { "ok" };
                let parent = if parent.is_empty() { String::new() } else { format!("{parent}{i}") };
                writeln!(text, r#"{{"ts_ms":{i},"span_id":"{span}{i}","parent_span_id":"{parent}","service":"{span}","type":"work","status":"{status}"}}"#).unwrap();
            }
        }
        text
    };
    let (expected, actual) = (of(false), of(true));
    let files = [("expected.jsonl", expected.as_bytes()), ("actual.jsonl", actual.as_bytes())];
    let spans = analysis(&files).spans(&|| true).unwrap();
    let read = spans.cut.actual.clone().unwrap();
    assert!(read.contains(&60_001) && read.len() == 50_000, "{read:?}");
    assert_eq!(spans.row_of(Side::Actual, read.start - 1), None);
    let row = spans.row_of(Side::Actual, 60_001).unwrap();
    assert!(spans.waterfall.span(Side::Actual, row).unwrap().failed);
    assert_eq!(spans.waterfall.causes.first(), Some(&row));
}
