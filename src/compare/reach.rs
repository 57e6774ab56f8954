//! What a cause reaches: forward along lane order and links, over the union of both sides' happens-before.

use std::ops::BitOr;

use super::replay::{CHECK, Cancelled};
use super::rows::Rows;
use crate::trace::{Columns, EventIndex, Link, NONE, Side, Sides};

/// Causes that are followed downstream: the bits of a word. Later ones are only counted.
pub(crate) const FOLLOWED: usize = 64;
/// Passes over both sides. A pass carries reach along one side's order and across rows; more than two changes of side in one
/// chain of effects are rare, and missing some only makes a cause explain less.
const PASSES: usize = 3;

/// For each row that differs, the set of causes that reach it (bit i: cause i).
pub(crate) fn reach(
    sides: Sides<&Columns>,
    links: Sides<&[Link]>,
    rows: &Rows,
    lanes: usize,
    seeds: &[Vec<(Side, EventIndex)>],
    cancelled: Cancelled<'_>,
) -> Vec<u64> {
    // A byte an event is enough for the few causes that there mostly are.
    if seeds.len() <= 8 {
        carry::<u8>(sides, links, rows, lanes, seeds, cancelled)
    } else {
        carry::<u64>(sides, links, rows, lanes, seeds, cancelled)
    }
}

/// Sets of causes as bits of a word that is wide enough for all of them.
trait Mask: Copy + Default + PartialEq + BitOr<Output = Self> + Into<u64> + TryFrom<u64> {}
impl<T: Copy + Default + PartialEq + BitOr<Output = Self> + Into<u64> + TryFrom<u64>> Mask for T {}

fn carry<M: Mask>(
    sides: Sides<&Columns>,
    links: Sides<&[Link]>,
    rows: &Rows,
    lanes: usize,
    seeds: &[Vec<(Side, EventIndex)>],
    cancelled: Cancelled<'_>,
) -> Vec<u64> {
    let mut masks = sides.map(|c| vec![M::default(); c.len()]);
    let mut first = Sides::new(NONE, NONE);
    let mut all = M::default();
    for (cause, events) in seeds.iter().enumerate() {
        let own = M::try_from(1 << cause).unwrap_or_default();
        for &(side, event) in events {
            let mask = &mut masks[side][event as usize];
            *mask = *mask | own;
            all = all | own;
            first[side] = first[side].min(event);
            let twin = rows.partner(side, event).unwrap_or(NONE);
            first[side.other()] = first[side.other()].min(twin);
        }
    }
    let last = sides.map(|columns| last_on_lanes(columns, lanes));
    // From where on every event is reached by every cause, whatever its mask says.
    let mut full = sides.map(|columns| columns.len() as u32);
    let mut on_lane = vec![M::default(); lanes];
    for _ in 0..PASSES {
        let mut carried = false;
        for side in Side::BOTH {
            on_lane.fill(M::default());
            let columns = sides[side];
            let begin = first[side].min(full[side]);
            // Lanes that something may still come on that some cause does not reach.
            let mut open = last[side].iter().filter(|&&last| last != NONE && last >= begin).count();
            let mut links = links[side].iter().peekable();
            for event in begin..full[side] {
                if event % CHECK == 0 && cancelled() {
                    break;
                }
                let twin = rows.partner(side, event).unwrap_or(NONE);
                let mut mask = masks[side][event as usize];
                if twin != NONE {
                    let there = masks[side.other()][twin as usize];
                    mask = mask | if twin < full[side.other()] { there } else { all };
                }
                while let Some(link) = links.next_if(|link| link.to <= event) {
                    if link.to == event {
                        mask = mask | masks[side][link.from as usize];
                    }
                }
                for lane in columns.each_lane_of(event) {
                    mask = mask | on_lane[lane as usize];
                }
                if mask != M::default() {
                    carried |= masks[side][event as usize] != mask;
                    masks[side][event as usize] = mask;
                    first[side.other()] = first[side.other()].min(twin);
                }
                for lane in columns.each_lane_of(event) {
                    let before = std::mem::replace(&mut on_lane[lane as usize], mask);
                    // Its last event closes it as well.
                    let closes = mask == all || last[side][lane as usize] == event;
                    open -= usize::from(closes && before != all);
                }
                if open == 0 {
                    let rest = event + 1..full[side];
                    let twins = rest.clone().filter_map(|event| rows.partner(side, event));
                    first[side.other()] = twins.fold(first[side.other()], u32::min);
                    carried |= !rest.is_empty();
                    full[side] = event + 1;
                    break;
                }
            }
        }
        // Another pass would change nothing either.
        if !carried {
            break;
        }
    }
    let of_row = |&row: &u32| {
        let row = rows.get(row);
        let of = |side: Side| match row.event(side) {
            Some(event) if event < full[side] => masks[side][event as usize].into(),
            Some(_) => all.into(),
            None => 0,
        };
        of(Side::Expected) | of(Side::Actual)
    };
    rows.differences().iter().map(of_row).collect()
}

/// The last event on each lane, or [`NONE`].
fn last_on_lanes(columns: &Columns, lanes: usize) -> Vec<EventIndex> {
    let mut last = vec![NONE; lanes];
    let mut unknown = lanes;
    for event in (0..columns.len() as u32).rev() {
        if unknown == 0 {
            break;
        }
        for lane in columns.each_lane_of(event) {
            let last = &mut last[lane as usize];
            if *last == NONE {
                *last = event;
                unknown -= 1;
            }
        }
    }
    last
}
