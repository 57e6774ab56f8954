//! A moment of a control loop, as it was read at the cursor, for a message, a ticket or a program.

use super::control::{measured, number};
use super::control_json::{cause, measures, real};
use super::json_node::Node;
use super::selected::Selected;
use super::selection::Form;
use crate::analyse::Control;
use crate::control::{Cause, Measures};
use crate::trace::{Side, Sides};

/// One signal, or one error, at the cursor.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What it is.
    pub name: String,
    /// The unit of its values, where one is known.
    pub unit: Option<String>,
    /// Of both runs; `None` where nothing was recorded.
    pub values: Sides<Option<f64>>,
    /// What is between both, or what an error that is of neither alone is.
    pub between: Option<f64>,
    /// How much both changed since the place one measures from.
    pub change: Sides<Option<f64>>,
}

/// What was read at a moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Moment {
    /// The recording's own number for it.
    pub step: Option<i64>,
    /// Seconds on the axis of both runs, where there is a time.
    pub seconds: Option<f64>,
    /// Seconds since the place one measures from, or samples where there is no time.
    pub measured: Option<f64>,
    /// What is there: `onset`, `deadline missed`.
    pub there: Vec<String>,
    /// The signals that are shown.
    pub readings: Vec<Reading>,
    /// The causes that begin there, by their places in the ranked list.
    pub causes: Vec<usize>,
    /// The selected signal, whose loop is told of.
    pub selected: String,
}

impl Moment {
    /// `step 38 (3.9 s)`; nothing without a cursor.
    pub fn words(&self) -> String {
        let time = self.seconds.map(|seconds| format!("{} s", number(seconds)));
        match (self.step, time) {
            (Some(step), Some(time)) => format!("step {step} ({time})"),
            (Some(step), None) => format!("step {step}"),
            (None, time) => time.unwrap_or_default(),
        }
    }
}

/// A moment of a loop in words, or for a program.
pub fn selected_moment(control: &Control, moment: &Moment, form: Form) -> String {
    let causes = || moment.causes.iter().filter_map(|&place| control.diagnosis.causes.get(place));
    let of_selected = |of: &&Measures| of.of.follows == moment.selected || of.of.setpoint == moment.selected;
    let loops = |side: Side| control.diagnosis.measures[side].iter().filter(of_selected);
    if form == Form::Json {
        let side = |side: Side| Node::list(loops(side), measures);
        return Node::Object(vec![
            ("kind", Node::of("moment")),
            ("step", Node::of(moment.step)),
            ("time_s", Node::of(moment.seconds)),
            ("measured", Node::of(moment.measured)),
            ("there", Node::list(&moment.there, Node::of)),
            ("signals", Node::list(&moment.readings, reading)),
            ("causes", Node::list(causes(), |of| cause(control, of))),
            ("loops", Node::Object(vec![("expected", side(Side::Expected)), ("actual", side(Side::Actual))])),
        ])
        .document();
    }
    let unit = |of: &Reading| of.unit.as_ref().map_or_else(String::new, |unit| format!(" [{unit}]"));
    let cell = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), number);
    let measuring = moment.measured.is_some();
    let line = |of: &Reading| {
        let mut cells = vec![
            format!("{}{}", of.name, unit(of)),
            cell(of.values.expected),
            cell(of.values.actual),
            cell(of.between),
        ];
        if measuring {
            cells.extend([cell(of.change.expected), cell(of.change.actual)]);
        }
        cells
    };
    let mut heads = vec!["expected", "actual", "difference"];
    if measuring {
        heads.extend(["expected changed by", "actual changed by"]);
    }
    let there = if moment.there.is_empty() { String::new() } else { format!(": {}", moment.there.join(", ")) };
    let at = moment.words();
    let headline = if at.is_empty() { format!("Signal {}", moment.selected) } else { format!("At {at}{there}") };
    let distance = |distance: f64| {
        let unit = if moment.seconds.is_some() { "s" } else { "samples" };
        format!("Measured over {} {unit}.", number(distance.abs()))
    };
    let mut said: Vec<String> = moment.measured.map(distance).into_iter().collect();
    for Cause { rank, class, reason, evidence, .. } in causes() {
        said.push(format!("Cause #{rank}, {}: {reason}", class.words()));
        said.extend(evidence.iter().cloned());
    }
    for side in Side::BOTH {
        said.extend(loops(side).map(|of| format!("{side}: {}.", measured(of))));
    }
    Selected { headline, heads, table: moment.readings.iter().map(line).collect(), said }.words(form)
}

fn reading(of: &Reading) -> Node {
    let value = |value: Option<f64>| value.map_or_else(Node::null, real);
    Node::Object(vec![
        ("signal", Node::of(&of.name)),
        ("unit", Node::of(&of.unit)),
        ("expected", value(of.values.expected)),
        ("actual", value(of.values.actual)),
        ("difference", value(of.between)),
        ("expected_change", value(of.change.expected)),
        ("actual_change", value(of.change.actual)),
    ])
}
