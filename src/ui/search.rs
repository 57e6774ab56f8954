//! The search field: what is typed, how much was found, what could be written next, and what is wrong with it.

use std::ops::Range;

use egui::text::{LayoutJob, TextFormat};
use egui::{Key, Modifiers, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::parts::{self, data, elided, words};
use super::regions;
use super::theme::{Tokens, size};
use crate::app::pair::{Pair, PairCommand, Search};
use crate::app::region::Region;
use crate::app::state::Focus;
use crate::app::{Command, State};
use crate::query::{Completion, Fault, Known, complete};
use crate::trace::{escape, grouped};

/// Width of the field where there is room.
const WIDTH: f32 = 320.0;
/// The list under it: its width, rows shown at once, and their height.
const LIST_WIDTH: f32 = 420.0;
const ROWS: usize = 9;
const ROW: f32 = 24.0;

/// What the list under the field looks like; not worth more than a frame.
#[derive(Clone, Default)]
struct List {
    /// What it was made for.
    text: String,
    caret: usize,
    completion: Option<Completion>,
    chosen: Option<usize>,
    /// Where it stood, so that a press on it is one.
    rect: Option<Rect>,
}

/// Draws the field, and the list under it while it has the keyboard.
pub fn field(ui: &mut Ui, state: &State, pair: &Pair, t: &Tokens, out: &mut Vec<Command>) {
    let search = pair.search();
    let mut text = search.text().to_owned();
    let id = egui::Id::unique("search field");
    let list_id = egui::Id::unique("search list");
    let mut list: List = ui.data(|data| data.get_temp(list_id)).unwrap_or_default();
    let focused = ui.memory(|memory| memory.has_focus(id));
    let chosen = focused.then(|| steer(ui, &mut list, out)).flatten();

    let count = count(pair, search);
    let counted = ui.painter().layout_no_wrap(count.clone(), data(size::SMALL), t.dim);
    let beside = if count.is_empty() { 36.0 } else { counted.size().x + 44.0 };
    let room = (ui.available_width() - 8.0).clamp(120.0, WIDTH);
    let wrong = search.fault().map(|fault| fault.span.clone());
    let mut layout = |ui: &Ui, buffer: &dyn egui::TextBuffer, _width: f32| {
        let job = underlined(buffer.as_str(), wrong.as_ref(), t);
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    let field = egui::TextEdit::singleline(&mut text)
        .id(id)
        .hint_text(egui::RichText::new("Search events, lanes, fields…").color(t.dim))
        .margin(egui::Margin { left: 10, right: beside as i8, top: 4, bottom: 4 })
        .desired_width(room)
        .layouter(&mut layout)
        .return_key(None);
    let output = field.show(ui);
    let response = output.response.response.accessible_name("Search both sides");
    if response.changed() {
        out.push(PairCommand::Search(text.clone()).into());
    }
    if state.focus == Some(Focus::Search) {
        response.request_focus();
        parts::put_caret(ui, id, 0..text.chars().count());
        out.push(Command::Focused);
    }
    regions::note(ui, Region::Search, response.rect);
    let (right, centre) = (response.rect.right() - 6.0, response.rect.center().y);
    if text.is_empty() && !response.has_focus() {
        parts::key_caps(ui, right, centre, "/", t);
    } else if !text.is_empty() {
        if parts::cross(ui, pos2(right - 8.0, centre), "Clear the search").clicked() {
            out.push(PairCommand::Search(String::new()).into());
        }
        let size = counted.size();
        ui.painter().galley(pos2(right - 20.0 - size.x, centre - size.y / 2.0), counted, t.dim);
    }

    let pressed =
        ui.input(|input| input.pointer.interact_pos()).zip(list.rect).is_some_and(|(at, rect)| rect.contains(at));
    if response.has_focus() || list.rect.is_some() && pressed {
        let caret = output.cursor_range.map_or(text.chars().count(), |range| range.primary.index.into());
        let caret = text.char_indices().nth(caret).map_or(text.len(), |(at, _)| at);
        if list.text != text || list.caret != caret || list.rect.is_none() {
            list = List { completion: offer(pair, &text, caret), text: text.clone(), caret, ..List::default() };
        }
        let clicked = show_list(ui, &mut list, search, response.rect, t);
        if let Some(place) = chosen.or(clicked) {
            accept(ui, id, &mut list, place, out);
            response.request_focus();
        }
    } else {
        list = List::default();
    }
    ui.data_mut(|data| data.insert_temp(list_id, list));
}

/// Keys that belong to the field and its list before the text sees them. Says which candidate was taken.
fn steer(ui: &Ui, list: &mut List, out: &mut Vec<Command>) -> Option<usize> {
    let len = list.completion.as_ref().map_or(0, |completion| completion.candidates.len());
    ui.input_mut(|input| {
        if len > 0 && input.consume_key(Modifiers::NONE, Key::ArrowDown) {
            list.chosen = Some(list.chosen.map_or(0, |at| (at + 1).min(len - 1)));
        }
        if len > 0 && input.consume_key(Modifiers::NONE, Key::ArrowUp) {
            list.chosen = list.chosen.and_then(|at| at.checked_sub(1));
        }
        if input.consume_key(Modifiers::COMMAND, Key::Enter) {
            out.push(PairCommand::MakeFilter.into());
        } else if input.consume_key(Modifiers::SHIFT, Key::Enter) {
            out.push(PairCommand::PreviousFound.into());
        } else if input.consume_key(Modifiers::NONE, Key::Enter) {
            if list.chosen.is_some() {
                return list.chosen;
            }
            out.push(PairCommand::NextFound.into());
        }
        None
    })
}

/// What could be written at the caret. While a query is whole, nothing is offered between its words.
fn offer(pair: &Pair, text: &str, caret: usize) -> Option<Completion> {
    let analysis = pair.analysis();
    let fields: Vec<String> = analysis.spec.fields.iter().map(|field| field.path.clone()).collect();
    let known = Known { fields: &fields, kinds: &analysis.names.kinds, lanes: &analysis.names.lanes };
    complete(text, caret, known)
        .filter(|completion| text.is_empty() || !completion.replace.is_empty() || text[..caret].ends_with(':'))
}

/// Writes a candidate where it belongs.
fn accept(ui: &Ui, id: egui::Id, list: &mut List, place: usize, out: &mut Vec<Command>) {
    let Some((replace, candidate)) = list
        .completion
        .as_ref()
        .and_then(|completion| Some((completion.replace.clone(), completion.candidates.get(place)?.text.clone())))
    else {
        return;
    };
    let mut text = list.text.clone();
    let end = text[..replace.start].chars().count() + candidate.chars().count();
    text.replace_range(replace, &candidate);
    parts::put_caret(ui, id, end..end);
    out.push(PairCommand::Search(text).into());
    *list = List::default();
}

/// `3 of 34`: the place of the selected row among those found; with an ellipsis while more may come.
fn count(pair: &Pair, search: &Search) -> String {
    if !search.active() {
        return String::new();
    }
    let place = pair.selection().and_then(|selection| search.place(selection.row));
    let all = grouped(u64::from(search.count()));
    let more = if search.done() { "" } else { "…" };
    match place {
        Some(place) => format!("{} of {all}{more}", grouped(u64::from(place))),
        None => format!("{all}{more}"),
    }
}

/// The text with what is wrong in it underlined.
fn underlined(text: &str, wrong: Option<&Range<usize>>, t: &Tokens) -> LayoutJob {
    let format = |colour| TextFormat::simple(words(size::BODY), colour);
    let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
    // A fault of a text that was typed over since is no place in this one.
    let whole = wrong.filter(|wrong| text.get((*wrong).clone()).is_some());
    let Some(wrong) = whole else {
        job.append(text, 0.0, format(t.text));
        return job;
    };
    job.append(&text[..wrong.start], 0.0, format(t.text));
    let line = TextFormat { underline: Stroke::new(2.0, t.cause), ..format(t.text) };
    job.append(&text[wrong.clone()], 0.0, line);
    job.append(&text[wrong.end..], 0.0, format(t.text));
    job
}

/// Draws what is wrong and what could be written under the field; says which candidate was clicked.
fn show_list(ui: &Ui, list: &mut List, search: &Search, field: Rect, t: &Tokens) -> Option<usize> {
    let candidates = list.completion.as_ref().map_or(&[][..], |completion| &completion.candidates);
    let fault = search.fault();
    if candidates.is_empty() && fault.is_none() {
        list.rect = None;
        return None;
    }
    let width = LIST_WIDTH.min(ui.ctx().content_rect().width() - 16.0);
    let left = (field.right() - width).max(8.0);
    let mut clicked = None;
    let shown = egui::Area::new(egui::Id::unique("search list area"))
        .order(egui::Order::Foreground)
        .fixed_pos(pos2(left, field.bottom() + 4.0))
        .show(ui.ctx(), |ui| {
            let frame = egui::Frame::new()
                .fill(t.panel)
                .stroke(Stroke::new(1.0, t.line))
                .corner_radius(parts::RADIUS)
                .inner_margin(egui::Margin::same(4));
            frame.show(ui, |ui| {
                // The border stands outside the margin.
                ui.set_width(width - 10.0);
                ui.spacing_mut().item_spacing.y = 0.0;
                if let Some(fault) = fault {
                    show_fault(ui, &list.text, fault, t);
                }
                let first = list.chosen.unwrap_or(0).saturating_sub(ROWS - 1);
                for (at, candidate) in candidates.iter().enumerate().skip(first).take(ROWS) {
                    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::CLICK);
                    let chosen = list.chosen == Some(at);
                    response.widget_info(|| {
                        let name = format!("Write {}", candidate.text);
                        WidgetInfo::selected(Role::Button, true, chosen, name)
                    });
                    if chosen || response.hovered() {
                        ui.painter().rect_filled(rect, parts::RADIUS, t.selection);
                    }
                    let put = |x: f32, galley: std::sync::Arc<egui::Galley>| {
                        let at = pos2(x, rect.center().y - galley.size().y / 2.0);
                        ui.painter().galley(at, galley, t.text);
                    };
                    let note = elided(ui, candidate.note, words(size::SMALL), t.dim, 180.0);
                    let end = rect.right() - 8.0 - note.size().x;
                    let text =
                        elided(ui, &escape(&candidate.text), data(size::LABEL), t.text, end - rect.left() - 24.0);
                    put(rect.left() + 8.0, text);
                    put(end, note);
                    if response.clicked() {
                        clicked = Some(at);
                    }
                }
                if candidates.len() > ROWS {
                    let more = format!("{} in all; Down goes through them", candidates.len());
                    ui.add_space(4.0);
                    ui.label(egui::RichText::new(format!("  {more}")).font(words(size::SMALL)).color(t.dim));
                }
            });
        });
    list.rect = Some(shown.response.rect);
    clicked
}

/// The place that is wrong, marked under the text, and the sentence.
fn show_fault(ui: &mut Ui, text: &str, fault: &Fault, t: &Tokens) {
    let character = text.get(..fault.span.start).map_or(0, |before| before.chars().count()) + 1;
    let frame = egui::Frame::new().inner_margin(egui::Margin { left: 8, right: 8, top: 6, bottom: 6 });
    let shown = frame.show(ui, |ui| {
        let job = |text: &str, colour| LayoutJob::simple_singleline(text.to_owned(), data(size::LABEL), colour);
        let galley = ui.painter().layout_job(job(text, t.dim));
        let wide = |end: usize| text.get(..end).map_or(0.0, |part| ui.painter().layout_job(job(part, t.dim)).size().x);
        let (from, to) = (wide(fault.span.start), wide(fault.span.end));
        // A long query is moved so that the place is in sight.
        let room = ui.available_width();
        let shift = (to + 24.0 - room).max(0.0).min(from);
        let (rect, _) = ui.allocate_exact_size(vec2(room, galley.size().y + 6.0), Sense::hover());
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        painter.galley(pos2(rect.left() - shift, rect.top()), galley, t.dim);
        let mark = Rect::from_min_max(
            pos2(rect.left() - shift + from, rect.bottom() - 4.0),
            pos2(rect.left() - shift + to.max(from + 7.0), rect.bottom() - 2.0),
        );
        painter.rect_filled(mark, 1.0, t.cause);
        ui.add_space(2.0);
        ui.add(
            egui::Label::new(egui::RichText::new(escape(&fault.says)).font(words(size::LABEL)).color(t.text)).wrap(),
        );
    });
    shown.response.widget_info(|| {
        WidgetInfo::labeled(Role::Label, true, format!("Cannot be read at character {character}: {}", fault.says))
    });
}
