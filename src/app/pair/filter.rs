//! Filters: the table shows only the rows that searches found, with some rows around each; all others fold.

use super::{Pair, Search};
use crate::query::Query;
use crate::view::Folding;

/// How many rows around each may be shown: `More context` and `Less context` go through these.
const CONTEXTS: [u32; 6] = [0, 1, 3, 10, 30, 100];

/// Searches that were made filters; a row must be found by all of them.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    parts: Vec<Query>,
    search: Search,
}

impl Filter {
    /// The filters, as they can be typed.
    pub fn parts(&self) -> impl ExactSizeIterator<Item = String> {
        self.parts.iter().map(ToString::to_string)
    }

    /// True when there is one.
    pub fn active(&self) -> bool {
        !self.parts.is_empty()
    }

    /// The search for all of them together.
    pub fn search(&self) -> &Search {
        &self.search
    }

    pub(super) const fn search_mut(&mut self) -> &mut Search {
        &mut self.search
    }

    /// The same filters over another analysis.
    pub(super) fn again(&self, analysis: &crate::analyse::Analysis) -> Self {
        let all = self.parts.iter().cloned().reduce(Query::and);
        let search = all.map(|query| Search::of(query, analysis)).unwrap_or_default();
        Self { parts: self.parts.clone(), search }
    }
}

impl Pair {
    /// Makes the search a filter, beside those that there are.
    pub(super) fn make_filter(&mut self) {
        let Some(query) = self.search.query().cloned() else {
            self.notice = match self.search.fault() {
                Some(fault) => fault.says.clone(),
                None => "Search for something first; then it can be made a filter.".to_owned(),
            };
            return;
        };
        let search = std::mem::take(&mut self.search);
        let first = !self.filter.active();
        self.filter.parts.push(query);
        if first {
            // What it found is what the filter shows, and what it still looks for comes to it.
            self.filter.search = search;
        } else {
            self.filter = self.filter.again(&self.analysis);
        }
        self.fold_to_filter();
    }

    /// Puts these filters in the place of those that there are.
    pub(super) fn set_filters(&mut self, parts: Vec<Query>) {
        if self.filter.parts != parts {
            self.filter.parts = parts;
            self.filter = self.filter.again(&self.analysis);
            self.fold_to_filter();
        }
    }

    /// Takes the filter at this place away.
    pub(super) fn remove_filter(&mut self, place: usize) {
        if place < self.filter.parts.len() {
            self.filter.parts.remove(place);
            self.filter = self.filter.again(&self.analysis);
            self.fold_to_filter();
        }
    }

    /// Takes all filters away.
    pub(super) fn clear_filters(&mut self) {
        if !self.filter.active() {
            "There is no filter.".clone_into(&mut self.notice);
            return;
        }
        self.filter = Filter::default();
        self.fold_to_filter();
    }

    /// Shows more or fewer rows around those that a filter shows, or around differences.
    pub(super) fn change_context(&mut self, more: bool) {
        let place = CONTEXTS.partition_point(|&context| context < self.context);
        let next = if more { place + 1 } else { place.saturating_sub(1) };
        self.context = CONTEXTS[next.min(CONTEXTS.len() - 1)];
        let of = if self.filter.active() { "row that the filter shows" } else { "difference" };
        let rows = if self.context == 1 { "row" } else { "rows" };
        self.notice = format!("{} {rows} before and after each {of}.", self.context);
        if self.lines.sorted().is_some() {
            self.notice.push_str(" Rows are sorted: they come back in recorded order.");
        }
        self.fold_to_filter();
    }

    /// The folds where nothing is filtered.
    pub(super) fn around_differences(&self) -> Folding {
        let groups = &self.analysis.comparison.groups;
        Folding::new(self.rows(), self.context).with_bursts(groups, self.rows(), !self.bursts_folded)
    }

    /// Folds to what the filter shows, or around differences where there is none. As long as a filter's search is not done,
    /// the table stays as it is.
    pub(super) fn fold_to_filter(&mut self) {
        let folding = if !self.filter.active() {
            self.around_differences()
        } else if self.filter.search.done() {
            Folding::around(self.rows().len(), self.filter.search.rows(), self.context)
        } else {
            return;
        };
        self.keeping_the_eye(|pair| pair.lines.set_folding(folding));
        self.sort_again();
    }
}
