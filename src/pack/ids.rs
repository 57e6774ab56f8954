//! The ids that tell several traces in one file apart. SEMANTICS: rule 4.

use std::collections::HashMap;

use super::words::side_hints;
use super::{OpenError, Source};
use crate::ingest::{Format, Reader, Select};
use crate::trace::{Path, PathKey, Place, Scalar, Side, Sink};

/// Records after which a file without ids, or with too many of them, is read no further. Others are read to their end,
/// since a trace may begin anywhere.
const SAMPLE: u64 = 10_000;

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
    /// How many records have each of them.
    counts: Vec<usize>,
    /// How many records there are.
    records: usize,
    /// True when there are so many, or so little is said by them, that the file is one recording unless somebody names
    /// one of them.
    pub vague: bool,
}

impl Ids {
    /// How many records belong to none of these values.
    pub fn beside(&self, taken: &[&str]) -> usize {
        let with = |(value, count): (&String, &usize)| if taken.contains(&value.as_str()) { *count } else { 0 };
        self.records - self.values.iter().zip(&self.counts).map(with).sum::<usize>()
    }
}

/// The ids in a source, if there are several.
pub fn ids(source: &Source, format: &Format) -> Result<Option<Ids>, OpenError> {
    let mut reader = Reader::new(&source.name, format, &Select::default(), Seen::default());
    let mut stream = source.stream()?;
    while reader.records() < SAMPLE || reader.sink().may_tell() {
        let block = stream.next()?;
        if block.is_empty() {
            break;
        }
        reader.push(block);
    }
    Ok(reader.finish().sink.ids())
}

/// The values of each field so far.
#[derive(Debug)]
struct Seen {
    records: usize,
    fields: [Values; FIELDS.len()],
}

#[derive(Debug)]
struct Values {
    key: PathKey,
    /// In the order of their first appearance.
    order: Vec<String>,
    /// How many records have each.
    counts: Vec<usize>,
    places: HashMap<String, usize>,
    /// Records that have one.
    records: usize,
    /// The value in the record that is being read, if it has one.
    current: String,
    any: bool,
}

impl Values {
    fn of(field: &str) -> Self {
        Self {
            key: PathKey::ROOT.child(field),
            order: Vec::new(),
            counts: Vec::new(),
            places: HashMap::new(),
            records: 0,
            current: String::new(),
            any: false,
        }
    }

    fn add(&mut self, value: &str, count: usize) {
        if let Some(&at) = self.places.get(value) {
            self.counts[at] += count;
        } else if self.order.len() < REMEMBERED {
            self.places.insert(value.to_owned(), self.order.len());
            self.order.push(value.to_owned());
            self.counts.push(count);
        }
    }
}

impl Default for Seen {
    fn default() -> Self {
        Self { records: 0, fields: FIELDS.map(Values::of) }
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
        let Some(values) = self.fields.iter_mut().find(|values| values.key == path.key) else { return };
        values.any = true;
        match value {
            Scalar::Int(i) => values.current = i.to_string(),
            Scalar::Uint(u) => values.current = u.to_string(),
            Scalar::Text(text) => text.clone_into(&mut values.current),
            _ => values.any = false,
        }
    }

    fn end(&mut self) {
        self.records += 1;
        for values in &mut self.fields {
            if std::mem::take(&mut values.any) {
                let value = std::mem::take(&mut values.current);
                values.records += 1;
                values.add(&value, 1);
                values.current = value;
            }
        }
    }

    fn abandon(&mut self) {
        for values in &mut self.fields {
            values.any = false;
        }
    }

    fn append(&mut self, later: &mut Self) {
        let later = std::mem::take(later);
        self.records += later.records;
        for (values, later) in self.fields.iter_mut().zip(later.fields) {
            values.records += later.records;
            for (value, count) in later.order.iter().zip(later.counts) {
                values.add(value, count);
            }
        }
    }

    fn len(&self) -> usize {
        self.records
    }
}

impl Seen {
    /// True when what follows may still make traces of the records, or a trace may still get company.
    fn may_tell(&self) -> bool {
        self.fields.iter().any(|values| values.order.len() == 1) || self.ids().is_some_and(|ids| !ids.vague)
    }

    /// The field that tells traces apart: one whose values name both sides, else an id that comes again and again.
    fn ids(&self) -> Option<Ids> {
        let records = self.records;
        let mut best: Option<Ids> = None;
        for (field, values) in FIELDS.into_iter().zip(&self.fields) {
            if values.order.len() < 2 {
                continue;
            }
            let hints = side_hints(values.order.iter().map(String::as_str));
            let sided = hints.contains(&Some(Side::Expected)) && hints.contains(&Some(Side::Actual));
            let repeated = values.order.len() * 2 <= records;
            let clear = sided && values.records * 2 > records;
            let telling = field.ends_with("id") && values.records == records && repeated && values.order.len() <= MANY;
            let ids = Ids {
                field: field.to_owned(),
                values: values.order.clone(),
                counts: values.counts.clone(),
                records,
                vague: !clear && !telling,
            };
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

    /// More records of one id than any sample holds.
    fn long(id: &str) -> impl Iterator<Item = String> {
        let padding = "x".repeat(60);
        let line = move |i: usize| format!("{{\"n\":{i},\"trace_id\":\"{id}\",\"note\":\"{padding}\"}}");
        (0..60_000).map(line)
    }

    #[test]
    fn a_trace_that_begins_late_is_a_trace() {
        let lone: Vec<String> = long("door-baseline").collect();
        assert_eq!(of(&lone), None);
        let mut lines = lone;
        lines.extend(long("door-candidate"));
        assert!(lines.join("\n").len() > 2 * crate::pack::stream::BLOCK);
        assert_eq!(of(&lines), Some(("trace_id".to_owned(), 2, false)));
        lines.extend((0..60).map(|i| format!("{{\"trace_id\":\"{i}\",\"n\":0}}")));
        let source = Source::memory("run.jsonl", lines.join("\n").as_bytes());
        let ids = ids(&source, &Format::JsonLines).unwrap().unwrap();
        assert_eq!((ids.records, ids.values.len(), ids.vague), (120_060, 62, false));
        assert_eq!(ids.beside(&["door-baseline", "door-candidate"]), 60);
    }

    #[test]
    fn a_file_without_ids_or_with_too_many_is_not_read_to_its_end() {
        let mut plain: Vec<String> = long("x").map(|line| line.replace("trace_id", "other")).collect();
        plain.extend(long("good"));
        plain.extend(long("bad"));
        assert_eq!(of(&plain), None);
        let mut population: Vec<String> =
            long("t").enumerate().map(|(i, l)| l.replace("\"t\"", &format!("\"{i}\""))).collect();
        population.extend(long("late"));
        let (_, values, vague) = of(&population).unwrap();
        assert_eq!((values, vague), (REMEMBERED, true));
    }
}
