//! The strip of tabs: what is open in this window, how it stands with each, which one is in front. A window with one tab
//! has no strip.

use std::f32::consts::TAU;

use egui::containers::scroll_area::ScrollBarVisibility;
use egui::text_edit::TextEditState;
use egui::{
    CornerRadius, Id, Painter, PointerButton, Pos2, Rect, Role, ScrollArea, Sense, Shape, Stroke, Ui, WidgetInfo, pos2,
    vec2,
};

use super::parts::{self, data, elided, words};
use super::theme::{self, Tokens, size};
use super::{brand, fonts, hints};
use crate::app::tabs::{Standing, Tab, TabCommand, TabId};
use crate::app::{Command, State};
use crate::trace::escape;
use crate::ui::pair::glyph;

/// Height of the strip.
const HEIGHT: f32 = 36.0;
/// A tab is so wide where there is room, and never narrower than the other: then the strip scrolls.
const WIDE: f32 = 232.0;
const NARROW: f32 = 120.0;
/// Room before the first tab.
const BEFORE: f32 = 8.0;
/// Room above a tab.
const ABOVE: f32 = 4.0;
/// Room for the button that opens a tab, and for the one that lists all where they have no room.
const PLUS: f32 = 36.0;
const LIST: f32 = 52.0;

/// Draws the strip.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let count = state.tabs.len();
    if count == 1 {
        return;
    }
    let frame = egui::Frame::new().fill(t.bg);
    let panel = egui::Panel::top("tabs").exact_size(HEIGHT).resizable(false).frame(frame).show_separator_line(false);
    panel.show(ui, |ui| {
        let whole = ui.available_rect_before_wrap();
        ui.painter().hline(whole.x_range(), whole.bottom() - 0.5, Stroke::new(1.0, t.line));
        let room = whole.width() - BEFORE - PLUS;
        let width = (room / count as f32).clamp(NARROW, WIDE).floor();
        let scrolls = width * count as f32 > room;
        let room = if scrolls { room - LIST } else { width * count as f32 };
        let left = whole.left() + BEFORE;
        let strip = Rect::from_min_max(pos2(left, whole.top()), pos2(left + room, whole.bottom()));
        let all = shown(state);
        ui.scope_builder(egui::UiBuilder::new().max_rect(strip), |ui| tabs(ui, state, &all, width, t, out));
        plus(ui, pos2(strip.right() + PLUS / 2.0, strip.center().y + ABOVE / 2.0), t, out);
        if scrolls {
            let rect = Rect::from_min_max(pos2(whole.right() - LIST, whole.top()), whole.max);
            list(ui, state, &all, rect, t, out);
        }
    });
}

fn drawn_id() -> Id {
    Id::unique("the tab that was drawn")
}

/// The tab whose page is drawn.
pub fn front(ui: &Ui) -> Option<TabId> {
    ui.data(|data| data.get_temp(drawn_id()))
}

/// What the toolkit remembers of text fields is of the tab that was in front before.
pub fn arrive(ui: &Ui, state: &State) {
    let id = drawn_id();
    let front = state.front().id;
    let before = ui.data_mut(|data| {
        let before = data.get_temp::<TabId>(id);
        data.insert_temp(id, front);
        before
    });
    if before.is_none_or(|before| before == front) {
        return;
    }
    if ui.ctx().text_edit_focused() {
        ui.memory_mut(egui::Memory::stop_text_input);
    }
    ui.data_mut(|data| {
        data.remove_by_type::<TextEditState>();
        data.remove_by_type::<String>();
    });
}

/// A tab as it is drawn.
struct Shown<'a> {
    place: usize,
    tab: &'a Tab,
    front: bool,
    title: String,
    /// What is said of it: `tab 2 of 3: retry-storm, diverged`.
    said: String,
}

fn shown(state: &State) -> Vec<Shown<'_>> {
    let tabs = state.tabs.iter().zip(state.tabs.titles()).enumerate();
    let shown = tabs.map(|(place, (tab, title))| {
        let title = escape(&title).into_owned();
        let mut said = format!("tab {} of {}: {title}", place + 1, state.tabs.len());
        let standing = tab.standing().words();
        for more in [standing.as_str(), if tab.changed.is_empty() { "" } else { "changed on disk" }] {
            if !more.is_empty() {
                said.push_str(", ");
                said.push_str(more);
            }
        }
        Shown { place, tab, front: place == state.tabs.front_place(), title, said }
    });
    shown.collect()
}

fn tabs(ui: &mut Ui, state: &State, all: &[Shown<'_>], width: f32, t: &Tokens, out: &mut Vec<Command>) {
    // A wheel that only turns one way moves the strip too.
    ui.style_mut().always_scroll_the_only_direction = true;
    let room = ui.max_rect();
    let area = ScrollArea::horizontal().id_salt("tabs").scroll_bar_visibility(ScrollBarVisibility::AlwaysHidden);
    let shown = area.auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        let (strip, _) = ui.allocate_exact_size(vec2(width * all.len() as f32, HEIGHT), Sense::hover());
        let rect_of = |place: usize| {
            let left = strip.left() + width * place as f32;
            Rect::from_min_max(pos2(left, strip.top() + ABOVE), pos2(left + width, strip.bottom()))
        };
        for shown in all {
            tab(ui, state, shown, rect_of(shown.place), t, out);
        }
        follow(ui, state, rect_of(state.tabs.front_place()), room.width());
        strip.width()
    });
    let (offset, most) = (shown.state.clamped_offset().x, shown.inner - room.width());
    for (hides, edge, inwards) in [(offset > 0.5, room.left(), 1.0), (offset < most - 0.5, room.right(), -1.0)] {
        if hides {
            fade(ui.painter(), edge, inwards, room, t);
        }
    }
}

/// Brings the tab in front into sight when it is another one, or the strip is another one.
fn follow(ui: &Ui, state: &State, rect: Rect, room: f32) {
    let id = Id::unique("the tab that was brought into sight");
    let now = (state.front().id, state.tabs.front_place(), state.tabs.len(), room.to_bits());
    let before = ui.data_mut(|data| {
        let before = data.get_temp::<(TabId, usize, usize, u32)>(id);
        data.insert_temp(id, now);
        before
    });
    if before != Some(now) {
        ui.scroll_to_rect(rect, None);
    }
}

/// More tabs are hidden behind this end of the strip.
fn fade(painter: &Painter, edge: f32, inwards: f32, room: Rect, t: &Tokens) {
    for step in 0..6_u8 {
        let x = edge + inwards * (f32::from(step) * 4.0 + 2.0);
        let rect = Rect::from_center_size(pos2(x, room.center().y), vec2(4.0, room.height() - 2.0));
        painter.rect_filled(rect, 0, theme::veil(t.bg, 0.9 - f32::from(step) * 0.15));
    }
}

fn tab(ui: &Ui, state: &State, shown: &Shown<'_>, rect: Rect, t: &Tokens, out: &mut Vec<Command>) {
    let Shown { place, tab, front, ref title, ref said } = *shown;
    let response = ui.interact(rect, Id::unique("tab").with(tab.id), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Tab, true, said));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_selected(front));
    let over = response.contains_pointer() || response.has_focus();
    ground(ui.painter(), rect, front, over, t);
    parts::focus_ring(ui, &response, rect.shrink(2.0));

    let centre = rect.center().y;
    mark(ui.painter(), pos2(rect.left() + 19.0, centre), tab.standing(), t);
    let mut right = rect.right() - 8.0;
    if front || over {
        right -= 20.0;
        if parts::cross(ui, pos2(right + 10.0, centre), &format!("Close tab {}: {title}", place + 1)).clicked() {
            out.push(Command::Tab(TabCommand::Close(Some(tab.id))));
        }
        right -= 4.0;
    }
    if !tab.changed.is_empty() {
        ui.painter().circle_filled(pos2(right - 4.0, centre), 3.5, t.warn);
        right -= 12.0;
    }
    let (font, colour) = if front {
        (fonts::medium(size::LABEL), t.text)
    } else {
        (words(size::LABEL), if over { t.text } else { t.dim })
    };
    let left = rect.left() + 34.0;
    let title = elided(ui, title, font, colour, right - left);
    ui.painter().galley(pos2(left, centre - title.size().y / 2.0), title, colour);

    act(ui, front, tab.id, &response, rect, out);
    if !response.dragged() {
        response.on_hover_text(hover(state, place, tab));
    }
}

/// A click shows the tab, the middle button closes it, dragging moves it.
fn act(ui: &Ui, front: bool, id: TabId, response: &egui::Response, rect: Rect, out: &mut Vec<Command>) {
    if response.middle_clicked() {
        out.push(Command::Tab(TabCommand::Close(Some(id))));
    } else if (response.clicked() || response.drag_started_by(PointerButton::Primary)) && !front {
        out.push(Command::Tab(TabCommand::Show(id)));
    }
    let pointer =
        ui.input(|input| input.pointer.latest_pos()).filter(|_| response.dragged_by(PointerButton::Primary) && front);
    let half = rect.width() / 2.0;
    match pointer {
        Some(at) if at.x < rect.left() - half => out.push(Command::Tab(TabCommand::Move(-1))),
        Some(at) if at.x > rect.right() + half => out.push(Command::Tab(TabCommand::Move(1))),
        _ => {}
    }
}

/// The tab in front is one with the page below it.
fn ground(painter: &Painter, rect: Rect, front: bool, over: bool, t: &Tokens) {
    let round = CornerRadius { nw: parts::RADIUS, ne: parts::RADIUS, sw: 0, se: 0 };
    if front {
        painter.rect(rect, round, t.panel, Stroke::new(1.0, t.line), egui::StrokeKind::Inside);
        let foot =
            Rect::from_min_max(pos2(rect.left() + 1.0, rect.bottom() - 1.0), pos2(rect.right() - 1.0, rect.bottom()));
        painter.rect_filled(foot, 0, t.panel);
    } else if over {
        let inside = Rect::from_min_max(rect.min + vec2(2.0, 2.0), rect.max - vec2(2.0, 4.0));
        painter.rect_filled(inside, parts::RADIUS, t.raised);
    } else {
        painter.vline(rect.right() - 0.5, rect.top() + 8.0..=rect.bottom() - 8.0, Stroke::new(1.0, t.line));
    }
}

/// What the strip has no room for: the whole title, how it stands, where it lies.
fn hover(state: &State, place: usize, tab: &Tab) -> String {
    let mut lines = vec![escape(&tab.title()).into_owned()];
    if let Some(wanted) = tab.wanted() {
        lines.extend(wanted.paths.iter().map(|path| escape(&path.display().to_string()).into_owned()));
    }
    let standing = tab.standing().words();
    lines.extend((!standing.is_empty()).then_some(standing));
    if !tab.changed.is_empty() {
        lines.push(format!("{} changed on disk", escape(&tab.changed.join(" and "))));
    }
    let key = state.keymap.shortcut(&format!("tab-{}", place + 1));
    lines.extend((!key.is_empty()).then_some(key));
    lines.join("\n")
}

/// How it stands with a tab: one shape each.
pub fn mark(painter: &Painter, at: Pos2, standing: Standing, t: &Tokens) {
    let thin = Stroke::new(1.5, t.dim);
    match standing {
        Standing::Home => brand::sign(painter, Rect::from_center_size(at, vec2(14.0, 14.0)), t),
        Standing::Waits => {
            painter.circle_stroke(at, 4.5, thin);
        }
        Standing::Loading(share) => {
            painter.circle_stroke(at, 5.0, Stroke::new(2.0, t.line));
            let points = (0..=24_u8).map(|step| {
                let angle = TAU * (share.unwrap_or(0.25) * f32::from(step) / 24.0 - 0.25);
                at + 5.0 * vec2(angle.cos(), angle.sin())
            });
            painter.add(Shape::line(points.collect(), Stroke::new(2.0, t.expected)));
        }
        Standing::Choose => {
            for (x, colour) in [(-3.5, t.expected), (3.5, t.actual)] {
                painter.circle_stroke(at + vec2(x, 0.0), 2.8, Stroke::new(1.5, colour));
            }
        }
        Standing::Failed => {
            painter.circle_stroke(at, 5.5, Stroke::new(1.5, t.cause));
            painter.line_segment([at - vec2(0.0, 3.0), at + vec2(0.0, 0.5)], Stroke::new(1.5, t.cause));
            painter.circle_filled(at + vec2(0.0, 2.6), 0.9, t.cause);
        }
        Standing::Ready(verdict) => {
            glyph::verdict(painter, at, verdict, t);
        }
        // A dot in a ring; a failure fills the ring.
        Standing::Watching(failed) => {
            let colour = if failed == 0 { t.ok } else { t.cause };
            painter.circle_stroke(at, 5.5, Stroke::new(1.5, colour));
            painter.circle_filled(at, if failed == 0 { 1.8 } else { 3.5 }, colour);
        }
    }
}

fn plus(ui: &Ui, centre: Pos2, t: &Tokens, out: &mut Vec<Command>) {
    let rect = Rect::from_center_size(centre, vec2(24.0, 24.0));
    let response = ui.interact(rect, Id::unique("new tab"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "New tab"));
    let over = response.contains_pointer() || response.has_focus();
    if over {
        ui.painter().rect_filled(rect, parts::RADIUS, t.raised);
    }
    let stroke = Stroke::new(1.4, if over { t.text } else { t.dim });
    for arm in [vec2(5.0, 0.0), vec2(0.0, 5.0)] {
        ui.painter().line_segment([centre - arm, centre + arm], stroke);
    }
    parts::focus_ring(ui, &response, rect);
    if response.on_hover_text(hints::with_key(ui, "New tab", "new-tab")).clicked() {
        out.push(Command::Tab(TabCommand::New));
    }
}

/// The button that lists every tab, with how many there are.
fn list(ui: &mut Ui, state: &State, all: &[Shown<'_>], rect: Rect, t: &Tokens, out: &mut Vec<Command>) {
    let rect = Rect::from_center_size(rect.center() + vec2(0.0, ABOVE / 2.0), vec2(44.0, 24.0));
    let response = ui.interact(rect, Id::unique("all tabs"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("All {} tabs", all.len())));
    let colour = if response.contains_pointer() || response.has_focus() {
        ui.painter().rect_filled(rect, parts::RADIUS, t.raised);
        t.text
    } else {
        t.dim
    };
    let number = ui.painter().layout_no_wrap(all.len().to_string(), data(size::SMALL), colour);
    ui.painter().galley(pos2(rect.left() + 8.0, rect.center().y - number.size().y / 2.0), number, colour);
    glyph::chevron(ui.painter(), pos2(rect.right() - 12.0, rect.center().y), true, colour);
    parts::focus_ring(ui, &response, rect);
    egui::Popup::menu(&response).show(|ui| {
        ui.set_width(300.0);
        let room = ui.ctx().content_rect().bottom() - rect.bottom() - 32.0;
        ScrollArea::vertical().max_height(room).show(ui, |ui| {
            for shown in all {
                listed(ui, state, shown, t, out);
            }
        });
    });
    response.on_hover_text("All tabs");
}

/// One tab in the list of all.
fn listed(ui: &mut Ui, state: &State, shown: &Shown<'_>, t: &Tokens, out: &mut Vec<Command>) {
    let Shown { place, tab, front, ref title, ref said } = *shown;
    let (rect, response) = parts::row(ui, 28.0, 0.0, true, &format!("Go to {said}"));
    if front {
        ui.painter().rect_filled(rect, parts::RADIUS, t.selection);
    }
    mark(ui.painter(), pos2(rect.left() + 16.0, rect.center().y), tab.standing(), t);
    let (left, right) = (rect.left() + 32.0, rect.right() - 8.0);
    let keys = parts::key_caps(ui, right, rect.center().y, &state.keymap.shortcut(&format!("tab-{}", place + 1)), t);
    let title = elided(ui, title, words(size::BODY), t.text, right - keys - 8.0 - left);
    ui.painter().galley(pos2(left, rect.center().y - title.size().y / 2.0), title, t.text);
    if response.clicked() {
        out.push(Command::Tab(TabCommand::Show(tab.id)));
        ui.close();
    }
}
