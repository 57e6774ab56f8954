//! What is in one file of a pack: how its records stand in it, and whose they are.

use std::path::Path;
use std::sync::Arc;

use super::decode::is_zip;
use super::guess::{Guess, guess, guess_large};
use super::ids::{Ids, ids};
use super::words::side_hints;
use super::{Candidate, OpenError, Recording, Source, Stream};
use crate::ingest::{Format, Select};
use crate::trace::{Side, Warnings};

/// Bytes at the start of a file that tell its format, unless it is a document.
const HEAD: usize = 1 << 20;

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
    /// What it is instead, as a sentence.
    NoRecording(String),
    /// It cannot be read.
    Trouble(OpenError),
}

/// Looks at a file.
pub fn look(name: &str, source: &Arc<Source>) -> Result<Seen, Unseen> {
    let (head, warnings) = read(source, HEAD).map_err(Unseen::Trouble)?;
    let seen = |layout, title, kind| Seen { name: name.to_owned(), title, kind, source: Arc::clone(source), layout };
    if head.trim_ascii().is_empty() {
        return match warnings.as_slice() {
            [] => Ok(seen(Layout::One(Format::JsonLines), None, Kind::Empty)),
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
    if found == Guess::More {
        found = guess_large(Pull { stream: source.stream().map_err(Unseen::Trouble)?, at: 0, block: Vec::new() });
    }
    match found {
        Guess::Records { format, title, doubtful } => {
            let kind = if doubtful { Kind::Doubtful } else { Kind::Recording };
            Ok(seen(Layout::One(format), title, kind))
        }
        Guess::Both { title } => Ok(seen(Layout::Both, title, Kind::Recording)),
        Guess::No(why) => Err(Unseen::NoRecording(why)),
        Guess::More => no("It is one JSON value that never ends."),
    }
}

/// A stream as a reader; what goes wrong ends it.
struct Pull {
    stream: Stream,
    block: Vec<u8>,
    at: usize,
}

impl std::io::Read for Pull {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.block.len() {
            self.block.clear();
            self.block.extend_from_slice(self.stream.next().map_err(std::io::Error::other)?);
            self.at = 0;
        }
        let len = into.len().min(self.block.len() - self.at);
        into[..len].copy_from_slice(&self.block[self.at..self.at + len]);
        self.at += len;
        Ok(len)
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
        match &self.layout {
            Layout::One(format) => self.candidate(self.name.clone(), format.clone(), Select::default(), None),
            Layout::Both => Candidate { name: self.name.clone(), hint: None, ..self.list(Side::Actual) },
        }
    }

    /// The recordings that the file holds: the traces inside it, or the whole file.
    pub fn recordings(&self) -> Vec<Candidate> {
        match &self.layout {
            Layout::Both => self.traces(),
            Layout::One(format) => match ids(&self.source, format) {
                Ok(Some(ids)) if !ids.vague => self.traces_of(format, &ids),
                _ => vec![self.whole()],
            },
        }
    }

    /// The traces inside the file, however many there are.
    pub fn traces(&self) -> Vec<Candidate> {
        match &self.layout {
            Layout::Both => Side::BOTH.map(|side| self.list(side)).into(),
            Layout::One(format) => match ids(&self.source, format) {
                Ok(Some(ids)) => self.traces_of(format, &ids),
                _ => Vec::new(),
            },
        }
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
