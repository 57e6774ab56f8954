//! The Foata normal form of a trace: its events in steps, each as early as what it depends on allows. Equivalent runs have the
//! same form (Cartier & Foata 1969; Diekert & Rozenberg, The Book of Traces, 1995, chapter 2), and so the same fingerprint.

use super::replay::{CHECK, Cancelled};
use crate::trace::{Columns, EventIndex, Link, mix};

/// The step of each event, from 0: one more than the latest of what it depends on, by a shared lane or a link.
/// `links` are ordered by their later event. `None` when it was cancelled.
pub fn foata_steps(columns: &Columns, links: &[Link], cancelled: Cancelled<'_>) -> Option<Vec<u32>> {
    each_step(columns, links, cancelled, |_, _| ())
}

/// The same, telling the step of each event as it goes.
fn each_step(
    columns: &Columns,
    links: &[Link],
    cancelled: Cancelled<'_>,
    mut tell: impl FnMut(EventIndex, u32),
) -> Option<Vec<u32>> {
    let lanes = columns.lanes.bound() as usize;
    // The first step that is free on each lane.
    let mut free = vec![0_u32; lanes];
    let mut steps: Vec<u32> = Vec::with_capacity(columns.len());
    let mut links = links.iter().peekable();
    for event in 0..columns.len() as u32 {
        if event % CHECK == 0 && cancelled() {
            return None;
        }
        let own = columns.each_lane_of(event);
        let mut step = own.clone().map(|lane| free[lane as usize]).fold(0, u32::max);
        while let Some(link) = links.next_if(|link| link.to <= event) {
            if link.to == event && link.from < event {
                step = step.max(steps[link.from as usize] + 1);
            }
        }
        for lane in own {
            free[lane as usize] = step + 1;
        }
        steps.push(step);
        tell(event, step);
    }
    Some(steps)
}

/// A number that equivalent runs share, whatever their legal reorderings, and that other runs do not (but for a chance of
/// about one in 2⁶⁴). `None` when it was cancelled.
pub fn fingerprint(columns: &Columns, links: &[Link], cancelled: Cancelled<'_>) -> Option<u64> {
    // The order within a step means nothing, so a sum over all events stands for the form.
    let mut sum = 0_u64;
    each_step(columns, links, cancelled, |event, step| {
        sum = sum.wrapping_add(scatter(columns.tokens[event as usize] ^ scatter(u64::from(step))));
    })?;
    Some(scatter(sum ^ columns.len() as u64))
}

/// A step of `SplitMix64` (Steele, Lea & Flood 2014): every bit of the input moves half of the output, of zero too.
pub(super) const fn scatter(value: u64) -> u64 {
    mix(value.wrapping_add(0x9E37_79B9_7F4A_7C15))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::LinkKind;

    fn columns(events: &[(u64, &[u32])]) -> Columns {
        let mut columns = Columns::default();
        for (token, lanes) in events {
            columns.tokens.push(*token);
            columns.lanes.push(lanes);
        }
        columns
    }

    fn print(columns: &Columns, links: &[Link]) -> u64 {
        fingerprint(columns, links, &|| false).unwrap()
    }

    #[test]
    fn a_step_holds_what_does_not_depend_on_each_other() {
        let c = columns(&[(1, &[0]), (2, &[1]), (3, &[0, 1]), (4, &[1]), (5, &[2])]);
        assert_eq!(foata_steps(&c, &[], &|| false).unwrap(), [0, 0, 1, 2, 0]);
        let link = Link { from: 3, to: 4, kind: LinkKind::Message };
        assert_eq!(foata_steps(&c, &[link], &|| false).unwrap(), [0, 0, 1, 2, 3]);
    }

    #[test]
    fn a_legal_reordering_keeps_the_fingerprint_and_an_inversion_does_not() {
        let run = columns(&[(1, &[0, 9]), (2, &[1]), (3, &[2, 9])]);
        let legal = columns(&[(2, &[1]), (1, &[0, 9]), (3, &[2, 9])]);
        let inverted = columns(&[(3, &[2, 9]), (2, &[1]), (1, &[0, 9])]);
        assert_eq!(print(&run, &[]), print(&legal, &[]));
        assert_ne!(print(&run, &[]), print(&inverted, &[]));
    }

    #[test]
    fn a_link_that_is_gone_changes_the_fingerprint() {
        let run = columns(&[(1, &[0]), (2, &[1])]);
        assert_ne!(print(&run, &[]), print(&run, &[Link { from: 0, to: 1, kind: LinkKind::Message }]));
    }
}
