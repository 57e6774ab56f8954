//! One row of the events table: marks, and a cell a side.

use std::ops::Range;

use egui::{FontId, Painter, Rangef, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::bookmarks;
use super::cells::{Cell, CellField, Cells};
use super::columns::{self, Columns, Half};
use super::glyph::{self, Mark};
use super::span_marks;
use super::tail;
use super::words::Words;
use crate::app::pair::{BookmarkCommand, FieldColumn, Pair, PairCommand, PairRequest};
use crate::compare::{Row, RowClass, Stand};
use crate::query::Highlight;
use crate::trace::{EventIndex, Side, SpanMarks};
use crate::ui::fonts::mono_medium;
use crate::ui::hints;
use crate::ui::theme::{Tokens, size};

/// The width of a digit of an index.
const DIGIT: f32 = 6.6;

/// What drawing a row needs to know.
pub struct RowView<'a> {
    /// The pair.
    pub pair: &'a Pair,
    /// What was read of it.
    pub cells: &'a Cells,
    /// Where the columns are.
    pub columns: &'a Columns,
    /// The colours.
    pub t: &'a Tokens,
    /// Which row.
    pub row: u32,
    /// Where it stands.
    pub rect: Rect,
}

/// Draws a row; true when the pointer is over it.
pub fn show(ui: &Ui, painter: &Painter, view: &RowView<'_>, out: &mut Vec<PairRequest>) -> bool {
    let RowView { pair, cells, columns, t, row, rect } = *view;
    let content = pair.rows().get(row);
    let selection = pair.selection().filter(|selection| selection.row == row);
    let answers = answers(pair, row);
    let in_range = pair.is_in_range(row);
    let response = ui.interact(rect.intersect(painter.clip_rect()), ui.scope_id().with(("row", row)), Sense::click());
    let breakpoint = pair.transport().mark(pair.analysis(), row);
    let came = pair.tail().zip(pair.came_to(row));
    let came_on = |side: Side| came.filter(|(_, came)| came.side == side);
    let cell = |side| match (content.event(side), came_on(side)) {
        (Some(event), _) => Some(cells.cell(pair, row, side, event)),
        (None, Some((tail, came))) => Some(cells.came(pair, tail.appended(), came)),
        (None, None) => None,
    };
    let both = [cell(Side::Expected), cell(Side::Actual)];
    response.widget_info(|| {
        let mut name =
            name(pair, row, content, &answers, [both[0].as_deref(), both[1].as_deref()], selection.is_some());
        if let Some(enabled) = breakpoint {
            name = name.replacen(',', if enabled { ", breakpoint," } else { ", breakpoint that is off," }, 1);
        }
        if in_range && selection.is_none() {
            name.push_str(", selected too");
        }
        WidgetInfo::selected(Role::Row, true, selection.is_some() || in_range, name)
    });

    let is_cause = answers.iter().any(|mark| matches!(mark, Mark::Diamond { first: true }));
    let hovered = response.hovered();
    let ground = if is_cause {
        Some(t.cause_wash)
    } else if selection.is_some() || in_range {
        Some(t.selection)
    } else if hovered || pair.is_lit(row) {
        Some(t.raised)
    } else if came.is_some() {
        Some(t.panel)
    } else {
        None
    };
    if let Some(ground) = ground {
        painter.rect_filled(rect, 0.0, ground);
        painter.vline(columns.spine, rect.y_range(), Stroke::new(1.0, t.line));
    }
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line_soft));
    if selection.is_some() {
        let edge = if is_cause { t.cause } else { t.expected };
        painter.rect_filled(Rect::from_min_size(rect.min, vec2(3.0, rect.height())), 0.0, edge);
    }
    if pair.search().found(row) {
        painter.rect_filled(
            Rect::from_min_size(rect.min + vec2(4.0, 8.0), vec2(3.0, rect.height() - 16.0)),
            1.5,
            t.warn,
        );
    }

    bookmarks::in_row(painter, pair, row, rect, t);

    let y = rect.center().y;
    if let Some(enabled) = breakpoint {
        glyph::breakpoint(painter, pos2(rect.left() + columns::BREAKPOINTS, y), enabled, 0.9, t);
    }
    for (n, mark) in answers.iter().rev().enumerate() {
        mark.paint(painter, pos2(columns.answer_mark(n), y), 1.0, mark.colour(t));
    }
    if let Some(mark) = if came.is_some() { Some(Mark::SoFar) } else { class_mark(pair, content) } {
        mark.paint(painter, pos2(columns.class_mark(), y), 0.9, mark.colour(t));
    }
    let hand = by_hand(pair, content);
    if let Some(mark) = hand {
        let at = pos2(columns.spine, y);
        painter.rect_filled(Rect::from_center_size(at, vec2(20.0, 14.0)), 2.0, ground.unwrap_or(t.bg));
        mark.paint(painter, at, 1.0, mark.colour(t));
    }
    // What answers only a part of the query is not marked.
    let highlight = if pair.search().found(row) { pair.search().highlight() } else { &Highlight::default() };
    for (side, cell) in Side::BOTH.into_iter().zip(&both) {
        let half = columns.half(side);
        match (cell, content.event(side)) {
            (Some(cell), Some(event)) => {
                let eye = selection.is_some_and(|selection| selection.side == side);
                let ink = Ink::of(t, side, content, is_cause);
                let own = pair.columns().list();
                let marks = pair.analysis().span_marks(side, event);
                if marks.is_empty() {
                    paint_cell(painter, half, y, event, cell, &ink, (highlight, own));
                } else {
                    let right = span_marks::paint_right(painter, pos2(half.right - 4.0, y), marks, t);
                    let half = Half { right: right - 4.0, ..half.clone() };
                    paint_cell(painter, &half, y, event, cell, &ink, (highlight, own));
                }
                if eye {
                    // The side that is looked from is underlined.
                    let digits = event.checked_ilog10().unwrap_or(0) + 1;
                    let line = Rangef::new(half.index_right - digits as f32 * DIGIT, half.index_right);
                    painter.hline(line, rect.bottom() - 6.0, Stroke::new(1.5, ink.kind));
                }
            }
            (Some(cell), None) => {
                let half = tail::so_far(painter, half, y, t);
                let event = came_on(side).map_or(0, |(_, came)| came.event);
                let own = pair.columns().list();
                paint_cell(painter, &half, y, event, cell, &Ink::calm(t, side), (highlight, own));
            }
            // A lone trace has nothing to be missing from.
            _ if content.class == RowClass::Same || pair.analysis().is_incomparable_pair() => {}
            _ => gap(painter, half, rect, content.unrecorded, t),
        }
    }
    // What can be done with a row needs the whole answer.
    if !pair.is_beginning() {
        response.context_menu(|ui| menu(ui, view, content, out));
    }
    if response.secondary_clicked() && !in_range {
        out.push(PairCommand::SelectCell(row, side_at(&response, columns)).into());
    }
    let response = response.on_hover_ui_at_pointer(|ui| tooltip(ui, view, content, &both));
    let in_gutter = response.interact_pointer_pos().is_some_and(|at| at.x < rect.left() + columns::GUTTER);
    if response.clicked() && in_gutter && !pair.is_beginning() {
        out.push(PairCommand::ToggleBreakpointAt(row).into());
    } else if response.clicked() {
        let side = side_at(&response, columns);
        let more = ui.input(|input| input.modifiers.shift);
        out.push(if more { PairCommand::ExtendTo(row, side) } else { PairCommand::SelectCell(row, side) }.into());
    }
    hovered
}

/// The side on which a row was pressed.
fn side_at(response: &egui::Response, columns: &Columns) -> Side {
    let right = response.interact_pointer_pos().is_some_and(|at| at.x > columns.spine);
    if right { Side::Actual } else { Side::Expected }
}

/// What can be done with the row that was pressed, which is selected by then.
fn menu(ui: &mut Ui, view: &RowView<'_>, content: Row, out: &mut Vec<PairRequest>) {
    let marked = view.pair.marked();
    let same = match marked {
        Some((side, event)) => format!("The same event as {side} #{event}"),
        None => "Mark: the same event as…".to_owned(),
    };
    let both = content.expected.is_some() && content.actual.is_some();
    let bookmark = PairCommand::Bookmark(BookmarkCommand::Toggle);
    let items: [(&str, &str, bool, PairRequest); 4] = [
        (&same, "same-event", true, PairRequest::SameHere),
        ("These two are not the same", "not-same-event", both, PairRequest::NotSame),
        ("Bookmark", "bookmark", true, bookmark.into()),
        ("Toggle breakpoint", "breakpoint", true, PairCommand::ToggleBreakpoint.into()),
    ];
    for (title, id, enabled, request) in items {
        let button = egui::Button::new(title).shortcut_text(hints::key(ui, id));
        if ui.add_enabled(enabled, button).clicked() {
            out.push(request);
            ui.close();
        }
    }
}

/// What a person said about which events are the same, as it stands in a row.
fn by_hand(pair: &Pair, content: Row) -> Option<Mark> {
    let hand = &pair.analysis().hand;
    let marked = pair.marked().is_some_and(|(side, event)| content.event(side) == Some(event));
    let parted = |side: Side| content.event(side).is_some_and(|event| hand.not(side, event).next().is_some());
    match content.expected.zip(content.actual) {
        _ if marked => Some(Mark::Marked),
        Some((e, a)) if hand.joins(e, a) => Some(Mark::Joined),
        _ if parted(Side::Expected) || parted(Side::Actual) => Some(Mark::Parted),
        _ => None,
    }
}

/// The three answers that stand in a row.
pub fn answers(pair: &Pair, row: u32) -> Vec<Mark> {
    let comparison = &pair.analysis().comparison;
    let mut marks = Vec::new();
    if comparison.first_difference.is_some_and(|first| first.row == row) {
        marks.push(Mark::Flag);
    }
    if let Some(place) = comparison.causes.iter().position(|cause| cause.row == row) {
        marks.push(Mark::Diamond { first: place == 0 });
    }
    if comparison.first_symptom.as_ref().is_some_and(|symptom| symptom.row == row) {
        marks.push(Mark::Ring);
    }
    marks
}

/// The colours of a cell's words.
pub(super) struct Ink {
    kind: egui::Color32,
    fields: egui::Color32,
    changed: egui::Color32,
    wash: egui::Color32,
    index: egui::Color32,
    found: egui::Color32,
}

impl Ink {
    /// Those of what no answer has.
    pub(super) fn calm(t: &Tokens, side: Side) -> Self {
        let unrecorded = Row { expected: None, actual: None, class: RowClass::Same, inverted: false, unrecorded: true };
        Self::of(t, side, unrecorded, false)
    }

    fn of(t: &Tokens, side: Side, row: Row, is_cause: bool) -> Self {
        let (colour, wash) = match side {
            Side::Expected => (t.expected, t.expected_wash),
            Side::Actual => (t.actual, t.actual_wash),
        };
        let differs = row.class != RowClass::Same || row.inverted;
        let calm = row.unrecorded;
        Self {
            kind: if calm { t.dim } else { t.text },
            fields: if differs && !calm { colour } else { t.dim },
            changed: if is_cause { t.text } else { colour },
            wash,
            index: t.dim,
            found: t.warn_wash,
        }
    }
}

/// Draws an event where its columns are.
pub(super) fn paint_cell(
    painter: &Painter,
    half: &Half,
    y: f32,
    event: EventIndex,
    cell: &Cell,
    ink: &Ink,
    (highlight, own): (&Highlight, &[FieldColumn]),
) {
    let index = Words::of(&event.to_string(), FontId::monospace(size::SMALL), ink.index);
    index.paint_right(painter, pos2(half.index_right, y), half.index_right - half.index_left);
    if half.time.1 > 0.0 && !cell.time.is_empty() {
        let time = Words::of(&cell.time, FontId::monospace(size::SMALL), ink.index);
        time.paint_right(painter, pos2(half.time.0 + half.time.1, y), half.time.1);
    }
    let kind = if highlight.kind(&cell.kind) {
        Words::new().washed(&cell.kind, mono_medium(size::LABEL), ink.kind, ink.found)
    } else {
        marked(Words::new(), &cell.kind, &highlight.runs(&cell.kind), &mono_medium(size::LABEL), ink.kind, ink)
    };
    kind.paint(painter, pos2(half.kind.0, y), half.kind.1);
    let left = if cell.kind.is_empty() { half.kind.0 } else { half.fields };
    if let Some(trouble) = &cell.trouble {
        let words = Words::of(trouble, FontId::proportional(size::LABEL), ink.fields);
        words.paint(painter, pos2(left, y), half.right - left);
        return;
    }
    for (column, &(left, width)) in own.iter().zip(&half.own).filter(|(_, (_, width))| *width > 0.0) {
        if let Some(field) = cell.field(&column.path) {
            value(field, ink, highlight).paint(painter, pos2(left, y), width);
        }
    }
    let shown = |field: &&CellField| {
        let column = own.iter().zip(&half.own).find(|(column, _)| column.path == field.path);
        column.is_none_or(|(_, (_, width))| *width <= 0.0)
    };
    // A column has its place even where there is no kind.
    let left = if half.own.iter().any(|(_, width)| *width > 0.0) { half.fields } else { left };
    let width = half.right - left;
    let letters = painter.fonts_mut(|fonts| (width / fonts.glyph_width(&FontId::monospace(size::LABEL), '0')).ceil());
    let line_of = |list: &mut dyn Iterator<Item = &CellField>| fields(list, letters as usize, ink, highlight);
    let line = line_of(&mut cell.fields.iter().filter(shown)).layout(painter, width);
    let matters = |field: &CellField| {
        field.changed || highlight.field(&field.path, &field.value) || !highlight.runs(&words_of(field)).is_empty()
    };
    if line.is_cut() && cell.fields.iter().filter(shown).any(matters) {
        // What changed or was searched for must not be what is cut off: it comes first.
        let (first, rest): (Vec<_>, Vec<_>) = cell.fields.iter().filter(shown).partition(|field| matters(field));
        line_of(&mut first.into_iter().chain(rest)).paint(painter, pos2(left, y), width);
    } else {
        line.paint(painter, pos2(left, y));
    }
}

/// `task 1`.
fn words_of(field: &CellField) -> String {
    if field.name.is_empty() { field.value.clone() } else { format!("{} {}", field.name, field.value) }
}

/// `task 1 · queue 0`, what changed and what was searched for on their washes; no more of them than are seen where there is room
/// for so many letters.
fn fields(list: &mut dyn Iterator<Item = &CellField>, room: usize, ink: &Ink, highlight: &Highlight) -> Words {
    let mut words = Words::new();
    let mut letters = 0;
    for field in list {
        if letters > room {
            break;
        }
        words = words.dot(ink.index);
        let text = words_of(field);
        // These are of one width; others may have none.
        letters += text.bytes().filter(|byte| matches!(byte, b' '..=b'~')).count();
        words = inked(words, field, &text, ink, highlight);
    }
    words
}

/// A field's value alone, for a column that says which field it is.
fn value(field: &CellField, ink: &Ink, highlight: &Highlight) -> Words {
    inked(Words::new(), field, &field.value, ink, highlight)
}

/// Adds a field in these words: what changed and what was searched for on their washes.
fn inked(words: Words, field: &CellField, text: &str, ink: &Ink, highlight: &Highlight) -> Words {
    let font = FontId::monospace(size::LABEL);
    let runs = highlight.runs(text);
    if highlight.field(&field.path, &field.value) {
        words.washed(text, font, ink.kind, ink.found)
    } else if field.changed && runs.is_empty() {
        words.washed(text, font, ink.changed, ink.wash)
    } else {
        let colour = if field.changed { ink.changed } else { ink.fields };
        marked(words, text, &runs, &font, colour, ink)
    }
}

/// Adds a text whose `runs` were searched for: these on the wash of what was found.
fn marked(
    mut words: Words,
    text: &str,
    runs: &[Range<usize>],
    font: &FontId,
    colour: egui::Color32,
    ink: &Ink,
) -> Words {
    let mut at = 0;
    for run in runs {
        words = words.add(&text[at..run.start], font.clone(), colour);
        words = words.washed(&text[run.clone()], font.clone(), ink.kind, ink.found);
        at = run.end;
    }
    words.add(&text[at..], font.clone(), colour)
}

fn gap(painter: &Painter, half: &Half, row: Rect, unrecorded: bool, t: &Tokens) {
    let rect = Rect::from_min_max(pos2(half.index_left, row.top() + 4.0), pos2(half.right, row.bottom() - 4.0));
    if unrecorded {
        let words = Words::of("not recorded", FontId::proportional(size::SMALL), t.dim);
        words.paint(painter, pos2(half.kind.0, row.center().y), half.kind.1.max(96.0));
    } else {
        glyph::hatch(painter, rect, t.panel, t.line);
    }
}

/// The mark of a row's class; none where nothing was compared.
pub fn class_mark(pair: &Pair, content: Row) -> Option<Mark> {
    Mark::of(content).filter(|_| !pair.analysis().is_incomparable_pair())
}

/// The class of a row as it reads on screen.
pub fn class_word(pair: &Pair, row: u32) -> &'static str {
    if pair.came_to(row).is_some() {
        return tail::word(Some(Stand::Matched(row)));
    }
    let content = pair.rows().get(row);
    let lone = content.expected.is_none() || content.actual.is_none();
    if content.class == RowClass::Same && lone { "no baseline" } else { pair.analysis().class_word(row) }
}

/// What a screen reader and a test find: `row 6, first difference, cause, order inversion, expected …, actual …, selected`.
fn name(pair: &Pair, row: u32, content: Row, answers: &[Mark], cells: [Option<&Cell>; 2], selected: bool) -> String {
    let mut name = format!("row {}", u64::from(row) + 1);
    for mark in answers {
        name.push_str(", ");
        name.push_str(mark.answer());
    }
    name.push_str(", ");
    name.push_str(class_word(pair, row));
    for (side, cell) in Side::BOTH.into_iter().zip(cells) {
        name.push_str(", ");
        name.push_str(side.word());
        name.push(' ');
        match cell {
            Some(cell) => {
                name.push_str(&cell.sentence());
                let marks = content
                    .event(side)
                    .map_or_else(SpanMarks::default, |event| pair.analysis().span_marks(side, event));
                if !marks.is_empty() {
                    name.extend([" (", &marks.words(), ")"]);
                }
            }
            None if content.unrecorded => name.push_str("not recorded"),
            None => name.push_str("nothing"),
        }
    }
    match by_hand(pair, content) {
        Some(Mark::Joined) => name.push_str(", paired by hand"),
        Some(Mark::Parted) => name.push_str(", parted by hand"),
        Some(_) => name.push_str(", marked for its counterpart"),
        None => {}
    }
    if pair.search().found(row) {
        name.push_str(", found");
    }
    if pair.bookmarks().of_row(row).next().is_some() {
        name.push_str(", bookmarked");
    }
    if selected {
        name.push_str(", selected");
    }
    name
}

fn tooltip(ui: &mut Ui, view: &RowView<'_>, content: Row, cells: &[Option<std::sync::Arc<Cell>>; 2]) {
    let t = view.t;
    ui.spacing_mut().item_spacing.y = 2.0;
    let class = class_word(view.pair, view.row);
    let caption = format!("Row {} · {class}", u64::from(view.row) + 1);
    ui.label(egui::RichText::new(caption).size(size::SMALL).color(t.dim));
    for (side, cell) in Side::BOTH.into_iter().zip(cells) {
        let colour = if side == Side::Expected { t.expected } else { t.actual };
        let came = view.pair.came_to(view.row).map(|came| came.event);
        let text = match (cell, content.event(side).or(came)) {
            (Some(cell), Some(event)) => format!("#{event}  {}", cell.sentence()),
            _ if content.unrecorded => "not recorded".to_owned(),
            _ => "nothing here".to_owned(),
        };
        ui.label(egui::RichText::new(text).monospace().size(size::LABEL).color(colour));
    }
}
