//! What is seen of a waterfall, as it is saved.

use serde::{Deserialize, Serialize};

use super::{LEAST, SeenWaterfall, whole};
use crate::population::Waterfall;

/// What is seen of a waterfall.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedWaterfall {
    /// The selected row, from 0.
    row: u32,
    /// The rows that are folded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    folded: Vec<u32>,
    /// Which part of the axis is in sight, in nanoseconds since the roots began; all of it where none is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<(f64, f64)>,
    /// The first row in sight.
    top: u32,
}

impl SeenWaterfall {
    /// What is saved of it.
    pub(in crate::app) fn saved(&self, waterfall: &Waterfall) -> SavedWaterfall {
        SavedWaterfall {
            row: self.row,
            folded: self.folded.iter().copied().collect(),
            range: Some(self.range).filter(|range| *range != whole(waterfall)),
            top: self.lines.get(self.scroller.top() as usize).copied().unwrap_or_default(),
        }
    }

    /// Shows what was saved, as far as it is there.
    pub(in crate::app) fn set_saved(&mut self, saved: &SavedWaterfall, waterfall: &Waterfall) {
        let rows = waterfall.rows.len() as u32;
        self.folded = saved.folded.iter().copied().filter(|row| *row < rows && waterfall.has_below(*row)).collect();
        self.list_rows(waterfall);
        self.show_range(saved.range.unwrap_or_else(|| whole(waterfall)), waterfall);
        self.select(saved.row);
        self.scroller.begin_at(self.line_of(saved.top));
    }

    /// Shows a part of the axis, as far as there is one.
    pub(in crate::app) fn show_range(&mut self, (from, to): (f64, f64), waterfall: &Waterfall) {
        let (low, high) = whole(waterfall);
        if from.is_finite() && to.is_finite() && from < to {
            self.set_range(from, (to - from).clamp(LEAST.min(high - low), high - low), waterfall);
        }
    }
}
