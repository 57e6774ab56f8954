//! Values of chosen fields replaced in the text of records: the same value by the same pseudonym, in every field and on both
//! sides. All other bytes stay as they were recorded.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::trace::escape;

/// Replaces values, and remembers by what.
pub struct Redactor<'a> {
    fields: &'a [String],
    /// How often each field was found.
    found: Vec<u64>,
    pseudonyms: Pseudonyms,
}

/// What stands for values, the same for the same one.
#[derive(Debug, Clone, Default)]
pub struct Pseudonyms {
    /// By the value's text in the record.
    known: BTreeMap<String, String>,
}

impl Pseudonyms {
    /// The pseudonym of a value, both as JSON: a number for a number, else a word. `null` hides nothing and stays.
    pub fn of(&mut self, value: &str) -> String {
        let next = self.known.len() + 1;
        if value == "null" {
            return value.to_owned();
        }
        let number = value.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        let new = || if number { next.to_string() } else { format!("\"redacted-{next}\"") };
        self.known.entry(value.to_owned()).or_insert_with(new).clone()
    }
}

impl<'a> Redactor<'a> {
    /// Replaces the values of these fields, by dotted path.
    pub fn new(fields: &'a [String]) -> Self {
        Self { fields, found: vec![0; fields.len()], pseudonyms: Pseudonyms::default() }
    }

    /// A record with its values replaced.
    ///
    /// # Errors
    /// When the text is no JSON, so that nothing can be found in it; as a sentence.
    pub fn redacted(&mut self, raw: &str) -> Result<String, String> {
        if self.fields.is_empty() {
            return Ok(raw.to_owned());
        }
        serde_json::from_str::<serde::de::IgnoredAny>(raw.trim_start_matches('\u{feff}'))
            .map_err(|error| format!("A record is no JSON ({error}), so its fields cannot be redacted."))?;
        let mut walk = Walk { text: raw, at: 0, path: Vec::new(), out: String::new(), kept: 0 };
        walk.skip_to_value();
        walk.value(self);
        walk.out.push_str(&raw[walk.kept..]);
        Ok(walk.out)
    }

    /// What was replaced: the fields that were found, and for the pack these with the pseudonyms, never values.
    ///
    /// # Errors
    /// When a field is in no record and `may_lack` does not say that this is fine, as a sentence: a slip must not look like a
    /// redaction.
    pub fn finish(self, may_lack: bool) -> Result<(Vec<String>, Value), String> {
        if let Some(at) = self.found.iter().position(|&count| count == 0).filter(|_| !may_lack) {
            return Err(format!(
                "No record of the slice has a field {}, so nothing was redacted. Check its dotted path.",
                escape(&self.fields[at])
            ));
        }
        let mut pseudonyms: Vec<&String> = self.pseudonyms.known.values().collect();
        pseudonyms.sort_by_key(|pseudonym| (pseudonym.len(), pseudonym.as_str()));
        let pseudonyms: Vec<Value> =
            pseudonyms.into_iter().filter_map(|pseudonym| serde_json::from_str(pseudonym).ok()).collect();
        let found = self.fields.iter().zip(&self.found).filter(|(_, count)| **count > 0);
        let fields: Vec<String> = found.map(|(field, _)| field.clone()).collect();
        let told = json!({ "fields": fields, "pseudonyms": pseudonyms });
        Ok((fields, told))
    }
}

/// A walk through the text of a record that is known to be JSON.
struct Walk<'t> {
    text: &'t str,
    at: usize,
    path: Vec<String>,
    out: String,
    /// Up to here the text is in `out`.
    kept: usize,
}

impl Walk<'_> {
    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(b'}')
    }

    fn skip_to_value(&mut self) {
        let rest = &self.text[self.at..];
        let skipped = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '\u{feff}');
        self.at += rest.len() - skipped.len();
    }

    /// Walks over a value, which is replaced when its field is to be.
    fn value(&mut self, redactor: &mut Redactor<'_>) {
        let path = self.path.join(".");
        if let Some(field) = redactor.fields.iter().position(|field| !path.is_empty() && *field == path) {
            let start = self.at;
            self.skip_value();
            redactor.found[field] += 1;
            let pseudonym = redactor.pseudonyms.of(&self.text[start..self.at]);
            self.out.push_str(&self.text[self.kept..start]);
            self.out.push_str(&pseudonym);
            self.kept = self.at;
            return;
        }
        match self.byte() {
            b'{' => self.members(
                |walk, redactor| {
                    let start = walk.at;
                    walk.skip_string();
                    let key = serde_json::from_str::<String>(&walk.text[start..walk.at]).unwrap_or_default();
                    walk.skip_to_value();
                    walk.at += 1; // The colon.
                    walk.skip_to_value();
                    walk.path.push(key);
                    walk.value(redactor);
                    walk.path.pop();
                },
                redactor,
            ),
            b'[' => self.members(Self::value, redactor),
            _ => self.skip_value(),
        }
    }

    /// Walks over what stands between brackets.
    fn members(&mut self, member: impl Fn(&mut Self, &mut Redactor<'_>), redactor: &mut Redactor<'_>) {
        self.at += 1;
        loop {
            self.skip_to_value();
            match self.byte() {
                b'}' | b']' => break,
                b',' => self.at += 1,
                _ => member(self, redactor),
            }
        }
        self.at = (self.at + 1).min(self.text.len());
    }

    fn skip_string(&mut self) {
        self.at += 1;
        while self.byte() != b'"' && self.at < self.text.len() {
            self.at += if self.byte() == b'\\' { 2 } else { 1 };
        }
        self.at = (self.at + 1).min(self.text.len());
    }

    fn skip_value(&mut self) {
        let mut depth = 0_u32;
        loop {
            match self.byte() {
                b'"' => self.skip_string(),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                b'}' | b']' | b',' if depth == 0 => return,
                byte if depth == 0 && byte.is_ascii_whitespace() => return,
                _ => self.at += 1,
            }
            if self.at >= self.text.len() || depth == 0 && matches!(self.byte(), b',' | b'}' | b']') {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(fields: &[&str], raw: &str) -> String {
        let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
        Redactor::new(&fields).redacted(raw).unwrap()
    }

    #[test]
    fn only_the_value_changes_and_every_other_byte_stays() {
        let raw = r#"{ "a" : "x\"y" , "n": 1.10, "m": {"a": "x\"y", "b":[1, {"c" : -7}] } }"#;
        assert_eq!(redacted(&["a"], raw), raw.replacen(r#""x\"y""#, "\"redacted-1\"", 1));
        assert_eq!(redacted(&["m.b"], raw), raw.replace(r#"[1, {"c" : -7}]"#, "\"redacted-1\""));
        assert_eq!(redacted(&["m.b.c", "n"], raw), raw.replace("1.10", "1").replace("-7", "2"));
        assert_eq!(redacted(&["m"], r#"{"m":{"a":[{}]}}"#), r#"{"m":"redacted-1"}"#);
        assert_eq!(redacted(&["m"], r#"{"m":null,"x":1}"#), r#"{"m":null,"x":1}"#);
        assert_eq!(redacted(&[], "no JSON"), "no JSON");
    }

    #[test]
    fn one_value_has_one_pseudonym_in_all_fields_and_records() {
        let fields = ["span".to_owned(), "parent".to_owned()];
        let mut redactor = Redactor::new(&fields);
        assert_eq!(redactor.redacted(r#"{"span":"a"}"#).unwrap(), r#"{"span":"redacted-1"}"#);
        let second = redactor.redacted(r#"{"span":"b","parent":"a"}"#).unwrap();
        assert_eq!(second, r#"{"span":"redacted-2","parent":"redacted-1"}"#);
        assert!(redactor.redacted("{\"span\":").unwrap_err().contains("no JSON"));
        assert_eq!(redactor.finish(false).unwrap().1["pseudonyms"], json!(["redacted-1", "redacted-2"]));
    }

    #[test]
    fn a_field_that_no_record_has_is_a_slip_unless_it_may_be_lacking() {
        let fields = ["a".to_owned(), "b".to_owned()];
        let redactor = || {
            let mut redactor = Redactor::new(&fields);
            redactor.redacted(r#"{"a":1}"#).unwrap();
            redactor
        };
        assert!(redactor().finish(false).unwrap_err().contains("has a field b"));
        assert_eq!(redactor().finish(true).unwrap(), (vec!["a".to_owned()], json!({"fields":["a"],"pseudonyms":[1]})));
    }

    #[test]
    fn a_key_written_with_escapes_is_the_same_key() {
        assert_eq!(redacted(&["é"], r#"{"\u00e9":"secret"}"#), r#"{"\u00e9":"redacted-1"}"#);
    }
}
