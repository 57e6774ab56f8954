//! OTLP protobuf: a message of traces, logs or metrics, or several behind each other with their lengths before them, as the
//! collector's file exporter writes them. Known by walking its fields; decoded by opentelemetry-proto.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::ControlFlow;

use opentelemetry_proto::tonic::common::v1::any_value::Value as Kind;
use opentelemetry_proto::tonic::common::v1::{AnyValue as Any, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs};
use opentelemetry_proto::tonic::metrics::v1::ResourceMetrics;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, Span};
use prost::Message;
use serde_json::Value;

use super::document::{
    AnyValue, Attribute, Attributes, Code, Document, Link, Number, OfResource, RawLog, RawSpan, Resource, Scope,
    ScopeLogs, ScopeMetrics, ScopeSpans, SpanEvent, Status,
};
use super::protobuf_metrics::metric;
use super::telemetry::{Each, HEAD};
use super::wire::{self, Field};

/// What the messages are about, and whether each has its length before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    signal: Signal,
    framed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signal {
    Traces,
    Logs,
    Metrics,
}

/// Bytes of the length before a message: big-endian.
const LENGTH: usize = 4;
/// The fields of a resource's message that hold its scopes, and of a scope's that hold what it told.
const SCOPES: u64 = 2;
const ITEMS: u64 = 2;

/// How the messages stand that begin with these bytes; `None` when they are none. All of them must fit, up to where they are cut
/// off, and at least one span, line or metric must be whole.
pub fn layout(head: &[u8]) -> Option<Layout> {
    let head = &head[..head.len().min(HEAD)];
    let signal = |message: &[u8]| {
        let all = [Signal::Traces, Signal::Logs, Signal::Metrics];
        all.into_iter().find(|signal| items(message, *signal).is_some_and(|items| items > 0))
    };
    if let Some(signal) = signal(head) {
        return Some(Layout { signal, framed: false });
    }
    let (length, rest) = head.split_first_chunk::<LENGTH>()?;
    let length = u32::from_be_bytes(*length) as usize;
    let signal = signal(&rest[..length.min(rest.len())])?;
    Some(Layout { signal, framed: true })
}

/// How many spans, lines or metrics a message holds, as far as it goes; `None` when it is no such message.
fn items(message: &[u8], signal: Signal) -> Option<usize> {
    let mut items = 0;
    for of_resource in wire::fields(message) {
        // Nothing else may stand at the top.
        let (1, Field::Bytes(of_resource, _)) = of_resource? else { return None };
        for of_scope in wire::fields(of_resource) {
            match of_scope? {
                (2, Field::Bytes(of_scope, _)) => {
                    for item in wire::fields(of_scope) {
                        match item? {
                            (2, Field::Bytes(item, whole)) => {
                                if whole {
                                    items += usize::from(is_item(item, signal)?);
                                }
                            }
                            (1 | 3, Field::Bytes(..)) | (_, Field::Cut) => {}
                            _ => return None,
                        }
                    }
                }
                (1 | 3, Field::Bytes(..)) | (1000, _) | (_, Field::Cut) => {}
                _ => return None,
            }
        }
    }
    Some(items)
}

/// True for what may also stand in a span, a line or a metric.
const fn may_hold(signal: Signal, field: (u64, Field<'_>)) -> bool {
    match (signal, field) {
        (Signal::Traces, (number, Field::Bytes(..))) => matches!(number, 3 | 5 | 9 | 11 | 13 | 15),
        (Signal::Traces, (number, Field::Varint)) => matches!(number, 6 | 10 | 12 | 14),
        (Signal::Traces, (number, Field::Fixed32)) => number == 16,
        (Signal::Logs, (number, Field::Bytes(..))) => matches!(number, 3 | 5 | 6 | 12),
        (Signal::Logs, (number, Field::Varint)) => matches!(number, 2 | 7),
        (Signal::Logs, (number, Field::Fixed32)) => number == 8,
        (Signal::Metrics, (number, Field::Bytes(..))) => matches!(number, 2 | 3 | 12),
        _ => false,
    }
}

/// True when the bytes are a span, a line or a metric; `None` when they cannot be one.
fn is_item(item: &[u8], signal: Signal) -> Option<bool> {
    let (mut ids, mut times, mut named, mut measured) = (0, 0, false, false);
    for field in wire::fields(item) {
        match (signal, field?) {
            (Signal::Traces, (1, Field::Bytes(id, _))) if id.len() == 16 => ids += 1,
            (Signal::Traces, (2, Field::Bytes(id, _))) if id.len() == 8 => ids += 1,
            (Signal::Traces, (4, Field::Bytes(id, _))) if matches!(id.len(), 0 | 8) => {}
            (Signal::Traces, (7 | 8, Field::Fixed64)) | (Signal::Logs, (1 | 11, Field::Fixed64)) => times += 1,
            (Signal::Logs, (9, Field::Bytes(id, _))) if matches!(id.len(), 0 | 16) => {}
            (Signal::Logs, (10, Field::Bytes(id, _))) if matches!(id.len(), 0 | 8) => {}
            (signal, field) if may_hold(signal, field) => {}
            (Signal::Metrics, (1, Field::Bytes(name, _))) if std::str::from_utf8(name).is_ok() => {
                named = !name.is_empty();
            }
            (Signal::Metrics, (5 | 7 | 9 | 10 | 11, Field::Bytes(..))) => measured = true,
            _ => return None,
        }
    }
    Some(match signal {
        Signal::Traces => ids == 2,
        Signal::Logs => times > 0,
        Signal::Metrics => named && measured,
    })
}

/// Hands on what each resource told, one after the other, up to what cannot be decoded: whether it is only cut off, and a
/// sentence about it.
pub fn documents(bytes: &[u8], layout: Layout, each: &mut Each<'_>) -> Option<(bool, String)> {
    let mut rest = bytes;
    let mut number = 1_u64;
    while !rest.is_empty() {
        let mut whole = true;
        let message = if layout.framed {
            let Some((length, behind)) = rest.split_first_chunk::<LENGTH>() else { return Some(torn(number)) };
            let length = u32::from_be_bytes(*length) as usize;
            whole = length <= behind.len();
            let (message, behind) = behind.split_at(length.min(behind.len()));
            rest = behind;
            message
        } else {
            std::mem::take(&mut rest)
        };
        match message_of(message, layout.signal, number, each) {
            ControlFlow::Break(wrong) => return wrong,
            ControlFlow::Continue(()) if !whole => return Some(torn(number)),
            ControlFlow::Continue(()) => number += 1,
        }
    }
    None
}

fn torn(number: u64) -> (bool, String) {
    (true, format!("Message {number} of this OpenTelemetry data (protobuf) is cut off."))
}

/// What each resource of one message told; what stopped it, if it was not asked to stop.
fn message_of(message: &[u8], signal: Signal, number: u64, each: &mut Each<'_>) -> ControlFlow<Option<(bool, String)>> {
    for field in wire::fields(message) {
        let (of, cut) = match field {
            Some((1, Field::Bytes(of, true))) => (Cow::Borrowed(of), false),
            Some((1, Field::Bytes(of, false))) => (Cow::Owned(wire::whole(of, SCOPES, ITEMS)), true),
            Some((_, Field::Bytes(_, false) | Field::Cut)) => return ControlFlow::Break(Some(torn(number))),
            Some(_) => continue,
            None => return ControlFlow::Break(Some((false, damaged(number, "its fields make no sense")))),
        };
        let document = match signal {
            Signal::Traces => ResourceSpans::decode(&*of).map(traces),
            Signal::Logs => ResourceLogs::decode(&*of).map(logs),
            Signal::Metrics => ResourceMetrics::decode(&*of).map(metrics),
        };
        match document {
            Ok(document) => each(document).map_break(|()| None)?,
            Err(error) => return ControlFlow::Break(Some((false, damaged(number, &error.to_string())))),
        }
        if cut {
            return ControlFlow::Break(Some(torn(number)));
        }
    }
    ControlFlow::Continue(())
}

fn damaged(number: u64, why: &str) -> String {
    format!("Message {number} of this OpenTelemetry data (protobuf) is damaged ({why}).")
}

type OfProcess = Option<opentelemetry_proto::tonic::resource::v1::Resource>;

fn resource(resource: OfProcess) -> Resource<'static> {
    Resource { attributes: resource.map(|it| list(it.attributes)).unwrap_or_default() }
}

fn traces(of: ResourceSpans) -> Document<'static> {
    let scopes = of
        .scope_spans
        .into_iter()
        .map(|it| ScopeSpans { scope: scope(it.scope), spans: it.spans.into_iter().map(span).collect() });
    let of = OfResource { scopes: scopes.collect(), resource: resource(of.resource) };
    Document { spans: vec![of], ..Document::default() }
}

fn logs(of: ResourceLogs) -> Document<'static> {
    let scopes = of
        .scope_logs
        .into_iter()
        .map(|it| ScopeLogs { scope: scope(it.scope), log_records: it.log_records.into_iter().map(line).collect() });
    let of = OfResource { scopes: scopes.collect(), resource: resource(of.resource) };
    Document { logs: vec![of], ..Document::default() }
}

fn metrics(of: ResourceMetrics) -> Document<'static> {
    let scopes = of.scope_metrics.into_iter();
    let scopes = scopes.map(|it| ScopeMetrics { metrics: it.metrics.into_iter().map(metric).collect() });
    let of = OfResource { scopes: scopes.collect(), resource: resource(of.resource) };
    Document { metrics: vec![of], ..Document::default() }
}

fn scope(scope: Option<InstrumentationScope>) -> Scope<'static> {
    Scope { name: Cow::Owned(scope.map(|it| it.name).unwrap_or_default()) }
}

/// A number without a sign: a time or a count.
pub fn whole(number: u64) -> Number {
    Number(i64::try_from(number).unwrap_or(i64::MAX))
}

/// An id as the JSON mapping writes it.
fn hex(id: &[u8]) -> Cow<'static, str> {
    let mut text = String::with_capacity(id.len() * 2);
    for byte in id {
        // Writing to a string cannot fail.
        write!(text, "{byte:02x}").unwrap_or_default();
    }
    Cow::Owned(text)
}

fn list(pairs: Vec<KeyValue>) -> Vec<Attribute<'static>> {
    pairs.into_iter().map(|pair| Attribute { key: Cow::Owned(pair.key), value: AnyValue(plain(pair.value)) }).collect()
}

/// Attributes as they are.
pub fn attributes(pairs: Vec<KeyValue>) -> Attributes<'static> {
    Attributes::Read(list(pairs))
}

fn plain(value: Option<Any>) -> Value {
    match value.and_then(|value| value.value) {
        None => Value::Null,
        Some(Kind::StringValue(text)) => Value::String(text),
        Some(Kind::BoolValue(it)) => Value::Bool(it),
        Some(Kind::IntValue(number)) => Value::from(number),
        Some(Kind::DoubleValue(number)) => Value::from(number),
        Some(Kind::ArrayValue(values)) => values.values.into_iter().map(|value| plain(Some(value))).collect(),
        Some(Kind::KvlistValue(pairs)) => {
            Value::Object(pairs.values.into_iter().map(|pair| (pair.key, plain(pair.value))).collect())
        }
        Some(Kind::BytesValue(bytes)) => Value::String(hex(&bytes).into_owned()),
        Some(Kind::StringValueStrindex(place)) => Value::from(place),
    }
}

fn span(span: Span) -> RawSpan<'static> {
    let event = |event: opentelemetry_proto::tonic::trace::v1::span::Event| SpanEvent {
        time_unix_nano: whole(event.time_unix_nano),
        name: Cow::Owned(event.name),
        attributes: attributes(event.attributes),
    };
    let link = |link: opentelemetry_proto::tonic::trace::v1::span::Link| Link {
        trace_id: hex(&link.trace_id),
        span_id: hex(&link.span_id),
        attributes: attributes(link.attributes),
    };
    let (code, message) = span.status.map(|status| (status.code, status.message)).unwrap_or_default();
    RawSpan {
        trace_id: hex(&span.trace_id),
        span_id: hex(&span.span_id),
        parent_span_id: hex(&span.parent_span_id),
        name: Cow::Owned(span.name),
        kind: Code::Number(span.kind.into()),
        start_time_unix_nano: whole(span.start_time_unix_nano),
        end_time_unix_nano: whole(span.end_time_unix_nano),
        status: Status { code: Code::Number(code.into()), message: Cow::Owned(message) },
        attributes: attributes(span.attributes),
        events: span.events.into_iter().map(event).collect(),
        links: span.links.into_iter().map(link).collect(),
    }
}

fn line(line: LogRecord) -> RawLog<'static> {
    RawLog {
        time_unix_nano: whole(line.time_unix_nano),
        observed_time_unix_nano: whole(line.observed_time_unix_nano),
        severity_text: Cow::Owned(line.severity_text),
        event_name: Cow::Owned(line.event_name),
        body: AnyValue(plain(line.body)),
        attributes: attributes(line.attributes),
        trace_id: hex(&line.trace_id),
        span_id: hex(&line.span_id),
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::logs::v1::{LogsData, ScopeLogs as Logs};
    use opentelemetry_proto::tonic::metrics::v1::metric::Data;
    use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Measured;
    use opentelemetry_proto::tonic::metrics::v1::{
        Gauge, Metric, MetricsData, NumberDataPoint, ScopeMetrics as Metrics,
    };
    use opentelemetry_proto::tonic::trace::v1::{ScopeSpans as Spans, Status as Ended, TracesData, span::Event};

    use super::*;
    use crate::ingest::{Request, TelemetryReader};
    use crate::trace::{WarningKind, Warnings, Window};

    fn text(key: &str, value: &str) -> KeyValue {
        let value = Some(Any { value: Some(Kind::StringValue(value.to_owned())) });
        KeyValue { key: key.to_owned(), value, ..KeyValue::default() }
    }

    fn process() -> opentelemetry_proto::tonic::resource::v1::Resource {
        let attributes = vec![text("service.name", "shop"), text("host.name", "h1")];
        opentelemetry_proto::tonic::resource::v1::Resource { attributes, ..Default::default() }
    }

    fn traces_of(spans: u64) -> Vec<u8> {
        let span = |number: u64| Span {
            trace_id: vec![7; 16],
            span_id: (number + 1).to_be_bytes().to_vec(),
            parent_span_id: if number == 0 { Vec::new() } else { 1_u64.to_be_bytes().to_vec() },
            name: format!("step {number}"),
            kind: 2,
            start_time_unix_nano: 1_700_000_000_000_000_000 + number,
            end_time_unix_nano: 1_700_000_000_000_000_500,
            attributes: vec![text("http.method", "GET")],
            events: vec![Event {
                time_unix_nano: 1_700_000_000_000_000_100,
                name: "note".to_owned(),
                ..Event::default()
            }],
            status: Some(Ended { message: "no".to_owned(), code: 2 }),
            ..Span::default()
        };
        let scope_spans = vec![Spans { spans: (0..spans).map(span).collect(), ..Spans::default() }];
        TracesData {
            resource_spans: vec![ResourceSpans { resource: Some(process()), scope_spans, ..Default::default() }],
        }
        .encode_to_vec()
    }

    fn framed(messages: &[Vec<u8>]) -> Vec<u8> {
        messages.iter().flat_map(|m| [(m.len() as u32).to_be_bytes().to_vec(), m.clone()].concat()).collect()
    }

    fn read(bytes: &[u8]) -> (TelemetryReader, Window, Warnings) {
        let (mut reader, mut window) = (TelemetryReader::default(), Window::default());
        let warnings = reader.read("traces.bin", bytes, &mut window);
        (reader, window, warnings)
    }

    #[test]
    fn messages_are_read_alone_and_with_their_lengths() {
        let one = traces_of(3);
        assert_eq!(layout(&one), Some(Layout { signal: Signal::Traces, framed: false }));
        let (reader, window, warnings) = read(&one);
        assert!(warnings.as_slice().is_empty() && window.spans.len() == 3);
        let [root, step, _] = window.spans[..] else { panic!("{window:?}") };
        assert_eq!((reader.words.get(root.trace), reader.words.get(root.id)), (&*"07".repeat(16), "0000000000000001"));
        assert_eq!((reader.words.get(root.service), reader.words.get(root.instance)), ("shop", "h1"));
        assert!(root.failed && root.parent == 0 && step.parent == root.id && step.duration() == 499);
        let two = framed(&[one.clone(), traces_of(2)]);
        assert_eq!(layout(&two), Some(Layout { signal: Signal::Traces, framed: true }));
        assert_eq!(read(&two).1.spans.len(), 5);
    }

    #[test]
    fn logs_and_metrics_are_told_apart_from_spans() {
        let line = LogRecord {
            time_unix_nano: 5,
            severity_text: "INFO".to_owned(),
            body: Some(Any { value: Some(Kind::StringValue("paid 7".to_owned())) }),
            ..LogRecord::default()
        };
        let scope_logs = vec![Logs { log_records: vec![line], ..Logs::default() }];
        let of = ResourceLogs { resource: Some(process()), scope_logs, ..Default::default() };
        let logs = LogsData { resource_logs: vec![of] }.encode_to_vec();
        assert_eq!(layout(&logs).map(|it| it.signal), Some(Signal::Logs));
        let (reader, window, _) = read(&logs);
        assert_eq!((reader.words.get(window.logs[0].template), window.logs[0].time), ("paid <*>", 5));
        let point = NumberDataPoint { time_unix_nano: 9, value: Some(Measured::AsInt(4)), ..Default::default() };
        let data = Some(Data::Gauge(Gauge { data_points: vec![point] }));
        let metric = Metric { name: "cpu".to_owned(), unit: "%".to_owned(), data, ..Metric::default() };
        let scope_metrics = vec![Metrics { metrics: vec![metric], ..Metrics::default() }];
        let of = ResourceMetrics { resource: Some(process()), scope_metrics, ..Default::default() };
        let metrics = MetricsData { resource_metrics: vec![of] }.encode_to_vec();
        assert_eq!(layout(&metrics).map(|it| it.signal), Some(Signal::Metrics));
        assert_eq!(read(&metrics).1.series[0].points, [(9, 4.0)]);
    }

    #[test]
    fn a_cut_end_is_said_and_every_whole_span_before_it_is_kept() {
        let one = traces_of(4);
        let cuts: Vec<usize> = (200..one.len()).map(|end| read(&one[..end]).1.spans.len()).collect();
        assert!(cuts.windows(2).all(|pair| pair[0] <= pair[1]) && cuts.contains(&1) && cuts.contains(&3), "{cuts:?}");
        for (bytes, spans) in
            [(one[..one.len() - 5].to_vec(), 3), (framed(&[one.clone(), one.clone()])[..one.len() + 60].to_vec(), 4)]
        {
            let (_, window, warnings) = read(&bytes);
            assert_eq!((window.spans.len(), warnings.as_slice()[0].kind), (spans, WarningKind::TornEnd));
            assert!(warnings.as_slice()[0].what.ends_with("is cut off."), "{warnings:?}");
        }
        // Behind what is looked at to know it: a type of field that there is not.
        let mut damaged = [traces_of(1000), one.clone()].concat();
        let at = damaged.len() - one.len();
        damaged[at] = 0x07;
        let (_, window, warnings) = read(&damaged);
        let found = (window.spans.len(), warnings.as_slice()[0].kind);
        assert!(at > HEAD && found == (1000, WarningKind::Unreadable), "{warnings:?}");
    }

    #[test]
    fn what_is_no_telemetry_is_not_taken_for_it() {
        let mut other = traces_of(1);
        // An id of 15 bytes.
        let at = other.windows(2).position(|pair| pair == [0x0a, 16]).unwrap();
        other[at + 1] = 15;
        for bytes in [
            &b""[..],
            b"\n",
            b"\n\n\n\n{\"a\":1}",
            b"\0\0\0\x04\n\x02\x12\0",
            b"\x0a\x00",
            b"\x7fELF\x02\x01\x01\0",
            &other,
        ] {
            assert_eq!(layout(bytes), None, "{bytes:?}");
        }
        let mut seed = 1_u64;
        for size in 0..2000 {
            let mut next = || {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (seed >> 56) as u8
            };
            let mut noise: Vec<u8> = (0..size % 300).map(|_| next()).collect();
            noise.splice(0..0, [0x0a]);
            assert_eq!(layout(&noise), None, "{noise:?}");
        }
    }

    #[test]
    fn one_request_loses_nothing() {
        let mut request = Request::default();
        assert!(request.read("traces.bin", &traces_of(1)).as_slice().is_empty() && request.is_one());
        let text = String::from_utf8(request.finish().lines).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let trace = "07".repeat(16);
        assert_eq!(
            lines[0],
            format!(
                r#"{{"start_time":"2023-11-14T22:13:20.000000000Z","name":"step 0","service":"shop","host":"h1","span_kind":"server","status":"error","status_message":"no","duration_ns":500,"trace_id":"{trace}","span_id":"0000000000000001","attributes":{{"http.method":"GET"}},"own_duration_ns":500}}"#
            )
        );
        assert_eq!(
            lines[1],
            format!(
                r#"{{"start_time":"2023-11-14T22:13:20.000000100Z","name":"note","service":"shop","host":"h1","trace_id":"{trace}","span_id":"0000000000000001"}}"#
            )
        );
        assert_eq!(lines.len(), 2);
    }
}
