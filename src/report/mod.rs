//! An analysis in words: text for a terminal, Markdown for a postmortem, JSON for other programs. Pure functions.

mod added;
mod ansi;
mod control;
mod control_json;
mod envelope;
mod excerpt;
mod incident;
mod json;
mod json_node;
mod markdown;
mod moment;
pub mod population;
mod selected;
mod selection;
mod service;
mod service_graph;
mod span;
mod text;
mod words;

pub use crate::trace::{Anchor, BadAnchor};
pub use ansi::{Ink, paint};
pub use control::{control_diverged, control_headline, control_markdown, control_summary, control_text};
pub use control_json::control_json;
pub use envelope::good_runs;
pub use incident::{incident_lines, incident_report, prediction_report, relation_json, relation_text};
pub use json::{json, json_first};
pub use markdown::markdown;
pub use moment::{Moment, Reading, selected_moment};
pub use population::{
    headline as population_headline, population_diverged, population_json, population_markdown, population_text,
    verdict as population_verdict,
};
pub use selection::{Form, Part, rows};
pub use service::{Figure, selected_service, service_figures};
pub use service_graph::{row_notes, service_notes, way_notes};
pub use span::{SpanField, beside, selected_span, span_fields};
pub use text::{Look, text, text_first};
pub use words::{glyph, summary};
