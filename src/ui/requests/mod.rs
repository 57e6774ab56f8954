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
mod waterfall;

use egui::{CentralPanel, Frame, Panel, Ui};

use super::bars::{self, Bar, Status};
use super::{parts, regions, theme};
use crate::app::Command;
use crate::app::region::Region;
use crate::app::requests::{RequestsCommand, RequestsPage, RequestsView};
use crate::app::state::Overlay;
use crate::report;

/// Draws the page and says what was asked for.
pub fn show(ui: &mut Ui, page: &RequestsPage, status: &Status, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let width = ui.available_width();
    let mut draw = |ui: &mut Ui, bar: Bar| match bar {
        Bar::Verdict => header::show(ui, page, out),
        Bar::Status => status::show(ui, page, status, out),
    };
    if bars::around(ui, header::height(ui.available_size()), &doubts(page), &mut draw) {
        out.push(Command::Toggle(Overlay::Messages));
    }
    let side = Frame::NONE.fill(t.panel);
    // A narrow window leaves the middle about half.
    let (left, right) = ((width * 0.17).clamp(176.0, 272.0).round(), (width * 0.23).clamp(232.0, 360.0).round());
    let ranking = Panel::left("ranking").exact_size(left).resizable(false).frame(side);
    let over_ranking = ranking.show(ui, |ui| ranking::show(ui, page, out)).inner;
    Panel::right("evidence").exact_size(right).resizable(false).frame(side).show(ui, |ui| {
        inspector::show(ui, page, out);
    });
    let over_view = CentralPanel::no_frame().show(ui, |ui| {
        ui.painter().rect_filled(ui.max_rect(), 0.0, t.bg);
        ui.spacing_mut().item_spacing.y = 0.0;
        strip::tabs(ui, page, out);
        let rect = ui.available_rect_before_wrap();
        regions::note(ui, region(page.view()), rect);
        match page.view() {
            _ if page.services().is_empty() => {
                let aside = "Neither side tells of a service. Check that these are the files that were meant.";
                parts::nothing(ui, rect, "Nothing was recorded", aside);
                None
            }
            RequestsView::Services => services::show(ui, page, out),
            RequestsView::Propagation => propagation::show(ui, page, out),
            RequestsView::Metrics => {
                metrics::show(ui, page);
                None
            }
            RequestsView::Waterfall => {
                strip::request(ui, page, out);
                waterfall::show(ui, page, out)
            }
        }
    });
    let hovered = over_ranking.or(over_view.inner);
    if hovered != page.hover() {
        out.push(RequestsCommand::Hover(hovered).into());
    }
}

/// What help tells of a view.
const fn region(view: RequestsView) -> Region {
    match view {
        RequestsView::Services => Region::Services,
        RequestsView::Propagation => Region::Propagation,
        RequestsView::Metrics => Region::Metrics,
        RequestsView::Waterfall => Region::Waterfall,
    }
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
