//! Recordings of sampled signals: JSON lines of a control loop's steps, tables of samples (CSV), flight logs, and, where they are
//! meant so, value change dumps and metrics.

mod build;
mod clock;
mod flight;
mod lines;
mod metrics;
mod roles;
mod table;
mod waves;

pub use build::{in_unit, split_sides};
pub use metrics::recognises as is_loop_of_metrics;
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
    /// A PX4 flight log (`ULog`).
    Flight,
    /// A value change dump.
    Waves,
    /// Metrics of OpenTelemetry.
    Metrics,
}

impl SampleFormat {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Lines, Self::Table, Self::Flight, Self::Waves, Self::Metrics];
}

/// What the bytes at the start of a file hold, if it is samples. Numbers alone do not make samples of JSON lines, which events have
/// too: there must be no text in them, and a setpoint with what follows it, or fractions over a time. A dump and metrics are
/// samples where their names tell of a loop, or where somebody `asked` for their signals.
pub fn sample_format(head: &[u8], asked: bool) -> Option<SampleFormat> {
    if flight::recognises(head) {
        return Some(SampleFormat::Flight);
    }
    if lines::recognises(head) {
        return Some(SampleFormat::Lines);
    }
    if waves::is_dump(head) {
        return (asked || waves::recognises(head)).then_some(SampleFormat::Waves);
    }
    if metrics::is_metrics(head) {
        return (asked || metrics::recognises(head)).then_some(SampleFormat::Metrics);
    }
    let table = table::recognises(head) && (asked || !is_metric_table(head) && !is_call_graph(head));
    table.then_some(SampleFormat::Table)
}

/// Reads samples. What is damaged in them is left out, with a warning. `time`: the column of the times, where a person named one.
pub fn read_samples(file: &str, bytes: &[u8], format: SampleFormat, time: Option<&str>) -> (Samples, Warnings) {
    match format {
        SampleFormat::Lines => lines::read(file, bytes, time),
        SampleFormat::Table => table::read(file, bytes, time),
        SampleFormat::Flight => flight::read(file, bytes),
        SampleFormat::Waves => waves::read(file, bytes),
        SampleFormat::Metrics => metrics::read(file, bytes),
    }
}
