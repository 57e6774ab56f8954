//! How many runs answered what, in a line, and what is watched.

use egui::{FontId, Role, Sense, Ui, WidgetInfo, pos2};

use crate::app::watching::Watching;
use crate::trace::escape;
use crate::ui::fonts::semibold;
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, size};

/// Its height.
pub const HEIGHT: f32 = 64.0;

/// Draws the header.
pub fn show(ui: &mut Ui, page: &Watching) {
    let t = theme::tokens(ui);
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    let (left, width) = (rect.left() + 20.0, rect.width() - 40.0);
    let counts = page.counts().line();
    let colour = if page.counts().runs() == 0 { t.dim } else { t.text };
    let line = Words::of(&counts, semibold(size::TITLE), colour);
    let (shown, cut) = line.paint(ui.painter(), pos2(left, rect.top() + 22.0), width);
    let response = ui.interact(shown, ui.scope_id().with("counts"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &counts));
    if cut {
        response.on_hover_text(&counts);
    }
    let folder = page.root().display().to_string();
    let against = page.plan().against(page.root());
    let small = FontId::proportional(size::LABEL);
    let (name, against) = (page.request().label(), escape(&against).into_owned());
    let line = Words::of(&escape(&name), FontId::monospace(size::LABEL), t.text)
        .gap(8.0)
        .add("compared with", small.clone(), t.dim)
        .gap(4.0)
        .add(&against, small, t.expected);
    let (shown, _) = line.paint(ui.painter(), pos2(left, rect.top() + 45.0), width);
    let response = ui.interact(shown, ui.scope_id().with("watched"), Sense::hover());
    let said = format!("Watching {folder}, compared with {against}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
    response.on_hover_text(said);
}
