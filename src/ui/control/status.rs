//! The bar at the bottom: where the cursor is, what is measured, what was compared and what was wrong with the input.

use egui::{FontId, Sense, Ui};

use super::figures::{figures, moment, time};
use crate::app::Command;
use crate::app::control::{ControlPage, Sheet};
use crate::app::pair::PairRequest;
use crate::app::state::Overlay;
use crate::control::Method;
use crate::ui::bars::{self, Status};
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, size};

/// Its height.
pub const HEIGHT: f32 = 36.0;

/// Draws the bar.
pub fn show(ui: &mut Ui, page: &ControlPage, status: &Status, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    let y = rect.center().y;
    let sheet = page.sheet();
    let (right, asked) = bars::right_end(ui, rect, &status.job, &sheet.control().warnings, t);
    let (right, live) = bars::live(ui, status, right, y, t);
    for (asks, request) in [
        (asked.cancel, Command::Request(PairRequest::CancelJob)),
        (asked.messages, Command::Toggle(Overlay::Messages)),
        (live.new, Command::Request(PairRequest::ShowNew)),
        (live.pause, Command::Request(PairRequest::Pause)),
    ] {
        if asks {
            out.push(request);
        }
    }
    let place = place(sheet);
    let words = Words::of(&place, FontId::proportional(size::LABEL), t.text);
    let left = bars::said(ui, rect.left() + 16.0, y, right, "where", &place, words);
    bars::notice(ui, left, y, right, page.notice(), t);
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
