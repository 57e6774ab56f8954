//! The events around one as a graph: rows of both sides as nodes, what happened before what on either side as edges.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Compared, Lanes, Why};
use crate::trace::{Side, Sides};

/// One row of the alignment in the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// The row.
    pub row: u32,
    /// The place of its home lane in [`Order::columns`].
    pub column: u32,
}

/// One row happened before another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The places of the nodes in [`Order::nodes`]. What is out of order on one side leads upwards.
    pub from: u32,
    /// See `from`.
    pub to: u32,
    /// On which sides it holds.
    pub on: Sides<bool>,
    /// What makes it so.
    pub why: Vec<Why>,
}

/// The graph around a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    /// The home lanes of the nodes, by their places among the lanes.
    pub columns: Vec<u32>,
    /// The rows, in their order.
    pub nodes: Vec<Node>,
    /// What happened before what, without what follows from it: on each lane from one event to the next.
    pub edges: Vec<Edge>,
    /// True when there is more around these rows.
    pub cut: bool,
}

impl Order {
    /// The rows that are the fewest steps before or after `row` on either side, at most `most`.
    pub fn around(compared: Compared<'_>, lanes: &Lanes, row: u32, most: usize) -> Self {
        let rows = &compared.comparison.rows;
        if row >= rows.len() {
            return Self::default();
        }
        let mut reached = BTreeSet::from([row]);
        let mut open = VecDeque::from([row]);
        let mut cut = false;
        while let Some(at) = open.pop_front() {
            for next in neighbours(compared, lanes, at) {
                if reached.contains(&next) {
                    continue;
                }
                if reached.len() >= most {
                    cut = true;
                    continue;
                }
                reached.insert(next);
                open.push_back(next);
            }
        }
        let rows_in: Vec<u32> = reached.into_iter().collect();
        let home = |row: u32| {
            let content = rows.get(row);
            let of = |side: Side| lanes.of_event(compared, side, content.event(side)?).first().copied();
            of(Side::Expected).or_else(|| of(Side::Actual)).unwrap_or(0)
        };
        let homes: Vec<u32> = rows_in.iter().map(|&row| home(row)).collect();
        let mut columns = homes.clone();
        columns.sort_unstable();
        columns.dedup();
        let column = |lane: &u32| columns.binary_search(lane).unwrap_or(0) as u32;
        let nodes: Vec<Node> =
            rows_in.iter().zip(&homes).map(|(&row, lane)| Node { row, column: column(lane) }).collect();
        let edges = edges(compared, lanes, &rows_in);
        Self { columns, nodes, edges, cut }
    }
}

/// The rows one step before or after a row on either side.
fn neighbours(compared: Compared<'_>, lanes: &Lanes, row: u32) -> Vec<u32> {
    let rows = &compared.comparison.rows;
    let content = rows.get(row);
    let mut found = Vec::new();
    for side in Side::BOTH {
        let Some(event) = content.event(side) else { continue };
        let near = lanes.before(compared, side, event).into_iter().chain(lanes.after(compared, side, event));
        found.extend(near.filter_map(|(_, event)| rows.row_of(side, event)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn edges(compared: Compared<'_>, lanes: &Lanes, rows_in: &[u32]) -> Vec<Edge> {
    let rows = &compared.comparison.rows;
    let mut found: BTreeMap<(u32, u32), (Sides<bool>, BTreeSet<Why>)> = BTreeMap::new();
    for (to, &row) in rows_in.iter().enumerate() {
        for side in Side::BOTH {
            let Some(event) = rows.get(row).event(side) else { continue };
            for (why, before) in lanes.before(compared, side, event) {
                let from = rows.row_of(side, before).and_then(|row| rows_in.binary_search(&row).ok());
                if let Some(from) = from.filter(|&from| from != to) {
                    let (on, whys) =
                        found.entry((from as u32, to as u32)).or_insert((Sides::new(false, false), BTreeSet::new()));
                    on[side] = true;
                    whys.insert(why);
                }
            }
        }
    }
    let edge = |((from, to), (on, why)): ((u32, u32), (Sides<bool>, BTreeSet<Why>))| Edge {
        from,
        to,
        on,
        why: why.into_iter().collect(),
    };
    found.into_iter().map(edge).collect()
}
