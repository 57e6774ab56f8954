//! The knobs of what if: which fault, how strong, from which step and for how long. Each turn is answered at once.

use egui::{FontId, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::legend;
use crate::app::Command;
use crate::app::control::{ControlCommand, KINDS, Knob, WhatIf};
use crate::app::region::Region;
use crate::ui::fonts::medium;
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, Tokens, size};
use crate::ui::{parts, regions};

/// Height of a fault in the list, and of a knob.
const LINE: f32 = 26.0;
const KNOB: f32 = 48.0;
/// Room at the sides.
const PAD: f32 = 16.0;

/// Draws the knobs into all the room there is.
pub fn show(ui: &mut Ui, what_if: &WhatIf, out: &mut Vec<Command>) {
    regions::note(ui, Region::Signals, ui.max_rect());
    let t = theme::tokens(ui);
    ScrollArea::vertical().id_salt("knobs").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        legend::caption(ui, "FAULT", t);
        for (place, kind) in KINDS.iter().enumerate() {
            let chosen = place == what_if.value(Knob::Kind) as usize;
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::click());
            response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, kind.words));
            if chosen {
                ui.painter().rect_filled(rect, 0.0, t.selection);
            } else if response.hovered() || response.has_focus() {
                ui.painter().rect_filled(rect, 0.0, t.raised);
            }
            parts::focus_ring(ui, &response, rect.shrink(2.0));
            let y = rect.center().y;
            let ring = pos2(rect.left() + PAD + 6.0, y);
            ui.painter().circle_stroke(ring, 5.0, Stroke::new(1.2, if chosen { t.text } else { t.dim }));
            if chosen {
                ui.painter().circle_filled(ring, 2.5, t.text);
            }
            let words = Words::of(kind.words, FontId::proportional(size::BODY), if chosen { t.text } else { t.dim });
            words.paint(ui.painter(), pos2(rect.left() + PAD + 20.0, y), rect.width() - PAD * 2.0 - 20.0);
            if response.clicked() {
                out.push(ControlCommand::Turn(Knob::Kind, place as f64).into());
            }
        }
        for knob in [Knob::Strength, Knob::Onset, Knob::Length] {
            let ((low, high), _) = what_if.range(knob);
            if high > low {
                slider(ui, what_if, knob, t, out);
            }
        }
        if let Some(sheet) = what_if.sheet() {
            legend::looks(ui, sheet, t, out);
        }
    });
}

/// A knob as a slider, with its value in words.
fn slider(ui: &mut Ui, what_if: &WhatIf, knob: Knob, t: &Tokens, out: &mut Vec<Command>) {
    let ((low, high), step) = what_if.range(knob);
    let (value, selected) = (what_if.value(knob), what_if.selected() == knob);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), KNOB), Sense::click_and_drag());
    response.widget_info(|| {
        let name = format!("{} {}", knob.word(), what_if.words(knob));
        WidgetInfo { value: Some(value), ..WidgetInfo::labeled(Role::Slider, true, name) }
    });
    if selected {
        ui.painter().rect_filled(rect, 0.0, t.selection);
    }
    parts::focus_ring(ui, &response, rect.shrink(2.0));
    let y = rect.top() + 16.0;
    let words = what_if.words(knob);
    let shown = Words::of(&words, FontId::monospace(size::LABEL), t.text);
    let shown = shown.paint_right(ui.painter(), pos2(rect.right() - PAD, y), rect.width() * 0.55);
    let name = Words::of(knob.word(), medium(size::LABEL), t.dim);
    name.paint(ui.painter(), pos2(rect.left() + PAD, y), shown.left() - rect.left() - PAD - 8.0);
    let track = Rect::from_min_max(
        pos2(rect.left() + PAD + 6.0, rect.top() + 32.0),
        pos2(rect.right() - PAD - 6.0, rect.top() + 36.0),
    );
    ui.painter().rect_filled(track, 2.0, t.line);
    let share = ((value - low) / (high - low)).clamp(0.0, 1.0) as f32;
    let at = pos2(track.left() + share * track.width(), track.center().y);
    ui.painter().rect_filled(track.with_max_x(at.x), 2.0, t.actual);
    let lit = response.hovered() || response.dragged() || response.has_focus();
    let thumb = Rect::from_center_size(at, vec2(12.0, 12.0));
    ui.painter().rect_filled(thumb, 6.0, if lit { t.text } else { t.dim });
    ui.painter().rect_stroke(thumb, 6.0, Stroke::new(2.0, t.panel), StrokeKind::Outside);
    if let Some(here) = response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked()) {
        let share = f64::from((here.x - track.left()) / track.width().max(1.0)).clamp(0.0, 1.0);
        let wanted = ((low + share * (high - low)) / step).round() * step;
        if (wanted - value).abs() > step * 0.01 {
            out.push(ControlCommand::Turn(knob, wanted).into());
        } else if !selected {
            out.push(ControlCommand::Knob(knob).into());
        }
    }
}
