//! Which events belong into a slice of a given size.

use std::collections::{BTreeSet, BinaryHeap};

use crate::analyse::Analysis;
use crate::trace::{EventIndex, Side, Sides};

/// The events of a slice, in their order: those of the rows at its centre, of as many `rows` before them by cause and effect,
/// as many that the first cause explains, and as many around; always both cells of a row, so that what lines up still does.
pub fn events(analysis: &Analysis, centre: &[u32], rows: usize) -> Sides<Vec<EventIndex>> {
    let table = &analysis.comparison.rows;
    let mut chosen: BTreeSet<u32> = centre.iter().copied().collect();
    for side in Side::BOTH {
        let events = centre.iter().filter_map(|&row| table.get(row).event(side));
        chosen.extend(past(analysis, side, events, rows).into_iter().filter_map(|event| table.row_of(side, event)));
    }
    let explained = table.differences().iter().zip(&analysis.comparison.explained).filter(|(_, rank)| **rank == 1);
    chosen.extend(explained.map(|(&row, _)| row).take(rows));
    let half = rows as u32 / 4;
    for &row in centre {
        chosen.extend(row.saturating_sub(half)..row.saturating_add(half + 1).min(table.len()));
    }
    if rows >= table.len() as usize {
        chosen.extend(0..table.len());
    }
    let of = |side: Side| {
        let mut events: Vec<EventIndex> = chosen.iter().filter_map(|&row| table.get(row).event(side)).collect();
        events.sort_unstable();
        events
    };
    Sides::new(of(Side::Expected), of(Side::Actual))
}

/// What happened before these events, the latest first, as many as asked for.
fn past(
    analysis: &Analysis,
    side: Side,
    events: impl Iterator<Item = EventIndex>,
    most: usize,
) -> BTreeSet<EventIndex> {
    let mut open: BinaryHeap<EventIndex> = events.collect();
    let mut seen: BTreeSet<EventIndex> = BTreeSet::new();
    while let Some(event) = open.pop() {
        if seen.len() >= most {
            break;
        }
        if seen.insert(event) {
            open.extend(analysis.before(side, event).into_iter().map(|(_, before)| before));
        }
    }
    seen
}
