//! Tabs, and the handles of panes that have none.

use egui::{CursorIcon, Id, PointerButton, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_tiles::{Container, TabState, Tile, Tree};

use super::send;
use crate::app::layout::{BAR, Layout, LayoutCommand, Pane, Plan};
use crate::app::pair::{PairCommand, PairRequest};
use crate::ui::fonts::medium;
use crate::ui::pair::words::{LaidOut, Words};
use crate::ui::parts;
use crate::ui::theme::{self, Tokens, size};

/// Room left of the first tab.
pub const INDENT: f32 = 4.0;
/// Room on each side of a title.
const PAD: f32 = 16.0;
/// Height of the heading that a pane without a tab is dragged by.
const HANDLE: f32 = 32.0;

fn title(ui: &Ui, pane: Pane, colour: egui::Color32) -> LaidOut {
    Words::of(pane.title(), medium(size::BODY), colour).layout(ui.painter(), f32::INFINITY)
}

/// The width of a tab.
pub fn width(ui: &Ui, pane: Pane) -> f32 {
    title(ui, pane, theme::tokens(ui).dim).width() + PAD * 2.0
}

/// Draws a tab: the one in front underlined, in colour where the focus is.
pub fn tab(ui: &mut Ui, id: Id, pane: Pane, state: &TabState, layout: &Layout, out: &mut Vec<PairRequest>) -> Response {
    let t = theme::tokens(ui);
    let words = title(ui, pane, if state.active { t.text } else { t.dim });
    let (_, rect) = ui.allocate_space(vec2(words.width() + PAD * 2.0, BAR));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, state.active, pane.title()));
    if state.is_being_dragged {
        return response;
    }
    let over = response.contains_pointer();
    if !state.active && (over || response.has_focus()) {
        ui.painter().rect_filled(rect.shrink2(vec2(2.0, 4.0)), 6.0, t.raised);
    }
    words.paint(ui.painter(), pos2(rect.left() + PAD, rect.center().y));
    if state.active {
        let colour = if layout.focus() == pane { t.expected } else { theme::mix(t.line, t.dim, 0.5) };
        let line =
            Rect::from_min_max(pos2(rect.left() + PAD - 4.0, rect.bottom() - 2.0), rect.max - vec2(PAD - 4.0, 0.0));
        ui.painter().rect_filled(line, 0.0, colour);
    }
    parts::focus_ring(ui, &response, rect.shrink2(vec2(2.0, 4.0)));
    if over && close(ui, rect, pane, t) || response.clicked_by(PointerButton::Middle) {
        send(out, LayoutCommand::Close(pane));
    } else if response.clicked() && state.active {
        send(out, LayoutCommand::Focus(pane));
    }
    response
}

/// The small cross of the tab under the pointer; true when it was clicked.
fn close(ui: &Ui, tab: Rect, pane: Pane, t: &Tokens) -> bool {
    let rect = Rect::from_center_size(pos2(tab.right() - 8.0, tab.center().y), vec2(12.0, 20.0));
    let name = format!("Close {}", pane.title());
    let response = ui.interact(rect, ui.scope_id().with(&name), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let colour = if response.hovered() { t.text } else { t.dim };
    let arm = 3.0;
    for (x, y) in [(arm, arm), (arm, -arm)] {
        ui.painter().line_segment([rect.center() - vec2(x, y), rect.center() + vec2(x, y)], Stroke::new(1.2, colour));
    }
    response.clicked()
}

/// Sends what was chosen among the tabs: by a click, or by what is dragged over them.
pub fn chosen(tree: &Tree<Pane>, plan: &Plan, dragged: Option<Pane>, out: &mut Vec<PairRequest>) {
    let now = tree.tiles.tiles().filter_map(|tile| match tile {
        Tile::Container(Container::Tabs(tabs)) => tree.tiles.get_pane(&tabs.active?).copied(),
        _ => None,
    });
    let mut now: Vec<Pane> = now.filter(|pane| !plan.hidden.contains(pane)).collect();
    now.sort_unstable();
    for pane in now.into_iter().filter(|pane| plan.groups.iter().all(|group| group.shown != *pane)) {
        match pane.view().filter(|_| dragged.is_none()) {
            Some(view) => out.push(PairCommand::Show(view).into()),
            None => send(out, LayoutCommand::Show(pane)),
        }
    }
}

/// What a pane without a tab is dragged by: its heading, below the buttons that stand there. `id` is that of its tile.
pub fn handle(ui: &Ui, id: Id, pane: Pane, rect: Rect) -> Response {
    let heading = Rect::from_min_max(rect.min, pos2(rect.right(), (rect.top() + HANDLE).min(rect.bottom())));
    // A press alone moves nothing, and it may be meant for a button that stands there.
    let response = ui.interact(heading, id, Sense::CLICK | Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::TitleBar, true, format!("Handle of {}", pane.title())));
    response
}

/// Dots that say so while the pointer is there.
pub fn grip(ui: &Ui, handle: &Response, t: &Tokens) {
    if !handle.hovered() {
        return;
    }
    ui.set_cursor_icon(CursorIcon::Grab);
    let at = pos2(handle.rect.left() + 6.0, handle.rect.top() + HANDLE / 2.0);
    for (x, y) in [(0.0, -4.0), (4.0, -4.0), (0.0, 0.0), (4.0, 0.0), (0.0, 4.0), (4.0, 4.0)] {
        ui.painter().circle_filled(at + vec2(x, y), 1.0, t.dim);
    }
}
