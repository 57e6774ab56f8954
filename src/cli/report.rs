//! `dettrace report`: everything that is said of a pack, as a folder of files; `dettrace relate`: two incidents compared.

use std::fs;
use std::path::{Path, PathBuf};

use super::args::{Inputs, Relate, Report};
use super::{Exit, Stop, control, open, output};
use crate::analyse::{Analysis, Population, Session};
use crate::incident::{Incident, relate};
use crate::pack;
use crate::report;

/// The report for people.
pub(super) const WORDS: &str = "report.md";
/// The answer for programs.
pub(super) const ANSWER: &str = "divergence_report.json";
/// What happened to services.
const INCIDENT: &str = "reports/distributed_incident_report.json";
/// What is likely to break next.
const PREDICTION: &str = "propagation_prediction.json";

/// Compares what was typed and writes the artifacts.
pub fn run(args: &Report) -> Result<Exit, Stop> {
    let first = control::named_first(&args.inputs)?;
    if let Some(runs) = first.map_or_else(|| control::named(&args.inputs), |runs| Ok(Some(runs)))? {
        return control::report(args, runs);
    }
    let files = if let Some(population) = population(&args.inputs.paths)? {
        let said = [report::population_markdown(&population), report::population_json(&population)];
        artifacts(said, population.incident.as_ref())
    } else {
        let pack = open::open(&args.inputs, "report")?;
        if let Some(runs) = control::of_pack(&pack, &args.inputs) {
            return control::report(args, runs);
        }
        let analysis = Session::new(pack).run(&())?;
        artifacts([report::markdown(&analysis), report::json(&analysis)], analysis.incident(&|| true))
    };
    for (name, text) in &files {
        write(&args.output.join(name), text)?;
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    output::say(&format!("Wrote {} in {}.", names.join(", "), args.output.display()));
    Ok(Exit::Good)
}

/// Two windows of requests, or two tables of metrics, compared; `None` for anything else.
fn population(paths: &[PathBuf]) -> Result<Option<Population>, Stop> {
    if let Some(windows) = pack::windows(paths, &[])? {
        return Ok(Some(Population::new(&windows, &())?));
    }
    let [expected, actual] = paths else { return Ok(None) };
    let sides = pack::metrics(&[expected.clone(), actual.clone()])?;
    Ok(sides.map(|sides| Population::of_metrics(&sides, &())).transpose()?)
}

/// The files: the report for people and for programs, and what is told of an incident.
fn artifacts([words, answer]: [String; 2], incident: Option<&Incident>) -> Vec<(&'static str, String)> {
    let mut files = vec![(WORDS, words), (ANSWER, answer)];
    if let Some(incident) = incident {
        files.push((INCIDENT, report::incident_report(incident)));
        files.push((PREDICTION, report::prediction_report(incident)));
    }
    files
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), Stop> {
    let cannot = |error| Stop(format!("Cannot write {}: {error}. Choose another --output.", path.display()));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(cannot)?;
    }
    pack::write_whole(path, |file| std::io::Write::write_all(file, text.trim_end().as_bytes())).map_err(cannot)
}

/// Compares two incidents by their causes.
pub fn relation(args: &Relate) -> Result<Exit, Stop> {
    let [one, other] = [&args.one, &args.other].map(|path| {
        if let Some(population) = population(std::slice::from_ref(path))? {
            let none = || Stop(format!("{} has no clear cause, so there is no incident to compare.", path.display()));
            return population.incident.ok_or_else(none);
        }
        let inputs = Inputs { paths: vec![path.clone()], expected: None, actual: None, signals: false };
        let analysis: Analysis = Session::new(open::open(&inputs, "relate")?).run(&())?;
        let none = || {
            Stop(format!(
                "{} tells of no services, tasks or lanes that call each other, so there is no incident to compare.",
                path.display()
            ))
        };
        analysis.incident(&|| true).cloned().ok_or_else(none)
    });
    let (one, other): (Incident, Incident) = (one?, other?);
    let relation = relate(&one, &other);
    let text = match args.format {
        super::args::Format::Json => report::relation_json(&one, &other, &relation),
        _ => report::relation_text(&relation),
    };
    output::deliver(text.as_bytes(), args.output.as_deref())?;
    Ok(match (relation.same_cause, relation.same_family) {
        (Some(true), Some(true)) => Exit::Good,
        (None, _) | (_, None) => Exit::Trouble,
        _ => Exit::Differ,
    })
}
