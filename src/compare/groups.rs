//! Many differing rows that are one thing: a burst that only one side has, and a tail in which nothing is the same.

use std::collections::BTreeMap;

use serde::Serialize;

use super::engine::Input;
use super::rows::Rows;
use crate::trace::{KindId, LaneId, Side, grouped};

/// Rows from which on a burst or a tail is told as one; fewer are read faster one by one.
const MANY: u32 = 8;
/// Rows that are not its own that may stand between two rows of a burst.
const BETWEEN: u32 = 8;
/// Kinds that a headline names; the others are counted.
const NAMED: usize = 3;

/// What makes its rows one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// Only one side has them, close together.
    Burst,
    /// Nothing that follows is the same.
    Tail,
}

impl GroupKind {
    /// The word for a list.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Burst => "Burst",
            Self::Tail => "Tail",
        }
    }
}

/// Rows that are told as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What makes them one.
    pub kind: GroupKind,
    /// The side that has them; `None` for a tail that both sides have.
    pub side: Option<Side>,
    /// Its first row.
    pub first: u32,
    /// Its last row. Between them may stand rows that are the same.
    pub last: u32,
    /// How many of the rows between belong to it.
    pub rows: u32,
    /// It in one line.
    pub headline: String,
}

/// The groups of a table, by their first rows. A tail is not told again as bursts.
pub(crate) fn groups(input: &Input<'_>, rows: &Rows) -> Vec<Group> {
    let differences = rows.differences();
    let tail = tail(rows, differences);
    let upto = tail.map_or(differences.len(), |(from, _)| differences.partition_point(|&r| r < from));
    let mut found = Vec::new();
    let mut open: [Vec<u32>; 2] = [Vec::new(), Vec::new()];
    for &at in &differences[..upto] {
        let Some(side) = rows.kind(at).class.alone() else { continue };
        let run = &mut open[side as usize];
        if run.last().is_some_and(|&last| at - last > BETWEEN + 1) {
            found.extend(burst(input, rows, side, run));
            run.clear();
        }
        run.push(at);
    }
    for side in Side::BOTH {
        found.extend(burst(input, rows, side, &open[side as usize]));
    }
    if let Some((first, counts)) = tail {
        let [expected, actual] = counts.map(|n| grouped(n.into()));
        found.push(Group {
            kind: GroupKind::Tail,
            side: None,
            first,
            last: rows.len() - 1,
            rows: rows.len() - first,
            headline: format!(
                "From here on nothing is the same: expected goes on with {expected} events, actual with {actual} others"
            ),
        });
    }
    found.sort_by_key(|group| (group.first, group.last));
    found
}

/// The first row after the last one that is the same, and what both sides still have, where that is much.
fn tail(rows: &Rows, differences: &[u32]) -> Option<(u32, [u32; 2])> {
    let same_after = differences.iter().rev().zip((0..rows.len()).rev()).take_while(|(d, r)| **d == *r).count() as u32;
    let first = rows.len() - same_after;
    let mut counts = [0_u32; 2];
    for row in (first..rows.len()).map(|at| rows.get(at)) {
        if row.unrecorded {
            return None;
        }
        counts[0] += u32::from(row.expected.is_some());
        counts[1] += u32::from(row.actual.is_some());
    }
    (counts.iter().all(|&n| n >= MANY)).then_some((first, counts))
}

fn burst(input: &Input<'_>, rows: &Rows, side: Side, run: &[u32]) -> Option<Group> {
    let (&first, &last) = run.first().zip(run.last()).filter(|_| run.len() as u32 >= MANY)?;
    let columns = &input.traces[side].events;
    let mut kinds: BTreeMap<KindId, u32> = BTreeMap::new();
    let mut lanes: BTreeMap<LaneId, u32> = BTreeMap::new();
    for event in run.iter().filter_map(|&at| rows.get(at).event(side)) {
        *kinds.entry(columns.kinds[event as usize]).or_insert(0) += 1;
        *lanes.entry(columns.home_lane(event)).or_insert(0) += 1;
    }
    // Differences that merely lie close together are no burst.
    let coherent = |counts: &BTreeMap<u32, u32>| counts.values().max().is_some_and(|n| n * 4 >= run.len() as u32 * 3);
    if !coherent(&kinds) && !coherent(&lanes) {
        return None;
    }
    let what = match side {
        Side::Expected if run.iter().all(|&at| rows.get(at).unrecorded) => "not recorded",
        Side::Expected => "missing",
        Side::Actual => "extra",
    };
    let kinds = most(&kinds, |id| &input.names.kinds[id as usize], "kind");
    let lanes = most(&lanes, |id| &input.names.lanes[id as usize], "lane");
    let mut headline = format!("{} {what} events on {lanes}", grouped(run.len() as u64));
    if !kinds.is_empty() {
        headline = headline + ": " + &kinds;
    }
    Some(Group { kind: GroupKind::Burst, side: Some(side), first, last, rows: run.len() as u32, headline })
}

/// The most frequent names with their counts: `RETRY ×1,200, CONNECT ×800 and 2 more kinds`.
fn most<'a>(counts: &BTreeMap<u32, u32>, name: impl Fn(u32) -> &'a String, what: &str) -> String {
    let mut order: Vec<(u32, u32)> = counts.iter().map(|(&id, &n)| (id, n)).collect();
    order.sort_by_key(|&(id, n)| (std::cmp::Reverse(n), id));
    let alone = order.len() == 1;
    let say = |&(id, n): &(u32, u32)| match name(id) {
        name if name.is_empty() => None,
        name if alone => Some(name.clone()),
        name => Some(format!("{name} ×{}", grouped(n.into()))),
    };
    let named: Vec<String> = order.iter().take(NAMED).filter_map(say).collect();
    let more = match order.len().saturating_sub(NAMED) {
        0 => String::new(),
        1 => format!(" and 1 more {what}"),
        n => format!(" and {n} more {what}s"),
    };
    named.join(", ") + &more
}
