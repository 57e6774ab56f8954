//! What lasts on a lane, by what its events are called: a task from its start to its end, a lock from acquired to released.

use super::{Axis, Lists};
use crate::spec::{Extent, extent_of};
use crate::trace::{EventIndex, KindId};

/// What lasts on each lane: first and last event, by the first. Where two of a kind may be open at once nothing says which
/// end belongs to which start, so neither is drawn.
pub(super) fn extents(
    names: &[String],
    kinds: &[KindId],
    lists: &Lists,
    lanes: usize,
) -> Vec<Vec<(EventIndex, EventIndex)>> {
    let mut subjects: Vec<String> = Vec::new();
    let meanings: Vec<Option<(Extent, usize)>> = names
        .iter()
        .map(|name| {
            let (extent, subject) = extent_of(name)?;
            let known = subjects.iter().position(|other| *other == subject);
            let subject = known.unwrap_or_else(|| {
                subjects.push(subject);
                subjects.len() - 1
            });
            Some((extent, subject))
        })
        .collect();
    if meanings.iter().all(Option::is_none) {
        return vec![Vec::new(); lanes];
    }
    // Since when each subject is open on the lane; `Err` where it was begun twice.
    let mut open: Vec<Option<Result<EventIndex, ()>>> = vec![None; subjects.len()];
    let of_lane = |lane: usize| {
        open.fill(None);
        let mut found = Vec::new();
        for &event in lists.of(Axis::Index, lane as u32).events {
            match meanings.get(kinds[event as usize] as usize).copied().flatten() {
                Some((Extent::Begins, subject)) => {
                    open[subject] = Some(if open[subject].is_some() { Err(()) } else { Ok(event) });
                }
                Some((Extent::Ends, subject)) => {
                    if let Some(Ok(first)) = open[subject].take() {
                        found.push((first, event));
                    }
                }
                None => {}
            }
        }
        found.sort_unstable();
        found
    };
    (0..lanes).map(of_lane).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_lasts_until_it_ends_unless_two_are_open() {
        let names = ["TASK_STARTED", "TASK_FINISHED", "lock.acquired", "lock.released", "tick"].map(str::to_owned);
        let of = |kinds: &[KindId]| {
            let lists = Lists::new(1, 0..kinds.len() as u32, |_, add| add(0));
            extents(&names, kinds, &lists, 1).remove(0)
        };
        assert_eq!(of(&[0, 2, 4, 3, 1]), [(0, 4), (1, 3)]);
        assert_eq!(of(&[1, 0, 1, 0]), [(1, 2)], "what has no other end is no extent");
        assert_eq!(of(&[0, 0, 1, 1, 0, 1]), [(4, 5)], "which ended first is not known");
    }
}
