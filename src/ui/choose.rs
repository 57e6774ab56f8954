//! The page on which a person says which recording is which side.

use egui::{Ui, vec2};

use super::fonts;
use super::messages::escape_lines;
use super::parts::{self, data, elided, words};
use super::theme::{self, size};
use crate::app::Command;
use crate::app::state::Choose;
use crate::trace::{Side, escape};

/// Width of each of the two columns of radio buttons.
const COLUMN: f32 = 88.0;
/// Height of a row.
const ROW: f32 = 32.0;

/// Draws the page.
pub fn show(ui: &mut Ui, choose: &Choose, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    egui::CentralPanel::default().frame(egui::Frame::new().fill(t.bg).inner_margin(24)).show(ui, |ui| {
        parts::column(ui, 760.0, 0.0, |ui| {
            ui.add_space((ui.available_height() * 0.06).round());
            ui.label(egui::RichText::new("Which is which?").font(fonts::semibold(size::TITLE)).color(t.text));
            ui.add_space(4.0);
            let why = egui::RichText::new(escape_lines(&choose.why)).font(words(size::BODY)).color(t.dim);
            ui.add(egui::Label::new(why).wrap());
            ui.add_space(16.0);
            heading(ui);
            let room = (ui.available_height() - 72.0).max(ROW);
            egui::ScrollArea::vertical().max_height(room).auto_shrink([false, true]).show_rows(
                ui,
                ROW,
                choose.candidates.len(),
                |ui, rows| {
                    for at in rows {
                        candidate(ui, choose, at, out);
                    }
                },
            );
            ui.add_space(16.0);
            let ready = choose.request();
            ui.horizontal(|ui| {
                if parts::main_button(ui, "Open pair", ready.is_ok()).clicked() {
                    out.push(Command::OpenChosen);
                }
                if parts::button(ui, "Home").clicked() {
                    out.push(Command::Home);
                }
                if let Err(reason) = ready {
                    ui.label(egui::RichText::new(reason).font(words(size::LABEL)).color(t.dim));
                }
            });
        });
    });
}

fn heading(ui: &mut Ui) {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), egui::Sense::hover());
    let at = |x: f32| egui::pos2(x, rect.center().y);
    let painter = ui.painter();
    let font = || fonts::semibold(size::SMALL);
    painter.text(at(rect.left() + COLUMN / 2.0), egui::Align2::CENTER_CENTER, "EXPECTED", font(), t.expected);
    painter.text(at(rect.left() + COLUMN * 1.5), egui::Align2::CENTER_CENTER, "ACTUAL", font(), t.actual);
    painter.text(at(rect.left() + COLUMN * 2.0 + 8.0), egui::Align2::LEFT_CENTER, "RECORDING", font(), t.dim);
    painter.hline(rect.x_range(), rect.bottom() - 0.5, egui::Stroke::new(1.0, t.line));
}

fn candidate(ui: &mut Ui, choose: &Choose, at: usize, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let candidate = &choose.candidates[at];
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), egui::Sense::hover());
    for (column, side) in Side::BOTH.into_iter().enumerate() {
        let left = rect.left() + column as f32 * COLUMN;
        let cell = egui::Rect::from_min_size(egui::pos2(left, rect.top()), vec2(COLUMN, ROW));
        let chosen = choose.chosen[side] == Some(at);
        let colour = if side == Side::Expected { t.expected } else { t.actual };
        if radio(ui, cell, chosen, &format!("{} as {side}", candidate.name), colour).clicked() {
            out.push(Command::Choose(side, at));
        }
    }
    let left = rect.left() + COLUMN * 2.0 + 8.0;
    let hint = candidate.hint.map_or_else(String::new, |side| format!("named like {side}"));
    let hint = elided(ui, &hint, words(size::SMALL), t.dim, 140.0);
    let name =
        elided(ui, &escape(&candidate.name), data(size::LABEL), t.text, rect.right() - left - hint.size().x - 12.0);
    ui.painter().galley(egui::pos2(left, rect.center().y - name.size().y / 2.0), name, t.text);
    let x = rect.right() - hint.size().x;
    ui.painter().galley(egui::pos2(x, rect.center().y - hint.size().y / 2.0), hint, t.dim);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, egui::Stroke::new(1.0, t.line_soft));
}

fn radio(ui: &Ui, cell: egui::Rect, chosen: bool, name: &str, colour: egui::Color32) -> egui::Response {
    let t = theme::tokens(ui);
    let id = ui.unique_id().with(name);
    let response = ui.interact(cell, id, egui::Sense::click()).on_hover_cursor(egui::CursorIcon::PointingHand);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::RadioButton, true, chosen, name));
    let centre = cell.center();
    let ring = if chosen || response.hovered() { colour } else { t.faint };
    ui.painter().circle_stroke(centre, 7.0, egui::Stroke::new(1.5, ring));
    if chosen {
        ui.painter().circle_filled(centre, 3.5, colour);
    }
    parts::focus_ring(ui, &response, cell.shrink(4.0));
    response
}
