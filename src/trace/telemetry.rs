//! What the services of a system told about many requests: spans, logs and metrics of one window of time.

use std::collections::HashMap;
use std::ops::Range;

/// A word by its place in [`Words`]; 0 is the empty one.
pub type Word = u32;

/// Every service, operation, id and template once, for all windows that are compared.
#[derive(Debug, Clone)]
pub struct Words {
    list: Vec<Box<str>>,
    places: HashMap<Box<str>, Word, foldhash::fast::FixedState>,
}

impl Default for Words {
    fn default() -> Self {
        let mut words = Self { list: Vec::new(), places: HashMap::default() };
        words.intern("");
        words
    }
}

impl Words {
    /// A place of its own for a text that may change, and that is not found by it.
    pub fn add(&mut self, text: &str) -> Word {
        self.list.push(text.into());
        self.list.len() as Word - 1
    }

    /// Changes the text of what was added.
    pub fn change(&mut self, word: Word, text: &str) {
        self.list[word as usize] = text.into();
    }

    /// The place of a word, new or known.
    pub fn intern(&mut self, word: &str) -> Word {
        if let Some(&place) = self.places.get(word) {
            return place;
        }
        let place = self.list.len() as Word;
        self.list.push(word.into());
        self.places.insert(word.into(), place);
        place
    }

    /// Every place.
    pub fn places(&self) -> Range<Word> {
        0..self.list.len() as Word
    }

    /// The word at a place.
    pub fn get(&self, word: Word) -> &str {
        &self.list[word as usize]
    }
}

/// What a span says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum SpanKind {
    /// Work inside a service, or not said.
    #[default]
    Internal,
    /// The side that is called.
    Server,
    /// The side that calls and waits.
    Client,
    /// The side that sends and goes on.
    Producer,
    /// The side that takes what was sent.
    Consumer,
}

/// One span. Times are in nanoseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The request it belongs to.
    pub trace: Word,
    /// Its id within the request.
    pub id: Word,
    /// The id of the span that caused it; 0 for none.
    pub parent: Word,
    /// The service that did the work.
    pub service: Word,
    /// The pod, host or process of that service.
    pub instance: Word,
    /// What was done.
    pub operation: Word,
    /// Which end of a call it is.
    pub kind: SpanKind,
    /// True when its status is an error, or an exception is recorded on it.
    pub failed: bool,
    /// What it says of its failure: the type of its exception, else its status in words without their values; 0 for nothing.
    pub said: Word,
    /// When it began.
    pub begin: i64,
    /// When it ended; never before it began.
    pub end: i64,
}

impl Span {
    /// How long it took, in nanoseconds.
    pub const fn duration(&self) -> i64 {
        self.end - self.begin
    }
}

/// One line of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogLine {
    /// The request it was written for; 0 when it does not say.
    pub trace: Word,
    /// The span it was written in; 0 when it does not say.
    pub span: Word,
    /// The service that wrote it.
    pub service: Word,
    /// The pod, host or process of that service.
    pub instance: Word,
    /// What lines of the same statement share.
    pub template: Word,
    /// When it was written.
    pub time: i64,
}

/// One metric of one instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The service it is about.
    pub service: Word,
    /// The pod, host or process of that service.
    pub instance: Word,
    /// Its name.
    pub name: Word,
    /// Its unit, such as `%`.
    pub unit: Word,
    /// When, in nanoseconds since 1970, and how much; in the order of time.
    pub points: Vec<(i64, f64)>,
}

/// Everything that was told in one window of time. A baseline may be several.
#[derive(Debug, Clone, Default)]
pub struct Window {
    /// The spans, in the order of their files.
    pub spans: Vec<Span>,
    /// The lines of logs, in the order of their files.
    pub logs: Vec<LogLine>,
    /// The metrics.
    pub series: Vec<Series>,
    /// What is told beside: events within spans by their names, and lines that name a version with that version.
    pub events: Vec<LogLine>,
}

impl Window {
    /// Leaves every span in it once: what delivers at least once repeats some, in every field. How many were left out.
    pub fn drop_copies(&mut self) -> u64 {
        let mut first: HashMap<(Word, Word), u32, foldhash::fast::FixedState> = HashMap::default();
        let mut copies = vec![false; self.spans.len()];
        for (at, span) in (0..).zip(&self.spans) {
            let known = *first.entry((span.trace, span.id)).or_insert(at);
            copies[at as usize] = known != at && self.spans[known as usize] == *span;
        }
        let mut copies = copies.into_iter();
        let before = self.spans.len();
        self.spans.retain(|_| !copies.next().unwrap_or(false));
        (before - self.spans.len()) as u64
    }

    /// Gives every word the place that it has among other words: `new` by the old one.
    pub fn move_to(&mut self, new: &[Word]) {
        let moved = |words: &mut [&mut Word]| words.iter_mut().for_each(|word| **word = new[**word as usize]);
        for span in &mut self.spans {
            let Span { trace, id, parent, service, instance, operation, said, .. } = span;
            moved(&mut [trace, id, parent, service, instance, operation, said]);
        }
        for line in self.logs.iter_mut().chain(&mut self.events) {
            moved(&mut [&mut line.trace, &mut line.span, &mut line.service, &mut line.instance, &mut line.template]);
        }
        for series in &mut self.series {
            moved(&mut [&mut series.service, &mut series.instance, &mut series.name, &mut series.unit]);
        }
    }

    /// From when to when its spans are; `None` without one.
    pub fn time(&self) -> Option<(i64, i64)> {
        let begin = self.spans.iter().map(|span| span.begin).min()?;
        let end = self.spans.iter().map(|span| span.end).max()?;
        Some((begin, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_that_is_told_twice_is_there_once_and_another_with_its_id_stays() {
        let span = |id, end| Span {
            trace: 1,
            id,
            parent: 0,
            service: 2,
            instance: 2,
            operation: 3,
            kind: SpanKind::Server,
            failed: false,
            said: 0,
            begin: 0,
            end,
        };
        let spans = vec![span(1, 9), span(2, 9), span(1, 9), span(1, 8), span(2, 9), span(2, 9)];
        let mut window = Window { spans, ..Window::default() };
        assert_eq!(window.drop_copies(), 3);
        assert_eq!(window.spans, [span(1, 9), span(2, 9), span(1, 8)]);
        assert_eq!(window.drop_copies(), 0);
    }
}
