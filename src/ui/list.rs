//! The list under a field of the query language: what could be written at the caret, and what is wrong with what stands there.

use egui::text::LayoutJob;
use egui::{Id, Key, Modifiers, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::parts::{self, data, elided, words};
use super::theme::{Tokens, size};
use crate::app::pair::Pair;
use crate::query::{Completion, Fault, Known};
use crate::trace::escape;

/// Its width, rows shown at once, and their height.
const LIST_WIDTH: f32 = 420.0;
const ROWS: usize = 9;
const ROW: f32 = 24.0;

/// What the list under a field looks like; not worth more than a frame.
#[derive(Clone, Default)]
pub struct List {
    /// What it was made for.
    text: String,
    caret: usize,
    completion: Option<Completion>,
    chosen: Option<usize>,
    /// Where it stood, so that a press on it is one.
    rect: Option<Rect>,
}

/// What a pair has names for.
pub fn known<T>(pair: &Pair, of: impl FnOnce(Known<'_>) -> T) -> T {
    let analysis = pair.analysis();
    let fields: Vec<String> = analysis.spec.fields.iter().map(|field| field.path.clone()).collect();
    of(Known { fields: &fields, kinds: &analysis.names.kinds, lanes: &analysis.names.lanes })
}

/// The byte of the text at which the caret stands; the end where it stands nowhere.
pub fn caret(output: &egui::text_edit::TextEditOutput, text: &str) -> usize {
    let caret = output.cursor_range.map_or(text.chars().count(), |range| range.primary.index.into());
    text.char_indices().nth(caret).map_or(text.len(), |(at, _)| at)
}

impl List {
    /// As it was left in the last frame.
    pub fn kept(ui: &Ui, id: Id) -> Self {
        ui.data(|data| data.get_temp(id)).unwrap_or_default()
    }

    /// Kept for the next frame.
    pub fn keep(self, ui: &Ui, id: Id) {
        ui.data_mut(|data| data.insert_temp(id, self));
    }

    /// Keys that go through the list, before the text sees them. Says which candidate was taken.
    pub fn steer(&mut self, ui: &Ui) -> Option<usize> {
        let len = self.completion.as_ref().map_or(0, |completion| completion.candidates.len());
        ui.input_mut(|input| {
            if len > 0 && input.consume_key(Modifiers::NONE, Key::ArrowDown) {
                self.chosen = Some(self.chosen.map_or(0, |at| (at + 1).min(len - 1)));
            }
            if len > 0 && input.consume_key(Modifiers::NONE, Key::ArrowUp) {
                self.chosen = self.chosen.and_then(|at| at.checked_sub(1));
            }
            self.chosen.filter(|_| input.consume_key(Modifiers::NONE, Key::Enter))
        })
    }

    /// Draws it while its field has the keyboard; says which candidate was clicked.
    pub fn follow(
        &mut self,
        ui: &Ui,
        field: &egui::Response,
        (text, caret): (&str, usize),
        offer: impl FnOnce() -> Option<Completion>,
        fault: Option<&Fault>,
        t: &Tokens,
    ) -> Option<usize> {
        let pressed =
            ui.input(|input| input.pointer.interact_pos()).zip(self.rect).is_some_and(|(at, rect)| rect.contains(at));
        if !(field.has_focus() || self.rect.is_some() && pressed) {
            *self = Self::default();
            return None;
        }
        if self.text != text || self.caret != caret || self.rect.is_none() {
            *self = Self { completion: offer(), text: text.to_owned(), caret, ..Self::default() };
        }
        show(ui, self, fault, field.rect, t)
    }

    /// Writes a candidate where it belongs: the text with it, behind which the caret stands in the field of this id.
    pub fn take(&mut self, ui: &Ui, id: Id, place: usize) -> Option<String> {
        let completion = self.completion.as_ref()?;
        let candidate = completion.candidates.get(place)?.text.as_str();
        let (replace, mut text) = (completion.replace.clone(), self.text.clone());
        let end = text[..replace.start].chars().count() + candidate.chars().count();
        text.replace_range(replace, candidate);
        parts::put_caret(ui, id, end..end);
        *self = Self::default();
        Some(text)
    }
}

/// Draws what is wrong and what could be written under the field; says which candidate was clicked.
fn show(ui: &Ui, list: &mut List, fault: Option<&Fault>, field: Rect, t: &Tokens) -> Option<usize> {
    let candidates = list.completion.as_ref().map_or(&[][..], |completion| &completion.candidates);
    if candidates.is_empty() && fault.is_none() {
        list.rect = None;
        return None;
    }
    let width = LIST_WIDTH.min(ui.ctx().content_rect().width() - 16.0);
    let left = (field.right() - width).max(8.0);
    let most = ui.ctx().content_rect().bottom() - 8.0;
    let below = field.bottom() + 4.0;
    // A field near the lower edge has its list above.
    let (top, pivot) = if below + ROWS as f32 * ROW > most && field.top() > most / 2.0 {
        (field.top() - 4.0, egui::Align2::LEFT_BOTTOM)
    } else {
        (below, egui::Align2::LEFT_TOP)
    };
    let mut clicked = None;
    let shown = egui::Area::new(egui::Id::unique("list of what could be written"))
        .order(egui::Order::Foreground)
        .pivot(pivot)
        .fixed_pos(pos2(left, top))
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
