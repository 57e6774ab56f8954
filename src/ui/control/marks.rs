//! The moments through all plots: the onset, the fixed threshold, the cursor, and what is measured.

use egui::{Align2, FontId, Painter, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::figures::{moment, set, time, with_unit};
use super::plots::Stage;
use crate::app::Command;
use crate::app::control::ControlCommand;
use crate::ui::fonts::medium;
use crate::ui::pair::words::{LaidOut, Words};
use crate::ui::theme::{self, size};

/// Draws the lines down to `bottom`, and their names into the head.
pub fn show(ui: &Ui, stage: &Stage<'_>, head: Rect, bottom: f32, out: &mut Vec<Command>) {
    let (sheet, t) = (stage.sheet, stage.t);
    let painter = ui.painter();
    let cursors = sheet.cursors();
    if let (Some(at), Some(from)) = (cursors.at, cursors.from) {
        measured(painter, stage, head, bottom, at, from);
    }
    if let Some(at) = cursors.at {
        let x = painter.round_to_pixel_center(stage.x(at));
        if stage.sees(x) {
            painter.vline(x, head.bottom()..=bottom, Stroke::new(1.0, t.text));
            let tip = pos2(x, head.bottom());
            let points = vec![tip + vec2(-4.0, -5.0), tip + vec2(4.0, -5.0), tip];
            painter.add(Shape::convex_polygon(points, t.text, Stroke::NONE));
        }
        let rect = Rect::from_min_max(pos2(x - 3.0, head.bottom() - 6.0), pos2(x + 3.0, bottom));
        // Only a name: the pointer goes to the plots below.
        let response = ui.interact(rect.intersect(ui.clip_rect()), ui.scope_id().with("cursor"), Sense::empty());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("cursor at {}", moment(sheet, at))));
    }
    let mut taken = Vec::new();
    if let Some(at) = sheet.onset() {
        let x = painter.round_to_pixel_center(stage.x(at));
        if stage.sees(x) {
            painter.vline(x, head.bottom() - 6.0..=bottom, Stroke::new(1.5, t.cause));
            let words = Words::of(&format!("onset {}", moment(sheet, at)), medium(size::SMALL), t.panel);
            let chip = chip(painter, stage, head, x, words.layout(painter, 200.0), Some(t.cause), &mut taken);
            named(ui, chip, "onset", &format!("onset at {}", moment(sheet, at)), ControlCommand::Onset, out);
        }
    }
    if let Some(at) = sheet.criterion() {
        let x = painter.round_to_pixel_center(stage.x(at));
        if stage.sees(x) {
            dashed(painter, x, head.bottom() - 6.0, bottom, Stroke::new(1.0, t.dim));
            let threshold = sheet.control().diagnosis.criterion.as_ref().map_or(0.0, |criterion| criterion.threshold);
            let threshold = with_unit(&set(threshold), sheet.state_unit());
            let words = Words::of(
                &format!("{threshold} exceeded {}", time(sheet, at)),
                FontId::proportional(size::SMALL),
                t.text,
            );
            let chip = chip(painter, stage, head, x, words.layout(painter, 220.0), None, &mut taken);
            let name = format!("threshold of {threshold} first exceeded at {}", moment(sheet, at));
            named(ui, chip, "threshold", &name, ControlCommand::Criterion, out);
        }
    }
}

fn dashed(painter: &Painter, x: f32, top: f32, bottom: f32, stroke: Stroke) {
    painter.extend(Shape::dashed_line(&[pos2(x, top), pos2(x, bottom)], stroke, 3.0, 3.0));
}

/// What lies between the cursor and where one measures from.
fn measured(painter: &Painter, stage: &Stage<'_>, head: Rect, bottom: f32, at: f64, from: f64) {
    let t = stage.t;
    let (left, right) = (stage.x(at.min(from)), stage.x(at.max(from)));
    let seen = Rect::from_min_max(
        pos2(left.clamp(stage.left, stage.right), head.bottom()),
        pos2(right.clamp(stage.left, stage.right), bottom),
    );
    painter.rect_filled(seen, 0.0, theme::veil(t.selection, 0.5));
    let x = painter.round_to_pixel_center(stage.x(from));
    if stage.sees(x) {
        dashed(painter, x, head.bottom(), bottom, Stroke::new(1.0, t.text));
    }
    let distance = time(stage.sheet, (at - from).abs());
    let words = painter.layout_no_wrap(distance, FontId::monospace(size::SMALL), t.text);
    let rect = Align2::CENTER_BOTTOM.anchor_size(pos2(seen.center().x, bottom - 4.0), words.size() + vec2(12.0, 4.0));
    painter.rect_filled(rect, 3.0, t.raised);
    painter.galley(rect.min + vec2(6.0, 2.0), words, t.text);
}

/// A name beside its line, on a ground of its own colour or without one. Where others stand at both sides it is left out; the
/// line keeps its place.
fn chip(
    painter: &Painter,
    stage: &Stage<'_>,
    head: Rect,
    x: f32,
    words: LaidOut,
    ground: Option<egui::Color32>,
    taken: &mut Vec<Rect>,
) -> Rect {
    let room = vec2(words.width() + 12.0, 18.0);
    let place = |left: f32| Rect::from_min_size(pos2(left, head.top() + 4.0), room);
    let beside = if ground.is_some() { -1.0 } else { 4.0 };
    let free = |rect: &Rect| {
        let within = rect.right() <= stage.right + 12.0 && rect.left() >= head.left() + 4.0;
        within && taken.iter().all(|other: &Rect| !other.expand(4.0).intersects(*rect))
    };
    let Some(rect) = [place(x + beside), place(x - room.x - beside)].into_iter().find(free) else {
        return Rect::from_center_size(pos2(x, head.bottom() - 4.0), vec2(8.0, 8.0));
    };
    if let Some(colour) = ground {
        painter.rect_filled(rect, 3.0, colour);
    }
    words.paint(painter, pos2(rect.left() + 6.0, rect.center().y));
    taken.push(rect);
    rect
}

fn named(ui: &Ui, rect: Rect, id: &str, name: &str, go: ControlCommand, out: &mut Vec<Command>) {
    let response = ui.interact(rect, ui.scope_id().with(id), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, name));
    crate::ui::parts::focus_ring(ui, &response, rect.expand(1.0));
    if response.clicked() {
        out.push(go.into());
    }
    response.on_hover_cursor(egui::CursorIcon::PointingHand);
}
