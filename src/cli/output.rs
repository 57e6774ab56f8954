//! Where results and messages go.

use std::fs;
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::path::Path;

use super::Stop;
use crate::report::Look;

/// Columns assumed where the terminal does not say.
const TERMINAL_WIDTH: usize = 80;
/// Narrower than this nothing can be laid out; wider, lines are hard to read.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=160;

/// Writes a result to `file`, or to standard output. That nobody reads standard output to its end is no error.
pub fn deliver(result: &[u8], file: Option<&Path>) -> Result<(), Stop> {
    if let Some(file) = file {
        return fs::write(file, result)
            .map_err(|error| Stop(format!("Cannot write {}: {error}. Choose another --output.", file.display())));
    }
    let mut stdout = io::stdout().lock();
    match stdout.write_all(result).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Stop(format!("Cannot write the answer: {error}."))),
        _ => Ok(()),
    }
}

/// Tells the person something on standard error.
pub fn say(message: &str) {
    // Nobody is left to be told when standard error is closed.
    drop(writeln!(io::stderr(), "dettrace: {message}"));
}

/// How text looks on standard output, or in `file`.
pub fn look(file: Option<&Path>) -> Look {
    if file.is_some() || !io::stdout().is_terminal() {
        return Look::default();
    }
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let colour = variable("NO_COLOR").is_none() && variable("TERM").is_none_or(|term| term != "dumb");
    let width = variable("COLUMNS").and_then(|columns| columns.to_str()?.parse().ok()).unwrap_or(TERMINAL_WIDTH);
    Look { colour, width: width.clamp(*WIDTHS.start(), *WIDTHS.end()) }
}
