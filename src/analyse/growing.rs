//! One side that is read as it grows: its bytes, its sample, its events.

use std::borrow::Cow;
use std::sync::Arc;

use super::first::SLICE;
use super::session::{Progress, Read, Stage, Trouble};
use crate::ingest::Reader;
use crate::pack::{Look, OpenError, Recording, Stream, Tail};
use crate::spec::{Gathered, Sample, Spec, Tokenizer};
use crate::trace::{Sink as _, Warnings};

/// Up to this size, how the records stand in a file is looked at again whenever it has grown; then each time that it has grown
/// by a quarter.
const YOUNG: u64 = 64 << 10;

/// Why a side was read again from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rebuilt {
    /// The file got shorter.
    Cut,
    /// Another file took its place: a rotation, an atomic save.
    Replaced,
    /// What was read before stands there no more.
    Rewritten,
    /// With more of it to see, its records stand in it in another way.
    Format,
    /// With more events to learn from, the fields play other parts. Only while a side has fewer events than a sample.
    Spec,
}

/// Where the bytes come from.
#[derive(Debug)]
enum From {
    /// A plain file, which may grow.
    Tail(Tail),
    /// Anything else, read to its end; it can only be replaced.
    Whole { stream: Stream, position: u64, ended: bool },
}

impl From {
    fn of(recording: &Recording) -> Result<Self, OpenError> {
        Ok(match Tail::of(&recording.source)? {
            Some(tail) => Self::Tail(tail),
            None => Self::Whole { stream: recording.source.stream()?, position: 0, ended: false },
        })
    }

    fn position(&self) -> u64 {
        match self {
            Self::Tail(tail) => tail.position(),
            Self::Whole { position, .. } => *position,
        }
    }

    /// The next bytes; empty where there are none yet.
    fn next(&mut self) -> Result<&[u8], OpenError> {
        match self {
            Self::Tail(tail) => tail.next(),
            Self::Whole { ended: true, .. } => Ok(&[]),
            Self::Whole { stream, position, ended } => {
                let block = stream.next()?;
                *position += block.len() as u64;
                *ended = block.is_empty();
                Ok(block)
            }
        }
    }
}

/// A side that is read as it grows.
#[derive(Debug)]
pub(super) struct Growing {
    recording: Recording,
    /// Nothing was in it when it was last looked at as a whole.
    empty: bool,
    /// Its size then.
    looked_at: u64,
    from: From,
    sampling: Reader<Sample>,
    /// How many bytes the sample was shown.
    sampled: u64,
    reader: Reader<Tokenizer>,
}

impl Growing {
    /// Opens a recording as its file is now, and reads its sample; its events are still to be read.
    pub(super) fn start(recording: &Recording, spec: &Spec, progress: &dyn Progress) -> Result<Self, Trouble> {
        let (recording, empty) = recording.again()?;
        let from = From::of(&recording)?;
        let mut side = Self {
            looked_at: recording.source.size(),
            empty,
            from,
            sampling: reader(&recording, Sample::new()),
            sampled: 0,
            reader: reader(&recording, Tokenizer::new(spec)),
            recording,
        };
        while !side.sampling.is_full() && side.step(false)? > 0 {
            go_on(progress)?;
        }
        side.tell(spec)?;
        Ok(side)
    }

    /// The same side, started again.
    pub(super) fn again(&self, spec: &Spec, progress: &dyn Progress) -> Result<Self, Trouble> {
        Self::start(&self.recording, spec, progress)
    }

    /// Looks what became of the file; why it must be started again, if it must.
    pub(super) fn look(&mut self) -> Result<Option<Rebuilt>, Trouble> {
        let tail = match &mut self.from {
            From::Tail(tail) => tail,
            From::Whole { .. } => return Ok(self.recording.source.changed().then_some(Rebuilt::Replaced)),
        };
        Ok(match tail.look()? {
            Look::Same => None,
            Look::Cut => Some(Rebuilt::Cut),
            Look::Replaced => Some(Rebuilt::Replaced),
            Look::Rewritten => Some(Rebuilt::Rewritten),
            Look::Grown => {
                let size = tail.size();
                let due = size <= YOUNG || size - size / 5 > self.looked_at;
                if due { self.stands_otherwise()? } else { None }
            }
        })
    }

    /// Checks what looks have left open, and how the records stand in what is there now.
    pub(super) fn look_closely(&mut self) -> Result<Option<Rebuilt>, Trouble> {
        if let From::Tail(tail) = &mut self.from
            && !tail.is_certain()?
        {
            return Ok(Some(Rebuilt::Rewritten));
        }
        self.stands_otherwise()
    }

    /// Looks at the beginning of the file again, where more of it can tell more.
    fn stands_otherwise(&mut self) -> Result<Option<Rebuilt>, Trouble> {
        let From::Tail(tail) = &self.from else { return Ok(None) };
        if self.recording.is_settled(self.looked_at) || tail.size() == self.looked_at {
            return Ok(None);
        }
        let (now, empty) = self.recording.again()?;
        (self.looked_at, self.empty) = (tail.size(), empty);
        Ok((now.format != self.recording.format).then_some(Rebuilt::Format))
    }

    /// Reads on to the end of what is there.
    pub(super) fn read(&mut self, progress: &dyn Progress) -> Result<(), Trouble> {
        let (mut done, total) = (0, self.recording.source.size());
        loop {
            let bytes = self.step(true)?;
            if bytes == 0 {
                return Ok(());
            }
            done += bytes;
            progress.step(Stage::Reading, done, total.max(done));
            go_on(progress)?;
        }
    }

    /// Reads one block, for the events as well or for the sample only. How many bytes that were.
    fn step(&mut self, events: bool) -> Result<u64, OpenError> {
        let before = self.from.position();
        let block = self.from.next()?;
        let new = self.sampled.saturating_sub(before).min(block.len() as u64) as usize;
        // Slice by slice: a block holds far more than a sample.
        for slice in block[new..].chunks(SLICE) {
            if self.sampling.is_full() {
                break;
            }
            self.sampling.push(slice);
        }
        self.sampled = self.sampled.max(before + block.len() as u64);
        if events {
            self.reader.push(block);
        }
        Ok(block.len() as u64)
    }

    /// Forgets the events, to read them again by the rules of `spec`.
    pub(super) fn tell(&mut self, spec: &Spec) -> Result<(), OpenError> {
        match &mut self.from {
            From::Tail(tail) => tail.rewind(),
            From::Whole { stream, position, ended } => {
                (*stream, *position, *ended) = (self.recording.source.stream()?, 0, false);
            }
        }
        self.reader = reader(&self.recording, Tokenizer::new(spec));
        Ok(())
    }

    /// The recording, with its file as far as it was read.
    pub(super) fn recording(&self) -> Recording {
        let From::Tail(tail) = &self.from else { return self.recording.clone() };
        Recording { source: Arc::new(self.recording.source.growing(tail.stamp())), ..self.recording.clone() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.empty
    }

    /// How many bytes were read.
    pub(super) fn position(&self) -> u64 {
        self.from.position()
    }

    /// What it has gathered of whole records.
    pub(super) fn gathered(&self) -> &Gathered {
        self.reader.sink().gathered()
    }

    /// How many events its sample has of whole records.
    pub(super) fn sampled(&self) -> usize {
        self.sampling.sink().len()
    }

    /// True when its sample wants no more events.
    pub(super) fn is_sampled(&self) -> bool {
        self.sampling.is_full()
    }

    /// The sample: of whole records, or as if no more came, with what a last line without its end says.
    pub(super) fn sample(&self, as_it_ends: bool) -> Cow<'_, Sample> {
        if as_it_ends && !self.sampling.is_full() {
            Cow::Owned(self.sampling.clone().finish().sink)
        } else {
            Cow::Borrowed(self.sampling.sink())
        }
    }

    /// Everything as if no more came.
    pub(super) fn as_it_ends(&self) -> Read {
        let mut warnings = match &self.from {
            From::Tail(_) => Warnings::default(),
            From::Whole { .. } => self.recording.source.stream().map(Stream::finish).unwrap_or_default(),
        };
        let damaged = warnings.partial();
        let outcome = self.reader.clone().finish();
        warnings.extend(outcome.warnings);
        let recording = self.recording();
        Read { recording, tokenizer: outcome.sink, torn: outcome.torn || damaged, warnings }
    }
}

fn reader<S: crate::trace::Sink>(recording: &Recording, sink: S) -> Reader<S> {
    Reader::new(&recording.label, &recording.format, &recording.select, sink)
}

fn go_on(progress: &dyn Progress) -> Result<(), Trouble> {
    if progress.cancelled() { Err(Trouble::Cancelled) } else { Ok(()) }
}
