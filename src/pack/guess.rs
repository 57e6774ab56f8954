//! Recognises JSON lines, arrays and documents by content.

use serde_json::{Deserializer, Map, Value};

use super::words::side_hints;
use crate::ingest::Format;
use crate::trace::Side;

/// Records looked at for the ids of traces.
const SAMPLE: usize = 10_000;

/// Ids beyond which a file holds a population, not traces to choose from.
const MANY: usize = 50;

/// Lines in which the first record must come.
const BANNER: usize = 100;

/// Fields that tell the traces in a file apart.
const TRACE_FIELDS: [&str; 5] = ["trace_id", "run_id", "side", "run", "trace"];

/// What some bytes are.
pub enum Guess {
    Records {
        format: Format,
        title: Option<String>,
        traces: Option<(String, Vec<String>)>,
    },
    Both {
        expected: Format,
        actual: Format,
        title: Option<String>,
    },
    No(String),
    /// The beginning of a document: more of it is needed.
    More,
}

/// Recognises the bytes at the start of a file.
pub fn guess(head: &[u8], whole: bool) -> Guess {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let no = |what: &str| Guess::No(what.to_owned());
    match text.as_bytes().first() {
        None => return no("It is empty."),
        Some(b'[') if text[1..].trim_start().starts_with(['{', ']']) => return array(text, whole),
        Some(b'[') => return no("It is a JSON array, but not of objects."),
        Some(b'{') => {}
        // What a program says before its first record.
        Some(_) if text.lines().take(BANNER).any(|line| serde_json::from_str::<Map<_, _>>(line).is_ok()) => {
            return lines(text);
        }
        Some(_) => return no("It holds no JSON objects."),
    }
    let mut objects = Deserializer::from_str(text).into_iter::<Map<String, Value>>();
    let first = match objects.next() {
        Some(Ok(first)) => first,
        Some(Err(e)) if e.is_eof() && !whole => return Guess::More,
        // A first line that is damaged is a matter for the reader.
        _ => return lines(text),
    };
    let rest = &text[objects.byte_offset()..];
    let one_line = !text[..objects.byte_offset()].contains('\n');
    if rest.trim().is_empty() && whole {
        return document(&first, one_line, text);
    }
    if one_line && rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n') {
        return lines(text);
    }
    if rest.trim_start().starts_with('{') {
        let records: Vec<_> = std::iter::once(first).chain(objects.map_while(Result::ok)).take(SAMPLE).collect();
        return Guess::Records { format: Format::JsonStream, title: None, traces: traces(&records) };
    }
    lines(text)
}

fn lines(text: &str) -> Guess {
    let records: Vec<_> = text.lines().take(SAMPLE).filter_map(|line| serde_json::from_str(line).ok()).collect();
    Guess::Records { format: Format::JsonLines, title: None, traces: traces(&records) }
}

fn array(text: &str, whole: bool) -> Guess {
    let records: Vec<Map<String, Value>> =
        if whole { serde_json::from_str(text).unwrap_or_default() } else { Vec::new() };
    Guess::Records { format: Format::JsonArray, title: None, traces: traces(&records) }
}

fn document(document: &Map<String, Value>, one_line: bool, text: &str) -> Guess {
    let title = ["incident_name", "scenario", "name"].iter().find_map(|key| document.get(*key)?.as_str());
    let title = title.map(str::to_owned);
    let objects = |key: &str| {
        let array = document.get(key)?.as_array()?;
        let records: Vec<_> = array.iter().filter_map(|r| r.as_object().cloned()).collect();
        (!records.is_empty()).then_some(records)
    };
    if objects("expected").is_some() && objects("actual").is_some() {
        let format = |path: &str| Format::Document { path: path.to_owned() };
        return Guess::Both { expected: format("expected"), actual: format("actual"), title };
    }
    let Some((key, records)) =
        ["events", "spans", "records", "trace"].iter().find_map(|key| Some((*key, objects(key)?)))
    else {
        let flat = one_line && document.values().all(|v| !v.is_array());
        return if flat {
            lines(text)
        } else {
            Guess::No("It is a JSON document without a list of events.".to_owned())
        };
    };
    Guess::Records { format: Format::Document { path: key.to_owned() }, title, traces: traces(&records) }
}

/// The field whose values tell traces apart, and the values.
fn traces(records: &[Map<String, Value>]) -> Option<(String, Vec<String>)> {
    let records = &records[..records.len().min(SAMPLE)];
    let fields = TRACE_FIELDS.iter().filter_map(|&field| {
        let mut ids = Vec::new();
        for record in records {
            let id = match record.get(field)? {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => return None,
            };
            if !ids.contains(&id) {
                ids.push(id);
            }
            if ids.len() > MANY {
                return None;
            }
        }
        (ids.len() > 1).then(|| (field.to_owned(), ids))
    });
    let fields: Vec<_> = fields.collect();
    let sided = |(_, ids): &&(String, Vec<String>)| {
        let hints = side_hints(ids.iter().map(String::as_str));
        hints.contains(&Some(Side::Expected)) && hints.contains(&Some(Side::Actual))
    };
    let worth = |(field, ids): &&(String, Vec<String>)| field.ends_with("_id") && ids.len() * 2 <= records.len();
    fields.iter().find(sided).or_else(|| fields.iter().find(worth)).cloned()
}
