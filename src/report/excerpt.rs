//! The rows around the first difference, as both written reports show them.

use std::ops::Range;

use super::words;
use crate::analyse::Analysis;
use crate::trace::{EventIndex, Side, Sides};

/// Rows before and after each event of the first difference: what fits beside a sentence.
const AROUND: u32 = 3;

/// One line of the excerpt.
pub enum Line {
    /// A row of the alignment.
    Row {
        /// The mark of its class.
        glyph: &'static str,
        /// The class in words; empty where the row is the same.
        word: &'static str,
        /// Index and summary of each cell.
        cells: Sides<Option<(EventIndex, String)>>,
    },
    /// So many rows are left out here.
    Gap(u32),
}

/// The rows around both events of the first difference; nothing where there is none.
pub fn around_first(analysis: &Analysis) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut end = None;
    for range in ranges(analysis) {
        if let Some(end) = end.filter(|&end| end < range.start) {
            lines.push(Line::Gap(range.start - end));
        }
        end = Some(range.end);
        lines.extend(range.map(|row| line(analysis, row)));
    }
    lines
}

/// The rows to show, ascending, without overlap.
fn ranges(analysis: &Analysis) -> Vec<Range<u32>> {
    let comparison = &analysis.comparison;
    let Some(first) = comparison.first_difference else { return Vec::new() };
    let row_of = |side, event: Option<EventIndex>| event.and_then(|event| comparison.rows.row_of(side, event));
    let mut rows: Vec<u32> =
        [row_of(Side::Expected, first.expected), row_of(Side::Actual, first.actual)].into_iter().flatten().collect();
    rows.sort_unstable();
    let mut ranges: Vec<Range<u32>> = Vec::new();
    for row in rows {
        let range = row.saturating_sub(AROUND)..(row + AROUND + 1).min(comparison.rows.len());
        match ranges.last_mut() {
            // A gap of one row would take as much room as the row.
            Some(last) if range.start <= last.end + 1 => last.end = last.end.max(range.end),
            _ => ranges.push(range),
        }
    }
    ranges
}

fn line(analysis: &Analysis, index: u32) -> Line {
    let row = analysis.comparison.rows.get(index);
    let cell = |side| {
        let event = row.event(side)?;
        let detail = analysis.detail(side, event);
        let summary = match &analysis.waveform {
            Some(_) => words::change(&detail),
            None => words::summary(&detail, &analysis.spec),
        };
        Some((event, summary))
    };
    let glyph = words::glyph(row);
    Line::Row {
        glyph,
        word: if glyph == "=" { "" } else { analysis.class_word(index) },
        cells: Sides::new(cell(Side::Expected), cell(Side::Actual)),
    }
}
