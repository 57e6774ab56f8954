//! Below the inspector: the state at the selected row and the breakpoints, each under a heading that opens it.

mod breakpoints;
mod state;
mod transport;

use egui::{FontId, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::glyph;
use super::words::Words;
use crate::app::pair::{Pair, PairCommand, PairRequest};
use crate::app::region::Region;
use crate::ui::fonts::semibold;
use crate::ui::parts;
use crate::ui::regions;
use crate::ui::theme::{self, Tokens, size};

pub use transport::{WIDTH as TRANSPORT_WIDTH, clock, show as transport};

/// Room at the sides: that of the inspector.
const PAD: f32 = 16.0;
/// Height of a heading.
const HEADING: f32 = 32.0;
/// Height of both.
pub const HEADINGS: f32 = 2.0 * HEADING;

/// How high it wants to be.
pub fn height(pair: &Pair) -> f32 {
    let transport = pair.transport();
    let state = if transport.state_open() { state::height(pair) } else { 0.0 };
    let list = if transport.list_open() { breakpoints::height(pair) } else { 0.0 };
    HEADINGS + state + list
}

/// Draws both into all the room there is.
pub fn show(ui: &mut Ui, pair: &Pair, out: &mut Vec<PairRequest>) {
    regions::note(ui, Region::Stepping, ui.max_rect());
    let t = theme::tokens(ui);
    let transport = pair.transport();
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    let list = if transport.list_open() { breakpoints::height(pair) } else { 0.0 };
    let aside = state::aside(pair);
    if heading(ui, "STATE", &aside, "State at this row", transport.state_open(), t) {
        out.push(PairCommand::ToggleState.into());
    }
    if transport.state_open() {
        let room = (ui.available_height() - HEADING - list.min(ui.available_height() * 0.5)).max(0.0);
        ui.allocate_ui(vec2(ui.available_width(), room), |ui| state::show(ui, pair, t, out));
    }
    let count = transport.breakpoints().len();
    let aside = if count == 0 { String::new() } else { count.to_string() };
    if heading(ui, "BREAKPOINTS", &aside, "List of breakpoints", transport.list_open(), t) {
        out.push(PairCommand::ToggleBreakpointList.into());
    }
    if transport.list_open() {
        breakpoints::show(ui, pair, t, out);
    }
}

/// A heading that opens and closes what is below it; true when it was pressed.
fn heading(ui: &mut Ui, title: &str, aside: &str, name: &str, open: bool, t: &Tokens) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEADING), Sense::click());
    response.widget_info(|| {
        let state = if open { "open" } else { "closed" };
        let name = format!("{name}, {state}, {aside}").trim_end_matches(", ").to_owned();
        WidgetInfo::selected(Role::Button, true, open, name)
    });
    let painter = ui.painter();
    if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 0.0, t.raised);
    }
    // Above the first one there is the line of the pane.
    if rect.top() > ui.max_rect().top() {
        painter.hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, t.line));
    }
    let y = rect.center().y;
    glyph::chevron(painter, pos2(rect.left() + PAD + 4.0, y), !open, t.dim);
    Words::of(title, semibold(size::SMALL), t.dim).paint(painter, pos2(rect.left() + PAD + 16.0, y), 140.0);
    let words = Words::of(aside, FontId::proportional(size::LABEL), t.dim);
    words.paint_right(painter, pos2(rect.right() - PAD, y), rect.width() - 150.0);
    parts::focus_ring(ui, &response, rect);
    response.clicked()
}

/// A line of words that is also said, cut where it does not fit.
fn sentence(ui: &mut Ui, text: &str, colour: egui::Color32) {
    let width = ui.available_width() - 2.0 * PAD;
    let galley = ui.painter().layout(text.to_owned(), FontId::proportional(size::LABEL), colour, width);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), galley.size().y + 8.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    ui.painter().galley(rect.min + vec2(PAD, 4.0), galley, colour);
}
