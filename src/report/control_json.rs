//! Control loops for programs: the keys of every other answer, and `control` with everything that is known of the loop.

use super::json::{SCHEMA, both, cause_of, document, warning};
use super::json_node::Node;
use crate::analyse::Control;
use crate::compare::Verdict;
use crate::control::{Cause, Deadlines, Interval, Lane, Measures, Method, Moment, Onset, Stability};
use crate::trace::{Side, Time};

/// Seconds of a moment, counted as the recording does; `None` without a time.
pub(super) fn seconds(control: &Control, at: Moment) -> Option<f64> {
    let samples = &control.samples.actual;
    samples.scale.as_ref().map(|_| at.time as f64 / samples.per_second())
}

/// A number; `null` where it is none.
pub(super) fn real(value: f64) -> Node {
    Node::of(value.is_finite().then_some(value))
}

/// Two runs as JSON, with the keys of every other answer.
pub fn control_json(control: &Control) -> String {
    let diagnosis = &control.diagnosis;
    let onset = diagnosis.onset.as_ref();
    let reason = diagnosis
        .reason
        .clone()
        .or_else(|| (diagnosis.verdict == Verdict::Equivalent).then(|| super::control::control_headline(control)));
    document(vec![
        ("schema", Node::of(SCHEMA)),
        ("mode", Node::of("control")),
        ("verdict", Node::of(diagnosis.verdict)),
        ("reason", Node::of(reason)),
        ("provisional", Node::of(false)),
        ("partial", Node::of(control.warnings.partial())),
        ("ended_early", Node::of((diagnosis.verdict == Verdict::Truncated).then_some(Side::Actual))),
        ("first_divergence_index", Node::of(onset.map(|onset| onset.at.index))),
        ("divergence_type", Node::of(onset.map(|_| "value_drift"))),
        ("expected", Node::maybe(onset, |onset| place(control, Side::Expected, onset))),
        ("actual", Node::maybe(onset, |onset| place(control, Side::Actual, onset))),
        ("causes", Node::list(&diagnosis.causes, |of| cause(control, of))),
        ("time", Node::maybe(onset.and_then(|onset| control.samples.actual.time(onset.at.time)), time)),
        ("signals", Node::maybe(onset, |onset| Node::list(&onset.parted, |parted| Node::of(&parted.signal)))),
        ("compared_fields", Node::list(&diagnosis.compared, Node::of)),
        (
            "ignored_fields",
            Node::list(&diagnosis.ignored, |(field, why)| {
                Node::Object(vec![("field", Node::of(field)), ("why", Node::of(why))])
            }),
        ),
        ("renamed_fields", Node::list([(); 0], Node::of)),
        (
            "events",
            both(|side| Node::of(control.samples[side].axes.iter().map(|axis| axis.times.len()).max().unwrap_or(0))),
        ),
        ("control", body(control)),
        ("warnings", Node::list(control.warnings.as_slice(), warning)),
    ])
}

fn time(time: Time) -> Node {
    Node::Object(vec![("value", Node::of(time.value)), ("unit", Node::of(time.unit))])
}

/// Where the runs part, on one side: the moment of the same step.
fn place(control: &Control, side: Side, onset: &Onset) -> Node {
    let samples = &control.samples[side];
    let first = onset.parted.first().and_then(|parted| samples.find(&parted.signal));
    let axis = first.map_or(0, |signal| samples.signals[signal].axis);
    let index = samples.axes.get(axis).and_then(|axis| match side {
        Side::Actual => Some(onset.at.index),
        Side::Expected if axis.steps.is_empty() => (onset.at.index < axis.times.len()).then_some(onset.at.index),
        Side::Expected => axis.steps.iter().position(|step| *step == onset.at.step),
    });
    Node::maybe(index, |index| {
        let stands = control.place(side, axis, index);
        let text = control.text(side, axis, index);
        let ticks = samples.axes[axis].times.get(index).copied();
        Node::Object(vec![
            ("index", Node::of(index)),
            ("file", Node::of(stands.map(|(file, _)| file))),
            ("line", Node::of(stands.map(|(_, place)| place.line))),
            ("offset", Node::of(stands.map(|(_, place)| place.offset))),
            ("time", Node::maybe(ticks.and_then(|ticks| samples.time(ticks)), time)),
            ("lanes", Node::list(&onset.parted, |parted| Node::of(&parted.signal))),
            ("event", Node::maybe(text, |text| Node::recorded(&text))),
        ])
    })
}

pub(super) fn cause(control: &Control, of: &Cause) -> Node {
    cause_of(vec![
        ("rank", Node::of(of.rank)),
        ("side", Node::of(Side::Actual)),
        ("index", Node::of(of.onset.index)),
        ("lanes", Node::list([&of.signal], Node::of)),
        ("kind", Node::of(of.class.name())),
        ("headline", Node::of(of.class.words())),
        ("reason", Node::of(&of.reason)),
        ("step", Node::of(of.onset.step)),
        ("time_s", Node::of(seconds(control, of.onset))),
        ("explains", Node::Object(vec![("rows", Node::null()), ("of", Node::null()), ("share", Node::of(of.share))])),
        ("evidence", Node::list(&of.evidence, Node::of)),
        ("intervals", Node::list(&of.intervals, interval)),
    ])
}

fn interval(of: &Interval) -> Node {
    Node::Object(vec![("from", Node::of(of.from.step)), ("to", Node::of(of.to.step))])
}

fn at(control: &Control, at: Option<Moment>) -> [(&'static str, Node); 2] {
    [("step", Node::of(at.map(|at| at.step))), ("time_s", Node::of(at.and_then(|at| seconds(control, at))))]
}

/// What `control` holds.
fn body(control: &Control) -> Node {
    let diagnosis = &control.diagnosis;
    let (method, false_alarm) = match diagnosis.method {
        Method::Exact => ("exact", None),
        Method::Statistical { false_alarm } => ("statistical", Some(false_alarm)),
        // A short beginning holds no rate exactly.
        Method::Within { .. } => ("within", None),
    };
    Node::Object(vec![
        ("method", Node::of(method)),
        ("false_alarm", Node::of(false_alarm)),
        ("onset", Node::maybe(diagnosis.onset.as_ref(), |onset| started(control, onset))),
        (
            "criterion",
            Node::maybe(diagnosis.criterion.as_ref(), |criterion| {
                let mut members = vec![("threshold", Node::of(criterion.threshold))];
                members.extend(at(control, criterion.at));
                members.extend([
                    ("expected_error", Node::maybe(criterion.errors, |errors| real(errors.expected))),
                    ("actual_error", Node::maybe(criterion.errors, |errors| real(errors.actual))),
                    ("error_growth", real(criterion.growth)),
                ]);
                Node::Object(members)
            }),
        ),
        ("root_cause_classes", Node::list(&diagnosis.causes, |cause| Node::of(cause.class.name()))),
        ("deadline_misses", Node::of(diagnosis.deadlines.actual.as_ref().map(|of| of.misses.len()))),
        ("deadlines", both(|side| Node::maybe(diagnosis.deadlines[side].as_ref(), deadlines))),
        ("stability", both(|side| Node::of(diagnosis.stability[side].map(Stability::word)))),
        ("measures", both(|side| Node::list(&diagnosis.measures[side], measures))),
        ("lanes", Node::list(&diagnosis.lanes, lane)),
    ])
}

fn started(control: &Control, onset: &Onset) -> Node {
    let mut members = vec![("index", Node::of(onset.at.index))];
    members.extend(at(control, Some(onset.at)));
    members.extend([
        ("detected_step", Node::of(onset.detected.step)),
        ("detected_time_s", Node::of(seconds(control, onset.detected))),
        ("signal", Node::of(onset.parted.first().map(|parted| &parted.signal))),
        (
            "signals",
            Node::list(&onset.parted, |parted| {
                Node::Object(vec![
                    ("signal", Node::of(&parted.signal)),
                    ("role", Node::of(parted.role.word())),
                    ("expected", real(parted.values.expected)),
                    ("actual", real(parted.values.actual)),
                ])
            }),
        ),
    ]);
    Node::Object(members)
}

fn deadlines(of: &Deadlines) -> Node {
    Node::Object(vec![
        ("budget_ms", real(of.budget)),
        ("misses", Node::of(of.misses.len())),
        ("steps", Node::list(&of.misses, |miss| Node::of(miss.step))),
        ("worst_ms", real(of.worst)),
        ("mean_ms", real(of.mean)),
    ])
}

pub(super) fn measures(of: &Measures) -> Node {
    let optional = |value: Option<f64>| Node::of(value.filter(|v| v.is_finite()));
    Node::Object(vec![
        ("setpoint", Node::of(&of.of.setpoint)),
        ("follows", Node::of(&of.of.follows)),
        ("iae", real(of.iae)),
        ("ise", real(of.ise)),
        ("itae", real(of.itae)),
        ("greatest_error", real(of.greatest)),
        ("overshoot", optional(of.overshoot)),
        ("rise_s", optional(of.rise)),
        ("settling_s", optional(of.settling)),
        ("steady_state_error", real(of.steady_state)),
        (
            "oscillation",
            Node::maybe(of.oscillation, |swing| {
                Node::Object(vec![
                    ("frequency_hz", real(swing.frequency)),
                    ("damping", real(swing.damping)),
                    ("amplitude", real(swing.amplitude)),
                    ("growing", Node::of(swing.growing())),
                ])
            }),
        ),
        ("delay_s", optional(of.delay)),
        ("jitter_mean_s", optional(of.jitter.map(|(mean, _)| mean))),
        ("jitter_max_s", optional(of.jitter.map(|(_, most)| most))),
        ("drift_per_s", optional(of.drift)),
        ("clipped_s", real(of.clipped)),
        ("stability", Node::of(of.stability.word())),
    ])
}

fn lane(of: &Lane) -> Node {
    Node::Object(vec![
        ("side", Node::of(of.side)),
        ("kind", Node::of(of.kind.word())),
        ("signal", Node::of(&of.signal)),
        ("intervals", Node::list(&of.intervals, interval)),
    ])
}

/// One scenario of the summary.
pub(super) fn summary_node(control: &Control) -> Node {
    let diagnosis = &control.diagnosis;
    let name = control.labels.actual.as_deref().unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or(name);
    let name = name.split('.').next().unwrap_or(name);
    let onset = diagnosis.onset.as_ref();
    let criterion = diagnosis.criterion.as_ref();
    Node::Object(vec![
        ("scenario_name", Node::of(name.strip_prefix("control_").unwrap_or(name))),
        ("verdict", Node::of(diagnosis.verdict)),
        ("onset_step", Node::of(onset.map(|onset| onset.at.step))),
        ("onset_time_s", Node::of(onset.and_then(|onset| seconds(control, onset.at)))),
        ("onset_signal", Node::of(onset.and_then(|onset| onset.parted.first()).map(|parted| &parted.signal))),
        ("criterion_step", Node::of(criterion.and_then(|of| of.at).map(|at| at.step))),
        ("criterion_time_s", Node::of(criterion.and_then(|of| of.at).and_then(|at| seconds(control, at)))),
        ("root_cause_classes", Node::list(&diagnosis.causes, |cause| Node::of(cause.class.name()))),
        ("error_growth_after_divergence", Node::maybe(criterion, |of| real(of.growth))),
        ("deadline_misses", Node::of(diagnosis.deadlines.actual.as_ref().map(|of| of.misses.len()))),
        ("stability", Node::of(diagnosis.stability.actual.map(Stability::word))),
    ])
}
