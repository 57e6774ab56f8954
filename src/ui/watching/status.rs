//! The bar at the bottom: how the folder is followed, what is still to be looked at, what could not be.

use egui::{FontId, Role, Sense, Ui, WidgetInfo, pos2};

use crate::app::Command;
use crate::app::watching::{WatchCommand, Watching};
use crate::trace::{escape, grouped};
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, size};

/// Its height.
pub const HEIGHT: f32 = 36.0;
/// Room between two things that are said.
const GAP: f32 = 20.0;

/// Draws the bar.
pub fn show(ui: &mut Ui, page: &Watching, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    let y = rect.center().y;
    let font = || FontId::proportional(size::LABEL);
    let mut right = rect.right() - 16.0;
    let waiting = match page.waiting() {
        0 => "all looked at".to_owned(),
        n => format!("{} to be looked at", grouped(n as u64)),
    };
    let colour = if page.waiting() == 0 { t.dim } else { t.text };
    let shown = Words::of(&waiting, font(), colour).paint_right(ui.painter(), pos2(right, y), 200.0);
    let response = ui.interact(shown, ui.scope_id().with("waiting"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &waiting));
    right = shown.left() - GAP;
    let unread = page.how().map_or(&[][..], |how| &how.unread);
    if let Some(first) = unread.first() {
        let text = if unread.len() == 1 { "1 warning".to_owned() } else { format!("{} warnings", unread.len()) };
        let shown = Words::of(&text, font(), t.warn).paint_right(ui.painter(), pos2(right, y), 120.0);
        let response = ui.interact(shown.expand(4.0), ui.scope_id().with("warnings"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{text}: {first}")));
        response.on_hover_text(escape(&unread.join("\n")).into_owned());
        right = shown.left() - GAP;
    }
    let (text, colour) = match page.how() {
        _ if page.paused() => ("paused".to_owned(), t.warn),
        None => ("looking at the folder".to_owned(), t.dim),
        Some(how) => match &how.polled {
            Some(why) => (format!("looking every second, because {}", escape(why)), t.warn),
            None => ("watching".to_owned(), t.ok),
        },
    };
    let dot = pos2(rect.left() + 22.0, y);
    if page.paused() {
        for x in [-2.5, 2.5] {
            let bar = egui::Rect::from_center_size(dot + egui::vec2(x, 0.0), egui::vec2(2.5, 9.0));
            ui.painter().rect_filled(bar, 0.0, colour);
        }
    } else {
        ui.painter().circle_filled(dot, 3.5, colour);
    }
    let left = rect.left() + 34.0;
    let words = if colour == t.ok { t.text } else { colour };
    let (shown, cut) = Words::of(&text, font(), words).paint(ui.painter(), pos2(left, y), right - left);
    let response = ui.interact(shown.expand(4.0), ui.scope_id().with("how"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &text));
    if page.paused() && response.clicked() {
        out.push(WatchCommand::Pause.into());
    }
    if cut {
        response.on_hover_text(text);
    }
}
