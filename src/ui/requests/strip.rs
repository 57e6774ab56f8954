//! The tabs above the views, and the line that says which request is seen and for how many it stands.

use egui::{FontId, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::app::Command;
use crate::app::requests::{RequestsCommand, RequestsPage};
use crate::report::{beside, population as report};
use crate::trace::grouped;
use crate::ui::fonts::medium;
use crate::ui::hints;
use crate::ui::pair::words::Words;
use crate::ui::parts;
use crate::ui::theme::{self, Tokens, size};
use crate::ui::view_tabs;

/// Room on each side of a title.
const PAD: f32 = 16.0;
/// Height of the line that names the request.
const LINE: f32 = 36.0;

/// Draws the tabs.
pub fn tabs(ui: &mut Ui, page: &RequestsPage, out: &mut Vec<Command>) {
    let (clicked, _) = view_tabs::show(ui, page.views(), page.view(), |view| [view.title(), view.name()]);
    out.extend(clicked.map(|view| RequestsCommand::Show(view).into()));
}

/// Draws the line: what the request does, which of how many it is, what it is seen beside.
pub fn request(ui: &mut Ui, page: &RequestsPage, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let Some(opened) = page.opened() else { return };
    let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let painter = ui.painter();
    painter.rect_filled(bar, 0.0, t.panel);
    painter.hline(bar.x_range(), bar.bottom() - 0.5, Stroke::new(1.0, t.line));
    let (at, all) = page.example();
    let y = bar.center().y;
    let mut right = bar.right() - 12.0;
    for (sign, name, command, by, can) in [
        ("›", "Next request", "next-request", 1, at + 1 < all),
        ("‹", "Previous request", "previous-request", -1, at > 0),
    ] {
        let rect = Rect::from_center_size(pos2(right - 12.0, y), vec2(24.0, 24.0));
        if button(ui, rect, sign, name, command, can, t) {
            out.push(RequestsCommand::Example(by).into());
        }
        right -= 28.0;
    }
    let count = format!("representative, {} of {}", grouped(at as u64 + 1), grouped(all as u64));
    let said = Words::of(&count, FontId::proportional(size::LABEL), t.text);
    let said = said.paint_right(ui.painter(), pos2(right - 4.0, y), bar.width() * 0.5);
    let response = ui.interact(said.expand(4.0), ui.scope_id().with("representative"), Sense::hover());
    let beside = beside(all, Some(opened.request()));
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, format!("{count} requests. {beside}")));
    response.on_hover_text(&beside);
    let population = page.population();
    let root = page.survey().requests.actual.get(opened.request().actual).root;
    let left = bar.left() + PAD;
    let words = Words::of(&report::word(population, root.0), medium(size::BODY), t.text);
    let words = words.gap(8.0).add(&report::word(population, root.1), FontId::monospace(size::LABEL), t.dim);
    let (shown, cut) = words.paint(ui.painter(), pos2(left, y), said.left() - left - 16.0);
    let name = format!("request {} {}", report::word(population, root.0), report::word(population, root.1));
    let response = ui.interact(shown, ui.scope_id().with("request"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
    if cut {
        response.on_hover_text(name);
    }
}

fn button(ui: &Ui, rect: Rect, sign: &str, name: &str, command: &str, enabled: bool, t: &Tokens) -> bool {
    let response = ui.interact(rect, ui.scope_id().with(name), if enabled { Sense::click() } else { Sense::hover() });
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    if enabled && (response.hovered() || response.has_focus()) {
        ui.painter().rect_filled(rect, 6.0, t.selection);
    }
    let colour = if enabled { t.text } else { t.faint };
    ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, sign, medium(size::TITLE), colour);
    parts::focus_ring(ui, &response, rect);
    let clicked = response.clicked();
    response.on_hover_text(hints::with_key(ui, name, command));
    clicked
}
