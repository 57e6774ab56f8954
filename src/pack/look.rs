//! What is in one file of a pack: how its records stand in it, and whose they are.

use std::path::Path;
use std::sync::Arc;

use super::decode::is_zip;
use super::guess::{Guess, guess};
use super::words::side_hints;
use super::{Candidate, OpenError, Recording, Source};
use crate::ingest::{Format, Select};
use crate::trace::{Side, Warnings};

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
    /// There is nothing in it.
    pub empty: bool,
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
    let (head, warnings) = read(&source, HEAD).map_err(Unseen::Trouble)?;
    let seen = |layout, title, traces, empty| {
        let source = Arc::clone(&source);
        Seen { name: name.to_owned(), title, source, empty, layout, traces }
    };
    if head.trim_ascii().is_empty() {
        return match warnings.as_slice() {
            [] => Ok(seen(Layout::One(Format::JsonLines), None, None, true)),
            [first, ..] => {
                Err(Unseen::Trouble(OpenError::new(source.place(), first.what.clone(), first.remedy.clone())))
            }
        };
    }
    let no = |what: &str| Err(Unseen::NoRecording(what.to_owned()));
    if is_zip(&head) {
        return no("It is an archive inside a pack or a pipe, which is not opened.");
    }
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return no("It is UTF-16 text, and only UTF-8 is read.");
    }
    let mut found = guess(&head, head.len() < HEAD);
    if matches!(found, Guess::More) {
        let (more, _) = read(&source, DOCUMENT).map_err(Unseen::Trouble)?;
        found = guess(&more, true);
    }
    match found {
        Guess::Records { format, title, traces } => Ok(seen(Layout::One(format), title, traces, false)),
        Guess::Both { expected, actual, title } => Ok(seen(Layout::Both { expected, actual }, title, None, false)),
        Guess::No(why) => Err(Unseen::NoRecording(why)),
        Guess::More => no("It is one JSON value that never ends."),
    }
}

/// The first bytes of a source, and what is wrong with them.
fn read(source: &Source, upto: usize) -> Result<(Vec<u8>, Warnings), OpenError> {
    let mut stream = source.stream()?.in_blocks_of(upto);
    let bytes = stream.next()?.to_vec();
    Ok((bytes, stream.finish()))
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
        let traces = self.traces();
        if traces.is_empty() { vec![self.whole()] } else { traces }
    }

    /// The traces inside the file, when there are several.
    pub fn traces(&self) -> Vec<Candidate> {
        match (&self.layout, &self.traces) {
            (Layout::Both { expected, actual }, _) => [(Side::Expected, expected), (Side::Actual, actual)]
                .map(|(side, format)| {
                    let select = Select { field: None, prefix: Some(format!("{side}_")) };
                    self.candidate(format!("{}#{side}", self.name), format.clone(), select, Some(side))
                })
                .into(),
            (Layout::One(format), Some((field, ids))) => {
                let hints = side_hints(ids.iter().map(String::as_str));
                let trace = |(id, hint): (&String, Option<Side>)| {
                    let select = Select { field: Some((field.clone(), id.clone())), prefix: None };
                    self.candidate(format!("{}#{id}", self.name), format.clone(), select, hint)
                };
                ids.iter().zip(hints).map(trace).collect()
            }
            (Layout::One(_), None) => Vec::new(),
        }
    }

    fn candidate(&self, name: String, format: Format, select: Select, hint: Option<Side>) -> Candidate {
        let recording = Recording { label: name.clone(), source: Arc::clone(&self.source), format, select };
        Candidate { name, recording, hint }
    }
}

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
