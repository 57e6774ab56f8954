//! What stands below a graph, of a pair and of windows of requests alike: how far the trouble reached, and what followed what.

use egui::{FontId, Label, RichText, Role, Ui, WidgetInfo};

use crate::incident::{Graph, Incident, Part};
use crate::report::incident_lines;
use crate::trace::escape;
use crate::ui::theme::{Tokens, size};

/// How far it reached: in all words where there is room, else only what it did reach.
pub fn radius(ui: &mut Ui, graph: &Graph, t: &Tokens) {
    let counts = [
        (graph.count(Part::Upstream), "upstream"),
        (graph.count(Part::Downstream), "downstream"),
        (graph.count_next(), "likely next"),
    ];
    let words = |counts: &[&(usize, &str)]| {
        counts.iter().map(|(count, word)| format!("{count} {word}")).collect::<Vec<String>>().join(" · ")
    };
    let whole = format!("blast radius: {}", words(&counts.iter().collect::<Vec<_>>()));
    let font = FontId::proportional(size::LABEL);
    let width = ui.painter().layout_no_wrap(whole.clone(), font.clone(), t.dim).size().x;
    let reached = || words(&counts.iter().filter(|(count, _)| *count > 0).collect::<Vec<_>>());
    let shown = if width <= ui.available_width() { whole.clone() } else { reached() };
    let response = ui.add(Label::new(RichText::new(shown).font(font).color(t.dim)).truncate());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &whole));
    response.on_hover_text(whole);
}

/// What followed what; where nothing did, what is said first of the incident.
pub fn chain(ui: &mut Ui, incident: &Incident, t: &Tokens) {
    let chain = incident.chain.text();
    let line = if chain.is_empty() {
        incident_lines(incident).into_iter().next().unwrap_or_default()
    } else {
        escape(&chain).into_owned()
    };
    ui.add(Label::new(RichText::new(&line).font(FontId::monospace(size::LABEL)).color(t.text)).truncate());
}
