//! What requests often are in practice, and a person should know: ids that stand twice, parents that are missing, several roots,
//! clocks that disagree. All of it is normal input.

use std::collections::{HashMap, HashSet};

use super::span_marks::{Unusual, each_unusual};
use super::telemetry::{Window, Word};

/// How often each of it is in a window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    /// Spans that were told more than once, in every field, each time but the first.
    pub copies: u64,
    /// Spans whose id another span of their request had before.
    pub repeated: u64,
    /// Spans whose parent was not recorded.
    pub orphans: u64,
    /// Requests in which a parent is missing: recorded in part.
    pub partial: u64,
    /// Requests with several spans that name no parent.
    pub several_roots: u64,
    /// Spans that begin before their parent: by clocks that disagree.
    pub early: u64,
}

impl Marks {
    /// Counts them in a window.
    pub fn of(window: &Window) -> Self {
        let mut marks = Self::default();
        let mut roots: HashMap<Word, u64, foldhash::fast::FixedState> = HashMap::default();
        let mut partial: HashSet<Word, foldhash::fast::FixedState> = HashSet::default();
        each_unusual(&window.spans, |at, unusual| {
            let trace = window.spans[at].trace;
            match unusual {
                Unusual::Again { .. } => marks.repeated += 1,
                Unusual::Root => {
                    let roots = roots.entry(trace).or_default();
                    *roots += 1;
                    marks.several_roots += u64::from(*roots == 2);
                }
                Unusual::Early => marks.early += 1,
                Unusual::Orphan => {
                    marks.orphans += 1;
                    marks.partial += u64::from(partial.insert(trace));
                }
            }
        });
        marks
    }

    /// Those that there are, each in words: `2 span ids that stand twice`.
    pub fn words(&self) -> Vec<String> {
        let count = |n: u64, one: &str, many: &str| {
            (n > 0).then(|| format!("{} {}", super::grouped(n), if n == 1 { one } else { many }))
        };
        let all = [
            count(self.copies, "span that was told before and left out", "spans that were told before and left out"),
            count(self.repeated, "span with an id that another has", "spans with an id that another has"),
            count(self.orphans, "span without its parent", "spans without their parent"),
            count(self.partial, "request recorded in part", "requests recorded in part"),
            count(self.several_roots, "request with several roots", "requests with several roots"),
            count(self.early, "span that begins before its parent", "spans that begin before their parent"),
        ];
        all.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Span, SpanKind};

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

    #[test]
    fn each_kind_is_counted() {
        let spans = vec![
            span(1, 2, 0, 100),
            span(1, 3, 2, 90),
            span(1, 3, 2, 110),
            span(1, 4, 77, 5),
            span(1, 5, 78, 5),
            span(2, 2, 0, 1),
            span(2, 3, 0, 1),
            span(2, 4, 0, 1),
        ];
        let marks = Marks::of(&Window { spans, ..Window::default() });
        let expected = Marks { copies: 0, repeated: 1, orphans: 2, partial: 1, several_roots: 1, early: 1 };
        assert_eq!(marks, expected);
        assert_eq!(marks.words()[1], "2 spans without their parent");
        assert!(Marks::default().words().is_empty());
    }
}
