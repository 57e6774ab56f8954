//! The tour: a card beside what it speaks of, with the rest dimmed.

use egui::{Align2, Key, LayerId, Modifiers, Order, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use super::parts::{self, words};
use super::theme::{self, size};
use super::{fonts, hints, regions};
use crate::app::pair::View;
use crate::app::region::Region;
use crate::app::table::by_id;
use crate::app::tour::{STOPS, Stop};
use crate::app::{Command, State};

/// The card's width, and about its height.
const WIDTH: f32 = 360.0;
const HEIGHT: f32 = 240.0;
/// Room between the card and what it speaks of, and the edge of the window.
const GAP: f32 = 12.0;

/// Draws a step of the tour.
pub fn show(ui: &Ui, state: &State, step: usize, out: &mut Vec<Command>) {
    let (Some(shown), Some(pair)) = (STOPS.get(step), state.pair()) else { return };
    steer(ui, step, out);
    // The view that is shown stands for both runs.
    let at = match (shown.at, pair.view()) {
        (Region::Events, View::Timeline) => Region::Timeline,
        (Region::Events, View::Order) => Region::Order,
        (Region::Events, View::Propagation) => Region::Propagation,
        (Region::Events, View::Waterfall) => Region::Waterfall,
        (region, _) => region,
    };
    let window = ui.ctx().content_rect();
    let place = regions::place(ui, at).map(|rect| rect.intersect(window)).filter(Rect::is_positive);
    dim(ui, window, place);
    let title = format!("Tour, step {} of {}: {}", step + 1, STOPS.len(), shown.title);
    let id = egui::Id::unique("tour");
    let area =
        egui::Modal::default_area(id).anchor(Align2::LEFT_TOP, beside(window, place).to_vec2()).accessible_name(title);
    let t = theme::tokens(ui);
    let frame = egui::Frame::new()
        .fill(t.panel)
        .stroke(Stroke::new(1.0, t.line))
        .corner_radius(8)
        .inner_margin(egui::Margin::same(16));
    egui::Modal::new(id).area(area).frame(frame).backdrop_color(egui::Color32::TRANSPARENT).show(ui.ctx(), |ui| {
        ui.set_width(WIDTH - 32.0);
        card(ui, state, step, shown, out);
    });
}

/// The arrow keys go on and back.
fn steer(ui: &Ui, step: usize, out: &mut Vec<Command>) {
    let (on, back) = ui.input_mut(|input| {
        let mut pressed = |key| input.consume_key(Modifiers::NONE, key);
        (pressed(Key::ArrowRight) || pressed(Key::PageDown), pressed(Key::ArrowLeft) || pressed(Key::PageUp))
    });
    if on {
        out.push(Command::Tour(Some(step + 1)));
    } else if back {
        out.push(Command::Tour(Some(step.saturating_sub(1))));
    }
}

/// Dims all but the place.
fn dim(ui: &Ui, window: Rect, place: Option<Rect>) {
    let t = theme::tokens(ui);
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Middle, egui::Id::unique("tour, dimmed")));
    let veil = theme::veil(t.bg, 0.7);
    let Some(place) = place else {
        painter.rect_filled(window, 0.0, veil);
        return;
    };
    let sides = [
        Rect::from_min_max(window.min, pos2(window.right(), place.top())),
        Rect::from_min_max(pos2(window.left(), place.bottom()), window.max),
        Rect::from_min_max(pos2(window.left(), place.top()), pos2(place.left(), place.bottom())),
        Rect::from_min_max(pos2(place.right(), place.top()), pos2(window.right(), place.bottom())),
    ];
    for side in sides.into_iter().filter(Rect::is_positive) {
        painter.rect_filled(side, 0.0, veil);
    }
    painter.rect_stroke(place.shrink(1.0), 4.0, Stroke::new(2.0, t.expected), StrokeKind::Inside);
}

/// Where the card is: below, above, left of or right of the place, whichever has room first; else within it.
fn beside(window: Rect, place: Option<Rect>) -> egui::Pos2 {
    let card = vec2(WIDTH, HEIGHT);
    let Some(place) = place else { return window.center() - card / 2.0 };
    let x = (place.center().x - card.x / 2.0).clamp(window.left() + GAP, (window.right() - card.x - GAP).max(GAP));
    let y = (place.center().y - card.y / 2.0).clamp(window.top() + GAP, (window.bottom() - card.y - GAP).max(GAP));
    let candidates = [
        pos2(x, place.bottom() + GAP),
        pos2(x, place.top() - GAP - card.y),
        pos2(place.left() - GAP - card.x, y),
        pos2(place.right() + GAP, y),
    ];
    let fits = |at: &egui::Pos2| window.shrink(GAP - 1.0).contains_rect(Rect::from_min_size(*at, card));
    candidates.into_iter().find(fits).unwrap_or(pos2(x, y)).round()
}

fn card(ui: &mut Ui, state: &State, step: usize, shown: &Stop, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let place = format!("STEP {} OF {}", step + 1, STOPS.len());
    ui.label(egui::RichText::new(place).font(fonts::semibold(size::SMALL)).color(t.dim));
    ui.add_space(4.0);
    ui.label(egui::RichText::new(shown.title).font(fonts::semibold(size::TITLE)).color(t.text));
    ui.add_space(4.0);
    ui.add(egui::Label::new(egui::RichText::new(shown.says).font(words(size::BODY)).color(t.text)).wrap());
    ui.add_space(8.0);
    let keys = shown.keys.iter().filter_map(|id| by_id(id)).filter_map(|entry| {
        let keys = state.keymap.shortcut(entry.id);
        (!keys.is_empty()).then(|| format!("{keys} {}", entry.title.trim_end_matches('…').to_lowercase()))
    });
    let keys = keys.collect::<Vec<_>>().join("  ·  ");
    ui.add(egui::Label::new(egui::RichText::new(keys).font(words(size::LABEL)).color(t.dim)).wrap());
    ui.add_space(12.0);
    ui.horizontal(|ui| {
        let last = step + 1 == STOPS.len();
        let next = parts::main_button(ui, if last { "Done" } else { "Next" }, true);
        // Each step begins with the keyboard on the way on.
        let seen = egui::Id::unique("the step of the tour that has the keyboard");
        if ui.data(|data| data.get_temp::<usize>(seen)) != Some(step) || ui.memory(|memory| memory.focused().is_none())
        {
            next.request_focus();
            ui.data_mut(|data| data.insert_temp(seen, step));
        }
        if next.clicked() {
            out.push(Command::Tour(Some(step + 1)));
        }
        if step > 0 && parts::button(ui, "Back").clicked() {
            out.push(Command::Tour(Some(step - 1)));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if !last && parts::quiet(ui, &hints::with_key(ui, "Skip", "escape"), "Skip the tour").clicked() {
                out.push(Command::Tour(None));
            }
        });
    });
}
