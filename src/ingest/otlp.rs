//! OpenTelemetry data in JSON: one document, or documents one a line or one after the other, of traces, logs and metrics.
//! Source of the shapes: opentelemetry-proto 1.x, JSON mapping (ids in hex, 64-bit numbers as text or number).

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::error::Category;

use super::outline::Outline;
use super::templates::Templates;
use crate::trace::{LogLine, Series, Span, SpanKind, Warning, WarningKind, Warnings, Window, Word, Words};

/// Attributes that name the instance of a service, best first.
const INSTANCE: [&str; 4] = ["service.instance.id", "k8s.pod.name", "host.name", "container.id"];

/// Reads windows of telemetry with one set of words, so that what is equal in two windows is the same word.
#[derive(Debug, Default)]
pub struct TelemetryReader {
    /// Every word of every window.
    pub words: Words,
    templates: Templates,
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default, rename = "resourceSpans")]
    spans: Vec<OfResource<'a, ScopeSpans<'a>>>,
    #[serde(borrow, default, rename = "resourceLogs")]
    logs: Vec<OfResource<'a, ScopeLogs<'a>>>,
    #[serde(borrow, default, rename = "resourceMetrics")]
    metrics: Vec<OfResource<'a, ScopeMetrics<'a>>>,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct OfResource<'a, T> {
    #[serde(borrow, default)]
    resource: Resource<'a>,
    #[serde(default = "Vec::new", alias = "scopeSpans", alias = "scopeLogs", alias = "scopeMetrics")]
    scopes: Vec<T>,
}

#[derive(Deserialize, Default)]
struct Resource<'a> {
    #[serde(borrow, default)]
    attributes: Vec<Attribute<'a>>,
}

#[derive(Deserialize)]
struct Attribute<'a> {
    #[serde(borrow)]
    key: Cow<'a, str>,
    #[serde(borrow, default)]
    value: AnyValue<'a>,
}

#[derive(Deserialize, Default)]
struct AnyValue<'a> {
    #[serde(borrow, default, rename = "stringValue")]
    text: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct ScopeSpans<'a> {
    #[serde(borrow, default)]
    spans: Vec<JsonSpan<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsonSpan<'a> {
    #[serde(borrow, default)]
    trace_id: Cow<'a, str>,
    #[serde(borrow, default)]
    span_id: Cow<'a, str>,
    #[serde(borrow, default)]
    parent_span_id: Cow<'a, str>,
    #[serde(borrow, default)]
    name: Cow<'a, str>,
    #[serde(default)]
    kind: Code,
    #[serde(default)]
    start_time_unix_nano: Number,
    #[serde(default)]
    end_time_unix_nano: Number,
    #[serde(default)]
    status: Status,
    #[serde(borrow, default)]
    events: Vec<SpanEvent<'a>>,
}

#[derive(Deserialize)]
struct SpanEvent<'a> {
    #[serde(borrow, default)]
    name: Cow<'a, str>,
}

#[derive(Deserialize, Default)]
struct Status {
    #[serde(default)]
    code: Code,
}

/// An enumeration by its number or by its name.
#[derive(Deserialize)]
#[serde(untagged)]
enum Code {
    Number(i64),
    Name(String),
}

impl Default for Code {
    fn default() -> Self {
        Self::Number(0)
    }
}

impl Code {
    fn is(&self, number: i64, name: &str) -> bool {
        match self {
            Self::Number(own) => *own == number,
            Self::Name(own) => own == name,
        }
    }
}

/// A 64-bit number as text, as the mapping says, or as a number, as some write it.
#[derive(Deserialize, Default, Clone, Copy)]
#[serde(from = "Written<'_>")]
struct Number(i64);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written<'a> {
    Whole(i64),
    Large(u64),
    Fraction(f64),
    Text(#[serde(borrow)] Cow<'a, str>),
}

impl From<Written<'_>> for Number {
    fn from(written: Written<'_>) -> Self {
        Self(match written {
            Written::Whole(number) => number,
            Written::Large(number) => i64::try_from(number).unwrap_or(i64::MAX),
            Written::Fraction(number) => number as i64,
            Written::Text(text) => text.parse().unwrap_or(0),
        })
    }
}

/// A measurement; what is no number is written as text.
#[derive(Deserialize, Default)]
#[serde(untagged)]
enum Amount {
    Number(f64),
    Text(String),
    #[default]
    Nothing,
}

impl Amount {
    fn value(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.parse().ok(),
            Self::Nothing => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ScopeLogs<'a> {
    #[serde(borrow, default)]
    log_records: Vec<JsonLog<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsonLog<'a> {
    #[serde(default)]
    time_unix_nano: Number,
    #[serde(default)]
    observed_time_unix_nano: Number,
    #[serde(borrow, default)]
    body: AnyValue<'a>,
    #[serde(borrow, default)]
    trace_id: Cow<'a, str>,
    #[serde(borrow, default)]
    span_id: Cow<'a, str>,
}

#[derive(Deserialize)]
struct ScopeMetrics<'a> {
    #[serde(borrow, default)]
    metrics: Vec<JsonMetric<'a>>,
}

#[derive(Deserialize)]
struct JsonMetric<'a> {
    #[serde(borrow, default)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    unit: Cow<'a, str>,
    #[serde(default)]
    gauge: Points,
    #[serde(default)]
    sum: Points,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Points {
    #[serde(default)]
    data_points: Vec<Point>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Point {
    #[serde(default)]
    time_unix_nano: Number,
    #[serde(default)]
    as_double: Amount,
    as_int: Option<Number>,
}

/// Some exporters write `NaN` where JSON has no such number: there is no measurement.
fn without_bare_words(bytes: &[u8]) -> Cow<'_, [u8]> {
    const BARE: &[u8] = b"\"asDouble\":NaN";
    if memchr::memmem::find(bytes, BARE).is_none() {
        return Cow::Borrowed(bytes);
    }
    let mut clean = Vec::with_capacity(bytes.len() + 64);
    let mut from = 0;
    for at in memchr::memmem::find_iter(bytes, BARE) {
        clean.extend_from_slice(&bytes[from..at]);
        clean.extend_from_slice(b"\"asDouble\":null");
        from = at + BARE.len();
    }
    clean.extend_from_slice(&bytes[from..]);
    Cow::Owned(clean)
}

/// True for the first bytes of OpenTelemetry data in JSON.
pub fn is_telemetry(head: &[u8]) -> bool {
    let outline = Outline::of(head.strip_prefix(super::BOM).unwrap_or(head));
    let lists = ["resourceSpans", "resourceLogs", "resourceMetrics"];
    head.trim_ascii_start().starts_with(b"{") && lists.iter().any(|list| outline.names.iter().any(|name| name == list))
}

/// Whose telemetry it is.
struct Owner {
    service: Word,
    instance: Word,
}

impl TelemetryReader {
    /// Adds what `bytes` of a file hold to a window, and says what is wrong with them.
    pub fn read(&mut self, file: &str, bytes: &[u8], window: &mut Window) -> Warnings {
        let bytes = &without_bare_words(bytes)[..];
        let mut warnings = Warnings::default();
        let mut documents = serde_json::Deserializer::from_slice(bytes).into_iter::<Document<'_>>();
        loop {
            match documents.next() {
                None => return warnings,
                Some(Ok(document)) => self.take(document, window),
                Some(Err(error)) => {
                    let why = error.to_string();
                    let why = why.split(" at line ").next().unwrap_or_default();
                    let torn = error.classify() == Category::Eof;
                    warnings.push(Warning {
                        kind: if torn { WarningKind::TornEnd } else { WarningKind::Unreadable },
                        file: file.to_owned(),
                        line: Some(error.line() as u32),
                        what: format!("It is no OpenTelemetry data from here on ({why})."),
                        remedy: "What stands before was read; export the rest again.".to_owned(),
                        more: 0,
                    });
                    return warnings;
                }
            }
        }
    }

    fn owner(&mut self, resource: &Resource<'_>) -> Owner {
        let named = |name: &str| {
            let attribute = resource.attributes.iter().find(|attribute| attribute.key == name)?;
            attribute.value.text.as_deref().filter(|text| !text.is_empty())
        };
        let service = named("service.name").unwrap_or("unknown service");
        let instance = INSTANCE.into_iter().find_map(named).unwrap_or(service);
        Owner { service: self.words.intern(service), instance: self.words.intern(instance) }
    }

    fn take(&mut self, document: Document<'_>, window: &mut Window) {
        for of in document.spans {
            let owner = self.owner(&of.resource);
            for span in of.scopes.into_iter().flat_map(|scope| scope.spans) {
                let span = self.span(&owner, &span);
                window.spans.push(span);
            }
        }
        for of in document.logs {
            let owner = self.owner(&of.resource);
            for line in of.scopes.into_iter().flat_map(|scope| scope.log_records) {
                let line = self.line(&owner, &line);
                window.logs.push(line);
            }
        }
        for of in document.metrics {
            let owner = self.owner(&of.resource);
            for metric in of.scopes.into_iter().flat_map(|scope| scope.metrics) {
                let series = self.series(&owner, &metric);
                window.series.extend(series);
            }
        }
    }

    fn span(&mut self, owner: &Owner, span: &JsonSpan<'_>) -> Span {
        let kinds = [
            (2, "SPAN_KIND_SERVER", SpanKind::Server),
            (3, "SPAN_KIND_CLIENT", SpanKind::Client),
            (4, "SPAN_KIND_PRODUCER", SpanKind::Producer),
            (5, "SPAN_KIND_CONSUMER", SpanKind::Consumer),
        ];
        let kind = kinds.into_iter().find(|(number, name, _)| span.kind.is(*number, name));
        let begin = span.start_time_unix_nano.0;
        Span {
            trace: self.words.intern(&span.trace_id),
            id: self.words.intern(&span.span_id),
            parent: self.words.intern(&span.parent_span_id),
            service: owner.service,
            instance: owner.instance,
            operation: self.words.intern(&span.name),
            kind: kind.map_or(SpanKind::Internal, |(.., kind)| kind),
            failed: span.status.code.is(2, "STATUS_CODE_ERROR")
                || span.events.iter().any(|event| event.name == "exception"),
            begin,
            end: span.end_time_unix_nano.0.max(begin),
        }
    }

    fn line(&mut self, owner: &Owner, line: &JsonLog<'_>) -> LogLine {
        let template = self.templates.of(line.body.text.as_deref().unwrap_or_default(), &mut self.words);
        let time = line.time_unix_nano.0;
        LogLine {
            trace: self.words.intern(&line.trace_id),
            span: self.words.intern(&line.span_id),
            service: owner.service,
            instance: owner.instance,
            template,
            time: if time == 0 { line.observed_time_unix_nano.0 } else { time },
        }
    }

    fn series(&mut self, owner: &Owner, metric: &JsonMetric<'_>) -> Option<Series> {
        let value = |point: &Point| {
            let value = point.as_double.value().or_else(|| point.as_int.map(|whole| whole.0 as f64))?;
            value.is_finite().then_some((point.time_unix_nano.0, value))
        };
        let mut points: Vec<(i64, f64)> =
            metric.gauge.data_points.iter().chain(&metric.sum.data_points).filter_map(value).collect();
        if points.is_empty() {
            return None;
        }
        points.sort_by_key(|point| point.0);
        let (name, unit) = (self.words.intern(&metric.name), self.words.intern(&metric.unit));
        Some(Series { service: owner.service, instance: owner.instance, name, unit, points })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPANS: &str = r#"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"replicas","value":{"intValue":"3"}}]},
"scopeSpans":[{"spans":[{"traceId":"t1","spanId":"a","name":"buy","kind":"SPAN_KIND_SERVER","startTimeUnixNano":"1674981892825000000","endTimeUnixNano":1674981892946989347,
"status":{"code":2}},{"traceId":"t1","spanId":"b","parentSpanId":"a","name":"pay","kind":3,"startTimeUnixNano":"7","endTimeUnixNano":"5","events":[{"name":"exception"}]}]}]}]}"#;

    fn read(text: &str) -> (TelemetryReader, Window, Warnings) {
        let (mut reader, mut window) = (TelemetryReader::default(), Window::default());
        let warnings = reader.read("traces.json", text.as_bytes(), &mut window);
        (reader, window, warnings)
    }

    #[test]
    fn one_document_is_read_with_numbers_as_text_or_not() {
        let (reader, window, warnings) = read(SPANS);
        assert!(warnings.as_slice().is_empty() && is_telemetry(SPANS.as_bytes()));
        let [buy, pay] = window.spans[..] else { panic!("{window:?}") };
        assert_eq!((reader.words.get(buy.service), reader.words.get(buy.operation)), ("shop", "buy"));
        assert_eq!((buy.begin, buy.duration()), (1_674_981_892_825_000_000, 121_989_347));
        assert!(buy.kind == SpanKind::Server && buy.failed && buy.parent == 0);
        assert!(pay.kind == SpanKind::Client && pay.failed && pay.parent == buy.id);
        assert_eq!(pay.duration(), 0, "what ends before it begins takes no time");
    }

    #[test]
    fn lines_are_read_up_to_one_that_is_torn_and_that_is_said() {
        let line = SPANS.replace('\n', "");
        let (_, window, warnings) = read(&format!("{line}\n{line}\n{}", &line[..200]));
        assert_eq!(window.spans.len(), 4);
        let warning = &warnings.as_slice()[0];
        assert_eq!((warning.kind, warning.line), (WarningKind::TornEnd, Some(3)), "{warning:?}");
        let (_, window, warnings) = read(&format!("{line}\n[1]\n{line}"));
        assert_eq!((window.spans.len(), warnings.as_slice()[0].kind), (2, WarningKind::Unreadable));
    }

    #[test]
    fn metrics_without_a_number_have_fewer_points() {
        let text = r#"{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"cpu","unit":"%","gauge":{"dataPoints":[
            {"timeUnixNano":"2","asDouble":NaN},{"timeUnixNano":"3","asDouble":"NaN"},{"timeUnixNano":"2","asDouble":1.5},{"timeUnixNano":"1","asInt":"4"}]}}]}]}]}"#;
        let (_, window, warnings) = read(text);
        assert!(warnings.as_slice().is_empty(), "{warnings:?}");
        assert_eq!(window.series[0].points, [(1, 4.0), (2, 1.5)]);
    }

    #[test]
    fn other_json_is_no_telemetry() {
        assert!(!is_telemetry(b"{\"events\":[]}") && !is_telemetry(b"[]") && !is_telemetry(b""));
    }
}
