//! The divergence mass: how much differs where along the rows, and what explains it.

use super::answer::Comparison;

/// A stretch of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mass {
    /// Rows in it.
    pub rows: u32,
    /// Of them, rows that differ.
    pub differing: u32,
    /// Of those, rows that some cause explains, or that are one.
    pub explained: u32,
}

impl Comparison {
    /// The rows in this many stretches of equal length (fewer where there are fewer rows), in order.
    pub fn mass(&self, stretches: u32) -> Vec<Mass> {
        let rows = self.rows.len();
        let stretches = stretches.min(rows);
        // The first row of a stretch: the last ones differ in length by at most one row.
        let start = |i: u32| (u64::from(i) * u64::from(rows) / u64::from(stretches.max(1))) as u32;
        let differences = self.rows.differences();
        (0..stretches)
            .map(|i| {
                let [from, to] = [start(i), start(i + 1)];
                let [a, b] = [from, to].map(|row| differences.partition_point(|&d| d < row));
                let explained = self.explained.get(a..b).map_or(0, |ranks| ranks.iter().filter(|&&r| r > 0).count());
                Mass { rows: to - from, differing: (b - a) as u32, explained: explained as u32 }
            })
            .collect()
    }
}
