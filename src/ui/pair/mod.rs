//! The opened pair, everything below the menu bar: verdict, events, inspector, overview, status.

use crate::app::pair::{Pair, PairRequest};

/// What the window around the pair has to say in its status bar.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Status {
    /// What is running, such as `Comparing 45 %`; empty when nothing is.
    pub job: String,
    /// How many messages wait in the messages panel.
    pub messages: usize,
}

/// Draws the pair and says what was asked for.
pub fn show(ui: &mut egui::Ui, pair: &Pair, status: &Status, out: &mut Vec<PairRequest>) {
    let _ = (pair, status, out);
    ui.label("pair");
}
