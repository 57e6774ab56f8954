//! What is in sight of a graph: the wheel, dragging, and the buttons that do the same.

use egui::{Align, Button, Layout, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::{Asked, Drawing};
use crate::app::graph::GraphCommand;
use crate::ui::fonts::medium;
use crate::ui::hints;
use crate::ui::theme::{Tokens, size};

/// How much nearer a press goes.
const STEP: f32 = 1.5;
/// Size of a button, room between two, and at the right end.
const BUTTON: [f32; 2] = [28.0, 20.0];
const BETWEEN: f32 = 4.0;
const END: f32 = 12.0;
/// Width of the button that shows everything.
const FIT: f32 = 56.0;
/// Width of all of them.
pub const CONTROLS: f32 = BUTTON[0] * 2.0 + FIT + BETWEEN * 2.0 + END * 2.0;
const MIDDLE: [f32; 2] = [0.5, 0.5];

/// The ground behind the graph: it is dragged, scrolled, and zoomed at the pointer; a double click shows everything.
pub fn ground(ui: &Ui, drawing: &Drawing<'_>, whole: Rect, asked: &mut Asked) {
    let ground = ui.interact(whole, ui.scope_id().with("graph"), Sense::click_and_drag());
    ground.widget_info(|| {
        let (places, ways) = (drawing.seen.graph.nodes.len(), drawing.seen.graph.edges.len());
        WidgetInfo::labeled(Role::Canvas, true, format!("Propagation, {places} places, {ways} ways between them"))
    });
    if ground.dragged() && ground.drag_delta() != vec2(0.0, 0.0) {
        asked.commands.push(GraphCommand::Pan((-ground.drag_delta()).into()));
    }
    if ground.double_clicked() {
        asked.commands.push(GraphCommand::Fit);
    }
    if !ui.rect_contains_pointer(whole) {
        return;
    }
    let (scroll, zoom, at) =
        ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta(), input.pointer.hover_pos()));
    if (zoom - 1.0).abs() > f32::EPSILON {
        let share = |at: egui::Pos2| [(at.x - whole.left()) / whole.width(), (at.y - whole.top()) / whole.height()];
        asked.commands.push(GraphCommand::Zoom { at: at.map_or(MIDDLE, share), by: zoom });
    } else if scroll != vec2(0.0, 0.0) {
        asked.commands.push(GraphCommand::Pan((-scroll).into()));
    }
}

/// Nearer, further, everything, at the right end of `room`.
pub fn controls(ui: &mut Ui, scale: f32, is_whole: bool, room: Rect, t: &Tokens, asked: &mut Asked) {
    let wide = CONTROLS - END * 2.0;
    let at = pos2(room.right() - END - wide, room.center().y - BUTTON[1] / 2.0);
    let rect = Rect::from_min_size(at, vec2(wide, BUTTON[1]));
    if !room.contains_rect(rect) {
        return;
    }
    let layout = Layout::left_to_right(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.x = BETWEEN;
        ui.spacing_mut().button_padding = vec2(4.0, 0.0);
        ui.spacing_mut().interact_size.y = BUTTON[1];
        let percent = format!("{:.0} %", scale * 100.0);
        let mut button = |words: &str, width: f32, name: String, key: &str| {
            let text = egui::RichText::new(words).font(medium(size::LABEL)).color(t.text);
            let response = ui.add_sized([width, BUTTON[1]], Button::new(text).fill(t.raised).corner_radius(4));
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
            let tip = hints::with_key(ui, &name, key);
            response.on_hover_text(tip).clicked()
        };
        if button("−", BUTTON[0], "Zoom out of the graph".to_owned(), "zoom-out") {
            asked.commands.push(GraphCommand::Zoom { at: MIDDLE, by: 1.0 / STEP });
        }
        if button("+", BUTTON[0], "Zoom into the graph".to_owned(), "zoom-in") {
            asked.commands.push(GraphCommand::Zoom { at: MIDDLE, by: STEP });
        }
        let (words, name) = if is_whole {
            (percent.clone(), format!("The whole graph is shown at {percent}"))
        } else {
            ("Fit".to_owned(), format!("Show the whole graph, now at {percent}"))
        };
        if button(&words, FIT, name, "fit") {
            asked.commands.push(GraphCommand::Fit);
        }
    });
}
