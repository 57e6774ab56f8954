//! The command line from outside: exit codes, messages and answers of the built program.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answers;
mod envelope;
mod formats;
mod golden;
mod inputs;
mod metrics;
mod padding;
mod program;
mod requests;
mod torn;
mod usage;
mod watch;
