//! The propagation of a pair: the graph of its places, what kind of incident it is, and a slider through the trouble, which is the
//! same selection as everywhere.

use egui::{Align, FontId, Layout, Panel, Role, Sense, Slider, Ui, WidgetInfo, vec2};

use crate::app::pair::{Hovered, Pair, PairCommand, PairRequest};
use crate::app::region::Region;
use crate::compare::Verdict;
use crate::trace::{Side, escape};
use crate::ui::fonts::{medium, semibold};
use crate::ui::graph::{self, Drawing};
use crate::ui::theme::{self, Tokens, size};
use crate::ui::{hints, parts, regions};
use crate::view::Spread;

/// Height of what stands below the graph.
const FOOT: f32 = 124.0;
/// In a pane lower than this the foot has only the kind of incident and the slider.
const LOW: f32 = 360.0;
const LOW_FOOT: f32 = 68.0;
/// Room at both sides of it.
const PAD: f32 = 20.0;

/// Draws the propagation into all the room there is.
pub fn show(ui: &mut Ui, pair: &Pair, out: &mut Vec<PairRequest>) {
    regions::note(ui, Region::Propagation, ui.max_rect());
    let t = theme::tokens(ui);
    let (Some(spread), Some(seen)) = (pair.spread(), pair.graph()) else {
        let whole = ui.available_rect_before_wrap();
        ui.painter().rect_filled(whole, 0.0, t.bg);
        ui.allocate_rect(whole, Sense::hover());
        let title = "These recordings tell of no places that call each other";
        let more = "A graph needs a field that names services, hosts or components, or lanes with causes between them.";
        parts::nothing(ui, whole, title, more);
        return;
    };
    let frame = egui::Frame::NONE.fill(t.panel);
    let low = ui.available_height() < LOW;
    let height = if low { LOW_FOOT } else { FOOT };
    Panel::bottom("propagation foot").exact_size(height).resizable(false).frame(frame).show(ui, |ui| {
        foot(ui, pair, spread, low, t, out);
    });
    ui.painter().rect_filled(ui.available_rect_before_wrap(), 0.0, t.bg);
    let elsewhere = hints::with_key(ui, "“Timeline” has a lane of each", "timeline");
    let asked = Drawing { seen, elsewhere: &elsewhere }.show(ui, t);
    out.extend(asked.commands.into_iter().map(|command| PairCommand::Graph(command).into()));
    if let Some(place) = asked.clicked {
        out.push(PairCommand::SelectPlace(place).into());
    }
    let hovered = asked.hovered.map(Hovered::Place);
    if hovered != pair.hover() {
        out.push(PairCommand::Hover(hovered).into());
    }
}

/// What kind of incident it is, how far it reached, and the way through it.
fn foot(ui: &mut Ui, pair: &Pair, spread: &Spread, low: bool, t: &Tokens, out: &mut Vec<PairRequest>) {
    let whole = ui.available_rect_before_wrap();
    ui.painter().hline(whole.x_range(), whole.top(), egui::Stroke::new(1.0, t.line));
    let incident = &spread.incident;
    ui.scope_builder(egui::UiBuilder::new().max_rect(whole.shrink2(vec2(PAD, 10.0))), |ui| {
        ui.spacing_mut().item_spacing = vec2(16.0, 6.0);
        ui.horizontal(|ui| {
            let compared = pair.analysis().comparison.verdict != Verdict::Incomparable;
            let none = if compared { "No failure" } else { "Nothing was compared" };
            let title = incident.families.first().map_or_else(|| none.to_owned(), |own| own.family.title());
            ui.label(egui::RichText::new(title).font(semibold(size::BODY)).color(t.text));
            // From the right end: what is chosen there is never covered by words.
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if incident.story.paired {
                    sides(ui, pair, t, out);
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| graph::radius(ui, &incident.graph, t));
            });
        });
        if low {
            scrubber(ui, pair, spread, t, out);
            return;
        }
        graph::chain(ui, incident, t);
        scrubber(ui, pair, spread, t, out);
        if let Some(evidence) = incident.families.first().map(|own| escape(&own.evidence).into_owned()) {
            let text = egui::RichText::new(evidence).font(FontId::proportional(size::LABEL)).color(t.dim);
            ui.add(egui::Label::new(text).truncate());
        }
    });
}

/// Which side the graph shows.
fn sides(ui: &mut Ui, pair: &Pair, t: &Tokens, out: &mut Vec<PairRequest>) {
    ui.spacing_mut().item_spacing.x = 0.0;
    // Right to left, so that they read in order.
    for (side, word) in [(None, "difference"), (Some(Side::Actual), "actual"), (Some(Side::Expected), "expected")] {
        let chosen = pair.graph_side() == side;
        let text = egui::RichText::new(word).font(medium(size::LABEL)).color(if chosen { t.text } else { t.dim });
        let button = egui::Button::new(text).fill(if chosen { t.selection } else { t.raised }).corner_radius(4);
        let response = ui.add(button);
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, format!("Graph of {word}")));
        if response.clicked() {
            out.push(PairCommand::GraphSide(side).into());
        }
    }
}

/// A slider through the trouble of actual, from before the first to the last; moving it selects.
fn scrubber(ui: &mut Ui, pair: &Pair, spread: &Spread, t: &Tokens, out: &mut Vec<PairRequest>) {
    let steps = spread.steps();
    let Some(first) = steps.first() else { return };
    let known = pair.troubles_shown();
    let mut place = known;
    ui.horizontal(|ui| {
        ui.spacing_mut().slider_width = (ui.available_width() - 280.0).max(120.0);
        let slider = Slider::new(&mut place, 0..=steps.len()).show_value(false).trailing_fill(true);
        let response = ui.add(slider);
        response.widget_info(|| {
            WidgetInfo::labeled(Role::Slider, true, format!("Spread, {known} of {} troubles", steps.len()))
        });
        let step = known.checked_sub(1).and_then(|last| spread.happening(steps[last]));
        let words = match step {
            None => format!("before the first of {}", steps.len()),
            Some(at) => {
                let said = if at.reason.is_empty() { at.act.word() } else { &at.reason };
                let name = spread.incident.story.name(at.place);
                format!("{known} of {}: {} in {}", steps.len(), escape(said), escape(name))
            }
        };
        let text = egui::RichText::new(words).font(FontId::proportional(size::LABEL)).color(t.dim);
        ui.add(egui::Label::new(text).truncate());
    });
    let row = match place.checked_sub(1) {
        Some(step) => Some(steps[step].row),
        // There may be nothing before the first.
        None => first.row.checked_sub(1),
    };
    if let Some(row) = row.filter(|_| place != known) {
        out.push(PairCommand::SelectCell(row, Side::Actual).into());
    }
}
