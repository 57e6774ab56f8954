//! The bookmarks: the list with its notes, and the marks that stand for them in the other regions.

use egui::{FontId, Painter, Rect, RichText, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::causes::close;
use super::columns;
use super::glyph::Mark;
use super::words::Words;
use crate::app::layout::{LayoutCommand, Pane};
use crate::app::pair::{BookmarkCommand, Pair, PairCommand, PairRequest};
use crate::app::region::Region;
use crate::notes::Bookmark;
use crate::trace::escape;
use crate::ui::fonts::{medium, semibold};
use crate::ui::hints;
use crate::ui::regions;
use crate::ui::theme::{self, Tokens, size};
use crate::ui::{markdown, parts};

/// Height of an entry without its note.
const ENTRY: f32 = 36.0;
/// Where the words of an entry begin.
const INDENT: f32 = 44.0;
/// Room for where it stands and what can be done with it.
const ASIDE: f32 = 260.0;
/// Of a note so many lines are shown until it is opened.
const NOTE_LINES: usize = 6;

/// The height that the list needs: all it has where there is a note, which may be long.
pub fn height(pair: &Pair) -> f32 {
    let bookmarks = pair.bookmarks();
    let list = &bookmarks.notes().bookmarks;
    if bookmarks.editing().is_some() || list.iter().any(|bookmark| !bookmark.note.trim().is_empty()) {
        return f32::INFINITY;
    }
    ENTRY * (list.len().max(1) + 1) as f32
}

fn send(out: &mut Vec<PairRequest>, command: BookmarkCommand) {
    out.push(PairCommand::Bookmark(command).into());
}

/// Draws the list.
pub fn show(ui: &mut Ui, pair: &Pair, out: &mut Vec<PairRequest>) {
    regions::note(ui, Region::Bookmarks, ui.max_rect());
    let t = theme::tokens(ui);
    let bookmarks = pair.bookmarks();
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ENTRY), Sense::hover());
    let title = format!("BOOKMARKS · {}", bookmarks.notes().bookmarks.len());
    Words::of(&title, semibold(size::SMALL), t.dim).paint(
        ui.painter(),
        pos2(rect.left() + 20.0, rect.center().y),
        400.0,
    );
    if close(ui, rect, "Close the bookmarks") {
        out.push(PairRequest::Layout(LayoutCommand::Close(Pane::Bookmarks)));
    }
    if bookmarks.notes().bookmarks.is_empty() {
        ui.horizontal(|ui| {
            ui.add_space(20.0);
            let does = [
                ("bookmark", "bookmarks the selected row."),
                ("bookmark-range", "makes the last bookmark a range up to there."),
            ];
            let keys = does.map(|(command, does)| (hints::key(ui, command), does));
            let known = keys.iter().filter(|(key, _)| !key.is_empty()).map(|(key, does)| format!(" {key} {does}"));
            let text = format!("None yet.{}", known.collect::<String>());
            ui.label(RichText::new(text).color(t.dim));
        });
        return;
    }
    ScrollArea::vertical().id_salt("bookmarks").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (place, (bookmark, rows)) in bookmarks.list().enumerate() {
            entry(ui, pair, place, bookmark, rows, t, out);
        }
    });
}

fn entry(
    ui: &mut Ui,
    pair: &Pair,
    place: usize,
    bookmark: &Bookmark,
    rows: Option<(u32, u32)>,
    t: &Tokens,
    out: &mut Vec<PairRequest>,
) {
    let top = ui.cursor().top();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ENTRY), Sense::click());
    let where_words = rows.map_or_else(|| "gone from the recording".to_owned(), place_words);
    let title = escape(&bookmark.title()).into_owned();
    let selected = pair.selection().zip(rows).is_some_and(|(s, (first, last))| (first..=last).contains(&s.row));
    response.widget_info(|| {
        let name = format!("bookmark {}: {title}, {where_words}", place + 1);
        WidgetInfo::selected(Role::ListBoxOption, true, selected, name)
    });
    if selected || response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0.0, if selected { t.selection } else { t.raised });
    }
    parts::focus_ring(ui, &response, rect);
    let y = rect.center().y;
    let painter = ui.painter();
    Mark::Bookmark.paint(painter, pos2(rect.left() + 26.0, y), 0.9, if rows.is_some() { t.text } else { t.dim });
    let side = bookmark.at.anchor.side;
    let colour = if rows.is_some() { t.text } else { t.dim };
    let words = Words::of(&title, medium(size::BODY), colour).gap(12.0).add(
        side.word(),
        FontId::monospace(size::SMALL),
        if side == crate::trace::Side::Expected { t.expected } else { t.actual },
    );
    words.paint(painter, pos2(rect.left() + INDENT, y), rect.width() - INDENT - ASIDE);
    let mut right = rect.right() - 20.0;
    let editing = pair.bookmarks().editing() == Some(place);
    let buttons = [
        ("Delete", "Delete", BookmarkCommand::Delete(place)),
        if editing {
            ("Done", "Close the note of", BookmarkCommand::Edit(None))
        } else {
            ("Edit note", "Edit the note of", BookmarkCommand::Edit(Some(place)))
        },
    ];
    for (word, spoken, command) in buttons {
        let name = format!("{spoken} bookmark {}", place + 1);
        let (left, clicked) = link(ui, word, &name, pos2(right, y), t);
        if clicked {
            send(out, command);
        }
        right = left - 16.0;
    }
    let aside = Words::of(&where_words, FontId::proportional(size::LABEL), if rows.is_some() { t.dim } else { t.warn });
    aside.paint_right(ui.painter(), pos2(right, y), 140.0);
    if response.clicked() {
        send(out, BookmarkCommand::Go(place));
    }
    note(ui, pair, place, bookmark, t, out);
    let bottom = ui.cursor().top();
    ui.painter().hline(rect.x_range(), bottom.max(top + ENTRY) - 0.5, Stroke::new(1.0, t.line_soft));
}

/// `row 15`, `rows 15 to 20`.
fn place_words((first, last): (u32, u32)) -> String {
    let (first, last) = (u64::from(first) + 1, u64::from(last) + 1);
    if first == last { format!("row {first}") } else { format!("rows {first} to {last}") }
}

/// A word that acts, ending at `right`; says where it begins and whether it was clicked.
pub fn link(ui: &Ui, word: &str, name: &str, right: egui::Pos2, t: &Tokens) -> (f32, bool) {
    let words = Words::of(word, medium(size::LABEL), t.expected);
    let shown = words.paint_right(ui.painter(), right, 80.0);
    let response = ui.interact(shown.expand(4.0), ui.scope_id().with(name), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    if response.hovered() || response.has_focus() {
        ui.painter().hline(shown.x_range(), shown.bottom(), Stroke::new(1.0, t.expected));
    }
    (shown.left(), response.clicked())
}

/// The note below its bookmark: as it is read, or as it is written.
fn note(ui: &mut Ui, pair: &Pair, place: usize, bookmark: &Bookmark, t: &Tokens, out: &mut Vec<PairRequest>) {
    let margin = egui::Margin { left: INDENT as i8, right: 20, top: 0, bottom: 10 };
    if pair.bookmarks().editing() != Some(place) {
        if !bookmark.note.trim().is_empty() {
            egui::Frame::NONE.inner_margin(margin).show(ui, |ui| text(ui, place, &bookmark.note, out));
        }
        return;
    }
    egui::Frame::NONE.inner_margin(margin).show(ui, |ui| {
        let mut text = bookmark.note.clone();
        let field = egui::TextEdit::multiline(&mut text)
            .hint_text(RichText::new("What you saw here, as Markdown. Esc leaves the note.").color(t.dim))
            .desired_rows(3)
            .desired_width(f32::INFINITY);
        let response = ui.add(field).accessible_name(format!("Note of bookmark {}", place + 1));
        if response.changed() {
            send(out, BookmarkCommand::Write(place, text));
        }
        // A note that was just opened has the keyboard.
        let seen = ui.scope_id().with("the note that has been given the keyboard");
        if ui.data(|data| data.get_temp::<usize>(seen)) != Some(place) {
            response.request_focus();
            response.scroll_to_me(None);
            ui.data_mut(|data| data.insert_temp(seen, place));
        }
    });
}

/// A note as it is read; a link in it is copied.
fn text(ui: &mut Ui, place: usize, note: &str, out: &mut Vec<PairRequest>) {
    let link = ui.push_id(("note", place), |ui| markdown::show(ui, note, NOTE_LINES, "…")).inner;
    out.extend(link.map(PairRequest::Copy));
}

/// The notes of the selected row, for the inspector.
pub fn of_selection(ui: &mut Ui, pair: &Pair, t: &Tokens, out: &mut Vec<PairRequest>) {
    let Some(selection) = pair.selection() else { return };
    for (place, bookmark) in pair.bookmarks().of_row(selection.row) {
        if bookmark.note.trim().is_empty() {
            ui.label(RichText::new("Bookmarked, without a note.").size(size::BODY).color(t.dim));
        } else {
            text(ui, place, &bookmark.note, out);
        }
        let name = format!("Edit the note of bookmark {} here", place + 1);
        let words = Words::of("Edit note", medium(size::LABEL), t.expected).layout(ui.painter(), 120.0);
        let (rect, response) = ui.allocate_exact_size(vec2(words.width(), 24.0), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        words.paint(ui.painter(), pos2(rect.left(), rect.center().y));
        if response.hovered() || response.has_focus() {
            ui.painter().hline(rect.x_range(), rect.bottom() - 4.0, Stroke::new(1.0, t.expected));
        }
        if response.clicked() {
            send(out, BookmarkCommand::Edit(Some(place)));
        }
    }
}

/// Paints what a row of the events table shows of its bookmarks: a ribbon from its upper edge, a line along a range.
pub fn in_row(painter: &Painter, pair: &Pair, row: u32, rect: Rect, t: &Tokens) {
    let x = rect.left() + columns::BOOKMARKS;
    for (place, _) in pair.bookmarks().of_row(row) {
        let Some((first, last)) = pair.bookmarks().rows(place) else { continue };
        if first == row {
            Mark::Bookmark.paint(painter, pos2(x, rect.top() + 6.0), 0.7, t.text);
        }
        if first != last {
            let top = if first == row { rect.top() + 14.0 } else { rect.top() };
            let bottom = if last == row { rect.center().y } else { rect.bottom() };
            painter.vline(x, top..=bottom, Stroke::new(2.0, t.text));
        }
    }
}
