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
    for (cause, events) in seeds.iter().enumerate() {
        for &(side, event) in events {
            let mask = &mut masks[side][event as usize];
            *mask = *mask | M::try_from(1 << cause).unwrap_or_default();
            first[side] = first[side].min(event);
            let twin = rows.partner(side, event).unwrap_or(NONE);
            if twin != NONE {
                first[side.other()] = first[side.other()].min(twin);
            }
        }
    }
    let mut on_lane = vec![M::default(); lanes];
    for _ in 0..PASSES {
        let mut carried = false;
        for side in Side::BOTH {
            on_lane.fill(M::default());
            let columns = sides[side];
            let links = links[side];
            let mut link = 0;
            for event in first[side].min(columns.len() as u32)..columns.len() as u32 {
                if event % CHECK == 0 && cancelled() {
                    break;
                }
                let twin = rows.partner(side, event).unwrap_or(NONE);
                let mut mask = masks[side][event as usize];
                if twin != NONE {
                    mask = mask | masks[side.other()][twin as usize];
                }
                while link < links.len() && links[link].to <= event {
                    if links[link].to == event {
                        mask = mask | masks[side][links[link].from as usize];
                    }
                    link += 1;
                }
                for &lane in &*columns.lanes_of(event) {
                    mask = mask | on_lane[lane as usize];
                }
                if mask != M::default() {
                    carried |= masks[side][event as usize] != mask;
                    masks[side][event as usize] = mask;
                    if twin != NONE {
                        carried |= masks[side.other()][twin as usize] != mask;
                        masks[side.other()][twin as usize] = masks[side.other()][twin as usize] | mask;
                        first[side.other()] = first[side.other()].min(twin);
                    }
                    for &lane in &*columns.lanes_of(event) {
                        on_lane[lane as usize] = on_lane[lane as usize] | mask;
                    }
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
        let of = |side: Side| row.event(side).map_or(0, |e| masks[side][e as usize].into());
        of(Side::Expected) | of(Side::Actual)
    };
    rows.differences().iter().map(of_row).collect()
}
