//! The opened pair, everything below the menu bar: verdict, events, inspector, overview, status.

mod banner;
mod bookmarks;
mod causes;
mod cells;
mod columns;
mod events;
mod fields;
mod filters;
pub(super) mod glyph;
mod header;
mod inspector;
mod links;
mod order;
mod overview;
mod raw;
mod replay;
mod row;
mod scrollbar;
mod spec;
mod status;
mod strip;
mod tabs;
mod timeline;
mod words;

use egui::{CentralPanel, Color32, Frame, Panel, Ui};

pub(super) use glyph::Mark;

use super::theme;
use crate::app::pair::{Pair, PairRequest, View};

/// What the window around the pair has to say in its status bar.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Status {
    /// What is running, such as `Comparing 45 %`; empty when nothing is.
    pub job: String,
    /// True to play in fewer, larger jumps.
    pub reduced_motion: bool,
}

/// The inspector's width: as drawn, and as little as its table of fields can live with.
const INSPECTOR: f32 = 356.0;
const INSPECTOR_LEAST: f32 = 248.0;
/// The spec needs more: its evidence is sentences.
const SPEC: f32 = 460.0;
/// A window narrower than this has no room for an inspector beside the events.
const NARROW: f32 = 640.0;
/// A window lower than this does without the overview.
const LOW: f32 = 420.0;

/// Draws the pair and says what was asked for.
pub fn show(ui: &mut Ui, pair: &Pair, status: &Status, out: &mut Vec<PairRequest>) {
    let t = theme::tokens(ui);
    let bar = |fill: Color32| Frame::NONE.fill(fill);
    let (width, height) = (ui.available_width(), ui.available_height());
    Panel::top("verdict")
        .exact_size(header::height(width))
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
            .show(ui, |ui| banner::show(ui, &doubts, out));
    }
    if pair.causes_open() {
        Panel::top("causes").default_size(220.0).size_range(120.0..=height * 0.5).frame(bar(t.panel)).show(ui, |ui| {
            causes::show(ui, pair, out);
        });
    }
    if pair.bookmarks().is_open() {
        let panel = Panel::top("bookmarks").default_size(180.0).size_range(96.0..=height * 0.5).frame(bar(t.panel));
        panel.show(ui, |ui| bookmarks::show(ui, pair, out));
    }
    Panel::bottom("status").exact_size(status::HEIGHT).resizable(false).frame(bar(t.panel)).show(ui, |ui| {
        status::show(ui, pair, status, out);
    });
    if height > LOW {
        Panel::bottom("overview").exact_size(overview::HEIGHT).resizable(false).frame(bar(t.panel)).show(ui, |ui| {
            overview::show(ui, pair, out);
        });
    }
    if width > NARROW {
        let most = (width * 0.5).max(INSPECTOR_LEAST);
        if pair.spec_open() {
            let panel = Panel::right("spec").default_size(SPEC.min(most)).size_range(INSPECTOR_LEAST..=most);
            panel.frame(bar(t.panel)).show(ui, |ui| spec::show(ui, pair, out));
        } else {
            let usual = if width < 1100.0 { INSPECTOR_LEAST + 12.0 } else { INSPECTOR };
            let panel = Panel::right("inspector").default_size(usual).size_range(INSPECTOR_LEAST..=most);
            panel.frame(bar(t.panel)).show(ui, |ui| {
                let below = replay::height(pair, ui.available_height());
                let panel = Panel::bottom("replay").exact_size(below).resizable(false).show_separator_line(false);
                panel.frame(bar(t.panel)).show(ui, |ui| replay::show(ui, pair, out));
                CentralPanel::no_frame().show(ui, |ui| inspector::show(ui, pair, out));
            });
        }
    }
    Panel::top("views")
        .exact_size(tabs::HEIGHT)
        .resizable(false)
        .frame(bar(t.panel))
        .show_separator_line(false)
        .show(ui, |ui| tabs::show(ui, pair, out));
    if pair.view() == View::Events && pair.filter().active() {
        Panel::top("filters").exact_size(filters::HEIGHT).resizable(false).frame(bar(t.panel)).show(ui, |ui| {
            filters::show(ui, pair, out);
        });
    }
    CentralPanel::no_frame().frame(bar(t.bg)).show(ui, |ui| match pair.view() {
        View::Timeline => timeline::show(ui, pair, out),
        View::Events => events::show(ui, pair, out),
        View::Order => order::show(ui, pair, out),
    });
    replay::clock(ui, pair, status.reduced_motion, out);
}
