//! Log lines on standard error.

use std::io::Write as _;

use log::{Level, LevelFilter, Log, Metadata, Record};

use crate::app::said;
use crate::trace::escape;

/// What was asked for; the window may ask the process for more, and hears it.
struct Stderr(LevelFilter);

impl Log for Stderr {
    /// Our own lines as asked for; of the libraries only what may be wrong.
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let libraries = self.0 == LevelFilter::Trace || metadata.level() <= Level::Warn;
        metadata.level() <= self.0 && (libraries || metadata.target().starts_with("dettrace"))
    }

    fn log(&self, record: &Record<'_>) {
        said::hear(record);
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
    if log::set_boxed_logger(Box::new(Stderr(level))).is_ok() {
        log::set_max_level(level);
    }
}
