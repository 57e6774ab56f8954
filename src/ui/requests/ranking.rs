//! The services that may be the cause, ranked: how sure it is, and how much speaks for each.

use egui::{FontId, Rect, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::app::Command;
use crate::app::region::Region;
use crate::app::requests::{RequestsCommand, RequestsPage};
use crate::population::Suspect;
use crate::report::population as report;
use crate::trace::grouped;
use crate::ui::fonts::{medium, semibold};
use crate::ui::pair::Mark;
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, Tokens, size};
use crate::ui::{parts, regions};
use crate::view::in_a_line;

/// Height of a service.
const ROW: f32 = 60.0;
/// Height of the heading.
const HEADING: f32 = 36.0;
/// Where the words of a service begin.
const INDENT: f32 = 40.0;

/// Draws the list; the service that the pointer is over.
pub fn show(ui: &mut Ui, page: &RequestsPage, out: &mut Vec<Command>) -> Option<usize> {
    regions::note(ui, Region::Ranking, ui.max_rect());
    let t = theme::tokens(ui);
    let suspects = &page.population().ranking.suspects;
    ui.spacing_mut().item_spacing.y = 0.0;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEADING), Sense::hover());
    let title = format!("LIKELIEST FIRST · {}", grouped(suspects.len() as u64));
    let at = pos2(rect.left() + 16.0, rect.center().y);
    Words::of(&title, semibold(size::SMALL), t.dim).paint(ui.painter(), at, rect.width() - 24.0);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
    if suspects.is_empty() {
        let margin = egui::Margin::symmetric(16, 12);
        egui::Frame::NONE.inner_margin(margin).show(ui, |ui| {
            ui.label(egui::RichText::new("Nothing speaks for any service.").size(size::LABEL).color(t.dim));
        });
        return None;
    }
    let names: Vec<String> = suspects.iter().map(|suspect| report::word(page.population(), suspect.service)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut hovered = None;
    ScrollArea::vertical().id_salt("ranking").auto_shrink(false).show(ui, |ui| {
        for (place, suspect) in suspects.iter().enumerate() {
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
            follow(ui, page, place, rect);
            if ui.is_rect_visible(rect) {
                entry(ui, page, (place, &names), suspect, rect, &response, t);
            }
            if response.hovered() {
                hovered = Some(place);
            }
            if response.clicked() {
                out.push(RequestsCommand::Service(place).into());
            }
            if response.double_clicked() {
                out.push(RequestsCommand::Evidence(place, 0).into());
            }
        }
    });
    hovered
}

/// Brings the selected service into sight when it is another one.
fn follow(ui: &Ui, page: &RequestsPage, place: usize, rect: Rect) {
    if place != page.service() {
        return;
    }
    let id = ui.scope_id().with("the service that was brought into sight");
    let before = ui.data_mut(|data| {
        let before = data.get_temp::<usize>(id);
        data.insert_temp(id, place);
        before
    });
    if before.is_some_and(|before| before != place) {
        ui.scroll_to_rect(rect, None);
    }
}

fn entry(
    ui: &Ui,
    page: &RequestsPage,
    (place, names): (usize, &[&str]),
    suspect: &Suspect,
    rect: Rect,
    response: &egui::Response,
    t: &Tokens,
) {
    let population = page.population();
    let selected = place == page.service();
    let lit = response.hovered() || page.hover() == Some(place);
    let name = names[place];
    let sure = report::sureness(population, place);
    let inner = report::inner(population, suspect).unwrap_or_default();
    response.widget_info(|| {
        let now = if lit { ", lit" } else { "" };
        let said = format!("service {}: {name}, {sure}, {inner}{now}", place + 1);
        WidgetInfo::selected(Role::ListBoxOption, true, selected, said)
    });
    let painter = ui.painter();
    if selected {
        painter.rect_filled(rect, 0.0, t.selection);
    } else if lit || response.has_focus() {
        painter.rect_filled(rect, 0.0, t.raised);
    }
    parts::focus_ring(ui, response, rect.shrink(2.0));
    let clear = place == 0 && population.ranking.clear().is_some();
    let mark = Mark::Diamond { first: clear };
    let y = rect.top() + 18.0;
    mark.paint(painter, pos2(rect.left() + 22.0, y), 0.9, if clear { t.cause } else { t.dim });
    let right = rect.right() - 16.0;
    let rank = (place + 1).to_string();
    let rank = Words::of(&rank, FontId::monospace(size::SMALL), t.dim).paint_right(painter, pos2(right, y), 40.0);
    let left = rect.left() + INDENT;
    let room = rank.left() - left - 8.0;
    let written = in_a_line(name, room, names);
    let (_, shortened) = Words::of(&written, medium(size::BODY), t.text).paint(painter, pos2(left, y), room);
    let line = Words::of(sure, FontId::proportional(size::SMALL), if clear { t.text } else { t.dim });
    let line = line.add(&format!(" · {inner}"), FontId::proportional(size::SMALL), t.dim);
    let (_, cut) = line.paint(painter, pos2(left, y + 18.0), right - left);
    // How much speaks for it, beside the first.
    let most = population.ranking.suspects.first().map_or(1.0, |first| first.score).max(f64::MIN_POSITIVE);
    let track = Rect::from_min_max(pos2(left, rect.bottom() - 11.0), pos2(right, rect.bottom() - 8.0));
    painter.rect_filled(track, 1.5, t.line);
    let share = (suspect.score / most).clamp(0.0, 1.0) as f32;
    let filled = Rect::from_min_size(track.min, vec2((track.width() * share).max(2.0), track.height()));
    painter.rect_filled(filled, 1.5, if clear { t.cause } else { t.dim });
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line_soft));
    if cut || shortened || written != name {
        response.clone().on_hover_text(format!("{name} · {sure}\n{inner}"));
    }
}
