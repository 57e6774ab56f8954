//! What opening a path found.

use std::path::PathBuf;
use std::sync::Arc;

use super::Source;
use super::manifest::Manifest;
use crate::ingest::{Format, Select};
use crate::spec::Overrides;
use crate::trace::{Side, Sides, Warnings};

/// One recording of a pack: a source, how to read it, and which of its traces.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The name a person knows it by: the file's name, and the trace's where a file holds several.
    pub label: String,
    /// Where its bytes come from.
    pub source: Arc<Source>,
    /// How its records stand in the bytes.
    pub format: Format,
    /// Which of the file's records belong to it.
    pub select: Select,
}

/// A pack that is ready to be analysed. A side without a recording is a lone trace's missing baseline.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Title: from `pack.json`, a document's own name, or the folder's or file's name.
    pub title: String,
    /// What happened, in a line, where the pack says so.
    pub story: Option<String>,
    /// Notes of the pack, as Markdown.
    pub notes: Option<String>,
    /// The path it was opened from.
    pub path: PathBuf,
    /// The two recordings.
    pub sides: Sides<Option<Recording>>,
    /// Decisions over the inferred spec.
    pub overrides: Overrides,
    /// Files that were set aside, limits that were hit.
    pub warnings: Warnings,
}

/// A recording that could be either side, offered to the person.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The selector that names it: a path inside the pack, or `path#trace`.
    pub name: String,
    /// The recording.
    pub recording: Recording,
    /// The side that well-known words suggest, if they do.
    pub hint: Option<Side>,
    /// What is said of the pack that it is from, where that is one among several.
    pub(super) described: Option<Arc<Manifest>>,
}

/// The result of opening paths.
#[derive(Debug, Clone)]
pub enum Found {
    /// Both sides (or a lone trace) are clear.
    Ready(Box<Pack>),
    /// Several recordings and no way to tell the sides: the person chooses. The pack's sides are empty.
    Choose {
        /// Title, path, notes and warnings, without sides.
        pack: Box<Pack>,
        /// What there is, sorted by name.
        candidates: Vec<Candidate>,
        /// Why it is not clear, as a sentence.
        why: String,
    },
}

/// Why nothing could be opened: which file, what is wrong, what to do. Its text is a whole sentence or two.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {what} {remedy}", crate::trace::escape(&path.to_string_lossy()))]
pub struct OpenError {
    /// The path as the person gave it.
    pub path: PathBuf,
    /// What is wrong, as a sentence.
    pub what: String,
    /// What to do, as a sentence.
    pub remedy: String,
}
