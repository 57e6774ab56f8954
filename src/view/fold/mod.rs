//! Folding: long runs of rows that say the same thing become one line. Line ↔ row in O(log n), built in O(differences).

#[cfg(test)]
mod tests;

use crate::compare::{Group, GroupKind, Rows};

/// Rows kept in sight on each side of a difference, where nobody says otherwise.
pub const CONTEXT: u32 = 3;
/// A fold that hides fewer rows than this costs more attention than it saves.
const LEAST_HIDDEN: u32 = 3;
/// Rows of an unrecorded tail that stay in sight: enough to see what would have come.
const UNRECORDED_SHOWN: u32 = 24;

/// Fewer rows of a burst are not worth a line of their own.
const LEAST_BURST: usize = 4;

/// What the rows of a run have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// They are the same on both sides.
    Equal,
    /// They stand after the end of a side that stopped early.
    Unrecorded,
    /// They are not what a filter shows.
    Filtered,
    /// They are the group at this place of the comparison's: a burst that only one side has.
    Burst(u32),
}

/// Rows that can be folded into one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Its first row.
    pub start: u32,
    /// How many rows.
    pub len: u32,
    /// What they have in common.
    pub kind: RunKind,
    /// True when they are shown one by one.
    pub open: bool,
}

impl Run {
    const fn end(&self) -> u32 {
        self.start + self.len
    }

    const fn is_burst(&self) -> bool {
        matches!(self.kind, RunKind::Burst(_))
    }

    /// Lines it saves.
    const fn saved(&self) -> u32 {
        if self.open { 0 } else { self.len - 1 }
    }
}

/// What stands in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// A row.
    Row(u32),
    /// A folded run.
    Fold(Run),
}

impl Line {
    /// The row, or the first row of the fold.
    pub const fn first_row(self) -> u32 {
        match self {
            Self::Row(row) => row,
            Self::Fold(run) => run.start,
        }
    }

    /// The row, or the last row of the fold.
    pub const fn last_row(self) -> u32 {
        match self {
            Self::Row(row) => row,
            Self::Fold(run) => run.start + run.len - 1,
        }
    }
}

/// Which rows are folded, and so which line each row stands in.
#[derive(Debug, Clone, Default)]
pub struct Folding {
    rows: u32,
    runs: Vec<Run>,
    /// Lines saved by the runs before each run.
    saved: Vec<u32>,
    generation: u32,
}

impl Folding {
    /// Folds every run of equal rows but for `context` rows around each difference, and the far part of an unrecorded
    /// tail. Without any difference there is nothing to fold around, and every row shows.
    pub fn new(rows: &Rows, context: u32) -> Self {
        let mut folding = Self { rows: rows.len(), ..Self::default() };
        let mut equal_from = 0;
        let mut unrecorded: Option<(u32, u32)> = None;
        let differences = rows.differences();
        for &row in differences {
            folding.add_equal(equal_from, row, differences, context);
            equal_from = row + 1;
            let is_unrecorded = rows.get(row).unrecorded;
            unrecorded = match unrecorded {
                Some((start, end)) if is_unrecorded && end == row => Some((start, row + 1)),
                earlier => {
                    folding.add_unrecorded(earlier);
                    is_unrecorded.then_some((row, row + 1))
                }
            };
        }
        folding.add_unrecorded(unrecorded);
        if !differences.is_empty() {
            folding.add_equal(equal_from, folding.rows, differences, context);
        }
        folding.runs.sort_unstable_by_key(|run| run.start);
        folding.count_from(0);
        folding
    }

    /// Adds the bursts among these groups, open or folded. A difference that is not of the burst parts it, so that nothing
    /// goes with a line that does not tell of it.
    #[must_use]
    pub fn with_bursts(mut self, groups: &[Group], rows: &Rows, open: bool) -> Self {
        let known = self.runs.len();
        let differences = rows.differences();
        let place_of = |row: u32| differences.partition_point(|&differing| differing < row);
        for (place, group) in groups.iter().enumerate().filter(|(_, group)| group.kind == GroupKind::Burst) {
            let own = |&row: &u32| rows.kind(row).class.alone().is_some_and(|side| group.side == Some(side));
            for part in differences[place_of(group.first)..place_of(group.last + 1)].split(|row| !own(row)) {
                let (Some(&start), Some(&last)) = (part.first(), part.last()) else { continue };
                let before = self.runs[..known].partition_point(|run| run.start <= last);
                let overlaps = before.checked_sub(1).is_some_and(|at| self.runs[at].end() > start);
                if part.len() >= LEAST_BURST && !overlaps {
                    let kind = RunKind::Burst(place as u32);
                    self.runs.push(Run { start, len: last + 1 - start, kind, open });
                }
            }
        }
        self.runs.sort_unstable_by_key(|run| run.start);
        self.count_from(0);
        self
    }

    /// Folds every row but those of `shown`, which ascend, and `context` rows around each.
    pub fn around(rows: u32, shown: impl Iterator<Item = u32>, context: u32) -> Self {
        let mut folding = Self { rows, ..Self::default() };
        let mut hide = |from: u32, to: u32| {
            if from < to {
                folding.runs.push(Run { start: from, len: to - from, kind: RunKind::Filtered, open: false });
            }
        };
        let mut from = 0;
        for row in shown {
            hide(from, row.saturating_sub(context));
            from = row.saturating_add(context).saturating_add(1).min(rows);
        }
        hide(from, rows);
        folding.count_from(0);
        folding
    }

    /// This instead of `before`: whoever keeps something by its generation sees that it is another.
    #[must_use]
    pub fn instead_of(mut self, before: &Self) -> Self {
        self.generation += before.generation;
        self
    }

    fn add_equal(&mut self, from: u32, to: u32, differences: &[u32], context: u32) {
        // At the very ends there is a difference on one side only.
        let from = if from == 0 && differences.first() != Some(&0) { from } else { from.saturating_add(context) };
        let to = if to == self.rows { to } else { to.saturating_sub(context) };
        if to >= from.saturating_add(LEAST_HIDDEN) {
            self.runs.push(Run { start: from, len: to - from, kind: RunKind::Equal, open: false });
        }
    }

    fn add_unrecorded(&mut self, rows: Option<(u32, u32)>) {
        if let Some((start, end)) = rows
            && end - start >= UNRECORDED_SHOWN + LEAST_HIDDEN
        {
            let start = start + UNRECORDED_SHOWN;
            self.runs.push(Run { start, len: end - start, kind: RunKind::Unrecorded, open: false });
        }
    }

    fn count_from(&mut self, first: usize) {
        self.generation += 1;
        self.saved.resize(self.runs.len(), 0);
        let mut saved = match first.checked_sub(1) {
            Some(before) => self.saved[before] + self.runs[before].saved(),
            None => 0,
        };
        for (run, before) in self.runs[first..].iter().zip(&mut self.saved[first..]) {
            *before = saved;
            saved += run.saved();
        }
    }

    /// Another number whenever a line may have moved.
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// How many lines there are.
    pub fn lines(&self) -> u32 {
        let saved = self.runs.last().zip(self.saved.last()).map_or(0, |(run, before)| before + run.saved());
        self.rows - saved
    }

    /// What stands in `line`, which must be below [`Self::lines`].
    pub fn at(&self, line: u32) -> Line {
        // The line of a run's first row grows strictly with the run, so it can be searched.
        let mut low = 0;
        let mut high = self.runs.len();
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.runs[middle].start - self.saved[middle] <= line {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let Some(i) = low.checked_sub(1) else { return Line::Row(line) };
        let (run, saved) = (self.runs[i], self.saved[i]);
        let row = line + saved;
        if run.open {
            Line::Row(row)
        } else if row == run.start {
            Line::Fold(run)
        } else {
            Line::Row(row + run.saved())
        }
    }

    /// The line of `row`: its own, or its fold's.
    pub fn line_of(&self, row: u32) -> u32 {
        self.line_behind(self.last_run_at(row), row)
    }

    /// The lines of rows that ascend, each with its row: what one costs does not depend on how many runs there are.
    pub fn lines_of(&self, rows: impl Iterator<Item = u32>) -> impl Iterator<Item = (u32, u32)> {
        let mut behind = 0;
        rows.map(move |row| {
            behind += self.runs[behind..].iter().take_while(|run| run.start <= row).count();
            (row, self.line_behind(behind.checked_sub(1), row))
        })
    }

    /// The line of `row`, of which the last run that does not begin behind it is known.
    fn line_behind(&self, last: Option<usize>, row: u32) -> u32 {
        let Some(i) = last else { return row };
        let (run, saved) = (self.runs[i], self.saved[i]);
        if run.open {
            row - saved
        } else if row < run.end() {
            run.start - saved
        } else {
            row - saved - run.saved()
        }
    }

    fn last_run_at(&self, row: u32) -> Option<usize> {
        self.runs.partition_point(|run| run.start <= row).checked_sub(1)
    }

    /// The run that holds `row`, folded or open.
    pub fn run_of(&self, row: u32) -> Option<Run> {
        self.last_run_at(row).map(|i| self.runs[i]).filter(|run| row < run.end())
    }

    /// True when `row` is inside a fold and so not in sight.
    pub fn hides(&self, row: u32) -> bool {
        self.run_of(row).is_some_and(|run| !run.open)
    }

    /// Opens or closes the run that holds `row`; false when none does or nothing changed.
    pub fn set_open(&mut self, row: u32, open: bool) -> bool {
        let Some(i) = self.last_run_at(row).filter(|&i| row < self.runs[i].end()) else { return false };
        if self.runs[i].open == open {
            return false;
        }
        self.runs[i].open = open;
        self.count_from(i);
        true
    }

    /// Opens or closes every run but bursts.
    pub fn set_all(&mut self, open: bool) {
        self.runs.iter_mut().filter(|run| !run.is_burst()).for_each(|run| run.open = open);
        self.count_from(0);
    }

    /// Opens or closes every burst.
    pub fn set_bursts(&mut self, open: bool) {
        self.runs.iter_mut().filter(|run| run.is_burst()).for_each(|run| run.open = open);
        self.count_from(0);
    }

    /// Opens the runs that hold these rows.
    pub fn open_those(&mut self, rows: impl Iterator<Item = u32>) {
        for row in rows {
            if let Some(i) = self.last_run_at(row).filter(|&i| row < self.runs[i].end()) {
                self.runs[i].open = true;
            }
        }
        self.count_from(0);
    }

    /// Keeps `row` and `context` rows around it out of the folded run that hides it; the rest of the run stays folded.
    pub fn keep(&mut self, row: u32, context: u32) {
        let Some(i) = self.last_run_at(row).filter(|&i| row < self.runs[i].end() && !self.runs[i].open) else { return };
        let run = self.runs.remove(i);
        let (before, after) = (row.saturating_sub(context).max(run.start), (row + context + 1).min(run.end()));
        let parts = [Run { len: before - run.start, ..run }, Run { start: after, len: run.end() - after, ..run }];
        let parts = parts.into_iter().filter(|part| part.len >= LEAST_HIDDEN);
        self.runs.splice(i..i, parts);
        self.count_from(0);
    }

    /// True when some run is folded that is no burst.
    pub fn any_folded(&self) -> bool {
        self.runs.iter().any(|run| !run.open && !run.is_burst())
    }

    /// True when there is something to fold beside bursts.
    pub fn can_fold(&self) -> bool {
        self.runs.iter().any(|run| !run.is_burst())
    }

    /// True when there are bursts that can be folded.
    pub fn has_bursts(&self) -> bool {
        self.runs.iter().any(Run::is_burst)
    }

    /// The runs that a person opened, by their first row.
    pub fn opened(&self) -> impl Iterator<Item = u32> {
        self.runs.iter().filter(|run| run.open).map(|run| run.start)
    }
}
