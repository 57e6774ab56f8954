//! The text field for a path, on the home page and in its own dialog.

use egui::{Key, Ui};

use super::parts::{self, data};
use super::theme::{self, size};
use crate::app::state::{Focus, Overlay};
use crate::app::{Command, State};

/// Draws the field with its buttons. Enter opens.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let t = theme::tokens(ui);
    let in_dialog = matches!(state.overlay, Some(Overlay::PastePath));
    let mut text = state.path_field.clone();
    let wide = |text: &str| ui.painter().layout_no_wrap(text.to_owned(), parts::words(size::BODY), t.text).size().x;
    let buttons = wide("Open") + wide("Watch") + 4.0 * ui.spacing().button_padding.x + ui.spacing().item_spacing.x;
    ui.horizontal(|ui| {
        let field = egui::TextEdit::singleline(&mut text)
            .font(data(size::LABEL))
            .hint_text(
                egui::RichText::new("/path/to/pack  or  \"expected\" \"actual\"").font(data(size::LABEL)).color(t.dim),
            )
            .margin(egui::Margin::symmetric(8, 0))
            .min_size(egui::vec2(0.0, 32.0))
            .align(egui::Align2::LEFT_CENTER)
            .desired_width(ui.available_width() - buttons - 8.0);
        let response = ui.add(field).accessible_name("Path of a pack, or of expected and actual");
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if response.changed() {
            out.push(Command::SetPathField(text.clone()));
        }
        if state.focus == Some(Focus::Path) && (in_dialog || state.overlay.is_none()) {
            response.request_focus();
            parts::put_caret(ui, response.id, 0..text.chars().count());
            out.push(Command::Focused);
        }
        if parts::button(ui, "Open").clicked() || entered {
            out.push(Command::OpenPathField);
        }
        let watch = parts::button(ui, "Watch").on_hover_text("Follows a folder while runs are written into it.");
        if watch.clicked() {
            out.push(Command::WatchPathField);
        }
    });
}
