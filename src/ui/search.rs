//! The search field: what is typed, how much was found, what could be written next, and what is wrong with it.

use std::ops::Range;

use egui::text::{LayoutJob, TextFormat};
use egui::{Key, Modifiers, Stroke, Ui, pos2};

use super::list::{self, List};
use super::parts::{self, data, words};
use super::regions;
use super::theme::{Tokens, size};
use crate::app::pair::{Pair, PairCommand, Search};
use crate::app::region::Region;
use crate::app::state::Focus;
use crate::app::{Command, State};
use crate::query::{Completion, complete};
use crate::trace::grouped;

/// Width of the field where there is room.
const WIDTH: f32 = 320.0;

/// Draws the field, and the list under it while it has the keyboard.
pub fn field(ui: &mut Ui, state: &State, pair: &Pair, t: &Tokens, out: &mut Vec<Command>) {
    let search = pair.search();
    let mut text = search.text().to_owned();
    let id = egui::Id::unique("search field");
    let list_id = egui::Id::unique("search list");
    let mut list = List::kept(ui, list_id);
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
    let caret = list::caret(&output, &text);
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

    let taken = list.follow(ui, &response, (&text, caret), || offer(pair, &text, caret), search.fault(), t);
    if let Some(text) = chosen.or(taken).and_then(|place| list.take(ui, id, place)) {
        out.push(PairCommand::Search(text).into());
        response.request_focus();
    }
    list.keep(ui, list_id);
}

/// Keys that belong to the field and its list before the text sees them. Says which candidate was taken.
fn steer(ui: &Ui, list: &mut List, out: &mut Vec<Command>) -> Option<usize> {
    ui.input_mut(|input| {
        if input.consume_key(Modifiers::COMMAND, Key::Enter) {
            out.push(PairCommand::MakeFilter.into());
        } else if input.consume_key(Modifiers::SHIFT, Key::Enter) {
            out.push(PairCommand::PreviousFound.into());
        }
    });
    let taken = list.steer(ui);
    if taken.is_none() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter)) {
        out.push(PairCommand::NextFound.into());
    }
    taken
}

/// What could be written at the caret. While a query is whole, nothing is offered between its words.
fn offer(pair: &Pair, text: &str, caret: usize) -> Option<Completion> {
    list::known(pair, |known| complete(text, caret, known))
        .filter(|completion| text.is_empty() || !completion.replace.is_empty() || text[..caret].ends_with(':'))
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
