//! Recordings of sampled signals: JSON lines of a control loop's steps and tables of samples (CSV).

mod build;
mod clock;
mod lines;
mod roles;
mod table;

pub use build::{in_unit, split_sides};
pub use roles::role;

use super::{is_call_graph, is_metric_table};
use crate::trace::{Samples, Warnings};

/// How samples stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleFormat {
    /// An object with numbers a line.
    Lines,
    /// A header, and a row of numbers for each moment.
    Table,
}

/// What the bytes at the start of a file hold, if it is samples. Numbers alone do not make samples of JSON lines, which events have
/// too: there must be no text in them, and a setpoint with what follows it, or fractions over a time.
pub fn sample_format(head: &[u8]) -> Option<SampleFormat> {
    if lines::recognises(head) {
        return Some(SampleFormat::Lines);
    }
    let table = table::recognises(head) && !is_metric_table(head) && !is_call_graph(head);
    table.then_some(SampleFormat::Table)
}

/// Reads samples. What is damaged in them is left out, with a warning. `time`: the column of the times, where a person named one.
pub fn read_samples(file: &str, bytes: &[u8], format: SampleFormat, time: Option<&str>) -> (Samples, Warnings) {
    match format {
        SampleFormat::Lines => lines::read(file, bytes, time),
        SampleFormat::Table => table::read(file, bytes, time),
    }
}
