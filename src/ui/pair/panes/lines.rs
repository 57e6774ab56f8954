//! The lines between places, which are dragged to make one larger and the other smaller.

use egui::{CursorIcon, Rect, Role, Sense, Ui, WidgetInfo, pos2};

use super::send;
use crate::app::layout::{Layout, LayoutCommand, Places, Plan, Way};
use crate::app::pair::PairRequest;
use crate::ui::theme::Tokens;

/// How far beside a line the pointer still catches it.
const REACH: f32 = 3.0;

/// Draws all lines and sends what is dragged.
pub fn show(ui: &Ui, layout: &Layout, plan: &Plan, t: &Tokens, out: &mut Vec<PairRequest>) {
    for places in &plan.splits {
        for pair in places.parts.windows(2) {
            if let [before, after] = pair {
                line(ui, layout, plan, places, *before, *after, t, out);
            }
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "a line is known by the places on both its sides")]
fn line(
    ui: &Ui,
    layout: &Layout,
    plan: &Plan,
    places: &Places,
    (a, before): (usize, Rect),
    (b, after): (usize, Rect),
    t: &Tokens,
    out: &mut Vec<PairRequest>,
) {
    let beside = places.way == Way::Beside;
    let line = if beside {
        Rect::from_min_max(before.right_top(), pos2(after.left(), before.bottom()))
    } else {
        Rect::from_min_max(before.left_bottom(), pos2(before.right(), after.top()))
    };
    let catch = line.expand2(if beside { egui::vec2(REACH, 0.0) } else { egui::vec2(0.0, REACH) });
    let response = ui.interact(catch, ui.scope_id().with(("line", &places.path, a)), Sense::CLICK | Sense::DRAG);
    let name =
        |side: Rect| plan.groups.iter().find(|group| side.contains_rect(group.rect)).map_or("", |g| g.shown.title());
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Splitter, true, format!("Between {} and {}", name(before), name(after)))
    });
    let lit = response.hovered() || response.dragged() || response.has_focus();
    ui.painter().rect_filled(if lit { line.expand(0.5) } else { line }, 0.0, if lit { t.expected } else { t.line });
    if response.hovered() || response.dragged() {
        ui.set_cursor_icon(if beside { CursorIcon::ResizeHorizontal } else { CursorIcon::ResizeVertical });
    }
    let mut changed = None;
    if response.double_clicked() {
        let mut layout = layout.clone();
        changed = layout.reset_line(&places.path, [a, b]).then_some(layout);
    } else if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        let by = if beside { at.x - line.center().x } else { at.y - line.center().y };
        let mut layout = layout.clone();
        changed = layout.move_line(&places.path, [a, b], by.round()).then_some(layout);
    }
    if let Some(layout) = changed {
        send(out, LayoutCommand::Arrange(Box::new(layout)));
    }
}
