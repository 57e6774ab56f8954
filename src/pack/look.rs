//! What is in one file of a pack: how its records stand in it, and whose they are.

use std::path::Path;
use std::sync::Arc;

use super::guess::{Guess, guess};
use super::words::side_hints;
use super::{Candidate, OpenError, Recording, Source};
use crate::ingest::{Format, Select};
use crate::trace::Side;

/// Bytes at the start of a file that tell its format, unless it is a document.
const HEAD: usize = 1 << 20;

/// Bytes of a document that are looked at for its records and its name.
const DOCUMENT: usize = 64 << 20;

/// A file with records in it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its name inside the pack.
    pub name: String,
    /// What the file says that it is called.
    pub title: Option<String>,
    source: Arc<Source>,
    layout: Layout,
    /// The field that tells the traces in it apart, and their ids.
    traces: Option<(String, Vec<String>)>,
}

/// Where the records are.
#[derive(Debug, Clone)]
enum Layout {
    One(Format),
    /// Both sides in arrays of their own.
    Both {
        expected: Format,
        actual: Format,
    },
}

/// Why a file is no recording.
#[derive(Debug)]
pub enum Unseen {
    /// What it is instead, as a sentence.
    NoRecording(String),
    /// It cannot be read.
    Trouble(OpenError),
}

/// Looks at a file.
pub fn look(name: &str, source: Arc<Source>) -> Result<Seen, Unseen> {
    let head = read(&source, HEAD).map_err(Unseen::Trouble)?;
    let whole = head.len() < HEAD;
    let mut found = guess(&head, whole);
    if matches!(found, Guess::More) {
        let more = read(&source, DOCUMENT).map_err(Unseen::Trouble)?;
        found = guess(&more, true);
    }
    let (layout, title, traces) = match found {
        Guess::Records { format, title, traces } => (Layout::One(format), title, traces),
        Guess::Both { expected, actual, title } => (Layout::Both { expected, actual }, title, None),
        Guess::No(why) => return Err(Unseen::NoRecording(why)),
        Guess::More => return Err(Unseen::NoRecording("It is one JSON value that never ends.".to_owned())),
    };
    Ok(Seen { name: name.to_owned(), title, source, layout, traces })
}

/// The first bytes of a source.
fn read(source: &Source, upto: usize) -> Result<Vec<u8>, OpenError> {
    let mut bytes = Vec::new();
    let mut stream = source.stream()?.in_blocks_of(upto);
    bytes.extend_from_slice(stream.next()?);
    Ok(bytes)
}

impl Seen {
    /// The whole file as one recording.
    pub fn whole(&self) -> Candidate {
        let format = match &self.layout {
            Layout::One(format) | Layout::Both { actual: format, .. } => format,
        };
        self.candidate(self.name.clone(), format.clone(), Select::default(), None)
    }

    /// The recordings that the file holds: the traces inside it, or the whole file.
    pub fn recordings(&self) -> Vec<Candidate> {
        if let Layout::Both { expected, actual } = &self.layout {
            return [(Side::Expected, expected), (Side::Actual, actual)]
                .map(|(side, format)| {
                    let select = Select { field: None, prefix: Some(format!("{side}_")) };
                    self.candidate(format!("{}#{side}", self.name), format.clone(), select, Some(side))
                })
                .into();
        }
        let (Some((field, ids)), Layout::One(format)) = (&self.traces, &self.layout) else { return vec![self.whole()] };
        let hints = side_hints(ids.iter().map(String::as_str));
        ids.iter()
            .zip(hints)
            .map(|(id, hint)| {
                let select = Select { field: Some((field.clone(), id.clone())), prefix: None };
                self.candidate(format!("{}#{id}", self.name), format.clone(), select, hint)
            })
            .collect()
    }

    fn candidate(&self, name: String, format: Format, select: Select, hint: Option<Side>) -> Candidate {
        let recording = Recording { label: name.clone(), source: Arc::clone(&self.source), format, select };
        Candidate { name, recording, hint }
    }
}

/// The reason as an error about `path`.
impl Unseen {
    /// As the error of the file that was named.
    pub fn error(self, path: &Path) -> OpenError {
        match self {
            Self::Trouble(error) => error,
            Self::NoRecording(why) => OpenError::new(
                path,
                why,
                "Give JSON objects, one a line or in an array, plain or compressed, or a pack that holds such files.",
            ),
        }
    }
}
