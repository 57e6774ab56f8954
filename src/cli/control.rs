//! Sampled runs of a control loop, for `compare` and `report`.

use super::args::{Compare, Format, Inputs, Report};
use super::compare::PARTIAL;
use super::report::{ANSWER, WORDS, write};
use super::{Exit, Stop, fields, output};
use crate::analyse::Control;
use crate::pack::{self, Overrides, Sampled};
use crate::report;
use crate::trace::Sides;

/// Signals that are named where none is called as was typed.
const OFFERED: usize = 6;
/// What happened to a control loop.
const SUMMARY: &str = "reports/control_loop_diagnostics_summary.json";

/// The runs that were named: a pair for each scenario.
pub struct Runs {
    /// The pairs; a side is missing where there is no baseline.
    pub pairs: Vec<Sides<Option<Sampled>>>,
    /// What the pack decided.
    pub overrides: Overrides,
}

/// The sampled runs that the paths name, if they do and nobody says which file is which side.
pub fn named(inputs: &Inputs) -> Result<Option<Runs>, Stop> {
    if inputs.expected.is_some() || inputs.actual.is_some() {
        return Ok(None);
    }
    Ok(pack::samples(&inputs.paths)?.map(|pairs| Runs { pairs, overrides: Overrides::default() }))
}

/// Compares the runs and tells the answer.
pub fn compare(args: &Compare, mut runs: Runs) -> Result<Exit, Stop> {
    fields::decide(&mut runs.overrides, &args.decisions);
    if args.save_spec {
        return Err(Stop("What is decided about signals is not saved yet: leave --save-spec out.".to_owned()));
    }
    let count = runs.pairs.len();
    let [pair] = <[_; 1]>::try_from(runs.pairs).map_err(|_pairs| {
        Stop(format!(
            "There are {count} runs beside the baseline: name the baseline and one of them, or have all told by `dettrace report`."
        ))
    })?;
    let control = Control::new(pair, &runs.overrides, &args.decisions.role, &())?;
    known(&control, &runs.overrides, &args.decisions.role)?;
    let text = match args.format {
        Format::Text => report::control_text(&control),
        Format::Json => report::control_json(&control),
        Format::Markdown => report::control_markdown(&control),
    };
    output::deliver(text.as_bytes(), args.output.as_deref())?;
    if control.warnings.partial() && !args.allow_partial {
        output::say(PARTIAL);
        return Ok(Exit::Trouble);
    }
    Ok(match report::control_diverged(&control) {
        Some(true) => Exit::Differ,
        Some(false) => Exit::Good,
        None => Exit::Trouble,
    })
}

/// That every signal that was named is one of the runs'.
fn known(control: &Control, overrides: &Overrides, roles: &[(String, crate::trace::SignalRole)]) -> Result<(), Stop> {
    let named = overrides.ignore.iter().chain(&overrides.only).chain(overrides.tolerance.iter().map(|(name, _)| name));
    let named = named.chain(roles.iter().map(|(name, _)| name));
    let signals = || [&control.samples.expected, &control.samples.actual].into_iter().flat_map(|run| &run.signals);
    for name in named {
        if !signals().any(|signal| signal.name == *name || signal.group == *name) {
            let all = &control.samples.actual.signals;
            let offered: Vec<&str> = all.iter().take(OFFERED).map(|signal| signal.name.as_str()).collect();
            let more = if all.len() > OFFERED { format!(" and {} more", all.len() - OFFERED) } else { String::new() };
            return Err(Stop(format!("No signal is called {name}. Name one of {}{more}.", offered.join(", "))));
        }
    }
    Ok(())
}

/// Compares every pair and writes the artifacts.
pub fn report(args: &Report, runs: Runs) -> Result<Exit, Stop> {
    let scenarios: Vec<Control> =
        runs.pairs.into_iter().map(|pair| Control::new(pair, &runs.overrides, &[], &())).collect::<Result<_, _>>()?;
    let pages: Vec<String> = scenarios.iter().map(report::control_markdown).collect();
    let mut files = vec![(WORDS, pages.join("\n")), (SUMMARY, report::control_summary(&scenarios))];
    if let [only] = scenarios.as_slice() {
        files.push((ANSWER, report::control_json(only)));
    }
    for (name, text) in &files {
        write(&args.output.join(name), text)?;
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    output::say(&format!("Wrote {} in {}.", names.join(", "), args.output.display()));
    Ok(Exit::Good)
}
