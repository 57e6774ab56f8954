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
mod pace;
mod panes;
mod propagation;
mod raw;
mod replay;
mod row;
pub(super) mod scrollbar;
pub(super) mod sides;
pub(super) mod span_marks;
mod spec;
mod status;
mod strip;
mod tail;
mod timeline;
mod waterfall;
pub(super) mod words;

use egui::{CentralPanel, Ui};

pub(super) use glyph::Mark;

use super::bars::{self, Bar, Status};
use crate::app::layout::Layout;
use crate::app::pair::{Pair, PairRequest};

/// Draws the first rows of a pair that is still read.
pub fn first_rows(ui: &mut Ui, pair: &Pair, out: &mut Vec<PairRequest>) {
    events::show(ui, pair, out);
}

/// Draws the pair and says what was asked for.
pub fn show(ui: &mut Ui, pair: &Pair, layout: &Layout, status: &Status, out: &mut Vec<PairRequest>) {
    pace::Pace::note(ui, pair);
    let window = ui.available_size();
    let mut draw = |ui: &mut Ui, bar: Bar| match bar {
        Bar::Verdict => header::show(ui, pair, &status.states, out),
        Bar::Status => status::show(ui, pair, status, out),
    };
    if bars::around(ui, header::height(window), &banner::sentences(pair), &mut draw) {
        out.push(PairRequest::Messages);
    }
    CentralPanel::no_frame().show(ui, |ui| panes::show(ui, pair, layout, (window, status), out));
    replay::clock(ui, pair, status.reduced_motion, out);
}
