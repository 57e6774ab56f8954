//! The events of every lane, one list behind the other in one column.

use std::collections::BTreeMap;

use super::{Axis, Clocks, Compared, Scale};
use crate::trace::{EventIndex, Side};

/// The place of one event in so many is kept beside the list, so that finding a place reads little memory.
const BLOCK: usize = 16;
/// Events a column from which on its number is told by the blocks alone.
const MANY: usize = 4 * BLOCK;

/// For each lane its events.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// Where each lane's events begin; one more entry than lanes.
    starts: Vec<u32>,
    events: Vec<EventIndex>,
    by_row: Order,
    by_time: Order,
}

/// How the lists stand along an axis.
#[derive(Debug, Clone, Default)]
struct Order {
    /// Lanes whose events stand in another order than that of the trace, in that order.
    other: BTreeMap<u32, Vec<EventIndex>>,
    /// For each lane the place of the first event of every block, before times are shifted to meet.
    firsts: Vec<Vec<f64>>,
    /// The first and the last place of all.
    ends: Option<(f64, f64)>,
}

/// The events of a lane in the order of an axis.
#[derive(Debug, Clone, Copy, Default)]
pub struct List<'a> {
    /// The events.
    pub events: &'a [EventIndex],
    firsts: &'a [f64],
}

impl Lists {
    /// The lists of so many lanes; `lanes_of` tells the lanes of an event.
    pub(super) fn new(
        lanes: usize,
        events: impl Iterator<Item = EventIndex> + Clone,
        lanes_of: impl Fn(EventIndex, &mut dyn FnMut(u32)),
    ) -> Self {
        let mut starts = vec![0_u32; lanes + 1];
        for event in events.clone() {
            lanes_of(event, &mut |lane| starts[lane as usize + 1] += 1);
        }
        for lane in 0..lanes {
            starts[lane + 1] += starts[lane];
        }
        let mut next = starts.clone();
        let mut list = vec![0; starts[lanes] as usize];
        for event in events {
            lanes_of(event, &mut |lane| {
                let at = &mut next[lane as usize];
                list[*at as usize] = event;
                *at += 1;
            });
        }
        Self { starts, events: list, ..Self::default() }
    }

    /// Puts the lists in order along the other axes.
    pub(super) fn sort(&mut self, compared: Compared<'_>, side: Side) {
        let order = |axis: Axis| {
            let scale = Scale::new(compared, axis, Clocks::RECORDED);
            let mut order = Order::default();
            let mut places: Vec<f64> = Vec::new();
            for lane in 0..self.starts.len().saturating_sub(1) as u32 {
                let events = self.of(Axis::Index, lane).events;
                places.clear();
                places.extend(events.iter().map(|&event| scale.x(side, event)));
                if !places.is_sorted() {
                    let mut sorted: Vec<(f64, EventIndex)> =
                        places.iter().copied().zip(events.iter().copied()).collect();
                    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
                    places.clear();
                    places.extend(sorted.iter().map(|s| s.0));
                    order.other.insert(lane, sorted.into_iter().map(|s| s.1).collect());
                }
                if let (Some(&first), Some(&last)) = (places.first(), places.last()) {
                    let (from, to) = order.ends.unwrap_or((first, last));
                    order.ends = Some((from.min(first), to.max(last)));
                }
                order.firsts.push(places.iter().copied().step_by(BLOCK).collect());
            }
            order
        };
        (self.by_row, self.by_time) = (order(Axis::Row), order(Axis::Time));
    }

    /// The earliest and the latest time.
    pub(super) const fn times(&self) -> Option<(f64, f64)> {
        self.by_time.ends
    }

    /// How many events a lane has.
    pub(super) fn len(&self, lane: u32) -> u32 {
        self.of(Axis::Index, lane).events.len() as u32
    }

    /// The events of a lane, in the order of an axis.
    pub(super) fn of(&self, axis: Axis, lane: u32) -> List<'_> {
        let at = lane as usize;
        let (Some(&start), Some(&end)) = (self.starts.get(at), self.starts.get(at + 1)) else { return List::default() };
        let events = &self.events[start as usize..end as usize];
        let order = match axis {
            Axis::Row => &self.by_row,
            Axis::Time => &self.by_time,
            Axis::Index => return List { events, firsts: &[] },
        };
        let events = order.other.get(&lane).map_or(events, Vec::as_slice);
        List { events, firsts: order.firsts.get(at).map_or(&[], Vec::as_slice) }
    }
}

impl<'a> List<'a> {
    /// How many of its events stand before `place`; at least those of `known` blocks but one do.
    fn before(&self, scale: &Scale<'_>, side: Side, place: f64, known: usize) -> usize {
        let block = self.blocks_before(scale, side, place, known);
        let from = block.saturating_sub(1) * BLOCK;
        let to = if self.firsts.is_empty() { self.events.len() } else { (block * BLOCK).min(self.events.len()) };
        let stands_before = |event: &EventIndex| scale.x(side, *event) < place;
        let before = from + self.events[from..to].partition_point(stands_before);
        // Places of blocks are rounded, and a stretched clock rounds again: where a border says so, it is looked for beyond.
        if before == to && self.events.get(to).is_some_and(stands_before) {
            return to + self.events[to..].partition_point(stands_before);
        }
        if before == from && from > 0 && !stands_before(&self.events[from - 1]) {
            return self.events[..from].partition_point(stands_before);
        }
        before
    }

    /// How many blocks begin before `place`, `known` of which are known to; by steps that double.
    fn blocks_before(&self, scale: &Scale<'_>, side: Side, place: f64, known: usize) -> usize {
        let place = scale.recorded(side, place);
        let known = known.min(self.firsts.len());
        let rest = &self.firsts[known..];
        let mut step = 1;
        while step < rest.len() && rest[step] < place {
            step *= 2;
        }
        known + rest[..(step + 1).min(rest.len())].partition_point(|&first| first < place)
    }

    /// About how many of its events stand before `place`: what stands within a block is taken to be evenly far apart, where that
    /// is off by less than `width`.
    fn about(&self, scale: &Scale<'_>, side: Side, (place, width): (f64, f64), known: usize) -> usize {
        let block = self.blocks_before(scale, side, place, known);
        let Some(before) = block.checked_sub(1) else { return 0 };
        let first = self.firsts[before];
        let at = scale.recorded(side, place);
        let width = scale.recorded(side, place + width) - at;
        let next = self.firsts.get(block).filter(|&&next| next - first < width);
        let Some(&next) = next else { return self.before(scale, side, place, block) };
        let share = (at - first) / (next - first).max(f64::MIN_POSITIVE);
        before * BLOCK + (share.clamp(0.0, 1.0) * BLOCK as f64) as usize
    }

    /// The part of it that stands from `from` to `to`.
    pub fn within(&self, scale: &Scale<'_>, side: Side, from: f64, to: f64) -> &'a [EventIndex] {
        let start = self.before(scale, side, from, 0);
        let end = self.before(scale, side, to.next_up(), start / BLOCK);
        &self.events[start..end.max(start)]
    }

    /// Where in the list the events of each of `columns` equal parts of `from` to `to` begin, and where the last ones end: exactly
    /// where they are few, else each in its column or one beside it, so that it costs the same for a hundred thousand events and for
    /// ten million.
    pub fn borders(&self, scale: &Scale<'_>, side: Side, from: f64, to: f64, columns: usize) -> Vec<u32> {
        if columns == 0 {
            return Vec::new();
        }
        let width = (to - from) / columns as f64;
        let place = |column: usize| from + width * column as f64;
        let mut start = self.before(scale, side, from, 0);
        let last = self.before(scale, side, to, start / BLOCK).max(start);
        let roughly = !self.firsts.is_empty() && last - start > MANY * columns;
        let mut borders = Vec::with_capacity(columns + 1);
        for column in 1..=columns {
            borders.push(start as u32);
            let known = start / BLOCK;
            let end = if column == columns || start == last {
                last
            } else if roughly {
                self.about(scale, side, (place(column), width), known).min(last)
            } else {
                self.before(scale, side, place(column), known)
            };
            start = end.max(start);
        }
        borders.push(start as u32);
        borders
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_hold_each_lane_in_order() {
        let lists = Lists::new(3, 0..100, |event, add| {
            add(event % 2);
            if event % 10 == 0 {
                add(2);
            }
        });
        assert_eq!(lists.of(Axis::Index, 2).events, (0..10).map(|i| i * 10).collect::<Vec<_>>());
        assert!(lists.of(Axis::Index, 0).events.iter().all(|event| event % 2 == 0) && lists.len(1) == 50);
        assert!(lists.of(Axis::Index, 3).events.is_empty(), "no such lane");
    }
}
