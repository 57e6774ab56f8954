//! The bar at the top: menus from the command table, what is open, the search field, the way to the palette.

use std::sync::Arc;

use egui::{Galley, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::parts::{self, data, elided, words};
use super::theme::{self, Tokens, size};
use super::{brand, fonts, regions, search};
use crate::app::control::ControlPage;
use crate::app::pair::Pair;
use crate::app::region::Region;
use crate::app::requests::RequestsPage;
use crate::app::state::Overlay;
use crate::app::table::Menu;
use crate::app::{Command, State};
use crate::trace::{Side, Sides, escape};

/// Height of the bar.
const HEIGHT: f32 = 40.0;
/// Room that is left free below an open menu.
const BELOW: f32 = 24.0;
/// Below this width of the bar, what is open is not named: the page says it too.
const NAMES_FROM: f32 = 980.0;
/// Below this width of the bar, the titles of the menus stand close.
const CLOSE_BELOW: f32 = 560.0;

/// Draws the bar.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let frame = egui::Frame::new().fill(t.panel).inner_margin(egui::Margin::symmetric(12, 0));
    egui::Panel::top("menu").exact_size(HEIGHT).resizable(false).frame(frame).show(ui, |ui| {
        let width = ui.available_width();
        ui.horizontal_centered(|ui| {
            sign(ui, state, t, out);
            egui::MenuBar::new().ui(ui, |ui| {
                if width < CLOSE_BELOW {
                    ui.spacing_mut().item_spacing.x = 2.0;
                }
                for menu in Menu::ALL {
                    let title = egui::RichText::new(menu.title()).color(t.dim);
                    ui.menu_button(title, |ui| scrolled(ui, |ui| entries(ui, state, menu, out)));
                }
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    // The bar's style is for menus: without borders.
                    ui.reset_style();
                    palette(ui, state, t, out);
                    if let Some(pair) = state.pair() {
                        search::field(ui, state, pair, t, out);
                    }
                    if width >= NAMES_FROM {
                        let left = egui::Layout::left_to_right(egui::Align::Center);
                        let open = state.pair().map(named).or_else(|| state.requests().map(windows));
                        if let Some(open) = open.or_else(|| state.control().map(runs)) {
                            ui.with_layout(left, |ui| names(ui, &open, t));
                        }
                    }
                });
            });
        });
    });
}

/// The sign of the house; a click goes home.
fn sign(ui: &mut Ui, state: &State, t: &Tokens, out: &mut Vec<Command>) {
    let (rect, response) = ui.allocate_exact_size(vec2(20.0, 20.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Home"));
    brand::sign(ui.painter(), rect, t);
    parts::focus_ring(ui, &response, rect.expand(3.0));
    if response.on_hover_text("Home").clicked() && !state.front().is_home() {
        out.push(Command::Home);
    }
    ui.add_space(4.0);
}

/// A menu that is higher than the window scrolls.
fn scrolled(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let room = ui.ctx().content_rect().height() - HEIGHT - BELOW;
    egui::ScrollArea::vertical().max_height(room).min_scrolled_height(room).show(ui, add);
}

fn entries(ui: &mut Ui, state: &State, menu: Menu, out: &mut Vec<Command>) {
    ui.set_min_width(240.0);
    let mut group = None;
    for entry in menu.entries() {
        if group.is_some_and(|before| before != entry.group) {
            ui.separator();
        }
        group = Some(entry.group);
        let enabled = entry.enabled(state);
        let keys = egui::RichText::new(state.keymap.shortcut(entry.id)).font(data(size::SMALL));
        let button = egui::Button::new(entry.title).shortcut_text(keys).wrap_mode(egui::TextWrapMode::Extend);
        let response = ui.add_enabled(enabled.is_ok(), button);
        if response.clicked() {
            out.push((entry.command)());
        }
        response.on_hover_text(entry.description).on_disabled_hover_text(enabled.err().unwrap_or_default());
    }
}

/// What is open, in names.
struct Named {
    title: String,
    labels: Sides<String>,
    /// Which sides there are.
    there: Sides<bool>,
    /// What it is about and where it is, for a tooltip.
    about: String,
}

fn named(pair: &Pair) -> Named {
    let pack = &pair.analysis().pack;
    let story = pack.story.as_ref().map(|story| format!("{}\n", escape(story))).unwrap_or_default();
    Named {
        title: pack.title.clone(),
        labels: pair.labels().clone(),
        there: pack.sides.as_ref().map(Option::is_some),
        about: format!("{story}{}", pack.path.display()),
    }
}

fn windows(page: &RequestsPage) -> Named {
    let files: Vec<String> = page.survey().files.iter().map(|source| source.name.clone()).collect();
    Named {
        title: page.title().to_owned(),
        labels: page.population().told.as_ref().map(|told| told.label.clone()),
        there: Sides::new(true, true),
        about: files.join("\n"),
    }
}

fn runs(page: &ControlPage) -> Named {
    let labels = &page.recorded().control().labels;
    Named {
        title: page.title().to_owned(),
        labels: labels.as_ref().map(|label| label.clone().unwrap_or_default()),
        there: labels.as_ref().map(Option::is_some),
        about: "A control loop".to_owned(),
    }
}

/// A title of which less is seen says nothing.
const TITLE_LEAST: f32 = 72.0;

/// What is open: title, expected ⇄ actual.
fn names(ui: &mut Ui, named: &Named, t: &Tokens) {
    let room = ui.available_width() - 24.0;
    if room < 120.0 {
        return;
    }
    let painter = ui.painter();
    let Named { title, labels, there, about } = named;
    let sign = |text: &str| painter.layout_no_wrap(text.to_owned(), words(size::LABEL), t.dim);
    let gap = 6.0;
    let width = |pieces: &[Arc<Galley>]| pieces.iter().map(|galley| galley.size().x + gap).sum::<f32>() - gap;
    // A title made of the files' names would say them twice.
    let titled = !Side::BOTH.iter().all(|&side| title.contains(&labels[side]));
    let both = there.expected && there.actual;
    let mut sides = Vec::new();
    for side in Side::BOTH.into_iter().filter(|&side| there[side]) {
        let colour = if side == Side::Expected { t.expected } else { t.actual };
        if side == Side::Actual && both {
            sides.push(sign("⇄"));
        }
        sides.push(elided(ui, &escape(&labels[side]), data(size::LABEL), colour, room * 0.3));
    }
    let titled_in = |room: f32| elided(ui, &escape(title), fonts::semibold(size::BODY), t.text, room);
    // The title is cut first; where too little of it would be left, the sides go, both of them: one alone says nothing.
    let pieces = match (titled, sides.is_empty()) {
        (true, false) => {
            let dot = sign("·");
            let left = room - width(&sides) - dot.size().x - 2.0 * gap;
            if left < TITLE_LEAST { vec![titled_in(room)] } else { [vec![titled_in(left), dot], sides].concat() }
        }
        (true, true) => vec![titled_in(room)],
        (false, _) => sides,
    };
    let total = width(&pieces);
    let (rect, response) = ui.allocate_exact_size(vec2(total + 20.0, 24.0), Sense::hover());
    ui.painter().rect_filled(rect, parts::RADIUS, t.raised);
    let mut x = rect.left() + 10.0;
    for galley in pieces {
        let step = galley.size().x + gap;
        ui.painter().galley(pos2(x, rect.center().y - galley.size().y / 2.0), galley, t.text);
        x += step;
    }
    let spoken = format!("{title}: {} against {}", labels[Side::Expected], labels[Side::Actual]);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    response.on_hover_text(about);
}

fn palette(ui: &mut Ui, state: &State, t: &Tokens, out: &mut Vec<Command>) {
    let keys = state.keymap.shortcut("palette");
    let galley = ui.painter().layout_no_wrap(keys.clone(), data(size::SMALL), t.dim);
    let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(12.0, 10.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Command palette"));
    if response.hovered() {
        ui.painter().rect_filled(rect, parts::RADIUS, t.raised);
    }
    parts::key_caps(ui, rect.right() - 1.0, rect.center().y, &keys, t);
    regions::note(ui, Region::Palette, rect.expand(4.0));
    parts::focus_ring(ui, &response, rect);
    if response.on_hover_text("Find any command, lane, event, bookmark or pack by name").clicked() {
        out.push(Command::Toggle(Overlay::Palette { query: String::new(), selected: 0 }));
    }
}
