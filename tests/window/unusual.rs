//! Spans that are unusual: each has its mark where it stands, in words too.

use std::path::Path;

use dettrace::trace::SpanMark;
use egui::Key;

use super::{SIZE, Window, names, open_at, press};

/// A span of a request: its id, its parent, what it does, from when to when in milliseconds, whether it failed.
type Told = (&'static str, &'static str, &'static str, u64, u64, bool);

/// A request of one service as it should be.
const USUAL: &[Told] =
    &[("a", "", "GET /buy", 0, 90, false), ("b", "a", "pay", 10, 40, false), ("c", "a", "send", 50, 60, false)];
/// The same with an id that stands twice, a parent that is missing, a second root, and a clock that is off.
const UNUSUAL: &[Told] = &[
    ("a", "", "GET /buy", 10, 90, true),
    ("b", "a", "pay", 20, 40, true),
    ("b", "a", "pay again", 42, 48, true),
    ("c", "gone", "send", 50, 60, false),
    ("d", "", "cron", 70, 80, false),
    ("e", "a", "early", 5, 15, false),
];

/// Requests as OTLP, one after the other in time.
fn written(spans: &[Told], requests: u64, file: &Path) {
    let mut all = Vec::new();
    for request in 1..=requests {
        for &(id, parent, name, begin, end, failed) in spans {
            let ns = |at: u64| request * 1_000_000_000 + at * 1_000_000;
            let status = if failed { r#","status":{"code":2}"# } else { "" };
            all.push(format!(
                r#"{{"traceId":"{request:032x}","spanId":"{id}","parentSpanId":"{parent}","name":"{name}","kind":2,"startTimeUnixNano":"{}","endTimeUnixNano":"{}"{status}}}"#,
                ns(begin),
                ns(end)
            ));
        }
    }
    let service = r#"{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]}"#;
    let text =
        format!(r#"{{"resourceSpans":[{{"resource":{service},"scopeSpans":[{{"spans":[{}]}}]}}]}}"#, all.join(","));
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
}

fn opened<'a>(folder: &Path, requests: u64) -> Window<'a> {
    let sides = [("healthy", USUAL), ("failing", UNUSUAL)].map(|(side, spans)| {
        written(spans, requests, &folder.join(side).join("traces.json"));
        folder.join(side)
    });
    open_at(SIZE, &sides)
}

/// The one name that tells of this operation has these words, and no other mark's.
fn has(all: &[String], operation: &str, wanted: &[SpanMark]) {
    let found: Vec<&String> = all.iter().filter(|name| name.contains(operation)).collect();
    assert_eq!(found.len(), 1, "{operation}: {all:#?}");
    for mark in SpanMark::ALL {
        assert_eq!(found[0].contains(mark.words()), wanted.contains(&mark), "{mark:?} in {}", found[0]);
    }
}

/// Whoever goes through so many rows finds each mark in the inspector.
fn the_inspector_says_each(window: &mut Window<'_>, rows: usize) {
    press(window, Key::Home);
    let mut seen = names(window, "Span mark");
    for _ in 0..rows {
        press(window, Key::J);
        seen.extend(names(window, "Span mark"));
    }
    for mark in SpanMark::ALL {
        assert!(seen.iter().any(|name| name.contains(mark.words())), "{mark:?}: {seen:?}");
    }
}

#[test]
fn events_of_a_request_and_the_inspector_say_what_is_unusual() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path(), 1);
    press(&mut window, Key::Num2);
    press(&mut window, Key::E);
    let rows = names(&window, "row ");
    has(&rows, "pay again", &[SpanMark::Duplicate]);
    has(&rows, "cron", &[SpanMark::Root]);
    has(&rows, "early", &[SpanMark::Early]);
    has(&rows, "send", &[SpanMark::Orphan]);
    has(&rows, "GET /buy", &[SpanMark::Root, SpanMark::Partial]);
    the_inspector_says_each(&mut window, rows.len());
}

#[test]
fn spans_of_the_waterfall_and_their_inspector_say_what_is_unusual() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path(), 24);
    press(&mut window, Key::N);
    let mut rows = names(&window, "span ");
    rows.retain(|name| name.contains(", depth "));
    has(&rows, "pay again", &[SpanMark::Duplicate]);
    has(&rows, "cron", &[SpanMark::Root]);
    has(&rows, "early", &[SpanMark::Early]);
    has(&rows, "GET /buy", &[SpanMark::Root, SpanMark::Partial]);
    assert!(rows.iter().any(|row| row.contains("send") && row.contains(SpanMark::Orphan.words())), "{rows:#?}");
    the_inspector_says_each(&mut window, rows.len());
}
