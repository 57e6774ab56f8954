//! Opened windows of requests, everything below the menu bar: verdict, ranked services, views, evidence, status.

mod header;
mod inspector;
mod metrics;
mod propagation;
mod ranking;
mod services;
mod span;
mod status;
mod strip;
mod tree;
mod waterfall;

use egui::{CentralPanel, Color32, Frame, Panel, Ui};

use super::pair::{Status, banner};
use super::{regions, theme};
use crate::app::Command;
use crate::app::region::Region;
use crate::app::requests::{RequestsPage, RequestsView};
use crate::app::state::Overlay;
use crate::report;

/// Draws the page and says what was asked for.
pub fn show(ui: &mut Ui, page: &RequestsPage, status: &Status, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let bar = |fill: Color32| Frame::NONE.fill(fill);
    let width = ui.available_width();
    Panel::top("verdict")
        .exact_size(header::height(width))
        .resizable(false)
        .frame(bar(t.panel))
        .show_separator_line(true)
        .show(ui, |ui| header::show(ui, page, out));
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
    let (left, right) = ((width * 0.17).clamp(200.0, 272.0).round(), (width * 0.23).clamp(232.0, 360.0).round());
    Panel::left("ranking").exact_size(left).resizable(false).frame(bar(t.panel)).show(ui, |ui| {
        ranking::show(ui, page, out);
    });
    Panel::right("evidence").exact_size(right).resizable(false).frame(bar(t.panel)).show(ui, |ui| {
        inspector::show(ui, page, out);
    });
    CentralPanel::no_frame().show(ui, |ui| {
        ui.painter().rect_filled(ui.max_rect(), 0.0, t.bg);
        ui.spacing_mut().item_spacing.y = 0.0;
        strip::tabs(ui, page, out);
        match page.view() {
            RequestsView::Services => {
                regions::note(ui, Region::Services, ui.available_rect_before_wrap());
                services::show(ui, page, out);
            }
            RequestsView::Propagation => {
                regions::note(ui, Region::Propagation, ui.available_rect_before_wrap());
                propagation::show(ui, page, out);
            }
            RequestsView::Metrics => {
                regions::note(ui, Region::Metrics, ui.available_rect_before_wrap());
                metrics::show(ui, page);
            }
            RequestsView::Waterfall => {
                regions::note(ui, Region::Waterfall, ui.available_rect_before_wrap());
                strip::request(ui, page, out);
                waterfall::show(ui, page, out);
            }
        }
    });
}

/// What makes the answer doubtful.
fn doubts(page: &RequestsPage) -> Vec<String> {
    let population = page.population();
    let mut said = Vec::new();
    if report::population_diverged(population).is_none() {
        said.push(report::population::headline(population));
    }
    if population.warnings.partial() {
        let first = population.warnings.as_slice().iter().find(|warning| warning.kind.partial());
        let what = first.map(|warning| format!(" {warning}")).unwrap_or_default();
        said.push(format!("Not everything was read, so the answer covers only a part.{what}"));
    }
    said
}
