//! The first symptom: the earliest divergence that a person would have noticed from outside (SEMANTICS rule 21).

use std::collections::HashSet;

use super::engine::{Input, name_event};
use super::rows::{Row, RowClass, Rows};
use crate::trace::{Columns, ERROR, EventIndex, LaneId, REPLY, REQUEST, Side, Sides};

use super::answer::{Cause, Symptom};

/// The earliest differing error, timeout or missing reply on an outermost lane, else the earliest differing error.
pub(crate) fn first(input: &Input<'_>, rows: &Rows, causes: &[Cause]) -> Option<Symptom> {
    let sides = input.columns();
    let outermost = outermost(sides);
    let reply = |columns: &Columns, e: EventIndex| (columns.kinds[e as usize], columns.home_lane(e));
    let replies = (0..sides.actual.len() as u32).filter(|&a| sides.actual.flags[a as usize] & REPLY != 0);
    let answered: HashSet<(u32, LaneId), foldhash::fast::FixedState> =
        replies.map(|a| reply(sides.actual, a)).collect();
    let on_outermost = |side: Side, e: EventIndex| sides[side].lanes_of(e).iter().any(|l| outermost.contains(l));
    let mut best: Option<(bool, u32, u32, Side, EventIndex)> = None;
    for &at in rows.differences() {
        let row = rows.get(at);
        let Some((side, event)) = complaint(sides, row) else { continue };
        let outside = on_outermost(side, event);
        let lost_reply = row.class == RowClass::Missing;
        if lost_reply && (!outside || answered.contains(&reply(sides[side], event))) {
            continue;
        }
        let key = (!outside, moment(row), at, side, event);
        if best.is_none_or(|b| (key.0, key.1, key.2) < (b.0, b.1, b.2)) {
            best = Some(key);
        }
    }
    let (_, _, row, side, index) = best?;
    let name = name_event(input, side, index);
    let headline = if rows.get(row).class == RowClass::Missing { format!("no {name}") } else { name };
    let is_cause = causes.first().is_some_and(|c| c.row == row);
    Some(Symptom { side, index, row, headline, is_cause })
}

/// Where requests come in; where nothing is called a request, where the recordings begin.
fn outermost(sides: Sides<&Columns>) -> HashSet<LaneId, foldhash::fast::FixedState> {
    let requests = |side: Side| {
        let columns = sides[side];
        (0..columns.len() as u32).filter(|&e| columns.flags[e as usize] & REQUEST != 0).map(|e| columns.home_lane(e))
    };
    let mut lanes: HashSet<LaneId, foldhash::fast::FixedState> = Side::BOTH.into_iter().flat_map(requests).collect();
    if lanes.is_empty() {
        lanes.extend(Side::BOTH.into_iter().filter(|&s| !sides[s].is_empty()).map(|s| sides[s].home_lane(0)));
    }
    lanes
}

/// The event of a row that says that something went wrong: an error that expected does not have, or a lost reply.
fn complaint(sides: Sides<&Columns>, row: Row) -> Option<(Side, EventIndex)> {
    let flags = |side: Side| row.event(side).map_or(0, |e| sides[side].flags[e as usize]);
    match (row.expected, row.actual) {
        (expected, Some(actual)) if flags(Side::Actual) & ERROR != 0 => {
            let already = expected.is_some() && flags(Side::Expected) & ERROR != 0 && row.class == RowClass::Moved;
            (!already).then_some((Side::Actual, actual))
        }
        (Some(expected), None) if flags(Side::Expected) & REPLY != 0 && !row.unrecorded => {
            Some((Side::Expected, expected))
        }
        _ => None,
    }
}

/// When a row happened, on the scale of indexes: the earlier of its two events.
pub(crate) fn moment(row: Row) -> u32 {
    row.expected.unwrap_or(u32::MAX).min(row.actual.unwrap_or(u32::MAX))
}
