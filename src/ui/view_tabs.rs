//! The tabs above the views of a page that shows one at a time.

use egui::{Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::fonts::medium;
use super::pair::words::Words;
use super::theme::{self, size};
use super::{hints, parts};
use crate::app::layout::BAR;

/// Room on each side of a title.
const PAD: f32 = 16.0;

/// Draws a tab for each view, with its title and the name of its command. The one that was clicked, and the room beside the last.
pub fn show<V: Copy + PartialEq>(
    ui: &mut Ui,
    views: &[V],
    seen: V,
    words: impl Fn(V) -> [&'static str; 2],
) -> (Option<V>, Rect) {
    let t = theme::tokens(ui);
    let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), BAR), Sense::hover());
    ui.painter().rect_filled(bar, 0.0, t.panel);
    ui.painter().hline(bar.x_range(), bar.bottom() - 0.5, Stroke::new(1.0, t.line));
    let (mut left, mut clicked) = (bar.left() + 4.0, None);
    for &view in views {
        let [title, command] = words(view);
        let shown = seen == view;
        let colour = if shown { t.text } else { t.dim };
        let words = Words::of(title, medium(size::BODY), colour).layout(ui.painter(), f32::INFINITY);
        let rect = Rect::from_min_size(pos2(left, bar.top()), vec2(words.width() + PAD * 2.0, bar.height()));
        let response = ui.interact(rect, ui.scope_id().with(title), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, shown, title));
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
            clicked = Some(view);
        }
        response.on_hover_text(hints::with_key(ui, title, command));
        left = rect.right();
    }
    (clicked, bar.with_min_x(left))
}
