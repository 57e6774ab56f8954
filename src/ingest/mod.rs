//! Bytes → records + warnings. Detection is by content; bad input becomes warnings, never failures. Knows no file.

mod call_graph;
mod detect;
mod distribution;
mod document;
mod failure;
mod fault;
mod foreign;
mod format;
mod frame;
mod jaeger;
mod joined;
mod leaves;
mod metric_document;
mod metric_points;
mod metric_table;
mod metric_words;
mod number;
mod otlp;
mod outline;
mod part;
mod protobuf;
mod protobuf_metrics;
mod reader;
mod request;
mod samples;
mod scan;
mod shiviz;
mod slots;
mod telemetry;
mod templates;
mod text;
mod torn;
mod visit;
mod waveform;
mod wire;
mod zipkin;

pub use call_graph::{is_call_graph, read_call_graph};
pub use detect::{Detected, detect, is_plain_enough};
pub use foreign::{GIVE_WINDOWS, Refusal};
pub use format::{Format, Select};
pub use joined::join;
pub use leaves::fields;
pub use metric_table::{is_metric_table, read_metric_table};
pub use otlp::TelemetryReader;
pub use part::MAX_RECORD;
pub use reader::{Outcome, RUN, Reader};
pub use request::{Request, Told};
pub use samples::{SampleFormat, in_unit, is_loop_of_metrics, read_samples, role, sample_format, split_sides};
pub use scan::MAX_DEPTH;
pub use shiviz::fields as clock_fields;
pub use telemetry::{HEAD as TELEMETRY_HEAD, is_telemetry};
pub use visit::FieldReader;
pub use waveform::{WaveReader, value_of_change};

use fault::Fault;

/// The byte order mark that some editors put before UTF-8 text.
const BOM: &[u8] = b"\xEF\xBB\xBF";
