//! The tabs of the views, and beside them what the shown view can be told.

use egui::{Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

use super::timeline;
use super::words::Words;
use crate::app::pair::{Pair, PairCommand, PairRequest, View};
use crate::ui::fonts::medium;
use crate::ui::theme::{self, size};

/// The height of the bar.
pub const HEIGHT: f32 = 36.0;
/// Room on each side of a title.
const PAD: f32 = 14.0;

/// Draws the bar.
pub fn show(ui: &mut Ui, pair: &Pair, out: &mut Vec<PairRequest>) {
    let t = theme::tokens(ui);
    let whole = ui.available_rect_before_wrap();
    let mut left = whole.left() + 6.0;
    for view in View::ALL {
        let shown = pair.view() == view;
        let colour = if shown { t.text } else { t.dim };
        let words = Words::of(view.title(), medium(size::BODY), colour).layout(ui.painter(), f32::INFINITY);
        let rect = Rect::from_min_max(pos2(left, whole.top()), pos2(left + words.width() + PAD * 2.0, whole.bottom()));
        let response = ui.interact(rect, ui.scope_id().with(view.title()), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, shown, view.title()));
        if !shown && (response.hovered() || response.has_focus()) {
            ui.painter().rect_filled(rect.shrink2(egui::vec2(2.0, 4.0)), 6.0, t.raised);
        }
        words.paint(ui.painter(), pos2(left + PAD, rect.center().y));
        if shown {
            let line =
                Rect::from_min_max(pos2(left + PAD - 4.0, rect.bottom() - 2.0), rect.max - egui::vec2(PAD - 4.0, 0.0));
            ui.painter().rect_filled(line, 0.0, t.expected);
        }
        if response.clicked() {
            out.push(PairCommand::Show(view).into());
        }
        left = rect.right();
    }
    ui.painter().hline(whole.x_range(), whole.bottom() - 0.5, Stroke::new(1.0, t.line));
    ui.allocate_rect(whole, Sense::hover());
    let rest = Rect::from_min_max(pos2(left + 12.0, whole.top()), pos2(whole.right() - 12.0, whole.bottom()));
    if pair.view() == View::Timeline {
        timeline::tools::show(ui, pair, rest, out);
    }
}
