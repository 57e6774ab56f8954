//! The ids that tell several traces in one file apart. SEMANTICS: rule 4.

use std::collections::HashMap;

use super::words::side_hints;
use super::{OpenError, Source};
use crate::ingest::{Format, Reader, Select};
use crate::trace::{Path, PathKey, Place, Scalar, Side, Sink};

/// Records looked at.
const SAMPLE: usize = 10_000;

/// Ids beyond which a file is a population, not traces to choose from.
const MANY: usize = 50;

/// Ids remembered of a field: more would only be memory.
const REMEMBERED: usize = 1000;

/// The fields whose values may tell traces apart.
const FIELDS: [&str; 5] = ["trace_id", "run_id", "run", "side", "trace"];

/// A field and its values, in the order of their first appearance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ids {
    /// The field.
    pub field: String,
    /// Its values.
    pub values: Vec<String>,
    /// True when there are so many, or so little is said by them, that the file is one recording unless somebody names
    /// one of them.
    pub vague: bool,
}

/// The ids in the first records of a source, if there are several.
pub fn ids(source: &Source, format: &Format) -> Result<Option<Ids>, OpenError> {
    let mut reader = Reader::new(&source.name, format, &Select::default(), Seen::default());
    let mut stream = source.stream()?;
    while !reader.is_full() {
        let block = stream.next()?;
        if block.is_empty() {
            break;
        }
        reader.push(block);
    }
    Ok(reader.finish().sink.ids())
}

/// The values of each field so far.
#[derive(Debug, Default)]
struct Seen {
    records: usize,
    fields: [Values; FIELDS.len()],
}

#[derive(Debug, Default)]
struct Values {
    /// In the order of their first appearance.
    order: Vec<String>,
    places: HashMap<String, usize>,
    /// Records that have one.
    records: usize,
    /// The value in the record that is being read.
    current: Option<String>,
}

impl Values {
    fn add(&mut self, value: String) {
        if self.order.len() < REMEMBERED && !self.places.contains_key(&value) {
            self.places.insert(value.clone(), self.order.len());
            self.order.push(value);
        }
    }
}

impl Sink for Seen {
    fn fork(&self) -> Self {
        Self::default()
    }

    fn begin(&mut self, _: Place) {
        self.abandon();
    }

    fn field(&mut self, path: Path<'_>, value: Scalar<'_>) {
        let Some(at) = FIELDS.iter().position(|name| PathKey::ROOT.child(name) == path.key) else { return };
        self.fields[at].current = match value {
            Scalar::Int(i) => Some(i.to_string()),
            Scalar::Uint(u) => Some(u.to_string()),
            Scalar::Text(text) => Some(text.to_owned()),
            _ => None,
        };
    }

    fn end(&mut self) {
        self.records += 1;
        for values in &mut self.fields {
            if let Some(value) = values.current.take() {
                values.records += 1;
                values.add(value);
            }
        }
    }

    fn abandon(&mut self) {
        for values in &mut self.fields {
            values.current = None;
        }
    }

    fn append(&mut self, later: Self) {
        self.records += later.records;
        for (values, later) in self.fields.iter_mut().zip(later.fields) {
            values.records += later.records;
            for value in later.order {
                values.add(value);
            }
        }
    }

    fn len(&self) -> usize {
        self.records
    }

    fn is_full(&self) -> bool {
        self.records >= SAMPLE
    }
}

impl Seen {
    /// The field that tells traces apart: one whose values name both sides, else an id that comes again and again.
    fn ids(self) -> Option<Ids> {
        let records = self.records;
        let mut best: Option<Ids> = None;
        for (field, values) in FIELDS.into_iter().zip(self.fields) {
            if values.order.len() < 2 {
                continue;
            }
            let hints = side_hints(values.order.iter().map(String::as_str));
            let sided = hints.contains(&Some(Side::Expected)) && hints.contains(&Some(Side::Actual));
            let repeated = values.order.len() * 2 <= records;
            let clear = sided && values.records * 2 > records;
            let telling = field.ends_with("id") && values.records == records && repeated && values.order.len() <= MANY;
            let ids = Ids { field: field.to_owned(), values: values.order, vague: !clear && !telling };
            if clear {
                return Some(ids);
            }
            if best.as_ref().is_none_or(|best| best.vague && !ids.vague) {
                best = Some(ids);
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[String]) -> Option<(String, usize, bool)> {
        let source = Source::memory("run.jsonl", lines.join("\n").as_bytes());
        ids(&source, &Format::JsonLines).unwrap().map(|ids| (ids.field, ids.values.len(), ids.vague))
    }

    #[test]
    fn values_that_name_both_sides_tell_the_traces_apart() {
        let line = |i: usize, side: &str| format!("{{\"trace_id\":\"t{i}\",\"side\":\"{side}\",\"run\":{i}}}");
        let lines = [line(1, "expected"), line(2, "actual"), line(3, "expected")];
        assert_eq!(of(&lines), Some(("side".to_owned(), 2, false)));
        assert_eq!(of(&[line(1, "buy"), line(1, "sell")]), Some(("side".to_owned(), 2, true)));
        assert_eq!(of(&[line(1, "x"), line(1, "x")]), None);
    }

    #[test]
    fn ids_that_come_again_tell_traces_apart_and_a_population_is_one_recording() {
        let lines = |ids: usize, each: usize| -> Vec<String> {
            (0..ids * each).map(|i| format!("{{\"n\":{i},\"trace_id\":\"{:x}\"}}", i % ids)).collect()
        };
        assert_eq!(of(&lines(2, 5)), Some(("trace_id".to_owned(), 2, false)));
        assert_eq!(of(&lines(8, 1)), Some(("trace_id".to_owned(), 8, true)), "an id of each event");
        assert_eq!(of(&lines(300, 5)), Some(("trace_id".to_owned(), 300, true)));
        let mut header = lines(2, 5);
        header.push("{\"end\":true}".to_owned());
        assert!(of(&header).unwrap().2, "a record without an id would be lost");
    }
}
