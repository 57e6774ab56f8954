//! What is in one file of a pack: how its records stand in it, and whose they are.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::ids::{Ids, ids};
use super::telemetry;
use super::words::side_hints;
use super::{Candidate, OpenError, Recording, Source};
use crate::ingest::{Detected, Format, Refusal, Select, detect, is_plain_enough};
use crate::trace::{Side, Sides, Warnings};

/// Bytes at the start of a file that tell its format, unless it is a document.
const HEAD: usize = 1 << 20;

/// Bytes that are looked at first: they do where the first lines are plain.
const SHORT: usize = 64 << 10;

/// Bytes of a document that are looked at for its list of events, when they do not begin in its head.
const DOCUMENT: usize = 64 << 20;

/// True when the beginning of a file of this size tells for good how its records stand in it.
pub fn is_settled(format: &Format, size: u64) -> bool {
    size >= if *format == Format::JsonLines { HEAD } else { DOCUMENT } as u64
}

/// A file with records in it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its name inside the pack.
    pub name: String,
    /// What the file says that it is called.
    pub title: Option<String>,
    /// How sure it is that this is a recording.
    pub kind: Kind,
    source: Arc<Source>,
    layout: Layout,
    /// What was wrong with it when it was looked at.
    pub warnings: Warnings,
    /// The ids of the traces inside it, which may take reading all of it.
    ids: OnceLock<Option<Ids>>,
}

/// How sure it is that a file is a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It is one.
    Recording,
    /// Its one object or list may be anything.
    Doubtful,
    /// There is nothing in it.
    Empty,
}

/// Where the records are.
#[derive(Debug, Clone)]
enum Layout {
    One(Format),
    /// Both sides in the lists `expected` and `actual`.
    Both,
}

/// Why a file is no recording.
#[derive(Debug)]
pub enum Unseen {
    /// What it is instead, and what to do.
    NoRecording(Refusal),
    /// It cannot be read.
    Trouble(OpenError),
}

/// Looks at a file.
pub fn look(name: &str, source: &Arc<Source>) -> Result<Seen, Unseen> {
    let (mut head, mut warnings) = read(source, SHORT).map_err(Unseen::Trouble)?;
    let mut whole = head.len() < SHORT;
    if !whole && !is_plain_enough(&head) {
        (head, warnings) = read(source, HEAD).map_err(Unseen::Trouble)?;
        whole = head.len() < HEAD;
    }
    let seen = |layout, title, kind| Seen {
        name: name.to_owned(),
        title,
        kind,
        source: Arc::clone(source),
        layout,
        warnings: Warnings::default(),
        ids: OnceLock::new(),
    };
    if head.trim_ascii().is_empty() {
        return match warnings.as_slice() {
            [] => Ok(seen(Layout::One(Format::JsonLines), None, Kind::Empty)),
            [first, ..] => {
                Err(Unseen::Trouble(OpenError::new(source.place(), first.what.clone(), first.remedy.clone())))
            }
        };
    }
    if head.trim_ascii() == b"[]" {
        return Ok(seen(Layout::One(Format::JsonArray), None, Kind::Empty));
    }
    let mut found = detect(&head, whole);
    if found == Ok(Detected::More) {
        let (more, _) = read(source, DOCUMENT).map_err(Unseen::Trouble)?;
        found = detect(&more, true);
    }
    let no = |what: &str, remedy: &str| {
        Err(Unseen::NoRecording(Refusal { what: what.to_owned(), remedy: remedy.to_owned() }))
    };
    match found.map_err(Unseen::NoRecording)? {
        Detected::Records { format, title, doubtful } => {
            let kind = if doubtful { Kind::Doubtful } else { Kind::Recording };
            Ok(seen(Layout::One(format), title, kind))
        }
        Detected::Telemetry => match telemetry::in_file(name, source).map_err(Unseen::Trouble)? {
            Ok((source, warnings)) => {
                let layout = Layout::One(Format::JsonLines);
                Ok(Seen { source, warnings, ..seen(layout, None, Kind::Recording) })
            }
            Err(refusal) => Err(Unseen::NoRecording(refusal)),
        },
        Detected::Sides { title } => Ok(seen(Layout::Both, title, Kind::Recording)),
        Detected::Gzip | Detected::Zstd => no("It is compressed twice.", "Decompress it once yourself."),
        Detected::Zip => no("It is an archive inside a pack or a pipe, which is not opened.", "Open it by itself."),
        Detected::More => {
            no("It is one JSON value that does not end.", "Give JSON objects, one a line or in an array.")
        }
    }
}

/// The first bytes of a source, and what is wrong with them.
fn read(source: &Source, upto: usize) -> Result<(Vec<u8>, Warnings), OpenError> {
    let mut stream = source.stream()?.in_blocks_of(upto);
    stream.next()?;
    Ok((stream.take(), stream.finish()))
}

impl Seen {
    /// The whole file as one recording.
    pub fn whole(&self) -> Candidate {
        match &self.layout {
            Layout::One(format) => self.candidate(self.name.clone(), format.clone(), Select::default(), None),
            Layout::Both => Candidate { name: self.name.clone(), hint: None, ..self.list(Side::Actual) },
        }
    }

    /// The recordings that the file holds: the traces inside it, or the whole file.
    pub fn recordings(&self) -> Vec<Candidate> {
        match &self.layout {
            Layout::Both => self.traces(),
            Layout::One(format) => match self.ids(format) {
                Some(ids) if !ids.vague => self.traces_of(format, ids),
                _ => vec![self.whole()],
            },
        }
    }

    /// The traces inside the file, however many there are.
    pub fn traces(&self) -> Vec<Candidate> {
        match &self.layout {
            Layout::Both => Side::BOTH.map(|side| self.list(side)).into(),
            Layout::One(format) => self.ids(format).map_or_else(Vec::new, |ids| self.traces_of(format, ids)),
        }
    }

    /// How many records are in none of these traces, and the field that says so; none when all are in them.
    pub fn beside(&self, sides: &Sides<Option<Recording>>) -> Option<(usize, &str)> {
        let ids = self.ids.get()?.as_ref()?;
        let recordings = [&sides.expected, &sides.actual].into_iter().flatten();
        let taken: Vec<&str> = recordings.filter_map(|r| Some(r.select.field.as_ref()?.1.as_str())).collect();
        Some((ids.beside(&taken), ids.field.as_str())).filter(|(records, _)| *records > 0)
    }

    /// The ids of the traces inside it. A file that cannot be read says so when it is read as a whole.
    fn ids(&self, format: &Format) -> Option<&Ids> {
        if *format == Format::Vcd {
            return None;
        }
        self.ids.get_or_init(|| ids(&self.source, format).ok().flatten()).as_ref()
    }

    /// The side that stands in a list of its own.
    fn list(&self, side: Side) -> Candidate {
        let format = Format::Document { path: side.to_string() };
        let select = Select { field: None, prefix: Some(format!("{side}_")) };
        self.candidate(format!("{}#{side}", self.name), format, select, Some(side))
    }

    fn traces_of(&self, format: &Format, ids: &Ids) -> Vec<Candidate> {
        let hints = side_hints(ids.values.iter().map(String::as_str));
        let trace = |(id, hint): (&String, Option<Side>)| {
            let select = Select { field: Some((ids.field.clone(), id.clone())), prefix: None };
            self.candidate(format!("{}#{id}", self.name), format.clone(), select, hint)
        };
        ids.values.iter().zip(hints).map(trace).collect()
    }

    fn candidate(&self, name: String, format: Format, select: Select, hint: Option<Side>) -> Candidate {
        let recording = Recording { label: name.clone(), source: Arc::clone(&self.source), format, select };
        Candidate { name, recording, hint, described: None }
    }
}

impl Unseen {
    /// As the error of the file that was named.
    pub fn error(self, path: &Path) -> OpenError {
        match self {
            Self::Trouble(error) => error,
            Self::NoRecording(Refusal { what, remedy }) => OpenError::new(path, what, remedy),
        }
    }
}
