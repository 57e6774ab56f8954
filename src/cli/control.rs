//! Sampled runs of a control loop, for `compare` and `report`.

use super::args::{Compare, Format, Inputs, Report};
use super::compare::PARTIAL;
use super::report::{ANSWER, WORDS, write};
use super::{Exit, Stop, fields, output, save};
use crate::analyse::Control;
use crate::pack::{self, Overrides, Pack, SampledRuns};
use crate::report;

/// Signals that are named where none is called as was typed.
const OFFERED: usize = 6;
/// What happened to a control loop.
const SUMMARY: &str = "reports/control_loop_diagnostics_summary.json";

/// The sampled runs that the paths name, if they do.
pub fn named(inputs: &Inputs) -> Result<Option<SampledRuns>, Stop> {
    let runs = pack::samples(&inputs.paths, inputs.signals())?;
    match (&inputs.expected, &inputs.actual) {
        (None, None) => Ok(runs),
        (expected, actual) => Ok(runs.and_then(|runs| runs.choose(expected.as_deref(), actual.as_deref()))),
    }
}

/// The same where they are read as signals before anybody looks for requests in them.
pub fn named_first(inputs: &Inputs) -> Result<Option<SampledRuns>, Stop> {
    if pack::signals_first(&inputs.paths, inputs.signals())? { named(inputs) } else { Ok(None) }
}

/// The sampled runs of a pack whose sides are known.
pub fn of_pack(pack: &Pack, inputs: &Inputs) -> Option<SampledRuns> {
    let pair = pack::sampled(&pack.sides, inputs.signals().or(pack.overrides.signals))?;
    Some(SampledRuns { pairs: vec![pair], overrides: pack.overrides.clone(), warnings: pack.warnings.clone() })
}

/// Compares the runs and tells the answer.
pub fn compare(args: &Compare, mut runs: SampledRuns) -> Result<Exit, Stop> {
    fields::decide(&mut runs.overrides, &args.decisions);
    runs.overrides.signals = args.inputs.signals().or(runs.overrides.signals);
    let decided = runs.overrides.clone();
    save::check(args, &decided)?;
    let names = runs.names().into_iter().map(str::to_owned).collect::<Vec<String>>();
    let [pair] = <[_; 1]>::try_from(runs.pairs).map_err(|pairs| {
        Stop(format!(
            "There are {} runs beside the baseline: say --actual with one of {}, or have all told by `dettrace report`.",
            pairs.len(),
            names.iter().skip(1).take(OFFERED).map(String::as_str).collect::<Vec<&str>>().join(", ")
        ))
    })?;
    let control = Control::new(pair, &decided, runs.warnings, &())?;
    known(&control, &decided)?;
    save::save(args, &decided)?.iter().for_each(|saved| output::say(saved));
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
fn known(control: &Control, overrides: &Overrides) -> Result<(), Stop> {
    let named = overrides.ignore.iter().chain(&overrides.only).chain(overrides.tolerance.iter().map(|(name, _)| name));
    let named = named.chain(overrides.roles.iter().map(|(name, _)| name));
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
pub fn report(args: &Report, runs: SampledRuns) -> Result<Exit, Stop> {
    let SampledRuns { pairs, overrides, warnings } = runs;
    let diagnosed = pairs.into_iter().map(|pair| Control::new(pair, &overrides, warnings.clone(), &()));
    let scenarios: Vec<Control> = diagnosed.collect::<Result<_, _>>()?;
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
