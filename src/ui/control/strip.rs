//! The tabs above the views of a control loop.

use egui::Ui;

use crate::app::Command;
use crate::app::control::{ControlCommand, ControlPage, ControlView};
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, size};
use crate::ui::view_tabs;

/// Draws the tabs, and at the right what is chosen of the signals.
pub fn tabs(ui: &mut Ui, page: &ControlPage, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let words = |view: ControlView| [view.title(), view.name()];
    let (clicked, room) = view_tabs::show(ui, &ControlView::ALL, page.view(), words);
    out.extend(clicked.map(|view| ControlCommand::Show(view).into()));
    let (shown, all) = (page.sheet().shown().count(), page.sheet().plots().list.len());
    let said = Words::of(&format!("{shown} of {all} plots"), egui::FontId::proportional(size::LABEL), t.dim);
    let room = room.with_max_x(room.right() - 16.0);
    if room.width() > 90.0 {
        said.paint_right(ui.painter(), room.right_center(), room.width());
    }
}
