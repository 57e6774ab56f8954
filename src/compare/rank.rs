//! The order of the causes: by what they explain downstream, by how early they are, by kind (SEMANTICS rules 20 and 22).

use super::answer::{Cause, CauseKind, Explains};
use super::engine::Input;
use super::reach::{FOLLOWED, reach};
use super::replay::{Cancelled, Replay};
use super::rows::Rows;
use super::symptom::moment;
use super::{causes, wording};
use crate::trace::{EventIndex, Side, Sides};

/// The ranked causes, for each differing row the rank of the nearest cause that explains it (0 for none), and how many
/// further places where a divergence begins were not followed.
pub(crate) fn rank(
    input: &Input<'_>,
    replay: &Replay,
    rows: &Rows,
    partner: &Sides<Vec<u32>>,
    cancelled: Cancelled<'_>,
) -> (Vec<Cause>, Vec<u32>, u32) {
    let sides = input.columns();
    let mut drafts = causes::find(input, replay, rows, partner, cancelled);
    if cancelled() {
        return (Vec::new(), Vec::new(), 0);
    }
    let unfollowed = drafts.len().saturating_sub(FOLLOWED) as u32;
    drafts.truncate(FOLLOWED);
    let seeds: Vec<Vec<(Side, EventIndex)>> = drafts.iter().map(|(_, c)| c.events.clone()).collect();
    let links = input.traces.map(|t| t.links.as_slice());
    let masks = reach(sides, links, rows, partner, input.names.lanes.len(), &seeds, cancelled);
    for (i, (cause, contention)) in drafts.iter_mut().enumerate() {
        let from = contention.moment(rows);
        // What contends with the cause for a lane is the cause itself; only what an inversion overtook is an effect.
        let own: Vec<u32> = match cause.kind {
            CauseKind::OrderInversion => vec![cause.row],
            _ => [Some(cause.row), cause.other.and_then(|o| rows.row_of(cause.side.other(), o))]
                .into_iter()
                .flatten()
                .collect(),
        };
        let mut explains = Explains { rows: 0, of: 0 };
        for (&row, mask) in rows.differences().iter().zip(&masks) {
            if own.contains(&row) || moment(rows.get(row)) < from {
                continue;
            }
            explains.of += 1;
            explains.rows += u32::from(mask & (1 << i) != 0);
        }
        cause.explains = explains;
    }
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    let key = |&i: &usize| {
        let cause = &drafts[i].0;
        (std::cmp::Reverse(cause.explains.rows), drafts[i].1.moment(rows), role(cause.kind), cause.row)
    };
    order.sort_by_key(key);
    let tie = |i: &usize| {
        let k = key(i);
        (k.0, k.1, k.2)
    };
    let mut ranks = vec![0_u32; drafts.len()];
    let mut causes: Vec<Cause> = Vec::with_capacity(order.len());
    for (at, i) in order.iter().enumerate() {
        ranks[*i] = if at > 0 && tie(&order[at - 1]) == tie(i) { ranks[order[at - 1]] } else { at as u32 + 1 };
        causes.push(Cause { rank: ranks[*i], ..drafts[*i].0.clone() });
    }
    let begins: Vec<u32> = drafts.iter().map(|(_, contention)| contention.moment(rows)).collect();
    let explained = rows
        .differences()
        .iter()
        .zip(&masks)
        .map(|(&row, mask)| {
            let own = causes.iter().find(|c| c.row == row).map(|c| c.rank);
            let at = moment(rows.get(row));
            let reached = (0..drafts.len()).filter(|i| mask & (1 << i) != 0 && begins[*i] <= at);
            // The nearest is the one that began last.
            let nearest = reached.max_by_key(|&i| (begins[i], std::cmp::Reverse(ranks[i]))).map(|i| ranks[i]);
            own.or(nearest).unwrap_or(0)
        })
        .collect();
    let by_order: Vec<bool> = order.iter().map(|&i| drafts[i].1.by_order).collect();
    wording::word(input, &mut causes, &by_order);
    (causes, explained, unfollowed)
}

/// Ties are broken by what most often begins a chain. SEMANTICS rule 22.
pub(crate) const fn role(kind: CauseKind) -> u8 {
    match kind {
        CauseKind::OrderInversion => 0,
        CauseKind::MissingEvent => 1,
        CauseKind::EventMismatch => 2,
        CauseKind::DuplicateEvent => 3,
        CauseKind::ExtraEvent => 4,
        CauseKind::ValueDrift => 5,
        CauseKind::LateEvent => 6,
        CauseKind::Truncated => 7,
    }
}
