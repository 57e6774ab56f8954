//! JSON as it is printed: keys in our order, recorded events embedded digit by digit.

use serde::Serialize;
use serde::de::IgnoredAny;

/// A piece of a JSON document.
pub enum Node {
    /// Finished JSON text.
    Leaf(String),
    /// Values in order.
    Array(Vec<Node>),
    /// Keys and values in order.
    Object(Vec<(&'static str, Node)>),
}

impl Node {
    /// `null`.
    pub fn null() -> Self {
        Self::Leaf("null".to_owned())
    }

    /// A number, a word, a string or a small structure, as serde spells it.
    pub fn of(value: impl Serialize) -> Self {
        // Only strings, numbers and our own plain structs come here, and those cannot fail.
        serde_json::to_string(&value).map_or_else(|_| Self::null(), |text| Self::Leaf(visible(&text)))
    }

    /// The node of what is there, or `null`.
    pub fn maybe<T>(value: Option<T>, node: impl FnOnce(T) -> Self) -> Self {
        value.map_or_else(Self::null, node)
    }

    /// One node for each item.
    pub fn list<T>(items: impl IntoIterator<Item = T>, node: impl FnMut(T) -> Self) -> Self {
        Self::Array(items.into_iter().map(node).collect())
    }

    /// A recorded event, exactly as its recording spells it but on one line; `null` if its text is no JSON.
    pub fn recorded(raw: &str) -> Self {
        let raw = raw.trim_start_matches('\u{feff}').trim();
        match serde_json::from_str::<IgnoredAny>(raw) {
            Ok(_) => Self::Leaf(visible(&without_space(raw))),
            Err(_) => Self::null(),
        }
    }

    /// The document: each key of the top on its own line, each item of a list of objects too, all else on one line.
    pub fn document(&self) -> String {
        let mut out = String::new();
        let Self::Object(members) = self else {
            self.inline(&mut out);
            out.push('\n');
            return out;
        };
        out.push_str("{\n");
        for (i, (key, value)) in members.iter().enumerate() {
            out.push_str(if i == 0 { "  \"" } else { ",\n  \"" });
            out.push_str(key);
            out.push_str("\": ");
            match value {
                Self::Array(items) if items.iter().any(|item| matches!(item, Self::Object(_))) => {
                    for (i, item) in items.iter().enumerate() {
                        out.push_str(if i == 0 { "[\n    " } else { ",\n    " });
                        item.inline(&mut out);
                    }
                    out.push_str("\n  ]");
                }
                value => value.inline(&mut out),
            }
        }
        out.push_str("\n}\n");
        out
    }

    fn inline(&self, out: &mut String) {
        match self {
            Self::Leaf(text) => out.push_str(text),
            Self::Array(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    out.push_str(if i == 0 { "" } else { ", " });
                    item.inline(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (i, (key, value)) in members.iter().enumerate() {
                    out.push_str(if i == 0 { "\"" } else { ", \"" });
                    out.push_str(key);
                    out.push_str("\": ");
                    value.inline(out);
                }
                out.push('}');
            }
        }
    }
}

/// JSON text whose strings hide nothing: the characters that a terminal obeys or hides become `\uXXXX`, which means the same.
fn visible(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut utf8 = [0; 4];
    for c in json.chars() {
        if crate::trace::escape(c.encode_utf8(&mut utf8)).len() == c.len_utf8() {
            out.push(c);
        } else {
            let digit = |shift: u32| char::from_digit((u32::from(c) >> shift) & 0xF, 16);
            out.push_str("\\u");
            out.extend([12, 8, 4, 0].into_iter().filter_map(digit));
        }
    }
    out
}

/// JSON text without the space between its tokens.
fn without_space(json: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    json.chars()
        .filter(|&c| {
            if in_string {
                in_string = escaped || c != '"';
                escaped = c == '\\' && !escaped;
                true
            } else {
                in_string = c == '"';
                !c.is_ascii_whitespace()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inline(node: &Node) -> String {
        let mut out = String::new();
        node.inline(&mut out);
        out
    }

    #[test]
    fn a_recorded_number_keeps_every_digit() {
        let raw = r#"{"a":18446744073709551617,"b":1.10,"c":1e-400,"d":-0}"#;
        assert_eq!(inline(&Node::recorded(raw)), raw);
    }

    #[test]
    fn a_recorded_event_over_several_lines_is_put_on_one() {
        let raw = "\u{feff}{\n  \"a b\" : \"c \\\" d\\\\\" ,\r\n\t\"e\": [ 1, 2 ]\n}\n";
        assert_eq!(inline(&Node::recorded(raw)), r#"{"a b":"c \" d\\","e":[1,2]}"#);
    }

    #[test]
    fn what_is_no_json_is_null_and_what_would_hide_is_escaped() {
        assert_eq!(inline(&Node::recorded("{\"a\":1")), "null");
        assert_eq!(inline(&Node::recorded("{\"a\":\"x\u{202e}y\u{7f}\"}")), r#"{"a":"x\u202ey\u007f"}"#);
        let text = inline(&Node::of("é\u{1b}\u{200b}\n"));
        assert_eq!(text, r#""é\u001b\u200b\n""#);
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), "é\u{1b}\u{200b}\n");
    }

    #[test]
    fn a_document_has_one_line_a_key_and_one_a_listed_object() {
        let node = Node::Object(vec![
            ("a", Node::of(1)),
            ("b", Node::Array(vec![Node::Object(vec![("c", Node::null())]), Node::Object(vec![])])),
            ("d", Node::list(["x", "y"], Node::of)),
            ("e", Node::Array(vec![])),
        ]);
        assert_eq!(
            node.document(),
            "{\n  \"a\": 1,\n  \"b\": [\n    {\"c\": null},\n    {}\n  ],\n  \"d\": [\"x\", \"y\"],\n  \"e\": []\n}\n"
        );
    }
}
