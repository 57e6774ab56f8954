//! The tabs above the views of a control loop.

use egui::{Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::app::Command;
use crate::app::control::{ControlCommand, ControlPage, ControlView};
use crate::app::layout::BAR;
use crate::ui::fonts::medium;
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, size};
use crate::ui::{hints, parts};

/// Room on each side of a title.
const PAD: f32 = 16.0;

/// Draws the tabs, and at the right what is chosen of the signals.
pub fn tabs(ui: &mut Ui, page: &ControlPage, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), BAR), Sense::hover());
    ui.painter().rect_filled(bar, 0.0, t.panel);
    ui.painter().hline(bar.x_range(), bar.bottom() - 0.5, Stroke::new(1.0, t.line));
    let mut left = bar.left() + 4.0;
    for view in ControlView::ALL {
        let shown = page.view() == view;
        let colour = if shown { t.text } else { t.dim };
        let words = Words::of(view.title(), medium(size::BODY), colour).layout(ui.painter(), f32::INFINITY);
        let rect = Rect::from_min_size(pos2(left, bar.top()), vec2(words.width() + PAD * 2.0, bar.height()));
        let response = ui.interact(rect, ui.scope_id().with(view.title()), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, shown, view.title()));
        if !shown && (response.hovered() || response.has_focus()) {
            ui.painter().rect_filled(rect.shrink2(vec2(2.0, 4.0)), 6.0, t.raised);
        }
        words.paint(ui.painter(), pos2(rect.left() + PAD, rect.center().y));
        if shown {
            let end = rect.max - vec2(PAD - 4.0, 0.0);
            let line = Rect::from_min_max(pos2(rect.left() + PAD - 4.0, rect.bottom() - 2.0), end);
            ui.painter().rect_filled(line, 0.0, t.expected);
        }
        parts::focus_ring(ui, &response, rect.shrink2(vec2(2.0, 4.0)));
        if response.clicked() {
            out.push(ControlCommand::Show(view).into());
        }
        response.on_hover_text(hints::with_key(ui, view.title(), view.name()));
        left = rect.right();
    }
    let (shown, all) = (page.sheet().shown().count(), page.sheet().plots().list.len());
    let said = Words::of(&format!("{shown} of {all} plots"), egui::FontId::proportional(size::LABEL), t.dim);
    let room = bar.right() - 16.0 - left;
    if room > 90.0 {
        said.paint_right(ui.painter(), pos2(bar.right() - 16.0, bar.center().y), room);
    }
}
