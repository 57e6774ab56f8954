//! The list of breakpoints: a switch, the text, how often it stopped; a click on the text edits it where it stands, with
//! what is wrong under the place where it is wrong.

use egui::{FontId, Id, Key, Rect, Role, ScrollArea, Sense, Stroke, TextEdit, Ui, WidgetInfo, pos2, vec2};

use super::{PAD, sentence};
use crate::app::pair::{Editing, Pair, PairCommand, PairRequest};
use crate::app::tabs::TabId;
use crate::replay::{Breakpoint, complete};
use crate::trace::{escape, grouped};
use crate::ui::hints;
use crate::ui::list::{self, List};
use crate::ui::pair::glyph;
use crate::ui::pair::words::Words;
use crate::ui::parts;
use crate::ui::tabs;
use crate::ui::theme::{Tokens, size};

/// Height of a breakpoint.
const LINE: f32 = 28.0;
/// Height of what is said under one.
const NOTE: f32 = 20.0;

/// How high it wants to be.
pub fn height(pair: &Pair) -> f32 {
    let transport = pair.transport();
    let count = transport.breakpoints().len();
    let notes = (0..count).filter(|&place| transport.never(place).is_some()).count();
    let editing = transport.editing().map_or(0.0, |editing| {
        let new = if editing.place.is_none() { LINE } else { 0.0 };
        let wrong = if editing.wrong.is_some() { 4.0 * NOTE } else { 8.0 };
        new + wrong
    });
    LINE * count.max(1) as f32 + NOTE * notes as f32 + editing + 40.0
}

/// Draws the list into all the room there is.
pub fn show(ui: &mut Ui, pair: &Pair, t: &Tokens, out: &mut Vec<PairRequest>) {
    let transport = pair.transport();
    ScrollArea::vertical().id_salt("breakpoints").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        let editing = transport.editing();
        for (place, breakpoint) in transport.breakpoints().iter().enumerate() {
            match editing.filter(|editing| editing.place == Some(place)) {
                Some(editing) => field(ui, pair, editing, t, out),
                None => line(ui, place, breakpoint, t, out),
            }
            if let Some(why) = transport.never(place) {
                sentence(ui, &escape(why), t.warn);
            }
        }
        match editing.filter(|editing| editing.place.is_none()) {
            Some(editing) => field(ui, pair, editing, t, out),
            None if transport.breakpoints().is_empty() => {
                let key = hints::key(ui, "breakpoint");
                let how =
                    if key.is_empty() { String::new() } else { format!("{key} sets one at the selected event; or ") };
                sentence(ui, &format!("None yet. {how}type a condition."), t.dim);
            }
            None => {}
        }
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            ui.add_space(PAD - 6.0);
            if parts::quiet(ui, "New…", "New breakpoint").clicked() {
                out.push(PairCommand::EditBreakpoint(None).into());
            }
            if !transport.breakpoints().is_empty() && parts::quiet(ui, "Clear all", "Clear all breakpoints").clicked() {
                out.push(PairCommand::ClearBreakpoints.into());
            }
        });
    });
}

fn line(ui: &mut Ui, place: usize, breakpoint: &Breakpoint, t: &Tokens, out: &mut Vec<PairRequest>) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let y = rect.center().y;
    let whole = Breakpoint { enabled: true, ..breakpoint.clone() }.to_string();
    let text = escape(&whole);
    let switch = Rect::from_center_size(pos2(rect.left() + PAD + 4.0, y), vec2(24.0, 24.0));
    let response = ui.interact(switch, ui.scope_id().with(("switch", place)), Sense::click());
    response
        .widget_info(|| WidgetInfo::selected(Role::CheckBox, true, breakpoint.enabled, format!("Breakpoint {text}")));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(switch, parts::RADIUS, t.raised);
    }
    glyph::breakpoint(ui.painter(), switch.center(), breakpoint.enabled, 1.0, t);
    if response.clicked() {
        out.push(PairCommand::EnableBreakpoint(place, !breakpoint.enabled).into());
    }
    response.on_hover_text(if breakpoint.enabled { "Switch it off." } else { "Switch it on." });
    let cross = pos2(rect.right() - PAD - 4.0, y);
    if parts::cross(ui, cross, &format!("Delete breakpoint {text}")).clicked() {
        out.push(PairCommand::DeleteBreakpoint(place).into());
    }
    let hits = match breakpoint.hits {
        0 => String::new(),
        1 => "1 hit".to_owned(),
        n => format!("{} hits", grouped(u64::from(n))),
    };
    let shown = Words::of(&hits, FontId::proportional(size::LABEL), t.dim).paint_right(
        ui.painter(),
        pos2(cross.x - 16.0, y),
        80.0,
    );
    let body =
        Rect::from_min_max(pos2(switch.right() + 4.0, rect.top() + 2.0), pos2(shown.left() - 8.0, rect.bottom() - 2.0));
    let response = ui.interact(body, ui.scope_id().with(("text", place)), Sense::click());
    response.widget_info(|| {
        let hits = if hits.is_empty() { String::new() } else { format!(", {hits}") };
        WidgetInfo::labeled(Role::Button, true, format!("Edit breakpoint {text}{hits}"))
    });
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(body, parts::RADIUS, t.raised);
    }
    let colour = if breakpoint.enabled { t.text } else { t.dim };
    let words = Words::of(&text, FontId::monospace(size::LABEL), colour);
    let (_, cut) = words.paint(ui.painter(), pos2(body.left() + 4.0, y), body.width() - 8.0);
    if response.clicked() {
        out.push(PairCommand::EditBreakpoint(Some(place)).into());
    }
    if cut {
        response.on_hover_text(text.as_ref());
    }
}

/// The field that was drawn last: which editing in which tab, and in which pass.
#[derive(Clone, Copy)]
struct Drawn {
    editing: u32,
    tab: Option<TabId>,
    pass: u64,
}

/// The field in which a breakpoint is typed.
fn field(ui: &mut Ui, pair: &Pair, editing: &Editing, t: &Tokens, out: &mut Vec<PairRequest>) {
    let mut text = editing.text.clone();
    let width = ui.available_width() - 2.0 * PAD;
    let top = ui.cursor().top() + 2.0;
    let rect = Rect::from_min_size(pos2(ui.cursor().left() + PAD, top), vec2(width, LINE - 4.0));
    let id = Id::unique("breakpoint field");
    let list_id = Id::unique("breakpoint list");
    let mut list = List::kept(ui, list_id);
    let chosen = ui.memory(|memory| memory.has_focus(id)).then(|| list.steer(ui)).flatten();
    let edit = TextEdit::singleline(&mut text)
        .id(id)
        .font(FontId::monospace(size::LABEL))
        .margin(egui::Margin::symmetric(6, 4))
        .hint_text("status:504")
        .desired_width(width);
    let output = ui.scope_builder(egui::UiBuilder::new().max_rect(rect), |ui| edit.show(ui)).inner;
    let response = output.response.response.clone();
    response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, &editing.text, &text, "");
        info.label = Some("Breakpoint condition".to_owned());
        info
    });
    let caret = list::caret(&output, &text);
    let offer = || list::known(pair, |known| complete(&text, caret, known));
    let taken = list.follow(ui, &response, (&text, caret), offer, None, t);
    if let Some(text) = chosen.or(taken).and_then(|place| list.take(ui, id, place)) {
        out.push(PairCommand::TypeBreakpoint(text).into());
        response.request_focus();
    }
    list.keep(ui, list_id);
    let given = Id::unique("breakpoint field given the keyboard");
    let now = Drawn { editing: editing.number, tab: tabs::front(ui), pass: ui.ctx().cumulative_pass_nr() };
    let before = ui.data_mut(|data| {
        let before = data.get_temp::<Drawn>(given);
        data.insert_temp(given, now);
        before
    });
    // Another pair counts its editings anew, so that the number alone does not tell a new field.
    let same = |before: Drawn| (before.editing, before.tab) == (now.editing, now.tab) && before.pass + 1 >= now.pass;
    if !before.is_some_and(same) {
        response.request_focus();
    }
    if response.changed() {
        out.push(PairCommand::TypeBreakpoint(text.clone()).into());
    }
    if response.lost_focus() {
        let (enter, escape) = ui.input(|input| (input.key_pressed(Key::Enter), input.key_pressed(Key::Escape)));
        if enter {
            out.push(PairCommand::FinishBreakpoint.into());
            // What is wrong is put right in the same field.
            response.request_focus();
        } else if escape {
            out.push(PairCommand::CancelBreakpoint.into());
        }
    }
    ui.add_space(2.0);
    if let Some(wrong) = &editing.wrong {
        let mono = FontId::monospace(size::LABEL);
        let before = |end: usize| {
            let part = editing.text.get(..end).unwrap_or(&editing.text).to_owned();
            ui.painter().layout_no_wrap(part, mono.clone(), t.text).size().x
        };
        let left = rect.left() + 6.0;
        let (from, to) = (before(wrong.at.start), before(wrong.at.end));
        let span = egui::Rangef::new(left + from, (left + to.max(from + 6.0)).min(rect.right()));
        ui.painter().hline(span, rect.bottom() - 2.0, Stroke::new(2.0, t.warn));
        sentence(ui, &escape(&wrong.message), t.warn);
    } else {
        ui.add_space(4.0);
    }
}
