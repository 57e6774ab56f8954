//! What is selected in a control loop, to be copied: what was read at the cursor.

use super::{ControlPage, Look, Sheet, Values};
use crate::report::{self, Form, Moment, Reading};
use crate::trace::{Side, Sides};

impl Sheet {
    /// The plots that are shown, and the selected one.
    fn read_off(&self) -> impl Iterator<Item = usize> {
        (0..self.plots().list.len()).filter(|&plot| self.is_shown(plot) || plot == self.selected())
    }

    fn reading(&self, plot: usize) -> Reading {
        let cursors = self.cursors();
        let at = |time: Option<f64>| time.map_or_else(Sides::default, |time| self.both_at(plot, time));
        let (values, then) = (at(cursors.at), at(cursors.from));
        let alone = || self.values_at(plot, cursors.at?).into_iter().find(|(look, _)| *look == Look::Between)?.1;
        let between = match (values.expected, values.actual) {
            (Some(expected), Some(actual)) => Some(actual - expected),
            // What is between the runs has one value.
            (None, None) => alone(),
            _ => None,
        };
        let change = |side: Side| values[side].zip(then[side]).map(|(now, then)| now - then);
        let shown = &self.plots().list[plot];
        Reading {
            name: shown.name.clone(),
            unit: shown.unit.clone(),
            values,
            between,
            change: Sides::new(change(Side::Expected), change(Side::Actual)),
        }
    }

    /// What was read at the cursor.
    pub(super) fn moment(&self) -> Moment {
        let (plots, control) = (self.plots(), self.control());
        let at = self.cursors().at;
        let here = |time: f64| at.is_some_and(|at| at.to_bits() == time.to_bits());
        let causes = control.diagnosis.causes.iter().enumerate();
        let mut there: Vec<String> =
            self.notable().iter().filter(|notable| here(notable.at)).map(|notable| notable.what.clone()).collect();
        for lane in &plots.lanes {
            for side in Side::BOTH {
                let holds = |(from, to): &(f64, f64)| at.is_some_and(|at| (*from..=*to).contains(&at));
                let word = lane.kind.word();
                if lane.stretches[side].iter().any(holds) && !there.iter().any(|said| said == word) {
                    there.push(format!("{word} ({side})"));
                }
            }
        }
        there.dedup();
        Moment {
            step: at.and_then(|at| plots.step_at(control, at)),
            seconds: at.filter(|_| plots.timed),
            measured: self.cursors().distance(),
            there,
            readings: self.read_off().map(|plot| self.reading(plot)).collect(),
            causes: causes.filter(|(_, cause)| here(plots.when(&cause.onset))).map(|(place, _)| place).collect(),
            selected: plots.list.get(self.selected()).map_or_else(String::new, |plot| plot.name.clone()),
        }
    }

    /// The lines that both runs recorded at the cursor, each after its file and line: those of the selected signal. Where one run
    /// has no such signal it has no such line either; an error is of all that a run recorded.
    pub(super) fn lines(&self) -> Vec<String> {
        let (plots, control) = (self.plots(), self.control());
        let selected = plots.list.get(self.selected());
        let line = |side: Side| {
            let axis = selected.into_iter().flat_map(|plot| &plot.lines).find_map(|line| match line.values {
                Values::Signal(of, at) if of == side && line.look == Look::of(side) => {
                    Some(control.samples[side].signals[at].axis)
                }
                Values::Signal(..) | Values::Error(_) => None,
            });
            if axis.is_none() && selected?.kind.is_none() {
                return None;
            }
            let (axis, index) = plots.sample_of(side, axis, self.cursors().at?)?;
            let (file, place) = control.place(side, axis, index)?;
            Some(format!("{file}:{} {}", place.line, control.text(side, axis, index)?.trim_end()))
        };
        Side::BOTH.into_iter().filter_map(line).collect()
    }
}

impl ControlPage {
    /// True when there is something to copy.
    pub fn has_selected(&self) -> bool {
        !self.sheet().plots().list.is_empty()
    }

    /// What was read at the cursor in words, or for a program.
    pub(in crate::app) fn selected_as(&self, form: Form) -> Option<String> {
        let sheet = self.sheet();
        self.has_selected().then(|| report::selected_moment(sheet.control(), &sheet.moment(), form))
    }

    /// What was recorded at the cursor; `None` where that is no text.
    pub(in crate::app) fn selected_lines(&self) -> Option<String> {
        let lines = self.sheet().lines();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// Says what was copied.
    pub(in crate::app) fn tell_copied(&mut self) {
        let moment = self.sheet().moment();
        let at = moment.words();
        self.notice = if at.is_empty() {
            format!("Copied {}.", crate::trace::escape(&moment.selected))
        } else {
            format!("Copied {at}.")
        };
    }
}
