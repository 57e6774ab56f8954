//! Telemetry as OpenTelemetry lays it out: what every reader of traces, logs and metrics gives, whatever it read. The names are
//! those of OTLP JSON (opentelemetry-proto 1.x, JSON mapping: ids in hex, 64-bit numbers as text or number).

use std::borrow::Cow;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::metric_document::RawMetric;
use crate::trace::SpanKind;

/// The code of a status that is an error.
pub const ERROR: i64 = 2;
/// The code of a status that says that all is well.
pub const OK: i64 = 1;
/// What the event of an exception is called.
pub const EXCEPTION: &str = "exception";

/// What stands in one message or document.
#[derive(Deserialize, Default)]
pub struct Document<'a> {
    #[serde(borrow, default, rename = "resourceSpans")]
    pub spans: Vec<OfResource<'a, ScopeSpans<'a>>>,
    #[serde(borrow, default, rename = "resourceLogs")]
    pub logs: Vec<OfResource<'a, ScopeLogs<'a>>>,
    #[serde(borrow, default, rename = "resourceMetrics")]
    pub metrics: Vec<OfResource<'a, ScopeMetrics<'a>>>,
}

impl Document<'_> {
    /// How many spans, lines of logs and metrics it holds.
    pub fn records(&self) -> usize {
        let spans = self.spans.iter().flat_map(|of| &of.scopes).map(|scope| scope.spans.len());
        let logs = self.logs.iter().flat_map(|of| &of.scopes).map(|scope| scope.log_records.len());
        let metrics = self.metrics.iter().flat_map(|of| &of.scopes).map(|scope| scope.metrics.len());
        spans.chain(logs).chain(metrics).sum()
    }
}

/// What one process told.
#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub struct OfResource<'a, T> {
    #[serde(borrow, default)]
    pub resource: Resource<'a>,
    #[serde(default = "Vec::new", alias = "scopeSpans", alias = "scopeLogs", alias = "scopeMetrics")]
    pub scopes: Vec<T>,
}

/// The process.
#[derive(Deserialize, Default)]
pub struct Resource<'a> {
    #[serde(borrow, default)]
    pub attributes: Vec<Attribute<'a>>,
}

impl Resource<'_> {
    /// The text of an attribute, where there is one.
    pub fn named(&self, name: &str) -> Option<&str> {
        let attribute = self.attributes.iter().find(|attribute| attribute.key == name)?;
        attribute.value.0.as_str().filter(|text| !text.is_empty())
    }
}

/// A name and a value.
#[derive(Deserialize, Clone)]
pub struct Attribute<'a> {
    #[serde(borrow)]
    pub key: Cow<'a, str>,
    #[serde(default)]
    pub value: AnyValue,
}

/// A value, without the name of its type.
#[derive(Deserialize, Default, Clone)]
#[serde(from = "Tagged")]
pub struct AnyValue(pub Value);

/// A value under the name of its type.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Tagged {
    #[serde(rename = "stringValue")]
    text: Option<String>,
    #[serde(rename = "boolValue")]
    truth: Option<bool>,
    #[serde(rename = "intValue")]
    whole: Option<Number>,
    #[serde(rename = "doubleValue")]
    fraction: Option<Value>,
    #[serde(rename = "bytesValue")]
    bytes: Option<String>,
    #[serde(rename = "arrayValue")]
    array: Option<Values<AnyValue>>,
    #[serde(rename = "kvlistValue")]
    pairs: Option<Values<Owned>>,
}

#[derive(Deserialize)]
struct Values<T> {
    #[serde(default = "Vec::new")]
    values: Vec<T>,
}

#[derive(Deserialize)]
struct Owned {
    key: String,
    #[serde(default)]
    value: AnyValue,
}

impl From<Tagged> for AnyValue {
    fn from(tagged: Tagged) -> Self {
        let Tagged { text, truth, whole, fraction, bytes, array, pairs } = tagged;
        let list = |list: Values<Self>| list.values.into_iter().map(|value| value.0).collect();
        let object = |pairs: Values<Owned>| pairs.values.into_iter().map(|pair| (pair.key, pair.value.0)).collect();
        let value = (text.or(bytes).map(Value::String))
            .or_else(|| truth.map(Value::Bool))
            .or_else(|| whole.map(|number| Value::from(number.0)))
            .or(fraction)
            .or_else(|| array.map(|values| Value::Array(list(values))))
            .or_else(|| pairs.map(|pairs| Value::Object(object(pairs))));
        Self(value.unwrap_or_default())
    }
}

/// The attributes of spans and log records are many, and read only where each event is shown: in JSON they stay as they are.
pub enum Attributes<'a> {
    Unread(&'a RawValue),
    Read(Vec<Attribute<'a>>),
}

impl Default for Attributes<'_> {
    fn default() -> Self {
        Self::Read(Vec::new())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Attributes<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&'a RawValue>::deserialize(deserializer).map(Self::Unread)
    }
}

impl Attributes<'_> {
    /// All of them; none where they are no list of names and values.
    pub fn list(&self) -> Vec<Attribute<'_>> {
        match self {
            Self::Unread(raw) => serde_json::from_str(raw.get()).unwrap_or_default(),
            Self::Read(list) => list.clone(),
        }
    }
}

#[derive(Deserialize, Default)]
pub struct Scope<'a> {
    #[serde(borrow, default)]
    pub name: Cow<'a, str>,
}

#[derive(Deserialize, Default)]
pub struct ScopeSpans<'a> {
    #[serde(borrow, default)]
    pub scope: Scope<'a>,
    #[serde(borrow, default)]
    pub spans: Vec<RawSpan<'a>>,
}

/// A span. Times are in nanoseconds since 1970; 0 is none.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct RawSpan<'a> {
    #[serde(borrow, default)]
    pub trace_id: Cow<'a, str>,
    #[serde(borrow, default)]
    pub span_id: Cow<'a, str>,
    #[serde(borrow, default)]
    pub parent_span_id: Cow<'a, str>,
    #[serde(borrow, default)]
    pub name: Cow<'a, str>,
    #[serde(default)]
    pub kind: Code,
    #[serde(default)]
    pub start_time_unix_nano: Number,
    #[serde(default)]
    pub end_time_unix_nano: Number,
    #[serde(borrow, default)]
    pub status: Status<'a>,
    #[serde(borrow, default)]
    pub attributes: Attributes<'a>,
    #[serde(borrow, default)]
    pub events: Vec<SpanEvent<'a>>,
    #[serde(borrow, default)]
    pub links: Vec<Link<'a>>,
}

impl RawSpan<'_> {
    /// Which end of a call it is.
    pub fn kind(&self) -> SpanKind {
        let kinds = [
            (2, "SPAN_KIND_SERVER", SpanKind::Server),
            (3, "SPAN_KIND_CLIENT", SpanKind::Client),
            (4, "SPAN_KIND_PRODUCER", SpanKind::Producer),
            (5, "SPAN_KIND_CONSUMER", SpanKind::Consumer),
        ];
        let kind = kinds.into_iter().find(|(number, name, _)| self.kind.is(*number, name));
        kind.map_or(SpanKind::Internal, |(.., kind)| kind)
    }

    /// True when it failed, as [`Self::failure`] tells.
    pub fn failed(&self) -> bool {
        self.failure().is_some()
    }

    /// What a failed span says of it: the type of its exception, or else its status or that exception in words, or what its
    /// attributes tell. It failed when its status is an error, an exception is recorded on it, or, where it has no status, its
    /// attributes tell of a failure; `None` when it did not.
    pub fn failure(&self) -> Option<Said> {
        let exception = self.events.iter().any(|event| event.name == EXCEPTION);
        if self.status.code.is(ERROR, "STATUS_CODE_ERROR") || exception {
            let said = self.said();
            let told = || self.attributes.failure(self.kind()).unwrap_or(Said::Nothing);
            return Some(if said == Said::Nothing { told() } else { said });
        }
        let unset = !self.status.code.is(OK, "STATUS_CODE_OK");
        if unset { self.attributes.failure(self.kind()) } else { None }
    }

    fn said(&self) -> Said {
        let exception = self.events.iter().find(|event| event.name == EXCEPTION);
        let attributes = exception.map(|event| event.attributes.list()).unwrap_or_default();
        let named = |name: &str| {
            let text = attributes.iter().find(|attribute| attribute.key == name)?.value.0.as_str()?;
            (!text.is_empty()).then(|| text.to_owned())
        };
        let status = || (!self.status.message.is_empty()).then(|| self.status.message.clone().into_owned());
        match named("exception.type") {
            Some(name) => Said::Type(name),
            None => status().or_else(|| named("exception.message")).map_or(Said::Nothing, Said::Words),
        }
    }
}

/// What a span says of its failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Nothing.
    Nothing,
    /// The type of an exception.
    Type(String),
    /// A sentence, with values in it.
    Words(String),
}

/// Something that happened within a span.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct SpanEvent<'a> {
    #[serde(default)]
    pub time_unix_nano: Number,
    #[serde(borrow, default)]
    pub name: Cow<'a, str>,
    #[serde(borrow, default)]
    pub attributes: Attributes<'a>,
}

/// Another span that has to do with this one and is not its parent.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct Link<'a> {
    #[serde(borrow, default)]
    pub trace_id: Cow<'a, str>,
    #[serde(borrow, default)]
    pub span_id: Cow<'a, str>,
    #[serde(borrow, default)]
    pub attributes: Attributes<'a>,
}

#[derive(Deserialize, Default)]
pub struct Status<'a> {
    #[serde(default)]
    pub code: Code,
    #[serde(borrow, default)]
    pub message: Cow<'a, str>,
}

/// An enumeration by its number or by its name.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Code {
    Number(i64),
    Name(String),
}

impl Default for Code {
    fn default() -> Self {
        Self::Number(0)
    }
}

impl Code {
    /// True for this number or name.
    pub fn is(&self, number: i64, name: &str) -> bool {
        match self {
            Self::Number(own) => *own == number,
            Self::Name(own) => own == name,
        }
    }
}

/// A 64-bit number as text, as the mapping says, or as a number, as some write it.
#[derive(Default, Clone, Copy)]
pub struct Number(pub i64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // An untagged enum would try one way after the other, and word an error for each that fails.
        deserializer.deserialize_any(Written)
    }
}

struct Written;

impl Visitor<'_> for Written {
    type Value = Number;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a number, or one as text")
    }

    fn visit_i64<E>(self, number: i64) -> Result<Number, E> {
        Ok(Number(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Number, E> {
        Ok(Number(i64::try_from(number).unwrap_or(i64::MAX)))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Number, E> {
        Ok(Number(number as i64))
    }

    fn visit_str<E>(self, text: &str) -> Result<Number, E> {
        Ok(Number(text.parse().unwrap_or(0)))
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct ScopeLogs<'a> {
    #[serde(borrow, default)]
    pub scope: Scope<'a>,
    #[serde(borrow, default)]
    pub log_records: Vec<RawLog<'a>>,
}

/// A line of a log.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct RawLog<'a> {
    #[serde(default)]
    pub time_unix_nano: Number,
    #[serde(default)]
    pub observed_time_unix_nano: Number,
    #[serde(borrow, default)]
    pub severity_text: Cow<'a, str>,
    #[serde(borrow, default)]
    pub event_name: Cow<'a, str>,
    #[serde(default)]
    pub body: AnyValue,
    #[serde(borrow, default)]
    pub attributes: Attributes<'a>,
    #[serde(borrow, default)]
    pub trace_id: Cow<'a, str>,
    #[serde(borrow, default)]
    pub span_id: Cow<'a, str>,
}

impl RawLog<'_> {
    /// When it was written, else when it was seen.
    pub const fn time(&self) -> i64 {
        if self.time_unix_nano.0 == 0 { self.observed_time_unix_nano.0 } else { self.time_unix_nano.0 }
    }
}

#[derive(Deserialize, Default)]
pub struct ScopeMetrics<'a> {
    #[serde(borrow, default)]
    pub metrics: Vec<RawMetric<'a>>,
}
