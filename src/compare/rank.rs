//! The order of the causes: by the moment at which they begin, then in the order of their rows; harmless ones last (SEMANTICS
//! rules 20 and 22).

use super::answer::{Cause, CauseKind, Explains};
use super::causes::Contention;
use super::engine::Input;
use super::handed::{Values, changes};
use super::reach::{FOLLOWED, reach};
use super::replay::{Cancelled, Replay};
use super::rows::{RowClass, Rows};
use super::symptom::moment;
use super::{causes, wording};
use crate::spec::is_timeout_word;
use crate::trace::{EventIndex, Side, Value};

/// Of how many later differences a cause must explain one not to be harmless.
const LITTLE: u32 = 10;
/// Events within which what begins after another value is taken to follow from it.
const SOON_AFTER_A_VALUE: u32 = 5;
/// The same after an event that only one side has, which seldom comes alone.
const SOON_AFTER_AN_EVENT: u32 = 40;

/// Events before one among which what its lane did before it is looked for.
const BEFORE: u32 = 1_000;

/// The ranked causes, for each differing row the rank of the nearest cause that explains it (0 for none), and how many
/// further places where a divergence begins were not followed.
pub(crate) fn rank(
    input: &Input<'_>,
    replay: &Replay,
    rows: &Rows,
    values: &dyn Values,
    cancelled: Cancelled<'_>,
) -> (Vec<Cause>, Vec<u32>, u32) {
    let sides = input.columns();
    let mut drafts = causes::find(input, replay, rows, values, cancelled);
    if cancelled() {
        return (Vec::new(), Vec::new(), 0);
    }
    let unfollowed = drafts.iter().skip(FOLLOWED).filter(|(_, c)| !c.second).count() as u32;
    drafts.truncate(FOLLOWED);
    let seeds: Vec<Vec<(Side, EventIndex)>> =
        drafts.iter().map(|(_, c)| [c.events.as_slice(), &c.callers, c.begun.as_slice()].concat()).collect();
    let links = input.traces.map(|t| t.links.as_slice());
    let masks = reach(sides, links, rows, input.names.lanes.len(), &seeds, cancelled);
    let begins: Vec<u32> = drafts.iter().map(|(_, contention)| contention.moment_with_callers(rows)).collect();
    for (i, (cause, _)) in drafts.iter_mut().enumerate() {
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
            if own.contains(&row) || moment(rows.get(row)) < begins[i] {
                continue;
            }
            explains.of += 1;
            explains.rows += u32::from(mask & (1 << i) != 0);
        }
        cause.explains = explains;
    }
    let moments: Vec<u32> = drafts.iter().map(|(_, contention)| contention.moment(rows)).collect();
    let order = order(input, rows, values, &moments, &drafts);
    let mut ranks = vec![0_u32; drafts.len()];
    let mut causes: Vec<Cause> = Vec::with_capacity(order.len());
    for (&i, rank) in order.iter().zip(1..) {
        ranks[i] = rank;
        causes.push(Cause { rank, ..drafts[i].0.clone() });
    }
    let explained = rows
        .differences()
        .iter()
        .zip(&masks)
        .map(|(&row, mask)| {
            let own = causes.iter().find(|c| c.row == row).map(|c| c.rank);
            let at = moment(rows.get(row));
            let reached = (0..drafts.len()).filter(|&i| mask & (1 << i) != 0 && begins[i] <= at && !drafts[i].1.second);
            // The nearest is the one that began last.
            let nearest = reached.max_by_key(|&i| (begins[i], std::cmp::Reverse(ranks[i]))).map(|i| ranks[i]);
            own.or(nearest).unwrap_or(0)
        })
        .collect();
    let contentions: Vec<&Contention> = order.iter().map(|&i| &drafts[i].1).collect();
    wording::word(input, &mut causes, &contentions);
    (causes, explained, unfollowed)
}

/// What began first (`begins`) comes first. Only what explains next to nothing, with nothing beginning soon after it, stands behind the
/// others: it is harmless. That an unseen link may lead from one beginning to the next one soon after it is weak evidence, but
/// on labelled faults it is right far more often than to prefer what explains more.
fn order(
    input: &Input<'_>,
    rows: &Rows,
    values: &dyn Values,
    begins: &[u32],
    drafts: &[(Cause, Contention)],
) -> Vec<usize> {
    let is_number = |cause: &Cause| is_other_number(input, rows, values, cause);
    let mut order: Vec<usize> = (0..drafts.len()).filter(|&i| !drafts[i].1.second).collect();
    // Of those that begin at one moment, what came instead of a late event came because it was late.
    order.sort_by_key(|&i| (begins[i], drafts[i].0.kind != CauseKind::LateEvent, drafts[i].0.row));
    // How far those from one on begin apart, on average: what follows no later belongs to them.
    let apart = |from: usize| match (&order[from..], order.len() - from) {
        ([first, .., last], many @ 3..) => (begins[*last] - begins[*first]) / (many as u32 - 1),
        _ => 0,
    };
    let harmless = |at: usize| {
        let cause = &drafts[order[at]].0;
        // Order on a shared resource is never broken without anybody noticing; and where nothing explains more, nothing is known.
        let explains_most = order.iter().all(|&i| drafts[i].0.explains.rows <= cause.explains.rows);
        if explains_most || cause.explains.rows * LITTLE >= cause.explains.of || cause.kind == CauseKind::OrderInversion
        {
            return false;
        }
        let next = order.get(at + 1).copied();
        let soon = match cause.kind {
            // Numbers are made of numbers, names are not.
            CauseKind::EventMismatch if is_number(cause) && next.is_some_and(|next| is_number(&drafts[next].0)) => {
                SOON_AFTER_AN_EVENT
            }
            CauseKind::EventMismatch if cause.other.is_some() => SOON_AFTER_A_VALUE,
            CauseKind::ValueDrift | CauseKind::LateEvent => SOON_AFTER_A_VALUE,
            _ => SOON_AFTER_AN_EVENT,
        };
        next.is_none_or(|next| begins[next] - begins[order[at]] > soon.max(apart(at + 1)))
    };
    let mut keyed: Vec<(bool, usize)> = order.iter().enumerate().map(|(at, &i)| (harmless(at), i)).collect();
    keyed.sort_by_key(|k| k.0);
    let mut order: Vec<usize> = keyed.into_iter().map(|k| k.1).collect();
    // Who waited in vain did so because something never came, wherever the clocks and the reordering put the two.
    for at in 1..order.len() {
        let cause = order[at];
        let without = drafts[cause].0.side.other();
        let in_vain = |&&other: &&usize| {
            waits_in_vain(input, &drafts[other].0, without)
                && !follows(input, rows, &drafts[cause].0, &drafts[other].0, without)
                && begins[cause].abs_diff(begins[other]) <= SOON_AFTER_AN_EVENT
        };
        if matches!(drafts[cause].0.kind, CauseKind::MissingEvent | CauseKind::ExtraEvent) {
            let behind = order[..at].iter().rev().take_while(in_vain).count();
            order[at - behind..=at].rotate_right(1);
        }
    }
    let seconds = |&first: &usize| {
        let place = drafts[first].1.place;
        let of_it = (0..drafts.len()).filter(move |&i| drafts[i].1.second && drafts[i].1.place == place);
        std::iter::once(first).chain(of_it)
    };
    order.iter().flat_map(seconds).collect()
}

/// True for a cause whose event has another number than its counterpart.
fn is_other_number(input: &Input<'_>, rows: &Rows, values: &dyn Values, cause: &Cause) -> bool {
    let row = rows.get(cause.row);
    let both = row.expected.zip(row.actual).filter(|_| row.class == RowClass::Changed);
    both.is_some_and(|(expected, actual)| {
        let is_number = |value: &Value| matches!(value, Value::Number(_));
        let changes = changes(input, values, expected, actual);
        changes.iter().any(|change| is_number(&change.values.expected) && is_number(&change.values.actual))
    })
}

/// True for a cause whose event on `side` says that something did not come in time.
fn waits_in_vain(input: &Input<'_>, cause: &Cause, side: Side) -> bool {
    let event = if cause.side == side { Some(cause.index) } else { cause.other };
    let kind = event.and_then(|event| input.names.kinds.get(input.traces[side].events.kinds[event as usize] as usize));
    kind.is_some_and(|kind| is_timeout_word(kind))
}

/// True when `missing`, had it come on `side` as it did on the other, would have come only after `wait` there: what its lane did
/// before it came after that.
fn follows(input: &Input<'_>, rows: &Rows, missing: &Cause, wait: &Cause, side: Side) -> bool {
    let Some(wait) = (if wait.side == side { Some(wait.index) } else { wait.other }) else { return false };
    let columns = &input.traces[missing.side].events;
    let home = columns.home_lane(missing.index);
    let before = (missing.index.saturating_sub(BEFORE)..missing.index).rev().find(|&e| columns.home_lane(e) == home);
    before.and_then(|before| rows.partner(missing.side, before)).is_some_and(|before| before > wait)
}

/// At one place it is what most often begins a chain that stands for it. SEMANTICS rule 22.
pub(crate) const fn role(kind: CauseKind) -> u8 {
    match kind {
        CauseKind::OrderInversion => 0,
        CauseKind::MissingEvent => 1,
        CauseKind::EventMismatch => 2,
        // What came instead of a late event came because it was late.
        CauseKind::LateEvent => 3,
        CauseKind::DuplicateEvent => 4,
        CauseKind::ExtraEvent => 5,
        CauseKind::ValueDrift => 6,
        CauseKind::Truncated => 7,
    }
}
