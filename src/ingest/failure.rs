//! Whether the attributes of a span tell of a failure where its status does not, by the semantic conventions of OpenTelemetry: the
//! status codes of HTTP and gRPC mean less to who answers than to who called, and an `error` is one wherever it is recorded.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::document::{AnyValue, Attribute, Attributes, Said};
use crate::trace::SpanKind;

/// Attributes with the status of an answer by HTTP, now and in older instrumentation.
const HTTP: [&str; 2] = ["http.response.status_code", "http.status_code"];
/// The same of an answer by gRPC.
const GRPC: [&str; 2] = ["rpc.grpc.status_code", "grpc.status_code"];
/// That it failed, and what failed.
const ERROR: [&str; 2] = ["error", "error.type"];
/// The codes of gRPC that are a failure of the server: unknown, deadline exceeded, unimplemented, internal, unavailable, data loss.
const SERVER: [i64; 6] = [2, 4, 12, 13, 14, 15];

/// An attribute whose value is not looked at yet.
#[derive(Deserialize)]
struct Unread<'a> {
    #[serde(borrow)]
    key: Cow<'a, str>,
    #[serde(borrow, default)]
    value: Option<&'a serde_json::value::RawValue>,
}

impl Attributes<'_> {
    /// What they say of a failure of a span of this kind; `None` where they tell of none.
    pub fn failure(&self, kind: SpanKind) -> Option<Said> {
        let telling = |key: &str| HTTP.contains(&key) || GRPC.contains(&key) || ERROR.contains(&key);
        match self {
            Self::Read(list) => failure(&list.iter().filter(|it| telling(&it.key)), kind),
            Self::Unread(raw) => {
                let text = raw.get().as_bytes();
                // Most spans say that all is well, and are many.
                if memchr::memmem::find(text, b"\"error").is_none() && is_well(text) {
                    return None;
                }
                let list: Vec<Unread<'_>> = serde_json::from_str(raw.get()).ok()?;
                let told = list.into_iter().filter(|it| telling(&it.key)).filter_map(|it| {
                    let value: AnyValue = serde_json::from_str(it.value?.get()).ok()?;
                    Some(Attribute { key: it.key, value })
                });
                failure(&told.collect::<Vec<Attribute<'_>>>().iter(), kind)
            }
        }
    }
}

/// True where all codes stand plainly and none of them is a failure to anybody.
fn is_well(text: &[u8]) -> bool {
    const NAME: &[u8] = b"status_code\"";
    memchr::memmem::find_iter(text, NAME).all(|at| {
        let least = if text[..at].ends_with(b"grpc.") { 1 } else { 400 };
        code_behind(&text[at + NAME.len()..]).is_some_and(|code| code < least)
    })
}

/// The code in `,"value":{"intValue":"200"`, as it stands behind a name in most spans.
fn code_behind(text: &[u8]) -> Option<i64> {
    let mut rest = text;
    for token in [&b","[..], b"\"value\"", b":", b"{"] {
        rest = rest.trim_ascii_start().strip_prefix(token)?;
    }
    rest = rest.trim_ascii_start();
    rest = rest.strip_prefix(b"\"intValue\"").or_else(|| rest.strip_prefix(b"\"stringValue\""))?;
    rest = rest.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
    rest = rest.strip_prefix(b"\"").unwrap_or(rest);
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}

fn failure<'a>(told: &(impl Iterator<Item = &'a Attribute<'a>> + Clone), kind: SpanKind) -> Option<Said> {
    let value =
        |names: &[&str]| names.iter().find_map(|name| told.clone().find(|it| it.key == *name)).map(|it| &it.value.0);
    let code = |names: &[&str]| value(names).and_then(number);
    let client = kind == SpanKind::Client;
    // The type of a failure may be the code again.
    let http = code(&HTTP).or_else(|| code(&ERROR[1..])).filter(|&code| code >= if client { 400 } else { 500 });
    let grpc = code(&GRPC).filter(|code| if client { *code != 0 } else { SERVER.contains(code) });
    let error = value(&ERROR[..1]).filter(|error| is_error(error));
    let name = |value: &Value| value.as_str().filter(|text| !text.is_empty() && *text != "true").map(str::to_owned);
    let kind = value(&ERROR[1..]).and_then(name).filter(|kind| kind.parse::<i64>().is_err());
    if http.is_none() && grpc.is_none() && error.is_none() && kind.is_none() {
        return None;
    }
    let words = error.and_then(name).map(Said::Words);
    let by_code = http.map(|code| format!("HTTP {code}")).or_else(|| grpc.map(|code| format!("gRPC {code}")));
    Some(kind.or(by_code).map(Said::Type).or(words).unwrap_or(Said::Nothing))
}

/// True for the value of an `error` that tells of one: anything but a plain no.
pub fn is_error(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !matches!(text.as_str(), "false" | "0"),
        Value::Array(_) | Value::Object(_) => true,
    }
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::document::{Code, ERROR as STATUS_ERROR, OK, RawSpan, Status};

    fn span(kind: i64, status: i64, attributes: &str) -> Option<Said> {
        let raw = serde_json::value::RawValue::from_string(attributes.to_owned()).unwrap();
        let status = Status { code: Code::Number(status), ..Status::default() };
        let unread =
            RawSpan { kind: Code::Number(kind), status, attributes: Attributes::Unread(&raw), ..RawSpan::default() };
        let told = unread.failure();
        let attributes = Attributes::Read(unread.attributes.list());
        assert_eq!(RawSpan { attributes, ..unread }.failure(), told, "read or not, they say the same");
        told
    }

    #[test]
    fn codes_of_http_and_grpc_are_failures_by_who_sees_them() {
        const INTERNAL: i64 = 1;
        const SERVER: i64 = 2;
        const CLIENT: i64 = 3;
        let told = |key: &str, value: &str, kind: i64| {
            span(kind, 0, &format!(r#"[{{"key":"x","value":{{}}}},{{"key":"{key}","value":{{{value}}}}}]"#))
        };
        let said = |text: &str| Some(Said::Type(text.to_owned()));
        for key in HTTP {
            assert_eq!(told(key, r#""intValue":"503""#, SERVER), said("HTTP 503"));
            assert_eq!(told(key, r#""stringValue":"500""#, INTERNAL), said("HTTP 500"));
            assert_eq!(told(key, r#""intValue":404"#, CLIENT), said("HTTP 404"));
            assert_eq!((told(key, r#""intValue":404"#, SERVER), told(key, r#""intValue":200"#, CLIENT)), (None, None));
        }
        for key in GRPC {
            assert_eq!(told(key, r#""intValue":"14""#, SERVER), said("gRPC 14"));
            assert_eq!(told(key, r#""intValue":"5""#, CLIENT), said("gRPC 5"));
            assert_eq!((told(key, r#""intValue":"5""#, SERVER), told(key, r#""intValue":0"#, CLIENT)), (None, None));
        }
    }

    #[test]
    fn what_is_well_is_seen_without_reading_it_and_the_rest_is_read() {
        for (text, well) in [
            (r#"[{"key":"a","value":{"intValue":"7"}}]"#, true),
            (r#"[{"key":"http.status_code","value":{"intValue":"200"}}]"#, true),
            (r#"[ { "key" : "http.status_code" , "value" : { "intValue" : 399 } } ]"#, true),
            (r#"[{"key":"http.status_code", "value": { "stringValue": "204" }}]"#, true),
            (r#"[{"key":"rpc.grpc.status_code","value":{"intValue":"0"}}]"#, true),
            (r#"[{"key":"rpc.grpc.status_code","value":{"intValue":"1"}}]"#, false),
            (r#"[{"value":{"intValue":"200"},"key":"http.status_code"}]"#, false),
            (r#"[{"key":"http.status_code","value":{"intValue":"200"}},{"key":"grpc.status_code","value":{}}]"#, false),
        ] {
            assert_eq!(is_well(text.as_bytes()), well, "{text}");
        }
        let turned = r#"[{"value":{"intValue":"500"},"key":"http.status_code"}]"#;
        assert_eq!(span(2, 0, turned), Some(Said::Type("HTTP 500".to_owned())));
    }

    #[test]
    fn an_error_is_one_where_it_is_not_denied_and_a_status_says_more() {
        let told = |status: i64, value: &str| span(1, status, &format!(r#"[{{"key":"error","value":{{{value}}}}}]"#));
        assert_eq!(told(0, r#""boolValue":true"#), Some(Said::Nothing));
        assert_eq!(told(0, r#""stringValue":"no route""#), Some(Said::Words("no route".to_owned())));
        for denied in [r#""boolValue":false"#, r#""stringValue":"false""#, r#""intValue":"0""#, ""] {
            assert_eq!(told(0, denied), None, "{denied}");
        }
        assert_eq!(told(OK, r#""boolValue":true"#), None, "who set the status knows better");
        assert_eq!(told(STATUS_ERROR, r#""boolValue":false"#), Some(Said::Nothing));
        let timeout = r#"[{"key":"error.type","value":{"stringValue":"timeout"}}]"#;
        assert_eq!(span(3, STATUS_ERROR, timeout), Some(Said::Type("timeout".to_owned())));
        assert_eq!(span(3, 0, "{}"), None, "what is no list tells nothing");
    }
}
