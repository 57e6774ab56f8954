//! One request as events: every span, what happened within it, and every line of its logs becomes a line of JSON, in the order of
//! their starts. What reads any other recording reads these.

use std::ops::ControlFlow;

use serde_json::{Map, Value};

use super::document::{Attribute, Attributes, Document, Link, OfResource, RawLog, RawSpan, Resource, SpanEvent};
use super::joined::join;
use super::otlp::{INSTANCE, TelemetryReader, UNKNOWN};
use super::telemetry::documents;
use super::templates::statement;
use crate::trace::{Calls, Marks, SpanKind, SpanMarks, Warnings, Window};

/// One request as lines of JSON.
#[derive(Debug)]
pub struct Told {
    /// The lines.
    pub lines: Vec<u8>,
    /// What is unusual about its spans.
    pub marks: Marks,
    /// The same for each line, by its place from 0, where there is anything.
    pub each: Vec<(u32, SpanMarks)>,
    /// How long it took, in nanoseconds.
    pub took: i64,
}

/// Puts the files of one side together, while they are of one request.
#[derive(Debug, Default)]
pub struct Request {
    reader: TelemetryReader,
    window: Window,
    /// The events with their starts, in the order of the files.
    events: Vec<(i64, Map<String, Value>)>,
    /// Which events are spans, and which log lines: those of the window, in its order.
    spans: Vec<usize>,
    lines: Vec<usize>,
    /// The request's id, once one was seen.
    trace: Option<String>,
    many: bool,
}

impl Request {
    /// The field that says what happened.
    pub const KIND: &'static str = "name";
    /// The field with what a span worked or waited itself, in nanoseconds: that is compared, not what it waited for others.
    pub const OWN: &'static str = "own_duration_ns";

    /// Adds a file, and says what is wrong with it. Of several requests it stops at the second.
    pub fn read(&mut self, file: &str, bytes: &[u8]) -> Warnings {
        documents(file, bytes, &mut |document| {
            self.take(&document);
            if self.many { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    }

    /// True when what was read holds events, and none of another request.
    pub const fn is_one(&self) -> bool {
        !self.many && !self.events.is_empty()
    }

    /// True when what was read is of more than one request.
    pub const fn is_many(&self) -> bool {
        self.many
    }

    /// The request as lines.
    pub fn finish(mut self) -> Told {
        join(&mut self.window);
        let calls = Calls::new(&self.window);
        for ((span, at), of) in (0..).zip(&self.spans).zip(&self.window.spans) {
            if of.end != 0 {
                put(&mut self.events[*at].1, Self::OWN, calls.own_time(span));
            }
        }
        for (&at, line) in self.lines.iter().zip(&self.window.logs) {
            let event = &mut self.events[at].1;
            if line.span != 0 && !event.contains_key("span_id") {
                event.insert("span_id".to_owned(), Value::from(self.reader.words.get(line.span)));
            }
        }
        let mut marks = vec![SpanMarks::default(); self.events.len()];
        for (&at, of) in self.spans.iter().zip(SpanMarks::of(&self.window.spans)) {
            marks[at] = of;
        }
        let mut events: Vec<_> = self.events.into_iter().zip(marks).collect();
        events.sort_by_key(|((begin, _), _)| *begin);
        let (mut bytes, mut each) = (Vec::new(), Vec::new());
        for (line, ((_, event), marks)) in (0..).zip(events) {
            bytes.extend_from_slice(Value::Object(event).to_string().as_bytes());
            bytes.push(b'\n');
            if !marks.is_empty() {
                each.push((line, marks));
            }
        }
        let took = self.window.time().map_or(0, |(begin, end)| end.saturating_sub(begin));
        Told { lines: bytes, marks: Marks::of(&self.window), each, took }
    }

    fn take(&mut self, document: &Document<'_>) {
        for of in &document.spans {
            for scope in &of.scopes {
                for span in &scope.spans {
                    if self.is_another(&span.trace_id) {
                        return;
                    }
                    self.span(of, &scope.scope.name, span);
                }
            }
        }
        for of in &document.logs {
            for scope in &of.scopes {
                for line in &scope.log_records {
                    if self.is_another(&line.trace_id) {
                        return;
                    }
                    self.lines.push(self.events.len());
                    self.events.push((line.time(), line_event(of, &scope.scope.name, line)));
                }
            }
        }
        self.reader.take(document, &mut self.window);
    }

    /// True, and kept in mind, when this is the id of a second request.
    fn is_another(&mut self, trace: &str) -> bool {
        if trace.is_empty() {
            return false;
        }
        self.many |= self.trace.get_or_insert_with(|| trace.to_owned()) != trace;
        self.many
    }

    fn span<T>(&mut self, of: &OfResource<'_, T>, scope: &str, span: &RawSpan<'_>) {
        let begin = span.start_time_unix_nano.0;
        let mut event = start(begin, &span.name, &of.resource);
        let kind = match span.kind() {
            SpanKind::Internal => "internal",
            SpanKind::Server => "server",
            SpanKind::Client => "client",
            SpanKind::Producer => "producer",
            SpanKind::Consumer => "consumer",
        };
        put(&mut event, "span_kind", kind);
        let status = if span.failed() { "error" } else { "ok" };
        put(&mut event, "status", status);
        put_text(&mut event, "status_message", &span.status.message);
        let end = span.end_time_unix_nano.0;
        if end != 0 {
            put(&mut event, "duration_ns", end.saturating_sub(begin).max(0));
        }
        put_text(&mut event, "trace_id", &span.trace_id);
        put_text(&mut event, "span_id", &span.span_id);
        put_text(&mut event, "parent_span_id", &span.parent_span_id);
        for (number, link) in (1..).zip(&span.links) {
            put_link(&mut event, number, link);
        }
        put_text(&mut event, "scope", scope);
        put_attributes(&mut event, &span.attributes);
        put_resource(&mut event, &of.resource);
        self.spans.push(self.events.len());
        self.events.push((begin, event));
        for happened in &span.events {
            self.events.push((happened.time_unix_nano.0, span_event(of, span, happened)));
        }
    }
}

fn put(event: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    event.insert(name.to_owned(), value.into());
}

fn put_text(event: &mut Map<String, Value>, name: &str, text: &str) {
    if !text.is_empty() {
        put(event, name, text);
    }
}

/// What all events have: when, what, whose.
fn start(time: i64, name: &str, resource: &Resource<'_>) -> Map<String, Value> {
    let mut event = Map::new();
    if time != 0 {
        let nanos = jiff::Timestamp::from_nanosecond(time.into());
        put(
            &mut event,
            "start_time",
            nanos.map_or_else(|_| Value::from(time), |time| Value::from(format!("{time:.9}"))),
        );
    }
    put(&mut event, Request::KIND, name);
    put(&mut event, "service", resource.named("service.name").unwrap_or(UNKNOWN));
    if let Some(host) = INSTANCE.into_iter().find_map(|name| resource.named(name)) {
        put(&mut event, "host", host);
    }
    event
}

fn line_event<T>(of: &OfResource<'_, T>, scope: &str, line: &RawLog<'_>) -> Map<String, Value> {
    let mut name = line.event_name.to_string();
    if name.is_empty() {
        name = line.body.0.as_str().map(statement).unwrap_or_default();
    }
    let mut event = start(line.time(), if name.is_empty() { "log" } else { &name }, &of.resource);
    put_text(&mut event, "severity", &line.severity_text);
    if !line.body.0.is_null() {
        put(&mut event, "message", line.body.0.clone());
    }
    put_text(&mut event, "trace_id", &line.trace_id);
    put_text(&mut event, "span_id", &line.span_id);
    put_text(&mut event, "scope", scope);
    put_attributes(&mut event, &line.attributes);
    put_resource(&mut event, &of.resource);
    event
}

fn span_event<T>(of: &OfResource<'_, T>, span: &RawSpan<'_>, happened: &SpanEvent<'_>) -> Map<String, Value> {
    let mut event = start(happened.time_unix_nano.0, &happened.name, &of.resource);
    put_text(&mut event, "trace_id", &span.trace_id);
    put_text(&mut event, "span_id", &span.span_id);
    put_attributes(&mut event, &happened.attributes);
    event
}

/// A link under a name of its own, so that its ids are known as such.
fn put_link(event: &mut Map<String, Value>, number: usize, link: &Link<'_>) {
    let mut of = Map::new();
    put_text(&mut of, "trace", &link.trace_id);
    put_text(&mut of, "span", &link.span_id);
    put_attributes(&mut of, &link.attributes);
    let name = if number == 1 { "link".to_owned() } else { format!("link{number}") };
    event.insert(name, Value::Object(of));
}

fn put_attributes(event: &mut Map<String, Value>, attributes: &Attributes<'_>) {
    put_all(event, "attributes", attributes.list().iter().map(|it| (it.key.to_string(), it)));
}

/// What is known of the process. Its names are written in one word each, so that machines are known by them as elsewhere.
fn put_resource(event: &mut Map<String, Value>, resource: &Resource<'_>) {
    let others = resource.attributes.iter().filter(|it| it.key != "service.name");
    let host = INSTANCE.into_iter().find(|name| resource.named(name).is_some());
    let others = others.filter(|it| Some(&*it.key) != host);
    put_all(event, "resource", others.map(|it| (it.key.replace('.', "_"), it)));
}

fn put_all<'a>(event: &mut Map<String, Value>, name: &str, all: impl Iterator<Item = (String, &'a Attribute<'a>)>) {
    let all: Map<String, Value> = all.map(|(key, it)| (key, it.value.0.clone())).collect();
    if !all.is_empty() {
        event.insert(name.to_owned(), Value::Object(all));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> (Vec<Value>, Marks) {
        let mut request = Request::default();
        for text in texts {
            assert!(request.read("a.json", text.as_bytes()).as_slice().is_empty(), "{text}");
        }
        assert!(request.is_one());
        let Told { lines, marks, each, .. } = request.finish();
        assert_eq!(each.is_empty(), marks == Marks::default());
        (String::from_utf8(lines).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect(), marks)
    }

    const SPANS: &str = r#"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},
        {"key":"k8s.pod.name","value":{"stringValue":"shop-1"}},{"key":"service.version","value":{"stringValue":"1.2"}}]},"scopeSpans":[{"scope":{"name":"lib"},"spans":[
        {"traceId":"t1","spanId":"b","parentSpanId":"a","name":"pay","startTimeUnixNano":"2000","endTimeUnixNano":"3000","status":{"code":2,"message":"no"},
         "attributes":[{"key":"tries","value":{"intValue":"3"}},{"key":"tags","value":{"arrayValue":{"values":[{"stringValue":"x"},{"boolValue":true}]}}}],
         "events":[{"timeUnixNano":"2500","name":"exception","attributes":[{"key":"exception.type","value":{"stringValue":"Broke"}}]}],
         "links":[{"traceId":"t0","spanId":"z","attributes":[{"key":"why","value":{"stringValue":"batch"}}]},{"traceId":"t0","spanId":"y"}]},
        {"traceId":"t1","spanId":"a","name":"buy","startTimeUnixNano":"1000","endTimeUnixNano":"9000"}]}]}]}"#;
    const LOGS: &str = r#"{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"k8s.pod.name","value":{"stringValue":"shop-1"}}]},
        "scopeLogs":[{"logRecords":[{"timeUnixNano":"2600","severityText":"WARN","body":{"stringValue":"payment 17 refused"}},
        {"timeUnixNano":"8000","body":{"kvlistValue":{"values":[{"key":"n","value":{"intValue":"4"}}]}},"traceId":"t1","spanId":"a"}]}]}]}"#;

    #[test]
    fn spans_their_events_and_logs_are_in_the_order_of_time_with_all_that_they_say() {
        let (lines, marks) = lines(&[SPANS, LOGS]);
        let names: Vec<&str> = lines.iter().map(|line| line["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["buy", "pay", "exception", "payment <*> refused", "log"]);
        assert_eq!(marks, Marks::default());
        let pay = &lines[1];
        assert_eq!(
            (&pay["host"], &pay["status"], &pay["status_message"]),
            (&"shop-1".into(), &"error".into(), &"no".into())
        );
        assert_eq!(pay["duration_ns"], 1000);
        assert_eq!((&lines[0][Request::OWN], &pay[Request::OWN]), (&7000.into(), &1000.into()));
        assert_eq!(pay["attributes"], serde_json::json!({"tries": 3, "tags": ["x", true]}));
        assert_eq!(pay["resource"], serde_json::json!({"service_version": "1.2"}));
        assert_eq!(pay["link"], serde_json::json!({"trace": "t0", "span": "z", "attributes": {"why": "batch"}}));
        assert_eq!((&pay["link2"]["span"], &pay["scope"]), (&"y".into(), &"lib".into()));
        assert_eq!((&lines[2]["attributes"]["exception.type"], &lines[2]["span_id"]), (&"Broke".into(), &"b".into()));
        assert_eq!(
            (&lines[3]["span_id"], &lines[3]["severity"]),
            (&"b".into(), &"WARN".into()),
            "joined by time and process"
        );
        assert_eq!((&lines[4]["message"]["n"], &lines[4]["span_id"]), (&4.into(), &"a".into()));
    }

    #[test]
    fn a_second_request_makes_them_many() {
        let mut request = Request::default();
        request.read("a.json", SPANS.as_bytes());
        assert!(request.is_one());
        request.read("b.json", SPANS.replace("\"t1\"", "\"t2\"").as_bytes());
        assert!(request.is_many() && !request.is_one());
        assert!(!Request::default().is_one(), "nothing is no request");
    }
}
