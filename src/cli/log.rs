//! Log lines on standard error.

use std::io::Write as _;

use log::{Level, LevelFilter, Log, Metadata, Record};

use crate::trace::escape;

struct Stderr;

impl Log for Stderr {
    /// Our own lines as asked for; of the libraries only what may be wrong.
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Warn
            || metadata.target().starts_with("dettrace")
            || log::max_level() == LevelFilter::Trace
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let level = record.level().as_str().to_ascii_lowercase();
            let message = record.args().to_string();
            // Nobody is left to be told when standard error is closed.
            drop(writeln!(std::io::stderr(), "dettrace: {level}: {}", escape(&message)));
        }
    }

    fn flush(&self) {}
}

/// Log lines up to `level` go to standard error from now on.
pub fn start(level: LevelFilter) {
    if log::set_logger(&Stderr).is_ok() {
        log::set_max_level(level);
    }
}
