//! The heights of the lanes where events are too many to be drawn one by one: columns on a grid of the axis, kept while the
//! view only moves or zooms a little, so that panning counts what comes into sight and nothing else.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use egui::Ui;

use super::stage::Stage;
use crate::analyse::Analysis;
use crate::app::pair::Pair;
use crate::trace::Side;
use crate::view::{Anchor, Axis};

/// So many times as wide at most may columns be that are drawn until narrower ones are counted.
const ALIKE: f64 = 2.0;
/// Strips that are counted anew in a frame; the others follow in the next ones.
const A_FRAME: usize = 4;

/// The events of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Where in the lane's list they begin.
    pub start: u32,
    /// How many there are.
    pub number: u32,
    /// And how many that differ.
    pub differing: u32,
}

/// The columns of a strip.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// The first column on the grid.
    first: i64,
    all: Vec<Column>,
}

impl Columns {
    /// The columns of a range: what is known is kept, what is missing is counted.
    fn moved(&self, wanted: Range<i64>, count: impl Fn(Range<i64>) -> Vec<Column>) -> Self {
        let end = self.first + self.all.len() as i64;
        let known = self.first.max(wanted.start)..end.min(wanted.end);
        if known.is_empty() {
            return Self { first: wanted.start, all: count(wanted) };
        }
        let mut all = count(wanted.start..known.start);
        let kept = (known.start - self.first) as usize..(known.end - self.first) as usize;
        all.extend_from_slice(&self.all[kept]);
        all.extend(count(known.end..wanted.end));
        Self { first: wanted.start, all }
    }

    /// The same in columns twice as wide. One of which only half is known is left out.
    fn coarser(&self) -> Self {
        let end = self.first + self.all.len() as i64;
        let first = (self.first + 1).div_euclid(2);
        let known = (first * 2 - self.first) as usize..(end.div_euclid(2) * 2 - self.first).max(0) as usize;
        let pairs = self.all.get(known).unwrap_or_default().as_chunks::<2>().0;
        let joined = |[one, two]: &[Column; 2]| Column {
            start: one.start,
            number: one.number + two.number,
            differing: one.differing + two.differing,
        };
        Self { first, all: pairs.iter().map(joined).collect() }
    }

    /// Its columns on the grid.
    pub fn range(&self) -> Range<i64> {
        self.first..self.first + self.all.len() as i64
    }

    /// Each column with its place on the grid.
    pub fn iter(&self) -> impl Iterator<Item = (i64, Column)> {
        (self.first..).zip(self.all.iter().copied())
    }
}

#[derive(Default)]
struct Kept {
    analysis: Weak<Analysis>,
    of: Option<(Axis, Anchor)>,
    /// For each side of a lane its columns, and their width on the axis.
    columns: HashMap<(Side, u32), (Arc<Columns>, f64)>,
    /// Strips that may still be counted anew in this frame.
    left: usize,
    /// True when a strip is drawn by columns of another width than it should be.
    behind: bool,
}

/// A handle on the kept heights of this window.
#[derive(Clone, Default)]
pub struct Heights(Arc<Mutex<Kept>>);

/// The width of columns that are about `width` wide: a power of two, so that zooming a little counts nothing, and two columns
/// are one of the next width.
fn on_grid(width: f64) -> f64 {
    width.max(f64::MIN_POSITIVE).log2().round().exp2()
}

impl Heights {
    /// Those of this window, for another frame.
    pub fn of(ui: &Ui, pair: &Pair) -> Self {
        let id = egui::Id::unique("timeline heights");
        let heights: Self = ui.data_mut(|data| data.get_temp_mut_or_default::<Self>(id).clone());
        let of = Some((pair.timeline().axis(), pair.timeline().anchor().clone()));
        let analysis = Arc::downgrade(pair.analysis());
        {
            let mut kept = heights.lock();
            if kept.of != of || !kept.analysis.ptr_eq(&analysis) {
                *kept = Kept { analysis, of, ..Kept::default() };
            }
            (kept.left, kept.behind) = (A_FRAME, false);
        }
        heights
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True when another frame would draw something finer.
    pub fn is_behind(&self) -> bool {
        self.lock().behind
    }

    /// Those of one side of a lane that are in sight, about `wanted` wide on the axis, and how wide they are.
    pub fn columns(&self, stage: &Stage<'_>, side: Side, lane: u32, wanted: f64) -> (Arc<Columns>, f64) {
        let mut kept = self.lock();
        let wanted = on_grid(wanted);
        let mut known = kept.columns.get(&(side, lane)).cloned();
        while let Some((columns, width)) = known.as_mut().filter(|(_, width)| *width < wanted) {
            (*columns, *width) = (Arc::new(columns.coarser()), *width * 2.0);
        }
        let finer = known.as_ref().is_some_and(|(_, width)| *width > wanted);
        // What is there at twice the width does for a frame or two, while others are counted.
        let alike = known.as_ref().is_some_and(|(_, width)| *width <= wanted * ALIKE);
        let waits = finer && alike && kept.left == 0;
        kept.behind |= waits;
        let (columns, width) = match known {
            Some(known) if !finer || waits => known,
            // Where many strips come into sight at once, most begin with wide columns.
            None if kept.left == 0 => {
                kept.behind = true;
                (Arc::default(), wanted * ALIKE)
            }
            _ => {
                kept.left = kept.left.saturating_sub(1);
                (Arc::default(), wanted)
            }
        };
        let (from, to) = stage.range_in_sight();
        let range = (from / width).floor() as i64..(to / width).floor() as i64 + 1;
        if columns.first == range.start && columns.all.len() as i64 == range.end - range.start {
            return (columns, width);
        }
        let count = |columns: Range<i64>| {
            let number = (columns.end - columns.start).max(0) as usize;
            let (from, to) = (columns.start as f64 * width, columns.end as f64 * width);
            let (lanes, axis) = (stage.pair.lanes(), stage.scale.axis());
            let all = lanes.events(axis, side, lane).borders(&stage.scale, side, from, to, number);
            let differing = lanes.differing(axis, side, lane).borders(&stage.scale, side, from, to, number);
            let column = |(all, differing): (&[u32], &[u32])| Column {
                start: all[0],
                number: all[1] - all[0],
                differing: differing[1] - differing[0],
            };
            all.windows(2).zip(differing.windows(2)).map(column).collect()
        };
        let columns = Arc::new(columns.moved(range, count));
        kept.columns.insert((side, lane), (columns.clone(), width));
        (columns, width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_twice_as_wide_hold_what_two_of_them_held() {
        for (first, len) in [(-7, 20), (-8, 21), (3, 1), (4, 1), (5, 0), (6, 2)] {
            let column = |at: u32| Column { start: at * (at + 1) / 2, number: at + 1, differing: at % 3 };
            let fine = Columns { first, all: (0..len).map(column).collect() };
            let coarse = fine.coarser();
            let whole = |column: &i64| fine.range().contains(&(column * 2)) && fine.range().contains(&(column * 2 + 1));
            assert_eq!(
                coarse.range().collect::<Vec<_>>(),
                (-20..20).filter(whole).collect::<Vec<_>>(),
                "{first} {len}"
            );
            for (column, joined) in coarse.iter() {
                let of = |column: i64| fine.all[(column - first) as usize];
                let (one, two) = (of(column * 2), of(column * 2 + 1));
                let (number, differing) = (one.number + two.number, one.differing + two.differing);
                assert_eq!(joined, Column { start: one.start, number, differing });
            }
        }
    }

    #[test]
    fn what_is_known_is_not_counted_again() {
        let count = |asked: &std::cell::RefCell<Vec<Range<i64>>>, columns: Range<i64>| {
            if !columns.is_empty() {
                asked.borrow_mut().push(columns.clone());
            }
            columns.map(|column| Column { start: 0, number: column as u32, differing: 0 }).collect::<Vec<_>>()
        };
        let moved = |columns: &Columns, wanted: Range<i64>| {
            let asked = std::cell::RefCell::new(Vec::new());
            let new = columns.moved(wanted.clone(), |columns| count(&asked, columns));
            assert_eq!(
                new.iter().map(|c| (c.0, i64::from(c.1.number))).collect::<Vec<_>>(),
                wanted.map(|c| (c, c)).collect::<Vec<_>>()
            );
            (new, asked.into_inner())
        };
        let (columns, asked) = moved(&Columns::default(), 10..20);
        assert_eq!(asked, std::iter::once(10..20).collect::<Vec<_>>());
        let (columns, asked) = moved(&columns, 13..22);
        assert_eq!(asked, std::iter::once(20..22).collect::<Vec<_>>());
        let (columns, asked) = moved(&columns, 8..15);
        assert_eq!(asked, std::iter::once(8..13).collect::<Vec<_>>());
        let (columns, asked) = moved(&columns, 5..30);
        assert_eq!(asked, [5..8, 15..30]);
        assert_eq!(moved(&columns, 40..50).1, std::iter::once(40..50).collect::<Vec<_>>());
    }
}
