//! The command line: arguments in, window or command out. Results go to standard output, everything else to standard error.

mod args;
mod compare;
mod control;
mod envelope;
mod examples;
mod fields;
mod log;
mod near;
mod open;
mod output;
mod report;
mod save;
mod screenshot;
mod simulate;
mod slice;
mod values;
mod version;
mod watch;

use std::fmt;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::{offscreen, ui};
use args::{Args, Command};

/// How a command ended, as the process tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Done; for `compare`: identical or equivalent.
    Good = 0,
    /// The sides differ.
    Differ = 1,
    /// No answer that can be relied on.
    Trouble = 2,
}

/// Why a command could not do its work: sentences for the person, over as many lines as they need.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stop(String);

impl<E: std::error::Error> From<E> for Stop {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Does what the arguments of the process say.
pub fn main() -> ExitCode {
    let args = Args::parse();
    log::start(args.log.into());
    let exit = match args.command {
        Some(Command::Compare(compare)) => compare::run(*compare),
        Some(Command::Screenshot(screenshot)) => screenshot::run(&screenshot),
        Some(Command::Slice(slice)) => slice::run(&slice),
        Some(Command::Simulate(simulate)) => simulate::run(&simulate),
        Some(Command::Report(report)) => report::run(&report),
        Some(Command::Relate(relate)) => report::relation(&relate),
        Some(Command::Watch(watch)) => watch::run(&watch),
        Some(Command::Completions { shell }) => completions(shell),
        None => {
            let Args { paths, baseline, .. } = args;
            let options = ui::Options { paths, baselines: baseline, draw: Some(offscreen::DRAWERS) };
            ui::run(options).map(|()| Exit::Good).map_err(|e| Stop(e.to_string()))
        }
    };
    ExitCode::from(exit.unwrap_or_else(|stop| {
        output::say(&stop.0);
        Exit::Trouble
    }) as u8)
}

fn completions(shell: clap_complete::Shell) -> Result<Exit, Stop> {
    // Into memory first: the generator panics where it cannot write, and a closed pipe is no error.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "dettrace", &mut script);
    output::deliver(&script, None)?;
    Ok(Exit::Good)
}
