//! How records stand in the bytes of a recording.

/// The layout of the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    JsonLines,
    /// JSON objects one after another, each over several lines.
    JsonStream,
    /// One JSON array of objects.
    JsonArray,
    /// One JSON array of Chrome's trace events, which may lack its closing bracket (Trace Event Format, "JSON Array Format").
    TraceEvents,
    /// One JSON document whose records are the array at this dotted path.
    Document {
        /// Such as `events`.
        path: String,
    },
    /// A ShiViz log: texts with vector clocks.
    VectorClocks,
    /// No records: a value change dump, read by [`super::WaveReader`].
    Vcd,
}

/// Which of the records belong to the trace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Select {
    /// Only records whose field (dotted path) has this value.
    pub field: Option<(String, String)>,
    /// A prefix such as `expected_` that field names of this side carry and that is taken off.
    pub prefix: Option<String>,
}
