//! How well each run kept to its setpoint, as lines of a table: what it is called, its unit, and how it is found.

use super::figures::figures;
use crate::app::control::Sheet;
use crate::control::{Diagnosis, Measures};
use crate::trace::{Side, Sides};

/// A line of the table.
pub struct Row {
    /// What it is: `IAE`.
    pub name: &'static str,
    /// How it is found, in a sentence.
    pub how: &'static str,
    /// Of both runs; empty where it is not known.
    pub values: Sides<String>,
}

/// A measure: its name, how it is found, and what it is of a run.
type Of = (&'static str, &'static str, fn(&Measures) -> Option<String>);

const SECONDS: &str = "\u{202f}s";

fn seconds(value: f64) -> String {
    format!("{}{SECONDS}", figures(value))
}

/// The measures, in the order of the table.
const MEASURES: [Of; 13] = [
    ("greatest error", "The greatest distance from the setpoint.", |m| Some(figures(m.greatest))),
    ("IAE", "∫|e|dt: the error over time.", |m| Some(figures(m.iae))),
    ("ISE", "∫e²dt: the same, large errors counting more.", |m| Some(figures(m.ise))),
    ("ITAE", "∫t|e|dt: the same, late errors counting more.", |m| Some(figures(m.itae))),
    ("overshoot", "How far beyond the setpoint after its last step, as a share of that step.", |m| {
        m.overshoot.map(|share| format!("{}\u{202f}%", figures(share * 100.0)))
    }),
    ("rise", "From 10 % to 90 % of the last step of the setpoint.", |m| m.rise.map(seconds)),
    ("settling", "From the last step of the setpoint until the error stays within 5 % of it.", |m| {
        m.settling.map(seconds)
    }),
    ("steady state", "The mean error of the last tenth of the run.", |m| Some(figures(m.steady_state))),
    ("swings at", "The frequency at which the error swings.", |m| {
        m.oscillation.map(|swing| format!("{}\u{202f}Hz", figures(swing.frequency)))
    }),
    ("damping", "The damping ratio of the swinging error; below zero it grows.", |m| {
        m.oscillation.map(|swing| figures(swing.damping))
    }),
    ("delay", "By how much the measurement follows: the lag of the greatest cross-correlation.", |m| {
        m.delay.map(seconds)
    }),
    ("jitter", "The greatest deviation of a step's length from the usual one.", |m| {
        m.jitter.map(|(_, most)| seconds(most))
    }),
    ("clipped", "For how long the output stood at its limit.", |m| Some(seconds(m.clipped))),
];

/// The lines that at least one run says something in.
pub fn rows(sheet: &Sheet) -> Vec<Row> {
    let diagnosis: &Diagnosis = &sheet.control().diagnosis;
    let of = |side: Side| diagnosis.measures[side].first();
    let both = |of: &dyn Fn(Side) -> Option<String>| Sides::new(of(Side::Expected), of(Side::Actual));
    let mut rows: Vec<Row> = Vec::new();
    let mut add = |name, how, values: Sides<Option<String>>| {
        if values.expected.is_some() || values.actual.is_some() {
            rows.push(Row { name, how, values: values.map(Option::unwrap_or_default) });
        }
    };
    for (name, how, value) in MEASURES {
        add(name, how, both(&|side| of(side).and_then(value)));
    }
    add(
        "late steps",
        "Steps that took longer than their budget.",
        both(&|side| diagnosis.deadlines[side].as_ref().map(|deadlines| deadlines.misses.len().to_string())),
    );
    add(
        "stability",
        "Whether the loop holds.",
        both(&|side| diagnosis.stability[side].map(|stability| stability.word().to_owned())),
    );
    rows
}
