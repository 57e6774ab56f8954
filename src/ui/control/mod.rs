//! An opened control loop, everything below the menu bar: verdict, signals, plots, what is known at the cursor, status.

pub(in crate::ui) mod field;
mod figures;
mod header;
mod inspector;
mod knobs;
mod lanes;
mod legend;
mod marks;
mod measures;
pub(in crate::ui) mod paint;
mod plots;
mod status;
mod strip;
mod trajectory;

use egui::{CentralPanel, Color32, Frame, Panel, Rect, Role, Sense, Ui, WidgetInfo, pos2};

use super::bars::Status;
use super::fonts::medium;
use super::pair::banner;
use super::pair::words::Words;
use super::regions;
use super::theme::{self, size};
use crate::app::Command;
use crate::app::control::{ControlPage, ControlView, Sheet};
use crate::app::region::Region;
use crate::app::state::Overlay;

/// Draws the page and says what was asked for.
pub fn show(ui: &mut Ui, page: &ControlPage, status: &Status, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let bar = |fill: Color32| Frame::NONE.fill(fill);
    let width = ui.available_width();
    Panel::top("verdict")
        .exact_size(header::height(width))
        .resizable(false)
        .frame(bar(t.panel))
        .show_separator_line(true)
        .show(ui, |ui| header::show(ui, page.sheet(), &status.states, out));
    let doubts = doubts(page);
    if !doubts.is_empty() {
        Panel::top("banner")
            .exact_size(banner::HEIGHT)
            .resizable(false)
            .frame(bar(t.warn_wash))
            .show_separator_line(false)
            .show(ui, |ui| {
                if banner::show(ui, &doubts) {
                    out.push(Command::Toggle(Overlay::Messages));
                }
            });
    }
    Panel::bottom("status").exact_size(status::HEIGHT).resizable(false).frame(bar(t.panel)).show(ui, |ui| {
        status::show(ui, page, status, out);
    });
    // A narrow window leaves the middle about half.
    let (left, right) = ((width * 0.16).clamp(192.0, 256.0).round(), (width * 0.22).clamp(232.0, 336.0).round());
    Panel::left("signals").exact_size(left).resizable(false).frame(bar(t.panel)).show(ui, |ui| {
        if page.view() == ControlView::WhatIf {
            knobs::show(ui, page.what_if(), out);
        } else {
            legend::show(ui, page.sheet(), out);
        }
    });
    Panel::right("readouts").exact_size(right).resizable(false).frame(bar(t.panel)).show(ui, |ui| {
        inspector::show(ui, page.sheet(), out);
    });
    CentralPanel::no_frame().show(ui, |ui| {
        ui.painter().rect_filled(ui.max_rect(), 0.0, t.bg);
        ui.spacing_mut().item_spacing.y = 0.0;
        strip::tabs(ui, page, out);
        let rect = ui.available_rect_before_wrap();
        match page.view() {
            ControlView::Control | ControlView::WhatIf => {
                let region = if page.view() == ControlView::WhatIf { Region::WhatIf } else { Region::Control };
                regions::note(ui, region, rect);
                plots::show(ui, page.sheet(), out);
            }
            ControlView::Trajectory => {
                regions::note(ui, Region::Trajectory, rect);
                trajectory::show(ui, page.sheet(), out);
            }
        }
    });
}

/// Draws the curves alone, for a picture of them.
pub fn curves(ui: &mut Ui, sheet: &Sheet, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    CentralPanel::no_frame().show(ui, |ui| {
        ui.painter().rect_filled(ui.max_rect(), 0.0, t.bg);
        plots::show(ui, sheet, out);
    });
}

/// What makes the answer doubtful.
fn doubts(page: &ControlPage) -> Vec<String> {
    let control = page.recorded().control();
    let mut said: Vec<String> = control.diagnosis.reason.iter().cloned().collect();
    if control.warnings.partial() {
        let first = control.warnings.as_slice().iter().find(|warning| warning.kind.partial());
        let what = first.map(|warning| format!(" {warning}")).unwrap_or_default();
        said.push(format!("Not everything was read, so the answer covers only a part.{what}"));
    }
    said
}

/// Why there is nothing to see, and what to do.
fn empty(ui: &Ui, rect: Rect, title: &str, aside: &str) {
    let t = theme::tokens(ui);
    let response = ui.interact(rect, ui.scope_id().with("empty"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{title} {aside}")));
    let painter = ui.painter_at(rect);
    let at = pos2(rect.left() + 32.0, rect.top() + 48.0);
    Words::of(title, medium(size::TITLE), t.text).paint(&painter, at, rect.width() - 64.0);
    let aside = painter.layout(aside.to_owned(), egui::FontId::proportional(size::BODY), t.dim, rect.width() - 64.0);
    painter.galley(pos2(at.x, at.y + 16.0), aside, t.dim);
}
