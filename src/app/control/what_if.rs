//! What if: the reference plant with one fault whose kind, strength and time are turned like knobs. A run of eighty steps and
//! its diagnosis take less than a frame, so each turn is answered at once.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::command::ControlCommand;
use super::plots::Plots;
use super::sheet::{SeenSheet, Sheet};
use crate::analyse::Control;
use crate::control::plant::{self, Fault, Injection, Pair, Setup};
use crate::trace::{Sides, escape};

/// What can be turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Knob {
    /// Which fault.
    #[default]
    Kind,
    /// How strong it is.
    Strength,
    /// At which step it begins.
    Onset,
    /// How many steps it lasts.
    Length,
}

impl Knob {
    /// Every knob, from the top.
    pub const ALL: [Self; 4] = [Self::Kind, Self::Strength, Self::Onset, Self::Length];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Kind => "fault",
            Self::Strength => "strength",
            Self::Onset => "begins at step",
            Self::Length => "lasts",
        }
    }
}

/// A fault that can be tried out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kind {
    /// What goes wrong, in words.
    pub words: &'static str,
    /// The unit of its strength.
    pub unit: &'static str,
    /// Its name in [`Fault::named`].
    name: &'static str,
    /// From which strength to which.
    pub range: (f64, f64),
    /// How much one press turns.
    pub step: f64,
    /// The strength to begin with.
    first: f64,
}

const fn kind(
    words: &'static str,
    name: &'static str,
    unit: &'static str,
    range: (f64, f64),
    step: f64,
    first: f64,
) -> Kind {
    Kind { words, unit, name, range, step, first }
}

/// The faults, in the order of the choice.
pub const KINDS: [Kind; 13] = [
    kind("delayed measurement", "delay", "steps", (0.0, 12.0), 1.0, 3.0),
    kind("dropped measurement", "dropout", "", (0.0, 0.0), 1.0, 0.0),
    kind("measurement off", "bias", "m", (-1.0, 1.0), 0.05, 0.3),
    kind("noisy measurement", "noise", "m", (0.0, 0.5), 0.01, 0.05),
    kind("stale estimate", "stale", "kept", (0.0, 1.0), 0.01, 0.98),
    kind("actuator saturation", "saturation", "m/s²", (0.05, 1.2), 0.05, 0.55),
    kind("actuator lag", "lag", "s", (0.0, 2.0), 0.05, 0.5),
    kind("actuator dead zone", "deadzone", "m/s²", (0.0, 1.2), 0.05, 0.4),
    kind("longer steps", "jitter", "s", (0.0, 0.2), 0.01, 0.03),
    kind("missed updates", "missed", "s", (0.0, 0.2), 0.01, 0.02),
    kind("overrun", "overrun", "ms", (50.0, 200.0), 5.0, 123.0),
    kind("push", "push", "m/s²", (-1.0, 1.0), 0.05, 0.3),
    kind("setpoint shifted", "shift", "m", (-1.0, 1.0), 0.05, 0.4),
];

/// The plant, the fault, and what comes of it.
#[derive(Debug, Clone)]
pub struct WhatIf {
    kind: usize,
    strength: f64,
    onset: u32,
    length: u32,
    selected: Knob,
    sheet: Option<Sheet>,
}

/// The fault that is tried out and what is seen of it, as it is saved.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeenWhatIf {
    /// The fault, by its name.
    fault: String,
    strength: f64,
    /// At which step it begins.
    begins_at: u32,
    /// How many steps it lasts.
    lasts: u32,
    /// The selected knob.
    knob: String,
    #[serde(flatten)]
    sheet: SeenSheet,
}

impl Default for WhatIf {
    fn default() -> Self {
        Self { kind: 0, strength: KINDS[0].first, onset: 24, length: 8, selected: Knob::default(), sheet: None }
    }
}

impl WhatIf {
    /// What goes wrong.
    pub const fn kind(&self) -> Kind {
        KINDS[self.kind]
    }

    /// The selected knob.
    pub const fn selected(&self) -> Knob {
        self.selected
    }

    /// What came of the last run; none before the first.
    pub const fn sheet(&self) -> Option<&Sheet> {
        self.sheet.as_ref()
    }

    pub(super) const fn sheet_mut(&mut self) -> Option<&mut Sheet> {
        self.sheet.as_mut()
    }

    /// How far a knob is turned; for the kind, its place in [`KINDS`].
    pub fn value(&self, knob: Knob) -> f64 {
        match knob {
            Knob::Kind => self.kind as f64,
            Knob::Strength => self.strength,
            Knob::Onset => f64::from(self.onset),
            Knob::Length => f64::from(self.length),
        }
    }

    /// How far a knob can be turned, and how much one press turns it.
    pub fn range(&self, knob: Knob) -> ((f64, f64), f64) {
        let last = f64::from(Setup::default().steps - 1);
        match knob {
            Knob::Kind => ((0.0, (KINDS.len() - 1) as f64), 1.0),
            Knob::Strength => (self.kind().range, self.kind().step),
            Knob::Onset => ((0.0, last), 1.0),
            Knob::Length => ((1.0, last + 1.0), 1.0),
        }
    }

    /// How far a knob is turned, in words.
    pub fn words(&self, knob: Knob) -> String {
        match knob {
            Knob::Kind => self.kind().words.to_owned(),
            Knob::Strength if self.kind().unit.is_empty() => "on".to_owned(),
            Knob::Strength => {
                let decimals = usize::from(self.kind().step < 1.0) * 2;
                format!("{:.decimals$} {}", self.strength, self.kind().unit)
            }
            Knob::Onset => self.onset.to_string(),
            Knob::Length if self.length == 1 => "1 step".to_owned(),
            Knob::Length => format!("{} steps", self.length),
        }
    }

    /// Carries out a command about the knobs.
    pub(super) fn turn(&mut self, command: ControlCommand) {
        match command {
            ControlCommand::Knob(knob) => self.selected = knob,
            ControlCommand::Select(by) => {
                let place = Knob::ALL.iter().position(|knob| *knob == self.selected).unwrap_or_default() as i64;
                self.selected = Knob::ALL[(place + by).clamp(0, Knob::ALL.len() as i64 - 1) as usize];
            }
            ControlCommand::Step(by) => {
                let (_, step) = self.range(self.selected);
                self.set(self.selected, self.value(self.selected) + by as f64 * step);
            }
            ControlCommand::Turn(knob, value) => {
                self.selected = knob;
                self.set(knob, value);
            }
            _ => {}
        }
    }

    fn set(&mut self, knob: Knob, value: f64) {
        self.turn_to(knob, value);
        self.run();
    }

    fn turn_to(&mut self, knob: Knob, value: f64) {
        let ((low, high), step) = self.range(knob);
        if !value.is_finite() {
            return;
        }
        let value = ((value / step).round() * step).clamp(low, high);
        match knob {
            Knob::Kind => {
                self.kind = value as usize;
                self.strength = self.kind().first;
            }
            Knob::Strength => self.strength = value,
            Knob::Onset => self.onset = value as u32,
            Knob::Length => self.length = value as u32,
        }
    }

    /// What is seen, to be kept; `None` before the first run.
    pub(super) fn seen(&self) -> Option<SeenWhatIf> {
        let sheet = self.sheet.as_ref()?;
        Some(SeenWhatIf {
            fault: self.kind().name.to_owned(),
            strength: self.strength,
            begins_at: self.onset,
            lasts: self.length,
            knob: self.selected.word().to_owned(),
            sheet: sheet.seen(),
        })
    }

    /// Turns the knobs as they were before and runs; says what is not here.
    pub(super) fn set_seen(&mut self, seen: &SeenWhatIf) -> Vec<String> {
        let Some(kind) = KINDS.iter().position(|kind| kind.name == seen.fault) else {
            return vec![format!("The view file tries out {}, which is no fault known here.", escape(&seen.fault))];
        };
        self.turn_to(Knob::Kind, kind as f64);
        self.turn_to(Knob::Strength, seen.strength);
        self.turn_to(Knob::Onset, f64::from(seen.begins_at));
        self.turn_to(Knob::Length, f64::from(seen.lasts));
        self.selected = Knob::ALL.into_iter().find(|knob| knob.word() == seen.knob).unwrap_or_default();
        self.run();
        self.sheet.as_mut().map_or_else(Vec::new, |sheet| sheet.set_seen(&seen.sheet))
    }

    /// The fault as it is injected.
    pub fn injection(&self) -> Option<Injection> {
        let fault = Fault::named(self.kind().name, self.strength)?;
        Some(Injection::new(fault, self.onset, self.onset + self.length - 1))
    }

    /// The plant with and without the fault, diagnosed.
    pub(super) fn control(&self) -> Control {
        let setup = Setup { faults: self.injection().into_iter().collect(), ..Setup::default() };
        let Pair { expected, actual } = Pair::of(&setup);
        let samples = Sides::new(expected, actual).map(|steps| plant::samples(&steps, true));
        let labels = Sides::new(Some("healthy".to_owned()), Some(self.kind().words.to_owned()));
        Control::simulated(labels, samples)
    }

    /// Runs the plant. What is seen stays as it is.
    pub(super) fn run(&mut self) {
        let control = self.control();
        let plots = Plots::new(&control);
        let mut sheet = Sheet::new(Arc::new(control), Arc::new(plots));
        if let Some(before) = &self.sheet {
            sheet.take_after(before);
        }
        self.sheet = Some(sheet);
    }
}
