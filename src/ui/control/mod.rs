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

use egui::{CentralPanel, Color32, Frame, Panel, Ui};

use super::bars::Status;
use super::pair::banner;
use super::regions;
use super::theme;
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
        .exact_size(header::height(ui.available_size()))
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
    let (left, right) = ((width * 0.16).clamp(192.0, 256.0).round(), (width * 0.22).clamp(256.0, 336.0).round());
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
