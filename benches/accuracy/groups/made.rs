//! The groups that are made: labelled single faults, and pairs without a fault.

use std::path::Path;
use std::process::ExitCode;

use rayon::prelude::*;

use super::{AIMS, ALL, Asked, Group};
use crate::generate::corpus::{self, Order};
use crate::{SEED, baselines, engine};

/// Pairs without a fault for each so many faults.
const CLEAN: u64 = 5;

/// Labelled single faults.
pub fn faults(number: u64) -> Group {
    Group::new("generated faults", AIMS, ask(&corpus::faults(SEED, number)))
}

/// Pairs that differ by noise only.
pub fn clean(number: u64) -> Group {
    Group::new("generated pairs without a fault", ALL, ask(&corpus::clean(SEED, number / CLEAN)))
}

fn ask(orders: &[Order]) -> Vec<Asked> {
    orders.par_iter().filter_map(ask_one).collect()
}

fn ask_one(order: &Order) -> Option<Asked> {
    let made = order.make()?;
    let case = &made.case;
    let row = match case.fault {
        Some(fault) => format!("fault: {fault}"),
        None => format!("noise: {}", case.name.split('/').nth(3).unwrap_or_default()),
    };
    let truth = case.fault.map(|_| &case.truth);
    let rows = vec![row, format!("system: {}", case.workload)];
    let answer = engine::ask(&case.expected, &case.actual, made.late_after);
    Some(Asked::new(&case.name, rows, truth, &answer, &baselines::ask(&case.expected, &case.actual)))
}

/// Writes one case out as two files, for study.
pub fn keep(name: &str, folder: Option<&Path>, number: u64) -> ExitCode {
    let orders = corpus::faults(SEED, number).into_iter().chain(corpus::clean(SEED, number / CLEAN));
    let seed = name.rsplit('/').next().and_then(|seed| seed.parse().ok());
    let wanted = |order: &Order| Some(order.seed) == seed;
    let Some(made) = orders.filter(wanted).find_map(|order| order.make().filter(|made| made.case.name == name)) else {
        eprintln!("There is no case {name}.");
        return ExitCode::FAILURE;
    };
    println!("{}\nplanted: {:?}", made.case.name, made.case.truth);
    println!("answer: {}", engine::ask(&made.case.expected, &made.case.actual, made.late_after).words);
    if let Some(folder) = folder {
        let files = [("expected.jsonl", &made.case.expected), ("actual.jsonl", &made.case.actual)];
        let written = std::fs::create_dir_all(folder)
            .and_then(|()| files.iter().try_for_each(|(file, text)| std::fs::write(folder.join(file), text)));
        if let Err(why) = written {
            eprintln!("{}: {why}", folder.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
