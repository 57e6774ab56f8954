//! The scanner and `serde_json` agree: on what is JSON, and on every value.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail as tests do")]

use std::fmt::Write as _;

use dettrace::ingest::{FieldReader, Select, fields};
use dettrace::trace::{Field, Value};
use proptest::prelude::*;

/// Flattens what `serde_json` read as the scanner would hand it over.
fn flatten(path: &str, value: &serde_json::Value, out: &mut Vec<Field>) {
    let leaf = match value {
        serde_json::Value::Object(object) if !object.is_empty() || path.is_empty() => {
            for (name, value) in object {
                flatten(&if path.is_empty() { name.clone() } else { format!("{path}.{name}") }, value, out);
            }
            return;
        }
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(b) => Value::Bool(*b),
        serde_json::Value::Number(n) => Value::Number(n.to_string()),
        serde_json::Value::String(s) => Value::Text(s.clone()),
        other => Value::Json(other.to_string()),
    };
    out.push(Field { path: path.to_owned(), value: leaf });
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        "\\PC{0,12}|[\\x00-\\x7f]{0,9}".prop_map(Into::into),
    ];
    let object = |value: BoxedStrategy<serde_json::Value>| {
        proptest::collection::btree_map("[a-z_\"\\\\é]{1,9}", value, 0..6)
            .prop_map(|map| serde_json::Value::Object(map.into_iter().collect()))
    };
    let value = leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![object(inner.clone()), proptest::collection::vec(inner, 0..4).prop_map(Into::into)]
    });
    object(value.boxed())
}

/// Writes JSON with white space where it may stand, and some characters escaped.
fn spaced(text: &str, noise: &[u8]) -> String {
    let (mut out, mut quoted, mut escaped, mut hex) = (String::new(), false, false, 0);
    for (i, c) in text.chars().enumerate() {
        let noise = noise.get(i % noise.len().max(1)).copied().unwrap_or(0);
        if quoted {
            quoted = escaped || c != '"';
            let plain = !escaped && hex == 0 && c != '\\' && c != '"';
            hex = if escaped && c == 'u' { 4 } else { hex - hex.min(1) };
            escaped = !escaped && c == '\\';
            if plain && noise % 3 == 0 {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}").unwrap();
                }
            } else {
                out.push(c);
            }
        } else {
            quoted = c == '"';
            let structural = matches!(c, '{' | '}' | '[' | ']' | ',' | ':');
            if structural {
                out.push_str(["", " ", "\t", "  ", "\r\n "][noise as usize % 5]);
            }
            out.push(c);
            if structural {
                out.push_str(["", " ", "", "\n"][noise as usize % 4]);
            }
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn values_are_those_that_serde_json_reads(value in json(), noise in proptest::collection::vec(any::<u8>(), 0..40)) {
        let text = spaced(&value.to_string(), &noise);
        let mut expected = Vec::new();
        flatten("", &value, &mut expected);
        let read = fields(text.as_bytes(), &Select::default()).unwrap();
        // The escapes inside arrays stay as they were written.
        let same = |a: &Field, b: &Field| a.path == b.path && match (&a.value, &b.value) {
            (Value::Json(a), Value::Json(b)) => {
                serde_json::from_str::<serde_json::Value>(a).unwrap() == serde_json::from_str::<serde_json::Value>(b).unwrap()
            }
            (a, b) => a == b,
        };
        prop_assert!(read.len() == expected.len() && read.iter().zip(&expected).all(|(a, b)| same(a, b)), "{text}\n{read:?}\n{expected:?}");
    }

    #[test]
    fn what_serde_json_refuses_is_refused(
        value in json(), at in any::<prop::sample::Index>(), with in "[\\x00-\\x7f]{0,2}", cut in 0..3_usize,
    ) {
        let text = value.to_string();
        let mut at = at.index(text.len());
        while !text.is_char_boundary(at) { at -= 1; }
        let mut end = (at + cut).min(text.len());
        while !text.is_char_boundary(end) { end += 1; }
        let text = format!("{}{with}{}", &text[..at], &text[end..]);
        let theirs = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text);
        let ours = fields(text.as_bytes(), &Select::default());
        let out_of_range = theirs.as_ref().is_err_and(|e| e.to_string().contains("out of range"));
        prop_assert!(out_of_range || theirs.is_ok() == ours.is_ok(), "{text:?}\n{theirs:?}\n{ours:?}");
    }

    #[test]
    fn what_was_read_before_changes_nothing(
        values in proptest::collection::vec(json(), 1..6),
        noise in proptest::collection::vec(any::<u8>(), 0..9),
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), "[\\{\\}:,\"1 ]{0,2}"), 0..4),
    ) {
        let mut texts: Vec<String> = values.iter().map(|value| spaced(&value.to_string(), &noise)).collect();
        let damaged = cuts.iter().map(|(at, with)| {
            let text = &texts[at.index(texts.len())];
            let mut at = at.index(text.len());
            while !text.is_char_boundary(at) { at -= 1; }
            format!("{}{with}{}", &text[..at], &text[at..])
        });
        let damaged: Vec<String> = damaged.collect();
        texts.extend(damaged);
        let mut reader = FieldReader::default();
        for text in texts.iter().chain(&texts) {
            let mut read = Vec::new();
            reader.any(text.as_bytes(), &Select::default(), &mut |path, value| {
                read.push((path.text.to_owned(), value.plain().into_owned()));
                false
            });
            let sound = reader.value(text.as_bytes(), &Select::default(), "", |_| ()).is_ok();
            let alone = fields(text.as_bytes(), &Select::default());
            prop_assert_eq!(sound, alone.is_ok(), "{}", text);
            let alone = alone.unwrap_or_default();
            let plain = |field: &Field| (field.path.clone(), field.value.plain().to_owned());
            prop_assert!(!sound || read.ends_with(&alone.iter().map(plain).collect::<Vec<_>>()), "{text}\n{read:?}\n{alone:?}");
        }
    }
}
