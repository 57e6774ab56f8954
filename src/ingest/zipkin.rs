//! Spans in Zipkin's JSON, version 2 (a list of spans, or of lists of them), as a document of OpenTelemetry. Source of the shape:
//! openzipkin/zipkin-api, `zipkin2-api.yaml`, times in microseconds.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt::Formatter;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::document::{
    AnyValue, Attribute, Attributes, Code, Document, ERROR, Number, OfResource, RawSpan, Resource, Scope, ScopeSpans,
    SpanEvent, Status,
};
use super::failure::is_error;
use super::outline::Outline;
use super::telemetry::{Each, Stopped};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Span {
    trace_id: String,
    id: String,
    #[serde(default)]
    parent_id: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    timestamp: Option<i64>,
    #[serde(default)]
    duration: Option<i64>,
    #[serde(default)]
    local_endpoint: Option<Endpoint>,
    #[serde(default)]
    remote_endpoint: Option<Endpoint>,
    #[serde(default)]
    annotations: Option<Vec<Annotation>>,
    #[serde(default)]
    tags: Option<serde_json::Map<String, Value>>,
    #[serde(default)]
    shared: Option<bool>,
}

#[derive(Deserialize, Default, Clone, PartialEq, Eq, Hash)]
#[serde(rename_all = "camelCase")]
struct Endpoint {
    #[serde(default)]
    service_name: Option<String>,
    #[serde(default)]
    ipv4: Option<String>,
    #[serde(default)]
    ipv6: Option<String>,
    #[serde(default)]
    port: Option<u16>,
}

#[derive(Deserialize)]
struct Annotation {
    #[serde(default)]
    timestamp: i64,
    #[serde(default)]
    value: String,
}

/// True for the beginning of a list of Zipkin's spans, or of lists of them.
pub fn recognises(text: &[u8], outline: &Outline) -> bool {
    let spans = |outline: &Outline| {
        outline.list("").is_some_and(|list| {
            let any = ["name", "localEndpoint", "timestamp"].into_iter().any(|name| list.has(&[name]));
            list.has(&["traceId", "id"]) && any && !list.has(&["binaryAnnotations"])
        })
    };
    let inner = text.strip_prefix(b"[").map(<[u8]>::trim_ascii_start).filter(|inner| inner.starts_with(b"["));
    spans(outline) || inner.is_some_and(|inner| spans(&Outline::of(inner)))
}

/// Hands the spans on, up to an error, as one document.
pub fn documents(bytes: &[u8], each: &mut Each<'_>) -> Option<Stopped> {
    let mut spans = Vec::new();
    let mut input = serde_json::Deserializer::from_slice(bytes);
    // Lists may stand one after the other, as when several answers were written into one file.
    let error = loop {
        if input.end().is_ok() {
            break None;
        }
        if let Err(error) = Spans(&mut spans).deserialize(&mut input) {
            break Some(error);
        }
    };
    let kept = spans.len();
    if each(document(spans)).is_break() {
        return None;
    }
    error.map(|error| {
        let stopped = Stopped::from(error);
        Stopped { kept: if stopped.is_torn() { kept } else { 0 }, ..stopped }
    })
}

/// Takes spans out of lists, and keeps those that stand before an error.
struct Spans<'v>(&'v mut Vec<Span>);

impl<'de> DeserializeSeed<'de> for Spans<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Spans<'_> {
    type Value = ();

    fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("a span or a list of spans")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.0.push(Span::deserialize(MapAccessDeserializer::new(map))?);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Spans(self.0))?.is_some() {}
        Ok(())
    }
}

/// What the server's half of a span that both ends report under one id has behind it: an id of its own, longer than any.
const SERVER: &str = "5e";

fn document(mut spans: Vec<Span>) -> Document<'static> {
    part_shared(&mut spans);
    let mut of: Vec<(Endpoint, Vec<RawSpan<'static>>)> = Vec::new();
    let mut places: HashMap<Endpoint, usize, foldhash::fast::FixedState> = HashMap::default();
    for mut span in spans {
        let endpoint = span.local_endpoint.take().unwrap_or_default();
        let place = *places.entry(endpoint).or_insert_with_key(|endpoint| {
            of.push((endpoint.clone(), Vec::new()));
            of.len() - 1
        });
        of[place].1.push(span.told());
    }
    let spans = of.into_iter().map(|(endpoint, spans)| OfResource {
        resource: endpoint.resource(),
        scopes: vec![ScopeSpans { scope: Scope::default(), spans }],
    });
    Document { spans: spans.collect(), ..Document::default() }
}

/// Both ends of a call may report one span: the server's half becomes a span of its own, below the client's, and takes what
/// the server caused along. Where the client's is missing, it stays what it is.
fn part_shared(spans: &mut [Span]) {
    type Ids = (String, String);
    let key = |span: &Span| (span.trace_id.clone(), span.id.clone());
    let is_shared = |span: &Span| span.shared == Some(true);
    let clients: HashSet<Ids> = spans.iter().filter(|span| !is_shared(span)).map(key).collect();
    let mut servers: HashMap<Ids, Option<String>> = HashMap::new();
    for span in spans.iter_mut().filter(|span| is_shared(span)) {
        let ids = key(span);
        if clients.contains(&ids) {
            span.parent_id = Some(span.id.clone());
            span.id.push_str(SERVER);
            servers.insert(ids, span.service().map(str::to_owned));
        }
    }
    for span in spans.iter_mut().filter(|span| !is_shared(span)) {
        let Some(parent) = &span.parent_id else { continue };
        let served = servers.get(&(span.trace_id.clone(), parent.clone()));
        if served.is_some_and(|service| service.as_deref() == span.service()) {
            span.parent_id = Some(format!("{parent}{SERVER}"));
        }
    }
}

fn nanos(micros: i64) -> Number {
    Number(micros.saturating_mul(1000))
}

fn attribute(key: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Attribute<'static> {
    Attribute { key: key.into(), value: AnyValue(value.into()) }
}

impl Endpoint {
    fn resource(self) -> Resource<'static> {
        let named = [("service.name", self.service_name), ("host.ip", self.ipv4.or(self.ipv6))];
        let known = named.into_iter().filter_map(|(key, value)| Some(attribute(key, value?)));
        Resource { attributes: known.collect() }
    }

    /// The same as attributes of the span that calls it.
    fn peer(self) -> impl Iterator<Item = Attribute<'static>> {
        let texts = [("peer.service", self.service_name), ("peer.address", self.ipv4.or(self.ipv6))];
        let port = self.port.map(|port| attribute("peer.port", port));
        texts.into_iter().filter_map(|(key, value)| Some(attribute(key, value?))).chain(port)
    }
}

impl Span {
    fn service(&self) -> Option<&str> {
        self.local_endpoint.as_ref()?.service_name.as_deref()
    }

    fn told(self) -> RawSpan<'static> {
        let mut tags = self.tags.unwrap_or_default();
        // An error's tag says what it was.
        let error = tags.remove("error").filter(is_error);
        let failed = error.is_some();
        let text = error.map(|error| error.as_str().map_or_else(|| error.to_string(), str::to_owned));
        let message = text.filter(|text| !matches!(text.as_str(), "" | "true")).unwrap_or_default();
        let mut attributes: Vec<Attribute<'static>> =
            tags.into_iter().map(|(key, value)| attribute(key, value)).collect();
        attributes.extend(self.remote_endpoint.into_iter().flat_map(Endpoint::peer));
        let event = |annotation: Annotation| SpanEvent {
            time_unix_nano: nanos(annotation.timestamp),
            name: Cow::Owned(annotation.value),
            attributes: Attributes::default(),
        };
        let begin = self.timestamp.unwrap_or(0);
        RawSpan {
            trace_id: Cow::Owned(self.trace_id),
            span_id: Cow::Owned(self.id),
            parent_span_id: Cow::Owned(self.parent_id.unwrap_or_default()),
            name: Cow::Owned(self.name.unwrap_or_default()),
            kind: self.kind.map_or_else(Code::default, |kind| Code::Name(format!("SPAN_KIND_{kind}"))),
            start_time_unix_nano: nanos(begin),
            end_time_unix_nano: nanos(begin.saturating_add(self.duration.unwrap_or(0).max(0))),
            status: Status { code: Code::Number(if failed { ERROR } else { 0 }), message: Cow::Owned(message) },
            attributes: Attributes::Read(attributes),
            events: self.annotations.unwrap_or_default().into_iter().map(event).collect(),
            links: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::{TelemetryReader, is_telemetry};
    use crate::trace::{SpanKind, WarningKind, Warnings, Window};

    const CALL: &str = r#"[{"traceId":"t","id":"1","name":"get","kind":"SERVER","timestamp":5,"duration":100,"localEndpoint":{"serviceName":"web","ipv4":"10.0.0.1"}},
        {"traceId":"t","parentId":"1","id":"2","name":"pay","kind":"CLIENT","timestamp":10,"duration":50,"localEndpoint":{"serviceName":"web","ipv4":"10.0.0.1"}},
        {"traceId":"t","parentId":"1","id":"2","name":"pay","kind":"SERVER","shared":true,"timestamp":7,"duration":40,"localEndpoint":{"serviceName":"bank"},"tags":{"error":"no money"}},
        {"traceId":"t","parentId":"2","id":"3","name":"look","timestamp":20,"localEndpoint":{"serviceName":"bank"},"tags":{"error":"false"}}]"#;

    fn read(text: &str) -> (TelemetryReader, Window, Warnings) {
        let (mut reader, mut window) = (TelemetryReader::default(), Window::default());
        let warnings = reader.read("spans.json", text.as_bytes(), &mut window);
        (reader, window, warnings)
    }

    #[test]
    fn a_span_that_both_ends_report_becomes_two_and_the_servers_work_is_below_the_servers() {
        let nested = format!("[{CALL}, []]");
        for text in [CALL, &nested, &format!("{CALL}\n[]\n")] {
            assert!(is_telemetry(text.as_bytes()), "{text}");
            let (reader, window, warnings) = read(text);
            assert!(warnings.as_slice().is_empty(), "{warnings:?}");
            let of = |name: &str, kind: SpanKind| {
                *window.spans.iter().find(|s| reader.words.get(s.operation) == name && s.kind == kind).unwrap()
            };
            let (get, client, server) =
                (of("get", SpanKind::Server), of("pay", SpanKind::Client), of("pay", SpanKind::Server));
            let look = of("look", SpanKind::Internal);
            assert!(client.parent == get.id && server.parent == client.id && look.parent == server.id);
            assert!(server.id != client.id && server.failed && !client.failed && !look.failed);
            assert_eq!((get.begin, get.duration(), look.duration()), (5_000, 100_000, 0));
        }
    }

    #[test]
    fn a_code_is_a_failure_as_well_as_an_error() {
        let (reader, window, _) = read(&CALL.replace(r#""error":"no money""#, r#""http.status_code":"502""#));
        let failed: Vec<&str> =
            window.spans.iter().filter(|span| span.failed).map(|s| reader.words.get(s.said)).collect();
        assert_eq!(failed, ["HTTP 502"]);
    }

    #[test]
    fn a_shared_half_alone_stays_as_it_is() {
        let alone = CALL.replace(r#""kind":"CLIENT""#, r#""kind":"CLIENT","shared":true"#);
        let (reader, window, _) = read(&alone);
        assert!(window.spans.iter().all(|span| reader.words.get(span.id).len() == 1), "{:?}", window.spans);
    }

    #[test]
    fn what_stands_before_damage_is_kept() {
        let (_, window, warnings) = read(&CALL[..CALL.len() - 40]);
        assert_eq!((window.spans.len(), warnings.as_slice()[0].kind), (3, WarningKind::TornEnd));
        let (_, window, warnings) = read(&CALL.replace(r#""id":"3""#, r#""id":3"#));
        assert_eq!((window.spans.len(), warnings.as_slice()[0].kind), (3, WarningKind::Unreadable));
        assert!(warnings.as_slice()[0].what.starts_with("It is no Zipkin trace from here on"), "{warnings:?}");
        assert!(!is_telemetry(br#"[{"id":"1","name":"x"}]"#));
    }
}
