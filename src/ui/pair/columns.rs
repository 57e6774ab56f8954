//! Where the columns of the events table stand: the same widths on both sides, so that the eye compares straight across.

use egui::{FontId, Rect, Ui};

use crate::app::pair::Pair;
use crate::trace::Side;
use crate::ui::theme::size;

use super::cells::time_words;

/// Room between columns, and in a narrow window.
const GAP: f32 = 16.0;
const NARROW_GAP: f32 = 10.0;
/// A side narrower than this is narrow.
const NARROW: f32 = 400.0;
/// Half of the room around the line between the sides, where links are drawn.
const SPINE_ROOM: f32 = 20.0;
const NARROW_SPINE_ROOM: f32 = 13.0;
/// Fields want this much; the time column goes where they would not get it.
const FIELDS: f32 = 200.0;
/// The slots left of the marks: the edge of what is selected, what was found, bookmarks, breakpoints. A click there sets one.
pub const GUTTER: f32 = 24.0;
/// The middle of the bookmarks' slot, and of the breakpoints'.
pub const BOOKMARKS: f32 = 11.0;
pub const BREAKPOINTS: f32 = 19.0;
/// Room for one mark.
const MARK: f32 = 18.0;
/// Room for the fields that are no columns, and the least width of one that is.
const OTHERS: f32 = 48.0;
const LEAST_OWN: f32 = 16.0;
/// A kind longer than this is cut.
const KIND_CHARS: usize = 28;

/// The columns of one side, as x coordinates.
#[derive(Debug, Clone, Default)]
pub struct Half {
    /// Where the side begins: its first column's left edge.
    pub index_left: f32,
    /// The right edge of the index column: indexes end here.
    pub index_right: f32,
    /// Where times begin, and how wide they are; a width of 0 says there are none.
    pub time: (f32, f32),
    /// Where kinds begin, and how wide they are.
    pub kind: (f32, f32),
    /// Where each field that is a column begins, and how wide it is; a width of 0 says that there is no room.
    pub own: Vec<(f32, f32)>,
    /// Where the other fields begin.
    pub fields: f32,
    /// Where the side ends.
    pub right: f32,
}

/// All columns.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// Where marks stand: the middle of the first.
    pub marks: f32,
    /// How many marks a row may have before its class.
    pub answers: u32,
    /// The line between the sides.
    pub spine: f32,
    /// Half of the room around it.
    pub spine_room: f32,
    expected: Half,
    actual: Half,
}

impl Columns {
    /// The columns for a pair in a table.
    pub fn new(ui: &Ui, pair: &Pair, table: Rect) -> Self {
        let mono = |chars: usize, points: f32| {
            let font = FontId::monospace(points);
            chars as f32 * ui.fonts_mut(|fonts| fonts.glyph_width(&font, '0'))
        };
        let analysis = pair.analysis();
        let answers = answers_in_one_row(pair);
        let gutter = GUTTER + MARK * (answers as f32 + 1.0);
        let came = pair.tail().into_iter().flat_map(|tail| &tail.appended().events).map(|came| came.event + 1);
        let longest = Side::BOTH.into_iter().map(|side| analysis.len(side)).chain(came).max().unwrap_or(0);
        let index = mono(longest.saturating_sub(1).to_string().len().max(3), size::SMALL) + 4.0;

        let time_chars = Side::BOTH.into_iter().filter_map(|side| {
            let last = analysis.len(side).checked_sub(1)?;
            let first = analysis.time(side, 0);
            let chars = |event| Some(time_words(analysis, side, analysis.time(side, event)?, first).chars().count());
            chars(0).max(chars(last))
        });
        let time_chars = time_chars.max().unwrap_or(0);

        let spine = ((table.left() + gutter + table.right()) / 2.0).round();
        let narrow = table.width() < 2.0 * NARROW;
        let (gap, spine_room) = if narrow { (NARROW_GAP, NARROW_SPINE_ROOM) } else { (GAP, SPINE_ROOM) };
        let half_width = spine - spine_room - (table.left() + gutter);
        let kinds = analysis.names.kinds.iter().map(|kind| kind.chars().count()).max().unwrap_or(0);
        let kind_wanted = mono(kinds.min(KIND_CHARS), size::LABEL) + 2.0;
        // In a narrow window the time goes first: the inspector has it too.
        let time_wanted = if time_chars == 0 { 0.0 } else { mono(time_chars, size::SMALL) + 2.0 };
        let time = if half_width < index + time_wanted + kind_wanted + 3.0 * gap + FIELDS { 0.0 } else { time_wanted };
        let kind = kind_wanted.min((half_width - index - time) * 0.55).max(0.0);

        let widths: Vec<f32> =
            pair.columns().list().iter().map(|column| mono(usize::from(column.chars), size::LABEL)).collect();
        let half = |left: f32, right: f32| {
            let index_right = left + index;
            let time_left = index_right + gap;
            let kind_left = if time > 0.0 { time_left + time + gap } else { time_left };
            let mut at = if kind > 0.0 { kind_left + kind + gap } else { kind_left };
            let own = widths.iter().map(|&width| {
                // What is left for the other fields must be worth a look.
                let width = width.min(right - OTHERS - at);
                if width < LEAST_OWN {
                    return (at, 0.0);
                }
                let column = (at, width);
                at += width + gap;
                column
            });
            let own = own.collect();
            Half {
                index_left: left,
                index_right,
                time: (time_left, time),
                kind: (kind_left, kind),
                own,
                fields: at,
                right,
            }
        };
        Self {
            marks: table.left() + GUTTER + MARK / 2.0,
            answers,
            spine,
            spine_room,
            expected: half(table.left() + gutter, spine - spine_room),
            actual: half(spine + spine_room, table.right() - 8.0),
        }
    }

    /// The columns of a side.
    pub const fn half(&self, side: Side) -> &Half {
        match side {
            Side::Expected => &self.expected,
            Side::Actual => &self.actual,
        }
    }

    /// The middle of the mark of a row's class.
    pub fn class_mark(&self) -> f32 {
        self.marks + MARK * self.answers as f32
    }

    /// The middle of the `n`th mark, counted back from the class's.
    pub fn answer_mark(&self, n: usize) -> f32 {
        self.class_mark() - MARK * (n as f32 + 1.0)
    }
}

/// The most answers (flag, diamond, ring) that share a row.
fn answers_in_one_row(pair: &Pair) -> u32 {
    let comparison = &pair.analysis().comparison;
    let flag = comparison.first_difference.map(|first| first.row);
    let ring = comparison.first_symptom.as_ref().map(|symptom| symptom.row);
    let alone = u32::from(flag.is_some() || ring.is_some() || !comparison.causes.is_empty());
    let on = |row: Option<u32>| {
        row.map_or(0, |row| {
            let diamond = comparison.causes.iter().any(|cause| cause.row == row);
            u32::from(diamond) + u32::from(flag == Some(row)) + u32::from(ring == Some(row))
        })
    };
    on(flag).max(on(ring)).max(alone)
}
