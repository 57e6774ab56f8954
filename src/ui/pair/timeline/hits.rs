//! Which columns of heights hold an event that was found: looked up a little every frame, and kept while the view moves.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use egui::Ui;

use super::heights::Columns;
use super::stage::Stage;
use crate::analyse::Analysis;
use crate::app::pair::Pair;
use crate::trace::{EventIndex, Side};
use crate::ui::pair::pace::Pace;
use crate::view::{Anchor, Axis};

/// Events that are looked at in a frame; the others follow in the next ones, and all of them while the selection moves.
const A_FRAME: u32 = 8_000;
/// Going by a row found takes as long as looking at so many events: it stands anywhere.
const MARKED: u32 = 10;
/// So few rows found are gone through one by one in a frame; of more, the events of each column tell sooner.
const FEW: u32 = A_FRAME / MARKED;

/// What is known of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// So many of its events are none that was found.
    Looked(u32),
    /// None of its events was found.
    None,
    /// One was.
    Some,
}

/// What is known of the columns of a strip.
#[derive(Debug, Clone)]
pub struct Found {
    /// The first column on the grid.
    first: i64,
    columns: Vec<Known>,
    /// The width of a column on the axis.
    width: f64,
    /// Of which state of the search.
    version: (u64, u32),
}

impl Found {
    fn new(columns: &Range<i64>, width: f64, version: (u64, u32)) -> Self {
        let number = (columns.end - columns.start).max(0) as usize;
        Self { first: columns.start, columns: vec![Known::Looked(0); number], width, version }
    }

    fn is_of(&self, columns: &Range<i64>, width: f64, version: (u64, u32)) -> bool {
        let own = self.first..self.first + self.columns.len() as i64;
        own == *columns && self.width.to_bits() == width.to_bits() && self.version == version
    }

    /// What stays known for other columns, or when more was found.
    fn moved(&self, columns: &Range<i64>, width: f64, version: (u64, u32)) -> Self {
        let mut moved = Self::new(columns, width, version);
        if self.width.to_bits() != width.to_bits() || self.version.0 != version.0 {
            return moved;
        }
        for (known, column) in moved.columns.iter_mut().zip(columns.clone()) {
            let before = usize::try_from(column - self.first).ok().and_then(|at| self.columns.get(at));
            // What was found stays found; what was not may be now.
            match before {
                Some(Known::Some) => *known = Known::Some,
                Some(before) if self.version == version => *known = *before,
                _ => {}
            }
        }
        moved
    }

    /// True when a column is known to hold something that was found.
    pub fn any(&self, column: i64) -> bool {
        let known = usize::try_from(column - self.first).ok().and_then(|at| self.columns.get(at));
        known == Some(&Known::Some)
    }
}

#[derive(Default)]
struct Kept {
    analysis: Weak<Analysis>,
    of: Option<(Axis, Anchor)>,
    strips: HashMap<(Side, u32), Arc<Found>>,
    /// Events that may still be looked at in this frame.
    left: u32,
    behind: bool,
}

/// A handle on what is known in this window.
#[derive(Clone, Default)]
pub struct Hits(Arc<Mutex<Kept>>);

impl Hits {
    /// Those of this window, for another frame.
    pub fn of(ui: &Ui, pair: &Pair) -> Self {
        let id = egui::Id::unique("timeline hits");
        let hits: Self = ui.data_mut(|data| data.get_temp_mut_or_default::<Self>(id).clone());
        let of = Some((pair.timeline().axis(), pair.timeline().anchor().clone()));
        let analysis = Arc::downgrade(pair.analysis());
        {
            let mut kept = hits.lock();
            if kept.of != of || !kept.analysis.ptr_eq(&analysis) || pair.search().count() == 0 {
                *kept = Kept { analysis, of, ..Kept::default() };
            }
            kept.left = if Pace::of(ui).moves() { 0 } else { A_FRAME };
            kept.behind = false;
        }
        hits
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True when another frame would know more.
    pub fn is_behind(&self) -> bool {
        self.lock().behind
    }

    /// What is known of the columns of one side of a lane, after a little more was looked up.
    pub fn strip(&self, stage: &Stage<'_>, side: Side, lane: u32, heights: &Columns, width: f64) -> Arc<Found> {
        let columns = heights.range();
        let search = stage.pair.search();
        let version = search.version();
        if search.count() == 0 {
            return Arc::new(Found::new(&(0..0), width, version));
        }
        let mut kept = self.lock();
        let known = kept.strips.remove(&(side, lane));
        let mut found = known.unwrap_or_else(|| Arc::new(Found::new(&columns, width, version)));
        if !found.is_of(&columns, width, version) {
            found = Arc::new(found.moved(&columns, width, version));
        }
        if found.columns.iter().any(|known| matches!(known, Known::Looked(_))) {
            let strip = Strip { stage, side, lane };
            let now = Arc::make_mut(&mut found);
            if kept.left == 0 {
                kept.behind = true;
            } else if search.count() <= FEW {
                kept.left = kept.left.saturating_sub(search.count() * MARKED);
                strip.mark(now);
            } else {
                kept.behind |= strip.look(now, heights, &mut kept.left);
            }
        }
        kept.strips.insert((side, lane), found.clone());
        found
    }
}

/// One side of a lane.
struct Strip<'a> {
    stage: &'a Stage<'a>,
    side: Side,
    lane: u32,
}

impl Strip<'_> {
    /// Goes by the rows found: they are few.
    fn mark(&self, found: &mut Found) {
        let pair = self.stage.pair;
        let lanes = pair.lanes();
        found.columns.iter_mut().filter(|known| **known != Known::Some).for_each(|known| *known = Known::None);
        for event in pair.search().rows().filter_map(|row| pair.rows().get(row).event(self.side)) {
            let column = (self.stage.scale.x(self.side, event) / found.width).floor() as i64;
            let place = usize::try_from(column - found.first).ok().filter(|&at| at < found.columns.len());
            if let Some(at) = place.filter(|_| lanes.is_on(pair.compared(), self.side, event, self.lane)) {
                found.columns[at] = Known::Some;
            }
        }
    }

    /// Goes by the events of each column, as long as there is something `left`: where much was found, one of the first tells.
    /// Says whether something is left to look at.
    fn look(&self, found: &mut Found, heights: &Columns, left: &mut u32) -> bool {
        let pair = self.stage.pair;
        let list = pair.lanes().events(self.stage.scale.axis(), self.side, self.lane).events;
        let is_found =
            |event: EventIndex| pair.rows().row_of(self.side, event).is_some_and(|row| pair.search().found(row));
        for (known, (_, column)) in found.columns.iter_mut().zip(heights.iter()) {
            let Known::Looked(before) = *known else { continue };
            if *left == 0 {
                return true;
            }
            let own = column.start as usize..(column.start + column.number) as usize;
            *known = look(list.get(own).unwrap_or_default(), before, is_found, left);
        }
        found.columns.iter().any(|known| matches!(known, Known::Looked(_)))
    }
}

/// Looks at the events of a column, from the one at `before` on, as long as there is something `left`.
fn look(events: &[EventIndex], before: u32, is_found: impl Fn(EventIndex) -> bool, left: &mut u32) -> Known {
    let rest = &events[(before as usize).min(events.len())..];
    let now = &rest[..rest.len().min(*left as usize)];
    let hit = now.iter().position(|&event| is_found(event));
    *left = left.saturating_sub(hit.map_or(now.len(), |at| at + 1) as u32);
    match hit {
        Some(_) => Known::Some,
        None if now.len() == rest.len() => Known::None,
        None => Known::Looked(before + now.len() as u32),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_looked_through_in_as_many_frames_as_it_takes() {
        let events: Vec<EventIndex> = (0..1000).collect();
        let mut known = Known::Looked(0);
        for (left, expected) in [(400, Known::Looked(400)), (400, Known::Looked(800)), (400, Known::Some)] {
            let Known::Looked(before) = known else { panic!("{known:?}") };
            let mut left = left;
            known = look(&events, before, |event| event == 950, &mut left);
            assert_eq!(known, expected);
        }
        let mut left = 5000;
        assert_eq!(look(&events, 0, |_| false, &mut left), Known::None);
        assert_eq!(left, 4000);
        assert_eq!(look(&[], 0, |_| true, &mut left), Known::None);
    }

    #[test]
    fn what_was_found_stays_while_the_view_moves_and_more_is_found() {
        let mut found = Found::new(&(0..4), 1.0, (1, 5));
        found.columns = vec![Known::None, Known::Some, Known::Looked(7), Known::None];
        let panned = found.moved(&(1..6), 1.0, (1, 5));
        assert_eq!(panned.columns[..3], [Known::Some, Known::Looked(7), Known::None]);
        assert_eq!(panned.columns[3..], [Known::Looked(0); 2]);
        assert!(panned.any(1) && !panned.any(0) && !panned.any(9));
        let more = found.moved(&(0..4), 1.0, (1, 6));
        assert_eq!(more.columns, [Known::Looked(0), Known::Some, Known::Looked(0), Known::Looked(0)]);
        for other in [found.moved(&(0..4), 2.0, (1, 5)), found.moved(&(0..4), 1.0, (2, 5))] {
            assert_eq!(other.columns, [Known::Looked(0); 4]);
        }
    }
}
