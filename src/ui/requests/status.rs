//! The bar at the bottom: where we are, what was read, what was wrong with it, what is running.

use egui::{FontId, Sense, Ui};

use crate::app::Command;
use crate::app::pair::PairRequest;
use crate::app::requests::{RequestsPage, RequestsView};
use crate::app::state::Overlay;
use crate::population::Waterfall;
use crate::report::population as report;
use crate::trace::{Side, grouped};
use crate::ui::bars::{self, Status};
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, size};

/// Draws the bar.
pub fn show(ui: &mut Ui, page: &RequestsPage, status: &Status, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    let (end, asked) = bars::right_end(ui, rect, &status.job, &page.population().warnings, t);
    if asked.cancel {
        out.push(Command::Request(PairRequest::CancelJob));
    }
    if asked.messages {
        out.push(Command::Toggle(Overlay::Messages));
    }
    let place = place(page);
    let words = Words::of(&place, FontId::proportional(size::LABEL), t.text);
    let left = bars::said(ui, rect.left() + 16.0, rect.center().y, end, "where", &place, words);
    bars::notice(ui, left, rect.center().y, end, page.notice(), t);
}

fn place(page: &RequestsPage) -> String {
    let services = page.services().len();
    if page.is_metrics() || page.view() != RequestsView::Waterfall {
        let place = if services == 0 { 0 } else { page.service() + 1 };
        let what = if page.is_metrics() { "node" } else { "service" };
        return format!("{what} {} of {}", grouped(place as u64), grouped(services as u64));
    }
    let Some(opened) = page.opened() else { return "no request is shown".to_owned() };
    let waterfall = opened.waterfall();
    let rows = waterfall.rows.len() as u64;
    let took = [Side::Expected, Side::Actual].map(|side| duration(waterfall, side));
    format!("span {} of {} · {}", grouped(u64::from(opened.seen().row()) + 1), grouped(rows), took.join(" ⇄ "))
}

/// How long the request of a side took.
fn duration(waterfall: &Waterfall, side: Side) -> String {
    let tree = &waterfall.sides[side];
    if tree.window.spans.is_empty() {
        return format!("{side} none");
    }
    format!("{side} {}", report::time(tree.length as f64 / 1e6))
}
