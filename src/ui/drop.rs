//! Files dragged over the window: what dropping them would do, and the drop.

use std::path::PathBuf;

use egui::{Align2, Rect, Ui, pos2};

use super::fonts;
use super::parts::words;
use super::theme::{self, size};
use crate::app::{Command, State};
use crate::trace::Side;

/// Draws the overlay while files hover, and sends what was dropped.
pub fn show(ui: &Ui, state: &State, out: &mut Vec<Command>) {
    let (hovered, dropped) = ui.input(|input| {
        let dropped: Vec<PathBuf> = input.raw.dropped_files.iter().map(|file| file.path().to_path_buf()).collect();
        (input.raw.hovered_files.len(), dropped)
    });
    let one_of_two = state.pair().is_some() && state.front().open.as_ref().is_some_and(|open| open.paths.len() == 2);
    if !dropped.is_empty() {
        let side = if one_of_two && dropped.len() == 1 { side_under_pointer(ui) } else { None };
        out.push(Command::Drop(dropped, side));
    } else if hovered > 0 {
        overlay(ui, hovered, one_of_two);
    }
}

/// The half of the window the pointer is over; none when the system does not say.
fn side_under_pointer(ui: &Ui) -> Option<Side> {
    let window = ui.ctx().content_rect();
    let at = ui.input(|input| input.pointer.latest_pos())?;
    Some(if at.x < window.center().x { Side::Expected } else { Side::Actual })
}

fn overlay(ui: &Ui, files: usize, one_of_two: bool) {
    let t = theme::tokens(ui);
    let window = ui.ctx().content_rect();
    let layer = egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop"));
    let painter = ui.ctx().layer_painter(layer);
    painter.rect_filled(window, 0, t.bg.gamma_multiply(0.94));
    let zone = |rect: Rect, side: Option<Side>, title: &str, below: &str, near: bool| {
        let colour = match side {
            Some(Side::Expected) => t.expected,
            Some(Side::Actual) => t.actual,
            None => t.text,
        };
        let rect = rect.shrink(20.0);
        if near {
            let wash = match side {
                Some(Side::Expected) => t.expected_wash,
                Some(Side::Actual) => t.actual_wash,
                None => t.panel,
            };
            painter.rect_filled(rect, 8, wash);
        }
        painter.rect_stroke(rect, 8, egui::Stroke::new(1.5, colour), egui::StrokeKind::Inside);
        let centre = rect.center();
        painter.text(centre, Align2::CENTER_BOTTOM, title, fonts::semibold(size::TITLE), colour);
        painter.text(pos2(centre.x, centre.y + 6.0), Align2::CENTER_TOP, below, words(size::BODY), t.text);
    };
    let (left, right) = window.split_left_right_at_x(window.center().x);
    match files {
        1 if one_of_two => {
            let near = side_under_pointer(ui);
            zone(
                left,
                Some(Side::Expected),
                "Expected",
                "replaces the run that went right",
                near == Some(Side::Expected),
            );
            zone(right, Some(Side::Actual), "Actual", "replaces the run in question", near == Some(Side::Actual));
        }
        1 => zone(window, None, "Open", "a pack, a folder, or one recording", true),
        2 => {
            let below = "by the words in the names, else by name order";
            zone(left, Some(Side::Expected), "Expected", below, false);
            zone(right, Some(Side::Actual), "Actual", below, false);
        }
        _ => zone(window, None, "Too many files", "drop a pack, a folder, or two recordings", false),
    }
}
