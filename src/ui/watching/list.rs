//! The runs, the newest on top: only those in sight are drawn.

use egui::{Painter, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::{group, run};
use crate::app::Command;
use crate::app::watching::{Line, ROW_HEIGHT, WatchCommand, Watching};
use crate::trace::grouped;
use crate::ui::pair::scrollbar;
use crate::ui::parts;
use crate::ui::theme;

/// Draws the list into all the room there is.
pub fn show(ui: &mut Ui, page: &Watching, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let whole = ui.available_rect_before_wrap();
    ui.allocate_rect(whole, Sense::hover());
    let (table, bar) = whole.split_left_right_at_x(whole.right() - scrollbar::WIDTH);
    let list = page.list();
    if (list.scroller().viewport() - table.height()).abs() > 0.5 {
        out.push(WatchCommand::Viewport(table.height()).into());
    }
    let ground = ui.interact(table, ui.scope_id().with("runs"), Sense::hover());
    let runs = grouped(list.runs_count());
    ground.widget_info(|| WidgetInfo::labeled(Role::Table, true, format!("Runs, {runs}")));
    let scroll = ui.input(|input| input.smooth_scroll_delta().y);
    if ground.contains_pointer() && scroll.abs() > 0.0 {
        out.push(WatchCommand::Scroll(-scroll).into());
    }
    let painter = ui.painter_at(table);
    for place in list.scroller().visible() {
        let Some(line) = list.line(place) else { continue };
        let top = table.top() + list.scroller().y_of(place);
        let rect = Rect::from_min_size(pos2(table.left(), top), vec2(table.width(), ROW_HEIGHT));
        match line {
            Line::Run(name) => row(ui, &painter, page, name, rect, table, out),
            Line::Group { .. } => group::show(ui, &painter, page, line, rect, table, out),
        }
        painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line_soft));
    }
    if let Some(share) = scrollbar::bar(ui, bar, list.scroller(), "Scroll runs", t) {
        out.push(WatchCommand::ScrollTo(share).into());
    }
}

fn row(
    ui: &Ui,
    painter: &Painter,
    page: &Watching,
    name: &std::sync::Arc<str>,
    rect: Rect,
    table: Rect,
    out: &mut Vec<Command>,
) {
    let t = theme::tokens(ui);
    let Some(known) = page.run(name) else { return };
    let selected = page.selected().is_some_and(|(selected, _)| selected == name);
    // By its name, so that the keyboard stays on a run that moves.
    let id = ui.scope_id().with(("run", &**name));
    let response = ui.interact(rect.intersect(table), id, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Row, true, selected, run::said(known)));
    if selected {
        painter.rect_filled(rect, 0.0, t.selection);
    } else if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 0.0, t.raised);
    }
    let cut = run::paint(painter, known, rect, t);
    parts::focus_ring(ui, &response, rect.shrink(2.0));
    let entered = response.has_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    if response.double_clicked() || entered {
        out.push(WatchCommand::Select(std::sync::Arc::clone(name)).into());
        out.push(WatchCommand::Open.into());
    } else if response.clicked() || response.gained_focus() && !selected {
        out.push(WatchCommand::Select(std::sync::Arc::clone(name)).into());
    }
    if cut {
        response.on_hover_text(run::said(known));
    }
}
