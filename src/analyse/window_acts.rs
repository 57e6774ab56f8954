//! What the spans of windows of requests mean: work, a failure, a timeout, what was given up; and the deploys and recoveries that
//! are told. By status and structure, and by the words of operations and log lines where those say more.

use std::collections::{BTreeMap, HashMap};

use crate::incident::Act;
use crate::population::Calls;
use crate::trace::{Sides, Span, Word, Words};

/// Where at least such a share of the calls that went well outlive their callers, so do they without a timeout.
const USUALLY: f64 = 0.5;

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// What the spans of a window mean.
#[derive(Debug, Default)]
pub(super) struct Acts {
    /// By the place of the span.
    pub of: Vec<Act>,
    /// The words that tell of a deploy, with the first time that each is said and who says it.
    pub deploys: Told,
    /// The same of those that tell that something is well again.
    pub recoveries: Told,
}

/// Words by the first time that each is said, and who says it.
pub(super) type Told = BTreeMap<Word, (i64, Word)>;

impl Acts {
    /// Of both windows.
    pub fn new(windows: &Sides<&Calls<'_>>, words: &Words) -> Sides<Self> {
        let mut said = Said { words, known: Map::default(), lines: Map::default() };
        // Calls between two services that went well, and those of them that outlived their callers.
        let mut well: Map<(Word, Word), [u32; 2]> = Map::default();
        for calls in [windows.expected, windows.actual] {
            for (at, parent) in (0..).zip(calls.spans).filter(|(_, span)| !span.failed) {
                for child in calls.children(at).iter().map(|&child| &calls.spans[child as usize]) {
                    let [outlived, all] = well.entry((parent.service, child.service)).or_default();
                    *outlived += u32::from(child.end > parent.end);
                    *all += 1;
                }
            }
        }
        windows.map(|calls| {
            let lines = said.lines(calls);
            let mut acts = Self::default();
            for (at, span) in (0..).zip(calls.spans) {
                let by_line = || lines.get(&(span.trace, span.id)).copied();
                let by_word = said.of(span.operation).or_else(|| said.of_failure(span)).or_else(by_line);
                let gave_up = || {
                    let mut below = calls.children(at).iter().map(|&child| &calls.spans[child as usize]);
                    below.any(|child| {
                        let [outlived, all] = well.get(&(span.service, child.service)).copied().unwrap_or_default();
                        child.end > span.end && f64::from(outlived) < USUALLY * f64::from(all.max(1))
                    })
                };
                acts.of.push(match by_word {
                    Some(act @ (Act::Timeout | Act::Cancel)) if span.failed => act,
                    Some(Act::Failover) => Act::Failover,
                    _ if span.failed && gave_up() => Act::Timeout,
                    _ if span.failed => Act::Fault,
                    _ => Act::Work,
                });
                acts.tell(said.of(span.operation), span.operation, (span.begin, span.service));
            }
            for line in &calls.window.logs {
                acts.tell(said.of_line(line.template), line.template, (line.time, line.service));
            }
            for event in &calls.window.events {
                acts.tell(said.of_event(event.template), event.template, (event.time, event.service));
            }
            acts
        })
    }

    /// Keeps the first time that a word tells of a deploy or a recovery.
    fn tell(&mut self, act: Option<Act>, word: Word, when: (i64, Word)) {
        let told = match act {
            Some(Act::Deploy) => &mut self.deploys,
            Some(Act::Recovery) => &mut self.recoveries,
            _ => return,
        };
        let first = told.entry(word).or_insert(when);
        *first = (*first).min(when);
    }
}

/// What words say, each looked at once.
struct Said<'a> {
    words: &'a Words,
    known: Map<Word, Option<Act>>,
    /// The same of lines of logs.
    lines: Map<Word, Option<Act>>,
}

impl Said<'_> {
    fn of(&mut self, word: Word) -> Option<Act> {
        *self.known.entry(word).or_insert_with(|| Act::of_word(self.words.get(word)))
    }

    fn of_line(&mut self, word: Word) -> Option<Act> {
        *self.lines.entry(word).or_insert_with(|| Act::of_line(self.words.get(word)))
    }

    /// What an event says by its name, which may be a whole line.
    fn of_event(&mut self, word: Word) -> Option<Act> {
        if self.words.get(word).contains(' ') { self.of_line(word) } else { self.of(word) }
    }

    /// What a failed span says of its failure, where that is more than that it failed.
    fn of_failure(&mut self, span: &Span) -> Option<Act> {
        let act = if span.said == 0 { None } else { self.of(span.said) };
        act.filter(|act| matches!(act, Act::Timeout | Act::Cancel))
    }

    /// What the lines say that were written in spans, by request and span, where they tell of trouble.
    fn lines(&mut self, calls: &Calls<'_>) -> Map<(Word, Word), Act> {
        let mut lines = Map::default();
        for line in &calls.window.logs {
            if let Some(act) = self.of_line(line.template).filter(|act| act.is_trouble()) {
                lines.entry((line.trace, line.span)).or_insert(act);
            }
        }
        lines
    }
}
