//! The services of two windows as a graph: which one changed, who calls it and waits, what kind of incident it is; and a slider
//! through the failing window, that shows how many requests were in trouble where by then, or what nodes showed in a table's row.

use egui::{FontId, Panel, Rect, Role, Slider, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::metrics::row_time;
use crate::app::Command;
use crate::app::requests::{RequestsCommand, RequestsPage, STEPS, row_at};
use crate::incident::{Graph, Incident};
use crate::report::population::time;
use crate::trace::{escape, grouped};
use crate::ui::fonts::semibold;
use crate::ui::graph::{self, Drawing};
use crate::ui::hints;
use crate::ui::theme::{self, Tokens, size};

/// Height of what stands below the graph.
const FOOT: f32 = 124.0;
/// Height of the line that says what followed what.
const CHAIN: f32 = 22.0;
/// In a view lower than this the foot has only the kind of incident and the slider.
const LOW: f32 = 360.0;
const LOW_FOOT: f32 = 96.0;
/// Without a slider.
const LINES_FOOT: f32 = 64.0;
/// Room at both sides of it.
const PAD: f32 = 20.0;
/// Height of the requests above the slider.
const BARS: f32 = 20.0;
/// With less room than this, what stands at the graph's edges is not explained: no half of it would say anything.
const KEY: f32 = 200.0;
/// Room for the words beside the slider, and how little the slider has beside them.
const WORDS: f32 = 400.0;
const SLIDER: f32 = 144.0;

/// Draws the graph into all the room there is; the service that the pointer is over.
pub fn show(ui: &mut Ui, page: &RequestsPage, out: &mut Vec<Command>) -> Option<usize> {
    let t = theme::tokens(ui);
    let frame = egui::Frame::NONE.fill(t.panel);
    let low = ui.available_height() < LOW;
    let chain = if chained(page).is_some() { CHAIN } else { 0.0 };
    let height = if !page.has_past() {
        LINES_FOOT + chain
    } else if low {
        LOW_FOOT
    } else {
        FOOT + chain
    };
    Panel::bottom("graph foot").exact_size(height).resizable(false).frame(frame).show(ui, |ui| {
        foot(ui, page, low, t, out);
    });
    ui.painter().rect_filled(ui.available_rect_before_wrap(), 0.0, t.bg);
    let elsewhere = hints::with_key(ui, "“Services” lists all", "services");
    let asked = Drawing { seen: page.graph(), elsewhere: &elsewhere }.show(ui, t);
    out.extend(asked.commands.into_iter().map(|command| RequestsCommand::Graph(command).into()));
    if let Some(service) = asked.clicked.and_then(|place| page.service_at(place)) {
        out.push(RequestsCommand::Service(service).into());
    }
    asked.hovered.and_then(|place| page.service_at(place))
}

/// The incident, where something in it followed something.
fn chained(page: &RequestsPage) -> Option<&Incident> {
    page.population().incident.as_ref().filter(|incident| incident.chain.links.len() > 1)
}

/// What kind of incident it is, and how far it reaches.
fn foot(ui: &mut Ui, page: &RequestsPage, low: bool, t: &Tokens, out: &mut Vec<Command>) {
    let whole = ui.available_rect_before_wrap();
    ui.painter().hline(whole.x_range(), whole.top(), Stroke::new(1.0, t.line));
    let population = page.population();
    let families = population.incident.as_ref().map_or(&[][..], |incident| &incident.families);
    let small = |text: String| egui::RichText::new(text).font(FontId::proportional(size::LABEL)).color(t.dim);
    ui.scope_builder(UiBuilder::new().max_rect(whole.shrink2(vec2(PAD, 10.0))), |ui| {
        ui.spacing_mut().item_spacing = vec2(16.0, 6.0);
        ui.horizontal(|ui| {
            let own = families.first().map_or_else(|| "No clear cause".to_owned(), |own| own.family.title());
            ui.label(egui::RichText::new(own).font(semibold(size::BODY)).color(t.text));
            if population.incident.is_some() {
                graph::radius(ui, &population.services.graph, t);
            }
            let key = match page.chart().past() {
                Some(_) if page.is_metrics() => "at a node: what is usual, and what the row showed",
                None if page.is_metrics() => "at a node: what is usual, and what the rows under suspicion showed",
                None => "on a way: calls where their number changed",
                Some(_) => "in trouble: failed, or slower than 99 of 100 before",
            };
            if ui.available_width() > KEY {
                ui.add(egui::Label::new(small(key.to_owned())).truncate());
            }
        });
        let high = !low || !page.has_past();
        if let Some(incident) = chained(page).filter(|_| high) {
            graph::chain(ui, incident, t);
        }
        if high && !families.is_empty() {
            let evidence: Vec<&str> = families.iter().map(|one| one.evidence.as_str()).collect();
            ui.add(egui::Label::new(small(escape(&evidence.join(" ")).into_owned())).truncate());
        }
        scrubber(ui, page, t, out);
    });
}

/// The failing window from its begin to its end, with its requests by when they were through, and a slider through it.
fn scrubber(ui: &mut Ui, page: &RequestsPage, t: &Tokens, out: &mut Vec<Command>) {
    let chart = page.chart();
    if !page.has_past() {
        return;
    }
    let before = chart.past().map_or(STEPS, |past| past.step);
    let mut step = before;
    let (words, above) = if page.is_metrics() {
        (nodes(page, before), "nodes above what is usual, row by row")
    } else {
        (requests(page, before), "requests by when they were through")
    };
    ui.add_space(BARS);
    ui.horizontal(|ui| {
        ui.spacing_mut().slider_width = (ui.available_width() - WORDS).max(SLIDER);
        let slider = Slider::new(&mut step, 0..=STEPS).show_value(false).trailing_fill(true);
        let response = ui.add(slider);
        response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, format!("Failing window, {words}")));
        // The handle's middle goes from one end of the rail to the other.
        let rail = response.rect.x_range().shrink(response.rect.height() / 2.5);
        bars(ui, page, Rect::from_x_y_ranges(rail, response.rect.top() - BARS..=response.rect.top()), before, t);
        response.on_hover_text(format!("{words}; above, the {above}."));
        let font = FontId::proportional(size::LABEL);
        let width = ui.painter().layout_no_wrap(words.clone(), font.clone(), t.dim).size().x;
        // Where there is no room for all, what the slider itself shows goes first.
        let shown = if width <= ui.available_width() { &words } else { words.rsplit(" · ").next().unwrap_or(&words) };
        ui.add(egui::Label::new(egui::RichText::new(shown).font(font).color(t.dim)).truncate());
    });
    if step != before {
        out.push(RequestsCommand::Until(Some(step)).into());
    }
}

/// How much of the window has passed at a step, and how many requests were in trouble by then.
fn requests(page: &RequestsPage, step: usize) -> String {
    let now = page.chart().known[step];
    let usual = page.survey().troubles.all.usual;
    let usual = match usual.requests {
        0 => String::new(),
        of => format!(", {:.0} % in the baseline", f64::from(usual.troubled) * 100.0 / f64::from(of)),
    };
    let many = |number: u32| grouped(u64::from(number));
    let passed = |step: usize| time(page.chart().length as f64 * step as f64 / STEPS as f64 / 1e6);
    format!(
        "{} of {} · {} of {} requests in trouble{usual}",
        passed(step),
        passed(STEPS),
        many(now.troubled),
        many(now.requests)
    )
}

/// Which row of the table was the last at a step, and how many nodes the trouble had come to.
fn nodes(page: &RequestsPage, step: usize) -> String {
    let Some(tables) = &page.population().tables else { return String::new() };
    let times = &tables.now.times;
    let row = times.get(row_at(page.survey(), tables, step)).copied();
    let (Some(row), Some(&first), Some(&last)) = (row, times.first(), times.last()) else { return String::new() };
    let [row, first, last] = [row, first, last].map(|time| time as f64 / 1e9);
    let time = |time: f64| row_time(time, last - first);
    let reached = |graph: &Graph| graph.nodes.iter().filter(|node| node.reached.is_some()).count() as u64;
    let all = reached(&page.population().services.graph);
    let now = grouped(reached(page.graph().graph));
    format!("{} of {} to {} · trouble at {now} of {} nodes", time(row), time(first), time(last), grouped(all))
}

/// What was known in each slice of the window: a frame for all, filled as far as it was in trouble.
fn bars(ui: &Ui, page: &RequestsPage, rect: Rect, until: usize, t: &Tokens) {
    let known = &page.chart().known;
    let slice = |step: usize| {
        let [before, now] = [known[step - 1], known[step]];
        [now.requests - before.requests, now.troubled - before.troubled]
    };
    let most = (1..=STEPS).map(|step| slice(step)[0]).max().unwrap_or(0).max(1);
    let width = rect.width() / STEPS as f32;
    let painter = ui.painter();
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
    for step in 1..=STEPS {
        let [all, troubled] = slice(step);
        if all == 0 {
            continue;
        }
        let quiet = step > until;
        let left = rect.left() + (step - 1) as f32 * width;
        let bar = |number: u32| {
            let height = (rect.height() - 2.0) * number as f32 / most as f32;
            let top = pos2(left + 0.5, rect.bottom() - height.max(1.0));
            Rect::from_min_max(top, pos2(left + (width - 0.5).max(1.0), rect.bottom()))
        };
        let share = if quiet { 0.35 } else { 1.0 };
        painter.rect_filled(bar(all), 0.0, theme::mix(t.panel, t.line, 0.4 + 0.6 * share));
        if troubled > 0 {
            painter.rect_filled(bar(troubled), 0.0, theme::mix(t.panel, t.actual, share));
        }
    }
}
