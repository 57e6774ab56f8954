//! Traces as Jaeger exports them (`{"data":[{"traceID","spans","processes"}]}`, one trace, or a list of them), as documents of
//! OpenTelemetry. Source of the shape: jaegertracing/jaeger-ui, `types/trace`, and its OTLP translation, times in microseconds.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Error, Value};

use super::document::{
    AnyValue, Attribute, Attributes, Code, Document, ERROR, EXCEPTION, Link, Number, OK, OfResource, RawSpan, Resource,
    Scope, ScopeSpans, SpanEvent, Status,
};
use super::failure::is_error;
use super::outline::Outline;
use super::telemetry::{Each, Stopped};
use super::torn::mended;

#[derive(Deserialize)]
struct Trace {
    #[serde(default)]
    spans: Vec<Span>,
    #[serde(default)]
    processes: BTreeMap<String, Process>,
}

#[derive(Deserialize, Clone, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Process {
    #[serde(default)]
    service_name: String,
    #[serde(default)]
    tags: Option<Vec<Tag>>,
}

#[derive(Deserialize, Clone, PartialEq)]
struct Tag {
    key: String,
    #[serde(default)]
    value: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Span {
    #[serde(rename = "traceID")]
    trace: String,
    #[serde(rename = "spanID")]
    id: String,
    #[serde(default)]
    operation_name: String,
    #[serde(default)]
    references: Option<Vec<Reference>>,
    #[serde(default)]
    start_time: i64,
    #[serde(default)]
    duration: i64,
    #[serde(default)]
    tags: Option<Vec<Tag>>,
    #[serde(default)]
    logs: Option<Vec<Log>>,
    #[serde(default, rename = "processID")]
    process_id: String,
    /// In place of an id, where each span is stored by itself.
    #[serde(default)]
    process: Option<Process>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    #[serde(default)]
    ref_type: String,
    #[serde(default, rename = "traceID")]
    trace: String,
    #[serde(default, rename = "spanID")]
    span: String,
}

#[derive(Deserialize)]
struct Log {
    #[serde(default)]
    timestamp: i64,
    #[serde(default)]
    fields: Vec<Tag>,
}

/// True for the outline of what Jaeger exports.
pub fn recognises(outline: &Outline) -> bool {
    let trace = ["traceID", "spans"];
    outline.lists("data", &trace) || outline.lists("", &trace) || outline.lists("spans", &["traceID", "spanID"])
}

/// Hands on every trace, up to an error; of one that is cut off the whole spans.
pub fn documents(bytes: &[u8], each: &mut Each<'_>) -> Option<Stopped> {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>();
    loop {
        let from = values.byte_offset();
        let error = match values.next()?.and_then(traces) {
            Ok(traces) => {
                if traces.into_iter().map(document).any(|document| each(document).is_break()) {
                    return None;
                }
                continue;
            }
            Err(error) => error,
        };
        let mut stopped = Stopped::from(error);
        let text = if stopped.is_torn() { mended(&bytes[from..]) } else { None };
        let kept = text.and_then(|text| traces(serde_json::from_slice(&text).ok()?).ok()).unwrap_or_default();
        stopped.kept = kept.iter().map(|trace| trace.spans.len()).sum();
        // The processes stand behind the spans.
        stopped.nameless = kept.last().is_some_and(|trace| trace.processes.is_empty());
        let _stop = kept.into_iter().map(document).any(|document| each(document).is_break());
        return Some(stopped);
    }
}

/// The traces of an answer, of a list, or the one.
fn traces(mut value: Value) -> Result<Vec<Trace>, Error> {
    match value.get_mut("data").map(Value::take) {
        Some(data) => serde_json::from_value(data),
        None if value.is_array() => serde_json::from_value(value),
        None => serde_json::from_value(value).map(|trace| vec![trace]),
    }
}

/// A trace as one document, with the spans of each process together.
fn document(trace: Trace) -> Document<'static> {
    let Trace { spans, processes } = trace;
    let mut of: Vec<(Process, Vec<RawSpan<'static>>)> = Vec::new();
    for mut span in spans {
        let known = processes.get(&span.process_id).cloned();
        let process = span.process.take().or(known).unwrap_or_default();
        let span = span.told();
        match of.iter_mut().find(|(other, _)| *other == process) {
            Some((_, spans)) => spans.push(span),
            None => of.push((process, vec![span])),
        }
    }
    let spans = of.into_iter().map(|(process, spans)| OfResource {
        resource: process.told(),
        scopes: vec![ScopeSpans { scope: Scope::default(), spans }],
    });
    Document { spans: spans.collect(), ..Document::default() }
}

fn nanos(micros: i64) -> Number {
    Number(micros.saturating_mul(1000))
}

fn attributes(tags: Vec<Tag>) -> Vec<Attribute<'static>> {
    tags.into_iter().map(|tag| Attribute { key: Cow::Owned(tag.key), value: AnyValue(tag.value) }).collect()
}

impl Process {
    fn told(self) -> Resource<'static> {
        let mut all = attributes(self.tags.unwrap_or_default());
        // What Jaeger's own clients call their host.
        for attribute in &mut all {
            if attribute.key == "hostname" {
                attribute.key = Cow::Borrowed("host.name");
            }
        }
        if !self.service_name.is_empty() {
            all.push(Attribute {
                key: Cow::Borrowed("service.name"),
                value: AnyValue(Value::String(self.service_name)),
            });
        }
        Resource { attributes: all }
    }
}

impl Span {
    fn told(self) -> RawSpan<'static> {
        let mut tags = self.tags.unwrap_or_default();
        let mut value = |name: &str| {
            let at = tags.iter().position(|tag| tag.key == name)?;
            Some(tags.remove(at).value)
        };
        let error = value("error").filter(is_error);
        let mut taken = |name: &str| {
            Some(match value(name)? {
                Value::String(text) => text,
                other => other.to_string(),
            })
        };
        let kind = taken("span.kind");
        let code = match taken("otel.status_code").as_deref() {
            Some("ERROR") => ERROR,
            _ if error.is_some() => ERROR,
            Some("OK") => OK,
            _ => 0,
        };
        let said = error.as_ref().and_then(Value::as_str).filter(|text| *text != "true").map(str::to_owned);
        let message = taken("otel.status_description").or(said).unwrap_or_default();
        let mut references = self.references.unwrap_or_default();
        // The parent is what it is a child of; where it is none's, what it follows from.
        let own = |reference: &Reference| reference.trace == self.trace;
        let parent = (references.iter().position(|it| own(it) && it.ref_type == "CHILD_OF"))
            .or_else(|| references.iter().position(own))
            .map(|at| references.remove(at).span);
        let link = |reference: Reference| Link {
            trace_id: Cow::Owned(reference.trace),
            span_id: Cow::Owned(reference.span),
            attributes: Attributes::default(),
        };
        RawSpan {
            trace_id: Cow::Owned(self.trace),
            span_id: Cow::Owned(self.id),
            parent_span_id: Cow::Owned(parent.unwrap_or_default()),
            name: Cow::Owned(self.operation_name),
            kind: kind.map_or_else(Code::default, |kind| Code::Name(format!("SPAN_KIND_{}", kind.to_uppercase()))),
            start_time_unix_nano: nanos(self.start_time),
            end_time_unix_nano: nanos(self.start_time.saturating_add(self.duration.max(0))),
            status: Status { code: Code::Number(code), message: Cow::Owned(message) },
            attributes: Attributes::Read(attributes(tags)),
            events: self.logs.unwrap_or_default().into_iter().map(Log::told).collect(),
            links: references.into_iter().map(link).collect(),
        }
    }
}

impl Log {
    fn told(mut self) -> SpanEvent<'static> {
        let text = |tag: &Tag| tag.value.as_str().map(str::to_owned);
        let at = self.fields.iter().position(|tag| tag.key == "event");
        let name = at.map_or_else(|| "log".to_owned(), |at| text(&self.fields.remove(at)).unwrap_or_default());
        // An error with its object or stack is what OpenTelemetry calls an exception.
        let name = if name == "error" { EXCEPTION.to_owned() } else { name };
        SpanEvent {
            time_unix_nano: nanos(self.timestamp),
            name: Cow::Owned(name),
            attributes: Attributes::Read(attributes(self.fields)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::{TelemetryReader, is_telemetry};
    use crate::trace::{SpanKind, WarningKind, Warnings, Window};

    const TRACE: &str = r#"{"traceID":"t1","spans":[
        {"traceID":"t1","spanID":"a","operationName":"buy","startTime":100,"duration":50,"processID":"p1","references":[],"tags":[{"key":"span.kind","value":"server"}],"logs":null},
        {"traceID":"t1","spanID":"b","operationName":"pay","startTime":110,"duration":20,"processID":"p2","tags":[{"key":"error","value":true}],
         "references":[{"refType":"FOLLOWS_FROM","traceID":"t0","spanID":"z"},{"refType":"CHILD_OF","traceID":"t1","spanID":"a"}]},
        {"traceID":"t1","spanID":"c","operationName":"note","startTime":140,"duration":1,"processID":"p9","references":[{"refType":"FOLLOWS_FROM","traceID":"t1","spanID":"b"}],
         "logs":[{"timestamp":141,"fields":[{"key":"event","value":"error"},{"key":"message","value":"lost"}]}]}],
        "processes":{"p1":{"serviceName":"shop","tags":[{"key":"hostname","value":"h1"}]},"p2":{"serviceName":"bank"}}}"#;

    fn read(text: &str) -> (TelemetryReader, Window, Warnings) {
        let (mut reader, mut window) = (TelemetryReader::default(), Window::default());
        let warnings = reader.read("trace.json", text.as_bytes(), &mut window);
        (reader, window, warnings)
    }

    #[test]
    fn a_trace_is_read_alone_in_a_list_and_in_an_answer() {
        for text in [TRACE.to_owned(), format!("[{TRACE}]"), format!("{{\"data\":[{TRACE}],\"errors\":null}}")] {
            assert!(is_telemetry(text.as_bytes()), "{text}");
            let (reader, window, warnings) = read(&text);
            assert!(warnings.as_slice().is_empty(), "{warnings:?}");
            let [buy, pay, note] = window.spans[..] else { panic!("{window:?}") };
            assert_eq!((reader.words.get(buy.service), reader.words.get(buy.instance)), ("shop", "h1"));
            assert_eq!((buy.kind, buy.begin, buy.duration(), buy.failed), (SpanKind::Server, 100_000, 50_000, false));
            assert!(pay.failed && pay.parent == buy.id, "what it is a child of is its parent, not what it follows");
            assert!(note.failed && note.parent == pay.id, "with nothing else, what it follows");
            assert_eq!(reader.words.get(note.service), "unknown service");
        }
    }

    #[test]
    fn what_failed_is_told_by_status_error_or_code() {
        let failed = |tags: &str| {
            let tagged = TRACE.replace(r#"{"key":"error","value":true}"#, tags);
            let (reader, window, _) = read(&tagged);
            let pay = window.spans[1];
            (pay.failed, reader.words.get(pay.said).to_owned())
        };
        for (tags, known) in [
            (r#"{"key":"error","value":"no money"}"#, (true, "no money")),
            (r#"{"key":"error","value":"false"}"#, (false, "")),
            (r#"{"key":"otel.status_code","value":"ERROR"}"#, (true, "")),
            (r#"{"key":"http.status_code","value":503}"#, (true, "HTTP 503")),
            (r#"{"key":"otel.status_code","value":"OK"},{"key":"http.status_code","value":503}"#, (false, "")),
            (r#"{"key":"grpc.status_code","value":"14"}"#, (true, "gRPC 14")),
        ] {
            assert_eq!(failed(tags), (known.0, known.1.to_owned()), "{tags}");
        }
    }

    #[test]
    fn what_is_damaged_says_so() {
        let (reader, window, torn) =
            read(&TRACE[..TRACE.find("\"references\":[{\"refType\":\"FOLLOWS_FROM\",\"traceID\":\"t1\"").unwrap()]);
        assert_eq!((window.spans.len(), torn.as_slice()[0].kind), (2, WarningKind::TornEnd));
        assert!(window.spans.iter().all(|span| reader.words.get(span.service) == "unknown service"));
        assert_eq!(
            torn.as_slice()[0].to_string(),
            "trace.json:5: This Jaeger trace is cut off here: 2 whole records of it before that are kept, everything behind is lost, \
             and with it whose they are. What stands before was read; export the rest again."
        );
        // Of several traces the whole ones lose nothing.
        let (reader, window, _) = read(&format!("{{\"data\":[{TRACE},{}", &TRACE[..300]));
        assert_eq!((window.spans.len(), reader.words.get(window.spans[0].service)), (4, "shop"));
        let none = read(&TRACE[..100]).2;
        assert!(none.as_slice()[0].to_string().contains("It is no Jaeger trace from here on (EOF"), "{none:?}");
        let wrong = read(r#"{"traceID":"t","spans":[{"traceID":"t","spanID":7}]}"#).2;
        let told = wrong.as_slice()[0].to_string();
        assert!(told.starts_with("trace.json: It is no Jaeger trace from here on (invalid type"), "{told}");
    }
}
