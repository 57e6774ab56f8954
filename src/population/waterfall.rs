//! Spans of each side as a waterfall, such as those of one request: both trees aligned by path, with the critical path of either.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::What;
use super::examples::showing;
use super::lost::lines_by_span;
use crate::trace::{Calls, LogLine, Side, Sides, Span, SpanMarks, Window, Word};

/// Rows that are said to show the evidence: who looks for more looks at the whole.
pub const CAUSES: usize = 64;

/// One span as it is drawn. Times are in nanoseconds since the request's root began.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bar {
    /// When it began; negative where clocks disagree.
    pub offset: i64,
    /// How long it took.
    pub duration: i64,
    /// How long it worked or waited itself.
    pub own: i64,
    lines: Range<u32>,
    critical: Range<u32>,
}

/// One request.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// Its spans and lines of logs.
    pub window: Window,
    bars: Vec<Bar>,
    marks: Vec<SpanMarks>,
    /// How long it took to the end of its last root, in nanoseconds since the first one began.
    pub length: i64,
    /// The lines of each span, one span after the other.
    lines: Vec<LogLine>,
    /// The stretches of each span that are on the critical path, one span after the other.
    critical: Vec<(i64, i64)>,
}

/// A line of the waterfall: a span of either side, or of both where they are at the same path: the same service and operation
/// below the same ones, and the same place among equal siblings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaterfallRow {
    /// How many are above it, to the root.
    pub depth: u32,
    /// The row that it is below, or its own for a root.
    pub parent: u32,
    /// The first row that is not below it.
    pub end: u32,
    /// True for the last one below its parent.
    pub last: bool,
    /// The spans, by their places in the requests.
    pub spans: Sides<Option<u32>>,
}

/// Two requests aligned.
#[derive(Debug, Clone, Default)]
pub struct Waterfall {
    /// The requests; without spans where there is none.
    pub sides: Sides<Tree>,
    /// The rows, each before those below it.
    pub rows: Vec<WaterfallRow>,
    /// From when to when there is something, in nanoseconds since the roots began.
    pub range: (i64, i64),
    /// The rows that show the evidence or the causes it is drawn for, at most 64, the one that shows it most first.
    pub causes: Vec<u32>,
}

impl Tree {
    /// What is drawn of a request; the window itself is put in when nothing borrows it any more.
    fn new(window: &Window, calls: &Calls<'_>, marks: Vec<SpanMarks>) -> Self {
        let spans = calls.spans;
        let roots = || (0..spans.len() as u32).filter(|&at| calls.parent(at).is_none());
        let begin = roots().map(|root| spans[root as usize].begin).min().unwrap_or_default();
        let end = roots().map(|root| spans[root as usize].end).max().unwrap_or_default();
        let mut tree = Self { length: end - begin, marks, ..Self::default() };
        let path = critical_path(calls, &roots().collect::<Vec<u32>>());
        let lines = lines_by_span(calls, window);
        for ((at, span), (stretches, own_lines)) in (0..).zip(spans).zip(path.into_iter().zip(lines)) {
            let (line, stretch) = (tree.lines.len() as u32, tree.critical.len() as u32);
            tree.lines.extend(own_lines.into_iter().copied());
            tree.critical.extend(stretches.into_iter().rev().map(|(from, to)| (from - begin, to - begin)));
            tree.bars.push(Bar {
                offset: span.begin - begin,
                duration: span.duration(),
                own: calls.own_time(at),
                lines: line..tree.lines.len() as u32,
                critical: stretch..tree.critical.len() as u32,
            });
        }
        tree
    }

    /// A span.
    pub fn span(&self, at: u32) -> &Span {
        &self.window.spans[at as usize]
    }

    /// A span as it is drawn.
    pub fn bar(&self, at: u32) -> &Bar {
        &self.bars[at as usize]
    }

    /// What is unusual about a span.
    pub fn marks(&self, at: u32) -> SpanMarks {
        self.marks[at as usize]
    }

    /// The lines of logs that were written in a span.
    pub fn lines(&self, at: u32) -> &[LogLine] {
        let Range { start, end } = self.bars[at as usize].lines;
        &self.lines[start as usize..end as usize]
    }

    /// When a span is on the critical path, in the order of time: empty when never.
    pub fn critical(&self, at: u32) -> &[(i64, i64)] {
        let Range { start, end } = self.bars[at as usize].critical;
        &self.critical[start as usize..end as usize]
    }
}

impl Waterfall {
    /// Aligns a request with the one it is compared with (no spans where there is none). Rows that show the evidence are marked.
    pub fn new(requests: Sides<Window>, evidence: Option<&What>) -> Self {
        let marks = requests.as_ref().map(|window| SpanMarks::of(&window.spans));
        let mut waterfall = Self::aligned(requests, &[], marks);
        let Some(what) = evidence else { return waterfall };
        let window = &waterfall.sides.actual.window;
        let found = showing(&Calls::new(window), window, what);
        let row_of = waterfall.rows_of(Side::Actual);
        waterfall.causes = found.into_iter().take(CAUSES).map(|span| row_of[span as usize]).collect();
        waterfall
    }

    /// Aligns spans of two recordings, which may be several requests. Where it is known which span of actual one of expected is
    /// (`mates`, by the place in expected), the two stand beside each other wherever those above them do.
    pub fn aligned(requests: Sides<Window>, mates: &[Option<u32>], marks: Sides<Vec<SpanMarks>>) -> Self {
        let Sides { expected, actual } = &requests;
        let calls = Sides::new(Calls::new(expected), Calls::new(actual));
        let rows = rows(&calls, mates);
        let mut trees = Sides::new(
            Tree::new(expected, &calls.expected, marks.expected),
            Tree::new(actual, &calls.actual, marks.actual),
        );
        let bars = || Side::BOTH.into_iter().flat_map(|side| &trees[side].bars);
        let from = bars().map(|bar| bar.offset).min().unwrap_or_default();
        let to = bars().map(|bar| bar.offset + bar.duration).max().unwrap_or_default();
        (trees.expected.window, trees.actual.window) = (requests.expected, requests.actual);
        Self { sides: trees, rows, range: (from, to.max(from + 1)), causes: Vec::new() }
    }

    /// The row of each span of a side.
    pub fn rows_of(&self, side: Side) -> Vec<u32> {
        let mut row_of = vec![0; self.sides[side].window.spans.len()];
        for (at, row) in (0..).zip(&self.rows) {
            if let Some(span) = row.spans[side] {
                row_of[span as usize] = at;
            }
        }
        row_of
    }

    /// True when there is something below a row.
    pub fn has_below(&self, row: u32) -> bool {
        self.rows.get(row as usize).is_some_and(|own| own.end > row + 1)
    }

    /// A span of a row.
    pub fn span(&self, side: Side, row: u32) -> Option<&Span> {
        Some(self.sides[side].span(self.rows[row as usize].spans[side]?))
    }

    /// A span of a row, and how it is drawn.
    pub fn bar(&self, side: Side, row: u32) -> Option<&Bar> {
        Some(self.sides[side].bar(self.rows[row as usize].spans[side]?))
    }

    /// What is unusual about a row's span of this side; nothing where there is none.
    pub fn marks(&self, side: Side, row: u32) -> SpanMarks {
        self.rows[row as usize].spans[side].map_or_else(SpanMarks::default, |span| self.sides[side].marks(span))
    }

    /// When a row's span of this side is on the critical path.
    pub fn critical(&self, side: Side, row: u32) -> &[(i64, i64)] {
        self.rows[row as usize].spans[side].map_or(&[], |span| self.sides[side].critical(span))
    }
}

/// The stretches of each span that the request would be shorter without, the last one first. From the end of the root backwards:
/// what finished last is waited for, from its end to its begin; then what finished last before that; the rest is the span's own
/// (CRISP: Zhang et al., "CRISP: Critical Path Analysis of Large-Scale Microservice Architectures", USENIX ATC 2022). A child
/// that outlives its parent, or began before it, counts within it only. Several roots of a request are waited for as if one had
/// called them; each request has a path of its own.
fn critical_path(calls: &Calls<'_>, roots: &[u32]) -> Vec<Vec<(i64, i64)>> {
    let spans = calls.spans;
    let mut stretches: Vec<Vec<(i64, i64)>> = vec![Vec::new(); spans.len()];
    let mut open: Vec<(u32, i64, i64)> = Vec::new();
    // Goes back over those that are waited for between two times; tells what nobody was waited for in.
    let back = |waited: &[u32], low: i64, high: i64, free: &mut Vec<(i64, i64)>, open: &mut Vec<(u32, i64, i64)>| {
        let within = |&at: &u32| {
            let span = &spans[at as usize];
            (at, span.begin.max(low), span.end.min(high))
        };
        let mut list: Vec<(u32, i64, i64)> = waited.iter().map(within).filter(|(_, from, to)| from < to).collect();
        list.sort_by_key(|&(at, from, to)| (std::cmp::Reverse(to), from, at));
        let mut until = high;
        for (at, from, to) in list {
            if to <= until {
                free.extend((to < until).then_some((to, until)));
                open.push((at, from, to));
                until = from;
            }
        }
        free.extend((low < until).then_some((low, until)));
    };
    let mut roots = roots.to_vec();
    roots.sort_by_key(|&root| (spans[root as usize].trace, root));
    for roots in roots.chunk_by(|one, other| spans[*one as usize].trace == spans[*other as usize].trace) {
        let begin = roots.iter().map(|root| spans[*root as usize].begin).min().unwrap_or_default();
        let end = roots.iter().map(|root| spans[*root as usize].end).max().unwrap_or_default();
        back(roots, begin, end, &mut Vec::new(), &mut open);
    }
    while let Some((at, low, high)) = open.pop() {
        back(calls.children(at), low, high, &mut stretches[at as usize], &mut open);
    }
    stretches
}

/// A row that is to come: its spans, its depth, the row above, whether it is the last one there.
type Next = (Sides<Option<u32>>, u32, Option<u32>, bool);

fn rows(calls: &Sides<Calls<'_>>, mates: &[Option<u32>]) -> Vec<WaterfallRow> {
    let roots = |side: Side| -> Vec<u32> {
        let calls = &calls[side];
        let mut roots: Vec<u32> = (0..calls.spans.len() as u32).filter(|&at| calls.parent(at).is_none()).collect();
        roots.sort_by_key(|&root| (calls.spans[root as usize].begin, root));
        roots
    };
    let mut rows: Vec<WaterfallRow> = Vec::new();
    let mut open: Vec<Next> = Vec::new();
    let coming = |list: Vec<Sides<Option<u32>>>, depth: u32, parent: Option<u32>, open: &mut Vec<Next>| {
        open.extend(list.into_iter().rev().enumerate().map(|(behind, spans)| (spans, depth, parent, behind == 0)));
    };
    coming(aligned(calls, mates, [&roots(Side::Expected), &roots(Side::Actual)]), 0, None, &mut open);
    while let Some((spans, depth, parent, last)) = open.pop() {
        let row = rows.len() as u32;
        rows.push(WaterfallRow { depth, parent: parent.unwrap_or(row), end: row + 1, last, spans });
        let below = |side: Side| spans[side].map_or(&[][..], |span| calls[side].children(span));
        coming(aligned(calls, mates, [below(Side::Expected), below(Side::Actual)]), depth + 1, Some(row), &mut open);
    }
    for row in (0..rows.len()).rev() {
        let (parent, end) = (rows[row].parent as usize, rows[row].end);
        rows[parent].end = rows[parent].end.max(end);
    }
    rows
}

/// Siblings of both sides, those that are known to be mates or do the same beside each other: the first with the first, the second
/// with the second. They stand as the baseline has them; what only actual has stands behind what it came after.
fn aligned(
    calls: &Sides<Calls<'_>>,
    mates: &[Option<u32>],
    [expected, actual]: [&[u32]; 2],
) -> Vec<Sides<Option<u32>>> {
    type Key = (Word, Word, u32);
    type Places<K> = HashMap<K, usize, foldhash::fast::FixedState>;
    // Most spans call nobody, or one side has none of their calls.
    if expected.is_empty() || actual.is_empty() {
        let before = expected.iter().map(|&at| Sides::new(Some(at), None));
        return before.chain(actual.iter().map(|&at| Sides::new(None, Some(at)))).collect();
    }
    // Where the mate of an actual sibling stands among the expected ones.
    let mut known: Places<u32> = Places::default();
    if !mates.is_empty() {
        let here: HashSet<u32, foldhash::fast::FixedState> = actual.iter().copied().collect();
        let mate = |(place, at): (usize, &u32)| Some((mates[*at as usize].filter(|mate| here.contains(mate))?, place));
        known.extend(expected.iter().enumerate().filter_map(mate));
    }
    let taken: HashSet<usize, foldhash::fast::FixedState> = known.values().copied().collect();
    let mut numbers: Sides<HashMap<(Word, Word), u32, foldhash::fast::FixedState>> = Sides::default();
    let mut key = |side: Side, at: u32| -> Key {
        let span = &calls[side].spans[at as usize];
        let number = numbers[side].entry((span.service, span.operation)).or_default();
        *number += 1;
        (span.service, span.operation, *number)
    };
    let others = expected.iter().enumerate().filter(|(place, _)| !taken.contains(place));
    let places: Places<Key> = others.map(|(place, &at)| (key(Side::Expected, at), place)).collect();
    let mut mates: Vec<Option<u32>> = vec![None; expected.len()];
    let mut behind: Vec<Vec<u32>> = vec![Vec::new(); expected.len() + 1];
    let mut place = 0;
    for &at in actual {
        let mate = known.get(&at).copied().or_else(|| places.get(&key(Side::Actual, at)).copied());
        if let Some(mate) = mate {
            mates[mate] = Some(at);
            place = mate + 1;
        } else {
            behind[place].push(at);
        }
    }
    let mut rows = Vec::with_capacity(expected.len() + actual.len());
    for (place, own) in behind.into_iter().enumerate() {
        if let Some(before) = place.checked_sub(1) {
            rows.push(Sides::new(Some(expected[before]), mates[before]));
        }
        rows.extend(own.into_iter().map(|at| Sides::new(None, Some(at))));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::{Change, Context};
    use crate::trace::SpanKind;

    fn span(id: Word, parent: Word, operation: Word, begin: i64, end: i64) -> Span {
        let (service, kind) = (operation / 10, SpanKind::Internal);
        Span { trace: 1, id, parent, service, instance: 0, operation, kind, failed: false, said: 0, begin, end }
    }

    fn window(spans: &[Span]) -> Window {
        Window { spans: spans.to_vec(), ..Window::default() }
    }

    /// The operations of both sides, row by row, with their depths.
    fn shown(waterfall: &Waterfall) -> Vec<(u32, Option<Word>, Option<Word>)> {
        let operation = |side, row| waterfall.span(side, row).map(|span| span.operation);
        let rows = (0..).zip(&waterfall.rows);
        rows.map(|(at, row)| (row.depth, operation(Side::Expected, at), operation(Side::Actual, at))).collect()
    }

    #[test]
    fn spans_are_aligned_by_path_and_by_their_number_among_equal_ones() {
        let expected = [span(1, 0, 11, 0, 99), span(2, 1, 21, 1, 9), span(3, 1, 21, 10, 19), span(4, 1, 31, 20, 29)];
        let actual = [
            span(7, 0, 11, 500, 700),
            span(8, 7, 21, 501, 509),
            span(9, 7, 41, 510, 519),
            span(5, 9, 31, 511, 512),
            span(6, 7, 31, 520, 529),
        ];
        let waterfall = Waterfall::new(Sides::new(window(&expected), window(&actual)), None);
        let wanted = [
            (0, Some(11), Some(11)),
            (1, Some(21), Some(21)),
            (1, None, Some(41)),
            (2, None, Some(31)),
            (1, Some(21), None),
            (1, Some(31), Some(31)),
        ];
        assert_eq!(shown(&waterfall), wanted);
        let ends: Vec<u32> = waterfall.rows.iter().map(|row| row.end).collect();
        assert_eq!(ends, [6, 2, 4, 4, 5, 6]);
        assert_eq!(
            waterfall.rows.iter().map(|row| row.last).collect::<Vec<_>>(),
            [true, false, false, true, false, true]
        );
        let bar = waterfall.bar(Side::Actual, 2).unwrap();
        assert_eq!((bar.offset, bar.duration, waterfall.range), (10, 9, (0, 200)));
        assert_eq!((waterfall.sides.expected.length, waterfall.sides.actual.length), (99, 200));
    }

    #[test]
    fn the_critical_path_goes_back_over_what_finished_last() {
        // 3 runs beside 2 and finishes first; 4 follows 2, and outlives the root.
        let spans = [span(1, 0, 11, 0, 100), span(2, 1, 21, 10, 60), span(3, 1, 31, 20, 50), span(4, 1, 41, 70, 140)];
        let waterfall = Waterfall::new(Sides::new(Window::default(), window(&spans)), None);
        let path = |row| waterfall.critical(Side::Actual, row);
        assert_eq!(path(0), [(0, 10), (60, 70)]);
        assert_eq!(path(1), [(10, 60)]);
        assert_eq!(path(2), []);
        assert_eq!(path(3), [(70, 100)], "within the root only");
        let whole: i64 = (0..4).flat_map(path).map(|(from, to)| to - from).sum();
        assert_eq!(whole, 100, "it is as long as the root");
    }

    #[test]
    fn several_roots_are_one_request_and_a_deep_one_is_no_trouble() {
        let spans = [span(1, 77, 11, 0, 40), span(2, 88, 21, 50, 90), span(3, 2, 31, 45, 70)];
        let waterfall = Waterfall::new(Sides::new(Window::default(), window(&spans)), None);
        assert_eq!(waterfall.rows.iter().map(|row| row.depth).collect::<Vec<_>>(), [0, 0, 1]);
        assert_eq!(waterfall.critical(Side::Actual, 2), [(50, 70)], "not before its parent");
        let deep: Vec<Span> =
            (1..=20_000_u32).map(|id| span(id, id - 1, 11, i64::from(id), 50_000 - i64::from(id))).collect();
        let waterfall = Waterfall::new(Sides::new(window(&deep), window(&deep)), None);
        assert_eq!((waterfall.rows.len(), waterfall.rows[0].end), (20_000, 20_000));
        assert_eq!(waterfall.rows.last().map(|row| row.depth), Some(19_999));
    }

    #[test]
    fn the_rows_that_show_the_evidence_are_named() {
        let spans = [span(1, 0, 11, 0, 9_000_000), span(2, 1, 21, 0, 8_000_000), span(3, 1, 21, 8_000_000, 8_900_000)];
        let context = Context { service: 2, operation: 21, caller: 11, entry: 21 };
        let change = Change { before: 1.0, now: 8.0, samples: [5, 5] };
        let what = What::Slower { context, change };
        let waterfall = Waterfall::new(Sides::new(Window::default(), window(&spans)), Some(&what));
        assert_eq!(waterfall.causes, [1]);
        assert_eq!(waterfall.span(Side::Expected, 1), None);
    }
}
