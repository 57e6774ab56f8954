//! Telemetry of requests, whatever laid it out: known by its content, and handed on document by document.

use std::borrow::Cow;
use std::ops::ControlFlow;

use serde_json::Error;
use serde_json::error::Category;

use super::document::Document;
use super::outline::Outline;
use super::torn::mended;
use super::{BOM, jaeger, protobuf, zipkin};
use crate::trace::{Warning, WarningKind, Warnings, grouped};

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

/// Bytes at the start of a file that tell whether it is telemetry.
pub const HEAD: usize = 64 << 10;

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
    let otlp =
        |outline: &Outline| ["resourceSpans", "resourceLogs", "resourceMetrics"].iter().any(|list| outline.has(list));
    // Of lines the first may be damaged.
    let second = || {
        memchr::memmem::find(text, b"\n{")
            .is_some_and(|at| outline.end.is_none() && otlp(&Outline::of(&text[at + 1..])))
    };
    if text.starts_with(b"{") && (otlp(&outline) || second()) {
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

/// Why reading JSON stopped.
pub struct Stopped {
    /// What is wrong.
    pub error: Error,
    /// Where the text is cut off: records of the cut document that are whole, and were handed on.
    pub kept: usize,
    /// True when what is cut off may say whose they are.
    pub nameless: bool,
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self { error, kept: 0, nameless: false }
    }
}

impl Stopped {
    /// True when the text is only cut off.
    pub fn is_torn(&self) -> bool {
        self.error.classify() == Category::Eof
    }
}

/// Hands on every document in `bytes`, and says what is wrong with the rest.
pub fn documents(file: &str, bytes: &[u8], each: &mut Each<'_>) -> Warnings {
    let mut warnings = Warnings::default();
    let text = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let wrong = match shape(bytes) {
        Some(Shape::Otlp) | None => {
            warnings.extend(otlp(file, text, each));
            None
        }
        Some(Shape::Protobuf(layout)) => protobuf::documents(bytes, layout, each).map(|(torn, what)| {
            let kind = if torn { WarningKind::TornEnd } else { WarningKind::Unreadable };
            Warning { kind, line: None, ..from_here(file, &what) }
        }),
        Some(Shape::Jaeger) => jaeger::documents(text, each).map(|why| unreadable(file, "Jaeger trace", &why)),
        Some(Shape::Zipkin) => zipkin::documents(text, each).map(|why| unreadable(file, "Zipkin trace", &why)),
    };
    if let Some(wrong) = wrong {
        warnings.push(wrong);
    }
    warnings
}

/// The documents of OTLP JSON, and what is wrong with some. Of one that is damaged what is whole is handed on; then it goes on at
/// the next line on which a document begins.
fn otlp(file: &str, bytes: &[u8], each: &mut Each<'_>) -> Warnings {
    const WHAT: &str = "OpenTelemetry data";
    let mut warnings = Warnings::default();
    let bytes = without_bare_words(bytes);
    let (mut rest, mut line) = (&bytes[..], 1);
    loop {
        let mut documents = serde_json::Deserializer::from_slice(rest).into_iter::<Document<'_>>();
        let (from, error) = loop {
            let from = documents.byte_offset();
            match documents.next() {
                None => return warnings,
                Some(Ok(document)) => {
                    if each(document).is_break() {
                        return warnings;
                    }
                }
                Some(Err(error)) => break (from, error),
            }
        };
        // A document may have space before it.
        let begin = from + rest[from..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let next = memchr::memmem::find(&rest[begin..], b"\n{").map(|at| begin + at + 1);
        let damaged = rest[begin..next.unwrap_or(rest.len())].trim_ascii_end();
        let lines = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).count() as u32;
        // Of a line with others behind it the error is that of the next one, where it is only cut off.
        let error = serde_json::from_slice::<Document<'_>>(damaged).err().unwrap_or(error);
        let mut stopped = Stopped::from(error);
        let text = if stopped.is_torn() { mended(damaged) } else { None };
        let whole = text.as_ref().and_then(|text| serde_json::from_slice::<Document<'_>>(text).ok());
        let go_on = whole.is_none_or(|document| {
            stopped.kept = document.records();
            each(document).is_continue()
        });
        let here = line + lines(&rest[..begin]) + stopped.error.line().saturating_sub(1) as u32;
        let warning = unreadable(file, WHAT, &stopped);
        match next.filter(|_| go_on) {
            None => {
                warnings.push(Warning { line: Some(here), ..warning });
                return warnings;
            }
            Some(next) => {
                let kind = WarningKind::Unreadable;
                let why = reason(&stopped.error);
                let what = match stopped.kept {
                    0 => format!("It is no {WHAT} here ({why})."),
                    kept => format!("This {WHAT} is damaged here ({why}): {} of it are kept.", records(kept)),
                };
                let remedy = "What stands before and behind was read; export it again.".to_owned();
                warnings.push(Warning { kind, line: Some(here), what, remedy, ..warning });
                line += lines(&rest[..next]);
                rest = &rest[next..];
            }
        }
    }
}

/// What is wrong, without the place.
fn reason(error: &Error) -> String {
    error.to_string().split(" at line ").next().unwrap_or_default().to_owned()
}

fn records(kept: usize) -> String {
    if kept == 1 { "1 whole record".to_owned() } else { format!("{} whole records", grouped(kept as u64)) }
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

/// That JSON cannot be read from a place on, and what of it was kept.
fn unreadable(file: &str, what: &str, stopped: &Stopped) -> Warning {
    let what = match stopped.kept {
        0 => format!("It is no {what} from here on ({}).", reason(&stopped.error)),
        kept => {
            let whose = if stopped.nameless { ", and with it whose they are" } else { "" };
            format!(
                "This {what} is cut off here: {} of it before that are kept, everything behind is lost{whose}.",
                records(kept)
            )
        }
    };
    Warning {
        kind: if stopped.is_torn() { WarningKind::TornEnd } else { WarningKind::Unreadable },
        line: Some(stopped.error.line() as u32).filter(|&line| line > 0),
        ..from_here(file, &what)
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
