//! The bar at the bottom: where the cursor is, what is measured, what was compared and what was wrong with the input.

use egui::{FontId, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

use super::figures::{figures, moment, time};
use crate::app::Command;
use crate::app::control::{ControlPage, Sheet};
use crate::app::pair::PairRequest;
use crate::app::state::Overlay;
use crate::control::Method;
use crate::trace::{escape, grouped};
use crate::ui::bars::Status;
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, size};

/// Its height.
pub const HEIGHT: f32 = 36.0;
/// Room between two things that are said.
const GAP: f32 = 20.0;

/// Draws the bar.
pub fn show(ui: &mut Ui, page: &ControlPage, status: &Status, out: &mut Vec<Command>) {
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
    let sheet = page.sheet();
    let warnings: u64 = sheet.control().warnings.as_slice().iter().map(|warning| 1 + warning.more).sum();
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
    let place = place(sheet);
    let (shown, cut) =
        Words::of(&place, font(), t.text).paint(ui.painter(), pos2(rect.left() + 16.0, y), right - rect.left() - 16.0);
    let response = ui.interact(shown, ui.scope_id().with("where"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &place));
    if cut {
        response.on_hover_text(place);
    }
}

fn place(sheet: &Sheet) -> String {
    let mut said = vec![match sheet.cursors().at {
        Some(at) => format!("cursor {}", moment(sheet, at)),
        None => "no cursor".to_owned(),
    }];
    if let Some(distance) = sheet.cursors().distance() {
        let plain = if sheet.plots().timed { time(sheet, distance.abs()) } else { figures(distance.abs()) };
        said.push(format!("measuring {plain}"));
    }
    let diagnosis = &sheet.control().diagnosis;
    said.push(format!("compared {} of {} signals", diagnosis.compared.len(), signals(sheet)));
    said.push(match diagnosis.method {
        Method::Exact => "sample by sample".to_owned(),
        Method::Statistical { .. } => "against noise".to_owned(),
        Method::Within { .. } => "against its own setpoint".to_owned(),
    });
    said.join(" · ")
}

fn signals(sheet: &Sheet) -> usize {
    let diagnosis = &sheet.control().diagnosis;
    diagnosis.compared.len() + diagnosis.ignored.len()
}
