//! The groups that are made: labelled single faults, and pairs without a fault; from our own generator and from the second.

use std::path::Path;
use std::process::ExitCode;

use rayon::prelude::*;

use super::{AIMS, ALL, Aims, Asked, Group, MEASURED};
use crate::case::Case;
use crate::generate::corpus::{self, Order};
use crate::{baselines, engine, second, seed, veil};

/// Pairs without a fault for each so many faults.
const CLEAN: u64 = 5;

/// How the fields of the cases are called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// As their generator calls them.
    Known,
    /// By letters that mean nothing: what behaviour tells where names tell nothing. All in one row.
    Unknown,
}

/// Our own cases: with a fault, and without.
pub fn own(number: u64, names: Names) -> [Group; 2] {
    let ask = |orders: &[Order]| orders.par_iter().filter_map(|order| ask_own(order, names)).collect();
    [
        names.group("generated faults", AIMS, ask(&corpus::faults(seed(), number))),
        names.group("generated pairs without a fault", ALL, ask(&corpus::clean(seed(), number / CLEAN))),
    ]
}

/// The second generator's cases: with a fault, and without.
pub fn second(names: Names) -> [Group; 2] {
    let cases = second::cases(seed());
    let (faults, clean): (Vec<&Case>, Vec<&Case>) = cases.iter().partition(|case| case.fault.is_some());
    let ask = |cases: &[&Case]| {
        let of = |case: &&Case| {
            let fault = case.fault.map(|fault| format!("fault: {fault}"));
            let system = format!("system: {}", case.workload);
            names.ask(case, None, fault.into_iter().chain([system]).collect())
        };
        cases.par_iter().map(of).collect()
    };
    [
        names.group("second generator: faults", AIMS, ask(&faults)),
        names.group("second generator: pairs without a fault", ALL, ask(&clean)),
    ]
}

fn ask_own(order: &Order, names: Names) -> Option<Asked> {
    let made = order.make()?;
    let case = &made.case;
    let mut rows = vec![format!("system: {}", case.workload)];
    match case.fault {
        Some(fault) => rows.push(format!("fault: {fault}")),
        None => rows.extend(made.noise.words().iter().map(|word| format!("noise: {word}"))),
    }
    Some(names.ask(case, made.late_after, rows))
}

impl Names {
    fn group(self, title: &str, aims: Aims, asked: Vec<Asked>) -> Group {
        match self {
            Self::Known => Group::new(title, aims, asked),
            Self::Unknown => Group::new(&format!("{title}, names unknown"), MEASURED, asked),
        }
    }

    fn ask(self, case: &Case, late_after: Option<f64>, rows: Vec<String>) -> Asked {
        match self {
            Self::Known => ask(case, late_after, rows),
            Self::Unknown => ask(&veil::veiled(case), late_after, Vec::new()),
        }
    }
}

fn ask(case: &Case, late_after: Option<f64>, rows: Vec<String>) -> Asked {
    let truth = case.fault.map(|_| &case.truth);
    let answer = engine::ask(&case.expected, &case.actual, late_after);
    Asked::new(&case.name, rows, truth, &answer, &baselines::ask(&case.expected, &case.actual))
}

/// The case of a name, and from which gap on its events are late.
fn find(name: &str, number: u64) -> Option<(Case, Option<f64>)> {
    if let Some(name) = name.strip_suffix(veil::SUFFIX) {
        return find(name, number).map(|(case, late_after)| (veil::veiled(&case), late_after));
    }
    if name.starts_with("second/") {
        return second::find(seed(), name).map(|case| (case, None));
    }
    let own: u64 = name.rsplit('/').next()?.parse().ok()?;
    let orders = corpus::faults(seed(), number).into_iter().chain(corpus::clean(seed(), number / CLEAN));
    let made = orders.filter(|order| order.seed == own).find_map(|order| order.make())?;
    (made.case.name == name).then_some((made.case, made.late_after))
}

/// Tells one case, and writes it out as two files, for study.
pub fn keep(name: &str, folder: Option<&Path>, number: u64) -> ExitCode {
    let Some((case, late_after)) = find(name, number) else {
        eprintln!("There is no case {name}.");
        return ExitCode::FAILURE;
    };
    println!("{}\nplanted: {:?}", case.name, case.truth);
    println!("answer: {}", engine::ask(&case.expected, &case.actual, late_after).words);
    if let Some(folder) = folder {
        let files = [("expected.jsonl", &case.expected), ("actual.jsonl", &case.actual)];
        let written = std::fs::create_dir_all(folder)
            .and_then(|()| files.iter().try_for_each(|(file, text)| std::fs::write(folder.join(file), text)));
        if let Err(why) = written {
            eprintln!("{}: {why}", folder.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
