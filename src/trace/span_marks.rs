//! What is unusual about one span of a request, by which a person sees it where it stands.

use std::collections::{BTreeMap, HashMap};

use super::telemetry::{Span, Word};

/// One thing that is unusual about a span. All of it is normal input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanMark {
    /// Another span of the request has its id.
    Duplicate,
    /// Its parent was not recorded.
    Orphan,
    /// It is one of several that name no parent.
    Root,
    /// It begins before its parent.
    Early,
    /// It begins the request, of which a parent somewhere is missing.
    Partial,
}

impl SpanMark {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Duplicate, Self::Orphan, Self::Root, Self::Early, Self::Partial];

    /// Its words on screen.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate span id",
            Self::Orphan => "parent missing",
            Self::Root => "one of several roots",
            Self::Early => "begins before its parent",
            Self::Partial => "request recorded in part",
        }
    }

    /// What it means, as a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Duplicate => {
                "Another span of this request has the same id; what names it as its parent stands below the first of them."
            }
            Self::Orphan => "The span that it names as its parent was not recorded, so it stands by itself.",
            Self::Root => "Several spans of this request name no parent; each begins a tree of its own.",
            Self::Early => {
                "It begins before the span that caused it, which cannot be: the clocks that wrote the two disagree."
            }
            Self::Partial => {
                "Spans of this request name parents that were not recorded, so there is more of it than is seen here."
            }
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Everything that is unusual about a span.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SpanMarks(u8);

impl SpanMarks {
    /// True for a span as it should be.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of it.
    pub fn iter(self) -> impl Iterator<Item = SpanMark> {
        SpanMark::ALL.into_iter().filter(move |mark| self.0 & mark.bit() != 0)
    }

    /// Its words, one after the other: `parent missing, duplicate span id`; empty for nothing.
    pub fn words(self) -> String {
        self.iter().map(SpanMark::words).collect::<Vec<_>>().join(", ")
    }

    /// Everything of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn set(&mut self, mark: SpanMark) {
        self.0 |= mark.bit();
    }

    /// What is unusual about each of the spans of whole requests.
    pub fn of(spans: &[Span]) -> Vec<Self> {
        let mut marks = vec![Self::default(); spans.len()];
        // The roots of each request, and whether a parent is missing in it.
        let mut requests: BTreeMap<Word, (Vec<usize>, bool)> = BTreeMap::new();
        each_unusual(spans, |at, unusual| match unusual {
            Unusual::Again { first } => {
                marks[first].set(SpanMark::Duplicate);
                marks[at].set(SpanMark::Duplicate);
            }
            Unusual::Root => requests.entry(spans[at].trace).or_default().0.push(at),
            Unusual::Early => marks[at].set(SpanMark::Early),
            Unusual::Orphan => {
                marks[at].set(SpanMark::Orphan);
                requests.entry(spans[at].trace).or_default().1 = true;
            }
        });
        let mut begins: BTreeMap<Word, usize> = BTreeMap::new();
        let early = |at: usize| (spans[at].parent != 0, spans[at].begin, at);
        for (at, span) in spans.iter().enumerate().filter(|(_, span)| requests.get(&span.trace).is_some_and(|r| r.1)) {
            let known = begins.entry(span.trace).or_insert(at);
            if early(at) < early(*known) {
                *known = at;
            }
        }
        for (_, (roots, _)) in requests.into_iter().filter(|(_, (roots, _))| roots.len() > 1) {
            for root in roots {
                marks[root].set(SpanMark::Root);
            }
        }
        for (_, first) in begins {
            marks[first].set(SpanMark::Partial);
        }
        marks
    }
}

/// What is found about one span, before it is known how the rest of its request is.
pub(super) enum Unusual {
    /// Its id is that of an earlier span.
    Again { first: usize },
    /// It names no parent.
    Root,
    /// It begins before its parent.
    Early,
    /// Its parent was not recorded.
    Orphan,
}

/// Calls back with each span about which something is found: first those whose ids stand again, then the others in their order.
pub(super) fn each_unusual(spans: &[Span], mut tell: impl FnMut(usize, Unusual)) {
    let mut by_id: HashMap<(Word, Word), usize, foldhash::fast::FixedState> = HashMap::default();
    for (at, span) in spans.iter().enumerate() {
        let first = *by_id.entry((span.trace, span.id)).or_insert(at);
        if first != at {
            tell(at, Unusual::Again { first });
        }
    }
    for (at, span) in spans.iter().enumerate() {
        if span.parent == 0 {
            tell(at, Unusual::Root);
            continue;
        }
        match by_id.get(&(span.trace, span.parent)) {
            // A start that was not recorded is no sign of a clock.
            Some(&parent) if span.begin != 0 && span.begin < spans[parent].begin => tell(at, Unusual::Early),
            Some(_) => {}
            None => tell(at, Unusual::Orphan),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::SpanKind;

    fn span(trace: Word, id: Word, parent: Word, begin: i64) -> Span {
        let (service, kind) = (9, SpanKind::Internal);
        Span {
            trace,
            id,
            parent,
            service,
            instance: 9,
            operation: 9,
            kind,
            failed: false,
            said: 0,
            begin,
            end: begin + 10,
        }
    }

    fn words(spans: &[Span]) -> Vec<String> {
        SpanMarks::of(spans).into_iter().map(SpanMarks::words).collect()
    }

    #[test]
    fn each_span_has_what_is_unusual_about_it() {
        let spans = [
            span(1, 2, 0, 100),
            span(1, 3, 2, 90),
            span(1, 3, 2, 110),
            span(1, 4, 77, 5),
            span(2, 2, 0, 1),
            span(2, 3, 0, 1),
            span(2, 5, 2, 3),
        ];
        let told = words(&spans);
        assert_eq!(told[0], "request recorded in part", "it is the root of a request with a missing parent");
        assert_eq!(told[1], "duplicate span id, begins before its parent");
        assert_eq!(told[2], "duplicate span id");
        assert_eq!(told[3], "parent missing");
        assert_eq!(told[4..], ["one of several roots", "one of several roots", ""]);
    }

    #[test]
    fn what_is_as_it_should_be_has_no_mark_and_what_has_no_root_begins_with_its_first_span() {
        assert_eq!(words(&[span(1, 2, 0, 1), span(1, 3, 2, 0), span(1, 4, 2, 5)]), ["", "", ""]);
        let told = words(&[span(1, 3, 9, 70), span(1, 4, 9, 50)]);
        assert_eq!(told, ["parent missing", "parent missing, request recorded in part"]);
    }
}
