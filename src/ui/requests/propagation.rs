//! The services of two windows as a graph: which one changed, who calls it and waits, what kind of incident it is.

use egui::{FontId, Panel, Ui, UiBuilder, vec2};

use crate::analyse::ServiceGraph;
use crate::app::Command;
use crate::app::requests::{RequestsCommand, RequestsPage};
use crate::incident::{Part, Place};
use crate::trace::escape;
use crate::ui::fonts::semibold;
use crate::ui::graph::Drawing;
use crate::ui::theme::{self, Tokens, size};

/// Height of what stands below the graph.
const FOOT: f32 = 76.0;

/// Draws the graph into all the room there is.
pub fn show(ui: &mut Ui, page: &RequestsPage, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let frame = egui::Frame::NONE.fill(t.panel);
    Panel::bottom("graph foot").exact_size(FOOT).resizable(false).frame(frame).show(ui, |ui| foot(ui, page, t));
    ui.painter().rect_filled(ui.available_rect_before_wrap(), 0.0, t.bg);
    let graph = &page.population().services.graph;
    let name = |service: usize| page.services().get(service).map(|&word| page.population().words.get(word));
    let place_of = |name: &str| graph.nodes.iter().position(|node| node.name == name).map(|place| place as Place);
    let chart = page.chart();
    let drawing = Drawing {
        graph,
        layout: &chart.layout,
        side: None,
        selected: name(page.service()).and_then(place_of),
        until: None,
        symptom: None,
        few: ServiceGraph::FEW,
        notes: [&chart.services, &chart.ways],
    };
    if let Some(place) = drawing.show(ui, t) {
        let chosen = &graph.nodes[place as usize].name;
        let words = &page.population().words;
        if let Some(service) = page.services().iter().position(|&word| words.get(word) == chosen) {
            out.push(RequestsCommand::Service(service).into());
        }
    }
}

/// What kind of incident it is, and how far it reaches.
fn foot(ui: &mut Ui, page: &RequestsPage, t: &Tokens) {
    let whole = ui.available_rect_before_wrap();
    ui.painter().hline(whole.x_range(), whole.top(), egui::Stroke::new(1.0, t.line));
    let families = page.population().incident.as_ref().map_or(&[][..], |incident| &incident.families);
    ui.scope_builder(UiBuilder::new().max_rect(whole.shrink2(vec2(20.0, 12.0))), |ui| {
        ui.spacing_mut().item_spacing = vec2(16.0, 6.0);
        ui.horizontal(|ui| {
            let own = families.first().map_or_else(|| "No clear cause".to_owned(), |own| own.family.title());
            ui.label(egui::RichText::new(own).font(semibold(size::BODY)).color(t.text));
            let count =
                |part: Part| page.population().services.graph.nodes.iter().filter(|node| node.part == part).count();
            let words = format!("{} upstream · {} downstream", count(Part::Upstream), count(Part::Downstream));
            ui.label(egui::RichText::new(words).font(FontId::proportional(size::LABEL)).color(t.dim));
            ui.label(
                egui::RichText::new("on a way: calls where their number changed")
                    .font(FontId::proportional(size::LABEL))
                    .color(t.dim),
            );
        });
        let evidence: Vec<&str> = families.iter().map(|one| one.evidence.as_str()).collect();
        let text =
            egui::RichText::new(escape(&evidence.join(" "))).font(FontId::proportional(size::LABEL)).color(t.dim);
        ui.add(egui::Label::new(text).truncate());
    });
}
