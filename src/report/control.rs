//! Control loops in words: where the runs part, why, what it cost; and the summary of several scenarios.

use super::control_json::{seconds, summary_node};
use super::json_node::Node;
use crate::analyse::Control;
use crate::compare::Verdict;
use crate::control::{Measures, Method, Moment, Onset};
use crate::trace::{Side, escape};

/// Causes told in full.
const CAUSES: usize = 4;
/// Signals named where the runs part.
const NAMED: usize = 4;

/// A number with as many digits as a person reads.
pub(super) fn number(value: f64) -> String {
    match value.abs() {
        v if !v.is_finite() => "unknown".to_owned(),
        0.0 => "0".to_owned(),
        v if !(1e-3..1e6).contains(&v) => format!("{value:.3e}"),
        v if v >= 100.0 => format!("{value:.1}"),
        _ => format!("{value:.6}").trim_end_matches('0').trim_end_matches('.').to_owned(),
    }
}

/// `step 38 (3.9 s)`, or only the step where there is no time.
fn when(control: &Control, at: Moment) -> String {
    seconds(control, at).map_or_else(|| format!("step {}", at.step), |s| format!("step {} ({} s)", at.step, number(s)))
}

fn names(onset: &Onset) -> String {
    let named: Vec<String> = onset.parted.iter().take(NAMED).map(|p| escape(&p.signal).into_owned()).collect();
    let more = onset.parted.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", named.join(", "))
}

/// Where the runs part, in a line.
pub fn control_headline(control: &Control) -> String {
    let diagnosis = &control.diagnosis;
    match (&diagnosis.onset, diagnosis.verdict) {
        (Some(onset), _) => {
            let late = if onset.detected == onset.at {
                String::new()
            } else {
                format!(", which was sure at {}", when(control, onset.detected))
            };
            format!("{}: {}{late}", when(control, onset.at), names(onset))
        }
        (None, Verdict::Incomparable) => diagnosis.reason.clone().unwrap_or_default(),
        (None, Verdict::Identical) => "every value of every signal is the same".to_owned(),
        (None, Verdict::Truncated) => "the actual run ends first, and all before is the same".to_owned(),
        (None, _) => "nothing parts beyond noise".to_owned(),
    }
}

/// The exit code's own view of it: true, false, or nothing to compare.
pub fn control_diverged(control: &Control) -> Option<bool> {
    match control.diagnosis.verdict {
        Verdict::Incomparable => None,
        verdict => Some(matches!(verdict, Verdict::Diverged | Verdict::Truncated)),
    }
}

/// Two runs for a terminal.
pub fn control_text(control: &Control) -> String {
    words(control, false)
}

/// Two runs as Markdown.
pub fn control_markdown(control: &Control) -> String {
    words(control, true)
}

/// The summary of several scenarios, a pair each: the contents of `reports/control_loop_diagnostics_summary.json`.
pub fn control_summary(scenarios: &[Control]) -> String {
    Node::Object(vec![("scenarios", Node::list(scenarios, summary_node))]).document()
}

fn words(control: &Control, markdown: bool) -> String {
    let diagnosis = &control.diagnosis;
    let mut lines = Vec::new();
    let heading = |text: &str| if markdown { format!("## {text}") } else { text.to_owned() };
    let item = |text: String| if markdown { format!("- {text}") } else { format!("  {text}") };
    let verdict = diagnosis.verdict.word();
    let verdict = format!("{}{}", verdict[..1].to_uppercase(), &verdict[1..]);
    lines.push(if markdown { format!("# {verdict}") } else { verdict });
    if let Some(reason) = &diagnosis.reason {
        lines.push(item(reason.clone()));
    }
    let runs: Vec<String> = Side::BOTH
        .into_iter()
        .filter_map(|side| {
            let label = control.labels[side].as_ref()?;
            let samples = &control.samples[side];
            let moments = samples.axes.iter().map(|axis| axis.times.len()).max().unwrap_or(0);
            Some(format!("{side} {}: {} signals, {moments} samples", escape(label), samples.signals.len()))
        })
        .collect();
    lines.extend(runs.into_iter().map(item));
    lines.push(String::new());
    lines.push(heading("First difference"));
    lines.push(item(format!("{}.", control_headline(control))));
    for parted in diagnosis.onset.iter().flat_map(|onset| &onset.parted).take(NAMED) {
        let values = parted.values.map(number);
        let (name, role) = (escape(&parted.signal), parted.role.word());
        lines.push(item(format!("{name} ({role}): expected {}, actual {}", values.expected, values.actual)));
    }
    lines.push(item(method(diagnosis.method)));
    if let Some(criterion) = &diagnosis.criterion {
        lines.push(item(criterion_words(control, criterion)));
    }
    if !diagnosis.causes.is_empty() {
        lines.push(String::new());
        lines.push(heading("Causes"));
        for cause in diagnosis.causes.iter().take(CAUSES) {
            lines.push(item(format!("#{} {}: {}", cause.rank, cause.class.words(), escape(&cause.reason))));
            let evidence = cause.evidence.iter().map(|said| format!("  {}", escape(said)));
            lines.extend(evidence.map(item));
        }
        let more = diagnosis.causes.len().saturating_sub(CAUSES);
        if more > 0 {
            lines.push(item(format!("{more} more causes are in the JSON.")));
        }
    }
    lines.push(String::new());
    lines.push(heading("The loop"));
    for side in Side::BOTH {
        if let Some(deadlines) = &diagnosis.deadlines[side] {
            lines.push(item(format!(
                "{side}: {} deadlines of {} ms missed, the longest step took {} ms",
                deadlines.misses.len(),
                number(deadlines.budget),
                number(deadlines.worst)
            )));
        }
        lines.extend(diagnosis.measures[side].iter().map(|of| item(format!("{side}: {}", measured(of)))));
    }
    lines.push(item(format!("Compared {} signals; {} set aside.", diagnosis.compared.len(), diagnosis.ignored.len())));
    let warnings = control.warnings.as_slice();
    if !warnings.is_empty() {
        lines.push(String::new());
        lines.push(heading("Warnings"));
        lines.extend(warnings.iter().map(|warning| item(escape(&warning.to_string()).into_owned())));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn method(method: Method) -> String {
    let percent = |chance: f64| number(chance * 100.0);
    match method {
        Method::Exact => "The runs are compared sample by sample.".to_owned(),
        Method::Statistical { false_alarm } => format!(
            "Both runs have noise of their own: they are told apart by cumulative sums, with a chance of {} % of a false alarm in a run.",
            percent(false_alarm)
        ),
        Method::Within { .. } => {
            "There is no baseline: the run is compared with its own beginning, which raises more false alarms than a good run would.".to_owned()
        }
    }
}

fn criterion_words(control: &Control, criterion: &crate::control::Criterion) -> String {
    let threshold = number(criterion.threshold);
    match (criterion.at, criterion.errors) {
        (None, _) => format!("The runs are never more than {threshold} apart."),
        (Some(at), None) => format!("They are more than {threshold} apart from {} on.", when(control, at)),
        (Some(at), Some(errors)) => format!(
            "They are more than {threshold} apart from {} on; the error then is {} instead of {}, and grows by {} from there.",
            when(control, at),
            number(errors.actual),
            number(errors.expected),
            number(criterion.growth)
        ),
    }
}

pub(super) fn measured(of: &Measures) -> String {
    let optional = |what: &str, value: Option<f64>, unit: &str| {
        value.map_or_else(String::new, |value| format!(", {what} {}{unit}", number(value)))
    };
    let swing = of.oscillation.map_or_else(String::new, |swing| {
        let grows = if swing.growing() { ", growing" } else { "" };
        format!(", swings at {} Hz with damping {}{grows}", number(swing.frequency), number(swing.damping))
    });
    format!(
        "{} follows {}, {}; IAE {}, ISE {}, ITAE {}, greatest error {}{}{}{}, steady-state error {}{}{}{swing}, clipped for {} s",
        escape(&of.of.follows),
        escape(&of.of.setpoint),
        of.stability.word(),
        number(of.iae),
        number(of.ise),
        number(of.itae),
        number(of.greatest),
        optional("overshoot", of.overshoot.map(|share| share * 100.0), " %"),
        optional("rise time", of.rise, " s"),
        optional("settling time", of.settling, " s"),
        number(of.steady_state),
        optional("delay", of.delay, " s"),
        optional("jitter up to", of.jitter.map(|(_, most)| most), " s"),
        number(of.clipped)
    )
}
