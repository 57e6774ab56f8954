//! The lines over the events table: which recording is which, what stands in each column, and by what the rows are sorted.

use egui::{FontId, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::columns::Columns;
use super::sides;
use super::words::Words;
use crate::analyse::{Sort, SortKey};
use crate::app::pair::{ColumnCommand, Pair, PairCommand, PairRequest};
use crate::trace::{Side, escape};
use crate::ui::fonts::{medium, semibold};
use crate::ui::hints;
use crate::ui::theme::{Tokens, size};

/// Height of the line that names the recordings, and of the one that names the columns.
const NAMES: f32 = 32.0;
const CELLS: f32 = 24.0;
/// The first of them in a table lower than this.
const LOW: f32 = 240.0;
const LOW_NAMES: f32 = 26.0;
/// Height of the line that says by what the rows are sorted.
pub const ORDER: f32 = 28.0;
/// A narrower table has no room for how much stands around differences; keys change it there too.
const WIDE: f32 = 900.0;
/// In a narrower one the buttons have fewer words.
const NARROW: f32 = 640.0;
/// A recording's name of which less is seen says nothing.
const NAME_LEAST: f32 = 56.0;
/// A cell is at least this wide, so that it can be hit.
const LEAST: f32 = 20.0;

/// The height of both in a table of this height; what stands in each column is left out where no row is.
pub fn height(pair: &Pair, table: f32) -> f32 {
    let names = if table < LOW { LOW_NAMES } else { NAMES };
    if pair.all_lines() == 0 { names } else { names + CELLS }
}

/// Draws the heading.
pub fn show(ui: &Ui, pair: &Pair, rect: Rect, columns: &Columns, t: &Tokens, out: &mut Vec<PairRequest>) {
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 0.0, t.panel);
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
    let rows = pair.all_lines() > 0;
    let (names, below) = rect.split_top_bottom_at_y(rect.bottom() - if rows { CELLS } else { 0.0 });
    let y = names.center().y;
    // The buttons give way to the names of the sides.
    let actual = sides::heading(&painter, Side::Actual, t).width();
    let least = columns.half(Side::Actual).index_left + actual + 12.0;
    let left_of = buttons(ui, pair, (names, least), t, out);
    for side in Side::BOTH {
        let half = columns.half(side);
        let (word, colour) = sides::title(side, t);
        let label = escape(pair.labels().get(side));
        let right = if side == Side::Actual { left_of } else { half.right };
        let room = right - half.index_left - 8.0;
        let mut words = Words::of(word, semibold(size::SMALL), colour);
        if words.clone().layout(&painter, f32::INFINITY).width() + NAME_LEAST < room {
            words = words.gap(8.0);
            words = if label.is_empty() {
                words.add("no recording", FontId::proportional(size::SMALL), t.dim)
            } else {
                words.add(&label, FontId::monospace(size::SMALL), t.dim)
            };
        }
        let (shown, _) = words.paint(&painter, pos2(half.index_left, y), room);
        let response = ui.interact(shown, ui.scope_id().with(("side", side)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{word} {label}")));
    }
    if rows {
        cells(ui, pair, below, columns, t, out);
    }
}

/// What stands in each column; a press sorts by it.
fn cells(ui: &Ui, pair: &Pair, line: Rect, columns: &Columns, t: &Tokens, out: &mut Vec<PairRequest>) {
    let keys = pair.sort_keys();
    let mut cell = |key: SortKey, word: &str, from: f32, to: f32, right: bool| {
        let is_column = matches!(key, SortKey::Field(..));
        if !is_column && !keys.contains(&key) {
            return;
        }
        let rect = Rect::from_min_max(pos2(from, line.top()), pos2(to.max(from + LEAST), line.bottom()));
        if pair.is_beginning() {
            // All rows are needed to sort them.
            let words = Words::of(&escape(word), FontId::proportional(size::SMALL), t.dim);
            let words = words.layout(ui.painter(), rect.width());
            let left = if right { (rect.right() - words.width()).max(rect.left()) } else { rect.left() };
            words.paint(ui.painter(), pos2(left, rect.center().y));
        } else if sort_cell(ui, pair, rect, &key, word, right, t) {
            out.push(PairCommand::SortBy(key).into());
        }
    };
    let marks = columns.class_mark();
    // Beside two marks only there is no room for its name.
    let class = if marks - line.left() > 32.0 { "class" } else { "" };
    cell(SortKey::Class, class, line.left() + 8.0, marks + 10.0, false);
    for side in Side::BOTH {
        let half = columns.half(side);
        cell(SortKey::Index(side), "#", half.index_left, half.index_right, true);
        if half.time.1 > 0.0 {
            cell(SortKey::Time(side), "time", half.time.0, half.time.0 + half.time.1, true);
        }
        if half.kind.1 > 0.0 {
            cell(SortKey::Kind(side), "kind", half.kind.0, half.kind.0 + half.kind.1, false);
        }
        for (column, &(left, width)) in pair.columns().list().iter().zip(&half.own) {
            if width > 0.0 {
                let word = column.path.rsplit('.').next().unwrap_or(&column.path);
                cell(SortKey::Field(side, column.path.clone()), word, left, left + width, false);
            }
        }
    }
    cell(SortKey::Apart, "Δ", columns.spine - 4.0, columns.spine + 11.0, false);
}

/// How the rows are sorted by a column, for its accessible name.
const fn state(sort: Option<&Sort>) -> &'static str {
    match sort {
        None => "not sorted",
        Some(Sort { descending: false, .. }) => "sorted ascending",
        Some(Sort { descending: true, .. }) => "sorted descending",
    }
}

/// One column's name; true when it was pressed.
fn sort_cell(ui: &Ui, pair: &Pair, rect: Rect, key: &SortKey, word: &str, right: bool, t: &Tokens) -> bool {
    let sort = pair.sorting().sort().filter(|sort| sort.by == *key);
    let response = ui.interact(rect, ui.scope_id().with(("sort", key)), Sense::click());
    let name = format!("{}, column, {}", key.words(), state(sort));
    response.widget_info(|| WidgetInfo::selected(Role::ColumnHeader, true, sort.is_some(), name.clone()));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect.expand2(vec2(3.0, -2.0)), 4.0, t.selection);
    }
    let (font, colour) =
        if sort.is_some() { (semibold(size::SMALL), t.text) } else { (FontId::proportional(size::SMALL), t.dim) };
    let room = rect.width() - if sort.is_some() { 10.0 } else { 0.0 };
    let words = Words::of(&escape(word), font, colour).layout(ui.painter(), room.max(8.0));
    let width = words.width();
    let left = if right { (rect.right() - width).max(rect.left()) } else { rect.left() };
    words.paint(ui.painter(), pos2(left, rect.center().y));
    if let Some(sort) = sort {
        // An arrow head beside the word: up for ascending.
        let x = if right { left - 7.0 } else { left + width + 7.0 };
        let tip = if sort.descending { 2.5 } else { -2.5 };
        let at = |dx: f32, dy: f32| pos2(x + dx, rect.center().y + dy);
        let points = vec![at(-3.5, -tip), at(0.0, tip), at(3.5, -tip)];
        ui.painter().add(Shape::convex_polygon(points, t.text, Stroke::NONE));
    }
    let clicked = response.clicked();
    let next = match sort {
        None => "Sort all rows by this",
        Some(Sort { descending: false, .. }) => "Sort the other way",
        Some(_) => "Back to recorded order",
    };
    response.on_hover_text(format!("{next}: {}", key.words()));
    clicked
}

/// The buttons at the right end: columns, and folds, as far as there is room behind `least`; says where they begin.
fn buttons(ui: &Ui, pair: &Pair, (rect, least): (Rect, f32), t: &Tokens, out: &mut Vec<PairRequest>) -> f32 {
    let mut right = rect.right() - 12.0;
    let fits = |text: &str, right: f32| right - button_width(ui, text, t) >= least;
    if pair.lines().can_fold() {
        let (text, short) = match (pair.lines().any_folded(), pair.filter().active()) {
            (true, _) => ("Show all rows", "All rows"),
            (false, true) => ("Fold other rows", "Fold"),
            (false, false) => ("Fold equal rows", "Fold"),
        };
        let shown = if rect.width() < NARROW { short } else { text };
        let shown = if fits(shown, right) { shown } else { short };
        if !fits(shown, right) {
            return right;
        }
        let (left, clicked) = button(ui, rect, right, shown, text, t);
        if clicked {
            out.push(PairCommand::ToggleAllFolds.into());
        }
        right = left - 4.0;
    }
    if pair.rows().is_empty() || !fits("Columns", right) {
        return right;
    }
    let name = if pair.columns().is_open() { "Close the columns" } else { "Choose columns" };
    let (left, clicked) = button(ui, rect, right, "Columns", name, t);
    if clicked {
        out.push(PairCommand::Column(ColumnCommand::Choose).into());
    }
    let around = !pair.rows().differences().is_empty() && pair.lines().sorted().is_none() && !pair.filter().active();
    if around && rect.width() > WIDE { context(ui, pair, rect, left - 4.0, t, out) } else { left }
}

/// How many rows stand around each difference, with a way to more and to fewer; says where it begins.
fn context(ui: &Ui, pair: &Pair, rect: Rect, right: f32, t: &Tokens, out: &mut Vec<PairRequest>) -> f32 {
    let (left, more) = button(ui, rect, right, "+", "More rows around differences", t);
    let words = Words::of(&format!("± {}", pair.context()), FontId::proportional(size::LABEL), t.dim);
    let shown = words.paint_right(ui.painter(), pos2(left - 2.0, rect.center().y), 64.0);
    let response = ui.interact(shown, ui.scope_id().with("context"), Sense::hover());
    let name = format!("{} rows around each difference", pair.context());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &name));
    response.on_hover_text(hints::with_key(ui, &name, "more-context"));
    let (left, fewer) = button(ui, rect, shown.left() - 2.0, "−", "Fewer rows around differences", t);
    if more || fewer {
        out.push(PairCommand::Context { more }.into());
    }
    left
}

fn button_width(ui: &Ui, text: &str, t: &Tokens) -> f32 {
    Words::of(text, FontId::proportional(size::LABEL), t.dim).layout(ui.painter(), f32::INFINITY).width() + 16.0
}

/// A word that acts, ending at `right`; where it begins, and whether it was pressed.
fn button(ui: &Ui, line: Rect, right: f32, text: &str, name: &str, t: &Tokens) -> (f32, bool) {
    let words = Words::of(text, FontId::proportional(size::LABEL), t.dim).layout(ui.painter(), line.width());
    let width = words.width() + 16.0;
    let button = Rect::from_min_max(pos2(right - width, line.top() + 4.0), pos2(right, line.bottom() - 4.0));
    let response = ui.interact(button, ui.scope_id().with(("heading", text)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(button, 6.0, t.selection);
    }
    words.paint(ui.painter(), pos2(button.left() + 8.0, button.center().y));
    (button.left(), response.clicked())
}

/// The line that says that rows are not in recorded order, or are being sorted, with the way back.
pub fn order(ui: &Ui, pair: &Pair, rect: Rect, t: &Tokens, out: &mut Vec<PairRequest>) {
    let Some(sort) = pair.sorting().sort() else { return };
    ui.painter().rect_filled(rect, 0.0, t.warn_wash);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
    let way = if sort.descending { "largest first" } else { "smallest first" };
    let way =
        if sort.by == SortKey::Class { if sort.descending { "equal first" } else { "differing first" } } else { way };
    let by = escape(&sort.by.words()).into_owned();
    let text = match pair.sorting().running() {
        Some(share) => format!("Sorting by {by}, {:.0} %", f64::from(share) * 100.0),
        None => format!("Sorted by {by}, {way}. Folds are off."),
    };
    let y = rect.center().y;
    let word = if pair.sorting().running().is_some() { "Cancel" } else { "Recorded order" };
    let (left, clicked) = button(ui, rect.expand2(vec2(0.0, 2.0)), rect.right() - 12.0, word, word, t);
    if clicked {
        out.push(PairCommand::RecordedOrder.into());
    }
    let hint = hints::key(ui, "recorded-order");
    let words = Words::of(&text, medium(size::LABEL), t.text);
    let words = if hint.is_empty() || rect.width() < WIDE {
        words
    } else {
        let hint = format!("{hint} goes back to the recorded order");
        words.gap(12.0).add(&hint, FontId::proportional(size::LABEL), t.dim)
    };
    let (shown, _) = words.paint(ui.painter(), pos2(rect.left() + 12.0, y), left - rect.left() - 24.0);
    let response = ui.interact(shown, ui.scope_id().with("order"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &text));
}
