//! What is seen of a pair of runs, as it is saved.

use serde::{Deserialize, Serialize};

use super::{Look, Sheet};
use crate::trace::{Side, escape};

/// What is seen of a pair of runs, the plots by their names.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeenSheet {
    /// The plots that are shown; those that are first shown where none is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<Vec<String>>,
    cursor: Option<f64>,
    /// Where one measures from.
    #[serde(skip_serializing_if = "Option::is_none")]
    measured_from: Option<f64>,
    from: f64,
    to: f64,
    /// Between which values a person chose to see plots.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<(String, f64, f64)>,
    /// Lines that are not drawn: `expected`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    without: Vec<String>,
    selected: String,
    /// The first plot in sight, where the plots are scrolled.
    #[serde(skip_serializing_if = "String::is_empty")]
    top: String,
}

/// The lines that a person may leave out.
const TOGGLED: [Look; 3] = [Look::Wanted, Look::Expected, Look::Actual];

impl Sheet {
    fn name(&self, plot: usize) -> String {
        self.plots.list.get(plot).map_or_else(String::new, |plot| plot.name.clone())
    }

    /// The plot with this name.
    pub(in crate::app::control) fn plot_named(&self, name: &str) -> Option<usize> {
        self.plots.list.iter().position(|plot| plot.name == name)
    }

    /// What is seen, to be kept.
    pub(in crate::app::control) fn seen(&self) -> SeenSheet {
        let top = self.shown().nth(self.scroller.top() as usize).filter(|_| self.scroller.top() > 0);
        SeenSheet {
            shown: Some(self.shown().map(|plot| self.name(plot)).collect()),
            cursor: self.cursors.at,
            measured_from: self.cursors.from,
            from: self.sight.from(),
            to: self.sight.to(),
            values: self.zoomed().map(|(plot, (low, high))| (self.name(plot), low, high)).collect(),
            without: TOGGLED.iter().filter(|look| !self.draws(**look)).map(|look| look.word().to_owned()).collect(),
            selected: self.name(self.selected),
            top: top.map_or_else(String::new, |plot| self.name(plot)),
        }
    }

    /// Shows what was seen before; says what of it is not here.
    pub(in crate::app::control) fn set_seen(&mut self, seen: &SeenSheet) -> Vec<String> {
        let mut missing = Vec::new();
        let mut place = |sheet: &Self, name: &str| {
            let found = sheet.plot_named(name);
            if found.is_none() && !name.is_empty() {
                let sentence = format!("The view file shows {}, which is not recorded here.", escape(name));
                if !missing.contains(&sentence) {
                    missing.push(sentence);
                }
            }
            found
        };
        if let Some(shown) = &seen.shown {
            self.shown.fill(false);
            for name in shown {
                if let Some(plot) = place(self, name) {
                    self.shown[plot] = true;
                }
            }
        }
        self.values.fill(None);
        for (name, low, high) in seen.values.iter().filter(|(_, low, high)| low < high) {
            if let Some(plot) = place(self, name) {
                self.values[plot] = Some((*low, *high));
            }
        }
        if let Some(plot) = place(self, &seen.selected) {
            self.selected = plot;
        }
        let drawn = |look: Look| !seen.without.iter().any(|without| without == look.word());
        self.wanted = drawn(Look::Wanted);
        for side in Side::BOTH {
            self.drawn[side] = drawn(Look::of(side));
        }
        if seen.from < seen.to {
            self.sight.show(seen.from, seen.to);
        }
        self.cursors.at = seen.cursor.map(|at| self.nearest(at));
        self.cursors.from = seen.measured_from.map(|at| self.nearest(at));
        self.arrange(self.scroller.viewport());
        let top = self.shown().position(|plot| self.plots.list[plot].name == seen.top);
        if let Some(top) = top {
            self.scroller.begin_at(top as u32);
        }
        missing
    }
}
