//! A search over both sides: what was typed, what it means, and what a job has found so far.

use std::ops::Range;

use roaring::RoaringBitmap;

use super::Pair;
use crate::analyse::Analysis;
use crate::query::{Fault, Highlight, Query, parse};
use crate::trace::Side;

/// A query, asked of every event by a job.
#[derive(Debug, Clone, Default)]
pub struct Search {
    text: String,
    query: Option<Query>,
    fault: Option<Fault>,
    highlight: Highlight,
    /// The number of the job that looks; 0 before it was started.
    job: u64,
    done: bool,
    looked_at: u64,
    all: u64,
    found: RoaringBitmap,
    /// The direction of a jump that waits for the next row found.
    wanted: Option<bool>,
    trouble: String,
}

impl Search {
    /// A search for what was typed, that has not looked at anything yet.
    pub(super) fn new(text: &str, analysis: &Analysis) -> Self {
        match parse(text) {
            Ok(None) => Self { text: text.to_owned(), ..Self::default() },
            Ok(Some(query)) => Self { text: text.to_owned(), ..Self::of(query, analysis) },
            Err(fault) => Self { text: text.to_owned(), fault: Some(fault), ..Self::default() },
        }
    }

    /// A search for a query.
    pub(super) fn of(query: Query, analysis: &Analysis) -> Self {
        Self {
            text: query.to_string(),
            highlight: Highlight::new(&query),
            query: Some(query),
            all: Side::BOTH.into_iter().map(|side| u64::from(analysis.len(side))).sum(),
            ..Self::default()
        }
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is searched for, if it could be read.
    pub fn query(&self) -> Option<&Query> {
        self.query.as_ref()
    }

    /// Why what was typed cannot be read, and where.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// What of the events on screen is to be marked.
    pub fn highlight(&self) -> &Highlight {
        &self.highlight
    }

    /// True when something is searched for.
    pub fn active(&self) -> bool {
        self.query.is_some()
    }

    /// True when every event was looked at, or cannot be.
    pub fn done(&self) -> bool {
        self.done
    }

    /// Events looked at, of all.
    pub fn progress(&self) -> (u64, u64) {
        (self.looked_at, self.all)
    }

    /// How many rows were found so far.
    pub fn count(&self) -> u32 {
        self.found.len() as u32
    }

    /// What changes as soon as more rows are found, or others are looked for.
    pub fn version(&self) -> (u64, u32) {
        (self.job, self.count())
    }

    /// True when the row was found.
    pub fn found(&self, row: u32) -> bool {
        self.found.contains(row)
    }

    /// True when one of these rows was found.
    pub fn any_in(&self, rows: Range<u32>) -> bool {
        self.found.range(rows.start..).next().is_some_and(|row| row < rows.end)
    }

    /// Every row found, ascending.
    pub fn rows(&self) -> impl Iterator<Item = u32> {
        self.found.iter()
    }

    /// The place of a found row among all found so far, from 1.
    pub fn place(&self, row: u32) -> Option<u32> {
        self.found(row).then(|| self.found.rank(row) as u32)
    }

    /// Why not everything could be searched, as a sentence; usually empty.
    pub fn trouble(&self) -> &str {
        &self.trouble
    }

    /// True when a job has to be started for it.
    pub(super) fn waits(&self) -> bool {
        self.active() && self.job == 0
    }

    /// Notes the number of its job.
    pub(super) const fn begin(&mut self, job: u64) {
        self.job = job;
    }

    /// The number of the job that looks for it now.
    pub(super) fn running(&self) -> Option<u64> {
        (self.active() && !self.done && self.job != 0).then_some(self.job)
    }

    fn take(&mut self, rows: &[u32], looked_at: u64) {
        self.found.extend(rows);
        self.looked_at = looked_at;
    }

    fn end(&mut self, result: Result<(), String>) {
        self.done = true;
        self.trouble = result.err().unwrap_or_default();
    }

    /// The nearest found row after (or before) a row, going round at the end.
    fn nearest(&self, row: Option<u32>, forward: bool) -> Option<u32> {
        if forward {
            row.and_then(|row| self.found.range(row + 1..).next()).or_else(|| self.found.min())
        } else {
            row.and_then(|row| self.found.range(..row).next_back()).or_else(|| self.found.max())
        }
    }
}

impl Pair {
    /// Changes what is searched for; the same text goes on.
    pub(super) fn set_search(&mut self, text: &str) {
        if text != self.search.text {
            self.search = Search::new(text, &self.analysis);
        }
    }

    /// Numbers the searches for which a job has to be started, from `last` on, and says which.
    pub(in crate::app) fn begin_finds(&mut self, last: &mut u64) -> Vec<u64> {
        let waiting = [&mut self.search, self.filter.search_mut()].into_iter().filter(|search| search.waits());
        let begin = |search: &mut Search| {
            *last += 1;
            search.begin(*last);
            *last
        };
        waiting.map(begin).collect()
    }

    /// The query of a job that runs.
    pub(in crate::app) fn query_of(&self, job: u64) -> Option<&Query> {
        let search = [&self.search, self.filter.search()].into_iter().find(|search| search.running() == Some(job));
        search.and_then(Search::query)
    }

    fn search_of(&mut self, job: u64) -> Option<&mut Search> {
        [&mut self.search, self.filter.search_mut()].into_iter().find(|search| search.running() == Some(job))
    }

    /// Takes in what a job found; what an older one found is dropped.
    pub(in crate::app) fn take_found(&mut self, job: u64, rows: &[u32], looked_at: u64) {
        if let Some(search) = self.search_of(job) {
            search.take(rows, looked_at);
            self.go_where_wanted();
        }
    }

    /// Takes in that a job has ended.
    pub(in crate::app) fn end_find(&mut self, job: u64, result: Result<(), String>) {
        let of_filter = self.filter.search().running() == Some(job);
        if let Some(search) = self.search_of(job) {
            search.end(result);
            self.go_where_wanted();
        }
        if of_filter {
            self.fold_to_filter();
        }
    }

    fn go_where_wanted(&mut self) {
        if let Some(forward) = self.search.wanted
            && (self.search.count() > 0 || self.search.done())
        {
            self.go_to_found(forward);
        }
    }

    pub(super) fn go_to_found(&mut self, forward: bool) {
        self.search.wanted = None;
        if let Some(fault) = &self.search.fault {
            self.notice.clone_from(&fault.says);
        }
        if !self.search.active() {
            return;
        }
        let from = self.selection.map(|selection| selection.row);
        let nearest = match self.lines.sorted() {
            Some(sorted) => {
                let line = from.and_then(|row| self.lines.find(row));
                sorted.nearest(line, forward, |row| self.search.found(row))
            }
            None => self.search.nearest(from, forward),
        };
        match nearest {
            Some(row) => self.select_row(row, None),
            None if self.search.done() => self.notice = format!("Nothing holds “{}”.", self.search.text),
            None => self.search.wanted = Some(forward),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_asked_for_by_place_range_and_direction() {
        let mut search = Search { query: parse("open").expect("it is a word"), ..Search::default() };
        search.take(&[70_000, 64, 3], 3);
        search.take(&[3, 65], 5);
        assert_eq!((search.count(), search.progress().0), (4, 5));
        assert!(search.rows().eq([3, 64, 65, 70_000]));
        assert_eq!([3, 64, 65, 70_000].map(|row| search.place(row)), [Some(1), Some(2), Some(3), Some(4)]);
        assert_eq!((search.place(4), search.place(70_001)), (None, None));
        assert!(search.any_in(65..66) && search.any_in(66..70_001) && search.any_in(0..4));
        assert!(!search.any_in(66..70_000) && !search.any_in(70_001..u32::MAX) && !search.any_in(4..4));
        // Lines that are drawn in another order than their rows make ranges that end before they begin.
        let (from, to) = (80_000, 2);
        assert!(!search.any_in(from..to));
        let steps = [(None, 3, 70_000), (Some(3), 64, 70_000), (Some(64), 65, 3), (Some(70_000), 3, 65)];
        for (from, next, previous) in steps {
            assert_eq!(search.nearest(from, true), Some(next), "after {from:?}");
            assert_eq!(search.nearest(from, false), Some(previous), "before {from:?}");
        }
        assert_eq!(Search::default().nearest(Some(7), true), None);
    }
}
