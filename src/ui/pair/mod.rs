//! The opened pair, everything below the menu bar: verdict, events, inspector, overview, status.

pub(super) mod banner;
mod bookmarks;
mod causes;
mod cells;
mod chooser;
mod columns;
mod decided;
mod events;
mod fields;
mod filters;
pub(super) mod glyph;
mod header;
mod heading;
mod inspector;
mod links;
mod order;
mod overview;
mod panes;
mod propagation;
mod raw;
mod replay;
mod row;
pub(super) mod scrollbar;
mod spec;
mod status;
mod strip;
mod timeline;
pub(super) mod words;

use egui::{CentralPanel, Color32, Frame, Panel, Ui};

pub(super) use glyph::Mark;

use super::theme;
use crate::app::layout::Layout;
use crate::app::pair::{Pair, PairRequest};

/// What the window around the pair has to say in its status bar.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Status {
    /// What is running, such as `Comparing 45 %`; empty when nothing is.
    pub job: String,
    /// True to play in fewer, larger jumps.
    pub reduced_motion: bool,
}

/// Draws the pair and says what was asked for.
pub fn show(ui: &mut Ui, pair: &Pair, layout: &Layout, status: &Status, out: &mut Vec<PairRequest>) {
    let t = theme::tokens(ui);
    let bar = |fill: Color32| Frame::NONE.fill(fill);
    let window = ui.available_size();
    Panel::top("verdict")
        .exact_size(header::height(window.x))
        .resizable(false)
        .frame(bar(t.panel))
        .show_separator_line(true)
        .show(ui, |ui| header::show(ui, pair, out));
    let doubts = banner::sentences(pair);
    if !doubts.is_empty() {
        Panel::top("banner")
            .exact_size(banner::HEIGHT)
            .resizable(false)
            .frame(bar(t.warn_wash))
            .show_separator_line(false)
            .show(ui, |ui| {
                if banner::show(ui, &doubts) {
                    out.push(PairRequest::Messages);
                }
            });
    }
    Panel::bottom("status").exact_size(status::HEIGHT).resizable(false).frame(bar(t.panel)).show(ui, |ui| {
        status::show(ui, pair, status, out);
    });
    CentralPanel::no_frame().show(ui, |ui| panes::show(ui, pair, layout, window, out));
    replay::clock(ui, pair, status.reduced_motion, out);
}
