//! The same recordings with names that nobody knows: what is told by names only is not told then.

use serde_json::{Map, Value};

use crate::case::Case;

/// What the names of such cases end with.
pub const SUFFIX: &str = "/names-unknown";

/// The case with every name of a field replaced by letters that mean nothing; the same name by the same letters.
pub fn veiled(case: &Case) -> Case {
    let text = |text: &str| text.lines().map(line).collect();
    Case {
        expected: text(&case.expected),
        actual: text(&case.actual),
        name: format!("{}{SUFFIX}", case.name),
        ..case.clone()
    }
}

/// A line that is no record stays as it is.
fn line(text: &str) -> String {
    let veiled = serde_json::from_str(text).map_or_else(|_| text.to_owned(), |value| under(value).to_string());
    veiled + "\n"
}

fn under(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (letters(&name), under(value))).collect::<Map<_, _>>())
        }
        other => other,
    }
}

/// Six letters for a name, drawn from its bytes (FNV-1a).
fn letters(name: &str) -> String {
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (0..6).map(|at| char::from(b'a' + ((hash >> (at * 8)) % 26) as u8)).collect()
}
