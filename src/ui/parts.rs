//! Small parts that several regions share: rows that act, captions, key caps, quiet buttons.

use std::ops::Range;
use std::sync::Arc;

use egui::text::{CCursor, CCursorRange, LayoutJob, TextFormat, TextWrapping};
use egui::{
    Align, Align2, Color32, FontId, Galley, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};

use super::fonts;
use super::theme::{self, Tokens, size};

/// Corner radius of controls.
pub const RADIUS: u8 = 6;

/// Words of the given size.
pub fn words(size: f32) -> FontId {
    FontId::proportional(size)
}

/// Data of the given size.
pub fn data(size: f32) -> FontId {
    FontId::monospace(size)
}

/// One line that ends with `…` where the room ends.
pub fn elided(ui: &Ui, text: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font, colour));
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    ui.painter().layout_job(job)
}

/// A caption over a group of rows.
pub fn caption(ui: &mut Ui, text: &str) {
    let t = theme::tokens(ui);
    ui.label(egui::RichText::new(text).font(fonts::semibold(size::SMALL)).color(t.dim));
    ui.add_space(4.0);
}

/// A ring around what has the keyboard.
pub fn focus_ring(ui: &Ui, response: &Response, rect: Rect) {
    if response.has_focus() {
        let stroke = Stroke::new(1.0, theme::tokens(ui).expected);
        ui.painter().rect_stroke(rect, RADIUS, stroke, StrokeKind::Inside);
    }
}

/// A full-width row that acts when it is clicked or, with the keyboard on it, when Enter is pressed. Paints only its
/// ground, which reaches `beyond` the row on both sides so that texts line up with what stands around it.
pub fn row(ui: &mut Ui, height: f32, beyond: f32, enabled: bool, name: &str) -> (Rect, Response) {
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    let t = theme::tokens(ui);
    let ground = rect.expand2(vec2(beyond, 0.0));
    if enabled && (response.contains_pointer() || response.has_focus()) {
        ui.painter().rect_filled(ground, RADIUS, t.raised);
    }
    focus_ring(ui, &response, ground);
    if enabled {
        return (rect, response.on_hover_cursor(egui::CursorIcon::PointingHand));
    }
    (rect, response)
}

/// Keys as small caps on a ground, ending at `right`; returns the width they took.
pub fn key_caps(ui: &Ui, right: f32, centre: f32, keys: &str, t: &Tokens) -> f32 {
    if keys.is_empty() {
        return 0.0;
    }
    let galley = ui.painter().layout_no_wrap(keys.to_owned(), data(size::SMALL), t.dim);
    let room = galley.size() + vec2(10.0, 4.0);
    let rect = Rect::from_min_size(pos2(right - room.x, centre - room.y / 2.0), room);
    ui.painter().rect_stroke(rect, 3, Stroke::new(1.0, t.line), StrokeKind::Inside);
    ui.painter().galley(rect.min + vec2(5.0, 2.0), galley, t.dim);
    room.x
}

/// A button without a ground, for what is less important than the words beside it.
pub fn quiet(ui: &mut Ui, text: &str, name: &str) -> Response {
    let t = theme::tokens(ui);
    let galley = ui.painter().layout_no_wrap(text.to_owned(), fonts::medium(size::LABEL), t.dim);
    let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(12.0, 8.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let over = response.hovered() || response.has_focus();
    if over {
        ui.painter().rect_filled(rect, RADIUS, t.raised);
    }
    let colour = if over { t.text } else { t.dim };
    ui.painter().galley_with_override_text_color(rect.min + vec2(6.0, 4.0), galley, colour);
    focus_ring(ui, &response, rect);
    response.on_hover_cursor(egui::CursorIcon::PointingHand)
}

/// The one button of a page that a person most likely wants.
pub fn main_button(ui: &mut Ui, text: &str, enabled: bool) -> Response {
    let t = theme::tokens(ui);
    let ink = if t.dark { t.bg } else { t.panel };
    let label = egui::RichText::new(text).font(fonts::semibold(size::BODY)).color(ink);
    let button = egui::Button::new(label).fill(t.expected).stroke(Stroke::NONE).min_size(vec2(96.0, 32.0));
    ui.add_enabled(enabled, button)
}

/// A button of ordinary weight.
pub fn button(ui: &mut Ui, text: &str) -> Response {
    ui.add(egui::Button::new(text).min_size(vec2(0.0, 32.0)))
}

/// A word with a thin border, such as a verdict.
pub fn chip(ui: &Ui, right: f32, centre: f32, text: &str, colour: Color32) -> f32 {
    let galley = ui.painter().layout_no_wrap(text.to_owned(), words(size::SMALL), colour);
    let room = galley.size() + vec2(14.0, 4.0);
    let rect = Rect::from_min_size(pos2(right - room.x, centre - room.y / 2.0), room);
    ui.painter().rect_stroke(
        rect,
        room.y / 2.0,
        Stroke::new(1.0, theme::mix(colour, ui.visuals().panel_fill, 0.4)),
        StrokeKind::Inside,
    );
    ui.painter().galley(rect.min + vec2(7.0, 2.0), galley, colour);
    room.x
}

/// A small cross that takes something away; placed, not laid out.
pub fn cross(ui: &Ui, centre: egui::Pos2, name: &str) -> Response {
    let t = theme::tokens(ui);
    let rect = Rect::from_center_size(centre, Vec2::splat(20.0));
    let response = ui.interact(rect, ui.unique_id().with(name), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let colour = if response.hovered() || response.has_focus() { t.text } else { t.dim };
    let arm = 4.0;
    for (dx, dy) in [(arm, arm), (arm, -arm)] {
        let points = [centre - vec2(dx, dy), centre + vec2(dx, dy)];
        ui.painter().line_segment(points, Stroke::new(1.2, colour));
    }
    focus_ring(ui, &response, rect);
    response.on_hover_text(name).on_hover_cursor(egui::CursorIcon::PointingHand)
}

/// A column of at most `width`, in the middle of the room there is, with `margin` at both sides.
pub fn column<R>(ui: &mut Ui, width: f32, margin: f32, add: impl FnOnce(&mut Ui) -> R) -> R {
    let room = ui.available_rect_before_wrap();
    let width = width.min(room.width() - 2.0 * margin);
    let rect =
        Rect::from_min_size(pos2((room.center().x - width / 2.0).round(), room.top()), vec2(width, room.height()));
    ui.scope_builder(egui::UiBuilder::new().max_rect(rect), add).inner
}

/// Why there is nothing to see in a place, and what to do: a title with a sentence below, in the middle.
pub fn nothing(ui: &Ui, rect: Rect, title: &str, aside: &str) {
    let t = theme::tokens(ui);
    let response = ui.interact(rect, ui.scope_id().with("nothing"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{title}. {aside}")));
    let width = (rect.width() - 48.0).clamp(0.0, 420.0);
    let block = |text: &str, font: FontId, colour: Color32| {
        let mut job = LayoutJob::simple(text.to_owned(), font, colour, width);
        job.halign = Align::Center;
        ui.painter().layout_job(job)
    };
    let title = block(title, fonts::medium(size::TITLE), t.text);
    let aside = block(aside, words(size::BODY), t.dim);
    let between = 6.0;
    // A little above the middle, where the eye looks for it.
    let above = (rect.height() - title.size().y - between - aside.size().y).max(0.0) * 0.42;
    let at = pos2(rect.center().x.round(), (rect.top() + above).round());
    let below = at + vec2(0.0, (title.size().y + between).round());
    let painter = ui.painter_at(rect);
    painter.galley(at, title, t.text);
    painter.galley(below, aside, t.dim);
}

/// What lies over the page: a panel in the upper middle, with the page dimmed behind it.
pub fn overlay<R>(ui: &Ui, name: &str, room: Vec2, add: impl FnOnce(&mut Ui) -> R) -> (R, bool) {
    let t = theme::tokens(ui);
    let window = ui.ctx().content_rect();
    let width = room.x.min(window.width() - 32.0);
    let top = (window.height() * 0.12).min(96.0);
    let area = egui::Modal::default_area(egui::Id::unique(name))
        .anchor(Align2::CENTER_TOP, vec2(0.0, top))
        .accessible_name(name.to_owned());
    let frame = egui::Frame::new()
        .fill(t.panel)
        .stroke(Stroke::new(1.0, t.line))
        .corner_radius(8)
        .inner_margin(egui::Margin::same(0));
    let shown = egui::Modal::new(egui::Id::unique(name))
        .area(area)
        .frame(frame)
        .backdrop_color(t.bg.gamma_multiply(0.6))
        .show(ui.ctx(), |ui| {
            ui.set_width(width);
            ui.set_max_height(room.y.min(window.height() - top - 32.0));
            add(ui)
        });
    let closed = shown.backdrop_response.clicked();
    (shown.inner, closed)
}

/// Puts the caret of a text field, or a selection: what is typed next takes its place.
pub fn put_caret(ui: &Ui, id: egui::Id, chars: Range<usize>) {
    let mut edit = egui::TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let range = CCursorRange::two(CCursor::new(chars.start), CCursor::new(chars.end));
    edit.cursor.set_char_range(Some(range));
    egui::TextEdit::store_state(ui.ctx(), id, edit);
}
