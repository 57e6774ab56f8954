//! Value change dumps (VCD, IEEE 1364-2005 section 18): bytes are pushed, a [`Waveform`] comes out, whatever the bytes are.
//!
//! The reader is our own: the crate `wellen` reads dumps well, but it ends at the first thing that is wrong, panics on some
//! of it, writes warnings to standard output and does not tell where a change stands, which every event here must. It is
//! the oracle instead: `tests/waveform` and the fuzz target `waveform` hold both to the same changes.

mod changes;
mod declarations;
mod said;
mod value;
mod words;

use changes::Body;
use declarations::{Declarations, Step};
use said::Said;
use words::{Word, Words};

pub use value::value_of_change;

use crate::trace::{WarningKind, Warnings, Waveform};

/// Turns pushed bytes into a waveform. The result does not depend on how they were cut into blocks.
#[derive(Debug)]
pub struct WaveReader {
    words: Words,
    reading: Reading,
}

/// What the words go to.
#[derive(Debug)]
struct Reading {
    said: Said,
    head: Declarations,
    body: Option<Body>,
    line: u32,
    /// False when the last word could not be read.
    well: bool,
}

impl WaveReader {
    /// A reader of the recording that a person knows as `file`.
    pub fn new(file: &str) -> Self {
        let reading = Reading { said: Said::of(file), head: Declarations::default(), body: None, line: 1, well: true };
        Self { words: Words::new(), reading }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, block: &[u8]) {
        let Self { words, reading } = self;
        words.push(block, |word| reading.word(word));
    }

    /// No more bytes will come.
    pub fn finish(self) -> (Waveform, Warnings) {
        let Self { words, mut reading } = self;
        let before = reading.said.warnings.clone();
        let mut cut = false;
        words.finish(|word| {
            reading.well = true;
            reading.word(word);
            cut = !reading.well;
        });
        if cut {
            // The last word is not unreadable but cut: said once, below.
            reading.said.warnings = before;
        }
        reading.finish(cut)
    }
}

impl Reading {
    fn word(&mut self, word: Word<'_>) {
        self.line = word.line;
        // A byte order mark is no word of its own.
        let text = if word.offset == 0 { word.text.strip_prefix(super::BOM).unwrap_or(word.text) } else { word.text };
        let word = Word { text, ..word };
        if self.body.is_none() {
            match self.head.word(word, &mut self.said) {
                Step::More => return,
                Step::Ended => {
                    self.begin();
                    return;
                }
                Step::Changes => self.begin(),
            }
        }
        if let Some(body) = &mut self.body {
            self.well = body.word(word, &self.head.ids, &self.head.nets, &mut self.said);
        }
    }

    /// The declarations are over.
    fn begin(&mut self) {
        if !self.head.has_timescale() {
            let what = "The dump has no timescale.";
            self.said.say(WarningKind::Note, self.line, what, "A tick was taken for 1 ns.");
        }
        self.body = Some(Body::new(self.head.nets.len()));
    }

    fn finish(mut self, cut: bool) -> (Waveform, Warnings) {
        let no_body = self.body.is_none();
        let body = self.body.take().unwrap_or_else(|| Body::new(self.head.nets.len()));
        let (changes, span, in_a_change) = body.finish(&self.head.nets, &mut self.said, self.line);
        let torn = cut || in_a_change || no_body;
        if torn {
            let what = if no_body {
                "The dump ends among its declarations."
            } else {
                "The dump ends in the middle of a change."
            };
            self.said.say(
                WarningKind::TornEnd,
                self.line,
                what,
                "Let the simulation end, or flush the dump, and record again.",
            );
        }
        let waveform = Waveform {
            timescale: self.head.timescale(),
            variables: self.head.variables,
            nets: self.head.nets,
            changes,
            span,
            torn,
        };
        (waveform, self.said.warnings)
    }
}
