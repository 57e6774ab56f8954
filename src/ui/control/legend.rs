//! The legend: which runs are drawn and how, and every signal, to be shown or hidden.

use egui::{FontId, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::paint;
use crate::app::Command;
use crate::app::control::{ControlCommand, Look, Sheet};
use crate::app::region::Region;
use crate::trace::{Side, escape};
use crate::ui::fonts::{medium, semibold};
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, Tokens, size};
use crate::ui::{hints, parts, regions};

/// Height of a line.
const LINE: f32 = 26.0;
/// Room at the sides.
const PAD: f32 = 16.0;
/// Size of a box to be ticked.
const BOX: f32 = 12.0;

/// Draws the legend into all the room there is.
pub fn show(ui: &mut Ui, sheet: &Sheet, out: &mut Vec<Command>) {
    regions::note(ui, Region::Signals, ui.max_rect());
    let t = theme::tokens(ui);
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    looks(ui, sheet, t, out);
    caption(ui, "SIGNALS", t);
    ScrollArea::vertical().id_salt("signals").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        for plot in 0..sheet.plots().list.len() {
            signal(ui, sheet, plot, t, out);
        }
    });
}

pub fn caption(ui: &mut Ui, text: &str, t: &Tokens) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
    let at = pos2(rect.left() + PAD, rect.bottom() - 14.0);
    Words::of(text, semibold(size::SMALL), t.dim).paint(ui.painter(), at, rect.width() - 2.0 * PAD);
}

/// The runs, each with the line it is drawn as.
pub fn looks(ui: &mut Ui, sheet: &Sheet, t: &Tokens, out: &mut Vec<Command>) {
    caption(ui, "LINES", t);
    let labels = &sheet.control().labels;
    let rows = [
        (Look::Expected, "toggle-expected", ControlCommand::ToggleSide(Side::Expected), &labels.expected),
        (Look::Actual, "toggle-actual", ControlCommand::ToggleSide(Side::Actual), &labels.actual),
        (Look::Wanted, "toggle-setpoint", ControlCommand::ToggleWanted, &None),
    ];
    for (look, command, toggle, label) in rows {
        let on = sheet.draws(look);
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, format!("draw {}", look.word())));
        ground(ui, rect, &response, false, t);
        let y = rect.center().y;
        let colour = if on { paint::colour(look, t) } else { t.faint };
        let line = [pos2(rect.left() + PAD, y), pos2(rect.left() + PAD + 20.0, y)];
        paint::sample(ui.painter(), line, look, colour);
        let words = Words::of(look.word(), medium(size::BODY), if on { t.text } else { t.dim });
        let words = match label {
            Some(label) => words.gap(8.0).add(&escape(label), FontId::monospace(size::SMALL), t.dim),
            None => words,
        };
        let left = rect.left() + PAD + 28.0;
        let (_, cut) = words.paint(ui.painter(), pos2(left, y), rect.right() - PAD - 20.0 - left);
        tick(ui, pos2(rect.right() - PAD - BOX / 2.0, y), on, t);
        if response.clicked() {
            out.push(toggle.into());
        }
        let hint = hints::with_key(ui, if on { "Leave these lines out" } else { "Draw these lines" }, command);
        let whole = label.as_deref().filter(|_| cut).map_or_else(String::new, |label| format!("{}\n", escape(label)));
        response.on_hover_text(format!("{whole}{hint}"));
    }
}

fn signal(ui: &mut Ui, sheet: &Sheet, at: usize, t: &Tokens, out: &mut Vec<Command>) {
    let plot = &sheet.plots().list[at];
    let (on, selected) = (sheet.is_shown(at), sheet.selected() == at);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::click());
    response.widget_info(|| {
        let role = plot.role.map_or("error", |role| role.word());
        WidgetInfo::selected(Role::CheckBox, true, on, format!("show {}, {role}", plot.name))
    });
    ground(ui, rect, &response, selected, t);
    if selected {
        follow(ui, at, rect);
    }
    let y = rect.center().y;
    tick(ui, pos2(rect.left() + PAD + BOX / 2.0, y), on, t);
    let left = rect.left() + PAD + 20.0;
    let unit = plot.unit.as_deref().unwrap_or_default();
    let unit = Words::of(&escape(unit), FontId::monospace(size::SMALL), t.dim);
    let unit = unit.paint_right(ui.painter(), pos2(rect.right() - PAD, y), 48.0);
    let colour = if on { t.text } else { t.dim };
    let words = Words::of(&escape(&plot.name), FontId::monospace(size::LABEL), colour);
    let (_, cut) = words.paint(ui.painter(), pos2(left, y), unit.left() - 8.0 - left);
    if response.clicked() {
        out.push(ControlCommand::Toggle(at).into());
    }
    let hint = hints::with_key(ui, if on { "Hide this plot" } else { "Show this plot" }, "toggle-plot");
    response.on_hover_text(if cut { format!("{}\n{hint}", escape(&plot.name)) } else { hint });
}

fn ground(ui: &Ui, rect: Rect, response: &egui::Response, selected: bool, t: &Tokens) {
    if selected {
        ui.painter().rect_filled(rect, 0.0, t.selection);
    } else if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0.0, t.raised);
    }
    parts::focus_ring(ui, response, rect.shrink(2.0));
}

fn tick(ui: &Ui, at: egui::Pos2, on: bool, t: &Tokens) {
    let rect = Rect::from_center_size(at, vec2(BOX, BOX));
    if on {
        ui.painter().rect_filled(rect, 3.0, t.dim);
        let points = vec![at + vec2(-3.0, 0.0), at + vec2(-1.0, 2.5), at + vec2(3.0, -2.5)];
        ui.painter().add(egui::Shape::line(points, Stroke::new(1.6, t.panel)));
    } else {
        ui.painter().rect_stroke(rect, 3.0, Stroke::new(1.0, t.dim), StrokeKind::Inside);
    }
}

/// Brings the selected signal into sight when it is another one.
fn follow(ui: &Ui, at: usize, rect: Rect) {
    let id = ui.scope_id().with("the signal that was brought into sight");
    let before = ui.data_mut(|data| {
        let before = data.get_temp::<usize>(id);
        data.insert_temp(id, at);
        before
    });
    if before.is_some_and(|before| before != at) {
        ui.scroll_to_rect(rect, None);
    }
}
