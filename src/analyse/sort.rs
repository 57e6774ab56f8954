//! Rows in another order than the recorded one: by what they are, or by what an event of a side says. A row stays a row, and what
//! it is not sorted by stays in recorded order.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Analysis;
use super::block::Block;
use crate::compare::{Row, RowClass};
use crate::ingest::{FieldReader, Format};
use crate::pack::Recording;
use crate::trace::{EventIndex, Field, Scalar, Side};

/// Rows whose keys are found at once: between two such blocks it can be cancelled.
const BLOCK: u32 = 1 << 13;

/// What rows are sorted by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortKey {
    /// What a row is; what differs comes first.
    Class,
    /// How much later actual's event is than expected's, each from its side's start.
    Apart,
    /// The place of a side's event in its recording.
    Index(Side),
    /// When a side's event was.
    Time(Side),
    /// What kind of event it is, by name.
    Kind(Side),
    /// The value of a field of this path: numbers by size, before all others by name.
    Field(Side, String),
}

impl SortKey {
    /// `class`, `actual time`: what a person sees.
    pub fn words(&self) -> String {
        match self {
            Self::Class => "class".to_owned(),
            Self::Apart => "time apart".to_owned(),
            Self::Index(side) => format!("{side} index"),
            Self::Time(side) => format!("{side} time"),
            Self::Kind(side) => format!("{side} kind"),
            Self::Field(side, path) => format!("{side} {path}"),
        }
    }
}

/// An order of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    /// By what.
    pub by: SortKey,
    /// True when the largest comes first.
    #[serde(default)]
    pub descending: bool,
}

/// Who is told how far it is, and says whether to go on.
pub trait Sorting: Sync {
    /// So many of all rows were looked at.
    fn step(&self, done: u32, all: u32);
    /// True when nobody wants the order any more.
    fn cancelled(&self) -> bool;
}

/// The rows that `shown` allows in an order. Rows without what they are sorted by come last, whichever way. The order does not
/// depend on the number of threads. An empty one when it was cancelled.
///
/// # Errors
/// When a field is sorted by and an event cannot be read again, as a sentence.
pub fn sort(
    analysis: &Analysis,
    sort: &Sort,
    shown: &(dyn Fn(u32) -> bool + Sync),
    told: &impl Sorting,
) -> Result<Vec<u32>, String> {
    let rows: Vec<u32> = (0..analysis.comparison.rows.len()).filter(|&row| shown(row)).collect();
    let mut keyed = match &sort.by {
        SortKey::Field(side, path) => by_field(analysis, *side, path, &rows, told)?,
        by => by_columns(analysis, by, &rows, told),
    };
    if told.cancelled() {
        return Ok(Vec::new());
    }
    if sort.descending {
        keyed.par_iter_mut().for_each(|(key, _)| *key = if *key == NOTHING { NOTHING } else { NOTHING - 1 - *key });
    }
    keyed.par_sort_unstable();
    Ok(keyed.into_iter().map(|(_, row)| row).collect())
}

/// The key of a row without what it is sorted by.
const NOTHING: u64 = u64::MAX;

/// Signed numbers in the order of unsigned ones, below [`NOTHING`].
fn signed(value: i64) -> u64 {
    (value as u64 ^ (1 << 63)).min(NOTHING - 1)
}

/// Keys that need no text.
fn by_columns(analysis: &Analysis, by: &SortKey, rows: &[u32], told: &impl Sorting) -> Vec<(u64, u32)> {
    let table = &analysis.comparison.rows;
    let mut kinds: Vec<(&String, usize)> = analysis.names.kinds.iter().zip(0..).collect();
    kinds.sort_unstable();
    let mut ranks = vec![0_u64; kinds.len()];
    for ((_, kind), rank) in kinds.into_iter().zip(0..) {
        ranks[kind] = rank;
    }
    let starts = Side::BOTH.map(|side| origin(analysis, side));
    let time = |side: Side, event: Option<EventIndex>| Some(analysis.time(side, event?)?.value);
    let key = |row: Row| match by {
        SortKey::Class => Some(class_rank(row)),
        SortKey::Apart => {
            let [before, now] = Side::BOTH.map(|side| time(side, row.event(side)));
            let since = |time: Option<i64>, start: i64| Some(time?.saturating_sub(start));
            Some(signed(since(now, starts[1])?.saturating_sub(since(before, starts[0])?)))
        }
        SortKey::Index(side) => row.event(*side).map(u64::from),
        SortKey::Time(side) => time(*side, row.event(*side)).map(signed),
        SortKey::Kind(side) => {
            let events = &analysis.sides[*side].as_ref()?.trace.events;
            ranks.get(*events.kinds.get(row.event(*side)? as usize)? as usize).copied()
        }
        SortKey::Field(..) => None,
    };
    let (done, all) = (AtomicU32::new(0), rows.len() as u32);
    rows.par_chunks(BLOCK as usize)
        .flat_map_iter(|block| {
            if !told.cancelled() {
                told.step(done.fetch_add(block.len() as u32, Ordering::Relaxed), all);
            }
            block.iter().map(|&row| (key(table.get(row)).unwrap_or(NOTHING), row))
        })
        .collect()
}

/// Where a side's clock is counted from when both are set beside each other.
fn origin(analysis: &Analysis, side: Side) -> i64 {
    let epoch = analysis.sides[side].as_ref().and_then(|events| events.trace.time.as_ref()).is_some_and(|t| t.epoch);
    analysis.start(side).filter(|_| epoch).map_or(0, |start| start.value)
}

/// What differs comes first, the more the earlier.
const fn class_rank(row: Row) -> u64 {
    match row.class {
        _ if row.unrecorded => 7,
        RowClass::Changed => 0,
        RowClass::Missing => 1,
        RowClass::Extra => 2,
        RowClass::Duplicate => 3,
        RowClass::Moved => 4,
        RowClass::Late => 6,
        RowClass::Same if row.inverted => 5,
        RowClass::Same => 8,
    }
}

/// The value of a field, as far as its text is known.
enum Read {
    Nothing,
    Number(f64),
    Text(String),
}

impl Read {
    fn of(value: Scalar<'_>) -> Self {
        match value {
            Scalar::Null => Self::Nothing,
            Scalar::Int(value) => Self::Number(value as f64),
            Scalar::Uint(value) => Self::Number(value as f64),
            Scalar::Decimal(text) => text.parse().map_or_else(|_| Self::Text(text.to_owned()), Self::Number),
            Scalar::Bool(_) | Scalar::Text(_) | Scalar::Json(_) => Self::Text(value.plain().into_owned()),
        }
    }
}

/// The values of a field of these rows' events.
fn values(analysis: &Analysis, side: Side, path: &str, rows: &[u32]) -> Result<Vec<Read>, String> {
    let mut found: Vec<Read> = rows.iter().map(|_| Read::Nothing).collect();
    let Some(events) = &analysis.sides[side] else { return Ok(found) };
    let table = &analysis.comparison.rows;
    let mut wanted: Vec<(EventIndex, usize)> =
        rows.iter().enumerate().filter_map(|(at, &row)| Some((table.get(row).event(side)?, at))).collect();
    wanted.sort_unstable();
    let owned = |fields: Vec<Field>| {
        let field = fields.into_iter().find(|field| field.path == path);
        field.map(|field| Read::of(field.value.scalar()))
    };
    let mut reader = FieldReader::default();
    let Recording { format, select, .. } = &events.recording;
    Block::each(events, &wanted, |event, at, raw| {
        let value = match format {
            Format::Vcd | Format::VectorClocks => owned(analysis.fields_of(side, event, raw)?),
            // What is too long for a block, or broken, is read by itself.
            _ => match reader.value(raw, select, path, Read::of) {
                Ok(value) => value,
                Err(_) => owned(analysis.fields(side, event)?),
            },
        };
        found[at] = value.unwrap_or(Read::Nothing);
        Ok(())
    })?;
    Ok(found)
}

/// Keys from values, for which every event of the side is read again.
fn by_field(
    analysis: &Analysis,
    side: Side,
    path: &str,
    rows: &[u32],
    told: &impl Sorting,
) -> Result<Vec<(u64, u32)>, String> {
    // Texts are numbered as they come, and ranked when all are known: most fields have few.
    let mut numbers: HashMap<String, u32, foldhash::fast::FixedState> = HashMap::default();
    let mut keyed: Vec<(Key, u32)> = Vec::with_capacity(rows.len());
    for group in rows.chunks(BLOCK as usize * rayon::current_num_threads() * 2) {
        if told.cancelled() {
            return Ok(Vec::new());
        }
        told.step(keyed.len() as u32, rows.len() as u32);
        let read = |rows: &[u32]| values(analysis, side, path, rows);
        let found: Vec<Vec<Read>> = group.par_chunks(BLOCK as usize).map(read).collect::<Result<_, _>>()?;
        for (found, &row) in found.into_iter().flatten().zip(group) {
            let key = match found {
                Read::Nothing => Key::Nothing,
                Read::Number(number) => Key::Number(number),
                Read::Text(text) => {
                    let next = numbers.len() as u32;
                    Key::Text(*numbers.entry(text).or_insert(next))
                }
            };
            keyed.push((key, row));
        }
    }
    let mut texts: Vec<(&String, &u32)> = numbers.iter().collect();
    texts.sort_unstable();
    let mut ranks = vec![0_u64; texts.len()];
    for ((_, &number), rank) in texts.into_iter().zip(0..) {
        ranks[number as usize] = rank;
    }
    let key = |key: Key| match key {
        Key::Nothing => NOTHING,
        // Half of the numbers' range each: a text's rank never reaches it.
        Key::Number(number) => ordered(number) >> 1,
        Key::Text(number) => (1 << 63) + ranks[number as usize],
    };
    Ok(keyed.into_iter().map(|(of, row)| (key(of), row)).collect())
}

#[derive(Clone, Copy)]
enum Key {
    Nothing,
    Number(f64),
    Text(u32),
}

/// Bits of a number that order as the number does.
const fn ordered(number: f64) -> u64 {
    let bits = number.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | (1 << 63) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse::Session;
    use crate::pack::{Found, in_memory};

    struct Silent;

    impl Sorting for Silent {
        fn step(&self, _done: u32, _all: u32) {}
        fn cancelled(&self) -> bool {
            false
        }
    }

    fn analysis() -> Analysis {
        let line = |i: u32, kind: &str, name: &str| {
            format!(
                "{{\"ts\":{},\"type\":\"{kind}\",\"task\":{},\"n\":{},\"name\":\"{name}\"}}\n",
                i * 10,
                i % 2,
                40 - i
            )
        };
        let names = ["b", "a", "10", "9", ""];
        let kinds = ["Stop", "Go", "Wait"];
        let side = |skip: u32, late: u32| -> String {
            let events = (0..30).filter(|&i| i != skip);
            events.map(|i| line(i + u32::from(i == late), kinds[i as usize % 3], names[i as usize % 5])).collect()
        };
        let (expected, actual) = (side(7, 99), side(11, 20));
        let files = [("expected.jsonl", expected.as_bytes()), ("actual.jsonl", actual.as_bytes())];
        match in_memory("pair", &files) {
            Ok(Found::Ready(pack)) => Session::new(*pack).run(&()).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    fn sorted(analysis: &Analysis, by: SortKey, descending: bool) -> Vec<u32> {
        sort(analysis, &Sort { by, descending }, &|_| true, &Silent).unwrap()
    }

    #[test]
    fn every_row_is_there_once_in_order_and_rows_without_the_key_come_last() {
        let analysis = analysis();
        let rows = &analysis.comparison.rows;
        let value = |side: Side, row: u32, path: &str| {
            let detail = analysis.detail(side, rows.get(row).event(side)?);
            detail.value(path).map(|value| value.plain().to_owned())
        };
        for side in Side::BOTH {
            let field = |path: &str| SortKey::Field(side, path.to_owned());
            let keys = [SortKey::Class, SortKey::Apart, SortKey::Index(side), SortKey::Time(side), SortKey::Kind(side)];
            for by in keys.into_iter().chain([field("n"), field("name"), field("none")]) {
                for descending in [false, true] {
                    let order = sorted(&analysis, by.clone(), descending);
                    let mut all = order.clone();
                    all.sort_unstable();
                    assert!(all.into_iter().eq(0..rows.len()), "{by:?}");
                }
            }
            let by_name = sorted(&analysis, field("name"), false);
            let names: Vec<Option<String>> = by_name.iter().map(|&row| value(side, row, "name")).collect();
            let there = names.iter().take_while(|name| name.is_some()).count();
            assert!(names[..there].is_sorted() && names[there..].iter().all(Option::is_none), "{names:?}");
            assert_eq!(there as u32, analysis.len(side));
            let by_number = sorted(&analysis, field("n"), true);
            let numbers: Vec<f64> = by_number.iter().filter_map(|&row| value(side, row, "n")?.parse().ok()).collect();
            assert!(numbers.is_sorted_by(|a, b| a >= b), "{numbers:?}");
        }
        let by_class = sorted(&analysis, SortKey::Class, false);
        let differing = rows.differences().len();
        let (first, rest) = by_class.split_at(differing);
        assert!(first.iter().all(|row| rows.differences().contains(row)) && rest.is_sorted(), "{by_class:?}");
    }

    #[test]
    fn many_rows_are_read_in_blocks_and_each_gets_its_own_value() {
        let value = |i: u32| i * 7_919 % 60_013;
        let line = |i: u32| {
            let pad = if i % 9_000 == 5 { "x".repeat(700_000) } else { "\\u00e9".repeat(i as usize % 5) };
            format!("{{\"seq\":{i},\"type\":\"step\",\"pad\":\"{pad}\",\"n\":{}}}\n", value(i))
        };
        let text: String = (0..40_000).map(line).collect();
        let files = [("expected.jsonl", text.as_bytes()), ("actual.jsonl", text.as_bytes())];
        let Ok(Found::Ready(pack)) = in_memory("pair", &files) else { panic!("it is no pair") };
        let analysis = Session::new(*pack).run(&()).unwrap();
        let by = Sort { by: SortKey::Field(Side::Actual, "n".to_owned()), descending: false };
        let all: [fn(u32) -> bool; 3] = [|_| true, |row| row % 1_237 == 5, |row| row > 39_000];
        for shown in all {
            let mut expected: Vec<u32> = (0..40_000).filter(|&row| shown(row)).collect();
            expected.sort_by_key(|&row| value(row));
            assert_eq!(sort(&analysis, &by, &shown, &Silent).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_not_shown_is_left_out() {
        let order = sort(
            &analysis(),
            &Sort { by: SortKey::Index(Side::Actual), descending: true },
            &|row| row % 3 == 0,
            &Silent,
        );
        let order = order.unwrap();
        assert!(!order.is_empty() && order.iter().all(|row| row % 3 == 0));
    }

    #[test]
    fn numbers_of_both_signs_are_in_order() {
        let numbers = [f64::NEG_INFINITY, -2.5, -1.0, -0.0, 0.0, 1e-9, 3.0, 1e300];
        assert!(numbers.map(ordered).is_sorted());
        assert!([i64::MIN, -1, 0, 1, i64::MAX - 1].map(signed).is_sorted());
    }
}
