//! What is seen of a waterfall, as it is saved: spans by their ids, since rows stand elsewhere in what is recorded anew.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{LEAST, SeenWaterfall, whole};
use crate::population::Waterfall;
use crate::trace::{Side, Words, escape};

/// What is seen of a waterfall.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedWaterfall {
    /// The selected row.
    #[serde(skip_serializing_if = "Option::is_none")]
    selected: Option<SavedRow>,
    /// The rows that are folded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    folded: Vec<SavedRow>,
    /// Which part of the axis is in sight, in nanoseconds since the roots began; all of it where none is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<(f64, f64)>,
    /// The first row in sight.
    #[serde(skip_serializing_if = "Option::is_none")]
    top: Option<SavedRow>,
}

/// A row of a waterfall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct SavedRow {
    /// Its place, from 0: both ends of a call may have one id.
    row: u32,
    /// The side that has its span: the actual one where both do.
    side: Side,
    /// The id of that span.
    span: String,
}

impl SavedRow {
    fn new(row: u32, waterfall: &Waterfall, words: &Words) -> Option<Self> {
        let spans = &waterfall.rows.get(row as usize)?.spans;
        let side = if spans.actual.is_some() { Side::Actual } else { Side::Expected };
        Some(Self { row, side, span: words.get(waterfall.span(side, row)?.id).to_owned() })
    }
}

/// The rows of a waterfall by the ids of their spans.
struct Rows<'a> {
    waterfall: &'a Waterfall,
    words: &'a Words,
    by_id: HashMap<(Side, &'a str), u32>,
}

impl<'a> Rows<'a> {
    fn new(waterfall: &'a Waterfall, words: &'a Words) -> Self {
        let mut by_id = HashMap::new();
        for row in 0..waterfall.rows.len() as u32 {
            for side in Side::BOTH {
                if let Some(span) = waterfall.span(side, row) {
                    by_id.entry((side, words.get(span.id))).or_insert(row);
                }
            }
        }
        Self { waterfall, words, by_id }
    }

    /// Where a row is now.
    fn find(&self, saved: &SavedRow) -> Option<u32> {
        let there = (saved.row as usize) < self.waterfall.rows.len();
        let own = there.then(|| self.waterfall.span(saved.side, saved.row)).flatten();
        if own.is_some_and(|span| self.words.get(span.id) == saved.span) {
            return Some(saved.row);
        }
        self.by_id.get(&(saved.side, saved.span.as_str())).copied()
    }
}

impl SeenWaterfall {
    /// What is saved of it.
    pub(in crate::app) fn saved(&self, waterfall: &Waterfall, words: &Words) -> SavedWaterfall {
        let saved = |row: u32| SavedRow::new(row, waterfall, words);
        let top = self.scroller.top();
        SavedWaterfall {
            selected: saved(self.row),
            folded: self.folded.iter().filter_map(|&row| saved(row)).collect(),
            range: Some(self.range).filter(|range| *range != whole(waterfall)),
            top: self.lines.get(top as usize).filter(|_| top > 0).and_then(|&row| saved(row)),
        }
    }

    /// Shows what was saved, as far as it is there; says what of it is not.
    pub(in crate::app) fn set_saved(
        &mut self,
        saved: &SavedWaterfall,
        waterfall: &Waterfall,
        words: &Words,
    ) -> Vec<String> {
        let rows = Rows::new(waterfall, words);
        let mut missing = Vec::new();
        let folded: Vec<u32> = saved.folded.iter().filter_map(|row| rows.find(row)).collect();
        match saved.folded.len() - folded.len() {
            0 => {}
            1 => missing.push("The view file folds a span that is not here.".to_owned()),
            gone => missing.push(format!("The view file folds {gone} spans that are not here.")),
        }
        self.folded = folded.into_iter().filter(|&row| waterfall.has_below(row)).collect();
        self.list_rows(waterfall);
        self.show_range(saved.range.unwrap_or_else(|| whole(waterfall)), waterfall);
        if let Some(selected) = &saved.selected {
            match rows.find(selected) {
                Some(row) => self.select(row),
                None => missing.push(format!("The view file selects {}, which is not here.", escape(&selected.span))),
            }
        }
        let top = saved.top.as_ref().map_or(Some(0), |top| rows.find(top));
        if let Some(top) = top {
            self.scroller.begin_at(self.line_of(top));
        }
        missing
    }

    /// Shows a part of the axis, as far as there is one.
    pub(in crate::app) fn show_range(&mut self, (from, to): (f64, f64), waterfall: &Waterfall) {
        let (low, high) = whole(waterfall);
        if from.is_finite() && to.is_finite() && from < to {
            self.set_range(from, (to - from).clamp(LEAST.min(high - low), high - low), waterfall);
        }
    }
}
