//! The data every other room works on: sides, values, records, time, lanes, warnings and the columns of a trace.

mod anchor;
mod calls;
mod clocks;
mod columns;
mod escape;
mod event_name;
mod grouped;
mod hash;
mod lane_lists;
mod marks;
mod metrics;
mod places;
mod record;
mod samples;
mod side;
mod span_marks;
mod split;
mod telemetry;
mod time;
mod times;
mod value;
mod warning;
mod waveform;
mod whole;

pub use anchor::{Anchor, BadAnchor};
pub use calls::{Calls, Context, Way};
pub use columns::{
    COMPARED, Columns, ERROR, EventIndex, KindId, LaneId, Link, LinkKind, NONE, Names, READ, REPLY, REQUEST, Skew,
    Trace,
};
pub use escape::escape;
pub use event_name::{EventName, Traits};
pub use grouped::{grouped, milliseconds, percent_instead, time_instead};
pub use hash::{fnv, mix};
pub use lane_lists::{EachLane, LaneList, LaneLists};
pub use marks::Marks;
pub use metrics::{CallGraph, Column, Measure, MetricTable};
pub use places::Places;
pub use record::{Path, PathKey, Place, Scalar, Sink};
pub use samples::{Axis, Samples, Signal, SignalRole};
pub use side::{Side, Sides};
pub use span_marks::{SpanMark, SpanMarks};
pub use split::words;
pub use telemetry::{LogLine, Series, Span, SpanKind, Window, Word, Words};
pub use time::{Time, TimeScale, Unit};
pub use times::Times;
pub use value::{Field, Value};
pub use warning::{Warning, WarningKind, Warnings};
pub use waveform::{Changes, Net, Timescale, UNDEFINED, Variable, Waveform};
pub use whole::Whole;
