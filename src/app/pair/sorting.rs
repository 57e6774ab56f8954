//! The table in another order than the recorded one: by what it is sorted, and the job that sorts.

use std::sync::Arc;

use super::{MARGIN, Pair, View};
use crate::analyse::{Sort, SortKey};
use crate::trace::Side;
use crate::view::Sorted;

/// Where a sort stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    /// A job has to be started.
    #[default]
    Waits,
    /// The job of this number sorts.
    Runs(u64),
    /// The table is in its order.
    Shown,
}

/// What the table is sorted by.
#[derive(Debug, Clone, Default)]
pub struct Sorting {
    sort: Option<Sort>,
    stage: Stage,
    /// True when a person just asked for it, and wants to see its beginning.
    asked: bool,
    /// Rows looked at, of all.
    progress: (u64, u64),
}

/// What a job needs to sort: by what, and which rows are shown.
pub type SortWork = (Sort, Box<dyn Fn(u32) -> bool + Send + Sync>);

impl Sorting {
    /// What the table is sorted by, or will be; `None` for the recorded order.
    pub const fn sort(&self) -> Option<&Sort> {
        self.sort.as_ref()
    }

    /// The share that is done while it is being sorted, 0 to 1.
    pub fn running(&self) -> Option<f32> {
        let runs = self.sort.is_some() && self.stage != Stage::Shown;
        runs.then(|| self.progress.0 as f32 / self.progress.1.max(1) as f32)
    }

    /// The same for another analysis, in which it is not sorted yet.
    pub(super) fn again(&self) -> Self {
        Self { sort: self.sort.clone(), ..Self::default() }
    }
}

impl Pair {
    /// The rows in sight where they are sorted, and so are no part of the whole that has two ends; empty where they are not, or where
    /// the timeline is looked at.
    pub fn sorted_in_sight(&self) -> Vec<u32> {
        if self.lines.sorted().is_none() || self.view == View::Timeline {
            return Vec::new();
        }
        self.lines_in_sight().map(|line| self.lines.at(line).first_row()).collect()
    }

    /// What the table is sorted by.
    pub const fn sorting(&self) -> &Sorting {
        &self.sorting
    }

    /// Everything that the table can be sorted by now, in the order of its columns.
    pub fn sort_keys(&self) -> Vec<SortKey> {
        let analysis = &self.analysis;
        let mut keys = vec![SortKey::Class];
        for side in Side::BOTH.into_iter().filter(|&side| analysis.len(side) > 0) {
            keys.push(SortKey::Index(side));
            keys.extend(analysis.start(side).map(|_| SortKey::Time(side)));
            if !analysis.names.kinds.iter().all(String::is_empty) {
                keys.push(SortKey::Kind(side));
            }
            keys.extend(self.columns.list().iter().map(|column| SortKey::Field(side, column.path.clone())));
        }
        if Side::BOTH.into_iter().all(|side| keys.contains(&SortKey::Time(side))) {
            keys.push(SortKey::Apart);
        }
        keys
    }

    /// Sorts by a column; where it is sorted by that already, the other way, and then not at all.
    pub(super) fn sort_by(&mut self, by: SortKey) {
        let descending = match &self.sorting.sort {
            Some(sort) if sort.by == by && sort.descending => return self.recorded_order(),
            Some(sort) => sort.by == by,
            None => false,
        };
        self.set_sort(Some(Sort { by, descending }));
        self.sorting.asked = true;
    }

    /// Sorts by the column behind the one that it is sorted by; behind the last, not at all.
    pub(super) fn sort_by_next(&mut self) {
        let keys = self.sort_keys();
        let place = self.sorting.sort.as_ref().map(|sort| keys.iter().position(|key| *key == sort.by));
        let next = place.map_or(0, |place| place.map_or(0, |place| place + 1));
        match keys.get(next) {
            Some(by) => {
                self.notice = format!("Sorted by {}.", by.words());
                self.set_sort(Some(Sort { by: by.clone(), descending: false }));
                self.sorting.asked = true;
            }
            None => self.recorded_order(),
        }
    }

    /// Turns the order round.
    pub(super) fn sort_other_way(&mut self) {
        if let Some(Sort { by, descending }) = self.sorting.sort.clone() {
            self.set_sort(Some(Sort { by, descending: !descending }));
            self.sorting.asked = true;
        }
    }

    /// Sorts by this, or not at all; a job does it.
    pub(super) fn set_sort(&mut self, sort: Option<Sort>) {
        self.sorting = Sorting { sort, ..Sorting::default() };
    }

    /// Goes back to the recorded order.
    pub(super) fn recorded_order(&mut self) {
        if self.sorting.sort.is_none() {
            return "The rows are in recorded order.".clone_into(&mut self.notice);
        }
        self.sorting = Sorting::default();
        self.lines.set_sorted(None);
        self.scroller.set_lines(self.all_lines());
        "The rows are in recorded order again.".clone_into(&mut self.notice);
        if let Some(selection) = self.selection {
            self.select_row(selection.row, None);
        }
    }

    /// Sorts anew what is shown now, if it is sorted.
    pub(super) fn sort_again(&mut self) {
        self.sorting.stage = Stage::Waits;
    }

    /// Numbers the job that has to be started, from `last` on.
    pub(in crate::app) fn begin_sort(&mut self, last: &mut u64) -> Option<u64> {
        let settled = !self.filter.active() || self.filter.search().done();
        if self.sorting.sort.is_none() || self.sorting.stage != Stage::Waits || !settled {
            return None;
        }
        *last += 1;
        self.sorting.stage = Stage::Runs(*last);
        self.sorting.progress = (0, 0);
        Some(*last)
    }

    /// True while the order that this job makes is wanted.
    pub(in crate::app) fn waits_for_sort(&self, job: u64) -> bool {
        self.sorting.stage == Stage::Runs(job)
    }

    /// What the job of this number sorts by, and which rows; `None` when nobody wants it any more.
    pub(in crate::app) fn sort_of(&self, job: u64) -> Option<SortWork> {
        let sort = self.sorting.sort.clone().filter(|_| self.waits_for_sort(job))?;
        let filter = self.filter.active().then(|| self.filter.search().clone());
        Some((sort, Box::new(move |row| filter.as_ref().is_none_or(|search| search.found(row)))))
    }

    /// How far the job is.
    pub(in crate::app) fn sort_step(&mut self, job: u64, progress: (u64, u64)) {
        if self.waits_for_sort(job) {
            self.sorting.progress = progress;
        }
    }

    /// Takes in the order that a job made, or why it could not.
    pub(in crate::app) fn end_sort(&mut self, job: u64, result: Result<Arc<Sorted>, String>) {
        if !self.waits_for_sort(job) {
            return;
        }
        match result {
            Ok(sorted) => {
                self.sorting.stage = Stage::Shown;
                self.lines.set_sorted(Some(sorted));
                self.scroller.set_lines(self.all_lines());
                if std::mem::take(&mut self.sorting.asked) {
                    self.scroller.set_top(0, 0.0);
                } else if let Some(line) = self.selection.and_then(|selection| self.lines.find(selection.row)) {
                    self.scroller.reveal(line, MARGIN);
                }
            }
            Err(trouble) => {
                let sentence = format!("The rows cannot be sorted by that. {trouble}");
                self.recorded_order();
                self.notice = sentence;
            }
        }
    }
}
