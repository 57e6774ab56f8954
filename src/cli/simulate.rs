//! `dettrace simulate`: the reference plant, with what goes wrong, as numbers and as packs.
#![expect(clippy::float_cmp, reason = "a value that is repeated, or was never changed, is the same to the last bit")]

use std::fmt::Write as _;

use super::args::Simulate;
use super::report::write;
use super::values::Range;
use super::{Exit, Stop, output};
use crate::control::plant::{Held, Pair, Scenario, Setup, json_lines, samples, sweep};
use crate::control::{Diagnosis, Options, Stability, diagnose};
use crate::trace::Sides;

/// Simulates what was typed.
pub fn run(args: &Simulate) -> Result<Exit, Stop> {
    let sound = args.dt > 0.0 && args.dt.is_finite() && args.limit > 0.0 && args.noise >= 0.0 && args.noise.is_finite();
    if !sound || args.steps == 0 || args.steps > 1_000_000 {
        return Err(Stop(
            "There must be 1 to 1000000 steps, which last longer than nothing, a limit above 0, and no negative noise."
                .to_owned(),
        ));
    }
    let setup = Setup {
        dt: args.dt,
        steps: args.steps,
        kp: args.kp,
        ki: args.ki,
        kd: args.kd,
        limit: args.limit,
        noise: args.noise,
        seed: args.seed,
        faults: args.fault.clone(),
        ..Setup::default()
    };
    if let Some(range) = args.sweep {
        output::deliver(swept(&setup, range).as_bytes(), None)?;
        return Ok(Exit::Good);
    }
    let named = |scenario: Scenario| {
        let faults = scenario.faults().into_iter().chain(args.fault.iter().cloned()).collect();
        (scenario.name().to_owned(), Setup { faults, ..setup.clone() })
    };
    let wanted: Vec<(String, Setup)> = match args.scenario {
        Some(scenario) => vec![named(scenario)],
        None if args.fault.is_empty() => Scenario::ALL.map(named).into(),
        None => vec![("faults".to_owned(), setup)],
    };
    let mut text = String::new();
    for (name, setup) in &wanted {
        let pair = Pair::of(setup);
        let differ = pair.expected.iter().chain(&pair.actual).any(|step| step.actuator != step.command);
        let runs = Sides::new(samples(&pair.expected, differ), samples(&pair.actual, differ));
        let diagnosis = diagnose(&runs.as_ref(), &Options::default());
        text.push_str(&numbers(name, setup, &diagnosis));
        if let Some(folder) = &args.output {
            let folder = folder.join(name);
            for (file, run) in [("expected.jsonl", &pair.expected), ("actual.jsonl", &pair.actual)] {
                write(&folder.join(file), &json_lines(run, differ, args.digits))?;
            }
        }
    }
    output::deliver(text.as_bytes(), None)?;
    if let Some(folder) = &args.output {
        let written: Vec<&str> = wanted.iter().map(|(name, _)| name.as_str()).collect();
        output::say(&format!("Wrote {} in {}.", written.join(", "), folder.display()));
    }
    Ok(Exit::Good)
}

/// What one scenario cost.
fn numbers(name: &str, setup: &Setup, diagnosis: &Diagnosis) -> String {
    let mut text = format!("{name}\n");
    let mut line = |what: &str, value: String| {
        // Writing into a String cannot fail.
        let _infallible = writeln!(text, "  {what:<28}{value}");
    };
    let faults: Vec<String> = setup.faults.iter().map(ToString::to_string).collect();
    line("faults", if faults.is_empty() { "none".to_owned() } else { faults.join(" ") });
    let seconds = |time: i64| format!("{:.2} s", time as f64 / 1e6);
    let onset = diagnosis.onset.as_ref().map(|onset| {
        let signal = onset.parted.first().map_or("", |parted| &parted.signal);
        format!("{} ({}), {signal}", onset.at.step, seconds(onset.at.time))
    });
    line("onset step", onset.unwrap_or_else(|| "none".to_owned()));
    if let Some(criterion) = &diagnosis.criterion {
        let at = criterion.at.map(|at| format!("{} ({})", at.step, seconds(at.time)));
        line(&format!("gap above {} step", criterion.threshold), at.unwrap_or_else(|| "none".to_owned()));
        line("error growth from there", format!("{:.6}", criterion.growth));
    }
    let misses = diagnosis.deadlines.actual.as_ref().map_or(0, |deadlines| deadlines.misses.len());
    line("missed deadlines", misses.to_string());
    let causes: Vec<String> = diagnosis
        .causes
        .iter()
        .map(|cause| {
            let share = cause.share.map_or_else(String::new, |share| format!(" {:.0} %", share * 100.0));
            format!("{}{share}", cause.class.words())
        })
        .collect();
    line("causes", if causes.is_empty() { "none".to_owned() } else { causes.join(", ") });
    line("stability", diagnosis.stability.actual.map_or("unknown", Stability::word).to_owned());
    text
}

/// A table of a sweep, and where the loop no longer holds.
fn swept(setup: &Setup, range: Range) -> String {
    let count = ((range.to - range.from) / range.step + 1e-9).floor() as u32;
    let values = (0..=count).map(|at| range.from + f64::from(at) * range.step);
    let held: Vec<Held> = sweep(setup, range.parameter, values);
    let name = range.parameter.name();
    let mut text = format!("{name:>12}  {:<10}{:>10}{:>12}{:>12}\n", "stability", "damping", "overshoot", "IAE");
    for at in &held {
        let optional = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"));
        // Writing into a String cannot fail.
        let _infallible = writeln!(
            text,
            "{:>12.4}  {:<10}{:>10}{:>12}{:>12.3}",
            at.value,
            at.stability.word(),
            optional(at.measures.oscillation.map(|swing| swing.damping)),
            optional(at.measures.overshoot),
            at.measures.iae
        );
    }
    let mut pairs = held
        .windows(2)
        .filter(|pair| (pair[0].stability == Stability::Stable) != (pair[1].stability == Stability::Stable));
    let first = pairs.next().map(|pair| {
        let way = if pair[0].stability == Stability::Stable { "lost" } else { "won" };
        format!("Stability is {way} between {name} {:.4} and {:.4}.\n", pair[0].value, pair[1].value)
    });
    text + &first.unwrap_or_else(|| "Stability does not change in this range.\n".to_owned())
}
