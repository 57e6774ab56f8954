//! Telemetry of requests, whatever laid it out: known by its content, and handed on document by document.

use std::borrow::Cow;
use std::ops::ControlFlow;

use serde_json::error::Category;

use super::document::Document;
use super::outline::Outline;
use super::{BOM, jaeger, protobuf, zipkin};
use crate::trace::{Warning, WarningKind, Warnings};

/// Takes a document, and says whether to go on.
pub type Each<'f> = dyn FnMut(Document<'_>) -> ControlFlow<()> + 'f;

/// How telemetry stands in the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// OTLP JSON: one document, or documents one a line or one after the other.
    Otlp,
    /// OTLP protobuf.
    Protobuf(protobuf::Layout),
    /// What Jaeger exports.
    Jaeger,
    /// Zipkin's JSON, version 2.
    Zipkin,
}

/// Bytes of a text that tell whether it is telemetry.
const HEAD: usize = 64 << 10;

/// How the telemetry stands that begins with these bytes; `None` when they are no telemetry.
pub fn shape(head: &[u8]) -> Option<Shape> {
    if let Some(layout) = protobuf::layout(head) {
        return Some(Shape::Protobuf(layout));
    }
    let head = &head[..head.len().min(HEAD)];
    let text = head.strip_prefix(BOM).unwrap_or(head).trim_ascii_start();
    if !matches!(text.first(), Some(b'{' | b'[')) {
        return None;
    }
    let outline = Outline::of(text);
    let lists = ["resourceSpans", "resourceLogs", "resourceMetrics"];
    if text.starts_with(b"{") && lists.iter().any(|list| outline.names.iter().any(|name| name == list)) {
        Some(Shape::Otlp)
    } else if jaeger::recognises(&outline) {
        Some(Shape::Jaeger)
    } else {
        zipkin::recognises(text, &outline).then_some(Shape::Zipkin)
    }
}

/// True for the first bytes of telemetry.
pub fn is_telemetry(head: &[u8]) -> bool {
    shape(head).is_some()
}

/// Hands on every document in `bytes`, and says what is wrong with the rest.
pub fn documents(file: &str, bytes: &[u8], each: &mut Each<'_>) -> Warnings {
    let mut warnings = Warnings::default();
    let text = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let wrong = match shape(bytes) {
        Some(Shape::Protobuf(layout)) => protobuf::documents(bytes, layout, each).map(|(torn, what)| {
            let kind = if torn { WarningKind::TornEnd } else { WarningKind::Unreadable };
            Warning { kind, line: None, ..from_here(file, &what) }
        }),
        Some(Shape::Jaeger) => jaeger::documents(text, each).map(|error| unreadable(file, "Jaeger trace", &error)),
        Some(Shape::Zipkin) => zipkin::documents(text, each).map(|error| unreadable(file, "Zipkin trace", &error)),
        Some(Shape::Otlp) | None => otlp(text, each).map(|error| unreadable(file, "OpenTelemetry data", &error)),
    };
    if let Some(wrong) = wrong {
        warnings.push(wrong);
    }
    warnings
}

/// The documents of OTLP JSON, up to an error.
fn otlp(bytes: &[u8], each: &mut Each<'_>) -> Option<serde_json::Error> {
    let bytes = without_bare_words(bytes);
    for document in serde_json::Deserializer::from_slice(&bytes).into_iter::<Document<'_>>() {
        match document {
            Ok(document) => {
                if each(document).is_break() {
                    break;
                }
            }
            Err(error) => return Some(error),
        }
    }
    None
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

/// That JSON cannot be read from a place on.
fn unreadable(file: &str, what: &str, error: &serde_json::Error) -> Warning {
    let why = error.to_string();
    let why = why.split(" at line ").next().unwrap_or_default();
    let torn = error.classify() == Category::Eof;
    Warning {
        kind: if torn { WarningKind::TornEnd } else { WarningKind::Unreadable },
        line: Some(error.line() as u32).filter(|&line| line > 0),
        ..from_here(file, &format!("It is no {what} from here on ({why})."))
    }
}

fn from_here(file: &str, what: &str) -> Warning {
    Warning {
        kind: WarningKind::Unreadable,
        file: file.to_owned(),
        line: None,
        what: what.to_owned(),
        remedy: "What stands before was read; export the rest again.".to_owned(),
        more: 0,
    }
}
