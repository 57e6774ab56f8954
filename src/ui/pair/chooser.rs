//! The list of columns over the events table: which fields have one, in which order, how wide.

use egui::{RichText, Role, ScrollArea, Ui, WidgetInfo};

use crate::app::pair::{ColumnCommand, Pair, PairCommand, PairRequest};
use crate::trace::escape;
use crate::ui::parts;
use crate::ui::theme::{Tokens, size};

/// Room for the names of the columns that are there.
const NAMES: f32 = 200.0;
/// Characters that one press makes a column wider by.
const STEP: i32 = 2;

/// Draws the list into all the room there is; says how much of it in height it would need.
pub fn show(ui: &mut Ui, pair: &Pair, t: &Tokens, out: &mut Vec<PairRequest>) -> f32 {
    let top = ui.max_rect().top();
    let mut send = |command| out.push(PairCommand::Column(command).into());
    let chosen = pair.columns().list();
    ui.horizontal(|ui| {
        let text = "Columns of their own, from left to right; a column's name in the table sorts by it.";
        ui.label(RichText::new(text).size(size::LABEL).color(t.dim));
        if !chosen.is_empty() && parts::quiet(ui, "None", "Take all columns away").clicked() {
            send(ColumnCommand::Clear);
        }
        if parts::quiet(ui, "Done", "Close the list of columns").clicked() {
            send(ColumnCommand::Choose);
        }
    });
    let above = ui.cursor().top() - top;
    let list = ScrollArea::vertical().id_salt("columns").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for (place, column) in chosen.iter().enumerate() {
            ui.horizontal(|ui| {
                let path = escape(&column.path);
                let left = ui.cursor().left();
                if tick(ui, &path, true, t) {
                    send(ColumnCommand::Toggle(column.path.clone()));
                }
                // The signs of all columns stand below each other.
                ui.add_space((left + NAMES - ui.cursor().left()).max(0.0));
                for (sign, way, by) in [("←", "left", -1), ("→", "right", 1)] {
                    if parts::quiet(ui, sign, &format!("Move the column {path} to the {way}")).clicked() {
                        send(ColumnCommand::Move(place, by));
                    }
                }
                for (sign, way, by) in [("−", "narrower", -STEP), ("+", "wider", STEP)] {
                    if parts::quiet(ui, sign, &format!("Make the column {path} {way}")).clicked() {
                        send(ColumnCommand::Widen(place, by));
                    }
                }
                ui.label(RichText::new(format!("{} wide", column.chars)).size(size::SMALL).color(t.dim));
            });
        }
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 16.0;
            for field in &pair.analysis().spec.fields {
                if !chosen.iter().any(|column| column.path == field.path) && tick(ui, &escape(&field.path), false, t) {
                    send(ColumnCommand::Toggle(field.path.clone()));
                }
            }
        });
    });
    above + list.content_size.y
}

/// A field's name with its tick; true when it was pressed.
fn tick(ui: &mut Ui, path: &str, on: bool, t: &Tokens) -> bool {
    let mut now = on;
    let text = RichText::new(path).monospace().size(size::LABEL).color(t.text);
    let response = ui.checkbox(&mut now, text);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, format!("Column {path}")));
    response.changed()
}
