//! The lanes of conditions below the plots: dropouts, delays, saturation, missed deadlines. Each has the expected run above and
//! the actual one below, so that what holds in both is seen to be no cause.

use egui::{FontId, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::figures::moment;
use super::plots::Stage;
use crate::app::Command;
use crate::app::control::{ControlCommand, LanePlot, Sheet};
use crate::control::LaneKind;
use crate::trace::{Side, grouped};
use crate::ui::pair::words::Words;
use crate::ui::theme::size;
use crate::view::Ticks;

/// Height of a lane, and room above and below all.
const LANE: f32 = 22.0;
const AROUND: f32 = 6.0;
/// A stretch is at least so wide.
const LEAST: f32 = 3.0;

/// How high all of them are.
pub fn height(sheet: &Sheet) -> f32 {
    let count = sheet.plots().lanes.len();
    if count == 0 { 0.0 } else { LANE * count as f32 + AROUND * 2.0 }
}

/// Draws the lanes.
pub fn show(ui: &Ui, stage: &Stage<'_>, rect: Rect, ticks: &Ticks, out: &mut Vec<Command>) {
    let (sheet, t) = (stage.sheet, stage.t);
    if sheet.plots().lanes.is_empty() {
        return;
    }
    let painter = ui.painter_at(rect);
    painter.hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, t.line));
    for place in ticks.places() {
        let x = painter.round_to_pixel_center(stage.x(place));
        if stage.sees(x) {
            painter.vline(x, rect.y_range(), Stroke::new(1.0, t.line_soft));
        }
    }
    for (row, lane) in sheet.plots().lanes.iter().enumerate() {
        let top = rect.top() + AROUND + LANE * row as f32;
        let line = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), LANE));
        let response = ui.interact(line.intersect(rect), ui.scope_id().with(("lane", row)), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Row, true, said(sheet, lane)));
        if response.hovered() || response.has_focus() {
            painter.rect_filled(line, 0.0, t.raised);
        }
        let words = Words::of(lane.kind.word(), FontId::proportional(size::SMALL), t.dim);
        words.paint(&painter, pos2(rect.left() + 12.0, line.center().y), stage.left - rect.left() - 16.0);
        for side in Side::BOTH {
            let (y, colour) = match side {
                Side::Expected => (line.top() + 3.0, t.expected),
                Side::Actual => (line.top() + 12.0, t.actual),
            };
            let missed = lane.kind == LaneKind::Deadline;
            stretches(stage, &lane.stretches[side], |from, to| {
                let rect = Rect::from_min_max(pos2(from, y), pos2(to, y + 7.0));
                painter.rect_filled(rect, 1.5, if missed && side == Side::Actual { t.cause } else { colour });
            });
            // A track says that nothing happened there, not that nothing is known.
            painter.hline(stage.left..=stage.right, y + 7.5, Stroke::new(1.0, t.line_soft));
        }
        if response.clicked() {
            let first = lane.stretches[Side::Actual].first().or_else(|| lane.stretches[Side::Expected].first());
            let here = response.interact_pointer_pos().filter(|at| stage.sees(at.x)).map(|at| stage.time(at.x));
            let at = here.or_else(|| first.map(|(from, _)| *from));
            out.extend(at.map(|at| ControlCommand::Cursor(Some(at)).into()));
        }
    }
}

/// The stretches in sight as places on the screen, those that a pixel cannot tell apart as one: O(pixels · log n).
fn stretches(stage: &Stage<'_>, all: &[(f64, f64)], mut each: impl FnMut(f32, f32)) {
    let sight = stage.sheet.sight();
    let mut at = all.partition_point(|(_, to)| *to < sight.from());
    while let Some(&(from, to)) = all.get(at).filter(|(from, _)| *from <= sight.to()) {
        let left = stage.x(from).max(stage.left);
        let right = stage.x(to).min(stage.right).max(left + LEAST);
        // All that begin up to the pixel behind are drawn with it.
        let pixel = stage.time(right + 1.0);
        let behind = (at + all[at..].partition_point(|(from, _)| *from <= pixel)).max(at + 1);
        each(left, stage.x(all[behind - 1].1).min(stage.right).max(right));
        at = behind;
    }
}

/// A lane in words.
fn said(sheet: &Sheet, lane: &LanePlot) -> String {
    let mut text = format!("lane {}", lane.kind.word());
    for side in Side::BOTH {
        let stretches = &lane.stretches[side];
        let number = match stretches.len() {
            0 => "never".to_owned(),
            1 => "once".to_owned(),
            n => format!("{} times", grouped(n as u64)),
        };
        text.extend([if side == Side::Expected { ": " } else { ", " }, side.word(), " ", &number]);
        if let Some((from, _)) = stretches.first() {
            text.extend([" from ", &moment(sheet, *from)]);
        }
    }
    text
}
