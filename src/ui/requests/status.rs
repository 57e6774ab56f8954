//! The bar at the bottom: where we are, what was read, what was wrong with it, what is running.

use egui::{FontId, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

use crate::app::Command;
use crate::app::pair::PairRequest;
use crate::app::requests::{RequestsPage, RequestsView};
use crate::app::state::Overlay;
use crate::population::Waterfall;
use crate::report::population as report;
use crate::trace::{Side, escape, grouped};
use crate::ui::pair::Status;
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, size};

/// Its height.
pub const HEIGHT: f32 = 36.0;
/// Room between two things that are said.
const GAP: f32 = 20.0;

/// Draws the bar.
pub fn show(ui: &mut Ui, page: &RequestsPage, status: &Status, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    let y = rect.center().y;
    let font = || FontId::proportional(size::LABEL);
    let mut right = rect.right() - 16.0;
    if !status.job.is_empty() {
        let shown = Words::of(&escape(&status.job), font(), t.text).paint_right(ui.painter(), pos2(right, y), 240.0);
        let response = ui.interact(shown.expand(4.0), ui.scope_id().with("job"), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{}, cancel", status.job)));
        if response.clicked() {
            out.push(Command::Request(PairRequest::CancelJob));
        }
        response.on_hover_text("Click to cancel.");
        right = shown.left() - GAP;
    }
    let warnings: u64 = page.population().warnings.as_slice().iter().map(|warning| 1 + warning.more).sum();
    let text = match warnings {
        0 => "no warnings".to_owned(),
        1 => "1 warning".to_owned(),
        n => format!("{} warnings", grouped(n)),
    };
    let colour = if warnings == 0 { t.dim } else { t.warn };
    let shown = Words::of(&text, font(), colour).paint_right(ui.painter(), pos2(right, y), 160.0);
    let response = ui.interact(shown.expand(4.0), ui.scope_id().with("warnings"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, text.clone()));
    if response.hovered() || response.has_focus() {
        ui.painter().hline(shown.x_range(), shown.bottom(), Stroke::new(1.0, colour));
    }
    if response.clicked() {
        out.push(Command::Toggle(Overlay::Messages));
    }
    right = shown.left() - GAP;
    let place = place(page);
    let (shown, cut) =
        Words::of(&place, font(), t.text).paint(ui.painter(), pos2(rect.left() + 16.0, y), right - rect.left() - 16.0);
    let response = ui.interact(shown, ui.scope_id().with("where"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &place));
    if cut {
        response.on_hover_text(place);
    }
}

fn place(page: &RequestsPage) -> String {
    let services = page.services().len();
    if matches!(page.view(), RequestsView::Services | RequestsView::Metrics) {
        let place = if services == 0 { 0 } else { page.service() + 1 };
        return format!("service {} of {}", grouped(place as u64), grouped(services as u64));
    }
    let Some(opened) = page.opened() else { return "no request is shown".to_owned() };
    let waterfall = opened.waterfall();
    let rows = waterfall.rows.len() as u64;
    let took = [Side::Expected, Side::Actual].map(|side| duration(waterfall, side));
    format!("span {} of {} · {}", grouped(u64::from(opened.row()) + 1), grouped(rows), took.join(" ⇄ "))
}

/// How long the request of a side took.
fn duration(waterfall: &Waterfall, side: Side) -> String {
    let tree = &waterfall.sides[side];
    if tree.window.spans.is_empty() {
        return format!("{side} none");
    }
    format!("{side} {}", report::time(tree.length as f64 / 1e6))
}
