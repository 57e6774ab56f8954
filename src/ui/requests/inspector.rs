//! What speaks for the selected service, sentence by sentence, each a way to a request that shows it; the selected span; warnings.

use egui::{FontId, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use super::span;
use crate::app::Command;
use crate::app::region::Region;
use crate::app::requests::{RequestsCommand, RequestsPage, RequestsView};
use crate::compare::Verdict;
use crate::report::population as report;
use crate::trace::{escape, grouped};
use crate::ui::fonts::medium;
use crate::ui::pair::Mark;
use crate::ui::sections::{section, warnings};
use crate::ui::theme::{self, Tokens, size};
use crate::ui::{parts, regions};

/// Room for a mark before a sentence.
const INDENT: f32 = 20.0;

/// Draws the inspector into all the room there is.
pub fn show(ui: &mut Ui, page: &RequestsPage, out: &mut Vec<Command>) {
    regions::note(ui, Region::Evidence, ui.max_rect());
    let t = theme::tokens(ui);
    ScrollArea::vertical().id_salt("evidence").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
        service(ui, page, t);
        if !page.services().is_empty() {
            evidence(ui, page, t, out);
        }
        if page.view() == RequestsView::Waterfall
            && let Some(opened) = page.opened()
        {
            span::show(ui, page, opened, t);
        }
        baselines(ui, page, t);
        warnings(ui, t, page.population().warnings.as_slice());
    });
}

/// All baselines, where there are several, and which of them is unlike the others.
fn baselines(ui: &mut Ui, page: &RequestsPage, t: &Tokens) {
    let population = page.population();
    let all = &population.baselines;
    if all.len() < 2 {
        return;
    }
    let said = |ui: &mut Ui, text: &str, colour| {
        ui.add(egui::Label::new(egui::RichText::new(text).size(size::LABEL).color(colour)).wrap());
    };
    section(ui, t, &format!("BASELINES · {}", grouped(all.len() as u64)), |ui| {
        for baseline in all {
            let text = format!("{}: {}", escape(&baseline.told.label), report::told(&baseline.told));
            said(ui, &text, t.text);
        }
        for sentence in report::unlike(population) {
            said(ui, &sentence, t.warn);
        }
    });
}

fn service(ui: &mut Ui, page: &RequestsPage, t: &Tokens) {
    let population = page.population();
    let Some(&service) = page.services().get(page.service()) else {
        section(ui, t, "SELECTED", |ui| {
            ui.label(egui::RichText::new("No service is in either window.").color(t.dim));
        });
        return;
    };
    let caption = match page.suspect() {
        Some(_) => format!("SELECTED · #{} · {}", page.service() + 1, report::sureness(population, page.service())),
        None => "SELECTED".to_owned(),
    };
    section(ui, t, &caption, |ui| {
        let name = report::word(population, service);
        ui.add(egui::Label::new(egui::RichText::new(name).font(medium(size::TITLE)).color(t.text)).wrap());
    });
}

fn evidence(ui: &mut Ui, page: &RequestsPage, t: &Tokens, out: &mut Vec<Command>) {
    section(ui, t, "EVIDENCE", |ui| {
        if page.suspect().is_none() {
            let none = match page.verdict() {
                Verdict::Incomparable => "Nothing was compared.",
                _ => "Nothing changed in it that would speak for it.",
            };
            ui.label(egui::RichText::new(none).size(size::LABEL).color(t.dim));
        }
        for (place, evidence) in page.evidence().enumerate() {
            let sentence = report::sentence(page.population(), evidence);
            let shown = page.survey().examples(page.service(), place).len();
            let shown = if page.is_metrics() { Shown::Plot } else { Shown::Requests(shown) };
            piece(ui, page, place, &sentence, shown, t, out);
        }
    });
}

/// Where a piece of evidence is seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// In so many requests.
    Requests(usize),
    /// In the plot of its metric.
    Plot,
}

/// One sentence, and where it is seen.
fn piece(
    ui: &mut Ui,
    page: &RequestsPage,
    place: usize,
    sentence: &str,
    shown: Shown,
    t: &Tokens,
    out: &mut Vec<Command>,
) {
    let can = shown != Shown::Requests(0);
    let seen = matches!(page.view(), RequestsView::Waterfall | RequestsView::Metrics);
    let selected = seen && place == page.evidence_place() && can;
    let width = ui.available_width();
    let layout = |text: String, size: f32, colour| {
        ui.painter().layout(text, FontId::proportional(size), colour, width - INDENT - 4.0)
    };
    let text = layout(sentence.to_owned(), size::LABEL, t.text);
    let below = match shown {
        Shown::Plot => "the plot shows it".to_owned(),
        Shown::Requests(0) => "no request shows it by itself".to_owned(),
        Shown::Requests(1) => "1 request shows it".to_owned(),
        Shown::Requests(n) => format!("{} requests show it", grouped(n as u64)),
    };
    let aside = layout(below.clone(), size::SMALL, if can { t.expected } else { t.dim });
    let height = text.size().y + aside.size().y + 16.0;
    let sense = if can { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), sense);
    response.widget_info(|| {
        let name = format!("evidence {}: {sentence} {below}", place + 1);
        WidgetInfo::selected(if can { Role::Button } else { Role::Label }, true, selected, name)
    });
    let ground = rect.expand2(vec2(8.0, 0.0));
    let painter = ui.painter();
    if selected {
        painter.rect_filled(ground, parts::RADIUS, t.selection);
    } else if can && (response.hovered() || response.has_focus()) {
        painter.rect_filled(ground, parts::RADIUS, t.raised);
    }
    parts::focus_ring(ui, &response, ground);
    let mark = Mark::Diamond { first: selected };
    mark.paint(painter, pos2(rect.left() + 6.0, rect.top() + 15.0), 0.8, if can { t.cause } else { t.dim });
    let top = rect.top() + 6.0;
    let under = top + text.size().y + 4.0;
    painter.galley(pos2(rect.left() + INDENT, top), text, t.text);
    painter.galley(pos2(rect.left() + INDENT, under), aside, t.dim);
    if response.clicked() {
        out.push(RequestsCommand::Evidence(page.service(), place).into());
    }
    if can {
        response.on_hover_cursor(egui::CursorIcon::PointingHand);
    }
}
