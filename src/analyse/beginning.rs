//! The first rows of both sides, long before their ends are read: what a person looks at meanwhile.

use std::sync::Arc;

use super::Analysis;
use super::session::{Progress, Reading, Trouble, conclude, finish};
use crate::compare::{Comparison, Row, Rows};
use crate::pack::Pack;
use crate::spec::{SAMPLE, Spec, Tokenizer};
use crate::trace::{Side, Sides, Warnings};

/// Bytes of a side that are read at most, however few events are in them.
const BYTES: u64 = 8 << 20;
/// The last rows are left out, this part of all: what stands beside them may come only behind what was read.
const EDGE: u32 = 16;

/// Asked whether to go on, and told nothing: what is done here is no stage of its own.
struct Silent<'a>(&'a dyn Progress);

impl Progress for Silent<'_> {
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}

/// The first rows, compared by the spec that holds for all, without a verdict. `None` where the whole is not longer than them,
/// and where a beginning says nothing: of sides that have nothing in common so far.
///
/// # Errors
/// When a side cannot be read, or the progress says to stop.
pub(super) fn read(pack: &Arc<Pack>, spec: &Spec, progress: &dyn Progress) -> Result<Option<Analysis>, Trouble> {
    let mut read = Sides::default();
    let mut over = true;
    for side in Side::BOTH {
        let Some(recording) = &pack.sides[side] else { continue };
        let mut reading = Reading::begin(recording, Tokenizer::new(spec))?;
        let mut bytes = 0;
        while !reading.ended && bytes < BYTES && reading.records() < SAMPLE as u64 {
            if progress.cancelled() {
                return Err(Trouble::Cancelled);
            }
            bytes += reading.advance()?;
        }
        over &= reading.ended;
        read[side] = Some(finish(reading));
    }
    if over {
        return Ok(None);
    }
    let analysis = conclude(Arc::clone(pack), spec.clone(), read, Warnings::default(), &Silent(progress))?;
    let rows = beginning(&analysis);
    if rows.is_empty() {
        return Ok(None);
    }
    let comparison = Comparison { rows, ..Comparison::default() };
    Ok(Some(Analysis { comparison, warnings: Warnings::default(), partial: false, provisional: true, ..analysis }))
}

/// The rows that more events leave as they are, as far as that can be known.
fn beginning(analysis: &Analysis) -> Rows {
    let all = &analysis.comparison.rows;
    let paired = Side::BOTH.into_iter().all(|side| analysis.sides[side].is_some());
    let settled = |row: &Row| !paired || (row.expected.is_some() && row.actual.is_some());
    let end = (0..all.len()).rev().find(|&row| settled(&all.get(row))).map_or(0, |last| last + 1);
    let mut rows = Rows::with_events(analysis.len(Side::Expected) as usize, analysis.len(Side::Actual) as usize);
    for row in 0..end - end / EDGE {
        rows.push(all.get(row));
    }
    rows
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::analyse::Session;
    use crate::pack::{self, Found};

    /// Wants the first rows of whatever is read, and keeps them.
    #[derive(Default)]
    struct Keeps(Mutex<Option<Analysis>>);

    impl Progress for Keeps {
        fn wants_rows(&self, _bytes: u64) -> bool {
            true
        }

        fn rows(&self, rows: Analysis) {
            *self.0.lock().unwrap() = Some(rows);
        }
    }

    fn lines(events: usize, line: impl Fn(usize) -> String) -> String {
        (0..events).map(line).collect()
    }

    fn step(i: usize, value: usize) -> String {
        format!("{{\"seq\":{i},\"type\":\"step\",\"task\":{},\"value\":{value}}}\n", i % 5)
    }

    /// What is shown first, and the answer.
    fn both(name: [&str; 2], texts: [&str; 2]) -> (Option<Analysis>, Analysis) {
        let files = [(name[0], texts[0].as_bytes()), (name[1], texts[1].as_bytes())];
        let Found::Ready(pack) = pack::in_memory("case", &files).unwrap() else { panic!("there are two sides") };
        let keeps = Keeps::default();
        let answer = Session::new(*pack).run(&keeps).unwrap();
        (keeps.0.into_inner().unwrap(), answer)
    }

    #[test]
    fn the_first_rows_are_those_of_the_answer() {
        let expected = lines(40_000, |i| step(i, i / 7 % 11));
        // One event is other, one is missing: what follows stands beside what it belongs to all the same.
        let actual = lines(40_000, |i| match i {
            300 => step(i, 99),
            2_000 => String::new(),
            _ => step(i, i / 7 % 11),
        });
        let (first, answer) = both(["expected.jsonl", "actual.jsonl"], [&expected, &actual]);
        let first = first.expect("forty thousand events have a beginning");
        assert!(first.provisional && first.comparison.causes.is_empty());
        let rows = &first.comparison.rows;
        assert!((8_000..12_000).contains(&rows.len()), "{}", rows.len());
        for row in 0..rows.len() {
            assert_eq!(rows.get(row), answer.comparison.rows.get(row), "row {row}");
        }
        let differ = answer.comparison.rows.differences();
        assert_eq!(rows.differences(), &differ[..differ.partition_point(|&row| row < rows.len())]);
        assert!(rows.get(300).differs());
        let detail = first.detail(Side::Actual, 300);
        assert!(detail.raw.contains("\"value\":99"), "{}", detail.raw);
    }

    #[test]
    fn a_lone_trace_shows_its_first_events() {
        let text = lines(40_000, |i| step(i, 3));
        let Found::Ready(pack) = pack::in_memory("lone", &[("run.jsonl", text.as_bytes())]).unwrap() else {
            panic!("there is one recording")
        };
        let keeps = Keeps::default();
        Session::new(*pack).run(&keeps).unwrap();
        let rows = keeps.0.into_inner().unwrap().expect("it has a beginning").comparison.rows;
        assert!(rows.len() > 8_000 && rows.differences().is_empty(), "{}", rows.len());
    }

    #[test]
    fn what_has_no_beginning_of_its_own_shows_none() {
        // Read to its end by then.
        let short = lines(2_000, |i| step(i, 3));
        let (first, answer) = both(["expected.jsonl", "actual.jsonl"], [&short, &short]);
        assert!(first.is_none() && answer.comparison.rows.len() == 2_000);
    }

    #[test]
    fn a_document_has_a_beginning_of_whole_events() {
        let list = |value| format!("[{}]", lines(60_000, |i| step(i, value)).trim_end().replace('\n', ",\n"));
        let document = |value| format!("{{\"events\":{}}}", list(value));
        for [one, other] in [[list(3), list(4)], [document(3), document(4)]] {
            let (first, answer) = both(["expected.json", "actual.json"], [&one, &other]);
            let (first, all) = (first.expect("it has one").comparison.rows, answer.comparison.rows);
            assert!((8_000..12_000).contains(&first.len()) && all.len() == 60_000, "{} {}", first.len(), all.len());
            assert!((0..first.len()).all(|row| first.get(row) == all.get(row)));
        }
    }
}
