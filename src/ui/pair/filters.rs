//! The bar over a filtered table: what is filtered by, each with a way to take it away, and how much around is shown.

use egui::{Align, Layout, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::app::pair::{Pair, PairCommand, PairRequest};
use crate::app::region::Region;
use crate::trace::{escape, grouped};
use crate::ui::hints;
use crate::ui::parts::{self, data, elided, words};
use crate::ui::regions;
use crate::ui::theme::{self, Tokens, size};

/// Its height.
pub const HEIGHT: f32 = 36.0;
/// A longer filter is cut.
const CHIP: f32 = 280.0;

/// Draws the bar.
pub fn show(ui: &mut Ui, pair: &Pair, out: &mut Vec<PairRequest>) {
    regions::note(ui, Region::Filters, ui.max_rect());
    let t = theme::tokens(ui);
    egui::Frame::new().inner_margin(egui::Margin::symmetric(12, 0)).show(ui, |ui| {
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            say(ui, "Only rows with", t);
            for (place, text) in pair.filter().parts().enumerate() {
                chip(ui, place, &text, t, out);
            }
            let hint = hints::with_key(ui, "Fewer rows around", "less-context");
            if parts::quiet(ui, "−", "Fewer rows around").on_hover_text(hint).clicked() {
                out.push(PairCommand::Context { more: false }.into());
            }
            say(ui, &format!("± {}", pair.context()), t);
            let hint = hints::with_key(ui, "More rows around", "more-context");
            if parts::quiet(ui, "+", "More rows around").on_hover_text(hint).clicked() {
                out.push(PairCommand::Context { more: true }.into());
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let hint = hints::with_key(ui, "Remove all filters", "no-filters");
                if parts::quiet(ui, "Remove all", "Remove all filters").on_hover_text(hint).clicked() {
                    out.push(PairCommand::ClearFilters.into());
                }
                let state = state(pair);
                let room = ui.available_width() - 8.0;
                if room > 40.0 {
                    let galley = elided(ui, &escape(&state), words(size::LABEL), t.text, room);
                    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
                    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &state));
                    ui.painter().galley(rect.min, galley, t.text);
                }
            });
        });
    });
}

fn say(ui: &mut Ui, text: &str, t: &Tokens) {
    ui.label(egui::RichText::new(text).font(words(size::LABEL)).color(t.dim));
}

/// A filter as it can be typed, with a cross.
fn chip(ui: &mut Ui, place: usize, text: &str, t: &Tokens, out: &mut Vec<PairRequest>) {
    let room = CHIP.min(ui.available_width() - 60.0);
    if room < 40.0 {
        return;
    }
    let galley = elided(ui, &escape(text), data(size::LABEL), t.text, room);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 36.0, 24.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("Filter {text}")));
    ui.painter().rect_filled(rect, 12.0, t.raised);
    ui.painter().rect_stroke(rect, 12.0, egui::Stroke::new(1.0, t.line), StrokeKind::Inside);
    ui.painter().galley(pos2(rect.left() + 12.0, rect.center().y - galley.size().y / 2.0), galley, t.text);
    let cross = parts::cross(ui, pos2(rect.right() - 14.0, rect.center().y), &format!("Remove the filter {text}"));
    if cross.clicked() {
        out.push(PairCommand::RemoveFilter(place).into());
    }
    response.on_hover_text(escape(text));
}

/// How many rows it shows, or how far it is.
fn state(pair: &Pair) -> String {
    let search = pair.filter().search();
    if !search.trouble().is_empty() {
        return format!("Not everything could be searched. {}", search.trouble());
    }
    if !search.done() {
        let (done, all) = search.progress();
        return format!("searching, {} %", done * 100 / all.max(1));
    }
    let rows = grouped(u64::from(pair.rows().len()));
    match search.count() {
        0 => format!("none of {rows} rows"),
        count => format!("{} of {rows} rows", grouped(u64::from(count))),
    }
}
